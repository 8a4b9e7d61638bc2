//! Postmortems, the example, versions and histories.

use std::collections::BTreeSet;

use api::{ApiError, ErrorCode};
use serde_json::json;

use super::{Desk, rows, text};

#[test]
fn postmortems_come_and_go() {
    let desk = Desk::new();
    let me = desk.set_me("Ada Okoye");
    let service = desk.ok("service_save", json!({ "name": "Log in" }));
    assert_eq!(
        service["id"], "log-in",
        "a service's id is its first name's slug"
    );
    let made = desk.ok(
        "postmortem_new",
        json!({ "template": "sre-postmortem", "title": "Mail", "severity": "SEV1", "timezone": "Asia/Tokyo", "services": ["log-in"] }),
    );
    let got = desk.ok("postmortem_get", made.clone());
    assert_eq!(
        (&got["title"], &got["severity"], &got["timezone"]),
        (&json!("Mail"), &json!("SEV1"), &json!("Asia/Tokyo")),
        "as asked"
    );
    assert_eq!(
        got["participants"][0]["person"],
        json!(me),
        "whoever starts it takes part"
    );
    assert_eq!(
        got["participants"][0]["role"], "facilitator",
        "and prepares it"
    );
    let derived = desk.ok("postmortem_derived", made.clone());
    assert!(
        derived["checks"]
            .as_array()
            .is_some_and(|checks| !checks.is_empty()),
        "what is missing is said: {derived}"
    );
    assert_eq!(derived["trashed"], false, "it is where people write");
    desk.fails(
        "postmortem_new",
        json!({ "template": "no-such" }),
        ErrorCode::NotFound,
        "no template",
    );
    desk.fails(
        "postmortem_new",
        json!({ "timezone": "Mars/Olympus" }),
        ErrorCode::Invalid,
        "not a time zone",
    );
    desk.fails(
        "postmortem_new",
        json!({ "services": ["no-such"] }),
        ErrorCode::Invalid,
        "no service",
    );
    desk.fails(
        "postmortem_new",
        json!({ "title": "x".repeat(100_001) }),
        ErrorCode::Invalid,
        "100,000",
    );
    desk.fails(
        "postmortem_new",
        json!({ "severity": "SEV9" }),
        ErrorCode::Invalid,
        "SEV9",
    );
    for doc in [
        "no-such",
        "directory",
        "",
        "'; DROP TABLE document; --",
        &"x".repeat(300),
    ] {
        let code = if doc.len() > 200 {
            ErrorCode::Invalid
        } else {
            ErrorCode::NotFound
        };
        desk.fails("postmortem_get", json!({ "doc": doc }), code, "");
    }
    let listed = desk.ok("postmortem_list", json!({ "severities": ["SEV1"] }));
    assert_eq!(rows(&listed).len(), 1, "it is listed");
    desk.fails(
        "postmortem_list",
        json!({ "query": "x".repeat(1_001) }),
        ErrorCode::Invalid,
        "1,000",
    );
    desk.fails(
        "postmortem_list",
        json!({ "severities": "SEV1" }),
        ErrorCode::Invalid,
        "cannot be read",
    );

    desk.fails(
        "postmortem_erase",
        made.clone(),
        ErrorCode::Refused,
        "trash",
    );
    desk.ok("postmortem_trash", made.clone());
    let derived = desk.ok("postmortem_derived", made.clone());
    assert_eq!(
        derived["trashed"], true,
        "a page that shows it learns where it lies"
    );
    assert_eq!(
        desk.ok("postmortem_list", json!({}))["total"],
        0,
        "it is in the trash"
    );
    assert_eq!(
        desk.ok("postmortem_list", json!({ "trashed": true }))["total"],
        1,
        "where it is listed"
    );
    desk.ok("postmortem_restore", made.clone());
    assert_eq!(
        desk.ok("postmortem_list", json!({}))["total"],
        1,
        "and comes back"
    );
    desk.ok("postmortem_trash", made.clone());
    desk.ok("postmortem_erase", made.clone());
    desk.fails("postmortem_get", made.clone(), ErrorCode::NotFound, "");
    desk.fails("postmortem_restore", made, ErrorCode::NotFound, "");
    let other = desk.ok("postmortem_new", json!({}));
    desk.ok("postmortem_trash", other.clone());
    desk.fails(
        "trash_empty",
        json!({ "docs": [] }),
        ErrorCode::Conflict,
        "moved to the trash meanwhile",
    );
    desk.ok("trash_empty", json!({ "docs": [other["doc"]] }));
    assert_eq!(
        desk.ok("postmortem_list", json!({ "trashed": true }))["total"],
        0,
        "the trash is empty"
    );
}

