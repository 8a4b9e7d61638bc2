//! Where a text names somebody, and where a word only looks like a name.

use std::collections::HashSet;

use super::fold::{Case, Word, fold};
use super::judge::{AMBIGUOUS, Verdict};
use super::mask::{Hidden, Mail, Mask, end_of, mails, masks};
use super::names::Entry;
use super::roles::{Book, Roles};
use super::trie::Place;
use super::words as lists;
use super::{LookKind, sentence};

/// A place where somebody is named. Bytes from the text's start.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where it starts, an @ or the brackets of an address included.
    pub start: usize,
    /// Where it ends, an ending for the genitive included.
    pub end: usize,
    /// The first of its words.
    pub first: usize,
    /// The word after its last.
    pub after: usize,
    /// Whom it may mean.
    pub whos: Vec<usize>,
    /// It is in the genitive.
    pub possessive: bool,
    /// It was written with a small letter.
    pub small: bool,
    /// It is an e-mail address.
    pub mail: bool,
    /// It is a mention.
    pub mention: bool,
    /// Why it is worth a look.
    pub unsure: Option<&'static str>,
}

/// A place to look at.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub start: usize,
    pub end: usize,
    pub kind: LookKind,
}

/// A text taken apart, with who is named in it.
pub(super) struct Reading<'t> {
    pub text: &'t str,
    pub words: Vec<Word>,
    /// Whether each word starts a sentence.
    pub starts: Vec<bool>,
    pub found: Vec<Found>,
    pub seen: Vec<Seen>,
    pub titled: HashSet<usize>,
}

pub(super) const SEVERAL: &str =
    "Several people have this name, so nobody's own role stands for it.";

/// Reads a text.
pub(super) fn read<'t>(text: &'t str, roles: &Roles<'_>) -> Reading<'t> {
    let mut masks = masks(text);
    let mails = mails(text, &masks);
    masks.extend(mails.iter().map(|mail| Mask {
        start: mail.start,
        end: mail.end,
        hidden: Hidden::Mail,
    }));
    masks.sort_unstable_by_key(|mask| mask.start);
    let words = super::fold::words(text, &masks);
    let starts = sentence::starts(text, &words);
    let titled = sentence::titled(text, &words);
    let mut reading = Reading {
        text,
        words,
        starts,
        found: Vec::new(),
        seen: Vec::new(),
        titled,
    };
    reading.search(roles, &mails);
    reading
}

