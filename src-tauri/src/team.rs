//! A team's workspace in this window: a replica in the data folder, one for each that this computer was ever signed in to, and what
//! keeps the open one in step with the workspace that is served.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::Api;
use api::error::{ApiError, ErrorCode};
use api::replica::{ReplicaLink, Upstream};
use model::list::Changed;
use replica::link::{Address, Link};
use replica::secret::{Found, Kept, Secrets, System};
use replica::wire::{Listening, Wire};
use replica::{Following, Host, Known, Running};
use serde_json::Value;
use tauri::{AppHandle, Manager, Runtime};

use crate::window;
use crate::workspace::{Open, Workspace};

/// The folder of replicas within the data folder.
const FOLDER: &str = "teams";
/// Names the replica that is shown when the app starts; the person's own workspace is shown without it.
const LAST: &str = "last";
/// Why nothing is exchanged when the secret of the session is gone.
const SIGNED_OUT: &str = "This computer is not signed in to the team’s workspace any more. Open it again with a new invitation.";

/// Why nothing is exchanged while the keyring does not open.
const LOCKED: &str = "The keyring of this computer, which has what signs you in, did not open. Debrief asks for it again when it starts.";

/// Keeps a replica in step until it is dropped.
pub struct Follow {
    wire: Arc<Wire>,
    // In this order: nobody tells of changes to a thread that has ended.
    _listening: Option<Listening>,
    _running: Running,
}

impl Follow {
    fn start(api: &Api, address: Address, bearer: &str) -> Option<Self> {
        let wire = Arc::new(Wire::new(address, bearer).ok()?);
        let host: Arc<dyn Host> = wire.clone();
        let following = Following::new(api.clone(), host);
        let running = following.start().ok()?;
        let ear = Arc::downgrade(&following);
        let listening = wire.listen(move |changed| {
            if let Some(following) = ear.upgrade() {
                following.heard(changed.as_ref());
            }
        });
        Some(Self {
            wire,
            _listening: listening,
            _running: running,
        })
    }
}

/// How an open workspace stands to the one that it follows.
#[derive(Default)]
pub enum Team {
    /// It follows none, or nothing is exchanged.
    #[default]
    Alone,
    /// It is kept in step.
    Follows(Follow),
    /// The secret of the session is in a keyring that did not open.
    Locked(#[allow(dead_code, reason = "it answers for as long as it is here")] Arc<dyn Upstream>),
}

/// Keeps a workspace in step from now on, when it is a replica and this computer is signed in where it is served. The secret of the
/// session may be in a keyring, which may ask its person first, so a thread of its own waits for it.
pub fn follow(open: &Arc<Open>, data: &Path) {
    let Ok(Some(team)) = open.api.store().replica() else {
        return;
    };
    if team.ended.is_some() {
        return;
    }
    let (open, secrets) = (Arc::downgrade(open), secrets(data));
    std::thread::spawn(move || {
        let found = secrets.load(&team.workspace);
        // While somebody was asked, it may have been closed, or signed in to anew.
        let open = open
            .upgrade()
            .filter(|open| matches!(*lock(&open.team), Team::Alone));
        if let Some(open) = open {
            settle(&open, found);
        }
    });
}

fn settle(open: &Open, found: Found) {
    let Ok(Some(team)) = open.api.store().replica() else {
        return;
    };
    let address = Address::kept(&team.address, team.fingerprint.as_deref());
    let stands = match (found, address) {
        (Found::Secret(bearer), Some(address)) => {
            Follow::start(&open.api, address, &bearer).map(Team::Follows)
        }
        (Found::Locked(why), Some(_)) => {
            eprintln!("debrief-app: the keyring of this computer did not open: {why}");
            let locked: Arc<dyn Upstream> = Arc::new(Locked);
            open.api.follow_with(&locked);
            Some(Team::Locked(locked))
        }
        _ => {
            // That it cannot be noted is seen again the next time.
            let _ = open.api.store().end_following(&team, SIGNED_OUT);
            None
        }
    };
    *lock(&open.team) = stands.unwrap_or_default();
    open.api.tell(&Changed::Replica);
}

/// Stands for the served workspace while the keyring with the session's secret does not open.
struct Locked;

impl Upstream for Locked {
    fn call(&self, _command: &str, _request: Value) -> Result<Value, ApiError> {
        Err(ApiError::new(ErrorCode::Unavailable, LOCKED))
    }

    fn fetch_image(&self, _hash: &str) -> bool {
        false
    }

    fn let_go(&self, _doc: &str) -> Result<(), ApiError> {
        Err(ApiError::new(ErrorCode::Unavailable, LOCKED))
    }

