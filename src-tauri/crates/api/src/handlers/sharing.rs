//! Letting guests into a review meeting: the port, the people, and who a guest is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::directory::Person;
use model::meeting::RoomRight;
use model::postmortem::{Participant, PersonId, Postmortem};

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::guest::Sharing;
use crate::names;
use crate::open::Api;
use crate::types::*;

/// Characters of a guest's name.
pub const GUEST_NAME: usize = 60;

/// The addresses on which a meeting can be shared.
pub fn share_interfaces(api: &Api, _: Empty) -> Result<ShareInterfaces, ApiError> {
    Ok(ShareInterfaces {
        interfaces: sharing(api)?.interfaces()?,
    })
}

/// Lets guests into a review meeting that is open.
pub fn share_start(api: &Api, request: ShareStart) -> Result<ShareFound, ApiError> {
    bounds::text("address", &request.address, bounds::WORD)?;
    let sharing = sharing(api)?;
    super::postmortems::refuse_trashed(api, &request.doc)?;
    if open_meeting(api, &request.doc)?.is_none() {
        return Err(ApiError::invalid(
            "doc",
            "There is no meeting to share. Open the review first.",
        ));
    }
    if sharing.state().is_some() && shared(api, sharing).is_none() {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "Another review meeting is shared from here just now. Try again when it is over.",
        ));
    }
    let share = sharing.start(api, &request)?;
    api.tell_of_meeting(&request.doc);
    Ok(ShareFound { share: Some(share) })
}

/// Closes the port and sends the guests away.
pub fn share_stop(api: &Api, _: Empty) -> Result<ShareFound, ApiError> {
    let sharing = sharing(api)?;
    if let Some(share) = shared(api, sharing) {
        sharing.stop();
        api.tell_of_meeting(&share.doc);
    }
    Ok(found(api, sharing))
}

/// The meeting that is shared, its link, code and guests.
pub fn share_state(api: &Api, _: Empty) -> Result<ShareFound, ApiError> {
    Ok(found(api, sharing(api)?))
}

/// Lets a guest write, or read along alone.
pub fn guest_right(api: &Api, request: GuestRight) -> Result<ShareFound, ApiError> {
    if request.right == RoomRight::Facilitator {
        return Err(ApiError::invalid(
            "right",
            "A guest facilitates once the meeting is handed over to them.",
        ));
    }
    let sharing = sharing_of_theirs(api)?;
    sharing.set_right(&request.guest, request.right)?;
    Ok(told(api, sharing))
}

/// Lets another device join under the name of a guest who is not connected, such as one whose phone has died. What they wrote
/// stays theirs; votes and answers of the old device count no more, for they can be given anew.
pub fn guest_free(api: &Api, request: GuestRef) -> Result<ShareFound, ApiError> {
    let sharing = sharing_of_theirs(api)?;
    sharing.free(&request.guest)?;
    left(api, sharing, request.guest)
}

/// Sends a guest away, and with them their votes and answers.
pub fn guest_remove(api: &Api, request: GuestRef) -> Result<ShareFound, ApiError> {
    let sharing = sharing_of_theirs(api)?;
    sharing.remove(&request.guest)?;
    left(api, sharing, request.guest)
}

/// The review meeting of a postmortem while guests may be in it: it goes on, and the postmortem is not in the trash.
pub fn open_meeting(api: &Api, doc: &str) -> Result<Option<MeetingView>, ApiError> {
    if super::postmortems::refuse_trashed(api, doc).is_err() {
        return Ok(None);
    }
    let found = super::meetings::meeting(
        api,
        DocRef {
            doc: doc.to_owned(),
        },
    )?;
    Ok(found.meeting.filter(|meeting| meeting.ended_at.is_none()))
}

/// A name as guests may give it, with nothing around it.
pub fn guest_name(name: &str) -> Result<String, ApiError> {
    // Counted before anything else is done with a text of any length.
    bounds::text("name", name, bounds::NAME)?;
    let name = super::directory::required_name("name", name).map_err(|_| {
        ApiError::invalid("name", "Say your name, so that the others know who writes.")
    })?;
    if name.chars().count() > GUEST_NAME {
        return Err(ApiError::invalid(
            "name",
            format!("A name has at most {GUEST_NAME} characters here."),
        ));
    }
    if name.chars().any(names::is_unseen) {
        return Err(ApiError::invalid(
            "name",
            "This name has characters that nobody sees. Type it anew.",
        ));
    }
    Ok(name)
}

