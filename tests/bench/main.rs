//! `make bench`: how fast and how large Debrief is, each figure as a ratio to the bare part that it is made of, measured
//! in turn in the same run. Only the ratios decide; times are printed for information. Exits 1 when one is over its bar.

#[path = "../display.rs"]
#[allow(dead_code)]
mod display;
#[path = "../harness.rs"]
#[allow(dead_code)]
mod harness;
#[path = "../programs.rs"]
#[allow(dead_code)]
mod programs;

mod actions;
mod data;
mod engine;
mod rooms;
mod start;
mod summary;
mod team;

use std::process::ExitCode;

/// A figure beside what it is measured against, and how much larger it may be.
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// Median of ours.
    pub ours: f64,
    /// Median of the bare part.
    pub bare: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// The largest ratio that passes; none when the figure only informs.
    pub bar: Option<f64>,
}

impl Figure {
    fn print(&self) -> bool {
        let ratio = self.ours / self.bare;
        let good = self.bar.is_none_or(|bar| ratio <= bar);
        let verdict = match self.bar {
            Some(bar) if good => format!("at most {bar}: ok"),
            Some(bar) => format!("at most {bar}: OVER"),
            None => "for information".into(),
        };
        let (what, ours, bare, unit) = (&self.what, self.ours, self.bare, self.unit);
        say(&format!(
            "{what:<62} {ours:>9.2} {unit:<3} / {bare:>9.2} {unit:<3} = {ratio:>5.2}   {verdict}"
        ));
        good
    }
}

#[allow(clippy::print_stdout)]
fn say(line: &str) {
    println!("{line}");
}

/// The middle of some measurements.
pub fn median(mut values: Vec<f64>) -> f64 {
    assert!(!values.is_empty(), "nothing was measured");
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    let mut good = true;
    let mut print = |figures: Vec<Figure>| {
        for figure in figures {
            good &= figure.print();
        }
    };
    if runs("keystroke") {
        print(engine::keystroke());
    }
    if runs("open") {
        print(engine::open_large());
    }
    if runs("rooms") {
        print(rooms::rooms());
    }
    if runs("team") {
        print(team::team());
    }
    if runs("summary") || runs("actions") {
        say("building a workspace of 10,000 postmortems with ten action items each …");
        let large = data::workspace_of(10_000, 4, 3, 10);
        if runs("actions") {
            print(actions::actions(&large));
        }
        if runs("summary") {
            print(summary::summary(&large));
            print(summary::example_year());
        }
    }
    if runs("list") || runs("start") {
        say("building a workspace of 10,000 postmortems …");
        let large = data::workspace(10_000);
        if runs("list") {
            print(engine::list(&large));
        }
        if runs("start") {
            print(start::start_and_memory(data::workspace(10), large));
        }
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
