//! Requests and responses of the commands. Every time is RFC 3339 in UTC, every day `YYYY-MM-DD`, every duration in
//! whole seconds unless a field says otherwise.

pub use crate::account_types::*;
use chrono::{DateTime, Utc};
pub use model::account::*;
pub use model::anonymise::Report;
pub use model::customer_post::{Concern, Post};
pub use model::derived::Derived;
use model::directory::SharedSettings;
pub use model::directory::{Directory, Person, Service};
pub use model::hints::{HintKind, HintReport};
pub use model::list::*;
pub use model::meeting::{MeetingAct, MeetingLength, MeetingView, RoomRight};
pub use model::postmortem::Postmortem;
pub use model::postmortem::{ActionStatus, Image, Severity, Status, Verified};
use model::postmortem::{DocId, DueMove, PersonId, Reopening, RowId, RowKind, ServiceId};
pub use model::published::{PublishedCopy, PublishedKind, PublishedPage};
pub use model::summary::{LeftOut, Summary, SummaryScope};
pub use model::time_entry::TimeRead;
pub use model::visibility::Audience;
use serde::{Deserialize, Serialize};
pub use tickets::*;
use ts_rs::TS;

pub use crate::reminder_types::*;
pub use crate::replica::*;

mod tickets;

/// What is computed of a postmortem, and where it lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "Derived")]
pub struct PostmortemDerived {
    /// Durations, phase bar and completeness checks.
    #[serde(flatten)]
    #[ts(flatten)]
    pub derived: Derived,
    /// It lies in the trash, where nobody changes it.
    pub trashed: bool,
}

/// Makes the example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DemoNew {
    /// Not the login outage alone: fifteen incidents of half a year, with their people and services.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub year: bool,
}

/// The post for customers of a postmortem, for its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CustomerPost {
    /// What it says.
    pub post: Post,
    /// What has to be looked at in its title; places are counted in UTF-16 units, here and below.
    pub title: Vec<Concern>,
    /// In the summary.
    pub summary: Vec<Concern>,
    /// In what happened.
    pub happened: Vec<Concern>,
    /// In what we are doing.
    pub doing: Vec<Concern>,
    /// In each of the updates, in their order.
    pub updates: Vec<Vec<Concern>>,
}

/// Asks for the figures of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryAsk {
    /// What to count, and for whom.
    pub scope: SummaryScope,
    /// Call people by their roles in every text.
    #[serde(default)]
    pub anonymise: bool,
}

/// The review meeting of a postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeetingFound {
    /// As the caller may see it; absent when there never was one.
    pub meeting: Option<MeetingView>,
}

/// A review meeting that goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenMeeting {
    /// The postmortem.
    pub doc: DocId,
    /// Its title.
    pub title: String,
    /// The name of the stage that the room is in.
    pub stage: String,
    /// Seconds that are left of it when this is answered; below zero once its time is over.
    #[ts(type = "number")]
    pub left: i64,
    /// Who has come.
    pub present: Vec<PersonId>,
}

/// Opens a review meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeetingOpen {
    /// The postmortem.
    pub doc: DocId,
    /// How long it is to take.
    #[serde(default)]
    pub length: MeetingLength,
}

/// Does something in a review meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MeetingDo {
    /// The postmortem.
    pub doc: DocId,
    /// What.
    pub act: MeetingAct,
}

/// What earlier reviews promised and has not been done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Promises {
    /// Their open action items, the longest due first.
    pub actions: Vec<ActionRow>,
}

/// How what guests send and get travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// Encrypted with a certificate that this computer made for itself; browsers warn of it once.
    #[default]
    Own,
    /// Readable for everybody on the way: for a network that one trusts.
    Plain,
}

/// An address of this computer on which a meeting can be shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareInterface {
    /// The network interface: `eth0`, `wlan0`.
    pub name: String,
    /// Its IP address.
    pub address: String,
    /// `wired`, `wireless`, `tunnel`, `loopback` (reachable from this computer alone), or `other`.
    pub kind: String,
}

/// The addresses of this computer on which a meeting can be shared, those that guests most likely reach first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareInterfaces {
    /// One per address.
    pub interfaces: Vec<ShareInterface>,
}

/// Lets guests into the review meeting of a postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareStart {
    /// The postmortem.
    pub doc: DocId,
    /// One of the addresses of `share_interfaces`.
    pub address: String,
    /// How what guests send and get travels.
    #[serde(default)]
    pub encryption: Encryption,
}

