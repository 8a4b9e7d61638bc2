//! What goes wrong with mail servers and chats: kept, tried again, shown, never sent twice.

use std::process::{Command, Stdio};

use chrono::TimeDelta;
use serde_json::{Value, json};
use server::remind::Settings;

use crate::{Desk, Hook, Sink, at, until};

fn states(desk: &Desk) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = desk
        .messages()
        .iter()
        .map(|message| {
            let name = message["name"].as_str().unwrap();
            let people = desk.directory()["people"].as_array().unwrap().clone();
            let person = people.iter().find(|person| person["name"] == name).unwrap();
            let email = person["email"]
                .as_str()
                .unwrap()
                .split('@')
                .next()
                .unwrap()
                .to_owned();
            (email, message["state"].as_str().unwrap().to_owned())
        })
        .collect();
    all.sort();
    all
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter()
        .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
        .collect()
}

#[test]
fn a_mail_says_what_is_due_and_how_to_get_less() {
    let desk = Desk::new();
    let sink = Sink::start();
    let item = &desk.owners(&["mei"], "2026-12-02")[0];
    let done = desk.round(&desk.settings(&sink.settings()), at("2026-12-02T09:00:00Z"));
    assert_eq!((done.sent, done.told), (1, Vec::new()), "one mail went out");
    let mail = &sink.mails()[0];
    let text = mail["text"].as_str().unwrap();
    for part in [
        item["text"].as_str().unwrap(),
        "due today (2026-12-02)",
        "https://debrief.example/#/p/",
    ] {
        assert!(text.contains(part), "the text says {part}: {text}");
    }
    assert!(
        mail["html"].as_str().unwrap().contains("due today"),
        "so does the page"
    );
    assert_eq!(mail["subject"], "1 action item is due", "the subject");
    assert_eq!(
        mail["auto"], "auto-generated",
        "nobody's absence is answered to it"
    );
    assert_eq!(
        mail["one_click"], "List-Unsubscribe=One-Click",
        "mail programs can ask by themselves (RFC 8058)"
    );
    let unsubscribe = mail["unsubscribe"].as_str().unwrap();
    assert!(
        unsubscribe.starts_with("<https://debrief.example/unsubscribe/"),
        "where: {unsubscribe}"
    );
    assert!(
        text.contains(unsubscribe.trim_matches(['<', '>'])),
        "the text says the same address"
    );
    assert!(
        mail["id"].as_str().unwrap().ends_with("@example.org>"),
        "it has a name of its own: {}",
        mail["id"]
    );
    assert_eq!(
        desk.round(&desk.settings(&sink.settings()), at("2026-12-02T10:00:00Z"))
            .sent,
        0,
        "once"
    );
}

#[test]
fn one_refused_address_stops_nobody_else() {
    let desk = Desk::new();
    let sink = Sink::start();
    desk.owners(&["ann", "refuse", "later", "reject", "zoe"], "2026-12-02");
    let settings = desk.settings(&sink.settings());
    let done = desk.round(&settings, at("2026-12-02T09:00:00Z"));
    assert_eq!(
        (done.sent, done.told.len()),
        (2, 3),
        "each trouble is told: {:?}",
        done.told
    );
    assert_eq!(sink.recipients(), ["ann", "zoe"], "the others got theirs");
    assert_eq!(
        states(&desk),
        pairs(&[
            ("ann", "sent"),
            ("later", "waiting"),
            ("refuse", "refused"),
            ("reject", "refused"),
            ("zoe", "sent")
        ]),
        "what is refused for good is not tried again"
    );
    let waiting = &desk.messages()[0];
    assert_eq!(
        (&waiting["next_at"], &waiting["tries"]),
        (&json!("2026-12-02T09:01:00Z"), &json!(1)),
        "a minute later"
    );
    assert!(
        waiting["error"]
            .as_str()
            .unwrap()
            .contains("Come back later"),
        "in the server's words: {waiting}"
    );
    assert_eq!(
        desk.round(&settings, at("2026-12-02T09:00:30Z")).told.len(),
        0,
        "nothing is tried before its time"
    );
    desk.round(&settings, at("2026-12-02T09:02:00Z"));
    assert_eq!(
        desk.messages()[0]["next_at"],
        "2026-12-02T09:07:00Z",
        "each time a little later"
    );
    assert_eq!(sink.recipients().len(), 2, "nobody got a second one");
}

