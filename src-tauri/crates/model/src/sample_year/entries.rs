//! What stands in one file of the sample, and how it becomes a postmortem.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::Deserialize;

use super::Unreadable;
use crate::demo;
use crate::directory::Person;
use crate::postmortem::{
    ActionItem, ActionStatus, ActionType, Actor, Anchor, AnchorKey, EventKind, Finding,
    FindingKind, ImpactFact, Moment, ParkingItem, Participant, Phase, Postmortem, Precision,
    Priority, ReviewRole, Section, Severity, Status, TimelineEvent, Verified, Visibility,
};

const ZONE: &str = "Europe/Berlin";

/// Headings of the sections that the incidents use, by their ids, as the built-in templates have them.
const HEADINGS: [(&str, &str); 8] = [
    ("summary", "Summary"),
    ("background", "Background"),
    ("how-we-noticed", "How we noticed"),
    ("how-we-responded", "How we responded"),
    ("how-it-was-restored", "How it was restored"),
    (
        "what-it-looks-like-when-this-goes-well",
        "What it looks like when this goes well",
    ),
    ("what-contributed", "What contributed"),
    ("ready-for-next-time", "Ready for next time"),
];

/// One file. People stand in it by their handles, events, findings and action items by their place in their list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    title: String,
    severity: Severity,
    status: Status,
    #[serde(default = "usual_template")]
    template: String,
    /// The incident's day in [`ZONE`]; clock times are of this day.
    day: NaiveDate,
    /// When the review began: `2026-06-10 10:00`.
    reviewed: String,
    owner: String,
    services: Vec<String>,
    tags: Vec<String>,
    people: BTreeMap<String, ReviewRole>,
    sections: BTreeMap<String, String>,
    /// `09:00 | where that is known from`, `~09:00` when it is an estimate, `unknown`; `event 3` is one of the timeline's.
    anchors: BTreeMap<AnchorKey, String>,
    impact: Vec<ImpactEntry>,
    timeline: Timeline,
    findings: Vec<FindingEntry>,
    #[serde(default)]
    actions: Vec<ActionEntry>,
    #[serde(default)]
    parking: Vec<ParkingEntry>,
}

