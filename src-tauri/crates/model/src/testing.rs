//! Random postmortems for property tests, here and in other crates (feature `testing`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::postmortem::{
    ActionItem, ActionStatus, ActionType, Actor, Anchor, AnchorKey, DueMove, EventKind, Finding,
    FindingKind, Image, ImpactFact, Moment, ParkingItem, Participant, Phase, Postmortem, Precision,
    Priority, Reopening, ReviewRole, Section, Severity, Status, TimelineEvent, Verified,
    Visibility,
};

/// Any postmortem that a document can hold: every field filled in some of them, links between its rows, texts with
/// Markdown, HTML, right-to-left letters, emoji, zero-width characters and line breaks. Lists are in the order a document
/// gives them back in. Its id is empty.
pub fn arbitrary_postmortem() -> impl Strategy<Value = Postmortem> {
    let rows = (
        vec(event(), 0..6),
        vec(finding(), 0..5),
        vec(action(), 0..5),
        vec(impact(), 0..3),
        vec(parking(), 0..3),
    );
    let links = (any::<u64>(), any::<u64>(), vec(person(), 0..3));
    (head(), rows, vec(participant(), 0..4), links).prop_map(|(head, rows, participants, links)| {
        let (timeline, findings, actions, impact, parking) = rows;
        put_together(
            Postmortem {
                timeline,
                findings,
                actions,
                impact,
                parking,
                participants,
                ..head
            },
            links,
        )
    })
}

fn put_together(
    mut postmortem: Postmortem,
    (seed, other_seed, people): (u64, u64, Vec<String>),
) -> Postmortem {
    // Ids in the order of the lists, so that equal places never depend on chance.
    let id = |list: u32, at: usize| format!("0191a000-0000-7000-8{list:03x}-{at:012x}");
    postmortem
        .timeline
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(1, at));
    postmortem
        .findings
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(2, at));
    postmortem
        .actions
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(3, at));
    postmortem
        .impact
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(4, at));
    postmortem
        .parking
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(5, at));
    postmortem
        .participants
        .iter_mut()
        .enumerate()
        .for_each(|(at, row)| row.id = id(6, at));
    postmortem.timeline = in_time_order(postmortem.timeline);
    let chosen =
        |seed: u64, at: usize, of: usize| seed.rotate_left((at * 11 + of * 5) as u32) & 3 == 0;
    for (at, finding) in postmortem.findings.iter_mut().enumerate() {
        let events = postmortem
            .timeline
            .iter()
            .enumerate()
            .filter(|(of, _)| chosen(seed, at, *of));
        finding.events = events.map(|(_, event)| event.id.clone()).collect();
        let actions = postmortem
            .actions
            .iter()
            .enumerate()
            .filter(|(of, _)| chosen(other_seed, at, *of));
        finding.actions = actions.map(|(_, action)| action.id.clone()).collect();
    }
    let people: BTreeSet<String> = people.into_iter().collect();
    for (at, action) in postmortem.actions.iter_mut().enumerate() {
        let helpers = people
            .iter()
            .enumerate()
            .filter(|(of, _)| chosen(seed ^ other_seed, at, *of));
        action.helpers = helpers.map(|(_, person)| person.clone()).collect();
    }
    if let Some(participant) = postmortem.participants.first() {
        let id = participant.id.clone();
        let actors = postmortem.timeline.iter_mut().map(|event| &mut event.actor);
        for actor in actors.chain(
            postmortem
                .parking
                .iter_mut()
                .map(|item| &mut item.raised_by),
        ) {
            if let Some(Actor::Participant(row)) = actor {
                row.clone_from(&id);
            }
        }
    }
    postmortem
}

/// By time; an event without a time stays behind the one before it.
fn in_time_order(events: Vec<TimelineEvent>) -> Vec<TimelineEvent> {
    let mut start = Vec::new();
    let mut groups: Vec<Vec<TimelineEvent>> = Vec::new();
    for event in events {
        match (&event.at, groups.last_mut()) {
            (Some(_), _) => groups.push(vec![event]),
            (None, Some(group)) => group.push(event),
            (None, None) => start.push(event),
        }
    }
    groups.sort_by_key(|group| {
        group
            .first()
            .and_then(|event| event.at.as_ref())
            .map(|moment| moment.at)
    });
    start
        .into_iter()
        .chain(groups.into_iter().flatten())
        .collect()
}

/// One line of anything people might write, without control characters and without spaces at its ends.
pub fn line() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Login",
        "page",
        "92%",
        "`top`",
        "<b>",
        "&amp;",
        "| cell |",
        "# no heading",
        "[a](b)",
        "*",
        "_x_",
        "\\",
        "שלום",
        "مرحبا",
        "👩‍🚒",
        "e\u{301}",
        "\u{200b}",
        "F6",
        "A3",
        "16:05",
        "-",
        "1.",
        "--",
        "\"",
        "'",
        "=1+1",
        "@gary",
        "…",
    ];
    vec(select(pieces), 0..6).prop_map(|words| words.join(" ").trim().to_owned())
}

