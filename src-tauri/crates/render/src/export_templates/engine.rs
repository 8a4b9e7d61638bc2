//! A user's template, rendered by an engine that knows nothing but the page's own values and a few filters: no file, no
//! function, nothing that could mark a text as safe, and a bound on work, depth and size.

use std::collections::BTreeMap;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, filters, tests};
use model::directory::MAX_EXPORT_TEMPLATE;

use super::{language, markup};
use crate::prose::write_escaped;

/// Instructions that one rendering may take. Every 64 bytes that are written or copied count as one of them, so this bounds
/// memory as well: a page of 10,000 events takes a tenth.
const FUEL: u64 = 4_000_000;
/// Macros within each other.
const DEPTH: usize = 64;
/// Bytes of a body, apart from what stands in it as HTML and pictures of ours.
pub(super) const MOST: usize = 16 * 1024 * 1024;

/// What a mark of ours begins and ends with: before the number of a value that is HTML of ours, and before a line's. The
/// digits are such characters, too, so that no part of a mark can be taken for a text.
pub(super) const FROM: char = '\u{FDD0}';
pub(super) const LINE: char = '\u{FDD2}';
pub(super) const TO: char = '\u{FDD1}';
/// The digit 0 of a mark.
const ZERO: u32 = 0xFDE0;

/// Characters that no text may hold, which marks are made of.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// The text holds a mark or a part of one.
pub(super) fn is_ours(text: &str) -> bool {
    text.contains(is_mark)
}

fn mark(kind: char, number: usize) -> String {
    let digits = number.to_string();
    let digits = digits.bytes().map(|digit| ZERO + u32::from(digit - b'0'));
    let digits = digits.filter_map(char::from_u32);
    [kind].into_iter().chain(digits).chain([TO]).collect()
}

/// The mark of a line.
pub(super) fn line_mark(line: usize) -> String {
    mark(LINE, line)
}

/// The number within a mark.
pub(super) fn number_of(digits: &str) -> Option<usize> {
    digits.chars().try_fold(0_usize, |number, c| {
        let digit = u32::from(c).checked_sub(ZERO).filter(|digit| *digit < 10)?;
        number
            .checked_mul(10)?
            .checked_add(usize::try_from(digit).ok()?)
    })
}

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
    let body = made(source, &context)?;
    markup::checked(&body, &kept, strict).map_err(|refused| {
        // The page is made once more, with the lines in it, to tell the right one.
        let line = language::with_lines(source)
            .and_then(|source| made(&source, &context).ok())
            .and_then(|body| markup::checked(&body, &kept, strict).err())
            .filter(|again| again.message == refused.message)
            .and_then(|again| again.line);
        Wrong::new(line, refused.message)
    })
}

/// What the engine makes of a template.
fn made(source: &str, context: &Value) -> Result<String, Wrong> {
    let environment = environment();
    let body = environment
        .template_from_named_str("template", source)
        .and_then(|template| template.render(context))
        .map_err(|error| told(&error))?;
    match body.len() > MOST {
        true => Err(Wrong::new(None, TOO_MUCH)),
        false => Ok(body),
    }
}

const TOO_MUCH: &str = "The template runs too long or makes too large a page. Let its loops run over the page's lists alone, and a macro never call itself without an end.";

/// What is said of a list or a macro that is written as it stands.
const LIST: &str = "A list cannot be written as it is: go through it with for. Plain texts can be put together with join.";

/// What is said of HTML of ours that a filter or a cut would change.
const HTML: &str = "This is HTML of Debrief's own: no filter can change it, and no part of it can be taken. Write it as it is; a list of it is gone through with for.";

/// Control characters and the marks that are ours.
fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || is_mark(c)
}

