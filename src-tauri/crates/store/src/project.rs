//! From a plain snapshot to the projected tables: the whole of it, or only what an edit touched.

use std::collections::{BTreeSet, HashMap};

use model::directory::{DIRECTORY_ID, Directory};
use model::document::Dirty;
use model::postmortem::{Finding, Postmortem, RowKind, Status};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::table::projected::{self, Projected, Values};
use crate::table::search::Kind;
use crate::table::{action, blob, directory, postmortem, rows, search};
use crate::write::Writing;

/// How much of a snapshot to project.
#[derive(Clone, Copy, Debug)]
pub enum Parts<'a> {
    /// Everything; rows that are not in the snapshot go.
    All,
    /// Only what is dirty.
    Only(&'a Dirty),
}

/// Every table with rows of postmortems, and how its rows are found by search.
const OF_POSTMORTEM: &[(&Projected, Option<Kind>)] = &[
    (&rows::EVENT, Some(Kind::Event)),
    (&rows::FINDING, Some(Kind::Finding)),
    (&action::ACTION, Some(Kind::Action)),
    (&rows::SECTION, Some(Kind::Section)),
    (&rows::PARTICIPANT, Some(Kind::Participant)),
];

impl Writing<'_> {
    /// Brings the projected rows of a postmortem in line with its snapshot. Updates that the snapshot contains must have
    /// been appended before.
    pub fn project_postmortem(
        &self,
        doc: &str,
        snapshot: &Postmortem,
        parts: Parts<'_>,
    ) -> Result<(), StoreError> {
        let sql = self.sql();
        match parts {
            Parts::All => project_all(sql, doc, snapshot)?,
            Parts::Only(dirty) => project_dirty(sql, doc, snapshot, dirty)?,
        }
        if matches!(parts, Parts::Only(dirty) if !is_in_list(dirty)) {
            return postmortem::touch(sql, doc);
        }
        let stamps = postmortem::stamps(sql, doc)?;
        let values = postmortem::values(snapshot, &stamps);
        projected::put(sql, &postmortem::POSTMORTEM, doc, "", &values)?;
        if matches!(parts, Parts::All) || matches!(parts, Parts::Only(dirty) if dirty.head) {
            postmortem::put_words(sql, doc, "postmortem_service", &snapshot.services)?;
            postmortem::put_words(sql, doc, "postmortem_tag", &snapshot.tags)?;
            search::mark(sql, doc, Kind::Postmortem, "")?;
        }
        Ok(())
    }

    /// The status that a postmortem has in the lists: that of the last commit.
    pub fn status(&self, doc: &str) -> Result<Option<Status>, StoreError> {
        let word = self
            .sql()
            .prepare_cached("SELECT status FROM postmortem WHERE doc_id = ?1")?
            .query_row([doc], |row| row.get::<_, String>(0))
            .optional()?;
        Ok(word.and_then(|word| crate::words::value(&word)))
    }

    /// Brings people and services in line with the directory.
    pub fn project_directory(&self, snapshot: &Directory) -> Result<(), StoreError> {
        let sql = self.sql();
        put_all(
            sql,
            &directory::PERSON,
            DIRECTORY_ID,
            directory::people(snapshot),
            Some(Kind::Person),
        )?;
        put_all(
            sql,
            &directory::SERVICE,
            DIRECTORY_ID,
            directory::services(snapshot),
            None,
        )
    }
}

/// Whether the line in the list may say something else, besides when the postmortem was changed last.
fn is_in_list(dirty: &Dirty) -> bool {
    let counts = |kind: &RowKind| matches!(kind, RowKind::Timeline | RowKind::Actions);
    dirty.head || dirty.anchors || dirty.rows.iter().any(|(kind, _)| counts(kind))
}

fn project_all(sql: &Connection, doc: &str, snapshot: &Postmortem) -> Result<(), StoreError> {
    let trashed = action::is_trashed(sql, doc)?;
    for (table, kind) in OF_POSTMORTEM {
        put_all(sql, table, doc, rows_of(table, snapshot, trashed), *kind)?;
    }
    for hash in images(snapshot) {
        blob::refer(sql, doc, hash)?;
    }
    Ok(())
}

/// Every row that a table should have for a postmortem, as `(id, values)`.
fn rows_of(table: &Projected, snapshot: &Postmortem, trashed: bool) -> Vec<(String, Values)> {
    match table.name {
        "event" => snapshot
            .timeline
            .iter()
            .map(|item| (item.id.clone(), rows::event(item)))
            .collect(),
        "finding" => snapshot
            .findings
            .iter()
            .map(|item| (item.id.clone(), rows::finding(item)))
            .collect(),
        "action" => {
            let findings = action::findings_by_action(snapshot);
            let values = |item| action::values(item, &findings, trashed);
            snapshot
                .actions
                .iter()
                .map(|item| (item.id.clone(), values(item)))
                .collect()
        }
        "section" => snapshot
            .sections
            .iter()
            .map(|item| (item.id.clone(), rows::section(item)))
            .collect(),
        _ => snapshot
            .participants
            .iter()
            .map(|item| (item.id.clone(), rows::participant(item)))
            .collect(),
    }
}

