//! Images, named by the SHA-256 of their bytes, and which documents ever referred to them.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::open::Store;
use crate::table::replica;

/// The most bytes that an image may have.
pub const BLOB_LIMIT: usize = 10 * 1024 * 1024;

/// Images that were never used go after this time, when something is erased: 7 days, in milliseconds.
const UNUSED_MS: i64 = 7 * 24 * 3_600_000;

/// Images that were put and are waiting for somebody to refer to them are safe for so long: one hour, in milliseconds.
const WAITING_MS: i64 = 3_600_000;

/// A stored image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// MIME type it was stored with.
    pub mime: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Store {
    /// Stores bytes and returns their hash, 64 lower-case hexadecimal digits. Bytes that are there already
    /// stay as they are, and are safe again until somebody has had time to refer to them.
    ///
    /// Errors: `TooLarge` above [`BLOB_LIMIT`].
    pub fn put_blob(&self, bytes: &[u8], mime: &str, at_ms: i64) -> Result<String, StoreError> {
        self.keep_blob(bytes, mime, at_ms, true)
    }

    /// As [`Self::put_blob`], for an image that a replica took from the served workspace.
    pub fn put_told_blob(
        &self,
        bytes: &[u8],
        mime: &str,
        at_ms: i64,
    ) -> Result<String, StoreError> {
        self.keep_blob(bytes, mime, at_ms, false)
    }

    fn keep_blob(
        &self,
        bytes: &[u8],
        mime: &str,
        at_ms: i64,
        new: bool,
    ) -> Result<String, StoreError> {
        if bytes.len() > BLOB_LIMIT {
            return Err(StoreError::TooLarge {
                bytes: bytes.len(),
                limit: BLOB_LIMIT,
            });
        }
        let hash = hash(bytes);
        self.write(|w| {
            w.sql()
                .prepare_cached(
                    "INSERT INTO blob (hash, mime, at_ms, bytes) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)",
                )?
                .execute(params![hash, mime, at_ms, bytes])?;
            if new {
                replica::blob_waits(w.sql(), &hash)?;
            }
            Ok(())
        })?;
        Ok(hash)
    }

    /// The bytes of a hash.
    pub fn blob(&self, hash: &str) -> Result<Option<Blob>, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached("SELECT mime, bytes FROM blob WHERE hash = ?1")?
            .query_row([hash], |row| {
                Ok(Blob {
                    mime: row.get(0)?,
                    bytes: row.get(1)?,
                })
            })
            .optional()?)
    }
}

/// The name of bytes.
pub fn hash(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// Notes that a document refers to an image. This is never taken back before the document is erased: an older version
/// may be restored, and a hidden row shown again.
pub fn refer(sql: &Connection, doc: &str, hash: &str) -> Result<(), StoreError> {
    let new = sql
        .prepare_cached(
            "INSERT INTO doc_blob (doc_id, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![doc, hash])?;
    if new > 0 {
        // It waits for nobody any more: it goes when the last document that refers to it is erased.
        sql.prepare_cached("UPDATE blob SET at_ms = 0 WHERE hash = ?1")?
            .execute([hash])?;
    }
    Ok(())
}

pub fn of_document(sql: &Connection, doc: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = sql.prepare_cached("SELECT hash FROM doc_blob WHERE doc_id = ?1")?;
    Ok(statement
        .query_map([doc], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Removes those of `hashes` that no document refers to any more, unless somebody put them again just now, and images
/// that nothing ever referred to for a week.
pub fn remove_unused(sql: &Connection, hashes: &[String], at_ms: i64) -> Result<(), StoreError> {
    for hash in hashes {
        sql.prepare_cached("DELETE FROM blob WHERE hash = ?1 AND at_ms < ?2 AND NOT EXISTS (SELECT 1 FROM doc_blob b WHERE b.hash = blob.hash)")?
            .execute(params![hash, at_ms - WAITING_MS])?;
    }
    sql.prepare_cached("DELETE FROM blob WHERE at_ms < ?1 AND NOT EXISTS (SELECT 1 FROM doc_blob b WHERE b.hash = blob.hash)")?
        .execute([at_ms - UNUSED_MS])?;
    Ok(())
}
