//! The table of postmortems for spreadsheets, and everything for programs.

use model::summary::Summary;
use serde::Serialize;

use super::SummaryOptions;
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

pub(super) fn json(summary: &Summary, _: &SummaryOptions) -> String {
    let file = File {
        format: "debrief-summary/1",
        summary,
    };
    // Every value in it is text, a number or a list of those; none of them can fail to become JSON.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}
