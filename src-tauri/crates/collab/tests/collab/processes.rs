//! Two processes on one file: each sees the other's edits within a second, and nothing is lost.

use std::time::{Duration, Instant};

use model::list::Changed;
use model::postmortem::{ActionItem, Finding};

use crate::{Client, Home, edit, eventually};

#[test]
fn each_sees_what_the_other_writes() {
    let home = Home::new();
    let (app, tool) = (home.open(), home.open());
    let doc = app.create();
    let mut page = Client::join(&app.room(&doc), "ada");
    page.saved();
    let there = tool.room(&doc);
    let start = Instant::now();
    edit(&there, "bob", |p| p.title = "from the tool".into()).unwrap();
    eventually("the page shows it", || {
        page.read();
        model::document::read(&page.doc).title == "from the tool"
    });
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "within a second, not {:?}",
        start.elapsed()
    );
    eventually("the app's lists are told", || {
        app.changes
            .lock()
            .unwrap()
            .contains(&Changed::Postmortem { doc: doc.clone() })
    });

    let start = Instant::now();
    page.edit(|p| p.tags.push("from-the-app".into()));
    page.saved();
    eventually("the tool's room has it", || {
        there.snapshot().tags.contains(&"from-the-app".to_owned())
    });
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "within a second, not {:?}",
        start.elapsed()
    );
    eventually("the tool is told", || {
        tool.changes
            .lock()
            .unwrap()
            .contains(&Changed::Postmortem { doc: doc.clone() })
    });
    assert_eq!(
        app.room(&doc).snapshot(),
        there.snapshot(),
        "both read the same"
    );
    app.is_well();
}

#[test]
fn both_writing_at_once_lose_nothing_and_number_once() {
    let home = Home::new();
    let (one, two) = (home.open(), home.open());
    let doc = one.create();
    std::thread::scope(|scope| {
        for (name, process) in [("one", &one), ("two", &two)] {
            let room = process.room(&doc);
            scope.spawn(move || {
                for round in 0..30 {
                    edit(&room, name, |p| {
                        p.findings.push(Finding {
                            text: format!("{name} {round}"),
                            ..Finding::default()
                        });
                        p.actions.push(ActionItem {
                            text: format!("{name} {round}"),
                            ..ActionItem::default()
                        });
                        p.title.push('x');
                    })
                    .unwrap();
                }
            });
        }
    });
    let (first, second) = (one.room(&doc), two.room(&doc));
    eventually("both read the same", || {
        first.snapshot() == second.snapshot()
    });
    let content = first.snapshot();
    for name in ["one", "two"] {
        for round in 0..30 {
            let text = format!("{name} {round}");
            assert!(
                content.findings.iter().any(|finding| finding.text == text),
                "{text} must not be lost"
            );
        }
    }
    let numbers: std::collections::BTreeSet<_> = content
        .findings
        .iter()
        .filter_map(|finding| finding.number)
        .collect();
    assert_eq!(
        numbers.len(),
        content.findings.len(),
        "no number is given twice, whoever gave it"
    );
    assert!(
        content.title.ends_with(&"x".repeat(60)),
        "every keystroke is there"
    );
    one.is_well();
    two.is_well();
}

#[test]
fn the_trash_and_the_directory_are_seen_by_others_too() {
    let home = Home::new();
    let (app, tool) = (home.open(), home.open());
    let doc = app.create();
    let mut page = Client::join(&app.room(&doc), "ada");
    page.saved();
    std::thread::sleep(Duration::from_millis(400));
    app.changes.lock().unwrap().clear();
    tool.rooms.trash(&doc).unwrap();
    eventually("the app is told of the trash", || {
        !app.changes.lock().unwrap().is_empty()
    });
    tool.rooms
        .edit_directory::<_, collab::RoomError>("", |d| {
            d.themes.push("monitoring".into());
            Ok(())
        })
        .unwrap();
    eventually("the app has the directory", || {
        app.rooms.directory().themes == ["monitoring"]
    });
    eventually("the app is told of it", || {
        app.changes.lock().unwrap().contains(&Changed::Directory)
    });
    tool.rooms.erase(&doc).unwrap();
    eventually("the page is sent away", || {
        page.read();
        page.ended
    });
    assert!(
        app.rooms.room(&doc).is_err(),
        "there is no such postmortem any more"
    );
}

