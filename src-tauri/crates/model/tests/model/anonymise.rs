//! Roles instead of names, from outside: sentences that still read, names that never stay, words that are no names.

use model::anonymise::{
    Anonymised, Known, LookKind, Options, Roles, anonymise, anonymise_known, anonymise_text,
};
use model::demo::login_outage;
use model::directory::{Person, Service};
use model::postmortem::{
    ActionItem, Actor, Finding, Image, Participant, Postmortem, ReviewRole, Section, TimelineEvent,
};
use model::testing::arbitrary_postmortem;
use proptest::prelude::*;

fn person(id: &str, name: &str, short: &str, handle: &str, title: &str) -> Person {
    Person {
        id: id.into(),
        name: name.into(),
        short_name: short.into(),
        handle: handle.into(),
        email: if handle.is_empty() {
            String::new()
        } else {
            format!("{handle}@example.com")
        },
        role_title: title.into(),
        ..Person::default()
    }
}

fn participant(id: &str, name: &str, role: ReviewRole, title: &str) -> Participant {
    Participant {
        id: format!("row-{id}"),
        person: Some(id.into()),
        name: name.into(),
        role,
        title: title.into(),
    }
}

/// A team with one of each role, somebody whose name is a word, and people who only stand in the directory.
fn team() -> (Vec<Person>, Vec<Service>, Vec<Participant>) {
    use ReviewRole::{Facilitator, FirstResponder, Observer, Responder, Stakeholder, Support};
    let people = vec![
        person("1", "Cathy Brandt", "Cathy", "cathy", "Engineer"),
        person("2", "Greg Amari", "Greg", "greg", "Engineer"),
        person("3", "Gary Holt", "Gary", "gary", "Support agent"),
        person("4", "Debby Roth", "Debby", "debby", "Social media manager"),
        person("5", "Will Grant", "Will", "will", "Product Manager"),
        person("6", "James Oduya", "James", "james.oduya", "Facilitator"),
        person("7", "Bill Okafor", "Bill", "bill", "DBA"),
        person("8", "Zoë Müller", "Zoë", "zoe", ""),
        person("9", "Mark Page", "Mark", "mpage", "Engineer"),
        person("10", "Ann Li", "Ann", "annli", ""),
        person("11", "Ana Maria Silva", "Ana", "ana", "Office manager"),
        person("12", "Иван Петров", "Иван", "ivan", ""),
        person("13", "王小明", "小明", "xiaoming", ""),
        person("14", "أحمد منصور", "أحمد", "ahmed", ""),
        person("15", "Seán O'Brien", "Seán", "sob", ""),
        person("16", "田中 太郎", "", "tanaka", ""),
        person("17", "Jenkins Moore", "", "", ""),
        person("18", "May Rose", "May", "", ""),
    ];
    let services = vec![
        Service {
            id: "jenkins".into(),
            name: "Jenkins".into(),
        },
        Service {
            id: "login".into(),
            name: "Login".into(),
        },
    ];
    let participants = vec![
        participant("1", "Cathy Brandt", FirstResponder, "Engineer"),
        participant("2", "Greg Amari", Responder, "Engineer"),
        participant("3", "Gary Holt", Support, "Support agent"),
        participant("4", "Debby Roth", Observer, "Social media manager"),
        participant("5", "Will Grant", Stakeholder, "Product Manager"),
        participant("6", "James Oduya", Facilitator, ""),
    ];
    (people, services, participants)
}

fn rewritten(text: &str) -> String {
    let (people, services, participants) = team();
    let known = Known::new(&people, &services);
    anonymise_text(text, &Roles::new(&known, &participants)).text
}

fn looks(text: &str) -> Vec<(LookKind, String)> {
    let (people, services, participants) = team();
    let known = Known::new(&people, &services);
    anonymise_text(text, &Roles::new(&known, &participants))
        .looks
        .into_iter()
        .map(|look| (look.kind, look.what))
        .collect()
}

