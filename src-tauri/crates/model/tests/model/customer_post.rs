//! The post for customers: what a draft takes over, what it leaves out, and what the check finds.

use chrono::{DateTime, NaiveDate, Utc};
use model::anonymise::Known;
use model::customer_post::{
    Checker, ConcernKind, Post, PostImpact, PostStatus, begin, draft, is_part, post, utf16,
};
use model::demo::login_outage;
use model::derived::derive;
use model::directory::{Person, Service};
use model::document::{new_doc, read_as, write};
use model::postmortem::{
    ActionItem, ActionStatus, Actor, EventKind, Finding, Participant, Postmortem, Severity,
    TimelineEvent, Visibility,
};
use model::sample_year::sample_year;

fn now() -> DateTime<Utc> {
    "2026-11-16T09:00:00Z".parse().unwrap()
}

fn example() -> (Postmortem, Vec<Person>, Vec<Service>) {
    login_outage(now())
}

/// Everything of a post that customers read.
fn read(post: &Post) -> String {
    let mut all = vec![post.title.clone()];
    all.extend(post.texts().map(|text| text.text.clone()));
    all.extend(post.updates.iter().map(|update| update.text.clone()));
    all.join("\n")
}

fn kinds(text: &str) -> Vec<(ConcernKind, String)> {
    let (postmortem, people, services) = example();
    let known = Known::new(&people, &services);
    let checker = Checker::new(&postmortem, &known, &people, &services);
    let concerns = checker.check(text);
    concerns
        .into_iter()
        .map(|concern| (concern.kind, concern.text))
        .collect()
}

fn only(text: &str) -> Option<(ConcernKind, String)> {
    let found = kinds(text);
    assert!(
        found.len() <= 1,
        "one thing is wrong in “{text}”: {found:?}"
    );
    found.into_iter().next()
}

#[test]
fn the_example_s_post_says_what_customers_may_know() {
    let (postmortem, people, services) = example();
    let post = draft(&postmortem, &people, &services);
    assert_eq!(
        (post.impact, post.status),
        (PostImpact::Major, PostStatus::Resolved),
        "a SEV2 that was declared resolved and is still in review"
    );
    assert_eq!(
        post.summary.text,
        "Customers cannot reach the login page and say so in public. It began at about 15:55 and was over at about 16:15 \
         CET on Tuesday 10 November 2026, 20 minutes later. We are sorry for the trouble that this caused.",
        "what customers saw, when, how long, and one apology"
    );
    assert_eq!(
        post.happened.text,
        "Customers noticed before we did.\n\n\
         - About 16:15 CET: One of our team tries the login page again: it is back.",
        "findings and events that are for customers, without who acted"
    );
    assert_eq!(
        post.doing.text,
        "- Start an on-call rotation so that everybody knows whom to call (by 18 November 2026)\n\
         - Give every responder the access that remediation needs (by 20 November 2026)\n\
         - Name who keeps the status page current, and how (by 20 November 2026)",
        "action items that are for customers, with the days that were agreed"
    );
    let updates: Vec<(PostStatus, &str)> = post
        .updates
        .iter()
        .map(|update| (update.status, update.text.as_str()))
        .collect();
    assert_eq!(
        updates,
        [
            (
                PostStatus::Identified,
                "We know that login fails and are working on it"
            ),
            (PostStatus::Resolved, "Login works again"),
        ],
        "the words that customers read, and not what is told about them inside"
    );
}

#[test]
fn no_draft_names_anybody() {
    let mut year = sample_year(now()).unwrap();
    year.postmortems.push(example().0);
    let known = Known::new(&year.people, &year.services);
    for p in &year.postmortems {
        let post = draft(p, &year.people, &year.services);
        let text = read(&post);
        for person in &year.people {
            let last = person.name.split(' ').next_back().unwrap();
            for name in [&person.short_name, last, &person.email] {
                assert!(
                    !text.contains(name),
                    "{name} must not be read in {}: {text}",
                    p.title
                );
            }
        }
        assert!(
            !post.happened.text.is_empty(),
            "customers read what happened: {}",
            p.title
        );
        assert!(
            !post.updates.is_empty() || p.severity >= Some(Severity::Sev5),
            "and what they were told: {}",
            p.title
        );
        let checker = Checker::new(p, &known, &year.people, &year.services);
        for part in [
            &post.title,
            &post.summary.text,
            &post.happened.text,
            &post.doing.text,
        ] {
            let strong: Vec<_> = checker
                .check(part)
                .into_iter()
                .filter(|concern| concern.strong)
                .collect();
            assert!(
                strong.is_empty(),
                "nothing has to go from {}: {strong:?}",
                p.title
            );
        }
    }
}

