//! The review meeting.

use std::sync::Arc;

use api::guest::Guest;
use api::handlers;
use api::types::RoomRight;
use api::{Api, Config, ErrorCode, OpenAs, Shell};
use serde_json::{Value, json};

use super::{Desk, text};

/// Ids of drafts.
const C1: &str = "0198f2a4-0000-7000-8000-0000000000c1";
const G1: &str = "0198f2a4-0000-7000-8000-0000000000a1";
const D1: &str = "0198f2a4-0000-7000-8000-0000000000d1";

/// A desk where somebody has said who they are, and the example is there.
fn room() -> (Desk, String, String) {
    let desk = Desk::new();
    let doc = desk.demo();
    let people = desk.ok("directory", json!({}))["directory"]["people"].clone();
    let greg = people
        .as_array()
        .and_then(|people| {
            people
                .iter()
                .find(|person| text(&person["name"]).starts_with("Greg"))
        })
        .expect("the example has Greg");
    let greg = text(&greg["id"]);
    desk.ok("set_me", json!({ "person": greg, "name": "" }));
    (desk, doc, greg)
}

/// A person of the example as a guest of its meeting.
fn guest(desk: &Desk, doc: &str, name: &str, right: RoomRight) -> (Api, String) {
    let people = desk.ok("directory", json!({}))["directory"]["people"].clone();
    let person = people
        .as_array()
        .and_then(|people| {
            people
                .iter()
                .find(|person| text(&person["name"]).starts_with(name))
        })
        .unwrap_or_else(|| panic!("the example has {name}"));
    let person = text(&person["id"]);
    let guest = Guest {
        person: person.clone(),
        seat: format!("{name}'s place"),
        doc: doc.to_owned(),
        right,
    };
    (desk.api.for_guest(Arc::new(guest)), person)
}

fn act(desk: &Desk, doc: &str, act: Value) -> Value {
    desk.ok("meeting_do", json!({ "doc": doc, "act": act }))["meeting"].clone()
}

fn act_as(api: &Api, doc: &str, act: Value) -> Result<Value, api::ApiError> {
    api.call("meeting_do", json!({ "doc": doc, "act": act }))
        .map(|found| found["meeting"].clone())
}

#[test]
fn whoever_opens_a_review_facilitates_it_until_the_room_says_otherwise() {
    let (desk, _, greg) = room();
    let doc = desk.ok("postmortem_new", json!({ "title": "Slow search" }))["doc"].clone();
    desk.ok("meeting_open", json!({ "doc": doc, "length": "short" }));
    let opened = desk.ok("postmortem_get", json!({ "doc": doc }));
    let roles: Vec<(&Value, &Value)> = opened["participants"]
        .as_array()
        .expect("participants")
        .iter()
        .map(|one| (&one["person"], &one["role"]))
        .collect();
    assert_eq!(
        roles,
        [(&json!(greg), &json!("facilitator"))],
        "nobody else is named, so it is whoever opened it"
    );
}

