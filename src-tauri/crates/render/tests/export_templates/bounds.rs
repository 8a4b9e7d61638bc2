//! Templates that would run, grow or work without an end.

use super::tried;

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
            format!("{{% set {name} = {name} ~ {name} %}}").repeat(16)
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
        "{% set c = s[100] %}",
        "{% with t = s %}{% set c = t[-1] %}{% endwith %}",
        "{% macro m(t) %}{{ t[-1] }}{% endmacro %}{{ m(s) }}",
        "{% set c = title[-1:] %}",
        "{% set c = title[:-1] %}",
        "{% set c = title[90000:] %}",
        "{% set c = title[-1] %}",
        "{% set c = title[90000] %}",
        "{% for c in title %}{% set c = title[loop.index] %}{% endfor %}",
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
    // Each of them would take a minute and more; a very busy computer needs a minute for all.
    let took = begun.elapsed();
    assert!(took.as_secs() < 600, "they are stopped early: {took:?}");
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
