//! Notes of an import, and new ids.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// More notes than a person reads are counted instead.
const MAX_NOTES: usize = 40;

/// Sentences about what could not be taken as it was.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    notes: Vec<String>,
    more: usize,
}

impl Notes {
    /// Adds a sentence about a line; 0 for none.
    pub(crate) fn add(&mut self, line: usize, text: &str) {
        if self.notes.len() >= MAX_NOTES {
            self.more += 1;
        } else if line == 0 {
            self.notes.push(text.to_owned());
        } else {
            self.notes.push(format!("Line {line}: {text}"));
        }
    }

    /// All of them.
    pub(crate) fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.notes
                .push(format!("… and {} more of this kind.", self.more));
        }
        self.notes
    }
}

/// The first words of a text, for a note.
pub(crate) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut out: String = line.chars().take(60).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// A new id that carries the time, so that ids sort by their making.
pub(crate) fn new_id(now: DateTime<Utc>) -> String {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
    .to_string()
}

/// Ids of sections that are taken.
#[derive(Debug, Default)]
pub(crate) struct SectionIds {
    taken: HashSet<String>,
    next: HashMap<String, usize>,
}

impl SectionIds {
    /// Takes this id; false when it was taken before.
    pub(crate) fn insert(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    /// Makes and takes an id for a heading.
    pub(crate) fn make(&mut self, title: &str) -> String {
        let base = slug(title);
        if self.insert(&base) {
            return base;
        }
        loop {
            // Counting on from the last one keeps many equal headings linear.
            let n = self.next.entry(base.clone()).or_insert(1);
            *n += 1;
            let id = format!("{base}-{n}");
            if self.insert(&id) {
                return id;
            }
        }
    }
}

/// Lower-case letters, digits and hyphens.
pub(crate) fn slug(title: &str) -> String {
    let mut base = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            base.push(c);
        } else if !base.ends_with('-') && !base.is_empty() {
            base.push('-');
        }
        if base.len() > 60 {
            break;
        }
    }
    let base = base.trim_matches('-');
    if base.is_empty() {
        "section".into()
    } else {
        base.to_owned()
    }
}