#[test]
fn a_server_that_is_down_or_silent_keeps_everything_and_is_caught_up_with_once() {
    let mut desk = Desk::new();
    let sink = Sink::start();
    desk.owners(&["ann", "zoe"], "2026-12-02");
    let down = sink.settings().replace(&sink.port.to_string(), "1");
    let done = desk.round(&desk.settings(&down), at("2026-12-02T09:00:00Z"));
    assert_eq!(
        (done.sent, done.told.len()),
        (0, 1),
        "one try is enough to see that it is down: {:?}",
        done.told
    );
    assert!(
        done.told[0].contains("cannot be reached"),
        "that is told: {:?}",
        done.told
    );
    let silent = Sink::with(&["silent"]);
    let done = desk.round(
        &desk.settings(&silent.settings()),
        at("2026-12-03T09:00:00Z"),
    );
    assert!(
        done.told[0].contains("within 1 seconds"),
        "a silent one is not waited for longer: {:?}",
        done.told
    );
    desk.restart();
    assert_eq!(desk.messages().len(), 2, "both wait over a restart");
    // It is up again after a week, in which both items have come due once more.
    let settings = desk.settings(&sink.settings());
    let mut now = at("2026-12-09T09:00:00Z");
    for _ in 0..20 {
        desk.round(&settings, now);
        now += TimeDelta::hours(6);
    }
    assert_eq!(
        sink.recipients(),
        ["ann", "zoe"],
        "one mail each, not one for each day that was missed"
    );
}

#[test]
fn a_server_that_dies_in_the_middle_gets_it_again_and_one_that_dies_at_the_end_does_not() {
    let mut desk = Desk::new();
    let sink = Sink::start();
    let items = desk.owners(&["die-before", "die-after"], "2026-12-02");
    let settings = desk.settings(&sink.settings());
    desk.round(&settings, at("2026-12-02T09:00:00Z"));
    desk.round(&settings, at("2026-12-02T09:05:00Z"));
    assert_eq!(
        states(&desk),
        pairs(&[("die-after", "doubt"), ("die-before", "waiting")]),
        "only what surely did not arrive waits: {:?}",
        desk.messages()
    );
    assert_eq!(
        sink.recipients(),
        ["die-after"],
        "the one that was taken without an answer has arrived"
    );
    desk.restart();
    desk.person(&items[0]["owner"], |person| {
        person["email"] = json!("ann@example.com")
    });
    let mut now = at("2026-12-02T10:00:00Z");
    for _ in 0..8 {
        desk.round(&settings, now);
        now += TimeDelta::hours(1);
    }
    assert_eq!(sink.recipients(), ["ann", "die-after"], "each arrived once");
}

#[test]
fn what_is_done_or_gone_while_it_waits_is_not_sent() {
    let desk = Desk::new();
    let sink = Sink::start();
    let items = desk.owners(&["ann", "zoe", "kim"], "2026-12-02");
    let down = sink.settings().replace(&sink.port.to_string(), "1");
    desk.round(&desk.settings(&down), at("2026-12-02T09:00:00Z"));
    desk.ok("action_set", json!({ "doc": items[0]["doc"], "id": items[0]["id"], "status": "done", "evidence": "Seen." }));
    desk.due(&items[1], "2027-03-01");
    desk.round(&desk.settings(&sink.settings()), at("2026-12-02T12:00:00Z"));
    assert_eq!(
        sink.recipients(),
        ["kim"],
        "nobody is reminded of what is done or was moved"
    );
    desk.due(&items[2], "2026-12-03");
    desk.ok("postmortem_trash", json!({ "doc": items[2]["doc"] }));
    desk.round(&desk.settings(&sink.settings()), at("2026-12-03T12:00:00Z"));
    assert_eq!(sink.recipients(), ["kim"], "nor of what lies in the trash");
}