    fn link(&self) -> (ReplicaLink, String) {
        (ReplicaLink::Away, LOCKED.to_owned())
    }
}

fn lock(team: &Mutex<Team>) -> MutexGuard<'_, Team> {
    // Nothing under this lock can be left half-done.
    team.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

fn file(data: &Path, id: &str) -> PathBuf {
    folder(data).join(format!("{id}.debrief"))
}

fn secrets(data: &Path) -> Secrets {
    Secrets::new(&folder(data), data, Arc::new(System))
}

/// The replica that the window showed last.
pub fn last(data: &Path) -> Option<PathBuf> {
    let id = std::fs::read_to_string(folder(data).join(LAST)).ok()?;
    let path = file(data, is_id(&id).then_some(id.as_str())?);
    path.is_file().then_some(path)
}

/// Remembers what the window shows, when it is a replica.
pub fn remember_last(data: &Path, shown: &Path) {
    let mark = folder(data).join(LAST);
    let id = shown.file_stem().and_then(|id| id.to_str());
    // Where it cannot be remembered, the person's own workspace is shown the next time.
    let _ = match id.filter(|_| shown.parent() == Some(&folder(data))) {
        Some(id) => std::fs::write(mark, id),
        None => std::fs::remove_file(mark),
    };
}

fn is_id(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

/// The replicas of this computer.
pub fn list<R: Runtime>(app: &AppHandle<R>) -> Vec<Known> {
    replica::known(&folder(app.state::<Arc<Workspace>>().data_dir()))
}

/// The link that was opened last and did not lead in yet, with what it bought: an invitation is good once.
static BOUGHT: Mutex<Option<(String, String)>> = Mutex::new(None);

fn bought() -> MutexGuard<'static, Option<(String, String)>> {
    BOUGHT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What to agree to when a team's workspace is opened.
#[derive(Clone, Copy)]
pub struct Agreed {
    /// Without encryption.
    pub plain: bool,
    /// At another address, or with another certificate, than it was known by.
    pub moved: bool,
    /// Unsaved words of the window are lost.
    pub lose: bool,
}

/// Opens a team's workspace by an invitation. Blocks.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    pasted: &str,
    name: &str,
    agreed: Agreed,
) -> Result<(), ApiError> {
    let workspace = Arc::clone(&app.state::<Arc<Workspace>>());
    let data = workspace.data_dir();
    let link = Link::read(pasted, agreed.plain)?;
    let device = format!("Debrief on {}", std::env::consts::OS);
    let before = bought().take().filter(|(of, _)| of == pasted);
    let bearer = match before {
        Some((_, bearer)) => bearer,
        None => Wire::sign_in(&link, name, &device)?,
    };
    *bought() = Some((pasted.to_owned(), bearer.clone()));
    let wire = Wire::new(link.address.clone(), &bearer)?;
    let id = replica::workspace_of(&wire)?;
    let path = file(data, &id);
    make_folder(&folder(data))?;
    let (origin, pin) = (link.address.origin(), link.address.fingerprint());
    replica::make(&path, &wire, &origin, pin, agreed.moved)?;
    secrets(data)
        .keep(&id, &bearer)
        .map_err(|error| no_place(&error))?;
    *bought() = None;
    if workspace.shows(&path) {
        let shown = workspace.current();
        settle(&shown, Found::Secret(bearer));
        return Ok(());
    }
    window::switch(app, &path, agreed.lose)
}

/// Shows a replica of this computer, or the person's own workspace. Blocks.
pub fn show<R: Runtime>(app: &AppHandle<R>, id: Option<&str>, lose: bool) -> Result<(), ApiError> {
    match id {
        Some(id) if is_id(id) => {
            let path = file(app.state::<Arc<Workspace>>().data_dir(), id);
            window::switch(app, &path, lose)
        }
        Some(_) => Err(ApiError::not_found(
            "There is no such workspace on this computer.",
        )),
        None => window::go_home(app, lose),
    }
}

/// Signs out of the team's workspace that is shown, and takes its copy from this computer. Blocks.
pub fn leave<R: Runtime>(app: &AppHandle<R>, lose: bool) -> Result<(), ApiError> {
    let workspace = Arc::clone(&app.state::<Arc<Workspace>>());
    let data = workspace.data_dir().to_path_buf();
    let shown: Arc<Open> = workspace.current();
    let team = shown
        .api
        .store()
        .replica()?
        .ok_or_else(|| ApiError::new(ErrorCode::Refused, "This is no team’s workspace."))?;
    if !lose {
        // What is being written waits only once it is saved.
        shown.api.save()?;
    }
    let store = shown.api.store();
    let mut waits: BTreeSet<String> = store.waiting()?.into_iter().collect();
    waits.extend(store.giving_back()?);
    // An image waits with the edit that shows it; alone it does where that one is there already.
    let waiting = waits
        .len()
        .max(usize::from(!store.waiting_blobs()?.is_empty()));
    if waiting > 0 && !lose {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            match waiting {
                1 => "One postmortem has edits that were not handed in yet. They would be lost."
                    .into(),
                many => format!(
                    "{many} postmortems have edits that were not handed in yet. They would be lost."
                ),
            },
        ));
    }
    let wire = match &*lock(&shown.team) {
        Team::Follows(follow) => Some(Arc::clone(&follow.wire)),
        _ => None,
    };
    let path = shown.path.clone();
    drop(shown);
    // Where one's own workspace does not open, the team's stays as it was.
    window::go_home(app, lose)?;
    if let Some(wire) = wire {
        // Where it is not reached, an admin ends the session there.
        let _ = wire.sign_out();
    }
    secrets(&data).forget(&team.workspace);
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(suffix);
        // What is left behind is found in the list of this computer's replicas and can be opened from there.
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
    Ok(())
}

/// Where the secret of the session in the open workspace is kept on this computer; nothing when there is none.
pub fn secret_kept(open: &Open, data: &Path) -> Option<Kept> {
    let team = open.api.store().replica().ok()??;
    secrets(data).kept(&team.workspace)
}

fn make_folder(folder: &Path) -> Result<(), ApiError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| no_place(&error))
}

fn no_place(error: &std::io::Error) -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        format!("There is no place for the team’s workspace on this computer: {error}."),
    )
}
