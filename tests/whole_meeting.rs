//! A whole review from the opening to the wrap-up on four devices: whatever is written on one of them stands on all of them
//! under the same number.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::devices::{Devices, act, capture_by_thumb, capture_event, come_together, standing};
use crate::example;
use crate::flows::read;
use crate::harness::{App, key};
use crate::meeting::capture;
use crate::programs::{Home, until};
use crate::screens::keep_picture;

const FIRST_SIGN: &str = "A customer writes to support that the login page does not load";
const CALLED: &str = "Greg is called at home and looks at the cache servers";
const POSTED: &str = "A post says that we are looking into it";
const BACK: &str = "The cache is restarted; people can sign in again";
const FORGOTTEN: &str = "Support answers fifty more requests by hand";
const GOOD_DAY: &str = "Support found the channel within a minute";
const SILENT_LAPTOP: &str = "Two people can reach the cache servers";
const SILENT_PHONE: &str = "Posts about us kept growing after login was back";
const SPOKEN: &str = "The runbook was in an inbox";
const THEME: &str = "How we reach each other";
const RUNBOOK: &str = "Move the runbook to the wiki";
const WATCH: &str = "Watch the login page from outside";
const REWRITE: &str = "Replace the cache altogether";
const NOT_NOW: &str = "the contract runs for another year";
const NOTHING_TO_DO: &str = "it is how our customers talk";
const IDEA: &str = "Rehearse the login outage once a quarter";
const SUMMARY: &str = "Write the summary for the company";
const NOTE: &str = "Write the note for customers";
const DONE_WHEN: &str = "It is linked from the alert";

#[tokio::test]
async fn a_whole_review_with_four_devices() {
    let home = Home::new();
    example::somebody(&home);
    home.debrief_ok(&["new", "--title", "Login page unavailable"]);
    let list = read(&home, &["list"]);
    let doc = list["rows"][0]["id"].as_str().expect("an id").to_owned();
    let devices = come_together(home, &doc, ["Gary", "Debby", "Greg"]).await;
    let Devices { host, laptop, .. } = &devices;
    devices
        .see_text("Nobody is reprimanded for what is said here.")
        .await;
    for name in ["Cathy", "Gary", "Debby", "Greg"] {
        devices.see_text(name).await;
    }
    // A guest has this one postmortem: the list of others is not theirs.
    let refused = laptop
        .js_async(
            "const done = arguments[0]; fetch('rpc/postmortem_list', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => done(answer.status))",
            vec![],
        )
        .await;
    assert_eq!(refused, json!(403), "the workspace is not the guests'");
    devices.keep_pictures("01-open").await;

    devices.go_on("Impact").await;
    act(laptop, "button", "Support requests. Change").await;
    laptop.see_focus("textbox", "Value").await;
    laptop.type_text("50").await;
    act(laptop, "button", "Done").await;
    devices.see("button", "50 , Support requests. Change").await;
    devices.keep_pictures("02-impact").await;

    tell_the_timeline(&devices).await;
    find(&devices).await;
    hand_out(&devices, &doc).await;
    wrap_up(&devices).await;

    until("the postmortem to be in follow-up", || {
        (read(&host.home, &["show", &doc])["postmortem"]["status"] == "follow_up").then_some(())
    });
    what_is_left(&devices, &doc).await;
    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    laptop.close().await;
    phone.close().await;
    second.close().await;
    host.close().await;
}

/// Each tells it from where they stood, with the times they know; then what is missing.
async fn tell_the_timeline(devices: &Devices) {
    devices.go_on("Timeline").await;
    capture_event(&devices.laptop, "2026-11-10 16:00", FIRST_SIGN).await;
    devices.everywhere(&[FIRST_SIGN]).await;
    capture_event(&devices.second, "about 16:05", CALLED).await;
    devices.everywhere(&[FIRST_SIGN, CALLED]).await;
    capture_by_thumb(&devices.phone, "Timeline", "event", "16:08", POSTED).await;
    devices.everywhere(&[POSTED]).await;
    capture_event(&devices.host, "16:20", BACK).await;
    devices.everywhere(&[BACK]).await;
    capture(&devices.host, 'p', IDEA).await;
    for screen in [&devices.laptop, &devices.second] {
        screen.press(&['l']).await;
        standing(screen, &[IDEA]).await;
        screen.press(&['l']).await;
    }
    devices.keep_pictures("03-timeline").await;

    devices.go_on("Is it complete?").await;
    capture_event(&devices.laptop, "16:40", FORGOTTEN).await;
    devices
        .everywhere(&[FIRST_SIGN, CALLED, POSTED, BACK, FORGOTTEN])
        .await;
    devices.keep_pictures("04-complete").await;
}

