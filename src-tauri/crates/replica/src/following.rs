//! Keeps a replica in step for as long as its workspace is open.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use api::error::{ApiError, ErrorCode};
use api::replica::{ReplicaLink, Upstream};
use api::{Api, Subscription};
use model::list::Changed;
use serde_json::Value;

use crate::host::{Host, HostError};
use crate::turn::{Memory, Stop, Turn, fetch_image};

/// How often the served workspace is asked even when nobody has told of a change.
const ASK: Duration = Duration::from_secs(30);
/// First and longest wait before one that did not answer is asked again.
const RETRY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// How long a command waits for an exchange.
const AT_MOST: Duration = Duration::from_secs(1);
/// How long a command waits until what it is about is handed in.
const ON_ITS_WAY: Duration = Duration::from_secs(15);
const FAULT: &str = "Debrief failed while it exchanged edits. What was saved is safe; it is tried again, and please report this.";
const COPIES: &str = "Different copies of this workspace answer there by turns. Nothing is exchanged until that is settled.";
const ENDED: &str = "The access to this workspace has ended.";

/// Commands of the served workspace that change nothing of what is kept here.
const READS: &[&str] = &[
    "row_authors",
    "account_list",
    "session_list",
    "postmortem_access",
    "audit_list",
    "reminders",
    "calendar_feed",
    "meetings_open",
    "meeting",
    "share_interfaces",
    "share_state",
    "published",
    "published_page",
    "published_difference",
    "published_export",
];

/// A replica and the served workspace that it follows.
pub struct Following {
    api: Api,
    host: Arc<dyn Host>,
    link: Mutex<(ReplicaLink, String)>,
    memory: Mutex<Memory>,
    /// How much waited when that was told last.
    told: Mutex<usize>,
    bell: Bell,
}

/// What the thread that keeps both in step waits for, and what waits for that thread.
#[derive(Default)]
struct Bell {
    rung: Mutex<Rung>,
    sound: Condvar,
}

#[derive(Default)]
struct Rung {
    /// Something was written here.
    here: bool,
    /// Something may have changed there.
    there: bool,
    stop: bool,
    /// The thread is there to hear it.
    runs: bool,
    /// How many have asked for an exchange that they wait for, and how many of these got one.
    asked: u64,
    answered: u64,
}

/// What rang.
struct Heard {
    here: bool,
    there: bool,
    /// How many had asked by then.
    asked: u64,
}

