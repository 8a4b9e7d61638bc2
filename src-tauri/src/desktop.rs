//! What the person of this computer has chosen about Debrief in the background, and whether a window that is gone can come back.
//! It is kept in the data folder and belongs to this computer: neither to the workspace nor to the team.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use api::error::{ApiError, ErrorCode};
use replica::secret;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, Runtime};

use crate::notify::Notifier;
use crate::tray::Tray;
use crate::workspace::Workspace;
use crate::{login, team};

/// The file within the data folder.
const FILE: &str = "desktop.json";

/// What is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Reminders come as notifications. Until somebody decides, they do while Debrief stays when its window is closed.
    notify: Option<bool>,
    /// Debrief stays when its window is closed.
    stay: bool,
}

/// What a person changes; what is absent stays.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Change {
    /// Reminders come as notifications of this computer.
    notify: Option<bool>,
    /// Debrief stays when its window is closed.
    stay: Option<bool>,
    /// Debrief starts, without a window, when the person logs in.
    login: Option<bool>,
}

/// How a window that was closed comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WayBack {
    /// By the icon in the tray, or by starting Debrief again.
    Tray,
    /// By starting Debrief again: this desktop shows no tray.
    Start,
    /// Not at all: Debrief ends with its window, whatever is chosen.
    None,
}

/// What holds on this computer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Chosen {
    /// Reminders come as notifications.
    notify: bool,
    /// Something on this computer shows notifications.
    shown: bool,
    /// Debrief stays when its window is closed.
    stay: bool,
    /// How the window comes back then.
    back: WayBack,
    /// Debrief starts when the person logs in.
    login: bool,
    /// Where the secret is kept that signs the person in to the team's workspace that is open.
    secret: Option<secret::Kept>,
}

/// What was chosen, and what carries it out.
pub struct Desktop {
    file: PathBuf,
    kept: Mutex<Kept>,
    /// A second start of Debrief speaks to this one.
    alone: bool,
    /// Notifications of this computer.
    pub notifier: Notifier,
    /// The icon in the tray.
    pub tray: Tray,
    /// Somebody has asked for the end of Debrief; the next window that closes is its last.
    quitting: AtomicBool,
    /// The window that closed last was closed for good.
    last: AtomicBool,
    /// Rings when something was chosen.
    bell: (Mutex<bool>, Condvar),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under these locks can be left half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desktop {
    /// Reads what was chosen; a file that is missing or makes no sense is the same as nothing. `alone` says that a second start
    /// speaks to this one wherever there is a session bus.
    pub fn load(data: &Path, alone: bool) -> Self {
        let file = data.join(FILE);
        let kept = std::fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            file,
            kept: Mutex::new(kept),
            alone,
            notifier: Notifier::default(),
            tray: Tray::default(),
            quitting: AtomicBool::new(false),
            last: AtomicBool::new(true),
            bell: (Mutex::new(false), Condvar::new()),
        }
    }

    /// Whether reminders come as notifications.
    pub fn notifies(&self) -> bool {
        let kept = lock(&self.kept);
        kept.notify.unwrap_or(kept.stay)
    }

    /// Whether Debrief is to stay when its window is closed.
    pub fn stays(&self) -> bool {
        lock(&self.kept).stay
    }

    /// How a window that was closed comes back. Asks the session bus.
    pub fn way_back(&self) -> WayBack {
        // The icon is there only while Debrief stays.
        let tray = match self.stays() {
            true => self.tray.is_shown(),
            false => self.notifier.has_tray(),
        };
        if tray {
            WayBack::Tray
        } else if self.alone && self.notifier.has_bus() {
            WayBack::Start
        } else {
            WayBack::None
        }
    }

    /// What holds on this computer. Blocks while the session bus is asked.
    pub fn chosen<R: Runtime>(&self, app: &AppHandle<R>) -> Chosen {
        Chosen {
            notify: self.notifies(),
            shown: self.notifier.is_there(),
            stay: self.stays(),
            back: self.way_back(),
            login: login::is_on(app),
            secret: secret_place(app),
        }
    }

