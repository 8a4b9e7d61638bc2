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

#[test]
fn the_same_edit_again_is_not_saved_either() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    process.store.limit_pages(1).unwrap();
    let large = "x".repeat(300_000);
    for _ in 0..2 {
        assert_eq!(
            edit(&room, "", |p| p.title = large.clone()),
            Err(RoomError::NotSaved(StoreError::Full)),
            "pressing Save once more saves nothing as long as the disk is full"
        );
    }
    assert_eq!(
        process.rooms.name_version(&doc, "v1", ""),
        Err(RoomError::NotSaved(StoreError::Full)),
        "a state that is not stored gets no name"
    );
    process.store.limit_pages(1_000_000).unwrap();
    assert_eq!(
        edit(&room, "", |p| p.title = large.clone()),
        Ok(()),
        "with room again it is kept"
    );
    let kept = collab::history::state_at(&process.store, &doc, 0).unwrap();
    assert_eq!(kept.title.len(), 300_000, "and then it is in the log");
}

#[test]
fn closing_says_what_could_not_be_saved() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.saved();
    assert_eq!(process.rooms.save(), Ok(()), "everything is saved");
    process.store.limit_pages(1).unwrap();
    ada.edit(|p| p.title = "x".repeat(300_000));
    assert_eq!(
        process.rooms.save(),
        Err(RoomError::NotSaved(StoreError::Full)),
        "saving says that it did not work"
    );
    edit(&room, "", |p| p.tags.push("x".into())).unwrap_err();
    assert_eq!(
        process.rooms.close(),
        Err(RoomError::NotSaved(StoreError::Full)),
        "closing says so too"
    );
    assert_eq!(
        edit(&room, "", |p| p.tags.push("y".into())),
        Err(RoomError::Closed),
        "nothing goes on after that"
    );
}

#[test]
fn closing_saves_what_just_came_in() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let mut ada = Client::join(&process.room(&doc), "ada");
    ada.saved();
    for round in 0..50 {
        ada.edit(|p| p.title = format!("round {round}"));
    }
    assert_eq!(process.rooms.close(), Ok(()), "everything is saved");
    let kept = collab::history::state_at(&process.store, &doc, 0).unwrap();
    assert_eq!(kept.title, "round 49", "the last keystroke included");
    ada.saved();
    let late = ada.change(|p| p.title = "too late".into());
    assert!(
        ada.send(&late).is_err(),
        "nothing is taken that would be lost"
    );
}

#[test]
fn a_named_version_holds_what_was_just_typed() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let mut ada = Client::join(&process.room(&doc), "ada");
    for round in 0..20 {
        let title = format!("round {round}");
        ada.edit(|p| p.title = title.clone());
        let version = process.rooms.name_version(&doc, &title, "").unwrap();
        let kept = collab::history::state_at(&process.store, &doc, version.seq).unwrap();
        assert_eq!(
            kept.title, title,
            "the name stands for what was on the screen"
        );
    }
}