/// A meeting that is shared, when one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareFound {
    /// Absent when no port is open.
    pub share: Option<ShareState>,
}

/// A meeting that is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareState {
    /// The postmortem.
    pub doc: DocId,
    /// The IP address that guests reach.
    pub address: String,
    /// The port.
    pub port: u16,
    /// How what guests send and get travels.
    pub encryption: Encryption,
    /// The link for guests; its fragment holds the secret.
    pub link: String,
    /// What guests open who type: the link without the secret.
    pub typed: String,
    /// What they type there: three letters and three digits.
    pub code: String,
    /// SHA-256 of the certificate, in hexadecimal digits; absent when nothing is encrypted.
    pub fingerprint: Option<String>,
    /// The link as a QR code.
    pub qr: QrCode,
    /// Who has joined, in that order.
    pub guests: Vec<ShareGuest>,
}

/// A QR code for an SVG with the view box `0 0 size size`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QrCode {
    /// Modules of a side, the quiet zone of four on each side included.
    pub size: u32,
    /// The dark modules as a path.
    pub path: String,
}

/// Somebody who joined by the link or the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareGuest {
    /// Names this guest for as long as the meeting is shared.
    pub id: String,
    /// Who they are.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they may do: `viewer` or `editor`.
    pub right: RoomRight,
    /// A page of theirs is open.
    pub connected: bool,
    /// Whoever joins under this name now is this person: the facilitator has freed it, or the meeting has another address since
    /// they joined.
    pub free: bool,
    /// When they joined.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
}

/// Lets a guest write, or read along alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GuestRight {
    /// The guest.
    pub guest: String,
    /// `viewer` or `editor`.
    pub right: RoomRight,
}

/// Names one guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GuestRef {
    /// The guest.
    pub guest: String,
}

/// A text to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HintsAsk {
    /// Its postmortem: the people who take part are known by name.
    pub doc: DocId,
    /// Where it stands.
    pub kind: HintKind,
    /// The text.
    pub text: String,
}

/// Who wrote a row first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RowAuthor {
    /// The row.
    pub row: RowId,
    /// The person.
    pub person: PersonId,
}

/// An empty request or response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Empty {}

/// Names one postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DocRef {
    /// The postmortem.
    pub doc: DocId,
}

/// What somebody saw in the trash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrashSeen {
    /// Every postmortem that was shown there.
    pub docs: Vec<DocId>,
}

/// What the UI must know before it draws anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Session {
    /// Debrief's version.
    pub version: String,
    /// `desktop` or `browser`.
    pub shell: String,
    /// Who sits here; absent until the welcome has been answered.
    pub me: Option<Person>,
    /// The workspace file as a person would name it; its name alone in a browser.
    pub workspace: String,
    /// The computer's IANA zone.
    pub timezone: String,
    /// Now, by the backend's clock.
    #[ts(type = "string")]
    pub now: DateTime<Utc>,
    /// Nothing has been written in this workspace and nobody has said who they are: show the welcome.
    pub first_run: bool,
    /// The one postmortem that a guest of its meeting may see; absent for whoever has the workspace.
    pub room: Option<DocId>,
    /// The account that asks, when the workspace is served to a team.
    pub account: Option<Account>,
}

/// Says who sits at this computer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SetMe {
    /// An existing person; wins over `name`.
    pub person: Option<PersonId>,
    /// Name of a person to add when `person` is absent.
    pub name: String,
}

/// What a new postmortem starts with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NewPostmortem {
    /// Template id; empty for the workspace's default.
    pub template: String,
    /// Title; may be empty.
    pub title: String,
    /// Severity.
    pub severity: Option<Severity>,
    /// IANA zone; empty for the workspace's default.
    pub timezone: String,
    /// Services, by id.
    pub services: Vec<ServiceId>,
}

/// What a trashed or erased postmortem leaves open: shown before it goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenActions {
    /// Its action items that are neither done nor declined.
    pub actions: Vec<ActionRow>,
}

