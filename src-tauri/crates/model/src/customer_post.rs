//! The post for customers: what a status page tells after an incident, and what must not stand in it.
//!
//! A draft is made from what people marked for customers, and from nothing else of the postmortem but its title, its
//! severity and the times of the impact. Once somebody writes, their text lives in the document as three sections with
//! ids of their own, so that it is written together, kept in versions and exported like any other. The headings, the
//! order of statuses and the levels of impact are those of Atlassian Statuspage.

mod check;
mod draft;
mod places;
mod text;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::anonymise::Known;
use crate::directory::{Person, Service};
use crate::postmortem::{Postmortem, Section};

pub use check::{Checker, Concern, ConcernKind, utf16};
pub(crate) use draft::said;

/// The parts of a post: id of the section that holds the edited text, heading in the post, heading of the section.
const PARTS: [(&str, &str, &str); 3] = [
    ("post_summary", "Summary", "For customers: Summary"),
    (
        "post_happened",
        "What happened",
        "For customers: What happened",
    ),
    (
        "post_doing",
        "What we are doing",
        "For customers: What we are doing",
    ),
];

/// Whether a section of a document is a part of the post and not of the postmortem's own page. Pages, web exports and
/// completeness checks leave such sections out; formats that import back keep them. No template can make such an id,
/// since slugs have no underscores.
pub fn is_part(section: &str) -> bool {
    PARTS.iter().any(|(id, ..)| *id == section)
}

/// How much customers felt, in a status page's words.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum PostImpact {
    /// SEV5.
    None,
    /// SEV4 and SEV3, and an incident that nobody has judged.
    #[default]
    Minor,
    /// SEV2.
    Major,
    /// SEV1.
    Critical,
}

/// Where an incident is, in a status page's words; the order is that of time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum PostStatus {
    /// Nobody has a working view yet.
    #[default]
    Investigating,
    /// A responder sees what is wrong (T4) or has changed something that helps (T5).
    Identified,
    /// The impact has ended (T6).
    Monitoring,
    /// It was declared resolved (T7).
    Resolved,
    /// The review is over.
    Postmortem,
}

/// What a status page tells of an incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Post {
    /// The incident's name for customers.
    pub title: String,
    /// How much they felt.
    pub impact: PostImpact,
    /// Where the incident is.
    pub status: PostStatus,
    /// When the impact started (T0), UTC.
    #[ts(type = "string | null")]
    pub starts: Option<DateTime<Utc>>,
    /// When it ended (T6), UTC; absent also when it would lie before the start.
    #[ts(type = "string | null")]
    pub ends: Option<DateTime<Utc>>,
    /// The start is an estimate.
    pub starts_about: bool,
    /// The end is an estimate.
    pub ends_about: bool,
    /// IANA zone to show times in.
    pub timezone: String,
    /// What it was, for whom and how long.
    pub summary: PostText,
    /// What happened, in plain words.
    pub happened: PostText,
    /// What changes so that it does not come back.
    pub doing: PostText,
    /// What customers were told meanwhile, the oldest first.
    pub updates: Vec<PostUpdate>,
    /// Rows for customers that the draft left out because they name people, machines, tickets or other customers.
    pub left_out: u32,
}

/// One of the three texts of a post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PostText {
    /// Id of the section of the document that holds it once it was edited.
    pub section: String,
    /// Its heading in the post.
    pub heading: String,
    /// Markdown.
    pub text: String,
    /// Somebody wrote it; otherwise it is a draft.
    pub edited: bool,
}

/// Something that customers were told during the incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PostUpdate {
    /// When, UTC.
    #[ts(type = "string | null")]
    pub at: Option<DateTime<Utc>>,
    /// The time is an estimate.
    pub about: bool,
    /// Where the incident was then.
    pub status: PostStatus,
    /// What was said; empty when no words of it are marked for customers.
    pub text: String,
}

impl Post {
    /// Summary, what happened, what we are doing.
    pub fn texts(&self) -> [&PostText; 3] {
        [&self.summary, &self.happened, &self.doing]
    }
}

/// The post as it would be without anybody's edits. People and services are the directory's: what names one of them
/// stays out.
pub fn draft(postmortem: &Postmortem, people: &[Person], services: &[Service]) -> Post {
    let known = Known::new(people, services);
    let checker = Checker::new(postmortem, &known, people, services);
    draft::draft(postmortem, &checker)
}

/// The post: edited texts where there are some, the draft elsewhere.
pub fn post(postmortem: &Postmortem, people: &[Person], services: &[Service]) -> Post {
    let mut post = draft(postmortem, people, services);
    for text in [&mut post.summary, &mut post.happened, &mut post.doing] {
        let written = postmortem
            .sections
            .iter()
            .find(|section| section.id == text.section && !section.text.trim().is_empty());
        if let Some(section) = written {
            text.text.clone_from(&section.text);
            text.edited = true;
        }
    }
    post
}

/// Puts the draft into the document's sections, so that people can go on from it. Texts that are there stay.
pub fn begin(postmortem: &mut Postmortem, people: &[Person], services: &[Service]) {
    let post = post(postmortem, people, services);
    for (text, (id, _, title)) in post.texts().into_iter().zip(PARTS) {
        match postmortem
            .sections
            .iter_mut()
            .find(|section| section.id == id)
        {
            Some(section) => section.text.clone_from(&text.text),
            None => postmortem.sections.push(Section {
                id: id.into(),
                title: title.into(),
                text: text.text.clone(),
            }),
        }
    }
}
