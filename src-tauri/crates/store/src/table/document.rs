//! Documents: being there, being in the trash, being erased; finding one by the beginning of its id.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::log::NoticeKind;
use crate::open::Store;
use crate::table::{account, blob};
use crate::write::Writing;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DocumentKind {
    Postmortem,
    Directory,
}

impl DocumentKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Postmortem => "postmortem",
            Self::Directory => "directory",
        }
    }

    pub(crate) fn of(word: &str) -> Self {
        if word == "directory" {
            Self::Directory
        } else {
            Self::Postmortem
        }
    }
}

/// A document as the workspace knows it without looking into it. Times in milliseconds UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: DocumentKind,
    /// When it was made.
    pub created_at: i64,
    /// When it was moved to the trash.
    pub trashed_at: Option<i64>,
}

/// What the beginning of an id stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Exactly one: the postmortem and, for an action item, the row.
    One {
        /// The postmortem.
        doc: String,
        /// The row; empty for a postmortem.
        id: String,
    },
    /// None.
    None,
    /// Several; the first few of them.
    Many(Vec<String>),
}

impl Store {
    /// One document.
    pub fn document(&self, doc: &str) -> Result<Option<DocumentRow>, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached("SELECT id, kind, created_at, trashed_at FROM document WHERE id = ?1")?
            .query_row([doc], row)
            .optional()?)
    }

    /// Whether a postmortem of this id was erased for good.
    pub fn is_erased(&self, doc: &str) -> Result<bool, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached("SELECT 1 FROM erased WHERE id = ?1")?
            .exists([doc])?)
    }

    /// All documents, the directory too, by id.
    pub fn documents(&self) -> Result<Vec<DocumentRow>, StoreError> {
        documents(&*self.reader()?)
    }

    /// The postmortem that an id, or its beginning, names.
    pub fn resolve_postmortem(&self, prefix: &str) -> Result<Resolved, StoreError> {
        self.resolve("SELECT id, '' FROM document WHERE kind = 'postmortem' AND id >= ?1 AND id < ?2 LIMIT 6", prefix)
    }

    /// The action item that an id, or its beginning, names.
    pub fn resolve_action(&self, prefix: &str) -> Result<Resolved, StoreError> {
        self.resolve("SELECT doc_id, id FROM action WHERE substr(id, 1, length(?1)) = ?1 AND ?2 <> '' LIMIT 6", prefix)
    }

    fn resolve(&self, sql: &str, prefix: &str) -> Result<Resolved, StoreError> {
        let prefix = prefix.trim().to_lowercase();
        if prefix.is_empty() {
            return Ok(Resolved::None);
        }
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(sql)?;
        let end = format!("{prefix}\u{10FFFF}");
        let found = statement
            .query_map(params![prefix, end], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let name = |doc: &String, id: &String| {
            if id.is_empty() {
                doc.clone()
            } else {
                id.clone()
            }
        };
        let whole: Vec<&(String, String)> = found
            .iter()
            .filter(|(doc, id)| name(doc, id) == prefix)
            .collect();
        match whole.as_slice() {
            [] => {}
            [(doc, id)] => {
                return Ok(Resolved::One {
                    doc: doc.clone(),
                    id: id.clone(),
                });
            }
            // Rows are told apart within their postmortem alone: a copy of it has the same ones.
            many => {
                return Ok(Resolved::Many(
                    many.iter().map(|(doc, _)| doc.clone()).collect(),
                ));
            }
        }
        Ok(match found.as_slice() {
            [] => Resolved::None,
            [(doc, id)] => Resolved::One {
                doc: doc.clone(),
                id: id.clone(),
            },
            many => Resolved::Many(many.iter().map(|(doc, id)| name(doc, id)).collect()),
        })
    }

    /// Moves a postmortem to the trash. Its action items stay in the lists, marked, as long as they are unsettled.
    ///
    /// Errors: `NotFound`.
    pub fn trash(&self, doc: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| set_trashed(w, doc, Some(at_ms), at_ms))
    }

    /// Takes a postmortem out of the trash.
    ///
    /// Errors: `NotFound`.
    pub fn restore(&self, doc: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| set_trashed(w, doc, None, at_ms))
    }

    /// Erases a trashed postmortem for good: its log, snapshots and versions, what was projected from it, its place in
    /// search, and the images that no other postmortem uses. The freed pages of the file are overwritten.
    ///
    /// Errors: `NotFound`; `Refused` when it is not in the trash.
    pub fn erase(&self, doc: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            let trashed: Option<bool> = w
                .sql()
                .prepare_cached("SELECT trashed_at IS NOT NULL FROM document WHERE id = ?1 AND kind = 'postmortem'")?
                .query_row([doc], |row| row.get(0))
                .optional()?;
            match trashed {
                None => Err(StoreError::NotFound {
                    what: format!("The postmortem {doc}"),
                }),
                Some(false) => Err(StoreError::Refused(
                    "Only a postmortem in the trash can be erased.".into(),
                )),
                Some(true) => erase(w, doc, at_ms),
            }
        })?;
        self.cut_off_log()
    }

    /// Erases these postmortems for good, as far as they are still in the trash, and says which ones that were.
    ///
    /// What lies there hidden from whoever asks stays. Errors: `Changed` when others are in the trash too: whoever saw these has
    /// not seen those.
    pub fn erase_trash(
        &self,
        seen: &[String],
        hidden: &BTreeSet<String>,
        at_ms: i64,
    ) -> Result<Vec<String>, StoreError> {
        let docs = self.write(|w| {
            let mut docs: Vec<String> = w
                .sql()
                .prepare_cached("SELECT id FROM document WHERE kind = 'postmortem' AND trashed_at IS NOT NULL ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            docs.retain(|doc| !hidden.contains(doc));
            if docs.iter().any(|doc| !seen.contains(doc)) {
                return Err(StoreError::Changed(
                    "Other postmortems have been moved to the trash meanwhile. Nothing was erased: look again first."
                        .into(),
                ));
            }
            for doc in &docs {
                erase(w, doc, at_ms)?;
            }
            Ok(docs)
        })?;
        self.cut_off_log()?;
        Ok(docs)
    }

    /// What was erased is still in the write-ahead log until that has been moved into the file and cut off. Another process
    /// that reads just now delays this to a later time; the erasure itself stands.
    pub(crate) fn cut_off_log(&self) -> Result<(), StoreError> {
        let writer = self.writer()?;
        let _ = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(())
    }
}