fn usual_template() -> String {
    "post-incident-review".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpactEntry {
    text: String,
    value: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    estimate: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Timeline {
    detection: Vec<EventEntry>,
    response: Vec<EventEntry>,
    remediation: Vec<EventEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventEntry {
    /// `09:00`; absent when unknown.
    at: Option<String>,
    kind: EventKind,
    /// A handle, or a role in plain words.
    who: String,
    text: String,
    /// Of `star`, `public`, `customers` and `room`.
    #[serde(default)]
    is: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingEntry {
    text: String,
    kind: FindingKind,
    phase: Phase,
    theme: String,
    events: Vec<u8>,
    #[serde(default)]
    actions: Vec<u8>,
    #[serde(default)]
    no_action_reason: String,
    #[serde(default)]
    to: Visibility,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionEntry {
    text: String,
    done_when: String,
    owner: String,
    due: NaiveDate,
    #[serde(rename = "type")]
    action_type: ActionType,
    priority: Priority,
    #[serde(default)]
    status: ActionStatus,
    done: Option<NaiveDate>,
    #[serde(default)]
    evidence: String,
    declined: Option<NaiveDate>,
    #[serde(default)]
    reason: String,
    verified: Option<VerifiedEntry>,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    to: Visibility,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifiedEntry {
    by: String,
    on: NaiveDate,
    saw: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParkingEntry {
    text: String,
    by: String,
}

impl Incident {
    /// The postmortem of a file; `number` tells the ids of one file from those of another.
    pub fn postmortem(self, number: u8, people: &[Person]) -> Result<Postmortem, Unreadable> {
        let build = Build {
            incident: &self,
            number,
            people,
            reviewed: instant(
                NaiveDateTime::parse_from_str(&self.reviewed, "%Y-%m-%d %H:%M")
                    .map_err(|_| unreadable("time of a review", &self.reviewed))?,
            ),
        };
        build.postmortem()
    }
}

/// What turns one file into a postmortem.
struct Build<'a> {
    incident: &'a Incident,
    /// Tells the ids of one incident from those of another.
    number: u8,
    people: &'a [Person],
    reviewed: DateTime<Utc>,
}

impl Build<'_> {
    fn postmortem(&self) -> Result<Postmortem, Unreadable> {
        let incident = self.incident;
        let mut services = incident.services.clone();
        services.sort();
        let mut tags = incident.tags.clone();
        tags.sort();
        Ok(Postmortem {
            id: self.id(0, 0),
            schema: 1,
            title: incident.title.clone(),
            severity: Some(incident.severity),
            status: incident.status,
            timezone: ZONE.into(),
            template: incident.template.clone(),
            review_owner: Some(self.person(&incident.owner)?.id.clone()),
            services,
            tags,
            sections: self.sections()?,
            anchors: self.anchors()?,
            timeline: self.timeline()?,
            findings: self.findings(),
            actions: self.actions()?,
            impact: self.impact(),
            parking: self.parking()?,
            participants: self.participants()?,
        })
    }

    /// The id of a row: its list and its place in it, from 1. List 0 is the document itself.
    fn id(&self, list: u8, at: u8) -> String {
        demo::uuid_at(
            self.reviewed + TimeDelta::minutes(i64::from(at)),
            [
                list,
                at,
                0x5a,
                self.number,
                0x1e,
                0xa2,
                list,
                at,
                self.number,
                at,
            ],
        )
    }

    fn person(&self, handle: &str) -> Result<&Person, Unreadable> {
        self.people
            .iter()
            .find(|person| person.handle == handle)
            .ok_or_else(|| unreadable("person", handle))
    }

    fn participant_id(&self, handle: &str) -> Option<String> {
        let at = self
            .incident
            .people
            .keys()
            .position(|known| known == handle)?;
        Some(self.id(2, u8::try_from(at + 1).unwrap_or(u8::MAX)))
    }

    fn actor(&self, who: &str) -> Actor {
        self.participant_id(who)
            .map_or_else(|| Actor::Role(who.into()), Actor::Participant)
    }

    /// A clock time of the incident's day, and whether it is an estimate.
    fn moment(&self, text: &str) -> Result<Moment, Unreadable> {
        let (precision, clock) = match text.strip_prefix('~') {
            Some(clock) => (Precision::About, clock),
            None => (Precision::Exact, text),
        };
        let time =
            NaiveTime::parse_from_str(clock, "%H:%M").map_err(|_| unreadable("time", text))?;
        Ok(Moment {
            at: instant(self.incident.day.and_time(time)),
            zone: ZONE.into(),
            precision,
        })
    }

    fn sections(&self) -> Result<Vec<Section>, Unreadable> {
        let known = |id: &String| HEADINGS.iter().any(|(heading, _)| heading == id);
        if let Some(unknown) = self.incident.sections.keys().find(|id| !known(id)) {
            return Err(unreadable("section", unknown));
        }
        let written = HEADINGS.iter().filter_map(|(id, title)| {
            let text = self.incident.sections.get(*id)?;
            Some(Section {
                id: (*id).into(),
                title: (*title).into(),
                text: text.clone(),
            })
        });
        Ok(written.collect())
    }

    fn anchors(&self) -> Result<BTreeMap<AnchorKey, Anchor>, Unreadable> {
        let read = |text: &str| -> Result<Anchor, Unreadable> {
            let (when, source) = text
                .split_once(" | ")
                .ok_or_else(|| unreadable("anchor", text))?;
            let source = match source.strip_prefix("event ").map(str::parse::<u8>) {
                Some(Ok(event)) => format!("event:{}", self.id(3, event)),
                _ => source.to_owned(),
            };
            if when == "unknown" {
                return Ok(Anchor {
                    at: None,
                    precision: Precision::Unknown,
                    source,
                });
            }
            let moment = self.moment(when)?;
            Ok(Anchor {
                at: Some(moment.at),
                precision: moment.precision,
                source,
            })
        };
        let anchors = self.incident.anchors.iter();
        anchors.map(|(key, text)| Ok((*key, read(text)?))).collect()
    }

    fn timeline(&self) -> Result<Vec<TimelineEvent>, Unreadable> {
        let timeline = &self.incident.timeline;
        let phases = [
            (Phase::Detection, &timeline.detection),
            (Phase::Response, &timeline.response),
            (Phase::Remediation, &timeline.remediation),
        ];
        let entries = phases
            .into_iter()
            .flat_map(|(phase, entries)| entries.iter().map(move |entry| (phase, entry)));
        entries
            .zip(1..)
            .map(|((phase, entry), at)| self.event(phase, entry, at))
            .collect()
    }

    fn event(&self, phase: Phase, entry: &EventEntry, at: u8) -> Result<TimelineEvent, Unreadable> {
        let marks: Vec<&str> = entry.is.split_whitespace().collect();
        Ok(TimelineEvent {
            id: self.id(3, at),
            at: entry
                .at
                .as_ref()
                .map(|clock| self.moment(clock))
                .transpose()?,
            phase: Some(phase),
            kind: entry.kind,
            actor: Some(self.actor(&entry.who)),
            text: entry.text.clone(),
            star: marks.contains(&"star"),
            public: marks.contains(&"public"),
            visibility: match () {
                () if marks.contains(&"customers") => Visibility::Customers,
                () if marks.contains(&"room") => Visibility::Room,
                () => Visibility::Company,
            },
            ..TimelineEvent::default()
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let ids = |list: u8, places: &[u8]| places.iter().map(|at| self.id(list, *at)).collect();
        let entries = self.incident.findings.iter().zip(1..);
        entries
            .map(|(entry, at)| Finding {
                id: self.id(4, at),
                number: Some(at.into()),
                text: entry.text.clone(),
                kind: entry.kind,
                phase: Some(entry.phase),
                theme: entry.theme.clone(),
                events: ids(3, &entry.events),
                actions: ids(5, &entry.actions),
                no_action: !entry.no_action_reason.is_empty(),
                no_action_reason: entry.no_action_reason.clone(),
                visibility: entry.to,
            })
            .collect()
    }

    fn actions(&self) -> Result<Vec<ActionItem>, Unreadable> {
        let entries = self.incident.actions.iter().zip(1..);
        entries.map(|(entry, at)| self.action(entry, at)).collect()
    }

    fn action(&self, entry: &ActionEntry, at: u8) -> Result<ActionItem, Unreadable> {
        let (status, settled) = match (entry.done, entry.declined) {
            (Some(day), _) => (ActionStatus::Done, Some(day)),
            (None, Some(day)) => (ActionStatus::Declined, Some(day)),
            (None, None) => (entry.status, None),
        };
        let afternoon =
            |day: NaiveDate| instant(day.and_time(NaiveTime::MIN)) + TimeDelta::hours(15);
        let verified = match &entry.verified {
            Some(verified) => Some(Verified {
                by: self.person(&verified.by)?.id.clone(),
                at: afternoon(verified.on),
            }),
            None => None,
        };
        Ok(ActionItem {
            id: self.id(5, at),
            number: Some(at.into()),
            text: entry.text.clone(),
            done_when: entry.done_when.clone(),
            owner: Some(self.person(&entry.owner)?.id.clone()),
            due: Some(entry.due),
            priority: Some(entry.priority),
            action_type: Some(entry.action_type),
            status,
            settled_at: settled.map(afternoon),
            evidence: entry.evidence.clone(),
            reason: entry.reason.clone(),
            verified,
            verified_note: entry
                .verified
                .as_ref()
                .map(|verified| verified.saw.clone())
                .unwrap_or_default(),
            ticket: entry.ticket.clone(),
            visibility: entry.to,
            ..ActionItem::default()
        })
    }

    fn impact(&self) -> Vec<ImpactFact> {
        let entries = self.incident.impact.iter().zip(1..);
        entries
            .map(|(entry, at)| ImpactFact {
                id: self.id(6, at),
                text: entry.text.clone(),
                value: entry.value.clone(),
                unit: entry.unit.clone(),
                at: None,
                estimate: entry.estimate,
            })
            .collect()
    }

    fn parking(&self) -> Result<Vec<ParkingItem>, Unreadable> {
        let entries = self.incident.parking.iter().zip(1..);
        entries
            .map(|(entry, at)| {
                Ok(ParkingItem {
                    id: self.id(7, at),
                    text: entry.text.clone(),
                    raised_by: Some(self.actor(&entry.by)),
                })
            })
            .collect()
    }

    /// Those with a role in the review, then, as observers, those who took on an action item.
    fn participants(&self) -> Result<Vec<Participant>, Unreadable> {
        let incident = self.incident;
        let mut all: Vec<(&str, ReviewRole)> = incident
            .people
            .iter()
            .map(|(handle, role)| (handle.as_str(), *role))
            .collect();
        for handle in incident.actions.iter().map(|action| action.owner.as_str()) {
            if !all.iter().any(|(known, _)| *known == handle) {
                all.push((handle, ReviewRole::Observer));
            }
        }
        all.into_iter()
            .zip(1..)
            .map(|((handle, role), at)| {
                let person = self.person(handle)?;
                Ok(Participant {
                    id: self.id(2, at),
                    person: Some(person.id.clone()),
                    name: person.name.clone(),
                    role,
                    title: person.role_title.clone(),
                })
            })
            .collect()
    }
}

fn unreadable(what: &str, text: &str) -> Unreadable {
    Unreadable(format!("“{text}” is no {what}"))
}

/// The instant of a clock time in [`ZONE`]. None of the sample's lies in an hour that the clock repeats or leaves out.
fn instant(local: NaiveDateTime) -> DateTime<Utc> {
    chrono_tz::Europe::Berlin
        .from_local_datetime(&local)
        .earliest()
        .map(|at| at.with_timezone(&Utc))
        .unwrap_or_default()
}
