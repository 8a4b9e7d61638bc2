//! A year of examples: fourteen invented incidents of one small company beside the login outage, for whoever wants to see
//! lists, the summary and exports with something in them. The texts stand in `sample_year/`, one file for each incident.
//!
//! Nothing in it depends on the clock: the newest day is 16 November 2026. Rows and documents carry the day of their
//! review in their ids, since that is when an action item was opened.

mod entries;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::demo;
use crate::directory::{Person, Service};
use crate::postmortem::Postmortem;

use entries::Incident;

const PEOPLE: &str = include_str!("sample_year/people.yaml");

const INCIDENTS: [&str; 14] = [
    include_str!("sample_year/2026-06-08-dashboards.yaml"),
    include_str!("sample_year/2026-06-24-search-disk.yaml"),
    include_str!("sample_year/2026-07-08-old-logo.yaml"),
    include_str!("sample_year/2026-07-23-map-tiles.yaml"),
    include_str!("sample_year/2026-08-06-stale-prices.yaml"),
    include_str!("sample_year/2026-08-19-webhooks.yaml"),
    include_str!("sample_year/2026-08-28-image-uploads.yaml"),
    include_str!("sample_year/2026-09-09-weekly-report.yaml"),
    include_str!("sample_year/2026-09-17-export-queue.yaml"),
    include_str!("sample_year/2026-09-29-mobile-sign-in.yaml"),
    include_str!("sample_year/2026-10-14-search-results.yaml"),
    include_str!("sample_year/2026-10-22-checkout.yaml"),
    include_str!("sample_year/2026-11-03-invoices.yaml"),
    include_str!("sample_year/2026-11-09-reset-mails.yaml"),
];

const SERVICES: [(&str, &str); 7] = [
    ("e-mail", "E-mail"),
    ("integrations", "Integrations"),
    ("login", "Login"),
    ("media", "Images and maps"),
    ("payments", "Payments"),
    ("reports", "Reports and exports"),
    ("search", "Search"),
];

/// Postmortems, people and services of a workspace that looks as after half a year of use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleYear {
    /// Fifteen, the oldest incident first; the login outage is the last.
    pub postmortems: Vec<Postmortem>,
    /// Everybody who is named in one of them.
    pub people: Vec<Person>,
    /// Every service that one of them affected.
    pub services: Vec<Service>,
}

/// A file of the sample that cannot be read. The files come with the program and a test reads them all.
#[derive(Debug, thiserror::Error)]
#[error("The example of a year cannot be read: {0}.")]
pub struct Unreadable(String);

impl From<serde_yaml_ng::Error> for Unreadable {
    fn from(error: serde_yaml_ng::Error) -> Self {
        Self(error.to_string())
    }
}

/// The sample. `now` goes into the id of the login outage alone, as in [`demo::login_outage`]; the ids of all others are
/// the same every time.
pub fn sample_year(now: DateTime<Utc>) -> Result<SampleYear, Unreadable> {
    let (outage, mut people, _) = demo::login_outage(now);
    let facts: Vec<PersonFact> = serde_yaml_ng::from_str(PEOPLE)?;
    people.extend(facts.into_iter().zip(0..).map(|(fact, at)| fact.person(at)));
    let mut postmortems = Vec::with_capacity(INCIDENTS.len() + 1);
    for (source, number) in INCIDENTS.iter().zip(1..) {
        let incident: Incident = serde_yaml_ng::from_str(source)?;
        postmortems.push(incident.postmortem(number, &people)?);
    }
    postmortems.push(outage);
    let services = SERVICES
        .iter()
        .map(|(id, name)| Service {
            id: (*id).into(),
            name: (*name).into(),
        })
        .collect();
    Ok(SampleYear {
        postmortems,
        people,
        services,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonFact {
    handle: String,
    name: String,
    title: String,
}

impl PersonFact {
    fn person(self, at: u8) -> Person {
        let short_name = self.name.split(' ').next().unwrap_or_default().to_owned();
        let joined = DateTime::from_timestamp(1_767_600_000, 0).unwrap_or_default();
        Person {
            id: demo::uuid_at(joined, [1, at, 0x5a, 0x3e, 0x1e, 0xa2, 0, at, 0, at]),
            email: format!("{}@example.com", self.handle),
            name: self.name,
            short_name,
            handle: self.handle,
            role_title: self.title,
            ..Person::default()
        }
    }
}
