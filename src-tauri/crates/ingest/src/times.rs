//! Times as people write them in documents: `2021-05-25 - 09:30 UTC`, `~14:00`, `4:05pm CET`.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use model::exchange::zone_or_utc;
use model::postmortem::{Moment, Precision};

/// Letters of zones: their offset in minutes and a place that uses them.
const ZONES: [(&str, i32, &str); 22] = [
    ("UTC", 0, "UTC"),
    ("GMT", 0, "UTC"),
    ("Z", 0, "UTC"),
    ("WET", 0, "Europe/Lisbon"),
    ("BST", 60, "Europe/London"),
    ("CET", 60, "Europe/Berlin"),
    ("CEST", 120, "Europe/Berlin"),
    ("EET", 120, "Europe/Helsinki"),
    ("EEST", 180, "Europe/Helsinki"),
    ("MSK", 180, "Europe/Moscow"),
    ("IST", 330, "Asia/Kolkata"),
    ("JST", 540, "Asia/Tokyo"),
    ("AEST", 600, "Australia/Sydney"),
    ("AEDT", 660, "Australia/Sydney"),
    ("EST", -300, "America/New_York"),
    ("EDT", -240, "America/New_York"),
    ("CST", -360, "America/Chicago"),
    ("CDT", -300, "America/Chicago"),
    ("MST", -420, "America/Denver"),
    ("MDT", -360, "America/Denver"),
    ("PST", -480, "America/Los_Angeles"),
    ("PDT", -420, "America/Los_Angeles"),
];

/// A time at the start of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The day, when it was written.
    pub(crate) day: Option<NaiveDate>,
    /// The time of day.
    pub(crate) time: NaiveTime,
    /// The zone's offset in minutes and its place, when it was written.
    pub(crate) zone: Option<(i32, &'static str)>,
    /// It says that it is an estimate.
    pub(crate) about: bool,
    /// Where the rest of the text begins.
    pub(crate) rest: usize,
}

impl Written {
    /// The moment, on `day` and in `zone` where the text names none.
    pub(crate) fn moment(&self, day: Option<NaiveDate>, zone: &str) -> Option<Moment> {
        let naive = self.day.or(day)?.and_time(self.time);
        let precision = if self.about {
            Precision::About
        } else {
            Precision::Exact
        };
        let (at, zone): (DateTime<Utc>, String) = match self.zone {
            Some((minutes, place)) => {
                let offset = FixedOffset::east_opt(minutes * 60)?;
                (
                    offset
                        .from_local_datetime(&naive)
                        .single()?
                        .with_timezone(&Utc),
                    place.to_owned(),
                )
            }
            None => {
                let at = zone_or_utc(zone).from_local_datetime(&naive).earliest()?;
                (
                    at.with_timezone(&Utc),
                    if zone.is_empty() {
                        "UTC".into()
                    } else {
                        zone.to_owned()
                    },
                )
            }
        };
        Some(Moment {
            at,
            zone,
            precision,
        })
    }
}

/// Reads a time at the start of a text.
pub(crate) fn read(text: &str) -> Option<Written> {
    let mut at = Cursor { text, at: 0 };
    at.skip(&[' ', '\t', '*', '[', '(', '`']);
    let mut about = at.about();
    let day = at.day();
    if day.is_some() {
        at.skip(&[' ', '\t', '-', '–', ',', 'T', '*']);
        about |= at.about();
    }
    let time = at.time()?;
    let before_zone = at.at;
    at.skip(&[' ', '\t', '(']);
    let zone = at.zone();
    if zone.is_none() {
        at.at = before_zone;
    }
    at.skip(&[
        ' ', '\t', '*', ']', ')', '`', ':', '-', '–', '—', '|', ',', '.',
    ]);
    Some(Written {
        day,
        time,
        zone,
        about,
        rest: at.at,
    })
}

/// The first day in a text, such as a title or a file's name: `2018-02-22`.
pub(crate) fn first_day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    (0..bytes.len().min(400))
        .filter(|i| text.is_char_boundary(*i))
        .find_map(|i| {
            let starts = i == 0 || !bytes.get(i - 1).is_some_and(u8::is_ascii_digit);
            starts.then(|| Cursor { text, at: i }.day()).flatten()
        })
}

/// A statement about the zone of all times: "All times in CET".
pub(crate) fn stated_zone(text: &str) -> Option<(i32, &'static str)> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("times")?;
    let words = text
        .get(at..)?
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '/' && c != '_');
    words.take(8).find_map(|word| {
        ZONES
            .iter()
            .find(|zone| zone.0 == word)
            .map(|zone| (zone.1, zone.2))
    })
}

