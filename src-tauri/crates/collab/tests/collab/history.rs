//! What the log tells about a row and about older states.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use collab::history::{Row, row_changes, state_at};
use collab::{RoomError, Rooms};
use model::postmortem::{ActionItem, ActionStatus, Finding, Postmortem, RowKind};
use store::{Open, Store};

use crate::{Home, edit};

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
        Some(Row::Action(item)) => format!("{:?} {}", item.status, item.text),
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
    assert!(
        state_at(&store, "nowhere", 0).is_err(),
        "what is not there has no history"
    );
}
