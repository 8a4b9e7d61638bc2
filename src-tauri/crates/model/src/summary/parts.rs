//! The parts of a summary: one type per figure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::FigureNote;
use crate::postmortem::{ActionStatus, DocId, FindingKind, Phase, RowId, Severity, Status};

/// The sentences at the head of a summary, and the figures they are made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Headline {
    /// "15 incidents, 58 improvements made".
    pub title: String,
    /// Two sentences at the most; none when nothing happened.
    pub sentences: Vec<String>,
    /// Incidents that were counted.
    pub incidents: u32,
    /// Of them, drafts.
    pub drafts: u32,
    /// Median of the whole impact; absent with fewer than [`ENOUGH`].
    #[ts(type = "number | null")]
    pub median_total: Option<i64>,
    /// Incidents whose detection took longer than their response and longer than their remediation.
    pub detection_longest: u32,
    /// Incidents with all three phases known, of which `detection_longest` is a part.
    pub all_phases_known: u32,
}

/// Incidents per month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Months {
    /// Every month of the period in order, also those without incidents; of a period of more than fifty years only the
    /// months that have some.
    pub months: Vec<Month>,
    /// What is counted.
    pub note: FigureNote,
}

/// The incidents that began in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Month {
    /// First day of the month.
    #[ts(type = "string")]
    pub first: NaiveDate,
    /// How many, by severity.
    pub counts: SeverityCounts,
    /// Each of them, the most severe first, then by time.
    pub incidents: Vec<MonthIncident>,
}

/// A number per severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeverityCounts {
    /// SEV1.
    pub sev1: u32,
    /// SEV2.
    pub sev2: u32,
    /// SEV3.
    pub sev3: u32,
    /// SEV4.
    pub sev4: u32,
    /// SEV5.
    pub sev5: u32,
    /// Nobody has judged it.
    pub unknown: u32,
}

/// One incident of a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MonthIncident {
    /// Its postmortem.
    pub doc: DocId,
    /// Its title, as [`SummaryRow::title`].
    pub label: String,
    /// Its severity.
    pub severity: Option<Severity>,
}

/// Every incident's length of one stretch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DurationStrip {
    /// `detection`, `response`, `remediation`, `total`, `first_word`.
    pub key: String,
    /// "Detection", "Response", "Remediation", "Whole impact", "First public word".
    pub name: String,
    /// The phase, where it is one.
    pub phase: Option<Phase>,
    /// One per incident that it is known of, shortest first. A length of 0 seconds is possible.
    pub dots: Vec<DurationDot>,
    /// Dots that rest on an estimate.
    pub estimates: u32,
    /// Absent with fewer than [`ENOUGH`] dots: they are listed then, and nothing is drawn.
    pub middle: Option<MiddleHalf>,
    /// What is measured, and of how many incidents it is not known.
    pub note: FigureNote,
}

/// One incident's length of a stretch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DurationDot {
    /// Its postmortem.
    pub doc: DocId,
    /// Its title, as [`SummaryRow::title`].
    pub label: String,
    /// Its severity.
    pub severity: Option<Severity>,
    /// Whole seconds, 0 or more.
    #[ts(type = "number")]
    pub seconds: i64,
    /// It rests on an estimate.
    pub about: bool,
}

/// Median and quartiles, in whole seconds. All three are lengths that incidents had, never something between two of them
/// (the nearest rank, rounded up: with n lengths in order, the ⌈n/4⌉th, ⌈n/2⌉th and ⌈3n/4⌉th). Of an even number the median is
/// thus the lower one of the two in the middle, and "half were over within" is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MiddleHalf {
    /// A quarter took no longer.
    #[ts(type = "number")]
    pub lower: i64,
    /// Half took no longer.
    #[ts(type = "number")]
    pub median: i64,
    /// Three quarters took no longer.
    #[ts(type = "number")]
    pub upper: i64,
}

/// Who noticed an incident first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FirstNoticed {
    /// Incidents that customers noticed first.
    pub by_customers: u32,
    /// Incidents of which is known who noticed first.
    pub known: u32,
    /// Incidents of which it is not known.
    pub unknown: u32,
    /// What is counted.
    pub note: FigureNote,
}

