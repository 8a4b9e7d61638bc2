//! Text as the rules see it: sentences of tokens, with everything masked that is not the writer's own prose.

use std::borrow::Cow;

use super::language::{Tongue, tongue};
use super::words::one_of;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A word.
    Word,
    /// A number, a time, a date.
    Number,
    /// Code, an address, a path, an identifier, quoted speech: a thing that is not read.
    Opaque,
    /// `@somebody`.
    Handle,
    /// A comma.
    Comma,
    /// A colon.
    Colon,
    /// A dash or an arrow between words.
    Dash,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

/// One token. Places are bytes of the whole text.
#[derive(Clone, Debug)]
pub struct Token<'a> {
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub shape: Shape,
    /// In lower case, contractions undone: "shouldn’t" is `should` and `not`.
    pub word: Cow<'a, str>,
    /// It starts with a capital letter.
    pub capital: bool,
    /// It ends in 's.
    pub possessive: bool,
}

/// A sentence's tokens, as a range, and whether it stands in a heading.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its tokens.
    pub tokens: std::ops::Range<usize>,
    /// It is a Markdown heading.
    pub heading: bool,
}

/// A text taken apart.
#[derive(Default)]
pub struct Parsed<'a> {
    /// All tokens.
    pub tokens: Vec<Token<'a>>,
    /// Sentences in order.
    pub sentences: Vec<Sentence>,
    /// Lines of chats, quotes and logs, which are other people's words.
    pub foreign_lines: usize,
    /// Words of the lines that are in English.
    pub english: usize,
    /// Words of the lines that are in other languages.
    pub other: usize,
}

/// Bytes of quoted speech at the most; a quotation mark without a partner must not hide the rest.
const QUOTE: usize = 400;
/// Bytes of a link's address or an HTML tag at the most.
const LINK: usize = 1000;
/// Backticks that may open code; more are decoration.
const BACKTICKS: usize = 16;

/// Takes a text apart. `speaker` tells whether a word at the start of a line, before a colon, is a person.
pub fn parse<'a>(text: &'a str, speaker: &dyn Fn(&str) -> bool) -> Parsed<'a> {
    let mut parsed = Parsed::default();
    let lines = lines(text);
    let fenced = fenced(text, &lines);
    let comments = comments(text);
    let mut comment = comments.iter().peekable();
    let mut open_at = 0;
    let mut heading = false;
    for (number, &(start, end)) in lines.iter().enumerate() {
        while comment.next_if(|(_, to)| *to <= start).is_some() {}
        let line = &text[start..end];
        let hidden = fenced[number];
        let foreign = !hidden && is_foreign(line, speaker);
        parsed.foreign_lines += usize::from(foreign);
        let mut skip = hidden || foreign;
        if !skip {
            let (tongue, words) = tongue(line);
            match tongue {
                Tongue::English => parsed.english += words,
                Tongue::Other => {
                    parsed.other += words;
                    skip = true;
                }
                Tongue::Open => {}
            }
        }
        if skip || !continues(&parsed, open_at, line) {
            close(&mut parsed, &mut open_at, heading);
            heading = false;
        }
        if skip {
            continue;
        }
        let body = start + marker(line);
        if parsed.tokens.len() == open_at {
            heading = line.trim_start().starts_with('#');
        }
        let mut masks = masks(text, body, end);
        for (from, to) in comment.clone().take_while(|(from, _)| *from < end) {
            masks.push(((*from).max(body), (*to).min(end), false));
        }
        masks.sort_unstable();
        let mut at = body;
        for (from, to, spoken) in masks {
            if from < at || from >= to {
                continue;
            }
            words(text, at, from, &mut parsed, &mut open_at, heading);
            if spoken {
                parsed.tokens.push(opaque(text, from, to));
            }
            at = to;
        }
        words(text, at, end, &mut parsed, &mut open_at, heading);
    }
    close(&mut parsed, &mut open_at, heading);
    parsed
}