/// Changes fields of one action item. An absent field stays; a field that is there replaces the value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionSet {
    /// Its postmortem.
    pub doc: DocId,
    /// The row.
    pub id: RowId,
    /// New status. `declined` needs a reason, given here or already there.
    #[ts(optional)]
    pub status: Option<ActionStatus>,
    /// New owner; an empty string takes the owner away.
    #[ts(optional)]
    pub owner: Option<PersonId>,
    /// New due day `YYYY-MM-DD`; an empty string takes it away.
    #[ts(optional)]
    pub due: Option<String>,
    /// Why the due day moves. Needed, in follow-up and once closed, when the item had a day.
    #[ts(optional)]
    pub move_reason: Option<String>,
    /// New priority; an empty string takes it away.
    #[ts(optional)]
    pub priority: Option<String>,
    /// New ticket.
    #[ts(optional)]
    pub ticket: Option<String>,
    /// What shows that it is done.
    #[ts(optional)]
    pub evidence: Option<String>,
    /// A picture that shows that it is done; one without a hash takes it away.
    #[ts(optional)]
    pub evidence_image: Option<Image>,
    /// Whoever ticks it off leaves out what shows it. Goes again when the item is no longer done.
    #[ts(optional)]
    pub evidence_skipped: Option<bool>,
    /// The day `YYYY-MM-DD` on which to look whether it worked; an empty string for none. An item that becomes done gets the
    /// one that the shared settings ask for, unless another is named; one that is no longer done loses it.
    #[ts(optional)]
    pub check_on: Option<String>,
    /// Why it is declined.
    #[ts(optional)]
    pub reason: Option<String>,
    /// What was seen when somebody looked whether it worked; marks the item verified by whoever sits here. An empty string takes that back.
    #[ts(optional)]
    pub verified_note: Option<String>,
    /// It did not work: what was seen. Opens the item again and stays in its record.
    #[ts(optional)]
    pub did_not_work: Option<String>,
    /// Only if the fields still have these values (an undo must not take another person's work). Keys as above.
    #[ts(optional)]
    pub only_if: Option<Box<ActionSet>>,
    /// What goes with the fields above and is not named by them; an undo alone carries it.
    #[ts(optional)]
    pub put_back: Option<PutBack>,
}

/// What a change of an action item took along besides the fields that it named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PutBack {
    /// With `status`: when the item had been settled.
    #[ts(type = "string | null")]
    pub settled_at: Option<DateTime<Utc>>,
    /// With `verified_note`: who had looked, and when.
    pub verified: Option<Verified>,
    /// With `due`: how its day had been moved.
    pub moves: Option<Vec<DueMove>>,
    /// With `did_not_work`: when it had been opened again.
    pub reopened: Option<Vec<Reopening>>,
    /// With `owner`: who had helped before they became the owner.
    pub helper: Option<PersonId>,
    /// With `owner`: the participant that the new owner became.
    pub participant: Option<RowId>,
}

/// What an action item was before a change and is after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionChanged {
    /// The item now.
    pub row: ActionRow,
    /// The request that takes this change back, and only this change.
    pub undo: ActionSet,
}

/// One change of a row: who, when, what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HistoryEntry {
    /// When the backend took it.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who; absent when nobody had said who they are.
    pub by: Option<PersonId>,
    /// Their name.
    pub by_name: String,
    /// `status`, `owner`, `due`, `text`, `created`, `deleted`, …
    pub field: String,
    /// A sentence: "Due moved from 18 Nov to 25 Nov".
    pub text: String,
    /// The value before, as text.
    pub before: String,
    /// The value after, as text.
    pub after: String,
}

/// Which row's history to tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RowRef {
    /// The postmortem.
    pub doc: DocId,
    /// The row's kind.
    pub kind: RowKind,
    /// The row.
    pub id: RowId,
}

/// Names the present state of a postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionName {
    /// The postmortem.
    pub doc: DocId,
    /// The name.
    pub name: String,
}

/// Two places in the log of a postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionPair {
    /// The postmortem.
    pub doc: DocId,
    /// The older one.
    #[ts(type = "number")]
    pub from: i64,
    /// The newer one; 0 for now.
    #[ts(type = "number")]
    pub to: i64,
}

/// One place in the log of a postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionRef {
    /// The postmortem.
    pub doc: DocId,
    /// The place.
    #[ts(type = "number")]
    pub seq: i64,
}

/// A readable difference between two versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionDiff {
    /// What changed, in document order.
    pub changes: Vec<VersionChange>,
}

/// One change between two versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VersionChange {
    /// Where: "Title", "Summary", "Finding F3", "Action item A2, owner".
    pub place: String,
    /// `added`, `removed` or `changed`.
    pub what: String,
    /// Pieces of text: kept, removed, added, in reading order.
    pub pieces: Vec<DiffPiece>,
}