#[track_caller]
fn reads(pairs: &[(&str, &str)]) {
    let wrong: Vec<String> = pairs
        .iter()
        .filter_map(|(text, wanted)| {
            let got = rewritten(text);
            (got != *wanted).then(|| format!("{text}\n  got  {got}\n  want {wanted}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "sentences read as sentences:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn sentences_still_read() {
    reads(&[
        (
            "Cathy asked Greg for a second opinion.",
            "The first responder asked the responder for a second opinion.",
        ),
        (
            "Cathy Brandt and Greg Amari joined.",
            "The first responder and the responder joined.",
        ),
        (
            "It was Cathy's idea, not James' plan.",
            "It was the first responder's idea, not the facilitator's plan.",
        ),
        ("It was Cathy’s idea.", "It was the first responder’s idea."),
        (
            "We paged @cathy and @Greg.",
            "We paged the first responder and the responder.",
        ),
        ("@cathy restarted it", "The first responder restarted it"),
        (
            "cathy restarted it, then greg looked",
            "the first responder restarted it, then the responder looked",
        ),
        (
            "Write to cathy@example.com.",
            "Write to the first responder.",
        ),
        (
            "Cathy <cathy@example.com> knows.",
            "The first responder knows.",
        ),
        (
            "[Cathy](mailto:cathy@example.com) knows.",
            "The first responder knows.",
        ),
        (
            "Cathy (first responder) called.",
            "The first responder called.",
        ),
        (
            "Cathy, the first responder, called.",
            "The first responder called.",
        ),
        ("Cathy (CB) called.", "The first responder called."),
        ("The engineer (Cathy) called.", "The engineer called."),
        (
            "The first responder, Cathy, called.",
            "The first responder called.",
        ),
        (
            "We asked our DBA Bill to look.",
            "We asked our DBA to look.",
        ),
        (
            "Our DBA Bill's laptop was off.",
            "Our DBA's laptop was off.",
        ),
        ("Engineer Cathy called.", "The first responder called."),
        (
            "First responder Cathy called.",
            "The first responder called.",
        ),
        (
            "Mr Holt called, Dr. Brandt answered.",
            "The support agent called, the first responder answered.",
        ),
        (
            "The day Cathy restarted the pods.",
            "The day the first responder restarted the pods.",
        ),
        (
            "CB restarted the pods.",
            "The first responder restarted the pods.",
        ),
        (
            "A restart by CB helped (CB).",
            "A restart by the first responder helped (the first responder).",
        ),
        (
            "Thanks Cathy, that helped.",
            "Thanks first responder, that helped.",
        ),
        ("Cathy, can you look?", "First responder, can you look?"),
        (
            "The Cathy account was locked.",
            "The first responder account was locked.",
        ),
        (
            "- Cathy: restarted it\n- Greg: agreed",
            "- The first responder: restarted it\n- The responder: agreed",
        ),
        (
            "16:05 Cathy restarted it",
            "16:05 The first responder restarted it",
        ),
        (
            "Note: Cathy restarted it.",
            "Note: the first responder restarted it.",
        ),
        (
            "The host cathy-laptop-3 and /home/cathy/x were full.",
            "The host first-responder-laptop-3 and /home/first-responder/x were full.",
        ),
        (
            "Cathy/Greg decide.",
            "The first responder/the responder decide.",
        ),
        (
            "Cathy B. and C. Brandt are one.",
            "The first responder and the first responder are one.",
        ),
        ("Cathy M. Brandt called.", "The first responder called."),
        ("Brandt, Cathy called.", "The first responder called."),
        ("**Cathy** called.", "**The first responder** called."),
        (
            "Mark and Zoë called.",
            "An engineer and a colleague called.",
        ),
        (
            "We called Zoë and Ann.",
            "We called a colleague and another colleague.",
        ),
        (
            "Ask [our DBA Bill](mailto:bill@example.com).",
            "Ask our DBA.",
        ),
        (
            "“Cathy knows,” Greg said. “Ask Cathy.”",
            "“The first responder knows,” the responder said. “Ask the first responder.”",
        ),
        (
            "Greg told Cathy that Gary, Debby and Will wait.",
            "The responder told the first responder that the support agent, the social media manager and the product manager wait.",
        ),
        (
            "<@cathy> and <@greg> are on it",
            "The first responder and the responder are on it",
        ),
        (
            "Have Cathy, Greg or Gary look at Cathy's and Greg's notes.",
            "Have the first responder, the responder or the support agent look at the first responder's and the responder's notes.",
        ),
        (
            "| 16:05 | Cathy | restarted it |",
            "| 16:05 | The first responder | restarted it |",
        ),
        (
            "A long line that says what happened and ends with the words that Greg told\nCathy to wait.",
            "A long line that says what happened and ends with the words that the responder told\nthe first responder to wait.",
        ),
        (
            "Cathys laptop was off.",
            "The first responder's laptop was off.",
        ),
    ]);
}

#[test]
fn pronouns_become_they_and_their_verbs_follow() {
    reads(&[
        (
            "Cathy saw that she was alone.",
            "The first responder saw that they were alone.",
        ),
        (
            "Greg said he has it and he restarts it.",
            "The responder said they have it and they restart it.",
        ),
        (
            "Greg found his notes himself; he's done.",
            "The responder found their notes themselves; they've done.",
        ),
        (
            "Cathy looked through her mailbox. We told her about it.",
            "The first responder looked through their mailbox. We told them about it.",
        ),
        (
            "She did not know, Cathy said.",
            "They did not know, the first responder said.",
        ),
        (
            "Was she alone? Cathy isn't sure, she doesn't know.",
            "Were they alone? The first responder isn't sure, they don't know.",
        ),
        (
            "Greg: he or she who restarts it tells him.",
            "The responder: they who restarts it tells them.",
        ),
        (
            "Cathy says it is hers. He always tries.",
            "The first responder says it is theirs. They always try.",
        ),
        (
            "The customer said she was happy.",
            "The customer said she was happy.",
        ),
        (
            "Cathy asked. The HIS team answered.",
            "The first responder asked. The HIS team answered.",
        ),
    ]);
}

#[test]
fn names_that_are_words_are_replaced_where_they_are_names() {
    reads(&[
        (
            "Will the alert fire? We will see.",
            "Will the alert fire? We will see.",
        ),
        (
            "Mark the alert as known and grant access.",
            "Mark the alert as known and grant access.",
        ),
        ("Grant access to everybody.", "Grant access to everybody."),
        (
            "We asked Will to restart it.",
            "We asked the product manager to restart it.",
        ),
        ("Will restarted it.", "The product manager restarted it."),
        (
            "Will's page was late, the page of May.",
            "The product manager's page was late, the page of a colleague.",
        ),
        (
            "It broke in May 2026 and on 12 May.",
            "It broke in May 2026 and on 12 May.",
        ),
        (
            "Will Grant will grant it.",
            "The product manager will grant it.",
        ),
        (
            "The bill was late; Bill was ill.",
            "The bill was late; the DBA was ill.",
        ),
        (
            "Ann met Annette and Lisa; Li left.",
            "A colleague met Annette and Lisa; a colleague left.",
        ),
        (
            "Ana Maria and Ana.",
            "The office manager and the office manager.",
        ),
        (
            "The DB was slow, SRE and UK, too.",
            "The DB was slow, SRE and UK, too.",
        ),
    ]);
    assert!(
        looks("Will the alert fire?").contains(&(LookKind::Word, "Will".into())),
        "the word that stayed is pointed out"
    );
}

#[test]
fn a_domain_that_names_somebody_goes_and_is_worth_a_look() {
    reads(&[
        (
            "Write to hello@cathy-brandt.example.",
            "Write to the first responder.",
        ),
        (
            "Write to orders@jenkins.example or x@berlin.example.",
            "Write to orders@jenkins.example or x@berlin.example.",
        ),
        (
            "Cathymailto:cathy@example.com",
            "Cathymailto:the first responder",
        ),
    ]);
    let (people, services, participants) = team();
    let known = Known::new(&people, &services);
    let made = anonymise_text("hello@brandt.example", &Roles::new(&known, &participants));
    assert!(
        made.changes.iter().all(|change| change.unsure.is_some()) && !made.changes.is_empty(),
        "Brandt may be a company: {:?}",
        made.changes
    );
}

#[test]
fn letters_and_numbers_are_names_where_nothing_else_is_meant() {
    let rows = [
        participant("1", "Mark Abel", ReviewRole::Responder, ""),
        participant("2", "Barbara Page", ReviewRole::Responder, ""),
        participant("3", "A3", ReviewRole::Observer, ""),
        participant("4", "=1+1 A3", ReviewRole::Observer, ""),
        participant("5", "R2D2", ReviewRole::Scribe, ""),
    ];
    let known = Known::new(&[], &[]);
    let roles = Roles::new(&known, &rows);
    for (text, wanted) in [
        (
            "We asked Mark\nA minute later",
            "We asked responder A\nA minute later",
        ),
        ("We asked Mark A. to wait", "We asked responder A to wait"),
        ("We asked B Page to wait", "We asked responder B to wait"),
        ("Responder B page was late", "Responder B page was late"),
        (
            "1. A pod, see A3 and 13 more",
            "1. A pod, see A3 and 13 more",
        ),
        ("R2D2 restarted it", "The scribe restarted it"),
    ] {
        assert_eq!(anonymise_text(text, &roles).text, wanted, "as in “{text}”");
    }
}

/// Titles stand alone in a summary.
#[test]
fn titles_read_as_sentences() {
    reads(&[
        ("Cathy's login outage", "The first responder's login outage"),
        (
            "Greg restarted the wrong host",
            "The responder restarted the wrong host",
        ),
        (
            "Outage after Greg's change",
            "Outage after the responder's change",
        ),
        ("Login outage (Cathy)", "Login outage (the first responder)"),
        ("Cathy: login is slow", "The first responder: login is slow"),
        (
            "2026-03-14 Cathy locked out",
            "2026-03-14 The first responder locked out",
        ),
        (
            "Cathy and Greg locked out of Login",
            "The first responder and the responder locked out of Login",
        ),
        (
            "Login Outage After Greg's Change",
            "Login Outage After the responder's Change",
        ),
        ("Zoë's laptop stolen", "A colleague's laptop stolen"),
    ]);
}

#[test]
fn other_scripts_and_spellings_are_found() {
    reads(&[
        (
            "Zoe and ZOË Mueller called.",
            "A colleague and a colleague called.",
        ),
        ("Zoe\u{308} called.", "A colleague called."),
        ("Ca\u{200b}thy called.", "The first responder called."),
        ("Мы позвонили Ивану Петрову.", "Мы позвонили a colleague."),
        ("小明重启了服务器", "a colleague 重启了服务器"),
        ("田中さんが再起動した", "a colleague が再起動した"),
        ("اتصلنا بأحمد", "اتصلنا ب a colleague"),
        (
            "O'Brien and O’Brien called Sean.",
            "A colleague and a colleague called a colleague.",
        ),
        ("CATHY RESTARTED IT", "The first responder RESTARTED IT"),
    ]);
}

#[test]
fn code_addresses_and_services_stay_and_are_pointed_out() {
    let text = "See `kill cathy` and https://x.example/cathy and Jenkins.";
    assert_eq!(rewritten(text), text, "nothing of it is prose");
    assert_eq!(
        looks(text),
        [
            (LookKind::Code, "cathy".into()),
            (LookKind::Address, "cathy".into()),
            (LookKind::Service, "Jenkins".into()),
        ],
        "each is told"
    );
    assert_eq!(
        rewritten("Jenkins Moore restarted it."),
        "A colleague restarted it.",
        "more of a name than the service has"
    );
}

#[test]
fn unknown_names_and_personal_matters_are_pointed_out() {
    assert_eq!(
        looks(
            "We asked Tomasz. Her daughter was ill, he was on holiday; mail x@y.example, ping @nobody."
        ),
        [
            (LookKind::UnknownName, "Tomasz".into()),
            (LookKind::Personal, "Her daughter".into()),
            (LookKind::Personal, "was ill".into()),
            (LookKind::Personal, "on holiday".into()),
            (LookKind::Mail, "x@y.example".into()),
            (LookKind::UnknownName, "nobody".into()),
        ],
        "a person judges these"
    );
    assert_eq!(
        looks(
            "On Mondays the Redis cluster in Berlin used Kubernetes. Support saw it. Login was slow."
        ),
        [],
        "days, places and products are nobody"
    );
}

/// Every text of a postmortem with its people, as an export would have it.
fn everything(made: &Anonymised) -> String {
    format!(
        "{}{}",
        serde_json::to_string(&made.postmortem).unwrap(),
        serde_json::to_string(&made.people).unwrap()
    )
}

#[test]
fn the_example_names_nobody() {
    let (example, people, services) = login_outage(chrono::DateTime::UNIX_EPOCH);
    let made = anonymise(&example, &people, &services, &Options::default());
    let text = everything(&made);
    for person in &people {
        let surname = person.name.split(' ').next_back().unwrap();
        let every = [
            &person.id,
            &person.name,
            &person.short_name,
            &person.email,
            surname,
        ];
        for name in every {
            assert!(!text.contains(name), "{name} is in no export");
        }
        let handle = format!("\"{}\"", person.handle);
        assert!(!text.contains(&handle), "no handle is told: {handle}");
    }
    let respond = made
        .postmortem
        .sections
        .iter()
        .find(|section| section.id == "how-we-responded")
        .unwrap();
    assert_eq!(
        respond.text,
        "The first responder was the first engineer that the support agent found online. They saw the error themselves \
         and then spent several minutes looking through their mailbox for how to get into the system. The steps were \
         right, and hard to find.",
        "a section reads as it did"
    );
    let event = made.postmortem.timeline.iter().find(|event| {
        event
            .text
            .starts_with("walks the first responder through a first update of the status page")
    });
    assert!(event.is_some(), "a line of the timeline reads as it did");
    let names: Vec<&str> = made
        .postmortem
        .participants
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Support agent",
            "First responder",
            "Responder",
            "Social media manager",
            "Product manager",
            "Platform engineer",
            "Engineering manager",
            "Office IT",
        ],
        "rows are roles"
    );
    let report = &made.report;
    assert!(
        report.sentence().starts_with(&format!(
            "Replaced {} names in {} places; ",
            report.replacements.len(),
            report.places
        )),
        "one line sums it up: {}",
        report.sentence()
    );
    assert!(
        report
            .looks
            .iter()
            .any(|look| look.kind == LookKind::Personal && look.what == "family"),
        "the family occasion is pointed out"
    );
    assert!(
        report
            .replacements
            .iter()
            .any(
                |one| one.place.label == "16:14" && one.what == "Greg" && one.start == 0
                    || one.place.label == "How we responded"
                        && one.what == "Cathy"
                        && one.start == 0
            ),
        "each place has a name and a start"
    );
}

#[test]
fn owners_stay_as_owners_where_asked() {
    let (example, people, services) = login_outage(chrono::DateTime::UNIX_EPOCH);
    let options = Options {
        keep_owners: true,
        ..Options::default()
    };
    let made = anonymise(&example, &people, &services, &options);
    let owner = made.postmortem.actions[0].owner.clone().unwrap();
    let person = made
        .people
        .iter()
        .find(|person| person.id == owner)
        .unwrap();
    assert_eq!(person.name, "Mei Tanaka", "the owner is named");
    assert_eq!(person.email, "", "and nothing more is told of them");
    let texts = serde_json::to_string(&made.postmortem).unwrap();
    assert!(!texts.contains("Cathy"), "texts have roles all the same");
    let linked = made.postmortem.participants.iter().any(|row| {
        made.people.iter().any(|person| {
            row.person.as_ref() == Some(&person.id)
                && person.name.contains(' ')
                && person.name != row.name
        })
    });
    assert!(!linked, "no role leads to an owner's name");
}

#[test]
fn what_was_anonymous_stays_as_it_is() {
    let (example, people, services) = login_outage(chrono::DateTime::UNIX_EPOCH);
    let once = anonymise(&example, &people, &services, &Options::default());
    let twice = anonymise(&once.postmortem, &people, &services, &Options::default());
    assert_eq!(
        twice.postmortem, once.postmortem,
        "a second time changes nothing"
    );
    assert_eq!(twice.report.names, 0, "and replaces nothing");
    let (people, services, participants) = team();
    let known = Known::new(&people, &services);
    let roles = Roles::new(&known, &participants);
    let text =
        "Cathy and Greg told Will's deputy that she knows CB, Zoë and Ann; our DBA Bill agreed.";
    let once = anonymise_text(text, &roles).text;
    assert_eq!(
        anonymise_text(&once, &roles).text,
        once,
        "nor in a single text"
    );
}

#[test]
fn every_field_is_looked_at() {
    let (people, services, participants) = team();
    let postmortem = Postmortem {
        id: "doc".into(),
        title: "Cathy's outage".into(),
        timezone: "Europe/Berlin".into(),
        tags: vec!["cathy".into(), "greg-laptop".into()],
        sections: vec![Section {
            id: "cathys-view".into(),
            title: "Cathy's view".into(),
            text: "![Cathy at her desk](x.png) and [Cathy](https://x.example/cathy)".into(),
        }],
        timeline: vec![TimelineEvent {
            id: "e".into(),
            actor: Some(Actor::Role("Cathy".into())),
            text: "Cathy called".into(),
            source: "Greg's notes".into(),
            image: Some(Image {
                hash: "0".repeat(64),
                alt: "Cathy's screen".into(),
            }),
            ..TimelineEvent::default()
        }],
        findings: vec![Finding {
            id: "f".into(),
            text: "Only Cathy knew".into(),
            theme: "cathy".into(),
            no_action_reason: "Greg said so".into(),
            ..Finding::default()
        }],
        actions: vec![ActionItem {
            id: "a".into(),
            text: "Ask Cathy".into(),
            done_when: "Cathy answered".into(),
            owner: Some("1".into()),
            helpers: vec!["2".into(), "unknown".into()],
            evidence: "Cathy wrote it".into(),
            reason: "Greg is away".into(),
            verified: Some(model::postmortem::Verified {
                by: "1".into(),
                at: chrono::DateTime::UNIX_EPOCH,
            }),
            verified_note: "Cathy looked".into(),
            ticket: "ask Cathy".into(),
            ..ActionItem::default()
        }],
        impact: vec![model::postmortem::ImpactFact {
            text: "Calls to Cathy".into(),
            value: "10 by Greg".into(),
            unit: "Gary's".into(),
            ..model::postmortem::ImpactFact::default()
        }],
        parking: vec![model::postmortem::ParkingItem {
            text: "Cathy's laptop".into(),
            raised_by: Some(Actor::Role("Greg's team".into())),
            ..model::postmortem::ParkingItem::default()
        }],
        participants,
        ..Postmortem::default()
    };
    let made = anonymise(&postmortem, &people, &services, &Options::default());
    let text = everything(&made)
        .to_lowercase()
        .replace("https://x.example/cathy", "");
    for name in ["cathy", "greg", "gary", "debby"] {
        assert!(!text.contains(name), "{name} is nowhere: {text}");
    }
    assert_eq!(made.postmortem.title, "The first responder's outage");
    assert_eq!(
        made.postmortem.timeline[0].actor,
        Some(Actor::Role("First responder".into())),
        "an actor is a role without an article"
    );
    assert_eq!(
        made.postmortem.tags,
        ["first-responder", "responder-laptop"],
        "tags stay tags"
    );
    assert!(
        made.report
            .warnings
            .iter()
            .any(|warning| warning.contains("picture")),
        "a picture may show a name"
    );
    assert!(
        made.report.warnings[0].contains("first responder"),
        "a role of one person can be told: {:?}",
        made.report.warnings
    );
}

#[test]
fn a_report_counts_as_it_was_asked_to() {
    let (people, services, participants) = team();
    let postmortem = Postmortem {
        title: "🔥 é: Cathy".into(),
        participants,
        ..Postmortem::default()
    };
    for (utf16, start) in [(false, 9), (true, 6)] {
        let options = Options {
            utf16,
            ..Options::default()
        };
        let made = anonymise(&postmortem, &people, &services, &options);
        let title = &made.report.replacements[0];
        assert_eq!(
            (title.start, title.end, title.place.label.as_str()),
            (start, start + 5, "Title"),
            "in UTF-16 units: {utf16}"
        );
    }
}

#[test]
fn odd_lists_of_participants_are_taken() {
    let rows = vec![
        participant("1", "Cathy Brandt", ReviewRole::Responder, ""),
        participant("1", "Cathy Brandt", ReviewRole::Scribe, ""),
        participant("x", "Cathy Brandt", ReviewRole::Responder, ""),
        participant("y", "", ReviewRole::Observer, ""),
        participant("z", "  ", ReviewRole::Observer, "Cathy's deputy"),
        participant("q", "Support", ReviewRole::Support, ""),
        participant("r", "Guest 3", ReviewRole::Observer, ""),
        participant("s", "(she/her)", ReviewRole::Observer, ""),
        participant("t", "guest@x.example", ReviewRole::Observer, ""),
    ];
    let people = vec![person("1", "Cathy Brandt", "", "", "")];
    let postmortem = Postmortem {
        participants: rows,
        sections: vec![Section {
            id: "s".into(),
            title: String::new(),
            text: "Support asked Cathy. Guest 3 and guest@x.example saw it, she said.".into(),
        }],
        ..Postmortem::default()
    };
    let made = anonymise(&postmortem, &people, &[], &Options::default());
    let text = everything(&made);
    assert!(!text.contains("Cathy"), "two of one name: {text}");
    assert!(!text.contains("Guest 3"), "a seat is a name, too: {text}");
    assert!(!text.contains("guest@"), "and so is an address: {text}");
    assert!(
        text.contains("Support asked"),
        "a group is nobody's name: {text}"
    );
}

/// No clock is looked at: with texts of this length, whatever takes time in proportion to the square of it takes minutes.
#[test]
fn a_thousand_participants_and_long_texts_are_taken() {
    let people: Vec<Person> = (0..1000)
        .map(|at| {
            let name = format!("Ana{} Silva", char::from(b'a' + (at % 26) as u8));
            person(&at.to_string(), &name, "Ana", "", "Engineer")
        })
        .collect();
    let participants: Vec<Participant> = people
        .iter()
        .map(|person| participant(&person.id, &person.name, ReviewRole::Responder, ""))
        .collect();
    let known = Known::new(&people, &[]);
    let parts = [
        "Ana ",
        "Silva, Ana. She ",
        "@",
        "`",
        "` `` ",
        "a@",
        "](mailto:",
        "(",
        ")",
        "her ",
        "/ana",
        "[x](Ana@x.example) ",
        "'s ",
        "Silvas' x ",
        "Ana (",
        "](Ana@x.example) ",
        "[Ana](",
        "Ana's ",
        "our engineer Ana ",
        "she was ",
        "x@ana.",
        "Ana\nA ",
    ];
    for part in parts {
        // An address that closes many brackets is one of the texts.
        let start = if part == ")" { "http://x" } else { "" };
        let text = format!("{start}{}", part.repeat(LONG / part.len()));
        let postmortem = Postmortem {
            participants: participants.clone(),
            sections: vec![Section {
                id: "s".into(),
                title: String::new(),
                text,
            }],
            ..Postmortem::default()
        };
        let made = anonymise_known(&postmortem, &known, &Options::default());
        let text = &made.postmortem.sections[0].text;
        assert!(
            !text.contains("Ana ") && !text.contains("Silva"),
            "no length keeps a name in: {part:?}"
        );
    }
}

/// Bytes of a text that is longer than anybody writes.
const LONG: usize = 80_000;

/// Words, marks and names in every order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Cathy",
        "cathy",
        "CATHY",
        "Brandt",
        "greg",
        "Greg's",
        "Zoë",
        "Ívar",
        "@cathy",
        "Cathy's",
        "she",
        "her",
        "the",
        "a",
        "our DBA",
        "Engineer",
        "(",
        ")",
        ",",
        ".",
        "\n",
        "\n\n",
        "- ",
        "**",
        "_",
        "[",
        "](",
        "](x)",
        "<",
        ">",
        "Mr",
        "restarted",
        "was",
        "cathy@example.com",
        "mailto:",
        "Brandt,",
        "C.",
        "/",
        "-",
        "'",
        "’s",
        "\u{200b}",
        "é",
        "中",
        "שלום",
        "1",
        "|",
        "Hi",
        ":",
        "first responder",
        "CB",
        "Ívar's",
        "\\",
        "~~~",
        "# ",
    ]);
    prop::collection::vec(
        (piece, prop::sample::select(vec!["", " ", " ", " "])),
        0..14,
    )
    .prop_map(|pieces| pieces.into_iter().map(|(a, b)| format!("{a}{b}")).collect())
}