/// What went well, what was written silently and shown at once, what was said aloud; and which of it to talk about.
async fn find(devices: &Devices) {
    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    devices.go_on("When this goes well").await;
    capture(laptop, 'f', GOOD_DAY).await;
    devices.everywhere(&[GOOD_DAY]).await;
    devices.keep_pictures("05-well").await;

    devices.go_on("Findings").await;
    act(host, "button", "Write silently").await;
    devices.see_text("Everyone writes silently.").await;
    capture(laptop, 'f', SILENT_LAPTOP).await;
    phone.focus("textbox", "Your finding").await;
    phone.type_text(SILENT_PHONE).await;
    phone.press(&[key::ENTER]).await;
    devices.see_text("2 written so far").await;
    devices.keep_pictures("06-silent").await;
    for (screen, hidden) in [
        (host, [SILENT_LAPTOP, SILENT_PHONE].as_slice()),
        (laptop, &[SILENT_PHONE]),
        (phone, &[SILENT_LAPTOP]),
        (second, &[SILENT_LAPTOP, SILENT_PHONE]),
    ] {
        let page = screen.js("return document.documentElement.outerHTML", vec![]);
        let page = page.await;
        for text in hidden {
            assert!(
                !page.as_str().unwrap_or_default().contains(text),
                "nobody gets what others write silently"
            );
        }
    }
    for screen in [laptop, second] {
        act(screen, "button", "I am ready").await;
    }
    devices.see_text("2 of 4 ready").await;
    act(host, "button", "Show all 2").await;
    devices.everywhere(&[SILENT_LAPTOP, SILENT_PHONE]).await;
    capture(second, 'f', SPOKEN).await;
    devices
        .everywhere(&[GOOD_DAY, SILENT_LAPTOP, SILENT_PHONE, SPOKEN])
        .await;

    // What belongs together stands together.
    host.press(&['g']).await;
    host.see_focus("textbox", "Theme of F").await;
    host.type_text(THEME).await;
    host.press(&[key::ENTER]).await;
    host.press(&[key::ESCAPE]).await;
    devices.see("heading", THEME).await;

    act(host, "button", "Vote").await;
    devices.see_text("Vote for what to talk about.").await;
    for (screen, texts) in [
        (laptop, [SPOKEN, SILENT_LAPTOP].as_slice()),
        (phone, &[SPOKEN]),
        (second, &[SPOKEN]),
    ] {
        for text in texts {
            vote(screen, text).await;
        }
    }
    devices.see_text("3 voted").await;
    devices.keep_pictures("07-vote").await;
    act(host, "button", "End the vote").await;
    devices.see_text("3 votes").await;
    for (name, screen) in devices.all() {
        let first = screen
            .js(
                "return document.querySelector('ol[aria-label=\"Findings\"] > li[id^=\"meet-\"]').textContent",
                vec![],
            )
            .await;
        assert!(
            first.as_str().unwrap_or_default().contains(SPOKEN),
            "what has most votes is talked about first on the {name}: {first}"
        );
    }
    devices.keep_pictures("08-findings").await;
}

/// Votes for a finding by its number.
async fn vote(screen: &App, text: &str) {
    let row = standing(screen, &[text]).await;
    let number = row[0]
        .as_str()
        .and_then(|row| row.split(' ').nth(1))
        .expect("a number")
        .to_owned();
    screen.focus("button", &format!("Vote for F{number}")).await;
    screen.press(&[key::SPACE]).await;
    screen
        .until_js(
            "the vote to count",
            "return document.activeElement?.ariaPressed === 'true' || [...document.querySelectorAll('.vote')].some((button) => button.ariaLabel === arguments[0] && button.ariaPressed === 'true')",
            vec![json!(format!("Vote for F{number}"))],
        )
        .await;
}

