//! Figures, phases, the bar and the checks, with missing and contradictory anchors.

use chrono::{DateTime, Utc};
use model::demo::login_outage;
use model::derived::{Check, Derived, derive, figures};
use model::postmortem::ImpactFact;
use model::postmortem::{
    ActionItem, ActionStatus, Anchor, AnchorKey, EventKind, Finding, FindingKind, Moment, Phase,
    Postmortem, Precision, RowKind, Status, TimelineEvent,
};
use model::testing::arbitrary_postmortem;
use proptest::prelude::*;

fn minute(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_322_800 + minutes * 60, 0).unwrap()
}

fn anchored(anchors: &[(AnchorKey, i64)]) -> Postmortem {
    let exact = |at: i64| Anchor {
        at: Some(minute(at)),
        precision: Precision::Exact,
        source: String::new(),
    };
    Postmortem {
        timezone: "Europe/Berlin".into(),
        anchors: anchors.iter().map(|(key, at)| (*key, exact(*at))).collect(),
        ..Postmortem::default()
    }
}

fn derived(postmortem: &Postmortem) -> Derived {
    derive(postmortem, &|_| None)
}

fn seconds(derived: &Derived, key: &str) -> Option<i64> {
    derived
        .durations
        .iter()
        .find(|duration| duration.key == key)
        .unwrap()
        .seconds
}

fn event(id: &str, at: i64, phase: Option<Phase>) -> TimelineEvent {
    let at = Some(Moment {
        at: minute(at),
        zone: "UTC".into(),
        precision: Precision::Exact,
    });
    TimelineEvent {
        id: id.into(),
        at,
        phase,
        ..TimelineEvent::default()
    }
}

fn check<'a>(derived: &'a Derived, id: &str) -> &'a Check {
    derived
        .checks
        .iter()
        .find(|check| check.id == id)
        .unwrap_or_else(|| panic!("the check {id} must be there"))
}

#[test]
fn durations_are_between_their_anchors() {
    use AnchorKey::{T0, T1, T2, T3, T4, T5, T6, T7};
    let anchors = [
        (T0, 0),
        (T1, 1),
        (T2, 3),
        (T3, 6),
        (T4, 10),
        (T5, 15),
        (T6, 21),
        (T7, 28),
    ];
    let derived = derived(&anchored(&anchors));
    let expected = [
        ("detect", 3),
        ("engage", 3),
        ("access", 4),
        ("diagnose", 5),
        ("repair", 6),
        ("confirm", 7),
        ("total", 21),
    ];
    for (key, minutes) in expected {
        assert_eq!(
            seconds(&derived, key),
            Some(minutes * 60),
            "{key} is defined by its two anchors"
        );
    }
    let phases: Vec<Option<i64>> = derived.phases.iter().map(|span| span.seconds).collect();
    assert_eq!(
        phases,
        [Some(360), Some(240), Some(660)],
        "T0 to T3, T3 to T4, T4 to T6"
    );
    assert!(
        derived.contradictions.is_empty(),
        "these anchors are in order"
    );
}

#[test]
fn a_missing_anchor_gives_unknown() {
    use AnchorKey::{T0, T3, T5, T6};
    let mut postmortem = anchored(&[(T0, 0), (T3, 6), (T5, 15), (T6, 21)]);
    let full = derived(&postmortem);
    assert_eq!(
        seconds(&full, "detect"),
        None,
        "nothing is computed from a missing T2"
    );
    assert_eq!(
        full.durations[0].missing,
        [AnchorKey::T2],
        "and it says which is missing"
    );
    assert_eq!(
        full.phases[1].seconds,
        Some(540),
        "T5 stands in for a missing T4: response"
    );
    assert_eq!(
        full.phases[2].seconds,
        Some(360),
        "T5 stands in for a missing T4: remediation"
    );
    postmortem.anchors.insert(
        T0,
        Anchor {
            at: Some(minute(0)),
            precision: Precision::Unknown,
            source: "chat".into(),
        },
    );
    let unknown = derived(&postmortem);
    assert_eq!(
        seconds(&unknown, "total"),
        None,
        "an unknown anchor counts as missing, whatever instant it carries"
    );
    assert_eq!(
        check(&unknown, "anchors").text,
        "When the impact started is unknown",
        "that is worth a note"
    );
    assert!(check(&unknown, "anchors").note, "and only a note");
    assert_eq!(
        unknown.starts,
        Some(minute(6)),
        "without T0 the earliest anchor is the start"
    );
}

