//! What this computer remembers of a meeting that it shared, so that a link stays good when Debrief ends and starts again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use api::types::RoomRight;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::guests::Keep;
use super::invitation::Invitation;

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
    /// What all of them together have used up.
    #[serde(default)]
    pub spent: Spent,
}

/// What guests have used up of what they may take of this computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spent {
    /// People whom they have added to the directory.
    pub people: u32,
    /// Images.
    pub images: Images,
}

/// Images that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Images {
    /// How many.
    pub count: u32,
    /// Bytes of them all.
    pub bytes: u64,
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
    /// The address at which their cookie is good: browsers take none to another. Empty once the facilitator has freed the name.
    #[serde(default)]
    pub place: String,
    /// The person is in the directory because they joined.
    #[serde(default)]
    pub new: bool,
    /// Who they were before, by other names: these stay theirs.
    #[serde(default)]
    pub earlier: Vec<EarlierName>,
    /// How often they have taken another name.
    #[serde(default)]
    pub renames: u32,
    /// Images that they have sent.
    #[serde(default)]
    pub images: Images,
}

/// A name that a guest had before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EarlierName {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
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

/// Writes down who is in the room, whenever that changes, until the sharing ends.
pub fn keeping(
    data_dir: PathBuf,
    kept: Kept,
    invitation: Arc<Mutex<Invitation>>,
    closing: watch::Receiver<bool>,
) -> Keep {
    let kept = Mutex::new(kept);
    Box::new(move |guests| {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever came in at the last moment must not bring a room back that was just forgotten.
        if *closing.borrow() {
            return;
        }
        if let Some(room) = &mut kept.room {
            (room.guests, room.spent) = guests();
            let now = invitation.lock().unwrap_or_else(PoisonError::into_inner);
            room.secret.clone_from(&now.secret);
            room.code.clone_from(&now.code);
        }
        save(&data_dir, &kept);
    })
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
