//! The rules of a review meeting.

use chrono::{DateTime, TimeDelta, Utc};
use model::meeting::{
    ALL_DRAFTS, DRAFTS, Draft, Effect, Meeting, MeetingAct, MeetingLength, Refused, RoomRight, Seat,
};
use model::postmortem::FindingKind;
use model::template::{Stage, Template};
use proptest::prelude::*;

fn start() -> DateTime<Utc> {
    "2026-11-10T09:00:00Z".parse().expect("a constant")
}

fn template() -> Template {
    let stage = |id: &str, minutes, captures: &str| Stage {
        id: id.into(),
        name: id.into(),
        minutes: [minutes, 2 * minutes, 3 * minutes],
        prompts: vec!["What did you see?".into(), "What then?".into()],
        captures: captures.into(),
    };
    Template {
        stages: vec![
            stage("timeline", 10, "timeline"),
            stage("findings", 10, "findings"),
            stage("actions", 10, "actions"),
        ],
        ..Template::default()
    }
}

fn host() -> Seat {
    Seat {
        person: "greg".into(),
        key: "greg".into(),
        granted: RoomRight::Editor,
        host: true,
    }
}

#[test]
fn the_clock_is_right_after_a_restart() {
    let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
    let later = start() + TimeDelta::seconds(90);
    meeting
        .act(&host(), MeetingAct::Go { from: 0, to: 1 }, later)
        .expect("the facilitator goes on");
    let kept = serde_json::to_string(&meeting).expect("a meeting is JSON");
    let read: Meeting = serde_json::from_str(&kept).expect("and comes back");
    assert_eq!(read, meeting, "what was kept is the whole meeting");
    assert_eq!(
        read.used(0, later + TimeDelta::seconds(600)),
        90,
        "a stage that is over has taken what it took"
    );
    assert_eq!(
        read.used(1, later + TimeDelta::seconds(600)),
        600,
        "the one that runs goes on counting, whoever was restarted meanwhile"
    );
    assert_eq!(
        read.used(1, later - TimeDelta::seconds(60)),
        0,
        "a clock set back counts nothing"
    );
}

#[test]
fn a_forgotten_meeting_has_ended_after_a_day() {
    let meeting = Meeting::open(&template(), MeetingLength::Short, "greg", start());
    assert!(
        !meeting.is_forgotten(start() + TimeDelta::hours(23)),
        "a long lunch does not end it"
    );
    assert!(
        meeting.is_forgotten(start() + TimeDelta::hours(24)),
        "a day does"
    );
}

/// An id for a draft.
fn id_of(number: u8) -> String {
    format!("0198f2a4-0000-7000-8000-{number:012}")
}

/// Keeps a draft at a seat.
fn draft(meeting: &mut Meeting, by: &Seat, id: &str, text: &str) -> Result<Effect, Refused> {
    let draft = Draft {
        id: id.into(),
        text: text.into(),
        kind: FindingKind::Hindered,
    };
    meeting.act(by, MeetingAct::Draft { draft }, start())
}

/// A meeting in which findings are written silently.
fn silent() -> Meeting {
    let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
    meeting
        .act(&host(), MeetingAct::BeginSilent, start())
        .expect("the facilitator begins");
    meeting
}

#[test]
fn a_draft_without_words_is_not_kept() {
    let mut meeting = silent();
    let id = id_of(1);
    assert_eq!(
        draft(&mut meeting, &host(), &id, ""),
        Ok(Effect::Nothing),
        "there is nothing to keep"
    );
    draft(&mut meeting, &host(), &id, "Nobody was told").expect("a draft");
    for expected in [Effect::Keep, Effect::Nothing] {
        assert_eq!(
            draft(&mut meeting, &host(), &id, ""),
            Ok(expected),
            "taken out twice is taken out once"
        );
        assert!(meeting.drafts.is_empty(), "no empty line is left of it");
    }
    for id in ["", "d1", "0198f2a4-0000-7000-8000-00000000000g"] {
        assert!(
            draft(&mut meeting, &host(), id, "Nobody was told").is_err(),
            "{id} is no id of a draft"
        );
    }
}

