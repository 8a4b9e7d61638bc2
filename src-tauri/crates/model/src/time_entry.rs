//! Reads the times that people type.

mod days;
mod zones;

use chrono::{
    DateTime, Datelike, LocalResult, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
    Timelike, Utc,
};
use chrono_tz::{OffsetComponents, Tz};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::derived::zone_or_utc;
use crate::postmortem::Precision;

pub use zones::zone_label;

use days::{
    Day, YEARS, check_year, date, day_number, month_number, nearest_day, nearest_year, numeric_day,
    split_iso,
};
use zones::{Zone, read_zone, zone_of_offset};

/// What a typed time means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimeRead {
    /// One instant.
    Moment {
        /// UTC.
        #[ts(type = "string")]
        at: DateTime<Utc>,
        /// The zone it is meant in.
        zone: String,
        /// Exact or about.
        precision: Precision,
        /// How it will be shown: "10 Nov 2026, 16:05 CET".
        shown: String,
    },
    /// The clock showed this time twice; ask which.
    Ambiguous {
        /// The choices, earliest first.
        choices: Vec<TimeChoice>,
        /// The question.
        question: String,
    },
    /// The clock skipped this time; ask which neighbour was meant.
    Skipped {
        /// The choices, earliest first.
        choices: Vec<TimeChoice>,
        /// The question.
        question: String,
    },
    /// Not a time.
    Unreadable {
        /// What would be readable.
        message: String,
    },
}

/// One meaning of an ambiguous or skipped time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeChoice {
    /// UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// The zone it is meant in.
    pub zone: String,
    /// "2:30 summer time (CEST)".
    pub label: String,
}

/// What a typed time means.
///
/// `zone` is the IANA zone it is meant in when it names none; an unknown name counts as UTC. `reference` is what a bare time
/// and `+5m` go by: a bare time is on the reference's day in that zone, or just across midnight when that is nearer.
/// `yesterday`, `today`, `now` and `5m ago` go by `now`. A date without a year is in the year nearest to the reference.
pub fn read_time(text: &str, zone: &str, reference: DateTime<Utc>, now: DateTime<Utc>) -> TimeRead {
    match read(text, zone, reference, now) {
        Ok(read) => read,
        Err(message) => TimeRead::Unreadable { message },
    }
}

/// How an instant is shown: "10 Nov 2026, 16:05 CET", with seconds when there are any.
pub fn shown(at: DateTime<Utc>, zone: &str, precision: Precision) -> String {
    let local = at.with_timezone(&zone_or_utc(zone));
    let about = if precision == Precision::About {
        "about "
    } else {
        ""
    };
    let clock = if local.second() == 0 {
        local.format("%H:%M")
    } else {
        local.format("%H:%M:%S")
    };
    format!(
        "{}, {about}{clock} {}",
        local.format("%-d %b %Y"),
        zone_label(at, zone)
    )
}

const EXAMPLES: &str = "16:05, 4:05pm, yesterday 16:05, +5m or 2026-11-10 16:05 UTC";
/// Letters that a typed time may have.
const LONGEST: usize = 100;

fn read(
    text: &str,
    zone: &str,
    reference: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<TimeRead, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("Write a time, such as {EXAMPLES}."));
    }
    if text.chars().count() > LONGEST {
        return Err(format!(
            "This is too long for a time. Write it as {EXAMPLES}."
        ));
    }
    let zone = zone.parse::<Tz>().map_or("UTC", |zone| zone.name());
    // Local times at the very ends of the calendar cannot be computed with.
    let sensible = |at: DateTime<Utc>| {
        if (1..=9998).contains(&at.year()) {
            at
        } else {
            DateTime::UNIX_EPOCH
        }
    };
    let (reference, now) = (sensible(reference), sensible(now));
    let (text, precision) = without_about(text);
    if let Some(at) = relative(text, reference, now)? {
        return moment(at, zone, precision);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        let zone = zone_of_offset(*at.offset(), at.to_utc(), zone);
        return moment(at.to_utc(), &zone, precision);
    }
    Typed::read(text)?.resolve(zone, reference, now, precision)
}

fn moment(at: DateTime<Utc>, zone: &str, precision: Precision) -> Result<TimeRead, String> {
    let year = at.with_timezone(&zone_or_utc(zone)).year();
    check_year(i64::from(year))?;
    Ok(TimeRead::Moment {
        at,
        zone: zone.to_owned(),
        precision,
        shown: shown(at, zone, precision),
    })
}

