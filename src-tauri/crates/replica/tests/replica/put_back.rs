//! A served workspace that is put back from an older copy of its file, in whatever way.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use api::replica::Upstream;
use api::{ApiError, ErrorCode};
use model::postmortem::Finding;
use replica::{Following, Host, HostError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::plans::{come_in, team};
use crate::{Away, Desk, Served, assert_equal, example, monday, text};

/// A copy of the served workspace as it is now.
pub fn copy(served: &Served) -> PathBuf {
    served.with(|desk| {
        let copy = desk
            .folder
            .path()
            .join(format!("{}.copy", desk.api.store().last_seq().unwrap()));
        desk.api.store().backup(&copy).unwrap();
        copy
    })
}

/// Puts a copy back, and serves it.
pub fn put_back(served: &Served, copy: &PathBuf) {
    let folder = Arc::new(TempDir::new().unwrap());
    std::fs::copy(copy, folder.path().join("team.debrief")).unwrap();
    let old = served
        .desk
        .lock()
        .unwrap()
        .replace(Desk::open(&folder, monday));
    old.unwrap().api.close();
}

pub fn new(desk: &Desk, title: &str) -> String {
    text(&desk.ok("postmortem_new", json!({ "title": title }))["doc"])
}

pub fn find(desk: &Desk, doc: &str, person: &str, words: &str) {
    desk.edit(doc, person, |postmortem| {
        postmortem.findings.push(Finding {
            id: uuid(words),
            text: words.into(),
            ..Finding::default()
        });
    });
}

/// An id of its own for each text.
fn uuid(words: &str) -> String {
    let sum = words
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    format!("01920000-0000-7000-8000-{:012}", sum % 1_000_000_000_000)
}

pub fn texts(desk: &Desk, doc: &str) -> Vec<String> {
    let all = desk.everything();
    let found = all.iter().find(|one| one.id == doc);
    let findings = found.map(|one| one.findings.iter());
    findings
        .into_iter()
        .flatten()
        .map(|one| one.text.clone())
        .collect()
}

#[test]
fn it_gets_what_it_lost_with_documents_people_and_images_that_were_made_since() {
    let (served, doc, debby) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let old = copy(&served);

    // After the copy: an edit there, one from here, a postmortem with a picture, and somebody new.
    served.with(|desk| find(desk, &doc, "greg", "Written there after the backup"));
    let person = served.with(|desk| {
        text(&desk.ok("person_save", json!({ "id": "", "name": "Ines New", "short_name": "", "handle": "", "email": "", "role_title": "", "left": false }))["id"])
    });
    let made = served.with(|desk| {
        let made = new(desk, "Made after the backup");
        let image = [b"\x89PNG\r\n\x1a\n".as_slice(), &[9]].concat();
        let hash = desk.api.put_blob(&image).unwrap();
        desk.edit(&made, &person, |postmortem| {
            postmortem.timeline.push(model::postmortem::TimelineEvent {
                id: "01920000-0000-7000-8000-000000000077".into(),
                text: "A graph".into(),
                image: Some(model::postmortem::Image {
                    hash,
                    alt: "A graph".into(),
                }),
                ..Default::default()
            });
        });
        made
    });
    away.turn();
    find(&away.desk, &doc, &debby, "Written away after the backup");
    away.turn();
    let waits = new(&away.desk, "Never handed in");

    put_back(&served, &old);
    // Its log grows past the place up to which the replica has read the other one.
    for turn in 0..40 {
        served.with(|desk| {
            find(
                desk,
                &doc,
                "greg",
                &format!("Written after it was put back {turn}"),
            )
        });
    }
    away.turn();
    assert_equal(&served, &away, "both have everything");
    let there = served.with(|desk| texts(desk, &doc));
    for words in [
        "Written there after the backup",
        "Written away after the backup",
        "Written after it was put back 39",
    ] {
        assert!(
            there.contains(&words.to_owned()),
            "“{words}” must not be lost: {there:?}"
        );
    }
    served.with(|desk| {
        let all = desk.everything();
        assert!(
            all.iter().any(|one| one.id == made) && all.iter().any(|one| one.id == waits),
            "postmortems that were made after the backup are back"
        );
        let directory = desk.api.directory();
        assert!(
            directory.people.iter().any(|one| one.id == person),
            "and the people in them"
        );
        let event = &all.iter().find(|one| one.id == made).unwrap().timeline[0];
        let hash = &event.image.as_ref().unwrap().hash;
        assert!(desk.api.blob(hash).unwrap().is_some(), "and their pictures");
        let mut log = desk.api.store().log(&made).unwrap().into_iter();
        assert!(
            log.any(|row| row.actor == person),
            "what somebody else wrote is still theirs"
        );
        desk.is_well();
    });
    away.desk.is_well();
    assert_eq!(away.waiting(), 0, "nothing waits");
    assert_eq!(
        away.desk.api.store().giving_back().unwrap(),
        Vec::<String>::new(),
        "and nothing is left to be given back"
    );
}

#[test]
fn what_was_handed_in_and_never_read_back_is_not_lost_either() {
    let (served, doc, debby) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let old = copy(&served);
    find(&away.desk, &doc, &debby, "Handed in");
    // It is acknowledged, and the next answer is lost: the log was read up to the copy's end alone.
    let rows = away.desk.api.store().waiting_of(&doc).unwrap();
    let update = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &rows[0].bytes);
    let taken = served.with(|desk| {
        desk.ok(
            "replica_hand_in",
            json!({ "doc": doc, "updates": [update] }),
        )
    });
    let place = store::Place {
        seq: taken["place"]["seq"].as_i64().unwrap(),
        mark: text(&taken["place"]["mark"]),
    };
    let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
    away.desk
        .api
        .store()
        .acknowledged(&doc, &seqs, &place)
        .unwrap();
    put_back(&served, &old);
    away.turn();
    assert_eq!(
        served.with(|desk| texts(desk, &doc)).last().unwrap(),
        "Handed in",
        "what was called stored there is there again"
    );
    assert_equal(&served, &away, "both have it");
}

