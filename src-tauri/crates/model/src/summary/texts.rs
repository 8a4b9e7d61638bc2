//! Every text of a summary that people wrote, for roles in the place of names.

use std::collections::HashMap;

use super::Summary;
use crate::postmortem::DocId;

impl Summary {
    /// Puts every text that people wrote through `rewrite`, which is told the postmortem that the text belongs to. Names of
    /// services, tags and themes stay: they are words of the workspace and not of one review.
    pub fn rewrite_texts(&mut self, rewrite: &mut dyn FnMut(&DocId, &str) -> String) {
        // A title stands in many places and is rewritten once.
        let titles: HashMap<DocId, String> = self
            .postmortems
            .iter()
            .map(|row| (row.doc.clone(), rewrite(&row.doc, &row.title)))
            .collect();
        let retitle = |doc: &DocId, title: &mut String| {
            if let Some(new) = titles.get(doc) {
                title.clone_from(new);
            }
        };
        let mut text = |doc: &DocId, text: &mut String| *text = rewrite(doc, text);
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
            text(&item.doc, &mut item.text);
        }
        for item in &mut self.declined.items {
            retitle(&item.doc, &mut item.title);
            text(&item.doc, &mut item.text);
            text(&item.doc, &mut item.reason);
        }
        for theme in &mut self.themes.themes {
            for example in &mut theme.examples {
                retitle(&example.doc, &mut example.title);
                text(&example.doc, &mut example.text);
            }
        }
        for item in &mut self.recurring.items {
            text(&item.earlier.doc, &mut item.action.text);
            for side in [&mut item.earlier, &mut item.later] {
                retitle(&side.doc, &mut side.title);
                text(&side.doc, &mut side.text);
            }
        }
        if let Some(focus) = &mut self.focus {
            let doc = focus.row.doc.clone();
            retitle(&doc, &mut focus.row.title);
            text(&doc, &mut focus.text);
            for finding in &mut focus.findings {
                text(&doc, &mut finding.text);
            }
            for item in &mut focus.actions {
                retitle(&doc, &mut item.title);
                text(&doc, &mut item.text);
            }
            for update in &mut focus.public_updates {
                text(&doc, update);
            }
        }
    }
}
