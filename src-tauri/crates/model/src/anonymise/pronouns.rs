//! He and she become they, and the verb follows where that is simple.
//!
//! Not mended: a second verb of the same sentence (“she restarts it and posts” keeps “posts”), a verb far from its pronoun,
//! and languages besides English.

use super::find::Reading;
use super::fold::{Case, Word};
use super::phrase::Edit;
use super::roles::capital;
use super::words as lists;

/// The edits that make a text say nothing of who is he and who is she, from a place on.
pub(super) fn edits(reading: &Reading<'_>, from: usize) -> Vec<Edit> {
    let pen = Pen { reading };
    let mut edits = Vec::new();
    let mut at = 0;
    while let Some(word) = reading.words.get(at) {
        let spoken = word.hidden.is_none() && matches!(word.case, Case::Lower | Case::Capital);
        at = match spoken && word.start >= from {
            true => pen.at(at, &mut edits),
            false => at + 1,
        };
    }
    edits
}

struct Pen<'a, 't> {
    reading: &'a Reading<'t>,
}

impl Pen<'_, '_> {
    /// Looks at a word, and gives the next one to look at.
    fn at(&self, at: usize, edits: &mut Vec<Edit>) -> usize {
        let Some(word) = self.word(at) else {
            return at + 1;
        };
        match word.text.as_str() {
            "s" if self.is_between(at, "/", "") && self.is_word(at + 1, "he") => {
                self.subject(at, at + 1, edits)
            }
            "s" if self.is_between(at, ")", "") && self.is_word(at + 1, "he") => {
                self.subject(at, at + 1, edits)
            }
            "he" | "she" => {
                let last = self.pair(at, &["he", "she"]);
                self.subject(at, last, edits)
            }
            "him" => self.plain(at, self.pair(at, &["her"]), "them", edits),
            "himself" | "herself" => {
                let last = self.pair(at, &["himself", "herself"]);
                self.plain(at, last, "themselves", edits)
            }
            "hers" => self.plain(at, at, "theirs", edits),
            "his" => {
                let last = self.pair(at, &["her", "hers"]);
                let by = match self.owns(last) {
                    true => "their",
                    false => "theirs",
                };
                self.plain(at, last, by, edits)
            }
            "her" => {
                let last = self.pair(at, &["his", "him"]);
                let by = match self.owns(last) && !self.is_word(last, "him") {
                    true => "their",
                    false => "them",
                };
                self.plain(at, last, by, edits)
            }
            _ => at + 1,
        }
    }

