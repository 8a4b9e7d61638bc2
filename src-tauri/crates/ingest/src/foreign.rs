//! Postmortems that other people wrote in Markdown. Headings that many of them use become timeline, findings, action items
//! and participants where their contents are simple enough; everything else stays as it is, as a section.

use chrono::{DateTime, NaiveDate, Utc};
use model::exchange::unescape;
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Finding, FindingKind, Moment, Participant, Section,
    TimelineEvent,
};
use serde_json::Value;

use crate::blocks::{Outline, Part, RawSection, list_item, only_list, parts};
use crate::front_matter::{self, FrontMatter};
use crate::markdown::word;
use crate::notes::new_id;
use crate::rows::Reader;
use crate::{ImportError, Imported, times};

pub(crate) fn read(
    file_name: &str,
    document: &Outline<'_>,
    front: FrontMatter,
    format: Option<Value>,
    now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    let mut page = Page {
        reader: Reader::new(now),
        now,
        day: None,
        zone: None,
    };
    page.reader.out.postmortem.schema = 1;
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    page.head(document, front, format, stem);
    let title = page.reader.out.postmortem.title.clone();
    page.day = times::first_day(&title).or_else(|| times::first_day(stem));
    if !document.preamble.1.trim().is_empty() {
        page.section("Introduction", &document.preamble.1);
    }
    for section in &document.sections {
        page.read(section)?;
    }
    page.reader.notes.add(
        0,
        "This file was not exported by Debrief: what could not be placed was kept as sections.",
    );
    page.reader.finish()
}

/// What a heading of other people's postmortems means here.
enum Meaning {
    Timeline,
    Actions,
    Findings(FindingKind),
    Lessons,
    Participants,
    Text,
}

fn meaning(heading: &str) -> Meaning {
    let words: String = heading
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c
            } else if c == '\'' || c == '’' {
                '\u{0}'
            } else {
                ' '
            }
        })
        .filter(|c| *c != '\u{0}')
        .collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.as_str() {
        "timeline"
        | "chronology"
        | "timeline of events"
        | "incident timeline"
        | "timeline recovery efforts" => Meaning::Timeline,
        "action items"
        | "actions"
        | "actionables"
        | "review actions"
        | "corrective actions"
        | "follow up actions"
        | "corrective and preventative measures"
        | "corrective and preventive measures"
        | "future actions"
        | "next steps"
        | "follow ups"
        | "preventative measures" => Meaning::Actions,
        "what went well" | "went well" | "things that went well" => {
            Meaning::Findings(FindingKind::Helped)
        }
        "what went wrong"
        | "went wrong"
        | "what went poorly"
        | "what didnt go so well"
        | "what didnt go well"
        | "what could have gone better"
        | "things that went poorly"
        | "contributing factors" => Meaning::Findings(FindingKind::Hindered),
        "where we got lucky" | "what got lucky" | "got lucky" | "where did we get lucky" => {
            Meaning::Findings(FindingKind::Luck)
        }
        "lessons learned" | "lessons learnt" | "lessons" | "conclusions" => Meaning::Lessons,
        "attendees" | "participants" | "responders" => Meaning::Participants,
        _ => Meaning::Text,
    }
}

struct Page {
    reader: Reader,
    now: DateTime<Utc>,
    day: Option<NaiveDate>,
    zone: Option<(i32, &'static str)>,
}

struct Entry {
    line: usize,
    at: Option<Moment>,
    who: String,
    text: String,
}

impl Page {
    fn head(
        &mut self,
        document: &Outline<'_>,
        mut front: FrontMatter,
        format: Option<Value>,
        stem: &str,
    ) {
        let in_front = front.take_text("title").filter(|title| !title.is_empty());
        let heading = document
            .title
            .map(|title| unescape(title.trim_end_matches('#').trim_end()));
        let p = &mut self.reader.out.postmortem;
        p.title = heading
            .filter(|title| !title.is_empty())
            .or_else(|| in_front.clone())
            .unwrap_or_else(|| stem.to_owned());
        let mut lines = Vec::new();
        lines.extend(
            in_front
                .filter(|title| *title != p.title)
                .map(|title| format!("title: {title}")),
        );
        p.tags = front
            .take_list("tags")
            .iter()
            .map(front_matter::text)
            .filter(|tag| !tag.is_empty())
            .collect();
        p.tags.sort();
        p.tags.dedup();
        if let Some(text) = front.take_text("severity") {
            p.severity = word(&text);
            if p.severity.is_none() {
                lines.push(format!("severity: {text}"));
            }
        }
        lines.extend(format.map(|value| format!("format: {}", front_matter::text(&value))));
        lines.extend(
            front
                .rest()
                .iter()
                .map(|(key, value)| format!("{key}: {}", front_matter::text(value))),
        );
        if !lines.is_empty() {
            self.section("Front matter", &lines.join("\n"));
        }
    }