fn close(parsed: &mut Parsed<'_>, open_at: &mut usize, heading: bool) {
    let tokens = *open_at..parsed.tokens.len();
    if !tokens.is_empty() {
        *open_at = tokens.end;
        parsed.sentences.push(Sentence { tokens, heading });
    }
}

/// Where lines start and end, the line ends not included.
pub fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    text.split('\n')
        .map(|line| {
            let start = at;
            at += line.len() + 1;
            (start, start + line.strip_suffix('\r').unwrap_or(line).len())
        })
        .collect()
}

/// A sentence that was open at the end of a line goes on when the next line starts in lower case, as wrapped text does.
fn continues(parsed: &Parsed<'_>, open_at: usize, line: &str) -> bool {
    let open = &parsed.tokens[open_at..];
    let goes_on = open
        .last()
        .is_some_and(|last| matches!(last.shape, Shape::Word | Shape::Comma | Shape::Opaque));
    goes_on
        && line
            .trim_start()
            .chars()
            .next()
            .is_some_and(char::is_lowercase)
}

/// Which lines stand inside fences. A fence that is never closed hides nothing.
fn fenced(text: &str, lines: &[(usize, usize)]) -> Vec<bool> {
    let mut inside = vec![false; lines.len()];
    let mut open: Option<(usize, char, usize)> = None;
    for (number, &(start, end)) in lines.iter().enumerate() {
        let line = text[start..end].trim();
        let Some(mark) = line.chars().next().filter(|c| matches!(c, '`' | '~')) else {
            continue;
        };
        let run = line.chars().take_while(|c| *c == mark).count();
        let rest = &line[run..];
        match open {
            None if run >= 3 && !rest.contains(mark) => open = Some((number, mark, run)),
            Some((from, kind, length)) if kind == mark && run >= length && rest.is_empty() => {
                inside[from..=number].fill(true);
                open = None;
            }
            _ => {}
        }
    }
    inside
}

/// HTML comments: the help of templates.
fn comments(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(from) = text[at..].find("<!--").map(|place| at + place) {
        let Some(to) = text[from..].find("-->").map(|place| from + place + 3) else {
            break;
        };
        found.push((from, to));
        at = to;
    }
    found
}

/// How far a bullet, a number, a tick box or the marks of a heading go.
fn marker(line: &str) -> usize {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let shorter = if (1..=3).contains(&digits) {
            rest[digits..].strip_prefix(['.', ')'])
        } else if let Some(boxed) = ["[ ]", "[x]", "[X]"]
            .iter()
            .find_map(|tick| rest.strip_prefix(tick))
        {
            Some(boxed)
        } else {
            rest.strip_prefix(['-', '*', '+', '•', '#', '–', '◦', '▪'])
        };
        match shorter {
            Some(shorter)
                if shorter.starts_with([' ', '\t', '#', '*']) && !shorter.starts_with("**") =>
            {
                rest = shorter;
            }
            _ => return line.len() - rest.len(),
        }
    }
}

/// Quotes, chats and logs: other people's words, and machines'.
fn is_foreign(line: &str, speaker: &dyn Fn(&str) -> bool) -> bool {
    let line = line.trim_start();
    if line.starts_with('>') || line.starts_with("{\"") {
        return true;
    }
    let line = &line[marker(line)..];
    if is_log(line) {
        return true;
    }
    // `16:05 <somebody> …`, `[16:05] <somebody> …`, `<somebody> …`
    let rest = line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ':' | '[' | ']' | '-' | '.' | ' ' | '(' | ')')
    });
    if let Some((nick, said)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let nick = nick.trim_start_matches(['@', '+', ' ']);
        if !nick.is_empty()
            && nick.len() <= 32
            && !nick.contains([' ', '/', ':', '@'])
            && said.starts_with(' ')
        {
            return true;
        }
    }
    // `@somebody: …`, `Greg: …`
    rest.split_once(':').is_some_and(|(who, said)| {
        let who = who.trim_matches('*');
        !who.is_empty()
            && who.len() <= 64
            && said.starts_with([' ', '*'])
            && (who
                .strip_prefix('@')
                .is_some_and(|handle| handle.chars().all(|c| c.is_alphanumeric() || c == '-'))
                || speaker(who))
    })
}

