//! The one thread that commits: group commit, other processes' edits, changes told, idle rooms closed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::directory::DIRECTORY_ID;
use model::list::Changed;
use store::{LogRow, NewUpdate, NoticeKind, Parts, Store, StoreError, Writing};

use crate::room::{Batch, Plain, Room};
use crate::rooms::{LINGER, Shared};

/// How often other processes' commits are looked for.
const POLL: Duration = Duration::from_millis(200);
/// Subscribers are told at once, and then at most this often.
const TELL: Duration = Duration::from_millis(100);
/// How long after the last commit the file is put in order.
const TIDY: Duration = Duration::from_secs(1);
/// First and longest wait before a failed commit is tried again.
const RETRY: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// How far this process has seen what is in the workspace.
pub struct Seen {
    log: i64,
    notices: i64,
    version: i64,
}

impl Seen {
    pub fn now(store: &Store) -> Result<Self, StoreError> {
        let version = store.data_version()?;
        Ok(Self {
            log: store.last_seq()?,
            notices: store.notices_after(0)?.1,
            version,
        })
    }
}

struct Writer<'s> {
    shared: &'s Arc<Shared>,
    seen: Seen,
    /// Changes that have not been told yet.
    untold: HashSet<Changed>,
    told_at: Option<Instant>,
    polled_at: Instant,
    closed_idle_at: Instant,
    /// Something was committed and the file not put in order since.
    untidy_since: Option<Instant>,
    /// Commits fail: when to try again, and how long to wait after that.
    retry: Option<(Instant, Duration)>,
}

pub fn run(shared: &Arc<Shared>, seen: Seen) {
    let mut writer = Writer {
        shared,
        seen,
        untold: HashSet::new(),
        told_at: None,
        polled_at: Instant::now(),
        closed_idle_at: Instant::now(),
        untidy_since: None,
        retry: None,
    };
    while writer.turn() {}
    shared.close();
}

