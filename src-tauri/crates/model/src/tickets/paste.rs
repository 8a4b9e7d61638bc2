//! Tickets that were pasted back: lines as trackers print them are read and matched to action items. Nothing is changed
//! here; people look at what was matched before anything is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::keys::{self, Key};
use super::{Tracker, web};
use crate::postmortem::{DocId, RowId};

/// Lines that are read of a pasted text.
const MOST_LINES: usize = 1_000;
/// Characters of a line and of an item's text that are looked at.
const MOST_LINE: usize = 2_000;
/// Words of a text that are compared.
const MOST_WORDS: usize = 60;
/// How much of a title's words must be found again for a match. Trackers cut titles and people mend them.
const ALIKE: f64 = 0.6;

/// An action item that a pasted ticket could belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its postmortem.
    pub doc: DocId,
    /// The row.
    pub id: RowId,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What is to be done.
    pub text: String,
}

/// A ticket that was found in a pasted text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Found {
    /// Its key or address, as the action item is to hold it.
    pub ticket: String,
    /// The rest of its line: the title that it has in the tracker, if any.
    pub title: String,
    /// Which of the candidates it belongs to, counted from 0; absent when none is known.
    pub item: Option<u32>,
    /// What that rests on.
    pub how: MatchedBy,
}

/// What a match of a ticket with an action item rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The line names the item's number: A3.
    Number,
    /// The line has the item's words.
    Words,
    /// There are as many tickets as items, in this order.
    Order,
    /// Nothing: it belongs to none of them as far as can be told.
    Nothing,
}

