//! The company-wide summary as a page to look at, and as a file.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate};
use model::summary::Summary;
use model::visibility::Audience;
use render::{ExportTemplates, SUMMARY_FORMATS, SummaryOptions, summary_format};

use super::published::{AsOf, Papers, Said};
use crate::error::ApiError;
use crate::files::Target;
use crate::open::Api;
use crate::types::{
    Exported, ReplacedIn, Saved, SummaryExport, SummaryMade, SummaryRequest, SummarySave,
};
use crate::{bounds, places};

/// Makes the summary's page and keeps it to be looked at under the name that is given.
pub fn summary_page(api: &Api, request: SummaryRequest) -> Result<SummaryMade, ApiError> {
    let made = make(api, &request)?;
    let html = page(api, &made.summary, &options(&request))?;
    Ok(SummaryMade {
        page: api.pages().keep(html),
        file_name: file_name(&made.summary, is_anonymous(&request)),
        period: made.summary.words.period.clone(),
        postmortems: u32::try_from(made.summary.postmortems.len()).unwrap_or(u32::MAX),
        left_out: made.summary.left_out,
        tags: api.store().tags()?,
        replaced: made.replaced,
    })
}

/// The summary as a file's content.
pub fn summary_export(api: &Api, request: SummaryExport) -> Result<Exported, ApiError> {
    let file = file(api, &request.request, &request.format)?;
    let (text, base64) = match String::from_utf8(file.bytes) {
        Ok(text) if !file.binary => (text, None),
        Ok(text) => (String::new(), Some(STANDARD.encode(text))),
        Err(bytes) => (String::new(), Some(STANDARD.encode(bytes.as_bytes()))),
    };
    Ok(Exported {
        file_name: file.name,
        mime: file.mime.into(),
        text,
        base64,
        assets: 0,
        roles: None,
    })
}

/// The bytes of an export that is no text.
pub fn bytes_of(exported: &Exported) -> Option<Vec<u8>> {
    STANDARD.decode(exported.base64.as_ref()?).ok()
}

/// Writes the summary to a file: all of it or nothing. Not for browsers, which have no path on this computer to give.
pub fn summary_save(api: &Api, request: SummarySave) -> Result<Saved, ApiError> {
    super::workspace::local_only(api, "A summary")?;
    bounds::bytes("path", request.path.len(), bounds::PATH)?;
    let target = Target::of(&places::absolute(Path::new(&request.path)))?;
    let file = file(api, &request.request, &request.format)?;
    target.write(&file.bytes)?;
    Ok(Saved {
        paths: vec![target.path().to_string_lossy().into_owned()],
    })
}

/// What a summary and what was replaced in it.
struct Made {
    summary: Summary,
    replaced: Vec<ReplacedIn>,
}

struct Content {
    name: String,
    mime: &'static str,
    bytes: Vec<u8>,
    binary: bool,
}

fn file(api: &Api, request: &SummaryRequest, id: &str) -> Result<Content, ApiError> {
    let pdf = id == "pdf";
    let format = summary_format(if pdf { "html" } else { id }).ok_or_else(|| unknown_format(id))?;
    let made = make(api, request)?;
    let options = options(request);
    let name = file_name(&made.summary, is_anonymous(request));
    if pdf {
        let html = page(api, &made.summary, &options)?;
        return Ok(Content {
            name: format!("{name}.pdf"),
            mime: "application/pdf",
            bytes: super::exports::on_paper(&html)?,
            binary: true,
        });
    }
    let directory = api.directory();
    let templates = ExportTemplates::of(&directory.export_templates);
    Ok(Content {
        name: format!("{name}.{}", format.extension),
        mime: format.mime,
        bytes: (format.render)(&made.summary, &options, &templates)?.into_bytes(),
        binary: false,
    })
}

fn page(api: &Api, summary: &Summary, options: &SummaryOptions) -> Result<String, ApiError> {
    let format = summary_format("html").ok_or_else(|| unknown_format("html"))?;
    let directory = api.directory();
    let templates = ExportTemplates::of(&directory.export_templates);
    Ok((format.render)(summary, options, &templates)?)
}