/// Time to the first public word.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FirstWord {
    /// Every incident's.
    pub strip: DurationStrip,
    /// Incidents whose first public word came within [`QUICK_WORD`].
    pub quick: u32,
}

/// Action items of the postmortems that were counted, as far as the audience may see them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ActionFigures {
    /// All of them.
    pub opened: u32,
    /// Done.
    pub done: u32,
    /// Declined.
    pub declined: u32,
    /// Open or in progress.
    pub open: u32,
    /// Open or in progress, and due before [`Summary::made_on`].
    pub overdue: u32,
    /// Length of a step.
    pub step: StepLength,
    /// How many had been opened, done and declined by the end of each step. Only steps in which something changed, between
    /// the first day of the period and the day the summary was made, and these two; the lines are level in between. Items whose days are
    /// not known are not in them.
    pub steps: Vec<ActionStep>,
    /// The items that are not declined: open ones, oldest first, then done ones, newest first; at most [`LISTED`].
    pub items: Vec<SummaryAction>,
    /// What is counted.
    pub note: FigureNote,
}

/// How long a step of a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepLength {
    /// One day.
    #[default]
    Day,
    /// Monday to Sunday.
    Week,
}

/// How many action items there had been by the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActionStep {
    /// The last day of the step.
    #[ts(type = "string")]
    pub day: NaiveDate,
    /// Opened until then, the first day of all included.
    pub opened: u32,
    /// Done until then.
    pub done: u32,
    /// Declined until then.
    pub declined: u32,
}

/// An action item of a summary. Its owner is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryAction {
    /// Its postmortem.
    pub doc: DocId,
    /// The postmortem's title, as [`SummaryRow::title`].
    pub title: String,
    /// The row.
    pub id: RowId,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What is to be done.
    pub text: String,
    /// Where it is.
    pub status: ActionStatus,
    /// When it is due.
    #[ts(type = "string | null")]
    pub due: Option<NaiveDate>,
    /// It is not settled, and its due day is past.
    pub overdue: bool,
    /// Days since it was opened, of an open one whose day is known.
    #[ts(type = "number | null")]
    pub days_open: Option<i64>,
    /// The day it was done.
    #[ts(type = "string | null")]
    pub done_on: Option<NaiveDate>,
}

/// How long open action items have been open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenAges {
    /// Under a week, one to four weeks, one to two months, longer; always these four, in this order.
    pub buckets: Vec<AgeBucket>,
    /// What is counted.
    pub note: FigureNote,
}

/// Open action items of an age.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AgeBucket {
    /// "Under a week", "1 to 4 weeks", "1 to 2 months", "Longer".
    pub name: String,
    /// Days since they were opened: at least so many.
    pub from_days: u32,
    /// And fewer than so many; absent for the last.
    pub to_days: Option<u32>,
    /// How many.
    pub open: u32,
    /// Of them, due before the day the summary was made.
    pub overdue: u32,
}

/// Accepted risks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DeclinedItems {
    /// The newest first; at most [`LISTED`].
    pub items: Vec<DeclinedItem>,
    /// How many there are.
    pub total: u32,
    /// What is listed.
    pub note: FigureNote,
}

/// An action item that will not be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DeclinedItem {
    /// Its postmortem.
    pub doc: DocId,
    /// The postmortem's title, as [`SummaryRow::title`].
    pub title: String,
    /// The row.
    pub id: RowId,
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What would have been done.
    pub text: String,
    /// Why it is not; empty when nobody said.
    pub reason: String,
    /// The day it was declined.
    #[ts(type = "string | null")]
    pub declined_on: Option<NaiveDate>,
}

/// Done action items after which somebody looked whether they changed what their finding said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct VerifiedShare {
    /// Somebody looked.
    pub verified: u32,
    /// Done in all.
    pub done: u32,
    /// What is counted.
    pub note: FigureNote,
}

/// Findings by theme.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Themes {
    /// The theme that the most incidents share first; at most [`LISTED`].
    pub themes: Vec<Theme>,
    /// How many there are.
    pub total: u32,
    /// What is counted.
    pub note: FigureNote,
}

