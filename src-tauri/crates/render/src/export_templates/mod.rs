//! The four pages that are exported, and the templates that users put in place of their bodies.
//!
//! The head of a page, with its style and its policy, is ours ([`frame`]). A body is a minijinja template: the one that comes
//! with Debrief, or the user's, which is checked ([`language`]), rendered by an engine of its own ([`engine`]) and read strictly before it is taken
//! ([`markup`]). docs/export-templates.md describes what a template may hold.

mod engine;
mod frame;
mod language;
mod markup;

use std::fmt;

use minijinja::value::Value;
use model::directory::StoredTemplate;

pub(crate) use frame::Head;

/// A page whose template can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportPage {
    /// One postmortem as a whole.
    Postmortem,
    /// The post for customers.
    Post,
    /// The summary of one postmortem.
    OneSummary,
    /// The summary of a period.
    Summary,
}

/// All of them, in the order of lists.
pub static EXPORT_PAGES: [ExportPage; 4] = [
    ExportPage::Postmortem,
    ExportPage::OneSummary,
    ExportPage::Post,
    ExportPage::Summary,
];

impl ExportPage {
    /// What workspaces and the command line call it: `postmortem`, `one-summary`, `post`, `summary`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Postmortem => "postmortem",
            Self::Post => "post",
            Self::OneSummary => "one-summary",
            Self::Summary => "summary",
        }
    }

    /// As a list shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postmortem => "Postmortem",
            Self::Post => "Post for customers",
            Self::OneSummary => "Summary of a postmortem",
            Self::Summary => "Summary of a period",
        }
    }

    /// What is made with it.
    pub fn about(self) -> &'static str {
        match self {
            Self::Postmortem => "The web page and the PDF of a whole postmortem.",
            Self::Post => "The web page and the PDF of the post for customers.",
            Self::OneSummary => "The web page and the PDF of what one incident comes down to.",
            Self::Summary => "The web page and the PDF of a period, for each audience.",
        }
    }

    /// The template of its body that comes with Debrief.
    pub fn builtin(self) -> &'static str {
        match self {
            Self::Postmortem => include_str!("../page/page.html"),
            Self::Post => include_str!("../page/post.html"),
            Self::OneSummary => include_str!("../one_summary/one.html"),
            Self::Summary => include_str!("../summary/page.html"),
        }
    }
}

/// The page with this id.
pub fn export_page(id: &str) -> Option<ExportPage> {
    EXPORT_PAGES.into_iter().find(|page| page.id() == id)
}

/// The templates that pages are made with: users' where there are any, else the built-in ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportTemplates<'a> {
    own: &'a [StoredTemplate],
    tried: bool,
}

impl<'a> ExportTemplates<'a> {
    /// Those of a workspace, by the ids of their pages.
    pub fn of(own: &'a [StoredTemplate]) -> Self {
        Self { own, tried: false }
    }

    /// One that somebody is writing: an address that a page would leave out is told as a fault, too.
    pub fn tried(own: &'a [StoredTemplate]) -> Self {
        Self { own, tried: true }
    }

    fn own(&self, page: ExportPage) -> Option<&'a str> {
        self.own
            .iter()
            .find(|stored| stored.id == page.id())
            .map(|stored| stored.source.as_str())
    }
}

/// Why a page could not be made from its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The page.
    pub page: ExportPage,
    /// The template is a user's and can be restored.
    pub own: bool,
    /// Its line, from 1; absent when it is not known.
    pub line: Option<u32>,
    /// What is wrong and what would be right, as sentences.
    pub message: String,
}

impl fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The export template “{}” fails", self.page.name())?;
        if let Some(line) = self.line {
            write!(f, " in line {line}")?;
        }
        write!(f, ": {}", self.message)?;
        if self.own {
            write!(
                f,
                " Mend it under Templates, or restore the built-in one there."
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateFault {}

/// A whole page: its body from the user's template where there is one, in the head that is ours.
pub(crate) fn page(
    page: ExportPage,
    templates: &ExportTemplates<'_>,
    head: &Head<'_>,
    context: Value,
) -> Result<String, TemplateFault> {
    let own = templates.own(page);
    let fault = |line: Option<usize>, message: String| TemplateFault {
        page,
        own: own.is_some(),
        line: line.and_then(|line| u32::try_from(line).ok()),
        message,
    };
    let body = match own {
        Some(source) => engine::render(source, context, templates.tried)
            .map_err(|wrong| fault(wrong.line, wrong.message))?,
        None => {
            frame::builtin(page, context).map_err(|error| fault(error.line(), error.to_string()))?
        }
    };
    // Pictures lie inside a page; only a user may put one where we have none.
    let pictures = own.is_some() || page == ExportPage::Postmortem;
    frame::around(body, head, pictures).map_err(|error| fault(None, error.to_string()))
}
