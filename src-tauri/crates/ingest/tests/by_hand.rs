//! Files that people edited, files of other tools, and files that mean harm.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use ingest::{ImportError, Imported, import, import_bytes};
use model::postmortem::*;

fn now() -> DateTime<Utc> {
    "2026-11-16T10:00:00Z".parse().expect("a constant")
}

fn read(text: &str) -> Imported {
    import("x.md", text, now()).unwrap_or_else(|error| panic!("this file must import: {error}"))
}

const EDITED: &str = "---
format: debrief/1
id: 0190a
severity: sev2
status: in review
timezone: Europe/Berlin
services: [login]
tags: [a, b]
reviewed by: Bill
---

# Login *page* outage

A line that somebody added on top.

## Summary <!-- section:summary -->

Login failed.

## Timeline <!-- rows:timeline -->

| # | When (Europe/Berlin) | Phase | Kind | Who | What | Known from | Colour |
| --- | --- | --- | --- | --- | --- | --- | --- |
| E1 <!-- id:e-1 --> | 2026-11-10 16:00 | Detection | Signal, starred | Customers | They post | a \\| b | red |
| E2 <!-- id:e-1 --> | about 2026-11-10 16:05 UTC | Lunch | Decision | Cathy | She decides | | |
| | some time later | | | | Nothing | | |

A remark below the table.

## Findings

| # | Finding | Kind | Phase | Theme | Shown by | Answered by |
| --- | --- | --- | --- | --- | --- | --- |
| F1 <!-- id:f-1 --> | Nobody knew | Helped, room | | | E1, E9 | |
| F2 | Late | | | | | no action needed: not worth it |

## Action items <!-- rows:actions -->

- [x] **A1** Watch the host <!-- id:a-1 -->
  - Owner: Mei Tan
  - Helpers: Cathy, mei tan
  - Due: next week
  - Answers: F1
  - Mood: good
- [ ] Write it down
  over two lines

## What we forgot

- this
";

#[test]
fn edits_by_hand_are_taken_and_said() {
    let got = read(EDITED);
    let p = &got.postmortem;
    assert_eq!(p.id, "0190a", "the document keeps its id");
    assert_eq!(p.title, "Login *page* outage", "a title is not Markdown");
    assert_eq!(
        (p.severity, p.status),
        (Some(Severity::Sev2), Status::InReview),
        "words may be written freely"
    );
    assert_eq!(p.tags, ["a", "b"], "YAML lists without quotes are read");
    let ids: Vec<&str> = p.timeline.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids[0], "e-1", "an id is kept");
    assert!(
        ids[1] != "e-1" && ids[1].len() == 36 && ids[2].len() == 36,
        "a copied or missing id is made new: {ids:?}"
    );
    assert_eq!(p.timeline[0].source, "a | b", "an escaped bar is no column");
    assert_eq!(
        p.timeline[0].text, "They post (colour: red)",
        "an unknown column is kept"
    );
    assert!(p.timeline[0].star, "words in the kind are flags");
    let second = p.timeline[1].at.as_ref().expect("a time");
    assert_eq!(
        second.at.to_rfc3339(),
        "2026-11-10T16:05:00+00:00",
        "a zone may be written"
    );
    assert_eq!(second.precision, Precision::About, "about is read");
    assert_eq!(
        p.timeline[1].text, "She decides (phase: Lunch)",
        "what is no phase is kept"
    );
    assert_eq!(
        p.timeline[2].text, "Nothing (time: some time later)",
        "what is no time is kept"
    );
    let f = &p.findings;
    assert_eq!(
        (f[0].number, f[0].kind, f[0].visibility),
        (Some(1), FindingKind::Helped, Visibility::Room),
        "as written"
    );
    assert_eq!(f[0].events, ["e-1"], "labels are links");
    assert_eq!(
        f[0].actions,
        ["a-1"],
        "a link told by the action item is one"
    );
    assert!(
        f[1].no_action && f[1].no_action_reason == "not worth it",
        "a decision not to act is read"
    );
    let a = &p.actions;
    assert_eq!(a[0].status, ActionStatus::Done, "a ticked box is done");
    let mei = got
        .people
        .iter()
        .find(|person| person.name == "Mei Tan")
        .expect("an owner becomes a person");
    assert_eq!(a[0].owner.as_ref(), Some(&mei.id), "and owns the item");
    assert_eq!(
        a[0].helpers[1], mei.id,
        "one person, however the name is written"
    );
    assert!(
        a[0].text.contains("next week") && a[0].text.contains("Mood: good"),
        "nothing is lost: {:?}",
        a[0].text
    );
    assert_eq!(
        a[1].text, "Write it down\nover two lines",
        "lines belong together"
    );
    let sections: Vec<(&str, &str)> = p
        .sections
        .iter()
        .map(|s| (s.title.as_str(), s.text.as_str()))
        .collect();
    for expected in [
        ("Summary", "Login failed."),
        ("What we forgot", "- this"),
        ("Front matter", "reviewed by: Bill"),
        ("Introduction", "A line that somebody added on top."),
        ("Timeline: notes", "A remark below the table."),
    ] {
        assert!(
            sections.contains(&expected),
            "{expected:?} must be kept: {sections:?}"
        );
    }
    for (line, words) in [
        (25, "Lunch"),
        (26, "some time later"),
        (34, "E9"),
        (42, "next week"),
        (48, "What we forgot"),
    ] {
        let said = got
            .notes
            .iter()
            .any(|note| note.starts_with(&format!("Line {line}: ")) && note.contains(words));
        assert!(
            said,
            "a note must say what happened to {words:?} in line {line}: {:#?}",
            got.notes
        );
    }
}

