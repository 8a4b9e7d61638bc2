//! Templates from the command line.

use std::path::Path;
use std::sync::Arc;

use api::types::{Directory, IdRef, TemplateChecked, TemplateSource};
use api::{ErrorCode, Shell, bounds, handlers};

use super::args::{ExportTemplateCommand, Place, TemplateCommand};
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
        TemplateCommand::Export { command } => match command {
            ExportTemplateCommand::List => list_exports(place, json),
            ExportTemplateCommand::Show { id, builtin } => show_export(place, json, &id, builtin),
            ExportTemplateCommand::Set { id, file } => set_export(place, id, &file),
            ExportTemplateCommand::Restore { id } => restore_export(place, id),
        },
    }
}

fn list_exports(place: &Place, json: bool) -> Result<(), Failed> {
    let rows = handlers::export_template_rows(&*directory(place)?);
    if json {
        return output::json(&rows);
    }
    let rows: Vec<[String; 4]> = rows
        .into_iter()
        .map(|row| {
            let from = match row.own {
                Some(_) => "changed here",
                None => "built in",
            };
            [row.id, row.name, from.into(), row.description]
        })
        .collect();
    output::print(&table::table(
        ["ID", "NAME", "FROM", "WHAT IT MAKES"],
        &rows,
    ))
}

fn show_export(place: &Place, json: bool, id: &str, builtin: bool) -> Result<(), Failed> {
    let rows = handlers::export_template_rows(&*directory(place)?);
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(|| {
        Failed::Did(format!(
            "There is no export template “{}”: debrief templates export list names them.",
            output::plain(id)
        ))
    })?;
    if json {
        return output::json(&row);
    }
    let own = row.own.filter(|_| !builtin);
    output::print(&own.unwrap_or(row.builtin))
}

fn set_export(place: &Place, id: String, file: &Path) -> Result<(), Failed> {
    let source = read_text(file, bounds::EXPORT_TEMPLATE)?;
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let saved = handlers::export_template_save(&api, TemplateSource { id, source });
    api.close();
    match saved {
        Ok(_) => Ok(()),
        Err(error) => Err(Failed::Did(format!(
            "{}: {}",
            file.display(),
            error.message
        ))),
    }
}

fn restore_export(place: &Place, id: String) -> Result<(), Failed> {
    let api = open::workspace(place, For::Changing, Shell::CommandLine)?;
    let restored = handlers::export_template_restore(&api, IdRef { id });
    api.close();
    restored?;
    Ok(())
}

fn list(place: &Place, json: bool) -> Result<(), Failed> {
    let rows = handlers::template_rows(&*directory(place)?);
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

/// The workspace's own templates; none where there is no workspace yet, and the built-in ones are there all the same.
fn directory(place: &Place) -> Result<Arc<Directory>, Failed> {
    match open::existing(place)? {
        Some(api) => Ok(api.directory()),
        None => Ok(Arc::default()),
    }
}

fn show(place: &Place, json: bool, id: String) -> Result<(), Failed> {
    let template = handlers::template_source(&*directory(place)?, IdRef { id })?;
    if json {
        output::json(&template)
    } else {
        output::print(&template.source)
    }
}

fn add(place: &Place, json: bool, file: &Path, replace: Option<String>) -> Result<(), Failed> {
    let source = read_text(file, bounds::TEMPLATE)?;
    let named = handlers::check_template(&source)?.template;
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let saved = handlers::template_save(
        &api,
        TemplateSource {
            id: replace.unwrap_or_default(),
            source,
        },
    );
    api.close();
    let saved = saved.map_err(|error| {
        let replace = match named.filter(|_| error.code == ErrorCode::Conflict) {
            Some(template) => format!(" (--replace {} changes it)", template.id),
            None => String::new(),
        };
        Failed::Did(format!("{}: {}{replace}", file.display(), error.message))
    })?;
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