/// No action item leaves the room without an owner and a date; what will not be done says why.
async fn hand_out(devices: &Devices, doc: &str) {
    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    devices.go_on("Action items").await;
    // The runbook answers a finding.
    let finding = format!("answers {}", number_of(laptop, SPOKEN).await);
    act(laptop, "button", &finding).await;
    laptop.see_focus("textbox", "New action item").await;
    laptop.type_text(RUNBOOK).await;
    laptop.press(&[key::ENTER]).await;
    laptop.press(&[key::ESCAPE]).await;
    devices.everywhere(&[RUNBOOK]).await;
    host.see("button", "Who takes it?").await;
    host.press(&['1']).await;
    devices.see("button", "Owner of A1: Cathy").await;
    host.press(&['k']).await;
    host.press(&['r']).await;
    host.see("group", &format!("Priority of: {RUNBOOK}")).await;
    host.press(&['1']).await;
    host.press(&['d']).await;
    host.see("group", &format!("Due date of: {RUNBOOK}")).await;
    host.press(&['1']).await;
    host.see("group", &format!("Owner of: {RUNBOOK}")).await;

    capture(second, 'a', WATCH).await;
    devices.everywhere(&[RUNBOOK, WATCH]).await;
    // They have the same numbers on every screen: Cathy, Gary, Debby, Greg.
    second.see("group", &format!("Owner of: {WATCH}")).await;
    second.press(&['3']).await;
    devices.see("button", "Owner of A2: Debby").await;

    capture_by_thumb(phone, "Action", "action item", "", REWRITE).await;
    devices.everywhere(&[REWRITE]).await;
    devices.keep_pictures("09-actions").await;
    for _ in [WATCH, REWRITE] {
        host.press(&['j']).await;
    }
    host.see("group", &format!("Owner of: {REWRITE}")).await;
    host.press(&['x']).await;
    host.see_focus("textbox", "Not doing it, because").await;
    host.type_text(NOT_NOW).await;
    host.press(&[key::ENTER]).await;
    devices.see_text(&format!("because {NOT_NOW}")).await;

    // A finding that needs nothing done says so.
    let nothing = format!(
        "{}: Not doing, because",
        number_of(host, SILENT_PHONE).await
    );
    act(host, "button", &nothing).await;
    host.see_focus("textbox", "Not doing anything, because")
        .await;
    host.type_text(NOTHING_TO_DO).await;
    host.press(&[key::ENTER]).await;
    devices.see_text(&format!("because {NOTHING_TO_DO}")).await;

    // What was parked comes back.
    host.press(&['l']).await;
    act(host, "button", "Make it an action item").await;
    host.press(&['l']).await;
    devices.everywhere(&[RUNBOOK, WATCH, IDEA]).await;
    host.see("group", &format!("Owner of: {IDEA}")).await;
    host.press(&['2']).await;
    devices.see("button", "Owner of A4: Gary").await;
    devices.see_text("All 3 have an owner").await;

    // When it is done is written in the postmortem, which a guest may open, too.
    second.click("link", "Postmortem").await;
    act(second, "button", "Details of A1").await;
    second.focus("textbox", "A1 is done when").await;
    second.type_text(DONE_WHEN).await;
    second.press(&[key::ENTER]).await;
    second.go(&format!("#/postmortem/{doc}/review")).await;
    second.see("timer", "").await;
    devices.everywhere(&[RUNBOOK, WATCH, IDEA]).await;
    devices.keep_pictures("10-given").await;
}

/// The number of a finding that nothing answers yet: F3.
async fn number_of(screen: &App, finding: &str) -> String {
    let number = screen
        .until_js(
            &format!("“{finding}” among what nothing answers yet"),
            "const row = [...document.querySelectorAll('.unanswered li')].find((row) => row.textContent.includes(arguments[0]));
             const number = row?.querySelector('.n')?.textContent.trim() ?? '';
             return /^F\\d+$/.test(number) && number",
            vec![json!(finding)],
        )
        .await;
    number.as_str().expect("a number").to_owned()
}