/// Reads tickets out of a text and matches each to at most one candidate, and each candidate to at most one ticket.
pub fn matched(text: &str, candidates: &[Candidate], trackers: &[Tracker]) -> Vec<Found> {
    let lines = read(text, trackers);
    let wanted: Vec<BTreeSet<String>> = candidates
        .iter()
        .map(|candidate| words(&candidate.text))
        .collect();
    let mut owner: Vec<Option<(usize, MatchedBy)>> = vec![None; lines.len()];
    let mut taken = vec![false; candidates.len()];

    for (line, owner) in lines.iter().zip(&mut owner) {
        let Some(number) = line.number else { continue };
        let named: Vec<usize> = (0..candidates.len())
            .filter(|at| candidates[*at].number == Some(number) && !taken[*at])
            .collect();
        let best = match named.as_slice() {
            [] => None,
            [one] => Some(*one),
            // Every postmortem has an A3: the words tell whose it is.
            several => several
                .iter()
                .map(|at| (alike(&line.words, &wanted[*at]), *at))
                .filter(|(score, _)| *score > 0.0)
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                .map(|(_, at)| at),
        };
        if let Some(at) = best {
            taken[at] = true;
            *owner = Some((at, MatchedBy::Number));
        }
    }

    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (l, line) in lines.iter().enumerate() {
        if owner[l].is_some() {
            continue;
        }
        for (c, wanted) in wanted.iter().enumerate() {
            let score = alike(&line.words, wanted);
            if !taken[c] && score >= ALIKE {
                scored.push((score, l, c));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, l, c) in scored {
        if owner[l].is_none() && !taken[c] {
            owner[l] = Some((c, MatchedBy::Words));
            taken[c] = true;
        }
    }

    let free_lines: Vec<usize> = (0..lines.len()).filter(|at| owner[*at].is_none()).collect();
    let free_items: Vec<usize> = (0..candidates.len()).filter(|at| !taken[*at]).collect();
    // Titles that are like no item speak against their order, unless that is all there is to go by.
    let untold = free_lines.iter().all(|at| lines[*at].words.is_empty());
    if free_lines.len() == free_items.len() && (untold || free_lines.len() == lines.len()) {
        for (line, item) in free_lines.into_iter().zip(free_items) {
            owner[line] = Some((item, MatchedBy::Order));
        }
    }

    lines
        .into_iter()
        .zip(owner)
        .map(|(line, owner)| Found {
            ticket: line.ticket,
            title: line.title,
            item: owner.and_then(|(at, _)| u32::try_from(at).ok()),
            how: owner.map_or(MatchedBy::Nothing, |(_, how)| how),
        })
        .collect()
}

/// One line with a ticket in it.
struct Line {
    ticket: String,
    title: String,
    number: Option<u32>,
    words: BTreeSet<String>,
}

fn read(text: &str, trackers: &[Tracker]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    // GitHub's list has the title on one line and "#12 opened by" on the next.
    let mut above = String::new();
    for line in text.lines().take(MOST_LINES) {
        let line: String = line.chars().take(MOST_LINE).collect();
        let Some((ticket, rest)) = ticket(&line, trackers) else {
            above = line;
            continue;
        };
        let number = rest.split(breaks).find_map(item_number);
        let titled = |text: &str| {
            let kept: Vec<&str> = text
                .split(|letter: char| letter.is_whitespace() || matches!(letter, '|' | '[' | ']'))
                .filter(|word| !word.is_empty() && item_number(word.trim_matches(breaks)).is_none())
                .collect();
            let joined = super::one_line(&kept.join(" "));
            joined
                .trim_matches(|letter: char| {
                    letter.is_whitespace()
                        || matches!(
                            letter,
                            '-' | '–' | '—' | ':' | '·' | ',' | ';' | '(' | ')' | '"' | '•' | '*'
                        )
                })
                .to_owned()
        };
        let mut title = titled(&rest);
        let mut number = number;
        let opened = title.starts_with("opened ") || title.starts_with("created ");
        if (title.is_empty() || opened) && !above.trim().is_empty() {
            number = number.or_else(|| above.split(breaks).find_map(item_number));
            title = titled(&above);
        }
        above = String::new();
        if out.iter().any(|known| known.ticket == ticket) {
            continue;
        }
        out.push(Line {
            words: words(&title),
            ticket,
            title,
            number,
        });
    }
    out
}

/// What stands between the keys and numbers of a line.
fn breaks(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '|' | ','
                | ';'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '<'
                | '>'
                | '"'
                | '\''
                | '“'
                | '”'
                | ':'
                | '*'
                | '`'
        )
}

/// The ticket of a line, and the rest of the line. What a tracker of the workspace knows goes before an address, and that
/// before what only looks like a key.
fn ticket(line: &str, trackers: &[Tracker]) -> Option<(String, String)> {
    let mut address = None;
    let mut rest = String::new();
    let mut from = line;
    while let Some(at) = find_address(from) {
        let (before, after) = from.split_at(at);
        let end = after
            .find(|letter: char| {
                letter.is_whitespace()
                    || matches!(letter, '|' | '<' | '>' | '"' | ')' | ']' | '“' | '”')
            })
            .unwrap_or(after.len());
        let (found, behind) = after.split_at(end);
        let found = found.trim_end_matches(['.', ',', ';']);
        if let Some(url) = web(found).filter(|_| address.is_none()) {
            address = Some(String::from(url));
        }
        rest.push_str(before);
        rest.push(' ');
        from = behind;
    }
    rest.push_str(from);

    let tokens: Vec<&str> = rest
        .split(breaks)
        .filter(|token| !token.is_empty())
        .collect();
    let own = tokens.iter().find_map(|token| {
        let key = trackers
            .iter()
            .find_map(|tracker| keys::known(tracker, token.trim_end_matches('.')))?;
        Some((*token, key))
    });
    if let Some((token, Key { key, .. })) = own {
        let rest = rest.replacen(token, " ", 1);
        return Some((key, rest));
    }
    let like = tokens.iter().find(|token| looks_like_a_key(token));
    match (address, like) {
        (Some(address), Some(token)) => Some((address, rest.replacen(token, " ", 1))),
        (Some(address), None) => Some((address, rest)),
        (None, Some(token)) => Some(((*token).to_owned(), rest.replacen(token, " ", 1))),
        (None, None) => None,
    }
}

fn find_address(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()
}

/// `OPS-212`, `#34` or `acme/login#34`, as no tracker of the workspace told how its keys look.
fn looks_like_a_key(token: &str) -> bool {
    let number = |text: &str| {
        (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some((place, digits)) = token.split_once('#') {
        let letters = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
        return number(digits) && place.chars().all(letters);
    }
    token.rsplit_once('-').is_some_and(|(letters, digits)| {
        number(digits)
            && letters.len() >= 2
            && letters.starts_with(|first: char| first.is_ascii_uppercase())
            && letters
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

/// 3 of `A3`, alone or behind a postmortem's id (`0197/A3`).
fn item_number(token: &str) -> Option<u32> {
    let token = token.rsplit_once('/').map_or(token, |(_, last)| last);
    let digits = token.strip_prefix('A')?;
    let fine = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fine.then(|| digits.parse().ok()).flatten()
}

fn words(text: &str) -> BTreeSet<String> {
    let text: String = text.chars().take(MOST_LINE).collect();
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_lowercase)
        .collect()
}

/// How much of an item's words stand in a line, or of the line's in the item where the tracker has cut them; from 0 to 1.
fn alike(line: &BTreeSet<String>, item: &BTreeSet<String>) -> f64 {
    let both = line.intersection(item).count();
    let of = |all: usize| {
        let least = if all == 1 { 1 } else { 2 };
        if both >= least && all > 0 {
            both as f64 / all as f64
        } else {
            0.0
        }
    };
    let cut = if line.len() >= 3 { of(line.len()) } else { 0.0 };
    // Of two that are found whole, the longer one says more.
    let more = both.min(50) as f64 / 1_000.0;
    let score = of(item.len()).max(cut);
    if score > 0.0 { score + more } else { 0.0 }
}
