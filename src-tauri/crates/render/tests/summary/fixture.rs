//! Summaries to render: the fifteen incidents of half a year, and any number of made-up ones.

use chrono::{Datelike, Days, Months as Later, NaiveDate};
use model::postmortem::{ActionStatus, FindingKind, Phase, Severity, Status};
use model::summary::{
    ActionFigures, ActionStep, AgeBucket, DeclinedItem, DeclinedItems, DurationDot, DurationStrip,
    ENOUGH, FigureNote, FirstNoticed, FirstWord, Focus, FocusFinding, Headline, LeftOut,
    LeftOutReason, MiddleHalf, Month, MonthIncident, Months, OpenAges, Recurrence, Recurrences,
    RecurringAction, RecurringFinding, ScopeWords, SeverityCounts, StepLength, Summary,
    SummaryAction, SummaryRow, SummaryScope, Theme, ThemeExample, Themes, VerifiedShare,
};
use model::visibility::Audience;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a constant")
}

fn count(n: usize) -> u32 {
    u32::try_from(n).expect("small")
}

pub fn note(definition: &str) -> FigureNote {
    FigureNote {
        definition: definition.into(),
        left_out: Vec::new(),
    }
}

/// Title, severity, day, minutes of detection, response, remediation, of the whole impact, open and all action items.
type Incident = (&'static str, Severity, &'static str, [i64; 4], u32, u32);

#[rustfmt::skip]
const HALF_A_YEAR: [Incident; 15] = [
    ("Login page outage", Severity::Sev2, "2026-11-10", [5, 6, 9, 20], 9, 9),
    ("Password-reset e-mails delayed", Severity::Sev4, "2026-11-09", [38, 12, 45, 95], 0, 0),
    ("Invoices e-mailed twice", Severity::Sev3, "2026-11-03", [52, 8, 70, 130], 4, 7),
    ("Checkout down in one region", Severity::Sev1, "2026-10-22", [3, 7, 37, 47], 3, 11),
    ("Search results a day old", Severity::Sev4, "2026-10-14", [410, 25, 95, 530], 1, 4),
    ("Slow mobile sign-in", Severity::Sev3, "2026-09-29", [18, 22, 42, 82], 0, 6),
    ("Export queue stalled", Severity::Sev2, "2026-09-17", [44, 15, 126, 185], 2, 8),
    ("Weekly report in the wrong time zone", Severity::Sev5, "2026-09-09", [180, 40, 30, 250], 0, 2),
    ("Large image uploads failing", Severity::Sev3, "2026-08-28", [11, 9, 32, 52], 0, 5),
    ("Webhook deliveries paused", Severity::Sev2, "2026-08-19", [9, 14, 49, 72], 0, 7),
    ("Stale prices in some carts", Severity::Sev4, "2026-08-06", [95, 20, 35, 150], 0, 4),
    ("Map tiles missing", Severity::Sev3, "2026-07-23", [26, 10, 24, 60], 0, 4),
    ("Old logo in confirmation mails", Severity::Sev5, "2026-07-08", [240, 60, 15, 315], 0, 1),
    ("Search index out of disk", Severity::Sev3, "2026-06-24", [14, 12, 58, 84], 0, 6),
    ("Slow dashboards on Monday mornings", Severity::Sev4, "2026-06-11", [120, 45, 90, 255], 0, 3),
];

fn row(i: usize, incident: &Incident) -> SummaryRow {
    let (title, severity, date, [detection, response, remediation, total], open, actions) =
        *incident;
    SummaryRow {
        doc: format!("doc-{i}"),
        title: title.into(),
        severity: Some(severity),
        status: if i == 1 {
            Status::Draft
        } else {
            Status::FollowUp
        },
        services: vec!["Login".into()],
        date: day(date),
        detection: Some(detection * 60),
        response: Some(response * 60),
        remediation: Some(remediation * 60),
        total: Some(total * 60),
        about: i == 0,
        first_word: Some(600),
        customers_first: Some(i.is_multiple_of(2)),
        findings: 3,
        actions,
        open,
        done: actions - open,
        declined: 0,
    }
}

