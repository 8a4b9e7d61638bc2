//! Events, findings, sections and participants as search and later summaries read them.

use model::postmortem::{Finding, Participant, Section, TimelineEvent};

use crate::table::projected::{Projected, Values, flag, integer, prose, text};
use crate::words::word;

/// Timeline events.
pub const EVENT: Projected = Projected {
    name: "event",
    many: true,
    columns: &[
        "at",
        "precision",
        "phase",
        "kind",
        "text",
        "star",
        "public",
        "visibility",
    ],
};

/// Findings.
pub const FINDING: Projected = Projected {
    name: "finding",
    many: true,
    columns: &[
        "number",
        "kind",
        "phase",
        "theme",
        "text",
        "no_action",
        "visibility",
        "actions",
    ],
};

/// Text sections.
pub const SECTION: Projected = Projected {
    name: "section",
    many: true,
    columns: &["title", "text"],
};

/// Who took part.
pub const PARTICIPANT: Projected = Projected {
    name: "participant",
    many: true,
    columns: &["person", "name", "role"],
};

pub fn event(item: &TimelineEvent) -> Values {
    vec![
        integer(item.at.as_ref().map(|moment| moment.at.timestamp_millis())),
        text(word(item.at.as_ref().map(|moment| moment.precision))),
        text(word(item.phase)),
        text(word(Some(item.kind))),
        prose(&item.text),
        flag(item.star),
        flag(item.public),
        text(word(Some(item.visibility))),
    ]
}

pub fn finding(item: &Finding) -> Values {
    vec![
        integer(item.number),
        text(word(Some(item.kind))),
        text(word(item.phase)),
        prose(&item.theme),
        prose(&item.text),
        flag(item.no_action),
        text(word(Some(item.visibility))),
        text(serde_json::to_string(&item.actions).unwrap_or_default()),
    ]
}

pub fn section(item: &Section) -> Values {
    vec![prose(&item.title), prose(&item.text)]
}

pub fn participant(item: &Participant) -> Values {
    vec![
        text(item.person.clone().unwrap_or_default()),
        prose(&item.name),
        text(word(Some(item.role))),
    ]
}
