//! What changes in the room, told to the page as if it were the workspace of this computer.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;
use tauri::http::{HeaderValue, Method};
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::time::timeout;

use super::wire::Host;

/// The host gives a sign of life every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// How long to wait before a stream that ended is asked for again.
const ASK_AGAIN: Duration = Duration::from_secs(3);
/// Bytes of one line.
const LINE: usize = 64 * 1024;
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
            if !tell(page, &[&change]) {
                return false;
            }
        }
    }
    true
}

/// Bytes that make no whole line yet.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    /// The changes whose lines end in these bytes, as JSON. Nothing when a line does not end.
    fn take(&mut self, bytes: &[u8]) -> Option<Vec<String>> {
        self.0.extend_from_slice(bytes);
        let mut changes = Vec::new();
        let mut rest = self.0.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if let Some(data) = line.strip_prefix(b"data:")
                && let Ok(change @ Value::Object(_)) = serde_json::from_slice::<Value>(data)
            {
                changes.push(change.to_string());
            }
        }
        let rest = rest.to_vec();
        self.0 = rest;
        (self.0.len() <= LINE).then_some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_are_cut() {
        let stream = b": hello\n\ndata: {\"type\":\"directory\"}\n\ndata:{\"type\":\"meeting\",\"doc\":\"x\"}\r\n\nid: 7\ndata: no\n";
        for size in [1, 2, 7, stream.len()] {
            let mut lines = Lines::default();
            let changes: Vec<String> = stream
                .chunks(size)
                .flat_map(|bytes| lines.take(bytes).expect("short lines"))
                .collect();
            assert_eq!(
                changes.len(),
                2,
                "comments, other fields and what is no JSON are left out: {changes:?}"
            );
            assert!(
                changes[1].contains("meeting"),
                "in their order: {changes:?}"
            );
        }
    }

    #[test]
    fn a_line_that_does_not_end_is_given_up() {
        let mut lines = Lines::default();
        assert!(
            lines.take(&vec![b'x'; LINE + 1]).is_none(),
            "nobody fills the memory"
        );
    }
}
