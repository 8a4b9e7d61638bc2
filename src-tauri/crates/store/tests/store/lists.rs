//! Lists and what they are projected from.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use model::directory::{Directory, Person, Service};
use model::list::{ActionFilter, PostmortemFilter, PostmortemSort};
use model::postmortem::{
    ActionItem, ActionStatus, Anchor, AnchorKey, Finding, Postmortem, Priority, Severity, Status,
};
use store::{Resolved, Store, StoreError};

use crate::{AT, Home, add, add_example, change, now, set_directory};

fn id(number: usize) -> String {
    format!("0193b000-0000-7000-8000-{number:012}")
}

/// Twelve postmortems a day apart, with every severity, status and some services.
fn many(store: &Store) {
    let severities = [
        Severity::Sev1,
        Severity::Sev2,
        Severity::Sev3,
        Severity::Sev4,
        Severity::Sev5,
    ];
    let statuses = [
        Status::Draft,
        Status::InReview,
        Status::FollowUp,
        Status::Closed,
    ];
    for number in 0..12 {
        let at = now() - TimeDelta::days(number as i64);
        let anchor = |minutes: i64| Anchor {
            at: Some(at + TimeDelta::minutes(minutes)),
            ..Anchor::default()
        };
        let content = Postmortem {
            title: format!("Outage {}", (b'a' + number as u8) as char),
            severity: severities.get(number % 6).copied(),
            status: statuses[number % 4],
            timezone: "Europe/Berlin".into(),
            services: vec![if number % 2 == 0 { "login" } else { "mail" }.into()],
            tags: vec![format!("tag-{}", number % 3)],
            anchors: [
                (AnchorKey::T0, anchor(0)),
                (AnchorKey::T6, anchor(10 * number as i64)),
            ]
            .into(),
            ..Postmortem::default()
        };
        add(store, &id(number), &content, AT + number as i64);
    }
}

fn titles(store: &Store, filter: &PostmortemFilter) -> Vec<String> {
    store
        .postmortems(filter, Tz::UTC)
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.title.replace("Outage ", ""))
        .collect()
}

