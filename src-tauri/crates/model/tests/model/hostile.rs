//! Damaged and hostile bytes: no panic leaves `apply`, nothing aborts, nothing large is allocated.

use model::demo::login_outage;
use model::document::{
    BadUpdate, admit, apply, encode_diff, encode_state, guard, new_doc, read, refresh, replay,
    watch, write,
};
use yrs::{Text, Transact};

/// The most memory that this process has ever had in its address space, in kilobytes: what was asked for counts, touched
/// or not.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmPeak:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs one of the ignored tests below in a process of its own, where an abort is seen and memory is its own.
fn run_alone(test: &str) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            test,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{test} must end by itself: {said}"
    );
}

fn assert_little_memory(before: Option<u64>) {
    if let (Some(before), Some(after)) = (before, peak_kilobytes()) {
        let more = after - before;
        assert!(
            more < 64 << 10,
            "no message may make us ask for much memory: {more} kB more than before"
        );
    }
}

#[test]
fn twenty_thousand_mutated_updates_do_no_harm() {
    run_alone("hostile::mutated_updates_in_a_process_of_their_own");
}

#[test]
fn bombs_are_refused_before_the_engine() {
    run_alone("hostile::bombs_in_a_process_of_their_own");
}

/// A small generator of its own, so that a failing run can be repeated by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}