/// Takes "about", "~" and the like off the front.
fn without_about(text: &str) -> (&str, Precision) {
    for mark in [
        "about ",
        "around ",
        "approximately ",
        "approx. ",
        "approx ",
        "circa ",
        "ca. ",
        "ca ",
        "~",
    ] {
        if text
            .get(..mark.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(mark))
        {
            return (
                text.get(mark.len()..).unwrap_or_default().trim_start(),
                Precision::About,
            );
        }
    }
    (text, Precision::Exact)
}

/// `+5m`, `+1h30`, `-10 min`, `+1:30`, `now`, `10 minutes ago`; `None` when the text is nothing of the kind.
fn relative(
    text: &str,
    reference: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, String> {
    let lower = text.to_lowercase();
    if lower == "now" {
        return Ok(now.with_nanosecond(0));
    }
    let (base, sign, amount) = if let Some(amount) = lower.strip_suffix(" ago") {
        (now, -1, amount)
    } else if let Some(amount) = lower.strip_prefix('+') {
        (reference, 1, amount)
    } else if let Some(amount) = lower.strip_prefix(['-', '\u{2212}']) {
        (reference, -1, amount)
    } else {
        return Ok(None);
    };
    let wrong =
        || format!("“{text}” is not a length of time. Write it as +5m, +1h30, -10m or +2d.");
    let seconds = seconds_of(amount.trim()).ok_or_else(wrong)?;
    let at =
        TimeDelta::try_seconds(sign * seconds).and_then(|delta| base.checked_add_signed(delta));
    at.map(Some)
        .ok_or_else(|| format!("“{text}” reaches too far."))
}

/// Seconds of `5m`, `1h30`, `1 h 30 min`, `90s`, `2d`, `1:30` (hours and minutes), `5` (minutes).
fn seconds_of(text: &str) -> Option<i64> {
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes) = (
            digits(hours)?,
            digits(minutes).filter(|minutes| *minutes < 60)?,
        );
        return hours.checked_mul(3600)?.checked_add(minutes * 60);
    }
    let mut total = 0i64;
    let mut rest = text;
    // What a number without a unit counts: minutes, or after a unit the next smaller one.
    let mut bare = 60;
    let mut any = false;
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(rest.len());
        let number = digits(rest.get(..end)?)?;
        rest = rest.get(end..)?.trim_start();
        let end = rest
            .find(|letter: char| !letter.is_alphabetic())
            .unwrap_or(rest.len());
        let unit = match rest.get(..end)? {
            "" if rest.is_empty() => bare,
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
            "d" | "day" | "days" => 86_400,
            _ => return None,
        };
        bare = match unit {
            86_400 => 3600,
            3600 => 60,
            _ => 1,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(end..)?.trim_start();
        any = true;
    }
    any.then_some(total)
}

