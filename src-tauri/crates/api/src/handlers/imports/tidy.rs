//! Values of an import that the app itself would refuse: left out or made anew, each with a note.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use model::postmortem::{ActionItem, Moment, Postmortem};

use crate::describe::shortened;
use crate::handlers::actions::is_due_day;

/// Leaves out of a postmortem what the app would not take. `zone` is the computer's.
pub fn tidy(postmortem: &mut Postmortem, zone: Tz, notes: &mut Vec<String>) {
    if !postmortem.timezone.is_empty() && !is_zone(&postmortem.timezone) {
        notes.push(format!(
            "“{}” is not a time zone; times are shown in {zone}.",
            shortened(&postmortem.timezone, 60)
        ));
        postmortem.timezone = zone.name().to_owned();
    }
    let zone = match postmortem.timezone.as_str() {
        "" => zone.name().to_owned(),
        own => own.to_owned(),
    };
    for (at, event) in postmortem.timeline.iter_mut().enumerate() {
        moment(
            &mut event.at,
            &zone,
            &format!("timeline event {}", at + 1),
            notes,
        );
    }
    for (at, fact) in postmortem.impact.iter_mut().enumerate() {
        moment(
            &mut fact.at,
            &zone,
            &format!("impact fact {}", at + 1),
            notes,
        );
    }
    for (key, anchor) in &mut postmortem.anchors {
        instant(&mut anchor.at, &format!("“{}”", key.title()), notes);
    }
    for (at, action) in postmortem.actions.iter_mut().enumerate() {
        let named = format!("action item {}", at + 1);
        if let Some(due) = action.due.filter(|due| !is_due_day(*due)) {
            notes.push(format!(
                "The due day of {named} is {due}, which is not between 1970 and 9999; it was left out."
            ));
            action.due = None;
        }
        if let Some(day) = action.check_on.filter(|day| !is_due_day(*day)) {
            notes.push(format!(
                "The day on which to look again at {named} is {day}, which is not between 1970 and 9999; it was left out."
            ));
            action.check_on = None;
        }
        record(action, &named, notes);
        instant(&mut action.settled_at, &named, notes);
        if action
            .verified
            .as_ref()
            .is_some_and(|verified| !is_year(verified.at))
        {
            notes.push(format!(
                "The check of {named} has an impossible time and was left out."
            ));
            action.verified = None;
        }
    }
    let numbers = postmortem
        .findings
        .iter_mut()
        .map(|row| (&row.id, &mut row.number));
    renumber(numbers, "F", notes);
    let numbers = postmortem
        .actions
        .iter_mut()
        .map(|row| (&row.id, &mut row.number));
    renumber(numbers, "A", notes);
}

/// Leaves out what an item's record cannot have held, and puts it in order.
fn record(action: &mut ActionItem, named: &str, notes: &mut Vec<String>) {
    let before = action.moves.len() + action.reopened.len();
    action.moves.retain(|entry| {
        let days = [entry.from, entry.to];
        is_year(entry.at) && days.iter().flatten().all(|day| is_due_day(*day))
    });
    action.reopened.retain(|entry| is_year(entry.at));
    if action.moves.len() + action.reopened.len() < before {
        notes.push(format!(
            "An entry in the record of {named} has an impossible time and was left out."
        ));
    }
    action.moves.sort_by(|one, other| one.id.cmp(&other.id));
    action.moves.dedup_by(|one, other| one.id == other.id);
    action.reopened.sort_by(|one, other| one.id.cmp(&other.id));
    action.reopened.dedup_by(|one, other| one.id == other.id);
}

fn is_zone(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// Whether an instant can be written down with a year of four digits.
fn is_year(at: DateTime<Utc>) -> bool {
    (0..=9999).contains(&at.year())
}

fn moment(moment: &mut Option<Moment>, zone: &str, named: &str, notes: &mut Vec<String>) {
    let Some(inner) = moment else { return };
    if !is_year(inner.at) {
        notes.push(format!(
            "The time of {named} is not in the years 0 to 9999; it was left out."
        ));
        *moment = None;
    } else if !inner.zone.is_empty() && !is_zone(&inner.zone) {
        notes.push(format!(
            "“{}”, the zone of {named}, is not a time zone; {zone} stands in for it.",
            shortened(&inner.zone, 60)
        ));
        zone.clone_into(&mut inner.zone);
    }
}

fn instant(at: &mut Option<DateTime<Utc>>, named: &str, notes: &mut Vec<String>) {
    if at.is_some_and(|at| !is_year(at)) {
        notes.push(format!(
            "A time of {named} is not in the years 0 to 9999; it was left out."
        ));
        *at = None;
    }
}

/// Takes a number away from every row but the one that was made first; the workspace gives new ones.
fn renumber<'a>(
    rows: impl Iterator<Item = (&'a String, &'a mut Option<u32>)>,
    prefix: &str,
    notes: &mut Vec<String>,
) {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|one, other| one.0.cmp(other.0));
    let mut taken = HashSet::new();
    for (_, number) in rows {
        if let Some(given) = *number
            && !taken.insert(given)
        {
            notes.push(format!(
                "{prefix}{given} stood there twice; one of the two got a new number."
            ));
            *number = None;
        }
    }
}
