//! What the rooms and the store cost beside the bare engine and the bare database.

use std::hint::black_box;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use collab::Who;
use model::document;
use model::list::{PostmortemFilter, SearchQuery};
use rusqlite::Connection;
use yrs::updates::decoder::Decode;
use yrs::{Doc, ReadTxn, Text, Transact, Update, WriteTxn};

use crate::programs::Home;
use crate::{Figure, data, median};

pub fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn varuint(mut value: u64, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

/// An update as a frame of the document pipe.
fn update_frame(update: &[u8]) -> Vec<u8> {
    let mut frame = vec![0, 2];
    varuint(update.len() as u64, &mut frame);
    frame.extend_from_slice(update);
    frame
}

/// From a keystroke's bytes at the backend's door to "stored", beside one row appended with synchronous=FULL.
pub fn keystroke() -> Vec<Figure> {
    const ROUNDS: usize = 40;
    const KEYS: usize = 25;
    let home = Home::new();
    let api = data::open(&home);
    let doc = api
        .rooms()
        .create("", &data::postmortem(1, 40, 12, 12))
        .expect("the workspace takes a postmortem");
    let room = api.rooms().room(&doc).expect("the room opens");
    let (said, heard) = mpsc::channel();
    let who = Who {
        person: None,
        writable: true,
    };
    // The time is taken at the backend's door: what a listener's thread takes to wake is not the backend's.
    let hand_over = move |frame| said.send((Instant::now(), frame)).is_ok();
    let connection = room.connect(who, Box::new(hand_over));
    connection
        .receive(&[120])
        .expect("the room takes our handshake");
    let page = Doc::new();
    let mut keys = 0_u64;

    let bare = Connection::open(home.path().join("bare.sqlite")).expect("a database opens");
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE doc_update (seq INTEGER PRIMARY KEY AUTOINCREMENT, doc_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
             actor TEXT NOT NULL, client_id INTEGER, bytes BLOB NOT NULL) STRICT;
         CREATE INDEX doc_update_of_doc ON doc_update (doc_id, seq);",
    )
    .expect("a database takes a table");

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut updates = Vec::new();
        for _ in 0..KEYS {
            let mut typing = page.transact_mut();
            let text = typing.get_or_insert_text("sec:summary");
            text.push(&mut typing, "x");
            updates.push(typing.encode_update_v1());
        }
        for update in &updates {
            let frame = update_frame(update);
            keys += 1;
            let started = Instant::now();
            connection
                .receive(&frame)
                .expect("the room takes a keystroke");
            let stored = wait_until_stored(&heard, keys);
            ours.push(stored.duration_since(started).as_secs_f64() * 1000.0);
        }
        for update in &updates {
            let started = Instant::now();
            bare.prepare_cached("INSERT INTO doc_update (doc_id, at_ms, actor, client_id, bytes) VALUES (?1, ?2, '', ?3, ?4)")
                .and_then(|mut insert| insert.execute((&doc, 1_760_000_000_000_i64, 1_i64, update)))
                .expect("a database takes a row");
            theirs.push(milliseconds(started));
        }
    }
    drop(connection);
    api.close();
    vec![Figure {
        what: "keystroke to durable / bare append, synchronous=FULL".into(),
        ours: median(ours),
        bare: median(theirs),
        unit: "ms",
        bar: Some(2.0),
    }]
}

/// When the backend said that so many frames are stored.
fn wait_until_stored(heard: &mpsc::Receiver<(Instant, Vec<u8>)>, wanted: u64) -> Instant {
    loop {
        let (at, frame) = heard
            .recv_timeout(Duration::from_secs(10))
            .expect("the room says when it has stored");
        // "stored": type 120, then how many frames are on disk.
        if frame.first() == Some(&120) {
            let stored = frame[1..]
                .iter()
                .enumerate()
                .fold(0_u64, |sum, (at, byte)| {
                    sum | u64::from(byte & 0x7f) << (7 * at)
                });
            if stored >= wanted {
                return at;
            }
        }
    }
}

/// From asking for a room to its plain snapshot, beside decoding and applying the same state with the bare engine.
pub fn open_large() -> Vec<Figure> {
    const COPIES: usize = 40;
    let home = Home::new();
    let api = data::open(&home);
    let large = data::postmortem(7, 200, 60, 60);
    let docs: Vec<_> = (0..COPIES)
        .map(|_| {
            api.rooms()
                .create("", &large)
                .expect("the workspace takes a postmortem")
        })
        .collect();
    api.close();
    drop(api);
    let made = document::new_doc();
    document::write(&made, &large);
    let state = document::encode_state(&made);

    let api = data::open(&home);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for doc in &docs {
        let started = Instant::now();
        let room = api.rooms().room(doc).expect("the room opens");
        black_box(room.snapshot());
        ours.push(milliseconds(started));

        let started = Instant::now();
        let fresh = Doc::new();
        let update = Update::decode_v1(&state).expect("a state decodes");
        fresh
            .transact_mut()
            .apply_update(update)
            .expect("a state applies");
        black_box(fresh.transact().state_vector());
        bare.push(milliseconds(started));
    }
    api.close();
    vec![Figure {
        what: "opening 200 events, 60 findings, 60 actions / bare decode".into(),
        ours: median(ours),
        bare: median(bare),
        unit: "ms",
        bar: Some(3.0),
    }]
}

