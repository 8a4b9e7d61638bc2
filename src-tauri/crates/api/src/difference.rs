//! A readable difference between two states of a postmortem.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use model::postmortem::{Postmortem, RowKind};
use similar::{ChangeTag, TextDiff};

use crate::describe::{self, Field, Words};
use crate::types::{DiffPiece, VersionChange, VersionDiff};

/// Kept words are shown up to this many characters on each side of a change.
const AROUND: usize = 120;
/// Comparing goes on for this long; what is left then is shown as removed and added whole.
const PATIENCE: Duration = Duration::from_secs(2);

/// What changed from one state to the other, in the document's order.
pub fn difference(from: &Postmortem, to: &Postmortem, words: &Words) -> VersionDiff {
    let deadline = Instant::now() + PATIENCE;
    let mut changes = Vec::new();
    let (before, after) = (
        describe::header_fields(from, words),
        describe::header_fields(to, words),
    );
    push_fields(&mut changes, "", &before, &after, deadline);
    push_sections(&mut changes, from, to, deadline);
    for kind in [
        RowKind::Impact,
        RowKind::Timeline,
        RowKind::Findings,
        RowKind::Actions,
        RowKind::Parking,
        RowKind::Participants,
    ] {
        push_rows(&mut changes, kind, from, to, words, deadline);
    }
    VersionDiff { changes }
}

/// The words that stayed, went and came, in reading order; neighbours of one kind are one piece.
pub fn pieces(before: &str, after: &str, deadline: Instant) -> Vec<DiffPiece> {
    let mut out: Vec<DiffPiece> = Vec::new();
    let diff = TextDiff::configure()
        .deadline(deadline)
        .diff_words(before, after);
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "removed",
            ChangeTag::Insert => "added",
        };
        match out.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => out.push(DiffPiece {
                kind: kind.into(),
                text: change.value().into(),
            }),
        }
    }
    let last = out.len().saturating_sub(1);
    for (at, piece) in out.iter_mut().enumerate() {
        if piece.kind == "same" {
            piece.text = middle_left_out(&piece.text, at > 0, at < last);
        }
    }
    out
}

/// Shortens kept words: their end matters before a change, their start after one.
fn middle_left_out(text: &str, after_change: bool, before_change: bool) -> String {
    let length = text.chars().count();
    let (head, tail) = (
        if after_change { AROUND } else { 0 },
        if before_change { AROUND } else { 0 },
    );
    if length <= head + tail + AROUND {
        return text.to_owned();
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start} … {end}")
}

fn push_fields(
    changes: &mut Vec<VersionChange>,
    place: &str,
    from: &[Field],
    to: &[Field],
    deadline: Instant,
) {
    for (before, after) in from.iter().zip(to) {
        if before.value == after.value {
            continue;
        }
        let place = match (place.is_empty(), after.key) {
            (true, _) => after.label.to_owned(),
            (false, "text") => place.to_owned(),
            (false, _) => format!("{place}, {}", lower_first(after.label)),
        };
        changes.push(VersionChange {
            place,
            what: "changed".into(),
            pieces: pieces(&before.value, &after.value, deadline),
        });
    }
}

fn push_sections(
    changes: &mut Vec<VersionChange>,
    from: &Postmortem,
    to: &Postmortem,
    deadline: Instant,
) {
    for section in &to.sections {
        match from.sections.iter().find(|old| old.id == section.id) {
            None => changes.push(whole(&section.title, "added", &section.text)),
            Some(old) => {
                if old.text != section.text {
                    changes.push(VersionChange {
                        place: section.title.clone(),
                        what: "changed".into(),
                        pieces: pieces(&old.text, &section.text, deadline),
                    });
                }
                if old.title != section.title {
                    changes.push(VersionChange {
                        place: format!("{}, heading", section.title),
                        what: "changed".into(),
                        pieces: pieces(&old.title, &section.title, deadline),
                    });
                }
            }
        }
    }
    for old in &from.sections {
        if !to.sections.iter().any(|section| section.id == old.id) {
            changes.push(whole(&old.title, "removed", &old.text));
        }
    }
}

fn push_rows(
    changes: &mut Vec<VersionChange>,
    kind: RowKind,
    from: &Postmortem,
    to: &Postmortem,
    words: &Words,
    deadline: Instant,
) {
    let (before, after) = (describe::row_ids(from, kind), describe::row_ids(to, kind));
    let known: BTreeSet<&str> = before.iter().copied().collect();
    for id in &after {
        let Some(fields) = describe::row_fields(to, kind, id, words) else {
            continue;
        };
        let place = describe::row_place(to, kind, id, words);
        match describe::row_fields(from, kind, id, words).filter(|_| known.contains(id)) {
            Some(old) => push_fields(changes, &place, &old, &fields, deadline),
            None => changes.push(whole(&place, "added", main_text(&fields))),
        }
    }
    let still: BTreeSet<&str> = after.iter().copied().collect();
    for id in before.iter().filter(|id| !still.contains(*id)) {
        let Some(fields) = describe::row_fields(from, kind, id, words) else {
            continue;
        };
        changes.push(whole(
            &describe::row_place(from, kind, id, words),
            "removed",
            main_text(&fields),
        ));
    }
    // A timeline's order is its times, and a changed time has been told.
    let common_before = before.iter().filter(|id| still.contains(*id));
    let common_after = after.iter().filter(|id| known.contains(*id));
    if kind != RowKind::Timeline && !common_before.eq(common_after) {
        changes.push(VersionChange {
            place: format!("Order of {}", plural(kind)),
            what: "changed".into(),
            pieces: Vec::new(),
        });
    }
}

fn whole(place: &str, what: &str, text: &str) -> VersionChange {
    let pieces = if text.is_empty() {
        Vec::new()
    } else {
        vec![DiffPiece {
            kind: what.into(),
            text: text.into(),
        }]
    };
    VersionChange {
        place: place.into(),
        what: what.into(),
        pieces,
    }
}

fn main_text(fields: &[Field]) -> &str {
    fields
        .first()
        .map(|field| field.value.as_str())
        .unwrap_or_default()
}

fn plural(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Timeline => "the timeline",
        RowKind::Findings => "the findings",
        RowKind::Actions => "the action items",
        RowKind::Impact => "the impact facts",
        RowKind::Parking => "the parking lot",
        RowKind::Participants => "the participants",
    }
}

fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}