/// Made-up incidents, the newest first, one every `every` days before 16 November 2026.
pub fn rows(n: usize, every: u64) -> Vec<SummaryRow> {
    (0..n)
        .map(|i| {
            let (title, severity, _, lengths, open, actions) = HALF_A_YEAR[i % HALF_A_YEAR.len()];
            let factor = 1 + i64::try_from(i * 7919 % 13).expect("small");
            let mut row = row(
                i,
                &(
                    title,
                    severity,
                    "2026-11-10",
                    lengths.map(|m| m * factor),
                    open,
                    actions,
                ),
            );
            row.date = day("2026-11-16")
                .checked_sub_days(Days::new(every * i as u64))
                .expect("in this age");
            if i % 11 == 3 {
                row.severity = None;
                row.detection = None;
                row.total = None;
            }
            row
        })
        .collect()
}

pub fn half_a_year() -> Vec<SummaryRow> {
    HALF_A_YEAR
        .iter()
        .enumerate()
        .map(|(i, x)| row(i, x))
        .collect()
}

fn strip(
    key: &str,
    name: &str,
    phase: Option<Phase>,
    rows: &[SummaryRow],
    of: fn(&SummaryRow) -> Option<i64>,
) -> DurationStrip {
    let mut dots: Vec<DurationDot> = rows
        .iter()
        .filter_map(|row| {
            Some(DurationDot {
                doc: row.doc.clone(),
                label: row.title.clone(),
                severity: row.severity,
                seconds: of(row)?,
                about: row.about,
            })
        })
        .collect();
    dots.sort_by_key(|dot| dot.seconds);
    let rank = |quarters: usize| dots[(dots.len() * quarters).div_ceil(4) - 1].seconds;
    let missing = rows.len() - dots.len();
    DurationStrip {
        key: key.into(),
        name: name.into(),
        phase,
        estimates: count(dots.iter().filter(|d| d.about).count()),
        middle: (dots.len() >= ENOUGH).then(|| MiddleHalf {
            lower: rank(1),
            median: rank(2),
            upper: rank(3),
        }),
        dots,
        note: FigureNote {
            definition: "From the start of the impact (T0) until a responder was engaged (T3)."
                .into(),
            left_out: if missing > 0 {
                vec![LeftOut {
                    reason: LeftOutReason::Missing,
                    count: count(missing),
                    text: format!("{missing} of {} have no such time.", rows.len()),
                }]
            } else {
                Vec::new()
            },
        },
    }
}

fn months(rows: &[SummaryRow], from: NaiveDate, to: NaiveDate) -> Vec<Month> {
    let mut out = Vec::new();
    let mut first = from.with_day(1).expect("a day");
    while first <= to {
        let next = first + Later::new(1);
        let within: Vec<&SummaryRow> = rows
            .iter()
            .filter(|r| r.date >= first && r.date < next)
            .collect();
        let of = |s| count(within.iter().filter(|r| r.severity == s).count());
        out.push(Month {
            first,
            counts: SeverityCounts {
                sev1: of(Some(Severity::Sev1)),
                sev2: of(Some(Severity::Sev2)),
                sev3: of(Some(Severity::Sev3)),
                sev4: of(Some(Severity::Sev4)),
                sev5: of(Some(Severity::Sev5)),
                unknown: of(None),
            },
            incidents: within
                .iter()
                .map(|r| MonthIncident {
                    doc: r.doc.clone(),
                    label: r.title.clone(),
                    severity: r.severity,
                })
                .collect(),
        });
        first = next;
    }
    out
}

fn action(n: u32, text: &str, status: ActionStatus) -> SummaryAction {
    SummaryAction {
        doc: "doc-0".into(),
        title: "Login page outage".into(),
        id: format!("action-{n}"),
        number: Some(n),
        text: text.into(),
        status,
        due: Some(day("2026-11-12")),
        overdue: status == ActionStatus::Open,
        days_open: (status != ActionStatus::Done).then_some(6 + i64::from(n)),
        done_on: (status == ActionStatus::Done).then(|| day("2026-11-14")),
    }
}

