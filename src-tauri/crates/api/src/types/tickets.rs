//! Tickets in other programs.

use model::postmortem::{DocId, RowId};
pub use model::tickets::{MatchedBy, NewIssue, Tracker, TrackerKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An action item of which a ticket is to be made, or to which one may belong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TicketItem {
    /// The postmortem.
    pub doc: DocId,
    /// The row.
    pub id: RowId,
    /// Where whoever reads the ticket finds the item, http or https; empty when nobody else could open it.
    pub link: String,
}

/// The ticket of an action item, not yet made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketDraft {
    /// Its title.
    pub title: String,
    /// All of it as Markdown, with the title as a heading.
    pub markdown: String,
    /// The page of each tracker on which it is filled in.
    pub issues: Vec<NewIssue>,
}

/// Asks for action items as tickets yet to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketsExport {
    /// Which, in this order.
    pub items: Vec<TicketItem>,
    /// `md` or `jira-csv`.
    pub format: String,
}

/// Tickets that were pasted back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketsPasted {
    /// Keys or links, a line each, as trackers print them.
    pub text: String,
    /// The action items to which they may belong.
    pub items: Vec<TicketItem>,
}

/// What was found in a pasted text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketsMatched {
    /// Each ticket once, in the order of the text.
    pub tickets: Vec<TicketMatch>,
}

/// A ticket that was pasted back, and the action item it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TicketMatch {
    /// Its key or address, as the action item is to hold it.
    pub ticket: String,
    /// The title that it has in the tracker, if its line has one.
    pub title: String,
    /// Which of the items that were asked about it belongs to, counted from 0; absent when none is known.
    pub item: Option<u32>,
    /// What that rests on.
    pub how: MatchedBy,
}
