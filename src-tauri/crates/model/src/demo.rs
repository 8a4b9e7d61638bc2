//! The example that a new workspace can open: one afternoon's login outage.
//!
//! The facts follow a published case (Jason Hand, Post-Incident Reviews, chapter 6) in words of our own. Only two of its
//! clock times are known; every other minute is invented and marked "about". People beyond the five of the case are invented.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};

use crate::directory::{Person, Service};
use crate::postmortem::{
    ActionItem, ActionStatus, ActionType, Actor, Anchor, AnchorKey, EventKind, Finding,
    FindingKind, ImpactFact, Moment, ParkingItem, Participant, Phase, Postmortem, Precision,
    Priority, ReviewRole, Section, Severity, Status, TimelineEvent, Visibility,
};

const ZONE: &str = "Europe/Berlin";

/// The example, with the people and the service that belong into the directory. Ids of people and rows are the same every
/// time; the postmortem's own is made from `now`, so that the example can be made twice in one workspace.
pub fn login_outage(now: DateTime<Utc>) -> (Postmortem, Vec<Person>, Vec<Service>) {
    let people: Vec<Person> = PEOPLE
        .iter()
        .zip(0..)
        .map(|(person, at)| person.person(at))
        .collect();
    let participants: Vec<Participant> = PEOPLE
        .iter()
        .zip(0..)
        .map(|(person, at)| person.participant(at))
        .collect();
    let actions: Vec<ActionItem> = ACTIONS
        .iter()
        .zip(0..)
        .map(|(action, at)| action.item(at))
        .collect();
    let findings = FINDINGS
        .iter()
        .zip(0..)
        .map(|(finding, at)| finding.finding(at))
        .collect();
    let postmortem = Postmortem {
        id: uuid_at(now, [0x10; 10]),
        schema: 1,
        title: "Login page outage".into(),
        severity: Some(Severity::Sev2),
        status: Status::InReview,
        timezone: ZONE.into(),
        template: "post-incident-review".into(),
        review_owner: Some(person_id(CATHY)),
        services: vec!["login".into()],
        tags: vec!["cache".into(), "escalation".into()],
        sections: SECTIONS
            .iter()
            .map(|(id, title, text)| Section {
                id: (*id).into(),
                title: (*title).into(),
                text: (*text).into(),
            })
            .collect(),
        anchors: anchors(),
        timeline: EVENTS.iter().map(EventFact::event).collect(),
        findings,
        actions,
        impact: impact(),
        parking: parking(),
        participants,
    };
    (
        postmortem,
        people,
        vec![Service {
            id: "login".into(),
            name: "Login".into(),
        }],
    )
}

/// 16:00 on day 1 in Berlin.
fn four_o_clock() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 10, 15, 0, 0)
        .single()
        .unwrap_or_default()
}

fn after_four(minutes: i64) -> DateTime<Utc> {
    four_o_clock() + TimeDelta::minutes(minutes)
}

fn about(minutes: i64) -> Moment {
    Moment {
        at: after_four(minutes),
        zone: ZONE.into(),
        precision: Precision::About,
    }
}

pub(crate) fn uuid_at(at: DateTime<Utc>, rest: [u8; 10]) -> String {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &rest)
        .into_uuid()
        .to_string()
}

/// The id of a row: its list, and its place in it.
fn row_id(list: u8, at: u8) -> String {
    uuid_at(
        four_o_clock() + TimeDelta::milliseconds(i64::from(at)),
        [list, at, 0xde, 0xb1, 0x1e, 0xf0, list, at, 0, at],
    )
}

fn person_id(at: u8) -> String {
    row_id(1, at)
}

fn participant_id(at: u8) -> String {
    row_id(2, at)
}

fn event_id(number: u8) -> String {
    row_id(3, number)
}

fn action_id(number: u8) -> String {
    row_id(5, number)
}

