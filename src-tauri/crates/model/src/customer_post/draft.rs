//! Drafts a post from what is marked for customers.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::check::Checker;
use super::{PARTS, Post, PostImpact, PostStatus, PostText, PostUpdate};
use crate::derived::{known, zone_or_utc};
use crate::exchange::escape;
use crate::postmortem::{
    ActionItem, ActionStatus, Actor, AnchorKey, EventKind, Postmortem, Precision, Severity, Status,
    TimelineEvent, Visibility,
};
use crate::visibility::{Audience, may_see};

/// Whoever acted, where no name may stand.
const ONE_OF_US: &str = "One of our team";

/// The post without anybody's edits.
pub fn draft(postmortem: &Postmortem, checker: &Checker<'_>) -> Post {
    let mut left_out = 0;
    let starts = known(postmortem, AnchorKey::T0);
    let ends = known(postmortem, AnchorKey::T6)
        .filter(|(end, _)| starts.is_none_or(|(start, _)| start <= *end));
    let mut post = Post {
        title: title(postmortem, checker, starts.map(|(at, _)| at)),
        impact: impact(postmortem.severity),
        status: status(postmortem),
        starts: starts.map(|(at, _)| at),
        ends: ends.map(|(at, _)| at),
        starts_about: starts.is_some_and(|(_, about)| about),
        ends_about: ends.is_some_and(|(_, about)| about),
        timezone: postmortem.timezone.clone(),
        updates: updates(postmortem, checker, &mut left_out),
        ..Post::default()
    };
    let seen = seen(postmortem, checker);
    let summary = summary(&post, seen.as_ref().map(|(_, text)| text.as_str()));
    let happened = happened(
        postmortem,
        checker,
        seen.as_ref().map(|(event, _)| *event),
        &mut left_out,
    );
    let doing = doing(postmortem, checker, &mut left_out);
    let text = |part: usize, text: String| {
        let (section, heading) = PARTS
            .get(part)
            .map_or(("", ""), |(id, heading, _)| (*id, *heading));
        PostText {
            section: section.into(),
            heading: heading.into(),
            text,
            edited: false,
        }
    };
    post.summary = text(0, summary);
    post.happened = text(1, happened);
    post.doing = text(2, doing);
    post.left_out = left_out;
    post
}

/// The last day of the incident and of what was said meanwhile, in the postmortem's zone.
pub fn last_day(postmortem: &Postmortem) -> Option<NaiveDate> {
    let ends = [AnchorKey::T0, AnchorKey::T6, AnchorKey::T7]
        .into_iter()
        .filter_map(|key| known(postmortem, key))
        .map(|(at, _)| at);
    let said = postmortem
        .timeline
        .iter()
        .filter(|event| is_update(event))
        .filter_map(|event| Some(event.at.as_ref()?.at));
    let last = ends.chain(said).max()?;
    Some(local(last, &postmortem.timezone).date_naive())
}

/// Whether customers may read a row.
fn shown(visibility: Visibility) -> bool {
    may_see(Audience::Customers, visibility)
}

fn impact(severity: Option<Severity>) -> PostImpact {
    match severity {
        Some(Severity::Sev1) => PostImpact::Critical,
        Some(Severity::Sev2) => PostImpact::Major,
        Some(Severity::Sev3 | Severity::Sev4) | None => PostImpact::Minor,
        Some(Severity::Sev5) => PostImpact::None,
    }
}

fn status(postmortem: &Postmortem) -> PostStatus {
    let reviewed = matches!(postmortem.status, Status::FollowUp | Status::Closed);
    if reviewed {
        return PostStatus::Postmortem;
    }
    let passed = |keys: &[AnchorKey]| keys.iter().any(|key| known(postmortem, *key).is_some());
    match () {
        () if passed(&[AnchorKey::T7]) => PostStatus::Resolved,
        () if passed(&[AnchorKey::T6]) => PostStatus::Monitoring,
        () if passed(&[AnchorKey::T4, AnchorKey::T5]) => PostStatus::Identified,
        () => PostStatus::Investigating,
    }
}

/// The status that an update at this instant announced.
fn status_at(postmortem: &Postmortem, at: DateTime<Utc>) -> PostStatus {
    let passed = |keys: &[AnchorKey]| {
        let mut instants = keys.iter().filter_map(|key| known(postmortem, *key));
        instants.any(|(instant, _)| instant <= at)
    };
    match () {
        () if passed(&[AnchorKey::T7]) => PostStatus::Resolved,
        () if passed(&[AnchorKey::T6]) => PostStatus::Monitoring,
        () if passed(&[AnchorKey::T4, AnchorKey::T5]) => PostStatus::Identified,
        () => PostStatus::Investigating,
    }
}

