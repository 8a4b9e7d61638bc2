//! What is due at an instant.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::memory::{ItemTold, Memory, Waiting};
use super::{DIGEST_AHEAD, ReminderPolicy, ReminderWish, slot};
use crate::postmortem::{DocId, PersonId, RowId};

/// An open action item with an owner and a due day, of a postmortem that is not in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its postmortem.
    pub doc: DocId,
    /// Its row.
    pub id: RowId,
    /// Its owner.
    pub owner: PersonId,
    /// The day it is due.
    pub due: NaiveDate,
    /// When it was written down, UTC, where that is known.
    pub opened_at: Option<DateTime<Utc>>,
}

/// A postmortem, not in the trash, that has open action items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The postmortem.
    pub doc: DocId,
    /// Who brings it to its end.
    pub owner: PersonId,
}

/// Somebody of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub person: PersonId,
    /// Their zone.
    pub zone: Tz,
    /// What they want to be sent. Those who left want nothing.
    pub wish: ReminderWish,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The policy.
    pub policy: &'a ReminderPolicy,
    /// Open action items with an owner and a due day; those that are due long after [`looked_at_until`] may be missing.
    pub items: &'a [Item],
    /// Postmortems with open action items and an owner.
    pub reviews: &'a [Review],
    /// The people.
    pub people: &'a [Recipient],
    /// What was told before.
    pub memory: &'a Memory,
}

/// One action item of a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reminded {
    /// Its postmortem.
    pub doc: DocId,
    /// Its row.
    pub id: RowId,
    /// The day it is due.
    pub due: NaiveDate,
    /// The occasion: a day before, on or after `due`. In a digest, the digest day.
    pub occasion: NaiveDate,
}

/// One message to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub person: PersonId,
    /// The day that it is for, in their zone. There is at most one for each person and day.
    pub day: NaiveDate,
    /// Their action items, the most overdue first.
    pub items: Vec<Reminded>,
    /// The digest that it holds, by its day.
    pub digest: Option<NaiveDate>,
    /// It takes the place of one that waits.
    pub instead: bool,
}

/// What is to be sent at an instant, and what is to be remembered when that has been written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The messages, by person.
    pub messages: Vec<Message>,
    /// What to remember of the action items that were looked at, besides what is remembered of others.
    pub items: BTreeMap<(DocId, RowId), ItemTold>,
    /// Digest days that are past now, told or with nothing to tell.
    pub digests: BTreeMap<PersonId, NaiveDate>,
    /// People whose waiting message has nothing left to tell.
    pub dropped: Vec<PersonId>,
}

impl Plan {
    /// Whether there is nothing in it that is not remembered already.
    pub fn is_nothing_new(&self, memory: &Memory) -> bool {
        let known = |(key, told): (&(DocId, RowId), &ItemTold)| memory.items.get(key) == Some(told);
        self.messages.is_empty()
            && self.digests.is_empty()
            && self.dropped.is_empty()
            && self.items.iter().all(known)
    }
}

/// The last due day that can matter at an instant, anywhere in the world.
pub fn looked_at_until(policy: &ReminderPolicy, now: DateTime<Utc>) -> NaiveDate {
    let ahead = u64::from(policy.days_before).max(DIGEST_AHEAD) + 2;
    let today = now.date_naive();
    today
        .checked_add_days(Days::new(ahead))
        .unwrap_or(NaiveDate::MAX)
}

/// What is due at `now` and was not told before. The clock is taken for right ([`Memory::wrong_clock`]).
pub fn plan(moment: &Moment<'_>, now: DateTime<Utc>) -> Plan {
    let memory = moment.memory;
    let mut out = Plan::default();
    let mut owned: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in moment.items {
        owned.entry(&item.owner).or_default().push(item);
        out.items.insert(key(item), remembered(memory, item, now));
    }
    let review_owners: BTreeSet<&str> = moment
        .reviews
        .iter()
        .map(|review| review.owner.as_str())
        .collect();
    for recipient in moment.people {
        let items = owned
            .get(recipient.person.as_str())
            .map_or(&[][..], Vec::as_slice);
        let owns_review = review_owners.contains(recipient.person.as_str());
        one(moment, now, recipient, items, owns_review, &mut out);
    }
    out.messages.sort_by(|a, b| a.person.cmp(&b.person));
    out
}

