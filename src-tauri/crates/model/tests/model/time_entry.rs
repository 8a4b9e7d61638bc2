//! Typed times.

use chrono::{DateTime, Utc};
use model::postmortem::Precision;
use model::time_entry::{TimeRead, read_time, zone_label};
use proptest::prelude::*;

const BERLIN: &str = "Europe/Berlin";

fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Read in Berlin, beside an event at 16:00 on 10 November 2026, the day after.
fn read(text: &str) -> TimeRead {
    read_time(
        text,
        BERLIN,
        utc("2026-11-10T15:00:00Z"),
        utc("2026-11-11T09:30:12Z"),
    )
}

fn instant(text: &str) -> String {
    match read(text) {
        TimeRead::Moment { at, .. } => at.format("%Y-%m-%d %H:%M:%S").to_string(),
        other => panic!("“{text}” must be one instant, not {other:?}"),
    }
}

fn message(text: &str) -> String {
    match read(text) {
        TimeRead::Unreadable { message } => message,
        other => panic!("“{text}” must not be readable, but is {other:?}"),
    }
}

#[test]
fn times_are_understood() {
    for (text, expected) in [
        ("16:05", "2026-11-10 15:05:00"),
        ("16:05:30", "2026-11-10 15:05:30"),
        ("4:05pm", "2026-11-10 15:05:00"),
        ("4:05 PM", "2026-11-10 15:05:00"),
        ("4pm", "2026-11-10 15:00:00"),
        ("4 p.m.", "2026-11-10 15:00:00"),
        ("12am", "2026-11-09 23:00:00"),
        ("12pm", "2026-11-10 11:00:00"),
        ("1605", "2026-11-10 15:05:00"),
        ("16h05", "2026-11-10 15:05:00"),
        ("noon", "2026-11-10 11:00:00"),
        ("24:00", "2026-11-10 23:00:00"),
        ("+5m", "2026-11-10 15:05:00"),
        ("+5", "2026-11-10 15:05:00"),
        ("+5 min", "2026-11-10 15:05:00"),
        ("+1h30", "2026-11-10 16:30:00"),
        ("+1 h 30 min", "2026-11-10 16:30:00"),
        ("+1:30", "2026-11-10 16:30:00"),
        ("-10m", "2026-11-10 14:50:00"),
        ("+2d", "2026-11-12 15:00:00"),
        ("now", "2026-11-11 09:30:12"),
        ("5m ago", "2026-11-11 09:25:12"),
        ("yesterday 16:05", "2026-11-10 15:05:00"),
        ("today 9:00", "2026-11-11 08:00:00"),
        ("16:05 yesterday", "2026-11-10 15:05:00"),
        ("tomorrow at 9:00", "2026-11-12 08:00:00"),
        ("2026-11-10 16:05 UTC", "2026-11-10 16:05:00"),
        ("2026-11-10T16:05:30Z", "2026-11-10 16:05:30"),
        ("2026-11-10T16:05Z", "2026-11-10 16:05:00"),
        ("2026-11-10T16:05:00.250+02:00", "2026-11-10 14:05:00"),
        ("2026-11-10 16:05 +02:00", "2026-11-10 14:05:00"),
        ("16:05+0200", "2026-11-10 14:05:00"),
        ("16:05 UTC-5", "2026-11-10 21:05:00"),
        ("10 Nov 16:05", "2026-11-10 15:05:00"),
        ("Nov 9, 2026, 16:05", "2026-11-09 15:05:00"),
        ("10th November 16:05", "2026-11-10 15:05:00"),
        ("2 Jan 16:05", "2027-01-02 15:05:00"),
        ("10.11.2026 16:05", "2026-11-10 15:05:00"),
        ("10.11. 16:05", "2026-11-10 15:05:00"),
        ("10 Nov 1605", "2026-11-10 15:05:00"),
        ("16:05 CET", "2026-11-10 15:05:00"),
        ("10:05 EST", "2026-11-10 15:05:00"),
        ("16:05 America/New_York", "2026-11-10 21:05:00"),
        ("16:05 europe/london", "2026-11-10 16:05:00"),
    ] {
        assert_eq!(
            instant(text),
            expected,
            "“{text}” in Berlin beside 16:00 on 10 November"
        );
    }
}

