//! Frames on their way out: they leave in the order in which they came about, with no lock of the room held.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use super::{Pending, Room};
use crate::connection::Peer;
use crate::error::RoomError;
use crate::frame;

/// Frames that wait to be sent. Whoever posts also sends, one thread at a time.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<VecDeque<Outgoing>>,
    sending: Mutex<()>,
}

struct Outgoing {
    to: Vec<Arc<Peer>>,
    frame: Vec<u8>,
}

impl Room {
    /// Puts a frame into the outbox; to be called with the state locked, so that frames leave in the order in which they
    /// came about.
    pub(super) fn post(&self, frame: Vec<u8>, to: Vec<Arc<Peer>>) {
        if !to.is_empty() {
            self.outbox
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_back(Outgoing { to, frame });
        }
    }

    /// Tells each connection once how many of its frames are stored.
    pub(super) fn post_stored(&self, items: &[Pending]) {
        let mut acks: BTreeMap<u64, &(Arc<Peer>, u64)> = BTreeMap::new();
        for ack in items.iter().filter_map(|item| item.ack.as_ref()) {
            acks.insert(ack.0.id, ack);
        }
        for (peer, count) in acks.into_values().filter(|(peer, _)| peer.understands()) {
            self.post(frame::stored(*count), vec![peer.clone()]);
        }
    }

    /// Ends a connection because the room ends. Whoever may come back is not told that it is over for good.
    pub(super) fn post_end(&self, peer: &Arc<Peer>, why: &RoomError) {
        match why {
            RoomError::Erased | RoomError::NotFound { .. } => {
                self.post_refused(peer, &why.to_string());
            }
            RoomError::NotSaved(_)
            | RoomError::Store(_)
            | RoomError::Closed
            | RoomError::Unreadable(_)
            | RoomError::Gap
            | RoomError::Trashed => {
                if peer.understands() {
                    self.post(frame::not_saved(&why.to_string()), vec![peer.clone()]);
                }
                self.post(Vec::new(), vec![peer.clone()]);
            }
        }
    }

    /// Ends a connection for good and says why.
    pub(super) fn post_refused(&self, peer: &Arc<Peer>, sentence: &str) {
        if peer.understands() {
            self.post(frame::refused(sentence), vec![peer.clone()]);
        }
        self.post(Vec::new(), vec![peer.clone()]);
    }

    /// Sends what is in the outbox, one thread at a time and with no other lock held. Whoever finds somebody sending
    /// leaves it to them.
    pub(super) fn flush(&self) {
        let mut ended = Vec::new();
        loop {
            let sending = match self.outbox.sending.try_lock() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => break,
            };
            loop {
                let next = self
                    .outbox
                    .waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .pop_front();
                let Some(Outgoing { to, frame }) = next else {
                    break;
                };
                let Some((last, others)) = to.split_last() else {
                    continue;
                };
                for peer in others {
                    if !peer.send(frame.clone()) {
                        ended.push(peer.id);
                    }
                }
                if !last.send(frame) {
                    ended.push(last.id);
                }
            }
            drop(sending);
            // Something may have come in between the last look and letting go.
            if self
                .outbox
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_empty()
            {
                break;
            }
        }
        for seat in ended {
            self.leave(seat);
        }
    }
}
