//! The workspace's directory: people, services and the settings that everybody shares.

use model::account::AccountRole;
use model::directory::{Directory, Person, Service};
use model::postmortem::Postmortem;
use uuid::Uuid;

use crate::account::at_least;
use crate::bounds;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::{DirectoryView, Empty, IdRef, ServiceSave, SettingsSave};

/// People, services, themes and shared settings. Export templates can be large and are told by
/// [`export_templates`](super::export_templates()) alone.
///
/// A guest gets the names and roles of this review's people, and its services.
pub fn directory(api: &Api, _: Empty) -> Result<DirectoryView, ApiError> {
    if let Some(guest) = api.guest() {
        return Ok(DirectoryView {
            directory: of_the_room(&api.directory(), &*api.snapshot(&guest.doc)?, &guest.person),
            open_actions: std::collections::BTreeMap::new(),
        });
    }
    let mut directory = Directory::clone(&*api.directory());
    directory.export_templates.clear();
    Ok(DirectoryView {
        directory,
        open_actions: api.store().open_actions_by_owner()?,
    })
}

/// The people and services by which a postmortem is told to the caller: guests know nobody but those who take part.
pub(super) fn told_by(api: &Api, postmortem: &Postmortem) -> std::sync::Arc<Directory> {
    let directory = api.directory();
    match api.guest() {
        Some(guest) => of_the_room(&directory, postmortem, &guest.person).into(),
        None => directory,
    }
}

/// The part of the directory that a postmortem's guests may see.
fn of_the_room(directory: &Directory, postmortem: &Postmortem, me: &str) -> Directory {
    let takes_part = |id: &str| {
        id == me
            || postmortem
                .participants
                .iter()
                .any(|participant| participant.person.as_deref() == Some(id))
    };
    Directory {
        people: directory
            .people
            .iter()
            .filter(|person| takes_part(&person.id))
            .map(|person| Person {
                id: person.id.clone(),
                name: person.name.clone(),
                short_name: person.short_name.clone(),
                role_title: person.role_title.clone(),
                ..Person::default()
            })
            .collect(),
        services: directory
            .services
            .iter()
            .filter(|service| postmortem.services.contains(&service.id))
            .cloned()
            .collect(),
        themes: directory.themes.clone(),
        settings: model::directory::SharedSettings {
            due_days: directory.settings.due_days,
            look_again_days: directory.settings.look_again_days,
            ..Default::default()
        },
        ..Directory::default()
    }
}

/// Adds (empty id) or changes a person.
pub fn person_save(api: &Api, request: Person) -> Result<Person, ApiError> {
    let mut person = checked_person(request)?;
    let new = person.id.is_empty();
    if let Some(account) = super::accounts::own(api)
        && !new
        && api.me().as_ref() != Some(&person.id)
    {
        // Names say who wrote what.
        at_least(account.role, AccountRole::Facilitator)?;
    }
    if api.account().is_some() && !new {
        refuse_in_disguise(api, &person)?;
    }
    if new {
        person.id = Uuid::now_v7().to_string();
    }
    api.rooms().edit_directory(&api.actor(), |directory| {
        match directory
            .people
            .iter_mut()
            .find(|known| known.id == person.id)
        {
            Some(known) => *known = person.clone(),
            None if new => directory.people.push(person.clone()),
            None => {
                return Err(ApiError::not_found(
                    "This person is not in the workspace's directory.",
                ));
            }
        }
        Ok(person.clone())
    })
}

/// In a workspace that is served to a team, nobody takes the name of somebody with an account, and nobody's mail is sent elsewhere
/// but by themselves and by admins.
pub(super) fn refuse_in_disguise(api: &Api, person: &Person) -> Result<(), ApiError> {
    let directory = api.directory();
    let before = directory.people.iter().find(|known| known.id == person.id);
    let named_so =
        |known: &&Person| known.id != person.id && crate::names::same(&known.name, &person.name);
    if before.is_some_and(|before| before.name != person.name)
        && let Some(other) = directory.people.iter().find(named_so)
    {
        return Err(ApiError::invalid(
            "name",
            format!("There is somebody called {} already.", other.name),
        ));
    }
    let mail = before.is_some_and(|before| before.email != person.email);
    let own = api.me().as_ref() == Some(&person.id);
    if mail && !own {
        let accounts = api.whole_store().accounts()?;
        if accounts
            .iter()
            .any(|account| account.person == person.id && account.ended_at.is_none())
        {
            api.require(AccountRole::Admin)?;
        }
    }
    Ok(())
}

/// Adds (empty id) or renames a service.
pub fn service_save(api: &Api, request: ServiceSave) -> Result<Service, ApiError> {
    let name = required_name("name", &request.name)?;
    api.rooms().edit_directory(&api.actor(), |directory| {
        let same_name = |service: &&Service| service.name.to_lowercase() == name.to_lowercase();
        if directory
            .services
            .iter()
            .filter(same_name)
            .any(|service| service.id != request.id)
        {
            return Err(ApiError::invalid(
                "name",
                format!("There is a service “{name}” already."),
            ));
        }
        if request.id.is_empty() {
            let taken = |id: &str| directory.services.iter().any(|service| service.id == id);
            let service = Service {
                id: free_slug(&name, "service", taken),
                name: name.clone(),
            };
            directory.services.push(service.clone());
            return Ok(service);
        }
        match directory
            .services
            .iter_mut()
            .find(|service| service.id == request.id)
        {
            Some(service) => {
                service.name.clone_from(&name);
                Ok(service.clone())
            }
            None => Err(ApiError::not_found(
                "This service is not in the workspace's directory.",
            )),
        }
    })
}

