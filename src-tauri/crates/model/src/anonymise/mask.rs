//! What is not prose: code, addresses of pages and files. Names there stay, and are pointed out.

/// Where a name is hidden from reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hidden {
    /// A code span or a fenced block.
    Code,
    /// The address of a page.
    Address,
    /// An e-mail address.
    Mail,
}

/// A stretch of a text that is not prose. Bytes from the text's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    pub start: usize,
    pub end: usize,
    pub hidden: Hidden,
}

/// An e-mail address, with the `mailto:` or the angle brackets around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mail {
    /// With what belongs to it.
    pub start: usize,
    /// With what belongs to it.
    pub end: usize,
    /// The address alone.
    pub address: std::ops::Range<usize>,
}

/// Bytes of a link's target at the most; what is longer is no target that anybody wrote.
const LINK: usize = 2000;

/// The masks of a text, in order and without overlap.
pub(super) fn masks(text: &str) -> Vec<Mask> {
    let mut found = Vec::new();
    let mut prose = Vec::new();
    let mut at = 0;
    for block in fences(text) {
        prose.push(at..block.start);
        at = block.end;
        found.push(Mask {
            start: block.start,
            end: block.end,
            hidden: Hidden::Code,
        });
    }
    prose.push(at..text.len());
    for part in prose {
        inline(text, part, &mut found);
    }
    found.sort_unstable_by_key(|mask| mask.start);
    found
}

/// Fenced blocks. A fence that nobody closes hides nothing: a slip of the hand must not leave names in.
fn fences(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let line = line.trim_end();
        let body = line.trim_start();
        let Some(mark) = body.chars().next().filter(|c| matches!(c, '`' | '~')) else {
            continue;
        };
        let run = body.chars().take_while(|c| *c == mark).count();
        let rest = body.get(run..).unwrap_or_default();
        if indent > 3 || run < 3 {
            continue;
        }
        match open {
            None if mark == '~' || !rest.contains('`') => open = Some((start, mark, run)),
            Some((from, kind, length)) if kind == mark && run >= length && rest.is_empty() => {
                found.push(from..at);
                open = None;
            }
            _ => {}
        }
    }
    found
}

/// Code spans, the targets of links, and bare addresses.
fn inline(text: &str, part: std::ops::Range<usize>, found: &mut Vec<Mask>) {
    let bytes = text.as_bytes();
    let closers = runs(text, &part);
    let mut at = part.start;
    while at < part.end {
        let rest = text.get(at..part.end).unwrap_or_default();
        match bytes.get(at) {
            Some(b'`') => {
                let run = rest.bytes().take_while(|byte| *byte == b'`').count();
                let end = closers
                    .get(&run)
                    .and_then(|places| {
                        let next = places.partition_point(|place| *place <= at);
                        places.get(next)
                    })
                    .map(|place| place + run)
                    // A span ends with its paragraph at the latest.
                    .filter(|end| !text.get(at..*end).unwrap_or_default().contains("\n\n"));
                match end {
                    Some(end) => {
                        found.push(Mask {
                            start: at,
                            end,
                            hidden: Hidden::Code,
                        });
                        at = end;
                    }
                    None => at += run,
                }
            }
            Some(b'\\') => at += 2,
            Some(b']') if rest.starts_with("](") => {
                let start = at + 2;
                let target = start_of(rest.get(2..).unwrap_or_default(), LINK);
                let length = target
                    .find(|c: char| c.is_whitespace() || c == ')')
                    .unwrap_or(target.len());
                let target = target.get(..length).unwrap_or_default();
                if !is_mail(target) && target.contains(['/', '.', '#']) {
                    found.push(Mask {
                        start,
                        end: start + length,
                        hidden: Hidden::Address,
                    });
                    at = start + length;
                } else {
                    at = start;
                }
            }
            Some(byte) if byte.is_ascii_alphabetic() => {
                let word = rest
                    .bytes()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.'))
                    .count();
                let after = rest.get(word..).unwrap_or_default();
                let www = rest
                    .get(..4)
                    .is_some_and(|start| start.eq_ignore_ascii_case("www."));
                if after.starts_with("://") || www {
                    let length = address(rest);
                    found.push(Mask {
                        start: at,
                        end: at + length,
                        hidden: Hidden::Address,
                    });
                    at += length;
                } else {
                    at += word.max(1);
                }
            }
            _ => at += 1,
        }
        while at < part.end && !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// Where runs of backticks start, by their length.
fn runs(text: &str, part: &std::ops::Range<usize>) -> std::collections::HashMap<usize, Vec<usize>> {
    let mut found: std::collections::HashMap<usize, Vec<usize>> = std::collections::HashMap::new();
    let bytes = text.as_bytes();
    let mut at = part.start;
    while at < part.end {
        let run = bytes
            .iter()
            .take(part.end)
            .skip(at)
            .take_while(|byte| **byte == b'`')
            .count();
        if run > 0 {
            found.entry(run).or_default().push(at);
        }
        at += run.max(1);
    }
    found
}

/// How far a bare address goes: up to a space, and without what ends the sentence.
fn address(rest: &str) -> usize {
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '”' | '“'))
        .unwrap_or(rest.len());
    let whole = rest.get(..length).unwrap_or_default();
    let mut spare = whole
        .matches(')')
        .count()
        .saturating_sub(whole.matches('(').count());
    let end = whole.trim_end_matches(|mark: char| match mark {
        ')' if spare > 0 => {
            spare -= 1;
            true
        }
        mark => matches!(
            mark,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']'
        ),
    });
    end.len()
}