#[test]
fn postmortems_are_filtered_sorted_and_counted() {
    let home = Home::new();
    many(&home.store);
    let services = vec![Service {
        id: "login".into(),
        name: "Login".into(),
    }];
    set_directory(
        &home.store,
        &Directory {
            services,
            ..Directory::default()
        },
    );
    let all = PostmortemFilter::default();
    let page = home.store.postmortems(&all, Tz::UTC).unwrap();
    assert_eq!(page.total, 12, "every postmortem is listed");
    assert_eq!(
        page.rows[0].services,
        ["Login"],
        "services are shown by name"
    );
    assert_eq!(
        page.rows[1].services,
        ["mail"],
        "a service that the directory does not know keeps its id"
    );
    assert_eq!(
        page.rows[0].starts,
        Some(now()),
        "the start is the anchor T0"
    );
    assert_eq!(
        page.rows[3].total,
        Some(1800),
        "durations are whole seconds"
    );
    assert_eq!(
        (
            page.by_status.draft,
            page.by_status.in_review,
            page.by_status.follow_up,
            page.by_status.closed
        ),
        (3, 3, 3, 3),
        "each status is counted"
    );

    let sorted = |sort| {
        titles(
            &home.store,
            &PostmortemFilter {
                sort,
                limit: 3,
                ..all.clone()
            },
        )
    };
    assert_eq!(
        sorted(PostmortemSort::Newest),
        ["a", "b", "c"],
        "newest incidents first"
    );
    assert_eq!(
        sorted(PostmortemSort::Oldest),
        ["l", "k", "j"],
        "oldest incidents first"
    );
    assert_eq!(
        sorted(PostmortemSort::Severity),
        ["a", "g", "b"],
        "worst first, newer ones first among equals"
    );
    assert_eq!(
        sorted(PostmortemSort::Title),
        ["a", "b", "c"],
        "titles in their order"
    );
    assert_eq!(
        sorted(PostmortemSort::Duration),
        ["l", "k", "j"],
        "longest first"
    );
    assert_eq!(
        sorted(PostmortemSort::Updated),
        ["l", "k", "j"],
        "last changed first"
    );

    let closed = PostmortemFilter {
        status: Some(Status::Closed),
        ..all.clone()
    };
    let page = home.store.postmortems(&closed, Tz::UTC).unwrap();
    assert_eq!(
        (page.total, page.by_status.draft),
        (3, 3),
        "the total heeds the status, the counts beside it do not"
    );
    let filter = PostmortemFilter {
        severities: vec![Severity::Sev1, Severity::Sev5],
        ..all.clone()
    };
    assert_eq!(
        titles(&home.store, &filter),
        ["a", "e", "g", "k"],
        "any of the severities"
    );
    let filter = PostmortemFilter {
        services: vec!["mail".into()],
        tags: vec!["tag-0".into()],
        ..all.clone()
    };
    assert_eq!(
        titles(&home.store, &filter),
        ["d", "j"],
        "service and tag both hold"
    );
    let day = |number: i64| Some((now() - TimeDelta::days(number)).date_naive());
    let filter = PostmortemFilter {
        from: day(3),
        to: day(2),
        ..all.clone()
    };
    assert_eq!(
        titles(&home.store, &filter),
        ["c", "d"],
        "both days belong to the range"
    );
    let filter = PostmortemFilter {
        offset: 10,
        limit: 5,
        ..all.clone()
    };
    assert_eq!(
        titles(&home.store, &filter),
        ["k", "l"],
        "the last page is short"
    );
    for year in [0, 9999] {
        let day = NaiveDate::from_ymd_opt(year, 12, 31);
        let filter = PostmortemFilter {
            from: day,
            to: day,
            ..all.clone()
        };
        assert_eq!(
            titles(&home.store, &filter),
            Vec::<String>::new(),
            "the year {year} is a day like any other"
        );
    }
    let filter = PostmortemFilter {
        to: Some(NaiveDate::MAX),
        from: Some(NaiveDate::MIN),
        ..all.clone()
    };
    assert_eq!(
        titles(&home.store, &filter).len(),
        12,
        "the outermost days include all"
    );
}

#[test]
fn a_query_finds_words_anywhere_in_a_postmortem() {
    let home = Home::new();
    many(&home.store);
    let example = add_example(&home.store);
    let found = |query: &str| {
        let filter = PostmortemFilter {
            query: query.into(),
            ..PostmortemFilter::default()
        };
        home.store
            .postmortems(&filter, Tz::UTC)
            .unwrap()
            .rows
            .into_iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("caching support"),
        [example.as_str()],
        "each word may stand in another text"
    );
    assert_eq!(found("outage").len(), 13, "titles count");
    assert_eq!(
        found("outage zebra"),
        Vec::<String>::new(),
        "every word must be somewhere"
    );
    change(&home.store, &id(4), AT + 99, "", |p| {
        p.findings.push(Finding {
            text: "A Zébra stood there".into(),
            ..Finding::default()
        })
    });
    assert_eq!(
        found("zebra OUT"),
        [id(4)],
        "edits are found at once, accents and case aside"
    );
    assert_eq!(
        found("\" OR *:("),
        [example.as_str()],
        "a query of operators alone finds what contains the word or"
    );
    assert_eq!(
        found("\"*:(").len(),
        13,
        "a query without any word restricts nothing"
    );
}

fn action(text: &str, due: Option<&str>, status: ActionStatus) -> ActionItem {
    ActionItem {
        text: text.into(),
        due: due.map(|due| due.parse().unwrap()),
        status,
        settled_at: matches!(status, ActionStatus::Done | ActionStatus::Declined).then(now),
        ..ActionItem::default()
    }
}

