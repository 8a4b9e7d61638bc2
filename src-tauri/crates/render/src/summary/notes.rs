//! What each figure means and leaves out, and the few figures that are no chart.

use model::summary::{ENOUGH, FigureNote, LeftOut, QUICK_WORD, Summary};

use super::Shown;
use crate::words;

/// A figure that stands for itself.
pub(super) struct Fact {
    pub(super) value: String,
    pub(super) label: String,
}

/// Who noticed first, how soon there was a public word, whether done items were looked at again.
pub(super) fn facts(summary: &Summary) -> Vec<Fact> {
    let mut out = Vec::new();
    let noticed = &summary.first_noticed;
    if noticed.known > 0 {
        out.push(Fact {
            value: format!("{} of {}", noticed.by_customers, noticed.known),
            label: "were noticed by customers first".into(),
        });
    }
    let word = &summary.first_word;
    let known = word.strip.dots.len();
    if known > 0 {
        let half = word
            .strip
            .middle
            .map(|m| format!(", half within {}", words::duration(Some(m.median))))
            .unwrap_or_default();
        out.push(Fact {
            value: format!("{} of {known}", word.quick),
            label: format!(
                "had a public word within {}{half}",
                words::duration(Some(QUICK_WORD))
            ),
        });
    }
    if summary.verified.done > 0 {
        out.push(Fact {
            value: format!("{} of {}", summary.verified.verified, summary.verified.done),
            label: "done items were looked at again".into(),
        });
    }
    out
}

/// Name and words of every figure that is shown, and what was not counted at all.
pub(super) fn notes(summary: &Summary, shown: &Shown) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    if summary.postmortems.is_empty() {
        if !summary.left_out.is_empty() {
            out.push(("Not counted.".into(), left_out(&summary.left_out)));
        }
        return out;
    }
    let mut add = |name: &str, note: &FigureNote| {
        let text = sentence(note);
        if !text.is_empty() {
            out.push((name.to_owned(), text));
        }
    };
    if shown.counts {
        add("Incidents per month.", &summary.months.note);
    }
    if shown.counts || shown.risks || shown.customers {
        add("Action items.", &summary.actions.note);
    }
    if shown.durations || shown.rows {
        for strip in &summary.durations {
            add(&format!("{}.", strip.name), &strip.note);
        }
    }
    if shown.facts {
        add("Noticed first.", &summary.first_noticed.note);
        add("First public word.", &summary.first_word.strip.note);
        add("Looked at again.", &summary.verified.note);
    }
    if shown.findings {
        if !summary.themes.themes.is_empty() {
            add("What we keep learning.", &summary.themes.note);
        }
        if !summary.recurring.items.is_empty() {
            add("What came back.", &summary.recurring.note);
        }
    }
    if shown.ages && shown.drawn {
        add("Age of open actions.", &summary.open_ages.note);
    }
    if shown.declined && !summary.declined.items.is_empty() {
        add("Accepted risks.", &summary.declined.note);
    }
    if !summary.left_out.is_empty() {
        out.push(("Not counted.".into(), left_out(&summary.left_out)));
    }
    if !shown.drawn && summary.postmortems.len() < ENOUGH {
        out.push((
            "No charts.".into(),
            format!("Fewer than {ENOUGH} incidents are listed: a shape drawn from them would mean nothing."),
        ));
    }
    out.push((
        "Days".into(),
        format!(
            "are those of {}; ~ is an estimate, – is not known.",
            summary.timezone
        ),
    ));
    out
}

/// A definition with what it leaves out.
pub(super) fn sentence(note: &FigureNote) -> String {
    let mut text = note.definition.trim().to_owned();
    if !text.is_empty() && !text.ends_with('.') {
        text.push('.');
    }
    let rest = left_out(&note.left_out);
    if !rest.is_empty() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&rest);
    }
    text
}

fn left_out(all: &[LeftOut]) -> String {
    all.iter()
        .map(|l| l.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
