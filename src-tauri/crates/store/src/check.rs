//! Is the workspace what its log says? And building anew what is derived.

use std::collections::BTreeSet;

use model::directory::Directory;
use model::document;
use model::list::CheckReport;
use model::postmortem::Postmortem;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::log;
use crate::log::NoticeKind;
use crate::open::{SCHEMA, Store};
use crate::project::{self, Parts};
use crate::table::document::{DocumentKind, documents};
use crate::table::{blob, search};

/// Version of the projection that this build writes. It goes up by one whenever tables are projected from documents in
/// another way, so that older files are projected anew.
const PROJECTION: i64 = 5;

/// Sentences of one kind in a report.
const LIMIT: usize = 50;

impl Store {
    /// Checks SQLite's own structure, references between tables, that every entry of the log can be applied, that the
    /// derived tables, snapshots and search say what the log says, and that images are what their names say.
    ///
    /// With `rebuild`, everything derived is first built anew from the log alone, in one transaction; what is then still
    /// wrong is reported.
    pub fn check(&self, rebuild: bool) -> Result<CheckReport, StoreError> {
        if rebuild {
            self.rebuild()?;
        }
        let mut report = CheckReport {
            rebuilt: rebuild,
            ..CheckReport::default()
        };
        // SQLite's check of the full-text index believes what its connection remembers of it from before.
        let reader = self.fresh_reader()?;
        let tx = reader.unchecked_transaction()?;
        if let Err(error) = check_all(&tx, &mut report) {
            match error {
                StoreError::Damaged { detail } => report
                    .problems
                    .push(format!("The file cannot be read whole: {detail}.")),
                other => return Err(other),
            }
        }
        drop(tx);
        drop(reader);
        if !self.is_read_only()
            && let Err(error) = self.writer()?.execute(
                "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)",
                [],
            )
        {
            match StoreError::from_sql(&error) {
                StoreError::Damaged { .. } => report
                    .problems
                    .push("The search index differs from the texts it indexes.".into()),
                other => return Err(other),
            }
        }
        Ok(report)
    }

    /// Projects every postmortem anew when the file's projection is older than this build's, in one transaction.
    pub(crate) fn project_anew_if_old(&self) -> Result<(), StoreError> {
        if !is_behind(&*self.reader()?)? {
            return Ok(());
        }
        self.write(|w| {
            let sql = w.sql();
            // Another process may have done it meanwhile.
            if !is_behind(sql)? {
                return Ok(());
            }
            for document in documents(sql)? {
                if document.kind != DocumentKind::Postmortem {
                    continue;
                }
                let snapshot = snapshot_of(sql, &document.id)?;
                let at = snapshot.as_ref();
                let from_snapshot = at.map(|(upto, state)| (*upto, state.as_slice()));
                let replayed = match replay(sql, &document.id, document.kind, from_snapshot)? {
                    None => replay(sql, &document.id, document.kind, None)?,
                    replayed => replayed,
                };
                if let Some(Content::Postmortem(postmortem)) = replayed.map(|found| found.content) {
                    w.project_postmortem(&document.id, &postmortem, Parts::All)?;
                }
            }
            sql.execute("UPDATE projection SET version = ?1", [PROJECTION])?;
            Ok(())
        })
    }

    fn rebuild(&self) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            sql.execute_batch("REINDEX; INSERT INTO search (search) VALUES ('rebuild');")?;
            project::clear(sql)?;
            for document in documents(sql)? {
                let Some(replayed) = replay(sql, &document.id, document.kind, None)? else {
                    continue;
                };
                match &replayed.content {
                    Content::Directory(directory) => w.project_directory(directory)?,
                    Content::Postmortem(postmortem) => {
                        w.project_postmortem(&document.id, postmortem, Parts::All)?
                    }
                }
                for hash in &replayed.images {
                    blob::refer(sql, &document.id, hash)?;
                }
            }
            search::mark_all(sql)?;
            w.notice(
                "",
                NoticeKind::Rebuilt,
                chrono::Utc::now().timestamp_millis(),
            )
        })?;
        self.refresh_search()
    }
}

/// Whether a Debrief that projected less wrote the file last, which one who may only read cannot mend.
pub(crate) fn is_behind(sql: &Connection) -> Result<bool, StoreError> {
    let version: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version < SCHEMA {
        return Ok(true);
    }
    let projection = sql
        .query_row("SELECT max(version) FROM projection", [], |row| {
            row.get::<_, Option<i64>>(0)
        })?
        .unwrap_or_default();
    Ok(projection < PROJECTION)
}

