//! A text section within a larger document, so that neither runs into the other.

use super::{Line, Lines, backtick_runs, is_unsafe_in_text};

/// Stands at the end of a heading that belongs to a section's own text, so that it does not begin a section.
const OWN_HEADING: &str = " <!-- text -->";

/// The info string of a fence that holds a section's text which Markdown could not carry.
const RAW_TEXT: &str = "debrief-text";

/// Writes a section's Markdown so that it cannot run into what follows it. Nearly always that is the text itself.
/// [`read_section`] gives the text back.
pub fn write_section(text: &str) -> String {
    let mut lines = Lines::default();
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.push_str(line);
        if let Line::Heading(1 | 2, _) = lines.read(line) {
            out.push_str(OWN_HEADING);
        }
    }
    let carries = !text.starts_with('\n')
        && !text.ends_with('\n')
        && !lines.is_open()
        && !text.trim_start_matches(['`', ' ']).starts_with(RAW_TEXT)
        && !text
            .chars()
            .any(|c| c == '\u{FEFF}' || (c.is_control() && c != '\n' && c != '\t'));
    if carries { out } else { write_raw(text) }
}

fn write_raw(text: &str) -> String {
    let longest = backtick_runs(text).keys().copied().max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut out = format!("{fence}{RAW_TEXT}\n");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push('\n'),
            c if is_unsafe_in_text(c) && c != '\t' => {
                out.push_str(&format!("\\u{{{:X}}}", u32::from(c)))
            }
            c => out.push(c),
        }
    }
    out.push('\n');
    out.push_str(&fence);
    out
}

/// A heading of level 1 or 2 that belongs to the section's own text.
pub fn is_own_heading(line: &str) -> bool {
    line.ends_with(OWN_HEADING)
}

/// Reads what [`write_section`] wrote, empty lines around it left out.
pub fn read_section(text: &str) -> String {
    let text = text.trim_matches('\n');
    if let Some(raw) = read_raw(text) {
        return raw;
    }
    let mut lines = Lines::default();
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > 0 {
            out.push('\n');
        }
        match lines.read(line) {
            Line::Heading(1 | 2, _) => out.push_str(line.strip_suffix(OWN_HEADING).unwrap_or(line)),
            _ => out.push_str(line),
        }
    }
    out
}

fn read_raw(text: &str) -> Option<String> {
    let (first, rest) = text.split_once('\n')?;
    let length = first.bytes().take_while(|b| *b == b'`').count();
    if length < 3 || &first[length..] != RAW_TEXT {
        return None;
    }
    let (inner, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
    if last != &first[..length] {
        return None;
    }
    let mut out = String::with_capacity(inner.len());
    let mut i = 0;
    while let Some(c) = inner.get(i..).and_then(|rest| rest.chars().next()) {
        if c == '\\' {
            let rest = &inner[i + 1..];
            if rest.starts_with('\\') {
                out.push('\\');
                i += 2;
                continue;
            }
            let digits = rest
                .strip_prefix("u{")
                .and_then(|r| r.get(..r.bytes().take(7).position(|b| b == b'}')?));
            if let Some(hex) = digits
                && let Some(c) = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
            {
                out.push(c);
                i += 4 + hex.len();
                continue;
            }
        }
        out.push(c);
        i += c.len_utf8();
    }
    Some(out)
}
