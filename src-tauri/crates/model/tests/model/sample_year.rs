//! The example of a year: whether it is what it is meant to be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use model::derived::derive;
use model::document::{new_doc, read_as, write};
use model::hints::{self, HintKind, HintStrength, People};
use model::postmortem::{ActionStatus, AnchorKey, Postmortem, Status};
use model::sample_year::{SampleYear, sample_year};

fn year() -> SampleYear {
    sample_year(now()).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-16T09:00:00Z".parse().unwrap()
}

fn missing(postmortem: &Postmortem) -> Vec<String> {
    let derived = derive(postmortem, &|_| None);
    let lacking = derived
        .checks
        .iter()
        .filter(|check| !check.ok && !check.note);
    lacking.map(|check| check.text.clone()).collect()
}

#[test]
fn it_is_fifteen_incidents_of_half_a_year() {
    let year = year();
    assert_eq!(year.postmortems.len(), 15, "fourteen and the login outage");
    let ids: BTreeSet<&String> = year.postmortems.iter().map(|p| &p.id).collect();
    assert_eq!(ids.len(), 15, "each is a document of its own");
    let starts: Vec<_> = year
        .postmortems
        .iter()
        .map(|p| derive(p, &|_| None).starts)
        .collect();
    assert!(starts.is_sorted(), "they stand in the order of time");
    let used: BTreeSet<&String> = year.postmortems.iter().flat_map(|p| &p.services).collect();
    let known: BTreeSet<&String> = year.services.iter().map(|service| &service.id).collect();
    assert_eq!(
        used, known,
        "every service was affected once, and each is known"
    );
    assert_eq!(known.len(), 7, "seven services");
    let people: BTreeSet<&String> = year.people.iter().map(|person| &person.id).collect();
    assert_eq!(people.len(), year.people.len(), "nobody stands there twice");
    for p in &year.postmortems {
        let here: BTreeSet<_> = p
            .participants
            .iter()
            .filter_map(|row| row.person.as_ref())
            .collect();
        assert!(
            here.iter().all(|id| people.contains(id)),
            "who takes part is known: {}",
            p.title
        );
        let owners = p.actions.iter().filter_map(|action| action.owner.as_ref());
        assert!(
            owners.clone().all(|id| here.contains(id)),
            "who owns takes part: {}",
            p.title
        );
        assert_eq!(
            owners.count(),
            p.actions.len(),
            "each action item has an owner: {}",
            p.title
        );
    }
}

#[test]
fn its_action_items_are_mostly_done() {
    let year = year();
    let actions: Vec<_> = year.postmortems.iter().flat_map(|p| &p.actions).collect();
    let count = |status| {
        actions
            .iter()
            .filter(|action| action.status == status)
            .count()
    };
    assert_eq!(actions.len(), 77, "77 were agreed");
    assert_eq!(count(ActionStatus::Done), 58, "58 are done");
    assert_eq!(count(ActionStatus::Declined), 2, "two were declined");
    let today = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    let late = actions
        .iter()
        .filter(|action| action.settled_at.is_none() && action.due.is_some_and(|due| due < today));
    assert_eq!(late.count(), 1, "one is past its day");
    assert!(
        actions
            .iter()
            .filter(|action| action.verified.is_some())
            .count()
            >= 8,
        "somebody looked whether some of them worked"
    );
    for p in &year.postmortems {
        for action in &p.actions {
            let opened = opened(&action.id);
            let settled = action.settled_at.unwrap_or_else(now);
            assert!(
                opened <= settled,
                "opened before it was settled: {} {}",
                p.title,
                action.text
            );
            let looked = action
                .verified
                .as_ref()
                .is_none_or(|verified| verified.at >= settled);
            assert!(looked, "looked at after it was done: {}", action.text);
            assert!(
                settled <= now(),
                "nothing lies in the future: {}",
                action.text
            );
            let due = action.due.unwrap();
            assert!(
                opened.date_naive() < due,
                "due after it was agreed: {}",
                action.text
            );
        }
    }
}

fn opened(id: &str) -> DateTime<Utc> {
    let (seconds, nanos) = uuid::Uuid::parse_str(id)
        .unwrap()
        .get_timestamp()
        .unwrap()
        .to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).unwrap(), nanos).unwrap()
}

