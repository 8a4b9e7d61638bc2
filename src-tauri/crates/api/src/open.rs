//! An open workspace and what the two shells ask of it.

use std::collections::{BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use collab::Rooms;
use model::account::{Account, AccountRole};
use model::directory::{Directory, Person};
use model::list::Changed;
use model::postmortem::{DocId, PersonId, Postmortem};
use serde_json::Value;
use store::Store;

use crate::account::{SignedIn, at_least};
use crate::device::Device;
use crate::error::{ApiError, ErrorCode};
use crate::guest::{Guest, Sharing};
use crate::pages::Pages;
use crate::replica::{self, Place, Upstream};
use crate::taken_back::Undos;
use crate::{bounds, dispatch, files, images, places};

/// Which shell a request comes through; some commands are for some shells alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// The desktop window.
    Desktop,
    /// A browser, through the server.
    Browser,
    /// The `debrief` command.
    CommandLine,
}

/// What to do about the workspace file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenAs {
    /// Make it when it is missing.
    Create,
    /// It must be there.
    Existing,
    /// It must be there, and stays untouched.
    ReadOnly,
}

/// What to open and for whom.
#[derive(Clone, Debug)]
pub struct Config {
    /// The workspace file.
    pub workspace: PathBuf,
    /// The folder for who sits here.
    pub data_dir: PathBuf,
    /// The shell.
    pub shell: Shell,
    /// What to do about the file.
    pub open: OpenAs,
    /// The clock.
    pub now: fn() -> DateTime<Utc>,
}

impl Config {
    /// Opens a workspace, made when it is missing, by the computer's clock.
    pub fn new(workspace: PathBuf, data_dir: PathBuf, shell: Shell) -> Self {
        Self {
            workspace,
            data_dir,
            shell,
            open: OpenAs::Create,
            now: Utc::now,
        }
    }
}

/// Why a workspace cannot be opened, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The file: missing, newer, foreign, damaged, read-only, locked, …
    #[error(transparent)]
    Store(#[from] store::OpenError),
    /// The folder that the file belongs into.
    #[error("{0}")]
    Folder(String),
    /// What is in the file.
    #[error("The workspace cannot be opened: {0}")]
    Rooms(String),
}

impl OpenFailed {
    /// There is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Store(store::OpenError::Missing { .. }))
    }

    /// The file is whole but cannot be written to: it may be opened as [`OpenAs::ReadOnly`].
    pub fn is_read_only(&self) -> bool {
        matches!(self, Self::Store(store::OpenError::ReadOnly { .. }))
    }
}

/// An open workspace. Clones share it.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
    caller: Caller,
}

/// Who asks.
#[derive(Clone)]
pub(crate) enum Caller {
    /// Whoever sits at the computer that holds the workspace.
    Host,
    /// A guest of a review meeting.
    Guest(Arc<Guest>),
    /// An account of a served workspace.
    Account(Arc<SignedIn>),
}

struct Inner {
    store: Arc<Store>,
    rooms: Arc<Rooms>,
    device: Device,
    shell: Shell,
    workspace: PathBuf,
    now: fn() -> DateTime<Utc>,
    listeners: Arc<Listeners>,
    undos: Undos,
    sharing: OnceLock<Arc<dyn Sharing>>,
    pages: Pages,
    narrowed: Mutex<Narrowed>,
    /// This workspace follows one that is served.
    replica: bool,
    upstream: Mutex<Option<Weak<dyn Upstream>>>,
}

/// The workspace as those see it from whom postmortems are hidden, by what is hidden.
type Narrowed = HashMap<BTreeSet<DocId>, Arc<Store>>;

/// How many different views of the workspace are kept open.
const VIEWS: usize = 32;

type Listener = Box<dyn Fn(&Changed) + Send + Sync>;

#[derive(Default)]
struct Listeners(Mutex<Told>);

/// Who is told, each under a number of its own.
#[derive(Default)]
struct Told {
    next: u64,
    listeners: Vec<(u64, Arc<Listener>)>,
}

