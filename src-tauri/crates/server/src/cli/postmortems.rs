//! Postmortems from the command line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use api::types::{
    DemoNew, DocRef, ExportRequest, ExportSave, Imported, NewPostmortem, Postmortem,
    PostmortemFilter, PostmortemPage, PublishWhat, Report,
};
use api::{Api, Shell, bounds, handlers, places};

use super::args::{Export, List, New, Place};
use super::open::{self, For};
use super::output::{self, Failed};
use super::published;
use super::table;

/// Rows of one page of the list.
const PAGE: u32 = 1_000;

/// `debrief demo`.
pub fn demo(place: &Place, json: bool, year: bool) -> Result<(), Failed> {
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let made = handlers::demo_new(&api, DemoNew { year });
    api.close();
    told(json, &made?)
}

/// `debrief new`.
pub fn new(place: &Place, json: bool, asked: New) -> Result<(), Failed> {
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let services = service_ids(&api, &asked.services)?;
    let made = handlers::postmortem_new(
        &api,
        NewPostmortem {
            template: asked.template,
            title: asked.title,
            severity: asked.severity,
            timezone: asked.timezone,
            services,
        },
    );
    api.close();
    told(json, &made?)
}

/// The ids of services that are named by name or id.
pub fn service_ids(api: &Api, wanted: &[String]) -> Result<Vec<String>, Failed> {
    let directory = api.directory();
    wanted
        .iter()
        .map(|wanted| {
            let same = |known: &str| known.to_lowercase() == wanted.to_lowercase();
            directory
                .services
                .iter()
                .find(|service| same(&service.id) || same(&service.name))
                .map(|service| service.id.clone())
                .ok_or_else(|| {
                    Failed::Did(format!("There is no service “{wanted}” in this workspace."))
                })
        })
        .collect()
}

/// `debrief list`.
pub fn list(place: &Place, json: bool, asked: &List) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let filter = PostmortemFilter {
        query: asked.search.clone(),
        status: asked.status,
        severities: asked.severity.clone(),
        trashed: asked.trash,
        ..PostmortemFilter::default()
    };
    let page = everything(&api, &filter)?;
    if json {
        return output::json(&page);
    }
    if page.rows.is_empty() {
        return output::line(if asked.trash {
            "The trash is empty."
        } else {
            "No postmortems."
        });
    }
    let mut known = everything(&api, &PostmortemFilter::default())?.rows;
    known.extend(
        everything(
            &api,
            &PostmortemFilter {
                trashed: true,
                ..PostmortemFilter::default()
            },
        )?
        .rows,
    );
    let short = table::short_ids(known.iter().map(|row| row.id.as_str()));
    let rows: Vec<[String; 6]> = page
        .rows
        .iter()
        .map(|row| {
            [
                short(&row.id),
                row.starts.map_or_else(
                    || "-".into(),
                    |at| handlers::instant(at, &row.timezone, api.zone()),
                ),
                row.severity
                    .as_ref()
                    .map(handlers::word)
                    .unwrap_or_else(|| "-".into()),
                handlers::word(&row.status),
                format!("{}/{}", row.actions_settled, row.actions),
                if row.title.is_empty() {
                    "(no title)".into()
                } else {
                    row.title.clone()
                },
            ]
        })
        .collect();
    output::print(&table::table(
        ["ID", "BEGAN", "SEVERITY", "STATUS", "ACTIONS", "TITLE"],
        &rows,
    ))
}

/// `debrief show`.
pub fn show(place: &Place, json: bool, id: &str) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let doc = open::postmortem(&api, id)?;
    let postmortem = handlers::postmortem_get(&api, DocRef { doc: doc.clone() })?;
    let derived = handlers::postmortem_derived(&api, DocRef { doc })?.derived;
    if json {
        return output::json(&serde_json::json!({ "postmortem": postmortem, "derived": derived }));
    }
    output::print(&summary(&api, &postmortem, &derived)?)
}

