//! Which reminders are due, against a plan made the slow way, over a year with its changes of clocks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use model::postmortem::PersonId;
use model::reminders::{
    DigestDay, Item, Memory, Message, Moment, Plan, Recipient, ReminderPolicy, ReminderWish,
    Review, Waiting, Weekends, plan, slot, upcoming,
};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn person(id: &str, zone: Tz) -> Recipient {
    Recipient {
        person: id.into(),
        zone,
        wish: ReminderWish::All,
    }
}

fn item(id: &str, owner: &str, due: &str) -> Item {
    Item {
        doc: "d".into(),
        id: id.into(),
        owner: owner.into(),
        due: day(due),
        opened_at: Some(at("2026-01-01T00:00:00Z")),
    }
}

/// What a store keeps, as simply as can be.
#[derive(Clone, Default)]
struct Kept(Memory);

impl Kept {
    fn since(start: &str) -> Self {
        Self(Memory {
            started: Some(at(start)),
            last: Some(at(start)),
            ..Memory::default()
        })
    }

    fn remember(&mut self, plan: &Plan, now: DateTime<Utc>) {
        self.0.last = Some(now);
        self.0.items.extend(plan.items.clone());
        self.0.digests.extend(plan.digests.clone());
        for person in &plan.dropped {
            self.0.waiting.remove(person);
        }
    }

    /// A look whose messages all get away.
    fn look(&mut self, world: &World, now: DateTime<Utc>) -> Vec<Message> {
        let plan = plan(&world.moment(&self.0), now);
        self.remember(&plan, now);
        for message in &plan.messages {
            self.0.waiting.remove(&message.person);
            self.0.days.insert(message.person.clone(), message.day);
        }
        plan.messages
    }

    /// A look whose messages wait.
    fn look_and_fail(&mut self, world: &World, now: DateTime<Utc>) {
        let plan = plan(&world.moment(&self.0), now);
        self.remember(&plan, now);
        for message in plan.messages {
            let waiting = Waiting {
                day: message.day,
                items: message.items,
                digest: message.digest,
            };
            self.0.waiting.insert(message.person, waiting);
        }
    }
}

#[derive(Clone, Default)]
struct World {
    policy: ReminderPolicy,
    items: Vec<Item>,
    reviews: Vec<Review>,
    people: Vec<Recipient>,
}

impl World {
    fn moment<'a>(&'a self, memory: &'a Memory) -> Moment<'a> {
        Moment {
            policy: &self.policy,
            items: &self.items,
            reviews: &self.reviews,
            people: &self.people,
            memory,
        }
    }

    fn of_mei(items: Vec<Item>) -> Self {
        Self {
            items,
            people: vec![person("mei", Tz::Europe__Berlin)],
            ..Self::default()
        }
    }
}

fn ids(messages: &[Message]) -> Vec<Vec<&str>> {
    messages
        .iter()
        .map(|message| message.items.iter().map(|item| item.id.as_str()).collect())
        .collect()
}

#[test]
fn three_days_before_on_the_day_and_weekly_after() {
    // A Wednesday, so that nothing falls on a weekend but the day three days before, a Sunday.
    let world = World::of_mei(vec![item("a", "mei", "2026-11-18")]);
    let mut kept = Kept::since("2026-11-01T00:00:00Z");
    let mut told = Vec::new();
    let mut now = at("2026-11-10T00:00:00Z");
    while now < at("2026-12-11T00:00:00Z") {
        for message in kept.look(&world, now) {
            told.push((
                now,
                message
                    .items
                    .iter()
                    .map(|item| item.occasion)
                    .collect::<Vec<_>>(),
            ));
        }
        now += Duration::minutes(10);
    }
    let expected = vec![
        (at("2026-11-16T08:00:00Z"), vec![day("2026-11-15")]),
        (at("2026-11-18T08:00:00Z"), vec![day("2026-11-18")]),
        (at("2026-11-25T08:00:00Z"), vec![day("2026-11-25")]),
        (at("2026-12-02T08:00:00Z"), vec![day("2026-12-02")]),
        (at("2026-12-09T08:00:00Z"), vec![day("2026-12-09")]),
    ];
    assert_eq!(
        told, expected,
        "nine in Berlin is eight in UTC, and Sunday's goes out on Monday"
    );
}

