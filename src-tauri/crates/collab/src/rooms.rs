//! The rooms of a workspace, one per document that somebody uses.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use model::directory::{DIRECTORY_ID, Directory};
use model::document;
use model::list::{Changed, Version};
use model::postmortem::{DocId, Postmortem};
use store::{DocumentKind, NewUpdate, Parts, Store, StoreError};

use crate::error::RoomError;
use crate::room::{Plain, Room};
use crate::writer;

/// Rooms that nobody uses any more are closed at once when there are more of them than this.
const ROOMS: usize = 64;
/// How long a room that nobody uses stays open.
pub(crate) const LINGER: Duration = Duration::from_secs(30);

/// Who is present is gathered for so long and then told in one frame: a cursor that is two pictures of a screen late is
/// not seen to be, and what people write goes first.
const GATHER: Duration = Duration::from_millis(30);

/// All rooms of one workspace in this process. Dropping it commits what waits, stores snapshots and ends the writer.
pub struct Rooms {
    shared: Arc<Shared>,
    directory: Arc<Room>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What rooms and the writer thread share.
pub(crate) struct Shared {
    pub store: Arc<Store>,
    /// The workspace follows one that is served, which alone gives numbers.
    pub replica: bool,
    rooms: Mutex<HashMap<String, Arc<Slot>>>,
    signal: Mutex<Signal>,
    wake: Condvar,
    /// Rooms that have news of who is present.
    present: Sender<Weak<Room>>,
    closed: AtomicBool,
    /// Why edits were given up when the workspace was closed.
    lost: Mutex<Option<StoreError>>,
    /// Breaks the commit of a document, for tests.
    #[cfg(test)]
    pub fault: Mutex<Option<Fault>>,
    clock: Box<dyn Fn() -> i64 + Send + Sync>,
    on_change: Box<dyn Fn(Changed) + Send + Sync>,
}

mod accounts;
mod handed;
mod published;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) type Fault = Box<dyn Fn(&str) -> Result<(), StoreError> + Send>;

/// The place of a room. It is locked while the room loads: two first visitors get one room.
#[derive(Default)]
struct Slot(Mutex<Option<Arc<Room>>>);

/// What wakes the writer.
#[derive(Default)]
pub(crate) struct Signal {
    /// Rooms with something to commit.
    pub rooms: HashMap<String, Arc<Room>>,
    /// Changes to tell besides those of commits.
    pub changed: Vec<Changed>,
    /// Somebody waits: what failed is to be tried again at once.
    pub hurry: bool,
    /// The workspace is being closed.
    pub stop: bool,
}

impl Rooms {
    /// Opens the rooms of a workspace and starts their writer thread, which also looks five times a second for what
    /// other processes wrote. `on_change` is called by that thread and must not wait.
    pub fn open(
        store: Arc<Store>,
        on_change: impl Fn(Changed) + Send + Sync + 'static,
    ) -> Result<Arc<Self>, RoomError> {
        Self::open_at(store, || chrono::Utc::now().timestamp_millis(), on_change)
    }

    /// As [`Self::open`], with a clock that says how many milliseconds have passed since 1970 in UTC.
    pub fn open_at(
        store: Arc<Store>,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
        on_change: impl Fn(Changed) + Send + Sync + 'static,
    ) -> Result<Arc<Self>, RoomError> {
        let seen = writer::Seen::now(&store)?;
        let (present, rooms) = channel();
        start("debrief-presence", move || tell_presence(&rooms))?;
        let replica = store.replica()?.is_some();
        let shared = Arc::new(Shared {
            store,
            replica,
            rooms: Mutex::default(),
            signal: Mutex::default(),
            wake: Condvar::new(),
            present,
            closed: AtomicBool::new(false),
            lost: Mutex::default(),
            #[cfg(test)]
            fault: Mutex::default(),
            clock: Box::new(clock),
            on_change: Box::new(on_change),
        });
        let directory = shared.room(DIRECTORY_ID)?;
        let for_writer = shared.clone();
        let thread = start("debrief-writer", move || writer::run(&for_writer, seen))?;
        Ok(Arc::new(Self {
            shared,
            directory,
            writer: Mutex::new(Some(thread)),
        }))
    }

    /// The workspace.
    pub fn store(&self) -> &Arc<Store> {
        &self.shared.store
    }