    fn section(&mut self, title: &str, text: &str) {
        let id = self.reader.section_ids.make(title);
        let section = Section {
            id,
            title: title.to_owned(),
            text: text.trim_matches('\n').to_owned(),
        };
        self.reader.out.postmortem.sections.push(section);
    }

    fn read(&mut self, section: &RawSection<'_>) -> Result<(), ImportError> {
        self.reader.count(section.line)?;
        let title = unescape(section.heading.trim_end_matches('#').trim_end());
        let first = section.line + 1;
        let kept = match meaning(&title) {
            Meaning::Timeline => self.timeline(section)?,
            Meaning::Actions => self.actions(section.body, first)?,
            Meaning::Findings(kind) => self.findings(section.body, first, kind)?,
            Meaning::Lessons => self.lessons(section.body, first)?,
            Meaning::Participants => self.participants(section.body, first)?,
            Meaning::Text => Some(section.body.to_owned()),
        };
        if let Some(text) = kept {
            self.section(&title, &text);
        }
        Ok(())
    }

    /// Events of a timeline in which something has a time. Returns what came before the first of them.
    fn timeline(&mut self, section: &RawSection<'_>) -> Result<Option<String>, ImportError> {
        let (heads, parts) = parts(section.body, section.line + 1);
        self.zone = times::stated_zone(
            section
                .body
                .get(..section.body.floor_char_boundary(2000))
                .unwrap_or_default(),
        );
        let zone_before = self.zone;
        let mut before = String::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut unplaced = false;
        for part in &parts {
            match part {
                Part::Row { line, head, cells } => {
                    let names = heads.get(*head).map(Vec::as_slice).unwrap_or_default();
                    entries.push(self.table_entry(*line, names, cells, entries.last()));
                }
                Part::Line { line, text, block } => {
                    let start = if *block { None } else { entry_start(text) };
                    match (start, entries.last_mut()) {
                        (Some(words), _) if !words.is_empty() => {
                            let entry = self.line_entry(*line, words, entries.last());
                            // A heading without a time parts the timeline into something that is no list of moments.
                            unplaced |= entry.at.is_none() && text.starts_with('#');
                            entries.push(entry);
                        }
                        (_, None) => {
                            before.push_str(text);
                            before.push('\n');
                        }
                        (_, Some(last)) => {
                            last.text.push('\n');
                            last.text.push_str(text);
                        }
                    }
                }
            }
        }
        if unplaced || !entries.iter().any(|entry| entry.at.is_some()) {
            return Ok(Some(section.body.to_owned()));
        }
        if zone_before.is_none()
            && entries
                .iter()
                .any(|e| e.at.as_ref().is_some_and(|at| at.zone == "UTC"))
        {
            self.reader
                .notes
                .add(section.line, "Times that name no zone were taken as UTC.");
        }
        for entry in entries {
            self.reader.count(entry.line)?;
            self.reader.out.postmortem.timeline.push(TimelineEvent {
                id: new_id(self.now),
                at: entry.at,
                actor: (!entry.who.is_empty()).then_some(Actor::Role(entry.who)),
                text: entry.text.trim().to_owned(),
                ..TimelineEvent::default()
            });
        }
        let by_time = |event: &TimelineEvent| event.at.as_ref().map(|at| at.at);
        if self
            .reader
            .out
            .postmortem
            .timeline
            .iter()
            .all(|event| event.at.is_some())
        {
            self.reader.out.postmortem.timeline.sort_by_key(by_time);
        }
        Ok((!before.trim().is_empty()).then_some(before))
    }

    fn moment(&mut self, text: &str, last: Option<&Entry>) -> Option<(Moment, usize)> {
        let mut written = times::read(text)?;
        written.zone = written.zone.or(self.zone);
        self.day = written.day.or(self.day);
        let mut moment = written.moment(self.day, "UTC")?;
        if written.day.is_none() {
            let (moved, past) =
                times::past_midnight(last.and_then(|entry| entry.at.as_ref()), moment);
            moment = moved;
            if past {
                self.day = self.day.and_then(|day| day.succ_opt());
            }
        }
        Some((moment, written.rest))
    }

