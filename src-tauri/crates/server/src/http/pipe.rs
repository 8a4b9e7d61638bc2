//! `GET /d/{doc}/ws`: the document pipe over a WebSocket. One binary message is one frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use collab::{Connection, Room, Who};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Mutex, MutexGuard, Notify, mpsc};

use model::account::AccountRole;

use super::access::Asking;
use super::answer::Failure;
use super::api_routes::blocking;
use super::team::until_rights_change;
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

/// The half of a socket that sends.
type Out = SplitSink<WebSocket, Message>;

/// The way to a receiver. A frame goes to the socket at once, on the thread that hands it over; only what the socket does
/// not take waits for the connection's own task. Waking forty tasks for forty listeners would take longer than the sending.
struct Line {
    out: Mutex<Out>,
    /// Bytes that were handed over and have not left. While there are any, what comes goes behind them.
    bytes: AtomicUsize,
    waiting: mpsc::Sender<Waiting>,
    /// Too much waits, or the room has ended the connection.
    ended: Notify,
}

/// What waits for the connection's own task.
enum Waiting {
    Frame(Vec<u8>),
    /// The socket has taken so many bytes and not sent them yet.
    Rest(usize),
}

impl Line {
    /// Takes a frame; `false` when the connection ends by that. An empty frame is the room's own end.
    fn hand_over(&self, frame: Vec<u8>) -> bool {
        let before = self.bytes.fetch_add(frame.len(), Ordering::AcqRel);
        let now = if before == 0 {
            self.out.try_lock().ok()
        } else {
            None
        };
        // One large frame fits whatever its size: the first sync of a large document has to come through.
        let taken = !frame.is_empty()
            && before <= WAITING_BYTES
            && match now {
                Some(out) => self.send_now(out, frame),
                None => self.waiting.try_send(Waiting::Frame(frame)).is_ok(),
            };
        if !taken {
            self.ended.notify_one();
        }
        taken
    }

    /// Sends a frame before which none waits; what the socket does not take at once is left to the task.
    fn send_now(&self, mut out: MutexGuard<'_, Out>, frame: Vec<u8>) -> bool {
        let long = frame.len();
        let mut context = Context::from_waker(Waker::noop());
        let waits = if out.poll_ready_unpin(&mut context).is_ready() {
            if out.start_send_unpin(Message::Binary(frame.into())).is_err() {
                return false;
            }
            if let Poll::Ready(sent) = out.poll_flush_unpin(&mut context) {
                self.bytes.fetch_sub(long, Ordering::AcqRel);
                return sent.is_ok();
            }
            Waiting::Rest(long)
        } else {
            Waiting::Frame(frame)
        };
        self.waiting.try_send(waits).is_ok()
    }

    /// Sends what waits, in one go, and all that came meanwhile.
    async fn send_all(&self, first: Waiting, waiting: &mut mpsc::Receiver<Waiting>) -> bool {
        let mut out = self.out.lock().await;
        let mut long = 0;
        let mut next = Some(first);
        while let Some(waits) = next {
            match waits {
                Waiting::Frame(frame) => {
                    long += frame.len();
                    if !within(out.feed(Message::Binary(frame.into()))).await {
                        return false;
                    }
                }
                Waiting::Rest(bytes) => long += bytes,
            }
            next = waiting.try_recv().ok();
        }
        let sent = within(out.flush()).await;
        self.bytes.fetch_sub(long, Ordering::AcqRel);
        sent
    }

    /// Sends a message of the protocol below: a sign of life, or the end.
    async fn send(&self, message: Message) -> bool {
        within(self.out.lock().await.send(message)).await
    }
}

/// Joins a document.
pub async fn document(
    State(shared): State<Shared>,
    Extension(asking): Extension<Asking>,
    Path(doc): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    let place = asking.turns.stream()?;
    // A document that cannot be opened is told before there is a socket, with a status and a sentence.
    let (room, me) = blocking(&asking.api, move |api| {
        let room = api.live(&doc)?;
        api.note_opened(&doc);
        Ok((room, api.me()))
    })
    .await?;
    let who = Who {
        person: me,
        writable: asking
            .api
            .account()
            .is_none_or(|account| account.role >= AccountRole::Member),
    };
    let mut closing = shared.closing();
    let open = (place, shared.open());
    Ok(join(upgrade, room, who, async move {
        let goodbye = tokio::select! {
            () = told_to_stop(&mut closing) => (GOING_AWAY, "Debrief was stopped."),
            goodbye = until_rights_change(asking) => goodbye,
        };
        drop(open);
        goodbye
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
        let (out, incoming) = socket.split();
        let (sender, waiting) = mpsc::channel(WAITING);
        let line = Arc::new(Line {
            out: Mutex::new(out),
            bytes: AtomicUsize::new(0),
            waiting: sender,
            ended: Notify::new(),
        });
        let rooms_end = Arc::clone(&line);
        let hand_over = move |frame| rooms_end.hand_over(frame);
        let connected =
            tokio::task::spawn_blocking(move || room.connect(who, Box::new(hand_over))).await;
        if let Ok(connection) = connected {
            carry(incoming, connection, &line, waiting, over).await;
        }
    })
}

/// Carries frames both ways until one side ends. Dropping the connection is leaving.
async fn carry(
    mut incoming: SplitStream<WebSocket>,
    connection: Connection,
    line: &Line,
    mut waiting: mpsc::Receiver<Waiting>,
    over: impl Future<Output = (u16, &'static str)>,
) {
    let mut over = std::pin::pin!(over);
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.tick().await;
    let goodbye = loop {
        tokio::select! {
            first = waiting.recv() => {
                let Some(first) = first else { break None };
                tokio::select! {
                    sent = line.send_all(first, &mut waiting) => if !sent { break None },
                    // Whoever takes slowly gets no more of what is no longer theirs.
                    (code, reason) = &mut over => break Some((code, reason.to_owned())),
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
            () = line.ended.notified() => break Some((TRY_AGAIN, "This connection was ended; it may start again.".to_owned())),
            _ = heartbeat.tick() => {
                if !line.send(Message::Ping(Bytes::new())).await {
                    break None;
                }
            }
            (code, reason) = &mut over => break Some((code, reason.to_owned())),
        }
    };
    leave(connection);
    if let Some((code, reason)) = goodbye {
        // What was to be said before the end (a refusal) is still in the queue.
        if let Ok(first) = waiting.try_recv()
            && !line.send_all(first, &mut waiting).await
        {
            return;
        }
        let frame = CloseFrame {
            code,
            reason: short(&reason).into(),
        };
        line.send(Message::Close(Some(frame))).await;
    }
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
