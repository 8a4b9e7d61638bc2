//! Export templates: those that come with Debrief, and those that people of this workspace changed.

use chrono::{DateTime, Utc};
use model::directory::{Directory, StoredTemplate};
use model::postmortem::Postmortem;
use model::summary::{Context, Summary, SummaryScope, gathered, summarize};
use model::template::TemplateProblem;
use model::visibility::Audience;
use render::{
    EXPORT_PAGES, Export, ExportPage, ExportTemplates, OneSummaryOptions, SummaryOptions,
    TemplateFault, export_page,
};

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::{Empty, ExportTemplate, ExportTemplateTried, IdRef, TemplateSource};

/// The template of every page that is exported, the built-in one and the workspace's own.
pub fn export_templates(api: &Api, _: Empty) -> Result<Vec<ExportTemplate>, ApiError> {
    Ok(export_template_rows(&api.directory()))
}

/// The same of a directory; of an empty one, the built-in ones alone.
pub fn export_template_rows(directory: &Directory) -> Vec<ExportTemplate> {
    let own = |page: ExportPage| {
        let stored = directory.export_templates.iter();
        stored
            .filter(|stored| stored.id == page.id())
            .map(|stored| stored.source.clone())
            .next()
    };
    EXPORT_PAGES
        .into_iter()
        .map(|page| ExportTemplate {
            id: page.id().into(),
            name: page.name().into(),
            description: page.about().into(),
            builtin: page.builtin().into(),
            own: own(page),
        })
        .collect()
}

/// Says what is wrong in an export template, or makes its page of example data, to be looked at.
pub fn export_template_try(
    api: &Api,
    request: TemplateSource,
) -> Result<ExportTemplateTried, ApiError> {
    bounds::bytes("source", request.source.len(), bounds::EXPORT_TEMPLATE)?;
    Ok(
        match tried(known(&request.id)?, &request.source, api.now())? {
            Ok(pages) => ExportTemplateTried {
                problems: Vec::new(),
                page: pages.into_iter().next().map(|html| api.pages().keep(html)),
            },
            Err(fault) => ExportTemplateTried {
                problems: vec![TemplateProblem {
                    line: fault.line.unwrap_or(1),
                    message: fault.message,
                }],
                page: None,
            },
        },
    )
}

/// Stores a good export template, from which its page is made from now on; refuses a broken one, and one whose pages
/// cannot be set on paper, and the one before it stays. One that is equal to the built-in one is not kept.
pub fn export_template_save(api: &Api, request: TemplateSource) -> Result<Empty, ApiError> {
    bounds::bytes("source", request.source.len(), bounds::EXPORT_TEMPLATE)?;
    let page = known(&request.id)?;
    let pages = tried(page, &request.source, api.now())?.map_err(|fault| {
        let line = match fault.line {
            Some(line) => format!("Line {line}: "),
            None => String::new(),
        };
        ApiError::invalid("source", format!("{line}{}", fault.message))
    })?;
    for html in &pages {
        super::exports::on_paper(html).map_err(|error| {
            let said = error.message.trim_end_matches('.');
            ApiError::invalid(
                "source",
                format!(
                    "The web page can be made, but it cannot be set on paper. {said}. A drawing needs a width and a height above 0."
                ),
            )
        })?;
    }
    api.rooms().edit_directory(&api.actor(), |directory| {
        let stored = &mut directory.export_templates;
        stored.retain(|stored| stored.id != page.id());
        if request.source != page.builtin() {
            stored.push(StoredTemplate {
                id: page.id().into(),
                source: request.source.clone(),
            });
        }
        Ok(Empty {})
    })
}

/// Makes a page from the built-in template again.
pub fn export_template_restore(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    let page = known(&request.id)?;
    api.rooms().edit_directory(&api.actor(), |directory| {
        let before = directory.export_templates.len();
        directory
            .export_templates
            .retain(|stored| stored.id != page.id());
        match directory.export_templates.len() < before {
            true => Ok(Empty {}),
            false => Err(ApiError::new(
                ErrorCode::Refused,
                "This export template was not changed: there is nothing to restore.",
            )),
        }
    })
}

