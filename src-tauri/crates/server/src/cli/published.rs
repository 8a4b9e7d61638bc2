//! Published copies from the command line.

use api::types::{
    Freshness, IdRef, Publish, PublishWhat, PublishedCopy, PublishedDifference, PublishedList,
};
use api::{Api, Shell, handlers};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::Serialize;

use super::args::{Place, Published};
use super::open::{self, For};
use super::output::{self, Failed};
use super::table;

/// Copies that are listed, the newest ones.
const LISTED: u32 = 200;

/// A copy, and what has changed since.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    copy: PublishedCopy,
    #[serde(flatten)]
    difference: PublishedDifference,
}

/// `debrief published`.
pub fn run(place: &Place, json: bool, asked: &Published) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let listed = list(&api, asked.id.as_deref());
    let zone = api.zone();
    api.close();
    let (listed, older) = listed?;
    if older > 0 {
        output::complain(&format!("{older} older copies are not listed"));
    }
    if json {
        return output::json(&listed);
    }
    if listed.is_empty() {
        return output::line("Nothing is published.");
    }
    let short = table::short_ids(listed.iter().map(|one| one.copy.id.as_str()));
    let rows: Vec<[String; 6]> = listed
        .iter()
        .map(|Listed { copy, difference }| {
            [
                short(&copy.id),
                handlers::instant(to_the_minute(copy.at), "", zone),
                handlers::word(&copy.kind),
                handlers::word(&copy.readers),
                state(copy, difference),
                if copy.title.is_empty() {
                    "(no title)".into()
                } else {
                    copy.title.clone()
                },
            ]
        })
        .collect();
    output::print(&table::table(
        ["ID", "PUBLISHED", "KIND", "FOR", "STATE", "TITLE"],
        &rows,
    ))
}

/// Keeps what was written as a published copy, and says so on stderr.
pub fn publish(api: &Api, what: PublishWhat) -> Result<(), Failed> {
    let copy = handlers::publish(api, Publish { what })?;
    let readers = handlers::word(&copy.readers);
    output::complain(&format!(
        "published for {readers}, and kept as it is now ({})",
        copy.id
    ));
    Ok(())
}

/// The newest copies, and how many older ones there are.
fn list(api: &Api, id: Option<&str>) -> Result<(Vec<Listed>, usize), Failed> {
    let doc = id.map(|id| open::postmortem(api, id)).transpose()?;
    let page = handlers::published(
        api,
        PublishedList {
            doc,
            limit: LISTED,
            ..PublishedList::default()
        },
    )?;
    let older = (page.total as usize).saturating_sub(page.copies.len());
    let listed: Result<Vec<Listed>, Failed> = page
        .copies
        .into_iter()
        .map(|copy| {
            let id = copy.id.clone();
            let difference = handlers::published_difference(api, IdRef { id })?;
            Ok(Listed { copy, difference })
        })
        .collect();
    Ok((listed?, older))
}

fn to_the_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at)
}

fn state(copy: &PublishedCopy, difference: &PublishedDifference) -> String {
    let state = match difference.state {
        Freshness::UpToDate => "up to date".to_owned(),
        Freshness::SourceGone => "source erased".to_owned(),
        Freshness::OutOfDate => match difference.changes.len() {
            1 => "out of date, 1 line".to_owned(),
            lines => format!("out of date, {lines} lines"),
        },
    };
    match copy.replaced {
        Some(_) => format!("{state}, replaced"),
        None => state,
    }
}