#[test]
fn a_key_time_that_its_event_has_left_is_shown() {
    let (mut postmortem, _, _) = login_outage(Utc::now());
    let before = derive(&postmortem, &|_| None);
    let moved = |derived: &Derived| -> Vec<String> {
        let checks = derived.checks.iter();
        let moved = checks.filter(|check| check.id.starts_with("source:"));
        moved.map(|check| check.text.clone()).collect()
    };
    assert!(
        moved(&before).is_empty(),
        "the example's key times are those of their events"
    );
    let source = postmortem.anchors[&AnchorKey::T6].source.clone();
    let event = postmortem
        .timeline
        .iter_mut()
        .find(|event| source == format!("event:{}", event.id))
        .expect("the end of the impact is known from an event");
    event.at.as_mut().expect("a time").at += chrono::Duration::minutes(6);
    assert_eq!(
        moved(&derive(&postmortem, &|_| None)),
        [
            "“Impact ends” is 10 Nov, 16:15, and the event that it is known from is now 10 Nov, 16:21"
        ],
        "figures rest on the key time, so whoever moved the event is told"
    );
}

#[test]
fn contradictions_are_shown() {
    use AnchorKey::{T0, T2, T3, T6};
    let postmortem = anchored(&[(T0, 0), (T2, 10), (T3, 5), (T6, 21)]);
    let derived = derived(&postmortem);
    let engage = derived
        .durations
        .iter()
        .find(|duration| duration.key == "engage")
        .unwrap();
    assert!(
        engage.contradictory && engage.seconds.is_none(),
        "no negative duration is ever shown"
    );
    let sentence = "“Responder engaged” (16:05) lies before “We know” (16:10)";
    assert_eq!(
        derived.contradictions[0].text, sentence,
        "it is told in words, in the postmortem's zone"
    );
    assert_eq!(
        check(&derived, "contradiction:t2:t3").targets.len(),
        2,
        "with both places to mend"
    );
    assert_eq!(
        seconds(&derived, "total"),
        Some(21 * 60),
        "other figures stand"
    );
}

#[test]
fn every_check_has_an_id_of_its_own() {
    use AnchorKey::{T0, T1, T2, T3};
    let postmortem = anchored(&[(T0, 30), (T1, 20), (T2, 10), (T3, 0)]);
    let derived = derived(&postmortem);
    let ids: Vec<&str> = derived
        .checks
        .iter()
        .map(|check| check.id.as_str())
        .collect();
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert!(
        derived.contradictions.len() > 1,
        "several anchors contradict each other"
    );
    assert_eq!(
        distinct.len(),
        ids.len(),
        "the page tells checks apart by their ids: {ids:?}"
    );
}

#[test]
fn estimates_are_passed_on() {
    use AnchorKey::{T0, T6};
    let mut postmortem = anchored(&[(T0, 0), (T6, 20)]);
    postmortem.anchors.get_mut(&T0).unwrap().precision = Precision::About;
    let figures = figures(&postmortem);
    assert_eq!(
        (figures.total, figures.about),
        (Some(1200), true),
        "a figure is as sure as its anchors"
    );
}

#[test]
fn the_bar_is_to_scale() {
    use AnchorKey::{T0, T3, T4, T6};
    let mut postmortem = anchored(&[(T0, 0), (T3, 5), (T4, 11), (T6, 20)]);
    postmortem.timeline = vec![
        event("a", 0, None),
        TimelineEvent {
            kind: EventKind::Decision,
            ..event("b", 12, None)
        },
        event("c", 20, None),
        event("d", 1080, Some(Phase::Analysis)),
    ];
    let bar = derived(&postmortem).bar;
    let widths: Vec<(Option<Phase>, i64)> = bar
        .segments
        .iter()
        .map(|segment| (segment.phase, (segment.width * 100.0).round() as i64))
        .collect();
    let phases = [
        (Some(Phase::Detection), 25),
        (Some(Phase::Response), 30),
        (Some(Phase::Remediation), 45),
    ];
    assert_eq!(widths, phases, "5, 6 and 9 of 20 minutes");
    let ticks: Vec<(&str, usize, i64)> = bar
        .ticks
        .iter()
        .map(|tick| {
            (
                tick.event.as_str(),
                tick.segment,
                (tick.at * 1000.0).round() as i64,
            )
        })
        .collect();
    assert_eq!(
        ticks,
        [("a", 0, 0), ("b", 2, 111), ("c", 2, 1000)],
        "events stand at their true time; the day after is not on it"
    );
    assert!(!bar.open, "the impact has ended");
}

