//! The summary as one self-contained page that prints to A4 and Letter: no script, nothing loaded from anywhere.

use minijinja::context;
use minijinja::value::{Serde, Value};
use model::postmortem::{ActionStatus, Phase, Status};
use model::summary::{Focus, Summary, SummaryAction, SummaryRow};
use serde::Serialize;

use super::charts::{self, Chart};
use super::notes::{facts, notes};
use super::{
    Shown, SummaryOptions, and_more, day, drafts, length, limits, made, open_of, roles, size,
};
use crate::charts::{legend_mark, parts, phase_mark, severity_mark};
use crate::export_templates::{self, Head};
use crate::prose::line_html;
use crate::{ExportPage, ExportTemplates, TemplateFault, markdown_html, words};

const CSS: &str = include_str!("page.css");

/// How much of a list stands on the page; JSON holds all of it.
const THEMES: usize = 5;
const RECURRING: usize = 8;
const DECLINED: usize = 3;
const RISKS: usize = 6;

#[derive(Serialize)]
struct Figure {
    title: String,
    note: String,
    svg: Value,
    legend: Vec<(Value, String)>,
    listed: Vec<(String, String)>,
    table: Table,
}

#[derive(Serialize)]
struct Table {
    caption: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    severity: String,
    severity_mark: Value,
    draft: bool,
    date: String,
    datetime: String,
    parts: Value,
    detection: String,
    response: String,
    remediation: String,
    total: String,
    open: String,
}

#[derive(Serialize)]
struct Named {
    name: String,
    text: String,
}

/// The page.
pub(super) fn html(
    summary: &Summary,
    options: &SummaryOptions,
    templates: &ExportTemplates<'_>,
) -> Result<String, TemplateFault> {
    let shown = Shown::new(summary, options);
    let css = page_style(roles(options), &made(summary));
    let bars = shown.drawn;
    let kick = "Incident summary";
    let context = context! {
        kick => kick,
        period => summary.words.period.clone(),
        title => summary.headline.title.clone(),
        lede => summary.headline.sentences.join(" "),
        limits => limits(summary),
        drafts => drafts(summary),
        months => shown.counts.then(|| value(figure(charts::months(summary)))),
        steps => shown.counts.then(|| charts::steps(summary)).flatten().map(|c| value(figure(c))),
        durations => shown.durations.then(|| charts::durations(summary)).flatten().map(|c| value(figure(c))),
        focus => summary.focus.as_ref().filter(|_| shown.focus).map(|f| focus(f, &shown)),
        themes => if shown.findings { themes(summary) } else { Vec::new() },
        themes_note => themes_note(summary),
        ages => (shown.ages && shown.drawn).then(|| charts::ages(summary)).flatten().map(|c| value(figure(c))),
        recurring => if shown.findings { recurring(summary) } else { Vec::new() },
        recurring_note => and_more(RECURRING.min(summary.recurring.items.len()), size(summary.recurring.total), "finding", "findings"),
        risks_shown => shown.risks,
        risks => if shown.risks { risks(summary) } else { Vec::new() },
        risks_note => and_more(RISKS.min(open(summary).count()), size(summary.actions.open), "open action item", "open action items"),
        declined => if shown.declined { declined(summary) } else { Vec::new() },
        declined_note => and_more(DECLINED.min(summary.declined.items.len()), size(summary.declined.total), "accepted risk", "accepted risks"),
        happened => value(if shown.customers { rows(summary) } else { Vec::new() }),
        changes => if shown.customers { changes(summary) } else { Vec::new() },
        changes_note => and_more(summary.actions.items.len(), size(summary.actions.open + summary.actions.done), "change", "changes"),
        facts => if shown.facts {
            facts(summary).into_iter().map(|f| context! { value => f.value, label => f.label }).collect::<Vec<_>>()
        } else {
            Vec::new()
        },
        rows => value(if shown.rows { rows(summary) } else { Vec::new() }),
        bars => bars,
        phases => PHASES.map(|p| (safe(phase_mark(p)), words::name(p))).to_vec(),
        notes => value(notes(summary, &shown).into_iter().map(|(name, text)| Named { name, text }).collect::<Vec<_>>()),
        roles => roles(options),
        made => made(summary),
    };
    let head = Head {
        title: &format!("{kick}, {}", summary.words.period),
        css: &css,
    };
    export_templates::page(ExportPage::Summary, templates, &head, context)
}