#[test]
fn exports_without_their_comments_still_import() {
    let bare: String = EDITED
        .lines()
        .map(|line| {
            line.split(" <!--").next().unwrap_or("").to_owned()
                + if line.contains("-->") && line.starts_with('|') {
                    line.split("-->").nth(1).unwrap_or("")
                } else {
                    ""
                }
                + "\n"
        })
        .collect();
    let got = read(&bare);
    assert_eq!(
        got.postmortem.timeline.len(),
        3,
        "tables are known by their headings"
    );
    assert_eq!(got.postmortem.actions.len(), 2, "lists too");
    assert_eq!(
        got.postmortem.findings[0].events.len(),
        1,
        "labels still link"
    );
}

#[test]
fn postmortems_of_others_are_mapped() {
    let got = import(
        "2018-02-22-nginx-down.md",
        "# NGINX crash\n\n## Timeline\n\nAll times in PST\n\n### 2018-02-22 16:30\n\nAlerts come in.\n\n### 16:32\n\nLogs checked.\n\n\
         ## Lessons learnt\n\n### What went well\n\n1. Found quickly\n\n### What went wrong\n\n1. Few were told\n   in time\n\n\
         ### Remarks\n\nNone of note.\n\n## Action items\n\n### Process\n\n1. Tell everybody (DONE)\n- [ ] Look again\n\n## Attendees\n\n- rifis\n",
        now(),
    )
    .expect("a common shape");
    let p = &got.postmortem;
    let times: Vec<String> = p
        .timeline
        .iter()
        .filter_map(|e| e.at.as_ref())
        .map(|m| format!("{} {}", m.at.to_rfc3339(), m.zone))
        .collect();
    assert_eq!(
        times,
        [
            "2018-02-23T00:30:00+00:00 America/Los_Angeles",
            "2018-02-23T00:32:00+00:00 America/Los_Angeles"
        ],
        "headings with times are events, in the zone that the text states"
    );
    assert_eq!(
        p.timeline[0].text, "Alerts come in.",
        "what follows the heading is the event"
    );
    let kinds: Vec<(FindingKind, &str)> = p
        .findings
        .iter()
        .map(|f| (f.kind, f.text.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            (FindingKind::Helped, "Found quickly"),
            (FindingKind::Hindered, "Few were told\nin time")
        ],
        "lists of what went well and wrong are findings"
    );
    assert_eq!(
        p.actions[0].text, "Process: Tell everybody (DONE)",
        "the heading says what kind of action it is"
    );
    assert_eq!(p.actions[0].status, ActionStatus::Done, "done is done");
    assert_eq!(p.participants[0].name, "rifis", "attendees took part");
    assert!(
        p.sections.iter().any(|s| s.text.contains("None of note.")),
        "the rest is kept: {:?}",
        p.sections
    );
}

