//! Rows of the Markdown export: tables and lists to events, findings, action items and the rest.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use model::directory::Person;
use model::exchange::{Marks, clock, read_clock, split_marks, unescape};
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Anchor, AnchorKey, Finding, Image, ImpactFact, Moment, ParkingItem, Participant,
    PersonId, Precision, RowId, TimelineEvent, Verified, Visibility,
};

use crate::blocks::{Part, RawSection, list_item, parts};
use crate::markdown::word;
use crate::notes::{Notes, new_id, short};
use crate::{ImageFile, ImportError, Imported, MAX_ROWS, times};

/// What has been read so far, and how to find it again.
pub(crate) struct Reader {
    pub(crate) out: Imported,
    pub(crate) notes: Notes,
    pub(crate) section_ids: HashSet<String>,
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
        match self.columns.iter().position(|(head, _)| *head == name || head.starts_with(&format!("{name} ("))) {
            Some(at) => self.columns.remove(at).1,
            None => "",
        }
    }

    /// Cells that nobody asked for, as text that can be kept.
    fn rest(&self) -> Vec<String> {
        let kept = self.columns.iter().filter(|(_, cell)| !cell.is_empty());
        kept.map(|(head, cell)| format!("({}: {})", unescape(head), unescape(&split_marks(cell).0))).collect()
    }
}

impl Reader {
    pub(crate) fn new(now: DateTime<Utc>) -> Self {
        Self {
            out: Imported::default(),
            notes: Notes::default(),
            section_ids: HashSet::new(),
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
        let order: HashMap<&RowId, usize> =
            self.out.postmortem.actions.iter().enumerate().map(|(i, action)| (&action.id, i)).collect();
        let at: HashMap<RowId, usize> =
            self.out.postmortem.findings.iter().enumerate().map(|(i, finding)| (finding.id.clone(), i)).collect();
        let mut links: HashSet<(usize, RowId)> = HashSet::new();
        for (i, finding) in self.out.postmortem.findings.iter().enumerate() {
            links.extend(finding.actions.iter().map(|action| (i, action.clone())));
        }
        let mut changed = HashSet::new();
        let mut new_links = Vec::new();
        for (line, action, label) in std::mem::take(&mut self.answers) {
            let found = self.findings.get(&label.to_lowercase()).and_then(|id| at.get(id)).copied();
            match found {
                Some(i) if links.insert((i, action.clone())) => {
                    changed.insert(i);
                    new_links.push((i, action));
                }
                Some(_) => {}
                None => self.notes.add(line, &format!("“{}” names no finding of this file.", short(&label))),
            }
        }
        for (i, action) in new_links {
            if let Some(finding) = self.out.postmortem.findings.get_mut(i) {
                finding.actions.push(action);
            }
        }
        for i in changed {
            if let Some(finding) = self.out.postmortem.findings.get_mut(i) {
                finding.actions.sort_by_key(|id| order.get(id).copied().unwrap_or(usize::MAX));
            }
        }
        if self.out.people.len() > MAX_ROWS {
            return Err(ImportError::new("This file names more than 20,000 people; one postmortem cannot hold them."));
        }
        self.out.notes = self.notes.finish();
        Ok(self.out)
    }

    /// Reads the rows of a section. Returns what is no row.
    pub(crate) fn rows(&mut self, kind: &str, section: &RawSection<'_>) -> Result<String, ImportError> {
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
            return Err(ImportError::at(line, "This file has more than 20,000 rows; one postmortem cannot hold them."));
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
                    let mut columns: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(cells.iter().copied()).collect();
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
            self.notes.add(line, "This row has the id of another one and got a new one.");
        }
        new_id(self.now)
    }

    /// Keeps a cell that cannot be read in the row's text.
    fn keep(&mut self, line: usize, text: &mut String, what: &str, cell: &str) {
        self.notes.add(line, &format!("“{}” is no {what}; it was kept in the text.", short(cell)));
        push_words(text, &format!("({what}: {cell})"));
    }

