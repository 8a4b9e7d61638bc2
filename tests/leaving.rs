//! What leaves the room as files: the summary of a period and of one postmortem, in every format, as other programs read
//! them, and without anybody's name where roles were asked for.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::programs::Home;

/// A workspace with the sample year, and the id of its login outage.
pub fn with_year() -> (Home, String) {
    let home = Home::new();
    home.debrief_ok(&["demo", "--year"]);
    let listed: Value = serde_json::from_str(&home.debrief_ok(&["list", "--json"]))
        .expect("the list is printed as JSON");
    let outage = listed["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["title"] == "Login page outage")
        .expect("the year has the login outage");
    let id = outage["id"].as_str().expect("an id").to_owned();
    (home, id)
}

/// Everything by which somebody of the year could be read, in all of its postmortems: names, their parts, handles and addresses.
fn names(home: &Home) -> Vec<String> {
    let listed: Value = serde_json::from_str(&home.debrief_ok(&["list", "--json"]))
        .expect("the list is printed as JSON");
    let mut names = Vec::new();
    for row in listed["rows"].as_array().expect("rows") {
        let id = row["id"].as_str().expect("an id");
        let json = home.debrief_ok(&["export", id, "--format", "json"]);
        let json: Value = serde_json::from_str(&json).expect("an export in JSON");
        let people = json["people"].as_array().into_iter().flatten();
        let present = json["postmortem"]["participants"].as_array();
        for person in people.chain(present.into_iter().flatten()) {
            for field in ["name", "short_name", "email"] {
                let name = person[field].as_str().unwrap_or_default();
                names.push(name.to_owned());
                names.extend(name.split_whitespace().map(str::to_owned));
            }
            // Handles such as "will" and "mark" are words too, unless somebody is called by them.
            let handle = person["handle"].as_str().unwrap_or_default();
            names.push(format!("@{handle}"));
            if !handle.chars().all(char::is_alphabetic) {
                names.push(handle.to_owned());
            }
        }
    }
    names.retain(|name| name.chars().count() > 2);
    names.sort();
    names.dedup();
    assert!(names.len() > 30, "the year has people: {names:?}");
    names
}

/// Whether a name stands somewhere as a word of its own: "bill" is not in "billing".
fn says(words: &str, name: &str) -> bool {
    words.match_indices(name).any(|(at, _)| {
        let before = words[..at].chars().next_back();
        let after = words[at + name.len()..].chars().next();
        ![before, after]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
    })
}

/// What a program makes of a file.
fn told(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program)
        .args(arguments.iter().map(|one| match *one {
            "FILE" => file.as_os_str().to_owned(),
            one => one.into(),
        }))
        .output()
        .unwrap_or_else(|problem| panic!("{program} starts: {problem}"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a file, of a PDF those of its pages, properties and structure.
fn words(file: &Path) -> String {
    if file.extension().is_some_and(|extension| extension == "pdf") {
        let sound = told("qpdf", &["--check", "FILE"], file);
        assert!(
            sound.contains("No syntax or stream encoding errors"),
            "a strict reader takes {}: {sound}",
            file.display()
        );
        let info = told("pdfinfo", &["FILE"], file);
        assert!(
            info.lines()
                .any(|line| line.starts_with("Tagged:") && line.ends_with("yes")),
            "whoever listens is told what is what: {info}"
        );
        return [
            info,
            told("pdftotext", &["FILE", "-"], file),
            told("pdfinfo", &["-struct-text", "FILE"], file),
            told(
                "qpdf",
                &["--qdf", "--object-streams=disable", "FILE", "-"],
                file,
            ),
        ]
        .join("\n");
    }
    std::fs::read_to_string(file).expect("a text in UTF-8")
}

#[test]
fn the_summary_of_the_sample_year_leaves_without_names() {
    let (home, id) = with_year();
    let names = names(&home);
    let report = home.path().join("report.json");
    for audience in ["company", "executives", "customers"] {
        for format in ["html", "pdf", "md", "csv", "json"] {
            let file = home.path().join(format!("{audience}.{format}"));
            home.debrief_ok(&[
                "summary",
                "--from",
                "2026-06-01",
                "--to",
                "2026-11-30",
                "--audience",
                audience,
                "--focus",
                &id,
                "--anonymise",
                "--report",
                &report.to_string_lossy(),
                "--format",
                format,
                "-o",
                &file.to_string_lossy(),
            ]);
            let words = words(&file);
            for name in &names {
                assert!(
                    !says(&words, name),
                    "{name} can be read in the {format} for {audience}"
                );
            }
        }
    }
    let report: Value = serde_json::from_str(&std::fs::read_to_string(&report).expect("a report"))
        .expect("the report is JSON");
    assert!(
        report.is_array(),
        "it tells per postmortem what was replaced"
    );
    let company = words(&home.path().join("company.md"));
    assert!(
        company.contains("15 incidents, 58 improvements made"),
        "the figures are those of the sample year: {company}"
    );
}

#[test]
fn one_postmortem_leaves_without_names() {
    let (home, id) = with_year();
    let names = names(&home);
    for format in [
        "md",
        "html",
        "json",
        "pdf",
        "summary-md",
        "summary-html",
        "summary-pdf",
        "post-md",
        "post-html",
        "post-txt",
        "post-json",
        "post-pdf",
    ] {
        let (_, extension) = format.rsplit_once('-').unwrap_or(("", format));
        let file = home.path().join(format!("{format}.{extension}"));
        home.debrief_ok(&[
            "export",
            &id,
            "--anonymise",
            "--format",
            format,
            "-o",
            &file.to_string_lossy(),
        ]);
        let words = words(&file);
        for name in &names {
            assert!(!says(&words, name), "{name} can be read in {format}");
        }
    }
}

#[test]
fn a_pdf_goes_through_a_pipe() {
    let (home, id) = with_year();
    let output = home.debrief(&["export", &id, "--format", "pdf"]);
    assert!(
        output.status.success() && output.stdout.starts_with(b"%PDF-"),
        "a program gets the bytes"
    );
}
