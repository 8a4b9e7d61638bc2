//! Workspaces to measure with. Deterministic but for ids.

use api::{Api, Config, Shell};
use chrono::{DateTime, Duration, Utc};
use model::postmortem::{
    ActionItem, ActionStatus, Anchor, AnchorKey, EventKind, Finding, Moment, Phase, Postmortem,
    Precision, Priority, Section, Severity, Status, TimelineEvent,
};
use serde_json::json;

use crate::programs::Home;

fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn instant(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap_or_default() + Duration::minutes(minutes)
}

const PARTS: [&str; 8] = [
    "Login", "Checkout", "Search", "Mail", "Billing", "Reports", "Uploads", "Media",
];
const FAULTS: [&str; 6] = [
    "slow after the deploy",
    "down in one region",
    "sends twice",
    "a day old",
    "times out",
    "refuses guests",
];

/// A postmortem with this many rows; the number makes it differ from the others.
pub fn postmortem(number: usize, events: usize, findings: usize, actions: usize) -> Postmortem {
    let begins = number as i64 * 97;
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
    let part = PARTS[number % PARTS.len()];
    let events: Vec<_> = (0..events)
        .map(|at| TimelineEvent {
            id: id(),
            at: Some(Moment {
                at: instant(begins + at as i64),
                zone: "Europe/Berlin".into(),
                precision: if at % 5 == 0 {
                    Precision::About
                } else {
                    Precision::Exact
                },
            }),
            phase: Some([Phase::Detection, Phase::Response, Phase::Remediation][at % 3]),
            kind: [
                EventKind::Signal,
                EventKind::Observation,
                EventKind::Decision,
                EventKind::Change,
            ][at % 4],
            text: format!(
                "Somebody looked at graph {at} of {part} and wrote into the channel what it showed"
            ),
            source: "https://chat.example/archive/incident".into(),
            ..TimelineEvent::default()
        })
        .collect();
    let actions: Vec<_> = (0..actions)
        .map(|at| ActionItem {
            id: id(),
            number: u32::try_from(at + 1).ok(),
            text: format!("Add an alert on the {part} queue that fires within two minutes ({at})"),
            done_when: "The alert fires in a drill".into(),
            status: if (at + number).is_multiple_of(3) {
                ActionStatus::Done
            } else {
                ActionStatus::Open
            },
            due: (at % 4 != 3).then(|| instant(begins + 40_000).date_naive()),
            priority: [
                None,
                Some(Priority::P0),
                Some(Priority::P1),
                Some(Priority::P2),
            ][at % 4],
            owner: (at % 5 != 4)
                .then(|| format!("0191a000-0000-7000-9000-{:012x}", (number + at) % 500)),
            settled_at: (at + number)
                .is_multiple_of(3)
                .then(|| instant(begins + 20_000)),
            ..ActionItem::default()
        })
        .collect();
    let findings = (0..findings)
        .map(|at| Finding {
            id: id(),
            number: u32::try_from(at + 1).ok(),
            text: format!(
                "The dashboard of {part} averaged over regions, so one region vanished in it ({at})"
            ),
            theme: "monitoring".into(),
            events: events
                .get(at)
                .map(|event| event.id.clone())
                .into_iter()
                .collect(),
            actions: actions
                .get(at)
                .map(|action| action.id.clone())
                .into_iter()
                .collect(),
            ..Finding::default()
        })
        .collect();
    let anchor = |minutes: i64| Anchor {
        at: Some(instant(begins + minutes)),
        precision: Precision::Exact,
        source: "log".into(),
    };
    Postmortem {
        schema: 1,
        title: format!("{part} {} #{number}", FAULTS[number % FAULTS.len()]),
        severity: severities.get(number % 7).copied(),
        status: statuses[number / 3 % statuses.len()],
        timezone: "Europe/Berlin".into(),
        template: "post-incident-review".into(),
        services: vec![part.to_lowercase()],
        tags: vec![["deploy", "network", "data"][number % 3].into()],
        sections: vec![Section {
            id: "summary".into(),
            title: "Summary".into(),
            text: format!(
                "{part} was affected for a while. **Nobody** was at fault; the rollout looked healthy."
            ),
        }],
        anchors: [
            (AnchorKey::T0, anchor(0)),
            (AnchorKey::T3, anchor(6)),
            (AnchorKey::T4, anchor(12)),
            (AnchorKey::T6, anchor(20)),
        ]
        .into_iter()
        .collect(),
        timeline: events,
        findings,
        actions,
        ..Postmortem::default()
    }
}

/// Opens the workspace of a home.
pub fn open(home: &Home) -> Api {
    Api::open(Config::new(
        home.workspace(),
        home.data(),
        Shell::CommandLine,
    ))
    .expect("a new workspace opens")
}

/// A home whose workspace holds this many postmortems and whose owner has answered the welcome.
pub fn workspace(postmortems: usize) -> Home {
    workspace_of(postmortems, 4, 3, 3)
}

/// As [`workspace`], with so many events, findings and action items in each postmortem.
pub fn workspace_of(postmortems: usize, events: usize, findings: usize, actions: usize) -> Home {
    let home = Home::new();
    let api = open(&home);
    api.call("set_me", json!({ "person": null, "name": "Cathy" }))
        .expect("the workspace takes a person");
    // Several at a time share a commit.
    let writers = 16;
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let rooms = api.rooms();
            scope.spawn(move || {
                for number in (writer..postmortems).step_by(writers) {
                    rooms
                        .create("", &postmortem(number, events, findings, actions))
                        .expect("the workspace takes a postmortem");
                }
            });
        }
    });
    api.close();
    home
}