#[test]
fn clocks_that_pass_midnight_go_on_with_the_next_day() {
    let got = import(
        "2020-02-28.md",
        "# x\n\n## Timeline\n\n- 23:50 UTC: a\n- 00:10 UTC: b\n- 00:20 UTC: c\n",
        now(),
    )
    .expect("a list");
    let days: Vec<String> = got
        .postmortem
        .timeline
        .iter()
        .filter_map(|e| e.at.as_ref())
        .map(|m| m.at.to_rfc3339())
        .collect();
    let expected = [
        "2020-02-28T23:50:00+00:00",
        "2020-02-29T00:10:00+00:00",
        "2020-02-29T00:20:00+00:00",
    ];
    assert_eq!(days, expected, "an incident may cross midnight");
}

fn refused(name: &str, bytes: &[u8]) -> ImportError {
    import_bytes(name, bytes, now()).expect_err("this file must be refused")
}

#[test]
fn what_is_no_postmortem_is_refused_with_a_sentence() {
    let table: [(&str, &[u8], Option<u32>, &str); 18] = [
        ("x.md", b"", None, "empty"),
        ("x.md", b" \n\t", None, "empty"),
        ("x.md", b"a\n\xFF\xFE", Some(2), "UTF-8"),
        ("x.md", b"ok\nbin\0ary", Some(2), "not a text file"),
        (
            "x.json",
            b"{\"format\": \"debrief/1\", \"postmortem\": {\"title\": \"x",
            Some(1),
            "cut off",
        ),
        (
            "x.json",
            b"{\n\"format\": \"debrief/2\",\n\"postmortem\": 7}",
            None,
            "newer Debrief",
        ),
        ("x.json", b"{}", None, "not a postmortem"),
        ("x.json", b"[1, 2]", None, "not a postmortem"),
        ("x.json", b"{\"format\": 3}", None, "not a postmortem"),
        ("x.json", b"\"debrief/1\"", None, "not a postmortem"),
        (
            "x.json",
            b"{\"format\": \"debrief/1\", \"postmortem\": {\"timeline\": [{}, {\"text\": 5}]}}",
            Some(1),
            "postmortem.timeline[1].text is not what it should be: a text belongs there.",
        ),
        (
            "x.json",
            b"{\"format\": \"debrief/1\", \"postmortem\": {\"actions\": [{\"due\": \"soon\"}]}}",
            Some(1),
            "postmortem.actions[0].due is not what it should be.",
        ),
        (
            "x.json",
            b"{\"format\": \"debrief/1\"}",
            Some(1),
            "“postmortem” is missing.",
        ),
        (
            "x.json",
            b"{\n\"format\":\n\"debrief/1\", \"postmortem\": {\"severity\": \"SEV9\"}}",
            Some(3),
            "postmortem.severity is not what it should be: “SEV9” is none of SEV1, SEV2,",
        ),
        ("x.json", b"<html>", Some(1), "not valid JSON"),
        (
            "x.md",
            b"---\nformat: debrief/3\n---\n# x\n",
            None,
            "newer Debrief",
        ),
        ("x.md", b"---\na: [1\nb: 2\n---\n# x\n", Some(3), "YAML"),
        ("page.html", b"<!doctype html>", None, "cannot be imported"),
    ];
    for (name, bytes, line, words) in table {
        let error = refused(name, bytes);
        let shown = error.to_string();
        assert!(
            shown.contains(words),
            "the sentence must say {words:?}: {shown}"
        );
        assert_eq!(error.line, line, "and the line: {shown}");
    }
}

