//! The collaborative document behind a postmortem: the only Rust code that knows its keys.
//!
//! | root | what |
//! |---|---|
//! | text `title`, texts `sec:<section>` | the title, the sections |
//! | map `meta` | `schema`, `severity`, `status`, `timezone`, `template`, `review_owner`, `service:<id>`, `tag:<word>`, `section:<id>` → `<order key> <heading>` |
//! | map `anchors` | `t0` … `t7` → `<instant>\|<precision>\|<source>` |
//! | maps `timeline`, `findings`, `actions`, `impact`, `parking`, `participants` | row id → map of the row |
//! | map `links` | `<event>\|<finding>`, `<finding>\|<action>`, `<action>\|<helper>` → true |
//!
//! A missing key is its default. Rows are hidden (`deleted`), never removed. Keys that are not known here are kept.

mod order;
mod read;
mod rows;
mod values;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    BranchID, ClientID, Doc, ID, Map, MapRef, OffsetKind, Options, ReadTxn, StateVector, Transact,
    TransactionMut, Update, WriteTxn,
};

use crate::bounds;
pub use crate::guard::{self, BadUpdate};
use crate::postmortem::RowKind;
pub use crate::watch::{Dirty, Watch, watch};
pub use read::{all_row_ids, read, read_as, refresh, row_clients};
pub use write::{number_rows, write};

pub(crate) use rows::{DELETED, ORDER, Row};
pub(crate) use values::{Entries, instant, instant_text, number, parsed, word};

pub(crate) const TITLE: &str = "title";
pub(crate) const META: &str = "meta";
pub(crate) const ANCHORS: &str = "anchors";
pub(crate) const LINKS: &str = "links";
/// Root texts of sections begin with this.
pub(crate) const SECTION_TEXT: &str = "sec:";
const SECTION_MARK: &str = "section:";
const SERVICE_MARK: &str = "service:";
const TAG_MARK: &str = "tag:";

/// The origin of transactions that the backend makes itself.
pub const ORIGIN: &str = "backend";

/// A new, empty document with a random client id, counting text in UTF-16 units as Yjs does.
pub fn new_doc() -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::default()
    })
}

/// What became of an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// It builds on edits that are not here. Nothing of it was applied; ask the sender for what is missing.
    pub gap: bool,
    /// The document is another than before.
    pub changed: bool,
}

/// Applies an update (format v1) from outside: it is checked, then applied whole or, when it builds on edits that are
/// missing here, not at all. After [`BadUpdate::Engine`] the document may hold a part of it: drop it and load it again.
pub fn apply(doc: &Doc, update: &[u8]) -> Result<Applied, BadUpdate> {
    if update.is_empty() {
        return Ok(Applied::default());
    }
    let mut outline = Outline::default();
    guard::walk(update, &mut outline)?;
    {
        let txn = doc.transact();
        outline.check_texts(&txn)?;
        if outline.has_gap(&txn.state_vector(), update)? {
            return Ok(Applied {
                gap: true,
                changed: false,
            });
        }
    }
    let decoded = catch_unwind(|| Update::decode_v1(update))
        .map_err(|_| BadUpdate::Engine("it could not be decoded".into()))?
        .map_err(|error| BadUpdate::Engine(error.to_string()))?;
    let mut txn = doc.transact_mut();
    for section in &outline.sections {
        // A root needs a type before the engine tells of changes in it.
        txn.get_or_insert_text(section.as_str());
    }
    // A transaction commits when it is dropped, and a panic in there would end the process. So the commit stands in a
    // `catch_unwind` of its own, whatever became of the update.
    let applied = catch_unwind(AssertUnwindSafe(|| txn.apply_update(decoded)));
    let committed = catch_unwind(AssertUnwindSafe(|| txn.commit()));
    match (applied, committed) {
        (Ok(Ok(())), Ok(())) => Ok(Applied {
            gap: false,
            changed: txn.has_changes(),
        }),
        (Ok(Err(error)), _) => Err(BadUpdate::Engine(error.to_string())),
        _ => Err(BadUpdate::Engine("the engine gave up on it".into())),
    }
}