impl Listeners {
    fn tell(&self, changed: &Changed) {
        // A listener may leave while it is told: the list is not held meanwhile.
        let told: Vec<Arc<Listener>> = {
            let list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            list.listeners
                .iter()
                .map(|(_, listener)| Arc::clone(listener))
                .collect()
        };
        told.iter().for_each(|listener| listener(changed));
    }
}

/// Stands for a listener; dropping it ends the telling.
pub struct Subscription {
    id: u64,
    listeners: Weak<Listeners>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(listeners) = self.listeners.upgrade() {
            let mut list = listeners.0.lock().unwrap_or_else(PoisonError::into_inner);
            list.listeners.retain(|(id, _)| *id != self.id);
        }
    }
}

impl Api {
    /// Opens the workspace and starts what keeps its documents live.
    pub fn open(config: Config) -> Result<Self, OpenFailed> {
        let workspace = places::absolute(&config.workspace);
        if config.open == OpenAs::Create {
            let folder = workspace.parent().unwrap_or(&workspace);
            // Only the app's own folder is made: a mistyped path must not leave folders behind.
            if folder == config.data_dir {
                files::make_folder(folder).map_err(|error| OpenFailed::Folder(error.message))?;
            } else if !folder.is_dir() {
                return Err(OpenFailed::Folder(format!(
                    "There is no folder {} for the workspace. Make it first, or choose another place.",
                    folder.display()
                )));
            }
        }
        let how = match config.open {
            OpenAs::Create => store::Open::Create,
            OpenAs::Existing => store::Open::Existing,
            OpenAs::ReadOnly => store::Open::ReadOnly,
        };
        let store = Arc::new(Store::open(&workspace, how)?);
        let listeners = Arc::new(Listeners::default());
        let told = Arc::clone(&listeners);
        let now = config.now;
        let clock = move || now().timestamp_millis();
        let rooms = Rooms::open_at(Arc::clone(&store), clock, move |changed| {
            told.tell(&changed)
        })
        .map_err(|error| OpenFailed::Rooms(error.to_string()))?;
        let replica = store
            .replica()
            .map_err(|error| OpenFailed::Rooms(error.to_string()))?
            .is_some();
        let device = Device::open(&config.data_dir, &workspace);
        let inner = Arc::new(Inner {
            store,
            rooms,
            device,
            shell: config.shell,
            workspace,
            now: config.now,
            listeners,
            undos: Undos::default(),
            sharing: OnceLock::new(),
            pages: Pages::default(),
            narrowed: Mutex::default(),
            replica,
            upstream: Mutex::new(None),
        });
        Ok(Self {
            inner,
            caller: Caller::Host,
        })
    }

    /// The same workspace as a guest may use it: their postmortem and nothing else.
    pub fn for_guest(&self, guest: Arc<Guest>) -> Self {
        self.for_caller(Caller::Guest(guest))
    }

