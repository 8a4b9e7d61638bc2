//! What an account of a served workspace may ask for: by its role, and without the postmortems that it may not see.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, TimeDelta, Utc};
use model::account::{AccountId, AccountRole};
use model::postmortem::{DocId, PersonId};
use serde_json::Value;
use store::{NewAudit, Store};
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::open::{Api, Caller};

/// Days after which a session that nobody used is over.
const IDLE_DAYS: u64 = 60;
/// How exactly it is kept when a session was last used.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(10);

/// A new secret: 244 random bits from the system, as 64 hexadecimal digits.
#[must_use]
pub fn secret() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// Somebody who is signed in.
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// The session; opens nothing.
    pub session: String,
    /// Who it is, in the directory.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: AccountRole,
    /// From where they ask; empty when that is unknown.
    pub address: String,
    /// It was noted just now that the session is used: a browser may keep it for longer from now on.
    pub touched: bool,
    hidden: BTreeSet<DocId>,
    /// The workspace without what is hidden; absent when nothing is.
    pub(crate) seen: Option<Arc<Store>>,
}

/// The least role that each command needs. What is not in the list is for no account: [`set_me`](crate::handlers::set_me), and
/// whatever writes to files of the serving machine.
pub const LEAST: &[(&str, AccountRole)] = {
    use AccountRole::{Admin, Facilitator, Member, Viewer};
    &[
        ("session", Viewer),
        ("postmortem_list", Viewer),
        ("postmortem_new", Member),
        ("postmortem_get", Viewer),
        ("postmortem_derived", Viewer),
        ("postmortem_open_actions", Viewer),
        ("postmortem_trash", Facilitator),
        ("postmortem_restore", Facilitator),
        ("postmortem_erase", Admin),
        ("trash_empty", Admin),
        ("demo_new", Member),
        ("action_list", Viewer),
        ("action_set", Member),
        ("row_history", Viewer),
        ("version_list", Viewer),
        ("version_name", Member),
        ("version_diff", Viewer),
        ("version_restore", Member),
        ("search", Viewer),
        ("directory", Viewer),
        ("person_save", Member),
        ("service_save", Member),
        ("service_remove", Facilitator),
        ("settings_save", Facilitator),
        ("template_list", Viewer),
        ("template_get", Viewer),
        ("template_check", Viewer),
        ("template_save", Facilitator),
        ("template_remove", Facilitator),
        ("export_templates", Viewer),
        ("export_template_try", Facilitator),
        ("export_template_save", Facilitator),
        ("export_template_restore", Facilitator),
        ("row_authors", Viewer),
        ("tracker_save", Facilitator),
        ("tracker_remove", Facilitator),
        ("ticket_draft", Viewer),
        ("tickets_export", Viewer),
        ("tickets_match", Viewer),
        ("meetings_open", Viewer),
        ("meeting", Viewer),
        ("meeting_open", Facilitator),
        ("meeting_do", Viewer),
        ("meeting_promises", Viewer),
        ("share_interfaces", Facilitator),
        ("share_start", Facilitator),
        ("share_stop", Facilitator),
        ("share_state", Facilitator),
        ("guest_right", Facilitator),
        ("guest_free", Facilitator),
        ("guest_remove", Facilitator),
        ("summary", Viewer),
        ("summary_page", Viewer),
        ("summary_export", Viewer),
        ("publish", Facilitator),
        ("publish_anew", Facilitator),
        ("published", Viewer),
        ("published_page", Viewer),
        ("published_difference", Viewer),
        ("published_export", Viewer),
        ("published_delete", Facilitator),
        ("hints", Viewer),
        ("time_read", Viewer),
        ("customer_post", Viewer),
        ("customer_post_begin", Member),
        ("export", Viewer),
        ("import", Member),
        ("reminders", Facilitator),
        ("reminders_clock_right", Admin),
        ("calendar_feed", Viewer),
        ("calendar_feed_make", Viewer),
        ("calendar_feed_withdraw", Viewer),
        ("replica_documents", Viewer),
        ("replica_rows", Viewer),
        ("replica_hand_in", Member),
        ("replica_give_back", Viewer),
        ("workspace_info", Viewer),
        ("workspace_check", Admin),
        ("account_list", Admin),
        ("account_invite", Admin),
        ("account_device", Viewer),
        ("account_role", Admin),
        ("account_end", Admin),
        ("invitation_withdraw", Admin),
        ("session_list", Viewer),
        ("session_end", Viewer),
        ("postmortem_access", Viewer),
        ("postmortem_access_set", Facilitator),
        ("audit_list", Admin),
    ]
};

