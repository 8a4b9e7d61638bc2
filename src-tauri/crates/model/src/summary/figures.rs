//! From gathered rows to a [`Summary`]: which incidents count, and the figures that are made of incidents alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months as CalendarMonths, NaiveDate, Utc};
use chrono_tz::Tz;

use super::action_figures::{Item, action_figures, declined, open_ages, verified};
use super::duration_figures::{duration_strips, first_word};
use super::learnings::{Learned, recurring, themes};
use super::wording::{
    self, customer_sentences, headline_sentences, headline_title, hidden, left_out, missing, of_all,
};
use super::{
    ENOUGH, FigureNote, FirstNoticed, Focus, FocusFinding, Gathered, Headline, IncidentRow,
    LeftOut, LeftOutReason, Month, MonthIncident, Months, SeverityCounts, Summary, SummaryRow,
    SummaryScope,
};
use crate::customer_post::said;
use crate::postmortem::{ActionStatus, ServiceId, Severity, Status, Visibility};
use crate::visibility::{Audience, may_see};

/// Months of a period that are all shown, with incidents or without.
const ALL_MONTHS: i32 = 600;

/// What a summary needs to know besides the rows.
#[derive(Clone, Debug)]
pub struct Context {
    /// Today in `zone`.
    pub today: NaiveDate,
    /// The workspace's zone.
    pub zone: Tz,
    /// Names of services.
    pub service_names: BTreeMap<ServiceId, String>,
}

impl Context {
    /// The day of an instant in the workspace's zone.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The name of a service; its id where the directory has none.
    pub(super) fn service(&self, id: &ServiceId) -> String {
        let name = self.service_names.get(id).filter(|name| !name.is_empty());
        name.unwrap_or(id).clone()
    }
}

/// An incident that counts.
pub(super) struct Counted<'g> {
    pub row: &'g IncidentRow,
    pub starts: DateTime<Utc>,
    pub date: NaiveDate,
    pub title: String,
}

/// The summary of what was gathered for a scope. Times in the future and the like are told as contradictions, not mended.
pub fn summarize(scope: &SummaryScope, gathered: &Gathered, context: &Context) -> Summary {
    let (incidents, places, unplaced) = counted(scope, gathered, context);
    let place = |incident: usize| places.get(incident).copied().flatten();
    let audience = scope.audience;

    let mut hidden_findings = 0;
    let mut findings = Vec::new();
    for finding in &gathered.findings {
        match place(finding.incident) {
            Some(incident) if may_see(audience, finding.visibility) => {
                findings.push(Learned { incident, finding });
            }
            Some(_) => hidden_findings += 1,
            None => {}
        }
    }
    let mut hidden_actions = 0;
    let mut items = Vec::new();
    for action in &gathered.actions {
        match place(action.incident) {
            Some(incident) if may_see(audience, action.visibility) => {
                items.push(Item::new(incident, action, context));
            }
            Some(_) => hidden_actions += 1,
            None => {}
        }
    }
    let hidden_findings = hidden(audience, hidden_findings, "finding", "findings");
    let hidden_actions = hidden(audience, hidden_actions, "action item", "action items");

    let durations = duration_strips(&incidents);
    let first_word = first_word(&incidents);
    let rows = rows(&incidents, &findings, &items, audience, context);
    let actions = action_figures(scope, &incidents, &items, context, &hidden_actions);
    let mut headline = headline(&incidents, &rows);
    headline.median_total = durations
        .last()
        .and_then(|strip| strip.middle)
        .map(|middle| middle.median);
    headline.title = headline_title(headline.incidents, actions.done);
    headline.sentences = match audience {
        Audience::Customers => customer_sentences(&headline, durations.last(), &actions),
        Audience::Company | Audience::Executives => {
            headline_sentences(&headline, durations.last(), &actions)
        }
    };
    let undated = unplaced
        .iter()
        .filter(|left_out| left_out.reason == LeftOutReason::Missing)
        .cloned()
        .collect();
    Summary {
        words: wording::scope(scope, context),
        made_on: context.today,
        timezone: context.zone.name().into(),
        months: months(scope, &incidents, context, undated),
        first_noticed: first_noticed(&incidents, &rows),
        open_ages: open_ages(&items, context, &hidden_actions),
        declined: declined(&incidents, &items, context, &hidden_actions),
        verified: verified(&items, &hidden_actions),
        themes: themes(&incidents, &findings, &hidden_findings),
        recurring: recurring(&incidents, &findings, &items, context),
        focus: focus(
            scope, gathered, &incidents, &rows, &findings, &items, context,
        ),
        headline,
        durations,
        first_word,
        actions,
        postmortems: rows,
        left_out: unplaced,
        scope: scope.clone(),
    }
}

