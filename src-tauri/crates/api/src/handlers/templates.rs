//! Review templates: the built-in ones and those of this workspace.

use model::directory::{Directory, StoredTemplate};
use model::template::{self, Template, TemplateProblem};

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::{Empty, IdRef, TemplateChecked, TemplateRow, TemplateSource};

/// Every template, built-in ones first.
pub fn template_list(api: &Api, _: Empty) -> Result<Vec<TemplateRow>, ApiError> {
    Ok(template_rows(&api.directory()))
}

/// Every template of a directory, built-in ones first; of an empty one, those alone.
pub fn template_rows(directory: &Directory) -> Vec<TemplateRow> {
    let own = directory
        .templates
        .iter()
        .filter(|stored| builtin(&stored.id).is_none())
        .map(|stored| stored.id.as_str());
    let ids = render::templates::builtin()
        .iter()
        .map(|(id, _)| *id)
        .chain(own);
    ids.filter_map(|id| row(directory, id)).collect()
}

/// The file of one template.
pub fn template_get(api: &Api, request: IdRef) -> Result<TemplateSource, ApiError> {
    template_source(&api.directory(), request)
}

/// The file of one template of a directory; of an empty one, of a built-in one.
pub fn template_source(directory: &Directory, request: IdRef) -> Result<TemplateSource, ApiError> {
    match source(directory, &request.id) {
        Some(source) => Ok(TemplateSource {
            source: source.to_owned(),
            id: request.id,
        }),
        None => Err(unknown(&request.id)),
    }
}

/// Says what is wrong in a template's file.
pub fn template_check(_: &Api, request: TemplateSource) -> Result<TemplateChecked, ApiError> {
    check_template(&request.source)
}

/// Says what is wrong in a template's file; needs no workspace.
pub fn check_template(source: &str) -> Result<TemplateChecked, ApiError> {
    bounds::bytes("source", source.len(), bounds::TEMPLATE)?;
    Ok(match template::parse(source) {
        Ok(template) => TemplateChecked {
            problems: Vec::new(),
            template: Some(template),
        },
        Err(problems) => TemplateChecked {
            problems,
            template: None,
        },
    })
}

/// Stores a good template; refuses a broken one, and the one before it stays.
pub fn template_save(api: &Api, request: TemplateSource) -> Result<TemplateRow, ApiError> {
    bounds::bytes("source", request.source.len(), bounds::TEMPLATE)?;
    bounds::text("id", &request.id, bounds::WORD)?;
    let parsed = template::parse(&request.source).map_err(|problems| refusal(&problems))?;
    let id = api.rooms().edit_directory(&api.actor(), |directory| {
        let known = |id: &str| builtin(id).is_some() || directory.templates.iter().any(|stored| stored.id == id);
        let id = if request.id.is_empty() {
            let slug = super::directory::free_slug(
                if parsed.id.is_empty() { &parsed.name } else { &parsed.id },
                "template",
                |_| false,
            );
            if known(&slug) {
                return Err(ApiError {
                    code: ErrorCode::Conflict,
                    message: format!("There is a template “{slug}” already: give this one another id or name, or change that one."),
                    field: Some("source".into()),
                });
            }
            slug
        } else if known(&request.id) {
            request.id.clone()
        } else {
            return Err(unknown(&request.id));
        };
        match directory.templates.iter_mut().find(|stored| stored.id == id) {
            Some(stored) => stored.source.clone_from(&request.source),
            None => directory.templates.push(StoredTemplate { id: id.clone(), source: request.source.clone() }),
        }
        Ok(id)
    })?;
    row(&api.directory(), &id).ok_or_else(|| unknown(&id))
}

/// Removes a template of this workspace; a changed built-in one goes back to how it came.
pub fn template_remove(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    api.rooms().edit_directory(&api.actor(), |directory| {
        let before = directory.templates.len();
        directory.templates.retain(|stored| stored.id != request.id);
        if directory.templates.len() < before {
            if directory.settings.default_template == request.id && builtin(&request.id).is_none() {
                directory.settings.default_template =
                    model::directory::SharedSettings::default().default_template;
            }
            Ok(Empty {})
        } else if builtin(&request.id).is_some() {
            Err(ApiError::new(
                ErrorCode::Refused,
                "This template comes with Debrief and was not changed: there is nothing to remove.",
            ))
        } else {
            Err(unknown(&request.id))
        }
    })
}

/// A template by its id, ready to start a postmortem from.
pub(super) fn find(directory: &Directory, id: &str) -> Result<Template, ApiError> {
    read(directory, id).ok_or_else(|| {
        let mut error = unknown(id);
        error.field = Some("template".into());
        error
    })
}

/// The template that a new postmortem starts from when none is named.
pub(super) fn default_template(directory: &Directory) -> Result<Template, ApiError> {
    read(directory, &directory.settings.default_template).map_or_else(
        || {
            find(
                directory,
                &model::directory::SharedSettings::default().default_template,
            )
        },
        Ok,
    )
}

/// A template as the newest file of it that is good says: a file that another replica or a newer Debrief wrote may not be.
fn read(directory: &Directory, id: &str) -> Option<Template> {
    let stored = directory
        .templates
        .iter()
        .find(|stored| stored.id == id)
        .map(|stored| stored.source.as_str());
    [stored, builtin(id)]
        .into_iter()
        .flatten()
        .find_map(|source| template::parse(source).ok())
        .map(|template| Template {
            id: id.to_owned(),
            ..template
        })
}

fn source<'a>(directory: &'a Directory, id: &str) -> Option<&'a str> {
    directory
        .templates
        .iter()
        .find(|stored| stored.id == id)
        .map(|stored| stored.source.as_str())
        .or_else(|| builtin(id))
}

fn builtin(id: &str) -> Option<&'static str> {
    render::templates::builtin()
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, source)| *source)
}

fn row(directory: &Directory, id: &str) -> Option<TemplateRow> {
    let stored = directory.templates.iter().any(|stored| stored.id == id);
    let builtin = builtin(id).is_some();
    if !stored && !builtin {
        return None;
    }
    let template = read(directory, id).unwrap_or_else(|| Template {
        id: id.to_owned(),
        name: id.to_owned(),
        description: "This file cannot be read as a template. Open it to see which line is wrong."
            .into(),
        ..Template::default()
    });
    Some(TemplateRow {
        id: id.to_owned(),
        name: template.name,
        description: template.description,
        builtin,
        changed: builtin && stored,
        sections: template
            .sections
            .into_iter()
            .map(|section| section.title)
            .collect(),
        stages: template
            .stages
            .into_iter()
            .map(|stage| (stage.name, stage.minutes[1]))
            .collect(),
    })
}

fn refusal(problems: &[TemplateProblem]) -> ApiError {
    let message = match problems {
        [] => "The template cannot be read.".to_owned(),
        [one] => format!("Line {}: {}", one.line, one.message),
        [first, rest @ ..] => format!(
            "Line {}: {} ({} more after it)",
            first.line,
            first.message,
            rest.len()
        ),
    };
    ApiError::invalid("source", message)
}

fn unknown(id: &str) -> ApiError {
    ApiError::not_found(format!(
        "There is no template “{}” in this workspace.",
        crate::describe::shortened(id, 60)
    ))
}
