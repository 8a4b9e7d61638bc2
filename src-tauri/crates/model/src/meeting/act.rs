//! What somebody asks of a meeting, whether they may, and what it does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Draft, LONGEST, Meeting, MeetingStage, NOTES, RoomRight, STAGES, ShownHint, VOTES, Voting, WORD,
};
use crate::postmortem::{PersonId, RowId};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The person; empty for somebody who has not said who they are.
    pub person: PersonId,
    /// Whose silent words, votes, answers and notes are theirs: the person at the computer that holds the meeting, the guest's
    /// own place in the room elsewhere. Somebody who joins later under the same name has another one.
    pub key: String,
    /// What they may do at most; leading comes from the meeting.
    pub granted: RoomRight,
    /// They sit at the computer that holds the meeting: they may always take the lead back.
    pub host: bool,
}

/// What is asked. Stages are counted from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MeetingAct {
    /// Goes from one stage to another. When the room is no longer in `from`, nothing happens: two who press "next" at
    /// once go one stage on, not two.
    Go {
        /// The stage that the caller sees.
        from: u32,
        /// Where to.
        to: u32,
    },
    /// Shows another prompt of the stage.
    Prompt {
        /// Which, from 0.
        index: u32,
    },
    /// Gives the present stage more time, taken from a later one that is named.
    Borrow {
        /// Seconds.
        seconds: u32,
        /// The stage that lends.
        from: u32,
    },
    /// Leaves a stage out, or takes it in again.
    Skip {
        /// Which.
        stage: u32,
        /// Left out.
        skip: bool,
    },
    /// Adds a stage behind another.
    AddStage {
        /// The stage before it.
        after: u32,
        /// Its name.
        name: String,
        /// Seconds.
        seconds: u32,
        /// What is captured in it.
        captures: String,
    },
    /// Moves a stage that is still to come.
    MoveStage {
        /// Which.
        stage: u32,
        /// Where to.
        to: u32,
    },
    /// Lets nobody else join, or lets them again.
    Lock {
        /// Locked.
        on: bool,
    },
    /// Hands the lead to somebody.
    HandOver {
        /// Who leads from now on: somebody who has come.
        to: PersonId,
    },
    /// Takes the lead, at the computer that holds the meeting.
    TakeLead,
    /// Says that I have come.
    Arrive,
    /// Says that I am ready to go on, or not.
    Ready {
        /// Ready.
        on: bool,
    },
    /// Begins silent writing.
    BeginSilent,
    /// Ends silent writing and shows everything that was written.
    Reveal,
    /// Keeps a draft of mine; without a text it goes.
    Draft {
        /// The draft.
        draft: Draft,
    },
    /// Begins to take votes.
    BeginVoting {
        /// Votes that each has.
        each: u32,
    },
    /// Takes no more votes and shows the tallies.
    EndVoting,
    /// Votes for a row, or takes the vote back.
    Vote {
        /// The row.
        row: RowId,
        /// Voted for.
        on: bool,
    },
    /// Asks the room the question of the last stage.
    Ask,
    /// Answers it.
    Answer {
        /// Yes.
        yes: bool,
    },
    /// Shows a wording hint to the room, or none any more.
    ShowHint {
        /// The hint.
        hint: Option<ShownHint>,
    },
    /// Keeps the facilitator's private notes.
    Notes {
        /// All of them.
        text: String,
    },
    /// Marks somebody as heard, or not.
    Heard {
        /// Who.
        person: PersonId,
        /// Heard.
        on: bool,
    },
    /// Ends the meeting.
    End,
}

/// What an act has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changed.
    Nothing,
    /// The meeting is to be kept.
    Keep,
}

/// Why something is not done, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Whoever asks may not.
    Right(String),
    /// It cannot be done.
    Invalid(String),
}

pub(super) fn invalid(sentence: impl Into<String>) -> Refused {
    Refused::Invalid(sentence.into())
}

