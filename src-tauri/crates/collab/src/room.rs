//! One live document: its state in memory, who is connected, and what waits to be committed.

mod commit;
mod handed;
mod incoming;
mod others;
mod outbox;
mod whose;

pub(crate) use self::commit::{Batch, fault};
pub use self::handed::{TellUpdate, Told};

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};

use model::directory::Directory;
use model::directory_document;
use model::document::{self, Dirty, Watch};
use model::postmortem::{PersonId, Postmortem, RowId, RowKind};
use store::{DocumentKind, DocumentRow, StoreError};
use yrs::Doc;

use self::outbox::Outbox;
pub(crate) use self::whose::Brought;
use crate::connection::{Connection, Peer, Send, Who};
use crate::error::RoomError;
use crate::frame;
use crate::presence::Presence;
use crate::replay;
use crate::rooms::Shared;

/// One document that is open in this process.
pub struct Room {
    doc_id: String,
    shared: Weak<Shared>,
    state: Mutex<State>,
    outbox: Outbox,
}

struct State {
    doc: Doc,
    watch: Option<Watch>,
    plain: Plain,
    /// What the projected tables do not say yet, apart from what the watch still holds.
    dirty: Dirty,
    /// What is dirty is not known: everything is projected anew.
    anew: bool,
    /// The directory has to be read again.
    stale: bool,
    queue: Vec<Pending>,
    in_flight: Vec<Arc<[u8]>>,
    /// Everything of this document up to this place of the log is applied.
    seq: i64,
    since_snapshot: usize,
    seats: BTreeMap<u64, Seat>,
    next_seat: u64,
    presence: Presence,
    /// Persons that Yjs client ids are bound to.
    authors: HashMap<u64, String>,
    /// What others brought under the mark of these clients.
    brought: Vec<Brought>,
    unsaved: Option<String>,
    /// It lies in the trash: nothing is taken in until it is taken out.
    trashed: bool,
    /// Why nothing goes on in this room any more.
    ended: Option<RoomError>,
    /// The end of the log when the document was loaded first.
    loaded_at: i64,
    last_used: Instant,
}

/// The plain snapshot of the document.
#[derive(Clone)]
pub(crate) enum Plain {
    Postmortem(Arc<Postmortem>),
    Directory(Arc<Directory>),
}

struct Seat {
    peer: Arc<Peer>,
    /// Frames with updates that came in.
    received: u64,
    /// The first sync is done.
    synced: bool,
    /// Updates that build on missing edits, kept until those have come, and whether they came live.
    gapped: Vec<(Vec<u8>, bool)>,
}

/// Who blocks until a commit.
type Waiter = SyncSender<Result<(), RoomError>>;

/// Something that waits for the next commit.
pub(crate) struct Pending {
    /// The update; absent when there is only somebody to tell that all before it is stored.
    pub bytes: Option<Arc<[u8]>>,
    pub at_ms: i64,
    pub actor: String,
    /// The client that wrote it, when it is one alone.
    pub client: Option<u64>,
    /// Clients that this update binds to its actor.
    pub binds: Vec<u64>,
    /// Edits in it that carry the mark of somebody else's client.
    pub brought: Vec<Brought>,
    /// A replica took it from the served workspace, so that it does not have to be handed in there; the seal that it bore.
    pub told: Option<String>,
    ack: Option<(Arc<Peer>, u64)>,
    waiter: Option<Waiter>,
}

impl Room {
    pub(crate) fn load(
        shared: &Arc<Shared>,
        doc_id: &str,
        found: &DocumentRow,
    ) -> Result<Self, StoreError> {
        let loaded = replay::load(&shared.store, doc_id)?;
        let (doc, kind) = (loaded.doc, found.kind);
        let (watch, plain) = begin(&doc, doc_id, kind);
        let state = State {
            doc,
            watch,
            plain,
            dirty: Dirty::default(),
            anew: false,
            stale: false,
            queue: Vec::new(),
            in_flight: Vec::new(),
            seq: loaded.upto,
            since_snapshot: loaded.since_snapshot,
            seats: BTreeMap::new(),
            next_seat: 1,
            presence: Presence::default(),
            authors: shared.store.clients(doc_id)?.into_iter().collect(),
            brought: Brought::of(&shared.store, doc_id)?,
            unsaved: None,
            trashed: found.trashed_at.is_some(),
            ended: None,
            loaded_at: loaded.upto,
            last_used: Instant::now(),
        };
        Ok(Self {
            doc_id: doc_id.to_owned(),
            shared: Arc::downgrade(shared),
            state: Mutex::new(state),
            outbox: Outbox::default(),
        })
    }

