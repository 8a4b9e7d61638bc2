//! Making a document from what the store holds of it.

use model::document::{self, Replayed};
use store::{LogRow, Store, StoreError};
use yrs::Doc;

/// A document with everything of it that was stored at one moment.
pub struct Current {
    /// The document.
    pub doc: Doc,
    /// The place of the whole log up to which it has everything.
    pub upto: i64,
    /// Entries of its log that no snapshot spares the next reader.
    pub since_snapshot: usize,
}

/// Makes a document from its snapshot and the log after it. A snapshot is a cache: when it cannot be used, the whole log
/// is replayed.
pub fn load(store: &Store, doc: &str) -> Result<Current, StoreError> {
    let loaded = store.load(doc)?;
    let resumed = match &loaded.state {
        Some(state) => document::resume(state, &entries(&loaded.tail)),
        None => Some(from_log(&loaded.tail)),
    };
    let (replayed, since_snapshot) = match resumed {
        Some(replayed) => (replayed, loaded.tail.len()),
        None => {
            let log = store.log(doc)?;
            (from_log(&log), log.len())
        }
    };
    Ok(Current {
        doc: replayed.doc,
        upto: loaded.upto,
        since_snapshot,
    })
}

/// A document as it was after the last of these entries. One that cannot be applied is left out; `debrief check` reports
/// it.
pub fn from_log(log: &[LogRow]) -> Replayed {
    document::replay(&entries(log))
}

fn entries(log: &[LogRow]) -> Vec<(i64, &[u8])> {
    log.iter().map(LogRow::entry).collect()
}
