//! Accounts of a served workspace, their invitations and sessions, and who may see what is restricted. Times are milliseconds
//! UTC; a secret is given and kept as its SHA-256 in hexadecimal digits.

use std::collections::BTreeSet;

use model::account::{
    AccountId, AccountRole, AccountRow, InvitationRow, PostmortemAccess, SessionRow,
};
use model::postmortem::{DocId, PersonId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::log::{self, NoticeKind};
use crate::open::Store;
use crate::table::version::time;
use crate::words::{value, word};
use crate::write::Writing;

/// Stands in a notice for every account: anybody's rights may have changed. Else it names the account, or nobody.
pub const ANYBODY: &str = "*";
/// Sessions of one account; the one that was used longest ago makes room.
const SESSIONS: u32 = 50;
/// Invitations that are open at a time.
const INVITATIONS: u32 = 500;

/// An invitation that is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation<'a> {
    /// A UUIDv7.
    pub id: &'a str,
    /// SHA-256 of its secret.
    pub secret: &'a str,
    /// The account to sign in to; absent when it makes a new one.
    pub account: Option<&'a str>,
    /// The person of the directory that it is for.
    pub person: Option<&'a str>,
    /// Their name, when it is known.
    pub name: &'a str,
    /// The role that it gives.
    pub role: AccountRole,
    /// Who made it, by name.
    pub by: &'a str,
    /// When.
    pub at_ms: i64,
    /// Until when it is good.
    pub expires_ms: i64,
}

/// An invitation that may be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Names it.
    pub id: String,
    /// The account to sign in to; absent when it makes a new one.
    pub account: Option<AccountId>,
    /// The person of the directory that it is for.
    pub person: Option<PersonId>,
    /// Their name, when it is known.
    pub name: String,
    /// The role that it gives.
    pub role: AccountRole,
}

/// A session that is to be opened by an invitation.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// A UUIDv7; opens nothing.
    pub id: &'a str,
    /// SHA-256 of its secret.
    pub secret: &'a str,
    /// What the device calls itself.
    pub device: &'a str,
    /// An id for the account, if one has to be made.
    pub account: &'a str,
    /// Who that account would be.
    pub person: &'a str,
    /// Their name.
    pub name: &'a str,
    /// When.
    pub at_ms: i64,
}

/// A session that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names it.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// Who it is.
    pub person: PersonId,
    /// Their name when the account was made.
    pub name: String,
    /// What they may do.
    pub role: AccountRole,
    /// When it was last noted that it is used.
    pub seen_ms: i64,
}