/// The incidents that count, newest first; the place of each gathered one among them; and what is left out.
fn counted<'g>(
    scope: &SummaryScope,
    gathered: &'g Gathered,
    context: &Context,
) -> (Vec<Counted<'g>>, Vec<Option<usize>>, Vec<LeftOut>) {
    let (mut undated, mut not_theirs) = (0, 0);
    let mut found = Vec::new();
    for (at, row) in gathered.incidents.iter().enumerate() {
        if scope.audience == Audience::Customers && !row.for_customers {
            not_theirs += 1;
            continue;
        }
        let Some(starts) = row.starts else {
            undated += 1;
            continue;
        };
        let date = context.day(starts);
        if date < scope.from || date > scope.to {
            continue;
        }
        let title = match row.title.trim() {
            "" => "Untitled".into(),
            title => title.into(),
        };
        found.push((
            at,
            Counted {
                row,
                starts,
                date,
                title,
            },
        ));
    }
    found.sort_by(|(_, a), (_, b)| (b.starts, &b.row.doc).cmp(&(a.starts, &a.row.doc)));
    let mut places = vec![None; gathered.incidents.len()];
    for (place, (at, _)) in found.iter().enumerate() {
        if let Some(slot) = places.get_mut(*at) {
            *slot = Some(place);
        }
    }
    let mut unplaced = Vec::new();
    if undated > 0 {
        let text = match undated {
            1 => "1 postmortem has no date and is in no period.".into(),
            _ => format!("{undated} postmortems have no date and are in no period."),
        };
        unplaced.push(left_out(LeftOutReason::Missing, undated, text));
    }
    if not_theirs > 0 {
        let text = "Only incidents of which something is marked for customers are counted.";
        unplaced.push(left_out(LeftOutReason::Hidden, 0, text.into()));
    }
    let incidents = found.into_iter().map(|(_, incident)| incident).collect();
    (incidents, places, unplaced)
}

