//! Who sits at this computer, kept in `device.json` in the data folder: it belongs to the device, not to the workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::postmortem::PersonId;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::files;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Who sits here, wherever the workspace does not say otherwise.
    me: Option<PersonId>,
    /// Who sits here, by workspace file: the same hands may go by another person's entry in another workspace.
    by_workspace: BTreeMap<String, PersonId>,
}

/// The file that remembers who sits here.
pub struct Device {
    path: PathBuf,
    workspace: String,
    kept: Mutex<Kept>,
}

impl Device {
    /// Reads the file. A missing or unreadable one is the same as nobody having said who they are.
    pub fn open(data_dir: &Path, workspace: &Path) -> Self {
        let path = data_dir.join("device.json");
        let kept = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            path,
            workspace: workspace.to_string_lossy().into_owned(),
            kept: Mutex::new(kept),
        }
    }

    /// Who might sit here, the likeliest first. The caller knows which of them this workspace has.
    pub fn candidates(&self) -> Vec<PersonId> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_workspace
            .get(&self.workspace)
            .into_iter()
            .chain(&kept.me)
            .cloned()
            .collect()
    }

    /// Remembers who sits here.
    pub fn set(&self, person: &str) -> Result<(), ApiError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = kept.clone();
        next.me = Some(person.to_owned());
        next.by_workspace
            .insert(self.workspace.clone(), person.to_owned());
        let bytes = serde_json::to_vec_pretty(&next).map_err(|error| {
            ApiError::new(
                crate::error::ErrorCode::Internal,
                format!("Who sits here cannot be written down: {error}."),
            )
        })?;
        if let Some(folder) = self.path.parent() {
            files::make_folder(folder)?;
        }
        files::write_whole(&self.path, &bytes)?;
        *kept = next;
        Ok(())
    }
}
