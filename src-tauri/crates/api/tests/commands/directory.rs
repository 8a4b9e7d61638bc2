//! People, services, settings and templates.

use api::{Api, Config, ErrorCode, Shell};
use serde_json::json;

use super::{Desk, text};

#[test]
fn who_sits_here_is_asked_once() {
    let desk = Desk::new();
    let session = desk.ok("session", json!({}));
    assert_eq!(
        (&session["first_run"], &session["me"]),
        (&json!(true), &json!(null)),
        "a new workspace shows the welcome"
    );
    assert_eq!(session["shell"], "desktop", "it knows where it runs");
    desk.fails(
        "set_me",
        json!({ "name": " \u{200B} " }),
        ErrorCode::Invalid,
        "name is needed",
    );
    desk.fails(
        "set_me",
        json!({ "person": "nobody", "name": "" }),
        ErrorCode::NotFound,
        "not in the workspace's directory",
    );
    let me = desk.set_me("  Ada   Okoye ");
    let session = desk.ok("session", json!(null));
    assert_eq!(
        session["me"]["name"], "Ada Okoye",
        "the name without what is around it"
    );
    assert_eq!(session["first_run"], false, "the welcome is over");
    assert_eq!(
        desk.set_me("ada okoye"),
        me,
        "the same name is the same person"
    );
    let again = Config::new(
        desk.path("data/workspace.debrief"),
        desk.path("data"),
        Shell::Desktop,
    );
    desk.api.close();
    let reopened = Api::open(again).expect("it opens again");
    assert_eq!(reopened.me(), Some(me), "the computer remembers");
}