#[test]
fn a_meeting_goes_through_its_stages_and_leaves_the_postmortem_in_follow_up() {
    let (desk, doc, greg) = room();
    assert_eq!(
        desk.ok("meeting", json!({ "doc": doc }))["meeting"],
        Value::Null,
        "there is no meeting before one is opened"
    );
    let opened =
        desk.ok("meeting_open", json!({ "doc": doc, "length": "usual" }))["meeting"].clone();
    assert_eq!(
        opened["facilitator"],
        json!(greg),
        "whoever opens it leads it"
    );
    assert_eq!(opened["right"], "facilitator", "and may do everything");
    let minutes: u64 = opened["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .filter_map(|stage| stage["planned"].as_u64())
        .sum();
    assert_eq!(minutes, 60 * 60, "the usual meeting takes an hour");
    let inside = desk.ok("postmortem_get", json!({ "doc": doc }));
    assert_eq!(
        inside["status"], "in_review",
        "an open meeting means that the postmortem is in review"
    );

    let live = desk.ok("meetings_open", json!({}));
    assert_eq!(
        (&live[0]["doc"], &live[0]["present"]),
        (&json!(doc), &json!([greg])),
        "the list of postmortems tells of it: {live}"
    );

    let again =
        desk.ok("meeting_open", json!({ "doc": doc, "length": "short" }))["meeting"].clone();
    assert_eq!(
        again["revision"], opened["revision"],
        "opening it twice finds the one that is open"
    );

    let next = act(&desk, &doc, json!({ "type": "go", "from": 0, "to": 1 }));
    let twice = act(&desk, &doc, json!({ "type": "go", "from": 0, "to": 1 }));
    assert_eq!(
        (&next["at"], &twice["at"]),
        (&json!(1), &json!(1)),
        "two who press next at once go one stage on"
    );

    act(&desk, &doc, json!({ "type": "ask" }));
    act(&desk, &doc, json!({ "type": "answer", "yes": true }));
    let names_nobody = act(&desk, &doc, json!({ "type": "prompt", "index": 0 }));
    assert_eq!(
        (
            &names_nobody["question"]["answered"],
            &names_nobody["question"]["yes"]
        ),
        (&json!(1), &json!(0)),
        "a single answer is not told: everybody would know whose it is"
    );
    for (name, yes) in [("Cathy", true), ("Gary", false)] {
        let (guest, _) = guest(&desk, &doc, name, RoomRight::Editor);
        act_as(&guest, &doc, json!({ "type": "answer", "yes": yes })).expect("guests answer");
    }
    let ended = act(&desk, &doc, json!({ "type": "end" }));
    assert_ne!(ended["ended_at"], Value::Null, "it has ended");
    let kept = desk
        .api
        .store()
        .meeting(&doc)
        .expect("the record reads")
        .expect("there is one");
    assert!(
        kept.contains("\"answers\":{}"),
        "who answered what is forgotten: {kept}"
    );
    let after = desk.ok("postmortem_get", json!({ "doc": doc }));
    assert_eq!(after["status"], "follow_up", "what is left is to follow up");
    let section = after["sections"]
        .as_array()
        .and_then(|sections| {
            sections
                .iter()
                .find(|section| section["id"] == "review-meeting")
        })
        .expect("the document tells of the meeting");
    assert!(
        text(&section["text"]).contains("2 of 3 would come to another one."),
        "with what the room answered: {section}"
    );
    let names: Vec<String> = desk
        .ok("version_list", json!({ "doc": doc }))
        .as_array()
        .expect("versions")
        .iter()
        .map(|version| text(&version["name"]))
        .collect();
    for name in ["start of review", "end of review"] {
        assert!(
            names.iter().any(|known| known == name),
            "{name} is a version: {names:?}"
        );
    }
    assert_eq!(
        desk.ok("meetings_open", json!({})),
        json!([]),
        "and no longer once it has ended"
    );
    desk.fails(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "ask" } }),
        ErrorCode::Invalid,
        "has ended",
    );
}

#[test]
fn time_is_borrowed_from_a_named_stage_and_never_from_nowhere() {
    let (desk, doc, _) = room();
    let opened =
        desk.ok("meeting_open", json!({ "doc": doc, "length": "usual" }))["meeting"].clone();
    let planned =
        |meeting: &Value, at: usize| meeting["stages"][at]["planned"].as_u64().expect("seconds");
    let lent = act(
        &desk,
        &doc,
        json!({ "type": "borrow", "seconds": 120, "from": 2 }),
    );
    assert_eq!(
        planned(&lent, 0),
        planned(&opened, 0) + 120,
        "the stage has two minutes more"
    );
    assert_eq!(
        planned(&lent, 2),
        planned(&opened, 2) - 120,
        "the other one has two minutes less"
    );
    desk.fails(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "borrow", "seconds": 28_000, "from": 2 } }),
        ErrorCode::Invalid,
        "left to lend",
    );
    desk.fails(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "borrow", "seconds": 60, "from": 0 } }),
        ErrorCode::Invalid,
        "still to come",
    );
}

