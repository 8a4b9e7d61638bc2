//! The workspace behind the window. It opens in the background from the first instant of the program; everything that
//! needs it waits here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use api::error::{ApiError, ErrorCode};
use api::{Api, Config, OpenAs, Shell, Subscription};
use serde::Serialize;
use server::share::Share;
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::screens::Embedded;
use crate::team::{self, Team};

/// An open workspace.
pub struct Open {
    /// Everything that can be asked of it.
    pub api: Api,
    /// Its file.
    pub path: PathBuf,
    /// Keeps it in step with the served workspace that it follows, when it is a replica and this computer is signed in there.
    pub team: Mutex<Team>,
    /// Leaves when the workspace is let go of.
    _changes: Subscription,
}

impl Drop for Open {
    fn drop(&mut self) {
        // What keeps it in step would hold it open, too.
        drop(std::mem::take(&mut *lock(&self.team)));
        // A meeting that is shared would hold the workspace open for ever.
        self.api.close_sharing();
    }
}

enum Slot {
    Opening,
    Open(Arc<Open>),
    /// The sentence that says why it could not be opened.
    Failed(String),
}

type Listeners = Arc<Mutex<Vec<Channel<InvokeResponseBody>>>>;

/// The workspace of the window, and who listens to its changes.
pub struct Workspace {
    wanted: PathBuf,
    default: PathBuf,
    data: PathBuf,
    slot: Arc<(Mutex<Slot>, Condvar)>,
    listeners: Listeners,
    screens: Embedded,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under these locks can be left half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workspace {
    /// Starts opening the workspace named on the command line, or else the person's own one. Fails with a sentence
    /// when this computer has no place for the app's files.
    pub fn start(argument: Option<OsString>) -> Result<Self, String> {
        let data = api::places::data_dir()?;
        let default = api::places::workspace(&data);
        let wanted = argument
            .map(PathBuf::from)
            .or_else(|| team::last(&data))
            .unwrap_or_else(|| default.clone());
        let workspace = Self {
            wanted,
            default,
            data,
            slot: Arc::new((Mutex::new(Slot::Opening), Condvar::new())),
            listeners: Listeners::default(),
            screens: Embedded::default(),
        };
        let slot = Arc::clone(&workspace.slot);
        let (wanted, data, listeners, screens) = (
            workspace.wanted.clone(),
            workspace.data.clone(),
            Arc::clone(&workspace.listeners),
            workspace.screens.clone(),
        );
        // Only the person's own workspace is made when it is missing; a name that was typed may be mistyped.
        let how = if wanted == workspace.default {
            OpenAs::Create
        } else {
            OpenAs::Existing
        };
        std::thread::spawn(move || {
            let opened = open(&wanted, &data, how, listeners, &screens);
            *lock(&slot.0) = match opened {
                Ok(open) => Slot::Open(open),
                Err(sentence) => Slot::Failed(sentence),
            };
            slot.1.notify_all();
        });
        Ok(workspace)
    }

    /// Folder for what the app keeps besides workspaces.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The screens that lie inside the program, for guests of a meeting.
    pub fn screens(&self) -> &Embedded {
        &self.screens
    }

    /// The open workspace. Waits while one is being opened or chosen; never call it on the main thread.
    pub fn current(&self) -> Arc<Open> {
        let mut slot = lock(&self.slot.0);
        loop {
            if let Slot::Open(open) = &*slot {
                return Arc::clone(open);
            }
            slot = self
                .slot
                .1
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The open workspace, when one is open now.
    pub fn opened(&self) -> Option<Arc<Open>> {
        match &*lock(&self.slot.0) {
            Slot::Open(open) => Some(Arc::clone(open)),
            Slot::Opening | Slot::Failed(_) => None,
        }
    }

    /// Waits for the first attempt: nothing when it opened, or the sentence that says why it did not.
    pub fn first_attempt(&self) -> Option<String> {
        let mut slot = lock(&self.slot.0);
        loop {
            match &*slot {
                Slot::Open(_) => return None,
                Slot::Failed(sentence) => return Some(sentence.clone()),
                Slot::Opening => {}
            }
            slot = self
                .slot
                .1
                .wait(slot)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Why the workspace could not be opened, when that is already known.
    pub fn known_failure(&self) -> Option<String> {
        match &*lock(&self.slot.0) {
            Slot::Failed(sentence) => Some(sentence.clone()),
            _ => None,
        }
    }

    /// Whether this file is the open workspace.
    pub fn shows(&self, path: &Path) -> bool {
        matches!(&*lock(&self.slot.0), Slot::Open(now) if api::same_file(&now.path, path))
    }

    /// Opens another existing workspace in place of the present one, which stays when that fails.
    pub fn switch(&self, path: &Path) -> Result<(), ApiError> {
        self.show(path, OpenAs::Existing)
    }

    /// Opens the person's own workspace in place of the present one, which stays when that fails.
    pub fn go_home(&self) -> Result<(), ApiError> {
        self.show(&self.default, OpenAs::Create)
    }

    fn show(&self, path: &Path, how: OpenAs) -> Result<(), ApiError> {
        if self.shows(path) {
            return Ok(());
        }
        let open = open(
            path,
            &self.data,
            how,
            Arc::clone(&self.listeners),
            &self.screens,
        )
        .map_err(|sentence| ApiError::new(ErrorCode::Unavailable, sentence))?;
        team::remember_last(&self.data, &open.path);
        *lock(&self.slot.0) = Slot::Open(open);
        self.slot.1.notify_all();
        Ok(())
    }

    /// What the window is called: the app alone for the person's own workspace, else with the file's name.
    pub fn title(&self) -> String {
        let path = match &*lock(&self.slot.0) {
            Slot::Open(open) => {
                if let Ok(Some(team)) = open.api.store().replica() {
                    return format!("{} – Debrief", team.name);
                }
                open.path.clone()
            }
            _ => self.wanted.clone(),
        };
        if path == self.default {
            return "Debrief".into();
        }
        match path.file_stem() {
            Some(name) => format!("{} – Debrief", name.to_string_lossy()),
            None => "Debrief".into(),
        }
    }

    /// Waits until everything that was taken is on the disk, when a workspace is open. Fails with the reason.
    pub fn save(&self) -> Result<(), ApiError> {
        let open = match &*lock(&self.slot.0) {
            Slot::Open(open) => Arc::clone(open),
            _ => return Ok(()),
        };
        open.api.save()
    }

    /// Writes what the rooms still hold, when a workspace is open.
    pub fn close(&self) {
        if let Slot::Open(open) = &*lock(&self.slot.0)
            && let Err(problem) = open.api.try_close()
        {
            eprintln!("debrief-app: {}", problem.message);
        }
    }

    /// Tells a page of every change from now on.
    pub fn listen(&self, channel: Channel<InvokeResponseBody>) {
        lock(&self.listeners).push(channel);
    }

    /// Forgets the listeners: their page is gone.
    pub fn forget_listeners(&self) {
        lock(&self.listeners).clear();
    }
}

fn open(
    path: &Path,
    data: &Path,
    how: OpenAs,
    listeners: Listeners,
    screens: &Embedded,
) -> Result<Arc<Open>, String> {
    let api = Api::open(Config {
        open: how,
        ..Config::new(path.to_path_buf(), data.to_path_buf(), Shell::Desktop)
    })
    .map_err(|problem| problem.to_string())?;
    api.share_with(Arc::new(Share::new(
        data.to_path_buf(),
        Some(screens.served()),
    )));
    let changes = api.subscribe(move |changed| tell(&listeners, changed));
    let open = Arc::new(Open {
        team: Mutex::default(),
        api,
        path: path.to_path_buf(),
        _changes: changes,
    });
    team::follow(&open, data);
    Ok(open)
}

fn tell(listeners: &Listeners, changed: impl Serialize) {
    let Ok(json) = serde_json::to_string(&changed) else {
        return;
    };
    // A channel whose page is gone refuses; the next load of the page forgets it.
    lock(listeners).retain(|channel| channel.send(InvokeResponseBody::Json(json.clone())).is_ok());
}
