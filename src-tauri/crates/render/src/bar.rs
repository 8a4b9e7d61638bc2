//! The phase bar as SVG, with the same facts in words for those who cannot see it.

use std::fmt::Write as _;

use model::derived::Derived;
use model::postmortem::{EventKind, Phase};

use crate::prose::escape_html;
use crate::words;

const WIDTH: f64 = 912.0;
const GAP: f64 = 2.0;
const TOP: f64 = 26.0;
const HEIGHT: f64 = 22.0;

/// The bar, or nothing when nothing has a time. Times are shown in the zone.
pub(crate) fn svg(derived: &Derived, zone: &str) -> Option<String> {
    let bar = &derived.bar;
    if bar.segments.is_empty() {
        return None;
    }
    if bar.segments.iter().all(|s| clean(s.width) <= 0.0) {
        return None;
    }
    let boxes = boxes(derived);
    let names = names(derived, &boxes);
    // Without names the bar needs no room above it.
    let top = if names.is_some() { 0 } else { 22 };
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"bar\" viewBox=\"0 {top} 912 {}\" role=\"img\" aria-label=\"{}\">",
        70 - top,
        escape_html(&sentence(derived, zone))
    );
    for (x, phase, length) in names.unwrap_or_default() {
        let (class, name) = (phase_class(phase), words::name(phase));
        let _ = write!(
            out,
            "<text class=\"name {class}\" x=\"{x:.1}\" y=\"16\">{name}<tspan class=\"quiet\" dx=\"6\">{length}</tspan></text>"
        );
    }
    for (i, (segment, (x, width))) in bar.segments.iter().zip(&boxes).enumerate() {
        let drawn = (width - GAP).max(1.0);
        let last = i + 1 == boxes.len();
        let class = segment.phase.map_or("none", phase_class);
        let corner = if last && bar.open { 0 } else { 4 };
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{drawn:.1}\" height=\"{HEIGHT}\" rx=\"{corner}\"/>"
        );
        if segment.compressed {
            let middle = x + drawn / 2.0;
            let _ = write!(
                out,
                "<path class=\"break\" d=\"M{:.1} {}l5 -{h}M{:.1} {}l5 -{h}\"/>",
                middle - 5.0,
                TOP + HEIGHT + 3.0,
                middle,
                TOP + HEIGHT + 3.0,
                h = HEIGHT + 6.0
            );
        }
    }
    for tick in &bar.ticks {
        let Some((x, width)) = boxes.get(tick.segment) else {
            continue;
        };
        let drawn = (width - GAP).max(1.0);
        // A dot keeps inside its segment where there is room for it.
        let inset = (drawn / 2.0).min(5.0);
        let cx = x + inset + clean(tick.at).min(1.0) * (drawn - 2.0 * inset);
        let cy = TOP + HEIGHT / 2.0;
        if tick.kind == EventKind::Decision {
            let _ = write!(
                out,
                "<path class=\"dot\" d=\"M{cx:.1} {:.1}l4 4l-4 4l-4 -4z\"/>",
                cy - 4.0
            );
        } else {
            let _ = write!(
                out,
                "<circle class=\"dot\" cx=\"{cx:.1}\" cy=\"{cy}\" r=\"2.6\"/>"
            );
        }
    }
    times(&mut out, derived, &boxes, zone);
    out.push_str("</svg>");
    Some(out)
}

/// Left edge and width of every segment.
fn boxes(derived: &Derived) -> Vec<(f64, f64)> {
    let segments = &derived.bar.segments;
    let total: f64 = segments.iter().map(|s| clean(s.width)).sum();
    let mut x = 0.0;
    let mut out = Vec::with_capacity(segments.len());
    for segment in segments {
        let width = if total > 0.0 {
            clean(segment.width) / total * WIDTH
        } else {
            0.0
        };
        out.push((x, width));
        x += width;
    }
    out
}

/// What the bar shows: "Detection 5 min, response 6 min, remediation 9 min; 10 Nov 2026, 16:00 to 16:20 CET".
pub(crate) fn sentence(derived: &Derived, zone: &str) -> String {
    let phases: Vec<String> = derived
        .phases
        .iter()
        .map(|p| {
            format!(
                "{} {}",
                words::name(p.phase).to_lowercase(),
                words::duration_about(p.seconds, p.about)
            )
        })
        .collect();
    let mut out = phases.join(", ");
    if let Some(first) = out.get(..1).map(str::to_uppercase) {
        out.replace_range(..1, &first);
    }
    if let Some(from) = derived.starts {
        let _ = write!(out, "; {}", words::stretch(from, derived.ends, zone));
    }
    out
}

/// The class of a phase's colour.
pub(crate) fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Detection => "detection",
        Phase::Response => "response",
        Phase::Remediation => "remediation",
        Phase::Analysis => "analysis",
        Phase::Readiness => "readiness",
    }
}

/// Every phase's name has room above its first segment. Where one has not, a list below the bar has them all.
pub(crate) fn names_fit(derived: &Derived) -> bool {
    names(derived, &boxes(derived)).is_some()
}

/// Where each phase's name begins, and its length in words; nothing when one would run into the next.
fn names(derived: &Derived, boxes: &[(f64, f64)]) -> Option<Vec<(f64, Phase, String)>> {
    let mut out: Vec<(f64, Phase, String)> = Vec::new();
    let mut free_from = 0.0;
    for (segment, (x, _)) in derived.bar.segments.iter().zip(boxes) {
        let Some(phase) = segment.phase else { continue };
        if out.iter().any(|(_, shown, _)| *shown == phase) {
            continue;
        }
        let span = derived.phases.iter().find(|p| p.phase == phase);
        let length = span
            .map(|p| words::duration_about(p.seconds, p.about))
            .unwrap_or_default();
        let width = (words::name(phase).len() + length.len()) as f64 * 6.6 + 18.0;
        if *x < free_from || x + width > WIDTH {
            return None;
        }
        free_from = x + width;
        out.push((*x, phase, length));
    }
    Some(out)
}

/// Clock times below: the start, the end, and the borders between that have room.
fn times(out: &mut String, derived: &Derived, boxes: &[(f64, f64)], zone: &str) {
    let segments = &derived.bar.segments;
    let y = TOP + HEIGHT + 16.0;
    let end_from = WIDTH - 44.0;
    let mut free_from = 0.0;
    for (segment, (x, _)) in segments.iter().zip(boxes) {
        if *x >= free_from && (*x < end_from - 44.0 || derived.bar.open) {
            let _ = write!(
                out,
                "<text class=\"time\" x=\"{x:.1}\" y=\"{y}\">{}</text>",
                words::time(segment.from, zone)
            );
            free_from = x + 52.0;
        }
    }
    if let (Some(last), false) = (segments.last(), derived.bar.open) {
        let _ = write!(
            out,
            "<text class=\"time\" x=\"{WIDTH}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
            words::time(last.to, zone)
        );
    }
}

/// A number that SVG can hold.
fn clean(value: f64) -> f64 {
    if value.is_finite() {
        value.max(0.0)
    } else {
        0.0
    }
}
