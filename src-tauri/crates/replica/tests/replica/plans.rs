//! Random plans: people write in a served workspace and in three replicas of it while the network is cut and mended, answers are
//! lost, programs end in an orderly way or in the middle of something, postmortems are restricted and opened again, people become
//! viewers and members again, and the server is put back from a backup. In the end everybody has the same, and everything that
//! was ever acknowledged is in it, but for what was on the server alone when that was put back.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use api::error::ApiError;
use api::{Api, handlers};
use model::postmortem::{ActionStatus, Finding, Postmortem, Section};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use replica::{Following, Host, HostError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Away, Desk, Served, example, monday, text};

const REPLICAS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// Somebody writes: a word, a row, a field, a whole postmortem. The last place is where the workspace is served.
    Write {
        place: usize,
        doc: usize,
        what: What,
    },
    Exchange(usize),
    Cut(usize),
    Mend(usize),
    LoseAnswers(usize, usize),
    /// Ends in an orderly way and starts again.
    Restart(usize),
    /// Ends in the middle of something and starts again from what is on the disk.
    Kill(usize),
    Trash(usize),
    Restore(usize),
    /// The account of one replica may not see a postmortem any more.
    Restrict(usize, usize),
    /// Everybody may.
    Open(usize),
    /// One reads along alone from now on, or writes again.
    Role(usize, bool),
    Backup,
    PutBack,
}

#[derive(Clone, Debug)]
enum What {
    Word,
    Row,
    Field(u8),
    Postmortem,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        4 => Just(What::Word),
        3 => Just(What::Row),
        4 => (0..3_u8).prop_map(What::Field),
        1 => Just(What::Postmortem),
    ];
    prop_oneof![
        12 => (0..=REPLICAS, 0..4_usize, what).prop_map(|(place, doc, what)| Step::Write { place, doc, what }),
        5 => (0..REPLICAS).prop_map(Step::Exchange),
        3 => (0..REPLICAS).prop_map(Step::Cut),
        3 => (0..REPLICAS).prop_map(Step::Mend),
        1 => (0..REPLICAS, 1..4_usize).prop_map(|(one, lost)| Step::LoseAnswers(one, lost)),
        1 => (0..=REPLICAS).prop_map(Step::Restart),
        2 => (0..=REPLICAS).prop_map(Step::Kill),
        1 => (0..4_usize).prop_map(Step::Trash),
        1 => (0..4_usize).prop_map(Step::Restore),
        1 => (0..REPLICAS, 0..4_usize).prop_map(|(one, doc)| Step::Restrict(one, doc)),
        1 => (0..4_usize).prop_map(Step::Open),
        1 => (0..REPLICAS, any::<bool>()).prop_map(|(one, viewer)| Step::Role(one, viewer)),
        1 => Just(Step::Backup),
        1 => Just(Step::PutBack),
    ]
}

/// One replica's way to the served workspace, with the session of its account.
pub struct Net {
    served: Arc<Served>,
    session: String,
    pub cut: AtomicBool,
    lose: AtomicUsize,
}

impl Net {
    /// The way of somebody new with an account of that role.
    pub fn new(served: &Arc<Served>, role: &str, name: &str) -> Arc<Self> {
        Arc::new(Self {
            served: Arc::clone(served),
            session: come_in(served, role, name),
            cut: AtomicBool::default(),
            lose: AtomicUsize::default(),
        })
    }

    /// A new replica at its end, with everything.
    pub fn replica(self: &Arc<Self>) -> Away {
        let away = Away::new(&self.served, monday);
        let folder = Arc::clone(&away.desk.folder);
        drop(away);
        let away = follow(&folder, self);
        away.turn();
        away
    }

    fn reach<T>(&self, work: impl FnOnce(&Api) -> Result<T, ApiError>) -> Result<T, HostError> {
        if self.cut.load(Ordering::SeqCst) {
            return Err(HostError::Away("Nobody answers.".into()));
        }
        let answer = self.served.with(|desk| {
            let found = desk.api.signed_in(&self.session, "").unwrap();
            let api = found.ok_or_else(|| HostError::Ended("Nobody knows you.".into()))?;
            work(&api).map_err(HostError::Said)
        });
        let left = |left: usize| left.checked_sub(1);
        match self
            .lose
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
        {
            Ok(_) => Err(HostError::Away("The answer was lost.".into())),
            Err(_) => answer,
        }
    }
}

