//! The history of one row, told from the log: who, when, what.

use chrono::DateTime;
use collab::history::row_changes;

use crate::bounds;
use crate::describe::{self, Field, Named, Told, Words};
use crate::error::ApiError;
use crate::open::Api;
use crate::types::{DocRef, HistoryEntry, RowAuthor, RowRef};

/// Entries at the most; the newest are kept.
const MOST: usize = 500;

/// Who wrote each finding, event, action item and parked line first, as far as that is known.
pub fn row_authors(api: &Api, request: DocRef) -> Result<Vec<RowAuthor>, ApiError> {
    let authors = api.room(&request.doc)?.row_authors();
    Ok(authors
        .into_iter()
        .map(|(row, person)| RowAuthor { row, person })
        .collect())
}

/// Every change of one row, newest first; a stretch of typing is one change.
pub fn row_history(api: &Api, request: RowRef) -> Result<Vec<HistoryEntry>, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    let now = api.snapshot(&request.doc)?;
    let directory = super::directory::told_by(api, &now);
    let name = |id: &str| super::directory::person_name(&directory, Some(&now), id);
    let service = |id: &str| super::versions::service_name(&directory, id);
    let zone = now.timezone.parse().unwrap_or_else(|_| api.zone());
    let words = Words {
        name: &name,
        service: &service,
        zone,
    };

    let named = Named::of(&now);
    let mut entries: Vec<HistoryEntry> = Vec::new();
    let mut ever = false;
    for change in row_changes(api.store(), &request.doc, request.kind, &request.id)? {
        let before = change
            .before
            .as_ref()
            .map(|row| named.fields_of(row, &words));
        let after = change
            .after
            .as_ref()
            .map(|row| named.fields_of(row, &words));
        let by_name = change.actor.as_deref().and_then(name).unwrap_or_default();
        for mut told in tell(before.as_deref(), after.as_deref(), ever) {
            if change.overtaken {
                told.text
                    .push_str(", at the same time as another edit, which stands");
            }
            entries.push(HistoryEntry {
                at: change.at,
                by: change
                    .actor
                    .clone()
                    .filter(|_| api.guest().is_none() || !by_name.is_empty()),
                by_name: by_name.clone(),
                ..told
            });
        }
        ever |= after.is_some();
    }
    entries.reverse();
    entries.truncate(MOST);
    Ok(entries)
}

fn tell(before: Option<&[Field]>, after: Option<&[Field]>, ever: bool) -> Vec<HistoryEntry> {
    let whole = |field: &str, text: &str, before: &str, after: &str| HistoryEntry {
        at: DateTime::UNIX_EPOCH,
        by: None,
        by_name: String::new(),
        field: field.into(),
        text: text.into(),
        before: before.into(),
        after: after.into(),
    };
    let main = |fields: &[Field]| {
        fields
            .first()
            .map(|field| field.value.clone())
            .unwrap_or_default()
    };
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(fields)) if ever => vec![whole("restored", "Brought back", "", &main(fields))],
        (None, Some(fields)) => vec![whole(
            "created",
            "Written for the first time",
            "",
            &main(fields),
        )],
        (Some(fields), None) => vec![whole("deleted", "Deleted", &main(fields), "")],
        (Some(before), Some(after)) => before
            .iter()
            .zip(after)
            .filter_map(|(before, after)| {
                let (was, is) = describe::changed(before, after)?;
                Some(whole(after.key, &sentence(after, &was, &is), &was, &is))
            })
            .collect(),
    }
}

/// "Due moved from 18 Nov 2026 to 25 Nov 2026".
fn sentence(field: &Field, before: &str, after: &str) -> String {
    let (label, was, is) = (field.label, one_line(before), one_line(after));
    match field.told {
        Told::Prose => prose_sentence(label, before, after),
        Told::Flag => format!("{label}: {is}"),
        Told::Value if matches!(field.key, "moves" | "reopened") && !after.is_empty() => {
            format!("{label}: {is}")
        }
        Told::Value if before.is_empty() => format!("{label} set to {is}"),
        Told::Value if after.is_empty() => format!("{label} taken away (it was {was})"),
        Told::Value if matches!(field.key, "due" | "at") => {
            format!("{label} moved from {was} to {is}")
        }
        Told::Value => format!("{label} changed from {was} to {is}"),
    }
}

fn prose_sentence(label: &str, before: &str, after: &str) -> String {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("{label} written"),
        (false, true) => format!("{label} emptied"),
        (false, false) => format!("{label} changed"),
    }
}

fn one_line(value: &str) -> String {
    describe::shortened(&value.split_whitespace().collect::<Vec<_>>().join(" "), 80)
}
