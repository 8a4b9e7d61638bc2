//! Files that the person chooses. `DEBRIEF_PICK` answers in place of the dialogs, for tests: a file is the answer
//! itself, in a folder saves go under the proposed name and the newest file is opened, and an empty value cancels.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use api::Api;
use api::error::{ApiError, ErrorCode};
use api::types::Imported;
use serde::Serialize;
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;

/// What a file is opened for.
#[derive(Clone, Copy)]
pub enum What {
    /// An exported postmortem.
    Import,
    /// A review template.
    Template,
    /// A workspace.
    Workspace,
}

/// A file that was chosen, not yet read.
#[derive(Serialize)]
pub struct PickedPath {
    /// Absolute path.
    pub path: String,
    /// Its last part.
    pub name: String,
}

impl From<&Path> for PickedPath {
    fn from(path: &Path) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            name: name_of(path),
        }
    }
}

/// A file that was chosen, already read.
#[derive(Serialize)]
pub struct PickedFile {
    /// The last part of its path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What the person agreed to have read and written in this run. The page may name no other path.
pub struct Picked {
    answer: Option<PathBuf>,
    writable: Mutex<BTreeSet<PathBuf>>,
    readable: Mutex<BTreeSet<PathBuf>>,
    named: Mutex<Option<PathBuf>>,
}

impl Picked {
    /// With the answer from the environment, when there is one.
    pub fn from_environment() -> Self {
        Self {
            answer: std::env::var_os("DEBRIEF_PICK").map(PathBuf::from),
            writable: Mutex::default(),
            readable: Mutex::default(),
            named: Mutex::default(),
        }
    }

    /// Asks where to save, and remembers the answer. Blocks; never call it on the main thread.
    pub fn save<R: Runtime>(&self, app: &AppHandle<R>, name: &str) -> Option<PathBuf> {
        let path = match &self.answer {
            Some(answer) => test_save(answer, name)?,
            None => app
                .dialog()
                .file()
                .set_title("Save")
                .set_file_name(name)
                .blocking_save_file()?
                .into_path()
                .ok()?,
        };
        lock(&self.writable).insert(path.clone());
        Some(path)
    }

    /// Whether the person agreed to write there.
    pub fn may_write(&self, path: &Path) -> bool {
        lock(&self.writable).contains(path)
    }

    /// Whether the person chose this file to be imported.
    pub fn may_read(&self, path: &Path) -> bool {
        lock(&self.readable).contains(path)
    }

    /// Keeps the workspace that a second start of the app named.
    pub fn name(&self, path: PathBuf) {
        *lock(&self.named) = Some(path);
    }

    /// The workspace that a second start of the app named; once.
    pub fn named(&self) -> Option<PathBuf> {
        lock(&self.named).take()
    }

    /// Asks for an existing file. Blocks; never call it on the main thread.
    pub fn open<R: Runtime>(&self, app: &AppHandle<R>, what: What) -> Option<PathBuf> {
        let path = self.ask(app, what)?;
        if matches!(what, What::Import) {
            lock(&self.readable).insert(path.clone());
        }
        Some(path)
    }

