//! What the list of action items asks of every item, in memory: a place in the order, an owner, a postmortem. A hundred thousand
//! items are counted, narrowed and gathered in a millisecond or two, where SQLite walks an index for each group; only the
//! rows of a page are read from the file. The log says which postmortems were changed since, by whichever process, and
//! theirs alone are read again. Their words are kept from the first time on that somebody looks for some.

use std::collections::{BTreeSet, HashMap};
use std::sync::{MutexGuard, PoisonError};

use chrono::{Datelike, NaiveDate};
use model::postmortem::{ActionStatus, Priority};
use rusqlite::{Connection, Row, params};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::StoreError;
use crate::log::NoticeKind;
use crate::open::Store;
use crate::words::value;

/// Changed postmortems of which so many are read again one by one; more, and everything is read.
const FEW: usize = 256;

/// Notices that are kept at the least.
const NOTICES: i64 = 1_000;

const COLUMNS: &str = "a.key, a.sort_key, a.doc_id, a.owner, a.status, a.trashed, a.priority, a.check_on, p.services, \
                       p.review_owner";
/// The texts in which words are looked for: an item's, as search has it, and its postmortem's title.
const TEXTS: &str = ", a.text || ' ' || a.done_when || ' ' || a.ticket, p.title";
const FROM: &str = "action a JOIN postmortem p ON p.doc_id = a.doc_id";

/// An action item. Its postmortem and owner are places in the index's own lists.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// See `sort_key` in the file: unsettled items by due day and priority, then settled ones, newest first.
    pub sort_key: i64,
    /// `action.key`.
    pub key: i64,
    pub doc: u32,
    pub owner: u32,
    /// The day to look again, as days of the common era; [`i32::MAX`] when nobody is to.
    pub check_on: i32,
    pub status: ActionStatus,
    pub priority: Option<Priority>,
    pub trashed: bool,
    /// Its words, see [`folded`].
    pub text: Box<str>,
}

/// What the list asks of a postmortem.
#[derive(Debug)]
pub(super) struct Review {
    /// Its place in [`ActionIndex::services`].
    pub services: u32,
    /// Who owns the review, as a place in the list of owners.
    pub review_owner: u32,
    /// The words of its title, see [`folded`].
    pub title: Box<str>,
}

/// Every action item of a workspace, in the list's order.
#[derive(Debug, Default)]
pub(crate) struct ActionIndex {
    /// The last entries of the log and of the notices that it knows of.
    place: (i64, i64),
    /// Words are kept.
    words: bool,
    pub(super) entries: Vec<Entry>,
    /// Ids of postmortems.
    pub(super) docs: Words,
    /// What is asked of each of them.
    reviews: Vec<Review>,
    /// Ids of people; the first is that of nobody.
    pub(super) owners: Words,
    /// Sets of services as the file has them, in JSON.
    pub(super) services: Words,
}

/// Strings that recur, each with a number.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub all: Vec<String>,
    at: HashMap<String, u32>,
}

impl Words {
    /// The number of a string.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.at.get(word).copied()
    }

    /// The number of a string, a new one if it has none.
    pub fn number(&mut self, word: &str) -> u32 {
        if let Some(at) = self.find(word) {
            return at;
        }
        let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(word.to_owned());
        self.at.insert(word.to_owned(), at);
        at
    }
}

impl Store {
    /// Every action item of the file, those of hidden postmortems included, as they are now, with their words if those are
    /// asked for. It is held until it is let go of.
    pub(super) fn action_index(
        &self,
        words: bool,
    ) -> Result<MutexGuard<'_, ActionIndex>, StoreError> {
        // The index is locked first: what is then read is never older than what it knows.
        let mut index = self
            .action_index
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let reader = self.reader()?;
        let sql = reader.unchecked_transaction()?;
        if words && !index.words {
            *index = ActionIndex {
                words,
                ..ActionIndex::default()
            };
        }
        if let Err(error) = index.refresh(&sql) {
            // What is half-read is read again the next time.
            *index = ActionIndex::default();
            return Err(error);
        }
        Ok(index)
    }
}

