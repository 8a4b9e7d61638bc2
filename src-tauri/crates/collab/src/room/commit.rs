//! What a room gives to a commit, and what it does when that is durable or has failed.

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

/// What one commit takes from a room.
pub(crate) struct Batch {
    pub items: Vec<Pending>,
    pub dirty: Dirty,
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
        self.flush();
        for waiter in items.into_iter().filter_map(|item| item.waiter) {
            let _ = waiter.send(Ok(()));
        }
        true
    }

    /// Takes what is queued for a commit; numbers rows that have none. To be called inside the write transaction, after
    /// every row of other processes has been applied: numbers are then given once.
    pub(crate) fn begin_batch(&self, now: i64) -> Batch {
        let mut state = self.lock();
        state.refresh();
        let numbered =
            |(kind, _): &(RowKind, String)| matches!(kind, RowKind::Findings | RowKind::Actions);
        if state.dirty.rows.iter().any(numbered)
            && let Some(numbers) = document::number_rows(&state.doc)
        {
            let numbers: Arc<[u8]> = numbers.into();
            self.post(frame::update(&numbers), state.peers(None));
            state.queue.push(Pending::of(Some(numbers), now, ""));
            state.refresh();
        }
        let items = std::mem::take(&mut state.queue);
        state.in_flight = items.iter().filter_map(|item| item.bytes.clone()).collect();
        let snapshot = (state.since_snapshot + state.in_flight.len() >= SNAPSHOT_EVERY)
            .then(|| document::encode_state(&state.doc));
        Batch {
            items,
            dirty: std::mem::take(&mut state.dirty),
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
        self.flush();
        for waiter in batch.items.into_iter().filter_map(|item| item.waiter) {
            let _ = waiter.send(Ok(()));
        }
    }

    /// The commit failed: everything waits for the next try, and everybody is told.
    pub(crate) fn failed(&self, batch: Batch, error: &StoreError) {
        let mut waiters = Vec::new();
        {
            let mut state = self.lock();
            state.in_flight.clear();
            state.dirty.merge(batch.dirty);
            let mut items = batch.items;
            for item in &mut items {
                waiters.extend(item.waiter.take());
            }
            items.append(&mut state.queue);
            state.queue = items;
            self.tell_unsaved(&mut state, error);
        }
        self.flush();
        for waiter in waiters {
            let _ = waiter.send(Err(RoomError::NotSaved(error.clone())));
        }
    }

    /// No transaction could even begin: as [`Self::failed`], for what is still queued.
    pub(crate) fn not_begun(&self, error: &StoreError) {
        let mut waiters = Vec::new();
        {
            let mut state = self.lock();
            for item in &mut state.queue {
                waiters.extend(item.waiter.take());
            }
            self.tell_unsaved(&mut state, error);
        }
        self.flush();
        for waiter in waiters {
            let _ = waiter.send(Err(RoomError::NotSaved(error.clone())));
        }
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
        let clean = state.queue.is_empty() && state.in_flight.is_empty() && !state.erased;
        if !clean || state.since_snapshot < SNAPSHOT_ON_CLOSE {
            return None;
        }
        state.since_snapshot = 0;
        Some((state.seq, document::encode_state(&state.doc)))
    }
}