const PHASES: [Phase; 3] = [Phase::Detection, Phase::Response, Phase::Remediation];

/// The style sheet with what stands in the margins of printed pages: `first` on the first page, where it is not empty, and
/// `later` on the others. Only letters, digits, spaces and commas of them are kept: neither can end the string that it stands in.
pub(crate) fn page_style(first: &str, later: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | ','))
            .collect()
    };
    let margin = |place: &str, content: &str| {
        format!(
            "@bottom-{place} {{ content: {content}; font: 400 12px/1.4 \"Inter\", \"Segoe UI\", \"Cantarell\", \"Noto Sans\", sans-serif; color: #5C6465; }}"
        )
    };
    let number = margin("right", "counter(page) \" of \" counter(pages)");
    let first = plain(if first.is_empty() { later } else { first });
    let (first, later) = (
        margin("left", &format!("\"{first}\"")),
        margin("left", &format!("\"{}\"", plain(later))),
    );
    format!(
        "@page {{ margin: 17mm 17mm 20mm; {later} {number} }}\n@page :first {{ {first} }}\n{CSS}"
    )
}

fn safe(markup: String) -> Value {
    Value::from_safe_string(markup)
}

fn value<T: Serialize>(data: T) -> Value {
    Serde(data).into()
}

fn figure(chart: Chart) -> Figure {
    Figure {
        title: chart.title,
        note: chart.note,
        svg: safe(chart.svg),
        legend: chart
            .legend
            .iter()
            .map(|s| (safe(legend_mark(*s)), charts::severity(*s)))
            .collect(),
        listed: chart.listed,
        table: Table {
            caption: chart.table.caption,
            head: chart.table.head,
            rows: chart.table.rows,
        },
    }
}

fn rows(summary: &Summary) -> Vec<Row> {
    summary
        .postmortems
        .iter()
        .map(|row| line(summary, row))
        .collect()
}

fn line(summary: &Summary, row: &SummaryRow) -> Row {
    let lengths = [row.detection, row.response, row.remediation];
    let phases: Vec<(Phase, Option<i64>)> = PHASES.into_iter().zip(lengths).collect();
    Row {
        title: row.title.clone(),
        severity: row.severity.map(words::name).unwrap_or_default(),
        severity_mark: safe(row.severity.map(severity_mark).unwrap_or_default()),
        draft: row.status == Status::Draft,
        date: day(summary, row.date),
        datetime: row.date.to_string(),
        parts: safe(parts(&phases)),
        detection: length(row.detection, row.about),
        response: length(row.response, row.about),
        remediation: length(row.remediation, row.about),
        total: length(row.total, row.about),
        open: open_of(row),
    }
}

fn focus(focus: &Focus, shown: &Shown) -> Value {
    let row = &focus.row;
    let mut figures = Vec::new();
    if row.total.is_some() {
        figures.push(context! {
            value => length(row.total, row.about),
            label => "from the start of the impact to its end",
        });
    }
    if !shown.customers && row.findings + row.actions > 0 {
        figures.push(context! {
            value => format!("{} and {}", row.findings, row.actions),
            label => format!(
                "{} and {}",
                if row.findings == 1 { "finding" } else { "findings" },
                if row.actions == 1 { "action item" } else { "action items" }
            ),
        });
    }
    // Where nobody wrote a summary, what was found and said stands in its place.
    let lines: Vec<Value> = if shown.customers {
        focus
            .public_updates
            .iter()
            .chain(focus.findings.iter().map(|f| &f.text))
            .map(|text| safe(line_html(text)))
            .collect()
    } else if focus.text.trim().is_empty() {
        focus
            .findings
            .iter()
            .take(5)
            .map(|f| safe(line_html(&f.text)))
            .collect()
    } else {
        Vec::new()
    };
    context! {
        title => row.title.clone(),
        figures => figures,
        html => safe(markdown_html(&focus.text)),
        lines => lines,
    }
}

