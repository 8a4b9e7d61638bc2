//! Making a document from what the store holds of it.

use std::collections::BTreeSet;

use model::document::{self, BadUpdate};
use store::{Loaded, LogRow};
use yrs::Doc;

/// A document from a snapshot and the updates after it; see [`from_log`].
pub fn load(loaded: &Loaded) -> Doc {
    replay(loaded.state.as_deref(), &loaded.tail)
}

/// A document as it was after the last of these updates. An entry that cannot be applied is left out (`debrief check`
/// reports it); when it left the document in doubt, everything else is applied anew to a fresh one.
pub fn from_log(log: &[LogRow]) -> Doc {
    replay(None, log)
}

fn replay(state: Option<&[u8]>, tail: &[LogRow]) -> Doc {
    let mut skip = BTreeSet::new();
    loop {
        match attempt(state, tail, &skip) {
            Ok(doc) => return doc,
            Err(seq) => {
                skip.insert(seq);
            }
        }
    }
}

fn attempt(state: Option<&[u8]>, tail: &[LogRow], skip: &BTreeSet<i64>) -> Result<Doc, i64> {
    /// Stands for the snapshot, whose place no update has.
    const SNAPSHOT: i64 = -1;
    let doc = document::new_doc();
    if let Some(state) = state.filter(|_| !skip.contains(&SNAPSHOT))
        && in_doubt(&doc, state)
    {
        return Err(SNAPSHOT);
    }
    for row in tail.iter().filter(|row| !skip.contains(&row.seq)) {
        if in_doubt(&doc, &row.bytes) {
            return Err(row.seq);
        }
    }
    Ok(doc)
}

fn in_doubt(doc: &Doc, update: &[u8]) -> bool {
    matches!(document::apply(doc, update), Err(BadUpdate::Engine(_)))
}
