//! Reading and writing the document.

use chrono::{DateTime, Utc};
use model::document::{
    BadUpdate, all_row_ids, apply, encode_diff, encode_state, guard, images, new_doc, number_rows,
    read, refresh, replay, resume, state_vector, update_clients, watch, write,
};
use model::postmortem::{
    Finding, Moment, Participant, Postmortem, Precision, RowKind, Section, TimelineEvent,
};
use model::testing::arbitrary_postmortem;
use proptest::prelude::*;

fn finding(id: &str, text: &str) -> Finding {
    Finding {
        id: id.into(),
        text: text.into(),
        ..Finding::default()
    }
}

fn with_findings(ids: &[&str]) -> Postmortem {
    let findings = ids.iter().map(|id| finding(id, id)).collect();
    Postmortem {
        schema: 1,
        findings,
        ..Postmortem::default()
    }
}

fn order(postmortem: &Postmortem) -> Vec<&str> {
    postmortem
        .findings
        .iter()
        .map(|finding| finding.id.as_str())
        .collect()
}

fn at(minutes: i64) -> Option<Moment> {
    let at: DateTime<Utc> = DateTime::from_timestamp(1_794_000_000 + minutes * 60, 0).unwrap();
    Some(Moment {
        at,
        zone: "UTC".into(),
        precision: Precision::Exact,
    })
}

fn event(id: &str, at: Option<Moment>) -> TimelineEvent {
    TimelineEvent {
        id: id.into(),
        at,
        ..TimelineEvent::default()
    }
}

/// A document that holds what another one holds.
fn replica(of: &yrs::Doc) -> yrs::Doc {
    let doc = new_doc();
    apply(&doc, &encode_state(of)).unwrap();
    doc
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(postmortem in arbitrary_postmortem()) {
        let doc = new_doc();
        let update = write(&doc, &postmortem);
        prop_assert_eq!(&read(&doc), &postmortem, "a document must hold all of a postmortem");
        prop_assert_eq!(write(&doc, &postmortem), Vec::<u8>::new(), "what is there already needs no edit");
        let other = new_doc();
        prop_assert!(!apply(&other, &update).unwrap().gap, "the first update builds on nothing");
        prop_assert_eq!(&read(&other), &postmortem, "the returned update must carry the whole edit");
    }

    #[test]
    fn any_postmortem_becomes_any_other_by_one_edit(a in arbitrary_postmortem(), b in arbitrary_postmortem()) {
        let doc = new_doc();
        write(&doc, &a);
        let other = replica(&doc);
        let watch = watch(&doc);
        let mut snapshot = read(&doc);
        let update = write(&doc, &b);
        let is = read(&doc);
        // A number that was given is never taken away.
        let mut expected = b.clone();
        for (new, old) in expected.findings.iter_mut().map(|row| (&mut row.number, &row.id)) {
            *new = new.or(a.findings.iter().find(|row| row.id == *old).and_then(|row| row.number));
        }
        for (new, old) in expected.actions.iter_mut().map(|row| (&mut row.number, &row.id)) {
            *new = new.or(a.actions.iter().find(|row| row.id == *old).and_then(|row| row.number));
        }
        prop_assert_eq!(&is, &expected, "a document must become what is asked for");
        if !update.is_empty() {
            prop_assert!(apply(&other, &update).unwrap().changed, "an edit changes a replica");
        }
        prop_assert_eq!(&read(&other), &is, "a replica that takes the edit must read the same");
        refresh(&mut snapshot, &doc, &watch.take());
        prop_assert_eq!(&snapshot, &is, "reading again only what is dirty must give the same as reading all");
        prop_assert!(watch.take().is_empty(), "what was taken is no longer dirty");
        guard::check_update(&encode_state(&doc)).unwrap();
    }
}

