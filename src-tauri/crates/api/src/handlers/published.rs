//! Published copies: what leaves is kept as it was, and compared with what it would be now.

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::postmortem::Postmortem;
use model::published::{PublishedCopy, PublishedKind, PublishedPage};
use model::visibility::Audience;
use render::SUMMARY_FORMATS;
use serde::{Deserialize, Serialize};
use store::{NewPublished, Published};

use crate::error::{ApiError, ErrorCode};
use crate::files::Target;
use crate::lines;
use crate::open::Api;
use crate::types::{
    Empty, Exported, Freshness, IdRef, Publish, PublishWhat, PublishedDifference, PublishedExport,
    PublishedList, PublishedSave, PublishedShown, Saved,
};
use crate::{bounds, places};

/// Copies of one page of the list, when nobody says how many; also the most.
const PAGE: u32 = 20;
const MOST: u32 = 200;

/// The instant and the zone that something is made as of: the same ones make the same, whenever they are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsOf {
    /// The instant.
    pub now: DateTime<Utc>,
    /// The zone of days, and of times that name none.
    pub zone: Tz,
}

/// What leaves for its readers.
pub(super) struct Papers {
    /// The period in words, or the title.
    pub title: String,
    /// A name for its file, without the extension.
    pub file_name: String,
    /// The page, as HTML.
    pub page: String,
    /// What it says, in Markdown.
    pub said: Said,
    /// The state that it was made from, and what it is called in the list of versions; absent for a period.
    pub state: Option<(Arc<Postmortem>, &'static str)>,
}

/// What is compared later.
pub(super) struct Said {
    /// The Markdown.
    pub text: String,
    /// What is compared besides, in lines: all words of a period's page, or what a post's page says and its Markdown does not.
    pub facts: String,
}

/// What a copy was made from, as it is kept.
#[derive(Serialize, Deserialize)]
struct MadeFrom {
    what: PublishWhat,
    /// IANA zone.
    zone: String,
    facts: String,
}

/// Keeps what was asked for as it is now. The newest copy of the same thing stays, as the one whose place is taken.
pub fn publish(api: &Api, request: Publish) -> Result<PublishedCopy, ApiError> {
    keep(api, request.what)
}

/// Publishes once more what a copy was made from. The copy stays.
pub fn publish_anew(api: &Api, request: IdRef) -> Result<PublishedCopy, ApiError> {
    let old = find(api, &request.id)?;
    if old.copy.source_gone {
        return Err(ApiError::new(
            ErrorCode::Refused,
            "The postmortem that this copy was made from has been erased: it cannot be published anew.",
        ));
    }
    keep(api, made_from(&old)?.what)
}

/// Published copies, newest first.
pub fn published(api: &Api, request: PublishedList) -> Result<PublishedPage, ApiError> {
    if let Some(doc) = &request.doc {
        bounds::text("doc", doc, bounds::WORD)?;
    }
    let limit = match request.limit {
        0 => PAGE,
        limit => limit.min(MOST),
    };
    Ok(api
        .store()
        .published(request.doc.as_deref(), request.kind, request.offset, limit)?)
}

/// Keeps the page of a copy to be looked at, under the name that is given.
pub fn published_page(api: &Api, request: IdRef) -> Result<PublishedShown, ApiError> {
    let found = find(api, &request.id)?;
    Ok(PublishedShown {
        page: api.pages().keep(found.page),
        copy: found.copy,
    })
}

/// What a copy says otherwise than it would if it was made now, as of the instant of its publication.
pub fn published_difference(api: &Api, request: IdRef) -> Result<PublishedDifference, ApiError> {
    let old = find(api, &request.id)?;
    if old.copy.source_gone {
        return Ok(PublishedDifference {
            state: Freshness::SourceGone,
            changes: Vec::new(),
        });
    }
    let from = made_from(&old)?;
    let at = AsOf {
        now: old.copy.at,
        zone: from.zone.parse().unwrap_or_else(|_| api.zone()),
    };
    let now = said(api, &from.what, at)?;
    let mut changes = lines::difference(&old.text, &now.text);
    // The words of a page say what the Markdown says, too.
    if changes.is_empty() || !matches!(from.what, PublishWhat::Period { .. }) {
        changes.extend(lines::difference(&from.facts, &now.facts));
    }
    Ok(PublishedDifference {
        state: match changes.is_empty() {
            true => Freshness::UpToDate,
            false => Freshness::OutOfDate,
        },
        changes,
    })
}

/// A copy as a file's content.
pub fn published_export(api: &Api, request: PublishedExport) -> Result<Exported, ApiError> {
    let file = file(api, &request.id, &request.format)?;
    let (text, base64) = match String::from_utf8(file.bytes) {
        Ok(text) => (text, None),
        Err(bytes) => (String::new(), Some(STANDARD.encode(bytes.as_bytes()))),
    };
    Ok(Exported {
        file_name: file.name,
        mime: file.mime.into(),
        text,
        base64,
        assets: 0,
        roles: None,
    })
}

/// Writes a copy to a file: all of it or nothing. Not for browsers, which have no path on this computer to give.
pub fn published_save(api: &Api, request: PublishedSave) -> Result<Saved, ApiError> {
    super::workspace::local_only(api, "A published copy")?;
    bounds::bytes("path", request.path.len(), bounds::PATH)?;
    let target = Target::of(&places::absolute(Path::new(&request.path)))?;
    let file = file(api, &request.id, &request.format)?;
    target.write(&file.bytes)?;
    Ok(Saved {
        paths: vec![target.path().to_string_lossy().into_owned()],
    })
}

/// Deletes a copy for good. What has left is not taken back by it.
pub fn published_delete(api: &Api, request: IdRef) -> Result<Empty, ApiError> {
    // What the caller may not see is not theirs to delete.
    let copy = find(api, &request.id)?.copy;
    api.rooms().delete_published(&copy.id)?;
    Ok(Empty {})
}

fn keep(api: &Api, what: PublishWhat) -> Result<PublishedCopy, ApiError> {
    // Only whole milliseconds are kept, and it must be made as of the same instant later.
    let at_ms = api.now().timestamp_millis();
    let at = AsOf {
        now: DateTime::from_timestamp_millis(at_ms).unwrap_or_default(),
        zone: zone(api, &what),
    };
    let papers = match &what {
        PublishWhat::Period { request } => super::summaries::papers(api, request, at)?,
        PublishWhat::Summary {
            doc,
            anonymise,
            keep_owners,
        } => {
            let roles = super::exports::roles(api, *anonymise, *keep_owners);
            super::exports::summary_papers(api, doc, roles, at)?
        }
        PublishWhat::Post { doc } => super::exports::post_papers(api, doc, at)?,
    };
    let (kind, doc, readers) = subject(&what);
    let replaces = earlier(api, &what)?;
    let from = MadeFrom {
        what: what.clone(),
        zone: at.zone.name().to_owned(),
        facts: papers.said.facts,
    };
    let made_from = serde_json::to_string(&from).map_err(unreadable)?;
    let day = at.now.with_timezone(&at.zone).format("%Y-%m-%d");
    let kept = api.rooms().publish(&NewPublished {
        id: &uuid::Uuid::now_v7().to_string(),
        kind,
        doc,
        title: &papers.title,
        readers,
        at_ms,
        by: &api.actor(),
        replaces: replaces.as_deref(),
        made_from: &made_from,
        file_name: &format!("{}-published-{day}", papers.file_name),
        page: &papers.page,
        text: &papers.said.text,
    })?;
    if let Some((state, name)) = papers.state {
        super::exports::name_state(api, &state, name);
    }
    Ok(kept)
}

/// What something would say if it was made as of an instant.
fn said(api: &Api, what: &PublishWhat, at: AsOf) -> Result<Said, ApiError> {
    match what {
        PublishWhat::Period { request } => super::summaries::said(api, request, at),
        PublishWhat::Summary {
            doc,
            anonymise,
            keep_owners,
        } => {
            let roles = super::exports::roles(api, *anonymise, *keep_owners);
            super::exports::summary_said(api, doc, roles, at)
        }
        PublishWhat::Post { doc } => super::exports::post_said(api, doc, at),
    }
}

/// What it is of, of which postmortem, and who reads it.
fn subject(what: &PublishWhat) -> (PublishedKind, Option<&str>, Audience) {
    match what {
        PublishWhat::Period { request } => (PublishedKind::Period, None, request.scope.audience),
        PublishWhat::Summary { doc, .. } => (PublishedKind::Summary, Some(doc), Audience::Company),
        PublishWhat::Post { doc } => (PublishedKind::Post, Some(doc), Audience::Customers),
    }
}

/// The newest copy of the same thing with the same choices: one with names does not take the place of one with roles.
fn earlier(api: &Api, what: &PublishWhat) -> Result<Option<String>, ApiError> {
    let (kind, doc, _) = subject(what);
    let kept = api.store().published_from(kind, doc)?;
    let what = in_order(what.clone());
    let same = |json: &str| {
        serde_json::from_str::<MadeFrom>(json).is_ok_and(|from| in_order(from.what) == what)
    };
    Ok(kept
        .into_iter()
        .find(|(_, json)| same(json))
        .map(|(id, _)| id))
}

/// The same request however its lists were chosen.
fn in_order(mut what: PublishWhat) -> PublishWhat {
    if let PublishWhat::Period { request } = &mut what {
        let scope = &mut request.scope;
        scope.services.sort();
        scope.severities.sort();
        scope.tags.sort();
        scope.postmortems.sort();
    }
    what
}

fn zone(api: &Api, what: &PublishWhat) -> Tz {
    match what {
        PublishWhat::Period { .. } => super::summary::zone(api),
        _ => api.zone(),
    }
}

fn find(api: &Api, id: &str) -> Result<Published, ApiError> {
    bounds::text("id", id, bounds::WORD)?;
    Ok(api.store().published_copy(id)?)
}

fn made_from(copy: &Published) -> Result<MadeFrom, ApiError> {
    serde_json::from_str(&copy.made_from).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        format!("What this copy is made from cannot be read: {error}."),
    )
}

struct Content {
    name: String,
    mime: &'static str,
    bytes: Vec<u8>,
}

fn file(api: &Api, id: &str, format: &str) -> Result<Content, ApiError> {
    let found = find(api, id)?;
    let mime = |id: &str| {
        let format = SUMMARY_FORMATS.iter().find(|format| format.id == id);
        format.map_or("text/plain; charset=utf-8", |format| format.mime)
    };
    let (mime, bytes) = match format {
        "html" => (mime("html"), found.page.into_bytes()),
        "md" => (mime("md"), found.text.into_bytes()),
        "pdf" => ("application/pdf", super::exports::on_paper(&found.page)?),
        other => {
            let shown = crate::describe::shortened(other, 40);
            return Err(ApiError::invalid(
                "format",
                format!("“{shown}” is no format of a published copy: choose one of html, pdf, md."),
            ));
        }
    };
    Ok(Content {
        name: format!("{}.{format}", found.copy.file_name),
        mime,
        bytes,
    })
}