    /// The document's id.
    pub fn id(&self) -> &str {
        &self.doc_id
    }

    /// The document as plain data, edits that are not stored yet included.
    pub fn snapshot(&self) -> Arc<Postmortem> {
        match self.plain() {
            Plain::Postmortem(plain) => plain,
            Plain::Directory(_) => Arc::default(),
        }
    }

    /// Who wrote each finding, event, action item and parked line first; rows that the backend made, or nobody known,
    /// are left out.
    pub fn row_authors(&self) -> Vec<(RowId, PersonId)> {
        let state = self.lock();
        [
            RowKind::Timeline,
            RowKind::Findings,
            RowKind::Actions,
            RowKind::Parking,
        ]
        .into_iter()
        .flat_map(|kind| document::row_clients(&state.doc, kind))
        .filter_map(|(row, client, place)| {
            let brought = state
                .brought
                .iter()
                .find(|brought| brought.has(client, place));
            let author = match brought {
                Some(brought) => &brought.person,
                None => state.authors.get(&client)?,
            };
            Some((row, author.clone()))
        })
        .collect()
    }

    pub(crate) fn plain(&self) -> Plain {
        let mut state = self.lock();
        state.refresh();
        state.last_used = Instant::now();
        state.plain.clone()
    }

    /// Edits the document in one transaction and returns once that is durable. `actor` is a person's id; empty when
    /// nobody has said who they are.
    ///
    /// `change` gets the plain snapshot and says what it should be; only the difference is written, so that what others
    /// write at the same time stays. It runs while nobody else can edit this document: it must not wait for anything,
    /// neither for this or another room nor for a write to the store. When it fails, nothing has happened.
    ///
    /// Errors: those of `change`; `NotSaved` when the commit failed: the edit is then in the open document, everybody in
    /// the room is told, and saving is tried again as long as the workspace is open.
    pub fn edit<T, E: From<RoomError>>(
        self: &Arc<Self>,
        actor: &str,
        change: impl FnOnce(&mut Postmortem) -> Result<T, E>,
    ) -> Result<T, E> {
        self.edit_plain(actor, |doc, plain| {
            let Plain::Postmortem(plain) = plain else {
                return Err(E::from(RoomError::NotFound {
                    doc: self.doc_id.clone(),
                }));
            };
            let mut next = Postmortem::clone(plain);
            let out = change(&mut next)?;
            Ok((out, document::write(doc, &next)))
        })
    }

    pub(crate) fn edit_directory<T, E: From<RoomError>>(
        self: &Arc<Self>,
        actor: &str,
        change: impl FnOnce(&mut Directory) -> Result<T, E>,
    ) -> Result<T, E> {
        self.edit_plain(actor, |doc, plain| {
            let Plain::Directory(plain) = plain else {
                return Err(E::from(RoomError::NotFound {
                    doc: self.doc_id.clone(),
                }));
            };
            let mut next = Directory::clone(plain);
            let out = change(&mut next)?;
            Ok((out, directory_document::write(doc, &next)))
        })
    }

    pub(crate) fn edit_plain<T, E: From<RoomError>>(
        self: &Arc<Self>,
        actor: &str,
        change: impl FnOnce(&Doc, &Plain) -> Result<(T, Vec<u8>), E>,
    ) -> Result<T, E> {
        let Some(shared) = self.shared.upgrade() else {
            return Err(E::from(RoomError::Closed));
        };
        if shared.store.is_read_only() {
            return Err(E::from(RoomError::Store(StoreError::ReadOnly)));
        }
        let (waiter, done) = sync_channel(1);
        let out = {
            let mut state = self.lock();
            if let Some(reason) = &state.ended {
                return Err(E::from(reason.clone()));
            }
            if state.trashed {
                return Err(E::from(RoomError::Trashed));
            }
            state.last_used = Instant::now();
            state.refresh();
            let changed = catch_unwind(AssertUnwindSafe(|| change(&state.doc, &state.plain)));
            let (out, bytes) = match changed {
                Ok(changed) => changed?,
                Err(panic) => {
                    // A part of the edit may be in the document that nobody would ever log.
                    drop(state);
                    self.renew();
                    resume_unwind(panic)
                }
            };
            let mut item = if !bytes.is_empty() {
                state.stale = true;
                let bytes: Arc<[u8]> = bytes.into();
                self.post(frame::update(&bytes), state.peers(None));
                Pending::of(Some(bytes), shared.now(), actor)
            } else if state.is_saved() {
                return Ok(out);
            } else {
                // What makes this edit unnecessary may itself still have to be stored.
                Pending::of(None, 0, "")
            };
            item.waiter = Some(waiter);
            state.queue.push(item);
            out
        };
        shared.wake(self);
        self.flush();
        drop(shared);
        self.wait(&done).map_err(E::from)?;
        Ok(out)
    }