/// A line that a program wrote: a level in capitals near its start, or a process with its number.
fn is_log(line: &str) -> bool {
    let level = |word: &str| {
        one_of(
            word,
            "ERROR WARN WARNING INFO DEBUG FATAL CRITICAL TRACE NOTICE
                        Traceback",
        )
    };
    let mut words = line.split_whitespace().take(5).peekable();
    let Some(first) = words.peek() else {
        return false;
    };
    // "CRITICAL" alone may be the alert that somebody tells of.
    let stamped = first.starts_with(|c: char| c.is_ascii_digit() || c == '[');
    words.any(|word| {
        let bare = word.trim_matches(['[', ']', ':', ',', '|', '(', ')']);
        let process = bare
            .strip_suffix(']')
            .unwrap_or(bare)
            .rsplit_once('[')
            .is_some_and(|(name, number)| {
                !name.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
            });
        process && word.ends_with(':') || level(bare) && (stamped || word.ends_with([':', ']']))
    })
}

/// What in a line is not prose: code, speech, addresses, tags; with whether a thing stands there.
fn masks(text: &str, start: usize, end: usize) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    let mut at = start;
    let mut unpaired = Vec::new();
    let mut before = ' ';
    while at < end {
        let rest = &text[at..end];
        let Some(letter) = rest.chars().next() else {
            break;
        };
        let after = at + letter.len_utf8();
        let outside = !before.is_alphanumeric();
        let near = |most: usize| &text[after..end.min(text.floor_char_boundary(after + most))];
        let to = match letter {
            '`' => {
                let run = rest.bytes().take_while(|byte| *byte == b'`').count();
                let found = (run <= BACKTICKS && !unpaired.contains(&run))
                    .then(|| code_end(&text[at + run..end], run))
                    .flatten();
                if found.is_none() {
                    unpaired.push(run);
                    at += run;
                    before = letter;
                    continue;
                }
                found.map(|to| (at + run + to, true))
            }
            '"' if outside => quote_end(near(QUOTE), '"').map(|to| (after + to, true)),
            '“' | '„' => near(QUOTE)
                .find(['”', '“'])
                .map(|to| (after + to + '”'.len_utf8(), true)),
            '\'' if outside => quote_end(near(QUOTE), '\'').map(|to| (after + to, true)),
            '‘' => quote_end(near(QUOTE), '’').map(|to| (after + to, true)),
            '(' if before == ']' => near(LINK).find(')').map(|to| (after + to + 1, false)),
            '<' if rest[1..]
                .starts_with(|c: char| c.is_ascii_alphabetic() || "/!@#".contains(c)) =>
            {
                near(LINK).find('>').map(|to| {
                    let link = text[after..after + to].contains("://");
                    (after + to + 1, link)
                })
            }
            _ => None,
        };
        match to {
            Some((to, thing)) => {
                found.push((at, to, thing));
                at = to;
                before = 'x';
                if !thing {
                    before = ' ';
                }
            }
            None => {
                at = after;
                before = letter;
            }
        }
    }
    found
}

/// Where the code ends that started with a run of so many backticks.
fn code_end(rest: &str, run: usize) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'`' {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        at += length;
        if length == run {
            return Some(at);
        }
    }
    None
}

/// Where speech ends: at a mark with no letter behind it, and something before it.
fn quote_end(rest: &str, mark: char) -> Option<usize> {
    if rest.starts_with(char::is_whitespace) {
        return None;
    }
    rest.match_indices(mark).find_map(|(place, _)| {
        let end = place + mark.len_utf8();
        let closes = !rest[end..].starts_with(char::is_alphanumeric)
            && rest[..place]
                .chars()
                .next_back()
                .is_some_and(|c| !c.is_whitespace());
        closes.then_some(end)
    })
}