#[test]
fn what_no_document_holds_is_refused_and_not_cut() {
    let long = "x".repeat(5_000);
    let longer = "x".repeat((1 << 20) + 1);
    let json = |postmortem: serde_json::Value, people: usize| {
        serde_json::json!({
            "format": "debrief/1",
            "postmortem": postmortem,
            "people": (0..people).map(|n| serde_json::json!({ "id": format!("p{n}"), "name": "Ann" })).collect::<Vec<_>>(),
        })
        .to_string()
    };
    let many: Vec<serde_json::Value> = (0..14)
        .map(|n| serde_json::json!({ "id": format!("s{n}"), "text": "x".repeat(1 << 20) }))
        .collect();
    let links: Vec<String> = (0..100_001).map(|n| n.to_string()).collect();
    for (name, text, says) in [
        (
            "x.md",
            format!("# t\n\n## Summary\n\n{longer}\n"),
            "Section “Summary” is 1.1 MB long",
        ),
        (
            "x.json",
            json(serde_json::json!({ "timeline": [{ "source": long }] }), 0),
            "Timeline event 1, source is",
        ),
        (
            "x.json",
            json(serde_json::json!({ "sections": many }), 0),
            "The postmortem holds 14",
        ),
        (
            "x.json",
            json(serde_json::json!({ "findings": [{ "events": links }] }), 0),
            "100,000 links",
        ),
        (
            "x.json",
            json(serde_json::json!({}), 2_001),
            "names 2001 people",
        ),
    ] {
        let shown = refused(name, text.as_bytes()).to_string();
        assert!(
            shown.contains(says),
            "the sentence must say {says:?}: {shown}"
        );
    }
}

#[test]
fn an_export_that_lost_its_end_says_so() {
    let lost = |text: &str| read(text).notes.iter().any(|note| note.contains("cut off"));
    let whole = format!("{EDITED}\n<!-- end of the postmortem -->\n");
    assert!(!lost(&whole), "a whole file has nothing to say");
    assert!(
        !lost(whole.trim_end()),
        "a line break at the end is no loss"
    );
    assert!(lost(EDITED), "a file without the last line may be cut off");
    assert!(
        !lost("# Anything\n\nby others\n"),
        "other people's files have no such line"
    );
    assert_eq!(
        read(&whole).postmortem.sections,
        read(EDITED).postmortem.sections,
        "the line is no text of anybody"
    );
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    let text = "# Título\n\n## Summary\n\nÉ\n";
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let got = import_bytes("x.md", &bytes, now()).expect("UTF-16 with its mark");
    assert_eq!(
        got.postmortem.title, "Título",
        "a Windows editor's file is a file"
    );
    let got = import_bytes(
        "x.md",
        &["\u{FEFF}".as_bytes(), text.replace('\n', "\r\n").as_bytes()].concat(),
        now(),
    )
    .expect("a mark");
    assert_eq!(
        got.postmortem.title, "Título",
        "a byte order mark and CRLF are no text"
    );
}

/// Runs an import of something hostile; it may fail or not, but ends soon.
fn ends_soon(what: &str, name: &str, text: &str) {
    let start = Instant::now();
    let result = import(name, text, now());
    let took = start.elapsed();
    assert!(
        took < Duration::from_secs(20),
        "{what} ({} bytes) took {took:?}; every step must be linear: {:?}",
        text.len(),
        result.map(|_| ()).map_err(|e| e.to_string())
    );
}

