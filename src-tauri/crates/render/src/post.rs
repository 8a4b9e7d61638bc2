//! The post for customers as text: Markdown, a web page, plain text, and the body that Atlassian Statuspage takes for an
//! incident's postmortem (`PUT /pages/{page}/incidents/{incident}/postmortem`, field `postmortem.body_draft`).

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use minijinja::context;
use minijinja::value::Value;
use model::customer_post::{Post, PostImpact, PostStatus, PostText, PostUpdate, post};
use model::postmortem::Status;

use crate::export_templates::{self, Head};
use crate::prose::is_too_deep;
use crate::{Export, ExportPage, Rendered, TemplateFault, markdown_html, words};

const CSS: &str = include_str!("page/post.css");

/// Title, time, the three texts and what was told meanwhile.
pub(crate) fn markdown(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    let post = of(export);
    let mut parts = vec![format!("# {}", model::exchange::escape(&post.title))];
    parts.extend(when(&post, export.shown_zone()));
    parts.push(body(&post));
    if !post.updates.is_empty() {
        let lines: Vec<String> = newest_first(&post)
            .map(|update| {
                let told = match update.text.as_str() {
                    "" => String::new(),
                    text => format!(": {}", model::exchange::escape(text)),
                };
                format!("- {}{told}", stamp(update, export.shown_zone()))
            })
            .collect();
        parts.push(format!("## Updates\n\n{}", lines.join("\n")));
    }
    Ok(text(parts.join("\n\n")))
}

/// The same without marks, for an e-mail or a form.
pub(crate) fn plain(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    let post = of(export);
    let mut parts = vec![without_controls(&post.title)];
    parts.extend(when(&post, export.shown_zone()));
    for part in post.texts() {
        let told = markdown_plain(&part.text);
        if !told.is_empty() {
            parts.push(format!("{}\n\n{told}", part.heading.to_uppercase()));
        }
    }
    if !post.updates.is_empty() {
        let lines: Vec<String> = newest_first(&post)
            .map(|update| {
                let stamp = stamp(update, export.shown_zone());
                match update.text.as_str() {
                    "" => stamp,
                    text => format!("{stamp}\n  {}", without_controls(text)),
                }
            })
            .collect();
        parts.push(format!("UPDATES\n\n{}", lines.join("\n")));
    }
    Ok(text(parts.join("\n\n")))
}

/// What Statuspage's API takes as the body of the request. Title and updates are the incident's there already.
pub(crate) fn statuspage(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    let request = serde_json::json!({ "postmortem": { "body_draft": body(&of(export)) } });
    Ok(text(format!("{request:#}")))
}

/// A page that stands alone: no script, nothing loaded from anywhere.
pub(crate) fn html(export: &Export<'_>) -> Result<Rendered, TemplateFault> {
    let post = of(export);
    let zone = export.shown_zone();
    let prose: Vec<Value> = [&post.happened, &post.doing]
        .into_iter()
        .filter(|part| !part.text.trim().is_empty())
        .map(|part| {
            context! { id => part.section.clone(), heading => part.heading.clone(), html => Value::from_safe_string(with_dates_aside(&markdown_html(&part.text))) }
        })
        .collect();
    let updates: Vec<Value> = newest_first(&post)
        .map(|update| {
            context! {
                status => words::name(update.status),
                over => update.status >= PostStatus::Monitoring,
                datetime => update.at.map(model::exchange::instant),
                when => moment(update, zone),
                text => update.text.clone(),
            }
        })
        .collect();
    let context = context! {
        title => post.title.clone(),
        when => when(&post, zone),
        datetime => post.starts.map(model::exchange::instant),
        impact => impact(post.impact),
        draft => export.postmortem.status == Status::Draft && !export.published,
        status => words::name(post.status),
        over => post.status >= PostStatus::Monitoring,
        summary => Value::from_safe_string(markdown_html(&post.summary.text)),
        prose => prose,
        updates => updates,
    };
    let head = Head {
        title: &post.title,
        css: CSS,
    };
    export_templates::page(ExportPage::Post, &export.templates, &head, context).map(text)
}

fn of(export: &Export<'_>) -> Post {
    post(export.postmortem, export.people, export.services)
}

fn text(text: String) -> Rendered {
    Rendered {
        text: format!("{}\n", text.trim_end()),
        assets: Vec::new(),
    }
}

/// The three texts under their headings; empty ones are left out.
fn body(post: &Post) -> String {
    let written: Vec<String> = post
        .texts()
        .into_iter()
        .filter(|part| !part.text.trim().is_empty())
        .map(|part: &PostText| format!("## {}\n\n{}", part.heading, part.text.trim()))
        .collect();
    written.join("\n\n")
}

