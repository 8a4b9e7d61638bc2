//! Postmortems: the list, new ones, the snapshot and what is derived from it, the trash, the example.

use model::postmortem::{
    ActionStatus, DocId, ImpactFact, Participant, Postmortem, ReviewRole, Section, Status,
};
use model::template::Template;
use store::DocumentKind;
use uuid::Uuid;

use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::*;

/// Version of the document schema that new documents are written in.
const SCHEMA: u32 = 1;

/// A page of the list of postmortems.
pub fn postmortem_list(api: &Api, request: PostmortemFilter) -> Result<PostmortemPage, ApiError> {
    bounds::text("query", &request.query, bounds::QUERY)?;
    bounds::list("severities", &request.severities)?;
    bounds::words("services", &request.services)?;
    bounds::words("tags", &request.tags)?;
    Ok(api.store().postmortems(&request, api.zone())?)
}

/// Makes a postmortem from a template.
pub fn postmortem_new(api: &Api, request: NewPostmortem) -> Result<DocRef, ApiError> {
    bounds::text("title", &request.title, bounds::TITLE)?;
    bounds::text("template", &request.template, bounds::WORD)?;
    bounds::text("timezone", &request.timezone, bounds::WORD)?;
    bounds::words("services", &request.services)?;
    let directory = api.directory();
    let template = match request.template.as_str() {
        "" => super::templates::default_template(&directory)?,
        id => super::templates::find(&directory, id)?,
    };
    let timezone = [
        request.timezone.as_str(),
        directory.settings.timezone.as_str(),
        api.zone().name(),
    ]
    .into_iter()
    .find(|zone| !zone.is_empty())
    .unwrap_or("UTC")
    .to_owned();
    super::directory::known_zone("timezone", &timezone)?;
    let mut services = request.services;
    services.sort();
    services.dedup();
    if let Some(unknown) = services
        .iter()
        .find(|id| !directory.services.iter().any(|service| service.id == **id))
    {
        return Err(ApiError::invalid(
            "services",
            format!("There is no service “{unknown}” in this workspace."),
        ));
    }
    let me = api.me_in(&directory);
    let mut postmortem = from_template(&template);
    postmortem.title = request.title;
    postmortem.severity = request.severity.or(postmortem.severity);
    postmortem.timezone = timezone;
    postmortem.services = services;
    // Whoever starts a review prepares it; they can be made something else, or taken out, like anybody.
    postmortem.participants.extend(me.map(|person| Participant {
        id: Uuid::now_v7().to_string(),
        person: Some(person.id.clone()),
        name: person.name.clone(),
        role: ReviewRole::Facilitator,
        title: person.role_title.clone(),
    }));
    let actor = me.map(|person| person.id.as_str()).unwrap_or_default();
    let doc = api.rooms().create(actor, &postmortem)?;
    Ok(DocRef { doc })
}

/// The plain snapshot of one postmortem.
pub fn postmortem_get(api: &Api, request: DocRef) -> Result<Postmortem, ApiError> {
    Ok(Postmortem::clone(&*api.snapshot(&request.doc)?))
}

/// Durations, phase bar and completeness checks of one postmortem, unsaved edits included, and whether it is in the trash.
pub fn postmortem_derived(api: &Api, request: DocRef) -> Result<PostmortemDerived, ApiError> {
    let snapshot = api.snapshot(&request.doc)?;
    let directory = super::directory::told_by(api, &snapshot);
    let names = |id: &model::postmortem::PersonId| {
        super::directory::person_name(&directory, Some(&snapshot), id)
    };
    Ok(PostmortemDerived {
        derived: model::derived::derive(&snapshot, &names),
        trashed: place_of(api, &request.doc)? == Some(true),
    })
}

