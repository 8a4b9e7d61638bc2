//! What a room gives to a commit, and what it does when that is durable or has failed.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use model::document::{self, Dirty};
use model::postmortem::RowKind;
use store::StoreError;

use super::{Pending, Plain, Room, State};
use crate::error::RoomError;
use crate::frame;

/// After so many updates the state is stored, so that loading stays short.
const SNAPSHOT_EVERY: usize = 500;
/// Fewer updates than this are not worth a snapshot when the room closes.
const SNAPSHOT_ON_CLOSE: usize = 32;

/// The error of work that has panicked.
pub(crate) fn fault() -> StoreError {
    StoreError::Other("an edit met a fault of Debrief; open the document again".into())
}

/// What one commit takes from a room.
pub(crate) struct Batch {
    pub items: Vec<Pending>,
    pub dirty: Dirty,
    /// Everything is to be projected, not only what is dirty.
    pub anew: bool,
    pub plain: Plain,
    /// The state to store as a snapshot.
    pub snapshot: Option<Vec<u8>>,
}

impl Room {
    /// Nothing is to be appended: tells those who only wait to hear that all they sent is stored. `false` when there is an
    /// update to commit.
    pub(crate) fn tell_stored(&self) -> bool {
        let items = {
            let mut state = self.lock();
            if state.queue.iter().any(|item| item.bytes.is_some()) {
                return false;
            }
            let items = std::mem::take(&mut state.queue);
            self.post_stored(&items);
            items
        };
        for waiter in items.into_iter().filter_map(|item| item.waiter) {
            let _ = waiter.send(Ok(()));
        }
        self.flush();
        true
    }

    /// Takes what is queued for a commit; numbers rows that have none. To be called inside the write transaction, after
    /// every row of other processes has been applied: numbers are then given once. A replica gives none (`numbers`).
    pub(crate) fn begin_batch(&self, now: i64, numbers: bool) -> Batch {
        let mut state = self.lock();
        state.refresh();
        if numbers
            && state.lacks_numbers()
            && let Some(numbers) = document::number_rows(&state.doc)
        {
            let numbers: Arc<[u8]> = numbers.into();
            self.post(frame::update(&numbers), state.peers(None));
            state.queue.push(Pending::of(Some(numbers), now, ""));
            state.refresh();
        }
        let updates = state.queue.iter().filter(|item| item.bytes.is_some());
        let snapshot = (state.since_snapshot + updates.count() >= SNAPSHOT_EVERY)
            .then(|| document::encode_state(&state.doc));
        // Nothing from here on can fail: what was taken is in the batch.
        let items = std::mem::take(&mut state.queue);
        state.in_flight = items.iter().filter_map(|item| item.bytes.clone()).collect();
        Batch {
            items,
            dirty: std::mem::take(&mut state.dirty),
            anew: std::mem::take(&mut state.anew),
            plain: state.plain.clone(),
            snapshot,
        }
    }

    /// The commit is durable up to `seq`: tells everybody who waits.
    pub(crate) fn committed(&self, batch: Batch, seq: i64) {
        {
            let mut state = self.lock();
            state.since_snapshot += state.in_flight.len();
            if batch.snapshot.is_some() {
                state.since_snapshot = 0;
            }
            state.in_flight.clear();
            state.seq = state.seq.max(seq);
            state.unsaved = None;
            self.post_stored(&batch.items);
        }
        for waiter in batch.items.into_iter().filter_map(|item| item.waiter) {
            let _ = waiter.send(Ok(()));
        }
        self.flush();
    }

    /// The commit failed: what was taken for it waits for the next try.
    pub(crate) fn put_back(&self, batch: Batch) {
        let mut state = self.lock();
        state.in_flight.clear();
        state.dirty.merge(batch.dirty);
        state.anew |= batch.anew;
        let mut items = batch.items;
        items.append(&mut state.queue);
        state.queue = items;
    }

    /// What is queued could not be committed: everybody is told, and it stays for the next try.
    pub(crate) fn not_saved(&self, error: &StoreError) {
        let mut waiters = Vec::new();
        {
            let mut state = self.lock();
            for item in &mut state.queue {
                waiters.extend(item.waiter.take());
            }
            self.tell_unsaved(&mut state, error);
        }
        for waiter in waiters {
            let _ = waiter.send(Err(RoomError::NotSaved(error.clone())));
        }
        self.flush();
    }