#[test]
fn the_room_keeps_so_many_drafts_and_no_more() {
    let mut meeting = silent();
    let seat = |number: usize| Seat {
        key: format!("place {number}"),
        ..host()
    };
    let id = |number: usize| format!("0198f2a4-0000-7000-8000-{number:012}");
    for number in 0..ALL_DRAFTS {
        draft(&mut meeting, &seat(number / DRAFTS), &id(number), "Late").expect("there is room");
    }
    assert!(
        draft(&mut meeting, &seat(ALL_DRAFTS), &id(ALL_DRAFTS), "Late").is_err(),
        "nobody fills the record, from however many places"
    );
    draft(&mut meeting, &seat(0), &id(0), "Too late").expect("what is there can be changed");
    draft(&mut meeting, &seat(0), &id(0), "").expect("and taken out");
    draft(&mut meeting, &seat(ALL_DRAFTS), &id(ALL_DRAFTS), "Late").expect("which makes room");
}

#[test]
fn a_place_that_is_nobodys_has_neither_voted_nor_answered() {
    let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
    for act in [MeetingAct::BeginVoting { each: 2 }, MeetingAct::Ask] {
        meeting.act(&host(), act, start()).expect("he leads");
    }
    for key in ["old phone", "new phone", "laptop"] {
        let seat = Seat {
            key: key.into(),
            host: false,
            ..host()
        };
        let vote = MeetingAct::Vote {
            row: "f1".into(),
            on: true,
        };
        for act in [vote, MeetingAct::Answer { yes: true }] {
            meeting.act(&seat, act, start()).expect("all may");
        }
    }
    assert!(meeting.forget_seat("old phone"), "something was forgotten");
    assert!(!meeting.forget_seat("old phone"), "once");
    let counts = |meeting: &Meeting| {
        let view = meeting.view(&host(), "Greg", start());
        (
            view.voting.map(|voting| voting.voters),
            view.question.map(|question| question.answered),
        )
    };
    assert_eq!(
        counts(&meeting),
        (Some(2), Some(2)),
        "one person with two phones is counted once"
    );
    meeting
        .act(&host(), MeetingAct::EndVoting, start())
        .expect("he leads");
    meeting.forget_seat("laptop");
    let voting = meeting.view(&host(), "Greg", start()).voting;
    let voting = voting.expect("there was a vote");
    assert_eq!(
        (voting.voters, voting.tallies.get("f1")),
        (2, Some(&2)),
        "what the room has seen counted stays"
    );
    meeting.end(start());
    assert!(
        !meeting.forget_seat("new phone"),
        "after the end there is nobody to forget"
    );
}

#[test]
fn the_result_of_one_persons_votes_is_shown_to_nobody() {
    for voters in [1, 2] {
        let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
        let mut ask = |key: &str, act| {
            let seat = Seat {
                key: key.into(),
                ..host()
            };
            meeting.act(&seat, act, start()).expect("he leads");
        };
        ask("greg", MeetingAct::BeginVoting { each: 2 });
        for voter in 0..voters {
            let row = "f1".into();
            ask(
                &format!("place {voter}"),
                MeetingAct::Vote { row, on: true },
            );
        }
        ask("greg", MeetingAct::EndVoting);
        let voting = meeting.view(&host(), "Greg", start()).voting;
        let voting = voting.expect("there was a vote");
        assert_eq!(
            (voting.voters, voting.tallies.get("f1").copied()),
            (voters, (voters > 1).then_some(voters)),
            "with {voters} voting, the result names nobody"
        );
    }
}

#[test]
fn the_lead_goes_to_somebody_who_has_come() {
    let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
    let to_cathy = || MeetingAct::HandOver { to: "cathy".into() };
    let refused = meeting.act(&host(), to_cathy(), start());
    assert!(
        matches!(&refused, Err(Refused::Invalid(why)) if why.contains("not come yet")),
        "nobody would lead, and she could not come in any more: {refused:?}"
    );
    let cathy = Seat {
        person: "cathy".into(),
        key: "her place".into(),
        host: false,
        ..host()
    };
    meeting
        .act(&cathy, MeetingAct::Arrive, start())
        .expect("she comes");
    meeting
        .act(&host(), to_cathy(), start())
        .expect("now she can lead");
    assert_eq!(meeting.facilitator, "cathy", "and does");
}

