//! What happens to action items after the review: days that move, what shows that they are done, whether they worked.

use api::ErrorCode;
use serde_json::{Value, json};

use super::{Desk, rows, text};

/// A postmortem in follow-up with one action item that is due on 25 November, and whoever sits here.
fn follow_up() -> (Desk, String, String, String) {
    let desk = Desk::new();
    let me = desk.set_me("Ada Okoye");
    let doc = text(&desk.ok("import", json!({
        "file_name": "queue.md",
        "text": "---\nformat: debrief/1\nstatus: follow_up\n---\n# Queue stood still\n\n## Action items <!-- rows:actions -->\n- [ ] Alert on the age of the queue\n  - Due: 2026-11-25\n",
    }))["doc"]);
    let listed = desk.ok("action_list", json!({}));
    let id = text(&rows(&listed)[0]["id"]);
    (desk, doc, id, me)
}

fn with(doc: &str, id: &str, fields: Value) -> Value {
    let mut request = json!({ "doc": doc, "id": id });
    if let (Some(request), Some(fields)) = (request.as_object_mut(), fields.as_object()) {
        request.extend(fields.clone());
    }
    request
}

fn item(desk: &Desk, doc: &str) -> Value {
    desk.ok("postmortem_get", json!({ "doc": doc }))["actions"][0].clone()
}

#[test]
fn a_day_moves_with_a_reason_after_the_review_and_the_record_goes_back_with_it() {
    let (desk, doc, id, me) = follow_up();
    let set = |fields: Value| with(&doc, &id, fields);
    for reason in [json!(null), json!("  ")] {
        let error = desk.fails(
            "action_set",
            set(json!({ "due": "2026-12-09", "move_reason": reason })),
            ErrorCode::Invalid,
            "why the date moves",
        );
        assert_eq!(
            error.field.as_deref(),
            Some("move_reason"),
            "the field to mend"
        );
    }
    assert_eq!(item(&desk, &doc)["due"], "2026-11-25", "nothing half done");
    let moved = desk.ok(
        "action_set",
        set(json!({ "due": "2026-12-09", "move_reason": "The supplier is late" })),
    );
    assert_eq!(moved["row"]["moves"], 1, "the list can say that it moved");
    let kept = item(&desk, &doc)["moves"][0].clone();
    assert_eq!(
        (
            &kept["from"],
            &kept["to"],
            &kept["reason"],
            &kept["by"],
            &kept["at"]
        ),
        (
            &json!("2026-11-25"),
            &json!("2026-12-09"),
            &json!("The supplier is late"),
            &json!(me),
            &json!("2026-11-16T11:00:00Z")
        ),
        "from, to, why, who, when"
    );
    let gone = desk.ok(
        "action_set",
        set(json!({ "due": "", "move_reason": "Not before the migration" })),
    );
    assert_eq!(gone["row"]["moves"], 2, "taking the day away is a move");
    let back = desk.ok("action_set", gone["undo"].clone());
    assert_eq!(
        (&back["row"]["due"], &back["row"]["moves"]),
        (&json!("2026-12-09"), &json!(1)),
        "an undo asks for no reason and leaves no entry"
    );
    let again = desk.ok("action_set", back["undo"].clone());
    assert_eq!(
        again["row"]["moves"], 2,
        "done again, the entry is there again"
    );
    assert_eq!(
        item(&desk, &doc)["moves"][1]["reason"],
        "Not before the migration"
    );
    let first = desk.ok("action_set", set(json!({ "due": "2027-01-15" })));
    assert_eq!(first["row"]["moves"], 2, "a first day moves nothing");
    let told = desk.ok(
        "row_history",
        json!({ "doc": doc, "kind": "actions", "id": id }),
    );
    let told: Vec<String> = told
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| text(&entry["text"]))
        .collect();
    assert!(
        told.iter()
            .any(|line| line.contains("The supplier is late")),
        "the history says why: {told:?}"
    );
}