fn put_all(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    rows: Vec<(String, Values)>,
    kind: Option<Kind>,
) -> Result<(), StoreError> {
    let mut gone: BTreeSet<String> = projected::ids(sql, table, doc)?.into_iter().collect();
    for (id, values) in rows {
        gone.remove(&id);
        put(sql, table, doc, &id, &values, kind)?;
    }
    for id in gone {
        take(sql, table, doc, &id, kind)?;
    }
    Ok(())
}

fn put(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    id: &str,
    values: &Values,
    kind: Option<Kind>,
) -> Result<(), StoreError> {
    if projected::put(sql, table, doc, id, values)?
        && let Some(kind) = kind
    {
        search::mark(sql, doc, kind, id)?;
    }
    Ok(())
}

fn take(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    id: &str,
    kind: Option<Kind>,
) -> Result<(), StoreError> {
    if projected::remove(sql, table, doc, id)?
        && let Some(kind) = kind
    {
        search::mark(sql, doc, kind, id)?;
    }
    Ok(())
}

fn project_dirty(
    sql: &Connection,
    doc: &str,
    snapshot: &Postmortem,
    dirty: &Dirty,
) -> Result<(), StoreError> {
    let mut actions: BTreeSet<&str> = BTreeSet::new();
    let mut linked: BTreeSet<&str> = BTreeSet::new();
    let mut hidden = false;
    // An edit touches one row or thousands; looking each one up in its list would take its square.
    let of = |kind| dirty.rows.iter().any(|(dirty, _)| *dirty == kind);
    let events = by_id(&snapshot.timeline, of(RowKind::Timeline), |item| &item.id);
    let findings = by_id(&snapshot.findings, of(RowKind::Findings), |item| &item.id);
    let people = by_id(&snapshot.participants, of(RowKind::Participants), |item| {
        &item.id
    });
    for (kind, id) in &dirty.rows {
        match kind {
            RowKind::Timeline => {
                let item = events.get(id.as_str()).copied();
                if let Some(image) = item.and_then(|item| item.image.as_ref()) {
                    blob::refer(sql, doc, &image.hash)?;
                }
                one(
                    sql,
                    &rows::EVENT,
                    doc,
                    id,
                    item.map(rows::event),
                    Kind::Event,
                )?;
            }
            RowKind::Findings => {
                let item = findings.get(id.as_str()).copied();
                one(
                    sql,
                    &rows::FINDING,
                    doc,
                    id,
                    item.map(rows::finding),
                    Kind::Finding,
                )?;
                match item {
                    Some(item) => actions.extend(item.actions.iter().map(String::as_str)),
                    // A hidden finding is in no list any more that would say which action items named it.
                    None => hidden = true,
                }
            }
            RowKind::Actions => {
                actions.insert(id);
                linked.insert(id);
            }
            RowKind::Participants => {
                let item = people.get(id.as_str()).copied();
                one(
                    sql,
                    &rows::PARTICIPANT,
                    doc,
                    id,
                    item.map(rows::participant),
                    Kind::Participant,
                )?;
            }
            RowKind::Impact | RowKind::Parking => {}
        }
    }
    if dirty.links || hidden {
        actions.extend(snapshot.actions.iter().map(|item| item.id.as_str()));
    }
    project_links(sql, doc, snapshot, dirty.links, &linked)?;
    if !actions.is_empty() {
        let trashed = action::is_trashed(sql, doc)?;
        let findings = action::findings_by_action(snapshot);
        let known = by_id(&snapshot.actions, true, |item| &item.id);
        for id in actions {
            let item = known.get(id);
            if let Some(image) = item.and_then(|item| item.evidence_image.as_ref()) {
                blob::refer(sql, doc, &image.hash)?;
            }
            one(
                sql,
                &action::ACTION,
                doc,
                id,
                item.map(|item| action::values(item, &findings, trashed)),
                Kind::Action,
            )?;
        }
    }
    if dirty.head {
        // The head says which sections there are and how they are called.
        let sections = snapshot
            .sections
            .iter()
            .map(|item| (item.id.clone(), rows::section(item)))
            .collect();
        put_all(sql, &rows::SECTION, doc, sections, Some(Kind::Section))?;
    } else {
        let known = by_id(&snapshot.sections, true, |item| &item.id);
        for id in &dirty.sections {
            let item = known.get(id.as_str()).copied();
            one(
                sql,
                &rows::SECTION,
                doc,
                id,
                item.map(rows::section),
                Kind::Section,
            )?;
        }
    }
    Ok(())
}

