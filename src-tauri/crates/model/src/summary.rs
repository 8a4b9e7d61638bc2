//! The company-wide summary of a period: what to count ([`SummaryScope`]) and what was counted ([`Summary`]), as plain
//! data that a page draws without computing anything.
//!
//! Every figure carries its definition and what it leaves out. There is no mean, no trend and no ranking of people or
//! teams, and no figure rests on an instant that nobody knows (sources: Verica Open Incident Database reports; Davidovič,
//! Incident Metrics in SRE). Days are days of the workspace's zone, instants UTC, durations whole seconds.

mod action_figures;
mod duration_figures;
mod figures;
mod gathered;
mod learnings;
mod parts;
mod rows;
mod texts;
mod wording;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use figures::{Context, summarize};
pub use gathered::gathered;
pub use parts::*;
pub use texts::TextOf;

pub use rows::{
    ActionRow, FindingRow, FocusTexts, Gathered, IncidentFacts, IncidentRow, Known, Noticed, facts,
    opened_at,
};

use crate::postmortem::{DocId, ServiceId, Severity};
use crate::visibility::Audience;

/// Fewer incidents than this are listed: a median or a quartile of them says nothing.
pub const ENOUGH: usize = 5;
/// Rows of a list (action items, declined ones, themes, findings that came back) at the most; its total says how many there are.
pub const LISTED: usize = 200;
/// Examples of a theme at the most.
pub const EXAMPLES: usize = 3;
/// A first public word within so many seconds is counted as quick. Source: fifteen minutes, as incident guides advise.
pub const QUICK_WORD: i64 = 15 * 60;

/// What a summary is about. Empty lists do not restrict; all conditions hold together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryScope {
    /// First day of the period, in the workspace's zone.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// Last day of the period, which belongs to it.
    #[ts(type = "string")]
    pub to: NaiveDate,
    /// Any of these services.
    #[serde(default)]
    pub services: Vec<ServiceId>,
    /// Any of these severities; postmortems that nobody judged are then left out.
    #[serde(default)]
    pub severities: Vec<Severity>,
    /// Any of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Only these postmortems.
    #[serde(default)]
    pub postmortems: Vec<DocId>,
    /// Who will read it.
    #[serde(default)]
    pub audience: Audience,
    /// The postmortem that is told in more words; it must be in the scope to be told.
    #[serde(default)]
    pub focus: Option<DocId>,
}

/// The figures of a period. Postmortems in the trash are never in it; drafts are, and say so. A summary for customers counts
/// only postmortems in which an event, a finding or an action item is marked for customers: nothing of the others is theirs,
/// not even the title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Summary {
    /// What was asked for.
    pub scope: SummaryScope,
    /// The same in words.
    pub words: ScopeWords,
    /// The day it was made, in the workspace's zone: ages and overdue days are as of it.
    #[ts(type = "string")]
    pub made_on: NaiveDate,
    /// IANA name of the workspace's zone, in which days are told.
    pub timezone: String,
    /// What happened, in figures.
    pub headline: Headline,
    /// Incidents per month by severity.
    pub months: Months,
    /// Detection, response, remediation and the whole impact; always these four, in this order.
    pub durations: Vec<DurationStrip>,
    /// Who noticed first.
    pub first_noticed: FirstNoticed,
    /// From the start of the impact to the first public word.
    pub first_word: FirstWord,
    /// Action items: how many, and how they came and went.
    pub actions: ActionFigures,
    /// How long the open ones have been open.
    pub open_ages: OpenAges,
    /// Accepted risks: action items that were declined.
    pub declined: DeclinedItems,
    /// Done action items that somebody looked at again.
    pub verified: VerifiedShare,
    /// What was learned, by theme.
    pub themes: Themes,
    /// Findings that came back after their action item was done.
    pub recurring: Recurrences,
    /// Every postmortem that was counted, newest incident first.
    pub postmortems: Vec<SummaryRow>,
    /// Postmortems that were not counted, and why: one entry per reason.
    pub left_out: Vec<LeftOut>,
    /// The postmortem in focus, when one was asked for and is in the scope.
    pub focus: Option<Focus>,
}

/// A scope in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ScopeWords {
    /// "June to November 2026", "November 2026", "2026", "3 November to 9 December 2026".
    pub period: String,
    /// "All services", or their names.
    pub services: String,
    /// "All severities", or "SEV1 and SEV2".
    pub severities: String,
    /// The tags; empty when they do not restrict.
    pub tags: String,
    /// "3 chosen postmortems"; empty when none were chosen.
    pub postmortems: String,
    /// "Everyone in the company", "Executives", "Customers".
    pub audience: String,
}

/// What a figure means, and what it does not cover.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FigureNote {
    /// What was counted or measured, as a sentence.
    pub definition: String,
    /// What is missing from it; empty when nothing is.
    pub left_out: Vec<LeftOut>,
}

/// A number of things that a figure does not cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// How many; 0 when the audience is not to know.
    pub count: u32,
    /// "3 of 15 have no time of detection."
    pub text: String,
}

/// Why something is not in a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// A time or a word that the figure needs is not known.
    Missing,
    /// Two times are in the wrong order.
    Contradictory,
    /// The audience may not see it.
    Hidden,
    /// The list stops here.
    Long,
}