/// A piece of a readable difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DiffPiece {
    /// `same`, `removed` or `added`.
    pub kind: String,
    /// The words.
    pub text: String,
}

/// The workspace's directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DirectoryView {
    /// People, services, themes, settings.
    pub directory: Directory,
    /// Open action items by owner.
    pub open_actions: std::collections::BTreeMap<PersonId, u32>,
}

/// Adds or renames a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ServiceSave {
    /// Empty for a new one.
    pub id: ServiceId,
    /// Name.
    pub name: String,
}

/// Names one thing by its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct IdRef {
    /// The id.
    pub id: String,
}

/// A template as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateRow {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is for, in one sentence.
    pub description: String,
    /// Comes with Debrief.
    pub builtin: bool,
    /// A built-in one that was changed in this workspace.
    pub changed: bool,
    /// Headings of its sections.
    pub sections: Vec<String>,
    /// Stages of its meeting, with minutes.
    pub stages: Vec<(String, u32)>,
}

/// A template's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateSource {
    /// Slug; for a new one, empty (it is made from the name).
    pub id: String,
    /// The whole Markdown file.
    pub source: String,
}

/// What a check of a template's file found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TemplateChecked {
    /// What is wrong; empty for a good template.
    pub problems: Vec<model::template::TemplateProblem>,
    /// The template as it would be, when it is good.
    pub template: Option<model::template::Template>,
}

/// The template of a page that is exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportTemplate {
    /// The page: `postmortem`, `one-summary`, `post` or `summary`.
    pub id: String,
    /// The page's name.
    pub name: String,
    /// What is made with it, in one sentence.
    pub description: String,
    /// The template that comes with Debrief.
    pub builtin: String,
    /// The workspace's own, when it was changed.
    pub own: Option<String>,
}

/// What became of an export template that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportTemplateTried {
    /// What is wrong; empty for a good template.
    pub problems: Vec<model::template::TemplateProblem>,
    /// The name under which its page of example data can be looked at, when it is good.
    pub page: Option<String>,
}

/// Text that a person typed for a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TimeText {
    /// `16:05`, `4:05pm`, `yesterday 16:05`, `+5m`, `2026-11-10 16:05 UTC`, `about 16:10`.
    pub text: String,
    /// IANA zone for times that name none.
    pub zone: String,
    /// The instant that `+5m` counts from and whose day a bare time belongs to; absent for now.
    #[ts(type = "string | null")]
    pub reference: Option<DateTime<Utc>>,
}

/// What to export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// The postmortem.
    pub doc: DocId,
    /// `md`, `html` or `json`; of the post for customers `post-md`, `post-html`, `post-txt` or `post-json`.
    pub format: String,
    /// Only looked at: no version is named after it.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub preview: bool,
    /// Roles instead of names.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub anonymise: bool,
    /// With `anonymise`: owners stay as owners, by name.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub keep_owners: bool,
}

/// An export as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// A file name that fits: `2026-11-10-login-page-outage.md`.
    pub file_name: String,
    /// MIME type.
    pub mime: String,
    /// The text; empty for a format that is none.
    pub text: String,
    /// The bytes of a format that is no text, in Base64 (RFC 4648).
    pub base64: Option<String>,
    /// Files that belong beside it (images of a Markdown export).
    pub assets: u32,
    /// What was replaced by roles and what to look at, in UTF-16 units (the command line: bytes); absent when names stayed.
    pub roles: Option<Report>,
}

/// What the summary of a period is made for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryRequest {
    /// What is counted, and for whom.
    pub scope: SummaryScope,
    /// Roles in place of names. Customers are given nothing else.
    #[serde(default)]
    pub anonymise: bool,
    /// What is in it.
    #[serde(default)]
    pub include: SummaryInclude,
}

/// Which parts a summary has, as far as its audience reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SummaryInclude {
    /// Charts, with their figures.
    pub charts: bool,
    /// What was learned, and what came back.
    pub findings: bool,
    /// How old open action items are, and what was declined.
    pub open_actions: bool,
    /// The table of postmortems.
    pub postmortems: bool,
}

impl Default for SummaryInclude {
    fn default() -> Self {
        Self {
            charts: true,
            findings: true,
            open_actions: true,
            postmortems: true,
        }
    }
}

