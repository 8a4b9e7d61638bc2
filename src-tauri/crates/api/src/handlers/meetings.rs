//! The review meeting: opening it, what people do in it, what it leaves in the document.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::meeting::{Draft, Effect, FORGOTTEN, Meeting, MeetingAct, Refused, RoomRight, Seat};
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

/// The review meeting of a postmortem as the caller may see it. One that was forgotten is ended by that.
pub fn meeting(api: &Api, request: DocRef) -> Result<MeetingFound, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    let mut found = read(api.store().meeting(&request.doc)?)?;
    if found
        .as_ref()
        .is_some_and(|meeting| meeting.is_forgotten(api.now()))
    {
        let end = |meeting: &mut Meeting, now| {
            Ok(if meeting.is_forgotten(now) {
                Effect::Ended(meeting.end(now))
            } else {
                Effect::Nothing
            })
        };
        found = Some(change(api, &request.doc, end)?);
    }
    Ok(shown(api, found))
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
    let now = api.now();
    let opened = api.rooms().change_meeting(&request.doc, |found| {
        let running = |meeting: &Meeting| meeting.is_open() && !meeting.is_forgotten(now);
        if let Some(open) = read(found)?.filter(running) {
            return Ok::<_, ApiError>((None, (open, false)));
        }
        let meeting = Meeting::open(&template, request.length, &me.id, now);
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
    Seat {
        person: api.actor(),
        granted: api.guest().map_or(RoomRight::Editor, |guest| guest.right),
        host: api.guest().is_none(),
    }
}

fn shown(api: &Api, found: Option<Meeting>) -> MeetingFound {
    MeetingFound {
        meeting: found.map(|meeting| meeting.view(&seat(api), api.now())),
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

/// Changes the meeting. What is to be written into the document is there before the meeting forgets it: a fault between
/// the two loses nothing, and rows that are there already are not written again.
fn change(
    api: &Api,
    doc: &str,
    work: impl Fn(&mut Meeting, DateTime<Utc>) -> Result<Effect, ApiError>,
) -> Result<Meeting, ApiError> {
    let now = api.now();
    let none = || ApiError::not_found("There is no meeting about this postmortem. Open it first.");
    let mut there: BTreeSet<RowId> = BTreeSet::new();
    let mut told = false;
    loop {
        let mut tried = read(api.store().meeting(doc)?)?.ok_or_else(none)?;
        let effect = work(&mut tried, now)?;
        let ended = matches!(effect, Effect::Ended(_));
        if let Effect::Write(drafts) | Effect::Ended(drafts) = effect {
            if !drafts.is_empty() || (ended && !told) {
                write_down(api, doc, &drafts, ended.then_some(&tried))?;
            }
            there.extend(drafts.into_iter().map(|draft| draft.id));
            told |= ended;
        }
        let done = api.rooms().change_meeting(doc, |found| {
            let mut meeting = read(found)?.ok_or_else(none)?;
            let effect = work(&mut meeting, now)?;
            let missing = match &effect {
                Effect::Write(drafts) | Effect::Ended(drafts) => {
                    drafts.iter().any(|draft| !there.contains(&draft.id))
                }
                Effect::Nothing | Effect::Keep => false,
            };
            let unexpected = matches!(effect, Effect::Ended(_)) && !told;
            if missing || unexpected {
                // More was written meanwhile: it has to be in the document first.
                return Ok::<_, ApiError>((None, None));
            }
            let state = (effect != Effect::Nothing)
                .then(|| written(&meeting))
                .transpose()?;
            Ok((state, Some(meeting)))
        })?;
        if let Some(meeting) = done {
            return Ok(meeting);
        }
    }
}

/// Writes into the document what the meeting leaves: findings that were written silently, in no order that tells of their
/// authors, and, at the end, what the meeting was like.
fn write_down(
    api: &Api,
    doc: &str,
    drafts: &[Draft],
    ended: Option<&Meeting>,
) -> Result<(), ApiError> {
    let mut shuffled: Vec<(Uuid, &Draft)> =
        drafts.iter().map(|draft| (Uuid::new_v4(), draft)).collect();
    shuffled.sort_by_key(|(chance, _)| *chance);
    // Nobody is named as the author, in the log neither: who wrote the others would tell of the one who did not want to be.
    api.room(doc)?.edit("", |postmortem| {
        let known: BTreeSet<RowId> = postmortem
            .findings
            .iter()
            .map(|finding| finding.id.clone())
            .collect();
        for (_, draft) in shuffled
            .iter()
            .filter(|(_, draft)| !known.contains(&draft.id))
        {
            postmortem.findings.push(Finding {
                id: draft.id.clone(),
                text: draft.text.trim().to_owned(),
                kind: draft.kind,
                ..Finding::default()
            });
        }
        if let Some(meeting) = ended {
            if postmortem.status == Status::InReview {
                postmortem.status = Status::FollowUp;
            }
            tell_of(postmortem, meeting);
        }
        Ok::<_, ApiError>(())
    })
}

/// Writes down when the meeting was, how long each stage took, who was there, and what the room answered.
fn tell_of(postmortem: &mut Postmortem, meeting: &Meeting) {
    let zone: chrono_tz::Tz = postmortem.timezone.parse().unwrap_or(chrono_tz::UTC);
    let started = meeting.started_at.with_timezone(&zone);
    let minutes = |seconds: u32| seconds.div_ceil(60);
    let mut lines = Vec::new();
    let whole: u32 = meeting.stages.iter().map(|stage| stage.used).sum();
    lines.push(format!(
        "Held on {}, {} min.",
        started.format("%-d %B %Y, %H:%M %Z"),
        minutes(whole)
    ));
    let held: Vec<String> = meeting
        .stages
        .iter()
        .filter(|stage| stage.used > 0)
        .map(|stage| {
            format!(
                "- {}: {} min of {}",
                stage.name,
                minutes(stage.used),
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
    if let Some(answers) = meeting
        .question
        .as_ref()
        .filter(|answers| !answers.is_empty())
    {
        let yes = answers.values().filter(|yes| **yes).count();
        lines.push(format!(
            "{yes} of {} would come to another one.",
            answers.len()
        ));
    }
    let text = lines.join("\n\n");
    let (id, title) = SECTION;
    match postmortem
        .sections
        .iter_mut()
        .find(|section| section.id == id)
    {
        // A second meeting about the same incident is told behind the first.
        Some(section) if section.text.contains(&text) => {}
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
    if let Some(leader) = postmortem
        .participants
        .iter_mut()
        .find(|participant| participant.person.as_deref() == Some(meeting.facilitator.as_str()))
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
