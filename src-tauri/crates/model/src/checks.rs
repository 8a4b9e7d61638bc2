//! Completeness checks: what is still missing in a postmortem, in plain words, with the places to mend.

use chrono::{DateTime, Utc};

use crate::customer_post;
use crate::derived::{Check, Contradiction, Target, zone_or_utc};
use crate::edit::is_settled;
use crate::postmortem::{
    ActionItem, ActionStatus, AnchorKey, Finding, FindingKind, PersonId, Postmortem, Precision,
    ReviewRole, RowKind, Status, TimelineEvent,
};

/// All checks: what is missing, then notes, then what is there.
pub(crate) fn checks(
    postmortem: &Postmortem,
    contradictions: &[Contradiction],
    names: &dyn Fn(&PersonId) -> Option<String>,
) -> Vec<Check> {
    let mut checks = Vec::new();
    check_head(postmortem, &mut checks);
    check_timeline(&postmortem.timeline, &mut checks);
    check_findings(&postmortem.findings, &mut checks);
    check_actions(&postmortem.actions, postmortem.status, &mut checks);
    check_anchors(postmortem, contradictions, &mut checks);
    check_people(postmortem, names, &mut checks);
    checks.sort_by_key(|check| match (check.ok, check.note) {
        (false, false) => 0,
        (_, true) => 1,
        (true, false) => 2,
    });
    checks
}

fn check(id: &str, targets: Vec<Target>, missing: &str, there: &str) -> Check {
    let ok = targets.is_empty();
    Check {
        id: id.into(),
        ok,
        note: false,
        text: if ok { there } else { missing }.into(),
        targets,
    }
}

fn place(kind: Option<RowKind>, id: &str, label: &str) -> Target {
    Target {
        kind,
        id: id.into(),
        field: String::new(),
        label: label.into(),
    }
}

fn check_head(postmortem: &Postmortem, checks: &mut Vec<Check>) {
    let when = |missing: bool, target: Target| if missing { vec![target] } else { Vec::new() };
    let blank = |text: &str| text.trim().is_empty();
    let title = when(blank(&postmortem.title), place(None, "title", "Title"));
    checks.push(check(
        "title",
        title,
        "The title is empty",
        "It has a title",
    ));
    let severity = when(
        postmortem.severity.is_none(),
        place(None, "severity", "Severity"),
    );
    checks.push(check(
        "severity",
        severity,
        "The severity is not set",
        "The severity is set",
    ));
    // A template brings labels; only a value says anything about this incident.
    let described = postmortem.impact.iter().any(|fact| !blank(&fact.value));
    let impact = when(!described, place(Some(RowKind::Impact), "", "Impact"));
    checks.push(check(
        "impact",
        impact,
        "Impact is empty",
        "Impact is described",
    ));
    let mut own = postmortem
        .sections
        .iter()
        .filter(|section| !customer_post::is_part(&section.id));
    let first = own.clone().next();
    if let Some(section) = own.find(|section| section.id == "summary").or(first) {
        let target = place(None, &format!("sec:{}", section.id), &section.title);
        let name = if blank(&section.title) {
            "The first section"
        } else {
            section.title.trim()
        };
        let missing = format!("{name} is empty");
        checks.push(check(
            "summary",
            when(blank(&section.text), target),
            &missing,
            &format!("{name} is written"),
        ));
    }
}

/// One check over rows of one kind: the sentence for one, for many, and for none that lack something.
struct Words<'a> {
    id: &'a str,
    /// The control to focus.
    field: &'a str,
    /// After "Finding 6": "has no action item".
    one: &'a str,
    /// After "2 findings": "have no action item".
    many: &'a str,
    there: &'a str,
}

/// What rows of a kind are called: "Finding", "finding", "findings", "F".
struct Kind {
    kind: RowKind,
    named: &'static str,
    one: &'static str,
    many: &'static str,
    letter: &'static str,
}

const EVENTS: Kind = Kind {
    kind: RowKind::Timeline,
    named: "",
    one: "timeline event",
    many: "timeline events",
    letter: "",
};
const FINDINGS: Kind = Kind {
    kind: RowKind::Findings,
    named: "Finding",
    one: "finding",
    many: "findings",
    letter: "F",
};
const ACTIONS: Kind = Kind {
    kind: RowKind::Actions,
    named: "Action item",
    one: "action item",
    many: "action items",
    letter: "A",
};

/// A row that lacks something: id, number, a short text.
struct Lacking<'a> {
    id: &'a str,
    number: Option<u32>,
    text: String,
}

fn over(kind: &Kind, lacking: Vec<Lacking<'_>>, words: &Words<'_>) -> Check {
    let missing = match lacking.as_slice() {
        [one] => match one.number {
            Some(number) => format!("{} {number} {}", kind.named, words.one),
            None => format!("1 {} {}", kind.one, words.one),
        },
        many => format!("{} {} {}", many.len(), kind.many, words.many),
    };
    let targets = lacking.into_iter().map(|row| Target {
        kind: Some(kind.kind),
        id: row.id.to_owned(),
        field: words.field.into(),
        label: row
            .number
            .map_or(row.text, |number| format!("{}{number}", kind.letter)),
    });
    check(words.id, targets.collect(), &missing, words.there)
}

