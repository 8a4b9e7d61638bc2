//! Everybody who may be named, and every way in which they are.

use std::collections::{HashMap, HashSet};

use super::fold::{self, Case, Word, fold, words};
use super::trie::{Place, Trie};
use super::words as lists;
use crate::directory::{Person, Service};
use crate::postmortem::PersonId;

/// Which of the ways to name somebody a sequence of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Several words: first and last name in either order, with initials.
    Full,
    /// One word of the name, or the short name.
    Part,
    /// The handle in chat.
    Handle,
    /// What is known from addresses and mentions alone: `clind`.
    Alias,
}

/// A way to name somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Index of the person.
    pub who: usize,
    pub kind: Kind,
}

/// Somebody's names, ready to be looked for.
#[derive(Debug, Default)]
pub(super) struct Forms {
    pub trie: Trie<Entry>,
    pub mails: HashMap<String, usize>,
}

/// People of one name whom a text has to tell apart at the most: a thousand of them are called a colleague all the same.
pub(super) const CROWD: usize = 8;

/// The people and services of a directory, ready to be looked for in many texts.
#[derive(Debug, Default)]
pub struct Known {
    pub(super) forms: Forms,
    /// Names that many people have.
    pub(super) crowded: Vec<Place>,
    pub(super) services: Trie<String>,
    pub(super) service_words: HashSet<String>,
    pub(super) by_id: HashMap<PersonId, usize>,
    pub(super) titles: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) title_counts: HashMap<String, usize>,
}

impl Known {
    /// Takes a directory in. Services whose names are people's win where a text has the service's name exactly.
    pub fn new(people: &[Person], services: &[Service]) -> Self {
        let mut known = Self::default();
        for (who, person) in people.iter().enumerate() {
            known.by_id.insert(person.id.clone(), who);
            known.titles.push(person.role_title.trim().to_owned());
            known.names.push(person.name.trim().to_owned());
            let title = fold(person.role_title.trim());
            *known.title_counts.entry(title).or_insert(0) += 1;
            known.forms.name(who, &person.name);
            known.forms.short_name(who, &person.short_name);
            known.forms.handle(who, &person.handle);
            known.forms.mail(who, &person.email);
        }
        known.crowded = known.forms.trie.crowded(CROWD);
        for service in services {
            let name = service.name.trim();
            let sequence: Vec<String> = sequence(name);
            known.service_words.extend(sequence.iter().cloned());
            known.services.insert(&sequence, name.to_owned());
        }
        known
    }
}

fn sequence(text: &str) -> Vec<String> {
    words(text, &[]).into_iter().map(|word| word.text).collect()
}

impl Forms {
    /// Every way in which a full name is written.
    pub fn name(&mut self, who: usize, name: &str) {
        let name = name.trim();
        if name.contains('@') && name.contains('.') && !name.contains(' ') {
            return self.mail(who, name);
        }
        let (plain, aside) = without_asides(name);
        for word in words(&aside, &[]) {
            let spoken = word.case == Case::Capital || word.case == Case::None;
            if spoken && lists::class(&word.text).is_none() {
                self.part(who, &word);
            }
        }
        let tokens = words(&plain, &[]);
        let tokens: Vec<&Word> = tokens
            .iter()
            .filter(|word| !lists::is_title(&word.text) || tokens.len() == 1)
            .collect();
        if tokens
            .iter()
            .all(|word| word.digits || lists::is_group(&word.text))
        {
            // A group or a seat; its whole name is no one word of everyday texts.
            let seat = tokens.iter().any(|word| word.digits);
            if seat && tokens.iter().any(|word| !word.digits) {
                self.full(who, &texts(&tokens));
            }
            return;
        }
        let alone = tokens
            .iter()
            .all(|word| word.text.chars().all(fold::stands_alone) && !word.text.is_empty());
        if alone && !tokens.is_empty() {
            return self.unspaced(who, &plain);
        }
        self.full(who, &texts(&tokens));
        for word in &tokens {
            if !lists::is_group(&word.text) && !lists::is_particle(&word.text) {
                self.part(who, word);
            }
        }
        let spelled: Vec<String> = tokens
            .iter()
            .map(|word| {
                let written = plain.get(word.start..word.end).unwrap_or_default();
                fold::spelled_out(written).unwrap_or_else(|| word.text.clone())
            })
            .collect();
        if spelled != texts(&tokens) {
            self.full(who, &spelled);
            for (word, spelled) in tokens.iter().zip(&spelled) {
                if *spelled != word.text {
                    self.insert(who, Kind::Part, std::slice::from_ref(spelled));
                }
            }
        }
    }

