//! Templates and exports: a plain postmortem in, text out. Pure: the time, the zone, people and images are passed in.
//!
//! [`FORMATS`] is the one list of what a postmortem can be exported as, [`ACTION_FORMATS`] of what a list of action items
//! can be, [`SUMMARY_FORMATS`] of what the summary of a period can be; the command line, the API and the menu read them. docs/formats.md describes the formats.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::derived::Derived;
use model::directory::{Person, Service};
use model::postmortem::{PersonId, Postmortem};

pub mod actions;
mod bar;
pub mod calendar;
pub mod charts;
mod export_templates;
mod html;
mod json;
mod markdown;
mod one_summary;
mod page_words;
mod post;
mod prose;
pub mod reminder;
mod summary;
pub mod templates;
mod tickets;
pub mod words;

pub use actions::{ACTION_FORMATS, ActionFormat, action_format};
pub use export_templates::{EXPORT_PAGES, ExportPage, ExportTemplates, TemplateFault, export_page};
pub use one_summary::{
    ONE_SUMMARY_FORMATS, OneSummaryFormat, OneSummaryOptions, one_summary_format,
};
pub use page_words::page_words;
pub use prose::markdown_html;
pub use summary::{SUMMARY_FORMATS, SummaryFormat, SummaryOptions, summary_format};
pub use tickets::jira_csv;

/// Everything that an export is made from.
pub struct Export<'a> {
    /// What to export.
    pub postmortem: &'a Postmortem,
    /// What was computed from it, with the same names as `people` has.
    pub derived: &'a Derived,
    /// People of the directory. Those that the postmortem names are exported; the others are not.
    pub people: &'a [Person],
    /// Services of the directory; likewise.
    pub services: &'a [Service],
    /// Gives the image with a hash, or nothing when the workspace does not have it.
    pub images: &'a dyn Fn(&str) -> Option<Picture>,
    /// The time of the export, UTC.
    pub now: DateTime<Utc>,
    /// IANA zone for a postmortem that names none, such as the computer's.
    pub zone: &'a str,
    /// The file's name without folder and extension; the folder of images is named after it.
    pub name: &'a str,
    /// The postmortem says roles in the place of names; summaries say so.
    pub roles: bool,
    /// It is kept as a published copy: the post for customers is then no draft, whatever the postmortem still is.
    pub published: bool,
    /// What web pages are laid out by.
    pub templates: ExportTemplates<'a>,
}

/// An image's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`; anything else is not exported.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// An export: one text and the files that belong beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text, which ends with a line break.
    pub text: String,
    /// Files beside it; empty for formats that carry their images inside.
    pub assets: Vec<Asset>,
}

