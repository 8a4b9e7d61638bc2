//! What a summary is made of, from postmortems at hand: the same rows as a store gathers.

use crate::derived;
use crate::postmortem::{EventKind, Postmortem, Visibility};
use crate::summary::{ActionRow, FindingRow, FocusTexts, Gathered, IncidentRow, facts, opened_at};

/// The rows of these postmortems, as if all of them met a scope.
pub fn gathered(postmortems: &[Postmortem], focus: Option<&str>) -> Gathered {
    let mut out = Gathered::default();
    for (incident, postmortem) in postmortems.iter().enumerate() {
        let events = postmortem.timeline.iter().map(|row| row.visibility);
        let findings = postmortem.findings.iter().map(|row| row.visibility);
        let actions = postmortem.actions.iter().map(|row| row.visibility);
        let mut all = events.chain(findings).chain(actions);
        out.incidents.push(IncidentRow {
            doc: postmortem.id.clone(),
            title: postmortem.title.clone(),
            severity: postmortem.severity,
            status: postmortem.status,
            services: postmortem.services.clone(),
            starts: derived::figures(postmortem).starts,
            facts: facts(postmortem),
            for_customers: all.any(|visibility| visibility == Visibility::Customers),
        });
        out.findings
            .extend(postmortem.findings.iter().map(|row| FindingRow {
                incident,
                number: row.number,
                kind: row.kind,
                phase: row.phase,
                theme: row.theme.clone(),
                text: row.text.clone(),
                visibility: row.visibility,
                actions: row.actions.clone(),
            }));
        out.actions
            .extend(postmortem.actions.iter().map(|row| ActionRow {
                incident,
                id: row.id.clone(),
                number: row.number,
                text: row.text.clone(),
                status: row.status,
                due: row.due,
                opened_at: opened_at(&row.id),
                settled_at: row.settled_at,
                reason: row.reason.clone(),
                verified: row.verified.is_some(),
                visibility: row.visibility,
            }));
        if focus == Some(postmortem.id.as_str()) {
            out.focus = Some(focus_texts(postmortem));
        }
    }
    out
}

fn focus_texts(postmortem: &Postmortem) -> FocusTexts {
    let written: Vec<_> = postmortem
        .sections
        .iter()
        .filter(|section| !section.text.trim().is_empty())
        .collect();
    let summary = written.iter().find(|section| section.id == "summary");
    let section = summary.or(written.first());
    let mut updates: Vec<_> = postmortem
        .timeline
        .iter()
        .filter(|event| event.public && event.kind == EventKind::Communication)
        .collect();
    updates.sort_by_key(|event| {
        let at = event.at.as_ref().map(|moment| moment.at);
        (at.is_none(), at)
    });
    FocusTexts {
        text: section.map_or_else(String::new, |section| section.text.clone()),
        public_updates: updates
            .into_iter()
            .map(|event| (event.text.clone(), event.visibility))
            .collect(),
    }
}