#[test]
fn estimates_are_marked() {
    for text in [
        "about 16:10",
        "~16:10",
        "~ 16:10",
        "About 16:10",
        "ca. 16:10",
        "around 4:10pm",
    ] {
        let TimeRead::Moment {
            precision, shown, ..
        } = read(text)
        else {
            panic!("“{text}” is a time")
        };
        assert_eq!(
            precision,
            Precision::About,
            "“{text}” says that it is an estimate"
        );
        assert_eq!(
            shown, "10 Nov 2026, about 16:10 CET",
            "and so it is shown, with the zone"
        );
    }
    let TimeRead::Moment { shown, zone, .. } = read("16:05:07") else {
        panic!("this is a time")
    };
    assert_eq!(
        (shown.as_str(), zone.as_str()),
        ("10 Nov 2026, 16:05:07 CET", BERLIN),
        "an exact time says nothing more"
    );
}

#[test]
fn the_zone_is_kept_where_it_can_be() {
    let zone = |text: &str| match read(text) {
        TimeRead::Moment { zone, shown, .. } => (zone, shown),
        other => panic!("“{text}” is a time, not {other:?}"),
    };
    assert_eq!(
        zone("16:05 CET").0,
        BERLIN,
        "the display zone's own name for its clock is the display zone"
    );
    assert_eq!(
        zone("16:05 UTC"),
        ("UTC".into(), "10 Nov 2026, 16:05 UTC".into()),
        "UTC stays UTC"
    );
    assert_eq!(
        zone("10:05 EST"),
        ("America/New_York".into(), "10 Nov 2026, 10:05 EST".into()),
        "shown as it was typed"
    );
    assert_eq!(
        zone("16:05+03:00").0,
        "Etc/GMT-3",
        "an offset is kept as a zone that is nothing else"
    );
    assert_eq!(
        zone_label(utc("2026-11-10T15:00:00Z"), "Asia/Dubai"),
        "UTC+4",
        "zones without letters show their offset"
    );
    assert_eq!(
        zone_label(utc("2026-11-10T15:00:00Z"), "Asia/Kolkata"),
        "IST",
        "zones with letters show them"
    );
    assert_eq!(
        zone_label(utc("2026-11-10T15:00:00Z"), "Nowhere/Here"),
        "UTC",
        "an unknown zone is UTC"
    );
}

#[test]
fn a_bare_time_is_near_the_reference() {
    let near = |text: &str, reference: &str| match read_time(
        text,
        BERLIN,
        utc(reference),
        utc("2026-11-12T09:00:00Z"),
    ) {
        TimeRead::Moment { at, .. } => at.format("%d %H:%M").to_string(),
        other => panic!("“{text}” is a time, not {other:?}"),
    };
    assert_eq!(
        near("03:00", "2026-11-10T15:00:00Z"),
        "10 02:00",
        "it is on the reference's day"
    );
    assert_eq!(
        near("00:10", "2026-11-10T22:50:00Z"),
        "10 23:10",
        "past midnight when that is near"
    );
    assert_eq!(
        near("23:50", "2026-11-09T23:10:00Z"),
        "09 22:50",
        "and before it"
    );
}

