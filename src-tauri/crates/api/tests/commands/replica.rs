//! What a served workspace tells those who follow it, and takes from them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::*;

#[test]
fn the_log_is_told_from_any_place_on() {
    let desk = Desk::new();
    let me = desk.set_me("Debby");
    let doc = desk.demo();
    let listed = desk.ok("replica_documents", json!({}));
    assert_eq!(text(&listed["person"]), me, "it says who asks");
    assert_eq!(
        listed["documents"][0]["doc"],
        json!(doc),
        "every postmortem is listed, and the directory is none"
    );
    let all = desk.ok("replica_rows", json!({ "after": 0 }));
    let docs: Vec<String> = rows(&all).iter().map(|row| text(&row["doc"])).collect();
    assert!(
        docs.contains(&doc) && docs.contains(&"directory".to_owned()),
        "documents and people: {docs:?}"
    );
    let none = desk.ok("replica_rows", json!({ "after": all["upto"] }));
    assert!(rows(&none).is_empty(), "nothing is told twice");
    assert_eq!(
        none["mark"], listed["mark"],
        "the list is the one that was seen"
    );
    desk.ok("postmortem_trash", json!({ "doc": doc }));
    let trashed = desk.ok("replica_rows", json!({ "after": all["upto"] }));
    assert_ne!(
        trashed["mark"], listed["mark"],
        "another mark says that the list has changed"
    );
    let one = desk.ok("replica_rows", json!({ "after": 0, "doc": doc }));
    assert!(
        rows(&one).iter().all(|row| text(&row["doc"]) == doc),
        "one document can be asked for alone"
    );
}

#[test]
fn what_is_handed_in_is_taken_once_and_numbered() {
    let (there, here) = (Desk::new(), Desk::new());
    there.set_me("Debby");
    let doc = there.demo();
    let told = there.ok("replica_rows", json!({ "after": 0, "doc": doc }));
    let updates: Vec<Value> = rows(&told)
        .iter()
        .map(|row| row["update"].clone())
        .collect();
    let asked = json!({ "doc": doc, "updates": updates });
    here.fails(
        "replica_hand_in",
        asked.clone(),
        ErrorCode::NotFound,
        "no postmortem",
    );
    let new = json!({ "doc": doc, "new": true, "updates": updates });
    here.ok("replica_hand_in", new.clone());
    here.ok("replica_hand_in", new);
    here.ok("replica_hand_in", asked);
    assert_eq!(
        here.ok("postmortem_get", json!({ "doc": doc })),
        there.ok("postmortem_get", json!({ "doc": doc })),
        "the same postmortem is on both sides"
    );
    let log = here.ok("replica_rows", json!({ "after": 0, "doc": doc }));
    assert_eq!(
        rows(&log).len(),
        rows(&told).len(),
        "what came again was not written again"
    );
}

#[test]
fn what_cannot_be_taken_is_refused_with_a_reason() {
    let desk = Desk::new();
    let doc = desk.demo();
    let hand_in = |updates: Value| json!({ "doc": doc, "updates": updates });
    desk.fails(
        "replica_hand_in",
        hand_in(json!(["***"])),
        ErrorCode::Invalid,
        "base64",
    );
    desk.fails(
        "replica_hand_in",
        hand_in(json!([BASE64.encode([1, 1, 255, 255, 255])])),
        ErrorCode::Invalid,
        "",
    );
    desk.fails(
        "replica_hand_in",
        json!({ "doc": "../x", "new": true, "updates": [] }),
        ErrorCode::Invalid,
        "no id",
    );
    desk.ok("postmortem_trash", json!({ "doc": doc }));
    desk.fails(
        "replica_hand_in",
        hand_in(json!([])),
        ErrorCode::Refused,
        "trash",
    );
}

#[test]
fn a_workspace_that_follows_nothing_says_so() {
    let desk = Desk::new();
    assert_eq!(
        desk.ok("replica_state", json!({}))["state"],
        Value::Null,
        "an ordinary workspace is no replica"
    );
    desk.ok("replica_read", json!({ "doc": "anything" }));
    desk.fails(
        "replica_let_go",
        json!({ "doc": "anything" }),
        ErrorCode::Conflict,
        "refused",
    );
}

#[test]
fn what_is_given_back_keeps_its_author_when_its_seal_is_whole() {
    let desk = Desk::new();
    let debby = desk.set_me("Debby");
    desk.api
        .store()
        .backup(desk.path("old.debrief"))
        .expect("a copy is made");
    let doc = text(&desk.ok("postmortem_new", json!({ "title": "Made later" }))["doc"]);
    desk.ok("version_name", json!({ "doc": doc, "name": "First" }));
    let told = desk.ok("replica_rows", json!({ "after": 0, "doc": doc }));
    let seen = told["place"].clone();
    let put_back = || {
        let other = Desk::new();
        let workspace = other.path("old.debrief");
        std::fs::copy(desk.path("old.debrief"), &workspace).expect("the copy is put back");
        let mut config = Config::new(workspace, other.path("data"), Shell::Desktop);
        config.now = noon;
        let api = Api::open(config).expect("the copy opens");
        let other = Desk { api, ..other };
        let greg = other.set_me("Greg");
        (other, greg)
    };
    let give = |rows: &Vec<Value>| {
        json!({
            "doc": doc, "created_at": 1, "trashed": false, "restricted": false, "images": ["no such image"],
            "rows": rows
        })
    };
    let actors = |desk: &Desk| -> Vec<String> {
        let log = desk.api.store().log(&doc).expect("the log is there");
        log.into_iter().map(|row| row.actor).collect()
    };

    let (copy, greg) = put_back();
    let asked = json!({ "after": 0, "seen": seen });
    assert_eq!(
        copy.ok("replica_rows", asked)["other"],
        true,
        "a copy that was written to says that its log is another one"
    );
    let late = json!({ "doc": doc, "new": true, "updates": [], "seen": seen });
    assert_eq!(
        copy.ok("replica_hand_in", late)["other"],
        true,
        "and takes nothing before what it lost was given back"
    );
    let taken = copy.ok("replica_give_back", give(rows(&told)));
    assert_eq!(
        taken["lacking"][0], "no such image",
        "it asks for the images that it lacks"
    );
    assert!(
        actors(&copy).contains(&debby) && !actors(&copy).contains(&greg),
        "what Debby wrote is hers, though Greg brings it: {:?}",
        actors(&copy)
    );
    assert_eq!(
        copy.ok("postmortem_get", json!({ "doc": doc }))["title"],
        "Made later",
        "and the postmortem is there"
    );

    let (copy, greg) = put_back();
    let mut changed = rows(&told).clone();
    for row in &mut changed {
        row["person"] = json!("somebody");
    }
    copy.ok("replica_give_back", give(&changed));
    assert!(
        actors(&copy).contains(&greg) && !actors(&copy).contains(&"somebody".to_owned()),
        "a row that was changed on its way is of whoever brings it: {:?}",
        actors(&copy)
    );
    copy.ok("postmortem_trash", json!({ "doc": doc }));
    copy.ok("postmortem_erase", json!({ "doc": doc }));
    copy.fails(
        "replica_give_back",
        give(rows(&told)),
        ErrorCode::NotFound,
        "erased",
    );
    copy.fails(
        "replica_hand_in",
        json!({ "doc": doc, "new": true, "updates": [] }),
        ErrorCode::NotFound,
        "erased",
    );
}