fn texts(store: &Store, filter: &ActionFilter) -> Vec<String> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    store
        .actions(filter, today, chrono_tz::Tz::UTC)
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.text)
        .collect()
}

#[test]
fn action_items_of_all_postmortems_in_one_list() {
    let home = Home::new();
    let ada = Person {
        id: "p-ada".into(),
        name: "Ada".into(),
        ..Person::default()
    };
    set_directory(
        &home.store,
        &Directory {
            people: vec![ada],
            ..Directory::default()
        },
    );
    let mut content = Postmortem {
        title: "Login".into(),
        services: vec!["login".into()],
        ..Postmortem::default()
    };
    content.actions = vec![
        action("no due", None, ActionStatus::Open),
        action("late", Some("2026-11-20"), ActionStatus::InProgress),
        action("today", Some("2026-11-22"), ActionStatus::Open),
        action("old", Some("2026-11-01"), ActionStatus::Done),
    ];
    content.actions[2].owner = Some("p-ada".into());
    content.actions[2].priority = Some(Priority::P0);
    add(&home.store, &id(1), &content, AT);
    content.title = "Mail".into();
    content.services.clear();
    content.actions = vec![
        action("later", Some("9999-12-31"), ActionStatus::Open),
        action("never", None, ActionStatus::Declined),
    ];
    content.actions[1].settled_at = Some(now() + TimeDelta::hours(1));
    add(&home.store, &id(2), &content, AT);

    let all = ActionFilter::default();
    assert_eq!(
        texts(&home.store, &all),
        ["late", "today", "later", "no due", "never", "old"],
        "unsettled by due day, none last; then settled, newest first"
    );
    let page = home
        .store
        .actions(&all, now().date_naive(), chrono_tz::Tz::UTC)
        .unwrap();
    assert_eq!(
        (page.total, page.open, page.done),
        (6, 4, 1),
        "all, open and done are counted"
    );
    assert_eq!(page.rows[1].owner_name, "Ada", "the owner is named");
    assert_eq!(page.rows[1].doc_title, "Login", "the postmortem is named");
    assert!(page.rows[1].number.is_some(), "rows have their numbers");

    let of = |filter: ActionFilter| texts(&home.store, &filter);
    assert_eq!(
        of(ActionFilter {
            overdue: true,
            ..all.clone()
        }),
        ["late"],
        "due today is not overdue, done is not either"
    );
    assert_eq!(
        of(ActionFilter {
            owner: Some("p-ada".into()),
            ..all.clone()
        }),
        ["today"],
        "one owner's"
    );
    assert_eq!(
        of(ActionFilter {
            unowned: true,
            ..all.clone()
        })
        .len(),
        5,
        "nobody's"
    );
    assert_eq!(
        of(ActionFilter {
            statuses: vec![ActionStatus::Open],
            ..all.clone()
        }),
        ["today", "later", "no due"],
        "one status"
    );
    assert_eq!(
        of(ActionFilter {
            statuses: vec![ActionStatus::Done],
            ..all.clone()
        }),
        ["old"],
        "settled ones"
    );
    assert_eq!(
        of(ActionFilter {
            doc: Some(id(2)),
            ..all.clone()
        }),
        ["later", "never"],
        "one postmortem's"
    );
    assert_eq!(
        of(ActionFilter {
            priorities: vec![Priority::P0],
            ..all.clone()
        }),
        ["today"],
        "one priority"
    );
    assert_eq!(
        of(ActionFilter {
            services: vec!["login".into()],
            ..all.clone()
        })
        .len(),
        4,
        "one service's"
    );
    assert_eq!(
        of(ActionFilter {
            query: "lat".into(),
            ..all.clone()
        }),
        ["late", "later"],
        "words of the text"
    );
    assert_eq!(
        of(ActionFilter {
            query: "mail".into(),
            ..all.clone()
        }),
        ["later", "never"],
        "words of the postmortem's title"
    );
    let tomorrow = now().date_naive().succ_opt();
    assert_eq!(
        of(ActionFilter {
            settled_since: tomorrow,
            ..all.clone()
        })
        .len(),
        4,
        "settled before that day are left out"
    );
    assert_eq!(
        home.store.open_actions_by_owner().unwrap(),
        [("p-ada".to_owned(), 1)].into(),
        "open ones by owner"
    );

    home.store.trash(&id(1), AT).unwrap();
    let page = home
        .store
        .actions(&all, now().date_naive(), chrono_tz::Tz::UTC)
        .unwrap();
    let shown: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.text.as_str(), row.trashed))
        .collect();
    assert_eq!(
        shown,
        [
            ("late", true),
            ("today", true),
            ("later", false),
            ("no due", true),
            ("never", false)
        ],
        "what is open in the trash is not lost, only marked; what is settled there goes"
    );
}

