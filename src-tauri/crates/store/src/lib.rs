//! The workspace file: SQLite with the update log, what is projected from it for lists and search, backup and check.
//!
//! The log is the truth: every row of the projected tables can be built anew from it. Nothing here knows what is in a
//! document beyond [`model::postmortem::Postmortem`], the plain snapshot. Times are milliseconds since 1970 in UTC,
//! passed in by the caller, and the log's order is its sequence number, never a time: a clock that is set back changes
//! nothing but what is shown. Only this crate uses rusqlite.

mod backup;
mod check;
mod error;
mod held;
mod log;
mod narrow;
mod open;
mod project;
mod remember;
mod seal;
mod table;
mod words;
mod write;

pub use error::{OpenError, StoreError};
pub use held::{BESIDE, in_use, same_file};
pub use log::{Loaded, LogRow, NewUpdate, Notice, NoticeKind};
pub use open::{Open, READERS, SCHEMA, Store};
pub use project::Parts;
pub use seal::{Sealed, Sealer};
pub use table::account::{ANYBODY, Invitation, NewInvitation, NewSession, Session};
pub use table::audit::NewAudit;
pub use table::blob::{BLOB_LIMIT, Blob, hash};
pub use table::document::{DocumentKind, DocumentRow, Resolved};
pub use table::published::{NewPublished, Published};
pub use table::put_back::{BackRow, Place};
pub use table::reminder::{ReminderEnd, ReminderMessage, ReminderState, ReminderWay};
pub use table::replica::{Refused, Replica, Told, ToldRow, ToldVersion, Withdrawn};
pub use table::told::ReminderLimits;
pub use table::version::PAUSE_MS;
pub use write::Writing;
