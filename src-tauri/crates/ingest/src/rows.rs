//! Rows of the Markdown export: tables and lists to events, findings, action items and the rest.

mod lists;
mod tables;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use model::directory::Person;
use model::exchange::{Marks, clock, read_clock, split_marks, unescape};
use model::postmortem::{Actor, Moment, PersonId, Precision, RowId};

use crate::blocks::{Part, RawSection, parts};
use crate::notes::{Notes, SectionIds, new_id, short};
use crate::{ImportError, Imported, MAX_ROWS, times};

/// What has been read so far, and how to find it again.
pub(crate) struct Reader {
    pub(crate) out: Imported,
    pub(crate) notes: Notes,
    pub(crate) section_ids: SectionIds,
    now: DateTime<Utc>,
    rows: usize,
    row_ids: HashSet<(char, RowId)>,
    events: HashMap<String, RowId>,
    findings: HashMap<String, RowId>,
    actions: HashMap<String, RowId>,
    answers: Vec<(usize, RowId, String)>,
    people: HashMap<String, Vec<PersonId>>,
    people_by_id: HashMap<PersonId, String>,
    aliases: HashMap<String, PersonId>,
    participants: HashMap<String, Vec<RowId>>,
    participants_by_id: HashMap<RowId, String>,
    images: HashSet<String>,
}

/// A table's row with its columns found by name.
struct Row<'a> {
    line: usize,
    columns: Vec<(&'a str, &'a str)>,
}

impl<'a> Row<'a> {
    fn take(&mut self, name: &str) -> &'a str {
        match self
            .columns
            .iter()
            .position(|(head, _)| *head == name || head.starts_with(&format!("{name} (")))
        {
            Some(at) => self.columns.remove(at).1,
            None => "",
        }
    }

    /// Cells that nobody asked for, as text that can be kept.
    fn rest(&self) -> Vec<String> {
        let kept = self.columns.iter().filter(|(_, cell)| !cell.is_empty());
        kept.map(|(head, cell)| format!("({}: {})", unescape(head), unescape(&split_marks(cell).0)))
            .collect()
    }
}

