//! Why something could not be done in a room.

use store::StoreError;

/// Why a room could not be entered or an edit not be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum RoomError {
    /// There is no such postmortem.
    #[error("There is no postmortem {doc} in this workspace.")]
    NotFound { doc: String },
    /// It was erased while it was open.
    #[error("This postmortem has been erased.")]
    Erased,
    /// It lies in the trash, where nobody changes it.
    #[error("This postmortem is in the trash. Restore it to change anything in it.")]
    Trashed,
    /// The edit is in the open document but not on the disk. It is tried again for as long as the workspace is open.
    #[error("Not saved yet: {0}")]
    NotSaved(StoreError),
    /// An update from another computer that is none, or too large.
    #[error("{0}")]
    Unreadable(String),
    /// An update from another computer that builds on edits which are not here.
    #[error("These edits build on others that have not come yet.")]
    Gap,
    /// The workspace could not be read or written.
    #[error("{0}")]
    Store(StoreError),
    /// The workspace was closed before the edit was kept.
    #[error("The workspace was closed before this could be saved.")]
    Closed,
}

impl From<StoreError> for RoomError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why a connection was closed: a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CloseReason(pub String);
