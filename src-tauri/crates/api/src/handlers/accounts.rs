//! Accounts of a served workspace: invitations, sessions, roles, restricted postmortems, the audit log.

use std::sync::{Mutex, PoisonError};

use model::account::{Account, AccountRole, AuditPage, PostmortemAccess, SessionRow};
use model::directory::Person;
use store::{NewAudit, NewInvitation, NewSession};
use uuid::Uuid;

use crate::account::{kept_of, runs_out};
use crate::bounds;
use crate::error::{ApiError, ErrorCode};
use crate::open::Api;
use crate::types::*;

/// Days that an invitation is good for when nobody says otherwise.
const DAYS: u32 = 7;
/// Accounts in one request.
const MOST: usize = 1000;
/// Held while an invitation is accepted.
static ACCEPTING: Mutex<()> = Mutex::new(());

/// Accounts, and the invitations that are still good.
pub fn account_list(api: &Api, _: Empty) -> Result<AccountsView, ApiError> {
    let store = api.whole_store();
    Ok(AccountsView {
        accounts: store.accounts()?,
        invitations: store.invitations(api.now().timestamp_millis())?,
        restricted: store
            .restricted()?
            .into_iter()
            .map(|(doc, accounts)| RestrictedRow { doc, accounts })
            .collect(),
    })
}

/// Makes a link that lets somebody in once: as a new account, or as an account whose owner has lost all devices.
pub fn account_invite(api: &Api, request: AccountInvite) -> Result<Invited, ApiError> {
    bounds::text("name", &request.name, bounds::NAME)?;
    let mut name = request.name.trim().to_owned();
    let mut role = request.role;
    if let Some(account) = &request.account {
        bounds::text("account", account, bounds::WORD)?;
        let known = account_of(api, account)?;
        (name, role) = (known.name, known.role);
    }
    if let Some(person) = &request.person {
        bounds::text("person", person, bounds::WORD)?;
        let directory = api.directory();
        let known = directory
            .people
            .iter()
            .find(|known| known.id == *person)
            .ok_or_else(|| ApiError {
                field: Some("person".into()),
                ..ApiError::not_found("This person is not in the workspace's directory.")
            })?;
        name = known.name.clone();
        let accounts = api.whole_store().accounts()?;
        if accounts
            .iter()
            .any(|account| account.person == *person && account.ended_at.is_none())
        {
            return Err(ApiError::invalid(
                "person",
                format!("{name} has an account already: make a link for another device instead."),
            ));
        }
    }
    let days = if request.days == 0 {
        DAYS
    } else {
        request.days
    };
    invite(
        api,
        &name,
        role,
        request.account.as_deref(),
        request.person.as_deref(),
        days,
    )
}

/// Makes a link that signs one's own other device in, once, within a day.
pub fn account_device(api: &Api, _: Empty) -> Result<Invited, ApiError> {
    let account = asking(api)?;
    invite(
        api,
        &account.name,
        account.role,
        Some(&account.account),
        None,
        1,
    )
}

fn invite(
    api: &Api,
    name: &str,
    role: AccountRole,
    account: Option<&str>,
    person: Option<&str>,
    days: u32,
) -> Result<Invited, ApiError> {
    let Some((address, fingerprint)) = api.whole_store().served_at()? else {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            "This workspace is not served to a team yet: start “debrief serve --team” first, so that the link knows its address.",
        ));
    };
    let secret = crate::account::secret();
    let now = api.now();
    let expires_at = runs_out(now, days);
    let by = api
        .account()
        .map(|account| account.name.clone())
        .unwrap_or_default();
    api.rooms().change_accounts(Some(""), |store, at_ms| {
        store.invite(&NewInvitation {
            id: &Uuid::now_v7().to_string(),
            secret: &kept_of(&secret),
            account,
            person,
            name,
            role,
            by: &by,
            at_ms,
            expires_ms: expires_at.timestamp_millis(),
        })
    })?;
    let pinned = fingerprint
        .map(|fingerprint| format!("&fp={fingerprint}"))
        .unwrap_or_default();
    Ok(Invited {
        link: format!("{address}/#invitation={secret}{pinned}"),
        expires_at,
    })
}

/// Notes at which address the workspace is served, for the links of invitations; with the fingerprint of its own certificate,
/// when it has one.
pub fn serve_at(api: &Api, address: &str, fingerprint: Option<&str>) -> Result<(), ApiError> {
    Ok(api.whole_store().set_served_at(address, fingerprint)?)
}