/// The postmortem's title, unless it names what no customer should read.
fn title(postmortem: &Postmortem, checker: &Checker<'_>, starts: Option<DateTime<Utc>>) -> String {
    let title = one_line(&postmortem.title);
    if !title.is_empty() && !checker.keeps_out(&title) {
        return title;
    }
    match starts {
        Some(at) => format!("Incident of {}", day(at, &postmortem.timezone)),
        None => "Incident".into(),
    }
}

/// What customers saw first, when it is marked for them: the summary begins with it.
fn seen<'a>(
    postmortem: &'a Postmortem,
    checker: &Checker<'_>,
) -> Option<(&'a TimelineEvent, String)> {
    postmortem
        .timeline
        .iter()
        .filter(|event| event.kind == EventKind::Signal)
        .filter(|event| shown(event.visibility) && !is_update(event))
        .map(|event| (event, told(event, checker)))
        .find(|(_, text)| !text.is_empty() && !checker.keeps_out(text))
}

fn summary(post: &Post, seen: Option<&str>) -> String {
    let mut sentences = vec![sentence(&escape(seen.unwrap_or(&post.title)))];
    let zone = &post.timezone;
    let about = |estimate: bool| if estimate { "about " } else { "" };
    let (began, over) = (about(post.starts_about), about(post.ends_about));
    match (post.starts, post.ends) {
        (Some(from), Some(to)) if day(from, zone) == day(to, zone) => sentences.push(format!(
            "It began at {began}{} and was over at {over}{} on {}, {} later.",
            clock(from, zone),
            with_zone(to, zone),
            long_day(from, zone),
            length((to - from).num_seconds())
        )),
        (Some(from), Some(to)) => sentences.push(format!(
            "It began on {} at {began}{} and was over on {} at {over}{}, {} later.",
            long_day(from, zone),
            clock(from, zone),
            long_day(to, zone),
            with_zone(to, zone),
            length((to - from).num_seconds())
        )),
        (Some(from), None) => sentences.push(format!(
            "It began on {} at {began}{}.",
            long_day(from, zone),
            with_zone(from, zone)
        )),
        (None, Some(to)) => sentences.push(format!(
            "It was over on {} at {over}{}.",
            long_day(to, zone),
            with_zone(to, zone)
        )),
        (None, None) => {}
    }
    sentences.push("We are sorry for the trouble that this caused.".into());
    sentences.join(" ")
}

/// Findings, then events; `summed_up` stands in the summary already.
fn happened(
    postmortem: &Postmortem,
    checker: &Checker<'_>,
    summed_up: Option<&TimelineEvent>,
    left_out: &mut u32,
) -> String {
    let mut allowed = |text: &str| {
        let fits = !text.is_empty() && !checker.keeps_out(text);
        *left_out += u32::from(!fits && !text.is_empty());
        fits
    };
    let findings: Vec<String> = postmortem
        .findings
        .iter()
        .filter(|finding| shown(finding.visibility))
        .map(|finding| one_line(&finding.text))
        .filter(|text| allowed(text))
        .map(|text| sentence(&escape(&text)))
        .collect();
    let events: Vec<String> = postmortem
        .timeline
        .iter()
        .filter(|event| shown(event.visibility) && !is_update(event))
        .filter(|event| summed_up.is_none_or(|told| told.id != event.id))
        .filter_map(|event| {
            let text = told(event, checker);
            allowed(&text).then(|| match &event.at {
                Some(moment) => {
                    let about = match moment.precision {
                        Precision::About => "About ",
                        Precision::Exact | Precision::Unknown => "",
                    };
                    let at = with_zone(moment.at, &postmortem.timezone);
                    format!("- {about}{at}: {}", sentence(&escape(&text)))
                }
                None => format!("- {}", sentence(&escape(&text))),
            })
        })
        .collect();
    let parts = [findings.join(" "), events.join("\n")];
    let written: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    written.join("\n\n")
}

fn doing(postmortem: &Postmortem, checker: &Checker<'_>, left_out: &mut u32) -> String {
    let mut lines = Vec::new();
    for action in &postmortem.actions {
        let promised = shown(action.visibility) && action.status != ActionStatus::Declined;
        let text = one_line(&action.text);
        if !promised || text.is_empty() {
            continue;
        }
        if checker.keeps_out(&text) {
            *left_out += 1;
            continue;
        }
        lines.push(format!(
            "- {}{}",
            escape(text.trim_end_matches('.')),
            promise(action)
        ));
    }
    lines.join("\n")
}