/// A theme and how many incidents share it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Theme {
    /// The word as it was first written.
    pub theme: String,
    /// Incidents that have a finding of it.
    pub incidents: u32,
    /// Findings of it.
    pub findings: u32,
    /// Of them, those that hindered.
    pub hindered: u32,
    /// Of them, those that helped.
    pub helped: u32,
    /// Findings of different incidents, newest incident first; at most [`EXAMPLES`].
    pub examples: Vec<ThemeExample>,
}

/// A finding as an example of its theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ThemeExample {
    /// Its postmortem.
    pub doc: DocId,
    /// The postmortem's title, as [`SummaryRow::title`].
    pub title: String,
    /// The number in `F5`.
    pub number: Option<u32>,
    /// What was found.
    pub text: String,
    /// What it did to the outcome.
    pub kind: FindingKind,
}

/// Findings that came back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Recurrences {
    /// The newest first; at most [`LISTED`].
    pub items: Vec<Recurrence>,
    /// How many there are.
    pub total: u32,
    /// When a finding counts as having come back.
    pub note: FigureNote,
}

/// A finding that resembles an earlier one whose action item had been done by then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Recurrence {
    /// The theme that both have.
    pub theme: String,
    /// The name of a service that both incidents affected.
    pub service: String,
    /// What was found first.
    pub earlier: RecurringFinding,
    /// What was done about it.
    pub action: RecurringAction,
    /// What was found again.
    pub later: RecurringFinding,
}

/// One of the two findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecurringFinding {
    /// Its postmortem.
    pub doc: DocId,
    /// The postmortem's title, as [`SummaryRow::title`].
    pub title: String,
    /// The day its incident began.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// The number in `F5`.
    pub number: Option<u32>,
    /// What was found.
    pub text: String,
}

/// The action item that was done in between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RecurringAction {
    /// The number in `A3`.
    pub number: Option<u32>,
    /// What was done.
    pub text: String,
    /// When.
    #[ts(type = "string")]
    pub done_on: NaiveDate,
    /// Somebody had looked whether it worked.
    pub verified: bool,
}

/// One line of the table of postmortems.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryRow {
    /// The postmortem.
    pub doc: DocId,
    /// Its title; "Untitled" when it has none.
    pub title: String,
    /// Its severity.
    pub severity: Option<Severity>,
    /// Its status.
    pub status: Status,
    /// Names of its services.
    pub services: Vec<String>,
    /// The day its incident began.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// Seconds of detection.
    #[ts(type = "number | null")]
    pub detection: Option<i64>,
    /// Seconds of response.
    #[ts(type = "number | null")]
    pub response: Option<i64>,
    /// Seconds of remediation.
    #[ts(type = "number | null")]
    pub remediation: Option<i64>,
    /// Seconds from the start of the impact to its end.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
    /// One of the four rests on an estimate.
    pub about: bool,
    /// Seconds from the start of the impact to the first public word.
    #[ts(type = "number | null")]
    pub first_word: Option<i64>,
    /// Customers noticed it first; absent when that is not known, or not for this audience.
    pub customers_first: Option<bool>,
    /// Findings that the audience may see.
    pub findings: u32,
    /// Action items that the audience may see.
    pub actions: u32,
    /// Of them, open or in progress.
    pub open: u32,
    /// Of them, done.
    pub done: u32,
    /// Of them, declined.
    pub declined: u32,
}

/// One postmortem in more words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Focus {
    /// Its line of the table.
    pub row: SummaryRow,
    /// Markdown: its section `summary`, else its first section that is not empty. Empty for customers: sections are written
    /// for the company.
    pub text: String,
    /// Its findings that the audience may see, by number.
    pub findings: Vec<FocusFinding>,
    /// Its action items that the audience may see, declined ones included, by number.
    pub actions: Vec<SummaryAction>,
    /// What customers could read while it went on, oldest first: the texts of its public communication events, as far as the
    /// audience may see them.
    pub public_updates: Vec<String>,
}

/// A finding of the postmortem in focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FocusFinding {
    /// The number in `F5`.
    pub number: Option<u32>,
    /// What was found.
    pub text: String,
    /// What it did to the outcome.
    pub kind: FindingKind,
    /// Which stretch of the incident it is about.
    pub phase: Option<Phase>,
}