    /// Waits until everything that was edited so far is durable. Errors: `NotSaved` when the commit failed.
    pub(crate) fn settle(self: &Arc<Self>) -> Result<(), RoomError> {
        let (waiter, done) = sync_channel(1);
        {
            let mut state = self.lock();
            if state.is_saved() {
                return Ok(());
            }
            let mut item = Pending::of(None, 0, "");
            item.waiter = Some(waiter);
            state.queue.push(item);
        }
        if let Some(shared) = self.shared.upgrade() {
            shared.hurry(self);
        }
        self.wait(&done)
    }

    /// Waits for the writer's word.
    fn wait(&self, done: &Receiver<Result<(), RoomError>>) -> Result<(), RoomError> {
        loop {
            match done.recv_timeout(Duration::from_millis(100)) {
                Ok(word) => return word,
                Err(RecvTimeoutError::Timeout)
                    if self
                        .shared
                        .upgrade()
                        .is_some_and(|shared| !shared.is_closed()) => {}
                // The writer's last word may have come between its end and this look.
                Err(_) => return done.try_recv().unwrap_or(Err(RoomError::Closed)),
            }
        }
    }

    /// Enters the room. The room asks for the newcomer's edits and says who is present; `send` gets every frame.
    pub fn connect(self: &Arc<Self>, mut who: Who, send: Send) -> Connection {
        who.writable &= self
            .shared
            .upgrade()
            .is_some_and(|shared| !shared.store.is_read_only());
        let peer = {
            let mut state = self.lock();
            let id = state.next_seat;
            state.next_seat += 1;
            state.last_used = Instant::now();
            let peer = Arc::new(Peer::new(id, who, send));
            let seat = Seat {
                peer: peer.clone(),
                received: 0,
                synced: false,
                gapped: Vec::new(),
            };
            state.seats.insert(id, seat);
            self.post(
                frame::step1(&document::state_vector(&state.doc)),
                vec![peer.clone()],
            );
            if let Some(all) = state.presence.all() {
                self.post(frame::awareness(&all), vec![peer.clone()]);
            }
            if let Some(reason) = &state.ended {
                self.post_end(&peer, reason);
            }
            peer
        };
        self.flush();
        Connection {
            room: self.clone(),
            peer,
        }
    }

    /// Connections that are in the room.
    pub fn connections(&self) -> usize {
        self.lock().seats.len()
    }

    pub(crate) fn leave(&self, seat: u64) {
        {
            let mut state = self.lock();
            if state.seats.remove(&seat).is_none() {
                return;
            }
            state.last_used = Instant::now();
            if let Some(farewell) = state.presence.leave(seat) {
                self.post(frame::awareness(&farewell), state.peers(None));
            }
        }
        self.flush();
    }

    /// Tells what is new about who is present.
    pub(crate) fn tell_presence(&self) {
        {
            let mut state = self.lock();
            let (news, from) = state.presence.news();
            if let Some(news) = news {
                self.post(frame::awareness(&news), state.peers(from));
            }
        }
        self.flush();
    }

    /// The postmortem was moved to the trash, or taken out of it. Everybody in the room hears of it; what they wrote
    /// meanwhile is asked for once it is out.
    pub(crate) fn set_trashed(&self, trashed: bool) {
        {
            let mut state = self.lock();
            if std::mem::replace(&mut state.trashed, trashed) == trashed {
                return;
            }
            let peers = state.peers(None);
            if trashed {
                self.tell_trashed(peers);
            } else {
                self.post(frame::step1(&document::state_vector(&state.doc)), peers);
            }
        }
        self.flush();
    }

