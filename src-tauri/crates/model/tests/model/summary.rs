//! The figures of a summary: equal to a second, plain computation over random postmortems, and right by hand.

mod naive;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use model::demo::login_outage;
use model::postmortem::{
    ActionItem, ActionStatus, Actor, Anchor, AnchorKey, EventKind, Finding, FindingKind, Moment,
    Postmortem, Precision, Severity, TimelineEvent, Visibility,
};
use model::summary::{
    Context, LeftOutReason, MiddleHalf, StepLength, Summary, SummaryScope, gathered, opened_at,
    summarize,
};
use model::testing::arbitrary_postmortem;
use model::visibility::Audience;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn scope(from: &str, to: &str) -> SummaryScope {
    SummaryScope {
        from: date(from),
        to: date(to),
        services: Vec::new(),
        severities: Vec::new(),
        tags: Vec::new(),
        postmortems: Vec::new(),
        audience: Audience::Company,
        focus: None,
    }
}

fn context(today: &str, zone: Tz) -> Context {
    Context {
        today: date(today),
        zone,
        service_names: BTreeMap::from([("login".to_owned(), "Login".to_owned())]),
    }
}

fn sum_up(scope: &SummaryScope, postmortems: &[Postmortem], today: &str) -> Summary {
    let gathered = gathered(postmortems, scope.focus.as_deref());
    summarize(scope, &gathered, &context(today, chrono_tz::Europe::Berlin))
}

/// Brings random postmortems so near to each other that their times, services and themes meet.
fn crowd(postmortems: Vec<Postmortem>, seed: u64) -> Vec<Postmortem> {
    let base = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    let near = |at: DateTime<Utc>| base + TimeDelta::seconds(at.timestamp() % (75 * 86_400));
    let mut chance = seed;
    let mut next = |of: u64| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % of
    };
    let mut out = Vec::new();
    for (number, mut p) in postmortems.into_iter().enumerate() {
        p.id = format!("doc-{number:02}");
        p.services = ["login", "mail"]
            .into_iter()
            .filter(|_| next(2) == 0)
            .map(str::to_owned)
            .collect();
        for anchor in p.anchors.values_mut() {
            anchor.at = anchor.at.map(near);
        }
        for event in &mut p.timeline {
            event.at = event.at.take().map(|moment| Moment {
                at: near(moment.at),
                ..moment
            });
        }
        if let (Some(event), Some(anchor)) = (p.timeline.first(), p.anchors.get_mut(&AnchorKey::T1))
            && next(2) == 0
        {
            anchor.source = format!("event:{}", event.id);
        }
        let mut renamed = BTreeMap::new();
        for (row, action) in p.actions.iter_mut().enumerate() {
            let millis = base.timestamp_millis() as u64 + next(75 * 86_400_000);
            let rest = [number as u8, row as u8, 0, 0, 0, 0, 0, 0, 0, 0];
            let mut id = uuid::Builder::from_unix_timestamp_millis(millis, &rest);
            if next(6) == 0 {
                id.set_version(uuid::Version::Random);
            }
            let id = id.into_uuid().to_string();
            renamed.insert(std::mem::replace(&mut action.id, id.clone()), id);
            action.settled_at = action.settled_at.map(near);
            let due = base.date_naive().checked_add_days(Days::new(next(90)));
            action.due = action.due.and(due);
        }
        for finding in &mut p.findings {
            finding.theme =
                ["access", " Access", "monitoring", "", "escalation"][next(5) as usize].into();
            for action in &mut finding.actions {
                action.clone_from(&renamed[action.as_str()]);
            }
        }
        out.push(p);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn figures_are_those_of_a_second_plain_computation(
        postmortems in proptest::collection::vec(arbitrary_postmortem(), 0..14),
        seed in any::<u64>(),
        audience in proptest::sample::select(vec![Audience::Company, Audience::Executives, Audience::Customers]),
        zone in proptest::sample::select(vec![chrono_tz::Europe::Berlin, chrono_tz::Pacific::Auckland, chrono_tz::UTC]),
    ) {
        let postmortems = crowd(postmortems, seed);
        let scope = SummaryScope { audience, ..scope("2026-01-10", "2026-02-20") };
        let (today, middle) = (date("2026-03-05"), date("2026-02-10"));
        let summary = summarize(&scope, &gathered(&postmortems, None), &context("2026-03-05", zone));
        let expected = naive::expected(&postmortems, &scope, today, zone, middle);
        prop_assert_eq!(naive::told(&summary, middle), expected, "both computations must agree on every figure");
        let counts = &summary.actions;
        prop_assert_eq!(counts.opened, counts.open + counts.done + counts.declined, "every action item is in one state");
        prop_assert!(
            summary.actions.steps.is_sorted_by(|a, b| a.day < b.day && a.opened <= b.opened && a.done <= b.done),
            "the lines never fall"
        );
    }
}