#[test]
fn what_was_erased_on_purpose_stays_erased() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    let (before, known, seen) = served.with(|desk| {
        (
            new(desk, "Erased before the backup"),
            new(desk, "Erased after the backup, and the replica was told"),
            new(desk, "Stays"),
        )
    });
    away.turn();
    let erase = |doc: &str| {
        served.with(|desk| {
            desk.ok("postmortem_trash", json!({ "doc": doc }));
            desk.ok("postmortem_erase", json!({ "doc": doc }));
        });
    };
    let other = Away::new(&served, monday);
    other.turn();
    other
        .desk
        .edit(&before, "greg", |one| one.title = "Mine".into());
    erase(&before);
    let old = copy(&served);
    away.turn();
    erase(&known);
    away.turn();
    put_back(&served, &old);
    away.turn();
    other.turn();
    other.turn();
    let there: Vec<String> =
        served.with(|desk| desk.everything().into_iter().map(|one| one.id).collect());
    assert!(
        !there.contains(&before),
        "the copy knows that it was erased, whoever has it still: {there:?}"
    );
    assert!(
        there.contains(&known),
        "the copy has what was erased after it was made, as any backup does"
    );
    assert!(
        there.contains(&seen) && there.contains(&doc),
        "the others stay: {there:?}"
    );
}

#[test]
fn a_postmortem_that_a_replica_saw_go_does_not_come_back_from_it() {
    let (served, ..) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let old = copy(&served);
    let gone = served.with(|desk| new(desk, "Made and erased after the backup"));
    away.turn();
    served.with(|desk| {
        desk.ok("postmortem_trash", json!({ "doc": gone }));
        desk.ok("postmortem_erase", json!({ "doc": gone }));
    });
    away.turn();
    put_back(&served, &old);
    away.turn();
    away.turn();
    assert!(
        served.with(|desk| desk.everything().iter().all(|one| one.id != gone)),
        "it was erased while nothing was lost, and stays so"
    );
}

#[test]
fn giving_back_goes_on_where_it_was_cut_off() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let old = copy(&served);
    let made: Vec<String> = (0..5)
        .map(|turn| served.with(|desk| new(desk, &format!("Made after the backup {turn}"))))
        .collect();
    away.turn();
    put_back(&served, &old);
    let folder = Arc::clone(&away.desk.folder);
    let mut away = Some(away);
    for lost in 1..12 {
        // The answer to one question after the other is lost, and the program is started again.
        served.lose.store(0, Ordering::SeqCst);
        served.lose_after.store(lost, Ordering::SeqCst);
        let one = away
            .take()
            .unwrap_or_else(|| Away::open(&folder, &served, monday));
        let _ = one.following.turn();
        one.desk.api.close();
    }
    served.lose_after.store(0, Ordering::SeqCst);
    let away = Away::open(&folder, &served, monday);
    away.turn();
    assert_equal(&served, &away, "both have everything");
    let there = served.with(Desk::everything);
    assert!(
        made.iter()
            .chain([&doc])
            .all(|doc| there.iter().any(|one| one.id == *doc)),
        "every postmortem is there"
    );
}

