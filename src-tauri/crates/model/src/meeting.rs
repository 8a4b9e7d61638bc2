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
mod view;

pub use act::{Effect, MeetingAct, Refused, Seat};

/// A meeting that nobody has touched for so long has ended by itself.
pub const FORGOTTEN: TimeDelta = TimeDelta::days(1);
/// Stages that a meeting may have.
pub const STAGES: usize = 20;
/// Seconds that a stage may have.
pub const LONGEST: u32 = 8 * 3600;
/// Drafts that wait for the reveal.
pub const DRAFTS: usize = 500;
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
    /// It is to carry no name.
    pub anonymous: bool,
}

/// A few votes for what to talk about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Voting {
    /// Votes that each has.
    pub each: u32,
    /// Votes are taken.
    pub open: bool,
    /// Who voted for what. It never leaves the computer that holds the meeting.
    pub votes: BTreeMap<PersonId, BTreeSet<RowId>>,
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
    /// What was written silently, by whom.
    pub drafts: Vec<(PersonId, Draft)>,
    /// Votes, when there are any.
    pub voting: Option<Voting>,
    /// The question to the room at the end: who said yes and who no; absent until it is asked.
    pub question: Option<BTreeMap<PersonId, bool>>,
    /// A wording hint that is shown to the room.
    pub hint: Option<ShownHint>,
    /// The facilitator's private notes.
    pub notes: String,
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
    /// Votes of each row; empty as long as votes are taken, so that nobody follows the others.
    pub tallies: BTreeMap<RowId, u32>,
}

/// The question to the room as one participant sees it: counts, never names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct QuestionView {
    /// Who said yes.
    pub yes: u32,
    /// Who said no.
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
            voting: None,
            question: None,
            hint: None,
            notes: String::new(),
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

    /// Ends it, and with it what was only for as long as it went on. Returns what waits for the reveal, if anything.
    pub fn end(&mut self, now: DateTime<Utc>) -> Vec<Draft> {
        let at = self.at as usize;
        let used = self.used(at, now);
        if let Some(stage) = self.stages.get_mut(at) {
            stage.used = used;
        }
        self.ended_at = Some(now);
        self.since = now;
        self.silent = false;
        self.ready.clear();
        self.hint = None;
        if let Some(voting) = &mut self.voting {
            voting.open = false;
        }
        self.touch(now);
        self.reveal()
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.revision += 1;
        self.touched_at = now;
    }

    /// Takes out what was written silently; who wrote it is forgotten.
    fn reveal(&mut self) -> Vec<Draft> {
        let drafts = std::mem::take(&mut self.drafts);
        drafts
            .into_iter()
            .map(|(_, draft)| draft)
            .filter(|draft| !draft.text.trim().is_empty())
            .collect()
    }
}

/// Whole seconds from one instant to another; a clock that was set back counts nothing.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from((to - from).num_seconds().max(0))
        .unwrap_or(u32::MAX)
        .min(10 * LONGEST)
}