    pub(crate) fn for_caller(&self, caller: Caller) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            caller,
        }
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The guest who calls, when it is one.
    pub fn guest(&self) -> Option<&Guest> {
        match &self.caller {
            Caller::Guest(guest) => Some(guest),
            Caller::Host | Caller::Account(_) => None,
        }
    }

    /// Says who opens the port for guests; once, by the shell. Without it nothing can be shared.
    pub fn share_with(&self, sharing: Arc<dyn Sharing>) {
        // The first one stays: whoever has guests must not lose sight of them.
        let _ = self.inner.sharing.set(sharing);
    }

    pub(crate) fn sharing(&self) -> Option<&Arc<dyn Sharing>> {
        self.inner.sharing.get()
    }

    /// This workspace is a replica: it follows one that another computer serves.
    pub fn is_replica(&self) -> bool {
        self.inner.replica
    }

    /// Says who reaches the served workspace that this one follows, and keeps the two in step.
    pub fn follow_with(&self, upstream: &Arc<dyn Upstream>) {
        *self.lock_upstream() = Some(Arc::downgrade(upstream));
    }

    pub(crate) fn upstream(&self) -> Option<Arc<dyn Upstream>> {
        self.lock_upstream().as_ref()?.upgrade()
    }

    fn lock_upstream(&self) -> MutexGuard<'_, Option<Weak<dyn Upstream>>> {
        self.inner
            .upstream
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody of something that changed and is not on this disk.
    pub fn tell(&self, changed: &Changed) {
        self.inner.listeners.tell(changed);
    }

    /// Closes the port for guests, when it is open, until the meeting is shared again. As long as it is open, it holds
    /// this workspace open.
    pub fn close_sharing(&self) {
        if let Some(sharing) = self.sharing() {
            sharing.close();
        }
    }

    /// Tells everybody that something about the meeting of a postmortem has changed that is not on the disk: who is
    /// connected, that it is shared.
    pub fn tell_of_meeting(&self, doc: &str) {
        self.inner.listeners.tell(&Changed::Meeting {
            doc: doc.to_owned(),
        });
    }

    /// Runs one command: its name and its request as JSON give its response as JSON. Blocks until what it changed is
    /// on disk; shells call it off their event loops.
    pub fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        match &self.caller {
            Caller::Host => {}
            Caller::Guest(guest) => guest.may(name, &request)?,
            Caller::Account(account) => account.may(name, &request)?,
        }
        if self.inner.replica && self.guest().is_none() {
            match replica::place_of(self, name, &request) {
                Place::There => return replica::ask_there(self, name, request),
                Place::Here => replica::may(self, name)?,
            }
        }
        let noted = self.noted(name, &request);
        // A fault in one command must not take the others with it, nor the unsaved words of a room.
        let answer = std::panic::catch_unwind(AssertUnwindSafe(|| {
            dispatch::dispatch(self, name, request)
        }))
        .unwrap_or_else(|_| {
            Err(ApiError::new(
                ErrorCode::Internal,
                format!(
                    "Debrief failed at “{name}”. What was saved before is safe; please report this."
                ),
            ))
        });
        if let (Ok(answer), Some(noted)) = (&answer, &noted) {
            self.note_command(noted, answer);
        }
        answer
    }

    /// The live documents, for the document pipe.
    pub fn rooms(&self) -> &Arc<Rooms> {
        &self.inner.rooms
    }

    /// The workspace file's reads: what the caller may see of it.
    pub fn store(&self) -> &Arc<Store> {
        self.account()
            .and_then(|account| account.seen.as_ref())
            .unwrap_or(&self.inner.store)
    }

    /// The workspace file with everything in it, for what is nobody's to see: accounts, and who may see what.
    pub(crate) fn whole_store(&self) -> &Arc<Store> {
        &self.inner.store
    }

    /// The workspace without these postmortems.
    pub(crate) fn narrowed(&self, hidden: &BTreeSet<DocId>) -> Result<Arc<Store>, ApiError> {
        let mut views = self
            .inner
            .narrowed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = views.get(hidden) {
            return Ok(Arc::clone(view));
        }
        let view = self
            .inner
            .store
            .narrowed(hidden.clone())
            .map_err(|error| ApiError::new(ErrorCode::Unavailable, error.to_string()))?;
        if views.len() >= VIEWS
            && let Some(one) = views.keys().next().cloned()
        {
            views.remove(&one);
        }
        let view = Arc::new(view);
        views.insert(hidden.clone(), Arc::clone(&view));
        Ok(view)
    }

    /// Whether the caller may be told of a change: guests ask their own route.
    pub fn may_hear_of(&self, changed: &Changed) -> bool {
        match (&self.caller, changed) {
            (Caller::Account(account), Changed::Postmortem { doc } | Changed::Meeting { doc }) => {
                account.may_see(doc).is_ok()
            }
            _ => true,
        }
    }

    /// Tells `listener` of every change after it is on disk, until the subscription is dropped. It must not block.
    pub fn subscribe(&self, listener: impl Fn(&Changed) + Send + Sync + 'static) -> Subscription {
        let mut list = self
            .inner
            .listeners
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let id = list.next;
        list.next += 1;
        list.listeners.push((id, Arc::new(Box::new(listener))));
        Subscription {
            id,
            listeners: Arc::downgrade(&self.inner.listeners),
        }
    }

    /// Who sits here, when that person is in this workspace's directory.
    pub fn me(&self) -> Option<PersonId> {
        match &self.caller {
            Caller::Host => {}
            Caller::Guest(guest) => return Some(guest.person.clone()),
            Caller::Account(account) => return Some(account.person.clone()),
        }
        let directory = self.inner.rooms.directory();
        self.me_in(&directory).map(|person| person.id.clone())
    }

    /// Who sits here, of the people given.
    pub fn me_in<'a>(&self, directory: &'a Directory) -> Option<&'a Person> {
        let person = match &self.caller {
            Caller::Host => return self.host_in(directory),
            Caller::Guest(guest) => &guest.person,
            Caller::Account(account) => &account.person,
        };
        directory.people.iter().find(|known| known.id == *person)
    }

    /// Who sits at the computer that holds the workspace, of the people given, whoever asks.
    pub fn host_in<'a>(&self, directory: &'a Directory) -> Option<&'a Person> {
        let candidates = match self.account_person() {
            Some(person) => vec![person],
            None => self.inner.device.candidates(),
        };
        candidates
            .iter()
            .find_map(|id| directory.people.iter().find(|person| person.id == *id))
    }

    /// Errors: `Refused` for whoever reads along.
    pub fn may_keep_images(&self) -> Result<(), ApiError> {
        match &self.caller {
            Caller::Host => match self.account_there() {
                Some(account) => at_least(account.role, AccountRole::Member),
                None => Ok(()),
            },
            Caller::Guest(guest) => guest.may_write(),
            Caller::Account(account) => account.is_at_least(AccountRole::Member),
        }
    }

    /// In a replica, the account by which the served workspace is reached.
    pub(crate) fn account_there(&self) -> Option<Account> {
        if !self.inner.replica {
            return None;
        }
        self.inner.store.replica().ok()??.account
    }

    /// Whether whoever sits at a computer with this workspace may write in its documents: in a replica, as their account may
    /// where it is served.
    pub fn may_write(&self) -> bool {
        self.account_there()
            .is_none_or(|account| account.role >= AccountRole::Member)
    }

    /// In a replica, the person of the account by which the served workspace is reached.
    pub(crate) fn account_person(&self) -> Option<PersonId> {
        if !self.inner.replica {
            return None;
        }
        self.inner.store.replica().ok()??.person
    }

    /// Keeps an image (PNG, JPEG, GIF or WebP by its bytes, at most 10 MB) and returns its hash.
    ///
    /// Errors: also `Refused` for a guest who reads along.
    pub fn put_blob(&self, image: &[u8]) -> Result<String, ApiError> {
        self.may_keep_images()?;
        if image.len() > bounds::BLOB {
            return Err(ApiError::invalid(
                "image",
                "This image is too large: at most 10 MB are taken.",
            ));
        }
        let Some(mime) = images::mime(image) else {
            return Err(ApiError::invalid(
                "image",
                "This is not an image that Debrief keeps: PNG, JPEG, GIF or WebP.",
            ));
        };
        Ok(self.inner.rooms.put_blob(image, mime)?)
    }

    /// An image by its hash: its MIME type and its bytes. A guest finds those that their postmortem shows.
    pub fn blob(&self, hash: &str) -> Result<Option<(String, Vec<u8>)>, ApiError> {
        if !images::is_hash(hash) {
            return Ok(None);
        }
        if let Caller::Guest(guest) = &self.caller {
            let snapshot = self.snapshot(&guest.doc)?;
            if !snapshot.images().any(|image| image.hash == hash) {
                return Ok(None);
            }
        }
        let mut blob = self.store().blob(hash)?;
        if blob.is_none()
            && let Some(upstream) = self.upstream()
            && upstream.fetch_image(hash)
        {
            blob = self.store().blob(hash)?;
        }
        Ok(blob.map(|blob| (blob.mime, blob.bytes)))
    }

    /// Keeps an image that the served workspace has told this replica. Errors: `Invalid` when it is none, or another one.
    pub fn put_told_blob(&self, hash: &str, image: &[u8]) -> Result<(), ApiError> {
        let mime = images::mime(image)
            .filter(|_| image.len() <= bounds::BLOB && store::hash(image) == hash)
            .ok_or_else(|| ApiError::invalid("image", "This is not the image of that name."))?;
        self.inner
            .store
            .put_told_blob(image, mime, self.now().timestamp_millis())?;
        Ok(())
    }

    /// One postmortem as the page that the HTML export would be: `ID`, `ID.roles` with roles instead of names, or
    /// `ID.roles.owners` when owners stay named. Also a page that was made to be looked at, by its name.
    ///
    /// Errors: also `Refused` for guests.
    pub fn preview(&self, doc: &str) -> Result<String, ApiError> {
        if self.guest().is_some() {
            return Err(Guest::refused());
        }
        match self.pages().get(doc) {
            Some(page) => Ok(page.to_string()),
            None => crate::handlers::exports::html(self, doc),
        }
    }

    /// Waits until everything that was taken is on the disk; the live documents go on.
    ///
    /// Errors: `Unavailable`, with the reason, when something could not be saved.
    pub fn save(&self) -> Result<(), ApiError> {
        Ok(self.inner.rooms.save()?)
    }

    /// Puts everything that was taken onto the disk and closes the live documents. For whoever has waited for each edit:
    /// what could not be saved was told then.
    pub fn close(&self) {
        let _ = self.try_close();
    }

    /// As [`Self::close`]. Errors: `Unavailable`, with the reason, when something could not be saved.
    pub fn try_close(&self) -> Result<(), ApiError> {
        self.close_sharing();
        Ok(self.inner.rooms.close()?)
    }

    /// The people, services, templates and settings as they are now.
    pub fn directory(&self) -> Arc<Directory> {
        self.inner.rooms.directory()
    }

    /// One postmortem as it is now, unsaved edits included.
    pub fn snapshot(&self, doc: &str) -> Result<Arc<Postmortem>, ApiError> {
        Ok(self.room(doc)?.snapshot())
    }

    /// The live document of a postmortem, for the document pipe. The directory has none: it changes through commands.
    pub fn live(&self, doc: &str) -> Result<Arc<collab::Room>, ApiError> {
        self.room(doc)
    }

    pub(crate) fn room(&self, doc: &str) -> Result<Arc<collab::Room>, ApiError> {
        bounds::text("doc", doc, bounds::WORD)?;
        match &self.caller {
            Caller::Host => {}
            Caller::Guest(guest) => guest.may_see(doc)?,
            Caller::Account(account) => account.may_see(doc)?,
        }
        // The directory is a document of its own kind: nothing that is written for a postmortem may touch it.
        if doc == model::directory::DIRECTORY_ID || doc.is_empty() {
            return Err(ApiError::not_found(
                "There is no such postmortem in this workspace.",
            ));
        }
        Ok(self.inner.rooms.room(doc)?)
    }

    /// Who sits here, as the log keeps it: empty for nobody known.
    pub(crate) fn actor(&self) -> String {
        self.me().unwrap_or_default()
    }

    pub(crate) fn device(&self) -> &Device {
        &self.inner.device
    }

    /// Pages that were made to be looked at.
    pub(crate) fn pages(&self) -> &Pages {
        &self.inner.pages
    }

    pub(crate) fn undos(&self) -> &Undos {
        &self.inner.undos
    }

    pub(crate) fn shell(&self) -> Shell {
        self.inner.shell
    }

    /// The workspace file, absolute.
    pub fn workspace(&self) -> &Path {
        &self.inner.workspace
    }

    /// The computer's zone. It is asked for anew each time: computers travel.
    pub fn zone(&self) -> Tz {
        places::computer_zone()
    }

    /// Now, by the configured clock.
    pub fn now(&self) -> DateTime<Utc> {
        (self.inner.now)()
    }

    /// Today in the computer's zone.
    pub fn today(&self) -> chrono::NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }
}
