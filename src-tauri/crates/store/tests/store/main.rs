//! Tests of the workspace file, each in a folder of its own.
#![allow(missing_docs, clippy::unwrap_used, clippy::new_without_default)]

mod accounts;
mod beside;
mod check;
mod erase;
mod full;
mod groups;
mod lists;
mod open;
mod published;
mod reminders;
mod schema;
mod search;
mod summary;

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use model::directory::{DIRECTORY_ID, Directory};
use model::postmortem::Postmortem;
use model::{directory_document, document};
use store::{DocumentKind, NewUpdate, Open, Parts, Store};
use tempfile::TempDir;

/// A workspace in a folder that goes with it.
pub struct Home {
    /// Dropped first: a file that is deleted while it is open gives its number to another test's file.
    pub store: Store,
    pub folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(folder.path().join("workspace.debrief"), Open::Create).unwrap();
        Self { store, folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("workspace.debrief")
    }

    /// A second connection to the file, as another program would open it.
    pub fn raw(&self) -> rusqlite::Connection {
        raw(&self.path())
    }
}

pub fn raw(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .unwrap();
    connection
}

pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap()
}

/// Undoes what migrations after the fourth have made, to make a file as an older Debrief left it.
pub const WITHOUT_LATER: &str = "
    DROP INDEX action_by_doc; DROP INDEX action_to_check; ALTER TABLE person DROP COLUMN team; ALTER TABLE action DROP COLUMN moves;
    ALTER TABLE action DROP COLUMN reopened; ALTER TABLE action DROP COLUMN evidence_image;
    ALTER TABLE action DROP COLUMN evidence_skipped; ALTER TABLE action DROP COLUMN check_on;
    DROP INDEX postmortem_by_review_owner; ALTER TABLE postmortem DROP COLUMN review_owner;
    DROP TABLE session; DROP TABLE invitation; DROP TABLE admitted; DROP TABLE restricted; DROP TABLE account; DROP TABLE audit; DROP TABLE served;
    DROP TABLE reminder_look; DROP TABLE reminder_item; DROP TABLE reminder_digest; DROP TABLE reminder_message; DROP TABLE calendar_feed;
    DROP TRIGGER log_marked; DROP TABLE log_mark; DROP TABLE erased; DROP TABLE brought; DROP TABLE sealed; DROP TABLE giving_back; DROP TABLE refused;
    DROP TABLE waiting; DROP TABLE waiting_blob; DROP TABLE served_document; DROP TABLE withdrawn; DROP TABLE replica; DROP TABLE workspace;
";

pub const AT: i64 = 1_795_000_000_000;

/// Writes a postmortem as a new document, the way rooms do.
pub fn add(store: &Store, id: &str, content: &Postmortem, at_ms: i64) {
    let doc = document::new_doc();
    document::write(&doc, content);
    document::number_rows(&doc);
    let bytes = document::encode_state(&doc);
    store
        .write(|w| {
            w.add_document(id, DocumentKind::Postmortem, at_ms)?;
            w.append(
                id,
                &NewUpdate {
                    at_ms,
                    actor: "",
                    client: None,
                    bytes: &bytes,
                },
            )?;
            w.project_postmortem(id, &document::read_as(&doc, id), Parts::All)
        })
        .unwrap();
}

/// Changes a stored postmortem, projecting only what is dirty.
pub fn change(
    store: &Store,
    id: &str,
    at_ms: i64,
    actor: &str,
    edit: impl FnOnce(&mut Postmortem),
) {
    let doc = document::new_doc();
    for row in store.log(id).unwrap() {
        document::apply(&doc, &row.bytes).unwrap();
    }
    let watch = document::watch(&doc);
    let mut content = document::read_as(&doc, id);
    edit(&mut content);
    let bytes = document::write(&doc, &content);
    let dirty = watch.take();
    store
        .write(|w| {
            w.append(
                id,
                &NewUpdate {
                    at_ms,
                    actor,
                    client: None,
                    bytes: &bytes,
                },
            )?;
            w.project_postmortem(id, &document::read_as(&doc, id), Parts::Only(&dirty))
        })
        .unwrap();
}

/// Writes the directory.
pub fn set_directory(store: &Store, content: &Directory) {
    let doc = document::new_doc();
    for row in store.log(DIRECTORY_ID).unwrap() {
        document::apply(&doc, &row.bytes).unwrap();
    }
    let bytes = directory_document::write(&doc, content);
    store
        .write(|w| {
            w.append(
                DIRECTORY_ID,
                &NewUpdate {
                    at_ms: AT,
                    actor: "",
                    client: None,
                    bytes: &bytes,
                },
            )?;
            w.project_directory(&directory_document::read(&doc))
        })
        .unwrap();
}

/// The example and its people in a workspace; returns its id.
pub fn add_example(store: &Store) -> String {
    let (content, people, services) = model::demo::login_outage(now());
    set_directory(
        store,
        &Directory {
            people,
            services,
            ..Directory::default()
        },
    );
    let id = "0193a000-0000-7000-8000-000000000001".to_owned();
    add(store, &id, &content, AT);
    id
}
