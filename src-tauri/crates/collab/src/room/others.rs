//! What other processes wrote, and making the document anew.

use model::document::{self, BadUpdate};
use store::{DocumentKind, LogRow, StoreError};

use super::{Brought, Plain, Room, State, begin};
use crate::error::RoomError;
use crate::frame;
use crate::replay;

impl Room {
    /// Drops the document in memory, which is in doubt, and makes it anew from the log and what is not committed yet.
    /// Everybody gets all of it, for it may have more than they were told. When the log cannot be read the room ends, and
    /// the next visitor gets one that is loaded from there; nothing that ends here has been acknowledged.
    pub(super) fn reload(&self, state: &mut State) {
        let loaded = match self.shared.upgrade() {
            Some(shared) => {
                replay::load(&shared.store, &self.doc_id).map_err(|error| match error {
                    StoreError::NotFound { .. } => RoomError::Erased,
                    error => RoomError::Store(error),
                })
            }
            None => Err(RoomError::Closed),
        };
        let loaded = match loaded {
            Ok(loaded) => loaded,
            Err(why) => {
                for waiter in self.end_in(state, &why) {
                    let _ = waiter.send(Err(why.clone()));
                }
                return;
            }
        };
        let doc = loaded.doc;
        let uncommitted = state
            .in_flight
            .iter()
            .chain(state.queue.iter().filter_map(|item| item.bytes.as_ref()));
        for bytes in uncommitted {
            let _ = document::apply(&doc, bytes);
        }
        let kind = match state.plain {
            Plain::Postmortem(_) => DocumentKind::Postmortem,
            Plain::Directory(_) => DocumentKind::Directory,
        };
        if let Some(watch) = &state.watch {
            state.dirty.merge(watch.take());
        }
        (state.watch, state.plain) = begin(&doc, &self.doc_id, kind);
        self.post(
            frame::update(&document::encode_state(&doc)),
            state.peers(None),
        );
        state.doc = doc;
        state.seq = state.seq.max(loaded.upto);
    }

    /// Takes in what another process has committed. Called by the writer alone, in the log's order.
    pub(crate) fn apply_foreign(&self, rows: &[&LogRow]) {
        if rows.is_empty() {
            return;
        }
        // Whom the others' client ids belong to; without it the store still keeps the first binding.
        let authors = self
            .shared
            .upgrade()
            .and_then(|shared| shared.store.clients(&self.doc_id).ok())
            .unwrap_or_default();
        let brought = self
            .shared
            .upgrade()
            .and_then(|shared| Brought::of(&shared.store, &self.doc_id).ok())
            .unwrap_or_default();
        {
            let mut state = self.lock();
            state.authors.extend(authors);
            for one in brought {
                if !state.brought.contains(&one) {
                    state.brought.push(one);
                }
            }
            // What is dirty so far is ours to project; what comes now has been projected by who committed it, but if it
            // meets edits of ours that wait, both are projected once more.
            state.refresh();
            for row in rows {
                if row.seq <= state.seq {
                    continue;
                }
                state.seq = row.seq;
                match document::apply(&state.doc, &row.bytes) {
                    Ok(applied) if applied.gap => self.reload(&mut state),
                    Err(BadUpdate::Engine(_)) => self.reload(&mut state),
                    Ok(applied) if applied.changed => {
                        state.stale = true;
                        state.since_snapshot += 1;
                        self.post(frame::update(&row.bytes), state.peers(None));
                    }
                    _ => {}
                }
            }
            let ours = std::mem::take(&mut state.dirty);
            state.refresh();
            if state.queue.is_empty() && state.in_flight.is_empty() {
                state.dirty = ours;
            } else {
                state.dirty.merge(ours);
            }
        }
        self.flush();
    }
}
