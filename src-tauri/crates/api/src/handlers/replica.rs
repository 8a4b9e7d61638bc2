//! What a served workspace tells its replicas and takes from them, and how a replica stands.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::DateTime;
use model::account::AccountRole;
use model::directory::{DIRECTORY_ID, Directory, Person, Service};
use model::postmortem::DocId;
use store::Sealed;
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
pub fn replica_documents(api: &Api, request: ReplicaAsk) -> Result<ReplicaDocuments, ApiError> {
    serving(api)?;
    // Before the list: what changes meanwhile is asked for again.
    let mark = mark(api)?;
    let documents = api.store().documents()?;
    let restricted = api.whole_store().restricted()?;
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
                restricted: restricted.iter().any(|(doc, _)| *doc == row.id),
                doc: row.id,
                created_at: row.created_at,
                trashed: row.trashed_at.is_some(),
            })
            .collect(),
        mark,
        other: is_other(api, &request.seen)?,
    })
}

/// The log of this workspace after a place.
pub fn replica_rows(api: &Api, request: ReplicaRowsAsk) -> Result<ReplicaRows, ApiError> {
    serving(api)?;
    if let Some(doc) = &request.doc {
        bounds::text("doc", doc, bounds::WORD)?;
    }
    if is_other(api, &request.seen)? {
        return Ok(ReplicaRows {
            other: true,
            ..ReplicaRows::default()
        });
    }
    let mark = mark(api)?;
    let told = api
        .store()
        .told_after(request.after, request.doc.as_deref())?;
    let versions = api.store().versions_after(request.versions_after)?;
    let sealer = api.store().sealer()?;
    Ok(ReplicaRows {
        rows: told
            .rows
            .into_iter()
            .map(|told| ReplicaRow {
                seal: sealer.seal(&Sealed {
                    doc: &told.row.doc,
                    at_ms: told.row.at_ms,
                    person: &told.row.actor,
                    client: told.client,
                    bytes: &told.row.bytes,
                }),
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
        place: place(api.store().place(told.upto)?),
        other: false,
    })
}

/// Takes in what was written in a replica; it is durable when this returns.
///
/// Errors: `NotFound`; `Refused` while the postmortem is in the trash; `Conflict` when the updates build on others that never
/// came.
pub fn replica_hand_in(api: &Api, request: ReplicaHandIn) -> Result<ReplicaTaken, ApiError> {
    serving(api)?;
    bounds::text("doc", &request.doc, bounds::WORD)?;
    not_too_many(request.updates.len())?;
    let new = request.new && request.doc != DIRECTORY_ID;
    if new {
        is_id(&request.doc)?;
    }
    let updates = request
        .updates
        .iter()
        .map(|update| bytes_of(update))
        .collect::<Result<Vec<_>, _>>()?;
    if is_other(api, &request.seen)? {
        return Ok(OTHER);
    }
    if request.doc == DIRECTORY_ID {
        people_alone(api, &updates)?;
    }
    api.rooms()
        .hand_in(&request.doc, &api.actor(), new, &updates)?;
    if !updates.is_empty() {
        api.note_now_and_then("handed in what was written away", &request.doc);
    }
    taken(api)
}

pub(super) const OTHER: ReplicaTaken = ReplicaTaken {
    place: ReplicaPlace {
        seq: 0,
        mark: String::new(),
    },
    other: true,
    lacking: Vec::new(),
    refused: None,
};

/// It is another one whenever [`replica_documents`] would say something else.
fn mark(api: &Api) -> Result<String, ApiError> {
    let role = api.account().map_or("", |account| account.role.word());
    let mut which = DefaultHasher::new();
    restricted(api)?.hash(&mut which);
    Ok(format!(
        "{}.{:x}.{role}",
        api.store().documents_mark()?,
        which.finish()
    ))
}

/// Restricted postmortems that may be seen.
pub(super) fn restricted(api: &Api) -> Result<BTreeSet<DocId>, ApiError> {
    let all = api.whole_store().restricted()?.into_iter();
    Ok(all
        .map(|(doc, _)| doc)
        .filter(|doc| api.may_see(doc))
        .collect())
}

pub(super) fn taken(api: &Api) -> Result<ReplicaTaken, ApiError> {
    Ok(ReplicaTaken {
        place: place(api.store().last_place()?),
        ..ReplicaTaken::default()
    })
}

fn place(place: store::Place) -> ReplicaPlace {
    ReplicaPlace {
        seq: place.seq,
        mark: place.mark,
    }
}

/// Whether this log does not go on from a place that a replica has heard of.
pub(super) fn is_other(api: &Api, seen: &ReplicaPlace) -> Result<bool, ApiError> {
    let seen = store::Place {
        seq: seen.seq,
        mark: seen.mark.clone(),
    };
    Ok(!api.store().goes_on_from(&seen)?)
}

pub(super) fn not_too_many(entries: usize) -> Result<(), ApiError> {
    if entries <= UPDATES {
        return Ok(());
    }
    Err(ApiError::invalid(
        "updates",
        format!("At most {UPDATES} are taken at once."),
    ))
}

pub(super) fn is_id(doc: &str) -> Result<(), ApiError> {
    match Uuid::try_parse(doc) {
        Ok(_) => Ok(()),
        Err(_) => Err(ApiError::invalid("doc", "This is no id of a postmortem.")),
    }
}

pub(super) fn bytes_of(update: &str) -> Result<Vec<u8>, ApiError> {
    BASE64
        .decode(update)
        .map_err(|_| ApiError::invalid("updates", "An update is not base64."))
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
    let withdrawn = api.store().withdrawn()?;
    let mut refused = Vec::new();
    for one in api.store().refused()? {
        if withdrawn.iter().any(|gone| gone.doc == one.doc) {
            continue;
        }
        let title = api.snapshot(&one.doc).map(|found| found.title.clone());
        refused.push(ReplicaRefused {
            title: title.unwrap_or_default(),
            doc: one.doc,
            reason: one.reason,
            at: DateTime::from_timestamp_millis(one.at_ms).unwrap_or_default(),
            edits: one.entries,
        });
    }
    // What is told apart is not told twice.
    let waits = |doc: &String| {
        !withdrawn.iter().any(|one| one.doc == *doc) && !refused.iter().any(|one| one.doc == *doc)
    };
    let waiting = api
        .store()
        .waiting()?
        .iter()
        .filter(|doc| waits(doc))
        .count();
    Ok(ReplicaFound {
        state: Some(ReplicaState {
            name: replica.name,
            address: replica.address,
            link,
            met_at: DateTime::from_timestamp_millis(replica.met_at).filter(|_| replica.met_at > 0),
            reason,
            waiting: count(waiting),
            refused,
            waiting_images: count(api.store().waiting_blobs()?.len()),
            withdrawn: withdrawn
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

/// Lets go what was written in this replica and is not taken where the workspace is served; what is there stands in its place.
///
/// Errors: `Conflict` when nothing of it was refused; `Unavailable` when the served workspace is not reached.
pub fn replica_let_go(api: &Api, request: DocRef) -> Result<Empty, ApiError> {
    if api.guest().is_some() {
        return Err(Guest::refused());
    }
    bounds::text("doc", &request.doc, bounds::WORD)?;
    if !api
        .store()
        .refused()?
        .iter()
        .any(|one| one.doc == request.doc)
    {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "Nothing that was written here is refused any more.",
        ));
    }
    match api.upstream() {
        Some(upstream) => upstream.let_go(&request.doc)?,
        None => {
            return Err(ApiError::new(
                ErrorCode::Unavailable,
                "What is there cannot be fetched now. Nothing was let go.",
            ));
        }
    }
    Ok(Empty {})
}

/// Errors: `Refused` when an account that may add people and services, and change its own person, would change anything else of
/// the directory.
pub(super) fn people_alone(api: &Api, updates: &[Vec<u8>]) -> Result<(), ApiError> {
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
pub(super) fn serving(api: &Api) -> Result<(), ApiError> {
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
