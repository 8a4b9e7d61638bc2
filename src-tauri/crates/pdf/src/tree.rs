//! A page of ours as a tree that the template sets: blocks that hold blocks or one paragraph of words and marks.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use scraper::{ElementRef, Html, Node, Selector};
use serde::Serialize;

/// Elements below one another that the typesetter is asked to follow. What is nested deeper is set as its words.
const DEEPEST: usize = 12;
/// A picture's sides in pixels, and the bytes that it may take when unpacked.
const WIDEST: u32 = 20_000;
const LARGEST: u64 = 256 * 1024 * 1024;
/// Pixels that the width of a sheet stands for.
const SCREEN: f64 = 670.0;

/// What the template is given.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Page {
    title: String,
    lang: String,
    body: Vec<Item>,
    /// What stands at the foot of every sheet.
    foot: Vec<Item>,
    /// Where links of the page may go.
    ids: BTreeSet<String>,
    /// Pictures and drawings by name.
    #[serde(skip)]
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Every character of the page.
    #[serde(skip)]
    pub(crate) characters: BTreeSet<char>,
}

/// Words, or an element.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Item {
    Words(String),
    Element(Box<Element>),
}

#[derive(Debug, Default, Serialize)]
struct Element {
    tag: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    class: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Where a link goes: an address, or `#` and an id that the page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    /// A picture's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// What a picture shows; absent for one that only adorns.
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
    /// A drawing's width, in points.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<f64>,
    /// The share of the width that a picture takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    /// A list's first number.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<i64>,
    /// Columns of a table: the share of the width that each needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    columns: Vec<f64>,
    /// Columns that a cell spans, when it is more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<usize>,
    /// It may not fit on one sheet, so it may be parted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    long: bool,
    kids: Vec<Item>,
}

/// Reads a page.
pub(crate) fn read(html: &str) -> Page {
    let document = Html::parse_document(html);
    let style = texts(&document, "style").join("\n");
    let mut reader = Reader {
        spaced: true,
        style,
        page: Page::default(),
    };
    reader.page.title = texts(&document, "title")
        .first()
        .map(|title| collapsed(title).trim().to_owned())
        .unwrap_or_default();
    reader.page.lang = document
        .root_element()
        .value()
        .attr("lang")
        .filter(|lang| lang.len() == 2 && lang.bytes().all(|b| b.is_ascii_lowercase()))
        .unwrap_or("en")
        .to_owned();
    let title = reader.page.title.clone();
    reader.page.characters.extend(title.chars());
    if let Some(body) = select(&document, "body").into_iter().next() {
        let mut items = reader.blocks(body, 0);
        // The page's own foot stands at the foot of every sheet.
        if let Some(foot) = footer(&mut items) {
            reader.page.foot = foot.kids;
        }
        reader.page.body = items;
    }
    reader.page
}

/// Takes the page's foot out: it stands at the end of the body, or of the one block in it.
fn footer(items: &mut Vec<Item>) -> Option<Box<Element>> {
    let is_foot = |item: &Item| matches!(item, Item::Element(e) if e.tag == "footer");
    if let Some(at) = items.iter().position(is_foot) {
        return match items.remove(at) {
            Item::Element(foot) => Some(foot),
            Item::Words(_) => None,
        };
    }
    items.iter_mut().find_map(|item| match item {
        Item::Element(main) if main.tag == "main" => footer(&mut main.kids),
        _ => None,
    })
}

fn select<'a>(document: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(selector)
        .map(|selector| document.select(&selector).collect())
        .unwrap_or_default()
}

fn texts(document: &Html, selector: &str) -> Vec<String> {
    select(document, selector)
        .into_iter()
        .filter(|element| element.ancestors().all(|a| !is_svg(a.value())))
        .map(|element| element.text().collect())
        .collect()
}

fn is_svg(node: &Node) -> bool {
    matches!(node, Node::Element(element) if element.name() == "svg")
}

struct Reader {
    /// The words before end with a space, or there are none yet: the next space would be one too many.
    spaced: bool,
    style: String,
    page: Page,
}

/// Elements that stand for themselves, below or beside one another.
fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "caption"
    )
}

/// Elements that are not set.
fn is_left_out(tag: &str) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "embed"
            | "form"
            | "input"
            | "button"
            | "select"
            | "textarea"
            | "head"
            | "title"
    )
}

impl Reader {
    /// What an element holds, as blocks: words between blocks become paragraphs. When it holds words alone, they are given
    /// as they are.
    fn blocks(&mut self, element: ElementRef<'_>, depth: usize) -> Vec<Item> {
        let mut out: Vec<Item> = Vec::new();
        let mut words: Vec<Item> = Vec::new();
        let mut parted = false;
        let apart = is_block(element.value().name());
        self.spaced |= apart;
        for child in element.children() {
            match child.value() {
                Node::Text(text) => words.push(self.words(text)),
                Node::Element(data) if is_left_out(data.name()) => {}
                Node::Element(data) => {
                    let Some(child) = ElementRef::wrap(child) else {
                        continue;
                    };
                    let block = is_block(data.name())
                        || data.name() == "img"
                        || (data.name() == "svg" && !is_small(child));
                    self.spaced |= block;
                    let Some(item) = self.element(child, depth + 1) else {
                        continue;
                    };
                    if block {
                        parted = true;
                        self.spaced = true;
                        paragraph(&mut out, &mut words);
                        out.push(item);
                    } else {
                        words.push(item);
                    }
                }
                _ => {}
            }
        }
        if parted {
            paragraph(&mut out, &mut words);
            out
        } else if apart {
            trimmed(words)
        } else {
            words
        }
    }

