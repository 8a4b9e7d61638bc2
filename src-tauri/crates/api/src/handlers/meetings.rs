//! The review meeting: opening it, what people do in it, what it leaves in the document.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use model::account::AccountRole;
use model::meeting::{
    COUNTED, Draft, Effect, FORGOTTEN, Meeting, MeetingAct, Refused, RoomRight, Seat,
};
use model::postmortem::{ActionStatus, Finding, Postmortem, ReviewRole, RowId, Section, Status};
use store::StoreError;
use uuid::Uuid;

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::*;

/// The section that tells of the meeting, once it is over.
const SECTION: (&str, &str) = ("review-meeting", "The review meeting");
/// Action items of earlier reviews that are shown.
const PROMISES: u32 = 100;

/// The review meeting of a postmortem as the caller may see it. One that was forgotten is ended by that, and what a fault
/// kept from the document is brought into it; where nothing can be written it is shown all the same.
pub fn meeting(api: &Api, request: DocRef) -> Result<MeetingFound, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    Ok(shown(api, settled(api, &request.doc)?))
}

/// The meeting as it is kept, with nothing left to do about it as far as that can be.
fn settled(api: &Api, doc: &str) -> Result<Option<Meeting>, ApiError> {
    let Some(mut found) = read(api.store().meeting(doc)?)? else {
        return Ok(None);
    };
    if !found.is_forgotten(api.now()) && !found.is_unsettled() {
        return Ok(Some(found));
    }
    let end = |meeting: &mut Meeting, now| {
        let forgotten = meeting.end_forgotten(now);
        Ok(if forgotten {
            Effect::Keep
        } else {
            Effect::Nothing
        })
    };
    if let Ok(done) = change(api, doc, end) {
        return Ok(Some(done));
    }
    found.end_forgotten(api.now());
    Ok(Some(found))
}

/// The review meetings that go on now, the latest first.
pub fn meetings_open(api: &Api, _: Empty) -> Result<Vec<OpenMeeting>, ApiError> {
    let now = api.now();
    let since = (now - FORGOTTEN).timestamp_millis();
    let mut open = Vec::new();
    for (doc, title, state) in api.store().meetings_since(since)? {
        // One that cannot be read is told of where it is opened.
        let Ok(Some(meeting)) = read(Some(state)) else {
            continue;
        };
        let Some(stage) = meeting.stages.get(meeting.at as usize) else {
            continue;
        };
        if meeting.is_open() && !meeting.is_forgotten(now) {
            let used = meeting.used(meeting.at as usize, now);
            open.push(OpenMeeting {
                doc,
                title,
                stage: stage.name.clone(),
                left: i64::from(stage.planned) - i64::from(used),
                present: meeting.present.iter().cloned().collect(),
            });
        }
    }
    Ok(open)
}

/// Opens the review meeting, or finds it open. The postmortem is in review from then on, and its state before has a name.
pub fn meeting_open(api: &Api, request: MeetingOpen) -> Result<MeetingFound, ApiError> {
    let directory = api.directory();
    let Some(me) = api.me_in(&directory).cloned() else {
        return Err(ApiError::invalid(
            "me",
            "Say who you are first: somebody has to facilitate.",
        ));
    };
    super::postmortems::refuse_trashed(api, &request.doc)?;
    let room = api.room(&request.doc)?;
    let before = room.snapshot();
    let template = super::templates::find(&directory, &before.template)
        .or_else(|_| super::templates::default_template(&directory))?;
    // What an earlier meeting has left is in the document before there is a new one.
    let earlier = settled(api, &request.doc)?;
    let now = api.now();
    let opened = api.rooms().change_meeting(&request.doc, |found| {
        let running = |meeting: &Meeting| meeting.is_open() && !meeting.is_forgotten(now);
        if let Some(open) = read(found)?.filter(running) {
            return Ok::<_, ApiError>((None, (open, false)));
        }
        let mut meeting = Meeting::open(&template, request.length, &me.id, now);
        // Notes are their writer's; they stay for the next time.
        meeting.notes = earlier.map(|earlier| earlier.notes).unwrap_or_default();
        Ok((Some(written(&meeting)?), (meeting, true)))
    })?;
    let (opened, anew) = opened;
    if anew && before.status == Status::InReview {
        // The state before has its name from the change of status, when there is one.
        api.rooms()
            .name_version(&request.doc, "start of review", &me.id)?;
    }
    room.edit(&me.id, |postmortem| {
        postmortem.status = Status::InReview;
        model::edit::take_part(postmortem, &me);
        if anew {
            facilitate(postmortem, &me.id);
        }
        Ok::<_, ApiError>(())
    })?;
    Ok(shown(api, Some(opened)))
}

/// Does something in the review meeting.
pub fn meeting_do(api: &Api, request: MeetingDo) -> Result<MeetingFound, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    let by = seat(api);
    if let MeetingAct::HandOver { to } = &request.act {
        let snapshot = api.snapshot(&request.doc)?;
        if !snapshot
            .participants
            .iter()
            .any(|participant| participant.person.as_ref() == Some(to))
        {
            return Err(ApiError::invalid(
                "to",
                "Only somebody who takes part in this review can facilitate it.",
            ));
        }
    }
    let changed = change(api, &request.doc, |meeting, now| {
        meeting
            .act(&by, request.act.clone(), now)
            .map_err(ApiError::from)
    })?;
    Ok(shown(api, Some(changed)))
}

