//! Action items of all postmortems: the list, and changes through their documents.

mod request;
mod undo;

use chrono::{DateTime, Utc};
use model::follow_through::{is_move, look_again_on};
use model::postmortem::{ActionItem, ActionStatus, DueMove, Reopening, Status};

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::taken_back::Undo;
use crate::types::*;

pub(super) use request::is_due_day;
use request::{Wanted, check_bounds, completed};
use undo::{meanwhile, owner_put_back, unchanged, undo_of};

/// A page of action items of all postmortems.
pub fn action_list(api: &Api, request: ActionFilter) -> Result<ActionPage, ApiError> {
    bounds::text("query", &request.query, bounds::QUERY)?;
    bounds::list("statuses", &request.statuses)?;
    bounds::list("priorities", &request.priorities)?;
    bounds::words("services", &request.services)?;
    bounds::text(
        "team",
        request.team.as_deref().unwrap_or_default(),
        bounds::NAME,
    )?;
    Ok(api.store().actions(&request, api.today(), api.zone())?)
}

/// Changes fields of one action item through its document, so that everybody who has it open sees it. The answer holds
/// the request that takes exactly this change back.
pub fn action_set(api: &Api, request: ActionSet) -> Result<ActionChanged, ApiError> {
    check_bounds(&request)?;
    Wanted::read(&request)?;
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
        let (status, settings) = (postmortem.status, &directory.settings);
        let look_again = look_again_on(api.today(), settings.look_again_days);
        let request = completed(&request, item, look_again);
        let wanted = Wanted::read(&request)?;
        let moved = due_move(item, &request, &wanted, status, (me.as_deref(), now))?;
        let reopening = reopening(item, &request, (me.as_deref(), now))?;
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
        item.moves.extend(moved);
        item.reopened.extend(reopening);
        if let Some(put_back) = &request.put_back {
            if let Some(moves) = &put_back.moves {
                item.moves.clone_from(moves);
            }
            if let Some(reopened) = &put_back.reopened {
                item.reopened.clone_from(reopened);
            }
        }
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

/// The entry that a moved day leaves in the record; none where no reason is asked for.
fn due_move(
    item: &ActionItem,
    request: &ActionSet,
    wanted: &Wanted<'_>,
    status: Status,
    (me, now): (Option<&str>, DateTime<Utc>),
) -> Result<Option<DueMove>, ApiError> {
    let Some(due) = wanted.due() else {
        return Ok(None);
    };
    if request.put_back.is_some() || !is_move(status, item.due, due) {
        return Ok(None);
    }
    let reason = request.move_reason.as_deref().unwrap_or_default().trim();
    if reason.is_empty() {
        return Err(ApiError::invalid(
            "move_reason",
            "Say why the date moves: the review is over, and others count on it.",
        ));
    }
    Ok(Some(DueMove {
        id: model::edit::new_id(),
        at: now,
        by: me.map(str::to_owned),
        from: item.due,
        to: due,
        reason: reason.to_owned(),
    }))
}

/// The entry that an item leaves in its record when it opens again because it had not worked.
fn reopening(
    item: &ActionItem,
    request: &ActionSet,
    (me, now): (Option<&str>, DateTime<Utc>),
) -> Result<Option<Reopening>, ApiError> {
    let Some(seen) = &request.did_not_work else {
        return Ok(None);
    };
    if item.status != ActionStatus::Done {
        return Err(ApiError {
            code: ErrorCode::Conflict,
            message: "This action item is not done any more. Nothing was changed.".into(),
            field: Some("status".into()),
        });
    }
    if seen.trim().is_empty() {
        return Err(ApiError::invalid(
            "did_not_work",
            "Say what you saw: whoever takes it up again starts from there.",
        ));
    }
    Ok(Some(Reopening {
        id: model::edit::new_id(),
        at: now,
        by: me.map(str::to_owned),
        seen: seen.trim().to_owned(),
    }))
}
