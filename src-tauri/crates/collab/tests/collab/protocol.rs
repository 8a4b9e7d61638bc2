//! The document pipe: sync, acknowledgement, gaps, presence, authors.

use collab::Who;
use model::document;

use crate::{Client, Home, awareness, edit, eventually, me, sync};

#[test]
fn an_edit_reaches_the_others_and_is_acknowledged_once_it_is_durable() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    let mut bob = Client::join(&room, "bob");
    assert_eq!(
        document::read(&ada.doc).title,
        room.snapshot().title,
        "a newcomer gets the document"
    );
    ada.edit(|p| p.title = "Written by Ada".into());
    ada.saved();
    bob.read();
    assert_eq!(
        document::read(&bob.doc).title,
        "Written by Ada",
        "the others have it"
    );
    assert!(
        ada.inbox
            .lock()
            .unwrap()
            .iter()
            .all(|frame| frame[..2] != [0, 2]),
        "nothing is sent back to who sent it"
    );
    let last = process.store.log(&doc).unwrap().pop().unwrap();
    assert_eq!(last.actor, "ada", "the log says who handed it in");
    assert_eq!(
        process.store.postmortem_row(&doc).unwrap().unwrap().title,
        "Written by Ada",
        "the list says so too"
    );
    process.is_well();
}

#[test]
fn what_was_acknowledged_is_there_after_opening_the_file_again() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    for round in 0..20 {
        client.edit(|p| p.title = format!("Round {round}"));
        client.edit(|p| p.findings[0].text.push_str(&format!(" {round}")));
        client.saved();
        // Read by another process, while this one goes on.
        let other = store::Store::open(home.path(), store::Open::ReadOnly).unwrap();
        let there = collab::history::state_at(&other, &doc, 0).unwrap();
        assert_eq!(
            there.title,
            format!("Round {round}"),
            "all that was shown as saved is there"
        );
        assert!(
            there.findings[0].text.ends_with(&format!(" {round}")),
            "all of it"
        );
    }
}

#[test]
fn a_gap_pauses_the_acknowledgement_until_it_is_healed() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    client.saved();
    let lost = client.change(|p| p.title = "one".into());
    let second = client.change(|p| p.title = "one two".into());
    assert!(!lost.is_empty(), "the first update is made and never sent");
    client.send(&second).unwrap();
    assert_ne!(
        room.snapshot().title,
        "one two",
        "nothing is applied that builds on what is missing"
    );
    std::thread::sleep(std::time::Duration::from_millis(100));
    let asked = client
        .inbox
        .lock()
        .unwrap()
        .iter()
        .any(|frame| frame[..2] == [0, 0]);
    assert!(asked, "the room asks for what is missing");
    assert!(
        client
            .inbox
            .lock()
            .unwrap()
            .iter()
            .all(|frame| frame[0] != 120),
        "meanwhile nothing is acknowledged"
    );
    client.saved();
    assert_eq!(room.snapshot().title, "one two", "the answer heals it");
    process.is_well();
}

#[test]
fn the_same_update_again_is_acknowledged_and_not_kept_twice() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    let update = client.change(|p| p.title = "once".into());
    client.send(&update).unwrap();
    client.saved();
    let rows = process.store.log(&doc).unwrap().len();
    client.send(&update).unwrap();
    client.send(&update).unwrap();
    client.saved();
    assert_eq!(
        process.store.log(&doc).unwrap().len(),
        rows,
        "what is known already is not appended"
    );
}

#[test]
fn deletions_alone_are_edits() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut client = Client::join(&room, "ada");
    client.saved();
    let before = process.store.log(&doc).unwrap().len();
    client.edit(|p| p.title.truncate(3));
    client.saved();
    assert_eq!(
        process.store.log(&doc).unwrap().len(),
        before + 1,
        "an update that only deletes is kept"
    );
    assert_eq!(room.snapshot().title.len(), 3, "and applied");
    process.is_well();
}

