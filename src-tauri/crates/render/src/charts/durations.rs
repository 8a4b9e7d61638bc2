//! How long each part took: every incident a dot on a logarithmic axis of time.

use model::postmortem::Severity;

use super::axis::Axis;
use super::svg::{
    BAND, INK, INK_3, NAME, QUIET, STRONG, Side, Svg, cut, number, real, severity_name,
};
use super::swarm::swarm;
use crate::words;

/// One incident's length of one part.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The incident's title.
    pub title: String,
    /// How bad it was.
    pub severity: Option<Severity>,
    /// Whole seconds, never negative.
    pub seconds: i64,
    /// It rests on an estimate.
    pub about: bool,
    /// It is the incident in focus: a ring around it, its title beside it in the last row.
    pub focus: bool,
}

/// One row of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// "Detect".
    pub name: String,
    /// The line under the name: "half within 38 min".
    pub note: String,
    /// A second line: "known of 12 of 15"; empty when all are known.
    pub known: String,
    /// Incidents whose length is known.
    pub dots: Vec<Dot>,
    /// The middle value, seconds; absent when there are too few for one.
    pub median: Option<i64>,
    /// Where the middle half begins and ends, seconds.
    pub middle_half: Option<(i64, i64)>,
}

const WIDTH: f64 = 652.0;
const LEFT: f64 = 146.0;
const RIGHT: f64 = 638.0;
/// More dots than this in one row would be a smear; bars with counts take their place.
const MOST_DOTS: usize = 400;
const BINS: usize = 48;

struct Scale {
    r: f64,
    row: f64,
}

/// Dots shrink and rows grow as there are more.
fn scale(most: usize, strips: usize) -> Scale {
    match most {
        0..=40 => Scale {
            r: 5.5,
            row: if strips > 3 { 48.0 } else { 55.3 },
        },
        41..=120 => Scale { r: 4.0, row: 72.0 },
        121..=MOST_DOTS => Scale { r: 2.6, row: 92.0 },
        _ => Scale { r: 0.0, row: 72.0 },
    }
}

/// Whether every incident is a dot of its own.
pub fn in_dots(strips: &[Strip]) -> bool {
    strips.iter().all(|strip| strip.dots.len() <= MOST_DOTS)
}

/// The chart. Rows with many incidents show bars with counts in place of dots.
pub fn durations(id: &str, title: &str, strips: &[Strip]) -> String {
    let most = strips.iter().map(|s| s.dots.len()).max().unwrap_or(0);
    let scale = scale(most, strips.len());
    let plot = 10.0 + scale.row * real(strips.len()) + 6.0;
    let height = plot + 24.0;
    let all: Vec<i64> = strips
        .iter()
        .flat_map(|s| s.dots.iter().map(|d| d.seconds))
        .collect();
    let axis = Axis::new(&all, (LEFT, RIGHT));
    let mut svg = Svg::new(id, (WIDTH, height), title, &sentence(strips));
    axis.draw(&mut svg, 10.0, plot);
    for (i, strip) in strips.iter().enumerate() {
        let y = 10.0 + scale.row * (real(i) + 0.5) + 4.0;
        let up = if strip.known.is_empty() { 0.0 } else { 8.0 };
        svg.text((0.0, y - 2.0 - up), Side::Start, NAME, &strip.name);
        svg.text((0.0, y + 14.0 - up), Side::Start, QUIET, &strip.note);
        if !strip.known.is_empty() {
            svg.text((0.0, y + 28.0 - up), Side::Start, QUIET, &strip.known);
        }
        let half = (scale.row * 0.3).max(17.0);
        if let Some((from, to)) = strip.middle_half {
            // A band thinner than a dot could not be seen behind one.
            let (a, b) = (axis.x(from), axis.x(to));
            let (a, width) = (a.min(b - 4.0), (b - a).max(4.0));
            svg.raw(&format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{BAND}\"/>",
                number(a),
                number(y - half),
                number(width),
                number(half * 2.0)
            ));
        }
        if most > MOST_DOTS {
            bars(&mut svg, &axis, strip, y, scale.row);
        } else {
            let last = i + 1 == strips.len();
            dots(&mut svg, &axis, strip, (y, last), &scale);
        }
        if let Some(median) = strip.median {
            let x = axis.x(median);
            svg.line((x, y - half - 3.0), (x, y + half + 3.0), INK, 2.0);
        }
    }
    svg.finish()
}

