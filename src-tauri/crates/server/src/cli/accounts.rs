//! `debrief accounts`: whoever is at the machine looks after the accounts without one.

use api::types::{
    AccountInvite, AccountRoleSet, AccountRow, AccountsView, AuditList, DocRef, Empty, IdRef,
    PostmortemAccessSet, SessionList,
};
use api::{Api, Shell, handlers};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::args::{AccessTo, AccountsCommand, Audit, Invite, Place, RoleOf, Sessions};
use super::open::{self, For};
use super::output::{self, Failed};
use super::table;

/// Runs one of the commands about accounts.
pub fn run(place: &Place, json: bool, command: AccountsCommand) -> Result<(), Failed> {
    let purpose = match &command {
        AccountsCommand::List | AccountsCommand::Audit(_) => For::Reading,
        AccountsCommand::Sessions(asked) if asked.end.is_none() => For::Reading,
        AccountsCommand::Access(asked) if asked.admit.is_none() && !asked.open => For::Reading,
        _ => For::Changing,
    };
    let api = open::workspace(place, purpose, Shell::CommandLine)?;
    let done = match command {
        AccountsCommand::List => list(&api, json),
        AccountsCommand::Invite(asked) => invite(&api, json, asked),
        AccountsCommand::Role(asked) => role(&api, json, &asked),
        AccountsCommand::End(asked) => end(&api, json, &asked.id),
        AccountsCommand::Access(asked) => access(&api, json, &asked),
        AccountsCommand::Sessions(asked) => sessions(&api, json, &asked),
        AccountsCommand::Audit(asked) => audit(&api, json, asked),
    };
    api.close();
    done
}

fn list(api: &Api, json: bool) -> Result<(), Failed> {
    let view = handlers::account_list(api, Empty {})?;
    if json {
        return output::json(&view);
    }
    let AccountsView {
        accounts,
        invitations,
        restricted,
    } = view;
    if accounts.is_empty() && invitations.is_empty() {
        return output::line("Nobody has an account.");
    }
    let short = table::short_ids(accounts.iter().map(|account| account.id.as_str()));
    let rows: Vec<[String; 5]> = accounts
        .iter()
        .map(|account| {
            [
                short(&account.id),
                account.name.clone(),
                account.role.word().into(),
                account.sessions.to_string(),
                match (account.ended_at, account.seen_at) {
                    (Some(at), _) => format!("ended {}", instant(api, at)),
                    (None, Some(at)) => instant(api, at),
                    (None, None) => "–".into(),
                },
            ]
        })
        .collect();
    output::print(&table::table(
        ["ID", "NAME", "ROLE", "DEVICES", "LAST USED"],
        &rows,
    ))?;
    for open in &invitations {
        let whom = match open.name.as_str() {
            "" => "somebody",
            name => name,
        };
        output::line(&output::plain(&format!(
            "Invited: {whom}, {}, until {}",
            open.role.word(),
            instant(api, open.expires_at)
        )))?;
    }
    match restricted.len() {
        0 => Ok(()),
        1 => output::line("1 postmortem is restricted."),
        many => output::line(&format!("{many} postmortems are restricted.")),
    }
}

fn invite(api: &Api, json: bool, asked: Invite) -> Result<(), Failed> {
    let person = asked
        .person
        .map(|who| open::person(api, &who))
        .transpose()?;
    let account = asked.account.map(|who| account(api, &who)).transpose()?;
    let name = match (&account, &person) {
        (Some(account), _) => &account.name,
        (None, Some(person)) => &person.name,
        (None, None) => &asked.name,
    };
    let role = account.as_ref().map_or(asked.role, |account| account.role);
    let for_whom = detail(&[name, role.word()]);
    let person = person.map(|person| person.id);
    let account = account.map(|account| account.id);
    let invited = handlers::account_invite(
        api,
        AccountInvite {
            role: asked.role,
            person,
            name: asked.name,
            account,
            days: asked.days,
        },
    )?;
    api.note_at_the_server("invited somebody", None, &for_whom);
    if json {
        return output::json(&invited);
    }
    output::line(&invited.link)
}

fn role(api: &Api, json: bool, asked: &RoleOf) -> Result<(), Failed> {
    let account = account(api, &asked.who)?;
    let done = handlers::account_role(
        api,
        AccountRoleSet {
            id: account.id,
            role: asked.role,
        },
    )?;
    api.note_at_the_server(
        "changed a role",
        None,
        &detail(&[&account.name, asked.role.word()]),
    );
    if json {
        return output::json(&done);
    }
    output::line(&output::plain(&format!(
        "{} is {} now.",
        account.name,
        with_article(asked.role.word())
    )))
}

fn end(api: &Api, json: bool, who: &str) -> Result<(), Failed> {
    let account = account(api, who)?;
    let done = handlers::account_end(api, IdRef { id: account.id })?;
    api.note_at_the_server("ended an account", None, &account.name);
    if json {
        return output::json(&done);
    }
    output::line(&output::plain(&format!(
        "{}’s account is ended; what they wrote stays theirs.",
        account.name
    )))
}

