//! What is computed from a postmortem and never stored in it: durations, phases, the phase bar and completeness checks.
//! Nothing is computed from a missing anchor; contradictory anchors are shown, not hidden (PRACTICE.md d.5).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::checks::checks;
use crate::phase_bar::phase_bar;
use crate::postmortem::{
    AnchorKey, EventKind, PersonId, Phase, Postmortem, Precision, RowId, RowKind,
};

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
    /// The row, or the name of the header field (`severity`), anchor (`t0`) or section (`sec:summary`). Empty with a kind:
    /// the whole list, which has no rows yet.
    pub id: String,
    /// The control within the row to focus (`owner`, `due`, `phase`); empty for the row itself.
    pub field: String,
    /// `F6`, `A3`, `16:10`, or a short text.
    pub label: String,
}

/// What a list of postmortems shows of one incident's times. Instants are UTC, durations whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// As [`Derived::starts`].
    pub starts: Option<DateTime<Utc>>,
    /// As [`Derived::ends`].
    pub ends: Option<DateTime<Utc>>,
    /// Length of the detection phase.
    pub detection: Option<i64>,
    /// Length of the response phase.
    pub response: Option<i64>,
    /// Length of the remediation phase.
    pub remediation: Option<i64>,
    /// From T0 to T6.
    pub total: Option<i64>,
    /// One of the four rests on an estimate.
    pub about: bool,
}

/// Everything that is computed from a postmortem. `names` gives the shown name of a person, for the notes.
pub fn derive(postmortem: &Postmortem, names: &dyn Fn(&PersonId) -> Option<String>) -> Derived {
    let durations = DURATIONS
        .iter()
        .map(|duration| duration.figure(postmortem))
        .collect();
    let phases = phases(postmortem);
    let contradictions = contradictions(postmortem);
    let starts = starts(postmortem);
    let ends = ends(postmortem);
    let public: Vec<Option<DateTime<Utc>>> = postmortem
        .timeline
        .iter()
        .filter(|event| event.public && event.kind == EventKind::Communication)
        .map(|event| event.at.as_ref().map(|moment| moment.at))
        .collect();
    let first_word = public.iter().flatten().min();
    let first_public_word = match (known(postmortem, AnchorKey::T0), first_word) {
        (Some((start, _)), Some(word)) => {
            Some((*word - start).num_seconds()).filter(|seconds| *seconds >= 0)
        }
        _ => None,
    };
    Derived {
        durations,
        bar: phase_bar(postmortem, &phases),
        checks: checks(postmortem, &contradictions, names),
        phases,
        contradictions,
        starts,
        ends,
        public_updates: u32::try_from(public.len()).unwrap_or(u32::MAX),
        first_public_word,
    }
}

/// The figures of a list, without anything else.
pub fn figures(postmortem: &Postmortem) -> Figures {
    let phases = phases(postmortem);
    let total = span(postmortem, &[AnchorKey::T0], &[AnchorKey::T6]);
    let seconds = |phase: Phase| {
        phases
            .iter()
            .find(|span| span.phase == phase)
            .and_then(|span| span.seconds)
    };
    Figures {
        starts: starts(postmortem),
        ends: ends(postmortem),
        detection: seconds(Phase::Detection),
        response: seconds(Phase::Response),
        remediation: seconds(Phase::Remediation),
        total: total.seconds,
        about: phases
            .iter()
            .any(|span| span.seconds.is_some() && span.about)
            || (total.seconds.is_some() && total.about),
    }
}

impl AnchorKey {
    /// What the anchor is, in words.
    pub fn title(self) -> &'static str {
        match self {
            AnchorKey::T0 => "Impact starts",
            AnchorKey::T1 => "First signal",
            AnchorKey::T2 => "We know",
            AnchorKey::T3 => "Responder engaged",
            AnchorKey::T4 => "Responder has access",
            AnchorKey::T5 => "First mitigating change",
            AnchorKey::T6 => "Impact ends",
            AnchorKey::T7 => "Declared resolved",
        }
    }
}

struct Definition {
    key: &'static str,
    name: &'static str,
    definition: &'static str,
    from: AnchorKey,
    to: AnchorKey,
}

/// The durations, with the words that explain them.
const DURATIONS: [Definition; 7] = [
    Definition {
        key: "detect",
        name: "Time to detect",
        definition: "From the start of the impact (T0) until the first of us knew (T2)",
        from: AnchorKey::T0,
        to: AnchorKey::T2,
    },
    Definition {
        key: "engage",
        name: "Time to engage",
        definition: "From the first of us knowing (T2) until somebody who can act took it on (T3)",
        from: AnchorKey::T2,
        to: AnchorKey::T3,
    },
    Definition {
        key: "access",
        name: "Time to access",
        definition: "From a responder taking it on (T3) until they had access and a working view (T4)",
        from: AnchorKey::T3,
        to: AnchorKey::T4,
    },
    Definition {
        key: "diagnose",
        name: "Time to diagnose",
        definition: "From having access (T4) until the first change that helped (T5)",
        from: AnchorKey::T4,
        to: AnchorKey::T5,
    },
    Definition {
        key: "repair",
        name: "Time to repair",
        definition: "From the first change that helped (T5) until the impact ended (T6)",
        from: AnchorKey::T5,
        to: AnchorKey::T6,
    },
    Definition {
        key: "confirm",
        name: "Time to confirm",
        definition: "From the end of the impact (T6) until it was declared resolved (T7)",
        from: AnchorKey::T6,
        to: AnchorKey::T7,
    },
    Definition {
        key: "total",
        name: "Total impact",
        definition: "From the start of the impact (T0) to its end (T6)",
        from: AnchorKey::T0,
        to: AnchorKey::T6,
    },
];

