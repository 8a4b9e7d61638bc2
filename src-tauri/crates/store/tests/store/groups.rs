//! The list of action items in groups, beside a grouping that knows no SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use model::directory::{Directory, Person, Service};
use model::list::{ActionFilter, ActionGrouping, ActionRow};
use model::postmortem::{ActionItem, ActionStatus, Postmortem, Priority, Verified};
use store::{Open, Store};

use crate::{AT, Home, WITHOUT_LATER, add, change, now, set_directory};

const GROUPINGS: [ActionGrouping; 6] = [
    ActionGrouping::Due,
    ActionGrouping::Priority,
    ActionGrouping::Postmortem,
    ActionGrouping::Service,
    ActionGrouping::Owner,
    ActionGrouping::Team,
];

/// A Sunday: the week that is shown goes on to the next one.
fn today() -> NaiveDate {
    now().date_naive()
}

fn id(number: usize) -> String {
    format!("0191a000-0000-7000-8000-{number:012x}")
}

fn workspace() -> Home {
    let home = Home::new();
    let person = |id: &str, name: &str, team: &str| Person {
        id: id.into(),
        name: name.into(),
        team: team.into(),
        ..Person::default()
    };
    let service = |id: &str, name: &str| Service {
        id: id.into(),
        name: name.into(),
    };
    set_directory(
        &home.store,
        &Directory {
            people: vec![
                person("ada", "Ada", "Platform"),
                person("bo", "Bo", "Search"),
                person("cy", "Cy", ""),
            ],
            services: vec![service("login", "Login"), service("mail", "Mail")],
            ..Directory::default()
        },
    );
    let days = [
        None,
        Some("2026-11-01"),
        Some("2026-11-22"),
        Some("2026-11-29"),
        Some("2026-11-30"),
        Some("2027-01-05"),
    ];
    let owners = [None, Some("ada"), Some("bo"), Some("cy"), Some("gone")];
    let priorities = [None, Some(Priority::P0), Some(Priority::P2)];
    let services: [&[&str]; 4] = [&[], &["login"], &["login", "mail"], &["mail"]];
    for doc in 0..7 {
        let actions = (0..13)
            .map(|at| {
                let n = doc * 13 + at;
                let status = match n % 7 {
                    0 => ActionStatus::Done,
                    1 => ActionStatus::InProgress,
                    2 if n % 3 == 0 => ActionStatus::Declined,
                    _ => ActionStatus::Open,
                };
                let settled = matches!(status, ActionStatus::Done | ActionStatus::Declined);
                ActionItem {
                    text: format!("item {n}: Éclair’s alert"),
                    done_when: if n % 5 == 0 {
                        "drilled".into()
                    } else {
                        String::new()
                    },
                    due: days[n % days.len()].map(|day| day.parse().unwrap()),
                    owner: owners[n % owners.len()].map(str::to_owned),
                    priority: priorities[n % priorities.len()],
                    status,
                    settled_at: settled.then(now),
                    check_on: (n % 3 != 0)
                        .then(|| today().with_day(22 - (n % 3) as u32 + 1).unwrap()),
                    verified: (n % 4 == 0).then(|| Verified {
                        by: "ada".into(),
                        at: now(),
                    }),
                    ..ActionItem::default()
                }
            })
            .collect();
        let content = Postmortem {
            title: format!("Incident {doc}"),
            services: services[doc % services.len()]
                .iter()
                .map(|id| (*id).to_owned())
                .collect(),
            review_owner: Some(if doc % 2 == 0 { "ada" } else { "bo" }.into()),
            actions,
            ..Postmortem::default()
        };
        add(&home.store, &id(doc), &content, AT);
    }
    home
}

/// Every row under its group, in the order of the list, got in small pages; totals are checked on the way.
fn listed(store: &Store, filter: &ActionFilter) -> Vec<(String, String, Vec<ActionRow>)> {
    let mut groups: Vec<(String, String, u32, Vec<ActionRow>)> = Vec::new();
    let mut offset = 0;
    loop {
        let page = store
            .actions(
                &ActionFilter {
                    offset,
                    limit: 4,
                    ..filter.clone()
                },
                today(),
                chrono_tz::Tz::UTC,
            )
            .unwrap();
        if page.rows.is_empty() {
            assert_eq!(offset, page.total, "the total is what all pages hold");
            break;
        }
        offset += page.rows.len() as u32;
        let mut rows = page.rows.into_iter();
        for group in page.groups {
            if groups.last().is_none_or(|last| last.0 != group.key) {
                groups.push((group.key.clone(), group.label, group.total, Vec::new()));
            }
            let (_, _, total, into) = groups.last_mut().unwrap();
            while into.len() < *total as usize {
                let Some(row) = rows.next() else { break };
                into.push(row);
            }
        }
        assert!(
            rows.next().is_none(),
            "every row belongs to a group of its page"
        );
    }
    groups
        .into_iter()
        .map(|(key, label, total, rows)| {
            assert_eq!(
                total as usize,
                rows.len(),
                "group {key} holds as many as it says"
            );
            (key, label, rows)
        })
        .collect()
}

