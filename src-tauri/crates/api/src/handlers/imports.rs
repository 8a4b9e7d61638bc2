//! Postmortems from exported files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use ingest::ImageFile;
use model::directory::{DIRECTORY_ID, Directory, Person, Service};
use model::postmortem::{DocId, PersonId, Postmortem, ServiceId};
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::{ImportRequest, Imported};
use crate::{bounds, files};

/// Makes a postmortem from an exported file. Images that lie beside a Markdown file cannot come along this way; a note
/// says so.
pub fn import(api: &Api, request: ImportRequest) -> Result<Imported, ApiError> {
    bounds::text("file_name", &request.file_name, bounds::NAME)?;
    bounds::bytes("text", request.text.len(), bounds::IMPORT)?;
    let read = ingest::import(&request.file_name, &request.text, api.now())
        .map_err(|error| unreadable(&error))?;
    take(api, read, None)
}

/// Makes a postmortem from the bytes of an exported file; images are looked for in the folder that the file lies in.
pub fn import_beside(
    api: &Api,
    file_name: &str,
    bytes: &[u8],
    folder: &Path,
) -> Result<Imported, ApiError> {
    bounds::bytes("text", bytes.len(), bounds::IMPORT_FILE)?;
    let read =
        ingest::import_bytes(file_name, bytes, api.now()).map_err(|error| unreadable(&error))?;
    take(api, read, Some(folder))
}

fn take(api: &Api, read: ingest::Imported, folder: Option<&Path>) -> Result<Imported, ApiError> {
    let ingest::Imported {
        mut postmortem,
        people,
        services,
        mut notes,
        images,
        image_files,
    } = read;
    for image in images {
        match api.put_blob(&image.bytes) {
            Ok(_) => {}
            Err(error) if error.code == ErrorCode::Invalid => {
                notes.push(format!("An image was left out: {}", error.message))
            }
            Err(error) => return Err(error),
        }
    }
    take_image_files(api, &image_files, folder, &mut notes)?;
    let actor = api.actor();
    let (known_as, called) = api.rooms().edit_directory(&actor, |directory| {
        let known_as = settle_people(directory, &people);
        let called = settle_services(directory, &services);
        Ok::<_, ApiError>((known_as, called))
    })?;
    ingest::rename_people(&mut postmortem, &known_as);
    rename_services(&mut postmortem, &called);
    if !usable_id(&postmortem.id) || api.store().document(&postmortem.id)?.is_some() {
        postmortem.id = Uuid::now_v7().to_string();
    }
    let title = postmortem.title.clone();
    let doc: DocId = api.rooms().create(&actor, &postmortem)?;
    Ok(Imported { doc, title, notes })
}

/// Brings in the images that lie beside a Markdown file; what cannot be brought in is noted.
fn take_image_files(
    api: &Api,
    files: &[ImageFile],
    folder: Option<&Path>,
    notes: &mut Vec<String>,
) -> Result<(), ApiError> {
    let mut missing = 0_usize;
    for file in files {
        if api.store().blob(&file.hash)?.is_some() {
            continue;
        }
        let Some(folder) = folder else {
            missing += 1;
            continue;
        };
        match read_image(folder, file) {
            Ok(bytes) => {
                let hash = api.put_blob(&bytes)?;
                if hash != file.hash {
                    notes.push(format!(
                        "The image {} is not the one that was exported; it was left out.",
                        file.path
                    ));
                }
            }
            Err(why) => notes.push(format!("The image {} was left out: {why}.", file.path)),
        }
    }
    if missing > 0 {
        notes.push(format!(
            "{missing} images lie beside the file and did not come along: import it with `debrief import`, or export it as JSON."
        ));
    }
    Ok(())
}

fn read_image(folder: &Path, file: &ImageFile) -> Result<Vec<u8>, String> {
    let path = folder.join(&file.path);
    let inside = |path: &Path| -> std::io::Result<bool> {
        Ok(path.canonicalize()?.starts_with(folder.canonicalize()?))
    };
    // A link could lead to any file of this computer, and from there into a document that is passed on.
    match inside(&path) {
        Ok(true) if path.is_file() => {}
        Ok(_) => return Err("it is no file beside the Markdown file".into()),
        Err(_) => return Err("it is not there".into()),
    }
    files::refuse_in_use(&path).map_err(|error| error.message)?;
    let opened = File::open(&path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    opened
        .take(bounds::BLOB as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if !super::exports::is_image(&bytes) {
        return Err("it is no PNG, JPEG, GIF or WebP of at most 10 MB".into());
    }
    Ok(bytes)
}

/// Adds the people whom the workspace does not have. Returns under which id each of the others is known here.
fn settle_people(directory: &mut Directory, people: &[Person]) -> BTreeMap<PersonId, PersonId> {
    let mut known_as = BTreeMap::new();
    for person in people {
        if directory.people.iter().any(|known| known.id == person.id) {
            continue;
        }
        match same_person(directory, person) {
            Some(known) => {
                known_as.insert(person.id.clone(), known);
            }
            None => directory.people.push(person.clone()),
        }
    }
    known_as
}

/// Somebody by e-mail address, else handle, else full name. A name alone does not make two people with different
/// addresses one.
fn same_person(directory: &Directory, person: &Person) -> Option<PersonId> {
    let same =
        |one: &str, other: &str| !one.is_empty() && one.to_lowercase() == other.to_lowercase();
    let apart = |one: &str, other: &str| !one.is_empty() && !other.is_empty() && !same(one, other);
    let people = &directory.people;
    let one = |matches: &dyn Fn(&Person) -> bool| {
        let mut found = people.iter().filter(|known| matches(known));
        let first = found.next()?;
        found.next().is_none().then(|| first.id.clone())
    };
    one(&|known| same(&known.email, &person.email))
        .or_else(|| {
            one(&|known| same(&known.handle, &person.handle) && !apart(&known.email, &person.email))
        })
        .or_else(|| {
            one(&|known| {
                same(&known.name, &person.name)
                    && !apart(&known.email, &person.email)
                    && !apart(&known.handle, &person.handle)
            })
        })
}

fn settle_services(
    directory: &mut Directory,
    services: &[Service],
) -> BTreeMap<ServiceId, ServiceId> {
    let mut called = BTreeMap::new();
    for service in services {
        if directory
            .services
            .iter()
            .any(|known| known.id == service.id)
        {
            continue;
        }
        let same_name = |known: &&Service| known.name.to_lowercase() == service.name.to_lowercase();
        match directory.services.iter().find(same_name) {
            Some(known) => {
                called.insert(service.id.clone(), known.id.clone());
            }
            None => directory.services.push(service.clone()),
        }
    }
    called
}

fn rename_services(postmortem: &mut Postmortem, called: &BTreeMap<ServiceId, ServiceId>) {
    for service in &mut postmortem.services {
        if let Some(known) = called.get(service) {
            service.clone_from(known);
        }
    }
    postmortem.services.sort();
    postmortem.services.dedup();
}

/// Whether an id from a file can stand as it is: short, plain, and not the directory's.
fn usable_id(id: &str) -> bool {
    (8..=64).contains(&id.len())
        && id != DIRECTORY_ID
        && id
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'-'))
}

fn unreadable(error: &ingest::ImportError) -> ApiError {
    ApiError::invalid("text", format!("{error}"))
}
