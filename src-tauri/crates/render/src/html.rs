//! One self-contained page that reads and prints like the document in the app: no script, nothing loaded from anywhere.

mod names;

use minijinja::context;
use minijinja::value::{Serde, Value};
use model::derived::derive;
use model::postmortem::{
    ActionItem, ActionStatus, Moment, Postmortem, Precision, Severity, Visibility,
};
use serde::Serialize;

use names::{ActionRow, Names};

use crate::export_templates::{self, Head};
use crate::prose::line_html;
use crate::{Export, ExportPage, Rendered, TemplateFault, bar, markdown_html, words};

const CSS: &str = include_str!("page/page.css");

#[derive(Serialize)]
struct Figure {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
    html: Value,
}

#[derive(Serialize)]
struct DurationRow {
    name: String,
    value: String,
    definition: String,
}

/// The page.
pub(crate) fn render(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    let (shown, left_out) = without_room(export.postmortem);
    // The bar and the figures are of the rows that are shown, too.
    let derived = derive(&shown, &|_| None);
    let export = &Export {
        postmortem: &shown,
        derived: &derived,
        ..*export
    };
    let names = Names::new(export);
    let p = export.postmortem;
    let zone = export.shown_zone();
    let actions: Vec<ActionRow> = p
        .actions
        .iter()
        .enumerate()
        .map(|(i, a)| names.action(i, a))
        .collect();
    let sections: Vec<Section> = p
        .sections
        .iter()
        .enumerate()
        .filter(|(_, s)| !s.text.trim().is_empty())
        .map(|(i, s)| Section {
            id: format!("section-{}", i + 1),
            title: if s.title.is_empty() {
                "Untitled section".into()
            } else {
                s.title.clone()
            },
            html: Value::from_safe_string(markdown_html(&s.text)),
        })
        .collect();
    let first_is_first = p
        .sections
        .first()
        .is_some_and(|s| !s.text.trim().is_empty());
    let meta: Vec<String> = std::iter::once(words::name(p.status))
        .chain(export.named_services().iter().map(|s| s.name.clone()))
        .chain(
            export
                .derived
                .starts
                .map(|from| words::stretch(from, export.derived.ends, zone)),
        )
        .collect();
    let title = if p.title.is_empty() {
        "Untitled postmortem"
    } else {
        p.title.as_str()
    };
    let context = context! {
        title => title,
        severity => p.severity.map(words::name),
        severity_bars => value(p.severity.map(severity_bars)),
        meta => meta,
        tags => value(&p.tags),
        figures => value(figures(export)),
        bar => bar::svg(export.derived, zone).map(Value::from_safe_string),
        phases => value(phase_legend(export)),
        names_fit => bar::names_fit(export.derived),
        lede => value(sections.first().filter(|_| first_is_first)),
        sections => value(if first_is_first { sections.get(1..).unwrap_or_default() } else { &sections }),
        impact => impact(export),
        anchors => value(names.anchors()),
        durations => value(durations(export)),
        contradictions => export.derived.contradictions.iter().map(|c| c.text.clone()).collect::<Vec<_>>(),
        groups => value(names.timeline()),
        event_count => words::count(p.timeline.len(), "event", "events"),
        zone_note => zone_note(export, zone),
        findings => value(p.findings.iter().enumerate().map(|(i, f)| names.finding(i, f)).collect::<Vec<_>>()),
        actions => value(actions),
        actions_note => actions_note(&p.actions),
        left_out => left_out_note(left_out),
        parking => p.parking.iter().map(|item| {
            context! { text => Value::from_safe_string(line_html(&item.text)), who => names.actor(item.raised_by.as_ref()) }
        }).collect::<Vec<_>>(),
        participants => p.participants.iter().map(|row| {
            context! { name => row.name.clone(), role => words::name(row.role), title => row.title.clone() }
        }).collect::<Vec<_>>(),
        review_owner => p.review_owner.as_ref().map(|id| names.person(id)),
        made => format!("Made with Debrief, {}", words::date(export.now, zone)),
    };
    let head = Head { title, css: CSS };
    let text = export_templates::page(ExportPage::Postmortem, &export.templates, &head, context)?;
    Ok(Rendered {
        text,
        assets: Vec::new(),
    })
}

fn value<T: Serialize>(data: T) -> Value {
    Serde(data).into()
}

fn zone_note(export: &Export<'_>, zone: &str) -> String {
    let at = export.derived.starts.unwrap_or(export.now);
    format!("Times in {}", words::zone_label(at, zone))
}

