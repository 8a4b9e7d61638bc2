//! What comes in over a connection.

use std::sync::Arc;
use std::time::Instant;

use model::document::{self, BadUpdate};

use super::whose::Whose;
use super::{Pending, Room, State};
use crate::connection::Peer;
use crate::error::CloseReason;
use crate::frame::{self, AWARENESS_LIMIT, FIRST_LIMIT, Frame, LIMIT};

/// Bytes of updates that build on missing edits, kept per connection until those have come.
const GAPPED: usize = 8 * 1024 * 1024;
/// What keeping one costs besides its bytes.
const SOME: usize = 64;

impl Room {
    pub(crate) fn receive(
        self: &Arc<Self>,
        peer: &Arc<Peer>,
        bytes: &[u8],
    ) -> Result<(), CloseReason> {
        let (taken, queued) = {
            let mut state = self.lock();
            state.last_used = Instant::now();
            let taken = self.take_frame(&mut state, peer, bytes);
            if let Err(reason) = &taken {
                self.post_refused(peer, &reason.0);
            }
            (taken, !state.queue.is_empty())
        };
        // The others hear of it before the commit competes for the processor, and the writer is woken with the room
        // unlocked: it needs the room at once.
        self.flush();
        if queued && let Some(shared) = self.shared.upgrade() {
            shared.wake(self);
        }
        if taken.is_err() {
            self.leave(peer.id);
        }
        taken
    }

    fn take_frame(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        bytes: &[u8],
    ) -> Result<(), CloseReason> {
        let closed = || CloseReason("The connection was closed.".into());
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        let frame = frame::read(bytes);
        // Only what is missing at first may be a whole document.
        let limit = match frame {
            Some(Frame::Step2(_)) if !seat.synced => FIRST_LIMIT,
            _ => LIMIT,
        };
        if bytes.len() > limit {
            return Err(CloseReason(format!(
                "A message of {} bytes is too large; {limit} are taken.",
                bytes.len()
            )));
        }
        let frame = frame.ok_or_else(|| CloseReason("A message could not be read.".into()))?;
        match frame {
            Frame::Step1(vector) => {
                let missing = document::encode_diff(&state.doc, vector)
                    .map_err(|error| CloseReason(error.to_string()))?;
                self.post(frame::step2(&missing), vec![peer.clone()]);
            }
            Frame::Step2(update) => self.take_update(state, peer, update, false)?,
            Frame::Update(update) => self.take_update(state, peer, update, true)?,
            Frame::Awareness(update) => {
                if bytes.len() > AWARENESS_LIMIT {
                    return Err(CloseReason(
                        "What was told about who is present is too long.".into(),
                    ));
                }
                let waited = state.presence.has_news();
                let farewell = state
                    .presence
                    .take(peer.id, peer.who.person.as_deref(), update);
                let farewell = farewell.ok_or_else(|| {
                    CloseReason("What was told about who is present cannot be read.".into())
                })?;
                if let Some(farewell) = farewell {
                    self.post(frame::awareness(&farewell), state.peers(Some(peer.id)));
                }
                if !waited
                    && state.presence.has_news()
                    && let Some(shared) = self.shared.upgrade()
                {
                    shared.tell_presence_soon(self);
                }
            }
            Frame::QueryAwareness => {
                if let Some(all) = state.presence.all() {
                    self.post(frame::awareness(&all), vec![peer.clone()]);
                }
            }
            Frame::Understands => {
                peer.set_understands();
                if state.trashed {
                    self.tell_trashed(vec![peer.clone()]);
                }
                if let Some(sentence) = &state.unsaved {
                    self.post(frame::not_saved(sentence), vec![peer.clone()]);
                }
            }
        }
        Ok(())
    }