impl Reading<'_> {
    fn search(&mut self, roles: &Roles<'_>, mails: &[Mail]) {
        let mut mails = mails.iter().peekable();
        let mut at = 0;
        while let Some(word) = self.words.get(at) {
            if let Some(mail) = mails.next_if(|mail| mail.start <= word.start) {
                at = self.mail(roles, mail, at);
                continue;
            }
            at = match self.at(roles, at) {
                Some(after) => after,
                None => at + 1,
            };
        }
    }

    /// The longest name that starts with a word; gives the word after it.
    fn at(&mut self, roles: &Roles<'_>, at: usize) -> Option<usize> {
        if self.is_letter_of_role(roles, at) {
            return None;
        }
        let word = &self.words[at];
        let hidden = word.hidden;
        let mention = self.is_mention(at);
        let mut ends: Vec<(usize, bool, Vec<Entry>)> = Vec::new();
        let mut prefix = 0;
        for book in roles.books() {
            self.walk(book, at, &word.text, &mut ends);
        }
        if ends.is_empty()
            && let Some((length, rest)) = without_prefix(word, self.text)
        {
            prefix = length;
            for book in roles.books() {
                self.walk(book, at, &rest, &mut ends);
            }
        }
        ends.sort_by_key(|(after, bare, _)| (std::cmp::Reverse(*after), *bare));
        if !mention && let Some(after) = self.service(roles, at, ends.first().map(|end| end.0)) {
            return Some(after);
        }
        let mut kept = None;
        for (after, bare_s, entries) in ends {
            match self.verdict(at, after, &entries, mention, bare_s) {
                Verdict::Name(_) if hidden.is_some() => {
                    let kind = match hidden {
                        Some(Hidden::Address) => LookKind::Address,
                        _ => LookKind::Code,
                    };
                    self.see(at, after, kind);
                    return Some(after);
                }
                Verdict::Name(unsure) => {
                    let whos = preferred(roles, entries.iter().map(|entry| entry.who).collect());
                    self.find((at, after), prefix, whos, mention, bare_s, unsure);
                    return Some(after);
                }
                Verdict::Kept(kind) => kept = kept.or(Some((after, kind))),
                Verdict::No => {}
            }
        }
        if let Some(after) = self.initials(roles, at, hidden.is_some()) {
            return Some(after);
        }
        let (after, kind) = kept?;
        if hidden.is_none() {
            self.see(at, after, kind);
        }
        Some(after)
    }

    /// Whether a word is the letter of a role, and no initial of the name that may stand behind it: “responder B paged”.
    fn is_letter_of_role(&self, roles: &Roles<'_>, at: usize) -> bool {
        let Some([before, letter]) = at.checked_sub(1).and_then(|from| self.words.get(from..=at))
        else {
            return false;
        };
        let between = self.text.get(before.end..letter.start).unwrap_or_default();
        matches!(between, " " | "-") && roles.is_lettered(&before.text, &letter.text)
    }

    /// Every sequence of known words from a word on, with the word after each.
    fn walk(
        &self,
        book: Book<'_>,
        from: usize,
        first: &str,
        ends: &mut Vec<(usize, bool, Vec<Entry>)>,
    ) {
        let trie = &book.forms.trie;
        let mut place = trie.root();
        let mut at = from;
        let mut text = first;
        let mut push = |after: usize, bare: bool, place: Place| {
            let entries = book.at(place);
            if entries.is_empty() {
                return;
            }
            match ends.iter_mut().find(|end| end.0 == after && end.1 == bare) {
                Some(end) => end.2.extend_from_slice(entries),
                None => ends.push((after, bare, entries.to_vec())),
            }
        };
        loop {
            // A genitive without its apostrophe, as other languages have it: `Cathys`.
            if let Some(bare) = text.strip_suffix('s').filter(|bare| bare.len() > 2)
                && let Some(end) = trie.step(place, bare)
            {
                push(at + 1, true, end);
            }
            match trie.step(place, text) {
                Some(next) => place = next,
                None => break,
            }
            push(at + 1, false, place);
            let (Some(this), Some(next)) = (self.words.get(at), self.words.get(at + 1)) else {
                break;
            };
            let between = self.text.get(this.end..next.start).unwrap_or_default();
            if next.hidden != this.hidden || !joins(between, this, next) {
                break;
            }
            at += 1;
            text = &next.text;
        }
    }

    /// Whether an @ stands before a word and makes it a mention.
    fn is_mention(&self, at: usize) -> bool {
        let start = self.words[at].start;
        let before = self.text.get(..start).unwrap_or_default();
        before.strip_suffix('@').is_some_and(|before| {
            !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '.')
        })
    }

    /// A service's own name, exactly as the directory has it, where a person's name is no longer.
    fn service(&mut self, roles: &Roles<'_>, at: usize, person: Option<usize>) -> Option<usize> {
        let person = person?;
        let trie = &roles.known.services;
        let mut place = trie.root();
        let mut longest = None;
        for (after, word) in (at + 1..).zip(self.words.get(at..)?) {
            let Some(next) = trie.step(place, &word.text) else {
                break;
            };
            place = next;
            let start = self.words[at].start;
            let written = self.text.get(start..word.end).unwrap_or_default();
            if trie.at(place).iter().any(|name| name == written) {
                longest = Some(after);
            }
        }
        let after = longest.filter(|after| *after >= person)?;
        self.see(at, after, LookKind::Service);
        Some(after)
    }

    /// Initials, where they are used as a person is.
    fn initials(&mut self, roles: &Roles<'_>, at: usize, hidden: bool) -> Option<usize> {
        let word = &self.words[at];
        if hidden || word.case != Case::Upper || word.text.len() > 3 {
            return None;
        }
        let written = self.text.get(word.start..word.end)?;
        let who = *roles.initials.get(written)?;
        let acronym = lists::is_acronym(&word.text);
        let left = self.text.get(..word.start)?;
        let right = self.text.get(word.end..)?;
        let before = at
            .checked_sub(1)
            .and_then(|before| self.words.get(before))
            .filter(|before| self.is_near(before, word));
        let next = self.following(at + 1);
        let next_text = next.map_or("", |next| next.text.as_str());
        let acts = lists::is_people_verb(next_text)
            || !acronym
                && lists::is_finite(next_text)
                && !lists::is_machine_verb(next_text)
                && next.is_some_and(|next| next.case == Case::Lower);
        // Both the trade and people restart things; who is known to take part did it.
        let restarted = !acronym
            && matches!(
                next_text,
                "restarted" | "restarts" | "was" | "is" | "has" | "had"
            );
        let article = before.is_some_and(|before| lists::is_determiner(&before.text));
        let addressed = before.is_some_and(|before| lists::is_before_people(&before.text));
        let alone = left.ends_with('(') && right.starts_with(')');
        let speaks = self.starts[at] && right.starts_with(": ");
        let (possessive, _) = self.genitive(at);
        let mention = self.is_mention(at);
        let person = mention
            || acts && !article
            || !acronym && !article && (restarted || addressed || alone || speaks || possessive);
        if !person {
            self.see(at, at + 1, LookKind::Initials);
            return Some(at + 1);
        }
        let unsure = (acronym && !mention).then_some(AMBIGUOUS);
        self.find((at, at + 1), 0, vec![who], mention, false, unsure);
        Some(at + 1)
    }

    /// Whether a word is in the genitive, and where that ends. `James' laptop` is, when no quote was opened before.
    pub fn genitive(&self, last: usize) -> (bool, usize) {
        let Some(word) = self.words.get(last) else {
            return (false, 0);
        };
        let tail = self.text.get(word.end..).unwrap_or_default();
        let mut letters = tail.chars();
        let Some(apostrophe) = letters
            .next()
            .filter(|mark| matches!(mark, '\'' | '’' | 'ʼ' | '＇' | '`' | '´'))
        else {
            return (false, word.end);
        };
        let end = word.end + apostrophe.len_utf8();
        match letters.next() {
            Some('s' | 'S') if !letters.next().is_some_and(char::is_alphanumeric) => {
                (true, end + 1)
            }
            Some(' ') if word.text.ends_with(['s', 'x', 'z']) => {
                let line = end_of(self.text.get(..word.start).unwrap_or_default(), 200);
                let line = line.rsplit('\n').next().unwrap_or_default();
                let quoted = line.char_indices().any(|(at, mark)| {
                    matches!(mark, '\'' | '‘')
                        && !line
                            .get(..at)
                            .is_some_and(|before| before.ends_with(char::is_alphanumeric))
                });
                let noun = letters.next().is_some_and(char::is_alphabetic);
                (
                    noun && !quoted,
                    if noun && !quoted { end } else { word.end },
                )
            }
            _ => (false, word.end),
        }
    }

    fn see(&mut self, at: usize, after: usize, kind: LookKind) {
        let (Some(first), Some(last)) = (
            self.words.get(at),
            after.checked_sub(1).and_then(|last| self.words.get(last)),
        ) else {
            return;
        };
        self.seen.push(Seen {
            start: first.start,
            end: last.end,
            kind,
        });
    }

    fn find(
        &mut self,
        (at, after): (usize, usize),
        prefix: usize,
        whos: Vec<usize>,
        mention: bool,
        bare_s: bool,
        unsure: Option<&'static str>,
    ) {
        let last = after.saturating_sub(1);
        let mut start = self.words[at].start + prefix;
        let (apostrophe, mut end) = self.genitive(last);
        let mut next = after;
        if apostrophe {
            // The s behind the apostrophe is a word of its own.
            next += usize::from(self.words.get(after).is_some_and(|s| s.start < end));
        }
        // “Cathy B. is”: the stop is the initial's, when the sentence goes on.
        let initial = after > at + 1 && self.words[last].text.chars().count() == 1;
        let tail = self.text.get(end..).unwrap_or_default();
        if initial
            && let Some(tail) = tail.strip_prefix(". ")
            && tail.starts_with(char::is_lowercase)
        {
            end += 1;
        }
        if mention {
            start -= 1;
            let bracketed = self
                .text
                .get(..start)
                .is_some_and(|left| left.ends_with('<'))
                && self
                    .text
                    .get(end..)
                    .is_some_and(|right| right.starts_with('>'));
            if bracketed {
                start -= 1;
                end += 1;
            }
        }
        let several = whos.len() > 1;
        self.found.push(Found {
            start,
            end,
            first: at,
            after: next,
            whos,
            possessive: apostrophe || bare_s,
            small: matches!(self.words[at].case, Case::Lower | Case::None),
            mail: false,
            mention,
            unsure: unsure.or(several.then_some(SEVERAL)),
        });
    }
}