#[test]
fn an_edit_touches_only_what_differs() {
    let doc = new_doc();
    let mut postmortem = with_findings(&["a", "b", "c", "d"]);
    write(&doc, &postmortem);
    postmortem.findings[2].text = "c, and more".into();
    let update = write(&doc, &postmortem);
    assert!(
        update.len() < 40,
        "adding words to one text must not rewrite anything else: {} bytes",
        update.len()
    );
    let moved = postmortem.findings.remove(3);
    postmortem.findings.insert(0, moved);
    let update = write(&doc, &postmortem);
    assert!(
        update.len() < 60,
        "moving one row must give a new key to it alone: {} bytes",
        update.len()
    );
    assert_eq!(
        order(&read(&doc)),
        ["d", "a", "b", "c"],
        "the moved row must stand where it was put"
    );
}

#[test]
fn texts_keep_what_others_write_meanwhile() {
    let doc = new_doc();
    let mut postmortem = with_findings(&["a"]);
    postmortem.findings[0].text = "Customers noticed the outage before we did, in public".into();
    write(&doc, &postmortem);
    let other = replica(&doc);
    let mut theirs = read(&other);
    theirs.findings[0].text =
        "Customers noticed the outage before we did, in public, by far".into();
    let update = write(&other, &theirs);
    postmortem.findings[0].text =
        "Our customers noticed the partial outage before anyone here did, in public".into();
    write(&doc, &postmortem);
    apply(&doc, &update).unwrap();
    let expected =
        "Our customers noticed the partial outage before anyone here did, in public, by far";
    assert_eq!(
        read(&doc).findings[0].text,
        expected,
        "only the words that differ are replaced, so both edits survive"
    );
}

#[test]
fn emoji_are_never_cut_in_half() {
    let doc = new_doc();
    let mut postmortem = with_findings(&["a"]);
    for text in [
        "👩‍🚒👨‍🚒 up",
        "👩‍🚒 up 👩",
        "👨 up",
        "",
        "שלום 👩‍🚒",
        "e\u{301}\u{200b}x",
    ] {
        postmortem.findings[0].text = text.into();
        write(&doc, &postmortem);
        assert_eq!(
            read(&doc).findings[0].text,
            text,
            "positions count UTF-16 units, pairs included"
        );
    }
}

#[test]
fn long_texts_work() {
    let doc = new_doc();
    let mut postmortem = Postmortem {
        schema: 1,
        title: "é".repeat(100_000),
        ..Postmortem::default()
    };
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "a title of 100,000 letters is kept whole"
    );
    postmortem.title = format!("In {} out", "é".repeat(100_000));
    assert!(
        write(&doc, &postmortem).len() < 60,
        "an edit in a long text is as small as the edit"
    );
    assert_eq!(read(&doc), postmortem, "the edit must arrive");
    postmortem.timezone = "z".repeat(10_000);
    postmortem.findings = vec![Finding {
        id: "f".into(),
        text: "w".repeat((1 << 20) + 1),
        theme: "t".repeat(5_000),
        ..Finding::default()
    }];
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "what is longer than an import may be is read whole: an export must not lose it"
    );
    assert_eq!(
        write(&doc, &postmortem),
        Vec::<u8>::new(),
        "nor is it written again and again"
    );
}

#[test]
fn hidden_rows_come_back_with_their_links() {
    let doc = new_doc();
    let mut postmortem = with_findings(&["f1", "f2"]);
    postmortem.timeline = vec![event("e1", at(0)), event("e2", at(1))];
    postmortem.findings[0].events = vec!["e1".into(), "e2".into()];
    write(&doc, &postmortem);
    let whole = read(&doc);
    let mut without = whole.clone();
    without.timeline.remove(0);
    without.findings[0].events = vec!["e2".into()];
    write(&doc, &without);
    assert_eq!(
        read(&doc),
        without,
        "a removed row is gone from the snapshot, and so are links to it"
    );
    assert_eq!(
        all_row_ids(&doc, RowKind::Timeline).len(),
        2,
        "a removed row is hidden, not erased"
    );
    write(&doc, &whole);
    assert_eq!(
        read(&doc),
        whole,
        "a row that comes back is the same row at its place"
    );
}

