//! Requests and responses of the commands about reminders and calendars.

use chrono::{DateTime, NaiveDate, Utc};
use model::postmortem::PersonId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What goes out next, and what is on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RemindersView {
    /// The next message of everybody within a fortnight, soonest first, if nothing changes.
    pub next: Vec<ReminderNext>,
    /// Messages: those that wait first, then the newest.
    pub messages: Vec<ReminderLine>,
    /// People with open action items whom no mail reaches: they have no address, or left.
    pub unreached: Vec<ReminderUnreached>,
    /// Why reminders are held back, as a sentence; absent when they are not.
    pub held: Option<String>,
    /// Something sends them by mail: it looked at what is due within the last two days, or would have but for `held`.
    pub mailed: bool,
}

/// A message that will go out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReminderNext {
    /// To whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their address; empty for none.
    pub email: String,
    /// When, UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// The day in their zone.
    #[ts(type = "string")]
    pub day: NaiveDate,
    /// Its subject.
    pub subject: String,
    /// What is in it, each with why.
    pub parts: Vec<String>,
}

/// A message on its way, or at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReminderLine {
    /// Its id.
    pub id: String,
    /// `mail`, `chat` or `desktop`.
    pub way: String,
    /// To whom, by name.
    pub name: String,
    /// For which day in their zone.
    #[ts(type = "string")]
    pub day: NaiveDate,
    /// `waiting`, `sending`, `sent`, `doubt` (nobody knows whether it arrived) or `refused`.
    pub state: String,
    /// When that changed last, UTC.
    #[ts(type = "string")]
    pub changed_at: DateTime<Utc>,
    /// When it is tried next, UTC; for one that waits.
    #[ts(type = "string | null")]
    pub next_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last, as a sentence; empty for nothing.
    pub error: String,
}

/// Somebody whom no mail reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReminderUnreached {
    /// Who; by id where nobody knows the name.
    pub name: String,
    /// They left.
    pub left: bool,
    /// Open action items of theirs that are due soon or overdue.
    pub items: u32,
}

/// The caller's private calendar address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct CalendarFeed {
    /// When it was made, UTC; absent when there is none.
    #[ts(type = "string | null")]
    pub made_at: Option<DateTime<Utc>>,
    /// Its path on the server, `/calendar/<secret>.ics`: told once, when it is made, and kept nowhere.
    pub path: Option<String>,
}
