//! A user's template, rendered by an engine that knows nothing but the page's own values and a few filters: no file, no
//! function, nothing that could mark a text as safe, and a bound on work, depth and size.

use std::collections::BTreeMap;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, filters, tests};
use model::directory::MAX_EXPORT_TEMPLATE;

use super::{language, markup};
use crate::prose::{escape_html, write_escaped};

/// Instructions that one rendering may take. Every 64 bytes that are written or copied count as one of them, so this bounds
/// memory as well: a page of 10,000 events takes a tenth.
const FUEL: u64 = 4_000_000;
/// Macros within each other.
const DEPTH: usize = 64;
/// Bytes of a body, apart from what stands in it as HTML and pictures of ours.
pub(super) const MOST: usize = 16 * 1024 * 1024;

/// Marks around the number of a value that is HTML of ours; both are characters that no text may hold.
pub(super) const FROM: char = '\u{FDD0}';
pub(super) const TO: char = '\u{FDD1}';

/// What is wrong in a template.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Line, from 1.
    pub(super) line: Option<usize>,
    /// As sentences.
    pub(super) message: String,
}

impl Wrong {
    fn new(line: Option<usize>, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

/// The body that the template makes of a page's values. With `strict`, addresses that are left out of a page are a fault.
pub(super) fn render(source: &str, context: Value, strict: bool) -> Result<String, Wrong> {
    if source.len() > MAX_EXPORT_TEMPLATE {
        return Err(Wrong::new(
            None,
            "The template is too large: at most 128 KiB are taken.",
        ));
    }
    if let Some(at) = source.find(is_refused) {
        let line = source.get(..at).unwrap_or_default().matches('\n').count() + 1;
        return Err(Wrong::new(
            Some(line),
            "A control character stands here. Remove it.",
        ));
    }
    language::check(source)?;
    let mut kept = Vec::new();
    let context = set_aside(&context, &mut kept);
    let environment = environment();
    let body = environment
        .template_from_named_str("template", source)
        .and_then(|template| template.render(context))
        .map_err(|error| told(&error))?;
    if body.len() > MOST {
        return Err(Wrong::new(None, TOO_MUCH));
    }
    markup::checked(&body, &kept, strict).map_err(|refused| {
        let line = source
            .lines()
            .position(|line| line.contains(&refused.found))
            .map(|at| at + 1);
        Wrong::new(line, refused.message)
    })
}

const TOO_MUCH: &str = "The template runs too long or makes too large a page. Let its loops run over the page's lists alone, and a macro never call itself without an end.";

/// What is said of a list or a macro that is written as it stands.
const LIST: &str = "A list cannot be written as it is: go through it with for, or put its texts together with join.";

/// Control characters and the marks that are ours.
fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// The values with each piece of HTML of ours replaced by a mark and kept, so that a template can place it and not change it.
fn set_aside(value: &Value, kept: &mut Vec<String>) -> Value {
    if let Some(text) = value.as_str() {
        return if value.is_safe() && !text.is_empty() {
            kept.push(text.to_owned());
            Value::from_safe_string(format!("{FROM}{}{TO}", kept.len() - 1))
        } else if text.contains([FROM, TO]) {
            Value::from(text.replace([FROM, TO], "\u{FFFD}"))
        } else {
            Value::from(text)
        };
    }
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => match value.try_iter() {
            Ok(items) => items
                .map(|item| set_aside(&item, kept))
                .collect::<Vec<Value>>()
                .into(),
            Err(_) => value.clone(),
        },
        ValueKind::Map => match value.try_iter() {
            Ok(keys) => keys
                .filter_map(|key| {
                    let item = value.get_item(&key).ok()?;
                    Some((key.to_string(), set_aside(&item, kept)))
                })
                .collect::<BTreeMap<String, Value>>()
                .into(),
            Err(_) => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Nothing is in it but what is named here. Filters give plain text back, so whatever they made is escaped.
fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.set_formatter(|out, _, value| {
        if value.is_safe() {
            // HTML of ours that was set aside, or what a macro wrote.
            return Ok(out.write_str(value.as_str().unwrap_or_default())?);
        }
        match value.as_str() {
            Some(text) if text.contains([FROM, TO]) => {
                Ok(out.write_str(&escape_html(&text.replace([FROM, TO], "\u{FFFD}")))?)
            }
            None if matches!(
                value.kind(),
                ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::Plain
            ) =>
            {
                Err(Error::new(ErrorKind::InvalidOperation, LIST))
            }
            _ => write_escaped(out, value),
        }
    });
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);

    environment.add_filter("upper", |text: String| text.to_uppercase());
    environment.add_filter("lower", |text: String| text.to_lowercase());
    environment.add_filter("capitalize", |text: String| capitalized(&text));
    environment.add_filter("trim", |text: String| text.trim().to_owned());
    environment.add_filter("replace", replaced);
    environment.add_filter("join", joined);
    // Every value is escaped where it is written; templates of other systems say so themselves.
    environment.add_filter("e", |value: Value| value);
    environment.add_filter("escape", |value: Value| value);
    environment.add_filter("length", filters::length);
    environment.add_filter("count", filters::length);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("reverse", filters::reverse);
    environment.add_filter("default", filters::default);
    environment.add_filter("d", filters::default);
    environment.add_filter("round", filters::round);
    environment.add_filter("abs", filters::abs);

    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("string", tests::is_string);
    environment.add_test("number", tests::is_number);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    environment.add_test("divisibleby", tests::is_divisibleby);
    environment.add_test("in", tests::is_in);
    environment
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What a filter may make.
fn within(bytes: usize) -> Result<(), Error> {
    if bytes > MOST {
        return Err(Error::from(ErrorKind::OutOfFuel));
    }
    Ok(())
}

fn replaced(text: String, from: String, to: String) -> Result<String, Error> {
    let times = text.matches(from.as_str()).count();
    within(times.saturating_mul(to.len()).saturating_add(text.len()))?;
    Ok(text.replace(from.as_str(), &to))
}

fn joined(list: Value, between: Option<String>) -> Result<String, Error> {
    let between = between.unwrap_or_default();
    let mut out = String::new();
    for (at, item) in list.try_iter()?.enumerate() {
        if at > 0 {
            out.push_str(&between);
        }
        match item.as_str() {
            Some(text) => out.push_str(text),
            None if item.is_none() || item.is_undefined() => {}
            None if item.is_number() => out.push_str(&item.to_string()),
            None => {
                return Err(Error::new(
                    ErrorKind::InvalidOperation,
                    "only texts and numbers can be joined",
                ));
            }
        }
        within(out.len())?;
    }
    Ok(out)
}

/// The engine's error as a sentence.
pub(super) fn told(error: &Error) -> Wrong {
    let detail = error.detail().unwrap_or_default();
    let quoted = |text: &str| text.chars().take(200).collect::<String>();
    let message = match error.kind() {
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => TOO_MUCH.to_owned(),
        ErrorKind::InvalidOperation if detail.contains("recursion limit") => TOO_MUCH.to_owned(),
        ErrorKind::InvalidOperation if detail == LIST => LIST.to_owned(),
        ErrorKind::SyntaxError if detail.contains("unknown statement") => format!(
            "This statement cannot be used in an export template ({}). There are if, for, set, with, macro, call and raw; other files cannot be read.",
            quoted(detail)
        ),
        ErrorKind::SyntaxError => format!("This cannot be read: {}.", quoted(detail)),
        ErrorKind::UnknownFilter => format!(
            "There is no such filter here ({}). Everything that people wrote is escaped, and no filter can undo that; docs/export-templates.md lists the filters.",
            quoted(detail)
        ),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => format!(
            "Nothing can be called here but the template's own macros ({}).",
            quoted(detail)
        ),
        ErrorKind::UndefinedError => {
            "There is no value of this name here; docs/export-templates.md lists them.".to_owned()
        }
        kind if detail.is_empty() => format!("This does not work: {kind}."),
        kind => format!("This does not work: {kind} ({}).", quoted(detail)),
    };
    Wrong::new(error.line(), message)
}