#[test]
fn rows_with_unusable_ids_get_fresh_ones() {
    let doc = new_doc();
    let mut postmortem = with_findings(&["", "x|y", "same", "same"]);
    postmortem.timeline = vec![event("e|1", at(0))];
    postmortem.findings[0].events = vec!["e|1".into()];
    postmortem.participants = vec![Participant {
        id: String::new(),
        name: "Ada".into(),
        ..Participant::default()
    }];
    write(&doc, &postmortem);
    let read = read(&doc);
    assert_eq!(read.findings.len(), 4, "no row may be lost for its id");
    assert_eq!(
        read.findings[0].events,
        [read.timeline[0].id.clone()],
        "links follow a row to its fresh id"
    );
    assert!(
        read.findings
            .iter()
            .all(|finding| !finding.id.contains('|')),
        "a bar would break the keys of links"
    );
}

#[test]
fn events_without_a_time_stand_behind_their_neighbour() {
    let doc = new_doc();
    let mut postmortem = Postmortem {
        schema: 1,
        ..Postmortem::default()
    };
    postmortem.timeline = vec![
        event("start", None),
        event("a", at(5)),
        event("a2", None),
        event("b", at(7)),
        event("b2", None),
    ];
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "an unknown time keeps its place in the story"
    );
    postmortem.timeline[3].at = at(1);
    write(&doc, &postmortem);
    let read = read(&doc);
    let ids: Vec<&str> = read
        .timeline
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["start", "b", "b2", "a", "a2"],
        "an event that moves in time takes what follows it along"
    );
    let new = event("late", at(0));
    let mut with_late = read.clone();
    with_late.timeline.insert(1, new);
    let update = write(&doc, &with_late);
    assert!(
        update.len() < 400,
        "an event entered out of order must not give new keys to the others: {}",
        update.len()
    );
}

#[test]
fn equal_order_keys_are_mended() {
    let doc = new_doc();
    write(&doc, &with_findings(&["a", "b"]));
    {
        use yrs::{Map, Out, ReadTxn, Transact};
        let mut txn = doc.transact_mut();
        let root = txn.get_map("findings").unwrap();
        for id in ["a", "b"] {
            let Some(Out::YMap(row)) = root.get(&txn, id) else {
                panic!("the row was just written")
            };
            row.insert(&mut txn, "order", "a0");
        }
    }
    assert_eq!(
        order(&read(&doc)),
        ["a", "b"],
        "equal keys are told apart by the id"
    );
    write(&doc, &with_findings(&["a", "new", "b"]));
    assert_eq!(
        order(&read(&doc)),
        ["a", "new", "b"],
        "a row must fit between two with equal keys"
    );
}

#[test]
fn five_thousand_moves_keep_keys_short() {
    let doc = new_doc();
    let ids: Vec<String> = (0..20).map(|at| format!("r{at:02}")).collect();
    let mut wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    write(&doc, &with_findings(&wanted));
    for step in 0..300 {
        let moved = wanted.remove(2 + step % 18);
        wanted.insert(1, moved);
        write(&doc, &with_findings(&wanted));
        assert_eq!(order(&read(&doc)), wanted, "every move must arrive");
    }
    let state = String::from_utf8_lossy(&encode_state(&doc)).into_owned();
    let longest = state
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .map(str::len)
        .max()
        .unwrap_or(0);
    assert!(
        longest < 60,
        "keys must be made anew when they grow: {longest} letters"
    );
}

#[test]
fn numbers_are_given_once() {
    let doc = new_doc();
    assert!(
        number_rows(&doc).is_none(),
        "nothing to number in an empty document"
    );
    write(&doc, &with_findings(&["a", "b"]));
    assert!(number_rows(&doc).is_some(), "new rows get numbers");
    assert!(number_rows(&doc).is_none(), "and only once");
    let mut postmortem = read(&doc);
    assert_eq!(
        postmortem
            .findings
            .iter()
            .map(|row| row.number)
            .collect::<Vec<_>>(),
        [Some(1), Some(2)],
        "from 1, in order"
    );
    postmortem.findings.remove(1);
    postmortem.findings.insert(0, finding("c", "new"));
    write(&doc, &postmortem);
    let update = number_rows(&doc).unwrap();
    assert_eq!(
        read(&doc).findings[0].number,
        Some(3),
        "the number of a removed row is never used again"
    );
    guard::check_update(&update).unwrap();
    let mut twice = read(&doc);
    twice.findings[0].number = Some(1);
    write(&doc, &twice);
    number_rows(&doc).unwrap();
    let numbers: Vec<_> = read(&doc)
        .findings
        .iter()
        .map(|row| (row.id.clone(), row.number))
        .collect();
    assert_eq!(
        numbers,
        [("c".into(), Some(3)), ("a".into(), Some(1))],
        "of two rows with one number the first keeps it"
    );
}

