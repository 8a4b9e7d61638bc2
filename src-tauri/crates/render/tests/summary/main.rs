//! Summaries as web pages, Markdown, spreadsheets and JSON.

mod fixture;
mod one;
mod well_formed;

use std::path::Path;

use fixture::{half_a_year, recurrence, rows, summary};
use model::summary::Summary;
use model::visibility::Audience;
use render::{ExportTemplates, SUMMARY_FORMATS, SummaryOptions, summary_format};
use well_formed::well_formed;

fn made(format: &str, summary: &Summary, options: &SummaryOptions) -> String {
    let format = summary_format(format).expect("a listed format");
    (format.render)(summary, options, &ExportTemplates::default()).expect("built-in templates work")
}

fn page(summary: &Summary) -> String {
    made("html", summary, &SummaryOptions::default())
}

/// Leaves a page where it can be looked at: `target/tmp/summary`.
fn leave(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("summary");
    std::fs::create_dir_all(&folder).expect("the build folder can be written to");
    std::fs::write(folder.join(name), text).expect("the build folder can be written to");
}

#[test]
fn every_size_makes_a_whole_page() {
    for audience in [Audience::Company, Audience::Executives, Audience::Customers] {
        for n in [0, 1, 4, 5, 300, 2000] {
            let text = page(&summary(rows(n, 2), audience));
            well_formed(&text);
            leave(&format!("{audience:?}-{n}.html").to_lowercase(), &text);
        }
        let text = page(&summary(half_a_year(), audience));
        well_formed(&text);
        leave(&format!("{audience:?}-15.html").to_lowercase(), &text);
    }
}

#[test]
fn the_page_says_what_it_is_and_asks_for_nothing() {
    let options = SummaryOptions {
        roles: true,
        ..SummaryOptions::default()
    };
    let text = made("html", &summary(half_a_year(), Audience::Company), &options);
    for stands in [
        "lang=\"en\"",
        "<title>Incident summary, June to November 2026</title>",
        "<h1>15 incidents, 58 improvements made</h1>",
        "One of the 15 postmortems is a draft and may still change.",
        "Roles are used instead of names",
        "Made with Debrief, 16 November 2026",
        "How these figures are made",
        "Incidents by the month in which their impact started.",
        "In focus: Login page outage",
        "<td class=\"r\">9 of 9</td>",
        "<td class=\"r\">none yet</td>",
        ">~20 min</td>",
    ] {
        assert!(text.contains(stands), "{stands} is missing");
    }
    let outside = text.replace("http://www.w3.org/2000/svg", "");
    for never in [
        "http:", "https:", "//", "src=", "@import", "url(", "<script", "style=\"",
    ] {
        assert!(!outside.contains(never), "{never} would leave the page");
    }
    let plain = page(&summary(half_a_year(), Audience::Company));
    assert!(
        !plain.contains("Roles are used"),
        "the page claims roles only where names were replaced"
    );
}

#[test]
fn few_incidents_are_listed_and_not_drawn() {
    let text = page(&summary(rows(4, 2), Audience::Company));
    assert!(
        !text.contains("role=\"img\""),
        "a shape of four incidents would mean nothing"
    );
    assert!(
        text.contains("<th scope=\"col\" class=\"r\">Detection</th>"),
        "their lengths are told as text"
    );
    assert!(
        text.contains("Fewer than 5 incidents are listed"),
        "and the page says why"
    );
    let text = page(&summary(rows(5, 2), Audience::Company));
    assert!(text.contains("id=\"chart-months-title\""), "five are drawn");
}

#[test]
fn what_was_not_asked_for_is_not_there() {
    let options = SummaryOptions {
        charts: false,
        findings: false,
        open_actions: false,
        postmortems: false,
        roles: false,
    };
    let text = made("html", &summary(half_a_year(), Audience::Company), &options);
    for never in [
        "role=\"img\"",
        "What we keep learning",
        "Accepted risks",
        "All postmortems",
    ] {
        assert!(!text.contains(never), "{never} was not asked for");
    }
    well_formed(&text);
}

