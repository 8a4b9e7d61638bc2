//! The rough shape of a Markdown document: front matter, title, sections; tables and lists within them.

use model::exchange::{Line, Lines, is_own_heading, trim};

/// A document taken apart. All of its text is in one of these.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    /// Between the two lines of dashes at the top, with the line it begins at.
    pub(crate) front_matter: Option<&'a str>,
    /// The first heading, when it is of level 1 and nothing but it came before: still escaped.
    pub(crate) title: Option<&'a str>,
    /// What stands between the title and the first section, and the line that begins at.
    pub(crate) preamble: (usize, String),
    /// The sections.
    pub(crate) sections: Vec<RawSection<'a>>,
}

/// A heading of level 1 or 2 and what follows it.
#[derive(Clone, Debug)]
pub(crate) struct RawSection<'a> {
    /// The heading's line, from 1.
    pub(crate) line: usize,
    /// The heading without hashes, still escaped.
    pub(crate) heading: &'a str,
    /// The rest, up to the next section.
    pub(crate) body: &'a str,
}

/// Takes a document apart. Line ends must be `\n`.
pub(crate) fn outline(text: &str) -> Outline<'_> {
    let mut out = Outline::default();
    let (front_matter, mut at) = split_front_matter(text);
    out.front_matter = front_matter;
    let mut line_number = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    out.preamble.0 = line_number;
    let mut lines = Lines::default();
    let mut open: Option<(usize, &str, usize)> = None;
    let mut preamble_from = at;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let next = (at + line.len() + 1).min(text.len());
        if let Line::Heading(level @ (1 | 2), heading) = lines.read(line)
            && !is_own_heading(line)
        {
            let before = text.get(preamble_from..at).unwrap_or_default();
            if level == 1 && open.is_none() && out.title.is_none() {
                out.preamble.1.push_str(before);
                out.title = Some(heading);
                preamble_from = next;
            } else {
                match open.take() {
                    Some((line, heading, from)) => {
                        let body = text.get(from..at).unwrap_or_default();
                        out.sections.push(RawSection {
                            line,
                            heading,
                            body,
                        });
                    }
                    None => out.preamble.1.push_str(before),
                }
                open = Some((line_number, heading, next));
            }
        }
        at = next;
        line_number += 1;
    }
    match open {
        Some((line, heading, from)) => {
            out.sections.push(RawSection {
                line,
                heading,
                body: text.get(from..).unwrap_or_default(),
            });
        }
        None => out
            .preamble
            .1
            .push_str(text.get(preamble_from..).unwrap_or_default()),
    }
    out
}

/// The front matter and where the rest begins.
fn split_front_matter(text: &str) -> (Option<&str>, usize) {
    let Some(rest) = text.strip_prefix("---\n") else {
        return (None, 0);
    };
    let mut at = 0;
    for line in rest.split('\n') {
        if line.trim_end() == "---" || line.trim_end() == "..." {
            let end = (4 + at + line.len() + 1).min(text.len());
            return (rest.get(..at), end);
        }
        at += line.len() + 1;
    }
    (None, 0)
}

/// The cells of a table's line, trimmed, still escaped.
pub(crate) fn cells(line: &str) -> Vec<&str> {
    let line = trim(line);
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    let bytes = line.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'|' => {
                out.push(trim(line.get(from..at).unwrap_or_default()));
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    let last = trim(line.get(from..).unwrap_or_default());
    if !last.is_empty() {
        out.push(last);
    }
    out
}

/// A line of dashes below a table's head.
pub(crate) fn is_delimiter(line: &str) -> bool {
    let cells = cells(line);
    line.contains('|')
        && !cells.is_empty()
        && cells.iter().all(|cell| {
            let dashes = cell.strip_prefix(':').unwrap_or(cell);
            let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
            !dashes.is_empty() && dashes.bytes().all(|b| b == b'-')
        })
}

/// A part of a section's body.
#[derive(Debug)]
pub(crate) enum Part<'a> {
    /// A table's row: the heads in lower case, and the cells.
    Row {
        line: usize,
        head: usize,
        cells: Vec<&'a str>,
    },
    /// Anything else.
    Line {
        line: usize,
        text: &'a str,
        block: bool,
    },
}

/// A section's body by lines, tables taken apart. The first are the heads of the tables, in lower case.
pub(crate) fn parts<'a>(body: &'a str, first_line: usize) -> (Vec<Vec<String>>, Vec<Part<'a>>) {
    let mut heads: Vec<Vec<String>> = Vec::new();
    let mut out = Vec::new();
    let mut scanner = Lines::default();
    let mut in_table = false;
    let mut lines = body.split('\n').enumerate().peekable();
    while let Some((n, text)) = lines.next() {
        let line = first_line + n;
        let block = scanner.read(text) == Line::Block;
        let is_row = !block && text.contains('|');
        if in_table && is_row {
            out.push(Part::Row {
                line,
                head: heads.len() - 1,
                cells: cells(text),
            });
            continue;
        }
        in_table = false;
        if is_row && lines.peek().is_some_and(|(_, next)| is_delimiter(next)) {
            heads.push(cells(text).iter().map(|head| head.to_lowercase()).collect());
            in_table = true;
            lines.next();
            scanner.read("");
            continue;
        }
        out.push(Part::Line { line, text, block });
    }
    (heads, out)
}

/// What a list's line begins: how far it is indented, and its text after the marker.
pub(crate) fn list_item(line: &str) -> Option<(usize, &str)> {
    let indent = line
        .bytes()
        .take_while(|b| *b == b' ' || *b == b'\t')
        .count();
    let rest = line.get(indent..)?;
    if let Some(text) = rest.strip_prefix(['-', '*', '+']) {
        return (text.is_empty() || text.starts_with([' ', '\t'])).then(|| (indent, trim(text)));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=9).contains(&digits) {
        let text = rest.get(digits..)?.strip_prefix(['.', ')'])?;
        return text.starts_with([' ', '\t']).then(|| (indent, trim(text)));
    }
    None
}

/// The items of a text that is a list and nothing else: each with its line and with what belongs to it, verbatim.
pub(crate) fn only_list(body: &str, first_line: usize) -> Option<Vec<(usize, String)>> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut top = None;
    let mut after_blank = false;
    for (n, line) in body.split('\n').enumerate() {
        if line.trim().is_empty() {
            after_blank = true;
            continue;
        }
        match list_item(line) {
            Some((indent, text)) if top.is_none_or(|top| indent <= top) => {
                top.get_or_insert(indent);
                out.push((first_line + n, text.to_owned()));
            }
            found => {
                let last = out.last_mut()?;
                let indented = line.starts_with([' ', '\t']);
                if !indented
                    && (after_blank
                        || found.is_some()
                        || line.starts_with(['#', '`', '~', '|', '>', '<']))
                {
                    return None;
                }
                last.1.push('\n');
                last.1.push_str(line.trim());
            }
        }
        after_blank = false;
    }
    (!out.is_empty()).then_some(out)
}