fn incident(number: usize, begins: &str, minutes: &[(AnchorKey, i64)]) -> Postmortem {
    let begins = at(begins);
    let anchors = minutes.iter().map(|(key, minutes)| {
        let anchor = Anchor {
            at: Some(begins + TimeDelta::minutes(*minutes)),
            ..Anchor::default()
        };
        (*key, anchor)
    });
    Postmortem {
        id: format!("doc-{number}"),
        title: format!("Incident {number}"),
        severity: Some(Severity::Sev3),
        services: vec!["login".into()],
        anchors: anchors.collect(),
        ..Postmortem::default()
    }
}

fn whole(number: usize, begins: &str, total: i64) -> Postmortem {
    use AnchorKey::{T0, T3, T4, T6};
    incident(
        number,
        begins,
        &[(T0, 0), (T3, total / 2), (T4, total / 2 + 1), (T6, total)],
    )
}

#[test]
fn nothing_happened() {
    let summary = sum_up(&scope("2026-06-01", "2026-11-30"), &[], "2026-11-16");
    assert_eq!(
        summary.headline.title, "No incidents",
        "and the title says so"
    );
    assert!(
        summary.headline.sentences.is_empty(),
        "there is nothing to say"
    );
    assert_eq!(
        summary.months.months.len(),
        6,
        "every month of the period is shown"
    );
    assert_eq!(
        summary.words.period, "June to November 2026",
        "the period in words"
    );
    assert!(
        summary.durations.iter().all(|strip| strip.middle.is_none()),
        "nothing has no middle"
    );
    let days: Vec<String> = summary
        .actions
        .steps
        .iter()
        .map(|step| step.day.to_string())
        .collect();
    assert_eq!(
        days,
        ["2026-06-01", "2026-11-16"],
        "the lines go from the first day to today"
    );
    assert_eq!(
        summary.actions.step,
        StepLength::Week,
        "half a year goes by weeks"
    );
}

#[test]
fn few_are_listed_and_five_have_a_middle() {
    let scope = scope("2026-06-01", "2026-06-30");
    let all: Vec<Postmortem> = [20, 10, 40, 30, 60]
        .into_iter()
        .enumerate()
        .map(|(number, total)| whole(number, "2026-06-10T10:00:00Z", total))
        .collect();
    let one = sum_up(&scope, &all[..1], "2026-07-01");
    assert_eq!(
        one.headline.sentences[0], "It lasted 20 min.",
        "one incident is told by itself"
    );
    let four = sum_up(&scope, &all[..4], "2026-07-01");
    let total = &four.durations[3];
    assert_eq!(total.dots.len(), 4, "four are listed");
    assert_eq!(
        total.middle, None,
        "and have no middle: too few say nothing"
    );
    assert_eq!(
        four.headline.sentences[0], "The 4 incidents lasted between 10 min and 40 min.",
        "the sentence names the shortest and the longest instead"
    );
    assert_eq!(
        four.headline.median_total, None,
        "no median is told anywhere"
    );
    let five = sum_up(&scope, &all, "2026-07-01");
    let middle = MiddleHalf {
        lower: 20 * 60,
        median: 30 * 60,
        upper: 40 * 60,
    };
    assert_eq!(
        five.durations[3].middle,
        Some(middle),
        "the 2nd, 3rd and 4th of five: ⌈5/4⌉, ⌈5/2⌉, ⌈15/4⌉"
    );
    assert_eq!(
        five.headline.sentences[0],
        "Half of the 5 incidents were over within 30 min; in 5 of 5 noticing took longer than any other part.",
        "detection is half of each, and the other half is divided"
    );
    let mut six = all;
    six.push(whole(6, "2026-06-10T10:00:00Z", 50));
    let six = sum_up(&scope, &six, "2026-07-01");
    assert_eq!(
        six.durations[3].middle.map(|middle| middle.median),
        Some(30 * 60),
        "of an even number the median is the lower one of the two in the middle"
    );
}

