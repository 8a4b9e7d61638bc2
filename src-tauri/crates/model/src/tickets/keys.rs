//! How keys look, and how they become addresses. `ui/src/parts/tickets/keys.ts` does the same on the page, and both are
//! held to `tests/fixtures/tickets.json`.

use super::address::encoded;
use super::{Tracker, TrackerKind, Wrong, web};

/// Patterns that one tracker may have.
const MOST_PATTERNS: usize = 20;
/// Digits of a ticket's number.
const MOST_DIGITS: usize = 10;
/// Letters before the hyphen of a usual key.
const MOST_LETTERS: usize = 20;

/// A key that a tracker knows as its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// As the tracker writes it: OPS-212, #34.
    pub key: String,
    /// 212, without zeros before it.
    number: String,
}

/// The address of a ticket that is known by its key; None for a key of no tracker. The first tracker that knows it wins.
pub fn link(ticket: &str, trackers: &[Tracker]) -> Option<String> {
    trackers
        .iter()
        .find_map(|tracker| address(tracker, &known(tracker, ticket.trim())?))
}

/// Reads a key that this tracker knows.
pub(super) fn known(tracker: &Tracker, ticket: &str) -> Option<Key> {
    if tracker.pattern.is_empty() {
        return usual(tracker, ticket);
    }
    tracker.pattern.split(' ').find_map(|pattern| {
        let (before, after) = pattern.split_once('#')?;
        let head = ticket.get(..before.len())?;
        let rest = ticket.get(before.len()..)?;
        let tail = rest.get(rest.len().checked_sub(after.len())?..)?;
        let number = number(rest.get(..rest.len() - after.len())?)?;
        let same = head.eq_ignore_ascii_case(before) && tail.eq_ignore_ascii_case(after);
        same.then(|| Key {
            key: format!("{before}{number}{after}"),
            number,
        })
    })
}

fn usual(tracker: &Tracker, ticket: &str) -> Option<Key> {
    match tracker.kind {
        TrackerKind::Github | TrackerKind::Gitlab => {
            let (place, number_text) = ticket.split_once('#')?;
            let base = web(&tracker.base)?;
            let here = base.path().trim_start_matches('/');
            if !place.is_empty() && !place.eq_ignore_ascii_case(here) {
                return None;
            }
            let number = number(number_text)?;
            Some(Key {
                key: format!("{place}#{number}"),
                number,
            })
        }
        TrackerKind::Jira | TrackerKind::Linear => {
            let (letters, number_text) = ticket.rsplit_once('-')?;
            let fine = letters.starts_with(|first: char| first.is_ascii_alphabetic())
                && letters.len() <= MOST_LETTERS
                && letters
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let number = number(number_text)?;
            fine.then(|| Key {
                key: format!("{}-{number}", letters.to_ascii_uppercase()),
                number,
            })
        }
    }
}

/// A ticket's number, without zeros before it. There is no ticket 0.
fn number(text: &str) -> Option<String> {
    let digits =
        (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim_start_matches('0');
    (digits && !number.is_empty()).then(|| number.to_owned())
}

fn address(tracker: &Tracker, key: &Key) -> Option<String> {
    if !tracker.link.is_empty() {
        let filled = filled(&tracker.link, &key.key, &key.number);
        return web(&filled).map(String::from);
    }
    let mut url = web(&tracker.base)?;
    url.set_query(None);
    url.set_fragment(None);
    let workspace = url
        .path_segments()
        .and_then(|mut parts| parts.next())
        .unwrap_or_default()
        .to_owned();
    let mut path = url.path_segments_mut().ok()?;
    path.pop_if_empty();
    match tracker.kind {
        TrackerKind::Github => path.extend(["issues", &key.number]),
        TrackerKind::Gitlab => path.extend(["-", "issues", &key.number]),
        TrackerKind::Jira => path.extend(["browse", &key.key]),
        TrackerKind::Linear => path.clear().extend([&workspace, "issue", &key.key]),
    };
    drop(path);
    Some(url.into())
}

fn filled(link: &str, key: &str, number: &str) -> String {
    link.replace("{key}", &encoded(key))
        .replace("{number}", &encoded(number))
}

/// Patterns as they can be kept: with one # each and single spaces between them.
pub(super) fn checked_pattern(text: &str) -> Result<String, Wrong> {
    let patterns: Vec<&str> = text
        .split([' ', ','])
        .filter(|pattern| !pattern.is_empty())
        .collect();
    let told =
        "Write a key with # for its number, such as OPS-#. Several have spaces between them.";
    for pattern in &patterns {
        let letters = pattern
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '#' | '-' | '_'));
        let Some((before, after)) = pattern.split_once('#') else {
            return Err(Wrong::new("pattern", told));
        };
        if !letters || after.contains('#') {
            return Err(Wrong::new("pattern", told));
        }
        // In OPS1# nobody could tell where the number begins.
        let digit = |letter: char| letter.is_ascii_digit();
        if before.ends_with(digit) || after.starts_with(digit) {
            return Err(Wrong::new("pattern", "No digit may stand beside the #."));
        }
    }
    if patterns.len() > MOST_PATTERNS {
        return Err(Wrong::new(
            "pattern",
            format!("At most {MOST_PATTERNS} patterns fit."),
        ));
    }
    Ok(patterns.join(" "))
}

/// The address of a ticket as it can be kept: the key stands behind the host.
pub(super) fn checked_link(text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Ok(String::new());
    }
    if !text.contains("{key}") && !text.contains("{number}") {
        return Err(Wrong::new(
            "link",
            "Write {key} or {number} where it stands in the address: https://tracker.example.org/browse/{key}.",
        ));
    }
    let origin = |key: &str, number: &str| web(&filled(text, key, number)).map(|url| url.origin());
    match (origin("A-1", "1"), origin("B-22", "22")) {
        (Some(one), Some(other)) if one == other => Ok(text.to_owned()),
        _ => Err(Wrong::new(
            "link",
            "Begin with https:// or http:// and a host without a name, a password or a key in it.",
        )),
    }
}