/// Several lines of anything people might write.
pub fn prose() -> impl Strategy<Value = String> {
    vec(line(), 0..5).prop_map(|lines| lines.join("\n").trim().to_owned())
}

/// An instant in whole seconds between 2001 and 2033.
pub fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (1_000_000_000i64..2_000_000_000)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

fn zone() -> impl Strategy<Value = String> {
    select(vec![
        "Europe/Berlin",
        "UTC",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
    ])
    .prop_map(str::to_owned)
}

fn person() -> impl Strategy<Value = String> {
    (0u8..20).prop_map(|number| format!("0191a000-0000-7000-9000-{number:012x}"))
}

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?"
}

fn moment() -> impl Strategy<Value = Moment> {
    (
        instant(),
        zone(),
        select(vec![Precision::Exact, Precision::About]),
    )
        .prop_map(|(at, zone, precision)| Moment {
            at,
            zone,
            precision,
        })
}

fn anchor() -> impl Strategy<Value = Anchor> {
    (
        option::weighted(0.9, instant()),
        select(vec![Precision::Exact, Precision::About]),
        line(),
    )
        .prop_map(|(at, precision, source)| Anchor {
            at,
            precision: if at.is_some() {
                precision
            } else {
                Precision::Unknown
            },
            source,
        })
}

fn actor() -> impl Strategy<Value = Option<Actor>> {
    prop_oneof![
        Just(None),
        Just(Some(Actor::Participant("nobody".into()))),
        select(vec!["Customers", "Support", "On-call: first"])
            .prop_map(|role| Some(Actor::Role(role.into()))),
    ]
}