/// The first words of a text, for a label.
fn short(text: &str) -> String {
    let mut label: String = text.trim().chars().take(28).collect();
    if text.trim().chars().count() > 28 {
        let end = label
            .rfind(' ')
            .filter(|end| *end > 8)
            .unwrap_or(label.len());
        label.truncate(end);
        label.push('…');
    }
    if label.is_empty() {
        "Without text".into()
    } else {
        label
    }
}

fn check_timeline(events: &[TimelineEvent], checks: &mut Vec<Check>) {
    if events.is_empty() {
        let target = vec![place(Some(RowKind::Timeline), "", "Timeline")];
        checks.push(check("timeline", target, "The timeline is empty", ""));
        return;
    }
    let lacking = |lacks: &dyn Fn(&TimelineEvent) -> bool| -> Vec<Lacking<'_>> {
        let rows = events.iter().filter(|event| lacks(event));
        rows.map(|event| Lacking {
            id: &event.id,
            number: None,
            text: short(&event.text),
        })
        .collect()
    };
    let words = Words {
        id: "event_time",
        field: "at",
        one: "has no time",
        many: "have no time",
        there: "Every event has a time",
    };
    checks.push(over(&EVENTS, lacking(&|event| event.at.is_none()), &words));
    let words = Words {
        id: "event_phase",
        field: "phase",
        one: "has no phase",
        many: "have no phase",
        there: "Every event has a phase",
    };
    checks.push(over(
        &EVENTS,
        lacking(&|event| event.phase.is_none()),
        &words,
    ));
}

fn check_findings(findings: &[Finding], checks: &mut Vec<Check>) {
    if findings.is_empty() {
        let target = vec![place(Some(RowKind::Findings), "", "Findings")];
        checks.push(check("findings", target, "There are no findings", ""));
        return;
    }
    let lacking = |lacks: &dyn Fn(&Finding) -> bool| -> Vec<Lacking<'_>> {
        let rows = findings.iter().filter(|finding| lacks(finding));
        rows.map(|finding| Lacking {
            id: &finding.id,
            number: finding.number,
            text: short(&finding.text),
        })
        .collect()
    };
    let words = Words {
        id: "finding_event",
        field: "events",
        one: "points to no event",
        many: "point to no event",
        there: "Every finding points to an event",
    };
    checks.push(over(
        &FINDINGS,
        lacking(&|finding| finding.events.is_empty()),
        &words,
    ));
    let words = Words {
        id: "finding_answer",
        field: "actions",
        one: "has no action item",
        many: "have no action item",
        there: "Every finding that asks for it is answered",
    };
    checks.push(over(
        &FINDINGS,
        lacking(&|finding| {
            asks_for_action(finding) && finding.actions.is_empty() && !finding.no_action
        }),
        &words,
    ));
    let words = Words {
        id: "finding_reason",
        field: "no_action_reason",
        one: "needs no action, but does not say why",
        many: "need no action, but do not say why",
        there: "",
    };
    let unexplained = |finding: &Finding| {
        finding.no_action
            && finding.actions.is_empty()
            && finding.no_action_reason.trim().is_empty()
    };
    let reason = over(&FINDINGS, lacking(&unexplained), &words);
    if !reason.ok {
        checks.push(reason);
    }
}

/// What helped, and what went well by luck, may be left as it is.
fn asks_for_action(finding: &Finding) -> bool {
    !matches!(finding.kind, FindingKind::Helped | FindingKind::Luck)
}

fn check_actions(actions: &[ActionItem], status: Status, checks: &mut Vec<Check>) {
    if actions.is_empty() {
        return;
    }
    let lacking = |lacks: &dyn Fn(&ActionItem) -> bool| -> Vec<Lacking<'_>> {
        let rows = actions.iter().filter(|action| lacks(action));
        rows.map(|action| Lacking {
            id: &action.id,
            number: action.number,
            text: short(&action.text),
        })
        .collect()
    };
    let words = Words {
        id: "closed",
        field: "status",
        one: "is open",
        many: "are open",
        there: "",
    };
    let open = over(
        &ACTIONS,
        lacking(&|action| status == Status::Closed && !is_settled(action.status)),
        &words,
    );
    if !open.ok {
        let text = match open.targets.len() {
            1 => "It is closed, but 1 action item is open".into(),
            _ => format!("It is closed, but {}", open.text),
        };
        checks.push(Check { text, ..open });
    }
    let words = Words {
        id: "action_owner",
        field: "owner",
        one: "has no owner",
        many: "have no owner",
        there: "Every action item has an owner",
    };
    let ownerless =
        |action: &ActionItem| action.owner.is_none() && action.status != ActionStatus::Declined;
    checks.push(over(&ACTIONS, lacking(&ownerless), &words));
    let words = Words {
        id: "action_due",
        field: "due",
        one: "has no due date",
        many: "have no due date",
        there: "Every action item has a due date",
    };
    checks.push(over(
        &ACTIONS,
        lacking(&|action| action.due.is_none() && !is_settled(action.status)),
        &words,
    ));
    let words = Words {
        id: "action_done_when",
        field: "done_when",
        one: "does not say when it is done",
        many: "do not say when they are done",
        there: "Every action item says when it is done",
    };
    let endless =
        |action: &ActionItem| action.done_when.trim().is_empty() && !is_settled(action.status);
    checks.push(over(&ACTIONS, lacking(&endless), &words));
    let words = Words {
        id: "action_reason",
        field: "reason",
        one: "is declined without a reason",
        many: "are declined without a reason",
        there: "",
    };
    let unexplained = |action: &ActionItem| {
        action.status == ActionStatus::Declined && action.reason.trim().is_empty()
    };
    let reason = over(&ACTIONS, lacking(&unexplained), &words);
    if !reason.ok {
        checks.push(reason);
    }
    let words = Words {
        id: "action_evidence",
        field: "evidence",
        one: "is done without evidence",
        many: "are done without evidence",
        there: "",
    };
    let unproven = |action: &ActionItem| {
        action.status == ActionStatus::Done && action.evidence.trim().is_empty()
    };
    let evidence = over(&ACTIONS, lacking(&unproven), &words);
    if !evidence.ok {
        checks.push(Check {
            note: true,
            ..evidence
        });
    }
}