#[test]
fn one_wrong_number_does_not_end_the_counting() {
    use yrs::{Any, Map, Out, Transact, WriteTxn};
    for wrong in [f64::from(u32::MAX), 1_000_000.0] {
        let doc = new_doc();
        write(&doc, &with_findings(&["a"]));
        {
            let mut txn = doc.transact_mut();
            let findings = txn.get_or_insert_map("findings");
            let Some(Out::YMap(row)) = findings.get(&txn, "a") else {
                panic!("the row is there");
            };
            row.insert(&mut txn, "number", Any::from(wrong));
        }
        number_rows(&doc);
        write(&doc, &with_findings(&["a", "b"]));
        assert!(number_rows(&doc).is_some(), "the new row gets a number");
        let read = read(&doc);
        let number = read.findings[1].number.unwrap();
        assert!(
            number < 10,
            "it counts on from what people see, not {number}"
        );
        let again = new_doc();
        assert!(!write(&again, &read).is_empty(), "it can be written anew");
        assert!(
            write(&again, &read).is_empty(),
            "and reads as it was written"
        );
    }
}

#[test]
fn gaps_are_seen_and_nothing_is_applied() {
    let doc = new_doc();
    write(&doc, &with_findings(&["a"]));
    let late = new_doc();
    apply(&late, &encode_state(&doc)).unwrap();
    write(&doc, &with_findings(&["a", "b"]));
    let second = write(&doc, &with_findings(&["a", "b", "c"]));
    let before = read(&late);
    assert!(
        apply(&late, &second).unwrap().gap,
        "an update without its predecessor is a gap"
    );
    assert_eq!(read(&late), before, "nothing of it may be applied");
    let diff = encode_diff(&doc, &state_vector(&late)).unwrap();
    assert!(
        !apply(&late, &diff).unwrap().gap,
        "what answers our state vector closes the gap"
    );
    assert_eq!(read(&late), read(&doc), "then nothing is missing");
    let again = apply(&late, &second).unwrap();
    assert!(
        !again.gap && !again.changed,
        "an update that came before changes nothing"
    );
}

#[test]
fn an_edit_of_somebody_unknown_is_a_gap() {
    let doc = new_doc();
    write(&doc, &with_findings(&["a"]));
    let other = replica(&doc);
    let mut edited = read(&other);
    edited.findings[0].text = "a and more".into();
    let update = write(&other, &edited);
    assert!(
        apply(&new_doc(), &update).unwrap().gap,
        "a text's neighbour by another writer is missing here"
    );
    edited.findings.clear();
    let update = write(&other, &edited);
    assert!(
        apply(&new_doc(), &update).unwrap().gap,
        "a hidden row that is not here is missing too"
    );
    assert_eq!(
        update_clients(&update),
        vec![other.client_id().get()],
        "an update tells whose edits it carries"
    );
}

#[test]
fn erased_rows_do_not_block_the_document() {
    use yrs::{Map, ReadTxn, Transact};
    let doc = new_doc();
    let mut postmortem = with_findings(&["a", "b"]);
    postmortem.timeline = vec![event("e", at(0))];
    postmortem.findings[0].events = vec!["e".into()];
    write(&doc, &postmortem);
    {
        let mut txn = doc.transact_mut();
        txn.get_map("findings").unwrap().remove(&mut txn, "a");
    }
    assert_eq!(order(&read(&doc)), ["b"], "another program can erase a row");
    let update = write(&doc, &postmortem);
    guard::check_update(&update).unwrap();
    let read = read(&doc);
    assert_eq!(
        read.findings.len(),
        2,
        "restoring it brings its content back"
    );
    assert_ne!(
        read.findings[0].id, "a",
        "under a fresh id, because the old key is used up"
    );
    assert_eq!(read.findings[0].events, ["e"], "with its links");
}