impl Store {
    /// Every account, those that were ended last.
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT a.id, a.person, coalesce(p.name, a.name), a.role, a.created_at, a.ended_at,
                 (SELECT max(seen_at) FROM session s WHERE s.account = a.id), (SELECT count(*) FROM session s WHERE s.account = a.id)
             FROM account a LEFT JOIN person p ON p.id = a.person
             ORDER BY a.ended_at IS NOT NULL, coalesce(p.name, a.name) COLLATE NOCASE, a.id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(AccountRow {
                id: row.get(0)?,
                person: row.get(1)?,
                name: row.get(2)?,
                role: role(row, 3)?,
                created_at: time(row.get(4)?),
                ended_at: row.get::<_, Option<i64>>(5)?.map(time),
                seen_at: row.get::<_, Option<i64>>(6)?.map(time),
                sessions: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Invitations that are still good at an instant, newest first.
    pub fn invitations(&self, at_ms: i64) -> Result<Vec<InvitationRow>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT id, name, role, account, author, created_at, expires_at FROM invitation WHERE expires_at > ?1 ORDER BY created_at DESC, id",
        )?;
        let rows = statement.query_map([at_ms], |row| {
            Ok(InvitationRow {
                id: row.get(0)?,
                name: row.get(1)?,
                role: role(row, 2)?,
                account: row.get(3)?,
                by: row.get(4)?,
                created_at: time(row.get(5)?),
                expires_at: time(row.get(6)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps an invitation; those that have run out are forgotten.
    ///
    /// Errors: `Refused` when very many are open; `NotFound` for an account that is not there or was ended.
    pub fn invite(&self, invitation: &NewInvitation<'_>) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            sql.prepare_cached("DELETE FROM invitation WHERE expires_at <= ?1")?
                .execute([invitation.at_ms])?;
            let open: u32 = sql
                .prepare_cached("SELECT count(*) FROM invitation")?
                .query_row([], |row| row.get(0))?;
            if open >= INVITATIONS {
                return Err(StoreError::Refused(format!(
                    "{INVITATIONS} invitations are open: withdraw some first."
                )));
            }
            if let Some(account) = invitation.account {
                living(sql, account)?;
                // One link at a time: an older one that went astray is worth nothing any more.
                sql.prepare_cached("DELETE FROM invitation WHERE account = ?1")?
                    .execute([account])?;
            }
            sql.prepare_cached(
                "INSERT INTO invitation (id, secret, account, person, name, role, author, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                invitation.id,
                invitation.secret,
                invitation.account,
                invitation.person,
                invitation.name,
                word(Some(invitation.role)),
                invitation.by,
                invitation.at_ms,
                invitation.expires_ms,
            ])?;
            w.notice("", NoticeKind::Accounts, invitation.at_ms)
        })
    }

    /// The invitation of a secret, if it is still good: each is used once.
    pub fn invitation(&self, secret: &str, at_ms: i64) -> Result<Option<Invitation>, StoreError> {
        find_invitation(&*self.reader()?, secret, at_ms)
    }

    /// Makes an invitation worthless. Errors: `NotFound`.
    pub fn withdraw_invitation(&self, id: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            let gone = w
                .sql()
                .prepare_cached("DELETE FROM invitation WHERE id = ?1")?
                .execute([id])?;
            found(gone, "This invitation")?;
            w.notice("", NoticeKind::Accounts, at_ms)
        })
    }

    /// Uses an invitation up: it opens a session of its account, which is made if there is none.
    ///
    /// Errors: `Refused` when it was used, withdrawn or has run out meanwhile.
    pub fn accept(
        &self,
        invitation: &str,
        session: &NewSession<'_>,
    ) -> Result<AccountId, StoreError> {
        self.write(|w| {
            let sql = w.sql();
            let Some(found) = find_invitation(sql, invitation, session.at_ms)? else {
                return Err(StoreError::Refused(
                    "This invitation was used, was withdrawn or has run out. Ask for a new one."
                        .into(),
                ));
            };
            sql.prepare_cached("DELETE FROM invitation WHERE id = ?1")?
                .execute([&found.id])?;
            let account = match found.account {
                Some(account) => {
                    living(sql, &account)?;
                    account
                }
                None => {
                    let theirs = sql
                        .prepare_cached(
                            "SELECT 1 FROM account WHERE person = ?1 AND ended_at IS NULL",
                        )?
                        .exists([session.person])?;
                    if theirs {
                        return Err(StoreError::Refused(format!(
                            "{} has an account already: ask for a link for another device.",
                            session.name
                        )));
                    }
                    sql.prepare_cached(
                        "INSERT INTO account (id, person, name, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![
                        session.account,
                        session.person,
                        session.name,
                        word(Some(found.role)),
                        session.at_ms
                    ])?;
                    session.account.to_owned()
                }
            };
            sql.prepare_cached(
                "INSERT INTO session (id, secret, account, device, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            )?
            .execute(params![
                session.id,
                session.secret,
                account,
                session.device,
                session.at_ms
            ])?;
            sql.prepare_cached(
                "DELETE FROM session WHERE account = ?1 AND id NOT IN
                     (SELECT id FROM session WHERE account = ?1 ORDER BY seen_at DESC, id DESC LIMIT ?2)",
            )?
            .execute(params![account, SESSIONS])?;
            w.notice("", NoticeKind::Accounts, session.at_ms)?;
            Ok(account)
        })
    }

    /// The session of a secret that was used since an instant, if its account was not ended.
    pub fn session(&self, secret: &str, used_since_ms: i64) -> Result<Option<Session>, StoreError> {
        let reader = self.reader()?;
        Ok(reader
            .prepare_cached(
                "SELECT s.id, a.id, a.person, a.name, a.role, s.seen_at FROM session s JOIN account a ON a.id = s.account
                 WHERE s.secret = ?1 AND s.seen_at > ?2 AND a.ended_at IS NULL",
            )?
            .query_row(params![secret, used_since_ms], |row| {
                Ok(Session {
                    id: row.get(0)?,
                    account: row.get(1)?,
                    person: row.get(2)?,
                    name: row.get(3)?,
                    role: role(row, 4)?,
                    seen_ms: row.get(5)?,
                })
            })
            .optional()?)
    }

    /// Notes that a session is used.
    pub fn touch_session(&self, id: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql()
                .prepare_cached("UPDATE session SET seen_at = max(seen_at, ?2) WHERE id = ?1")?
                .execute(params![id, at_ms])?;
            Ok(())
        })
    }

    /// Sessions, the last used one first: of one account, or of all.
    pub fn sessions(&self, account: Option<&str>) -> Result<Vec<SessionRow>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT s.id, s.account, coalesce(p.name, a.name), s.device, s.created_at, s.seen_at
             FROM session s JOIN account a ON a.id = s.account LEFT JOIN person p ON p.id = a.person
             WHERE ?1 IS NULL OR s.account = ?1 ORDER BY s.seen_at DESC, s.id LIMIT 1000",
        )?;
        let rows = statement.query_map([account], |row| {
            Ok(SessionRow {
                id: row.get(0)?,
                account: row.get(1)?,
                name: row.get(2)?,
                device: row.get(3)?,
                created_at: time(row.get(4)?),
                seen_at: time(row.get(5)?),
                this: false,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Ends a session, of this account when one is given. Errors: `NotFound`.
    pub fn end_session(
        &self,
        id: &str,
        account: Option<&str>,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            let whose: Option<String> = sql
                .prepare_cached(
                    "SELECT account FROM session WHERE id = ?1 AND (?2 IS NULL OR account = ?2)",
                )?
                .query_row(params![id, account], |row| row.get(0))
                .optional()?;
            let Some(whose) = whose else {
                return found(0, "This session");
            };
            // A link that was made on a device which is no longer to be trusted must not outlive it.
            sql.prepare_cached("DELETE FROM invitation WHERE account = ?1")?
                .execute([&whose])?;
            sql.prepare_cached("DELETE FROM session WHERE id = ?1")?
                .execute([id])?;
            w.notice(&whose, NoticeKind::Accounts, at_ms)
        })
    }

    /// Gives an account another role. Errors: `NotFound`; `Refused` when no admin would be left.
    pub fn set_role(&self, id: &str, role: AccountRole, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            living(sql, id)?;
            sql.prepare_cached("UPDATE account SET role = ?2 WHERE id = ?1")?
                .execute(params![id, word(Some(role))])?;
            some_admin(w)?;
            w.notice(id, NoticeKind::Accounts, at_ms)
        })
    }

    /// Ends an account, its sessions and what invites to it; what they wrote stays theirs. Errors: `NotFound`; `Refused` when no
    /// admin would be left.
    pub fn end_account(&self, id: &str, at_ms: i64) -> Result<(), StoreError> {
        self.write(|w| {
            let sql = w.sql();
            living(sql, id)?;
            sql.prepare_cached("UPDATE account SET ended_at = ?2 WHERE id = ?1")?
                .execute(params![id, at_ms])?;
            for forget in [
                "DELETE FROM session WHERE account = ?1",
                "DELETE FROM invitation WHERE account = ?1 OR person = (SELECT person FROM account WHERE id = ?1)",
                "DELETE FROM admitted WHERE account = ?1",
            ] {
                sql.prepare_cached(forget)?.execute([id])?;
            }
            some_admin(w)?;
            w.notice(id, NoticeKind::Accounts, at_ms)
        })
    }

    /// The role of an account that was not ended.
    pub fn role_of(&self, account: &str) -> Result<Option<AccountRole>, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached("SELECT role FROM account WHERE id = ?1 AND ended_at IS NULL")?
            .query_row([account], |row| role(row, 0))
            .optional()?)
    }

    /// The postmortems that an account may not see.
    pub fn hidden_from(&self, account: &str) -> Result<BTreeSet<DocId>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT doc_id FROM restricted r
             WHERE NOT EXISTS (SELECT 1 FROM admitted a WHERE a.doc_id = r.doc_id AND a.account = ?1)",
        )?;
        let rows = statement.query_map([account], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Who may see a postmortem.
    pub fn access(&self, doc: &str) -> Result<PostmortemAccess, StoreError> {
        let reader = self.reader()?;
        let tx = reader.unchecked_transaction()?;
        log::known(&tx, doc)?;
        let restricted = tx
            .prepare_cached("SELECT 1 FROM restricted WHERE doc_id = ?1")?
            .exists([doc])?;
        let mut statement =
            tx.prepare_cached("SELECT account FROM admitted WHERE doc_id = ?1 ORDER BY account")?;
        let accounts = statement.query_map([doc], |row| row.get(0))?;
        Ok(PostmortemAccess {
            restricted,
            accounts: accounts.collect::<Result<_, _>>()?,
        })
    }

    /// Says who may see a postmortem. Errors: `NotFound`; `Refused` when nobody could see it any more.
    pub fn set_access(
        &self,
        doc: &str,
        access: &PostmortemAccess,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.write(|w| set_access(w, doc, access, at_ms))
    }

    /// Restricted postmortems with how many may see each, for whoever looks after the accounts; nothing that is in them.
    pub fn restricted(&self) -> Result<Vec<(DocId, u32)>, StoreError> {
        let reader = self.reader()?;
        let mut statement = reader.prepare_cached(
            "SELECT doc_id, (SELECT count(*) FROM admitted a WHERE a.doc_id = r.doc_id) FROM restricted r ORDER BY doc_id",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Where the workspace was served last: its address, and the fingerprint of its own certificate.
    pub fn served_at(&self) -> Result<Option<(String, Option<String>)>, StoreError> {
        Ok(self
            .reader()?
            .prepare_cached("SELECT address, fingerprint FROM served")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// Notes where the workspace is served.
    pub fn set_served_at(
        &self,
        address: &str,
        fingerprint: Option<&str>,
    ) -> Result<(), StoreError> {
        self.write(|w| {
            w.sql().execute("DELETE FROM served", [])?;
            w.sql().execute(
                "INSERT INTO served (address, fingerprint) VALUES (?1, ?2)",
                params![address, fingerprint],
            )?;
            Ok(())
        })
    }
}

/// Forgets who may see what is no longer there, not even as a published copy.
pub fn forget_restrictions(sql: &Connection) -> Result<(), StoreError> {
    sql.prepare_cached(
        "DELETE FROM restricted WHERE doc_id NOT IN (SELECT id FROM document)
             AND doc_id NOT IN (SELECT doc_id FROM published WHERE doc_id IS NOT NULL)",
    )?
    .execute([])?;
    Ok(())
}

fn find_invitation(
    sql: &Connection,
    secret: &str,
    at_ms: i64,
) -> Result<Option<Invitation>, StoreError> {
    Ok(sql
        .prepare_cached(
            "SELECT id, account, person, name, role FROM invitation WHERE secret = ?1 AND expires_at > ?2",
        )?
        .query_row(params![secret, at_ms], |row| {
            Ok(Invitation {
                id: row.get(0)?,
                account: row.get(1)?,
                person: row.get(2)?,
                name: row.get(3)?,
                role: role(row, 4)?,
            })
        })
        .optional()?)
}

/// Says who may see a postmortem. Errors: as [`Store::set_access`].
pub(crate) fn set_access(
    w: &Writing<'_>,
    doc: &str,
    access: &PostmortemAccess,
    at_ms: i64,
) -> Result<(), StoreError> {
    let sql = w.sql();
    log::known(sql, doc)?;
    sql.prepare_cached("DELETE FROM restricted WHERE doc_id = ?1")?
        .execute([doc])?;
    if access.restricted {
        if access.accounts.is_empty() {
            return Err(StoreError::Refused(
                "Somebody has to see a restricted postmortem: name at least one account.".into(),
            ));
        }
        sql.prepare_cached("INSERT INTO restricted (doc_id) VALUES (?1)")?
            .execute([doc])?;
        for account in &access.accounts {
            living(sql, account)?;
            sql.prepare_cached(
                "INSERT INTO admitted (doc_id, account) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute([doc, account])?;
        }
    }
    w.notice(ANYBODY, NoticeKind::Accounts, at_ms)
}

/// Errors: `NotFound` for an account that is not there or was ended.
fn living(sql: &Connection, account: &str) -> Result<(), StoreError> {
    let there = sql
        .prepare_cached("SELECT 1 FROM account WHERE id = ?1 AND ended_at IS NULL")?
        .exists([account])?;
    found(usize::from(there), "This account")
}

fn found(rows: usize, what: &str) -> Result<(), StoreError> {
    if rows > 0 {
        return Ok(());
    }
    Err(StoreError::NotFound { what: what.into() })
}

/// Errors: `Refused` when nobody could look after the accounts any more.
fn some_admin(w: &Writing<'_>) -> Result<(), StoreError> {
    let some = w
        .sql()
        .prepare_cached("SELECT 1 FROM account WHERE role = 'admin' AND ended_at IS NULL LIMIT 1")?
        .exists([])?;
    if some {
        return Ok(());
    }
    Err(StoreError::Refused(
        "This is the last admin: make somebody else one first.".into(),
    ))
}

/// A role that this build does not know may do the least.
fn role(row: &Row<'_>, at: usize) -> rusqlite::Result<AccountRole> {
    Ok(value(row.get_ref(at)?.as_str()?).unwrap_or_default())
}