fn themes(summary: &Summary) -> Vec<Value> {
    summary
        .themes
        .themes
        .iter()
        .take(THEMES)
        .map(|theme| {
            context! {
                incidents => theme.incidents,
                theme => theme.theme.clone(),
                example => theme.examples.first().map(|e| safe(line_html(&e.text))),
            }
        })
        .collect()
}

fn themes_note(summary: &Summary) -> String {
    let more = and_more(
        THEMES.min(summary.themes.themes.len()),
        size(summary.themes.total),
        "theme",
        "themes",
    );
    format!("Number of incidents with a finding of this theme, and one such finding. {more}")
        .trim_end()
        .to_owned()
}

fn recurring(summary: &Summary) -> Vec<Value> {
    summary
        .recurring
        .items
        .iter()
        .take(RECURRING)
        .map(|r| {
            context! {
                later => safe(line_html(&r.later.text)),
                when => format!("{}, {}", r.later.title, words::day(r.later.date)),
                earlier => safe(line_html(&r.earlier.text)),
                earlier_when => words::day(r.earlier.date),
                action => safe(format!("{}, {}", line_html(&r.action.text), words::day(r.action.done_on))),
            }
        })
        .collect()
}

/// Open action items: overdue ones first, then those that have been open longest.
pub(super) fn open(summary: &Summary) -> impl Iterator<Item = &SummaryAction> {
    let open =
        |a: &&SummaryAction| matches!(a.status, ActionStatus::Open | ActionStatus::InProgress);
    let items = &summary.actions.items;
    items
        .iter()
        .filter(open)
        .filter(|a| a.overdue)
        .chain(items.iter().filter(open).filter(|a| !a.overdue))
}

fn risks(summary: &Summary) -> Vec<Value> {
    open(summary)
        .take(RISKS)
        .map(|a| {
            let due = a.due.map_or_else(|| "no day".to_owned(), words::day);
            context! {
                text => safe(line_html(&a.text)),
                title => a.title.clone(),
                due => if a.overdue { format!("{due}, overdue") } else { due },
                overdue => a.overdue,
                age => a.days_open.map_or_else(|| "–".to_owned(), days),
            }
        })
        .collect()
}

pub(super) fn days(days: i64) -> String {
    match days {
        1 => "1 day".into(),
        n => format!("{n} days"),
    }
}

fn declined(summary: &Summary) -> Vec<Value> {
    summary
        .declined
        .items
        .iter()
        .take(DECLINED)
        .map(|d| {
            context! {
                text => safe(line_html(&d.text)),
                reason => (!d.reason.trim().is_empty()).then(|| safe(line_html(&d.reason))),
                title => d.title.clone(),
            }
        })
        .collect()
}

/// What customers are told of action items: no owner, no ticket and no day that somebody could be held to.
fn changes(summary: &Summary) -> Vec<Value> {
    summary
        .actions
        .items
        .iter()
        .map(|a| {
            context! {
                text => safe(line_html(&a.text)),
                title => a.title.clone(),
                state => state(a.status),
            }
        })
        .collect()
}

/// Where a change is, for people outside.
pub(crate) fn state(status: ActionStatus) -> &'static str {
    match status {
        ActionStatus::Done => "Done",
        ActionStatus::InProgress => "We are working on it",
        ActionStatus::Open => "Planned",
        ActionStatus::Declined => "Not planned",
    }
}
