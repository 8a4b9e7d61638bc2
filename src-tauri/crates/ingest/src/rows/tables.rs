//! Rows of tables: people, participants, events, findings, key times and impact figures.

use model::directory::Person;
use model::exchange::{split_marks, unescape};
use model::postmortem::{
    Anchor, AnchorKey, Finding, Image, ImpactFact, Participant, Precision, TimelineEvent,
};

use super::{Reader, Row, number};
use crate::ImageFile;
use crate::markdown::word;
use crate::notes::short;

impl Reader {
    pub(super) fn person_row(&mut self, mut row: Row<'_>) {
        let (name, marks) = split_marks(row.take("name"));
        let id = self.row_id('p', row.line, &marks);
        let mut person = Person {
            id,
            name: unescape(&name),
            short_name: unescape(row.take("short name")),
            handle: unescape(row.take("handle")),
            email: unescape(row.take("e-mail")),
            role_title: unescape(row.take("role title")),
            team: unescape(row.take("team")),
            left: is_yes(row.take("left")),
            ..Person::default()
        };
        self.keep_rest(&row, &mut person.role_title);
        self.add_person(person);
    }

    pub(super) fn participant(&mut self, mut row: Row<'_>) {
        let (raw, marks) = split_marks(row.take("name"));
        let name = unescape(&raw);
        let id = self.row_id('t', row.line, &marks);
        let person = match (
            marks.get("person"),
            self.people.get(&name).map(Vec::as_slice),
        ) {
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
        self.participants
            .entry(name.clone())
            .or_default()
            .push(id.clone());
        self.participants_by_id.insert(id.clone(), name.clone());
        self.out.postmortem.participants.push(Participant {
            id,
            person,
            name,
            role,
            title,
        });
    }

    pub(super) fn event(&mut self, mut row: Row<'_>) {
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
        for kind in row
            .take("kind")
            .split(',')
            .map(str::trim)
            .filter(|kind| !kind.is_empty())
        {
            match kind.to_lowercase().as_str() {
                "public" => event.public = true,
                "starred" => event.star = true,
                _ => match (word(kind), word(kind)) {
                    (Some(kind), _) => event.kind = kind,
                    (None, Some(visibility)) => event.visibility = visibility,
                    (None, None) => {
                        self.keep(row.line, &mut text, "kind of event", &unescape(kind))
                    }
                },
            }
        }
        self.keep_rest(&row, &mut text);
        event.text = text;
        self.events
            .entry(label.trim_matches('*').to_lowercase())
            .or_insert(id);
        self.out.postmortem.timeline.push(event);
    }

    /// Parts the text of an event from the image at its end. An image that is not the workspace's stays text.
    pub(super) fn split_image(&mut self, cell: &str) -> (String, Option<Image>) {
        let (raw, marks) = split_marks(cell);
        let Some((start, alt, target)) = trailing_image(&raw) else {
            return (raw, None);
        };
        let hash = match marks.get("image") {
            Some(hash) => hash.clone(),
            None => {
                let file = target.rsplit('/').next().unwrap_or_default();
                let hash = file.split('.').next().unwrap_or_default();
                if hash.len() != 64
                    || !hash
                        .bytes()
                        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
                {
                    return (raw, None);
                }
                let path = percent_decoded(target);
                let inside = path
                    .split('/')
                    .all(|part| !part.is_empty() && part != ".." && part != ".");
                if inside && !path.contains(['\\', ':']) && self.images.insert(hash.to_owned()) {
                    self.out.image_files.push(ImageFile {
                        hash: hash.to_owned(),
                        path,
                    });
                }
                hash.to_owned()
            }
        };
        let image = Image {
            hash,
            alt: unescape(alt),
        };
        let text = raw.get(..start).unwrap_or_default();
        (
            text.strip_suffix(' ').unwrap_or(text).to_owned(),
            Some(image),
        )
    }

    pub(super) fn finding(&mut self, mut row: Row<'_>) {
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
        for kind in row
            .take("kind")
            .split(',')
            .map(str::trim)
            .filter(|kind| !kind.is_empty())
        {
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

    pub(super) fn anchor(&mut self, mut row: Row<'_>) {
        let (key, what) = (row.take(""), row.take("what"));
        let by_name = |name: &str| {
            AnchorKey::ALL
                .into_iter()
                .zip(ANCHOR_NAMES)
                .find(|(_, known)| known.eq_ignore_ascii_case(name))
                .map(|(key, _)| key)
        };
        let Some(key) = word::<AnchorKey>(key).or_else(|| by_name(what)) else {
            self.notes.add(
                row.line,
                &format!(
                    "“{}” is none of the key times T0 to T7 and was left out.",
                    short(what)
                ),
            );
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
            let precision = marks
                .get("precision")
                .and_then(|p| word(p))
                .unwrap_or(Precision::Unknown);
            Anchor {
                at: None,
                precision,
                source,
            }
        } else {
            let moment = self.moment(row.line, when, &mut source);
            let precision = moment
                .as_ref()
                .map_or(Precision::Unknown, |moment| moment.precision);
            Anchor {
                at: moment.map(|moment| moment.at),
                precision,
                source,
            }
        };
        self.out.postmortem.anchors.insert(key, anchor);
    }

    pub(super) fn fact(&mut self, mut row: Row<'_>) {
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
}

const ANCHOR_NAMES: [&str; 8] = [
    "Impact starts",
    "First signal",
    "We know",
    "Responder engaged",
    "Responder has access",
    "First mitigating change",
    "Impact ends",
    "Declared resolved",
];

fn is_yes(cell: &str) -> bool {
    ["yes", "y", "x", "true"]
        .iter()
        .any(|yes| cell.eq_ignore_ascii_case(yes))
}

/// The image that a text ends with: where it starts, its description and its target.
fn trailing_image(raw: &str) -> Option<(usize, &str, &str)> {
    let inner = raw.strip_suffix(')')?;
    let (before, target) = inner.rsplit_once("](")?;
    let start = before.rfind("![")?;
    let is_escaped = |at: usize| {
        raw.as_bytes()
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(|b| **b == b'\\')
            .count()
            % 2
            == 1
    };
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
