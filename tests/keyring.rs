//! What signs a window in to a team's workspace: sealed in a file where there is no keyring, and in the keyring once there is one.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;
use zbus::blocking::Proxy;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedObjectPath;

use crate::desk::Desk;
use crate::harness::{App, Shell, key};
use crate::programs::{Group, Home, until};
use crate::team::Team;

/// A real keyring on this desk, unlocked.
fn keyring(desk: &Desk, folder: &Path) -> Group {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--unlock", "--components=secrets"])
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env("DBUS_SESSION_BUS_ADDRESS", desk.address())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut daemon = Group::start(&mut command);
    daemon
        .0
        .stdin
        .take()
        .expect("its input was piped")
        .write_all(b"a password")
        .expect("it reads its password");
    until("the keyring", || {
        desk.has("org.freedesktop.secrets").then_some(())
    });
    daemon
}

/// Our entries in it.
fn entries(desk: &Desk) -> usize {
    let bus = Builder::address(desk.address())
        .and_then(Builder::build)
        .expect("the bus");
    let proxy = Proxy::new(
        &bus,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    )
    .expect("the keyring");
    let (open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = proxy
        .call("SearchItems", &HashMap::from([("service", "Debrief")]))
        .expect("it answers");
    open.len() + locked.len()
}

/// Files of the replicas' folder with this ending.
fn files(home: &Home, ending: &str) -> Vec<PathBuf> {
    std::fs::read_dir(home.data().join("teams"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect()
}

#[tokio::test]
async fn the_secret_of_a_session_moves_from_its_file_into_a_keyring() {
    let team = Team::start();
    team.ok(&team.admin, "demo_new", &json!({}));
    let invitation = team.ok(&team.admin, "account_invite", &json!({ "role": "member" }));
    let link = invitation["link"].as_str().expect("a link").to_owned();

    // No bus: a sealed file.
    let app = App::open(Shell::Window, Home::with_review("My own")).await;
    app.press(&[key::CTRL, 'k']).await;
    app.type_text("Open a team").await;
    app.see_text("Open a team’s workspace").await;
    app.press(&[key::ENTER]).await;
    app.see_focus("textbox", "Invitation").await;
    app.type_text(&link).await;
    app.press(&[key::ENTER]).await;
    let script = "return document.activeElement?.labels?.[0]?.innerText === 'Your name' || document.body.innerText.includes('Connected to')";
    app.until_js("the workspace, or the question who comes", script, vec![])
        .await;
    if app.shows("textbox", "Your name").await {
        app.type_text("Gary Boone").await;
        app.press(&[key::ENTER]).await;
    }
    app.see("button", "Connected to").await;
    assert_eq!(files(&app.home, ".session").len(), 1, "it is sealed");
    app.go("#/settings").await;
    app.see_text("kept in a sealed file on this computer").await;
    let home = app.close().await;

    // A keyring: it moves there, and nothing stays behind.
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let daemon = keyring(&desk, folder.path());
    assert_eq!(entries(&desk), 0, "a new keyring");
    let app = App::open(Shell::Window, desk.home(home)).await;
    app.see("button", "Connected to").await;
    until("the secret to move", || {
        files(&app.home, ".session").is_empty().then_some(())
    });
    assert_eq!(entries(&desk), 1, "it is in the keyring");
    let home = app.close().await;

    // From now on it comes from there.
    let app = App::open(Shell::Window, home).await;
    app.see("button", "Connected to").await;
    assert!(
        files(&app.home, ".session").is_empty(),
        "and no file is made"
    );
    app.go("#/settings").await;
    app.see_text("kept in the keyring of this computer").await;

    // Whoever signs out leaves nothing.
    // The page is loaded anew, so nobody waits for its answer.
    app.js(
        "window.__TAURI_INTERNALS__.invoke('team_leave', { lose: true })",
        vec![],
    )
    .await;
    until("the keyring to forget it", || {
        (entries(&desk) == 0).then_some(())
    });
    assert!(files(&app.home, ".keyring").is_empty(), "nothing names it");
    app.close().await;
    drop(daemon);
}

#[tokio::test]
async fn a_keyring_that_has_gone_does_not_end_the_session() {
    let team = Team::start();
    team.ok(&team.admin, "demo_new", &json!({}));
    let invitation = team.ok(&team.admin, "account_invite", &json!({ "role": "member" }));
    let link = invitation["link"].as_str().expect("a link").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let daemon = keyring(&desk, folder.path());
    let app = App::open(
        Shell::Window,
        desk.home(Home::with_review("Before the team")),
    )
    .await;
    // The page is loaded anew, so nobody waits for its answer.
    app.js(
        "window.__TAURI_INTERNALS__.invoke('team_open', { link: arguments[0], name: 'Gary Boone', plain: true, moved: false, lose: false })",
        vec![json!(link)],
    )
    .await;
    app.see("button", "Connected to").await;
    assert_eq!(entries(&desk), 1, "it went into the keyring");
    assert!(files(&app.home, ".session").is_empty(), "and into no file");
    let home = app.close().await;

    // The keyring is gone: one works away, and is not signed out.
    drop(daemon);
    let app = App::open(Shell::Window, home).await;
    app.see("button", "Working away").await;
    app.see_text("Login page outage").await;
    let state = app.rpc("replica_state", json!({})).await;
    assert_eq!(state["state"]["link"], "away", "it is not over: {state}");
    assert!(
        state["state"]["reason"]
            .as_str()
            .is_some_and(|why| why.contains("keyring")),
        "and says why: {state}"
    );
    let home = app.close().await;

    let daemon = keyring(&desk, folder.path());
    let app = App::open(Shell::Window, home).await;
    app.see("button", "Connected to").await;
    app.close().await;
    drop(daemon);
}
