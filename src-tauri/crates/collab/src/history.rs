//! What the log tells: older states, and the changes of one row.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::document::{self, BadUpdate, Dirty};
use model::postmortem::{
    ActionItem, Finding, ImpactFact, ParkingItem, Participant, PersonId, Postmortem, RowId,
    RowKind, TimelineEvent,
};
use store::{LogRow, Store, StoreError};

use crate::replay;

mod overtaken;

/// Edits of the same texts by the same person within this time are told as one: 5 minutes, in milliseconds.
const ONE_STRETCH_MS: i64 = 300_000;

/// A row of any kind.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Row {
    Event(TimelineEvent),
    Finding(Finding),
    /// With the ids of the findings that it answers.
    Action(Box<ActionItem>, Vec<RowId>),
    Impact(ImpactFact),
    Parking(ParkingItem),
    Participant(Participant),
}

/// Kinds that links lead from or to.
const LINKED: [RowKind; 3] = [RowKind::Timeline, RowKind::Findings, RowKind::Actions];

/// One change of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowChange {
    /// Place in the log of the last edit that belongs to it.
    pub seq: i64,
    /// When the backend took that edit.
    pub at: DateTime<Utc>,
    /// Who wrote it; absent when nobody had said who they are, or it was the backend (which gives the numbers).
    pub actor: Option<PersonId>,
    /// The row before; absent when it was not there, or hidden.
    pub before: Option<Row>,
    /// The row after; absent when it was hidden.
    pub after: Option<Row>,
    /// It was written without knowing of an earlier change of the same field, and that one stands. `before` and `after` are then
    /// the row as it is, but for those fields.
    pub overtaken: bool,
}

/// A postmortem as it was after a place in its log; 0 is the last one.
///
/// Errors: `NotFound` when there is no such postmortem, or its log has no such place.
pub fn state_at(store: &Store, doc: &str, seq: i64) -> Result<Postmortem, StoreError> {
    let mut log = store.log(doc)?;
    if seq != 0 {
        log.retain(|row| row.seq <= seq);
        if log.last().is_none_or(|last| last.seq != seq) {
            return Err(StoreError::NotFound {
                what: "This version of the postmortem".into(),
            });
        }
    }
    Ok(document::read_as(&replay::from_log(&log).doc, doc))
}

/// Every change of a row, oldest first: its fields, links and texts; a stretch of typing is one change. The backend's
/// numbering belongs to the change before it.
///
/// Errors: `NotFound` when there is no such postmortem.
pub fn row_changes(
    store: &Store,
    doc: &str,
    kind: RowKind,
    id: &str,
) -> Result<Vec<RowChange>, StoreError> {
    let log = store.log(doc)?;
    let mut skip = BTreeSet::new();
    // As in a replay: when an entry leaves the document in doubt, all the others are told anew.
    loop {
        match changes_without(&skip, &log, doc, kind, id) {
            Ok(changes) => return Ok(changes),
            Err(seq) => skip.insert(seq),
        };
    }
}

