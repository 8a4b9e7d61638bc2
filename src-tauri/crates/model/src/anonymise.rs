//! Roles instead of names: a postmortem in which nobody can be read, and a list of what was replaced.
//!
//! Everybody whom the participants' list or the directory knows is found by full name, first and last name, short name,
//! handle, mention, e-mail address, initials and their genitives, and called by their role in the review instead. Names in
//! code and in addresses stay, because changing them would break them; they are listed. So is everything that only a
//! person can judge: words that are names and not names, names that nobody knows, somebody's own life.
//!
//! What is not handled: nicknames that the directory does not have, names that markup cuts in two (`Ca**thy**`), names
//! in pictures, whole words that describe somebody ("the only one who was in the office"), a second verb behind a pronoun.
//! Pronouns and articles are English; in other languages the names go, too, but the sentences suffer.

mod address;
mod find;
mod fold;
mod judge;
mod look;
mod mask;
mod names;
mod phrase;
mod pronouns;
mod report;
mod roles;
mod sentence;
mod trie;
mod whole;
mod words;

use serde::Serialize;
use ts_rs::TS;

pub use names::Known;
pub use report::{Look, LookKind, Place, Replacement, Report};
pub use roles::Roles;
pub use whole::{Anonymised, Options, anonymise, anonymise_known};

/// Why a replacement is worth a look; nothing when it is certain.
type Unsure = Option<&'static str>;

/// A text with roles instead of names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnonymousText {
    /// The text.
    pub text: String,
    /// The names that were replaced, by place.
    pub changes: Vec<Change>,
    /// What else is worth a look, by place.
    pub looks: Vec<TextLook>,
    /// How many pronouns and verbs were mended.
    pub mended: usize,
}

/// One name that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Change {
    /// Bytes from the start of the text as it was.
    pub start: usize,
    /// Bytes from the start of the text as it was.
    pub end: usize,
    /// What stood there.
    pub what: String,
    /// What stands there instead; empty where the words around say it already.
    pub by: String,
    /// Why it is worth a look.
    pub unsure: Option<String>,
}

/// One place to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TextLook {
    /// Bytes from the start of the text as it was.
    pub start: usize,
    /// Bytes from the start of the text as it was.
    pub end: usize,
    /// What stands there.
    pub what: String,
    /// Why.
    pub kind: LookKind,
}

/// One text with roles instead of names, for texts that stand by themselves such as a line of a summary.
pub fn anonymise_text(text: &str, roles: &Roles<'_>) -> AnonymousText {
    let mut ordinary = look::Ordinary::default();
    ordinary.read(text);
    rewrite(text, roles, &ordinary, false)
}

/// Rewrites a text. `about` says that it is about somebody even where nobody is named in it, as a line of the timeline is
/// about who acted.
fn rewrite(text: &str, roles: &Roles<'_>, ordinary: &look::Ordinary, about: bool) -> AnonymousText {
    let reading = find::read(text, roles);
    let looks = look::places(&reading, roles, ordinary);
    let mut edits = phrase::edits(&reading, roles);
    // Pronouns go from the paragraph on in which somebody is named; before that, they mean nobody who was.
    let from = match (about, edits.first()) {
        (true, _) => Some(0),
        (false, Some(first)) => Some(
            text.get(..first.start)
                .and_then(|before| before.rfind("\n\n"))
                .unwrap_or_default(),
        ),
        (false, None) => None,
    };
    if let Some(from) = from {
        edits.extend(pronouns::edits(&reading, from));
    }
    edits.sort_by_key(|edit| (edit.start, edit.name.is_none(), edit.end));
    let mut out = AnonymousText::default();
    let mut at = 0;
    for edit in edits {
        let Some(kept) = text.get(at..edit.start) else {
            // A pronoun inside words that went with a name.
            continue;
        };
        out.text.push_str(kept);
        out.text.push_str(&edit.by);
        at = edit.end;
        match edit.name {
            Some((start, end)) => out.changes.push(Change {
                start,
                end,
                what: text.get(start..end).unwrap_or_default().to_owned(),
                by: edit.by.trim().to_owned(),
                unsure: edit.unsure.map(str::to_owned),
            }),
            None => out.mended += 1,
        }
    }
    out.text.push_str(text.get(at..).unwrap_or_default());
    out.looks = looks
        .into_iter()
        .map(|seen| TextLook {
            start: seen.start,
            end: seen.end,
            what: text
                .get(seen.start..seen.end)
                .unwrap_or_default()
                .to_owned(),
            kind: seen.kind,
        })
        .collect();
    out
}
