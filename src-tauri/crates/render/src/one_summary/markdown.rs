//! The summary of one postmortem as Markdown.

use std::fmt::Write as _;

use model::exchange::escape;

use super::{OneSummary, OneSummaryOptions};
use crate::prose::markdown_markdown;
use crate::{Export, words};

/// The text, which ends with a line break.
pub(super) fn markdown(export: &Export<'_>, options: &OneSummaryOptions) -> String {
    let s = OneSummary::new(export, options);
    let mut out = format!("# {}\n\n", escape(&s.title));
    if !s.about.is_empty() {
        let about: Vec<String> = s.about.iter().map(|item| escape(item)).collect();
        let _ = writeln!(out, "{}\n", about.join(" · "));
    }
    if s.draft {
        out.push_str("This is a draft and may still change.\n\n");
    }
    if let Some(length) = &s.length {
        let _ = writeln!(
            out,
            "It lasted {length} from the start of the impact to its end.\n"
        );
    }
    let text = markdown_markdown(&s.text);
    if !text.is_empty() {
        // Whatever is left open in a quotation ends with it.
        for line in text.lines() {
            let _ = writeln!(out, "> {line}");
        }
        out.push('\n');
    }
    list(
        &mut out,
        "What it did to people",
        s.impact.iter().map(|t| escape(t)),
    );
    list(
        &mut out,
        "How we found out",
        s.found_out.iter().map(|t| escape(t)),
    );
    if !s.timeline.is_empty() {
        let _ = writeln!(
            out,
            "## What happened when\n\n{}\n",
            escape(&s.timeline_note)
        );
        for l in &s.timeline {
            let when = format!("{} {}", l.day, l.time);
            let who = if l.who.is_empty() {
                String::new()
            } else {
                format!("**{}** ", escape(l.who.trim()))
            };
            let _ = writeln!(out, "- {} {who}{}", escape(when.trim()), escape(&l.text));
        }
        out.push('\n');
    }
    list(
        &mut out,
        "What made it harder",
        s.hindered.iter().map(|t| escape(t)),
    );
    list(&mut out, "What helped", s.helped.iter().map(|t| escape(t)));
    list(
        &mut out,
        "Surprises, luck and risks",
        s.other
            .iter()
            .map(|(kind, text)| format!("{kind}: {}", escape(text))),
    );
    list(
        &mut out,
        "What we do not know yet",
        s.unknown.iter().map(|t| escape(t)),
    );
    actions(&mut out, &s);
    list(
        &mut out,
        "What we decided not to do",
        s.declined.iter().map(|(text, reason)| {
            if reason.trim().is_empty() {
                escape(text)
            } else {
                format!("{} Because: {}", escape(text), escape(reason))
            }
        }),
    );
    if !s.thanks.is_empty() {
        let _ = writeln!(out, "## Thank you\n\n{}\n", escape(&s.thanks.join(", ")));
    }
    if options.roles {
        out.push_str("Roles are used instead of names.\n\n");
    }
    let _ = writeln!(
        out,
        "Made with Debrief, {}",
        words::date(export.now, export.shown_zone())
    );
    out
}

/// A heading and its lines, which are escaped already; nothing without lines.
fn list(out: &mut String, title: &str, rows: impl Iterator<Item = String>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = writeln!(out, "## {title}\n");
    for row in rows {
        let _ = writeln!(out, "- {row}");
    }
    out.push('\n');
}

fn actions(out: &mut String, s: &OneSummary) {
    if s.actions.is_empty() {
        return;
    }
    out.push_str("## What we do\n\n");
    out.push_str(if s.customers {
        "| Action item | State |\n| --- | --- |\n"
    } else {
        "| Action item | Owner | Due | Ticket | State |\n| --- | --- | --- | --- | --- |\n"
    });
    for a in &s.actions {
        let cells: Vec<String> = if s.customers {
            vec![escape(&a.text), a.status.clone()]
        } else {
            vec![
                escape(&a.text),
                escape(&a.owner),
                a.due.clone(),
                escape(&a.ticket),
                a.status.clone(),
            ]
        };
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
}
