//! What people are called instead of by their names.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::fold::fold;
use super::names::{CROWD, Entry, Forms, Known};
use super::trie::Place;
use super::words as lists;
use crate::postmortem::{Participant, PersonId, ReviewRole};

/// What somebody is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label {
    /// `first responder`, `responder A`.
    pub noun: String,
    /// What goes before it.
    pub article: Article,
}

/// What goes before a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Article {
    /// `the`: one person has it.
    The,
    /// `a` or `an`: one of several.
    A,
    /// `responder A` needs none.
    None,
}

impl Label {
    pub fn colleague() -> Self {
        Self {
            noun: "colleague".into(),
            article: Article::A,
        }
    }

    /// `the first responder`, `an engineer`, `responder A`.
    pub fn phrase(&self) -> String {
        match self.article {
            Article::The => format!("the {}", self.noun),
            Article::A => format!("{} {}", a_or_an(&self.noun), self.noun),
            Article::None => self.noun.clone(),
        }
    }

    /// As it stands in a list: `First responder`.
    pub fn title(&self) -> String {
        capital(&self.noun)
    }
}

/// `a` or `an`, by the sound that a word most likely starts with.
pub(super) fn a_or_an(noun: &str) -> &'static str {
    let first = noun.split([' ', '-', '/']).next().unwrap_or_default();
    let mut letters = first.chars();
    let start = letters.next().unwrap_or_default();
    let spelled = first.chars().count() > 1 && first.chars().all(char::is_uppercase);
    let vowel = if spelled {
        matches!(
            start,
            'A' | 'E' | 'F' | 'H' | 'I' | 'L' | 'M' | 'N' | 'O' | 'R' | 'S' | 'X'
        )
    } else {
        let low = first.to_lowercase();
        matches!(start.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u')
            && !["user", "unit", "uni", "one", "eu"]
                .iter()
                .any(|sound| low.starts_with(sound))
    };
    if vowel { "an" } else { "a" }
}

/// With its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A title as it stands inside a sentence: `Social Media Manager` becomes `social media manager`, `iOS lead` stays.
fn inside_a_sentence(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    let plain = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters
                .clone()
                .all(|letter| !letter.is_uppercase() && letter.is_alphabetic())
    };
    let all = words
        .iter()
        .filter(|word| word.chars().count() > 3)
        .all(|word| word.chars().next().is_some_and(char::is_uppercase));
    let lowered: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(at, word)| match plain(word) && (at == 0 || all) {
            true => word.to_lowercase(),
            false => (*word).to_owned(),
        })
        .collect();
    lowered.join(" ")
}

/// Names to look in.
#[derive(Clone, Copy)]
pub(super) struct Book<'a> {
    pub forms: &'a Forms,
    crowds: &'a HashMap<Place, Vec<Entry>>,
}

impl Book<'_> {
    /// Whom a sequence of words means.
    pub fn at(&self, place: Place) -> &[Entry] {
        match self.crowds.get(&place) {
            Some(few) => few,
            None => self.forms.trie.at(place),
        }
    }
}

/// The people of one review and of the directory, each with a role to be called by.
#[derive(Debug)]
pub struct Roles<'a> {
    pub(super) known: &'a Known,
    /// Names that the participants' list has and the directory has not.
    pub(super) own: Forms,
    /// Of names that many people have, the few to go by.
    crowds: [HashMap<Place, Vec<Entry>>; 2],
    labels: HashMap<usize, Label>,
    /// The label of each row of the participants' list.
    rows: Vec<Label>,
    /// People whom the participants' list knows and the directory does not.
    guests: HashMap<PersonId, usize>,
    /// Whom initials mean, where they mean one person.
    pub(super) initials: HashMap<String, usize>,
    /// Nouns that stand for one person who can be told by them.
    single: BTreeSet<String>,
    /// The last word and the letter of roles that several have: `responder a`.
    lettered: HashSet<String>,
}