    /// The room of a postmortem, opened on first use.
    ///
    /// Errors: `NotFound`.
    pub fn room(&self, doc: &str) -> Result<Arc<Room>, RoomError> {
        if doc == DIRECTORY_ID {
            return Err(RoomError::NotFound {
                doc: doc.to_owned(),
            });
        }
        self.shared.room(doc)
    }

    /// People, services, templates and settings as they are now.
    pub fn directory(&self) -> Arc<Directory> {
        match self.directory_room().plain() {
            Plain::Directory(plain) => plain,
            Plain::Postmortem(_) => Arc::default(),
        }
    }

    /// Edits the directory; see [`Room::edit`].
    pub fn edit_directory<T, E: From<RoomError>>(
        &self,
        actor: &str,
        change: impl FnOnce(&mut Directory) -> Result<T, E>,
    ) -> Result<T, E> {
        self.directory_room().edit_directory(actor, change)
    }

    /// The directory's room: loaded anew after it had to end.
    fn directory_room(&self) -> Arc<Room> {
        let room = self.shared.room(DIRECTORY_ID);
        room.unwrap_or_else(|_| self.directory.clone())
    }

    /// Makes a postmortem with this content, numbers its rows, and returns its id once that is durable: the content's own
    /// id, or a new UUIDv7 when that is empty.
    ///
    /// Errors: `Refused` of the store when the id is taken.
    pub fn create(&self, actor: &str, content: &Postmortem) -> Result<DocId, RoomError> {
        let id = if content.id.is_empty() {
            uuid::Uuid::now_v7().to_string()
        } else {
            content.id.clone()
        };
        let doc = document::new_doc();
        document::write(&doc, content);
        if !self.shared.replica {
            document::number_rows(&doc);
        }
        let bytes = document::encode_state(&doc);
        let plain = document::read_as(&doc, &id);
        let at_ms = self.shared.now();
        self.shared.store.write(|w| {
            w.add_document(&id, DocumentKind::Postmortem, at_ms)?;
            w.append(
                &id,
                &NewUpdate {
                    at_ms,
                    actor,
                    client: None,
                    bytes: &bytes,
                },
            )?;
            w.project_postmortem(&id, &plain, Parts::All)
        })?;
        self.shared.tell(Changed::Postmortem { doc: id.clone() });
        Ok(id)
    }

    /// Moves a postmortem to the trash; nobody can edit it there. Errors: `NotFound` of the store.
    pub fn trash(&self, doc: &str) -> Result<(), RoomError> {
        self.shared.store.trash(doc, self.shared.now())?;
        self.shared.set_trashed(doc, true);
        self.shared.tell(Changed::Postmortem {
            doc: doc.to_owned(),
        });
        Ok(())
    }

    /// Takes a postmortem out of the trash. Errors: `NotFound` of the store.
    pub fn restore(&self, doc: &str) -> Result<(), RoomError> {
        self.shared.store.restore(doc, self.shared.now())?;
        self.shared.set_trashed(doc, false);
        self.shared.tell(Changed::Postmortem {
            doc: doc.to_owned(),
        });
        Ok(())
    }

    /// Erases a trashed postmortem for good and ends its room. Errors: `NotFound`, `Refused` of the store.
    pub fn erase(&self, doc: &str) -> Result<(), RoomError> {
        self.shared.store.erase(doc, self.shared.now())?;
        self.shared.forget(doc);
        self.shared.tell(Changed::Postmortem {
            doc: doc.to_owned(),
        });
        Ok(())
    }

    /// Erases these postmortems for good, as far as they are in the trash, and says which ones that were.
    ///
    /// What is hidden from whoever asks stays. Errors: `Changed` of the store when others are in the trash too.
    pub fn erase_trash(
        &self,
        seen: &[DocId],
        hidden: &BTreeSet<DocId>,
    ) -> Result<Vec<DocId>, RoomError> {
        let now = self.shared.now();
        let docs = self.shared.store.erase_trash(seen, hidden, now)?;
        for doc in &docs {
            self.shared.forget(doc);
            self.shared.tell(Changed::Postmortem { doc: doc.clone() });
        }
        Ok(docs)
    }

