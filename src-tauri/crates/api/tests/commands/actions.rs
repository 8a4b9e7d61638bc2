//! Action items.

use api::{ApiError, ErrorCode};
use serde_json::{Value, json};

use super::{Desk, rows, text};

#[test]
fn action_items_change_and_go_back() {
    let desk = Desk::new();
    let doc = desk.demo();
    let all = desk.ok("action_list", json!({}));
    let row = rows(&all)[0].clone();
    let id = text(&row["id"]);
    let set = |fields: Value| {
        let mut request = json!({ "doc": doc, "id": id });
        if let (Some(request), Some(fields)) = (request.as_object_mut(), fields.as_object()) {
            request.extend(fields.clone());
        }
        request
    };
    let done = desk.ok(
        "action_set",
        set(json!({ "status": "done", "evidence": "Seen in the drill" })),
    );
    assert_eq!(done["row"]["status"], "done", "it is done");
    assert_eq!(
        done["row"]["settled_at"], "2026-11-16T11:00:00Z",
        "by the backend's clock"
    );
    let undone = desk.ok("action_set", done["undo"].clone());
    assert_eq!(
        (&undone["row"]["status"], &undone["row"]["evidence"]),
        (&row["status"], &row["evidence"]),
        "undo puts back both"
    );
    let redone = desk.ok("action_set", undone["undo"].clone());
    assert_eq!(
        redone["row"]["evidence"], "Seen in the drill",
        "and can itself be undone"
    );

    let changed = desk.ok("action_set", set(json!({ "due": "2026-12-24" })));
    desk.ok("action_set", set(json!({ "due": "2026-12-31" })));
    let error = desk.fails(
        "action_set",
        changed["undo"].clone(),
        ErrorCode::Conflict,
        "Somebody has changed the due",
    );
    assert_eq!(
        error.field.as_deref(),
        Some("due"),
        "an undo does not take another's work"
    );

    let error = desk.fails(
        "action_set",
        set(json!({ "status": "declined" })),
        ErrorCode::Invalid,
        "Say why",
    );
    assert_eq!(
        error.field.as_deref(),
        Some("reason"),
        "with the field to mend"
    );
    let declined = desk.ok(
        "action_set",
        set(json!({ "status": "declined", "reason": "The service goes away" })),
    );
    assert_eq!(
        declined["row"]["reason"], "The service goes away",
        "declined with a reason"
    );
    desk.fails(
        "action_set",
        set(json!({ "reason": " " })),
        ErrorCode::Invalid,
        "Say why",
    );

    desk.fails(
        "action_set",
        set(json!({ "owner": "nobody" })),
        ErrorCode::NotFound,
        "directory",
    );
    let newcomer = desk.ok(
        "person_save",
        json!({ "name": "Zoë Newcomer", "role_title": "Intern" }),
    );
    let owned = desk.ok("action_set", set(json!({ "owner": newcomer["id"] })));
    assert_eq!(
        owned["row"]["owner_name"], "Zoë Newcomer",
        "it has a new owner"
    );
    let got = desk.ok("postmortem_get", json!({ "doc": doc }));
    let takes_part = |p: &Value| {
        p["person"] == newcomer["id"] && p["name"] == "Zoë Newcomer" && p["title"] == "Intern"
    };
    assert!(
        got["participants"]
            .as_array()
            .is_some_and(|all| all.iter().any(takes_part)),
        "who is among the participants now"
    );
    let nobody = desk.ok(
        "action_set",
        set(json!({ "owner": "", "due": "", "priority": "" })),
    );
    assert_eq!(
        (
            &nobody["row"]["owner"],
            &nobody["row"]["due"],
            &nobody["row"]["priority"]
        ),
        (&json!(null), &json!(null), &json!(null)),
        "empty texts take away"
    );

    desk.fails(
        "action_set",
        set(json!({ "verified_note": "It worked" })),
        ErrorCode::Invalid,
        "who you are",
    );
    desk.set_me("Ada Okoye");
    let verified = desk.ok(
        "action_set",
        set(json!({ "verified_note": "It worked", "ticket": "OPS-1" })),
    );
    assert_eq!(verified["row"]["verified"], true, "somebody looked");
    let taken_back = desk.ok("action_set", verified["undo"].clone());
    assert_eq!(taken_back["row"]["verified"], false, "and takes it back");

    for (fields, says) in [
        (json!({ "due": "0000-01-01" }), "between 1970 and 9999"),
        (json!({ "due": "10000-01-01" }), "between 1970 and 9999"),
        (json!({ "due": "tomorrow" }), "2026-11-30"),
        (json!({ "priority": "P9" }), "P0, P1, P2 or P3"),
        (json!({ "evidence": "x".repeat(100_001) }), "100,000"),
        (json!({ "status": "maybe" }), "cannot be read"),
    ] {
        desk.fails("action_set", set(fields), ErrorCode::Invalid, says);
    }
    desk.fails(
        "action_set",
        json!({ "doc": doc, "id": "no-such", "status": "done" }),
        ErrorCode::NotFound,
        "no longer",
    );
    desk.fails("action_set", json!({ "id": id }), ErrorCode::Invalid, "doc");
}