impl<'a> Roles<'a> {
    /// Gives everybody of a review a role: their role in the review, with letters where several have the same, their title
    /// where they only listened. Everybody else of the directory goes by their title there, or as a colleague.
    pub fn new(known: &'a Known, participants: &[Participant]) -> Self {
        let mut roles = Self {
            known,
            own: Forms::default(),
            crowds: [HashMap::new(), HashMap::new()],
            labels: HashMap::new(),
            rows: Vec::new(),
            guests: HashMap::new(),
            initials: HashMap::new(),
            single: BTreeSet::new(),
            lettered: HashSet::new(),
        };
        let mut by_name: HashMap<String, usize> = HashMap::new();
        let whos: Vec<usize> = participants
            .iter()
            .enumerate()
            .map(|(row, participant)| {
                let person = participant.person.as_ref();
                match person.and_then(|id| known.by_id.get(id)) {
                    Some(who) => *who,
                    None => *by_name
                        .entry(fold(participant.name.trim()))
                        .or_insert(known.titles.len() + row),
                }
            })
            .collect();
        for (participant, who) in participants.iter().zip(&whos) {
            if let Some(id) = &participant.person {
                roles.guests.entry(id.clone()).or_insert(*who);
            }
        }
        let nouns: Vec<String> = participants
            .iter()
            .map(|participant| roles.noun(participant))
            .collect();
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut noun_of: HashMap<usize, &str> = HashMap::new();
        for (who, noun) in whos.iter().zip(&nouns) {
            // Somebody who is in the list twice has the first row's role.
            if noun_of.contains_key(who) {
                continue;
            }
            noun_of.insert(*who, noun);
            holders.entry(noun).or_default().push(*who);
        }
        for (noun, whos) in &holders {
            if let [who] = whos.as_slice() {
                roles.single.insert((*noun).to_owned());
                let noun = (*noun).to_owned();
                let article = Article::The;
                roles.labels.insert(*who, Label { noun, article });
                continue;
            }
            for (at, who) in whos.iter().enumerate() {
                let last = noun.split_whitespace().next_back().unwrap_or_default();
                let letter = letters(at);
                roles.lettered.insert(fold(&format!("{last} {letter}")));
                let noun = format!("{noun} {letter}");
                let article = Article::None;
                roles.labels.insert(*who, Label { noun, article });
            }
        }
        let mut initials: HashMap<String, Option<usize>> = HashMap::new();
        for (participant, who) in participants.iter().zip(&whos) {
            let label = roles.label(*who);
            // A list that was made anonymous already has roles for names.
            let is_role = fold(participant.name.trim()) == fold(&label.noun);
            if !is_role {
                let from_directory = known
                    .names
                    .get(*who)
                    .is_some_and(|name| *name == participant.name.trim());
                if !from_directory {
                    roles.own.name(*who, &participant.name);
                }
                for short in initials_of(&participant.name) {
                    initials
                        .entry(short)
                        .and_modify(|known| *known = known.filter(|known| known == who))
                        .or_insert(Some(*who));
                }
            }
            roles.rows.push(label);
        }
        roles.crowds = [
            roles.crowds(&known.forms, &known.crowded),
            roles.crowds(&roles.own, &roles.own.trie.crowded(CROWD)),
        ];
        roles.initials = initials
            .into_iter()
            .filter_map(|(short, who)| Some((short, who?)))
            .filter(|(short, _)| !known.service_words.contains(&fold(short)))
            .collect();
        roles
    }

    fn crowds(&self, forms: &Forms, places: &[Place]) -> HashMap<Place, Vec<Entry>> {
        let few = |place: &Place| {
            let entries = forms.trie.at(*place);
            let taking_part = entries.iter().filter(|entry| self.takes_part(entry.who));
            let mut few: Vec<Entry> = taking_part.take(CROWD).copied().collect();
            if few.is_empty() {
                few.extend(entries.iter().take(CROWD));
            }
            (*place, few)
        };
        places.iter().map(few).collect()
    }

    /// The directory's names and those of the participants' list alone.
    pub(super) fn books(&self) -> [Book<'_>; 2] {
        let [known, own] = &self.crowds;
        [
            Book {
                forms: &self.known.forms,
                crowds: known,
            },
            Book {
                forms: &self.own,
                crowds: own,
            },
        ]
    }

    fn noun(&self, participant: &Participant) -> String {
        let title = participant.title.trim();
        let titled = |otherwise: &str| match self.is_free_of_names(title) {
            true => inside_a_sentence(title),
            false => otherwise.to_owned(),
        };
        match participant.role {
            ReviewRole::Facilitator => "facilitator".into(),
            ReviewRole::Scribe => "scribe".into(),
            ReviewRole::FirstResponder => "first responder".into(),
            ReviewRole::Responder => "responder".into(),
            ReviewRole::Support => titled("support agent"),
            ReviewRole::Stakeholder => titled("stakeholder"),
            ReviewRole::Observer => titled("observer"),
        }
    }

