//! Users' export templates: what they may do, and what becomes of those that try more.

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

/// What a template may not do: its source, and words of the sentence that says so.
const REFUSED: &[(&str, &str)] = &[
    ("{% include '/etc/passwd' %}", "other files cannot be read"),
    ("{% include 'page.css' %}", "other files cannot be read"),
    ("{% extends 'frame' %}", "other files cannot be read"),
    ("{% import 'x' as x %}", "other files cannot be read"),
    ("{% from 'x' import y %}", "other files cannot be read"),
    ("{% block body %}{% endblock %}", "cannot be used"),
    ("{{ title|safe }}", "no filter can undo that"),
    ("{{ title|tojson }}", "no such filter"),
    ("{{ title|format }}", "no such filter"),
    ("{{ range(10) }}", "Nothing can be called"),
    ("{{ debug() }}", "Nothing can be called"),
    ("{{ namespace() }}", "Nothing can be called"),
    ("{{ title.__class__ }}", "no value of this name"),
    ("{{ title.split() }}", "Nothing can be called"),
    ("{{ titel }}", "no value of this name"),
    ("{{ title", "cannot be read"),
    ("{% if title %}", "cannot be read"),
    ("{{ [title, title] }}", "texts and numbers alone"),
    ("{% set x = (title, title) %}", "texts and numbers alone"),
    ("{% set x = {'a': title} %}", "texts and numbers alone"),
    ("{{ findings + findings }}", "can be added"),
    ("{{ findings * 2 }}", "multiplied"),
    ("{{ findings }}", "A list cannot be written"),
    ("{% do title %}", "cannot be read"),
    (
        "{{ '\\ufdd0' ~ 1 ~ '\\ufdd1' }}",
        "character that no text may hold",
    ),
    (
        "{% set x %}<b>{{ title }}</b>{% endset %}{{ x[1:] }}",
        "page's own values can be cut",
    ),
    ("{% for i in impact %}{{ i.text|trim }}{% endfor %}", "HTML"),
    ("{{ lede.html|replace('a', 'b') }}", "HTML"),
    ("{{ title|replace('a', lede.html) }}", "HTML"),
    ("{{ lede.html|upper }}", "no filter can change it"),
    ("{{ lede.html|first }}", "HTML"),
    ("{{ lede.html|last }}", "HTML"),
    ("{{ lede.html|reverse }}", "HTML"),
    ("{{ lede.html|length }}", "HTML"),
    ("{{ lede.html[1:] }}", "HTML"),
    ("{{ lede.html[1:2] }}", "HTML"),
    ("{{ lede.html[1] }}", "HTML"),
    ("{% for c in lede.html %}{{ c }}{% endfor %}", "HTML"),
    (
        "{% set x %}{{ lede.html }}{% endset %}{{ [title]|join(x) }}",
        "texts and numbers alone",
    ),
    (
        "{% set x %}{{ lede.html }}{% endset %}{{ tags|join(x) }}",
        "HTML",
    ),
    (
        "{% for g in groups %}{{ g.events|upper }}{% endfor %}",
        "texts and numbers",
    ),
    (
        "{% for t in tags %}{{ loop.cycle() }}{% endfor %}",
        "cycle needs",
    ),
    (
        "{% for t in tags %}{{ loop.cycle(*[]) }}{% endfor %}",
        "cycle needs",
    ),
    ("{{ titel|upper }}", "no value of this name"),
    ("{{ titel|length }}", "no value of this name"),
    ("<script>alert(1)</script>", "<script> is not allowed"),
    ("<SCRIPT>alert(1)</SCRIPT>", "<SCRIPT> is not allowed"),
    (
        "<scr{% if title %}ipt{% endif %}>x</script>",
        "<script> is not allowed",
    ),
    ("<style>p { color: red }</style>", "<style> is not allowed"),
    (
        "<link rel=\"stylesheet\" href=\"https://example.org/x.css\">",
        "<link> is not allowed",
    ),
    (
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "<meta> is not allowed",
    ),
    (
        "<base href=\"https://example.org/\">",
        "<base> is not allowed",
    ),
    (
        "<iframe src=\"https://example.org\"></iframe>",
        "<iframe> is not allowed",
    ),
    (
        "<form action=\"https://example.org\"></form>",
        "<form> is not allowed",
    ),
    ("<object data=\"x\"></object>", "<object> is not allowed"),
    ("<template></template>", "<template> is not allowed"),
    ("<noscript></noscript>", "<noscript> is not allowed"),
    ("<textarea></textarea>", "<textarea> is not allowed"),
    ("<math></math>", "<math> is not allowed"),
    (
        "<svg><foreignObject></foreignObject></svg>",
        "not allowed in a drawing",
    ),
    ("<svg><p>x</p></svg>", "not allowed in a drawing"),
    ("<svg><style>x</style></svg>", "not allowed in a drawing"),
    ("<svg><use href=\"#x\"/></svg>", "not allowed in a drawing"),
    ("<rect/>", "<rect> is not allowed"),
    ("<p onclick=\"alert(1)\">x</p>", "“onclick” is not allowed"),
    (
        "<img src=\"data:image/png;base64,AA==\" onerror=\"alert(1)\">",
        "“onerror” is not allowed",
    ),
    ("<svg onload=\"alert(1)\"></svg>", "“onload” is not allowed"),
    (
        "<p style=\"background: url(https://example.org)\">x</p>",
        "“style” is not allowed",
    ),
    (
        "<a href=\"javascript:alert(1)\">x</a>",
        "“javascript:alert(1)” is not allowed",
    ),
    ("<a href=\" javascript:alert(1)\">x</a>", "is not allowed"),
    (
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "is not allowed",
    ),
    ("<a href=\"data:text/html,x\">x</a>", "is not allowed"),
    ("<a href=\"//example.org\">x</a>", "is not allowed"),
    (
        "<img src=\"https://example.org/x.png\">",
        "nothing is loaded from elsewhere",
    ),
    (
        "<img src=\"//example.org/x.png\">",
        "nothing is loaded from elsewhere",
    ),
    (
        "<img src=\"data:image/svg+xml;base64,AA==\">",
        "nothing is loaded from elsewhere",
    ),
    (
        "<img srcset=\"https://example.org/x.png\">",
        "“srcset” is not allowed",
    ),
    (
        "<svg><rect fill=\"url(https://example.org/#x)\"/></svg>",
        "is not allowed in “fill”",
    ),
    (
        "<svg><rect fill=\"u&#114;l&#40;x)\"/></svg>",
        "is not allowed in “fill”",
    ),
    ("<p class=x>y</p>", "between quotes"),
    ("<p class=\"x>y</p>", "between quotes"),
    ("<p class=\"a\"id=\"b\">y</p>", "cannot be read"),
    ("<div>", "stands where </div> belongs"),
    ("</div>", "stands where </main> belongs"),
    ("<b><i></b></i>", "stands where </i> belongs"),
    ("<div/>", "closes nothing"),
    ("a < b", "written &lt;"),
    ("<!-- x", "never closed"),
    ("<!doctype html>", "written &lt;"),
    ("<![CDATA[x]]>", "written &lt;"),
    ("<?xml version=\"1.0\"?>", "written &lt;"),
    ("<main></main><main></main>", "one <main>"),
    ("\u{0}", "control character"),
    ("\u{FDD0}0\u{FDD1}", "control character"),
];

