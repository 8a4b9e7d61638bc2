//! Whether a word that is somebody's name is meant as one.

use super::LookKind;
use super::find::Reading;
use super::fold::{Case, Word};
use super::names::{Entry, Kind};
use super::words::{self as lists, Class};

/// What a word is taken for.
pub(super) enum Verdict {
    /// A name, and why that is worth a look.
    Name(Option<&'static str>),
    /// Something else that is worth a look.
    Kept(LookKind),
    /// Something else.
    No,
}

pub(super) const AMBIGUOUS: &str = "This is an ordinary word, too, and was taken for the name.";
const ELSEWHERE: &str = "This is a place, a language or a month, too, and was taken for the name.";

impl Reading<'_> {
    /// Whether a sequence of words that names somebody is meant so.
    pub fn verdict(
        &self,
        at: usize,
        after: usize,
        entries: &[Entry],
        mention: bool,
        bare_s: bool,
    ) -> Verdict {
        let has = |kinds: &[Kind]| entries.iter().any(|entry| kinds.contains(&entry.kind));
        if mention {
            return Verdict::Name(None);
        }
        let words = &self.words[at..after];
        if words.len() > 1 {
            let small = words
                .iter()
                .all(|word| matches!(word.case, Case::Lower) || word.digits);
            let ordinary = |word: &Word| {
                word.text.chars().count() < 3
                    || lists::class(&word.text).is_some()
                    || lists::is_group(&word.text)
            };
            let full = has(&[Kind::Full, Kind::Part, Kind::Handle]);
            return match full {
                true if small && words.iter().all(ordinary) => Verdict::No,
                // `a L` of `a latency` and `Mark c` are no initials.
                true if words
                    .iter()
                    .any(|word| word.case == Case::Lower && word.text.chars().count() == 1)
                    && !has(&[Kind::Handle]) =>
                {
                    Verdict::No
                }
                true => Verdict::Name(None),
                false => Verdict::No,
            };
        }
        if !has(&[Kind::Part, Kind::Handle, Kind::Full]) {
            return Verdict::No;
        }
        self.single(at, after, bare_s)
    }

    /// Whether one word is meant as a name.
    fn single(&self, at: usize, after: usize, bare_s: bool) -> Verdict {
        let word = &self.words[at];
        let stem = match bare_s {
            true => word.text.strip_suffix('s').unwrap_or(&word.text),
            false => &word.text,
        };
        let class = match bare_s {
            true => lists::class(&word.text).or_else(|| lists::class(stem)),
            false => lists::class(stem),
        };
        let letters = stem.chars().count();
        let group = lists::is_group(stem);
        match word.case {
            Case::None => Verdict::Name(None),
            Case::Lower if class.is_some() || group || letters < 3 => Verdict::No,
            Case::Upper if class.is_some() || group || letters < 3 => Verdict::No,
            Case::Lower | Case::Upper => Verdict::Name(None),
            Case::Capital => match class {
                None if group => self.ambiguous(at, after, Class::Noun, bare_s),
                None if lists::is_capitalised(stem) => Verdict::Name(Some(ELSEWHERE)),
                None => Verdict::Name(None),
                Some(class) => self.ambiguous(at, after, class, bare_s),
            },
        }
    }

    /// A capitalised word that is a name and an ordinary word.
    fn ambiguous(&self, at: usize, after: usize, class: Class, bare_s: bool) -> Verdict {
        let word = &self.words[at];
        let (possessive, _) = self.genitive(after.saturating_sub(1));
        let next = self.following(after);
        let next_text = next.map_or("", |next| next.text.as_str());
        if lists::is_month(&word.text) && self.is_date(at, after) {
            return Verdict::Kept(LookKind::Word);
        }
        if possessive {
            return Verdict::Name(None);
        }
        let before = at
            .checked_sub(1)
            .and_then(|before| self.words.get(before))
            .filter(|before| self.is_near(before, word));
        let joined = matches!(next_text, "and" | "or")
            && self
                .words
                .get(after + 1)
                .is_some_and(|third| third.case == Case::Capital);
        if self.titled.contains(&at) {
            // In A Heading Like This every word is large.
            return match joined || lists::is_finite(next_text) {
                true => Verdict::Name(Some(AMBIGUOUS)),
                false => Verdict::Kept(LookKind::Word),
            };
        }
        if !self.starts[at] {
            let article = before.is_some_and(|before| {
                before.case == Case::Lower
                    && matches!(
                        before.text.as_str(),
                        "the" | "a" | "an" | "this" | "each" | "every" | "no" | "per"
                    )
            });
            let other = lists::is_capitalised(&word.text) || bare_s || class == Class::Function;
            return match (article, other) {
                (true, _) => Verdict::Kept(LookKind::Word),
                (false, true) => Verdict::Name(Some(ELSEWHERE)),
                (false, false) => Verdict::Name(None),
            };
        }
        let verb = lists::is_finite(next_text) && next.is_some_and(|next| next.case == Case::Lower);
        let certain = verb && lists::is_people_verb(next_text);
        match class {
            _ if certain || joined => Verdict::Name(None),
            Class::Modal | Class::Verb | Class::Noun if verb => Verdict::Name(Some(AMBIGUOUS)),
            Class::Function => Verdict::Kept(LookKind::Word),
            _ if next.is_none() => Verdict::Name(Some(AMBIGUOUS)),
            Class::Modal | Class::Verb => Verdict::Kept(LookKind::Word),
            Class::Noun => Verdict::Name(Some(AMBIGUOUS)),
        }
    }

    /// The next word that is no adverb, with nothing but spaces before it.
    pub fn following(&self, after: usize) -> Option<&Word> {
        let mut last = self.words.get(after.checked_sub(1)?)?;
        for word in self.words.iter().skip(after).take(3) {
            if !self.is_near(last, word) {
                return None;
            }
            if !lists::is_adverb(&word.text) {
                return Some(word);
            }
            last = word;
        }
        None
    }

    /// Nothing but spaces is between two words.
    pub fn is_near(&self, one: &Word, two: &Word) -> bool {
        let between = self.text.get(one.end..two.start).unwrap_or_default();
        !between.is_empty() && between.chars().all(char::is_whitespace) && !between.contains("\n\n")
    }

    /// `in May`, `12 May`, `May 2026`.
    fn is_date(&self, at: usize, after: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.words.get(before));
        let next = self.words.get(after);
        let word = &self.words[at];
        before.is_some_and(|before| {
            self.is_near(before, word)
                && (before.digits
                    || matches!(
                        before.text.as_str(),
                        "in" | "since"
                            | "until"
                            | "early"
                            | "late"
                            | "last"
                            | "next"
                            | "mid"
                            | "during"
                            | "th"
                            | "st"
                            | "nd"
                            | "rd"
                            | "before"
                    ))
        }) || next.is_some_and(|next| next.digits && self.is_near(word, next))
    }
}