fn key(row: &ActionRow, grouping: ActionGrouping) -> String {
    match row.status {
        ActionStatus::Done if !row.verified && row.check_on.is_some_and(|day| day <= today()) => {
            return "check".into();
        }
        ActionStatus::Done => return "done".into(),
        ActionStatus::Declined => return "declined".into(),
        _ => {}
    }
    match grouping {
        ActionGrouping::Due => match row.due {
            None => "none",
            Some(day) if day < today() => "overdue",
            Some(day) if day <= NaiveDate::from_ymd_opt(2026, 11, 29).unwrap() => "week",
            Some(_) => "later",
        }
        .into(),
        ActionGrouping::Priority => row
            .priority
            .map_or("z".into(), |priority| format!("{priority:?}")),
        ActionGrouping::Postmortem => row.doc.clone(),
        ActionGrouping::Service => row.services.join(" "),
        ActionGrouping::Owner => row.owner.clone().unwrap_or_default(),
        ActionGrouping::Team => row.team.clone(),
    }
}

#[test]
fn every_grouping_holds_every_item_once_in_its_group() {
    let home = workspace();
    groups_hold_every_item(&home.store);
}

#[test]
fn groups_follow_every_change_whoever_makes_it() {
    let home = workspace();
    // What others have open: the same file, and the same without two of its postmortems.
    let others = Arc::new(Store::open(home.path(), Open::Existing).unwrap());
    let hidden = BTreeSet::from([id(2), id(5)]);
    let narrow = others.narrowed(hidden).unwrap();
    let stays_so = |when: &str| {
        let [own, theirs, without] = [&home.store, &*others, &narrow].map(groups_hold_every_item);
        assert_eq!(own, theirs, "{when}: everybody has the same");
        assert_eq!(
            without,
            own - 2 * 13,
            "{when}: or it without what is hidden"
        );
    };
    stays_so("at first");
    change(&home.store, &id(1), AT + 1, "ada", |p| {
        p.services = vec!["mail".into()];
        p.review_owner = Some("cy".into());
        p.actions.retain(|item| !item.text.starts_with("item 14:"));
        for item in &mut p.actions {
            item.owner = Some("bo".into());
            item.due = None;
        }
    });
    stays_so("an edit");
    let new = Postmortem {
        title: "One more".into(),
        actions: vec![ActionItem::default()],
        ..Postmortem::default()
    };
    add(&others, &id(90), &new, AT + 2);
    stays_so("a new postmortem of another process");
    others.trash(&id(3), AT + 3).unwrap();
    stays_so("one in the trash");
    others.restore(&id(3), AT + 4).unwrap();
    stays_so("one that was taken out of it");
    home.store.trash(&id(90), AT + 5).unwrap();
    home.store.erase(&id(90), AT + 6).unwrap();
    stays_so("the newest one erased");
    add(&home.store, &id(91), &new, AT + 7);
    stays_so("a new one in its place");
    let report = others.check(true).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    stays_so("everything made anew");
    for at in 0..300 {
        add(&others, &id(1_000 + at), &new, AT + 8);
    }
    stays_so("many at once");
}

