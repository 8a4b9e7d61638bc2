//! The summary of a period as Markdown: the charts' figures as tables, everything that people wrote in one line each.

use std::fmt::Write as _;

use model::exchange::escape;
use model::postmortem::Status;
use model::summary::{Focus, Summary};

use super::charts::{self, Chart, Table};
use super::notes::{facts, notes};
use super::page::state;
use super::{Shown, SummaryOptions, and_more, drafts, length, limits, made, open_of, roles, size};
use crate::prose::markdown_markdown;
use crate::words;

/// The text, which ends with a line break.
pub(super) fn markdown(summary: &Summary, options: &SummaryOptions) -> String {
    let shown = Shown::new(summary, options);
    let mut out = format!("# {}\n\n", escape(&summary.headline.title));
    let _ = writeln!(out, "Incident summary, {}\n", escape(&summary.words.period));
    let mut paragraph = |text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "{}\n", escape(text));
        }
    };
    paragraph(&summary.headline.sentences.join(" "));
    limits(summary).iter().for_each(|text| paragraph(text));
    paragraph(&drafts(summary));
    if shown.counts {
        chart(&mut out, &charts::months(summary));
    }
    if shown.counts {
        charts::steps(summary)
            .iter()
            .for_each(|c| chart(&mut out, c));
    }
    if shown.durations {
        charts::durations(summary)
            .iter()
            .for_each(|c| chart(&mut out, c));
    }
    if let Some(focus) = summary.focus.as_ref().filter(|_| shown.focus) {
        in_focus(&mut out, focus, &shown);
    }
    if shown.findings {
        findings(&mut out, summary);
    }
    if shown.ages && shown.drawn {
        charts::ages(summary)
            .iter()
            .for_each(|c| chart(&mut out, c));
    }
    if shown.risks {
        risks(&mut out, summary);
    }
    if shown.declined {
        declined(&mut out, summary);
    }
    if shown.customers {
        customers(&mut out, summary);
    }
    if shown.facts {
        for (i, fact) in facts(summary).iter().enumerate() {
            if i == 0 {
                out.push_str("## In short\n\n");
            }
            let _ = writeln!(out, "- {} {}", escape(&fact.value), escape(&fact.label));
        }
        end_list(&mut out);
    }
    if shown.rows {
        postmortems(&mut out, summary);
    }
    let notes = notes(summary, &shown);
    if !notes.is_empty() {
        out.push_str("## How these figures are made\n\n");
        for (name, text) in notes {
            let _ = writeln!(out, "- **{}** {}", escape(&name), escape(&text));
        }
        end_list(&mut out);
    }
    let roles = roles(options);
    if !roles.is_empty() {
        let _ = writeln!(out, "{roles}.\n");
    }
    let _ = writeln!(out, "{}", made(summary));
    out
}

/// A blank line after a list, and none where there was no list.
fn end_list(out: &mut String) {
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
}

fn chart(out: &mut String, chart: &Chart) {
    let _ = writeln!(out, "## {}\n", escape(&chart.title));
    table(out, &chart.table);
    for (name, text) in &chart.listed {
        let _ = writeln!(out, "{}: {}\n", escape(name), escape(text));
    }
}

fn table(out: &mut String, table: &Table) {
    let head: Vec<String> = table.head.iter().map(|h| escape(h)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| escape(cell)).collect())
        .collect();
    write_table(out, &head, &rows);
}

