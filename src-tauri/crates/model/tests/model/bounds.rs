//! What is too much for one postmortem is told with its place.

use model::bounds::{DOCUMENT, ROWS, SHORT, TEXT, too_much};
use model::postmortem::{Finding, ParkingItem, Postmortem, Section, TimelineEvent};

fn sentences(postmortem: &Postmortem) -> Vec<String> {
    let places = too_much(postmortem).into_iter();
    places.map(|place| place.to_string()).collect()
}

#[test]
fn what_fits_is_not_spoken_of() {
    let (example, ..) = model::demo::login_outage(chrono::DateTime::UNIX_EPOCH);
    assert_eq!(
        sentences(&example),
        Vec::<String>::new(),
        "the example fits"
    );
    let full = Postmortem {
        title: "x".repeat(TEXT),
        template: "x".repeat(SHORT),
        ..Postmortem::default()
    };
    assert_eq!(
        sentences(&full),
        Vec::<String>::new(),
        "what just fits, fits"
    );
}

#[test]
fn every_place_that_holds_too_much_is_named() {
    let postmortem = Postmortem {
        sections: vec![Section {
            id: "s".into(),
            title: "Summary".into(),
            text: "x".repeat(TEXT + 1),
        }],
        timeline: vec![
            TimelineEvent::default(),
            TimelineEvent {
                source: "x".repeat(5_000),
                ..TimelineEvent::default()
            },
        ],
        findings: vec![Finding {
            no_action_reason: "é".repeat(TEXT),
            ..Finding::default()
        }],
        ..Postmortem::default()
    };
    assert_eq!(
        sentences(&postmortem),
        [
            "Section “Summary” is 1.1 MB long; at most 1 MB fit.",
            "Timeline event 2, source is 4.9 kB long; at most 4 kB fit.",
            "Finding 1, no action reason is 2 MB long; at most 1 MB fit.",
        ],
        "the place and the bound are told, in the document's order"
    );
}

#[test]
fn the_whole_is_bounded_too() {
    let row = |text: &str| ParkingItem {
        text: text.into(),
        ..ParkingItem::default()
    };
    let mut postmortem = Postmortem {
        parking: vec![row(&"x".repeat(TEXT)); DOCUMENT / TEXT + 1],
        ..Postmortem::default()
    };
    assert_eq!(
        sentences(&postmortem),
        ["The postmortem holds 13 MB of text; at most 12 MB fit."],
        "no text is too long by itself, but all together are"
    );
    postmortem.parking = vec![row("x"); ROWS + 1];
    assert_eq!(
        sentences(&postmortem),
        ["The postmortem has 50001 rows; at most 50000 fit."],
        "rows are counted"
    );
}
