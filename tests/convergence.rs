//! Replicas in two languages: what one writes the other reads, and whatever they do at the same time, they end up equal.
//! A failing plan prints its seed; `DEBRIEF_SEED` plays it again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use model::document;
use model::postmortem::{ActionItem, ActionStatus, Finding, Postmortem, TimelineEvent};
use serde_json::{Value, json};

use crate::programs::root;

/// The window's own document code, in a process of its own.
struct Peer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start() -> Self {
        let mut child = Command::new("node")
            .arg(root().join("tests/interop/peer.mjs"))
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let requests = child.stdin.take().expect("its input was piped");
        let answers = BufReader::new(child.stdout.take().expect("its output was piped"));
        Self {
            child,
            requests,
            answers,
        }
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("the peer listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the peer answers");
        serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the peer failed at {}", short(request)))
    }

    fn apply(&mut self, update: &[u8]) {
        self.ask(&json!({ "do": "apply", "update": BASE64.encode(update) }));
    }

    fn play(&mut self, seed: u64, steps: u32) -> Vec<Vec<u8>> {
        let answer = self.ask(&json!({ "do": "play", "seed": seed % (1 << 32), "steps": steps }));
        answer["updates"]
            .as_array()
            .expect("a list of updates")
            .iter()
            .map(bytes)
            .collect()
    }

    fn state(&mut self) -> Vec<u8> {
        bytes(&self.ask(&json!({ "do": "state" }))["state"])
    }

    fn read(&mut self) -> Value {
        self.ask(&json!({ "do": "read" }))["document"].clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn short(request: &Value) -> String {
    request.to_string().chars().take(200).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64
        .decode(value.as_str().expect("base64 text"))
        .expect("base64 text")
}

/// A snapshot as the window has it: without the id, which is not in the document, and the version of its schema.
fn plain(postmortem: &Postmortem) -> Value {
    let mut value = serde_json::to_value(postmortem).expect("a snapshot is JSON");
    let fields = value.as_object_mut().expect("a snapshot is an object");
    fields.remove("id");
    fields.remove("schema");
    value
}

/// Says where two documents differ.
pub fn assert_same(rust: &Value, window: &Value, why: &str) {
    for (field, ours) in rust.as_object().expect("an object") {
        let theirs = &window[field];
        if ours == theirs {
            continue;
        }
        if let (Some(ours), Some(theirs)) = (ours.as_array(), theirs.as_array()) {
            assert_eq!(ours.len(), theirs.len(), "{why}: number of {field}");
            for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                assert_eq!(
                    ours, theirs,
                    "{why}: {field}[{at}] (Rust left, window right)"
                );
            }
        }
        assert_eq!(ours, theirs, "{why}: {field} (Rust left, window right)");
    }
}

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}

pub fn seed() -> u64 {
    std::env::var("DEBRIEF_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0)
}

fn row_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn example() -> Postmortem {
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).expect("a day in 2026");
    model::demo::login_outage(now).0
}

/// One edit, as a command of the API or the command line would make it.
fn edit(postmortem: &mut Postmortem, dice: &mut Dice) {
    const WORDS: [&str; 6] = ["Alert fired ", "žluťoučký ", "ٱلسَّلَامُ ", "🧯 ", "again\n", "‍"];
    let word = WORDS[dice.below(WORDS.len())];
    match dice.below(9) {
        0 => postmortem.title.insert_str(0, word),
        1 => {
            let at = dice.below(postmortem.findings.len() + 1);
            let finding = Finding {
                id: row_id(),
                text: word.into(),
                ..Finding::default()
            };
            postmortem.findings.insert(at, finding);
        }
        2 => postmortem.actions.push(ActionItem {
            id: row_id(),
            text: word.into(),
            ..ActionItem::default()
        }),
        3 => postmortem.timeline.push(TimelineEvent {
            id: row_id(),
            text: word.into(),
            ..TimelineEvent::default()
        }),
        4 if !postmortem.findings.is_empty() => {
            let from = dice.below(postmortem.findings.len());
            let row = postmortem.findings.remove(from);
            let to = dice.below(postmortem.findings.len() + 1);
            postmortem.findings.insert(to, row);
        }
        5 if !postmortem.actions.is_empty() => {
            let at = dice.below(postmortem.actions.len());
            let gone = postmortem.actions.remove(at).id;
            for finding in &mut postmortem.findings {
                finding.actions.retain(|action| *action != gone);
            }
        }
        6 if !postmortem.actions.is_empty() => {
            let at = dice.below(postmortem.actions.len());
            let action = &mut postmortem.actions[at];
            action.status = if action.status == ActionStatus::Done {
                ActionStatus::Open
            } else {
                ActionStatus::Done
            };
            action.evidence.push_str(word);
        }
        7 if !postmortem.findings.is_empty() && !postmortem.actions.is_empty() => {
            let action = postmortem.actions[dice.below(postmortem.actions.len())]
                .id
                .clone();
            let at = dice.below(postmortem.findings.len());
            let links = &mut postmortem.findings[at].actions;
            if links.contains(&action) {
                links.retain(|link| *link != action);
            } else {
                links.push(action);
            }
        }
        _ => {
            if let Some(section) = postmortem.sections.first_mut() {
                let middle = section
                    .text
                    .char_indices()
                    .nth(section.text.chars().count() / 2);
                section
                    .text
                    .insert_str(middle.map_or(0, |(at, _)| at), word);
            }
        }
    }
}

