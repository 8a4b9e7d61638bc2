//! What the log tells about a row and about older states.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use collab::history::{Row, row_changes, state_at};
use collab::{RoomError, Rooms};
use model::document;
use model::postmortem::{
    ActionItem, ActionStatus, Finding, Postmortem, RowKind, Status, TimelineEvent,
};
use store::{Open, Store};

use crate::{Client, Home, Process, edit, sync};

#[test]
fn each_change_of_a_row_with_who_and_when() {
    let home = Home::new();
    let clock = Arc::new(AtomicI64::new(1_795_000_000_000));
    let time = clock.clone();
    let store = Arc::new(Store::open(home.path(), Open::Create).unwrap());
    let rooms = Rooms::open_at(store.clone(), move || time.load(Ordering::SeqCst), |_| {}).unwrap();
    let later = |seconds: i64| clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    let doc = rooms.create("ada", &Postmortem::default()).unwrap();
    let room = rooms.room(&doc).unwrap();
    edit(&room, "ada", |p| p.actions.push(ActionItem::default())).unwrap();
    let id = room.snapshot().actions[0].id.clone();
    for word in ["Tell", " the", " people"] {
        later(2);
        edit(&room, "ada", |p| p.actions[0].text.push_str(word)).unwrap();
    }
    later(3600);
    edit(&room, "bob", |p| p.actions[0].status = ActionStatus::Done).unwrap();
    edit(&room, "bob", |p| p.title = "elsewhere".into()).unwrap();
    edit(&room, "bob", |p| {
        p.findings.push(Finding {
            text: "elsewhere".into(),
            ..Finding::default()
        })
    })
    .unwrap();
    later(3600);
    edit(&room, "ada", |p| {
        p.actions[0].text = "Ask the people".into()
    })
    .unwrap();
    edit(&room, "ada", |p| p.actions.clear()).unwrap();

    let changes = row_changes(&store, &doc, RowKind::Actions, &id).unwrap();
    let text = |row: &Option<Row>| match row {
        Some(Row::Action(item, _)) => format!("{:?} {}", item.status, item.text),
        Some(_) => panic!("an action item's history has action items"),
        None => "-".into(),
    };
    let told: Vec<_> = changes
        .iter()
        .map(|change| {
            (
                change.actor.clone().unwrap_or_default(),
                text(&change.before),
                text(&change.after),
            )
        })
        .collect();
    let expected = [
        ("ada", "-", "Open Tell the people"),
        ("bob", "Open Tell the people", "Done Tell the people"),
        ("ada", "Done Tell the people", "Done Ask the people"),
        ("ada", "Done Ask the people", "-"),
    ];
    let expected =
        expected.map(|(by, before, after)| (by.to_owned(), before.to_owned(), after.to_owned()));
    assert_eq!(
        told, expected,
        "typing is one change, numbers belong to the row's making, other rows are not told"
    );
    assert_eq!(
        (changes[1].at - changes[0].at).num_seconds(),
        3600,
        "each has its time"
    );

    let then = state_at(&store, &doc, changes[1].seq).unwrap();
    assert_eq!(
        then.actions[0].text, "Tell the people",
        "an older state is the log up to its place"
    );
    room.edit::<_, RoomError>("ada", |p| {
        *p = then.clone();
        Ok(())
    })
    .unwrap();
    let mut restored = Postmortem::clone(&room.snapshot());
    restored.findings.clone_from(&then.findings);
    assert_eq!(
        restored.actions, then.actions,
        "an older state comes back as a new edit, with the same rows"
    );
    assert_eq!(
        state_at(&store, &doc, 0).unwrap(),
        *room.snapshot(),
        "0 is now"
    );
    let other = rooms.create("", &Postmortem::default()).unwrap();
    for seq in [1, changes[1].seq, 1_000_000, -1] {
        assert!(
            state_at(&store, &other, seq).is_err(),
            "{seq} is no place of this document's log: before it was made there is nothing to go back to"
        );
    }
    assert!(
        state_at(&store, "nowhere", 0).is_err(),
        "what is not there has no history"
    );
}

