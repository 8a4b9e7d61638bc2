//! The words of exports and messages, in one place: names of phases and kinds, durations ("1 h 35"), dates
//! ("10 Nov 2026, 16:05 CET").

use chrono::{DateTime, Datelike, NaiveDate, Utc};
pub use model::duration_words::{duration, duration_about};
use model::exchange::zone_or_utc;
use model::postmortem::AnchorKey;
use serde::Serialize;

/// The name of a phase, kind, status, role, type, priority or severity as people read it: its word on the wire with a
/// capital and spaces ("In progress", "SEV2").
pub fn name<T: Serialize>(value: T) -> String {
    let Ok(serde_json::Value::String(wire)) = serde_json::to_value(value) else {
        return String::new();
    };
    let mut out = String::with_capacity(wire.len());
    for (i, c) in wire.chars().enumerate() {
        match c {
            '_' => out.push(' '),
            c if i == 0 => out.extend(c.to_uppercase()),
            c => out.push(c),
        }
    }
    out
}

/// What an anchor is: "Impact starts".
pub fn anchor(key: AnchorKey) -> &'static str {
    match key {
        AnchorKey::T0 => "Impact starts",
        AnchorKey::T1 => "First signal",
        AnchorKey::T2 => "We know",
        AnchorKey::T3 => "Responder engaged",
        AnchorKey::T4 => "Responder has access",
        AnchorKey::T5 => "First mitigating change",
        AnchorKey::T6 => "Impact ends",
        AnchorKey::T7 => "Declared resolved",
    }
}

/// A day: "10 Nov 2026".
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// The day of an instant in a zone: "10 Nov 2026".
pub fn date(at: DateTime<Utc>, zone: &str) -> String {
    in_zone(at, zone, "%-d %b %Y")
}

/// The clock time of an instant in a zone: "16:05".
pub fn time(at: DateTime<Utc>, zone: &str) -> String {
    in_zone(at, zone, "%H:%M")
}

/// An instant with everything that it needs outside the app: "10 Nov 2026, 16:05 CET".
pub fn date_time(at: DateTime<Utc>, zone: &str) -> String {
    format!(
        "{} {}",
        in_zone(at, zone, "%-d %b %Y, %H:%M"),
        zone_label(at, zone)
    )
}

/// A stretch of time: "10 Nov 2026, 16:00 to 16:20 CET"; with both days when it crosses midnight.
pub fn stretch(from: DateTime<Utc>, to: Option<DateTime<Utc>>, zone: &str) -> String {
    match to {
        None => format!("since {}", date_time(from, zone)),
        Some(to) if date(from, zone) == date(to, zone) => {
            format!(
                "{} to {} {}",
                in_zone(from, zone, "%-d %b %Y, %H:%M"),
                time(to, zone),
                zone_label(to, zone)
            )
        }
        Some(to) => format!(
            "{} to {}",
            in_zone(from, zone, "%-d %b %Y, %H:%M"),
            date_time(to, zone)
        ),
    }
}

/// The label of a zone at an instant: "CET", "UTC", or "UTC+03:30" where the zone has no letters of its own.
pub fn zone_label(at: DateTime<Utc>, zone: &str) -> String {
    let label = in_zone(at, zone, "%Z");
    if label.starts_with(['+', '-']) {
        format!("UTC{}", in_zone(at, zone, "%:z"))
    } else {
        label
    }
}

fn in_zone(at: DateTime<Utc>, zone: &str, format: &str) -> String {
    // A zone's offset could leave what a calendar can hold at the ends of time.
    if (1..=9998).contains(&at.year()) {
        at.with_timezone(&zone_or_utc(zone))
            .format(format)
            .to_string()
    } else {
        at.format(format).to_string()
    }
}

/// "1 finding", "2 findings".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use model::postmortem::{ActionStatus, Phase, ReviewRole, Severity};

    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let shown: Vec<String> = [0, 45, 60, 1200, 3600, 5700, 10_980, 86_400, 100_000, -300]
            .into_iter()
            .map(|s| duration(Some(s)))
            .collect();
        let expected = [
            "0 s", "45 s", "1 min", "20 min", "1 h", "1 h 35", "3 h 03", "1 d", "1 d 3 h", "−5 min",
        ];
        assert_eq!(
            shown, expected,
            "screens and exports show lengths of time in these words"
        );
        assert_eq!(
            duration(None),
            "unknown",
            "a missing anchor gives no number"
        );
        assert_eq!(
            duration_about(Some(1200), true),
            "about 20 min",
            "an estimate says so"
        );
    }

    #[test]
    fn times_carry_their_zone() {
        let at: DateTime<Utc> = "2026-11-10T15:05:00Z".parse().expect("a constant");
        assert_eq!(
            date_time(at, "Europe/Berlin"),
            "10 Nov 2026, 16:05 CET",
            "zones have letters in Europe"
        );
        assert_eq!(
            date_time(at, "Asia/Tehran"),
            "10 Nov 2026, 18:35 UTC+03:30",
            "others are counted from UTC"
        );
        assert_eq!(
            date_time(at, "no zone"),
            "10 Nov 2026, 15:05 UTC",
            "an unknown zone is UTC, and says so"
        );
        let next: DateTime<Utc> = "2026-11-11T00:10:00Z".parse().expect("a constant");
        assert_eq!(
            stretch(at, Some(next), "UTC"),
            "10 Nov 2026, 15:05 to 11 Nov 2026, 00:10 UTC",
            "an incident that crosses midnight shows both days"
        );
    }

    #[test]
    fn names_come_from_the_words_on_the_wire() {
        assert_eq!(
            name(Phase::Detection),
            "Detection",
            "phases have one name everywhere"
        );
        assert_eq!(
            name(ActionStatus::InProgress),
            "In progress",
            "underscores are not for people"
        );
        assert_eq!(
            name(ReviewRole::FirstResponder),
            "First responder",
            "roles too"
        );
        assert_eq!(
            name(Severity::Sev2),
            "SEV2",
            "severities keep their capitals"
        );
    }
}
