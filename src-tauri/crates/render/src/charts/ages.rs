//! How old the open action items are: one ring for each.

use super::svg::{
    ATTEND, ATTEND_INK, ATTEND_WASH, Face, INK_2, LINE, QUIET, SMALL, STRONG, SURFACE, Side, Svg,
    number, real,
};
use crate::prose::escape_html;

/// One span of ages.
#[derive(Clone, Debug, PartialEq)]
pub struct AgeRow {
    /// "1 to 4 weeks".
    pub name: String,
    /// Items of that age.
    pub open: usize,
    /// How many of them are overdue.
    pub overdue: usize,
}

const WIDTH: f64 = 302.0;
const LEFT: f64 = 106.0;
const ROW: f64 = 34.8;
/// More rings than this are told as a number.
const MOST_RINGS: usize = 20;

/// The chart, youngest items first. Overdue ones come first in their row and have a dot inside.
pub fn ages(id: &str, title: &str, rows: &[AgeRow]) -> String {
    let height = 10.8 + ROW * real(rows.len());
    let mut svg = Svg::new(id, (WIDTH, height), title, &sentence(rows));
    for (i, row) in rows.iter().enumerate() {
        let y = 25.8 + ROW * real(i);
        if i > 0 {
            let line = y - ROW / 2.0;
            svg.line((0.5, line), (WIDTH - 0.5, line), LINE, 1.0);
        }
        let name = Face {
            fill: INK_2,
            strong: false,
            size: 12.5,
        };
        svg.text((0.0, y + 4.0), Side::Start, name, &row.name);
        svg.text((WIDTH, y + 4.0), Side::End, STRONG, &row.open.to_string());
        if row.open > MOST_RINGS {
            many(&mut svg, row, y);
        } else {
            rings(&mut svg, row, y);
        }
    }
    svg.finish()
}

fn rings(svg: &mut Svg, row: &AgeRow, y: f64) {
    let pitch = (160.0 / real(row.open.max(1))).min(18.0);
    let r = (pitch * 0.4).min(5.5);
    for i in 0..row.open {
        let late = i < row.overdue;
        ring(svg, (LEFT + pitch * real(i), y), r, late, "");
    }
}

/// One ring and "×37" for each of the two kinds.
fn many(svg: &mut Svg, row: &AgeRow, y: f64) {
    let mut x = LEFT;
    let overdue = row.overdue.min(row.open);
    for (late, count) in [(true, overdue), (false, row.open - overdue)] {
        if count == 0 {
            continue;
        }
        let what = if late {
            format!("{count} overdue")
        } else {
            format!("{count} open")
        };
        ring(svg, (x, y), 5.5, late, &what);
        let face = if late {
            Face {
                fill: ATTEND_INK,
                strong: true,
                size: SMALL,
            }
        } else {
            QUIET
        };
        let text = format!("×{count}");
        svg.text((x + 9.5, y + 4.0), Side::Start, face, &text);
        x += 30.0 + 7.0 * real(text.chars().count());
    }
}

fn ring(svg: &mut Svg, (x, y): (f64, f64), r: f64, late: bool, what: &str) {
    let (fill, stroke) = if late {
        (ATTEND_WASH, ATTEND)
    } else {
        (SURFACE, INK_2)
    };
    let title = match what {
        "" if late => "1 open item, overdue",
        "" => "1 open item",
        what => what,
    };
    let mut shape = format!(
        "<g><title>{}</title><circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.75\"/>",
        escape_html(title),
        number(r),
        x = number(x),
        y = number(y),
    );
    if late {
        shape.push_str(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{ATTEND}\"/>",
            number(x),
            number(y),
            number(r * 0.36)
        ));
    }
    shape.push_str("</g>");
    svg.raw(&shape);
}

fn sentence(rows: &[AgeRow]) -> String {
    let all: usize = rows.iter().map(|row| row.open).sum();
    let parts: Vec<String> = rows
        .iter()
        .filter(|row| row.open > 0)
        .map(|row| {
            let late = match row.overdue {
                0 => String::new(),
                late => format!(", {late} overdue"),
            };
            format!("{} {}{late}", row.open, row.name.to_lowercase())
        })
        .collect();
    if parts.is_empty() {
        "No action item is open.".into()
    } else {
        format!("{all} open: {}.", parts.join("; "))
    }
}
