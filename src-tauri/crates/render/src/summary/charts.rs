//! A summary's figures as charts, each with the same figures as a table.

use chrono::{Datelike, NaiveDate};
use model::postmortem::Severity;
use model::summary::{DurationStrip, SeverityCounts, Summary};

use super::size;
use crate::charts::{self, AgeRow, Dot, Month, Steps, Strip, Unit};
use crate::words;

/// One chart with its words.
pub(super) struct Chart {
    pub(super) title: String,
    /// How to read it.
    pub(super) note: String,
    /// The picture.
    pub(super) svg: String,
    /// Severities that are in it.
    pub(super) legend: Vec<Option<Severity>>,
    /// What there is too little of to draw: a name and its incidents.
    pub(super) listed: Vec<(String, String)>,
    /// The same figures.
    pub(super) table: Table,
}

/// Figures as text, row by row; the first cell of a row is its head.
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// From the worst to what nobody has judged.
const SEVERITIES: [Option<Severity>; 6] = [
    Some(Severity::Sev1),
    Some(Severity::Sev2),
    Some(Severity::Sev3),
    Some(Severity::Sev4),
    Some(Severity::Sev5),
    None,
];

fn counts(counts: &SeverityCounts) -> [u32; 6] {
    [
        counts.sev1,
        counts.sev2,
        counts.sev3,
        counts.sev4,
        counts.sev5,
        counts.unknown,
    ]
}

/// How many months are drawn one by one; of more, quarters are, and of many more, years.
const MOST_COLUMNS: usize = 24;

/// The column that a month belongs to, and its label.
#[derive(Clone, Copy, PartialEq)]
enum Span {
    Month,
    Quarter,
    Year,
}

impl Span {
    fn for_months(months: usize) -> Self {
        if months <= MOST_COLUMNS {
            Span::Month
        } else if months <= MOST_COLUMNS * 3 {
            Span::Quarter
        } else {
            Span::Year
        }
    }

    fn name(self) -> &'static str {
        match self {
            Span::Month => "month",
            Span::Quarter => "quarter",
            Span::Year => "year",
        }
    }

    /// Equal for months of one column.
    fn key(self, first: NaiveDate) -> (i32, u32) {
        match self {
            Span::Month => (first.year(), first.month0()),
            Span::Quarter => (first.year(), first.month0() / 3),
            Span::Year => (first.year(), 0),
        }
    }

    fn label(self, first: NaiveDate) -> String {
        match self {
            Span::Month => first.format("%b").to_string(),
            Span::Quarter => format!("Q{}", first.month0() / 3 + 1),
            Span::Year => first.format("%Y").to_string(),
        }
    }
}

/// Incidents per month by severity.
pub(super) fn months(summary: &Summary) -> Chart {
    let months = &summary.months.months;
    let span = Span::for_months(months.len());
    let years = span != Span::Year && summary.scope.from.year() != summary.scope.to.year();
    let mut columns: Vec<((i32, u32), Month, [u32; 6])> = Vec::new();
    let mut year = None;
    for month in months {
        let key = span.key(month.first);
        if columns.last().is_none_or(|(last, ..)| *last != key) {
            let new_year = year != Some(key.0);
            year = Some(key.0);
            let column = Month {
                label: span.label(month.first),
                year: if years && new_year {
                    key.0.to_string()
                } else {
                    String::new()
                },
                units: Vec::new(),
            };
            columns.push((key, column, [0; 6]));
        }
        if let Some((_, column, sums)) = columns.last_mut() {
            column
                .units
                .extend(month.incidents.iter().map(|incident| Unit {
                    title: incident.label.clone(),
                    severity: incident.severity,
                }));
            for (sum, n) in sums.iter_mut().zip(counts(&month.counts)) {
                *sum += n;
            }
        }
    }
    let occurring: Vec<usize> = (0..SEVERITIES.len())
        .filter(|i| columns.iter().any(|(.., sums)| sums[*i] > 0))
        .collect();
    let title = format!("Incidents per {}", span.name());
    let rows = columns
        .iter()
        .map(|((year, _), column, sums)| {
            let mut row = vec![match span {
                Span::Year => column.label.clone(),
                _ => format!("{} {year}", column.label),
            }];
            row.extend(occurring.iter().map(|i| sums[*i].to_string()));
            row.push(sums.iter().sum::<u32>().to_string());
            row
        })
        .collect();
    let mut head = vec![words_of(span)];
    head.extend(occurring.iter().map(|i| severity(SEVERITIES[*i])));
    head.push("All".into());
    let columns: Vec<Month> = columns.into_iter().map(|(_, column, _)| column).collect();
    let note = if charts::in_squares(&columns) {
        "One square is one incident"
    } else {
        "The height of a bar is the number of incidents"
    };
    Chart {
        svg: charts::months("chart-months", &title, &columns),
        note: note.into(),
        legend: occurring.iter().map(|i| SEVERITIES[*i]).collect(),
        listed: Vec::new(),
        table: Table {
            caption: summary.months.note.definition.clone(),
            head,
            rows,
        },
        title,
    }
}

fn words_of(span: Span) -> String {
    match span {
        Span::Month => "Month".into(),
        Span::Quarter => "Quarter".into(),
        Span::Year => "Year".into(),
    }
}

/// "SEV2", or what is said where nobody has judged it.
pub(super) fn severity(severity: Option<Severity>) -> String {
    severity.map_or_else(|| "Not judged".into(), words::name)
}

