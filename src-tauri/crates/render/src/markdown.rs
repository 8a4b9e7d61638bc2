//! Markdown that reads well in a repository and imports back to an equal postmortem. The reader is in `ingest`; docs/formats.md
//! describes the format. What stands there to be read is what counts; comments carry ids and what a table cannot show.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use model::directory::Person;
use model::exchange::{clock, escape, instant, letters, marker, read_clock, write_section};
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Anchor, Finding, Moment, PersonId, Precision, RowId, Section, TimelineEvent,
    Visibility,
};

use crate::{Asset, Export, Rendered, image_extension, is_hash, words};

/// The whole postmortem as Markdown, images as files beside it.
pub(crate) fn render(export: &Export<'_>) -> Rendered {
    let mut page = Page::new(export);
    page.front_matter();
    page.head();
    let mut sections = export.postmortem.sections.iter();
    if let Some(first) = sections.next() {
        page.section(first);
    }
    page.impact();
    page.anchors();
    page.timeline();
    page.findings();
    page.actions();
    for section in sections {
        page.section(section);
    }
    page.parking();
    page.participants();
    page.people();
    let mut text = page.out;
    text.truncate(text.trim_end_matches('\n').len());
    text.push('\n');
    Rendered { text, assets: page.assets.into_iter().map(|(path, bytes)| Asset { path, bytes }).collect() }
}

struct Page<'a> {
    export: &'a Export<'a>,
    zone: &'a str,
    people: Vec<&'a Person>,
    people_by_id: HashMap<&'a str, &'a Person>,
    names: HashMap<&'a str, usize>,
    participants: HashMap<&'a str, usize>,
    participants_by_id: HashMap<&'a str, &'a str>,
    answers: HashMap<&'a str, Vec<&'a str>>,
    events: HashMap<&'a str, String>,
    findings: HashMap<&'a str, String>,
    actions: HashMap<&'a str, String>,
    assets: BTreeMap<String, Vec<u8>>,
    out: String,
}

