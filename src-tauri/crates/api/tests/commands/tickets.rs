//! Trackers, drafts of tickets, and tickets that are pasted back.

use api::ErrorCode;
use serde_json::{Value, json};

use super::{Desk, rows, text};

fn jira() -> Value {
    json!({ "kind": "jira", "name": "Ops", "base": "https://acme.atlassian.net/browse/OPS-1", "project": "10000",
            "issue_type": "10001", "pattern": "OPS-#" })
}

#[test]
fn trackers_are_kept_changed_and_forgotten() {
    let desk = Desk::new();
    let saved = desk.ok("tracker_save", jira());
    assert_eq!(
        saved["base"], "https://acme.atlassian.net",
        "the address is cut back to where issues are made"
    );
    let trackers = || desk.ok("directory", json!({}))["directory"]["trackers"].clone();
    assert_eq!(
        trackers(),
        json!([saved]),
        "everybody in the workspace gets it"
    );
    let mut changed = saved.clone();
    changed["name"] = json!("Operations");
    desk.ok("tracker_save", changed.clone());
    assert_eq!(trackers()[0]["name"], "Operations", "it has another name");
    desk.fails(
        "tracker_save",
        json!({ "kind": "github", "name": "operations", "base": "https://github.com/a/b" }),
        ErrorCode::Invalid,
        "already",
    );
    for (base, told) in [
        ("javascript:alert(1)", "https://"),
        ("https://me:secret@github.com/a/b", "password"),
        ("https://github.com/acme", "repository"),
    ] {
        let error = desk.fails(
            "tracker_save",
            json!({ "kind": "github", "name": "Login", "base": base }),
            ErrorCode::Invalid,
            told,
        );
        assert_eq!(
            error.field.as_deref(),
            Some("base"),
            "the field is named for {base}"
        );
    }
    desk.fails(
        "tracker_save",
        json!({ "id": "nobody", "kind": "github", "name": "Login", "base": "https://github.com/a/b" }),
        ErrorCode::NotFound,
        "any more",
    );
    desk.ok("tracker_remove", json!({ "id": saved["id"] }));
    assert_eq!(trackers(), json!([]), "it is gone");
    desk.fails(
        "tracker_remove",
        json!({ "id": saved["id"] }),
        ErrorCode::NotFound,
        "any more",
    );
}

#[test]
fn a_draft_has_a_page_of_every_tracker() {
    let desk = Desk::new();
    desk.demo();
    let all = desk.ok("action_list", json!({}));
    let row = rows(&all)[0].clone();
    let item =
        json!({ "doc": row["doc"], "id": row["id"], "link": "https://debrief.example.org/#/x" });
    let draft = desk.ok("ticket_draft", item.clone());
    assert_eq!(draft["issues"], json!([]), "no tracker, no page");
    let markdown = text(&draft["markdown"]);
    for part in [
        format!("## {}", text(&row["text"])),
        format!("A{}", row["number"]),
        "https://debrief.example.org/#/x".into(),
        text(&row["findings"][0]["text"]),
    ] {
        assert!(
            markdown.contains(&part),
            "the ticket says {part:?}: {markdown}"
        );
    }
    desk.ok("tracker_save", jira());
    desk.ok(
        "tracker_save",
        json!({ "kind": "github", "name": "Login", "base": "https://github.com/acme/login" }),
    );
    let draft = desk.ok("ticket_draft", item);
    let begins: Vec<bool> = rows_at(&draft, "issues")
        .iter()
        .zip([
            "https://github.com/acme/login/issues/new?",
            "https://acme.atlassian.net/secure/CreateIssueDetails!init.jspa?pid=10000&",
        ])
        .map(|(issue, begins)| text(&issue["address"]).starts_with(begins))
        .collect();
    assert_eq!(begins, [true, true], "each its own page, by name: {draft}");
    desk.fails(
        "ticket_draft",
        json!({ "doc": row["doc"], "id": "gone" }),
        ErrorCode::NotFound,
        "no longer",
    );
}

