//! What lists, search and checks of a workspace ask for and get. Every time is UTC, every day `YYYY-MM-DD`, every
//! duration in whole seconds.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::{
    ActionStatus, ActionType, DocId, Image, PersonId, Priority, RowId, ServiceId, Severity, Status,
};

/// How a list of postmortems is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PostmortemSort {
    #[default]
    Newest,
    Oldest,
    Severity,
    Title,
    Duration,
    Updated,
}

/// Which postmortems to list. Empty lists and absent values do not restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PostmortemFilter {
    /// Words that titles, findings, events, sections, action items or people's names must contain.
    pub query: String,
    /// One status.
    pub status: Option<Status>,
    /// Any of these severities.
    pub severities: Vec<Severity>,
    /// Any of these services.
    pub services: Vec<ServiceId>,
    /// Any of these tags.
    pub tags: Vec<String>,
    /// Incidents of this day and later, in the computer's zone.
    #[ts(type = "string | null")]
    pub from: Option<NaiveDate>,
    /// Incidents of this day and earlier, in the computer's zone.
    #[ts(type = "string | null")]
    pub to: Option<NaiveDate>,
    /// List the trash instead.
    pub trashed: bool,
    /// Order.
    pub sort: PostmortemSort,
    /// Rows to leave out at the start.
    pub offset: u32,
    /// Rows at the most; 0 means 200.
    pub limit: u32,
}

/// A page of the list of postmortems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PostmortemPage {
    /// The rows.
    pub rows: Vec<PostmortemRow>,
    /// Rows that match the filter, all pages together.
    pub total: u32,
    /// Rows that match the filter without its status, by status.
    pub by_status: StatusCounts,
}

/// How many postmortems have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct StatusCounts {
    pub draft: u32,
    pub in_review: u32,
    pub follow_up: u32,
    pub closed: u32,
}

/// One line of the list of postmortems.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PostmortemRow {
    /// The postmortem.
    pub id: DocId,
    /// Its title; may be empty.
    pub title: String,
    /// Its severity.
    pub severity: Option<Severity>,
    /// Its status.
    pub status: Status,
    /// Names of its services.
    pub services: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When the incident began (`Derived::starts`).
    #[ts(type = "string | null")]
    pub starts: Option<DateTime<Utc>>,
    /// Its display zone.
    pub timezone: String,
    /// Seconds of detection.
    #[ts(type = "number | null")]
    pub detection: Option<i64>,
    /// Seconds of response.
    #[ts(type = "number | null")]
    pub response: Option<i64>,
    /// Seconds of remediation.
    #[ts(type = "number | null")]
    pub remediation: Option<i64>,
    /// Seconds from T0 to T6.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
    /// A figure above rests on an estimate.
    pub about: bool,
    /// Action items, all.
    pub actions: u32,
    /// Action items that are done or declined.
    pub actions_settled: u32,
    /// When it was made.
    #[ts(type = "string")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed, to the second.
    #[ts(type = "string")]
    pub updated_at: DateTime<Utc>,
    /// When it was moved to the trash.
    #[ts(type = "string | null")]
    pub trashed_at: Option<DateTime<Utc>>,
    /// Only people who were named may see it; see accounts of a served workspace.
    pub restricted: bool,
}

/// What action items are gathered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionGrouping {
    /// Overdue, this week, later, without a date.
    Due,
    /// P0 first, those without one last.
    Priority,
    /// The postmortem with the most urgent item first.
    Postmortem,
    /// All services of the postmortem together, by name; those of none last.
    Service,
    /// Those without an owner first, then owners by name.
    Owner,
    /// The owner's team by name; those of none last.
    Team,
}

/// One group of a list of action items.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionGroup {
    /// Tells one from another: `overdue`, `week`, `later`, `none`, `check` (done, and to be looked at again), `done` and
    /// `declined`; `P0` to `P3` and `z` for no priority; a postmortem's or an owner's id; ids of services with a space between;
    /// a team.
    pub key: String,
    /// What it is called; empty where the key says it.
    pub label: String,
    /// All its rows, on whatever page.
    pub total: u32,
}

/// Which action items to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ActionFilter {
    /// One owner; absent for everyone.
    pub owner: Option<PersonId>,
    /// Those without an owner.
    pub unowned: bool,
    /// Of people of one team.
    pub team: Option<String>,
    /// Any of these statuses; empty for all.
    pub statuses: Vec<ActionStatus>,
    /// Due before today and neither done nor declined.
    pub overdue: bool,
    /// Of one postmortem.
    pub doc: Option<DocId>,
    /// Any of these priorities.
    pub priorities: Vec<Priority>,
    /// Any of these services.
    pub services: Vec<ServiceId>,
    /// Words that its text or its postmortem's title must contain.
    pub query: String,
    /// Settled items before this day are left out.
    #[ts(type = "string | null")]
    pub settled_since: Option<NaiveDate>,
    /// Gathers them, and lists what is to be looked at again as a group of its own, that of reviews which `owner` owns
    /// included.
    pub group: Option<ActionGrouping>,
    /// Rows to leave out at the start.
    pub offset: u32,
    /// Rows at the most; 0 means 500.
    pub limit: u32,
}

