//! What stands in the summary of one postmortem, for one audience, as plain texts.

use model::postmortem::{
    ActionItem, ActionStatus, ActionType, AnchorKey, EventKind, Finding, FindingKind, Precision,
    Status, TimelineEvent,
};
use model::visibility::{Audience, may_see};

use super::OneSummaryOptions;
use super::names::Names;
use crate::{Export, words};

/// As many lines of the timeline as somebody reads who was not there.
const LINES: usize = 10;

/// Everything in it is text as people wrote it, nothing is escaped.
pub(crate) struct OneSummary {
    /// Nothing is for this audience: only the title's place is filled, with a sentence that says so.
    pub(super) empty: bool,
    pub(super) title: String,
    /// Severity, status, services, when: what there is and the audience may know.
    pub(super) about: Vec<String>,
    /// The whole impact: "20 min", "about 20 min".
    pub(super) length: Option<String>,
    pub(super) draft: bool,
    /// Markdown that people wrote.
    pub(super) text: String,
    /// What it did to people, one figure a line.
    pub(super) impact: Vec<String>,
    pub(super) found_out: Vec<String>,
    pub(super) timeline: Vec<Line>,
    /// Which lines these are, and whose clock they are on.
    pub(super) timeline_note: String,
    pub(super) hindered: Vec<String>,
    pub(super) helped: Vec<String>,
    /// Surprises, luck and risks, each with its kind.
    pub(super) other: Vec<(String, String)>,
    pub(super) unknown: Vec<String>,
    pub(super) actions: Vec<Action>,
    /// What we decided not to do, and why; the reason may be empty.
    pub(super) declined: Vec<(String, String)>,
    pub(super) thanks: Vec<String>,
    pub(super) customers: bool,
}

/// A line of the timeline.
pub(super) struct Line {
    /// "10 Nov 2026" where the day changes, else empty.
    pub(super) day: String,
    /// "16:05", "~16:05", or "no time".
    pub(super) time: String,
    pub(super) who: String,
    pub(super) text: String,
}

/// An action item that is not declined.
pub(super) struct Action {
    pub(super) text: String,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) ticket: String,
    pub(super) status: String,
}

impl OneSummary {
    /// Gathers it. The rows that the audience may not see are left out before anything is counted.
    pub(crate) fn new(export: &Export<'_>, options: &OneSummaryOptions) -> Self {
        let p = export.postmortem;
        let audience = options.audience;
        let customers = audience == Audience::Customers;
        let events: Vec<&TimelineEvent> = p
            .timeline
            .iter()
            .filter(|row| may_see(audience, row.visibility))
            .collect();
        let findings: Vec<&Finding> = p
            .findings
            .iter()
            .filter(|row| may_see(audience, row.visibility))
            .collect();
        let actions: Vec<&ActionItem> = p
            .actions
            .iter()
            .filter(|row| may_see(audience, row.visibility))
            .collect();
        if customers && events.is_empty() && findings.is_empty() && actions.is_empty() {
            return Self::nothing();
        }
        let names = Names::new(export);
        let of = |kind: FindingKind| -> Vec<String> {
            findings
                .iter()
                .filter(|f| f.kind == kind)
                .map(|f| f.text.clone())
                .collect()
        };
        let other = [FindingKind::Surprised, FindingKind::Luck, FindingKind::Risk]
            .into_iter()
            .flat_map(|kind| {
                of(kind)
                    .into_iter()
                    .map(move |text| (words::name(kind), text))
            })
            .collect();
        let (timeline, timeline_note) = timeline(export, &events, &names, customers);
        Self {
            empty: false,
            title: if p.title.trim().is_empty() {
                "Untitled postmortem".into()
            } else {
                p.title.clone()
            },
            about: about(export, customers),
            length: export
                .derived
                .durations
                .iter()
                .find(|d| d.key == "total" && d.seconds.is_some())
                .map(|d| words::duration_about(d.seconds, d.about)),
            draft: p.status == Status::Draft,
            text: if customers {
                String::new()
            } else {
                section(export)
            },
            impact: if customers {
                Vec::new()
            } else {
                impact(export)
            },
            found_out: if customers {
                Vec::new()
            } else {
                found_out(export, &events, &names)
            },
            timeline,
            timeline_note,
            hindered: of(FindingKind::Hindered),
            helped: of(FindingKind::Helped),
            other,
            unknown: if customers {
                Vec::new()
            } else {
                unknown(export, &findings, &actions)
            },
            actions: actions
                .iter()
                .filter(|a| a.status != ActionStatus::Declined)
                .map(|a| names.action(a, customers))
                .collect(),
            declined: if customers {
                Vec::new()
            } else {
                declined(&findings, &actions)
            },
            thanks: if customers {
                Vec::new()
            } else {
                thanks(export)
            },
            customers,
        }
    }

