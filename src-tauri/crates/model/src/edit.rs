//! Edits of a postmortem that are more than setting one field. They change the plain snapshot; `document::write` brings
//! the difference into the document.

use chrono::{DateTime, Utc};

use crate::directory::Person;
use crate::postmortem::{ActionItem, ActionStatus, Participant, Postmortem, ReviewRole, RowId};

/// A fresh id for a row, a document or a person: a UUIDv7, which rises with time.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Gives an action item to somebody, or to nobody. Whoever gets it is among the participants afterwards, as an observer if
/// they were not. They no longer count as a helper. False when there is no such item.
pub fn assign_owner(postmortem: &mut Postmortem, action: &RowId, owner: Option<&Person>) -> bool {
    let Some(item) = find(postmortem, action) else {
        return false;
    };
    item.owner = owner.map(|person| person.id.clone());
    if let Some(person) = owner {
        item.helpers.retain(|helper| *helper != person.id);
        take_part(postmortem, person);
    }
    true
}

/// Makes somebody a participant, as an observer, unless they are one; name and title are copied.
pub fn take_part(postmortem: &mut Postmortem, person: &Person) {
    if postmortem
        .participants
        .iter()
        .any(|participant| participant.person.as_ref() == Some(&person.id))
    {
        return;
    }
    postmortem.participants.push(Participant {
        id: new_id(),
        person: Some(person.id.clone()),
        name: person.name.clone(),
        role: ReviewRole::Observer,
        title: person.role_title.clone(),
    });
}

/// Sets an action item's status. `settled_at` becomes `now` when it is done or declined, stays when it was that already, and
/// goes when the item is open again. Evidence, reason and verification stay. False when there is no such item.
pub fn set_status(
    postmortem: &mut Postmortem,
    action: &RowId,
    status: ActionStatus,
    now: DateTime<Utc>,
) -> bool {
    let Some(item) = find(postmortem, action) else {
        return false;
    };
    if is_settled(status) {
        if item.status != status || item.settled_at.is_none() {
            item.settled_at = Some(now);
        }
    } else {
        item.settled_at = None;
    }
    item.status = status;
    true
}

/// Whether nothing is left to do: done or declined.
pub fn is_settled(status: ActionStatus) -> bool {
    matches!(status, ActionStatus::Done | ActionStatus::Declined)
}

fn find<'a>(postmortem: &'a mut Postmortem, action: &RowId) -> Option<&'a mut ActionItem> {
    postmortem
        .actions
        .iter_mut()
        .find(|item| item.id == *action)
}
