//! `debrief hints` as a script meets it.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::programs::{Home, program};

/// Runs `debrief hints` with this text as its standard input.
fn piped(home: &Home, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = home
        .command(program("debrief"))
        .arg("hints")
        .args(arguments)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command line starts");
    let mut stdin = child.stdin.take().expect("its input was piped");
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        // It may refuse what is too large before it has read all of it.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the command line ends");
    feeder.join().expect("its input was written or refused");
    output
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(
        output.status.success(),
        "hints are an answer, not a failure: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("every line is JSON"))
        .collect()
}

/// One line on stderr that says this, and exit code 1.
fn refused(output: &Output, says: &str) {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(1)
            && told.lines().count() == 1
            && told.starts_with("debrief: ")
            && told.contains(says),
        "the error says {says:?} in one line: {told:?}"
    );
    assert!(
        output.stdout.is_empty(),
        "nothing is printed beside an error"
    );
}

#[test]
fn each_line_gets_its_hints_in_json() {
    let home = Home::new();
    let text = "The café's proxy failed to start.\n\n- Cathy should have read the log.\nGreg deleted it.\n";
    let file = home.path().join("notes.md");
    std::fs::write(&file, text).expect("a file can be written");
    let named = file.to_string_lossy().into_owned();
    let arguments = ["--json", "hints", "--people", "Cathy Jones,Greg", &named];
    let output = home.debrief(&arguments);
    let told = lines(&output);
    assert_eq!(
        told.len(),
        4,
        "one object for each line, empty ones included"
    );
    for (index, line) in told.iter().enumerate() {
        assert_eq!(line["line"], index + 1, "lines are counted from 1");
    }
    assert!(
        told[0]["hints"] == Value::Array(vec![]) && told[1]["hints"] == Value::Array(vec![]),
        "a machine that fails is no blame: {told:?}"
    );
    let hint = &told[2]["hints"][0];
    let line = text.lines().nth(2).expect("a third line");
    let place = |key: &str| hint[key].as_u64().expect("a number") as usize;
    assert_eq!(
        (&hint["rule"], &hint["strength"], &hint["text"]),
        (
            &Value::from("R1"),
            &Value::from("strong"),
            &Value::from(&line[place("start")..place("end")])
        ),
        "the rule, its strength, and the words at these bytes of the line"
    );
    assert!(
        ["why", "instead"].iter().all(|key| hint[key]
            .as_str()
            .is_some_and(|text| !text.is_empty() && !text.contains('\n'))),
        "why, and what instead, in a line each: {hint}"
    );
    assert_eq!(
        told[3]["hints"][0]["rule"], "R11",
        "people are those that were named"
    );
    assert_eq!(
        lines(&piped(
            &home,
            &["--json", "--people", "Cathy Jones,Greg"],
            text.as_bytes()
        )),
        told,
        "the standard input is read like a file"
    );
    assert!(
        !home.workspace().exists(),
        "no workspace is needed, and none is made"
    );
}

#[test]
fn people_can_read_it() {
    let home = Home::new();
    let told = |arguments: &[&str], text: &str| {
        let output = piped(&home, arguments, text.as_bytes());
        assert!(output.status.success(), "an answer for {text:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let strong = told(&[], "ok\nWe forgot to drain the node.\n");
    assert!(
        strong.starts_with("-:2:1: R4 strong “We forgot to drain”"),
        "the place, the rule and the words: {strong}"
    );
    assert!(
        strong.contains("Ask: "),
        "and what to ask instead: {strong}"
    );
    assert_eq!(
        told(&[], "The proxy was restarted.\n"),
        "Nothing to say about the wording.\n",
        "a good text hears so"
    );
    assert!(
        told(
            &[],
            "Wir hätten die Warnung lesen sollen, und das haben wir nicht.\n"
        )
        .contains("not in English"),
        "another language is said"
    );
    assert!(
        told(&["--kind", "finding"], "We need to add an alert.\n").contains("R12"),
        "a finding has a rule of its own"
    );
    assert!(
        told(&[], "> We should have tested it.\n").contains("left out"),
        "the words of others are left out, and it is said"
    );
}

#[test]
fn whatever_comes_in_has_a_clear_outcome() {
    let home = Home::new();
    refused(
        &piped(&home, &["--json"], b"fine\n\xff\xfe\n"),
        "line 2 has other bytes",
    );
    let file = home.path().join("latin1.txt");
    std::fs::write(&file, b"caf\xe9\n").expect("a file can be written");
    refused(
        &home.debrief(&["hints", &file.to_string_lossy()]),
        "not a text file in UTF-8",
    );
    refused(
        &home.debrief(&["hints", "/nowhere/at/all"]),
        "There is no file",
    );
    refused(
        &home.debrief(&["hints", &home.path().to_string_lossy()]),
        "is not a file",
    );
    let huge = vec![b'a'; 13 << 20];
    refused(&piped(&home, &["--json"], &huge), "too large");
    for (arguments, says) in [
        (&["hints"][..], "FILE"),
        (
            &["hints", "--kind", "poem", "-"],
            "section, timeline, finding, action",
        ),
    ] {
        let output = home.debrief(arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(2) && told.contains(says),
            "wrong usage is told: {told:?}"
        );
    }
    assert_eq!(
        lines(&piped(&home, &["--json"], b"")).len(),
        0,
        "no lines, no objects"
    );
    let odd = "We\0should have\u{202e} tested \u{7}it.\nWe forgot to look.\0\n";
    assert_eq!(
        lines(&piped(&home, &["--json"], odd.as_bytes())).len(),
        2,
        "control characters are text like other text"
    );
    let plain = piped(&home, &[], odd.as_bytes()).stdout;
    assert!(
        !plain.contains(&0) && !plain.contains(&7),
        "control characters never reach the terminal"
    );
    let long = "next time in hindsight we should have been ".repeat(100_000 / 43);
    let told = lines(&piped(&home, &["--json"], long.as_bytes()));
    assert_eq!(told.len(), 1, "a line of 100,000 characters is one line");
}