/// The values with each piece of HTML of ours replaced by a mark and kept, so that a template can place it and not change it.
fn set_aside(value: &Value, kept: &mut Vec<String>) -> Value {
    if let Some(text) = value.as_str() {
        return if value.is_safe() && !text.is_empty() {
            kept.push(text.to_owned());
            Value::from_safe_string(mark(FROM, kept.len() - 1))
        } else if is_ours(text) {
            Value::from(text.replace(is_mark, "\u{FFFD}"))
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
            Some(text) if is_ours(text) => Err(Error::new(ErrorKind::InvalidOperation, HTML)),
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

    environment.add_filter("upper", |state: &State, text: &Value| {
        words(state, text).map(|text| text.to_uppercase())
    });
    environment.add_filter("lower", |state: &State, text: &Value| {
        words(state, text).map(|text| text.to_lowercase())
    });
    environment.add_filter("capitalize", |state: &State, text: &Value| {
        words(state, text).map(|text| capitalized(&text))
    });
    environment.add_filter("trim", |state: &State, text: &Value| {
        words(state, text).map(|text| text.trim().to_owned())
    });
    environment.add_filter("replace", replaced);
    environment.add_filter("join", joined);
    // Every value is escaped where it is written; templates of other systems say so themselves.
    environment.add_filter("e", |value: Value| value);
    environment.add_filter("escape", |value: Value| value);
    environment.add_filter("length", counted);
    environment.add_filter("count", counted);
    environment.add_filter("first", |state: &State, of: &Value| {
        parts(state, of).and_then(|()| filters::first(of))
    });
    environment.add_filter("last", |state: &State, of: &Value| {
        parts(state, of).and_then(|()| filters::last(of.clone()))
    });
    environment.add_filter("reverse", |state: &State, of: &Value| {
        parts(state, of).and_then(|()| filters::reverse(of))
    });
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

/// Takes fuel for a text that is read or copied, which the engine counts of a filter's first value alone.
fn charge(state: &State, text: &str) -> Result<(), Error> {
    state.consume_fuel(u64::try_from(text.len() / 64).unwrap_or(u64::MAX))
}

/// A text or a number that a filter works on; HTML of ours is none.
fn words(state: &State, value: &Value) -> Result<String, Error> {
    match value.as_str() {
        Some(text) if is_ours(text) => Err(Error::new(ErrorKind::InvalidOperation, HTML)),
        Some(text) => {
            charge(state, text)?;
            Ok(text.to_owned())
        }
        None if value.is_undefined() => Err(Error::from(ErrorKind::UndefinedError)),
        None if value.is_none() => Ok(String::new()),
        None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => {
            Ok(value.to_string())
        }
        None => Err(Error::new(
            ErrorKind::InvalidOperation,
            "only texts and numbers can be changed by this filter",
        )),
    }
}

/// Whether parts of a value can be taken, and the fuel for going through it.
fn parts(state: &State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if is_ours(text) => Err(Error::new(ErrorKind::InvalidOperation, HTML)),
        Some(text) => charge(state, text),
        None => state.consume_fuel(value.len().and_then(|n| n.try_into().ok()).unwrap_or(1)),
    }
}

fn counted(state: &State, value: &Value) -> Result<usize, Error> {
    parts(state, value)?;
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    filters::length(value)
}

fn replaced(state: &State, text: &Value, from: &Value, to: &Value) -> Result<String, Error> {
    let (text, from, to) = (words(state, text)?, words(state, from)?, words(state, to)?);
    let times = text.matches(from.as_str()).count();
    within(times.saturating_mul(to.len()).saturating_add(text.len()))?;
    Ok(text.replace(from.as_str(), &to))
}

fn joined(state: &State, list: &Value, between: Option<&Value>) -> Result<String, Error> {
    let between = match between {
        Some(between) => words(state, between)?,
        None => String::new(),
    };
    let mut out = String::new();
    for (at, item) in list.try_iter()?.enumerate() {
        state.consume_fuel(1)?;
        if at > 0 {
            out.push_str(&between);
        }
        if !item.is_undefined() {
            out.push_str(&words(state, &item)?);
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
        ErrorKind::InvalidOperation if detail == HTML => HTML.to_owned(),
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