/// Action items opened and done; nothing when there were none.
pub(super) fn steps(summary: &Summary) -> Option<Chart> {
    let actions = &summary.actions;
    let (first, last) = (actions.steps.first()?, actions.steps.last()?);
    if last.opened == 0 {
        return None;
    }
    let lines = Steps {
        from: first.day,
        to: last.day,
        opened: actions.steps.iter().map(|s| (s.day, s.opened)).collect(),
        done: actions.steps.iter().map(|s| (s.day, s.done)).collect(),
        declined: last.declined,
    };
    let title = "Action items".to_owned();
    let rows = actions
        .steps
        .iter()
        .map(|s| {
            vec![
                words::day(s.day),
                s.opened.to_string(),
                s.done.to_string(),
                s.declined.to_string(),
            ]
        })
        .collect();
    Some(Chart {
        svg: charts::steps("chart-actions", &title, &lines),
        note: format!("Opened and done until {}", words::day(last.day)),
        legend: Vec::new(),
        listed: Vec::new(),
        table: Table {
            caption: actions.note.definition.clone(),
            head: ["By the end of", "Opened", "Done", "Declined"]
                .map(String::from)
                .to_vec(),
            rows,
        },
        title,
    })
}

/// Every incident's length of each part; parts that are known of few incidents are listed.
pub(super) fn durations(summary: &Summary) -> Option<Chart> {
    let focus = summary.focus.as_ref().map(|focus| focus.row.doc.as_str());
    let all = summary.postmortems.len();
    let mut strips = Vec::new();
    let mut listed = Vec::new();
    for strip in &summary.durations {
        if strip.middle.is_some() {
            strips.push(drawn(strip, focus, all));
        } else {
            listed.push((strip.name.clone(), list(strip, all)));
        }
    }
    if strips.is_empty() {
        return None;
    }
    let note = if charts::in_dots(&strips) {
        "Each dot is one incident; the line is the middle one, the band the middle half"
    } else {
        "The higher a bar, the more incidents; the line is the middle one, the band the middle half"
    };
    let title = "How long each part took".to_owned();
    let rows = summary
        .durations
        .iter()
        .map(|strip| {
            let shown = |f: fn(&model::summary::MiddleHalf) -> i64| {
                strip
                    .middle
                    .as_ref()
                    .map_or_else(|| "–".to_owned(), |m| words::duration(Some(f(m))))
            };
            vec![
                strip.name.clone(),
                strip.dots.len().to_string(),
                strip.estimates.to_string(),
                shown(|m| m.lower),
                shown(|m| m.median),
                shown(|m| m.upper),
            ]
        })
        .collect();
    Some(Chart {
        svg: charts::durations("chart-durations", &title, &strips),
        note: note.into(),
        legend: Vec::new(),
        listed,
        table: Table {
            caption:
                "Lengths that incidents had: a quarter, half and three quarters took no longer"
                    .into(),
            head: [
                "Part",
                "Known of",
                "Estimates",
                "A quarter within",
                "Half within",
                "Three quarters within",
            ]
            .map(String::from)
            .to_vec(),
            rows,
        },
        title,
    })
}

fn drawn(strip: &DurationStrip, focus: Option<&str>, all: usize) -> Strip {
    let known = strip.dots.len();
    Strip {
        name: strip.name.clone(),
        note: strip
            .middle
            .map(|m| format!("half within {}", words::duration(Some(m.median))))
            .unwrap_or_default(),
        known: if known < all {
            format!("known of {known} of {all}")
        } else {
            String::new()
        },
        dots: strip
            .dots
            .iter()
            .map(|dot| Dot {
                title: dot.label.clone(),
                severity: dot.severity,
                seconds: dot.seconds,
                about: dot.about,
                focus: focus == Some(dot.doc.as_str()),
            })
            .collect(),
        median: strip.middle.map(|m| m.median),
        middle_half: strip.middle.map(|m| (m.lower, m.upper)),
    }
}

/// The incidents of a part as a sentence: "Login page outage 20 min; Map tiles missing 1 h".
pub(super) fn list(strip: &DurationStrip, all: usize) -> String {
    let known = strip.dots.len();
    if known == 0 {
        return "not known of any incident".into();
    }
    let dots: Vec<String> = strip
        .dots
        .iter()
        .map(|dot| {
            format!(
                "{} {}",
                dot.label,
                words::duration_about(Some(dot.seconds), dot.about)
            )
        })
        .collect();
    if known < all {
        format!("{} (known of {known} of {all})", dots.join("; "))
    } else {
        dots.join("; ")
    }
}

/// How old open action items are; nothing when none is open.
pub(super) fn ages(summary: &Summary) -> Option<Chart> {
    let buckets = &summary.open_ages.buckets;
    if buckets.iter().all(|bucket| bucket.open == 0) {
        return None;
    }
    let rows: Vec<AgeRow> = buckets
        .iter()
        .map(|bucket| AgeRow {
            name: bucket.name.clone(),
            open: size(bucket.open),
            overdue: size(bucket.overdue),
        })
        .collect();
    let title = "Age of open actions".to_owned();
    Some(Chart {
        svg: charts::ages("chart-ages", &title, &rows),
        note: if buckets.iter().any(|bucket| bucket.overdue > 0) {
            "One ring is one action; ochre with a dot is overdue".into()
        } else {
            "One ring is one action".into()
        },
        legend: Vec::new(),
        listed: Vec::new(),
        table: Table {
            caption: summary.open_ages.note.definition.clone(),
            head: ["Age", "Open", "Overdue"].map(String::from).to_vec(),
            rows: buckets
                .iter()
                .map(|b| vec![b.name.clone(), b.open.to_string(), b.overdue.to_string()])
                .collect(),
        },
        title,
    })
}