/// Owners and dates are read back, two texts get their writers, everybody answers one question, and the review ends.
async fn wrap_up(devices: &Devices) {
    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    devices.go_on("Wrap-up").await;
    devices.everywhere(&[RUNBOOK, WATCH, IDEA]).await;
    for (ask, made) in [
        ("Who writes the summary for the company?", SUMMARY),
        ("Who writes the note for customers?", NOTE),
    ] {
        host.see("group", ask).await;
        host.press(&['1']).await;
        devices.see_text(made).await;
    }
    act(host, "button", "Ask the room").await;
    for (screen, answer) in [(laptop, "Yes"), (second, "Yes"), (phone, "No")] {
        act(screen, "button", answer).await;
    }
    devices.see_text("2 of 3 would.").await;
    devices.keep_pictures("11-wrapup").await;
    act(host, "button", "End the review").await;
    host.see("dialog", "End the review?").await;
    host.see_focus("button", "End the review").await;
    host.press(&[key::ENTER]).await;
    devices.see("heading", "The review has ended").await;
    for (name, screen) in devices.all() {
        keep_picture(screen, &format!("meeting-12-ended-{name}")).await;
    }
}

/// What the meeting leaves is on the host's disk, and on every screen the same.
async fn what_is_left(devices: &Devices, doc: &str) {
    let host = &devices.host;
    let shown = read(&host.home, &["show", doc])["postmortem"].clone();
    let rows = |kind: &str| -> Vec<Value> { shown[kind].as_array().cloned().unwrap_or_default() };
    let texts = |kind: &str| -> Vec<String> {
        rows(kind)
            .iter()
            .map(|row| row["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(
        texts("timeline"),
        [
            FIRST_SIGN,
            CALLED.trim_start_matches("Greg "),
            POSTED,
            BACK,
            FORGOTTEN
        ],
        "events stand in the order of their times, whoever wrote them; a name in front is who did it"
    );
    assert_eq!(
        texts("actions"),
        [RUNBOOK, WATCH, REWRITE, IDEA, SUMMARY, NOTE],
        "every action item is there once"
    );
    assert_eq!(texts("findings").len(), 4, "every finding is there once");
    for action in rows("actions") {
        let declined = action["status"] == "declined";
        assert_eq!(
            declined,
            action["text"] == REWRITE,
            "one item was declined: {action}"
        );
        assert!(
            declined || (!action["owner"].is_null() && !action["due"].is_null()),
            "no item left the room without owner and date: {action}"
        );
    }
    let runbook = &rows("actions")[0];
    assert_eq!(runbook["priority"], "P1", "the key for a priority counts");
    assert_eq!(runbook["done_when"], DONE_WHEN, "it says when it is done");
    assert_eq!(
        rows("actions")[2]["reason"],
        NOT_NOW,
        "what will not be done says why"
    );
    let section = shown["sections"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|section| section["title"] == "The review meeting")
        .expect("the meeting is told of in a section");
    for part in [
        "Facilitated by Cathy",
        "Gary",
        "Debby",
        "Greg",
        "2 of 3 would come to another one.",
    ] {
        assert!(
            section["text"].as_str().unwrap_or_default().contains(part),
            "“{part}” is missing from {section}"
        );
    }
    let versions = host.rpc("version_list", json!({ "doc": doc })).await;
    for name in ["start of review", "end of review"] {
        assert!(
            versions.to_string().contains(name),
            "the {name} has a name among the versions: {versions}"
        );
    }

    let mut replicas = BTreeMap::new();
    for (name, screen) in devices.all() {
        screen.go(&format!("#/p/{doc}")).await;
        let held = screen
            .until_js(
                "the whole postmortem",
                "const rows = [...document.querySelectorAll('[id^=\"row-\"]')];
                 return document.body.textContent.includes(arguments[0]) && rows.map((row) => `${row.id} ${row.textContent.replace(/\\s+/g, ' ').trim()}`).join('\\n')",
                vec![json!(NOTE)],
            )
            .await;
        replicas.insert(name, held);
    }
    for (name, held) in &replicas {
        assert_eq!(
            held, &replicas["cockpit"],
            "the {name} holds what the host holds"
        );
    }
}
