//! Templates from the command line.

use std::path::Path;

use api::types::{Empty, IdRef, TemplateChecked, TemplateSource};
use api::{Shell, bounds, handlers};

use super::args::{Place, TemplateCommand};
use super::open::{self, For};
use super::output::{self, Failed};
use super::postmortems::read_text;
use super::table;

/// `debrief templates …`.
pub fn run(place: &Place, json: bool, command: TemplateCommand) -> Result<(), Failed> {
    match command {
        TemplateCommand::List => list(place, json),
        TemplateCommand::Show { id } => show(place, json, id),
        TemplateCommand::Add { file, replace } => add(place, json, &file, replace),
        TemplateCommand::Check { file } => check(json, &file),
    }
}

fn list(place: &Place, json: bool) -> Result<(), Failed> {
    // The built-in templates are there before any workspace is.
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let rows = handlers::template_list(&api, Empty {})?;
    if json {
        return output::json(&rows);
    }
    let rows: Vec<[String; 4]> = rows
        .into_iter()
        .map(|row| {
            let from = match (row.builtin, row.changed) {
                (true, false) => "built in",
                (true, true) => "built in, changed here",
                (false, _) => "this workspace",
            };
            [row.id, row.name, from.into(), row.description]
        })
        .collect();
    output::print(&table::table(
        ["ID", "NAME", "FROM", "WHAT IT IS FOR"],
        &rows,
    ))
}

fn show(place: &Place, json: bool, id: String) -> Result<(), Failed> {
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let template = handlers::template_get(&api, IdRef { id })?;
    if json {
        output::json(&template)
    } else {
        output::print(&template.source)
    }
}

fn add(place: &Place, json: bool, file: &Path, replace: Option<String>) -> Result<(), Failed> {
    let source = read_text(file, bounds::TEMPLATE)?;
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let saved = handlers::template_save(
        &api,
        TemplateSource {
            id: replace.unwrap_or_default(),
            source,
        },
    );
    api.close();
    let saved =
        saved.map_err(|error| Failed::Did(format!("{}: {}", file.display(), error.message)))?;
    if json {
        output::json(&saved)
    } else {
        output::line(&saved.id)
    }
}

fn check(json: bool, file: &Path) -> Result<(), Failed> {
    let source = read_text(file, bounds::TEMPLATE)?;
    let checked: TemplateChecked = handlers::check_template(&source)?;
    let good = checked.problems.is_empty();
    if json {
        output::json(&checked)?;
    } else {
        for problem in &checked.problems {
            output::line(&output::plain(&format!(
                "{}:{}: {}",
                file.display(),
                problem.line,
                problem.message
            )))?;
        }
        if good {
            output::line("All is well.")?;
        }
    }
    if good { Ok(()) } else { Err(Failed::Said) }
}
