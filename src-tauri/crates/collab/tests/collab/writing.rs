//! Edits of the backend, creating, loading and closing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use collab::RoomError;
use model::directory::Person;
use model::list::Changed;
use model::postmortem::{Finding, Postmortem};
use store::{Open, Store, StoreError};

use crate::{Client, Home, edit, eventually};

#[test]
fn an_edit_of_the_backend_is_durable_and_told() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut page = Client::join(&room, "ada");
    page.saved();
    process.changes.lock().unwrap().clear();
    let number: Option<u32> = room
        .edit::<_, RoomError>("ada", |p| {
            p.findings.push(Finding {
                text: "New".into(),
                ..Finding::default()
            });
            Ok(None)
        })
        .unwrap();
    assert_eq!(number, None, "what the edit returns comes back");
    assert!(
        room.snapshot()
            .findings
            .iter()
            .all(|finding| finding.number.is_some()),
        "its number was given with the commit"
    );
    eventually("the page has it, number and all", || {
        page.read();
        model::document::read_as(&page.doc, &doc) == *room.snapshot()
    });
    eventually("subscribers are told", || {
        process
            .changes
            .lock()
            .unwrap()
            .contains(&Changed::Postmortem { doc: doc.clone() })
    });
    let before = process.store.log(&doc).unwrap().len();
    edit(&room, "ada", |_| {}).unwrap();
    assert_eq!(
        process.store.log(&doc).unwrap().len(),
        before,
        "an edit that changes nothing leaves no trace"
    );
    let failed: Result<(), RoomError> = room.edit("ada", |p| {
        p.title = "lost".into();
        Err(RoomError::Closed)
    });
    assert_eq!(
        failed,
        Err(RoomError::Closed),
        "an edit that fails comes back as it failed"
    );
    assert_ne!(room.snapshot().title, "lost", "and has done nothing");
    process.is_well();
}

#[test]
fn the_directory_is_written_the_same_way() {
    let home = Home::new();
    let process = home.open();
    process
        .rooms
        .edit_directory::<_, RoomError>("", |d| {
            d.people.push(Person {
                id: "p1".into(),
                name: "Ada".into(),
                ..Person::default()
            });
            Ok(())
        })
        .unwrap();
    assert_eq!(
        process.rooms.directory().people[0].name,
        "Ada",
        "the directory is read back"
    );
    eventually("subscribers are told", || {
        process
            .changes
            .lock()
            .unwrap()
            .contains(&Changed::Directory)
    });
    assert_eq!(process.store.info().unwrap().people, 1, "it is projected");
    assert!(
        matches!(
            process.rooms.room("directory"),
            Err(RoomError::NotFound { .. })
        ),
        "nobody connects to it as to a postmortem"
    );
    process.is_well();
}

#[test]
fn creating_gives_ids_and_numbers() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let content = process.room(&doc).snapshot();
    assert_eq!(content.id, doc, "the content's id is the document's");
    assert!(
        content.actions.iter().all(|action| action.number.is_some()),
        "action items are numbered from the start"
    );
    let again = process.rooms.create("", &content);
    assert!(
        matches!(again, Err(RoomError::Store(StoreError::Refused(_)))),
        "an id is used once: {again:?}"
    );
    let other = process
        .rooms
        .create(
            "",
            &Postmortem {
                id: String::new(),
                ..Postmortem::clone(&content)
            },
        )
        .unwrap();
    assert_ne!(other, doc, "without an id a new one is made");
    assert!(
        matches!(
            process.rooms.room("nowhere"),
            Err(RoomError::NotFound { .. })
        ),
        "what is not there has no room"
    );
    process.is_well();
}

#[test]
fn two_first_visitors_get_one_room() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let rooms: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| process.room(&doc))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        rooms.windows(2).all(|pair| Arc::ptr_eq(&pair[0], &pair[1])),
        "a document is open once"
    );
}

