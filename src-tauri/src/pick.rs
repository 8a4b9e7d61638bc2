//! Files that the person chooses. `DEBRIEF_PICK` answers in place of the dialogs, for tests: a file is the answer
//! itself, in a folder saves go under the proposed name and the newest file is opened, and an empty value cancels.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use api::error::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;

/// The largest file that is read for an import, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// What a file is opened for.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An exported postmortem.
    Import,
    /// A review template.
    Template,
    /// A workspace.
    Workspace,
}

/// A file that was chosen, already read.
#[derive(Serialize)]
pub struct PickedFile {
    /// Absolute path.
    pub path: String,
    /// Its last part.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Where the person agreed to write in this run. The page may name no other path.
pub struct Picked {
    answer: Option<PathBuf>,
    writable: Mutex<BTreeSet<PathBuf>>,
}

impl Picked {
    /// With the answer from the environment, when there is one.
    pub fn from_environment() -> Self {
        Self {
            answer: std::env::var_os("DEBRIEF_PICK").map(PathBuf::from),
            writable: Mutex::default(),
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
        self.writable
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.clone());
        Some(path)
    }

    /// Whether the person agreed to write there.
    pub fn may_write(&self, path: &Path) -> bool {
        self.writable
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(path)
    }

    /// Asks for an existing file. Blocks; never call it on the main thread.
    pub fn open<R: Runtime>(&self, app: &AppHandle<R>, what: What) -> Option<PathBuf> {
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

/// Reads a chosen file as text, or says what is wrong with it.
pub fn read(path: &Path) -> Result<PickedFile, ApiError> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let refuse = |sentence: String| ApiError::new(ErrorCode::Invalid, sentence);
    api::refuse_in_use(path)?;
    let file = std::fs::File::open(path)
        .map_err(|problem| refuse(format!("“{name}” could not be opened: {problem}.")))?;
    let mut bytes = Vec::new();
    // The limit holds for what is read, whatever the file's size claims: it may grow, or be a pipe.
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|problem| refuse(format!("“{name}” could not be read: {problem}.")))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(refuse(format!(
            "“{name}” is larger than {} MB. Choose a postmortem that was exported as Markdown or JSON.",
            MAX_FILE / (1024 * 1024)
        )));
    }
    let text = String::from_utf8(bytes).map_err(|problem| {
        refuse(format!(
            "“{name}” is not UTF-8 text (byte {} cannot be read). Choose a Markdown or JSON file.",
            problem.utf8_error().valid_up_to() + 1
        ))
    })?;
    Ok(PickedFile {
        path: path.to_string_lossy().into_owned(),
        name,
        text,
    })
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
}
