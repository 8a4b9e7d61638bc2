//! A review meeting that outlives the computer that holds it, and the steps that every test of a meeting takes.

use serde_json::{Value, json};

use crate::flows::{read, with_example};
use crate::harness::{App, Shell, key};

/// Shares the review on this computer alone; gives the link.
pub async fn shared(app: &App, doc: &str) -> Value {
    let request = json!({ "doc": doc, "address": "127.0.0.1", "encryption": "plain" });
    app.rpc("share_start", request).await["share"].clone()
}

/// A guest who has come in by the link.
pub async fn joined(link: &str, name: &str, phone: bool) -> App {
    let guest = App::guest(link, phone).await;
    guest.see_focus("textbox", "Your name").await;
    guest.type_text(name).await;
    guest.press(&[key::ENTER]).await;
    guest.see("timer", "").await;
    guest
}

/// Takes the room to a stage by the facilitator's key.
pub async fn next(app: &App, stage: &str) {
    app.press(&[']']).await;
    app.until_js(
        &format!("the stage {stage}"),
        "return document.querySelector('[aria-current=\"step\"]')?.textContent.includes(arguments[0])",
        vec![json!(stage)],
    )
    .await;
}

/// Writes something in the line at the bottom, reached by its key.
pub async fn capture(app: &App, kind: char, text: &str) {
    app.press(&[kind]).await;
    app.until_js(
        "the line at the bottom to take words",
        "return document.activeElement?.matches('input, textarea, [contenteditable]')",
        vec![],
    )
    .await;
    app.type_text(text).await;
    app.press(&[key::ENTER]).await;
    app.press(&[key::ESCAPE]).await;
}

/// What the command line finds in the workspace.
fn texts(app: &App, doc: &str, kind: &str) -> Vec<String> {
    read(&app.home, &["show", doc])["postmortem"][kind]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_meeting_goes_on_after_the_hosts_computer_died() {
    let (home, doc) = with_example();
    let host = App::open(Shell::Window, home).await;
    let people = host.rpc("directory", json!({})).await["directory"]["people"].clone();
    let me = people[0]["id"].clone();
    host.rpc("set_me", json!({ "person": me, "name": "" }))
        .await;
    host.rpc("meeting_open", json!({ "doc": doc })).await;
    host.rpc(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "go", "from": 0, "to": 5 } }),
    )
    .await;
    let before = shared(&host, &doc).await;
    let link = before["link"].as_str().expect("a link").to_owned();
    let guest = joined(&link, "Zoe Quill", false).await;
    capture(&guest, 'f', "Written while all was well").await;
    guest.see_text("Written while all was well").await;

    let home = host.kill().await;
    // The guest goes on writing; nothing of it is lost.
    capture(&guest, 'f', "Written while the host was gone").await;
    guest.see_text("Written while the host was gone").await;

    let host = App::open(Shell::Window, home).await;
    let meeting = host.rpc("meeting", json!({ "doc": doc })).await["meeting"].clone();
    assert_eq!(meeting["at"], json!(5), "the meeting is where it was");
    assert!(meeting["ended_at"].is_null(), "and goes on");
    let again = shared(&host, &doc).await;
    assert_eq!(
        again["link"], before["link"],
        "the same port and the same secret: guests come back by themselves"
    );
    crate::programs::until("what the guest wrote meanwhile", || {
        let found = texts(&host, &doc, "findings");
        [
            "Written while all was well",
            "Written while the host was gone",
        ]
        .iter()
        .all(|text| found.iter().any(|found| found == text))
        .then_some(())
    });
    guest.close().await;
    host.close().await;
}