    fn line_entry(&mut self, line: usize, words: &str, last: Option<&Entry>) -> Entry {
        match self.moment(words, last) {
            Some((at, rest)) => Entry {
                line,
                at: Some(at),
                who: String::new(),
                text: words.get(rest..).unwrap_or_default().to_owned(),
            },
            None => Entry {
                line,
                at: None,
                who: String::new(),
                text: words.to_owned(),
            },
        }
    }

    fn table_entry(
        &mut self,
        line: usize,
        heads: &[String],
        cells: &[&str],
        last: Option<&Entry>,
    ) -> Entry {
        let is_time = |head: &str| head.contains("time") || head.contains("date") || head == "when";
        let mut entry = Entry {
            line,
            at: None,
            who: String::new(),
            text: String::new(),
        };
        let mut words: Vec<String> = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            let head = heads.get(i).map(String::as_str).unwrap_or_default();
            let text = unescape(cell);
            if entry.at.is_none() && is_time(head) {
                match self.moment(&text, last) {
                    Some((at, rest)) => {
                        entry.at = Some(at);
                        words.extend(
                            text.get(rest..)
                                .filter(|rest| !rest.is_empty())
                                .map(str::to_owned),
                        );
                    }
                    None => words.push(text),
                }
            } else if entry.who.is_empty() && ["who", "actor", "person"].contains(&head) {
                entry.who = text;
            } else if !text.is_empty() {
                words.push(text);
            }
        }
        words.retain(|word| !word.is_empty());
        entry.text = words.join(" · ");
        entry
    }

    /// Action items of lists and tables. Returns what is neither.
    fn actions(&mut self, body: &str, first_line: usize) -> Result<Option<String>, ImportError> {
        let mut kept = String::new();
        for part in by_subheading(body, first_line) {
            let read = match only_list(part.body, part.line) {
                Some(items) => {
                    for (line, text) in items {
                        self.reader.count(line)?;
                        self.action(&part.title, &text);
                    }
                    true
                }
                None => self.action_table(&part)?,
            };
            if !read {
                kept.push_str(part.heading_line);
                kept.push_str(part.body);
            }
        }
        Ok((!kept.trim().is_empty()).then_some(kept))
    }

    fn action(&mut self, theme: &str, text: &str) {
        let (ticked, words) = match text.get(..3) {
            Some("[x]" | "[X]") => (true, text.get(3..).unwrap_or_default().trim_start()),
            Some("[ ]") => (false, text.get(3..).unwrap_or_default().trim_start()),
            _ => (text.contains("(DONE)"), text),
        };
        let text = if theme.is_empty() {
            words.to_owned()
        } else {
            format!("{theme}: {words}")
        };
        let status = if ticked {
            ActionStatus::Done
        } else {
            ActionStatus::Open
        };
        let item = ActionItem {
            id: new_id(self.now),
            text,
            status,
            ..ActionItem::default()
        };
        self.reader.out.postmortem.actions.push(item);
    }

    fn action_table(&mut self, part: &SubSection<'_>) -> Result<bool, ImportError> {
        let (heads, parts) = parts(part.body, part.line);
        let simple = parts.iter().all(|p| match p {
            Part::Row { head, cells, .. } => heads
                .get(*head)
                .is_some_and(|heads| heads.len() >= cells.len()),
            Part::Line { text, .. } => text.trim().is_empty(),
        });
        if heads.len() != 1 || !simple {
            return Ok(false);
        }
        for row in parts {
            let Part::Row { line, cells, .. } = row else {
                continue;
            };
            self.reader.count(line)?;
            let mut item = ActionItem {
                id: new_id(self.now),
                ..ActionItem::default()
            };
            let mut words: Vec<String> = Vec::new();
            for (head, cell) in heads.iter().flatten().zip(&cells) {
                let text = unescape(cell);
                if text.trim().is_empty() {
                    continue;
                }
                match head.as_str() {
                    "owner" | "assignee" | "who" if item.owner.is_none() => {
                        item.owner = Some(self.reader.person_named(line, &text))
                    }
                    "bug" | "ticket" | "issue" | "tracking" | "tracking bug" | "link"
                        if item.ticket.is_empty() =>
                    {
                        item.ticket = text
                    }
                    "priority" if word::<model::postmortem::Priority>(&text).is_some() => {
                        item.priority = word(&text)
                    }
                    "type" if word::<model::postmortem::ActionType>(&text).is_some() => {
                        item.action_type = word(&text)
                    }
                    "status" if word::<ActionStatus>(&text).is_some() => {
                        item.status = word(&text).unwrap_or_default()
                    }
                    "due" | "due date" | "date"
                        if NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok() =>
                    {
                        item.due = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
                    }
                    _ => words.push(text),
                }
            }
            item.text = words.join(" · ");
            self.reader.out.postmortem.actions.push(item);
        }
        Ok(true)
    }

