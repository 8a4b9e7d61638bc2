//! What the shells need to remind people: looking at what is due, and what each message says when it is sent.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use model::directory::{Directory, Person};
use model::list::ActionFilter;
use model::postmortem::ActionStatus;
use model::reminders::{
    Item, Memory, Message, Moment, Recipient, Reminded, ReminderPolicy, ReminderWish, Review,
    looked_at_until, plan, upcoming,
};
use render::reminder::{Reminder, ReminderItem, ReminderReview};
pub use render::reminder::{chat, mail, notification, place};
use store::ReminderLimits;
pub use store::{ReminderEnd, ReminderState, ReminderWay};
use uuid::Uuid;

use crate::error::ApiError;
use crate::open::Api;

/// Days for which the next messages are foreseen.
const FORESEEN: u64 = 14;

/// A message that is to be sent now.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The message's id; empty for one that was only foreseen.
    pub id: String,
    /// To whom.
    pub person: Person,
    /// The day that it is for, in their zone.
    pub day: NaiveDate,
    /// When it goes out, UTC.
    pub at: DateTime<Utc>,
    /// How often it was tried.
    pub tries: u32,
    /// What it says as things are now; `None` when there is nothing left to tell.
    pub reminder: Option<Reminder>,
    /// Why each of its parts is in it, as the policy has it.
    pub why: Vec<String>,
}

/// How often it is written down at least that somebody looked.
const SELDOM: TimeDelta = TimeDelta::minutes(30);

/// Everything that a look needs, apart from what was told.
struct Scene {
    policy: ReminderPolicy,
    items: Vec<Item>,
    reviews: Vec<Review>,
    people: Vec<Recipient>,
}

impl Scene {
    fn moment<'a>(&'a self, memory: &'a Memory) -> Moment<'a> {
        Moment {
            policy: &self.policy,
            items: &self.items,
            reviews: &self.reviews,
            people: &self.people,
            memory,
        }
    }
}

impl Api {
    /// Looks at what is due at an instant on a way of telling and keeps it as messages that wait. `Err` holds a sentence when
    /// the clock cannot be right, and nothing was kept.
    pub fn look_at_reminders(
        &self,
        way: ReminderWay,
        now: DateTime<Utc>,
    ) -> Result<Result<usize, String>, ApiError> {
        let scene = self.scene(way, now, 0)?;
        self.store().doubt_reminders(now.timestamp_millis())?;
        // Most looks find nothing, and need not be written down each time.
        let memory = self.store().reminder_memory(way)?;
        let recent = memory
            .last
            .is_some_and(|last| last <= now && now - last < SELDOM);
        if recent && plan(&scene.moment(&memory), now).is_nothing_new(&memory) {
            return Ok(Ok(0));
        }
        let made = self.store().look_at_reminders(
            way,
            now.timestamp_millis(),
            |memory| match memory.wrong_clock(now) {
                Some(wrong) => Err(wrong),
                None => Ok(plan(&scene.moment(memory), now)),
            },
            || Uuid::now_v7().to_string(),
        )?;
        Ok(made)
    }