impl<'a> Page<'a> {
    fn new(export: &'a Export<'a>) -> Self {
        let p = export.postmortem;
        let people = export.named_people();
        let mut names = HashMap::new();
        for person in &people {
            *names.entry(person.name.as_str()).or_insert(0) += 1;
        }
        let mut participants = HashMap::new();
        for row in &p.participants {
            *participants.entry(row.name.as_str()).or_insert(0) += 1;
        }
        let mut answers: HashMap<&str, Vec<&str>> = HashMap::new();
        for finding in &p.findings {
            for action in &finding.actions {
                answers.entry(action.as_str()).or_default().push(finding.id.as_str());
            }
        }
        Self {
            export,
            zone: &p.timezone,
            people_by_id: people.iter().map(|person| (person.id.as_str(), *person)).collect(),
            people,
            names,
            participants_by_id: p.participants.iter().map(|row| (row.id.as_str(), row.name.as_str())).collect(),
            answers,
            participants,
            events: p.timeline.iter().enumerate().map(|(i, e)| (e.id.as_str(), format!("E{}", i + 1))).collect(),
            findings: labels("F", p.findings.iter().map(|f| (f.id.as_str(), f.number))),
            actions: labels("A", p.actions.iter().map(|a| (a.id.as_str(), a.number))),
            assets: BTreeMap::new(),
            out: String::new(),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn front_matter(&mut self) {
        let p = self.export.postmortem;
        self.line("---");
        self.line("format: debrief/1");
        let mut head = String::new();
        let mut field = |key: &str, value: &str| {
            let _ = writeln!(head, "{key}: {}", scalar(value));
        };
        field("id", &p.id);
        if p.schema != 1 {
            field("schema", &p.schema.to_string());
        }
        if let Some(severity) = p.severity {
            field("severity", &words::name(severity));
        }
        field("status", &words::name(p.status).to_lowercase().replace(' ', "_"));
        field("timezone", &p.timezone);
        field("template", &p.template);
        if let Some(owner) = &p.review_owner {
            let person = self.people_by_id.get(owner.as_str());
            match person.filter(|person| self.names.get(person.name.as_str()) == Some(&1) && !person.name.is_empty()) {
                Some(person) => field("review_owner", &person.name),
                None => field("review_owner_id", owner),
            }
        }
        self.out.push_str(&head);
        let services: Vec<String> = p
            .services
            .iter()
            .map(|id| match self.export.services.iter().find(|service| service.id == *id) {
                Some(service) => format!("{{\"id\": {}, \"name\": {}}}", quoted(id), quoted(&service.name)),
                None => quoted(id),
            })
            .collect();
        let _ = writeln!(self.out, "services: [{}]", services.join(", "));
        let tags: Vec<String> = p.tags.iter().map(|tag| quoted(tag)).collect();
        let _ = writeln!(self.out, "tags: [{}]", tags.join(", "));
        self.line("---");
        self.line("");
    }

    fn head(&mut self) {
        let Export { postmortem: p, derived, .. } = self.export;
        let title = if p.title.is_empty() {
            format!("Untitled postmortem{}", marker(&[("none", "")]))
        } else {
            escape(&p.title)
        };
        self.line(&format!("# {title}"));
        self.line("");
        self.line("<!-- computed: an import leaves this out -->");
        let mut facts = Vec::new();
        facts.extend(p.severity.map(|s| format!("**{}**", words::name(s))));
        facts.push(words::name(p.status));
        facts.extend(self.export.named_services().iter().map(|s| escape(&s.name)));
        let zone = self.export.shown_zone();
        facts.extend(derived.starts.map(|from| words::stretch(from, derived.ends, zone)));
        self.line(&facts.join(" · "));
        if derived.durations.iter().any(|d| d.seconds.is_some()) {
            self.line("");
            let heads: Vec<String> = derived.durations.iter().map(|d| escape(&d.name)).collect();
            let cells: Vec<String> =
                derived.durations.iter().map(|d| words::duration_about(d.seconds, d.about)).collect();
            self.table_head(&heads.iter().map(String::as_str).collect::<Vec<_>>());
            self.row(&cells);
        }
        self.line("<!-- /computed -->");
        self.line("");
    }

    fn section(&mut self, section: &Section) {
        let title = if section.title.is_empty() {
            format!("Untitled section{}", marker(&[("section", &section.id), ("none", "")]))
        } else {
            format!("{}{}", escape(&section.title), marker(&[("section", &section.id)]))
        };
        self.line(&format!("## {title}"));
        self.line("");
        if !section.text.is_empty() {
            self.line(&write_section(&section.text));
            self.line("");
        }
    }

    fn rows_head(&mut self, title: &str, rows: &str) {
        self.line(&format!("## {title}{}", marker(&[("rows", rows)])));
        self.line("");
    }

    fn table_head(&mut self, heads: &[&str]) {
        self.line(&format!("| {} |", heads.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(heads.len())));
    }

    fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        self.out.push('|');
        for cell in cells {
            let _ = write!(self.out, " {} |", cell.as_ref());
        }
        self.out.push('\n');
    }

    fn impact(&mut self) {
        let p = self.export.postmortem;
        if p.impact.is_empty() {
            return;
        }
        self.rows_head("Impact figures", "impact");
        self.table_head(&["What", "Value", "Unit", "When", "Estimate"]);
        for fact in &p.impact {
            let cells = [
                format!("{}{}", escape(&fact.text), marker(&[("id", &fact.id)])),
                escape(&fact.value),
                escape(&fact.unit),
                self.moment(fact.at.as_ref()),
                if fact.estimate { "yes".to_owned() } else { String::new() },
            ];
            self.row(&cells);
        }
        self.line("");
    }

    fn anchors(&mut self) {
        let p = self.export.postmortem;
        if p.anchors.is_empty() {
            return;
        }
        self.rows_head("Key times", "anchors");
        let when = self.when_head();
        self.table_head(&["", "What", &when, "Known from"]);
        for (key, anchor) in &p.anchors {
            let source = match anchor.source.strip_prefix("event:").and_then(|id| self.events.get(id)) {
                Some(label) => label.clone(),
                None => escape_label(&anchor.source),
            };
            self.row(&[words::name(key), words::anchor(*key).to_owned(), self.anchor_time(anchor), source]);
        }
        self.line("");
    }

    fn anchor_time(&self, anchor: &Anchor) -> String {
        match (anchor.at, anchor.precision) {
            (None, Precision::Unknown) => "unknown".into(),
            (None, precision) => format!("{}{}", "unknown", marker(&[("precision", &words::name(precision).to_lowercase())])),
            (Some(at), precision) => {
                let shown = self.clock(at);
                let exact = read_clock(&shown, self.zone) == Some(at);
                let (about, precise) = match precision {
                    Precision::Exact => ("", None),
                    Precision::About => ("about ", None),
                    Precision::Unknown => ("", Some("unknown")),
                };
                let at = instant(at);
                let mut marks = Vec::new();
                if !exact || precise.is_some() {
                    marks.push(("at", at.as_str()));
                }
                marks.extend(precise.map(|p| ("precision", p)));
                format!("{about}{shown}{}", marker(&marks))
            }
        }
    }

    fn when_head(&self) -> String {
        if self.zone.is_empty() { "When (UTC)".into() } else { format!("When ({})", escape(self.zone)) }
    }

    fn clock(&self, at: DateTime<Utc>) -> String {
        clock(at, self.zone)
    }

    /// A moment in the document's zone; a marker says what the words cannot.
    fn moment(&self, moment: Option<&Moment>) -> String {
        let Some(moment) = moment else { return String::new() };
        let shown = self.clock(moment.at);
        let at = instant(moment.at);
        let mut marks = Vec::new();
        if read_clock(&shown, self.zone) != Some(moment.at) {
            marks.push(("at", at.as_str()));
        }
        if moment.zone != self.zone {
            marks.push(("zone", moment.zone.as_str()));
        }
        let about = match moment.precision {
            Precision::Exact => "",
            Precision::About => "about ",
            Precision::Unknown => {
                marks.push(("precision", "unknown"));
                ""
            }
        };
        format!("{about}{shown}{}", marker(&marks))
    }

    /// An instant without a zone of its own.
    fn instant(&self, at: DateTime<Utc>) -> String {
        let shown = self.clock(at);
        if read_clock(&shown, self.zone) == Some(at) {
            shown
        } else {
            format!("{shown}{}", marker(&[("at", &instant(at))]))
        }
    }

    fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            None => String::new(),
            Some(Actor::Role(role)) => {
                let plain = !role.is_empty() && !self.participants.contains_key(role.as_str());
                format!("{}{}", escape(role), if plain { String::new() } else { marker(&[("role", "")]) })
            }
            Some(Actor::Participant(id)) => {
                match self.participants_by_id.get(id.as_str()).copied() {
                    Some(name) if !name.is_empty() && self.participants.get(name) == Some(&1) => escape(name),
                    Some(name) => format!("{}{}", escape(name), marker(&[("participant", id)])),
                    None => format!("somebody{}", marker(&[("participant", id)])),
                }
            }
        }
    }

    fn person(&self, id: &PersonId) -> String {
        match self.people_by_id.get(id.as_str()) {
            Some(person) if self.is_plain_name(&person.name) => escape(&person.name),
            Some(person) => format!("{}{}", escape(&person.name.replace(',', "")), marker(&[("person", id)])),
            None => format!("somebody{}", marker(&[("person", id)])),
        }
    }

    /// A name that says alone who is meant, in a list that commas part.
    fn is_plain_name(&self, name: &str) -> bool {
        !name.is_empty() && !name.contains(',') && self.names.get(name) == Some(&1)
    }

    fn references(ids: &[RowId], labels: &HashMap<&str, String>, key: &str) -> String {
        let shown: Vec<String> = ids
            .iter()
            .map(|id| match labels.get(id.as_str()) {
                Some(label) => label.clone(),
                None => format!("gone{}", marker(&[(key, id)])),
            })
            .collect();
        shown.join(", ")
    }

    fn timeline(&mut self) {
        let p = self.export.postmortem;
        self.rows_head("Timeline", "timeline");
        if p.timeline.is_empty() {
            return;
        }
        let when = self.when_head();
        self.table_head(&["#", &when, "Phase", "Kind", "Who", "What", "Known from"]);
        for (i, event) in p.timeline.iter().enumerate() {
            let cells = [
                format!("E{}{}", i + 1, marker(&[("id", &event.id)])),
                self.moment(event.at.as_ref()),
                event.phase.map(words::name).unwrap_or_default(),
                event_kind(event),
                self.actor(event.actor.as_ref()),
                self.event_text(event),
                escape(&event.source),
            ];
            self.row(&cells);
        }
        self.line("");
    }

    fn event_text(&mut self, event: &TimelineEvent) -> String {
        let mut cell = escape(&event.text);
        let Some(image) = &event.image else { return cell };
        if !cell.is_empty() {
            cell.push(' ');
        }
        if !is_hash(&image.hash) {
            // Not a name that a file may have: it stays a comment.
            let _ = write!(cell, "![{}](#){}", escape(&image.alt), marker(&[("image", &image.hash)]));
            return cell;
        }
        let picture = (self.export.images)(&image.hash);
        let extension = picture.as_ref().and_then(|p| image_extension(&p.mime));
        let folder = format!("{}-images", self.export.name);
        let file = match extension {
            Some(extension) => format!("{}.{extension}", image.hash),
            None => image.hash.clone(),
        };
        let _ = write!(cell, "![{}]({}/{file})", escape(&image.alt), url_path(&folder));
        if let (Some(picture), Some(_)) = (picture, extension) {
            self.assets.insert(format!("{folder}/{file}"), picture.bytes);
        }
        cell
    }

    fn findings(&mut self) {
        let p = self.export.postmortem;
        self.rows_head("Findings", "findings");
        if p.findings.is_empty() {
            return;
        }
        self.table_head(&["#", "Finding", "Kind", "Phase", "Theme", "Shown by", "Answered by"]);
        for finding in &p.findings {
            let label = self.findings.get(finding.id.as_str()).cloned().unwrap_or_default();
            let cells = [
                label_cell(&label, &finding.id, finding.number),
                escape(&finding.text),
                with_visibility(words::name(finding.kind), finding.visibility),
                finding.phase.map(words::name).unwrap_or_default(),
                escape(&finding.theme),
                Self::references(&finding.events, &self.events, "event"),
                self.answers(finding),
            ];
            self.row(&cells);
        }
        self.line("");
    }

    fn answers(&self, finding: &Finding) -> String {
        let mut parts = Vec::new();
        if !finding.actions.is_empty() {
            parts.push(Self::references(&finding.actions, &self.actions, "action"));
        }
        if finding.no_action && finding.no_action_reason.is_empty() {
            parts.push("no action needed".into());
        } else if finding.no_action {
            parts.push(format!("no action needed: {}", escape(&finding.no_action_reason)));
        } else if !finding.no_action_reason.is_empty() {
            parts.push(marker(&[("reason", &finding.no_action_reason)]).trim().to_owned());
        }
        parts.join("; ")
    }

    fn actions(&mut self) {
        let p = self.export.postmortem;
        self.rows_head("Action items", "actions");
        for action in &p.actions {
            self.action(action);
        }
        if !p.actions.is_empty() {
            self.line("");
        }
    }

    fn action(&mut self, action: &ActionItem) {
        let tick = if action.status == ActionStatus::Done { "x" } else { " " };
        let label = self.actions.get(action.id.as_str()).cloned().unwrap_or_default();
        let number = number_mark(&label, action.number);
        let mut marks = vec![("id", action.id.as_str())];
        marks.extend(number.as_deref().map(|n| ("number", n)));
        self.line(&format!("- [{tick}] **{label}** {}{}", escape(&action.text), marker(&marks)));
        let answers: Vec<&str> = self
            .answers
            .get(action.id.as_str())
            .into_iter()
            .flatten()
            .filter_map(|finding| self.findings.get(finding).map(String::as_str))
            .collect();
        let helpers: Vec<String> = action.helpers.iter().map(|id| self.person(id)).collect();
        let status = match action.status {
            ActionStatus::Open | ActionStatus::Done => String::new(),
            status => words::name(status),
        };
        let visibility = match action.visibility {
            Visibility::Company => String::new(),
            other => words::name(other),
        };
        let fields = [
            ("Owner", action.owner.as_ref().map(|id| self.person(id)).unwrap_or_default()),
            ("Helpers", helpers.join(", ")),
            ("Due", action.due.map(|due| due.format("%Y-%m-%d").to_string()).unwrap_or_default()),
            ("Priority", action.priority.map(words::name).unwrap_or_default()),
            ("Type", action.action_type.map(words::name).unwrap_or_default()),
            ("Status", status),
            ("Done when", escape(&action.done_when)),
            ("Answers", answers.join(", ")),
            ("Ticket", escape(&action.ticket)),
            ("Settled", action.settled_at.map(|at| self.instant(at)).unwrap_or_default()),
            ("Evidence", escape(&action.evidence)),
            ("Reason", escape(&action.reason)),
            ("Verified by", action.verified.as_ref().map(|v| self.person(&v.by)).unwrap_or_default()),
            ("Verified", action.verified.as_ref().map(|v| self.instant(v.at)).unwrap_or_default()),
            ("What was seen", escape(&action.verified_note)),
            ("Who may read it", visibility),
        ];
        for (name, value) in fields {
            if !value.is_empty() {
                self.line(&format!("  - {name}: {value}"));
            }
        }
    }

    fn parking(&mut self) {
        let p = self.export.postmortem;
        if p.parking.is_empty() {
            return;
        }
        self.rows_head("Parking lot", "parking");
        for item in &p.parking {
            self.line(&format!("- {}{}", escape(&item.text), marker(&[("id", &item.id)])));
            if item.raised_by.is_some() {
                self.line(&format!("  - Raised by: {}", self.actor(item.raised_by.as_ref())));
            }
        }
        self.line("");
    }

    fn participants(&mut self) {
        let p = self.export.postmortem;
        if p.participants.is_empty() {
            return;
        }
        self.rows_head("Participants", "participants");
        self.table_head(&["Name", "Role", "Title"]);
        for row in &p.participants {
            let mut marks = vec![("id", row.id.as_str())];
            let by_name = self.names.get(row.name.as_str()).filter(|_| !row.name.is_empty());
            let is_theirs = |id: &PersonId| self.people_by_id.get(id.as_str()).is_some_and(|p| p.name == row.name);
            match (&row.person, by_name) {
                (None, None) => {}
                (Some(id), Some(1)) if is_theirs(id) => {}
                (person, _) => marks.push(("person", person.as_deref().unwrap_or(""))),
            }
            let cells =
                [format!("{}{}", escape(&row.name), marker(&marks)), words::name(row.role), escape(&row.title)];
            self.row(&cells);
        }
        self.line("");
    }

    fn people(&mut self) {
        if self.people.is_empty() {
            return;
        }
        self.rows_head("People", "people");
        self.table_head(&["Name", "Short name", "Handle", "E-mail", "Role title", "Left"]);
        for person in self.people.clone() {
            let cells = [
                format!("{}{}", escape(&person.name), marker(&[("id", &person.id)])),
                escape(&person.short_name),
                escape(&person.handle),
                escape(&person.email),
                escape(&person.role_title),
                if person.left { "yes".to_owned() } else { String::new() },
            ];
            self.row(&cells);
        }
        self.line("");
    }
}

