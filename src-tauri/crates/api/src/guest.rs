//! What a guest of a meeting may ask for: the one postmortem that they were let into, and nothing else of the workspace.

use model::meeting::RoomRight;
use model::postmortem::{DocId, PersonId};
use serde_json::Value;

use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::{ShareInterface, ShareStart, ShareState};

/// Whoever opens a port for guests: the shells put it into the [`Api`], which knows no sockets.
pub trait Sharing: Send + Sync {
    /// The addresses on which a port can be opened.
    fn interfaces(&self) -> Result<Vec<ShareInterface>, ApiError>;
    /// Opens the port for one meeting; one that is open for another meeting, address or encryption is closed first.
    fn start(&self, api: &Api, asked: &ShareStart) -> Result<ShareState, ApiError>;
    /// Closes the port and every guest's connection; the link, the code and the guests' sessions are void from then on.
    /// Nothing happens when none is open.
    fn stop(&self);
    /// As [`Self::stop`], but the guests come back by themselves when the same meeting is shared again.
    fn close(&self);
    /// What is shared now.
    fn state(&self) -> Option<ShareState>;
    /// Changes what a guest may do; what they have open follows at once. Errors: `NotFound`.
    fn set_right(&self, guest: &str, right: RoomRight) -> Result<(), ApiError>;
    /// Lets somebody else join as this guest, who is not connected; their session is void from then on, link and code stay.
    /// Errors: `NotFound`; `Conflict` for somebody who is connected.
    fn free(&self, guest: &str) -> Result<(), ApiError>;
    /// Forgets a guest and closes what they have open. Errors: `NotFound`.
    fn remove(&self, guest: &str) -> Result<(), ApiError>;
}

/// Somebody who joined a meeting by its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Who they are: a person of the directory, made when they joined under a name that nobody there has.
    pub person: PersonId,
    /// Their place in the room: another one for whoever joins under the same name later.
    pub seat: String,
    /// The one postmortem.
    pub doc: DocId,
    /// What they may do in its room.
    pub right: RoomRight,
}

/// Commands about no postmortem.
const FREE: &[&str] = &["session", "directory", "time_read"];
/// Commands whose work grows with everything that was ever written in the postmortem: few run at once for one guest.
pub const DEAR: &[&str] = &["row_history", "row_authors"];
/// Commands about one postmortem.
const OF_THE_ROOM: &[&str] = &[
    "postmortem_get",
    "postmortem_derived",
    "row_history",
    "row_authors",
    "hints",
    "meeting",
    "meeting_do",
];

impl Guest {
    /// Errors: `Refused` for every other command; `NotFound` for every other postmortem, whether there is one or not.
    pub(crate) fn may(&self, command: &str, request: &Value) -> Result<(), ApiError> {
        if FREE.contains(&command) {
            return Ok(());
        }
        if !OF_THE_ROOM.contains(&command) {
            return Err(Self::refused());
        }
        self.may_see(
            request
                .get("doc")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        )
    }

    /// Errors: `NotFound` for every postmortem but the guest's own.
    pub(crate) fn may_see(&self, doc: &str) -> Result<(), ApiError> {
        if doc == self.doc {
            Ok(())
        } else {
            Err(ApiError::not_found(
                "There is no such postmortem in this room.",
            ))
        }
    }

    /// Errors: `Refused` for a guest who reads along.
    pub fn may_write(&self) -> Result<(), ApiError> {
        if self.right >= RoomRight::Editor {
            Ok(())
        } else {
            Err(ApiError::new(
                ErrorCode::Refused,
                "You read along in this meeting; the facilitator can let you write.",
            ))
        }
    }

    /// What is not for guests.
    pub(crate) fn refused() -> ApiError {
        ApiError::new(ErrorCode::Refused, "Guests of a meeting cannot do this.")
    }
}
