//! The letters of the Markdown exchange format: how free text is written into one line and read back unchanged, markers
//! that keep ids in HTML comments, headings and code blocks told apart line by line, and times as they stand in tables.
//!
//! `render` writes with it and `ingest` reads with it; docs/formats.md describes it for other programs.
//! Everything here takes time linear in the text and never fails: what is not an escape stays as it is.

mod lines;
mod section;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

pub use lines::{Line, Lines};
pub use section::{is_own_heading, read_section, write_section};

/// Writes any text so that it stands in one line of Markdown (a table cell, a heading, a list item) and shows as it is.
/// `code` in single backticks stays code where that is possible. [`unescape`] gives the text back.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let spans = plain_code_spans(text);
    let mut next_span = spans.iter().peekable();
    let mut i = 0;
    while let Some(&(at, c)) = chars.get(i) {
        if let Some(&&(start, end)) = next_span.peek()
            && start == at
        {
            next_span.next();
            out.push_str(&text[start..end]);
            i += text[start..end].chars().count();
            continue;
        }
        let before = i.checked_sub(1).and_then(|b| chars.get(b)).map(|p| p.1);
        let after = chars.get(i + 1).map(|p| p.1);
        let at_edge = before.is_none_or(|b| b == '\n') || after.is_none_or(|a| a == '\n');
        let inside_word =
            before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        match c {
            '\n' => out.push_str("<br>"),
            ' ' if at_edge => out.push_str("&#32;"),
            '\\' | '*' | '[' | ']' | '|' | '`' | '<' => push_escaped(&mut out, c),
            '_' if !inside_word => push_escaped(&mut out, c),
            '~' if !inside_word && before != Some('/') => push_escaped(&mut out, c),
            '&' if after.is_some_and(|a| a == '#' || a.is_ascii_alphanumeric()) => {
                push_escaped(&mut out, c)
            }
            '#' if before.is_none() || after.is_none() => push_escaped(&mut out, c),
            '>' | '-' | '+' | '=' if before.is_none() => push_escaped(&mut out, c),
            '.' | ')'
                if text[..at].bytes().take(10).all(|b| b.is_ascii_digit())
                    && (1..10).contains(&at) =>
            {
                push_escaped(&mut out, c);
            }
            c if is_unsafe_in_text(c) => out.push_str(&format!("&#x{:X};", u32::from(c))),
            c => out.push(c),
        }
        i += 1;
    }
    out
}

fn push_escaped(out: &mut String, c: char) {
    out.push('\\');
    out.push(c);
}

/// Control characters, line separators and characters that reorder what is shown: written as numbers.
fn is_unsafe_in_text(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Byte ranges, backticks included, of code in single backticks that reads the same escaped and unescaped.
fn plain_code_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut open: Option<usize> = None;
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'`' => {
                let length = bytes[i..].iter().take_while(|b| **b == b'`').count();
                match open {
                    Some(start) if length == 1 && i > start + 1 => {
                        spans.push((start, i + 1));
                        open = None;
                    }
                    _ => open = (length == 1).then_some(i),
                }
                i += length;
                continue;
            }
            b'\\' | b'<' | b'&' | b'|' => open = None,
            b'!' if bytes.get(i + 1) == Some(&b'[') => open = None,
            _ => {
                if let Some(c) = text.get(i..).and_then(|rest| rest.chars().next()) {
                    if is_unsafe_in_text(c) {
                        open = None;
                    }
                    i += c.len_utf8();
                    continue;
                }
            }
        }
        i += 1;
    }
    spans
}

/// Reads what [`escape`] wrote, and inline Markdown of people: backslashes before punctuation, numeric and the usual named
/// character references, and `<br>` as a line break. Code spans stay verbatim, backticks included.
pub fn unescape(text: &str) -> String {
    let runs = backtick_runs(text);
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(c) = text.get(i..).and_then(|rest| rest.chars().next()) {
        let rest = &text[i..];
        match c {
            '\\' => {
                let next = rest[1..].chars().next();
                if let Some(n) = next.filter(char::is_ascii_punctuation) {
                    out.push(n);
                    i += 2;
                } else {
                    out.push('\\');
                    i += 1;
                }
                continue;
            }
            '`' => {
                let length = rest.bytes().take_while(|b| *b == b'`').count();
                let closer = runs.get(&length).and_then(|starts| {
                    let next = starts.partition_point(|start| *start < i + length);
                    starts.get(next).copied()
                });
                let end = closer.unwrap_or(i) + length;
                out.push_str(&text[i..end]);
                i = end;
                continue;
            }
            '&' => {
                if let Some((c, length)) = character_reference(rest) {
                    out.push(c);
                    i += length;
                    continue;
                }
            }
            '<' => {
                if let Some(length) = line_break(rest) {
                    out.push('\n');
                    i += length;
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
        i += c.len_utf8();
    }
    out
}

/// Where each run of backticks starts, by its length.
fn backtick_runs(text: &str) -> HashMap<usize, Vec<usize>> {
    let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let length = bytes[i..].iter().take_while(|b| **b == b'`').count();
        if length > 0 {
            runs.entry(length).or_default().push(i);
        }
        i += length.max(1);
    }
    runs
}

fn character_reference(text: &str) -> Option<(char, usize)> {
    let window = text.get(..text.len().min(12)).unwrap_or_else(|| {
        let end = (0..=12)
            .rev()
            .find(|e| text.is_char_boundary(*e))
            .unwrap_or(0);
        &text[..end]
    });
    let end = window.find(';')?;
    let name = &window[1..end];
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                u32::from_str_radix(hex, 16).ok()?
            }
            None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
            _ => return None,
        };
        char::from_u32(code)?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{A0}',
            _ => return None,
        }
    };
    Some((c, end + 1))
}