/// What customers may read goes to them, too; the rest stays in the company.
fn for_customers(shown: bool) -> Visibility {
    match shown {
        true => Visibility::Customers,
        false => Visibility::Company,
    }
}

const GARY: u8 = 0;
const CATHY: u8 = 1;
const GREG: u8 = 2;
const DEBBY: u8 = 3;
const BILL: u8 = 4;
const MEI: u8 = 5;
const NOOR: u8 = 6;
const JONAS: u8 = 7;

struct PersonFact {
    name: &'static str,
    short: &'static str,
    handle: &'static str,
    title: &'static str,
    role: ReviewRole,
}

impl PersonFact {
    fn person(&self, at: u8) -> Person {
        Person {
            id: person_id(at),
            name: self.name.into(),
            short_name: self.short.into(),
            handle: self.handle.into(),
            email: format!("{}@example.com", self.handle),
            role_title: self.title.into(),
            ..Person::default()
        }
    }

    fn participant(&self, at: u8) -> Participant {
        Participant {
            id: participant_id(at),
            person: Some(person_id(at)),
            name: self.name.into(),
            role: self.role,
            title: self.title.into(),
        }
    }
}

const PEOPLE: [PersonFact; 8] = [
    PersonFact {
        name: "Gary Holt",
        short: "Gary",
        handle: "gary",
        title: "Support agent",
        role: ReviewRole::Support,
    },
    PersonFact {
        name: "Cathy Lind",
        short: "Cathy",
        handle: "cathy",
        title: "Engineer",
        role: ReviewRole::FirstResponder,
    },
    PersonFact {
        name: "Greg Amari",
        short: "Greg",
        handle: "greg",
        title: "Engineer",
        role: ReviewRole::Responder,
    },
    PersonFact {
        name: "Debby Roth",
        short: "Debby",
        handle: "debby",
        title: "Social media manager",
        role: ReviewRole::Support,
    },
    PersonFact {
        name: "Bill Okafor",
        short: "Bill",
        handle: "bill",
        title: "Product manager",
        role: ReviewRole::Stakeholder,
    },
    PersonFact {
        name: "Mei Tanaka",
        short: "Mei",
        handle: "mei",
        title: "Platform engineer",
        role: ReviewRole::Observer,
    },
    PersonFact {
        name: "Noor Haddad",
        short: "Noor",
        handle: "noor",
        title: "Engineering manager",
        role: ReviewRole::Observer,
    },
    PersonFact {
        name: "Jonas Berg",
        short: "Jonas",
        handle: "jonas",
        title: "Office IT",
        role: ReviewRole::Observer,
    },
];

const SECTIONS: [(&str, &str, &str); 8] = [
    (
        "summary",
        "Summary",
        "Nobody could sign in for about 20 minutes on Tuesday afternoon. Support saw customers' posts and asked the first \
         engineer online for help. On the host, a process that nobody recognised was using nearly all of the CPU. Once it \
         was stopped and the web services were restarted, login came back.\n\n\
         Customers noticed before we did. 50 of them wrote to support.",
    ),
    (
        "background",
        "Background",
        "One host serves the login page and a caching service beside it. There is no on-call rotation: whoever is online \
         in chat helps. The replacement of the caching service was already planned.",
    ),
    (
        "how-we-noticed",
        "How we noticed",
        "Gary saw more mentions of us than usual at about 16:00, finished the cases he had open, and then read that people \
         could not reach the login page. Nothing of ours had raised an alert.",
    ),
    (
        "how-we-responded",
        "How we responded",
        "Cathy was the first engineer that Gary found online. She saw the error herself and then spent several minutes \
         looking through her mailbox for how to get into the system. The steps were right, and hard to find.",
    ),
    (
        "how-it-was-restored",
        "How it was restored",
        "`top` showed an unfamiliar process at 92% of the CPU. Cathy did not want to stop something she did not know, and \
         looked for a second opinion. Greg joined from a family occasion, found the same process, stopped it, and stopped \
         and started the web services.",
    ),
    (
        "what-it-looks-like-when-this-goes-well",
        "What it looks like when this goes well",
        "- Our own monitoring tells us first.\n\
         - One page reaches whoever is on call, and only them.\n\
         - Access works on the first try.\n\
         - Customers hear from us within five minutes.\n\
         - No one person's evening is the plan.\n\n\
         ### What helped\n\n\
         - Support took over customer updates, so that the engineers could stay with the fix.\n\
         - Cathy asked for a second opinion before stopping something she did not know.\n\
         - Logs were kept before anything was cleaned up.",
    ),
    (
        "what-contributed",
        "What contributed",
        "Several things came together: a host that nothing watched, access steps known to few, an escalation path of one \
         person, and talk split between phone and chat. Research that night points to the caching service; there is more \
         to it than that.",
    ),
    (
        "ready-for-next-time",
        "Ready for next time",
        "How the process and the caching service affect each other is still open. Greg checks the host by hand until \
         monitoring is in place.",
    ),
];

