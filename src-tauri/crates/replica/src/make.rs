//! Making a replica, or letting one that is there know that somebody has signed in anew.

use std::path::Path;

use api::error::{ApiError, ErrorCode};
use api::replica::{DIALECT, ReplicaAsk, ReplicaDocuments};
use serde::Serialize;
use store::{Open, Replica, Store};

use crate::host::{Host, ask};

/// Makes the file of a replica, empty, when there is none; what it follows comes once it is open. One that is there goes on with
/// this address, and with an access that had ended. `moved` says that its owner has agreed to another address or certificate than
/// the one that it has followed.
///
/// Errors: what is said there; `Unavailable`; `Refused` when the file follows another workspace, or as somebody else, whose edits
/// would be handed in under another name; `Invalid` in the field `moved` when nobody has agreed.
pub fn make(
    file: &Path,
    host: &dyn Host,
    address: &str,
    fingerprint: Option<String>,
    moved: bool,
) -> Result<(), ApiError> {
    let listed: ReplicaDocuments = ask(host, "replica_documents", &ReplicaAsk::default())
        .map_err(crate::HostError::into_sign_in)?;
    if listed.dialect != DIALECT {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "What is served there and this Debrief are of different versions. Update the older one.",
        ));
    }
    let store = Store::open(file, Open::Create).map_err(|error| {
        ApiError::new(
            ErrorCode::Unavailable,
            format!("There is no place for a replica: {error}"),
        )
    })?;
    if let Some(known) = store.replica()? {
        let somebody_else = known.account.is_some() != listed.account.is_some()
            || (known.person.is_some() && known.person != listed.person);
        if somebody_else {
            return Err(ApiError::new(
                ErrorCode::Refused,
                format!(
                    "This computer already has a copy of “{}”, and it is somebody else’s. Nothing of theirs is handed in under your name: \
                     open that copy and sign out of it first, then open this invitation again.",
                    known.name
                ),
            ));
        }
        if !moved && (known.address != address || known.fingerprint != fingerprint) {
            return Err(ApiError::invalid(
                "moved",
                format!(
                    "This computer knows “{}” at {}{}. This invitation leads to {address}{}. Whoever is there gets everything that you write: \
                     ask whoever invited you before you go on.",
                    known.name,
                    known.address,
                    of_certificate(known.fingerprint.as_deref()),
                    of_certificate(fingerprint.as_deref()),
                ),
            ));
        }
    }
    store.follow(&Replica {
        workspace: listed.workspace,
        name: listed.name,
        person: listed.person,
        account: listed.account,
        address: address.to_owned(),
        fingerprint,
        ..Replica::default()
    })?;
    Ok(())
}

fn of_certificate(fingerprint: Option<&str>) -> String {
    match fingerprint.and_then(|digits| digits.get(..16)) {
        Some(digits) => format!(" with the certificate {digits}…"),
        None => String::new(),
    }
}

/// A replica that is kept on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The id of the workspace that it follows.
    pub id: String,
    /// What that one is called.
    pub name: String,
    /// Where it is served.
    pub address: String,
}

/// The replicas of a folder, by name. What is none is left out.
pub fn known(folder: &Path) -> Vec<Known> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut known: Vec<Known> = files
        .filter_map(|file| {
            let path = file.path();
            let ours = path.extension().is_some_and(|kind| kind == "debrief");
            let store = ours.then(|| Store::open(&path, Open::ReadOnly).ok())??;
            let replica = store.replica().ok()??;
            Some(Known {
                id: replica.workspace,
                name: replica.name,
                address: replica.address,
            })
        })
        .collect();
    known.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    known
}

/// The id of the workspace that is served there, by which its replica's file is called. It becomes part of a path, so it is told
/// only when it is one.
pub fn workspace_of(host: &dyn Host) -> Result<String, ApiError> {
    let listed: ReplicaDocuments = ask(host, "replica_documents", &ReplicaAsk::default())
        .map_err(crate::HostError::into_sign_in)?;
    let id = listed.workspace;
    if (8..=64).contains(&id.len()) && id.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        Ok(id)
    } else {
        Err(ApiError::new(
            ErrorCode::Unavailable,
            "What is served there has no name that this Debrief understands.",
        ))
    }
}
