//! Requests and responses about accounts of a served workspace.

use chrono::{DateTime, Utc};
use model::account::{AccountId, AccountRole, AccountRow, InvitationRow};
use model::postmortem::{DocId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Accounts, and the invitations that are still good.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountsView {
    /// Every account, ended ones last.
    pub accounts: Vec<AccountRow>,
    /// Invitations, newest first.
    pub invitations: Vec<InvitationRow>,
    /// Restricted postmortems, and how many accounts may see each.
    pub restricted: Vec<RestrictedRow>,
}

/// A restricted postmortem, and nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RestrictedRow {
    /// The postmortem.
    pub doc: DocId,
    /// Accounts that may see it.
    pub accounts: u32,
}

/// Invites somebody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AccountInvite {
    /// What they may do.
    pub role: AccountRole,
    /// A person of the directory that they are; absent for somebody new, who gives a name.
    pub person: Option<PersonId>,
    /// Their name, for the list of invitations; the person's own when there is one.
    pub name: String,
    /// An account that exists, whose owner has lost all devices; the role and the person are that account's then.
    pub account: Option<AccountId>,
    /// Days that it is good for, 1 to 30; 0 means 7.
    pub days: u32,
}

/// A link that lets somebody in once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Invited {
    /// To be handed to that person alone; it is shown this once.
    pub link: String,
    /// Until when it is good.
    #[ts(type = "string")]
    pub expires_at: DateTime<Utc>,
}

/// Gives an account another role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AccountRoleSet {
    /// The account.
    pub id: AccountId,
    /// The role.
    pub role: AccountRole,
}

/// Which sessions to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SessionList {
    /// Those of everybody, for an admin; else one's own.
    pub everybody: bool,
}

/// Says who may see a postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PostmortemAccessSet {
    /// The postmortem.
    pub doc: DocId,
    /// Only the accounts below see it.
    pub restricted: bool,
    /// Who sees it. Whoever says so stays among them.
    #[serde(default)]
    pub accounts: Vec<AccountId>,
}

/// Who may see a postmortem, and whom that can be said of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PostmortemAccessView {
    /// Only those of `people` who are admitted see it.
    pub restricted: bool,
    /// Every account that was not ended.
    pub people: Vec<AdmittedRow>,
}

/// An account, and whether it may see a restricted postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AdmittedRow {
    /// The account.
    pub account: AccountId,
    /// Whose it is, in the directory.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// It is among those who see it.
    pub admitted: bool,
}

/// Which part of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AuditList {
    /// Words of a name, an address or a deed.
    pub query: String,
    /// Rows to leave out at the start.
    pub offset: u32,
    /// Rows at the most; 0 means 100.
    pub limit: u32,
}
