//! Reads the Markdown export, also after people edited it by hand. Any other Markdown goes to `foreign`.

use chrono::{DateTime, Utc};
use model::directory::Service;
use model::exchange::{END, read_section, split_marks, unescape};
use model::postmortem::Section;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::blocks::{RawSection, outline};
use crate::front_matter::{self, FrontMatter};
use crate::notes::{short, slug};
use crate::rows::Reader;
use crate::{ImportError, Imported, MAX_MARKDOWN_BYTES, foreign, json};

pub(crate) fn read(
    file_name: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    if text.len() > MAX_MARKDOWN_BYTES {
        return Err(ImportError::new(
            "This text is larger than 16 MB; one postmortem is not that long.",
        ));
    }
    let unified;
    let text = if text.contains('\r') {
        unified = text.replace("\r\n", "\n").replace('\r', "\n");
        &unified
    } else {
        text
    };
    let whole = text.trim_end().strip_suffix(END);
    let document = outline(whole.unwrap_or(text));
    let mut front = match document.front_matter {
        Some(source) => front_matter::read(source)?,
        None => FrontMatter::default(),
    };
    match front.take("format") {
        Some(Value::String(format)) if format.starts_with("debrief/") => {
            json::check_version(Some(&format))?;
            own(&document, front, whole.is_some(), now)
        }
        format => foreign::read(file_name, &document, front, format, now),
    }
}

/// What the rows of a section are, by its marker, or by its heading when comments were taken out of the file.
fn rows_of(section: &RawSection<'_>) -> Option<String> {
    let (heading, marks) = split_marks(section.heading);
    if let Some(rows) = marks.get("rows") {
        return Some(rows.clone());
    }
    if marks.contains_key("section") {
        return None;
    }
    let rows = match unescape(&heading).to_lowercase().as_str() {
        "impact figures" => "impact",
        "key times" => "anchors",
        "timeline" => "timeline",
        "findings" => "findings",
        "action items" => "actions",
        "parking lot" => "parking",
        "participants" => "participants",
        "people" => "people",
        _ => return None,
    };
    Some(rows.to_owned())
}

fn own(
    document: &crate::blocks::Outline<'_>,
    front: FrontMatter,
    whole: bool,
    now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    let mut reader = Reader::new(now);
    if !whole {
        reader.notes.add(
            0,
            "The last line of an export is missing, so the file may be cut off. What is there was taken.",
        );
    }
    let owner = head(&mut reader, document, front);
    let preamble = without_computed(&document.preamble.1);
    if !preamble.trim().is_empty() {
        add_section(&mut reader, document.preamble.0, "Introduction", &preamble);
    }
    // What rows refer to comes before them: people, participants, events, action items, findings, and the rest.
    let kinds: Vec<Option<String>> = document.sections.iter().map(rows_of).collect();
    for kind in [
        "people",
        "participants",
        "timeline",
        "actions",
        "findings",
        "anchors",
        "impact",
        "parking",
    ] {
        for (section, _) in document
            .sections
            .iter()
            .zip(&kinds)
            .filter(|(_, k)| k.as_deref() == Some(kind))
        {
            let leftover = reader.rows(kind, section)?;
            if !leftover.trim().is_empty() {
                let title = format!("{}: notes", unescape(&split_marks(section.heading).0));
                add_section(&mut reader, section.line, &title, &leftover);
            }
        }
    }
    let added = std::mem::take(&mut reader.out.postmortem.sections);
    for (section, kind) in document.sections.iter().zip(&kinds) {
        if !is_known(kind.as_deref()) {
            reader.count(section.line)?;
            text_section(&mut reader, section);
        }
    }
    reader.out.postmortem.sections.extend(added);
    if let Some(owner) = owner {
        let id = reader.person_named(0, &owner);
        reader.out.postmortem.review_owner = Some(id);
    }
    reader.finish()
}

fn is_known(kind: Option<&str>) -> bool {
    [
        "people",
        "participants",
        "timeline",
        "actions",
        "findings",
        "anchors",
        "impact",
        "parking",
    ]
    .iter()
    .any(|known| kind == Some(known))
}

