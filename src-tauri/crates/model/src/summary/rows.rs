//! What figures are computed from: one row per incident, finding and action item, as the store keeps them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::derived;
use crate::postmortem::{
    ActionStatus, Actor, AnchorKey, DocId, EventKind, FindingKind, Phase, Postmortem, Precision,
    RowId, ServiceId, Severity, Status, TimelineEvent, Visibility,
};

/// Everything that a summary is made of: the incidents of its scope and their rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// Postmortems that meet the scope's services, severities, tags and choice; those outside the period or without a
    /// date may be among them.
    pub incidents: Vec<IncidentRow>,
    /// Their findings, in any order.
    pub findings: Vec<FindingRow>,
    /// Their action items, in any order.
    pub actions: Vec<ActionRow>,
    /// Texts of the postmortem in focus.
    pub focus: Option<FocusTexts>,
}

/// An instant that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// UTC.
    pub at: DateTime<Utc>,
    /// It is an estimate.
    pub about: bool,
}

/// Who noticed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    /// Customers did.
    pub by_customers: bool,
    /// Who may see the event that says so.
    pub visibility: Visibility,
}

/// What figures take from a postmortem's anchors and events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentFacts {
    /// T0 to T7.
    pub anchors: [Option<Known>; 8],
    /// The earliest communication that customers could read, among those with a time.
    pub first_word: Option<Known>,
    /// Who noticed first; absent when nobody can say.
    pub noticed: Option<Noticed>,
}

/// One postmortem.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentRow {
    /// Its id.
    pub doc: DocId,
    /// Its title; may be empty.
    pub title: String,
    /// Its severity.
    pub severity: Option<Severity>,
    /// Its status.
    pub status: Status,
    /// Its services.
    pub services: Vec<ServiceId>,
    /// When it began ([`derived::Derived::starts`]).
    pub starts: Option<DateTime<Utc>>,
    /// Its times.
    pub facts: IncidentFacts,
    /// An event, a finding or an action item of it is marked for customers.
    pub for_customers: bool,
}

/// One finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindingRow {
    /// Its incident's place in [`Gathered::incidents`].
    pub incident: usize,
    /// The number in `F5`.
    pub number: Option<u32>,
    /// What it did to the outcome.
    pub kind: FindingKind,
    /// Which stretch it is about.
    pub phase: Option<Phase>,
    /// Its theme; may be empty.
    pub theme: String,
    /// What was found.
    pub text: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Action items that answer it.
    pub actions: Vec<RowId>,
}

/// One action item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionRow {
    /// Its incident's place in [`Gathered::incidents`].
    pub incident: usize,
    /// The row.
    pub id: RowId,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What is to be done.
    pub text: String,
    /// Where it is.
    pub status: ActionStatus,
    /// When it is due.
    pub due: Option<NaiveDate>,
    /// When it was written down ([`opened_at`]).
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was done or declined.
    pub settled_at: Option<DateTime<Utc>>,
    /// Why it was declined.
    pub reason: String,
    /// Somebody looked whether it worked.
    pub verified: bool,
    /// Who may see it.
    pub visibility: Visibility,
}

/// Texts of the postmortem in focus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FocusTexts {
    /// As [`super::Focus::text`], for the company.
    pub text: String,
    /// Texts of its public communication events and who may see each, oldest first, those without a time last.
    pub public_updates: Vec<(String, Visibility)>,
}

/// The facts of a postmortem.
pub fn facts(postmortem: &Postmortem) -> IncidentFacts {
    let anchors = AnchorKey::ALL.map(|key| {
        let (at, about) = derived::known(postmortem, key)?;
        Some(Known { at, about })
    });
    let words = postmortem
        .timeline
        .iter()
        .filter(|event| event.public && event.kind == EventKind::Communication);
    let first_word = words
        .filter_map(|event| event.at.as_ref())
        .map(|moment| Known {
            at: moment.at,
            about: moment.precision != Precision::Exact,
        })
        .min_by_key(|known| known.at);
    IncidentFacts {
        anchors,
        first_word,
        noticed: noticed(postmortem),
    }
}

/// The earliest signal with a time says who noticed first; without one, the event that the first signal (T1) is known from.
fn noticed(postmortem: &Postmortem) -> Option<Noticed> {
    let signals = postmortem
        .timeline
        .iter()
        .filter(|event| event.kind == EventKind::Signal);
    let earliest = signals
        .filter_map(|event| Some((event.at.as_ref()?.at, event)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, event)| event);
    let event = earliest.or_else(|| source_event(postmortem))?;
    Some(Noticed {
        by_customers: is_customers(event.actor.as_ref()?),
        visibility: event.visibility,
    })
}

fn source_event(postmortem: &Postmortem) -> Option<&TimelineEvent> {
    let source = postmortem.anchors.get(&AnchorKey::T1)?.source.as_str();
    let id = source.trim().strip_prefix("event:")?;
    postmortem.timeline.iter().find(|event| event.id == id)
}

/// Words for people outside.
const OUTSIDE: [&str; 12] = [
    "customer",
    "customers",
    "client",
    "clients",
    "user",
    "users",
    "subscriber",
    "subscribers",
    "visitor",
    "visitors",
    "public",
    "guests",
];
/// Words that turn "customer" into somebody of ours: "customer support", "client team".
const OURS: [&str; 12] = [
    "support",
    "service",
    "success",
    "care",
    "team",
    "agent",
    "manager",
    "relations",
    "research",
    "desk",
    "internal",
    "staff",
];

/// A role says that it is outside; a participant of the review is one of us.
fn is_customers(actor: &Actor) -> bool {
    let Actor::Role(words) = actor else {
        return false;
    };
    let words = words.to_lowercase();
    let mut words = words.split(|letter: char| !letter.is_alphanumeric());
    let ours = words.clone().any(|word| OURS.contains(&word));
    !ours && words.any(|word| OUTSIDE.contains(&word))
}

/// When an action item was written down: the time in its id, if that is a UUIDv7. UTC, to the millisecond.
pub fn opened_at(id: &str) -> Option<DateTime<Utc>> {
    let id = uuid::Uuid::parse_str(id).ok()?;
    if id.get_version_num() != 7 {
        return None;
    }
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}