/// The thread that keeps both in step; dropping it ends that, and what waits goes on waiting.
pub struct Running {
    following: Arc<Following>,
    thread: Option<JoinHandle<()>>,
    _changes: Subscription,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Following {
    /// Brings a replica and what it follows together. Nothing is exchanged before [`Self::turn`] or [`Self::start`].
    pub fn new(api: Api, host: Arc<dyn Host>) -> Arc<Self> {
        let following = Arc::new(Self {
            api,
            host,
            link: Mutex::default(),
            memory: Mutex::default(),
            told: Mutex::default(),
            bell: Bell::default(),
        });
        let upstream: Arc<dyn Upstream> = following.clone();
        following.api.follow_with(&upstream);
        following
    }

    /// Exchanges, on a thread of its own, whatever is new on either side from now on.
    pub fn start(self: &Arc<Self>) -> Result<Running, String> {
        let bell = Arc::downgrade(self);
        let changes = self.api.subscribe(move |changed| {
            if matches!(changed, Changed::Postmortem { .. } | Changed::Directory)
                && let Some(following) = bell.upgrade()
            {
                following.ring(|rung| rung.here = true);
            }
        });
        self.ring(|rung| rung.runs = true);
        let following = Arc::clone(self);
        let thread = std::thread::Builder::new()
            .name("debrief-replica".into())
            .spawn(move || {
                following.keep_in_step();
                // Nobody waits for it any more.
                following.ring(|rung| rung.runs = false);
            })
            .map_err(|error| {
                self.ring(|rung| rung.runs = false);
                format!("Working away could not be started: {error}.")
            })?;
        Ok(Running {
            following: Arc::clone(self),
            thread: Some(thread),
            _changes: changes,
        })
    }

    /// The served workspace has told of a change; nothing in its place says that anything may have changed, or that it may be
    /// reached again.
    pub fn heard(&self, changed: Option<&Changed>) {
        match changed {
            // They are kept there alone.
            Some(changed @ (Changed::Meeting { .. } | Changed::Published)) => {
                self.api.tell(changed);
            }
            _ => self.ring(|rung| rung.there = true),
        }
    }

    /// One exchange, whole when this returns.
    ///
    /// Errors: why it stopped, as a sentence; what was exchanged before stays.
    pub fn turn(&self) -> Result<(), String> {
        self.turn_with(&mut lock(&self.memory))
    }

    /// Has the thread that keeps both in step exchange what there is, and waits until it has; not for longer than anybody wants to wait,
    /// as for the first exchange of a large workspace. False when it was not done by then.
    fn turn_soon(&self) -> bool {
        let mut rung = lock(&self.bell.rung);
        if !rung.runs {
            return true;
        }
        rung.there = true;
        rung.asked += 1;
        let ours = rung.asked;
        self.bell.sound.notify_all();
        let waits = |rung: &mut Rung| rung.runs && rung.answered < ours;
        let waited = self.bell.sound.wait_timeout_while(rung, AT_MOST, waits);
        let (rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        rung.answered >= ours
    }

    /// Waits until what was written here of a command's postmortem is there: a copy that is published, or a name for its state, must
    /// not lack it.
    ///
    /// Errors: `Unavailable` when it is still on its way after a while.
    fn hand_in_first(&self, command: &str, request: &Value) -> Result<(), ApiError> {
        let start = Instant::now();
        while !self.turn_soon() && self.is_on_its_way(command, request) {
            if start.elapsed() >= ON_ITS_WAY {
                return Err(ApiError::new(
                    ErrorCode::Unavailable,
                    "What you wrote here is still on its way to the team’s workspace. Nothing was done; try again in a moment.",
                ));
            }
        }
        Ok(())
    }

    /// Whether edits of what a command is about wait to be handed in, and nothing says that they are not taken.
    fn is_on_its_way(&self, command: &str, request: &Value) -> bool {
        let store = self.api.store();
        let mut waiting = store.waiting().unwrap_or_default();
        let refused = store.refused().unwrap_or_default();
        waiting.retain(|doc| refused.iter().all(|one| one.doc != *doc));
        let named = [Some(request), request.get("what")]
            .into_iter()
            .flatten()
            .find_map(|part| part.get("doc").and_then(Value::as_str));
        match named {
            Some(doc) => waiting.iter().any(|waits| waits == doc),
            // A copy of several, or of one that it knows itself.
            None => matches!(command, "publish" | "publish_anew") && !waiting.is_empty(),
        }
    }

    fn turn_with(&self, memory: &mut Memory) -> Result<(), String> {
        // A fault in one exchange is told and the next one tries again: nothing is lost by it.
        let done = catch_unwind(AssertUnwindSafe(|| {
            match Turn::begin(&self.api, &*self.host, memory) {
                Ok(Some(turn)) => turn.run().map(|()| true),
                Ok(None) => Ok(false),
                Err(stop) => Err(stop),
            }
        }))
        .unwrap_or_else(|_| {
            *memory = Memory::default();
            Err(Stop::Here(FAULT.into()))
        });
        let link = match done {
            Ok(true) => (ReplicaLink::Connected, String::new()),
            Ok(false) => return Err(ENDED.into()),
            Err(Stop::Host(HostError::Ended(reason))) => (ReplicaLink::Ended, reason),
            Err(Stop::Host(HostError::Away(reason)) | Stop::Here(reason)) => {
                (ReplicaLink::Away, reason)
            }
            Err(Stop::Host(HostError::Said(error))) => (ReplicaLink::Away, error.message),
            Err(Stop::PutBack) => (ReplicaLink::Away, COPIES.into()),
        };
        self.set_link(link.clone());
        match link {
            (ReplicaLink::Connected, _) => Ok(()),
            (_, reason) => Err(reason),
        }
    }

    fn set_link(&self, link: (ReplicaLink, String)) {
        let before = std::mem::replace(&mut *lock(&self.link), link.clone());
        let waiting = self.api.store().waiting().map_or(0, |docs| docs.len());
        let told = std::mem::replace(&mut *lock(&self.told), waiting);
        if before != link || told != waiting {
            self.api.tell(&Changed::Replica);
        }
    }

    fn ring(&self, how: impl FnOnce(&mut Rung)) {
        how(&mut lock(&self.bell.rung));
        self.bell.sound.notify_all();
    }

    fn keep_in_step(&self) {
        let mut wait = Duration::ZERO;
        let mut retry = RETRY.0;
        let mut away = false;
        loop {
            let Some(heard) = self.wait(wait, away) else {
                return;
            };
            // What was taken from there rings as well; it does not have to be handed in.
            if heard.here && !heard.there && !away && !self.waits() {
                wait = ASK;
                continue;
            }
            let done = self.turn();
            self.ring(|rung| rung.answered = heard.asked);
            match done {
                Ok(()) => {
                    (wait, retry, away) = (ASK, RETRY.0, false);
                }
                Err(_) if lock(&self.link).0 == ReplicaLink::Ended => return,
                Err(_) => {
                    (wait, away) = (retry, true);
                    retry = (retry * 2).min(RETRY.1);
                }
            }
        }
    }

    /// Waits until something rings, or for a time; what rang. Whoever is away goes by the clock alone, unless it is said that the
    /// other side may be reached again. Nothing when this is over.
    fn wait(&self, at_most: Duration, away: bool) -> Option<Heard> {
        let start = Instant::now();
        let mut rung = lock(&self.bell.rung);
        loop {
            if rung.stop {
                return None;
            }
            let left = at_most.saturating_sub(start.elapsed());
            let rang = rung.there || (rung.here && !away);
            if rang || left.is_zero() {
                let heard = Heard {
                    here: rung.here,
                    there: rung.there || left.is_zero(),
                    asked: rung.asked,
                };
                (rung.here, rung.there) = (false, false);
                return Some(heard);
            }
            rung = self
                .bell
                .sound
                .wait_timeout(rung, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn waits(&self) -> bool {
        let store = self.api.store();
        let some = |found: Result<Vec<String>, _>| found.is_ok_and(|found| !found.is_empty());
        some(store.waiting()) || some(store.waiting_blobs()) || some(store.missing_blobs())
    }
}

impl Upstream for Following {
    fn call(&self, command: &str, request: Value) -> Result<Value, ApiError> {
        if let Ok(Some(replica)) = self.api.store().replica()
            && let Some(reason) = replica.ended
        {
            return Err(ApiError::new(ErrorCode::Refused, reason));
        }
        if !READS.contains(&command) {
            // What it is about may have been written here and not be there yet.
            self.hand_in_first(command, &request)?;
        }
        let erased: Vec<String> = match command {
            "postmortem_erase" => request.get("doc").into_iter().collect(),
            "trash_empty" => request
                .get("docs")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .collect(),
            _ => Vec::new(),
        }
        .into_iter()
        .filter_map(|doc: &Value| doc.as_str().map(str::to_owned))
        .collect();
        match self.host.call(command, request) {
            Ok(answer) => {
                for doc in &erased {
                    // Whoever erases it there wants it gone here, too.
                    let rooms = self.api.rooms();
                    if rooms.trash(doc).is_ok() {
                        let _ = rooms.erase(doc);
                    }
                }
                if !READS.contains(&command) {
                    self.turn_soon();
                }
                Ok(answer)
            }
            Err(error) => {
                if let HostError::Away(reason) = &error {
                    self.set_link((ReplicaLink::Away, reason.clone()));
                }
                self.heard(None);
                Err(error.into_api())
            }
        }
    }

    fn let_go(&self, doc: &str) -> Result<(), ApiError> {
        let doc = doc.to_owned();
        let gone = {
            let mut memory = lock(&self.memory);
            match Turn::begin(&self.api, &*self.host, &mut memory) {
                Ok(Some(mut turn)) => turn.let_go(&doc),
                Ok(None) => return Err(ApiError::new(ErrorCode::Refused, ENDED)),
                Err(stop) => Err(stop),
            }
        };
        self.api.tell(&Changed::Replica);
        self.heard(None);
        match gone {
            Ok(()) => Ok(()),
            Err(Stop::Host(error)) => Err(error.into_api()),
            Err(Stop::PutBack) => Err(ApiError::new(
                ErrorCode::Unavailable,
                "The workspace there was put back from a backup just now. Nothing was let go.",
            )),
            Err(Stop::Here(reason)) => Err(ApiError::new(ErrorCode::Unavailable, reason)),
        }
    }

    fn fetch_image(&self, hash: &str) -> bool {
        fetch_image(&self.api, &*self.host, hash).unwrap_or(false)
    }

    fn link(&self) -> (ReplicaLink, String) {
        lock(&self.link).clone()
    }
}

impl Running {
    /// The replica.
    pub fn following(&self) -> &Arc<Following> {
        &self.following
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.following.ring(|rung| rung.stop = true);
        if let Some(thread) = self.thread.take() {
            // It may be waiting for the network; the app does not.
            if thread.is_finished() {
                let _ = thread.join();
            }
        }
    }
}
