//! How long each part took: every incident's length, and the middle half where there are enough.

use super::figures::{Counted, enough};
use super::wording::{count, left_out, missing, of_all};
use super::{
    DurationDot, DurationStrip, FigureNote, FirstWord, IncidentFacts, LeftOut, LeftOutReason,
    MiddleHalf, QUICK_WORD,
};
use crate::derived::{PHASE_BORDERS, Span, span_of};
use crate::postmortem::{AnchorKey, Phase};

impl IncidentFacts {
    /// Detection, response, remediation and the whole impact.
    pub(super) fn spans(&self) -> [Span; 4] {
        let [detection, response, remediation] =
            PHASE_BORDERS.map(|(_, from, to)| self.span(from, to));
        [
            detection,
            response,
            remediation,
            self.span(&[AnchorKey::T0], &[AnchorKey::T6]),
        ]
    }

    fn span(&self, from: &[AnchorKey], to: &[AnchorKey]) -> Span {
        let known = |key: AnchorKey| {
            let known = self.anchors.get(key as usize).copied().flatten()?;
            Some((known.at, known.about))
        };
        span_of(&known, from, to)
    }

    /// From the start of the impact to the first public word, which stands in T7's place.
    pub(super) fn first_word_span(&self) -> Span {
        let mut facts = self.clone();
        if let Some(last) = facts.anchors.last_mut() {
            *last = self.first_word;
        }
        facts.span(&[AnchorKey::T0], &[AnchorKey::T7])
    }
}

/// What a strip measures.
struct Measure {
    key: &'static str,
    name: &'static str,
    phase: Option<Phase>,
    definition: &'static str,
    /// After "3 of 15 have".
    unknown: &'static str,
    /// After "3 of 15 have".
    contradictory: &'static str,
}

const MEASURES: [Measure; 4] = [
    Measure {
        key: "detection",
        name: "Detection",
        phase: Some(Phase::Detection),
        definition: "From the start of the impact (T0) until somebody who can act took it on (T3).",
        unknown: "no known length of detection",
        contradictory: "start and end of detection in the wrong order",
    },
    Measure {
        key: "response",
        name: "Response",
        phase: Some(Phase::Response),
        definition: "From somebody taking it on (T3) until they had access and a working view (T4; where that is not known, \
                     the first change that helped, T5).",
        unknown: "no known length of response",
        contradictory: "start and end of response in the wrong order",
    },
    Measure {
        key: "remediation",
        name: "Remediation",
        phase: Some(Phase::Remediation),
        definition: "From access and a working view (T4; where that is not known, the first change that helped, T5) until the \
                     impact ended (T6).",
        unknown: "no known length of remediation",
        contradictory: "start and end of remediation in the wrong order",
    },
    Measure {
        key: "total",
        name: "Whole impact",
        phase: None,
        definition: "From the start of the impact (T0) to its end (T6).",
        unknown: "no known length of the whole impact",
        contradictory: "start and end of the impact in the wrong order",
    },
];

const FIRST_WORD: Measure = Measure {
    key: "first_word",
    name: "First public word",
    phase: None,
    definition: "From the start of the impact (T0) to the first communication that customers could read. Those without a \
                 time are not considered.",
    unknown: "no public word with a time, or no known start of the impact",
    contradictory: "a first public word that lies before the start of the impact",
};

/// Detection, response, remediation and the whole impact.
pub(super) fn duration_strips(incidents: &[Counted<'_>]) -> Vec<DurationStrip> {
    let spans: Vec<[Span; 4]> = incidents
        .iter()
        .map(|incident| incident.row.facts.spans())
        .collect();
    MEASURES
        .iter()
        .enumerate()
        .map(|(at, measure)| {
            let spans = spans.iter().filter_map(|spans| spans.get(at));
            strip(measure, incidents, spans)
        })
        .collect()
}

/// Time to the first public word.
pub(super) fn first_word(incidents: &[Counted<'_>]) -> FirstWord {
    let spans: Vec<Span> = incidents
        .iter()
        .map(|incident| incident.row.facts.first_word_span())
        .collect();
    let strip = strip(&FIRST_WORD, incidents, spans.iter());
    let quick = strip
        .dots
        .iter()
        .filter(|dot| dot.seconds <= QUICK_WORD)
        .count();
    FirstWord {
        quick: count(quick),
        strip,
    }
}

fn strip<'s>(
    measure: &Measure,
    incidents: &[Counted<'_>],
    spans: impl Iterator<Item = &'s Span>,
) -> DurationStrip {
    let (mut unknown, mut contradictory) = (0, 0);
    let mut dots = Vec::new();
    for (incident, span) in incidents.iter().zip(spans) {
        match span.seconds {
            Some(seconds) => dots.push(DurationDot {
                doc: incident.row.doc.clone(),
                label: incident.title.clone(),
                severity: incident.row.severity,
                seconds,
                about: span.about,
            }),
            None if span.contradictory => contradictory += 1,
            None => unknown += 1,
        }
    }
    dots.sort_by_key(|dot| dot.seconds);
    let all = count(incidents.len());
    let text = format!("{} {}.", of_all(unknown, all), measure.unknown);
    let mut not_in_it = missing(unknown, text);
    if contradictory > 0 {
        let text = format!("{} {}.", of_all(contradictory, all), measure.contradictory);
        not_in_it.push(left_out(LeftOutReason::Contradictory, contradictory, text));
    }
    DurationStrip {
        key: measure.key.into(),
        name: measure.name.into(),
        phase: measure.phase,
        estimates: count(dots.iter().filter(|dot| dot.about).count()),
        middle: middle(&dots),
        dots,
        note: note(measure.definition, not_in_it),
    }
}

fn note(definition: &str, left_out: Vec<LeftOut>) -> FigureNote {
    FigureNote {
        definition: definition.into(),
        left_out,
    }
}

/// Of dots in order, by the nearest rank ([`MiddleHalf`]).
fn middle(dots: &[DurationDot]) -> Option<MiddleHalf> {
    if !enough(dots.len()) {
        return None;
    }
    let rank = |quarters: usize| {
        let rank = (dots.len() * quarters).div_ceil(4);
        dots.get(rank.checked_sub(1)?).map(|dot| dot.seconds)
    };
    Some(MiddleHalf {
        lower: rank(1)?,
        median: rank(2)?,
        upper: rank(3)?,
    })
}
