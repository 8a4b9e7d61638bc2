//! Reminders: what was told to whom on which way, and what waits.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use model::reminders::{Item, ItemTold, Memory, Plan, Reminded, Review, Waiting};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::action::day_key;
use crate::table::postmortem::time;
use crate::words::{value, word};

/// The version of the file that has the tables.
const SINCE: i64 = 6;
/// Milliseconds after which a message that is being sent is in doubt: whoever sent it has gone.
const GONE: i64 = 15 * 60 * 1000;
/// Milliseconds for which settled messages are kept: longer than anything that asks for them.
const KEPT: i64 = 400 * 24 * 60 * 60 * 1000;

/// A way of telling. Each remembers for itself what it told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ReminderWay {
    Mail,
    Chat,
    Desktop,
}

/// Where a message is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderState {
    /// It is to be sent.
    Waiting,
    /// Its last step is being taken: from here on it is never sent again.
    Sending,
    /// It was taken.
    Sent,
    /// It may have been taken, and nobody knows. It is not sent again.
    Doubt,
    /// It was refused for good.
    Refused,
    /// There was nothing left to tell, or a later message told it.
    Dropped,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct ReminderMessage {
    /// A UUIDv7.
    pub id: String,
    /// On which way.
    pub way: ReminderWay,
    /// To whom.
    pub person: String,
    /// For which day, in their zone.
    pub day: NaiveDate,
    /// Where it is.
    pub state: ReminderState,
    /// When that changed last, UTC.
    pub changed_at: DateTime<Utc>,
    /// When it is tried next, UTC.
    pub next_at: DateTime<Utc>,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last, as a sentence; empty for nothing.
    pub error: String,
    /// Its action items.
    pub items: Vec<Reminded>,
    /// Its digest, by its day.
    pub digest: Option<NaiveDate>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq)]
pub enum ReminderEnd {
    /// It was taken.
    Sent,
    /// Nobody knows whether it was taken; why, as a sentence.
    Doubt(String),
    /// It was refused for good; why, as a sentence.
    Refused(String),
    /// It was surely not taken; why, and when to try again, in milliseconds UTC.
    Later(String, i64),
    /// There was nothing left to tell.
    Dropped,
}

#[derive(Serialize, Deserialize)]
struct Content {
    items: Vec<Reminded>,
    digest: Option<NaiveDate>,
}

