//! What is somebody's own until all of it is shown: what they write silently, and their votes.

use super::act::{Effect, Refused, invalid};
use super::{ALL_DRAFTS, DRAFT, DRAFTS, Draft, Meeting, WORD};
use crate::postmortem::RowId;

/// Whether an id has the form of a UUID.
fn is_uuid(id: &str) -> bool {
    let of_one = |letter: u8| letter == b'-' || letter.is_ascii_hexdigit();
    id.len() == 36 && id.bytes().all(of_one)
}

impl Meeting {
    pub(super) fn keep_draft(&mut self, me: String, draft: Draft) -> Result<Effect, Refused> {
        if !self.silent {
            return Err(invalid(
                "Silent writing is over. Add it to the findings instead.",
            ));
        }
        if !is_uuid(&draft.id) {
            return Err(invalid("There is no such draft of yours."));
        }
        if draft.text.chars().count() > DRAFT {
            return Err(invalid(format!(
                "A finding has at most {DRAFT} characters."
            )));
        }
        let known = self.drafts.iter().position(|(_, kept)| kept.id == draft.id);
        match known {
            Some(at) if self.drafts.get(at).is_none_or(|(author, _)| *author != me) => {
                return Err(invalid("There is no such draft of yours."));
            }
            Some(at) if draft.text.is_empty() => drop(self.drafts.remove(at)),
            Some(at) => {
                if let Some((_, kept)) = self.drafts.get_mut(at) {
                    *kept = draft;
                }
            }
            // Taken out twice, or never written: there is nothing to keep.
            None if draft.text.is_empty() => return Ok(Effect::Nothing),
            None if self
                .drafts
                .iter()
                .filter(|(author, _)| *author == me)
                .count()
                >= DRAFTS =>
            {
                return Err(invalid(format!(
                    "You have {DRAFTS} findings waiting; that is as many as are kept."
                )));
            }
            None if self.drafts.len() >= ALL_DRAFTS => {
                return Err(invalid(format!(
                    "{ALL_DRAFTS} findings wait in this room; that is as many as are kept. Ask the facilitator to show them."
                )));
            }
            None => self.drafts.push((me, draft)),
        }
        Ok(Effect::Keep)
    }

    pub(super) fn vote(&mut self, me: String, row: RowId, on: bool) -> Result<Effect, Refused> {
        let Some(voting) = self.voting.as_mut().filter(|voting| voting.open) else {
            return Err(invalid("No votes are taken now."));
        };
        if row.is_empty() || row.len() > WORD {
            return Err(invalid("There is no such finding."));
        }
        let mine = voting.votes.entry(me).or_default();
        if on && !mine.contains(&row) && mine.len() >= voting.each as usize {
            return Err(invalid(format!(
                "You have {} votes. Take one back first.",
                voting.each
            )));
        }
        let changed = if on {
            mine.insert(row)
        } else {
            mine.remove(&row)
        };
        Ok(if changed {
            Effect::Keep
        } else {
            Effect::Nothing
        })
    }
}