#[test]
fn what_is_written_silently_is_shown_to_nobody_before_the_reveal_and_names_nobody_after() {
    let (desk, doc, greg) = room();
    desk.ok("meeting_open", json!({ "doc": doc }));
    let (cathy, cathys_id) = guest(&desk, &doc, "Cathy", RoomRight::Editor);
    act(&desk, &doc, json!({ "type": "begin_silent" }));
    let draft = |id: &str, text: &str| json!({ "type": "draft", "draft": { "id": id, "text": text, "kind": "hindered" } });
    let mine = act_as(&cathy, &doc, draft(C1, "Nobody dared to ask")).expect("guests write drafts");
    assert_eq!(
        mine["silent"]["mine"][0]["text"], "Nobody dared to ask",
        "one sees one's own"
    );
    let others = act(&desk, &doc, draft(G1, "The runbook was in an inbox"));
    assert_eq!(
        others["silent"]["written"], 2,
        "how many there are is no secret"
    );
    assert!(
        !others.to_string().contains("dared"),
        "what they say is, to the facilitator too: {others}"
    );
    let before = desk.ok("postmortem_get", json!({ "doc": doc }))["findings"]
        .as_array()
        .map_or(0, Vec::len);
    assert!(
        act_as(&cathy, &doc, json!({ "type": "reveal" }))
            .is_err_and(|error| error.code == ErrorCode::Refused),
        "only the facilitator reveals"
    );
    act(&desk, &doc, json!({ "type": "reveal" }));
    let after = desk.ok("postmortem_get", json!({ "doc": doc }))["findings"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(after.len(), before + 2, "both are findings now");
    let authors = desk.ok("row_authors", json!({ "doc": doc }));
    assert!(
        !authors.to_string().contains(C1) && !authors.to_string().contains(G1),
        "nobody is named as their author: {authors}"
    );
    let history = desk.ok(
        "row_history",
        json!({ "doc": doc, "kind": "findings", "id": C1 }),
    );
    assert!(
        !history.to_string().contains(&cathys_id) && !history.to_string().contains(&greg),
        "in the log neither: {history}"
    );
    // The record that is kept no longer says who wrote what.
    let kept = desk
        .api
        .store()
        .meeting(&doc)
        .expect("the record reads")
        .expect("there is one");
    assert!(
        !kept.contains("dared"),
        "the draft is gone from the record: {kept}"
    );
}

#[test]
fn a_draft_with_the_id_of_a_finding_is_not_lost() {
    let (desk, doc, _) = room();
    desk.ok("meeting_open", json!({ "doc": doc }));
    let write = |text: &str| {
        act(&desk, &doc, json!({ "type": "begin_silent" }));
        act(
            &desk,
            &doc,
            json!({ "type": "draft", "draft": { "id": D1, "text": text, "kind": "hindered" } }),
        );
        act(&desk, &doc, json!({ "type": "reveal" }));
        desk.ok("postmortem_get", json!({ "doc": doc }))["findings"].to_string()
    };
    write("Nobody was told");
    let after = write("The pager was mute");
    assert!(
        after.contains("Nobody was told") && after.contains("The pager was mute"),
        "both are findings, whatever a page chose as the id: {after}"
    );
}

#[test]
fn votes_are_counted_and_nobody_follows_the_others() {
    let (desk, doc, _) = room();
    desk.ok("meeting_open", json!({ "doc": doc }));
    let (cathy, _) = guest(&desk, &doc, "Cathy", RoomRight::Editor);
    act(&desk, &doc, json!({ "type": "begin_voting", "each": 2 }));
    for row in ["f1", "f2"] {
        act_as(
            &cathy,
            &doc,
            json!({ "type": "vote", "row": row, "on": true }),
        )
        .expect("two votes");
    }
    assert!(
        act_as(
            &cathy,
            &doc,
            json!({ "type": "vote", "row": "f3", "on": true })
        )
        .is_err(),
        "a third vote is one too many"
    );
    let voted = act(
        &desk,
        &doc,
        json!({ "type": "vote", "row": "f1", "on": true }),
    );
    assert_eq!(
        voted["voting"]["tallies"],
        json!({}),
        "no tally is shown while votes are taken"
    );
    let counted = act(&desk, &doc, json!({ "type": "end_voting" }));
    assert_eq!(
        counted["voting"]["tallies"],
        json!({ "f1": 2, "f2": 1 }),
        "then all of them are"
    );
    assert_eq!(counted["voting"]["voters"], 2, "with how many voted");
}

#[test]
fn a_guest_has_one_postmortem_and_nothing_else() {
    let (desk, doc, _) = room();
    let other = text(&desk.ok("postmortem_new", json!({ "title": "Payroll, secret" }))["doc"]);
    desk.ok("meeting_open", json!({ "doc": doc }));
    let (guest, person) = guest(&desk, &doc, "Cathy", RoomRight::Viewer);
    let session = guest
        .call("session", json!({}))
        .expect("a guest has a session");
    assert_eq!(session["room"], json!(doc), "which names the room");
    assert_eq!(session["workspace"], "", "and nothing of the workspace");
    for command in api::COMMANDS {
        for request in [
            json!({}),
            json!({ "doc": other }),
            json!({ "doc": other, "id": "x", "act": { "type": "arrive" } }),
        ] {
            let allowed = ["session", "directory", "time_read"].contains(command);
            match guest.call(command, request.clone()) {
                Ok(answer) => {
                    assert!(allowed, "{command} {request} answered {answer}");
                    assert!(
                        !answer.to_string().contains("Payroll"),
                        "{command} tells of another postmortem"
                    );
                }
                Err(error) => assert!(
                    allowed || matches!(error.code, ErrorCode::Refused | ErrorCode::NotFound),
                    "{command} {request} is refused: {error:?}"
                ),
            }
        }
    }
    let people = guest
        .call("directory", json!({}))
        .expect("names of this review")["directory"]["people"]
        .clone();
    assert!(
        people.as_array().is_some_and(|people| people
            .iter()
            .all(|person| person["email"] == "" && person["handle"] == "")),
        "a guest learns names and roles, no addresses: {people}"
    );
    assert!(
        act_as(&guest, &doc, json!({ "type": "ready", "on": true })).is_err(),
        "a viewer changes nothing"
    );
    let come = act_as(&guest, &doc, json!({ "type": "arrive" })).expect("a viewer may come");
    assert!(
        come["present"]
            .as_array()
            .is_some_and(|present| present.contains(&json!(person))),
        "and is counted"
    );
    assert_eq!(
        come["cockpit"],
        Value::Null,
        "the facilitator's notes are the facilitator's"
    );
    assert_eq!(
        (&come["host_name"], &come["host"]),
        (&json!("Greg"), &json!(false)),
        "they know whose computer they are connected to"
    );
}

#[test]
fn the_lead_is_handed_over_and_the_computer_that_holds_the_meeting_can_take_it_back() {
    let (desk, doc, greg) = room();
    desk.ok("meeting_open", json!({ "doc": doc }));
    let (cathy, person) = guest(&desk, &doc, "Cathy", RoomRight::Editor);
    act(
        &desk,
        &doc,
        json!({ "type": "notes", "text": "Ask Bill about the cache" }),
    );
    desk.fails(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "hand_over", "to": person } }),
        ErrorCode::Invalid,
        "not come yet",
    );
    act_as(&cathy, &doc, json!({ "type": "arrive" })).expect("Cathy comes");
    let handed = act(&desk, &doc, json!({ "type": "hand_over", "to": person }));
    assert_eq!(
        handed["right"], "editor",
        "whoever handed it over leads no more"
    );
    let led =
        act_as(&cathy, &doc, json!({ "type": "go", "from": 0, "to": 1 })).expect("Cathy leads now");
    assert_eq!(led["at"], 1, "and moves the room");
    assert!(
        !led.to_string().contains("Ask Bill"),
        "notes are of the one who wrote them, whoever leads: {led}"
    );
    assert!(
        act_as(&cathy, &doc, json!({ "type": "take_lead" }))
            .is_err_and(|error| error.code == ErrorCode::Refused),
        "only the computer that holds the meeting takes the lead"
    );
    let back = act(&desk, &doc, json!({ "type": "take_lead" }));
    assert_eq!(
        back["cockpit"]["notes"], "Ask Bill about the cache",
        "with the notes that were there"
    );
    assert_eq!(
        back["facilitator"],
        json!(greg),
        "when Cathy's laptop dies, the host leads on"
    );
    desk.fails(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "hand_over", "to": "nobody" } }),
        ErrorCode::Invalid,
        "takes part",
    );
}