#[test]
fn what_is_not_allowed_is_said_and_makes_no_page() {
    for (source, words) in REFUSED {
        let fault = tried(&format!("<main>\n{source}</main>"));
        let Err(fault) = fault else {
            panic!("{source} must not make a page: {fault:?}");
        };
        assert!(
            fault.message.contains(words),
            "{source}: “{words}” is not in “{}”",
            fault.message
        );
        assert!(
            fault.message.ends_with('.') && fault.own,
            "{source}: it is a sentence about a user's template: {}",
            fault.message
        );
    }
    let fault =
        tried("<main>\n<p>\n{{ title|safe }}</p></main>").expect_err("there is no such filter");
    assert_eq!(fault.line, Some(3), "the line is told: {fault}");
    let fault = tried("<main>\n<p>\n<script></script></p></main>").expect_err("no scripts");
    assert_eq!(fault.line, Some(3), "also of an element: {fault}");
    for (source, line, why) in [
        (
            "<main>\n<div><p>a</p></div>\n<div><p>a</p></div>\n<div><p>b</div></p></main>",
            Some(4),
            "the same closing tag stands right above",
        ),
        (
            "<main>\n<p>no style here</p>\n<p class=\"style\">a</p>\n\n<p style=\"x\">b</p></main>",
            Some(5),
            "the attribute's name is a word above",
        ),
        (
            "<main>\n{# <script> #}\n{{ title }}{% if title -%}\n\n  <script></script>{% endif %}</main>",
            Some(5),
            "a comment and what the engine trims do not count",
        ),
        (
            "<main>\n<p>a</p>\n<div>\n<p>b</p></main>",
            Some(4),
            "the tag that stands wrong is told",
        ),
        (
            "<main>\n</main>\n<p>\na",
            Some(3),
            "one that is never closed begins there",
        ),
        (
            "<main>\n{% macro m() %}\n<em>x{% endmacro %}\n<em>y</em>{{ m() }}</main>",
            Some(4),
            "what a macro wrote is read where it is called, and the tag that does not fit is told",
        ),
        (
            "<main>\n</main>\n<main></main>",
            Some(3),
            "the second main is one too many",
        ),
        ("<p>\nx</p>", None, "what is not there stands in no line"),
    ] {
        let fault = tried(source).expect_err("it is refused");
        assert_eq!(
            fault.line.map(u64::from),
            line,
            "{source}: {why}: {}",
            fault.message
        );
    }
    let told = fault.to_string();
    assert!(
        told.contains("“Postmortem” fails in line 3") && told.contains("restore the built-in one"),
        "who exports learns which template, where, and what to do: {told}"
    );
}