    /// Whether a title is there and names nobody: `Cathy's deputy` is none to go by.
    fn is_free_of_names(&self, title: &str) -> bool {
        let words = super::fold::words(title, &[]);
        let named = words.iter().any(|word| {
            let trie = &self.known.forms.trie;
            trie.step(trie.root(), &word.text)
                .is_some_and(|at| !trie.at(at).is_empty())
                && !lists::is_group(&word.text)
                && lists::class(&word.text).is_none()
        });
        let length = title.chars().count();
        !named && (1..=60).contains(&length) && !title.contains(['@', '`', '\n', '<'])
    }

    /// What somebody is called.
    pub(super) fn label(&self, who: usize) -> Label {
        if let Some(label) = self.labels.get(&who) {
            return label.clone();
        }
        let title = self.known.titles.get(who).map_or("", String::as_str);
        if !self.is_free_of_names(title) {
            return Label::colleague();
        }
        let noun = inside_a_sentence(title);
        let several = self
            .known
            .title_counts
            .get(&fold(title))
            .is_some_and(|count| *count > 1);
        let article = match several || self.single.contains(&noun) {
            true => Article::A,
            false => Article::The,
        };
        Label { noun, article }
    }

    /// Whether somebody takes part.
    pub(super) fn takes_part(&self, who: usize) -> bool {
        self.labels.contains_key(&who)
    }

    /// The label of a row of the participants' list.
    pub(super) fn row(&self, row: usize) -> Label {
        self.rows.get(row).cloned().unwrap_or_else(Label::colleague)
    }

    /// The one to go by when a name could be any of several people.
    pub(super) fn one_of(&self, whos: &[usize]) -> Label {
        let labels: BTreeSet<Label> = whos.iter().take(100).map(|who| self.label(*who)).collect();
        match labels.into_iter().collect::<Vec<_>>().as_slice() {
            [one] => Label {
                noun: one.noun.clone(),
                article: if whos.len() > 1 && one.article == Article::The {
                    Article::A
                } else {
                    one.article
                },
            },
            _ => Label::colleague(),
        }
    }

    /// Whoever has an id in the directory or among the participants.
    pub(super) fn by_id(&self, id: &str) -> Option<usize> {
        let known = self.known.by_id.get(id);
        known.or_else(|| self.guests.get(id)).copied()
    }

    /// Every role that somebody can be called by.
    pub(super) fn every(&self) -> BTreeSet<Label> {
        let known = 0..self.known.titles.len();
        let mut labels: BTreeSet<Label> = known.map(|who| self.label(who)).collect();
        labels.extend(self.rows.iter().cloned());
        labels.insert(Label::colleague());
        labels
    }

    /// Roles that one person alone has.
    pub(super) fn single(&self) -> &BTreeSet<String> {
        &self.single
    }

    /// Whether a word and the letter behind it, both folded, end a role of this review: `responder` and `a`.
    pub(super) fn is_lettered(&self, word: &str, letter: &str) -> bool {
        self.lettered.contains(&format!("{word} {letter}"))
    }

    /// The titles that somebody may be introduced with, folded.
    pub(super) fn called(&self, who: usize) -> Vec<String> {
        let title = self.known.titles.get(who).map_or("", String::as_str);
        let mut called = vec![fold(&self.label(who).noun)];
        if !title.is_empty() {
            called.push(fold(title));
        }
        called
    }
}

/// A, B, … Z, AA, AB, …
fn letters(at: usize) -> String {
    let mut rest = at + 1;
    let mut out = Vec::new();
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).unwrap_or_default();
        out.push(char::from(b'A' + letter));
        rest /= 26;
    }
    out.iter().rev().collect()
}

/// `CL` of `Cathy Lind`, `CML` and `CL` of `Cathy Maria Lind`.
fn initials_of(name: &str) -> Vec<String> {
    let first: Vec<char> = name
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter_map(|word| word.chars().next())
        .filter(|letter| letter.is_uppercase())
        .collect();
    let mut found = Vec::new();
    if let (Some(start), Some(end), true) = (first.first(), first.last(), first.len() > 1) {
        found.push(format!("{start}{end}"));
        if first.len() == 3 {
            found.push(first.iter().collect());
        }
    }
    found
}