/// The number that these digits are; at most nine of them.
fn digits(text: &str) -> Option<i64> {
    let plain =
        !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// A day, a time of day and a zone, as they were typed.
struct Typed {
    day: Day,
    /// Absent: no time was typed. Hour 24 is the end of the day.
    clock: Option<(u32, u32, u32)>,
    zone: Zone,
}

impl Typed {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not a time. Write it as {EXAMPLES}.");
        // "4:05 pm" and "4 p.m." are one word; so are a date and a time with T between them two.
        let mut words: Vec<String> = Vec::new();
        for word in text
            .split([' ', ',', '\t', '\u{a0}', '\u{202f}'])
            .filter(|word| !word.is_empty())
        {
            let lower = word.to_lowercase();
            let half = matches!(lower.as_str(), "am" | "pm" | "a.m." | "p.m.");
            match words.last_mut() {
                Some(last) if half => last.push_str(&lower),
                _ => match split_iso(word) {
                    Some((date, time)) => words.extend([date.to_owned(), time.to_owned()]),
                    None => words.push(word.to_owned()),
                },
            }
        }
        let mut typed = Typed {
            day: Day::Unsaid,
            clock: None,
            zone: Zone::Unsaid,
        };
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let next: Vec<&str> = words.iter().skip(at).map(String::as_str).collect();
            if let Some(used) = typed.take_day(&next)? {
                at += used;
                continue;
            }
            if typed.clock.is_none()
                && let Some((clock, zone)) = read_clock(word)?
            {
                typed.clock = Some(clock);
                if let Some(zone) = zone {
                    typed.zone = zone;
                }
            } else if typed.zone == Zone::Unsaid
                && let Some(zone) = read_zone(word)?
            {
                typed.zone = zone;
            } else if !matches!(word.to_lowercase().as_str(), "at" | "on" | "o'clock") {
                return Err(wrong());
            }
            at += 1;
        }
        Ok(typed)
    }

    /// Takes a day from the front of the words; how many it took.
    fn take_day(&mut self, words: &[&str]) -> Result<Option<usize>, String> {
        if self.day != Day::Unsaid {
            return Ok(None);
        }
        let word = |at: usize| {
            words
                .get(at)
                .map(|word| word.to_lowercase())
                .unwrap_or_default()
        };
        let first = word(0);
        let from_today = match first.as_str() {
            "today" => Some(0),
            "yesterday" => Some(-1),
            "tomorrow" => Some(1),
            _ => None,
        };
        if let Some(days) = from_today {
            self.day = Day::FromToday(days);
            return Ok(Some(1));
        }
        if let Some(day) = numeric_day(&first)? {
            self.day = day;
            return Ok(Some(1));
        }
        let (day, month) = match (
            day_number(&first),
            month_number(&word(1)),
            month_number(&first),
            day_number(&word(1)),
        ) {
            (Some(day), Some(month), ..) => (day, month),
            (_, _, Some(month), Some(day)) => (day, month),
            _ => return Ok(None),
        };
        let year = Some(word(2))
            .filter(|year| year.len() == 4)
            .and_then(|year| digits(&year));
        // "10 Nov 1605" is a quarter past four: a year that cannot be meant is a time.
        let year = year
            .filter(|year| YEARS.contains(&i32::try_from(*year).unwrap_or(0)) || words.len() > 3);
        self.day = match year {
            Some(year) => Day::Full(date(year, i64::from(month), i64::from(day))?),
            None => {
                date(2000, i64::from(month), i64::from(day))?;
                Day::OfYear { month, day }
            }
        };
        Ok(Some(if year.is_some() { 3 } else { 2 }))
    }

    fn resolve(
        self,
        zone: &str,
        reference: DateTime<Utc>,
        now: DateTime<Utc>,
        precision: Precision,
    ) -> Result<TimeRead, String> {
        let Some((hour, minute, second)) = self.clock else {
            return Err("Add a time of day, such as 10 Nov 16:05.".into());
        };
        let home = zone_or_utc(zone);
        let tz = match self.zone {
            Zone::Named(named) => named,
            _ => home,
        };
        // An offset has its own days.
        let local = |at: DateTime<Utc>| match self.zone {
            Zone::Offset(offset, _) => at.with_timezone(&offset).naive_local(),
            _ => at.with_timezone(&tz).naive_local(),
        };
        let reference = local(reference);
        let clock =
            NaiveTime::from_hms_opt(hour % 24, minute, second).ok_or("This is no time of day.")?;
        let day = match self.day {
            Day::Full(day) => day,
            Day::FromToday(days) => TimeDelta::try_days(days)
                .and_then(|days| local(now).date().checked_add_signed(days))
                .ok_or("This day cannot be meant.")?,
            Day::OfYear { month, day } => nearest_year(reference, month, day, clock)?,
            Day::Unsaid => nearest_day(reference, clock),
        };
        let day = if hour == 24 {
            day.succ_opt().ok_or("This day cannot be meant.")?
        } else {
            day
        };
        check_year(i64::from(day.year()))?;
        let wanted = day.and_time(clock);
        if let Zone::Offset(offset, shown_in) = self.zone {
            let at = wanted
                .and_local_timezone(offset)
                .single()
                .ok_or("This time cannot be meant.")?
                .to_utc();
            let zone = match shown_in {
                Some(zone) if home.offset_from_utc_datetime(&at.naive_utc()).fix() != offset => {
                    zone.name().to_owned()
                }
                Some(_) => zone.to_owned(),
                None => zone_of_offset(offset, at, zone),
            };
            return moment(at, &zone, precision);
        }
        match tz.from_local_datetime(&wanted) {
            LocalResult::Single(at) => moment(at.to_utc(), tz.name(), precision),
            LocalResult::Ambiguous(first, second) => Ok(TimeRead::Ambiguous {
                choices: vec![choice(first), choice(second)],
                question: format!(
                    "The clock showed {} twice on {}, because it was set back. Which one?",
                    wanted.format("%H:%M"),
                    wanted.format("%-d %b %Y")
                ),
            }),
            LocalResult::None => skipped(tz, wanted),
        }
    }
}

