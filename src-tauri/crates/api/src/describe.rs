//! The parts of a postmortem as words: what a history and a difference between versions are told with.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use collab::history::Row;
use model::postmortem::{
    ActionItem, Actor, Anchor, AnchorKey, Finding, ImpactFact, Moment, ParkingItem, Participant,
    Postmortem, Precision, RowKind, TimelineEvent,
};
use serde::Serialize;

/// What is needed to say ids and instants in words.
pub struct Words<'a> {
    /// The name of a person.
    pub name: &'a dyn Fn(&str) -> Option<String>,
    /// The name of a service.
    pub service: &'a dyn Fn(&str) -> Option<String>,
    /// The zone that instants are shown in.
    pub zone: Tz,
}

impl Words<'_> {
    fn person(&self, id: &str) -> String {
        (self.name)(id).unwrap_or_else(|| "somebody no longer known".into())
    }
}

/// One field of a row, as words.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its key: `owner`, `due`, `text`.
    pub key: &'static str,
    /// What a person calls it: "Owner".
    pub label: &'static str,
    /// Its value in words; empty when there is none.
    pub value: String,
    /// Ids and instants behind the words, where equal words can mean different things.
    behind: String,
    /// How its changes are told.
    pub told: Told,
}

impl Field {
    fn of(self, behind: impl Into<String>) -> Self {
        Self {
            behind: behind.into(),
            ..self
        }
    }
}

/// A field before and after in words that differ; nothing when it stayed as it was, whatever it would be called.
pub fn changed(before: &Field, after: &Field) -> Option<(String, String)> {
    let stands_for_itself = before.behind.is_empty() && after.behind.is_empty();
    let same = if stands_for_itself {
        before.value == after.value
    } else {
        before.behind == after.behind
    };
    if same {
        return None;
    }
    let is = if before.value == after.value {
        format!("{} (another one)", after.value)
    } else {
        after.value.clone()
    };
    Some((before.value.clone(), is))
}

/// How the changes of a field are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Both values in the sentence.
    Value,
    /// That it changed: the words themselves are too many for a sentence.
    Prose,
    /// Yes or no.
    Flag,
}

/// The rows of a postmortem by their ids, and how they are called there.
pub struct Named<'a> {
    postmortem: &'a Postmortem,
    events: HashMap<&'a str, (usize, &'a TimelineEvent)>,
    findings: HashMap<&'a str, (usize, &'a Finding)>,
    actions: HashMap<&'a str, (usize, &'a ActionItem)>,
    people: HashMap<&'a str, (usize, &'a Participant)>,
}

impl<'a> Named<'a> {
    /// Of this postmortem.
    pub fn of(postmortem: &'a Postmortem) -> Self {
        fn by_id<T>(rows: &[T], id: impl Fn(&T) -> &str) -> HashMap<&str, (usize, &T)> {
            let rows = rows.iter().enumerate();
            rows.map(|(at, row)| (id(row), (at, row))).collect()
        }
        Self {
            postmortem,
            events: by_id(&postmortem.timeline, |row| &row.id),
            findings: by_id(&postmortem.findings, |row| &row.id),
            actions: by_id(&postmortem.actions, |row| &row.id),
            people: by_id(&postmortem.participants, |row| &row.id),
        }
    }

