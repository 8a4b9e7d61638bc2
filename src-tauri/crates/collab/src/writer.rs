//! The one thread that commits: group commit, other processes' edits, changes told, idle rooms closed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::directory::DIRECTORY_ID;
use model::list::Changed;
use model::postmortem::Status;
use store::{LogRow, NewUpdate, NoticeKind, Parts, Store, StoreError, Writing};

use crate::error::RoomError;
use crate::room::{Batch, Plain, Room, fault};
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
    /// Rooms whose own edits could not be committed while others' could: each is tried again alone.
    aside: HashMap<String, (Arc<Room>, Instant, Duration)>,
    /// Rooms that a turn has taken and not dealt with yet.
    taken: Vec<Arc<Room>>,
    /// Why the last commit of all failed.
    failure: Option<StoreError>,
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
        aside: HashMap::new(),
        taken: Vec::new(),
        failure: None,
    };
    loop {
        match catch_unwind(AssertUnwindSafe(|| writer.turn())) {
            Ok(Turn::Again) => {}
            Ok(Turn::Last) => break,
            Err(_) => writer.after_a_panic(),
        }
    }
    // Whatever happens in these last steps, nobody is kept waiting.
    let lost = catch_unwind(AssertUnwindSafe(|| writer.finish()));
    let _ = catch_unwind(AssertUnwindSafe(|| writer.last_words()));
    shared.close(lost.unwrap_or_else(|_| Some(fault())));
}

#[derive(PartialEq)]
enum Turn {
    Again,
    Last,
}