    /// Gives the present state of a postmortem a name, once it is stored. Errors: `NotFound`, `Refused` of the store;
    /// `NotSaved` when the latest edits cannot be stored.
    pub fn name_version(&self, doc: &str, name: &str, by: &str) -> Result<Version, RoomError> {
        if let Some(room) = self.shared.live(doc) {
            room.settle()?;
        }
        let version = self
            .shared
            .store
            .name_version(doc, name, by, self.shared.now())?;
        self.shared.tell(Changed::Postmortem {
            doc: doc.to_owned(),
        });
        Ok(version)
    }

    /// Changes the meeting of a postmortem, and tells of it when something is to be kept; see [`Store::change_meeting`].
    pub fn change_meeting<T, E: From<StoreError>>(
        &self,
        doc: &str,
        change: impl FnOnce(Option<String>) -> Result<(Option<String>, T), E>,
    ) -> Result<T, E> {
        let mut kept = false;
        let answer = self
            .shared
            .store
            .change_meeting(doc, self.shared.now(), |found| {
                let (state, answer) = change(found)?;
                kept = state.is_some();
                Ok((state, answer))
            });
        if kept && answer.is_ok() {
            self.shared.tell(Changed::Meeting {
                doc: doc.to_owned(),
            });
        }
        answer
    }

    /// Waits until every edit so far is durable, trying once more what failed before. The rooms go on.
    ///
    /// Errors: `NotSaved`, when something could not be stored.
    pub fn save(&self) -> Result<(), RoomError> {
        let mut word = Ok(());
        for room in self.shared.all_live() {
            // One that cannot be saved does not keep the others from it.
            word = word.and(room.settle());
        }
        word
    }

    /// Commits what is queued, then ends the writer: later edits fail with `Closed`. Blocks until that is done.
    /// Dropping the last owner does the same.
    ///
    /// Errors: `NotSaved`, when something could not be stored: it is lost unless a page still holds it.
    pub fn close(&self) -> Result<(), RoomError> {
        self.shared.signal().stop = true;
        self.shared.wake.notify_all();
        let thread = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // The last owner may be a callback on the writer thread itself.
        if let Some(thread) =
            thread.filter(|thread| thread.thread().id() != std::thread::current().id())
        {
            let _ = thread.join();
        }
        match self.shared.unsaved() {
            Some(error) => Err(RoomError::NotSaved(error)),
            None => Ok(()),
        }
    }

    /// Stores an image and returns its hash. Errors: `TooLarge` of the store.
    pub fn put_blob(&self, bytes: &[u8], mime: &str) -> Result<String, RoomError> {
        Ok(self.shared.store.put_blob(bytes, mime, self.shared.now())?)
    }
}

impl Drop for Rooms {
    fn drop(&mut self) {
        // Whoever wants to know whether everything is stored closes before.
        let _ = self.close();
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work);
    thread.map_err(|error| StoreError::Other(format!("{name} could not be started: {error}")))
}

/// Tells of who is present in rooms that have news of it, until the workspace is closed.
fn tell_presence(rooms: &Receiver<Weak<Room>>) {
    while let Ok(first) = rooms.recv() {
        std::thread::sleep(GATHER);
        for room in std::iter::once(first).chain(rooms.try_iter()) {
            if let Some(room) = room.upgrade() {
                // A room at fault must not take the others' news along.
                let _ = catch_unwind(AssertUnwindSafe(|| room.tell_presence()));
            }
        }
    }
}

