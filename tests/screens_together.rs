//! The screens that people meet who review together from several devices: sharing, what the room does at once, reading
//! along, and the end. Light and dark, with forty findings and the longest names, looked at as every other screen.

use model::postmortem::{Finding, Postmortem};
use serde_json::json;

use crate::devices::{Devices, act, capture_by_thumb, come_together};
use crate::example;
use crate::harness::{App, Shell, key};
use crate::meeting::capture;
use crate::programs::Home;
use crate::screens::{expect_nothing, look_at_the_stage, sentence, settled, word};
use crate::screens_joining::{LONG_NAMES, dress, look_in_both};

/// Looks at a stage in both themes: it must not be higher than its window, either.
async fn look_at_stage(app: &App, name: &str, wrong: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        dress(app, theme).await;
        wrong.extend(look_at_the_stage(app, name, theme).await);
    }
    dress(app, "light").await;
}

/// Looks at what each of the four devices shows, and at the shared screen. What guests have on a wide screen is drawn by
/// the same parts as the facilitator's, so it is looked at in the light alone.
async fn look_at_all(devices: &Devices, name: &str, wrong: &mut Vec<String>) {
    for (device, screen) in devices.all() {
        let name = format!("together-{name}-{device}");
        if matches!(device, "laptop" | "second") {
            settled(screen).await;
            wrong.extend(look_at_the_stage(screen, &name, "light").await);
        } else {
            look_at_stage(screen, &name, wrong).await;
        }
    }
    let host = &devices.host;
    host.resize(1920, 1080).await;
    host.press(&['v']).await;
    settled(host).await;
    look_at_stage(host, &format!("together-{name}-room"), wrong).await;
    host.press(&['v']).await;
    host.resize(1440, 900).await;
    settled(host).await;
}

/// A workspace whose postmortem has forty findings, short and long, in several themes.
fn many_findings(home: &Home) -> String {
    let api = example::open(home);
    let call = |name: &str, request| {
        api.call(name, request)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"))
    };
    let demo = call("demo_new", json!({}))["doc"].clone();
    let me = call("directory", json!({}))["directory"]["people"][0]["id"].clone();
    call("set_me", json!({ "person": me, "name": "" }));
    let mut postmortem: Postmortem =
        serde_json::from_value(call("postmortem_get", json!({ "doc": demo })))
            .expect("it is a postmortem");
    postmortem.id.clear();
    let themes = ["Access", "", "How we reach each other when it is night"];
    while postmortem.findings.len() < 40 {
        let at = postmortem.findings.len();
        let text = match at % 5 {
            0 => sentence(300),
            1 => word(),
            _ => sentence(20 + at),
        };
        postmortem.findings.push(Finding {
            text,
            theme: themes[at % themes.len()].into(),
            ..Finding::default()
        });
    }
    let doc = api
        .rooms()
        .create(me.as_str().unwrap_or_default(), &postmortem)
        .expect("the workspace takes a postmortem");
    api.close();
    doc
}

#[tokio::test]
async fn screens_of_people_in_one_review() {
    let home = Home::new();
    let doc = many_findings(&home);
    let devices = come_together(home, &doc, LONG_NAMES).await;
    let mut wrong = Vec::new();
    look_at_all(&devices, "open", &mut wrong).await;
    look_at_the_cockpit(&devices.host, &mut wrong).await;
    look_at_findings(&devices, &mut wrong).await;
    look_at_actions(&devices, &doc, &mut wrong).await;
    look_at_the_end(&devices, &mut wrong).await;

    // Whoever wants to share another time is asked how.
    let host = &devices.host;
    host.rpc("meeting_open", json!({ "doc": doc, "length": "short" }))
        .await;
    host.rpc("share_stop", json!({})).await;
    host.see("timer", "").await;
    act(host, "tab", "Meeting").await;
    act(host, "button", "Let others join").await;
    host.see("dialog", "Let others join").await;
    host.see("radio", "Encrypted").await;
    look_in_both(host, "share-ask", &mut wrong).await;
    host.resize(1180, 700).await;
    look_in_both(host, "share-ask-1180", &mut wrong).await;

    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    for app in [laptop, phone, second, host] {
        app.close().await;
    }
    expect_nothing(&wrong, Shell::Window);
}

/// What the facilitator alone sees, tab by tab, and the dialogs that open from it.
async fn look_at_the_cockpit(host: &App, wrong: &mut Vec<String>) {
    for tab in ["Ask", "People", "Meeting"] {
        act(host, "tab", tab).await;
        look_at_stage(host, &format!("cockpit-{tab}"), wrong).await;
    }
    act(host, "button", "Shared, 3 joined").await;
    host.see("dialog", "Others can join").await;
    look_in_both(host, "share", wrong).await;
    host.press(&[key::ESCAPE]).await;
    // A narrow window has its cockpit folded away until somebody wants it.
    host.resize(1180, 700).await;
    act(host, "button", "Cockpit").await;
    act(host, "tab", "Meeting").await;
    act(host, "button", "Shared, 3 joined").await;
    host.see("dialog", "Others can join").await;
    look_in_both(host, "share-1180", wrong).await;
    host.press(&[key::ESCAPE]).await;
    host.resize(1440, 900).await;
    act(host, "tab", "Ask").await;
    act(host, "button", "Blame was heard").await;
    host.see("dialog", "Blame was heard").await;
    look_in_both(host, "piece", wrong).await;
    host.press(&[key::ESCAPE]).await;
    act(host, "tab", "Notes").await;
    host.press(&['?']).await;
    host.see("dialog", "Keys").await;
    look_in_both(host, "review-keys", wrong).await;
    host.press(&[key::ESCAPE]).await;
    host.focus("main", "").await;
}

