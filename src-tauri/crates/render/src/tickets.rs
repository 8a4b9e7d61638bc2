//! Action items as tickets that are yet to be made: Markdown to paste, and a table that Jira imports.

use model::directory::Person;
use model::list::ActionRow;
use model::postmortem::Priority;
use model::tickets::{self, Draft, Markup, one_line};

use crate::actions::not_a_formula;
use crate::words;

/// What stands before the labels. Jira reads several columns of one name as several values, finds columns by their names
/// and asks for names without punctuation (Atlassian, "Importing data from CSV").
const COLUMNS: [&str; 6] = [
    "Summary",
    "Issue Type",
    "Description",
    "Due Date",
    "Priority",
    "Assignee",
];
const LABELS: usize = 3;

/// Each item below a heading of its own, without links back.
pub fn markdown(rows: &[ActionRow]) -> String {
    let drafts: Vec<Draft> = rows.iter().map(|row| tickets::draft(row, "")).collect();
    tickets::markdown(&drafts)
}

/// RFC 4180 without a byte order mark, which Jira would take for a part of the first column's name. Days are
/// `yyyy-MM-dd`; the import asks for that. Assignees are e-mail addresses where the directory has one, as Jira Cloud finds
/// people by it, else names. Priorities go by the names of Jira's own scheme. `link` is the address of an item for whoever
/// reads the ticket, or empty. No cell is a formula for a spreadsheet.
pub fn jira_csv(
    rows: &[ActionRow],
    people: &[Person],
    link: &dyn Fn(&ActionRow) -> String,
) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory fails only for rows of unequal length, and these are all of one.
    let _ = writer.write_record(COLUMNS.into_iter().chain(["Labels"; LABELS]));
    for row in rows {
        let draft = tickets::draft(row, &link(row));
        let owner = row.owner.as_deref();
        let email = people
            .iter()
            .find(|person| Some(person.id.as_str()) == owner)
            .map(|person| one_line(&person.email))
            .filter(|email| !email.is_empty());
        let cells: [String; COLUMNS.len() + LABELS] = [
            draft.short_title(),
            "Task".into(),
            draft.body(Markup::Wiki),
            row.due.map(|due| due.to_string()).unwrap_or_default(),
            row.priority.map(priority).unwrap_or_default().into(),
            email.unwrap_or_else(|| one_line(&row.owner_name)),
            "postmortem".into(),
            label(row.severity.map(words::name)),
            label(row.action_type.map(words::name)),
        ];
        let _ = writer.write_record(cells.map(not_a_formula));
    }
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Jira's own priorities are Highest, High, Medium, Low and Lowest.
fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "Highest",
        Priority::P1 => "High",
        Priority::P2 => "Medium",
        Priority::P3 => "Low",
    }
}

/// A label of Jira has no spaces.
fn label(name: Option<String>) -> String {
    let name = name.unwrap_or_default();
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> ActionRow {
        serde_json::from_value(serde_json::json!({
            "doc": "d1", "doc_title": "Login, “page” outage", "severity": "SEV2", "trashed": false, "id": "a1", "number": 1,
            "text": text, "done_when": "{code} rings", "owner": "p1", "owner_name": "Mei Chan", "due": "2026-11-25",
            "priority": "P1", "type": "detect", "status": "open", "settled_at": null, "evidence": "", "reason": "",
            "verified": false, "ticket": "",
            "team": "", "services": [], "doc_status": "follow_up", "evidence_image": null, "evidence_skipped": false,
            "check_on": null, "moves": 0, "reopened": 0, "findings": [{"id": "f1", "number": 2, "text": "No\nalarm"}]
        }))
        .expect("a row of the list")
    }

    fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let head = cells(reader.headers().expect("a head"));
        let rows = reader.records().map(|r| cells(&r.expect("a record")));
        (head, rows.collect())
    }

    #[test]
    fn jira_finds_its_columns_and_values() {
        let mei = Person {
            id: "p1".into(),
            name: "Mei Chan".into(),
            email: "mei@example.org".into(),
            ..Person::default()
        };
        let (head, rows) = read(&jira_csv(&[row("Watch the host")], &[mei], &|row| {
            format!("https://debrief.example.org/{}", row.id)
        }));
        assert_eq!(
            head,
            [
                "Summary",
                "Issue Type",
                "Description",
                "Due Date",
                "Priority",
                "Assignee",
                "Labels",
                "Labels",
                "Labels"
            ],
            "the first name has no byte order mark before it, and none has punctuation"
        );
        let [cells] = rows.as_slice() else {
            panic!("one item is one row: {rows:?}");
        };
        assert_eq!(cells[0], "Watch the host", "the summary");
        assert_eq!(
            cells[2],
            "From action item A1 of the postmortem “Login, “page” outage” (SEV2).\nhttps://debrief.example.org/a1\n\n\
             - *Done when:* \\{code} rings\n- *Owner:* Mei Chan\n- *Due:* 2026-11-25\n- *Priority:* P1\n\n*Why:*\n\n- F2: No alarm",
            "Jira's notation, in which a text opens no macro"
        );
        assert_eq!(
            cells[3..],
            [
                "2026-11-25",
                "High",
                "mei@example.org",
                "postmortem",
                "sev2",
                "detect"
            ],
            "day, priority, assignee and labels as Jira takes them"
        );
        let (_, rows) = read(&jira_csv(&[row("x")], &[], &|_| String::new()));
        assert_eq!(rows[0][5], "Mei Chan", "a name where no address is known");
    }

    #[test]
    fn hostile_texts_stay_in_their_cells() {
        let long = "é".repeat(10_000);
        let texts = ["=1+1", "a,b\"c\r\nd", "@x", "\u{202E}abc", "", &long];
        let rows: Vec<ActionRow> = texts.iter().map(|text| row(text)).collect();
        let (head, read) = read(&jira_csv(&rows, &[], &|_| String::new()));
        assert_eq!(read.len(), texts.len(), "no text begins a row of its own");
        assert!(
            read.iter().all(|cells| cells.len() == head.len()),
            "and none a cell"
        );
        let summaries: Vec<&str> = read.iter().map(|cells| cells[0].as_str()).collect();
        assert_eq!(
            summaries[..5],
            [
                "'=1+1",
                "a,b\"c d",
                "'@x",
                "abc",
                "Action item without words yet"
            ],
            "no formula, one line, nothing turned around, never empty"
        );
        assert_eq!(
            summaries[5].chars().count(),
            250,
            "Jira takes 255 characters"
        );
    }
}
