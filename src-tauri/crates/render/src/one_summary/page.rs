//! The summary of one postmortem as a page.

use minijinja::context;
use minijinja::value::Value;

use super::{OneSummary, OneSummaryOptions};
use crate::export_templates::{self, Head};
use crate::prose::line_html;
use crate::summary::page_style;
use crate::{Export, ExportPage, TemplateFault, markdown_html, words};

/// The page.
pub(super) fn html(
    export: &Export<'_>,
    options: &OneSummaryOptions,
) -> Result<String, TemplateFault> {
    let s = OneSummary::new(export, options);
    let made = format!(
        "Made with Debrief, {}",
        words::date(export.now, export.shown_zone())
    );
    let roles = if options.roles {
        "Roles are used instead of names"
    } else {
        ""
    };
    let css = page_style(roles, &made);
    let pairs = |all: &[(String, String)]| -> Vec<Value> {
        all.iter()
            .map(|(a, b)| context! { a => line(a), b => (!b.trim().is_empty()).then(|| line(b)) })
            .collect()
    };
    let context = context! {
        empty => s.empty,
        title => s.title.clone(),
        about => s.about.clone(),
        length => s.length.clone(),
        draft => s.draft,
        text => Value::from_safe_string(markdown_html(&s.text)),
        impact => lines(&s.impact),
        found_out => lines(&s.found_out),
        timeline => s.timeline.iter().map(|l| context! {
            day => l.day.clone(), time => l.time.clone(), who => l.who.clone(), text => line(&l.text)
        }).collect::<Vec<_>>(),
        timeline_note => s.timeline_note.clone(),
        hindered => lines(&s.hindered),
        helped => lines(&s.helped),
        other => s.other.iter().map(|(kind, text)| context! { kind => kind.clone(), text => line(text) }).collect::<Vec<_>>(),
        unknown => lines(&s.unknown),
        actions => s.actions.iter().map(|a| context! {
            text => line(&a.text), owner => a.owner.clone(), due => a.due.clone(),
            ticket => a.ticket.clone(), status => a.status.clone()
        }).collect::<Vec<_>>(),
        declined => pairs(&s.declined),
        thanks => s.thanks.join(", "),
        customers => s.customers,
        roles => roles,
        made => made,
    };
    let head = Head {
        title: &s.title,
        css: &css,
    };
    export_templates::page(ExportPage::OneSummary, &export.templates, &head, context)
}

fn line(text: &str) -> Value {
    Value::from_safe_string(line_html(text))
}

fn lines(all: &[String]) -> Vec<Value> {
    all.iter().map(|text| line(text)).collect()
}