fn visibility() -> impl Strategy<Value = Visibility> {
    select(vec![
        Visibility::Room,
        Visibility::Company,
        Visibility::Customers,
    ])
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

fn head() -> impl Strategy<Value = Postmortem> {
    let severity = option::of(select(vec![
        Severity::Sev1,
        Severity::Sev2,
        Severity::Sev3,
        Severity::Sev4,
        Severity::Sev5,
    ]));
    let status = select(vec![
        Status::Draft,
        Status::InReview,
        Status::FollowUp,
        Status::Closed,
    ]);
    let sections = (
        subsequence(vec!["summary", "background", "what-helped", "open"], 0..=4),
        vec((line(), prose()), 4),
    )
        .prop_map(|(ids, texts)| {
            let sections = ids.into_iter().zip(texts);
            sections
                .map(|(id, (title, text))| Section {
                    id: id.into(),
                    title,
                    text,
                })
                .collect::<Vec<_>>()
        });
    let anchors = btree_map(select(AnchorKey::ALL.to_vec()), anchor(), 0..8);
    let head = (
        line(),
        severity,
        status,
        zone(),
        word(),
        option::of(person()),
    );
    (
        head,
        btree_set(word(), 0..3),
        btree_set(word(), 0..3),
        sections,
        anchors,
    )
        .prop_map(
            |(
                (title, severity, status, timezone, template, review_owner),
                services,
                tags,
                sections,
                anchors,
            )| Postmortem {
                schema: 1,
                title,
                severity,
                status,
                timezone,
                template,
                review_owner,
                services: services.into_iter().collect(),
                tags: tags.into_iter().collect(),
                sections,
                anchors: anchors.into_iter().collect::<BTreeMap<_, _>>(),
                ..Postmortem::default()
            },
        )
}

fn event() -> impl Strategy<Value = TimelineEvent> {
    let kind = select(vec![
        EventKind::Signal,
        EventKind::Observation,
        EventKind::Communication,
        EventKind::Decision,
        EventKind::Change,
        EventKind::Restored,
    ]);
    let image = option::weighted(
        0.2,
        ("[0-9a-f]{64}", line()).prop_map(|(hash, alt)| Image { hash, alt }),
    );
    let texts = (line(), line());
    (
        option::weighted(0.8, moment()),
        phase(),
        kind,
        actor(),
        texts,
        image,
        any::<(bool, bool)>(),
        visibility(),
    )
        .prop_map(
            |(at, phase, kind, actor, (text, source), image, (star, public), visibility)| {
                TimelineEvent {
                    id: String::new(),
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

fn finding() -> impl Strategy<Value = Finding> {
    let kind = select(vec![
        FindingKind::Hindered,
        FindingKind::Helped,
        FindingKind::Surprised,
        FindingKind::Luck,
        FindingKind::Risk,
    ]);
    (
        option::of(1u32..50),
        prose(),
        kind,
        phase(),
        word(),
        any::<bool>(),
        prose(),
        visibility(),
    )
        .prop_map(
            |(number, text, kind, phase, theme, no_action, no_action_reason, visibility)| Finding {
                number,
                text,
                kind,
                phase,
                theme,
                no_action,
                no_action_reason,
                visibility,
                ..Finding::default()
            },
        )
}

fn action() -> impl Strategy<Value = ActionItem> {
    let due = (0i32..20_000)
        .prop_map(|days| NaiveDate::from_num_days_from_ce_opt(730_000 + days).unwrap_or_default());
    let priority = select(vec![Priority::P0, Priority::P1, Priority::P2, Priority::P3]);
    let action_type = select(vec![
        ActionType::Investigate,
        ActionType::Mitigate,
        ActionType::Repair,
        ActionType::Detect,
        ActionType::Prevent,
        ActionType::Process,
    ]);
    let status = select(vec![
        ActionStatus::Open,
        ActionStatus::InProgress,
        ActionStatus::Done,
        ActionStatus::Declined,
    ]);
    let fields = (
        option::of(1u32..50),
        option::of(person()),
        option::of(due),
        option::of(priority),
        option::of(action_type),
        status,
    );
    let verified = option::of((person(), instant()).prop_map(|(by, at)| Verified { by, at }));
    let ticket = select(vec!["", "OPS-212", "https://tickets.example/1?a=b&c=(d)"]);
    (
        fields,
        vec(prose(), 5),
        option::of(instant()),
        verified,
        ticket,
        visibility(),
        record(),
    )
        .prop_map(
            |(
                (number, owner, due, priority, action_type, status),
                texts,
                settled_at,
                verified,
                ticket,
                visibility,
                record,
            )| {
                let mut texts = texts.into_iter();
                let mut text = || texts.next().unwrap_or_default();
                ActionItem {
                    number,
                    text: text(),
                    done_when: text(),
                    owner,
                    due,
                    priority,
                    action_type,
                    status,
                    settled_at,
                    evidence: text(),
                    reason: text(),
                    verified,
                    verified_note: text(),
                    ticket: ticket.into(),
                    visibility,
                    ..record
                }
            },
        )
}

/// What an action item collects after the review.
fn record() -> impl Strategy<Value = ActionItem> {
    let day = || {
        option::of((0i32..20_000).prop_map(|days| {
            NaiveDate::from_num_days_from_ce_opt(730_000 + days).unwrap_or_default()
        }))
    };
    let id = |at: usize| format!("0191b000-0000-7000-9000-{at:012x}");
    let moves = vec(
        (instant(), option::of(person()), day(), day(), prose()),
        0..3,
    );
    let reopened = vec((instant(), option::of(person()), prose()), 0..3);
    let image = option::weighted(
        0.2,
        ("[0-9a-f]{64}", line()).prop_map(|(hash, alt)| Image { hash, alt }),
    );
    (moves, reopened, image, any::<bool>(), day()).prop_map(
        move |(moves, reopened, evidence_image, evidence_skipped, check_on)| ActionItem {
            moves: moves
                .into_iter()
                .enumerate()
                .map(|(at, (when, by, from, to, reason))| DueMove {
                    id: id(at),
                    at: when,
                    by,
                    from,
                    to,
                    reason,
                })
                .collect(),
            reopened: reopened
                .into_iter()
                .enumerate()
                .map(|(at, (when, by, seen))| Reopening {
                    id: id(at),
                    at: when,
                    by,
                    seen,
                })
                .collect(),
            evidence_image,
            evidence_skipped,
            check_on,
            ..ActionItem::default()
        },
    )
}

fn impact() -> impl Strategy<Value = ImpactFact> {
    (line(), line(), word(), option::of(moment()), any::<bool>()).prop_map(
        |(text, value, unit, at, estimate)| ImpactFact {
            id: String::new(),
            text,
            value,
            unit,
            at,
            estimate,
        },
    )
}

fn parking() -> impl Strategy<Value = ParkingItem> {
    (prose(), actor()).prop_map(|(text, raised_by)| ParkingItem {
        id: String::new(),
        text,
        raised_by,
    })
}

fn participant() -> impl Strategy<Value = Participant> {
    let role = select(vec![
        ReviewRole::Facilitator,
        ReviewRole::Scribe,
        ReviewRole::FirstResponder,
        ReviewRole::Responder,
        ReviewRole::Support,
        ReviewRole::Stakeholder,
        ReviewRole::Observer,
    ]);
    (option::of(person()), line(), role, line()).prop_map(|(person, name, role, title)| {
        Participant {
            id: String::new(),
            person,
            name,
            role,
            title,
        }
    })
}