/// What a postmortem would leave open if it went.
pub fn postmortem_open_actions(api: &Api, request: DocRef) -> Result<OpenActions, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    let filter = ActionFilter {
        doc: Some(request.doc),
        statuses: vec![ActionStatus::Open, ActionStatus::InProgress],
        limit: 1_000,
        ..ActionFilter::default()
    };
    Ok(OpenActions {
        actions: api.store().actions(&filter, api.today(), api.zone())?.rows,
    })
}

/// Moves a postmortem to the trash.
pub fn postmortem_trash(api: &Api, request: DocRef) -> Result<Empty, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    api.rooms().trash(&request.doc)?;
    Ok(Empty {})
}

/// Takes a postmortem out of the trash.
pub fn postmortem_restore(api: &Api, request: DocRef) -> Result<Empty, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    api.rooms().restore(&request.doc)?;
    Ok(Empty {})
}

/// Erases a trashed postmortem, its log and its images for good.
pub fn postmortem_erase(api: &Api, request: DocRef) -> Result<Empty, ApiError> {
    bounds::text("doc", &request.doc, bounds::WORD)?;
    api.rooms().erase(&request.doc)?;
    Ok(Empty {})
}

/// Erases for good what was shown in the trash, unless something else lies there too.
pub fn trash_empty(api: &Api, request: TrashSeen) -> Result<Empty, ApiError> {
    api.rooms()
        .erase_trash(&request.docs, &api.store().hidden())?;
    Ok(Empty {})
}

/// Makes the example: the login outage, or a year of incidents that ends with it, with people and services. Asked for
/// again, it makes another one of the same people. Answers with the login outage.
pub fn demo_new(api: &Api, request: DemoNew) -> Result<DocRef, ApiError> {
    let (postmortems, people, services) = match request.year {
        true => {
            let year = model::sample_year::sample_year(api.now())
                .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
            (year.postmortems, year.people, year.services)
        }
        false => {
            let (postmortem, people, services) = model::demo::login_outage(api.now());
            (vec![postmortem], people, services)
        }
    };
    // The people come first: taken in twice they are the same, but each try would leave an example behind.
    super::imports::settle::join(api, people, services)?;
    let mut doc = DocId::default();
    for mut postmortem in postmortems {
        if place_of(api, &postmortem.id)?.is_some() {
            postmortem.id = Uuid::now_v7().to_string();
        }
        doc = api.rooms().create(&api.actor(), &postmortem)?;
    }
    Ok(DocRef { doc })
}

/// Whether a postmortem of that id is in the trash; `None` when the workspace has none.
pub(super) fn place_of(api: &Api, doc: &str) -> Result<Option<bool>, ApiError> {
    let found = api
        .store()
        .document(doc)?
        .filter(|found| found.kind == DocumentKind::Postmortem);
    Ok(found.map(|found| found.trashed_at.is_some()))
}

/// Refuses changes to what lies in the trash.
pub(super) fn refuse_trashed(api: &Api, doc: &str) -> Result<(), ApiError> {
    match place_of(api, doc)? {
        Some(true) => Err(collab::RoomError::Trashed.into()),
        _ => Ok(()),
    }
}

/// A postmortem as a template starts it, with a new id.
fn from_template(template: &Template) -> Postmortem {
    let mut tags = template.defaults.tags.clone();
    tags.sort();
    tags.dedup();
    let id: DocId = Uuid::now_v7().to_string();
    Postmortem {
        id,
        schema: SCHEMA,
        severity: template.defaults.severity,
        status: Status::Draft,
        template: template.id.clone(),
        tags,
        sections: template
            .sections
            .iter()
            .map(|section| Section {
                id: section.id.clone(),
                title: section.title.clone(),
                text: section.text.clone(),
            })
            .collect(),
        impact: template
            .defaults
            .impact
            .iter()
            .map(|label| ImpactFact {
                id: Uuid::now_v7().to_string(),
                text: label.clone(),
                ..ImpactFact::default()
            })
            .collect(),
        ..Postmortem::default()
    }
}
