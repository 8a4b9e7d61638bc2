//! [`Postmortem`], the plain snapshot that lists, exports and summaries are made from, and its parts.
//!
//! The words are the field's own and the same in code, screens, command line and documents.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::follow_through::{DueMove, Reopening};

/// Identifies one postmortem: a UUIDv7 in its hyphenated form.
pub type DocId = String;
/// Identifies one row of a postmortem: a UUIDv7 in its hyphenated form. Rows that other programs wrote may carry any
/// other short string; they are kept.
pub type RowId = String;
/// Identifies a person of the directory: a UUIDv7 in its hyphenated form.
pub type PersonId = String;
/// Identifies a service of the directory: the slug of the name it was created with ("login", "e-mail").
pub type ServiceId = String;

/// One incident's document as plain data: what an export shows and an import writes. Hidden (deleted) rows are not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Postmortem {
    /// The document's own id.
    pub id: DocId,
    /// Version of the document schema; 1 is the first.
    pub schema: u32,
    /// One line, as people wrote it.
    pub title: String,
    /// Absent until somebody has judged it.
    pub severity: Option<Severity>,
    /// Where the document is on its way.
    pub status: Status,
    /// IANA name of the zone that times are shown in, such as `Europe/Berlin`.
    pub timezone: String,
    /// Id of the review template it was made from.
    pub template: String,
    /// The one person who brings the document to its end.
    pub review_owner: Option<PersonId>,
    /// Services that were affected, in alphabetical order of their ids.
    pub services: Vec<ServiceId>,
    /// Free words, in alphabetical order.
    pub tags: Vec<String>,
    /// Text sections in the template's order.
    pub sections: Vec<Section>,
    /// The instants that bound the phases; a missing key is an unknown anchor.
    pub anchors: BTreeMap<AnchorKey, Anchor>,
    /// Timeline events: by time, events without a time in their place among the others.
    pub timeline: Vec<TimelineEvent>,
    /// Findings in the order people gave them.
    pub findings: Vec<Finding>,
    /// Action items in the order people gave them.
    pub actions: Vec<ActionItem>,
    /// Impact facts in the order people gave them.
    pub impact: Vec<ImpactFact>,
    /// What came up and belongs elsewhere or later.
    pub parking: Vec<ParkingItem>,
    /// Who took part, each with a role in this review.
    pub participants: Vec<Participant>,
}

impl Postmortem {
    /// All pictures that it shows.
    pub fn images(&self) -> impl Iterator<Item = &Image> {
        let events = self.timeline.iter().map(|event| &event.image);
        let actions = self.actions.iter().map(|item| &item.evidence_image);
        events.chain(actions).flatten()
    }
}

/// How bad an incident was; SEV1 is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub enum Severity {
    #[serde(rename = "SEV1")]
    Sev1,
    #[serde(rename = "SEV2")]
    Sev2,
    #[serde(rename = "SEV3")]
    Sev3,
    #[serde(rename = "SEV4")]
    Sev4,
    #[serde(rename = "SEV5")]
    Sev5,
}

/// Where a postmortem is on its way from first draft to closed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Status {
    #[default]
    Draft,
    InReview,
    FollowUp,
    Closed,
}

/// A stretch of an incident's clock (the first three) or of the work after it. Source: Hand, Post-Incident Reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Phase {
    Detection,
    Response,
    Remediation,
    Analysis,
    Readiness,
}

/// A text section of the template, written together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Section {
    /// Slug, unique in the document ("summary", "what-helped").
    pub id: String,
    /// Heading as the template had it when the document was made.
    pub title: String,
    /// Markdown.
    pub text: String,
}

/// How well an instant is known.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Read off a clock or a log.
    #[default]
    Exact,
    /// Estimated; shown as "about".
    About,
    /// Known to have happened, not when. Such an anchor has no instant.
    Unknown,
}

/// The instants that bound the phases (PRACTICE: T0 to T7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnchorKey {
    /// Impact starts.
    T0,
    /// First signal that anyone saw.
    T1,
    /// We know: the first person of our organisation.
    T2,
    /// Responder engaged: somebody who can act acknowledges.
    T3,
    /// Responder has access and a working view.
    T4,
    /// First mitigating change.
    T5,
    /// Impact ends.
    T6,
    /// Declared resolved.
    T7,
}

/// One anchor: when, how well known, and from where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Anchor {
    /// UTC. Absent when the precision is `unknown`.
    #[ts(type = "string | null")]
    pub at: Option<DateTime<Utc>>,
    /// How well `at` is known.
    pub precision: Precision,
    /// Where it is known from: a sentence, a link, or the id of a timeline event as `event:<row id>`.
    pub source: String,
}

/// An instant as a person entered it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Moment {
    /// UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// IANA name of the zone it was entered in.
    pub zone: String,
    /// `exact` or `about`; an unknown time is no moment at all.
    pub precision: Precision,
}

/// What a timeline event is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum EventKind {
    Signal,
    #[default]
    Observation,
    Communication,
    Decision,
    Change,
    Restored,
}

/// Who may read an item in an export. It does not hide anything in the room.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The review and its document alone.
    Room,
    /// Everyone in the company.
    #[default]
    Company,
    /// Customers too.
    Customers,
}

/// Who did or saw something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Actor {
    /// A row of [`Postmortem::participants`].
    Participant(RowId),
    /// A role or group in plain words, such as `Customers`.
    Role(String),
}

/// A picture that lies in the workspace beside the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Image {
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
}

