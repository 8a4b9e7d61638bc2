//! The state of a review meeting: its stages, its clock, who leads it, what is being written silently, votes. It is no part
//! of the document, for it must not outlive the meeting; the computer that holds the meeting keeps it, changes it when
//! somebody with the right asks for it, and shows each participant what they may see ([`MeetingView`]).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::{FindingKind, PersonId, RowId};
use crate::template::Template;

mod act;
mod own;
mod view;

pub use act::{Effect, MeetingAct, Refused, Seat};

/// A meeting that nobody has touched for so long has ended by itself.
pub const FORGOTTEN: TimeDelta = TimeDelta::days(1);
/// Stages that a meeting may have.
pub const STAGES: usize = 20;
/// Seconds that a stage may have.
pub const LONGEST: u32 = 8 * 3600;
/// Drafts of one person that wait for the reveal.
pub const DRAFTS: usize = 30;
/// Drafts of all together that wait for the reveal: every change of the meeting is kept with all of them.
pub const ALL_DRAFTS: usize = 1_000;
/// Answers from which on counts tell of nobody in particular.
pub const COUNTED: usize = 3;
/// Characters of a draft.
pub const DRAFT: usize = 2_000;
/// Bytes of the facilitator's notes.
pub const NOTES: usize = 256 * 1024;
/// Bytes of an id.
const WORD: usize = 200;
/// Votes that each may have.
pub const VOTES: u32 = 10;

/// What somebody may do in a room. (What somebody was in the incident is a *review role*.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoomRight {
    /// Reads along.
    Viewer,
    /// Writes.
    Editor,
    /// Leads the meeting.
    Facilitator,
}

/// How long a whole meeting is to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MeetingLength {
    /// 30 minutes.
    Short,
    /// 60 minutes.
    #[default]
    Usual,
    /// 90 minutes.
    Long,
}

/// One stage of a running meeting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MeetingStage {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// What is captured in it: `impact`, `timeline`, `findings`, `actions`, `parking` or nothing.
    pub captures: String,
    /// What the facilitator asks.
    pub prompts: Vec<String>,
    /// Seconds it may take, what was borrowed or lent included.
    pub planned: u32,
    /// Seconds that it has taken so far, without the stretch that runs now.
    pub used: u32,
    /// It is left out.
    pub skipped: bool,
}

/// Something written silently, which nobody else sees before the reveal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Chosen by whoever writes it: a UUID.
    pub id: RowId,
    /// One sentence.
    pub text: String,
    /// What it did to the outcome.
    pub kind: FindingKind,
}

/// A few votes for what to talk about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Voting {
    /// Votes that each has.
    pub each: u32,
    /// Votes are taken.
    pub open: bool,
    /// Who voted for what, as long as the meeting goes on. It never leaves the computer that holds the meeting.
    pub votes: BTreeMap<String, BTreeSet<RowId>>,
    /// Votes of each row, counted when the last of them was taken.
    pub tallies: BTreeMap<RowId, u32>,
    /// How many had voted by then.
    pub voters: u32,
}

/// The question to the room at the end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Who said yes and who no, as long as the meeting goes on.
    pub answers: BTreeMap<String, bool>,
    /// Who said yes, counted at the end.
    pub yes: u32,
    /// Who said no, counted at the end.
    pub no: u32,
}

/// A wording hint that the facilitator shows to the room on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ShownHint {
    /// The finding, event or action item.
    pub row: RowId,
    /// The words that it is about.
    pub words: String,
    /// What to write or ask instead.
    pub instead: String,
}

/// A review meeting, as the computer that holds it keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// Rises with every change.
    pub revision: u64,
    /// When it was opened.
    pub started_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// When it was changed last.
    pub touched_at: DateTime<Utc>,
    /// Who leads it; empty while nobody has said who they are.
    pub facilitator: PersonId,
    /// The stages in order.
    pub stages: Vec<MeetingStage>,
    /// The stage that the room is in, from 0.
    pub at: u32,
    /// Since when it has been in that stage.
    pub since: DateTime<Utc>,
    /// The prompt of the stage that is shown, from 0.
    pub prompt: u32,
    /// Nobody else may join.
    pub locked: bool,
    /// Who has come.
    pub present: BTreeSet<PersonId>,
    /// Who has said that they are ready to go on.
    pub ready: BTreeSet<PersonId>,
    /// Findings are written silently.
    pub silent: bool,
    /// What was written silently, by whose [`Seat::key`].
    pub drafts: Vec<(String, Draft)>,
    /// What was shown to all and is not known to be in the document yet; who wrote it is forgotten.
    pub pending: Vec<Draft>,
    /// It has ended and the document does not tell of it yet.
    pub untold: bool,
    /// Votes, when there are any.
    pub voting: Option<Voting>,
    /// The question to the room at the end; absent until it is asked.
    pub question: Option<Question>,
    /// A wording hint that is shown to the room.
    pub hint: Option<ShownHint>,
    /// Private notes of whoever led it.
    pub notes: BTreeMap<String, String>,
    /// Who has been heard, as far as the facilitator has marked it.
    pub heard: BTreeSet<PersonId>,
}

