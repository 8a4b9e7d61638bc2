//! Action items over time: how many were opened and how many were done, as two lines that climb in steps.

use chrono::{Datelike, NaiveDate};

use super::svg::{
    ATTEND_INK, ATTEND_WASH, DONE, DONE_INK, Face, INK_2, LINE, LINE_2, QUIET, SMALL, STRONG, Side,
    Svg, number,
};

/// Both lines, from the first day to the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// The first day of the period.
    pub from: NaiveDate,
    /// The last day of the period.
    pub to: NaiveDate,
    /// How many items had been opened by the end of a day; days in order, where the number changes.
    pub opened: Vec<(NaiveDate, u32)>,
    /// How many had been done.
    pub done: Vec<(NaiveDate, u32)>,
    /// How many had been settled otherwise (declined) at the end of the period.
    pub declined: u32,
}

const LEFT: f64 = 4.0;
const RIGHT: f64 = 218.0;
const WIDTH: f64 = 302.0;
const TOP: f64 = 14.5;
const BASE: f64 = 152.5;
/// Lines of text nearer than this would touch.
const LABEL: f64 = 16.0;

/// The chart.
pub fn steps(id: &str, title: &str, steps: &Steps) -> String {
    let opened = last(&steps.opened);
    let done = last(&steps.done);
    let open = opened.saturating_sub(done).saturating_sub(steps.declined);
    let text = format!("{opened} opened, {done} done, {open} open.");
    let mut svg = Svg::new(id, (WIDTH, 176.0), title, &text);
    let most = f64::from(opened.max(done).max(1));
    let x = |day: NaiveDate| {
        let whole = days(steps.from, steps.to).max(1.0);
        LEFT + (days(steps.from, day) / whole).clamp(0.0, 1.0) * (RIGHT - LEFT)
    };
    let y = |count: u32| BASE - f64::from(count) / most * (BASE - TOP);
    for (at, stroke) in [
        (TOP, LINE),
        (f64::midpoint(TOP, BASE), LINE),
        (BASE, LINE_2),
    ] {
        svg.line((LEFT, at), (RIGHT, at), stroke, 1.0);
    }
    labels(&mut svg, steps, &x);
    let (up, down) = (path(&steps.opened, &x, &y), path(&steps.done, &x, &y));
    // The space between the lines: along one of them, back along the other.
    let there: Vec<String> = up
        .iter()
        .map(|(x, y)| format!("{} {}", number(*x), number(*y)))
        .collect();
    let back: Vec<String> = down
        .iter()
        .rev()
        .map(|(x, y)| format!("{} {}", number(*x), number(*y)))
        .collect();
    svg.raw(&format!(
        "<path d=\"M{}L{}Z\" fill=\"{ATTEND_WASH}\"/>",
        there.join("L"),
        back.join("L")
    ));
    for (points, stroke, dashes, what) in [
        (&up, INK_2, "", format!("{opened} opened")),
        (
            &down,
            DONE,
            " stroke-dasharray=\"5 2\"",
            format!("{done} done"),
        ),
    ] {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{} {}", number(*x), number(*y)))
            .collect();
        svg.raw(&format!(
            "<path d=\"M{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"2\" stroke-linejoin=\"round\"{dashes}><title>{what}</title></path>",
            points.join("L")
        ));
    }
    end_labels(&mut svg, steps, (opened, open, done), &y);
    svg.finish()
}

fn last(points: &[(NaiveDate, u32)]) -> u32 {
    points.last().map_or(0, |(_, count)| *count)
}

fn days(from: NaiveDate, to: NaiveDate) -> f64 {
    let days = (to - from).num_days();
    f64::from(i32::try_from(days).unwrap_or(i32::MAX))
}

/// The corners of a line that climbs in steps from the first day to the last.
fn path(
    points: &[(NaiveDate, u32)],
    x: &dyn Fn(NaiveDate) -> f64,
    y: &dyn Fn(u32) -> f64,
) -> Vec<(f64, f64)> {
    let mut at = y(0);
    let mut out = vec![(LEFT, at)];
    for (day, count) in points {
        let x = x(*day);
        out.push((x, at));
        at = y(*count);
        out.push((x, at));
    }
    out.push((RIGHT, at));
    out
}

/// Up to four first days of months, as far apart as they need.
fn labels(svg: &mut Svg, steps: &Steps, x: &dyn Fn(NaiveDate) -> f64) {
    let months = (steps.to.year() - steps.from.year()) * 12
        + i32::try_from(steps.to.month0()).unwrap_or(0)
        - i32::try_from(steps.from.month0()).unwrap_or(0)
        + 1;
    let years = steps.from.year() != steps.to.year();
    if months <= 1 {
        svg.text(
            (LEFT, 169.0),
            Side::Start,
            QUIET,
            &steps.from.format("%-d %b").to_string(),
        );
        svg.text(
            (RIGHT, 169.0),
            Side::End,
            QUIET,
            &steps.to.format("%-d %b").to_string(),
        );
        return;
    }
    let wanted = if years { 3 } else { 4 };
    let every = usize::try_from((months + wanted - 1) / wanted)
        .unwrap_or(1)
        .max(1);
    let mut first = steps.from.with_day(1).unwrap_or(steps.from);
    let room = if years { 58.0 } else { 30.0 };
    let mut last = f64::NEG_INFINITY;
    while first <= steps.to {
        let at = x(first);
        if at - last >= room && at <= RIGHT - 20.0 {
            let format = if years { "%b %Y" } else { "%b" };
            svg.text(
                (at, 169.0),
                Side::Start,
                QUIET,
                &first.format(format).to_string(),
            );
            last = at;
        }
        let months = u32::try_from(every).unwrap_or(1);
        let Some(next) = first.checked_add_months(chrono::Months::new(months)) else {
            return;
        };
        first = next;
    }
}

/// The three figures at the right end, each beside its line and never on one another.
fn end_labels(
    svg: &mut Svg,
    steps: &Steps,
    (opened, open, done): (u32, u32, u32),
    y: &dyn Fn(u32) -> f64,
) {
    let face = |fill| Face {
        fill,
        strong: true,
        size: SMALL,
    };
    let (top, bottom) = (y(opened) + 4.0, y(done) + 4.0);
    let mut rows = vec![(top, STRONG, format!("{opened} opened"))];
    if open > 0 {
        rows.push((
            f64::midpoint(top, bottom),
            face(ATTEND_INK),
            format!("{open} open"),
        ));
    }
    if steps.declined > 0 {
        rows.push((bottom - 1.0, QUIET, format!("{} declined", steps.declined)));
    }
    rows.push((bottom, face(DONE_INK), format!("{done} done")));
    for i in 1..rows.len() {
        if rows[i].0 < rows[i - 1].0 + LABEL {
            rows[i].0 = rows[i - 1].0 + LABEL;
        }
    }
    // What would stand below the axis moves everything up.
    let over = rows.last().map_or(0.0, |(y, ..)| (y - BASE - 4.0).max(0.0));
    let mut floor = f64::INFINITY;
    for row in rows.iter_mut().rev() {
        if over > 0.0 {
            row.0 = row.0.min(floor - LABEL).min(BASE + 4.0);
        }
        floor = row.0;
    }
    for (y, face, text) in rows {
        svg.text((RIGHT + 8.0, y), Side::Start, face, &text);
    }
}
