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
fn exports_have_roles_instead_of_names() {
    let desk = Desk::new();
    let doc = desk.demo();
    let people = desk.api.directory().people.clone();
    assert!(!people.is_empty(), "the example has people");
    for format in ["md", "html", "json"] {
        let asked = json!({ "doc": doc, "format": format, "anonymise": true });
        let exported = desk.ok("export", asked);
        let page = text(&exported["text"]);
        for person in &people {
            for name in [&person.id, &person.name, &person.short_name, &person.email] {
                assert!(!page.contains(name), "{name} is not in the {format}");
            }
            let handle = format!("@{}", person.handle);
            assert!(!page.contains(&handle), "nor is {handle}");
        }
        assert!(
            exported["roles"]["names"].as_u64() > Some(10),
            "what was replaced is told"
        );
        if format != "html" {
            let other = Desk::new();
            let imported = other.ok(
                "import",
                json!({ "file_name": format!("out.{format}"), "text": page }),
            );
            let again = other.ok("postmortem_get", json!({ "doc": imported["doc"] }));
            assert_eq!(
                again["participants"][1]["name"], "First responder",
                "it can be imported: {imported}"
            );
        }
    }
    let exported = desk.ok("export", json!({ "doc": doc, "format": "md" }));
    assert_eq!(
        exported["roles"],
        Value::Null,
        "nothing to tell when names stay"
    );
    let path = desk.path("roles.md");
    let saved = desk.ok(
        "export_save",
        json!({ "doc": doc, "format": "md", "path": path, "anonymise": true, "keep_owners": true }),
    );
    assert!(saved["roles"]["replacements"].is_array(), "told here, too");
    let page = std::fs::read_to_string(&path).expect("the file is there");
    assert!(
        page.contains("Owner: Mei Tanaka"),
        "owners stay where asked"
    );
    let preview = desk.api.preview(&format!("{doc}.roles")).expect("a page");
    assert!(!preview.contains("Cathy"), "a preview has roles, too");
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
    assert_eq!(
        imported["notes"],
        json!([
            "1 image lies beside the file and did not come along. Choose the file itself, or import it with `debrief import`, to bring its image along."
        ]),
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

#[cfg(unix)]
#[test]
fn exports_replace_nothing_that_must_stay() {
    use std::io::Read;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let desk = Desk::new();
    let doc = desk.demo();
    let save = |name: &str| {
        desk.call(
            "export_save",
            json!({ "doc": doc, "format": "md", "path": desk.path(name) }),
        )
    };
    std::fs::write(desk.path("real.md"), "old").expect("a file");
    std::fs::set_permissions(desk.path("real.md"), PermissionsExt::from_mode(0o640))
        .expect("a mode");
    symlink("real.md", desk.path("link.md")).expect("a link");
    let saved = save("link.md").expect("a link leads to its file");
    assert_eq!(
        saved["paths"],
        json!([desk.path("real.md").canonicalize().expect("it is there")]),
        "what was written is the file itself"
    );
    assert!(desk.path("link.md").is_symlink(), "the link stays one");
    let mode = std::fs::metadata(desk.path("real.md"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640, "who may read it stays");
    let made = std::process::Command::new("mkfifo")
        .arg(desk.path("pipe"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success(), "there is a pipe");
    let pipe = desk.path("pipe");
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::fs::File::open(pipe)
            .and_then(|mut pipe| pipe.read_to_string(&mut text))
            .map(|_| text)
    });
    save("pipe").expect("a pipe takes the text");
    let read = reader.join().expect("it reads").expect("text");
    assert!(read.contains("# "), "whoever reads the pipe has the export");
    assert!(
        std::fs::symlink_metadata(desk.path("pipe"))
            .expect("it is there")
            .file_type()
            .is_fifo(),
        "the pipe stays one"
    );
    std::fs::write(desk.path("kept.md"), "kept").expect("a file");
    std::fs::set_permissions(desk.path("kept.md"), PermissionsExt::from_mode(0o400))
        .expect("a mode");
    std::fs::write(desk.path("other.debrief"), b"SQLite format 3\0 and more").expect("a file");
    std::fs::write(desk.path("other.debrief-wal"), b"its newest part").expect("a file");
    symlink("other.debrief", desk.path("hidden.md")).expect("a link");
    symlink("nowhere", desk.path("dangling.md")).expect("a link");
    for (name, says) in [
        ("kept.md", "may not be written to"),
        ("other.debrief", "another database"),
        ("other.debrief-wal", "belongs to the database"),
        ("other.debrief-shm", "belongs to the database"),
        ("hidden.md", "another database"),
        ("dangling.md", "leads nowhere"),
    ] {
        let before = std::fs::read(desk.path(name)).ok();
        desk.fails(
            "export_save",
            json!({ "doc": doc, "format": "md", "path": desk.path(name) }),
            ErrorCode::Invalid,
            says,
        );
        assert_eq!(
            std::fs::read(desk.path(name)).ok(),
            before,
            "{name} is as it was"
        );
    }
}

#[cfg(unix)]
#[test]
fn images_are_never_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let doc = desk.demo();
    let hash = desk
        .api
        .put_blob(b"\x89PNG\r\n\x1a\n and some bytes")
        .expect("an image is kept");
    let room = desk.api.rooms().room(&doc).expect("the room opens");
    room.edit("", |postmortem| {
        if let Some(event) = postmortem.timeline.first_mut() {
            event.image = Some(model::postmortem::Image {
                hash: hash.clone(),
                alt: String::new(),
            });
        }
        Ok::<_, ApiError>(())
    })
    .expect("an edit");
    std::fs::create_dir(desk.path("elsewhere")).expect("a folder");
    symlink("elsewhere", desk.path("p-images")).expect("a link");
    std::fs::write(desk.path("q-images"), "a file").expect("a file");
    std::fs::create_dir(desk.path("r-images")).expect("a folder");
    symlink("../victim", desk.path(&format!("r-images/{hash}.png"))).expect("a link");
    std::fs::write(desk.path("victim"), "untouched").expect("a file");
    for (name, says) in [
        ("p.md", "is a link"),
        ("q.md", "a file stands in its place"),
        ("r.md", "is a link"),
    ] {
        desk.fails(
            "export_save",
            json!({ "doc": doc, "format": "md", "path": desk.path(name) }),
            ErrorCode::Invalid,
            says,
        );
        assert!(
            !desk.path(name).exists(),
            "{name} is not written without its images"
        );
    }
    assert_eq!(
        std::fs::read_to_string(desk.path("victim")).expect("it is there"),
        "untouched",
        "what the link leads to is as it was"
    );
}

fn import(desk: &Desk, file: &Value) -> Result<Value, ApiError> {
    desk.call(
        "import",
        json!({ "file_name": "x.json", "text": file.to_string() }),
    )
}

#[test]
fn an_import_of_many_people_takes_no_time_and_has_a_limit() {
    let desk = Desk::new();
    let people = |many: usize| -> Vec<Value> {
        (0..many)
            .map(|n| json!({ "id": format!("person-{n:06}"), "name": format!("Person {n}") }))
            .collect()
    };
    let file = |many: usize| json!({ "format": "debrief/1", "postmortem": { "title": "x" }, "people": people(many) });
    let started = std::time::Instant::now();
    import(&desk, &file(2_000)).expect("as many as there may be");
    import(&desk, &file(2_000)).expect("whom the workspace knows");
    assert!(
        started.elapsed().as_secs() < 20,
        "people are found, not looked for: {:?}",
        started.elapsed()
    );
    let known = desk.ok("directory", json!({}))["directory"]["people"].clone();
    assert_eq!(
        known.as_array().map(Vec::len),
        Some(2_000),
        "each of them once"
    );
    let error = import(&desk, &file(2_001)).expect_err("too many");
    assert!(
        error.message.contains("2,000"),
        "it says how many: {error:?}"
    );
}

#[test]
fn an_import_takes_nothing_that_the_app_refuses() {
    let desk = Desk::new();
    let file = json!({
        "format": "debrief/1",
        "postmortem": {
            "title": "x",
            "timezone": "Mars/X",
            "services": ["Log In"],
            "review_owner": "No Good",
            "impact": [{ "id": "i1", "text": "a", "at": { "at": "2026-11-10T16:05:00Z", "zone": "Nowhere", "precision": "exact" } }],
            "anchors": { "t0": { "at": "+12000-01-01T00:00:00Z", "precision": "exact", "source": "" } },
            "timeline": [{ "id": "e1", "text": "a", "at": { "at": "2026-11-10T16:05:00Z", "zone": "Nope", "precision": "exact" } }],
            "actions": [
                { "id": "a1", "number": 3, "text": "one", "due": "+99999-01-01", "owner": "left-out" },
                { "id": "a2", "number": 3, "text": "two", "due": "2026-12-01" },
            ],
        },
        "people": [
            { "id": "No Good", "name": "  Ann\nLee ", "email": "nobody" },
            { "id": "left-out", "name": "x".repeat(500) },
        ],
        "services": [{ "id": "Log In", "name": "Login" }],
    });
    let imported = import(&desk, &file).expect("the rest of it imports");
    let notes = imported["notes"].to_string();
    for says in [
        "Mars/X",
        "Nope",
        "the zone of impact fact 1",
        "A time of “Impact starts”",
        "+99999-01-01",
        "A3 stood there twice",
        "no e-mail address",
        "not taken into the people",
    ] {
        assert!(
            notes.contains(says),
            "a note must tell of {says:?}: {notes}"
        );
    }
    let got = desk.ok("postmortem_get", json!({ "doc": imported["doc"] }));
    assert_ne!(got["timezone"], "Mars/X", "a zone is one");
    assert_eq!(
        got["timeline"][0]["at"]["zone"], got["timezone"],
        "the postmortem's zone stands in for it"
    );
    assert_eq!(
        got["actions"][0]["due"],
        Value::Null,
        "a day is one that the app takes"
    );
    assert_eq!(got["actions"][1]["due"], "2026-12-01", "good days stay");
    assert_ne!(
        got["actions"][0]["number"], got["actions"][1]["number"],
        "a number is one row's"
    );
    assert_eq!(
        got["services"],
        json!(["login"]),
        "ids are as services have them"
    );
    let directory = desk.ok("directory", json!({}))["directory"].clone();
    assert_eq!(
        directory["people"].as_array().map(Vec::len),
        Some(1),
        "whom the app would not save is not taken in: {directory}"
    );
    assert_eq!(
        directory["people"][0]["name"], "Ann Lee",
        "a name is one line"
    );
    assert_eq!(
        got["review_owner"], directory["people"][0]["id"],
        "and is meant where the file meant her"
    );
}

#[test]
fn an_image_that_is_another_one_is_not_kept() {
    let desk = Desk::of(Shell::CommandLine);
    let hash = "ab".repeat(32);
    let other = b"GIF89a and some bytes";
    std::fs::create_dir(desk.path("x-images")).expect("a folder");
    std::fs::write(desk.path(&format!("x-images/{hash}.gif")), other).expect("a file");
    let text = format!(
        "---\nformat: debrief/1\n---\n\n# x\n\n## Timeline <!-- rows:timeline -->\n\n| # | What |\n| --- | --- |\n| E1 | a ![b](x-images/{hash}.gif) |\n"
    );
    let imported =
        api::handlers::import_beside(&desk.api, "x.md", text.as_bytes(), desk.folder.path())
            .expect("the text imports");
    assert!(
        imported
            .notes
            .iter()
            .any(|note| note.contains("is not the one that was exported")),
        "a note says so: {:?}",
        imported.notes
    );
    let kept = desk
        .api
        .blob(&ingest::image_hash(other))
        .expect("it can be looked for");
    assert_eq!(
        kept, None,
        "and the other image is not kept under its own name either"
    );
}

#[test]
fn exports_in_turn_name_one_state_once_each() {
    let desk = Desk::new();
    let doc = desk.demo();
    for format in ["md", "json", "md", "json", "html", "md"] {
        desk.ok("export", json!({ "doc": doc, "format": format }));
    }
    let names: Vec<String> = desk
        .ok("version_list", json!({ "doc": doc }))
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| text(&version["name"]))
        .filter(|name| name.starts_with("exported"))
        .collect();
    assert_eq!(
        names.len(),
        3,
        "each format once as long as nothing changes: {names:?}"
    );
}