fn known(id: &str) -> Result<ExportPage, ApiError> {
    export_page(id).ok_or_else(|| {
        let ids = EXPORT_PAGES.map(ExportPage::id).join(", ");
        ApiError::not_found(format!(
            "There is no export template “{}”. There are: {ids}.",
            crate::describe::shortened(id, 60)
        ))
    })
}

impl From<TemplateFault> for ApiError {
    fn from(fault: TemplateFault) -> Self {
        let code = match fault.own {
            true => ErrorCode::Refused,
            false => ErrorCode::Internal,
        };
        Self::new(code, fault.to_string())
    }
}

/// The pages of example data; the first is to be looked at. Every audience and a postmortem with nothing in it are tried,
/// too: a template that works for one of them alone would fail when somebody needs it.
fn tried(
    page: ExportPage,
    source: &str,
    now: DateTime<Utc>,
) -> Result<Result<Vec<String>, TemplateFault>, ApiError> {
    let own = [StoredTemplate {
        id: page.id().into(),
        source: source.into(),
    }];
    let templates = ExportTemplates::tried(&own);
    let audiences = [Audience::Company, Audience::Executives, Audience::Customers];
    let mut pages = Vec::new();
    match page {
        ExportPage::Summary => {
            for audience in audiences {
                let summary = example_summary(audience, now)?;
                pages.push(of_period(&summary, &templates));
            }
        }
        _ => {
            let (outage, people, services) = model::demo::login_outage(now);
            for postmortem in [&outage, &Postmortem::default()] {
                let derived = model::derived::derive(postmortem, &|_| None);
                let export = Export {
                    postmortem,
                    derived: &derived,
                    people: &people,
                    services: &services,
                    images: &|_| None,
                    now,
                    zone: "Europe/Berlin",
                    name: "example",
                    roles: false,
                    published: false,
                    templates,
                };
                match page {
                    ExportPage::OneSummary => {
                        pages.extend(audiences.map(|audience| of_one(&export, audience)));
                    }
                    _ => pages.push(whole(&export, page)),
                }
            }
        }
    }
    Ok(pages.into_iter().collect())
}

fn whole(export: &Export<'_>, page: ExportPage) -> Result<String, TemplateFault> {
    let id = match page {
        ExportPage::Post => "post-html",
        _ => "html",
    };
    match render::format(id) {
        Some(format) => Ok((format.render)(export)?.text),
        None => Ok(String::new()),
    }
}

fn of_one(export: &Export<'_>, audience: Audience) -> Result<String, TemplateFault> {
    let options = OneSummaryOptions {
        audience,
        roles: false,
    };
    match render::one_summary_format("html") {
        Some(format) => (format.render)(export, &options),
        None => Ok(String::new()),
    }
}

fn of_period(summary: &Summary, templates: &ExportTemplates<'_>) -> Result<String, TemplateFault> {
    match render::summary_format("html") {
        Some(format) => (format.render)(summary, &SummaryOptions::default(), templates),
        None => Ok(String::new()),
    }
}

/// Half a year of the example, as its last day sees it.
fn example_summary(audience: Audience, now: DateTime<Utc>) -> Result<Summary, ApiError> {
    let fault = |message: String| ApiError::new(ErrorCode::Internal, message);
    let year = model::sample_year::sample_year(now).map_err(|error| fault(error.to_string()))?;
    let day = |text: &str| {
        text.parse()
            .map_err(|_| fault(format!("{text} is no day.")))
    };
    let focus = year
        .postmortems
        .last()
        .map(|postmortem| postmortem.id.clone());
    let scope = SummaryScope {
        from: day("2026-06-01")?,
        to: day("2026-11-30")?,
        services: Vec::new(),
        severities: Vec::new(),
        tags: Vec::new(),
        postmortems: Vec::new(),
        audience,
        focus: focus.clone(),
    };
    let context = Context {
        today: day("2026-11-16")?,
        zone: chrono_tz::Europe::Berlin,
        service_names: year
            .services
            .iter()
            .map(|service| (service.id.clone(), service.name.clone()))
            .collect(),
    };
    let rows = gathered(&year.postmortems, focus.as_deref());
    Ok(summarize(&scope, &rows, &context))
}
