//! What is kept of reminders: nothing is lost and nothing is sent twice, whoever else has the file open and whenever a process ends.

use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use model::postmortem::{ActionItem, ActionStatus, Postmortem};
use model::reminders::{ItemTold, Message, Plan, Reminded};
use store::{Open, ReminderEnd, ReminderState, ReminderWay, Store};

use crate::{AT, Home, add, now};

const MAIL: ReminderWay = ReminderWay::Mail;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ids() -> impl Fn() -> String {
    let next = Cell::new(0);
    move || {
        next.set(next.get() + 1);
        format!("m{}", next.get())
    }
}

fn message(person: &str, on: &str, instead: bool) -> Plan {
    let items = vec![Reminded {
        doc: "d1".into(),
        id: "a1".into(),
        due: day("2026-11-20"),
        occasion: day("2026-11-20"),
    }];
    let told = ItemTold {
        owner: person.into(),
        due: day("2026-11-20"),
        since: now(),
        told_for: Some(day("2026-11-20")),
    };
    Plan {
        messages: vec![Message {
            person: person.into(),
            day: day(on),
            items,
            digest: None,
            instead,
        }],
        items: BTreeMap::from([(("d1".into(), "a1".into()), told)]),
        ..Plan::default()
    }
}

fn incident() -> Postmortem {
    let item = |id: &str, due: Option<&str>, owner: Option<&str>, status| ActionItem {
        id: id.into(),
        text: format!("Item {id}"),
        owner: owner.map(Into::into),
        due: due.map(day),
        status,
        ..ActionItem::default()
    };
    Postmortem {
        title: "Login outage".into(),
        review_owner: Some("raj".into()),
        actions: vec![
            item("a1", Some("2026-11-20"), Some("mei"), ActionStatus::Open),
            item("a2", Some("2026-11-21"), Some("mei"), ActionStatus::Done),
            item(
                "a3",
                Some("2026-12-21"),
                Some("mei"),
                ActionStatus::InProgress,
            ),
            item("a4", None, Some("mei"), ActionStatus::Open),
            item("a5", Some("2026-11-20"), None, ActionStatus::Open),
        ],
        ..Postmortem::default()
    }
}

#[test]
fn what_is_looked_at() {
    let home = Home::new();
    add(&home.store, "d1", &incident(), AT);
    let due = |until| -> Vec<String> {
        home.store
            .reminder_items(day(until))
            .unwrap()
            .into_iter()
            .map(|item| item.id)
            .collect()
    };
    assert_eq!(
        due("2026-11-20"),
        ["a1"],
        "open, with an owner, due up to that day"
    );
    assert_eq!(
        due("2026-12-21"),
        ["a1", "a3"],
        "the last day belongs to it"
    );
    assert!(due("2026-11-19").is_empty(), "nothing is due that early");
    let reviews = home.store.reminder_reviews().unwrap();
    assert_eq!(
        reviews
            .iter()
            .map(|review| (review.doc.as_str(), review.owner.as_str()))
            .collect::<Vec<_>>(),
        [("d1", "raj")],
        "the review has open items and an owner"
    );
    home.store.trash("d1", AT).unwrap();
    assert!(
        due("2026-12-21").is_empty(),
        "nobody is reminded of what is in the trash"
    );
    assert!(
        home.store.reminder_reviews().unwrap().is_empty(),
        "nor of its review"
    );
    assert_eq!(
        home.store.check(false).unwrap().problems,
        Vec::<String>::new(),
        "the file is whole"
    );
}

