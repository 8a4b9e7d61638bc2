//! Postmortems from exported files.

pub(super) mod settle;
mod tidy;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use ingest::ImageFile;
use model::directory::DIRECTORY_ID;
use model::postmortem::{DocId, Postmortem, ServiceId};
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::{ImportRequest, Imported};
use crate::{bounds, files};

/// More notes than a person reads are counted instead.
const NOTES: usize = 60;

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
    for (many, what) in [
        (postmortem.services.len(), "services"),
        (postmortem.tags.len(), "tags"),
    ] {
        if many > bounds::LIST {
            let message = format!(
                "This file has {many} {what}; one postmortem has at most 1,000. Nothing was imported."
            );
            return Err(ApiError::invalid("text", message));
        }
    }
    tidy::tidy(&mut postmortem, api.zone(), &mut notes);
    let settled = settle::settle(&api.directory(), people, services, &mut notes);
    ingest::rename_people(&mut postmortem, &settled.known_as);
    rename_services(&mut postmortem, &settled.called);
    if !usable_id(&postmortem.id) || api.whole_store().document(&postmortem.id)?.is_some() {
        postmortem.id = Uuid::now_v7().to_string();
    }
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
    let title = postmortem.title.clone();
    // The postmortem is the import: when it cannot be stored, nobody was taken in for it.
    let doc: DocId = api.rooms().create(&api.actor(), &postmortem)?;
    if let Err(error) = settle::join(api, settled.people, settled.services) {
        notes.push(format!(
            "The people and services of this file are not in the directory yet. {}",
            error.message
        ));
    }
    if notes.len() > NOTES {
        let more = notes.len() - NOTES;
        notes.truncate(NOTES);
        notes.push(format!("… and {more} more of this kind."));
    }
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
            Ok(bytes) if ingest::image_hash(&bytes) != file.hash => notes.push(format!(
                "The image {} is not the one that was exported; it was left out.",
                file.path
            )),
            Ok(bytes) => {
                api.put_blob(&bytes)?;
            }
            Err(why) => notes.push(format!("The image {} was left out: {why}.", file.path)),
        }
    }
    if missing > 0 {
        let (images, their) = match missing {
            1 => ("1 image lies".into(), "its image"),
            many => (format!("{many} images lie"), "its images"),
        };
        notes.push(format!(
            "{images} beside the file and did not come along. Choose the file itself, or import it with `debrief import`, to bring {their} along."
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