#[test]
fn what_was_restricted_is_made_with_who_may_see_it_or_not_at_all() {
    let (served, _) = team();
    let session = come_in(&served, "member", "Ines Train");
    let elsewhere = Desk::open(&Arc::new(TempDir::new().unwrap()), monday);
    let doc = new(&elsewhere, "For one alone");
    let told = elsewhere.ok("replica_rows", json!({ "after": 0, "doc": doc }));
    served.with(|desk| {
        let ines = desk.api.signed_in(&session, "").unwrap().unwrap();
        let accounts = desk.ok("account_list", json!({}));
        let mut all = accounts["accounts"].as_array().unwrap().iter();
        let id = all.find(|one| one["role"] == "member").unwrap()["id"].clone();
        // While what they bring is under way, so that nobody could be named.
        desk.ok("account_end", json!({ "id": id }));
        let given = ines.call(
            "replica_give_back",
            json!({
                "doc": doc, "created_at": 1, "trashed": false, "restricted": true, "images": [], "rows": told["rows"]
            }),
        );
        assert!(given.is_err(), "it is for nobody: {given:?}");
        assert_eq!(
            desk.api.store().document(&doc).unwrap(),
            None,
            "and nobody finds it open to everybody"
        );
    });
}

/// A served workspace that does not take a document back, and counts how often it is asked to.
struct Sulky {
    served: Arc<Served>,
    doc: String,
    refuses: AtomicBool,
    asked: AtomicUsize,
}

impl Host for Sulky {
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError> {
        let has_rows = request["rows"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty());
        if command == "replica_give_back" && request["doc"] == self.doc.as_str() && has_rows {
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.refuses.load(Ordering::SeqCst) {
                let error = ApiError::new(ErrorCode::Refused, "Not that one.");
                return Err(HostError::Said(error));
            }
        }
        self.served.call(command, request)
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        self.served.image(hash)
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.served.put_image(image)
    }
}

#[test]
fn what_is_not_taken_back_is_sent_once_until_it_stands_otherwise_there() {
    let (served, doc, _) = example();
    let away = Away::new(&served, monday);
    away.turn();
    let old = copy(&served);
    served.with(|desk| find(desk, &doc, "greg", "Written there after the backup"));
    away.turn();
    put_back(&served, &old);
    let sulky = Arc::new(Sulky {
        served: Arc::clone(&served),
        doc: doc.clone(),
        refuses: AtomicBool::new(true),
        asked: AtomicUsize::default(),
    });
    let following = Following::new(away.desk.api.clone(), sulky.clone());
    let turns = |many: usize| {
        for _ in 0..many {
            following.turn().unwrap();
        }
        sulky.asked.load(Ordering::SeqCst)
    };
    assert_eq!(turns(3), 1, "it is sent once, and not with each exchange");
    let state = || away.desk.ok("replica_state", json!({}))["state"].clone();
    assert!(
        text(&state()["refused"][0]["reason"]).contains("Not that one."),
        "and it stays told that it was not taken: {}",
        state()
    );

    sulky.refuses.store(false, Ordering::SeqCst);
    served.with(|desk| desk.ok("postmortem_trash", json!({ "doc": doc })));
    assert_eq!(turns(2), 2, "what stands otherwise there is sent again");
    assert_eq!(state()["refused"], json!([]), "and was taken: {}", state());
    assert!(
        served
            .with(|desk| texts(desk, &doc))
            .contains(&"Written there after the backup".to_owned()),
        "nothing is lost"
    );

    served.with(|desk| desk.ok("postmortem_restore", json!({ "doc": doc })));
    let old = copy(&served);
    served.with(|desk| find(desk, &doc, "greg", "Written there later"));
    assert_eq!(turns(2), 2, "what was taken is not sent again");
    sulky.refuses.store(true, Ordering::SeqCst);
    put_back(&served, &old);
    assert_eq!(turns(2), 3, "a copy that is put back is asked anew, once");
    sulky.refuses.store(false, Ordering::SeqCst);
    Upstream::let_go(&*following, &doc).unwrap();
    assert_eq!(turns(2), 3, "what was let go is not sent any more");
    assert_equal(&served, &away, "and gave way to what is there");
}
