//! What a served workspace tells its replicas and takes from them, and how a replica stands.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::DateTime;
use model::account::AccountRole;
use model::directory::{DIRECTORY_ID, Directory, Person, Service};
use uuid::Uuid;

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::guest::Guest;
use crate::open::Api;
use crate::replica::*;
use crate::types::{DocRef, Empty};

/// Updates that are handed in at once.
const UPDATES: usize = 5_000;

/// Which documents a replica of this workspace has to know.
pub fn replica_documents(api: &Api, _: Empty) -> Result<ReplicaDocuments, ApiError> {
    serving(api)?;
    // Before the list: what changes meanwhile is asked for again.
    let mark = api.store().documents_mark()?;
    let documents = api.store().documents()?;
    Ok(ReplicaDocuments {
        dialect: DIALECT,
        workspace: api.store().workspace_id()?,
        name: api
            .workspace()
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        person: api.me(),
        account: super::accounts::own(api),
        documents: documents
            .into_iter()
            .filter(|row| row.id != DIRECTORY_ID)
            .map(|row| ReplicaDocument {
                doc: row.id,
                created_at: row.created_at,
                trashed: row.trashed_at.is_some(),
            })
            .collect(),
        mark,
    })
}

/// The log of this workspace after a place.
pub fn replica_rows(api: &Api, request: ReplicaRowsAsk) -> Result<ReplicaRows, ApiError> {
    serving(api)?;
    if let Some(doc) = &request.doc {
        bounds::text("doc", doc, bounds::WORD)?;
    }
    let mark = api.store().documents_mark()?;
    let told = api
        .store()
        .told_after(request.after, request.doc.as_deref())?;
    let versions = api.store().versions_after(request.versions_after)?;
    Ok(ReplicaRows {
        rows: told
            .rows
            .into_iter()
            .map(|told| ReplicaRow {
                doc: told.row.doc,
                at_ms: told.row.at_ms,
                person: told.row.actor,
                client: told.client,
                update: BASE64.encode(&told.row.bytes),
            })
            .collect(),
        bindings: told
            .bindings
            .into_iter()
            .map(|(doc, client, person)| ReplicaBinding {
                doc,
                client,
                person,
            })
            .collect(),
        versions: versions
            .into_iter()
            .map(|version| ReplicaVersion {
                id: version.id,
                doc: version.doc,
                name: version.name,
                author: version.author,
                at_ms: version.at_ms,
            })
            .collect(),
        upto: told.upto,
        more: told.more,
        mark,
    })
}

/// Takes in what was written in a replica; it is durable when this returns.
///
/// Errors: `NotFound`; `Refused` while the postmortem is in the trash; `Conflict` when the updates build on others that never
/// came.
pub fn replica_hand_in(api: &Api, request: ReplicaHandIn) -> Result<Empty, ApiError> {
    serving(api)?;
    bounds::text("doc", &request.doc, bounds::WORD)?;
    if request.updates.len() > UPDATES {
        return Err(ApiError::invalid(
            "updates",
            format!("At most {UPDATES} updates are taken at once."),
        ));
    }
    let new = request.new && request.doc != DIRECTORY_ID;
    if new && Uuid::try_parse(&request.doc).is_err() {
        return Err(ApiError::invalid("doc", "This is no id of a postmortem."));
    }
    let updates = request
        .updates
        .iter()
        .map(|update| BASE64.decode(update))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| ApiError::invalid("updates", "An update is not base64."))?;
    if request.doc == DIRECTORY_ID {
        people_alone(api, &updates)?;
    }
    api.rooms()
        .hand_in(&request.doc, &api.actor(), new, &updates)?;
    Ok(Empty {})
}

/// How this replica stands; nothing when this workspace is none.
pub fn replica_state(api: &Api, _: Empty) -> Result<ReplicaFound, ApiError> {
    if api.guest().is_some() {
        return Err(Guest::refused());
    }
    let Some(replica) = api.store().replica()? else {
        return Ok(ReplicaFound::default());
    };
    let (link, reason) = match (&replica.ended, api.upstream()) {
        (Some(reason), _) => (ReplicaLink::Ended, reason.clone()),
        (None, Some(upstream)) => upstream.link(),
        (None, None) => (ReplicaLink::Away, String::new()),
    };
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    Ok(ReplicaFound {
        state: Some(ReplicaState {
            name: replica.name,
            address: replica.address,
            link,
            met_at: DateTime::from_timestamp_millis(replica.met_at).filter(|_| replica.met_at > 0),
            reason,
            waiting: count(api.store().waiting()?.len()),
            waiting_images: count(api.store().waiting_blobs()?.len()),
            withdrawn: api
                .store()
                .withdrawn()?
                .into_iter()
                .map(|one| ReplicaWithdrawn {
                    doc: one.doc,
                    title: one.title,
                    at: DateTime::from_timestamp_millis(one.at_ms).unwrap_or_default(),
                    kept: one.kept,
                })
                .collect(),
        }),
    })
}

/// The owner has read that a postmortem was withdrawn. One that is kept in the trash stays known as withdrawn.
pub fn replica_read(api: &Api, request: DocRef) -> Result<Empty, ApiError> {
    if api.guest().is_some() {
        return Err(Guest::refused());
    }
    bounds::text("doc", &request.doc, bounds::WORD)?;
    let gone = api.store().withdrawn()?;
    if gone.iter().any(|one| one.doc == request.doc && !one.kept) {
        api.store().forget_withdrawn(&request.doc)?;
    }
    Ok(Empty {})
}

/// Errors: `Refused` when an account that may add people and services, and change its own person, would change anything else of
/// the directory.
fn people_alone(api: &Api, updates: &[Vec<u8>]) -> Result<(), ApiError> {
    if api.account().is_some() {
        let (now, then) = (api.directory(), api.rooms().directory_with(updates)?);
        for person in &then.people {
            if now
                .people
                .iter()
                .any(|known| known.id == person.id && known != person)
            {
                super::directory::refuse_in_disguise(api, person)?;
            }
        }
    }
    let Err(refused) = api.require(AccountRole::Facilitator) else {
        return Ok(());
    };
    let rest = |directory: &Directory| Directory {
        people: Vec::new(),
        services: Vec::new(),
        themes: Vec::new(),
        ..directory.clone()
    };
    let (now, then) = (api.directory(), api.rooms().directory_with(updates)?);
    let me = api.me();
    let stays = |service: &Service| then.services.iter().any(|other| other.id == service.id);
    let same = |person: &Person| me.as_ref() == Some(&person.id) || then.people.contains(person);
    if rest(&now) == rest(&then) && now.services.iter().all(stays) && now.people.iter().all(same) {
        Ok(())
    } else {
        Err(refused)
    }
}

/// Errors: `Refused` for guests, and where this workspace is a replica itself.
fn serving(api: &Api) -> Result<(), ApiError> {
    if api.guest().is_some() {
        return Err(Guest::refused());
    }
    if api.is_replica() {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "This is a replica itself: follow the workspace that is served.",
        ));
    }
    Ok(())
}
