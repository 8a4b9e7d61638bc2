//! Check finds what somebody broke, and rebuild makes everything derived anew from the log.

use crate::{AT, Home, add_example, change};

fn problems(home: &Home, rebuild: bool) -> Vec<String> {
    home.store.check(rebuild).unwrap().problems
}

#[test]
fn planted_damage_is_found_and_repaired() {
    let damage = [
        (
            "UPDATE postmortem SET title = 'Forged'",
            "postmortem (1 row)",
        ),
        (
            "UPDATE action SET status = 'done' WHERE key = (SELECT min(key) FROM action)",
            "action (1 row)",
        ),
        (
            "DELETE FROM finding WHERE key = (SELECT min(key) FROM finding)",
            "finding (1 row)",
        ),
        ("UPDATE event SET text = 'x'", "event (32 rows)"),
        ("DELETE FROM section", "section"),
        ("DELETE FROM participant", "participant"),
        ("UPDATE person SET name = 'Nobody'", "person"),
        ("DELETE FROM service", "service"),
        (
            "INSERT INTO postmortem_tag SELECT doc_id, 'forged' FROM postmortem",
            "postmortem_tag",
        ),
        (
            "UPDATE search_entry SET text = 'forged' WHERE key = (SELECT min(key) FROM search_entry)",
            "Search is behind",
        ),
        (
            "DELETE FROM search_entry WHERE kind = 'event'",
            "Search is behind",
        ),
        (
            "INSERT INTO search (search, rowid, text) VALUES ('delete', (SELECT min(key) FROM search_entry), (SELECT text FROM search_entry ORDER BY key LIMIT 1))",
            "search index",
        ),
        (
            "INSERT INTO doc_snapshot SELECT 'directory', max(seq), x'0000' FROM doc_update",
            "snapshot",
        ),
    ];
    for (sql, expected) in damage {
        let home = Home::new();
        add_example(&home.store);
        home.store.refresh_search().unwrap();
        assert_eq!(
            problems(&home, false),
            Vec::<String>::new(),
            "a workspace that nobody broke is well"
        );
        home.raw().execute_batch(sql).unwrap();
        let found = problems(&home, false);
        assert!(
            found.iter().any(|line| line.contains(expected)),
            "after {sql:?} the check must name {expected:?}: {found:?}"
        );
        let report = home.store.check(true).unwrap();
        assert!(
            report.rebuilt,
            "the report says that everything was rebuilt"
        );
        assert_eq!(
            report.problems,
            Vec::<String>::new(),
            "rebuilding repairs {sql:?}"
        );
    }
}

#[test]
fn a_rebuild_from_the_log_alone_gives_the_same_tables() {
    let home = Home::new();
    let id = add_example(&home.store);
    change(&home.store, &id, AT + 5, "p", |p| {
        p.title = "Another".into();
        p.actions.swap(0, 1);
        p.findings.remove(2);
        p.tags.push("new".into());
    });
    home.store.refresh_search().unwrap();
    let tables = [
        "postmortem",
        "action",
        "finding",
        "event",
        "section",
        "participant",
        "person",
        "service",
        "search_entry",
        "postmortem_tag",
    ];
    let dump = || -> Vec<String> {
        let raw = home.raw();
        let mut out = Vec::new();
        for table in tables {
            let key = |column: &String| column != "key";
            let columns: Vec<String> = raw
                .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .filter(key)
                .collect();
            let quoted: Vec<String> = columns
                .iter()
                .map(|column| format!("quote({column})"))
                .collect();
            let select = format!(
                "SELECT {} AS line FROM {table} ORDER BY line",
                quoted.join(" || ',' || ")
            );
            out.extend(
                raw.prepare(&select)
                    .unwrap()
                    .query_map([], |row| row.get::<_, String>(0))
                    .unwrap()
                    .map(Result::unwrap),
            );
        }
        out
    };
    let before = dump();
    let report = home.store.check(true).unwrap();
    assert_eq!(
        report.problems,
        Vec::<String>::new(),
        "nothing is wrong after a rebuild"
    );
    assert_eq!(
        dump(),
        before,
        "what is projected piece by piece is what the log gives as a whole"
    );
    assert_eq!(
        report.documents, 1,
        "postmortems are counted; the directory was looked at as well"
    );
    assert_eq!(report.updates, 3, "every entry of the log was looked at");
}