#[test]
fn a_client_without_our_frames_gets_none() {
    let home = Home::new();
    let process = home.open();
    let room = process.room(&process.create());
    let inbox = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let frames = inbox.clone();
    let stock = room.connect(
        me("ada"),
        Box::new(move |frame: Vec<u8>| {
            frames.lock().unwrap().push(frame);
            true
        }),
    );
    let own = document::new_doc();
    document::apply(
        &own,
        &document::encode_diff(&document::new_doc(), &[0]).unwrap(),
    )
    .unwrap();
    stock.receive(&sync(1, &[0, 0])).unwrap();
    assert!(
        stock.receive(&[99]).is_err(),
        "a frame of no known kind ends the connection"
    );
    let all = inbox.lock().unwrap();
    assert!(
        all.iter()
            .all(|frame| frame.first().is_none_or(|kind| *kind < 100)),
        "stock clients never see our own frames"
    );
    assert!(
        all.last().unwrap().is_empty(),
        "an empty frame says that the connection is over"
    );
}

#[test]
fn who_may_not_write_only_reads() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let before = process.store.log(&doc).unwrap().len();
    let mut guest = Client::join_with(
        &room,
        Who {
            person: None,
            writable: false,
        },
        document::new_doc(),
    );
    guest.edit(|p| p.title = "mine".into());
    edit(&room, "", |p| p.tags.push("x".into())).unwrap();
    guest.read();
    assert_ne!(room.snapshot().title, "mine", "the edit is dropped");
    assert_eq!(
        process.store.log(&doc).unwrap().len(),
        before + 1,
        "only the other edit was kept"
    );
    assert_eq!(guest.stored, 0, "nothing of it is acknowledged");
}

#[test]
fn a_client_id_belongs_to_who_used_it_first() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.edit(|p| p.title = "Ada's".into());
    ada.saved();
    let client = ada.doc.client_id().get();
    assert_eq!(
        process.person_of(&doc, client).as_deref(),
        Some("ada"),
        "the binding is kept"
    );
    let Client {
        doc: same,
        connection,
        ..
    } = ada;
    drop(connection);

    let mut ada = Client::join_with(&room, me("ada"), same.clone());
    ada.edit(|p| p.title = "Ada's again".into());
    ada.saved();
    let mut bob = Client::join_with(&room, me("bob"), same);
    let forged = bob.change(|p| p.title = "Bob's under Ada's name".into());
    assert!(
        bob.send(&forged).is_err(),
        "nobody writes under another person's client id"
    );
    bob.read();
    assert_eq!(bob.refused.len(), 1, "and is told why");
    assert!(bob.ended, "the connection is over");
    assert_eq!(
        room.snapshot().title,
        "Ada's again",
        "nothing of it was applied"
    );

    let mut nobody = Client::join(&room, "");
    nobody.edit(|p| p.title = "by nobody known".into());
    nobody.saved();
    let client = nobody.doc.client_id().get();
    assert_eq!(
        process.person_of(&doc, client),
        None,
        "whoever has not said who they are binds nothing"
    );
}

#[test]
fn presence_comes_and_goes() {
    let home = Home::new();
    let process = home.open();
    let room = process.room(&process.create());
    let mut ada = Client::join(&room, "ada");
    let mut bob = Client::join(&room, "bob");
    ada.connection
        .receive(&awareness(&[(11, 1, "{\"n\":1}")]))
        .unwrap();
    ada.connection
        .receive(&awareness(&[(11, 2, "{\"n\":2}")]))
        .unwrap();
    eventually("word of who is there", || {
        bob.read();
        !bob.presence.is_empty()
    });
    assert_eq!(
        bob.presence,
        [awareness(&[(11, 2, "{\"n\":2}")])[2..].to_vec()],
        "the others hear who is there, once for what came in short order"
    );
    let mut late = Client::join(&room, "eve");
    assert_eq!(late.presence.len(), 1, "a newcomer hears it too");
    late.connection.receive(&[3]).unwrap();
    late.read();
    assert_eq!(late.presence.len(), 2, "and when asking");
    drop(ada);
    bob.read();
    let farewell = bob.presence.last().unwrap();
    assert!(farewell.ends_with(b"null"), "leaving is told: {farewell:?}");
    assert!(
        bob.connection
            .receive(&awareness(&[(12, 1, &"x".repeat(9000))]))
            .is_err(),
        "presence is bounded"
    );
    ada = Client::join(&room, "ada");
    ada.read();
    assert_eq!(room.connections(), 2, "who was refused is gone");
}