/// Whether an update has edits that a document lacks. Of deletions it says nothing.
pub fn brings_edits(doc: &Doc, update: &[u8]) -> Result<bool, BadUpdate> {
    let mut outline = Outline::default();
    guard::walk(update, &mut outline)?;
    let state = doc.transact().state_vector();
    let lacks = |(client, _, end): &(u64, u32, u32)| *end > state.get(&ClientID::new(*client));
    Ok(outline.stretches.iter().any(lacks))
}

/// The stretches of edits in an update that a document lacks: the writer (Yjs client id), from which of its edits, up to which.
/// Of deletions it says nothing. Empty when the update is damaged.
pub fn lacking_edits(doc: &Doc, update: &[u8]) -> Vec<(u64, u32, u32)> {
    let mut outline = Outline::default();
    if guard::walk(update, &mut outline).is_err() {
        return Vec::new();
    }
    let state = doc.transact().state_vector();
    let lacking = outline.stretches.iter().map(|(client, start, end)| {
        (
            *client,
            (*start).max(state.get(&ClientID::new(*client))),
            *end,
        )
    });
    lacking.filter(|(_, start, end)| start < end).collect()
}

/// Checks an update from outside against what a document may hold, before it is applied: its pieces, its rows and its
/// sections are bounded, so that no frame takes much memory or makes the document unusable. What is in the log has
/// passed once and is not asked again.
pub fn admit(doc: &Doc, update: &[u8]) -> Result<(), BadUpdate> {
    #[derive(Default)]
    struct New {
        rows: Vec<(u64, u32)>,
        roots: BTreeSet<String>,
    }
    impl guard::Visitor for New {
        fn root(&mut self, name: &str, _key: Option<&str>) -> Result<(), BadUpdate> {
            if !self.roots.contains(name) {
                self.roots.insert(name.to_owned());
            }
            if self.roots.len() > bounds::SECTIONS {
                return Err(BadUpdate::TooLarge("the document has too many sections"));
            }
            Ok(())
        }
        fn row(&mut self, client: u64, clock: u32) -> Result<(), BadUpdate> {
            self.rows.push((client, clock));
            Ok(())
        }
    }
    let mut new = New::default();
    if guard::walk(update, &mut new)? > guard::MAX_PIECES {
        return Err(BadUpdate::TooLarge("it has too many parts for one"));
    }
    // A keystroke brings neither, and costs no more than the walk.
    let txn = doc.transact();
    if !new.roots.is_empty() {
        let mut roots = 0;
        for (name, _) in txn.root_refs() {
            roots += 1;
            new.roots.remove(name);
        }
        if !new.roots.is_empty() && roots + new.roots.len() > bounds::SECTIONS {
            return Err(BadUpdate::TooLarge("the document has too many sections"));
        }
    }
    if !new.rows.is_empty() {
        let state = txn.state_vector();
        let unknown = |(client, clock): &&(u64, u32)| *clock >= state.get(&ClientID::new(*client));
        let maps = RowKind::ALL
            .into_iter()
            .filter_map(|kind| txn.get_map(kind.name()));
        let known: usize = maps.map(|map| map.len(&txn) as usize).sum();
        if known + new.rows.iter().filter(unknown).count() > bounds::ROWS {
            return Err(BadUpdate::TooLarge("the document has too many rows"));
        }
    }
    Ok(())
}

/// A document made from its log.
pub struct Replayed {
    /// The document.
    pub doc: Doc,
    /// Places of entries that could not be applied; they are left out.
    pub unreadable: Vec<i64>,
    /// Places of entries that build on others that are not there; they are left out.
    pub early: Vec<i64>,
}