#[test]
fn a_snapshot_makes_loading_short_and_changes_nothing() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    for round in 0..1100 {
        client.edit(|p| p.title = format!("Round {round}"));
    }
    client.saved();
    let loaded = process.store.load(&doc).unwrap();
    assert!(
        loaded.state.is_some(),
        "after many updates the state is stored"
    );
    assert!(
        loaded.tail.len() < 700,
        "only a tail is left to apply, not {}",
        loaded.tail.len()
    );
    let before = room.snapshot();
    drop((client, room));
    drop(process);
    let process = home.open();
    assert!(
        process.store.load(&doc).unwrap().tail.len() < 32,
        "closing stores the state too"
    );
    assert_eq!(
        process.room(&doc).snapshot(),
        before,
        "what is loaded is what was there"
    );
    process.is_well();
}

#[test]
fn erasing_ends_the_room() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    client.saved();
    process.rooms.trash(&doc).unwrap();
    process.rooms.erase(&doc).unwrap();
    client.read();
    assert!(
        client.ended && client.refused.len() == 1,
        "everybody is told and sent away"
    );
    assert_eq!(
        edit(&room, "", |p| p.title = "gone".into()),
        Err(RoomError::Erased),
        "nothing can be written any more"
    );
    assert!(
        matches!(process.rooms.room(&doc), Err(RoomError::NotFound { .. })),
        "there is no room any more"
    );
    assert!(
        process
            .store
            .documents()
            .unwrap()
            .iter()
            .all(|row| row.id != doc),
        "nothing is left of it"
    );
    process.is_well();
}

#[test]
fn closing_the_workspace_commits_what_waits() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    client.edit(|p| p.title = "last words".into());
    drop(process.rooms);
    assert_eq!(
        collab::history::state_at(&process.store, &doc, 0)
            .unwrap()
            .title,
        "last words",
        "nothing that came in is lost"
    );
    assert_eq!(
        edit(&room, "", |p| p.title = "too late".into()),
        Err(RoomError::Closed),
        "after that nothing is taken"
    );
}

#[test]
fn a_workspace_that_is_only_read() {
    let home = Home::new();
    let doc = home.open().create();
    let store = Arc::new(Store::open(home.path(), Open::ReadOnly).unwrap());
    let rooms = collab::Rooms::open(store, |_| {}).unwrap();
    let room = rooms.room(&doc).unwrap();
    assert!(!room.snapshot().title.is_empty(), "it can be read");
    assert_eq!(
        edit(&room, "", |p| p.title = "x".into()),
        Err(RoomError::Store(StoreError::ReadOnly)),
        "and not written"
    );
    let mut client = Client::join(&room, "ada");
    client.edit(|p| p.title = "x".into());
    assert_ne!(room.snapshot().title, "x", "nor by a connection");
}

#[test]
fn a_keystroke_costs_no_more_in_a_large_document() {
    let time = |events: usize| {
        let home = Home::new();
        let process = home.open();
        let mut content = Postmortem {
            title: "x".into(),
            ..Postmortem::default()
        };
        for number in 0..events {
            let text = format!("Event {number}");
            content.timeline.push(model::postmortem::TimelineEvent {
                text,
                ..Default::default()
            });
        }
        let doc = process.rooms.create("", &content).unwrap();
        let room = process.room(&doc);
        let mut client = Client::join(&room, "ada");
        client.saved();
        let updates: Vec<_> = (0..40)
            .map(|_| client.change(|p| p.timeline[0].text.push('a')))
            .collect();
        let start = Instant::now();
        for update in updates {
            client.send(&update).unwrap();
            while !client
                .inbox
                .lock()
                .unwrap()
                .iter()
                .any(|frame| frame[0] == 120)
            {
                std::thread::sleep(Duration::from_micros(20));
            }
            client.read();
        }
        start.elapsed()
    };
    let (small, large) = (time(5), time(2000));
    // Two thousand rows are four hundred times as many; a busy machine gets room.
    assert!(
        large < small * 12 + Duration::from_millis(400),
        "work must follow what is dirty: {small:?} against {large:?}"
    );
}