#[test]
fn what_is_not_for_customers_never_appears() {
    let secret = |visibility| {
        let mut p = Postmortem {
            title: "Search is slow".into(),
            ..Postmortem::default()
        };
        for kind in [EventKind::Observation, EventKind::Communication] {
            for public in [false, true] {
                p.timeline.push(TimelineEvent {
                    id: format!("{kind:?}{public}"),
                    kind,
                    public,
                    text: "zanzibar".into(),
                    visibility,
                    ..TimelineEvent::default()
                });
            }
        }
        p.findings.push(Finding {
            id: "f".into(),
            text: "zanzibar".into(),
            visibility,
            ..Finding::default()
        });
        p.actions.push(ActionItem {
            id: "a".into(),
            text: "zanzibar".into(),
            visibility,
            ..ActionItem::default()
        });
        p
    };
    for visibility in [Visibility::Room, Visibility::Company] {
        let text = read(&draft(&secret(visibility), &[], &[]));
        assert!(
            !text.contains("anzibar"),
            "{visibility:?} items stay inside: {text}"
        );
    }
    let text = read(&draft(&secret(Visibility::Customers), &[], &[]));
    assert_eq!(
        text.to_lowercase().matches("zanzibar").count(),
        6,
        "what is for customers appears: a finding, three events, an action item and an update: {text}"
    );
}

#[test]
fn rows_that_name_what_must_stay_inside_are_left_out() {
    let (mut postmortem, people, services) = example();
    let shown = |text: &str| Finding {
        id: text.into(),
        text: text.into(),
        visibility: Visibility::Customers,
        ..Finding::default()
    };
    postmortem.findings = vec![
        shown("Cathy saw the error first"),
        shown("db-3.internal was full"),
        shown("See OPS-212"),
        shown("Only part of the pages was slow"),
    ];
    postmortem.title = "Greg's outage".into();
    let post = draft(&postmortem, &people, &services);
    assert!(
        post.happened
            .text
            .starts_with("Only part of the pages was slow.\n\n"),
        "the harmless finding stays: {}",
        post.happened.text
    );
    assert_eq!(post.left_out, 3, "and it is told how many did not");
    assert_eq!(
        post.title, "Incident of 10 November 2026",
        "a title with a name is replaced"
    );
    postmortem.timeline = vec![TimelineEvent {
        id: "e".into(),
        kind: EventKind::Communication,
        public: true,
        visibility: Visibility::Customers,
        text: "Gary writes that it is over".into(),
        actor: Some(Actor::Role("Support agent".into())),
        ..TimelineEvent::default()
    }];
    let post = draft(&postmortem, &people, &services);
    assert_eq!(
        post.updates[0].text, "",
        "an update keeps its time and loses a name"
    );
}

#[test]
fn hostile_rows_stay_words() {
    let hostile = "# Heading\n\n- <script>alert(1)</script> [x](javascript:alert(1)) ![y](http://a/b) | a\u{202E}b `c";
    let postmortem = Postmortem {
        title: hostile.into(),
        findings: vec![Finding {
            id: "f".into(),
            text: hostile.into(),
            visibility: Visibility::Customers,
            ..Finding::default()
        }],
        ..Postmortem::default()
    };
    let post = draft(&postmortem, &[], &[]);
    for text in post.texts() {
        assert_eq!(
            text.text.matches('<').count(),
            text.text.matches("\\<").count(),
            "tags are escaped: {}",
            text.text
        );
        assert_eq!(
            text.text.matches("](").count(),
            text.text.matches("\\](").count(),
            "links are escaped: {}",
            text.text
        );
        let lines = text.text.lines();
        assert!(
            lines.clone().count() <= 1,
            "a row cannot begin a line: {}",
            text.text
        );
    }
    let empty = draft(&Postmortem::default(), &[], &[]);
    assert_eq!(
        (empty.title.as_str(), empty.happened.text.as_str()),
        ("Incident", ""),
        "nothing known, nothing told"
    );
}

