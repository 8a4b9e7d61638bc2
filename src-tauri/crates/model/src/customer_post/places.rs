//! Things that are recognised by how they are written: machines, tickets, addresses, days, other customers.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::{Datelike, NaiveDate};

use super::check::ConcernKind;
use super::text::Word;
use super::words as lists;

/// What a stretch without space is, when it is something that must go.
pub fn kind(chunk: &str) -> Option<ConcernKind> {
    if let Some((_, address)) = chunk.split_once("://") {
        return kind_of_address(address);
    }
    match () {
        () if is_e_mail(chunk) => Some(ConcernKind::Name),
        () if is_advisory(chunk) => Some(ConcernKind::Security),
        () if is_ticket(chunk) => Some(ConcernKind::Ticket),
        () if is_ip(chunk) || is_path(chunk) || is_machine(chunk) => Some(ConcernKind::Machine),
        () => None,
    }
}

fn kind_of_address(address: &str) -> Option<ConcernKind> {
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let lower = path.to_lowercase();
    let tracker = [
        "browse/",
        "issues/",
        "issue/",
        "tickets/",
        "ticket/",
        "pull/",
        "work_items/",
    ];
    let host = host.rsplit('@').next().unwrap_or(host);
    let name = host.split(':').next().unwrap_or(host);
    if tracker.iter().any(|part| lower.contains(part)) || lower.split('/').any(is_ticket) {
        return Some(ConcernKind::Ticket);
    }
    (is_ip(host) || is_machine(name)).then_some(ConcernKind::Machine)
}

fn is_e_mail(chunk: &str) -> bool {
    let chunk = chunk.strip_prefix("mailto:").unwrap_or(chunk);
    chunk.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.contains('@')
    })
}

fn is_advisory(chunk: &str) -> bool {
    let upper = chunk.to_ascii_uppercase();
    upper.starts_with("CVE-") || upper.starts_with("GHSA-")
}

/// `OPS-212`, `#4711`.
fn is_ticket(chunk: &str) -> bool {
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(number) = chunk.strip_prefix('#') {
        return number.len() >= 2 && digits(number, 9);
    }
    let Some((project, number)) = chunk.split_once('-') else {
        return false;
    };
    (1..=10).contains(&project.len())
        && project.starts_with(|letter: char| letter.is_ascii_uppercase())
        && project
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && !lists::STANDARDS.contains(&project)
        && digits(number, 7)
}

fn is_ip(chunk: &str) -> bool {
    let bare = chunk.split(['/', '%']).next().unwrap_or(chunk);
    let four = bare.rsplit_once(':').map_or(bare, |(address, _)| address);
    let six = bare.trim_matches(['[', ']']);
    bare.parse::<Ipv4Addr>().is_ok()
        || four.parse::<Ipv4Addr>().is_ok()
        || six.matches(':').count() >= 2 && six.parse::<Ipv6Addr>().is_ok()
}

