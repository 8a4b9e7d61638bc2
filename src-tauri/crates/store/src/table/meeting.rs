//! Review meetings: one record per postmortem, read and changed as a whole.

use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::log::NoticeKind;
use crate::open::Store;

impl Store {
    /// The meeting of a postmortem as it was kept, when there ever was one.
    pub fn meeting(&self, doc: &str) -> Result<Option<String>, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached("SELECT state FROM meeting WHERE doc_id = ?1")?
            .query_row([doc], |row| row.get(0))
            .optional()?)
    }

    /// Meetings of postmortems that are not in the trash and that somebody has changed since a moment, the latest first,
    /// a hundred at most: each with its postmortem and that postmortem's title.
    pub fn meetings_since(&self, at_ms: i64) -> Result<Vec<(String, String, String)>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT m.doc_id, p.title, m.state FROM meeting m JOIN postmortem p ON p.doc_id = m.doc_id
             WHERE m.at_ms >= ?1 AND p.trashed = 0 ORDER BY m.at_ms DESC LIMIT 100",
        )?;
        let rows =
            statement.query_map([at_ms], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Changes the meeting of a postmortem in one durable transaction, so that two who change it at once come one after
    /// the other. `change` gets what is kept and returns what to keep instead, if anything, and its answer. It must not
    /// use the store.
    ///
    /// Errors: those of `change`, and nothing is kept then; `NotFound` when there is no such document.
    pub fn change_meeting<T, E: From<StoreError>>(
        &self,
        doc: &str,
        at_ms: i64,
        change: impl FnOnce(Option<String>) -> Result<(Option<String>, T), E>,
    ) -> Result<T, E> {
        let mut refused = None;
        let done = self.write(|w| {
            if w.kind(doc)?.is_none() {
                return Err(StoreError::NotFound { what: "This postmortem".into() });
            }
            let found = w
                .sql()
                .prepare_cached("SELECT state FROM meeting WHERE doc_id = ?1")?
                .query_row([doc], |row| row.get(0))
                .optional()?;
            match change(found) {
                Err(error) => {
                    refused = Some(error);
                    Ok(None)
                }
                Ok((None, answer)) => Ok(Some(answer)),
                Ok((Some(state), answer)) => {
                    w.sql()
                        .prepare_cached(
                            "INSERT INTO meeting (doc_id, state, at_ms) VALUES (?1, ?2, ?3)
                             ON CONFLICT (doc_id) DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms",
                        )?
                        .execute(params![doc, state, at_ms])?;
                    w.notice(doc, NoticeKind::Meeting, at_ms)?;
                    Ok(Some(answer))
                }
            }
        })?;
        match (done, refused) {
            (Some(answer), _) => Ok(answer),
            (None, Some(error)) => Err(error),
            (None, None) => {
                Err(StoreError::Other("a meeting was neither kept nor refused".into()).into())
            }
        }
    }
}
