//! The workspace file from the command line.

use std::path::Path;

use api::types::PathRef;
use api::{Shell, handlers};

use super::args::Place;
use super::open::{self, For};
use super::output::{self, Failed};

/// `debrief check`.
pub fn check(place: &Place, json: bool, rebuild: bool) -> Result<(), Failed> {
    let api = open::workspace(
        place,
        if rebuild { For::Changing } else { For::Reading },
        Shell::CommandLine,
    )?;
    let report = handlers::check(&api, rebuild);
    api.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        for problem in &report.problems {
            output::line(&output::plain(problem))?;
        }
        let verdict = match (report.problems.is_empty(), report.rebuilt) {
            (true, true) => "All is well; lists and search were made anew",
            (true, false) => "All is well",
            (false, true) => "Lists and search were made anew; what is listed above remains",
            (false, false) => "Something is wrong",
        };
        let postmortems = match report.documents {
            1 => "postmortem",
            _ => "postmortems",
        };
        output::line(&format!(
            "{verdict}: {} {postmortems}, {} log entries.",
            report.documents, report.updates
        ))?;
    }
    if report.problems.is_empty() {
        Ok(())
    } else {
        Err(Failed::Said)
    }
}

/// `debrief backup`.
pub fn backup(place: &Place, json: bool, file: &Path) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let path = output::path(file)?;
    let saved = handlers::workspace_backup(&api, PathRef { path })?;
    if json {
        return output::json(&saved);
    }
    output::wrote(&saved.paths)
}
