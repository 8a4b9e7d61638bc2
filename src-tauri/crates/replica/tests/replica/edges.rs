use std::sync::Arc;
use std::sync::atomic::Ordering;

use api::ErrorCode;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use tempfile::TempDir;

use crate::{Away, Desk, assert_equal, example, monday, text};

fn a_year_ahead() -> DateTime<Utc> {
    monday() + Duration::days(365)
}

#[test]
fn an_access_that_has_ended_loses_nothing_and_says_so() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    served.revoked.store(true, Ordering::SeqCst);
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    let reason = away.following.turn().unwrap_err();
    assert!(reason.contains("ended"), "it is told why: {reason}");
    let state = &away.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(text(&state["link"]), "ended", "the state says so: {state}");
    assert_eq!(state["waiting"], 1, "what was written is still here");
    let page = away
        .desk
        .ok("export", json!({ "doc": doc, "format": "md" }));
    assert!(
        text(&page["text"]).contains("2026-12-24") || text(&page["text"]).contains("24"),
        "and can be exported"
    );
    served.revoked.store(false, Ordering::SeqCst);
    assert!(
        away.following.turn().is_err(),
        "nobody is asked again before somebody signs in anew"
    );
    let refused = away
        .desk
        .api
        .call("postmortem_trash", json!({ "doc": doc }));
    assert_eq!(
        refused.unwrap_err().code,
        ErrorCode::Refused,
        "nothing is asked there any more"
    );
}

#[test]
fn another_workspace_at_the_same_address_gets_nothing() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    let other = Desk::open(&Arc::new(TempDir::new().unwrap()), monday);
    let ours = served.desk.lock().unwrap().replace(other);
    let reason = away.following.turn().unwrap_err();
    assert!(reason.contains("Another workspace"), "it is told: {reason}");
    assert_eq!(
        served.with(Desk::everything).len(),
        0,
        "nothing went to the other one"
    );
    assert_eq!(away.desk.everything().len(), 1, "nothing went from here");
    *served.desk.lock().unwrap() = ours;
    away.turn();
    assert_equal(&served, &away, "it goes on once the right one is back");
}

#[test]
fn the_trash_is_the_served_workspaces_own() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let _running = away.following.start().unwrap();
    served.cut(true);
    let offline = away
        .desk
        .api
        .call("postmortem_trash", json!({ "doc": doc }));
    assert_eq!(
        offline.unwrap_err().code,
        ErrorCode::Unavailable,
        "without a network it is refused, with a sentence"
    );
    served.cut(false);
    away.desk.ok("postmortem_trash", json!({ "doc": doc }));
    let trashed = |desk: &Desk| {
        desk.api
            .store()
            .document(&doc)
            .unwrap()
            .is_some_and(|row| row.trashed_at.is_some())
    };
    assert!(served.with(trashed), "it is done there");
    eventually("and here, when the answer comes or soon after that", || {
        trashed(&away.desk)
    });
    away.desk.ok("postmortem_restore", json!({ "doc": doc }));
    eventually("and back", || !trashed(&away.desk));
    away.desk.ok("postmortem_trash", json!({ "doc": doc }));
    away.desk.ok("postmortem_erase", json!({ "doc": doc }));
    assert!(
        away.desk.api.store().document(&doc).unwrap().is_none(),
        "what is erased there is erased here"
    );
    away.turn();
    assert_equal(&served, &away, "and does not come back");
}

#[test]
fn what_is_erased_while_one_writes_in_it_is_kept_aside() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    served.cut(true);
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    served.with(|desk| {
        desk.ok("postmortem_trash", json!({ "doc": doc }));
        desk.ok("postmortem_erase", json!({ "doc": doc }));
    });
    served.cut(false);
    away.turn();
    away.turn();
    assert_eq!(
        served.with(Desk::everything).len(),
        0,
        "it does not come back to where it was erased"
    );
    let state = &away.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(
        state["withdrawn"][0]["kept"], true,
        "it is told that it is kept: {state}"
    );
    let row = away.desk.api.store().document(&doc).unwrap().unwrap();
    assert!(row.trashed_at.is_some(), "in this computer's trash");
    away.desk.ok("postmortem_erase", json!({ "doc": doc }));
    assert!(
        away.desk.api.store().document(&doc).unwrap().is_none(),
        "which can be emptied here"
    );
}

