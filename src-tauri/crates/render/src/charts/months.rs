//! Incidents per month: one square each, stacked by severity, while there are few; bars with counts when there are many.

use model::postmortem::Severity;

use super::svg::{LINE_2, QUIET, STRONG, SURFACE, Side, Svg, number, real, severity_fill};
use crate::prose::escape_html;
use crate::words;

/// One incident of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its title; empty when only its severity is known.
    pub title: String,
    /// How bad it was.
    pub severity: Option<Severity>,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// "Jun", or "Q2" or "2026" where months would be too many.
    pub label: String,
    /// The second line under the first column of a year: "2026"; else empty.
    pub year: String,
    /// Its incidents in any order.
    pub units: Vec<Unit>,
}

const WIDTH: f64 = 302.0;
/// What the squares may fill.
const ROOM: f64 = 112.0;
const BASE: f64 = 130.5;
/// Sides that squares may have, largest first, and the space between them.
const SIDES: [(f64, f64); 6] = [
    (24.0, 4.0),
    (18.0, 3.0),
    (14.0, 3.0),
    (11.0, 2.0),
    (9.0, 2.0),
    (7.0, 1.5),
];
/// From the worst on the ground to what nobody has judged.
const ORDER: [Option<Severity>; 6] = [
    Some(Severity::Sev1),
    Some(Severity::Sev2),
    Some(Severity::Sev3),
    Some(Severity::Sev4),
    Some(Severity::Sev5),
    None,
];

/// Whether every incident is a square of its own.
pub fn in_squares(months: &[Month]) -> bool {
    let most = months.iter().map(|m| m.units.len()).max().unwrap_or(0);
    squares(WIDTH / real(months.len().max(1)), most).is_some()
}

/// The chart, for columns in the order of time.
pub fn months(id: &str, title: &str, months: &[Month]) -> String {
    let has_years = months.iter().any(|m| !m.year.is_empty());
    let height = if has_years { 170.0 } else { 154.0 };
    let mut svg = Svg::new(id, (WIDTH, height), title, &sentence(months));
    svg.line((0.5, BASE), (WIDTH - 0.5, BASE), LINE_2, 1.0);
    let slot = WIDTH / real(months.len().max(1));
    let most = months.iter().map(|m| m.units.len()).max().unwrap_or(0);
    let squares = squares(slot, most);
    // A label needs about 30 units; where the columns are narrower, every second or third one is named.
    let every = (1..=months.len().max(1))
        .find(|n| slot * real(*n) >= 30.0)
        .unwrap_or(1);
    let counts_fit = slot >= 9.0 + 7.0 * real(most.to_string().len().saturating_sub(1));
    // The first month of a year is among the named ones, and its year stands under it.
    let anchor = months
        .iter()
        .skip(1)
        .position(|m| !m.year.is_empty())
        .map_or(0, |i| i + 1);
    let fullest = months.iter().position(|m| m.units.len() == most);
    let mut year = "";
    for (i, month) in months.iter().enumerate() {
        let middle = slot * (real(i) + 0.5);
        let mut units: Vec<&Unit> = month.units.iter().collect();
        units.sort_by_key(|unit| ORDER.iter().position(|s| *s == unit.severity));
        let top = match squares {
            Some(squares) => stack(&mut svg, middle, &units, squares),
            None => bar(&mut svg, middle, &units, (slot, most)),
        };
        if !units.is_empty() && (counts_fit || fullest == Some(i)) {
            let count = units.len().to_string();
            svg.text((middle, top - 8.0), Side::Middle, STRONG, &count);
        }
        if !month.year.is_empty() {
            year = &month.year;
        }
        if i % every == anchor % every {
            let (side, x) = if middle < 14.0 {
                (Side::Start, 0.0)
            } else {
                (Side::Middle, middle)
            };
            svg.text((x, 148.0), side, QUIET, &month.label);
            svg.text((x, 163.0), side, QUIET, std::mem::take(&mut year));
        }
    }
    svg.finish()
}

#[derive(Clone, Copy)]
struct Squares {
    side: f64,
    gap: f64,
    across: usize,
}

