//! A review meeting as the room holds it: the desktop app on the facilitator's computer, guests in their browsers, one of
//! them on a phone.

use serde_json::{Value, json};

use crate::flows::{read, with_example};
use crate::harness::{App, Shell, key};

/// A desktop window in which Greg has opened the review of the example.
async fn opened() -> (App, String) {
    let (home, doc) = with_example();
    let app = App::open(Shell::Window, home).await;
    let people = app.rpc("directory", json!({})).await["directory"]["people"].clone();
    let greg = people
        .as_array()
        .and_then(|people| {
            people.iter().find(|person| {
                person["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with("Greg"))
            })
        })
        .expect("the example has Greg")["id"]
        .clone();
    app.rpc("set_me", json!({ "person": greg, "name": "" }))
        .await;
    app.js("location.reload()", vec![]).await;
    app.ready().await;
    app.go(&format!("#/p/{doc}")).await;
    app.click("button", "Open review").await;
    app.see_text("60 minutes").await;
    app.press(&[key::ENTER]).await;
    app.see("timer", "").await;
    (app, doc)
}

/// Shares the review on this computer alone; gives the link.
async fn shared(app: &App, doc: &str) -> Value {
    let request = json!({ "doc": doc, "address": "127.0.0.1", "encryption": "plain" });
    app.rpc("share_start", request).await["share"].clone()
}

/// A guest who has come in by the link.
async fn joined(link: &str, name: &str, phone: bool) -> App {
    let guest = App::guest(link, phone).await;
    guest.see_focus("textbox", "Your name").await;
    guest.type_text(name).await;
    guest.press(&[key::ENTER]).await;
    guest.see("timer", "").await;
    guest
}

/// Takes the room to a stage by the facilitator's key.
async fn next(app: &App, stage: &str) {
    app.press(&[']']).await;
    app.until_js(
        &format!("the stage {stage}"),
        "return document.querySelector('[aria-current=\"step\"]')?.textContent.includes(arguments[0])",
        vec![json!(stage)],
    )
    .await;
}

/// Writes something in the line at the bottom, reached by its key.
async fn capture(app: &App, kind: char, text: &str) {
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
async fn a_room_reviews_the_outage_together() {
    let (host, doc) = opened().await;
    let share = shared(&host, &doc).await;
    let link = share["link"].as_str().expect("a link").to_owned();
    let laptop = joined(&link, "Cathy", false).await;
    let phone = joined(&link, "Mei", true).await;
    let all = [&host, &laptop, &phone];

    // Whatever anybody captures is on every screen.
    for stage in ["Impact", "Timeline"] {
        next(&host, stage).await;
    }
    for guest in [&laptop, &phone] {
        guest
            .until_js(
                "the guests to follow",
                "return document.body.innerText.includes('Timeline')",
                vec![],
            )
            .await;
    }
    for stage in ["Is it complete?", "When this goes well", "Findings"] {
        next(&host, stage).await;
    }
    capture(&laptop, 'f', "The runbook was in an inbox").await;
    for screen in all {
        screen.see_text("The runbook was in an inbox").await;
    }
    phone.focus("textbox", "Your finding").await;
    phone
        .type_text("Posts about us kept growing after login was back")
        .await;
    phone.press(&[key::ENTER]).await;
    for screen in all {
        screen
            .see_text("Posts about us kept growing after login was back")
            .await;
    }
    capture(&host, 'p', "Who pays for the status page?").await;
    capture(&host, 'a', "Rehearse the login outage once a quarter").await;
    next(&host, "Action items").await;
    for screen in all {
        screen
            .see_text("Rehearse the login outage once a quarter")
            .await;
    }

    // Everything is on the disk of the host, under one number.
    for (kind, text) in [
        ("findings", "The runbook was in an inbox"),
        (
            "findings",
            "Posts about us kept growing after login was back",
        ),
        ("parking", "Who pays for the status page?"),
        ("actions", "Rehearse the login outage once a quarter"),
    ] {
        crate::programs::until(&format!("“{text}” on the host's disk"), || {
            texts(&host, &doc, kind)
                .contains(&text.to_owned())
                .then_some(())
        });
    }

    // A guest has this one postmortem: the list of others is not theirs.
    let refused = laptop
        .js_async(
            "const done = arguments[0]; fetch('rpc/postmortem_list', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => done(answer.status))",
            vec![],
        )
        .await;
    assert_eq!(refused, json!(403), "the workspace is not the guests'");

    next(&host, "Wrap-up").await;
    host.rpc(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "ask" } }),
    )
    .await;
    host.rpc(
        "meeting_do",
        json!({ "doc": doc, "act": { "type": "end" } }),
    )
    .await;
    crate::programs::until("the postmortem to be in follow-up", || {
        (read(&host.home, &["show", &doc])["postmortem"]["status"] == "follow_up").then_some(())
    });
    laptop.close().await;
    phone.close().await;
    host.close().await;
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
