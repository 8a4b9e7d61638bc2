//! Random plans: people write in a served workspace and in three replicas of it while the network is cut and mended, answers are
//! lost, programs end in an orderly way or in the middle of something. In the end everybody has the same, and everything that
//! was ever acknowledged is in it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use model::postmortem::{ActionStatus, Finding, Section};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use replica::{Following, Host, HostError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Away, Desk, Served, assert_equal, example, monday, text};

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
    ]
}

/// One replica's way to the served workspace.
struct Net {
    served: Arc<Served>,
    cut: AtomicBool,
    lose: AtomicUsize,
}

impl Net {
    fn reach<T>(&self, work: impl FnOnce() -> Result<T, HostError>) -> Result<T, HostError> {
        if self.cut.load(Ordering::SeqCst) {
            return Err(HostError::Away("Nobody answers.".into()));
        }
        let answer = work();
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
        self.reach(|| self.served.call(command, request))
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        self.reach(|| self.served.image(hash))
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.reach(|| self.served.put_image(image))
    }
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
}

impl World {
    fn new() -> Self {
        let (served, doc, _) = example();
        let mut world = Self {
            served,
            nets: Vec::new(),
            aways: Vec::new(),
            docs: vec![doc],
            words: BTreeSet::new(),
            rows: BTreeSet::new(),
            next: 0,
        };
        for _ in 0..REPLICAS {
            let net = Arc::new(Net {
                served: Arc::clone(&world.served),
                cut: AtomicBool::default(),
                lose: AtomicUsize::default(),
            });
            let away = Away::new(&world.served, monday);
            let folder = Arc::clone(&away.desk.folder);
            drop(away);
            let away = follow(&folder, &net);
            away.turn();
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
                desk.ok("postmortem_new", json!({ "title": mark }))
            });
            self.docs.push(text(&made["doc"]));
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
        for round in 0..2 {
            // What was made away arrives with the first round, and may lie in the trash until then.
            for doc in 0..self.docs.len() {
                self.in_trash(doc, "postmortem_restore");
            }
            for away in self.aways.iter().chain(&self.aways) {
                away.turn();
                if round > 0 {
                    assert_eq!(away.waiting(), 0, "nothing waits any more");
                }
            }
        }
        for away in &self.aways {
            assert_equal(&self.served, away, "everybody has the same");
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
