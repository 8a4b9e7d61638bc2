//! The real desktop app, in real windows.

use std::process::Stdio;

use crate::flows;
use crate::harness::{App, Shell, key};
use crate::programs::{Group, Home, program, until, until_or};

/// Runs flows in the desktop app.
macro_rules! in_a_window {
    ($($(#[$mark:meta])? $flow:ident),* $(,)?) => {
        $(
            #[tokio::test]
            $(#[$mark])?
            async fn $flow() {
                flows::$flow(Shell::Window).await;
            }
        )*
    };
}

in_a_window! {
    a_postmortem_is_written_by_keyboard_alone,
    a_review_is_held_by_keyboard_alone,
    what_was_called_saved_survives_a_kill,
    the_command_line_and_the_page_see_each_other,
    the_palette_finds_and_does,
    undo_takes_back_ones_own_edits,
    a_row_opens_its_own_postmortem,
    findings_are_put_in_order,
    a_picture_is_pasted_and_dropped,
    the_summary_of_a_period_is_made,
    a_post_for_customers_is_drafted_and_checked,
}

/// Title of the dialog that says why.
const NOT_OPENED: &str = "Debrief could not open the workspace";

/// Starts the app without a driver, with its complaints readable.
fn start(home: &Home, arguments: &[&str]) -> Group {
    let complaints =
        std::fs::File::create(home.path().join("stderr")).expect("a temporary folder takes files");
    Group::start(
        home.windowed(program("debrief-app"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(complaints),
    )
}

fn complaints(home: &Home) -> String {
    std::fs::read_to_string(home.path().join("stderr")).unwrap_or_default()
}

/// Presses a key in the window until a dialog is there.
async fn press_until_asked(app: &App, key: &str, dialog: &str) {
    for _ in 0..10 {
        app.home.display().press("Debrief", key);
        for _ in 0..30 {
            if app.shows("dialog", dialog).await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
    app.see("dialog", dialog).await;
}

/// Presses Escape in the dialog that says why, until the program ends; gives its exit code.
fn dismiss(home: &Home, app: &mut Group) -> Option<i32> {
    let ended = until_or(
        || {
            format!(
                "the app to end; windows: {}; it said: {}",
                home.display().titles(),
                complaints(home)
            )
        },
        || {
            home.display().press(NOT_OPENED, "Escape");
            app.0.try_wait().expect("our own child")
        },
    );
    ended.code()
}

#[test]
fn a_workspace_that_cannot_be_opened_is_explained_and_the_app_ends_with_1() {
    let home = Home::new();
    let damaged = home.path().join("notes.debrief");
    std::fs::write(&damaged, "These are my notes, not a database.")
        .expect("a temporary folder takes files");
    let mut app = start(&home, &[&damaged.to_string_lossy()]);
    assert_eq!(dismiss(&home, &mut app), Some(1), "nothing could be opened");
    let sentence = complaints(&home);
    assert!(
        sentence.contains("notes.debrief"),
        "the sentence names the file: {sentence}"
    );
    assert_eq!(
        std::fs::read_to_string(&damaged).expect("the file is there"),
        "These are my notes, not a database.",
        "a file that is not ours is left as it is"
    );
}

#[test]
fn a_mistyped_workspace_is_not_made() {
    let home = Home::new();
    let missing = home.path().join("tema.debrief");
    let mut app = start(&home, &[&missing.to_string_lossy()]);
    assert_eq!(dismiss(&home, &mut app), Some(1), "nothing could be opened");
    assert!(
        !missing.exists(),
        "a name that was typed wrong leaves no file behind"
    );
}

#[test]
fn without_a_display_it_says_what_to_do() {
    let home = Home::new();
    let output = home
        .command(program("debrief-app"))
        .output()
        .expect("the app starts");
    assert_eq!(
        output.status.code(),
        Some(1),
        "there is nothing to show a window on"
    );
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert!(
        sentence.contains("debrief serve"),
        "it says what else there is: {sentence}"
    );
}

#[test]
fn no_port_is_open() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    // Without a driver: WebKit listens for its driver, and for nobody else.
    let app = start(&home, &[]);
    until("the window", || home.display().window("Debrief"));
    until("the page's processes", || {
        (app.processes().len() >= 3).then_some(())
    });
    assert_eq!(app.listening(), [""; 0], "nobody can connect to the app");
}

#[tokio::test]
async fn another_workspace_opens_in_the_same_window() {
    let home = Home::with_review("In my own workspace");
    let other = home.path().join("other.debrief");
    let other = other.to_string_lossy();
    home.debrief_ok(&[
        "--workspace",
        &other,
        "new",
        "--template",
        "short-review",
        "--title",
        "In the team's workspace",
    ]);
    // One file and nothing beside it: the dialog's stand-in picks the newest file of the folder.
    let team = home.picked().join("team.debrief");
    home.debrief_ok(&["--workspace", &other, "backup", &team.to_string_lossy()]);
    let app = App::open(Shell::Window, home).await;
    app.see_text("In my own workspace").await;
    app.js(
        "window.__TAURI_INTERNALS__.invoke('workspace_switch')",
        vec![],
    )
    .await;
    app.see_text("In the team's workspace").await;
    assert!(
        !app.shows("link", "In my own workspace").await,
        "one workspace at a time"
    );
    app.close().await;
}

#[tokio::test]
async fn the_window_comes_back_as_it_was_left() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let app = App::open(Shell::Window, home).await;
    app.resize(1000, 700).await;
    let before = app
        .until_js(
            "the new size",
            "return innerWidth === 1000 && [innerWidth, innerHeight]",
            vec![],
        )
        .await;
    let home = app.close().await;
    let app = App::open(Shell::Window, home).await;
    app.until_js(
        "the size that it was left with",
        "return innerWidth === arguments[0][0] && innerHeight === arguments[0][1]",
        vec![before],
    )
    .await;
    app.close().await;
}

#[tokio::test]
async fn the_page_may_not_write_where_nobody_chose_to() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let target = home.path().join("anywhere.debrief");
    let app = App::open(Shell::Window, home).await;
    let answer = app
        .js_async(
            "const done = arguments[arguments.length - 1];
             window.__TAURI_INTERNALS__.invoke('rpc', { name: 'workspace_backup', request: { path: arguments[0] } })
                 .then(() => done('written'), (error) => done(error.code))",
            vec![target.to_string_lossy().into_owned().into()],
        )
        .await;
    assert_eq!(answer, "refused", "only a dialog makes a path writable");
    assert!(!target.exists(), "nothing was written");
    app.close().await;
}

#[test]
fn a_second_start_brings_the_first_window_to_the_front() {
    let home = Home::new();
    // A bus of its own, and the platform's data folder within the test's home: only then is there one app per person.
    let script = format!(
        "'{app}' & first=$!; \
         until xdotool search --onlyvisible --name Debrief >/dev/null 2>&1; do sleep 0.1; done; \
         '{app}'; echo second ended with $?; kill $first",
        app = program("debrief-app").display()
    );
    let mut command = home.windowed("dbus-run-session");
    command
        .args(["--", "sh", "-c", &script])
        .env_remove("DEBRIEF_DATA_DIR")
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut session = Group::start(&mut command);
    let output = session.0.stdout.take().expect("its output was piped");
    let line = std::io::BufRead::lines(std::io::BufReader::new(output))
        .map_while(Result::ok)
        .find(|line| line.starts_with("second"));
    assert_eq!(
        line.as_deref(),
        Some("second ended with 0"),
        "the second start leaves the work to the first"
    );
}

#[tokio::test]
async fn a_window_with_unsaved_edits_asks_before_it_closes() {
    let home = Home::with_review("Written on a busy disk");
    let app = App::open(Shell::Window, home).await;
    let process = app
        .driver
        .process(&program("debrief-app"))
        .expect("the app is running");
    app.click("link", "Written on a busy disk").await;
    app.see("heading", "Findings").await;

    // Another program has the file for itself, so that nothing can be committed.
    let other = rusqlite::Connection::open(app.home.workspace()).expect("the workspace is there");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("nobody else writes");
    app.focus("textbox", "Title").await;
    app.press(&[key::END]).await;
    app.type_text(", and kept").await;
    press_until_asked(&app, "ctrl+q", "Close before everything is saved?").await;
    let said = app
        .js(
            "return document.querySelector('[data-save]').innerText",
            vec![],
        )
        .await;
    assert!(
        said == "Saving…" || said == "Not saved",
        "nothing is called saved that is not: {said}"
    );
    app.press(&[key::ESCAPE]).await;
    app.see_no("dialog", "Close before everything is saved?")
        .await;
    app.see("heading", "Findings").await;

    other.execute_batch("ROLLBACK").expect("it was begun");
    drop(other);
    app.until_js(
        "“Saved”",
        "return document.querySelector('[data-save]')?.innerText === 'Saved'",
        vec![],
    )
    .await;
    until("the app to end", || {
        app.home.display().press("Debrief", "ctrl+q");
        (!app.driver.processes().contains(&process)).then_some(())
    });
    let home = app.ended();
    let rows = flows::read(&home, &["list"]);
    assert_eq!(
        rows["rows"][0]["title"], "Written on a busy disk, and kept",
        "what waited was written once it could be"
    );
}
