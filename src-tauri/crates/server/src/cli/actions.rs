//! Action items from the command line.

use std::collections::HashMap;

use api::types::{ActionFilter, ActionPage, ActionRow, ActionSet as Request, ActionStatus};
use api::{Shell, bounds, handlers};

use super::args::{ActionSet, Actions, Place};
use super::open::{self, For};
use super::output::{self, Failed};
use super::table;

/// Rows of one page of the list.
const PAGE: u32 = 1_000;

/// `debrief actions`.
pub fn list(place: &Place, json: bool, asked: &Actions) -> Result<(), Failed> {
    let format = match asked.format.as_deref() {
        None => None,
        Some(_) if json => {
            return Err(Failed::Wrong(
                "--json and --format say two things: choose one of them".into(),
            ));
        }
        Some(id) => {
            Some(handlers::action_format(id).map_err(|error| Failed::Wrong(error.message))?)
        }
    };
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let owner = asked
        .owner
        .as_deref()
        .map(|who| open::person(&api, who))
        .transpose()?
        .map(|person| person.id);
    let filter = ActionFilter {
        owner,
        overdue: asked.overdue,
        statuses: if asked.all {
            Vec::new()
        } else {
            vec![ActionStatus::Open, ActionStatus::InProgress]
        },
        ..ActionFilter::default()
    };
    let page = everything(&api, &filter)?;
    if let Some(format) = format {
        let rows = if format.tickets {
            handlers::for_tickets(&api, page.rows)?
        } else {
            page.rows
        };
        let people = &api.directory().people;
        return output::print(&(format.render)(&rows, people, api.now()));
    }
    if json {
        return output::json(&page);
    }
    if page.rows.is_empty() {
        return output::line("No action items.");
    }
    let known = everything(&api, &ActionFilter::default())?.rows;
    let short = table::short_ids(known.iter().map(|row| row.id.as_str()));
    let short_doc = table::short_ids(known.iter().map(|row| row.doc.as_str()));
    let mut times: HashMap<&str, usize> = HashMap::new();
    for row in &known {
        *times.entry(&row.id).or_default() += 1;
    }
    let name = |row: &ActionRow| match row.number {
        // A copy of a postmortem has the same rows: there, the postmortem is part of the name.
        Some(number) if times.get(row.id.as_str()).is_some_and(|times| *times > 1) => {
            format!("{}/A{number}", short_doc(&row.doc))
        }
        _ => short(&row.id),
    };
    let rows: Vec<[String; 7]> = page
        .rows
        .iter()
        .map(|row| {
            [
                name(row),
                row.due
                    .map(|due| due.to_string())
                    .unwrap_or_else(|| "-".into()),
                row.priority
                    .as_ref()
                    .map(handlers::word)
                    .unwrap_or_else(|| "-".into()),
                handlers::word(&row.status),
                if row.owner_name.is_empty() {
                    "-".into()
                } else {
                    row.owner_name.clone()
                },
                numbered(row),
                if row.trashed {
                    format!("{} (in the trash)", row.doc_title)
                } else {
                    row.doc_title.clone()
                },
            ]
        })
        .collect();
    output::print(&table::table(
        [
            "ID",
            "DUE",
            "PRIO",
            "STATUS",
            "OWNER",
            "ACTION ITEM",
            "POSTMORTEM",
        ],
        &rows,
    ))
}

/// `debrief action set`.
pub fn set(place: &Place, json: bool, asked: ActionSet) -> Result<(), Failed> {
    let ActionSet {
        id,
        status,
        evidence,
        reason,
        owner,
        due,
    } = asked;
    if status.is_none()
        && evidence.is_none()
        && reason.is_none()
        && owner.is_none()
        && due.is_none()
    {
        return Err(Failed::Wrong(
            "nothing to change: give --status, --owner, --due, --evidence or --reason (debrief --help tells more)".into(),
        ));
    }
    if let Some(due) = due.as_deref().filter(|due| *due != "none") {
        bounds::text("due", due, bounds::WORD).map_err(|error| Failed::Wrong(error.message))?;
    }
    let api = open::workspace(place, For::Changing, Shell::CommandLine)?;
    let (doc, id) = handlers::find_action(&api, &id)?;
    let owner = match owner.as_deref() {
        None => None,
        Some("none" | "") => Some(String::new()),
        Some(who) => Some(open::person(&api, who)?.id),
    };
    let due = due.map(|due| if due == "none" { String::new() } else { due });
    // One reason is given at a time: for declining, or for a day that moves.
    let move_reason = reason
        .clone()
        .filter(|_| due.is_some() && status != Some(ActionStatus::Declined));
    let done = status == Some(ActionStatus::Done);
    let request = Request {
        doc,
        id,
        status,
        owner,
        due,
        evidence,
        reason: reason.filter(|_| move_reason.is_none()),
        move_reason,
        ..Request::default()
    };
    let changed = handlers::action_set(&api, request);
    api.close();
    let changed = changed?;
    if done && changed.row.evidence.trim().is_empty() {
        output::complain("nothing shows yet that it is done: say what does with --evidence");
    }
    if json {
        return output::json(&changed);
    }
    let row = changed.row;
    let owner = if row.owner_name.is_empty() {
        "nobody".into()
    } else {
        row.owner_name.clone()
    };
    let due = row
        .due
        .map(|due| format!(", due {due}"))
        .unwrap_or_default();
    output::line(&output::plain(&format!(
        "{}: {}, {owner}{due}",
        numbered(&row),
        handlers::word(&row.status)
    )))
}

fn numbered(row: &ActionRow) -> String {
    match row.number {
        Some(number) => format!("A{number} {}", row.text),
        None => row.text.clone(),
    }
}

fn everything(api: &api::Api, filter: &ActionFilter) -> Result<ActionPage, Failed> {
    let mut page = handlers::action_list(
        api,
        ActionFilter {
            limit: PAGE,
            ..filter.clone()
        },
    )?;
    loop {
        let offset = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        if offset >= page.total {
            return Ok(page);
        }
        let next = handlers::action_list(
            api,
            ActionFilter {
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
