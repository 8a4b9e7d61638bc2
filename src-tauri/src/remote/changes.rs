//! What changes in the room, told to the page as if it were the workspace of this computer.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use replica::events::Lines;
use tauri::http::{HeaderValue, Method};
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::time::timeout;

use super::wire::Host;

/// The host gives a sign of life every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// How long to wait before a stream that ended is asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(3);
/// Anything may have changed: what happened while nobody listened is unknown.
const EVERYTHING: [&str; 2] = [
    r#"{"type":"directory"}"#,
    r#"{"type":"postmortem","doc":""}"#,
];

/// Tells the page of changes until it is gone or the host knows this guest no longer.
pub async fn follow(host: Arc<Host>, cookie: HeaderValue, page: Channel<InvokeResponseBody>) {
    let mut lost = false;
    loop {
        match host
            .follow(host.request(Method::GET, "/events", Some(&cookie)))
            .await
        {
            Ok(stream) => {
                let heard = if lost { tell(&page, &EVERYTHING) } else { true };
                if !heard || !read(stream, &page).await {
                    return;
                }
            }
            Err(error) if error.field.as_deref() == Some("room") => {
                // Whatever the page asks for next tells it so.
                tell(&page, &EVERYTHING);
                return;
            }
            Err(_) => {}
        }
        lost = true;
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

fn tell(page: &Channel<InvokeResponseBody>, changes: &[&str]) -> bool {
    changes.iter().all(|change| {
        page.send(InvokeResponseBody::Json((*change).to_owned()))
            .is_ok()
    })
}

/// Reads server-sent events until they end. False when the page is gone.
async fn read(mut stream: Incoming, page: &Channel<InvokeResponseBody>) -> bool {
    let mut lines = Lines::default();
    while let Ok(Some(Ok(frame))) = timeout(SILENCE, stream.frame()).await {
        let Some(bytes) = frame.data_ref() else {
            continue;
        };
        let Some(changes) = lines.take(bytes) else {
            return true;
        };
        for change in changes {
            if !tell(page, &[&change.to_string()]) {
                return false;
            }
        }
    }
    true
}
