//! How rows and people are named and linked on the page, and the page's rows.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Anchor, Finding, PersonId, Precision, TimelineEvent,
};
use serde::Serialize;

use crate::prose::line_html;
use crate::{Export, bar, image_extension, words};

#[derive(Serialize)]
pub(super) struct AnchorRow {
    code: String,
    name: &'static str,
    when: String,
    source: Value,
}

#[derive(Serialize)]
pub(super) struct Group {
    class: &'static str,
    name: String,
    length: String,
    events: Vec<EventRow>,
}

#[derive(Serialize)]
pub(super) struct EventRow {
    id: String,
    elapsed: String,
    day: String,
    time: String,
    datetime: String,
    kind: String,
    who: String,
    text: Value,
    source: Value,
    image: Option<Value>,
    alt: String,
    marks: Vec<&'static str>,
    findings: Vec<Reference>,
}

#[derive(Clone, Serialize)]
pub(super) struct Reference {
    href: String,
    label: String,
    class: &'static str,
}

#[derive(Serialize)]
pub(super) struct FindingRow {
    id: String,
    label: String,
    text: Value,
    about: String,
    events: Vec<Reference>,
    actions: Vec<Reference>,
    no_action: bool,
    reason: Value,
}

#[derive(Serialize)]
pub(super) struct ActionRow {
    id: String,
    label: String,
    text: Value,
    status: String,
    status_class: &'static str,
    owner: String,
    helpers: String,
    due: String,
    due_date: String,
    priority: String,
    kind: String,
    findings: Vec<Reference>,
    ticket: Value,
    details: Vec<(&'static str, Value)>,
}

/// An http or https address as a link, anything else as text.
fn source_html(text: &str) -> Value {
    let is_address = (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let shown = line_html(text);
    Value::from_safe_string(if is_address {
        format!(
            "<a href=\"{}\" rel=\"noopener noreferrer nofollow\">{shown}</a>",
            crate::prose::escape_html(text)
        )
    } else {
        shown
    })
}

/// How rows and people are named and linked on the page.
pub(super) struct Names<'a> {
    export: &'a Export<'a>,
    zone: &'a str,
    people: HashMap<&'a str, &'a str>,
    participants: HashMap<&'a str, &'a str>,
    events: HashMap<&'a str, Reference>,
    findings: HashMap<&'a str, Reference>,
    actions: HashMap<&'a str, Reference>,
    event_findings: HashMap<&'a str, Vec<&'a str>>,
    action_findings: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(export: &'a Export<'a>) -> Self {
        let p = export.postmortem;
        let zone = export.shown_zone();
        let reference = |prefix: &str, i: usize, number: Option<u32>| Reference {
            href: format!("{}-{}", prefix.to_lowercase(), i + 1),
            label: number.map_or_else(|| format!("new {}", i + 1), |n| format!("{prefix}{n}")),
            class: "",
        };
        let event = |i: usize, e: &TimelineEvent| Reference {
            href: format!("e-{}", i + 1),
            label: e
                .at
                .as_ref()
                .map_or_else(|| "no time".to_owned(), |at| words::time(at.at, zone)),
            class: e.phase.map_or("", bar::phase_class),
        };
        let mut event_findings: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut action_findings: HashMap<&str, Vec<&str>> = HashMap::new();
        for finding in &p.findings {
            for id in &finding.events {
                event_findings.entry(id).or_default().push(&finding.id);
            }
            for id in &finding.actions {
                action_findings.entry(id).or_default().push(&finding.id);
            }
        }
        Self {
            export,
            zone,
            people: export
                .people
                .iter()
                .map(|person| (person.id.as_str(), person.name.as_str()))
                .collect(),
            participants: p
                .participants
                .iter()
                .map(|row| (row.id.as_str(), row.name.as_str()))
                .collect(),
            events: p
                .timeline
                .iter()
                .enumerate()
                .map(|(i, e)| (e.id.as_str(), event(i, e)))
                .collect(),
            findings: p
                .findings
                .iter()
                .enumerate()
                .map(|(i, f)| (f.id.as_str(), reference("F", i, f.number)))
                .collect(),
            actions: p
                .actions
                .iter()
                .enumerate()
                .map(|(i, a)| (a.id.as_str(), reference("A", i, a.number)))
                .collect(),
            event_findings,
            action_findings,
        }
    }

    pub(super) fn person(&self, id: &PersonId) -> String {
        let by_directory = self
            .people
            .get(id.as_str())
            .copied()
            .filter(|name| !name.is_empty());
        let by_row = || {
            self.export
                .postmortem
                .participants
                .iter()
                .find(|row| row.person.as_ref() == Some(id))
        };
        by_directory
            .or_else(|| by_row().map(|row| row.name.as_str()))
            .unwrap_or("Somebody")
            .to_owned()
    }

    pub(super) fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            None => String::new(),
            Some(Actor::Role(role)) => role.clone(),
            Some(Actor::Participant(id)) => {
                (*self.participants.get(id.as_str()).unwrap_or(&"Somebody")).to_owned()
            }
        }
    }

    fn references(ids: &[impl AsRef<str>], among: &HashMap<&str, Reference>) -> Vec<Reference> {
        ids.iter()
            .filter_map(|id| among.get(id.as_ref()).cloned())
            .collect()
    }

    pub(super) fn anchors(&self) -> Vec<AnchorRow> {
        let p = self.export.postmortem;
        p.anchors
            .iter()
            .map(|(key, anchor)| AnchorRow {
                code: words::name(key),
                name: words::anchor(*key),
                when: self.when(anchor),
                source: self.source(anchor),
            })
            .collect()
    }

    fn when(&self, anchor: &Anchor) -> String {
        match (anchor.at, anchor.precision) {
            (None, _) | (_, Precision::Unknown) => "unknown".into(),
            (Some(at), Precision::About) => format!("about {}", words::date_time(at, self.zone)),
            (Some(at), Precision::Exact) => words::date_time(at, self.zone),
        }
    }

    fn source(&self, anchor: &Anchor) -> Value {
        match anchor
            .source
            .strip_prefix("event:")
            .map(|id| self.events.get(id))
        {
            Some(Some(event)) => Value::from_safe_string(format!(
                "<a href=\"#{}\">timeline, {}</a>",
                event.href, event.label
            )),
            Some(None) => Value::from("timeline"),
            None => source_html(&anchor.source),
        }
    }

    /// Events in their order, parted where the phase changes; the day is said where it changes.
    pub(super) fn timeline(&self) -> Vec<Group> {
        let p = self.export.postmortem;
        let starts = self.export.derived.starts;
        let mut groups: Vec<Group> = Vec::new();
        let mut phase = None;
        let mut day = starts
            .map(|at| words::date(at, self.zone))
            .unwrap_or_default();
        for (i, event) in p.timeline.iter().enumerate() {
            if groups.is_empty() || phase != Some(event.phase) {
                phase = Some(event.phase);
                groups.push(self.group(event, groups.len()));
            }
            let mut row = self.event(i, event);
            if let Some(at) = &event.at {
                let today = words::date(at.at, self.zone);
                if today != day {
                    row.day.clone_from(&today);
                    day = today;
                }
                if let Some(from) = starts {
                    row.elapsed = elapsed((at.at - from).num_minutes());
                }
            }
            if let Some(group) = groups.last_mut() {
                group.events.push(row);
            }
        }
        groups
    }

    fn group(&self, event: &TimelineEvent, before: usize) -> Group {
        let span = event
            .phase
            .and_then(|phase| self.export.derived.phases.iter().find(|p| p.phase == phase));
        let length = span
            .filter(|p| p.seconds.is_some())
            .map(|p| words::duration_about(p.seconds, p.about));
        Group {
            class: event.phase.map_or("none", bar::phase_class),
            name: match event.phase {
                Some(phase) => words::name(phase),
                None if before == 0 => "Events".into(),
                None => "No phase yet".into(),
            },
            length: length.unwrap_or_default(),
            events: Vec::new(),
        }
    }

    fn event(&self, i: usize, event: &TimelineEvent) -> EventRow {
        let picture = event
            .image
            .as_ref()
            .and_then(|image| (self.export.images)(&image.hash));
        let picture = picture.filter(|p| image_extension(&p.mime).is_some());
        let (time, datetime) = match &event.at {
            None => ("no time".into(), String::new()),
            Some(at) => {
                let about = if at.precision == Precision::About {
                    "~"
                } else {
                    ""
                };
                (
                    format!("{about}{}", words::time(at.at, self.zone)),
                    at.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                )
            }
        };
        let found = self
            .event_findings
            .get(event.id.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let marks = match event.public {
            true => vec!["Public update"],
            false => Vec::new(),
        };
        EventRow {
            id: format!("e-{}", i + 1),
            elapsed: String::new(),
            day: String::new(),
            time,
            datetime,
            kind: words::name(event.kind),
            who: self.actor(event.actor.as_ref()),
            text: Value::from_safe_string(line_html(&event.text)),
            source: source_html(&event.source),
            // The kind is one of four and Base64 has no letter that an attribute minds.
            image: picture.map(|p| {
                Value::from_safe_string(format!(
                    "data:{};base64,{}",
                    p.mime,
                    STANDARD.encode(&p.bytes)
                ))
            }),
            alt: event
                .image
                .as_ref()
                .map(|image| image.alt.clone())
                .unwrap_or_default(),
            marks,
            findings: Self::references(found, &self.findings),
        }
    }

    pub(super) fn finding(&self, i: usize, finding: &Finding) -> FindingRow {
        let about = [
            words::name(finding.kind),
            finding.phase.map(words::name).unwrap_or_default(),
            finding.theme.clone(),
        ];
        FindingRow {
            id: format!("f-{}", i + 1),
            label: self
                .findings
                .get(finding.id.as_str())
                .map(|r| r.label.clone())
                .unwrap_or_default(),
            text: Value::from_safe_string(line_html(&finding.text)),
            about: about
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            events: Self::references(&finding.events, &self.events),
            actions: Self::references(&finding.actions, &self.actions),
            no_action: finding.no_action,
            reason: Value::from_safe_string(line_html(&finding.no_action_reason)),
        }
    }

    pub(super) fn action(&self, i: usize, action: &ActionItem) -> ActionRow {
        let mut details = Vec::new();
        let mut detail = |name: &'static str, text: &str| {
            if !text.is_empty() {
                details.push((name, Value::from_safe_string(line_html(text))));
            }
        };
        detail("Done when", &action.done_when);
        detail("Evidence", &action.evidence);
        if action.status == ActionStatus::Done
            && action.evidence.is_empty()
            && action.evidence_image.is_none()
            && action.evidence_skipped
        {
            detail("Evidence", "Done without evidence");
        }
        if let Some(image) = &action.evidence_image {
            detail("Evidence", &format!("Image: {}", image.alt));
        }
        detail("Reason", &action.reason);
        for entry in &action.moves {
            let moved = format!(
                "from {} to {}: {}",
                entry.from.map_or_else(|| "no date".into(), words::day),
                entry.to.map_or_else(|| "no date".into(), words::day),
                entry.reason
            );
            detail("Moved", &moved);
        }
        for entry in &action.reopened {
            detail("Opened again", &entry.seen);
        }
        if let Some(verified) = &action.verified {
            let by = format!(
                "by {}, {}",
                self.person(&verified.by),
                words::date(verified.at, self.zone)
            );
            detail("Verified", &by);
        }
        detail("What was seen", &action.verified_note);
        let found = self
            .action_findings
            .get(action.id.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        ActionRow {
            id: format!("a-{}", i + 1),
            label: self
                .actions
                .get(action.id.as_str())
                .map(|r| r.label.clone())
                .unwrap_or_default(),
            text: Value::from_safe_string(line_html(&action.text)),
            status: words::name(action.status),
            status_class: match action.status {
                ActionStatus::Done | ActionStatus::Declined => "settled",
                ActionStatus::Open | ActionStatus::InProgress => "",
            },
            owner: action
                .owner
                .as_ref()
                .map(|id| self.person(id))
                .unwrap_or_default(),
            helpers: action
                .helpers
                .iter()
                .map(|id| self.person(id))
                .collect::<Vec<_>>()
                .join(", "),
            due: action.due.map(words::day).unwrap_or_default(),
            due_date: action
                .due
                .map(|d| d.format("%Y-%m-%d").to_string())
                .unwrap_or_default(),
            priority: action.priority.map(words::name).unwrap_or_default(),
            kind: action.action_type.map(words::name).unwrap_or_default(),
            findings: Self::references(found, &self.findings),
            ticket: source_html(&action.ticket),
            details,
        }
    }
}

/// Minutes since the start as a column shows them: "0", "+4", "+1 h 35".
fn elapsed(minutes: i64) -> String {
    match minutes {
        0 => "0".into(),
        1..60 => format!("+{minutes}"),
        -59..0 => format!("−{}", -minutes),
        _ if minutes > 0 => format!("+{}", words::duration(Some(minutes.saturating_mul(60)))),
        _ => words::duration(Some(minutes.saturating_mul(60))),
    }
}