fn headline(incidents: &[Counted<'_>], rows: &[SummaryRow]) -> Headline {
    let drafts = incidents
        .iter()
        .filter(|incident| incident.row.status == Status::Draft);
    let phases = rows
        .iter()
        .filter_map(|row| Some((row.detection?, row.response?, row.remediation?)));
    let mut headline = Headline {
        incidents: wording::count(incidents.len()),
        drafts: wording::count(drafts.count()),
        ..Headline::default()
    };
    for (detection, response, remediation) in phases {
        headline.all_phases_known += 1;
        headline.detection_longest += u32::from(detection > response && detection > remediation);
    }
    headline
}

fn months(
    scope: &SummaryScope,
    incidents: &[Counted<'_>],
    context: &Context,
    undated: Vec<LeftOut>,
) -> Months {
    let mut by_month: BTreeMap<NaiveDate, Vec<&Counted<'_>>> = BTreeMap::new();
    let number = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    if scope.from <= scope.to && number(scope.to) - number(scope.from) < ALL_MONTHS {
        let mut month = first_of_month(scope.from);
        while month <= scope.to {
            by_month.insert(month, Vec::new());
            match month.checked_add_months(CalendarMonths::new(1)) {
                Some(next) => month = next,
                None => break,
            }
        }
    }
    for incident in incidents {
        let month = by_month.entry(first_of_month(incident.date)).or_default();
        month.push(incident);
    }
    let months = by_month
        .into_iter()
        .map(|(first, mut incidents)| {
            // They come newest first; no severity stands last.
            incidents.sort_by_key(|incident| {
                let severity = incident.row.severity;
                (severity.is_none(), severity, incident.starts)
            });
            let mut counts = SeverityCounts::default();
            for incident in &incidents {
                *counts.of(incident.row.severity) += 1;
            }
            let incidents = incidents
                .into_iter()
                .map(|incident| MonthIncident {
                    doc: incident.row.doc.clone(),
                    label: incident.title.clone(),
                    severity: incident.row.severity,
                })
                .collect();
            Month {
                first,
                counts,
                incidents,
            }
        })
        .collect();
    let definition = format!(
        "Incidents by the month in which they began ({}). An incident begins when its impact starts (T0); where that is not \
         known, at the earliest time that is.",
        context.zone.name()
    );
    Months {
        months,
        note: FigureNote {
            definition,
            left_out: undated,
        },
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl SeverityCounts {
    /// The number of a severity.
    fn of(&mut self, severity: Option<Severity>) -> &mut u32 {
        match severity {
            Some(Severity::Sev1) => &mut self.sev1,
            Some(Severity::Sev2) => &mut self.sev2,
            Some(Severity::Sev3) => &mut self.sev3,
            Some(Severity::Sev4) => &mut self.sev4,
            Some(Severity::Sev5) => &mut self.sev5,
            None => &mut self.unknown,
        }
    }

    /// All of them together.
    pub fn all(&self) -> u32 {
        self.sev1 + self.sev2 + self.sev3 + self.sev4 + self.sev5 + self.unknown
    }
}

fn first_noticed(incidents: &[Counted<'_>], rows: &[SummaryRow]) -> FirstNoticed {
    let answers = rows.iter().filter_map(|row| row.customers_first);
    let (mut by_customers, mut known) = (0, 0);
    for customers in answers {
        known += 1;
        by_customers += u32::from(customers);
    }
    let all = wording::count(incidents.len());
    let unknown = all - known;
    let text = format!(
        "{} no signal that says, to this audience, who noticed first.",
        of_all(unknown, all)
    );
    FirstNoticed {
        by_customers,
        known,
        unknown,
        note: FigureNote {
            definition: "Incidents whose earliest signal in the timeline came from customers, among those of which it is \
                         known where it came from."
                .into(),
            left_out: missing(unknown, text),
        },
    }
}

fn rows(
    incidents: &[Counted<'_>],
    findings: &[Learned<'_>],
    items: &[Item<'_>],
    audience: Audience,
    context: &Context,
) -> Vec<SummaryRow> {
    let mut rows: Vec<SummaryRow> = incidents
        .iter()
        .map(|incident| row(incident, audience, context))
        .collect();
    for finding in findings {
        if let Some(row) = rows.get_mut(finding.incident) {
            row.findings += 1;
        }
    }
    for item in items {
        if let Some(row) = rows.get_mut(item.incident) {
            row.actions += 1;
            match item.row.status {
                ActionStatus::Open | ActionStatus::InProgress => row.open += 1,
                ActionStatus::Done => row.done += 1,
                ActionStatus::Declined => row.declined += 1,
            }
        }
    }
    rows
}

fn row(incident: &Counted<'_>, audience: Audience, context: &Context) -> SummaryRow {
    let row = incident.row;
    let [detection, response, remediation, total] = row.facts.spans();
    let noticed = row
        .facts
        .noticed
        .filter(|noticed| may_see(audience, noticed.visibility));
    SummaryRow {
        doc: row.doc.clone(),
        title: incident.title.clone(),
        severity: row.severity,
        status: row.status,
        services: row.services.iter().map(|id| context.service(id)).collect(),
        date: incident.date,
        about: [&detection, &response, &remediation, &total]
            .iter()
            .any(|span| span.seconds.is_some() && span.about),
        detection: detection.seconds,
        response: response.seconds,
        remediation: remediation.seconds,
        total: total.seconds,
        first_word: row.facts.first_word_span().seconds,
        customers_first: noticed.map(|noticed| noticed.by_customers),
        findings: 0,
        actions: 0,
        open: 0,
        done: 0,
        declined: 0,
    }
}

fn focus(
    scope: &SummaryScope,
    gathered: &Gathered,
    incidents: &[Counted<'_>],
    rows: &[SummaryRow],
    findings: &[Learned<'_>],
    items: &[Item<'_>],
    context: &Context,
) -> Option<Focus> {
    let doc = scope.focus.as_ref()?;
    let place = rows.iter().position(|row| row.doc == *doc)?;
    let texts = gathered.focus.clone().unwrap_or_default();
    let see = |visibility| may_see(scope.audience, visibility);
    let mut findings: Vec<_> = findings
        .iter()
        .filter(|found| found.incident == place)
        .collect();
    findings.sort_by_key(|found| (found.finding.number.is_none(), found.finding.number));
    let mut items: Vec<_> = items.iter().filter(|item| item.incident == place).collect();
    items.sort_by_key(|item| (item.row.number.is_none(), item.row.number));
    Some(Focus {
        row: rows.get(place)?.clone(),
        text: if see(Visibility::Company) {
            texts.text
        } else {
            String::new()
        },
        findings: findings
            .into_iter()
            .map(|found| FocusFinding {
                number: found.finding.number,
                text: found.finding.text.clone(),
                kind: found.finding.kind,
                phase: found.finding.phase,
            })
            .collect(),
        actions: items
            .into_iter()
            .map(|item| item.shown(incidents, context))
            .collect(),
        public_updates: texts
            .public_updates
            .into_iter()
            .filter(|(_, visibility)| see(*visibility))
            .map(|(text, _)| match scope.audience {
                // What they were told, not how it came about.
                Audience::Customers => said(&text),
                Audience::Company | Audience::Executives => text,
            })
            .collect(),
    })
}

/// Newest first, those without a time last; what is equal keeps its order.
pub(super) fn newest_first<T>(rows: &mut [T], at: impl Fn(&T) -> Option<DateTime<Utc>>) {
    rows.sort_by_key(|row| Reverse(at(row)));
}

/// Whether so many say anything about the middle of all.
pub(super) fn enough(number: usize) -> bool {
    number >= ENOUGH
}
