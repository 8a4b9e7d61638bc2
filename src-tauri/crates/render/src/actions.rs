//! Lists of action items for spreadsheets, programs and calendars.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};
use model::directory::Person;
use model::list::ActionRow;
use model::postmortem::ActionStatus;
use serde::Serialize;

use crate::{tickets, words};

/// One way to export a list of action items.
#[derive(Clone, Copy)]
pub struct ActionFormat {
    /// `csv`, `json`, `ics`, `md`, `jira-csv`: what `--format` takes.
    pub id: &'static str,
    /// As a menu shows it.
    pub name: &'static str,
    /// Extension of the file, without the dot.
    pub extension: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// Each item becomes a ticket of another program: findings that are for the review alone stay out.
    pub tickets: bool,
    /// Makes it from the rows, in their order, and the people of the directory; the time of the export is UTC.
    pub render: fn(&[ActionRow], &[Person], DateTime<Utc>) -> String,
}

/// What a list of action items can be exported as.
pub static ACTION_FORMATS: &[ActionFormat] = &[
    ActionFormat {
        id: "csv",
        name: "Spreadsheet (CSV)",
        extension: "csv",
        mime: "text/csv; charset=utf-8",
        tickets: false,
        render: csv,
    },
    ActionFormat {
        id: "json",
        name: "JSON",
        extension: "json",
        mime: "application/json",
        tickets: false,
        render: json,
    },
    ActionFormat {
        id: "ics",
        name: "Calendar",
        extension: "ics",
        mime: "text/calendar; charset=utf-8",
        tickets: false,
        render: ics,
    },
    ActionFormat {
        id: "md",
        name: "Tickets (Markdown)",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        tickets: true,
        render: |rows, _, _| tickets::markdown(rows),
    },
    ActionFormat {
        id: "jira-csv",
        name: "Tickets for Jira's import (CSV)",
        extension: "csv",
        mime: "text/csv; charset=utf-8",
        tickets: true,
        render: |rows, people, _| tickets::jira_csv(rows, people, &|_| String::new()),
    },
];

/// The format with this id.
pub fn action_format(id: &str) -> Option<&'static ActionFormat> {
    ACTION_FORMATS.iter().find(|format| format.id == id)
}

const COLUMNS: [&str; 22] = [
    "Postmortem",
    "Severity",
    "Number",
    "Action item",
    "Done when",
    "Owner",
    "Due",
    "Priority",
    "Type",
    "Status",
    "Settled",
    "Evidence",
    "Reason",
    "Verified",
    "Look again on",
    "Times moved",
    "Times opened again",
    "Ticket",
    "Findings",
    "Postmortem id",
    "Action id",
    "In trash",
];

/// Spreadsheets read a file without a byte order mark in the computer's old encoding.
pub(crate) const MARK: &str = "\u{FEFF}";

/// RFC 4180, with a byte order mark and a header. No cell is a formula for a spreadsheet: one that would begin like a formula gets an apostrophe.
fn csv(rows: &[ActionRow], _people: &[Person], _now: DateTime<Utc>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    // Writing to memory fails only for rows of unequal length, and the compiler counts these.
    let _ = writer.write_record(COLUMNS);
    for row in rows {
        let findings: Vec<String> = row
            .findings
            .iter()
            .map(|f| finding_label(f.number, &f.text))
            .collect();
        let cells: [String; COLUMNS.len()] = [
            row.doc_title.clone(),
            row.severity.map(words::name).unwrap_or_default(),
            row.number.map(|n| format!("A{n}")).unwrap_or_default(),
            row.text.clone(),
            row.done_when.clone(),
            row.owner_name.clone(),
            row.due.map(|due| due.to_string()).unwrap_or_default(),
            row.priority.map(words::name).unwrap_or_default(),
            row.action_type.map(words::name).unwrap_or_default(),
            words::name(row.status),
            row.settled_at
                .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
                .unwrap_or_default(),
            row.evidence.clone(),
            row.reason.clone(),
            yes(row.verified),
            row.check_on.map(|day| day.to_string()).unwrap_or_default(),
            row.moves.to_string(),
            row.reopened.to_string(),
            row.ticket.clone(),
            findings.join("\n"),
            row.doc.clone(),
            row.id.clone(),
            yes(row.trashed),
        ];
        let _ = writer.write_record(cells.map(not_a_formula));
    }
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

fn yes(value: bool) -> String {
    if value { "yes".into() } else { String::new() }
}

fn finding_label(number: Option<u32>, text: &str) -> String {
    match number {
        Some(number) => format!("F{number} {text}"),
        None => text.to_owned(),
    }
}

/// Spreadsheets run what begins with one of these, also after spaces and in full width.
pub(crate) fn not_a_formula(cell: String) -> String {
    let first = cell
        .trim_start_matches([' ', '\u{A0}', '\u{FEFF}', '\u{200B}', '\u{3000}', '\n'])
        .chars()
        .next();
    let starts_like_one = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '|' | '%' | '＝' | '＋' | '－' | '＠')
    ) || cell.starts_with('\n');
    if starts_like_one {
        format!("'{cell}")
    } else {
        cell
    }
}

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    exported_at: DateTime<Utc>,
    actions: &'a [ActionRow],
}