/// The next message of each person within some days from `now`, with the instant at which it goes out, if nothing changes.
pub fn upcoming(
    moment: &Moment<'_>,
    now: DateTime<Utc>,
    days: u64,
) -> Vec<(DateTime<Utc>, Message)> {
    let mut out: Vec<(DateTime<Utc>, Message)> = Vec::new();
    for recipient in moment.people {
        let own: Vec<Item> = moment
            .items
            .iter()
            .filter(|item| item.owner == recipient.person)
            .cloned()
            .collect();
        let reviews: Vec<Review> = moment
            .reviews
            .iter()
            .filter(|review| review.owner == recipient.person)
            .cloned()
            .collect();
        let alone = Moment {
            items: &own,
            reviews: &reviews,
            people: std::slice::from_ref(recipient),
            ..*moment
        };
        let today = now.with_timezone(&recipient.zone).date_naive();
        let hours = (0..=days).filter_map(|ahead| {
            let day = today.checked_add_days(Days::new(ahead))?;
            Some(slot(day, moment.policy.hour, recipient.zone))
        });
        let found = std::iter::once(now)
            .chain(hours.filter(|at| *at > now))
            .find_map(|at| Some((at, plan(&alone, at).messages.pop()?)));
        out.extend(found);
    }
    out.sort_by(|(a, first), (b, second)| a.cmp(b).then_with(|| first.person.cmp(&second.person)));
    out
}

fn key(item: &Item) -> (DocId, RowId) {
    (item.doc.clone(), item.id.clone())
}

/// What is known of an item: what was remembered, unless it has got another owner or day since the last look.
fn remembered(memory: &Memory, item: &Item, now: DateTime<Utc>) -> ItemTold {
    let before = memory.items.get(&key(item));
    if let Some(known) = before
        && known.owner == item.owner
        && known.due == item.due
    {
        return known.clone();
    }
    let last_look = memory.last.unwrap_or(now);
    let since = match before {
        Some(_) => last_look,
        None => item.opened_at.unwrap_or(last_look).min(now),
    };
    ItemTold {
        owner: item.owner.clone(),
        due: item.due,
        since,
        told_for: None,
    }
}

/// One person at an instant: their zone's day and what was told them.
struct Look<'a> {
    moment: &'a Moment<'a>,
    recipient: &'a Recipient,
    now: DateTime<Utc>,
    /// Today, in their zone.
    day: NaiveDate,
    /// The last day before today on which messages went out.
    before: Option<NaiveDate>,
    /// Occasions before this instant were before anybody looked.
    started: DateTime<Utc>,
}

impl Look<'_> {
    /// The instant at which what falls on a day goes out.
    fn starts(&self, day: NaiveDate) -> DateTime<Utc> {
        let policy = self.moment.policy;
        slot(policy.goes_out(day), policy.hour, self.recipient.zone)
    }

    /// The occasion up to a day that was not told.
    fn untold(&self, item: &Item, known: &ItemTold, day: NaiveDate) -> Option<NaiveDate> {
        let occasion = self.moment.policy.occasion(item.due, day)?;
        let fresh = known.told_for.is_none_or(|told| told < occasion);
        (fresh && self.starts(occasion) > known.since).then_some(occasion)
    }

    /// The digest day up to a day that is not past.
    fn untold_digest(&self, day: NaiveDate) -> Option<NaiveDate> {
        let alone = self.recipient.wish == ReminderWish::Digest;
        let digest = self.moment.policy.digest_day(day, alone)?;
        let told = self.moment.memory.digests.get(&self.recipient.person);
        let fresh = told.is_none_or(|told| *told < digest);
        (fresh && self.starts(digest) > self.started).then_some(digest)
    }
}

