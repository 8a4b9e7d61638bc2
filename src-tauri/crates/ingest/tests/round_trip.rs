//! What is exported imports back equal: ids, links, order, every field, any text.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::derived::Derived;
use model::directory::{Person, Service};
use model::postmortem::*;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn now() -> DateTime<Utc> {
    "2026-11-16T10:00:00Z".parse().expect("a constant")
}

/// Text as people and programs write it, with everything in it that Markdown, HTML, YAML and tables could trip over.
fn text() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "word",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "\r",
        "\0",
        "\u{7f}",
        "|",
        "\\",
        "\\|",
        "`",
        "``",
        "```\n",
        "~~~",
        "*",
        "**",
        "_",
        "# ",
        "## Timeline",
        "\n## x\n",
        "\n# y",
        "- ",
        "1. ",
        "> ",
        "<!-- id:a -->",
        "<!--",
        "-->",
        "<br>",
        "<b>",
        "<script>",
        "</script>",
        "<pre>",
        "&amp;",
        "&#32;",
        "&",
        "[",
        "]",
        "[x]",
        "(y)",
        "![a](b)",
        "![",
        "](",
        "E1",
        "F2",
        "A1",
        ",",
        ";",
        ":",
        ": ",
        "no action needed",
        "about ",
        "unknown",
        "yes",
        "👩‍👩‍👧",
        "שלום",
        "\u{202E}",
        "\u{200B}",
        "\u{FEFF}",
        "\u{2028}",
        "ß",
        "---",
        "---\n",
        "|---|",
        "gone",
        "somebody",
        "Untitled section",
        " <!-- text -->",
        "```debrief-text",
        "%41",
        "\u{85}",
        "=1+1",
        "'",
        "\"",
        "$x$",
        "~",
        "é",
        "\u{A0}",
        "<!-- computed -->",
        "<!-- /computed -->",
        "null",
        "true",
        "Raised by: x",
        "  - Owner: z",
        "\n  - Due: 1",
        "**A1**",
        "T0",
        "10",
        "`a|b`",
        "`x`",
        "`![`",
        "\u{1b}[0m",
        "{{ x }}",
        "€",
    ]);
    prop_oneof![
        3 => Just(String::new()),
        3 => "[a-z ]{1,12}",
        4 => vec(pieces, 0..7).prop_map(|parts| parts.concat()),
        2 => any::<String>(),
    ]
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![6 => "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}", 1 => text().prop_filter("an id", |t| !t.is_empty())]
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let exact = (0i64..2_000_000_000)
        .prop_map(|s| DateTime::from_timestamp(s / 60 * 60, 0).expect("in range"));
    let any = (-62_167_219_200i64..253_402_300_799, 0u32..1_000_000_000)
        .prop_map(|(s, n)| DateTime::from_timestamp(s, n).expect("in range"));
    let edge = select(vec![
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ])
    .prop_map(|t| t.parse().expect("a constant"));
    prop_oneof![4 => exact, 1 => any, 1 => edge]
}

fn zone() -> impl Strategy<Value = String> {
    select(vec![
        "Europe/Berlin",
        "UTC",
        "",
        "Asia/Kathmandu",
        "no such zone",
        "America/New_York",
    ])
    .prop_map(str::to_owned)
}

fn moment() -> impl Strategy<Value = Moment> {
    let precision = select(vec![
        Precision::Exact,
        Precision::Exact,
        Precision::About,
        Precision::Unknown,
    ]);
    (instant(), zone(), precision).prop_map(|(at, zone, precision)| Moment {
        at,
        zone,
        precision,
    })
}

fn phase() -> impl Strategy<Value = Option<Phase>> {
    option::of(select(vec![
        Phase::Detection,
        Phase::Response,
        Phase::Remediation,
        Phase::Analysis,
        Phase::Readiness,
    ]))
}

fn visibility() -> impl Strategy<Value = Visibility> {
    select(vec![
        Visibility::Company,
        Visibility::Room,
        Visibility::Customers,
    ])
}

fn one_of(ids: Vec<String>) -> BoxedStrategy<String> {
    if ids.is_empty() {
        id().boxed()
    } else {
        prop_oneof![9 => select(ids), 1 => id()].boxed()
    }
}

fn some_of(ids: Vec<String>) -> BoxedStrategy<Vec<String>> {
    btree_set(one_of(ids), 0..4)
        .prop_map(|set| set.into_iter().collect())
        .boxed()
}

fn actor(participants: Vec<String>) -> BoxedStrategy<Option<Actor>> {
    let role = prop_oneof![text(), Just("Cathy".to_owned())].prop_map(Actor::Role);
    option::of(prop_oneof![
        one_of(participants).prop_map(Actor::Participant),
        role
    ])
    .boxed()
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![2 => select(vec!["Cathy", "Greg", "Mei Tan", "cathy", ""]).prop_map(str::to_owned), 2 => text()]
}

