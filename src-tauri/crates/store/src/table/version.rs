//! Named places in the log, and the stretches of edits between them.

use chrono::DateTime;
use model::list::Version;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::log::{self, NoticeKind};
use crate::open::Store;
use crate::write::Writing;

/// A pause that ends a stretch of edits: 10 minutes, in milliseconds.
pub const PAUSE_MS: i64 = 600_000;

impl Store {
    /// Gives the present state of a document a name. `by` is a person's id; empty for nobody known.
    ///
    /// Errors: `NotFound`; `Refused` when nothing has been written in the document.
    pub fn name_version(
        &self,
        doc: &str,
        name: &str,
        by: &str,
        at_ms: i64,
    ) -> Result<Version, StoreError> {
        self.write(|w| w.name_version(doc, name, by, at_ms))
    }

    /// Named versions, and stretches of edits that a pause of [`PAUSE_MS`] or a name ends, newest first. The people are
    /// named as the directory names them now.
    ///
    /// Errors: `NotFound`.
    pub fn versions(&self, doc: &str) -> Result<Vec<Version>, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        log::known(&tx, doc)?;
        let mut named = tx
            .prepare_cached("SELECT seq, name, author, at_ms FROM doc_version WHERE doc_id = ?1 ORDER BY seq, id")?
            .query_map([doc], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?))
            })?
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .peekable();
        let mut statement = tx.prepare_cached(&format!(
            "SELECT seq, at_ms, {} FROM doc_update u WHERE doc_id = ?1 ORDER BY seq",
            log::AUTHOR
        ))?;
        let mut rows = statement.query([doc])?;
        let mut out = Vec::new();
        let mut stretch: Option<(i64, i64, Vec<String>)> = None;
        while let Some(row) = rows.next()? {
            let (seq, at_ms, actor): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let paused = stretch
                .as_ref()
                .is_some_and(|(_, last, _)| (at_ms - last).abs() > PAUSE_MS);
            if paused {
                close(&tx, &mut stretch, &mut out)?;
            }
            let (end, last, people) = stretch.get_or_insert_with(|| (seq, at_ms, Vec::new()));
            (*end, *last) = (seq, at_ms);
            if !actor.is_empty() && !people.contains(&actor) {
                people.push(actor);
            }
            while let Some((at, name, author, at_ms)) = named.next_if(|named| named.0 <= seq) {
                // The name stands for the edits that it ends.
                stretch = None;
                let by = person_name(&tx, &author)?.into_iter().collect();
                out.push(Version {
                    seq: at,
                    name,
                    at: time(at_ms),
                    by,
                });
            }
        }
        close(&tx, &mut stretch, &mut out)?;
        out.reverse();
        Ok(out)
    }
}

impl Writing<'_> {
    /// As [`Store::name_version`], within a transaction: what was appended before is part of the version.
    pub fn name_version(
        &self,
        doc: &str,
        name: &str,
        by: &str,
        at_ms: i64,
    ) -> Result<Version, StoreError> {
        let sql = self.sql();
        log::known(sql, doc)?;
        let seq: Option<i64> = sql
            .prepare_cached("SELECT max(seq) FROM doc_update WHERE doc_id = ?1")?
            .query_row([doc], |row| row.get(0))?;
        let Some(seq) = seq else {
            return Err(StoreError::Refused("Nothing has been written yet.".into()));
        };
        sql.prepare_cached(
            "INSERT INTO doc_version (doc_id, seq, name, author, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![doc, seq, name, by, at_ms])?;
        self.notice(doc, NoticeKind::Named, at_ms)?;
        let by = person_name(sql, by)?.into_iter().collect();
        Ok(Version {
            seq,
            name: name.to_owned(),
            at: time(at_ms),
            by,
        })
    }
}

fn close(
    sql: &Connection,
    stretch: &mut Option<(i64, i64, Vec<String>)>,
    out: &mut Vec<Version>,
) -> Result<(), StoreError> {
    if let Some((seq, at_ms, people)) = stretch.take() {
        let mut by = Vec::new();
        for person in people {
            by.extend(person_name(sql, &person)?);
        }
        out.push(Version {
            seq,
            name: String::new(),
            at: time(at_ms),
            by,
        });
    }
    Ok(())
}

pub(crate) fn person_name(sql: &Connection, id: &str) -> Result<Option<String>, StoreError> {
    if id.is_empty() {
        return Ok(None);
    }
    let name = sql
        .prepare_cached("SELECT name FROM person WHERE id = ?1")?
        .query_row([id], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(Some(
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.to_owned()),
    ))
}

pub(crate) fn time(at_ms: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}
