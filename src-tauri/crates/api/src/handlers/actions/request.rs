//! What a request to change an action item asks for: read, bounded, and completed with what follows from it.

use chrono::{Datelike, NaiveDate};
use model::postmortem::{ActionItem, ActionStatus, Priority};

use crate::bounds;
use crate::describe;
use crate::error::ApiError;
use crate::images;
use crate::types::*;

/// The request with what follows from it for this item. An undo says all of it already.
pub(super) fn completed(
    request: &ActionSet,
    item: &ActionItem,
    look_again: Option<NaiveDate>,
) -> ActionSet {
    let mut request = request.clone();
    if request.put_back.is_some() {
        return request;
    }
    if request.did_not_work.is_some() {
        request.status = Some(ActionStatus::Open);
        request.verified_note = Some(String::new());
    }
    match request.status {
        Some(ActionStatus::Done) if item.status != ActionStatus::Done => {
            let day = look_again.map(|day| day.to_string()).unwrap_or_default();
            request.check_on.get_or_insert(day);
        }
        Some(status) if status != ActionStatus::Done => {
            request.check_on = item.check_on.map(|_| String::new());
            request.evidence_skipped = item.evidence_skipped.then_some(false);
        }
        _ => {}
    }
    request
}

/// The fields of a request that had to be read, and those that are written as they are.
pub(super) struct Wanted<'a> {
    pub(super) status: Option<ActionStatus>,
    due: Option<Option<NaiveDate>>,
    priority: Option<Option<Priority>>,
    check_on: Option<Option<NaiveDate>>,
    evidence_image: Option<Option<Image>>,
    evidence_skipped: Option<bool>,
    ticket: Option<&'a str>,
    evidence: Option<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Wanted<'a> {
    pub(super) fn read(request: &'a ActionSet) -> Result<Self, ApiError> {
        Ok(Self {
            status: request.status,
            due: request
                .due
                .as_deref()
                .map(|day| read_day("due", day))
                .transpose()?,
            check_on: request
                .check_on
                .as_deref()
                .map(|day| read_day("check_on", day))
                .transpose()?,
            evidence_image: request
                .evidence_image
                .as_ref()
                .map(read_image)
                .transpose()?,
            evidence_skipped: request.evidence_skipped,
            priority: request.priority.as_deref().map(read_priority).transpose()?,
            ticket: request.ticket.as_deref(),
            evidence: request.evidence.as_deref(),
            reason: request.reason.as_deref(),
        })
    }

    /// The new due day, when one is asked for.
    pub(super) fn due(&self) -> Option<Option<NaiveDate>> {
        self.due
    }

    /// Writes the fields that nothing else goes with.
    pub(super) fn write(&self, item: &mut ActionItem) {
        if let Some(due) = self.due {
            item.due = due;
        }
        if let Some(priority) = self.priority {
            item.priority = priority;
        }
        if let Some(check_on) = self.check_on {
            item.check_on = check_on;
        }
        if let Some(image) = &self.evidence_image {
            item.evidence_image.clone_from(image);
        }
        if let Some(skipped) = self.evidence_skipped {
            item.evidence_skipped = skipped;
        }
        for (wanted, field) in [
            (self.ticket, &mut item.ticket),
            (self.evidence, &mut item.evidence),
            (self.reason, &mut item.reason),
        ] {
            if let Some(wanted) = wanted {
                wanted.clone_into(field);
            }
        }
    }
}

pub(super) fn check_bounds(request: &ActionSet) -> Result<(), ApiError> {
    let checked = |field: &str, value: &Option<String>, most: usize| {
        value
            .as_deref()
            .map_or(Ok(()), |value| bounds::text(field, value, most))
    };
    bounds::text("doc", &request.doc, bounds::WORD)?;
    bounds::text("id", &request.id, bounds::WORD)?;
    checked("owner", &request.owner, bounds::WORD)?;
    checked("due", &request.due, bounds::WORD)?;
    checked("move_reason", &request.move_reason, bounds::REASON)?;
    checked("check_on", &request.check_on, bounds::WORD)?;
    checked("did_not_work", &request.did_not_work, bounds::REASON)?;
    if let Some(image) = &request.evidence_image {
        bounds::text("evidence_image", &image.hash, bounds::WORD)?;
        bounds::text("evidence_image", &image.alt, bounds::NAME)?;
    }
    checked("priority", &request.priority, bounds::WORD)?;
    checked("ticket", &request.ticket, bounds::NAME)?;
    checked("evidence", &request.evidence, bounds::TEXT)?;
    checked("reason", &request.reason, bounds::TEXT)?;
    checked("verified_note", &request.verified_note, bounds::TEXT)?;
    if let Some(put_back) = &request.put_back {
        let by = put_back
            .verified
            .as_ref()
            .map(|verified| verified.by.clone());
        checked("put_back", &by, bounds::WORD)?;
        checked("put_back", &put_back.helper, bounds::WORD)?;
        checked("put_back", &put_back.participant, bounds::WORD)?;
    }
    Ok(())
}

/// `2026-11-18`, or nothing. Days before 1970 and after 9999 are slips of the keyboard.
fn read_day(field: &str, text: &str) -> Result<Option<NaiveDate>, ApiError> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| is_due_day(*day));
    day.map(Some).ok_or_else(|| {
        let shown = describe::shortened(text, 40);
        ApiError::invalid(
            field,
            format!("“{shown}” is not a day: write it as 2026-11-30, between 1970 and 9999."),
        )
    })
}

/// Whether something can be due on a day.
pub(in crate::handlers) fn is_due_day(day: NaiveDate) -> bool {
    (1970..=9999).contains(&day.year())
}

fn read_priority(text: &str) -> Result<Option<Priority>, ApiError> {
    Ok(Some(match text {
        "" => return Ok(None),
        "P0" => Priority::P0,
        "P1" => Priority::P1,
        "P2" => Priority::P2,
        "P3" => Priority::P3,
        _ => {
            return Err(ApiError::invalid(
                "priority",
                "A priority is P0, P1, P2 or P3.",
            ));
        }
    }))
}

/// An image that the workspace may hold, or none.
fn read_image(image: &Image) -> Result<Option<Image>, ApiError> {
    if image.hash.is_empty() {
        return Ok(None);
    }
    if !images::is_hash(&image.hash) {
        return Err(ApiError::invalid(
            "evidence_image",
            "An image is named by the 64 hexadecimal digits that it got when it was put into the workspace.",
        ));
    }
    Ok(Some(image.clone()))
}