proptest! {
    /// Words that are exactly a name, whatever their case, go; but for those that are told as standing in code or addresses.
    #[test]
    fn no_name_stays_whatever_is_around_it(text in soup()) {
        let people = vec![
            person("1", "Cathy Brandt", "Cathy", "cathy", "Engineer"),
            person("2", "Greg Amari", "Greg", "greg", ""),
            person("3", "Zoë Ívar", "", "", ""),
        ];
        let participants = vec![participant("1", "Cathy Brandt", ReviewRole::FirstResponder, "")];
        let known = Known::new(&people, &[]);
        let roles = Roles::new(&known, &participants);
        let made = anonymise_text(&text, &roles);
        let left: Vec<String> = made
            .text
            .split(|c: char| !c.is_alphanumeric() && c != '\u{200b}')
            .map(|word| word.replace('\u{200b}', "").to_lowercase())
            .filter(|word| ["cathy", "brandt", "greg", "amari", "zoë", "ívar"].contains(&word.as_str()))
            .collect();
        let told = made.looks.iter().filter(|look| matches!(look.kind, LookKind::Address | LookKind::Code)).count();
        prop_assert!(left.len() <= told, "{left:?} in {:?} of {text:?}", made.text);
        for change in &made.changes {
            prop_assert_eq!(text.get(change.start..change.end), Some(change.what.as_str()), "places are in the original");
        }
    }

    /// A second time changes nothing, as long as nobody's title is one of the few words that all of these texts are made of:
    /// the title would be somebody else's name.
    #[test]
    fn anything_a_document_holds_is_taken(mut postmortem in arbitrary_postmortem()) {
        for row in &mut postmortem.participants {
            row.title.clear();
        }
        let people: Vec<Person> = postmortem
            .participants
            .iter()
            .filter_map(|row| Some(person(row.person.as_ref()?, &row.name, "", "gary", &row.title)))
            .collect();
        let made = anonymise(&postmortem, &people, &[], &Options::default());
        prop_assert_eq!(made.postmortem.timeline.len(), postmortem.timeline.len(), "rows stay");
        let ids: Vec<&str> = people.iter().map(|person| person.id.as_str()).collect();
        prop_assert!(
            made.people.iter().all(|person| !ids.contains(&person.id.as_str())),
            "nobody's id goes along"
        );
        let again = anonymise(&made.postmortem, &people, &[], &Options::default());
        prop_assert_eq!(again.postmortem, made.postmortem, "a second time changes nothing");
    }
}
