//! A workspace as a team has it after half a year: the login outage under review, and fourteen older incidents in every
//! status, with people and services.

use std::collections::BTreeMap;

use api::{Api, Config, Shell};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use model::postmortem::{
    ActionItem, ActionStatus, Anchor, AnchorKey, Finding, Postmortem, Precision, Priority, Section,
    Severity, Status,
};
use serde_json::{Value, json};

use crate::programs::Home;

/// Title, service, severity, status, day, minutes of detection, response and remediation, action items done and all.
type Incident = (
    &'static str,
    &'static str,
    Severity,
    Status,
    (u32, u32),
    [i64; 3],
    (usize, usize),
);

const INCIDENTS: [Incident; 14] = [
    (
        "Password-reset e-mails delayed",
        "Mail",
        Severity::Sev4,
        Status::Draft,
        (11, 9),
        [38, 12, 45],
        (0, 0),
    ),
    (
        "Invoices e-mailed twice",
        "Billing",
        Severity::Sev3,
        Status::FollowUp,
        (11, 3),
        [51, 8, 71],
        (3, 7),
    ),
    (
        "Checkout down in one region",
        "Checkout",
        Severity::Sev1,
        Status::FollowUp,
        (10, 22),
        [4, 7, 36],
        (8, 11),
    ),
    (
        "Search results a day old",
        "Search",
        Severity::Sev4,
        Status::FollowUp,
        (10, 14),
        [400, 20, 110],
        (3, 4),
    ),
    (
        "Slow mobile sign-in",
        "Login",
        Severity::Sev3,
        Status::Closed,
        (9, 29),
        [18, 23, 41],
        (6, 6),
    ),
    (
        "Export queue stalled",
        "Reports",
        Severity::Sev2,
        Status::FollowUp,
        (9, 17),
        [44, 30, 111],
        (6, 8),
    ),
    (
        "Weekly report in the wrong time zone",
        "Reports",
        Severity::Sev5,
        Status::Closed,
        (9, 9),
        [150, 20, 80],
        (2, 2),
    ),
    (
        "Large image uploads failing",
        "Media",
        Severity::Sev3,
        Status::Closed,
        (8, 28),
        [12, 9, 31],
        (5, 5),
    ),
    (
        "Certificate of the status page ran out",
        "Status page",
        Severity::Sev4,
        Status::Closed,
        (8, 11),
        [25, 5, 12],
        (3, 3),
    ),
    (
        "Cache served other customers' pages",
        "Web",
        Severity::Sev1,
        Status::Closed,
        (7, 30),
        [9, 6, 22],
        (12, 12),
    ),
    (
        "Job runner out of disk",
        "Jobs",
        Severity::Sev3,
        Status::Closed,
        (7, 14),
        [33, 11, 28],
        (4, 4),
    ),
    (
        "Rate limit hit by our own crawler",
        "API",
        Severity::Sev4,
        Status::Closed,
        (6, 25),
        [61, 15, 20],
        (3, 3),
    ),
    (
        "Two-factor codes rejected",
        "Login",
        Severity::Sev2,
        Status::Closed,
        (6, 12),
        [7, 12, 19],
        (7, 7),
    ),
    (
        "Search index rebuilt at noon",
        "Search",
        Severity::Sev4,
        Status::Closed,
        (6, 2),
        [14, 10, 55],
        (2, 2),
    ),
];

fn row_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn at((month, day): (u32, u32), minutes: i64) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, month, day)
        .and_then(|date| date.and_hms_opt(9, 40, 0))
        .expect("a day of 2026")
        .and_utc()
        + Duration::minutes(minutes)
}

fn incident(
    (title, _, severity, status, day, [detection, response, remediation], (done, all)): &Incident,
    service: &str,
    owner: &str,
) -> Postmortem {
    let anchor = |minutes| Anchor {
        at: Some(at(*day, minutes)),
        precision: Precision::Exact,
        source: "Dashboard".into(),
    };
    let actions: Vec<_> = (0..*all)
        .map(|number| ActionItem {
            id: row_id(),
            text: format!("Follow-up {} on “{title}”", number + 1),
            done_when: "Seen in a drill".into(),
            owner: Some(owner.into()),
            due: Some(at(*day, 0).date_naive() + Duration::days(30)),
            priority: Some(Priority::P2),
            status: if number < *done {
                ActionStatus::Done
            } else {
                ActionStatus::Open
            },
            settled_at: (number < *done).then(|| at(*day, 20_000)),
            evidence: if number < *done {
                "Merged and drilled".into()
            } else {
                String::new()
            },
            ..ActionItem::default()
        })
        .collect();
    Postmortem {
        schema: 1,
        title: (*title).into(),
        severity: Some(*severity),
        status: *status,
        timezone: "Europe/Berlin".into(),
        template: "short-review".into(),
        review_owner: Some(owner.into()),
        services: vec![service.into()],
        sections: vec![Section {
            id: "summary".into(),
            title: "Summary".into(),
            text: format!("{title}. What contributed is below."),
        }],
        anchors: [
            (AnchorKey::T0, anchor(0)),
            (AnchorKey::T3, anchor(*detection)),
            (AnchorKey::T4, anchor(detection + response)),
            (AnchorKey::T6, anchor(detection + response + remediation)),
        ]
        .into_iter()
        .collect(),
        findings: vec![Finding {
            id: row_id(),
            text: "The first signal came from outside".into(),
            actions: actions.iter().map(|action| action.id.clone()).collect(),
            ..Finding::default()
        }],
        actions,
        ..Postmortem::default()
    }
}

pub fn open(home: &Home) -> Api {
    Api::open(Config::new(
        home.workspace(),
        home.data(),
        Shell::CommandLine,
    ))
    .expect("a new workspace opens")
}

/// Answers the welcome, and nothing more.
pub fn somebody(home: &Home) {
    let api = open(home);
    api.call("set_me", json!({ "person": null, "name": "Cathy" }))
        .expect("the workspace takes a person");
    api.close();
}

/// Fills a home's workspace; gives the example's id. Cathy sits here.
pub fn workspace(home: &Home) -> String {
    let api = open(home);
    let call = |name: &str, request| {
        api.call(name, request)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"))
    };
    let doc = call("demo_new", json!({}))["doc"]
        .as_str()
        .expect("an id")
        .to_owned();
    let directory = call("directory", json!({}))["directory"].clone();
    let cathy = directory["people"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|person| {
            person["name"]
                .as_str()
                .is_some_and(|name| name.starts_with("Cathy"))
        })
        .and_then(|person| person["id"].as_str())
        .expect("Cathy is in the example")
        .to_owned();
    call("set_me", json!({ "person": cathy, "name": "" }));
    // It is out of date once the other incidents are there.
    let year = json!({ "from": "2026-01-01", "to": "2026-12-31" });
    let period = json!({ "kind": "period", "request": { "scope": year, "anonymise": true } });
    for what in [period, json!({ "kind": "summary", "doc": doc })] {
        call("publish", json!({ "what": what }));
    }
    let mut services: BTreeMap<String, Value> = directory["services"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|service| Some((service["name"].as_str()?.to_owned(), service.clone())))
        .collect();
    for one in &INCIDENTS {
        let service = services
            .entry(one.1.to_owned())
            .or_insert_with(|| call("service_save", json!({ "name": one.1 })));
        let service = service["id"].as_str().unwrap_or_default();
        api.rooms()
            .create(&cathy, &incident(one, service, &cathy))
            .expect("the workspace takes a postmortem");
    }
    api.close();
    doc
}