impl Writer<'_> {
    /// Waits for something to do and does it; `false` when the workspace is being closed.
    fn turn(&mut self) -> bool {
        let wait = self.wait();
        let retrying = self.retry.is_some_and(|(at, _)| at > Instant::now());
        let (rooms, changed, stop) = {
            let mut signal = self.shared.signal();
            if !signal.stop && signal.changed.is_empty() && (signal.rooms.is_empty() || retrying) {
                signal = self.shared.wait(signal, wait);
            }
            let retrying = self.retry.is_some_and(|(at, _)| at > Instant::now()) && !signal.stop;
            let rooms = if retrying {
                Vec::new()
            } else {
                signal
                    .rooms
                    .drain()
                    .map(|(_, room)| room)
                    .collect::<Vec<_>>()
            };
            (rooms, std::mem::take(&mut signal.changed), signal.stop)
        };
        self.untold.extend(changed);
        if !rooms.is_empty() {
            self.commit(rooms);
        }
        if stop {
            self.finish();
            return false;
        }
        if self.polled_at.elapsed() >= POLL {
            self.polled_at = Instant::now();
            // What cannot be read now is read the next time.
            let _ = self.look_at_others();
        }
        self.tell();
        self.tidy();
        true
    }

    fn wait(&self) -> Duration {
        let mut wait = POLL.saturating_sub(self.polled_at.elapsed());
        if !self.untold.is_empty()
            && let Some(told) = self.told_at
        {
            wait = wait.min(TELL.saturating_sub(told.elapsed()));
        }
        if let Some((at, _)) = self.retry {
            wait = wait.min(at.saturating_duration_since(Instant::now()));
        }
        wait.max(Duration::from_millis(1))
    }

    /// One durable transaction with everything that these rooms have queued.
    fn commit(&mut self, mut rooms: Vec<Arc<Room>>) {
        rooms.retain(|room| !room.tell_stored());
        if rooms.is_empty() {
            return;
        }
        let mut batches: Vec<(Arc<Room>, Batch)> = Vec::new();
        let mut gone = Vec::new();
        let mut foreign = Vec::new();
        let now = self.shared.now();
        let seen = self.seen.log;
        let done = self.shared.store.write(|w| {
            foreign = w.log_after(seen)?;
            self.take_foreign(&foreign);
            for room in &rooms {
                if w.kind(room.id())?.is_none() {
                    gone.push(room.clone());
                    continue;
                }
                batches.push((room.clone(), room.begin_batch(now)));
                if let Some((room, batch)) = batches.last() {
                    write(w, room.id(), batch)?;
                }
            }
            w.last_seq()
        });
        // What others committed is in the log whatever became of our part.
        self.note_foreign(&foreign);
        match done {
            Ok(seq) => {
                self.retry = None;
                self.seen.log = seq;
                self.untidy_since = Some(Instant::now());
                for (room, batch) in batches {
                    self.untold.insert(changed(room.id()));
                    room.committed(batch, seq);
                }
            }
            Err(error) => {
                let (first, longest) = RETRY;
                let delay = self
                    .retry
                    .map_or(first, |(_, last)| (last * 2).min(longest));
                self.retry = Some((Instant::now() + delay, delay));
                let begun: HashSet<&str> = batches.iter().map(|(room, _)| room.id()).collect();
                for room in rooms.iter().filter(|room| !begun.contains(room.id())) {
                    room.not_begun(&error);
                }
                let mut signal = self.shared.signal();
                for room in &rooms {
                    signal
                        .rooms
                        .entry(room.id().to_owned())
                        .or_insert_with(|| room.clone());
                }
                drop(signal);
                for (room, batch) in batches {
                    room.failed(batch, &error);
                }
            }
        }
        for room in gone {
            self.shared.signal().rooms.remove(room.id());
            self.shared.forget(room.id());
            room.erased();
        }
    }

    fn look_at_others(&mut self) -> Result<(), StoreError> {
        let version = self.shared.store.data_version()?;
        if version == self.seen.version {
            return Ok(());
        }
        let foreign = self.shared.store.log_after(self.seen.log)?;
        self.take_foreign(&foreign);
        self.note_foreign(&foreign);
        let (notices, last) = self.shared.store.notices_after(self.seen.notices)?;
        for notice in notices {
            if notice.what == NoticeKind::Erased {
                self.shared.forget(&notice.doc);
            }
            self.untold.insert(changed(&notice.doc));
        }
        self.seen.notices = last;
        self.seen.version = version;
        Ok(())
    }

    /// Applies what others committed to the rooms that are open here.
    fn take_foreign(&self, rows: &[LogRow]) {
        let mut by_doc: BTreeMap<&str, Vec<&LogRow>> = BTreeMap::new();
        for row in rows {
            by_doc.entry(&row.doc).or_default().push(row);
        }
        for (doc, rows) in by_doc {
            if let Some(room) = self.shared.live(doc) {
                room.apply_foreign(&rows);
            }
        }
    }

    fn note_foreign(&mut self, rows: &[LogRow]) {
        self.seen.log = rows
            .last()
            .map_or(self.seen.log, |row| row.seq.max(self.seen.log));
        self.untold.extend(rows.iter().map(|row| changed(&row.doc)));
    }

    fn tell(&mut self) {
        let due = self.told_at.is_none_or(|told| told.elapsed() >= TELL);
        if due && !self.untold.is_empty() {
            for changed in self.untold.drain() {
                self.shared.emit(changed);
            }
            self.told_at = Some(Instant::now());
        }
    }

    fn tidy(&mut self) {
        if self
            .untidy_since
            .is_some_and(|since| since.elapsed() >= TIDY)
        {
            self.untidy_since = None;
            // Search catches up when somebody searches, and the log is moved later, should this not work now.
            let _ = self.shared.store.tidy();
        }
        if self.closed_idle_at.elapsed() >= LINGER / 6 {
            self.closed_idle_at = Instant::now();
            self.keep_snapshots(&self.shared.close_idle(LINGER));
        }
    }

    fn keep_snapshots(&self, rooms: &[Arc<Room>]) {
        for room in rooms {
            if let Some((seq, state)) = room.closing_snapshot() {
                // It is a cache: without it loading takes longer, nothing else.
                let _ = self.shared.store.write(|w| match w.kind(room.id())? {
                    Some(_) => w.save_snapshot(room.id(), seq, &state),
                    None => Ok(()),
                });
            }
        }
    }

    fn finish(&mut self) {
        if !self.shared.store.is_read_only() {
            self.keep_snapshots(&self.shared.all_live());
        }
        self.told_at = None;
        self.tell();
    }
}

fn changed(doc: &str) -> Changed {
    if doc == DIRECTORY_ID {
        Changed::Directory
    } else {
        Changed::Postmortem {
            doc: doc.to_owned(),
        }
    }
}

/// Appends a batch and projects what it touched.
fn write(w: &Writing<'_>, doc: &str, batch: &Batch) -> Result<(), StoreError> {
    for item in &batch.items {
        let Some(bytes) = &item.bytes else { continue };
        let seq = w.append(
            doc,
            &NewUpdate {
                at_ms: item.at_ms,
                actor: &item.actor,
                client: item.client,
                bytes,
            },
        )?;
        for client in &item.binds {
            w.bind_client(doc, *client, &item.actor, seq)?;
        }
    }
    match &batch.plain {
        Plain::Postmortem(plain) => w.project_postmortem(doc, plain, Parts::Only(&batch.dirty))?,
        Plain::Directory(plain) => w.project_directory(plain)?,
    }
    match &batch.snapshot {
        // Nobody else writes now, so the state has everything up to the end of the log.
        Some(state) => w.save_snapshot(doc, w.last_seq()?, state),
        None => Ok(()),
    }
}
