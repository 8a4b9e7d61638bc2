//! Accounts of a workspace that is served to a team: who may come in, as whom, and what they may do there. They are the serving
//! machine's own records, in no document. Every time is UTC.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::{DocId, PersonId};

/// An account of a served workspace; a UUIDv7.
pub type AccountId = String;

/// What an account may do, from least to most. Each may do what those before it may.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// Reads, exports, and joins meetings to read along.
    #[default]
    Viewer,
    /// Writes postmortems and changes action items.
    Member,
    /// Runs meetings, shares them, publishes, moves to the trash, changes templates and shared settings, and says who may see
    /// a restricted postmortem.
    Facilitator,
    /// Invites and ends accounts, erases, and reads the audit log.
    Admin,
}

impl AccountRole {
    /// Every role, from least to most.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Facilitator, Self::Admin];

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Facilitator => "facilitator",
            Self::Admin => "admin",
        }
    }
}

/// Whoever asks, for their own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// What it may do.
    pub role: AccountRole,
}

/// An account in the list of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountRow {
    /// The account.
    pub id: AccountId,
    /// Who it is, in the directory.
    pub person: PersonId,
    /// Their name as the directory has it now, else as it was when the account was made.
    pub name: String,
    /// What it may do.
    pub role: AccountRole,
    /// When somebody accepted its invitation.
    #[ts(type = "string")]
    pub created_at: DateTime<Utc>,
    /// When it was last used, to a few minutes.
    #[ts(type = "string | null")]
    pub seen_at: Option<DateTime<Utc>>,
    /// Devices that are signed in.
    pub sessions: u32,
    /// When it was ended: nobody comes in with it any more.
    #[ts(type = "string | null")]
    pub ended_at: Option<DateTime<Utc>>,
}

/// An invitation that can still be accepted. Its secret is known to whoever got the link alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InvitationRow {
    /// Names it.
    pub id: String,
    /// For whom, when that was said.
    pub name: String,
    /// The role that it gives.
    pub role: AccountRole,
    /// The account that another device is to be signed in to; absent when it makes a new one.
    pub account: Option<AccountId>,
    /// Who made it; empty for the command line.
    pub by: String,
    /// When.
    #[ts(type = "string")]
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    #[ts(type = "string")]
    pub expires_at: DateTime<Utc>,
}

/// A device that is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionRow {
    /// Names it; opens nothing.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// Whose it is.
    pub name: String,
    /// What the device called itself, such as "Firefox on Linux".
    pub device: String,
    /// When it was signed in.
    #[ts(type = "string")]
    pub created_at: DateTime<Utc>,
    /// When it was last used, to a few minutes.
    #[ts(type = "string")]
    pub seen_at: DateTime<Utc>,
    /// It is the one that asks.
    pub this: bool,
}

/// Something that somebody did, or was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AuditRow {
    /// Its place in the audit log.
    #[ts(type = "number")]
    pub seq: i64,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who, by name; empty for somebody unknown and for the command line.
    pub name: String,
    /// From which address; empty for the command line.
    pub address: String,
    /// What, in a few words.
    pub what: String,
    /// Of which postmortem.
    pub doc: Option<DocId>,
    /// That postmortem's title, when the reader may see it.
    pub title: String,
    /// To whom or what else; holds no text of a postmortem.
    pub detail: String,
}

/// A page of the audit log, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AuditPage {
    /// The rows.
    pub rows: Vec<AuditRow>,
    /// Rows in all.
    pub total: u32,
}

/// Who may see a postmortem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PostmortemAccess {
    /// Only the accounts below see it; else everybody with an account does.
    pub restricted: bool,
    /// Who sees it while it is restricted.
    pub accounts: Vec<AccountId>,
}