    fn ask<R: Runtime>(&self, app: &AppHandle<R>, what: What) -> Option<PathBuf> {
        if let Some(answer) = &self.answer {
            return test_open(answer);
        }
        let (title, kind, extensions): (_, _, &[&str]) = match what {
            What::Import => (
                "Import a postmortem",
                "Markdown or JSON",
                &["md", "markdown", "json"],
            ),
            What::Template => ("Add a template", "Markdown", &["md", "markdown"]),
            What::Workspace => ("Open a workspace", "Debrief workspaces", &["debrief"]),
        };
        app.dialog()
            .file()
            .set_title(title)
            .add_filter(kind, extensions)
            .add_filter("All files", &["*"])
            .blocking_pick_file()?
            .into_path()
            .ok()
    }
}

fn test_save(answer: &Path, name: &str) -> Option<PathBuf> {
    if answer.as_os_str().is_empty() {
        None
    } else if answer.is_dir() {
        Some(answer.join(name))
    } else {
        Some(answer.to_path_buf())
    }
}

fn test_open(answer: &Path) -> Option<PathBuf> {
    if !answer.is_dir() {
        return (!answer.as_os_str().is_empty()).then(|| answer.to_path_buf());
    }
    std::fs::read_dir(answer)
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .max_by_key(|entry| entry.metadata().and_then(|data| data.modified()).ok())
        .map(|entry| entry.path())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under these locks can be left half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Reads a chosen file of at most `most` bytes, or says what is wrong with it.
fn read_bytes(path: &Path, most: usize) -> Result<Vec<u8>, ApiError> {
    let name = name_of(path);
    let refuse = |sentence: String| ApiError::new(ErrorCode::Invalid, sentence);
    api::refuse_in_use(path)?;
    // The kind is asked for first: opening a pipe that nobody writes to would wait for ever.
    if path.exists() && !path.is_file() {
        return Err(refuse(format!("“{name}” is not a file.")));
    }
    let file = std::fs::File::open(path)
        .map_err(|problem| refuse(format!("“{name}” could not be opened: {problem}.")))?;
    let mut bytes = Vec::new();
    // The limit holds for what is read, whatever the file's size claims: it may grow.
    file.take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|problem| refuse(format!("“{name}” could not be read: {problem}.")))?;
    if bytes.len() > most {
        let (most, unit) = match most / (1024 * 1024) {
            0 => (most / 1024, "kB"),
            megabytes => (megabytes, "MB"),
        };
        return Err(refuse(format!(
            "“{name}” is larger than {most} {unit} and was not read. Nothing was changed."
        )));
    }
    Ok(bytes)
}

/// Reads a chosen file as text, or says what is wrong with it.
pub fn read(path: &Path) -> Result<PickedFile, ApiError> {
    let name = name_of(path);
    let text = String::from_utf8(read_bytes(path, api::bounds::TEMPLATE)?).map_err(|problem| {
        ApiError::new(
            ErrorCode::Invalid,
            format!(
                "“{name}” is not UTF-8 text (byte {} cannot be read). Choose a Markdown file.",
                problem.utf8_error().valid_up_to() + 1
            ),
        )
    })?;
    Ok(PickedFile { name, text })
}

/// Makes a postmortem of a chosen file, with the images that lie beside it.
pub fn import(api: &Api, path: &Path) -> Result<Imported, ApiError> {
    let bytes = read_bytes(path, api::bounds::IMPORT_FILE)?;
    api::handlers::import_beside(
        api,
        &name_of(path),
        &bytes,
        path.parent().unwrap_or_else(|| Path::new("")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_text_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("photo.md");
        std::fs::write(&path, b"abc\xff\xfe").expect("the test can write");
        let error = read(&path).err().expect("bytes that are not text");
        assert!(
            error.message.contains("photo.md") && error.message.contains("byte 4"),
            "the sentence names the file and the place: {}",
            error.message
        );
    }

    #[test]
    fn a_file_that_is_too_large_for_a_template_is_not_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("large.md");
        let text = "x".repeat(api::bounds::TEMPLATE);
        std::fs::write(&path, &text).expect("the test can write");
        assert!(read(&path).is_ok(), "the largest template is read");
        std::fs::write(&path, text + "x").expect("the test can write");
        let error = read(&path).err().expect("one byte too many");
        assert!(
            error.message.contains("larger than 256 kB"),
            "the sentence says how much fits: {}",
            error.message
        );
    }

    #[test]
    fn a_folder_answers_saves_with_the_proposed_name_and_opens_with_the_newest_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = test_save(folder.path(), "a.md").expect("a folder takes every save");
        std::fs::write(&path, "text").expect("the folder is writable");
        assert_eq!(
            test_open(folder.path()),
            Some(path),
            "the only file is the newest"
        );
        assert_eq!(test_open(Path::new("")), None, "an empty answer cancels");
    }

    #[test]
    fn a_chosen_markdown_file_brings_the_images_beside_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = |name: &str| {
            let config = api::Config::new(
                folder.path().join(name),
                folder.path().to_path_buf(),
                api::Shell::Desktop,
            );
            Api::open(config).expect("a new workspace")
        };
        let from = open("from.debrief");
        let doc = from
            .call("demo_new", serde_json::json!({}))
            .expect("the example")["doc"]
            .as_str()
            .expect("an id")
            .to_owned();
        let hash = from
            .put_blob(b"\x89PNG\r\n\x1a\n and some bytes")
            .expect("an image is kept");
        from.rooms()
            .room(&doc)
            .expect("the room opens")
            .edit("", |postmortem| {
                if let Some(event) = postmortem.timeline.first_mut() {
                    event.image = serde_json::from_value(
                        serde_json::json!({ "hash": hash, "alt": "A chart" }),
                    )
                    .expect("an image");
                }
                Ok::<_, ApiError>(())
            })
            .expect("an edit");
        let file = folder.path().join("outage.md");
        from.call(
            "export_save",
            serde_json::json!({ "doc": doc, "format": "md", "path": file }),
        )
        .expect("an export");
        let to = open("to.debrief");
        let imported = import(&to, &file).expect("it imports");
        assert_eq!(imported.notes, Vec::<String>::new(), "nothing was left out");
        assert!(
            to.blob(&hash).expect("it can be looked for").is_some(),
            "the image that lay beside the file is in the workspace"
        );
    }

    #[test]
    fn a_workspace_that_a_second_start_named_is_taken_once() {
        let picked = Picked::from_environment();
        picked.name(PathBuf::from("/somewhere/else.debrief"));
        assert_eq!(
            picked.named(),
            Some(PathBuf::from("/somewhere/else.debrief")),
            "it is the one that was named"
        );
        assert_eq!(picked.named(), None, "a later switch asks again");
        assert!(
            !picked.may_read(Path::new("/somewhere/else.debrief")),
            "naming a workspace lets the page read nothing"
        );
    }
}