impl Meeting {
    /// Does what is asked, if the one who asks may.
    ///
    /// Errors: `Right`, `Invalid`; nothing has changed then.
    pub fn act(
        &mut self,
        by: &Seat,
        act: MeetingAct,
        now: DateTime<Utc>,
    ) -> Result<Effect, Refused> {
        if !self.is_open() {
            return Err(invalid("This meeting has ended."));
        }
        let right = self.right_of(&by.person, by.granted);
        let needed = match act {
            MeetingAct::Arrive => RoomRight::Viewer,
            MeetingAct::Ready { .. }
            | MeetingAct::Draft { .. }
            | MeetingAct::Vote { .. }
            | MeetingAct::Answer { .. } => RoomRight::Editor,
            MeetingAct::TakeLead if by.host => RoomRight::Editor,
            _ => RoomRight::Facilitator,
        };
        if by.person.is_empty() {
            return Err(Refused::Right("Say who you are first.".into()));
        }
        if right < needed {
            return Err(Refused::Right(if needed == RoomRight::Editor {
                "You read along in this meeting; the facilitator can let you write.".into()
            } else {
                "Only whoever facilitates this meeting can do that.".into()
            }));
        }
        let mut next = self.clone();
        let effect = next.apply(by, act, now)?;
        if effect == Effect::Nothing {
            return Ok(effect);
        }
        next.touch(now);
        *self = next;
        Ok(effect)
    }

    fn apply(&mut self, by: &Seat, act: MeetingAct, now: DateTime<Utc>) -> Result<Effect, Refused> {
        let me = by.person.clone();
        match act {
            MeetingAct::Go { from, to } => return self.go(from, to, now),
            MeetingAct::Prompt { index } => {
                let prompts = self
                    .stages
                    .get(self.at as usize)
                    .map_or(0, |stage| stage.prompts.len());
                if index as usize >= prompts {
                    return Err(invalid("This stage has no such prompt."));
                }
                self.prompt = index;
            }
            MeetingAct::Borrow { seconds, from } => self.borrow_time(seconds, from)?,
            MeetingAct::Skip { stage, skip } => {
                if stage == self.at {
                    return Err(invalid(
                        "The room is in this stage. Go on to another one first.",
                    ));
                }
                self.stage(stage)?.skipped = skip;
            }
            MeetingAct::AddStage {
                after,
                name,
                seconds,
                captures,
            } => self.add_stage(after, &name, seconds, captures)?,
            MeetingAct::MoveStage { stage, to } => {
                let coming = |index: u32| index > self.at && (index as usize) < self.stages.len();
                if !coming(stage) || !coming(to) {
                    return Err(invalid("Only stages that are still to come change places."));
                }
                let moved = self.stages.remove(stage as usize);
                self.stages.insert(to as usize, moved);
            }
            MeetingAct::Lock { on } => self.locked = on,
            MeetingAct::HandOver { to } => {
                if to.is_empty() || to.len() > WORD {
                    return Err(invalid("Name the person who is to facilitate."));
                }
                // A name that leads is kept from every page that was not its before.
                if !self.present.contains(&to) {
                    return Err(invalid(
                        "They have not come yet. Hand over once they are here.",
                    ));
                }
                self.facilitator = to;
            }
            MeetingAct::TakeLead => {
                if !by.host {
                    return Err(Refused::Right(
                        "Only the computer that holds the meeting can take the lead back.".into(),
                    ));
                }
                self.facilitator = me;
            }
            MeetingAct::Arrive => {
                if !self.present.insert(me) {
                    return Ok(Effect::Nothing);
                }
            }
            MeetingAct::Ready { on } => {
                if !(if on {
                    self.ready.insert(me)
                } else {
                    self.ready.remove(&me)
                }) {
                    return Ok(Effect::Nothing);
                }
            }
            MeetingAct::BeginSilent => {
                if self.silent {
                    return Ok(Effect::Nothing);
                }
                self.silent = true;
                self.ready.clear();
            }
            MeetingAct::Reveal => {
                if !self.silent {
                    return Ok(Effect::Nothing);
                }
                self.ready.clear();
                self.reveal();
            }
            MeetingAct::Draft { draft } => return self.keep_draft(by.key.clone(), draft),
            MeetingAct::BeginVoting { each } => {
                if each == 0 || each > VOTES {
                    return Err(invalid(format!("Each can have 1 to {VOTES} votes.")));
                }
                self.voting = Some(Voting {
                    each,
                    open: true,
                    ..Voting::default()
                });
            }
            MeetingAct::EndVoting => match &mut self.voting {
                Some(voting) if voting.open => voting.close(),
                _ => return Ok(Effect::Nothing),
            },
            MeetingAct::Vote { row, on } => return self.vote(by.key.clone(), row, on),
            MeetingAct::Ask => {
                self.question.get_or_insert_default();
            }
            MeetingAct::Answer { yes } => match &mut self.question {
                Some(question) => drop(question.answers.insert(by.key.clone(), yes)),
                None => return Err(invalid("The question has not been asked yet.")),
            },
            MeetingAct::ShowHint { hint } => {
                let long = |hint: &ShownHint| {
                    hint.row.len() > WORD || hint.words.len() > 500 || hint.instead.len() > 1_000
                };
                if hint.as_ref().is_some_and(long) {
                    return Err(invalid("This hint is too long to be shown."));
                }
                self.hint = hint;
            }
            MeetingAct::Notes { text } => {
                if text.len() > NOTES {
                    return Err(invalid("The notes are too long: at most 256 kB are kept."));
                }
                self.notes.insert(by.key.clone(), text);
            }
            MeetingAct::Heard { person, on } => {
                if person.len() > WORD || (on && self.heard.len() > 1_000) {
                    return Err(invalid("There is no such person here."));
                }
                if !(if on {
                    self.heard.insert(person)
                } else {
                    self.heard.remove(&person)
                }) {
                    return Ok(Effect::Nothing);
                }
            }
            MeetingAct::End => self.end(now),
        }
        Ok(Effect::Keep)
    }