#[test]
fn links_are_changes_of_both_their_ends() {
    let home = Home::new();
    let process = home.open();
    let doc = process.rooms.create("", &Postmortem::default()).unwrap();
    let room = process.room(&doc);
    edit(&room, "ada", |p| {
        p.timeline.push(TimelineEvent::default());
        p.findings.push(Finding::default());
        p.actions.push(ActionItem::default());
    })
    .unwrap();
    let now = room.snapshot();
    let (event, finding, action) = (&now.timeline[0].id, &now.findings[0].id, &now.actions[0].id);
    edit(&room, "bob", |p| p.findings[0].events.push(event.clone())).unwrap();
    edit(&room, "bob", |p| p.findings[0].actions.push(action.clone())).unwrap();
    let of_finding = row_changes(&process.store, &doc, RowKind::Findings, finding).unwrap();
    let links: Vec<(usize, usize)> = of_finding
        .iter()
        .filter_map(|change| match &change.after {
            Some(Row::Finding(row)) => Some((row.events.len(), row.actions.len())),
            _ => None,
        })
        .collect();
    assert_eq!(
        links,
        [(0, 0), (1, 0), (1, 1)],
        "each link is a change of the finding"
    );
    let of_action = row_changes(&process.store, &doc, RowKind::Actions, action).unwrap();
    let answered: Vec<Vec<String>> = of_action
        .iter()
        .filter_map(|change| match &change.after {
            Some(Row::Action(_, findings)) => Some(findings.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(
        answered,
        [vec![], vec![finding.clone()]],
        "and one of the action item that answers it"
    );
    assert_eq!(
        of_action[1].actor.as_deref(),
        Some("bob"),
        "by whoever linked them"
    );
}

#[test]
fn what_somebody_brings_under_anothers_mark_is_told_as_theirs_who_brought_it() {
    brought_by_bob(|process, room, lost| {
        let bob = Client::join(room, "bob");
        bob.connection.receive(&sync(1, lost)).unwrap();
        process.rooms.save().unwrap();
    });
    brought_by_bob(|process, room, lost| {
        process
            .rooms
            .hand_in(room.id(), "bob", false, &[lost.to_vec()])
            .unwrap();
    });
}

fn brought_by_bob(bring: impl Fn(&Process, &Arc<collab::Room>, &[u8])) {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.edit(|p| p.findings[0].text = "Ada's".into());
    ada.saved();
    let known = document::state_vector(&ada.doc);
    let brought = "01920000-0000-7000-8000-00000000beef";
    // Nobody can tell whether this was lost, or made up by Bob with Ada's mark.
    ada.change(|p| {
        p.findings[0].theme = "hers".into();
        p.findings.push(Finding {
            id: brought.into(),
            ..Default::default()
        });
    });
    let lost = document::encode_diff(&ada.doc, &known).unwrap();
    bring(&process, &room, &lost);
    let id = room.snapshot().findings[0].id.clone();
    let changes = row_changes(&process.store, &doc, RowKind::Findings, &id).unwrap();
    let last = changes.last().unwrap();
    assert!(
        matches!(&last.after, Some(Row::Finding(row)) if row.theme == "hers"),
        "the edit is not lost"
    );
    assert_eq!(
        last.actor.as_deref(),
        Some("bob"),
        "history names whoever brought it"
    );
    ada.edit(|p| {
        p.findings.push(Finding {
            id: "01920000-0000-7000-8000-00000000cafe".into(),
            ..Default::default()
        });
    });
    ada.saved();
    let authors = |room: &collab::Room| {
        let mut authors = room.row_authors();
        authors.sort();
        let of_new = authors
            .into_iter()
            .filter(|(row, _)| row.starts_with("01920000"));
        of_new.map(|(_, author)| author).collect::<Vec<_>>()
    };
    assert_eq!(
        authors(&room),
        ["bob", "ada"],
        "a row is of whoever brought it, and what Ada writes after that is hers"
    );
    drop((ada, room));
    process.rooms.close().unwrap();
    let process = home.open();
    assert_eq!(
        authors(&process.room(&doc)),
        ["bob", "ada"],
        "and that is known after a restart"
    );
}

#[test]
fn a_review_leaves_versions_at_its_start_and_end() {
    let home = Home::new();
    let process = home.open();
    let doc = process.rooms.create("", &Postmortem::default()).unwrap();
    let room = process.room(&doc);
    let names = || -> Vec<String> {
        let versions = process.store.versions(&doc).unwrap().into_iter();
        versions
            .map(|version| version.name)
            .filter(|name| !name.is_empty())
            .collect()
    };
    let mut ada = Client::join(&room, "ada");
    ada.edit(|p| p.status = Status::InReview);
    ada.saved();
    assert_eq!(
        names(),
        ["start of review"],
        "an edit that comes over the pipe"
    );
    ada.edit(|p| p.title = "in the meeting".into());
    ada.saved();
    edit(&room, "bob", |p| p.status = Status::FollowUp).unwrap();
    assert_eq!(
        names(),
        ["end of review", "start of review"],
        "and one of the backend, each once"
    );
    let end = process.store.versions(&doc).unwrap()[0].clone();
    assert_eq!(
        state_at(&process.store, &doc, end.seq).unwrap().status,
        Status::FollowUp,
        "the version holds the edit that it is named after"
    );
    edit(&room, "bob", |p| p.status = Status::Draft).unwrap();
    edit(&room, "bob", |p| p.status = Status::FollowUp).unwrap();
    assert_eq!(names().len(), 2, "without a review none ends");
    edit(&room, "bob", |p| p.status = Status::InReview).unwrap();
    edit(&room, "bob", |p| p.status = Status::Closed).unwrap();
    assert_eq!(
        names()[..2],
        ["end of review", "start of review"],
        "a review that is closed at once ends too"
    );
}