    /// Working on the document has panicked: it is made anew from the log and what is queued, or the room ends.
    pub(crate) fn renew(&self) {
        let renewed = catch_unwind(AssertUnwindSafe(|| {
            let mut state = self.lock();
            state.anew = true;
            self.reload(&mut state);
        }));
        if renewed.is_err() {
            self.end(&RoomError::Store(fault()));
        }
        self.flush();
    }

    fn tell_unsaved(&self, state: &mut State, error: &StoreError) {
        let sentence = error.to_string();
        let frame = frame::not_saved(&sentence);
        let mut peers = state.peers(None);
        peers.retain(|peer| peer.understands());
        self.post(frame, peers);
        state.unsaved = Some(sentence);
    }

    /// The state to keep when the room closes, and its place in the log; nothing when there is little to gain, or when
    /// something is not committed.
    pub(crate) fn closing_snapshot(&self) -> Option<(i64, Vec<u8>)> {
        let mut state = self.lock();
        let sound = matches!(state.ended, None | Some(RoomError::Closed));
        let clean = sound && state.queue.is_empty() && state.in_flight.is_empty();
        if !clean || state.since_snapshot < SNAPSHOT_ON_CLOSE {
            return None;
        }
        state.since_snapshot = 0;
        Some((state.seq, document::encode_state(&state.doc)))
    }
}

impl State {
    /// Whether a finding or an action item may lack a number of its own. It looks at what is dirty and reads no text: this
    /// is asked at every keystroke.
    fn lacks_numbers(&self) -> bool {
        let Plain::Postmortem(plain) = &self.plain else {
            return false;
        };
        let findings = plain.findings.iter().map(|row| (&row.id, row.number));
        let actions = plain.actions.iter().map(|row| (&row.id, row.number));
        self.anew
            || lacking(&self.dirty, RowKind::Findings, findings)
            || lacking(&self.dirty, RowKind::Actions, actions)
    }
}

/// Whether one of the dirty rows of a kind has no number, or another row's.
fn lacking<'a>(
    dirty: &Dirty,
    kind: RowKind,
    rows: impl Iterator<Item = (&'a String, Option<u32>)> + Clone,
) -> bool {
    if dirty.reordered.contains(&kind) {
        return true;
    }
    let dirty = dirty.rows.iter().filter(|(of, _)| *of == kind);
    let dirty: HashSet<&String> = dirty.map(|(_, id)| id).collect();
    if dirty.is_empty() {
        return false;
    }
    let mut given: HashMap<Option<u32>, usize> = HashMap::new();
    for (_, number) in rows.clone() {
        *given.entry(number).or_default() += 1;
    }
    let mut own = rows.filter(|(id, _)| dirty.contains(id));
    own.any(|(_, number)| number.is_none() || given.get(&number).is_some_and(|rows| *rows > 1))
}

#[cfg(test)]
mod tests {
    use model::document::Dirty;
    use model::postmortem::RowKind;

    use super::lacking;

    #[test]
    fn numbers_are_looked_at_only_when_one_may_be_missing() {
        let ids = ["a", "b", "c", "d"].map(str::to_owned);
        let numbers = [Some(1), Some(2), Some(2), None];
        let rows = ids.iter().zip(numbers);
        let of = |id: &str| Dirty {
            rows: [(RowKind::Findings, id.to_owned())].into(),
            ..Dirty::default()
        };
        let lacks = |dirty: &Dirty| lacking(dirty, RowKind::Findings, rows.clone());
        assert!(!lacks(&of("a")), "typing in a row that has its number");
        assert!(lacks(&of("b")), "another row has the number too");
        assert!(lacks(&of("d")), "a row without a number");
        assert!(!lacks(&of("hidden")), "a row that is not shown");
        assert!(
            !lacking(&of("d"), RowKind::Actions, rows.clone()),
            "rows of another kind"
        );
        let added = Dirty {
            reordered: [RowKind::Findings].into(),
            ..Dirty::default()
        };
        assert!(lacks(&added), "a row was added, hidden or moved");
    }
}