impl Store {
    /// Open action items with an owner and a due day up to `until`, of postmortems that are not in the trash.
    pub fn reminder_items(&self, until: NaiveDate) -> Result<Vec<Item>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT doc_id, id, owner, due, opened_at FROM action
             WHERE sort_key < ?1 AND trashed = 0 AND +status IN ('open', 'in_progress') AND owner > '' AND due IS NOT NULL",
        )?;
        let end = until.checked_add_days(Days::new(1)).unwrap_or(until);
        let rows = statement.query_map([day_key(end)], |row| {
            let due: String = row.get(3)?;
            let opened: Option<i64> = row.get(4)?;
            Ok(due.parse().ok().map(|due| Item {
                doc: row.get(0).unwrap_or_default(),
                id: row.get(1).unwrap_or_default(),
                owner: row.get(2).unwrap_or_default(),
                due,
                opened_at: opened.and_then(time),
            }))
        })?;
        Ok(rows
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// Postmortems with open action items and an owner, not in the trash.
    pub fn reminder_reviews(&self) -> Result<Vec<Review>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(Vec::new());
        }
        let mut statement = reader.prepare_cached(
            "SELECT doc_id, review_owner FROM postmortem WHERE review_owner > '' AND trashed = 0 AND actions > actions_settled",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Review {
                doc: row.get(0)?,
                owner: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What was told on a way.
    pub fn reminder_memory(&self, way: ReminderWay) -> Result<Memory, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(Memory::default());
        }
        memory(&reader, way)
    }

    /// Makes a plan from what was told and keeps its messages and what it remembers, in one durable transaction: of two who
    /// look at once, the second sees what the first has kept. `plan` may refuse with a sentence, and nothing is kept then;
    /// it must not use the store. `id` makes a new UUIDv7.
    pub fn look_at_reminders(
        &self,
        way: ReminderWay,
        at_ms: i64,
        plan: impl FnOnce(&Memory) -> Result<Plan, String>,
        id: impl Fn() -> String,
    ) -> Result<Result<usize, String>, StoreError> {
        self.write(|w| {
            let sql = w.sql();
            let channel = word(Some(way));
            let known = memory(sql, way)?;
            let plan = match plan(&known) {
                Ok(plan) => plan,
                Err(refused) => return Ok(Err(refused)),
            };
            sql.prepare_cached(
                "INSERT INTO reminder_look (channel, started_ms, last_ms) VALUES (?1, ?2, ?2)
                 ON CONFLICT (channel) DO UPDATE SET last_ms = max(last_ms, excluded.last_ms)",
            )?
            .execute(params![channel, at_ms])?;
            for ((doc, item), told) in &plan.items {
                if known.items.get(&(doc.clone(), item.clone())) == Some(told) {
                    continue;
                }
                sql.prepare_cached(
                    "INSERT INTO reminder_item (channel, doc_id, item, owner, due, since_ms, told_for)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM document WHERE id = ?2)
                     ON CONFLICT (channel, doc_id, item) DO UPDATE SET owner = excluded.owner, due = excluded.due,
                         since_ms = excluded.since_ms, told_for = excluded.told_for",
                )?
                .execute(params![
                    channel,
                    doc,
                    item,
                    told.owner,
                    told.due.to_string(),
                    told.since.timestamp_millis(),
                    told.told_for.map(|day| day.to_string()),
                ])?;
            }
            for (person, day) in &plan.digests {
                sql.prepare_cached(
                    "INSERT INTO reminder_digest (channel, person, told_for) VALUES (?1, ?2, ?3)
                     ON CONFLICT (channel, person) DO UPDATE SET told_for = excluded.told_for",
                )?
                .execute(params![channel, person, day.to_string()])?;
            }
            let gone = plan.dropped.iter();
            let replaced = plan.messages.iter().filter(|message| message.instead);
            for person in gone.chain(replaced.map(|message| &message.person)) {
                sql.prepare_cached(
                    "UPDATE reminder_message SET state = 'dropped', changed_ms = ?3 WHERE channel = ?1 AND person = ?2 AND state = 'waiting'",
                )?
                .execute(params![channel, person, at_ms])?;
            }
            for message in &plan.messages {
                let content = Content {
                    items: message.items.clone(),
                    digest: message.digest,
                };
                // What was dropped on the same day gives its place.
                sql.prepare_cached(
                    "INSERT INTO reminder_message (id, channel, person, day, state, made_ms, changed_ms, next_ms, tries, error, content)
                     VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?5, 0, '', ?6)
                     ON CONFLICT (channel, person, day) DO UPDATE SET id = excluded.id, state = 'waiting', made_ms = excluded.made_ms,
                         changed_ms = excluded.changed_ms, next_ms = excluded.next_ms, tries = 0, error = '', content = excluded.content
                     WHERE state = 'dropped'",
                )?
                .execute(params![
                    id(),
                    channel,
                    message.person,
                    message.day.to_string(),
                    at_ms,
                    serde_json::to_string(&content).unwrap_or_default(),
                ])?;
            }
            sql.prepare_cached("DELETE FROM reminder_message WHERE changed_ms < ?1 AND state <> 'waiting'")?
                .execute([at_ms - KEPT])?;
            Ok(Ok(plan.messages.len()))
        })
    }

    /// Says that the clock is right, whatever the last look said, on one way of telling or on all. What was told for days that are
    /// still to come was told by a wrong clock and counts no longer.
    pub fn trust_reminder_clock(
        &self,
        at_ms: i64,
        way: Option<ReminderWay>,
    ) -> Result<(), StoreError> {
        let today = time(at_ms).unwrap_or_default().date_naive();
        let tomorrow = today.succ_opt().unwrap_or(today).to_string();
        let channel = way.map(|way| word(Some(way)));
        self.write(|w| {
            let sql = w.sql();
            sql.execute(
                "UPDATE reminder_look SET last_ms = ?1, started_ms = min(started_ms, ?1) WHERE channel = coalesce(?2, channel)",
                params![at_ms, channel],
            )?;
            sql.execute(
                "UPDATE reminder_item SET told_for = NULL, since_ms = ?1 WHERE told_for > ?2 AND channel = coalesce(?3, channel)",
                params![at_ms, tomorrow, channel],
            )?;
            sql.execute(
                "UPDATE reminder_item SET since_ms = ?1 WHERE since_ms > ?1 AND channel = coalesce(?2, channel)",
                params![at_ms, channel],
            )?;
            sql.execute(
                "DELETE FROM reminder_digest WHERE told_for > ?1 AND channel = coalesce(?2, channel)",
                params![tomorrow, channel],
            )?;
            sql.execute(
                "DELETE FROM reminder_message WHERE day > ?1 AND channel = coalesce(?2, channel)",
                params![tomorrow, channel],
            )?;
            Ok(())
        })
    }

    /// Messages of a way that wait and may be tried, in the order in which they were made.
    pub fn reminders_to_send(
        &self,
        way: ReminderWay,
        at_ms: i64,
    ) -> Result<Vec<ReminderMessage>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(Vec::new());
        }
        let mut statement = reader.prepare_cached(&format!(
            "SELECT {MESSAGE} FROM reminder_message WHERE channel = ?1 AND state = 'waiting' AND next_ms <= ?2 ORDER BY made_ms, id"
        ))?;
        let rows = statement.query_map(params![word(Some(way)), at_ms], message)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Messages that were changed last, newest first; those that wait come first.
    pub fn reminder_messages(&self, limit: u32) -> Result<Vec<ReminderMessage>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(Vec::new());
        }
        let mut statement = reader.prepare_cached(&format!(
            "SELECT {MESSAGE} FROM reminder_message WHERE state <> 'dropped' ORDER BY state <> 'waiting', changed_ms DESC, id DESC LIMIT ?1"
        ))?;
        let rows = statement.query_map([limit], message)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes a message for its last step: from now on nobody else sends it, and it is never sent again unless
    /// [`end_reminder`](Self::end_reminder) says that it was surely not taken. False when somebody else has it, or it has gone.
    pub fn begin_reminder(&self, id: &str, at_ms: i64) -> Result<bool, StoreError> {
        self.write(|w| {
            let changed = w
                .sql()
                .prepare_cached(
                    "UPDATE reminder_message SET state = 'sending', changed_ms = ?2, tries = tries + 1 WHERE id = ?1 AND state = 'waiting'",
                )?
                .execute(params![id, at_ms])?;
            Ok(changed == 1)
        })
    }

    /// Writes down how a try ended, of a message that waits or is being sent.
    pub fn end_reminder(&self, id: &str, at_ms: i64, end: &ReminderEnd) -> Result<(), StoreError> {
        let (state, error, next) = match end {
            ReminderEnd::Sent => (ReminderState::Sent, "", at_ms),
            ReminderEnd::Doubt(why) => (ReminderState::Doubt, why.as_str(), at_ms),
            ReminderEnd::Refused(why) => (ReminderState::Refused, why.as_str(), at_ms),
            ReminderEnd::Later(why, next) => (ReminderState::Waiting, why.as_str(), *next),
            ReminderEnd::Dropped => (ReminderState::Dropped, "", at_ms),
        };
        self.write(|w| {
            // A try that ended before its last step counts, too.
            w.sql()
                .prepare_cached(
                    "UPDATE reminder_message SET tries = tries + (state = 'waiting'), state = ?2, changed_ms = ?3, next_ms = ?4, error = ?5
                     WHERE id = ?1 AND state IN ('waiting', 'sending')",
                )?
                .execute(params![id, word(Some(state)), at_ms, next, error])?;
            Ok(())
        })
    }

    /// Messages whose sender has gone in the last step are in doubt. Returns how many.
    pub fn doubt_reminders(&self, at_ms: i64) -> Result<usize, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(0);
        }
        let found: i64 = reader
            .prepare_cached(
                "SELECT count(*) FROM reminder_message WHERE state = 'sending' AND changed_ms < ?1",
            )?
            .query_row([at_ms - GONE], |row| row.get(0))?;
        drop(reader);
        if found == 0 {
            return Ok(0);
        }
        self.write(|w| {
            Ok(w.sql()
                .prepare_cached(
                    "UPDATE reminder_message SET state = 'doubt', changed_ms = ?1,
                         error = 'Debrief ended while it was being sent. It may have arrived.'
                     WHERE state = 'sending' AND changed_ms < ?2",
                )?
                .execute(params![at_ms, at_ms - GONE])?)
        })
    }

    /// When each postmortem was changed last, UTC.
    pub fn updated_at(&self, docs: &[&str]) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
        let reader = self.reader()?;
        let mut statement =
            reader.prepare_cached("SELECT updated_at FROM postmortem WHERE doc_id = ?1")?;
        let mut out = BTreeMap::new();
        for doc in docs {
            if out.contains_key(*doc) {
                continue;
            }
            let found: Option<i64> = statement.query_row([doc], |row| row.get(0)).optional()?;
            if let Some(at) = found.and_then(time) {
                out.insert((*doc).to_owned(), at);
            }
        }
        Ok(out)
    }
}