#[test]
fn images_travel_both_ways() {
    let (served, doc, debby) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let image = |last: u8| [b"\x89PNG\r\n\x1a\n".as_slice(), &[last]].concat();
    let show = |desk: &Desk, hash: &str| {
        desk.edit(&doc, &debby, |postmortem| {
            postmortem.timeline[0].image = Some(model::postmortem::Image {
                hash: hash.into(),
                alt: "A graph".into(),
            });
        });
    };
    served.cut(true);
    let ours = away.desk.api.put_blob(&image(1)).unwrap();
    show(&away.desk, &ours);
    served.cut(false);
    away.turn();
    assert!(
        served.with(|desk| desk.api.blob(&ours).unwrap()).is_some(),
        "a picture that was added on the way has arrived"
    );
    let theirs = served.with(|desk| {
        let theirs = desk.api.put_blob(&image(2)).unwrap();
        show(desk, &theirs);
        theirs
    });
    away.turn();
    served.cut(true);
    assert!(
        away.desk.api.blob(&theirs).unwrap().is_some(),
        "a picture from there is here when the network is gone"
    );
    assert_eq!(
        away.desk.api.store().waiting_blobs().unwrap(),
        Vec::<String>::new(),
        "what came from there does not have to go there"
    );
}

#[test]
fn a_clock_that_is_a_year_off_does_no_harm() {
    let (served, doc, _) = example();
    let away = Away::new(&served, a_year_ahead);
    away.turn();
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2027-12-24" }),
    );
    let new = text(
        &away
            .desk
            .ok("postmortem_new", json!({ "title": "From the future" }))["doc"],
    );
    away.turn();
    assert_equal(&served, &away, "both sides agree");
    let row = served.with(|desk| desk.api.store().document(&new).unwrap().unwrap());
    assert!(
        row.created_at < (monday() + Duration::days(1)).timestamp_millis(),
        "the served workspace goes by its own clock"
    );
}

#[test]
fn names_of_versions_come_along_once() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    away.desk.ok(
        "version_name",
        json!({ "doc": doc, "name": "Before the rewrite" }),
    );
    away.turn();
    let named = |desk: &Desk| {
        let versions = desk.ok("version_list", json!({ "doc": doc }));
        let names = versions.as_array().unwrap().iter();
        names
            .map(|version| text(&version["name"]))
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        named(&away.desk),
        served.with(|desk| named(desk)),
        "the same names on both sides"
    );
}

#[test]
fn a_replica_follows_one_workspace_and_nothing_else_becomes_one() {
    let (served, ..) = example();
    let refused = served.with(|desk| {
        desk.api.store().follow(&store::Replica {
            workspace: "another".into(),
            ..Default::default()
        })
    });
    assert!(
        refused.is_err(),
        "a workspace with something in it becomes no replica"
    );
    let away = Away::new(&served, monday);
    let refused = away.desk.api.store().follow(&store::Replica {
        workspace: "another".into(),
        ..Default::default()
    });
    assert!(refused.is_err(), "a replica changes over to no other one");
    let chained = away.desk.api.call("replica_documents", json!({}));
    assert_eq!(
        chained.unwrap_err().code,
        ErrorCode::Refused,
        "nobody follows a replica"
    );
}

#[test]
fn what_happens_there_is_here_soon_and_the_other_way_round() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    let running = away.following.start().unwrap();
    eventually("the example comes", || {
        let all = away.desk.everything();
        all.iter().any(|one| !one.actions.is_empty())
    });
    let item = away.desk.api.snapshot(&doc).unwrap().actions[0].id.clone();
    let due = |desk: &Desk| {
        let due = desk.api.snapshot(&doc).unwrap().actions[0].due;
        due.map(|due| due.to_string()).unwrap_or_default()
    };
    away.desk.ok(
        "action_set",
        json!({ "doc": doc, "id": item, "due": "2026-12-24" }),
    );
    eventually("an edit from here arrives there", || {
        served.with(due) == "2026-12-24"
    });
    served.with(|desk| {
        desk.ok(
            "action_set",
            json!({ "doc": doc, "id": item, "due": "2026-12-25" }),
        )
    });
    let told = model::list::Changed::Postmortem { doc: doc.clone() };
    running.following().heard(Some(&told));
    eventually("an edit from there arrives here", || {
        due(&away.desk) == "2026-12-25"
    });
}

pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < std::time::Duration::from_secs(10),
            "{what} within a few seconds"
        );
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_month_old_replica_with_a_dead_serving_machine_still_opens() {
    let (served, doc, _) = example();
    let folder = {
        let away = Away::new(&served, monday);
        away.turn();
        away.desk.api.close();
        Arc::clone(&away.desk.folder)
    };
    served.cut(true);
    let away = Away::open(&folder, &served, || monday() + Duration::days(31));
    assert!(away.following.turn().is_err(), "nobody answers");
    let state = &away.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(text(&state["link"]), "away", "it says so: {state}");
    assert!(
        text(&state["met_at"]).starts_with("2026-11-16"),
        "and since when: {state}"
    );
    assert!(
        !away.desk.api.snapshot(&doc).unwrap().actions.is_empty(),
        "everything can be read"
    );
    served.cut(false);
    away.turn();
    assert_equal(&served, &away, "and it goes on");
}