#[test]
fn what_runs_or_grows_without_end_is_stopped() {
    let doubling = "{% set x = title %}".to_owned() + &"{% set x = x ~ x %}".repeat(60);
    let captured = "{% set x %}0123456789{% endset %}".to_owned()
        + &"{% set y %}{{ x }}{{ x }}{{ x }}{{ x }}{% endset %}{% set x = y %}".repeat(40);
    let lists = "{% set x = [1] %}".to_owned() + &"{% set x = [x, x] %}".repeat(60) + "{{ x }}";
    let replaced = "{% set x = 'aaaaaaaaaa' %}".to_owned()
        + &"{% set x = x|replace('a', 'aaaaaaaaaaaaaaaaaaaa') %}".repeat(20);
    let nested = format!(
        "{}{{{{ title }}}}{}",
        "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}".repeat(12),
        "{% endfor %}".repeat(12)
    );
    let large = format!(
        "{}{}{}",
        "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}".repeat(4),
        "<p>a long line of text that is written again and again</p>".repeat(200),
        "{% endfor %}".repeat(4)
    );
    for (what, source) in [
        ("a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".to_owned()),
        (
            "macros that call each other",
            "{% macro m() %}{{ n() }}{{ n() }}{% endmacro %}{% macro n() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}".to_owned(),
        ),
        ("a text that doubles", doubling + "{{ x|length }}"),
        ("a captured text that doubles", captured + "{{ x|length }}"),
        ("a list that doubles", lists),
        ("a text that is replaced by more", replaced),
        ("a text times a number", "{{ ('a' * 1000000000)|length }}".to_owned()),
        ("a list times a number", "{{ ([1] * 1000000000)|length }}".to_owned()),
        ("loops within loops", nested),
        ("a page without an end", large),
        ("the same chart again and again", format!("{}{{{{ bar }}}}{}", "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}".repeat(3), "{% endfor %}".repeat(3))),
        (
            "pictures again and again",
            format!(
                "{}{{% for g in groups %}}{{% for e in g.events %}}{{% if e.image %}}<img src=\"{{{{ e.image }}}}\"><img src=\"{{{{ e.image }}}}\">{{% endif %}}{{% endfor %}}{{% endfor %}}{}",
                "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}".repeat(3),
                "{% endfor %}".repeat(3)
            ),
        ),
    ] {
        let fault = tried(&format!("<main>{source}</main>"));
        let Err(fault) = fault else {
            panic!("{what} must not make a page of {} bytes", fault.map_or(0, |page| page.len()));
        };
        assert!(
            fault.message.contains("too long or makes too large")
                || fault.message.contains("too large a page")
                || fault.message.contains("texts and numbers alone")
                || fault.message.contains("multiplied"),
            "{what}: {fault}"
        );
    }
    for (what, source) in [
        (
            "expressions",
            format!(
                "{{{{ {}title{} }}}}",
                "(".repeat(20_000),
                ")".repeat(20_000)
            ),
        ),
        (
            "statements",
            "{% if title %}".repeat(5_000) + &"{% endif %}".repeat(5_000),
        ),
        ("elements", "<div>".repeat(9_000) + &"</div>".repeat(9_000)),
        ("signs", format!("{{{{ {}1 }}}}", "not ".repeat(20_000))),
        (
            "sums",
            format!("{{{{ title{} }}}}", " ~ title".repeat(15_000)),
        ),
        (
            "branches",
            "{% if title %}".to_owned() + &"{% elif title %}".repeat(7_000) + "{% endif %}",
        ),
        (
            "filters",
            format!("{{{{ title{} }}}}", "|trim".repeat(20_000)),
        ),
        (
            "attributes",
            format!("{{{{ title{} }}}}", ".x".repeat(50_000)),
        ),
        ("a large source", "x".repeat(200_000)),
    ] {
        let fault = tried(&format!("<main>{source}</main>")).expect_err("it is refused");
        assert!(
            fault.message.ends_with('.'),
            "{what}: a sentence says why: {fault}"
        );
    }
}

