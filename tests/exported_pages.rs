//! Exported files as strangers read them: pages in an HTML validator and under axe, tables and data in other programs' parsers.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::App;
use crate::leaving::with_year;
use crate::programs::{Home, root};

/// Every page of the sample year: the login outage in its three forms, the period for its three groups of readers, with names
/// and with roles.
fn pages(home: &Home, id: &str) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for names in [&[][..], &["--anonymise"]] {
        let mut page = |name: &str, command: &[&str]| {
            let roles = if names.is_empty() { "" } else { "-roles" };
            let file = home.path().join(format!("{name}{roles}.html"));
            let path = file.to_string_lossy();
            home.debrief_ok(&[command, names, &["-o", &path]].concat());
            pages.push(file);
        };
        for format in ["html", "summary-html", "post-html"] {
            page(format, &["export", id, "--format", format]);
        }
        for audience in ["company", "executives", "customers"] {
            let period = ["--from", "2026-06-01", "--to", "2026-11-30"];
            let of = ["--audience", audience, "--focus", id, "--format", "html"];
            page(audience, &[&["summary"][..], &period, &of].concat());
        }
    }
    let nothing = home.path().join("nothing.html");
    let path = nothing.to_string_lossy();
    home.debrief_ok(&[
        "summary",
        "--from",
        "2019-01-01",
        "--to",
        "2019-01-31",
        "--format",
        "html",
        "-o",
        &path,
    ]);
    pages.push(nothing);
    pages
}

#[test]
fn exported_pages_pass_an_html_validator() {
    let (home, id) = with_year();
    let pages = pages(&home, &id);
    let validator = root().join("ui/node_modules/html-validate/bin/html-validate.mjs");
    let validate = |files: &[PathBuf]| {
        Command::new("node")
            .arg(&validator)
            .args(["--preset", "standard,document,a11y"])
            .args(files)
            .output()
            .expect("node starts")
    };
    let found = validate(&pages);
    assert!(
        found.status.success(),
        "browsers and screen readers of all kinds are given HTML as it is written down: {}{}",
        String::from_utf8_lossy(&found.stdout),
        String::from_utf8_lossy(&found.stderr)
    );
    let broken = home.path().join("broken.html");
    std::fs::write(&broken, "<!doctype html><p><div>unclosed</p>").expect("the home takes files");
    assert!(
        !validate(&[broken]).status.success(),
        "the validator does look"
    );
}

#[tokio::test]
async fn exported_pages_are_accessible() {
    let (home, id) = with_year();
    let pages = pages(&home, &id);
    let app = App::page(&address(&pages[0])).await;
    let mut wrong = Vec::new();
    for page in &pages {
        app.goto(&address(page)).await;
        for (width, height) in [(1440, 900), (390, 844)] {
            app.resize(width, height).await;
            let found = app.accessibility().await;
            wrong.extend(found.into_iter().map(|fault| {
                let name = page.file_name().unwrap_or_default().to_string_lossy();
                format!("{name} at {width}: {fault}")
            }));
        }
    }
    app.close().await;
    assert!(
        wrong.is_empty(),
        "whoever is sent a page can read it, whatever they read it with:\n{}",
        wrong.join("\n")
    );
}

fn address(page: &Path) -> String {
    format!("file://{}", page.display())
}

/// What a parser of another house reads in a file.
fn read(kind: &str, file: &Path) -> Value {
    let output = Command::new("node")
        .arg(root().join("tests/interop/read.mjs"))
        .arg(kind)
        .arg(file)
        .output()
        .expect("node starts");
    assert!(
        output.status.success(),
        "{} can be read: {}",
        file.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("the reader answers in JSON")
}

#[test]
fn tables_and_data_are_read_back_by_other_programs() {
    let (home, id) = with_year();
    // Whatever people write stays inside its field.
    let hostile = "=HYPERLINK(\"http://x\"), \"quoted\"; \r\n second line\t\u{1}";
    let mut odd: Value =
        serde_json::from_str(&home.debrief_ok(&["export", &id, "--format", "json"]))
            .expect("an export in JSON");
    odd["postmortem"]["title"] = hostile.into();
    let file = home.path().join("odd.json");
    std::fs::write(&file, odd.to_string()).expect("the home takes files");
    home.debrief_ok(&["import", &file.to_string_lossy()]);
    let period = [
        "summary",
        "--from",
        "2026-06-01",
        "--to",
        "2026-11-30",
        "--focus",
        &id,
    ];
    let write = |format: &str, command: &[&str]| {
        let file = home.path().join(format!("read.{format}"));
        let path = file.to_string_lossy().into_owned();
        home.debrief_ok(&[command, &["--format", format, "-o", &path]].concat());
        read(format, &file)
    };
    let table = write("csv", &period);
    let data = write("json", &period);
    let rows = table.as_array().expect("rows");
    let head = rows[0].as_array().expect("the names of the columns");
    let column = |name: &str| {
        let at = head.iter().position(|one| one == name);
        at.unwrap_or_else(|| panic!("a column {name}"))
    };
    let listed = data["summary"]["postmortems"]
        .as_array()
        .expect("postmortems");
    assert_eq!(
        rows.len() - 1,
        listed.len(),
        "each postmortem is one row, whatever its title is"
    );
    assert_eq!(listed.len(), 16, "the year and the odd one");
    for (row, one) in rows[1..].iter().zip(listed) {
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        for (name, key) in [
            ("Postmortem id", "doc"),
            ("Severity", "severity"),
            ("Date", "date"),
            ("Detection (s)", "detection"),
            ("Whole impact (s)", "total"),
            ("Findings", "findings"),
            ("Open", "open"),
            ("Done", "done"),
        ] {
            assert_eq!(
                text(&row[column(name)]),
                text(&one[key]),
                "{name} is the same in both, for {}",
                one["title"]
            );
        }
        let title = row[column("Postmortem")].as_str().unwrap_or_default();
        assert!(
            !title.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "a spreadsheet computes nothing that people wrote: {title:?}"
        );
    }
    let whole = write("json", &["export", &id]);
    assert_eq!(
        whole["postmortem"]["findings"].as_array().map(Vec::len),
        Some(9),
        "a postmortem's own JSON too"
    );
    let post = write("json", &["statuspage", &id]);
    assert!(
        post["postmortem"]["body_draft"]
            .as_str()
            .is_some_and(|body| body.contains("## What happened")),
        "and the request to a status page: {post}"
    );
}
