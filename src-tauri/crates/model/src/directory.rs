//! The directory of a workspace: people, services, themes, users' templates, trackers and the settings that everybody shares.
//! It is a document of the same kind as a postmortem, on the same way, so that replicas merge all of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::postmortem::{PersonId, ServiceId, Severity};
use crate::reminders::{ReminderPolicy, ReminderWish};
use crate::tickets::Tracker;

/// The id under which a workspace keeps its directory document.
pub const DIRECTORY_ID: &str = "directory";

/// Bytes that a changed export template may have.
pub const MAX_EXPORT_TEMPLATE: usize = 128 * 1024;

/// Everything that a workspace shares besides its postmortems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Directory {
    /// People by name.
    pub people: Vec<Person>,
    /// Services by name.
    pub services: Vec<Service>,
    /// Themes of findings, in alphabetical order.
    pub themes: Vec<String>,
    /// Templates that people of this workspace added or changed, by id. The built-in ones are not in it.
    pub templates: Vec<StoredTemplate>,
    /// Export templates that people of this workspace changed, by the id of their page. A page without one is as it came.
    pub export_templates: Vec<StoredTemplate>,
    /// Where this workspace keeps its tickets, by name.
    pub trackers: Vec<Tracker>,
    /// What everybody in the workspace goes by.
    pub settings: SharedSettings,
}

/// Somebody who may take part, own an action item, or be named.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Person {
    /// UUIDv7.
    pub id: PersonId,
    /// Full name as it is shown.
    pub name: String,
    /// Short name, such as a first name; empty when the same.
    pub short_name: String,
    /// Handle in chat, without the @.
    pub handle: String,
    /// E-mail address.
    pub email: String,
    /// Role in the company, such as "Support agent".
    pub role_title: String,
    /// The team they work in, in plain words; empty for none.
    pub team: String,
    /// They left: kept for what they did, not offered for anything new.
    pub left: bool,
    /// IANA zone that they live by; empty for the workspace's.
    pub timezone: String,
    /// Which reminders they want.
    pub reminders: ReminderWish,
}

impl Person {
    /// What colleagues call them: the short name, when there is one.
    pub fn called(&self) -> &str {
        if self.short_name.is_empty() {
            &self.name
        } else {
            &self.short_name
        }
    }
}

/// A service that an incident can affect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Service {
    /// Slug of the first name it had.
    pub id: ServiceId,
    /// Name as it is shown.
    pub name: String,
}

/// A template that was added or changed in this workspace: its id and its whole file, which was valid when it was stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StoredTemplate {
    /// Slug; equal to a built-in one's id when it replaces that. For an export template, the id of its page.
    pub id: String,
    /// The file.
    pub source: String,
}

/// Settings that everybody in the workspace shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SharedSettings {
    /// IANA zone of a new postmortem; empty for the computer's own.
    pub timezone: String,
    /// Days until an action item of a postmortem of each severity is due. Source: PagerDuty's 15 (SEV1) and 30 (SEV2).
    pub due_days: DueDays,
    /// Id of the template that "New postmortem" offers first.
    pub default_template: String,
    /// When reminders go out.
    pub reminders: ReminderPolicy,
    /// Days after an action item is done until somebody is asked whether it worked; 0 asks nobody.
    pub look_again_days: u16,
}

/// Days until an action item is due, by the severity of its postmortem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[allow(missing_docs)]
pub struct DueDays {
    pub sev1: u16,
    pub sev2: u16,
    pub sev3: u16,
    pub sev4: u16,
    pub sev5: u16,
}

impl Default for DueDays {
    fn default() -> Self {
        Self {
            sev1: 15,
            sev2: 30,
            sev3: 60,
            sev4: 90,
            sev5: 90,
        }
    }
}

impl DueDays {
    /// Days for a severity; an unjudged incident gets SEV3's.
    pub fn days(&self, severity: Option<Severity>) -> u16 {
        match severity {
            Some(Severity::Sev1) => self.sev1,
            Some(Severity::Sev2) => self.sev2,
            None | Some(Severity::Sev3) => self.sev3,
            Some(Severity::Sev4) => self.sev4,
            Some(Severity::Sev5) => self.sev5,
        }
    }
}

impl Default for SharedSettings {
    fn default() -> Self {
        Self {
            timezone: String::new(),
            due_days: DueDays::default(),
            default_template: "post-incident-review".into(),
            reminders: ReminderPolicy::default(),
            look_again_days: 30,
        }
    }
}
