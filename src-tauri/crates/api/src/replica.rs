//! Working away: what a replica and the served workspace that it follows say to each other, and which commands a replica
//! answers itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use model::account::{Account, AccountRole};
use model::postmortem::{DocId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::account::{self, LEAST};
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;

/// Version of what the two say to each other.
pub const DIALECT: u32 = 3;

/// A place of the served workspace's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaPlace {
    /// The place; 0 before the first entry.
    #[ts(type = "number")]
    pub seq: i64,
    /// What that log alone has there: a copy that was put back and written to since has something else.
    pub mark: String,
}

/// Asks for the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaAsk {
    /// The latest place that was heard of.
    #[serde(default)]
    pub seen: ReplicaPlace,
}

/// What a replica has to know of the workspace that it follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaDocuments {
    /// Version of what the two say to each other.
    pub dialect: u32,
    /// The workspace's id, the same wherever it is served.
    pub workspace: String,
    /// What it is called, for people.
    pub name: String,
    /// Who asks; absent when nobody there has said who they are.
    pub person: Option<PersonId>,
    /// Their account; absent where whoever has the link may do everything.
    pub account: Option<Account>,
    /// Every postmortem that they may see.
    pub documents: Vec<ReplicaDocument>,
    /// As in [`ReplicaRows`].
    pub mark: String,
    /// As in [`ReplicaRows`].
    #[serde(default)]
    pub other: bool,
}

/// A postmortem that a replica may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaDocument {
    /// Which.
    pub doc: DocId,
    /// When it was made, in milliseconds since 1970 in UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// It lies in the trash.
    pub trashed: bool,
    /// Only named people may see it.
    #[serde(default)]
    pub restricted: bool,
}

/// Asks for the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaRowsAsk {
    /// After this place.
    #[ts(type = "number")]
    pub after: i64,
    /// Of this document alone.
    #[serde(default)]
    pub doc: Option<DocId>,
    /// And for the names of versions after this one.
    #[serde(default)]
    #[ts(type = "number")]
    pub versions_after: i64,
    /// The latest place that was heard of.
    #[serde(default)]
    pub seen: ReplicaPlace,
}

/// A stretch of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaRows {
    /// The rows, in order, of documents that whoever asks may see.
    pub rows: Vec<ReplicaRow>,
    /// Whom Yjs clients were bound to within the stretch.
    pub bindings: Vec<ReplicaBinding>,
    /// Names that were given to versions.
    pub versions: Vec<ReplicaVersion>,
    /// The stretch goes up to here.
    #[ts(type = "number")]
    pub upto: i64,
    /// The log goes on.
    pub more: bool,
    /// It is another one whenever [`ReplicaDocuments`] would list other documents.
    pub mark: String,
    /// Where the stretch ends.
    #[serde(default)]
    pub place: ReplicaPlace,
    /// This log does not go on from the place that was heard of: the workspace was put back from an older copy. Nothing is told.
    #[serde(default)]
    pub other: bool,
}

/// One update of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaRow {
    /// Its document.
    pub doc: DocId,
    /// When it was taken, in milliseconds since 1970 in UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who wrote it; empty for nobody known.
    pub person: String,
    /// The Yjs client that wrote it, when it is one alone.
    #[ts(type = "number | null")]
    pub client: Option<u64>,
    /// The update, format v1, in base64.
    pub update: String,
    /// With what it is sealed: with the seal it is known again when it is given back.
    #[serde(default)]
    pub seal: String,
}

/// Whom a Yjs client is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaBinding {
    /// In which document.
    pub doc: DocId,
    /// The client.
    #[ts(type = "number")]
    pub client: u64,
    /// The person.
    pub person: PersonId,
}

/// A name that was given to a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaVersion {
    /// Its place among such names.
    #[ts(type = "number")]
    pub id: i64,
    /// Of which document.
    pub doc: DocId,
    /// The name.
    pub name: String,
    /// Who gave it; empty for nobody known.
    pub author: String,
    /// When, in milliseconds since 1970 in UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// Hands in what was written in a replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaHandIn {
    /// In which document; `directory` for people and services.
    pub doc: DocId,
    /// The postmortem was made there.
    #[serde(default)]
    pub new: bool,
    /// The updates, format v1, in base64, in their order.
    pub updates: Vec<String>,
    /// The latest place that was heard of.
    #[serde(default)]
    pub seen: ReplicaPlace,
}