fn number(mut value: u64, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

/// An update of one writer with one edit: `info` and what follows it.
fn one_edit(info: u8, rest: &[u8]) -> Vec<u8> {
    let mut update = vec![1, 1, 7, 0, info];
    update.extend(rest);
    update.push(0);
    update
}

fn in_root(name: &str, key: Option<&str>) -> Vec<u8> {
    let mut bytes = vec![1, name.len() as u8];
    bytes.extend(name.bytes());
    if let Some(key) = key {
        bytes.push(key.len() as u8);
        bytes.extend(key.bytes());
    }
    bytes
}

#[test]
#[ignore = "twenty_thousand_mutated_updates_do_no_harm runs it"]
fn mutated_updates_in_a_process_of_their_own() {
    let memory = peak_kilobytes();
    let seed = 0x5eed;
    let mut random = Random(seed);
    let doc = new_doc();
    let (postmortem, ..) = login_outage(chrono::DateTime::UNIX_EPOCH);
    write(&doc, &postmortem);
    let base = encode_state(&doc);
    let mut updates: Vec<Vec<u8>> = Vec::new();
    let mut edited = read(&doc);
    for at in 0..40 {
        edited.findings[at % 9].text.push_str(" and more 😀");
        edited.actions.rotate_left(1);
        if at % 7 == 0 {
            edited.timeline.remove(0);
        }
        updates.push(write(&doc, &edited));
    }
    let fixture: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/yjs.json")).unwrap();
    let text = fixture["state"].as_str().unwrap();
    updates.push(
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect(),
    );
    let fresh = || {
        let doc = new_doc();
        apply(&doc, &base).unwrap();
        doc
    };
    // What the engine says when it panics is not of interest here.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut target = fresh();
    let (mut refused, mut broken, mut taken) = (0, 0, 0);
    for _ in 0..20_000 {
        let mut bytes = updates[random.below(updates.len())].clone();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes[at] ^= 1 << random.below(8),
                2 => bytes.truncate(at.max(1)),
                3 => bytes.insert(at, [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]),
                _ => {
                    let end = (at + random.below(12)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        match apply(&target, &bytes) {
            Ok(_) => taken += 1,
            Err(BadUpdate::Engine(_)) => {
                broken += 1;
                target = fresh();
            }
            Err(_) => refused += 1,
        }
        if random.below(50) == 0 {
            let before = read(&target);
            let again = new_doc();
            apply(&again, &encode_state(&target)).unwrap();
            assert_eq!(
                read(&again).findings.len(),
                before.findings.len(),
                "seed {seed}: the document must stay usable"
            );
            target = fresh();
        }
    }
    std::panic::set_hook(hook);
    assert!(
        refused > 5_000 && taken > 100,
        "seed {seed}: {refused} refused, {broken} broken, {taken} taken"
    );
    assert_little_memory(memory);
}

#[test]
fn state_vectors_and_presence_are_checked() {
    let mut random = Random(11);
    let doc = new_doc();
    write(&doc, &login_outage(chrono::DateTime::UNIX_EPOCH).0);
    let vector = model::document::state_vector(&doc);
    guard::check_state_vector(&vector).unwrap();
    for _ in 0..2_000 {
        let mut bytes = vector.clone();
        let at = random.below(bytes.len());
        bytes[at] = random.below(256) as u8;
        let _ = encode_diff(&doc, &bytes);
    }
    let mut bomb = Vec::new();
    number(u64::from(u32::MAX), &mut bomb);
    assert!(
        guard::check_state_vector(&bomb).is_err(),
        "a count without entries is a bomb"
    );
    assert!(
        encode_diff(&doc, &bomb).is_err(),
        "and never reaches the engine"
    );
    assert!(
        guard::check_awareness(&bomb).is_err(),
        "presence is counted too"
    );
    let presence = |state: &str| {
        let mut bytes = vec![1, 7, 1];
        number(state.len() as u64, &mut bytes);
        bytes.extend(state.bytes());
        bytes
    };
    guard::check_awareness(&presence(r#"{"user":{"name":"Ada"}}"#)).unwrap();
    guard::check_awareness(&presence("null")).unwrap();
    assert!(
        guard::check_awareness(&presence("{")).is_err(),
        "browsers would fail on what is no JSON"
    );
    assert!(
        guard::check_awareness(&presence(&"[".repeat(3_000))).is_err(),
        "nor on deep nesting"
    );
    assert!(
        guard::check_awareness(&presence(&format!("\"{}\"", "x".repeat(5_000)))).is_err(),
        "presence is small"
    );
}

#[test]
#[ignore = "bombs_are_refused_before_the_engine runs it"]
fn bombs_in_a_process_of_their_own() {
    let memory = peak_kilobytes();
    let mut nested = in_root("meta", Some("x"));
    nested.push(1);
    for _ in 0..20_000 {
        nested.extend([117, 1]);
    }
    nested.push(126);
    let mut objects = in_root("meta", Some("x"));
    objects.push(1);
    for _ in 0..20_000 {
        objects.extend([118, 1, 1, b'k']);
    }
    objects.push(126);
    let counted = |tail: &[u8]| {
        let mut bytes = in_root("meta", Some("x"));
        bytes.extend(tail);
        bytes
    };
    let huge = {
        let mut bytes = Vec::new();
        number(u64::from(u32::MAX), &mut bytes);
        bytes
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("lists nested 20,000 deep", one_edit(0x28, &nested)),
        ("objects nested 20,000 deep", one_edit(0x28, &objects)),
        ("four billion values", one_edit(0x28, &counted(&huge))),
        (
            "a list of four billion",
            one_edit(0x28, &counted(&[&[1, 117][..], &huge].concat())),
        ),
        (
            "a text of four billion bytes",
            one_edit(0x04, &[&in_root("title", None)[..], &huge].concat()),
        ),
        ("four billion writers", huge.clone()),
        ("four billion edits", [&[1][..], &huge, &[7, 0]].concat()),
        ("four billion deletions", [&[0][..], &huge].concat()),
        (
            "a clock that runs over",
            [&[1, 1, 7][..], &huge, &[0, 5, 0]].concat(),
        ),
        ("an edit without length", vec![1, 1, 7, 0, 0, 0, 0]),
        (
            "an empty text",
            one_edit(0x04, &[&in_root("title", None)[..], &[0]].concat()),
        ),
        ("bytes after the end", vec![0, 0, 1]),
        ("one writer twice", vec![2, 1, 7, 0, 0, 1, 1, 7, 1, 0, 1, 0]),
        ("JSON", one_edit(0x22, &counted(&[1, 1, b'1']))),
        ("a binary", one_edit(0x23, &counted(&[1, 1]))),
        (
            "an embedded object",
            one_edit(
                0x05,
                &[&in_root("title", None)[..], &[2, b'{', b'}']].concat(),
            ),
        ),
        (
            "a format",
            one_edit(
                0x06,
                &[&in_root("title", None)[..], &[1, b'b', 1, b'1']].concat(),
            ),
        ),
        (
            "a document within",
            one_edit(0x29, &counted(&[1, b'g', 126])),
        ),
        ("a list type", one_edit(0x27, &counted(&[0]))),
        ("an XML type", one_edit(0x27, &counted(&[3, 1, b'p']))),
        (
            "a map in a sequence",
            one_edit(0x07, &[&in_root("title", None)[..], &[1]].concat()),
        ),
        (
            "a number without end",
            one_edit(
                0x28,
                &counted(&[
                    1, 125, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                ]),
            ),
        ),
        (
            "text that is not UTF-8",
            one_edit(
                0x04,
                &[&in_root("title", None)[..], &[2, 0xC3, 0x28]].concat(),
            ),
        ),
    ];
    for (what, bytes) in cases {
        let refused = apply(&new_doc(), &bytes);
        assert!(
            matches!(
                refused,
                Err(BadUpdate::CutOff { .. }
                    | BadUpdate::Damaged { .. }
                    | BadUpdate::Foreign { .. })
            ),
            "{what} must be refused, not {refused:?}"
        );
    }
    assert_little_memory(memory);
}

/// An update of one writer: so many edits made by `edit` of their number, and so many deletions.
fn many(edits: usize, edit: impl Fn(usize, &mut Vec<u8>), deletions: usize) -> Vec<u8> {
    let mut update = vec![u8::from(edits > 0)];
    if edits > 0 {
        number(edits as u64, &mut update);
        update.extend([7, 0]);
        for at in 0..edits {
            edit(at, &mut update);
        }
    }
    update.push(u8::from(deletions > 0));
    if deletions > 0 {
        update.push(7);
        number(deletions as u64, &mut update);
        for at in 0..deletions {
            number(at as u64 * 2, &mut update);
            update.push(1);
        }
    }
    update
}

/// A row with an id of its own.
fn row(kind: &str) -> impl Fn(usize, &mut Vec<u8>) {
    move |at, update| {
        update.push(0x27);
        update.extend(in_root(kind, Some(&format!("{at:06}"))));
        update.push(1);
    }
}

/// Updates of as many parts as are let in, or so many times more.
fn frames(times: usize) -> Vec<(&'static str, Vec<u8>)> {
    let of = |most: usize| most * times;
    let value = |at: usize, update: &mut Vec<u8>| {
        update.push(0x28);
        update.extend(in_root("meta", Some(&format!("{at:x}"))));
        update.extend([1, 126]);
    };
    let beside = |at: usize, update: &mut Vec<u8>| {
        if at == 0 {
            return value(0, update);
        }
        update.extend([0xA8, 7]);
        number(at as u64 - 1, update);
        update.extend([1, 126]);
    };
    let section = |at: usize, update: &mut Vec<u8>| {
        update.push(0x04);
        update.extend(in_root(&format!("sec:{at:x}"), None));
        update.extend([1, b'x']);
    };
    let text = |at: usize, update: &mut Vec<u8>| {
        if at == 0 {
            return row("findings")(0, update);
        }
        update.extend([0x27, 0, 7, 0, 5]);
        update.extend(format!("{at:05x}").bytes());
        update.push(2);
    };
    let run = {
        let mut update = vec![1, 1, 7, 0, 0x08];
        update.extend(in_root("list", None));
        number(of(99_900) as u64 - 1, &mut update);
        update.extend(vec![126; of(99_900) - 1]);
        update.push(0);
        update
    };
    let writers = {
        let mut update = Vec::new();
        number(of(99_900) as u64, &mut update);
        for at in (0..of(99_900)).rev() {
            update.push(1);
            number(at as u64 + 1, &mut update);
            update.extend([0, 0, 1]);
        }
        update.push(0);
        update
    };
    vec![
        (
            "stretches that are gone",
            many(of(99_900), |_, update| update.extend([0, 1]), 0),
        ),
        (
            "deletions",
            many(
                1,
                |_, update| update.extend([0, 0x80, 0x80, 0x80, 1]),
                of(99_900),
            ),
        ),
        ("values", many(of(99_900), value, 0)),
        ("values one after another", many(of(99_900), beside, 0)),
        ("a run of values", run),
        ("writers", writers),
        ("texts", many(of(99_900), text, 0)),
        ("rows", many(of(19_900), row("findings"), 0)),
        ("sections", many(of(990), section, 0)),
    ]
}

#[test]
fn frames_of_many_parts_take_little_memory() {
    run_alone("hostile::frames_of_many_parts_in_a_process_of_their_own");
}

#[test]
#[ignore = "frames_of_many_parts_take_little_memory runs it"]
fn frames_of_many_parts_in_a_process_of_their_own() {
    // What is freed is used again, so the largest of them decides.
    let frames_let_in = frames(1);
    let memory = peak_kilobytes();
    for (what, update) in frames_let_in {
        let doc = new_doc();
        let watch = watch(&doc);
        admit(&doc, &update).unwrap_or_else(|error| panic!("{what} may be so many: {error}"));
        apply(&doc, &update).unwrap();
        let mut snapshot = read(&doc);
        refresh(&mut snapshot, &doc, &watch.take());
        eprintln!(
            "{what} {:?}",
            peak_kilobytes().zip(memory).map(|(a, b)| a - b)
        );
    }
    assert_little_memory(memory);
    for (what, update) in frames(5) {
        let refused = admit(&new_doc(), &update);
        assert!(
            matches!(refused, Err(BadUpdate::TooLarge(_))),
            "{what}: more than anybody writes at once must be refused, not {refused:?}"
        );
    }
}

#[test]
fn a_document_has_so_many_rows_and_sections_at_the_most() {
    let doc = new_doc();
    let rows = |kind: &'static str, client: u8| {
        let mut update = many(19_000, row(kind), 0);
        let at = update.iter().position(|byte| *byte == 7).unwrap();
        update[at] = client;
        update
    };
    for (kind, client) in [("findings", 7), ("parking", 9)] {
        let update = rows(kind, client);
        admit(&doc, &update).unwrap();
        apply(&doc, &update).unwrap();
        admit(&doc, &update).unwrap();
    }
    assert_eq!(
        admit(&doc, &rows("impact", 11)),
        Err(BadUpdate::TooLarge("the document has too many rows")),
        "no number of updates brings more rows than fit"
    );
    let sections = |from: usize| {
        let section = move |at: usize, update: &mut Vec<u8>| {
            update.push(0x04);
            update.extend(in_root(&format!("sec:{:x}", at + from), None));
            update.extend([1, b'x']);
        };
        many(900, section, 0)
    };
    let doc = new_doc();
    apply(&doc, &sections(0)).unwrap();
    assert_eq!(
        admit(&doc, &sections(900)),
        Err(BadUpdate::TooLarge("the document has too many sections")),
        "nor may sections come bit by bit"
    );
    admit(&doc, &sections(0)).unwrap();
}

#[test]
fn honest_documents_are_let_in() {
    use model::postmortem::{ParkingItem, TimelineEvent};
    let doc = new_doc();
    let (mut postmortem, ..) = login_outage(chrono::DateTime::UNIX_EPOCH);
    let event = postmortem.timeline[0].clone();
    let id = |number: usize| format!("0191a000-0000-7000-8000-{number:012x}");
    postmortem.timeline = (0..2_000)
        .map(|number| TimelineEvent {
            id: id(number),
            ..event.clone()
        })
        .collect();
    write(&doc, &postmortem);
    let mut random = Random(3);
    for round in 0..20_000 {
        // As people type: here and there, with words taken back.
        let text = doc.get_or_insert_text("sec:summary");
        let mut txn = doc.transact_mut();
        let at = random.below(text.len(&txn) as usize + 1) as u32;
        text.insert(&mut txn, at, "x");
        if round % 3 == 0 {
            text.remove_range(&mut txn, at, 1);
        }
    }
    admit(&new_doc(), &encode_state(&doc)).unwrap();

    let large = new_doc();
    let rows = (0..25_000).map(|number| ParkingItem {
        id: id(number),
        text: "a thought".into(),
        ..ParkingItem::default()
    });
    let made = write(
        &large,
        &model::postmortem::Postmortem {
            parking: rows.collect(),
            ..postmortem
        },
    );
    let replayed = replay(&[(1, &made)]);
    assert_eq!(
        read(&replayed.doc).parking.len(),
        25_000,
        "what the backend wrote is loaded again, however large"
    );
    guard::check_update(&encode_state(&large)).unwrap();
}

#[test]
fn types_cannot_be_nested_by_going_through_the_document() {
    // A row, a text in it: allowed. A text in that text: refused, in one update and over two.
    let row = [
        &[1, 2, 7, 0, 0x27][..],
        &in_root("findings", Some("r")),
        &[1],
        &[0x27, 0, 7, 0, 1, b't', 2],
        &[0],
    ]
    .concat();
    let doc = new_doc();
    assert!(
        apply(&doc, &row).unwrap().changed,
        "a row with a text is what rows are made of"
    );
    let deeper = [&[1, 1, 7, 2, 0x27, 0, 7, 1, 1, b't', 2][..], &[0]].concat();
    assert!(
        matches!(apply(&doc, &deeper), Err(BadUpdate::Foreign { .. })),
        "a text in a text nests"
    );
    let map = [&[1, 1, 7, 2, 0x27, 0, 7, 0, 1, b'm', 1][..], &[0]].concat();
    assert!(
        matches!(apply(&doc, &map), Err(BadUpdate::Foreign { .. })),
        "a map in a row nests"
    );
    let entry = [
        &[1, 1, 7, 2, 0x27][..],
        &in_root("sections", Some("s")),
        &[2],
        &[0],
    ]
    .concat();
    assert!(
        apply(&doc, &entry).unwrap().changed,
        "a text as a root's entry is as shallow as one in a row"
    );
    let in_entry = [&[1, 1, 7, 3, 0x27, 0, 7, 2, 1, b't', 2][..], &[0]].concat();
    assert!(
        matches!(apply(&doc, &in_entry), Err(BadUpdate::Foreign { .. })),
        "a text in that one nests"
    );
    let beside = [&[1, 1, 7, 2, 0x87, 7, 0, 1][..], &[0]].concat();
    assert!(
        matches!(apply(&doc, &beside), Err(BadUpdate::Foreign { .. })),
        "a type that replaces another hides where it is"
    );
}

#[test]
fn a_large_state_passes_the_guard_quickly() {
    let doc = new_doc();
    let (mut postmortem, ..) = login_outage(chrono::DateTime::UNIX_EPOCH);
    let event = postmortem.timeline[0].clone();
    for number in 0..2_000 {
        let id = format!("0191a000-0000-7000-8000-{number:012x}");
        postmortem.timeline.push(model::postmortem::TimelineEvent {
            id,
            ..event.clone()
        });
    }
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc).timeline.len(),
        2_032,
        "two thousand rows are kept"
    );
    let state = encode_state(&doc);
    let begin = std::time::Instant::now();
    for _ in 0..10 {
        guard::check_update(&state).unwrap();
    }
    let each = begin.elapsed() / 10;
    assert!(
        each.as_millis() < 200,
        "the guard must cost little beside decoding: {each:?} for {} bytes",
        state.len()
    );
}
