//! The words around figures.

use chrono::{Datelike, NaiveDate};

use super::figures::{Context, enough};
use super::{
    ActionFigures, DurationStrip, Headline, LISTED, LeftOut, LeftOutReason, ScopeWords,
    SummaryScope,
};
use crate::duration_words::duration_about;
use crate::postmortem::Severity;
use crate::visibility::Audience;

/// A length as a count.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// "3 of 15 have", "1 of 15 has".
pub(super) fn of_all(number: u32, all: u32) -> String {
    format!(
        "{number} of {all} {}",
        if number == 1 { "has" } else { "have" }
    )
}

pub(super) fn left_out(reason: LeftOutReason, count: u32, text: String) -> LeftOut {
    LeftOut {
        reason,
        count,
        text,
    }
}

/// What is not known of so many; nothing when it is known of all.
pub(super) fn missing(number: u32, text: String) -> Vec<LeftOut> {
    if number == 0 {
        return Vec::new();
    }
    vec![left_out(LeftOutReason::Missing, number, text)]
}

/// What the audience may not see. Customers are told that it is so, and not of how many.
pub(super) fn hidden(audience: Audience, number: u32, one: &str, many: &str) -> Vec<LeftOut> {
    let text = match (audience, number) {
        (Audience::Customers, _) => {
            let text = format!("Only {many} that are marked for customers are counted.");
            return vec![left_out(LeftOutReason::Hidden, 0, text)];
        }
        (_, 0) => return Vec::new(),
        (_, 1) => format!("1 {one} is for the review alone and not counted."),
        _ => format!("{number} {many} are for the review alone and not counted."),
    };
    vec![left_out(LeftOutReason::Hidden, number, text)]
}

/// Cuts a list to what may be shown of it.
pub(super) fn cap<T>(rows: &mut Vec<T>) {
    rows.truncate(LISTED);
}

/// That a list shows fewer than there are.
pub(super) fn long(shown: usize, total: usize, what: &str) -> Option<LeftOut> {
    let more = total.checked_sub(shown).filter(|more| *more > 0)?;
    let text = format!("The list shows {shown} of {total} {what}.");
    Some(left_out(LeftOutReason::Long, count(more), text))
}

/// "15 incidents, 58 improvements made".
pub(super) fn headline_title(incidents: u32, done: u32) -> String {
    let incidents = match incidents {
        0 => return "No incidents".into(),
        1 => "1 incident".to_owned(),
        many => format!("{many} incidents"),
    };
    match done {
        0 => incidents,
        1 => format!("{incidents}, 1 improvement made"),
        many => format!("{incidents}, {many} improvements made"),
    }
}

/// One sentence about the incidents and one about the action items.
pub(super) fn headline_sentences(
    headline: &Headline,
    total: Option<&DurationStrip>,
    actions: &ActionFigures,
) -> Vec<String> {
    if headline.incidents == 0 {
        return Vec::new();
    }
    let mut incidents = total.map_or_else(String::new, |total| lengths(headline.incidents, total));
    let longest = headline.detection_longest;
    if longest > 0 && enough(total.map_or(0, |total| total.dots.len())) {
        incidents.push_str(&format!(
            "; in {longest} of {} noticing took longer than any other part",
            headline.all_phases_known
        ));
    }
    incidents.push('.');
    vec![incidents, items(actions)]
}

