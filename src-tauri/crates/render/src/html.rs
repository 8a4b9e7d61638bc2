//! One self-contained page that reads and prints like the document in the app: no script, nothing loaded from anywhere.

use std::collections::HashMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Anchor, Finding, Moment, PersonId, Precision, Severity, TimelineEvent, Visibility,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::prose::line_html;
use crate::{Export, Rendered, bar, image_extension, markdown_html, words};

const CSS: &str = include_str!("page/page.css");
const PAGE: &str = include_str!("page/page.html");

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    // The template is compiled in and every export test renders it, so it cannot be malformed here.
    let _ = environment.add_template("page.html", PAGE);
    environment
});

/// The only style that the page's own policy lets in.
static STYLE_HASH: LazyLock<String> = LazyLock::new(|| STANDARD.encode(Sha256::digest(CSS)));

#[derive(Serialize)]
struct Figure {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
    html: Value,
}

#[derive(Serialize)]
struct AnchorRow {
    name: &'static str,
    when: String,
    source: Value,
}

#[derive(Serialize)]
struct DurationRow {
    name: String,
    value: String,
    definition: String,
}

#[derive(Serialize)]
struct Group {
    class: &'static str,
    name: String,
    length: String,
    events: Vec<EventRow>,
}

#[derive(Serialize)]
struct EventRow {
    id: String,
    elapsed: String,
    day: String,
    time: String,
    datetime: String,
    kind: String,
    who: String,
    text: Value,
    source: Value,
    image: Option<String>,
    alt: String,
    marks: Vec<&'static str>,
    findings: Vec<Reference>,
}

#[derive(Clone, Serialize)]
struct Reference {
    href: String,
    label: String,
    class: &'static str,
}

#[derive(Serialize)]
struct FindingRow {
    id: String,
    label: String,
    text: Value,
    about: String,
    marks: Vec<&'static str>,
    events: Vec<Reference>,
    actions: Vec<Reference>,
    no_action: bool,
    reason: Value,
}

#[derive(Serialize)]
struct ActionRow {
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
    marks: Vec<&'static str>,
}

/// The page.
pub(crate) fn render(export: &Export<'_>) -> Rendered {
    let text = match page(export) {
        Ok(text) => text,
        // Unreachable with the template as the tests see it; a page that says so is better than none.
        Err(error) => format!("<!doctype html><title>Debrief</title><p>{}</p>", crate::prose::escape_html(&error.to_string())),
    };
    Rendered { text, assets: Vec::new() }
}

fn page(export: &Export<'_>) -> Result<String, minijinja::Error> {
    let names = Names::new(export);
    let p = export.postmortem;
    let zone = export.shown_zone();
    let actions: Vec<ActionRow> = p.actions.iter().enumerate().map(|(i, a)| names.action(i, a)).collect();
    let settled = p.actions.iter().filter(|a| matches!(a.status, ActionStatus::Done | ActionStatus::Declined)).count();
    let sections: Vec<Section> = p
        .sections
        .iter()
        .enumerate()
        .filter(|(_, s)| !s.text.trim().is_empty())
        .map(|(i, s)| Section {
            id: format!("section-{}", i + 1),
            title: if s.title.is_empty() { "Untitled section".into() } else { s.title.clone() },
            html: Value::from_safe_string(markdown_html(&s.text)),
        })
        .collect();
    let first_is_first = p.sections.first().is_some_and(|s| !s.text.trim().is_empty());
    let meta: Vec<String> = std::iter::once(words::name(p.status))
        .chain(export.named_services().iter().map(|s| s.name.clone()))
        .chain(export.derived.starts.map(|from| words::stretch(from, export.derived.ends, zone)))
        .collect();
    ENVIRONMENT.get_template("page.html")?.render(context! {
        css => Value::from_safe_string(CSS.to_owned()),
        style_hash => Value::from_safe_string(STYLE_HASH.clone()),
        title => if p.title.is_empty() { "Untitled postmortem" } else { p.title.as_str() },
        severity => p.severity.map(words::name),
        severity_bars => value(p.severity.map(severity_bars)),
        meta => meta,
        tags => value(&p.tags),
        figures => value(figures(export)),
        bar => bar::svg(export.derived, zone).map(Value::from_safe_string),
        phases => value(phase_legend(export)),
        lede => value(sections.first().filter(|_| first_is_first)),
        sections => value(if first_is_first { sections.get(1..).unwrap_or_default() } else { &sections }),
        impact => impact(export),
        anchors => value(names.anchors()),
        durations => value(durations(export)),
        contradictions => export.derived.contradictions.iter().map(|c| c.text.clone()).collect::<Vec<_>>(),
        groups => value(names.timeline()),
        event_count => words::count(p.timeline.len(), "event", "events"),
        zone_note => zone_note(export, zone),
        findings => value(p.findings.iter().enumerate().map(|(i, f)| names.finding(i, f)).collect::<Vec<_>>()),
        actions => value(actions),
        actions_note => actions_note(p.actions.len(), settled),
        parking => p.parking.iter().map(|item| {
            context! { text => Value::from_safe_string(line_html(&item.text)), who => names.actor(item.raised_by.as_ref()) }
        }).collect::<Vec<_>>(),
        participants => p.participants.iter().map(|row| {
            context! { name => row.name.clone(), role => words::name(row.role), title => row.title.clone() }
        }).collect::<Vec<_>>(),
        review_owner => p.review_owner.as_ref().map(|id| names.person(id)),
        made => format!("Made with Debrief, {}", words::date(export.now, zone)),
    })
}