#[test]
fn an_edit_of_what_another_process_has_erased_is_refused() {
    let home = Home::new();
    let (app, tool) = (home.open(), home.open());
    let doc = app.create();
    let room = app.room(&doc);
    tool.rooms.trash(&doc).unwrap();
    tool.rooms.erase(&doc).unwrap();
    // The app may or may not have heard of it yet: both ways end the same.
    assert_eq!(
        edit(&room, "", |p| p.title = "x".into()),
        Err(collab::RoomError::Erased),
        "what is erased stays erased"
    );
    assert!(
        app.store.document(&doc).unwrap().is_none(),
        "it does not come back"
    );
    app.is_well();
}

#[test]
fn a_workspace_kept_busy_by_another_process_is_waited_for() {
    let home = Home::new();
    let app = home.open();
    let doc = app.create();
    let other = store::Store::open(home.path(), store::Open::Existing).unwrap();
    std::thread::scope(|scope| {
        let (begun, wait) = std::sync::mpsc::channel();
        scope.spawn(move || {
            other
                .write(|_| {
                    begun.send(()).unwrap();
                    std::thread::sleep(Duration::from_millis(700));
                    Ok(())
                })
                .unwrap();
        });
        wait.recv().unwrap();
        edit(&app.room(&doc), "", |p| p.title = "patient".into())
            .expect("a busy workspace is waited for");
    });
}

#[test]
fn an_author_that_another_process_knows_is_known_here() {
    let home = Home::new();
    let (app, tool) = (home.open(), home.open());
    let doc = app.create();
    let here = app.room(&doc);
    let mut ada = Client::join(&tool.room(&doc), "ada");
    ada.edit(|p| p.title = "Ada's".into());
    ada.saved();
    eventually("the app has it", || here.snapshot().title == "Ada's");
    let mut bob = Client::join_with(&here, crate::me("bob"), ada.doc.clone());
    let forged = bob.change(|p| p.title = "Bob's under Ada's name".into());
    assert!(bob.send(&forged).is_err(), "it is Ada's client id here too");
}

#[test]
fn a_postmortem_made_anew_under_its_id_is_not_sent_away() {
    let home = Home::new();
    let app = home.open();
    let doc = app.create();
    let content = model::postmortem::Postmortem::clone(&app.room(&doc).snapshot());
    for round in 0..3 {
        app.rooms.trash(&doc).unwrap();
        app.rooms.erase(&doc).unwrap();
        app.rooms.create("", &content).unwrap();
        let mut page = Client::join(&app.room(&doc), "ada");
        page.saved();
        std::thread::sleep(Duration::from_millis(450));
        page.read();
        assert_eq!(
            page.refused,
            Vec::<String>::new(),
            "the new one was not erased"
        );
        page.edit(|p| p.title = format!("round {round}"));
        page.saved();
    }
    app.is_well();
}

#[test]
fn a_postmortem_that_another_process_made_anew_is_loaded_anew() {
    let home = Home::new();
    let (app, tool) = (home.open(), home.open());
    let doc = app.create();
    let mut content = model::postmortem::Postmortem::clone(&app.room(&doc).snapshot());
    let mut page = Client::join(&app.room(&doc), "ada");
    page.saved();
    tool.rooms.trash(&doc).unwrap();
    tool.rooms.erase(&doc).unwrap();
    content.title = "The new one".into();
    tool.rooms.create("", &content).unwrap();
    eventually("the page is sent away from the old one", || {
        page.read();
        page.ended
    });
    assert_eq!(
        app.room(&doc).snapshot().title,
        "The new one",
        "the next visitor gets the new one"
    );
}

#[test]
fn what_a_reload_brings_reaches_the_pages() {
    let home = Home::new();
    let app = home.open();
    let doc = app.create();
    let mut page = Client::join(&app.room(&doc), "ada");
    page.saved();
    // Another process's log whose first entry builds on its second.
    let author = model::document::new_doc();
    model::document::apply(&author, &model::document::encode_state(&page.doc)).unwrap();
    let mut content = model::document::read(&author);
    let mut updates = Vec::new();
    for title in ["one", "one two"] {
        content.title = title.into();
        updates.push(model::document::write(&author, &content));
    }
    let other = store::Store::open(home.path(), store::Open::Existing).unwrap();
    other
        .write(|w| {
            for bytes in [&updates[1], &updates[0], &updates[1]] {
                w.append(
                    &doc,
                    &store::NewUpdate {
                        at_ms: 0,
                        actor: "",
                        client: None,
                        bytes,
                    },
                )?;
            }
            Ok(())
        })
        .unwrap();
    eventually("the page shows it", || {
        page.read();
        model::document::read(&page.doc).title == "one two"
    });
}
