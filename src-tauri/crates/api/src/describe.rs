//! The parts of a postmortem as words: what a history and a difference between versions are told with.

use chrono::{DateTime, NaiveDate, Utc};
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
    /// Its value; empty when there is none.
    pub value: String,
    /// How its changes are told.
    pub told: Told,
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

/// The fields of one row; `None` when the postmortem does not show that row.
pub fn row_fields(
    postmortem: &Postmortem,
    kind: RowKind,
    id: &str,
    words: &Words,
) -> Option<Vec<Field>> {
    match kind {
        RowKind::Timeline => postmortem
            .timeline
            .iter()
            .find(|row| row.id == id)
            .map(|row| event_fields(postmortem, row, words)),
        RowKind::Findings => postmortem
            .findings
            .iter()
            .find(|row| row.id == id)
            .map(|row| finding_fields(postmortem, row)),
        RowKind::Actions => postmortem
            .actions
            .iter()
            .find(|row| row.id == id)
            .map(|row| action_fields(row, words)),
        RowKind::Impact => postmortem
            .impact
            .iter()
            .find(|row| row.id == id)
            .map(|row| impact_fields(row, words)),
        RowKind::Parking => postmortem
            .parking
            .iter()
            .find(|row| row.id == id)
            .map(|row| parking_fields(postmortem, row)),
        RowKind::Participants => postmortem
            .participants
            .iter()
            .find(|row| row.id == id)
            .map(participant_fields),
    }
}

/// The fields of a row as the log had it; what it refers to is named as `context` has it.
pub fn fields_of(row: &Row, context: &Postmortem, words: &Words) -> Vec<Field> {
    match row {
        Row::Event(row) => event_fields(context, row, words),
        Row::Finding(row) => finding_fields(context, row),
        Row::Action(row) => action_fields(row, words),
        Row::Impact(row) => impact_fields(row, words),
        Row::Parking(row) => parking_fields(context, row),
        Row::Participant(row) => participant_fields(row),
    }
}

/// The ids of the rows of one kind, in the order they are shown.
pub fn row_ids(postmortem: &Postmortem, kind: RowKind) -> Vec<&str> {
    fn ids<T>(rows: &[T], id: impl Fn(&T) -> &str) -> Vec<&str> {
        rows.iter().map(id).collect()
    }
    match kind {
        RowKind::Timeline => ids(&postmortem.timeline, |row| &row.id),
        RowKind::Findings => ids(&postmortem.findings, |row| &row.id),
        RowKind::Actions => ids(&postmortem.actions, |row| &row.id),
        RowKind::Impact => ids(&postmortem.impact, |row| &row.id),
        RowKind::Parking => ids(&postmortem.parking, |row| &row.id),
        RowKind::Participants => ids(&postmortem.participants, |row| &row.id),
    }
}

/// What a person calls a row: "Finding F3", "Action item A2", "Timeline event 16:10".
pub fn row_place(postmortem: &Postmortem, kind: RowKind, id: &str, words: &Words) -> String {
    let numbered = |what: &str, letter: char, number: Option<u32>| match number {
        Some(number) => format!("{what} {letter}{number}"),
        None => what.to_owned(),
    };
    match kind {
        RowKind::Timeline => {
            let at = postmortem
                .timeline
                .iter()
                .find(|row| row.id == id)
                .and_then(|row| row.at.as_ref());
            match at {
                Some(at) => format!(
                    "Timeline event {}",
                    at.at.with_timezone(&words.zone).format("%H:%M")
                ),
                None => "Timeline event".into(),
            }
        }
        RowKind::Findings => {
            let row = postmortem.findings.iter().find(|row| row.id == id);
            numbered("Finding", 'F', row.and_then(|row| row.number))
        }
        RowKind::Actions => {
            let row = postmortem.actions.iter().find(|row| row.id == id);
            numbered("Action item", 'A', row.and_then(|row| row.number))
        }
        RowKind::Impact => "Impact".into(),
        RowKind::Parking => "Parking lot".into(),
        RowKind::Participants => "Participant".into(),
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
        value("services", "Services", services.join(", ")),
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
        ),
    ];
    for (key, label) in ANCHORS {
        let at = postmortem
            .anchors
            .get(&key)
            .map(|anchor| anchor_words(anchor, words))
            .unwrap_or_default();
        fields.push(value("anchor", label, at));
    }
    fields
}