/// Forgets what places of guests have voted and answered that are nobody's any more.
pub fn forget_seats(api: &Api, doc: &str, seats: &[String]) -> Result<(), ApiError> {
    if seats.is_empty() {
        return Ok(());
    }
    let forget = |meeting: &mut Meeting, _| {
        let forgotten = seats
            .iter()
            .filter(|seat| meeting.forget_seat(seat))
            .count();
        Ok(if forgotten > 0 {
            Effect::Keep
        } else {
            Effect::Nothing
        })
    };
    change(api, doc, forget).map(drop)
}

/// What earlier reviews of the same services or tags promised and has not been done.
pub fn meeting_promises(api: &Api, request: DocRef) -> Result<Promises, ApiError> {
    let postmortem = api.snapshot(&request.doc)?;
    let filter = ActionFilter {
        statuses: vec![ActionStatus::Open, ActionStatus::InProgress],
        services: postmortem.services.clone(),
        limit: PROMISES,
        ..ActionFilter::default()
    };
    if filter.services.is_empty() {
        return Ok(Promises::default());
    }
    let mut actions = api.store().actions(&filter, api.today(), api.zone())?.rows;
    actions.retain(|action| action.doc != request.doc);
    Ok(Promises { actions })
}

/// Who asks, and what they may do.
fn seat(api: &Api) -> Seat {
    let person = api.actor();
    let (granted, host) = match (api.guest(), api.account()) {
        (Some(guest), _) => (guest.right, false),
        (None, Some(account)) if account.role < AccountRole::Member => (RoomRight::Viewer, false),
        // Nobody sits at the machine that serves: whoever may run meetings takes one over when its facilitator has vanished.
        (None, Some(account)) => (RoomRight::Editor, account.role >= AccountRole::Facilitator),
        (None, None) => (RoomRight::Editor, true),
    };
    Seat {
        key: api
            .guest()
            .map_or_else(|| person.clone(), |guest| guest.seat.clone()),
        person,
        granted,
        host,
    }
}

fn shown(api: &Api, found: Option<Meeting>) -> MeetingFound {
    MeetingFound {
        meeting: found.map(|meeting| {
            let directory = api.directory();
            let host = api.host_in(&directory).map(Person::called);
            meeting.view(&seat(api), host.unwrap_or_default(), api.now())
        }),
    }
}

fn read(kept: Option<String>) -> Result<Option<Meeting>, ApiError> {
    let Some(kept) = kept else { return Ok(None) };
    let meeting = serde_json::from_str(&kept);
    meeting.map(Some).map_err(|error| {
        ApiError::new(
            ErrorCode::Internal,
            format!("What is kept of this meeting cannot be read ({error}). The postmortem itself is whole."),
        )
    })
}

fn written(meeting: &Meeting) -> Result<String, StoreError> {
    serde_json::to_string(meeting)
        .map_err(|error| StoreError::Other(format!("a meeting cannot be written down: {error}")))
}

/// Changes the meeting, then brings into the document what the change has left to be written there. Until it is there the
/// meeting keeps it: a fault between the two loses nothing, and rows that are there already are not written again.
fn change(
    api: &Api,
    doc: &str,
    work: impl FnOnce(&mut Meeting, DateTime<Utc>) -> Result<Effect, ApiError>,
) -> Result<Meeting, ApiError> {
    let now = api.now();
    let mut meeting = api.rooms().change_meeting(doc, |found| {
        let none = "There is no meeting about this postmortem. Open it first.";
        let mut meeting = read(found)?.ok_or_else(|| ApiError::not_found(none))?;
        let effect = work(&mut meeting, now)?;
        let state = (effect != Effect::Nothing).then(|| written(&meeting));
        Ok::<_, ApiError>((state.transpose()?, meeting))
    })?;
    while meeting.is_unsettled() {
        write_down(api, doc, &meeting)?;
        let there: BTreeSet<RowId> = meeting
            .pending
            .iter()
            .map(|draft| draft.id.clone())
            .collect();
        let told = meeting.untold;
        meeting = api.rooms().change_meeting(doc, |found| {
            // Another one may have been opened meanwhile; what was written down is settled in it, too.
            let Some(mut meeting) = read(found)? else {
                return Err(ApiError::not_found("This meeting is gone."));
            };
            meeting.settle(&there, told);
            Ok::<_, ApiError>((Some(written(&meeting)?), meeting))
        })?;
    }
    Ok(meeting)
}

