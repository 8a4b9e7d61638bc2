//! Published copies: frozen, compared with what they were made from, published anew.

use api::ErrorCode;
use serde_json::{Value, json};

use super::{Desk, text};

fn november(audience: &str) -> Value {
    json!({
        "kind": "period",
        "request": {
            "scope": { "from": "2026-11-01", "to": "2026-11-30", "audience": audience },
            "anonymise": true,
        },
    })
}

fn publish(desk: &Desk, what: &Value) -> Value {
    desk.ok("publish", json!({ "what": what }))
}

fn difference(desk: &Desk, copy: &Value) -> Value {
    desk.ok("published_difference", json!({ "id": copy["id"] }))
}

/// A change as "place: before → after".
fn told(difference: &Value) -> Vec<String> {
    let said = |change: &Value, without: &str| -> String {
        let pieces = change["pieces"].as_array().expect("pieces");
        let kept = pieces.iter().filter(|piece| piece["kind"] != without);
        kept.map(|piece| text(&piece["text"])).collect()
    };
    let changes = difference["changes"].as_array().expect("changes").iter();
    changes
        .map(|change| {
            format!(
                "{}: {} → {}",
                text(&change["place"]),
                said(change, "added"),
                said(change, "removed")
            )
        })
        .collect()
}

/// The service is said to be restored five minutes later than it was.
fn restored_later(desk: &Desk, doc: &str) {
    let room = desk.api.live(doc).expect("the room");
    let minutes = chrono::Duration::minutes(5);
    room.edit("", |postmortem| {
        let anchor = postmortem
            .anchors
            .get_mut(&model::postmortem::AnchorKey::T6)
            .expect("the example has a T6");
        anchor.at = anchor.at.map(|at| at + minutes);
        Ok::<_, api::ApiError>(())
    })
    .expect("the edit");
    desk.api.save().expect("saved");
}

#[test]
fn a_copy_is_frozen_and_says_when_a_figure_has_changed() {
    let desk = Desk::new();
    let doc = desk.demo();
    desk.set_me("Cathy Lindqvist");
    let what = november("company");
    let first = publish(&desk, &what);
    assert_eq!(
        (
            &first["kind"],
            &first["readers"],
            &first["doc"],
            &first["at"]
        ),
        (
            &json!("period"),
            &json!("company"),
            &Value::Null,
            &json!("2026-11-16T11:00:00Z")
        ),
        "it says of what, for whom and when"
    );
    assert_eq!(first["by"], "Cathy Lindqvist", "and by whom");
    assert_eq!(
        first["title"], "November 2026",
        "a period is called by itself"
    );
    assert_eq!(
        difference(&desk, &first),
        json!({ "state": "up_to_date", "changes": [] }),
        "nothing has changed"
    );
    let shown = desk.ok("published_page", json!({ "id": first["id"] }));
    let page = desk.api.preview(&text(&shown["page"])).expect("the page");

    restored_later(&desk, &doc);
    let now = difference(&desk, &first);
    assert_eq!(now["state"], "out_of_date", "a figure that it used changed");
    let changes = told(&now);
    assert!(
        changes
            .iter()
            .any(|change| change.contains("20 min") && change.contains("25 min")),
        "the difference has the old and the new figure: {changes:?}"
    );
    let again = desk.ok("published_page", json!({ "id": first["id"] }));
    assert_eq!(
        desk.api.preview(&text(&again["page"])).expect("the page"),
        page,
        "the copy is what it was"
    );

    let second = desk.ok("publish_anew", json!({ "id": first["id"] }));
    assert_eq!(
        second["replaces"], first["at"],
        "it takes the first one's place"
    );
    assert_eq!(
        difference(&desk, &second)["state"],
        "up_to_date",
        "it has the new figures"
    );
    let list = desk.ok("published", json!({}));
    assert_eq!(
        (
            &list["total"],
            &list["copies"][1]["id"],
            &list["copies"][1]["replaced"]
        ),
        (&json!(2), &first["id"], &second["at"]),
        "the first one is kept"
    );
    assert_eq!(
        publish(&desk, &november("executives"))["replaces"],
        Value::Null,
        "what others read takes nobody's place"
    );
    assert_eq!(
        publish(&desk, &what)["replaces"],
        second["at"],
        "the same scope does, also when it is chosen again"
    );
}

