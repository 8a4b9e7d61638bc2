//! A served workspace that was put back from an older copy: how it is noticed, and what a replica then gives back.

use std::collections::HashMap;

use model::account::PostmortemAccess;
use model::postmortem::DocId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Store;
use crate::seal::Sealed;
use crate::table::document::DocumentKind;
use crate::table::{account, document};
use crate::write::Writing;

/// Bytes of updates in one part of what is given back, besides its first entry.
const PAGE: usize = 1024 * 1024;
/// Entries in one part.
const ROWS: usize = 5_000;

/// A place of a workspace's log, with the mark that this workspace alone has there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The place; 0 before the first entry.
    pub seq: i64,
    /// What cannot be guessed of it; empty before the first entry.
    pub mark: String,
}

/// An entry of a replica's log, as it is given back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackRow {
    /// Its place in the replica's log.
    pub seq: i64,
    /// When the served workspace took it, in milliseconds UTC; when it was written here, as long as it bears no seal.
    pub at_ms: i64,
    /// Who wrote it; empty for nobody known.
    pub person: String,
    /// The Yjs client that wrote it, when it is one alone.
    pub client: Option<u64>,
    /// The update, format v1.
    pub bytes: Vec<u8>,
    /// The seal that it bore when it was told; empty for what was written in the replica and not told back yet.
    pub seal: String,
}

