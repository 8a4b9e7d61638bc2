//! Wording hints: where a text judges people by what is known now, and what to write or ask instead.
//!
//! Hints are offers. They look for the reactions to failure that the literature warns of (counterfactuals, judgements,
//! a person as the cause) and leave alone what machines failed to do: the subject decides, not the verb. Everything is
//! computed here, in time linear to the text, from English alone; other languages get none.

mod action;
mod language;
mod rules;
mod subject;
mod text;
mod words;

#[cfg(test)]
mod examples;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use subject::People;

/// Where a text stands. Some rules are for one place alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HintKind {
    /// A text section.
    #[default]
    Section,
    /// The words of a timeline event.
    Timeline,
    /// A finding.
    Finding,
    /// An action item.
    Action,
}

/// The rules, named by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub enum HintRule {
    /// What a person should or could have done.
    R1,
    /// What should have been done, by somebody who is not named.
    R2,
    /// How it would have gone if.
    R3,
    /// What a person failed to do.
    R4,
    /// An error of people as the cause.
    R5,
    /// Words that judge.
    R6,
    /// Hindsight.
    R7,
    /// A single cause.
    R8,
    /// Being careful as an action.
    R9,
    /// Why, asked of a person.
    R10,
    /// A person's name beside the harm.
    R11,
    /// A finding that contains its remedy.
    R12,
    /// A timeline event that tells of two things, or hides who acted.
    R13,
    /// An action item without a visible end.
    R14,
    /// Two actions in one action item.
    R15,
}

/// How sure a hint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HintStrength {
    /// To be underlined, with a suggestion.
    Strong,
    /// A note in the margin.
    Soft,
}

/// One place to look at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Hint {
    /// Which rule.
    pub rule: HintRule,
    /// How sure it is.
    pub strength: HintStrength,
    /// Where it starts: bytes from the text's start.
    pub start: usize,
    /// Where it ends: bytes from the text's start.
    pub end: usize,
    /// Why, in one line.
    pub why: &'static str,
    /// What to write or to ask instead.
    pub instead: &'static str,
}

/// The language of a text, as far as hints are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HintLanguage {
    /// English, or too short to tell.
    #[default]
    English,
    /// Another one: there are no hints.
    Other,
}

/// What there is to say about a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct HintReport {
    /// Whether the hints apply at all.
    pub language: HintLanguage,
    /// Strong ones first, then by place. They do not overlap.
    pub hints: Vec<Hint>,
    /// Lines of chats, quotes and logs. They are other people's words and were not looked at.
    pub quoted_lines: usize,
}

/// Looks at a text. Lines in other languages are left out, and when most of it is in another, all of it is.
pub fn check(text: &str, kind: HintKind, people: &People) -> HintReport {
    let parsed = text::parse(text, &|who| people.is_name(who));
    let mut report = HintReport {
        quoted_lines: parsed.foreign_lines,
        ..HintReport::default()
    };
    if parsed.other > parsed.english {
        report.language = HintLanguage::Other;
        return report;
    }
    report.hints = without_overlaps(rules::all(&parsed, kind, people));
    report
}

/// Keeps of hints that overlap the strong ones, and of those the first.
fn without_overlaps(mut hints: Vec<Hint>) -> Vec<Hint> {
    hints.sort_by_key(|hint| (hint.strength, hint.start, hint.end, hint.rule));
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    hints.retain(|hint| {
        let free = taken
            .range(..hint.end)
            .next_back()
            .is_none_or(|(_, end)| *end <= hint.start);
        if free {
            taken.insert(hint.start, hint.end);
        }
        free
    });
    hints
}

/// The same hints with places in UTF-16 units, as web pages count them.
pub fn utf16(text: &str, mut hints: Vec<Hint>) -> Vec<Hint> {
    let counted = utf16_places(text, hints.iter().flat_map(|hint| [hint.start, hint.end]));
    for hint in &mut hints {
        hint.start = counted.get(&hint.start).copied().unwrap_or_default();
        hint.end = counted.get(&hint.end).copied().unwrap_or_default();
    }
    hints
}

/// Places in UTF-16 units by places in bytes, counted in one pass; places beyond the text's end are its end.
pub(crate) fn utf16_places(
    text: &str,
    places: impl Iterator<Item = usize>,
) -> BTreeMap<usize, usize> {
    let mut places: Vec<usize> = places.collect();
    places.sort_unstable();
    places.dedup();
    let (mut bytes, mut units) = (0, 0);
    let mut letters = text.chars();
    places
        .into_iter()
        .map(|place| {
            while bytes < place {
                let Some(letter) = letters.next() else {
                    break;
                };
                bytes += letter.len_utf8();
                units += letter.len_utf16();
            }
            (place, units)
        })
        .collect()
}
