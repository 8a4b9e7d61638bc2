//! Changing, trying and restoring the templates of exported pages.

use api::ErrorCode;
use serde_json::{Value, json};

use super::{Desk, text};

const OURS: &str = "<main><h1>Read me: {{ title }}</h1></main>";

fn of<'a>(all: &'a Value, id: &str) -> &'a Value {
    let mut rows = all.as_array().expect("a list").iter();
    rows.find(|row| row["id"] == id)
        .expect("the page is listed")
}

fn page(desk: &Desk, doc: &str, format: &str) -> String {
    text(
        &desk.ok(
            "export",
            json!({ "doc": doc, "format": format, "preview": true }),
        )["text"],
    )
}

#[test]
fn a_changed_template_makes_the_page_until_it_is_restored() {
    let desk = Desk::new();
    let doc = desk.demo();
    let all = desk.ok("export_templates", json!({}));
    assert_eq!(
        all.as_array().map(Vec::len),
        Some(4),
        "there are four pages"
    );
    let before = page(&desk, &doc, "html");
    desk.ok(
        "export_template_save",
        json!({ "id": "postmortem", "source": OURS }),
    );
    let all = desk.ok("export_templates", json!({}));
    assert_eq!(
        of(&all, "postmortem")["own"],
        OURS,
        "the list says what it was changed to"
    );
    assert_eq!(
        of(&all, "post")["own"],
        Value::Null,
        "the others are as they came"
    );
    let heading = "<h1>Read me: Login page outage</h1>";
    assert!(
        page(&desk, &doc, "html").contains(heading),
        "exports are made from it"
    );
    assert!(
        desk.api.preview(&doc).expect("a page").contains(heading),
        "and previews"
    );
    let roles = desk.ok(
        "export",
        json!({ "doc": doc, "format": "html", "preview": true, "anonymise": true }),
    );
    assert!(
        text(&roles["text"]).contains("<h1>Read me:"),
        "and pages with roles in place of names"
    );
    let paper = desk.ok(
        "export",
        json!({ "doc": doc, "format": "pdf", "preview": true }),
    );
    assert!(paper["base64"].is_string(), "a PDF is set from it, too");
    let path = desk.path("page.html");
    desk.ok(
        "export_save",
        json!({ "doc": doc, "format": "html", "path": path }),
    );
    let saved = std::fs::read_to_string(&path).expect("the file was written");
    assert!(saved.contains(heading), "a saved file is made from it");
    assert!(
        !page(&desk, &doc, "post-html").contains("Read me"),
        "other pages stay"
    );
    desk.ok("export_template_restore", json!({ "id": "postmortem" }));
    assert_eq!(
        page(&desk, &doc, "html"),
        before,
        "restored, the page is as it was"
    );
    desk.fails(
        "export_template_restore",
        json!({ "id": "postmortem" }),
        ErrorCode::Refused,
        "nothing to restore",
    );
    let builtin = text(&of(&all, "post")["builtin"]);
    desk.ok(
        "export_template_save",
        json!({ "id": "post", "source": builtin }),
    );
    assert_eq!(
        of(&desk.ok("export_templates", json!({})), "post")["own"],
        Value::Null,
        "one that is equal to ours is ours, and follows it when it gets better"
    );
}

#[test]
fn every_page_is_made_from_its_own_template() {
    let desk = Desk::new();
    let doc = desk.demo();
    let scope = json!({ "scope": { "from": "2026-06-01", "to": "2026-11-30" } });
    for id in ["postmortem", "one-summary", "post", "summary"] {
        desk.ok(
            "export_template_save",
            json!({ "id": id, "source": format!("<main><h1>Ours for {id}</h1></main>") }),
        );
    }
    for (format, id) in [
        ("html", "postmortem"),
        ("summary-html", "one-summary"),
        ("post-html", "post"),
    ] {
        assert!(
            page(&desk, &doc, format).contains(&format!("<h1>Ours for {id}</h1>")),
            "{format} is made from {id}"
        );
    }
    let heading = "<h1>Ours for summary</h1>";
    let request = json!({ "request": scope, "format": "html" });
    let summary = text(&desk.ok("summary_export", request.clone())["text"]);
    assert!(summary.contains(heading), "a period's page, too");
    let path = desk.path("summary.html");
    let mut save = request;
    save["path"] = json!(path);
    desk.ok("summary_save", save);
    let saved = std::fs::read_to_string(&path).expect("the file was written");
    assert!(saved.contains(heading), "also in a file");
    let looked = text(&desk.ok("summary_page", scope)["page"]);
    assert!(
        desk.api
            .preview(&looked)
            .expect("it is kept")
            .contains(heading),
        "and when it is looked at"
    );
}