fn person() -> impl Strategy<Value = Person> {
    (
        id(),
        name(),
        text(),
        text(),
        text(),
        text(),
        (text(), any::<bool>()),
    )
        .prop_map(
            |(id, name, short_name, handle, email, role_title, (team, left))| Person {
                id,
                name,
                short_name,
                handle,
                email,
                role_title,
                team,
                left,
                ..Person::default()
            },
        )
}

type Ids = (Vec<String>, Vec<String>, Vec<String>, Vec<String>);

fn event(id: String, participants: Vec<String>) -> impl Strategy<Value = TimelineEvent> {
    let kinds = vec![
        EventKind::Signal,
        EventKind::Observation,
        EventKind::Communication,
        EventKind::Decision,
        EventKind::Change,
        EventKind::Restored,
    ];
    let hash = prop_oneof!["[0-9a-f]{64}", text()];
    let image = option::of((hash, text()).prop_map(|(hash, alt)| Image { hash, alt }));
    let first = (
        option::of(moment()),
        phase(),
        select(kinds),
        actor(participants),
        text(),
        text(),
    );
    (
        Just(id),
        first,
        image,
        any::<bool>(),
        any::<bool>(),
        visibility(),
    )
        .prop_map(
            |(id, (at, phase, kind, actor, text, source), image, star, public, visibility)| {
                TimelineEvent {
                    id,
                    at,
                    phase,
                    kind,
                    actor,
                    text,
                    source,
                    image,
                    star,
                    public,
                    visibility,
                }
            },
        )
}

fn finding(
    id: String,
    events: Vec<String>,
    actions: Vec<String>,
) -> impl Strategy<Value = Finding> {
    let kinds = vec![
        FindingKind::Hindered,
        FindingKind::Helped,
        FindingKind::Surprised,
        FindingKind::Luck,
        FindingKind::Risk,
    ];
    let first = (
        option::of(prop_oneof![0u32..5, any::<u32>()]),
        text(),
        select(kinds),
        phase(),
        text(),
    );
    (
        Just(id),
        first,
        some_of(events),
        some_of(actions),
        any::<bool>(),
        text(),
        visibility(),
    )
        .prop_map(
            |(
                id,
                (number, text, kind, phase, theme),
                events,
                actions,
                no_action,
                no_action_reason,
                visibility,
            )| Finding {
                id,
                number,
                text,
                kind,
                phase,
                theme,
                events,
                actions,
                no_action,
                no_action_reason,
                visibility,
            },
        )
}

fn action(id: String, people: Vec<String>) -> impl Strategy<Value = ActionItem> {
    let types = vec![
        ActionType::Investigate,
        ActionType::Mitigate,
        ActionType::Repair,
        ActionType::Detect,
        ActionType::Prevent,
        ActionType::Process,
    ];
    let statuses = vec![
        ActionStatus::Open,
        ActionStatus::InProgress,
        ActionStatus::Done,
        ActionStatus::Declined,
    ];
    let day = || {
        (1i32..9999, 1u32..13, 1u32..29)
            .prop_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a day"))
    };
    let verified = (one_of(people.clone()), instant()).prop_map(|(by, at)| Verified { by, at });
    let first = (
        option::of(0u32..5),
        text(),
        text(),
        option::of(one_of(people.clone())),
        some_of(people.clone()),
        option::of(day()),
    );
    let moves = vec(
        (
            instant(),
            option::of(one_of(people.clone())),
            option::of(day()),
            option::of(day()),
            text(),
        ),
        0..3,
    );
    let moves = moves.prop_map(|moves| {
        let moves = moves.into_iter().enumerate();
        let made = moves.map(|(n, (at, by, from, to, reason))| DueMove {
            id: format!("move-{n}"),
            at,
            by,
            from,
            to,
            reason,
        });
        made.collect::<Vec<_>>()
    });
    let reopened = vec((instant(), option::of(one_of(people)), text()), 0..3);
    let reopened = reopened.prop_map(|reopened| {
        let reopened = reopened.into_iter().enumerate();
        let made = reopened.map(|(n, (at, by, seen))| Reopening {
            id: format!("again-{n}"),
            at,
            by,
            seen,
        });
        made.collect::<Vec<_>>()
    });
    let hash = prop_oneof!["[0-9a-f]{64}", text()];
    let image = option::of((hash, text()).prop_map(|(hash, alt)| Image { hash, alt }));
    let record = (moves, reopened, image, any::<bool>(), option::of(day()));
    let priorities = vec![Priority::P0, Priority::P1, Priority::P2, Priority::P3];
    let second = (
        option::of(select(priorities)),
        option::of(select(types)),
        select(statuses),
        option::of(instant()),
    );
    let third = (
        text(),
        text(),
        option::of(verified),
        text(),
        text(),
        visibility(),
    );
    (Just(id), first, second, third, record).prop_map(|(id, a, b, c, d)| ActionItem {
        id,
        number: a.0,
        text: a.1,
        done_when: a.2,
        owner: a.3,
        helpers: a.4,
        due: a.5,
        priority: b.0,
        action_type: b.1,
        status: b.2,
        settled_at: b.3,
        evidence: c.0,
        reason: c.1,
        verified: c.2,
        verified_note: c.3,
        ticket: c.4,
        visibility: c.5,
        moves: d.0,
        reopened: d.1,
        evidence_image: d.2,
        evidence_skipped: d.3,
        check_on: d.4,
    })
}