#[test]
fn a_link_lets_people_into_its_own_meeting_and_into_no_later_one() {
    let (desk, doc, _) = room();
    let opened = desk.ok("meeting_open", json!({ "doc": doc }))["meeting"].clone();
    let now: chrono::DateTime<chrono::Utc> =
        text(&opened["started_at"]).parse().expect("an instant");
    let join = |started_at| {
        handlers::join_as(
            &desk.api,
            &doc,
            started_at,
            "Robin",
            None,
            |_| false,
            || Ok(()),
        )
    };
    let refused = join(now - chrono::TimeDelta::hours(1)).err();
    assert!(
        refused
            .as_ref()
            .is_some_and(|error| error.message.contains("over")),
        "the meeting of the link has ended, whatever was opened since: {refused:?}"
    );
    assert!(
        join(now).is_ok_and(|joined| joined.new),
        "its own one goes on"
    );
}

#[test]
fn what_earlier_reviews_promised_is_shown_to_the_host_alone() {
    let (desk, doc, _) = room();
    let second = desk.demo();
    let promised = desk.ok("meeting_promises", json!({ "doc": doc }))["actions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert!(
        !promised.is_empty(),
        "the other review of the same service left something open"
    );
    assert!(
        promised.iter().all(|action| action["doc"] == json!(second)),
        "one's own items are no promise of earlier reviews"
    );
}

