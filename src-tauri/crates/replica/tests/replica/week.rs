use std::sync::atomic::Ordering;

use model::postmortem::{ActionStatus, Priority};
use serde_json::json;

use crate::{Away, Desk, a_week_later, assert_equal, example, monday, text};

#[test]
fn after_a_week_apart_both_sides_are_equal_and_tell_both_edits() {
    let (served, doc, debby) = example();
    let away = Away::new(&served, a_week_later);
    away.turn();
    assert_equal(&served, &away, "a new replica has everything");
    away.desk.is_well();
    let me = away.desk.ok("session", json!({}));
    assert_eq!(
        text(&me["me"]["id"]),
        debby,
        "whoever has the account sits there"
    );
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].clone();

    served.cut(true);
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item.id, "status": "in_progress", "due": "2026-12-24" }),
    );
    let new = text(
        &away
            .desk
            .ok("postmortem_new", json!({ "title": "Written on a train" }))["doc"],
    );
    away.desk.edit(&new, &debby, |postmortem| {
        postmortem.findings.push(model::postmortem::Finding {
            id: "01920000-0000-7000-8000-000000000001".into(),
            text: "The tunnel has no network".into(),
            ..Default::default()
        });
    });
    let person = away.desk.ok("person_save", json!({ "id": "", "name": "Ines Train", "short_name": "", "handle": "", "email": "", "role_title": "", "left": false }));
    assert!(
        away.following.turn().is_err(),
        "nobody answers while one is away"
    );
    assert_eq!(away.waiting(), 3, "two postmortems and the directory wait");
    assert_eq!(
        away.desk.api.snapshot(&new).unwrap().findings[0].number,
        None,
        "numbers are given where the workspace is served"
    );

    let greg = served.with(|desk| {
        let people = desk.api.directory();
        let greg = people
            .people
            .iter()
            .find(|one| one.name.starts_with("Greg"))
            .unwrap();
        greg.id.clone()
    });
    served.with(|desk| {
        desk.edit(&doc, &greg, |postmortem| {
            postmortem.actions[0].status = ActionStatus::Done;
            postmortem.actions[0].evidence = "It is deployed".into();
            postmortem.actions[0].priority = Some(Priority::P0);
        });
        desk.ok("postmortem_new", json!({ "title": "Meanwhile" }));
    });

    served.cut(false);
    away.turn();
    assert_eq!(away.waiting(), 0, "everything was taken");
    assert_equal(&served, &away, "after the week");
    away.desk.is_well();
    served.with(Desk::is_well);
    assert_eq!(
        away.desk.api.snapshot(&new).unwrap().findings[0].number,
        Some(1),
        "its number has come back"
    );
    assert!(
        served.with(|desk| desk
            .api
            .directory()
            .people
            .iter()
            .any(|one| one.name == "Ines Train")),
        "who was added on the way is known there: {person}"
    );
    for (side, history) in [
        ("here", away.desk.history(&doc, &item.id)),
        ("there", served.with(|desk| desk.history(&doc, &item.id))),
    ] {
        let has = |by: &str, words: &str| {
            history
                .iter()
                .any(|(name, told)| name.starts_with(by) && told.contains(words))
        };
        assert!(
            has("Greg", "Status") && has("Debby", "Status"),
            "{side} both edits of the same field are told under their authors' names: {history:#?}"
        );
        assert!(
            has("Debby", "24 Dec"),
            "{side} the other field: {history:#?}"
        );
    }
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    for lost in 1..6 {
        away.desk.ok("demo_new", json!({}));
        let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
        away.desk.ok(
            "action_set",
            json!({ "doc": doc, "id": item, "due": format!("2026-12-{:02}", 10 + lost) }),
        );
        served.lose.store(lost, Ordering::SeqCst);
        let mut tries = 0;
        while away.following.turn().is_err() {
            tries += 1;
            assert!(tries < 20, "it comes through in the end");
        }
        assert_eq!(away.waiting(), 0, "nothing waits");
        assert_equal(&served, &away, "nothing is there twice, nothing is missing");
    }
    away.desk.is_well();
    served.with(Desk::is_well);
}