#[test]
fn broken_ones_are_refused_and_the_last_good_one_stays() {
    let desk = Desk::new();
    let doc = desk.demo();
    desk.ok(
        "export_template_save",
        json!({ "id": "postmortem", "source": OURS }),
    );
    let broken = "<main>\n<script>alert(1)</script></main>";
    let error = desk.fails(
        "export_template_save",
        json!({ "id": "postmortem", "source": broken }),
        ErrorCode::Invalid,
        "Line 2: The element <script> is not allowed",
    );
    assert_eq!(error.field.as_deref(), Some("source"), "with the field");
    let tried = desk.ok(
        "export_template_try",
        json!({ "id": "postmortem", "source": broken }),
    );
    assert_eq!(
        (&tried["problems"][0]["line"], &tried["page"]),
        (&json!(2), &Value::Null),
        "trying tells the line and makes no page"
    );
    let tried = desk.ok(
        "export_template_try",
        json!({ "id": "summary", "source": "<main><h1>{{ period }}</h1></main>" }),
    );
    assert_eq!(tried["problems"], json!([]), "a good one has no problems");
    let looked = desk.api.preview(&text(&tried["page"])).expect("it is kept");
    assert!(
        looked.contains("<h1>June to November 2026</h1>"),
        "and its page of example data can be looked at: {looked}"
    );
    for source in [
        "<main>{% include 'x' %}</main>",
        "<main>{{ title|safe }}</main>",
        "",
    ] {
        let request = json!({ "id": "postmortem", "source": source });
        assert!(
            desk.call("export_template_save", request).is_err(),
            "{source} is refused"
        );
    }
    assert!(
        page(&desk, &doc, "html").contains("Read me:"),
        "the last good one stays"
    );
    for command in ["export_template_save", "export_template_try"] {
        desk.fails(
            command,
            json!({ "id": "no-such", "source": OURS }),
            ErrorCode::NotFound,
            "postmortem, one-summary, post, summary",
        );
        desk.fails(
            command,
            json!({ "id": "post", "source": "x".repeat(200 * 1024) }),
            ErrorCode::Invalid,
            "128 kB",
        );
    }
}

#[test]
fn one_that_fails_later_says_so_and_writes_nothing() {
    let desk = Desk::new();
    let doc = desk.demo();
    // As another replica or a newer Debrief could have stored it.
    desk.api
        .rooms()
        .edit_directory("", |directory| {
            directory
                .export_templates
                .push(model::directory::StoredTemplate {
                    id: "postmortem".into(),
                    source: "<main>\n{{ something_new }}</main>".into(),
                });
            Ok::<_, api::ApiError>(())
        })
        .expect("the directory takes it");
    let path = desk.path("page.html");
    let error = desk.fails(
        "export_save",
        json!({ "doc": doc, "format": "html", "path": path }),
        ErrorCode::Refused,
        "“Postmortem” fails in line 2",
    );
    assert!(
        error.message.contains("restore the built-in one"),
        "and what can be done: {}",
        error.message
    );
    assert!(!path.exists(), "nothing half-written is left");
    assert!(
        page(&desk, &doc, "md").contains("Login page outage"),
        "other formats go on"
    );
}

#[test]
fn one_that_cannot_be_set_on_paper_is_refused() {
    let desk = Desk::new();
    let doc = desk.demo();
    for svg in [
        "<svg viewBox=\"0 0 0 0\" width=\"0\" height=\"0\"></svg>",
        "<svg width=\"-5\" height=\"-5\"></svg>",
    ] {
        for id in ["postmortem", "summary"] {
            let error = desk.fails(
                "export_template_save",
                json!({ "id": id, "source": format!("<main><h1>Ours</h1>{svg}</main>") }),
                ErrorCode::Invalid,
                "cannot be set on paper",
            );
            assert!(
                error.field.as_deref() == Some("source") && error.message.ends_with('.'),
                "every PDF would fail later, so it is said in sentences at once: {}",
                error.message
            );
        }
    }
    assert!(
        !page(&desk, &doc, "html").contains("Ours"),
        "the page is made as before"
    );
}

#[test]
fn the_directory_does_not_carry_export_templates() {
    let desk = Desk::new();
    desk.ok(
        "export_template_save",
        json!({ "id": "postmortem", "source": OURS }),
    );
    let view = desk.ok("directory", json!({}));
    assert_eq!(
        view["directory"]["export_templates"],
        json!([]),
        "they can be half a megabyte, and export_templates tells them to whoever needs them"
    );
    assert_eq!(
        of(&desk.ok("export_templates", json!({})), "postmortem")["own"],
        OURS,
        "they are still there"
    );
}