#[test]
fn an_edited_text_replaces_the_draft_and_lives_in_the_document() {
    let (mut postmortem, people, services) = example();
    let sections = postmortem.sections.len();
    let checks = derive(&postmortem, &|_| None).checks;
    let before = post(&postmortem, &people, &services);
    assert!(
        before.texts().iter().all(|text| !text.edited),
        "nobody has written yet"
    );
    begin(&mut postmortem, &people, &services);
    assert_eq!(
        postmortem.sections.len(),
        sections + 3,
        "three texts to write in"
    );
    let ours: Vec<bool> = postmortem
        .sections
        .iter()
        .map(|section| is_part(&section.id))
        .collect();
    assert_eq!(
        ours.iter().filter(|part| **part).count(),
        3,
        "which are told from the page's own"
    );
    assert_eq!(
        derive(&postmortem, &|_| None).checks,
        checks,
        "the page's checks do not look at them"
    );
    let section = postmortem.sections.last_mut().unwrap();
    section.text = "We changed what we promised.".into();
    begin(&mut postmortem, &people, &services);
    let after = post(&postmortem, &people, &services);
    assert_eq!(
        after.doing.text, "We changed what we promised.",
        "what people wrote stays"
    );
    assert!(after.doing.edited, "and is told from a draft");
    assert_eq!(
        after.summary.text, before.summary.text,
        "the others are as they were drafted"
    );
    let doc = new_doc();
    write(&doc, &postmortem);
    assert_eq!(
        read_as(&doc, &postmortem.id),
        postmortem,
        "the document holds all three"
    );
    postmortem.sections.last_mut().unwrap().text = "  ".into();
    let emptied = post(&postmortem, &people, &services);
    assert!(!emptied.doing.edited, "an emptied text is a draft again");
}

#[test]
fn times_are_told_only_as_far_as_they_are_known() {
    let year = sample_year(now()).unwrap();
    let of = |title: &str| {
        let p = year
            .postmortems
            .iter()
            .find(|p| p.title.starts_with(title))
            .unwrap();
        draft(p, &year.people, &year.services)
    };
    let dashboards = of("Slow dashboards").summary.text;
    assert!(
        dashboards.contains("It was over on Monday 8 June 2026 at 12:15 CEST."),
        "no beginning is made up: {dashboards}"
    );
    let checkout = of("Checkout").summary.text;
    assert!(
        checkout.contains("on Thursday 22 October 2026, 47 minutes later"),
        "{checkout}"
    );
    let search = of("Search results").summary.text;
    assert!(
        search.contains("8 hours 50 minutes later"),
        "hours are hours: {search}"
    );
}

#[test]
fn names_are_found_as_people_write_them() {
    use ConcernKind::Name;
    for (text, name) in [
        ("Then Cathy restarted it.", "Cathy"),
        ("Cathy Lind restarted it.", "Cathy Lind"),
        ("We thank Ms. Lind.", "Lind"),
        ("It was @cathy who saw it.", "@cathy"),
        ("Ask gary@example.com.", "gary@example.com"),
        ("Bill's team saw it.", "Bill's"),
        ("We told Bill.", "Bill"),
        ("**Greg** saw it.", "Greg"),
    ] {
        assert_eq!(
            only(text),
            Some((Name, name.into())),
            "“{text}” names somebody"
        );
    }
    for text in [
        "Bill for October was sent twice.",
        "Every bill is right again.",
        "Your login works again.",
        "Gregorian calendars were not affected.",
    ] {
        assert!(
            kinds(text).iter().all(|(kind, _)| *kind != Name),
            "“{text}” names nobody: {:?}",
            kinds(text)
        );
    }
}

