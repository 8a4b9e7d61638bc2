//! One live document: its state in memory, who is connected, and what waits to be committed.

mod commit;
mod outbox;

pub(crate) use self::commit::Batch;

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use model::directory::Directory;
use model::directory_document;
use model::document::{self, BadUpdate, Dirty, Watch};
use model::postmortem::Postmortem;
use store::{DocumentKind, LogRow, StoreError};
use yrs::Doc;

use self::outbox::Outbox;
use crate::connection::{Connection, Peer, Send, Who};
use crate::error::{CloseReason, RoomError};
use crate::frame::{self, AWARENESS_LIMIT, FIRST_LIMIT, Frame, LIMIT};
use crate::presence::Presence;
use crate::replay;
use crate::rooms::Shared;

/// Frames that build on missing edits, kept per connection until those have come.
const GAPPED: usize = 256;

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
    unsaved: Option<String>,
    erased: bool,
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
    gapped: Vec<(Vec<u8>, bool)>,
}

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
    ack: Option<(Arc<Peer>, u64)>,
    waiter: Option<SyncSender<Result<(), RoomError>>>,
}

impl Room {
    pub(crate) fn load(
        shared: &Arc<Shared>,
        doc_id: &str,
        kind: DocumentKind,
    ) -> Result<Self, StoreError> {
        let loaded = shared.store.load(doc_id)?;
        let doc = replay::load(&loaded);
        let (watch, plain) = begin(&doc, doc_id, kind);
        let state = State {
            doc,
            watch,
            plain,
            dirty: Dirty::default(),
            stale: false,
            queue: Vec::new(),
            in_flight: Vec::new(),
            seq: loaded.upto,
            since_snapshot: loaded.tail.len(),
            seats: BTreeMap::new(),
            next_seat: 1,
            presence: Presence::default(),
            authors: shared.store.clients(doc_id)?.into_iter().collect(),
            unsaved: None,
            erased: false,
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

    fn edit_plain<T, E: From<RoomError>>(
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
            if state.erased {
                return Err(E::from(RoomError::Erased));
            }
            state.last_used = Instant::now();
            state.refresh();
            let (out, bytes) = change(&state.doc, &state.plain)?;
            if bytes.is_empty() {
                return Ok(out);
            }
            state.stale = true;
            let bytes: Arc<[u8]> = bytes.into();
            self.post(frame::update(&bytes), state.peers(None));
            let mut item = Pending::of(Some(bytes), shared.now(), actor);
            item.waiter = Some(waiter);
            state.queue.push(item);
            out
        };
        shared.wake(self);
        self.flush();
        drop(shared);
        loop {
            match done.recv_timeout(Duration::from_millis(100)) {
                Ok(Ok(())) => return Ok(out),
                Ok(Err(error)) => return Err(E::from(error)),
                Err(RecvTimeoutError::Timeout)
                    if self
                        .shared
                        .upgrade()
                        .is_some_and(|shared| !shared.is_closed()) => {}
                // The writer's last word may have come between its end and this look.
                Err(_) => match done.try_recv() {
                    Ok(Ok(())) => return Ok(out),
                    Ok(Err(error)) => return Err(E::from(error)),
                    Err(_) => return Err(E::from(RoomError::Closed)),
                },
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
            if state.erased {
                self.post_end(&peer, &RoomError::Erased.to_string());
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

    pub(crate) fn receive(
        self: &Arc<Self>,
        peer: &Arc<Peer>,
        bytes: &[u8],
    ) -> Result<(), CloseReason> {
        let taken = {
            let mut state = self.lock();
            state.last_used = Instant::now();
            let taken = self.take_frame(&mut state, peer, bytes);
            if let Err(reason) = &taken {
                self.post_end(peer, &reason.0);
            }
            taken
        };
        self.flush();
        if taken.is_err() {
            self.leave(peer.id);
        }
        taken
    }

    fn take_frame(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        bytes: &[u8],
    ) -> Result<(), CloseReason> {
        let closed = || CloseReason("The connection was closed.".into());
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        let limit = if seat.synced { LIMIT } else { FIRST_LIMIT };
        if bytes.len() > limit {
            return Err(CloseReason(format!(
                "A message of {} bytes is too large; {limit} are taken.",
                bytes.len()
            )));
        }
        let frame =
            frame::read(bytes).ok_or_else(|| CloseReason("A message could not be read.".into()))?;
        match frame {
            Frame::Step1(vector) => {
                let missing = document::encode_diff(&state.doc, vector)
                    .map_err(|error| CloseReason(error.to_string()))?;
                self.post(frame::step2(&missing), vec![peer.clone()]);
            }
            Frame::Step2(update) => self.take_update(state, peer, update, false)?,
            Frame::Update(update) => self.take_update(state, peer, update, true)?,
            Frame::Awareness(update) => {
                if bytes.len() > AWARENESS_LIMIT {
                    return Err(CloseReason(
                        "What was told about who is present is too long.".into(),
                    ));
                }
                let news = state.presence.take(peer.id, update);
                let news = news.ok_or_else(|| {
                    CloseReason("What was told about who is present cannot be read.".into())
                })?;
                if let Some(news) = news {
                    self.post(frame::awareness(&news), state.peers(Some(peer.id)));
                }
            }
            Frame::QueryAwareness => {
                if let Some(all) = state.presence.all() {
                    self.post(frame::awareness(&all), vec![peer.clone()]);
                }
            }
            Frame::Understands => {
                peer.set_understands();
                if let Some(sentence) = &state.unsaved {
                    self.post(frame::not_saved(sentence), vec![peer.clone()]);
                }
            }
        }
        Ok(())
    }

    fn take_update(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        update: &[u8],
        live: bool,
    ) -> Result<(), CloseReason> {
        let closed = || CloseReason("The connection was closed.".into());
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        seat.received += 1;
        seat.synced |= !live;
        if !peer.who.writable {
            return Ok(());
        }
        if !self.apply_from(state, peer, update, live)? {
            let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
            if seat.gapped.len() >= GAPPED {
                return Err(CloseReason(
                    "Edits are missing that were never sent. Open the document again.".into(),
                ));
            }
            seat.gapped.push((update.to_vec(), live));
            self.post(
                frame::step1(&document::state_vector(&state.doc)),
                vec![peer.clone()],
            );
            return Ok(());
        }
        // What could not be applied before may be covered now.
        let waiting = std::mem::take(&mut state.seats.get_mut(&peer.id).ok_or_else(closed)?.gapped);
        let mut still = Vec::new();
        for (bytes, live) in waiting {
            if !self.apply_from(state, peer, &bytes, live)? {
                still.push((bytes, live));
            }
        }
        let seat = state.seats.get_mut(&peer.id).ok_or_else(closed)?;
        seat.gapped = still;
        if seat.gapped.is_empty() {
            let ack = (peer.clone(), seat.received);
            // The last thing queued carries the word; when it all was known already, there is only somebody to tell.
            match state
                .queue
                .last_mut()
                .filter(|last| last.ack.is_none() && last.waiter.is_none())
            {
                Some(last) => last.ack = Some(ack),
                None => {
                    let mut item = Pending::of(None, 0, "");
                    item.ack = Some(ack);
                    state.queue.push(item);
                }
            }
            if let Some(shared) = self.shared.upgrade() {
                shared.wake(self);
            }
        }
        Ok(())
    }

    /// Checks, applies, relays and queues an update; `false` when it builds on edits that are missing.
    fn apply_from(
        self: &Arc<Self>,
        state: &mut State,
        peer: &Arc<Peer>,
        update: &[u8],
        live: bool,
    ) -> Result<bool, CloseReason> {
        if state.erased {
            return Err(CloseReason(RoomError::Erased.to_string()));
        }
        document::guard::check_update(update).map_err(|error| CloseReason(error.to_string()))?;
        let clients = document::update_clients(update);
        let person = peer.who.person.as_deref();
        if clients.iter().any(|client| {
            state
                .authors
                .get(client)
                .is_some_and(|author| Some(author.as_str()) != person)
        }) {
            return Err(CloseReason(
                "These edits carry somebody else's mark. Open the document again.".into(),
            ));
        }
        let applied = match document::apply(&state.doc, update) {
            Ok(applied) => applied,
            Err(error) => {
                if matches!(error, BadUpdate::Engine(_)) {
                    self.reload(state);
                }
                return Err(CloseReason(error.to_string()));
            }
        };
        if applied.gap {
            return Ok(false);
        }
        if applied.changed {
            state.stale = true;
            let bytes: Arc<[u8]> = update.into();
            let now = self.shared.upgrade().map_or(0, |shared| shared.now());
            let mut item = Pending::of(Some(bytes), now, person.unwrap_or_default());
            item.client = clients.first().copied().filter(|_| clients.len() == 1);
            if let Some(person) = person {
                for client in clients {
                    // Others' edits may come along when somebody hands in what was lost; only what comes live, or from
                    // the client that this connection says it is, shows whose client it is.
                    let own = live || state.presence.announced(peer.id, client);
                    if own && !state.authors.contains_key(&client) {
                        state.authors.insert(client, person.to_owned());
                        item.binds.push(client);
                    }
                }
            }
            state.queue.push(item);
            self.post(frame::update(update), state.peers(Some(peer.id)));
            if let Some(shared) = self.shared.upgrade() {
                shared.wake(self);
            }
        }
        Ok(true)
    }

    /// Drops the document in memory, which is in doubt, and makes it anew from the log and what is not committed yet.
    fn reload(&self, state: &mut State) {
        let Some(loaded) = self
            .shared
            .upgrade()
            .and_then(|shared| shared.store.load(&self.doc_id).ok())
        else {
            return;
        };
        let doc = replay::load(&loaded);
        let uncommitted = state
            .in_flight
            .iter()
            .chain(state.queue.iter().filter_map(|item| item.bytes.as_ref()));
        for bytes in uncommitted {
            let _ = document::apply(&doc, bytes);
        }
        let kind = match state.plain {
            Plain::Postmortem(_) => DocumentKind::Postmortem,
            Plain::Directory(_) => DocumentKind::Directory,
        };
        if let Some(watch) = &state.watch {
            state.dirty.merge(watch.take());
        }
        (state.watch, state.plain) = begin(&doc, &self.doc_id, kind);
        state.doc = doc;
        state.seq = state.seq.max(loaded.upto);
    }

    /// Takes in what another process has committed. Called by the writer alone, in the log's order.
    pub(crate) fn apply_foreign(&self, rows: &[&LogRow]) {
        {
            let mut state = self.lock();
            // What is dirty so far is ours to project; what comes now has been projected by who committed it, but if it
            // meets edits of ours that wait, both are projected once more.
            state.refresh();
            for row in rows {
                if row.seq <= state.seq {
                    continue;
                }
                state.seq = row.seq;
                match document::apply(&state.doc, &row.bytes) {
                    Ok(applied) if applied.gap => self.reload(&mut state),
                    Err(BadUpdate::Engine(_)) => self.reload(&mut state),
                    Ok(applied) if applied.changed => {
                        state.stale = true;
                        state.since_snapshot += 1;
                        self.post(frame::update(&row.bytes), state.peers(None));
                    }
                    _ => {}
                }
            }
            let ours = std::mem::take(&mut state.dirty);
            state.refresh();
            if state.queue.is_empty() && state.in_flight.is_empty() {
                state.dirty = ours;
            } else {
                state.dirty.merge(ours);
            }
        }
        self.flush();
    }

    /// The place of the log up to which everything of this document is applied.
    pub(crate) fn seq(&self) -> i64 {
        self.lock().seq
    }

    /// The document is gone for good: everybody is told and what was queued is dropped.
    pub(crate) fn erased(&self) {
        let mut waiters = Vec::new();
        {
            let mut state = self.lock();
            state.erased = true;
            state.in_flight.clear();
            waiters.extend(
                std::mem::take(&mut state.queue)
                    .into_iter()
                    .filter_map(|item| item.waiter),
            );
            for seat in std::mem::take(&mut state.seats).into_values() {
                self.post_end(&seat.peer, &RoomError::Erased.to_string());
            }
        }
        self.flush();
        for waiter in waiters {
            let _ = waiter.send(Err(RoomError::Erased));
        }
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
