//! The three phases of one incident as shares of a small bar.

use std::fmt::Write as _;

use model::postmortem::Phase;

use super::svg::{LINE_2, SURFACE, number, phase_fill, real};
use crate::prose::escape_html;
use crate::words;

const WIDTH: f64 = 112.0;
const HEIGHT: f64 = 7.0;
const GAP: f64 = 2.0;
/// The narrowest part that can still be seen.
const LEAST: f64 = 4.0;

/// The bar of the phases with their seconds, in the order of the incident; a phase of unknown length is left out. Nothing
/// known draws a hairline. Response has a light line through it, so that neighbours differ without their colours.
pub fn parts(phases: &[(Phase, Option<i64>)]) -> String {
    let known: Vec<(Phase, i64)> = phases
        .iter()
        .filter_map(|(phase, seconds)| Some((*phase, (*seconds)?.max(0))))
        .collect();
    let text: Vec<String> = phases
        .iter()
        .map(|(phase, seconds)| format!("{} {}", words::name(*phase), words::duration(*seconds)))
        .collect();
    let label = escape_html(&text.join(", "));
    let mut out = format!(
        "<svg width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{label}\"><title>{label}</title>",
        w = number(WIDTH),
        h = number(HEIGHT),
    );
    let sum: f64 = known.iter().map(|(_, s)| seconds(*s)).sum();
    let room = WIDTH - GAP * real(known.len().saturating_sub(1));
    let mut widths: Vec<f64> = known
        .iter()
        .map(|(_, s)| {
            let share = if sum > 0.0 {
                seconds(*s) / sum
            } else {
                1.0 / real(known.len().max(1))
            };
            (share * room).max(LEAST)
        })
        .collect();
    // What the narrowest parts were given is taken from the widest.
    let over: f64 = widths.iter().sum::<f64>() - room;
    if let Some(widest) = widths.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *widest = (*widest - over).max(LEAST);
    }
    if known.is_empty() {
        let _ = write!(
            out,
            "<path d=\"M0 3.5H{}\" stroke=\"{LINE_2}\"/>",
            number(WIDTH)
        );
    }
    let mut x = 0.0;
    for ((phase, _), width) in known.iter().zip(widths) {
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"0\" width=\"{}\" height=\"{HEIGHT}\" rx=\"2\" fill=\"{}\"/>",
            number(x),
            number(width),
            phase_fill(*phase)
        );
        if *phase == Phase::Response {
            let _ = write!(
                out,
                "<path d=\"M{} 3.5H{}\" stroke=\"{SURFACE}\" stroke-width=\"1.2\"/>",
                number(x),
                number(x + width)
            );
        }
        x += width + GAP;
    }
    out.push_str("</svg>");
    out
}

/// A piece of the bar for a legend in HTML; the word stands beside it.
pub fn phase_mark(phase: Phase) -> String {
    let line = if phase == Phase::Response {
        format!("<path d=\"M0 3.5H10\" stroke=\"{SURFACE}\" stroke-width=\"1.4\"/>")
    } else {
        String::new()
    };
    format!(
        "<svg width=\"10\" height=\"7\" viewBox=\"0 0 10 7\" aria-hidden=\"true\"><rect width=\"10\" height=\"7\" rx=\"2\" fill=\"{}\"/>{line}</svg>",
        phase_fill(phase)
    )
}

/// Seconds as a number to calculate with.
#[allow(clippy::cast_precision_loss)]
fn seconds(seconds: i64) -> f64 {
    seconds as f64
}