#[test]
fn a_receiver_that_is_full_is_closed_and_comes_back_whole() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let room_left = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(6));
    let left = room_left.clone();
    let slow = room.connect(
        me("slow"),
        Box::new(move |_| left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0),
    );
    let mut ada = Client::join(&room, "ada");
    for round in 0..20 {
        ada.edit(|p| p.title = format!("{round}"));
    }
    ada.saved();
    assert!(slow.is_closed(), "a full queue closes the connection");
    assert!(slow.receive(&[3]).is_err(), "it is told so when it speaks");
    eventually("the slow one is out of the room", || {
        room.connections() == 1
    });
    assert!(
        room_left.load(std::sync::atomic::Ordering::SeqCst) >= -1,
        "nothing more is sent to it"
    );
    let back = Client::join(&room, "slow");
    assert_eq!(
        document::read(&back.doc).title,
        "19",
        "coming back brings everything"
    );
}

#[test]
fn many_writers_at_once_converge() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let room = room.clone();
            scope.spawn(move || {
                let mut client = Client::join(&room, &format!("p{writer}"));
                for round in 0..25 {
                    client.read();
                    client.edit(|p| match round % 4 {
                        0 => p.title.push_str(&format!(" {writer}")),
                        1 => p.findings.push(model::postmortem::Finding {
                            text: format!("{writer} {round}"),
                            ..Default::default()
                        }),
                        2 => p.actions.rotate_left(1),
                        _ => p.timeline[writer].text.push('!'),
                    });
                }
                client.saved();
            });
        }
        let room = room.clone();
        scope.spawn(move || {
            for round in 0..20 {
                edit(&room, "backend", |p| p.tags.push(format!("t{round}"))).unwrap();
            }
        });
    });
    let late = Client::join(&room, "late");
    let mut read = document::read_as(&late.doc, &doc);
    assert_eq!(
        read,
        *room.snapshot(),
        "a newcomer reads what the room reads"
    );
    let numbers: Vec<_> = read
        .findings
        .drain(..)
        .map(|finding| finding.number)
        .collect();
    let distinct: std::collections::BTreeSet<_> = numbers.iter().collect();
    assert!(
        numbers.iter().all(Option::is_some) && distinct.len() == numbers.len(),
        "every finding has a number of its own"
    );
    assert_eq!(
        collab::history::state_at(&process.store, &doc, 0).unwrap(),
        *room.snapshot(),
        "the log says the same"
    );
    process.is_well();
}

#[test]
fn anybody_may_hand_in_what_was_lost() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.edit(|p| p.title = "Ada's".into());
    ada.saved();
    // Ada types, Bob's page has it, and the process ends before it is stored.
    let bob = Client::join(&room, "bob").doc;
    let lost = ada.change(|p| p.title = "Ada's, unsaved".into());
    document::apply(&bob, &lost).unwrap();
    drop((ada, room, process));
    let process = home.open();
    let room = process.room(&doc);
    let mut bob = Client::join_with(&room, me("bob"), bob);
    let own = bob.change(|p| p.tags.push("bobs".into()));
    bob.send(&own).unwrap();
    bob.saved();
    assert_eq!(bob.refused, Vec::<String>::new(), "Bob is welcome");
    assert_eq!(
        room.snapshot().title,
        "Ada's, unsaved",
        "Ada's words are back"
    );
    assert!(
        room.snapshot().tags.contains(&"bobs".to_owned()),
        "and Bob's own are taken"
    );
    process.is_well();
}

#[test]
fn announcing_a_client_does_not_bind_it() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut ada = Client::join(&room, "ada");
    ada.saved();
    let client = ada.doc.client_id().get();
    let first = ada.change(|p| p.title = "Ada's".into());
    let mut bob = Client::join(&room, "bob");
    bob.connection
        .receive(&awareness(&[(client, 9, "{}")]))
        .unwrap();
    bob.sent += 1;
    bob.connection.receive(&sync(1, &first)).unwrap();
    bob.saved();
    assert_eq!(
        process.person_of(&doc, client),
        None,
        "handing somebody's edits in makes nobody their author"
    );
    ada.edit(|p| p.title.push('!'));
    ada.saved();
    assert_eq!(
        process.person_of(&doc, client).as_deref(),
        Some("ada"),
        "typing does"
    );
}