fn check_anchors(
    postmortem: &Postmortem,
    contradictions: &[Contradiction],
    checks: &mut Vec<Check>,
) {
    let anchor = |key: AnchorKey| place(None, key.name(), key.title());
    for found in contradictions {
        let targets = vec![anchor(found.earlier), anchor(found.later)];
        let id = format!(
            "contradiction:{}:{}",
            found.earlier.name(),
            found.later.name()
        );
        checks.push(check(&id, targets, &found.text, ""));
    }
    for (key, taken) in &postmortem.anchors {
        let event = taken.source.strip_prefix("event:").and_then(|id| {
            let mut events = postmortem.timeline.iter();
            events.find(|event| event.id == id)
        });
        let (Some(event), Some(at)) = (event, taken.at) else {
            continue;
        };
        // The time was taken from the event, and stays when the event gets another one.
        if let Some(moment) = event.at.as_ref().filter(|moment| moment.at != at) {
            let zone = zone_or_utc(&postmortem.timezone);
            let clock = |at: DateTime<Utc>| at.with_timezone(&zone).format("%-d %b, %H:%M");
            let text = format!(
                "“{}” is {}, and the event that it is known from is now {}",
                key.title(),
                clock(at),
                clock(moment.at)
            );
            let targets = vec![anchor(*key)];
            checks.push(check(&format!("source:{}", key.name()), targets, &text, ""));
        }
    }
    let unknown = |key: &AnchorKey| {
        postmortem
            .anchors
            .get(key)
            .is_none_or(|anchor| anchor.at.is_none() || anchor.precision == Precision::Unknown)
    };
    let unknown: Vec<AnchorKey> = [AnchorKey::T0, AnchorKey::T6]
        .into_iter()
        .filter(unknown)
        .collect();
    let text = match unknown.as_slice() {
        [] => return,
        [AnchorKey::T0] => "When the impact started is unknown",
        [_] => "When the impact ended is unknown",
        _ => "When the impact started and ended is unknown",
    };
    let targets = unknown.into_iter().map(anchor).collect();
    checks.push(Check {
        note: true,
        ..check("anchors", targets, text, "")
    });
}

fn check_people(
    postmortem: &Postmortem,
    names: &dyn Fn(&PersonId) -> Option<String>,
    checks: &mut Vec<Check>,
) {
    let name_of = |person: &PersonId| {
        let copied = postmortem
            .participants
            .iter()
            .find(|participant| participant.person.as_ref() == Some(person));
        names(person)
            .or_else(|| copied.map(|participant| participant.name.clone()))
            .unwrap_or_else(|| "Somebody".into())
    };
    let note = |id: &str, target: Target, missing: &str, there: Option<String>| {
        let targets = if there.is_some() {
            Vec::new()
        } else {
            vec![target]
        };
        Check {
            note: true,
            ..check(id, targets, missing, &there.unwrap_or_default())
        }
    };
    let owner = postmortem
        .review_owner
        .as_ref()
        .map(|owner| format!("{} owns this review", name_of(owner)));
    checks.push(note(
        "review_owner",
        place(None, "review_owner", "Review owner"),
        "Nobody owns this review",
        owner,
    ));
    for (id, role, missing, does) in [
        (
            "facilitator",
            ReviewRole::Facilitator,
            "No facilitator is named",
            "facilitates",
        ),
        (
            "scribe",
            ReviewRole::Scribe,
            "No scribe is named",
            "writes along",
        ),
    ] {
        let who = postmortem
            .participants
            .iter()
            .find(|participant| participant.role == role);
        let there = who.map(|participant| {
            let name = participant
                .person
                .as_ref()
                .map_or_else(|| participant.name.clone(), name_of);
            format!("{name} {does}")
        });
        checks.push(note(
            id,
            place(Some(RowKind::Participants), "", "Participants"),
            missing,
            there,
        ));
    }
}
