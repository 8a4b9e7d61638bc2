//! The geometry of the phase bar: to scale, except that a gap which would squeeze everything else is drawn shorter.

use chrono::{DateTime, Utc};

use crate::derived::{BarSegment, BarTick, PhaseBar, PhaseSpan, known};
use crate::postmortem::{AnchorKey, Phase, Postmortem, TimelineEvent};

/// A gap is compressed when it is longer than this many times everything shorter than it together.
const LONG: f64 = 3.0;
/// At least this much is drawn to scale, in milliseconds.
const A_MINUTE: f64 = 60_000.0;
/// A compressed gap is drawn as long as this share of everything that is to scale.
const COMPRESSED: f64 = 0.25;
/// What lies before or after the impact takes at most this share of everything that is to scale.
const OUTSIDE: f64 = 0.08;
/// No segment is narrower than this share of the bar.
const NARROWEST: f64 = 0.02;

/// Lays out the bar from the anchors' phases and the events of the incident. Events of analysis and readiness belong to the
/// days after it and are not on the bar; what lies before the impact or after it takes little of it.
pub(crate) fn phase_bar(postmortem: &Postmortem, phases: &[PhaseSpan]) -> PhaseBar {
    let events: Vec<(&TimelineEvent, DateTime<Utc>)> = postmortem
        .timeline
        .iter()
        .filter(|event| !matches!(event.phase, Some(Phase::Analysis | Phase::Readiness)))
        .filter_map(|event| Some((event, event.at.as_ref()?.at)))
        .collect();
    let at = |key: AnchorKey| known(postmortem, key).map(|(at, _)| at);
    let anchors = AnchorKey::ALL
        .into_iter()
        .filter(|key| *key != AnchorKey::T7)
        .filter_map(at);
    let mut marks: Vec<DateTime<Utc>> = events.iter().map(|(_, at)| *at).chain(anchors).collect();
    marks.sort_unstable();
    marks.dedup();
    let (Some(first), Some(last)) = (marks.first().copied(), marks.last().copied()) else {
        return PhaseBar::default();
    };
    let (impact, over) = (
        at(AnchorKey::T0).unwrap_or(first),
        at(AnchorKey::T6).unwrap_or(last),
    );
    let (from, to) = if impact < over {
        (impact, over)
    } else {
        (first, last)
    };
    let within: Vec<DateTime<Utc>> = marks
        .into_iter()
        .filter(|mark| (from..=to).contains(mark))
        .collect();
    let mut segments = stretches(&within, phases);
    let outside = |from, to| BarSegment {
        phase: None,
        from,
        to,
        width: 0.0,
        compressed: length(from, to) > 0.0,
    };
    if first < from {
        segments.insert(0, outside(first, from));
    }
    if to < last || segments.is_empty() {
        segments.push(outside(to, last));
    }
    set_widths(&mut segments, from, to);
    let ticks = events
        .iter()
        .filter_map(|(event, at)| tick(event, *at, &segments))
        .collect();
    PhaseBar {
        segments,
        ticks,
        open: at(AnchorKey::T6).or_else(|| at(AnchorKey::T7)).is_none(),
    }
}

/// One segment per stretch of one phase, cut where a gap is compressed.
fn stretches(marks: &[DateTime<Utc>], phases: &[PhaseSpan]) -> Vec<BarSegment> {
    let long = shortest_compressed(marks);
    let mut segments: Vec<BarSegment> = Vec::new();
    for pair in marks.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let phase = phases
            .iter()
            .find(|span| {
                span.seconds.is_some()
                    && span.from.is_some_and(|start| start <= from)
                    && span.to.is_some_and(|end| to <= end)
            })
            .map(|span| span.phase);
        let compressed = long.is_some_and(|long| length(from, to) >= long);
        match segments.last_mut() {
            Some(last) if last.phase == phase && !last.compressed && !compressed => last.to = to,
            _ => segments.push(BarSegment {
                phase,
                from,
                to,
                width: 0.0,
                compressed,
            }),
        }
    }
    segments
}

fn length(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_milliseconds() as f64
}

/// The length from which a gap between neighbouring marks is compressed; `None` when the bar is to scale throughout.
/// The longest gap goes first, then the next, as long as each outweighs all that is shorter and a minute or more is left.
fn shortest_compressed(marks: &[DateTime<Utc>]) -> Option<f64> {
    let mut gaps: Vec<f64> = marks
        .windows(2)
        .map(|pair| length(pair[0], pair[1]))
        .collect();
    gaps.sort_by(|a, b| b.total_cmp(a));
    let mut shorter: f64 = gaps.iter().sum();
    let mut found = None;
    for gap in gaps {
        shorter -= gap;
        if shorter < A_MINUTE || gap <= LONG * shorter {
            break;
        }
        found = Some(gap);
    }
    found
}

/// Shares of the bar's width, at least [`NARROWEST`] each, one in sum. What lies outside the impact (`from` to `to`) is drawn
/// as long as it is up to [`OUTSIDE`] of what is to scale.
fn set_widths(segments: &mut [BarSegment], from: DateTime<Utc>, to: DateTime<Utc>) {
    let is_outside = |segment: &BarSegment| segment.to <= from || segment.from >= to;
    let to_scale: f64 = segments
        .iter()
        .filter(|segment| !segment.compressed)
        .map(|segment| length(segment.from, segment.to))
        .sum();
    let mut drawn: Vec<f64> = Vec::with_capacity(segments.len());
    for segment in segments.iter_mut() {
        let length = length(segment.from, segment.to);
        if is_outside(segment) {
            segment.compressed = length > to_scale * OUTSIDE && to_scale > 0.0;
        }
        drawn.push(match (segment.compressed, is_outside(segment)) {
            (true, true) => to_scale * OUTSIDE,
            (true, false) => to_scale * COMPRESSED,
            (false, _) => length,
        });
    }
    let narrowest = NARROWEST.min(0.5 / segments.len().max(1) as f64);
    let mut narrow = vec![false; segments.len()];
    loop {
        let left = 1.0 - narrowest * narrow.iter().filter(|narrow| **narrow).count() as f64;
        let sum: f64 = drawn
            .iter()
            .zip(&narrow)
            .filter(|(_, narrow)| !**narrow)
            .map(|(drawn, _)| *drawn)
            .sum();
        let mut more = false;
        for (at, segment) in segments.iter_mut().enumerate() {
            segment.width = match (narrow[at], sum > 0.0) {
                (true, _) => narrowest,
                (false, true) => drawn[at] / sum * left,
                (false, false) => 1.0,
            };
            if !narrow[at] && segment.width < narrowest {
                narrow[at] = true;
                more = true;
            }
        }
        if !more {
            return;
        }
    }
}

fn tick(event: &TimelineEvent, at: DateTime<Utc>, segments: &[BarSegment]) -> Option<BarTick> {
    // An event on a border belongs to what begins there; one at the very end to the last segment.
    let segment = segments
        .iter()
        .position(|segment| segment.from <= at && at < segment.to)
        .or_else(|| segments.iter().rposition(|segment| at == segment.to))?;
    let (from, to) = (segments[segment].from, segments[segment].to);
    let share = if to > from {
        length(from, at) / length(from, to)
    } else {
        0.5
    };
    Some(BarTick {
        event: event.id.clone(),
        kind: event.kind,
        segment,
        at: share,
    })
}