fn anchors(events: Vec<String>) -> impl Strategy<Value = BTreeMap<AnchorKey, Anchor>> {
    let precision = select(vec![Precision::Exact, Precision::About, Precision::Unknown]);
    let source = prop_oneof![text(), one_of(events).prop_map(|id| format!("event:{id}"))];
    let anchor =
        (option::of(instant()), precision, source).prop_map(|(at, precision, source)| Anchor {
            at,
            precision,
            source,
        });
    btree_map(select(AnchorKey::ALL.to_vec()), anchor, 0..8)
}

fn distinct(n: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    btree_set(id(), n)
        .prop_map(|set| set.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
}

fn postmortem() -> impl Strategy<Value = (Postmortem, Vec<Person>, Vec<Service>)> {
    let people = vec(person(), 0..5).prop_map(|mut people| {
        let mut seen = std::collections::BTreeSet::new();
        people.retain(|p| seen.insert(p.id.clone()));
        people
    });
    let services = btree_map(id(), text(), 0..3).prop_map(|map| {
        map.into_iter()
            .map(|(id, name)| Service { id, name })
            .collect::<Vec<_>>()
    });
    let ids = (
        distinct(0..5),
        distinct(0..5),
        distinct(0..5),
        distinct(0..4),
    );
    (people, services, ids)
        .prop_flat_map(|(people, services, ids)| {
            let ids: Ids = ids;
            let persons: Vec<String> = people.iter().map(|p| p.id.clone()).collect();
            let participants = ids.3.clone();
            let rows = (
                ids.0
                    .iter()
                    .map(|id| event(id.clone(), participants.clone()))
                    .collect::<Vec<_>>(),
                ids.1
                    .iter()
                    .map(|id| finding(id.clone(), ids.0.clone(), ids.2.clone()))
                    .collect::<Vec<_>>(),
                ids.2
                    .iter()
                    .map(|id| action(id.clone(), persons.clone()))
                    .collect::<Vec<_>>(),
                btree_map(
                    id(),
                    (text(), text(), text(), option::of(moment()), any::<bool>()),
                    0..3,
                ),
                btree_map(id(), (text(), actor(participants.clone())), 0..3),
                ids.3
                    .iter()
                    .map(|id| {
                        let roles = select(vec![
                            ReviewRole::Facilitator,
                            ReviewRole::FirstResponder,
                            ReviewRole::Observer,
                        ]);
                        (
                            Just(id.clone()),
                            option::of(one_of(persons.clone())),
                            name(),
                            roles,
                            text(),
                        )
                            .prop_map(|(id, person, name, role, title)| {
                                Participant {
                                    id,
                                    person,
                                    name,
                                    role,
                                    title,
                                }
                            })
                    })
                    .collect::<Vec<_>>(),
            );
            let severity = option::of(select(vec![Severity::Sev1, Severity::Sev2, Severity::Sev5]));
            let status = select(vec![
                Status::Draft,
                Status::InReview,
                Status::FollowUp,
                Status::Closed,
            ]);
            let head = (
                id(),
                text(),
                severity,
                status,
                zone(),
                text(),
                option::of(one_of(persons)),
            );
            let of = some_of(services.iter().map(|s| s.id.clone()).collect());
            let sections = btree_map(id(), (text(), text()), 0..4);
            let rest = (
                of,
                btree_set(text(), 0..3),
                sections,
                anchors(ids.0.clone()),
            );
            (Just(people), Just(services), head, rest, rows)
        })
        .prop_map(|(people, services, head, rest, rows)| {
            let p = Postmortem {
                id: head.0,
                schema: 1,
                title: head.1,
                severity: head.2,
                status: head.3,
                timezone: head.4,
                template: head.5,
                review_owner: head.6,
                services: rest.0,
                tags: rest.1.into_iter().collect(),
                sections: rest
                    .2
                    .into_iter()
                    .map(|(id, (title, text))| Section { id, title, text })
                    .collect(),
                anchors: rest.3,
                timeline: rows.0,
                findings: rows.1,
                actions: rows.2,
                impact: rows
                    .3
                    .into_iter()
                    .map(|(id, (text, value, unit, at, estimate))| ImpactFact {
                        id,
                        text,
                        value,
                        unit,
                        at,
                        estimate,
                    })
                    .collect(),
                parking: rows
                    .4
                    .into_iter()
                    .map(|(id, (text, raised_by))| ParkingItem {
                        id,
                        text,
                        raised_by,
                    })
                    .collect(),
                participants: rows.5,
            };
            (p, people, services)
        })
}

fn picture(hash: &str) -> Option<render::Picture> {
    (hash.len() == 64).then(|| render::Picture {
        mime: "image/png".into(),
        bytes: hash.as_bytes().to_vec(),
    })
}

fn export(
    format: &str,
    p: &Postmortem,
    people: &[Person],
    services: &[Service],
) -> render::Rendered {
    let derived = Derived::default();
    let input = render::Export {
        templates: render::ExportTemplates::default(),
        roles: false,
        published: false,
        postmortem: p,
        derived: &derived,
        people,
        services,
        images: &picture,
        now: now(),
        zone: "Europe/Berlin",
        name: "2026 login/outage",
    };
    (render::format(format).expect("listed").render)(&input).expect("built-in templates work")
}

/// Where two documents differ first.
fn difference(path: &str, a: &serde_json::Value, b: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object};
    match (a, b) {
        (Object(x), Object(y)) => x.keys().chain(y.keys()).find_map(|key| {
            let null = serde_json::Value::Null;
            difference(
                &format!("{path}.{key}"),
                x.get(key).unwrap_or(&null),
                y.get(key).unwrap_or(&null),
            )
        }),
        (Array(x), Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find_map(|(i, (a, b))| difference(&format!("{path}[{i}]"), a, b)),
        _ => (a != b).then(|| format!("{path}: exported {a:#}, imported {b:#}")),
    }
}

fn check(
    format: &str,
    p: &Postmortem,
    people: &[Person],
    services: &[Service],
) -> Result<(), TestCaseError> {
    let rendered = export(format, p, people, services);
    let back = ingest::import(&format!("x.{format}"), &rendered.text, now()).map_err(|error| {
        TestCaseError::fail(format!("an export must import: {error}\n{}", rendered.text))
    })?;
    if &back.postmortem != p {
        let json = |p: &Postmortem| serde_json::to_value(p).expect("plain data");
        let at = difference("", &json(p), &json(&back.postmortem)).unwrap_or_default();
        let notes = &back.notes;
        return Err(TestCaseError::fail(format!(
            "an export must import back equal; {at}\n{notes:?}\n{}",
            rendered.text
        )));
    }
    for person in &back.people {
        prop_assert!(
            people.contains(person),
            "people come back as they were: {:?}\n{}",
            person,
            rendered.text
        );
    }
    for service in &back.services {
        prop_assert!(
            services.contains(service),
            "services come back as they were: {:?}\n{}",
            service,
            rendered.text
        );
    }
    if format == "md" {
        prop_assert!(
            back.notes.is_empty(),
            "nothing was changed, so there is nothing to say: {:?}",
            back.notes
        );
        for file in &back.image_files {
            prop_assert!(
                rendered.assets.iter().any(|asset| asset.path == file.path),
                "{} lies beside the file",
                file.path
            );
        }
        let again = export(format, &back.postmortem, &back.people, &back.services);
        prop_assert_eq!(
            again.text,
            rendered.text,
            "exporting what was imported gives the same file"
        );
    }
    Ok(())
}

#[test]
fn the_example_imports_back_equal() {
    let (p, people, services) = model::demo::login_outage(now());
    for format in ["md", "json"] {
        check(format, &p, &people, &services).expect("the example comes back equal");
    }
}

#[test]
fn the_example_of_a_year_imports_back_equal() {
    let year = model::sample_year::sample_year(now()).expect("its files can be read");
    for p in &year.postmortems {
        for format in ["md", "json"] {
            check(format, p, &year.people, &year.services).expect("each comes back equal");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(300), max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_imports_back_equal((p, people, services) in postmortem()) {
        check("md", &p, &people, &services)?;
    }

    #[test]
    fn json_imports_back_equal((p, people, services) in postmortem()) {
        check("json", &p, &people, &services)?;
    }

    #[test]
    fn documents_of_the_model_import_back_equal(p in model::testing::arbitrary_postmortem()) {
        check("md", &p, &[], &[])?;
        check("json", &p, &[], &[])?;
    }

    #[test]
    fn pages_are_made_from_anything((p, people, services) in postmortem()) {
        let text = export("html", &p, &people, &services).text;
        prop_assert!(text.ends_with("</html>\n") || text.ends_with("</html>"), "the page must be whole: {text}");
        prop_assert!(!text.to_lowercase().contains("<script"), "no text may become a script: {text}");
    }
}