    /// Keeps and carries out what was chosen. Whoever wants Debrief to start at login wants it to stay without a window, and whoever
    /// does not want it to stay does not want it to start. Blocks.
    ///
    /// Errors: `Unavailable` when it cannot be kept.
    pub fn choose<R: Runtime>(&self, app: &AppHandle<R>, change: Change) -> Result<(), ApiError> {
        let stay = match change.login {
            Some(true) => Some(true),
            _ => change.stay,
        };
        let login = match stay {
            Some(false) => Some(false),
            _ => change.login,
        };
        {
            let mut kept = lock(&self.kept);
            let next = Kept {
                notify: change.notify.or(kept.notify),
                stay: stay.unwrap_or(kept.stay),
            };
            if next != *kept {
                let bytes = serde_json::to_vec(&next).unwrap_or_default();
                api::write_whole(&self.file, &bytes)?;
                *kept = next;
            }
        }
        match login {
            Some(true) => login::switch_on(app).map_err(|error| not_kept(&error))?,
            Some(false) => login::switch_off(app).map_err(|error| not_kept(&error))?,
            None => {}
        }
        self.tray.keep(app, self.stays());
        self.ring();
        Ok(())
    }

    /// The next window that closes is the last one, unless its page keeps it.
    pub fn quit(&self) {
        self.quitting.store(true, Ordering::SeqCst);
    }

    /// A window is asked to close: remembers whether Debrief ends with it.
    pub fn closing(&self) {
        let quitting = self.quitting.swap(false, Ordering::SeqCst);
        let stays = !quitting && self.stays() && self.way_back() != WayBack::None;
        self.last.store(!stays, Ordering::SeqCst);
    }

    /// Whether Debrief ends with the window that was asked to close last.
    pub fn ends(&self) -> bool {
        self.last.load(Ordering::SeqCst)
    }

    /// Waits until something was chosen, or for so long.
    pub fn wait(&self, most: Duration) {
        let end = Instant::now() + most;
        let mut rung = lock(&self.bell.0);
        while !*rung {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            rung = self
                .bell
                .1
                .wait_timeout(rung, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *rung = false;
    }

    fn ring(&self) {
        *lock(&self.bell.0) = true;
        self.bell.1.notify_all();
    }
}

/// What this computer's person has chosen, of a running app.
pub fn of<R: Runtime>(app: &AppHandle<R>) -> Arc<Desktop> {
    Arc::clone(&app.state::<Arc<Desktop>>())
}

fn secret_place<R: Runtime>(app: &AppHandle<R>) -> Option<secret::Kept> {
    let workspace = app.state::<Arc<Workspace>>();
    team::secret_kept(&*workspace.opened()?, workspace.data_dir())
}

fn not_kept(error: &std::io::Error) -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        format!("This cannot be kept on this computer: {error}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_come_with_staying_until_somebody_decides() {
        let folder = tempfile::tempdir().expect("a folder");
        let with = |json: &str| {
            std::fs::write(folder.path().join(FILE), json).expect("a file");
            Desktop::load(folder.path(), false)
        };
        for (json, notifies, why) in [
            ("", false, "nobody was asked"),
            (r#"{"stay":true}"#, true, "that is what it stays for"),
            (r#"{"stay":true,"notify":false}"#, false, "somebody decided"),
            (r#"{"notify":true}"#, true, "somebody decided"),
            (r#"{"stay":"x"}"#, false, "what makes no sense is nothing"),
        ] {
            assert_eq!(with(json).notifies(), notifies, "{json}: {why}");
        }
    }

    #[test]
    fn a_window_closes_for_good_when_it_could_not_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(FILE), r#"{"stay":true}"#).expect("a file");
        let desktop = Desktop::load(folder.path(), false);
        desktop.last.store(false, Ordering::SeqCst);
        desktop.closing();
        assert!(
            desktop.ends(),
            "without a tray and with no second start that speaks to this one"
        );
    }
}
