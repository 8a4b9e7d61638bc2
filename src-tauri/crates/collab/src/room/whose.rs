//! Whose an edit is. Who writes live is known by their Yjs client, which is bound to their person with their first edit. What comes
//! later and whole, because it was lost or written away, may be brought by anybody who has it; the log then names whoever brought
//! it, unless it carries their own mark. So nobody's name stands at what somebody else handed in.

use std::collections::hash_map::Entry;

use model::document;
use model::postmortem::PersonId;
use store::{Store, StoreError};

use super::{Pending, State};

/// Edits of one client that somebody else brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Brought {
    pub client: u64,
    /// From this edit of the client, up to but without that one.
    pub edits: (u32, u32),
    /// Who brought them; empty for nobody known.
    pub person: PersonId,
}

/// What an update is, before it is applied.
pub(super) struct Whose {
    clients: Vec<u64>,
    lacking: Vec<(u64, u32, u32)>,
    live: bool,
}

impl Brought {
    /// What is known of a document.
    pub fn of(store: &Store, doc: &str) -> Result<Vec<Self>, StoreError> {
        let found = store.brought(doc)?.into_iter();
        Ok(found
            .map(|(client, since, until, person)| Self {
                client,
                edits: (since, until),
                person,
            })
            .collect())
    }

    pub fn has(&self, client: u64, edit: u32) -> bool {
        self.client == client && (self.edits.0..self.edits.1).contains(&edit)
    }
}

impl Whose {
    /// What is written live is one's own: only a client that is not known yet has to be looked at.
    pub fn of(state: &State, update: &[u8], live: bool) -> Self {
        let clients = document::update_clients(update);
        let known = |client: &u64| state.authors.contains_key(client);
        let lacking = if live && clients.iter().all(known) {
            Vec::new()
        } else {
            document::lacking_edits(&state.doc, update)
        };
        Self {
            clients,
            lacking,
            live,
        }
    }

    /// Whether a client in it belongs to somebody else.
    pub fn is_of_another(&self, state: &State, person: Option<&str>) -> bool {
        self.clients.iter().any(|client| {
            let author = state.authors.get(client);
            author.is_some_and(|author| Some(author.as_str()) != person)
        })
    }

    /// Says in `item` whose it is when `item.actor` has brought it. With `bind`, clients that nobody has used yet are that
    /// person's from now on.
    pub fn note(self, state: &mut State, item: &mut Pending, bind: bool) {
        let person = &item.actor;
        for (client, since, until) in self.lacking {
            match state.authors.entry(client) {
                Entry::Vacant(author) if bind && !person.is_empty() => {
                    author.insert(person.clone());
                    item.binds.push(client);
                }
                Entry::Occupied(author) if author.get() != person => {
                    item.brought.push(Brought {
                        client,
                        edits: (since, until),
                        person: person.clone(),
                    });
                }
                Entry::Vacant(_) | Entry::Occupied(_) => {}
            }
        }
        state.brought.extend(item.brought.iter().cloned());
        item.client = match self.clients.as_slice() {
            [client] if state.authors.get(client) == Some(person) => Some(*client),
            // Somebody is about to say who they are.
            [client] if self.live && person.is_empty() => Some(*client),
            _ => None,
        };
    }
}
