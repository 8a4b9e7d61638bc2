//! Letting guests into a review meeting: the port, the people, and who a guest is.

use std::sync::Arc;

use model::directory::Person;
use model::meeting::RoomRight;
use model::postmortem::{PersonId, Postmortem};

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::guest::Sharing;
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
    let share = sharing.start(api, &request)?;
    api.tell_of_meeting(&request.doc);
    Ok(ShareFound { share: Some(share) })
}

/// Closes the port and sends the guests away.
pub fn share_stop(api: &Api, _: Empty) -> Result<ShareFound, ApiError> {
    let sharing = sharing(api)?;
    let shared = sharing.state();
    sharing.stop();
    if let Some(share) = shared {
        api.tell_of_meeting(&share.doc);
    }
    Ok(found(sharing))
}

/// The meeting that is shared, its link, code and guests.
pub fn share_state(api: &Api, _: Empty) -> Result<ShareFound, ApiError> {
    Ok(found(sharing(api)?))
}

/// Lets a guest write, or read along alone.
pub fn guest_right(api: &Api, request: GuestRight) -> Result<ShareFound, ApiError> {
    if request.right == RoomRight::Facilitator {
        return Err(ApiError::invalid(
            "right",
            "A guest facilitates once the meeting is handed over to them.",
        ));
    }
    let sharing = sharing(api)?;
    sharing.set_right(&request.guest, request.right)?;
    Ok(told(api, sharing))
}

/// Sends a guest away.
pub fn guest_remove(api: &Api, request: GuestRef) -> Result<ShareFound, ApiError> {
    let sharing = sharing(api)?;
    sharing.remove(&request.guest)?;
    Ok(told(api, sharing))
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
    if name.chars().any(is_unseen) {
        return Err(ApiError::invalid(
            "name",
            "This name has characters that nobody sees. Type it anew.",
        ));
    }
    Ok(name)
}

/// Control characters, and those that turn the direction of what follows.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Who a guest of this name is, made if need be, and a participant of the review afterwards: a participant of that name,
/// else the one person of the directory with that name, else somebody new. `taken` says who is in the room already.
///
/// Errors: `Invalid` for a name that somebody in the room goes by; `Refused` when nobody may join.
pub fn join_as(
    api: &Api,
    doc: &str,
    name: &str,
    taken: impl Fn(&PersonId) -> bool,
) -> Result<Person, ApiError> {
    let meeting = open_meeting(api, doc)?
        .ok_or_else(|| ApiError::new(ErrorCode::Refused, "This meeting is over."))?;
    if meeting.locked {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "The facilitator has closed the door. Ask in the room to be let in.",
        ));
    }
    let host = api.me();
    let free = |id: &PersonId| {
        // Whoever leads comes in by their own page alone; else the host takes the lead back first.
        if Some(id) == host.as_ref() || *id == meeting.facilitator || taken(id) {
            Err(taken_name())
        } else {
            Ok(())
        }
    };
    let room = api.room(doc)?;
    let directory = api.directory();
    let person = match of_that_name(&room.snapshot(), &directory, name) {
        Some(id) => {
            free(&id)?;
            let known = directory.people.iter().find(|person| person.id == id);
            known.cloned().unwrap_or_else(|| Person {
                id,
                name: name.to_owned(),
                ..Person::default()
            })
        }
        None => super::directory::person_save(
            api,
            Person {
                name: name.to_owned(),
                ..Person::default()
            },
        )?,
    };
    let takes_part = |postmortem: &Postmortem| {
        postmortem
            .participants
            .iter()
            .any(|participant| participant.person.as_ref() == Some(&person.id))
    };
    if !takes_part(&room.snapshot()) {
        room.edit(&person.id, |postmortem| {
            // Somebody who was written down by name alone is this person from now on.
            let by_name = postmortem
                .participants
                .iter_mut()
                .find(|participant| participant.person.is_none() && same(&participant.name, name));
            match by_name {
                Some(participant) => participant.person = Some(person.id.clone()),
                None => model::edit::take_part(postmortem, &person),
            }
            Ok::<_, ApiError>(())
        })?;
    }
    Ok(person)
}

/// What somebody is told whose name is in the room already.
pub fn taken_name() -> ApiError {
    ApiError::invalid("name", "That name is taken here; add your initial.")
}

/// Whether two names are the same for people.
pub fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn of_that_name(postmortem: &Postmortem, directory: &Directory, name: &str) -> Option<PersonId> {
    // Screens show the short names of those who take part, so that is what they type.
    let goes_by = |id: &PersonId| {
        directory
            .people
            .iter()
            .find(|person| person.id == *id)
            .is_some_and(|person| same(&person.name, name) || same(&person.short_name, name))
    };
    let takes_part = postmortem.participants.iter().find_map(|participant| {
        let person = participant.person.as_ref()?;
        (same(&participant.name, name) || goes_by(person)).then(|| person.clone())
    });
    takes_part.or_else(|| {
        let mut named = directory
            .people
            .iter()
            .filter(|person| !person.left && same(&person.name, name));
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

fn found(sharing: &Arc<dyn Sharing>) -> ShareFound {
    ShareFound {
        share: sharing.state(),
    }
}

/// As [`found`]; everybody looks again who shows the guests.
fn told(api: &Api, sharing: &Arc<dyn Sharing>) -> ShareFound {
    let found = found(sharing);
    if let Some(share) = &found.share {
        api.tell_of_meeting(&share.doc);
    }
    found
}
