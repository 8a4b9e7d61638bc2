//! Files that people asked for: written whole or not at all, and never over something that must not be lost.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{ApiError, ErrorCode};

/// Where writing to a path leads.
#[derive(Debug)]
pub enum Target {
    /// A file, there already or not, by its own name: links are followed.
    File(PathBuf),
    /// A pipe, a terminal or a device: it is written into as it stands and never replaced.
    Stream(PathBuf),
}

impl Target {
    /// Looks at what a path names. The errors are sentences: for a folder, a link that leads nowhere, a file that may not
    /// be written to, and a database, whether this process has it open or not.
    pub fn of(path: &Path) -> Result<Self, ApiError> {
        let name = path.display();
        let refused = |message: String| Err(ApiError::invalid("path", message));
        refuse_in_use(path)?;
        if path.file_name().is_none()
            || path
                .parent()
                .is_none_or(|folder| folder.as_os_str().is_empty())
        {
            return refused(format!("{name} does not name a file."));
        }
        let Ok(link) = std::fs::symlink_metadata(path) else {
            refuse_beside_database(path)?;
            return Ok(Self::File(path.to_owned()));
        };
        let Ok(facts) = std::fs::metadata(path) else {
            return refused(format!(
                "{name} is a link that leads nowhere. Choose another name."
            ));
        };
        if facts.is_dir() {
            return refused(format!("{name} is a folder. Name a file in it."));
        }
        if !facts.is_file() {
            return Ok(Self::Stream(path.to_owned()));
        }
        let file = match link.is_symlink() {
            true => path
                .canonicalize()
                .map_err(|error| sentence(path, 0, &error))?,
            false => path.to_owned(),
        };
        // A rename asks only the folder, so the file has to be asked here. Root may write to anything; whoever took the
        // right to write away meant it.
        let open = OpenOptions::new().read(true).append(true).open(&file);
        if facts.permissions().readonly() || open.is_err() {
            return refused(format!(
                "{name} is there and may not be written to. Choose another name."
            ));
        }
        if is_database(&file) {
            return refused(format!(
                "{name} is a workspace or another database: choose another file."
            ));
        }
        refuse_beside_database(&file)?;
        Ok(Self::File(file))
    }

    /// The path to write to.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Stream(path) => path,
        }
    }

    /// Writes a file so that its name shows either what was there before or all of the new bytes: first under another
    /// name in the same folder, onto the disk, then renamed. A stream takes the bytes as they come.
    pub fn write(&self, bytes: &[u8]) -> Result<(), ApiError> {
        match self {
            Self::File(path) => write_file(path, bytes),
            Self::Stream(path) => OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut stream| stream.write_all(bytes))
                .map_err(|error| sentence(path, bytes.len(), &error)),
        }
    }
}

/// Writes to whatever a path names: a file whole or not at all, a stream as it stands. The errors are sentences that name
/// it; what must not be replaced is refused, as [`Target::of`] tells.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    Target::of(path)?.write(bytes)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    let folder = path.parent().unwrap_or(path);
    let passing = folder.join(format!(".debrief-{}.part", uuid::Uuid::new_v4().simple()));
    let written = write_new(&passing, bytes)
        .and_then(|()| match std::fs::metadata(path) {
            // Who may read the file stays as its owner wanted it.
            Ok(facts) => std::fs::set_permissions(&passing, facts.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| std::fs::rename(&passing, path));
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

/// Whether a file is an SQLite database, by its first bytes.
fn is_database(path: &Path) -> bool {
    let mut header = [0; 16];
    // A workspace that is open here must not even be opened to be looked at.
    store::in_use(path)
        || path.is_file()
            && File::open(path)
                .and_then(|mut file| file.read_exact(&mut header))
                .is_ok()
            && header == *b"SQLite format 3\0"
}

/// Refuses the names under which SQLite keeps the newest part of a database beside it.
fn refuse_beside_database(path: &Path) -> Result<(), ApiError> {
    let name = path.to_string_lossy();
    let beside = store::BESIDE
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix))
        .any(|database| is_database(Path::new(database)));
    match beside {
        true => Err(ApiError::invalid(
            "path",
            format!("{name} belongs to the database beside it: choose another file."),
        )),
        false => Ok(()),
    }
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