impl Writer<'_> {
    /// Waits for something to do and does it, until the workspace is being closed.
    fn turn(&mut self) -> Turn {
        let wait = self.wait();
        let retrying = self.retry.is_some_and(|(at, _)| at > Instant::now());
        let hurry = {
            let mut signal = self.shared.signal();
            let idle = signal.changed.is_empty() && (signal.rooms.is_empty() || retrying);
            if idle && !signal.stop && !signal.hurry {
                signal = self.shared.wait(signal, wait);
            }
            if signal.stop {
                return Turn::Last;
            }
            let hurry = std::mem::take(&mut signal.hurry);
            let retrying = self.retry.is_some_and(|(at, _)| at > Instant::now()) && !hurry;
            if !retrying {
                self.taken
                    .extend(signal.rooms.drain().map(|(_, room)| room));
                if self.taken.is_empty() {
                    // A turn failed that had nothing to commit: there is nothing to try again.
                    self.retry = None;
                }
            }
            self.untold.extend(signal.changed.drain(..));
            hurry
        };
        self.commit_taken(hurry);
        if self.polled_at.elapsed() >= POLL {
            self.polled_at = Instant::now();
            // What cannot be read now is read the next time.
            let _ = self.look_at_others();
        }
        self.tell();
        self.tidy();
        Turn::Again
    }

    /// A turn has panicked: what it had taken is tried again, after a while.
    fn after_a_panic(&mut self) {
        self.retry_later();
        let mut signal = self.shared.signal();
        for room in self.taken.drain(..) {
            signal.rooms.insert(room.id().to_owned(), room);
        }
    }

    fn retry_later(&mut self) {
        let delay = next_delay(self.retry.map(|(_, last)| last));
        self.retry = Some((Instant::now() + delay, delay));
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
        for (_, at, _) in self.aside.values() {
            wait = wait.min(at.saturating_duration_since(Instant::now()));
        }
        wait.max(Duration::from_millis(1))
    }

    /// Commits what the taken rooms have queued, and what was set aside when its time has come. With `hurry` it has.
    fn commit_taken(&mut self, hurry: bool) {
        let now = Instant::now();
        let due = |(_, at, _): &(Arc<Room>, Instant, Duration)| hurry || *at <= now;
        let due: Vec<_> = self
            .aside
            .values()
            .filter(|entry| due(entry))
            .map(|(room, ..)| room.clone())
            .collect();
        self.taken
            .retain(|room| !self.aside.contains_key(room.id()) && !room.tell_stored());
        let rooms = self.taken.clone();
        match self.attempt(&rooms) {
            Ok(()) => {}
            Err(error) if concerns_all(&error) || rooms.len() == 1 => self.postpone(rooms, &error),
            Err(_) => {
                // One of them spoils it for the others.
                for room in rooms {
                    if let Err(error) = self.attempt(std::slice::from_ref(&room)) {
                        self.postpone(vec![room], &error);
                    }
                }
            }
        }
        for room in due {
            match self.attempt(std::slice::from_ref(&room)) {
                Ok(()) => drop(self.aside.remove(room.id())),
                Err(error) => self.postpone(vec![room], &error),
            }
        }
        self.taken.clear();
    }

    /// Tells that these rooms' edits are not stored, and has it tried again.
    fn postpone(&mut self, rooms: Vec<Arc<Room>>, error: &StoreError) {
        self.failure = Some(error.clone());
        if concerns_all(error) {
            self.retry_later();
        }
        for room in rooms {
            if concerns_all(error) {
                let mut signal = self.shared.signal();
                signal.rooms.insert(room.id().to_owned(), room.clone());
            } else {
                let last = self.aside.get(room.id()).map(|(.., last)| *last);
                let delay = next_delay(last);
                let entry = (room.clone(), Instant::now() + delay, delay);
                self.aside.insert(room.id().to_owned(), entry);
            }
            room.not_saved(error);
        }
    }

    /// One durable transaction with everything that these rooms have queued. When it fails, everything is queued again.
    fn attempt(&mut self, rooms: &[Arc<Room>]) -> Result<(), StoreError> {
        if rooms.is_empty() {
            return Ok(());
        }
        let mut batches: Vec<(Arc<Room>, Batch)> = Vec::new();
        let mut in_doubt = None;
        let mut gone = Vec::new();
        let mut foreign = Vec::new();
        let now = self.shared.now();
        let seen = self.seen.log;
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.shared.store.write(|w| {
                foreign = w.log_after(seen)?;
                self.take_foreign(&foreign);
                for room in rooms {
                    if w.kind(room.id())?.is_none() {
                        gone.push(room.clone());
                        continue;
                    }
                    let Ok(batch) = catch_unwind(AssertUnwindSafe(|| {
                        room.begin_batch(now, !self.shared.replica)
                    })) else {
                        in_doubt = Some(room);
                        return Err(fault());
                    };
                    batches.push((room.clone(), batch));
                    if let Some((room, batch)) = batches.last() {
                        #[cfg(test)]
                        self.shared.try_fault(room.id())?;
                        write(w, room.id(), batch)?;
                    }
                }
                w.last_seq()
            })
        }));
        let done = done.unwrap_or_else(|_| Err(fault()));
        // What others committed is in the log whatever became of our part.
        self.note_foreign(&foreign);
        let out = match done {
            Ok(seq) => {
                self.retry = None;
                self.seen.log = seq;
                self.untidy_since = Some(Instant::now());
                for (room, batch) in batches {
                    self.untold.insert(changed(room.id()));
                    room.committed(batch, seq);
                }
                Ok(())
            }
            Err(error) => {
                for (room, batch) in batches {
                    room.put_back(batch);
                }
                if let Some(room) = in_doubt {
                    room.renew();
                }
                Err(error)
            }
        };
        for room in gone {
            self.shared.forget(room.id());
            room.end(&RoomError::Erased);
        }
        out
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
            match notice.what {
                NoticeKind::Erased => self.forget_erased(&notice.doc)?,
                NoticeKind::Trashed | NoticeKind::Restored => {
                    // Another notice may have followed that this one knows nothing of.
                    let found = self.shared.store.document(&notice.doc)?;
                    let trashed = found.is_some_and(|found| found.trashed_at.is_some());
                    self.shared.set_trashed(&notice.doc, trashed);
                }
                NoticeKind::Named => {}
                // What is derived says what it said.
                NoticeKind::Rebuilt => continue,
                NoticeKind::Meeting => {
                    self.untold.insert(Changed::Meeting { doc: notice.doc });
                    continue;
                }
                NoticeKind::Published => {
                    self.untold.insert(Changed::Published);
                    continue;
                }
                NoticeKind::Accounts => {
                    let account = Some(notice.doc).filter(|account| account != store::ANYBODY);
                    self.untold.insert(Changed::Accounts { account });
                    continue;
                }
            }
            self.untold.insert(changed(&notice.doc));
        }
        self.seen.notices = last;
        self.seen.version = version;
        Ok(())
    }

    /// Ends the room of a document that was erased, but not that of a new one which has its id.
    fn forget_erased(&self, doc: &str) -> Result<(), StoreError> {
        if let Some(room) = self.shared.live(doc) {
            let log = self.shared.store.log_of(doc, 0)?;
            if !log.first().is_some_and(|first| room.is_of(first.seq)) {
                self.shared.forget(doc);
            }
        }
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

    /// The last commit: nothing new is taken in before it. Returns why something could not be stored.
    fn finish(&mut self) -> Option<StoreError> {
        for room in self.shared.all_live() {
            room.shut();
        }
        let mut rooms = {
            let mut signal = self.shared.signal();
            self.untold.extend(signal.changed.drain(..));
            std::mem::take(&mut signal.rooms)
        };
        let kept = self.aside.drain().map(|(_, (room, ..))| room);
        for room in kept.chain(self.taken.drain(..)) {
            rooms.insert(room.id().to_owned(), room);
        }
        self.taken = rooms.values().cloned().collect();
        self.commit_taken(true);
        if rooms.values().all(|room| room.is_saved()) {
            return None;
        }
        Some(self.failure.take().unwrap_or_else(fault))
    }

    fn last_words(&mut self) {
        if !self.shared.store.is_read_only() {
            self.keep_snapshots(&self.shared.all_live());
        }
        self.told_at = None;
        self.tell();
    }
}

