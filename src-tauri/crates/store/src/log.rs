//! The update log: append-only, in the order of `seq`; what a document is loaded from.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Store;

/// One update of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Its place: later rows have higher numbers, and no number is ever used twice.
    pub seq: i64,
    /// Its document.
    pub doc: String,
    /// When the backend took it, in milliseconds UTC.
    pub at_ms: i64,
    /// The person who handed it in; empty when nobody had said who they are, or the backend itself. In [`Store::log`] the
    /// person whom the client that wrote it is bound to, when there is one.
    pub actor: String,
    /// The update, format v1.
    pub bytes: Vec<u8>,
}

impl LogRow {
    /// Its place and its update, as [`model::document::replay`] takes them.
    pub fn entry(&self) -> (i64, &[u8]) {
        (self.seq, &self.bytes)
    }
}

/// An update that is to be appended.
#[derive(Clone, Copy, Debug)]
pub struct NewUpdate<'a> {
    /// When the backend took it, in milliseconds UTC.
    pub at_ms: i64,
    /// The person who handed it in; empty for nobody known.
    pub actor: &'a str,
    /// The Yjs client that wrote it, when it is one alone.
    pub client: Option<u64>,
    /// The update, format v1.
    pub bytes: &'a [u8],
}

/// What a document is loaded from, read at one moment: a state, and the updates after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The newest snapshot of the state, when there is one.
    pub state: Option<Vec<u8>>,
    /// Updates after the snapshot, in order.
    pub tail: Vec<LogRow>,
    /// The last place of the whole log at that moment: everything of this document up to it is in `state` and `tail`.
    pub upto: i64,
}

/// Something that another process did and that is not in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its place among the notices.
    pub seq: i64,
    /// The document.
    pub doc: String,
    /// What happened to it.
    pub what: NoticeKind,
}

/// What happened to a document besides edits; also that a copy was published or deleted, or that accounts or what they may see has
/// changed, which may be of no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum NoticeKind {
    Trashed,
    Restored,
    Erased,
    Named,
    Meeting,
    Published,
    Accounts,
    /// Of no document: everything that is derived from the log was made anew.
    Rebuilt,
}

impl NoticeKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Trashed => "trashed",
            Self::Restored => "restored",
            Self::Erased => "erased",
            Self::Named => "named",
            Self::Meeting => "meeting",
            Self::Published => "published",
            Self::Accounts => "accounts",
            Self::Rebuilt => "rebuilt",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "trashed" => Self::Trashed,
            "restored" => Self::Restored,
            "erased" => Self::Erased,
            "meeting" => Self::Meeting,
            "published" => Self::Published,
            "accounts" => Self::Accounts,
            "rebuilt" => Self::Rebuilt,
            _ => Self::Named,
        }
    }
}

impl Store {
    /// Everything that a document is made of.
    ///
    /// Errors: `NotFound` when there is no such document.
    pub fn load(&self, doc: &str) -> Result<Loaded, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        known(&tx, doc)?;
        let snapshot = tx
            .prepare_cached("SELECT upto_seq, state FROM doc_snapshot WHERE doc_id = ?1")?
            .query_row([doc], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .optional()?;
        let (after, state) = snapshot.map_or((0, None), |(upto, state)| (upto, Some(state)));
        let tail = rows_of(&tx, doc, after)?;
        let upto = last_seq(&tx)?.max(after);
        Ok(Loaded { state, tail, upto })
    }

    /// The whole log of one document, with its authors.
    ///
    /// Errors: `NotFound` when there is no such document.
    pub fn log(&self, doc: &str) -> Result<Vec<LogRow>, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        known(&tx, doc)?;
        let mut statement = tx.prepare_cached(&format!(
            "SELECT seq, doc_id, at_ms, {AUTHOR}, bytes FROM doc_update u WHERE doc_id = ?1 ORDER BY seq"
        ))?;
        let rows = statement.query_map([doc], log_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Updates of one document after a place.
    pub fn log_of(&self, doc: &str, after: i64) -> Result<Vec<LogRow>, StoreError> {
        rows_of(&*self.reader()?, doc, after)
    }

    /// Updates of all documents after a place.
    pub fn log_after(&self, seq: i64) -> Result<Vec<LogRow>, StoreError> {
        rows_after(&*self.reader()?, seq)
    }

    /// The last place of the log; 0 when it is empty.
    pub fn last_seq(&self) -> Result<i64, StoreError> {
        last_seq(&*self.reader()?)
    }

    /// What happened after a notice, and the last notice's place.
    pub fn notices_after(&self, seq: i64) -> Result<(Vec<Notice>, i64), StoreError> {
        let reader = self.reader()?;
        let mut statement = reader
            .prepare_cached("SELECT seq, doc_id, what FROM notice WHERE seq > ?1 ORDER BY seq")?;
        let rows = statement.query_map([seq], |row| {
            Ok(Notice {
                seq: row.get(0)?,
                doc: row.get(1)?,
                what: NoticeKind::of(row.get_ref(2)?.as_str()?),
            })
        })?;
        let notices = rows.collect::<Result<Vec<_>, _>>()?;
        let last = notices.last().map_or(seq, |notice| notice.seq);
        Ok((notices, last))
    }

    /// Every Yjs client id of a document that is bound to a person.
    pub fn clients(&self, doc: &str) -> Result<Vec<(u64, String)>, StoreError> {
        let reader = self.reader()?;
        let mut statement =
            reader.prepare_cached("SELECT client_id, person FROM doc_client WHERE doc_id = ?1")?;
        let rows = statement.query_map([doc], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Who wrote an update `u`: what was lost may be handed in by somebody else.
pub(crate) const AUTHOR: &str = "coalesce(
    (SELECT person FROM doc_client c WHERE c.doc_id = u.doc_id AND c.client_id = u.client_id), u.actor)";

pub(crate) fn known(connection: &Connection, doc: &str) -> Result<(), StoreError> {
    let found = connection
        .prepare_cached("SELECT 1 FROM document WHERE id = ?1")?
        .exists([doc])?;
    if found {
        Ok(())
    } else {
        Err(StoreError::NotFound {
            what: format!("The postmortem {doc}"),
        })
    }
}

pub(crate) fn last_seq(connection: &Connection) -> Result<i64, StoreError> {
    // The sequence table remembers numbers whose rows were erased.
    let seq = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'doc_update'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(seq.unwrap_or(0))
}

pub(crate) fn rows_of(
    connection: &Connection,
    doc: &str,
    after: i64,
) -> Result<Vec<LogRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, doc_id, at_ms, actor, bytes FROM doc_update WHERE doc_id = ?1 AND seq > ?2 ORDER BY seq",
    )?;
    let rows = statement.query_map(params![doc, after], log_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn rows_after(connection: &Connection, seq: i64) -> Result<Vec<LogRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, doc_id, at_ms, actor, bytes FROM doc_update WHERE seq > ?1 ORDER BY seq",
    )?;
    let rows = statement.query_map([seq], log_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn log_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<LogRow> {
    Ok(LogRow {
        seq: row.get(0)?,
        doc: row.get(1)?,
        at_ms: row.get(2)?,
        actor: row.get(3)?,
        bytes: row.get(4)?,
    })
}