#[test]
fn the_example_can_be_made_again() {
    let desk = Desk::new();
    let doc = desk.demo();
    assert_eq!(
        desk.ok("session", json!({}))["first_run"],
        false,
        "something has been written"
    );
    let open = desk.ok("postmortem_open_actions", json!({ "doc": doc }));
    assert_eq!(
        open["actions"].as_array().map(Vec::len),
        Some(10),
        "what it would leave open is told"
    );
    desk.ok("postmortem_trash", json!({ "doc": doc }));
    let action = rows(&desk.ok("action_list", json!({})))[0].clone();
    assert_eq!(
        action["trashed"], true,
        "its action items are not lost silently"
    );
    let set = json!({ "doc": doc, "id": action["id"], "status": "done" });
    desk.fails("action_set", set, ErrorCode::Refused, "trash");
    assert_ne!(desk.demo(), doc, "asked for again, it is another one");
    let directory = desk.ok("directory", json!({}));
    let names: Vec<String> = directory["directory"]["people"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| text(&p["name"]))
        .collect();
    let unique: BTreeSet<&String> = names.iter().collect();
    assert_eq!(unique.len(), names.len(), "its people are added once");
}

#[test]
fn the_example_of_a_year_is_fifteen_postmortems() {
    let desk = Desk::new();
    let doc = desk.ok("demo_new", json!({ "year": true }))["doc"].clone();
    let listed = desk.ok("postmortem_list", json!({}));
    let titles: BTreeSet<String> = rows(&listed)
        .iter()
        .map(|row| text(&row["title"]))
        .collect();
    assert_eq!(titles.len(), 15, "fifteen different ones: {titles:?}");
    let newest = &rows(&listed)[0];
    assert_eq!(
        (&newest["id"], &newest["title"]),
        (&doc, &json!("Login page outage")),
        "it answers with the newest, which is on top of the list"
    );
    let actions = desk.ok("action_list", json!({ "limit": 1000 }));
    assert_eq!(rows(&actions).len(), 77, "with what was agreed in each");
    desk.ok("demo_new", json!({ "year": true }));
    let listed = desk.ok("postmortem_list", json!({}));
    assert_eq!(
        rows(&listed).len(),
        30,
        "asked for again, it makes fifteen others"
    );
    let people = desk.ok("directory", json!({}))["directory"]["people"].clone();
    assert_eq!(
        people.as_array().map(Vec::len),
        Some(17),
        "of the same people"
    );
}

#[test]
fn customers_get_a_post_of_their_own() {
    let desk = Desk::new();
    let doc = desk.demo();
    let asked = json!({ "doc": doc });
    let drafted = desk.ok("customer_post", asked.clone());
    assert_eq!(
        drafted["post"]["summary"]["edited"], false,
        "it begins as a draft"
    );
    assert_eq!(
        drafted["post"]["updates"].as_array().map(Vec::len),
        Some(2),
        "with what customers were told"
    );
    assert_eq!(
        drafted["title"][0]["kind"], "outage",
        "the title is looked at, too"
    );
    desk.ok("customer_post_begin", asked.clone());
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    room.edit("", |postmortem| {
        let last = postmortem.sections.last_mut();
        last.expect("a text to write in").text = "😀 Greg will do it.".into();
        Ok::<_, ApiError>(())
    })
    .expect("the document takes it");
    let edited = desk.ok("customer_post", asked);
    assert_eq!(
        edited["post"]["doing"]["text"], "😀 Greg will do it.",
        "what people write in the document is the post"
    );
    let concern = &edited["doing"][0];
    assert_eq!(
        (&concern["kind"], &concern["start"]),
        (&json!("name"), &json!(3)),
        "a name is found, at its place in UTF-16 units"
    );
    let exported = desk.ok("export", json!({ "doc": doc, "format": "post-txt" }));
    assert_eq!(
        exported["file_name"], "2026-11-10-login-page-outage-for-customers.txt",
        "it is exported under a name of its own"
    );
    desk.ok("postmortem_trash", json!({ "doc": doc }));
    desk.fails(
        "customer_post_begin",
        json!({ "doc": doc }),
        ErrorCode::Refused,
        "trash",
    );
}

#[test]
fn a_row_tells_its_history() {
    let desk = Desk::new();
    let me = desk.set_me("Ada Okoye");
    let doc = desk.demo();
    let id = text(&rows(&desk.ok("action_list", json!({})))[0]["id"]);
    let reference = json!({ "doc": doc, "kind": "actions", "id": id });
    desk.ok(
        "action_set",
        json!({ "doc": doc, "id": id, "due": "2026-12-24" }),
    );
    desk.ok(
        "action_set",
        json!({ "doc": doc, "id": id, "due": "2026-12-31", "status": "in_progress" }),
    );
    let history = desk.ok("row_history", reference.clone());
    let told: Vec<String> = history
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| text(&entry["text"]))
        .collect();
    assert!(
        told.iter()
            .any(|line| line == "Due moved from 24 Dec 2026 to 31 Dec 2026"),
        "as sentences: {told:?}"
    );
    assert!(
        told.iter()
            .any(|line| line == "Status changed from open to in progress"),
        "each field one: {told:?}"
    );
    assert_eq!(
        told.last().map(String::as_str),
        Some("Written for the first time"),
        "from the start: {told:?}"
    );
    assert_eq!(
        (&history[0]["by"], &history[0]["by_name"]),
        (&json!(me), &json!("Ada Okoye")),
        "with who did it"
    );
    let unknown = desk.ok(
        "row_history",
        json!({ "doc": doc, "kind": "findings", "id": "no-such" }),
    );
    assert_eq!(unknown, json!([]), "a row that never was has no history");
    desk.fails(
        "row_history",
        json!({ "doc": "no-such", "kind": "findings", "id": "x" }),
        ErrorCode::NotFound,
        "",
    );
}