/// Who somebody was in the room, when their page joins once more.
pub struct Before {
    /// The person.
    pub person: PersonId,
    /// Whom else this page has been, by other names.
    pub earlier: Vec<PersonId>,
    /// The person is in the directory because this page joined.
    pub new: bool,
}

/// Who somebody is who joins.
pub struct Joined {
    /// The person, a participant of the review.
    pub person: Person,
    /// They are in the directory because of this.
    pub new: bool,
}

/// Who a guest of this name is, and a participant of the review afterwards: a participant of that name, else the one person of
/// the directory with that name. Else somebody new; or who they were `before`, renamed, when they came in new and have written no
/// row. `started_at` is when the meeting was opened that they were invited to. `taken` says who belongs to another page in the room, `may_add` whether one more person may be added to the directory.
///
/// Errors: `Invalid` for a name that somebody else has; `Refused` when nobody may join.
pub fn join_as(
    api: &Api,
    doc: &str,
    started_at: DateTime<Utc>,
    name: &str,
    before: Option<&Before>,
    taken: impl Fn(&PersonId) -> bool,
    may_add: impl Fn() -> Result<(), ApiError>,
) -> Result<Joined, ApiError> {
    // The link of a meeting that has ended lets nobody into the next one.
    let meeting = open_meeting(api, doc)?
        .filter(|meeting| meeting.started_at == started_at)
        .ok_or_else(|| ApiError::new(ErrorCode::Refused, "This meeting is over."))?;
    if meeting.locked && before.is_none() {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "The facilitator has closed the door. Ask in the room to be let in.",
        ));
    }
    let was = |id: &PersonId| {
        before.is_some_and(|before| before.person == *id || before.earlier.contains(id))
    };
    let host = api.me();
    let room = api.room(doc)?;
    let directory = api.directory();
    let mut renamed = false;
    let joined = match of_that_name(&room.snapshot(), &directory, name) {
        Some(id) => {
            // Whoever leads comes in by their own page alone; else the host takes the lead back first.
            if Some(&id) == host.as_ref() || (id == meeting.facilitator && !was(&id)) {
                return Err(taken_name());
            }
            if taken(&id) {
                return Err(joined_elsewhere(name));
            }
            let known = directory.people.iter().find(|person| person.id == id);
            Joined {
                new: before.is_some_and(|before| before.new && before.person == id),
                person: known.cloned().unwrap_or_else(|| Person {
                    id,
                    name: name.to_owned(),
                    ..Person::default()
                }),
            }
        }
        None => {
            let known = before
                .filter(|before| {
                    before.new
                        && !room
                            .row_authors()
                            .iter()
                            .any(|(_, by)| *by == before.person)
                })
                .and_then(|before| untouched(&directory, &before.person));
            renamed = known.is_some();
            if !renamed {
                may_add()?;
            }
            let person = Person {
                name: name.to_owned(),
                ..known.cloned().unwrap_or_default()
            };
            Joined {
                person: super::directory::person_save(api, person)?,
                new: true,
            }
        }
    };
    take_part(&room, &joined.person, name, renamed)?;
    Ok(joined)
}

/// Somebody of whom the directory knows the name alone.
fn untouched<'a>(directory: &'a Directory, id: &PersonId) -> Option<&'a Person> {
    directory.people.iter().find(|person| {
        let bare = Person {
            id: id.clone(),
            name: person.name.clone(),
            ..Person::default()
        };
        **person == bare
    })
}