/// What the audit log says of commands that an account ran. What is written in documents is in their own log.
const AUDITED: &[(&str, &str)] = &[
    ("postmortem_new", "made a postmortem"),
    ("postmortem_trash", "moved to the trash"),
    ("postmortem_restore", "took out of the trash"),
    ("postmortem_erase", "erased for good"),
    ("trash_empty", "emptied the trash"),
    ("demo_new", "made the example"),
    ("person_save", "changed a person"),
    ("service_save", "changed a service"),
    ("service_remove", "removed a service"),
    ("settings_save", "changed the shared settings"),
    ("template_save", "changed a template"),
    ("template_remove", "removed a template"),
    ("export_template_save", "changed an export template"),
    ("export_template_restore", "restored an export template"),
    ("version_restore", "restored a version"),
    ("tracker_save", "changed a tracker"),
    ("tracker_remove", "removed a tracker"),
    ("tickets_export", "exported action items"),
    ("meeting_open", "opened the review meeting"),
    ("share_start", "let guests into the review meeting"),
    ("share_stop", "sent the guests away"),
    ("guest_remove", "sent a guest away"),
    ("summary_export", "exported a summary"),
    ("publish", "published a copy"),
    ("publish_anew", "published a copy anew"),
    ("published_export", "exported a published copy"),
    ("published_delete", "deleted a published copy"),
    ("export", "exported a postmortem"),
    ("import", "imported postmortems"),
    ("reminders_clock_right", "said that the clock is right"),
    ("calendar_feed_make", "made a private calendar address"),
    (
        "calendar_feed_withdraw",
        "withdrew a private calendar address",
    ),
    ("workspace_check", "checked the workspace"),
    ("account_invite", "invited somebody"),
    ("account_device", "asked for a link for another device"),
    ("account_role", "changed a role"),
    ("account_end", "ended an account"),
    ("invitation_withdraw", "withdrew an invitation"),
    ("session_end", "ended a session"),
];

impl SignedIn {
    /// Errors: `Refused` for what the role does not allow; `NotFound` for whatever names a hidden postmortem, as if it was not
    /// there.
    pub(crate) fn may(&self, command: &str, request: &Value) -> Result<(), ApiError> {
        self.may_run(command)?;
        if !self.hidden.is_empty() && names_one_of(request, &self.hidden) {
            return Err(not_here());
        }
        Ok(())
    }

    /// Errors: `Refused` for what the role does not allow.
    fn may_run(&self, command: &str) -> Result<(), ApiError> {
        let least = LEAST
            .iter()
            .find_map(|(name, least)| (*name == command).then_some(*least));
        match least {
            Some(least) => self.is_at_least(least),
            None => Err(ApiError::new(
                ErrorCode::Refused,
                "This is done on the machine that serves the workspace, with the command line.",
            )),
        }
    }

    /// Errors: `Refused` for a lesser role.
    pub fn is_at_least(&self, least: AccountRole) -> Result<(), ApiError> {
        at_least(self.role, least)
    }

    /// Errors: `NotFound` for a postmortem that is hidden from them, as if it was not there.
    pub(crate) fn may_see(&self, doc: &str) -> Result<(), ApiError> {
        if self.hidden.contains(doc) {
            Err(not_here())
        } else {
            Ok(())
        }
    }
}

/// Errors: `Refused` for a role that is less than another.
pub(crate) fn at_least(role: AccountRole, least: AccountRole) -> Result<(), ApiError> {
    if role >= least {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Refused,
        format!(
            "Your account has the role {}; this needs the role {}. An admin of this workspace can change that.",
            role.word(),
            least.word()
        ),
    ))
}

fn not_here() -> ApiError {
    // The sentence for what was never there.
    collab::RoomError::NotFound { doc: String::new() }.into()
}