    fn word(&self, at: usize) -> Option<&Word> {
        self.reading.words.get(at)
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at).is_some_and(|this| this.text == word)
    }

    fn is_between(&self, at: usize, one: &str, other: &str) -> bool {
        let (Some(this), Some(next)) = (self.word(at), self.word(at + 1)) else {
            return false;
        };
        let between = self.reading.text.get(this.end..next.start);
        between == Some(one) || !other.is_empty() && between == Some(other)
    }

    /// “he or she”, “his/her”: where the pair ends, or where it started when there is none.
    fn pair(&self, at: usize, others: &[&str]) -> usize {
        let other = |at: usize| {
            self.word(at)
                .is_some_and(|word| others.contains(&word.text.as_str()))
        };
        if self.is_between(at, "/", "") && other(at + 1) {
            return at + 1;
        }
        let joined = self.is_word(at + 1, "or") && other(at + 2);
        match joined {
            true => at + 2,
            false => at,
        }
    }

    /// Whether what follows a pronoun is something that somebody has: “her inbox”, not “told her about”.
    fn owns(&self, last: usize) -> bool {
        let (Some(word), Some(next)) = (self.word(last), self.word(last + 1)) else {
            return false;
        };
        if !self.reading.is_near(word, next) {
            // “her `top` output”
            let between = self
                .reading
                .text
                .get(word.end..next.start)
                .unwrap_or_default();
            return between.starts_with([' ', '\n'])
                && between
                    .trim_matches([' ', '\n'])
                    .chars()
                    .all(|mark| matches!(mark, '`' | '*' | '_' | '"' | '“' | '['));
        }
        let named = self
            .reading
            .found
            .binary_search_by_key(&(last + 1), |name| name.first)
            .ok()
            .and_then(|at| self.reading.found.get(at))
            .is_some_and(|name| !name.possessive);
        let subject = matches!(
            next.text.as_str(),
            "i" | "he" | "she" | "we" | "they" | "you" | "is" | "was"
        );
        !named && !subject && !lists::follows_object(&next.text)
    }

    fn plain(&self, at: usize, last: usize, by: &str, edits: &mut Vec<Edit>) -> usize {
        self.replace(at, last, by, edits);
        last + 1
    }

    fn replace(&self, at: usize, last: usize, by: &str, edits: &mut Vec<Edit>) {
        let (Some(first), Some(end)) = (self.word(at), self.word(last)) else {
            return;
        };
        let mut start = first.start;
        let written = self.reading.text.get(..start).unwrap_or_default();
        // “(s)he”
        if first.text == "s" && written.ends_with('(') {
            start -= 1;
        }
        let by = match first.case == Case::Capital {
            true => capital(by),
            false => by.to_owned(),
        };
        edits.push(Edit {
            start,
            end: end.end,
            by,
            name: None,
            unsure: None,
        });
    }

    /// The pronoun of a sentence's subject, with its verb.
    fn subject(&self, at: usize, last: usize, edits: &mut Vec<Edit>) -> usize {
        // “Was she …?”
        let inverted = at.checked_sub(1).filter(|before| {
            let (Some(word), Some(this)) = (self.word(*before), self.word(at)) else {
                return false;
            };
            self.reading.is_near(word, this) && plural(&word.text).is_some()
        });
        let verb = self.verb(last);
        let own = verb
            .and_then(|verb| self.word(verb))
            .is_some_and(|word| plural(&word.text).is_some() || lists::is_third_person(&word.text));
        if let Some(before) = inverted.filter(|_| !own)
            && let Some(word) = self.word(before)
            && let Some(by) = plural(&word.text)
            && edits.last().is_none_or(|edit| edit.end <= word.start)
        {
            self.replace(before, before, by, edits);
        }
        if let Some(next) = self.contraction(at, last, edits) {
            return next;
        }
        self.replace(at, last, "they", edits);
        let Some(verb) = verb.filter(|_| inverted.is_none() || own) else {
            return last + 1;
        };
        let Some(word) = self.word(verb) else {
            return last + 1;
        };
        if let Some(by) = plural(&word.text) {
            self.replace(verb, verb, by, edits);
            return verb + 1;
        }
        if lists::is_third_person(&word.text) && word.case == Case::Lower {
            let written = self
                .reading
                .text
                .get(word.start..word.end)
                .unwrap_or_default();
            self.replace(verb, verb, &base(written), edits);
            return verb + 1;
        }
        last + 1
    }

    /// “he's” and its kind.
    fn contraction(&self, at: usize, last: usize, edits: &mut Vec<Edit>) -> Option<usize> {
        let (word, next) = (self.word(last)?, self.word(last + 1)?);
        let apostrophe = self.reading.text.get(word.end..next.start)?;
        if !matches!(apostrophe, "'" | "’") || next.text != "s" {
            return None;
        }
        let participle = self.word(last + 2).is_some_and(|third| {
            let third = match lists::is_adverb(&third.text) {
                true => self.word(last + 3).unwrap_or(third),
                false => third,
            };
            lists::is_participle(&third.text)
        });
        let by = match participle {
            true => format!("they{apostrophe}ve"),
            false => format!("they{apostrophe}re"),
        };
        self.replace(at, last + 1, &by, edits);
        Some(last + 2)
    }

    /// The verb behind a subject, over adverbs.
    fn verb(&self, last: usize) -> Option<usize> {
        let mut before = self.word(last)?;
        for at in last + 1..last + 4 {
            let word = self.word(at)?;
            if !self.reading.is_near(before, word) {
                return None;
            }
            if !lists::is_adverb(&word.text) {
                return Some(at);
            }
            before = word;
        }
        None
    }
}

/// The plural of the verbs that have one of their own.
fn plural(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "is" => "are",
        "was" => "were",
        "has" => "have",
        "does" => "do",
        "isn" => "aren",
        "wasn" => "weren",
        "hasn" => "haven",
        "doesn" => "don",
        _ => return None,
    })
}

/// `restarts` becomes `restart`, `tries` `try`, `watches` `watch`, `goes` `go`.
fn base(verb: &str) -> String {
    let cut = |ending: &str| verb.strip_suffix(ending).map(str::to_owned);
    if let Some(stem) = cut("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes", "oes"] {
        if verb.ends_with(ending)
            && let Some(stem) = cut("es")
        {
            return stem;
        }
    }
    cut("s").unwrap_or_else(|| verb.to_owned())
}
