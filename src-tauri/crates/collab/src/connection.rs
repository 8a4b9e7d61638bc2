//! One participant's line into a room.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::postmortem::PersonId;

use crate::error::CloseReason;
use crate::room::Room;

/// Hands one frame to the other side, without waiting: `false` when its queue is full or it is gone, which ends the
/// connection (it resynchronises when it comes back). An empty frame means that the room has ended the connection.
pub type Send = Box<dyn Fn(Vec<u8>) -> bool + std::marker::Send + Sync>;

/// Who is at the other end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The person, when somebody has said who they are.
    pub person: Option<PersonId>,
    /// Edits are taken; else they are dropped.
    pub writable: bool,
}

/// A connection as the room sees it.
pub(crate) struct Peer {
    pub id: u64,
    pub who: Who,
    send: Send,
    understands: AtomicBool,
    closed: AtomicBool,
}

impl Peer {
    pub fn new(id: u64, who: Who, send: Send) -> Self {
        Self {
            id,
            who,
            send,
            understands: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// Hands a frame over; `false` when the connection has just ended by that.
    pub fn send(&self, frame: Vec<u8>) -> bool {
        if self.is_closed() {
            return true;
        }
        let end = frame.is_empty();
        // Whoever panics takes nothing more, and must not take the writer along.
        let taken = catch_unwind(AssertUnwindSafe(|| (self.send)(frame))).unwrap_or(false);
        if end || !taken {
            self.closed.store(true, Ordering::Release);
        }
        taken && !end
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The client has said that it understands our own frames.
    pub fn understands(&self) -> bool {
        self.understands.load(Ordering::Acquire)
    }

    pub fn set_understands(&self) {
        self.understands.store(true, Ordering::Release);
    }
}

/// A connection; dropping it leaves the room.
pub struct Connection {
    pub(crate) room: Arc<Room>,
    pub(crate) peer: Arc<Peer>,
}

impl Connection {
    /// Takes one frame in. An error means that the connection is closed: its sentence has been sent to a client that
    /// understands it, and the socket should be closed.
    pub fn receive(&self, frame: &[u8]) -> Result<(), CloseReason> {
        if self.peer.is_closed() {
            return Err(CloseReason("The connection was closed.".into()));
        }
        self.room.receive(&self.peer, frame)
    }

    /// The room has ended this connection, or its receiver was full.
    pub fn is_closed(&self) -> bool {
        self.peer.is_closed()
    }

    /// Somebody is at work in the room, so that handing a frame in or leaving may have to wait.
    pub fn is_busy(&self) -> bool {
        self.room.is_busy()
    }

    /// The room.
    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.room.leave(self.peer.id);
    }
}
