//! From the start of the process to "ready to type", and memory at rest, beside a window with one text field.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::App;
use crate::programs::{Home, program};
use crate::{Figure, median};

const ROUNDS: usize = 9;

/// One of the windows that are started in turn.
struct Subject {
    program: PathBuf,
    home: Option<Home>,
    /// Milliseconds from start to ready.
    starts: Vec<f64>,
    /// Proportional set size of the app and its web processes, in MiB.
    memory: Vec<f64>,
}

impl Subject {
    fn new(name: &str, home: Home) -> Self {
        Self {
            program: program(name),
            home: Some(home),
            starts: Vec::new(),
            memory: Vec::new(),
        }
    }

    async fn run(&mut self, count: bool) {
        let home = self
            .home
            .take()
            .expect("a subject has its home between runs");
        let app = App::window_of(home, |home| timed(&self.program, home)).await;
        let ready = app
            .js(
                "return performance.timeOrigin + performance.getEntriesByName('debrief-ready')[0].startTime",
                vec![],
            )
            .await
            .as_f64()
            .expect("a time");
        let started = std::fs::read_to_string(app.home.path().join("started"))
            .ok()
            .and_then(|text| text.trim().parse::<f64>().ok())
            .expect("the start was noted")
            / 1e6;
        // At rest: what the start left to do is done.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let memory = memory(&app);
        if count {
            self.starts.push(ready - started);
            self.memory.push(memory);
        }
        self.home = Some(app.close().await);
    }
}

/// Proportional set size of the program and its web processes, in MiB; the driver not counted.
fn memory(app: &App) -> f64 {
    let driver = app.driver.0.id();
    let kilobytes: f64 = app
        .driver
        .processes()
        .into_iter()
        .filter(|process| *process != driver)
        .filter_map(|process| {
            let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
            let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        })
        .sum();
    kilobytes / 1024.0
}

/// A script that notes the time and becomes the program.
fn timed(program: &Path, home: &Home) -> PathBuf {
    let script = home.path().join("timed");
    let text = format!(
        "#!/bin/sh\ndate +%s%N > '{}'\nexec '{}'\n",
        home.path().join("started").display(),
        program.display()
    );
    std::fs::write(&script, text)
        .and_then(|()| std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)))
        .expect("a temporary folder takes a script");
    script
}

/// Starts the blank window and both workspaces in turn, several times.
pub fn start_and_memory(small: Home, large: Home) -> Vec<Figure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut subjects = [
        Subject::new("examples/blank", Home::new()),
        Subject::new("debrief-app", small),
        Subject::new("debrief-app", large),
    ];
    runtime.block_on(async {
        for round in 0..=ROUNDS {
            // Each round begins with another one: whoever comes after the blank window finds less of itself in memory.
            for turn in 0..subjects.len() {
                let count = subjects.len();
                // The first round fills caches.
                subjects[(round + turn) % count].run(round > 0).await;
            }
        }
    });
    let [blank, small, large] =
        subjects.map(|subject| (median(subject.starts), median(subject.memory)));
    let figure = |what: &str, ours: f64, bare: f64, unit, bar| Figure {
        what: what.into(),
        ours,
        bare,
        unit,
        bar,
    };
    vec![
        figure(
            "start to ready, 10 postmortems / blank window",
            small.0,
            blank.0,
            "ms",
            Some(1.3),
        ),
        figure(
            "start to ready, 10,000 postmortems / blank window",
            large.0,
            blank.0,
            "ms",
            Some(1.3),
        ),
        figure(
            "memory at rest, 10 postmortems / blank window",
            small.1,
            blank.1,
            "MiB",
            None,
        ),
        figure(
            "memory at rest, 10,000 postmortems / blank window",
            large.1,
            blank.1,
            "MiB",
            None,
        ),
    ]
}