#[test]
fn times_that_were_twice_or_never_are_asked_about() {
    let at = |text: &str, reference: &str| {
        read_time(text, BERLIN, utc(reference), utc("2026-11-12T09:00:00Z"))
    };
    let TimeRead::Ambiguous { choices, question } = at("2:30", "2026-10-25T10:00:00Z") else {
        panic!("the clock showed 2:30 twice on 25 October 2026")
    };
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(
        labels,
        ["02:30 summer time (CEST)", "02:30 standard time (CET)"],
        "earliest first"
    );
    assert_eq!(
        choices[1].at - choices[0].at,
        chrono::TimeDelta::hours(1),
        "an hour apart"
    );
    assert_eq!(
        question,
        "The clock showed 02:30 twice on 25 Oct 2026, because it was set back. Which one?",
        "and it asks"
    );
    let TimeRead::Skipped { choices, .. } = at("2:30", "2026-03-29T10:00:00Z") else {
        panic!("the clock skipped 2:30 on 29 March 2026")
    };
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(
        labels,
        ["01:30 standard time (CET)", "03:30 summer time (CEST)"],
        "its neighbours, earliest first"
    );
    assert!(
        matches!(
            at("2:30 CEST", "2026-10-25T10:00:00Z"),
            TimeRead::Moment { .. }
        ),
        "with the zone's letters it is clear"
    );
    let TimeRead::Ambiguous { choices, .. } = at("1:30 America/New_York", "2026-11-01T10:00:00Z")
    else {
        panic!("the clock in New York showed 1:30 twice on 1 November 2026")
    };
    assert!(
        choices
            .iter()
            .all(|choice| choice.zone == "America/New_York"),
        "a choice keeps the zone that was typed"
    );
    let TimeRead::Moment { at, .. } = at("2026-10-25 2:30 +01:00", "2026-10-25T10:00:00Z") else {
        panic!("an offset is clear")
    };
    assert_eq!(at, utc("2026-10-25T01:30:00Z"), "an offset is clear");
}

#[test]
fn what_is_no_time_gets_a_sentence() {
    for (text, expected) in [
        ("", "Write a time, such as"),
        ("soon", "“soon” is not a time. Write it as 16:05"),
        ("25:00", "Hours go to 23"),
        ("16:60", "minutes and seconds to 59"),
        ("13pm", "the hour is 1 to 12"),
        ("0000-01-01 10:00", "The year 0 cannot be meant here"),
        ("9999-12-31 10:00", "The year 9999 cannot be meant here"),
        ("9999-12-31T23:59:59Z", "The year 9999 cannot be meant here"),
        ("0000-01-01T00:00:00Z", "The year 0 cannot be meant here"),
        ("99999-01-01 10:00", "The year 99999 cannot be meant here"),
        ("2026-02-30 10:00", "This day does not exist"),
        ("31 Feb 10:00", "This day does not exist"),
        ("10/11/2026 16:05", "can be two days"),
        ("10 Nov", "Add a time of day"),
        ("16:05 IST", "several zones"),
        ("16:05 Mars/Base", "no zone that we know"),
        ("+5 parsecs", "is not a length of time"),
        ("+999999999d", "reaches too far"),
        ("+999999999h", "cannot be meant here"),
        ("16:05 16:06", "is not a time"),
        ("1é1", "is not a time"),
        ("16:05 +é1é", "no offset"),
    ] {
        let message = message(text);
        assert!(
            message.contains(expected),
            "“{text}” must be answered with “{expected}”, not “{message}”"
        );
    }
    assert!(
        message(&"1".repeat(200)).contains("too long"),
        "long texts are not searched"
    );
}

proptest! {
    #[test]
    fn nothing_that_is_typed_panics(text in "\\PC{0,40}", seconds in any::<i64>(), zone in "[A-Za-z/_]{0,12}") {
        let at = DateTime::from_timestamp(seconds % 8_000_000_000_000, 0).unwrap_or_default();
        let _ = read_time(&text, &zone, at, at);
    }

    #[test]
    fn nothing_like_a_time_panics(text in "[0-9+:. TZ/apmh-]{0,16}( (UTC|CET|\\+0[0-9]:00|Nov|é|Pacific/Apia))?") {
        let _ = read(&text);
    }

    #[test]
    fn what_is_shown_can_be_typed(minutes in 0i64..60 * 24 * 365 * 3) {
        // Apart from the hour that the clock shows twice.
        let at = DateTime::from_timestamp(1_735_689_600 + minutes * 60, 0).unwrap_or_default();
        let shown = model::time_entry::shown(at, BERLIN, Precision::Exact);
        match read_time(&shown, BERLIN, at, at) {
            TimeRead::Moment { at: read, .. } => prop_assert_eq!(read, at, "“{}” must be read as what it shows", shown),
            other => prop_assert!(false, "“{}” must be one instant, not {:?}", shown, other),
        }
    }
}