fn opaque(text: &str, start: usize, end: usize) -> Token<'_> {
    let possessive = text[end..].starts_with("'s") || text[end..].starts_with("’s");
    token(
        start,
        end,
        Shape::Opaque,
        Cow::Borrowed(""),
        false,
        possessive,
    )
}

fn token(
    start: usize,
    end: usize,
    shape: Shape,
    word: Cow<'_, str>,
    capital: bool,
    possessive: bool,
) -> Token<'_> {
    Token {
        start,
        end,
        shape,
        word,
        capital,
        possessive,
    }
}

/// Makes tokens of a stretch without masks, and sentences at their ends.
fn words<'a>(
    text: &'a str,
    start: usize,
    end: usize,
    parsed: &mut Parsed<'a>,
    open_at: &mut usize,
    heading: bool,
) {
    let mut at = start;
    for chunk in text[start..end].split(char::is_whitespace) {
        let from = at;
        at += chunk.len();
        // The white space behind it, whichever it is.
        at += text[at..end].chars().next().map_or(0, char::len_utf8);
        if chunk.is_empty() {
            continue;
        }
        if one_thing(text, from, chunk, parsed) {
            if chunk.ends_with(['.', '!', '?', ';']) {
                close(parsed, open_at, heading);
            }
            continue;
        }
        pieces(text, from, chunk, parsed, open_at, heading);
    }
}

/// An address, a path, an identifier, a handle, a dash: a chunk that is one token as a whole.
fn one_thing<'a>(text: &'a str, from: usize, chunk: &'a str, parsed: &mut Parsed<'a>) -> bool {
    let core = chunk.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '/' | '_'));
    if core.is_empty() {
        if !chunk.is_empty()
            && chunk
                .chars()
                .all(|c| matches!(c, '-' | '–' | '—' | '>' | '=' | '→'))
        {
            parsed.tokens.push(token(
                from,
                from + chunk.len(),
                Shape::Dash,
                Cow::Borrowed(""),
                false,
                false,
            ));
            return true;
        }
        return false;
    }
    let offset = chunk.find(core).unwrap_or(0);
    let (start, end) = (from + offset, from + offset + core.len());
    let core = core.trim_matches('_');
    if let Some(handle) = core.strip_prefix('@') {
        let (name, possessive) = unpossessed(handle);
        let plain = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if plain {
            parsed.tokens.push(token(
                start,
                end,
                Shape::Handle,
                lower(name),
                false,
                possessive,
            ));
            trailing(chunk, offset + end - start, from, parsed);
            return true;
        }
    }
    if !is_identifier(core) {
        return false;
    }
    for (place, letter) in chunk[..offset].char_indices() {
        if letter == '(' {
            let at = from + place;
            parsed.tokens.push(token(
                at,
                at + 1,
                Shape::Open,
                Cow::Borrowed(""),
                false,
                false,
            ));
        }
    }
    let (_, possessive) = unpossessed(core);
    let number = core.chars().all(|c| {
        c.is_ascii_digit() || matches!(c, ':' | '.' | '-' | '/' | ',' | '%' | '+' | 'T' | 'Z')
    });
    let shape = if number { Shape::Number } else { Shape::Opaque };
    parsed.tokens.push(token(
        start,
        end,
        shape,
        Cow::Borrowed(&text[start..start]),
        false,
        possessive,
    ));
    trailing(chunk, offset + end - start, from, parsed);
    true
}

