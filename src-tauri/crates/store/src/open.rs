//! Opening a workspace: what is refused, how connections are set up.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::error::{OpenError, StoreError};
use crate::held::{self, FileId, Hold};
use crate::narrow::Narrowing;
use crate::remember::Remembered;
use crate::table::action_index::ActionIndex;

/// Version of the file's schema that this build writes (`PRAGMA user_version`).
pub const SCHEMA: i64 = MIGRATIONS.len() as i64;

/// `PRAGMA application_id` of every workspace: "DBRF".
pub(crate) const APPLICATION_ID: u32 = 0x4442_5246;

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("../migrations/0001_init.sql")),
    M::up(include_str!("../migrations/0002_meeting.sql")),
    M::up(include_str!("../migrations/0003_summary.sql")),
    M::up(include_str!("../migrations/0004_published.sql")),
    M::up(include_str!("../migrations/0005_accounts.sql")),
    M::up(include_str!("../migrations/0006_reminders.sql")),
    M::up(include_str!("../migrations/0007_follow_through.sql")),
    M::up(include_str!("../migrations/0008_look_again.sql")),
    M::up(include_str!("../migrations/0009_replica.sql")),
    M::up(include_str!("../migrations/0010_put_back.sql")),
    M::up(include_str!("../migrations/0011_sealed_as_told.sql")),
];

/// How long a connection waits for another process's write, in milliseconds.
const BUSY_MS: u64 = 5_000;
/// Connections for reading that are kept open, each made when so many read at once.
pub const READERS: usize = 16;
pub(crate) const HEADER: usize = 100;

/// How to open a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Make the file (and its folder) when there is none.
    Create,
    /// The file must be there.
    Existing,
    /// The file must be there; nothing is ever written to it.
    ReadOnly,
}

/// An open workspace: one connection that writes, and a few that read. It may be shared between threads; every call
/// blocks until SQLite has answered.
pub struct Store {
    path: PathBuf,
    open: Open,
    readers: Mutex<Vec<Connection>>,
    watcher: Mutex<Option<Connection>>,
    /// Closed after those that read: only a connection that may write moves the log into the file when it is the last.
    writer: Mutex<Option<Connection>>,
    pub(crate) remembered: Remembered,
    pub(crate) action_index: Mutex<ActionIndex>,
    /// The log that the writer has open.
    log: Option<FileId>,
    /// Hides postmortems from every connection that reads; see [`Store::narrowed`].
    pub(crate) narrowing: Option<Narrowing>,
    /// Let go of last, with the last connection.
    hold: Hold,
}