#[test]
fn whatever_the_page_shows_makes_a_copy_out_of_date() {
    let desk = Desk::new();
    desk.ok("demo_new", json!({ "year": true }));
    let what = json!({
        "kind": "period",
        "request": {
            "scope": { "from": "2026-06-01", "to": "2026-11-30", "audience": "executives" },
            "anonymise": true,
        },
    });
    let rows = desk.ok("postmortem_list", json!({}));
    let rows = rows["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 15, "the year is there");
    for row in rows {
        if row["total"].is_null() {
            continue;
        }
        let copy = publish(&desk, &what);
        restored_later(&desk, &text(&row["id"]));
        assert_eq!(
            difference(&desk, &copy)["state"],
            "out_of_date",
            "{} is a dot with its length in the chart",
            row["title"]
        );
    }
}

#[test]
fn what_is_not_counted_makes_no_copy_out_of_date() {
    let desk = Desk::new();
    desk.demo();
    let copies = ["company", "customers"].map(|readers| publish(&desk, &november(readers)));
    desk.ok("postmortem_new", json!({}));
    for copy in copies {
        assert_eq!(
            difference(&desk, &copy),
            json!({ "state": "up_to_date", "changes": [] }),
            "a postmortem without a date is in no figure"
        );
    }
}

#[test]
fn a_copy_with_names_takes_not_the_place_of_one_with_roles() {
    let desk = Desk::new();
    desk.demo();
    let roles = november("company");
    let mut names = roles.clone();
    names["request"]["anonymise"] = json!(false);
    let first = publish(&desk, &roles);
    assert_eq!(
        publish(&desk, &names)["replaces"],
        Value::Null,
        "whoever has the copy with roles still has it"
    );
    assert_eq!(
        publish(&desk, &roles)["replaces"],
        first["at"],
        "another one with roles takes its place"
    );
}

#[test]
fn copies_of_one_postmortem_are_kept_with_it() {
    let desk = Desk::new();
    let doc = desk.demo();
    let summary = publish(
        &desk,
        &json!({ "kind": "summary", "doc": doc, "anonymise": true }),
    );
    let post = publish(&desk, &json!({ "kind": "post", "doc": doc }));
    assert_eq!(
        (&summary["readers"], &post["readers"]),
        (&json!("company"), &json!("customers")),
        "the summary is for the company, the post for customers"
    );
    let of =
        |kind: Value| desk.ok("published", json!({ "doc": doc, "kind": kind }))["total"].clone();
    assert_eq!(
        (of(Value::Null), of(json!("post"))),
        (json!(2), json!(1)),
        "both are listed with their postmortem, and by kind"
    );
    let versions = desk.ok("version_list", json!({ "doc": doc })).to_string();
    assert!(
        versions.contains("published the summary")
            && versions.contains("published the post for customers"),
        "the state that they were made from has its place in the history: {versions}"
    );
    for copy in [&summary, &post] {
        assert_eq!(
            difference(&desk, copy)["state"],
            "up_to_date",
            "nothing has changed yet"
        );
    }
    restored_later(&desk, &doc);
    for copy in [&summary, &post] {
        let now = difference(&desk, copy);
        assert_eq!(now["state"], "out_of_date", "both tell when it was over");
        assert!(!told(&now).is_empty(), "and what they say otherwise");
    }

    let anew = desk.ok("publish_anew", json!({ "id": post["id"] }));
    let room = desk.api.live(&doc).expect("the room");
    room.edit("", |postmortem| {
        postmortem.severity = Some(model::postmortem::Severity::Sev4);
        Ok::<_, api::ApiError>(())
    })
    .expect("the edit");
    let changes = told(&difference(&desk, &anew));
    assert_eq!(
        changes,
        ["At the top: major impact, resolved → minor impact, resolved"],
        "the page says how bad it was, beside its text"
    );

    desk.ok("postmortem_trash", json!({ "doc": doc }));
    desk.ok("postmortem_erase", json!({ "doc": doc }));
    assert_eq!(
        difference(&desk, &summary)["state"],
        "source_gone",
        "a copy whose postmortem was erased says so"
    );
    let shown = desk.ok("published_page", json!({ "id": summary["id"] }));
    assert_eq!(shown["copy"]["source_gone"], true, "and can be read");
    desk.fails(
        "publish_anew",
        json!({ "id": summary["id"] }),
        ErrorCode::Refused,
        "has been erased",
    );
}

#[test]
fn a_copy_leaves_as_the_file_it_was_and_can_be_withdrawn() {
    let desk = Desk::new();
    desk.demo();
    let copy = publish(&desk, &november("company"));
    let shown = desk.ok("published_page", json!({ "id": copy["id"] }));
    let page = desk.api.preview(&text(&shown["page"])).expect("the page");
    for format in ["html", "md", "pdf"] {
        let ask = json!({ "id": copy["id"], "format": format });
        let exported = desk.ok("published_export", ask);
        let file = text(&exported["file_name"]);
        assert_eq!(
            file,
            format!("incident-summary-2026-11-roles-published-2026-11-16.{format}"),
            "the file says that it was published and when"
        );
        let path = desk.path(&file);
        desk.ok(
            "published_save",
            json!({ "id": copy["id"], "format": format, "path": path.to_str() }),
        );
        let written = std::fs::read(&path).expect("the file is there");
        assert!(
            format == "pdf" && written.starts_with(b"%PDF-") && exported["base64"].is_string()
                || written == text(&exported["text"]).as_bytes(),
            "the file is what was answered"
        );
        assert!(
            format != "html" || written == page.as_bytes(),
            "the web page is the one that was frozen"
        );
    }
    desk.fails(
        "published_export",
        json!({ "id": copy["id"], "format": "doc" }),
        ErrorCode::Invalid,
        "choose one of html, pdf, md",
    );
    desk.ok("published_delete", json!({ "id": copy["id"] }));
    assert_eq!(desk.ok("published", json!({}))["total"], 0, "it is gone");
    for command in [
        "published_page",
        "published_difference",
        "publish_anew",
        "published_delete",
    ] {
        desk.fails(
            command,
            json!({ "id": copy["id"] }),
            ErrorCode::NotFound,
            "published copy",
        );
    }
}