/// What an invitation is for, before anybody accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The name that it was made for; empty when whoever accepts it says one.
    pub name: String,
    /// It signs another device in to an account that exists, or names a person: no name is asked.
    pub known: bool,
    /// What they may do.
    pub role: AccountRole,
}

/// Looks at an invitation. Errors: `Refused` when it was used, was withdrawn or has run out.
pub fn invitation(api: &Api, secret: &str) -> Result<Invitation, ApiError> {
    bounds::text("secret", secret, bounds::WORD)?;
    let found = api
        .whole_store()
        .invitation(&kept_of(secret), api.now().timestamp_millis())?
        .ok_or_else(worthless)?;
    Ok(Invitation {
        known: found.account.is_some() || found.person.is_some(),
        name: found.name,
        role: found.role,
    })
}

/// Accepts an invitation: a session of its account, whose secret is told this once. `name` is who they are when the invitation
/// does not say; `device` is what theirs calls itself; `address` is from where they ask.
///
/// Errors: `Refused` when it was used, was withdrawn or has run out; `Invalid` for a name that cannot be taken.
pub fn accept_invitation(
    api: &Api,
    secret: &str,
    name: &str,
    device: &str,
    address: &str,
) -> Result<String, ApiError> {
    bounds::text("secret", secret, bounds::WORD)?;
    bounds::text("device", device, bounds::NAME)?;
    let kept = kept_of(secret);
    // Two who open the same invitation at once: the second one finds it used before a person is made for them.
    let _one = ACCEPTING.lock().unwrap_or_else(PoisonError::into_inner);
    let found = api
        .whole_store()
        .invitation(&kept, api.now().timestamp_millis())?
        .ok_or_else(worthless)?;
    let (person, name) = match (&found.account, &found.person) {
        // The account knows who it is.
        (Some(_), _) => (String::new(), found.name.clone()),
        (None, Some(person)) => (person.clone(), found.name.clone()),
        (None, None) => {
            let given = if name.trim().is_empty() {
                &found.name
            } else {
                name
            };
            let name = super::directory::required_name("name", given)?;
            let taken = api
                .directory()
                .people
                .iter()
                .any(|person| crate::names::same(&person.name, &name));
            // Whoever holds a link must not become somebody else by typing their name.
            if taken {
                let ask = if api.whole_store().accounts()?.is_empty() {
                    "make your invitation on the server with “debrief accounts invite --role admin --person NAME”"
                } else {
                    "ask an admin to invite you as that person"
                };
                return Err(ApiError::invalid(
                    "name",
                    format!(
                        "There is somebody called {name} already. If that is you, {ask}; else add something to your name."
                    ),
                ));
            }
            let person = super::directory::person_save(
                api,
                Person {
                    name: name.clone(),
                    ..Person::default()
                },
            )?;
            (person.id, name)
        }
    };
    let session = crate::account::secret();
    let new = Uuid::now_v7().to_string();
    api.rooms().change_accounts(Some(""), |store, at_ms| {
        let account = store.accept(
            &kept,
            &NewSession {
                id: &Uuid::now_v7().to_string(),
                secret: &kept_of(&session),
                device: device.trim(),
                account: &new,
                person: &person,
                name: &name,
                at_ms,
            },
        )?;
        // What cannot be noted does not keep them out.
        let _ = store.note(&NewAudit {
            at_ms,
            account: &account,
            name: &name,
            address,
            what: "signed in",
            doc: None,
            detail: device,
        });
        Ok(())
    })?;
    Ok(session)
}

fn worthless() -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        "This invitation was used, was withdrawn or has run out. Ask for a new one.",
    )
}

/// Gives an account another role; what it has open follows at once.
pub fn account_role(api: &Api, request: AccountRoleSet) -> Result<Empty, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    api.rooms()
        .change_accounts(Some(&request.id), |store, at_ms| {
            store.set_role(&request.id, request.role, at_ms)
        })?;
    Ok(Empty {})
}

/// Ends an account: nobody comes in with it any more, and what it has open closes. What they wrote stays theirs.
pub fn account_end(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    api.rooms()
        .change_accounts(Some(&request.id), |store, at_ms| {
            store.end_account(&request.id, at_ms)
        })?;
    Ok(Empty {})
}

/// Makes an invitation worthless.
pub fn invitation_withdraw(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    api.rooms().change_accounts(Some(""), |store, at_ms| {
        store.withdraw_invitation(&request.id, at_ms)
    })?;
    Ok(Empty {})
}

