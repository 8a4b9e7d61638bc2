//! A served workspace and replicas of it in one process, with a network between them that can be cut.
#![allow(missing_docs, clippy::unwrap_used)]

mod edges;
mod faults;
mod let_go;
mod plans;
mod put_back;
mod seals;
mod sockets;
mod week;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use api::{Api, Config, Shell};
use chrono::{DateTime, Duration, TimeZone, Utc};
use model::postmortem::Postmortem;
use replica::{Following, Host, HostError};
use serde_json::{Value, json};
use store::Replica;
use tempfile::TempDir;

pub fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 16, 9, 0, 0).unwrap()
}

pub fn a_week_later() -> DateTime<Utc> {
    monday() + Duration::days(7)
}

/// A workspace on some computer.
pub struct Desk {
    pub api: Api,
    pub folder: Arc<TempDir>,
}

impl Desk {
    /// Opens the workspace of a folder by a clock.
    pub fn open(folder: &Arc<TempDir>, now: fn() -> DateTime<Utc>) -> Self {
        Self::open_as(folder, now, Shell::Desktop)
    }

    pub fn open_as(folder: &Arc<TempDir>, now: fn() -> DateTime<Utc>, shell: Shell) -> Self {
        let mut config = Config::new(
            folder.path().join("team.debrief"),
            folder.path().to_owned(),
            shell,
        );
        config.now = now;
        Self {
            api: Api::open(config).unwrap(),
            folder: Arc::clone(folder),
        }
    }

    pub fn ok(&self, name: &str, request: Value) -> Value {
        self.api
            .call(name, request.clone())
            .unwrap_or_else(|error| panic!("{name} {request} must succeed: {error:?}"))
    }

    /// Everything that was ever written, by document, for comparing both sides.
    pub fn everything(&self) -> Vec<Postmortem> {
        let documents = self.api.store().documents().unwrap();
        documents
            .iter()
            .filter(|row| row.id != "directory")
            .map(|row| (*self.api.snapshot(&row.id).unwrap()).clone())
            .collect()
    }

    pub fn is_well(&self) {
        self.api.save().unwrap();
        assert_eq!(
            self.api.store().check(false).unwrap().problems,
            Vec::<String>::new(),
            "the tables must say what the log says"
        );
    }

    /// Sentences of the history of an action item, newest first.
    pub fn history(&self, doc: &str, id: &str) -> Vec<(String, String)> {
        let told = self.ok(
            "row_history",
            json!({ "doc": doc, "kind": "actions", "id": id }),
        );
        let entries = told.as_array().unwrap().iter();
        entries
            .map(|entry| (text(&entry["by_name"]), text(&entry["text"])))
            .collect()
    }

    /// Edits a postmortem as somebody.
    pub fn edit(&self, doc: &str, person: &str, change: impl FnOnce(&mut Postmortem)) {
        let room = self.api.rooms().room(doc).unwrap();
        room.edit(person, |postmortem| -> Result<(), collab::RoomError> {
            change(postmortem);
            Ok(())
        })
        .unwrap();
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The served workspace behind a network.
pub struct Served {
    pub desk: Mutex<Option<Desk>>,
    /// Nothing comes through.
    pub cut: AtomicBool,
    /// So many answers are lost on their way back, after what was asked was done.
    pub lose: AtomicUsize,
    /// The answer after so many others is lost; 0 for none.
    pub lose_after: AtomicUsize,
    /// Nobody is let in any more.
    pub revoked: AtomicBool,
}

impl Served {
    pub fn new(desk: Desk) -> Arc<Self> {
        Arc::new(Self {
            desk: Mutex::new(Some(desk)),
            cut: AtomicBool::default(),
            lose: AtomicUsize::default(),
            lose_after: AtomicUsize::default(),
            revoked: AtomicBool::default(),
        })
    }

    pub fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::SeqCst);
    }

    /// The workspace, for the people there.
    pub fn with<T>(&self, work: impl FnOnce(&Desk) -> T) -> T {
        work(self.desk.lock().unwrap().as_ref().unwrap())
    }

    fn reach<T>(&self, work: impl FnOnce(&Desk) -> Result<T, HostError>) -> Result<T, HostError> {
        if self.cut.load(Ordering::SeqCst) {
            return Err(HostError::Away("Nobody answers.".into()));
        }
        if self.revoked.load(Ordering::SeqCst) {
            return Err(HostError::Ended("Your access has ended.".into()));
        }
        let answer = self.with(work);
        let lose = |left: usize| left.checked_sub(1);
        if self
            .lose
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose)
            .is_ok()
        {
            return Err(HostError::Away("The answer was lost.".into()));
        }
        if self
            .lose_after
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose)
            .is_ok_and(|before| before == 1)
        {
            return Err(HostError::Away("The answer was lost.".into()));
        }
        answer
    }
}

impl Host for Served {
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError> {
        self.reach(|desk| desk.api.call(command, request).map_err(HostError::Said))
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        self.reach(|desk| {
            let found = desk.api.blob(hash).map_err(HostError::Said)?;
            Ok(found.map(|(_, bytes)| bytes))
        })
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.reach(|desk| desk.api.put_blob(&image).map(drop).map_err(HostError::Said))
    }
}

/// A replica on another computer.
pub struct Away {
    pub desk: Desk,
    pub following: Arc<Following>,
}

impl Away {
    /// A new replica of what is served.
    pub fn new(served: &Arc<Served>, now: fn() -> DateTime<Utc>) -> Self {
        let folder = Arc::new(TempDir::new().unwrap());
        let store =
            store::Store::open(folder.path().join("team.debrief"), store::Open::Create).unwrap();
        store
            .follow(&Replica {
                workspace: served.with(|desk| desk.api.store().workspace_id().unwrap()),
                address: "https://team.example".into(),
                ..Replica::default()
            })
            .unwrap();
        drop(store);
        Self::open(&folder, served, now)
    }

    pub fn open(folder: &Arc<TempDir>, served: &Arc<Served>, now: fn() -> DateTime<Utc>) -> Self {
        let desk = Desk::open(folder, now);
        let following = Following::new(desk.api.clone(), served.clone());
        Self { desk, following }
    }

    /// Exchanges everything, which must succeed.
    pub fn turn(&self) {
        self.following.turn().unwrap();
    }

    pub fn waiting(&self) -> usize {
        self.desk.api.store().waiting().unwrap().len()
    }
}

/// A served workspace with the example in it, where Debby sits; the example and Debby.
pub fn example() -> (Arc<Served>, String, String) {
    let desk = Desk::open(&Arc::new(TempDir::new().unwrap()), monday);
    let doc = text(&desk.ok("demo_new", json!({}))["doc"]);
    let session = desk.ok("set_me", json!({ "name": "Debby Fields" }));
    let me = text(&session["me"]["id"]);
    (Served::new(desk), doc, me)
}

/// Both sides hold the same, word for word.
pub fn assert_equal(served: &Arc<Served>, away: &Away, why: &str) {
    let there = served.with(Desk::everything);
    let here = away.desk.everything();
    assert_eq!(there.len(), here.len(), "as many postmortems: {why}");
    for (there, here) in there.iter().zip(&here) {
        assert_eq!(there, here, "{why}");
    }
    assert_eq!(
        *served.with(|desk| desk.api.directory()),
        *away.desk.api.directory(),
        "the same people, services and settings: {why}"
    );
}