fn acts() -> impl Strategy<Value = MeetingAct> {
    let draft = |id: u8, text: String| Draft {
        id: id_of(id % 4),
        text,
        kind: FindingKind::Hindered,
    };
    prop_oneof![
        (0..5_u32, 0..5_u32).prop_map(|(from, to)| MeetingAct::Go { from, to }),
        (0..4_u32).prop_map(|index| MeetingAct::Prompt { index }),
        (0..2_000_u32, 0..5_u32).prop_map(|(seconds, from)| MeetingAct::Borrow { seconds, from }),
        (0..5_u32, any::<bool>()).prop_map(|(stage, skip)| MeetingAct::Skip { stage, skip }),
        (0..5_u32, "[a-z]{0,4}", 0..2_000_u32).prop_map(|(after, name, seconds)| {
            MeetingAct::AddStage {
                after,
                name,
                seconds,
                captures: "findings".into(),
            }
        }),
        (0..5_u32, 0..5_u32).prop_map(|(stage, to)| MeetingAct::MoveStage { stage, to }),
        Just(MeetingAct::BeginSilent),
        Just(MeetingAct::Reveal),
        (any::<u8>(), "[a-z]{0,5}").prop_map(move |(id, text)| MeetingAct::Draft {
            draft: draft(id, text)
        }),
        (0..5_u32).prop_map(|each| MeetingAct::BeginVoting { each }),
        Just(MeetingAct::EndVoting),
        ("[a-c]", any::<bool>()).prop_map(|(row, on)| MeetingAct::Vote { row, on }),
        "[a-b]".prop_map(|to| MeetingAct::HandOver { to }),
        Just(MeetingAct::Arrive),
        Just(MeetingAct::TakeLead),
        any::<bool>().prop_map(|on| MeetingAct::Ready { on }),
        Just(MeetingAct::Ask),
        any::<bool>().prop_map(|yes| MeetingAct::Answer { yes }),
        Just(MeetingAct::End),
    ]
}

proptest! {
    /// Whatever is asked by whomever: the planned time of all stages changes only when a stage is added, a refusal leaves
    /// everything as it was, every draft is revealed once, and nobody but its author sees it before.
    #[test]
    fn any_sequence_of_acts_keeps_the_meeting_whole(
        asked in proptest::collection::vec((acts(), 0..3_usize, 0..500_i64), 0..60)
    ) {
        let people = ["greg", "a", "b"];
        let mut meeting = Meeting::open(&template(), MeetingLength::Usual, "greg", start());
        let mut now = start();
        for (act, who, seconds) in asked {
            now += TimeDelta::seconds(seconds);
            let by = Seat { person: people[who].into(),
                key: people[who].into(), granted: RoomRight::Editor, host: who == 0 };
            let before = meeting.clone();
            let adds = matches!(act, MeetingAct::AddStage { .. });
            let planned = |meeting: &Meeting| meeting.stages.iter().map(|stage| stage.planned).sum::<u32>();
            match meeting.act(&by, act.clone(), now) {
                Err(_) => prop_assert_eq!(&meeting, &before, "a refusal of {:?} changes nothing", act),
                Ok(Effect::Nothing) => prop_assert_eq!(&meeting, &before, "nothing is nothing: {:?}", act),
                Ok(Effect::Keep) => {
                    prop_assert!(meeting.revision > before.revision, "every change has a number: {:?}", act);
                    if !adds {
                        prop_assert_eq!(planned(&meeting), planned(&before), "no minute comes from nowhere: {:?}", act);
                    }
                    let waiting = |meeting: &Meeting| -> Vec<(String, String)> {
                        let drafts = meeting.drafts.iter().map(|(_, draft)| draft);
                        drafts.filter(|draft| !draft.text.trim().is_empty()).map(|draft| (draft.id.clone(), draft.text.clone())).collect()
                    };
                    if before.silent && !meeting.silent {
                        let shown: Vec<_> = meeting.pending[before.pending.len()..].iter().map(|draft| (draft.id.clone(), draft.text.clone())).collect();
                        prop_assert_eq!(shown, waiting(&before), "at the reveal each draft is shown once, with its last words");
                        prop_assert!(meeting.drafts.is_empty(), "and who wrote it is forgotten");
                    } else {
                        prop_assert_eq!(&meeting.pending, &before.pending, "nothing is shown before: {:?}", act);
                    }
                    let written = meeting.pending.iter().map(|draft| draft.id.clone()).collect();
                    if seconds % 2 == 0 {
                        meeting.settle(&written, true);
                        prop_assert!(!meeting.is_unsettled(), "what is in the document is left to nobody");
                    }
                }
            }
            prop_assert!((meeting.at as usize) < meeting.stages.len(), "the room is in some stage");
            for person in people {
                let seat = Seat { person: person.into(),
                    key: person.into(), granted: RoomRight::Editor, host: person == "greg" };
                let view = meeting.view(&seat, "Greg", now);
                let mine = meeting.drafts.iter().filter(|(author, _)| author == person).count();
                prop_assert_eq!(view.silent.map_or(0, |silent| silent.mine.len()), if meeting.silent { mine } else { 0 }, "one sees one's own drafts alone");
                prop_assert_eq!(view.cockpit.is_some(), meeting.facilitator == person, "notes are for whoever leads");
            }
        }
    }
}