fn json(rows: &[ActionRow], _people: &[Person], now: DateTime<Utc>) -> String {
    let file = File {
        format: "debrief-actions/1",
        exported_at: now.trunc_subsecs(0),
        actions: rows,
    };
    // Every value in it is text, a number or a list of those; none of them can fail to become JSON.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// One whole-day entry for each item that is open and has a due day. Its id is the item's, so that a calendar that takes the
/// file again moves the entry instead of adding one.
fn ics(rows: &[ActionRow], _people: &[Person], now: DateTime<Utc>) -> String {
    let mut calendar = calendar("Action items");
    for mut event in rows.iter().filter_map(|row| event(row, now)) {
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// An empty calendar of action items.
pub(crate) fn calendar(name: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Debrief//Action items//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.append_property(Property::new("X-WR-CALNAME", printable(name)));
    calendar
}

/// The whole-day entry of an item that is open and has a due day.
pub(crate) fn event(row: &ActionRow, now: DateTime<Utc>) -> Option<Event> {
    let (Some(due), ActionStatus::Open | ActionStatus::InProgress) = (row.due, row.status) else {
        return None;
    };
    let mut about = vec![format!("From: {}", row.doc_title)];
    let fields = [
        ("Owner", &row.owner_name),
        ("Done when", &row.done_when),
        ("Ticket", &row.ticket),
    ];
    about.extend(
        fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}: {value}")),
    );
    about.extend(
        row.findings
            .iter()
            .map(|f| finding_label(f.number, &f.text)),
    );
    let mut event = Event::new();
    event
        .uid(&printable(&format!("{}-{}@debrief", row.doc, row.id)))
        .timestamp(now)
        .summary(&printable(&row.text))
        .description(
            &about
                .iter()
                .map(|line| printable(line))
                .collect::<Vec<_>>()
                .join("\n"),
        )
        .starts(due)
        .add_property("TRANSP", "TRANSPARENT");
    if let Some(next) = due.checked_add_signed(Duration::days(1)) {
        event.ends(next);
    }
    Some(event)
}

/// One line without control characters: a calendar's lines must not be broken from inside.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use model::list::FindingRef;

    use super::*;

    fn row(text: &str) -> ActionRow {
        let json = serde_json::json!({
            "doc": "d1", "doc_title": "Login page outage", "severity": "SEV2", "trashed": false, "id": "a1", "number": 1,
            "text": text, "done_when": "", "owner": null, "owner_name": "Mei", "team": "", "services": [], "doc_status": "follow_up", "due": "2026-11-25", "priority": "P1",
            "type": "detect", "status": "open", "settled_at": null, "evidence": "", "evidence_image": null,
            "evidence_skipped": false, "reason": "", "check_on": null, "moves": 0, "reopened": 0, "verified": false,
            "ticket": "OPS-212", "findings": []
        });
        let mut row: ActionRow = serde_json::from_value(json).expect("a row of the list");
        row.findings = Vec::<FindingRef>::new();
        row
    }

    fn now() -> DateTime<Utc> {
        "2026-11-16T10:00:00Z".parse().expect("a constant")
    }

    #[test]
    fn no_cell_is_a_formula() {
        let table = [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("  =1", "'  =1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("|cmd", "'|cmd"),
            ("a=1", "a=1"),
            ("10", "10"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(
                not_a_formula(text.into()),
                expected,
                "a spreadsheet must show {text:?}, not run it"
            );
        }
        let hostile = ["=HYPERLINK(\"http://x\")", "a,b", "say \"x\"", "two\nlines"];
        let rows: Vec<ActionRow> = hostile.iter().map(|text| row(text)).collect();
        let text = csv(&rows, &[], now());
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let read: Vec<String> = reader
            .records()
            .map(|r| r.expect("a record")[3].to_owned())
            .collect();
        let expected = [
            "'=HYPERLINK(\"http://x\")",
            "a,b",
            "say \"x\"",
            "two\nlines",
        ];
        assert_eq!(
            read, expected,
            "commas, quotes and line breaks must survive RFC 4180 quoting"
        );
        assert!(
            text.starts_with("\u{FEFF}Postmortem,") && text.contains("\r\n"),
            "RFC 4180 asks for CRLF: {text:?}"
        );
    }

    #[test]
    fn calendars_hold_open_items_with_a_due_day_and_no_broken_lines() {
        let mut done = row("finished");
        done.status = ActionStatus::Done;
        let mut undated = row("undated");
        undated.due = None;
        let rows = [
            row("Watch the host\r\nEND:VCALENDAR, again; and \\ again"),
            done,
            undated,
        ];
        let text = ics(&rows, &[], now());
        assert_eq!(
            text.matches("BEGIN:VEVENT").count(),
            1,
            "settled and undated items are no deadlines: {text}"
        );
        assert_eq!(
            text.matches("\nEND:VCALENDAR").count(),
            1,
            "a title must not end the calendar: {text}"
        );
        assert!(
            text.contains("DTSTART;VALUE=DATE:20261125"),
            "the due day is a whole day: {text}"
        );
        assert!(
            text.contains("DTSTAMP:20261116T100000Z"),
            "the time is passed in, not read: {text}"
        );
        assert!(
            text.contains("UID:d1-a1@debrief"),
            "the same item must keep its entry: {text}"
        );
    }

    #[test]
    fn formats_have_unique_ids_and_all_run() {
        for format in ACTION_FORMATS {
            let text = (format.render)(&[row("x")], &[], now());
            assert_eq!(
                text.contains("OPS-212"),
                !format.tickets,
                "{} must carry the ticket, unless it is to become one: {text}",
                format.id
            );
            assert!(
                std::ptr::eq(action_format(format.id).expect("listed"), format),
                "ids must be unique"
            );
        }
    }
}
