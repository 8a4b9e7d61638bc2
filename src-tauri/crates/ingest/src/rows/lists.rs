//! Rows of lists: action items and the parking lot.

use chrono::NaiveDate;
use model::exchange::{split_marks, unescape};
use model::postmortem::{
    ActionItem, ActionStatus, DueMove, ParkingItem, PersonId, Reopening, Verified, Visibility,
};

use super::{Reader, number};
use crate::ImportError;
use crate::blocks::{RawSection, list_item};
use crate::markdown::word;
use crate::notes::new_id;

impl Reader {
    pub(super) fn actions(&mut self, section: &RawSection<'_>) -> Result<String, ImportError> {
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
            status: if ticked {
                ActionStatus::Done
            } else {
                ActionStatus::Open
            },
            ..ActionItem::default()
        }
    }

    fn action_field(&mut self, line: usize, field: &str, action: &mut ActionItem) {
        let (name, value) = field.split_once(':').map_or((field, ""), |(name, value)| {
            (name, model::exchange::trim(value))
        });
        let mut kept = String::new();
        let name = name.trim().to_lowercase();
        // These name the zone of their clock.
        let name = match name.split_once(" (") {
            Some((bare @ ("settled" | "verified" | "due moved" | "opened again"), _)) => bare,
            _ => &name,
        };
        match name {
            "owner" => action.owner = self.person(line, value),
            "helpers" => {
                let helpers: Vec<PersonId> = value
                    .split(',')
                    .filter_map(|part| self.person(line, part))
                    .collect();
                action.helpers = helpers;
            }
            "due" => action.due = self.day(line, value, &mut kept),
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
                Some(status)
                    if action.status != ActionStatus::Done || status == ActionStatus::Declined =>
                {
                    action.status = status
                }
                Some(_) => {}
                None => self.keep(line, &mut kept, "status", &unescape(value)),
            },
            "done when" => action.done_when = unescape(value),
            "answers" => self.answers.extend(
                value
                    .split([',', ';'])
                    .map(|label| (line, action.id.clone(), label.trim().to_owned()))
                    .filter(|a| !a.2.is_empty()),
            ),
            "ticket" => action.ticket = unescape(value),
            "settled" => action.settled_at = self.instant(line, value, &mut kept),
            "evidence" => action.evidence = unescape(value),
            "evidence image" => {
                let (words, image) = self.split_image(value);
                action.evidence_image = image;
                kept = unescape(&words);
            }
            "without evidence" => action.evidence_skipped = value == "yes",
            "look again on" => action.check_on = self.day(line, value, &mut kept),
            "reason" => action.reason = unescape(value),
            "verified by" => {
                let now = self.now;
                action.verified = self.person(line, value).map(|by| Verified { by, at: now });
            }
            "verified" => match (self.instant(line, value, &mut kept), &mut action.verified) {
                (Some(at), Some(verified)) => verified.at = at,
                (Some(_), None) => {
                    self.notes.add(
                        line,
                        "Nobody is named who verified this; the line was kept in the text.",
                    );
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
                if !self.record_field(line, name, value, action, &mut kept) {
                    self.notes.add(
                        line,
                        "A line that Debrief does not know was kept in the text.",
                    );
                    kept = unescape(field);
                }
            }
        }
        if !kept.is_empty() {
            push_line(&mut action.text, &kept);
        }
    }

    /// A line of an item's record: how its day was moved, and when it was opened again. False for any other line, and for one
    /// whose entry has not begun.
    fn record_field(
        &mut self,
        line: usize,
        name: &str,
        value: &str,
        action: &mut ActionItem,
        kept: &mut String,
    ) -> bool {
        if name == "due moved" || name == "opened again" {
            let known = |id: &String| match name {
                "due moved" => action.moves.iter().any(|entry| entry.id == *id),
                _ => action.reopened.iter().any(|entry| entry.id == *id),
            };
            let marked = split_marks(value).1.get("id").cloned();
            let id = marked
                .filter(|id| !known(id))
                .unwrap_or_else(|| new_id(self.now));
            match self.instant(line, value, kept) {
                Some(at) if name == "due moved" => action.moves.push(DueMove {
                    id,
                    at,
                    ..DueMove::default()
                }),
                Some(at) => action.reopened.push(Reopening {
                    id,
                    at,
                    ..Reopening::default()
                }),
                None => {}
            }
            return true;
        }
        match (name, action.moves.last_mut(), action.reopened.last_mut()) {
            ("moved by", Some(entry), _) => entry.by = self.person(line, value),
            ("moved from", Some(entry), _) => entry.from = self.day(line, value, kept),
            ("moved to", Some(entry), _) => entry.to = self.day(line, value, kept),
            ("why it moved", Some(entry), _) => entry.reason = unescape(value),
            ("opened again by", _, Some(entry)) => entry.by = self.person(line, value),
            ("what was seen then", _, Some(entry)) => entry.seen = unescape(value),
            _ => return false,
        }
        true
    }

    fn day(&mut self, line: usize, value: &str, kept: &mut String) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok();
        if day.is_none() {
            self.keep(line, kept, "day (2026-11-25)", &unescape(value));
        }
        day
    }

    pub(super) fn parking(&mut self, section: &RawSection<'_>) -> Result<String, ImportError> {
        let mut leftover = String::new();
        for (n, line_text) in section.body.split('\n').enumerate() {
            let line = section.line + 1 + n;
            let last = self.out.postmortem.parking.len();
            match list_item(line_text) {
                Some((0 | 1, text)) => {
                    self.count(line)?;
                    let (raw, marks) = split_marks(text);
                    let id = self.row_id('k', line, &marks);
                    self.out.postmortem.parking.push(ParkingItem {
                        id,
                        text: unescape(&raw),
                        raised_by: None,
                    });
                }
                Some((_, text)) if last > 0 => {
                    let actor = text
                        .strip_prefix("Raised by:")
                        .map(|value| self.actor(model::exchange::trim(value)));
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

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// Parts `**A1** text` into `a1` and the text; a bold word that is no label stays in the text.
fn split_label(raw: &str) -> (String, &str) {
    let found = raw
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
        .filter(|(label, _)| {
            let rest = label.strip_prefix(['A', 'a']).unwrap_or("");
            !rest.is_empty()
                && (rest.bytes().all(|b| b.is_ascii_digit())
                    || rest.bytes().all(|b| b.is_ascii_lowercase()))
        });
    match found {
        Some((label, rest)) => (label.to_lowercase(), model::exchange::trim(rest)),
        None => (String::new(), raw),
    }
}