#[test]
fn executives_read_the_headline_the_lengths_and_the_open_risks() {
    let text = page(&summary(half_a_year(), Audience::Executives));
    for stands in [
        "How long each part took",
        "Open longest",
        "Accepted risks",
        "12 Nov 2026, overdue",
    ] {
        assert!(text.contains(stands), "{stands} is missing");
    }
    assert!(
        !text.contains("All postmortems"),
        "one page has no room for the table"
    );
}

#[test]
fn customers_read_what_happened_and_what_changes() {
    let summary = summary(half_a_year(), Audience::Customers);
    for (format, text) in [
        ("html", page(&summary)),
        ("md", made("md", &summary, &SummaryOptions::default())),
    ] {
        for stands in [
            "What happened",
            "What we change",
            "We are working on it",
            "Logging in is slow or fails",
        ] {
            assert!(text.contains(stands), "{stands} is missing in {format}");
        }
        for never in [
            "SEV1",
            "Detection",
            "overdue",
            "Accepted",
            "12 Nov",
            "noticed by customers",
        ] {
            assert!(
                !text.contains(never),
                "{never} is not for customers, but in {format}: {text}"
            );
        }
    }
}

/// Texts that mean something to HTML, Markdown, TeX, spreadsheets or terminals.
const HOSTILE: &str = "=1+1</title></style><script>alert(1)</script><img src=x onerror=y>\"'& | [a](javascript:b) `c` \\input{d} $e$ \u{0}\u{1b}[31m\u{202e}\nf";

fn hostile(audience: Audience) -> Summary {
    let mut rows = half_a_year();
    for row in &mut rows {
        row.title = HOSTILE.into();
        row.services = vec![HOSTILE.into()];
        row.doc.push_str(HOSTILE);
    }
    let mut s = summary(rows, audience);
    s.headline.title = HOSTILE.into();
    s.headline.sentences = vec![HOSTILE.into()];
    s.words.period = HOSTILE.into();
    s.words.services = HOSTILE.into();
    s.scope.services = vec![HOSTILE.into()];
    s.timezone = HOSTILE.into();
    s.months.note.definition = HOSTILE.into();
    for strip in &mut s.durations {
        strip.name = HOSTILE.into();
        strip.note.definition = HOSTILE.into();
    }
    for bucket in &mut s.open_ages.buckets {
        bucket.name = HOSTILE.into();
    }
    for item in &mut s.actions.items {
        item.text = HOSTILE.into();
        item.title = HOSTILE.into();
    }
    for item in &mut s.declined.items {
        item.text = HOSTILE.into();
        item.reason = HOSTILE.into();
        item.title = HOSTILE.into();
    }
    for theme in &mut s.themes.themes {
        theme.theme = HOSTILE.into();
        for example in &mut theme.examples {
            example.text = HOSTILE.into();
        }
    }
    s.recurring.items = vec![recurrence(HOSTILE)];
    s.recurring.total = 1;
    if let Some(focus) = &mut s.focus {
        focus.text = format!("{HOSTILE}\n\n```\nopen\n<script>alert(2)</script>");
        focus.row.title = HOSTILE.into();
        focus.public_updates = vec![HOSTILE.into()];
        for finding in &mut focus.findings {
            finding.text = HOSTILE.into();
        }
    }
    s
}

#[test]
fn hostile_texts_stay_texts() {
    for audience in [Audience::Company, Audience::Executives, Audience::Customers] {
        let summary = hostile(audience);
        let text = page(&summary);
        well_formed(&text);
        leave(&format!("{audience:?}-hostile.html").to_lowercase(), &text);
        for never in ["<script", "<img", "href=\"javascript", "\u{0}", "\u{1b}"] {
            assert!(!text.contains(never), "{never:?} must not reach the page");
        }
        assert_eq!(
            text.matches("</style>").count(),
            1,
            "only ours ends the style sheet"
        );
        let markdown = made("md", &summary, &SummaryOptions::default());
        assert!(
            !markdown.contains('\u{0}') && !markdown.contains('\u{1b}'),
            "nor control characters"
        );
        let shown = render::markdown_html(&markdown);
        for never in ["<script", "<img", "href=\"javascript"] {
            assert!(
                !shown.contains(never),
                "Markdown makes no {never} when it is shown"
            );
        }
        assert!(
            shown.contains("How these figures are made</h"),
            "an open code block of others must not swallow what follows: {shown}"
        );
    }
}

