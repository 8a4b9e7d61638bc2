//! What was learned: findings by theme, and findings that came back.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::action_figures::{Item, belongs};
use super::figures::{Context, Counted};
use super::wording::{cap, count, long, missing, of_all};
use super::{
    EXAMPLES, FigureNote, FindingRow, LeftOut, Recurrence, Recurrences, RecurringAction,
    RecurringFinding, Theme, ThemeExample, Themes,
};
use crate::postmortem::{ActionStatus, FindingKind};

/// A finding that counts.
pub(super) struct Learned<'g> {
    /// Its incident's place among those that count, newest first.
    pub incident: usize,
    pub finding: &'g FindingRow,
}

impl Learned<'_> {
    /// Themes are the same when they differ in nothing but case and the spaces around them.
    fn theme(&self) -> Option<String> {
        let theme = self.finding.theme.trim();
        (!theme.is_empty()).then(|| theme.to_lowercase())
    }
}

#[derive(Default)]
struct Group<'g> {
    /// Newest incident first.
    findings: Vec<&'g Learned<'g>>,
    incidents: BTreeSet<usize>,
}

/// Findings by theme.
pub(super) fn themes(
    incidents: &[Counted<'_>],
    findings: &[Learned<'_>],
    hidden: &[LeftOut],
) -> Themes {
    let mut groups: HashMap<String, Group<'_>> = HashMap::new();
    let mut unnamed = 0;
    let mut newest_first: Vec<&Learned<'_>> = findings.iter().collect();
    newest_first.sort_by_key(|found| found.incident);
    for found in newest_first {
        let Some(theme) = found.theme() else {
            unnamed += 1;
            continue;
        };
        let group = groups.entry(theme).or_default();
        group.findings.push(found);
        group.incidents.insert(found.incident);
    }
    let total = groups.len();
    let mut groups: Vec<(String, Group<'_>)> = groups.into_iter().collect();
    groups.sort_by(|(a_theme, a), (b_theme, b)| {
        let size = |group: &Group<'_>| Reverse((group.incidents.len(), group.findings.len()));
        size(a).cmp(&size(b)).then_with(|| a_theme.cmp(b_theme))
    });
    cap(&mut groups);
    let all = count(findings.len());
    let mut left_out = missing(unnamed, format!("{} no theme.", of_all(unnamed, all)));
    left_out.extend(long(groups.len(), total, "themes"));
    left_out.extend_from_slice(hidden);
    Themes {
        themes: groups
            .into_iter()
            .map(|(_, group)| theme(incidents, &group))
            .collect(),
        total: count(total),
        note: FigureNote {
            definition: "Findings by their theme. The number says how many incidents have a finding of it, whatever it did to \
                         the outcome."
                .into(),
            left_out,
        },
    }
}

fn theme(incidents: &[Counted<'_>], group: &Group<'_>) -> Theme {
    let of_kind = |kind: FindingKind| {
        let findings = group.findings.iter();
        count(findings.filter(|found| found.finding.kind == kind).count())
    };
    let mut examples: Vec<ThemeExample> = Vec::new();
    let mut last = None;
    for found in &group.findings {
        if examples.len() == EXAMPLES {
            break;
        }
        if last.replace(found.incident) == Some(found.incident) {
            continue;
        }
        let (doc, title) = belongs(incidents, found.incident);
        examples.push(ThemeExample {
            doc,
            title,
            number: found.finding.number,
            text: found.finding.text.clone(),
            kind: found.finding.kind,
        });
    }
    let first_written = group.findings.last();
    Theme {
        theme: first_written.map_or_else(String::new, |found| found.finding.theme.trim().into()),
        incidents: count(group.incidents.len()),
        findings: count(group.findings.len()),
        hindered: of_kind(FindingKind::Hindered),
        helped: of_kind(FindingKind::Helped),
        examples,
    }
}

/// Something that was done about a finding.
struct Answer<'g> {
    done_at: DateTime<Utc>,
    found: &'g Learned<'g>,
    item: &'g Item<'g>,
}

/// Findings that came back. For each finding the newest answer is told that had been given before its incident began.
pub(super) fn recurring(
    incidents: &[Counted<'_>],
    findings: &[Learned<'_>],
    items: &[Item<'_>],
    context: &Context,
) -> Recurrences {
    let done: HashMap<(usize, &str), &Item<'_>> = items
        .iter()
        .filter(|item| item.row.status == ActionStatus::Done && item.row.settled_at.is_some())
        .map(|item| ((item.incident, item.row.id.as_str()), item))
        .collect();
    let could_return = |found: &&Learned<'_>| {
        // What helped or was luck is welcome to happen again.
        !matches!(found.finding.kind, FindingKind::Helped | FindingKind::Luck)
    };
    let mut answers: HashMap<(String, &str), Vec<Answer<'_>>> = HashMap::new();
    for found in findings.iter().filter(could_return) {
        let (Some(theme), Some(incident)) = (found.theme(), incidents.get(found.incident)) else {
            continue;
        };
        for id in &found.finding.actions {
            let Some(item) = done.get(&(found.incident, id.as_str())) else {
                continue;
            };
            let Some(done_at) = item.row.settled_at else {
                continue;
            };
            for service in &incident.row.services {
                let answers = answers.entry((theme.clone(), service)).or_default();
                answers.push(Answer {
                    done_at,
                    found,
                    item,
                });
            }
        }
    }
    for answers in answers.values_mut() {
        answers.sort_by_key(|answer| answer.done_at);
    }
    let mut returned: Vec<(&Learned<'_>, &Answer<'_>, &str)> = Vec::new();
    for later in findings.iter().filter(could_return) {
        let (Some(theme), Some(incident)) = (later.theme(), incidents.get(later.incident)) else {
            continue;
        };
        let mut newest: Option<(&Answer<'_>, &str)> = None;
        for service in &incident.row.services {
            let Some(answers) = answers.get(&(theme.clone(), service.as_str())) else {
                continue;
            };
            let before = answers.partition_point(|answer| answer.done_at < incident.starts);
            let earlier = answers.iter().take(before).rev().find(|answer| {
                let earlier = incidents.get(answer.found.incident);
                earlier.is_some_and(|earlier| earlier.starts < incident.starts)
                    && answer.found.incident != later.incident
            });
            if let Some(answer) = earlier
                && newest.is_none_or(|(known, _)| known.done_at < answer.done_at)
            {
                newest = Some((answer, service));
            }
        }
        if let Some((answer, service)) = newest {
            returned.push((later, answer, service));
        }
    }
    returned.sort_by_key(|(later, _, _)| later.incident);
    let total = returned.len();
    cap(&mut returned);
    let left_out = long(returned.len(), total, "findings that came back");
    let items = returned
        .into_iter()
        .filter_map(|(later, answer, service)| {
            Some(Recurrence {
                theme: later.finding.theme.trim().into(),
                service: context.service(&service.to_owned()),
                earlier: side(incidents, answer.found)?,
                action: RecurringAction {
                    number: answer.item.row.number,
                    text: answer.item.row.text.clone(),
                    done_on: context.day(answer.done_at),
                    verified: answer.item.row.verified,
                },
                later: side(incidents, later)?,
            })
        })
        .collect();
    Recurrences {
        items,
        total: count(total),
        note: FigureNote {
            definition: "A finding that hindered, surprised or is a risk came back when a later incident of this summary that \
                         affects a same service has one of the same theme, and began after an action item of the earlier one \
                         was done. That the themes are the same does not show that the causes are."
                .into(),
            left_out: left_out.into_iter().collect(),
        },
    }
}

fn side(incidents: &[Counted<'_>], found: &Learned<'_>) -> Option<RecurringFinding> {
    let incident = incidents.get(found.incident)?;
    Some(RecurringFinding {
        doc: incident.row.doc.clone(),
        title: incident.title.clone(),
        date: incident.date,
        number: found.finding.number,
        text: found.finding.text.clone(),
    })
}