/// One try; the place of an entry that left the document in doubt.
fn changes_without(
    skip: &BTreeSet<i64>,
    log: &[LogRow],
    doc: &str,
    kind: RowKind,
    id: &str,
) -> Result<Vec<RowChange>, i64> {
    let replayed = document::new_doc();
    let watch = document::watch(&replayed);
    let mut snapshot = document::read_as(&replayed, doc);
    let mut out: Vec<RowChange> = Vec::new();
    let mut past = overtaken::Past::new(doc, kind, id, skip, log);
    for entry in log.iter().filter(|entry| !skip.contains(&entry.seq)) {
        // One that is refused leaves the document as it was.
        if let Err(BadUpdate::Engine(_)) = document::apply(&replayed, &entry.bytes) {
            return Err(entry.seq);
        }
        let dirty = watch.take();
        let this = (kind, id.to_owned());
        let written = dirty.rows.contains(&this);
        // Which rows there are is kept current, for links lead to them.
        let reordered: BTreeSet<RowKind> = dirty
            .reordered
            .into_iter()
            .filter(|other| *other == kind || LINKED.contains(other))
            .collect();
        if !dirty.links && !dirty.rows.contains(&this) && reordered.is_empty() {
            continue;
        }
        let before = find(&snapshot, kind, id);
        // Of the words only this row's are read again, however much else an update carries.
        let narrow = Dirty {
            links: dirty.links,
            rows: BTreeSet::from([this]),
            reordered,
            ..Dirty::default()
        };
        document::refresh(&mut snapshot, &replayed, &narrow);
        let after = find(&snapshot, kind, id);
        let lost = written
            .then(|| past.overtaken(entry, before.as_ref(), after.as_ref()))
            .flatten();
        if before == after && lost.is_none() {
            continue;
        }
        past.note(entry);
        let at = DateTime::from_timestamp_millis(entry.at_ms).unwrap_or_default();
        let actor = Some(entry.actor.clone()).filter(|actor| !actor.is_empty());
        if let Some((before, after)) = lost {
            out.push(RowChange {
                seq: entry.seq,
                at,
                actor: actor.clone(),
                before: Some(before),
                after: Some(after),
                overtaken: true,
            });
        }
        let change = RowChange {
            seq: entry.seq,
            at,
            actor,
            before,
            after,
            overtaken: false,
        };
        match out.last_mut() {
            Some(last) if belongs(last, &change) => {
                last.seq = change.seq;
                last.after = change.after;
                if change.actor.is_some() {
                    last.at = change.at;
                }
            }
            _ => out.push(change),
        }
    }
    out.retain(|change| change.before != change.after);
    Ok(out)
}

fn find(snapshot: &Postmortem, kind: RowKind, id: &str) -> Option<Row> {
    fn one<T: Clone>(
        rows: &[T],
        id_of: impl Fn(&T) -> &str,
        id: &str,
        row: impl FnOnce(T) -> Row,
    ) -> Option<Row> {
        rows.iter().find(|item| id_of(item) == id).cloned().map(row)
    }
    match kind {
        RowKind::Timeline => one(&snapshot.timeline, |item| &item.id, id, Row::Event),
        RowKind::Findings => one(&snapshot.findings, |item| &item.id, id, Row::Finding),
        RowKind::Actions => {
            let answers = |finding: &&Finding| finding.actions.iter().any(|action| action == id);
            let findings = snapshot.findings.iter().filter(answers);
            let findings = findings.map(|finding| finding.id.clone()).collect();
            let row = |item| Row::Action(Box::new(item), findings);
            one(&snapshot.actions, |item| &item.id, id, row)
        }
        RowKind::Impact => one(&snapshot.impact, |item| &item.id, id, Row::Impact),
        RowKind::Parking => one(&snapshot.parking, |item| &item.id, id, Row::Parking),
        RowKind::Participants => one(
            &snapshot.participants,
            |item| &item.id,
            id,
            Row::Participant,
        ),
    }
}

/// Whether a change goes on where the last one stopped.
fn belongs(last: &RowChange, change: &RowChange) -> bool {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return false;
    };
    if last.overtaken || before == after {
        return false;
    }
    if change.actor.is_none() && without_number(before) == without_number(after) {
        return true;
    }
    let soon = (change.at - last.at).num_milliseconds().abs() <= ONE_STRETCH_MS;
    let typing = without_texts(before) == without_texts(after);
    let was_typing = match (&last.before, &last.after) {
        (Some(before), Some(after)) => without_texts(before) == without_texts(after),
        // The first words of a new row belong to its making.
        (None, Some(_)) => true,
        _ => false,
    };
    last.actor == change.actor && soon && typing && was_typing
}

fn without_number(row: &Row) -> Row {
    let mut row = row.clone();
    match &mut row {
        Row::Finding(item) => item.number = None,
        Row::Action(item, _) => item.number = None,
        _ => {}
    }
    row
}

fn without_texts(row: &Row) -> Row {
    let mut row = row.clone();
    match &mut row {
        Row::Event(item) => item.text.clear(),
        Row::Finding(item) => {
            item.text.clear();
            item.no_action_reason.clear();
        }
        Row::Action(item, _) => {
            for text in [
                &mut item.text,
                &mut item.done_when,
                &mut item.evidence,
                &mut item.reason,
                &mut item.verified_note,
            ] {
                text.clear();
            }
        }
        Row::Impact(item) => item.text.clear(),
        Row::Parking(item) => item.text.clear(),
        Row::Participant(_) => {}
    }
    row
}