/// Makes a document from entries of its log: their places and updates, in order. When an entry leaves the document in
/// doubt, all the others are applied anew to a fresh one.
pub fn replay(log: &[(i64, &[u8])]) -> Replayed {
    let mut skip = BTreeSet::new();
    loop {
        match replay_over(new_doc(), log, &skip) {
            Ok(replayed) => return replayed,
            Err(seq) => skip.insert(seq),
        };
    }
}

/// Makes a document from a snapshot of its state and the entries of its log after it; `None` when the snapshot is not
/// what those entries were written upon, and the whole log has to be replayed.
pub fn resume(state: &[u8], log: &[(i64, &[u8])]) -> Option<Replayed> {
    let doc = new_doc();
    // One that is empty was never kept: it is damage.
    if !apply(&doc, state).ok()?.changed {
        return None;
    }
    let replayed = replay_over(doc, log, &BTreeSet::new()).ok()?;
    replayed.early.is_empty().then_some(replayed)
}

/// One try; the place of an entry that left the document in doubt.
fn replay_over(doc: Doc, log: &[(i64, &[u8])], skip: &BTreeSet<i64>) -> Result<Replayed, i64> {
    let mut unreadable: Vec<i64> = skip.iter().copied().collect();
    let mut early = Vec::new();
    for (seq, update) in log.iter().filter(|(seq, _)| !skip.contains(seq)) {
        match apply(&doc, update) {
            Ok(applied) if applied.gap => early.push(*seq),
            Ok(_) => {}
            Err(BadUpdate::Engine(_)) => return Err(*seq),
            Err(_) => unreadable.push(*seq),
        }
    }
    unreadable.sort_unstable();
    Ok(Replayed {
        doc,
        unreadable,
        early,
    })
}

/// The whole state as one update.
pub fn encode_state(doc: &Doc) -> Vec<u8> {
    doc.transact()
        .encode_state_as_update_v1(&StateVector::default())
}

/// How far this document knows every writer's edits, encoded.
pub fn state_vector(doc: &Doc) -> Vec<u8> {
    doc.transact().state_vector().encode_v1()
}

/// What somebody with this state vector is missing, as an update.
pub fn encode_diff(doc: &Doc, state_vector: &[u8]) -> Result<Vec<u8>, BadUpdate> {
    guard::check_state_vector(state_vector)?;
    let theirs = StateVector::decode_v1(state_vector)
        .map_err(|error| BadUpdate::Engine(error.to_string()))?;
    let txn = doc.transact();
    catch_unwind(AssertUnwindSafe(|| txn.encode_state_as_update_v1(&theirs)))
        .map_err(|_| BadUpdate::Engine("the missing edits could not be encoded".into()))
}

/// The writers (Yjs client ids) whose edits an update carries, in rising order. Those whose edits it only deletes are not
/// among them. Empty when the update is damaged.
pub fn update_clients(update: &[u8]) -> Vec<u64> {
    #[derive(Default)]
    struct Clients(BTreeSet<u64>);
    impl guard::Visitor for Clients {
        fn block(
            &mut self,
            client: u64,
            _clock: u32,
            _len: u32,
            skip: bool,
        ) -> Result<(), BadUpdate> {
            if !skip {
                self.0.insert(client);
            }
            Ok(())
        }
    }
    let mut clients = Clients::default();
    if guard::walk(update, &mut clients).is_err() {
        return Vec::new();
    }
    clients.0.into_iter().collect()
}

/// Images that events and action items show or showed, hidden rows included: hashes of blobs that must be kept.
pub fn images(doc: &Doc) -> BTreeSet<String> {
    use yrs::Out;
    let txn = doc.transact();
    let mut found = BTreeSet::new();
    for (kind, key) in [
        (RowKind::Timeline, rows::IMAGE),
        (RowKind::Actions, rows::EVIDENCE_IMAGE),
    ] {
        let Some(root) = txn.get_map(kind.name()) else {
            continue;
        };
        for (_, value) in root.iter(&txn) {
            if let Out::YMap(map) = value {
                let entries = Entries {
                    map: &map,
                    txn: &txn,
                };
                found.extend(values::image(&entries.string(key)).map(|image| image.hash));
            }
        }
    }
    found
}