#[test]
fn a_document_written_in_rust_is_read_equal_by_the_window() {
    let doc = document::new_doc();
    let update = document::write(&doc, &example());
    let mut peer = Peer::start();
    peer.apply(&update);
    assert_same(
        &plain(&document::read(&doc)),
        &peer.read(),
        "the example, from its update",
    );

    let mut fresh = Peer::start();
    fresh.apply(&document::encode_state(&doc));
    assert_same(
        &plain(&document::read(&doc)),
        &fresh.read(),
        "the example, from its whole state",
    );
}

#[test]
fn a_document_written_by_the_window_is_read_equal_in_rust() {
    let seed = seed();
    println!("DEBRIEF_SEED={seed}");
    let mut peer = Peer::start();
    let doc = document::new_doc();
    for update in peer.play(seed, 600) {
        let applied =
            document::apply(&doc, &update).expect("the guard takes what the window writes");
        assert!(!applied.gap, "updates of one writer come in order");
    }
    assert_same(
        &plain(&document::read(&doc)),
        &peer.read(),
        &format!("600 edits of seed {seed}, one by one"),
    );

    let whole = document::new_doc();
    document::apply(&whole, &peer.state()).expect("the guard takes a whole state");
    assert_same(
        &plain(&document::read(&whole)),
        &peer.read(),
        &format!("600 edits of seed {seed}, as a state"),
    );
}

/// A replica's mailbox: updates that have not reached it yet.
type Mail = Vec<Vec<u8>>;

/// Takes some of the mail in any order. What comes too early stays in the mailbox.
fn deliver_some(doc: &yrs::Doc, mail: &mut Mail, dice: &mut Dice) {
    for _ in 0..dice.below(mail.len() + 1) {
        let update = mail.swap_remove(dice.below(mail.len()));
        let applied = document::apply(doc, &update).expect("the guard takes what the others write");
        if applied.gap {
            mail.push(update);
        }
    }
}

/// Takes all of the mail, as often as some of it fits; what never fits stays.
fn deliver_all(doc: &yrs::Doc, mail: &mut Mail) {
    loop {
        let before = mail.len();
        mail.retain(|update| {
            document::apply(doc, update)
                .expect("the guard takes what the others write")
                .gap
        });
        if mail.is_empty() || mail.len() == before {
            return;
        }
    }
}

#[test]
fn replicas_in_both_languages_converge_whatever_they_do() {
    let seed = seed();
    println!("DEBRIEF_SEED={seed}");
    let mut dice = Dice(seed);
    let rust = document::new_doc();
    let start = document::write(&rust, &example());
    let mut windows = [Peer::start(), Peer::start()];
    for window in &mut windows {
        window.apply(&start);
    }
    let (mut for_rust, mut for_windows): (Mail, [Mail; 2]) =
        (Mail::new(), [Mail::new(), Mail::new()]);

    for _round in 0..40 {
        for _ in 0..dice.below(4) {
            let mut wanted = document::read(&rust);
            edit(&mut wanted, &mut dice);
            let update = document::write(&rust, &wanted);
            if !update.is_empty() {
                for mail in &mut for_windows {
                    mail.push(update.clone());
                }
            }
        }
        for at in 0..windows.len() {
            let steps = dice.below(8) as u32;
            for update in windows[at].play(dice.roll(), steps) {
                for_rust.push(update.clone());
                for_windows[1 - at].push(update);
            }
        }
        deliver_some(&rust, &mut for_rust, &mut dice);
        for (window, mail) in windows.iter_mut().zip(&mut for_windows) {
            for _ in 0..dice.below(mail.len() + 1) {
                let update = mail.swap_remove(dice.below(mail.len()));
                window.apply(&update);
            }
        }
    }
    for (window, mail) in windows.iter_mut().zip(&mut for_windows) {
        for update in mail.drain(..) {
            window.apply(&update);
        }
    }
    deliver_all(&rust, &mut for_rust);
    assert!(
        for_rust.is_empty(),
        "seed {seed}: updates whose predecessors all arrived still do not fit"
    );

    let [one, two] = &mut windows;
    let ours = plain(&document::read(&rust));
    assert_same(&ours, &one.read(), &format!("seed {seed}, first window"));
    assert_same(&ours, &two.read(), &format!("seed {seed}, second window"));
}
