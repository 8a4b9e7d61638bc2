//! Reads the JSON export.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use model::directory::{Person, Service};
use model::postmortem::Postmortem;
use serde::Deserialize;
use serde_json::Value;

use crate::{ImportError, Imported, ImportedImage, MAX_ROWS, image_hash};

/// The newest version that this program reads.
const VERSION: u64 = 1;
/// More values than a postmortem of 20,000 rows has.
const MAX_VALUES: usize = 1_500_000;
const MAX_OBJECTS: usize = 150_000;
const MAX_DEPTH: usize = 32;

/// More links between rows than 20,000 rows have.
const MAX_LINKS: usize = 100_000;

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: Value,
}

#[derive(Deserialize)]
struct File {
    postmortem: Postmortem,
    #[serde(default)]
    people: Vec<Person>,
    #[serde(default)]
    services: Vec<Service>,
    #[serde(default)]
    images: BTreeMap<String, Image>,
}

#[derive(Deserialize)]
struct Image {
    mime: String,
    base64: String,
}

pub(crate) fn read(
    _file_name: &str,
    text: &str,
    _now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    bounds(text)?;
    // A list could be taken for the members of an object, one after the other.
    if text.trim_start().starts_with('[') {
        check_version(None)?;
    }
    let head: Head = serde_json::from_str(text).map_err(|error| match error.is_data() {
        true => check_version(None)
            .err()
            .unwrap_or_else(|| broken(&error, "")),
        false => broken(&error, ""),
    })?;
    check_version(head.format.as_str())?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let file: File = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| broken(error.inner(), &error.path().to_string()))?;
    let p = &file.postmortem;
    let rows =
        p.timeline.len() + p.findings.len() + p.actions.len() + p.impact.len() + p.parking.len();
    if rows + p.participants.len() + p.sections.len() > MAX_ROWS {
        return Err(ImportError::new(
            "This file has more than 20,000 rows; one postmortem cannot hold them.",
        ));
    }
    let links = p
        .findings
        .iter()
        .map(|row| row.events.len() + row.actions.len());
    let helpers = p.actions.iter().map(|row| row.helpers.len());
    if links.chain(helpers).sum::<usize>() > MAX_LINKS {
        return Err(ImportError::new(
            "This file has more than 100,000 links between its rows; one postmortem cannot hold them.",
        ));
    }
    let mut notes = Vec::new();
    let mut images = Vec::new();
    for (hash, image) in file.images {
        let bytes = STANDARD.decode(image.base64.as_bytes()).unwrap_or_default();
        if image_hash(&bytes) == hash {
            images.push(ImportedImage {
                hash,
                mime: image.mime,
                bytes,
            });
        } else {
            notes.push(format!(
                "The image {} is damaged and was left out.",
                crate::notes::short(&hash)
            ));
        }
    }
    Ok(Imported {
        postmortem: file.postmortem,
        people: file.people,
        services: file.services,
        notes,
        images,
        image_files: Vec::new(),
    })
}

/// Says whether a format's name is one that this program reads.
pub(crate) fn check_version(format: Option<&str>) -> Result<(), ImportError> {
    let Some(version) = format.and_then(|format| format.strip_prefix("debrief/")) else {
        return Err(ImportError::new(
            "This JSON is not a postmortem that Debrief exported: its \"format\" should be \"debrief/1\".",
        ));
    };
    match version.parse::<u64>() {
        Ok(1..=VERSION) => Ok(()),
        Ok(_) => Err(ImportError::new(format!(
            "This file was exported by a newer Debrief (format debrief/{version}); this one reads debrief/1. Please update Debrief."
        ))),
        Err(_) => Err(ImportError::new(
            "The \"format\" of this file is not one that Debrief knows: it should be \"debrief/1\".",
        )),
    }
}

/// What is wrong in a file, in the words of a person: where a value stands, and what it should be.
fn broken(error: &serde_json::Error, path: &str) -> ImportError {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    let sentence = match error.classify() {
        serde_json::error::Category::Eof => "The file ends too early; it looks cut off.".to_owned(),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
            "This is not valid JSON from here on.".to_owned()
        }
        serde_json::error::Category::Data => {
            let place = match path {
                "" | "." => "A value",
                path => path,
            };
            match reason.strip_prefix("missing field `") {
                Some(field) => format!("“{}” is missing.", field.trim_end_matches('`')),
                None => format!("{place} is not what it should be{}.", wanted(reason)),
            }
        }
    };
    if error.line() == 0 {
        ImportError::new(sentence)
    } else {
        ImportError::at(error.line(), sentence)
    }
}

/// What the parser expected, where a person can make something of it.
fn wanted(reason: &str) -> String {
    let Some((found, expected)) = reason.split_once(", expected ") else {
        return String::new();
    };
    if let Some(word) = found.strip_prefix("unknown variant ") {
        let words = expected.trim_start_matches("one of ").replace('`', "");
        return format!(": “{}” is none of {words}", word.trim_matches('`'));
    }
    let kind = match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a formatted date string" => "a day such as 2026-11-30",
        "an RFC 3339 formatted date and time string" => "a time such as 2026-11-10T16:05:00Z",
        "u32" => "a whole number",
        expected if expected.starts_with("struct ") || expected == "a map" => "an object",
        _ => return String::new(),
    };
    format!(": {kind} belongs there")
}

/// Counts what a parser would have to make before it makes it: a small file can ask for much memory.
fn bounds(text: &str) -> Result<(), ImportError> {
    let (mut values, mut objects, mut depth) = (0usize, 0usize, 0usize);
    let mut in_string = false;
    let mut line = 1;
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'\n' => line += 1,
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b',' => values += 1,
            b'{' | b'[' => {
                objects += 1;
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(ImportError::at(
                line,
                "This JSON is nested deeper than any postmortem.",
            ));
        }
        if values > MAX_VALUES || objects > MAX_OBJECTS {
            return Err(ImportError::at(
                line,
                "This file has more rows than one postmortem can hold (20,000).",
            ));
        }
    }
    Ok(())
}