/// Whether one of these ids stands anywhere in a request.
fn names_one_of(request: &Value, hidden: &BTreeSet<DocId>) -> bool {
    match request {
        Value::String(text) => hidden.contains(text),
        Value::Array(items) => items.iter().any(|item| names_one_of(item, hidden)),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| hidden.contains(name) || names_one_of(value, hidden)),
        _ => false,
    }
}

/// What is kept of a secret: its SHA-256.
pub(crate) fn kept_of(secret: &str) -> String {
    store::hash(secret.as_bytes())
}

impl Api {
    /// The workspace as the session of this secret may use it; `None` when there is no such session (any more). `address` is
    /// from where it is asked.
    ///
    /// Errors: of the store.
    pub fn signed_in(&self, secret: &str, address: &str) -> Result<Option<Self>, ApiError> {
        let now = self.now();
        let whole = self.whole_store();
        let since = now - Days::new(IDLE_DAYS);
        let Some(found) = whole.session(&kept_of(secret), since.timestamp_millis())? else {
            return Ok(None);
        };
        let before = DateTime::from_timestamp_millis(found.seen_ms).unwrap_or_default();
        let touched = now - before >= SEEN_EVERY;
        if touched {
            // That it cannot be noted keeps nobody out.
            let _ = whole.touch_session(&found.id, now.timestamp_millis());
        }
        let hidden = whole.hidden_from(&found.account)?;
        let seen = match hidden.is_empty() {
            true => None,
            false => Some(self.narrowed(&hidden)?),
        };
        let directory = self.directory();
        let name = directory
            .people
            .iter()
            .find(|person| person.id == found.person)
            .map_or(found.name, |person| person.name.clone());
        Ok(Some(self.for_caller(Caller::Account(Arc::new(SignedIn {
            account: found.account,
            session: found.id,
            person: found.person,
            name,
            role: found.role,
            address: address.to_owned(),
            touched,
            hidden,
            seen,
        })))))
    }

    /// Who asks, when it is an account of a served workspace.
    pub fn account(&self) -> Option<&SignedIn> {
        match self.caller() {
            Caller::Account(account) => Some(account),
            Caller::Host | Caller::Guest(_) => None,
        }
    }

    /// Whether the caller's role, or being no guest, lets them run a command, whatever it is asked with.
    ///
    /// Errors: `Refused`.
    pub fn may_run(&self, command: &str) -> Result<(), ApiError> {
        match self.account() {
            Some(account) => account.may_run(command),
            None => Ok(()),
        }
    }

    /// Whether the caller may see a postmortem, if it is there.
    pub(crate) fn may_see(&self, doc: &str) -> bool {
        match self.caller() {
            Caller::Host => true,
            Caller::Guest(guest) => guest.may_see(doc).is_ok(),
            Caller::Account(account) => account.may_see(doc).is_ok(),
        }
    }

    /// Whether the account that this was made for still has at least this role and may still see a postmortem, as it is now.
    pub fn is_still(&self, least: AccountRole, doc: &str) -> Result<bool, ApiError> {
        let Some(account) = self.account() else {
            return Ok(true);
        };
        let store = self.whole_store();
        let role = store.role_of(&account.account)?;
        Ok(role.is_some_and(|role| role >= least)
            && !store.hidden_from(&account.account)?.contains(doc))
    }

    /// Whether another caller may do and see the same.
    pub fn has_rights_of(&self, other: &Self) -> bool {
        match (self.account(), other.account()) {
            (Some(one), Some(other)) => one.role == other.role && one.hidden == other.hidden,
            (None, None) => true,
            _ => false,
        }
    }

    /// Errors: `Refused` for an account of a lesser role, and for guests of a meeting.
    pub fn require(&self, least: AccountRole) -> Result<(), ApiError> {
        match self.caller() {
            Caller::Host => Ok(()),
            Caller::Guest(_) => Err(crate::guest::Guest::refused()),
            Caller::Account(account) => account.is_at_least(least),
        }
    }

    /// Notes in the audit log what an account did; what cannot be noted does not undo it.
    pub fn note(&self, what: &str, doc: Option<&str>, detail: &str) {
        let Some(account) = self.account() else {
            return;
        };
        let by = (&*account.account, &*account.name, &*account.address);
        self.note_of(by, what, doc, detail);
    }

