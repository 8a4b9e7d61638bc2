//! What this computer remembers of a meeting that it shared, so that a link stays good when Debrief ends and starts again.

use std::io::Write;
use std::path::Path;

use api::types::RoomRight;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Its file, for its owner's eyes alone.
const FILE: &str = "share.json";

/// All that is remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The port of the last time.
    pub port: Option<u16>,
    /// The room, until somebody ends the sharing or the meeting.
    pub room: Option<KeptRoom>,
}

/// A room that was shared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptRoom {
    /// The postmortem.
    pub doc: String,
    /// When its meeting was opened: another meeting about it has another link.
    pub meeting: DateTime<Utc>,
    /// The secret of the link.
    pub secret: String,
    /// The code.
    pub code: String,
    /// Who had joined.
    pub guests: Vec<KeptGuest>,
}

/// A guest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptGuest {
    /// Names them for the facilitator.
    pub id: String,
    /// The hash of what their cookie holds.
    pub session: String,
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub right: RoomRight,
    /// When they joined.
    pub since: DateTime<Utc>,
}

/// What is remembered; nothing when the file is missing or makes no sense.
pub fn load(data_dir: &Path) -> Kept {
    std::fs::read(data_dir.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Remembers. A disk that does not take it costs no more than that guests join anew after a restart.
pub fn save(data_dir: &Path, kept: &Kept) {
    if let Ok(bytes) = serde_json::to_vec_pretty(kept) {
        let _ = write_private(data_dir, FILE, &bytes);
    }
}

/// Forgets the room and remembers the port.
pub fn forget_room(data_dir: &Path) {
    let kept = load(data_dir);
    save(data_dir, &Kept { room: None, ..kept });
}

/// Writes a file that nobody else may read, whole or not at all.
pub fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let passing = folder.join(format!(".{name}-{}.part", uuid::Uuid::new_v4().simple()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&passing)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| std::fs::rename(&passing, folder.join(name)));
    if written.is_err() {
        let _ = std::fs::remove_file(&passing);
    }
    written
}
