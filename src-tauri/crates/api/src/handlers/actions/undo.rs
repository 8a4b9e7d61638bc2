//! How a change of an action item is taken back, and only that change.

use chrono::NaiveDate;
use model::postmortem::{ActionItem, Actor, PersonId, Postmortem, ReviewRole};

use crate::describe;
use crate::error::{ApiError, ErrorCode};
use crate::types::*;

/// The request that puts back what this one changes, as long as nobody else has changed it since.
pub(super) fn undo_of(item: &ActionItem, request: &ActionSet) -> ActionSet {
    let was = state_of(item);
    let only = |asked: bool, value: &Option<String>| value.clone().filter(|_| asked);
    ActionSet {
        doc: request.doc.clone(),
        id: request.id.clone(),
        status: request.status.and(was.status),
        owner: only(request.owner.is_some(), &was.owner),
        due: only(request.due.is_some(), &was.due),
        move_reason: None,
        priority: only(request.priority.is_some(), &was.priority),
        ticket: only(request.ticket.is_some(), &was.ticket),
        evidence: only(request.evidence.is_some(), &was.evidence),
        evidence_image: was
            .evidence_image
            .clone()
            .filter(|_| request.evidence_image.is_some()),
        evidence_skipped: request.evidence_skipped.and(was.evidence_skipped),
        check_on: only(request.check_on.is_some(), &was.check_on),
        reason: only(request.reason.is_some(), &was.reason),
        verified_note: only(request.verified_note.is_some(), &was.verified_note),
        did_not_work: None,
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
            moves: request.due.is_some().then(|| item.moves.clone()),
            reopened: request.status.is_some().then(|| item.reopened.clone()),
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
pub(super) fn owner_put_back(postmortem: &mut Postmortem, action: &str, put_back: &PutBack) {
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
        due: Some(day(item.due)),
        move_reason: None,
        priority: Some(
            item.priority
                .as_ref()
                .map(describe::word)
                .unwrap_or_default(),
        ),
        ticket: Some(item.ticket.clone()),
        evidence: Some(item.evidence.clone()),
        evidence_image: Some(item.evidence_image.clone().unwrap_or_else(|| Image {
            hash: String::new(),
            alt: String::new(),
        })),
        evidence_skipped: Some(item.evidence_skipped),
        check_on: Some(day(item.check_on)),
        reason: Some(item.reason.clone()),
        verified_note: Some(item.verified_note.clone()),
        did_not_work: None,
        only_if: None,
        put_back: None,
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Refuses when somebody has changed one of the fields meanwhile.
pub(super) fn unchanged(item: &ActionItem, expected: &ActionSet) -> Result<(), ApiError> {
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
            (
                "evidence",
                expected.evidence_image.is_none() || expected.evidence_image == now.evidence_image,
            ),
            (
                "evidence",
                expected.evidence_skipped.is_none()
                    || expected.evidence_skipped == now.evidence_skipped,
            ),
            ("day to look again", same(&expected.check_on, &now.check_on)),
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

pub(super) fn meanwhile(field: &str) -> ApiError {
    ApiError {
        code: ErrorCode::Conflict,
        message: format!(
            "Somebody has changed the {} of this action item meanwhile. Nothing was changed.",
            field.replace('_', " ")
        ),
        field: Some(field.into()),
    }
}