/// A clock that runs back by more than half a day has passed midnight: then the moment is on the day after, and that is said.
pub(crate) fn past_midnight(last: Option<&Moment>, moment: Moment) -> (Moment, bool) {
    let back = last.is_some_and(|last| last.at - moment.at > Duration::hours(12));
    match moment
        .at
        .checked_add_signed(Duration::days(1))
        .filter(|_| back)
    {
        Some(at) => (Moment { at, ..moment }, true),
        None => (moment, false),
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, any: &[char]) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(any).len();
    }

    fn about(&mut self) -> bool {
        let rest = self.rest();
        let found = [
            "~",
            "about ",
            "approx. ",
            "approximately ",
            "ca. ",
            "around ",
        ]
        .iter()
        .find(|word| {
            rest.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        });
        if let Some(word) = found {
            self.at += word.len();
        }
        found.is_some()
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let n = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if n < least || n > most {
            return None;
        }
        let value = self.rest().get(..n)?.parse().ok();
        self.at += n;
        value
    }

    fn one(&mut self, of: &[char]) -> bool {
        let found = self.rest().starts_with(of);
        if found {
            self.at += 1;
        }
        found
    }

    fn day(&mut self) -> Option<NaiveDate> {
        let start = self.at;
        let day = (|| {
            let year = self.digits(4, 4)?;
            if !self.one(&['-', '/', '.']) {
                return None;
            }
            let month = self.digits(1, 2)?;
            if !self.one(&['-', '/', '.']) {
                return None;
            }
            let day = self.digits(1, 2)?;
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
        })();
        if day.is_none() {
            self.at = start;
        }
        day
    }

    fn time(&mut self) -> Option<NaiveTime> {
        let mut hour = self.digits(1, 2)?;
        if !self.one(&[':']) {
            return None;
        }
        let minute = self.digits(2, 2)?;
        let mut second = 0;
        let before = self.at;
        if self.one(&[':']) {
            match self.digits(2, 2) {
                Some(s) => second = s,
                None => self.at = before,
            }
        }
        let rest = self
            .rest()
            .trim_start_matches(' ')
            .to_ascii_lowercase_prefix(2);
        if rest == "am" || rest == "pm" {
            if hour == 0 || hour > 12 {
                return None;
            }
            hour = hour % 12 + if rest == "pm" { 12 } else { 0 };
            self.skip(&[' ']);
            self.at += 2;
        }
        NaiveTime::from_hms_opt(hour, minute, second)
    }

    fn zone(&mut self) -> Option<(i32, &'static str)> {
        let n = self
            .rest()
            .bytes()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let word = self.rest().get(..n)?;
        let zone = ZONES.iter().find(|zone| zone.0 == word)?;
        self.at += n;
        Some((zone.1, zone.2))
    }
}

trait LowercasePrefix {
    fn to_ascii_lowercase_prefix(&self, n: usize) -> String;
}

impl LowercasePrefix for str {
    fn to_ascii_lowercase_prefix(&self, n: usize) -> String {
        self.get(..n).unwrap_or_default().to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_real_documents_are_read() {
        let table = [
            ("2021-02-19 08:35", "2021-02-19T07:35:00Z", ""),
            (
                "2021-05-25 - 09:30 UTC: The release",
                "2021-05-25T09:30:00Z",
                "The release",
            ),
            (
                "2021-05-25 - ~14:00 UTC: aborted",
                "2021-05-25T14:00:00Z",
                "aborted",
            ),
            ("16:32", "2021-01-01T15:32:00Z", ""),
            ("**4:05pm PST** - alert", "2021-01-02T00:05:00Z", "alert"),
            ("2021-05-25T09:30:15Z done", "2021-05-25T09:30:15Z", "done"),
        ];
        let day = NaiveDate::from_ymd_opt(2021, 1, 1);
        for (text, at, rest) in table {
            let written = read(text).unwrap_or_else(|| panic!("{text:?} is a time"));
            let moment = written.moment(day, "Europe/Berlin").expect("a moment");
            assert_eq!(
                moment.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                at,
                "{text:?} must mean this instant"
            );
            assert_eq!(
                &text[written.rest..],
                rest,
                "the words after the time of {text:?} must be kept"
            );
        }
        for text in [
            "",
            "Alice",
            "12",
            "25:00",
            "1:5",
            "99:99 x",
            "2021-13-01 10:00",
            "no 10:00",
            "é10:00",
        ] {
            assert_eq!(read(text), None, "{text:?} does not begin with a time");
        }
        assert_eq!(
            stated_zone("All times in PST"),
            Some((-480, "America/Los_Angeles")),
            "a statement holds for all times"
        );
    }
}
