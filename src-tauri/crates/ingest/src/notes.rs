//! Notes of an import, and new ids.

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
            self.notes.push(format!("… and {} more of this kind.", self.more));
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
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())).to_string()
}

/// A slug that is not taken yet: lower-case letters, digits and hyphens.
pub(crate) fn slug(title: &str, taken: &dyn Fn(&str) -> bool) -> String {
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
    let base = if base.is_empty() { "section" } else { base };
    if !taken(base) {
        return base.to_owned();
    }
    (2..).map(|n| format!("{base}-{n}")).find(|id| !taken(id)).unwrap_or_default()
}
