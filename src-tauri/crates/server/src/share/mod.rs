//! Letting guests into one review meeting: a second listener, open from `start` to `stop`, which knows one postmortem and
//! nothing else of the workspace. Both shells share through it.

pub(crate) mod certificate;
mod guests;
mod invitation;
mod kept;
pub(crate) mod line;
mod network;
mod routes;
mod tries;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use api::error::{ApiError, ErrorCode};
use api::guest::Sharing;
use api::handlers;
use api::types::{Encryption, RoomRight, ShareInterface, ShareStart, ShareState};
use api::{Api, Subscription};
use chrono::{DateTime, Utc};
use model::list::Changed;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::connections::{Limits, accept};
use crate::http::Screens;
use guests::Guests;
use invitation::Invitation;
pub use kept::write_private;
use kept::{Kept, KeptRoom, Spent};
use routes::{Place, Room, Shared};

/// Connections at once; more wait. A page has up to seven, and a process may have 1024 files open.
const CONNECTIONS: usize = 800;
/// Connections from one address, behind which there may be many guests: nobody takes all places.
const OF_ONE_ADDRESS: usize = CONNECTIONS / 2;
/// How long guests' connections may take to say goodbye.
const GOODBYE: Duration = Duration::from_millis(300);
/// How long the port stays open when the meeting has ended, for the guests' pages to hand in their last words and to show how
/// it ended. Nobody joins any more.
const LAST_LOOK: Duration = Duration::from_secs(5);
/// How often it is looked whether the meeting still goes on, besides when it changed.
const LOOK: Duration = Duration::from_secs(60);

/// Shares one meeting at a time. Clones are the same.
#[derive(Clone)]
pub struct Share(Arc<Inner>);

struct Inner {
    data_dir: PathBuf,
    screens: Option<Screens>,
    running: Mutex<Option<Running>>,
}

/// An open port.
struct Running {
    room: Arc<Room>,
    runtime: Runtime,
    closing: watch::Sender<bool>,
    _changes: Subscription,
}

impl Share {
    /// Opens nothing yet. `data_dir` keeps the port, the certificate and the guests of the last meeting; `screens` are what
    /// guests are shown.
    pub fn new(data_dir: PathBuf, screens: Option<Screens>) -> Self {
        Self(Arc::new(Inner {
            data_dir,
            screens,
            running: Mutex::default(),
        }))
    }
}

impl Sharing for Share {
    fn interfaces(&self) -> Result<Vec<ShareInterface>, ApiError> {
        network::interfaces()
    }

    fn start(&self, api: &Api, asked: &ShareStart) -> Result<ShareState, ApiError> {
        let address = network::own_address(&asked.address)?;
        let meeting = handlers::open_meeting(api, &asked.doc)?
            .ok_or_else(|| ApiError::new(ErrorCode::Conflict, "This meeting is over."))?;
        let mut running = self.0.running();
        if let Some(now) = running.as_ref() {
            let same = now.room.doc() == asked.doc
                && now.room.address().ip() == address
                && now.room.encryption() == asked.encryption
                && now.room.started_at() == meeting.started_at;
            if same {
                return Ok(now.room.state());
            }
        }
        if let Some(old) = running.take() {
            old.end();
        }
        let started = self.0.open(
            api,
            asked,
            address,
            meeting.started_at,
            Arc::downgrade(&self.0),
        )?;
        let state = started.room.state();
        *running = Some(started);
        Ok(state)
    }

    fn stop(&self) {
        self.0.stop();
    }

    fn close(&self) {
        let mut running = self.0.running();
        if let Some(running) = running.take() {
            running.end();
        }
    }

    fn state(&self) -> Option<ShareState> {
        self.0
            .running()
            .as_ref()
            .map(|running| running.room.state())
    }

    fn set_right(&self, guest: &str, right: RoomRight) -> Result<(), ApiError> {
        self.0.room()?.guests().set_right(guest, right)
    }

    fn free(&self, guest: &str) -> Result<(), ApiError> {
        self.0.room()?.guests().free(guest)
    }

    fn remove(&self, guest: &str) -> Result<(), ApiError> {
        let room = self.0.room()?;
        room.guests().remove(guest)?;
        // What they came in by lets nobody in any more.
        room.renew_invitation();
        Ok(())
    }
}

impl Inner {
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn room(&self) -> Result<Arc<Room>, ApiError> {
        self.running()
            .as_ref()
            .map(|running| Arc::clone(&running.room))
            .ok_or_else(|| ApiError::not_found("No meeting is shared."))
    }

    fn stop(&self) {
        let mut running = self.running();
        if let Some(running) = running.take() {
            running.end();
            // The link, the code and the sessions must never open anything again.
            kept::forget_room(&self.data_dir);
        }
    }

    /// Ends the sharing of this room, if it is still this room that is shared.
    fn stop_if(&self, room: &Weak<Room>) {
        let still = self
            .running()
            .as_ref()
            .is_some_and(|running| std::ptr::eq(Arc::as_ptr(&running.room), room.as_ptr()));
        if still {
            self.stop();
        }
    }