#[test]
fn sections_keep_their_text_when_they_come_back() {
    let doc = new_doc();
    let section = |id: &str, text: &str| Section {
        id: id.into(),
        title: id.to_uppercase(),
        text: text.into(),
    };
    let mut postmortem = Postmortem {
        schema: 1,
        ..Postmortem::default()
    };
    postmortem.sections = vec![
        section("summary", "It was down."),
        section("background", "One host."),
    ];
    write(&doc, &postmortem);
    postmortem.sections.reverse();
    write(&doc, &postmortem);
    assert_eq!(
        read(&doc),
        postmortem,
        "sections can be put in another order"
    );
    postmortem.sections.remove(0);
    write(&doc, &postmortem);
    assert_eq!(read(&doc), postmortem, "a section can be taken out");
}

#[test]
fn images_of_hidden_rows_are_kept() {
    let doc = new_doc();
    let mut postmortem = Postmortem {
        schema: 1,
        ..Postmortem::default()
    };
    let image = model::postmortem::Image {
        hash: "a".repeat(64),
        alt: "graph | of load".into(),
    };
    postmortem.timeline = vec![TimelineEvent {
        image: Some(image.clone()),
        ..event("e", None)
    }];
    write(&doc, &postmortem);
    assert_eq!(read(&doc), postmortem, "an alternative text may hold a bar");
    write(
        &doc,
        &Postmortem {
            schema: 1,
            ..Postmortem::default()
        },
    );
    assert!(
        images(&doc).contains(&image.hash),
        "a hidden event may come back, and needs its image then"
    );
}

#[test]
fn fields_that_are_not_understood_are_defaults_and_stay() {
    use yrs::{Map, Out, ReadTxn, Transact};
    let doc = new_doc();
    write(&doc, &with_findings(&["a"]));
    {
        let mut txn = doc.transact_mut();
        let root = txn.get_map("findings").unwrap();
        let Some(Out::YMap(row)) = root.get(&txn, "a") else {
            panic!("the row was just written")
        };
        row.insert(&mut txn, "kind", "from-the-future");
        row.insert(&mut txn, "number", 1.5);
        row.insert(&mut txn, "colour", "green");
        root.insert(&mut txn, "not-a-row", "text");
    }
    let mut postmortem = read(&doc);
    assert_eq!(
        postmortem,
        with_findings(&["a"]),
        "what is not understood reads as its default"
    );
    postmortem.findings[0].text = "changed".into();
    write(&doc, &postmortem);
    let txn = doc.transact();
    let Some(Out::YMap(row)) = txn.get_map("findings").unwrap().get(&txn, "a") else {
        panic!("the row is still there")
    };
    let text = |key: &str| row.get(&txn, key).map(|value| value.to_string(&txn));
    assert_eq!(
        text("kind").as_deref(),
        Some("from-the-future"),
        "a newer program's value is not overwritten"
    );
    assert_eq!(
        text("colour").as_deref(),
        Some("green"),
        "unknown keys stay"
    );
}

#[test]
fn cut_off_updates_are_refused() {
    let doc = new_doc();
    let update = write(&doc, &with_findings(&["a"]));
    for length in 1..update.len() {
        assert!(
            matches!(
                apply(&new_doc(), &update[..length]),
                Err(BadUpdate::CutOff { .. } | BadUpdate::Damaged { .. })
            ),
            "an update that ends after {length} bytes must be refused"
        );
    }
}

