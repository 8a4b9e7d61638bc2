//! What becomes of hostile Markdown, one line per attack.

use std::time::{Duration, Instant};

use render::markdown_html;

#[test]
fn attacks_come_out_harmless() {
    let table = [
        ("script", "<script>alert(1)</script>after", "after"),
        (
            "script in a paragraph",
            "a <script>alert(1)</script> b",
            "<p>a  b</p>",
        ),
        (
            "event handler",
            "<b onclick=alert(1) onerror=x>b</b>",
            "<p><b>b</b></p>",
        ),
        ("image", "<img src=x onerror=alert(1)>", ""),
        (
            "image in Markdown",
            "![alt](https://example.org/x.png)",
            "<p><a href=\"https://example.org/x.png\" rel=\"noopener noreferrer nofollow\">alt</a></p>",
        ),
        (
            "javascript link",
            "[x](javascript:alert(1))",
            "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>",
        ),
        (
            "javascript in disguise",
            "[x](JaVa&#115;cript:alert(1))",
            "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>",
        ),
        (
            "data link",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>",
        ),
        (
            "relative link",
            "[x](//example.org) [y](/etc/passwd) [z](#a)",
            "<p><a rel=\"noopener noreferrer nofollow\">x</a> <a rel=\"noopener noreferrer nofollow\">y</a> <a rel=\"noopener noreferrer nofollow\">z</a></p>",
        ),
        (
            "good link",
            "<https://example.org/?a=1&b=2>",
            "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">https://example.org/?a=1&amp;b=2</a></p>",
        ),
        (
            "svg",
            "<svg><script>alert(1)</script><a xlink:href=javascript:alert(1)>x</a></svg>",
            "<p></p>",
        ),
        (
            "style",
            "<style>body{display:none}</style><p style=\"position:fixed\" class=x id=y>p</p>",
            "<p>p</p>",
        ),
        ("iframe", "<iframe src=https://example.org></iframe>z", "z"),
        (
            "form",
            "<form action=https://example.org><input name=a><button>b</button></form>",
            "b",
        ),
        ("meta", "<meta http-equiv=refresh content=0>", ""),
        ("base", "<base href=https://example.org>", ""),
        ("object", "<object data=x></object><embed src=x>", "<p></p>"),
        (
            "nested tags",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<p>&lt;script&gt;</p>",
        ),
        ("broken tag", "<b <i>x", "<p>&lt;b <i>x</i></p><i>\n</i>"),
        ("comment", "a<!-- <script> -->b", "<p>ab</p>"),
        (
            "math",
            "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
            "<p></p>",
        ),
        ("title breakout", "</title><b>x</b>", "<b>x</b>"),
        ("null", "a\0b", "<p>a\u{FFFD}b</p>"),
        (
            "heading levels",
            "# a\n\n#### b\n\n# c\n\n## d",
            "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n<h4>d</h4>",
        ),
        (
            "table",
            "| a | b |\n|:-:|---|\n| 1 | 2 |",
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
        ),
        (
            "code",
            "`<b>`\n\n```rust\nlet x = \"<b>\";\n```",
            "<p><code>&lt;b&gt;</code></p>\n<pre><code>let x = \"&lt;b&gt;\";\n</code></pre>",
        ),
        ("nothing", " \n", ""),
    ];
    let mut wrong = Vec::new();
    for (attack, text, expected) in table {
        let html = markdown_html(text);
        if html.trim() != expected {
            wrong.push(format!(
                "{attack}: {text:?}\n  expected {expected:?}\n  now      {:?}",
                html.trim()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "hostile text must come out like this:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn large_and_deep_texts_end_soon() {
    let n = 60_000;
    let table = [
        ("quotes", "> ".repeat(n)),
        (
            "many quoted lines",
            "> > > > > > > > > > x\n".repeat(n / 10),
        ),
        ("lists", "- ".repeat(n)),
        (
            "stairs",
            (0..1500)
                .map(|i| format!("{}- a\n", "  ".repeat(i)))
                .collect::<String>(),
        ),
        ("stars", "*a ".repeat(n)),
        ("strong", format!("{}a{}", "*".repeat(n), "*".repeat(n))),
        ("brackets", "[".repeat(n)),
        ("links", "[a](".repeat(n)),
        ("images", "![".repeat(n)),
        (
            "backticks",
            (1..1200).map(|i| "`".repeat(i) + " ").collect::<String>(),
        ),
        ("raw tags", "<b>".repeat(n)),
        ("raw blocks", "<ul><li>".repeat(n)),
        ("comments", "<!--".repeat(n)),
        ("entities", "&#".repeat(n)),
        (
            "cells",
            format!("{}\n{}\n", "|a".repeat(5000), "|-".repeat(5000)),
        ),
        ("one line", "x".repeat(400_000)),
        ("underscores", "_a".repeat(n)),
        ("tildes", "~".repeat(n)),
        ("addresses", "http://a.".repeat(n / 4)),
        ("at signs", "a@".repeat(n / 4)),
    ];
    for (what, text) in table {
        let start = Instant::now();
        let html = markdown_html(&text);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{what} took {took:?}");
        assert!(
            html.len() < text.len() * 30 + 1000,
            "{what} grew to {} bytes",
            html.len()
        );
    }
}