fn anchors() -> BTreeMap<AnchorKey, Anchor> {
    use AnchorKey::{T0, T1, T2, T3, T4, T5, T6, T7};
    [
        (T0, -5, 1),
        (T1, 0, 2),
        (T2, 2, 4),
        (T3, 3, 6),
        (T4, 8, 11),
        (T5, 12, 21),
        (T6, 15, 25),
        (T7, 16, 26),
    ]
    .into_iter()
    .map(|(key, minutes, event)| {
        let source = format!("event:{}", event_id(event));
        (
            key,
            Anchor {
                at: Some(after_four(minutes)),
                precision: Precision::About,
                source,
            },
        )
    })
    .collect()
}

struct EventFact {
    /// The number in the case.
    number: u8,
    /// Minutes after 16:00 on day 1; absent when not even a minute was invented.
    at: Option<i64>,
    phase: Phase,
    kind: EventKind,
    /// One of the people above, or a role in words.
    who: Result<u8, &'static str>,
    text: &'static str,
    star: bool,
    /// Customers could read it.
    public: bool,
}

impl EventFact {
    fn event(&self) -> TimelineEvent {
        // The review's start is the one time that the case states.
        let precision = if self.number == 32 {
            Precision::Exact
        } else {
            Precision::About
        };
        TimelineEvent {
            id: event_id(self.number),
            at: self.at.map(|minutes| Moment {
                precision,
                ..about(minutes)
            }),
            phase: Some(self.phase),
            kind: self.kind,
            actor: Some(match self.who {
                Ok(person) => Actor::Participant(participant_id(person)),
                Err(role) => Actor::Role(role.into()),
            }),
            text: self.text.into(),
            source: String::new(),
            image: None,
            star: self.star,
            public: self.public,
            visibility: for_customers(self.public || [1, 25].contains(&self.number)),
        }
    }
}

macro_rules! events {
    ($($number:literal $at:expr, $phase:ident $kind:ident $who:expr, $text:literal $($mark:ident)*;)*) => {
        [$(EventFact {
            number: $number,
            at: $at,
            phase: Phase::$phase,
            kind: EventKind::$kind,
            who: $who,
            text: $text,
            star: [$(stringify!($mark)),*].contains(&"star"),
            public: [$(stringify!($mark)),*].contains(&"public"),
        }),*]
    };
}

