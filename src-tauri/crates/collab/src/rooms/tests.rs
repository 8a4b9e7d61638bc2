//! Faults that nobody can bring about from outside: commits that break, and a log that cannot be read.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use model::postmortem::Postmortem;
use store::{Open, Store, StoreError};
use tempfile::TempDir;

use super::{Fault, Rooms};
use crate::connection::Who;
use crate::error::RoomError;
use crate::room::Room;

struct Workspace {
    rooms: Arc<Rooms>,
    clock_is_broken: Arc<AtomicBool>,
    _folder: TempDir,
}

fn open() -> Workspace {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path().join("w.debrief"), Open::Create).unwrap();
    let clock_is_broken = Arc::new(AtomicBool::new(false));
    let broken = clock_is_broken.clone();
    let clock = move || {
        let writer = std::thread::current().name() == Some("debrief-writer");
        assert!(!(writer && broken.load(Ordering::SeqCst)), "a broken clock");
        1_800_000_000_000
    };
    Workspace {
        rooms: Rooms::open_at(Arc::new(store), clock, |_| {}).unwrap(),
        clock_is_broken,
        _folder: folder,
    }
}

impl Workspace {
    fn make(&self, title: &str) -> Arc<Room> {
        let content = Postmortem {
            title: title.into(),
            ..Postmortem::default()
        };
        let doc = self.rooms.create("", &content).unwrap();
        self.rooms.room(&doc).unwrap()
    }

    fn fault(&self, fault: Option<Fault>) {
        let mut place = self.rooms.shared.fault.lock();
        // A fault that panicked has poisoned its place.
        **place.as_mut().unwrap_or_else(|poisoned| poisoned.get_mut()) = fault;
    }

    fn stored_title(&self, room: &Room) -> String {
        let stored = crate::history::state_at(self.rooms.store(), room.id(), 0);
        stored.unwrap().title
    }
}

fn entitle(room: &Arc<Room>, title: &str) -> Result<(), RoomError> {
    room.edit("", |p| {
        p.title = title.into();
        Ok(())
    })
}

fn soon(mut holds: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(8) {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

#[test]
fn one_document_that_cannot_be_stored_does_not_hold_up_the_others() {
    let workspace = open();
    let (bad, good) = (workspace.make("bad"), workspace.make("good"));
    let doc = bad.id().to_owned();
    workspace.fault(Some(Box::new(move |of| {
        if of == doc {
            return Err(StoreError::Other("too big".into()));
        }
        Ok(())
    })));
    assert!(
        matches!(entitle(&bad, "bad 1"), Err(RoomError::NotSaved(_))),
        "the bad one says that it is not saved"
    );
    for round in 0..10 {
        assert_eq!(
            entitle(&good, &format!("good {round}")),
            Ok(()),
            "the good one is saved while the bad one is tried again and again"
        );
    }
    // Both in one commit, many times over.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..20 {
                let word = entitle(&bad, &format!("bad {round} more"));
                assert!(word.is_err(), "the bad one is not saved");
                if round > 1 {
                    break;
                }
            }
        });
        for round in 0..20 {
            assert_eq!(
                entitle(&good, &format!("good {round} more")),
                Ok(()),
                "saved"
            );
        }
    });
    workspace.fault(None);
    assert!(
        soon(|| workspace.stored_title(&bad).ends_with("more")),
        "once it can be stored it is"
    );
}

#[test]
fn a_panic_of_the_writer_is_survived() {
    let workspace = open();
    let (bad, good) = (workspace.make("bad"), workspace.make("good"));
    let doc = bad.id().to_owned();
    workspace.fault(Some(Box::new(move |of| {
        assert!(of != doc, "a fault of ours");
        Ok(())
    })));
    assert!(
        matches!(entitle(&bad, "bad 1"), Err(RoomError::NotSaved(_))),
        "whoever waits is told"
    );
    assert_eq!(entitle(&good, "good 1"), Ok(()), "others go on");
    workspace.fault(None);
    assert!(
        soon(|| workspace.stored_title(&bad) == "bad 1"),
        "what could not be stored is, as soon as it can be"
    );
    assert_eq!(entitle(&bad, "bad 2"), Ok(()), "and it goes on");
}

#[test]
fn a_panic_before_the_commit_is_survived_too() {
    let workspace = open();
    let room = workspace.make("one");
    workspace.clock_is_broken.store(true, Ordering::SeqCst);
    let (sender, done) = std::sync::mpsc::channel();
    let editing = room.clone();
    std::thread::spawn(move || sender.send(entitle(&editing, "two")));
    std::thread::sleep(Duration::from_millis(50));
    workspace.clock_is_broken.store(false, Ordering::SeqCst);
    let word = done.recv_timeout(Duration::from_secs(8));
    assert_eq!(word, Ok(Ok(())), "the edit is stored once the writer can");
    assert_eq!(workspace.stored_title(&room), "two", "it is in the log");
}

#[test]
fn a_panic_while_a_document_is_worked_on_makes_it_anew() {
    let workspace = open();
    let room = workspace.make("one");
    room.renew();
    assert_eq!(entitle(&room, "two"), Ok(()), "it goes on");
    let report = workspace.rooms.store().check(false).unwrap();
    assert_eq!(
        report.problems,
        Vec::<String>::new(),
        "the tables are right"
    );
}

#[test]
fn a_panic_in_the_middle_of_an_edit_leaves_nothing_of_it() {
    let workspace = open();
    let room = workspace.make("one");
    let edited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        room.edit_plain::<(), RoomError>("", |doc, _| {
            let content = Postmortem {
                title: "half".into(),
                ..Postmortem::default()
            };
            model::document::write(doc, &content);
            panic!("a fault of ours")
        })
    }));
    assert!(edited.is_err(), "whoever called hears of it");
    assert_eq!(
        room.snapshot().title,
        "one",
        "what was written and never logged is gone"
    );
    assert_eq!(entitle(&room, "two"), Ok(()), "and it goes on");
    let report = workspace.rooms.store().check(false).unwrap();
    assert_eq!(
        report.problems,
        Vec::<String>::new(),
        "the tables say what the log says"
    );
}

#[test]
fn a_document_in_doubt_that_cannot_be_read_again_ends_its_room() {
    let workspace = open();
    let room = workspace.make("one");
    let frames = Arc::new(Mutex::new(Vec::new()));
    let sent = frames.clone();
    let who = Who {
        person: None,
        writable: true,
    };
    let send = move |frame: Vec<u8>| {
        sent.lock().unwrap().push(frame);
        true
    };
    let connection = room.connect(who, Box::new(send));
    workspace.rooms.trash(room.id()).unwrap();
    workspace.rooms.store().erase(room.id(), 0).unwrap();
    room.renew();
    assert!(connection.is_closed(), "everybody is sent away");
    assert!(
        frames.lock().unwrap().last().unwrap().is_empty(),
        "and is told so"
    );
    assert!(
        entitle(&room, "two").is_err(),
        "nothing is taken into a document in doubt"
    );
}

#[test]
fn a_room_that_ended_is_loaded_anew() {
    let workspace = open();
    let room = workspace.make("one");
    room.end(&RoomError::Store(StoreError::Busy));
    assert!(entitle(&room, "two").is_err(), "the old one is over");
    let again = workspace.rooms.room(room.id()).unwrap();
    assert_eq!(entitle(&again, "three"), Ok(()), "the new one goes on");
    assert_eq!(workspace.stored_title(&again), "three", "and is stored");
}