/// Compares the groups with what the list without groups holds; says how many items that is.
fn groups_hold_every_item(store: &Store) -> u32 {
    for grouping in GROUPINGS {
        let filters = [
            ActionFilter::default(),
            ActionFilter {
                priorities: vec![Priority::P0],
                services: vec!["mail".into()],
                ..ActionFilter::default()
            },
            ActionFilter {
                query: "item 1".into(),
                ..ActionFilter::default()
            },
            ActionFilter {
                query: "ECLAIR inci 5".into(),
                statuses: vec![ActionStatus::Open],
                ..ActionFilter::default()
            },
            ActionFilter {
                query: "tem".into(),
                ..ActionFilter::default()
            },
            ActionFilter {
                team: Some("Search".into()),
                ..ActionFilter::default()
            },
            ActionFilter {
                statuses: vec![ActionStatus::Open],
                ..ActionFilter::default()
            },
        ];
        for filter in filters {
            let all = store.actions(&filter, today(), chrono_tz::Tz::UTC).unwrap();
            let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for row in &all.rows {
                expected
                    .entry(key(row, grouping))
                    .or_default()
                    .push(row.text.clone());
            }
            let grouped = ActionFilter {
                group: Some(grouping),
                ..filter.clone()
            };
            let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (key, _, rows) in listed(store, &grouped) {
                let texts = rows.into_iter().map(|row| row.text).collect();
                assert!(
                    found.insert(key.clone(), texts).is_none(),
                    "{key} comes once"
                );
            }
            // What is to be looked at again stands in the order of those days.
            for groups in [&mut expected, &mut found] {
                if let Some(rows) = groups.get_mut("check") {
                    rows.sort();
                }
            }
            assert_eq!(found, expected, "{grouping:?} of {filter:?}");
            let page = store
                .actions(&grouped, today(), chrono_tz::Tz::UTC)
                .unwrap();
            assert_eq!(
                (page.total, page.open, page.done),
                (all.total, all.open, all.done),
                "the counts above the list do not depend on its groups"
            );
        }
    }
    let all = store.actions(&ActionFilter::default(), today(), chrono_tz::Tz::UTC);
    all.unwrap().total
}

#[test]
fn groups_stand_in_an_order_that_people_expect() {
    let home = workspace();
    let order = |grouping| -> Vec<(String, String)> {
        let filter = ActionFilter {
            group: Some(grouping),
            ..ActionFilter::default()
        };
        let groups = listed(&home.store, &filter).into_iter();
        groups.map(|(key, label, _)| (key, label)).collect()
    };
    let keys =
        |grouping| -> Vec<String> { order(grouping).into_iter().map(|(key, _)| key).collect() };
    let labels = |grouping| -> Vec<String> {
        order(grouping)
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    };
    assert_eq!(
        keys(ActionGrouping::Due),
        [
            "overdue", "week", "check", "later", "none", "done", "declined"
        ],
        "what somebody is asked about stands after what is due"
    );
    assert_eq!(
        keys(ActionGrouping::Priority),
        ["check", "P0", "P2", "z", "done", "declined"],
        "none last"
    );
    assert_eq!(
        labels(ActionGrouping::Owner)[1..6],
        ["No owner", "Ada", "Bo", "Cy", "Somebody"],
        "those that nobody owns first, and one whom the directory does not know"
    );
    assert_eq!(
        labels(ActionGrouping::Team)[1..4],
        ["Platform", "Search", "No team"],
        "teams by name"
    );
    assert_eq!(
        labels(ActionGrouping::Service)[1..5],
        ["Login", "Login, Mail", "Mail", "No service"],
        "services by name"
    );
}

#[test]
fn whoever_owns_a_review_is_asked_about_its_items_too() {
    let home = workspace();
    let filter = ActionFilter {
        owner: Some("ada".into()),
        group: Some(ActionGrouping::Due),
        ..ActionFilter::default()
    };
    let groups = listed(&home.store, &filter);
    let asked = groups.iter().find(|(key, ..)| key == "check").unwrap();
    assert!(
        asked
            .2
            .iter()
            .any(|row| row.owner.as_deref() != Some("ada")),
        "items of others in her reviews"
    );
    assert!(
        asked
            .2
            .iter()
            .all(|row| row.owner.as_deref() == Some("ada")
                || row.doc.ends_with(['0', '2', '4', '6'])),
        "and of no other review"
    );
    let others = groups.iter().filter(|(key, ..)| key != "check");
    assert!(
        others
            .flat_map(|group| &group.2)
            .all(|row| row.owner.as_deref() == Some("ada")),
        "the rest of the list is hers alone"
    );
}

#[test]
fn an_older_file_that_may_only_be_read_lists_without_groups() {
    let home = workspace();
    let path = home.path();
    home.raw()
        .execute_batch(&format!("{WITHOUT_LATER}; PRAGMA user_version = 4;"))
        .unwrap();
    let Home { store, folder } = home;
    drop(store);
    let store = Store::open(&path, Open::ReadOnly).unwrap();
    let filter = ActionFilter {
        group: Some(ActionGrouping::Due),
        ..ActionFilter::default()
    };
    let page = store.actions(&filter, today(), chrono_tz::Tz::UTC).unwrap();
    assert_eq!(
        (page.rows.len(), page.groups.len()),
        (91, 0),
        "all of it, as the older Debrief listed it"
    );
    drop(store);
    drop(folder);
}