    fn words(&mut self, text: &str) -> Item {
        let mut text = collapsed(text);
        if self.spaced && text.starts_with(' ') {
            text.remove(0);
        }
        if let Some(last) = text.chars().last() {
            self.spaced = last == ' ';
        }
        self.page.characters.extend(text.chars());
        Item::Words(breakable(&text))
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) -> Option<Item> {
        let data = element.value();
        let mut made = Element {
            tag: data.name().to_owned(),
            class: data.classes().map(str::to_owned).collect(),
            ..Element::default()
        };
        let hidden = data.attr("aria-hidden") == Some("true");
        // An id names one place; a second one with it would make the links to it ambiguous.
        made.id = data
            .attr("id")
            .filter(|id| self.page.ids.insert((*id).to_owned()))
            .map(str::to_owned);
        if matches!(data.name(), "svg" | "img") {
            self.spaced = false;
        }
        match data.name() {
            "svg" => {
                made.alt = (!hidden).then(|| description(element));
                made.width = Some(width(element));
                made.file = Some(self.drawing(element));
                return Some(Item::Element(Box::new(made)));
            }
            "img" => return Some(self.picture(element, made)),
            "pre" => {
                let text: String = element.text().collect();
                self.page.characters.extend(text.chars());
                made.kids = vec![Item::Words(text.trim_end_matches('\n').to_owned())];
                return Some(Item::Element(Box::new(made)));
            }
            "a" => {
                made.href = data
                    .attr("href")
                    .filter(|href| {
                        ["http://", "https://", "mailto:"]
                            .iter()
                            .any(|scheme| href.starts_with(scheme))
                            || href.starts_with('#')
                    })
                    .map(str::to_owned);
            }
            "ol" => made.start = data.attr("start").and_then(|start| start.parse().ok()),
            "li" => made.long = is_long(element),
            "td" | "th" => {
                made.long = is_long(element);
                made.span = data
                    .attr("colspan")
                    .and_then(|span| span.parse().ok())
                    .filter(|span| (2..=100).contains(span));
            }
            "table" => made.columns = columns(element),
            _ => {}
        }
        made.kids = if depth >= DEEPEST {
            let text: String = element.text().collect::<Vec<_>>().join(" ");
            vec![self.words(&text)]
        } else {
            self.blocks(element, depth)
        };
        Some(Item::Element(Box::new(made)))
    }

    /// A drawing as a file of its own, with the page's style in it.
    fn drawing(&mut self, element: ElementRef<'_>) -> String {
        let text: String = element.text().collect();
        self.page.characters.extend(text.chars());
        // The serialiser writes HTML, which differs from XML in this alone: our drawings have no void elements.
        let mut svg = element.html().replace("&nbsp;", "\u{a0}");
        if !svg.starts_with("<svg xmlns") && element.value().attr("xmlns").is_none() {
            svg.insert_str(4, " xmlns=\"http://www.w3.org/2000/svg\"");
        }
        if let Some(at) = svg.find('>') {
            let style = format!("<style>{}</style>", self.style.replace("</", "<\\/"));
            svg.insert_str(at + 1, &style);
        }
        let name = format!("drawing-{}.svg", self.page.files.len());
        self.page.files.insert(name.clone(), svg.into_bytes());
        name
    }

    /// A picture that came inside the page, or what it shows in words.
    fn picture(&mut self, element: ElementRef<'_>, mut made: Element) -> Item {
        let alt = element.value().attr("alt").unwrap_or_default();
        made.alt = Some(alt.to_owned());
        let file = element.value().attr("src").and_then(inside);
        if let Some((extension, bytes, share)) = file {
            made.share = Some(share);
            let name = format!("picture-{}.{extension}", self.page.files.len());
            self.page.files.insert(name.clone(), bytes);
            made.file = Some(name);
        } else {
            made.tag = "span".to_owned();
            let said = format!("Picture: {alt}");
            made.kids = vec![self.words(&said)];
        }
        Item::Element(Box::new(made))
    }
}

