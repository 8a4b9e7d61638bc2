//! What each participant sees of a meeting.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    COUNTED, CockpitView, Meeting, MeetingView, QuestionView, RoomRight, Seat, SilentView,
    VotingView, count, voters,
};

impl Meeting {
    /// The meeting as somebody sees it: nothing of what others wrote silently, whom they voted for, or noted. `host_name` is
    /// what whoever sits at the computer that holds it is called.
    pub fn view(&self, by: &Seat, host_name: &str, now: DateTime<Utc>) -> MeetingView {
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
            host_name: host_name.to_owned(),
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
                    .filter(|(author, _)| *author == by.key)
                    .map(|(_, draft)| draft.clone())
                    .collect(),
            }),
            voting: self.voting.as_ref().map(|voting| VotingView {
                // A result of one vote names whose it is.
                tallies: if voting.voters > 1 {
                    voting.tallies.clone()
                } else {
                    BTreeMap::new()
                },
                each: voting.each,
                open: voting.open,
                mine: voting
                    .votes
                    .get(&by.key)
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect(),
                voters: if voting.open {
                    voters(&voting.votes)
                } else {
                    voting.voters
                },
            }),
            question: self.question.as_ref().map(|question| {
                let (yes, no) = if self.is_open() {
                    question.counts()
                } else {
                    (question.yes, question.no)
                };
                let answered = yes + no;
                // A count of one or two names them.
                let told = answered as usize >= COUNTED;
                QuestionView {
                    answered,
                    yes: if told { yes } else { 0 },
                    no: if told { no } else { 0 },
                    mine: question.answers.get(&by.key).copied(),
                }
            }),
            hint: self.hint.clone(),
            cockpit: leads.then(|| CockpitView {
                notes: self.notes.get(&by.key).cloned().unwrap_or_default(),
                heard: self.heard.iter().cloned().collect(),
            }),
        }
    }
}