/// A page of action items: unsettled first by due date (none last), then settled, newest first; in groups, where that is
/// asked for, the same within each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionPage {
    /// The rows.
    pub rows: Vec<ActionRow>,
    /// Rows that match.
    pub total: u32,
    /// Of them open or in progress.
    pub open: u32,
    /// Of them done.
    pub done: u32,
    /// The groups that the rows belong to, in their order.
    pub groups: Vec<ActionGroup>,
    /// Today in the computer's zone.
    #[ts(type = "string")]
    pub today: NaiveDate,
}

/// One line of a list of action items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionRow {
    /// Its postmortem.
    pub doc: DocId,
    /// The postmortem's title.
    pub doc_title: String,
    /// The postmortem's severity.
    pub severity: Option<Severity>,
    /// The postmortem is in the trash.
    pub trashed: bool,
    /// The row.
    pub id: RowId,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What is to be done.
    pub text: String,
    /// How anybody sees that it is done.
    pub done_when: String,
    /// Owner.
    pub owner: Option<PersonId>,
    /// Owner's name.
    pub owner_name: String,
    /// Owner's team; empty for none.
    pub team: String,
    /// The postmortem's services.
    pub services: Vec<ServiceId>,
    /// Where the postmortem is on its way.
    pub doc_status: Status,
    /// Due day.
    #[ts(type = "string | null")]
    pub due: Option<NaiveDate>,
    /// Priority.
    pub priority: Option<Priority>,
    /// Type.
    #[serde(rename = "type")]
    pub action_type: Option<ActionType>,
    /// Status.
    pub status: ActionStatus,
    /// When it was done or declined.
    #[ts(type = "string | null")]
    pub settled_at: Option<DateTime<Utc>>,
    /// What shows that it is done.
    pub evidence: String,
    /// A picture that shows that it is done.
    pub evidence_image: Option<Image>,
    /// Whoever ticked it off left out what shows it.
    pub evidence_skipped: bool,
    /// Why it was declined.
    pub reason: String,
    /// Once it is done, and until somebody has said whether it worked: the day on which to look.
    #[ts(type = "string | null")]
    pub check_on: Option<NaiveDate>,
    /// How often its due day was moved after the review.
    pub moves: u32,
    /// How often it was opened again because it had not worked.
    pub reopened: u32,
    /// Somebody looked whether it worked.
    pub verified: bool,
    /// Ticket.
    pub ticket: String,
    /// Findings it answers: number and text.
    pub findings: Vec<FindingRef>,
}

/// A finding as an action item names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingRef {
    /// The row.
    pub id: RowId,
    /// The number in `F5`.
    pub number: Option<u32>,
    /// Its text.
    pub text: String,
}

/// A place in the log of a postmortem that has a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Version {
    /// Its place in the log. The newest state is the highest number.
    #[ts(type = "number")]
    pub seq: i64,
    /// Its name; empty for a stretch of edits that nobody named.
    pub name: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who named it, or wrote the edits.
    pub by: Vec<String>,
}

/// What the palette looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchQuery {
    /// Words; the last one may be unfinished.
    pub query: String,
    /// Hits per kind at the most.
    pub limit: u32,
}

/// What was found, best first within each kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchHits {
    /// The hits.
    pub hits: Vec<SearchHit>,
}

/// One place where the words were found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchHit {
    /// `postmortem`, `finding`, `action`, `event`, `section` or `person`.
    pub kind: String,
    /// The postmortem; empty for a person.
    pub doc: DocId,
    /// The postmortem's title.
    pub doc_title: String,
    /// The postmortem's severity.
    pub severity: Option<Severity>,
    /// The row, section or person; empty for a postmortem.
    pub id: String,
    /// The text that matched, shortened around the match.
    pub text: String,
    /// Start and length of each match in `text`, in UTF-16 units.
    pub marks: Vec<(u32, u32)>,
    /// Detail for the right edge: an owner, a date.
    pub detail: String,
}

/// The workspace file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkspaceInfo {
    /// Absolute path; its name alone in a browser.
    pub path: String,
    /// Size in bytes, its log beside it included.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Postmortems that are not in the trash.
    pub postmortems: u32,
    /// Postmortems in the trash.
    pub trashed: u32,
    /// Action items that are neither done nor declined.
    pub open_actions: u32,
    /// People who have not left.
    pub people: u32,
    /// Version of the file's schema.
    pub schema: u32,
}

/// What a check of the workspace found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct CheckReport {
    /// Postmortems that were looked at.
    pub documents: u32,
    /// Log entries that were looked at.
    #[ts(type = "number")]
    pub updates: i64,
    /// What is wrong, as sentences; empty when all is well.
    pub problems: Vec<String>,
    /// The derived tables were built anew.
    pub rebuilt: bool,
}

/// Something changed: lists that show it load again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Changed {
    /// The list of postmortems or action items, or one postmortem's projected data.
    Postmortem {
        /// Which.
        doc: DocId,
    },
    /// A review meeting: its stage, clock, rights, votes.
    Meeting {
        /// Of which postmortem.
        doc: DocId,
    },
    /// People, services, templates or settings.
    Directory,
    /// A copy was published, or deleted.
    Published,
    /// Accounts, invitations or sessions of a served workspace, or who may see a postmortem.
    Accounts {
        /// Whose rights may have changed: an account's, nobody's when it is empty, anybody's when it is absent.
        account: Option<crate::account::AccountId>,
    },
    /// Whether the served workspace that this one follows is reached, and what waits to be handed in there.
    Replica,
}