/// The comma, colon or bracket behind such a chunk.
fn trailing(chunk: &str, at: usize, from: usize, parsed: &mut Parsed<'_>) {
    for (place, letter) in chunk[at..].char_indices() {
        let shape = match letter {
            ',' => Shape::Comma,
            ':' => Shape::Colon,
            ')' => Shape::Close,
            _ => continue,
        };
        let place = from + at + place;
        parsed.tokens.push(token(
            place,
            place + 1,
            shape,
            Cow::Borrowed(""),
            false,
            false,
        ));
    }
}

fn unpossessed(word: &str) -> (&str, bool) {
    for ending in ["'s", "’s", "'S", "’S", "'", "’"] {
        if let Some(bare) = word.strip_suffix(ending) {
            return (bare, true);
        }
    }
    (word, false)
}

/// Whether a chunk names a thing instead of being words: `https://…`, `/etc/hosts`, `mw1017`, `some_name`, `a.b.c`.
fn is_identifier(core: &str) -> bool {
    if core.contains("://") || core.starts_with("www.") || core.contains("::") {
        return true;
    }
    let (bare, _) = unpossessed(core);
    let mut digit = false;
    let mut slashes = 0;
    let mut before = ' ';
    let mut letters = bare.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        match letter {
            '0'..='9' => digit = true,
            '_' | '\\' | '=' | '{' | '}' | '$' | '@' => return true,
            '/' => slashes += 1,
            '.' if before.is_alphanumeric()
                && (next.is_lowercase() || next.is_ascii_digit())
                && !(before.is_alphabetic() && bare.len() <= 4) =>
            {
                return true;
            }
            _ => {}
        }
        before = letter;
    }
    digit || slashes > 1 || bare.starts_with('/') || bare.ends_with('/')
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.chars().any(|c| c.is_uppercase() || c == '’') {
        Cow::Owned(
            word.chars()
                .flat_map(char::to_lowercase)
                .map(|c| if c == '’' { '\'' } else { c })
                .collect(),
        )
    } else {
        Cow::Borrowed(word)
    }
}

/// Words and marks of a chunk of prose.
fn pieces<'a>(
    text: &'a str,
    from: usize,
    chunk: &'a str,
    parsed: &mut Parsed<'a>,
    open_at: &mut usize,
    heading: bool,
) {
    let mut word: Option<usize> = None;
    let mut letters = chunk.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        let at = from + place;
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let joins = matches!(letter, '-' | '\'' | '’' | '‑') && next.is_alphanumeric();
        if letter.is_alphanumeric() || (word.is_some() && joins) {
            word.get_or_insert(at);
            continue;
        }
        if let Some(start) = word.take() {
            // The mark of a plural's possessive: "the engineers' fault".
            let possessive = matches!(letter, '\'' | '’') && text[start..at].ends_with('s');
            push_word(&text[start..at], start, possessive, parsed);
        }
        let shape = match letter {
            ',' => Shape::Comma,
            ':' => Shape::Colon,
            '(' | '[' => Shape::Open,
            ')' | ']' => Shape::Close,
            '—' | '–' | '→' => Shape::Dash,
            '.' | '!' | '?' | '…' => {
                let behind = &chunk[place + letter.len_utf8()..];
                let over = behind.chars().all(|c| {
                    matches!(
                        c,
                        '"' | '”' | '\'' | '’' | ')' | ']' | '*' | '_' | '.' | '!' | '?'
                    )
                }) || behind.starts_with(char::is_uppercase);
                if over && !(letter == '.' && abbreviated(&chunk[..place])) {
                    close(parsed, open_at, heading);
                }
                continue;
            }
            ';' | '|' => {
                close(parsed, open_at, heading);
                continue;
            }
            _ => continue,
        };
        let end = at + letter.len_utf8();
        // Brackets of links say nothing: "[Greg](…)" is Greg.
        if letter == '[' || letter == ']' {
            continue;
        }
        parsed
            .tokens
            .push(token(at, end, shape, Cow::Borrowed(""), false, false));
    }
    if let Some(start) = word {
        push_word(&text[start..from + chunk.len()], start, false, parsed);
    }
}

