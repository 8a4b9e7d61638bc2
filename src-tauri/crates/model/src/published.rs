//! Published copies: what left for its readers, kept as it was then.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::DocId;
use crate::visibility::Audience;

/// What a copy is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PublishedKind {
    /// The summary of a period.
    Period,
    /// The summary of one postmortem for everyone in the company.
    Summary,
    /// The post for customers of one postmortem.
    Post,
}

/// One line of the list of published copies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedCopy {
    /// A UUIDv7.
    pub id: String,
    /// What it is of.
    pub kind: PublishedKind,
    /// The postmortem that it was made from; absent for a period.
    pub doc: Option<DocId>,
    /// That postmortem was erased for good; the copy stays.
    pub source_gone: bool,
    /// The period in words, or the title that the copy has.
    pub title: String,
    /// For whom it was made.
    pub readers: Audience,
    /// When it was published.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who published it, as the directory names them now; empty when nobody had said who they are.
    pub by: String,
    /// When the copy was published that this one took the place of, when it is still kept.
    #[ts(type = "string | null")]
    pub replaces: Option<DateTime<Utc>>,
    /// When the copy was published that took the place of this one.
    #[ts(type = "string | null")]
    pub replaced: Option<DateTime<Utc>>,
    /// A name for its file, without the extension.
    pub file_name: String,
}

/// A page of the list of published copies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PublishedPage {
    /// The copies, newest first.
    pub copies: Vec<PublishedCopy>,
    /// Copies of all pages together.
    pub total: u32,
}