/// What must be known of an update before it may be applied.
#[derive(Default)]
struct Outline {
    /// Stretches of clocks: writer, start, end.
    stretches: Vec<(u64, u32, u32)>,
    rows: BTreeSet<(u64, u32)>,
    /// Parents of texts, and where that stands in the bytes.
    texts: Vec<(u64, u32, usize)>,
    sections: BTreeSet<String>,
}

impl guard::Visitor for Outline {
    fn block(&mut self, client: u64, clock: u32, len: u32, skip: bool) -> Result<(), BadUpdate> {
        if skip {
            return Ok(());
        }
        let end = clock + len;
        match self.stretches.last_mut() {
            Some(last) if last.0 == client && last.2 == clock => last.2 = end,
            _ => self.stretches.push((client, clock, end)),
        }
        Ok(())
    }

    fn root(&mut self, name: &str, key: Option<&str>) -> Result<(), BadUpdate> {
        if key.is_none() && name.starts_with(SECTION_TEXT) {
            self.sections.insert(name.to_owned());
        }
        Ok(())
    }

    fn row(&mut self, client: u64, clock: u32) -> Result<(), BadUpdate> {
        self.rows.insert((client, clock));
        Ok(())
    }

    fn text_in(&mut self, client: u64, clock: u32, at: usize) -> Result<(), BadUpdate> {
        self.texts.push((client, clock, at));
        Ok(())
    }
}

impl Outline {
    /// Texts may stand only in rows, here or in the update.
    fn check_texts<T: ReadTxn>(&self, txn: &T) -> Result<(), BadUpdate> {
        for (client, clock, at) in &self.texts {
            if self.rows.contains(&(*client, *clock)) {
                continue;
            }
            // A parent that is gone takes the text with it; one that is not here yet is found as a gap.
            let parent = BranchID::get_nested(txn, &ID::new(ClientID::new(*client), *clock));
            if parent.is_some_and(|parent| *parent.type_ref() != yrs::types::TypeRef::Map) {
                return Err(BadUpdate::Foreign {
                    what: "a nested list or object",
                    at: *at,
                });
            }
        }
        Ok(())
    }

    /// Whether something that the update builds on is neither here nor in it.
    fn has_gap(&self, state: &StateVector, update: &[u8]) -> Result<bool, BadUpdate> {
        let mut known: BTreeMap<u64, u32> = BTreeMap::new();
        for (client, start, end) in &self.stretches {
            let reached = known
                .entry(*client)
                .or_insert_with(|| state.get(&ClientID::new(*client)));
            if start > reached {
                return Ok(true);
            }
            *reached = (*reached).max(*end);
        }
        struct Needs<'a> {
            known: &'a BTreeMap<u64, u32>,
            state: &'a StateVector,
            missing: bool,
        }
        impl Needs<'_> {
            fn reached(&self, client: u64) -> u32 {
                self.known
                    .get(&client)
                    .copied()
                    .unwrap_or_else(|| self.state.get(&ClientID::new(client)))
            }
        }
        impl guard::Visitor for Needs<'_> {
            fn reference(&mut self, client: u64, clock: u32) -> Result<(), BadUpdate> {
                self.missing |= clock >= self.reached(client);
                Ok(())
            }
            fn deleted(&mut self, client: u64, clock: u32, len: u32) -> Result<(), BadUpdate> {
                self.missing |= clock + len > self.reached(client);
                Ok(())
            }
        }
        let mut needs = Needs {
            known: &known,
            state,
            missing: false,
        };
        guard::walk(update, &mut needs)?;
        Ok(needs.missing)
    }
}

/// The root map of a name, made when it is missing.
pub(crate) fn root_map(txn: &mut TransactionMut, name: &str) -> MapRef {
    txn.get_or_insert_map(name)
}