/// Findings name their action items: those of a link, or of an action item that came or went, may name others than before.
fn project_links(
    sql: &Connection,
    doc: &str,
    snapshot: &Postmortem,
    links: bool,
    actions: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let there = by_id(&snapshot.actions, !actions.is_empty(), |item| &item.id);
    // A hidden action item is in no finding's list any more.
    let all = links || actions.iter().any(|id| !there.contains_key(id));
    let touched = |finding: &&Finding| {
        all || finding
            .actions
            .iter()
            .any(|action| actions.contains(action.as_str()))
    };
    if !all && actions.is_empty() {
        return Ok(());
    }
    for finding in snapshot.findings.iter().filter(touched) {
        let values = rows::finding(finding);
        projected::put(sql, &rows::FINDING, doc, &finding.id, &values)?;
    }
    Ok(())
}

/// Rows by their ids; none when they are not needed.
fn by_id<T>(rows: &[T], needed: bool, id: impl Fn(&T) -> &String) -> HashMap<&str, &T> {
    let rows = rows.iter().filter(|_| needed);
    rows.map(|row| (id(row).as_str(), row)).collect()
}

fn one(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    id: &str,
    values: Option<Values>,
    kind: Kind,
) -> Result<(), StoreError> {
    match values {
        Some(values) => put(sql, table, doc, id, &values, Some(kind)),
        None => take(sql, table, doc, id, Some(kind)),
    }
}

fn images(snapshot: &Postmortem) -> impl Iterator<Item = &str> {
    snapshot.images().map(|image| image.hash.as_str())
}

/// What is projected of a document but should not be, or the other way round: the names of tables and how many rows differ.
pub(crate) fn differences(
    sql: &Connection,
    doc: &str,
    snapshot: &Postmortem,
) -> Result<Vec<String>, StoreError> {
    let trashed = action::is_trashed(sql, doc)?;
    let mut out = Vec::new();
    let head = vec![(
        doc.to_owned(),
        postmortem::values(snapshot, &postmortem::stamps(sql, doc)?),
    )];
    compare(sql, &postmortem::POSTMORTEM, doc, head, &mut out)?;
    for (table, _) in OF_POSTMORTEM {
        compare(sql, table, doc, rows_of(table, snapshot, trashed), &mut out)?;
    }
    for (table, words) in [
        ("postmortem_service", &snapshot.services),
        ("postmortem_tag", &snapshot.tags),
    ] {
        let expected: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        let found = postmortem::words(sql, doc, table)?;
        if found.iter().map(String::as_str).collect::<BTreeSet<_>>() != expected {
            out.push(format!("{table} (1 row)"));
        }
    }
    Ok(out)
}

/// As [`differences`], for the directory.
pub(crate) fn directory_differences(
    sql: &Connection,
    snapshot: &Directory,
) -> Result<Vec<String>, StoreError> {
    let mut out = Vec::new();
    compare(
        sql,
        &directory::PERSON,
        DIRECTORY_ID,
        directory::people(snapshot),
        &mut out,
    )?;
    compare(
        sql,
        &directory::SERVICE,
        DIRECTORY_ID,
        directory::services(snapshot),
        &mut out,
    )?;
    Ok(out)
}

fn compare(
    sql: &Connection,
    table: &Projected,
    doc: &str,
    mut expected: Vec<(String, Values)>,
    out: &mut Vec<String>,
) -> Result<(), StoreError> {
    let mut found = projected::all(sql, table, doc)?;
    let by_id = |a: &(String, Vec<Value>), b: &(String, Vec<Value>)| a.0.cmp(&b.0);
    expected.sort_by(by_id);
    found.sort_by(by_id);
    if expected == found {
        return Ok(());
    }
    let ids: BTreeSet<&str> = expected.iter().map(|row| row.0.as_str()).collect();
    let there: HashMap<&str, &Values> = found.iter().map(|row| (row.0.as_str(), &row.1)).collect();
    let differing = expected
        .iter()
        .filter(|row| there.get(row.0.as_str()) != Some(&&row.1))
        .count();
    let stray = found
        .iter()
        .filter(|row| !ids.contains(row.0.as_str()))
        .count();
    let rows = differing + stray;
    out.push(format!(
        "{} ({rows} {})",
        table.name,
        if rows == 1 { "row" } else { "rows" }
    ));
    Ok(())
}

/// Empties everything that can be built anew, but for search, which is compared entry by entry.
pub(crate) fn clear(sql: &Connection) -> Result<(), StoreError> {
    for table in [
        "doc_snapshot",
        "postmortem",
        "postmortem_service",
        "postmortem_tag",
        "action",
        "finding",
        "event",
        "section",
        "participant",
        "person",
        "service",
    ] {
        sql.execute(&format!("DELETE FROM {table}"), params![])?;
    }
    Ok(())
}