#[test]
fn wording_hints_know_the_people_of_the_review() {
    let (desk, doc, _) = room();
    let text = "🧯 Cathy should have checked the replica.";
    let report = desk.ok(
        "hints",
        json!({ "doc": doc, "kind": "finding", "text": text }),
    );
    let hint = &report["hints"][0];
    assert_eq!(
        (&hint["rule"], &hint["strength"]),
        (&json!("R1"), &json!("strong")),
        "a participant who should have done something is blamed: {report}"
    );
    let (start, end) = (hint["start"].as_u64(), hint["end"].as_u64());
    let units: Vec<u16> = text.encode_utf16().collect();
    let marked = start.zip(end).and_then(|(start, end)| {
        units.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    });
    assert!(
        marked.is_some_and(|marked| String::from_utf16_lossy(marked).contains("should have")),
        "the place is counted as web pages count: {report}"
    );
    let calm = desk.ok(
        "hints",
        json!({ "doc": doc, "kind": "finding", "text": "The replica has no panel on that page." }),
    );
    assert_eq!(
        calm["hints"],
        json!([]),
        "what was true of the system blames nobody"
    );
}

/// The time of the next test: it runs on a clock of its own.
static HOURS: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

fn later() -> chrono::DateTime<chrono::Utc> {
    super::noon() + chrono::TimeDelta::hours(HOURS.load(std::sync::atomic::Ordering::SeqCst))
}