#[test]
fn findings_for_the_review_alone_are_in_no_ticket() {
    let desk = Desk::new();
    let doc = desk.demo();
    let all = desk.ok("action_list", json!({}));
    let row = rows(&all)[0].clone();
    let finding = text(&row["findings"][0]["id"]);
    let told = text(&row["findings"][0]["text"]);
    let room = desk.api.live(&doc).expect("the postmortem opens");
    room.edit("", |postmortem| {
        for found in &mut postmortem.findings {
            if found.id == finding {
                found.visibility = model::postmortem::Visibility::Room;
            }
        }
        Ok::<_, api::ApiError>(())
    })
    .expect("it is hidden");
    let items = json!([{ "doc": row["doc"], "id": row["id"] }]);
    let draft = desk.ok("ticket_draft", items[0].clone());
    assert!(!text(&draft["markdown"]).contains(&told), "not in a draft");
    for format in ["md", "jira-csv"] {
        let made = desk.ok(
            "tickets_export",
            json!({ "items": items, "format": format }),
        );
        assert!(!text(&made["text"]).contains(&told), "not in {format}");
    }
}

#[test]
fn many_items_are_exported_in_the_order_asked_for() {
    let desk = Desk::new();
    desk.demo();
    let all = desk.ok("action_list", json!({}));
    let mut wanted: Vec<Value> = rows(&all)[..3]
        .iter()
        .map(|row| json!({ "doc": row["doc"], "id": row["id"], "link": "" }))
        .collect();
    wanted.reverse();
    wanted.push(json!({ "doc": rows(&all)[0]["doc"], "id": "gone", "link": "" }));
    let made = desk.ok(
        "tickets_export",
        json!({ "items": wanted, "format": "jira-csv" }),
    );
    assert_eq!(
        made["file_name"], "2026-11-16-tickets.csv",
        "a name that says what it is"
    );
    let csv = text(&made["text"]);
    let places: Vec<Option<usize>> = (0..3)
        .rev()
        .map(|at| csv.find(text(&rows(&all)[at]["text"]).get(..20).unwrap_or_default()))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "the order of the list on the screen: {csv}"
    );
    desk.fails(
        "tickets_export",
        json!({ "items": wanted, "format": "csv" }),
        ErrorCode::Invalid,
        "md or jira-csv",
    );
    desk.fails(
        "tickets_export",
        json!({ "items": [], "format": "md" }),
        ErrorCode::NotFound,
        "no longer",
    );
}

#[test]
fn pasted_tickets_are_matched_and_nothing_is_changed() {
    let desk = Desk::new();
    desk.demo();
    desk.ok("tracker_save", jira());
    let all = desk.ok("action_list", json!({}));
    let items: Vec<Value> = rows(&all)[..3]
        .iter()
        .map(|row| json!({ "doc": row["doc"], "id": row["id"] }))
        .collect();
    let pasted = format!(
        "ops-301 {}\nOPS-302 A{}\nhttps://acme.atlassian.net/browse/OPS-303\n",
        text(&rows(&all)[1]["text"]).to_uppercase(),
        rows(&all)[0]["number"],
    );
    let found = desk.ok("tickets_match", json!({ "text": pasted, "items": items }));
    let told: Vec<Value> = rows_at(&found, "tickets")
        .iter()
        .map(|ticket| json!([ticket["ticket"], ticket["item"], ticket["how"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["OPS-301", 1, "words"]),
            json!(["OPS-302", 0, "number"]),
            json!(["https://acme.atlassian.net/browse/OPS-303", 2, "order"]),
        ],
        "by the words, by the number, and what is left over"
    );
    assert_eq!(
        desk.ok("action_list", json!({})),
        all,
        "people look at it before anything is written"
    );
    desk.fails(
        "tickets_match",
        json!({ "text": "x".repeat(100_001), "items": items }),
        ErrorCode::Invalid,
        "too long",
    );
}

fn rows_at(value: &Value, key: &str) -> Vec<Value> {
    value[key].as_array().cloned().unwrap_or_default()
}
