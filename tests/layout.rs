//! The shape of the house: who may depend on whom, and what must not be found where.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::programs::root;

/// Which crates of ours each crate may use.
const DIRECTIONS: [(&str, &[&str]); 11] = [
    ("model", &[]),
    ("store", &["model"]),
    ("collab", &["model", "store"]),
    ("render", &["model"]),
    ("ingest", &["model"]),
    ("pdf", &[]),
    (
        "api",
        &["model", "store", "collab", "render", "ingest", "pdf"],
    ),
    ("server", &["model", "collab", "api"]),
    ("replica", &["model", "store", "collab", "api"]),
    (
        "debrief-app",
        &["model", "collab", "api", "server", "replica"],
    ),
    ("tests", &[]),
];

/// Crates from outside that only these crates of ours may name.
const KEEPERS: [(&str, &[&str]); 13] = [
    ("tauri", &["debrief-app"]),
    ("webkit2gtk", &["debrief-app"]),
    ("zbus", &["debrief-app"]),
    ("keyring", &["replica"]),
    ("axum", &["server"]),
    ("tokio-rustls", &["server", "replica", "debrief-app"]),
    ("tokio-tungstenite", &["debrief-app"]),
    ("clap", &["server"]),
    ("rusqlite", &["store"]),
    ("yrs", &["model", "collab"]),
    ("comrak", &["render"]),
    ("minijinja", &["render"]),
    ("typst", &["pdf"]),
];

/// What the pure crates must not have: a runtime, a socket, a database.
const IMPURE: [&str; 6] = ["tokio", "axum", "rusqlite", "tauri", "hyper", "reqwest"];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

/// What each crate of ours names as a dependency of what it ships (not of its tests).
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    metadata["packages"]
        .as_array()
        .expect("cargo metadata lists packages")
        .iter()
        .map(|package| {
            let named = package["dependencies"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| text(&dependency["name"]))
                .collect();
            (text(&package["name"]), named)
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let dependencies = dependencies();
    let allowed: BTreeMap<_, _> = DIRECTIONS.into_iter().collect();
    for (name, named) in &dependencies {
        let Some(allowed) = allowed.get(name.as_str()) else {
            panic!("the crate {name} is new: say in tests/layout.rs whom it may use");
        };
        for other in named
            .iter()
            .filter(|other| dependencies.contains_key(*other))
        {
            assert!(
                allowed.contains(&other.as_str()),
                "{name} uses {other}, which turns the house around (ARCHITECTURE.md)"
            );
        }
    }
}

#[test]
fn each_engine_has_one_keeper() {
    for (name, named) in dependencies() {
        for (engine, keepers) in KEEPERS {
            assert!(
                !named.contains(engine) || keepers.contains(&name.as_str()),
                "{name} names {engine}; only {keepers:?} may"
            );
        }
    }
}

#[test]
fn the_pure_crates_have_no_runtime_and_no_socket() {
    let dependencies = dependencies();
    for pure in ["model", "render", "ingest"] {
        for impure in IMPURE {
            assert!(
                !dependencies[pure].contains(impure),
                "{pure} is pure and names {impure}"
            );
        }
    }
}

#[test]
fn the_command_line_is_built_without_a_window() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package=server",
            "--edges=normal,build",
            "--prefix=none",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(
        tree.contains("axum"),
        "cargo tree lists the server's crates: {tree}"
    );
    for window in ["tauri", "gtk", "webkit2gtk", "wry"] {
        assert!(
            !tree
                .lines()
                .any(|line| line.split(' ').next() == Some(window)),
            "the command line and the server need {window}"
        );
    }
}

/// Every file below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .expect("a folder of the checkout")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("dist") {
                    folders.push(path);
                }
            } else if endings
                .iter()
                .any(|ending| path.to_string_lossy().ends_with(ending))
            {
                found.push(path);
            }
        }
    }
    assert!(
        !found.is_empty(),
        "{} holds no {endings:?}",
        folder.display()
    );
    found
}

/// Lines of the files that hold one of the words, as `path:line`.
fn lines_with(files: &[PathBuf], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("a file of the checkout");
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                let path = file.strip_prefix(root()).unwrap_or(file);
                found.push(format!(
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    found
}

#[test]
fn render_and_ingest_read_no_clock_no_file_and_no_network() {
    for pure in ["render", "ingest"] {
        let source = root().join("src-tauri/crates").join(pure).join("src");
        let found = lines_with(
            &files(&source, &[".rs"]),
            &[
                "Utc::now",
                "Local::now",
                "SystemTime::now",
                "Instant::now",
                "std::fs::",
                "std::net::",
                "std::env::var",
            ],
        );
        assert!(
            found.is_empty(),
            "{pure} reaches outside:\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn only_the_model_opens_the_types_of_a_document() {
    let crates = root().join("src-tauri");
    let outside: Vec<_> = files(&crates, &[".rs"])
        .into_iter()
        .filter(|path| !path.starts_with(crates.join("crates/model")))
        .collect();
    let found = lines_with(
        &outside,
        &[
            "get_or_insert_map",
            "get_or_insert_text",
            "get_or_insert_array",
            "MapPrelim",
            "TextPrelim",
        ],
    );
    assert!(
        found.is_empty(),
        "only crates/model names a document's keys:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_page_reaches_outside_through_one_folder_and_the_engine_through_another() {
    let source = root().join("ui/src");
    let all = files(&source, &[".ts", ".svelte"]);
    let besides = |folder: &str| -> Vec<PathBuf> {
        all.iter()
            .filter(|path| !path.starts_with(source.join(folder)))
            .cloned()
            .collect()
    };
    let shell = lines_with(&besides("backend"), &["@tauri-apps/", "__TAURI"]);
    assert!(
        shell.is_empty(),
        "only ui/src/backend knows the window:\n{}",
        shell.join("\n")
    );
    let engine: Vec<_> = lines_with(
        &besides("doc"),
        &[
            "from 'yjs'",
            "from 'y-protocols",
            "from 'y-codemirror",
            "from 'lib0",
        ],
    )
    .into_iter()
    // A test of a part may write a document as another program would.
    .filter(|line| !line.contains("import type") && !line.contains(".test.ts:"))
    .collect();
    assert!(
        engine.is_empty(),
        "only ui/src/doc touches the engine:\n{}",
        engine.join("\n")
    );
}

#[test]
fn nothing_dynamic_is_styled_by_an_attribute() {
    // The content security policy forbids it, so it would do nothing in a window that ships.
    let found = lines_with(
        &files(&root().join("ui/src"), &[".svelte"]),
        &[" style=\"", " style={", "{@html"],
    );
    let found: Vec<_> = found
        .into_iter()
        .filter(|line| !line.contains("{@html") || line.contains("style="))
        .collect();
    assert!(
        found.is_empty(),
        "use style:name={{value}}:\n{}",
        found.join("\n")
    );
}
