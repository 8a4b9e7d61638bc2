//! The policy's hour of a day in a zone, also on days on which clocks change.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

/// Minutes of the longest stretch that a zone has skipped: a whole day (Samoa, 30 December 2011), and some room.
const LONGEST_GAP: i64 = 26 * 60;

/// The instant at which an hour begins on a day in a zone. An hour that clocks skip is the first instant behind the gap; one that
/// comes twice is the first of the two.
pub fn slot(day: NaiveDate, hour: u8, zone: Tz) -> DateTime<Utc> {
    let wanted = day.and_time(chrono::NaiveTime::MIN) + Duration::hours(hour.min(23).into());
    let minutes = (0..=LONGEST_GAP).map(|minute| wanted + Duration::minutes(minute));
    let found = minutes
        .map(|local| zone.from_local_datetime(&local))
        .find_map(|local| match local {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
            LocalResult::None => None,
        });
    found.unwrap_or_else(|| wanted.and_utc())
}
