//! Commits that fail: nothing is acknowledged, nothing is lost in memory, and it is tried again.

use collab::RoomError;
use store::StoreError;

use crate::{Client, Home, edit, eventually};

#[test]
fn a_full_disk_is_told_and_overcome() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    let mut bob = Client::join(&room, "bob");
    ada.saved();
    bob.saved();
    process.store.limit_pages(1).unwrap();
    let large = "x".repeat(300_000);
    ada.edit(|p| p.title = large.clone());
    eventually("the room is told that it is not saved", || {
        ada.read();
        bob.read();
        !ada.not_saved.is_empty() && !bob.not_saved.is_empty()
    });
    assert!(
        ada.not_saved[0].contains("full"),
        "the sentence says why: {:?}",
        ada.not_saved
    );
    assert_eq!(
        model::document::read(&bob.doc).title.len(),
        300_000,
        "the room goes on in memory"
    );
    let failed = edit(&room, "", |p| p.tags.push("late".into()));
    assert_eq!(
        failed,
        Err(RoomError::NotSaved(StoreError::Full)),
        "an edit of the backend says that it is not saved"
    );
    let late = Client::join(&room, "eve");
    assert_eq!(late.not_saved.len(), 1, "a newcomer is told as well");
    ada.read();
    assert!(ada.stored < ada.sent, "nothing is acknowledged meanwhile");
    let kept = collab::history::state_at(&process.store, &doc, 0).unwrap();
    assert!(kept.title.len() < 1000, "nothing is half-written");
    process.is_well();

    process.store.limit_pages(1_000_000).unwrap();
    ada.saved();
    bob.edit(|p| p.title = "short".into());
    bob.saved();
    let kept = collab::history::state_at(&process.store, &doc, 0).unwrap();
    assert_eq!(kept.title, "short", "with room again everything is kept");
    assert!(
        kept.tags.contains(&"late".to_owned()),
        "also the edit of the backend that had to wait"
    );
    process.is_well();
}

#[test]
fn creating_on_a_full_disk_leaves_nothing_half_made() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    process.store.limit_pages(1).unwrap();
    let mut content = model::postmortem::Postmortem::clone(&process.room(&doc).snapshot());
    content.id = "another".into();
    content.title = "x".repeat(300_000);
    assert_eq!(
        process.rooms.create("", &content),
        Err(RoomError::Store(StoreError::Full)),
        "it says why"
    );
    assert!(
        process.store.document("another").unwrap().is_none(),
        "nothing of it is there"
    );
    process.is_well();
}