fn abbreviated(before: &str) -> bool {
    let word = before.trim_start_matches(['(', '"', '*', '_', '[']);
    let plain = word.to_ascii_lowercase();
    one_of(
        plain.as_str(),
        "e.g i.e eg ie etc vs approx cf dr mr mrs ms st e i g",
    ) && plain != "i"
}

/// One word, its contractions undone.
fn push_word<'a>(word: &'a str, start: usize, plural: bool, parsed: &mut Parsed<'a>) {
    let capital = word.starts_with(char::is_uppercase);
    let folded = lower(word);
    let end = start + word.len();
    let mut push = |from: usize, to: usize, word: Cow<'a, str>, possessive: bool| {
        let shape = Shape::Word;
        parsed.tokens.push(token(
            from,
            to,
            shape,
            word,
            capital && from == start,
            possessive,
        ));
    };
    let plain = |bare: &'static str, ending: &'static str, length: usize| {
        (Cow::Borrowed(bare), Cow::Borrowed(ending), length)
    };
    // Contractions, also without their apostrophe.
    let parts = match folded.as_ref() {
        "can't" | "cannot" | "cant" => Some(plain("can", "not", 3)),
        "won't" => Some(plain("will", "not", 2)),
        "shouldnt" | "should'nt" => Some(plain("should", "not", 6)),
        "couldnt" | "could'nt" => Some(plain("could", "not", 5)),
        "wouldnt" | "would'nt" => Some(plain("would", "not", 5)),
        "didnt" | "did'nt" => Some(plain("did", "not", 3)),
        "hadnt" => Some(plain("had", "not", 3)),
        "shouldve" => Some(plain("should", "have", 6)),
        "couldve" => Some(plain("could", "have", 5)),
        "wouldve" => Some(plain("would", "have", 5)),
        "it's" | "that's" | "there's" | "what's" | "who's" | "he's" | "she's" | "let's" => {
            let bare = folded.len() - 2;
            Some((
                Cow::Owned(folded[..bare].to_owned()),
                Cow::Borrowed("is"),
                bare,
            ))
        }
        _ => None,
    };
    if let Some((first, second, length)) = parts {
        let middle = start + length.min(word.len());
        push(start, middle, first, false);
        push(middle, end, second, false);
        return;
    }
    // "shouldn't've" has two.
    let mut tails: Vec<(usize, &'static str)> = Vec::new();
    let mut bare = folded.as_ref();
    while let Some((shorter, tail)) = [
        ("n't", "not"),
        ("'ve", "have"),
        ("'ll", "will"),
        ("'re", "are"),
        ("'m", "am"),
        ("'d", "'d"),
    ]
    .iter()
    .find_map(|(ending, tail)| bare.strip_suffix(ending).map(|shorter| (shorter, *tail)))
    {
        if shorter.is_empty() || tails.len() == 3 {
            break;
        }
        tails.push((shorter.chars().count(), tail));
        bare = shorter;
    }
    if tails.is_empty() {
        let (bare, possessive) = match folded.strip_suffix("'s") {
            Some(bare) => (bare.len(), true),
            None => (folded.len(), plural),
        };
        let word = match folded {
            Cow::Borrowed(folded) => Cow::Borrowed(&folded[..bare]),
            Cow::Owned(mut folded) => {
                folded.truncate(bare);
                Cow::Owned(folded)
            }
        };
        push(start, end, word, possessive);
        return;
    }
    let place = |letters: usize| {
        word.char_indices()
            .nth(letters)
            .map_or(end, |(place, _)| start + place)
    };
    let head = bare.to_owned();
    let mut from = place(tails.last().map_or(0, |(letters, _)| *letters));
    push(start, from, Cow::Owned(head), false);
    for index in (0..tails.len()).rev() {
        let to = match index {
            0 => end,
            _ => place(tails[index - 1].0),
        };
        push(from, to, Cow::Borrowed(tails[index].1), false);
        from = to;
    }
}