    fn open(
        &self,
        api: &Api,
        asked: &ShareStart,
        address: IpAddr,
        started_at: DateTime<Utc>,
        me: Weak<Self>,
    ) -> Result<Running, ApiError> {
        let cannot = |error: &dyn std::fmt::Display| {
            ApiError::new(
                ErrorCode::Unavailable,
                format!("Debrief cannot open a port on {address}: {error}."),
            )
        };
        let encrypted = match asked.encryption {
            Encryption::Plain => None,
            Encryption::Own => Some(certificate::of_workspace(
                &self.data_dir,
                api.workspace(),
                address,
                api.now(),
            )?),
        };
        let kept = kept::load(&self.data_dir);
        let before = kept
            .room
            .filter(|room| room.doc == asked.doc && room.meeting == started_at);
        // Two guests at once are served at once; the rest waits for the disk, which is one for all.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(32)
            .thread_name("debrief-share")
            .enable_all()
            .build()
            .map_err(|error| cannot(&error))?;
        let listener = runtime
            .block_on(listen(address, kept.port))
            .map_err(|error| cannot(&error))?;
        let bound = listener.local_addr().map_err(|error| cannot(&error))?;
        let invitation = match &before {
            Some(room) => Invitation {
                secret: room.secret.clone(),
                code: room.code.clone(),
            },
            None => Invitation::new(),
        };
        let invitation = Arc::new(Mutex::new(invitation));
        let (closing, told) = watch::channel(false);
        let keep = kept::keeping(
            self.data_dir.clone(),
            Kept {
                port: Some(bound.port()),
                room: Some(KeptRoom {
                    doc: asked.doc.clone(),
                    meeting: started_at,
                    secret: String::new(),
                    code: String::new(),
                    guests: Vec::new(),
                    spent: Spent::default(),
                }),
            },
            Arc::clone(&invitation),
            told.clone(),
        );
        let place = Place {
            address: bound,
            fingerprint: encrypted.as_ref().map(|own| own.fingerprint.clone()),
        };
        let (guests, spent) = before
            .map(|room| (room.guests, room.spent))
            .unwrap_or_default();
        let guests = Guests::new(guests, spent, place.typed(), keep);
        guests.keep();
        let room = Arc::new(Room::new(
            api.clone(),
            Shared {
                doc: asked.doc.clone(),
                started_at,
            },
            place,
            invitation,
            guests,
            self.screens.clone(),
            told.clone(),
        ));
        let acceptor = encrypted.map(|own| own.acceptor);
        let limits = Limits {
            all: CONNECTIONS,
            of_one_address: OF_ONE_ADDRESS,
            proxies: Arc::default(),
        };
        runtime.spawn(accept(
            listener,
            acceptor,
            routes::router(Arc::clone(&room)),
            limits,
            told,
            room.open_connections(),
        ));
        let changes = watch_meeting(api, &room, me);
        Ok(Running {
            room,
            runtime,
            closing,
            _changes: changes,
        })
    }
}

impl Running {
    /// Closes the port at once and every connection as soon as it has said goodbye. Blocks for less than a second.
    fn end(self) {
        self.closing.send_replace(true);
        let connections = self.room.open_connections();
        let started = Instant::now();
        // Ours and the room's own.
        while Arc::strong_count(&connections) > 2 && started.elapsed() < GOODBYE {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.runtime.shutdown_timeout(GOODBYE);
    }
}

/// Ends the sharing when the meeting has ended, or its postmortem lies in the trash.
fn watch_meeting(api: &Api, room: &Arc<Room>, share: Weak<Inner>) -> Subscription {
    // One word is enough: whoever looks sees everything that happened until then.
    let (tell, told): (SyncSender<()>, _) = sync_channel(1);
    let doc = room.doc().to_owned();
    let subscription = api.subscribe(move |changed| {
        let concerns = match changed {
            Changed::Meeting { doc: of } | Changed::Postmortem { doc: of } => *of == doc,
            // Whoever shared it may no longer.
            Changed::Accounts { .. } => true,
            _ => false,
        };
        if concerns {
            let _ = tell.try_send(());
        }
    });
    let room = Arc::downgrade(room);
    std::thread::spawn(move || {
        loop {
            if told.recv_timeout(LOOK) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
            let Some(open) = room.upgrade() else { return };
            let over = open.is_over();
            drop(open);
            if !over {
                continue;
            }
            std::thread::sleep(LAST_LOOK);
            if let Some(share) = share.upgrade() {
                share.stop_if(&room);
            }
            return;
        }
    });
    subscription
}

/// Listens on the port of before, so that links stay good, else on any that is free.
async fn listen(address: IpAddr, before: Option<u16>) -> std::io::Result<TcpListener> {
    if let Some(port) = before
        && let Ok(listener) = TcpListener::bind(SocketAddr::new(address, port)).await
    {
        return Ok(listener);
    }
    TcpListener::bind(SocketAddr::new(address, 0)).await
}