#[test]
fn missing_and_contradictory_times_are_left_out_and_said() {
    use AnchorKey::{T0, T3, T4, T5, T6};
    let begins = "2026-06-10T10:00:00Z";
    let mut about = incident(1, begins, &[(T0, 0), (T3, 5), (T5, 9), (T6, 20)]);
    about.anchors.get_mut(&T0).unwrap().precision = Precision::About;
    let wrong = incident(2, begins, &[(T0, 0), (T3, -5), (T4, 10), (T6, 20)]);
    let missing = incident(3, begins, &[(T3, 5), (T4, 10), (T6, 20)]);
    let mut unknown = incident(4, begins, &[(T0, 0), (T3, 5), (T4, 10)]);
    let end = Anchor {
        at: Some(at("2026-06-10T11:00:00Z")),
        precision: Precision::Unknown,
        source: String::new(),
    };
    unknown.anchors.insert(T6, end);
    let timeless = Postmortem {
        id: "doc-5".into(),
        ..Postmortem::default()
    };
    let all = [about, wrong, missing, unknown, timeless];
    let summary = sum_up(&scope("2026-06-01", "2026-06-30"), &all, "2026-07-01");
    assert_eq!(
        summary.postmortems.len(),
        4,
        "without any time it belongs to no period"
    );
    assert_eq!(
        summary.left_out[0].text, "1 postmortem has no date and is in no period.",
        "and it is said"
    );
    let [detection, response, remediation, total] = &summary.durations[..] else {
        panic!("there are always four strips");
    };
    let seconds = |strip: &model::summary::DurationStrip| -> Vec<i64> {
        strip.dots.iter().map(|dot| dot.seconds / 60).collect()
    };
    assert_eq!(
        seconds(detection),
        [5, 5],
        "one is contradictory and one has no start"
    );
    let texts: Vec<&str> = detection
        .note
        .left_out
        .iter()
        .map(|l| l.text.as_str())
        .collect();
    assert_eq!(
        texts,
        [
            "1 of 4 has no known length of detection.",
            "1 of 4 has start and end of detection in the wrong order."
        ],
        "each is told with its reason"
    );
    assert_eq!(
        seconds(response),
        [4, 5, 5, 15],
        "T5 stands in for a missing T4"
    );
    assert_eq!(
        seconds(remediation),
        [10, 10, 11],
        "an unknown end is no end, whatever instant it carries"
    );
    assert_eq!(seconds(total), [20, 20], "from T0 to T6 alone");
    assert_eq!(detection.estimates, 1, "one dot rests on an estimate");
    let marked: Vec<bool> = response.dots.iter().map(|dot| dot.about).collect();
    assert_eq!(
        marked, [false; 4],
        "an estimate at T0 is none of the response's"
    );
}

#[test]
fn days_are_those_of_the_workspace() {
    let late = whole(1, "2026-06-30T22:30:00Z", 20);
    let summary = sum_up(&scope("2026-07-01", "2026-07-31"), &[late], "2026-08-01");
    assert_eq!(
        summary.postmortems[0].date,
        date("2026-07-01"),
        "half past ten in the evening of June in UTC is July in Berlin"
    );
}