    fn tell_trashed(&self, mut peers: Vec<Arc<Peer>>) {
        peers.retain(|peer| peer.understands());
        self.post(frame::not_saved(&RoomError::Trashed.to_string()), peers);
    }

    /// The place of the log up to which everything of this document is applied.
    pub(crate) fn seq(&self) -> i64 {
        self.lock().seq
    }

    /// Nothing goes on here any more: everybody is told why, and what was queued is dropped.
    pub(crate) fn end(&self, why: &RoomError) {
        let waiters = self.end_in(&mut self.lock(), why);
        self.flush();
        for waiter in waiters {
            let _ = waiter.send(Err(why.clone()));
        }
    }

    /// As [`Self::end`], with the state locked; whom to tell besides.
    fn end_in(&self, state: &mut State, why: &RoomError) -> Vec<Waiter> {
        state.ended = Some(why.clone());
        for seat in std::mem::take(&mut state.seats).into_values() {
            self.post_end(&seat.peer, why);
        }
        let queue = std::mem::take(&mut state.queue);
        queue.into_iter().filter_map(|item| item.waiter).collect()
    }

    /// Nothing more is taken in from here on, while what is queued waits for the last commit.
    pub(crate) fn shut(&self) {
        self.lock().ended.get_or_insert(RoomError::Closed);
    }

    /// Whether everything that was edited is durable.
    pub(crate) fn is_saved(&self) -> bool {
        self.lock().is_saved()
    }

    /// The room has ended and a new one may be loaded from what is stored.
    pub(crate) fn is_over(&self) -> bool {
        let state = self.lock();
        state.ended.is_some() && state.is_saved()
    }

    /// Whether a document whose log begins there is the one that this room loaded, not one made later under its id.
    pub(crate) fn is_of(&self, first: i64) -> bool {
        first <= self.lock().loaded_at
    }

    /// Somebody is at work in here, so that a call may have to wait.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.state.try_lock(), Err(TryLockError::WouldBlock))
    }

    /// Nobody is here, nothing waits, and it has been so for a while.
    pub(crate) fn is_idle(&self, for_at_least: Duration) -> bool {
        let state = self.lock();
        state.seats.is_empty()
            && state.queue.is_empty()
            && state.in_flight.is_empty()
            && state.last_used.elapsed() >= for_at_least
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Brings the plain snapshot up to date and remembers what that changed.
    fn refresh(&mut self) {
        match &mut self.plain {
            Plain::Postmortem(plain) => {
                let dirty = self.watch.as_ref().map(Watch::take).unwrap_or_default();
                if !dirty.is_empty() {
                    document::refresh(Arc::make_mut(plain), &self.doc, &dirty);
                    self.dirty.merge(dirty);
                }
            }
            Plain::Directory(plain) => {
                if std::mem::take(&mut self.stale) {
                    *plain = Arc::new(directory_document::read(&self.doc));
                }
            }
        }
    }

    /// Nothing waits for a commit.
    fn is_saved(&self) -> bool {
        self.in_flight.is_empty() && self.queue.iter().all(|item| item.bytes.is_none())
    }

    fn peers(&self, except: Option<u64>) -> Vec<Arc<Peer>> {
        self.seats
            .iter()
            .filter(|(id, _)| Some(**id) != except)
            .map(|(_, seat)| seat.peer.clone())
            .collect()
    }
}

impl Pending {
    fn of(bytes: Option<Arc<[u8]>>, at_ms: i64, actor: &str) -> Self {
        Self {
            bytes,
            at_ms,
            actor: actor.to_owned(),
            client: None,
            binds: Vec::new(),
            brought: Vec::new(),
            told: None,
            ack: None,
            waiter: None,
        }
    }
}

/// Starts to watch a document and reads it.
fn begin(doc: &Doc, doc_id: &str, kind: DocumentKind) -> (Option<Watch>, Plain) {
    match kind {
        DocumentKind::Postmortem => {
            let watch = document::watch(doc);
            (
                Some(watch),
                Plain::Postmortem(Arc::new(document::read_as(doc, doc_id))),
            )
        }
        DocumentKind::Directory => (
            None,
            Plain::Directory(Arc::new(directory_document::read(doc))),
        ),
    }
}
