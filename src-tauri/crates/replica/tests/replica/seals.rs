//! What bears the served workspace's seal is taken back from whoever brings it, and what bears none is left out alone.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::json;

use crate::plans::{Net, team};
use crate::put_back::{copy, find, put_back, texts};
use crate::{Away, Served, text};

/// A member of a team with a replica, which becomes a viewer.
struct Ines {
    served: Arc<Served>,
    doc: String,
    net: Arc<Net>,
    away: Away,
}

impl Ines {
    fn new() -> Self {
        let (served, doc) = team();
        let net = Net::new(&served, "member", "Ines Train");
        let away = net.replica();
        Self {
            served,
            doc,
            net,
            away,
        }
    }

    fn person(&self) -> String {
        let replica = self.away.desk.api.store().replica().unwrap().unwrap();
        replica.person.unwrap()
    }

    fn becomes(&self, role: &str) {
        let replica = self.away.desk.api.store().replica().unwrap().unwrap();
        let id = replica.account.unwrap().id;
        self.served
            .with(|desk| desk.ok("account_role", json!({ "id": id, "role": role })));
    }

    fn writes(&self, words: &str) {
        find(&self.away.desk, &self.doc, &self.person(), words);
    }

    fn texts_there(&self) -> Vec<String> {
        self.served.with(|desk| texts(desk, &self.doc))
    }
}

#[test]
fn what_was_written_away_is_given_back_under_its_seal_by_a_viewer_too() {
    let ines = Ines::new();
    let old = copy(&ines.served);
    ines.writes("Written away");
    ines.away.turn();
    let store = ines.away.desk.api.store();
    let (rows, _) = store.back_rows(&ines.doc, 0).unwrap();
    assert!(
        rows.iter().all(|row| !row.seal.is_empty()),
        "what was handed in and told back bears a seal, too: {rows:?}"
    );
    let written = |ines: &Ines| {
        let log = ines
            .served
            .with(|desk| desk.api.store().log(&ines.doc).unwrap());
        let person = ines.person();
        let rows = log.into_iter().filter(|row| row.actor == person);
        rows.map(|row| (row.at_ms, row.bytes)).collect::<Vec<_>>()
    };
    let before = written(&ines);
    put_back(&ines.served, &old);
    ines.becomes("viewer");
    ines.away.turn();
    assert!(
        ines.texts_there().contains(&"Written away".to_owned()),
        "it stood in this log once, so it is taken: {:?}",
        ines.texts_there()
    );
    assert_eq!(
        written(&ines),
        before,
        "with its author and the time at which it was handed in"
    );
    let state = &ines.away.desk.ok("replica_state", json!({}))["state"];
    assert_eq!(state["refused"], json!([]), "nothing is refused: {state}");
}

#[test]
fn one_row_without_a_seal_does_not_keep_the_others_from_being_taken_back() {
    let ines = Ines::new();
    let old = copy(&ines.served);
    ines.writes("Handed in");
    ines.away.turn();
    ines.becomes("viewer");
    ines.writes("Never taken");
    ines.away.turn();
    ines.served
        .with(|desk| find(desk, &ines.doc, "greg", "Written there after that"));
    ines.away.turn();
    ines.net.cut.store(true, Ordering::SeqCst);
    put_back(&ines.served, &old);
    ines.becomes("viewer");
    ines.net.cut.store(false, Ordering::SeqCst);
    ines.away.turn();
    let there = ines.texts_there();
    for (words, taken) in [
        ("Handed in", true),
        ("Never taken", false),
        ("Written there after that", true),
    ] {
        assert_eq!(
            there.contains(&words.to_owned()),
            taken,
            "“{words}” goes by its own seal: {there:?}"
        );
    }
    let state = || ines.away.desk.ok("replica_state", json!({}))["state"].clone();
    assert!(
        text(&state()["refused"][0]["reason"]).contains("viewer"),
        "what is not taken is told: {}",
        state()
    );
    ines.becomes("member");
    ines.away.turn();
    assert!(
        ines.texts_there().contains(&"Never taken".to_owned()),
        "and is there once the role suffices: {:?}",
        ines.texts_there()
    );
    assert_eq!(
        state()["refused"],
        json!([]),
        "nothing is refused any more: {}",
        state()
    );
    assert_eq!(
        ines.away.desk.api.store().giving_back().unwrap(),
        Vec::<String>::new(),
        "and nothing is left to be given back"
    );
}