/// Whether an error is of the disk or the file, not of what was to be written.
fn concerns_all(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Full | StoreError::Busy | StoreError::ReadOnly | StoreError::Moved
    )
}

fn next_delay(last: Option<Duration>) -> Duration {
    let (first, longest) = RETRY;
    last.map_or(first, |last| (last * 2).min(longest))
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

/// The name of the version that a change of status ends.
fn milestone(before: Status, after: Status) -> Option<&'static str> {
    match (before, after) {
        (Status::InReview, Status::FollowUp | Status::Closed) => Some("end of review"),
        (before, Status::InReview) if before != Status::InReview => Some("start of review"),
        _ => None,
    }
}

/// Who wrote all of these edits, besides the backend; empty when it was not one person alone, for then nobody can say
/// whose edit changed the status.
fn only_actor<'a>(actors: impl Iterator<Item = &'a str>) -> &'a str {
    let mut people = actors.filter(|actor| !actor.is_empty());
    let first = people.next().unwrap_or_default();
    if people.all(|actor| actor == first) {
        first
    } else {
        ""
    }
}

/// Appends a batch and projects what it touched.
fn write(w: &Writing<'_>, doc: &str, batch: &Batch) -> Result<(), StoreError> {
    for item in &batch.items {
        let Some(bytes) = &item.bytes else { continue };
        let update = NewUpdate {
            at_ms: item.at_ms,
            actor: &item.actor,
            client: item.client,
            bytes,
        };
        let seq = match &item.told {
            Some(seal) => w.append_told(doc, &update, seal)?,
            None => w.append(doc, &update)?,
        };
        for client in &item.binds {
            w.bind_client(doc, *client, &item.actor, seq)?;
        }
        for one in &item.brought {
            w.note_brought(doc, one.client, one.edits, &one.person)?;
        }
    }
    let status_before = w.status(doc)?;
    match &batch.plain {
        Plain::Postmortem(plain) if batch.anew => w.project_postmortem(doc, plain, Parts::All)?,
        Plain::Postmortem(plain) => w.project_postmortem(doc, plain, Parts::Only(&batch.dirty))?,
        Plain::Directory(plain) => w.project_directory(plain)?,
    }
    if let (Some(before), Plain::Postmortem(plain)) = (status_before, &batch.plain)
        && let Some(name) = milestone(before, plain.status)
    {
        let edits = || batch.items.iter().filter(|item| item.bytes.is_some());
        let at_ms = edits().next_back().map_or(0, |item| item.at_ms);
        let by = only_actor(edits().map(|item| item.actor.as_str()));
        w.name_version(doc, name, by, at_ms)?;
    }
    match &batch.snapshot {
        // Nobody else writes now, so the state has everything up to the end of the log.
        Some(state) => w.save_snapshot(doc, w.last_seq()?, state),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::only_actor;

    #[test]
    fn a_version_is_of_one_person_or_of_nobody() {
        for (actors, by) in [
            (vec!["ada", "", "ada"], "ada"),
            (vec!["", "bob"], "bob"),
            (vec!["ada", "bob"], ""),
            (vec!["", ""], ""),
        ] {
            assert_eq!(
                only_actor(actors.iter().copied()),
                by,
                "the edits of {actors:?} are told of whoever alone wrote them"
            );
        }
    }
}