fn unknown_format(id: &str) -> ApiError {
    let known: Vec<&str> = SUMMARY_FORMATS.iter().map(|format| format.id).collect();
    let shown = crate::describe::shortened(id, 40);
    ApiError::invalid(
        "format",
        format!(
            "“{shown}” is no format: choose one of {}, pdf.",
            known.join(", ")
        ),
    )
}

/// `incident-summary-2026-06-to-2026-11-executives-roles`: the period's months when it is whole months, else its days; its
/// audience when that is not everyone in the company; and that roles stand in the place of names. So no file takes the place of
/// one that others may read.
fn file_name(summary: &Summary, roles: bool) -> String {
    let scope = &summary.scope;
    let readers = match scope.audience {
        Audience::Company => "",
        Audience::Executives => "-executives",
        Audience::Customers => "-customers",
    };
    let roles = if roles && scope.audience != Audience::Customers {
        "-roles"
    } else {
        ""
    };
    let whole = scope.from.day() == 1 && scope.to.succ_opt().is_none_or(|next| next.day() == 1);
    let form = if whole { "%Y-%m" } else { "%Y-%m-%d" };
    let word = |day: NaiveDate| day.format(form).to_string();
    let (from, to) = (word(scope.from), word(scope.to));
    if from == to {
        format!("incident-summary-{from}{readers}{roles}")
    } else {
        format!("incident-summary-{from}-to-{to}{readers}{roles}")
    }
}

/// Roles stand in place of names where it was asked for, and always in what customers read.
fn is_anonymous(request: &SummaryRequest) -> bool {
    request.anonymise || request.scope.audience == Audience::Customers
}

fn options(request: &SummaryRequest) -> SummaryOptions {
    let include = request.include;
    SummaryOptions {
        charts: include.charts,
        findings: include.findings,
        open_actions: include.open_actions,
        postmortems: include.postmortems,
        roles: is_anonymous(request),
    }
}

fn make(api: &Api, request: &SummaryRequest) -> Result<Made, ApiError> {
    let at = AsOf {
        now: api.now(),
        zone: super::summary::zone(api),
    };
    make_as_of(api, request, at)
}

fn make_as_of(api: &Api, request: &SummaryRequest, at: AsOf) -> Result<Made, ApiError> {
    let anonymise = is_anonymous(request);
    let (summary, replaced) = super::summary::make(api, &request.scope, anonymise, at)?;
    Ok(Made { summary, replaced })
}

/// What is published of a period, as of an instant.
pub(super) fn papers(api: &Api, request: &SummaryRequest, at: AsOf) -> Result<Papers, ApiError> {
    let made = make_as_of(api, request, at)?;
    Ok(Papers {
        title: made.summary.words.period.clone(),
        file_name: file_name(&made.summary, is_anonymous(request)),
        page: page(api, &made.summary, &options(request))?,
        said: said_by(&made.summary, request)?,
        state: None,
    })
}

/// What the summary of a period says, as of an instant.
pub(super) fn said(api: &Api, request: &SummaryRequest, at: AsOf) -> Result<Said, ApiError> {
    said_by(&make_as_of(api, request, at)?.summary, request)
}

fn said_by(summary: &Summary, request: &SummaryRequest) -> Result<Said, ApiError> {
    // A postmortem that is not counted changes no figure: the page may say so, and a copy is not out of date by it.
    let summary = &Summary {
        left_out: Vec::new(),
        ..summary.clone()
    };
    let made = |id: &str| {
        let format = summary_format(id).ok_or_else(|| unknown_format(id))?;
        let templates = ExportTemplates::default();
        Ok::<_, ApiError>((format.render)(summary, &options(request), &templates)?)
    };
    Ok(Said {
        text: made("md")?,
        // Each incident is a dot with its length in the page's charts, and a quantile in the Markdown.
        facts: render::page_words(&made("html")?),
    })
}