fn choice(at: DateTime<Tz>) -> TimeChoice {
    let zone = at.timezone().name();
    // Which of the two halves of the year it is: what the clock is ahead of its standard time.
    let season = if at.offset().dst_offset() > TimeDelta::zero() {
        "summer time"
    } else {
        "standard time"
    };
    TimeChoice {
        at: at.to_utc(),
        zone: zone.to_owned(),
        label: format!(
            "{} {season} ({})",
            at.format("%H:%M"),
            zone_label(at.to_utc(), zone)
        ),
    }
}

fn skipped(tz: Tz, wanted: NaiveDateTime) -> Result<TimeRead, String> {
    let unusable = || "This time does not exist in this zone.".to_owned();
    let around = |hours: i64| {
        let at = TimeDelta::try_hours(hours).and_then(|delta| wanted.checked_add_signed(delta))?;
        Some(tz.offset_from_utc_datetime(&at).fix())
    };
    // A day before and after lie on both sides of any change of the clock.
    let offsets = [
        around(24).ok_or_else(unusable)?,
        around(-24).ok_or_else(unusable)?,
    ];
    let mut choices: Vec<TimeChoice> = offsets
        .into_iter()
        .filter_map(|offset| wanted.and_local_timezone(offset).single())
        .map(|at| choice(at.with_timezone(&tz)))
        .collect();
    choices.sort_by_key(|choice| choice.at);
    choices.dedup();
    Ok(TimeRead::Skipped {
        question: format!(
            "The clock skipped {} on {}, because it was set forward. Which time was meant?",
            wanted.format("%H:%M"),
            wanted.format("%-d %b %Y")
        ),
        choices,
    })
}

type Clock = (u32, u32, u32);

/// `16:05`, `16:05:30`, `4pm`, `4:05pm`, `16h05`, `1605`, `noon`, `midnight`, each also with an offset or Z at its end.
fn read_clock(word: &str) -> Result<Option<(Clock, Option<Zone>)>, String> {
    let lower = word.to_lowercase();
    match lower.as_str() {
        "noon" => return Ok(Some(((12, 0, 0), None))),
        "midnight" => return Ok(Some(((0, 0, 0), None))),
        _ => {}
    }
    if !lower.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok(None);
    }
    let (clock, zone) = match lower.find(['+', '-', 'z', '\u{2212}']) {
        Some(at) => {
            let (clock, zone) = (&lower[..at], &lower[at..]);
            match read_zone(zone)? {
                Some(zone) => (clock.to_owned(), Some(zone)),
                None => return Ok(None),
            }
        }
        None => (lower.clone(), None),
    };
    let half = ["am", "a.m.", "pm", "p.m."].iter().find_map(|half| {
        clock
            .strip_suffix(half)
            .map(|rest| (rest, half.starts_with('p')))
    });
    let (numbers, afternoon) = half.map_or((clock.as_str(), None), |(rest, afternoon)| {
        (rest, Some(afternoon))
    });
    let parts: Vec<&str> = match numbers.split_once('h') {
        Some((hour, "")) => vec![hour, "0"],
        Some((hour, minute)) => vec![hour, minute],
        None if numbers.contains(':') => numbers.split(':').collect(),
        None if numbers.len() == 4 && afternoon.is_none() => match numbers.split_at_checked(2) {
            Some((hour, minute)) => vec![hour, minute],
            None => return Ok(None),
        },
        None if afternoon.is_some() => vec![numbers],
        None => return Ok(None),
    };
    let whole_seconds = |part: &str| digits(part.split('.').next().unwrap_or_default());
    let numbers: Option<Vec<i64>> = parts.iter().map(|part| whole_seconds(part)).collect();
    let (hour, minute, second) = match numbers.as_deref() {
        Some([hour]) => (*hour, 0, 0),
        Some([hour, minute]) => (*hour, *minute, 0),
        Some([hour, minute, second]) => (*hour, *minute, *second),
        _ => return Ok(None),
    };
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => {
            return Err(format!(
                "“{word}” is no time of day: with am or pm the hour is 1 to 12."
            ));
        }
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    if hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute, second) != (0, 0)) {
        return Err(format!(
            "“{word}” is no time of day. Hours go to 23, minutes and seconds to 59."
        ));
    }
    let part = |number: i64| u32::try_from(number).unwrap_or(0);
    Ok(Some(((part(hour), part(minute), part(second)), zone)))
}
