//! What must not stand in a post for customers, with its place in the text. The list is PagerDuty's and Statuspage's
//! advice on external messages; every finding is an offer to look again, and a person decides.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::draft;
use super::places;
use super::text::{Word, chunks, words};
use super::words as lists;
use crate::anonymise::{Known, LookKind, Roles, anonymise_text};
use crate::directory::{Person, Service};
use crate::postmortem::{ActionStatus, Postmortem, Severity};
use crate::visibility::{Audience, may_see};

/// What is wrong with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConcernKind {
    /// Somebody's name, handle or e-mail address.
    Name,
    /// Perhaps the name of somebody whom the directory does not know.
    UnknownName,
    /// A role that one known person alone has.
    Role,
    /// Somebody's own life.
    Personal,
    /// A host, an address of a network, a path, a command.
    Machine,
    /// What we call a service among ourselves.
    Service,
    /// A company that we buy from.
    Vendor,
    /// A ticket.
    Ticket,
    /// Another customer.
    Customer,
    /// Something that is not known yet.
    Speculation,
    /// A day that nobody agreed to.
    Date,
    /// A day that an action item was promised for and that has passed.
    Passed,
    /// "Outage", where part of the service went on.
    Outage,
    /// Words with legal weight.
    Legal,
    /// What helps whoever wants to do harm.
    Security,
}

/// A place in a text that should be looked at before customers read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Concern {
    /// What it is about.
    pub kind: ConcernKind,
    /// It must go; otherwise it is a note.
    pub strong: bool,
    /// Where it starts: bytes from the text's start.
    pub start: usize,
    /// Where it ends: bytes from the text's start.
    pub end: usize,
    /// The words.
    pub text: String,
    /// Why, in one line.
    pub why: String,
    /// What to write instead.
    pub instead: String,
}

impl ConcernKind {
    /// Whether it must go, why, and what to write instead.
    fn words(self) -> (bool, &'static str, &'static str) {
        use ConcernKind as Kind;
        match self {
            Kind::Name => (
                true,
                "Customers need no names, and whoever is named cannot take it back.",
                "Write “we” or “one of our team”.",
            ),
            Kind::UnknownName => (
                false,
                "This may be the name of somebody, or of a customer.",
                "Leave it out, unless every customer knows it.",
            ),
            Kind::Personal => (
                true,
                "Where somebody was and how they were is their own business.",
                "Leave it out.",
            ),
            Kind::Role => (
                true,
                "One person alone has this role, so it names them.",
                "Write “we” or “our team”.",
            ),
            Kind::Machine => (
                true,
                "Names of machines, paths and commands say nothing to customers, and something to attackers.",
                "Say what the machine does: “one of our servers”.",
            ),
            Kind::Service => (
                false,
                "This is our own name of a service; customers may know it by another one.",
                "Use the name that customers see.",
            ),
            Kind::Vendor => (
                true,
                "It reads as if somebody else were to blame; customers have their contract with us.",
                "Say what did not work, and what we do about it.",
            ),
            Kind::Ticket => (
                true,
                "Customers cannot open our tickets.",
                "Say what will be done.",
            ),
            Kind::Customer => (
                true,
                "Another customer is nobody's business here.",
                "Write “some customers” or say how many.",
            ),
            Kind::Speculation => (
                false,
                "This is a guess, and customers will quote it.",
                "Say what is known, and that the rest is still looked into.",
            ),
            Kind::Date => (
                true,
                "No action item that customers may see is due then, so nobody has agreed to it.",
                "Take the day of an action item, or leave it out.",
            ),
            Kind::Passed => (
                true,
                "This day has passed, and what was promised for it is not done.",
                "Say what is done by now, or agree on a new day.",
            ),
            Kind::Outage => (
                false,
                "Part of the service went on.",
                "Say what did not work, and for whom.",
            ),
            Kind::Legal => (
                false,
                "These words may bind us.",
                "Have it looked at, or leave it out.",
            ),
            Kind::Security => (
                true,
                "Details of this kind help whoever wants to do harm.",
                "Say what customers should do, if anything.",
            ),
        }
    }

    /// Whether a draft leaves a row out in which it is found.
    fn keeps_out(self) -> bool {
        use ConcernKind as Kind;
        matches!(
            self,
            Kind::Name
                | Kind::Role
                | Kind::Machine
                | Kind::Ticket
                | Kind::Customer
                | Kind::Security
        )
    }
}

/// How a phrase has to be written to be one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// In any way.
    Any,
    /// With a capital.
    Capital,
    /// With a capital that its place in the sentence does not ask for.
    CapitalInside,
}

struct Phrase {
    /// Further words after the one it is found by.
    rest: Vec<String>,
    kind: ConcernKind,
    spelling: Spelling,
}

