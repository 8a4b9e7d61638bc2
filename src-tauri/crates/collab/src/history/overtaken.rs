//! Edits that met others which were made at the same time and took their place: somebody worked away, or two people chose at
//! once. The document has one value per field, so only the log can tell of the other one.

use std::collections::BTreeSet;

use model::document;
use model::postmortem::RowKind;
use serde_json::{Map, Value};
use store::LogRow;

use super::{Row, find, without_texts};
use crate::replay;

/// Earlier changes that one edit is held against.
const BACK: usize = 8;
/// Older states that are made for one history.
const STATES: usize = 48;

/// The changes of one row so far.
pub struct Past<'l> {
    doc: &'l str,
    kind: RowKind,
    id: &'l str,
    skip: &'l BTreeSet<i64>,
    log: &'l [LogRow],
    /// Entries that changed the row, and the clients that wrote them.
    changes: Vec<(i64, Vec<u64>)>,
    states: usize,
}

impl<'l> Past<'l> {
    pub fn new(
        doc: &'l str,
        kind: RowKind,
        id: &'l str,
        skip: &'l BTreeSet<i64>,
        log: &'l [LogRow],
    ) -> Self {
        Self {
            doc,
            kind,
            id,
            skip,
            log,
            changes: Vec::new(),
            states: 0,
        }
    }

    /// An entry changed the row.
    pub fn note(&mut self, entry: &LogRow) {
        self.changes
            .push((entry.seq, document::update_clients(&entry.bytes)));
    }

    /// What an entry has changed for whoever wrote it, where something else stands now: the row as it is, with the values of
    /// those fields before and after. An entry that can be applied to the state before an earlier change was written without
    /// knowing of that one; what it does there and not here was overtaken.
    pub fn overtaken(
        &mut self,
        entry: &LogRow,
        before: Option<&Row>,
        after: Option<&Row>,
    ) -> Option<(Row, Row)> {
        let now = after?;
        if let Some(before) = before
            && before != now
            && without_texts(before) == without_texts(now)
        {
            // Texts merge: nothing of what is typed is lost.
            return None;
        }
        let clients = document::update_clients(&entry.bytes);
        let mut found = None;
        for (seq, of) in self.changes.iter().rev().take(BACK) {
            if of.is_empty() || *of == clients || self.states == STATES {
                break;
            }
            self.states += 1;
            let earlier: Vec<LogRow> = self
                .log
                .iter()
                .filter(|row| row.seq < *seq && !self.skip.contains(&row.seq))
                .cloned()
                .collect();
            let state = replay::from_log(&earlier).doc;
            let was = find(&document::read_as(&state, self.doc), self.kind, self.id);
            match document::apply(&state, &entry.bytes) {
                Ok(applied) if !applied.gap => {}
                _ => break,
            }
            let would_be = find(&document::read_as(&state, self.doc), self.kind, self.id);
            let (Some(was), Some(would_be)) = (was, would_be) else {
                break;
            };
            found = overtaken_in(now, &was, &would_be).or(found);
        }
        found
    }
}

/// The row with those fields which differ between `was` and `would_be` and are something else now, once as they were and
/// once as they would be; nothing when there are none.
fn overtaken_in(now: &Row, was: &Row, would_be: &Row) -> Option<(Row, Row)> {
    let [was, would_be, plain] = [was, would_be, now].map(|row| fields(&without_texts(row)));
    let (was, would_be, plain) = (was?, would_be?, plain?);
    let lost: Vec<&String> = would_be
        .iter()
        // Lists merge, and numbers are the backend's.
        .filter(|(key, value)| !value.is_array() && key.as_str() != "number")
        .filter(|(key, value)| was.get(*key) != Some(*value) && plain.get(*key) != Some(*value))
        .map(|(key, _)| key)
        .collect();
    if lost.is_empty() {
        return None;
    }
    let with = |values: &Map<String, Value>| {
        let mut row = fields(now)?;
        for key in &lost {
            row.insert(
                (*key).clone(),
                values.get(*key).cloned().unwrap_or_default(),
            );
        }
        rebuilt(now, row)
    };
    Some((with(&was)?, with(&would_be)?))
}

fn fields(row: &Row) -> Option<Map<String, Value>> {
    let value = match row {
        Row::Event(item) => serde_json::to_value(item),
        Row::Finding(item) => serde_json::to_value(item),
        Row::Action(item, _) => serde_json::to_value(item),
        Row::Impact(item) => serde_json::to_value(item),
        Row::Parking(item) => serde_json::to_value(item),
        Row::Participant(item) => serde_json::to_value(item),
    };
    match value {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

/// A row of the same kind with these fields.
fn rebuilt(like: &Row, fields: Map<String, Value>) -> Option<Row> {
    let value = Value::Object(fields);
    match like {
        Row::Event(_) => serde_json::from_value(value).ok().map(Row::Event),
        Row::Finding(_) => serde_json::from_value(value).ok().map(Row::Finding),
        Row::Action(_, findings) => serde_json::from_value(value)
            .ok()
            .map(|item| Row::Action(item, findings.clone())),
        Row::Impact(_) => serde_json::from_value(value).ok().map(Row::Impact),
        Row::Parking(_) => serde_json::from_value(value).ok().map(Row::Parking),
        Row::Participant(_) => serde_json::from_value(value).ok().map(Row::Participant),
    }
}