    /// Messages that wait to be sent and may be tried now, each with what it says as things are now.
    pub fn reminders_to_send(
        &self,
        way: ReminderWay,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, ApiError> {
        let directory = self.directory();
        let mut out = Vec::new();
        for message in self
            .store()
            .reminders_to_send(way, now.timestamp_millis())?
        {
            let Some(person) = directory
                .people
                .iter()
                .find(|person| person.id == message.person)
            else {
                self.store().end_reminder(
                    &message.id,
                    now.timestamp_millis(),
                    &ReminderEnd::Dropped,
                )?;
                continue;
            };
            // What waits from another day is told with that day's.
            if today_of(self, &directory, person, now) != message.day {
                continue;
            }
            out.push(Outgoing {
                reminder: self.reminder(
                    (way, person),
                    message.day,
                    &message.items,
                    message.digest,
                )?,
                why: message.items.iter().map(why).collect(),
                id: message.id,
                person: person.clone(),
                day: message.day,
                at: now,
                tries: message.tries,
            });
        }
        Ok(out)
    }

    /// What would go out at an instant, without keeping anything: what waits, and what a look would add.
    ///
    /// Errors: `Refused` when the clock cannot be right.
    pub fn reminders_now(
        &self,
        way: ReminderWay,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, ApiError> {
        let memory = self.store().reminder_memory(way)?;
        if let Some(wrong) = memory.wrong_clock(now) {
            return Err(ApiError::new(crate::error::ErrorCode::Refused, wrong));
        }
        let scene = self.scene(way, now, 0)?;
        let planned = plan(&scene.moment(&memory), now);
        let mut out = self.told(
            way,
            planned
                .messages
                .into_iter()
                .map(|message| (now, message))
                .collect(),
        )?;
        let taken: Vec<String> = out
            .iter()
            .map(|message| message.person.id.clone())
            .collect();
        out.extend(
            self.reminders_to_send(way, now)?
                .into_iter()
                .filter(|message| !taken.contains(&message.person.id)),
        );
        out.retain(|message| message.reminder.is_some());
        Ok(out)
    }

    /// The next message of everybody within a fortnight, if nothing changes.
    pub fn reminders_ahead(
        &self,
        way: ReminderWay,
        now: DateTime<Utc>,
    ) -> Result<Vec<Outgoing>, ApiError> {
        let memory = self.store().reminder_memory(way)?;
        let scene = self.scene(way, now, FORESEEN)?;
        let next = upcoming(&scene.moment(&memory), now, FORESEEN);
        let mut out = self.told(way, next)?;
        out.retain(|message| message.reminder.is_some());
        Ok(out)
    }

    /// Changes what a person is sent to the weekly digest alone; nothing for those who want nothing.
    ///
    /// Errors: `NotFound`.
    pub fn digest_alone(&self, person: &str) -> Result<(), ApiError> {
        self.rooms().edit_directory("", |directory| {
            let known = directory.people.iter_mut().find(|known| known.id == person);
            let Some(known) = known else {
                return Err(ApiError::not_found(
                    "This person is not in the workspace's directory.",
                ));
            };
            if known.reminders == ReminderWish::All {
                known.reminders = ReminderWish::Digest;
            }
            Ok(())
        })
    }

    fn told(
        &self,
        way: ReminderWay,
        messages: Vec<(DateTime<Utc>, Message)>,
    ) -> Result<Vec<Outgoing>, ApiError> {
        let directory = self.directory();
        let mut out = Vec::new();
        for (at, message) in messages {
            let Some(person) = directory
                .people
                .iter()
                .find(|person| person.id == message.person)
            else {
                continue;
            };
            let digest = message.digest.map(|day| format!("the digest of {day}"));
            out.push(Outgoing {
                id: String::new(),
                person: person.clone(),
                day: message.day,
                at,
                tries: 0,
                reminder: self.reminder(
                    (way, person),
                    message.day,
                    &message.items,
                    message.digest,
                )?,
                why: message
                    .items
                    .iter()
                    .map(|item| match person.reminders {
                        ReminderWish::Digest => "in the weekly digest".into(),
                        _ => why(item),
                    })
                    .chain(digest)
                    .collect(),
            });
        }
        Ok(out)
    }

    fn scene(&self, way: ReminderWay, now: DateTime<Utc>, days: u64) -> Result<Scene, ApiError> {
        let directory = self.directory();
        let policy = directory.settings.reminders;
        let me = self.me();
        let limits = self.store().reminder_limits()?;
        let reached = |person: &&Person| match way {
            ReminderWay::Mail => !person.email.is_empty(),
            ReminderWay::Chat => true,
            ReminderWay::Desktop => me.as_ref() == Some(&person.id),
        };
        let people = directory
            .people
            .iter()
            .filter(|person| !person.left && !limits.ended.contains(&person.id))
            .filter(reached)
            .map(|person| Recipient {
                person: person.id.clone(),
                zone: zone_of(self, &directory, person),
                wish: person.reminders,
            })
            .collect();
        let until = looked_at_until(&policy, now);
        let until = until
            .checked_add_days(chrono::Days::new(days))
            .unwrap_or(until);
        let mut items = self.store().reminder_items(until)?;
        items.retain(|item| may_hear(&limits, way, &item.owner, &item.doc));
        let mut reviews = self.store().reminder_reviews()?;
        reviews.retain(|review| may_hear(&limits, way, &review.owner, &review.doc));
        Ok(Scene {
            policy,
            items,
            reviews,
            people,
        })
    }

    /// What a message says as things are now: what was done, declined, moved, given to somebody else or thrown away since it
    /// was made is not in it.
    fn reminder(
        &self,
        (way, person): (ReminderWay, &Person),
        today: NaiveDate,
        items: &[Reminded],
        digest: Option<NaiveDate>,
    ) -> Result<Option<Reminder>, ApiError> {
        let mut out = Reminder {
            called: person.called().to_owned(),
            today,
            ..Reminder::default()
        };
        let limits = self.store().reminder_limits()?;
        for item in items {
            let Some(row) = self.store().action(&item.doc, &item.id)? else {
                continue;
            };
            let open = matches!(row.status, ActionStatus::Open | ActionStatus::InProgress);
            let same = row.owner.as_ref() == Some(&person.id) && row.due == Some(item.due);
            if !open || !same || row.trashed || !may_hear(&limits, way, &person.id, &row.doc) {
                continue;
            }
            out.items.push(ReminderItem {
                doc: row.doc,
                id: row.id,
                number: row.number,
                text: row.text,
                done_when: row.done_when,
                from: row.doc_title,
                due: item.due,
            });
        }
        if digest.is_some() {
            out.digest = Some(self.reviews_of(way, &person.id, today)?);
        }
        let nothing = out.items.is_empty() && out.digest.as_ref().is_none_or(Vec::is_empty);
        Ok((!nothing).then_some(out))
    }

    fn reviews_of(
        &self,
        way: ReminderWay,
        person: &str,
        today: NaiveDate,
    ) -> Result<Vec<ReminderReview>, ApiError> {
        let mut out = Vec::new();
        let limits = self.store().reminder_limits()?;
        for review in self.store().reminder_reviews()? {
            if review.owner != person || !may_hear(&limits, way, person, &review.doc) {
                continue;
            }
            let open = ActionFilter {
                doc: Some(review.doc.clone()),
                statuses: vec![ActionStatus::Open, ActionStatus::InProgress],
                ..ActionFilter::default()
            };
            let page = self.store().actions(&open, today, self.zone())?;
            let Some(first) = page.rows.first() else {
                continue;
            };
            out.push(ReminderReview {
                doc: review.doc,
                title: first.doc_title.clone(),
                open: page.total.try_into().unwrap_or(usize::MAX),
                overdue: page
                    .rows
                    .iter()
                    .filter(|row| row.due.is_some_and(|due| due < today))
                    .count(),
                unowned: page.rows.iter().filter(|row| row.owner.is_none()).count(),
            });
        }
        Ok(out)
    }

    /// Open action items with a due day of people who cannot be reached on a way, by person: they left, or have no address.
    pub fn reminders_unreached(
        &self,
        way: ReminderWay,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<String, u32>, ApiError> {
        let directory = self.directory();
        let mut out = BTreeMap::new();
        for item in self.scene(way, now, 0)?.items {
            let known = directory
                .people
                .iter()
                .find(|person| person.id == item.owner);
            let reached = known.is_some_and(|person| {
                !person.left && (way != ReminderWay::Mail || !person.email.is_empty())
            });
            if !reached {
                *out.entry(item.owner).or_default() += 1;
            }
        }
        Ok(out)
    }
}

/// Whether a way of telling somebody may speak of a postmortem. A chat's channel has other readers than the owner.
fn may_hear(limits: &ReminderLimits, way: ReminderWay, person: &str, doc: &str) -> bool {
    let channel = way == ReminderWay::Chat;
    limits.may_hear(person, doc) && !(channel && limits.admitted.contains_key(doc))
}

fn zone_of(api: &Api, directory: &Directory, person: &Person) -> Tz {
    let named = |name: &str| name.parse::<Tz>().ok();
    named(&person.timezone)
        .or_else(|| named(&directory.settings.timezone))
        .unwrap_or_else(|| api.zone())
}

fn today_of(api: &Api, directory: &Directory, person: &Person, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&zone_of(api, directory, person))
        .date_naive()
}

/// Which occasion an item is in a message for.
fn why(item: &Reminded) -> String {
    match (item.occasion - item.due).num_days() {
        0 => "reminder for the day it is due".into(),
        -1 => "reminder for the day before".into(),
        days @ ..-1 => format!("reminder for {} days before", -days),
        1 => "reminder for the day after".into(),
        days => format!("reminder for {days} days after"),
    }
}