#[test]
fn the_hour_on_days_on_which_clocks_change() {
    let berlin = Tz::Europe__Berlin;
    for (on, hour, zone, expected, why) in [
        (
            "2026-03-29",
            2,
            berlin,
            "2026-03-29T01:00:00Z",
            "two o'clock does not exist: three does, an hour after one",
        ),
        (
            "2026-10-25",
            2,
            berlin,
            "2026-10-25T00:00:00Z",
            "two o'clock comes twice: the first counts",
        ),
        (
            "2026-03-28",
            9,
            berlin,
            "2026-03-28T08:00:00Z",
            "winter time",
        ),
        (
            "2026-03-29",
            9,
            berlin,
            "2026-03-29T07:00:00Z",
            "summer time since the night",
        ),
        (
            "2026-10-04",
            2,
            Tz::Australia__Lord_Howe,
            "2026-10-03T15:30:00Z",
            "clocks skip half an hour there",
        ),
        (
            "2011-12-30",
            9,
            Tz::Pacific__Apia,
            "2011-12-30T10:00:00Z",
            "the whole day was skipped: the next one begins",
        ),
        (
            "2026-09-06",
            0,
            Tz::America__Santiago,
            "2026-09-06T04:00:00Z",
            "midnight does not exist",
        ),
    ] {
        assert_eq!(
            slot(day(on), hour, zone),
            at(expected),
            "{on} {hour}:00 {zone}: {why}"
        );
    }
}

#[test]
fn the_hour_that_comes_twice_reminds_once() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-10-25")]);
    world.policy = ReminderPolicy {
        hour: 2,
        days_before: 0,
        weekends: Weekends::Send,
        ..ReminderPolicy::default()
    };
    let mut kept = Kept::since("2026-10-24T12:00:00Z");
    let mut count = 0;
    let mut now = at("2026-10-24T12:00:00Z");
    while now < at("2026-10-26T00:00:00Z") {
        count += kept.look(&world, now).len();
        now += Duration::minutes(5);
    }
    assert_eq!(count, 1, "both two o'clocks are one occasion");
}

#[test]
fn a_computer_that_was_off_catches_up_with_one_message() {
    let world = World::of_mei(vec![
        item("a", "mei", "2026-11-04"),
        item("b", "mei", "2026-11-06"),
        item("c", "mei", "2026-11-12"),
        item("d", "mei", "2026-12-24"),
    ]);
    let mut kept = Kept::since("2026-11-01T00:00:00Z");
    // Off from the first to the twelfth; on again at three in the morning.
    let told = kept.look(&world, at("2026-11-12T02:00:00Z"));
    assert_eq!(
        ids(&told),
        [["a", "b", "c"]],
        "all that was missed is one message, the oldest first"
    );
    let occasions: Vec<NaiveDate> = told[0].items.iter().map(|item| item.occasion).collect();
    assert_eq!(
        occasions,
        [day("2026-11-11"), day("2026-11-06"), day("2026-11-12")],
        "of several missed occasions the latest counts"
    );
    assert!(
        kept.look(&world, at("2026-11-12T09:00:00Z")).is_empty(),
        "and that is all of it for the day"
    );
}

