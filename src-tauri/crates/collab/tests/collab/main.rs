//! Tests of rooms: clients that speak the wire, several processes on one file (each a store of its own), a clock of ours.
#![allow(missing_docs, clippy::unwrap_used, clippy::new_without_default)]

mod failure;
mod history;
mod hostile;
mod processes;
mod protocol;
mod snapshots;
mod trash;
mod writing;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{TimeZone, Utc};
use collab::{CloseReason, Connection, Room, RoomError, Rooms, Who};
use model::document;
use model::list::Changed;
use model::postmortem::Postmortem;
use store::{Open, Store};
use tempfile::TempDir;

pub struct Home {
    pub folder: TempDir,
}

/// One process: a store and its rooms.
pub struct Process {
    pub rooms: Arc<Rooms>,
    pub store: Arc<Store>,
    pub changes: Arc<Mutex<Vec<Changed>>>,
}

impl Home {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("w.debrief")
    }

    pub fn open(&self) -> Process {
        let store = Arc::new(Store::open(self.path(), Open::Create).unwrap());
        let changes = Arc::new(Mutex::new(Vec::new()));
        let told = changes.clone();
        let rooms = Rooms::open(store.clone(), move |changed| {
            told.lock().unwrap().push(changed)
        })
        .unwrap();
        Process {
            rooms,
            store,
            changes,
        }
    }
}

impl Process {
    pub fn create(&self) -> String {
        let (content, ..) =
            model::demo::login_outage(Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap());
        self.rooms.create("", &content).unwrap()
    }

    pub fn room(&self, doc: &str) -> Arc<Room> {
        self.rooms.room(doc).unwrap()
    }

    /// Whom a client id is bound to.
    pub fn person_of(&self, doc: &str, client: u64) -> Option<String> {
        let mut clients = self.store.clients(doc).unwrap().into_iter();
        Some(clients.find(|(id, _)| *id == client)?.1)
    }

    pub fn is_well(&self) {
        assert_eq!(
            self.store.check(false).unwrap().problems,
            Vec::<String>::new(),
            "the tables must say what the log says"
        );
    }
}

pub fn edit(
    room: &Arc<Room>,
    actor: &str,
    change: impl FnOnce(&mut Postmortem),
) -> Result<(), RoomError> {
    room.edit(actor, |p| {
        change(p);
        Ok(())
    })
}

/// Waits until something holds, for five seconds at the most.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{what} must come about within a few seconds"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn me(person: &str) -> Who {
    Who {
        person: (!person.is_empty()).then(|| person.to_owned()),
        writable: true,
    }
}

/// A client with its own document, as a page would have it.
pub struct Client {
    pub doc: yrs::Doc,
    pub connection: Connection,
    pub inbox: Arc<Mutex<Vec<Vec<u8>>>>,
    /// Frames with updates that were sent.
    pub sent: u64,
    pub stored: u64,
    pub not_saved: Vec<String>,
    pub refused: Vec<String>,
    pub ended: bool,
    pub presence: Vec<Vec<u8>>,
}

pub fn var(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

pub fn sync(step: u8, bytes: &[u8]) -> Vec<u8> {
    [&[0, step][..], &var(bytes.len() as u64), bytes].concat()
}

pub fn awareness(entries: &[(u64, u64, &str)]) -> Vec<u8> {
    let mut body = var(entries.len() as u64);
    for (client, clock, json) in entries {
        body.extend(
            [
                var(*client),
                var(*clock),
                var(json.len() as u64),
                json.as_bytes().to_vec(),
            ]
            .concat(),
        );
    }
    [vec![1], var(body.len() as u64), body].concat()
}

fn number(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

impl Client {
    pub fn join(room: &Arc<Room>, person: &str) -> Self {
        Self::join_with(room, me(person), document::new_doc())
    }

    pub fn join_with(room: &Arc<Room>, who: Who, doc: yrs::Doc) -> Self {
        let inbox = Arc::new(Mutex::new(Vec::new()));
        let frames = inbox.clone();
        let send = move |frame| {
            frames.lock().unwrap().push(frame);
            true
        };
        let connection = room.connect(who, Box::new(send));
        let mut client = Self {
            doc,
            connection,
            inbox,
            sent: 0,
            stored: 0,
            not_saved: Vec::new(),
            refused: Vec::new(),
            ended: false,
            presence: Vec::new(),
        };
        client.connection.receive(&[120]).unwrap();
        client
            .connection
            .receive(&sync(0, &document::state_vector(&client.doc)))
            .unwrap();
        client.read();
        client
    }

    /// Handles what came in, answering as y-protocols does.
    pub fn read(&mut self) {
        let frames = std::mem::take(&mut *self.inbox.lock().unwrap());
        for frame in frames {
            let mut input = frame.as_slice();
            if input.is_empty() {
                self.ended = true;
                continue;
            }
            match number(&mut input) {
                0 => {
                    let step = number(&mut input);
                    let length = number(&mut input) as usize;
                    assert_eq!(length, input.len(), "a frame holds one message");
                    if step == 0 {
                        let missing = document::encode_diff(&self.doc, input).unwrap();
                        self.sent += 1;
                        let _ = self.connection.receive(&sync(1, &missing));
                    } else {
                        document::apply(&self.doc, input).unwrap();
                    }
                }
                1 => {
                    number(&mut input);
                    self.presence.push(input.to_vec());
                }
                120 => {
                    let stored = number(&mut input);
                    assert!(stored > self.stored, "stored counts only up");
                    self.stored = stored;
                    self.not_saved.clear();
                }
                kind => {
                    number(&mut input);
                    let words = String::from_utf8(input.to_vec()).unwrap();
                    if kind == 121 {
                        self.not_saved.push(words)
                    } else {
                        self.refused.push(words)
                    }
                }
            }
        }
    }

    /// Edits its own document and gives the update that a page would send.
    pub fn change(&self, change: impl FnOnce(&mut Postmortem)) -> Vec<u8> {
        let mut content = document::read(&self.doc);
        change(&mut content);
        document::write(&self.doc, &content)
    }

    pub fn send(&mut self, update: &[u8]) -> Result<(), CloseReason> {
        self.sent += 1;
        self.connection.receive(&sync(2, update))
    }

    pub fn edit(&mut self, change: impl FnOnce(&mut Postmortem)) {
        let update = self.change(change);
        self.send(&update).unwrap();
    }

    /// Waits until everything that was sent is stored.
    pub fn saved(&mut self) {
        eventually("everything sent is stored", || {
            self.read();
            self.stored == self.sent
        });
    }
}
