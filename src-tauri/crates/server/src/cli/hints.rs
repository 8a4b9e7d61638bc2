//! Wording hints from the command line: for a script, an editor, a text that is not in the workspace.

use std::io::{self, Read};
use std::path::Path;

use model::bounds;
use model::hints::{Hint, HintLanguage, HintReport, HintRule, HintStrength, People, check};
use serde::Serialize;

use super::args::Hints;
use super::output::{self, Failed};
use super::postmortems::read_text;

/// Bytes of a text at the most: as many as a postmortem holds.
const MOST: usize = bounds::DOCUMENT;

/// One line of the input and what there is to say about it, as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    /// Counted from 1.
    line: usize,
    /// Only where the text is in another language, which gets no hints.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<HintLanguage>,
    hints: Vec<Told<'a>>,
}

/// A hint inside its line.
#[derive(Serialize)]
struct Told<'a> {
    rule: HintRule,
    strength: HintStrength,
    /// Bytes from the line's start.
    start: usize,
    /// Bytes from the line's start. A hint that goes on in the next line ends with its own.
    end: usize,
    text: &'a str,
    why: &'static str,
    instead: &'static str,
}

/// `debrief hints`.
pub fn run(json: bool, asked: &Hints) -> Result<(), Failed> {
    let stdin = asked.file == Path::new("-");
    let text = if stdin {
        read_stdin()?
    } else {
        read_text(&asked.file, MOST)?
    };
    let people = People::new(asked.people.split(','));
    let report = check(&text, asked.kind, &people);
    let lines = by_line(&text, &report);
    if json {
        let mut out = String::new();
        for line in &lines {
            let told = serde_json::to_string(line).map_err(|error| {
                Failed::Did(format!("The answer cannot be written as JSON: {error}."))
            })?;
            out.push_str(&told);
            out.push('\n');
        }
        return output::print(&out);
    }
    let name = if stdin {
        "-".into()
    } else {
        asked.file.display().to_string()
    };
    output::print(&readable(&name, &report, &lines))
}

fn read_stdin() -> Result<String, Failed> {
    let limit = u64::try_from(MOST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failed::Did(format!("The standard input cannot be read: {error}.")))?;
    if bytes.len() > MOST {
        return Err(Failed::Did(format!(
            "The standard input is too large: at most {} MB are read.",
            MOST / (1024 * 1024)
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        Failed::Did(format!(
            "The standard input is not text in UTF-8: line {line} has other bytes."
        ))
    })
}

/// Every line of the text, with the hints that start in it.
fn by_line<'a>(text: &'a str, report: &HintReport) -> Vec<Line<'a>> {
    let language = (report.language == HintLanguage::Other).then_some(report.language);
    let mut at = 0;
    let mut starts = Vec::new();
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        starts.push((at, line.trim_end_matches(['\n', '\r'])));
        at += line.len();
        lines.push(Line {
            line: index + 1,
            language,
            hints: Vec::new(),
        });
    }
    for hint in &report.hints {
        let index = starts
            .partition_point(|(start, _)| *start <= hint.start)
            .saturating_sub(1);
        if let (Some((start, line)), Some(of)) = (starts.get(index), lines.get_mut(index)) {
            of.hints.push(told(hint, *start, line));
        }
    }
    lines
}

fn told<'a>(hint: &Hint, line_start: usize, line: &'a str) -> Told<'a> {
    let start = hint.start - line_start;
    let end = (hint.end - line_start).min(line.len());
    Told {
        rule: hint.rule,
        strength: hint.strength,
        start,
        end,
        text: line.get(start..end).unwrap_or_default(),
        why: hint.why,
        instead: hint.instead,
    }
}

/// For people: the place, the words, why, and what instead.
fn readable(name: &str, report: &HintReport, lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    for line in lines {
        for hint in &line.hints {
            let strength = match hint.strength {
                HintStrength::Strong => "strong",
                HintStrength::Soft => "soft",
            };
            let place = format!(
                "{name}:{}:{}: {:?} {strength} “{}”",
                line.line,
                hint.start + 1,
                hint.rule,
                hint.text
            );
            out.push_str(&output::plain(&place));
            out.push_str(&format!("\n    {} {}\n", hint.why, hint.instead));
        }
    }
    if report.language == HintLanguage::Other {
        out.push_str("This is not in English. The hints know English alone, so there are none.\n");
    } else if report.hints.is_empty() {
        out.push_str("Nothing to say about the wording.\n");
    }
    match report.quoted_lines {
        0 => {}
        1 => out.push_str("One line of a chat, a quote or a log was left out.\n"),
        many => out.push_str(&format!(
            "{many} lines of chats, quotes or logs were left out.\n"
        )),
    }
    out
}