/// Two equal texts of megabytes, of which each comparison and each cut would take milliseconds and hardly any fuel.
fn long_texts(then: &str) -> String {
    let text = |name: &str| {
        format!(
            "{{% set {name} = 'ééééééééééééééé' %}}{}",
            format!("{{% set {name} = {name} ~ {name} %}}").repeat(18)
        )
    };
    let letters = "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}";
    format!(
        "<main>{}{}{}{then}{}{{{{ title }}}}</main>",
        text("s"),
        text("q"),
        letters.repeat(3),
        "{% endfor %}".repeat(3)
    )
}

#[test]
fn long_texts_cost_what_they_take() {
    let begun = std::time::Instant::now();
    for then in [
        "{% if s == q %}{% endif %}",
        "{% if title == q or s < q %}{% endif %}",
        "{% if 1 == 1 == s == q %}{% endif %}",
        "{% if loop.changed(s if loop.index is odd else q) %}{% endif %}",
        "{% set l = loop %}{% if l.changed(s) %}{% endif %}",
        "{% if s in [q] %}{% endif %}",
        "{% if s in tags %}{% endif %}",
        "{% if groups in title %}{% endif %}",
        "{% if s is in(q) %}{% endif %}",
        "{% set c = s[-1:] %}",
        "{% set c = s[0:1:-1] %}",
        "{% set c = s[7000000] %}",
        "{% with t = s %}{% set c = t[-1] %}{% endwith %}",
        "{% macro m(t) %}{{ t[-1] }}{% endmacro %}{{ m(s) }}",
        "{% set c = 'a'|replace(s, q) %}",
        "{% set c = tags|join(s) %}",
        "{% set c = s|length %}",
        "{% set c = s|first %}",
        "{% if 'b' in s %}{% endif %}",
    ] {
        let fault = tried(&long_texts(then));
        assert!(
            fault.is_err(),
            "{then}: what takes longer with a longer text is refused or runs out of steps"
        );
    }
    // Each of them would take a minute and more; a busy computer needs some seconds for all.
    let took = begun.elapsed();
    assert!(took.as_secs() < 60, "they are stopped early: {took:?}");
    let longest = "e".repeat(201);
    assert!(
        tried(&format!(
            "<main>{{% if title == '{longest}' %}}{{% endif %}}</main>"
        ))
        .is_err(),
        "also a text that is written out is short where something is compared with it"
    );
    for (source, why) in [
        ("{% if title == 'x' %}{% endif %}", "with a text"),
        ("{% if 'x' != title %}{% endif %}", "the other way round"),
        (
            "{% if severity in ['SEV1', 'SEV2'] %}{% endif %}",
            "with several",
        ),
        ("{% if 'Login' in title %}{% endif %}", "a text in another"),
        ("{% if 'x' not in tags %}{% endif %}", "a text in a list"),
        (
            "{% if findings|length > actions|length %}{% endif %}",
            "lengths",
        ),
        (
            "{% if 0 < findings|length <= 3 %}{% endif %}",
            "between two",
        ),
        (
            "{% for g in groups %}{% if loop.index < loop.length %}{% endif %}{% endfor %}",
            "loops",
        ),
        (
            "{% for f in findings[:2] %}{{ f.label[1:] }}{{ f['label'] }}{% endfor %}",
            "the first two",
        ),
        (
            "{% set n = findings|length %}{% if n == 3 %}{% endif %}{{ -1 < n }}",
            "what was set",
        ),
        (
            "{{ tags|reverse|first|default('') }}{{ meta|last }}",
            "ends of lists",
        ),
    ] {
        let page = tried(&format!("<main>{source}</main>"));
        assert!(page.is_ok(), "{source}: {why} can be asked: {page:?}");
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
