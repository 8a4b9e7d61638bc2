//! Updates that come in whole from another computer's log: those that a replica hands in, and those that a replica is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use model::document::{self, BadUpdate};
use model::postmortem::PersonId;
use store::{Sealed, StoreError};

use super::whose::Whose;
use super::{Pending, Room, State};
use crate::error::RoomError;
use crate::frame;

/// One row of the served workspace's log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TellUpdate {
    /// When the served workspace took it, in milliseconds UTC.
    pub at_ms: i64,
    /// Who wrote it, or handed it in there; empty for nobody known.
    pub actor: String,
    /// The Yjs client that wrote it, when it is one alone.
    pub client: Option<u64>,
    /// The update, format v1.
    pub bytes: Vec<u8>,
    /// With what the served workspace has sealed it; empty when it has not.
    pub seal: String,
}

/// What a replica is told of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Rows of the served workspace's log, in order.
    pub updates: Vec<TellUpdate>,
    /// Whom it has bound clients to.
    pub bindings: Vec<(u64, PersonId)>,
}

/// The empty state vector: nothing was ever written.
const NOTHING: [u8; 1] = [0];

impl Room {
    /// Takes in what a replica hands in under its account's person, and returns once that is durable. What is here already
    /// changes nothing. Clients that nobody has used yet are that person's from now on; what carries the mark of somebody else's
    /// stands in the log under that person all the same.
    ///
    /// Errors: `Unreadable` and `Gap`, and those before stay taken; `Trashed`; `NotSaved`.
    pub(crate) fn hand_in(
        self: &Arc<Self>,
        person: &str,
        updates: &[Vec<u8>],
    ) -> Result<(), RoomError> {
        self.take_whole(|room, state| {
            if state.trashed {
                return Err(RoomError::Trashed);
            }
            let now = room.shared.upgrade().map_or(0, |shared| shared.now());
            for bytes in updates {
                let whose = Whose::of(state, bytes, false);
                let Some(mut item) = room.take_one(state, bytes)? else {
                    continue;
                };
                item.at_ms = now;
                item.actor = person.to_owned();
                whose.note(state, &mut item, true);
                state.queue.push(item);
            }
            Ok(())
        })
    }

    /// Takes in what a replica gives back after this workspace was put back from an older copy: entries of the log as they stood
    /// here before, in the trash too. What is here already changes nothing.
    ///
    /// Errors: `Unreadable` and `Gap`, and those before stay taken; `NotSaved`.
    pub(crate) fn take_back(self: &Arc<Self>, updates: &[TellUpdate]) -> Result<(), RoomError> {
        self.take_whole(|room, state| {
            for update in updates {
                let whose = Whose::of(state, &update.bytes, false);
                let Some(mut item) = room.take_one(state, &update.bytes)? else {
                    continue;
                };
                item.at_ms = update.at_ms;
                item.actor.clone_from(&update.actor);
                whose.note(state, &mut item, update.client.is_some());
                state.queue.push(item);
            }
            Ok(())
        })
    }

    /// Takes in what the served workspace has told this replica, and returns once that is durable. What is here already
    /// changes nothing, but bears the served workspace's seal from now on.
    ///
    /// Errors: `Unreadable` and `Gap`, and those before stay taken; `NotSaved`.
    pub(crate) fn take_told(self: &Arc<Self>, told: &Told) -> Result<(), RoomError> {
        self.bind_as_told(&told.bindings)?;
        let mut known = Vec::new();
        self.take_whole(|room, state| {
            for update in &told.updates {
                let Some(mut item) = room.take_one(state, &update.bytes)? else {
                    known.push(update);
                    continue;
                };
                item.at_ms = update.at_ms;
                item.actor.clone_from(&update.actor);
                item.client = update.client;
                item.told = Some(update.seal.clone());
                state.queue.push(item);
            }
            Ok(())
        })?;
        self.seal_as_told(&known)
    }

    /// What was handed in from here and is told back is sealed there.
    fn seal_as_told(&self, known: &[&TellUpdate]) -> Result<(), RoomError> {
        let sealed: Vec<(Sealed<'_>, &str)> = known
            .iter()
            .filter(|update| !update.seal.is_empty())
            .map(|update| {
                let entry = Sealed {
                    doc: &self.doc_id,
                    at_ms: update.at_ms,
                    person: &update.actor,
                    client: update.client,
                    bytes: &update.bytes,
                };
                (entry, update.seal.as_str())
            })
            .collect();
        if sealed.is_empty() {
            return Ok(());
        }
        let shared = self.shared.upgrade().ok_or(RoomError::Closed)?;
        Ok(shared.store.seal_as_told(&self.doc_id, &sealed)?)
    }

    pub(crate) fn whole(&self) -> Vec<u8> {
        document::encode_state(&self.lock().doc)
    }

    fn bind_as_told(&self, bindings: &[(u64, PersonId)]) -> Result<(), RoomError> {
        let new: HashMap<u64, PersonId> = {
            let state = self.lock();
            let new = bindings
                .iter()
                .filter(|(client, person)| state.authors.get(client) != Some(person));
            new.cloned().collect()
        };
        if new.is_empty() {
            return Ok(());
        }
        let shared = self.shared.upgrade().ok_or(RoomError::Closed)?;
        shared.store.write(|w| {
            new.iter()
                .try_for_each(|(client, person)| w.bind_as_told(&self.doc_id, *client, person))
        })?;
        self.lock().authors.extend(new);
        Ok(())
    }

    /// Runs `take` with nobody else at work in the room, and waits until what it has queued is durable.
    fn take_whole(
        self: &Arc<Self>,
        take: impl FnOnce(&Arc<Self>, &mut State) -> Result<(), RoomError>,
    ) -> Result<(), RoomError> {
        let shared = self.shared.upgrade().ok_or(RoomError::Closed)?;
        if shared.store.is_read_only() {
            return Err(StoreError::ReadOnly.into());
        }
        let (waiter, done) = sync_channel(1);
        let taken = {
            let mut state = self.lock();
            if let Some(reason) = &state.ended {
                return Err(reason.clone());
            }
            state.last_used = std::time::Instant::now();
            // Nothing was projected of an empty document.
            state.anew |= document::state_vector(&state.doc) == NOTHING;
            let taken = take(self, &mut state);
            if state.is_saved() {
                return taken;
            }
            let mut item = Pending::of(None, 0, "");
            item.waiter = Some(waiter);
            state.queue.push(item);
            taken
        };
        self.flush();
        shared.wake(self);
        drop(shared);
        self.wait(&done)?;
        taken
    }

    /// Applies one update and relays it; what is to be committed, when it brings anything new.
    fn take_one(
        self: &Arc<Self>,
        state: &mut State,
        bytes: &[u8],
    ) -> Result<Option<Pending>, RoomError> {
        let unreadable = |error: BadUpdate| RoomError::Unreadable(error.to_string());
        document::admit(&state.doc, bytes).map_err(unreadable)?;
        let applied = match document::apply(&state.doc, bytes) {
            Ok(applied) => applied,
            Err(error) => {
                if matches!(error, BadUpdate::Engine(_)) {
                    self.reload(state);
                }
                return Err(unreadable(error));
            }
        };
        if applied.gap {
            return Err(RoomError::Gap);
        }
        if !applied.changed {
            return Ok(None);
        }
        state.stale = true;
        let shared: Arc<[u8]> = bytes.into();
        self.post(frame::update(bytes), state.peers(None));
        Ok(Some(Pending::of(Some(shared), 0, "")))
    }
}
