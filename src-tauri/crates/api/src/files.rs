//! Files that people asked for: written whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::error::{ApiError, ErrorCode};

/// Writes a file so that its name shows either what was there before or all of the new bytes: first under another name
/// in the same folder, onto the disk, then renamed. The errors are sentences that name the file. A workspace that this
/// process has open is never replaced, whatever name the path gives it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    refuse_in_use(path)?;
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Err(ApiError::invalid(
            "path",
            format!("{} does not name a file.", path.display()),
        ));
    };
    if path.file_name().is_none() {
        return Err(ApiError::invalid(
            "path",
            format!("{} does not name a file.", path.display()),
        ));
    }
    if path.is_dir() {
        return Err(ApiError::invalid(
            "path",
            format!("{} is a folder. Name a file in it.", path.display()),
        ));
    }
    let passing = folder.join(format!(".debrief-{}.part", uuid::Uuid::new_v4().simple()));
    let written = write_new(&passing, bytes).and_then(|()| std::fs::rename(&passing, path));
    if let Err(error) = written {
        // The part is of no use to anybody; that it cannot be removed either would hide why the write failed.
        let _ = std::fs::remove_file(&passing);
        return Err(sentence(path, bytes.len(), &error));
    }
    // A folder that cannot be synced (some network file systems) still has the file.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Refuses a workspace that this process has open, and what SQLite keeps beside it, under any name. To read such a file,
/// too: closing it again would take away the locks that keep other processes from it.
pub fn refuse_in_use(path: &Path) -> Result<(), ApiError> {
    if store::in_use(path) {
        return Err(ApiError::invalid(
            "path",
            format!(
                "{} is the workspace itself, or a part of it: choose another file.",
                path.display()
            ),
        ));
    }
    Ok(())
}

/// Makes a folder and those above it, for its owner's eyes alone where it is new.
pub fn make_folder(folder: &Path) -> Result<(), ApiError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "you may not write there".into()
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".into(),
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                "a file stands in its place".into()
            }
            _ => error.to_string(),
        };
        ApiError::new(
            ErrorCode::Unavailable,
            format!("The folder {} cannot be made: {why}.", folder.display()),
        )
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What went wrong with a file, for a person.
pub fn sentence(path: &Path, size: usize, error: &io::Error) -> ApiError {
    let name = path.display();
    let folder = path.parent().unwrap_or(path).display();
    let message = match error.kind() {
        io::ErrorKind::NotFound => {
            format!("{name} was not written: the folder {folder} does not exist.")
        }
        io::ErrorKind::NotADirectory => {
            format!("{name} was not written: {folder} is not a folder.")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("{name} was not written: the folder {folder} may not be written to.")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!(
                "{name} was not written: the disk is full ({} kB are needed).",
                size.div_ceil(1024)
            )
        }
        io::ErrorKind::InvalidFilename => {
            format!("{name} was not written: the file's name is too long for this disk.")
        }
        _ => format!("{name} was not written: {error}."),
    };
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorCode::Unavailable,
        _ => ErrorCode::Invalid,
    };
    ApiError {
        code,
        message,
        field: Some("path".into()),
    }
}