/// Makes a guest a participant, and one who is one already by another name this one.
fn take_part(
    room: &Arc<collab::Room>,
    person: &Person,
    name: &str,
    renamed: bool,
) -> Result<(), ApiError> {
    let is_them = |participant: &Participant| participant.person.as_ref() == Some(&person.id);
    if !renamed && room.snapshot().participants.iter().any(is_them) {
        return Ok(());
    }
    room.edit(&person.id, |postmortem| {
        // Somebody who was written down by name alone is this person from now on.
        let them = postmortem.participants.iter_mut().find(|one| {
            if renamed {
                is_them(one)
            } else {
                one.person.is_none() && names::same(&one.name, name)
            }
        });
        match them {
            Some(participant) => {
                participant.person = Some(person.id.clone());
                if renamed {
                    participant.name.clone_from(&person.name);
                }
            }
            None => model::edit::take_part(postmortem, person),
        }
        Ok(())
    })
}

/// What somebody is told who asks for the name of the one who sits at the computer that holds the meeting, or leads it.
fn taken_name() -> ApiError {
    ApiError::invalid("name", "That name is taken here; add your initial.")
}

/// What somebody is told who asks for the name of a guest.
pub fn joined_elsewhere(name: &str) -> ApiError {
    ApiError::invalid(
        "name",
        format!(
            "{name} has joined from another device. Ask the facilitator to let you in as {name}, or take another name."
        ),
    )
}

fn of_that_name(postmortem: &Postmortem, directory: &Directory, name: &str) -> Option<PersonId> {
    // Whoever has the very name comes before whoever has one that looks like it.
    [names::equal, names::same]
        .into_iter()
        .find_map(|alike| of_a_name(postmortem, directory, |other| alike(other, name)))
}

fn of_a_name(
    postmortem: &Postmortem,
    directory: &Directory,
    is_it: impl Fn(&str) -> bool,
) -> Option<PersonId> {
    // Screens show the short names of those who take part, so that is what they type.
    let goes_by = |id: &PersonId| {
        directory
            .people
            .iter()
            .find(|person| person.id == *id)
            .is_some_and(|person| is_it(&person.name) || is_it(&person.short_name))
    };
    let takes_part = postmortem.participants.iter().find_map(|participant| {
        let person = participant.person.as_ref()?;
        (is_it(&participant.name) || goes_by(person)).then(|| person.clone())
    });
    takes_part.or_else(|| {
        let mut named = directory
            .people
            .iter()
            .filter(|person| !person.left && is_it(&person.name));
        match (named.next(), named.next()) {
            (Some(one), None) => Some(one.id.clone()),
            _ => None,
        }
    })
}

fn sharing(api: &Api) -> Result<&Arc<dyn Sharing>, ApiError> {
    api.sharing().ok_or_else(|| {
        ApiError::new(
            ErrorCode::Refused,
            "Meetings are shared from the app or from “debrief serve”.",
        )
    })
}

/// What is shared, when the caller may see the postmortem: of another one they are told nothing.
fn shared(api: &Api, sharing: &Arc<dyn Sharing>) -> Option<ShareState> {
    sharing.state().filter(|share| api.may_see(&share.doc))
}

/// Errors: `NotFound` when nothing is shared that the caller may see.
fn sharing_of_theirs(api: &Api) -> Result<&Arc<dyn Sharing>, ApiError> {
    let sharing = sharing(api)?;
    match shared(api, sharing) {
        Some(_) => Ok(sharing),
        None => Err(ApiError::not_found("No meeting is shared.")),
    }
}

fn found(api: &Api, sharing: &Arc<dyn Sharing>) -> ShareFound {
    ShareFound {
        share: shared(api, sharing),
    }
}

/// As [`told`], when a place in the room is nobody's any more.
fn left(api: &Api, sharing: &Arc<dyn Sharing>, seat: String) -> Result<ShareFound, ApiError> {
    let forgotten = match sharing.state() {
        Some(share) => super::meetings::forget_seats(api, &share.doc, &[seat]),
        None => Ok(()),
    };
    let found = told(api, sharing);
    forgotten.map(|()| found)
}

/// As [`found`]; everybody looks again who shows the guests.
fn told(api: &Api, sharing: &Arc<dyn Sharing>) -> ShareFound {
    let found = found(api, sharing);
    if let Some(share) = &found.share {
        api.tell_of_meeting(&share.doc);
    }
    found
}
