//! A year of reminders, with its changes of clocks, restarts and a mail server that is down now and then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::{Desk, Sink, at};

const ZONES: [Tz; 5] = [
    Tz::Europe__Berlin,
    Tz::America__Los_Angeles,
    Tz::Asia__Kolkata,
    Tz::Australia__Sydney,
    Tz::America__Sao_Paulo,
];

/// From one look to the next: in every zone, the first one after nine is on the same day.
const STEP: TimeDelta = TimeDelta::hours(3);

struct Life {
    item: Value,
    due: NaiveDate,
    settled: DateTime<Utc>,
}

/// What the standard policy asks for on each day of each person: three days before, on the day, weekly after; what falls on a
/// weekend on Monday; a digest on Monday to the one who owns the review.
fn asked_for(
    lives: &[Life],
    zones: &BTreeMap<String, Tz>,
    review_owner: &str,
    from: NaiveDate,
    days: u64,
) -> BTreeSet<(String, NaiveDate, Vec<String>)> {
    let mut out = BTreeSet::new();
    for (owner, zone) in zones {
        for day in from.iter_days().take(usize::try_from(days).unwrap()) {
            if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                continue;
            }
            let mut occasions = vec![day];
            if day.weekday() == Weekday::Mon {
                occasions.extend([day - Days::new(1), day - Days::new(2)]);
            }
            let nine = day
                .and_hms_opt(9, 0, 0)
                .unwrap()
                .and_local_timezone(*zone)
                .unwrap()
                .with_timezone(&Utc);
            let open = |life: &&Life| nine < life.settled;
            let mut items: Vec<String> = lives
                .iter()
                .filter(|life| life.item["owner"] == owner.as_str())
                .filter(open)
                .filter(|life| {
                    occasions.iter().any(|day| {
                        let late = (*day - life.due).num_days();
                        late == -3 || (late >= 0 && late % 7 == 0)
                    })
                })
                .map(|life| life.item["text"].as_str().unwrap().to_owned())
                .collect();
            items.sort();
            let digest = day.weekday() == Weekday::Mon
                && owner == review_owner
                && lives.iter().any(|life| open(&life));
            if digest {
                items.push("the digest".into());
            }
            if !items.is_empty() {
                out.insert((owner.clone(), day, items));
            }
        }
    }
    out
}

#[test]
fn a_year_brings_exactly_the_mails_that_the_policy_asks_for() {
    let mut desk = Desk::new();
    let sink = Sink::start();
    let start = at("2026-12-01T00:00:00Z");
    let mut settings = desk.directory()["settings"].clone();
    settings["reminders"] = json!({});
    desk.ok("settings_save", json!({ "settings": settings }));
    let mut zones = BTreeMap::new();
    let mut lives = Vec::new();
    for (number, item) in desk.items().into_iter().enumerate() {
        let owner = item["owner"].as_str().unwrap().to_owned();
        let next = ZONES[zones.len() % ZONES.len()];
        let zone = *zones.entry(owner.clone()).or_insert(next);
        desk.person(&item["owner"], |person| {
            person["email"] = json!(format!("{owner}@example.com"));
            person["timezone"] = json!(zone.name());
        });
        let day = u64::try_from(number).unwrap() * 31 + 5;
        let due = start.date_naive() + Days::new(day);
        desk.due(&item, &due.to_string());
        // Some are done early, some late, at odd minutes.
        let lived = [2, 40, 75, 9][number % 4];
        let settled = due.and_hms_opt(1, 17, 0).unwrap().and_utc() + TimeDelta::days(lived);
        lives.push(Life { item, due, settled });
    }
    assert!(lives.len() >= 8, "the example has enough items");
    let doc = lives[0].item["doc"].clone();
    let review_owner = desk.ok("postmortem_get", json!({ "doc": doc }))["review_owner"]
        .as_str()
        .unwrap()
        .to_owned();
    let known = zones.keys().cloned().collect::<BTreeSet<_>>();
    if !known.contains(&review_owner) {
        desk.person(&json!(review_owner), |person| {
            person["email"] = json!(format!("{review_owner}@example.com"));
            person["timezone"] = json!("Europe/Berlin");
        });
        zones.insert(review_owner.clone(), Tz::Europe__Berlin);
    }

    let settings = desk.settings(&sink.settings());
    let down = desk.settings(&sink.settings().replace(&sink.port.to_string(), "1"));
    let mut told = BTreeSet::new();
    let mut seen = 0;
    let mut now = start;
    let mut done = 0;
    while now < start + TimeDelta::days(366) {
        for life in &lives {
            if life.settled <= now && life.settled > now - STEP {
                let status = if done % 3 == 2 { "declined" } else { "done" };
                done += 1;
                desk.ok(
                    "action_set",
                    json!({ "doc": life.item["doc"], "id": life.item["id"], "status": status, "evidence": "Seen.", "reason": "So." }),
                );
            }
        }
        let hour = (now - start).num_hours();
        if hour % 300 == 0 {
            desk.restart();
        }
        // Now and then the server is down for a few hours: what waits goes out on the same day.
        if hour % 97 < 2 {
            desk.round(&down, now);
        } else {
            desk.round(&settings, now);
        }
        let mails = sink.mails();
        for mail in &mails[seen..] {
            let owner = mail["to"][0]
                .as_str()
                .unwrap()
                .trim_end_matches("@example.com")
                .to_owned();
            let day = now.with_timezone(&zones[&owner]).date_naive();
            let text = mail["text"].as_str().unwrap();
            let mut items: Vec<String> = lives
                .iter()
                .filter(|life| text.contains(life.item["text"].as_str().unwrap()))
                .map(|life| life.item["text"].as_str().unwrap().to_owned())
                .collect();
            items.sort();
            if text.contains("Reviews that you bring to their end") {
                items.push("the digest".into());
            }
            assert!(
                told.insert((owner, day, items)),
                "no mail comes twice: {mail}"
            );
        }
        seen = mails.len();
        now += STEP;
    }
    let expected = asked_for(
        &lives,
        &zones,
        &review_owner,
        start.date_naive() - Days::new(1),
        368,
    );
    let inside =
        |all: BTreeSet<(String, NaiveDate, Vec<String>)>| -> Vec<(String, NaiveDate, Vec<String>)> {
            all.into_iter()
                .filter(|(_, day, _)| {
                    *day > start.date_naive() && *day < now.date_naive() - Days::new(1)
                })
                .collect()
        };
    let (told, expected) = (inside(told), inside(expected));
    assert!(
        expected.len() > 60,
        "it was a busy year: {}",
        expected.len()
    );
    assert_eq!(
        told, expected,
        "exactly the mails that the policy asks for, each on its day in its owner's zone"
    );
}
