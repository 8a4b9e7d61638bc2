//! What was replaced and what to look at, for a last look before something leaves.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AnonymousText;
use crate::postmortem::RowKind;

/// What was replaced in a postmortem, and what to look at before it leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "RolesReport")]
pub struct Report {
    /// Every name that was replaced, in the order of the document.
    pub replacements: Vec<Replacement>,
    /// What only a person can judge, in the order of the document.
    pub looks: Vec<Look>,
    /// What holds for the whole of it, a sentence each.
    pub warnings: Vec<String>,
    /// Names that were replaced.
    pub names: usize,
    /// Fields in which they stood.
    pub places: usize,
    /// Pronouns, and verbs behind them, that were mended.
    pub mended: usize,
}

/// A field of a postmortem.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(rename = "RolesPlace")]
pub struct Place {
    /// The list that its row stands in; absent for the document's own fields and its sections.
    pub rows: Option<RowKind>,
    /// Id of the row or of the section; empty for the document's own fields.
    pub id: String,
    /// The field, named as in the snapshot: `text`, `done_when`, `owner`.
    pub field: String,
    /// As people call it: `F3`, `16:10`, `Summary`.
    pub label: String,
}

/// One name that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "RolesReplacement")]
pub struct Replacement {
    /// Where.
    pub place: Place,
    /// What stood there.
    pub what: String,
    /// What stands there instead; empty where the words around say it already.
    pub by: String,
    /// Bytes from the start of the field's text as it was.
    pub start: usize,
    /// Bytes from the start of the field's text as it was.
    pub end: usize,
    /// Why it is worth a look; absent when it is certain.
    pub unsure: Option<String>,
}

/// Why a place is worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(rename = "RolesLookKind")]
#[serde(rename_all = "snake_case")]
pub enum LookKind {
    /// A name, as it seems, of somebody whom neither the participants' list nor the directory knows.
    UnknownName,
    /// A word that is somebody's name, too, and reads as the word here.
    Word,
    /// A service that is called as somebody is.
    Service,
    /// A name in code.
    Code,
    /// A name in the address of a page.
    Address,
    /// A name in a ticket's key or address.
    Ticket,
    /// An e-mail address of somebody unknown.
    Mail,
    /// Capitals that are somebody's initials, too.
    Initials,
    /// Somebody's own life: health, family, time off.
    Personal,
}

impl LookKind {
    /// Why, in a sentence.
    pub fn why(self) -> &'static str {
        match self {
            Self::UnknownName => "This may be the name of somebody who is not in the directory.",
            Self::Word => "This is somebody's name, too; here it reads as the word and was left.",
            Self::Service => "A service has this name, so it was left; somebody is called so, too.",
            Self::Code => "A name stands in code, where nothing is replaced.",
            Self::Address => "A name stands in an address, where nothing is replaced.",
            Self::Ticket => "A name stands in a ticket, where nothing is replaced.",
            Self::Mail => "This is the address of somebody who is not in the directory.",
            Self::Initials => "These are somebody's initials, too; they were left.",
            Self::Personal => "This tells of somebody's own life. Does it have to go along?",
        }
    }
}

/// One place to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "RolesLook")]
pub struct Look {
    /// Why.
    pub kind: LookKind,
    /// Where.
    pub place: Place,
    /// What stands there.
    pub what: String,
    /// Bytes from the start of the field's text as it was.
    pub start: usize,
    /// Bytes from the start of the field's text as it was.
    pub end: usize,
    /// Why, in a sentence.
    pub why: String,
}

impl Report {
    /// `Replaced 14 names in 9 places; 3 places to look at.`
    pub fn sentence(&self) -> String {
        let count = |count: usize, one: &str, many: &str| match count {
            0 => format!("no {many}"),
            1 => format!("1 {one}"),
            many_of => format!("{many_of} {many}"),
        };
        let replaced = match self.names {
            0 => "Replaced no names".to_owned(),
            names => format!(
                "Replaced {} in {}",
                count(names, "name", "names"),
                count(self.places, "place", "places")
            ),
        };
        let unsure = self
            .replacements
            .iter()
            .filter(|replacement| replacement.unsure.is_some())
            .count();
        format!(
            "{replaced}; {} to look at.",
            count(self.looks.len() + unsure, "place", "places")
        )
    }

    /// The whole report to read, a line for each place.
    pub fn readable(&self) -> String {
        let mut out = format!("{}\n", self.sentence());
        for warning in &self.warnings {
            let _ = writeln!(out, "\n{warning}");
        }
        if !self.replacements.is_empty() {
            out.push_str("\nReplaced\n");
        }
        for replacement in &self.replacements {
            let by = match replacement.by.is_empty() {
                true => "nothing",
                false => &replacement.by,
            };
            let _ = write!(
                out,
                "  {}: “{}” by “{}”",
                replacement.place.named(),
                one_line(&replacement.what),
                one_line(by)
            );
            if let Some(why) = &replacement.unsure {
                let _ = write!(out, ". {why}");
            }
            out.push('\n');
        }
        if !self.looks.is_empty() {
            out.push_str("\nTo look at\n");
        }
        for look in &self.looks {
            let _ = writeln!(
                out,
                "  {}: “{}”. {}",
                look.place.named(),
                one_line(&look.what),
                look.why
            );
        }
        out
    }

    /// Takes in what was done to a text that stands by itself.
    pub fn add(&mut self, place: &Place, text: &AnonymousText) {
        let replaced = text.changes.iter().map(|change| Replacement {
            place: place.clone(),
            what: change.what.clone(),
            by: change.by.clone(),
            start: change.start,
            end: change.end,
            unsure: change.unsure.clone(),
        });
        self.replacements.extend(replaced);
        let looks = text.looks.iter().map(|look| Look {
            kind: look.kind,
            place: place.clone(),
            what: look.what.clone(),
            start: look.start,
            end: look.end,
            why: look.kind.why().to_owned(),
        });
        self.looks.extend(looks);
        self.mended += text.mended;
        self.count();
    }

    /// Counts what it lists.
    pub(super) fn count(&mut self) {
        self.names = self.replacements.len();
        let places: BTreeSet<&Place> = self
            .replacements
            .iter()
            .map(|replacement| &replacement.place)
            .collect();
        self.places = places.len();
    }
}

impl Place {
    /// As people call it, with the field where it is not the row's text.
    fn named(&self) -> String {
        match self.field.as_str() {
            "text" | "" => self.label.clone(),
            field if self.rows.is_some() => {
                format!("{}, {}", self.label, field.replace('_', " "))
            }
            _ => self.label.clone(),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
