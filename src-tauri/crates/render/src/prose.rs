//! Markdown that people wrote to a fragment of HTML that is safe anywhere: comrak first, then an allow-list as the last step.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, format_html, parse_document};

/// Longer or deeper texts are shown as they were written; a browser would choke on what they could become.
const MAX_BYTES: usize = 512 * 1024;
const MAX_DEPTH: usize = 200;
/// Character references in one run of text: the cleaner takes the square of their number.
const MAX_REFERENCES: usize = 2000;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "caption",
            "code",
            "dd",
            "del",
            "details",
            "dl",
            "dt",
            "em",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "small",
            "strong",
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "u",
            "ul",
            "var",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "iframe", "object", "embed", "template", "noscript", "title",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true);
    cleaner
});

/// Turns Markdown into HTML that holds no script, style, image, form or frame, no address but http, https and mailto, and no
/// id or class. Headings begin at `h3` and never skip a level. An image becomes a link to it: nothing is loaded from
/// elsewhere. A text over 512 KiB, nested over 200 deep, or with thousands of characters that HTML escapes in one piece comes back as it was written, in a `pre`.
pub fn markdown_html(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let text = &visible(text);
    if is_too_deep(text) {
        return verbatim(text);
    }
    let html = convert(text);
    let references = html
        .split('<')
        .map(|run| run.bytes().filter(|b| *b == b'&').count())
        .max()
        .unwrap_or(0);
    if deepest_tags(&html) > MAX_DEPTH || references > MAX_REFERENCES {
        return verbatim(text);
    }
    CLEANER.clean(&html).to_string()
}

/// Whether a text is too long, or its quotes and lists too deep within each other, to be read as Markdown.
pub(crate) fn is_too_deep(text: &str) -> bool {
    text.len() > MAX_BYTES || deepest_markers(text) > MAX_DEPTH
}

fn convert(text: &str) -> String {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    // What people wrote in HTML goes to the allow-list below, which keeps the harmless part of it.
    options.render.r#unsafe = true;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    let mut outline: Vec<u8> = Vec::new();
    for node in root.descendants() {
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::Heading(heading) => {
                while outline.last().is_some_and(|level| *level >= heading.level) {
                    outline.pop();
                }
                outline.push(heading.level);
                heading.level = u8::try_from(outline.len() + 2).unwrap_or(6).min(6);
            }
            NodeValue::Image(image) => {
                let link = image.clone();
                data.value = NodeValue::Link(link);
            }
            _ => {}
        }
    }
    let mut html = String::new();
    if format_html(root, &options, &mut html).is_err() {
        return verbatim(text);
    }
    html
}

/// The text with a sign in place of every control character: HTML may not hold them, and a terminal would obey them.
fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    if text.contains(hidden) {
        Cow::Owned(text.replace(hidden, "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as it was written.
fn verbatim(text: &str) -> String {
    format!("<pre>{}</pre>", escape_html(text))
}

/// The same Markdown for a file of ours: no HTML, no address but http, https and mailto, images as links, headings from `###` on.
/// It ends without a line break. A text that [`markdown_html`] would show as it was written stands in a code block.
pub(crate) fn markdown_markdown(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let text = &visible(text);
    if text.len() > MAX_BYTES || deepest_markers(text) > MAX_DEPTH {
        return fenced(text);
    }
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    for node in root.descendants() {
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::Heading(heading) => heading.level = heading.level.max(3),
            NodeValue::HtmlBlock(block) => {
                let literal = std::mem::take(&mut block.literal);
                data.value = NodeValue::CodeBlock(Box::new(comrak::nodes::NodeCodeBlock {
                    literal,
                    ..Default::default()
                }));
            }
            NodeValue::HtmlInline(html) => {
                let text = std::mem::take(html);
                data.value = NodeValue::Text(text.into());
            }
            NodeValue::Image(image) => {
                let link = image.clone();
                data.value = NodeValue::Link(link);
            }
            _ => {}
        }
        if let NodeValue::Link(link) = &mut data.value {
            let scheme = link.url.to_ascii_lowercase();
            if !["http:", "https:", "mailto:"]
                .iter()
                .any(|allowed| scheme.starts_with(allowed))
            {
                link.url.clear();
            }
        }
    }
    let mut out = String::new();
    if comrak::format_commonmark(root, &options, &mut out).is_err() {
        return fenced(text);
    }
    out.trim_end().to_owned()
}

/// The text in a code block that it cannot end.
fn fenced(text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
        .max(2);
    let fence = "`".repeat(longest + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}

/// How many quote and list markers a line begins with, at the most.
fn deepest_markers(text: &str) -> usize {
    text.lines()
        .map(|line| {
            line.bytes()
                .take_while(|b| b" \t>*+-.)0123456789".contains(b))
                .filter(|b| b">*+-.)".contains(b))
                .count()
        })
        .max()
        .unwrap_or(0)
}

/// How deep tags are nested, at the most; a tag that is never closed counts until the end.
fn deepest_tags(html: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let bytes = html.as_bytes();
    for (i, _) in html.match_indices('<') {
        match bytes.get(i + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b) if b.is_ascii_alphabetic() => {
                let name_end = html[i + 1..]
                    .find(|c: char| !c.is_ascii_alphanumeric())
                    .map_or(html.len(), |n| i + 1 + n);
                if !["br", "hr", "img", "input"]
                    .contains(&html[i + 1..name_end].to_ascii_lowercase().as_str())
                {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            _ => {}
        }
    }
    deepest
}

/// One line that people wrote: everything is text but `code` in backticks.
pub(crate) fn line_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (i, part) in split_code(text).into_iter().enumerate() {
        let escaped = escape_html(part);
        if i % 2 == 1 {
            out.push_str("<code>");
            out.push_str(&escaped);
            out.push_str("</code>");
        } else {
            out.push_str(&escaped.replace('\n', "<br>"));
        }
    }
    out
}

/// Text, code, text, code, … text. A single backtick opens code when another one on the same line closes it.
fn split_code(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest[from..].find('`').map(|n| n + from) {
        match rest[open + 1..].find(['`', '\n']).map(|n| n + open + 1) {
            Some(close) if rest[close..].starts_with('`') && close > open + 1 => {
                parts.push(&rest[..open]);
                parts.push(&rest[open + 1..close]);
                rest = &rest[close + 1..];
                from = 0;
            }
            Some(next) => from = next + 1,
            None => break,
        }
    }
    parts.push(rest);
    parts
}

/// An environment for templates of ours whose values are escaped by [`escape_html`] unless they are marked as safe.
pub(crate) fn escaping_environment() -> minijinja::Environment<'static> {
    let mut environment = minijinja::Environment::new();
    // The engine's own escaping lets control characters through.
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.set_formatter(|out, _, value| write_escaped(out, value));
    environment
}

/// A value for HTML: nothing of what is absent, what is marked as safe as it stands, anything else escaped.
pub(crate) fn write_escaped(
    out: &mut minijinja::Output<'_>,
    value: &minijinja::Value,
) -> Result<(), minijinja::Error> {
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    let text = value.to_string();
    let written = if value.is_safe() {
        out.write_str(&text)
    } else {
        out.write_str(&escape_html(&text))
    };
    written.map_err(minijinja::Error::from)
}

/// Text for HTML, in an element or a quoted attribute.
pub(crate) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            // HTML may not hold control characters, not even as numbers.
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
