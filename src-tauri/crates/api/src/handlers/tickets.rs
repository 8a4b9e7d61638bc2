//! Tickets in other programs: the workspace's trackers, drafts, exports, and what is pasted back. Nothing here reaches a
//! network: pages are opened by whoever asked, and tickets are set by [`action_set`](super::action_set()).

use std::collections::HashMap;
use std::sync::Arc;

use model::list::ActionRow;
use model::postmortem::Postmortem;
use model::tickets::{self, Candidate, MOST_TRACKERS, Tracker};
use model::visibility::{Audience, may_see};
use uuid::Uuid;

use crate::bounds;
use crate::describe;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::{
    Empty, Exported, IdRef, TicketDraft, TicketItem, TicketMatch, TicketsExport, TicketsMatched,
    TicketsPasted,
};

/// Adds (empty id) or changes a tracker.
pub fn tracker_save(api: &Api, request: Tracker) -> Result<Tracker, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    let mut tracker = tickets::checked(&request)
        .map_err(|wrong| ApiError::invalid(wrong.field, wrong.message))?;
    let new = tracker.id.is_empty();
    if new {
        tracker.id = Uuid::now_v7().to_string();
    }
    api.rooms().edit_directory(&api.actor(), |directory| {
        let same_name = |other: &&Tracker| {
            other.id != tracker.id && other.name.to_lowercase() == tracker.name.to_lowercase()
        };
        if directory.trackers.iter().any(|other| same_name(&other)) {
            return Err(ApiError::invalid(
                "name",
                format!("There is a tracker “{}” already.", tracker.name),
            ));
        }
        let full = directory.trackers.len() >= MOST_TRACKERS;
        let known = directory
            .trackers
            .iter_mut()
            .find(|known| known.id == tracker.id);
        match known {
            Some(known) => *known = tracker.clone(),
            None if !new => {
                return Err(ApiError::not_found(
                    "This tracker is not in the workspace any more.",
                ));
            }
            None if full => {
                return Err(ApiError::invalid(
                    "name",
                    format!("A workspace has at most {MOST_TRACKERS} trackers."),
                ));
            }
            None => directory.trackers.push(tracker.clone()),
        }
        Ok(tracker.clone())
    })
}

/// Forgets a tracker. Tickets stay as they are; those that are keys are links no longer.
pub fn tracker_remove(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    api.rooms().edit_directory(&api.actor(), |directory| {
        let before = directory.trackers.len();
        directory
            .trackers
            .retain(|tracker| tracker.id != request.id);
        if directory.trackers.len() == before {
            return Err(ApiError::not_found(
                "This tracker is not in the workspace any more.",
            ));
        }
        Ok(Empty {})
    })
}

/// The ticket of an action item, and the page of every tracker on which it is filled in.
pub fn ticket_draft(api: &Api, request: TicketItem) -> Result<TicketDraft, ApiError> {
    bounds::text("link", &request.link, bounds::QUERY)?;
    let row = row_of(api, &request)?;
    let rows = for_tickets(api, vec![row])?;
    let row = rows.first().ok_or_else(gone)?;
    let draft = tickets::draft(row, &request.link);
    let directory = api.directory();
    Ok(TicketDraft {
        title: draft.title.clone(),
        markdown: tickets::markdown(std::slice::from_ref(&draft)),
        issues: directory
            .trackers
            .iter()
            .filter_map(|tracker| tickets::new_issue(tracker, &draft))
            .collect(),
    })
}

/// Action items as tickets yet to be made, in the order they were asked for. Items that are gone meanwhile are left out.
pub fn tickets_export(api: &Api, request: TicketsExport) -> Result<Exported, ApiError> {
    bounds::text("format", &request.format, bounds::WORD)?;
    let format = super::lookup::action_format(&request.format)?;
    if !format.tickets {
        return Err(ApiError::invalid(
            "format",
            "Tickets are exported as md or jira-csv.",
        ));
    }
    bounds::list("items", &request.items)?;
    let mut links = HashMap::new();
    for item in &request.items {
        bounds::text("link", &item.link, bounds::QUERY)?;
        links.insert((item.doc.as_str(), item.id.as_str()), item.link.as_str());
    }
    let link = |row: &ActionRow| {
        let known = links.get(&(row.doc.as_str(), row.id.as_str()));
        known.map(|link| (*link).to_owned()).unwrap_or_default()
    };
    let rows = for_tickets(api, rows_of(api, &request.items)?)?;
    if rows.is_empty() {
        return Err(gone());
    }
    let text = if format.id == "md" {
        let drafts: Vec<tickets::Draft> = rows
            .iter()
            .map(|row| tickets::draft(row, &link(row)))
            .collect();
        tickets::markdown(&drafts)
    } else {
        render::jira_csv(&rows, &api.directory().people, &link)
    };
    Ok(Exported {
        file_name: format!("{}-tickets.{}", api.today(), format.extension),
        mime: format.mime.into(),
        text,
        base64: None,
        assets: 0,
        roles: None,
    })
}

/// Which action items pasted tickets belong to. Nothing is changed.
pub fn tickets_match(api: &Api, request: TicketsPasted) -> Result<TicketsMatched, ApiError> {
    bounds::text("text", &request.text, bounds::TEXT)?;
    bounds::list("items", &request.items)?;
    // Places in the request must stay what they are, so an item that is gone is one that nothing is like.
    let mut candidates = Vec::with_capacity(request.items.len());
    for item in &request.items {
        let row = api.store().action(&item.doc, &item.id)?;
        let row = row.filter(|row| !row.trashed);
        candidates.push(Candidate {
            doc: item.doc.clone(),
            id: item.id.clone(),
            number: row.as_ref().and_then(|row| row.number),
            text: row.map(|row| row.text).unwrap_or_default(),
        });
    }
    let found = tickets::matched(&request.text, &candidates, &api.directory().trackers);
    Ok(TicketsMatched {
        tickets: found
            .into_iter()
            .map(|found| TicketMatch {
                ticket: found.ticket,
                title: describe::shortened(&found.title, bounds::NAME),
                item: found.item,
                how: found.how,
            })
            .collect(),
    })
}

/// Rows as tickets may tell them: without the findings that are for the review alone, as a tracker is read by more people.
pub fn for_tickets(api: &Api, mut rows: Vec<ActionRow>) -> Result<Vec<ActionRow>, ApiError> {
    let mut known: HashMap<String, Arc<Postmortem>> = HashMap::new();
    for row in &mut rows {
        if row.findings.is_empty() {
            continue;
        }
        if !known.contains_key(&row.doc) {
            known.insert(row.doc.clone(), api.snapshot(&row.doc)?);
        }
        let Some(postmortem) = known.get(&row.doc) else {
            continue;
        };
        row.findings.retain(|told| {
            postmortem.findings.iter().any(|finding| {
                finding.id == told.id && may_see(Audience::Company, finding.visibility)
            })
        });
    }
    Ok(rows)
}

fn rows_of(api: &Api, items: &[TicketItem]) -> Result<Vec<ActionRow>, ApiError> {
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        rows.extend(api.store().action(&item.doc, &item.id)?);
    }
    Ok(rows)
}

fn row_of(api: &Api, item: &TicketItem) -> Result<ActionRow, ApiError> {
    bounds::text("doc", &item.doc, bounds::WORD)?;
    bounds::text("id", &item.id, bounds::WORD)?;
    api.store().action(&item.doc, &item.id)?.ok_or_else(gone)
}

fn gone() -> ApiError {
    ApiError::not_found("This action item is no longer in its postmortem.")
}
