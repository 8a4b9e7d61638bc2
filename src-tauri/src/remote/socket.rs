//! The document pipe to another computer: the page's frames over a WebSocket, as they are.

use std::time::Duration;

use api::error::ApiError;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use tauri::http::HeaderValue;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Bytes, Message};

use super::wire::{Host, Stream};
use crate::pipe::Page;

/// Frames that may wait for the network; then the page's next ones wait where they are.
const WAITING: usize = 256;
/// The largest frame from the host: the first sync of a large document comes in one.
const LARGEST: usize = 16 * 1024 * 1024;
/// The host gives a sign of life every 20 seconds.
const SILENCE: Duration = Duration::from_secs(50);
/// How long the host may take for a frame, or for opening the pipe.
const PATIENCE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<Box<dyn Stream>>;

/// Joins a document at its host. What comes from there goes to the page; what is put into the answer goes there, and the
/// pipe closes when that is dropped.
///
/// Errors: what the host says; `Unavailable` when it does not answer.
pub async fn join(
    host: &Host,
    cookie: &HeaderValue,
    doc: &str,
    page: Page,
) -> Result<mpsc::Sender<Vec<u8>>, ApiError> {
    // The stream is encrypted already, so the name of the protocol says nothing.
    let mut request = format!("ws://{}/d/{doc}/ws", host.place())
        .into_client_request()
        .map_err(|_| host.silent())?;
    request.headers_mut().insert("cookie", cookie.clone());
    let stream = host.connect().await?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST))
        .max_frame_size(Some(LARGEST));
    let agreed = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    let socket = match timeout(PATIENCE, agreed).await {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(tungstenite::Error::Http(answer))) => {
            return Err(host.failure(
                answer.status(),
                answer.body().as_deref().unwrap_or_default(),
            ));
        }
        Ok(Err(_)) | Err(_) => return Err(host.silent()),
    };
    let (sender, frames) = mpsc::channel(WAITING);
    tauri::async_runtime::spawn(async move {
        let reason = carry(socket, frames, &page).await;
        page.close(reason);
    });
    Ok(sender)
}

/// Carries frames both ways until one side ends; gives the host's reason.
async fn carry(socket: Socket, mut frames: mpsc::Receiver<Vec<u8>>, page: &Page) -> String {
    let (mut out, mut incoming) = socket.split();
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            frame = frames.recv() => {
                let Some(frame) = frame else {
                    // The host learns of a pipe that breaks without this word, too, only later.
                    let _ = timeout(PATIENCE, out.send(Message::Close(None))).await;
                    return String::new();
                };
                if !send_all(&mut out, frame, &mut frames).await {
                    return String::new();
                }
            }
            message = incoming.next() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Binary(frame))) if !frame.is_empty() => {
                        if !page.send(&frame) {
                            return String::new();
                        }
                    }
                    Some(Ok(Message::Close(frame))) => {
                        return frame.map(|frame| frame.reason.to_string()).unwrap_or_default();
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return String::new(),
                }
            }
            () = sleep_until(heard + SILENCE) => return String::new(),
        }
    }
}

/// Sends a frame and all that came meanwhile in one go.
async fn send_all(
    out: &mut SplitSink<Socket, Message>,
    first: Vec<u8>,
    frames: &mut mpsc::Receiver<Vec<u8>>,
) -> bool {
    let mut next = Some(first);
    while let Some(frame) = next {
        if !within(out.feed(Message::Binary(Bytes::from(frame)))).await {
            return false;
        }
        next = frames.try_recv().ok();
    }
    within(out.flush()).await
}

async fn within<E>(work: impl Future<Output = Result<(), E>>) -> bool {
    matches!(timeout(PATIENCE, work).await, Ok(Ok(())))
}