/// The item as its postmortem has it.
fn item_of(desk: &Desk, doc: &str, id: &str) -> Value {
    let got = desk.ok("postmortem_get", json!({ "doc": doc }));
    got["actions"]
        .as_array()
        .and_then(|all| all.iter().find(|item| item["id"] == id))
        .cloned()
        .unwrap_or_else(|| panic!("{id} must be in {got}"))
}

#[test]
fn an_undo_puts_back_exactly_what_was() {
    let desk = Desk::new();
    let doc = desk.demo();
    let id = text(&rows(&desk.ok("action_list", json!({})))[0]["id"]);
    let set = |fields: Value| {
        let mut request = json!({ "doc": doc, "id": id });
        if let (Some(request), Some(fields)) = (request.as_object_mut(), fields.as_object()) {
            request.extend(fields.clone());
        }
        request
    };
    let whole = || desk.ok("postmortem_get", json!({ "doc": doc }));
    let back_and_forth = |fields: Value| {
        let before = whole();
        let changed = desk.ok("action_set", set(fields.clone()));
        let after = whole();
        assert_ne!(before, after, "{fields} changes something");
        let undone = desk.ok("action_set", changed["undo"].clone());
        assert_eq!(whole(), before, "{fields} is taken back whole");
        desk.ok("action_set", undone["undo"].clone());
    };

    // Ada looked, and it was done on another day than today.
    let ada = desk.set_me("Ada Okoye");
    desk.ok(
        "action_set",
        set(json!({ "status": "done", "verified_note": "Seen" })),
    );
    let edit = |change: &dyn Fn(&mut model::postmortem::ActionItem)| {
        let room = desk.api.rooms().room(&doc).expect("the room opens");
        room.edit("", |postmortem| {
            postmortem
                .actions
                .iter_mut()
                .filter(|item| item.id == id)
                .for_each(change);
            Ok::<_, ApiError>(())
        })
        .expect("an edit");
    };
    edit(&|item| item.settled_at = "2026-11-12T09:00:00Z".parse().ok());
    let me = desk.set_me("Zoë Newcomer");
    assert_ne!(ada, me, "somebody else sits here now");
    back_and_forth(json!({ "verified_note": "I looked, too" }));
    back_and_forth(json!({ "status": "open" }));
    assert_eq!(
        item_of(&desk, &doc, &id)["verified"]["by"],
        json!(me),
        "done again, it is signed by whoever looked"
    );

    // A newcomer becomes a participant, and is none after the undo.
    back_and_forth(json!({ "owner": me }));
    // The owner becomes one who was a helper.
    desk.ok("action_set", set(json!({ "owner": me })));
    edit(&|item| item.helpers.push(ada.clone()));
    assert!(
        item_of(&desk, &doc, &id)["helpers"]
            .as_array()
            .is_some_and(|all| all.contains(&json!(ada))),
        "she helps"
    );
    back_and_forth(json!({ "owner": ada }));
}

#[test]
fn nobody_makes_up_who_looked_or_takes_back_what_others_did() {
    let desk = Desk::new();
    let doc = desk.demo();
    let id = text(&rows(&desk.ok("action_list", json!({})))[0]["id"]);
    let ada = desk.set_me("Ada Okoye");
    let forged = json!({
        "doc": doc, "id": id, "verified_note": "Seen",
        "put_back": { "verified": { "by": "somebody-else", "at": "2026-11-12T09:00:00Z" } },
    });
    desk.fails(
        "action_set",
        forged,
        ErrorCode::Conflict,
        "no longer be taken back",
    );
    let backdated = json!({
        "doc": doc, "id": id, "status": "done",
        "put_back": { "settled_at": "2020-01-01T00:00:00Z" },
    });
    desk.fails(
        "action_set",
        backdated,
        ErrorCode::Conflict,
        "no longer be taken back",
    );
    let mut changed = desk.ok(
        "action_set",
        json!({ "doc": doc, "id": id, "verified_note": "Seen" }),
    );
    changed["undo"]["put_back"]["verified"] = json!({ "by": ada, "at": "2020-01-01T00:00:00Z" });
    desk.fails(
        "action_set",
        changed["undo"].clone(),
        ErrorCode::Conflict,
        "no longer be taken back",
    );

    let done = desk.ok(
        "action_set",
        json!({ "doc": doc, "id": id, "status": "done" }),
    );
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    room.edit("", |postmortem| {
        for item in postmortem.actions.iter_mut().filter(|item| item.id == id) {
            item.settled_at = "2026-11-17T09:00:00Z".parse().ok();
        }
        Ok::<_, ApiError>(())
    })
    .expect("somebody opens it and is done with it again");
    desk.fails(
        "action_set",
        done["undo"].clone(),
        ErrorCode::Conflict,
        "meanwhile",
    );
}
