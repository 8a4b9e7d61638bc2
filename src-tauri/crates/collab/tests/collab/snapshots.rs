//! Snapshots are a cache: whatever becomes of them, a document is what its log says.

use model::document;
use model::postmortem::Postmortem;

use crate::{Client, Home, edit};

#[test]
fn a_snapshot_that_cannot_be_used_does_not_empty_the_document() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    edit(&process.room(&doc), "", |p| p.title = "the second".into()).unwrap();
    let before = Postmortem::clone(&process.room(&doc).snapshot());
    let stranger = document::new_doc();
    document::write(&stranger, &before);
    let mut later = before.clone();
    later.title = "elsewhere".into();
    let foreign = document::write(&stranger, &later);
    for (what, state) in [
        ("builds on what is not there", &foreign[..]),
        ("is empty", &[0, 0]),
        ("is damaged", &[0xff; 40]),
    ] {
        process
            .store
            .write(|w| w.save_snapshot(&doc, w.last_seq()?, state))
            .unwrap();
        let other = home.open();
        let room = other.room(&doc);
        assert_eq!(
            *room.snapshot(),
            before,
            "the log is replayed when the snapshot {what}"
        );
        let mut ada = Client::join(&room, "ada");
        ada.edit(|p| p.tags.push("typed".into()));
        ada.edit(|p| p.tags.clear());
        ada.edit(|p| p.tags.clone_from(&before.tags));
        ada.saved();
        let row = other.store.log_of(&doc, 0).unwrap().len();
        assert!(row > 1, "what is typed is stored");
        assert_eq!(
            collab::history::state_at(&other.store, &doc, 0).unwrap(),
            before,
            "and nothing else is written"
        );
    }
}

#[test]
fn values_that_are_joined_do_not_spoil_the_snapshot() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let before = Postmortem::clone(&room.snapshot());
    let mut eve = Client::join(&room, "eve");
    let run = |origin: bool| {
        let mut update = vec![1, 1, 7];
        if origin {
            update.extend([0xE8, 0x07, 0x88, 7, 0xE7, 0x07]);
        } else {
            update.extend([0, 0x08, 1, 4]);
            update.extend(b"list");
        }
        update.extend([0xE8, 0x07]);
        update.extend([126; 1000]);
        update.push(0);
        update
    };
    eve.send(&run(false)).unwrap();
    eve.send(&run(true)).unwrap();
    for round in 0..40 {
        eve.edit(|p| p.title = format!("round {round}"));
    }
    eve.edit(|p| p.title.clone_from(&before.title));
    eve.saved();
    drop(eve);
    drop(room);
    process.rooms.close().unwrap();
    drop(process);
    let again = home.open();
    assert!(
        again.store.load(&doc).unwrap().state.is_some(),
        "a snapshot was kept"
    );
    assert_eq!(
        *again.room(&doc).snapshot(),
        before,
        "and the document is loaded from it"
    );
    again.is_well();
}
