//! A consistent copy of the workspace while it is in use.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::StoreError;
use crate::held;
use crate::open::{self, Store};

/// How often a copy waits for another process's lock, 50 ms each time.
const TRIES: u32 = 200;

impl Store {
    /// Writes a consistent copy of the workspace as it is now into one file with mode 0600. The copy is made under
    /// another name and takes its own only when it is whole. An older backup of that name is replaced, unless it has been
    /// in use as a workspace since.
    ///
    /// Errors: `Refused` for the workspace itself, for a file that is something else, and where the log of another file
    /// lies beside the name; nothing is left behind.
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<(), StoreError> {
        let target = target.as_ref();
        self.refuse_bad_target(target)?;
        let part = beside(target);
        let done = self
            .copy_to(&part)
            // The copy took its time: somebody may have opened or made something of that name meanwhile.
            .and_then(|()| self.refuse_bad_target(target))
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
        let refused = |sentence: String| Err(StoreError::Refused(sentence));
        let shown = target.display();
        if held::same_file(self.path(), target) {
            return refused(format!(
                "{shown} is the workspace itself. Choose another name for the backup."
            ));
        }
        if held::in_use(target) {
            return refused(format!(
                "{shown} is in use as a workspace. Choose another name for the backup."
            ));
        }
        // SQLite takes what lies there for the newest part of the file, whichever file that is.
        for suffix in held::BESIDE {
            let log = open::name_beside(target, suffix);
            if fs::symlink_metadata(&log).is_ok() {
                return refused(format!(
                    "{shown} is in use, or was not closed: {} lies beside it. Choose another name for the backup.",
                    log.display()
                ));
            }
        }
        let Ok(meta) = fs::metadata(target) else {
            return Ok(());
        };
        if meta.is_dir() {
            return refused(format!("{shown} is a folder. Name a file for the backup."));
        }
        match kind_of(target) {
            Kind::Backup => Ok(()),
            Kind::Workspace => refused(format!(
                "{shown} is a workspace, or a backup that has been used as one. Choose another name for the backup."
            )),
            Kind::Other => refused(format!(
                "{shown} is there and is no backup of Debrief. Choose another name."
            )),
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
    open::name_beside(target, &format!(".part-{}", std::process::id()))
}

enum Kind {
    Backup,
    Workspace,
    Other,
}

/// What a file is, by its first bytes. Backups have a rollback journal, and keep it until somebody writes to them; a
/// workspace has a write-ahead log.
fn kind_of(path: &Path) -> Kind {
    let mut header = Vec::with_capacity(open::HEADER);
    let read = fs::metadata(path).and_then(|meta| {
        if meta.is_file() {
            File::open(path)?
                .take(open::HEADER as u64)
                .read_to_end(&mut header)?;
        }
        Ok(())
    });
    let ours = header.starts_with(b"SQLite format 3\0")
        && header.get(68..72) == Some(&open::APPLICATION_ID.to_be_bytes());
    match header.get(18..20) {
        Some([1, 1]) if ours && read.is_ok() => Kind::Backup,
        Some(_) if ours => Kind::Workspace,
        _ => Kind::Other,
    }
}
