//! Action items: how many came and went, how old the open ones are, which were declined, which were looked at again.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Weekday};

use super::figures::{Context, Counted, newest_first};
use super::wording::{cap, count, left_out, long, missing, of_all};
use super::{
    ActionFigures, ActionRow, ActionStep, AgeBucket, DeclinedItem, DeclinedItems, FigureNote,
    LeftOut, LeftOutReason, OpenAges, StepLength, SummaryAction, SummaryScope, VerifiedShare,
};
use crate::edit::is_settled;
use crate::postmortem::ActionStatus;

/// Days that are drawn one by one; longer lines go by weeks.
const DAILY: i64 = 92;

/// An action item that counts.
pub(super) struct Item<'g> {
    /// Its incident's place among those that count.
    pub incident: usize,
    pub row: &'g ActionRow,
    opened: Option<NaiveDate>,
    pub settled: Option<NaiveDate>,
    overdue: bool,
}

impl<'g> Item<'g> {
    pub(super) fn new(incident: usize, row: &'g ActionRow, context: &Context) -> Self {
        let is_open = !is_settled(row.status);
        Self {
            incident,
            row,
            opened: row.opened_at.map(|at| context.day(at)),
            settled: row
                .settled_at
                .filter(|_| !is_open)
                .map(|at| context.day(at)),
            overdue: is_open && row.due.is_some_and(|due| due < context.today),
        }
    }

    fn is_open(&self) -> bool {
        !is_settled(self.row.status)
    }

    /// Days since it was opened. Negative when that lies in the future.
    fn age(&self, context: &Context) -> Option<i64> {
        Some((context.today - self.opened?).num_days())
    }