fn line_break(text: &str) -> Option<usize> {
    ["<br>", "<br/>", "<br />"]
        .iter()
        .find(|tag| {
            text.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        })
        .map(|tag| tag.len())
}

/// The last line of a Markdown export: a file without it may have lost its end on the way.
pub const END: &str = "<!-- end of the postmortem -->";

/// What the HTML comments of one cell or line said: `<!-- id:0190… person:… -->`.
pub type Marks = BTreeMap<String, String>;

/// Keys that a marker may have. A comment with any other word is a person's and stays text.
const MARKS: [&str; 17] = [
    "id",
    "at",
    "zone",
    "precision",
    "number",
    "person",
    "participant",
    "role",
    "event",
    "finding",
    "action",
    "image",
    "reason",
    "section",
    "rows",
    "none",
    "text",
];

/// Writes a marker with a space before it: ` <!-- id:0190… -->`. Nothing when there is nothing to mark.
pub fn marker(marks: &[(&str, &str)]) -> String {
    if marks.is_empty() {
        return String::new();
    }
    let mut out = String::from(" <!--");
    for (key, value) in marks {
        out.push(' ');
        out.push_str(key);
        if !value.is_empty() {
            out.push(':');
            percent_encode(value, &mut out);
        } else if *key != "none" && *key != "text" && *key != "role" {
            out.push(':');
        }
    }
    out.push_str(" -->");
    out
}

fn percent_encode(value: &str, out: &mut String) {
    let mut before = 0u8;
    for b in value.bytes() {
        let plain =
            b.is_ascii_alphanumeric() || b"._+/:@".contains(&b) || (b == b'-' && before != b'-');
        if plain {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        before = b;
    }
}

fn percent_decode(value: &str) -> Option<String> {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        if b == b'%' {
            let hex = value.get(i + 1..i + 3)?;
            out.push(u8::from_str_radix(hex, 16).ok()?);
            i += 3;
        } else {
            out.push(b);
            i += 1;
        }
    }
    String::from_utf8(out).ok()
}

/// Parts a cell or line from its markers. The first is still escaped and trimmed; comments of people stay in it.
pub fn split_marks(text: &str) -> (String, Marks) {
    let mut marks = Marks::new();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let mut comments = true;
    while let Some(c) = text.get(i..).and_then(|rest| rest.chars().next()) {
        let rest = &text[i..];
        if c == '\\' {
            let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..length]);
            i += length;
            continue;
        }
        if comments && rest.starts_with("<!--") {
            match rest[4..].find("-->") {
                None => comments = false,
                Some(end) => {
                    let whole = end + 7;
                    match read_marks(&rest[4..4 + end]) {
                        Some(found) => {
                            marks.extend(found);
                            // The space that the writer put before the marker is not the text's.
                            if out.ends_with(' ') && rest[whole..].starts_with([' ', '\t']) {
                                out.pop();
                            }
                        }
                        None => out.push_str(&rest[..whole]),
                    }
                    i += whole;
                    continue;
                }
            }
        }
        out.push(c);
        i += c.len_utf8();
    }
    (trim(&out).to_owned(), marks)
}

fn read_marks(comment: &str) -> Option<Marks> {
    let mut marks = Marks::new();
    for word in comment.split_ascii_whitespace() {
        let (key, value) = word.split_once(':').unwrap_or((word, ""));
        if !MARKS.contains(&key) {
            return None;
        }
        marks.insert(key.to_owned(), percent_decode(value)?);
    }
    (!marks.is_empty()).then_some(marks)
}

