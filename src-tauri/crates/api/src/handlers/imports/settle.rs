//! Whom of an import the workspace knows already, and whom it takes in.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::directory::{Directory, Person, Service};
use model::postmortem::{PersonId, ServiceId};
use uuid::Uuid;

use crate::error::ApiError;
use crate::handlers::directory::{checked_person, free_slug, is_address, required_name};
use crate::open::Api;

/// People and services of an import, as the workspace will have them.
#[derive(Default)]
pub struct Settled {
    /// Those that the workspace does not have.
    pub people: Vec<Person>,
    /// Under which id each of the others is known here.
    pub known_as: BTreeMap<PersonId, PersonId>,
    /// Services that the workspace does not have.
    pub services: Vec<Service>,
    /// Under which id each of the others is known here.
    pub called: BTreeMap<ServiceId, ServiceId>,
}

/// Finds people and services in the directory. Those that are new have to be what the app itself would take; what it would
/// not is left out with a note.
pub fn settle(
    directory: &Directory,
    people: Vec<Person>,
    services: Vec<Service>,
    notes: &mut Vec<String>,
) -> Settled {
    let mut settled = Settled::default();
    let known = Known::of(&directory.people);
    let mut ids: HashSet<PersonId> = known.ids.iter().map(|id| (*id).to_owned()).collect();
    for person in people {
        if person.id.is_empty() || ids.contains(&person.id) {
            continue;
        }
        if let Some(same) = known.same(&person) {
            settled.known_as.insert(person.id, same.to_owned());
            continue;
        }
        let id = person.id.clone();
        let Some(mut person) = taken(person, notes) else {
            continue;
        };
        if !super::usable_id(&id) {
            person.id = Uuid::now_v7().to_string();
            settled.known_as.insert(id, person.id.clone());
        }
        ids.insert(person.id.clone());
        settled.people.push(person);
    }
    settle_services(directory, services, &mut settled, notes);
    settled
}

fn settle_services(
    directory: &Directory,
    services: Vec<Service>,
    settled: &mut Settled,
    notes: &mut Vec<String>,
) {
    let mut ids: HashSet<ServiceId> = HashSet::new();
    let mut names: HashMap<String, ServiceId> = HashMap::new();
    for known in &directory.services {
        ids.insert(known.id.clone());
        names
            .entry(known.name.to_lowercase())
            .or_insert_with(|| known.id.clone());
    }
    for service in services {
        if service.id.is_empty() || ids.contains(&service.id) {
            continue;
        }
        let Ok(name) = required_name("name", &service.name) else {
            notes.push(format!(
                "The service “{}” was not taken in: its name is empty or too long.",
                crate::describe::shortened(&service.id, 60)
            ));
            continue;
        };
        if let Some(known) = names.get(&name.to_lowercase()) {
            settled.called.insert(service.id, known.clone());
            continue;
        }
        let id = match is_slug(&service.id) {
            true => service.id,
            false => {
                let id = free_slug(&name, "service", |id| ids.contains(id));
                settled.called.insert(service.id, id.clone());
                id
            }
        };
        names.insert(name.to_lowercase(), id.clone());
        ids.insert(id.clone());
        settled.services.push(Service { id, name });
    }
}

/// Takes people and services into the directory, except those who have come in meanwhile.
pub fn join(api: &Api, people: Vec<Person>, services: Vec<Service>) -> Result<(), ApiError> {
    if people.is_empty() && services.is_empty() {
        return Ok(());
    }
    api.rooms().edit_directory(&api.actor(), |directory| {
        let known: HashSet<PersonId> = directory.people.iter().map(|p| p.id.clone()).collect();
        let new = people.into_iter().filter(|p| !known.contains(&p.id));
        directory.people.extend(new);
        let known: HashSet<ServiceId> = directory.services.iter().map(|s| s.id.clone()).collect();
        let new = services.into_iter().filter(|s| !known.contains(&s.id));
        directory.services.extend(new);
        Ok(())
    })
}

/// A person as the app would save them; nobody when it would not.
fn taken(mut person: Person, notes: &mut Vec<String>) -> Option<Person> {
    let shown = crate::describe::shortened(&person.name, 60);
    if !person.email.trim().is_empty() && !is_address(person.email.trim()) {
        notes.push(format!(
            "“{}” is no e-mail address; {shown} was taken in without it.",
            crate::describe::shortened(&person.email, 60)
        ));
        person.email.clear();
    }
    match checked_person(person) {
        Ok(person) => Some(person),
        Err(error) => {
            notes.push(format!(
                "“{shown}” was not taken into the people of this workspace. {}",
                error.message
            ));
            None
        }
    }
}

/// As services are named here: letters and digits of any script, and hyphens.
fn is_slug(id: &str) -> bool {
    id.chars().count() <= 64 && id.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// People of the directory by what they can be told by, in lower case.
struct Known<'a> {
    ids: HashSet<&'a str>,
    people: Vec<Told>,
    by_email: HashMap<String, Vec<usize>>,
    by_handle: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

struct Told {
    id: PersonId,
    email: String,
    handle: String,
}

impl<'a> Known<'a> {
    fn of(people: &'a [Person]) -> Self {
        let mut known = Self {
            ids: people.iter().map(|person| person.id.as_str()).collect(),
            people: Vec::with_capacity(people.len()),
            by_email: HashMap::new(),
            by_handle: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (at, person) in people.iter().enumerate() {
            let told = Told {
                id: person.id.clone(),
                email: person.email.to_lowercase(),
                handle: person.handle.to_lowercase(),
            };
            for (words, by) in [
                (told.email.clone(), &mut known.by_email),
                (told.handle.clone(), &mut known.by_handle),
                (person.name.to_lowercase(), &mut known.by_name),
            ] {
                if !words.is_empty() {
                    by.entry(words).or_default().push(at);
                }
            }
            known.people.push(told);
        }
        known
    }

    /// Somebody by e-mail address, else handle, else full name. A name alone does not make two people with different
    /// addresses one.
    fn same(&self, person: &Person) -> Option<&str> {
        let email = person.email.to_lowercase();
        let handle = person.handle.to_lowercase();
        let apart = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && one != other;
        let only = |by: &HashMap<String, Vec<usize>>, words: &str, fits: &dyn Fn(&Told) -> bool| {
            let mut found = by
                .get(words)
                .into_iter()
                .flatten()
                .filter_map(|at| self.people.get(*at))
                .filter(|told| fits(told));
            let first = found.next()?;
            found.next().is_none().then_some(first.id.as_str())
        };
        only(&self.by_email, &email, &|_| true)
            .or_else(|| {
                only(&self.by_handle, &handle, &|told| {
                    !apart(&told.email, &email)
                })
            })
            .or_else(|| {
                only(&self.by_name, &person.name.to_lowercase(), &|told| {
                    !apart(&told.email, &email) && !apart(&told.handle, &handle)
                })
            })
    }
}