#[test]
fn its_findings_come_back() {
    let year = year();
    let mut themes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for p in &year.postmortems {
        for finding in &p.findings {
            themes.entry(&finding.theme).or_default().insert(&p.title);
        }
    }
    let mut counts: Vec<(usize, &str)> = themes
        .iter()
        .map(|(theme, in_)| (in_.len(), *theme))
        .collect();
    counts.sort_by(|a, b| b.cmp(a));
    assert_eq!(
        counts.get(..4),
        Some(
            &[
                (6, "monitoring"),
                (5, "documentation"),
                (4, "escalation"),
                (3, "communication")
            ][..]
        ),
        "what is learned again and again leads"
    );
    assert!(
        counts.iter().skip(4).all(|(count, _)| *count <= 2),
        "the others come once or twice: {counts:?}"
    );
    let mut back = Vec::new();
    for later in &year.postmortems {
        let starts = derive(later, &|_| None).starts.unwrap();
        for finding in &later.findings {
            let answered = year.postmortems.iter().any(|earlier| {
                let same = earlier
                    .services
                    .iter()
                    .any(|id| later.services.contains(id));
                same && earlier.findings.iter().any(|known| {
                    let mut items = earlier.actions.iter();
                    known.theme == finding.theme
                        && items.any(|item| {
                            known.actions.contains(&item.id)
                                && item.status == ActionStatus::Done
                                && item.settled_at.is_some_and(|done| done < starts)
                        })
                })
            });
            if answered {
                back.push(finding.text.as_str());
            }
        }
    }
    assert_eq!(
        back.len(),
        1,
        "one came back after it was answered: {back:?}"
    );
    let search: Vec<&Postmortem> = year
        .postmortems
        .iter()
        .filter(|p| p.services == ["search"])
        .collect();
    let documented = |p: &Postmortem| {
        p.findings
            .iter()
            .position(|finding| finding.theme == "documentation")
    };
    let (june, october) = (search[0], search[1]);
    let answer = &june.findings[documented(june).unwrap()].actions[0];
    let done = june
        .actions
        .iter()
        .find(|action| action.id == *answer)
        .unwrap()
        .settled_at
        .unwrap();
    assert!(
        documented(october).is_some(),
        "the finding of June is there again in October"
    );
    assert!(
        derive(october, &|_| None).starts.unwrap() > done,
        "after what was to answer it had been done"
    );
}

#[test]
fn it_is_whole_where_it_is_meant_to_be() {
    let year = year();
    let mut contradictory = Vec::new();
    let mut unknown = Vec::new();
    for p in &year.postmortems {
        let derived = derive(p, &|_| None);
        if !derived.contradictions.is_empty() {
            contradictory.push(p.title.as_str());
        }
        if AnchorKey::ALL
            .iter()
            .any(|key| p.anchors.get(key).is_none_or(|anchor| anchor.at.is_none()))
        {
            unknown.push(p.title.as_str());
        }
        assert!(
            (5..=32).contains(&p.timeline.len()),
            "a whole story: {}",
            p.title
        );
        assert!(
            (3..=9).contains(&p.findings.len()),
            "something was learned: {}",
            p.title
        );
        let expected: &[&str] = match p.title.as_str() {
            "Login page outage" => &["1 timeline event has no time"],
            "Weekly report in the wrong time zone" => &["1 timeline event has no time"],
            "Stale prices in some carts" => {
                &["“Declared resolved” (12:00) lies before “Impact ends” (12:10)"]
            }
            "Password-reset e-mails delayed" => &["2 findings have no action item"],
            _ => &[],
        };
        assert_eq!(
            missing(p),
            expected,
            "complete, but for what is meant: {}",
            p.title
        );
        let open = p.actions.iter().any(|action| action.settled_at.is_none());
        assert_eq!(
            p.status == Status::Closed,
            !open && p.status != Status::Draft,
            "closed when nothing is open: {}",
            p.title
        );
    }
    assert_eq!(
        contradictory,
        ["Stale prices in some carts"],
        "one contradicts itself"
    );
    assert_eq!(
        unknown,
        [
            "Slow dashboards on Monday mornings",
            "Weekly report in the wrong time zone"
        ],
        "two do not know all"
    );
}

#[test]
fn it_blames_nobody() {
    let year = year();
    let people = People::new(
        year.people
            .iter()
            .flat_map(|person| [person.name.as_str(), person.handle.as_str()]),
    );
    for p in &year.postmortems {
        let sections = p.sections.iter().map(|row| (HintKind::Section, &row.text));
        let events = p.timeline.iter().map(|row| (HintKind::Timeline, &row.text));
        let findings = p.findings.iter().map(|row| (HintKind::Finding, &row.text));
        let actions = p.actions.iter().map(|row| (HintKind::Action, &row.text));
        for (kind, text) in sections.chain(events).chain(findings).chain(actions) {
            let report = hints::check(text, kind, &people);
            let strong = report
                .hints
                .iter()
                .find(|hint| hint.strength == HintStrength::Strong);
            assert_eq!(strong, None, "nothing to reword in {}: {text}", p.title);
        }
    }
}

#[test]
fn it_is_what_documents_give_back() {
    for p in year().postmortems {
        let doc = new_doc();
        write(&doc, &p);
        assert_eq!(
            read_as(&doc, &p.id),
            p,
            "rows and links stand as the document has them: {}",
            p.title
        );
    }
}