    /// The rows of one kind with their ids, in the order they are shown.
    pub fn rows(&self, kind: RowKind) -> Vec<(&'a str, RowRef<'a>)> {
        fn all<'a, T>(
            rows: &'a [T],
            id: impl Fn(&'a T) -> &'a str,
            row: impl Fn(&'a T) -> RowRef<'a>,
        ) -> Vec<(&'a str, RowRef<'a>)> {
            rows.iter().map(|item| (id(item), row(item))).collect()
        }
        let from = self.postmortem;
        match kind {
            RowKind::Timeline => all(&from.timeline, |row| &row.id, RowRef::Event),
            RowKind::Findings => all(&from.findings, |row| &row.id, RowRef::Finding),
            RowKind::Actions => all(&from.actions, |row| &row.id, RowRef::Action),
            RowKind::Impact => all(&from.impact, |row| &row.id, RowRef::Impact),
            RowKind::Parking => all(&from.parking, |row| &row.id, RowRef::Parking),
            RowKind::Participants => all(&from.participants, |row| &row.id, RowRef::Participant),
        }
    }

    /// The fields of a row.
    pub fn fields(&self, row: RowRef<'_>, words: &Words) -> Vec<Field> {
        match row {
            RowRef::Event(row) => event_fields(self, row, words),
            RowRef::Finding(row) => finding_fields(self, row),
            RowRef::Action(row) => action_fields(row, words),
            RowRef::Impact(row) => impact_fields(row, words),
            RowRef::Parking(row) => parking_fields(self, row),
            RowRef::Participant(row) => participant_fields(row),
        }
    }

    /// The fields of a row as the log had it; what it refers to is named as this postmortem has it.
    pub fn fields_of(&self, row: &Row, words: &Words) -> Vec<Field> {
        match row {
            Row::Event(row) => self.fields(RowRef::Event(row), words),
            Row::Finding(row) => self.fields(RowRef::Finding(row), words),
            Row::Action(row, findings) => {
                let mut fields = self.fields(RowRef::Action(row), words);
                let number = |finding: &Finding| numbered('F', finding.number, &finding.text);
                let named = list(
                    findings,
                    &self.findings,
                    number,
                    "a finding that was deleted",
                );
                fields.push(value("findings", "Findings", named).of(sorted(findings)));
                fields
            }
            Row::Impact(row) => self.fields(RowRef::Impact(row), words),
            Row::Parking(row) => self.fields(RowRef::Parking(row), words),
            Row::Participant(row) => self.fields(RowRef::Participant(row), words),
        }
    }

    fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            Some(Actor::Participant(row)) => self.people.get(row.as_str()).map_or_else(
                || "a participant who was removed".into(),
                |(_, participant)| participant.name.clone(),
            ),
            Some(Actor::Role(words)) => words.clone(),
            None => String::new(),
        }
    }
}