/// A meeting as one participant sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeetingView {
    /// Rises with every change.
    pub revision: u64,
    /// Now, by the clock of the computer that holds the meeting: every other time here is of that clock.
    #[ts(type = "string")]
    pub now: DateTime<Utc>,
    /// When it was opened.
    #[ts(type = "string")]
    pub started_at: DateTime<Utc>,
    /// When it was ended.
    #[ts(type = "string | null")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Who leads it.
    pub facilitator: PersonId,
    /// Who I am.
    pub me: PersonId,
    /// What I may do.
    pub right: RoomRight,
    /// This is the computer that holds the meeting.
    pub host: bool,
    /// What whoever sits at that computer is called; empty when they have not said who they are.
    pub host_name: String,
    /// The stages in order.
    pub stages: Vec<MeetingStage>,
    /// The stage that the room is in, from 0.
    pub at: u32,
    /// Since when it has been in that stage: its clock shows `used` and what has passed since.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// The prompt of the stage that is shown, from 0.
    pub prompt: u32,
    /// Nobody else may join.
    pub locked: bool,
    /// Who has come since it was opened.
    pub present: Vec<PersonId>,
    /// Who has said that they are ready to go on.
    pub ready: Vec<PersonId>,
    /// Silent writing, while it goes on.
    pub silent: Option<SilentView>,
    /// Votes, when there are any.
    pub voting: Option<VotingView>,
    /// The question to the room, once it is asked.
    pub question: Option<QuestionView>,
    /// A wording hint that is shown to the room.
    pub hint: Option<ShownHint>,
    /// What the facilitator alone sees.
    pub cockpit: Option<CockpitView>,
}

/// Silent writing as one participant sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SilentView {
    /// How many findings wait for the reveal, all of them.
    pub written: u32,
    /// My own.
    pub mine: Vec<Draft>,
}

/// Votes as one participant sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VotingView {
    /// Votes that each has.
    pub each: u32,
    /// Votes are taken.
    pub open: bool,
    /// What I voted for.
    pub mine: Vec<RowId>,
    /// How many have voted.
    pub voters: u32,
    /// Votes of each row; empty as long as votes are taken, so that nobody follows the others, and
    /// when one person alone has voted.
    pub tallies: BTreeMap<RowId, u32>,
}

/// The question to the room as one participant sees it: counts, never names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuestionView {
    /// How many have answered.
    pub answered: u32,
    /// Who said yes; 0 as long as so few have answered that it would tell of somebody.
    pub yes: u32,
    /// Who said no; 0 likewise.
    pub no: u32,
    /// What I said.
    pub mine: Option<bool>,
}

/// What the facilitator alone sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CockpitView {
    /// Private notes.
    pub notes: String,
    /// Who has been heard, as far as it was marked.
    pub heard: Vec<PersonId>,
}

impl Meeting {
    /// Opens a meeting with a template's stages. A template without any gets one stage for all.
    pub fn open(
        template: &Template,
        length: MeetingLength,
        facilitator: &str,
        now: DateTime<Utc>,
    ) -> Self {
        let length = length as usize;
        let mut stages: Vec<MeetingStage> = template
            .stages
            .iter()
            .take(STAGES)
            .map(|stage| MeetingStage {
                id: stage.id.clone(),
                name: stage.name.clone(),
                captures: stage.captures.clone(),
                prompts: stage.prompts.clone(),
                planned: (stage
                    .minutes
                    .get(length)
                    .copied()
                    .unwrap_or_default()
                    .saturating_mul(60))
                .min(LONGEST),
                ..MeetingStage::default()
            })
            .collect();
        if stages.is_empty() {
            stages.push(MeetingStage {
                id: "review".into(),
                name: "Review".into(),
                captures: "findings".into(),
                planned: [30, 60, 90].get(length).copied().unwrap_or(60) * 60,
                ..MeetingStage::default()
            });
        }
        Self {
            revision: 1,
            started_at: now,
            ended_at: None,
            touched_at: now,
            facilitator: facilitator.to_owned(),
            stages,
            at: 0,
            since: now,
            prompt: 0,
            locked: false,
            present: BTreeSet::from([facilitator.to_owned()]),
            ready: BTreeSet::new(),
            silent: false,
            drafts: Vec::new(),
            pending: Vec::new(),
            untold: false,
            voting: None,
            question: None,
            hint: None,
            notes: BTreeMap::new(),
            heard: BTreeSet::new(),
        }
    }