impl Drop for Store {
    fn drop(&mut self) {
        let files = held::files();
        self.readers
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        drop(
            self.watcher
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        drop(
            self.writer
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.hold.let_go(files);
    }
}

impl Store {
    /// Opens a workspace, brings an older file up to date, and refuses what is not one of ours, each with its own error.
    /// A file that is refused is left as it was. A new file has mode 0600.
    pub fn open(path: impl AsRef<Path>, open: Open) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let mut files = held::files();
        let fresh = match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => {
                return Err(OpenError::Foreign {
                    path: path.to_owned(),
                    what: "it is a folder".into(),
                });
            }
            Ok(meta) if !meta.is_file() => return Err(foreign(path, "it is not a file")),
            Ok(meta) => meta.len() == 0 && open == Open::Create,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && open == Open::Create => {
                true
            }
            Err(error) => return Err(OpenError::from_reading(path, &error)),
        };
        // A file that is open here already is looked at through SQLite alone.
        if !files.has(path) {
            if fresh {
                create(path)?;
            }
            inspect(path, open)?;
            if open != Open::ReadOnly {
                close_to_others(path);
            }
        }
        let hold = files.hold(path)?;
        drop(files);
        let mut store = Self {
            path: path.to_owned(),
            open,
            writer: Mutex::new(None),
            readers: Mutex::new(Vec::new()),
            watcher: Mutex::new(None),
            remembered: Remembered::default(),
            action_index: Mutex::default(),
            log: None,
            narrowing: None,
            hold,
        };
        store.connect()?;
        Ok(store)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Nothing can be written through this store.
    pub fn is_read_only(&self) -> bool {
        self.open == Open::ReadOnly
    }

    /// Says whether the file, and the log that is open beside it, are still what their names lead to. What is written to
    /// a file without a name is lost once it is closed.
    ///
    /// Errors: `Moved`.
    pub(crate) fn in_place(&self) -> Result<(), StoreError> {
        let is = |path: &Path, id: &FileId| match FileId::of(path) {
            Ok(now) => now == *id,
            // A folder that cannot be looked into tells nothing.
            Err(error) => error.kind() != std::io::ErrorKind::NotFound,
        };
        let log = |id: &FileId| is(&name_beside(&self.hold.path, "-wal"), id);
        if is(&self.path, &self.hold.id) && self.log.as_ref().is_none_or(log) {
            Ok(())
        } else {
            Err(StoreError::Moved)
        }
    }

    /// One more connection that reads: of the file that is open, not of another one that has its name now.
    fn connect_reader(&self) -> Result<Connection, StoreError> {
        self.in_place()?;
        let connection = read_connection(&self.path)?;
        if let Some(narrowing) = &self.narrowing {
            narrowing.apply(&connection)?;
        }
        Ok(connection)
    }

    /// The same file, to be read only, without some postmortems; see [`crate::narrow`].
    pub(crate) fn read_again(&self, narrowing: Narrowing) -> Result<Self, OpenError> {
        let hold = held::files().hold(&self.path)?;
        Ok(Self {
            path: self.path.clone(),
            open: Open::ReadOnly,
            writer: Mutex::new(None),
            readers: Mutex::new(Vec::new()),
            watcher: Mutex::new(None),
            remembered: Remembered::default(),
            action_index: Mutex::default(),
            log: None,
            narrowing: Some(narrowing),
            hold,
        })
    }

    fn connect(&mut self) -> Result<(), OpenError> {
        let sql = |error: &rusqlite::Error| OpenError::from_sql(&self.path, error);
        // A connection that only reads looks first, so that a refused file is not even checkpointed.
        let probe = read_connection(&self.path).map_err(|e| sql(&e))?;
        let look =
            |pragma: &str| probe.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let id = look("application_id").map_err(|e| sql(&e))?;
        if id != i64::from(APPLICATION_ID) {
            return Err(foreign(&self.path, "another program's database"));
        }
        let version = look("user_version").map_err(|e| sql(&e))?;
        if version > SCHEMA {
            return Err(OpenError::Newer {
                path: self.path.clone(),
                found: version,
                known: SCHEMA,
            });
        }
        // Reading the roots of the tables that matter finds a file that was cut short.
        probe
            .query_row(
                "SELECT (SELECT max(seq) FROM doc_update), (SELECT count(*) FROM sqlite_schema)",
                [],
                |_| Ok(()),
            )
            .map_err(|e| sql(&e))?;
        if self.open == Open::ReadOnly {
            self.put_back(probe);
            return Ok(());
        }
        drop(probe);
        let mut writer = write_connection(&self.path).map_err(|e| sql(&e))?;
        if version < SCHEMA {
            migrate(&self.path, &mut writer)?;
        }
        // A folder that cannot be written to shows only when somebody writes.
        writer
            .execute_batch("BEGIN IMMEDIATE; ROLLBACK")
            .map_err(|e| sql(&e))?;
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
        // It stays the same one for as long as the writer is connected.
        self.log = FileId::of(&name_beside(&self.hold.path, "-wal")).ok();
        self.project_anew_if_old()
            .map_err(|error| OpenError::from_store(&self.path, error))
    }

    /// The one connection that writes.
    pub(crate) fn writer(&self) -> Result<Writer<'_>, StoreError> {
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if guard.is_none() {
            return Err(StoreError::ReadOnly);
        }
        Ok(Writer(guard))
    }

    /// A connection that reads; it goes back to the others when dropped.
    pub(crate) fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let kept = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match kept {
            Some(connection) => connection,
            None => self.connect_reader()?,
        };
        Ok(Reader {
            store: self,
            connection: Some(connection),
        })
    }

    /// A connection of one's own, which has nothing in its caches.
    pub(crate) fn fresh_reader(&self) -> Result<Connection, StoreError> {
        self.connect_reader()
    }

    fn put_back(&self, connection: Connection) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(connection);
        }
    }

    /// A number that changes whenever anybody, another process or this one, has committed something. Asking costs
    /// microseconds and waits for nobody.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match watcher.take() {
            Some(connection) => connection,
            None => self.connect_reader()?,
        };
        let version = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        *watcher = Some(connection);
        Ok(version)
    }

    /// Lets the file have at most so many pages of 4096 bytes: how tests make a full disk.
    #[doc(hidden)]
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        Ok(self
            .writer()?
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
    }
}

/// The connection that writes, for as long as nobody else may.
pub(crate) struct Writer<'s>(MutexGuard<'s, Option<Connection>>);

impl Deref for Writer<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        match self.0.as_ref() {
            Some(connection) => connection,
            None => {
                unreachable!("Store::writer hands out a Writer only when there is a connection")
            }
        }
    }
}

/// A connection that reads, on loan.
pub(crate) struct Reader<'s> {
    store: &'s Store,
    connection: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        match self.connection.as_ref() {
            Some(connection) => connection,
            None => unreachable!("the connection is taken out only by drop"),
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.store.put_back(connection);
        }
    }
}

fn foreign(path: &Path, what: &str) -> OpenError {
    OpenError::Foreign {
        path: path.to_owned(),
        what: what.into(),
    }
}

