//! What lies in the trash is not edited, and nothing is lost by that.

use collab::RoomError;

use crate::{Client, Home, edit, eventually};

#[test]
fn what_is_typed_into_a_trashed_postmortem_waits_until_it_is_taken_out() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.edit(|p| p.title = "before".into());
    ada.saved();
    process.rooms.trash(&doc).unwrap();
    ada.read();
    assert!(
        ada.not_saved[0].contains("in the trash"),
        "the room hears of it: {:?}",
        ada.not_saved
    );
    ada.edit(|p| p.title = "typed meanwhile".into());
    assert_eq!(
        room.snapshot().title,
        "before",
        "nothing is taken into the document"
    );
    assert_eq!(
        edit(&room, "bob", |p| p.title.clear()),
        Err(RoomError::Trashed),
        "not even by a command"
    );
    let mut late = Client::join(&room, "bob");
    assert!(
        late.not_saved[0].contains("in the trash"),
        "whoever comes later hears it too"
    );
    late.saved();
    ada.read();
    assert!(ada.stored < ada.sent, "it is not said to be stored");

    process.rooms.restore(&doc).unwrap();
    ada.saved();
    assert_eq!(
        room.snapshot().title,
        "typed meanwhile",
        "the page is asked for what it kept"
    );
    process.is_well();
}

#[test]
fn another_process_moves_it_to_the_trash() {
    let home = Home::new();
    let (here, there) = (home.open(), home.open());
    let doc = here.create();
    let room = here.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.saved();
    there.rooms.trash(&doc).unwrap();
    eventually("the room hears of it", || {
        ada.read();
        !ada.not_saved.is_empty()
    });
    assert_eq!(
        edit(&room, "", |p| p.title.clear()),
        Err(RoomError::Trashed),
        "and takes nothing in"
    );
    there.rooms.restore(&doc).unwrap();
    eventually("it can be edited again", || {
        edit(&room, "", |p| p.title = "again".into()).is_ok()
    });
    drop(room);
    assert_eq!(
        here.room(&doc).snapshot().title,
        "again",
        "it goes on where it was"
    );
}