/// Whom a name means: those who take part, before everybody else.
pub(super) fn preferred(roles: &Roles<'_>, whos: Vec<usize>) -> Vec<usize> {
    let mut taking_part: Vec<usize> = whos
        .iter()
        .copied()
        .filter(|who| roles.takes_part(*who))
        .collect();
    let mut chosen = match taking_part.is_empty() {
        true => whos,
        false => std::mem::take(&mut taking_part),
    };
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// Whether what stands between two words lets them be one name.
fn joins(between: &str, before: &Word, after: &Word) -> bool {
    let letter = |word: &Word| word.text.chars().count() == 1;
    let initial = letter(before);
    match between {
        "" | "-" | "." | "_" | "'" | "’" | "·" | "・" | ", " | "‐" | "‑" => true,
        ". " => initial,
        _ => {
            between
                .chars()
                .all(|mark| mark.is_whitespace() || super::fold::is_invisible(mark))
                && match between.matches('\n').count() {
                    0 => true,
                    // “Cathy\nA minute later”
                    1 => !letter(after) || after.text.chars().all(super::fold::stands_alone),
                    _ => false,
                }
        }
    }
}

/// An Arabic or Hebrew word without the particle that is written onto it: “and”, “to”, “with”.
fn without_prefix(word: &Word, text: &str) -> Option<(usize, String)> {
    let written = text.get(word.start..word.end)?;
    let first = written.chars().next()?;
    let particle = matches!(
        first,
        'و' | 'ف' | 'ب' | 'ل' | 'ك' | 'ו' | 'ב' | 'ל' | 'ה' | 'ש' | 'מ' | 'כ'
    );
    let rest = written.get(first.len_utf8()..)?;
    (particle && rest.chars().count() > 1).then(|| (first.len_utf8(), fold(rest)))
}