    fn nothing() -> Self {
        Self {
            empty: true,
            title: "Nothing of this postmortem is marked for customers".into(),
            about: Vec::new(),
            length: None,
            draft: false,
            text: String::new(),
            impact: Vec::new(),
            found_out: Vec::new(),
            timeline: Vec::new(),
            timeline_note: String::new(),
            hindered: Vec::new(),
            helped: Vec::new(),
            other: Vec::new(),
            unknown: Vec::new(),
            actions: Vec::new(),
            declined: Vec::new(),
            thanks: Vec::new(),
            customers: true,
        }
    }
}

fn about(export: &Export<'_>, customers: bool) -> Vec<String> {
    let p = export.postmortem;
    let mut out = Vec::new();
    if !customers {
        out.push(
            p.severity
                .map_or_else(|| "Severity not judged yet".to_owned(), words::name),
        );
        out.push(words::name(p.status));
        out.extend(export.named_services().iter().map(|s| s.name.clone()));
    }
    out.push(export.derived.starts.map_or_else(
        || "When it happened is not known".to_owned(),
        |from| words::stretch(from, export.derived.ends, export.shown_zone()),
    ));
    out
}

/// The section `summary`, else the first that is not empty.
fn section(export: &Export<'_>) -> String {
    let sections = &export.postmortem.sections;
    let filled = |s: &&model::postmortem::Section| {
        !s.text.trim().is_empty() && !model::customer_post::is_part(&s.id)
    };
    sections
        .iter()
        .filter(filled)
        .find(|s| s.id == "summary")
        .or_else(|| sections.iter().find(filled))
        .map(|s| s.text.clone())
        .unwrap_or_default()
}