    /// Notes in the audit log what whoever is at the server's own machine did, without an account.
    pub fn note_at_the_server(&self, what: &str, doc: Option<&str>, detail: &str) {
        self.note_of(("", "At the server", ""), what, doc, detail);
    }

    /// `by` is an account's id, name and address.
    fn note_of(&self, by: (&str, &str, &str), what: &str, doc: Option<&str>, detail: &str) {
        let (account, name, address) = by;
        // What was done stands, whether or not it can be noted.
        let _ = self.whole_store().note(&NewAudit {
            at_ms: self.now().timestamp_millis(),
            account,
            name,
            address,
            what,
            doc,
            detail,
        });
    }

    /// Notes that an account opened a postmortem: once an hour, for pages come back.
    pub fn note_opened(&self, doc: &str) {
        self.note_once("opened a postmortem", doc, TimeDelta::hours(1));
    }

    /// Notes what an account does to a postmortem all the time: once in ten minutes.
    pub(crate) fn note_now_and_then(&self, what: &str, doc: &str) {
        self.note_once(what, doc, TimeDelta::minutes(10));
    }

    fn note_once(&self, what: &str, doc: &str, within: TimeDelta) {
        let since = (self.now() - within).timestamp_millis();
        let noted = |account: &SignedIn| {
            self.whole_store()
                .is_noted(&account.account, what, doc, since)
                .unwrap_or(false)
        };
        if !self.account().is_none_or(noted) {
            self.note(what, Some(doc), "");
        }
    }

    /// What the audit log is to say of a command, if anything.
    pub(crate) fn noted(&self, command: &str, request: &Value) -> Option<Noted> {
        self.account()?;
        let (_, what) = AUDITED.iter().find(|(name, _)| *name == command)?;
        let within = [Some(request), request.get("what")];
        let field = |name: &str| {
            within
                .iter()
                .flatten()
                .find_map(|within| within.get(name).and_then(Value::as_str))
        };
        let told = ["name", "role", "format", "kind", "readers"]
            .iter()
            .filter_map(|name| field(name).map(str::to_owned));
        let whose = ["id", "account", "person"]
            .iter()
            .filter_map(|name| field(name))
            .map(|id| self.in_words(command, id));
        let detail = whose
            .chain(told)
            .filter(|value| !value.is_empty())
            .map(|value| crate::describe::shortened(&value, 80))
            .collect::<Vec<_>>()
            .join(", ");
        Some(Noted {
            what,
            doc: field("doc").map(|doc| crate::describe::shortened(doc, 80)),
            detail,
        })
    }

    /// Whom or what an id of a command means, as it is called now; the id itself where nothing is.
    fn in_words(&self, command: &str, id: &str) -> String {
        let store = self.whole_store();
        let named = match command {
            "session_end" => store.sessions(None).ok().and_then(|sessions| {
                let session = sessions.into_iter().find(|session| session.id == id)?;
                Some(format!("{} on {}", session.name, session.device))
            }),
            "invitation_withdraw" => store
                .invitations(self.now().timestamp_millis())
                .ok()
                .and_then(|open| open.into_iter().find(|open| open.id == id))
                .map(|open| {
                    format!("{} {}", open.name, open.role.word())
                        .trim()
                        .to_owned()
                }),
            _ => store
                .accounts()
                .ok()
                .and_then(|accounts| accounts.into_iter().find(|account| account.id == id))
                .map(|account| account.name)
                .or_else(|| {
                    let people = &self.directory().people;
                    let person = people.iter().find(|person| person.id == id)?;
                    Some(person.name.clone())
                }),
        };
        named.unwrap_or_else(|| id.to_owned())
    }

    /// Notes a command that an account ran: of the postmortem that it named, or that it made.
    pub(crate) fn note_command(&self, noted: &Noted, answer: &Value) {
        let made = answer.get("doc").and_then(Value::as_str);
        self.note(noted.what, noted.doc.as_deref().or(made), &noted.detail);
    }
}

/// What the audit log is to say of a command.
pub(crate) struct Noted {
    what: &'static str,
    doc: Option<String>,
    detail: String,
}

/// How long an invitation is good.
pub(crate) fn runs_out(now: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    now + Days::new(days.clamp(1, 30).into())
}
