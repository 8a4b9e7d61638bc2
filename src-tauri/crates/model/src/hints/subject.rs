//! The subject test: whether a verb's subject is a person. Precision comes from here and not from the verb.

use std::collections::BTreeSet;

use super::text::{Shape, Token};
use super::words::{
    PersonNoun, adverb, auxiliary, determiner, human_modifier, name_and_word, one_of, opens_phrase,
    outsider, past_action, person_noun, person_pronoun, preposition,
};

/// What may stand before "of our engineers".
const QUANTIFIERS: &str = "one some two three several both many";
/// Brackets and relative clauses that are looked through for a subject; more of them are no sentence.
const LAYERS: usize = 3;

/// Names and handles of the people of an incident, made once and used for every text.
#[derive(Clone, Debug, Default)]
pub struct People {
    words: BTreeSet<String>,
}

impl People {
    /// From full names, first names or handles, in any case.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = BTreeSet::new();
        for name in names {
            for word in name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')) {
                let word = word
                    .trim_matches(|c: char| !c.is_alphanumeric())
                    .to_lowercase();
                // Initials are letters of everything.
                if word.chars().count() >= 2
                    && !matches!(word.as_str(), "de" | "la" | "van" | "von" | "der")
                {
                    words.insert(word);
                }
            }
        }
        Self { words }
    }

    /// Whether these words are somebody's name.
    pub fn is_name(&self, words: &str) -> bool {
        !self.words.is_empty()
            && words
                .split_whitespace()
                .all(|word| self.words.contains(&word.trim_matches('@').to_lowercase()))
            && !words.trim().is_empty()
    }

    /// Whether a token is somebody's name: capitalised as names are, or a handle.
    pub fn names(&self, token: &Token<'_>) -> bool {
        match token.shape {
            Shape::Handle => true,
            Shape::Word => {
                (token.capital || !name_and_word(&token.word) && token.word.len() > 4)
                    && self.words.contains(token.word.as_ref())
            }
            _ => false,
        }
    }
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person, from this token on.
    Person(usize),
    /// Nobody: "nobody could have", "none of us".
    Nobody(usize),
    /// "they", "it", "that", or none that can be found.
    Unknown,
    /// A thing, or people outside.
    Thing,
}

/// A sentence with what is looked at more than once in it.
pub struct Look<'s, 'a> {
    /// Its tokens.
    pub tokens: &'s [Token<'a>],
    /// The people of the incident.
    pub people: &'s People,
    /// Whether its first subject is a person, and where.
    pub head: Option<usize>,
}