/// A summary that can be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryMade {
    /// Where the page is shown: a name for the address of previews, good until newer pages take its place.
    pub page: String,
    /// A name for its file, without the extension.
    pub file_name: String,
    /// The period in words.
    pub period: String,
    /// Postmortems that were counted.
    pub postmortems: u32,
    /// Postmortems that were not counted, and why.
    pub left_out: Vec<LeftOut>,
    /// Every tag of the workspace, to choose from.
    pub tags: Vec<String>,
    /// What was replaced and is worth a look, per postmortem; empty when names stay.
    pub replaced: Vec<ReplacedIn>,
}

/// What was replaced in the texts of one postmortem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReplacedIn {
    /// The postmortem.
    pub doc: DocId,
    /// Its title.
    pub title: String,
    /// What was replaced, and what to look at.
    pub report: Report,
}

/// The summary as a file's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryExport {
    /// Which one.
    pub request: SummaryRequest,
    /// `html`, `pdf`, `md`, `csv` or `json`.
    pub format: String,
}

/// Writes the summary to a file that the person chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummarySave {
    /// Which one.
    pub request: SummaryRequest,
    /// `html`, `pdf`, `md`, `csv` or `json`.
    pub format: String,
    /// Absolute path. Desktop alone.
    pub path: String,
}

/// What is to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PublishWhat {
    /// The summary of a period.
    Period {
        /// Which one.
        request: SummaryRequest,
    },
    /// The summary of one postmortem for everyone in the company.
    Summary {
        /// The postmortem.
        doc: DocId,
        /// Roles instead of names.
        #[serde(default)]
        anonymise: bool,
        /// With `anonymise`: owners stay as owners, by name.
        #[serde(default)]
        keep_owners: bool,
    },
    /// The post for customers of one postmortem.
    Post {
        /// The postmortem.
        doc: DocId,
    },
}

/// Keeps something as it is now, as a published copy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Publish {
    /// What.
    pub what: PublishWhat,
}

/// Which published copies to list. Absent values do not restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PublishedList {
    /// Those that were made from one postmortem.
    pub doc: Option<DocId>,
    /// Those of one kind.
    pub kind: Option<PublishedKind>,
    /// Copies to leave out at the start.
    pub offset: u32,
    /// Copies at the most; 0 means 20.
    pub limit: u32,
}

/// A published copy that can be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedShown {
    /// Where the page is shown: a name for the address of previews, good until newer pages take its place.
    pub page: String,
    /// The copy.
    pub copy: PublishedCopy,
}

/// Whether a published copy still says what it would say if it was made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// It does.
    UpToDate,
    /// Something that it says has changed since.
    OutOfDate,
    /// The postmortem that it was made from has been erased.
    SourceGone,
}

/// What a published copy says otherwise than it would if it was made now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedDifference {
    /// Whether there is a difference.
    pub state: Freshness,
    /// The lines that differ, in the order of the text; the place is the heading that they stand under.
    pub changes: Vec<VersionChange>,
}

/// A published copy as a file's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedExport {
    /// The copy.
    pub id: String,
    /// `html`, `pdf` or `md`.
    pub format: String,
}

/// Writes a published copy to a file that the person chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedSave {
    /// The copy.
    pub id: String,
    /// `html`, `pdf` or `md`.
    pub format: String,
    /// Absolute path. Desktop alone.
    pub path: String,
}

/// Writes an export to a file that the person chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportSave {
    /// The postmortem.
    pub doc: DocId,
    /// As in [`ExportRequest`].
    pub format: String,
    /// Absolute path. Desktop alone.
    pub path: String,
    /// Roles instead of names.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub anonymise: bool,
    /// With `anonymise`: owners stay as owners, by name.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub keep_owners: bool,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// The files, absolute.
    pub paths: Vec<String>,
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportSaved {
    /// The files, absolute.
    pub paths: Vec<String>,
    /// What was replaced by roles and what to look at, in UTF-16 units (the command line: bytes); absent when names stayed.
    pub roles: Option<Report>,
}

/// A file to import, already read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// Its name, for messages and to tell its format.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

/// What an import made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Imported {
    /// The new postmortem.
    pub doc: DocId,
    /// Its title.
    pub title: String,
    /// What could not be taken as it was, as sentences.
    pub notes: Vec<String>,
}

/// A file that the person chose. Desktop alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PathRef {
    /// Absolute path.
    pub path: String,
}

/// Shared settings with what the UI needs to edit them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SettingsSave {
    /// All of them.
    pub settings: SharedSettings,
}