#[test]
fn the_case_by_hand() {
    let (case, ..) = login_outage(at("2026-11-16T09:00:00Z"));
    let scope = SummaryScope {
        focus: Some(case.id.clone()),
        ..scope("2026-11-01", "2026-11-30")
    };
    let summary = sum_up(&scope, std::slice::from_ref(&case), "2026-11-20");
    let row = &summary.postmortems[0];
    let minutes = |seconds: Option<i64>| seconds.map(|seconds| seconds / 60);
    assert_eq!(
        [row.detection, row.response, row.remediation, row.total].map(minutes),
        [Some(8), Some(5), Some(7), Some(20)],
        "from 15:55 to 16:03, 16:08 and 16:15"
    );
    assert!(row.about, "every minute but one is invented");
    assert_eq!(row.services, ["Login"], "services are told by name");
    assert_eq!(row.date, date("2026-11-10"), "the day of the case");
    assert_eq!(
        row.customers_first,
        Some(true),
        "customers noticed before we did"
    );
    assert_eq!(
        minutes(row.first_word),
        Some(17),
        "the first update went out at 16:12"
    );
    assert_eq!(
        summary.first_word.quick, 0,
        "which is later than a quarter of an hour"
    );
    let counts = &summary.actions;
    assert_eq!(
        (counts.opened, counts.open, counts.done, counts.overdue),
        (10, 10, 0, 3),
        "ten items, none settled; three were due on the 18th"
    );
    assert_eq!(
        summary.headline.sentences,
        [
            "It lasted about 20 min.",
            "Of 10 action items, 10 are still open and 3 are overdue."
        ],
        "what happened in two sentences"
    );
    let ages: Vec<(u32, u32)> = summary
        .open_ages
        .buckets
        .iter()
        .map(|b| (b.open, b.overdue))
        .collect();
    assert_eq!(
        ages,
        [(0, 0), (10, 3), (0, 0), (0, 0)],
        "all were written down ten days ago"
    );
    let themes: Vec<(&str, u32, u32)> = summary
        .themes
        .themes
        .iter()
        .map(|theme| (theme.theme.as_str(), theme.incidents, theme.findings))
        .collect();
    assert_eq!(
        themes,
        [
            ("access", 1, 2),
            ("communication", 1, 2),
            ("escalation", 1, 2),
            ("monitoring", 1, 2),
            ("documentation", 1, 1)
        ],
        "nine findings of five themes"
    );
    assert_eq!(summary.recurring.total, 0, "one incident repeats nothing");
    let focus = summary.focus.unwrap();
    assert!(
        focus.text.starts_with("Nobody could sign in"),
        "the summary section is told"
    );
    assert_eq!(
        (
            focus.findings.len(),
            focus.actions.len(),
            focus.public_updates.len()
        ),
        (9, 10, 2),
        "with its findings, its action items, and what customers could read"
    );
    let text = serde_json::to_string(&focus.actions).unwrap();
    assert!(!text.contains("owner"), "owners are in no summary");

    let outside = SummaryScope {
        audience: Audience::Customers,
        ..scope
    };
    let summary = sum_up(&outside, &[case], "2026-11-20");
    assert_eq!(
        summary.postmortems.len(),
        1,
        "it has two events for customers, so it counts"
    );
    assert_eq!(
        (
            summary.actions.opened,
            summary.themes.total,
            summary.postmortems[0].findings
        ),
        (3, 1, 1),
        "of the rest, the three action items and the finding that are marked for them"
    );
    assert_eq!(
        summary.first_noticed.known, 1,
        "the event that says who noticed first is marked for them, too"
    );
    let focus = summary.focus.unwrap();
    assert_eq!(focus.text, "", "sections are written for the company");
    assert_eq!(
        focus.public_updates.len(),
        2,
        "what they could read then they may read now"
    );
}

fn repeated() -> Vec<Postmortem> {
    let found = |text: &str| Finding {
        id: "f".into(),
        number: Some(2),
        text: text.into(),
        theme: "Access".into(),
        actions: vec!["0196a000-0000-7000-8000-000000000001".into()],
        ..Finding::default()
    };
    let mut first = whole(1, "2026-06-01T10:00:00Z", 20);
    first.findings = vec![found("Few of us can log in")];
    first.actions = vec![ActionItem {
        id: "0196a000-0000-7000-8000-000000000001".into(),
        number: Some(4),
        text: "Give everybody access".into(),
        status: ActionStatus::Done,
        settled_at: Some(at("2026-06-20T10:00:00Z")),
        ..ActionItem::default()
    }];
    let mut again = whole(2, "2026-06-21T10:00:00Z", 20);
    again.findings = vec![Finding {
        theme: " access".into(),
        actions: Vec::new(),
        ..found("Nobody on call could log in")
    }];
    vec![first, again]
}

