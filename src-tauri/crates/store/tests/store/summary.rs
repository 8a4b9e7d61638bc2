//! What a summary is gathered from: the same rows as a plain reading of the documents gives, after any edit, in any scope.

use chrono::NaiveDate;
use chrono_tz::Tz;
use model::directory::{Directory, Service};
use model::document;
use model::postmortem::{ActionStatus, Postmortem, Severity, Visibility};
use model::summary::{Gathered, SummaryScope, gathered};
use model::testing::arbitrary_postmortem;
use model::visibility::Audience;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use store::{Open, Store, StoreError};

use crate::{AT, Home, WITHOUT_LATER, add, add_example, change, raw, set_directory};

const ZONE: Tz = chrono_tz::Europe::Berlin;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn everything() -> SummaryScope {
    SummaryScope {
        from: date("1990-01-01"),
        to: date("2050-12-31"),
        services: Vec::new(),
        severities: Vec::new(),
        tags: Vec::new(),
        postmortems: Vec::new(),
        audience: Audience::Customers,
        focus: None,
    }
}

/// Rows in an order of their own, so that two gatherings can be compared.
fn in_order(mut gathered: Gathered) -> Gathered {
    let docs: Vec<String> = gathered.incidents.iter().map(|i| i.doc.clone()).collect();
    gathered.incidents.sort_by(|a, b| a.doc.cmp(&b.doc));
    let place = |incident: usize| {
        let doc = &docs[incident];
        gathered
            .incidents
            .iter()
            .position(|i| i.doc == *doc)
            .unwrap()
    };
    for finding in &mut gathered.findings {
        finding.incident = place(finding.incident);
    }
    for action in &mut gathered.actions {
        action.incident = place(action.incident);
        // Only the reason of a declined one is told.
        if action.status != ActionStatus::Declined {
            action.reason.clear();
        }
    }
    gathered.findings.sort_by_key(|f| {
        (
            f.incident,
            f.number,
            f.text.clone(),
            f.theme.clone(),
            f.actions.clone(),
        )
    });
    gathered.actions.sort_by_key(|a| (a.incident, a.id.clone()));
    gathered
}

/// Every document of a store, read from its log.
fn documents(store: &Store) -> Vec<Postmortem> {
    let ids = store.documents().unwrap().into_iter();
    ids.filter(|row| row.id != "directory" && row.trashed_at.is_none())
        .map(|row| {
            let doc = document::new_doc();
            for entry in store.log(&row.id).unwrap() {
                document::apply(&doc, &entry.bytes).unwrap();
            }
            document::read_as(&doc, &row.id)
        })
        .collect()
}

fn assert_gathers_the_documents(store: &Store, why: &str) {
    let found = in_order(store.gather(&everything(), ZONE).unwrap());
    let expected = in_order(gathered(&documents(store), None));
    assert_eq!(found, expected, "{why}");
}

fn random(number: usize) -> Vec<Postmortem> {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(arbitrary_postmortem(), number);
    strategy.new_tree(&mut runner).unwrap().current()
}

fn id(number: usize) -> String {
    format!("0193a000-0000-7000-8000-{number:012}")
}

#[test]
fn random_postmortems_are_gathered_as_they_are() {
    let home = Home::new();
    for (number, content) in random(40).iter().enumerate() {
        add(&home.store, &id(number), content, AT);
    }
    assert_gathers_the_documents(&home.store, "what is projected is what the documents say");
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "and check agrees"
    );
}

#[test]
fn edits_keep_the_rows_right() {
    let home = Home::new();
    let doc = add_example(&home.store);
    type Edit = fn(&mut Postmortem);
    let edits: [(&str, Edit); 9] = [
        ("an action item is hidden", |p| {
            p.actions.remove(0);
            let left: Vec<String> = p.actions.iter().map(|a| a.id.clone()).collect();
            p.findings
                .iter_mut()
                .for_each(|f| f.actions.retain(|a| left.contains(a)));
        }),
        ("a link goes", |p| {
            p.findings[1].actions.clear();
        }),
        ("a link comes", |p| {
            let action = p.actions[3].id.clone();
            p.findings[1].actions.push(action);
        }),
        ("an item is done", |p| {
            p.actions[0].status = ActionStatus::Done
        }),
        ("a finding is hidden", |p| {
            p.findings.remove(2);
        }),
        ("a time goes", |p| {
            p.anchors.remove(&model::postmortem::AnchorKey::T0);
        }),
        ("the first signal is kept in the room", |p| {
            p.timeline[0].visibility = Visibility::Room;
        }),
        ("the first update was not public", |p| {
            p.timeline.iter_mut().for_each(|event| event.public = false);
        }),
        ("an item is for customers", |p| {
            p.actions[0].visibility = Visibility::Customers;
            p.findings[0].visibility = Visibility::Room;
        }),
    ];
    for (why, edit) in edits {
        change(&home.store, &doc, AT + 1, "", edit);
        assert_gathers_the_documents(&home.store, why);
        assert_eq!(
            home.store.check(false).unwrap().problems,
            Vec::<String>::new(),
            "{why}: the incremental projection is the whole one"
        );
    }
}