#[test]
fn real_yjs_clients_are_understood() {
    let fixture: serde_json::Value =
        serde_json::from_str(include_str!("../fixtures/yjs.json")).unwrap();
    let bytes = |value: &serde_json::Value| -> Vec<u8> {
        let text = value.as_str().unwrap();
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let state = bytes(&fixture["state"]);
    guard::check_state_vector(&bytes(&fixture["stateVector"])).unwrap();
    let live = new_doc();
    let watch = watch(&live);
    let mut snapshot = read(&live);
    for update in fixture["updates"].as_array().unwrap() {
        let applied = apply(&live, &bytes(update)).unwrap();
        assert!(
            !applied.gap,
            "updates in the order they were made have no gaps"
        );
        refresh(&mut snapshot, &live, &watch.take());
        assert_eq!(
            snapshot,
            read(&live),
            "following a live document must give what reading it gives"
        );
    }
    let loaded = new_doc();
    apply(&loaded, &state).unwrap();
    for doc in [live, loaded] {
        let read = read(&doc);
        assert_eq!(
            read.title,
            fixture["title"].as_str().unwrap(),
            "both ends read the same title"
        );
        let summary = read.sections.first().map(|section| section.text.as_str());
        assert_eq!(
            summary,
            fixture["summary"].as_str(),
            "both ends read the same section"
        );
        let rows = |kind: &str| -> Vec<(String, String)> {
            let rows = fixture["rows"][kind].as_array().unwrap();
            rows.iter()
                .map(|row| {
                    (
                        row[0].as_str().unwrap().into(),
                        row[1].as_str().unwrap().into(),
                    )
                })
                .collect()
        };
        let findings: Vec<_> = read
            .findings
            .iter()
            .map(|row| (row.id.clone(), row.text.clone()))
            .collect();
        assert_eq!(
            findings,
            rows("findings"),
            "both ends read the same rows in the same order"
        );
        let actions: Vec<_> = read
            .actions
            .iter()
            .map(|row| (row.id.clone(), row.text.clone()))
            .collect();
        assert_eq!(
            actions,
            rows("actions"),
            "both ends read the same rows in the same order"
        );
        let events: Vec<_> = read
            .timeline
            .iter()
            .map(|row| (row.id.clone(), row.text.clone()))
            .collect();
        assert_eq!(
            events,
            rows("timeline"),
            "events without times are ordered by their keys"
        );
        let people: Vec<_> = read
            .participants
            .iter()
            .map(|row| (row.id.clone(), row.name.clone()))
            .collect();
        assert_eq!(
            people,
            rows("participants"),
            "both ends read the same rows in the same order"
        );
    }
}

#[test]
fn a_snapshot_that_does_not_fit_its_log_is_not_resumed_from() {
    let doc = new_doc();
    let first = write(&doc, &with_findings(&["a"]));
    let early = encode_state(&doc);
    let second = write(&doc, &with_findings(&["a", "b"]));
    let third = write(&doc, &with_findings(&["a", "b", "c"]));
    let resumed = resume(&early, &[(2, &second), (3, &third)]).unwrap();
    assert_eq!(
        read(&resumed.doc),
        read(&doc),
        "a snapshot and what came after it make the document"
    );
    for (what, state) in [
        ("damaged", &[0xff; 30][..]),
        ("cut off", &early[..early.len() / 2]),
        ("another's", &third),
        ("empty", &[0, 0]),
    ] {
        assert!(
            resume(state, &[(2, &second), (3, &third)]).is_none(),
            "one that is {what} must not give an empty document"
        );
    }
    let replayed = replay(&[(1, &first), (2, &[9; 9]), (3, &second), (5, &third)]);
    assert_eq!(
        (read(&replayed.doc), replayed.unreadable, replayed.early),
        (read(&doc), vec![2], vec![]),
        "an entry that cannot be read is named and left out"
    );
}

#[test]
fn values_that_the_engine_joins_pass_the_guard_again() {
    let run = |client: u8, clock: u16, origin: bool| {
        let mut update = vec![1, 1, client];
        update.extend(if clock == 0 {
            vec![0]
        } else {
            vec![0xE8, 0x07]
        });
        update.push(if origin { 0x88 } else { 0x08 });
        if origin {
            update.extend([client, 0xE7, 0x07]);
        } else {
            update.extend([1, 4]);
            update.extend(b"list");
        }
        update.extend([0xE8, 0x07]);
        update.extend([126; 1000]);
        update.push(0);
        update
    };
    let doc = new_doc();
    for update in [run(7, 0, false), run(7, 1000, true)] {
        guard::check_update(&update).unwrap();
        assert!(apply(&doc, &update).unwrap().changed, "both are taken");
    }
    let state = encode_state(&doc);
    guard::check_update(&state).unwrap();
    assert!(
        resume(&state, &[]).is_some(),
        "what the engine made of them can be loaded again"
    );
}