#[test]
fn an_item_that_changes_hands_or_day_begins_anew() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-11-04")]);
    world.people.push(person("raj", Tz::Asia__Kolkata));
    let mut kept = Kept::since("2026-11-01T00:00:00Z");
    assert_eq!(
        kept.look(&world, at("2026-11-04T12:00:00Z")).len(),
        1,
        "due today"
    );
    world.items[0].owner = "raj".into();
    assert!(
        kept.look(&world, at("2026-11-04T12:30:00Z")).is_empty(),
        "the occasions of before were not Raj's"
    );
    let told = kept.look(&world, at("2026-11-11T12:00:00Z"));
    assert_eq!(
        (told.len(), told[0].person.as_str()),
        (1, "raj"),
        "the weekly one is"
    );
    world.items[0].due = day("2026-11-20");
    assert!(
        kept.look(&world, at("2026-11-12T12:00:00Z")).is_empty(),
        "moved: nothing is due"
    );
    assert_eq!(
        kept.look(&world, at("2026-11-17T12:00:00Z")).len(),
        1,
        "three days before the new day"
    );
}

#[test]
fn an_item_that_is_opened_again_is_not_told_twice_of_the_same_day() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-11-04")]);
    let mut kept = Kept::since("2026-11-02T00:00:00Z");
    assert_eq!(
        kept.look(&world, at("2026-11-04T08:00:00Z")).len(),
        1,
        "due today"
    );
    let done = std::mem::take(&mut world.items);
    assert!(
        kept.look(&world, at("2026-11-05T08:00:00Z")).is_empty(),
        "done"
    );
    world.items = done;
    assert!(
        kept.look(&world, at("2026-11-06T08:00:00Z")).is_empty(),
        "opened again: the day it was due has been told"
    );
    assert_eq!(
        kept.look(&world, at("2026-11-11T08:00:00Z")).len(),
        1,
        "a week later it goes on"
    );
}

#[test]
fn another_zone_repeats_nothing() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-11-04")]);
    let mut kept = Kept::since("2026-11-02T00:00:00Z");
    assert_eq!(
        kept.look(&world, at("2026-11-04T08:00:00Z")).len(),
        1,
        "nine in Berlin"
    );
    for zone in [
        Tz::America__Los_Angeles,
        Tz::Pacific__Auckland,
        Tz::Europe__Berlin,
    ] {
        world.people[0].zone = zone;
        for hour in 0..30 {
            assert!(
                kept.look(&world, at("2026-11-04T09:00:00Z") + Duration::hours(hour))
                    .is_empty(),
                "who travels to {zone} is not told once more"
            );
        }
        // The looks above are of one and the same day, again and again.
        kept.0.last = Some(at("2026-11-04T08:00:00Z"));
    }
}

#[test]
fn what_waits_is_told_with_what_is_due_then() {
    let mut world = World::of_mei(vec![
        item("a", "mei", "2026-11-03"),
        item("b", "mei", "2026-11-03"),
        item("c", "mei", "2026-11-05"),
    ]);
    world.policy.days_before = 0;
    let mut kept = Kept::since("2026-11-02T00:00:00Z");
    kept.look_and_fail(&world, at("2026-11-03T08:00:00Z"));
    assert!(kept.0.waiting.contains_key("mei"), "the server was down");
    assert!(
        plan(&world.moment(&kept.0), at("2026-11-03T12:00:00Z"))
            .messages
            .is_empty(),
        "today's message is made already"
    );
    world.items.remove(0);
    let told = kept.look(&world, at("2026-11-05T08:00:00Z"));
    assert_eq!(
        ids(&told),
        [["b", "c"]],
        "one message for both days, without the item that was done meanwhile"
    );
    assert!(told[0].instead, "it takes the place of the one that waits");
}

#[test]
fn what_waits_goes_when_nothing_is_left_to_tell() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-11-03")]);
    let mut kept = Kept::since("2026-11-02T00:00:00Z");
    kept.look_and_fail(&world, at("2026-11-03T08:00:00Z"));
    world.items.clear();
    let plan = plan(&world.moment(&kept.0), at("2026-11-04T08:00:00Z"));
    assert_eq!(
        (plan.messages.len(), plan.dropped),
        (0, vec!["mei".to_owned()]),
        "nobody is reminded of what is done"
    );
}

