//! What a guest of a meeting may ask for: the one postmortem that they were let into, and nothing else of the workspace.

use model::meeting::RoomRight;
use model::postmortem::{DocId, PersonId};
use serde_json::Value;

use crate::error::{ApiError, ErrorCode};

/// Somebody who joined a meeting by its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Who they are: a person of the directory, made when they joined under a name that nobody there has.
    pub person: PersonId,
    /// The one postmortem.
    pub doc: DocId,
    /// What they may do in its room.
    pub right: RoomRight,
}

/// Commands about no postmortem.
const FREE: &[&str] = &["session", "directory", "time_read"];
/// Commands about one postmortem.
const OF_THE_ROOM: &[&str] = &[
    "postmortem_get",
    "postmortem_derived",
    "row_history",
    "row_authors",
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
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Guests of a meeting cannot do this.",
            ));
        }
        if request.get("doc").and_then(Value::as_str) == Some(self.doc.as_str()) {
            Ok(())
        } else {
            Err(ApiError::not_found(
                "There is no such postmortem in this room.",
            ))
        }
    }
}
