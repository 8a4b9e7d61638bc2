//! A readable difference between two states of a postmortem.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use model::postmortem::{Postmortem, RowKind, Section};
use similar::{ChangeTag, TextDiff};

use crate::describe::{self, Field, Named, RowRef, Words};
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
    let named = (Named::of(from), Named::of(to));
    for kind in [
        RowKind::Impact,
        RowKind::Timeline,
        RowKind::Findings,
        RowKind::Actions,
        RowKind::Parking,
        RowKind::Participants,
    ] {
        push_rows(&mut changes, kind, &named, words, deadline);
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
        let Some((was, is)) = describe::changed(before, after) else {
            continue;
        };
        let place = match (place.is_empty(), after.key) {
            (true, _) => after.label.to_owned(),
            (false, "text") => place.to_owned(),
            (false, _) => format!("{place}, {}", lower_first(after.label)),
        };
        changes.push(VersionChange {
            place,
            what: "changed".into(),
            pieces: pieces(&was, &is, deadline),
        });
    }
}

fn push_sections(
    changes: &mut Vec<VersionChange>,
    from: &Postmortem,
    to: &Postmortem,
    deadline: Instant,
) {
    let before: HashMap<&str, &Section> = by_id(from);
    let after: HashMap<&str, &Section> = by_id(to);
    for section in &to.sections {
        match before.get(section.id.as_str()) {
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
        if !after.contains_key(old.id.as_str()) {
            changes.push(whole(&old.title, "removed", &old.text));
        }
    }
    let ids = |sections: &'_ [Section], other: &HashMap<&str, &Section>| -> Vec<String> {
        let common = sections
            .iter()
            .filter(|section| other.contains_key(section.id.as_str()));
        common.map(|section| section.id.clone()).collect()
    };
    if ids(&from.sections, &after) != ids(&to.sections, &before) {
        changes.push(order("the sections"));
    }
}

fn by_id(postmortem: &Postmortem) -> HashMap<&str, &Section> {
    let sections = postmortem.sections.iter();
    sections
        .map(|section| (section.id.as_str(), section))
        .collect()
}

fn order(of: &str) -> VersionChange {
    VersionChange {
        place: format!("Order of {of}"),
        what: "changed".into(),
        pieces: Vec::new(),
    }
}