#[test]
fn spreadsheets_read_back_and_run_nothing() {
    let text = made(
        "csv",
        &hostile(Audience::Company),
        &SummaryOptions::default(),
    );
    assert!(
        text.starts_with('\u{FEFF}') && text.contains("\r\n"),
        "RFC 4180 with a mark"
    );
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let head = reader.headers().expect("a header").clone();
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    assert_eq!(records.len(), 15, "one line per postmortem");
    assert_eq!(
        records[0][0],
        format!("'{HOSTILE}"),
        "a title comes back as it was, behind an apostrophe"
    );
    let cell = |name: &str| {
        head.iter()
            .position(|h| h == name)
            .map(|i| records[0][i].to_owned())
    };
    assert_eq!(
        cell("Detection (s)").as_deref(),
        Some("300"),
        "lengths are seconds"
    );
    assert_eq!(
        cell("Estimated").as_deref(),
        Some("yes"),
        "estimates say so"
    );
    assert_eq!(
        cell("Date").as_deref(),
        Some("2026-11-10"),
        "days are ISO 8601"
    );
    for record in &records {
        for cell in record {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?} would run"
            );
        }
    }
}

#[test]
fn json_reads_back_equal() {
    let summary = hostile(Audience::Company);
    let text = made("json", &summary, &SummaryOptions::default());
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        value["format"], "debrief-summary/1",
        "the format says its name"
    );
    let read: Summary = serde_json::from_value(value["summary"].clone()).expect("a summary");
    assert_eq!(read, summary, "nothing is lost");
}

#[test]
fn data_for_customers_holds_what_their_page_says_and_no_more() {
    let summary = summary(half_a_year(), Audience::Customers);
    let text = made("json", &summary, &SummaryOptions::default());
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let names: Vec<&str> = value
        .as_object()
        .expect("members")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        names,
        [
            "changes",
            "focus",
            "format",
            "from",
            "incidents",
            "made_on",
            "period",
            "sentences",
            "timezone",
            "title",
            "to"
        ],
        "no severity, no status, nothing overdue, no id of ours"
    );
    assert_eq!(
        value["incidents"].as_array().map(Vec::len),
        Some(summary.postmortems.len()),
        "every incident that the page lists"
    );
    let table = made("csv", &summary, &SummaryOptions::default());
    assert_eq!(
        table.lines().next(),
        Some("\u{feff}Incident,Date,Whole impact (s),Estimated,Period from,Period to"),
        "the table has the page's columns"
    );
}

#[test]
fn markdown_holds_the_figures_of_the_charts() {
    let text = made(
        "md",
        &summary(half_a_year(), Audience::Company),
        &SummaryOptions::default(),
    );
    leave("company-15.md", &text);
    for stands in [
        "# 15 incidents, 58 improvements made",
        "## Incidents per month",
        "| Jun 2026 |",
        "## How long each part took",
        "## All postmortems",
        "| SEV2 | Login page outage | 10 Nov 2026 | ~5 min |",
        "> Customers noticed first.",
        "Made with Debrief, 16 November 2026",
    ] {
        assert!(text.contains(stands), "{stands} is missing: {text}");
    }
}

#[test]
fn many_months_become_quarters_and_years() {
    let text = page(&summary(rows(300, 4), Audience::Company));
    assert!(
        text.contains("Incidents per quarter"),
        "forty months are drawn as quarters"
    );
    let text = page(&summary(rows(300, 40), Audience::Company));
    assert!(
        text.contains("Incidents per year"),
        "thirty years are drawn as years"
    );
}

#[test]
fn formats_have_unique_ids() {
    for format in SUMMARY_FORMATS {
        assert!(
            std::ptr::eq(summary_format(format.id).expect("listed"), format),
            "{} is listed twice",
            format.id
        );
    }
}
