//! Published copies: what left for its readers, kept as it was then.

use model::published::{PublishedCopy, PublishedKind, PublishedPage};
use model::visibility::Audience;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::log::NoticeKind;
use crate::open::Store;
use crate::table::account;
use crate::table::version::{person_name, time};
use crate::words::{value, word};

/// The version of the file that has the table.
const SINCE: i64 = 4;

/// What is to be kept of something that leaves.
#[derive(Clone, Copy, Debug)]
pub struct NewPublished<'a> {
    /// A UUIDv7.
    pub id: &'a str,
    /// What it is of.
    pub kind: PublishedKind,
    /// The postmortem that it was made from; absent for a period.
    pub doc: Option<&'a str>,
    /// The period in words, or the title that it has.
    pub title: &'a str,
    /// For whom it was made.
    pub readers: Audience,
    /// When, in milliseconds UTC.
    pub at_ms: i64,
    /// Who publishes it; empty for nobody known.
    pub by: &'a str,
    /// The copy whose place it takes.
    pub replaces: Option<&'a str>,
    /// What it was made from, as JSON.
    pub made_from: &'a str,
    /// A name for its file, without the extension.
    pub file_name: &'a str,
    /// The page, as HTML.
    pub page: &'a str,
    /// The same as Markdown.
    pub text: &'a str,
}

/// A copy with all that it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Its line in the list.
    pub copy: PublishedCopy,
    /// What it was made from, as JSON.
    pub made_from: String,
    /// The page, as HTML.
    pub page: String,
    /// The same as Markdown.
    pub text: String,
}

/// A line of the list, as [`line`] reads it.
const LINE: &str = "p.id, p.kind, p.doc_id, p.doc_id IS NOT NULL AND d.id IS NULL, p.title, p.readers, p.at_ms, p.author,
     (SELECT o.at_ms FROM published o WHERE o.id = p.replaces),
     (SELECT min(n.at_ms) FROM published n WHERE n.replaces = p.id), p.file_name";
const WANTED: &str = "(?1 IS NULL OR p.doc_id = ?1) AND (?2 IS NULL OR p.kind = ?2)";
const FROM: &str = "published p LEFT JOIN document d ON d.id = p.doc_id";

impl Store {
    /// Keeps a copy, and gives its line in the list.
    pub fn publish(&self, copy: &NewPublished<'_>) -> Result<PublishedCopy, StoreError> {
        self.write(|w| {
            let sql = w.sql();
            sql.prepare_cached(
                "INSERT INTO published (id, kind, doc_id, title, readers, at_ms, author, replaces, made_from, file_name, page, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                copy.id,
                word(Some(copy.kind)),
                copy.doc,
                copy.title,
                word(Some(copy.readers)),
                copy.at_ms,
                copy.by,
                copy.replaces,
                copy.made_from,
                copy.file_name,
                copy.page,
                copy.text,
            ])?;
            w.notice(copy.doc.unwrap_or_default(), NoticeKind::Published, copy.at_ms)?;
            Ok(find(sql, copy.id)?.copy)
        })
    }

    /// Copies, newest first: all of them, or those of one postmortem or one kind.
    pub fn published(
        &self,
        doc: Option<&str>,
        kind: Option<PublishedKind>,
        offset: u32,
        limit: u32,
    ) -> Result<PublishedPage, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        if is_older(&tx)? {
            return Ok(PublishedPage::default());
        }
        let kind = kind.map(|kind| word(Some(kind)));
        let total = tx
            .prepare_cached(&format!("SELECT count(*) FROM published p WHERE {WANTED}"))?
            .query_row(params![doc, kind], |row| row.get(0))?;
        let mut statement = tx.prepare_cached(&format!(
            "SELECT {LINE} FROM {FROM} WHERE {WANTED} ORDER BY p.at_ms DESC, p.id DESC LIMIT ?3 OFFSET ?4"
        ))?;
        let mut copies = statement
            .query_map(params![doc, kind, limit, offset], line)?
            .collect::<Result<Vec<_>, _>>()?;
        for copy in &mut copies {
            name(&tx, copy)?;
        }
        Ok(PublishedPage { copies, total })
    }

    /// What the newest copies of one kind were made from, each with its id, newest first: of one postmortem, or of periods.
    pub fn published_from(
        &self,
        kind: PublishedKind,
        doc: Option<&str>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(Vec::new());
        }
        let mut statement = reader.prepare_cached(
            "SELECT id, made_from FROM published WHERE kind = ?1 AND doc_id IS ?2 ORDER BY at_ms DESC, id DESC LIMIT 1000",
        )?;
        let rows = statement.query_map(params![word(Some(kind)), doc], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One copy with all that it says. Errors: `NotFound`.
    pub fn published_copy(&self, id: &str) -> Result<Published, StoreError> {
        find(&*self.reader()?, id)
    }

    /// Deletes a copy for good; one that took its place takes the place of the one before. The freed pages of the file are
    /// overwritten.
    ///
    /// Errors: `NotFound`.
    pub fn delete_published(&self, id: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            let copy = find(w.sql(), id)?.copy;
            w.sql()
                .prepare_cached(
                    "UPDATE published SET replaces = (SELECT replaces FROM published WHERE id = ?1) WHERE replaces = ?1",
                )?
                .execute([id])?;
            w.sql()
                .prepare_cached("DELETE FROM published WHERE id = ?1")?
                .execute([id])?;
            account::forget_restrictions(w.sql())?;
            w.notice(copy.doc.as_deref().unwrap_or_default(), NoticeKind::Published, at_ms)
        })?;
        self.cut_off_log()
    }
}

/// Whether there is no table yet: a file that may only be read keeps the version that an older Debrief gave it.
fn is_older(sql: &Connection) -> Result<bool, StoreError> {
    let version: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version < SINCE)
}

fn find(sql: &Connection, id: &str) -> Result<Published, StoreError> {
    let none = || StoreError::NotFound {
        what: "This published copy".into(),
    };
    if is_older(sql)? {
        return Err(none());
    }
    let found = sql
        .prepare_cached(&format!(
            "SELECT {LINE}, p.made_from, p.page, p.text FROM {FROM} WHERE p.id = ?1"
        ))?
        .query_row([id], |row| {
            Ok(Published {
                copy: line(row)?,
                made_from: row.get(11)?,
                page: row.get(12)?,
                text: row.get(13)?,
            })
        })
        .optional()?;
    let mut found = found.ok_or_else(none)?;
    name(sql, &mut found.copy)?;
    Ok(found)
}

/// Who published it is an id until here.
fn name(sql: &Connection, copy: &mut PublishedCopy) -> Result<(), StoreError> {
    copy.by = person_name(sql, &copy.by)?.unwrap_or_default();
    Ok(())
}

fn line(row: &rusqlite::Row<'_>) -> rusqlite::Result<PublishedCopy> {
    Ok(PublishedCopy {
        id: row.get(0)?,
        kind: value(row.get_ref(1)?.as_str()?).unwrap_or(PublishedKind::Period),
        doc: row.get(2)?,
        source_gone: row.get(3)?,
        title: row.get(4)?,
        readers: value(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        at: time(row.get(6)?),
        by: row.get(7)?,
        replaces: row.get::<_, Option<i64>>(8)?.map(time),
        replaced: row.get::<_, Option<i64>>(9)?.map(time),
        file_name: row.get(10)?,
    })
}