/// A row of any kind, borrowed.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum RowRef<'a> {
    Event(&'a TimelineEvent),
    Finding(&'a Finding),
    Action(&'a ActionItem),
    Impact(&'a ImpactFact),
    Parking(&'a ParkingItem),
    Participant(&'a Participant),
}

impl RowRef<'_> {
    /// What a person calls a row: "Finding F3", "Action item A2", "Timeline event 16:10".
    pub fn place(&self, words: &Words) -> String {
        let numbered = |what: &str, letter: char, number: Option<u32>| match number {
            Some(number) => format!("{what} {letter}{number}"),
            None => what.to_owned(),
        };
        match self {
            RowRef::Event(row) => match &row.at {
                Some(at) => {
                    let at = at.at.with_timezone(&words.zone);
                    format!("Timeline event {}", at.format("%H:%M"))
                }
                None => "Timeline event".into(),
            },
            RowRef::Finding(row) => numbered("Finding", 'F', row.number),
            RowRef::Action(row) => numbered("Action item", 'A', row.number),
            RowRef::Impact(_) => "Impact".into(),
            RowRef::Parking(_) => "Parking lot".into(),
            RowRef::Participant(_) => "Participant".into(),
        }
    }
}

/// The header of a postmortem, its anchors included, as fields.
pub fn header_fields(postmortem: &Postmortem, words: &Words) -> Vec<Field> {
    let services: Vec<String> = postmortem
        .services
        .iter()
        .map(|service| (words.service)(service).unwrap_or_else(|| service.clone()))
        .collect();
    let mut fields = vec![
        prose("title", "Title", &postmortem.title),
        value(
            "severity",
            "Severity",
            postmortem.severity.as_ref().map(word).unwrap_or_default(),
        ),
        value("status", "Status", word(&postmortem.status)),
        value("services", "Services", services.join(", ")).of(postmortem.services.join("\n")),
        value("tags", "Tags", postmortem.tags.join(", ")),
        value("timezone", "Time zone", postmortem.timezone.clone()),
        value(
            "review_owner",
            "Review owner",
            postmortem
                .review_owner
                .as_deref()
                .map(|id| words.person(id))
                .unwrap_or_default(),
        )
        .of(postmortem.review_owner.clone().unwrap_or_default()),
    ];
    for (key, label) in ANCHORS {
        let anchor = postmortem.anchors.get(&key);
        let at = anchor
            .map(|anchor| anchor_words(anchor, words))
            .unwrap_or_default();
        let behind = anchor.map(|anchor| format!("{anchor:?}"));
        fields.push(value("anchor", label, at).of(behind.unwrap_or_default()));
    }
    fields
}

/// "18 Nov 2026".
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// "10 Nov 2026, 16:05 CET"; with seconds when there are some.
pub fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    let whole = at.second() == 0 && at.nanosecond() == 0;
    let format = if whole {
        "%-d %b %Y, %H:%M %Z"
    } else {
        "%-d %b %Y, %H:%M:%S%.f %Z"
    };
    at.with_timezone(&zone).format(format).to_string()
}

/// The word of an enum's value, as its document has it, with spaces: "in progress".
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

const ANCHORS: [(AnchorKey, &str); 8] = [
    (AnchorKey::T0, "Impact starts (T0)"),
    (AnchorKey::T1, "First signal (T1)"),
    (AnchorKey::T2, "We know (T2)"),
    (AnchorKey::T3, "Responder engaged (T3)"),
    (AnchorKey::T4, "Responder has access (T4)"),
    (AnchorKey::T5, "First mitigating change (T5)"),
    (AnchorKey::T6, "Impact ends (T6)"),
    (AnchorKey::T7, "Declared resolved (T7)"),
];

fn value(key: &'static str, label: &'static str, value: String) -> Field {
    Field {
        key,
        label,
        value,
        behind: String::new(),
        told: Told::Value,
    }
}

fn prose(key: &'static str, label: &'static str, text: &str) -> Field {
    Field {
        key,
        label,
        value: text.to_owned(),
        behind: String::new(),
        told: Told::Prose,
    }
}

fn flag(key: &'static str, label: &'static str, on: bool) -> Field {
    Field {
        key,
        label,
        value: if on { "yes" } else { "no" }.into(),
        behind: String::new(),
        told: Told::Flag,
    }
}

fn anchor_words(anchor: &Anchor, words: &Words) -> String {
    let when = match anchor.at {
        Some(at) if anchor.precision == Precision::About => {
            format!("about {}", instant(at, words.zone))
        }
        Some(at) => instant(at, words.zone),
        None => "unknown".into(),
    };
    if anchor.source.is_empty() || anchor.source.starts_with("event:") {
        when
    } else {
        format!("{when} ({})", anchor.source)
    }
}

fn moment(moment: Option<&Moment>, words: &Words) -> Field {
    let said = moment.map(|moment| {
        let about = match moment.precision {
            Precision::About => "about ",
            _ => "",
        };
        let at = instant(moment.at, words.zone);
        if moment.zone.is_empty() || moment.zone == words.zone.name() {
            format!("{about}{at}")
        } else {
            format!("{about}{at} (written in {})", moment.zone)
        }
    });
    let behind = moment.map(|moment| format!("{moment:?}"));
    value("at", "Time", said.unwrap_or_default()).of(behind.unwrap_or_default())
}

fn actor(key: &'static str, label: &'static str, named: &Named, actor: Option<&Actor>) -> Field {
    let behind = actor.map(|actor| format!("{actor:?}"));
    value(key, label, named.actor(actor)).of(behind.unwrap_or_default())
}

/// "F3", or the first words of what has no number yet.
fn numbered(letter: char, number: Option<u32>, text: &str) -> String {
    match number {
        Some(number) => format!("{letter}{number}"),
        None => format!("“{}”", shortened(text, 60)),
    }
}

/// Rows by their names, in the order they are shown; those that are not shown come last.
fn list<T>(
    ids: &[String],
    known: &HashMap<&str, (usize, &T)>,
    name: impl Fn(&T) -> String,
    gone: &str,
) -> String {
    let mut found: Vec<(usize, String)> = ids
        .iter()
        .map(|id| match known.get(id.as_str()) {
            Some((at, row)) => (*at, name(row)),
            None => (usize::MAX, gone.to_owned()),
        })
        .collect();
    found.sort();
    let names: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
    names.join(", ")
}

fn sorted(ids: &[String]) -> String {
    let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    ids.sort_unstable();
    ids.join("\n")
}

fn event_fields(named: &Named, row: &TimelineEvent, words: &Words) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        moment(row.at.as_ref(), words),
        value(
            "phase",
            "Phase",
            row.phase.as_ref().map(word).unwrap_or_default(),
        ),
        value("kind", "Kind", word(&row.kind)),
        actor("actor", "Who", named, row.actor.as_ref()),
        prose("source", "Source", &row.source),
        value(
            "image",
            "Image",
            row.image.as_ref().map(image_words).unwrap_or_default(),
        )
        .of(row
            .image
            .as_ref()
            .map(|image| format!("{}|{}", image.hash, image.alt))
            .unwrap_or_default()),
        flag("star", "Star", row.star),
        flag("public", "Public", row.public),
        value("visibility", "Visibility", word(&row.visibility)),
    ]
}

fn image_words(image: &model::postmortem::Image) -> String {
    let short: String = image.hash.chars().take(8).collect();
    if image.alt.is_empty() {
        format!("image {short}")
    } else {
        format!("{} (image {short})", image.alt)
    }
}

fn finding_fields(named: &Named, row: &Finding) -> Vec<Field> {
    let quoted = |event: &TimelineEvent| format!("“{}”", shortened(&event.text, 60));
    let events = list(
        &row.events,
        &named.events,
        quoted,
        "an event that was deleted",
    );
    let number = |action: &ActionItem| numbered('A', action.number, &action.text);
    let gone = "an action item that was deleted";
    let actions = list(&row.actions, &named.actions, number, gone);
    vec![
        prose("text", "Text", &row.text),
        value("kind", "Kind", word(&row.kind)),
        value(
            "phase",
            "Phase",
            row.phase.as_ref().map(word).unwrap_or_default(),
        ),
        value("theme", "Theme", row.theme.clone()),
        value("events", "Events", events).of(sorted(&row.events)),
        value("actions", "Action items", actions).of(sorted(&row.actions)),
        flag("no_action", "No action needed", row.no_action),
        prose(
            "no_action_reason",
            "Why no action is needed",
            &row.no_action_reason,
        ),
        value("visibility", "Visibility", word(&row.visibility)),
    ]
}

fn action_fields(row: &ActionItem, words: &Words) -> Vec<Field> {
    let mut helpers: Vec<String> = row.helpers.iter().map(|id| words.person(id)).collect();
    helpers.sort();
    let verified = row.verified.as_ref();
    vec![
        prose("text", "Text", &row.text),
        prose("done_when", "Done when", &row.done_when),
        value(
            "owner",
            "Owner",
            row.owner
                .as_deref()
                .map(|id| words.person(id))
                .unwrap_or_default(),
        )
        .of(row.owner.clone().unwrap_or_default()),
        value("helpers", "Helpers", helpers.join(", ")).of(sorted(&row.helpers)),
        value("due", "Due", row.due.map(day).unwrap_or_default()),
        value(
            "moves",
            "Why the date moved",
            row.moves
                .last()
                .map(|entry| entry.reason.clone())
                .unwrap_or_default(),
        )
        .of(format!("{:?}", row.moves)),
        value(
            "priority",
            "Priority",
            row.priority.as_ref().map(word).unwrap_or_default(),
        ),
        value(
            "type",
            "Type",
            row.action_type.as_ref().map(word).unwrap_or_default(),
        ),
        value("status", "Status", word(&row.status)),
        prose("evidence", "Evidence", &row.evidence),
        value(
            "evidence_image",
            "Evidence image",
            row.evidence_image
                .as_ref()
                .map(image_words)
                .unwrap_or_default(),
        ),
        flag(
            "evidence_skipped",
            "Done without evidence",
            row.evidence_skipped,
        ),
        prose("reason", "Reason", &row.reason),
        value(
            "check_on",
            "Look again on",
            row.check_on.map(day).unwrap_or_default(),
        ),
        value(
            "verified",
            "Verified by",
            verified
                .map(|seen| {
                    let at = instant(seen.at, words.zone);
                    format!("{} on {at}", words.person(&seen.by))
                })
                .unwrap_or_default(),
        )
        .of(verified.map(|seen| format!("{seen:?}")).unwrap_or_default()),
        prose("verified_note", "What was seen", &row.verified_note),
        value(
            "reopened",
            "Opened again because",
            row.reopened
                .last()
                .map(|entry| entry.seen.clone())
                .unwrap_or_default(),
        )
        .of(format!("{:?}", row.reopened)),
        value("ticket", "Ticket", row.ticket.clone()),
        value("visibility", "Visibility", word(&row.visibility)),
    ]
}

fn impact_fields(row: &ImpactFact, words: &Words) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        value("value", "Value", row.value.clone()),
        value("unit", "Unit", row.unit.clone()),
        moment(row.at.as_ref(), words),
        flag("estimate", "Estimate", row.estimate),
    ]
}

fn parking_fields(named: &Named, row: &ParkingItem) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        actor("raised_by", "Raised by", named, row.raised_by.as_ref()),
    ]
}

fn participant_fields(row: &Participant) -> Vec<Field> {
    vec![
        value("name", "Name", row.name.clone()).of(format!("{:?} {}", row.person, row.name)),
        value("role", "Role", word(&row.role)),
        value("title", "Title", row.title.clone()),
    ]
}

/// The first characters of a text, with an ellipsis where something was left out.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}
