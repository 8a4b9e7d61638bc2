//! A logarithmic axis of time with the lengths that people think in.

use super::svg::{LINE, QUIET, Side, Svg};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The lengths that may stand at the axis, in seconds.
const TICKS: [(i64, &str); 13] = [
    (10, "10 s"),
    (MINUTE, "1 min"),
    (5 * MINUTE, "5 min"),
    (15 * MINUTE, "15 min"),
    (HOUR, "1 h"),
    (4 * HOUR, "4 h"),
    (12 * HOUR, "12 h"),
    (2 * DAY, "2 days"),
    (7 * DAY, "1 week"),
    (30 * DAY, "30 days"),
    (90 * DAY, "90 days"),
    (365 * DAY, "1 year"),
    (3650 * DAY, "10 years"),
];

/// How much room a label needs.
const LABEL: f64 = 46.0;

/// Maps seconds to a place between `left` and `right`.
pub(super) struct Axis {
    left: f64,
    right: f64,
    low: f64,
    high: f64,
    /// Lengths below it are drawn at the left end.
    floor: Option<i64>,
}

impl Axis {
    /// An axis that holds all `seconds`. It begins at the shortest, ends at the next mark after the longest and spans
    /// three marks at least. Nothing has no place on a logarithmic axis: it is drawn at the left end, and the end says so.
    pub(super) fn new(seconds: &[i64], (left, right): (f64, f64)) -> Self {
        let first = TICKS[0].0;
        let shortest = seconds.iter().copied().filter(|s| *s >= first).min();
        let longest = seconds.iter().copied().max().unwrap_or(0);
        let high = TICKS
            .iter()
            .position(|(tick, _)| *tick >= longest)
            .unwrap_or(TICKS.len() - 1)
            .max(3);
        let mut low = shortest.unwrap_or(MINUTE).min(TICKS[high - 3].0);
        let floor = seconds.iter().any(|s| *s < first).then(|| {
            // The end of the axis needs a name when something is drawn there that is shorter.
            let below = TICKS.iter().rev().find(|(tick, _)| *tick <= low);
            low = below.map_or(first, |(tick, _)| *tick).max(first);
            low
        });
        let log = |s: i64| i64_to_f64(s.max(1)).ln();
        let top = TICKS[high].0.max(longest);
        Self {
            left,
            right,
            low: log(low),
            high: log(top),
            floor,
        }
    }

    /// Where a length stands.
    pub(super) fn x(&self, seconds: i64) -> f64 {
        let at = i64_to_f64(seconds.max(1)).ln().clamp(self.low, self.high);
        self.left + (at - self.low) / (self.high - self.low) * (self.right - self.left)
    }

    /// The length that stands at a place, in whole seconds.
    pub(super) fn seconds(&self, x: f64) -> i64 {
        let share = (x - self.left) / (self.right - self.left);
        let value = (self.low + share * (self.high - self.low)).exp().round();
        // A length of time on the axis is far below what an integer holds.
        #[allow(clippy::cast_possible_truncation)]
        let seconds = value as i64;
        seconds
    }

    /// Draws hairlines from `top` to `bottom` and the labels below them.
    pub(super) fn draw(&self, svg: &mut Svg, top: f64, bottom: f64) {
        let mut last = f64::NEG_INFINITY;
        for (tick, label) in TICKS {
            let at = i64_to_f64(tick).ln();
            if at < self.low - 1e-9 || at > self.high + 1e-9 {
                continue;
            }
            let x = self.x(tick);
            if x - last < LABEL {
                continue;
            }
            last = x;
            let text = if self.floor == Some(tick) {
                format!("{label} or less")
            } else {
                label.to_owned()
            };
            svg.line((x, top), (x, bottom), LINE, 1.0);
            let side = if x > self.right - 16.0 {
                Side::End
            } else if x < self.left + 16.0 && self.floor == Some(tick) {
                Side::Start
            } else {
                Side::Middle
            };
            svg.text((x, bottom + 17.0), side, QUIET, &text);
        }
    }
}

/// Seconds as a number to calculate with; far below where it would lose one.
#[allow(clippy::cast_precision_loss)]
fn i64_to_f64(seconds: i64) -> f64 {
    seconds as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_holds_what_is_given_to_it() {
        for seconds in [
            vec![],
            vec![0],
            vec![3],
            vec![300],
            vec![180, 24_600],
            vec![0, 31_536_000 * 20],
        ] {
            let axis = Axis::new(&seconds, (150.0, 638.0));
            for s in seconds.iter().chain(&[0, 60, i64::MAX]) {
                let x = axis.x(*s);
                assert!(
                    (150.0..=638.0).contains(&x),
                    "{s} s of {seconds:?} must stand on the axis, not at {x}"
                );
            }
        }
    }

    #[test]
    fn equal_ratios_are_equal_distances() {
        let axis = Axis::new(&[180, 24_600], (137.0, 638.0));
        let step = |a: i64, b: i64| axis.x(b) - axis.x(a);
        assert!(
            (step(900, 3600) - step(3600, 14_400)).abs() < 1e-6,
            "the axis is logarithmic"
        );
        assert!(
            (axis.x(43_200) - 638.0).abs() < 1e-6,
            "it ends at the next mark, 12 h"
        );
        assert_eq!(axis.seconds(axis.x(3600)), 3600, "a place can be read back");
    }

    #[test]
    fn what_took_no_time_is_said_to_be_at_the_end() {
        let axis = Axis::new(&[0, 600], (137.0, 638.0));
        let mut svg = Svg::new("x", (652.0, 100.0), "", "");
        axis.draw(&mut svg, 10.0, 60.0);
        assert!(
            svg.finish().contains(" or less</text>"),
            "zero has no logarithm, so the left end says what it stands for"
        );
    }
}