/// Cuts spaces and tabs, and nothing else, at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The zone of this name, UTC when there is none.
pub fn zone_or_utc(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// An instant on the clock of a zone as it stands in a table: `2026-11-10 16:05`, with seconds when there are any.
pub fn clock(at: DateTime<Utc>, zone: &str) -> String {
    let format = if at.second() == 0 {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    // A zone's offset could leave what a calendar can hold; nobody's incident is there.
    if (1..=9998).contains(&at.year()) {
        at.with_timezone(&zone_or_utc(zone))
            .format(format)
            .to_string()
    } else {
        at.format(format).to_string()
    }
}

/// Reads what [`clock`] wrote: the earlier instant when the clock showed it twice, nothing when it was skipped.
pub fn read_clock(text: &str, zone: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"))
        .ok()
        .filter(|naive| (1..=9998).contains(&naive.year()))?;
    zone_or_utc(zone)
        .from_local_datetime(&naive)
        .earliest()
        .map(|at| at.with_timezone(&Utc))
}

/// An instant with everything that it holds, for a marker: RFC 3339 in UTC.
pub fn instant(at: DateTime<Utc>) -> String {
    let digits = if at == at.trunc_subsecs(0) {
        chrono::SecondsFormat::Secs
    } else {
        chrono::SecondsFormat::AutoSi
    };
    at.to_rfc3339_opts(digits, true)
}

/// Letters for the n-th thing without a number: a, b, … z, aa, ab, …
pub fn letters(mut n: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(b'a' + (n % 26) as u8);
        n /= 26;
        if n == 0 {
            break;
        }
        n -= 1;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD: [&str; 34] = [
        "",
        " ",
        "  two  ",
        "plain words",
        "a_b_c",
        "_a_",
        "*bold* and **more**",
        "`code` and ``more` ticks",
        "`a``b`",
        "``",
        "a ` b",
        "`<b>`",
        "`ok` | `not|ok`",
        "\\",
        "\\\\n",
        "ends with \\",
        "<!-- id:x -->",
        "&amp; &#32; & &x",
        "<br>",
        "line\nline\n\n",
        "\n",
        "\r\n\t\0\u{7f}\u{85}",
        "# heading #",
        "- item",
        "1. one",
        "123) x",
        "[x](y) ![z](w)",
        "| a | b |",
        "~~gone~~ /~user",
        "\u{FEFF}bom",
        "שלום\u{202E}עולם",
        "👩‍👩‍👧‍👦 \u{200B}",
        "http://example.org/a_b~c?d=e&f=g",
        "`\u{202E}`",
    ];

    #[test]
    fn escaped_text_reads_back_unchanged() {
        for text in HARD {
            let escaped = escape(text);
            assert!(
                !escaped.contains('\n'),
                "escaped text must stay in one line: {escaped:?}"
            );
            assert_eq!(
                unescape(&escaped),
                text,
                "what people wrote must survive; written as {escaped:?}"
            );
            let cell = format!("{escaped}{}", marker(&[("id", "a b--c"), ("none", "")]));
            let (rest, marks) = split_marks(&cell);
            assert_eq!(
                unescape(&rest),
                text,
                "a marker must not take part of the text: {cell:?}"
            );
            assert_eq!(
                marks.get("id").map(String::as_str),
                Some("a b--c"),
                "the id must come back from {cell:?}"
            );
        }
    }

    #[test]
    fn sections_read_back_unchanged() {
        let more = [
            "## Sub\ntext",
            "```\n# no heading\n```",
            "```\nopen",
            "<!-- open",
            "## a <!-- text -->",
            "```debrief-text\nx\n```",
            "a\\u{41}\0",
            "\u{1b}[0m€",
            "\0€€",
        ];
        for text in HARD.iter().chain(&more) {
            let written = write_section(text);
            assert_eq!(
                read_section(&format!("\n{written}\n\n")),
                *text,
                "a section must survive; written as {written:?}"
            );
            let mut lines = Lines::default();
            for line in written.split('\n') {
                let kind = lines.read(line);
                assert!(
                    !matches!(kind, Line::Heading(1 | 2, _)) || is_own_heading(line),
                    "no line of a section may begin another one: {line:?}"
                );
            }
            assert!(
                !lines.is_open(),
                "a section must not swallow what follows it: {written:?}"
            );
        }
    }

    #[test]
    fn clocks_read_back_and_never_panic_at_the_ends_of_time() {
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(
                !clock(at, "Pacific/Kiritimati").is_empty(),
                "the ends of time must be writable"
            );
        }
        let at = "2026-11-10T15:05:00Z"
            .parse::<DateTime<Utc>>()
            .expect("a constant");
        assert_eq!(
            clock(at, "Europe/Berlin"),
            "2026-11-10 16:05",
            "tables show the zone's own clock"
        );
        assert_eq!(
            read_clock("2026-11-10 16:05", "Europe/Berlin"),
            Some(at),
            "and it reads back"
        );
    }

    #[test]
    fn letters_go_on_after_z() {
        let shown: Vec<String> = [0, 25, 26, 27, 701, 702].into_iter().map(letters).collect();
        assert_eq!(
            shown,
            ["a", "z", "aa", "ab", "zz", "aaa"],
            "every unnumbered row needs a label of its own"
        );
    }
}
