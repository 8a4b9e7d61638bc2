//! Changes of action items that can be taken back. An undo puts back who looked and when, which nobody may make up: so only
//! those that this process gave out are taken.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use model::postmortem::{ActionItem, DueMove, Reopening, Verified};

use crate::types::ActionSet;

/// The changes that are remembered; older ones stay as they are.
const MOST: usize = 1_000;

/// The undos that were given out, the newest last.
#[derive(Default)]
pub struct Undos(Mutex<VecDeque<Undo>>);

/// A change that can be taken back.
#[derive(Clone)]
pub struct Undo {
    /// The request that does it.
    pub request: ActionSet,
    /// When the item was settled, as the change left it.
    settled_at: Option<DateTime<Utc>>,
    /// Who had looked, as the change left it.
    verified: Option<Verified>,
    /// How its day had been moved, as the change left it.
    moves: Vec<DueMove>,
    /// When it had been opened again, as the change left it.
    reopened: Vec<Reopening>,
}

impl Undo {
    /// The undo of a change that left an item like this.
    pub fn new(request: ActionSet, left: &ActionItem) -> Self {
        Self {
            request,
            settled_at: left.settled_at,
            verified: left.verified.clone(),
            moves: left.moves.clone(),
            reopened: left.reopened.clone(),
        }
    }

    /// A field that somebody has set again since: to the same word, but it is their doing.
    pub fn set_again(&self, item: &ActionItem) -> Option<&'static str> {
        if self.request.status.is_some() && item.settled_at != self.settled_at {
            return Some("status");
        }
        if self.request.verified_note.is_some() && item.verified != self.verified {
            return Some("verified_note");
        }
        if self.request.due.is_some() && item.moves != self.moves {
            return Some("due");
        }
        if self.request.status.is_some() && item.reopened != self.reopened {
            return Some("status");
        }
        None
    }
}

impl Undos {
    /// Remembers one that is given out.
    pub fn remember(&self, undo: Undo) {
        let mut undos = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if undos.len() == MOST {
            undos.pop_front();
        }
        undos.push_back(undo);
    }

    /// The one that a request is, when it was given out.
    pub fn find(&self, request: &ActionSet) -> Option<Undo> {
        let undos = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        undos
            .iter()
            .rev()
            .find(|undo| undo.request == *request)
            .cloned()
    }
}