    /// Findings of a list. Returns the text when it is no list.
    fn findings(
        &mut self,
        body: &str,
        first_line: usize,
        kind: FindingKind,
    ) -> Result<Option<String>, ImportError> {
        let Some(items) = only_list(body, first_line) else {
            return Ok(Some(body.to_owned()));
        };
        for (line, text) in items {
            self.reader.count(line)?;
            let finding = Finding {
                id: new_id(self.now),
                text,
                kind,
                ..Finding::default()
            };
            self.reader.out.postmortem.findings.push(finding);
        }
        Ok(None)
    }

    /// "What went well" and its like below a common heading.
    fn lessons(&mut self, body: &str, first_line: usize) -> Result<Option<String>, ImportError> {
        let mut kept = String::new();
        for part in by_subheading(body, first_line) {
            let left = match meaning(&part.title) {
                Meaning::Findings(kind) => self.findings(part.body, part.line, kind)?,
                _ => Some(part.body.to_owned()),
            };
            if let Some(left) = left {
                kept.push_str(part.heading_line);
                kept.push_str(&left);
            }
        }
        Ok((!kept.trim().is_empty()).then_some(kept))
    }

    fn participants(
        &mut self,
        body: &str,
        first_line: usize,
    ) -> Result<Option<String>, ImportError> {
        let items = only_list(body, first_line).filter(|items| {
            items
                .iter()
                .all(|(_, t)| t.len() <= 80 && !t.contains('\n'))
        });
        let Some(items) = items else {
            return Ok(Some(body.to_owned()));
        };
        for (line, name) in items {
            self.reader.count(line)?;
            let row = Participant {
                id: new_id(self.now),
                name: unescape(&name),
                ..Participant::default()
            };
            self.reader.out.postmortem.participants.push(row);
        }
        Ok(None)
    }
}

/// The words of a line that can begin an entry: a list's item at the margin, a heading, or a line that begins with a time.
fn entry_start(line: &str) -> Option<&str> {
    if let Some((0..=1, text)) = list_item(line) {
        return Some(text);
    }
    if line.starts_with("###") {
        return Some(line.trim_start_matches('#').trim());
    }
    let begins_bold = line.strip_prefix("**").unwrap_or(line);
    (begins_bold.starts_with(|c: char| c.is_ascii_digit()) && times::read(line).is_some())
        .then_some(line)
}

struct SubSection<'a> {
    heading_line: &'a str,
    title: String,
    line: usize,
    body: &'a str,
}

/// A body parted at its headings of level 3 and deeper; the first part has none.
fn by_subheading(body: &str, first_line: usize) -> Vec<SubSection<'_>> {
    let mut out = Vec::new();
    let mut scanner = model::exchange::Lines::default();
    let mut open = SubSection {
        heading_line: "",
        title: String::new(),
        line: first_line,
        body: "",
    };
    let (mut from, mut at) = (0, 0);
    for (n, line) in body.split_inclusive('\n').enumerate() {
        if let model::exchange::Line::Heading(_, heading) =
            scanner.read(line.trim_end_matches('\n'))
        {
            open.body = body.get(from..at).unwrap_or_default();
            out.push(open);
            let title = unescape(heading.trim_end_matches('#').trim_end());
            open = SubSection {
                heading_line: line,
                title,
                line: first_line + n + 1,
                body: "",
            };
            from = at + line.len();
        }
        at += line.len();
    }
    open.body = body.get(from..).unwrap_or_default();
    out.push(open);
    out.retain(|part| !part.heading_line.is_empty() || !part.body.trim().is_empty());
    out
}
