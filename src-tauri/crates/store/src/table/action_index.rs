//! What the list of action items asks of every item, in memory: a place in the order, an owner, a postmortem. A hundred thousand
//! items are counted, narrowed and gathered in a millisecond or two, where SQLite walks an index for each group; only the
//! rows of a page are read from the file. The log says which postmortems were changed since, by whichever process, and
//! theirs alone are read again. Their words are kept from the first time on that somebody looks for some.

use std::collections::{BTreeSet, HashMap};
use std::sync::{MutexGuard, PoisonError};

use chrono::{Datelike, NaiveDate};
use memchr::memmem::Finder;
use model::postmortem::{ActionStatus, Priority};
use rusqlite::{Connection, Params, Row, params};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::StoreError;
use crate::log::NoticeKind;
use crate::open::Store;
use crate::words::value;

/// Changed postmortems of which so many are read again one by one; more, and everything is read.
const FEW: usize = 256;

/// Texts of changed items that are kept, besides as many as there are items, before all are read again.
const GONE: usize = 10_000;
/// Notices that are kept at the least.
const NOTICES: i64 = 1_000;

const REVIEW: &str = "doc_id, services, review_owner, title";
const ITEM: &str = "doc_id, key, sort_key, owner, status, trashed, priority, check_on";
/// The text in which words are looked for, as search has it.
const TEXT: &str = "text || ' ' || done_when || ' ' || ticket";

/// An action item. Its postmortem and owner are places in the index's own lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// The number of its text.
    pub text: u32,
}

/// What the list asks of a postmortem.
#[derive(Debug)]
pub(super) struct Review {
    /// Its place in [`ActionIndex::services`].
    pub services: u32,
    /// Who owns the review, as a place in the list of owners.
    pub review_owner: u32,
    /// The number of its title.
    pub title: u32,
}