/// Makes an empty workspace. The first migration runs with a rollback journal, so that the file is either empty or
/// whole and its header always names the application; only then does it change to a write-ahead log.
fn create(path: &Path) -> Result<(), OpenError> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(|e| OpenError::from_io(path, &e))?;
    }
    let new = match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Ok(_) => true,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            close_to_others(path);
            false
        }
        Err(error) => return Err(OpenError::from_io(path, &error)),
    };
    let made = (|| {
        let mut connection = Connection::open_with_flags(path, write_flags())
            .map_err(|e| OpenError::from_sql(path, &e))?;
        connection
            .busy_timeout(Duration::from_millis(BUSY_MS))
            .map_err(|e| OpenError::from_sql(path, &e))?;
        migrate(path, &mut connection)?;
        connection
            .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
            .map_err(|e| OpenError::from_sql(path, &e))
    })();
    // Nothing half-made stays behind, except for another process that is making the same file.
    let others = !new || matches!(made, Err(OpenError::Locked { .. }));
    if made.is_err() && !others && fs::metadata(path).is_ok_and(|meta| meta.len() == 0) {
        let _ = fs::remove_file(path);
    }
    made
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), OpenError> {
    let Err(error) = Migrations::from_slice(MIGRATIONS).to_latest(connection) else {
        return Ok(());
    };
    // Two processes that start at once both find an old file; the second one finds the work done.
    let version = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    match error {
        _ if version.is_ok_and(|version| version == SCHEMA) => Ok(()),
        rusqlite_migration::Error::RusqliteError { err, .. } => {
            Err(OpenError::from_sql(path, &err))
        }
        other => Err(OpenError::Io {
            path: path.to_owned(),
            detail: other.to_string(),
        }),
    }
}

/// Only the owner may read what a workspace holds.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Takes from everybody but the owner what they may do with a workspace and the files beside it. A file of somebody else,
/// or a disk that knows no such permissions, stays as it is.
fn close_to_others(path: &Path) {
    #[cfg(unix)]
    for suffix in [""].into_iter().chain(held::BESIDE) {
        use std::os::unix::fs::PermissionsExt;
        let path = name_beside(
            &fs::canonicalize(path).unwrap_or_else(|_| path.into()),
            suffix,
        );
        if fs::metadata(&path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
            let _ = fs::set_permissions(&path, PermissionsExt::from_mode(0o600));
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Reads the first bytes of a file and says whether they are a workspace's, without SQLite and without touching it. Never
/// of a file that this process has open.
fn inspect(path: &Path, open: Open) -> Result<(), OpenError> {
    let io = |error: std::io::Error| OpenError::from_io(path, &error);
    let mut file = File::open(path).map_err(|error| OpenError::from_reading(path, &error))?;
    if open != Open::ReadOnly {
        OpenOptions::new().write(true).open(path).map_err(io)?;
    }
    let meta = file.metadata().map_err(io)?;
    let mut header = Vec::with_capacity(HEADER);
    (&mut file)
        .take(HEADER as u64)
        .read_to_end(&mut header)
        .map_err(io)?;
    if header.is_empty() {
        return Err(OpenError::Empty {
            path: path.to_owned(),
        });
    }
    if header.len() < HEADER || !header.starts_with(b"SQLite format 3\0") {
        return Err(foreign(path, "it is no database"));
    }
    if beside(path, "-journal") > 0 {
        // A write was cut off; SQLite puts the old contents back before anybody may judge them.
        return Ok(());
    }
    let number = |at: usize| {
        header.get(at..at + 4).map_or(0, |b| {
            b.iter().fold(0_u32, |n, byte| n << 8 | u32::from(*byte))
        })
    };
    if number(68) != APPLICATION_ID {
        return Err(foreign(path, "another program's database"));
    }
    let version = i64::from(number(60));
    if version > SCHEMA {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found: version,
            known: SCHEMA,
        });
    }
    let page = match number(14) & 0xffff {
        1 => 65_536,
        size => u64::from(size),
    };
    let whole = page * u64::from(number(28));
    if number(24) == number(92) && beside(path, "-wal") == 0 && meta.len() < whole {
        let detail = format!("{} of {whole} bytes are there", meta.len());
        return Err(OpenError::Damaged {
            path: path.to_owned(),
            detail,
        });
    }
    Ok(())
}

/// Size of a file that SQLite keeps beside the workspace; 0 when there is none.
pub(crate) fn beside(path: &Path, suffix: &str) -> u64 {
    // It stands beside the file itself, not beside a link to it.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    fs::metadata(name_beside(&path, suffix)).map_or(0, |meta| meta.len())
}

/// A name with something behind it.
pub(crate) fn name_beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn write_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn write_connection(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, write_flags())?;
    connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 33554432;",
    )?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn read_connection(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let set_up = |connection: Connection| {
        connection.busy_timeout(Duration::from_millis(BUSY_MS))?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;")?;
        connection.set_prepared_statement_cache_capacity(128);
        // Forces the file to be looked at.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    match Connection::open_with_flags(path, flags).and_then(set_up) {
        // In a folder that cannot be written to, the index of the log cannot be made. With no log there is no need of it.
        Err(error)
            if StoreError::from_sql(&error) == StoreError::ReadOnly
                && beside(path, "-wal") == 0 =>
        {
            let uri = format!("file:{}?immutable=1", uri_path(path));
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).and_then(set_up)
        }
        other => other,
    }
}

fn uri_path(path: &Path) -> String {
    let mut out = String::new();
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                out.push(char::from(byte))
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
