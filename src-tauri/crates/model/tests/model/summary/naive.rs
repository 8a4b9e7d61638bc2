//! The figures of a summary, computed once more from the postmortems themselves and in the plainest way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use model::postmortem::{
    ActionItem, ActionStatus, Actor, AnchorKey, EventKind, Finding, FindingKind, Postmortem,
    Precision, Severity, Visibility,
};
use model::summary::{Summary, SummaryScope};
use model::visibility::Audience;

/// Everything that is compared.
#[derive(Debug, Default, PartialEq)]
pub struct Figures {
    pub incidents: Vec<String>,
    pub undated: u32,
    pub months: Vec<(NaiveDate, [u32; 6])>,
    /// Per strip: sorted seconds with their estimates, unknown, contradictory, and the middle half.
    pub strips: Vec<Strip>,
    pub quick: u32,
    pub noticed: (u32, u32, u32),
    /// Opened, done, declined, open, overdue.
    pub actions: [u32; 5],
    /// By the day the summary was made: opened, done, declined.
    pub last_step: [u32; 3],
    /// By a day within the period.
    pub middle_step: [u32; 3],
    /// Per age: open and overdue.
    pub ages: Vec<(u32, u32)>,
    pub declined: BTreeSet<(String, String, String)>,
    pub verified: (u32, u32),
    pub themes: BTreeMap<String, [u32; 4]>,
    /// Later postmortem, later text, the day on which the answer was done.
    pub recurring: Vec<(String, String, NaiveDate)>,
}

#[derive(Debug, Default, PartialEq)]
pub struct Strip {
    pub dots: Vec<(i64, String, bool)>,
    pub unknown: u32,
    pub contradictory: u32,
    pub middle: Option<[i64; 3]>,
}

/// What a summary says.
pub fn told(summary: &Summary, middle: NaiveDate) -> Figures {
    let reason = |list: &[model::summary::LeftOut], wanted| -> u32 {
        list.iter()
            .filter(|entry| entry.reason == wanted)
            .map(|entry| entry.count)
            .sum()
    };
    use model::summary::LeftOutReason::{Contradictory, Missing};
    let strips = summary.durations.iter().chain([&summary.first_word.strip]);
    let step = |day: NaiveDate| {
        let step = summary.actions.steps.iter().rfind(|step| step.day <= day);
        step.map_or([0; 3], |step| [step.opened, step.done, step.declined])
    };
    let mut recurring: Vec<_> = summary
        .recurring
        .items
        .iter()
        .map(|item| {
            (
                item.later.doc.clone(),
                item.later.text.clone(),
                item.action.done_on,
            )
        })
        .collect();
    recurring.sort();
    Figures {
        incidents: summary
            .postmortems
            .iter()
            .map(|row| row.doc.clone())
            .collect(),
        undated: reason(&summary.left_out, Missing),
        months: summary
            .months
            .months
            .iter()
            .map(|month| {
                let c = month.counts;
                (
                    month.first,
                    [c.sev1, c.sev2, c.sev3, c.sev4, c.sev5, c.unknown],
                )
            })
            .collect(),
        strips: strips
            .map(|strip| {
                let mut dots: Vec<_> = strip
                    .dots
                    .iter()
                    .map(|dot| (dot.seconds, dot.doc.clone(), dot.about))
                    .collect();
                dots.sort();
                Strip {
                    dots,
                    unknown: reason(&strip.note.left_out, Missing),
                    contradictory: reason(&strip.note.left_out, Contradictory),
                    middle: strip.middle.map(|m| [m.lower, m.median, m.upper]),
                }
            })
            .collect(),
        quick: summary.first_word.quick,
        noticed: (
            summary.first_noticed.by_customers,
            summary.first_noticed.known,
            summary.first_noticed.unknown,
        ),
        actions: [
            summary.actions.opened,
            summary.actions.done,
            summary.actions.declined,
            summary.actions.open,
            summary.actions.overdue,
        ],
        last_step: step(summary.made_on),
        middle_step: step(middle),
        ages: summary
            .open_ages
            .buckets
            .iter()
            .map(|bucket| (bucket.open, bucket.overdue))
            .collect(),
        declined: summary
            .declined
            .items
            .iter()
            .map(|item| (item.doc.clone(), item.id.clone(), item.reason.clone()))
            .collect(),
        verified: (summary.verified.verified, summary.verified.done),
        themes: summary
            .themes
            .themes
            .iter()
            .map(|t| {
                let counts = [t.incidents, t.findings, t.hindered, t.helped];
                (t.theme.to_lowercase(), counts)
            })
            .collect(),
        recurring,
    }
}