/// Knows what must not be said about one postmortem. Making it takes time in proportion to the directory, looking at a
/// text takes time in proportion to the text.
pub struct Checker<'a> {
    /// Whoever must not be named.
    roles: Roles<'a>,
    phrases: HashMap<String, Vec<Phrase>>,
    /// Tickets of its action items.
    tickets: HashSet<String>,
    /// Days that customers may be promised, and whether something that is due then is still to be done.
    agreed: HashMap<NaiveDate, bool>,
    /// The last day of the incident; later ones are promises.
    last_day: Option<NaiveDate>,
    /// The day of the check; without it no promise has passed.
    today: Option<NaiveDate>,
    /// Everything was down.
    whole: bool,
}

impl<'a> Checker<'a> {
    /// For one postmortem, with the people and services of the directory; `known` is made from both of them.
    pub fn new(
        postmortem: &Postmortem,
        known: &'a Known,
        people: &[Person],
        services: &[Service],
    ) -> Self {
        let mut checker = Self {
            roles: Roles::new(known, &postmortem.participants),
            phrases: HashMap::new(),
            tickets: HashSet::new(),
            agreed: HashMap::new(),
            last_day: draft::last_day(postmortem),
            today: None,
            whole: postmortem.severity == Some(Severity::Sev1),
        };
        checker.learn_roles(postmortem, people);
        for service in services {
            checker.learn_service(&service.name);
        }
        for (list, kind) in [
            (lists::PROVIDERS, ConcernKind::Vendor),
            (lists::SPECULATION, ConcernKind::Speculation),
            (lists::LEGAL, ConcernKind::Legal),
            (lists::SECURITY, ConcernKind::Security),
            (lists::SOON, ConcernKind::Date),
        ] {
            for phrase in list {
                checker.learn(phrase, kind, Spelling::Any);
            }
        }
        for vendor in lists::VENDORS {
            checker.learn(vendor, ConcernKind::Vendor, Spelling::Capital);
        }
        for word in ["outage", "outages"] {
            checker.learn(word, ConcernKind::Outage, Spelling::Any);
        }
        for action in &postmortem.actions {
            let ticket = action.ticket.trim();
            if !ticket.is_empty() {
                checker.tickets.insert(ticket.to_lowercase());
            }
            if let Some(due) = action.due
                && may_see(Audience::Customers, action.visibility)
            {
                let open = matches!(action.status, ActionStatus::Open | ActionStatus::InProgress);
                *checker.agreed.entry(due).or_default() |= open;
            }
        }
        checker
    }

    fn learn(&mut self, phrase: &str, kind: ConcernKind, spelling: Spelling) {
        let mut words = words(phrase).into_iter().map(|word| word.plain);
        if let Some(first) = words.next() {
            self.phrases.entry(first).or_default().push(Phrase {
                rest: words.collect(),
                kind,
                spelling,
            });
        }
    }

    /// Titles that one person alone has.
    fn learn_roles(&mut self, postmortem: &Postmortem, people: &[Person]) {
        let mut titles: HashMap<String, Vec<&str>> = HashMap::new();
        let directory = people
            .iter()
            .map(|person| (person.role_title.as_str(), person.name.as_str()));
        let here = postmortem
            .participants
            .iter()
            .map(|row| (row.title.as_str(), row.name.as_str()));
        for (title, name) in directory.chain(here) {
            let holders = titles.entry(title.trim().to_lowercase()).or_default();
            // Two are as good as many, and a directory may be long.
            if holders.len() < 2 && !holders.contains(&name) {
                holders.push(name);
            }
        }
        for (title, holders) in titles {
            if holders.len() == 1 {
                self.learn(&title, ConcernKind::Role, Spelling::Any);
            }
        }
    }

    fn learn_service(&mut self, name: &str) {
        let name = name.trim();
        let odd = |letter: char| letter.is_numeric() || matches!(letter, '-' | '_' | '/' | '.');
        let spelling = if name.contains(odd) || name.chars().skip(1).any(char::is_uppercase) {
            Spelling::Any
        } else {
            Spelling::CapitalInside
        };
        self.learn(name, ConcernKind::Service, spelling);
    }

    /// Everything in a text that should be looked at, in its order; places do not overlap.
    pub fn check(&self, text: &str) -> Vec<Concern> {
        told(text, self.find(text))
    }

    /// Whether a draft must not take this over.
    pub(super) fn keeps_out(&self, text: &str) -> bool {
        self.find(text).iter().any(|(.., kind)| kind.keeps_out())
    }

