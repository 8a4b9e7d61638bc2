//! Whom reminders and calendars must not tell of what, and private calendar addresses.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::postmortem::time;
use crate::table::reminder::is_older;

/// Who must not be told of what, in a workspace that is served to a team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReminderLimits {
    /// People all of whose accounts were ended.
    pub ended: BTreeSet<String>,
    /// Restricted postmortems, each with the people who may see it.
    pub admitted: BTreeMap<String, BTreeSet<String>>,
}

impl ReminderLimits {
    /// Whether somebody may be told of a postmortem.
    pub fn may_hear(&self, person: &str, doc: &str) -> bool {
        !self.ended.contains(person)
            && self
                .admitted
                .get(doc)
                .is_none_or(|admitted| admitted.contains(person))
    }
}

impl Store {
    /// Who must not be told of what.
    pub fn reminder_limits(&self) -> Result<ReminderLimits, StoreError> {
        let reader = self.reader()?;
        let mut out = ReminderLimits::default();
        if is_older(&reader)? {
            return Ok(out);
        }
        let mut ended = reader.prepare_cached(
            "SELECT person FROM account GROUP BY person HAVING max(ended_at IS NULL) = 0",
        )?;
        let rows = ended.query_map([], |row| row.get(0))?;
        out.ended = rows.collect::<Result<_, _>>()?;
        let mut restricted = reader.prepare_cached(
            "SELECT r.doc_id, a.person FROM restricted r LEFT JOIN admitted m ON m.doc_id = r.doc_id
             LEFT JOIN account a ON a.id = m.account AND a.ended_at IS NULL",
        )?;
        let rows = restricted.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })?;
        for row in rows {
            let (doc, person) = row?;
            out.admitted.entry(doc).or_default().extend(person);
        }
        Ok(out)
    }

    /// Keeps the hash of the secret of a person's calendar address, in the place of an older one.
    pub fn keep_calendar_feed(
        &self,
        person: &str,
        secret: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql()
                .prepare_cached(
                    "INSERT INTO calendar_feed (person, secret, made_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, made_ms = excluded.made_ms",
                )?
                .execute(params![person, secret, at_ms])?;
            Ok(())
        })
    }

    /// Withdraws a person's calendar address. False when there was none.
    pub fn drop_calendar_feed(&self, person: &str) -> Result<bool, StoreError> {
        self.write(|w| {
            Ok(w.sql()
                .prepare_cached("DELETE FROM calendar_feed WHERE person = ?1")?
                .execute([person])?
                == 1)
        })
    }

    /// When a person's calendar address was made, UTC; absent when there is none.
    pub fn calendar_feed(&self, person: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(None);
        }
        let made: Option<i64> = reader
            .prepare_cached("SELECT made_ms FROM calendar_feed WHERE person = ?1")?
            .query_row([person], |row| row.get(0))
            .optional()?;
        Ok(made.and_then(time))
    }

    /// Whose calendar address has the secret of that hash.
    pub fn calendar_feed_of(&self, secret: &str) -> Result<Option<String>, StoreError> {
        let reader = self.reader()?;
        if is_older(&reader)? {
            return Ok(None);
        }
        Ok(reader
            .prepare_cached("SELECT person FROM calendar_feed WHERE secret = ?1")?
            .query_row([secret], |row| row.get(0))
            .optional()?)
    }
}