    fn keep_rest(&mut self, row: &Row<'_>, text: &mut String) {
        for rest in row.rest() {
            self.notes.add(row.line, "A column that Debrief does not know was kept in the text.");
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
            return Some(Moment { at, zone, precision });
        }
        match times::read(shown).filter(|written| written.rest == shown.len()).and_then(|w| w.moment(None, &zone)) {
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
        let marked = marks.get("at").and_then(|at| at.parse::<DateTime<Utc>>().ok());
        marked.filter(|at| clock(*at, zone) == shown).or_else(|| read_clock(shown, zone))
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
        if let Some(id) = self.aliases.get(&name.trim_start_matches('@').to_lowercase()) {
            return id.clone();
        }
        let id = new_id(self.now);
        self.notes.add(line, &format!("“{}” was added to the people.", short(name)));
        self.add_person(Person { id: id.clone(), name: name.to_owned(), ..Person::default() });
        id
    }

    fn add_person(&mut self, person: Person) {
        for alias in [&person.name, &person.short_name, &person.handle, &person.email] {
            if !alias.is_empty() {
                self.aliases.entry(alias.to_lowercase()).or_insert_with(|| person.id.clone());
            }
        }
        self.people.entry(person.name.clone()).or_default().push(person.id.clone());
        self.people_by_id.insert(person.id.clone(), person.name.clone());
        self.out.people.push(person);
    }

    fn actor(&self, cell: &str) -> Option<Actor> {
        let (raw, marks) = split_marks(cell);
        let name = unescape(&raw);
        if let Some(id) = marks.get("participant")
            && self.participants_by_id.get(id).is_none_or(|known| *known == name)
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
            let labels = if key == "event" { &self.events } else { &self.actions };
            let id = marks.get(key).or_else(|| labels.get(&label.to_lowercase())).cloned();
            match id {
                Some(id) if seen.insert(id.clone()) => out.push(id),
                Some(_) => {}
                None if label.is_empty() => {}
                None => self.notes.add(line, &format!("“{}” names no {what} of this file.", short(label))),
            }
        }
        out
    }

    fn person_row(&mut self, mut row: Row<'_>) {
        let (name, marks) = split_marks(row.take("name"));
        let id = self.row_id('p', row.line, &marks);
        let mut person = Person {
            id,
            name: unescape(&name),
            short_name: unescape(row.take("short name")),
            handle: unescape(row.take("handle")),
            email: unescape(row.take("e-mail")),
            role_title: unescape(row.take("role title")),
            left: is_yes(row.take("left")),
        };
        self.keep_rest(&row, &mut person.role_title);
        self.add_person(person);
    }

    fn participant(&mut self, mut row: Row<'_>) {
        let (raw, marks) = split_marks(row.take("name"));
        let name = unescape(&raw);
        let id = self.row_id('t', row.line, &marks);
        let person = match (marks.get("person"), self.people.get(&name).map(Vec::as_slice)) {
            (Some(id), _) if id.is_empty() => None,
            (Some(id), _) => Some(id.clone()),
            (None, Some([only])) if !name.is_empty() => Some(only.clone()),
            _ => None,
        };
        let role = row.take("role");
        let mut title = unescape(row.take("title"));
        let role = match word(role) {
            Some(role) => role,
            None if role.is_empty() => model::postmortem::ReviewRole::default(),
            None => {
                self.keep(row.line, &mut title, "role in a review", &unescape(role));
                model::postmortem::ReviewRole::default()
            }
        };
        self.keep_rest(&row, &mut title);
        self.participants.entry(name.clone()).or_default().push(id.clone());
        self.participants_by_id.insert(id.clone(), name.clone());
        self.out.postmortem.participants.push(Participant { id, person, name, role, title });
    }

