//! What each participant sees of a meeting.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    CockpitView, Meeting, MeetingView, QuestionView, RoomRight, Seat, SilentView, VotingView,
};
use crate::postmortem::RowId;

impl Meeting {
    /// The meeting as somebody sees it: nothing of what others wrote silently, whom they voted for, or noted.
    pub fn view(&self, by: &Seat, now: DateTime<Utc>) -> MeetingView {
        let right = self.right_of(&by.person, by.granted);
        let leads = right == RoomRight::Facilitator;
        MeetingView {
            revision: self.revision,
            now,
            started_at: self.started_at,
            ended_at: self.ended_at,
            facilitator: self.facilitator.clone(),
            me: by.person.clone(),
            right,
            host: by.host,
            stages: self.stages.clone(),
            at: self.at,
            since: self.since,
            prompt: self.prompt,
            locked: self.locked,
            present: self.present.iter().cloned().collect(),
            ready: self.ready.iter().cloned().collect(),
            silent: self.silent.then(|| SilentView {
                written: count(self.drafts.len()),
                mine: self
                    .drafts
                    .iter()
                    .filter(|(author, _)| *author == by.person)
                    .map(|(_, draft)| draft.clone())
                    .collect(),
            }),
            voting: self.voting.as_ref().map(|voting| {
                let mut tallies: BTreeMap<RowId, u32> = BTreeMap::new();
                for row in voting.votes.values().flatten().filter(|_| !voting.open) {
                    *tallies.entry(row.clone()).or_default() += 1;
                }
                VotingView {
                    each: voting.each,
                    open: voting.open,
                    mine: voting
                        .votes
                        .get(&by.person)
                        .into_iter()
                        .flatten()
                        .cloned()
                        .collect(),
                    voters: count(
                        voting
                            .votes
                            .values()
                            .filter(|rows| !rows.is_empty())
                            .count(),
                    ),
                    tallies,
                }
            }),
            question: self.question.as_ref().map(|answers| QuestionView {
                yes: count(answers.values().filter(|yes| **yes).count()),
                no: count(answers.values().filter(|yes| !**yes).count()),
                mine: answers.get(&by.person).copied(),
            }),
            hint: self.hint.clone(),
            cockpit: leads.then(|| CockpitView {
                notes: self.notes.clone(),
                heard: self.heard.iter().cloned().collect(),
            }),
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