    fn stage(&mut self, index: u32) -> Result<&mut MeetingStage, Refused> {
        self.stages
            .get_mut(index as usize)
            .ok_or_else(|| invalid("This meeting has no such stage."))
    }

    fn go(&mut self, from: u32, to: u32, now: DateTime<Utc>) -> Result<Effect, Refused> {
        if from != self.at || to == self.at {
            return Ok(Effect::Nothing);
        }
        self.stage(to)?.skipped = false;
        let used = self.used(self.at as usize, now);
        self.stage(from)?.used = used;
        self.at = to;
        self.since = now;
        self.prompt = 0;
        self.ready.clear();
        self.hint = None;
        if self.silent {
            // What was written silently belongs to the stage that ends.
            self.reveal();
        }
        Ok(Effect::Keep)
    }

    fn borrow_time(&mut self, seconds: u32, from: u32) -> Result<(), Refused> {
        if seconds == 0 || seconds > LONGEST {
            return Err(invalid("Say how many minutes more."));
        }
        if from <= self.at {
            return Err(invalid(
                "Time is borrowed from a stage that is still to come.",
            ));
        }
        let lender = self.stage(from)?;
        if lender.skipped || lender.planned < seconds {
            let left = lender.planned / 60;
            return Err(invalid(format!(
                "“{}” has {left} min left to lend.",
                lender.name
            )));
        }
        lender.planned -= seconds;
        let at = self.at;
        let stage = self.stage(at)?;
        stage.planned = stage.planned.saturating_add(seconds);
        Ok(())
    }

    fn add_stage(
        &mut self,
        after: u32,
        name: &str,
        seconds: u32,
        captures: String,
    ) -> Result<(), Refused> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(invalid("Give the stage a name of at most 100 characters."));
        }
        if self.stages.len() >= STAGES {
            return Err(invalid(format!("A meeting has at most {STAGES} stages.")));
        }
        if seconds > LONGEST {
            return Err(invalid("A stage is at most eight hours long."));
        }
        if after < self.at || after as usize >= self.stages.len() {
            return Err(invalid(
                "A new stage goes behind the one that the room is in.",
            ));
        }
        if !["", "impact", "timeline", "findings", "actions", "parking"]
            .contains(&captures.as_str())
        {
            return Err(invalid(
                "A stage captures impact, timeline, findings, actions, parking, or nothing.",
            ));
        }
        let mut id = crate::template::slug(name);
        while id.is_empty() || self.stages.iter().any(|stage| stage.id == id) {
            id.push_str("-2");
        }
        let stage = MeetingStage {
            id,
            name: name.to_owned(),
            captures,
            planned: seconds,
            ..MeetingStage::default()
        };
        self.stages.insert(after as usize + 1, stage);
        Ok(())
    }
}
