//! What a command that fails hands back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The thing is not in this workspace.
    NotFound,
    /// The request must be mended; `field` names the part when there is one.
    Invalid,
    /// Something changed meanwhile: load again, then decide.
    Conflict,
    /// Not allowed here, whatever the request says.
    Refused,
    /// The disk or the workspace file does not take it right now; trying again later may help.
    Unavailable,
    /// A fault of Debrief itself.
    Internal,
}

/// An error: a code that the UI acts on and a sentence that a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind of error.
    pub code: ErrorCode,
    /// What happened, where, and what would be right.
    pub message: String,
    /// The field of the request to mend; absent when the error is about the whole.
    pub field: Option<String>,
}

impl ApiError {
    /// An error with a code and a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A request that must be mended in one field.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::Invalid,
            message: message.into(),
            field: Some(field.into()),
        }
    }

    /// Something that is not in this workspace.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }
}

impl From<store::StoreError> for ApiError {
    fn from(error: store::StoreError) -> Self {
        use store::StoreError as Error;
        let code = match &error {
            Error::NotFound { .. } => ErrorCode::NotFound,
            Error::TooLarge { .. } => ErrorCode::Invalid,
            Error::Refused(_) => ErrorCode::Refused,
            Error::Changed(_) => ErrorCode::Conflict,
            Error::Full
            | Error::Busy
            | Error::ReadOnly
            | Error::Moved
            | Error::Damaged { .. }
            | Error::Other(_) => ErrorCode::Unavailable,
        };
        Self::new(code, error.to_string())
    }
}

impl From<collab::RoomError> for ApiError {
    fn from(error: collab::RoomError) -> Self {
        use collab::RoomError as Error;
        match error {
            Error::Store(error) => error.into(),
            Error::NotFound { .. } | Error::Erased => {
                Self::new(ErrorCode::NotFound, error.to_string())
            }
            Error::Trashed => Self::new(ErrorCode::Refused, error.to_string()),
            Error::Unreadable(_) => Self::new(ErrorCode::Invalid, error.to_string()),
            Error::Gap => Self::new(ErrorCode::Conflict, error.to_string()),
            Error::NotSaved(_) | Error::Closed => {
                Self::new(ErrorCode::Unavailable, error.to_string())
            }
        }
    }
}