/// Cells are escaped already. The first column is text, the others figures unless they are the second one's texts.
fn write_table(out: &mut String, head: &[String], rows: &[Vec<String>]) {
    let _ = writeln!(out, "| {} |", head.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

fn strings<const N: usize>(head: [&str; N]) -> Vec<String> {
    head.map(String::from).to_vec()
}

fn in_focus(out: &mut String, focus: &Focus, shown: &Shown) {
    let _ = writeln!(out, "## In focus: {}\n", escape(&focus.row.title));
    if focus.row.total.is_some() {
        let _ = writeln!(
            out,
            "{} from the start of the impact to its end.\n",
            length(focus.row.total, focus.row.about)
        );
    }
    let text = markdown_markdown(&focus.text);
    if text.is_empty() {
        let updates = focus.public_updates.iter().filter(|_| shown.customers);
        for line in updates.chain(focus.findings.iter().map(|f| &f.text)) {
            let _ = writeln!(out, "- {}", escape(line));
        }
        end_list(out);
    } else {
        // Whatever is left open in a quotation ends with it.
        for line in text.lines() {
            let _ = writeln!(out, "> {line}");
        }
        out.push('\n');
    }
}

fn findings(out: &mut String, summary: &Summary) {
    let themes = &summary.themes;
    if !themes.themes.is_empty() {
        out.push_str("## What we keep learning\n\n");
        let rows: Vec<Vec<String>> = themes
            .themes
            .iter()
            .map(|t| {
                vec![
                    escape(&t.theme),
                    t.incidents.to_string(),
                    t.examples
                        .first()
                        .map(|e| escape(&e.text))
                        .unwrap_or_default(),
                ]
            })
            .collect();
        write_table(
            out,
            &strings(["Theme", "Incidents", "One such finding"]),
            &rows,
        );
        more(out, rows.len(), themes.total, "theme", "themes");
    }
    let recurring = &summary.recurring;
    if !recurring.items.is_empty() {
        out.push_str("## What came back\n\n");
        for r in &recurring.items {
            let _ = writeln!(
                out,
                "- {} ({}, {}). Found before as “{}” ({}); done about it: {} ({})",
                escape(&r.later.text),
                escape(&r.later.title),
                words::day(r.later.date),
                escape(&r.earlier.text),
                words::day(r.earlier.date),
                escape(&r.action.text),
                words::day(r.action.done_on),
            );
        }
        out.push('\n');
        more(
            out,
            recurring.items.len(),
            recurring.total,
            "finding",
            "findings",
        );
    }
}

fn more(out: &mut String, shown: usize, total: u32, one: &str, many: &str) {
    let text = and_more(shown, size(total), one, many);
    if !text.is_empty() {
        let _ = writeln!(out, "{text}\n");
    }
}

fn risks(out: &mut String, summary: &Summary) {
    let rows: Vec<Vec<String>> = super::page::open(summary)
        .map(|a| {
            let due = a.due.map_or_else(|| "no day".to_owned(), words::day);
            vec![
                escape(&a.text),
                escape(&a.title),
                if a.overdue {
                    format!("{due}, overdue")
                } else {
                    due
                },
                a.days_open
                    .map_or_else(|| "–".to_owned(), super::page::days),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("## Open longest\n\n");
    write_table(
        out,
        &strings(["Action item", "From", "Due", "Open for"]),
        &rows,
    );
    more(
        out,
        rows.len(),
        summary.actions.open,
        "open action item",
        "open action items",
    );
}

fn declined(out: &mut String, summary: &Summary) {
    let declined = &summary.declined;
    if declined.items.is_empty() {
        return;
    }
    out.push_str("## Accepted risks\n\n");
    for item in &declined.items {
        let reason = if item.reason.trim().is_empty() {
            "no reason was given".to_owned()
        } else {
            format!("because: {}", escape(&item.reason))
        };
        let _ = writeln!(
            out,
            "- {} Not done, {reason} ({})",
            escape(&item.text),
            escape(&item.title)
        );
    }
    out.push('\n');
    more(
        out,
        declined.items.len(),
        declined.total,
        "accepted risk",
        "accepted risks",
    );
}

fn customers(out: &mut String, summary: &Summary) {
    let rows: Vec<Vec<String>> = summary
        .postmortems
        .iter()
        .map(|row| {
            vec![
                escape(&row.title),
                words::day(row.date),
                length(row.total, row.about),
            ]
        })
        .collect();
    if !rows.is_empty() {
        out.push_str("## What happened\n\n");
        write_table(out, &strings(["Incident", "Date", "How long"]), &rows);
    }
    let rows: Vec<Vec<String>> = summary
        .actions
        .items
        .iter()
        .map(|a| {
            vec![
                escape(&a.text),
                escape(&a.title),
                state(a.status).to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        out.push_str("## What we change\n\n");
        write_table(out, &strings(["Change", "After", "State"]), &rows);
        more(
            out,
            rows.len(),
            summary.actions.open.saturating_add(summary.actions.done),
            "change",
            "changes",
        );
    }
}

fn postmortems(out: &mut String, summary: &Summary) {
    let rows: Vec<Vec<String>> = summary
        .postmortems
        .iter()
        .map(|row| {
            let draft = if row.status == Status::Draft {
                " (draft)"
            } else {
                ""
            };
            vec![
                charts::severity(row.severity),
                format!("{}{draft}", escape(&row.title)),
                words::day(row.date),
                length(row.detection, row.about),
                length(row.response, row.about),
                length(row.remediation, row.about),
                length(row.total, row.about),
                open_of(row),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("## All postmortems\n\n");
    let head = [
        "Severity",
        "Incident",
        "Date",
        "Detection",
        "Response",
        "Remediation",
        "Restored",
        "Open",
    ];
    write_table(out, &strings(head), &rows);
}