#[test]
fn a_scope_chooses() {
    let home = Home::new();
    let (case, ..) = model::demo::login_outage(crate::now());
    for number in 0..8 {
        let mut content = case.clone();
        content.severity = [Some(Severity::Sev1), Some(Severity::Sev2), None][number % 3];
        content.services = vec![["login", "mail"][number % 2].into()];
        content.tags = vec![["deploy", "data"][number / 4].into()];
        if number == 5 {
            content.anchors.clear();
            content
                .timeline
                .iter_mut()
                .for_each(|event| event.at = None);
        }
        add(&home.store, &id(number), &content, AT);
    }
    home.store.trash(&id(7), AT + 5).unwrap();
    let chosen = |change: fn(&mut SummaryScope)| -> Vec<usize> {
        let mut scope = everything();
        change(&mut scope);
        let found = home.store.gather(&scope, ZONE).unwrap();
        let mut docs: Vec<usize> = (0..8)
            .filter(|number| found.incidents.iter().any(|i| i.doc == id(*number)))
            .collect();
        docs.sort_unstable();
        assert_eq!(
            (found.findings.len(), found.actions.len()),
            (docs.len() * 9, docs.len() * 10),
            "with all their findings and action items and no others"
        );
        docs
    };
    assert_eq!(
        chosen(|_| {}),
        [0, 1, 2, 3, 4, 5, 6],
        "all but the one in the trash"
    );
    assert_eq!(
        chosen(|s| s.services = vec!["mail".into()]),
        [1, 3, 5],
        "by service"
    );
    assert_eq!(
        chosen(|s| s.tags = vec!["data".into()]),
        [4, 5, 6],
        "by tag"
    );
    assert_eq!(
        chosen(|s| s.severities = vec![Severity::Sev1]),
        [0, 3, 6],
        "by severity"
    );
    assert_eq!(
        chosen(|s| s.postmortems = vec![id(2), id(7), "nowhere".into()]),
        [2],
        "by choice, as far as they are there"
    );
    assert_eq!(
        chosen(|s| {
            s.from = date("2026-11-11");
        }),
        [5],
        "of another period only the one without a date, which is told of"
    );
    assert_eq!(
        chosen(|s| {
            s.from = date("2026-11-10");
            s.to = date("2026-11-10");
            s.services = vec!["login".into()];
            s.severities = vec![Severity::Sev1];
        }),
        [0, 6],
        "all conditions hold together"
    );
    let summary = home
        .store
        .summary(&everything(), date("2026-11-20"), ZONE)
        .unwrap();
    assert_eq!(summary.postmortems.len(), 6, "the summary is made of them");
    assert_eq!(
        summary.left_out[0].count, 1,
        "and says that one has no date"
    );
}

#[test]
fn the_focus_has_its_texts() {
    let home = Home::new();
    let doc = add_example(&home.store);
    let scope = SummaryScope {
        audience: Audience::Company,
        focus: Some(doc.clone()),
        ..everything()
    };
    let summary = home
        .store
        .summary(&scope, date("2026-11-20"), ZONE)
        .unwrap();
    let expected = gathered(&documents(&home.store), Some(&doc)).focus.unwrap();
    let focus = summary.focus.unwrap();
    assert_eq!(focus.text, expected.text, "its summary section");
    let updates: Vec<String> = expected
        .public_updates
        .into_iter()
        .map(|(text, _)| text)
        .collect();
    assert_eq!(
        focus.public_updates, updates,
        "and what customers could read"
    );
    assert_eq!(focus.row.services, ["Login"], "services by name");
}

/// A workspace as version 2 left it: without the columns of version 3.
fn as_version_2(home: &Home) {
    let raw = home.raw();
    raw.execute_batch(WITHOUT_LATER).unwrap();
    raw.execute_batch("DROP TABLE published; DROP TABLE projection; PRAGMA user_version = 2;")
        .unwrap();
    for (table, columns) in [
        (
            "postmortem",
            "t0 t1 t2 t3 t4 t5 t6 t7 estimates first_word noticed_by noticed_visibility",
        ),
        ("action", "opened_at visibility"),
        ("finding", "visibility actions"),
        ("event", "visibility"),
    ] {
        for column in columns.split(' ') {
            raw.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN {column}"))
                .unwrap();
        }
    }
}

#[test]
fn an_older_workspace_is_projected_anew() {
    let home = Home::new();
    for (number, content) in random(5).iter().enumerate() {
        add(&home.store, &id(number), content, AT);
    }
    set_directory(
        &home.store,
        &Directory {
            services: vec![Service {
                id: "login".into(),
                name: "Login".into(),
            }],
            ..Directory::default()
        },
    );
    home.store.refresh_search().unwrap();
    let path = home.path();
    as_version_2(&home);
    let Home { store, folder } = home;
    drop(store);

    let reading = Store::open(&path, Open::ReadOnly).unwrap();
    let refused = reading.gather(&everything(), ZONE).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Refused(text) if text.contains("older Debrief")),
        "what cannot be mended is told in words: {refused}"
    );
    let problems = reading.check(false).unwrap().problems;
    assert_eq!(
        problems.len(),
        1,
        "a check says the same and nothing wrong: {problems:?}"
    );
    drop(reading);

    let store = Store::open(&path, Open::Existing).unwrap();
    assert_gathers_the_documents(&store, "everything was projected anew");
    store.refresh_search().unwrap();
    assert_eq!(
        store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "and the workspace is well"
    );
    let version: i64 = raw(&path)
        .query_row("SELECT version FROM projection", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 5, "once: the file says that it was done");
    drop(folder);
}
