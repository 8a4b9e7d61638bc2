//! What happens to an action item once its review is over: its day is moved, somebody looks whether it worked, and it is
//! opened again where it did not. Each of these is an entry of the item's record that nobody changes afterwards.
//!
//! In the document an entry is one key of the item's row with an id of its own, so that two entries which are made at the
//! same time are both kept. An empty value is an entry that was taken back.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::document::{instant, instant_text, parsed};
use crate::postmortem::{ActionItem, ActionStatus, PersonId, RowId, Status};

/// Prefix of the key of a moved day.
pub(crate) const MOVE: &str = "move:";
/// Prefix of the key of an item's opening again.
pub(crate) const REOPENED: &str = "reopened:";

/// A due day that was moved, or taken away, after the review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DueMove {
    /// Its own id, a UUIDv7, which rises with time.
    pub id: RowId,
    /// When it was moved, UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who moved it; absent when nobody had said who they are.
    pub by: Option<PersonId>,
    /// The day it was due before.
    #[ts(type = "string | null")]
    pub from: Option<NaiveDate>,
    /// The day it is due now; absent when the day was taken away.
    #[ts(type = "string | null")]
    pub to: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// An action item that was done and is open again, because somebody looked and it had not worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Reopening {
    /// Its own id, a UUIDv7, which rises with time.
    pub id: RowId,
    /// When it was opened again, UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who looked; absent when nobody had said who they are.
    pub by: Option<PersonId>,
    /// What they saw.
    pub seen: String,
}

/// Whether a change of an item's due day needs a reason: it had one, and the review is over.
pub fn is_move(status: Status, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    matches!(status, Status::FollowUp | Status::Closed) && from.is_some() && from != to
}

/// The day on which to look whether something worked that is done today; none for no days.
pub fn look_again_on(today: NaiveDate, days: u16) -> Option<NaiveDate> {
    (days > 0)
        .then(|| today.checked_add_days(Days::new(u64::from(days))))
        .flatten()
}

/// Whether somebody is asked on a day whether an item worked.
pub fn asks_whether_it_worked(item: &ActionItem, today: NaiveDate) -> bool {
    item.status == ActionStatus::Done
        && item.verified.is_none()
        && item.check_on.is_some_and(|day| day <= today)
}

/// `<time>|<person or empty>|<day or empty>|<day or empty>|<reason>`.
pub(crate) fn move_text(entry: &DueMove) -> String {
    let day = |day: Option<NaiveDate>| {
        day.map(|day| day.format("%Y-%m-%d").to_string())
            .unwrap_or_default()
    };
    format!(
        "{}|{}|{}|{}|{}",
        instant_text(entry.at),
        one_part(&entry.by),
        day(entry.from),
        day(entry.to),
        entry.reason
    )
}

/// Reads what [`move_text`] wrote; anything else is no entry.
pub(crate) fn read_move(id: &str, text: &str) -> Option<DueMove> {
    let mut parts = text.splitn(5, '|');
    Some(DueMove {
        id: id.to_owned(),
        at: instant(parts.next()?)?,
        by: person(parts.next()?),
        from: parsed(parts.next()?),
        to: parsed(parts.next()?),
        reason: parts.next()?.to_owned(),
    })
}

/// `<time>|<person or empty>|<what was seen>`.
pub(crate) fn reopening_text(entry: &Reopening) -> String {
    let at = instant_text(entry.at);
    format!("{at}|{}|{}", one_part(&entry.by), entry.seen)
}

/// Reads what [`reopening_text`] wrote; anything else is no entry.
pub(crate) fn read_reopening(id: &str, text: &str) -> Option<Reopening> {
    let mut parts = text.splitn(3, '|');
    Some(Reopening {
        id: id.to_owned(),
        at: instant(parts.next()?)?,
        by: person(parts.next()?),
        seen: parts.next()?.to_owned(),
    })
}

/// An id in a value of several parts: one with a bar in it cannot stand there.
fn one_part(person: &Option<PersonId>) -> &str {
    person
        .as_deref()
        .filter(|id| !id.contains('|'))
        .unwrap_or_default()
}

fn person(part: &str) -> Option<PersonId> {
    (!part.is_empty()).then(|| part.to_owned())
}