const MESSAGE: &str = "id, channel, person, day, state, changed_ms, next_ms, tries, error, content";

fn message(row: &rusqlite::Row<'_>) -> rusqlite::Result<ReminderMessage> {
    let content: Content = serde_json::from_str(row.get_ref(9)?.as_str()?).unwrap_or(Content {
        items: Vec::new(),
        digest: None,
    });
    Ok(ReminderMessage {
        id: row.get(0)?,
        way: value(row.get_ref(1)?.as_str()?).unwrap_or(ReminderWay::Mail),
        person: row.get(2)?,
        day: day(row.get_ref(3)?.as_str()?),
        state: value(row.get_ref(4)?.as_str()?).unwrap_or(ReminderState::Doubt),
        changed_at: time(row.get(5)?).unwrap_or_default(),
        next_at: time(row.get(6)?).unwrap_or_default(),
        tries: row.get(7)?,
        error: row.get(8)?,
        items: content.items,
        digest: content.digest,
    })
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn memory(sql: &Connection, way: ReminderWay) -> Result<Memory, StoreError> {
    let channel = word(Some(way));
    let mut out = Memory::default();
    let looked: Option<(i64, i64)> = sql
        .prepare_cached("SELECT started_ms, last_ms FROM reminder_look WHERE channel = ?1")?
        .query_row([&channel], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((started, last)) = looked {
        out.started = time(started);
        out.last = time(last);
    }
    let mut items = sql.prepare_cached(
        "SELECT doc_id, item, owner, due, since_ms, told_for FROM reminder_item WHERE channel = ?1",
    )?;
    let rows = items.query_map([&channel], |row| {
        let told_for: Option<String> = row.get(5)?;
        let told = ItemTold {
            owner: row.get(2)?,
            due: day(row.get_ref(3)?.as_str()?),
            since: time(row.get(4)?).unwrap_or_default(),
            told_for: told_for.map(|text| day(&text)),
        };
        Ok(((row.get(0)?, row.get(1)?), told))
    })?;
    out.items = rows.collect::<Result<BTreeMap<_, _>, _>>()?;
    let mut digests =
        sql.prepare_cached("SELECT person, told_for FROM reminder_digest WHERE channel = ?1")?;
    let rows = digests.query_map([&channel], |row| {
        Ok((row.get(0)?, day(row.get_ref(1)?.as_str()?)))
    })?;
    out.digests = rows.collect::<Result<_, _>>()?;
    let mut days = sql.prepare_cached(
        "SELECT person, max(day) FROM reminder_message WHERE channel = ?1 AND state NOT IN ('waiting', 'dropped') GROUP BY person",
    )?;
    let rows = days.query_map([&channel], |row| {
        Ok((row.get(0)?, day(row.get_ref(1)?.as_str()?)))
    })?;
    out.days = rows.collect::<Result<_, _>>()?;
    let mut waiting = sql.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM reminder_message WHERE channel = ?1 AND state = 'waiting' ORDER BY day"
    ))?;
    let rows = waiting.query_map([&channel], message)?;
    for found in rows {
        let found = found?;
        let waiting = Waiting {
            day: found.day,
            items: found.items,
            digest: found.digest,
        };
        out.waiting.insert(found.person, waiting);
    }
    Ok(out)
}

/// Whether there are no tables yet: a file that may only be read keeps the version that an older Debrief gave it.
pub(super) fn is_older(sql: &Connection) -> Result<bool, StoreError> {
    let version: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version < SINCE)
}
