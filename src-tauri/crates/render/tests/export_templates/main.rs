//! Users' export templates: what they may do, and what becomes of those that try more.

mod bounds;
mod refused;

use chrono::{DateTime, Utc};
use model::derived::derive;
use model::directory::StoredTemplate;
use model::postmortem::{Image, Postmortem};
use model::summary::{Context, Summary, SummaryScope, gathered, summarize};
use model::visibility::Audience;
use render::{
    EXPORT_PAGES, Export, ExportPage, ExportTemplates, OneSummaryOptions, Picture, SummaryOptions,
    TemplateFault, export_page, one_summary_format, summary_format,
};

fn now() -> DateTime<Utc> {
    "2026-11-16T10:00:00Z".parse().expect("a constant")
}

fn outage() -> Postmortem {
    let (mut p, _, _) = model::demo::login_outage(now());
    p.timeline[1].image = Some(Image {
        hash: "ab".repeat(32),
        alt: "A graph".into(),
    });
    p
}

fn year(audience: Audience) -> Summary {
    let year = model::sample_year::sample_year(now()).expect("the sample can be read");
    let scope = SummaryScope {
        from: "2026-06-01".parse().expect("a day"),
        to: "2026-11-30".parse().expect("a day"),
        audience,
        services: Vec::new(),
        severities: Vec::new(),
        tags: Vec::new(),
        postmortems: Vec::new(),
        focus: None,
    };
    let context = Context {
        today: "2026-11-16".parse().expect("a day"),
        zone: chrono_tz::Europe::Berlin,
        service_names: Default::default(),
    };
    summarize(&scope, &gathered(&year.postmortems, None), &context)
}

fn of_postmortem(
    page: ExportPage,
    p: &Postmortem,
    templates: ExportTemplates<'_>,
) -> Result<String, TemplateFault> {
    let (_, people, services) = model::demo::login_outage(now());
    let derived = derive(p, &|_| None);
    let picture = |_: &str| {
        Some(Picture {
            mime: "image/png".into(),
            bytes: vec![7; 600],
        })
    };
    let export = Export {
        postmortem: p,
        derived: &derived,
        people: &people,
        services: &services,
        images: &picture,
        now: now(),
        zone: "Europe/Berlin",
        name: "outage",
        roles: false,
        published: false,
        templates,
    };
    if page == ExportPage::OneSummary {
        let format = one_summary_format("html").expect("a format");
        return (format.render)(&export, &OneSummaryOptions::default());
    }
    let format = if page == ExportPage::Post {
        "post-html"
    } else {
        "html"
    };
    let format = render::format(format).expect("a format");
    Ok((format.render)(&export)?.text)
}

fn made(page: ExportPage, templates: ExportTemplates<'_>) -> Result<String, TemplateFault> {
    if page != ExportPage::Summary {
        return of_postmortem(page, &outage(), templates);
    }
    let format = summary_format("html").expect("a format");
    let summary = year(Audience::Company);
    (format.render)(&summary, &SummaryOptions::default(), &templates)
}

fn stored(page: ExportPage, source: &str) -> [StoredTemplate; 1] {
    [StoredTemplate {
        id: page.id().into(),
        source: source.into(),
    }]
}

/// The postmortem's page from a template, as it is tried while somebody writes it.
fn tried(source: &str) -> Result<String, TemplateFault> {
    let own = stored(ExportPage::Postmortem, source);
    made(ExportPage::Postmortem, ExportTemplates::tried(&own))
}

fn body(source: &str) -> String {
    tried(&format!("<main>{source}</main>")).unwrap_or_else(|fault| panic!("{source}: {fault}"))
}

#[test]
fn a_template_that_says_what_ours_says_makes_the_same_page() {
    for page in EXPORT_PAGES {
        let ours = made(page, ExportTemplates::default()).expect("ours works");
        let own = stored(page, page.builtin());
        let theirs = made(page, ExportTemplates::tried(&own)).expect("a copy of ours works");
        let (theirs, ours) = (
            theirs.replace("img-src data:; ", ""),
            ours.replace("img-src data:; ", ""),
        );
        let line = ours.lines().zip(theirs.lines()).find(|(a, b)| a != b);
        assert_eq!(line, None, "{page:?}: an unchanged copy changes nothing");
        assert_eq!(ours, theirs, "{page:?}: and leaves nothing out");
        assert_eq!(
            export_page(page.id()),
            Some(page),
            "a page is found by its id"
        );
    }
}

#[test]
fn every_audience_and_an_empty_postmortem_take_a_copy_of_ours() {
    for page in EXPORT_PAGES {
        let own = stored(page, page.builtin());
        let templates = ExportTemplates::tried(&own);
        if page == ExportPage::Summary {
            for audience in [Audience::Executives, Audience::Customers] {
                let format = summary_format("html").expect("a format");
                let made = (format.render)(&year(audience), &SummaryOptions::default(), &templates);
                assert!(made.is_ok(), "{audience:?}: {made:?}");
            }
        } else {
            let made = of_postmortem(page, &Postmortem::default(), templates);
            assert!(made.is_ok(), "{page:?}: {made:?}");
        }
    }
}

