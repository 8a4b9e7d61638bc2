//! What happens to an action item after the review, in its document.

use chrono::{DateTime, NaiveDate, Utc};
use model::document::{apply, encode_state, new_doc, read, write};
use model::follow_through::{asks_whether_it_worked, is_move, look_again_on};
use model::postmortem::{ActionItem, ActionStatus, DueMove, Postmortem, Reopening, Status};
use yrs::{Doc, Map, Out, ReadTxn, Transact};

const ROW: &str = "0191b000-0000-7000-9000-000000000001";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn moved(id: &str, to: Option<&str>, reason: &str) -> DueMove {
    DueMove {
        id: id.into(),
        at: at("2026-11-20T08:00:00Z"),
        by: Some("p1".into()),
        from: Some(day("2026-11-25")),
        to: to.map(day),
        reason: reason.into(),
    }
}

fn with_item() -> (Doc, Postmortem) {
    let doc = new_doc();
    let postmortem = Postmortem {
        actions: vec![ActionItem {
            id: ROW.into(),
            text: "Alert on the age of the queue".into(),
            due: Some(day("2026-11-25")),
            ..ActionItem::default()
        }],
        ..Postmortem::default()
    };
    write(&doc, &postmortem);
    let postmortem = read(&doc);
    (doc, postmortem)
}

fn copy(doc: &Doc) -> Doc {
    let copy = new_doc();
    take(&copy, doc);
    copy
}

fn take(into: &Doc, from: &Doc) {
    apply(into, &encode_state(from)).expect("what we write applies");
}

#[test]
fn two_who_move_a_day_at_the_same_time_are_both_in_the_record() {
    let (here, mut mine) = with_item();
    let there = copy(&here);
    let mut theirs = mine.clone();
    mine.actions[0].due = Some(day("2026-12-01"));
    mine.actions[0].moves = vec![moved("m1", Some("2026-12-01"), "The supplier | is late")];
    theirs.actions[0].due = Some(day("2026-12-15"));
    theirs.actions[0].moves = vec![moved("m2", Some("2026-12-15"), "On call that week")];
    write(&here, &mine);
    write(&there, &theirs);
    take(&here, &there);
    take(&there, &here);
    let merged = read(&here);
    assert_eq!(merged, read(&there), "both sides read the same");
    assert_eq!(
        merged.actions[0].moves,
        [
            mine.actions[0].moves.clone(),
            theirs.actions[0].moves.clone()
        ]
        .concat(),
        "neither reason is lost, bars and all"
    );
}

#[test]
fn an_entry_that_is_taken_back_is_gone_for_everybody_and_can_come_again() {
    let (doc, mut postmortem) = with_item();
    postmortem.actions[0].moves = vec![moved("m1", None, "Nobody needs it by then")];
    postmortem.actions[0].reopened = vec![Reopening {
        id: "r1".into(),
        at: at("2026-12-20T08:00:00Z"),
        by: None,
        seen: "The alert did not fire".into(),
    }];
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "the record is read as it was written"
    );
    let mut without = postmortem.clone();
    without.actions[0].moves.clear();
    without.actions[0].reopened.clear();
    write(&doc, &without);
    assert_eq!(
        read(&doc),
        without,
        "what was taken back is no entry any more"
    );
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "taken back and done again, it is there again"
    );
}

#[test]
fn what_another_program_wrote_in_the_record_is_left_alone_and_not_read() {
    let (doc, mut postmortem) = with_item();
    {
        let mut txn = doc.transact_mut();
        let root = txn.get_map("actions").expect("the action items");
        let Some(Out::YMap(row)) = root.get(&txn, ROW) else {
            panic!("the row is there");
        };
        for (key, value) in [
            ("move:a", "yesterday|p1|2026-11-25||no time"),
            ("move:b", "2026-11-20T08:00:00Z|p1|2026-11-25"),
            ("move:c", ""),
            (
                "move:d",
                "2026-11-20T08:00:00Z||25 Nov|2026-13-40|days that are none",
            ),
            ("reopened:a", "2026-11-20T08:00:00Z"),
            ("check_on", "soon"),
            ("evidence_image", "no hash|"),
        ] {
            row.insert(&mut txn, key, value);
        }
    }
    let found = read(&doc);
    let item = &found.actions[0];
    assert_eq!(
        item.moves.len(),
        1,
        "only one of these is an entry: {:?}",
        item.moves
    );
    assert_eq!(
        (
            item.moves[0].by.clone(),
            item.moves[0].from,
            item.moves[0].to
        ),
        (None, None, None),
        "a day that cannot be read is no day"
    );
    assert!(item.reopened.is_empty() && item.check_on.is_none() && item.evidence_image.is_none());
    postmortem.actions[0].text = "Alert on the queue".into();
    postmortem.actions[0].moves = item.moves.clone();
    write(&doc, &postmortem);
    let txn = doc.transact();
    let root = txn.get_map("actions").expect("the action items");
    let Some(Out::YMap(row)) = root.get(&txn, ROW) else {
        panic!("the row is there");
    };
    assert!(
        matches!(row.get(&txn, "move:b"), Some(Out::Any(yrs::Any::String(text))) if !text.is_empty()),
        "a newer Debrief may know what it means"
    );
}

#[test]
fn a_day_needs_a_reason_once_the_review_is_over_and_only_when_it_was_set() {
    let (one, other) = (Some(day("2026-11-25")), Some(day("2026-12-01")));
    for status in [Status::FollowUp, Status::Closed] {
        assert!(is_move(status, one, other), "others count on the day");
        assert!(is_move(status, one, None), "taking it away is a move");
        assert!(!is_move(status, None, other), "the first day moves nothing");
        assert!(!is_move(status, one, one), "the same day is no other");
    }
    for status in [Status::Draft, Status::InReview] {
        assert!(
            !is_move(status, one, other),
            "the review is still settling it"
        );
    }
}

#[test]
fn somebody_is_asked_from_the_day_on_until_they_have_answered() {
    let today = day("2026-12-20");
    assert_eq!(look_again_on(day("2026-11-20"), 30), Some(today));
    assert_eq!(
        look_again_on(today, 0),
        None,
        "no days means that nobody is asked"
    );
    let mut item = ActionItem {
        status: ActionStatus::Done,
        check_on: Some(today),
        ..ActionItem::default()
    };
    assert!(asks_whether_it_worked(&item, today), "the day has come");
    assert!(
        !asks_whether_it_worked(&item, day("2026-12-19")),
        "not before"
    );
    item.verified = Some(model::postmortem::Verified {
        by: "p1".into(),
        at: at("2026-12-20T08:00:00Z"),
    });
    assert!(!asks_whether_it_worked(&item, today), "it was answered");
    item.verified = None;
    item.status = ActionStatus::Open;
    assert!(!asks_whether_it_worked(&item, today), "it is not done");
}