static EVENTS: std::sync::LazyLock<[EventFact; 32]> = std::sync::LazyLock::new(|| {
    events! {
        1 Some(-5), Detection Signal Err("Customers"), "cannot reach the login page and say so in public" star;
        2 Some(0), Detection Signal Ok(GARY), "sees more mentions of us than usual" star;
        3 Some(1), Detection Observation Ok(GARY), "finishes the support cases that are open before looking further";
        4 Some(2), Detection Observation Ok(GARY), "reads that several people cannot get to the login page";
        5 Some(3), Detection Communication Ok(GARY), "asks the first engineer who shows as online in chat" star;
        6 Some(3), Response Communication Ok(CATHY), "takes it on and will bring in others if need be";
        7 Some(4), Response Communication Ok(GARY), "writes down what is known so far as a support ticket";
        8 Some(4), Response Observation Ok(CATHY), "opens the login page and gets the error too";
        9 Some(4), Response Observation Ok(CATHY), "looks through the mailbox for which system it is and how to connect to it";
        10 Some(7), Response Observation Ok(CATHY), "finds a shared document with the access steps: correct, and hard to find" star;
        11 Some(8), Remediation Observation Ok(CATHY), "logs in and lists what is running with `top`";
        12 Some(8), Remediation Observation Ok(CATHY), "sees an unfamiliar process at 92% of the CPU" star;
        13 Some(8), Remediation Decision Ok(CATHY), "leaves the unknown process running and looks for a second opinion" star;
        14 Some(8), Remediation Observation Ok(CATHY), "sees that Greg is not available in chat";
        15 Some(9), Remediation Observation Ok(CATHY), "looks for Greg's number among own contacts; it is not there";
        16 Some(10), Remediation Observation Ok(CATHY), "finds the number in a shared document mailed nearly a year ago";
        17 Some(10), Remediation Communication Ok(GREG), "joins by phone from a family occasion" star;
        18 Some(11), Remediation Communication Ok(GREG), "asks for an update of the status page";
        19 Some(11), Remediation Decision Ok(CATHY), "agrees without knowing how it is done, so as not to interrupt the search";
        20 Some(12), Remediation Communication Ok(GARY), "walks Cathy through a first update of the status page, “We know that login fails and are working on it”; 10 support requests so far" star public;
        21 Some(12), Remediation Change Ok(GREG), "comes upon the unfamiliar process as well and ends it" star;
        22 Some(13), Remediation Change Ok(GREG), "stops the web services cleanly and starts them again";
        23 Some(14), Remediation Observation Ok(GREG), "puts some logs aside to study them later";
        24 Some(14), Remediation Communication Ok(GREG), "writes in chat that it is found and being cleaned up";
        25 Some(15), Remediation Restored Ok(CATHY), "tries the login page again: it is back" star;
        26 Some(16), Remediation Communication Ok(GARY), "takes over and closes the updates on the status page with “Login works again”" public;
        27 Some(17), Remediation Communication Ok(GREG), "tells Cathy what was found and done, then leaves";
        28 Some(18), Remediation Communication Ok(CATHY), "offers to set up a review and to report to management";
        30 Some(20), Remediation Communication Ok(GARY), "asks Debby to help spread the updates";
        29 Some(25), Remediation Observation Ok(GARY), "counts 50 support requests; people still talk about it in public";
        31 None, Analysis Observation Ok(GREG), "follows it that night as far as a caching service";
        32 Some(18 * 60), Analysis Communication Err("Engineers, support and managers"), "begin the review";
    }
});

struct FindingFact {
    text: &'static str,
    kind: FindingKind,
    phase: Phase,
    theme: &'static str,
    events: &'static [u8],
    actions: &'static [u8],
}

impl FindingFact {
    fn finding(&self, at: u8) -> Finding {
        Finding {
            id: row_id(4, at + 1),
            number: Some(u32::from(at) + 1),
            text: self.text.into(),
            kind: self.kind,
            phase: Some(self.phase),
            theme: self.theme.into(),
            events: self.events.iter().map(|event| event_id(*event)).collect(),
            actions: self
                .actions
                .iter()
                .map(|action| action_id(*action))
                .collect(),
            visibility: for_customers(at == 0),
            ..Finding::default()
        }
    }
}