/// "18 Nov 2026".
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// "10 Nov 2026, 16:05 CET".
pub fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%-d %b %Y, %H:%M %Z")
        .to_string()
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
        told: Told::Value,
    }
}

fn prose(key: &'static str, label: &'static str, text: &str) -> Field {
    Field {
        key,
        label,
        value: text.to_owned(),
        told: Told::Prose,
    }
}

fn flag(key: &'static str, label: &'static str, on: bool) -> Field {
    Field {
        key,
        label,
        value: if on { "yes" } else { "no" }.into(),
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

fn moment_words(moment: Option<&Moment>, words: &Words) -> String {
    match moment {
        Some(moment) if moment.precision == Precision::About => {
            format!("about {}", instant(moment.at, words.zone))
        }
        Some(moment) => instant(moment.at, words.zone),
        None => String::new(),
    }
}

fn actor_words(postmortem: &Postmortem, actor: Option<&Actor>) -> String {
    match actor {
        Some(Actor::Participant(row)) => postmortem
            .participants
            .iter()
            .find(|participant| participant.id == *row)
            .map_or_else(
                || "a participant who was removed".into(),
                |participant| participant.name.clone(),
            ),
        Some(Actor::Role(words)) => words.clone(),
        None => String::new(),
    }
}

fn event_fields(postmortem: &Postmortem, row: &TimelineEvent, words: &Words) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        value("at", "Time", moment_words(row.at.as_ref(), words)),
        value(
            "phase",
            "Phase",
            row.phase.as_ref().map(word).unwrap_or_default(),
        ),
        value("kind", "Kind", word(&row.kind)),
        value("actor", "Who", actor_words(postmortem, row.actor.as_ref())),
        prose("source", "Source", &row.source),
        value(
            "image",
            "Image",
            row.image.as_ref().map(image_words).unwrap_or_default(),
        ),
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

fn finding_fields(postmortem: &Postmortem, row: &Finding) -> Vec<Field> {
    let events: Vec<String> = postmortem
        .timeline
        .iter()
        .filter(|event| row.events.contains(&event.id))
        .map(|event| format!("“{}”", shortened(&event.text, 60)))
        .collect();
    let actions: Vec<String> = postmortem
        .actions
        .iter()
        .filter(|action| row.actions.contains(&action.id))
        .map(|action| match action.number {
            Some(number) => format!("A{number}"),
            None => format!("“{}”", shortened(&action.text, 60)),
        })
        .collect();
    vec![
        prose("text", "Text", &row.text),
        value("kind", "Kind", word(&row.kind)),
        value(
            "phase",
            "Phase",
            row.phase.as_ref().map(word).unwrap_or_default(),
        ),
        value("theme", "Theme", row.theme.clone()),
        value("events", "Events", events.join(", ")),
        value("actions", "Action items", actions.join(", ")),
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
        ),
        value("helpers", "Helpers", helpers.join(", ")),
        value("due", "Due", row.due.map(day).unwrap_or_default()),
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
        prose("reason", "Reason", &row.reason),
        value(
            "verified",
            "Verified by",
            row.verified
                .as_ref()
                .map(|seen| words.person(&seen.by))
                .unwrap_or_default(),
        ),
        prose("verified_note", "What was seen", &row.verified_note),
        value("ticket", "Ticket", row.ticket.clone()),
        value("visibility", "Visibility", word(&row.visibility)),
    ]
}

fn impact_fields(row: &ImpactFact, words: &Words) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        value("value", "Value", row.value.clone()),
        value("unit", "Unit", row.unit.clone()),
        value("at", "Time", moment_words(row.at.as_ref(), words)),
        flag("estimate", "Estimate", row.estimate),
    ]
}

fn parking_fields(postmortem: &Postmortem, row: &ParkingItem) -> Vec<Field> {
    vec![
        prose("text", "Text", &row.text),
        value(
            "raised_by",
            "Raised by",
            actor_words(postmortem, row.raised_by.as_ref()),
        ),
    ]
}

fn participant_fields(row: &Participant) -> Vec<Field> {
    vec![
        value("name", "Name", row.name.clone()),
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