#[test]
fn mail_is_encrypted_before_a_password_leaves() {
    let desk = Desk::new();
    let own =
        rcgen::generate_simple_self_signed(vec!["127.0.0.1".into(), "localhost".into()]).unwrap();
    let certificate = desk.folder.path().join("certificate.pem");
    let key = desk.folder.path().join("key.pem");
    std::fs::write(&certificate, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    let sink = Sink::with(&["", certificate.to_str().unwrap(), key.to_str().unwrap()]);
    desk.owners(&["ann"], "2026-12-02");
    let secure = sink
        .settings()
        .replace("127.0.0.1", "localhost")
        .replace("timeout_seconds: 1", "timeout_seconds: 10")
        .replace(
            "encryption: none",
            "encryption: starttls\n  user: debrief\n  password: secret",
        );
    let done = desk.round(&desk.settings(&secure), at("2026-12-02T09:00:00Z"));
    assert!(
        sink.mails().is_empty() && done.sent == 0,
        "a certificate that nobody vouches for is not believed: {:?}",
        done.told
    );
    let trusted = format!("{secure}  authority: {}\n", certificate.display());
    let wrong = trusted.replace("password: secret", "password: wrong");
    let done = desk.round(&desk.settings(&wrong), at("2026-12-02T09:10:00Z"));
    assert!(
        done.told[0].contains("does not let Debrief in"),
        "a wrong password is told: {:?}",
        done.told
    );
    desk.round(&desk.settings(&trusted), at("2026-12-02T10:00:00Z"));
    let mail = &sink.mails()[0];
    assert_eq!(
        (&mail["encrypted"], &mail["user"]),
        (&json!(true), &json!("debrief")),
        "signed in, behind encryption"
    );
}

#[test]
fn a_chat_gets_one_message_and_is_tried_again_unless_it_may_have_it() {
    let desk = Desk::new();
    let answers = [
        "HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\nbusy",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/elsewhere\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "",
    ];
    let hook = Hook::start(&answers);
    let settings = desk.settings(&hook.settings());
    let item = &desk.owners(&["mei"], "2026-12-02")[0];
    let done = desk.round(&settings, at("2026-12-02T09:00:00Z"));
    assert!(
        done.told[0].contains("500 (busy)"),
        "its own words are told: {:?}",
        done.told
    );
    let done = desk.round(&settings, at("2026-12-02T09:02:00Z"));
    assert!(
        done.told[0].contains("elsewhere"),
        "a redirect is not followed: {:?}",
        done.told
    );
    assert_eq!(
        desk.round(&settings, at("2026-12-02T09:30:00Z")).sent,
        1,
        "then it is taken"
    );
    assert_eq!(
        desk.round(&settings, at("2026-12-02T10:30:00Z")).sent,
        0,
        "once"
    );
    let asked = hook.asked();
    assert!(
        asked[2].starts_with("POST /hook?key=1 HTTP/1.1\r\n"),
        "to its address: {}",
        asked[2]
    );
    let body: Value = serde_json::from_str(
        asked[2]
            .split_once("\n\n")
            .or(asked[2].split_once("\r\n\n"))
            .unwrap()
            .1,
    )
    .unwrap();
    assert!(
        body["text"]
            .as_str()
            .unwrap()
            .contains("1 action item is due"),
        "a text for notifications: {body}"
    );
    assert!(
        body["blocks"][1]["text"]["text"]
            .as_str()
            .unwrap()
            .contains(item["text"].as_str().unwrap()),
        "blocks with the items: {body}"
    );
    // The week after, the connection ends without an answer.
    let done = desk.round(&settings, at("2026-12-09T09:00:00Z"));
    assert!(
        done.told[0].contains("Nobody knows"),
        "that is told: {:?}",
        done.told
    );
    desk.round(&settings, at("2026-12-09T15:00:00Z"));
    assert_eq!(hook.asked().len(), 4, "what it may have is not sent again");
}

#[test]
fn two_who_look_at_once_send_once() {
    let desk = Desk::new();
    let sink = Sink::start();
    desk.owners(&["ann", "bob", "kim", "zoe"], "2026-12-02");
    let settings = desk.settings(&sink.settings());
    let other = crate::open(desk.data());
    let addresses = server::remind::Addresses::new("", &desk.data()).unwrap();
    let now = at("2026-12-02T09:00:00Z");
    crate::runtime().block_on(async {
        let (one, two) = tokio::join!(
            server::remind::round(&desk.api, &settings, &addresses, now),
            server::remind::round(&other, &settings, &addresses, now)
        );
        assert_eq!(
            one.unwrap().sent + two.unwrap().sent,
            4,
            "four mails between them"
        );
    });
    other.close();
    assert_eq!(
        sink.recipients(),
        ["ann", "bob", "kim", "zoe"],
        "one for each"
    );
}

fn debrief(desk: &Desk, settings: &str, now: &str) -> Command {
    let file = desk.settings_file(settings);
    let mut command = Command::new(env!("CARGO_BIN_EXE_debrief"));
    command
        .args(["remind", "--at", now, "--reminders"])
        .arg(file)
        .env("DEBRIEF_DATA_DIR", desk.data())
        .env_remove("DEBRIEF_WORKSPACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_process_that_is_killed_loses_nothing_and_repeats_nothing() {
    let desk = Desk::new();
    let sink = Sink::start();
    let silent = Sink::with(&["silent"]);
    desk.owners(&["slow"], "2026-12-02");
    // Killed while the server has not even greeted: nothing has left.
    let patient = silent
        .settings()
        .replace("timeout_seconds: 1", "timeout_seconds: 60");
    let mut early = debrief(&desk, &patient, "2026-12-02T09:00:00Z")
        .spawn()
        .unwrap();
    until("its message is made", || desk.messages().len() == 1);
    early.kill().unwrap();
    early.wait().unwrap();
    assert_eq!(desk.messages()[0]["state"], "waiting", "it still waits");
    // Killed after the mail was taken, before the server has said so.
    let patient = sink
        .settings()
        .replace("timeout_seconds: 1", "timeout_seconds: 60");
    let mut late = debrief(&desk, &patient, "2026-12-02T09:10:00Z")
        .spawn()
        .unwrap();
    until("the mail is taken", || sink.mails().len() == 1);
    late.kill().unwrap();
    late.wait().unwrap();
    for now in [
        "2026-12-02T09:11:00Z",
        "2026-12-02T10:00:00Z",
        "2026-12-03T09:00:00Z",
    ] {
        let output = debrief(&desk, &sink.settings(), now).output().unwrap();
        assert!(
            output.status.success(),
            "nothing is wrong at {now}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "Sent 0 reminders.\n",
            "nothing is sent at {now}"
        );
    }
    assert_eq!(sink.mails().len(), 1, "one mail");
    assert_eq!(
        desk.messages()[0]["state"],
        "doubt",
        "what nobody saw the end of is shown"
    );
}

#[test]
fn the_command_says_what_would_go_out_and_what_is_wrong() {
    let desk = Desk::new();
    let items = desk.owners(&["ann", "zoe"], "2026-12-02");
    desk.person(&items[1]["owner"], |person| person["email"] = json!(""));
    desk.api.close();
    let dry = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_debrief"));
        command
            .arg("remind")
            .args(more)
            .env("DEBRIEF_DATA_DIR", desk.data())
            .env_remove("DEBRIEF_WORKSPACE");
        command.output().unwrap()
    };
    for _ in 0..2 {
        let output = dry(&["--dry-run", "--at", "2026-12-02T09:00:00Z"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.contains("<ann@example.com>: 1 action item is due"),
            "to whom: {text}"
        );
        assert!(
            text.contains("due today (reminder for the day it is due)"),
            "and why: {text}"
        );
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("no e-mail address"),
            "and who is not reached"
        );
    }
    let output = dry(&["--dry-run", "--json", "--at", "2026-11-27T09:00:00Z"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        answer["messages"],
        json!([]),
        "two days before the first reminder, nothing"
    );
    let output = dry(&[]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "it must be said where they go"
    );
    let file = desk.settings_file("mail:\n  server: x\n  from: nobody\n");
    let output = dry(&["--reminders", file.to_str().unwrap()]);
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("“from” is a name and an address"),
        "what is wrong with it is told"
    );
}

#[test]
fn settings_are_refused_with_what_would_be_right_and_without_their_secrets() {
    let desk = Desk::new();
    for (text, says) in [
        ("", "neither"),
        ("mail:\n  server: x\n", "missing field `from`"),
        (
            "mail:\n  server: x\n  from: a@b.example\n  pasword: hunter2\n",
            "unknown field `pasword`",
        ),
        (
            "mail:\n  server: x\n  from: a@b.example\n  user: me\n",
            "go together",
        ),
        (
            "mail:\n  server: x\n  from: a@b.example\n  user: me\n  password: hunter2\n  encryption: none\n",
            "not sent without encryption",
        ),
        (
            "chat:\n  webhook: hooks.example/hunter2\n",
            "begins with https://",
        ),
        (
            "chat:\n  webhook: https://me:hunter2@hooks.example/\n",
            "begins with https://",
        ),
        (
            "address: here\nchat:\n  webhook: https://hooks.example/\n",
            "“address”",
        ),
        ("mail: [hunter2\n", "line"),
    ] {
        let told = Settings::read(&desk.settings_file(text)).unwrap_err();
        assert!(told.contains(says), "{text:?} is told {says:?}: {told}");
        assert!(!told.contains("hunter2"), "no secret is told: {told}");
    }
    let file = desk.settings_file("chat:\n  webhook: https://hooks.example/\n");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    assert!(
        Settings::read(&file).unwrap_err().contains("chmod"),
        "what everybody can read is refused"
    );
}