/// What was handed in, or given back, is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaTaken {
    /// The log reaches up to here.
    pub place: ReplicaPlace,
    /// As in [`ReplicaRows`]: nothing was taken.
    pub other: bool,
    /// Of the images that were named, those that are not here.
    #[serde(default)]
    pub lacking: Vec<String>,
    /// Why some of what was given back was left out, while the rest was taken; a sentence.
    #[serde(default)]
    pub refused: Option<String>,
}

/// Gives a part of a document's log back to a workspace that was put back from an older copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaGiveBack {
    /// Which document; `directory` for people and services.
    pub doc: DocId,
    /// When it was made, in milliseconds since 1970 in UTC.
    #[ts(type = "number")]
    pub created_at: i64,
    /// It lay in the trash.
    pub trashed: bool,
    /// Only named people could see it.
    pub restricted: bool,
    /// Entries, in order.
    pub rows: Vec<ReplicaBackRow>,
    /// Images that it shows.
    pub images: Vec<String>,
    /// The latest place that was heard of.
    #[serde(default)]
    pub seen: ReplicaPlace,
}

/// An entry that is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplicaBackRow {
    /// When it was taken, in milliseconds since 1970 in UTC.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who wrote it; empty for nobody known.
    pub person: String,
    /// The Yjs client that wrote it, when it is one alone.
    #[ts(type = "number | null")]
    pub client: Option<u64>,
    /// The update, format v1, in base64.
    pub update: String,
    /// With what it was sealed when it was told. Without a whole seal it is an edit of whoever brings it.
    pub seal: String,
}

/// Whether the served workspace is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaLink {
    /// It answers.
    Connected,
    /// It does not; one works away.
    #[default]
    Away,
    /// The access has ended: nothing is exchanged any more.
    Ended,
}

/// How a replica and what it follows stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ReplicaState {
    /// What the served workspace is called.
    pub name: String,
    /// Where it is served.
    pub address: String,
    /// Whether it is reached.
    pub link: ReplicaLink,
    /// When it answered last; absent when it never has.
    #[ts(type = "string | null")]
    pub met_at: Option<DateTime<Utc>>,
    /// Why it is not reached, or why the access has ended; a sentence.
    pub reason: String,
    /// Postmortems with edits, or the directory, that wait until it is reached.
    pub waiting: u32,
    /// Those whose edits it does not take.
    pub refused: Vec<ReplicaRefused>,
    /// Images that it has not got.
    pub waiting_images: u32,
    /// Postmortems that it does not show any more, until their owner has read it.
    pub withdrawn: Vec<ReplicaWithdrawn>,
}

/// A postmortem that was withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReplicaWithdrawn {
    /// Which.
    pub doc: DocId,
    /// Its title when it went.
    pub title: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// It lies in this computer's trash, because it has edits that were not handed in.
    pub kept: bool,
}

/// A postmortem, or the directory, whose edits are not taken where it is served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReplicaRefused {
    /// Which; `directory` for people and services.
    pub doc: DocId,
    /// Its title; empty for the directory.
    pub title: String,
    /// Why, as it was said there; a sentence.
    pub reason: String,
    /// Since when.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// How many edits.
    pub edits: u32,
}

/// Answer about a replica; nothing when this workspace is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ReplicaFound {
    /// How it stands.
    pub state: Option<ReplicaState>,
}

/// Whoever reaches the served workspace: it keeps the two in step, and asks there what a replica cannot answer.
pub trait Upstream: Send + Sync {
    /// Runs a command there, and has what it changed here before it answers, when that does not take long.
    ///
    /// Errors: what is said there; `Unavailable` when it is not reached.
    fn call(&self, command: &str, request: Value) -> Result<Value, ApiError>;
    /// Lets go what was written here in a document and is not taken there, and has what is there in its place.
    ///
    /// Errors: `Unavailable` when it is not reached.
    fn let_go(&self, doc: &str) -> Result<(), ApiError>;
    /// Gets an image that is not here; whether it is now.
    fn fetch_image(&self, hash: &str) -> bool;
    /// Whether the served workspace is reached, and why not.
    fn link(&self) -> (ReplicaLink, String);
}

/// Who answers a command of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The replica, with or without a network.
    Here,
    /// The served workspace: its own records are concerned, or what holds for everybody at once.
    There,
}