impl Definition {
    fn figure(&self, postmortem: &Postmortem) -> DurationFigure {
        let span = span(postmortem, &[self.from], &[self.to]);
        let missing = [self.from, self.to]
            .into_iter()
            .filter(|key| known(postmortem, *key).is_none())
            .collect();
        DurationFigure {
            key: self.key.into(),
            name: self.name.into(),
            definition: self.definition.into(),
            from: self.from,
            to: self.to,
            seconds: span.seconds,
            about: span.about,
            missing,
            contradictory: span.contradictory,
        }
    }
}

/// The instant of an anchor and whether it is an estimate; nothing when it is unknown.
pub(crate) fn known(postmortem: &Postmortem, key: AnchorKey) -> Option<(DateTime<Utc>, bool)> {
    let anchor = postmortem.anchors.get(&key)?;
    match anchor.precision {
        Precision::Unknown => None,
        precision => Some((anchor.at?, precision == Precision::About)),
    }
}

/// The time between two anchors.
pub(crate) struct Span {
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    /// Whole seconds; absent when an anchor is missing or they contradict.
    pub seconds: Option<i64>,
    /// An anchor is an estimate.
    pub about: bool,
    /// The end lies before the start.
    pub contradictory: bool,
}

/// The stretch between the first known anchor of `from` and the first known one of `to`.
fn span(postmortem: &Postmortem, from: &[AnchorKey], to: &[AnchorKey]) -> Span {
    span_of(&|key| known(postmortem, key), from, to)
}

/// As [`span`], of anchors from anywhere: the instant of each and whether it is an estimate.
pub(crate) fn span_of(
    known: &dyn Fn(AnchorKey) -> Option<(DateTime<Utc>, bool)>,
    from: &[AnchorKey],
    to: &[AnchorKey],
) -> Span {
    let first = |keys: &[AnchorKey]| keys.iter().find_map(|key| known(*key));
    let (from, to) = (first(from), first(to));
    let between = from
        .zip(to)
        .map(|((from, _), (to, _))| (to - from).num_seconds());
    let contradictory = from.zip(to).is_some_and(|((from, _), (to, _))| to < from);
    Span {
        from: from.map(|(at, _)| at),
        to: to.map(|(at, _)| at),
        seconds: between.filter(|_| !contradictory),
        about: from.is_some_and(|(_, about)| about) || to.is_some_and(|(_, about)| about),
        contradictory,
    }
}

/// The anchors between which a phase lies: the first known one of each list.
pub(crate) const PHASE_BORDERS: [(Phase, &[AnchorKey], &[AnchorKey]); 3] = [
    (Phase::Detection, &[AnchorKey::T0], &[AnchorKey::T3]),
    (
        Phase::Response,
        &[AnchorKey::T3],
        &[AnchorKey::T4, AnchorKey::T5],
    ),
    (
        Phase::Remediation,
        &[AnchorKey::T4, AnchorKey::T5],
        &[AnchorKey::T6],
    ),
];

/// Detection T0 to T3, response T3 to T4, remediation T4 to T6; T5 stands in for a missing T4.
fn phases(postmortem: &Postmortem) -> Vec<PhaseSpan> {
    PHASE_BORDERS
        .into_iter()
        .map(|(phase, from, to)| {
            let Span {
                from,
                to,
                seconds,
                about,
                ..
            } = span(postmortem, from, to);
            PhaseSpan {
                phase,
                from,
                to,
                seconds,
                about,
            }
        })
        .collect()
}

/// Neighbours among the known anchors that are in the wrong order.
fn contradictions(postmortem: &Postmortem) -> Vec<Contradiction> {
    let in_order: Vec<(AnchorKey, DateTime<Utc>)> = AnchorKey::ALL
        .iter()
        .filter_map(|key| Some((*key, known(postmortem, *key)?.0)))
        .collect();
    let wrong = in_order.windows(2).filter(|pair| pair[1].1 < pair[0].1);
    wrong
        .map(|pair| {
            let ((earlier, earlier_at), (later, later_at)) = (pair[0], pair[1]);
            let zone = zone_or_utc(&postmortem.timezone);
            let (a, b) = (
                earlier_at.with_timezone(&zone),
                later_at.with_timezone(&zone),
            );
            let pattern = match () {
                () if a.date_naive() != b.date_naive() => "%-d %b %Y, %H:%M",
                () if a.format("%H:%M").to_string() == b.format("%H:%M").to_string() => "%H:%M:%S",
                () => "%H:%M",
            };
            let text = format!(
                "“{}” ({}) lies before “{}” ({})",
                later.title(),
                b.format(pattern),
                earlier.title(),
                a.format(pattern)
            );
            Contradiction {
                earlier,
                later,
                text,
            }
        })
        .collect()
}

fn starts(postmortem: &Postmortem) -> Option<DateTime<Utc>> {
    known(postmortem, AnchorKey::T0)
        .map(|(at, _)| at)
        .or_else(|| {
            AnchorKey::ALL
                .iter()
                .filter_map(|key| known(postmortem, *key))
                .map(|(at, _)| at)
                .min()
        })
        .or_else(|| {
            postmortem
                .timeline
                .iter()
                .filter_map(|event| Some(event.at.as_ref()?.at))
                .min()
        })
}

fn ends(postmortem: &Postmortem) -> Option<DateTime<Utc>> {
    [AnchorKey::T6, AnchorKey::T7]
        .iter()
        .find_map(|key| known(postmortem, *key))
        .map(|(at, _)| at)
}

/// The zone of an IANA name; UTC when there is none of that name.
pub(crate) fn zone_or_utc(name: &str) -> chrono_tz::Tz {
    name.parse().unwrap_or(chrono_tz::UTC)
}