#[test]
fn a_long_gap_is_compressed() {
    use AnchorKey::{T0, T3, T4, T6};
    let mut postmortem = anchored(&[(T0, 0), (T3, 600), (T4, 606), (T6, 615)]);
    postmortem.timeline = vec![event("a", 2, None)];
    let bar = derived(&postmortem).bar;
    let detection: Vec<bool> = bar
        .segments
        .iter()
        .filter(|s| s.phase == Some(Phase::Detection))
        .map(|s| s.compressed)
        .collect();
    assert_eq!(
        detection,
        [false, true],
        "the night before anybody noticed is drawn short, what surrounds it to scale"
    );
    let remediation = bar
        .segments
        .iter()
        .find(|s| s.phase == Some(Phase::Remediation))
        .unwrap();
    assert!(
        remediation.width > 0.3,
        "so the rest can be seen: {}",
        remediation.width
    );
}

#[test]
fn what_lies_outside_the_impact_takes_little() {
    use AnchorKey::{T0, T3, T4, T6};
    let mut postmortem = anchored(&[(T0, 0), (T3, 5), (T4, 11), (T6, 20)]);
    postmortem.timeline = vec![
        event("deploy", -300, None),
        event("count", 30, None),
        event("near", 21, None),
    ];
    let bar = derived(&postmortem).bar;
    let (first, last) = (&bar.segments[0], &bar.segments[bar.segments.len() - 1]);
    assert!(
        first.phase.is_none() && first.compressed && first.width < 0.1,
        "five hours before are drawn short: {first:?}"
    );
    assert!(
        last.phase.is_none() && last.compressed && last.width < 0.1,
        "what came after is drawn short: {last:?}"
    );
    assert_eq!(bar.ticks.len(), 3, "and still the events are there");
    let detection = bar
        .segments
        .iter()
        .find(|segment| segment.phase == Some(Phase::Detection))
        .unwrap();
    let remediation = bar
        .segments
        .iter()
        .find(|segment| segment.phase == Some(Phase::Remediation))
        .unwrap();
    assert!(
        (remediation.width / detection.width - 9.0 / 5.0).abs() < 1e-9,
        "the phases keep their scale"
    );
}

#[test]
fn nothing_known_draws_nothing() {
    let bar = derived(&Postmortem::default()).bar;
    assert!(
        bar.segments.is_empty() && bar.ticks.is_empty(),
        "there is nothing to draw"
    );
    let one = derived(&Postmortem {
        timeline: vec![event("a", 0, None)],
        ..Postmortem::default()
    })
    .bar;
    assert_eq!(
        (one.segments.len(), one.ticks.len(), one.open),
        (1, 1, true),
        "a single instant is a bar that is still open"
    );
}

#[test]
fn checks_speak_plainly() {
    let finding = |id: &str, number: u32| Finding {
        id: id.into(),
        number: Some(number),
        text: "true".into(),
        ..Finding::default()
    };
    let action = |id: &str, number: u32| ActionItem {
        id: id.into(),
        number: Some(number),
        ..ActionItem::default()
    };
    let mut postmortem = Postmortem {
        findings: vec![finding("f5", 5), finding("f6", 6)],
        actions: vec![action("a8", 8), action("a9", 9)],
        timeline: vec![
            event("e1", 0, None),
            event("e2", 1, None),
            event("e3", 2, None),
        ],
        ..Postmortem::default()
    };
    postmortem.findings[0].no_action = true;
    let before = derived(&postmortem);
    for (id, text) in [
        ("finding_answer", "Finding 6 has no action item"),
        (
            "finding_reason",
            "Finding 5 needs no action, but does not say why",
        ),
        ("action_owner", "2 action items have no owner"),
        ("event_phase", "3 timeline events have no phase"),
        ("impact", "Impact is empty"),
        ("event_time", "Every event has a time"),
    ] {
        assert_eq!(
            check(&before, id).text,
            text,
            "these are the words of the product"
        );
    }
    for kind in [FindingKind::Helped, FindingKind::Luck] {
        postmortem.findings[1].kind = kind;
        assert!(
            check(&derived(&postmortem), "finding_answer").ok,
            "what went well may be left as it is"
        );
    }
    postmortem.findings[1].kind = FindingKind::Hindered;
    postmortem.impact = vec![ImpactFact {
        text: "Support requests".into(),
        ..ImpactFact::default()
    }];
    assert_eq!(
        check(&derived(&postmortem), "impact").text,
        "Impact is empty",
        "a label that the template brought says nothing about this incident"
    );
    postmortem.impact[0].value = "10".into();
    assert_eq!(
        check(&derived(&postmortem), "impact").text,
        "Impact is described",
        "a value does"
    );
    let owner = &check(&before, "action_owner").targets;
    let labels: Vec<(&str, &str)> = owner
        .iter()
        .map(|target| (target.label.as_str(), target.field.as_str()))
        .collect();
    assert_eq!(
        labels,
        [("A8", "owner"), ("A9", "owner")],
        "each place can be jumped to"
    );
    assert_eq!(owner[0].kind, Some(RowKind::Actions), "with what it is");
    let first_ok = before
        .checks
        .iter()
        .position(|check| check.ok && !check.note)
        .unwrap();
    assert!(
        before.checks[first_ok..].iter().all(|check| check.ok),
        "what is missing comes first"
    );
    postmortem.actions[0].status = ActionStatus::Declined;
    postmortem.actions[1].status = ActionStatus::Done;
    let after = derived(&postmortem);
    assert_eq!(
        check(&after, "action_owner").text,
        "Action item 9 has no owner",
        "a declined item needs no owner"
    );
    assert_eq!(
        check(&after, "action_reason").text,
        "Action item 8 is declined without a reason",
        "but a reason"
    );
    assert!(
        check(&after, "action_evidence").note,
        "done without evidence is a note"
    );
}