#[test]
fn links_and_findings_reach_the_list_by_what_is_dirty() {
    let home = Home::new();
    let id = add_example(&home.store);
    let rows = || {
        home.store
            .actions(
                &ActionFilter::default(),
                now().date_naive(),
                chrono_tz::Tz::UTC,
            )
            .unwrap()
            .rows
    };
    let linked = rows()
        .into_iter()
        .find(|row| !row.findings.is_empty())
        .expect("the example links findings to actions");
    let finding = linked.findings[0].id.clone();
    change(&home.store, &id, AT + 1, "", |p| {
        p.findings
            .iter_mut()
            .find(|item| item.id == finding)
            .unwrap()
            .text = "Reworded".into();
    });
    let after = home.store.action(&id, &linked.id).unwrap().unwrap();
    assert_eq!(
        after.findings[0].text, "Reworded",
        "a finding's new text reaches the action items that it names"
    );
    change(&home.store, &id, AT + 2, "", |p| {
        p.findings.retain(|item| item.id != finding)
    });
    let after = home.store.action(&id, &linked.id).unwrap().unwrap();
    assert!(
        after.findings.iter().all(|item| item.id != finding),
        "a hidden finding is named nowhere"
    );
    change(&home.store, &id, AT + 3, "", |p| {
        p.actions.retain(|item| item.id != linked.id)
    });
    assert_eq!(
        home.store.action(&id, &linked.id).unwrap(),
        None,
        "a hidden action item is in no list"
    );
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "piece by piece gives the same as all at once"
    );
}

#[test]
fn a_title_of_a_hundred_thousand_characters_and_other_scripts() {
    let home = Home::new();
    let titles = [
        "x".repeat(100_000),
        "עברית 🙂 \u{202e}abc\u{200b}".into(),
        "\u{0}\u{1}\u{2}\u{3}".into(),
        String::new(),
    ];
    for (number, title) in titles.iter().enumerate() {
        add(
            &home.store,
            &id(number),
            &Postmortem {
                title: title.clone(),
                ..Postmortem::default()
            },
            AT,
        );
        assert_eq!(
            home.store
                .postmortem_row(&id(number))
                .unwrap()
                .unwrap()
                .title,
            *title,
            "a title is kept as it is"
        );
    }
    let sorted = PostmortemFilter {
        sort: PostmortemSort::Title,
        ..PostmortemFilter::default()
    };
    let last = home
        .store
        .postmortems(&sorted, Tz::UTC)
        .unwrap()
        .rows
        .pop()
        .unwrap();
    assert_eq!(last.title, "", "untitled ones come last");
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "none of them confuses the check"
    );
}

