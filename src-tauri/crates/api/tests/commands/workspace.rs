//! The workspace file, search, events, and requests that make no sense.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::time::Duration;

use api::{Api, Config, ErrorCode, OpenAs, Shell};
use serde_json::json;

use super::{Desk, text};

#[test]
fn everything_written_is_found() {
    let desk = Desk::new();
    desk.demo();
    let found = desk.ok("search", json!({ "query": "phone numb", "limit": 5 }));
    let kinds: BTreeSet<String> = found["hits"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|hit| text(&hit["kind"]))
        .collect();
    assert!(
        kinds.contains("finding"),
        "a finding is found by an unfinished word: {found}"
    );
    desk.fails(
        "search",
        json!({ "query": "x".repeat(1_001), "limit": 5 }),
        ErrorCode::Invalid,
        "1,000",
    );
    for query in ["", "\"", "a OR", "*", "NEAR(", "🔥", "\u{200F}", "%_"] {
        desk.ok("search", json!({ "query": query, "limit": 0 }));
    }
}

#[test]
fn typed_times_are_read() {
    let desk = Desk::new();
    let read = desk.ok(
        "time_read",
        json!({ "text": "2026-11-10 16:05", "zone": "Europe/Berlin" }),
    );
    assert_eq!(
        (&read["type"], &read["at"]),
        (&json!("moment"), &json!("2026-11-10T15:05:00Z")),
        "in its zone"
    );
    assert_eq!(
        desk.ok("time_read", json!({ "text": "soonish" }))["type"],
        "unreadable",
        "or not at all"
    );
    desk.fails(
        "time_read",
        json!({ "text": "x".repeat(201) }),
        ErrorCode::Invalid,
        "200",
    );
}

#[test]
fn the_workspace_can_be_looked_at_and_copied() {
    let desk = Desk::new();
    desk.demo();
    let info = desk.ok("workspace_info", json!({}));
    assert_eq!(
        (&info["postmortems"], &info["open_actions"]),
        (&json!(1), &json!(10)),
        "its contents: {info}"
    );
    assert!(
        text(&info["path"]).ends_with("data/workspace.debrief"),
        "its place"
    );
    let copy = desk.path("copy.debrief");
    desk.ok("workspace_backup", json!({ "path": copy }));
    let mut config = Config::new(copy, desk.path("other"), Shell::CommandLine);
    config.open = OpenAs::ReadOnly;
    let read_only = Api::open(config).expect("the copy opens");
    let listed = read_only
        .call("postmortem_list", json!({}))
        .expect("it can be read");
    assert_eq!(listed["total"], 1, "and holds everything");
    let refused = read_only
        .call("postmortem_new", json!({}))
        .expect_err("it cannot be written");
    assert_eq!(
        refused.code,
        ErrorCode::Unavailable,
        "which is said: {refused:?}"
    );
    let same = json!({ "path": desk.path("data/workspace.debrief") });
    desk.fails("workspace_backup", same, ErrorCode::Invalid, "itself");
    let report = desk.ok("workspace_check", json!({}));
    assert_eq!(report["problems"], json!([]), "all is well");
}

#[test]
fn a_browser_writes_no_files_here() {
    let desk = Desk::of(Shell::Browser);
    let doc = desk.demo();
    let path = desk.path("x.md");
    desk.fails(
        "export_save",
        json!({ "doc": doc, "format": "md", "path": path }),
        ErrorCode::Refused,
        "browser",
    );
    desk.fails(
        "workspace_backup",
        json!({ "path": path }),
        ErrorCode::Refused,
        "browser",
    );
    assert!(!path.exists(), "nothing was written");
    assert_eq!(
        desk.ok("session", json!({}))["workspace"],
        "workspace.debrief",
        "nor told where things lie"
    );
    assert_eq!(
        desk.ok("workspace_info", json!({}))["path"],
        "workspace.debrief",
        "anywhere"
    );
}

