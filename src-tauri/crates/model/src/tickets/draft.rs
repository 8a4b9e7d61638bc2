//! What a new ticket says of an action item: where it comes from, when it is done, whose it is, and why it exists.

use unicode_segmentation::UnicodeSegmentation;

use crate::list::ActionRow;

/// Characters of a ticket's title. Jira's summary takes 255 (atlassian.com, "Jira limits"), as does GitLab's title; GitHub's
/// takes 256.
const MOST_TITLE: usize = 250;

/// How a text is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown: GitHub, GitLab, Linear, and whatever else people paste into.
    Markdown,
    /// Jira's own notation, which its prefilled page and its import read.
    Wiki,
}

/// A new ticket, not yet made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What is to be done, on one line.
    pub title: String,
    from: String,
    link: String,
    facts: Vec<(&'static str, String)>,
    why: Vec<String>,
}

/// The ticket of an action item. `link` is the address of the item for whoever reads the ticket; empty when nobody but
/// this computer could open it.
pub fn draft(row: &ActionRow, link: &str) -> Draft {
    let item = match row.number {
        Some(number) => format!("action item A{number}"),
        None => "an action item".to_owned(),
    };
    let title = one_line(&row.doc_title);
    let severity = row.severity.and_then(word);
    let severity = severity
        .map(|word| format!(" ({word})"))
        .unwrap_or_default();
    let from = if title.is_empty() {
        format!("From {item} of an untitled postmortem{severity}.")
    } else {
        format!("From {item} of the postmortem “{title}”{severity}.")
    };
    let facts = [
        ("Done when", one_line(&row.done_when)),
        ("Owner", one_line(&row.owner_name)),
        (
            "Due",
            row.due.map(|due| due.to_string()).unwrap_or_default(),
        ),
        ("Priority", row.priority.and_then(word).unwrap_or_default()),
    ];
    let text = one_line(&row.text);
    Draft {
        title: if text.is_empty() {
            "Action item without words yet".into()
        } else {
            text
        },
        from,
        link: if super::web(link).is_some() {
            one_line(link)
        } else {
            String::new()
        },
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        why: row
            .findings
            .iter()
            .map(|finding| match finding.number {
                Some(number) => format!("F{number}: {}", one_line(&finding.text)),
                None => one_line(&finding.text),
            })
            .collect(),
    }
}

impl Draft {
    /// The title as trackers take it: of at most 250 characters, cut between letters.
    pub fn short_title(&self) -> String {
        if self.title.chars().nth(MOST_TITLE).is_none() {
            return self.title.clone();
        }
        let mut out = String::new();
        let mut count = 0;
        for letter in self.title.graphemes(true) {
            count += letter.chars().count();
            if count >= MOST_TITLE {
                break;
            }
            out.push_str(letter);
        }
        format!("{}…", out.trim_end())
    }

    /// The text below the title. What matters most stands first, as the end may have to go.
    pub fn body(&self, markup: Markup) -> String {
        let text = |text: &str| match markup {
            Markup::Markdown => text.to_owned(),
            // These begin a macro and a link there.
            Markup::Wiki => text.replace('{', "\\{").replace('[', "\\["),
        };
        let bold = match markup {
            Markup::Markdown => "**",
            Markup::Wiki => "*",
        };
        let mut out = text(&self.from);
        if !self.link.is_empty() {
            out.push('\n');
            out.push_str(&self.link);
        }
        if self.short_title() != self.title {
            out.push_str(&format!("\n\n{}", text(&self.title)));
        }
        let list = |out: &mut String, lines: &mut dyn Iterator<Item = String>| {
            for (at, line) in lines.enumerate() {
                out.push_str(if at == 0 { "\n\n- " } else { "\n- " });
                out.push_str(&line);
            }
        };
        list(
            &mut out,
            &mut self
                .facts
                .iter()
                .map(|(name, value)| format!("{bold}{name}:{bold} {}", text(value))),
        );
        if !self.why.is_empty() {
            out.push_str(&format!("\n\n{bold}Why:{bold}"));
            list(&mut out, &mut self.why.iter().map(|line| text(line)));
        }
        out
    }
}

/// Tickets as Markdown, each below a heading of its own.
pub fn markdown(drafts: &[Draft]) -> String {
    let each: Vec<String> = drafts
        .iter()
        .map(|draft| format!("## {}\n\n{}\n", draft.title, draft.body(Markup::Markdown)))
        .collect();
    each.join("\n")
}

/// A text on one line, without control characters and without those that turn the direction of what stands around them
/// (UAX 9, embeddings, overrides and isolates): an unclosed one would turn the rest of a ticket.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        let begin = out.len();
        if begin > 0 {
            out.push(' ');
        }
        let before = out.len();
        out.extend(
            word.chars().filter(
                |letter| !matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
            ),
        );
        if out.len() == before {
            out.truncate(begin);
        }
    }
    out
}

/// The word that documents have for a value.
fn word<T: serde::Serialize>(value: T) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}
