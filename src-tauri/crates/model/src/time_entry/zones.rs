//! Zones that people write behind a time.

use chrono::{DateTime, FixedOffset, Offset, TimeZone, Utc};
use chrono_tz::{OffsetName, Tz};

use super::digits;
use crate::derived::zone_or_utc;

/// The short name of a zone at an instant: "CET", or "UTC+3" where there is no name.
pub fn zone_label(at: DateTime<Utc>, zone: &str) -> String {
    let local = at.with_timezone(&zone_or_utc(zone));
    match local.offset().abbreviation() {
        Some(name) if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) => {
            name.to_owned()
        }
        _ => offset_label(local.offset().fix()),
    }
}

fn offset_label(offset: FixedOffset) -> String {
    let minutes = offset.local_minus_utc() / 60;
    match (minutes / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".into(),
        (hours, 0) => format!("UTC{hours:+}"),
        (hours, rest) => format!(
            "UTC{}{}:{rest:02}",
            if minutes < 0 { "-" } else { "+" },
            hours.abs()
        ),
    }
}

/// The zone that was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Zone {
    Unsaid,
    Named(Tz),
    /// An offset, and a zone to show it in where one is known.
    Offset(FixedOffset, Option<Tz>),
}
/// `UTC`, `CET`, `+02:00`, `UTC+2`, `Europe/Berlin`; `None` when the word is no zone.
pub(super) fn read_zone(word: &str) -> Result<Option<Zone>, String> {
    let upper = word
        .trim_matches(['(', ')'])
        .to_uppercase()
        .replace('\u{2212}', "-");
    if let Some(offset) = upper
        .strip_prefix("UTC")
        .or(upper.strip_prefix("GMT"))
        .unwrap_or(&upper)
        .strip_prefix(['+', '-'])
    {
        let negative = upper.contains('-');
        let (hours, minutes) = match offset.split_once(':') {
            Some((hours, minutes)) => (digits(hours), digits(minutes)),
            None if offset.len() == 4 => match offset.split_at_checked(2) {
                Some((hours, minutes)) => (digits(hours), digits(minutes)),
                None => (None, None),
            },
            None => (digits(offset), Some(0)),
        };
        let (Some(hours @ 0..=14), Some(minutes @ 0..=59)) = (hours, minutes) else {
            return Err(format!("“{word}” is no offset. Write it as +02:00."));
        };
        let seconds = i32::try_from(hours * 3600 + minutes * 60).unwrap_or(0);
        let offset = if negative {
            FixedOffset::west_opt(seconds)
        } else {
            FixedOffset::east_opt(seconds)
        };
        return Ok(offset.map(|offset| Zone::Offset(offset, None)));
    }
    if ["UTC", "GMT", "Z"].contains(&upper.as_str()) {
        return Ok(Some(Zone::Named(chrono_tz::UTC)));
    }
    if ["IST", "AST", "BT", "SST"].contains(&upper.as_str()) {
        return Err(format!(
            "{upper} is the name of several zones. Write the zone as Asia/Kolkata or the offset as +05:30."
        ));
    }
    if let Some((_, minutes, zone)) = ABBREVIATIONS.iter().find(|(name, ..)| *name == upper) {
        return Ok(
            FixedOffset::east_opt(minutes * 60).map(|offset| Zone::Offset(offset, Some(*zone)))
        );
    }
    if !word.contains('/') {
        return Ok(None);
    }
    let found = chrono_tz::TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(word));
    match found {
        Some(zone) => Ok(Some(Zone::Named(*zone))),
        None if word.starts_with(|letter: char| letter.is_alphabetic()) => Err(format!(
            "“{word}” is no zone that we know. Write it as Europe/Berlin, or the offset as +02:00."
        )),
        None => Ok(None),
    }
}

/// Names of offsets that people write behind a time: minutes east of UTC, and a zone that uses the name.
const ABBREVIATIONS: [(&str, i32, Tz); 31] = [
    ("WET", 0, Tz::Europe__Lisbon),
    ("WEST", 60, Tz::Europe__Lisbon),
    ("BST", 60, Tz::Europe__London),
    ("CET", 60, Tz::Europe__Berlin),
    ("CEST", 120, Tz::Europe__Berlin),
    ("MEZ", 60, Tz::Europe__Berlin),
    ("MESZ", 120, Tz::Europe__Berlin),
    ("EET", 120, Tz::Europe__Helsinki),
    ("EEST", 180, Tz::Europe__Helsinki),
    ("MSK", 180, Tz::Europe__Moscow),
    ("EST", -300, Tz::America__New_York),
    ("EDT", -240, Tz::America__New_York),
    ("CST", -360, Tz::America__Chicago),
    ("CDT", -300, Tz::America__Chicago),
    ("MST", -420, Tz::America__Denver),
    ("MDT", -360, Tz::America__Denver),
    ("PST", -480, Tz::America__Los_Angeles),
    ("PDT", -420, Tz::America__Los_Angeles),
    ("AKST", -540, Tz::America__Anchorage),
    ("AKDT", -480, Tz::America__Anchorage),
    ("HST", -600, Tz::Pacific__Honolulu),
    ("JST", 540, Tz::Asia__Tokyo),
    ("KST", 540, Tz::Asia__Seoul),
    ("HKT", 480, Tz::Asia__Hong_Kong),
    ("SGT", 480, Tz::Asia__Singapore),
    ("AWST", 480, Tz::Australia__Perth),
    ("ACST", 570, Tz::Australia__Darwin),
    ("AEST", 600, Tz::Australia__Sydney),
    ("AEDT", 660, Tz::Australia__Sydney),
    ("NZST", 720, Tz::Pacific__Auckland),
    ("NZDT", 780, Tz::Pacific__Auckland),
];

/// The zone to keep a time in that was written with an offset: the display zone when its clock agrees, else the zone that
/// is nothing but this offset.
pub(super) fn zone_of_offset(offset: FixedOffset, at: DateTime<Utc>, zone: &str) -> String {
    if zone_or_utc(zone)
        .offset_from_utc_datetime(&at.naive_utc())
        .fix()
        == offset
    {
        return zone.to_owned();
    }
    let minutes = offset.local_minus_utc() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".into(),
        // The names of these zones count the other way round.
        (hours, 0) if format!("Etc/GMT{:+}", -hours).parse::<Tz>().is_ok() => {
            format!("Etc/GMT{:+}", -hours)
        }
        _ => zone.to_owned(),
    }
}