    fn take_update(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        update: &[u8],
        live: bool,
    ) -> Result<(), CloseReason> {
        let closed = || CloseReason("The connection was closed.".into());
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        seat.received += 1;
        seat.synced |= !live;
        if !peer.who.writable {
            return Ok(());
        }
        if state.trashed && would_change(state, update)? {
            // Whoever wrote it keeps it, and is asked for it once the postmortem is out of the trash.
            self.tell_trashed(vec![peer.clone()]);
            return Ok(());
        }
        if !self.apply_from(state, peer, update, live)? {
            let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
            let kept: usize = seat
                .gapped
                .iter()
                .map(|(bytes, _)| bytes.len() + SOME)
                .sum();
            if kept + update.len() > GAPPED {
                return Err(CloseReason(
                    "Edits are missing that were never sent. Open the document again.".into(),
                ));
            }
            seat.gapped.push((update.to_vec(), live));
            self.post(
                frame::step1(&document::state_vector(&state.doc)),
                vec![peer.clone()],
            );
            return Ok(());
        }
        // What could not be applied before may be covered now.
        let waiting = std::mem::take(&mut state.seats.get_mut(&peer.id).ok_or_else(closed)?.gapped);
        let mut still = Vec::new();
        for (bytes, live) in waiting {
            if !self.apply_from(state, peer, &bytes, live)? {
                still.push((bytes, live));
            }
        }
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        seat.gapped = still;
        if seat.gapped.is_empty() {
            let ack = (peer.clone(), seat.received);
            // The last thing queued carries the word; when it all was known already, there is only somebody to tell.
            match state
                .queue
                .last_mut()
                .filter(|last| last.ack.is_none() && last.waiter.is_none())
            {
                Some(last) => last.ack = Some(ack),
                None => {
                    let mut item = Pending::of(None, 0, "");
                    item.ack = Some(ack);
                    state.queue.push(item);
                }
            }
        }
        Ok(())
    }

    /// Checks, applies, relays and queues an update; `false` when it builds on edits that are missing.
    fn apply_from(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        update: &[u8],
        live: bool,
    ) -> Result<bool, CloseReason> {
        if let Some(reason) = &state.ended {
            return Err(CloseReason(reason.to_string()));
        }
        document::admit(&state.doc, update).map_err(|error| CloseReason(error.to_string()))?;
        let person = peer.who.person.as_deref();
        let whose = Whose::of(state, update, live);
        // What was lost may be handed in by anybody who has it; the log says who did. What comes live is one's own.
        if live && whose.is_of_another(state, person) {
            return Err(CloseReason(
                "These edits carry somebody else's mark. Open the document again.".into(),
            ));
        }
        let applied = match document::apply(&state.doc, update) {
            Ok(applied) => applied,
            Err(error) => {
                if matches!(error, BadUpdate::Engine(_)) {
                    self.reload(state);
                }
                return Err(CloseReason(error.to_string()));
            }
        };
        if applied.gap {
            return Ok(false);
        }
        if applied.changed {
            state.stale = true;
            let bytes: Arc<[u8]> = update.into();
            let now = self.shared.upgrade().map_or(0, |shared| shared.now());
            let mut item = Pending::of(Some(bytes), now, person.unwrap_or_default());
            whose.note(state, &mut item, live);
            state.queue.push(item);
            self.post(frame::update(update), state.peers(Some(peer.id)));
        }
        Ok(true)
    }
}

/// Whether an update brings anything new. What is written is known by its clock; whether something is deleted that was
/// not shows on a copy of the document alone.
fn would_change(state: &State, update: &[u8]) -> Result<bool, CloseReason> {
    let close = |error: BadUpdate| CloseReason(error.to_string());
    document::admit(&state.doc, update).map_err(close)?;
    if document::brings_edits(&state.doc, update).map_err(close)? {
        return Ok(true);
    }
    let copy = document::new_doc();
    document::apply(&copy, &document::encode_state(&state.doc)).map_err(close)?;
    let applied = document::apply(&copy, update).map_err(close)?;
    Ok(applied.changed || applied.gap)
}