#[test]
fn a_changed_template_is_used_and_the_head_stays_ours() {
    let own = stored(
        ExportPage::Summary,
        "<main><h1>Our half year</h1><p>{{ period }}</p>{{ months.svg }}</main>",
    );
    let page = made(ExportPage::Summary, ExportTemplates::of(&own)).expect("it is good");
    assert!(
        page.contains("<h1>Our half year</h1>") && page.contains("<svg"),
        "the template's words and our chart stand on the page"
    );
    assert!(
        page.contains("default-src 'none'") && page.contains("<style>"),
        "policy and style stay"
    );
    let other = made(ExportPage::Post, ExportTemplates::of(&own)).expect("ours works");
    assert!(
        !other.contains("Our half year"),
        "a template changes its own page alone"
    );
}

#[test]
fn what_people_wrote_stays_escaped_whatever_a_template_says() {
    let mut p = outage();
    p.title = "<img src=x onerror=alert(1)> & \"more\" \u{FDD0}0\u{FDD1}".into();
    for source in [
        "{{ title }}",
        "{{ title|e }}",
        "{{ title|escape }}",
        "{% autoescape false %}{{ title }}{% endautoescape %}",
        "{% autoescape 'none' %}{% set x = title %}{{ x }}{% endautoescape %}",
        "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(title) }}",
        "{% set x %}{{ title }}{% endset %}{{ x }}",
        "{% set x %}{{ title }}{% endset %}{{ x|replace('&lt;', '<') }}",
        "{% set x %}{{ title }}{% endset %}{{ (x|replace('&lt;', '<')) ~ '' }}",
        "{{ title|replace('x', '<b>') }}",
        "{{ ['x', '<script>']|join('<i>') }}{{ title }}",
        "{{ meta|join('<i>') }}{{ title }}",
        "{{ title|trim|upper }}",
        "{{ title|default('<b>') }}",
        "<p title='{{ title }}'>x</p>",
        "<p title=\"{{ title }}\">x</p>",
        "<a href=\"https://example.org/?{{ title }}\">x</a>",
        "{{ title[1:] }}",
        "{{ title|first ~ title|last }}",
        "{% for c in title %}{{ c }}{% endfor %}",
    ] {
        let own = stored(ExportPage::Postmortem, &format!("<main>{source}</main>"));
        let page = of_postmortem(ExportPage::Postmortem, &p, ExportTemplates::of(&own))
            .unwrap_or_else(|fault| panic!("{source}: {fault}"));
        let main = &page[page.find("<main>").expect("a body")..];
        for never in [
            "<img",
            "<IMG",
            "<b>&lt;img",
            "<i>",
            "<script",
            "onerror=alert(1)> ",
            "\u{FDD0}",
        ] {
            assert!(
                !main.contains(never),
                "{source} let {never} through: {main}"
            );
        }
    }
}

#[test]
fn long_lines_and_many_lines_are_read() {
    let picture = "A".repeat(100_000);
    let long = body(&format!(
        "<img src=\"data:image/png;base64,{picture}\" alt=\"\">{{{{ title }}}}"
    ));
    assert!(long.contains(&picture), "a logo is one long line");
    let many = tried(&format!(
        "<main>{}{{{{ nothing }}}}</main>",
        "\n".repeat(120_000)
    ));
    assert!(many.is_err(), "a fault far down is told");
}

#[test]
fn what_a_template_may_do_works() {
    assert!(
        body("{{ title|upper }}").contains("LOGIN PAGE OUTAGE"),
        "filters of texts work"
    );
    assert!(
        body("{{ tags|join(' / ') }} {{ findings|length }} {{ meta|first|lower }}")
            .contains(" in review"),
        "lists can be joined, counted and looked into"
    );
    assert!(
        !body("<!-- for us alone --><p>x</p>").contains("for us alone"),
        "comments do not leave with the page"
    );
    let linked = body("<a href=\"https://example.org/x\">x</a><a href=\"#top\">y</a>");
    assert!(
        linked.contains("<a href=\"https://example.org/x\" rel=\"noopener noreferrer nofollow\">")
            && linked.contains("<a href=\"#top\">"),
        "links lead out and within: {linked}"
    );
    let logo = body("<img src='data:image/png;base64,AAAA' alt='Ours \"x\"'>");
    assert!(
        logo.contains("<img src=\"data:image/png;base64,AAAA\" alt=\"Ours &quot;x&quot;\">")
            && logo.contains("img-src data:"),
        "a picture in the page is shown: {logo}"
    );
    let named = body("<p title=\"{{ lede.html }}\">x</p>");
    assert!(
        !named.contains("title=\"&lt;p") && named.contains("<p title=\""),
        "our HTML in an attribute is its words: {named}"
    );
    let own = stored(
        ExportPage::Postmortem,
        "<main><a href=\"{{ title }}\">x</a></main>",
    );
    let page = of_postmortem(ExportPage::Postmortem, &outage(), ExportTemplates::of(&own))
        .expect("what people wrote must not keep a page from being made");
    assert!(
        page.contains("<a>x</a>"),
        "an address that is none is left out: {page}"
    );
}
