//! The example, and the edits of action items.

use chrono::{DateTime, TimeDelta, Utc};
use model::demo::login_outage;
use model::derived::{derive, figures};
use model::directory::Person;
use model::document::{new_doc, read_as, write};
use model::edit::{assign_owner, set_status};
use model::postmortem::{ActionStatus, EventKind, Phase, Precision, Severity};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_500_000, 0).unwrap()
}

#[test]
fn the_example_is_the_case() {
    let (postmortem, people, services) = login_outage(now());
    let counts = (
        postmortem.timeline.len(),
        postmortem.findings.len(),
        postmortem.actions.len(),
    );
    assert_eq!(
        counts,
        (32, 9, 10),
        "32 events, 9 findings, 9 action items and the cache ticket"
    );
    assert_eq!(
        postmortem.severity,
        Some(Severity::Sev2),
        "the case is a SEV2"
    );
    assert!(
        postmortem
            .actions
            .iter()
            .all(|action| action.owner.is_some() && action.due.is_some()),
        "everything is owned and due"
    );
    assert!(
        postmortem
            .findings
            .iter()
            .all(|finding| !finding.events.is_empty() && !finding.actions.is_empty()),
        "all is linked"
    );
    let values: Vec<&str> = postmortem
        .impact
        .iter()
        .map(|fact| fact.value.as_str())
        .collect();
    assert_eq!(values, ["20", "10", "50"], "10 support requests, then 50");
    let exact = postmortem
        .timeline
        .iter()
        .filter_map(|event| event.at.as_ref())
        .filter(|at| at.precision == Precision::Exact);
    assert_eq!(
        exact.count(),
        1,
        "invented minutes are marked: only the review's start is stated"
    );
    assert!(
        people.len() >= 5 && services.len() == 1,
        "the people of the case are there"
    );
    for action in &postmortem.actions {
        let owner = postmortem
            .participants
            .iter()
            .find(|participant| participant.person == action.owner);
        assert!(owner.is_some(), "an owner takes part: {}", action.text);
    }
}

#[test]
fn the_example_is_what_a_document_gives_back() {
    let (postmortem, ..) = login_outage(now());
    let doc = new_doc();
    write(&doc, &postmortem);
    assert_eq!(
        read_as(&doc, &postmortem.id),
        postmortem,
        "the example's rows stand in the order of the document"
    );
}

#[test]
fn the_example_can_be_made_twice() {
    let (first, people, _) = login_outage(now());
    let (second, same_people, _) = login_outage(now() + TimeDelta::seconds(1));
    assert_ne!(first.id, second.id, "two examples are two postmortems");
    assert_eq!(people, same_people, "with the same people");
    let (again, ..) = login_outage(now());
    assert_eq!(first, again, "the same moment gives the same example");
}

#[test]
fn the_example_shows_figures_and_few_flags() {
    let (postmortem, ..) = login_outage(now());
    let figures = figures(&postmortem);
    assert_eq!(
        figures.total,
        Some(20 * 60),
        "an outage of about 20 minutes"
    );
    assert!(figures.about, "about");
    let derived = derive(&postmortem, &|_| None);
    assert!(
        derived.contradictions.is_empty(),
        "the invented minutes do not contradict each other"
    );
    let flags: Vec<&str> = derived
        .checks
        .iter()
        .filter(|check| !check.ok && !check.note)
        .map(|check| check.text.as_str())
        .collect();
    assert_eq!(
        flags,
        ["1 timeline event has no time"],
        "one event of the case has no clock time, and no one is invented"
    );
    assert_eq!(
        derived.public_updates, 2,
        "the status page was updated twice"
    );
    assert_eq!(
        derived.bar.segments.iter().filter_map(|s| s.phase).next(),
        Some(Phase::Detection),
        "the bar begins with detection"
    );
    assert!(
        postmortem
            .timeline
            .iter()
            .any(|event| event.kind == EventKind::Restored),
        "login came back"
    );
}

#[test]
fn whoever_gets_an_action_item_takes_part() {
    let (mut postmortem, people, _) = login_outage(now());
    let stranger = Person {
        id: "someone-new".into(),
        name: "Ida Noor".into(),
        role_title: "Engineer".into(),
        ..Person::default()
    };
    let id = postmortem.actions[0].id.clone();
    let before = postmortem.participants.len();
    assert!(
        assign_owner(&mut postmortem, &id, Some(&stranger)),
        "the item is there"
    );
    assert!(
        assign_owner(&mut postmortem, &id, Some(&stranger)),
        "twice is as good as once"
    );
    assert_eq!(
        postmortem.participants.len(),
        before + 1,
        "the owner takes part, once"
    );
    assert_eq!(
        postmortem.participants[before].title, "Engineer",
        "name and title are copied"
    );
    postmortem.actions[0].helpers.push(people[0].id.clone());
    assert!(
        assign_owner(&mut postmortem, &id, Some(&people[0])),
        "a helper can become the owner"
    );
    assert!(
        !postmortem.actions[0].helpers.contains(&people[0].id),
        "and no longer helps then"
    );
    assert!(
        !assign_owner(&mut postmortem, &"nowhere".to_owned(), None),
        "an item that is gone is reported"
    );
}

#[test]
fn settling_keeps_the_moment() {
    let (mut postmortem, ..) = login_outage(now());
    let id = postmortem.actions[0].id.clone();
    set_status(&mut postmortem, &id, ActionStatus::Done, now());
    set_status(
        &mut postmortem,
        &id,
        ActionStatus::Done,
        now() + TimeDelta::days(1),
    );
    assert_eq!(
        postmortem.actions[0].settled_at,
        Some(now()),
        "done a second time is still done the first time"
    );
    set_status(&mut postmortem, &id, ActionStatus::Open, now());
    assert_eq!(
        postmortem.actions[0].settled_at, None,
        "an open item is not settled"
    );
}
