//! Bytes that nobody of good will sends.

use model::document;

use crate::{Client, Home, edit, sync, var};

#[test]
fn a_hostile_frame_ends_its_connection_and_nothing_else() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let mut good = Client::join(&room, "ada");
    good.saved();
    let before = room.snapshot();
    let bomb = [vec![0, 2], var(u64::from(u32::MAX)), vec![0xff; 20]].concat();
    let nested: Vec<u8> = [
        vec![1, 1, 1, 0],
        vec![0x28, 1, 4],
        b"meta".to_vec(),
        vec![1, b'k'],
        [117, 1].repeat(20_000),
    ]
    .concat();
    let frames: Vec<Vec<u8>> = vec![
        vec![],
        vec![0],
        vec![0, 9, 0],
        vec![0xff; 100],
        bomb,
        sync(2, &[]),
        sync(2, &[0xff; 50]),
        sync(2, &nested),
        sync(1, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        sync(0, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
        sync(2, &vec![0; 5 << 20]),
        vec![1, 3, 0xff, 0xff, 0x7f],
        vec![120, 5],
        vec![121, 0],
        vec![2, 0],
    ];
    for frame in frames {
        let client = Client::join(&room, "eve");
        let shown = &frame[..frame.len().min(20)];
        assert!(
            client.connection.receive(&frame).is_err(),
            "{shown:?} must end its connection"
        );
        assert!(client.connection.is_closed(), "and it stays ended");
    }
    assert_eq!(room.snapshot(), before, "the document is as before");
    assert_eq!(room.connections(), 1, "only the good one is left");
    good.edit(|p| p.title = "goes on".into());
    good.saved();
    process.is_well();
}

#[test]
fn a_flood_of_rows_is_refused_and_many_are_stored_soon() {
    let home = Home::new();
    let process = home.open();
    let room = process.room(&process.create());
    let rows = |count: u32| {
        let mut update = [vec![1], var(u64::from(count)), vec![7, 0]].concat();
        for at in 0..count {
            update.extend([0x27, 1, 8]);
            update.extend(b"findings");
            update.push(6);
            update.extend(format!("{at:06}").bytes());
            update.push(1);
        }
        update.push(0);
        update
    };
    let eve = Client::join(&room, "eve");
    assert!(
        eve.connection.receive(&sync(1, &rows(150_000))).is_err(),
        "more rows than a postmortem has in a lifetime"
    );
    let mut ada = Client::join(&room, "ada");
    ada.sent += 1;
    ada.connection.receive(&sync(1, &rows(12_000))).unwrap();
    ada.saved();
    process.is_well();
}

#[test]
fn mutated_updates_never_break_a_room() {
    let home = Home::new();
    let process = home.open();
    let doc = process.create();
    let room = process.room(&doc);
    let good = Client::join(&room, "");
    let updates: Vec<Vec<u8>> = (0..8)
        .map(|round| {
            good.change(|p| {
                p.title.push_str("word ");
                p.findings[round % 3].text.push('x');
                p.actions.rotate_left(1);
            })
        })
        .collect();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for _ in 0..3000 {
        let mut update = updates[(random() % 8) as usize].clone();
        for _ in 0..=random() % 3 {
            let at = (random() % update.len() as u64) as usize;
            update[at] = random() as u8;
        }
        let client = Client::join(&room, "");
        let _ = client.connection.receive(&sync(2, &update));
    }
    edit(&room, "", |p| p.title = "alive".into()).unwrap();
    let fresh = Client::join(&room, "");
    assert_eq!(
        document::read_as(&fresh.doc, &doc),
        *room.snapshot(),
        "whatever was let in, everybody reads the same"
    );
    assert_eq!(
        collab::history::state_at(&process.store, &doc, 0).unwrap(),
        *room.snapshot(),
        "and so does the log"
    );
    process.is_well();
}

#[test]
fn what_waits_for_missing_edits_is_bounded_in_bytes() {
    let home = Home::new();
    let process = home.open();
    let room = process.room(&process.create());
    let eve = Client::join(&room, "eve");
    let lost = eve.change(|p| p.title = "lost".into());
    assert!(!lost.is_empty(), "an edit that is never sent");
    let mut taken = 0;
    for round in 0..40 {
        let large = eve.change(|p| p.title = format!("{round}{}", "x".repeat(900_000)));
        let frame = sync(2, &large);
        if eve.connection.receive(&frame).is_err() {
            break;
        }
        taken += frame.len();
    }
    assert!(
        taken <= 9 << 20,
        "no more than some megabytes wait, not {taken} bytes"
    );
    let eve = Client::join(&room, "eve");
    assert!(
        eve.connection.receive(&sync(2, &vec![0; 2 << 20])).is_err(),
        "only the first answer may be a whole document"
    );
}