/// `debrief export`.
pub fn export(place: &Place, json: bool, asked: Export) -> Result<(), Failed> {
    let Export {
        id,
        format,
        anonymise,
        keep_owners,
        report,
        publish,
        output,
    } = asked;
    handlers::known_format(&format).map_err(|error| Failed::Wrong(error.message))?;
    let kind = format.split_once('-').map(|(kind, _)| kind.to_owned());
    if publish && kind.is_none() {
        return Err(Failed::Wrong(
            "only a summary is published: choose --format summary-html, summary-pdf or summary-md"
                .into(),
        ));
    }
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let doc = open::postmortem(&api, &id)?;
    let what = publish.then(|| match kind.as_deref() {
        Some("post") => PublishWhat::Post { doc: doc.clone() },
        _ => PublishWhat::Summary {
            doc: doc.clone(),
            anonymise,
            keep_owners,
        },
    });
    let Some(file) = output.filter(|file| file != Path::new("-")) else {
        let exported = handlers::export(
            &api,
            ExportRequest {
                doc,
                format,
                preview: false,
                anonymise,
                keep_owners,
            },
        );
        let published = publish_after(&api, &exported, what);
        api.close();
        let exported = exported?;
        published?;
        if exported.assets > 0 {
            output::complain(&format!(
                "{} images are left out on stdout: write to a file with -o to have them beside it",
                exported.assets
            ));
        }
        tell_of_roles(exported.roles.as_ref(), report.as_deref())?;
        return match json {
            true => output::json(&exported),
            false => output::export(&exported),
        };
    };
    let path = output::path(&file)?;
    let saved = handlers::export_save(
        &api,
        ExportSave {
            doc,
            format,
            path,
            anonymise,
            keep_owners,
        },
    );
    let published = publish_after(&api, &saved, what);
    api.close();
    let saved = saved?;
    published?;
    tell_of_roles(saved.roles.as_ref(), report.as_deref())?;
    if json {
        return output::json(&saved);
    }
    output::wrote(&saved.paths)
}

/// Keeps as a published copy what was written, where that was asked for.
fn publish_after<T, E>(
    api: &Api,
    written: &Result<T, E>,
    what: Option<PublishWhat>,
) -> Result<(), Failed> {
    match (written, what) {
        (Ok(_), Some(what)) => published::publish(api, what),
        _ => Ok(()),
    }
}

/// Says in a line what was replaced by roles, and writes the whole of it to a file where one was named.
fn tell_of_roles(roles: Option<&Report>, file: Option<&Path>) -> Result<(), Failed> {
    let Some(report) = roles else {
        return Ok(());
    };
    output::complain(&report.sentence());
    let Some(file) = file else {
        return Ok(());
    };
    let json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let text = match json {
        true => serde_json::to_string_pretty(report)
            .map(|text| text + "\n")
            .map_err(|error| {
                Failed::Did(format!("The report cannot be written as JSON: {error}."))
            })?,
        false => report.readable(),
    };
    api::write_whole(&places::absolute(file), text.as_bytes())?;
    Ok(())
}

/// `debrief import`. Files that can be imported are, also when others cannot.
pub fn import(place: &Place, json: bool, files: &[std::path::PathBuf]) -> Result<(), Failed> {
    // Files are looked at before there is a workspace: a mistyped name must not make one.
    for file in files {
        openable(file, bounds::IMPORT_FILE)?;
    }
    let api = open::workspace(place, For::Adding, Shell::CommandLine)?;
    let mut made: Vec<Imported> = Vec::new();
    let mut failed = false;
    for file in files {
        match import_one(&api, file) {
            Ok(imported) => {
                if !json {
                    output::line(&imported.doc)?;
                }
                for note in &imported.notes {
                    output::complain(&format!("{}: {note}", file.display()));
                }
                made.push(imported);
            }
            Err(Failed::Did(message)) => {
                failed = true;
                output::complain(&message);
            }
            Err(other) => return Err(other),
        }
    }
    api.close();
    if json {
        output::json(&made)?;
    }
    if failed { Err(Failed::Said) } else { Ok(()) }
}

fn import_one(api: &Api, file: &Path) -> Result<Imported, Failed> {
    let bytes = read_bytes(file, bounds::IMPORT_FILE)?;
    let path = places::absolute(file);
    let file_name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    handlers::import_beside(api, &file_name, &bytes, path.parent().unwrap_or(&path))
        .map_err(|error| Failed::Did(format!("{}: {}", file.display(), error.message)))
}

/// Reads a file of at most `most` bytes. Larger ones are refused before they are read; what is no regular file (a
/// pipe, a device) has no end to wait for.
fn read_bytes(path: &Path, most: usize) -> Result<Vec<u8>, Failed> {
    let name = path.display();
    let file = openable(path, most)?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failed::Did(format!("{name} cannot be read: {error}.")))?;
    if bytes.len() > most {
        return Err(too_large(path, bytes.len() as u64, most));
    }
    Ok(bytes)
}

/// Reads a text file of at most `most` bytes.
pub fn read_text(path: &Path, most: usize) -> Result<String, Failed> {
    let name = path.display();
    String::from_utf8(read_bytes(path, most)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error
            .as_bytes()
            .iter()
            .take(at)
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        Failed::Did(format!(
            "{name} is not a text file in UTF-8: line {line} has other bytes. Nothing was changed."
        ))
    })
}

fn openable(path: &Path, most: usize) -> Result<File, Failed> {
    let name = path.display();
    api::refuse_in_use(path)?;
    // The kind is asked for first: opening a pipe that nobody writes to would wait for ever.
    let facts = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failed::Did(format!("There is no file {name}.")),
        _ => Failed::Did(format!("{name} cannot be read: {error}.")),
    })?;
    if !facts.is_file() {
        return Err(Failed::Did(format!("{name} is not a file.")));
    }
    if facts.len() > most as u64 {
        return Err(too_large(path, facts.len(), most));
    }
    File::open(path).map_err(|error| Failed::Did(format!("{name} cannot be read: {error}.")))
}