/// Devices that are signed in: one's own, or everybody's for an admin.
pub fn session_list(api: &Api, request: SessionList) -> Result<Vec<SessionRow>, ApiError> {
    let asking = api.account();
    let whose = match asking {
        Some(account) if !request.everybody => Some(account.account.as_str()),
        _ => {
            api.require(AccountRole::Admin)?;
            None
        }
    };
    let mut sessions = api.whole_store().sessions(whose)?;
    for session in &mut sessions {
        session.this = asking.is_some_and(|account| account.session == session.id);
    }
    Ok(sessions)
}

/// Ends a session: one's own, or anybody's for an admin. What it has open closes.
pub fn session_end(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    bounds::text("id", &request.id, bounds::WORD)?;
    let whose = api
        .account()
        .filter(|account| account.role < AccountRole::Admin)
        .map(|account| account.account.as_str());
    let whose_now = api
        .whole_store()
        .sessions(whose)?
        .into_iter()
        .find_map(|session| (session.id == request.id).then_some(session.account));
    api.rooms()
        .change_accounts(whose_now.as_deref(), |store, at_ms| {
            store.end_session(&request.id, whose, at_ms)
        })?;
    Ok(Empty {})
}

/// Who may see a postmortem.
pub fn postmortem_access(api: &Api, request: DocRef) -> Result<PostmortemAccessView, ApiError> {
    // Whoever may not see it is told that it is not there.
    api.snapshot(&request.doc)?;
    let access = api.whole_store().access(&request.doc)?;
    let people = api
        .whole_store()
        .accounts()?
        .into_iter()
        .filter(|account| account.ended_at.is_none())
        .map(|account| AdmittedRow {
            admitted: access.accounts.contains(&account.id),
            account: account.id,
            person: account.person,
            name: account.name,
        })
        .collect();
    Ok(PostmortemAccessView {
        restricted: access.restricted,
        people,
    })
}

/// Says who may see a postmortem; what others have open of it closes.
pub fn postmortem_access_set(
    api: &Api,
    request: PostmortemAccessSet,
) -> Result<PostmortemAccessView, ApiError> {
    bounds::words("accounts", &request.accounts)?;
    if request.accounts.len() > MOST {
        return Err(ApiError::invalid(
            "accounts",
            format!("At most {MOST} accounts can be named."),
        ));
    }
    api.snapshot(&request.doc)?;
    let mut access = PostmortemAccess {
        restricted: request.restricted,
        accounts: request.accounts,
    };
    if let Some(account) = api.account()
        && !access.accounts.contains(&account.account)
    {
        access.accounts.push(account.account.clone());
    }
    api.rooms().change_accounts(None, |store, at_ms| {
        store.set_access(&request.doc, &access, at_ms)
    })?;
    let now = postmortem_access(
        api,
        DocRef {
            doc: request.doc.clone(),
        },
    )?;
    let named: Vec<&str> = now
        .people
        .iter()
        .filter(|one| one.admitted)
        .map(|one| one.name.as_str())
        .collect();
    let detail = match now.restricted {
        true => format!("only {}", named.join(", ")),
        false => "everybody with an account".into(),
    };
    let detail = crate::describe::shortened(&detail, 400);
    api.note(
        "changed who may see a postmortem",
        Some(&request.doc),
        &detail,
    );
    Ok(now)
}

/// A page of the audit log, newest first.
pub fn audit_list(api: &Api, request: AuditList) -> Result<AuditPage, ApiError> {
    bounds::text("query", &request.query, bounds::QUERY)?;
    let limit = match request.limit {
        0 => 100,
        limit => limit.min(1000),
    };
    // Titles are those that the reader may see.
    Ok(api.store().audit(&request.query, request.offset, limit)?)
}

/// Who asks, for their own page.
pub(super) fn own(api: &Api) -> Option<Account> {
    let asking = api.account().map(|account| Account {
        id: account.account.clone(),
        role: account.role,
    });
    asking.or_else(|| api.account_there())
}

fn asking(api: &Api) -> Result<&crate::account::SignedIn, ApiError> {
    api.account().ok_or_else(|| {
        ApiError::new(
            ErrorCode::Refused,
            "Only somebody with an account can do this.",
        )
    })
}

fn account_of(api: &Api, id: &str) -> Result<model::account::AccountRow, ApiError> {
    api.whole_store()
        .accounts()?
        .into_iter()
        .find(|account| account.id == id && account.ended_at.is_none())
        .ok_or_else(|| ApiError::not_found("This account is no longer there."))
}