/// Takes what the front matter and the title say. Returns the review owner's name.
fn head(
    reader: &mut Reader,
    document: &crate::blocks::Outline<'_>,
    mut front: FrontMatter,
) -> Option<String> {
    let p = &mut reader.out.postmortem;
    p.id = front.take_text("id").unwrap_or_default();
    p.schema = front
        .take_text("schema")
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    p.timezone = front.take_text("timezone").unwrap_or_default();
    p.template = front.take_text("template").unwrap_or_default();
    if let Some(title) = document.title {
        let (title, marks) = split_marks(title);
        p.title = if marks.contains_key("none") && title == "Untitled postmortem" {
            String::new()
        } else {
            unescape(&title)
        };
    }
    p.review_owner = front.take_text("review_owner_id");
    let owner = front
        .take_text("review_owner")
        .filter(|name| !name.is_empty());
    p.tags = front
        .take_list("tags")
        .iter()
        .map(front_matter::text)
        .collect();
    for value in front.take_list("services") {
        let field = |key: &str| value.get(key).map(front_matter::text);
        let (id, name) = match &value {
            Value::Object(_) => (field("id").unwrap_or_default(), field("name")),
            other => (front_matter::text(other), None),
        };
        if let Some(name) = name {
            let id = if id.is_empty() {
                slug(&name)
            } else {
                id.clone()
            };
            reader.out.services.push(Service {
                id: id.clone(),
                name,
            });
        }
        reader.out.postmortem.services.push(id);
    }
    if let Some(text) = front.take_text("severity").filter(|text| !text.is_empty()) {
        reader.out.postmortem.severity = word(&text);
        if reader.out.postmortem.severity.is_none() {
            reader.notes.add(
                0,
                &format!(
                    "“{}” is not a severity (SEV1 to SEV5); it was left out.",
                    short(&text)
                ),
            );
        }
    }
    if let Some(text) = front.take_text("status").filter(|text| !text.is_empty()) {
        match word(&text) {
            Some(status) => reader.out.postmortem.status = status,
            None => reader.notes.add(
                0,
                &format!(
                    "“{}” is not a status; the postmortem is a draft.",
                    short(&text)
                ),
            ),
        }
    }
    let rest: Vec<String> = front
        .rest()
        .iter()
        .map(|(key, value)| format!("{key}: {}", front_matter::text(value)))
        .collect();
    if !rest.is_empty() {
        add_section(reader, 2, "Front matter", &rest.join("\n"));
    }
    owner
}

/// A word as people write it ("In progress", "SEV2") for the word on the wire.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Option<T> {
    let lower = text.trim().to_lowercase().replace([' ', '-'], "_");
    let upper = lower.to_uppercase();
    [lower, upper]
        .into_iter()
        .find_map(|word| serde_json::from_value(Value::String(word)).ok())
}

/// The lines that the export computed are not anybody's words.
fn without_computed(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in text.split('\n') {
        if line.starts_with("<!-- computed") {
            inside = true;
        } else if line.starts_with("<!-- /computed") {
            inside = false;
        } else if !inside {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn text_section(reader: &mut Reader, section: &RawSection<'_>) {
    let (heading, marks) = split_marks(section.heading);
    let title = if marks.contains_key("none") && heading == "Untitled section" {
        String::new()
    } else {
        unescape(&heading)
    };
    let id = match marks.get("section") {
        Some(id) if reader.section_ids.insert(id) => id.clone(),
        Some(_) => {
            reader.notes.add(
                section.line,
                &format!(
                    "The section “{}” stood there twice; both were kept.",
                    short(&title)
                ),
            );
            reader.section_ids.make(&title)
        }
        None => {
            reader.notes.add(
                section.line,
                &format!("“{}” was added as a section.", short(&title)),
            );
            reader.section_ids.make(&title)
        }
    };
    reader.out.postmortem.sections.push(Section {
        id,
        title,
        text: read_section(section.body),
    });
}

/// Keeps words that have no other place as a section of their own, and says so.
pub(crate) fn add_section(reader: &mut Reader, line: usize, title: &str, text: &str) {
    reader.notes.add(
        line,
        &format!(
            "What stands there was kept as the section “{}”.",
            short(title)
        ),
    );
    let id = reader.section_ids.make(title);
    reader.out.postmortem.sections.push(Section {
        id,
        title: title.to_owned(),
        text: text.trim_matches('\n').to_owned(),
    });
}