#[test]
fn a_finding_comes_back_only_after_its_action_was_done() {
    let scope = scope("2026-06-01", "2026-06-30");
    let of = |postmortems: &[Postmortem]| sum_up(&scope, postmortems, "2026-07-01").recurring;
    let found = of(&repeated());
    assert_eq!(
        found.total, 1,
        "the same theme, the same service, after it was done"
    );
    let item = &found.items[0];
    assert_eq!(
        (
            item.earlier.doc.as_str(),
            item.later.doc.as_str(),
            item.action.number
        ),
        ("doc-1", "doc-2", Some(4)),
        "told with what was done in between"
    );
    assert_eq!(item.service, "Login", "and the service that both affect");
    type Change = fn(&mut Vec<Postmortem>);
    let changes: [(&str, Change); 6] = [
        ("another theme", |all| {
            all[1].findings[0].theme = "alerts".into()
        }),
        ("another service", |all| {
            all[1].services = vec!["mail".into()]
        }),
        ("it is done after the later one began", |all| {
            all[0].actions[0].settled_at = Some(at("2026-06-22T10:00:00Z"));
        }),
        ("it is not done", |all| {
            all[0].actions[0].status = ActionStatus::Declined
        }),
        ("what helps may come back", |all| {
            all[1].findings[0].kind = FindingKind::Helped;
        }),
        ("the review keeps it to itself", |all| {
            all[0].findings[0].visibility = Visibility::Room;
        }),
    ];
    for (why, change) in changes {
        let mut all = repeated();
        change(&mut all);
        assert_eq!(of(&all).total, 0, "nothing came back: {why}");
    }
}

#[test]
fn who_noticed_first_is_the_earliest_signals_actor() {
    let signal = |minutes: i64, actor: Option<Actor>| TimelineEvent {
        id: format!("e{minutes}"),
        kind: EventKind::Signal,
        at: Some(Moment {
            at: at("2026-06-10T10:00:00Z") + TimeDelta::minutes(minutes),
            zone: "UTC".into(),
            precision: Precision::Exact,
        }),
        actor,
        ..TimelineEvent::default()
    };
    let role = |words: &str| Some(Actor::Role(words.into()));
    let noticed = |events: Vec<TimelineEvent>| {
        let mut p = whole(1, "2026-06-10T10:00:00Z", 20);
        p.timeline = events;
        let scope = scope("2026-06-01", "2026-06-30");
        sum_up(&scope, &[p], "2026-07-01").postmortems[0].customers_first
    };
    assert_eq!(noticed(vec![]), None, "no signal tells nothing");
    assert_eq!(
        noticed(vec![signal(1, None)]),
        None,
        "nor does one of nobody"
    );
    for words in ["Customers", "A customer in chat", "Two users", "Clients"] {
        assert_eq!(
            noticed(vec![signal(1, role(words))]),
            Some(true),
            "{words} are outside"
        );
    }
    for words in [
        "Monitoring",
        "Customer support",
        "Client success team",
        "The on-call engineer",
    ] {
        assert_eq!(
            noticed(vec![signal(1, role(words))]),
            Some(false),
            "{words} are ours"
        );
    }
    let both = vec![signal(3, role("Customers")), signal(2, role("Monitoring"))];
    assert_eq!(
        noticed(both),
        Some(false),
        "the earlier one counts, not the one that stands first"
    );
    let participant = Actor::Participant("p".into());
    assert_eq!(
        noticed(vec![signal(1, Some(participant))]),
        Some(false),
        "who takes part is one of us"
    );
    let mut hidden = signal(1, role("Customers"));
    hidden.visibility = Visibility::Room;
    assert_eq!(
        noticed(vec![hidden]),
        None,
        "what stays in the room tells nothing outside it"
    );
}

