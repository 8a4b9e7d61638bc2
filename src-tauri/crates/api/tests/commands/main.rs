//! Every command through `Api::call`, on a workspace of its own, as both shells use it.

use std::path::PathBuf;

use api::{Api, ApiError, Config, ErrorCode, Shell};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

mod actions;
mod directory;
mod export_templates;
mod files;
mod follow_through;
mod meetings;
mod postmortems;
mod published;
mod reminders;
mod replica;
mod summary;
mod tickets;
mod workspace;

/// A workspace in a temporary folder.
///
/// The workspace is closed before its folder goes: a new file may get the number of one that is gone but still open.
struct Desk {
    api: Api,
    folder: tempfile::TempDir,
}

fn noon() -> DateTime<Utc> {
    "2026-11-16T11:00:00Z".parse().expect("a constant")
}

impl Desk {
    fn new() -> Self {
        Self::of(Shell::Desktop)
    }

    fn of(shell: Shell) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        let mut config = Config::new(data.join("workspace.debrief"), data, shell);
        config.now = noon;
        let api = Api::open(config).expect("a new workspace opens");
        Self { folder, api }
    }

    fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        self.api.call(name, request)
    }

    fn ok(&self, name: &str, request: Value) -> Value {
        self.call(name, request.clone())
            .unwrap_or_else(|error| panic!("{name} {request} must succeed: {error:?}"))
    }

    fn fails(&self, name: &str, request: Value, code: ErrorCode, says: &str) -> ApiError {
        match self.call(name, request.clone()) {
            Ok(answer) => panic!("{name} {request} must fail, but answered {answer}"),
            Err(error) => {
                assert_eq!(error.code, code, "the code of {name} {request}: {error:?}");
                assert!(
                    error.message.contains(says),
                    "{name} must say {says:?}: {:?}",
                    error.message
                );
                error
            }
        }
    }

    fn demo(&self) -> String {
        text(&self.ok("demo_new", json!({}))["doc"])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn set_me(&self, name: &str) -> String {
        text(&self.ok("set_me", json!({ "name": name }))["me"]["id"])
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} must be text"))
        .to_owned()
}

fn rows(value: &Value) -> &Vec<Value> {
    value["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("{value} must have rows"))
}

/// Each command stands in one of these files; those that open a port are called by the tests of the whole.
#[test]
fn every_command_is_called_here() {
    let here = [
        include_str!("main.rs"),
        include_str!("actions.rs"),
        include_str!("directory.rs"),
        include_str!("export_templates.rs"),
        include_str!("files.rs"),
        include_str!("follow_through.rs"),
        include_str!("meetings.rs"),
        include_str!("postmortems.rs"),
        include_str!("published.rs"),
        include_str!("reminders.rs"),
        include_str!("replica.rs"),
        include_str!("summary.rs"),
        include_str!("tickets.rs"),
        include_str!("workspace.rs"),
        include_str!("../../../../../tests/sharing.rs"),
        include_str!("../../../../../tests/team.rs"),
    ]
    .concat();
    for name in api::COMMANDS {
        assert!(
            here.contains(&format!("\"{name}\"")),
            "{name} is called by no test"
        );
    }
}
