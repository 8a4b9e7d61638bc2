//! What is not allowed, and the line in which it stands.

use super::tried;

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
