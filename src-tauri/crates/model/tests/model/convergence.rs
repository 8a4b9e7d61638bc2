//! Replicas that edit at the same time and exchange their updates in any order end up equal.

use std::collections::BTreeSet;

use model::document::{
    Applied, apply, encode_diff, encode_state, new_doc, number_rows, read, refresh, state_vector,
    watch, write,
};
use model::postmortem::{ActionStatus, Finding, Postmortem, Severity};
use model::testing::{arbitrary_postmortem, line};
use proptest::collection::vec;
use proptest::prelude::*;

/// One thing that one of the replicas does.
#[derive(Clone, Debug)]
enum Step {
    AddFinding(String),
    Hide(usize),
    /// Brings back the row that was hidden last.
    Undo,
    Move(usize, usize),
    Write(usize, String),
    Title(String),
    Link(usize, usize),
    Settle(usize, bool),
    Judge(bool),
    Number,
    /// Becomes something else altogether, as a restored version does.
    Become(Box<Postmortem>),
    /// Takes in everything that has arrived so far, newest first.
    Receive,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => line().prop_map(Step::AddFinding),
        2 => any::<usize>().prop_map(Step::Hide),
        1 => Just(Step::Undo),
        4 => any::<(usize, usize)>().prop_map(|(from, to)| Step::Move(from, to)),
        6 => (any::<usize>(), line()).prop_map(|(row, text)| Step::Write(row, text)),
        2 => line().prop_map(Step::Title),
        3 => any::<(usize, usize)>().prop_map(|(from, to)| Step::Link(from, to)),
        2 => any::<(usize, bool)>().prop_map(|(row, done)| Step::Settle(row, done)),
        1 => any::<bool>().prop_map(Step::Judge),
        1 => Just(Step::Number),
        1 => arbitrary_postmortem().prop_map(|postmortem| Step::Become(Box::new(postmortem))),
        5 => Just(Step::Receive),
    ]
}

struct Replica {
    doc: yrs::Doc,
    watch: model::document::Watch,
    snapshot: Postmortem,
    /// Updates of the others that were not taken in yet.
    inbox: Vec<Vec<u8>>,
    hidden: Option<Finding>,
}

impl Replica {
    fn new(state: &[u8]) -> Self {
        let doc = new_doc();
        apply(&doc, state).unwrap();
        let snapshot = read(&doc);
        Replica {
            watch: watch(&doc),
            doc,
            snapshot,
            inbox: Vec::new(),
            hidden: None,
        }
    }

    fn take(&mut self, step: &Step, number: usize) -> Vec<u8> {
        let mut now = self.snapshot.clone();
        let rows = now.findings.len();
        match step {
            Step::AddFinding(text) => {
                let id = format!("0191a000-0000-7000-8fff-{number:012x}");
                now.findings.insert(
                    rows / 2,
                    Finding {
                        id,
                        text: text.clone(),
                        ..Finding::default()
                    },
                );
            }
            Step::Hide(row) if rows > 0 => self.hidden = Some(now.findings.remove(row % rows)),
            Step::Undo => {
                if let Some(row) = self.hidden.take()
                    && now.findings.iter().all(|other| other.id != row.id)
                {
                    now.findings.push(row);
                }
            }
            Step::Move(from, to) if rows > 0 => {
                let row = now.findings.remove(from % rows);
                now.findings.insert(to % rows, row);
            }
            Step::Write(row, text) if rows > 0 => {
                let old = &mut now.findings[row % rows].text;
                let middle = old.floor_char_boundary(old.len() / 2);
                old.insert_str(middle, text);
            }
            Step::Title(title) => now.title.clone_from(title),
            Step::Link(from, to) if rows > 0 && !now.actions.is_empty() => {
                let action = now.actions[to % now.actions.len()].id.clone();
                let linked = &mut now.findings[from % rows].actions;
                match linked.iter().position(|other| *other == action) {
                    Some(at) => drop(linked.remove(at)),
                    None => linked.push(action),
                }
            }
            Step::Settle(row, done) if !now.actions.is_empty() => {
                let at = row % now.actions.len();
                now.actions[at].status = if *done {
                    ActionStatus::Done
                } else {
                    ActionStatus::Declined
                };
            }
            Step::Judge(bad) => {
                now.severity = Some(if *bad { Severity::Sev1 } else { Severity::Sev4 })
            }
            Step::Number => return number_rows(&self.doc).unwrap_or_default(),
            Step::Become(postmortem) => now = *postmortem.clone(),
            _ => {}
        }
        write(&self.doc, &now)
    }

    /// Takes in what arrived, newest first; updates with gaps wait for another time.
    fn receive(&mut self) {
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        while let Some(update) = self.inbox.pop() {
            if apply(&self.doc, &update).unwrap().gap {
                waiting.push(update);
            } else {
                assert_eq!(
                    apply(&self.doc, &update).unwrap(),
                    Applied::default(),
                    "what was applied is there"
                );
            }
        }
        waiting.reverse();
        self.inbox = waiting;
    }

    fn follow(&mut self) {
        refresh(&mut self.snapshot, &self.doc, &self.watch.take());
        assert_eq!(
            self.snapshot,
            read(&self.doc),
            "the snapshot must follow its document, whoever edits it"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn replicas_converge(start in arbitrary_postmortem(), steps in vec((0usize..3, step()), 1..60)) {
        let first = new_doc();
        write(&first, &start);
        let state = encode_state(&first);
        let mut replicas: Vec<Replica> = (0..3).map(|_| Replica::new(&state)).collect();
        for (number, (who, step)) in steps.iter().enumerate() {
            if matches!(step, Step::Receive) {
                replicas[*who].receive();
            } else {
                let update = replicas[*who].take(step, number);
                for (other, replica) in replicas.iter_mut().enumerate() {
                    if other != *who && !update.is_empty() {
                        replica.inbox.push(update.clone());
                    }
                }
            }
            replicas[*who].follow();
        }
        // In the end everybody hears everything, once by the updates and once by asking for what is missing.
        for _ in 0..steps.len() {
            replicas.iter_mut().for_each(Replica::receive);
        }
        let late = new_doc();
        for replica in &mut replicas {
            prop_assert!(replica.inbox.is_empty(), "no gap may stay when every update has arrived");
            replica.follow();
            let diff = encode_diff(&replica.doc, &state_vector(&late)).unwrap();
            prop_assert!(!apply(&late, &diff).unwrap().gap, "an answer to a state vector has no gap");
        }
        let end = read(&late);
        for replica in &replicas {
            prop_assert_eq!(&replica.snapshot, &end, "all replicas must read the same");
        }
        let ids: BTreeSet<&str> = end.findings.iter().map(|finding| finding.id.as_str()).collect();
        prop_assert_eq!(ids.len(), end.findings.len(), "no row may stand twice");
    }
}
