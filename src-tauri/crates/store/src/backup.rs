//! A consistent copy of the workspace while it is in use.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::{OpenError, StoreError};
use crate::open::{self, Open, Store};

/// How often a copy waits for another process's lock, 50 ms each time.
const TRIES: u32 = 200;

impl Store {
    /// Writes a consistent copy of the workspace as it is now into one file with mode 0600. The copy is made under
    /// another name and takes its own only when it is whole. An older backup of that name is replaced.
    ///
    /// Errors: `Refused` for the workspace itself and for a file that is something else; nothing is left behind.
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<(), StoreError> {
        let target = target.as_ref();
        self.refuse_bad_target(target)?;
        let part = beside(target);
        let done = self
            .copy_to(&part)
            .and_then(|()| Ok(fs::rename(&part, target)?));
        if done.is_err() {
            let _ = fs::remove_file(&part);
            return done;
        }
        // The new name is durable once its folder is.
        #[cfg(unix)]
        if let Some(folder) = target.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }

    fn refuse_bad_target(&self, target: &Path) -> Result<(), StoreError> {
        let Ok(meta) = fs::metadata(target) else {
            return Ok(());
        };
        let shown = target.display();
        if meta.is_dir() {
            return Err(StoreError::Refused(format!(
                "{shown} is a folder. Name a file for the backup."
            )));
        }
        for suffix in ["", "-wal", "-shm"] {
            let mut own = self.path().as_os_str().to_owned();
            own.push(suffix);
            if same_file(Path::new(&own), target) {
                return Err(StoreError::Refused(format!(
                    "{shown} is the workspace itself. Choose another name for the backup."
                )));
            }
        }
        match open::inspect(target, Open::ReadOnly) {
            Ok(()) | Err(OpenError::Damaged { .. } | OpenError::Newer { .. }) => Ok(()),
            Err(_) => Err(StoreError::Refused(format!(
                "{shown} is there and is no backup of Debrief. Choose another name."
            ))),
        }
    }

    fn copy_to(&self, part: &Path) -> Result<(), StoreError> {
        let _ = fs::remove_file(part);
        open::private(OpenOptions::new().write(true).create_new(true)).open(part)?;
        let source = self.reader()?;
        let mut copy = Connection::open(part)?;
        {
            let backup = Backup::new(&source, &mut copy)?;
            let mut tries = 0;
            // All pages in one step: the copy is of one moment, and a write-ahead log lets others write meanwhile.
            loop {
                match backup.step(-1)? {
                    StepResult::Done => break,
                    _ if tries == TRIES => return Err(StoreError::Busy),
                    _ => tries += 1,
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        }
        // One file that needs no other beside it.
        copy.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(File::open(part)?.sync_all()?)
    }
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".part-{}", std::process::id()));
    PathBuf::from(name)
}

/// The same file also under another name (a hard or symbolic link).
fn same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if let (Ok(one), Ok(other)) = (fs::metadata(one), fs::metadata(other)) {
            return one.dev() == other.dev() && one.ino() == other.ino();
        }
    }
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
