//! Every write goes through [`Store::write`]: one immediate transaction, committed durably or not at all.

use model::document;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::error::StoreError;
use crate::log::{self, LogRow, NewUpdate, NoticeKind};
use crate::open::Store;
use crate::table::document::DocumentKind;
use crate::table::replica;

/// The one write transaction that is open. What is read through it includes every commit of every other process.
pub struct Writing<'w> {
    pub(crate) tx: Transaction<'w>,
}

impl Store {
    /// Runs `work` in one write transaction and commits it: when this returns, what was written survives a power cut
    /// (as far as SQLite with `synchronous = FULL` promises). On any error nothing was written; `Moved` when the file no longer has its name.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&Writing<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let writer = self.writer()?;
        let tx = Transaction::new_unchecked(&writer, TransactionBehavior::Immediate)?;
        let writing = Writing { tx };
        let out = work(&writing)?;
        // SQLite would commit to a file that nobody finds any more.
        self.in_place()?;
        writing.tx.commit()?;
        Ok(out)
    }

    /// Brings search up to date and moves the write-ahead log into the file: for when nobody is writing.
    pub fn tidy(&self) -> Result<(), StoreError> {
        self.refresh_search()?;
        let writer = self.writer()?;
        writer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }
}

impl Writing<'_> {
    pub(crate) fn sql(&self) -> &Connection {
        &self.tx
    }

    /// Updates of all documents after a place, other processes' included.
    pub fn log_after(&self, seq: i64) -> Result<Vec<LogRow>, StoreError> {
        log::rows_after(&self.tx, seq)
    }

    /// The last place of the log.
    pub fn last_seq(&self) -> Result<i64, StoreError> {
        log::last_seq(&self.tx)
    }

    /// Whether a document is there and of which kind.
    pub fn kind(&self, doc: &str) -> Result<Option<DocumentKind>, StoreError> {
        crate::table::document::kind(&self.tx, doc)
    }

    /// Adds a document without any content.
    ///
    /// Errors: `Refused` when the id is taken.
    pub fn add_document(
        &self,
        doc: &str,
        kind: DocumentKind,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let added = self
            .tx
            .prepare_cached("INSERT INTO document (id, kind, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
            .execute(params![doc, kind.word(), at_ms])?;
        if added == 1 {
            Ok(())
        } else {
            Err(StoreError::Refused(format!(
                "A document {doc} is already there."
            )))
        }
    }

    /// Appends an update to the log and returns its place. In a replica it waits from now on to be handed in.
    pub fn append(&self, doc: &str, update: &NewUpdate<'_>) -> Result<i64, StoreError> {
        let seq = self.append_row(doc, update)?;
        replica::wait_for_handing_in(&self.tx, doc, seq)?;
        Ok(seq)
    }

    pub(crate) fn append_row(&self, doc: &str, update: &NewUpdate<'_>) -> Result<i64, StoreError> {
        self.tx
            .prepare_cached("INSERT INTO doc_update (doc_id, at_ms, actor, client_id, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![doc, update.at_ms, update.actor, update.client.map(u64::cast_signed), update.bytes])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// Binds a Yjs client id to a person from a place of the log on. A client id that is bound stays as it is.
    pub fn bind_client(
        &self,
        doc: &str,
        client: u64,
        person: &str,
        seq: i64,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO doc_client (doc_id, client_id, person, first_seq) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?
            .execute(params![doc, client.cast_signed(), person, seq])?;
        Ok(())
    }

    /// Keeps the state that a document has after everything up to `upto`, unless it could not be loaded again: it is a
    /// cache, and the log has everything.
    pub fn save_snapshot(&self, doc: &str, upto: i64, state: &[u8]) -> Result<(), StoreError> {
        if document::guard::check_update(state).is_err() {
            return Ok(());
        }
        self.tx
            .prepare_cached(
                "INSERT INTO doc_snapshot (doc_id, upto_seq, state) VALUES (?1, ?2, ?3)
                 ON CONFLICT (doc_id) DO UPDATE SET upto_seq = excluded.upto_seq, state = excluded.state
                 WHERE excluded.upto_seq >= upto_seq",
            )?
            .execute(params![doc, upto, state])?;
        Ok(())
    }

    pub(crate) fn notice(&self, doc: &str, what: NoticeKind, at_ms: i64) -> Result<(), StoreError> {
        self.tx
            .prepare_cached("INSERT INTO notice (doc_id, what, at_ms) VALUES (?1, ?2, ?3)")?
            .execute(params![doc, what.word(), at_ms])?;
        self.tx
            .prepare_cached("DELETE FROM notice WHERE seq <= (SELECT max(seq) FROM notice) - 1000")?
            .execute([])?;
        Ok(())
    }
}
