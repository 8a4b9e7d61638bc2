//! The summary of one postmortem.

use chrono::{DateTime, Utc};
use model::derived::derive;
use model::directory::{Person, Service};
use model::postmortem::{
    ActionStatus, Actor, AnchorKey, FindingKind, Postmortem, Status, TimelineEvent, Visibility,
};
use model::visibility::Audience;
use proptest::prelude::*;
use render::{Export, ExportTemplates, ONE_SUMMARY_FORMATS, OneSummaryOptions, one_summary_format};

use crate::well_formed::well_formed;

fn now() -> DateTime<Utc> {
    "2026-11-16T10:00:00Z".parse().expect("a constant")
}

fn made(
    format: &str,
    postmortem: &Postmortem,
    people: &[Person],
    services: &[Service],
    audience: Audience,
) -> String {
    let derived = derive(postmortem, &|_| None);
    let export = Export {
        templates: ExportTemplates::default(),
        roles: false,
        published: false,
        postmortem,
        derived: &derived,
        people,
        services,
        images: &|_| None,
        now: now(),
        zone: "Europe/Berlin",
        name: "summary",
    };
    let options = OneSummaryOptions {
        audience,
        roles: false,
    };
    let format = one_summary_format(format).expect("a listed format");
    (format.render)(&export, &options).expect("built-in templates work")
}

#[test]
fn everyone_in_the_company_reads_the_whole_story() {
    let (mut p, people, services) = model::demo::login_outage(now());
    p.actions[1].status = ActionStatus::Declined;
    p.actions[1].reason = "The service is replaced in spring".into();
    p.findings[0].kind = FindingKind::Helped;
    p.anchors.remove(&AnchorKey::T5);
    for format in ONE_SUMMARY_FORMATS {
        let text = made(format.id, &p, &people, &services, Audience::Company);
        crate::leave(&format!("one-company.{}", format.extension), &text);
        for stands in [
            "Login page outage",
            "SEV2",
            "In review",
            "How we found out",
            "First signal",
            "What happened when",
            "Times in CET",
            "What made it harder",
            "What helped",
            "What we do not know yet",
            "What we do",
            "What we decided not to do",
            "The service is replaced in spring",
            "Thank you",
            "Cathy",
            "Made with Debrief, 16 Nov 2026",
        ] {
            assert!(
                text.contains(stands),
                "{stands} is missing in {}: {text}",
                format.id
            );
        }
        let owner = p.actions[0]
            .owner
            .as_ref()
            .expect("the example's items have owners");
        let name = &people.iter().find(|x| x.id == *owner).expect("listed").name;
        assert!(
            text.contains(name.as_str()),
            "items keep their owner in {}",
            format.id
        );
    }
    well_formed(&made("html", &p, &people, &services, Audience::Company));
}

#[test]
fn a_timeline_of_many_lines_is_cut_where_it_tells_least() {
    let (mut p, people, services) = model::demo::login_outage(now());
    let restored = p
        .timeline
        .iter()
        .position(|e| e.kind == model::postmortem::EventKind::Restored)
        .expect("the example ends well");
    for event in &mut p.timeline {
        event.star = true;
    }
    let ending = p.timeline[restored].text.clone();
    for i in 0..30 {
        p.timeline.insert(
            0,
            TimelineEvent {
                id: format!("new-{i}"),
                text: format!("Somebody saw detail {i}"),
                star: true,
                ..TimelineEvent::default()
            },
        );
    }
    let text = made("md", &p, &people, &services, Audience::Company);
    let lines = text
        .split("## What happened when")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("a timeline")
        .matches("\n- ")
        .count();
    assert!(
        (5..=10).contains(&lines),
        "a reader gets five to ten lines, not {lines}"
    );
    assert!(
        text.contains(ending.trim_end_matches('.')),
        "how it ended is never cut: {text}"
    );
}