#[test]
fn names_that_are_words_are_told_apart() {
    let people: Vec<Person> = [
        "Will Adeyemi",
        "Mark Sobczak",
        "Grace Nakamura",
        "June May",
        "李小龙",
        "Zoë Brandt",
    ]
    .into_iter()
    .map(|name| Person {
        name: name.into(),
        ..Person::default()
    })
    .collect();
    let known = Known::new(&people, &[]);
    let checker = Checker::new(&Postmortem::default(), &known, &people, &[]);
    let names = |text: &str| -> Vec<String> {
        let concerns = checker.check(text).into_iter();
        concerns
            .filter(|concern| concern.kind == ConcernKind::Name)
            .map(|concern| concern.text)
            .collect()
    };
    for text in [
        "Will this happen again? We will see.",
        "Mark the box in your settings.",
        "Grace periods were extended, and we mark them.",
        "It began on 4 May 2026 and in June 2026.",
    ] {
        assert_eq!(
            names(text)
                .into_iter()
                .filter(|name| name != "Grace")
                .collect::<Vec<_>>(),
            Vec::<String>::new(),
            "these are words: {text}"
        );
    }
    assert_eq!(
        names("Will restarted it, and Mark helped."),
        ["Will", "Mark"],
        "these are people"
    );
    assert_eq!(
        names("昨晚李小龙重新启动了它"),
        ["李小龙"],
        "names without spaces are found"
    );
    assert_eq!(names("Zoe saw it"), ["Zoe"], "without its marks, too");
}

#[test]
fn what_is_ours_alone_is_found() {
    use ConcernKind::*;
    for (text, kind, place) in [
        (
            "The social media manager wrote.",
            Role,
            "social media manager",
        ),
        ("It ran on db-3.", Machine, "db-3"),
        (
            "It ran on web02.example.com today.",
            Machine,
            "web02.example.com",
        ),
        (
            "See payments.svc.cluster.local now.",
            Machine,
            "payments.svc.cluster.local",
        ),
        ("At 10.2.3.4 it stopped.", Machine, "10.2.3.4"),
        ("At 10.2.3.4:8080, it stopped.", Machine, "10.2.3.4:8080"),
        ("At fe80::1 it stopped.", Machine, "fe80::1"),
        ("In /var/log/syslog we saw it.", Machine, "/var/log/syslog"),
        ("We ran `top` there.", Machine, "`top`"),
        ("Cloudflare was down.", Vendor, "Cloudflare"),
        (
            "It was our hosting provider.",
            Vendor,
            "our hosting provider",
        ),
        ("See OPS-212 for more.", Ticket, "OPS-212"),
        ("See #4711 for more.", Ticket, "#4711"),
        (
            "See https://jira.example.com/browse/AB-1 for more.",
            Ticket,
            "https://jira.example.com/browse/AB-1",
        ),
        ("Our customer Acme saw it.", Customer, "Acme"),
        ("It was for Acme Ltd alone.", Customer, "Acme Ltd"),
        ("It was probably a disk.", Speculation, "probably"),
        ("It may have been a disk.", Speculation, "may have been"),
        ("We will do it by 1 December.", Date, "1 December"),
        (
            "We will do it by December 1, 2026.",
            Date,
            "December 1, 2026",
        ),
        ("We will do it by 2026-12-01.", Date, "2026-12-01"),
        ("We will do it soon.", Date, "soon"),
        ("The outage is over.", Outage, "outage"),
        ("Our SLA was kept.", Legal, "SLA"),
        ("It will not happen again.", Legal, "will not happen again"),
        ("There was an SQL injection.", Security, "SQL injection"),
        ("See CVE-2026-1234 for it.", Security, "CVE-2026-1234"),
    ] {
        assert_eq!(
            only(text),
            Some((kind, place.into())),
            "“{text}” must be looked at"
        );
    }
}

#[test]
fn what_customers_may_read_is_left_alone() {
    for text in [
        "Signing in failed for about 20 minutes on 10 November 2026.",
        "We will have closer monitoring by 18 November.",
        "See https://status.example.com/history for more.",
        "We use UTF-8 and ISO-8601, 24/7, and/or both.",
        "Version 5.2 works again at 16:20 CET.",
        "It began on 9 November.",
        "Customers can sign in again. Thank you for your patience.",
        "Some customers saw an error.",
    ] {
        assert_eq!(kinds(text), [], "nothing is wrong with “{text}”");
    }
}