/// Something that was seen, done, thought or felt during the incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TimelineEvent {
    /// The row's id.
    pub id: RowId,
    /// When; absent when unknown.
    pub at: Option<Moment>,
    /// Which stretch of the incident it belongs to.
    pub phase: Option<Phase>,
    /// What it is.
    pub kind: EventKind,
    /// Who; absent when nobody said.
    pub actor: Option<Actor>,
    /// One sentence, one actor, one action.
    pub text: String,
    /// Where that is known from: a link or words.
    pub source: String,
    /// A picture of it.
    pub image: Option<Image>,
    /// It belongs in summaries.
    pub star: bool,
    /// A communication that customers could read (a status-page update).
    pub public: bool,
    /// Who may read it in an export.
    pub visibility: Visibility,
}

/// What a finding did to the outcome.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Made things harder or slower.
    #[default]
    Hindered,
    /// Made things better.
    Helped,
    /// Nobody in the room knew it.
    Surprised,
    /// Went well without anybody's doing.
    Luck,
    /// Still there.
    Risk,
}

/// Something true that was learned about how work and system really were, without the fix in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Finding {
    /// The row's id.
    pub id: RowId,
    /// The number in `F5`; given once by the backend, never reused.
    pub number: Option<u32>,
    /// One sentence.
    pub text: String,
    /// What it did to the outcome.
    pub kind: FindingKind,
    /// Which stretch of the incident it is about.
    pub phase: Option<Phase>,
    /// One word: monitoring, access, documentation, escalation, communication, …
    pub theme: String,
    /// Timeline events that show it, in timeline order.
    pub events: Vec<RowId>,
    /// Action items that answer it, in the order of the action items.
    pub actions: Vec<RowId>,
    /// The room decided that nothing needs doing; `no_action_reason` says why.
    pub no_action: bool,
    /// Why nothing needs doing.
    pub no_action_reason: String,
    /// Who may read it in an export.
    pub visibility: Visibility,
}

/// How much an action item matters; P0 comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub enum Priority {
    P0,
    P1,
    P2,
    P3,
}

/// What an action item does. Source: Lunney, Lueder, O'Connor, Postmortem Action Items (;login: 2017).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ActionType {
    Investigate,
    Mitigate,
    Repair,
    Detect,
    Prevent,
    Process,
}

/// Where an action item is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// Nobody has started.
    #[default]
    Open,
    /// Somebody is at it.
    InProgress,
    /// Done, with evidence.
    Done,
    /// Not to be done, with a reason.
    Declined,
}

/// Somebody looked whether a done action item changed what its finding said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Verified {
    /// Who looked.
    pub by: PersonId,
    /// When, UTC.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
}

/// A verifiable outcome with exactly one owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ActionItem {
    /// The row's id.
    pub id: RowId,
    /// The number in `A3`; given once by the backend, never reused.
    pub number: Option<u32>,
    /// One sentence that starts with a verb.
    pub text: String,
    /// How anybody can see that it is done.
    pub done_when: String,
    /// The one person who sees to it.
    pub owner: Option<PersonId>,
    /// Who helps, in alphabetical order of their ids.
    pub helpers: Vec<PersonId>,
    /// The day it is due.
    #[ts(type = "string | null")]
    pub due: Option<NaiveDate>,
    /// How the day was moved after the review, in the order of their ids.
    pub moves: Vec<DueMove>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// What it does.
    #[serde(rename = "type")]
    pub action_type: Option<ActionType>,
    /// Where it is.
    pub status: ActionStatus,
    /// When it was done or declined, UTC.
    #[ts(type = "string | null")]
    pub settled_at: Option<DateTime<Utc>>,
    /// What shows that it is done.
    pub evidence: String,
    /// A picture that shows that it is done.
    pub evidence_image: Option<Image>,
    /// Whoever ticked it off left out what shows it; evidence that came later counts all the same.
    pub evidence_skipped: bool,
    /// Why it was declined.
    pub reason: String,
    /// Once it is done: the day on which to look whether it worked.
    #[ts(type = "string | null")]
    pub check_on: Option<NaiveDate>,
    /// Who looked whether it worked, and when.
    pub verified: Option<Verified>,
    /// What was seen when somebody looked.
    pub verified_note: String,
    /// When it was opened again because it had not worked, in the order of their ids.
    pub reopened: Vec<Reopening>,
    /// Ticket: an http(s) address or a key such as `OPS-212`.
    pub ticket: String,
    /// Who may read it in an export.
    pub visibility: Visibility,
}

/// One figure of what the incident did to people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImpactFact {
    /// The row's id.
    pub id: RowId,
    /// What was counted: "Support requests".
    pub text: String,
    /// A number or a few words.
    pub value: String,
    /// Unit of the value; may be empty.
    pub unit: String,
    /// When it was so; absent when unknown.
    pub at: Option<Moment>,
    /// The value is an estimate.
    pub estimate: bool,
}

/// What came up in the review and belongs elsewhere or later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ParkingItem {
    /// The row's id.
    pub id: RowId,
    /// What was said.
    pub text: String,
    /// Who raised it.
    pub raised_by: Option<Actor>,
}

/// What somebody was in this review. (What somebody may do in a room is a *room right*, in a workspace an *account role*.)
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ReviewRole {
    Facilitator,
    Scribe,
    FirstResponder,
    Responder,
    Support,
    Stakeholder,
    #[default]
    Observer,
}

/// A person of the directory with a role in this review. Name and title are copied, so that a guest needs no directory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Participant {
    /// The row's id.
    pub id: RowId,
    /// The directory's person; absent for somebody who is known by name alone.
    pub person: Option<PersonId>,
    /// The name to show.
    pub name: String,
    /// What they were in this review.
    pub role: ReviewRole,
    /// Their role in the company, such as "Social media manager".
    pub title: String,
}

/// The kinds of rows that a postmortem holds, named as in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RowKind {
    Timeline,
    Findings,
    Actions,
    Impact,
    Parking,
    Participants,
}