/// The largest squares that hold the fullest column; nothing when none do.
fn squares(slot: f64, most: usize) -> Option<Squares> {
    SIDES.iter().find_map(|(side, gap)| {
        let pitch = side + gap;
        // Both are small and positive.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (across, up) = (
            ((slot * 0.88 + gap) / pitch).floor() as usize,
            ((ROOM + gap) / pitch).floor() as usize,
        );
        // A tower of single squares reads best; wider ones only where it would not fit.
        (1..=across).find(|n| n * up >= most).map(|across| Squares {
            side: *side,
            gap: *gap,
            across,
        })
    })
}

fn stack(svg: &mut Svg, middle: f64, units: &[&Unit], squares: Squares) -> f64 {
    let Squares { side, gap, across } = squares;
    let pitch = side + gap;
    let width = pitch * real(across) - gap;
    let mut top = BASE;
    for (i, unit) in units.iter().enumerate() {
        let (row, column) = (i / across, i % across);
        let x = middle - width / 2.0 + pitch * real(column);
        let y = BASE - gap - side - pitch * real(row) - 0.5;
        top = top.min(y);
        svg.square((x, y), side, unit.severity, &name(unit));
    }
    top
}

fn name(unit: &Unit) -> String {
    let severity = super::svg::severity_name(unit.severity);
    if unit.title.is_empty() {
        severity
    } else {
        format!("{}, {severity}", unit.title)
    }
}

/// One bar per column, to one scale, parted by severity.
fn bar(svg: &mut Svg, middle: f64, units: &[&Unit], (slot, most): (f64, usize)) -> f64 {
    let width = (slot * 0.7).min(24.0);
    let mut y = BASE - 1.0;
    for severity in ORDER {
        let count = units.iter().filter(|u| u.severity == severity).count();
        if count == 0 {
            continue;
        }
        let height = ROOM * real(count) / real(most.max(1));
        y -= height;
        let title = format!("{count} {}", super::svg::severity_name(severity));
        let fill = severity_fill(severity);
        let x = middle - width / 2.0;
        let shape = match severity {
            Some(Severity::Sev5) | None => {
                let dashes = if severity.is_none() {
                    " stroke-dasharray=\"3 2\""
                } else {
                    ""
                };
                format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{SURFACE}\" stroke=\"{fill}\" stroke-width=\"1.5\"{dashes}/>",
                    number(x + 0.75),
                    number(y + 0.75),
                    number((width - 1.5).max(0.5)),
                    number((height - 1.5).max(0.5))
                )
            }
            _ => {
                let mut shape = format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\" stroke=\"{SURFACE}\" stroke-width=\".6\"/>",
                    number(x),
                    number(y),
                    number(width),
                    number(height)
                );
                if severity == Some(Severity::Sev4) && height > 3.0 {
                    // The light line is to a bar what the hole is to a square.
                    shape.push_str(&format!(
                        "<path d=\"M{} {}V{}\" stroke=\"{SURFACE}\" stroke-width=\"2\"/>",
                        number(middle),
                        number(y + 1.0),
                        number(y + height - 1.0)
                    ));
                }
                shape
            }
        };
        svg.raw(&format!(
            "<g><title>{}</title>{shape}</g>",
            escape_html(&title)
        ));
    }
    y
}

fn sentence(months: &[Month]) -> String {
    let mut year = "";
    let rows = months.iter().map(|month| {
        if !month.year.is_empty() {
            year = &month.year;
        }
        let parts: Vec<String> = ORDER
            .iter()
            .filter_map(|severity| {
                let count = month
                    .units
                    .iter()
                    .filter(|u| u.severity == *severity)
                    .count();
                (count > 0).then(|| format!("{count} {}", super::svg::severity_name(*severity)))
            })
            .collect();
        let name = format!("{} {year}", month.label);
        match month.units.len() {
            0 => format!("{} none", name.trim()),
            all => format!("{} {all} ({})", name.trim(), parts.join(", ")),
        }
    });
    let rows: Vec<String> = rows.collect();
    let all = months.iter().map(|m| m.units.len()).sum();
    format!(
        "{}: {}.",
        words::count(all, "incident", "incidents"),
        rows.join("; ")
    )
}
