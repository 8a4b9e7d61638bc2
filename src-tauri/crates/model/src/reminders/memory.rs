//! What was told already, on one way of telling (mail, chat, desktop).

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::plan::Reminded;
use super::{AHEAD_DAYS, BACK_HOURS};
use crate::postmortem::{DocId, PersonId, RowId};

/// What is remembered between two looks, so that nothing is told twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// When somebody looked for the first time, UTC. Digests of before are past.
    pub started: Option<DateTime<Utc>>,
    /// When somebody looked last, UTC.
    pub last: Option<DateTime<Utc>>,
    /// Action items that were looked at, by postmortem and row; settled ones too, as they may be opened again.
    pub items: BTreeMap<(DocId, RowId), ItemTold>,
    /// The last digest day of each person that is past, told or with nothing to tell.
    pub digests: BTreeMap<PersonId, NaiveDate>,
    /// The last day, in their zone, on which each person got a message, or may have got one.
    pub days: BTreeMap<PersonId, NaiveDate>,
    /// Messages that wait to be sent.
    pub waiting: BTreeMap<PersonId, Waiting>,
}

/// What is remembered of one action item. It holds as long as owner and due day are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemTold {
    /// Who owned it.
    pub owner: PersonId,
    /// The day it was due.
    pub due: NaiveDate,
    /// Occasions up to this instant were before it had this owner and day.
    pub since: DateTime<Utc>,
    /// The last occasion that was told.
    pub told_for: Option<NaiveDate>,
}

/// A message that was made and could not be sent yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The day it was made for, in the person's zone.
    pub day: NaiveDate,
    /// The action items in it.
    pub items: Vec<Reminded>,
    /// The digest day in it.
    pub digest: Option<NaiveDate>,
}

impl Memory {
    /// Why reminders are held back at an instant: the clock is not where it can have come to from the last look. Absent when
    /// all is well. A wrong clock must not send a year's reminders, nor keep the right time from sending any.
    pub fn wrong_clock(&self, now: DateTime<Utc>) -> Option<String> {
        let last = self.last?;
        let days = |by: Duration| match by.num_days() {
            1 => "a day".to_owned(),
            days => format!("{days} days"),
        };
        if last - now > Duration::hours(BACK_HOURS) {
            return Some(format!(
                "The clock is {} behind the last time that reminders were looked at ({}). No reminder goes out until somebody says that it is right.",
                days(last - now),
                last.format("%Y-%m-%d"),
            ));
        }
        if now - last > Duration::days(AHEAD_DAYS) {
            return Some(format!(
                "The clock is {} ahead of the last time that reminders were looked at ({}). No reminder goes out until somebody says that it is right.",
                days(now - last),
                last.format("%Y-%m-%d"),
            ));
        }
        None
    }
}
