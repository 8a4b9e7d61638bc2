//! The summary of one postmortem for those who were not there: what happened, how we found out, what we learned, what we
//! do and what we decided not to do (source of the parts: PagerDuty's and Google's guides to sharing postmortems).
//!
//! Where roles are to stand in place of names, the postmortem that is handed in says roles already.

mod facts;
mod markdown;
mod names;
mod page;

use model::visibility::Audience;

use crate::{Export, Rendered, TemplateFault};

pub(crate) use facts::OneSummary;

/// Who the summary of a postmortem is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OneSummaryOptions {
    /// Decides which events, findings and action items are in it. Customers get no names, severities, tickets, owners,
    /// due days or sections.
    pub audience: Audience,
    /// The postmortem says roles in place of names; the summary says so.
    pub roles: bool,
}

/// One way to export the summary of a postmortem.
#[derive(Clone, Copy)]
pub struct OneSummaryFormat {
    /// `html`, `md`: what `--format` and the API take.
    pub id: &'static str,
    /// As a menu shows it.
    pub name: &'static str,
    /// Extension of the file, without the dot.
    pub extension: &'static str,
    /// MIME type.
    pub mime: &'static str,
    /// Makes it. Images are not in it. Errors: a user's template failed.
    pub render: fn(&Export<'_>, &OneSummaryOptions) -> Result<String, TemplateFault>,
}

/// What the summary of a postmortem can be exported as, in the order of the menu.
pub static ONE_SUMMARY_FORMATS: &[OneSummaryFormat] = &[
    OneSummaryFormat {
        id: "html",
        name: "Web page",
        extension: "html",
        mime: "text/html; charset=utf-8",
        render: page::html,
    },
    OneSummaryFormat {
        id: "md",
        name: "Markdown",
        extension: "md",
        mime: "text/markdown; charset=utf-8",
        render: |export, options| Ok(markdown::markdown(export, options)),
    },
];

/// The page for everyone in the company.
pub(crate) fn company_page(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    company(export, page::html)
}

/// The Markdown for everyone in the company.
pub(crate) fn company_markdown(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    company(export, |export, options| {
        Ok(markdown::markdown(export, options))
    })
}

fn company(
    export: &Export<'_>,
    render: fn(&Export<'_>, &OneSummaryOptions) -> Result<String, TemplateFault>,
) -> Result<Rendered, TemplateFault> {
    let options = OneSummaryOptions {
        audience: Audience::Company,
        roles: export.roles,
    };
    Ok(Rendered {
        text: render(export, &options)?,
        assets: Vec::new(),
    })
}

/// The format with this id.
pub fn one_summary_format(id: &str) -> Option<&'static OneSummaryFormat> {
    ONE_SUMMARY_FORMATS.iter().find(|format| format.id == id)
}
