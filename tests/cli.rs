//! `debrief` as a script meets it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::programs::{Home, program, root};

fn json(home: &Home, arguments: &[&str]) -> Value {
    serde_json::from_str(&home.debrief_ok(arguments))
        .unwrap_or_else(|problem| panic!("{arguments:?} prints JSON: {problem}"))
}

/// A home with the example in it, and the example's id.
fn with_example() -> (Home, String) {
    let home = Home::new();
    let id = home.debrief_ok(&["demo"]).trim().to_owned();
    (home, id)
}

/// One line on stderr, nothing on stdout, and this exit code.
fn fails(output: &Output, code: i32, says: &str) {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        output.status.code(),
        Some(code),
        "the exit code of {told:?}"
    );
    assert_eq!(told.lines().count(), 1, "an error is one line: {told:?}");
    assert!(
        told.starts_with("debrief: ") && told.contains(says),
        "the error says {says:?}: {told:?}"
    );
    assert!(
        output.stdout.is_empty(),
        "nothing is printed beside an error: {:?}",
        String::from_utf8_lossy(&output.stdout)
    );
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path)
        .unwrap_or_else(|problem| panic!("{} can be read: {problem}", path.display()))
}

fn write(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = home.path().join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[test]
fn help_and_readme_agree() {
    let home = Home::new();
    let help = home.debrief_ok(&["--help"]);
    let readme = text(&root().join("README.md"));
    let block = readme
        .split_once("<!-- cli -->")
        .and_then(|(_, rest)| rest.split_once("<!-- /cli -->"))
        .map(|(block, _)| block.trim())
        .expect("the README has the markers of the command line");
    let expected = format!("```\n{help}```");
    assert_eq!(
        block, expected,
        "the README repeats `debrief --help`, in a code block between the markers"
    );
    let version = home.debrief_ok(&["--version"]);
    assert_eq!(
        version.trim(),
        format!("debrief {}", env!("CARGO_PKG_VERSION")),
        "it knows its version"
    );
    for command in ["new", "action set", "templates add"] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(
            home.debrief_ok(&words).contains("--workspace"),
            "`debrief {command} --help` lists its options"
        );
    }
}