fn impact(export: &Export<'_>) -> Vec<String> {
    export
        .postmortem
        .impact
        .iter()
        .map(|fact| {
            let value = format!("{} {}", fact.value, fact.unit);
            let value = value.trim();
            let about = if fact.estimate { "about " } else { "" };
            match (fact.text.trim(), value) {
                (text, "") => text.to_owned(),
                ("", value) => format!("{about}{value}"),
                (text, value) => format!("{text}: {about}{value}"),
            }
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// The first signal, who saw it, and how long it took until we knew.
fn found_out(export: &Export<'_>, events: &[&TimelineEvent], names: &Names<'_>) -> Vec<String> {
    let p = export.postmortem;
    let zone = export.shown_zone();
    let mut out = Vec::new();
    for key in [AnchorKey::T1, AnchorKey::T2] {
        let Some(anchor) = p.anchors.get(&key) else {
            continue;
        };
        let when = match (anchor.at, anchor.precision) {
            (None, _) | (_, Precision::Unknown) => continue,
            (Some(at), Precision::About) => format!("about {}", words::date_time(at, zone)),
            (Some(at), Precision::Exact) => words::date_time(at, zone),
        };
        let source = match anchor.source.strip_prefix("event:") {
            // What the audience may not see is no source for it either.
            Some(id) => events
                .iter()
                .find(|event| event.id == id)
                .map(|event| told(event, names))
                .unwrap_or_default(),
            None => anchor.source.clone(),
        };
        let name = words::anchor(key);
        out.push(if source.is_empty() {
            format!("{name}: {when}")
        } else {
            format!("{name}: {when}. {source}")
        });
    }
    if out.is_empty()
        && let Some(signal) = events.iter().find(|e| e.kind == EventKind::Signal)
    {
        out.push(told(signal, names));
    }
    let detect = export
        .derived
        .durations
        .iter()
        .find(|d| d.key == "detect" && d.seconds.is_some());
    if let Some(detect) = detect {
        out.push(format!(
            "It took {} until one of us knew",
            words::duration_about(detect.seconds, detect.about)
        ));
    }
    out
}

/// Who and what, as one sentence.
fn told(event: &TimelineEvent, names: &Names<'_>) -> String {
    let who = names.actor(event.actor.as_ref(), false);
    format!("{who} {}", event.text).trim().to_owned()
}

/// The starred lines; where there are none, the signals, decisions, changes and restorations. Of too many, observations go
/// first and then communications, from the end.
fn timeline(
    export: &Export<'_>,
    events: &[&TimelineEvent],
    names: &Names<'_>,
    customers: bool,
) -> (Vec<Line>, String) {
    let starred: Vec<&TimelineEvent> = events.iter().copied().filter(|e| e.star).collect();
    let chosen = !starred.is_empty();
    let mut lines = if chosen {
        starred
    } else if customers {
        events.to_vec()
    } else {
        let telling = |e: &&TimelineEvent| {
            !matches!(e.kind, EventKind::Observation | EventKind::Communication)
        };
        events.iter().copied().filter(telling).collect()
    };
    for kind in [EventKind::Observation, EventKind::Communication] {
        while lines.len() > LINES {
            let Some(at) = lines.iter().rposition(|e| e.kind == kind) else {
                break;
            };
            lines.remove(at);
        }
    }
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let zone = export.shown_zone();
    let mut today = String::new();
    let shown: Vec<Line> = lines
        .iter()
        .map(|event| {
            let (day, time) = match &event.at {
                None => (String::new(), "no time".to_owned()),
                Some(at) => {
                    let about = if at.precision == Precision::About {
                        "~"
                    } else {
                        ""
                    };
                    (
                        words::date(at.at, zone),
                        format!("{about}{}", words::time(at.at, zone)),
                    )
                }
            };
            let changed = !day.is_empty() && day != today;
            if changed {
                today.clone_from(&day);
            }
            Line {
                day: if changed { day } else { String::new() },
                time,
                who: names.actor(event.actor.as_ref(), customers),
                text: event.text.clone(),
            }
        })
        .collect();
    let at = export.derived.starts.unwrap_or(export.now);
    let mut note = format!(
        "Times in {}; ~ is an estimate.",
        words::zone_label(at, zone)
    );
    if !chosen && !customers && !shown.is_empty() {
        note.push_str(
            " No event is starred: these are the signals, decisions, changes and the restoration.",
        );
    }
    if more > 0 {
        note.push_str(&format!(" {more} more stand in the postmortem."));
    }
    (shown, note)
}

/// What nobody knows yet, read off what is missing.
fn unknown(export: &Export<'_>, findings: &[&Finding], actions: &[&ActionItem]) -> Vec<String> {
    let p = export.postmortem;
    let mut out = Vec::new();
    let missing: Vec<&str> = AnchorKey::ALL
        .iter()
        .filter(|key| **key != AnchorKey::T7)
        .filter(|key| {
            p.anchors
                .get(key)
                .is_none_or(|a| a.at.is_none() || a.precision == Precision::Unknown)
        })
        .map(|key| words::anchor(*key))
        .collect();
    if !missing.is_empty() {
        out.push(format!(
            "The time of: {}",
            missing.join(", ").to_lowercase()
        ));
    }
    out.extend(export.derived.contradictions.iter().map(|c| c.text.clone()));
    if p.impact.is_empty() {
        out.push("What it did to people, in figures".into());
    }
    out.extend(
        findings
            .iter()
            .filter(|f| f.actions.is_empty() && !f.no_action && f.kind != FindingKind::Helped)
            .filter(|f| f.kind != FindingKind::Luck)
            .map(|f| format!("What we do about: {}", f.text)),
    );
    out.extend(
        actions
            .iter()
            .filter(|a| a.action_type == Some(ActionType::Investigate))
            .filter(|a| matches!(a.status, ActionStatus::Open | ActionStatus::InProgress))
            .map(|a| format!("Still being looked into: {}", a.text)),
    );
    out
}

fn declined(findings: &[&Finding], actions: &[&ActionItem]) -> Vec<(String, String)> {
    let items = actions
        .iter()
        .filter(|a| a.status == ActionStatus::Declined)
        .map(|a| (a.text.clone(), a.reason.clone()));
    let answers = findings.iter().filter(|f| f.no_action).map(|f| {
        (
            format!("Nothing about: {}", f.text),
            f.no_action_reason.clone(),
        )
    });
    items.chain(answers).collect()
}

/// Everybody who took part, each once, with what they were in this review.
fn thanks(export: &Export<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for row in &export.postmortem.participants {
        let name = row.name.trim();
        let role = words::name(row.role);
        let line = match name {
            "" => role,
            name if name.to_lowercase() == role.to_lowercase() => name.to_owned(),
            name => format!("{name} ({})", role.to_lowercase()),
        };
        if !out.contains(&line) {
            out.push(line);
        }
    }
    out
}
