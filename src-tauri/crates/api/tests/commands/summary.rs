//! The summary of a period.

use api::ErrorCode;
use serde_json::json;

use super::{Desk, text};

#[test]
fn a_period_is_summed_up_for_an_audience() {
    let desk = Desk::new();
    let doc = desk.demo();
    let scope = json!({ "from": "2026-11-01", "to": "2026-11-30", "focus": doc });
    let summary = desk.ok("summary", json!({ "scope": scope }));
    assert_eq!(
        summary["headline"]["title"], "1 incident",
        "the example is one incident, of whose action items none is done"
    );
    assert_eq!(
        summary["made_on"], "2026-11-16",
        "it is as of the desk's day"
    );
    assert_eq!(
        (
            &summary["actions"]["opened"],
            &summary["first_noticed"]["by_customers"]
        ),
        (&json!(10), &json!(1)),
        "with its ten action items; customers noticed first"
    );
    assert!(
        text(&summary["durations"][0]["note"]["definition"]).contains("(T0)"),
        "every figure says what it is"
    );
    let focus = text(&summary["focus"]["text"]);
    assert!(
        focus.contains("Nobody could sign in"),
        "the postmortem in focus is told"
    );

    let outside =
        json!({ "from": "2026-11-01", "to": "2026-11-30", "focus": doc, "audience": "customers" });
    let summary = desk.ok("summary", json!({ "scope": outside }));
    assert_eq!(
        (&summary["actions"]["opened"], &summary["focus"]["text"]),
        (&json!(3), &json!("")),
        "customers see the three action items that are marked for them, and no section"
    );

    let other = json!({ "from": "2026-11-01", "to": "2026-11-30", "services": ["billing"] });
    let summary = desk.ok("summary", json!({ "scope": other }));
    assert_eq!(
        summary["headline"]["title"], "No incidents",
        "nothing of another service"
    );
}

#[test]
fn people_are_called_by_their_roles() {
    let desk = Desk::new();
    let doc = desk.demo();
    let scope = json!({ "from": "2026-11-01", "to": "2026-11-30", "focus": doc });
    let named = desk.ok("summary", json!({ "scope": scope })).to_string();
    assert!(
        named.contains("Cathy"),
        "an update that customers could read names Cathy, so there is something to replace"
    );
    let anonymous = desk
        .ok("summary", json!({ "scope": scope, "anonymise": true }))
        .to_string();
    for name in [
        "Gary", "Cathy", "Greg", "Debby", "Bill", "Tanaka", "Haddad", "Jonas",
    ] {
        assert!(!anonymous.contains(name), "{name} can be read nowhere");
    }
}

#[test]
fn a_period_must_be_one() {
    let desk = Desk::new();
    for (scope, field, says) in [
        (
            json!({ "from": "2026-11-30", "to": "2026-11-01" }),
            "to",
            "ends before it begins",
        ),
        (
            json!({ "from": "0001-01-01", "to": "2026-11-01" }),
            "from",
            "A day between",
        ),
        (
            json!({ "from": "2026-01-01", "to": "+50000-11-01" }),
            "to",
            "A day between",
        ),
        (
            json!({ "from": "2026-01-01", "to": "2026-11-01", "services": vec!["s"; 1001] }),
            "services",
            "At most 1,000",
        ),
    ] {
        let error = desk.fails(
            "summary",
            json!({ "scope": scope }),
            ErrorCode::Invalid,
            says,
        );
        assert_eq!(
            error.field.as_deref(),
            Some(field),
            "the field to mend is named"
        );
    }
}

#[test]
fn a_summary_is_looked_at_and_leaves_in_every_format() {
    let desk = Desk::new();
    desk.ok("demo_new", json!({ "year": true }));
    let request = json!({
        "scope": { "from": "2026-06-01", "to": "2026-11-30" },
        "anonymise": true,
    });
    let made = desk.ok("summary_page", request.clone());
    assert_eq!(made["postmortems"], 15, "the sample year is counted whole");
    let names: Vec<String> = desk.ok("directory", json!({}))["directory"]["people"]
        .as_array()
        .expect("people")
        .iter()
        .map(|person| text(&person["name"]))
        .collect();
    let page = desk
        .api
        .preview(&text(&made["page"]))
        .expect("the page can be looked at");
    assert!(
        page.contains("15 incidents, 58 improvements made"),
        "it says what happened in figures"
    );
    for name in &names {
        assert!(!page.contains(name.as_str()), "{name} is not on the page");
    }
    for format in ["html", "md", "csv", "json", "pdf"] {
        let ask = json!({ "request": request, "format": format });
        let exported = desk.ok("summary_export", ask);
        let file = text(&exported["file_name"]);
        assert_eq!(
            file,
            format!("incident-summary-2026-06-to-2026-11-roles.{format}"),
            "the file is named after its months and says that names are not in it"
        );
        assert_eq!(
            exported["base64"].is_string(),
            format == "pdf",
            "only a PDF is no text"
        );
        let path = desk.folder.path().join(&file);
        desk.ok(
            "summary_save",
            json!({ "request": request, "format": format, "path": path.to_str() }),
        );
        let written = std::fs::read(&path).expect("the file is there");
        assert!(
            format == "pdf" && written.starts_with(b"%PDF-")
                || written == text(&exported["text"]).as_bytes(),
            "the file is what was answered"
        );
    }
    desk.fails(
        "summary_export",
        json!({ "request": request, "format": "doc" }),
        ErrorCode::Invalid,
        "choose one of html, md, csv, json, pdf",
    );
}
