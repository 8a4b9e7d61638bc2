//! Versions of a postmortem: the list, names, differences, and going back.

use std::sync::Arc;

use model::directory::Directory;
use model::postmortem::Postmortem;

use crate::describe::Words;
use crate::difference;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::{DocRef, Empty, Version, VersionDiff, VersionName, VersionPair, VersionRef};

/// Named versions and stretches of edits, newest first.
pub fn version_list(api: &Api, request: DocRef) -> Result<Vec<Version>, ApiError> {
    let now = api.snapshot(&request.doc)?;
    let directory = api.directory();
    let mut versions = api.store().versions(&request.doc)?;
    for version in &mut versions {
        for by in &mut version.by {
            if let Some(name) = super::directory::person_name(&directory, Some(&now), by) {
                *by = name;
            }
        }
    }
    Ok(versions)
}

/// Names the present state.
pub fn version_name(api: &Api, request: VersionName) -> Result<Version, ApiError> {
    let name = super::directory::required_name("name", &request.name)?;
    self::name(api, &request.doc, &name)
}

/// Gives the present state a name.
pub(super) fn name(api: &Api, doc: &str, name: &str) -> Result<Version, ApiError> {
    api.room(doc)?;
    Ok(api.rooms().name_version(doc, name, &api.actor())?)
}

/// A readable difference between two versions.
pub fn version_diff(api: &Api, request: VersionPair) -> Result<VersionDiff, ApiError> {
    let now = api.snapshot(&request.doc)?;
    let from = state(api, &request.doc, request.from)?;
    let to = if request.to == 0 {
        Arc::clone(&now)
    } else {
        state(api, &request.doc, request.to)?
    };
    let directory = api.directory();
    let name = |id: &str| {
        super::directory::person_name(&directory, Some(&now), id)
            .or_else(|| super::directory::person_name(&directory, Some(&from), id))
    };
    let service = |id: &str| service_name(&directory, id);
    let zone = now.timezone.parse().unwrap_or_else(|_| api.zone());
    Ok(difference::difference(
        &from,
        &to,
        &Words {
            name: &name,
            service: &service,
            zone,
        },
    ))
}

/// Makes an older version the present one, as a new edit: what came after it stays in the history.
pub fn version_restore(api: &Api, request: VersionRef) -> Result<Empty, ApiError> {
    super::postmortems::refuse_trashed(api, &request.doc)?;
    let room = api.room(&request.doc)?;
    let old = state(api, &request.doc, request.seq)?;
    room.edit(&api.actor(), |postmortem| {
        let id = std::mem::take(&mut postmortem.id);
        *postmortem = Postmortem {
            id,
            ..Postmortem::clone(&old)
        };
        Ok::<_, ApiError>(Empty {})
    })
}

/// A service's name, when the directory has it.
pub(super) fn service_name(directory: &Directory, id: &str) -> Option<String> {
    directory
        .services
        .iter()
        .find(|service| service.id == id)
        .map(|service| service.name.clone())
}

fn state(api: &Api, doc: &str, seq: i64) -> Result<Arc<Postmortem>, ApiError> {
    if seq < 1 {
        return Err(ApiError::not_found(
            "There is no such version in the workspace's log.",
        ));
    }
    Ok(Arc::new(collab::history::state_at(api.store(), doc, seq)?))
}
