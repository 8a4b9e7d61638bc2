//! Document pipes between the page and the rooms. Bytes travel as batches, both ways: each frame of the y-websocket
//! protocol after its length (32 bits, little-endian), as many as were waiting. A length of `CLOSED` ends a pipe; the
//! rest of that message says why.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tauri::ipc::{Channel, InvokeResponseBody};

/// In place of a length: the backend closed the pipe.
const CLOSED: u32 = u32::MAX;
/// A page that lets this many bytes pile up is cut off; it comes back and asks for what it lacks.
const MAX_WAITING: usize = 16 * 1024 * 1024;

/// The open pipes of the window, by the number that the page knows them by.
#[derive(Default)]
pub struct Pipes {
    next: AtomicU32,
    open: Mutex<HashMap<u32, Sender<Batch>>>,
    /// Every batch that a room has not taken yet holds this.
    untaken: Arc<()>,
}

/// Frames from the page, on their way to a room.
struct Batch {
    frames: Vec<u8>,
    _untaken: Arc<()>,
}

/// How long the rooms may take for what the page has sent before the app ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pipes {
    /// Opens a pipe. `connect` joins the room, given where frames for the page go; what it gives back takes the page's
    /// frames one by one, says why when it wants no more, and leaves the room when dropped.
    pub fn open<C, E>(
        self: &Arc<Self>,
        page: Channel<InvokeResponseBody>,
        connect: impl FnOnce(Page) -> Result<C, E>,
    ) -> Result<u32, E>
    where
        C: FnMut(&[u8]) -> Result<(), String> + Send + 'static,
    {
        let out = Arc::new(Outgoing::default());
        let receive = connect(Page(Arc::clone(&out)))?;
        let (sender, batches) = channel();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.open).insert(number, sender);
        {
            let out = Arc::clone(&out);
            std::thread::spawn(move || out.close(take(&batches, receive)));
        }
        let pipes = Arc::clone(self);
        std::thread::spawn(move || {
            out.deliver(&page);
            pipes.close(number);
        });
        Ok(number)
    }

    /// Takes a batch from the page. False when the pipe is closed.
    pub fn send(&self, number: u32, batch: Vec<u8>) -> bool {
        match lock(&self.open).get(&number) {
            Some(pipe) => {
                let batch = Batch {
                    frames: batch,
                    _untaken: Arc::clone(&self.untaken),
                };
                pipe.send(batch).is_ok()
            }
            None => false,
        }
    }

    /// Waits until the rooms have taken everything that the page has sent so far, but not for ever.
    pub fn drain(&self) {
        let start = Instant::now();
        while Arc::strong_count(&self.untaken) > 1 && start.elapsed() < LAST_WORDS {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Closes a pipe after what the page has sent through it.
    pub fn close(&self, number: u32) {
        lock(&self.open).remove(&number);
    }

    /// Closes every pipe: the page is gone.
    pub fn close_all(&self) {
        lock(&self.open).clear();
    }
}

/// Where frames for the page go.
pub struct Page(Arc<Outgoing>);

impl Page {
    /// Takes a frame from a room of this computer, where an empty one says that the room has ended the connection. False
    /// when the page does not keep up or is gone.
    pub fn take(&self, frame: &[u8]) -> bool {
        self.0.take(frame)
    }

    /// Takes a frame. False when the page does not keep up or is gone.
    pub fn send(&self, frame: &[u8]) -> bool {
        self.0.push(frame)
    }

    /// Ends the pipe, with a sentence or an empty string.
    pub fn close(&self, reason: String) {
        self.0.close(reason);
    }
}

/// Hands the page's frames on until the page or the room has had enough; the latter gives a reason.
fn take(batches: &Receiver<Batch>, mut receive: impl FnMut(&[u8]) -> Result<(), String>) -> String {
    while let Ok(batch) = batches.recv() {
        let mut rest = batch.frames.as_slice();
        while !rest.is_empty() {
            let Some((frame, after)) = split(rest) else {
                return "The page sent a batch that ends in the middle of a frame.".into();
            };
            if let Err(reason) = receive(frame) {
                return reason;
            }
            rest = after;
        }
    }
    String::new()
}

/// The first frame of a batch and what follows it.
fn split(batch: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = batch.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

#[derive(Default)]
struct Waiting {
    batch: Vec<u8>,
    closed: Option<String>,
}

/// Frames on their way to the page.
#[derive(Default)]
struct Outgoing {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

impl Outgoing {
    /// Takes a frame from the room, where an empty one says that the room has ended the connection.
    fn take(&self, frame: &[u8]) -> bool {
        if frame.is_empty() {
            self.close(String::new());
        }
        self.push(frame)
    }

    /// Queues a frame. False when the page does not keep up or is gone.
    fn push(&self, frame: &[u8]) -> bool {
        let mut waiting = lock(&self.waiting);
        let Ok(length) = u32::try_from(frame.len()) else {
            return false;
        };
        if waiting.closed.is_some() {
            return false;
        }
        // One large frame fits whatever its size: the first sync of a large document has to come through.
        if waiting.batch.len() > MAX_WAITING {
            waiting.closed = Some("The page did not keep up; it loads the document again.".into());
            self.more.notify_one();
            return false;
        }
        waiting.batch.extend_from_slice(&length.to_le_bytes());
        waiting.batch.extend_from_slice(frame);
        self.more.notify_one();
        true
    }

    fn close(&self, reason: String) {
        let mut waiting = lock(&self.waiting);
        waiting.closed.get_or_insert(reason);
        self.more.notify_one();
    }

    /// Sends batches to the page until the pipe is closed and empty.
    fn deliver(&self, page: &Channel<InvokeResponseBody>) {
        loop {
            let (batch, closed) = self.next();
            if !batch.is_empty() && page.send(InvokeResponseBody::Raw(batch)).is_err() {
                self.close(String::new());
                return;
            }
            if let Some(reason) = closed {
                let mut end = CLOSED.to_le_bytes().to_vec();
                end.extend_from_slice(reason.as_bytes());
                // The page may be gone already; then nobody needs to know.
                let _ = page.send(InvokeResponseBody::Raw(end));
                return;
            }
        }
    }

    /// Waits for something to send.
    fn next(&self) -> (Vec<u8>, Option<String>) {
        let mut waiting = lock(&self.waiting);
        while waiting.batch.is_empty() && waiting.closed.is_none() {
            waiting = self
                .more
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        (std::mem::take(&mut waiting.batch), waiting.closed.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_splits_into_its_frames() {
        let out = Outgoing::default();
        for frame in ["one", "2", "three"] {
            assert!(out.take(frame.as_bytes()), "an open pipe takes a frame");
        }
        let (batch, closed) = out.next();
        assert_eq!(closed, None, "nobody closed it");
        let (one, rest) = split(&batch).expect("the first frame is whole");
        let (two, rest) = split(rest).expect("the second frame is whole");
        let (three, rest) = split(rest).expect("the third frame is whole");
        assert_eq!(
            (one, two, three),
            (&b"one"[..], &b"2"[..], &b"three"[..]),
            "frames come out as they went in"
        );
        assert!(rest.is_empty(), "nothing is left over");
    }

    #[test]
    fn a_cut_batch_gives_no_frame() {
        for cut in [
            &b"\x05\0\0"[..],
            &b"\x05\0\0\0ab"[..],
            &b"\xff\xff\xff\xffab"[..],
        ] {
            assert!(split(cut).is_none(), "{cut:?} is not a whole frame");
        }
    }

    #[test]
    fn a_page_that_does_not_keep_up_is_cut_off() {
        let out = Outgoing::default();
        assert!(out.push(b"a few bytes"), "little waits");
        let frame = vec![0; MAX_WAITING + 1];
        assert!(out.push(&frame), "one large frame comes through");
        assert!(!out.push(b"x"), "more than may wait");
        assert!(!out.push(b"x"), "a pipe that was cut off stays so");
        assert!(out.next().1.is_some(), "the page is told why");
    }

    #[test]
    fn a_room_that_ends_the_connection_closes_the_pipe() {
        let out = Outgoing::default();
        assert!(out.take(b"last words"), "an open pipe takes a frame");
        assert!(!out.take(b""), "an empty frame ends it");
        let (batch, closed) = out.next();
        assert!(!batch.is_empty(), "what came before still reaches the page");
        assert_eq!(
            closed.as_deref(),
            Some(""),
            "then the page is told that it is over"
        );
    }

    #[test]
    fn a_room_that_wants_no_more_ends_the_pipe() {
        let (sender, batches) = channel();
        sender
            .send(Batch {
                frames: b"\x01\0\0\0a\x01\0\0\0b".to_vec(),
                _untaken: Arc::default(),
            })
            .expect("the receiver is here");
        let mut seen = Vec::new();
        let reason = take(&batches, |frame| {
            seen.push(frame.to_vec());
            Err("no".into())
        });
        assert_eq!(reason, "no", "the room's reason reaches the page");
        assert_eq!(
            seen,
            [b"a".to_vec()],
            "nothing goes to a room after it refused"
        );
    }
}