impl<'s, 'a> Look<'s, 'a> {
    /// Takes a first look.
    pub fn new(tokens: &'s [Token<'a>], people: &'s People) -> Self {
        let mut look = Self {
            tokens,
            people,
            head: None,
        };
        look.head = look.first_subject();
        look
    }

    /// The word at a place, empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.word)
    }

    /// The word so many places before a place.
    pub fn before(&self, at: usize, by: usize) -> &str {
        at.checked_sub(by).map_or("", |at| self.word(at))
    }

    /// What kind of token stands at a place.
    pub fn shape(&self, at: usize) -> Option<Shape> {
        self.tokens.get(at).map(|token| token.shape)
    }

    /// The first place from `at` on, at most `most` later, that is no adverb.
    pub fn skip_adverbs(&self, mut at: usize, most: usize) -> usize {
        let last = at + most;
        while at < last && self.shape(at) == Some(Shape::Word) && adverb(self.word(at)) {
            at += 1;
        }
        at
    }

    /// Past an aside between commas, "…, of course, …", when one opens at this place.
    pub fn skip_aside(&self, at: usize) -> usize {
        if self.shape(at) != Some(Shape::Comma) {
            return at;
        }
        let close = (at + 1..at + 7).find(|place| self.shape(*place) == Some(Shape::Comma));
        close.map_or(at, |close| self.skip_adverbs(close + 1, 3))
    }

    /// The subject of the verb at a place, with adverbs and helping verbs between.
    pub fn subject(&self, verb: usize) -> Subject {
        let mut at = self.back_over(verb, |word| adverb(word) || word == "'d");
        at = self.back_over(at, |word| auxiliary(word) || adverb(word));
        match self.ending_at(at) {
            Subject::Thing | Subject::Unknown => self.behind_who(at),
            found => found,
        }
    }

    /// "The engineer who deployed the change should have": the verb belongs to the engineer.
    fn behind_who(&self, at: usize) -> Subject {
        let found = self.ending_at(at);
        if at == 0
            || self.shape(at - 1) == Some(Shape::Comma)
            || matches!(self.word(at - 1), "which" | "that" | "it")
        {
            return found;
        }
        // Verbs between: the relative clause has one; a second one has its own subject.
        let mut verbs = 0;
        for place in (at.saturating_sub(9)..at).rev() {
            let word = self.word(place);
            match word {
                "whoever" | "who" if place + 1 < at && verbs <= 1 => {
                    return match self.relative(place, LAYERS) {
                        _ if word == "whoever" => Subject::Person(place),
                        Subject::Person(person) => Subject::Person(person),
                        _ => found,
                    };
                }
                "which" | "that" | "and" | "but" | "or" | "because" | "when" | "whether" | "if"
                | "why" | "how" | "as" => {
                    break;
                }
                word if auxiliary(word) => break,
                _ if self.shape(place) != Some(Shape::Word) => break,
                _ => {}
            }
            // "The engineer on duty should have", "The person deploying should have".
            let described = place > 0
                && verbs == 0
                && (preposition(word) || word.ends_with("ing"))
                && person_noun(self.word(place - 1)) == Some(PersonNoun::Sure);
            if described && let Subject::Person(person) = self.ending_at(place) {
                return Subject::Person(person);
            }
            verbs += usize::from(past_action(word));
        }
        found
    }

    /// The place behind the adverbs and helping verbs before a verb.
    pub fn skip_back(&self, verb: usize) -> usize {
        self.back_over(verb, |word| adverb(word) || auxiliary(word))
    }

    /// Whether a person starts at a place ("the second responder", "you", a name), and where the words for it end.
    pub fn subject_after(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        if token.possessive {
            return None;
        }
        if person_pronoun(&token.word) {
            return Some(at + 1);
        }
        // "one of our engineers"
        if self.word(at + 1) == "of" && one_of(&token.word, QUANTIFIERS) {
            return match self.word(at + 2) {
                "us" | "you" => Some(at + 3),
                // "one of one of" leads nowhere.
                word if one_of(word, QUANTIFIERS) => None,
                _ => self.subject_after(at + 2),
            };
        }
        if token.word == "no" && self.word(at + 1) == "one" {
            return Some(at + 2);
        }
        if self.people.names(token) {
            let mut end = at + 1;
            while end < self.tokens.len() && self.people.names(&self.tokens[end]) {
                end += 1;
            }
            return (!self.tokens[end - 1].possessive).then_some(end);
        }
        // An article and up to three words before the noun.
        let mut noun = at;
        let last = at + 4;
        let determined = determiner(&token.word);
        if determined {
            noun += 1;
        }
        let first = noun;
        while noun < last {
            let word = self.tokens.get(noun)?;
            if word.shape != Shape::Word
                || auxiliary(&word.word)
                || (noun > first && opens_phrase(&word.word))
            {
                return None;
            }
            if let Some(kind) = person_noun(&word.word)
                && !word.possessive
                && !one_of(
                    self.word(noun + 1),
                    "error errors mistake mistakes oversight failure account accounts
                        page tool tooling console ticket tickets pod pods service
                        interface",
                )
                && !self.tokens.get(noun + 1).is_some_and(|next| {
                    next.shape == Shape::Word && person_noun(&next.word).is_some()
                })
            {
                let human = (first..noun).all(|place| human_modifier(self.word(place)));
                let sure = match kind {
                    PersonNoun::Sure => true,
                    PersonNoun::Shared => human && first > at,
                };
                return sure.then_some(noun + 1);
            }
            if word.possessive || !(determined || word.capital || human_modifier(&word.word)) {
                return None;
            }
            noun += 1;
        }
        None
    }

    /// Back over words that may stand between, and over a comma that closes an adverb: "we, however, failed".
    fn back_over(&self, mut at: usize, skips: impl Fn(&str) -> bool) -> usize {
        let floor = at.saturating_sub(7);
        while at > floor {
            let previous = &self.tokens[at - 1];
            let skip = match previous.shape {
                Shape::Word => skips(&previous.word) && !self.people.names(previous),
                Shape::Comma => {
                    let adverbs = at >= 3 && adverb(self.word(at - 2));
                    let opened = self.shape(at) == Some(Shape::Word)
                        && adverb(self.word(at))
                        && at >= 2
                        && self.shape(at - 2) == Some(Shape::Word);
                    adverbs || opened && self.shape(at + 1) == Some(Shape::Comma)
                }
                _ => false,
            };
            if !skip {
                break;
            }
            at -= 1;
        }
        at
    }

    /// The subject whose last token stands before a place.
    pub fn ending_at(&self, at: usize) -> Subject {
        self.ending_within(at, LAYERS)
    }

    fn ending_within(&self, at: usize, layers: usize) -> Subject {
        let Some(layers) = layers.checked_sub(1) else {
            return Subject::Unknown;
        };
        let Some(last) = at.checked_sub(1) else {
            return Subject::Unknown;
        };
        let token = &self.tokens[last];
        match token.shape {
            Shape::Close => {
                let floor = last.saturating_sub(12);
                let open = (floor..last)
                    .rev()
                    .find(|place| self.shape(*place) == Some(Shape::Open));
                return open.map_or(Subject::Unknown, |open| self.ending_within(open, layers));
            }
            Shape::Comma => return self.joined(at),
            Shape::Opaque | Shape::Number => return Subject::Thing,
            Shape::Colon | Shape::Dash | Shape::Open => return Subject::Unknown,
            Shape::Handle | Shape::Word => {}
        }
        if token.possessive {
            return Subject::Thing;
        }
        if self.people.names(token) {
            let first = self.name_start(last);
            return self.unless_embedded(first);
        }
        let word = token.word.as_ref();
        if matches!(word, "and" | "or" | "but" | "then" | "nor") {
            return self.joined(at);
        }
        if matches!(word, "nobody" | "no-one") || word == "one" && self.before(last, 1) == "no" {
            return Subject::Nobody(last);
        }
        if person_pronoun(word) {
            return Subject::Person(last);
        }
        if matches!(word, "us" | "them" | "you") && self.before(last, 1) == "of" {
            return match self.before(last, 2) {
                "none" | "neither" => Subject::Nobody(last - 2),
                "some" | "one" | "all" | "both" | "several" | "most" | "two" | "many" | "any"
                | "either" | "each"
                    if word != "them" =>
                {
                    Subject::Person(last - 2)
                }
                _ => Subject::Unknown,
            };
        }
        if word == "who" {
            return self.relative(last, layers);
        }
        if one_of(word, "they it that which this what there these those") {
            return Subject::Unknown;
        }
        if outsider(word) {
            return Subject::Thing;
        }
        match person_noun(word) {
            Some(kind) => self.noun_phrase(last, kind),
            None => Subject::Thing,
        }
    }

    /// "the engineer who …" is a person, "users who …" are not ours.
    fn relative(&self, who: usize, layers: usize) -> Subject {
        let mut before = who;
        if before > 0 && self.shape(before - 1) == Some(Shape::Comma) {
            before -= 1;
        }
        match self.ending_within(before, layers) {
            Subject::Person(at) => Subject::Person(at),
            _ if before > 0 && outsider(self.word(before - 1)) => Subject::Thing,
            _ if matches!(
                self.before(before, 1),
                "those" | "anyone" | "someone" | "person" | "people"
            ) =>
            {
                Subject::Person(before - 1)
            }
            _ => match before
                .checked_sub(1)
                .map(|at| (at, person_noun(self.word(at))))
            {
                Some((at, Some(PersonNoun::Sure))) => Subject::Person(at),
                _ => Subject::Unknown,
            },
        }
    }

    fn name_start(&self, last: usize) -> usize {
        let mut first = last;
        while first > 0
            && self.people.names(&self.tokens[first - 1])
            && !self.tokens[first - 1].possessive
        {
            first -= 1;
        }
        first
    }

    /// A noun for people with its article: not a modifier of a thing, not inside "by the team".
    fn noun_phrase(&self, last: usize, kind: PersonNoun) -> Subject {
        let plural = self.word(last).ends_with('s');
        let mut first = last;
        let mut human = true;
        let mut determined = false;
        while first > 0 && last - first < 4 {
            let previous = &self.tokens[first - 1];
            if previous.shape != Shape::Word {
                break;
            }
            let word = previous.word.as_ref();
            if determiner(word) || previous.possessive {
                first -= 1;
                determined = true;
                break;
            }
            if preposition(word)
                || auxiliary(word)
                || person_pronoun(word)
                || one_of(
                    word,
                    "and or but if when because as then after before while since
                        although though however so that until why how",
                )
            {
                break;
            }
            human &= human_modifier(word);
            first -= 1;
        }
        let bare = first == last;
        let known = match kind {
            PersonNoun::Sure => determined || plural || bare || human || self.tokens[first].capital,
            PersonNoun::Shared => {
                human && (determined || (bare && plural)) || self.starts_with_role(first, last)
            }
        };
        if !known {
            return Subject::Unknown;
        }
        if self.word(first) == "no" || self.word(first) == "neither" {
            return Subject::Nobody(first);
        }
        self.unless_embedded(first)
    }

    /// "Support should have …" at the start of a sentence.
    fn starts_with_role(&self, first: usize, last: usize) -> bool {
        first == last && first == 0 && matches!(self.word(last), "support" | "engineering")
    }

    /// A phrase behind a preposition is not the subject, except in "one of the engineers".
    fn unless_embedded(&self, first: usize) -> Subject {
        let before = self.before(first, 1);
        if before == "of" {
            return match self.before(first, 2) {
                "one" | "two" | "some" | "several" | "most" | "members" | "member" | "both"
                | "three" | "all" | "rest" | "many" | "any" | "each" | "half" => {
                    Subject::Person(first - 2)
                }
                "none" | "neither" => Subject::Nobody(first - 2),
                _ => Subject::Unknown,
            };
        }
        if preposition(before) && !before.is_empty() {
            return Subject::Unknown;
        }
        Subject::Person(first)
    }

    /// A second verb of the same subject: "I looked at the graph and forgot to …".
    fn joined(&self, at: usize) -> Subject {
        match self.head {
            Some(head) if head < at => Subject::Person(at),
            _ => Subject::Unknown,
        }
    }

    /// Where the sentence starts with a person and a verb, possibly after "However," and the like.
    fn first_subject(&self) -> Option<usize> {
        let tokens = self.tokens;
        let mut at = 0;
        // A short opening up to a comma or a colon: "At 16:05, …", "**Cause:** …".
        if let Some(comma) = (0..tokens.len().min(8)).find(|place| {
            matches!(
                tokens[*place].shape,
                Shape::Comma | Shape::Colon | Shape::Dash
            )
        }) {
            let opening = &tokens[..comma];
            if !opening
                .iter()
                .any(|token| person_pronoun(&token.word) || self.people.names(token))
            {
                at = comma + 1;
            }
        }
        for start in [0, at] {
            let start = self.skip_adverbs(start, 3);
            let Some(token) = tokens.get(start) else {
                continue;
            };
            if token.shape == Shape::Number {
                continue;
            }
            let mut end = start + 1;
            if person_pronoun(&token.word) && !token.possessive {
                return Some(start);
            }
            if self.people.names(token) && !token.possessive {
                return Some(start);
            }
            // "The second responder …"
            while end < tokens.len() && end - start <= 4 {
                if person_noun(self.word(end - 1)).is_some() {
                    let verb = tokens
                        .get(end)
                        .is_some_and(|next| next.shape == Shape::Word && !preposition(&next.word));
                    if verb
                        && !tokens[end - 1].possessive
                        && person_noun(self.word(end)).is_none()
                        && matches!(self.ending_at_plain(end), Subject::Person(_))
                    {
                        return Some(start);
                    }
                }
                end += 1;
            }
        }
        None
    }

    fn ending_at_plain(&self, at: usize) -> Subject {
        match self.shape(at - 1) {
            Some(Shape::Word) if !matches!(self.word(at - 1), "and" | "or" | "but" | "then") => {
                self.ending_at(at)
            }
            _ => Subject::Unknown,
        }
    }
}