impl Store {
    /// The end of the log, with its mark.
    pub fn last_place(&self) -> Result<Place, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let seq = crate::log::last_seq(&tx)?;
        Ok(Place {
            seq,
            mark: mark_at(&tx, seq)?.unwrap_or_default(),
        })
    }

    /// A place of the log with its mark; the mark is empty when there is no such place.
    pub fn place(&self, seq: i64) -> Result<Place, StoreError> {
        let mark = mark_at(&*self.reader()?, seq)?.unwrap_or_default();
        Ok(Place { seq, mark })
    }

    /// Whether this log has that place: it goes on from the log in which the place was seen. One before the first entry is in
    /// every log.
    pub fn goes_on_from(&self, place: &Place) -> Result<bool, StoreError> {
        Ok(place.seq == 0 || mark_at(&*self.reader()?, place.seq)?.as_ref() == Some(&place.mark))
    }

    /// The served workspace was put back from an older copy: its log is read from the beginning, and every document that it has
    /// shown is to be given back.
    pub fn begin_giving_back(&self) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute_batch(
                "INSERT INTO giving_back (doc_id) SELECT doc_id FROM served_document WHERE true ON CONFLICT DO NOTHING;
                 INSERT INTO giving_back (doc_id) SELECT doc_id FROM withdrawn WHERE doc_id IN (SELECT id FROM document) ON CONFLICT DO NOTHING;
                 INSERT INTO giving_back (doc_id) VALUES ('directory') ON CONFLICT DO NOTHING;
                 UPDATE replica SET upto = 0, versions = 0, seen_seq = 0, seen_mark = '';",
            )?;
            Ok(())
        })
    }

    /// The served workspace's log was seen to reach a place.
    pub fn note_seen(&self, place: &Place) -> Result<(), StoreError> {
        self.write(|w| super::replica::see(w.sql(), place))
    }

    /// Documents that have not been given back yet, but for those that were withdrawn: the directory, then the oldest ones first.
    pub fn giving_back(&self) -> Result<Vec<DocId>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT g.doc_id FROM giving_back g JOIN document d ON d.id = g.doc_id
             WHERE NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.doc_id = g.doc_id)
             ORDER BY d.kind = 'postmortem', d.created_at, g.doc_id",
        )?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A document has been given back, or is not wanted there; these images of it are lacking there and wait to be handed in.
    pub fn given_back(&self, doc: &str, lacking: &[String]) -> Result<(), StoreError> {
        self.write(|w| {
            for hash in lacking {
                w.sql()
                    .prepare_cached(
                        "INSERT INTO waiting_blob (hash) SELECT hash FROM blob WHERE hash = ?1 ON CONFLICT DO NOTHING",
                    )?
                    .execute([hash])?;
            }
            w.sql()
                .prepare_cached("DELETE FROM giving_back WHERE doc_id = ?1")?
                .execute([doc])?;
            w.sql()
                .prepare_cached("DELETE FROM refused WHERE doc_id = ?1")?
                .execute([doc])?;
            Ok(())
        })
    }

    /// Makes a postmortem without content that is given back, for these accounts alone where it was restricted, and in the trash where it
    /// lay there. All of it is one commit: nobody finds it open, whatever ends in between. False when it is there already, and nothing
    /// has changed.
    ///
    /// Errors: `Refused` when one of the accounts was ended.
    pub fn make_given_back(
        &self,
        doc: &str,
        created_at: i64,
        access: Option<&PostmortemAccess>,
        trashed: bool,
        at_ms: i64,
    ) -> Result<bool, StoreError> {
        self.write(|w| {
            if w.kind(doc)?.is_some() {
                return Ok(false);
            }
            w.add_document(doc, DocumentKind::Postmortem, created_at)?;
            if let Some(access) = access {
                account::set_access(w, doc, access, at_ms)?;
            }
            if trashed {
                document::set_trashed(w, doc, Some(at_ms), at_ms)?;
            }
            Ok(true)
        })
    }

    /// Whether a document is restricted where it is served, as far as this replica was told.
    pub fn is_restricted_there(&self, doc: &str) -> Result<bool, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached("SELECT 1 FROM served_document WHERE doc_id = ?1 AND restricted <> 0")?
            .exists([doc])?)
    }

    /// A part of a document's log after a place, as a replica gives it back, and whether there is more.
    pub fn back_rows(&self, doc: &str, after: i64) -> Result<(Vec<BackRow>, bool), StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT u.seq, coalesce(s.at_ms, u.at_ms), coalesce(s.person, u.actor), iif(s.at_ms IS NULL, u.client_id, s.client_id),
                 u.bytes, coalesce(s.seal, '')
             FROM doc_update u LEFT JOIN sealed s ON s.seq = u.seq WHERE u.doc_id = ?1 AND u.seq > ?2 ORDER BY u.seq",
        )?;
        let mut found = statement.query(params![doc, after])?;
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while let Some(row) = found.next()? {
            let back = BackRow {
                seq: row.get(0)?,
                at_ms: row.get(1)?,
                person: row.get(2)?,
                client: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
                bytes: row.get(4)?,
                seal: row.get(5)?,
            };
            bytes += back.bytes.len();
            if !rows.is_empty() && (bytes > PAGE || rows.len() >= ROWS) {
                return Ok((rows, true));
            }
            rows.push(back);
        }
        Ok((rows, false))
    }

    /// The served workspace has told these entries of a document, each with its seal, and they bring nothing new: those that were
    /// written in this replica and handed in bear their seals from now on.
    pub fn seal_as_told(&self, doc: &str, told: &[(Sealed<'_>, &str)]) -> Result<(), StoreError> {
        let by_bytes: HashMap<&[u8], &(Sealed<'_>, &str)> =
            told.iter().map(|one| (one.0.bytes, one)).collect();
        let mut ours = Vec::new();
        {
            let reader = self.reader()?;
            // What is told back was written not long ago.
            let mut statement = reader.prepare_cached(
                "SELECT seq, bytes FROM doc_update u WHERE doc_id = ?1 AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.seq = u.seq)
                 ORDER BY seq DESC",
            )?;
            let mut found = statement.query([doc])?;
            while ours.len() < by_bytes.len()
                && let Some(row) = found.next()?
            {
                let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                if let Some(one) = by_bytes.get(bytes) {
                    ours.push((row.get::<_, i64>(0)?, *one));
                }
            }
        }
        if ours.is_empty() {
            return Ok(());
        }
        self.write(|w| {
            // It may have been let go or erased meanwhile.
            let mut statement = w.sql().prepare_cached(
                "INSERT INTO sealed (seq, seal, at_ms, person, client_id)
                 SELECT seq, ?2, ?3, ?4, ?5 FROM doc_update WHERE seq = ?1 ON CONFLICT DO NOTHING",
            )?;
            for (seq, (entry, seal)) in &ours {
                let client = entry.client.map(u64::cast_signed);
                statement.execute(params![seq, seal, entry.at_ms, entry.person, client])?;
            }
            Ok(())
        })
    }

    /// Images that a document shows, or showed.
    pub fn images_of(&self, doc: &str) -> Result<Vec<String>, StoreError> {
        super::blob::of_document(&*self.reader()?, doc)
    }

    /// Which of these images are not here.
    pub fn lacking(&self, hashes: &[String]) -> Result<Vec<String>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached("SELECT 1 FROM blob WHERE hash = ?1")?;
        let mut lacking = Vec::new();
        for hash in hashes {
            if !statement.exists([hash])? {
                lacking.push(hash.clone());
            }
        }
        Ok(lacking)
    }

    /// Edits that somebody brought under the mark of another's client: client, from which of its edits, up to which, who brought them.
    pub fn brought(&self, doc: &str) -> Result<Vec<(u64, u32, u32, String)>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT client_id, since, until, person FROM brought WHERE doc_id = ?1",
        )?;
        let rows = statement.query_map([doc], |row| {
            let client: i64 = row.get(0)?;
            Ok((
                client.cast_unsigned(),
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writing<'_> {
    /// Notes that somebody brought edits under the mark of another's client.
    pub fn note_brought(
        &self,
        doc: &str,
        client: u64,
        (since, until): (u32, u32),
        person: &str,
    ) -> Result<(), StoreError> {
        self.sql()
            .prepare_cached(
                "INSERT INTO brought (doc_id, client_id, since, until, person) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?
            .execute(params![doc, client.cast_signed(), since, until, person])?;
        Ok(())
    }
}

fn mark_at(sql: &Connection, seq: i64) -> Result<Option<String>, StoreError> {
    let mark: Option<i64> = sql
        .prepare_cached("SELECT mark FROM log_mark WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    Ok(mark.map(|mark| format!("{:016x}", mark.cast_unsigned())))
}
