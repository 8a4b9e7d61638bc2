//! The company-wide summary of a period.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use model::anonymise::{Known, Roles, anonymise_text};
use model::postmortem::DocId;
use model::summary::{Summary, SummaryScope};

use crate::bounds;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::SummaryAsk;

/// Years that a period may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// The figures of a period, for an audience. Days are those of the workspace's zone, or of the computer's when it has none.
/// With `anonymise`, people are called by their roles in every text.
pub fn summary(api: &Api, request: SummaryAsk) -> Result<Summary, ApiError> {
    let scope = request.scope;
    check(&scope)?;
    let directory = api.directory();
    let shared = directory.settings.timezone.parse::<Tz>();
    let zone = shared.unwrap_or_else(|_| api.zone());
    let today = api.now().with_timezone(&zone).date_naive();
    let mut summary = api.store().summary(&scope, today, zone)?;
    if request.anonymise {
        let known = Known::new(&directory.people, &directory.services);
        let participants = api.store().participants()?;
        let mut roles: HashMap<DocId, Roles<'_>> = HashMap::new();
        summary.rewrite_texts(&mut |doc, text| {
            if text.trim().is_empty() {
                return text.to_owned();
            }
            if !roles.contains_key(doc) {
                let people = participants.get(doc).map_or(&[][..], Vec::as_slice);
                roles.insert(doc.clone(), Roles::new(&known, people));
            }
            match roles.get(doc) {
                Some(roles) => anonymise_text(text, roles).text,
                None => String::new(),
            }
        });
    }
    Ok(summary)
}

fn check(scope: &SummaryScope) -> Result<(), ApiError> {
    let known = |field: &str, day: NaiveDate| {
        if YEARS.contains(&day.year()) {
            return Ok(());
        }
        let text = format!(
            "A day between {} and {} is needed.",
            YEARS.start(),
            YEARS.end()
        );
        Err(ApiError::invalid(field, text))
    };
    known("from", scope.from)?;
    known("to", scope.to)?;
    if scope.to < scope.from {
        return Err(ApiError::invalid(
            "to",
            "The period ends before it begins. Choose a last day that is not before the first.",
        ));
    }
    bounds::words("services", &scope.services)?;
    bounds::words("tags", &scope.tags)?;
    bounds::words("postmortems", &scope.postmortems)?;
    bounds::list("severities", &scope.severities)
}