    fn event(&mut self, mut row: Row<'_>) {
        let (label, marks) = split_marks(row.take("#"));
        let id = self.row_id('e', row.line, &marks);
        let (raw, image) = self.split_image(row.take("what"));
        let mut text = unescape(&raw);
        let when = row.take("when");
        let at = self.moment(row.line, when, &mut text);
        let phase = row.take("phase");
        let mut event = TimelineEvent {
            id: id.clone(),
            at,
            phase: word(phase),
            actor: self.actor(row.take("who")),
            source: unescape(row.take("known from")),
            image,
            ..TimelineEvent::default()
        };
        if event.phase.is_none() && !phase.is_empty() {
            self.keep(row.line, &mut text, "phase", &unescape(phase));
        }
        for kind in row.take("kind").split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
            match kind.to_lowercase().as_str() {
                "public" => event.public = true,
                "starred" => event.star = true,
                _ => match (word(kind), word(kind)) {
                    (Some(kind), _) => event.kind = kind,
                    (None, Some(visibility)) => event.visibility = visibility,
                    (None, None) => self.keep(row.line, &mut text, "kind of event", &unescape(kind)),
                },
            }
        }
        self.keep_rest(&row, &mut text);
        event.text = text;
        self.events.entry(label.trim_matches('*').to_lowercase()).or_insert(id);
        self.out.postmortem.timeline.push(event);
    }

    /// Parts the text of an event from the image at its end. An image that is not the workspace's stays text.
    fn split_image(&mut self, cell: &str) -> (String, Option<Image>) {
        let (raw, marks) = split_marks(cell);
        let Some((start, alt, target)) = trailing_image(&raw) else { return (raw, None) };
        let hash = match marks.get("image") {
            Some(hash) => hash.clone(),
            None => {
                let file = target.rsplit('/').next().unwrap_or_default();
                let hash = file.split('.').next().unwrap_or_default();
                if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
                    return (raw, None);
                }
                let path = percent_decoded(target);
                let inside = path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".");
                if inside && !path.contains(['\\', ':']) && self.images.insert(hash.to_owned()) {
                    self.out.image_files.push(ImageFile { hash: hash.to_owned(), path });
                }
                hash.to_owned()
            }
        };
        let image = Image { hash, alt: unescape(alt) };
        let text = raw.get(..start).unwrap_or_default();
        (text.strip_suffix(' ').unwrap_or(text).to_owned(), Some(image))
    }

    fn finding(&mut self, mut row: Row<'_>) {
        let (label, marks) = split_marks(row.take("#"));
        let label = label.trim_matches('*').to_lowercase();
        let id = self.row_id('f', row.line, &marks);
        let mut text = unescape(row.take("finding"));
        let phase = row.take("phase");
        let mut finding = Finding {
            id: id.clone(),
            number: number(&label, 'f', &marks, self.findings.contains_key(&label)),
            phase: word(phase),
            theme: unescape(row.take("theme")),
            ..Finding::default()
        };
        if finding.phase.is_none() && !phase.is_empty() {
            self.keep(row.line, &mut text, "phase", &unescape(phase));
        }
        for kind in row.take("kind").split(',').map(str::trim).filter(|kind| !kind.is_empty()) {
            match (word(kind), word(kind)) {
                (Some(kind), _) => finding.kind = kind,
                (None, Some(visibility)) => finding.visibility = visibility,
                (None, None) => self.keep(row.line, &mut text, "kind of finding", &unescape(kind)),
            }
        }
        finding.events = self.references(row.line, row.take("shown by"), "event", "event");
        let answered = row.take("answered by");
        const NO_ACTION: &str = "no action needed";
        let decided = answered.to_ascii_lowercase().find(NO_ACTION);
        let (references, reason) = answered.split_at(decided.unwrap_or(answered.len()));
        if decided.is_some() {
            finding.no_action = true;
            let reason = reason.get(NO_ACTION.len()..).unwrap_or_default();
            let reason = reason.strip_prefix(':').unwrap_or(reason);
            finding.no_action_reason = unescape(model::exchange::trim(reason));
        }
        if let Some(reason) = split_marks(references).1.remove("reason") {
            finding.no_action_reason = reason;
        }
        finding.actions = self.references(row.line, references, "action", "action item");
        self.keep_rest(&row, &mut text);
        finding.text = text;
        self.findings.entry(label).or_insert(id);
        self.out.postmortem.findings.push(finding);
    }

    fn anchor(&mut self, mut row: Row<'_>) {
        let (key, what) = (row.take(""), row.take("what"));
        let by_name = |name: &str| {
            AnchorKey::ALL.into_iter().zip(ANCHOR_NAMES).find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(key, _)| key)
        };
        let Some(key) = word::<AnchorKey>(key).or_else(|| by_name(what)) else {
            self.notes.add(row.line, &format!("“{}” is none of the key times T0 to T7 and was left out.", short(what)));
            return;
        };
        let source = row.take("known from");
        let mut source = match self.events.get(&source.to_lowercase()) {
            Some(id) => format!("event:{id}"),
            None => unescape(source),
        };
        let when = row.take("when");
        let (raw, marks) = split_marks(when);
        let anchor = if raw.eq_ignore_ascii_case("unknown") || raw.is_empty() {
            let precision = marks.get("precision").and_then(|p| word(p)).unwrap_or(Precision::Unknown);
            Anchor { at: None, precision, source }
        } else {
            let moment = self.moment(row.line, when, &mut source);
            let precision = moment.as_ref().map_or(Precision::Unknown, |moment| moment.precision);
            Anchor { at: moment.map(|moment| moment.at), precision, source }
        };
        self.out.postmortem.anchors.insert(key, anchor);
    }

    fn fact(&mut self, mut row: Row<'_>) {
        let (raw, marks) = split_marks(row.take("what"));
        let id = self.row_id('i', row.line, &marks);
        let mut text = unescape(&raw);
        let fact = ImpactFact {
            id,
            value: unescape(row.take("value")),
            unit: unescape(row.take("unit")),
            at: self.moment(row.line, row.take("when"), &mut text),
            estimate: is_yes(row.take("estimate")),
            text: String::new(),
        };
        self.keep_rest(&row, &mut text);
        self.out.postmortem.impact.push(ImpactFact { text, ..fact });
    }

    fn actions(&mut self, section: &RawSection<'_>) -> Result<String, ImportError> {
        let mut leftover = String::new();
        let mut current: Option<ActionItem> = None;
        for (n, line_text) in section.body.split('\n').enumerate() {
            let line = section.line + 1 + n;
            match (list_item(line_text), &mut current) {
                (Some((0 | 1, text)), _) => {
                    self.count(line)?;
                    self.out.postmortem.actions.extend(current.take());
                    current = Some(self.action_head(line, text));
                }
                (Some((_, text)), Some(action)) => self.action_field(line, text, action),
                (None, _) if line_text.trim().is_empty() => {}
                (_, Some(action)) if line_text.starts_with([' ', '\t']) => {
                    push_line(&mut action.text, line_text.trim());
                }
                _ => {
                    self.out.postmortem.actions.extend(current.take());
                    leftover.push_str(line_text);
                    leftover.push('\n');
                }
            }
        }
        self.out.postmortem.actions.extend(current);
        Ok(leftover)
    }

    fn action_head(&mut self, line: usize, text: &str) -> ActionItem {
        let (ticked, text) = match text.get(..3) {
            Some("[x]" | "[X]") => (true, &text[3..]),
            Some("[ ]") => (false, &text[3..]),
            _ => (false, text),
        };
        let (raw, marks) = split_marks(text);
        let (label, raw) = split_label(&raw);
        let id = self.row_id('a', line, &marks);
        let number = number(&label, 'a', &marks, self.actions.contains_key(&label));
        if !label.is_empty() {
            self.actions.entry(label).or_insert_with(|| id.clone());
        }
        ActionItem {
            id,
            number,
            text: unescape(raw),
            status: if ticked { ActionStatus::Done } else { ActionStatus::Open },
            ..ActionItem::default()
        }
    }

    fn action_field(&mut self, line: usize, field: &str, action: &mut ActionItem) {
        let (name, value) = field.split_once(':').map_or((field, ""), |(name, value)| (name, model::exchange::trim(value)));
        let mut kept = String::new();
        match name.trim().to_lowercase().as_str() {
            "owner" => action.owner = self.person(line, value),
            "helpers" => {
                let helpers: Vec<PersonId> = value.split(',').filter_map(|part| self.person(line, part)).collect();
                action.helpers = helpers;
            }
            "due" => match NaiveDate::parse_from_str(value, "%Y-%m-%d") {
                Ok(due) => action.due = Some(due),
                Err(_) => self.keep(line, &mut kept, "day (2026-11-25)", &unescape(value)),
            },
            "priority" => match word(value) {
                Some(priority) => action.priority = Some(priority),
                None => self.keep(line, &mut kept, "priority", &unescape(value)),
            },
            "type" => match word(value) {
                Some(action_type) => action.action_type = Some(action_type),
                None => self.keep(line, &mut kept, "type", &unescape(value)),
            },
            // A tick in the box wins over the words, except that what was declined stays so.
            "status" => match word(value) {
                Some(status) if action.status != ActionStatus::Done || status == ActionStatus::Declined => action.status = status,
                Some(_) => {}
                None => self.keep(line, &mut kept, "status", &unescape(value)),
            },
            "done when" => action.done_when = unescape(value),
            "answers" => self.answers.extend(
                value.split([',', ';']).map(|label| (line, action.id.clone(), label.trim().to_owned())).filter(|a| !a.2.is_empty()),
            ),
            "ticket" => action.ticket = unescape(value),
            "settled" => action.settled_at = self.instant(line, value, &mut kept),
            "evidence" => action.evidence = unescape(value),
            "reason" => action.reason = unescape(value),
            "verified by" => {
                let now = self.now;
                action.verified = self.person(line, value).map(|by| Verified { by, at: now });
            }
            "verified" => match (self.instant(line, value, &mut kept), &mut action.verified) {
                (Some(at), Some(verified)) => verified.at = at,
                (Some(_), None) => {
                    self.notes.add(line, "Nobody is named who verified this; the line was kept in the text.");
                    kept = unescape(field);
                }
                (None, _) => {}
            },
            "what was seen" => action.verified_note = unescape(value),
            "who may read it" => match word::<Visibility>(value) {
                Some(visibility) => action.visibility = visibility,
                None => self.keep(line, &mut kept, "circle of readers", &unescape(value)),
            },
            _ => {
                self.notes.add(line, "A line that Debrief does not know was kept in the text.");
                kept = unescape(field);
            }
        }
        if !kept.is_empty() {
            push_line(&mut action.text, &kept);
        }
    }

    fn parking(&mut self, section: &RawSection<'_>) -> Result<String, ImportError> {
        let mut leftover = String::new();
        for (n, line_text) in section.body.split('\n').enumerate() {
            let line = section.line + 1 + n;
            let last = self.out.postmortem.parking.len();
            match list_item(line_text) {
                Some((0 | 1, text)) => {
                    self.count(line)?;
                    let (raw, marks) = split_marks(text);
                    let id = self.row_id('k', line, &marks);
                    self.out.postmortem.parking.push(ParkingItem { id, text: unescape(&raw), raised_by: None });
                }
                Some((_, text)) if last > 0 => {
                    let actor = text.strip_prefix("Raised by:").map(|value| self.actor(model::exchange::trim(value)));
                    if let Some(item) = self.out.postmortem.parking.last_mut() {
                        match actor {
                            Some(actor) => item.raised_by = actor,
                            None => push_line(&mut item.text, &unescape(text)),
                        }
                    }
                }
                None if line_text.trim().is_empty() => {}
                _ => {
                    leftover.push_str(line_text);
                    leftover.push('\n');
                }
            }
        }
        Ok(leftover)
    }
}