fn dots(svg: &mut Svg, axis: &Axis, strip: &Strip, (y, last): (f64, bool), scale: &Scale) {
    let xs: Vec<f64> = strip.dots.iter().map(|d| axis.x(d.seconds)).collect();
    let ys = swarm(&xs, scale.r, scale.row / 2.0 - scale.r);
    for ((dot, x), dy) in strip.dots.iter().zip(&xs).zip(&ys) {
        let title = format!(
            "{}, {}: {}",
            dot.title,
            severity_name(dot.severity),
            words::duration_about(Some(dot.seconds), dot.about)
        );
        svg.dot((*x, y + dy), scale.r, dot.severity, &title);
    }
    for ((dot, x), dy) in strip.dots.iter().zip(&xs).zip(&ys) {
        if !dot.focus {
            continue;
        }
        svg.raw(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"none\" stroke=\"{INK_3}\"/>",
            number(*x),
            number(y + dy),
            number(scale.r + 3.5)
        ));
        if last {
            let label = cut(&dot.title, 28);
            // About half the width of the text, so that it does not leave the picture.
            let half = real(label.chars().count()) * 3.2;
            let (side, at) = if x - half < LEFT {
                (Side::Start, x - scale.r)
            } else if x + half > WIDTH {
                (Side::End, x + scale.r)
            } else {
                (Side::Middle, *x)
            };
            svg.text((at, y + dy - scale.r - 8.5), side, QUIET, &label);
        }
    }
}

/// Counts in steps of equal width on the axis.
fn bars(svg: &mut Svg, axis: &Axis, strip: &Strip, y: f64, row: f64) {
    let step = (RIGHT - LEFT) / real(BINS);
    let mut counts = [0usize; BINS];
    for dot in &strip.dots {
        let place = ((axis.x(dot.seconds) - LEFT) / step).floor();
        // Between 0 and the number of steps: the axis clamps.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let place = (place.max(0.0) as usize).min(BINS - 1);
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let room = row - 26.0;
    let base = y + row / 2.0 - 8.0;
    for (i, count) in counts.into_iter().enumerate().filter(|(_, c)| *c > 0) {
        let x = LEFT + step * real(i);
        let height = (room * real(count) / real(most)).max(1.0);
        let title = format!(
            "{} took {} to {}",
            words::count(count, "incident", "incidents"),
            words::duration(Some(axis.seconds(x))),
            words::duration(Some(axis.seconds(x + step)))
        );
        svg.raw(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{INK_3}\"><title>{}</title></rect>",
            number(x + 0.5),
            number(base - height),
            number(step - 1.0),
            number(height),
            crate::prose::escape_html(&title)
        ));
    }
    let highest = counts.iter().position(|count| *count == most).unwrap_or(0);
    svg.text(
        (LEFT + step * (real(highest) + 0.5), base - room - 4.0),
        Side::Middle,
        STRONG,
        &most.to_string(),
    );
}

/// The figures of the chart as sentences.
fn sentence(strips: &[Strip]) -> String {
    let rows = strips.iter().map(|strip| {
        let known = strip.dots.len();
        let mut text = format!(
            "{}: {}",
            strip.name,
            words::count(known, "incident", "incidents")
        );
        if let Some(median) = strip.median {
            text.push_str(&format!(
                ", the middle one took {}",
                words::duration(Some(median))
            ));
        }
        if let Some((from, to)) = strip.middle_half {
            text.push_str(&format!(
                ", the middle half {} to {}",
                words::duration(Some(from)),
                words::duration(Some(to))
            ));
        }
        text.push('.');
        text
    });
    rows.collect::<Vec<_>>().join(" ")
}