/// What should be said.
pub fn expected(
    postmortems: &[Postmortem],
    scope: &SummaryScope,
    today: NaiveDate,
    zone: Tz,
    middle: NaiveDate,
) -> Figures {
    let mut out = Figures::default();
    let theirs = |visibility: Visibility| match scope.audience {
        Audience::Customers => visibility == Visibility::Customers,
        _ => visibility != Visibility::Room,
    };
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let mut counted: Vec<(&Postmortem, DateTime<Utc>)> = Vec::new();
    for p in postmortems {
        let marked = |v: Visibility| v == Visibility::Customers;
        let any = p.timeline.iter().any(|e| marked(e.visibility))
            || p.findings.iter().any(|f| marked(f.visibility))
            || p.actions.iter().any(|a| marked(a.visibility));
        if scope.audience == Audience::Customers && !any {
            continue;
        }
        match start(p) {
            None => out.undated += 1,
            Some(at) if day(at) >= scope.from && day(at) <= scope.to => counted.push((p, at)),
            Some(_) => {}
        }
    }
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(b.0.id.cmp(&a.0.id)));
    out.incidents = counted.iter().map(|(p, _)| p.id.clone()).collect();

    let mut first = scope.from.with_day(1).unwrap();
    while first <= scope.to {
        let in_month =
            |at: DateTime<Utc>| (day(at).year(), day(at).month()) == (first.year(), first.month());
        let of = |severity: Option<Severity>| {
            let same = counted.iter();
            same.filter(|(p, at)| in_month(*at) && p.severity == severity)
                .count() as u32
        };
        let counts = [
            of(Some(Severity::Sev1)),
            of(Some(Severity::Sev2)),
            of(Some(Severity::Sev3)),
            of(Some(Severity::Sev4)),
            of(Some(Severity::Sev5)),
            of(None),
        ];
        out.months.push((first, counts));
        first = if first.month() == 12 {
            NaiveDate::from_ymd_opt(first.year() + 1, 1, 1).unwrap()
        } else {
            first.with_month(first.month() + 1).unwrap()
        };
    }

    use AnchorKey::{T0, T3, T4, T5, T6};
    type Time = Option<(DateTime<Utc>, bool)>;
    type Ends = fn(&Postmortem) -> (Time, Time);
    let measures: [Ends; 5] = [
        |p| (anchor(p, T0), anchor(p, T3)),
        |p| (anchor(p, T3), anchor(p, T4).or(anchor(p, T5))),
        |p| (anchor(p, T4).or(anchor(p, T5)), anchor(p, T6)),
        |p| (anchor(p, T0), anchor(p, T6)),
        |p| (anchor(p, T0), first_public(p)),
    ];
    for ends in measures {
        let mut strip = Strip::default();
        for (p, _) in &counted {
            match ends(p) {
                (Some(from), Some(to)) if to.0 >= from.0 => {
                    let seconds = (to.0 - from.0).num_seconds();
                    strip.dots.push((seconds, p.id.clone(), from.1 || to.1));
                }
                (Some(_), Some(_)) => strip.contradictory += 1,
                _ => strip.unknown += 1,
            }
        }
        strip.dots.sort();
        let n = strip.dots.len();
        if n >= 5 {
            // The shortest length that is at least as long as a share of all.
            let at = |share: f64| {
                let lengths = strip.dots.iter().map(|dot| dot.0);
                lengths
                    .clone()
                    .find(|length| {
                        let shorter = lengths.clone().filter(|other| other <= length).count();
                        shorter as f64 >= share * n as f64
                    })
                    .unwrap()
            };
            strip.middle = Some([at(0.25), at(0.5), at(0.75)]);
        }
        out.strips.push(strip);
    }
    let words = &out.strips[4].dots;
    out.quick = words.iter().filter(|dot| dot.0 <= 900).count() as u32;

    for (p, _) in &counted {
        match who_noticed(p).filter(|(_, visibility)| theirs(*visibility)) {
            Some((true, _)) => out.noticed.0 += 1,
            Some((false, _)) => {}
            None => {
                out.noticed.2 += 1;
                continue;
            }
        }
        out.noticed.1 += 1;
    }

    let opened = |a: &ActionItem| {
        let id = uuid::Uuid::parse_str(&a.id).unwrap();
        (id.get_version_num() == 7).then(|| {
            let millis = u64::from_be_bytes(id.as_bytes()[..8].try_into().unwrap()) >> 16;
            DateTime::from_timestamp_millis(millis as i64).unwrap()
        })
    };
    out.ages = vec![(0, 0); 4];
    for (p, _) in &counted {
        for a in p.actions.iter().filter(|a| theirs(a.visibility)) {
            let is_open = matches!(a.status, ActionStatus::Open | ActionStatus::InProgress);
            let late = is_open && a.due.is_some_and(|due| due < today);
            let [all, done, declined, open, overdue] = &mut out.actions;
            *all += 1;
            *done += u32::from(a.status == ActionStatus::Done);
            *declined += u32::from(a.status == ActionStatus::Declined);
            *open += u32::from(is_open);
            *overdue += u32::from(late);
            if a.status == ActionStatus::Done {
                out.verified.1 += 1;
                out.verified.0 += u32::from(a.verified.is_some());
            }
            if a.status == ActionStatus::Declined {
                out.declined
                    .insert((p.id.clone(), a.id.clone(), a.reason.clone()));
            }
            if let (true, Some(at)) = (is_open, opened(a)) {
                let age = (today - day(at)).num_days();
                let bucket = match age {
                    ..0 => None,
                    0..7 => Some(0),
                    7..28 => Some(1),
                    28..61 => Some(2),
                    _ => Some(3),
                };
                if let Some(bucket) = bucket {
                    out.ages[bucket].0 += 1;
                    out.ages[bucket].1 += u32::from(late);
                }
            }
            let settled = if is_open { None } else { a.settled_at };
            let (Some(from), false) = (opened(a), !is_open && settled.is_none()) else {
                continue;
            };
            let last = settled.map_or(day(from), day);
            if last < day(from) || last > today {
                continue;
            }
            for (until, step) in [(today, &mut out.last_step), (middle, &mut out.middle_step)] {
                step[0] += u32::from(day(from) <= until);
                let settled = settled.is_some_and(|at| day(at) <= until);
                step[1] += u32::from(settled && a.status == ActionStatus::Done);
                step[2] += u32::from(settled && a.status == ActionStatus::Declined);
            }
        }
    }

    let theme = |f: &Finding| f.theme.trim().to_lowercase();
    for (p, _) in &counted {
        let mut seen = BTreeSet::new();
        for f in p.findings.iter().filter(|f| theirs(f.visibility)) {
            if theme(f).is_empty() {
                continue;
            }
            let counts = out.themes.entry(theme(f)).or_default();
            counts[0] += u32::from(seen.insert(theme(f)));
            counts[1] += 1;
            counts[2] += u32::from(f.kind == FindingKind::Hindered);
            counts[3] += u32::from(f.kind == FindingKind::Helped);
        }
    }

    let problem = |f: &&Finding| {
        theirs(f.visibility)
            && !f.theme.trim().is_empty()
            && f.kind != FindingKind::Helped
            && f.kind != FindingKind::Luck
    };
    for (later, begins) in &counted {
        for again in later.findings.iter().filter(problem) {
            let mut newest = None;
            for (earlier, earlier_begins) in &counted {
                let shares = earlier.services.iter().any(|s| later.services.contains(s));
                if earlier.id == later.id || earlier_begins >= begins || !shares {
                    continue;
                }
                for found in earlier.findings.iter().filter(problem) {
                    if theme(found) != theme(again) {
                        continue;
                    }
                    let answers = earlier.actions.iter().filter(|a| {
                        found.actions.contains(&a.id)
                            && theirs(a.visibility)
                            && a.status == ActionStatus::Done
                    });
                    newest = answers
                        .filter_map(|a| a.settled_at)
                        .filter(|at| at < begins)
                        .chain(newest)
                        .max();
                }
            }
            if let Some(at) = newest {
                out.recurring
                    .push((later.id.clone(), again.text.clone(), day(at)));
            }
        }
    }
    out.recurring.sort();
    out
}