    /// All that is found, in any order; places may overlap.
    fn find(&self, text: &str) -> Vec<(usize, usize, ConcernKind)> {
        let words = words(text);
        let mut found = Vec::new();
        for at in 0..words.len() {
            self.phrases_at(text, &words, at, &mut found);
        }
        let named = anonymise_text(text, &self.roles);
        let names = named.changes.iter();
        found.extend(names.map(|name| (name.start, name.end, ConcernKind::Name)));
        for look in named.looks {
            let kind = match look.kind {
                LookKind::UnknownName => ConcernKind::UnknownName,
                LookKind::Personal => ConcernKind::Personal,
                LookKind::Code
                | LookKind::Address
                | LookKind::Ticket
                | LookKind::Mail
                | LookKind::Initials => ConcernKind::Name,
                // They read as what they are, and services are looked for above.
                LookKind::Word | LookKind::Service => continue,
            };
            found.push((look.start, look.end, kind));
        }
        for (start, chunk) in chunks(text) {
            let kind = match self.tickets.contains(&chunk.to_lowercase()) {
                true => Some(ConcernKind::Ticket),
                false => places::kind(chunk),
            };
            found.extend(kind.map(|kind| (start, start + chunk.len(), kind)));
        }
        found.extend(places::code(text).map(|(start, end)| (start, end, ConcernKind::Machine)));
        found.extend(
            places::customers(text, &words).map(|(start, end)| (start, end, ConcernKind::Customer)),
        );
        for (start, end, day) in places::dates(text, &words, self.last_day) {
            let promised = self.last_day.is_none_or(|last| day > last);
            let passed = self.today.is_some_and(|today| day < today);
            found.extend(match self.agreed.get(&day) {
                None if promised => Some((start, end, ConcernKind::Date)),
                Some(true) if promised && passed => Some((start, end, ConcernKind::Passed)),
                _ => None,
            });
        }
        found
    }

    /// The same, on a day: promises for days before it are found.
    #[must_use]
    pub fn on(self, today: NaiveDate) -> Self {
        Self {
            today: Some(today),
            ..self
        }
    }

    fn phrases_at(
        &self,
        text: &str,
        words: &[Word<'_>],
        at: usize,
        found: &mut Vec<(usize, usize, ConcernKind)>,
    ) {
        let Some(word) = words.get(at) else {
            return;
        };
        for phrase in self.phrases.get(&word.plain).into_iter().flatten() {
            if phrase.kind == ConcernKind::Outage && self.whole {
                continue;
            }
            let end = at + phrase.rest.len();
            let following = words.get(at + 1..=end).unwrap_or_default();
            let same = following.len() == phrase.rest.len()
                && following
                    .iter()
                    .zip(&phrase.rest)
                    .all(|(word, rest)| word.plain == *rest)
                && words
                    .get(at..=end)
                    .is_some_and(|all| all.windows(2).all(|two| joined(text, two)));
            if same && phrase.fits(words, at) {
                let last = words.get(end).map_or(word.end, |word| word.end);
                found.push((word.start, last, phrase.kind));
            }
        }
    }
}

/// Whether two words stand beside each other, with no end of a sentence between.
fn joined(text: &str, two: &[Word<'_>]) -> bool {
    let [one, other] = two else {
        return false;
    };
    let between = text.get(one.end..other.start).unwrap_or_default();
    between.len() <= 3
        && between.chars().all(|letter| {
            letter.is_whitespace() || matches!(letter, '-' | '.' | '_' | '’' | '\'' | '/')
        })
}

impl Phrase {
    fn fits(&self, words: &[Word<'_>], at: usize) -> bool {
        let Some(word) = words.get(at) else {
            return false;
        };
        match self.spelling {
            Spelling::Any => true,
            Spelling::Capital => word.is_capital(),
            Spelling::CapitalInside => word.is_capital() && !word.first,
        }
    }
}

/// Concerns in the order of the text. Of those that overlap, the one that must go stays, then the longer one.
fn told(text: &str, mut found: Vec<(usize, usize, ConcernKind)>) -> Vec<Concern> {
    found.sort_by_key(|(start, end, kind)| {
        (
            !kind.words().0,
            std::cmp::Reverse(end - start),
            *start,
            *kind,
        )
    });
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut concerns = Vec::new();
    for (start, end, kind) in found {
        let free = taken
            .range(..end)
            .next_back()
            .is_none_or(|(_, taken)| *taken <= start);
        let Some(words) = text.get(start..end).filter(|_| free) else {
            continue;
        };
        taken.insert(start, end);
        let (strong, why, instead) = kind.words();
        concerns.push(Concern {
            kind,
            strong,
            start,
            end,
            text: words.into(),
            why: why.into(),
            instead: instead.into(),
        });
    }
    concerns.sort_by_key(|concern| concern.start);
    concerns
}

/// The same concerns with places in UTF-16 units, as web pages count them.
pub fn utf16(text: &str, mut concerns: Vec<Concern>) -> Vec<Concern> {
    let places = concerns
        .iter()
        .flat_map(|concern| [concern.start, concern.end]);
    let counted = crate::hints::utf16_places(text, places);
    for concern in &mut concerns {
        concern.start = counted.get(&concern.start).copied().unwrap_or_default();
        concern.end = counted.get(&concern.end).copied().unwrap_or_default();
    }
    concerns
}