/// A summary of these incidents.
pub fn summary(rows: Vec<SummaryRow>, audience: Audience) -> Summary {
    let to = day("2026-11-30");
    let first = rows
        .iter()
        .map(|r| r.date)
        .min()
        .unwrap_or(day("2026-06-01"));
    let from = first.min(day("2026-06-01")).with_day(1).expect("a day");
    let open: u32 = rows.iter().map(|r| r.open).sum();
    let all: u32 = rows.iter().map(|r| r.actions).sum();
    let made_on = day("2026-11-16");
    let mut steps: Vec<ActionStep> = Vec::new();
    let (mut opened, mut done) = (0, 0);
    for row in rows.iter().rev() {
        opened += row.actions;
        done += row.done;
        steps.push(ActionStep {
            day: row.date,
            opened,
            done: done * 9 / 10,
            declined: 0,
        });
    }
    steps.insert(
        0,
        ActionStep {
            day: from,
            opened: 0,
            done: 0,
            declined: 0,
        },
    );
    steps.push(ActionStep {
        day: made_on,
        opened,
        done,
        declined: 0,
    });
    let bucket = |name: &str, from_days, to_days, open, overdue| AgeBucket {
        name: name.into(),
        from_days,
        to_days,
        open,
        overdue,
    };
    let n = rows.len();
    let title = |i: usize| {
        rows.get(i)
            .map_or_else(|| "An incident".to_owned(), |r| r.title.clone())
    };
    let themes = [
        (
            "Monitoring",
            6,
            "Someone outside noticed before our monitoring",
        ),
        (
            "Documentation",
            5,
            "Access notes or runbooks were hard to find",
        ),
        ("Escalation", 4, "The next step depended on one person"),
        (
            "Communication",
            3,
            "Nobody was sure who writes to customers",
        ),
    ];
    let customers = audience == Audience::Customers;
    Summary {
        scope: SummaryScope {
            from,
            to,
            services: Vec::new(),
            severities: Vec::new(),
            tags: Vec::new(),
            postmortems: Vec::new(),
            audience,
            focus: rows.first().map(|r| r.doc.clone()),
        },
        words: ScopeWords {
            period: if from.year() == 2026 { "June to November 2026".into() } else { format!("{} to November 2026", from.format("%B %Y")) },
            services: "All services".into(),
            severities: "All severities".into(),
            tags: String::new(),
            postmortems: String::new(),
            audience: "Everyone in the company".into(),
        },
        made_on,
        timezone: "Europe/Berlin".into(),
        headline: Headline {
            title: match n {
                0 => "No incidents".into(),
                1 => "One incident".into(),
                n => format!("{n} incidents, {} improvements made", all - open),
            },
            sentences: if n == 0 {
                Vec::new()
            } else {
                vec![
                    "Half of the incidents were over within 1 h 35; in six of them, noticing took longer than any other part.".into(),
                    if customers {
                        "We changed what let them happen.".into()
                    } else {
                        format!("Of {all} agreed actions, {open} are still open and one is overdue.")
                    },
                ]
            },
            incidents: count(n),
            drafts: count(rows.iter().filter(|r| r.status == Status::Draft).count()),
            median_total: Some(5700),
            detection_longest: 6,
            all_phases_known: 15,
        },
        months: Months {
            months: months(&rows, from, to),
            note: note("Incidents by the month in which their impact started."),
        },
        durations: vec![
            strip("detection", "Detection", Some(Phase::Detection), &rows, |r| r.detection),
            strip("response", "Response", Some(Phase::Response), &rows, |r| r.response),
            strip("remediation", "Remediation", Some(Phase::Remediation), &rows, |r| r.remediation),
            strip("total", "Whole impact", None, &rows, |r| r.total),
        ],
        first_noticed: FirstNoticed {
            by_customers: count(n / 2),
            known: count(n),
            unknown: 0,
            note: note("Incidents whose first signal (T1) came from customers."),
        },
        first_word: FirstWord {
            strip: strip("first_word", "First public word", None, &rows, |r| r.first_word),
            quick: count(n / 3),
        },
        actions: ActionFigures {
            opened: all,
            done: all - open,
            declined: 1,
            open,
            overdue: 1,
            step: StepLength::Day,
            steps: if n == 0 { Vec::new() } else { steps },
            items: if n == 0 {
                Vec::new()
            } else {
                vec![
                    action(1, "Watch the CPU of the login hosts", ActionStatus::Open),
                    action(2, "Write down who may enter the cache hosts", ActionStatus::InProgress),
                    action(3, "Put login hosts into an on-call rotation", ActionStatus::Done),
                ]
            },
            note: note("Action items of these incidents, declined ones not among the open."),
        },
        open_ages: OpenAges {
            buckets: vec![
                bucket("Under a week", 0, Some(7), open.min(9), 0),
                bucket("1 to 4 weeks", 7, Some(28), open.saturating_sub(9).min(7), 0),
                bucket("1 to 2 months", 28, Some(61), open.saturating_sub(16), open.saturating_sub(16).min(1)),
                bucket("Longer", 61, None, 0, 0),
            ],
            note: note("Days since an item was opened, of those that are not settled."),
        },
        declined: DeclinedItems {
            items: if n == 0 || customers {
                Vec::new()
            } else {
                vec![DeclinedItem {
                    doc: "doc-0".into(),
                    title: title(0),
                    id: "action-9".into(),
                    number: Some(9),
                    text: "Move login to its own hosts".into(),
                    reason: "The service is replaced in spring".into(),
                    declined_on: Some(day("2026-11-15")),
                }]
            },
            total: if n == 0 || customers { 0 } else { 1 },
            note: note("Action items that were declined, with the reason given."),
        },
        verified: VerifiedShare {
            verified: 12.min(all - open),
            done: all - open,
            note: note("Done items after which somebody looked whether the finding still holds."),
        },
        themes: Themes {
            themes: if n == 0 {
                Vec::new()
            } else {
                themes
                    .iter()
                    .map(|(theme, incidents, text)| Theme {
                        theme: (*theme).into(),
                        incidents: *incidents,
                        findings: *incidents,
                        hindered: *incidents,
                        helped: 0,
                        examples: vec![ThemeExample {
                            doc: "doc-0".into(),
                            title: title(0),
                            number: Some(1),
                            text: (*text).into(),
                            kind: FindingKind::Hindered,
                        }],
                    })
                    .collect()
            },
            total: if n == 0 { 0 } else { 4 },
            note: note("Incidents that have a finding of a theme."),
        },
        recurring: Recurrences::default(),
        focus: rows.first().map(|row| Focus {
            row: row.clone(),
            text: if customers {
                String::new()
            } else {
                "Customers noticed first. An unfamiliar service was using most of the login host’s CPU; stopping it and restarting the web services brought login back. The review took 28 minutes and led to nine findings and nine actions, from monitoring of the host to an on-call rotation. How that service and the caching layer affect each other is still being studied.".into()
            },
            findings: vec![FocusFinding {
                number: Some(1),
                text: "Customers noticed before our monitoring did".into(),
                kind: FindingKind::Hindered,
                phase: Some(Phase::Detection),
            }],
            actions: Vec::new(),
            public_updates: vec!["Logging in is slow or fails for some; we are looking into it".into()],
        }),
        postmortems: rows,
        left_out: Vec::new(),
    }
}

/// A finding that came back, with this text everywhere.
pub fn recurrence(text: &str) -> Recurrence {
    let finding = |date| RecurringFinding {
        doc: "doc-0".into(),
        title: text.into(),
        date: day(date),
        number: Some(1),
        text: text.into(),
    };
    Recurrence {
        theme: text.into(),
        service: text.into(),
        earlier: finding("2026-07-01"),
        action: RecurringAction {
            number: Some(2),
            text: text.into(),
            done_on: day("2026-08-01"),
            verified: true,
        },
        later: finding("2026-09-01"),
    }
}