#[test]
fn a_forgotten_meeting_ends_itself_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let mut config = api::Config::new(data.join("workspace.debrief"), data, api::Shell::Desktop);
    config.now = later;
    let api = Api::open(config).expect("a new workspace opens");
    let ok = |name: &str, request: Value| {
        api.call(name, request)
            .unwrap_or_else(|error| panic!("{name} must succeed: {error:?}"))
    };
    let doc = text(&ok("demo_new", json!({}))["doc"]);
    ok("set_me", json!({ "person": null, "name": "Ada" }));
    ok("meeting_open", json!({ "doc": doc }));
    let act = |act: Value| ok("meeting_do", json!({ "doc": doc, "act": act }));
    act(json!({ "type": "begin_silent" }));
    act(
        json!({ "type": "draft", "draft": { "id": D1, "text": "Nobody was told", "kind": "hindered" } }),
    );
    HOURS.store(1, std::sync::atomic::Ordering::SeqCst);
    act(json!({ "type": "notes", "text": "Call it a day" }));
    HOURS.store(73, std::sync::atomic::Ordering::SeqCst);
    let found = ok("meeting", json!({ "doc": doc }))["meeting"].clone();
    assert_eq!(
        found["ended_at"], "2026-11-16T12:00:00Z",
        "it ended when it was touched last, not when somebody looked"
    );
    let after = ok("postmortem_get", json!({ "doc": doc }));
    assert!(
        after["findings"].to_string().contains("Nobody was told"),
        "what was written silently is there"
    );
    let told = after["sections"]
        .as_array()
        .and_then(|sections| {
            sections
                .iter()
                .find(|section| section["id"] == "review-meeting")
        })
        .map(|section| text(&section["text"]))
        .expect("the document tells of the meeting");
    assert!(
        told.contains(", 60 min."),
        "the days in which nobody was there are no minutes of it: {told}"
    );
    let again = ok("meeting_open", json!({ "doc": doc }))["meeting"].clone();
    assert_eq!(
        again["cockpit"]["notes"], "Call it a day",
        "the notes are there the next time"
    );
    api.close();
}

#[test]
fn a_workspace_that_cannot_be_written_shows_a_forgotten_meeting_as_ended() {
    let (desk, doc, _) = room();
    desk.ok("meeting_open", json!({ "doc": doc }));
    act(&desk, &doc, json!({ "type": "begin_silent" }));
    act(
        &desk,
        &doc,
        json!({ "type": "draft", "draft": { "id": G1, "text": "Nobody dared to ask", "kind": "hindered" } }),
    );
    let copy = desk.path("copy.debrief");
    desk.ok("workspace_backup", json!({ "path": copy }));
    let mut config = Config::new(copy, desk.path("data"), Shell::Desktop);
    config.open = OpenAs::ReadOnly;
    config.now = || super::noon() + chrono::TimeDelta::days(2);
    let api = Api::open(config).expect("it opens for reading");
    for name in ["session", "meetings_open"] {
        api.call(name, json!({}))
            .expect("what every window asks for");
    }
    let request = json!({ "doc": doc });
    for name in ["postmortem_get", "postmortem_derived", "row_authors"] {
        api.call(name, request.clone())
            .expect("what the review's screen asks for");
    }
    let found = api
        .call("meeting", request.clone())
        .expect("the meeting is shown")["meeting"]
        .clone();
    assert!(
        found["ended_at"].is_string(),
        "nobody has touched it for two days, so it is over: {found}"
    );
    let refused = api
        .call(
            "meeting_do",
            json!({ "doc": doc, "act": { "type": "arrive" } }),
        )
        .expect_err("nothing can be written");
    assert_eq!(
        refused.code,
        ErrorCode::Unavailable,
        "which is told: {refused:?}"
    );
    assert_eq!(
        api.call("meeting", request).expect("it is shown again")["meeting"]["ended_at"],
        found["ended_at"],
        "and changes nothing of what is shown"
    );
}
