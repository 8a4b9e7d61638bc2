//! The audit log of a served workspace: who came in, and what they did besides writing, which the documents' log has.

use model::account::{AuditPage, AuditRow};
use rusqlite::params;

use crate::error::StoreError;
use crate::open::Store;
use crate::table::version::time;

/// Rows that are kept; the oldest go first.
const KEPT: i64 = 1_000_000;

/// Something that is to be noted.
#[derive(Clone, Copy, Debug)]
pub struct NewAudit<'a> {
    /// When, in milliseconds UTC.
    pub at_ms: i64,
    /// The account; empty for none.
    pub account: &'a str,
    /// Whose it is, by name.
    pub name: &'a str,
    /// From which address; empty for the command line.
    pub address: &'a str,
    /// What, in a few words.
    pub what: &'a str,
    /// Of which postmortem.
    pub doc: Option<&'a str>,
    /// To whom or what else.
    pub detail: &'a str,
}

impl Store {
    /// Notes something in the audit log.
    pub fn note(&self, audit: &NewAudit<'_>) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            sql.prepare_cached(
                "INSERT INTO audit (at_ms, account, name, address, what, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                audit.at_ms,
                audit.account,
                audit.name,
                audit.address,
                audit.what,
                audit.doc,
                audit.detail
            ])?;
            sql.prepare_cached("DELETE FROM audit WHERE seq <= ?1")?
                .execute([sql.last_insert_rowid() - KEPT])?;
            Ok(())
        })
    }

    /// Whether that was noted of an account and a postmortem since an instant.
    pub fn is_noted(
        &self,
        account: &str,
        what: &str,
        doc: &str,
        since_ms: i64,
    ) -> Result<bool, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached(
                "SELECT 1 FROM audit WHERE subject = ?1 AND account = ?2 AND what = ?3 AND at_ms > ?4",
            )?
            .exists(params![doc, account, what, since_ms])?)
    }

    /// The audit log, newest first; titles are those of postmortems that this store shows. `query` is looked for in names,
    /// addresses, deeds and details.
    pub fn audit(&self, query: &str, offset: u32, limit: u32) -> Result<AuditPage, StoreError> {
        const WANTED: &str = "(?1 = '' OR instr(lower(a.name || ' ' || a.address || ' ' || a.what || ' ' || a.detail), ?1) > 0)";
        let query = query.trim().to_lowercase();
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        let total = tx
            .prepare_cached(&format!("SELECT count(*) FROM audit a WHERE {WANTED}"))?
            .query_row([&query], |row| row.get(0))?;
        let mut statement = tx.prepare_cached(&format!(
            "SELECT a.seq, a.at_ms, a.name, a.address, a.what, a.subject, coalesce(p.title, ''), a.detail
             FROM audit a LEFT JOIN postmortem p ON p.doc_id = a.subject WHERE {WANTED} ORDER BY a.seq DESC LIMIT ?2 OFFSET ?3"
        ))?;
        let rows = statement.query_map(params![query, limit, offset], |row| {
            Ok(AuditRow {
                seq: row.get(0)?,
                at: time(row.get(1)?),
                name: row.get(2)?,
                address: row.get(3)?,
                what: row.get(4)?,
                doc: row.get(5)?,
                title: row.get(6)?,
                detail: row.get(7)?,
            })
        })?;
        Ok(AuditPage {
            rows: rows.collect::<Result<_, _>>()?,
            total,
        })
    }
}
