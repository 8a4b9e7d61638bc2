//! Headings and code blocks, told apart line by line.

use super::trim;

/// What a line of Markdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A heading with hashes: level 1 to 6, and the rest of the line, trimmed, closing hashes kept.
    Heading(usize, &'a str),
    /// Inside, or a border of, a code block in fences or an HTML block.
    Block,
    /// Anything else.
    Text,
}

/// Tells headings from lines that only look like one because they stand in a code block or a comment. Feed it every line
/// in turn.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    fence: Option<(u8, usize)>,
    html: Option<&'static str>,
}

impl Lines {
    /// What this line is, given those before it.
    pub fn read<'a>(&mut self, line: &'a str) -> Line<'a> {
        let indent = line.bytes().take_while(|b| *b == b' ').count();
        let rest = &line[indent..];
        if let Some((mark, length)) = self.fence {
            let run = rest.bytes().take_while(|b| *b == mark).count();
            if indent < 4 && run >= length && trim(&rest[run..]).is_empty() {
                self.fence = None;
            }
            return Line::Block;
        }
        if let Some(end) = self.html {
            if contains_ignoring_case(line, end) {
                self.html = None;
            }
            return Line::Block;
        }
        if indent >= 4 {
            return Line::Text;
        }
        if let Some(mark @ (b'`' | b'~')) = rest.bytes().next() {
            let run = rest.bytes().take_while(|b| *b == mark).count();
            if run >= 3 && !(mark == b'`' && rest[run..].contains('`')) {
                self.fence = Some((mark, run));
                return Line::Block;
            }
        }
        if rest.starts_with('<')
            && let Some((start, end)) = HTML_BLOCKS
                .iter()
                .find(|(start, _)| starts_ignoring_case(rest, start))
        {
            // A tag's name must end there: `<prefix>` is no `<pre>`.
            let after = rest.as_bytes().get(start.len()).copied();
            let is_tag = start.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic);
            if !is_tag || after.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'-') {
                if !contains_ignoring_case(rest.get(start.len()..).unwrap_or(""), end) {
                    self.html = Some(end);
                }
                return Line::Block;
            }
        }
        let level = rest.bytes().take_while(|b| *b == b'#').count();
        let text = &rest[level..];
        if (1..=6).contains(&level) && (text.is_empty() || text.starts_with([' ', '\t'])) {
            return Line::Heading(level, trim(text));
        }
        Line::Text
    }

    /// A code block or HTML block has begun and not ended.
    pub fn is_open(&self) -> bool {
        self.fence.is_some() || self.html.is_some()
    }
}

const HTML_BLOCKS: [(&str, &str); 8] = [
    ("<!--", "-->"),
    ("<![CDATA[", "]]>"),
    ("<?", "?>"),
    ("<!", ">"),
    ("<pre", "</pre>"),
    ("<script", "</script>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
];

fn starts_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|s| s.eq_ignore_ascii_case(start))
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|w| w.eq_ignore_ascii_case(part.as_bytes()))
}
