//! What can go wrong with a workspace file, each as one sentence for a person.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why a workspace file could not be opened. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum OpenError {
    /// There is no such file.
    #[error("There is no workspace at {}. Check the path, or create the workspace first.", path.display())]
    Missing { path: PathBuf },
    /// A newer Debrief wrote it.
    #[error(
        "{} was written by a newer Debrief (file version {found}; this one knows {known}). Install the newer Debrief to open it.",
        path.display()
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// It is something else.
    #[error("{} is not a Debrief workspace ({what}). Choose another file.", path.display())]
    Foreign { path: PathBuf, what: String },
    /// It is ours but cannot be read whole.
    #[error("The workspace {} is damaged ({detail}). Restore it from a backup.", path.display())]
    Damaged { path: PathBuf, detail: String },
    /// An empty file, which may become a workspace.
    #[error("{} is an empty file: there is no workspace in it yet. Make the first postmortem in it, or choose another file.", path.display())]
    Empty { path: PathBuf },
    /// It cannot be read.
    #[error("The workspace {} cannot be read. Give yourself permission to read and write the file, and to look into its folder.", path.display())]
    Unreadable { path: PathBuf },
    /// It cannot be written to.
    #[error("The workspace {} cannot be written to. Give yourself write permission to the file and its folder, or copy it elsewhere.", path.display())]
    ReadOnly { path: PathBuf },
    /// Another program has it for itself.
    #[error("The workspace {} is locked by another program. Close that program and try again.", path.display())]
    Locked { path: PathBuf },
    /// No room.
    #[error("The disk that holds {} is full. Free some space and try again.", path.display())]
    Full { path: PathBuf },
    /// Anything else that the system says.
    #[error("The workspace {} cannot be opened: {detail}.", path.display())]
    Io { path: PathBuf, detail: String },
}

impl OpenError {
    pub(crate) fn from_sql(path: &Path, error: &rusqlite::Error) -> Self {
        Self::from_store(path, StoreError::from_sql(error))
    }

    /// Of what is brought up to date while a file is opened.
    pub(crate) fn from_store(path: &Path, error: StoreError) -> Self {
        let path = path.to_owned();
        match error {
            StoreError::Full => Self::Full { path },
            StoreError::Busy => Self::Locked { path },
            StoreError::ReadOnly => Self::ReadOnly { path },
            StoreError::Damaged { detail } => Self::Damaged { path, detail },
            other => Self::Io {
                path,
                detail: other.to_string(),
            },
        }
    }

    /// Of looking at a file, before anything is written.
    pub(crate) fn from_reading(path: &Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Self::Unreadable {
                path: path.to_owned(),
            },
            _ => Self::from_io(path, error),
        }
    }

    pub(crate) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::NotFound => Self::Missing { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            ErrorKind::IsADirectory => Self::Foreign {
                path,
                what: "it is a folder".into(),
            },
            _ => Self::Io {
                path,
                detail: error.to_string(),
            },
        }
    }
}

/// Why something could not be read from or written to an open workspace. A write that fails has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum StoreError {
    /// No room on the disk.
    #[error("The disk is full. Free some space.")]
    Full,
    /// Another program has been writing for too long.
    #[error("Another program is using the workspace. Try again in a moment.")]
    Busy,
    /// The file or its folder may not be written to.
    #[error("The workspace cannot be written to.")]
    ReadOnly,
    /// Another file, or none, has the workspace's name now. Once it is put back, writing works again.
    #[error(
        "The workspace file was moved, deleted or replaced while it was open. Put it back where it was; until then nothing can be saved."
    )]
    Moved,
    /// SQLite found the file damaged.
    #[error("The workspace file is damaged ({detail}). Run `debrief check`, or restore a backup.")]
    Damaged { detail: String },
    /// What was asked for is not there.
    #[error("{what} is not in this workspace.")]
    NotFound { what: String },
    /// An image is larger than [`crate::BLOB_LIMIT`].
    #[error("The image has {bytes} bytes; at most {limit} fit.")]
    TooLarge { bytes: usize, limit: usize },
    /// It is not what it was when the person decided.
    #[error("{0}")]
    Changed(String),
    /// A target may not be written to.
    #[error("{0}")]
    Refused(String),
    /// Anything else that SQLite or the system says.
    #[error("The workspace could not be used: {0}.")]
    Other(String),
}

impl StoreError {
    pub(crate) fn from_sql(error: &rusqlite::Error) -> Self {
        let Some(inner) = error.sqlite_error() else {
            return Self::Other(error.to_string());
        };
        match (inner.code, inner.extended_code) {
            // Out of room for the shared-memory file is reported as an input/output error of its own.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Self::Full,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied, _) => {
                Self::ReadOnly
            }
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => Self::Damaged {
                detail: error.to_string(),
            },
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::from_sql(&error)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Other(error.to_string()),
        }
    }
}