fn value<T: Serialize>(data: T) -> Value {
    Serde(data).into()
}

fn zone_note(export: &Export<'_>, zone: &str) -> String {
    let at = export.derived.starts.unwrap_or(export.now);
    format!("Times in {}", words::zone_label(at, zone))
}

fn actions_note(all: usize, settled: usize) -> String {
    match (all, settled) {
        (0, _) => String::new(),
        (all, 0) => format!("{all}, none done yet"),
        (all, settled) => format!("{settled} of {all} done"),
    }
}

fn severity_bars(severity: Severity) -> Vec<(f64, u32, u32, bool)> {
    let on = match severity {
        Severity::Sev1 => 5,
        Severity::Sev2 => 4,
        Severity::Sev3 => 3,
        Severity::Sev4 => 2,
        Severity::Sev5 => 1,
    };
    (0..5u32).map(|i| (f64::from(i) * 3.5, 8 - 2 * i, 4 + 2 * i, i < on)).collect()
}

fn figures(export: &Export<'_>) -> Vec<Figure> {
    let derived = export.derived;
    let mut out = Vec::new();
    for (key, label) in [("total", "from first impact to its end"), ("detect", "until one of us knew")] {
        if let Some(d) = derived.durations.iter().find(|d| d.key == key && d.seconds.is_some()) {
            out.push(Figure { value: capital(&words::duration_about(d.seconds, d.about)), label: label.into() });
        }
    }
    for fact in export.postmortem.impact.iter().rev().filter(|f| !f.value.is_empty()).take(1) {
        let value = if fact.estimate { format!("About {}", fact.value) } else { fact.value.clone() };
        let label = if fact.unit.is_empty() { fact.text.clone() } else { format!("{} ({})", fact.text, fact.unit) };
        out.push(Figure { value, label });
    }
    if derived.public_updates > 0 {
        let label = if derived.public_updates == 1 { "update customers could read" } else { "updates customers could read" };
        out.push(Figure { value: derived.public_updates.to_string(), label: label.into() });
    }
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn phase_legend(export: &Export<'_>) -> Vec<(String, &'static str, String)> {
    let phases = &export.derived.phases;
    if phases.iter().all(|p| p.seconds.is_none()) {
        return Vec::new();
    }
    phases
        .iter()
        .map(|p| (words::name(p.phase), bar::phase_class(p.phase), words::duration_about(p.seconds, p.about)))
        .collect()
}

fn impact(export: &Export<'_>) -> Vec<Value> {
    let zone = export.shown_zone();
    export
        .postmortem
        .impact
        .iter()
        .map(|fact| {
            let value = [fact.value.as_str(), fact.unit.as_str()].join(" ");
            context! {
                text => Value::from_safe_string(line_html(&fact.text)),
                value => if fact.estimate { format!("about {}", value.trim()) } else { value.trim().to_owned() },
                when => fact.at.as_ref().map(|at| moment(at, zone)),
            }
        })
        .collect()
}

fn durations(export: &Export<'_>) -> Vec<DurationRow> {
    if export.postmortem.anchors.is_empty() {
        return Vec::new();
    }
    let row = |d: &model::derived::DurationFigure| DurationRow {
        name: d.name.clone(),
        value: if d.contradictory { "contradictory".into() } else { words::duration_about(d.seconds, d.about) },
        definition: d.definition.clone(),
    };
    export.derived.durations.iter().map(row).collect()
}

fn moment(moment: &Moment, zone: &str) -> String {
    let shown = words::date_time(moment.at, zone);
    if moment.precision == Precision::About { format!("about {shown}") } else { shown }
}

/// An http or https address as a link, anything else as text.
fn source_html(text: &str) -> Value {
    let is_address = (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let shown = line_html(text);
    Value::from_safe_string(if is_address {
        format!("<a href=\"{}\" rel=\"noopener noreferrer nofollow\">{shown}</a>", crate::prose::escape_html(text))
    } else {
        shown
    })
}

fn marks(visibility: Visibility, star: bool) -> Vec<&'static str> {
    let mut out = Vec::new();
    if star {
        out.push("In summaries");
    }
    match visibility {
        Visibility::Company => {}
        Visibility::Room => out.push("This review only"),
        Visibility::Customers => out.push("For customers"),
    }
    out
}

/// How rows and people are named and linked on the page.
struct Names<'a> {
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
    fn new(export: &'a Export<'a>) -> Self {
        let p = export.postmortem;
        let zone = export.shown_zone();
        let reference = |prefix: &str, i: usize, number: Option<u32>| Reference {
            href: format!("{}-{}", prefix.to_lowercase(), i + 1),
            label: number.map_or_else(|| format!("new {}", i + 1), |n| format!("{prefix}{n}")),
            class: "",
        };
        let event = |i: usize, e: &TimelineEvent| Reference {
            href: format!("e-{}", i + 1),
            label: e.at.as_ref().map_or_else(|| "no time".to_owned(), |at| words::time(at.at, zone)),
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
            people: export.people.iter().map(|person| (person.id.as_str(), person.name.as_str())).collect(),
            participants: p.participants.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect(),
            events: p.timeline.iter().enumerate().map(|(i, e)| (e.id.as_str(), event(i, e))).collect(),
            findings: p.findings.iter().enumerate().map(|(i, f)| (f.id.as_str(), reference("F", i, f.number))).collect(),
            actions: p.actions.iter().enumerate().map(|(i, a)| (a.id.as_str(), reference("A", i, a.number))).collect(),
            event_findings,
            action_findings,
        }
    }

    fn person(&self, id: &PersonId) -> String {
        let by_directory = self.people.get(id.as_str()).copied().filter(|name| !name.is_empty());
        let by_row = || self.export.postmortem.participants.iter().find(|row| row.person.as_ref() == Some(id));
        by_directory.or_else(|| by_row().map(|row| row.name.as_str())).unwrap_or("Somebody").to_owned()
    }

    fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            None => String::new(),
            Some(Actor::Role(role)) => role.clone(),
            Some(Actor::Participant(id)) => (*self.participants.get(id.as_str()).unwrap_or(&"Somebody")).to_owned(),
        }
    }

    fn references(ids: &[impl AsRef<str>], among: &HashMap<&str, Reference>) -> Vec<Reference> {
        ids.iter().filter_map(|id| among.get(id.as_ref()).cloned()).collect()
    }

    fn anchors(&self) -> Vec<AnchorRow> {
        let p = self.export.postmortem;
        p.anchors.iter().map(|(key, anchor)| AnchorRow { name: words::anchor(*key), when: self.when(anchor), source: self.source(anchor) }).collect()
    }

    fn when(&self, anchor: &Anchor) -> String {
        match (anchor.at, anchor.precision) {
            (None, _) | (_, Precision::Unknown) => "unknown".into(),
            (Some(at), Precision::About) => format!("about {}", words::date_time(at, self.zone)),
            (Some(at), Precision::Exact) => words::date_time(at, self.zone),
        }
    }

    fn source(&self, anchor: &Anchor) -> Value {
        match anchor.source.strip_prefix("event:").map(|id| self.events.get(id)) {
            Some(Some(event)) => Value::from_safe_string(format!("<a href=\"#{}\">timeline, {}</a>", event.href, event.label)),
            Some(None) => Value::from("timeline"),
            None => source_html(&anchor.source),
        }
    }

    /// Events in their order, parted where the phase changes; the day is said where it changes.
    fn timeline(&self) -> Vec<Group> {
        let p = self.export.postmortem;
        let starts = self.export.derived.starts;
        let mut groups: Vec<Group> = Vec::new();
        let mut phase = None;
        let mut day = starts.map(|at| words::date(at, self.zone)).unwrap_or_default();
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
        let span = event.phase.and_then(|phase| self.export.derived.phases.iter().find(|p| p.phase == phase));
        let length = span.filter(|p| p.seconds.is_some()).map(|p| words::duration_about(p.seconds, p.about));
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
        let picture = event.image.as_ref().and_then(|image| (self.export.images)(&image.hash));
        let picture = picture.filter(|p| image_extension(&p.mime).is_some());
        let (time, datetime) = match &event.at {
            None => ("no time".into(), String::new()),
            Some(at) => {
                let about = if at.precision == Precision::About { "~" } else { "" };
                (format!("{about}{}", words::time(at.at, self.zone)), at.at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
            }
        };
        let found = self.event_findings.get(event.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let mut marks = marks(event.visibility, event.star);
        if event.public {
            marks.push("Public update");
        }
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
            image: picture.map(|p| format!("data:{};base64,{}", p.mime, STANDARD.encode(&p.bytes))),
            alt: event.image.as_ref().map(|image| image.alt.clone()).unwrap_or_default(),
            marks,
            findings: Self::references(found, &self.findings),
        }
    }

    fn finding(&self, i: usize, finding: &Finding) -> FindingRow {
        let about = [words::name(finding.kind), finding.phase.map(words::name).unwrap_or_default(), finding.theme.clone()];
        FindingRow {
            id: format!("f-{}", i + 1),
            label: self.findings.get(finding.id.as_str()).map(|r| r.label.clone()).unwrap_or_default(),
            text: Value::from_safe_string(line_html(&finding.text)),
            about: about.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · "),
            marks: marks(finding.visibility, false),
            events: Self::references(&finding.events, &self.events),
            actions: Self::references(&finding.actions, &self.actions),
            no_action: finding.no_action,
            reason: Value::from_safe_string(line_html(&finding.no_action_reason)),
        }
    }

    fn action(&self, i: usize, action: &ActionItem) -> ActionRow {
        let mut details = Vec::new();
        let mut detail = |name: &'static str, text: &str| {
            if !text.is_empty() {
                details.push((name, Value::from_safe_string(line_html(text))));
            }
        };
        detail("Done when", &action.done_when);
        detail("Evidence", &action.evidence);
        detail("Reason", &action.reason);
        if let Some(verified) = &action.verified {
            let by = format!("by {}, {}", self.person(&verified.by), words::date(verified.at, self.zone));
            detail("Verified", &by);
        }
        detail("What was seen", &action.verified_note);
        let found = self.action_findings.get(action.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        ActionRow {
            id: format!("a-{}", i + 1),
            label: self.actions.get(action.id.as_str()).map(|r| r.label.clone()).unwrap_or_default(),
            text: Value::from_safe_string(line_html(&action.text)),
            status: words::name(action.status),
            status_class: match action.status {
                ActionStatus::Done | ActionStatus::Declined => "settled",
                ActionStatus::Open | ActionStatus::InProgress => "",
            },
            owner: action.owner.as_ref().map(|id| self.person(id)).unwrap_or_default(),
            helpers: action.helpers.iter().map(|id| self.person(id)).collect::<Vec<_>>().join(", "),
            due: action.due.map(words::day).unwrap_or_default(),
            due_date: action.due.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default(),
            priority: action.priority.map(words::name).unwrap_or_default(),
            kind: action.action_type.map(words::name).unwrap_or_default(),
            findings: Self::references(found, &self.findings),
            ticket: source_html(&action.ticket),
            details,
            marks: marks(action.visibility, false),
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