/// What a document holds, made from its log, and the places of entries that could not be applied.
struct Replayed {
    content: Content,
    images: BTreeSet<String>,
    updates: i64,
    unreadable: Vec<i64>,
    early: Vec<i64>,
}

#[derive(PartialEq)]
enum Content {
    Postmortem(Box<Postmortem>),
    Directory(Box<Directory>),
}

/// `None` when the snapshot does not lead on to the log.
fn replay(
    sql: &Connection,
    id: &str,
    kind: DocumentKind,
    snapshot: Option<(i64, &[u8])>,
) -> Result<Option<Replayed>, StoreError> {
    let rows = log::rows_of(sql, id, snapshot.map_or(0, |(upto, _)| upto))?;
    let entries: Vec<(i64, &[u8])> = rows.iter().map(log::LogRow::entry).collect();
    let replayed = match snapshot {
        None => Some(document::replay(&entries)),
        Some((_, state)) => document::resume(state, &entries),
    };
    let Some(document::Replayed {
        doc,
        unreadable,
        early,
    }) = replayed
    else {
        return Ok(None);
    };
    let content = match kind {
        DocumentKind::Directory => {
            Content::Directory(Box::new(model::directory_document::read(&doc)))
        }
        DocumentKind::Postmortem => Content::Postmortem(Box::new(document::read_as(&doc, id))),
    };
    Ok(Some(Replayed {
        content,
        images: document::images(&doc),
        updates: rows.len() as i64,
        unreadable,
        early,
    }))
}

fn check_all(sql: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let mut statement = sql.prepare(&format!("PRAGMA integrity_check({LIMIT})"))?;
    let lines = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    report.problems.extend(
        lines
            .into_iter()
            .filter(|line| line != "ok")
            .map(|line| format!("The file is damaged: {line}.")),
    );

    let mut statement = sql.prepare("PRAGMA foreign_key_check")?;
    let lost = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<BTreeSet<_>, _>>()?;
    for table in lost {
        report.problems.push(format!(
            "The table {table} holds rows of a document that is not there."
        ));
    }

    let behind = is_behind(sql)?;
    if behind {
        report.problems.push(
            "An older Debrief wrote this file: what lists show was not compared with the log. Open it once where it can be \
             written to."
                .into(),
        );
    }
    for found in documents(sql)? {
        report.documents += u32::from(found.kind == DocumentKind::Postmortem);
        let name = match found.kind {
            DocumentKind::Directory => "the directory".to_owned(),
            DocumentKind::Postmortem => format!("the postmortem {}", found.id),
        };
        let Some(replayed) = replay(sql, &found.id, found.kind, None)? else {
            continue;
        };
        report.updates += replayed.updates;
        for (places, what) in [
            (&replayed.unreadable, "cannot be read"),
            (&replayed.early, "lacks an entry before it"),
        ] {
            report.problems.extend(
                places
                    .iter()
                    .take(LIMIT)
                    .map(|seq| format!("Log entry {seq} of {name} {what}.")),
            );
        }
        let different = match &replayed.content {
            _ if behind => Vec::new(),
            Content::Directory(directory) => project::directory_differences(sql, directory)?,
            Content::Postmortem(postmortem) => project::differences(sql, &found.id, postmortem)?,
        };
        if !different.is_empty() {
            report.problems.push(format!(
                "The lists do not say what the log of {name} says: {}.",
                different.join(", ")
            ));
        }
        if let Some((upto, state)) = snapshot_of(sql, &found.id)?
            && replay(sql, &found.id, found.kind, Some((upto, &state)))?
                .is_none_or(|resumed| resumed.content != replayed.content)
        {
            report.problems.push(format!(
                "The stored snapshot of {name} does not say what its log says."
            ));
        }
    }

    let wrong = search::wrong_entries(sql)?;
    if wrong > 0 {
        let entries = if wrong == 1 { "entry" } else { "entries" };
        report.problems.push(format!(
            "Search is behind: {wrong} {entries} do not say what the documents say."
        ));
    }
    let mut statement = sql.prepare("SELECT hash, bytes FROM blob")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if blob::hash(row.get_ref(1)?.as_blob().unwrap_or_default()) != name {
            report
                .problems
                .push(format!("The image {name} is damaged."));
        }
    }
    Ok(())
}

fn snapshot_of(sql: &Connection, doc: &str) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    Ok(sql
        .prepare_cached("SELECT upto_seq, state FROM doc_snapshot WHERE doc_id = ?1")?
        .query_row([doc], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}
