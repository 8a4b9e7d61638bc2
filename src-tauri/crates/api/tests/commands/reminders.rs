//! What is said of reminders, and private calendar addresses.

use api::error::ErrorCode;
use api::reminders::{ReminderEnd, ReminderWay};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{Desk, rows, text};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// The first open action item of the example that has an owner, due on a day.
fn due(desk: &Desk, day: &str) -> Value {
    desk.demo();
    let page = desk.ok(
        "action_list",
        json!({ "statuses": ["open", "in_progress"] }),
    );
    let owned = rows(&page).iter().filter(|row| !row["owner"].is_null());
    let mut first = None;
    for row in owned {
        let day = if first.is_none() { day } else { "" };
        first = first.or(Some(row.clone()));
        desk.ok(
            "action_set",
            json!({ "doc": row["doc"], "id": row["id"], "due": day }),
        );
    }
    first.expect("the example has an owner")
}

#[test]
fn the_next_reminder_is_foreseen_and_told_as_things_are_when_it_goes() {
    let desk = Desk::new();
    let item = due(&desk, "2026-11-18");
    desk.ok("settings_save", json!({ "settings": {
        "timezone": "UTC", "default_template": "post-incident-review", "due_days": {}, "reminders": { "digest": "never" }
    } }));
    let view = desk.ok("reminders", json!({}));
    assert_eq!(view["held"], Value::Null, "the clock is right");
    assert_eq!(
        view["mailed"], false,
        "nothing has ever looked at what is due by mail, so nothing sends any"
    );
    let next = view["next"].as_array().expect("a list");
    assert_eq!(next.len(), 1, "one person has one item: {next:?}");
    assert_eq!(next[0]["name"], item["owner_name"], "its owner is told");

    // The example is old: its item is told of as soon as somebody looks.
    let made = desk
        .api
        .look_at_reminders(ReminderWay::Mail, at("2026-11-18T09:00:00Z"))
        .expect("a look");
    assert_eq!(made, Ok(1), "on the day, one message");
    assert_eq!(
        desk.ok("reminders", json!({}))["mailed"],
        true,
        "what looks at them sends them"
    );
    let sends = desk
        .api
        .reminders_to_send(ReminderWay::Mail, at("2026-11-18T09:00:00Z"))
        .expect("messages");
    let told = sends[0].reminder.as_ref().expect("something to tell");
    assert_eq!(text(&item["text"]), told.items[0].text, "it names the item");
    assert_eq!(sends[0].why, ["reminder for the day it is due"], "and why");

    desk.ok("action_set", json!({ "doc": item["doc"], "id": item["id"], "status": "declined", "reason": "Not needed." }));
    let sends = desk
        .api
        .reminders_to_send(ReminderWay::Mail, at("2026-11-18T10:00:00Z"))
        .expect("messages");
    assert_eq!(
        sends[0].reminder, None,
        "nobody is reminded of what was declined meanwhile"
    );
    desk.api
        .store()
        .end_reminder(
            &sends[0].id,
            0,
            &ReminderEnd::Refused("550 no such mailbox".into()),
        )
        .expect("an end");
    let line = &desk.ok("reminders", json!({}))["messages"][0];
    assert_eq!(
        (&line["state"], &line["error"], &line["name"]),
        (
            &json!("refused"),
            &json!("550 no such mailbox"),
            &item["owner_name"]
        ),
        "what went wrong is shown"
    );
}

#[test]
fn people_whom_no_mail_reaches_are_named() {
    let desk = Desk::new();
    let item = due(&desk, "2026-11-18");
    let directory = desk.ok("directory", json!({}));
    let people = directory["directory"]["people"].as_array().expect("people");
    let mut owner = people
        .iter()
        .find(|person| person["id"] == item["owner"])
        .expect("the owner")
        .clone();
    owner["email"] = json!("");
    desk.ok("person_save", owner.clone());
    let view = desk.ok("reminders", json!({}));
    assert_eq!(view["next"], json!([]), "there is nobody to send to");
    assert_eq!(
        (&view["unreached"][0]["name"], &view["unreached"][0]["left"]),
        (&owner["name"], &json!(false)),
        "and that is said"
    );
    owner["email"] = json!("mei@example.com");
    owner["timezone"] = json!("Mars/Base");
    desk.fails(
        "person_save",
        owner.clone(),
        ErrorCode::Invalid,
        "not a time zone",
    );
    owner["timezone"] = json!("Asia/Tokyo");
    owner["left"] = json!(true);
    desk.ok("person_save", owner);
    assert_eq!(
        desk.ok("reminders", json!({}))["unreached"][0]["left"],
        true,
        "who left is not reminded"
    );
}

