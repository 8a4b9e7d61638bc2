//! What is computed from a postmortem and never stored in it: durations, phases, the phase bar and completeness checks.
//! Nothing is computed from a missing anchor; contradictory anchors are shown, not hidden (PRACTICE.md d.5).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::{AnchorKey, EventKind, Phase, RowId, RowKind};

/// Everything that a screen or an export shows beside what people wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Derived {
    /// Detect, engage, access, diagnose, repair, confirm, total; always all of them, in this order.
    pub durations: Vec<DurationFigure>,
    /// Detection, response and remediation; always all of them.
    pub phases: Vec<PhaseSpan>,
    /// Pairs of anchors that are in the wrong order, as sentences.
    pub contradictions: Vec<Contradiction>,
    /// The phase bar's geometry; empty when nothing has a time.
    pub bar: PhaseBar,
    /// Completeness checks: what is missing first, then what is there.
    pub checks: Vec<Check>,
    /// First instant of the incident that is known: T0, else the earliest anchor, else the earliest event. UTC.
    #[ts(type = "string | null")]
    pub starts: Option<DateTime<Utc>>,
    /// T6, else T7, else nothing. UTC.
    #[ts(type = "string | null")]
    pub ends: Option<DateTime<Utc>>,
    /// Communication events that customers could read.
    pub public_updates: u32,
    /// Seconds from T0 to the first of them.
    #[ts(type = "number | null")]
    pub first_public_word: Option<i64>,
}

/// A duration between two anchors, with its definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DurationFigure {
    /// `detect`, `engage`, `access`, `diagnose`, `repair`, `confirm`, `total`.
    pub key: String,
    /// "Time to detect".
    pub name: String,
    /// "From the start of the impact (T0) until the first of us knew (T2)".
    pub definition: String,
    /// The anchor it starts at.
    pub from: AnchorKey,
    /// The anchor it ends at.
    pub to: AnchorKey,
    /// Whole seconds; absent when an anchor is missing or the pair is contradictory.
    #[ts(type = "number | null")]
    pub seconds: Option<i64>,
    /// One of the anchors is an estimate.
    pub about: bool,
    /// Anchors that are missing.
    pub missing: Vec<AnchorKey>,
    /// The end lies before the start.
    pub contradictory: bool,
}

/// One of the three phases on the incident's clock. A missing border gives an unknown length, never a guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PhaseSpan {
    /// Which phase.
    pub phase: Phase,
    /// UTC.
    #[ts(type = "string | null")]
    pub from: Option<DateTime<Utc>>,
    /// UTC.
    #[ts(type = "string | null")]
    pub to: Option<DateTime<Utc>>,
    /// Whole seconds; absent when a border is unknown or they contradict.
    #[ts(type = "number | null")]
    pub seconds: Option<i64>,
    /// A border is an estimate.
    pub about: bool,
}

/// Two anchors in the wrong order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Contradiction {
    /// The anchor that belongs first.
    pub earlier: AnchorKey,
    /// The anchor that belongs after it.
    pub later: AnchorKey,
    /// What is wrong, as a sentence.
    pub text: String,
}

/// The phase bar, drawn to scale, with long gaps compressed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PhaseBar {
    /// Segments from left to right. Neighbours of one phase stand on both sides of a compressed gap.
    pub segments: Vec<BarSegment>,
    /// Events at their true time.
    pub ticks: Vec<BarTick>,
    /// The incident has not ended: the right end fades.
    pub open: bool,
}

/// A stretch of the phase bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BarSegment {
    /// Its phase; absent for time that no anchor assigns.
    pub phase: Option<Phase>,
    /// UTC.
    #[ts(type = "string")]
    pub from: DateTime<Utc>,
    /// UTC.
    #[ts(type = "string")]
    pub to: DateTime<Utc>,
    /// Share of the bar's width; all segments sum to 1.
    pub width: f64,
    /// This stretch is drawn shorter than its time; a break mark says so.
    pub compressed: bool,
}

/// An event on the phase bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BarTick {
    /// The event.
    pub event: RowId,
    /// Its kind: a decision is a diamond.
    pub kind: EventKind,
    /// Index into the segments.
    pub segment: usize,
    /// 0 to 1 within that segment.
    pub at: f64,
}

/// One completeness check, in plain words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Check {
    /// `title`, `severity`, `impact`, `event_time`, `event_phase`, `finding_event`, `finding_answer`, `action_owner`, `action_due`, …
    pub id: String,
    /// Nothing is missing.
    pub ok: bool,
    /// A note, not something to mend: it counts neither as missing nor as there.
    pub note: bool,
    /// "2 action items have no owner", or what is there: "Every action item has an owner".
    pub text: String,
    /// The places to mend, each with a short label such as `F6`.
    pub targets: Vec<Target>,
}

/// A place in the document that a link can scroll to and focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Target {
    /// The row's kind; absent for a header field, anchor or section.
    pub kind: Option<RowKind>,
    /// The row, or the name of the header field (`severity`), anchor (`t0`) or section (`sec:summary`).
    pub id: String,
    /// The control within the row to focus (`owner`, `due`, `phase`); empty for the row itself.
    pub field: String,
    /// `F6`, `A3`, `16:10`, or a short text.
    pub label: String,
}