const FINDINGS: [FindingFact; 9] = [
    FindingFact {
        text: "Customers noticed before we did",
        kind: FindingKind::Hindered,
        phase: Phase::Detection,
        theme: "monitoring",
        events: &[1, 2],
        actions: &[1],
    },
    FindingFact {
        text: "Finding an engineer came down to who was online in chat; no path for starting a response is agreed",
        kind: FindingKind::Hindered,
        phase: Phase::Response,
        theme: "escalation",
        events: &[5],
        actions: &[2, 6],
    },
    FindingFact {
        text: "Few of us know how to connect to the critical systems",
        kind: FindingKind::Hindered,
        phase: Phase::Response,
        theme: "access",
        events: &[9, 10],
        actions: &[3],
    },
    FindingFact {
        text: "Getting access took the first responder about five minutes",
        kind: FindingKind::Hindered,
        phase: Phase::Response,
        theme: "access",
        events: &[9, 10],
        actions: &[3, 4],
    },
    FindingFact {
        text: "No one was sure who keeps stakeholders and the status page up to date",
        kind: FindingKind::Hindered,
        phase: Phase::Remediation,
        theme: "communication",
        events: &[18, 19, 20],
        actions: &[5],
    },
    FindingFact {
        text: "A process that nobody could name ran on a critical host",
        kind: FindingKind::Surprised,
        phase: Phase::Remediation,
        theme: "monitoring",
        events: &[12, 21, 31],
        actions: &[1, 10],
    },
    FindingFact {
        text: "Reaching a colleague meant hunting for a phone number",
        kind: FindingKind::Hindered,
        phase: Phase::Remediation,
        theme: "documentation",
        events: &[14, 15, 16],
        actions: &[7],
    },
    FindingFact {
        text: "Talk about the recovery was split between phone and chat",
        kind: FindingKind::Hindered,
        phase: Phase::Remediation,
        theme: "communication",
        events: &[17, 24],
        actions: &[8],
    },
    FindingFact {
        text: "Escalation led to one person alone, who was off duty at a family occasion",
        kind: FindingKind::Hindered,
        phase: Phase::Remediation,
        theme: "escalation",
        events: &[17],
        actions: &[2, 6, 9],
    },
];

struct ActionFact {
    text: &'static str,
    done_when: &'static str,
    owner: u8,
    helpers: &'static [u8],
    due: (u32, u32),
    priority: Priority,
    action_type: ActionType,
    status: ActionStatus,
    ticket: &'static str,
}

impl ActionFact {
    fn item(&self, at: u8) -> ActionItem {
        let mut helpers: Vec<String> = self
            .helpers
            .iter()
            .map(|person| person_id(*person))
            .collect();
        helpers.sort();
        ActionItem {
            id: action_id(at + 1),
            number: Some(u32::from(at) + 1),
            text: self.text.into(),
            done_when: self.done_when.into(),
            owner: Some(person_id(self.owner)),
            helpers,
            due: NaiveDate::from_ymd_opt(2026, self.due.0, self.due.1),
            priority: Some(self.priority),
            action_type: Some(self.action_type),
            status: self.status,
            ticket: self.ticket.into(),
            visibility: for_customers([2, 4, 5].contains(&(at + 1))),
            ..ActionItem::default()
        }
    }
}

