//! What a user's template made, read strictly: known elements in their order, known attributes between quotes, and nothing
//! that could run, load or change how what follows is read. Whatever else stands there is refused and not mended, so that what
//! was checked is what a browser sees.

use super::engine::{FROM, LINE, MOST, TO, is_mark, number_of};

/// Elements within each other.
const DEPTH: usize = 100;

const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];
/// What a drawing may hold; nothing of it stands elsewhere.
const SHAPES: &[&str] = &[
    "circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "text", "tspan",
];
const MAIN: &str = "A page needs one <main>, around what it is about.";
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

const ANYWHERE: &[&str] = &[
    "class", "id", "lang", "dir", "title", "role", "hidden", "tabindex",
];
const OF_SHAPES: &[&str] = &[
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "height",
    "opacity",
    "points",
    "preserveAspectRatio",
    "r",
    "rx",
    "ry",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Why the markup is not taken.
#[derive(Debug)]
pub(super) struct Refused {
    /// As sentences.
    pub(super) message: String,
    /// The line of the template that the tag stands in, when the markup has the marks of lines.
    pub(super) line: Option<usize>,
}

/// The markup with what was set aside in its places. With `strict`, an address that is left out of a page is refused.
pub(super) fn checked(markup: &str, kept: &[String], strict: bool) -> Result<String, Refused> {
    let aside: usize = kept.iter().map(String::len).sum();
    let mut reader = Reader {
        rest: markup,
        out: String::with_capacity(markup.len() + aside),
        open: Vec::new(),
        kept,
        strict,
        mains: 0,
        most: MOST + 2 * aside,
        aside: 0,
        line: None,
    };
    match reader.read() {
        Ok(()) => Ok(reader.out),
        Err(message) => Err(Refused {
            message: message.replace(is_mark, ""),
            line: reader.line,
        }),
    }
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
    /// Elements that are not closed yet, with their lines.
    open: Vec<(&'a str, Option<usize>)>,
    kept: &'a [String],
    strict: bool,
    mains: usize,
    /// Bytes that may be put in from `kept`, and those that were. Pictures can be large, so the bound grows with what there is.
    most: usize,
    aside: usize,
    /// The last line that a mark told.
    line: Option<usize>,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<(), String> {
        while !self.rest.is_empty() {
            let (text, rest) = self
                .rest
                .split_at(self.rest.find('<').unwrap_or(self.rest.len()));
            self.rest = rest;
            self.text(text)?;
            if self.rest.is_empty() {
                break;
            }
            if self.rest.starts_with("<!--") {
                self.comment()?;
            } else if self.rest.starts_with("</") {
                self.closing()?;
            } else {
                self.opening()?;
            }
        }
        if let Some((name, line)) = self.open.last() {
            self.line = *line;
            return Err(format!("<{name}> is never closed."));
        }
        if self.mains == 0 {
            self.line = None;
            return Err(MAIN.into());
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        let text = self.filled(text, str::to_owned)?;
        self.out.push_str(&text);
        Ok(())
    }

    /// Text with what was set aside in it, and without the marks of lines.
    fn filled(&mut self, text: &str, shown: fn(&str) -> String) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, marked)) = rest.split_once([FROM, LINE]) {
            out.push_str(before);
            let (digits, after) = marked.split_once(TO).unwrap_or((marked, ""));
            let number = number_of(digits);
            if rest
                .get(before.len()..)
                .is_some_and(|rest| rest.starts_with(LINE))
            {
                self.line = number;
            } else {
                let html = number.and_then(|number| self.kept.get(number));
                let html = html.map_or("", String::as_str);
                self.count(html)?;
                out.push_str(&shown(html));
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn count(&mut self, html: &str) -> Result<(), String> {
        self.aside += html.len();
        if self.aside > self.most {
            return Err("The template makes too large a page: it puts the same texts or pictures into it again and again.".into());
        }
        Ok(())
    }

    /// Comments are left out: they would go to whoever reads the page.
    fn comment(&mut self) -> Result<(), String> {
        let Some((_, after)) = self.rest.split_once("-->") else {
            return Err("A comment is never closed with -->.".into());
        };
        self.rest = after;
        Ok(())
    }

    fn closing(&mut self) -> Result<(), String> {
        let inner = self.rest.get(2..).unwrap_or_default();
        let (name, after) = split_name(inner);
        let after = after.trim_start();
        let Some(after) = after.strip_prefix('>').filter(|_| !name.is_empty()) else {
            return Err("A closing tag cannot be read: it is written </name>.".into());
        };
        self.rest = after;
        match self.open.pop().map(|(open, _)| open) {
            Some(open) if open == name => {
                self.out.push_str(&format!("</{name}>"));
                Ok(())
            }
            Some(open) => Err(format!("</{name}> stands where </{open}> belongs.")),
            None => Err(format!("</{name}> closes nothing that is open.")),
        }
    }

    fn opening(&mut self) -> Result<(), String> {
        let (name, rest) = split_name(self.rest.get(1..).unwrap_or_default());
        if name.is_empty() {
            return Err("A < that begins no element is written &lt;.".into());
        }
        let drawing = self.open.iter().any(|(name, _)| *name == "svg");
        let known = match drawing {
            true => SHAPES.contains(&name),
            false => ELEMENTS.contains(&name),
        };
        if !known {
            let place = if drawing { " in a drawing" } else { "" };
            return Err(format!(
                "The element <{name}> is not allowed{place} in an export template."
            ));
        }
        self.out.push('<');
        self.out.push_str(name);
        self.rest = rest;
        let shape = drawing || name == "svg";
        let closed = loop {
            let trimmed = self.rest.trim_start();
            if let Some(after) = trimmed.strip_prefix("/>") {
                self.rest = after;
                break true;
            }
            if let Some(after) = trimmed.strip_prefix('>') {
                self.rest = after;
                break false;
            }
            if trimmed.len() == self.rest.len() {
                return Err(format!(
                    "The tag <{name}> cannot be read: write its attributes as name=\"value\", with spaces between them."
                ));
            }
            self.rest = trimmed;
            self.attribute(name, shape)?;
        };
        if VOID.contains(&name) {
            self.out.push('>');
        } else if closed && shape {
            self.out.push_str("/>");
        } else if closed {
            return Err(format!(
                "<{name}/> closes nothing: it is written <{name}></{name}>."
            ));
        } else {
            self.out.push('>');
            if name == "main" {
                self.mains += 1;
                if self.mains > 1 {
                    return Err(MAIN.into());
                }
            }
            self.open.push((name, self.line));
            if self.open.len() > DEPTH {
                return Err(format!(
                    "Elements stand more than {DEPTH} deep within each other."
                ));
            }
        }
        Ok(())
    }

    fn attribute(&mut self, element: &str, shape: bool) -> Result<(), String> {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '"' | '\'' | '<'))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if !is_allowed(element, name, shape) {
            return Err(format!(
                "The attribute “{}” is not allowed on <{element}>.",
                name.chars().take(60).collect::<String>()
            ));
        }
        self.rest = rest;
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            self.out.push(' ');
            self.out.push_str(name);
            return Ok(());
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let parted = quote.and_then(|quote| value.get(1..)?.split_once(quote));
        let Some((value, after)) = parted else {
            return Err(format!(
                "The value of “{name}” on <{element}> must stand between quotes."
            ));
        };
        self.rest = after;
        let value = self.value(value)?;
        if !is_good(name, &value) {
            if self.strict || !matches!(name, "href" | "src") {
                return Err(wrong_value(name, &value));
            }
            return Ok(());
        }
        self.out.push_str(&format!(" {name}=\"{value}\""));
        if name == "href" && !value.starts_with('#') {
            self.out.push_str(" rel=\"noopener noreferrer nofollow\"");
        }
        Ok(())
    }

    /// An attribute's value: of what was set aside, its words alone.
    fn value(&mut self, value: &str) -> Result<String, String> {
        Ok(self
            .filled(value, words_of)?
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;"))
    }
}

/// A name in small letters and digits, and what follows.
fn split_name(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    text.split_at(end)
}

fn is_allowed(element: &str, name: &str, shape: bool) -> bool {
    let own: &[&str] = match element {
        "a" => &["href"],
        "img" => &["src", "alt", "width", "height"],
        "ol" => &["start", "reversed"],
        "td" | "th" => &["colspan", "rowspan", "scope", "headers"],
        "col" | "colgroup" => &["span"],
        "time" | "ins" | "del" => &["datetime"],
        "details" => &["open"],
        _ => &[],
    };
    let described = name
        .strip_prefix("aria-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_lowercase()));
    described
        || ANYWHERE.contains(&name)
        || own.contains(&name)
        || (shape && OF_SHAPES.contains(&name))
}

/// Links lead to a place of the page or are plain web and mail addresses, pictures lie in the page, and a drawing's attributes
/// name nothing. What a value begins with is compared as it stands: a reference such as `&#106;` would not be what it becomes.
fn is_good(name: &str, value: &str) -> bool {
    match name {
        "href" => {
            let value = value.to_ascii_lowercase();
            ["#", "https://", "http://", "mailto:"]
                .iter()
                .any(|start| value.starts_with(start))
        }
        "src" => ["png", "jpeg", "gif", "webp"].iter().any(|kind| {
            value
                .strip_prefix("data:image/")
                .and_then(|rest| rest.strip_prefix(kind))
                .and_then(|rest| rest.strip_prefix(";base64,"))
                .is_some_and(|data| {
                    data.bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
                })
        }),
        "tabindex" => matches!(value, "0" | "-1"),
        "transform" => !value.contains(['&', ':', ';']) && !value.contains("url"),
        _ if OF_SHAPES.contains(&name) => !value.contains(['(', '&', ':', ';', '\\']),
        _ => true,
    }
}

fn wrong_value(name: &str, value: &str) -> String {
    let shown: String = value.chars().take(60).collect();
    match name {
        "href" => format!(
            "The address “{shown}” is not allowed: a link begins with #, https://, http:// or mailto:."
        ),
        "src" => format!(
            "The picture “{shown}” is not allowed: nothing is loaded from elsewhere. A picture lies in the page (data:image/png;base64,…)."
        ),
        _ => format!("The value “{shown}” is not allowed in “{name}”."),
    }
}

/// HTML of ours without its tags; what is escaped in it stays so.
fn words_of(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