const ANCHOR_NAMES: [&str; 8] = [
    "Impact starts", "First signal", "We know", "Responder engaged", "Responder has access", "First mitigating change",
    "Impact ends", "Declared resolved",
];

fn is_yes(cell: &str) -> bool {
    ["yes", "y", "x", "true"].iter().any(|yes| cell.eq_ignore_ascii_case(yes))
}

fn strip_about(text: &str) -> (bool, &str) {
    for prefix in ["about ", "~"] {
        if let Some(rest) = text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)) {
            return (true, text.get(rest.len()..).unwrap_or_default().trim_start());
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

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
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

/// Parts `**A1** text` into `a1` and the text; a bold word that is no label stays in the text.
fn split_label(raw: &str) -> (String, &str) {
    let found = raw.strip_prefix("**").and_then(|rest| rest.split_once("**")).filter(|(label, _)| {
        let rest = label.strip_prefix(['A', 'a']).unwrap_or("");
        !rest.is_empty()
            && (rest.bytes().all(|b| b.is_ascii_digit()) || rest.bytes().all(|b| b.is_ascii_lowercase()))
    });
    match found {
        Some((label, rest)) => (label.to_lowercase(), model::exchange::trim(rest)),
        None => (String::new(), raw),
    }
}

/// The image that a text ends with: where it starts, its description and its target.
fn trailing_image(raw: &str) -> Option<(usize, &str, &str)> {
    let inner = raw.strip_suffix(')')?;
    let (before, target) = inner.rsplit_once("](")?;
    let start = before.rfind("![")?;
    let is_escaped = |at: usize| raw.as_bytes().get(..at).unwrap_or_default().iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1;
    if is_escaped(before.len()) || is_escaped(start) || is_escaped(start + 1) {
        return None;
    }
    Some((start, before.get(start + 2..)?, target))
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let hex = (*b == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*b);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
