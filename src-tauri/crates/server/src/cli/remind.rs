//! `debrief remind`.

use api::error::ErrorCode;
use api::reminders::{Outgoing, ReminderWay};
use api::{Api, Shell, handlers, places};
use serde_json::json;

use super::args::{Place, Remind};
use super::open::{self, For};
use super::output::{self, Failed};
use crate::remind::{self, Addresses, Settings};

/// Says what would go out, or sends it.
pub fn run(place: &Place, json: bool, asked: &Remind) -> Result<(), Failed> {
    if asked.dry_run {
        return say(place, json, asked);
    }
    let Some(file) = &asked.reminders else {
        return Err(Failed::Wrong(
            "say where reminders go out: --reminders FILE, or --dry-run to only see them (docs/reminders.md)".into(),
        ));
    };
    let settings = Settings::read(file).map_err(Failed::Did)?;
    let data_dir = places::data_dir().map_err(Failed::Did)?;
    let addresses = Addresses::new(&settings.address, &data_dir).map_err(Failed::Did)?;
    let api = open::workspace(place, For::Changing, Shell::CommandLine)?;
    let now = asked.at.unwrap_or_else(|| api.now());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failed::Did(format!("Reminders cannot be sent: {error}.")))?;
    let done = runtime.block_on(remind::round(&api, &settings, &addresses, now));
    api.close();
    let done = done?;
    if json {
        output::json(&json!({ "at": now, "sent": done.sent, "told": done.told }))?;
    } else {
        output::line(&match done.sent {
            1 => "Sent 1 reminder.".to_owned(),
            sent => format!("Sent {sent} reminders."),
        })?;
    }
    for sentence in &done.told {
        output::complain(sentence);
    }
    match done.told.is_empty() {
        true => Ok(()),
        false => Err(Failed::Said),
    }
}

fn say(place: &Place, json: bool, asked: &Remind) -> Result<(), Failed> {
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let now = asked.at.unwrap_or_else(|| api.now());
    let planned = match api.reminders_now(ReminderWay::Mail, now) {
        Ok(planned) => planned,
        Err(error) if error.code == ErrorCode::Refused => return Err(Failed::Did(error.message)),
        Err(error) => return Err(error.into()),
    };
    let unreached = unreached(&api, now)?;
    if json {
        let messages: Vec<_> = planned
            .iter()
            .filter_map(handlers::reminders::foreseen)
            .collect();
        return output::json(&json!({ "at": now, "messages": messages, "unreached": unreached }));
    }
    if planned.is_empty() {
        output::line("Nothing would go out.")?;
    }
    for message in &planned {
        show(message)?;
    }
    for line in unreached {
        output::complain(&line);
    }
    Ok(())
}

fn show(message: &Outgoing) -> Result<(), Failed> {
    let Some(told) = handlers::reminders::foreseen(message) else {
        return Ok(());
    };
    output::line(&output::plain(&format!(
        "{} <{}>: {}",
        told.name, told.email, told.subject
    )))?;
    for part in told.parts {
        output::line(&output::plain(&format!("  {part}")))?;
    }
    Ok(())
}

/// One sentence for each person whom no mail reaches.
fn unreached(api: &Api, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<String>, Failed> {
    let directory = api.directory();
    let found = api.reminders_unreached(ReminderWay::Mail, now)?;
    Ok(found
        .into_iter()
        .map(|(id, items)| {
            let items = match items {
                1 => "1 action item".to_owned(),
                items => format!("{items} action items"),
            };
            match directory.people.iter().find(|person| person.id == id) {
                Some(person) if person.left => {
                    format!(
                        "{} left and still owns {items} that nobody is reminded of",
                        person.name
                    )
                }
                Some(person) => format!("{} has no e-mail address and owns {items}", person.name),
                None => format!("somebody who is not in the directory owns {items}"),
            }
        })
        .collect())
}