#[test]
fn done_names_a_day_to_look_again_and_open_again_forgets_it() {
    let (desk, doc, id, _) = follow_up();
    let set = |fields: Value| with(&doc, &id, fields);
    let done = desk.ok(
        "action_set",
        set(json!({ "status": "done", "evidence_skipped": true })),
    );
    assert_eq!(
        (&done["row"]["check_on"], &done["row"]["evidence_skipped"]),
        (&json!("2026-12-16"), &json!(true)),
        "in thirty days, and everybody sees that evidence was left out"
    );
    let back = desk.ok("action_set", done["undo"].clone());
    assert_eq!(
        (
            &back["row"]["status"],
            &back["row"]["check_on"],
            &back["row"]["evidence_skipped"]
        ),
        (&json!("open"), &json!(null), &json!(false)),
        "an undo takes all of it back"
    );
    let chosen = desk.ok(
        "action_set",
        set(json!({ "status": "done", "check_on": "2027-02-01" })),
    );
    assert_eq!(
        chosen["row"]["check_on"], "2027-02-01",
        "a day that was named counts"
    );
    let never = desk.ok("action_set", set(json!({ "check_on": "" })));
    assert_eq!(never["row"]["check_on"], json!(null), "it can be none");
    let undone = desk.ok("action_set", set(json!({ "status": "in_progress" })));
    assert_eq!(
        undone["row"]["check_on"],
        json!(null),
        "what is not done is not looked at"
    );
    let settings = desk.ok("directory", json!({}))["directory"]["settings"].clone();
    let mut asks_nobody = settings.clone();
    asks_nobody["look_again_days"] = json!(0);
    desk.ok("settings_save", json!({ "settings": asks_nobody }));
    let done = desk.ok("action_set", set(json!({ "status": "done" })));
    assert_eq!(
        done["row"]["check_on"],
        json!(null),
        "the workspace asks nobody"
    );
    asks_nobody["look_again_days"] = json!(4000);
    desk.fails(
        "settings_save",
        json!({ "settings": asks_nobody }),
        ErrorCode::Invalid,
        "3650",
    );
    desk.fails(
        "action_set",
        set(json!({ "check_on": "soon" })),
        ErrorCode::Invalid,
        "is not a day",
    );
}

#[test]
fn what_did_not_work_opens_again_with_what_was_seen() {
    let (desk, doc, id, me) = follow_up();
    let set = |fields: Value| with(&doc, &id, fields);
    desk.fails(
        "action_set",
        set(json!({ "did_not_work": "It was quiet" })),
        ErrorCode::Conflict,
        "not done",
    );
    desk.ok(
        "action_set",
        set(json!({ "status": "done", "evidence": "OPS-7" })),
    );
    desk.fails(
        "action_set",
        set(json!({ "did_not_work": " " })),
        ErrorCode::Invalid,
        "what you saw",
    );
    desk.ok(
        "action_set",
        set(json!({ "verified_note": "It fired in the drill" })),
    );
    let opened = desk.ok(
        "action_set",
        set(json!({ "did_not_work": "It stayed silent on the 12th" })),
    );
    assert_eq!(
        (
            &opened["row"]["status"],
            &opened["row"]["reopened"],
            &opened["row"]["verified"],
            &opened["row"]["check_on"]
        ),
        (&json!("open"), &json!(1), &json!(false), &json!(null)),
        "open, with an entry, and no longer verified"
    );
    let kept = item(&desk, &doc);
    assert_eq!(
        (
            &kept["reopened"][0]["seen"],
            &kept["reopened"][0]["by"],
            &kept["evidence"],
            &kept["verified_note"]
        ),
        (
            &json!("It stayed silent on the 12th"),
            &json!(me),
            &json!("OPS-7"),
            &json!("")
        ),
        "what was done before stays; what was seen is in the record"
    );
    let back = desk.ok("action_set", opened["undo"].clone());
    assert_eq!(
        (
            &back["row"]["status"],
            &back["row"]["reopened"],
            &back["row"]["verified"]
        ),
        (&json!("done"), &json!(0), &json!(true)),
        "an undo puts back who had looked"
    );
    assert_eq!(item(&desk, &doc)["verified_note"], "It fired in the drill");
}

#[test]
fn a_picture_shows_that_it_is_done() {
    let (desk, doc, id, _) = follow_up();
    let set = |fields: Value| with(&doc, &id, fields);
    let hash = desk
        .api
        .put_blob(b"\x89PNG\r\n\x1a\n a graph")
        .expect("it is kept");
    let shown = desk.ok(
        "action_set",
        set(json!({ "evidence_image": { "hash": hash, "alt": "The alert" } })),
    );
    assert_eq!(
        shown["row"]["evidence_image"]["hash"],
        json!(hash),
        "the list can show it"
    );
    desk.fails(
        "action_set",
        set(json!({ "evidence_image": { "hash": "../x", "alt": "" } })),
        ErrorCode::Invalid,
        "64",
    );
    let exported = desk.ok("export", json!({ "doc": doc, "format": "json" }));
    assert!(
        text(&exported["text"]).contains("base64"),
        "it leaves with the JSON"
    );
    let removed = desk.ok(
        "action_set",
        set(json!({ "evidence_image": { "hash": "", "alt": "" } })),
    );
    assert_eq!(removed["row"]["evidence_image"], json!(null), "taken away");
    let back = desk.ok("action_set", removed["undo"].clone());
    assert_eq!(
        back["row"]["evidence_image"]["alt"], "The alert",
        "and back"
    );
}