    /// A name of several words: any part of it from one place to another, first and last, last and first, initials.
    fn full(&mut self, who: usize, tokens: &[String]) {
        // A sentence in the place of a name would make too many parts.
        let tokens = tokens.get(..tokens.len().min(8)).unwrap_or_default();
        if !tells(tokens) {
            // `J R` and `R2D2` as a whole alone; `A3` not at all, because action items have such numbers.
            let letters = tokens.iter().flat_map(|word| word.chars());
            if letters.filter(|letter| !letter.is_numeric()).count() > 1 {
                self.insert(who, Kind::Full, tokens);
            }
            return;
        }
        for from in 0..tokens.len() {
            for to in from + 2..=tokens.len() {
                let part = tokens.get(from..to).unwrap_or_default();
                let own = tells(part)
                    && part
                        .iter()
                        .any(|word| !lists::is_particle(word) && !lists::is_group(word));
                if own || part.len() == tokens.len() {
                    self.insert(who, Kind::Full, part);
                }
            }
        }
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        if tokens.len() < 2 {
            return;
        }
        let initial = |word: &str| word.chars().next().map(String::from).unwrap_or_default();
        let rest = tokens.get(1..).unwrap_or_default();
        let mut turned: Vec<String> = rest.to_vec();
        turned.push(first.clone());
        self.insert(who, Kind::Full, &turned);
        for pair in [
            [first.clone(), last.clone()],
            [last.clone(), first.clone()],
            [initial(first), last.clone()],
            [first.clone(), initial(last)],
        ] {
            if tells(&pair) {
                self.insert(who, Kind::Full, &pair);
            }
        }
        let mut short = vec![initial(first)];
        short.extend_from_slice(rest);
        if tells(&short) {
            self.insert(who, Kind::Full, &short);
        }
        for glued in [tokens.concat(), format!("{first}{last}")] {
            if tells(std::slice::from_ref(&glued)) {
                self.insert(who, Kind::Handle, &[glued]);
            }
        }
        for glued in [
            format!("{}{last}", initial(first)),
            format!("{first}{}", initial(last)),
            format!("{last}{first}"),
            format!("{last}{}", initial(first)),
        ] {
            self.insert(who, Kind::Alias, &[glued]);
        }
        for at in 1..tokens.len() {
            // `o brien` is `obrien`, too.
            if let (Some(one), Some(two)) = (tokens.get(at - 1), tokens.get(at))
                && lists::is_particle(one)
            {
                self.insert(who, Kind::Part, &[format!("{one}{two}")]);
            }
        }
    }

    fn part(&mut self, who: usize, word: &Word) {
        let letters = word.text.chars().count();
        if word.digits || letters < 2 {
            return;
        }
        self.insert(who, Kind::Part, std::slice::from_ref(&word.text));
        for declined in declined(&word.text) {
            self.insert(who, Kind::Part, &[declined]);
        }
    }