impl Host for Net {
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError> {
        self.reach(|api| api.call(command, request))
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        self.reach(|api| Ok(api.blob(hash)?.map(|(_, bytes)| bytes)))
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.reach(|api| api.put_blob(&image).map(drop))
    }
}

/// A workspace that is served to a team, with the example in it, and an admin.
pub fn team() -> (Arc<Served>, String) {
    let (served, doc, _) = example();
    served
        .with(|desk| handlers::serve_at(&desk.api, "http://127.0.0.1", None))
        .unwrap();
    come_in(&served, "admin", "Ada Keys");
    (served, doc)
}

/// Somebody new with an account of that role; the secret of their session.
pub fn come_in(served: &Served, role: &str, name: &str) -> String {
    served.with(|desk| {
        let invited = desk.ok(
            "account_invite",
            json!({ "role": role, "name": "", "days": 7, "person": null, "account": null }),
        );
        let link = text(&invited["link"]);
        let (_, secret) = link.split_once("invitation=").unwrap();
        handlers::accept_invitation(&desk.api, secret, name, "a test", "").unwrap()
    })
}

/// Everybody, and what was acknowledged to them.
struct World {
    served: Arc<Served>,
    nets: Vec<Arc<Net>>,
    aways: Vec<Away>,
    docs: Vec<String>,
    words: BTreeSet<(String, String)>,
    rows: BTreeSet<(String, String)>,
    next: usize,
    accounts: Vec<String>,
    backup: Option<PathBuf>,
    backups: TempDir,
}

impl World {
    fn new() -> Self {
        let (served, doc) = team();
        let mut world = Self {
            served,
            nets: Vec::new(),
            aways: Vec::new(),
            docs: vec![doc],
            words: BTreeSet::new(),
            rows: BTreeSet::new(),
            next: 0,
            accounts: Vec::new(),
            backup: None,
            backups: TempDir::new().unwrap(),
        };
        for one in 0..REPLICAS {
            let net = Net::new(&world.served, "member", &format!("Member {one}"));
            let away = net.replica();
            let replica = away.desk.api.store().replica().unwrap().unwrap();
            world.accounts.push(replica.account.unwrap().id);
            world.aways.push(away);
            world.nets.push(net);
        }
        world
    }

    fn at<T>(&self, place: usize, work: impl FnOnce(&Desk) -> T) -> T {
        match self.aways.get(place) {
            Some(away) => work(&away.desk),
            None => self.served.with(work),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Write { place, doc, what } => self.write(*place, *doc, what),
            Step::Exchange(one) => {
                let _ = self.aways[*one].following.turn();
            }
            Step::Cut(one) => self.nets[*one].cut.store(true, Ordering::SeqCst),
            Step::Mend(one) => self.nets[*one].cut.store(false, Ordering::SeqCst),
            Step::LoseAnswers(one, lost) => self.nets[*one].lose.store(*lost, Ordering::SeqCst),
            Step::Restart(place) => {
                let folder = self.at(*place, |desk| Arc::clone(&desk.folder));
                self.reopen(*place, &folder);
            }
            Step::Kill(place) => {
                // What a program leaves that ends at this very moment: its files as they are now.
                let folder = Arc::new(TempDir::new().unwrap());
                let from = self.at(*place, |desk| desk.folder.path().to_owned());
                for file in ["team.debrief", "team.debrief-wal", "device.json"] {
                    if from.join(file).exists() {
                        std::fs::copy(from.join(file), folder.path().join(file)).unwrap();
                    }
                }
                self.reopen(*place, &folder);
            }
            Step::Restrict(one, doc) => {
                let others: Vec<&String> = self
                    .accounts
                    .iter()
                    .filter(|id| **id != self.accounts[*one])
                    .collect();
                self.set_access(*doc, &json!(others), true);
            }
            Step::Open(doc) => self.set_access(*doc, &json!([]), false),
            Step::Role(one, viewer) => {
                self.set_role(*one, if *viewer { "viewer" } else { "member" })
            }
            Step::Backup => {
                self.next += 1;
                let copy = self.backups.path().join(format!("{}.debrief", self.next));
                self.served
                    .with(|desk| desk.api.store().backup(&copy))
                    .unwrap();
                self.backup = Some(copy);
            }
            Step::PutBack => self.put_back(),
            Step::Trash(doc) => self.in_trash(*doc, "postmortem_trash"),
            Step::Restore(doc) => self.in_trash(*doc, "postmortem_restore"),
        }
    }

