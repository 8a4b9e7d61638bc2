//! Rooms: one live document each, the people in it, and the group commit to the log. Bytes in, callbacks out: no sockets,
//! no window.
//!
//! One edit's way: it is checked, applied in memory, handed to the other connections, queued; one writer thread commits
//! whatever is queued in one durable transaction, together with the projected rows that are dirty; only then are senders
//! told "stored" and subscribers that something changed. When the commit fails, the room goes on in memory, everybody is
//! told "not saved", and it is tried again.

mod connection;
mod error;
mod frame;
pub mod history;
mod presence;
mod replay;
mod room;
mod rooms;
mod writer;

pub use connection::{Connection, Send, Who};
pub use error::{CloseReason, RoomError};
pub use room::{Room, TellUpdate, Told};
pub use rooms::Rooms;