#[test]
fn what_is_closed_has_no_open_action_items() {
    let action = |id: &str, status: ActionStatus| ActionItem {
        id: id.into(),
        status,
        ..ActionItem::default()
    };
    let mut postmortem = Postmortem {
        status: Status::FollowUp,
        actions: vec![
            action("a1", ActionStatus::Done),
            action("a2", ActionStatus::Declined),
            action("a3", ActionStatus::Open),
            action("a4", ActionStatus::InProgress),
        ],
        ..Postmortem::default()
    };
    postmortem.actions[2].number = Some(3);
    let has_it = |derived: &Derived| derived.checks.iter().any(|check| check.id == "closed");
    assert!(
        !has_it(&derived(&postmortem)),
        "in the follow-up, items may be open"
    );
    postmortem.status = Status::Closed;
    let closed = derived(&postmortem);
    let closed = check(&closed, "closed");
    assert_eq!(
        (closed.ok, closed.note, closed.text.as_str()),
        (false, false, "It is closed, but 2 action items are open"),
        "what is neither done nor declined is open"
    );
    let places: Vec<&str> = closed
        .targets
        .iter()
        .map(|target| target.id.as_str())
        .collect();
    assert_eq!(places, ["a3", "a4"], "each of them can be jumped to");
    postmortem.actions[3].status = ActionStatus::Done;
    assert_eq!(
        check(&derived(&postmortem), "closed").text,
        "It is closed, but 1 action item is open",
        "one is counted too"
    );
    postmortem.actions[2].status = ActionStatus::Declined;
    assert!(
        !has_it(&derived(&postmortem)),
        "with every item settled there is nothing to say"
    );
}

#[test]
fn people_are_notes() {
    let (postmortem, people, _) = login_outage(DateTime::UNIX_EPOCH);
    let names = |id: &String| {
        people
            .iter()
            .find(|person| person.id == *id)
            .map(|person| person.name.clone())
    };
    let derived = derive(&postmortem, &names);
    let owner = check(&derived, "review_owner");
    assert_eq!(
        (owner.text.as_str(), owner.note),
        ("Cathy Lind owns this review", true),
        "who owns it is told, not counted"
    );
    let facilitator = check(&derived, "facilitator");
    assert!(
        facilitator.note && !facilitator.ok,
        "a small team may have no facilitator: a note, not an error"
    );
}

proptest! {
    #[test]
    fn the_bar_adds_up(postmortem in arbitrary_postmortem()) {
        let derived = derived(&postmortem);
        let figures = figures(&postmortem);
        prop_assert_eq!((figures.starts, figures.ends), (derived.starts, derived.ends), "lists show what the document shows");
        prop_assert_eq!(figures.detection, derived.phases[0].seconds, "lists show what the document shows");
        let bar = &derived.bar;
        if !bar.segments.is_empty() {
            let sum: f64 = bar.segments.iter().map(|segment| segment.width).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "widths must sum to 1, not {}", sum);
            prop_assert!(bar.segments.iter().all(|segment| segment.width > 0.0), "every segment can be seen");
            let joined = bar.segments.windows(2).all(|pair| pair[0].to == pair[1].from);
            prop_assert!(joined, "segments follow each other without holes");
        }
        for tick in &bar.ticks {
            prop_assert!(tick.segment < bar.segments.len() && (0.0..=1.0).contains(&tick.at), "a tick stands on the bar");
        }
        for duration in &derived.durations {
            prop_assert!(duration.seconds.is_none_or(|seconds| seconds >= 0), "no duration is negative");
        }
    }
}
