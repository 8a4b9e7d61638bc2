//! Imports: a file's text in, a plain postmortem out. Pure: the name, the text and the time are passed in; nothing is read
//! or written. docs/formats.md describes what is understood.
//!
//! Nothing that people wrote is lost: what has no place of its own becomes a section or stays in the text of its row, and
//! a note says so. Every step takes time linear in the text, and what cannot be an export or a document is refused with a
//! sentence.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use model::directory::{Person, Service};
use model::postmortem::{PersonId, Postmortem};
use sha2::{Digest, Sha256};

mod blocks;
mod foreign;
mod front_matter;
mod json;
mod markdown;
mod notes;
mod rows;
mod times;

/// The largest text that is read as Markdown: 16 MiB.
pub const MAX_MARKDOWN_BYTES: usize = 16 * 1024 * 1024;
/// The largest file of any kind: 256 MiB, for JSON with images inside.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;
/// The most rows (events, findings, action items, …) of one postmortem.
pub const MAX_ROWS: usize = 20_000;
/// The most people, and the most services, that one file may bring.
pub const MAX_PEOPLE: usize = 2_000;

/// One way to import a postmortem.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// `md`, `json`.
    pub id: &'static str,
    /// As a menu shows it.
    pub name: &'static str,
    /// Extensions of its files, without the dot.
    pub extensions: &'static [&'static str],
    read: fn(&str, &str, DateTime<Utc>) -> Result<Imported, ImportError>,
}

/// What can be imported.
pub const FORMATS: &[Format] = &[
    Format {
        id: "md",
        name: "Markdown",
        extensions: &["md", "markdown", "txt"],
        read: markdown::read,
    },
    Format {
        id: "json",
        name: "JSON",
        extensions: &["json"],
        read: json::read,
    },
];

/// What a file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The postmortem. Its id is the exported one; empty when the file had none.
    pub postmortem: Postmortem,
    /// People that it names. Those of an export have their ids; the others have new ones.
    pub people: Vec<Person>,
    /// Services that it names.
    pub services: Vec<Service>,
    /// What could not be taken as it was, as sentences for a person.
    pub notes: Vec<String>,
    /// Images that were inside the file. Each one's bytes have its hash.
    pub images: Vec<ImportedImage>,
    /// Images that lie beside the file.
    pub image_files: Vec<ImageFile>,
}

/// An image that was inside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedImage {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// What the file says it is.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An image that a Markdown file refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFile {
    /// The hash that its bytes must have.
    pub hash: String,
    /// Its path from the file's folder, with `/`; never absolute and never through a parent folder.
    pub path: String,
}

/// Why a file was refused. Nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The line, from 1, where there is one.
    pub line: Option<u32>,
    /// What is wrong and what would be right, as a sentence.
    pub message: String,
}

impl ImportError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            line: None,
            message: message.into(),
        }
    }

    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        Self {
            line: u32::try_from(line).ok(),
            message: message.into(),
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for ImportError {}

/// Reads a file's text. Its name tells the format where the text does not, and names a document without a title. New ids
/// carry the time `now`, UTC.
///
/// # Errors
/// A sentence, with the line where there is one, when the text is empty, too large, not text, broken, or of a newer Debrief,
/// and when something in it is longer than a document holds.
pub fn import(file_name: &str, text: &str, now: DateTime<Utc>) -> Result<Imported, ImportError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        return Err(ImportError::new(
            "This file is larger than 256 MB; a postmortem is not that large.",
        ));
    }
    if text.trim().is_empty() {
        return Err(ImportError::new("This file is empty."));
    }
    if let Some(at) = text.find('\0') {
        return Err(ImportError::at(
            line_of(text, at),
            "This is not a text file; Markdown or JSON would be right.",
        ));
    }
    let format = format_of(file_name, text)?;
    let imported = (format.read)(file_name, text, now)?;
    for (many, what) in [
        (imported.people.len(), "people"),
        (imported.services.len(), "services"),
    ] {
        if many > MAX_PEOPLE {
            return Err(ImportError::new(format!(
                "This file names {many} {what}; one postmortem brings at most 2,000."
            )));
        }
    }
    match model::bounds::too_much(&imported.postmortem).first() {
        Some(place) => Err(ImportError::new(format!("{place} Nothing was imported."))),
        None => Ok(imported),
    }
}