/// Writes into the document what the meeting leaves: findings that were written silently, in no order that tells of their
/// authors, and, at the end, what the meeting was like.
fn write_down(api: &Api, doc: &str, meeting: &Meeting) -> Result<(), ApiError> {
    let room = api.room(doc)?;
    let mut shuffled: Vec<(Uuid, &Draft)> = meeting
        .pending
        .iter()
        .map(|draft| (Uuid::new_v4(), draft))
        .collect();
    shuffled.sort_by_key(|(chance, _)| *chance);
    // Nobody is named as the author, in the log neither: who wrote the others would tell of the one who did not want to be.
    room.edit("", |postmortem| {
        let known: BTreeMap<RowId, String> = postmortem
            .findings
            .iter()
            .map(|finding| (finding.id.clone(), finding.text.clone()))
            .collect();
        for (_, draft) in &shuffled {
            let text = draft.text.trim();
            let id = match known.get(&draft.id) {
                None => draft.id.clone(),
                // Written down already, before a fault.
                Some(there) if there == text => continue,
                // Another row has the id: what somebody wrote is not lost for that.
                Some(_) => Uuid::now_v7().to_string(),
            };
            postmortem.findings.push(Finding {
                id,
                text: text.to_owned(),
                kind: draft.kind,
                ..Finding::default()
            });
        }
        Ok::<_, ApiError>(())
    })?;
    if meeting.untold {
        room.edit(&meeting.facilitator, |postmortem| {
            if postmortem.status == Status::InReview {
                postmortem.status = Status::FollowUp;
            }
            tell_of(postmortem, meeting);
            Ok::<_, ApiError>(())
        })?;
    }
    Ok(())
}

fn in_minutes(minutes: u32) -> String {
    match minutes {
        0 => "under a minute".into(),
        minutes => format!("{minutes} min"),
    }
}

/// Writes down when the meeting was, how long each stage took, who was there, and what the room answered.
fn tell_of(postmortem: &mut Postmortem, meeting: &Meeting) {
    let zone: chrono_tz::Tz = postmortem.timezone.parse().unwrap_or(chrono_tz::UTC);
    let started = meeting.started_at.with_timezone(&zone);
    let minutes = |seconds: u32| seconds.saturating_add(30) / 60;
    let mut lines = Vec::new();
    let whole: u32 = meeting.stages.iter().map(|stage| stage.used).sum();
    lines.push(format!(
        "Held on {}, {}.",
        started.format("%-d %B %Y, %H:%M %Z"),
        in_minutes(minutes(whole))
    ));
    // Minutes are counted from the start of the meeting on, so that those of the stages add up to those of the whole.
    let mut passed = 0u32;
    let held: Vec<String> = meeting
        .stages
        .iter()
        .filter(|stage| stage.used > 0)
        .map(|stage| {
            let before = minutes(passed);
            passed = passed.saturating_add(stage.used);
            format!(
                "- {}: {} of {}",
                stage.name,
                in_minutes(minutes(passed) - before),
                minutes(stage.planned)
            )
        })
        .collect();
    if !held.is_empty() {
        lines.push(held.join("\n"));
    }
    let names = |facilitates: bool| -> Vec<&str> {
        postmortem
            .participants
            .iter()
            .filter(|participant| {
                let came = |person: &String| {
                    meeting.present.contains(person)
                        && (*person == meeting.facilitator) == facilitates
                };
                participant.person.as_ref().is_some_and(came)
            })
            .map(|participant| participant.name.as_str())
            .collect()
    };
    let (leads, others) = (names(true), names(false));
    if !leads.is_empty() {
        let with = if others.is_empty() {
            String::new()
        } else {
            format!(", with {}", others.join(", "))
        };
        lines.push(format!("Facilitated by {}{with}.", leads.join(", ")));
    }
    let asked = meeting.question.as_ref();
    if let Some((yes, all)) = asked
        .map(|question| (question.yes, question.yes + question.no))
        .filter(|(_, all)| *all as usize >= COUNTED)
    {
        lines.push(format!("{yes} of {all} would come to another one."));
    }
    let text = lines.join("\n\n");
    let (id, title) = SECTION;
    match postmortem
        .sections
        .iter_mut()
        .find(|section| section.id == id)
    {
        // Told already, before a fault.
        Some(section) if section.text.contains(&text) => {}
        // A second meeting about the same incident is told behind the first.
        Some(section) => {
            section.text = format!("{}\n\n{text}", section.text.trim_end())
                .trim_start()
                .to_owned()
        }
        None => postmortem.sections.push(Section {
            id: id.into(),
            title: title.into(),
            text,
        }),
    }
    facilitate(postmortem, &meeting.facilitator);
}

/// Whoever leads the meeting is its facilitator in the roles too, unless they have another role or somebody else is named.
fn facilitate(postmortem: &mut Postmortem, person: &str) {
    let participants = &mut postmortem.participants;
    if participants
        .iter()
        .any(|participant| participant.role == ReviewRole::Facilitator)
    {
        return;
    }
    if let Some(leader) = participants
        .iter_mut()
        .find(|participant| participant.person.as_deref() == Some(person))
        && leader.role == ReviewRole::Observer
    {
        leader.role = ReviewRole::Facilitator;
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Right(sentence) => Self::new(ErrorCode::Refused, sentence),
            Refused::Invalid(sentence) => Self::new(ErrorCode::Invalid, sentence),
        }
    }
}