const ACTIONS: [ActionFact; 10] = [
    ActionFact {
        text: "Extend monitoring of the login host so that we hear first",
        done_when: "An alert fires within two minutes when the login page fails or one process takes most of the CPU",
        owner: MEI,
        helpers: &[GREG],
        due: (11, 25),
        priority: Priority::P1,
        action_type: ActionType::Detect,
        status: ActionStatus::Open,
        ticket: "OPS-212",
    },
    ActionFact {
        text: "Start an on-call rotation so that everybody knows whom to call",
        done_when: "The first week's rota is published and has been through one handover",
        owner: BILL,
        helpers: &[NOOR],
        due: (11, 18),
        priority: Priority::P1,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "OPS-213",
    },
    ActionFact {
        text: "Write one findable page on reaching our servers",
        done_when: "Somebody who has never logged in gets to the login host with the page alone",
        owner: CATHY,
        helpers: &[],
        due: (11, 18),
        priority: Priority::P1,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "OPS-214",
    },
    ActionFact {
        text: "Give every responder the access that remediation needs",
        done_when: "Each person on the rota has stopped and started a service on the practice host",
        owner: GREG,
        helpers: &[],
        due: (11, 20),
        priority: Priority::P1,
        action_type: ActionType::Mitigate,
        status: ActionStatus::Open,
        ticket: "OPS-215",
    },
    ActionFact {
        text: "Name who keeps the status page current, and how",
        done_when: "The page of the rota names the person, and a practice update went out in five minutes",
        owner: GARY,
        helpers: &[DEBBY],
        due: (11, 20),
        priority: Priority::P2,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "",
    },
    ActionFact {
        text: "Write down who is called next and how engineers are alerted",
        done_when: "Every alert links to the steps, and each step names two people",
        owner: NOOR,
        helpers: &[],
        due: (11, 27),
        priority: Priority::P2,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "OPS-216",
    },
    ActionFact {
        text: "Publish contact details of everyone who may be called",
        done_when: "The directory has a number for each person on the rota, checked by calling it",
        owner: JONAS,
        helpers: &[],
        due: (11, 18),
        priority: Priority::P2,
        action_type: ActionType::Mitigate,
        status: ActionStatus::Open,
        ticket: "OPS-217",
    },
    ActionFact {
        text: "Choose one channel for recovery and think out loud there",
        done_when: "The next practice ran in that channel, and its log tells what people thought",
        owner: NOOR,
        helpers: &[CATHY],
        due: (11, 27),
        priority: Priority::P2,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "",
    },
    ActionFact {
        text: "Show who is free to help, and who is not",
        done_when: "Chat shows for every engineer whether they are on call, working or off",
        owner: JONAS,
        helpers: &[],
        due: (12, 4),
        priority: Priority::P3,
        action_type: ActionType::Process,
        status: ActionStatus::Open,
        ticket: "",
    },
    ActionFact {
        text: "Bring forward the planned replacement of the caching service",
        done_when: "The login host runs without the old caching service for a week",
        owner: GREG,
        helpers: &[MEI],
        due: (12, 10),
        priority: Priority::P1,
        action_type: ActionType::Prevent,
        status: ActionStatus::InProgress,
        ticket: "OPS-218",
    },
];

fn impact() -> Vec<ImpactFact> {
    let fact = |at: u8, text: &str, value: &str, unit: &str, when: Option<i64>, estimate: bool| {
        ImpactFact {
            id: row_id(6, at),
            text: text.into(),
            value: value.into(),
            unit: unit.into(),
            at: when.map(about),
            estimate,
        }
    };
    vec![
        fact(1, "Nobody could sign in", "20", "min", None, true),
        fact(2, "Support requests", "10", "", Some(12), false),
        fact(3, "Support requests in all", "50", "", Some(25), false),
    ]
}

fn parking() -> Vec<ParkingItem> {
    let item = |at: u8, who: u8, text: &str| ParkingItem {
        id: row_id(7, at),
        text: text.into(),
        raised_by: Some(Actor::Participant(participant_id(who))),
    };
    vec![
        item(
            1,
            BILL,
            "Was that process the cause? Part of it; there is more to the story",
        ),
        item(
            2,
            BILL,
            "What do our service agreements promise, and did we keep it?",
        ),
        item(
            3,
            GREG,
            "Until when do we check the process by hand every couple of minutes?",
        ),
        item(
            4,
            GREG,
            "What does the caching service do for login, exactly?",
        ),
        item(
            5,
            CATHY,
            "`htop` would have shown more than `top`; install it?",
        ),
    ]
}