/// The start of a text, of so many bytes at the most.
pub(super) fn start_of(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes))
        .unwrap_or_default()
}

/// The end of a text, of so many bytes at the most.
pub(super) fn end_of(text: &str, bytes: usize) -> &str {
    let from = text.ceil_char_boundary(text.len().saturating_sub(bytes));
    text.get(from..).unwrap_or_default()
}

fn is_mail(target: &str) -> bool {
    let mail = target
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    mail || target.contains('@') && !target.contains('/')
}

/// The e-mail addresses of a text that stand in no mask.
pub(super) fn mails(text: &str, masks: &[Mask]) -> Vec<Mail> {
    let mut found: Vec<Mail> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let masked = masks.partition_point(|mask| mask.end <= at);
        if masks.get(masked).is_some_and(|mask| mask.start <= at) {
            continue;
        }
        let floor = found.last().map_or(0, |mail| mail.end);
        let before = text.get(floor..at).unwrap_or_default();
        let local = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%'))
            .last()
            .map_or(at, |(from, _)| floor + from);
        let after = text.get(at + 1..).unwrap_or_default();
        let domain = after
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-')))
            .unwrap_or(after.len());
        let domain = after
            .get(..domain)
            .unwrap_or_default()
            .trim_end_matches(['.', '-']);
        if local == at || !domain.contains('.') {
            continue;
        }
        let address = local..at + 1 + domain.len();
        let (mut start, mut end) = (address.start, address.end);
        let before = text.get(floor..start).unwrap_or_default();
        if before.len() >= 7
            && before
                .get(before.len() - 7..)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
            // What is written onto it must not be cut off: the name in `Cathymailto:` would be.
            && !before
                .get(..before.len() - 7)
                .is_some_and(|left| left.ends_with(char::is_alphanumeric))
        {
            start -= 7;
            // `?subject=…` goes along.
            let tail = text.get(end..).unwrap_or_default();
            if tail.starts_with('?') {
                end += tail
                    .find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '"'))
                    .unwrap_or(tail.len());
            }
        }
        let opened = text.get(floor..start).unwrap_or_default().ends_with('<');
        if opened && text.get(end..).unwrap_or_default().starts_with('>') {
            start -= 1;
            end += 1;
        }
        found.push(Mail {
            start,
            end,
            address,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        masks(text)
            .iter()
            .map(|mask| &text[mask.start..mask.end])
            .collect()
    }

    #[test]
    fn code_and_addresses_are_no_prose() {
        assert_eq!(
            hidden("run `kill cathy` at https://x.example/cathy. Then"),
            ["`kill cathy`", "https://x.example/cathy"],
            "the full stop is the sentence's"
        );
        assert_eq!(
            hidden("a\n```\ncathy\n```\nb"),
            ["```\ncathy\n```\n"],
            "a fenced block is code"
        );
        assert_eq!(
            hidden("a\n```\ncathy\n\nb"),
            Vec::<&str>::new(),
            "a fence that is never closed hides nothing"
        );
        assert_eq!(
            hidden("[Cathy](notes/cathy.md) and [her](mailto:c@x.example)"),
            ["notes/cathy.md"],
            "a mail address is looked at, the name of a file is not"
        );
        assert_eq!(
            hidden("a ` b\n\nc ` d"),
            Vec::<&str>::new(),
            "code does not reach over paragraphs"
        );
    }

    #[test]
    fn mail_addresses_are_found_with_what_belongs_to_them() {
        let text = "Write to <cathy.l@x.example>, mailto:greg@x.example?subject=hi or @gary.";
        let found: Vec<&str> = mails(text, &masks(text))
            .iter()
            .map(|mail| &text[mail.start..mail.end])
            .collect();
        assert_eq!(
            found,
            ["<cathy.l@x.example>", "mailto:greg@x.example?subject=hi"],
            "a mention is no address"
        );
    }
}