#[test]
fn an_action_items_lines_need_days_that_can_be() {
    let item = |opened: &str, status, settled: Option<&str>, row: u8| {
        let millis = at(opened).timestamp_millis() as u64;
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &[row; 10]).into_uuid();
        ActionItem {
            id: id.to_string(),
            status,
            settled_at: settled.map(at),
            ..ActionItem::default()
        }
    };
    use ActionStatus::{Declined, Done, Open};
    let mut p = whole(1, "2026-06-10T10:00:00Z", 20);
    p.actions = vec![
        item("2026-06-11T10:00:00Z", Open, None, 1),
        item(
            "2026-06-11T10:00:00Z",
            Done,
            Some("2026-06-15T10:00:00Z"),
            2,
        ),
        item(
            "2026-06-12T10:00:00Z",
            Declined,
            Some("2026-06-15T10:00:00Z"),
            3,
        ),
        item(
            "2026-06-20T10:00:00Z",
            Done,
            Some("2026-06-12T10:00:00Z"),
            4,
        ),
        item("2026-06-12T10:00:00Z", Done, None, 5),
        item("2026-08-01T10:00:00Z", Open, None, 6),
        ActionItem {
            id: "from elsewhere".into(),
            ..ActionItem::default()
        },
    ];
    let summary = sum_up(&scope("2026-06-01", "2026-06-30"), &[p], "2026-07-01");
    let steps: Vec<(String, u32, u32, u32)> = summary
        .actions
        .steps
        .iter()
        .map(|step| (step.day.to_string(), step.opened, step.done, step.declined))
        .collect();
    let expected = [
        ("2026-06-01", 0, 0, 0),
        ("2026-06-11", 2, 0, 0),
        ("2026-06-12", 3, 0, 0),
        ("2026-06-15", 3, 1, 1),
        ("2026-07-01", 3, 1, 1),
    ]
    .map(|(day, opened, done, declined)| (day.to_owned(), opened, done, declined));
    assert_eq!(
        steps, expected,
        "only days on which something changed, and both ends"
    );
    let counts = &summary.actions;
    assert_eq!(
        (counts.opened, counts.done, counts.declined, counts.open),
        (7, 3, 1, 3),
        "the numbers hold all of them"
    );
    let left_out: Vec<(LeftOutReason, u32)> = counts
        .note
        .left_out
        .iter()
        .map(|l| (l.reason, l.count))
        .collect();
    assert_eq!(
        left_out,
        [
            (LeftOutReason::Missing, 2),
            (LeftOutReason::Contradictory, 2)
        ],
        "no day of settling, no day of opening; settled before it was opened, opened in the future"
    );
    assert_eq!(
        summary.open_ages.buckets[1].open, 1,
        "one open item has an age"
    );
    assert_eq!(
        opened_at("from elsewhere"),
        None,
        "an id from elsewhere has no time"
    );
    assert_eq!(
        opened_at("0191a000-0000-4000-8000-000000000000"),
        None,
        "nor has a UUID of another version"
    );
}

#[test]
fn periods_read_as_people_say_them() {
    let words = |from: &str, to: &str| sum_up(&scope(from, to), &[], "2026-11-16").words.period;
    for (from, to, expected) in [
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-02-01", "2026-02-28", "February 2026"),
        ("2026-06-01", "2026-11-30", "June to November 2026"),
        ("2025-11-01", "2026-01-31", "November 2025 to January 2026"),
        ("2026-11-03", "2026-11-09", "3 to 9 November 2026"),
        ("2026-11-03", "2026-11-03", "3 November 2026"),
        ("2026-11-01", "2026-12-09", "1 November to 9 December 2026"),
        (
            "2025-12-30",
            "2026-01-02",
            "30 December 2025 to 2 January 2026",
        ),
    ] {
        assert_eq!(words(from, to), expected, "from {from} to {to}");
    }
}

#[test]
fn extreme_periods_end() {
    let mut ancient = whole(1, "2026-06-10T10:00:00Z", 20);
    ancient.anchors.get_mut(&AnchorKey::T0).unwrap().at = Some(at("0001-01-01T00:00:00Z"));
    let scope = SummaryScope {
        from: NaiveDate::MIN,
        to: NaiveDate::MAX,
        ..scope("2026-06-01", "2026-06-30")
    };
    let summary = sum_up(&scope, &[ancient], "2026-07-01");
    assert_eq!(
        summary.months.months.len(),
        1,
        "only months with incidents, when there are too many"
    );
    let none = sum_up(
        &SummaryScope {
            from: date("2026-06-30"),
            to: date("2026-06-01"),
            ..scope
        },
        &[],
        "2026-07-01",
    );
    assert!(
        none.months.months.is_empty(),
        "a period that ends before it begins has no months"
    );
}