#[test]
fn a_clock_that_is_off_is_told_and_can_be_trusted() {
    let desk = Desk::new();
    due(&desk, "2026-11-18");
    let later = desk
        .api
        .look_at_reminders(ReminderWay::Mail, at("2027-11-18T09:00:00Z"))
        .expect("a look");
    assert!(
        later.is_ok(),
        "there is nothing to compare the first look with"
    );
    let held = text(&desk.ok("reminders", json!({}))["held"]);
    assert!(held.contains("behind"), "a year back: {held}");
    let refused = desk
        .api
        .look_at_reminders(ReminderWay::Mail, desk.api.now())
        .expect("a look");
    assert_eq!(refused, Err(held), "nothing goes out meanwhile");
    desk.ok("reminders_clock_right", json!({}));
    assert_eq!(
        desk.ok("reminders", json!({}))["held"],
        Value::Null,
        "somebody said that it is right"
    );
    let made = desk
        .api
        .look_at_reminders(ReminderWay::Mail, at("2026-11-18T19:00:00Z"))
        .expect("a look");
    assert_eq!(made, Ok(1), "and what is due goes out");
}

#[test]
fn a_digest_can_be_all_that_one_gets() {
    let desk = Desk::new();
    let item = due(&desk, "2026-11-18");
    let owner = text(&item["owner"]);
    let wish = || {
        let directory = desk.ok("directory", json!({}));
        let people = directory["directory"]["people"]
            .as_array()
            .expect("people")
            .clone();
        people
            .iter()
            .find(|person| person["id"] == item["owner"])
            .expect("the owner")["reminders"]
            .clone()
    };
    assert_eq!(wish(), "all", "as it is at first");
    desk.api.digest_alone(&owner).expect("the change");
    assert_eq!(wish(), "digest", "as asked");
    assert!(desk.api.digest_alone("nobody").is_err(), "nobody is nobody");
}

#[test]
fn a_private_calendar_opens_with_its_secret_alone() {
    let desk = Desk::new();
    desk.fails(
        "calendar_feed_make",
        json!({}),
        ErrorCode::Refused,
        "who you are",
    );
    let item = due(&desk, "2026-11-18");
    desk.set_me(&text(&item["owner_name"]));
    assert_eq!(
        desk.ok("calendar_feed", json!({}))["made_at"],
        Value::Null,
        "there is none"
    );
    let made = desk.ok("calendar_feed_make", json!({}));
    let path = text(&made["path"]);
    let secret = path
        .strip_prefix("/calendar/")
        .and_then(|path| path.strip_suffix(".ics"))
        .expect("a path")
        .to_owned();
    let shown = desk.ok("calendar_feed", json!({}));
    assert_eq!(
        (&shown["path"], shown["made_at"].is_string()),
        (&Value::Null, true),
        "the secret is told once"
    );

    let calendar = |secret: &str| {
        api::handlers::reminders::calendar(&desk.api, secret, desk.api.now()).expect("an answer")
    };
    let feed = calendar(&secret).expect("a calendar");
    for part in [
        "DTSTART;VALUE=DATE:20261118",
        "DTEND;VALUE=DATE:20261119",
        "LAST-MODIFIED:",
        "SEQUENCE:",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ] {
        assert!(feed.contains(part), "the calendar says {part}: {feed}");
    }
    assert_eq!(
        feed.matches("BEGIN:VEVENT").count(),
        1,
        "one item has a day"
    );
    for other in [
        "",
        "x",
        &"0".repeat(64),
        &secret.replace(|letter: char| letter.is_ascii_digit(), "f"),
        &format!("{secret}0"),
    ] {
        assert_eq!(calendar(other), None, "{other:?} opens nothing");
    }
    desk.ok(
        "action_set",
        json!({ "doc": item["doc"], "id": item["id"], "status": "done", "evidence": "Seen." }),
    );
    assert!(
        !calendar(&secret)
            .expect("a calendar")
            .contains("BEGIN:VEVENT"),
        "what is done is gone from it"
    );
    desk.ok("calendar_feed_make", json!({}));
    assert_eq!(calendar(&secret), None, "renewed: the old address is dead");
    desk.ok("calendar_feed_withdraw", json!({}));
    assert_eq!(
        desk.ok("calendar_feed", json!({}))["made_at"],
        Value::Null,
        "withdrawn"
    );
}