/// Every action item of a workspace, in the list's order.
#[derive(Debug, Default)]
pub(crate) struct ActionIndex {
    /// The last entries of the log and of the notices that it knows of.
    place: (i64, i64),
    /// Words are kept: those of titles and of items.
    words: bool,
    titles: Texts,
    texts: Texts,
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
        let gone = (self.texts.ends.len() + self.titles.ends.len())
            .saturating_sub(self.entries.len() + self.reviews.len());
        let changed = if self.docs.all.is_empty()
            || head.1 - self.place.1 >= NOTICES
            || gone > self.entries.len() + GONE
        {
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
        for doc in docs {
            self.read(sql, "WHERE doc_id = ?1", [doc])?;
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
        self.read(sql, "", [])?;
        self.entries.sort_unstable();
        self.entries.shrink_to_fit();
        Ok(())
    }

    /// Takes in rows of postmortems and of their items.
    fn read(
        &mut self,
        sql: &Connection,
        which: &str,
        of: impl Params + Clone,
    ) -> Result<(), StoreError> {
        let mut statement =
            sql.prepare_cached(&format!("SELECT {REVIEW} FROM postmortem {which}"))?;
        let mut rows = statement.query(of.clone())?;
        while let Some(row) = rows.next()? {
            self.take_review(row)?;
        }
        let text = if self.words { TEXT } else { "''" };
        let mut statement =
            sql.prepare_cached(&format!("SELECT {ITEM}, {text} FROM action {which}"))?;
        let mut rows = statement.query(of)?;
        // Items of one postmortem mostly lie together.
        let mut last = (String::new(), None);
        while let Some(row) = rows.next()? {
            let doc = row.get_ref(0)?.as_str().unwrap_or_default();
            if doc != last.0 {
                last = (doc.to_owned(), self.docs.find(doc));
            }
            if let Some(doc) = last.1 {
                self.take_item(row, doc)?;
            }
        }
        Ok(())
    }

    fn take_review(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let doc = self.docs.number(row.get_ref(0)?.as_str()?);
        let review = Review {
            services: self.services.number(row.get_ref(1)?.as_str()?),
            review_owner: self.owners.number(row.get_ref(2)?.as_str()?),
            title: if self.words {
                self.titles.add(row.get_ref(3)?.as_str()?)
            } else {
                0
            },
        };
        match self.reviews.get_mut(doc as usize) {
            Some(known) => *known = review,
            None => self.reviews.push(review),
        }
        Ok(())
    }

    fn take_item(&mut self, row: &Row<'_>, doc: u32) -> rusqlite::Result<()> {
        let day = row.get_ref(7)?.as_str_or_null()?;
        self.entries.push(Entry {
            doc,
            key: row.get(1)?,
            sort_key: row.get(2)?,
            owner: self.owners.number(row.get_ref(3)?.as_str()?),
            status: value(row.get_ref(4)?.as_str()?).unwrap_or_default(),
            trashed: row.get(5)?,
            priority: value(row.get_ref(6)?.as_str()?),
            check_on: day
                .and_then(|day| day.parse::<NaiveDate>().ok())
                .map_or(i32::MAX, |day| day.num_days_from_ce()),
            text: if self.words {
                self.texts.add(row.get_ref(8)?.as_str()?)
            } else {
                0
            },
        });
        Ok(())
    }

    /// Which of some words begin a word of each item's text and of each title: one bit each, by the texts' numbers.
    pub(super) fn with_words(&self, words: &[String]) -> WithWords {
        WithWords {
            all: words
                .iter()
                .zip(0..)
                .fold(0, |bits, (_, bit)| bits | 1 << bit),
            in_titles: self.titles.with(words),
            in_texts: self.texts.with(words),
        }
    }

    /// The postmortem of an item.
    pub(super) fn review(&self, entry: &Entry) -> Option<&Review> {
        self.reviews.get(entry.doc as usize)
    }
}

/// Which words stand in which texts.
#[derive(Debug, Default)]
pub(super) struct WithWords {
    all: u32,
    in_titles: Vec<u32>,
    in_texts: Vec<u32>,
}

impl WithWords {
    /// Whether every word stands in an item's text or in its postmortem's title.
    pub fn has(&self, entry: &Entry, review: &Review) -> bool {
        let of = |found: &[u32], text: u32| found.get(text as usize).copied().unwrap_or_default();
        self.all == of(&self.in_texts, entry.text) | of(&self.in_titles, review.title)
    }
}

/// Texts one after the other, so that all are looked through in one go. Each has a number; one that is no item's any more
/// stays until everything is read again.
#[derive(Debug, Default)]
struct Texts {
    /// Small letters and digits without accents, as the full-text index has them, and a space before each word.
    letters: String,
    ends: Vec<usize>,
}

impl Texts {
    fn add(&mut self, text: &str) -> u32 {
        self.letters.push(' ');
        fold(text, &mut self.letters);
        self.ends.push(self.letters.len());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// Which of the words begin a word of each text, one bit each; there are no more than search takes.
    fn with(&self, words: &[String]) -> Vec<u32> {
        let mut found = vec![0; self.ends.len()];
        for (bit, word) in words.iter().enumerate() {
            let mut begins = " ".to_owned();
            fold(word, &mut begins);
            let word = Finder::new(begins.as_bytes());
            let mut texts = self.ends.iter().zip(&mut found);
            let mut from = 0;
            while let Some(at) = self
                .letters
                .as_bytes()
                .get(from..)
                .and_then(|rest| word.find(rest))
            {
                let Some((end, bits)) = texts.find(|(end, _)| **end > from + at) else {
                    break;
                };
                *bits |= 1 << bit;
                from = *end;
            }
        }
        found
    }
}

/// Adds a text without case and accents, and with spaces between its words.
fn fold(text: &str, to: &mut String) {
    let letter = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        }
    };
    if text.is_ascii() {
        to.extend(text.chars().map(|c| letter(c.to_ascii_lowercase())));
    } else {
        let small = text
            .nfd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase);
        to.extend(small.map(letter));
    }
}
