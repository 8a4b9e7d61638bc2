//! Where the files are: the folder for everything that Debrief keeps on this computer, and the workspace file.

use std::path::{Path, PathBuf};

/// Names the workspace file, before the default one.
pub const WORKSPACE_VARIABLE: &str = "DEBRIEF_WORKSPACE";
/// Names the folder for everything else, before the platform's own.
pub const DATA_VARIABLE: &str = "DEBRIEF_DATA_DIR";
/// The default workspace file's name within the data folder.
pub const WORKSPACE_FILE: &str = "workspace.debrief";

/// The folder for window state, the default workspace and who sits here: `DEBRIEF_DATA_DIR`, else the platform's data
/// folder (`~/.local/share/debrief` on Linux). It is not made here. The error is a sentence.
pub fn data_dir() -> Result<PathBuf, String> {
    if let Some(dir) = set_variable(DATA_VARIABLE) {
        return Ok(absolute(Path::new(&dir)));
    }
    directories::ProjectDirs::from("", "", "debrief")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or_else(|| {
            format!(
                "This account has no home folder to keep files in: set {DATA_VARIABLE} to a folder."
            )
        })
}

/// The workspace file: `DEBRIEF_WORKSPACE`, else `workspace.debrief` in the data folder. Absolute.
pub fn workspace(data_dir: &Path) -> PathBuf {
    match set_variable(WORKSPACE_VARIABLE) {
        Some(file) => absolute(Path::new(&file)),
        None => data_dir.join(WORKSPACE_FILE),
    }
}

/// The computer's IANA zone: `TZ` when it names one, else the system's setting, else `UTC`.
pub fn computer_zone() -> chrono_tz::Tz {
    let named = |name: &str| name.trim_start_matches(':').parse::<chrono_tz::Tz>().ok();
    std::env::var("TZ")
        .ok()
        .and_then(|name| named(&name))
        .or_else(|| {
            iana_time_zone::get_timezone()
                .ok()
                .and_then(|name| named(&name))
        })
        .unwrap_or(chrono_tz::UTC)
}

/// The path as seen from the root; the path itself when there is no working directory to start from.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn set_variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
