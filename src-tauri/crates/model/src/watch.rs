//! What changed in a document since one looked last, so that only that is read again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use yrs::types::{Event, PathSegment};
use yrs::{BranchID, DeepObservable, Doc, Transact, WriteTxn};

use crate::document::{ANCHORS, DELETED, LINKS, META, ORDER, SECTION_TEXT, TITLE};
use crate::postmortem::{RowId, RowKind};

/// What changed in a postmortem's document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dirty {
    /// Title, severity, status, zone, services, tags, or which sections there are.
    pub head: bool,
    /// An anchor.
    pub anchors: bool,
    /// Texts of these sections.
    pub sections: BTreeSet<String>,
    /// These rows: new, changed, hidden or shown again.
    pub rows: BTreeSet<(RowKind, RowId)>,
    /// Links between rows.
    pub links: bool,
    /// Kinds whose rows may be others, or stand in another order.
    pub reordered: BTreeSet<RowKind>,
}

impl Dirty {
    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Dirty::default()
    }

    /// Everything that is dirty in either.
    pub fn merge(&mut self, other: Dirty) {
        self.head |= other.head;
        self.anchors |= other.anchors;
        self.links |= other.links;
        self.sections.extend(other.sections);
        self.rows.extend(other.rows);
        self.reordered.extend(other.reordered);
    }
}

/// Collects what changes in a document, from whichever side. Dropping it ends the watch.
pub struct Watch {
    dirty: Arc<Mutex<Dirty>>,
}

impl Watch {
    /// What changed since the last call, and starts anew.
    pub fn take(&self) -> Dirty {
        std::mem::take(&mut self.dirty.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Starts to watch a postmortem's document. One document has one watch at a time.
pub fn watch(doc: &Doc) -> Watch {
    const KEY: &str = "watch";
    let dirty = Arc::new(Mutex::new(Dirty::default()));
    // Roots need a type before the engine tells of changes in them.
    let roots = {
        let mut txn = doc.transact_mut();
        txn.get_or_insert_text(TITLE);
        for root in [META, ANCHORS, LINKS] {
            txn.get_or_insert_map(root);
        }
        RowKind::ALL.map(|kind| (kind, txn.get_or_insert_map(kind.name())))
    };
    for (kind, root) in roots {
        let dirty = Arc::downgrade(&dirty);
        root.observe_deep(KEY, move |txn, events| {
            let Some(dirty) = dirty.upgrade() else { return };
            let mut dirty = dirty.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events.iter() {
                let path = event.path();
                match (path.front(), event) {
                    (None, Event::Map(event)) => {
                        dirty.reordered.insert(kind);
                        dirty
                            .rows
                            .extend(event.keys(txn).keys().map(|id| (kind, id.to_string())));
                    }
                    (Some(PathSegment::Key(id)), Event::Map(event)) => {
                        let moves = [ORDER, DELETED, "at"];
                        if event
                            .keys(txn)
                            .keys()
                            .any(|key| moves.contains(&key.as_ref()))
                        {
                            dirty.reordered.insert(kind);
                        }
                        dirty.rows.insert((kind, id.to_string()));
                    }
                    (Some(PathSegment::Key(id)), _) => {
                        dirty.rows.insert((kind, id.to_string()));
                    }
                    _ => {}
                }
            }
        });
    }
    let weak = Arc::downgrade(&dirty);
    let _ = doc.observe_after_transaction(KEY, move |txn| {
        let Some(dirty) = weak.upgrade() else { return };
        let mut dirty = dirty.lock().unwrap_or_else(PoisonError::into_inner);
        for branch in txn.changed_parent_types() {
            let BranchID::Root(name) = branch.id() else {
                continue;
            };
            match name.as_ref() {
                TITLE | META => dirty.head = true,
                ANCHORS => dirty.anchors = true,
                LINKS => dirty.links = true,
                other => dirty
                    .sections
                    .extend(other.strip_prefix(SECTION_TEXT).map(str::to_owned)),
            }
        }
    });
    Watch { dirty }
}
