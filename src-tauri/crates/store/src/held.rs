//! Which workspace files this process has open.
//!
//! On Unix, `close()` on any descriptor of a file takes away every lock that the process has on it, SQLite's too, and
//! another process may then delete the log that is still being written to. So nobody may open and close, past SQLite, a
//! file that is open here.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::OpenError;
use crate::open::name_beside;

/// What SQLite keeps beside a file.
pub const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

static FILES: Mutex<BTreeMap<FileId, Entry>> = Mutex::new(BTreeMap::new());

/// The file itself, whatever its names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
    #[cfg(not(unix))]
    path: PathBuf,
}

impl FileId {
    /// The file that a path leads to. It is not opened.
    pub fn of(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let meta = fs::metadata(path)?;
            Ok(Self {
                device: meta.dev(),
                inode: meta.ino(),
            })
        }
        #[cfg(not(unix))]
        {
            Ok(Self {
                path: fs::canonicalize(path)?,
            })
        }
    }
}

struct Entry {
    /// Its name without links: beside this one SQLite keeps the log.
    path: PathBuf,
    stores: usize,
}

/// The files that are open. While somebody has this, nobody else of this process opens or closes one.
pub struct Files(MutexGuard<'static, BTreeMap<FileId, Entry>>);

/// Stands for a file that is open, until it is dropped.
pub struct Hold {
    /// The file.
    pub id: FileId,
    /// Its name without links.
    pub path: PathBuf,
    /// It stands for nothing any more.
    gone: bool,
}

/// Waits until nobody else looks at, opens or closes a file.
pub fn files() -> Files {
    Files(FILES.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Files {
    /// Whether this process has that file open.
    pub fn has(&self, path: &Path) -> bool {
        FileId::of(path).is_ok_and(|id| self.0.contains_key(&id))
    }

    /// Notes that a file is open, once more if it is already.
    pub fn hold(&mut self, path: &Path) -> Result<Hold, OpenError> {
        let io = |error: io::Error| OpenError::from_io(path, &error);
        let id = FileId::of(path).map_err(io)?;
        let real = fs::canonicalize(path).map_err(io)?;
        let entry = self.0.entry(id.clone()).or_insert_with(|| Entry {
            path: real.clone(),
            stores: 0,
        });
        if entry.path != real {
            return Err(OpenError::Io {
                path: path.to_owned(),
                detail: format!("it is open under the name {}", entry.path.display()),
            });
        }
        entry.stores += 1;
        Ok(Hold {
            id,
            path: real,
            gone: false,
        })
    }
}

impl Hold {
    /// Lets go of the file in the moment in which it is closed: a file that was removed may give its number to another one at once.
    pub fn let_go(&mut self, mut files: Files) {
        self.gone = true;
        if let Some(entry) = files.0.get_mut(&self.id) {
            entry.stores -= 1;
            if entry.stores == 0 {
                files.0.remove(&self.id);
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if !self.gone {
            self.let_go(files());
        }
    }
}

/// Whether this process has a workspace open that is this file, under any name, or whose log or index it is. Such a file
/// must neither be opened past SQLite, not even to read it, nor be replaced.
pub fn in_use(path: &Path) -> bool {
    let Ok(id) = FileId::of(path) else {
        return false;
    };
    let files = files();
    files.0.contains_key(&id)
        || files.0.values().any(|entry| {
            BESIDE.iter().any(|suffix| {
                FileId::of(&name_beside(&entry.path, suffix)).is_ok_and(|beside| beside == id)
            })
        })
}

/// Whether two paths lead to one file. Neither is opened.
pub fn same_file(one: &Path, other: &Path) -> bool {
    matches!((FileId::of(one), FileId::of(other)), (Ok(one), Ok(other)) if one == other)
}