    fn reopen(&mut self, place: usize, folder: &Arc<TempDir>) {
        match self.aways.get_mut(place) {
            Some(away) => {
                away.desk.api.close();
                *away = follow(folder, &self.nets[place]);
            }
            None => {
                let mut desk = self.served.desk.lock().unwrap();
                if let Some(desk) = desk.take() {
                    desk.api.close();
                }
                *desk = Some(Desk::open(folder, monday));
            }
        }
    }

    fn set_access(&self, doc: usize, accounts: &Value, restricted: bool) {
        let Some(doc) = self.docs.get(doc) else {
            return;
        };
        // It may not have arrived yet.
        let _ = self.served.with(|desk| {
            let access = json!({ "doc": doc, "restricted": restricted, "accounts": accounts });
            desk.api.call("postmortem_access_set", access)
        });
    }

    fn set_role(&self, one: usize, role: &str) {
        self.served.with(|desk| {
            desk.ok(
                "account_role",
                json!({ "id": self.accounts[one], "role": role }),
            )
        });
    }

    /// The server is put back from the last backup. What it alone had since is gone; nothing else may be.
    fn put_back(&mut self) {
        let Some(copy) = self.backup.clone() else {
            return;
        };
        let folder = Arc::new(TempDir::new().unwrap());
        std::fs::copy(copy, folder.path().join("team.debrief")).unwrap();
        self.reopen(REPLICAS, &folder);
        // Whoever was shown a postmortem last, or has just made it, still has it to give.
        let mut there = vec![self.served.with(|desk| desk.everything())];
        for away in &self.aways {
            let store = away.desk.api.store();
            let (served, waiting) = (store.served_documents().unwrap(), store.waiting().unwrap());
            let withdrawn = store.withdrawn().unwrap();
            let mut all = away.desk.everything();
            all.retain(|one| {
                (served.contains(&one.id) || waiting.contains(&one.id))
                    && withdrawn.iter().all(|gone| gone.doc != one.id)
            });
            there.push(all);
        }
        let known = |doc: &str, holds: &dyn Fn(&Postmortem) -> bool| {
            let mut all = there.iter().flatten();
            all.any(|one| one.id == doc && holds(one))
        };
        self.docs.retain(|doc| known(doc, &|_| true));
        self.words.retain(|(doc, word)| {
            known(doc, &|one| {
                one.sections.iter().any(|one| one.text.contains(word))
            })
        });
        self.rows
            .retain(|(doc, row)| known(doc, &|one| one.findings.iter().any(|one| one.id == *row)));
    }

    fn in_trash(&self, doc: usize, command: &str) {
        let Some(doc) = self.docs.get(doc) else {
            return;
        };
        // It may not have arrived yet.
        let _ = self
            .served
            .with(|desk| desk.api.call(command, json!({ "doc": doc })));
    }

    fn write(&mut self, place: usize, doc: usize, what: &What) {
        self.next += 1;
        let mark = format!("<{}>", self.next);
        if matches!(what, What::Postmortem) {
            let made = self.at(place, |desk| {
                desk.api.call("postmortem_new", json!({ "title": mark }))
            });
            // A viewer makes none.
            if let Ok(made) = made {
                self.docs.push(text(&made["doc"]));
            }
            return;
        }
        let Some(doc) = self.docs.get(doc).cloned() else {
            return;
        };
        let id = format!("01920000-0000-7000-8000-{:012}", self.next);
        let edited = self.at(place, |desk| {
            let room = desk.api.rooms().room(&doc)?;
            room.edit("greg", |postmortem| -> Result<(), collab::RoomError> {
                match what {
                    What::Word => match postmortem.sections.first_mut() {
                        Some(section) => section.text.push_str(&mark),
                        None => postmortem.sections.push(Section {
                            id: "summary".into(),
                            text: mark.clone(),
                            ..Section::default()
                        }),
                    },
                    What::Row => postmortem.findings.push(Finding {
                        id: id.clone(),
                        text: mark.clone(),
                        ..Finding::default()
                    }),
                    What::Field(value) => {
                        if let Some(item) = postmortem.actions.first_mut() {
                            item.status = match value {
                                0 => ActionStatus::Open,
                                1 => ActionStatus::InProgress,
                                _ => ActionStatus::Done,
                            };
                            item.owner = Some(format!("owner-{value}"));
                        }
                    }
                    What::Postmortem => {}
                }
                Ok(())
            })
        });
        // Not here, or in the trash: nothing was acknowledged.
        if edited.is_err() {
            return;
        }
        match what {
            What::Word => drop(self.words.insert((doc, mark))),
            What::Row => drop(self.rows.insert((doc, id))),
            What::Field(_) | What::Postmortem => {}
        }
    }