/// A file that belongs beside an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its path from the export's folder: `<name>-images/<hash>.<extension>`, with `/` on every system.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One way to export a postmortem.
#[derive(Clone, Copy)]
pub struct Format {
    /// `md`, `json`, `html`: what `--format` and the API take.
    pub id: &'static str,
    /// As a menu shows it.
    pub name: &'static str,
    /// Extension of the file, without the dot.
    pub extension: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// `import` reads it back to an equal postmortem.
    pub imports_back: bool,
    /// What is rendered is a page that is to be set on paper, as a PDF.
    pub on_paper: bool,
    /// Makes it. Errors: a user's template failed; nothing else can.
    pub render: fn(&Export<'_>) -> Result<Rendered, TemplateFault>,
}

/// What a postmortem can be exported as, in the order of the menu.
pub static FORMATS: &[Format] = &[
    Format {
        id: "md",
        name: "Markdown",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        imports_back: true,
        on_paper: false,
        render: |export| Ok(markdown::render(export)),
    },
    Format {
        id: "html",
        name: "Web page",
        extension: "html",
        mime: "text/html; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: html::render,
    },
    Format {
        id: "json",
        name: "JSON",
        extension: "json",
        mime: "application/json",
        imports_back: true,
        on_paper: false,
        render: |export| Ok(json::render(export)),
    },
    Format {
        id: "pdf",
        name: "PDF",
        extension: "pdf",
        mime: "application/pdf",
        imports_back: false,
        on_paper: true,
        render: html::render,
    },
];

/// What the summary of a postmortem for everyone in the company can be exported as. Their ids begin with `summary-`, so that
/// they can be asked for wherever a format of a postmortem can.
pub static COMPANY_FORMATS: &[Format] = &[
    Format {
        id: "summary-html",
        name: "Summary as a web page",
        extension: "html",
        mime: "text/html; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: one_summary::company_page,
    },
    Format {
        id: "summary-pdf",
        name: "Summary as PDF",
        extension: "pdf",
        mime: "application/pdf",
        imports_back: false,
        on_paper: true,
        render: one_summary::company_page,
    },
    Format {
        id: "summary-md",
        name: "Summary as Markdown",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: one_summary::company_markdown,
    },
];

/// What the post for customers can be exported as. Their ids begin with `post-`, so that they can be asked for wherever a
/// format of a postmortem can.
pub static POST_FORMATS: &[Format] = &[
    Format {
        id: "post-pdf",
        name: "PDF for customers",
        extension: "pdf",
        mime: "application/pdf",
        imports_back: false,
        on_paper: true,
        render: post::html,
    },
    Format {
        id: "post-md",
        name: "Markdown for customers",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: post::markdown,
    },
    Format {
        id: "post-html",
        name: "Web page for customers",
        extension: "html",
        mime: "text/html; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: post::html,
    },
    Format {
        id: "post-txt",
        name: "Plain text for customers",
        extension: "txt",
        mime: "text/plain; charset=utf-8",
        imports_back: false,
        on_paper: false,
        render: post::plain,
    },
    Format {
        id: "post-json",
        name: "Statuspage request",
        extension: "json",
        mime: "application/json",
        imports_back: false,
        on_paper: false,
        render: post::statuspage,
    },
];

/// The format with this id, of a postmortem, its summary for the company, or its post for customers.
pub fn format(id: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .chain(COMPANY_FORMATS)
        .chain(POST_FORMATS)
        .find(|format| format.id == id)
}

/// A name for the file of an export, without extension: `2026-11-10-login-page-outage`. The day is the incident's first in
/// the postmortem's zone (`zone` when it names none); without one, the title alone.
pub fn file_name(postmortem: &Postmortem, derived: &Derived, zone: &str) -> String {
    let zone = if postmortem.timezone.is_empty() {
        zone
    } else {
        &postmortem.timezone
    };
    let mut slug = String::new();
    for c in postmortem.title.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > 60 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    let slug = if slug.is_empty() { "postmortem" } else { slug };
    match derived.starts {
        Some(at) => format!(
            "{}-{slug}",
            model::exchange::clock(at, zone)
                .split(' ')
                .next()
                .unwrap_or_default()
        ),
        None => slug.to_owned(),
    }
}

/// The extension of an image's file, for the kinds that a workspace holds.
pub(crate) fn image_extension(mime: &str) -> Option<&'static str> {
    match mime {
        "image/png" => Some("png"),
        "image/jpeg" => Some("jpg"),
        "image/gif" => Some("gif"),
        "image/webp" => Some("webp"),
        _ => None,
    }
}

/// A hash as the workspace gives them: 64 lower-case hexadecimal digits.
pub(crate) fn is_hash(hash: &str) -> bool {
    hash.len() == 64
        && hash
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl<'a> Export<'a> {
    /// People that the postmortem names, in the order of the directory.
    pub(crate) fn named_people(&self) -> Vec<&'a Person> {
        let p = self.postmortem;
        let mut ids: BTreeSet<&PersonId> = BTreeSet::new();
        ids.extend(&p.review_owner);
        ids.extend(p.participants.iter().filter_map(|row| row.person.as_ref()));
        for action in &p.actions {
            ids.extend(&action.owner);
            ids.extend(&action.helpers);
            ids.extend(action.verified.as_ref().map(|verified| &verified.by));
            ids.extend(action.moves.iter().filter_map(|entry| entry.by.as_ref()));
            ids.extend(action.reopened.iter().filter_map(|entry| entry.by.as_ref()));
        }
        self.people
            .iter()
            .filter(|person| ids.contains(&person.id))
            .collect()
    }

    /// Services that the postmortem names, in the order of the directory.
    pub(crate) fn named_services(&self) -> Vec<&'a Service> {
        self.services
            .iter()
            .filter(|service| self.postmortem.services.contains(&service.id))
            .collect()
    }

    /// The zone that times are shown in on a page.
    pub(crate) fn shown_zone(&self) -> &'a str {
        if self.postmortem.timezone.is_empty() {
            self.zone
        } else {
            &self.postmortem.timezone
        }
    }
}