impl ActionIndex {
    /// Takes in what was committed since.
    fn refresh(&mut self, sql: &Connection) -> Result<(), StoreError> {
        let head: (i64, i64) = sql
            .prepare_cached(
                "SELECT coalesce((SELECT max(seq) FROM doc_update), 0), coalesce((SELECT max(seq) FROM notice), 0)",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // Erasing takes the last entries of the log away, and never gives their places to others.
        let head = (head.0.max(self.place.0), head.1.max(self.place.1));
        if head == self.place {
            return Ok(());
        }
        // Old notices are let go of; some of them may never have been seen.
        let changed = if self.docs.all.is_empty() || head.1 - self.place.1 >= NOTICES {
            None
        } else {
            self.changed(sql)?
        };
        match changed {
            Some(docs) => self.read_again(sql, &docs)?,
            None => self.read_all(sql)?,
        }
        self.place = head;
        Ok(())
    }

    /// The documents that were changed since; nothing when they are many, or when the whole file was projected anew.
    fn changed(&self, sql: &Connection) -> Result<Option<BTreeSet<String>>, StoreError> {
        let mut statement = sql.prepare_cached(
            "SELECT doc_id, '' FROM doc_update WHERE seq > ?1 UNION SELECT doc_id, what FROM notice WHERE seq > ?2",
        )?;
        let mut rows = statement.query(params![self.place.0, self.place.1])?;
        let mut docs = BTreeSet::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, String>(1)? == NoticeKind::Rebuilt.word() {
                return Ok(None);
            }
            docs.insert(row.get(0)?);
            if docs.len() > FEW {
                return Ok(None);
            }
        }
        Ok(Some(docs))
    }

    fn read_again(&mut self, sql: &Connection, docs: &BTreeSet<String>) -> Result<(), StoreError> {
        let old: BTreeSet<u32> = docs.iter().filter_map(|doc| self.docs.find(doc)).collect();
        self.entries.retain(|entry| !old.contains(&entry.doc));
        let columns = self.columns();
        let mut statement =
            sql.prepare_cached(&format!("SELECT {columns} FROM {FROM} WHERE a.doc_id = ?1"))?;
        for doc in docs {
            let mut rows = statement.query([doc])?;
            while let Some(row) = rows.next()? {
                self.take(row)?;
            }
        }
        self.entries.sort();
        Ok(())
    }

    fn read_all(&mut self, sql: &Connection) -> Result<(), StoreError> {
        *self = Self {
            place: self.place,
            words: self.words,
            ..Self::default()
        };
        self.owners.number("");
        let columns = self.columns();
        let mut statement = sql.prepare(&format!("SELECT {columns} FROM {FROM}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.take(row)?;
        }
        self.entries.sort_unstable();
        self.entries.shrink_to_fit();
        Ok(())
    }

    fn columns(&self) -> String {
        format!("{COLUMNS}{}", if self.words { TEXTS } else { ", '', ''" })
    }

    /// Takes in one row.
    fn take(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let doc = self.docs.number(row.get_ref(2)?.as_str()?);
        let review = Review {
            services: self.services.number(row.get_ref(8)?.as_str()?),
            review_owner: self.owners.number(row.get_ref(9)?.as_str()?),
            title: folded(row.get_ref(11)?.as_str()?),
        };
        match self.reviews.get_mut(doc as usize) {
            Some(known) => *known = review,
            None => self.reviews.push(review),
        }
        let day = row.get_ref(7)?.as_str_or_null()?;
        self.entries.push(Entry {
            key: row.get(0)?,
            sort_key: row.get(1)?,
            doc,
            owner: self.owners.number(row.get_ref(3)?.as_str()?),
            status: value(row.get_ref(4)?.as_str()?).unwrap_or_default(),
            trashed: row.get(5)?,
            priority: value(row.get_ref(6)?.as_str()?),
            check_on: day
                .and_then(|day| day.parse::<NaiveDate>().ok())
                .map_or(i32::MAX, |day| day.num_days_from_ce()),
            text: folded(row.get_ref(10)?.as_str()?),
        });
        Ok(())
    }

    /// The words of the titles of all postmortems, by their numbers.
    pub(super) fn titles(&self) -> impl Iterator<Item = &str> {
        self.reviews.iter().map(|review| &*review.title)
    }

    /// The postmortem of an item.
    pub(super) fn review(&self, entry: &Entry) -> Option<&Review> {
        self.reviews.get(entry.doc as usize)
    }
}

/// A text for looking for beginnings of words: small letters and digits without accents, as the full-text index has them,
/// and a space before each word. An empty text stays empty.
pub(super) fn folded(text: &str) -> Box<str> {
    if text.is_empty() {
        return Box::default();
    }
    let letter = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        }
    };
    let letters: String = if text.is_ascii() {
        text.chars()
            .map(|c| letter(c.to_ascii_lowercase()))
            .collect()
    } else {
        text.nfd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
            .map(letter)
            .collect()
    };
    format!(" {letters}").into()
}