fn is_path(chunk: &str) -> bool {
    let deep = |path: &str| {
        path.trim_end_matches('/').contains('/') && path.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let drive =
        matches!(chunk.as_bytes(), [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
    let file = [
        ".conf", ".log", ".service", ".yaml", ".yml", ".toml", ".sql", ".sh", ".py", ".cfg", ".ini",
    ]
    .iter()
    .any(|end| chunk.len() > end.len() && chunk.to_ascii_lowercase().ends_with(end));
    chunk.strip_prefix('/').is_some_and(deep)
        || chunk.starts_with("~/")
        || chunk.starts_with("\\\\")
        || drive
        || file
}

/// `db-3`, `web02.example.com`, `payments.svc.cluster.local`.
fn is_machine(chunk: &str) -> bool {
    let lower = chunk.to_ascii_lowercase();
    let labels: Vec<&str> = lower.split('.').collect();
    let name = |label: &&str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !labels.iter().all(name) {
        return false;
    }
    let inside = labels.len() > 1
        && labels
            .last()
            .is_some_and(|last| lists::INSIDE.contains(last));
    let numbered = labels.first().is_some_and(|first| {
        first.bytes().any(|byte| byte.is_ascii_digit())
            && first
                .split('-')
                .map(|part| part.trim_end_matches(|letter: char| letter.is_ascii_digit()))
                .any(|part| lists::MACHINES.contains(&part))
    });
    inside || numbered
}

/// Stretches in backticks: commands and their output.
pub fn code(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut places = Vec::new();
    let mut open: Option<usize> = None;
    for (at, letter) in text.char_indices() {
        match (letter, open) {
            ('\n', _) => open = None,
            ('`', None) => open = Some(at),
            ('`', Some(start)) => {
                if at > start + 1 {
                    places.push((start, at + 1));
                }
                open = None;
            }
            _ => {}
        }
    }
    places.into_iter()
}

/// Names behind "customer", and names with the form of a company behind them.
pub fn customers(text: &str, words: &[Word<'_>]) -> impl Iterator<Item = (usize, usize)> {
    let mut places = Vec::new();
    let near = |one: &Word<'_>, other: &Word<'_>| {
        let between = text.get(one.end..other.start).unwrap_or_default();
        !between.is_empty()
            && between
                .chars()
                .all(|letter| matches!(letter, ' ' | '\u{a0}' | ','))
    };
    for pair in words.windows(2) {
        let [one, other] = pair else {
            continue;
        };
        let named = |word: &Word<'_>| word.is_capital() && !word.first;
        if !near(one, other) {
            continue;
        }
        let between = text.get(one.end..other.start).unwrap_or_default();
        let who = ["customer", "client", "tenant"].contains(&one.plain.as_str());
        if who && named(other) && between == " " {
            places.push((other.start, other.end));
        }
        if one.is_capital()
            && lists::COMPANY_FORMS.contains(&other.plain.as_str())
            && other.is_capital()
        {
            places.push((one.start, other.end));
        }
    }
    places.into_iter()
}

/// Days in a text with their places. A day without a year is the one nearest to `around`; without that it is unknown.
pub fn dates(
    text: &str,
    words: &[Word<'_>],
    around: Option<NaiveDate>,
) -> Vec<(usize, usize, NaiveDate)> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match date_at(text, words, at, around) {
            Some((count, day)) => {
                let place = words.get(at).zip(words.get(at + count - 1));
                dates.extend(place.map(|(first, last)| (first.start, last.end, day)));
                at += count;
            }
            None => at += 1,
        }
    }
    dates
}

/// A day that begins with this word, and how many words it has.
fn date_at(
    text: &str,
    words: &[Word<'_>],
    at: usize,
    around: Option<NaiveDate>,
) -> Option<(usize, NaiveDate)> {
    let (one, two) = (words.get(at)?, words.get(at + 1)?);
    let three = words.get(at + 2);
    let between =
        |one: &Word<'_>, other: &Word<'_>| text.get(one.end..other.start).unwrap_or_default();
    let numbers = three.and_then(|three| {
        let mark = between(one, two);
        let same = mark == between(two, three) && matches!(mark, "-" | ".");
        let all = [one, two, three].map(|word| word.text.parse::<i32>().ok());
        match (same, all) {
            (true, [Some(first), Some(month), Some(last)]) => {
                let (year, day) = if one.text.len() == 4 {
                    (first, last)
                } else {
                    (last, first)
                };
                NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
            }
            _ => None,
        }
    });
    if let Some(day) = numbers {
        return Some((3, day));
    }
    let near = |one: &Word<'_>, other: &Word<'_>| {
        let gap = between(one, other);
        !gap.is_empty() && gap.len() <= 3 && !gap.contains('\n')
    };
    if !near(one, two) {
        return None;
    }
    let (day, month) = match (number(one), month(two)) {
        (Some(day), Some(month)) => (day, month),
        _ => (number(two)?, month(one)?),
    };
    let given = three
        .filter(|three| near(two, three) && three.text.len() == 4)
        .and_then(|three| three.text.parse::<i32>().ok());
    if let Some(given) = given {
        return Some((3, NaiveDate::from_ymd_opt(given, month, day)?));
    }
    let around = around?;
    let nearest = (-1..=1)
        .filter_map(|years| NaiveDate::from_ymd_opt(around.year() + years, month, day))
        .min_by_key(|day| (*day - around).abs())?;
    Some((2, nearest))
}

fn number(word: &Word<'_>) -> Option<u32> {
    let digits = word
        .plain
        .trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let ending = word.plain.get(digits.len()..).unwrap_or_default();
    let fits = matches!(ending, "" | "st" | "nd" | "rd" | "th") && digits.len() <= 2;
    digits
        .parse()
        .ok()
        .filter(|day| fits && (1..=31).contains(day))
}

fn month(word: &Word<'_>) -> Option<u32> {
    let (_, number) = lists::MONTHS.iter().find(|(name, _)| *name == word.plain)?;
    word.is_capital().then_some(*number)
}