#[test]
fn hostile_files_end_soon_and_quietly() {
    let front = "---\nformat: debrief/1\n---\n# x\n\n";
    let n = 60_000;
    let table: Vec<(&str, &str, String)> = vec![
        ("nested JSON", "x.json", "[".repeat(n)),
        (
            "many JSON rows",
            "x.json",
            format!(
                "{{\"format\":\"debrief/1\",\"postmortem\":{{\"timeline\":[{}{{}}]}}}}",
                "{},".repeat(n)
            ),
        ),
        (
            "many JSON numbers",
            "x.json",
            format!(
                "{{\"format\":\"debrief/1\",\"x\":[{}1]}}",
                "1,".repeat(n * 10)
            ),
        ),
        (
            "nested YAML",
            "x.md",
            format!("---\na: {}\n---\n# x", "[".repeat(60_000)),
        ),
        (
            "alias bomb",
            "x.md",
            format!(
                "---\na: &a [x,x,x,x,x,x,x,x,x]\n{}---\n# x",
                (0..9)
                    .map(|i| format!(
                        "{}: &{} [*{c},*{c},*{c},*{c},*{c},*{c},*{c},*{c}]\n",
                        char::from(b'b' + i),
                        char::from(b'b' + i),
                        c = char::from(b'a' + i)
                    ))
                    .collect::<String>()
            ),
        ),
        ("quotes", "x.md", ">".repeat(n)),
        ("lists", "x.md", "- ".repeat(n)),
        (
            "brackets",
            "x.md",
            format!("{front}## Action items\n\n- {}", "[".repeat(n)),
        ),
        (
            "backticks",
            "x.md",
            format!(
                "{front}## Parking lot\n\n- {}",
                (1..700).map(|i| "`".repeat(i) + " ").collect::<String>()
            ),
        ),
        (
            "comments",
            "x.md",
            format!("{front}## Parking lot\n\n- {}", "<!--".repeat(n)),
        ),
        (
            "ampersands",
            "x.md",
            format!("{front}## Parking lot\n\n- {}", "&#".repeat(n)),
        ),
        (
            "images",
            "x.md",
            format!(
                "{front}## Timeline\n\n| What |\n|---|\n| {} |",
                "![](".repeat(n)
            ),
        ),
        (
            "columns",
            "x.md",
            format!(
                "{front}## Timeline\n\n|{}\n|{}\n|{}\n",
                "a|".repeat(3_000),
                "-|".repeat(3_000),
                "b|".repeat(3_000)
            ),
        ),
        (
            "rows",
            "x.md",
            format!(
                "{front}## Timeline\n\n| What |\n|---|\n{}",
                "| x |\n".repeat(n)
            ),
        ),
        (
            "people",
            "x.md",
            format!(
                "{front}## Action items\n\n- a\n  - Helpers: {}",
                (0..n).map(|i| format!("p{i},")).collect::<String>()
            ),
        ),
        (
            "references",
            "x.md",
            format!(
                "{front}## Findings\n\n| Shown by |\n|---|\n| {} |",
                "E1,".repeat(n)
            ),
        ),
        ("headings", "x.md", "## a\n".repeat(n / 10)),
        ("fences", "x.md", "```\n".repeat(n)),
        ("html", "x.md", "<pre>\n".repeat(n)),
        (
            "times",
            "x.md",
            format!(
                "# x\n\n## Timeline\n\n{}",
                "- 2021-01-01 10:00 a\n".repeat(19_000)
            ),
        ),
        (
            "one long line",
            "x.md",
            format!("# {}", "x".repeat(4_000_000)),
        ),
        ("too long", "x.md", "x".repeat(17 * 1024 * 1024)),
        ("dashes", "x.md", "---\n".repeat(n)),
    ];
    for (what, name, text) in &table {
        ends_soon(what, name, text);
    }
}

#[test]
fn mutated_exports_never_panic() {
    // A small generator with a fixed seed: the run is the same everywhere.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % n as u64).expect("below n")
    };
    let pieces: Vec<&[u8]> = vec![
        b"|",
        b"\n",
        b"<!--",
        b"-->",
        b"`",
        b"\\",
        b"---",
        b"\xC3",
        b"\0",
        b"## ",
        b"- ",
        b"[",
        b"{",
        b"\"",
        b":",
        b"&#x110000;",
    ];
    for _ in 0..3000 {
        let mut bytes = EDITED.as_bytes().to_vec();
        for _ in 0..=next(6) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes.truncate(at.max(1)),
                1 => drop(bytes.splice(at..at, pieces[next(pieces.len())].iter().copied())),
                _ => drop(bytes.drain(at..(at + next(40)).min(bytes.len()))),
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        if let Err(error) = import_bytes("x.md", &bytes, now()) {
            assert!(
                error.message.ends_with('.') || error.message.contains('“'),
                "errors are sentences: {error}"
            );
        }
    }
}