    /// Whether it goes on.
    pub fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Whether it goes on although nobody has touched it for [`FORGOTTEN`].
    pub fn is_forgotten(&self, now: DateTime<Utc>) -> bool {
        self.is_open() && now - self.touched_at >= FORGOTTEN
    }

    /// What somebody who may write may do here: whoever leads is the facilitator.
    pub fn right_of(&self, person: &str, granted: RoomRight) -> RoomRight {
        if granted >= RoomRight::Editor && !person.is_empty() && self.facilitator == person {
            RoomRight::Facilitator
        } else {
            granted.min(RoomRight::Editor)
        }
    }

    /// Seconds that a stage has taken, the stretch that runs now included.
    pub fn used(&self, stage: usize, now: DateTime<Utc>) -> u32 {
        let before = self.stages.get(stage).map_or(0, |stage| stage.used);
        let running = self.at as usize == stage && self.is_open();
        before.saturating_add(if running { seconds(self.since, now) } else { 0 })
    }

    /// Whether something of it has to be written into the document.
    pub fn is_unsettled(&self) -> bool {
        self.untold || !self.pending.is_empty()
    }

    /// These findings, and whether the end was told of, are in the document now.
    pub fn settle(&mut self, written: &BTreeSet<RowId>, told: bool) {
        self.pending.retain(|draft| !written.contains(&draft.id));
        self.untold &= !told;
        self.revision += 1;
    }

    /// Ends it at a moment, and with it what was only for as long as it went on: of votes and answers the counts stay.
    pub fn end(&mut self, at: DateTime<Utc>) {
        let stage = self.at as usize;
        let used = self.used(stage, at);
        if let Some(stage) = self.stages.get_mut(stage) {
            stage.used = used;
        }
        self.ended_at = Some(at);
        self.since = at;
        self.ready.clear();
        self.hint = None;
        if let Some(voting) = &mut self.voting {
            voting.close();
            voting.votes.clear();
        }
        if let Some(question) = &mut self.question {
            (question.yes, question.no) = question.counts();
            question.answers.clear();
        }
        self.reveal();
        self.untold = true;
        self.revision += 1;
    }

    /// Ends it at the moment of the last change, when it was forgotten then. False when it was not.
    pub fn end_forgotten(&mut self, now: DateTime<Utc>) -> bool {
        let forgotten = self.is_forgotten(now);
        if forgotten {
            self.end(self.touched_at.max(self.since));
        }
        forgotten
    }

    /// Forgets what a place in the room has voted and answered, for nobody sits there any more: whoever comes in its stead
    /// votes and answers for themselves. What was counted already stays. False when there was nothing of it.
    pub fn forget_seat(&mut self, key: &str) -> bool {
        let voting = self.voting.as_mut().filter(|voting| voting.open);
        let voted = voting.is_some_and(|voting| voting.votes.remove(key).is_some());
        let asked = self.question.as_mut();
        let answered = asked.is_some_and(|question| question.answers.remove(key).is_some());
        let forgotten = voted || answered;
        if forgotten {
            self.revision += 1;
        }
        forgotten
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.revision += 1;
        self.touched_at = now;
    }

    /// Ends silent writing: what was written is for all, and who wrote it is forgotten.
    fn reveal(&mut self) {
        self.silent = false;
        let drafts = std::mem::take(&mut self.drafts);
        let drafts = drafts.into_iter().map(|(_, draft)| draft);
        self.pending
            .extend(drafts.filter(|draft| !draft.text.trim().is_empty()));
    }
}

impl Voting {
    /// Takes no more votes and counts them.
    fn close(&mut self) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        self.tallies.clear();
        for row in self.votes.values().flatten() {
            *self.tallies.entry(row.clone()).or_default() += 1;
        }
        self.voters = voters(&self.votes);
    }
}

impl Question {
    /// Who said yes and who no.
    fn counts(&self) -> (u32, u32) {
        let said = |wanted: bool| self.answers.values().filter(|yes| **yes == wanted).count();
        (count(said(true)), count(said(false)))
    }
}

fn voters(votes: &BTreeMap<String, BTreeSet<RowId>>) -> u32 {
    count(votes.values().filter(|rows| !rows.is_empty()).count())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whole seconds from one instant to another; a clock that was set back counts nothing.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from((to - from).num_seconds().max(0))
        .unwrap_or(u32::MAX)
        .min(10 * LONGEST)
}
