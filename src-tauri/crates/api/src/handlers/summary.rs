//! The company-wide summary of a period.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use model::anonymise::{Known, Place, Report, Roles, anonymise_text};
use model::postmortem::DocId;
use model::summary::{Summary, SummaryScope};

use super::published::AsOf;
use crate::bounds;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::{ReplacedIn, SummaryAsk};

/// Years that a period may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// The figures of a period, for an audience. Days are those of the workspace's zone, or of the computer's when it has none.
/// With `anonymise`, people are called by their roles in every text.
pub fn summary(api: &Api, request: SummaryAsk) -> Result<Summary, ApiError> {
    let at = AsOf {
        now: api.now(),
        zone: zone(api),
    };
    Ok(make(api, &request.scope, request.anonymise, at)?.0)
}

/// The workspace's zone, or the computer's when it has none.
pub(super) fn zone(api: &Api) -> Tz {
    let shared = api.directory().settings.timezone.parse::<Tz>();
    shared.unwrap_or_else(|_| api.zone())
}

/// The same, with what was replaced and what is worth a look, per postmortem.
pub(super) fn make(
    api: &Api,
    scope: &SummaryScope,
    anonymise: bool,
    at: AsOf,
) -> Result<(Summary, Vec<ReplacedIn>), ApiError> {
    check(scope)?;
    let directory = api.directory();
    let today = at.now.with_timezone(&at.zone).date_naive();
    let mut summary = api.store().summary(scope, today, at.zone)?;
    let mut replaced: Vec<ReplacedIn> = Vec::new();
    if !anonymise {
        return Ok((summary, replaced));
    }
    let known = Known::new(&directory.people, &directory.services);
    let participants = api.store().participants()?;
    let mut roles: HashMap<DocId, Roles<'_>> = HashMap::new();
    let mut reports: HashMap<DocId, usize> = HashMap::new();
    let mut seen: BTreeSet<(DocId, Place)> = BTreeSet::new();
    summary.rewrite_texts(&mut |at, text| {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        let of = || participants.get(&at.doc).map_or(&[][..], Vec::as_slice);
        let roles = roles
            .entry(at.doc.clone())
            .or_insert_with(|| Roles::new(&known, of()));
        let changed = anonymise_text(text, roles);
        // A row that stands in several figures is told of once.
        let told = changed.changes.is_empty() && changed.looks.is_empty();
        if !told && seen.insert((at.doc.clone(), at.place.clone())) {
            let place = *reports.entry(at.doc.clone()).or_insert_with(|| {
                replaced.push(ReplacedIn {
                    doc: at.doc.clone(),
                    title: String::new(),
                    report: Report::default(),
                });
                replaced.len() - 1
            });
            if let Some(one) = replaced.get_mut(place) {
                one.report.add(&at.place, &changed);
            }
        }
        changed.text
    });
    let titles: HashMap<&DocId, &String> = summary
        .postmortems
        .iter()
        .map(|row| (&row.doc, &row.title))
        .collect();
    for one in &mut replaced {
        one.title = titles
            .get(&one.doc)
            .map(|title| (*title).clone())
            .unwrap_or_default();
    }
    Ok((summary, replaced))
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
