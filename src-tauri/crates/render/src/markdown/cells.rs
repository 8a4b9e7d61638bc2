//! What stands in a cell or field: times, people, references, images, and text that must not be read as something else.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use model::exchange::{clock, escape, instant, letters, marker, read_clock, zone_or_utc};
use model::postmortem::{
    Actor, Anchor, Finding, Image, Moment, PersonId, Precision, RowId, TimelineEvent, Visibility,
};

use super::Page;
use crate::{image_extension, is_hash, words};

impl Page<'_> {
    pub(super) fn anchor_time(&self, anchor: &Anchor) -> String {
        match (anchor.at, anchor.precision) {
            (None, Precision::Unknown) => "unknown".into(),
            (None, precision) => format!(
                "{}{}",
                "unknown",
                marker(&[("precision", &words::name(precision).to_lowercase())])
            ),
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

    pub(super) fn when_head(&self) -> String {
        format!("When ({})", self.clock_zone())
    }

    /// The zone that clocks are shown in: UTC, where the document's own is none.
    pub(super) fn clock_zone(&self) -> &'static str {
        zone_or_utc(self.zone).name()
    }

    fn clock(&self, at: DateTime<Utc>) -> String {
        clock(at, self.zone)
    }

    /// A moment in the document's zone; a marker says what the words cannot.
    pub(super) fn moment(&self, moment: Option<&Moment>) -> String {
        let Some(moment) = moment else {
            return String::new();
        };
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
    pub(super) fn instant(&self, at: DateTime<Utc>) -> String {
        let shown = self.clock(at);
        if read_clock(&shown, self.zone) == Some(at) {
            shown
        } else {
            format!("{shown}{}", marker(&[("at", &instant(at))]))
        }
    }

    pub(super) fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            None => String::new(),
            Some(Actor::Role(role)) => {
                let plain = !role.is_empty() && !self.participants.contains_key(role.as_str());
                format!(
                    "{}{}",
                    escape(role),
                    if plain {
                        String::new()
                    } else {
                        marker(&[("role", "")])
                    }
                )
            }
            Some(Actor::Participant(id)) => {
                match self.participants_by_id.get(id.as_str()).copied() {
                    Some(name) if !name.is_empty() && self.participants.get(name) == Some(&1) => {
                        escape(name)
                    }
                    Some(name) => format!("{}{}", escape(name), marker(&[("participant", id)])),
                    None => format!("somebody{}", marker(&[("participant", id)])),
                }
            }
        }
    }

    pub(super) fn person(&self, id: &PersonId) -> String {
        match self.people_by_id.get(id.as_str()) {
            Some(person) if self.is_plain_name(&person.name) => escape(&person.name),
            Some(person) => format!(
                "{}{}",
                escape(&person.name.replace(',', "")),
                marker(&[("person", id)])
            ),
            None => format!("somebody{}", marker(&[("person", id)])),
        }
    }

    /// A name that says alone who is meant, in a list that commas part.
    fn is_plain_name(&self, name: &str) -> bool {
        !name.is_empty() && !name.contains(',') && self.names.get(name) == Some(&1)
    }

    pub(super) fn references(ids: &[RowId], labels: &HashMap<&str, String>, key: &str) -> String {
        let shown: Vec<String> = ids
            .iter()
            .map(|id| match labels.get(id.as_str()) {
                Some(label) => label.clone(),
                None => format!("gone{}", marker(&[(key, id)])),
            })
            .collect();
        shown.join(", ")
    }

    pub(super) fn event_text(&mut self, event: &TimelineEvent) -> String {
        let cell = escape(&event.text);
        let Some(image) = &event.image else {
            return cell;
        };
        let picture = self.picture(image);
        if cell.is_empty() {
            picture
        } else {
            format!("{cell} {picture}")
        }
    }

    /// An image that is shown; its file is put beside the page.
    pub(super) fn picture(&mut self, image: &Image) -> String {
        let mut cell = String::new();
        if !is_hash(&image.hash) {
            // Not a name that a file may have: it stays a comment.
            let _ = write!(
                cell,
                "![{}](#){}",
                escape(&image.alt),
                marker(&[("image", &image.hash)])
            );
            return cell;
        }
        let picture = (self.export.images)(&image.hash);
        let extension = picture.as_ref().and_then(|p| image_extension(&p.mime));
        let folder = format!("{}-images", self.export.name);
        let file = match extension {
            Some(extension) => format!("{}.{extension}", image.hash),
            None => image.hash.clone(),
        };
        let _ = write!(
            cell,
            "![{}]({}/{file})",
            escape(&image.alt),
            url_path(&folder)
        );
        if let (Some(picture), Some(_)) = (picture, extension) {
            self.assets
                .insert(format!("{folder}/{file}"), picture.bytes);
        }
        cell
    }

    pub(super) fn answers(&self, finding: &Finding) -> String {
        let mut parts = Vec::new();
        if !finding.actions.is_empty() {
            parts.push(Self::references(&finding.actions, &self.actions, "action"));
        }
        if finding.no_action && finding.no_action_reason.is_empty() {
            parts.push("no action needed".into());
        } else if finding.no_action {
            parts.push(format!(
                "no action needed: {}",
                escape(&finding.no_action_reason)
            ));
        } else if !finding.no_action_reason.is_empty() {
            parts.push(
                marker(&[("reason", &finding.no_action_reason)])
                    .trim()
                    .to_owned(),
            );
        }
        parts.join("; ")
    }
}

/// Gives every row a label of its own: its number, or letters when it has none or another row has the same.
pub(super) fn labels<'a>(
    prefix: &str,
    rows: impl Iterator<Item = (&'a str, Option<u32>)>,
) -> HashMap<&'a str, String> {
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
pub(super) fn number_mark(label: &str, number: Option<u32>) -> Option<String> {
    number
        .map(|n| n.to_string())
        .filter(|n| label.get(1..) != Some(n))
}

pub(super) fn label_cell(label: &str, id: &str, number: Option<u32>) -> String {
    let number = number_mark(label, number);
    let mut marks = vec![("id", id)];
    marks.extend(number.as_deref().map(|n| ("number", n)));
    format!("**{label}**{}", marker(&marks))
}

pub(super) fn event_kind(event: &TimelineEvent) -> String {
    let mut out = words::name(event.kind);
    if event.public {
        out.push_str(", public");
    }
    if event.star {
        out.push_str(", starred");
    }
    with_visibility(out, event.visibility)
}

pub(super) fn with_visibility(mut text: String, visibility: Visibility) -> String {
    match visibility {
        Visibility::Company => {}
        Visibility::Room => text.push_str(", room"),
        Visibility::Customers => text.push_str(", customers"),
    }
    text
}

/// Text that must not be read as the label of an event.
pub(super) fn escape_label(text: &str) -> String {
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
pub(super) fn scalar(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-/".contains(&b))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&value.to_ascii_lowercase().as_str());
    if plain {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// A string in quotes that JSON and YAML read alike.
pub(super) fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control()
                || matches!(
                    c,
                    '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}'
                ) =>
            {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