/// Gives every row a label of its own: its number, or letters when it has none or another row has the same.
fn labels<'a>(prefix: &str, rows: impl Iterator<Item = (&'a str, Option<u32>)>) -> HashMap<&'a str, String> {
    let mut taken = std::collections::HashSet::new();
    let mut unnumbered = 0;
    rows.map(|(id, number)| {
        let label = match number {
            Some(n) if taken.insert(n) => format!("{prefix}{n}"),
            _ => {
                unnumbered += 1;
                format!("{prefix}{}", letters(unnumbered - 1))
            }
        };
        (id, label)
    })
    .collect()
}

/// The number for a marker when the label does not say it.
fn number_mark(label: &str, number: Option<u32>) -> Option<String> {
    number.map(|n| n.to_string()).filter(|n| label.get(1..) != Some(n))
}

fn label_cell(label: &str, id: &str, number: Option<u32>) -> String {
    let number = number_mark(label, number);
    let mut marks = vec![("id", id)];
    marks.extend(number.as_deref().map(|n| ("number", n)));
    format!("**{label}**{}", marker(&marks))
}

fn event_kind(event: &TimelineEvent) -> String {
    let mut out = words::name(event.kind);
    if event.public {
        out.push_str(", public");
    }
    if event.star {
        out.push_str(", starred");
    }
    with_visibility(out, event.visibility)
}

fn with_visibility(mut text: String, visibility: Visibility) -> String {
    match visibility {
        Visibility::Company => {}
        Visibility::Room => text.push_str(", room"),
        Visibility::Customers => text.push_str(", customers"),
    }
    text
}

/// Text that must not be read as the label of an event.
fn escape_label(text: &str) -> String {
    let escaped = escape(text);
    match escaped.strip_prefix('E') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("&#x45;{rest}"),
        _ => escaped,
    }
}

fn url_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || b"-._/".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// A value of the front matter: plain where YAML reads it as text, else in quotes.
fn scalar(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-/".contains(&b))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&value.to_ascii_lowercase().as_str());
    if plain { value.to_owned() } else { quoted(value) }
}

/// A string in quotes that JSON and YAML read alike.
fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
