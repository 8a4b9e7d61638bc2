//! Exports, imports and images.

use std::path::PathBuf;

use api::{ApiError, ErrorCode, Shell};
use serde_json::{Value, json};

use super::{Desk, text};

#[test]
fn exports_are_whole_or_not_there() {
    let desk = Desk::new();
    let doc = desk.demo();
    let before = desk.ok("postmortem_get", json!({ "doc": doc }));
    for (format, mime) in [
        ("md", "text/markdown"),
        ("html", "text/html"),
        ("json", "application/json"),
    ] {
        let exported = desk.ok("export", json!({ "doc": doc, "format": format }));
        assert!(
            text(&exported["mime"]).starts_with(mime),
            "its type: {}",
            exported["mime"]
        );
        assert_eq!(
            exported["file_name"],
            format!("2026-11-10-login-page-outage.{format}"),
            "a name that fits"
        );
        let path = desk.path(&format!("out.{format}"));
        let saved = desk.ok(
            "export_save",
            json!({ "doc": doc, "format": format, "path": path }),
        );
        assert_eq!(saved["paths"], json!([path]), "what was written is told");
        if format != "html" {
            let file = std::fs::read_to_string(&path).expect("the file is there");
            let other = Desk::new();
            let imported = other.ok(
                "import",
                json!({ "file_name": format!("out.{format}"), "text": file }),
            );
            assert_eq!(
                other.ok("postmortem_get", json!({ "doc": imported["doc"] })),
                before,
                "{format} comes back equal"
            );
        }
    }
    let error = desk.fails(
        "export",
        json!({ "doc": doc, "format": "exe" }),
        ErrorCode::Invalid,
        "md, html, json",
    );
    assert_eq!(error.field.as_deref(), Some("format"), "with the field");
    for (path, says) in [
        (desk.path("no/such/x.md"), "does not exist"),
        (desk.folder.path().to_owned(), "is a folder"),
        (desk.path("out.md/x.md"), "not a folder"),
        (desk.path(&"x".repeat(300)), "too long"),
        (desk.path("data/workspace.debrief"), "workspace itself"),
        (PathBuf::from("/"), "does not name a file"),
        (PathBuf::from("/dev/full/x.md"), "not a folder"),
    ] {
        desk.fails(
            "export_save",
            json!({ "doc": doc, "format": "md", "path": path }),
            ErrorCode::Invalid,
            says,
        );
    }
    let left: Vec<String> = std::fs::read_dir(desk.folder.path())
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "nothing half-written is left");
    let versions = desk.ok("version_list", json!({ "doc": doc }));
    let exported: Vec<&Value> = versions
        .as_array()
        .into_iter()
        .flatten()
        .filter(|version| version["name"] == "exported Markdown")
        .collect();
    assert_eq!(
        exported.len(),
        1,
        "an export is a named version, once as long as nothing changes: {versions}"
    );
}

#[test]
fn images_go_along() {
    let desk = Desk::new();
    let doc = desk.demo();
    let image = b"\x89PNG\r\n\x1a\n and some bytes".to_vec();
    let hash = desk.api.put_blob(&image).expect("an image is kept");
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    room.edit("", |postmortem| {
        if let Some(event) = postmortem.timeline.first_mut() {
            event.image = Some(model::postmortem::Image {
                hash: hash.clone(),
                alt: "A chart".into(),
            });
        }
        Ok::<_, ApiError>(())
    })
    .expect("an edit");
    let before = desk.ok("postmortem_get", json!({ "doc": doc }));
    let saved = desk.ok(
        "export_save",
        json!({ "doc": doc, "format": "md", "path": desk.path("with image.md") }),
    );
    assert_eq!(
        saved["paths"].as_array().map(Vec::len),
        Some(2),
        "the image lies beside the Markdown: {saved}"
    );
    let bytes = std::fs::read(desk.path("with image.md")).expect("the file");
    let other = Desk::of(Shell::CommandLine);
    let imported =
        api::handlers::import_beside(&other.api, "with image.md", &bytes, desk.folder.path())
            .expect("it imports");
    assert_eq!(imported.notes, Vec::<String>::new(), "nothing was left out");
    assert_eq!(
        other.ok("postmortem_get", json!({ "doc": imported.doc })),
        before,
        "it comes back equal"
    );
    assert_eq!(
        other
            .api
            .blob(&hash)
            .expect("it can be looked for")
            .map(|blob| blob.1),
        Some(image.clone()),
        "with its image"
    );
    let alone = Desk::new();
    let text = String::from_utf8(bytes).expect("text");
    let imported = alone.ok(
        "import",
        json!({ "file_name": "with image.md", "text": text }),
    );
    assert!(
        imported["notes"]
            .as_array()
            .is_some_and(|notes| !notes.is_empty()),
        "without the folder, a note says so"
    );
    let inside = desk.ok("export", json!({ "doc": doc, "format": "json" }));
    let third = Desk::new();
    third.ok(
        "import",
        json!({ "file_name": "x.json", "text": inside["text"] }),
    );
    assert_eq!(
        third
            .api
            .blob(&hash)
            .expect("it can be looked for")
            .map(|blob| blob.1),
        Some(image),
        "JSON carries it inside"
    );
    assert!(
        desk.api
            .preview(&doc)
            .expect("a preview")
            .contains("data:image"),
        "so does the page"
    );
    for bad in [&b"<svg/>"[..], b"", b"GIF8", b"%PDF-1.7"] {
        assert_eq!(
            desk.api.put_blob(bad).map_err(|error| error.code),
            Err(ErrorCode::Invalid),
            "{bad:?} is no image"
        );
    }
    assert_eq!(
        desk.api.blob("../../etc/passwd").expect("it can be asked"),
        None,
        "a path is no image"
    );
}

#[test]
fn imports_meet_whom_they_know() {
    let desk = Desk::new();
    let doc = desk.demo();
    let text = desk.ok("export", json!({ "doc": doc, "format": "json" }))["text"].clone();
    let other = Desk::new();
    let cathy = other.ok("person_save", json!({ "name": "Cathy Lind" }));
    let imported = other.ok("import", json!({ "file_name": "x.json", "text": text }));
    let got = other.ok("postmortem_get", json!({ "doc": imported["doc"] }));
    assert_eq!(
        got["review_owner"], cathy["id"],
        "somebody of the same name is the same person"
    );
    let people = other.ok("directory", json!({}))["directory"]["people"].clone();
    let cathys = people
        .as_array()
        .into_iter()
        .flatten()
        .filter(|person| person["name"] == "Cathy Lind")
        .count();
    assert_eq!(cathys, 1, "and there is one of her");
    let again = other.ok("import", json!({ "file_name": "x.json", "text": text }));
    assert_ne!(
        again["doc"], imported["doc"],
        "the same file again is another postmortem"
    );
    assert_eq!(
        other.ok("directory", json!({}))["directory"]["people"],
        people,
        "of the same people"
    );
    for (name, text) in [
        ("x.json", "{".to_owned()),
        ("x.json", "[]".into()),
        ("x.json", format!("{{\"a\":{}", "[".repeat(200_000))),
        ("x.md", "\u{0}\u{1}".into()),
    ] {
        let error = other.fails(
            "import",
            json!({ "file_name": name, "text": text }),
            ErrorCode::Invalid,
            "",
        );
        assert_eq!(
            error.field.as_deref(),
            Some("text"),
            "the field of {name}: {error:?}"
        );
    }
    assert_eq!(
        other.ok("postmortem_list", json!({}))["total"],
        2,
        "nothing of these was imported"
    );
}