#[test]
fn services_are_noted_by_our_own_names() {
    let services =
        [("Login", "login"), ("billing-core", "billing-core")].map(|(name, id)| Service {
            id: id.into(),
            name: name.into(),
        });
    let known = Known::new(&[], &services);
    let checker = Checker::new(&Postmortem::default(), &known, &[], &services);
    let found = |text: &str| {
        checker
            .check(text)
            .into_iter()
            .map(|c| (c.text, c.strong))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("The service Login was slow."),
        [("Login".to_owned(), false)],
        "a note"
    );
    assert_eq!(
        found("billing-core was slow."),
        [("billing-core".to_owned(), false)],
        "at any place"
    );
    assert_eq!(
        found("Login was slow, and login is back."),
        [],
        "an ordinary word is no name"
    );
}

#[test]
fn an_outage_of_everything_may_be_called_one() {
    let whole = Postmortem {
        severity: Some(Severity::Sev1),
        ..Postmortem::default()
    };
    let known = Known::new(&[], &[]);
    let checker = Checker::new(&whole, &known, &[], &[]);
    assert_eq!(
        checker.check("The outage is over."),
        [],
        "everything was down"
    );
}

#[test]
fn places_are_counted_in_both_ways() {
    let (postmortem, people, services) = example();
    let known = Known::new(&people, &services);
    let checker = Checker::new(&postmortem, &known, &people, &services);
    let text = "😀 Greg, and é Cathy.";
    let bytes = checker.check(text);
    for concern in &bytes {
        assert_eq!(
            text.get(concern.start..concern.end),
            Some(concern.text.as_str()),
            "bytes point at the words"
        );
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    for concern in utf16(text, bytes) {
        let words = String::from_utf16(&units[concern.start..concern.end]).unwrap();
        assert_eq!(words, concern.text, "UTF-16 units point at the same words");
    }
}

#[test]
fn a_long_text_of_many_people_is_looked_at_quickly() {
    let people: Vec<Person> = (0..1_000)
        .map(|at| Person {
            name: format!("Anna{at} Berg{at}"),
            ..Person::default()
        })
        .collect();
    let postmortem = Postmortem {
        participants: people
            .iter()
            .map(|person| Participant {
                name: person.name.clone(),
                ..Participant::default()
            })
            .collect(),
        ..Postmortem::default()
    };
    let known = Known::new(&people, &[]);
    let checker = Checker::new(&postmortem, &known, &people, &[]);
    let text = "Anna7 Berg7 saw it and (`[*_:;. ".repeat(4_000);
    assert_eq!(
        checker.check(&text).len(),
        4_000,
        "each place is found once"
    );
}

#[test]
fn nothing_stops_the_check() {
    let (postmortem, people, services) = example();
    let known = Known::new(&people, &services);
    let checker = Checker::new(&postmortem, &known, &people, &services);
    let day = NaiveDate::from_ymd_opt(2026, 11, 10);
    assert!(day.is_some(), "the example's day is one");
    for text in [
        "",
        "@",
        "`",
        "``",
        "31 February",
        "99 November 2026",
        "0-0-0",
        "2026-99-99",
        "-",
        "://",
        "#",
        "A-",
        "\u{0}\u{FEFF}",
        "🇩🇪 é́",
    ] {
        let found = checker.check(text);
        assert!(
            found
                .iter()
                .all(|concern| text.get(concern.start..concern.end).is_some()),
            "every place is one of the text: {text:?}"
        );
    }
}

#[test]
fn a_promise_for_a_day_that_has_passed_is_found() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let after = day.succ_opt().expect("a day after it");
    let known = Known::new(&[], &[]);
    let kinds = |status: ActionStatus, today: NaiveDate| -> Vec<ConcernKind> {
        let postmortem = Postmortem {
            actions: vec![ActionItem {
                text: "Answer on the status page within ten minutes".into(),
                due: Some(day),
                status,
                visibility: Visibility::Customers,
                ..ActionItem::default()
            }],
            ..Postmortem::default()
        };
        let checker = Checker::new(&postmortem, &known, &[], &[]).on(today);
        let found = checker.check("- Answer within ten minutes (by 20 November 2026)");
        found.into_iter().map(|concern| concern.kind).collect()
    };
    assert_eq!(
        kinds(ActionStatus::Open, day),
        [],
        "on the day itself it can still be kept"
    );
    assert_eq!(
        kinds(ActionStatus::Open, after),
        [ConcernKind::Passed],
        "the day after, customers would read a promise that was not kept"
    );
    assert_eq!(
        kinds(ActionStatus::Done, after),
        [],
        "a promise that was kept is none to be sorry for"
    );
}