    /// A name in a script without spaces: as a whole, and its parts where they are told apart.
    fn unspaced(&mut self, who: usize, name: &str) {
        let parts: Vec<Vec<String>> = name
            .split(|c: char| c.is_whitespace() || matches!(c, '・' | '·' | ','))
            .map(sequence)
            .filter(|part| !part.is_empty())
            .collect();
        self.insert(who, Kind::Full, &parts.concat());
        for part in parts.iter().filter(|part| part.len() > 1) {
            self.insert(who, Kind::Part, part);
        }
        if let [one] = parts.as_slice()
            && one.len() > 2
        {
            // The surname is mostly one letter, and two where there are four.
            let given = if one.len() > 3 { 2 } else { 1 };
            self.insert(who, Kind::Part, one.get(given..).unwrap_or_default());
            if given == 2 {
                self.insert(who, Kind::Part, one.get(..given).unwrap_or_default());
            }
        }
    }

    /// The short name.
    pub fn short_name(&mut self, who: usize, name: &str) {
        let tokens = words(name, &[]);
        match tokens.as_slice() {
            [one] if !lists::is_group(&one.text) => self.part(who, one),
            [_, _, ..] => self.name(who, name),
            _ => {}
        }
    }

    /// The handle, with or without its @.
    pub fn handle(&mut self, who: usize, handle: &str) {
        let sequence = sequence(handle.trim().trim_start_matches('@'));
        if sequence.concat().chars().count() > 1 {
            self.insert(who, Kind::Handle, &sequence);
        }
    }

    /// An e-mail address: the whole of it, and its local part wherever it may stand.
    pub fn mail(&mut self, who: usize, mail: &str) {
        let mail = mail.trim();
        if let Some((local, _)) = mail.split_once('@') {
            self.mails.insert(fold(mail), who);
            let sequence = sequence(local.split('+').next().unwrap_or(local));
            if !sequence.iter().all(|word| lists::is_group(word)) {
                self.insert(who, Kind::Alias, &sequence);
            }
        }
    }

    fn insert<S: AsRef<str>>(&mut self, who: usize, kind: Kind, sequence: &[S]) {
        self.trie.insert(sequence, Entry { who, kind });
    }
}

/// Whether words are more than numbers and single letters, which stand in every text: `1. A`.
fn tells(words: &[String]) -> bool {
    words.iter().any(|word| {
        let mut letters = word.chars().filter(|letter| !letter.is_numeric());
        letters
            .next()
            .is_some_and(|first| fold::stands_alone(first) || letters.next().is_some())
    })
}

fn texts(tokens: &[&Word]) -> Vec<String> {
    tokens.iter().map(|word| word.text.clone()).collect()
}

/// A name without what stands in brackets or quotes, and that: `Robert “Bob” Lind (she/her)`.
fn without_asides(name: &str) -> (String, String) {
    let (mut plain, mut aside) = (String::new(), String::new());
    let mut inside = false;
    for letter in name.chars() {
        match letter {
            '(' | '[' | '“' | '«' => inside = true,
            ')' | ']' | '”' | '»' => inside = false,
            '"' => inside = !inside,
            _ if inside => {
                aside.push(letter);
                continue;
            }
            _ => {
                plain.push(letter);
                continue;
            }
        }
        plain.push(' ');
        aside.push(' ');
    }
    if plain.trim().is_empty() {
        return (name.to_owned(), String::new());
    }
    (plain, aside)
}

/// A Cyrillic name in its cases. Other scripts decline names rarely, or with an apostrophe.
fn declined(name: &str) -> Vec<String> {
    let cyrillic = name
        .chars()
        .all(|letter| ('\u{400}'..='\u{52f}').contains(&letter));
    if !cyrillic || name.chars().count() < 3 {
        return Vec::new();
    }
    let stem = name.trim_end_matches(['а', 'я', 'и', 'ь', 'о']);
    let endings = [
        "а", "у", "ом", "ем", "е", "ы", "ой", "ою", "ей", "ею", "и", "ю", "я", "ым", "ого", "ому",
        "ои", "еи", "ые", "ых",
    ];
    endings
        .iter()
        .map(|ending| format!("{stem}{ending}"))
        .collect()
}