/// The same for customers: how long it took, and what was changed. How we noticed and what is late with us is not theirs.
pub(super) fn customer_sentences(
    headline: &Headline,
    total: Option<&DurationStrip>,
    actions: &ActionFigures,
) -> Vec<String> {
    if headline.incidents == 0 {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    if let Some(total) = total {
        sentences.push(format!("{}.", lengths(headline.incidents, total)));
    }
    match (actions.opened, actions.done) {
        (0, _) => {}
        (1, 0) => sentences.push("We are working on one change.".into()),
        (1, _) => sentences.push("The one change that we promised is made.".into()),
        (all, done) if all == done => {
            sentences.push(format!("All {all} changes that we promised are made."))
        }
        (all, done) => sentences.push(format!(
            "Of {all} changes that we promised, {done} {} made.",
            if done == 1 { "is" } else { "are" }
        )),
    }
    sentences
}

fn lengths(incidents: u32, total: &DurationStrip) -> String {
    let known = count(total.dots.len());
    let which = if known == incidents {
        format!("the {incidents} incidents")
    } else {
        format!("the {known} incidents whose length is known")
    };
    let (Some(first), Some(last)) = (total.dots.first(), total.dots.last()) else {
        return match incidents {
            1 => "How long it lasted is not known".into(),
            _ => "How long they lasted is not known".into(),
        };
    };
    if let Some(middle) = total.middle {
        let about = total.estimates > 0;
        return format!(
            "Half of {which} were over within {}",
            duration_about(Some(middle.median), about)
        );
    }
    let shortest = duration_about(Some(first.seconds), first.about);
    let longest = duration_about(Some(last.seconds), last.about);
    match (incidents, known) {
        (1, _) => format!("It lasted {shortest}"),
        (_, 1) => format!("The one incident whose length is known lasted {shortest}"),
        _ if shortest == longest => {
            format!("{} lasted {shortest}", capital(&which))
        }
        _ => format!(
            "{} lasted between {shortest} and {longest}",
            capital(&which)
        ),
    }
}

fn items(actions: &ActionFigures) -> String {
    let is = |number: u32| if number == 1 { "is" } else { "are" };
    let (opened, open, overdue) = (actions.opened, actions.open, actions.overdue);
    let all = match opened {
        0 => return "No action item is written down.".into(),
        1 => "The one action item".to_owned(),
        many => format!("Of {many} action items"),
    };
    match (opened, open, overdue) {
        (1, 1, 0) => format!("{all} is still open."),
        (1, 1, _) => format!("{all} is still open and overdue."),
        (1, _, _) => format!("{all} is settled."),
        (_, 0, _) => format!("{all} none is still open."),
        (_, _, 0) => format!("{all}, {open} {} still open and none is overdue.", is(open)),
        _ => format!(
            "{all}, {open} {} still open and {overdue} {} overdue.",
            is(open),
            is(overdue)
        ),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A scope in words.
pub(super) fn scope(scope: &SummaryScope, context: &Context) -> ScopeWords {
    let services: Vec<String> = scope
        .services
        .iter()
        .map(|id| context.service(id))
        .collect();
    let severities: Vec<String> = scope
        .severities
        .iter()
        .map(|s| severity(*s).into())
        .collect();
    let or = |words: &[String], all: &str| match words {
        [] => all.to_owned(),
        words => and(words),
    };
    ScopeWords {
        period: period(scope.from, scope.to),
        services: or(&services, "All services"),
        severities: or(&severities, "All severities"),
        tags: or(&scope.tags, ""),
        postmortems: match scope.postmortems.len() {
            0 => String::new(),
            1 => "1 chosen postmortem".into(),
            many => format!("{many} chosen postmortems"),
        },
        audience: match scope.audience {
            Audience::Company => "Everyone in the company",
            Audience::Executives => "Executives",
            Audience::Customers => "Customers",
        }
        .into(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Sev1 => "SEV1",
        Severity::Sev2 => "SEV2",
        Severity::Sev3 => "SEV3",
        Severity::Sev4 => "SEV4",
        Severity::Sev5 => "SEV5",
    }
}

/// "A", "A and B", "A, B and C".
fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// "2026", "November 2026", "June to November 2026", "3 to 9 November 2026", "3 November 2026 to 9 January 2027".
fn period(from: NaiveDate, to: NaiveDate) -> String {
    let begins_month = from.day() == 1;
    let ends_month = to.succ_opt().is_none_or(|next| next.day() == 1);
    let same_year = from.year() == to.year();
    let same_month = same_year && from.month() == to.month();
    let (first, last) = if begins_month && ends_month && from <= to {
        match () {
            () if same_year && from.month() == 1 && to.month() == 12 => ("", "%Y"),
            () if same_month => ("", "%B %Y"),
            () if same_year => ("%B", "%B %Y"),
            () => ("%B %Y", "%B %Y"),
        }
    } else {
        match () {
            () if from == to => ("", "%-d %B %Y"),
            () if same_month => ("%-d", "%-d %B %Y"),
            () if same_year => ("%-d %B", "%-d %B %Y"),
            () => ("%-d %B %Y", "%-d %B %Y"),
        }
    };
    let last = to.format(last);
    if first.is_empty() {
        last.to_string()
    } else {
        format!("{} to {last}", from.format(first))
    }
}
