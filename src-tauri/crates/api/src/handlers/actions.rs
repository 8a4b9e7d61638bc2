//! Action items of all postmortems: the list, and changes through their documents.

use chrono::{Datelike, NaiveDate};
use model::postmortem::{
    ActionItem, ActionStatus, Actor, PersonId, Postmortem, Priority, ReviewRole,
};

use crate::bounds;
use crate::describe;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::taken_back::Undo;
use crate::types::*;

/// A page of action items of all postmortems.
pub fn action_list(api: &Api, request: ActionFilter) -> Result<ActionPage, ApiError> {
    bounds::text("query", &request.query, bounds::QUERY)?;
    bounds::list("statuses", &request.statuses)?;
    bounds::list("priorities", &request.priorities)?;
    bounds::words("services", &request.services)?;
    Ok(api.store().actions(&request, api.today(), api.zone())?)
}

/// Changes fields of one action item through its document, so that everybody who has it open sees it. The answer holds
/// the request that takes exactly this change back.
pub fn action_set(api: &Api, request: ActionSet) -> Result<ActionChanged, ApiError> {
    check_bounds(&request)?;
    let wanted = Wanted::read(&request)?;
    let taking_back = match &request.put_back {
        None => None,
        Some(_) => Some(api.undos().find(&request).ok_or_else(|| {
            ApiError::new(
                ErrorCode::Conflict,
                "This change can no longer be taken back. Nothing was changed.",
            )
        })?),
    };
    let directory = api.directory();
    let me = api.me();
    let now = api.now();
    let owner = match request.owner.as_deref().filter(|owner| !owner.is_empty()) {
        None => None,
        Some(id) => Some(
            directory
                .people
                .iter()
                .find(|person| person.id == id)
                .ok_or_else(|| ApiError {
                    code: ErrorCode::NotFound,
                    message: "This person is not in the workspace's directory.".into(),
                    field: Some("owner".into()),
                })?,
        ),
    };
    if request
        .verified_note
        .as_deref()
        .is_some_and(|note| !note.is_empty())
        && me.is_none()
        && request.put_back.is_none()
    {
        return Err(ApiError::invalid(
            "verified_note",
            "Say who you are first: a check is signed by whoever looked.",
        ));
    }
    super::postmortems::refuse_trashed(api, &request.doc)?;
    let room = api.room(&request.doc)?;
    let undo = room.edit(me.as_deref().unwrap_or_default(), |postmortem| {
        let item = postmortem
            .actions
            .iter()
            .find(|action| action.id == request.id)
            .ok_or_else(|| {
                ApiError::not_found("This action item is no longer in its postmortem.")
            })?;
        if let Some(expected) = &request.only_if {
            unchanged(item, expected)?;
        }
        if let Some(field) = taking_back.as_ref().and_then(|undo| undo.set_again(item)) {
            return Err(meanwhile(field));
        }
        let mut undo = undo_of(item, &request);
        if request.owner.is_some() {
            let participants = postmortem.participants.len();
            model::edit::assign_owner(postmortem, &request.id, owner);
            // Whoever had to be made a participant for this is the last one.
            let added = postmortem
                .participants
                .get(participants..)
                .unwrap_or_default();
            if let Some(put_back) = &mut undo.put_back {
                put_back.participant = added.first().map(|added| added.id.clone());
            }
        }
        if let Some(status) = wanted.status {
            model::edit::set_status(postmortem, &request.id, status, now);
        }
        if request.owner.is_some()
            && let Some(put_back) = &request.put_back
        {
            owner_put_back(postmortem, &request.id, put_back);
        }
        let item = postmortem
            .actions
            .iter_mut()
            .find(|action| action.id == request.id)
            .ok_or_else(|| {
                ApiError::not_found("This action item is no longer in its postmortem.")
            })?;
        wanted.write(item);
        if let Some(note) = &request.verified_note {
            item.verified_note.clone_from(note);
            item.verified = match &request.put_back {
                Some(put_back) => put_back.verified.clone(),
                None => me
                    .clone()
                    .filter(|_| !note.is_empty())
                    .map(|by| Verified { by, at: now }),
            };
        }
        if let (Some(_), Some(put_back)) = (wanted.status, &request.put_back) {
            item.settled_at = put_back.settled_at;
        }
        if item.status == ActionStatus::Declined
            && item.reason.trim().is_empty()
            && (request.status.is_some() || request.reason.is_some())
        {
            return Err(ApiError::invalid(
                "reason",
                "Say why it is declined: people will ask.",
            ));
        }
        Ok(Undo::new(undo, item))
    })?;
    api.undos().remember(undo.clone());
    let row = api
        .store()
        .action(&request.doc, &request.id)?
        .ok_or_else(|| ApiError::not_found("This action item is no longer in its postmortem."))?;
    Ok(ActionChanged {
        row,
        undo: undo.request,
    })
}