#[test]
fn a_digest_goes_to_owners_of_reviews_and_to_those_who_want_nothing_else() {
    let mut world = World {
        items: vec![
            item("a", "raj", "2026-11-10"),
            item("b", "raj", "2026-12-30"),
        ],
        reviews: vec![Review {
            doc: "d".into(),
            owner: "mei".into(),
        }],
        people: ["mei", "raj", "sam"].map(|id| person(id, Tz::UTC)).into(),
        ..World::default()
    };
    world.people[1].wish = ReminderWish::Digest;
    let mut kept = Kept::since("2026-11-05T00:00:00Z");
    // Thursday, the week's Monday being before anybody looked.
    assert!(
        kept.look(&world, at("2026-11-05T09:00:00Z")).is_empty(),
        "the first digest is the next one"
    );
    let told = kept.look(&world, at("2026-11-09T09:00:00Z"));
    let who: Vec<(&str, Option<NaiveDate>)> =
        told.iter().map(|m| (m.person.as_str(), m.digest)).collect();
    assert_eq!(
        who,
        [
            ("mei", Some(day("2026-11-09"))),
            ("raj", Some(day("2026-11-09")))
        ],
        "the review's owner, and Raj; Sam has nothing"
    );
    assert_eq!(
        ids(&told),
        [vec![], vec!["a"]],
        "Raj's names what is due within a week"
    );
    assert!(
        kept.look(&world, at("2026-11-10T09:00:00Z")).is_empty(),
        "on the day itself Raj is told nothing: he wants the digest alone"
    );
    world.reviews[0].owner = "sam".into();
    assert!(
        kept.look(&world, at("2026-11-11T09:00:00Z")).is_empty(),
        "a review that changes hands in the week has had its digest"
    );
    world.people[2].wish = ReminderWish::None;
    assert!(
        kept.look(&world, at("2026-11-16T09:00:00Z"))
            .iter()
            .all(|m| m.person != "sam"),
        "who wants nothing gets nothing"
    );
}

#[test]
fn a_clock_that_is_off_holds_everything_back() {
    let memory = Memory {
        last: Some(at("2026-11-10T00:00:00Z")),
        ..Memory::default()
    };
    for (now, fine) in [
        ("2026-11-09T12:00:00Z", true),
        ("2026-11-08T23:00:00Z", false),
        ("2025-11-10T00:00:00Z", false),
        ("2026-12-31T00:00:00Z", true),
        ("2027-01-10T00:00:00Z", false),
        ("2027-11-10T00:00:00Z", false),
    ] {
        assert_eq!(
            memory.wrong_clock(at(now)).is_none(),
            fine,
            "{now} after 2026-11-10: a computer may be off for weeks, and corrected by hours"
        );
    }
    assert_eq!(
        Memory::default().wrong_clock(at("1980-01-01T00:00:00Z")),
        None,
        "there is nothing to compare the first look with"
    );
}

#[test]
fn the_next_message_of_everybody_is_foreseen() {
    let mut world = World::of_mei(vec![item("a", "mei", "2026-11-18")]);
    world.people.push(person("raj", Tz::Asia__Kolkata));
    let kept = Kept::since("2026-11-10T00:00:00Z");
    let next = upcoming(&world.moment(&kept.0), at("2026-11-12T00:00:00Z"), 14);
    assert_eq!(next.len(), 1, "Raj has nothing to be told");
    assert_eq!(
        next[0].0,
        at("2026-11-16T08:00:00Z"),
        "Sunday's, on Monday at nine in Berlin"
    );
    assert!(
        upcoming(&world.moment(&kept.0), at("2026-11-12T00:00:00Z"), 2).is_empty(),
        "nothing within two days"
    );
}

/// An item of the simulated year, with when it is opened and settled.
#[derive(Clone, Debug)]
struct Life {
    item: Item,
    settled: DateTime<Utc>,
}

