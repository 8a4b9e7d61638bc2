//! `GET /d/{doc}/ws`: the document pipe over a WebSocket. One binary message is one frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use collab::{Connection, Room, Who};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Notify, mpsc};

use super::answer::Failure;
use super::api_routes::blocking;
use super::{Shared, told_to_stop};

/// Frames that may wait for one receiver. When more would, the socket is closed and the client syncs again: an update is
/// never left out.
const WAITING: usize = 256;
/// As [`WAITING`], in bytes; the frame that goes beyond it is the last.
const WAITING_BYTES: usize = 16 * 1024 * 1024;
/// The largest frame of the protocol; the room has a smaller bound once the first sync is over.
const LARGEST: usize = 4 * 1024 * 1024;
/// Frames from here on are worked on where they do not hold up other connections; so is what has to wait for its room.
const LONG_WORK: usize = 32 * 1024;
/// A client that takes nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(30);
/// Between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// The server goes away.
pub const GOING_AWAY: u16 = 1001;
const REFUSED: u16 = 1008;
/// Whoever opens the connection again is served.
pub const TRY_AGAIN: u16 = 1013;

/// Frames on their way to a receiver.
struct Waiting {
    frames: mpsc::Receiver<Vec<u8>>,
    bytes: Arc<AtomicUsize>,
}

impl Waiting {
    async fn next(&mut self) -> Option<Vec<u8>> {
        let frame = self.frames.recv().await?;
        self.bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        Some(frame)
    }

    /// The next frame, when one waits already.
    fn at_once(&mut self) -> Option<Vec<u8>> {
        let frame = self.frames.try_recv().ok()?;
        self.bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        Some(frame)
    }
}

/// Joins a document.
pub async fn document(
    State(shared): State<Shared>,
    Path(doc): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    // A document that cannot be opened is told before there is a socket, with a status and a sentence.
    let (room, me) = blocking(shared.api(), move |api| Ok((api.live(&doc)?, api.me()))).await?;
    let who = Who {
        person: me,
        writable: true,
    };
    let mut closing = shared.closing();
    let over = async move { told_to_stop(&mut closing).await };
    Ok(join(upgrade, room, who, async move {
        over.await;
        (GOING_AWAY, "Debrief was stopped.")
    }))
}

/// Makes a connection to a room of a request, until either side ends it or `over` is; then it is closed with that code
/// and reason.
pub fn join(
    upgrade: WebSocketUpgrade,
    room: Arc<Room>,
    who: Who,
    over: impl Future<Output = (u16, &'static str)> + Send + 'static,
) -> Response {
    let upgrade = upgrade
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        // Forty listeners cost forty buffers; most frames are a few dozen bytes.
        .read_buffer_size(4 * 1024)
        .write_buffer_size(4 * 1024);
    upgrade.on_upgrade(move |socket| async move {
        let (sender, waiting) = mpsc::channel::<Vec<u8>>(WAITING);
        let bytes = Arc::new(AtomicUsize::new(0));
        let waiting = Waiting {
            frames: waiting,
            bytes: Arc::clone(&bytes),
        };
        let end = Arc::new(Notify::new());
        let ended = Arc::clone(&end);
        let hand_over = move |frame: Vec<u8>| {
            // An empty frame is the room's own end.
            let long = frame.len();
            // One large frame fits whatever its size: the first sync of a large document has to come through.
            let room = bytes.fetch_add(long, Ordering::Relaxed) <= WAITING_BYTES;
            let taken = room && !frame.is_empty() && sender.try_send(frame).is_ok();
            if !taken {
                end.notify_one();
            }
            taken
        };
        let connected =
            tokio::task::spawn_blocking(move || room.connect(who, Box::new(hand_over))).await;
        if let Ok(connection) = connected {
            carry(socket, connection, waiting, &ended, over).await;
        }
    })
}

/// Carries frames both ways until one side ends. Dropping the connection is leaving.
async fn carry(
    socket: WebSocket,
    connection: Connection,
    mut waiting: Waiting,
    ended: &Notify,
    over: impl Future<Output = (u16, &'static str)>,
) {
    let (mut out, mut incoming) = socket.split();
    let mut over = std::pin::pin!(over);
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.tick().await;
    let goodbye = loop {
        tokio::select! {
            frame = waiting.next() => {
                let Some(frame) = frame else { break None };
                if !send_all(&mut out, frame, &mut waiting).await {
                    break None;
                }
            }
            message = incoming.next() => match message {
                Some(Ok(Message::Binary(frame))) => {
                    if let Err(reason) = receive(&connection, &frame) {
                        break Some((REFUSED, reason));
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_))) => break Some((REFUSED, "Documents travel as bytes, not as text.".to_owned())),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            },
            () = ended.notified() => break Some((TRY_AGAIN, "This connection was ended; it may start again.".to_owned())),
            _ = heartbeat.tick() => {
                if !within(out.send(Message::Ping(Bytes::new()))).await {
                    break None;
                }
            }
            (code, reason) = &mut over => break Some((code, reason.to_owned())),
        }
    };
    leave(connection);
    if let Some((code, reason)) = goodbye {
        // What was to be said before the end (a refusal) is still in the queue.
        while let Some(frame) = waiting.at_once() {
            if !within(out.feed(Message::Binary(Bytes::from(frame)))).await {
                return;
            }
        }
        let frame = CloseFrame {
            code,
            reason: short(&reason).into(),
        };
        within(out.send(Message::Close(Some(frame)))).await;
    }
}

/// Sends a frame and all that came meanwhile in one go.
async fn send_all(
    out: &mut futures_util::stream::SplitSink<WebSocket, Message>,
    first: Vec<u8>,
    waiting: &mut Waiting,
) -> bool {
    let mut next = Some(first);
    while let Some(frame) = next {
        if !within(out.feed(Message::Binary(Bytes::from(frame)))).await {
            return false;
        }
        next = waiting.at_once();
    }
    within(out.flush()).await
}

async fn within<E>(work: impl Future<Output = Result<(), E>>) -> bool {
    matches!(tokio::time::timeout(SILENCE, work).await, Ok(Ok(())))
}

fn receive(connection: &Connection, frame: &[u8]) -> Result<(), String> {
    let received = if frame.len() < LONG_WORK && !connection.is_busy() {
        connection.receive(frame)
    } else {
        tokio::task::block_in_place(|| connection.receive(frame))
    };
    received.map_err(|reason| reason.to_string())
}

/// Leaving waits for whoever is at work in the room.
fn leave(connection: Connection) {
    if connection.is_busy() {
        tokio::task::block_in_place(|| drop(connection));
    }
}

/// A close frame has room for 123 bytes.
fn short(reason: &str) -> &str {
    let end = reason
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .take_while(|end| *end <= 123)
        .last();
    end.and_then(|end| reason.get(..end)).unwrap_or_default()
}