fn one(
    moment: &Moment<'_>,
    now: DateTime<Utc>,
    recipient: &Recipient,
    items: &[&Item],
    owns_review: bool,
    out: &mut Plan,
) {
    let Moment { policy, memory, .. } = *moment;
    let person = recipient.person.as_str();
    let day = now.with_timezone(&recipient.zone).date_naive();
    if policy.rests(day) {
        return;
    }
    let before = day
        .iter_days()
        .rev()
        .skip(1)
        .find(|day| !policy.rests(*day));
    let look = Look {
        moment,
        recipient,
        now,
        day,
        before,
        started: memory.started.unwrap_or(now),
    };
    let waiting = memory
        .waiting
        .get(person)
        .filter(|waiting| waiting.day < day);
    if !look.is_time(items, waiting.is_some(), out) {
        return;
    }
    let past = look.untold_digest(day);
    if recipient.wish == ReminderWish::None {
        out.dropped.extend(waiting.map(|_| person.to_owned()));
        out.digests.extend(past.map(|day| (person.to_owned(), day)));
        return;
    }
    let made = memory
        .waiting
        .get(person)
        .is_some_and(|waiting| waiting.day >= day);
    if made || memory.days.get(person).is_some_and(|told| *told >= day) {
        return;
    }
    let message = look.message(items, owns_review, past, waiting, out);
    out.digests.extend(past.map(|day| (person.to_owned(), day)));
    match message {
        Some(message) => out.messages.push(message),
        None => out.dropped.extend(waiting.map(|_| person.to_owned())),
    }
}

impl Look<'_> {
    /// Whether the hour has come, or something of an earlier day was missed: whoever has a computer on before the hour alone
    /// must be told, too.
    fn is_time(&self, items: &[&Item], waits: bool, out: &Plan) -> bool {
        if waits || self.now >= slot(self.day, self.moment.policy.hour, self.recipient.zone) {
            return true;
        }
        let Some(before) = self.before else {
            return false;
        };
        if self.recipient.wish == ReminderWish::All {
            let missed = |item: &&Item| {
                let known = out.items.get(&key(item));
                known.is_some_and(|known| self.untold(item, known, before).is_some())
            };
            if items.iter().any(missed) {
                return true;
            }
        }
        self.untold_digest(before).is_some()
    }

    /// All that there is to tell, if anything.
    fn message(
        &self,
        items: &[&Item],
        owns_review: bool,
        past: Option<NaiveDate>,
        waiting: Option<&Waiting>,
        out: &mut Plan,
    ) -> Option<Message> {
        let soon = self
            .day
            .checked_add_days(Days::new(DIGEST_AHEAD))
            .unwrap_or(self.day);
        let alone = self.recipient.wish == ReminderWish::Digest;
        // A digest that waits is told now, as long as there is something to tell.
        let digest = past
            .or(waiting.and_then(|waiting| waiting.digest))
            .filter(|_| owns_review || (alone && items.iter().any(|item| item.due <= soon)));
        let mut reminded = Vec::new();
        for item in items {
            let told = |occasion| Reminded {
                doc: item.doc.clone(),
                id: item.id.clone(),
                due: item.due,
                occasion,
            };
            if alone {
                reminded.extend(digest.filter(|_| item.due <= soon).map(told));
                continue;
            }
            let Some(known) = out.items.get_mut(&key(item)) else {
                continue;
            };
            if let Some(occasion) = self.untold(item, known, self.day) {
                known.told_for = Some(occasion);
                reminded.push(told(occasion));
                continue;
            }
            // It was in a message that did not get away: still open, and still due on that day.
            let kept = waiting.and_then(|waiting| {
                waiting
                    .items
                    .iter()
                    .find(|kept| kept.doc == item.doc && kept.id == item.id && kept.due == item.due)
            });
            reminded.extend(kept.map(|kept| told(kept.occasion)));
        }
        if reminded.is_empty() && digest.is_none() {
            return None;
        }
        reminded.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.cmp(b)));
        Some(Message {
            person: self.recipient.person.clone(),
            day: self.day,
            items: reminded,
            digest,
            instead: waiting.is_some(),
        })
    }
}