    pub(super) fn shown(&self, incidents: &[Counted<'_>], context: &Context) -> SummaryAction {
        let (doc, title) = belongs(incidents, self.incident);
        SummaryAction {
            doc,
            title,
            id: self.row.id.clone(),
            number: self.row.number,
            text: self.row.text.clone(),
            status: self.row.status,
            due: self.row.due,
            overdue: self.overdue,
            days_open: self
                .age(context)
                .filter(|days| self.is_open() && *days >= 0),
            done_on: self
                .settled
                .filter(|_| self.row.status == ActionStatus::Done),
        }
    }
}

/// A postmortem's id and title.
pub(super) fn belongs(incidents: &[Counted<'_>], place: usize) -> (String, String) {
    incidents
        .get(place)
        .map(|incident| (incident.row.doc.clone(), incident.title.clone()))
        .unwrap_or_default()
}

/// Counts, lines and the list.
pub(super) fn action_figures(
    scope: &SummaryScope,
    incidents: &[Counted<'_>],
    items: &[Item<'_>],
    context: &Context,
    hidden: &[LeftOut],
) -> ActionFigures {
    let mut figures = ActionFigures {
        opened: count(items.len()),
        ..ActionFigures::default()
    };
    for item in items {
        match item.row.status {
            ActionStatus::Done => figures.done += 1,
            ActionStatus::Declined => figures.declined += 1,
            ActionStatus::Open | ActionStatus::InProgress => figures.open += 1,
        }
        figures.overdue += u32::from(item.overdue);
    }
    let lines = lines(scope, items, context);
    let all = figures.opened;
    let mut not_in_it = Vec::new();
    if lines.unknown > 0 {
        let text = format!(
            "{} no known day of opening or settling: counted, but not in the lines.",
            of_all(lines.unknown, all)
        );
        not_in_it.push(left_out(LeftOutReason::Missing, lines.unknown, text));
    }
    if lines.contradictory > 0 {
        let text = format!(
            "{} days that contradict each other or lie in the future: counted, but not in the lines.",
            of_all(lines.contradictory, all)
        );
        let entry = left_out(LeftOutReason::Contradictory, lines.contradictory, text);
        not_in_it.push(entry);
    }
    not_in_it.extend_from_slice(hidden);
    let mut listed: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| item.row.status != ActionStatus::Declined)
        .collect();
    let total = listed.len();
    let (mut open, mut done): (Vec<_>, Vec<_>) = listed.drain(..).partition(|item| item.is_open());
    open.sort_by_key(|item| (item.opened.is_none(), item.row.opened_at));
    newest_first(&mut done, |item| item.row.settled_at);
    open.append(&mut done);
    cap(&mut open);
    not_in_it.extend(long(open.len(), total, "action items"));
    figures.items = open
        .into_iter()
        .map(|item| item.shown(incidents, context))
        .collect();
    figures.step = lines.step;
    figures.steps = lines.steps;
    figures.note = FigureNote {
        definition: "Action items of these incidents, whenever they were done. An item was opened on the day it was written \
                     down. Overdue: neither done nor declined, and its due day is past."
            .into(),
        left_out: not_in_it,
    };
    figures
}

struct Lines {
    step: StepLength,
    steps: Vec<ActionStep>,
    unknown: u32,
    contradictory: u32,
}

fn lines(scope: &SummaryScope, items: &[Item<'_>], context: &Context) -> Lines {
    let (first, last) = (scope.from, context.today.max(scope.from));
    let step = if (last - first).num_days() <= DAILY {
        StepLength::Day
    } else {
        StepLength::Week
    };
    let end_of_step = |day: NaiveDate| match step {
        _ if day <= first => first,
        StepLength::Day => day.min(last),
        StepLength::Week => {
            let sunday = day.week(Weekday::Mon).checked_last_day();
            sunday.unwrap_or(last).min(last)
        }
    };
    let nothing = ActionStep {
        day: first,
        opened: 0,
        done: 0,
        declined: 0,
    };
    let mut changes = BTreeMap::from([(first, nothing), (last, nothing)]);
    let (mut unknown, mut contradictory) = (0, 0);
    for item in items {
        let settled = match item.settled {
            _ if item.is_open() => None,
            Some(settled) => Some(settled),
            None => {
                unknown += 1;
                continue;
            }
        };
        let Some(opened) = item.opened else {
            unknown += 1;
            continue;
        };
        let latest = settled.unwrap_or(opened);
        if latest < opened || latest > context.today {
            contradictory += 1;
            continue;
        }
        changes.entry(end_of_step(opened)).or_insert(nothing).opened += 1;
        if let Some(settled) = settled {
            let step = changes.entry(end_of_step(settled)).or_insert(nothing);
            match item.row.status {
                ActionStatus::Declined => step.declined += 1,
                _ => step.done += 1,
            }
        }
    }
    let mut sum = nothing;
    let steps = changes
        .into_iter()
        .map(|(day, change)| {
            sum.day = day;
            sum.opened += change.opened;
            sum.done += change.done;
            sum.declined += change.declined;
            sum
        })
        .collect();
    Lines {
        step,
        steps,
        unknown,
        contradictory,
    }
}

/// Names and first days of the age groups.
const AGES: [(&str, u32); 4] = [
    ("Under a week", 0),
    ("1 to 4 weeks", 7),
    ("1 to 2 months", 28),
    ("Longer", 61),
];

/// How old the open ones are.
pub(super) fn open_ages(items: &[Item<'_>], context: &Context, hidden: &[LeftOut]) -> OpenAges {
    let ends = AGES.iter().skip(1).map(|(_, from)| Some(*from));
    let mut buckets: Vec<AgeBucket> = AGES
        .iter()
        .zip(ends.chain([None]))
        .map(|((name, from_days), to_days)| AgeBucket {
            name: (*name).into(),
            from_days: *from_days,
            to_days,
            open: 0,
            overdue: 0,
        })
        .collect();
    let (mut all, mut unknown, mut future) = (0, 0, 0);
    for item in items.iter().filter(|item| item.is_open()) {
        all += 1;
        let Some(days) = item.age(context) else {
            unknown += 1;
            continue;
        };
        let Ok(days) = u32::try_from(days) else {
            future += 1;
            continue;
        };
        let bucket = buckets.iter_mut().rfind(|bucket| bucket.from_days <= days);
        if let Some(bucket) = bucket {
            bucket.open += 1;
            bucket.overdue += u32::from(item.overdue);
        }
    }
    let text = format!("{} no known day of opening.", of_all(unknown, all));
    let mut not_in_it = missing(unknown, text);
    if future > 0 {
        let text = format!(
            "{} a day of opening that lies in the future.",
            of_all(future, all)
        );
        not_in_it.push(left_out(LeftOutReason::Contradictory, future, text));
    }
    not_in_it.extend_from_slice(hidden);
    OpenAges {
        buckets,
        note: FigureNote {
            definition: "Days since an action item was written down, of those that are neither done nor declined. Four weeks \
                         are 28 days, two months 61. Overdue: the due day is past."
                .into(),
            left_out: not_in_it,
        },
    }
}

/// Accepted risks.
pub(super) fn declined(
    incidents: &[Counted<'_>],
    items: &[Item<'_>],
    context: &Context,
    hidden: &[LeftOut],
) -> DeclinedItems {
    let mut rows: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| item.row.status == ActionStatus::Declined)
        .collect();
    newest_first(&mut rows, |item| item.row.settled_at);
    let total = rows.len();
    let silent = rows
        .iter()
        .filter(|item| item.row.reason.trim().is_empty())
        .count();
    let text = format!("{} no reason.", of_all(count(silent), count(total)));
    let mut not_in_it = missing(count(silent), text);
    cap(&mut rows);
    not_in_it.extend(long(rows.len(), total, "declined action items"));
    not_in_it.extend_from_slice(hidden);
    let items = rows
        .into_iter()
        .map(|item| {
            let (doc, title) = belongs(incidents, item.incident);
            DeclinedItem {
                doc,
                title,
                id: item.row.id.clone(),
                number: item.row.number,
                text: item.row.text.clone(),
                reason: item.row.reason.clone(),
                declined_on: item.row.settled_at.map(|at| context.day(at)),
            }
        })
        .collect();
    DeclinedItems {
        items,
        total: count(total),
        note: FigureNote {
            definition: "Action items that were declined: the risk that they would have lessened was accepted, for the reason \
                         beside each."
                .into(),
            left_out: not_in_it,
        },
    }
}

/// Done ones that somebody looked at again.
pub(super) fn verified(items: &[Item<'_>], hidden: &[LeftOut]) -> VerifiedShare {
    let done = items
        .iter()
        .filter(|item| item.row.status == ActionStatus::Done);
    VerifiedShare {
        verified: count(done.clone().filter(|item| item.row.verified).count()),
        done: count(done.count()),
        note: FigureNote {
            definition: "Done action items after which somebody looked whether they changed what their finding said.".into(),
            left_out: hidden.to_vec(),
        },
    }
}
