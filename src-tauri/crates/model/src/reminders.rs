//! Which reminders are due, and to whom: the policy of a workspace and one function of it, without a clock or a database.
//!
//! An action item with an owner and a due day has *occasions*: some days before it is due, on the day, and again after
//! every so many days until it is settled. What has come due for one owner goes out in one message, at most one a day, at
//! the policy's hour of the owner's own zone. A computer that was off catches up as soon as it is on, with the one message
//! of that day, and of several missed occasions of an item only the latest counts.
//! Once a week a digest goes to those who own a review that has open action items.
//! Source: PRACTICE's follow-through (reminders and a report); the policy's numbers are the team's to set.

mod hour;
mod memory;
mod plan;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use hour::slot;
pub use memory::{ItemTold, Memory, Waiting};
pub use plan::{
    Item, Message, Moment, Plan, Recipient, Reminded, Review, looked_at_until, plan, upcoming,
};

/// Hours that a clock may be behind the last time it was looked at before reminders are held back.
pub const BACK_HOURS: i64 = 24;
/// Days that a clock may be ahead of the last time it was looked at: a computer may have been off for so long.
pub const AHEAD_DAYS: i64 = 60;
/// Days ahead in which a digest names what is due.
pub const DIGEST_AHEAD: u64 = 7;

/// When reminders go out: shared by the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReminderPolicy {
    /// Days before an action item is due; 0 for no such reminder.
    pub days_before: u16,
    /// Also on the day that it is due.
    pub on_day: bool,
    /// After it was due, again every so many days; 0 for never.
    pub every_days: u16,
    /// What happens to a reminder that falls on a Saturday or Sunday.
    pub weekends: Weekends,
    /// Hour of the day in the owner's zone, 0 to 23.
    pub hour: u8,
    /// Day of the week on which owners of a review get its digest.
    pub digest: DigestDay,
}

impl Default for ReminderPolicy {
    fn default() -> Self {
        Self {
            days_before: 3,
            on_day: true,
            every_days: 7,
            weekends: Weekends::Monday,
            hour: 9,
            digest: DigestDay::Monday,
        }
    }
}

/// What happens to a reminder that falls on a weekend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Weekends {
    /// It goes out all the same.
    Send,
    /// It goes out on Monday.
    #[default]
    Monday,
}

/// The day of the weekly digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DigestDay {
    /// There is no digest. Those who asked for nothing else get theirs on Monday.
    Never,
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DigestDay {
    /// The day of the week; absent for no digest.
    pub fn weekday(self) -> Option<Weekday> {
        Some(match self {
            Self::Never => return None,
            Self::Monday => Weekday::Mon,
            Self::Tuesday => Weekday::Tue,
            Self::Wednesday => Weekday::Wed,
            Self::Thursday => Weekday::Thu,
            Self::Friday => Weekday::Fri,
            Self::Saturday => Weekday::Sat,
            Self::Sunday => Weekday::Sun,
        })
    }
}

/// What a person wants to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReminderWish {
    /// Reminders of their own action items, and the digest of reviews that they own.
    #[default]
    All,
    /// One digest a week and nothing else.
    Digest,
    /// Nothing.
    None,
}

impl ReminderPolicy {
    /// Whether nothing goes out on a day.
    pub fn rests(&self, day: NaiveDate) -> bool {
        self.weekends == Weekends::Monday && is_weekend(day)
    }

    /// The day on which what falls on `day` goes out.
    pub fn goes_out(&self, day: NaiveDate) -> NaiveDate {
        let mut day = day;
        while self.rests(day) {
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        day
    }

    /// The latest occasion of an item that is due on `due`, up to `day` and before any weekend is skipped; absent when there
    /// was none yet.
    pub fn occasion(&self, due: NaiveDate, day: NaiveDate) -> Option<NaiveDate> {
        let late = (day - due).num_days();
        let every = i64::from(self.every_days);
        if every > 0 && late >= every {
            return due.checked_add_days(Days::new(u64::try_from(late - late % every).ok()?));
        }
        if self.on_day && late >= 0 {
            return Some(due);
        }
        let before = due.checked_sub_days(Days::new(self.days_before.into()))?;
        (self.days_before > 0 && before <= day).then_some(before)
    }

    /// The latest digest day up to `day`. `always` is for people who get nothing but the digest.
    pub fn digest_day(&self, day: NaiveDate, always: bool) -> Option<NaiveDate> {
        let weekday = match self.digest.weekday() {
            Some(weekday) => weekday,
            None if always => Weekday::Mon,
            None => return None,
        };
        let back = day.weekday().days_since(weekday);
        day.checked_sub_days(Days::new(back.into()))
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
