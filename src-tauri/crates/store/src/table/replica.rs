//! A workspace file that follows one which another computer serves: what it follows, what waits to be handed in there, and
//! the log as it is told to such files.

use std::collections::BTreeSet;

use model::account::Account;
use model::directory::DIRECTORY_ID;
use model::postmortem::{DocId, PersonId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;
use crate::log::{AUTHOR, LogRow, NewUpdate};
use crate::open::Store;
use crate::table::put_back::Place;
use crate::write::Writing;

/// Bytes of updates in one answer, besides its first row.
const PAGE: usize = 1024 * 1024;
/// Rows in one answer.
const ROWS: usize = 5_000;

/// What a replica follows. Times in milliseconds UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replica {
    /// The id of the served workspace.
    pub workspace: String,
    /// What it is called, for people.
    pub name: String,
    /// Where it is served: `https://host:port`.
    pub address: String,
    /// SHA-256 of the one certificate that is trusted there, in hexadecimal digits; absent when the system's authorities say
    /// whom to trust.
    pub fingerprint: Option<String>,
    /// The person of the account by which it is reached, once somebody there has said who that is.
    pub person: Option<PersonId>,
    /// The account, and what it may do; absent where whoever has the link may do everything.
    pub account: Option<Account>,
    /// Everything up to this place of the served workspace's log is here.
    pub upto: i64,
    /// Named versions up to this one are here.
    pub versions: i64,
    /// The latest place of that log that was heard of, read or not.
    pub seen: Place,
    /// When the served workspace answered last, by this computer's clock; 0 for never.
    pub met_at: i64,
    /// Why the access has ended; nothing is exchanged any more.
    pub ended: Option<String>,
    /// How often somebody has signed in.
    pub signed_in: i64,
}

/// Edits that wait and that the served workspace does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// In which document.
    pub doc: DocId,
    /// Why, as it was said there; a sentence.
    pub reason: String,
    /// Since when, in milliseconds UTC.
    pub at_ms: i64,
    /// How many entries of the log wait.
    pub entries: u32,
}

/// A row of the log as replicas are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRow {
    /// The row, with its author.
    pub row: LogRow,
    /// The Yjs client that wrote it, when it is one alone.
    pub client: Option<u64>,
}

/// A stretch of the log as replicas are told it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The rows, in order.
    pub rows: Vec<ToldRow>,
    /// Whom clients were bound to within the stretch: document, client, person.
    pub bindings: Vec<(DocId, u64, PersonId)>,
    /// The stretch goes up to here.
    pub upto: i64,
    /// The log goes on after it.
    pub more: bool,
}

/// A named version as replicas are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldVersion {
    /// Its place among the names that were given.
    pub id: i64,
    /// Of which document.
    pub doc: DocId,
    /// The name.
    pub name: String,
    /// Who gave it; empty for nobody known.
    pub author: String,
    /// When, in milliseconds UTC.
    pub at_ms: i64,
}

/// A postmortem that was withdrawn from a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// Which.
    pub doc: DocId,
    /// Its title when it went.
    pub title: String,
    /// When, in milliseconds UTC.
    pub at_ms: i64,
    /// It lies in this file's trash, because it has edits that were not handed in.
    pub kept: bool,
}

impl Store {
    /// The name of this workspace among all, whatever its file is called.
    pub fn workspace_id(&self) -> Result<String, StoreError> {
        let reader = self.reader()?;
        Ok(reader.query_row("SELECT id FROM workspace", [], |row| row.get(0))?)
    }

    /// What this file follows, when it is a replica.
    pub fn replica(&self) -> Result<Option<Replica>, StoreError> {
        let reader = self.reader()?;
        // A file that is only read may be older than replicas.
        if self.is_read_only() && !has_replicas(&reader)? {
            return Ok(None);
        }
        Ok(reader
            .prepare_cached(
                "SELECT workspace, name, address, fingerprint, person, upto, versions, met_at, ended, account, seen_seq, seen_mark, signed_in
                 FROM replica",
            )?
            .query_row([], |row| {
                Ok(Replica {
                    workspace: row.get(0)?,
                    name: row.get(1)?,
                    address: row.get(2)?,
                    fingerprint: row.get(3)?,
                    person: row.get(4)?,
                    upto: row.get(5)?,
                    versions: row.get(6)?,
                    met_at: row.get(7)?,
                    ended: row.get(8)?,
                    account: row
                        .get::<_, Option<String>>(9)?
                        .and_then(|account| serde_json::from_str(&account).ok()),
                    seen: Place {
                        seq: row.get(10)?,
                        mark: row.get(11)?,
                    },
                    signed_in: row.get(12)?,
                })
            })
            .optional()?)
    }

