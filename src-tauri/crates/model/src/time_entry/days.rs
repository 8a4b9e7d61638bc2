//! Days that people write before a time.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::digits;

/// The day that was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    Unsaid,
    /// Days from today.
    FromToday(i64),
    OfYear {
        month: u32,
        day: u32,
    },
    Full(NaiveDate),
}

pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

pub(super) fn check_year(year: i64) -> Result<i32, String> {
    let known = i32::try_from(year).ok().filter(|year| YEARS.contains(year));
    known.ok_or_else(|| {
        format!("The year {year} cannot be meant here. Write one from 1970 to 2199.")
    })
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The reference's day, or its neighbour when the time is less than six hours across midnight from the reference.
pub(super) fn nearest_day(reference: NaiveDateTime, clock: NaiveTime) -> NaiveDate {
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

pub(super) fn nearest_year(
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
pub(super) fn split_iso(word: &str) -> Option<(&str, &str)> {
    let (date, time) = word.split_once(['T', 't'])?;
    let is_date = date.len() >= 8
        && date
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    (is_date && time.starts_with(|letter: char| letter.is_ascii_digit())).then_some((date, time))
}

pub(super) fn date(year: i64, month: i64, day: i64) -> Result<NaiveDate, String> {
    let year = check_year(year)?;
    let part = |number: i64| u32::try_from(number).unwrap_or(0);
    NaiveDate::from_ymd_opt(year, part(month), part(day))
        .ok_or_else(|| "This day does not exist. Check day and month.".into())
}

/// `2026-11-10`, `2026/11/10`, `10.11.2026`, `10.11.`
pub(super) fn numeric_day(word: &str) -> Result<Option<Day>, String> {
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

pub(super) fn day_number(word: &str) -> Option<u32> {
    let end = ["st", "nd", "rd", "th", "."]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    u32::try_from(digits(end).filter(|day| (1..=31).contains(day) && end.len() <= 2)?).ok()
}

pub(super) fn month_number(word: &str) -> Option<u32> {
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