/// The bytes of a picture that an address carries, when they are a picture of a kind and size that can be set.
///
/// The number is the share of the width that it takes: that of its pixels on a screen, and no more than leaves it lower
/// than a third of a sheet.
fn inside(src: &str) -> Option<(&'static str, Vec<u8>, f64)> {
    let (_, data) = src.strip_prefix("data:image/")?.split_once(";base64,")?;
    let bytes = STANDARD.decode(data).ok()?;
    let mut reader = image::ImageReader::new(std::io::Cursor::new(&bytes))
        .with_guessed_format()
        .ok()?;
    let extension = match reader.format()? {
        image::ImageFormat::Png => "png",
        image::ImageFormat::Jpeg => "jpg",
        image::ImageFormat::Gif => "gif",
        image::ImageFormat::WebP => "webp",
        _ => return None,
    };
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(LARGEST);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let (wide, high) = (f64::from(picture.width()), f64::from(picture.height()));
    let share = (wide / SCREEN).min(wide / high * 0.5).clamp(0.01, 1.0);
    Some((extension, bytes, share))
}

/// What a drawing shows: its label, else its title and description.
fn description(element: ElementRef<'_>) -> String {
    if let Some(label) = element.value().attr("aria-label") {
        return collapsed(label);
    }
    let told: Vec<String> = element
        .child_elements()
        .filter(|child| matches!(child.value().name(), "title" | "desc"))
        .map(|child| collapsed(&child.text().collect::<String>()))
        .collect();
    told.join(" ").trim().to_owned()
}

/// A drawing's width in points: a CSS pixel is three quarters of one.
fn width(element: ElementRef<'_>) -> f64 {
    let number = |text: &str| text.trim_end_matches("px").parse::<f64>().ok();
    let data = element.value();
    let of_box = || {
        let mut numbers = data.attr("viewBox")?.split([' ', ',']).filter_map(number);
        numbers.nth(2)
    };
    let pixels = data.attr("width").and_then(number).or_else(of_box);
    pixels
        .filter(|w| w.is_finite() && *w > 0.0)
        .unwrap_or(400.0)
        * 0.75
}

/// A drawing that stands among words.
fn is_small(element: ElementRef<'_>) -> bool {
    width(element) <= 130.0
}

/// Whether what an item or cell holds may take more than a sheet.
fn is_long(element: ElementRef<'_>) -> bool {
    element.text().map(str::len).sum::<usize>() > 1200
        || element
            .descendent_elements()
            .any(|e| e.value().name() == "img")
}

/// How wide each column of a table is to be, in parts: by the longest word and the longest cell.
fn columns(table: ElementRef<'_>) -> Vec<f64> {
    let mut parts: Vec<f64> = Vec::new();
    let Ok(rows) = Selector::parse("tr") else {
        return parts;
    };
    for row in table.select(&rows) {
        let cells = row
            .child_elements()
            .filter(|cell| matches!(cell.value().name(), "td" | "th"));
        let mut at = 0;
        for cell in cells {
            let span = cell
                .value()
                .attr("colspan")
                .and_then(|span| span.parse().ok())
                .filter(|span| (1..=100).contains(span))
                .unwrap_or(1);
            if parts.len() < at + span {
                parts.resize(at + span, 4.0);
            }
            if span == 1
                && let Some(part) = parts.get_mut(at)
            {
                let text: String = cell.text().collect();
                let longest = text.split_whitespace().map(|w| w.chars().count()).max();
                let whole = text
                    .split_whitespace()
                    .map(|w| w.chars().count() + 1)
                    .sum::<usize>();
                let drawn = Selector::parse("svg").ok().and_then(|svg| {
                    cell.select(&svg)
                        .map(|svg| width(svg) / 5.0)
                        .reduce(f64::max)
                });
                let whole = if drawn.is_some() { 0 } else { whole };
                #[expect(clippy::cast_precision_loss, reason = "lengths of texts")]
                let needed = (whole.min(90) as f64).max(longest.unwrap_or(0).min(30) as f64);
                *part = part.max(needed).max(drawn.unwrap_or_default());
            }
            at += span;
        }
    }
    parts
}

/// Ends a paragraph of words, if there are any.
fn paragraph(out: &mut Vec<Item>, words: &mut Vec<Item>) {
    let kids = trimmed(std::mem::take(words));
    if !kids.is_empty() {
        out.push(Item::Element(Box::new(Element {
            tag: "p".to_owned(),
            kids,
            ..Element::default()
        })));
    }
}

/// Words without the space before and after them.
fn trimmed(mut items: Vec<Item>) -> Vec<Item> {
    if let Some(Item::Words(first)) = items.first_mut() {
        *first = first.trim_start_matches(' ').to_owned();
    }
    if let Some(Item::Words(last)) = items.last_mut() {
        *last = last.trim_end_matches(' ').to_owned();
    }
    items.retain(|item| !matches!(item, Item::Words(words) if words.is_empty()));
    items
}

/// A text whose very long words may go on in the next line, as they do on the screen: a zero-width space stands after every so
/// many letters of them.
fn breakable(text: &str) -> String {
    const LONG: usize = 24;
    let word = |word: &str| word.chars().count() > LONG;
    if !text.split(' ').any(word) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut letters = 0;
    for c in text.chars() {
        letters = if c == ' ' { 0 } else { letters + 1 };
        if letters > LONG {
            out.push('\u{200b}');
            letters = 1;
        }
        out.push(c);
    }
    out
}

/// A text with each run of white space as one space, and without characters that no font can show.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