#[test]
fn customers_get_only_what_is_marked_for_them() {
    let (mut p, people, services) = model::demo::login_outage(now());
    for row in &mut p.timeline {
        row.visibility = Visibility::Company;
    }
    for row in &mut p.findings {
        row.visibility = Visibility::Company;
    }
    for row in &mut p.actions {
        row.visibility = Visibility::Company;
    }
    for format in ONE_SUMMARY_FORMATS {
        let text = made(format.id, &p, &people, &services, Audience::Customers);
        assert!(
            text.contains("Nothing of this postmortem is marked for customers"),
            "the summary says why it is empty in {}",
            format.id
        );
        assert!(
            !text.contains("Login page outage"),
            "not even the title is theirs"
        );
    }
    p.timeline[0].visibility = Visibility::Customers;
    p.timeline[0].text = "Logging in was slow".into();
    p.timeline[0].actor = Some(Actor::Participant(p.participants[0].id.clone()));
    p.actions[0].visibility = Visibility::Customers;
    p.actions[0].text = "Watch the login hosts".into();
    p.actions[0].ticket = "OPS-999".into();
    for format in ONE_SUMMARY_FORMATS {
        let text = made(format.id, &p, &people, &services, Audience::Customers);
        for stands in [
            "Login page outage",
            "Logging in was slow",
            "Watch the login hosts",
        ] {
            assert!(
                text.contains(stands),
                "{stands} is marked for customers ({})",
                format.id
            );
        }
        let names = people.iter().map(|x| x.name.as_str());
        for never in names.chain([
            "SEV2",
            "OPS-999",
            "In review",
            "What we do not know",
            "Thank you",
        ]) {
            assert!(
                !text.contains(never),
                "{never} is not for customers ({}): {text}",
                format.id
            );
        }
    }
}

#[test]
fn rows_for_the_review_alone_are_in_no_summary() {
    let (mut p, people, services) = model::demo::login_outage(now());
    let secret = "for the room alone";
    let event = p.timeline[0].id.clone();
    p.timeline[0].text = secret.into();
    p.timeline[0].visibility = Visibility::Room;
    p.timeline[0].star = true;
    p.findings[0].text = secret.into();
    p.findings[0].visibility = Visibility::Room;
    p.actions[0].text = secret.into();
    p.actions[0].visibility = Visibility::Room;
    p.parking[0].text = secret.into();
    for anchor in p.anchors.values_mut() {
        anchor.source = format!("event:{event}");
    }
    for audience in [Audience::Company, Audience::Executives, Audience::Customers] {
        for format in ONE_SUMMARY_FORMATS {
            let text = made(format.id, &p, &people, &services, audience);
            assert!(
                !text.contains(secret),
                "{audience:?} must not read it in {}",
                format.id
            );
        }
    }
}

#[test]
fn a_draft_says_that_it_is_one() {
    let (mut p, people, services) = model::demo::login_outage(now());
    p.status = Status::Draft;
    for format in ONE_SUMMARY_FORMATS {
        let text = made(format.id, &p, &people, &services, Audience::Company);
        assert!(
            text.contains("This is a draft"),
            "{} must not look final",
            format.id
        );
    }
    let empty = Postmortem::default();
    for audience in [Audience::Company, Audience::Customers] {
        well_formed(&made("html", &empty, &[], &[], audience));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_postmortem_makes_whole_summaries(p in model::testing::arbitrary_postmortem()) {
        for audience in [Audience::Company, Audience::Customers] {
            let text = made("html", &p, &[], &[], audience);
            well_formed(&text);
            for never in ["<script", "<img", "javascript:alert", "\u{0}"] {
                let marked = text.contains(&format!("href=\"{never}")) || (never.starts_with('<') && text.contains(never));
                prop_assert!(!marked && !text.contains('\u{0}'), "{never} must not reach the page");
            }
            let markdown = made("md", &p, &[], &[], audience);
            prop_assert!(!render::markdown_html(&markdown).contains("<script"));
            prop_assert!(markdown.ends_with(" 2026\n"), "what others left open must not swallow the end");
        }
    }
}