/// The fields of a request that had to be read, and those that are written as they are.
struct Wanted<'a> {
    status: Option<ActionStatus>,
    due: Option<Option<NaiveDate>>,
    priority: Option<Option<Priority>>,
    ticket: Option<&'a str>,
    evidence: Option<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    fn read(request: &'a ActionSet) -> Result<Self, ApiError> {
        Ok(Self {
            status: request.status,
            due: request.due.as_deref().map(read_day).transpose()?,
            priority: request.priority.as_deref().map(read_priority).transpose()?,
            ticket: request.ticket.as_deref(),
            evidence: request.evidence.as_deref(),
            reason: request.reason.as_deref(),
        })
    }

    fn write(&self, item: &mut ActionItem) {
        if let Some(due) = self.due {
            item.due = due;
        }
        if let Some(priority) = self.priority {
            item.priority = priority;
        }
        for (wanted, field) in [
            (self.ticket, &mut item.ticket),
            (self.evidence, &mut item.evidence),
            (self.reason, &mut item.reason),
        ] {
            if let Some(wanted) = wanted {
                wanted.clone_into(field);
            }
        }
    }
}

/// The request that puts back what this one changes, as long as nobody else has changed it since.
fn undo_of(item: &ActionItem, request: &ActionSet) -> ActionSet {
    let was = state_of(item);
    let only = |asked: bool, value: &Option<String>| value.clone().filter(|_| asked);
    ActionSet {
        doc: request.doc.clone(),
        id: request.id.clone(),
        status: request.status.and(was.status),
        owner: only(request.owner.is_some(), &was.owner),
        due: only(request.due.is_some(), &was.due),
        priority: only(request.priority.is_some(), &was.priority),
        ticket: only(request.ticket.is_some(), &was.ticket),
        evidence: only(request.evidence.is_some(), &was.evidence),
        reason: only(request.reason.is_some(), &was.reason),
        verified_note: only(request.verified_note.is_some(), &was.verified_note),
        only_if: Some(Box::new(ActionSet {
            only_if: None,
            put_back: None,
            ..request.clone()
        })),
        put_back: Some(PutBack {
            settled_at: item.settled_at.filter(|_| request.status.is_some()),
            verified: item
                .verified
                .clone()
                .filter(|_| request.verified_note.is_some()),
            helper: request
                .owner
                .clone()
                .filter(|owner| item.helpers.contains(owner)),
            participant: None,
        }),
    }
}

/// Makes the owner who was taken back a helper again, and no participant any more, as they were before. A participant
/// whom somebody has made use of since stays.
fn owner_put_back(postmortem: &mut Postmortem, action: &str, put_back: &PutBack) {
    if let Some(helper) = &put_back.helper
        && let Some(item) = postmortem.actions.iter_mut().find(|item| item.id == action)
        && item.owner.as_ref() != Some(helper)
        && !item.helpers.contains(helper)
    {
        item.helpers.push(helper.clone());
        item.helpers.sort();
    }
    let Some(added) = &put_back.participant else {
        return;
    };
    let row = Actor::Participant(added.clone());
    let named = postmortem
        .timeline
        .iter()
        .any(|event| event.actor.as_ref() == Some(&row))
        || postmortem
            .parking
            .iter()
            .any(|item| item.raised_by.as_ref() == Some(&row));
    let others: Vec<&ActionItem> = postmortem
        .actions
        .iter()
        .filter(|item| item.id != action)
        .collect();
    let works = |person: &PersonId| {
        others
            .iter()
            .any(|item| item.owner.as_ref() == Some(person) || item.helpers.contains(person))
    };
    postmortem.participants.retain(|participant| {
        participant.id != *added
            || named
            || participant.role != ReviewRole::Observer
            || participant.person.as_ref().is_some_and(works)
    });
}

