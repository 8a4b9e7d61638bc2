//! Tickets in other programs, without a token for any of them: the trackers of a workspace, prefilled pages for a new
//! issue, how a key becomes an address, and how pasted keys are matched to action items. Nothing here reaches a network.

mod address;
mod draft;
mod keys;
mod paste;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;
use url::Url;

pub use address::{NewIssue, encoded, new_issue};
pub use draft::{Draft, Markup, draft, markdown, one_line};
pub use keys::link;
pub use paste::{Candidate, Found, MatchedBy, matched};

/// Trackers that a workspace may have.
pub const MOST_TRACKERS: usize = 50;
/// Characters of a tracker's name, address, pattern and link, each.
pub const MOST_SETTING: usize = 400;

/// A program in which a team keeps its tickets. It is shared by the workspace and holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Tracker {
    /// UUIDv7; empty for one that is to be added.
    pub id: String,
    /// Which program it is.
    pub kind: TrackerKind,
    /// As menus call it.
    pub name: String,
    /// Where it is, http or https, without a slash at the end: the repository of GitHub and GitLab, the site of Jira, the
    /// workspace or team of Linear.
    pub base: String,
    /// Jira: the number of the project in which issues are made (`pid`).
    pub project: String,
    /// Jira: the number of the type that new issues have (`issuetype`).
    pub issue_type: String,
    /// How its keys look: `OPS-#`, several with spaces between; # stands for the number. Empty for what is usual there:
    /// any `KEY-1` in Jira and Linear, `#1` in GitHub and GitLab.
    pub pattern: String,
    /// The address of a ticket, with `{key}` or `{number}` in it; empty for what is usual there.
    pub link: String,
}

/// A program that keeps tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TrackerKind {
    #[default]
    Github,
    Gitlab,
    Jira,
    Linear,
}

/// Why a tracker cannot be kept: which of its fields is wrong, and a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Wrong {
    /// The field of [`Tracker`].
    pub field: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Wrong {
    fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

/// A tracker as it can be kept: every value on one line, its address cut back to where new issues are made from. The id
/// stays as it is.
pub fn checked(tracker: &Tracker) -> Result<Tracker, Wrong> {
    let line = |field: &'static str, value: &str| {
        if value.chars().nth(MOST_SETTING).is_some() {
            let message = format!("This is too long: at most {MOST_SETTING} characters fit.");
            return Err(Wrong::new(field, message));
        }
        Ok(one_line(value))
    };
    let name = line("name", &tracker.name)?;
    if !name.chars().any(char::is_alphanumeric) {
        return Err(Wrong::new("name", "A name is needed here."));
    }
    let mut out = Tracker {
        id: tracker.id.clone(),
        kind: tracker.kind,
        name,
        base: base(tracker.kind, &line("base", &tracker.base)?)?,
        project: line("project", &tracker.project)?,
        issue_type: line("issue_type", &tracker.issue_type)?,
        pattern: keys::checked_pattern(&line("pattern", &tracker.pattern)?)?,
        link: keys::checked_link(&line("link", &tracker.link)?)?,
    };
    if out.kind == TrackerKind::Jira {
        let number = |text: &str| {
            (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !number(&out.project) {
            return Err(Wrong::new(
                "project",
                "Give the project's number, such as 10000. Jira shows it as pid in the addresses of the project's settings.",
            ));
        }
        if !number(&out.issue_type) {
            return Err(Wrong::new(
                "issue_type",
                "Give the number of the issue type, such as 10001. Jira shows it at the end of the address where the type is edited.",
            ));
        }
    } else {
        out.project.clear();
        out.issue_type.clear();
    }
    Ok(out)
}

/// An address of the web: http or https, with a host and without a name or password in it.
pub(crate) fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}

/// The address that a new issue's page begins with, cut out of what people copy from their browser.
fn base(kind: TrackerKind, text: &str) -> Result<String, Wrong> {
    let Some(mut url) = web(text) else {
        return Err(Wrong::new(
            "base",
            "Give the address as a browser shows it, beginning with https:// or http://, without a name or password in it.",
        ));
    };
    url.set_query(None);
    url.set_fragment(None);
    let parts: Vec<String> = url
        .path_segments()
        .map(|parts| {
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    let before = |stops: &[&str]| {
        let end = parts.iter().position(|part| stops.contains(&part.as_str()));
        parts.get(..end.unwrap_or(parts.len())).unwrap_or_default()
    };
    let kept: Vec<String> = match kind {
        TrackerKind::Github => parts.iter().take(2).cloned().collect(),
        TrackerKind::Gitlab => before(&["-"]).to_vec(),
        TrackerKind::Jira if is_cloud(&url) => Vec::new(),
        TrackerKind::Jira => {
            before(&["browse", "projects", "secure", "issues", "plugins"]).to_vec()
        }
        TrackerKind::Linear => match parts.as_slice() {
            [workspace, team, key, ..] if team == "team" => {
                vec![workspace.clone(), team.clone(), key.clone()]
            }
            [team, key, ..] if team == "team" => vec![team.clone(), key.clone()],
            _ => parts.iter().take(1).cloned().collect(),
        },
    };
    let missing = match kind {
        TrackerKind::Github if kept.len() < 2 => {
            Some("Give the address of the repository: https://github.com/owner/repository.")
        }
        TrackerKind::Gitlab if kept.len() < 2 => {
            Some("Give the address of the project: https://gitlab.com/group/project.")
        }
        TrackerKind::Linear if kept.is_empty() => {
            Some("Give the address of the workspace or the team: https://linear.app/acme/team/OPS.")
        }
        _ => None,
    };
    if let Some(message) = missing {
        return Err(Wrong::new("base", message));
    }
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear();
        let last = kept.len().saturating_sub(1);
        for (at, part) in kept.iter().enumerate() {
            // A clone address is what people have at hand.
            let clone = at == last && matches!(kind, TrackerKind::Github | TrackerKind::Gitlab);
            let part = if clone {
                part.trim_end_matches(".git")
            } else {
                part
            };
            path.push(&decoded(part));
        }
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Jira Cloud is at the root of its host.
fn is_cloud(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| host.ends_with(".atlassian.net"))
}

/// A part of a path without its percent signs, so that they are not encoded once more.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match coded {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}
