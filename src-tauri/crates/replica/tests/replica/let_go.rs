//! What was written here is let go for what is there.

use api::replica::Upstream;
use serde_json::json;

use crate::{Away, assert_equal, example, monday};

#[test]
fn what_was_dropped_and_not_read_anew_is_whole_after_the_next_exchange() {
    let (served, doc, _) = example();
    let mut away = Away::new(&served, monday);
    for dropped in [doc.as_str(), "directory"] {
        away.turn();
        // What a program leaves that ends right after it has dropped the document.
        away.desk.api.store().let_go(dropped).unwrap();
        away.desk.api.close();
        let folder = away.desk.folder.clone();
        away = Away::open(&folder, &served, monday);
        let (all, people) = (away.desk.everything(), away.desk.api.directory());
        assert!(
            all.iter().all(|one| one.actions.is_empty()) || people.people.is_empty(),
            "nothing of {dropped} is here"
        );
        away.turn();
        assert_equal(&served, &away, "it was taken whole, without an edit of it");
        away.desk.is_well();
    }
}

#[test]
fn what_is_let_go_stays_known_as_served_and_as_restricted() {
    let (served, doc, debby) = example();
    let away = Away::new(&served, monday);
    away.turn();
    away.desk
        .edit(&doc, &debby, |one| one.title = "Mine alone".into());
    served.with(|desk| desk.ok("postmortem_trash", json!({ "doc": doc })));
    away.turn();
    let store = away.desk.api.store();
    store.note_restricted(&[(doc.clone(), true)]).unwrap();
    away.desk.ok("replica_let_go", json!({ "doc": doc }));
    assert_ne!(
        away.desk.api.snapshot(&doc).unwrap().title,
        "Mine alone",
        "what is there stands in its place"
    );
    assert!(
        store.served_documents().unwrap().contains(&doc),
        "it is not asked for a second time, and is given back should a backup be put back there"
    );
    assert!(
        store.is_restricted_there(&doc).unwrap(),
        "and never to everybody, when it was for a few"
    );
    let upto = || store.replica().unwrap().unwrap().upto;
    let read = upto();
    Upstream::let_go(&*away.following, "directory").unwrap();
    assert_eq!(
        upto(),
        read,
        "and the log is not read a second time for the directory"
    );
    away.turn();
    assert_equal(&served, &away, "nothing else went");
}