/// The name that the workspace gives an image: the SHA-256 of its bytes, in hexadecimal digits.
pub fn image_hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a file's bytes, as UTF-8 or as UTF-16 with a byte order mark. Check the file's size against [`MAX_BYTES`] before
/// reading it.
///
/// # Errors
/// As [`import`], and when the bytes are not text.
pub fn import_bytes(
    file_name: &str,
    bytes: &[u8],
    now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::new(
            "This file is larger than 256 MB; a postmortem is not that large.",
        ));
    }
    let utf16 = |order: fn([u8; 2]) -> u16| {
        let units = bytes
            .get(2..)
            .unwrap_or_default()
            .chunks_exact(2)
            .map(|pair| match pair {
                [a, b] => order([*a, *b]),
                _ => 0,
            });
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .ok()
    };
    match bytes {
        [0xFF, 0xFE, ..] => match utf16(u16::from_le_bytes) {
            Some(text) => import(file_name, &text, now),
            None => Err(ImportError::new(
                "This file begins like UTF-16 text and is not; please save it as UTF-8.",
            )),
        },
        [0xFE, 0xFF, ..] => match utf16(u16::from_be_bytes) {
            Some(text) => import(file_name, &text, now),
            None => Err(ImportError::new(
                "This file begins like UTF-16 text and is not; please save it as UTF-8.",
            )),
        },
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => import(file_name, text, now),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = good.iter().filter(|b| **b == b'\n').count() + 1;
                Err(ImportError::at(
                    line,
                    "This is not UTF-8 text. If it is text, please save it as UTF-8.",
                ))
            }
        },
    }
}

/// Replaces people of a postmortem, for an import into a workspace that knows them under other ids. Helpers are put in
/// order again.
pub fn rename_people(postmortem: &mut Postmortem, to: &BTreeMap<PersonId, PersonId>) {
    let rename = |id: &mut PersonId| {
        if let Some(new) = to.get(id) {
            id.clone_from(new);
        }
    };
    postmortem.review_owner.iter_mut().for_each(rename);
    postmortem
        .participants
        .iter_mut()
        .filter_map(|row| row.person.as_mut())
        .for_each(rename);
    for action in &mut postmortem.actions {
        action.owner.iter_mut().for_each(rename);
        action.helpers.iter_mut().for_each(rename);
        action.helpers.sort();
        action.helpers.dedup();
        action
            .verified
            .iter_mut()
            .map(|verified| &mut verified.by)
            .for_each(rename);
        let moved = action.moves.iter_mut().map(|entry| &mut entry.by);
        let reopened = action.reopened.iter_mut().map(|entry| &mut entry.by);
        moved.chain(reopened).flatten().for_each(rename);
    }
}

fn format_of(file_name: &str, text: &str) -> Result<&'static Format, ImportError> {
    let extension = file_name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .unwrap_or_default();
    if let Some(format) = FORMATS
        .iter()
        .find(|format| format.extensions.contains(&extension.as_str()))
    {
        return Ok(format);
    }
    let id = if text.trim_start().starts_with('{') {
        "json"
    } else {
        "md"
    };
    let looks_like_html = text
        .trim_start()
        .get(..9)
        .is_some_and(|s| s.eq_ignore_ascii_case("<!doctype"));
    if looks_like_html || ["html", "htm", "pdf", "docx", "csv", "ics"].contains(&extension.as_str())
    {
        return Err(ImportError::new(
            "This kind of file cannot be imported; Markdown (.md) or JSON (.json) would be right.",
        ));
    }
    FORMATS
        .iter()
        .find(|format| format.id == id)
        .ok_or_else(|| ImportError::new("This kind of file cannot be imported."))
}

/// The line, from 1, that a byte stands in.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(at)
        .filter(|b| **b == b'\n')
        .count()
        + 1
}