    /// Somebody has signed in: keeps what this file follows, and as whom. How far it has been read stays. Only an empty workspace
    /// becomes a replica, and a replica follows one workspace for ever.
    ///
    /// Errors: `Refused`.
    pub fn follow(&self, replica: &Replica) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            let followed: Option<String> = sql
                .query_row("SELECT workspace FROM replica", [], |row| row.get(0))
                .optional()?;
            let refused = match followed {
                Some(followed) if followed != replica.workspace => {
                    Some("This replica follows another workspace.")
                }
                Some(_) => None,
                None if w.last_seq()? > 0 => {
                    Some("There is something in this workspace already, so it cannot become a replica.")
                }
                None => None,
            };
            if let Some(reason) = refused {
                return Err(StoreError::Refused(reason.into()));
            }
            sql.prepare_cached(
                "INSERT INTO replica (workspace, name, address, fingerprint, person, account, upto, versions, met_at, signed_in, ended)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 1, ?7)
                 ON CONFLICT (workspace) DO UPDATE SET name = excluded.name, address = excluded.address,
                     fingerprint = excluded.fingerprint, person = excluded.person, account = excluded.account, ended = excluded.ended,
                     signed_in = signed_in + 1",
            )?
            .execute(params![
                replica.workspace,
                replica.name,
                replica.address,
                replica.fingerprint,
                replica.person,
                written(replica.account.as_ref()),
                replica.ended,
            ])?;
            Ok(())
        })
    }

    /// Keeps what the served workspace is called and who follows it, as it was told to the session of `replica`, unless somebody
    /// has signed in anew meanwhile.
    pub fn note_account(&self, replica: &Replica) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute(
                "UPDATE replica SET name = ?1, person = ?2, account = ?3 WHERE signed_in = ?4",
                params![
                    replica.name,
                    replica.person,
                    written(replica.account.as_ref()),
                    replica.signed_in
                ],
            )?;
            Ok(())
        })
    }

    /// The access of the session of `replica` has ended, for this reason, unless somebody has signed in anew meanwhile.
    pub fn end_following(&self, replica: &Replica, reason: &str) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute(
                "UPDATE replica SET ended = ?1 WHERE signed_in = ?2",
                params![reason, replica.signed_in],
            )?;
            Ok(())
        })
    }

    /// The served workspace has answered, at this time in milliseconds UTC.
    pub fn note_met(&self, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute("UPDATE replica SET met_at = ?1", [at_ms])?;
            Ok(())
        })
    }

    /// Keeps how far the served workspace's log has been read, and what was heard of it.
    pub fn note_read(&self, replica: &Replica) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute(
                "UPDATE replica SET upto = ?1, versions = ?2",
                params![replica.upto, replica.versions],
            )?;
            see(w.sql(), &replica.seen)
        })
    }

    /// Documents with updates that wait to be handed in, those that wait longest first.
    pub fn waiting(&self) -> Result<Vec<DocId>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader
            .prepare_cached("SELECT doc_id FROM waiting GROUP BY doc_id ORDER BY min(seq)")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first updates of a document that wait to be handed in, in order: some, not always all.
    pub fn waiting_of(&self, doc: &str) -> Result<Vec<LogRow>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT u.seq, u.doc_id, u.at_ms, u.actor, u.bytes, u.client_id FROM waiting w JOIN doc_update u ON u.seq = w.seq
             WHERE w.doc_id = ?1 ORDER BY w.seq",
        )?;
        let (rows, _) = page(statement.query([doc])?)?;
        Ok(rows.into_iter().map(|told| told.row).collect())
    }

    /// The served workspace has acknowledged these updates of a document, at a place of its log: they wait no longer.
    pub fn acknowledged(&self, doc: &str, seqs: &[i64], place: &Place) -> Result<(), StoreError> {
        self.write(|w| {
            let mut statement = w
                .sql()
                .prepare_cached("DELETE FROM waiting WHERE seq = ?1")?;
            for seq in seqs {
                statement.execute([seq])?;
            }
            // What is not taken back of it stays told.
            w.sql()
                .prepare_cached(
                    "DELETE FROM refused WHERE doc_id = ?1
                     AND NOT EXISTS (SELECT 1 FROM giving_back g WHERE g.doc_id = ?1)",
                )?
                .execute([doc])?;
            see(w.sql(), place)
        })
    }

    /// The served workspace does not take what waits of a document.
    pub fn note_refused(&self, doc: &str, reason: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql()
                .prepare_cached(
                    "INSERT INTO refused (doc_id, reason, at_ms) VALUES (?1, ?2, ?3)
                     ON CONFLICT (doc_id) DO UPDATE SET reason = excluded.reason",
                )?
                .execute(params![doc, reason, at_ms])?;
            Ok(())
        })
    }

    /// Documents with edits that wait and are not taken, those that were refused first before the others.
    pub fn refused(&self) -> Result<Vec<Refused>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT r.doc_id, r.reason, r.at_ms, count(w.seq) FROM refused r
             LEFT JOIN waiting w ON w.doc_id = r.doc_id LEFT JOIN giving_back g ON g.doc_id = r.doc_id
             GROUP BY r.doc_id HAVING count(w.seq) > 0 OR count(g.doc_id) > 0 ORDER BY r.at_ms, r.doc_id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Refused {
                doc: row.get(0)?,
                reason: row.get(1)?,
                at_ms: row.get(2)?,
                entries: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes the whole log of a document from this replica, what waits of it too: it is about to be read anew. What says that it
    /// was read goes at the same moment, so that it is read anew whatever happens before that is done: a postmortem as one that is
    /// not known yet, until [`Self::mark_served`]; the directory, which is never listed, with the whole log, until
    /// [`Self::note_read`].
    pub fn let_go(&self, doc: &str) -> Result<(), StoreError> {
        self.write(|w| {
            for table in [
                "doc_update",
                "doc_snapshot",
                "doc_client",
                // They are places of the log that goes; all are told again.
                "doc_version",
                "refused",
                "giving_back",
                "served_document",
            ] {
                w.sql()
                    .execute(&format!("DELETE FROM {table} WHERE doc_id = ?1"), [doc])?;
            }
            w.sql().execute(
                "UPDATE replica SET versions = 0, upto = CASE WHEN ?1 THEN 0 ELSE upto END",
                [doc == DIRECTORY_ID],
            )?;
            Ok(())
        })
    }

    /// Documents of this replica that the served workspace had when it was asked last.
    pub fn served_documents(&self) -> Result<BTreeSet<DocId>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached("SELECT doc_id FROM served_document")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Makes documents that the served workspace has and that are not here yet, empty, with the time at which they were made
    /// there.
    pub fn make_served(&self, docs: &[(DocId, i64)]) -> Result<(), StoreError> {
        if docs.is_empty() {
            return Ok(());
        }
        self.write(|w| {
            for (doc, at_ms) in docs {
                if w.kind(doc)?.is_none() {
                    w.add_document(doc, crate::DocumentKind::Postmortem, *at_ms)?;
                }
            }
            Ok(())
        })
    }

    /// Keeps which documents are restricted where they are served.
    pub fn note_restricted(&self, docs: &[(DocId, bool)]) -> Result<(), StoreError> {
        let known: BTreeSet<DocId> = {
            let reader = self.reader()?;
            let mut statement = reader
                .prepare_cached("SELECT doc_id FROM served_document WHERE restricted <> 0")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        let other: Vec<&(DocId, bool)> = docs
            .iter()
            .filter(|(doc, restricted)| known.contains(doc) != *restricted)
            .collect();
        if other.is_empty() {
            return Ok(());
        }
        self.write(|w| {
            let mut statement = w
                .sql()
                .prepare_cached("UPDATE served_document SET restricted = ?2 WHERE doc_id = ?1")?;
            for (doc, restricted) in &other {
                statement.execute(params![doc, restricted])?;
            }
            Ok(())
        })
    }

    /// The served workspace has these documents, too, and what it has told of them is here, or will be.
    pub fn mark_served(&self, docs: &[DocId]) -> Result<(), StoreError> {
        if docs.is_empty() {
            return Ok(());
        }
        self.write(|w| {
            let mut statement = w.sql().prepare_cached(
                "INSERT INTO served_document (doc_id) VALUES (?1) ON CONFLICT DO NOTHING",
            )?;
            for doc in docs {
                statement.execute([doc])?;
            }
            Ok(())
        })
    }

    /// Notes that a document was withdrawn from this replica. When it is kept, what of it waits is handed in once it is shown
    /// to this account again.
    pub fn withdraw(&self, withdrawn: &Withdrawn) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute(
                "DELETE FROM served_document WHERE doc_id = ?1",
                [&withdrawn.doc],
            )?;
            w.sql().execute(
                "INSERT INTO withdrawn (doc_id, title, at_ms, kept) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (doc_id) DO UPDATE SET title = excluded.title, at_ms = excluded.at_ms, kept = excluded.kept",
                params![
                    withdrawn.doc,
                    withdrawn.title,
                    withdrawn.at_ms,
                    withdrawn.kept
                ],
            )?;
            Ok(())
        })
    }

    /// A document that was withdrawn is there again, or its owner has read that it went.
    pub fn forget_withdrawn(&self, doc: &str) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql()
                .execute("DELETE FROM withdrawn WHERE doc_id = ?1", [doc])?;
            Ok(())
        })
    }

    /// Documents that were withdrawn from this replica, the latest first.
    pub fn withdrawn(&self) -> Result<Vec<Withdrawn>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT doc_id, title, at_ms, kept FROM withdrawn ORDER BY at_ms DESC, doc_id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Withdrawn {
                doc: row.get(0)?,
                title: row.get(1)?,
                at_ms: row.get(2)?,
                kept: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Images that wait to be handed in.
    pub fn waiting_blobs(&self) -> Result<Vec<String>, StoreError> {
        hashes(
            &*self.reader()?,
            "SELECT hash FROM waiting_blob ORDER BY hash",
        )
    }

    /// The served workspace has an image.
    pub fn blob_handed_in(&self, hash: &str) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql()
                .execute("DELETE FROM waiting_blob WHERE hash = ?1", [hash])?;
            Ok(())
        })
    }

    /// Images that documents show and that are not here.
    pub fn missing_blobs(&self) -> Result<Vec<String>, StoreError> {
        hashes(
            &*self.reader()?,
            "SELECT DISTINCT hash FROM doc_blob d WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = d.hash) ORDER BY hash",
        )
    }

    /// The log after a place, of one document or of all, as replicas are told it.
    pub fn told_after(&self, after: i64, doc: Option<&str>) -> Result<Told, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let last = crate::log::last_seq(&tx)?;
        let of = doc.map_or("?2 IS NULL", |_| "u.doc_id = ?2");
        let mut statement = tx.prepare_cached(&format!(
            "SELECT u.seq, u.doc_id, u.at_ms, {AUTHOR}, u.bytes, u.client_id FROM doc_update u WHERE u.seq > ?1 AND {of} ORDER BY u.seq"
        ))?;
        let (rows, more) = page(statement.query(params![after, doc])?)?;
        let upto = match rows.last() {
            Some(last) if more => last.row.seq,
            _ => last,
        };
        let of = doc.map_or("?3 IS NULL", |_| "doc_id = ?3");
        let bindings = tx
            .prepare_cached(&format!("SELECT doc_id, client_id, person FROM doc_client WHERE first_seq > ?1 AND first_seq <= ?2 AND {of}"))?
            .query_map(params![after, upto, doc], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned(), row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Told {
            rows,
            bindings,
            upto,
            more,
        })
    }

    /// Names that were given to versions after a place, at most a thousand.
    pub fn versions_after(&self, after: i64) -> Result<Vec<ToldVersion>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT id, doc_id, name, author, at_ms FROM doc_version WHERE id > ?1 ORDER BY id LIMIT 1000",
        )?;
        let rows = statement.query_map([after], |row| {
            Ok(ToldVersion {
                id: row.get(0)?,
                doc: row.get(1)?,
                name: row.get(2)?,
                author: row.get(3)?,
                at_ms: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Gives what is here of a document a name that it got in the served workspace, unless it bears that name already:
    /// the change of a status names a version wherever it is first seen.
    pub fn name_as_told(&self, version: &ToldVersion) -> Result<(), StoreError> {
        self.write(|w| {
            let known = w
                .sql()
                .prepare_cached(
                    "SELECT 1 FROM doc_version WHERE doc_id = ?1 AND name = ?2 AND (author = ?3 OR author = '')
                     AND (at_ms = ?4 OR seq = (SELECT max(seq) FROM doc_update WHERE doc_id = ?1))",
                )?
                .exists(params![
                    version.doc,
                    version.name,
                    version.author,
                    version.at_ms
                ])?;
            if known || w.kind(&version.doc)?.is_none() {
                return Ok(());
            }
            match w.name_version(&version.doc, &version.name, &version.author, version.at_ms) {
                // Nothing of it has come yet.
                Ok(_) | Err(StoreError::Refused(_)) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    /// A few words that change whenever a document is added, erased, moved to the trash or taken out of it.
    pub fn documents_mark(&self) -> Result<String, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached(
                "SELECT count(*) || '.' || total(created_at) || '.' || count(trashed_at) || '.' || total(trashed_at) FROM document",
            )?
            .query_row([], |row| row.get(0))?)
    }
}

impl Writing<'_> {
    /// Appends an update that a replica took from the served workspace, with the seal that it bore: it does not have to be handed in
    /// there.
    pub fn append_told(
        &self,
        doc: &str,
        update: &NewUpdate<'_>,
        seal: &str,
    ) -> Result<i64, StoreError> {
        let seq = self.append_row(doc, update)?;
        if !seal.is_empty() {
            self.sql()
                .prepare_cached("INSERT INTO sealed (seq, seal) VALUES (?1, ?2)")?
                .execute(params![seq, seal])?;
        }
        Ok(seq)
    }

    /// Keeps whom the served workspace has bound clients to. What it says holds, whatever was assumed here.
    pub fn bind_as_told(&self, doc: &str, client: u64, person: &str) -> Result<(), StoreError> {
        let seq = self.last_seq()?;
        self.sql()
            .prepare_cached(
                "INSERT INTO doc_client (doc_id, client_id, person, first_seq) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (doc_id, client_id) DO UPDATE SET person = excluded.person",
            )?
            .execute(params![doc, client.cast_signed(), person, seq])?;
        Ok(())
    }
}

fn written(account: Option<&Account>) -> Option<String> {
    account.and_then(|account| serde_json::to_string(account).ok())
}

/// The served workspace's log was seen to reach a place.
pub(crate) fn see(sql: &Connection, place: &Place) -> Result<(), StoreError> {
    sql.prepare_cached("UPDATE replica SET seen_seq = ?1, seen_mark = ?2 WHERE seen_seq < ?1")?
        .execute(params![place.seq, place.mark])?;
    Ok(())
}

/// Notes that an update waits to be handed in, when this file is a replica.
pub(crate) fn wait_for_handing_in(sql: &Connection, doc: &str, seq: i64) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO waiting (seq, doc_id) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM replica)",
    )?
    .execute(params![seq, doc])?;
    Ok(())
}

/// Notes that an image waits to be handed in, when this file is a replica.
pub(crate) fn blob_waits(sql: &Connection, hash: &str) -> Result<(), StoreError> {
    sql.prepare_cached(
        "INSERT INTO waiting_blob (hash) SELECT ?1 WHERE EXISTS (SELECT 1 FROM replica) ON CONFLICT DO NOTHING",
    )?
    .execute([hash])?;
    Ok(())
}

fn has_replicas(sql: &Connection) -> Result<bool, StoreError> {
    Ok(sql
        .prepare_cached("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'replica'")?
        .exists([])?)
}

fn hashes(sql: &Connection, statement: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = sql.prepare_cached(statement)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Reads rows until a page is full, and says whether there are more.
fn page(mut found: rusqlite::Rows<'_>) -> Result<(Vec<ToldRow>, bool), StoreError> {
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(row) = found.next()? {
        let told = ToldRow {
            row: LogRow {
                seq: row.get(0)?,
                doc: row.get(1)?,
                at_ms: row.get(2)?,
                actor: row.get(3)?,
                bytes: row.get(4)?,
            },
            client: row.get::<_, Option<i64>>(5)?.map(i64::cast_unsigned),
        };
        bytes += told.row.bytes.len();
        if !rows.is_empty() && (bytes > PAGE || rows.len() >= ROWS) {
            return Ok((rows, true));
        }
        rows.push(told);
    }
    Ok((rows, false))
}
