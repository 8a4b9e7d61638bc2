//! What a screen of a list of 100,000 action items costs, in groups and narrowed, beside the same questions as bare SQL.

use std::hint::black_box;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::engine::{milliseconds, run};
use crate::programs::Home;
use crate::{Figure, data, median};

const ROUNDS: usize = 25;
/// Rows of the first screen.
const SCREEN: usize = 40;
/// One picture of a display that shows sixty in a second, in milliseconds.
const FRAME: f64 = 16.0;
/// `sort_key` of an item without a due day.
const NO_DUE: i64 = 1_000_000_000;
const COLUMNS: &str = "a.doc_id, p.title, p.severity, a.trashed, a.id, a.number, a.text, a.done_when, a.owner, o.name, a.due, a.priority,
     a.type, a.status, a.settled_at, a.evidence, a.reason, a.verified, a.ticket, a.findings, a.moves, a.reopened, a.evidence_image,
     a.evidence_skipped, a.check_on, o.team, p.services, p.status";
const FROM: &str =
    "action a JOIN postmortem p ON p.doc_id = a.doc_id LEFT JOIN person o ON o.id = a.owner";

/// The first screen in every grouping, and narrowed. Before each question somebody has changed an item, so that no answer is
/// one that was given before.
pub fn actions(home: &Home) -> Vec<Figure> {
    let api = data::open(home);
    let bare =
        Connection::open_with_flags(home.workspace(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the workspace is a database");
    let open = format!("a.sort_key < {}", NO_DUE + 8);
    let rows = |narrowed: &str| {
        format!(
            "SELECT {COLUMNS} FROM {FROM} WHERE {open} AND {narrowed} ORDER BY a.sort_key, a.key LIMIT {SCREEN}"
        )
    };
    let tally = |by: &str, narrowed: &str| {
        format!(
            "SELECT {by}, count(*), min(a.sort_key) FROM action a WHERE {open} AND {narrowed} GROUP BY {by}"
        )
    };
    let narrow = "a.priority IN ('P0', 'P1') AND a.doc_id IN (SELECT doc_id FROM postmortem_service WHERE id IN ('search'))";
    let words = "a.key IN (SELECT m.key FROM search_entry e JOIN action m ON m.doc_id = e.doc_id AND m.id = e.id
         WHERE e.kind = 'action' AND e.key IN (SELECT rowid FROM search WHERE search MATCH '\"alert\" \"billing\"*'))";
    let cases: [(&str, Value, Vec<String>); 7] = [
        (
            "by due day",
            json!({ "group": "due" }),
            vec![tally("a.sort_key / 8 < 5915000", "1"), rows("1")],
        ),
        (
            "by priority",
            json!({ "group": "priority" }),
            vec![tally("a.sort_key & 7", "1"), rows("a.sort_key & 7 = 0")],
        ),
        (
            "by postmortem",
            json!({ "group": "postmortem" }),
            vec![format!("{} ORDER BY 3, 1", tally("a.doc_id", "1")), rows("1")],
        ),
        (
            "by service",
            json!({ "group": "service" }),
            vec![
                format!(
                    "SELECT p.services, sum(n) FROM (SELECT a.doc_id AS doc, count(*) AS n FROM action a WHERE {open} GROUP BY a.doc_id)
                     JOIN postmortem p ON p.doc_id = doc GROUP BY p.services"
                ),
                rows("a.doc_id IN (SELECT doc_id FROM postmortem WHERE services = '[\"billing\"]')"),
            ],
        ),
        (
            "by owner",
            json!({ "group": "owner" }),
            vec![tally("a.owner", "1"), rows("a.owner = ''")],
        ),
        (
            "two priorities of a service, by due day",
            json!({ "group": "due", "priorities": ["P0", "P1"], "services": ["search"] }),
            vec![tally("a.sort_key / 8 < 5915000", narrow), rows(narrow)],
        ),
        (
            "by words, by due day",
            json!({ "group": "due", "query": "alert billing" }),
            vec![tally("a.sort_key / 8 < 5915000", words), rows(words)],
        ),
    ];
    let begin = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    let mut figures = Vec::new();
    for (what, ask) in [
        ("since the start", json!({ "group": "due" })),
        (
            "that looks for words",
            json!({ "group": "due", "query": "alert" }),
        ),
    ] {
        let started = Instant::now();
        black_box(api.call("action_list", ask).expect("the list answers"));
        figures.push(Figure {
            what: format!("    the first list {what} / one frame"),
            ours: milliseconds(started),
            bare: FRAME,
            unit: "ms",
            bar: None,
        });
    }
    let page = api
        .call(
            "action_list",
            json!({ "statuses": ["open"], "limit": ROUNDS }),
        )
        .expect("the list answers");
    let change = |round: usize| {
        let row = &page["rows"][round];
        let priority = if row["priority"] == "P2" { "P3" } else { "P2" };
        let change = json!({ "doc": row["doc"], "id": row["id"], "priority": priority });
        api.call("action_set", change).expect("the item changes");
    };
    for (what, ask, mut statements) in cases {
        // What is settled is counted as well; each round since another day.
        let settled = if what.contains("priorities") {
            narrow
        } else if what.contains("words") {
            words
        } else {
            "1"
        };
        statements.push(format!(
            "SELECT +a.status, count(*) FROM action a WHERE a.sort_key >= {} AND {settled} GROUP BY +a.status",
            NO_DUE + 8
        ));
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let mut request = ask.clone();
            let since = begin.checked_add_days(Days::new(round as u64));
            request["settled_since"] = json!(since);
            request["limit"] = json!(SCREEN);
            change(round);
            let started = Instant::now();
            black_box(api.call("action_list", request).expect("the list answers"));
            ours.push(milliseconds(started));
            let started = Instant::now();
            for statement in &statements {
                run(&bare, statement);
            }
            theirs.push(milliseconds(started));
        }
        let ours = median(ours);
        figures.push(Figure {
            what: format!("100,000 action items {what} / bare SQL"),
            ours,
            bare: median(theirs),
            unit: "ms",
            bar: Some(1.5),
        });
        figures.push(Figure {
            what: "    their first screen / one frame".into(),
            ours,
            bare: FRAME,
            unit: "ms",
            bar: Some(1.0),
        });
    }
    api.close();
    figures
}