#[test]
fn damage_of_the_log_itself_is_told_and_stays() {
    let home = Home::new();
    let id = add_example(&home.store);
    home.raw()
        .execute(
            "INSERT INTO doc_update (doc_id, at_ms, actor, bytes) VALUES (?1, 0, '', x'ffffffff')",
            [&id],
        )
        .unwrap();
    let found = problems(&home, true);
    assert!(
        found.iter().any(|line| line.contains("cannot be read")),
        "a broken entry is named: {found:?}"
    );
    let hash = home.store.put_blob(b"picture", "image/png", AT).unwrap();
    home.raw()
        .execute("UPDATE blob SET bytes = x'00' WHERE hash = ?1", [&hash])
        .unwrap();
    assert!(
        problems(&home, false)
            .iter()
            .any(|line| line.contains(&hash)),
        "a broken picture is named"
    );
}

#[test]
fn a_broken_page_is_told() {
    let home = Home::new();
    add_example(&home.store);
    let copy = home.folder.path().join("broken");
    home.store.backup(&copy).unwrap();
    let mut bytes = std::fs::read(&copy).unwrap();
    // A page in the middle, of whatever table.
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 2000].fill(0x5a);
    std::fs::write(&copy, &bytes).unwrap();
    match store::Store::open(&copy, store::Open::Existing) {
        Err(error) => assert!(
            matches!(error, store::OpenError::Damaged { .. }),
            "damage is named as that: {error}"
        ),
        Ok(broken) => match broken.check(false) {
            Ok(report) => assert!(
                !report.problems.is_empty(),
                "the check must find a broken page"
            ),
            Err(error) => assert!(
                matches!(error, store::StoreError::Damaged { .. }),
                "damage is named as that: {error}"
            ),
        },
    }
}

#[test]
fn an_entry_that_breaks_a_document_is_left_out_whole() {
    use model::document;
    let home = Home::new();
    let id = add_example(&home.store);
    home.store
        .write(|w| {
            w.append(
                &id,
                &store::NewUpdate {
                    at_ms: AT,
                    actor: "",
                    client: None,
                    bytes: &[0xff; 20],
                },
            )
        })
        .unwrap();
    let broken = home.store.last_seq().unwrap();
    change_after(&home, &id);
    let found = problems(&home, false);
    assert_eq!(
        found,
        [format!(
            "Log entry {broken} of the postmortem {id} cannot be read."
        )],
        "the entry is named, and everything else is as the log says"
    );
    assert_eq!(
        problems(&home, true),
        found,
        "a rebuild reads the same as a room does"
    );
    let log = home.store.log(&id).unwrap();
    let entries: Vec<_> = log.iter().map(|row| row.entry()).collect();
    assert_eq!(
        document::replay(&entries).unreadable,
        [broken],
        "both take the same way"
    );
}

/// An edit upon everything that can be read of the log.
fn change_after(home: &Home, id: &str) {
    use model::document;
    let log = home.store.log(id).unwrap();
    let entries: Vec<_> = log.iter().map(|row| row.entry()).collect();
    let doc = document::replay(&entries).doc;
    let mut content = document::read_as(&doc, id);
    content.title = "Later".into();
    let bytes = document::write(&doc, &content);
    home.store
        .write(|w| {
            w.append(
                id,
                &store::NewUpdate {
                    at_ms: AT,
                    actor: "",
                    client: None,
                    bytes: &bytes,
                },
            )?;
            w.project_postmortem(id, &document::read_as(&doc, id), store::Parts::All)
        })
        .unwrap();
}
