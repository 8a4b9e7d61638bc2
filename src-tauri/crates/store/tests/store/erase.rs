//! The trash, and erasing for good.

use std::collections::BTreeSet;

use model::list::{ActionFilter, PostmortemFilter};
use model::postmortem::{Image, Postmortem, TimelineEvent};
use store::{BLOB_LIMIT, NoticeKind, StoreError};

use crate::{AT, Home, add, add_example, change, now};

#[test]
fn the_trash_keeps_everything_until_it_is_emptied() {
    let home = Home::new();
    let id = add_example(&home.store);
    home.store.trash(&id, AT).unwrap();
    let list = |trashed| {
        let filter = PostmortemFilter {
            trashed,
            ..PostmortemFilter::default()
        };
        home.store
            .postmortems(&filter, chrono_tz::Tz::UTC)
            .unwrap()
            .rows
            .len()
    };
    assert_eq!(
        (list(false), list(true)),
        (0, 1),
        "it is in the trash and nowhere else"
    );
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "the trash is no damage"
    );
    home.store.restore(&id, AT).unwrap();
    assert_eq!((list(false), list(true)), (1, 0), "it is back");
    let refused = home.store.erase(&id, AT);
    assert!(
        matches!(refused, Err(StoreError::Refused(_))),
        "only what is in the trash can be erased: {refused:?}"
    );
    assert!(
        matches!(
            home.store.trash("directory", AT),
            Err(StoreError::NotFound { .. })
        ),
        "the directory cannot be trashed"
    );
}

#[test]
fn erasing_leaves_nothing() {
    let home = Home::new();
    let id = add_example(&home.store);
    let own = home
        .store
        .put_blob(b"own picture secretpixels", "image/png", AT)
        .unwrap();
    let shared = home
        .store
        .put_blob(b"shared picture", "image/png", AT)
        .unwrap();
    let event = |hash: &str, text: &str| TimelineEvent {
        image: Some(Image {
            hash: hash.into(),
            alt: String::new(),
        }),
        text: text.into(),
        ..TimelineEvent::default()
    };
    change(&home.store, &id, AT, "", |p| {
        p.timeline
            .extend([event(&own, "unrepeatableword"), event(&shared, "")])
    });
    add(
        &home.store,
        "other",
        &Postmortem {
            timeline: vec![event(&shared, "word")],
            ..Postmortem::default()
        },
        AT,
    );
    home.store.name_version(&id, "v", "", AT).unwrap();
    let log = home.store.log(&id).unwrap();
    let entries: Vec<_> = log.iter().map(|row| row.entry()).collect();
    let state = model::document::encode_state(&model::document::replay(&entries).doc);
    home.store
        .write(|w| w.save_snapshot(&id, w.last_seq()?, &state))
        .unwrap();
    home.store.refresh_search().unwrap();
    let last = home.store.last_seq().unwrap();
    change(&home.store, &id, AT, "", |p| {
        p.title = "the newest entry".into()
    });

    home.store.trash(&id, AT).unwrap();
    assert_eq!(
        home.store
            .erase_trash(std::slice::from_ref(&id), &BTreeSet::new(), AT)
            .unwrap(),
        std::slice::from_ref(&id),
        "the trash is emptied"
    );
    let raw = home.raw();
    for table in [
        "document",
        "doc_update",
        "doc_client",
        "doc_version",
        "doc_snapshot",
        "doc_blob",
        "postmortem",
        "postmortem_service",
        "postmortem_tag",
        "action",
        "finding",
        "event",
        "section",
        "participant",
        "search_entry",
        "search_stale",
    ] {
        let column = if table == "document" { "id" } else { "doc_id" };
        let rows: i64 = raw
            .query_row(
                &format!("SELECT count(*) FROM {table} WHERE {column} = ?1"),
                [&id],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(rows, 0, "{table} must have nothing left of it");
    }
    assert_eq!(
        home.store.blob(&own).unwrap(),
        None,
        "its own picture is gone"
    );
    assert!(
        home.store.blob(&shared).unwrap().is_some(),
        "a picture that another postmortem shows stays"
    );
    let (notices, _) = home.store.notices_after(0).unwrap();
    assert!(
        notices
            .iter()
            .any(|n| n.what == NoticeKind::Erased && n.doc == id),
        "other processes are told"
    );
    assert!(
        home.store
            .actions(
                &ActionFilter::default(),
                now().date_naive(),
                chrono_tz::Tz::UTC
            )
            .unwrap()
            .rows
            .is_empty(),
        "its action items are gone"
    );
    change(&home.store, "other", AT, "", |p| p.title = "next".into());
    assert!(
        home.store.last_seq().unwrap() > last + 1,
        "a place in the log is never used twice, or others would miss an edit"
    );
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "what remains is whole"
    );
    drop(raw);

    home.store.tidy().unwrap();
    let path = home.path();
    let crate::Home { folder, store } = home;
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    let there = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(
        there(b"shared picture"),
        "this test can find what is in the file"
    );
    assert!(!there(b"secretpixels"), "the picture is overwritten");
    assert!(
        !there(b"unrepeatableword"),
        "the texts are overwritten, in the log, the lists and the search index"
    );
    drop(folder);
}