fn anchor(p: &Postmortem, key: AnchorKey) -> Option<(DateTime<Utc>, bool)> {
    let anchor = p.anchors.get(&key)?;
    (anchor.precision != Precision::Unknown)
        .then_some(())
        .and(anchor.at)
        .map(|at| (at, anchor.precision == Precision::About))
}

fn start(p: &Postmortem) -> Option<DateTime<Utc>> {
    if let Some((at, _)) = anchor(p, AnchorKey::T0) {
        return Some(at);
    }
    let anchors = p.anchors.keys().filter_map(|key| Some(anchor(p, *key)?.0));
    let events = p.timeline.iter().filter_map(|e| Some(e.at.as_ref()?.at));
    anchors.min().or(events.min())
}

fn first_public(p: &Postmortem) -> Option<(DateTime<Utc>, bool)> {
    let mut first: Option<(DateTime<Utc>, bool)> = None;
    for event in &p.timeline {
        let Some(moment) = &event.at else { continue };
        let counts = event.public && event.kind == EventKind::Communication;
        if counts && first.is_none_or(|(at, _)| moment.at < at) {
            first = Some((moment.at, moment.precision == Precision::About));
        }
    }
    first
}

fn who_noticed(p: &Postmortem) -> Option<(bool, Visibility)> {
    let mut first = None;
    for event in p.timeline.iter().filter(|e| e.kind == EventKind::Signal) {
        let Some(moment) = &event.at else { continue };
        if first.is_none_or(|(at, _)| moment.at < at) {
            first = Some((moment.at, event));
        }
    }
    let source = p.anchors.get(&AnchorKey::T1).map(|anchor| &anchor.source);
    let named = p
        .timeline
        .iter()
        .find(|event| Some(&format!("event:{}", event.id)) == source);
    let event = first.map(|(_, event)| event).or(named)?;
    match event.actor.as_ref()? {
        Actor::Role(words) => Some((words == "Customers", event.visibility)),
        Actor::Participant(_) => Some((false, event.visibility)),
    }
}