/// Commands that a replica answers itself.
pub const HERE: &[&str] = &[
    "session",
    "set_me",
    "postmortem_list",
    "postmortem_new",
    "postmortem_get",
    "postmortem_derived",
    "postmortem_open_actions",
    "demo_new",
    "action_list",
    "action_set",
    "row_history",
    "version_list",
    "version_diff",
    "version_restore",
    "search",
    "directory",
    "person_save",
    "service_save",
    "template_list",
    "template_get",
    "template_check",
    "export_templates",
    "export_template_try",
    "meeting_promises",
    "summary",
    "summary_page",
    "summary_export",
    "summary_save",
    "hints",
    "time_read",
    "customer_post",
    "customer_post_begin",
    "export",
    "export_save",
    "import",
    "ticket_draft",
    "tickets_export",
    "tickets_match",
    "replica_documents",
    "replica_rows",
    "replica_hand_in",
    "replica_give_back",
    "replica_state",
    "replica_read",
    "replica_let_go",
    "workspace_info",
    "workspace_backup",
    "workspace_check",
];

/// Commands that the served workspace answers: the trash, names of versions, what everybody's postmortems are made from, meetings,
/// sharing and published copies are its own records.
pub const THERE: &[&str] = &[
    "row_authors",
    "postmortem_trash",
    "postmortem_restore",
    "postmortem_erase",
    "trash_empty",
    "version_name",
    "service_remove",
    "settings_save",
    "tracker_save",
    "tracker_remove",
    "template_save",
    "template_remove",
    "export_template_save",
    "export_template_restore",
    "account_list",
    "account_invite",
    "account_device",
    "account_role",
    "account_end",
    "invitation_withdraw",
    "session_list",
    "session_end",
    "postmortem_access",
    "postmortem_access_set",
    "audit_list",
    "reminders",
    "reminders_clock_right",
    "calendar_feed",
    "calendar_feed_make",
    "calendar_feed_withdraw",
    "meetings_open",
    "meeting",
    "meeting_open",
    "meeting_do",
    "share_interfaces",
    "share_start",
    "share_stop",
    "share_state",
    "guest_right",
    "guest_free",
    "guest_remove",
    "publish",
    "publish_anew",
    "published",
    "published_page",
    "published_difference",
    "published_export",
    "published_save",
    "published_delete",
];

/// Who answers a command. One that stands in neither list is answered where the workspace is served.
pub(crate) fn place_of(api: &Api, command: &str, request: &Value) -> Place {
    static OURS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| HERE.iter().copied().collect());
    // What was withdrawn and is kept for its edits is this computer's own.
    let own = command == "postmortem_erase"
        && request
            .get("doc")
            .and_then(Value::as_str)
            .is_some_and(|doc| is_withdrawn(api, doc));
    if own || OURS.contains(command) {
        Place::Here
    } else {
        Place::There
    }
}

fn is_withdrawn(api: &Api, doc: &str) -> bool {
    api.store()
        .withdrawn()
        .is_ok_and(|all| all.iter().any(|one| one.doc == doc && one.kept))
}

/// Errors: `Refused` when the account of this replica may not do there what it would do here: it would never be taken.
pub(crate) fn may(api: &Api, command: &str) -> Result<(), ApiError> {
    let Some(account) = api.account_there() else {
        return Ok(());
    };
    let least = LEAST
        .iter()
        .find_map(|(name, least)| (*name == command).then_some(*least))
        .unwrap_or(AccountRole::Viewer);
    account::at_least(account.role, least)
}

/// Has the served workspace answer a command.
pub(crate) fn ask_there(api: &Api, command: &str, request: Value) -> Result<Value, ApiError> {
    match api.upstream() {
        Some(upstream) => upstream.call(command, request),
        None => Err(ApiError::new(
            ErrorCode::Unavailable,
            "This is done where the team’s workspace is served, and it is not connected now. What you write here waits and is handed in later.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_place() {
        for command in crate::COMMANDS {
            let places = usize::from(HERE.contains(command)) + usize::from(THERE.contains(command));
            assert_eq!(
                places, 1,
                "{command} must stand in exactly one of HERE and THERE: does a replica answer it?"
            );
        }
        for command in HERE.iter().chain(THERE) {
            assert!(
                crate::COMMANDS.contains(command),
                "{command} is no command any more"
            );
        }
    }
}