/// Pages of the list of postmortems, beside the same questions as bare SQL.
pub fn list(home: &Home) -> Vec<Figure> {
    const ROUNDS: usize = 60;
    let api = data::open(home);
    let bare =
        Connection::open_with_flags(home.workspace(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the workspace is a database");
    let columns = "doc_id, title, severity, status, services, tags, starts, timezone, detection, response, remediation,
         total, about, actions, actions_settled, created_at, updated_at, trashed_at";
    let cases: [(&str, PostmortemFilter, Vec<String>); 3] = [
        (
            "first page of 10,000 postmortems / bare SQL",
            PostmortemFilter::default(),
            vec![
                format!("SELECT {columns} FROM postmortem WHERE trashed = 0 ORDER BY sort_at DESC, doc_id DESC LIMIT 200"),
                "SELECT status, count(*) FROM postmortem WHERE trashed = 0 GROUP BY status".into(),
            ],
        ),
        (
            "10,000 postmortems by status and severity / bare SQL",
            PostmortemFilter {
                status: Some(model::postmortem::Status::FollowUp),
                severities: vec![model::postmortem::Severity::Sev2, model::postmortem::Severity::Sev3],
                ..PostmortemFilter::default()
            },
            vec![
                format!(
                    "SELECT {columns} FROM postmortem WHERE trashed = 0 AND status = 'follow_up' AND severity IN (2, 3)
                     ORDER BY sort_at DESC, doc_id DESC LIMIT 200"
                ),
                "SELECT status, count(*) FROM postmortem WHERE trashed = 0 AND severity IN (2, 3) GROUP BY status".into(),
            ],
        ),
        (
            "10,000 postmortems by words / bare SQL",
            PostmortemFilter { query: "checkout region".into(), ..PostmortemFilter::default() },
            vec![
                "CREATE TEMP TABLE IF NOT EXISTS hit (doc_id TEXT PRIMARY KEY)".into(),
                "DELETE FROM hit".into(),
                "INSERT OR IGNORE INTO hit SELECT doc_id FROM search_entry WHERE key IN
                     (SELECT rowid FROM search WHERE search MATCH '\"checkout\" \"region\"*')".into(),
                format!(
                    "SELECT {columns} FROM postmortem WHERE trashed = 0 AND doc_id IN (SELECT doc_id FROM hit)
                     ORDER BY sort_at DESC, doc_id DESC LIMIT 200"
                ),
                "SELECT status, count(*) FROM postmortem WHERE trashed = 0 AND doc_id IN (SELECT doc_id FROM hit) GROUP BY status".into(),
            ],
        ),
    ];
    let mut figures: Vec<_> = cases
        .into_iter()
        .map(|(what, filter, statements)| {
            let request = serde_json::to_value(&filter).expect("a filter is JSON");
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let started = Instant::now();
                black_box(
                    api.call("postmortem_list", request.clone())
                        .expect("the list answers"),
                );
                ours.push(milliseconds(started));
                let started = Instant::now();
                for statement in &statements {
                    run(&bare, statement);
                }
                theirs.push(milliseconds(started));
            }
            Figure {
                what: what.into(),
                ours: median(ours),
                bare: median(theirs),
                unit: "ms",
                bar: Some(1.5),
            }
        })
        .collect();
    let query = SearchQuery {
        query: "graph checkout".into(),
        limit: 8,
    };
    let request = serde_json::to_value(&query).expect("a query is JSON");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = Instant::now();
        black_box(
            api.call("search", request.clone())
                .expect("the search answers"),
        );
        ours.push(milliseconds(started));
        let started = Instant::now();
        run(
            &bare,
            "SELECT rowid FROM search WHERE search MATCH '\"graph\" \"checkout\"*' ORDER BY rank LIMIT 48",
        );
        theirs.push(milliseconds(started));
    }
    figures.push(Figure {
        what: "palette search in 10,000 postmortems / bare FTS".into(),
        ours: median(ours),
        bare: median(theirs),
        unit: "ms",
        bar: None,
    });
    api.close();
    figures
}

/// Runs a statement and looks at every value of every row.
pub fn run(sql: &Connection, statement: &str) {
    let mut prepared = sql
        .prepare_cached(statement)
        .expect("the statement fits the schema");
    let columns = prepared.column_count();
    let mut rows = prepared.query([]).expect("the statement runs");
    while let Some(row) = rows.next().expect("the rows come") {
        for column in 0..columns {
            black_box(row.get_ref(column).expect("the column is there"));
        }
    }
}