/// Takes a service out of the directory. Postmortems that name it keep naming it.
pub fn service_remove(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    api.rooms().edit_directory(&api.actor(), |directory| {
        let before = directory.services.len();
        directory
            .services
            .retain(|service| service.id != request.id);
        if directory.services.len() == before {
            return Err(ApiError::not_found(
                "This service is not in the workspace's directory.",
            ));
        }
        Ok(Empty {})
    })
}

/// Changes the settings that everybody shares.
pub fn settings_save(api: &Api, request: SettingsSave) -> Result<Empty, ApiError> {
    let settings = request.settings;
    if !settings.timezone.is_empty() {
        known_zone("timezone", &settings.timezone)?;
    }
    let days = settings.due_days;
    for (field, days) in [
        ("sev1", days.sev1),
        ("sev2", days.sev2),
        ("sev3", days.sev3),
        ("sev4", days.sev4),
        ("sev5", days.sev5),
    ] {
        if !(1..=3650).contains(&days) {
            return Err(ApiError::invalid(
                field,
                "Action items are due after 1 to 3650 days.",
            ));
        }
    }
    let remind = settings.reminders;
    for (field, days) in [
        ("days_before", remind.days_before),
        ("every_days", remind.every_days),
    ] {
        if days > 365 {
            return Err(ApiError::invalid(
                field,
                "Reminders are at most 365 days away.",
            ));
        }
    }
    if remind.hour > 23 {
        return Err(ApiError::invalid(
            "hour",
            "An hour is a number from 0 to 23.",
        ));
    }
    if settings.look_again_days > 3650 {
        return Err(ApiError::invalid(
            "look_again",
            "Somebody is asked after 1 to 3650 days; 0 asks nobody.",
        ));
    }
    bounds::text("default_template", &settings.default_template, bounds::WORD)?;
    let directory = api.directory();
    if !settings.default_template.is_empty()
        && super::templates::find(&directory, &settings.default_template).is_err()
    {
        return Err(ApiError::invalid(
            "default_template",
            format!(
                "There is no template “{}” in this workspace.",
                settings.default_template
            ),
        ));
    }
    api.rooms().edit_directory(&api.actor(), |directory| {
        directory.settings = settings;
        Ok(Empty {})
    })
}

/// A person as the directory takes them: every value on one line, with a name, and an e-mail address that is one.
pub(super) fn checked_person(mut person: Person) -> Result<Person, ApiError> {
    person.name = required_name("name", &person.name)?;
    person.short_name = trimmed("short_name", &person.short_name)?;
    person.handle = trimmed("handle", &person.handle)?
        .trim_start_matches('@')
        .to_owned();
    person.email = trimmed("email", &person.email)?;
    person.role_title = trimmed("role_title", &person.role_title)?;
    person.timezone = trimmed("timezone", &person.timezone)?;
    if !person.timezone.is_empty() {
        known_zone("timezone", &person.timezone)?;
    }
    person.team = trimmed("team", &person.team)?;
    if !person.email.is_empty() && !is_address(&person.email) {
        return Err(ApiError::invalid(
            "email",
            "This is not an e-mail address: write it as name@example.org.",
        ));
    }
    Ok(person)
}

/// A name with nothing around it; refused when nothing is left or it is too long.
pub(super) fn required_name(field: &str, name: &str) -> Result<String, ApiError> {
    let name = trimmed(field, name)?;
    // Invisible characters alone would make a person whom nobody can see.
    if !name.chars().any(char::is_alphanumeric) {
        return Err(ApiError::invalid(field, "A name is needed here."));
    }
    Ok(name)
}

/// Refuses what is no IANA zone.
pub(super) fn known_zone(field: &str, zone: &str) -> Result<(), ApiError> {
    match zone.parse::<chrono_tz::Tz>() {
        Ok(_) => Ok(()),
        Err(_) => Err(ApiError::invalid(
            field,
            format!(
                "“{}” is not a time zone: name one such as Europe/Berlin or UTC.",
                crate::describe::shortened(zone, 60)
            ),
        )),
    }
}

/// A person's name: the directory's, else the one that a participant of the review goes by.
pub(crate) fn person_name(
    directory: &Directory,
    postmortem: Option<&Postmortem>,
    id: &str,
) -> Option<String> {
    let known = directory
        .people
        .iter()
        .find(|person| person.id == id)
        .map(|person| person.name.clone());
    known.or_else(|| {
        let participants = postmortem
            .map(|postmortem| postmortem.participants.as_slice())
            .unwrap_or_default();
        participants
            .iter()
            .find(|participant| participant.person.as_deref() == Some(id))
            .map(|participant| participant.name.clone())
    })
}

/// A slug of a name that nobody has yet.
pub(super) fn free_slug(name: &str, fallback: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars().take(60) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { fallback } else { slug };
    if !taken(slug) {
        return slug.to_owned();
    }
    (2..)
        .map(|count| format!("{slug}-{count}"))
        .find(|slug| !taken(slug))
        .unwrap_or_else(|| slug.to_owned())
}

fn trimmed(field: &str, value: &str) -> Result<String, ApiError> {
    bounds::text(field, value, bounds::NAME)?;
    // A line break would tear lists and file formats that give a person one line.
    Ok(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a text looks like an e-mail address.
pub(super) fn is_address(address: &str) -> bool {
    address
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        && !address.contains(char::is_whitespace)
}