#[test]
fn a_message_is_sent_once_whoever_ends_when() {
    let home = Home::new();
    add(&home.store, "d1", &incident(), AT);
    let other = Store::open(home.path(), Open::Existing).unwrap();
    let id = ids();
    let made = home
        .store
        .look_at_reminders(MAIL, AT, |_| Ok(message("mei", "2026-11-20", false)), &id)
        .unwrap();
    assert_eq!(made, Ok(1), "one message was made");
    other
        .look_at_reminders(
            MAIL,
            AT,
            |memory| {
                assert!(
                    memory.waiting.contains_key("mei"),
                    "the other process sees what waits"
                );
                assert_eq!(
                    memory.items.values().next().unwrap().told_for,
                    Some(day("2026-11-20")),
                    "and what was told"
                );
                Ok(Plan::default())
            },
            &id,
        )
        .unwrap()
        .unwrap();
    assert!(
        home.store
            .reminder_memory(ReminderWay::Chat)
            .unwrap()
            .items
            .is_empty(),
        "each way of telling remembers for itself"
    );
    let waiting = other.reminders_to_send(MAIL, AT).unwrap();
    assert_eq!(waiting.len(), 1, "it waits for whoever sends it");

    // The server was down: it is tried again later, and a restart changes nothing of that.
    home.store
        .end_reminder(
            "m1",
            AT,
            &ReminderEnd::Later("The mail server is down.".into(), AT + 60_000),
        )
        .unwrap();
    assert!(
        other
            .reminders_to_send(MAIL, AT + 59_999)
            .unwrap()
            .is_empty(),
        "not before its time"
    );
    let waiting = other.reminders_to_send(MAIL, AT + 60_000).unwrap();
    assert_eq!(
        (waiting[0].tries, waiting[0].error.as_str()),
        (1, "The mail server is down."),
        "why is shown"
    );

    assert!(
        home.store.begin_reminder("m1", AT + 60_000).unwrap(),
        "one takes it"
    );
    assert!(
        !other.begin_reminder("m1", AT + 60_000).unwrap(),
        "nobody else can"
    );
    assert!(
        other
            .reminders_to_send(MAIL, AT + 90_000)
            .unwrap()
            .is_empty(),
        "it is on its way"
    );
    // Whoever took it ends here, before writing down how it ended.
    assert_eq!(
        other.doubt_reminders(AT + 120_000).unwrap(),
        0,
        "it may still be at it"
    );
    assert_eq!(
        other.doubt_reminders(AT + 3_600_000).unwrap(),
        1,
        "after a while it is not"
    );
    let shown = &other.reminder_messages(10).unwrap()[0];
    assert_eq!(
        (shown.state, shown.tries),
        (ReminderState::Doubt, 2),
        "what is in doubt is shown"
    );
    assert!(
        other
            .reminders_to_send(MAIL, AT + 9_000_000)
            .unwrap()
            .is_empty(),
        "and never sent again"
    );
    assert_eq!(
        other.reminder_memory(MAIL).unwrap().days.get("mei"),
        Some(&day("2026-11-20")),
        "it counts as the day's message"
    );
    other
        .end_reminder("m1", AT, &ReminderEnd::Later("too late".into(), AT))
        .unwrap();
    assert_eq!(
        other.reminder_messages(10).unwrap()[0].state,
        ReminderState::Doubt,
        "nothing brings it back"
    );
}

#[test]
fn a_later_message_takes_the_place_of_one_that_waits() {
    let home = Home::new();
    add(&home.store, "d1", &incident(), AT);
    let id = ids();
    let look = |plan: Plan| {
        home.store
            .look_at_reminders(MAIL, AT, |_| Ok(plan), &id)
            .unwrap()
            .unwrap()
    };
    look(message("mei", "2026-11-20", false));
    look(message("mei", "2026-11-23", true));
    let waiting = home.store.reminders_to_send(MAIL, AT).unwrap();
    assert_eq!(
        waiting
            .iter()
            .map(|message| message.day)
            .collect::<Vec<_>>(),
        [day("2026-11-23")],
        "one message, not two"
    );
    home.store
        .end_reminder(&waiting[0].id, AT, &ReminderEnd::Dropped)
        .unwrap();
    look(message("mei", "2026-11-23", false));
    assert_eq!(
        home.store.reminders_to_send(MAIL, AT).unwrap().len(),
        1,
        "a message that had nothing to tell leaves its day free"
    );
    look(Plan {
        dropped: vec!["mei".into()],
        ..Plan::default()
    });
    assert!(
        home.store.reminders_to_send(MAIL, AT).unwrap().is_empty(),
        "what has nothing left to tell goes"
    );
}