/// Moves a postmortem to the trash, or takes it out. Errors: `NotFound`.
pub(crate) fn set_trashed(
    w: &Writing<'_>,
    doc: &str,
    trashed_at: Option<i64>,
    at_ms: i64,
) -> Result<(), StoreError> {
    let set = w
        .sql()
        .prepare_cached(
            "UPDATE document SET trashed_at = ?2 WHERE id = ?1 AND kind = 'postmortem'",
        )?
        .execute(params![doc, trashed_at])?;
    if set == 0 {
        return Err(StoreError::NotFound {
            what: format!("The postmortem {doc}"),
        });
    }
    w.sql()
        .prepare_cached(
            "UPDATE postmortem SET trashed = ?2 IS NOT NULL, trashed_at = ?2 WHERE doc_id = ?1",
        )?
        .execute(params![doc, trashed_at])?;
    w.sql()
        .prepare_cached("UPDATE action SET trashed = ?2 IS NOT NULL WHERE doc_id = ?1")?
        .execute(params![doc, trashed_at])?;
    let what = match trashed_at {
        Some(_) => NoticeKind::Trashed,
        None => NoticeKind::Restored,
    };
    w.notice(doc, what, at_ms)
}

/// Everything that belongs to a document goes with it (foreign keys cascade).
fn erase(w: &Writing<'_>, doc: &str, at_ms: i64) -> Result<(), StoreError> {
    let hashes = blob::of_document(w.sql(), doc)?;
    w.sql()
        .prepare_cached("DELETE FROM document WHERE id = ?1")?
        .execute([doc])?;
    w.sql()
        .prepare_cached("INSERT INTO erased (id) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([doc])?;
    blob::remove_unused(w.sql(), &hashes, at_ms)?;
    account::forget_restrictions(w.sql())?;
    w.notice(doc, NoticeKind::Erased, at_ms)
}

pub fn documents(sql: &Connection) -> Result<Vec<DocumentRow>, StoreError> {
    let mut statement =
        sql.prepare_cached("SELECT id, kind, created_at, trashed_at FROM document ORDER BY id")?;
    Ok(statement.query_map([], row)?.collect::<Result<_, _>>()?)
}

pub fn kind(sql: &Connection, doc: &str) -> Result<Option<DocumentKind>, StoreError> {
    let word = sql
        .prepare_cached("SELECT kind FROM document WHERE id = ?1")?
        .query_row([doc], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(word.map(|word| DocumentKind::of(&word)))
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<DocumentRow> {
    Ok(DocumentRow {
        id: row.get(0)?,
        kind: DocumentKind::of(row.get_ref(1)?.as_str()?),
        created_at: row.get(2)?,
        trashed_at: row.get(3)?,
    })
}