fn too_large(path: &Path, size: u64, most: usize) -> Failed {
    const MEGABYTE: u64 = 1024 * 1024;
    // Both in the unit of the smaller one: a file of 300 kB is not one of 1 MB.
    let most = most as u64;
    let (divisor, unit) = if most >= MEGABYTE {
        (MEGABYTE, "MB")
    } else {
        (1024, "kB")
    };
    Failed::Did(format!(
        "{} is too large ({} {unit}): at most {} {unit} are read. Nothing was changed.",
        path.display(),
        size.div_ceil(divisor),
        most / divisor
    ))
}

fn told(json: bool, made: &DocRef) -> Result<(), Failed> {
    if json {
        output::json(made)
    } else {
        output::line(&made.doc)
    }
}

/// One postmortem on one page.
fn summary(
    api: &Api,
    postmortem: &Postmortem,
    derived: &api::types::Derived,
) -> Result<String, Failed> {
    let directory = api.directory();
    let name = |id: &Option<String>| {
        id.as_deref().map_or_else(
            || "nobody".into(),
            |id| handlers::name_of(&directory, postmortem, id),
        )
    };
    let mut lines = vec![
        if postmortem.title.is_empty() {
            "(no title)".into()
        } else {
            postmortem.title.clone()
        },
        format!(
            "{} · {} · {}",
            postmortem
                .severity
                .as_ref()
                .map_or_else(|| "no severity".into(), handlers::word),
            handlers::word(&postmortem.status),
            derived.starts.map_or_else(
                || "no times yet".into(),
                |at| handlers::instant(at, &postmortem.timezone, api.zone())
            ),
        ),
        format!("Id {}", postmortem.id),
        format!("Review owner: {}", name(&postmortem.review_owner)),
        String::new(),
    ];
    for figure in &derived.durations {
        let about = if figure.about { "about " } else { "" };
        let shown = figure.seconds.map_or_else(
            || "unknown".into(),
            |seconds| format!("{about}{}", minutes(seconds)),
        );
        lines.push(format!("{:<24} {shown}", figure.name));
    }
    let missing: Vec<&str> = derived
        .checks
        .iter()
        .filter(|check| !check.ok && !check.note)
        .map(|check| check.text.as_str())
        .collect();
    lines.push(String::new());
    lines.push(if missing.is_empty() {
        "Nothing is missing.".into()
    } else {
        "Still missing:".into()
    });
    lines.extend(missing.iter().map(|text| format!("  {text}")));
    if !postmortem.findings.is_empty() {
        lines.push(String::new());
        lines.push("Findings".into());
        lines.extend(postmortem.findings.iter().map(|finding| {
            let number = finding
                .number
                .map(|number| format!("F{number}"))
                .unwrap_or_default();
            format!(
                "  {number:<4} {} ({})",
                finding.text,
                handlers::word(&finding.kind)
            )
        }));
    }
    if !postmortem.actions.is_empty() {
        lines.push(String::new());
        lines.push("Action items".into());
        lines.extend(postmortem.actions.iter().map(|action| {
            let number = action
                .number
                .map(|number| format!("A{number}"))
                .unwrap_or_default();
            let due = action
                .due
                .map(|due| format!(", due {due}"))
                .unwrap_or_default();
            format!(
                "  {number:<4} {} ({}, {}{due})",
                action.text,
                handlers::word(&action.status),
                name(&action.owner)
            )
        }));
    }
    Ok(lines
        .iter()
        .map(|line| format!("{}\n", output::plain(line).trim_end()))
        .collect())
}

/// 4320 seconds as "1 h 12 min".
fn minutes(seconds: i64) -> String {
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    match (
        seconds / 86_400,
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    ) {
        (0, 0, 0, seconds) => format!("{sign}{seconds} s"),
        (0, 0, minutes, _) => format!("{sign}{minutes} min"),
        (0, hours, minutes, _) => format!("{sign}{hours} h {minutes} min"),
        (days, hours, ..) => format!("{sign}{days} d {hours} h"),
    }
}

fn everything(api: &Api, filter: &PostmortemFilter) -> Result<PostmortemPage, Failed> {
    let mut page = handlers::postmortem_list(
        api,
        PostmortemFilter {
            limit: PAGE,
            ..filter.clone()
        },
    )?;
    loop {
        let offset = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        if offset >= page.total {
            return Ok(page);
        }
        let next = handlers::postmortem_list(
            api,
            PostmortemFilter {
                limit: PAGE,
                offset,
                ..filter.clone()
            },
        )?;
        if next.rows.is_empty() {
            return Ok(page);
        }
        page.rows.extend(next.rows);
    }
}