/// Takes the room to a stage by its number, from 0.
async fn take_room_to(devices: &Devices, doc: &str, from: usize, to: usize) {
    let act = json!({ "type": "go", "from": from, "to": to });
    devices
        .host
        .rpc("meeting_do", json!({ "doc": doc, "act": act }))
        .await;
}

/// Silent writing, grouping and votes over forty findings.
async fn look_at_findings(devices: &Devices, wrong: &mut Vec<String>) {
    let Devices {
        host,
        laptop,
        phone,
        ..
    } = devices;
    for stage in [
        "Impact",
        "Timeline",
        "Is it complete?",
        "When this goes well",
        "Findings",
    ] {
        devices.go_on(stage).await;
    }
    act(host, "button", "Write silently").await;
    devices.see_text("Everyone writes silently.").await;
    capture(laptop, 'f', &sentence(200)).await;
    capture_by_thumb(phone, "Finding", "finding", "", &sentence(120)).await;
    devices.see_text("2 written so far").await;
    act(laptop, "button", "I am ready").await;
    look_at_all(devices, "silent", wrong).await;
    act(host, "button", "Show all 2").await;
    host.see("button", "Write silently").await;
    host.press(&['g']).await;
    host.see("group", "Theme of F").await;
    look_at_stage(host, "together-theme", wrong).await;
    host.press(&[key::ESCAPE]).await;
    act(host, "button", "Vote").await;
    devices.see_text("Vote for what to talk about.").await;
    for screen in [laptop, phone] {
        act(screen, "button", "Vote for F3").await;
    }
    look_at_all(devices, "vote", wrong).await;
    act(host, "button", "End the vote").await;
    devices.see_text("2 votes").await;
    look_at_all(devices, "voted", wrong).await;
}

/// Action items with every choice open, and how they look to somebody who reads along.
async fn look_at_actions(devices: &Devices, doc: &str, wrong: &mut Vec<String>) {
    let Devices { host, laptop, .. } = devices;
    devices.go_on("Action items").await;
    capture(host, 'a', &sentence(180)).await;
    capture(host, 'p', &sentence(90)).await;
    host.see("button", "Who takes it?").await;
    look_at_all(devices, "actions", wrong).await;
    for (key, choices) in [('d', "Due date of: "), ('r', "Priority of: ")] {
        host.press(&[key]).await;
        host.see("group", choices).await;
        let name = format!("together-choice-{key}");
        wrong.extend(look_at_the_stage(host, &name, "light").await);
    }
    host.press(&['x']).await;
    host.see_focus("textbox", "Not doing it, because").await;
    look_at_stage(host, "together-choice-x", wrong).await;
    host.press(&[key::ESCAPE]).await;
    host.press(&['l']).await;
    host.see("button", "Make it an action item").await;
    look_at_stage(host, "together-parked", wrong).await;
    host.press(&['l']).await;

    let guests = host.rpc("share_state", json!({})).await["share"]["guests"].clone();
    let gary = guests
        .as_array()
        .into_iter()
        .flatten()
        .find(|guest| guest["name"] == LONG_NAMES[0])
        .expect("the laptop is a guest")["id"]
        .clone();
    let right = |right: &str| json!({ "guest": gary, "right": right });
    host.rpc("guest_right", right("viewer")).await;
    laptop.see_text("You read along in this review.").await;
    look_at_stage(laptop, "together-viewer-actions", wrong).await;
    for (from, to, stage) in [(6, 1, "impact"), (1, 5, "findings"), (5, 6, "back")] {
        take_room_to(devices, doc, from, to).await;
        in_stage(laptop, to).await;
        let name = format!("together-viewer-{stage}");
        wrong.extend(look_at_the_stage(laptop, &name, "light").await);
        for (role, name) in [
            ("button", "Add an impact fact"),
            ("button", "Vote for"),
            ("button", "Who takes it?"),
            ("button", "What shows it?"),
        ] {
            if laptop.shows(role, name).await {
                wrong.push(format!(
                    "{stage}: somebody who reads along is offered “{name}”"
                ));
            }
        }
    }
    host.rpc("guest_right", right("editor")).await;
    laptop.see("textbox", "New action item").await;
}

/// Waits until a guest has followed the room to the stage of this number, from 0.
async fn in_stage(app: &App, number: usize) {
    app.until_js(
        &format!("stage {number} of the review"),
        "return [...document.querySelectorAll('.stage, .steps li')].findIndex((stage) => stage.ariaCurrent === 'step') === arguments[0]",
        vec![json!(number)],
    )
    .await;
    settled(app).await;
}

/// The last question while it is asked, the dialog that ends the review, and what it leaves.
async fn look_at_the_end(devices: &Devices, wrong: &mut Vec<String>) {
    let Devices {
        host,
        laptop,
        phone,
        second,
    } = devices;
    devices.go_on("Wrap-up").await;
    act(host, "button", "Ask the room").await;
    for screen in [laptop, phone, second] {
        act(screen, "button", "Yes").await;
    }
    devices.see_text("3 of 3 would.").await;
    look_at_all(devices, "wrapup", wrong).await;
    act(host, "button", "End the review").await;
    host.see("dialog", "End the review?").await;
    look_in_both(host, "end", wrong).await;
    host.press(&[key::ENTER]).await;
    devices.see("heading", "The review has ended").await;
    for (device, screen) in [("cockpit", host), ("phone", phone), ("second", second)] {
        look_in_both(screen, &format!("together-ended-{device}"), wrong).await;
    }
}