fn life(count: usize) -> impl Strategy<Value = Life> {
    (
        0..count,
        0usize..4,
        0i64..380,
        0i64..200,
        1i64..120,
        0i64..1440,
    )
        .prop_map(|(id, owner, opened, due_in, lives, minute)| {
            let opened_at =
                at("2026-01-01T00:00:00Z") + Duration::days(opened) + Duration::minutes(minute);
            Life {
                item: Item {
                    doc: format!("d{}", id % 3),
                    id: format!("i{id}"),
                    owner: format!("p{owner}"),
                    due: (opened_at + Duration::days(due_in % 40)).date_naive(),
                    opened_at: Some(opened_at),
                },
                settled: opened_at + Duration::days(lives),
            }
        })
}

fn policies() -> impl Strategy<Value = ReminderPolicy> {
    (
        0u16..6,
        any::<bool>(),
        0u16..10,
        any::<bool>(),
        0u8..24,
        any::<bool>(),
    )
        .prop_map(
            |(days_before, on_day, every_days, send, hour, digest)| ReminderPolicy {
                days_before,
                on_day,
                every_days,
                weekends: if send {
                    Weekends::Send
                } else {
                    Weekends::Monday
                },
                hour,
                digest: if digest {
                    DigestDay::Monday
                } else {
                    DigestDay::Never
                },
            },
        )
}

const ZONES: [Tz; 4] = [
    Tz::Europe__Berlin,
    Tz::America__Los_Angeles,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kolkata,
];

/// The lives, each under an id of its own, and the people who own them.
fn world(policy: ReminderPolicy, lives: &mut [Life]) -> World {
    for (at, life) in lives.iter_mut().enumerate() {
        life.item.id = format!("i{at}");
    }
    World {
        policy,
        items: Vec::new(),
        reviews: vec![Review {
            doc: "d0".into(),
            owner: "p1".into(),
        }],
        people: ZONES
            .iter()
            .enumerate()
            .map(|(at, zone)| person(&format!("p{at}"), *zone))
            .collect(),
    }
}

fn open_at(lives: &[Life], now: DateTime<Utc>) -> Vec<Item> {
    lives
        .iter()
        .filter(|life| {
            life.item.opened_at.is_some_and(|opened| opened <= now) && now < life.settled
        })
        .map(|life| life.item.clone())
        .collect()
}

