//! What a workspace that was put back from an older copy takes back from replicas.

use collab::{RoomError, TellUpdate};
use model::account::{AccountRole, PostmortemAccess};
use model::directory::DIRECTORY_ID;
use store::Sealed;

use super::replica::{
    OTHER, bytes_of, is_id, is_other, not_too_many, people_alone, restricted, serving, taken,
};
use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::replica::{ReplicaBackRow, ReplicaGiveBack, ReplicaTaken};

/// Takes back a part of what this workspace had before it was put back from an older copy. What bears a whole seal was in this
/// log once and is taken as it stood there, whoever brings it; the rest is handed in by whoever brings it, also into a
/// postmortem in the trash. What of it their role does not let them write is left out, which the answer says. It is durable when this
/// returns.
///
/// Errors: `NotFound` when the postmortem was erased here; `Refused` when the postmortem was restricted since and is open here;
/// `Conflict` when entries build on others that never came.
pub fn replica_give_back(api: &Api, request: ReplicaGiveBack) -> Result<ReplicaTaken, ApiError> {
    serving(api)?;
    bounds::text("doc", &request.doc, bounds::WORD)?;
    not_too_many(request.rows.len())?;
    not_too_many(request.images.len())?;
    if is_other(api, &request.seen)? {
        return Ok(OTHER);
    }
    let (mut rows, reads_along) = (
        entries(api, &request)?,
        api.require(AccountRole::Member).err(),
    );
    let mut refused = None;
    if let Some(reason) = &reads_along
        && rows.iter().any(|(whole, _)| !whole)
    {
        rows.retain(|(whole, _)| *whole);
        refused = Some(reason.message.clone());
        if rows.is_empty() {
            return Ok(ReplicaTaken {
                refused,
                ..taken(api)?
            });
        }
    }
    let made = request.doc != DIRECTORY_ID && make(api, &request, rows.is_empty())?;
    // What was written for a few must not be read by everybody because the copy is older than that.
    if request.restricted && !made && !restricted(api)?.contains(&request.doc) {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "Only people who were named might see this postmortem, and here it is open to everybody. Say there who may see it; \
             then it is given back.",
        ));
    }
    let (me, now) = (api.actor(), api.now().timestamp_millis());
    for run in rows.chunk_by_mut(|(one, _), (other, _)| one == other) {
        let mut updates = Vec::with_capacity(run.len());
        for (whole, update) in run.iter_mut() {
            if !*whole {
                (update.at_ms, update.actor) = (now, me.clone());
            }
            updates.push(std::mem::take(update));
        }
        if !run.iter().all(|(whole, _)| *whole) && request.doc == DIRECTORY_ID {
            let bytes: Vec<Vec<u8>> = updates.iter().map(|update| update.bytes.clone()).collect();
            people_alone(api, &bytes)?;
        }
        match (api.rooms().take_back(&request.doc, &updates), &reads_along) {
            // Some build on what was left out; the others do not.
            (Err(RoomError::Gap), Some(reason)) => {
                for update in updates.chunks(1) {
                    match api.rooms().take_back(&request.doc, update) {
                        Err(RoomError::Gap) => refused = Some(reason.message.clone()),
                        done => done?,
                    }
                }
            }
            (done, _) => done?,
        }
    }
    api.note_now_and_then("gave back what a backup did not have", &request.doc);
    Ok(ReplicaTaken {
        lacking: api.store().lacking(&request.images)?,
        refused,
        ..taken(api)?
    })
}

/// Makes the postmortem that is given back; false when it is here.
fn make(api: &Api, request: &ReplicaGiveBack, empty: bool) -> Result<bool, ApiError> {
    if api.rooms().store().document(&request.doc)?.is_some() {
        return Ok(false);
    }
    is_id(&request.doc)?;
    if empty {
        return Err(ApiError::not_found(
            "There is nothing to make this postmortem of.",
        ));
    }
    // Who might see it was lost; until somebody says so anew, it is whoever has had it.
    let access = api
        .account()
        .filter(|_| request.restricted)
        .map(|account| PostmortemAccess {
            restricted: true,
            accounts: vec![account.account.clone()],
        });
    Ok(api.rooms().make_given_back(
        &request.doc,
        request.created_at,
        access.as_ref(),
        request.trashed,
    )?)
}

/// The entries that are brought, each with whether its seal is whole.
fn entries(api: &Api, request: &ReplicaGiveBack) -> Result<Vec<(bool, TellUpdate)>, ApiError> {
    let sealer = api.store().sealer()?;
    let entry = |row: &ReplicaBackRow| {
        let update = TellUpdate {
            at_ms: row.at_ms,
            actor: row.person.clone(),
            client: row.client,
            bytes: bytes_of(&row.update)?,
            seal: row.seal.clone(),
        };
        let sealed = Sealed {
            doc: &request.doc,
            at_ms: update.at_ms,
            person: &update.actor,
            client: update.client,
            bytes: &update.bytes,
        };
        Ok((sealer.is_whole(&sealed, &update.seal), update))
    };
    request.rows.iter().map(entry).collect()
}