fn access(api: &Api, json: bool, asked: &AccessTo) -> Result<(), Failed> {
    let doc = open::postmortem(api, &asked.id)?;
    let mut view = handlers::postmortem_access(api, DocRef { doc: doc.clone() })?;
    let mut accounts: Vec<String> = view
        .people
        .iter()
        .filter(|one| one.admitted)
        .map(|one| one.account.clone())
        .collect();
    let mut told = String::from("everybody with an account");
    if let Some(who) = &asked.admit {
        if !view.restricted {
            return Err(Failed::Did(
                "This postmortem is not restricted: everybody with an account sees it.".into(),
            ));
        }
        let admitted = account(api, who)?;
        told = format!("let {} in", admitted.name);
        accounts.push(admitted.id);
    }
    if asked.open || asked.admit.is_some() {
        let noted = doc.clone();
        let set = PostmortemAccessSet {
            doc,
            restricted: !asked.open,
            accounts,
        };
        view = handlers::postmortem_access_set(api, set)?;
        api.note_at_the_server("changed who may see a postmortem", Some(&noted), &told);
    }
    if json {
        return output::json(&view);
    }
    if !view.restricted {
        return output::line("Everybody with an account sees it.");
    }
    let names: Vec<&str> = view
        .people
        .iter()
        .filter(|one| one.admitted)
        .map(|one| one.name.as_str())
        .collect();
    output::line(&output::plain(&match names.as_slice() {
        [] => "Nobody sees it: --admit lets somebody, --open everybody.".into(),
        names => format!("Only {} may see it.", names.join(", ")),
    }))
}

fn sessions(api: &Api, json: bool, asked: &Sessions) -> Result<(), Failed> {
    let sessions = handlers::session_list(api, SessionList { everybody: true })?;
    if let Some(wanted) = &asked.end {
        let found: Vec<_> = sessions
            .iter()
            .filter(|session| session.id.starts_with(wanted.as_str()))
            .collect();
        let [one] = found.as_slice() else {
            return Err(Failed::Did(format!(
                "{} sessions begin with “{wanted}”: “debrief accounts sessions” lists them.",
                found.len()
            )));
        };
        let done = handlers::session_end(api, IdRef { id: one.id.clone() })?;
        let whose = format!("{} on {}", one.name, one.device);
        api.note_at_the_server("ended a session", None, &whose);
        if json {
            return output::json(&done);
        }
        return output::line(&output::plain(&format!("{}’s session is ended.", one.name)));
    }
    if json {
        return output::json(&sessions);
    }
    if sessions.is_empty() {
        return output::line("No device is signed in.");
    }
    let short = table::short_ids(sessions.iter().map(|session| session.id.as_str()));
    let rows: Vec<[String; 5]> = sessions
        .iter()
        .map(|session| {
            [
                short(&session.id),
                session.name.clone(),
                session.device.clone(),
                instant(api, session.created_at),
                instant(api, session.seen_at),
            ]
        })
        .collect();
    output::print(&table::table(
        ["ID", "NAME", "DEVICE", "SIGNED IN", "LAST USED"],
        &rows,
    ))
}

fn audit(api: &Api, json: bool, asked: Audit) -> Result<(), Failed> {
    let page = handlers::audit_list(
        api,
        AuditList {
            query: asked.search,
            offset: 0,
            limit: asked.limit,
        },
    )?;
    if json {
        return output::json(&page);
    }
    if page.rows.is_empty() {
        return output::line("Nothing is in the audit log.");
    }
    let rows: Vec<[String; 6]> = page
        .rows
        .into_iter()
        .map(|row| {
            [
                instant(api, row.at),
                row.name,
                row.address,
                row.what,
                row.title,
                row.detail,
            ]
        })
        .collect();
    output::print(&table::table(
        ["WHEN", "WHO", "FROM", "WHAT", "POSTMORTEM", "DETAIL"],
        &rows,
    ))
}

/// The account that a name, or the beginning of an id, means.
fn account(api: &Api, who: &str) -> Result<AccountRow, Failed> {
    let wanted = who.trim().to_lowercase();
    let mut found: Vec<AccountRow> = handlers::account_list(api, Empty {})?
        .accounts
        .into_iter()
        .filter(|account| account.ended_at.is_none())
        .filter(|account| {
            account.name.to_lowercase() == wanted
                || (wanted.len() >= 8 && account.id.starts_with(&wanted))
        })
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(Failed::Did(format!(
            "There is no account of “{who}”: “debrief accounts list” shows them."
        ))),
        (Some(_), false) => Err(Failed::Did(format!(
            "“{who}” has several accounts: name one by the beginning of its id."
        ))),
    }
}

/// What is known of a deed, for the audit log.
fn detail(parts: &[&str]) -> String {
    let known: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    known.join(", ")
}

fn instant(api: &Api, at: DateTime<Utc>) -> String {
    let minute = at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
    handlers::instant(minute, "", api.zone())
}

fn with_article(role: &str) -> String {
    match role {
        "admin" => "an admin".into(),
        other => format!("a {other}"),
    }
}
