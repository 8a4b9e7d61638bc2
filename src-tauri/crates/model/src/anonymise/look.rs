//! What only a person can judge: names that nobody knows, and somebody's own life.

use std::collections::HashSet;

use super::LookKind;
use super::find::{Reading, Seen};
use super::fold::{Case, Word};
use super::roles::Roles;
use super::words as lists;

/// Words that a text and those around it write small, or that are known to be no names.
#[derive(Debug, Default)]
pub(super) struct Ordinary {
    small: HashSet<String>,
}

impl Ordinary {
    /// Takes in the words of a text.
    pub fn read(&mut self, text: &str) {
        for word in super::fold::words(text, &[]) {
            if word.case == Case::Lower {
                self.small.insert(word.text);
            }
        }
    }

    /// Takes in words that are no names, such as tags.
    pub fn add(&mut self, text: &str) {
        let words = super::fold::words(text, &[]);
        self.small.extend(words.into_iter().map(|word| word.text));
    }

    fn has(&self, word: &str) -> bool {
        self.small.contains(word)
    }
}

/// What is worth a look in a text, besides what was replaced.
pub(super) fn places(reading: &Reading<'_>, roles: &Roles<'_>, ordinary: &Ordinary) -> Vec<Seen> {
    let named: HashSet<usize> = reading
        .found
        .iter()
        .flat_map(|name| name.first..name.after)
        .collect();
    let mut seen = reading.seen.clone();
    let taken: HashSet<usize> = reading.seen.iter().map(|place| place.start).collect();
    let mut told = 0;
    for (at, word) in reading.words.iter().enumerate() {
        if word.hidden.is_some() || taken.contains(&word.start) {
            continue;
        }
        if !named.contains(&at) && is_name(reading, roles, ordinary, at, word) {
            seen.push(Seen {
                start: word.start,
                end: word.end,
                kind: LookKind::UnknownName,
            });
        }
        if let Some(end) = personal(reading, at, word).filter(|_| word.start >= told) {
            told = end;
            seen.push(Seen {
                start: word.start,
                end,
                kind: LookKind::Personal,
            });
        }
    }
    seen.sort_by_key(|place| (place.start, place.end));
    seen
}

/// Whether a word may be the name of somebody whom the directory does not know.
fn is_name(
    reading: &Reading<'_>,
    roles: &Roles<'_>,
    ordinary: &Ordinary,
    at: usize,
    word: &Word,
) -> bool {
    let left = reading.text.get(..word.start).unwrap_or_default();
    if let Some(before) = left.strip_suffix('@') {
        return !before.ends_with(|letter: char| letter.is_alphanumeric()) && !word.digits;
    }
    let glued = left.ends_with(|mark: char| {
        mark.is_alphanumeric() || matches!(mark, '/' | '_' | '-' | '.' | '#' | '\'' | '’')
    });
    if word.case != Case::Capital || glued || word.text.chars().count() < 2 {
        return false;
    }
    let known = lists::is_capitalised(&word.text)
        || lists::is_group(&word.text)
        || lists::is_acronym(&word.text)
        || roles.known.service_words.contains(&word.text)
        || ordinary.has(&word.text);
    let near = |at: Option<usize>, after: bool| {
        at.and_then(|at| reading.words.get(at))
            .filter(|other| match after {
                true => reading.is_near(word, other),
                false => reading.is_near(other, word),
            })
    };
    let next = near(Some(at + 1), true);
    let before = near(at.checked_sub(1), false);
    let start = reading.starts.get(at).copied().unwrap_or_default();
    if lists::is_given(&word.text) && !lists::is_capitalised(&word.text) {
        return !start || !ordinary.has(&word.text);
    }
    if known || lists::class(&word.text).is_some() {
        return false;
    }
    let acts =
        next.is_some_and(|next| next.case == Case::Lower && lists::is_people_verb(&next.text));
    let told = before.is_some_and(|before| lists::is_before_people(&before.text));
    match start {
        true => acts,
        false => {
            acts || told || before.is_some() && next.is_none_or(|next| next.case == Case::Lower)
        }
    }
}

/// Where a phrase about somebody's own life ends, when one starts with a word.
fn personal(reading: &Reading<'_>, at: usize, word: &Word) -> Option<usize> {
    let own = matches!(
        word.text.as_str(),
        "my" | "his" | "her" | "their" | "our" | "s"
    );
    if own
        && let Some(kin) = reading.words.get(at + 1)
        && lists::is_kin(&kin.text)
        // A process has children and parents, too; its are not theirs.
        && (matches!(word.text.as_str(), "my" | "his" | "her") || !matches!(kin.text.as_str(), "child" | "children" | "parents" | "partner"))
        && reading.is_near(word, kin)
    {
        return Some(kin.end);
    }
    lists::personal(&word.text).iter().find_map(|phrase| {
        let words = reading.words.get(at..at + phrase.len())?;
        let same = words
            .iter()
            .zip(phrase.iter())
            .all(|(word, said)| word.text == *said && word.hidden.is_none());
        let near = words
            .windows(2)
            .all(|pair| matches!(pair, [one, two] if reading.is_near(one, two)));
        (same && near).then(|| words.last().map(|last| last.end))?
    })
}