/// What stands behind a promise: that it is kept, or by when.
fn promise(action: &ActionItem) -> String {
    match (action.status, action.due) {
        (ActionStatus::Done, _) => " (done)".into(),
        (_, Some(due)) => format!(" (by {})", due.format("%-d %B %Y")),
        (_, None) => String::new(),
    }
}

fn is_update(event: &TimelineEvent) -> bool {
    event.public && event.kind == EventKind::Communication
}

fn updates(postmortem: &Postmortem, checker: &Checker<'_>, left_out: &mut u32) -> Vec<PostUpdate> {
    let events = postmortem.timeline.iter().filter(|event| is_update(event));
    events
        .filter(|event| event.visibility != Visibility::Room)
        .map(|event| {
            let mut text = match shown(event.visibility) {
                true => said(&event.text),
                false => String::new(),
            };
            if checker.keeps_out(&text) {
                *left_out += 1;
                text.clear();
            }
            let at = event.at.as_ref().map(|moment| moment.at);
            PostUpdate {
                at,
                about: event
                    .at
                    .as_ref()
                    .is_some_and(|moment| moment.precision == Precision::About),
                status: at.map_or(PostStatus::Investigating, |at| status_at(postmortem, at)),
                text,
            }
        })
        .collect()
}

/// The words of an update: what stands in quotation marks, for that is what customers read, else all of it.
pub fn said(text: &str) -> String {
    let text = one_line(text);
    let quoted = [('“', '”'), ('"', '"'), ('„', '“'), ('«', '»')]
        .iter()
        .find_map(|(open, close)| {
            let (_, rest) = text.split_once(*open)?;
            let (words, _) = rest.rsplit_once(*close)?;
            (!words.trim().is_empty()).then(|| words.trim().to_owned())
        });
    quoted.unwrap_or(text)
}

/// An event as a sentence, without the name of whoever acted.
fn told(event: &TimelineEvent, checker: &Checker<'_>) -> String {
    let text = one_line(&event.text);
    if text.is_empty() {
        return text;
    }
    match &event.actor {
        None => text,
        Some(Actor::Participant(_)) => format!("{ONE_OF_US} {text}"),
        Some(Actor::Role(role)) => {
            let role = one_line(role);
            if role.is_empty() {
                text
            } else if checker.keeps_out(&role) {
                format!("{ONE_OF_US} {text}")
            } else {
                format!("{role} {text}")
            }
        }
    }
}

/// A text in one line, without space at its ends.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// With a capital at its start and a full stop at its end.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut out: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => return String::new(),
    };
    if !out.ends_with(['.', '!', '?', '…', ':']) {
        out.push('.');
    }
    out
}

/// "1 hour 35 minutes": lengths of time as customers read them.
fn length(seconds: i64) -> String {
    let minutes = seconds.unsigned_abs().div_ceil(60);
    let unit = |count: u64, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = match days {
        0 => [unit(hours, "hour"), unit(rest, "minute")],
        days => [unit(days, "day"), unit(hours, "hour")],
    };
    let words: Vec<String> = parts.into_iter().flatten().collect();
    match words.is_empty() {
        true => "less than a minute".into(),
        false => words.join(" "),
    }
}

fn clock(at: DateTime<Utc>, zone: &str) -> String {
    local(at, zone).format("%H:%M").to_string()
}

fn with_zone(at: DateTime<Utc>, zone: &str) -> String {
    let local = local(at, zone);
    let label = local.format("%Z").to_string();
    match label.starts_with(['+', '-']) {
        true => format!("{} UTC{}", local.format("%H:%M"), local.format("%:z")),
        false => format!("{} {label}", local.format("%H:%M")),
    }
}

fn day(at: DateTime<Utc>, zone: &str) -> String {
    local(at, zone).format("%-d %B %Y").to_string()
}

fn long_day(at: DateTime<Utc>, zone: &str) -> String {
    local(at, zone).format("%A %-d %B %Y").to_string()
}

fn local(at: DateTime<Utc>, zone: &str) -> DateTime<Tz> {
    // A zone's offset could leave what a calendar can hold at the ends of time.
    let zone = match at.year() {
        1..=9998 => zone_or_utc(zone),
        _ => Tz::UTC,
    };
    at.with_timezone(&zone)
}