    /// The network is mended, everybody exchanges what they have, and all is looked at.
    fn check(&mut self) {
        for net in &self.nets {
            net.cut.store(false, Ordering::SeqCst);
            net.lose.store(0, Ordering::SeqCst);
        }
        for round in 0..3 {
            // What was made away arrives with the first round, and may lie in the trash, or be for others, until then.
            for doc in 0..self.docs.len() {
                self.in_trash(doc, "postmortem_restore");
                self.set_access(doc, &json!([]), false);
            }
            for one in 0..REPLICAS {
                self.set_role(one, "member");
            }
            for away in self.aways.iter().chain(&self.aways) {
                away.turn();
                if round > 1 {
                    let state = &away.desk.ok("replica_state", json!({}))["state"];
                    assert_eq!(
                        (&state["waiting"], &state["refused"]),
                        (&json!(0), &json!([])),
                        "nothing waits any more, and nothing is refused"
                    );
                }
            }
        }
        let there = self.served.with(Desk::everything);
        let directory = self.served.with(|desk| desk.api.directory());
        for away in &self.aways {
            // What went and did not come back lies in the trash there.
            let gone = away.desk.api.store().withdrawn().unwrap();
            let mut here = away.desk.everything();
            here.retain(|one| gone.iter().all(|gone| gone.doc != one.id));
            let titles = |all: &[Postmortem]| -> Vec<String> {
                all.iter().map(|one| one.title.clone()).collect()
            };
            assert_eq!(
                titles(&there),
                titles(&here),
                "everybody has the same postmortems"
            );
            assert_eq!(there, here, "word for word");
            assert_eq!(
                *directory,
                *away.desk.api.directory(),
                "and the same people"
            );
            away.desk.is_well();
        }
        self.served.with(Desk::is_well);
        let all = self.served.with(Desk::everything);
        for doc in &self.docs {
            let found = all.iter().find(|one| one.id == *doc);
            let found = found.unwrap_or_else(|| panic!("{doc} was acknowledged and is gone"));
            let told: String = found.sections.iter().map(|one| one.text.as_str()).collect();
            for (_, word) in self.words.iter().filter(|(of, _)| of == doc) {
                assert!(
                    told.contains(word),
                    "{word} was acknowledged and is gone: {told}"
                );
            }
            for (_, row) in self.rows.iter().filter(|(of, _)| of == doc) {
                assert!(
                    found.findings.iter().any(|one| one.id == *row),
                    "the row {row} was acknowledged and is gone"
                );
            }
            let numbers: BTreeSet<_> = found.findings.iter().map(|one| one.number).collect();
            assert!(
                numbers.len() == found.findings.len() && !numbers.contains(&None),
                "every finding has a number of its own: {numbers:?}"
            );
        }
    }
}

fn follow(folder: &Arc<TempDir>, net: &Arc<Net>) -> Away {
    let desk = Desk::open(folder, monday);
    let following = Following::new(desk.api.clone(), net.clone());
    Away { desk, following }
}

#[test]
fn whatever_happens_everybody_ends_with_everything() {
    let plans = std::env::var("PLANS")
        .ok()
        .and_then(|plans| plans.parse().ok());
    let mut runner = TestRunner::new(Config {
        cases: plans.unwrap_or(24),
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&proptest::collection::vec(step(), 10..60), |steps| {
            let mut world = World::new();
            for step in &steps {
                world.take(step);
            }
            world.check();
            Ok(())
        })
        .unwrap();
}
