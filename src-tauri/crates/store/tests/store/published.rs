//! Published copies: kept beside the log, whatever becomes of what they were made from.

use model::published::{PublishedCopy, PublishedKind};
use model::visibility::Audience;
use store::{NewPublished, NoticeKind, Open, Store, StoreError};

use crate::{AT, Home, WITHOUT_LATER, add_example};

fn copy<'a>(id: &'a str, kind: PublishedKind, doc: Option<&'a str>) -> NewPublished<'a> {
    NewPublished {
        id,
        kind,
        doc,
        title: "Login page outage",
        readers: Audience::Customers,
        at_ms: AT,
        by: "",
        replaces: None,
        made_from: "{}",
        file_name: "login",
        page: "<p>frozenpage</p>",
        text: "frozentext",
    }
}

fn ids(copies: &[PublishedCopy]) -> Vec<&str> {
    copies.iter().map(|copy| copy.id.as_str()).collect()
}

#[test]
fn copies_are_listed_newest_first_and_read_as_they_were() {
    let home = Home::new();
    let doc = add_example(&home.store);
    let store = &home.store;
    let first = store
        .publish(&copy("a", PublishedKind::Post, Some(&doc)))
        .unwrap();
    assert_eq!(
        (first.kind, first.doc.as_deref(), first.replaces),
        (PublishedKind::Post, Some(doc.as_str()), None),
        "it is what was handed in"
    );
    let later = NewPublished {
        at_ms: AT + 1,
        replaces: Some("a"),
        ..copy("b", PublishedKind::Post, Some(&doc))
    };
    store.publish(&later).unwrap();
    store
        .publish(&NewPublished {
            at_ms: AT + 2,
            ..copy("c", PublishedKind::Period, None)
        })
        .unwrap();
    let all = store.published(None, None, 0, 10).unwrap();
    assert_eq!((ids(&all.copies), all.total), (vec!["c", "b", "a"], 3));
    assert_eq!(
        (all.copies[1].replaces, all.copies[2].replaced),
        (Some(first.at), Some(all.copies[1].at)),
        "both copies say that the one took the other's place"
    );
    let page = store.published(None, None, 1, 1).unwrap();
    assert_eq!(
        (ids(&page.copies), page.total),
        (vec!["b"], 3),
        "a page of the list knows how many there are in all"
    );
    let of_one = store.published(Some(&doc), None, 0, 10).unwrap();
    assert_eq!(ids(&of_one.copies), ["b", "a"], "of one postmortem");
    let periods = store
        .published(None, Some(PublishedKind::Period), 0, 10)
        .unwrap();
    assert_eq!(ids(&periods.copies), ["c"], "of one kind");
    let from = store
        .published_from(PublishedKind::Post, Some(&doc))
        .unwrap();
    assert_eq!(
        from,
        [("b".into(), "{}".into()), ("a".into(), "{}".into())],
        "the newest of the same kind and postmortem is found first"
    );
    let whole = store.published_copy("b").unwrap();
    assert_eq!(
        (whole.page.as_str(), whole.text.as_str()),
        ("<p>frozenpage</p>", "frozentext"),
        "what it says is there whole"
    );
}

#[test]
fn copies_outlive_their_postmortem_and_a_rebuild() {
    let home = Home::new();
    let doc = add_example(&home.store);
    let store = &home.store;
    store
        .publish(&copy("a", PublishedKind::Summary, Some(&doc)))
        .unwrap();
    assert!(
        !store.published_copy("a").unwrap().copy.source_gone,
        "its postmortem is there"
    );
    let report = store.check(true).unwrap();
    assert_eq!(report.problems, Vec::<String>::new(), "a copy is no damage");
    store.trash(&doc, AT).unwrap();
    assert!(
        !store.published_copy("a").unwrap().copy.source_gone,
        "what is in the trash can come back"
    );
    let backup = home.folder.path().join("backup");
    store.backup(&backup).unwrap();
    store.erase(&doc, AT).unwrap();
    let kept = store.published_copy("a").unwrap();
    assert!(
        kept.copy.source_gone && kept.text == "frozentext",
        "what left can still be read when its postmortem is erased, and says so"
    );
    let backup = Store::open(&backup, Open::Existing).unwrap();
    assert_eq!(
        ids(&backup.published(None, None, 0, 10).unwrap().copies),
        ["a"],
        "a backup holds the copies"
    );
}

#[test]
fn a_deleted_copy_leaves_nothing() {
    let home = Home::new();
    let store = &home.store;
    let (last, _) = {
        store
            .publish(&copy("a", PublishedKind::Period, None))
            .unwrap();
        for (id, replaces, at_ms) in [("b", "a", AT + 1), ("c", "b", AT + 2)] {
            let next = NewPublished {
                at_ms,
                replaces: Some(replaces),
                page: if id == "b" { "secretpage" } else { "" },
                ..copy(id, PublishedKind::Period, None)
            };
            store.publish(&next).unwrap();
        }
        store
            .notices_after(0)
            .map(|(all, last)| (last, all))
            .unwrap()
    };
    store.delete_published("b", AT + 3).unwrap();
    let all = store.published(None, None, 0, 10).unwrap().copies;
    assert_eq!(
        (ids(&all), all[0].replaces),
        (vec!["c", "a"], Some(all[1].at)),
        "the copy after it takes the place of the one before it"
    );
    let gone = store.delete_published("b", AT);
    assert!(
        matches!(gone, Err(StoreError::NotFound { .. })),
        "it can be deleted once: {gone:?}"
    );
    assert!(
        matches!(store.published_copy("b"), Err(StoreError::NotFound { .. })),
        "nor read any more"
    );
    let told: Vec<NoticeKind> = store
        .notices_after(last)
        .unwrap()
        .0
        .iter()
        .map(|notice| notice.what)
        .collect();
    assert_eq!(
        told,
        [NoticeKind::Published],
        "other processes are told of the deletion, as of each publication"
    );
    let path = home.path();
    let bytes = std::fs::read(&path).unwrap();
    let found = bytes.windows(10).any(|bytes| bytes == b"secretpage");
    assert!(!found, "what it said is not in the file any more");
}

#[test]
fn an_older_file_that_may_only_be_read_has_no_copies() {
    let home = Home::new();
    home.raw().execute_batch(WITHOUT_LATER).unwrap();
    home.raw()
        .execute_batch("DROP TABLE published; PRAGMA user_version = 3;")
        .unwrap();
    let path = home.path();
    drop(home.store);
    let read = Store::open(&path, Open::ReadOnly).unwrap();
    assert_eq!(
        read.published(None, None, 0, 10).unwrap().total,
        0,
        "the table is not there, which is no error"
    );
    drop(read);
    let written = Store::open(&path, Open::Existing).unwrap();
    written
        .publish(&copy("a", PublishedKind::Period, None))
        .unwrap();
    assert_eq!(
        written.published(None, None, 0, 10).unwrap().total,
        1,
        "a file that can be written to gets the table when it is opened"
    );
}