#[test]
fn ids_are_found_by_their_beginning() {
    let home = Home::new();
    many(&home.store);
    assert_eq!(
        home.store.resolve_postmortem(&id(3)).unwrap(),
        Resolved::One {
            doc: id(3),
            id: String::new()
        },
        "the whole id"
    );
    let Resolved::Many(found) = home.store.resolve_postmortem("0193B").unwrap() else {
        panic!("many begin like that")
    };
    assert!(found.len() > 1, "some of them are named");
    assert_eq!(
        home.store.resolve_postmortem("zz").unwrap(),
        Resolved::None,
        "none begins like that"
    );
    assert_eq!(
        home.store.resolve_postmortem(" ").unwrap(),
        Resolved::None,
        "nothing names nothing"
    );
    assert_eq!(
        home.store.resolve_postmortem("direct").unwrap(),
        Resolved::None,
        "the directory is no postmortem"
    );
    let doc = add_example(&home.store);
    let action = home
        .store
        .actions(
            &ActionFilter::default(),
            now().date_naive(),
            chrono_tz::Tz::UTC,
        )
        .unwrap()
        .rows[0]
        .id
        .clone();
    assert_eq!(
        home.store.resolve_action(&action).unwrap(),
        Resolved::One { doc, id: action },
        "an action item brings its postmortem"
    );
}

#[test]
fn versions_are_names_and_stretches_of_edits() {
    let home = Home::new();
    let ada = Person {
        id: "p-ada".into(),
        name: "Ada".into(),
        ..Person::default()
    };
    set_directory(
        &home.store,
        &Directory {
            people: vec![ada],
            ..Directory::default()
        },
    );
    add(&home.store, &id(1), &Postmortem::default(), AT);
    let minute = 60_000;
    change(&home.store, &id(1), AT + minute, "p-ada", |p| {
        p.title = "a".into()
    });
    change(&home.store, &id(1), AT + 30 * minute, "p-ada", |p| {
        p.title = "b".into()
    });
    change(&home.store, &id(1), AT + 31 * minute, "p-bob", |p| {
        p.title = "c".into()
    });
    let named = home
        .store
        .name_version(&id(1), "start of review", "p-ada", AT + 32 * minute)
        .unwrap();
    change(&home.store, &id(1), AT + 33 * minute, "", |p| {
        p.title = "d".into()
    });
    let versions = home.store.versions(&id(1)).unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|v| (v.name.as_str(), v.by.join("+")))
        .collect();
    assert_eq!(
        told,
        [
            ("", String::new()),
            ("start of review", "Ada".into()),
            ("", "Ada".into())
        ],
        "newest first: an unnamed stretch, the name with the edits it ends, and the stretch before the pause"
    );
    assert_eq!(versions[1], named, "a name is listed as it was given");
    let nowhere = home.store.versions("nowhere");
    assert!(
        matches!(nowhere, Err(StoreError::NotFound { .. })),
        "no postmortem has no versions: {nowhere:?}"
    );
}

#[test]
fn days_since_which_items_are_settled_are_the_computers() {
    let home = Home::new();
    let mut content = Postmortem::default();
    for (text, at) in [
        ("the evening before", "2026-11-20T22:59:00Z"),
        ("after midnight in Berlin", "2026-11-20T23:01:00Z"),
        ("after midnight in Chicago", "2026-11-21T06:01:00Z"),
    ] {
        content.actions.push(ActionItem {
            settled_at: Some(at.parse().unwrap()),
            ..action(text, None, ActionStatus::Done)
        });
    }
    add(&home.store, &id(1), &content, AT);
    let filter = ActionFilter {
        settled_since: NaiveDate::from_ymd_opt(2026, 11, 21),
        ..ActionFilter::default()
    };
    let in_zone = |zone| {
        let page = home
            .store
            .actions(&filter, now().date_naive(), zone)
            .unwrap();
        page.rows.len()
    };
    assert_eq!(
        (
            in_zone(chrono_tz::Europe::Berlin),
            in_zone(chrono_tz::America::Chicago),
            in_zone(chrono_tz::UTC)
        ),
        (2, 1, 1),
        "21 November begins at midnight of the computer's zone"
    );
}
