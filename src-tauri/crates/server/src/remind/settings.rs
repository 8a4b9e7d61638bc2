//! Where reminders go out: settings of the machine that serves, in a file of its own. They hold secrets, so they are no part of the
//! workspace, of which others have copies.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use serde::Deserialize;

use axum::http::Uri;

/// Bytes that the file may have.
const MOST: u64 = 64 * 1024;

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where people find the served workspace, such as `https://debrief.example.org`; links lead there. Empty for no links.
    #[serde(default)]
    pub address: String,
    /// By mail.
    pub mail: Option<MailSettings>,
    /// To a chat.
    pub chat: Option<ChatSettings>,
}

/// The mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Its name or address.
    pub server: String,
    /// Its port; else the one that goes with the encryption.
    pub port: Option<u16>,
    /// How it is encrypted.
    #[serde(default)]
    pub encryption: Encryption,
    /// Who signs in; nobody when it is missing.
    pub user: Option<String>,
    /// Their password.
    pub password: Option<String>,
    /// A file with the password, in the place of `password`.
    pub password_file: Option<PathBuf>,
    /// Who it is from: `Debrief <debrief@example.org>`.
    pub from: String,
    /// A file with certificates (PEM) that are trusted besides the computer's.
    pub authority: Option<PathBuf>,
    /// Seconds that each step may take.
    #[serde(default = "seconds")]
    pub timeout_seconds: u64,
}

/// How mail is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// From the first byte on; port 465.
    Tls,
    /// After a plain greeting, and never without it; port 587.
    #[default]
    Starttls,
    /// Not at all; port 25. Passwords are not sent then.
    None,
}

/// The chat's webhook.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatSettings {
    /// Its address, which is a secret.
    pub webhook: String,
    /// A file with certificates (PEM) that are trusted besides the computer's.
    pub authority: Option<PathBuf>,
    /// Seconds that the whole may take.
    #[serde(default = "seconds")]
    pub timeout_seconds: u64,
}

fn seconds() -> u64 {
    60
}

impl Settings {
    /// Reads the file. The error is a sentence that says what is wrong with it, and no secret of it.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let about =
            std::fs::metadata(path).map_err(|error| format!("{shown} cannot be read: {error}."))?;
        if about.len() > MOST {
            return Err(format!("{shown} is too large for settings of reminders."));
        }
        #[cfg(unix)]
        if std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o007 != 0 {
            return Err(format!(
                "{shown} holds secrets and can be read by everybody on this computer: take that away with chmod o-rwx."
            ));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{shown} cannot be read: {error}."))?;
        let mut settings: Self =
            serde_yaml_ng::from_str(&text).map_err(|error| match error.location() {
                Some(at) => format!(
                    "{shown} cannot be used, line {}: {}.",
                    at.line(),
                    fault(&error)
                ),
                None => format!("{shown} cannot be used: {}.", fault(&error)),
            })?;
        settings
            .check()
            .map_err(|fault| format!("{shown} cannot be used: {fault}"))?;
        Ok(settings)
    }

    fn check(&mut self) -> Result<(), String> {
        self.address = self.address.trim_end_matches('/').to_owned();
        if !self.address.is_empty() {
            web(&self.address).ok_or("“address” is where people find the workspace, such as https://debrief.example.org.")?;
        }
        if self.mail.is_none() && self.chat.is_none() {
            return Err("it has neither “mail” nor “chat”.".into());
        }
        if let Some(mail) = &mut self.mail {
            mail.from.parse::<Mailbox>().map_err(
                |_| "“from” is a name and an address, such as Debrief <debrief@example.org>.",
            )?;
            if let Some(file) = &mail.password_file {
                let password = std::fs::read_to_string(file).map_err(|error| {
                    format!(
                        "the password in {} cannot be read: {error}.",
                        file.display()
                    )
                })?;
                mail.password = Some(password.trim_end_matches(['\r', '\n']).to_owned());
            }
            if mail.user.is_some() != mail.password.is_some() {
                return Err("“user” and “password” go together.".into());
            }
            if mail.user.is_some() && mail.encryption == Encryption::None {
                return Err("a password is not sent without encryption.".into());
            }
        }
        if let Some(chat) = &self.chat {
            web(&chat.webhook)
                .ok_or("“webhook” is an address that begins with https:// or http://.")?;
        }
        Ok(())
    }
}

impl MailSettings {
    /// The port.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.encryption {
            Encryption::Tls => 465,
            Encryption::Starttls => 587,
            Encryption::None => 25,
        })
    }

    /// How long each step may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.clamp(1, 600))
    }
}

impl ChatSettings {
    /// How long the whole may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.clamp(1, 600))
    }
}

/// A whole address of the web, without a user in it.
pub(super) fn web(address: &str) -> Option<Uri> {
    let uri: Uri = address.parse().ok()?;
    let known = matches!(uri.scheme_str(), Some("http" | "https"));
    let authority = uri.authority()?;
    (known && !authority.host().is_empty() && !authority.as_str().contains('@')).then_some(uri)
}

/// What is wrong, without what stands there: it may be a secret.
fn fault(error: &serde_yaml_ng::Error) -> String {
    let told = error.to_string();
    for known in ["unknown field", "missing field", "unknown variant"] {
        if told.contains(known) {
            return told;
        }
    }
    "it is not written as expected".into()
}