impl Reader {
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        Self {
            out: Imported::default(),
            notes: Notes::default(),
            section_ids: SectionIds::default(),
            now,
            rows: 0,
            row_ids: HashSet::new(),
            events: HashMap::new(),
            findings: HashMap::new(),
            actions: HashMap::new(),
            answers: Vec::new(),
            people: HashMap::new(),
            people_by_id: HashMap::new(),
            aliases: HashMap::new(),
            participants: HashMap::new(),
            participants_by_id: HashMap::new(),
            images: HashSet::new(),
        }
    }

    /// Ends the reading: links that only the action items told are added to the findings.
    pub(crate) fn finish(mut self) -> Result<Imported, ImportError> {
        let order: HashMap<&RowId, usize> = self
            .out
            .postmortem
            .actions
            .iter()
            .enumerate()
            .map(|(i, action)| (&action.id, i))
            .collect();
        let at: HashMap<RowId, usize> = self
            .out
            .postmortem
            .findings
            .iter()
            .enumerate()
            .map(|(i, finding)| (finding.id.clone(), i))
            .collect();
        let mut links: HashSet<(usize, RowId)> = HashSet::new();
        for (i, finding) in self.out.postmortem.findings.iter().enumerate() {
            links.extend(finding.actions.iter().map(|action| (i, action.clone())));
        }
        let mut changed = HashSet::new();
        let mut new_links = Vec::new();
        for (line, action, label) in std::mem::take(&mut self.answers) {
            let found = self
                .findings
                .get(&label.to_lowercase())
                .and_then(|id| at.get(id))
                .copied();
            match found {
                Some(i) if links.insert((i, action.clone())) => {
                    changed.insert(i);
                    new_links.push((i, action));
                }
                Some(_) => {}
                None => self.notes.add(
                    line,
                    &format!("“{}” names no finding of this file.", short(&label)),
                ),
            }
        }
        for (i, action) in new_links {
            if let Some(finding) = self.out.postmortem.findings.get_mut(i) {
                finding.actions.push(action);
            }
        }
        for i in changed {
            if let Some(finding) = self.out.postmortem.findings.get_mut(i) {
                finding
                    .actions
                    .sort_by_key(|id| order.get(id).copied().unwrap_or(usize::MAX));
            }
        }
        self.out.notes = self.notes.finish();
        Ok(self.out)
    }

    /// Reads the rows of a section. Returns what is no row.
    pub(crate) fn rows(
        &mut self,
        kind: &str,
        section: &RawSection<'_>,
    ) -> Result<String, ImportError> {
        match kind {
            "actions" => self.actions(section),
            "parking" => self.parking(section),
            _ => self.tables(kind, section),
        }
    }

    /// Counts a row.
    pub(crate) fn count(&mut self, line: usize) -> Result<(), ImportError> {
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(ImportError::at(
                line,
                "This file has more than 20,000 rows; one postmortem cannot hold them.",
            ));
        }
        Ok(())
    }

    fn tables(&mut self, kind: &str, section: &RawSection<'_>) -> Result<String, ImportError> {
        let (heads, parts) = parts(section.body, section.line + 1);
        let mut leftover = String::new();
        for part in parts {
            match part {
                Part::Line { text, .. } => {
                    leftover.push_str(text);
                    leftover.push('\n');
                }
                Part::Row { line, head, cells } => {
                    self.count(line)?;
                    let names = heads.get(head).map(Vec::as_slice).unwrap_or_default();
                    let mut columns: Vec<(&str, &str)> = names
                        .iter()
                        .map(String::as_str)
                        .zip(cells.iter().copied())
                        .collect();
                    columns.extend(cells.iter().skip(names.len()).map(|cell| ("more", *cell)));
                    let row = Row { line, columns };
                    match kind {
                        "people" => self.person_row(row),
                        "participants" => self.participant(row),
                        "timeline" => self.event(row),
                        "findings" => self.finding(row),
                        "anchors" => self.anchor(row),
                        _ => self.fact(row),
                    }
                }
            }
        }
        Ok(leftover)
    }

    /// The row's own id, or a new one when it has none or another row has it already.
    fn row_id(&mut self, kind: char, line: usize, marks: &Marks) -> RowId {
        if let Some(id) = marks.get("id") {
            if self.row_ids.insert((kind, id.clone())) {
                return id.clone();
            }
            self.notes.add(
                line,
                "This row has the id of another one and got a new one.",
            );
        }
        new_id(self.now)
    }

    /// Keeps a cell that cannot be read in the row's text.
    fn keep(&mut self, line: usize, text: &mut String, what: &str, cell: &str) {
        self.notes.add(
            line,
            &format!("“{}” is no {what}; it was kept in the text.", short(cell)),
        );
        push_words(text, &format!("({what}: {cell})"));
    }

    fn keep_rest(&mut self, row: &Row<'_>, text: &mut String) {
        for rest in row.rest() {
            self.notes.add(
                row.line,
                "A column that Debrief does not know was kept in the text.",
            );
            push_words(text, &rest);
        }
    }

    /// A moment: the marker's when the words still say the same, else the words'.
    fn moment(&mut self, line: usize, cell: &str, text: &mut String) -> Option<Moment> {
        let (raw, marks) = split_marks(cell);
        if raw.is_empty() {
            return None;
        }
        let (about, shown) = strip_about(&raw);
        let zone = self.out.postmortem.timezone.clone();
        let at = self.instant_shown(shown, &marks, &zone);
        let precision = match marks.get("precision").map(String::as_str) {
            Some("unknown") => Precision::Unknown,
            _ if about => Precision::About,
            _ => Precision::Exact,
        };
        if let Some(at) = at {
            let zone = marks.get("zone").cloned().unwrap_or(zone);
            return Some(Moment {
                at,
                zone,
                precision,
            });
        }
        match times::read(shown)
            .filter(|written| written.rest == shown.len())
            .and_then(|w| w.moment(None, &zone))
        {
            Some(mut moment) => {
                if about {
                    moment.precision = Precision::About;
                }
                Some(moment)
            }
            None => {
                self.keep(line, text, "time", &unescape(&raw));
                None
            }
        }
    }

    fn instant_shown(&self, shown: &str, marks: &Marks, zone: &str) -> Option<DateTime<Utc>> {
        let marked = marks
            .get("at")
            .and_then(|at| at.parse::<DateTime<Utc>>().ok());
        marked
            .filter(|at| clock(*at, zone) == shown)
            .or_else(|| read_clock(shown, zone))
    }

    /// An instant in a field of an action item.
    fn instant(&mut self, line: usize, cell: &str, text: &mut String) -> Option<DateTime<Utc>> {
        self.moment(line, cell, text).map(|moment| moment.at)
    }

    /// The person that a cell names; a new one when nobody of the file has that name.
    fn person(&mut self, line: usize, cell: &str) -> Option<PersonId> {
        let (raw, marks) = split_marks(cell);
        let name = unescape(&raw);
        if let Some(id) = marks.get("person") {
            let known = self.people_by_id.get(id);
            if known.is_none_or(|known| known.replace(',', "") == name) {
                return Some(id.clone());
            }
        }
        (!name.is_empty()).then(|| self.person_named(line, &name))
    }

    /// The one person with this name, or a new one.
    pub(crate) fn person_named(&mut self, line: usize, name: &str) -> PersonId {
        if let Some(id) = self.people.get(name).and_then(|ids| ids.first()) {
            return id.clone();
        }
        if let Some(id) = self
            .aliases
            .get(&name.trim_start_matches('@').to_lowercase())
        {
            return id.clone();
        }
        let id = new_id(self.now);
        self.notes
            .add(line, &format!("“{}” was added to the people.", short(name)));
        self.add_person(Person {
            id: id.clone(),
            name: name.to_owned(),
            ..Person::default()
        });
        id
    }

    fn add_person(&mut self, person: Person) {
        for alias in [
            &person.name,
            &person.short_name,
            &person.handle,
            &person.email,
        ] {
            if !alias.is_empty() {
                self.aliases
                    .entry(alias.to_lowercase())
                    .or_insert_with(|| person.id.clone());
            }
        }
        self.people
            .entry(person.name.clone())
            .or_default()
            .push(person.id.clone());
        self.people_by_id
            .insert(person.id.clone(), person.name.clone());
        self.out.people.push(person);
    }

    fn actor(&self, cell: &str) -> Option<Actor> {
        let (raw, marks) = split_marks(cell);
        let name = unescape(&raw);
        if let Some(id) = marks.get("participant")
            && self
                .participants_by_id
                .get(id)
                .is_none_or(|known| *known == name)
        {
            return Some(Actor::Participant(id.clone()));
        }
        if marks.contains_key("role") {
            return Some(Actor::Role(name));
        }
        match self.participants.get(&name).map(Vec::as_slice) {
            Some([only]) if !name.is_empty() => Some(Actor::Participant(only.clone())),
            _ => (!name.is_empty()).then_some(Actor::Role(name)),
        }
    }

    fn references(&mut self, line: usize, cell: &str, key: &str, what: &str) -> Vec<RowId> {
        let mut out = Vec::new();
        let mut seen = HashSet::new();
        for part in cell.split([',', ';']) {
            let (raw, marks) = split_marks(part);
            let label = raw.trim_matches(['*', '[', ']', ' ']);
            let labels = if key == "event" {
                &self.events
            } else {
                &self.actions
            };
            let id = marks
                .get(key)
                .or_else(|| labels.get(&label.to_lowercase()))
                .cloned();
            match id {
                Some(id) if seen.insert(id.clone()) => out.push(id),
                Some(_) => {}
                None if label.is_empty() => {}
                None => self.notes.add(
                    line,
                    &format!("“{}” names no {what} of this file.", short(label)),
                ),
            }
        }
        out
    }
}

fn strip_about(text: &str) -> (bool, &str) {
    for prefix in ["about ", "~"] {
        if let Some(rest) = text
            .get(..prefix.len())
            .filter(|start| start.eq_ignore_ascii_case(prefix))
        {
            return (
                true,
                text.get(rest.len()..).unwrap_or_default().trim_start(),
            );
        }
    }
    (false, text)
}

fn push_words(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}

/// The number that a label says. A marker knows it better; a second row with the same label has none.
fn number(label: &str, prefix: char, marks: &Marks, taken: bool) -> Option<u32> {
    if let Some(number) = marks.get("number") {
        return number.parse().ok();
    }
    let digits = label.strip_prefix(prefix)?;
    let number: u32 = digits.parse().ok()?;
    (!taken && number.to_string() == digits).then_some(number)
}
