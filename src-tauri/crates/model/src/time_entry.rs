//! Reads the times that people type.

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset,
    TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::derived::zone_or_utc;
use crate::postmortem::Precision;

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

const EXAMPLES: &str = "16:05, 4:05pm, yesterday 16:05, +5m or 2026-11-10 16:05 UTC";
/// Letters that a typed time may have.
const LONGEST: usize = 100;
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

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

fn check_year(year: i64) -> Result<i32, String> {
    let known = i32::try_from(year).ok().filter(|year| YEARS.contains(year));
    known.ok_or_else(|| {
        format!("The year {year} cannot be meant here. Write one from 1970 to 2199.")
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

/// The day that was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    Unsaid,
    /// Days from today.
    FromToday(i64),
    OfYear {
        month: u32,
        day: u32,
    },
    Full(NaiveDate),
}

/// The zone that was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Zone {
    Unsaid,
    Named(Tz),
    /// An offset, and a zone to show it in where one is known.
    Offset(FixedOffset, Option<Tz>),
}

/// A day, a time of day and a zone, as they were typed.
struct Typed {
    day: Day,
    /// Absent: no time was typed. Hour 24 is the end of the day.
    clock: Option<(u32, u32, u32)>,
    zone: Zone,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

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

/// The reference's day, or its neighbour when the time is less than six hours across midnight from the reference.
fn nearest_day(reference: NaiveDateTime, clock: NaiveTime) -> NaiveDate {
    let day = reference.date();
    let apart = day.and_time(clock) - reference;
    let near = TimeDelta::hours(18);
    if apart <= -near {
        return day.succ_opt().unwrap_or(day);
    }
    if apart >= near {
        return day.pred_opt().unwrap_or(day);
    }
    day
}

fn nearest_year(
    reference: NaiveDateTime,
    month: u32,
    day: u32,
    clock: NaiveTime,
) -> Result<NaiveDate, String> {
    let year = reference.year();
    // Eight years hold every 29 February.
    let years = (-8..=8).filter_map(|years| NaiveDate::from_ymd_opt(year + years, month, day));
    years
        .min_by_key(|day| (day.and_time(clock) - reference).abs())
        .ok_or_else(|| "This day does not exist.".into())
}

/// A date and a time with `T` between them.
fn split_iso(word: &str) -> Option<(&str, &str)> {
    let (date, time) = word.split_once(['T', 't'])?;
    let is_date = date.len() >= 8
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    (is_date && time.starts_with(|letter: char| letter.is_ascii_digit())).then_some((date, time))
}

fn date(year: i64, month: i64, day: i64) -> Result<NaiveDate, String> {
    let year = check_year(year)?;
    let part = |number: i64| u32::try_from(number).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, part(month), part(day))
        .ok_or_else(|| "This day does not exist. Check day and month.".into())
}

/// `2026-11-10`, `2026/11/10`, `10.11.2026`, `10.11.`
fn numeric_day(word: &str) -> Result<Option<Day>, String> {
    for mark in ['-', '/', '.'] {
        let parts: Vec<&str> = word.trim_end_matches('.').split(mark).collect();
        let numbers: Option<Vec<i64>> = parts.iter().map(|part| digits(part)).collect();
        let Some(numbers) = numbers else { continue };
        match (numbers.as_slice(), mark) {
            ([year, month, day], '-' | '/') if parts[0].len() >= 4 => {
                return Ok(Some(Day::Full(date(*year, *month, *day)?)));
            }
            ([day, month, year], '.') if parts[2].len() == 4 => {
                return Ok(Some(Day::Full(date(*year, *month, *day)?)));
            }
            ([day, month], '.') if word.ends_with('.') => {
                date(2000, *month, *day)?;
                return Ok(Some(Day::OfYear {
                    month: u32::try_from(*month).unwrap_or(1),
                    day: u32::try_from(*day).unwrap_or(1),
                }));
            }
            ([_, _] | [_, _, _], '/') => {
                return Err(format!(
                    "“{word}” can be two days. Write the month's name: 10 Nov, or 2026-11-10."
                ));
            }
            _ => {}
        }
    }
    Ok(None)
}

fn day_number(word: &str) -> Option<u32> {
    let end = ["st", "nd", "rd", "th", "."]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    u32::try_from(digits(end).filter(|day| (1..=31).contains(day) && end.len() <= 2)?).ok()
}

fn month_number(word: &str) -> Option<u32> {
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    let at = MONTHS
        .iter()
        .position(|month| *month == word)
        .or_else(|| FULL.iter().position(|month| *month == word));
    at.or((word == "sept").then_some(8))
        .and_then(|at| u32::try_from(at + 1).ok())
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

/// `UTC`, `CET`, `+02:00`, `UTC+2`, `Europe/Berlin`; `None` when the word is no zone.
fn read_zone(word: &str) -> Result<Option<Zone>, String> {
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
fn zone_of_offset(offset: FixedOffset, at: DateTime<Utc>, zone: &str) -> String {
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
