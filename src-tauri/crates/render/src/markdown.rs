//! Markdown that reads well in a repository and imports back to an equal postmortem. The reader is in `ingest`; docs/formats.md
//! describes the format. What stands there to be read is what counts; comments carry ids and what a table cannot show.

mod cells;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::NaiveDate;
use model::directory::Person;
use model::exchange::{END, escape, marker, write_section};
use model::postmortem::{ActionItem, ActionStatus, PersonId, Section, Visibility};

use cells::{
    escape_label, event_kind, label_cell, labels, number_mark, quoted, scalar, with_visibility,
};

use crate::{Asset, Export, Rendered, words};

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
    let _ = writeln!(text, "\n\n{END}");
    Rendered {
        text,
        assets: page
            .assets
            .into_iter()
            .map(|(path, bytes)| Asset { path, bytes })
            .collect(),
    }
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
                answers
                    .entry(action.as_str())
                    .or_default()
                    .push(finding.id.as_str());
            }
        }
        Self {
            export,
            zone: &p.timezone,
            people_by_id: people
                .iter()
                .map(|person| (person.id.as_str(), *person))
                .collect(),
            people,
            names,
            participants_by_id: p
                .participants
                .iter()
                .map(|row| (row.id.as_str(), row.name.as_str()))
                .collect(),
            answers,
            participants,
            events: p
                .timeline
                .iter()
                .enumerate()
                .map(|(i, e)| (e.id.as_str(), format!("E{}", i + 1)))
                .collect(),
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
        field(
            "status",
            &words::name(p.status).to_lowercase().replace(' ', "_"),
        );
        field("timezone", &p.timezone);
        field("template", &p.template);
        if let Some(owner) = &p.review_owner {
            let person = self.people_by_id.get(owner.as_str());
            match person.filter(|person| {
                self.names.get(person.name.as_str()) == Some(&1) && !person.name.is_empty()
            }) {
                Some(person) => field("review_owner", &person.name),
                None => field("review_owner_id", owner),
            }
        }
        self.out.push_str(&head);
        let services: Vec<String> = p
            .services
            .iter()
            .map(|id| {
                match self
                    .export
                    .services
                    .iter()
                    .find(|service| service.id == *id)
                {
                    Some(service) => format!(
                        "{{\"id\": {}, \"name\": {}}}",
                        quoted(id),
                        quoted(&service.name)
                    ),
                    None => quoted(id),
                }
            })
            .collect();
        let _ = writeln!(self.out, "services: [{}]", services.join(", "));
        let tags: Vec<String> = p.tags.iter().map(|tag| quoted(tag)).collect();
        let _ = writeln!(self.out, "tags: [{}]", tags.join(", "));
        self.line("---");
        self.line("");
    }

    fn head(&mut self) {
        let Export {
            postmortem: p,
            derived,
            ..
        } = self.export;
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
        facts.extend(
            derived
                .starts
                .map(|from| words::stretch(from, derived.ends, zone)),
        );
        self.line(&facts.join(" · "));
        if derived.durations.iter().any(|d| d.seconds.is_some()) {
            self.line("");
            let heads: Vec<String> = derived.durations.iter().map(|d| escape(&d.name)).collect();
            let cells: Vec<String> = derived
                .durations
                .iter()
                .map(|d| words::duration_about(d.seconds, d.about))
                .collect();
            self.table_head(&heads.iter().map(String::as_str).collect::<Vec<_>>());
            self.row(&cells);
        }
        self.line("<!-- /computed -->");
        self.line("");
    }

    fn section(&mut self, section: &Section) {
        let title = if section.title.is_empty() {
            format!(
                "Untitled section{}",
                marker(&[("section", &section.id), ("none", "")])
            )
        } else {
            format!(
                "{}{}",
                escape(&section.title),
                marker(&[("section", &section.id)])
            )
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
        let when = self.when_head();
        self.table_head(&["What", "Value", "Unit", &when, "Estimate"]);
        for fact in &p.impact {
            let cells = [
                format!("{}{}", escape(&fact.text), marker(&[("id", &fact.id)])),
                escape(&fact.value),
                escape(&fact.unit),
                self.moment(fact.at.as_ref()),
                if fact.estimate {
                    "yes".to_owned()
                } else {
                    String::new()
                },
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
            let source = match anchor
                .source
                .strip_prefix("event:")
                .and_then(|id| self.events.get(id))
            {
                Some(label) => label.clone(),
                None => escape_label(&anchor.source),
            };
            self.row(&[
                words::name(key),
                words::anchor(*key).to_owned(),
                self.anchor_time(anchor),
                source,
            ]);
        }
        self.line("");
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

    fn findings(&mut self) {
        let p = self.export.postmortem;
        self.rows_head("Findings", "findings");
        if p.findings.is_empty() {
            return;
        }
        self.table_head(&[
            "#",
            "Finding",
            "Kind",
            "Phase",
            "Theme",
            "Shown by",
            "Answered by",
        ]);
        for finding in &p.findings {
            let label = self
                .findings
                .get(finding.id.as_str())
                .cloned()
                .unwrap_or_default();
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
        let picture = action
            .evidence_image
            .as_ref()
            .map(|image| self.picture(image))
            .unwrap_or_default();
        let tick = if action.status == ActionStatus::Done {
            "x"
        } else {
            " "
        };
        let label = self
            .actions
            .get(action.id.as_str())
            .cloned()
            .unwrap_or_default();
        let number = number_mark(&label, action.number);
        let mut marks = vec![("id", action.id.as_str())];
        marks.extend(number.as_deref().map(|n| ("number", n)));
        self.line(&format!(
            "- [{tick}] **{label}** {}{}",
            escape(&action.text),
            marker(&marks)
        ));
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
        let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
        let settled = format!("Settled ({})", self.clock_zone());
        let verified = format!("Verified ({})", self.clock_zone());
        let fields = [
            (
                "Owner",
                action
                    .owner
                    .as_ref()
                    .map(|id| self.person(id))
                    .unwrap_or_default(),
            ),
            ("Helpers", helpers.join(", ")),
            ("Due", day(action.due)),
            (
                "Priority",
                action.priority.map(words::name).unwrap_or_default(),
            ),
            (
                "Type",
                action.action_type.map(words::name).unwrap_or_default(),
            ),
            ("Status", status),
            ("Done when", escape(&action.done_when)),
            ("Answers", answers.join(", ")),
            ("Ticket", escape(&action.ticket)),
            (
                &settled,
                action
                    .settled_at
                    .map(|at| self.instant(at))
                    .unwrap_or_default(),
            ),
            ("Evidence", escape(&action.evidence)),
            ("Evidence image", picture),
            ("Without evidence", yes(action.evidence_skipped)),
            ("Look again on", day(action.check_on)),
            ("Reason", escape(&action.reason)),
            (
                "Verified by",
                action
                    .verified
                    .as_ref()
                    .map(|v| self.person(&v.by))
                    .unwrap_or_default(),
            ),
            (
                &verified,
                action
                    .verified
                    .as_ref()
                    .map(|v| self.instant(v.at))
                    .unwrap_or_default(),
            ),
            ("What was seen", escape(&action.verified_note)),
            ("Who may read it", visibility),
        ];
        self.fields(&fields);
        self.record(action);
    }

    /// How its day was moved, and when it was opened again. The first line of each entry carries its id.
    fn record(&mut self, action: &ActionItem) {
        let moved = format!("Due moved ({})", self.clock_zone());
        for entry in &action.moves {
            let at = format!("{}{}", self.instant(entry.at), marker(&[("id", &entry.id)]));
            let by = entry.by.as_ref().map(|by| self.person(by));
            self.fields(&[
                (&moved, at),
                ("Moved by", by.unwrap_or_default()),
                ("Moved from", day(entry.from)),
                ("Moved to", day(entry.to)),
                ("Why it moved", escape(&entry.reason)),
            ]);
        }
        let opened = format!("Opened again ({})", self.clock_zone());
        for entry in &action.reopened {
            let at = format!("{}{}", self.instant(entry.at), marker(&[("id", &entry.id)]));
            let by = entry.by.as_ref().map(|by| self.person(by));
            self.fields(&[
                (&opened, at),
                ("Opened again by", by.unwrap_or_default()),
                ("What was seen then", escape(&entry.seen)),
            ]);
        }
    }

    /// One line for each field that has a value.
    fn fields(&mut self, fields: &[(&str, String)]) {
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
            self.line(&format!(
                "- {}{}",
                escape(&item.text),
                marker(&[("id", &item.id)])
            ));
            if item.raised_by.is_some() {
                self.line(&format!(
                    "  - Raised by: {}",
                    self.actor(item.raised_by.as_ref())
                ));
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
            let by_name = self
                .names
                .get(row.name.as_str())
                .filter(|_| !row.name.is_empty());
            let is_theirs = |id: &PersonId| {
                self.people_by_id
                    .get(id.as_str())
                    .is_some_and(|p| p.name == row.name)
            };
            match (&row.person, by_name) {
                (None, None) => {}
                (Some(id), Some(1)) if is_theirs(id) => {}
                (person, _) => marks.push(("person", person.as_deref().unwrap_or(""))),
            }
            let cells = [
                format!("{}{}", escape(&row.name), marker(&marks)),
                words::name(row.role),
                escape(&row.title),
            ];
            self.row(&cells);
        }
        self.line("");
    }

    fn people(&mut self) {
        if self.people.is_empty() {
            return;
        }
        self.rows_head("People", "people");
        let teams = self.people.iter().any(|person| !person.team.is_empty());
        let mut heads = vec!["Name", "Short name", "Handle", "E-mail", "Role title"];
        heads.extend(teams.then_some("Team"));
        heads.push("Left");
        self.table_head(&heads);
        for person in self.people.clone() {
            let mut cells = vec![
                format!("{}{}", escape(&person.name), marker(&[("id", &person.id)])),
                escape(&person.short_name),
                escape(&person.handle),
                escape(&person.email),
                escape(&person.role_title),
            ];
            cells.extend(teams.then(|| escape(&person.team)));
            cells.push(if person.left { "yes" } else { "" }.to_owned());
            self.row(&cells);
        }
        self.line("");
    }
}

/// `2026-11-18`; nothing for none.
fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}