fn push_rows(
    changes: &mut Vec<VersionChange>,
    kind: RowKind,
    (from, to): &(Named, Named),
    words: &Words,
    deadline: Instant,
) {
    let (before, after) = (from.rows(kind), to.rows(kind));
    let old: HashMap<&str, RowRef> = before.iter().copied().collect();
    for (id, row) in &after {
        let place = row.place(words);
        let fields = to.fields(*row, words);
        match old.get(id) {
            Some(old) => push_fields(
                changes,
                &place,
                &from.fields(*old, words),
                &fields,
                deadline,
            ),
            None => changes.push(whole(&place, "added", main_text(&fields))),
        }
    }
    let new: HashMap<&str, RowRef> = after.iter().copied().collect();
    for (id, row) in &before {
        if !new.contains_key(id) {
            let fields = from.fields(*row, words);
            changes.push(whole(&row.place(words), "removed", main_text(&fields)));
        }
    }
    // A changed time has been told, and moves an event by itself.
    let stays = |id: &str| match (old.get(id), new.get(id)) {
        (Some(RowRef::Event(old)), Some(RowRef::Event(new))) => old.at == new.at,
        (old, new) => old.is_some() && new.is_some(),
    };
    let ids = |rows: &[(&str, RowRef)]| -> Vec<String> {
        let ids = rows.iter().map(|(id, _)| *id);
        ids.filter(|id| stays(id)).map(str::to_owned).collect()
    };
    if ids(&before) != ids(&after) {
        changes.push(order(plural(kind)));
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

#[cfg(test)]
mod tests {
    use model::postmortem::{
        ActionItem, Finding, Moment, Postmortem, Precision, Section, TimelineEvent,
    };

    use super::difference;
    use crate::describe::Words;

    /// What changed, each as "place: words before → words after".
    fn told(from: &Postmortem, to: &Postmortem) -> Vec<String> {
        let words = Words {
            name: &|_| Some("Ada Okoye".into()),
            service: &|_| None,
            zone: chrono_tz::Europe::Berlin,
        };
        let changes = difference(from, to, &words).changes.into_iter();
        let said = |pieces: &[crate::types::DiffPiece], without: &str| -> String {
            let kept = pieces.iter().filter(|piece| piece.kind != without);
            kept.map(|piece| piece.text.as_str()).collect()
        };
        changes
            .map(|change| {
                let before = said(&change.pieces, "added");
                let after = said(&change.pieces, "removed");
                format!("{}: {before} → {after}", change.place)
            })
            .collect()
    }

    fn event(id: &str, text: &str, at: &str, zone: &str) -> TimelineEvent {
        TimelineEvent {
            id: id.into(),
            text: text.into(),
            at: at.parse().ok().map(|at| Moment {
                at,
                zone: zone.into(),
                precision: Precision::Exact,
            }),
            ..TimelineEvent::default()
        }
    }

    #[test]
    fn a_changed_time_is_told_to_the_second_and_with_its_zone() {
        let of = |at: &str, zone: &str| Postmortem {
            timeline: vec![event("e", "x", at, zone)],
            ..Postmortem::default()
        };
        let from = of("2026-11-10T15:05:00Z", "Europe/Berlin");
        assert_eq!(
            told(&from, &of("2026-11-10T15:05:42Z", "Asia/Tokyo")),
            [
                "Timeline event 16:05, time: 10 Nov 2026, 16:05 CET → 10 Nov 2026, 16:05:42 CET (written in Asia/Tokyo)"
            ],
            "42 seconds and another zone are a change"
        );
        assert_eq!(told(&from, &from), Vec::<String>::new(), "nothing changed");
    }

    #[test]
    fn ids_decide_and_words_only_tell() {
        let from = Postmortem {
            timeline: vec![
                event("a", "The alert fired", "", ""),
                event("b", "Same words", "", ""),
                event("c", "Same words", "", ""),
            ],
            findings: vec![Finding {
                id: "f".into(),
                number: Some(1),
                events: vec!["a".into(), "b".into()],
                ..Finding::default()
            }],
            actions: vec![ActionItem {
                id: "i".into(),
                number: Some(2),
                owner: Some("one".into()),
                ..ActionItem::default()
            }],
            ..Postmortem::default()
        };
        let mut to = from.clone();
        to.timeline[0].text = "The alarm fired".into();
        assert_eq!(
            told(&from, &to),
            ["Timeline event: The alert fired → The alarm fired"],
            "an edited event is no change of the finding"
        );
        let mut to = from.clone();
        to.findings[0].events[1] = "c".into();
        to.actions[0].owner = Some("another".into());
        assert_eq!(
            told(&from, &to),
            [
                "Finding F1, events: “The alert fired”, “Same words” → “The alert fired”, “Same words” (another one)",
                "Action item A2, owner: Ada Okoye → Ada Okoye (another one)",
            ],
            "what is called the same is told apart"
        );
        let mut to = from.clone();
        to.timeline.swap(1, 2);
        assert_eq!(
            told(&from, &to),
            ["Order of the timeline:  → "],
            "rows of equal words that changed places"
        );
    }

    #[test]
    fn the_order_of_sections_is_told() {
        let section = |id: &str| Section {
            id: id.into(),
            title: id.into(),
            text: "x".into(),
        };
        let of = |ids: &[&str]| Postmortem {
            sections: ids.iter().map(|id| section(id)).collect(),
            ..Postmortem::default()
        };
        assert_eq!(
            told(&of(&["a", "b", "c"]), &of(&["c", "a", "b"])),
            ["Order of the sections:  → "],
            "sections that moved"
        );
        assert_eq!(
            told(&of(&["a", "b"]), &of(&["a", "n", "b"])),
            ["n:  → x"],
            "a new one between moves none"
        );
    }

    #[test]
    fn many_rows_are_compared_soon() {
        let of = |text: &str| Postmortem {
            timeline: (0..20_000)
                .map(|at| event(&format!("{at:08}"), text, "", ""))
                .collect(),
            ..Postmortem::default()
        };
        let begin = std::time::Instant::now();
        assert_eq!(told(&of("a"), &of("a")).len(), 0, "nothing changed");
        assert!(
            begin.elapsed().as_secs() < 20,
            "20,000 rows must not take their square: {:?}",
            begin.elapsed()
        );
    }
}