#[test]
fn wrong_usage_is_two_and_one_line() {
    let home = Home::new();
    for (arguments, says) in [
        (&[][..], "a command is missing"),
        (&["nonsense"], "nonsense"),
        (&["show"], "ID"),
        (&["actions", "--open", "--all"], "cannot be used with"),
        (
            &["actions", "--format", "pdf"],
            "csv, json, ics, md, jira-csv",
        ),
        (&["export", "x", "--format", "docx"], "md, html, json"),
        (&["new", "--severity", "SEV9"], "SEV1"),
        (&["list", "--status", "lost"], "in_review"),
        (&["action", "set", "x"], "nothing to change"),
        (&["action", "set", "x", "--status", "maybe"], "in_progress"),
        (&["serve", "--listen", "everywhere"], "everywhere"),
    ] {
        fails(&home.debrief(arguments), 2, says);
    }
    assert_eq!(
        names(&home.data()),
        Vec::<String>::new(),
        "wrong usage leaves no files behind"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let home = Home::new();
    fails(&home.debrief(&["list"]), 1, "There is no workspace at");
    fails(
        &home.debrief(&["import", "/no/such/file.md"]),
        1,
        "There is no file",
    );
    assert_eq!(
        names(&home.data()),
        Vec::<String>::new(),
        "failing commands make no workspace"
    );
    let folder = home.path().join("missing/workspace.debrief");
    let output = home.debrief(&["new", "--workspace", &folder.to_string_lossy()]);
    fails(&output, 1, "missing");
    assert!(
        !folder.parent().expect("a parent").exists(),
        "a mistyped path leaves no folder behind"
    );
    let (home, _) = with_example();
    fails(
        &home.debrief(&["show", "ffffffff"]),
        1,
        "no postmortem whose id begins with",
    );
    fails(
        &home.debrief(&["action", "set", "ffffffff", "--status", "done"]),
        1,
        "no action item whose id begins with",
    );
    fails(
        &home.debrief(&["actions", "--owner", "nobody at all"]),
        1,
        "nobody called",
    );
    fails(
        &home.debrief(&["templates", "show", "no-such"]),
        1,
        "no template",
    );
}

#[test]
fn the_example_is_the_case_study() {
    let (home, id) = with_example();
    let shown = json(&home, &["show", &id[..10], "--json"]);
    let count = |part: &str| shown["postmortem"][part].as_array().map_or(0, Vec::len);
    assert_eq!(
        (count("timeline"), count("findings"), count("actions")),
        (32, 9, 10),
        "events, findings, action items"
    );
    assert_eq!(shown["postmortem"]["severity"], "SEV2", "its severity");
    let numbers: Vec<u64> = shown["postmortem"]["actions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|action| action["number"].as_u64())
        .collect();
    assert_eq!(
        numbers,
        (1..=10).collect::<Vec<_>>(),
        "every action item has its number"
    );
    assert!(
        shown["postmortem"]["actions"]
            .as_array()
            .into_iter()
            .flatten()
            .all(|a| a["owner"].is_string()),
        "and an owner"
    );
    let told = home.debrief_ok(&["show", &id]);
    for word in ["Login page outage", "SEV2", "Total impact", "F9", "A10"] {
        assert!(told.contains(word), "the page tells {word}: {told}");
    }
    let list = home.debrief_ok(&["list"]);
    assert!(
        list.starts_with("ID") && list.contains("Login page outage"),
        "the list is a table: {list}"
    );
}

#[test]
fn a_postmortem_from_a_template() {
    let home = Home::new();
    let id = home.debrief_ok(&[
        "new",
        "--template",
        "short-review",
        "--title",
        "Mail is late",
        "--severity",
        "3",
        "--timezone",
        "Asia/Tokyo",
    ]);
    let id = id.trim();
    let shown = json(&home, &["show", id, "--json"]);
    let postmortem = &shown["postmortem"];
    assert_eq!(postmortem["title"], "Mail is late", "its title");
    assert_eq!(postmortem["severity"], "SEV3", "its severity");
    assert_eq!(postmortem["template"], "short-review", "its template");
    assert_eq!(postmortem["timezone"], "Asia/Tokyo", "its zone");
    assert!(
        postmortem["sections"]
            .as_array()
            .is_some_and(|sections| !sections.is_empty()),
        "the template's sections"
    );
    fails(
        &home.debrief(&["new", "--template", "no-such"]),
        1,
        "no template",
    );
    fails(
        &home.debrief(&["new", "--timezone", "Mars/Olympus"]),
        1,
        "not a time zone",
    );
    fails(
        &home.debrief(&["new", "--service", "no-such"]),
        1,
        "no service",
    );
    let hostile = format!("{}\u{202E}\u{1b}[31m 🔥 \u{200B}", "x".repeat(100_000 - 10));
    let long = home.debrief_ok(&["new", "--title", &hostile]);
    let shown = json(&home, &["show", long.trim(), "--json"]);
    assert_eq!(
        shown["postmortem"]["title"],
        hostile.as_str(),
        "a title of 100,000 characters is kept as it is"
    );
    let list = home.debrief_ok(&["list"]);
    assert!(
        !list.contains('\u{1b}') && !list.contains('\u{202E}'),
        "what it holds does not reach the terminal"
    );
    assert!(
        list.lines().all(|line| line.chars().count() < 300),
        "and does not fill it"
    );
    fails(
        &home.debrief(&["new", "--title", &"x".repeat(100_001)]),
        1,
        "100,000 characters",
    );
}

#[test]
fn action_items_are_listed_and_set() {
    let (home, _) = with_example();
    let page = json(&home, &["actions", "--json"]);
    let rows = page["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 10, "all of them are open");
    let first = rows[0]["id"].as_str().expect("an id").to_owned();
    let set = |arguments: &[&str]| {
        let mut all = vec!["action", "set", first.as_str()];
        all.extend(arguments);
        home.debrief(&all)
    };
    fails(&set(&["--status", "declined"]), 1, "Say why");
    fails(&set(&["--due", "soon"]), 1, "2026-11-30");
    fails(&set(&["--due", "0000-01-01"]), 1, "between 1970 and 9999");
    fails(&set(&["--owner", "nobody at all"]), 1, "nobody called");
    let done = set(&[
        "--status",
        "done",
        "--evidence",
        "Alert fired in the drill",
        "--owner",
        "greg",
        "--due",
        "9999-12-31",
        "--json",
    ]);
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let done: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(done["row"]["status"], "done", "its status");
    assert_eq!(
        done["row"]["evidence"], "Alert fired in the drill",
        "its evidence"
    );
    assert!(
        done["row"]["owner_name"]
            .as_str()
            .is_some_and(|name| name.starts_with("Greg")),
        "its owner: {done}"
    );
    assert_eq!(done["row"]["due"], "9999-12-31", "its day");
    assert!(done["row"]["settled_at"].is_string(), "when it was done");
    assert_eq!(
        json(&home, &["actions", "--json"])["total"],
        9,
        "it is no longer open"
    );
    assert_eq!(
        json(&home, &["actions", "--all", "--json"])["total"],
        10,
        "and not lost"
    );
    let greg = json(&home, &["actions", "--owner", "Greg", "--json"]);
    assert!(
        greg["rows"]
            .as_array()
            .into_iter()
            .flatten()
            .all(|row| row["owner_name"]
                .as_str()
                .is_some_and(|n| n.starts_with("Greg"))),
        "one owner's: {greg}"
    );
    let none = home.debrief_ok(&[
        "action", "set", &first, "--status", "open", "--owner", "none", "--due", "none",
    ]);
    assert!(
        none.contains("open, nobody"),
        "owner and day can be taken away: {none}"
    );
    let csv = home.debrief_ok(&["actions", "--all", "--format", "csv"]);
    assert_eq!(
        csv.lines()
            .next()
            .map(|line| line.starts_with("\u{FEFF}Postmortem,")),
        Some(true),
        "a spreadsheet has a header: {csv}"
    );
    assert!(
        home.debrief_ok(&["actions", "--format", "ics"])
            .starts_with("BEGIN:VCALENDAR"),
        "a calendar"
    );
    assert!(
        json(&home, &["actions", "--format", "json"])["actions"].is_array(),
        "a JSON list"
    );
    let overdue = home.debrief_ok(&["actions", "--overdue"]);
    assert!(
        overdue.starts_with("ID") || overdue.starts_with("No action items"),
        "a table or a word: {overdue}"
    );
}

#[test]
fn exports_go_out_whole_and_come_back() {
    let (home, id) = with_example();
    let markdown = home.debrief_ok(&["export", &id]);
    assert!(
        markdown.contains("Login page outage"),
        "Markdown goes to stdout"
    );
    let mut snapshots = vec![json(&home, &["show", &id, "--json"])["postmortem"].clone()];
    for format in ["md", "json"] {
        let file = home.path().join(format!("out.{format}"));
        let told = home.debrief_ok(&[
            "export",
            &id,
            "--format",
            format,
            "-o",
            &file.to_string_lossy(),
        ]);
        assert!(told.starts_with("Wrote "), "it says what it wrote: {told}");
        let other = Home::new();
        let imported = other.debrief_ok(&["import", &file.to_string_lossy()]);
        assert_eq!(imported.trim(), id, "the id is the exported one");
        snapshots.push(json(&other, &["show", &id, "--json"])["postmortem"].clone());
    }
    assert_eq!(
        snapshots[0], snapshots[1],
        "Markdown imports back to an equal postmortem"
    );
    assert_eq!(
        snapshots[0], snapshots[2],
        "JSON imports back to an equal postmortem"
    );
    let second = home.debrief_ok(&["import", &home.path().join("out.json").to_string_lossy()]);
    assert_ne!(
        second.trim(),
        id,
        "what is there already comes in beside it, under an id of its own"
    );
    let page = home.debrief_ok(&["export", &id, "--format", "html"]);
    assert!(
        page.starts_with("<!") && !page.contains("<script"),
        "a web page without scripts"
    );
    let folder = home.path().join("no/such/folder/x.md");
    fails(
        &home.debrief(&["export", &id, "-o", &folder.to_string_lossy()]),
        1,
        "does not exist",
    );
    fails(
        &home.debrief(&["export", &id, "-o", &home.path().to_string_lossy()]),
        1,
        "is a folder",
    );
    let left: Vec<String> = names(home.path())
        .into_iter()
        .filter(|name| name.contains(".part"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "no half-written file is left");
}

#[test]
fn exports_name_the_state_and_bring_images_along() {
    let (home, id) = with_example();
    home.debrief_ok(&[
        "export",
        &id,
        "-o",
        &home.path().join("a.md").to_string_lossy(),
    ]);
    home.debrief_ok(&["export", &id, "--format", "json"]);
    let store =
        store::Store::open(home.workspace(), store::Open::Existing).expect("the workspace opens");
    let versions: Vec<String> = store
        .versions(&id)
        .expect("versions")
        .into_iter()
        .map(|version| version.name)
        .collect();
    assert!(
        versions.iter().any(|name| name == "exported Markdown"),
        "an export is a named version: {versions:?}"
    );
    assert!(
        versions.iter().any(|name| name == "exported JSON"),
        "each of them: {versions:?}"
    );
}

#[test]
fn hostile_files_are_refused_with_a_sentence() {
    let (home, _) = with_example();
    let before = json(&home, &["list", "--json"])["total"].clone();
    let huge = home.path().join("huge.md");
    let file = std::fs::File::create(&huge).expect("a file");
    file.set_len(1 << 30).expect("a sparse file of 1 GB");
    fails(
        &home.debrief(&["import", &huge.to_string_lossy()]),
        1,
        "too large",
    );
    let fifo = home.path().join("pipe.md");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "a pipe can be made"
    );
    fails(
        &home.debrief(&["import", &fifo.to_string_lossy()]),
        1,
        "is not a file",
    );
    fails(&home.debrief(&["import", "/dev/zero"]), 1, "is not a file");
    fails(
        &home.debrief(&["import", &home.path().to_string_lossy()]),
        1,
        "is not a file",
    );
    let deep = format!(
        "{{\"format\":\"debrief\",\"a\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    for (name, bytes) in [
        ("garbage.json", b"\x00\xff\xfe garbage".to_vec()),
        ("garbage.md", vec![0xC3, 0x28, 0xA0]),
        ("cut.json", br#"{"format":"debrief/1","postm"#.to_vec()),
        ("deep.json", deep.into_bytes()),
        ("empty.json", Vec::new()),
        ("other.json", b"[1,2,3]".to_vec()),
    ] {
        let path = write(&home, name, bytes);
        let output = home.debrief(&["import", &path.to_string_lossy()]);
        fails(&output, 1, name);
    }
    assert_eq!(
        json(&home, &["list", "--json"])["total"],
        before,
        "nothing was imported"
    );
    let foreign = write(&home, "foreign.db", vec![7_u8; 8192]);
    fails(
        &home.debrief(&["list", "--workspace", &foreign.to_string_lossy()]),
        1,
        "not a Debrief workspace",
    );
    assert_eq!(
        std::fs::read(&foreign).expect("it is still there"),
        vec![7_u8; 8192],
        "a foreign file is left as it was"
    );
    fails(
        &home.debrief(&["new", "--workspace", &foreign.to_string_lossy()]),
        1,
        "not a Debrief workspace",
    );
}

#[test]
fn templates_are_checked_before_they_are_kept() {
    let home = Home::new();
    let list = json(&home, &["templates", "list", "--json"]);
    let ids: Vec<&str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["id"].as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "post-incident-review",
            "sre-postmortem",
            "learning-review",
            "short-review"
        ],
        "the built-in ones"
    );
    let source = home.debrief_ok(&["templates", "show", "short-review"]);
    let file = write(&home, "mine.md", &source);
    assert_eq!(
        home.debrief_ok(&["templates", "check", &file.to_string_lossy()]),
        "All is well.\n",
        "a good one"
    );
    fails(
        &home.debrief(&["templates", "add", &file.to_string_lossy()]),
        1,
        "already",
    );
    let mine = write(
        &home,
        "mine.md",
        source
            .replace("short-review", "my-review")
            .replace("Short review", "My review"),
    );
    let id = home
        .debrief_ok(&["templates", "add", &mine.to_string_lossy()])
        .trim()
        .to_owned();
    assert_eq!(id, "my-review", "its id");
    let broken = write(&home, "broken.md", source.replacen("---", "--", 1));
    let checked = home.debrief(&["templates", "check", &broken.to_string_lossy()]);
    assert_eq!(
        checked.status.code(),
        Some(1),
        "a broken one fails the check"
    );
    let told = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(told.contains("broken.md:1:"), "with the line: {told}");
    fails(
        &home.debrief(&[
            "templates",
            "add",
            "--replace",
            &id,
            &broken.to_string_lossy(),
        ]),
        1,
        "Line 1:",
    );
    let kept = home.debrief_ok(&["templates", "show", &id]);
    assert!(kept.contains("My review"), "and the last good one stays");
    home.debrief_ok(&["new", "--template", &id]);
}

#[test]
fn action_items_of_two_copies_are_told_apart() {
    let (home, first) = with_example();
    let second = home.debrief_ok(&["demo"]).trim().to_owned();
    assert_ne!(first, second, "the example can be made twice");
    let row = json(&home, &["actions", "--json"])["rows"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    fails(
        &home.debrief(&["action", "set", &row, "--status", "done"]),
        1,
        "DOC/A3",
    );
    let done = json(
        &home,
        &[
            "action",
            "set",
            &format!("{second}/A3"),
            "--status",
            "done",
            "--json",
        ],
    );
    assert_eq!(
        (&done["row"]["doc"], &done["row"]["number"]),
        (&second.clone().into(), &3.into()),
        "named by both"
    );
    assert!(
        home.debrief_ok(&["actions"]).contains("/A3"),
        "the list shows names that can be used"
    );
    fails(
        &home.debrief(&[
            "action",
            "set",
            &format!("{second}/A99"),
            "--status",
            "done",
        ]),
        1,
        "no action item A99",
    );
}

#[test]
fn a_backup_is_whole_and_the_check_says_so() {
    let (home, id) = with_example();
    let copy = home.path().join("copy.debrief");
    home.debrief_ok(&["backup", &copy.to_string_lossy()]);
    let shown = json(
        &home,
        &[
            "show",
            &id,
            "--json",
            "--workspace",
            &copy.to_string_lossy(),
        ],
    );
    assert_eq!(
        shown["postmortem"]["title"], "Login page outage",
        "the copy is a workspace"
    );
    fails(
        &home.debrief(&["backup", &home.workspace().to_string_lossy()]),
        1,
        "itself",
    );
    fails(
        &home.debrief(&["backup", "/no/such/folder/x.debrief"]),
        1,
        "/no/such/folder",
    );
    let checked = json(&home, &["check", "--json"]);
    assert_eq!(checked["problems"], serde_json::json!([]), "all is well");
    let rebuilt = json(&home, &["check", "--rebuild", "--json"]);
    assert_eq!(rebuilt["rebuilt"], true, "lists are made anew");
    assert_eq!(
        json(&home, &["actions", "--json"])["total"],
        10,
        "and hold what they held"
    );
}

#[test]
fn reading_works_where_writing_does_not() {
    let (home, id) = with_example();
    let mut permissions = std::fs::metadata(home.workspace())
        .expect("the workspace")
        .permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(home.workspace(), permissions).expect("it can be made read-only");
    let shown = home.debrief(&["show", &id]);
    // Root may write to everything; for anybody else the file is read without being touched.
    assert!(
        shown.status.success(),
        "{}",
        String::from_utf8_lossy(&shown.stderr)
    );
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let (home, id) = with_example();
    for arguments in [
        &["list"][..],
        &["show", &id, "--json"],
        &["export", &id],
        &["--help"],
    ] {
        let mut command = home.command(program("debrief"));
        let mut child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command line starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "{arguments:?} ends well without a reader: {:?}",
            output.status
        );
        assert!(
            output.stderr.is_empty(),
            "and says nothing: {:?}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn the_environment_names_the_workspace() {
    let home = Home::new();
    let file = home.path().join("named.debrief");
    let output = home
        .command(program("debrief"))
        .args(["new", "--title", "Named"])
        .env("DEBRIEF_WORKSPACE", &file)
        .output()
        .expect("the command line starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        file.exists() && !home.workspace().exists(),
        "DEBRIEF_WORKSPACE wins over the default"
    );
    let listed = home.debrief_ok(&["--workspace", &file.to_string_lossy(), "list", "--json"]);
    assert!(listed.contains("Named"), "--workspace names it too");
}

#[test]
fn two_at_a_time_lose_nothing() {
    let home = Home::new();
    home.debrief_ok(&["new", "--title", "first"]);
    let children: Vec<_> = (0..6)
        .map(|at| {
            let mut command = home.command(program("debrief"));
            command
                .args(["new", "--title", &format!("number {at}")])
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
            command.spawn().expect("the command line starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(
        json(&home, &["list", "--json"])["total"],
        7,
        "every one of them is there"
    );
}
