//! A calendar that other programs subscribe to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use icalendar::{Component, Property};
use model::list::ActionRow;

use crate::actions;

/// How often a calendar asks again, as RFC 7986 writes it.
const REFRESH: &str = "PT1H";
/// Seconds from 1970 to 2020: sequence numbers count from there, so that they fit what calendars take until 2088.
const EPOCH: i64 = 1_577_836_800;

/// A person's open action items, each a whole-day entry on the day it is due: a date and no instant, so that it is the same day in
/// every zone. `changed` is when each postmortem was changed last: the entry's `LAST-MODIFIED`, and its `SEQUENCE` in seconds, which
/// never runs back while the clock does not. Items that are done or declined are not in it, and calendars take them away.
pub fn feed(
    rows: &[ActionRow],
    changed: &BTreeMap<String, DateTime<Utc>>,
    called: &str,
    now: DateTime<Utc>,
) -> String {
    let mut calendar = actions::calendar(&format!("Action items of {called}"));
    calendar.append_property(
        Property::new("REFRESH-INTERVAL", REFRESH)
            .add_parameter("VALUE", "DURATION")
            .done(),
    );
    calendar.append_property(Property::new("X-PUBLISHED-TTL", REFRESH));
    for row in rows {
        let Some(mut event) = actions::event(row, now) else {
            continue;
        };
        let changed = changed.get(&row.doc).copied().unwrap_or(now);
        event.last_modified(changed);
        let sequence = u32::try_from((changed.timestamp() - EPOCH).max(0)).unwrap_or(u32::MAX);
        event.sequence(sequence.min(i32::MAX.unsigned_abs()));
        calendar.push(event.done());
    }
    calendar.to_string()
}