#[test]
fn images_are_named_by_what_they_are() {
    let home = Home::new();
    let hash = home.store.put_blob(b"abc", "image/png", AT).unwrap();
    assert_eq!(
        hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "the name is the SHA-256"
    );
    assert_eq!(
        home.store.put_blob(b"abc", "image/gif", AT).unwrap(),
        hash,
        "the same bytes are kept once"
    );
    assert_eq!(
        home.store.blob(&hash).unwrap().unwrap().mime,
        "image/png",
        "as they were stored first"
    );
    let large = home
        .store
        .put_blob(&vec![0; BLOB_LIMIT + 1], "image/png", AT);
    assert!(
        matches!(large, Err(StoreError::TooLarge { .. })),
        "10 MiB is the limit: {large:?}"
    );
    assert_eq!(
        home.store.blob("../../etc/passwd").unwrap(),
        None,
        "any other name names nothing"
    );
}

#[test]
fn only_what_was_seen_in_the_trash_is_erased() {
    let home = Home::new();
    let id = add_example(&home.store);
    add(&home.store, "unseen", &Postmortem::default(), AT);
    add(&home.store, "taken-out", &Postmortem::default(), AT);
    home.store.trash(&id, AT).unwrap();
    home.store.trash("unseen", AT).unwrap();
    let seen = [id.clone(), "taken-out".to_owned()];
    let refused = home.store.erase_trash(&seen, &BTreeSet::new(), AT);
    assert!(
        matches!(refused, Err(StoreError::Changed(_))),
        "one more came into the trash: {refused:?}"
    );
    assert!(
        home.store.document(&id).unwrap().is_some(),
        "then nothing is erased"
    );
    home.store.restore("unseen", AT).unwrap();
    assert_eq!(
        home.store.erase_trash(&seen, &BTreeSet::new(), AT).unwrap(),
        [id],
        "what is not in the trash stays"
    );
}

#[test]
fn what_somebody_takes_out_of_the_trash_meanwhile_is_not_erased() {
    let home = Home::new();
    let id = add_example(&home.store);
    for all in [false, true] {
        home.store.trash(&id, AT).unwrap();
        let other = home.raw();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        std::thread::scope(|scope| {
            let erasing = scope.spawn(|| {
                if all {
                    home.store
                        .erase_trash(std::slice::from_ref(&id), &BTreeSet::new(), AT)
                        .map(|docs| docs.len())
                } else {
                    home.store.erase(&id, AT).map(|()| 1)
                }
            });
            // It waits for the other program by now; should it not, this test finds nothing wrong.
            std::thread::sleep(std::time::Duration::from_millis(300));
            other
                .execute_batch("UPDATE document SET trashed_at = NULL; COMMIT")
                .unwrap();
            let erased = erasing.join().unwrap();
            assert!(
                matches!(erased, Err(StoreError::Refused(_)) | Ok(0)),
                "it is no longer in the trash: {erased:?}"
            );
        });
        assert!(
            home.store.document(&id).unwrap().is_some(),
            "it is still there"
        );
    }
}

#[test]
fn an_image_that_was_put_again_is_spared() {
    let home = Home::new();
    let id = add_example(&home.store);
    let hash = home.store.put_blob(b"picture", "image/png", AT).unwrap();
    let shows = |id: &str| {
        change(&home.store, id, AT, "", |p| {
            p.timeline.push(TimelineEvent {
                image: Some(Image {
                    hash: hash.clone(),
                    alt: String::new(),
                }),
                ..TimelineEvent::default()
            });
        });
    };
    shows(&id);
    add(&home.store, "other", &Postmortem::default(), AT);
    // Pasted into the other one, which has not said so yet.
    home.store
        .put_blob(b"picture", "image/png", AT + 1)
        .unwrap();
    home.store.trash(&id, AT + 2).unwrap();
    home.store.erase(&id, AT + 2).unwrap();
    shows("other");
    assert!(
        home.store.blob(&hash).unwrap().is_some(),
        "it is there when the other one shows it"
    );
    home.store.trash("other", AT + 3).unwrap();
    home.store.erase("other", AT + 3).unwrap();
    assert_eq!(
        home.store.blob(&hash).unwrap(),
        None,
        "and goes at once with the last postmortem that shows it"
    );
}