/// What the policy asks for, written down day by day: by person and day, the items, and whether there is a digest.
fn asked_for(
    world: &World,
    lives: &[Life],
    from: NaiveDate,
    days: u64,
) -> BTreeMap<(PersonId, NaiveDate), (BTreeSet<String>, bool)> {
    let policy = &world.policy;
    let mut out = BTreeMap::new();
    for recipient in &world.people {
        for day in from.iter_days().take(usize::try_from(days).unwrap()) {
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            if weekend && policy.weekends == Weekends::Monday {
                continue;
            }
            // The days whose occasions go out today.
            let mut today = vec![day];
            if day.weekday() == Weekday::Mon && policy.weekends == Weekends::Monday {
                today.extend([day - Days::new(1), day - Days::new(2)]);
            }
            let now = slot(day, policy.hour, recipient.zone);
            let is_occasion = |item: &Item, day: NaiveDate| {
                let late = (day - item.due).num_days();
                (policy.on_day && late == 0)
                    || (policy.days_before > 0 && late == -i64::from(policy.days_before))
                    || (policy.every_days > 0
                        && late > 0
                        && late % i64::from(policy.every_days) == 0)
            };
            let items: BTreeSet<String> = open_at(lives, now)
                .into_iter()
                .filter(|item| {
                    item.owner == recipient.person
                        && item.opened_at.is_some_and(|opened| opened < now)
                })
                .filter(|item| today.iter().any(|day| is_occasion(item, *day)))
                .map(|item| item.id)
                .collect();
            let digest = policy.digest == DigestDay::Monday
                && day.weekday() == Weekday::Mon
                && recipient.person == "p1";
            if digest || !items.is_empty() {
                out.insert((recipient.person.clone(), day), (items, digest));
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_year_is_told_as_the_policy_asks(policy in policies(), mut lives in proptest::collection::vec(life(60), 20..60)) {
        let mut world = world(policy, &mut lives);
        let expected = asked_for(&world, &lives, day("2026-01-02"), 366);
        let mut kept = Kept::since("2026-01-01T00:00:00Z");
        let mut told = BTreeMap::new();
        let mut now = at("2026-01-02T00:00:00Z") - Duration::hours(12);
        while now < at("2027-01-04T12:00:00Z") {
            world.items = open_at(&lives, now);
            for message in kept.look(&world, now) {
                let items: BTreeSet<String> = message.items.iter().map(|item| item.id.clone()).collect();
                prop_assert_eq!(items.len(), message.items.len(), "an item stands in a message once");
                let before = told.insert((message.person.clone(), message.day), (items, message.digest.is_some()));
                prop_assert!(before.is_none(), "nobody gets two messages on one day");
            }
            now += Duration::minutes(30);
        }
        told.retain(|(_, on), _| *on >= day("2026-01-02") && *on < day("2027-01-03"));
        prop_assert_eq!(told, expected, "exactly what the policy asks for, on the right days");
    }

    #[test]
    fn whatever_was_off_nothing_is_told_twice_or_lost(
        policy in policies(),
        mut lives in proptest::collection::vec(life(40), 10..40),
        pauses in proptest::collection::vec((1i64..3000, any::<bool>()), 200..300),
    ) {
        let mut world = world(policy, &mut lives);
        let mut kept = Kept::since("2026-01-01T00:00:00Z");
        let mut told: BTreeSet<(String, NaiveDate)> = BTreeSet::new();
        let mut days: BTreeSet<(PersonId, NaiveDate)> = BTreeSet::new();
        let mut now = at("2026-01-01T00:00:00Z");
        for (minutes, works) in pauses {
            now += Duration::minutes(minutes);
            world.items = open_at(&lives, now);
            if !works {
                kept.look_and_fail(&world, now);
                continue;
            }
            for message in kept.look(&world, now) {
                prop_assert!(days.insert((message.person.clone(), message.day)), "at most one message a day");
                prop_assert!(!policy.rests(message.day), "never on a day of rest");
                for item in message.items {
                    prop_assert!(world.items.iter().any(|open| open.id == item.id), "never what is settled");
                    prop_assert!(told.insert((item.id, item.occasion)), "no occasion twice");
                }
            }
        }
        // One more look on a day of work after the hour everywhere: whatever is open has been told for its latest occasion.
        now += Duration::days(2);
        while now.weekday() != Weekday::Wed {
            now += Duration::days(1);
        }
        now = now.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc() + Duration::hours(35);
        world.items = open_at(&lives, now);
        for minutes in [0, 24 * 60] {
            now += Duration::minutes(minutes);
            for message in kept.look(&world, now) {
                told.extend(message.items.into_iter().map(|item| (item.id, item.occasion)));
            }
        }
        for item in &world.items {
            let zone = world.people.iter().find(|known| known.person == item.owner).unwrap().zone;
            let today = now.with_timezone(&zone).date_naive();
            let last = if now < slot(today, policy.hour, zone) { today - Days::new(1) } else { today };
            let occasion = policy.occasion(item.due, last);
            let counts = occasion.filter(|day| slot(policy.goes_out(*day), policy.hour, zone) > item.opened_at.unwrap());
            if let Some(occasion) = counts {
                prop_assert!(
                    told.contains(&(item.id.clone(), occasion)),
                    "{} is open and was due for a reminder on {}", item.id, occasion
                );
            }
        }
    }
}
