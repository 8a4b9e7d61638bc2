//! The summary of a period for a web page, a Markdown file, a spreadsheet or a program. What is in it was computed and
//! filtered for its audience before ([`model::summary::Summary`]); here it is only laid out.

mod charts;
mod markdown;
mod notes;
mod page;
mod table;

pub(crate) use page::{page_style, state};

use model::summary::{ENOUGH, Summary};
use model::visibility::Audience;
use serde::{Deserialize, Serialize};

use crate::{ExportTemplates, TemplateFault};

/// What the reader of a summary is to find in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SummaryOptions {
    /// The charts, with their figures as tables.
    pub charts: bool,
    /// What was learned, and what came back.
    pub findings: bool,
    /// How old the open action items are, and what was declined.
    pub open_actions: bool,
    /// The table of postmortems.
    pub postmortems: bool,
    /// The texts were given roles in place of names before; the page says so.
    pub roles: bool,
}

impl Default for SummaryOptions {
    fn default() -> Self {
        Self {
            charts: true,
            findings: true,
            open_actions: true,
            postmortems: true,
            roles: false,
        }
    }
}

/// One way to export the summary of a period.
#[derive(Clone, Copy)]
pub struct SummaryFormat {
    /// `html`, `md`, `csv`, `json`: what `--format` and the API take.
    pub id: &'static str,
    /// As a menu shows it.
    pub name: &'static str,
    /// Extension of the file, without the dot.
    pub extension: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// Makes it. The options do not bear on spreadsheets and JSON, which hold everything, and the templates on the web page
    /// alone. Errors: a user's template failed.
    pub render:
        fn(&Summary, &SummaryOptions, &ExportTemplates<'_>) -> Result<String, TemplateFault>,
}

/// What the summary of a period can be exported as, in the order of the menu.
pub static SUMMARY_FORMATS: &[SummaryFormat] = &[
    SummaryFormat {
        id: "html",
        name: "Web page",
        extension: "html",
        mime: "text/html; charset=utf-8",
        render: page::html,
    },
    SummaryFormat {
        id: "md",
        name: "Markdown",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        render: |summary, options, _| Ok(markdown::markdown(summary, options)),
    },
    SummaryFormat {
        id: "csv",
        name: "Spreadsheet (CSV)",
        extension: "csv",
        mime: "text/csv; charset=utf-8",
        render: |summary, options, _| Ok(table::csv(summary, options)),
    },
    SummaryFormat {
        id: "json",
        name: "JSON",
        extension: "json",
        mime: "application/json",
        render: |summary, options, _| Ok(table::json(summary, options)),
    },
];

/// The format with this id.
pub fn summary_format(id: &str) -> Option<&'static SummaryFormat> {
    SUMMARY_FORMATS.iter().find(|format| format.id == id)
}

/// Which parts a summary has: what its audience reads, less what was not asked for.
struct Shown {
    /// Charts are drawn: there are enough incidents for a shape.
    drawn: bool,
    counts: bool,
    durations: bool,
    findings: bool,
    ages: bool,
    risks: bool,
    declined: bool,
    facts: bool,
    focus: bool,
    rows: bool,
    customers: bool,
}

impl Shown {
    fn new(summary: &Summary, options: &SummaryOptions) -> Self {
        let audience = summary.scope.audience;
        let company = audience == Audience::Company;
        let executives = audience == Audience::Executives;
        let enough = summary.postmortems.len() >= ENOUGH;
        Self {
            drawn: enough && options.charts,
            counts: company && enough && options.charts,
            durations: (company || executives) && enough && options.charts,
            findings: company && options.findings,
            ages: company && options.open_actions,
            risks: executives && options.open_actions,
            declined: (company || executives) && options.open_actions,
            facts: company,
            // Executives read one page.
            focus: !executives,
            rows: (company && options.postmortems) || (executives && !enough),
            customers: audience == Audience::Customers,
        }
    }
}

/// "Made with Debrief, 16 November 2026".
fn made(summary: &Summary) -> String {
    format!("Made with Debrief, {}", summary.made_on.format("%-d %B %Y"))
}

/// What stands where people could have been named.
fn roles(options: &SummaryOptions) -> &'static str {
    if options.roles {
        "Roles are used instead of names"
    } else {
        ""
    }
}

/// Drafts among what was counted, as a sentence; empty when there are none, and for customers, whom our papers do not concern.
fn drafts(summary: &Summary) -> String {
    if summary.scope.audience == Audience::Customers {
        return String::new();
    }
    let all = summary.postmortems.len();
    match summary.headline.drafts {
        0 => String::new(),
        1 if all == 1 => "The postmortem is a draft and may still change.".into(),
        1 => format!("One of the {all} postmortems is a draft and may still change."),
        n => format!("{n} of the {all} postmortems are drafts and may still change."),
    }
}

/// What the period was narrowed to; empty when nothing was.
fn limits(summary: &Summary) -> Vec<String> {
    let (scope, words) = (&summary.scope, &summary.words);
    let mut parts: Vec<String> = Vec::new();
    if !scope.services.is_empty() {
        parts.push(format!("that affected {}", words.services));
    }
    if !scope.severities.is_empty() {
        parts.push(format!("of {}", words.severities));
    }
    if !scope.tags.is_empty() {
        parts.push(format!("tagged {}", words.tags));
    }
    if !scope.postmortems.is_empty() {
        parts.push(format!("of {}", words.postmortems));
    }
    if parts.is_empty() {
        return Vec::new();
    }
    vec![format!("Only incidents {}.", parts.join(", "))]
}

/// How a day is shown: with its year unless the whole period lies in one, which the head of the page names.
fn day(summary: &Summary, day: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    let format = if summary.scope.from.year() == summary.scope.to.year()
        && day.year() == summary.scope.to.year()
    {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    day.format(format).to_string()
}

/// A length in a table: "~20 min" for an estimate, a dash for what is not known.
fn length(seconds: Option<i64>, about: bool) -> String {
    match seconds {
        None => "–".into(),
        Some(_) if about => format!("~{}", crate::words::duration(seconds)),
        Some(_) => crate::words::duration(seconds),
    }
}

/// "3 of 7 open" as its column shows it.
fn open_of(row: &model::summary::SummaryRow) -> String {
    match row.actions {
        0 => "none yet".into(),
        all => format!("{} of {all}", row.open),
    }
}

/// A note that a list stops before its end; empty when it does not.
fn and_more(shown: usize, total: usize, one: &str, many: &str) -> String {
    match total.saturating_sub(shown) {
        0 => String::new(),
        1 => format!("And 1 more {one}."),
        n => format!("And {n} more {many}."),
    }
}

fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