fn actions_note(actions: &[ActionItem]) -> String {
    let are = |status| actions.iter().filter(|a| a.status == status).count();
    let all = actions.len();
    let done = match are(ActionStatus::Done) {
        _ if all == 0 => return String::new(),
        0 => format!("{all}, none done yet"),
        done => format!("{done} of {all} done"),
    };
    match are(ActionStatus::Declined) {
        0 => done,
        declined => format!("{done}, {declined} declined"),
    }
}

/// The postmortem without the rows that are for its review only, and how many those are, and without the texts of the
/// post for customers. A page is for passing on; the formats that import back hold everything.
fn without_room(postmortem: &Postmortem) -> (Postmortem, usize) {
    let mut shown = postmortem.clone();
    shown
        .timeline
        .retain(|row| row.visibility != Visibility::Room);
    shown
        .findings
        .retain(|row| row.visibility != Visibility::Room);
    shown
        .actions
        .retain(|row| row.visibility != Visibility::Room);
    shown
        .sections
        .retain(|section| !model::customer_post::is_part(&section.id));
    let rows = |p: &Postmortem| p.timeline.len() + p.findings.len() + p.actions.len();
    let left_out = rows(postmortem) - rows(&shown);
    (shown, left_out)
}

fn left_out_note(rows: usize) -> String {
    match rows {
        0 => String::new(),
        1 => "1 row for this review only is left out.".into(),
        rows => format!("{rows} rows for this review only are left out."),
    }
}

fn severity_bars(severity: Severity) -> Vec<(f64, u32, u32, bool)> {
    let on = match severity {
        Severity::Sev1 => 5,
        Severity::Sev2 => 4,
        Severity::Sev3 => 3,
        Severity::Sev4 => 2,
        Severity::Sev5 => 1,
    };
    (0..5u32)
        .map(|i| (f64::from(i) * 3.5, 8 - 2 * i, 4 + 2 * i, i < on))
        .collect()
}

fn figures(export: &Export<'_>) -> Vec<Figure> {
    let derived = export.derived;
    let mut out = Vec::new();
    for (key, label) in [
        ("total", "from first impact to its end"),
        ("detect", "until one of us knew"),
    ] {
        if let Some(d) = derived
            .durations
            .iter()
            .find(|d| d.key == key && d.seconds.is_some())
        {
            out.push(Figure {
                value: capital(&words::duration_about(d.seconds, d.about)),
                label: label.into(),
            });
        }
    }
    for fact in export
        .postmortem
        .impact
        .iter()
        .rev()
        .filter(|f| !f.value.is_empty())
        .take(1)
    {
        let value = if fact.estimate {
            format!("About {}", fact.value)
        } else {
            fact.value.clone()
        };
        let label = if fact.unit.is_empty() {
            fact.text.clone()
        } else {
            format!("{} ({})", fact.text, fact.unit)
        };
        out.push(Figure { value, label });
    }
    if derived.public_updates > 0 {
        let label = if derived.public_updates == 1 {
            "update customers could read"
        } else {
            "updates customers could read"
        };
        out.push(Figure {
            value: derived.public_updates.to_string(),
            label: label.into(),
        });
    }
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|c| c.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

fn phase_legend(export: &Export<'_>) -> Vec<(String, &'static str, String)> {
    let phases = &export.derived.phases;
    if phases.iter().all(|p| p.seconds.is_none()) {
        return Vec::new();
    }
    phases
        .iter()
        .map(|p| {
            (
                words::name(p.phase),
                bar::phase_class(p.phase),
                words::duration_about(p.seconds, p.about),
            )
        })
        .collect()
}

fn impact(export: &Export<'_>) -> Vec<Value> {
    let zone = export.shown_zone();
    export
        .postmortem
        .impact
        .iter()
        .map(|fact| {
            let value = [fact.value.as_str(), fact.unit.as_str()].join(" ");
            context! {
                text => Value::from_safe_string(line_html(&fact.text)),
                value => if fact.estimate { format!("about {}", value.trim()) } else { value.trim().to_owned() },
                when => fact.at.as_ref().map(|at| moment(at, zone)),
            }
        })
        .collect()
}

fn durations(export: &Export<'_>) -> Vec<DurationRow> {
    if export.postmortem.anchors.is_empty() {
        return Vec::new();
    }
    let row = |d: &model::derived::DurationFigure| DurationRow {
        name: d.name.clone(),
        value: if d.contradictory {
            "contradictory".into()
        } else {
            words::duration_about(d.seconds, d.about)
        },
        definition: d.definition.clone(),
    };
    export.derived.durations.iter().map(row).collect()
}

fn moment(moment: &Moment, zone: &str) -> String {
    let shown = words::date_time(moment.at, zone);
    if moment.precision == Precision::About {
        format!("about {shown}")
    } else {
        shown
    }
}