#[test]
fn links_are_told_in_the_history_of_both_their_ends() {
    let desk = Desk::new();
    desk.set_me("Ada Okoye");
    let made = desk.ok("postmortem_new", json!({ "title": "Links" }));
    let doc = text(&made["doc"]);
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    let edit = |change: &dyn Fn(&mut model::postmortem::Postmortem)| {
        room.edit("", |postmortem| {
            change(postmortem);
            Ok::<_, ApiError>(())
        })
        .expect("an edit");
    };
    edit(&|postmortem| {
        postmortem.timeline = vec![Default::default()];
        postmortem.findings = vec![Default::default()];
        postmortem.actions = vec![Default::default()];
        postmortem.timeline[0].text = "The alert fired".into();
    });
    let now = room.snapshot();
    edit(&|postmortem| {
        postmortem.findings[0].events = vec![now.timeline[0].id.clone()];
        postmortem.findings[0].actions = vec![now.actions[0].id.clone()];
    });
    let told = |kind: &str, id: &str| -> Vec<String> {
        let reference = json!({ "doc": doc, "kind": kind, "id": id });
        let history = desk.ok("row_history", reference);
        let entries = history.as_array().into_iter().flatten();
        entries.map(|entry| text(&entry["text"])).collect()
    };
    assert_eq!(
        told("findings", &now.findings[0].id),
        [
            "Action items set to A1",
            "Events set to “The alert fired”",
            "Written for the first time"
        ],
        "the finding's"
    );
    assert_eq!(
        told("actions", &now.actions[0].id),
        ["Findings set to F1", "Written for the first time"],
        "the action item's"
    );
}

#[test]
fn versions_are_named_compared_and_brought_back() {
    let desk = Desk::new();
    desk.set_me("Ada Okoye");
    let doc = desk.demo();
    let before = desk.ok("postmortem_get", json!({ "doc": doc }));
    let version = desk.ok(
        "version_name",
        json!({ "doc": doc, "name": "start of review" }),
    );
    desk.fails(
        "version_name",
        json!({ "doc": doc, "name": "" }),
        ErrorCode::Invalid,
        "name is needed",
    );
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    room.edit("", |postmortem| {
        postmortem.title = "Login page outage on Tuesday".into();
        if let Some(finding) = postmortem.findings.first_mut() {
            finding.text = finding.text.replace("Customers", "Many customers");
        }
        postmortem.findings.pop();
        postmortem
            .sections
            .iter_mut()
            .take(1)
            .for_each(|section| section.text.push_str(" One more sentence."));
        Ok::<_, ApiError>(())
    })
    .expect("an edit");
    let list = desk.ok("version_list", json!({ "doc": doc }));
    let names: Vec<String> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| text(&version["name"]))
        .collect();
    assert!(
        names.contains(&"start of review".to_owned()),
        "it is listed: {names:?}"
    );
    let pair = json!({ "doc": doc, "from": version["seq"], "to": 0 });
    let diff = desk.ok("version_diff", pair);
    let places: Vec<(String, String)> = diff["changes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| (text(&c["place"]), text(&c["what"])))
        .collect();
    for expected in [
        ("Title", "changed"),
        ("Finding F1", "changed"),
        ("Finding F9", "removed"),
    ] {
        assert!(
            places.contains(&(expected.0.into(), expected.1.into())),
            "{expected:?} is among {places:?}"
        );
    }
    let title = &diff["changes"][0]["pieces"];
    assert_eq!(
        title,
        &json!([{ "kind": "same", "text": "Login page outage" }, { "kind": "added", "text": " on Tuesday" }]),
        "word by word"
    );
    desk.ok(
        "version_restore",
        json!({ "doc": doc, "seq": version["seq"] }),
    );
    let after = desk.ok("postmortem_get", json!({ "doc": doc }));
    assert_eq!(
        after, before,
        "the older version is the present one again, numbers and ids included"
    );
    let nothing = desk.ok(
        "version_diff",
        json!({ "doc": doc, "from": version["seq"], "to": 0 }),
    );
    assert_eq!(nothing["changes"], json!([]), "and nothing differs");
    desk.fails(
        "version_diff",
        json!({ "doc": doc, "from": 0, "to": 0 }),
        ErrorCode::NotFound,
        "no such version",
    );
    desk.fails(
        "version_restore",
        json!({ "doc": doc, "seq": 1 }),
        ErrorCode::NotFound,
        "not in this workspace",
    );
    assert_eq!(
        desk.ok("postmortem_get", json!({ "doc": doc })),
        before,
        "a place before the postmortem was made does not empty it"
    );
    desk.fails(
        "version_restore",
        json!({ "doc": doc, "seq": -1 }),
        ErrorCode::NotFound,
        "no such version",
    );
}