#[test]
fn the_directory_is_kept() {
    let desk = Desk::new();
    let person = desk.ok(
        "person_save",
        json!({ "name": " Bo\nLi ", "handle": "@bo", "email": "bo@example.org" }),
    );
    assert_eq!(
        (&person["name"], &person["handle"]),
        (&json!("Bo Li"), &json!("bo")),
        "tidied"
    );
    let mut left = person.clone();
    left["left"] = json!(true);
    desk.ok("person_save", left);
    let view = desk.ok("directory", json!({}));
    assert_eq!(
        view["directory"]["people"][0]["left"], true,
        "a person who left is kept"
    );
    let error = desk.fails(
        "person_save",
        json!({ "name": "Bo", "email": "bo" }),
        ErrorCode::Invalid,
        "e-mail",
    );
    assert_eq!(error.field.as_deref(), Some("email"), "with its field");
    desk.fails(
        "person_save",
        json!({ "name": "" }),
        ErrorCode::Invalid,
        "name is needed",
    );
    desk.fails(
        "person_save",
        json!({ "id": "no-such", "name": "Bo" }),
        ErrorCode::NotFound,
        "directory",
    );
    desk.fails(
        "person_save",
        json!({ "name": "x".repeat(401) }),
        ErrorCode::Invalid,
        "400",
    );

    let one = desk.ok("service_save", json!({ "name": "E-Mail" }));
    desk.fails(
        "service_save",
        json!({ "name": "e-mail" }),
        ErrorCode::Invalid,
        "already",
    );
    let other = desk.ok("service_save", json!({ "name": "E Mail" }));
    assert_ne!(one["id"], other["id"], "every service has its own id");
    let renamed = desk.ok("service_save", json!({ "id": one["id"], "name": "Post" }));
    assert_eq!(
        (&renamed["id"], &renamed["name"]),
        (&one["id"], &json!("Post")),
        "an id stays"
    );
    desk.ok("service_remove", json!({ "id": one["id"] }));
    desk.fails(
        "service_remove",
        json!({ "id": one["id"] }),
        ErrorCode::NotFound,
        "directory",
    );
    assert_eq!(
        desk.ok("directory", json!({}))["directory"]["services"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "one is left"
    );

    let settings = json!({ "timezone": "Asia/Tokyo", "due_days": { "sev1": 3, "sev2": 7, "sev3": 14, "sev4": 30, "sev5": 30 }, "default_template": "short-review", "look_again_days": 14,
        "reminders": { "days_before": 5, "on_day": false, "every_days": 14, "weekends": "send", "hour": 8, "digest": "friday" } });
    desk.ok("settings_save", json!({ "settings": settings }));
    assert_eq!(
        desk.ok("directory", json!({}))["directory"]["settings"],
        settings,
        "settings are kept"
    );
    let made = desk.ok("postmortem_new", json!({}));
    let got = desk.ok("postmortem_get", made);
    assert_eq!(
        (&got["timezone"], &got["template"]),
        (&json!("Asia/Tokyo"), &json!("short-review")),
        "and used"
    );
    for (part, value, field) in [
        ("timezone", json!("Mars/Olympus"), "timezone"),
        ("default_template", json!("no-such"), "default_template"),
        ("due_days", json!({ "sev1": 0 }), "sev1"),
        ("reminders", json!({ "hour": 24 }), "hour"),
        ("reminders", json!({ "days_before": 366 }), "days_before"),
        ("reminders", json!({ "every_days": 366 }), "every_days"),
    ] {
        let mut broken = settings.clone();
        broken[part] = value;
        let error = desk.fails(
            "settings_save",
            json!({ "settings": broken }),
            ErrorCode::Invalid,
            "",
        );
        assert_eq!(
            error.field.as_deref(),
            Some(field),
            "the field of a bad {part}"
        );
    }
}

#[test]
fn broken_templates_are_refused_and_the_last_good_one_stays() {
    let desk = Desk::new();
    let list = desk.ok("template_list", json!({}));
    assert_eq!(list.as_array().map(Vec::len), Some(4), "four are built in");
    let source = text(&desk.ok("template_get", json!({ "id": "short-review" }))["source"]);
    assert_eq!(
        desk.ok("template_check", json!({ "id": "", "source": source }))["problems"],
        json!([]),
        "they are good"
    );
    desk.fails(
        "template_save",
        json!({ "id": "", "source": source }),
        ErrorCode::Conflict,
        "already",
    );
    let changed = source.replace("Short review", "Quick review");
    let row = desk.ok(
        "template_save",
        json!({ "id": "short-review", "source": changed }),
    );
    assert_eq!(
        (&row["changed"], &row["name"]),
        (&json!(true), &json!("Quick review")),
        "a built-in one can be changed"
    );
    let error = desk.fails(
        "template_save",
        json!({ "id": "short-review", "source": "no front matter" }),
        ErrorCode::Invalid,
        "Line 1",
    );
    assert_eq!(error.field.as_deref(), Some("source"), "with the field");
    let checked = desk.ok(
        "template_check",
        json!({ "id": "", "source": "no front matter" }),
    );
    assert_eq!(checked["problems"][0]["line"], 1, "and the line");
    assert_eq!(
        text(&desk.ok("template_get", json!({ "id": "short-review" }))["source"]),
        changed,
        "the last good one stays"
    );
    desk.ok("template_remove", json!({ "id": "short-review" }));
    assert_eq!(
        text(&desk.ok("template_get", json!({ "id": "short-review" }))["source"]),
        source,
        "removed, it is as it came"
    );
    desk.fails(
        "template_remove",
        json!({ "id": "short-review" }),
        ErrorCode::Refused,
        "comes with Debrief",
    );
    desk.fails(
        "template_remove",
        json!({ "id": "no-such" }),
        ErrorCode::NotFound,
        "no template",
    );
    desk.fails(
        "template_save",
        json!({ "id": "no-such", "source": source }),
        ErrorCode::NotFound,
        "no template",
    );
    desk.fails(
        "template_get",
        json!({ "id": "no-such" }),
        ErrorCode::NotFound,
        "no template",
    );
    let own = source
        .replace("short-review", "night-review")
        .replace("Short review", "Night review");
    let row = desk.ok("template_save", json!({ "id": "", "source": own }));
    assert_eq!(
        (&row["id"], &row["builtin"]),
        (&json!("night-review"), &json!(false)),
        "one of its own"
    );
    desk.ok("postmortem_new", json!({ "template": "night-review" }));
    desk.ok("template_remove", json!({ "id": "night-review" }));
    desk.fails(
        "template_check",
        json!({ "id": "", "source": "x".repeat(300 * 1024) }),
        ErrorCode::Invalid,
        "256 kB",
    );
}
