//! What short ids and names from the command line stand for, and how values are said there.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::directory::Directory;
use model::postmortem::{DocId, Postmortem, RowId};
use store::Resolved;

use crate::bounds;
use crate::describe;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;

pub use crate::describe::word;

/// The postmortem that an id, or a beginning that only one has, names.
pub fn find_postmortem(api: &Api, id: &str) -> Result<DocId, ApiError> {
    bounds::text("id", id, bounds::WORD)?;
    Ok(one("postmortem", id, api.store().resolve_postmortem(id)?)?.0)
}

/// The action item that an id, or a beginning that only one has, names: its postmortem and its row. `DOC/A3` names it by
/// its postmortem and its number.
pub fn find_action(api: &Api, id: &str) -> Result<(DocId, RowId), ApiError> {
    bounds::text("id", id, bounds::WORD)?;
    if let Some((doc, number)) = id.split_once('/') {
        return numbered_action(api, &find_postmortem(api, doc)?, number);
    }
    let found = api.store().resolve_action(id)?;
    // Rows are told apart within their postmortem alone: a copy of a postmortem has the same ones.
    if let Resolved::Many(_) = found {
        let shown = describe::shortened(id, 60);
        return Err(ApiError::new(
            ErrorCode::Invalid,
            format!(
                "“{shown}” could be any of several action items: give more of the id, or write DOC/A3."
            ),
        ));
    }
    one("action item", id, found)
}

fn numbered_action(api: &Api, doc: &str, number: &str) -> Result<(DocId, RowId), ApiError> {
    let snapshot = api.snapshot(doc)?;
    let wanted = number.to_lowercase();
    let by_number = wanted.trim_start_matches('a').parse::<u32>().ok();
    let found = snapshot
        .actions
        .iter()
        .find(|action| action.id == wanted || (by_number.is_some() && action.number == by_number));
    match found {
        Some(action) => Ok((doc.to_owned(), action.id.clone())),
        None => Err(ApiError::not_found(format!(
            "There is no action item {} in that postmortem.",
            describe::shortened(number, 60)
        ))),
    }
}

/// An instant in a postmortem's zone: "10 Nov 2026, 16:05 CET".
pub fn instant(at: DateTime<Utc>, zone: &str, fallback: Tz) -> String {
    describe::instant(at, zone.parse().unwrap_or(fallback))
}

/// A person's name, or that nobody knows it.
pub fn name_of(directory: &Directory, postmortem: &Postmortem, id: &str) -> String {
    super::directory::person_name(directory, Some(postmortem), id)
        .unwrap_or_else(|| "somebody no longer known".into())
}

/// A format of a list of action items.
pub fn action_format(id: &str) -> Result<&'static render::ActionFormat, ApiError> {
    render::action_format(id).ok_or_else(|| {
        let known: Vec<&str> = render::ACTION_FORMATS
            .iter()
            .map(|format| format.id)
            .collect();
        let shown = describe::shortened(id, 40);
        ApiError::invalid(
            "format",
            format!(
                "“{shown}” is no format: choose one of {}.",
                known.join(", ")
            ),
        )
    })
}

fn one(what: &str, id: &str, found: Resolved) -> Result<(String, String), ApiError> {
    let shown = describe::shortened(id, 60);
    match found {
        Resolved::One { doc, id } => Ok((doc, id)),
        Resolved::None => Err(ApiError::not_found(format!(
            "There is no {what} whose id begins with “{shown}”."
        ))),
        Resolved::Many(ids) => Err(ApiError::new(
            ErrorCode::Invalid,
            format!(
                "“{shown}” could be any of {}: give more of the id.",
                ids.join(", ")
            ),
        )),
    }
}
