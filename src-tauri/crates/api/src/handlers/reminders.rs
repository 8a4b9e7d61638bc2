//! What goes out next and what is on its way, and the private calendar address of whoever asks.

use chrono::{DateTime, TimeDelta, Utc};
use model::directory::Person;
use model::list::{ActionFilter, ActionRow};
use model::postmortem::ActionStatus;
use sha2::{Digest, Sha256};
use store::{ReminderState, ReminderWay};

use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::reminder_types::{
    CalendarFeed, ReminderLine, ReminderNext, ReminderUnreached, RemindersView,
};
use crate::reminders::Outgoing;
use crate::types::Empty;

/// Messages that the view lists.
const LISTED: u32 = 50;
/// Messages that are foreseen in the view.
const FORESEEN: usize = 50;
/// How long after the last look at what is due by mail it is taken that something still sends it. A computer may be off for a day.
const STILL_SENDS: TimeDelta = TimeDelta::days(2);
/// Action items that a calendar holds.
const IN_CALENDAR: u32 = 1_000;

/// What goes out next by mail, and what is on its way on every way.
pub fn reminders(api: &Api, _: Empty) -> Result<RemindersView, ApiError> {
    let now = api.now();
    let directory = api.directory();
    let person = |id: &str| directory.people.iter().find(|person| person.id == id);
    let memory = api.store().reminder_memory(ReminderWay::Mail)?;
    let next = api.reminders_ahead(ReminderWay::Mail, now)?;
    let messages = api.store().reminder_messages(LISTED)?;
    let unreached = api.reminders_unreached(ReminderWay::Mail, now)?;
    let held = memory.wrong_clock(now);
    let looked = memory.last.is_some_and(|last| now - last < STILL_SENDS);
    Ok(RemindersView {
        next: next.iter().take(FORESEEN).filter_map(foreseen).collect(),
        messages: messages
            .into_iter()
            .map(|message| ReminderLine {
                way: super::word(&message.way),
                name: person(&message.person)
                    .map(|person| person.name.clone())
                    .unwrap_or_default(),
                day: message.day,
                state: super::word(&message.state),
                changed_at: message.changed_at,
                next_at: (message.state == ReminderState::Waiting).then_some(message.next_at),
                tries: message.tries,
                error: message.error,
                id: message.id,
            })
            .collect(),
        unreached: unreached
            .into_iter()
            .map(|(id, items)| ReminderUnreached {
                name: person(&id).map_or(id.clone(), |person| person.name.clone()),
                left: person(&id).is_some_and(|person| person.left),
                items,
            })
            .collect(),
        mailed: looked || held.is_some(),
        held,
    })
}

/// A foreseen message as it is shown.
pub fn foreseen(message: &Outgoing) -> Option<ReminderNext> {
    let reminder = message.reminder.as_ref()?;
    Some(ReminderNext {
        person: message.person.id.clone(),
        name: message.person.name.clone(),
        email: message.person.email.clone(),
        at: message.at,
        day: message.day,
        subject: render::reminder::subject(reminder),
        parts: reminder
            .items
            .iter()
            .map(|item| {
                let number = item
                    .number
                    .map(|number| format!("A{number} "))
                    .unwrap_or_default();
                let due = render::reminder::due_words(item.due, reminder.today);
                format!("{number}{}: {due}", item.text)
            })
            .zip(&message.why)
            .map(|(part, why)| format!("{part} ({why})"))
            .chain(
                reminder
                    .digest
                    .iter()
                    .flatten()
                    .map(|review| format!("{}: {} open (digest)", review.title, review.open)),
            )
            .collect(),
    })
}

/// Says that the clock is right, so that reminders go out again.
pub fn reminders_clock_right(api: &Api, _: Empty) -> Result<Empty, ApiError> {
    api.whole_store()
        .trust_reminder_clock(api.now().timestamp_millis(), None)?;
    Ok(Empty {})
}

/// Whether whoever asks has a private calendar address.
pub fn calendar_feed(api: &Api, _: Empty) -> Result<CalendarFeed, ApiError> {
    let Some(me) = api.me() else {
        return Ok(CalendarFeed::default());
    };
    Ok(CalendarFeed {
        made_at: api.whole_store().calendar_feed(&me)?,
        path: None,
    })
}

/// Makes a private calendar address for whoever asks; an older one stops working.
///
/// Errors: `Refused` when nobody has said who they are.
pub fn calendar_feed_make(api: &Api, _: Empty) -> Result<CalendarFeed, ApiError> {
    let me = somebody(api)?;
    // 244 random bits of the system.
    let secret = crate::account::secret();
    let now = api.now();
    api.whole_store()
        .keep_calendar_feed(&me, &hash_of(&secret), now.timestamp_millis())?;
    Ok(CalendarFeed {
        made_at: Some(now),
        path: Some(format!("/calendar/{secret}.ics")),
    })
}

/// Withdraws the private calendar address of whoever asks.
pub fn calendar_feed_withdraw(api: &Api, _: Empty) -> Result<CalendarFeed, ApiError> {
    let me = somebody(api)?;
    api.whole_store().drop_calendar_feed(&me)?;
    Ok(CalendarFeed::default())
}

fn somebody(api: &Api) -> Result<String, ApiError> {
    api.me().ok_or_else(|| {
        ApiError::new(
            ErrorCode::Refused,
            "Nobody has said who sits here. Say who you are first: a calendar belongs to somebody.",
        )
    })
}

/// The calendar that a secret opens: open action items of its person, with their due days. `None` for a secret that opens
/// nothing, or whose person has left.
pub fn calendar(api: &Api, secret: &str, now: DateTime<Utc>) -> Result<Option<String>, ApiError> {
    if secret.len() != 64 || !secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let Some(id) = api.store().calendar_feed_of(&hash_of(secret))? else {
        return Ok(None);
    };
    let directory = api.directory();
    let limits = api.store().reminder_limits()?;
    let known = directory
        .people
        .iter()
        .find(|person| person.id == id && !person.left && !limits.ended.contains(&id));
    known
        .map(|person| calendar_of(api, person, now))
        .transpose()
}

/// The open action items of a person as a calendar.
pub fn calendar_of(api: &Api, person: &Person, now: DateTime<Utc>) -> Result<String, ApiError> {
    let filter = ActionFilter {
        owner: Some(person.id.clone()),
        statuses: vec![ActionStatus::Open, ActionStatus::InProgress],
        limit: IN_CALENDAR,
        ..ActionFilter::default()
    };
    let mut rows: Vec<ActionRow> = api.store().actions(&filter, api.today(), api.zone())?.rows;
    let limits = api.store().reminder_limits()?;
    rows.retain(|row| !row.trashed && row.due.is_some() && limits.may_hear(&person.id, &row.doc));
    let docs: Vec<&str> = rows.iter().map(|row| row.doc.as_str()).collect();
    let changed = api.store().updated_at(&docs)?;
    Ok(render::calendar::feed(
        &rows,
        &changed,
        person.called(),
        now,
    ))
}

/// What is kept of a secret: it cannot be read back.
fn hash_of(secret: &str) -> String {
    let digest = Sha256::digest(format!(
        "debrief calendar address\n{}",
        secret.to_ascii_lowercase()
    ));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