#[test]
fn changes_are_told_after_they_are_stored() {
    let desk = Desk::new();
    let (sender, told) = mpsc::channel();
    let subscription = desk.api.subscribe(move |changed| {
        let _ = sender.send(serde_json::to_value(changed).expect("a change is JSON"));
    });
    let made = desk.ok("postmortem_new", json!({ "title": "Told" }));
    let changed = told
        .recv_timeout(Duration::from_secs(10))
        .expect("a change is told");
    assert_eq!(
        (&changed["type"], &changed["doc"]),
        (&json!("postmortem"), &made["doc"]),
        "which postmortem"
    );
    desk.ok("person_save", json!({ "name": "Bo" }));
    let mut later = std::iter::from_fn(|| told.recv_timeout(Duration::from_secs(10)).ok());
    assert!(
        later.any(|changed| changed["type"] == "directory"),
        "or that it is the directory"
    );
    drop(subscription);
    let end = std::iter::from_fn(|| match told.recv_timeout(Duration::from_secs(10)) {
        Err(mpsc::RecvTimeoutError::Disconnected) => None,
        other => Some(other),
    });
    assert!(
        end.take(9).all(|told| told.is_ok()),
        "whoever left is forgotten"
    );
}

#[test]
fn bad_requests_are_answered() {
    let desk = Desk::new();
    desk.fails(
        "no_such_command",
        json!({}),
        ErrorCode::NotFound,
        "no command",
    );
    for name in api::COMMANDS {
        for request in [
            json!("text"),
            json!([1, 2]),
            json!(7),
            json!({ "doc": 7, "id": [], "path": {}, "query": 1, "settings": 1, "source": 1, "seq": "x", "text": [], "name": {}, "from": "x" }),
        ] {
            // Requests without fields take anything that is an object; none of the others may get through, and nothing may panic.
            let answer = desk.api.call(name, request.clone());
            if let Err(error) = answer {
                assert_ne!(
                    error.code,
                    ErrorCode::Internal,
                    "{name} {request}: {error:?}"
                );
                assert!(error.message.len() < 1_000, "errors stay short: {error:?}");
            }
        }
    }
}

#[test]
fn workspaces_that_cannot_be_opened_say_why() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let foreign = folder.path().join("foreign");
    std::fs::write(&foreign, "not a workspace at all").expect("a file");
    for (path, open, says) in [
        (
            folder.path().join("missing"),
            OpenAs::Existing,
            "no workspace at",
        ),
        (
            folder.path().join("no/such/folder"),
            OpenAs::Create,
            "no/such",
        ),
        (foreign.clone(), OpenAs::Create, "not a Debrief workspace"),
        (folder.path().to_owned(), OpenAs::Create, "folder"),
    ] {
        let mut config = Config::new(path.clone(), data.clone(), Shell::Desktop);
        config.open = open;
        match Api::open(config) {
            Ok(_) => panic!("{} must not open", path.display()),
            Err(error) => assert!(
                error.to_string().contains(says),
                "{} says {says:?}: {error}",
                path.display()
            ),
        }
    }
    assert_eq!(
        std::fs::read_to_string(&foreign).expect("it is there"),
        "not a workspace at all",
        "and is as it was"
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_over_the_workspace_under_any_name() {
    let desk = Desk::new();
    let doc = desk.demo();
    let file = desk.path("data/workspace.debrief");
    std::fs::hard_link(&file, desk.path("hard.md")).expect("a hard link");
    std::os::unix::fs::symlink(&file, desk.path("soft.md")).expect("a link");
    std::os::unix::fs::symlink(desk.path("data"), desk.path("there")).expect("a link");
    for name in [
        "hard.md",
        "soft.md",
        "there/workspace.debrief",
        "data/workspace.debrief-wal",
        "data/workspace.debrief-shm",
    ] {
        let path = desk.path(name);
        let request = json!({ "doc": doc, "format": "html", "path": path });
        desk.fails(
            "export_save",
            request,
            ErrorCode::Invalid,
            "workspace itself",
        );
        desk.fails(
            "workspace_backup",
            json!({ "path": path }),
            ErrorCode::Invalid,
            "workspace itself",
        );
        let written = api::write_whole(&path, b"text");
        assert!(written.is_err(), "{name} is not overwritten");
    }
    desk.ok("person_save", json!({ "name": "Ada" }));
}

#[cfg(unix)]
#[test]
fn a_workspace_that_was_moved_away_is_said_to_take_nothing() {
    let desk = Desk::new();
    let (file, away) = (desk.path("data/workspace.debrief"), desk.path("away"));
    std::fs::rename(&file, &away).expect("it can be moved");
    desk.fails(
        "person_save",
        json!({ "name": "Ada" }),
        ErrorCode::Unavailable,
        "moved, deleted or replaced",
    );
    std::fs::rename(&away, &file).expect("it can be put back");
    desk.ok("person_save", json!({ "name": "Grace" }));
    let people = desk.ok("directory", json!({}));
    assert_eq!(
        people["directory"]["people"].as_array().map(Vec::len),
        Some(2),
        "both are saved now: {people}"
    );
}
