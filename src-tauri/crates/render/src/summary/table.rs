//! The table of postmortems for spreadsheets, and everything for programs.

use chrono::NaiveDate;
use model::summary::Summary;
use model::visibility::Audience;
use serde::Serialize;

use super::SummaryOptions;
use super::page::state;
use crate::actions::{MARK, not_a_formula};
use crate::words;

const COLUMNS: [&str; 20] = [
    "Postmortem",
    "Severity",
    "Status",
    "Services",
    "Date",
    "Detection (s)",
    "Response (s)",
    "Remediation (s)",
    "Whole impact (s)",
    "Estimated",
    "First public word (s)",
    "Customers noticed first",
    "Findings",
    "Action items",
    "Open",
    "Done",
    "Declined",
    "Period from",
    "Period to",
    "Postmortem id",
];

/// One line per postmortem, RFC 4180 with a byte order mark and a header. Lengths are whole seconds, days are
/// `YYYY-MM-DD`, a cell is empty where something is not known. No cell is a formula for a spreadsheet.
pub(super) fn csv(summary: &Summary, _: &SummaryOptions) -> String {
    if summary.scope.audience == Audience::Customers {
        return customers_csv(summary);
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    // Writing to memory fails only for rows of unequal length, and the compiler counts these.
    let _ = writer.write_record(COLUMNS);
    let seconds = |s: Option<i64>| s.map(|s| s.to_string()).unwrap_or_default();
    for row in &summary.postmortems {
        let cells: [String; COLUMNS.len()] = [
            row.title.clone(),
            row.severity.map(words::name).unwrap_or_default(),
            words::name(row.status),
            row.services.join("; "),
            row.date.to_string(),
            seconds(row.detection),
            seconds(row.response),
            seconds(row.remediation),
            seconds(row.total),
            if row.about {
                "yes".into()
            } else {
                String::new()
            },
            seconds(row.first_word),
            match row.customers_first {
                None => String::new(),
                Some(true) => "yes".into(),
                Some(false) => "no".into(),
            },
            row.findings.to_string(),
            row.actions.to_string(),
            row.open.to_string(),
            row.done.to_string(),
            row.declined.to_string(),
            summary.scope.from.to_string(),
            summary.scope.to.to_string(),
            row.doc.clone(),
        ];
        let _ = writer.write_record(cells.map(not_a_formula));
    }
    text_of(writer)
}

/// What the page for customers says, and none of our own columns.
fn customers_csv(summary: &Summary) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    let _ = writer.write_record([
        "Incident",
        "Date",
        "Whole impact (s)",
        "Estimated",
        "Period from",
        "Period to",
    ]);
    for row in &summary.postmortems {
        let cells = [
            row.title.clone(),
            row.date.to_string(),
            row.total
                .map(|seconds| seconds.to_string())
                .unwrap_or_default(),
            if row.about {
                "yes".into()
            } else {
                String::new()
            },
            summary.scope.from.to_string(),
            summary.scope.to.to_string(),
        ];
        let _ = writer.write_record(cells.map(not_a_formula));
    }
    text_of(writer)
}

fn text_of(writer: csv::Writer<Vec<u8>>) -> String {
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    summary: &'a Summary,
}

/// What customers are told of a period.
#[derive(Serialize)]
struct CustomersFile<'a> {
    format: &'static str,
    from: NaiveDate,
    to: NaiveDate,
    period: &'a str,
    made_on: NaiveDate,
    timezone: &'a str,
    title: &'a str,
    sentences: &'a [String],
    incidents: Vec<Incident<'a>>,
    changes: Vec<Change<'a>>,
    focus: Option<Told<'a>>,
}

#[derive(Serialize)]
struct Incident<'a> {
    title: &'a str,
    date: NaiveDate,
    total: Option<i64>,
    about: bool,
}

#[derive(Serialize)]
struct Change<'a> {
    text: &'a str,
    after: &'a str,
    state: &'static str,
}

#[derive(Serialize)]
struct Told<'a> {
    title: &'a str,
    lines: Vec<&'a str>,
}

fn customers_json(summary: &Summary) -> String {
    let file = CustomersFile {
        format: "debrief-summary-customers/1",
        from: summary.scope.from,
        to: summary.scope.to,
        period: &summary.words.period,
        made_on: summary.made_on,
        timezone: &summary.timezone,
        title: &summary.headline.title,
        sentences: &summary.headline.sentences,
        incidents: summary
            .postmortems
            .iter()
            .map(|row| Incident {
                title: &row.title,
                date: row.date,
                total: row.total,
                about: row.about,
            })
            .collect(),
        changes: summary
            .actions
            .items
            .iter()
            .map(|item| Change {
                text: &item.text,
                after: &item.title,
                state: state(item.status),
            })
            .collect(),
        focus: summary.focus.as_ref().map(|focus| Told {
            title: &focus.row.title,
            lines: focus
                .public_updates
                .iter()
                .chain(focus.findings.iter().map(|finding| &finding.text))
                .map(String::as_str)
                .collect(),
        }),
    };
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) fn json(summary: &Summary, _: &SummaryOptions) -> String {
    if summary.scope.audience == Audience::Customers {
        return customers_json(summary);
    }
    let file = File {
        format: "debrief-summary/1",
        summary,
    };
    // Every value in it is text, a number or a list of those; none of them can fail to become JSON.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}