/// All the fields of an item that a request can set, in a request's terms.
fn state_of(item: &ActionItem) -> ActionSet {
    ActionSet {
        doc: String::new(),
        id: item.id.clone(),
        status: Some(item.status),
        owner: Some(item.owner.clone().unwrap_or_default()),
        due: Some(item.due.map(|due| due.to_string()).unwrap_or_default()),
        priority: Some(
            item.priority
                .as_ref()
                .map(describe::word)
                .unwrap_or_default(),
        ),
        ticket: Some(item.ticket.clone()),
        evidence: Some(item.evidence.clone()),
        reason: Some(item.reason.clone()),
        verified_note: Some(item.verified_note.clone()),
        only_if: None,
        put_back: None,
    }
}

/// Refuses when somebody has changed one of the fields meanwhile.
fn unchanged(item: &ActionItem, expected: &ActionSet) -> Result<(), ApiError> {
    let now = state_of(item);
    let same =
        |expected: &Option<String>, now: &Option<String>| expected.is_none() || expected == now;
    let changed = if expected.status.is_some() && expected.status != now.status {
        Some("status")
    } else {
        [
            ("owner", same(&expected.owner, &now.owner)),
            ("due", same(&expected.due, &now.due)),
            ("priority", same(&expected.priority, &now.priority)),
            ("ticket", same(&expected.ticket, &now.ticket)),
            ("evidence", same(&expected.evidence, &now.evidence)),
            ("reason", same(&expected.reason, &now.reason)),
            (
                "verified_note",
                same(&expected.verified_note, &now.verified_note),
            ),
        ]
        .into_iter()
        .find_map(|(field, same)| (!same).then_some(field))
    };
    match changed {
        None => Ok(()),
        Some(field) => Err(meanwhile(field)),
    }
}

fn meanwhile(field: &str) -> ApiError {
    ApiError {
        code: ErrorCode::Conflict,
        message: format!(
            "Somebody has changed the {} of this action item meanwhile. Nothing was changed.",
            field.replace('_', " ")
        ),
        field: Some(field.into()),
    }
}

fn check_bounds(request: &ActionSet) -> Result<(), ApiError> {
    let checked = |field: &str, value: &Option<String>, most: usize| {
        value
            .as_deref()
            .map_or(Ok(()), |value| bounds::text(field, value, most))
    };
    bounds::text("doc", &request.doc, bounds::WORD)?;
    bounds::text("id", &request.id, bounds::WORD)?;
    checked("owner", &request.owner, bounds::WORD)?;
    checked("due", &request.due, bounds::WORD)?;
    checked("priority", &request.priority, bounds::WORD)?;
    checked("ticket", &request.ticket, bounds::NAME)?;
    checked("evidence", &request.evidence, bounds::TEXT)?;
    checked("reason", &request.reason, bounds::TEXT)?;
    checked("verified_note", &request.verified_note, bounds::TEXT)?;
    if let Some(put_back) = &request.put_back {
        let by = put_back
            .verified
            .as_ref()
            .map(|verified| verified.by.clone());
        checked("put_back", &by, bounds::WORD)?;
        checked("put_back", &put_back.helper, bounds::WORD)?;
        checked("put_back", &put_back.participant, bounds::WORD)?;
    }
    Ok(())
}

/// `2026-11-18`, or nothing. Days before 1970 and after 9999 are slips of the keyboard.
fn read_day(text: &str) -> Result<Option<NaiveDate>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| is_due_day(*day));
    day.map(Some).ok_or_else(|| {
        let shown = describe::shortened(text, 40);
        ApiError::invalid(
            "due",
            format!("“{shown}” is not a day: write it as 2026-11-30, between 1970 and 9999."),
        )
    })
}

/// Whether something can be due on a day.
pub(super) fn is_due_day(day: NaiveDate) -> bool {
    (1970..=9999).contains(&day.year())
}

fn read_priority(text: &str) -> Result<Option<Priority>, ApiError> {
    Ok(Some(match text {
        "" => return Ok(None),
        "P0" => Priority::P0,
        "P1" => Priority::P1,
        "P2" => Priority::P2,
        "P3" => Priority::P3,
        _ => {
            return Err(ApiError::invalid(
                "priority",
                "A priority is P0, P1, P2 or P3.",
            ));
        }
    }))
}
