//! Every text of a summary that people wrote, for roles in the place of names.

use std::collections::HashMap;

use super::{FocusFinding, Summary};
use crate::anonymise::Place;
use crate::postmortem::{DocId, RowKind};

/// Where a text of a summary is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextOf {
    /// The postmortem.
    pub doc: DocId,
    /// The field of it, as people call it.
    pub place: Place,
}

impl Summary {
    /// Puts every text that people wrote through `rewrite`, which is told where the text is from. Names of
    /// services, tags and themes stay: they are words of the workspace and not of one review.
    pub fn rewrite_texts(&mut self, rewrite: &mut dyn FnMut(&TextOf, &str) -> String) {
        // A title stands in many places and is rewritten once.
        let titles: HashMap<DocId, String> = self
            .postmortems
            .iter()
            .map(|row| {
                let at = own(&row.doc, "title", "Title");
                (row.doc.clone(), rewrite(&at, &row.title))
            })
            .collect();
        let retitle = |doc: &DocId, title: &mut String| {
            if let Some(new) = titles.get(doc) {
                title.clone_from(new);
            }
        };
        let mut text = |at: &TextOf, text: &mut String| *text = rewrite(at, text);
        for row in &mut self.postmortems {
            retitle(&row.doc, &mut row.title);
        }
        for month in &mut self.months.months {
            for incident in &mut month.incidents {
                retitle(&incident.doc, &mut incident.label);
            }
        }
        for strip in self
            .durations
            .iter_mut()
            .chain([&mut self.first_word.strip])
        {
            for dot in &mut strip.dots {
                retitle(&dot.doc, &mut dot.label);
            }
        }
        for item in &mut self.actions.items {
            retitle(&item.doc, &mut item.title);
            text(
                &action(&item.doc, item.number, &item.id, "text"),
                &mut item.text,
            );
        }
        for item in &mut self.declined.items {
            retitle(&item.doc, &mut item.title);
            text(
                &action(&item.doc, item.number, &item.id, "text"),
                &mut item.text,
            );
            text(
                &action(&item.doc, item.number, &item.id, "reason"),
                &mut item.reason,
            );
        }
        for theme in &mut self.themes.themes {
            for example in &mut theme.examples {
                retitle(&example.doc, &mut example.title);
                text(&finding(&example.doc, example.number), &mut example.text);
            }
        }
        for item in &mut self.recurring.items {
            let at = action(&item.earlier.doc, item.action.number, "", "text");
            text(&at, &mut item.action.text);
            for side in [&mut item.earlier, &mut item.later] {
                retitle(&side.doc, &mut side.title);
                text(&finding(&side.doc, side.number), &mut side.text);
            }
        }
        if let Some(focus) = &mut self.focus {
            let doc = focus.row.doc.clone();
            retitle(&doc, &mut focus.row.title);
            text(&own(&doc, "text", "Summary"), &mut focus.text);
            for FocusFinding {
                number,
                text: found,
                ..
            } in &mut focus.findings
            {
                text(&finding(&doc, *number), found);
            }
            for item in &mut focus.actions {
                retitle(&doc, &mut item.title);
                text(&action(&doc, item.number, &item.id, "text"), &mut item.text);
            }
            for update in &mut focus.public_updates {
                text(&own(&doc, "text", "Public update"), update);
            }
        }
    }
}

/// A field of the document's own.
fn own(doc: &DocId, field: &str, label: &str) -> TextOf {
    TextOf {
        doc: doc.clone(),
        place: Place {
            rows: None,
            id: String::new(),
            field: field.to_owned(),
            label: label.to_owned(),
        },
    }
}

fn finding(doc: &DocId, number: Option<u32>) -> TextOf {
    row(doc, RowKind::Findings, ("F", number), "", "text")
}

fn action(doc: &DocId, number: Option<u32>, id: &str, field: &str) -> TextOf {
    row(doc, RowKind::Actions, ("A", number), id, field)
}

fn row(
    doc: &DocId,
    rows: RowKind,
    (letter, number): (&str, Option<u32>),
    id: &str,
    field: &str,
) -> TextOf {
    TextOf {
        doc: doc.clone(),
        place: Place {
            rows: Some(rows),
            id: id.to_owned(),
            field: field.to_owned(),
            label: number.map_or_else(|| letter.to_owned(), |number| format!("{letter}{number}")),
        },
    }
}
