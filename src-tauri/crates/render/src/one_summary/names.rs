//! What people are called in the summary of one postmortem, and what is told of their action items.

use std::collections::HashMap;

use model::postmortem::{ActionItem, Actor, PersonId};

use super::facts::Action;
use crate::{Export, words};

/// The names that an export knows.
pub(super) struct Names<'a> {
    people: HashMap<&'a str, &'a str>,
    participants: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(export: &'a Export<'a>) -> Self {
        let rows = &export.postmortem.participants;
        // The directory's name comes last and wins over the one that was copied into the review.
        let copied = rows
            .iter()
            .filter_map(|row| Some((row.person.as_deref()?, row.name.as_str())));
        let directory = export
            .people
            .iter()
            .map(|person| (person.id.as_str(), person.name.as_str()));
        Self {
            people: copied
                .chain(directory)
                .filter(|(_, name)| !name.is_empty())
                .collect(),
            participants: rows
                .iter()
                .map(|row| (row.id.as_str(), row.name.as_str()))
                .collect(),
        }
    }

    fn person(&self, id: &PersonId) -> String {
        self.people
            .get(id.as_str())
            .copied()
            .unwrap_or("Somebody")
            .to_owned()
    }

    /// Customers read of roles and groups, never of one of us.
    pub(super) fn actor(&self, actor: Option<&Actor>, customers: bool) -> String {
        match actor {
            Some(Actor::Role(role)) => role.clone(),
            Some(Actor::Participant(id)) if !customers => {
                (*self.participants.get(id.as_str()).unwrap_or(&"Somebody")).to_owned()
            }
            _ => String::new(),
        }
    }

    pub(super) fn action(&self, action: &ActionItem, customers: bool) -> Action {
        if customers {
            return Action {
                text: action.text.clone(),
                owner: String::new(),
                due: String::new(),
                ticket: String::new(),
                status: crate::summary::state(action.status).to_owned(),
            };
        }
        Action {
            text: action.text.clone(),
            owner: action
                .owner
                .as_ref()
                .map_or_else(|| "nobody yet".to_owned(), |id| self.person(id)),
            due: action
                .due
                .map_or_else(|| "no day yet".to_owned(), words::day),
            ticket: action.ticket.clone(),
            status: words::name(action.status),
        }
    }
}