#[test]
fn a_refused_look_keeps_nothing_and_a_trusted_clock_forgets_the_future() {
    let home = Home::new();
    add(&home.store, "d1", &incident(), AT);
    let id = ids();
    home.store
        .look_at_reminders(MAIL, AT, |_| Ok(message("mei", "2027-11-20", false)), &id)
        .unwrap()
        .unwrap();
    let refused = home
        .store
        .look_at_reminders(
            MAIL,
            AT - 400 * 86_400_000,
            |memory| {
                Err(memory
                    .wrong_clock(now() - chrono::Duration::days(400))
                    .unwrap())
            },
            &id,
        )
        .unwrap();
    assert!(
        refused.is_err_and(|why| why.contains("behind")),
        "it says why"
    );
    let memory = home.store.reminder_memory(MAIL).unwrap();
    assert_eq!(
        memory.last.unwrap().timestamp_millis(),
        AT,
        "a refused look is no look"
    );
    home.store
        .trust_reminder_clock(AT - 400 * 86_400_000, Some(ReminderWay::Desktop))
        .unwrap();
    assert_eq!(
        home.store.reminder_memory(MAIL).unwrap(),
        memory,
        "what was told on one way says nothing of another"
    );
    home.store
        .trust_reminder_clock(AT - 400 * 86_400_000, None)
        .unwrap();
    let memory = home.store.reminder_memory(MAIL).unwrap();
    assert_eq!(
        memory.last.unwrap().timestamp_millis(),
        AT - 400 * 86_400_000,
        "the clock is right now"
    );
    assert_eq!(
        memory.items.values().next().unwrap().told_for,
        None,
        "what a wrong clock told for days to come is told again when they come"
    );
    assert!(memory.waiting.is_empty(), "nothing waits for a year");
}

#[test]
fn erasing_takes_what_was_told_of_it() {
    let home = Home::new();
    add(&home.store, "d1", &incident(), AT);
    home.store
        .look_at_reminders(MAIL, AT, |_| Ok(message("mei", "2026-11-20", false)), ids())
        .unwrap()
        .unwrap();
    home.store.trash("d1", AT).unwrap();
    home.store.erase("d1", AT).unwrap();
    assert!(
        home.store.reminder_memory(MAIL).unwrap().items.is_empty(),
        "nothing names the rows of what is gone"
    );
    let kept = home
        .store
        .look_at_reminders(
            MAIL,
            AT,
            |_| Ok(message("raj", "2026-11-20", false)),
            || "m9".into(),
        )
        .unwrap();
    assert_eq!(kept, Ok(1), "a plan that was made just before does no harm");
    assert!(
        home.store.reminder_memory(MAIL).unwrap().items.is_empty(),
        "and brings nothing back"
    );
}

#[test]
fn calendar_addresses_are_made_renewed_and_withdrawn() {
    let home = Home::new();
    let feed = |secret: &str| home.store.calendar_feed_of(secret).unwrap();
    assert_eq!(feed("hash-1"), None, "nobody has one");
    home.store.keep_calendar_feed("mei", "hash-1", AT).unwrap();
    assert_eq!(feed("hash-1").as_deref(), Some("mei"), "made");
    home.store.keep_calendar_feed("mei", "hash-2", AT).unwrap();
    assert_eq!(
        (feed("hash-1"), feed("hash-2").as_deref()),
        (None, Some("mei")),
        "renewed: the old one is dead"
    );
    assert!(
        home.store.calendar_feed("mei").unwrap().is_some(),
        "it is known that there is one"
    );
    assert!(home.store.drop_calendar_feed("mei").unwrap(), "withdrawn");
    assert!(!home.store.drop_calendar_feed("mei").unwrap(), "once");
    assert_eq!(feed("hash-2"), None, "and dead");
}
