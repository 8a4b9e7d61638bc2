//! The charts of a summary: pure functions from a few figures to one SVG each.
//!
//! Everything about a picture stands in its attributes: no style sheet, no script, nothing loaded. So it is the same in
//! the app, on a web page and in a PDF. Every chart carries a title and a sentence that gives its figures, every mark its
//! own title. Severities differ by shape as well as by colour, so that they stay apart in greyscale: SEV4 has a hole, SEV5 is hollow.

mod ages;
mod axis;
mod durations;
mod months;
mod parts;
mod steps;
mod svg;
mod swarm;

pub use ages::{AgeRow, ages};
pub use durations::{Dot, Strip, durations, in_dots};
pub use months::{Month, Unit, in_squares, months};
pub use parts::{parts, phase_mark};
pub use steps::{Steps, steps};
pub use svg::{legend_mark, severity_mark};

#[cfg(test)]
mod tests;