fn when(post: &Post, zone: &str) -> Option<String> {
    match (post.starts, post.ends) {
        (Some(from), to @ Some(_)) => {
            let shown = estimated(words::stretch(from, to, zone), post.starts_about);
            Some(match post.ends_about && !post.starts_about {
                true => shown.replacen(" to ", " to about ", 1),
                false => shown,
            })
        }
        (Some(at), None) => Some(format!(
            "From {}",
            estimated(words::date_time(at, zone), post.starts_about)
        )),
        (None, Some(at)) => Some(format!(
            "Until {}",
            estimated(words::date_time(at, zone), post.ends_about)
        )),
        (None, None) => None,
    }
}

/// "10 Nov 2026, about 16:12 CET".
fn estimated(shown: String, about: bool) -> String {
    match about {
        true => shown.replacen(", ", ", about ", 1),
        false => shown,
    }
}

fn impact(impact: PostImpact) -> &'static str {
    match impact {
        PostImpact::None => "No impact",
        PostImpact::Minor => "Minor impact",
        PostImpact::Major => "Major impact",
        PostImpact::Critical => "Critical impact",
    }
}

fn newest_first(post: &Post) -> impl Iterator<Item = &PostUpdate> {
    post.updates.iter().rev()
}

fn moment(update: &PostUpdate, zone: &str) -> String {
    update
        .at
        .map(|at| estimated(words::date_time(at, zone), update.about))
        .unwrap_or_default()
}

/// "10 Nov 2026, 16:12 CET, Identified".
fn stamp(update: &PostUpdate, zone: &str) -> String {
    let status = words::name(update.status);
    match moment(update, zone) {
        when if when.is_empty() => status,
        when => format!("{when}, {status}"),
    }
}

/// List items that end with a promise in brackets, "(by 18 November 2026)", get it beside them.
fn with_dates_aside(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    for line in html.lines() {
        let promise = line.strip_suffix(")</li>").and_then(|item| {
            let (text, promise) = item.rsplit_once(" (")?;
            let is_promise = promise == "done" || promise.starts_with("by ");
            (text.starts_with("<li>")
                && is_promise
                && promise.len() <= 40
                && !promise.contains('<'))
            .then_some((text, promise))
        });
        match promise {
            Some((text, promise)) => {
                let text = text.trim_start_matches("<li>");
                out.push_str(&format!(
                    "<li class=\"promise\"><span>{text}</span> <span class=\"by\">{promise}</span></li>"
                ))
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Markdown as people would type it without marks: headings and paragraphs stand alone, list items begin with a hyphen.
fn markdown_plain(markdown: &str) -> String {
    if is_too_deep(markdown) {
        return without_controls(markdown.trim());
    }
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &Options::default());
    let mut out = String::new();
    write_blocks(root, "", &mut out);
    without_controls(out.trim())
}

fn write_blocks<'a>(node: &'a AstNode<'a>, indent: &str, out: &mut String) {
    for child in node.children() {
        let value = child.data().value.clone();
        match value {
            NodeValue::List(_) => {
                for item in child.children() {
                    out.push_str(indent);
                    out.push_str("- ");
                    let inner = format!("{indent}  ");
                    let mut text = String::new();
                    write_blocks(item, &inner, &mut text);
                    out.push_str(text.trim());
                    out.push('\n');
                }
                out.push('\n');
            }
            NodeValue::CodeBlock(code) => {
                for line in code.literal.lines() {
                    out.push_str(&format!("{indent}{line}\n"));
                }
                out.push('\n');
            }
            NodeValue::HtmlBlock(html) => {
                out.push_str(&format!("{indent}{}\n\n", html.literal.trim()))
            }
            NodeValue::ThematicBreak => out.push('\n'),
            NodeValue::Paragraph | NodeValue::Heading(_) => {
                let mut text = String::new();
                write_inline(child, &mut text);
                out.push_str(&format!(
                    "{indent}{}\n\n",
                    text.replace('\n', &format!("\n{indent}"))
                ));
            }
            _ => write_blocks(child, indent, out),
        }
    }
}

fn write_inline<'a>(node: &'a AstNode<'a>, out: &mut String) {
    for child in node.descendants().skip(1) {
        match &child.data().value {
            NodeValue::Text(text) => out.push_str(text),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::HtmlInline(html) => out.push_str(html),
            NodeValue::SoftBreak => out.push(' '),
            NodeValue::LineBreak => out.push('\n'),
            NodeValue::Link(link) if !link.url.is_empty() => {
                // The words of a link follow as its children.
                out.push_str(&format!("<{}> ", link.url));
            }
            _ => {}
        }
    }
}

/// Control characters and marks that turn a line around have no place in a text that leaves.
fn without_controls(text: &str) -> String {
    text.chars()
        .filter(|letter| {
            *letter == '\n'
                || !letter.is_control()
                    && !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        })
        .collect()
}