impl Shared {
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub fn close(&self, lost: Option<StoreError>) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = lost;
        self.closed.store(true, Ordering::Release);
    }

    fn unsaved(&self) -> Option<StoreError> {
        self.lost
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Has the writer commit what a room has queued.
    pub fn wake(&self, room: &Arc<Room>) {
        let mut signal = self.signal();
        if !signal.rooms.contains_key(room.id()) {
            signal.rooms.insert(room.id().to_owned(), room.clone());
        }
        drop(signal);
        self.wake.notify_all();
    }

    /// Has everybody in a room told who is present, together with what else comes in meanwhile.
    pub fn tell_presence_soon(&self, room: &Arc<Room>) {
        // It fails when the workspace is being closed: then everybody is.
        let _ = self.present.send(Arc::downgrade(room));
    }

    /// As [`Self::wake`], without waiting for the time at which a failed commit would be tried again.
    pub fn hurry(&self, room: &Arc<Room>) {
        self.signal().hurry = true;
        self.wake(room);
    }

    /// Has the writer thread tell of a change.
    pub fn tell(&self, changed: Changed) {
        self.signal().changed.push(changed);
        self.wake.notify_all();
    }

    pub fn emit(&self, changed: Changed) {
        // Subscribers' panics are theirs.
        let _ = catch_unwind(AssertUnwindSafe(|| (self.on_change)(changed)));
    }

    #[cfg(test)]
    pub fn try_fault(&self, doc: &str) -> Result<(), StoreError> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.as_ref().map_or(Ok(()), |fault| fault(doc))
    }

    pub fn signal(&self) -> MutexGuard<'_, Signal> {
        self.signal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something to do, or for a time.
    pub fn wait<'s>(
        &self,
        signal: MutexGuard<'s, Signal>,
        at_most: Duration,
    ) -> MutexGuard<'s, Signal> {
        self.wake
            .wait_timeout(signal, at_most)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    pub fn room(self: &Arc<Self>, doc: &str) -> Result<Arc<Room>, RoomError> {
        if self.signal().stop {
            return Err(RoomError::Closed);
        }
        if self.rooms().len() >= ROOMS {
            self.close_idle(Duration::ZERO);
        }
        let slot = self.rooms().entry(doc.to_owned()).or_default().clone();
        let mut place = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = place.as_ref().filter(|room| !room.is_over()) {
            return Ok(room.clone());
        }
        *place = None;
        match self.load(doc) {
            Ok(room) => {
                *place = Some(room.clone());
                drop(place);
                // What was committed while the room was loading, before the writer knew of it.
                let missed = self.store.log_of(doc, room.seq())?;
                room.apply_foreign(&missed.iter().collect::<Vec<_>>());
                Ok(room)
            }
            Err(error) => {
                drop(place);
                drop(slot);
                self.rooms()
                    .retain(|id, slot| id != doc || Arc::strong_count(slot) > 1);
                Err(error)
            }
        }
    }

    fn load(self: &Arc<Self>, doc: &str) -> Result<Arc<Room>, RoomError> {
        let found = self
            .store
            .document(doc)?
            .ok_or_else(|| RoomError::NotFound {
                doc: doc.to_owned(),
            })?;
        match Room::load(self, doc, &found) {
            Ok(room) => Ok(Arc::new(room)),
            Err(StoreError::NotFound { .. }) => Err(RoomError::NotFound {
                doc: doc.to_owned(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// A room that is open, without opening it.
    pub fn live(&self, doc: &str) -> Option<Arc<Room>> {
        let slot = self.rooms().get(doc).cloned()?;
        let place = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        place.clone()
    }

    /// Every room that is open.
    pub fn all_live(&self) -> Vec<Arc<Room>> {
        let slots: Vec<Arc<Slot>> = self.rooms().values().cloned().collect();
        slots
            .iter()
            .filter_map(|slot| {
                slot.0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone()
            })
            .collect()
    }

    /// Tells the room of a document that it lies in the trash, or no longer.
    pub fn set_trashed(&self, doc: &str, trashed: bool) {
        if let Some(room) = self.live(doc) {
            room.set_trashed(trashed);
        }
    }

    /// Ends the room of a document that has been erased.
    pub fn forget(&self, doc: &str) {
        let slot = self.rooms().remove(doc);
        if let Some(room) =
            slot.and_then(|slot| slot.0.lock().unwrap_or_else(PoisonError::into_inner).take())
        {
            room.end(&RoomError::Erased);
        }
    }

    /// Closes rooms that nobody has used for a while, and returns them.
    pub fn close_idle(&self, for_at_least: Duration) -> Vec<Arc<Room>> {
        let mut closed = Vec::new();
        self.rooms().retain(|doc, slot| {
            // Nobody else holds the slot, so nobody is just entering; nobody else holds the room, so nobody is in it.
            if doc == DIRECTORY_ID || Arc::strong_count(slot) > 1 {
                return true;
            }
            let mut place = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
            match place.as_ref() {
                Some(room) if Arc::strong_count(room) == 1 && room.is_idle(for_at_least) => {
                    closed.extend(place.take());
                    false
                }
                Some(_) => true,
                None => false,
            }
        });
        closed
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<String, Arc<Slot>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
