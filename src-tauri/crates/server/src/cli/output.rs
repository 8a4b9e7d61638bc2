//! What the command line prints, and how it fails.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use api::error::ApiError;
use api::types::Exported;
use api::{handlers, places};
use serde::Serialize;

/// Why a command ended without being done.
pub enum Failed {
    /// It was asked wrongly: exit code 2.
    Wrong(String),
    /// It could not be done: exit code 1.
    Did(String),
    /// It could not be done, and that has been said.
    Said,
    /// Whoever read the output has gone, as `head` does.
    NobodyReads,
}

impl From<ApiError> for Failed {
    fn from(error: ApiError) -> Self {
        Self::Did(error.message)
    }
}

/// Writes a text to stdout.
pub fn print(text: &str) -> Result<(), Failed> {
    bytes(text.as_bytes())
}

/// Writes to stdout.
pub fn bytes(bytes: &[u8]) -> Result<(), Failed> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failed::NobodyReads,
            _ => Failed::Did(format!("The output cannot be written: {error}.")),
        })
}

/// Writes an export to stdout: its text, or its bytes where a program takes them.
pub fn export(exported: &Exported) -> Result<(), Failed> {
    match handlers::bytes_of(exported) {
        Some(_) if io::stdout().is_terminal() => Err(Failed::Did(
            "A PDF is nothing for a terminal: write it to a file with -o.".into(),
        )),
        Some(content) => bytes(&content),
        None => print(&exported.text),
    }
}

/// Writes a line to stdout.
pub fn line(text: &str) -> Result<(), Failed> {
    print(&format!("{text}\n"))
}

/// Writes a value as indented JSON to stdout.
pub fn json(value: &impl Serialize) -> Result<(), Failed> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failed::Did(format!("The answer cannot be written as JSON: {error}.")))?;
    line(&text)
}

/// A file to write, as commands take it: absolute, and in UTF-8.
pub fn path(file: &Path) -> Result<String, Failed> {
    let told = places::absolute(file);
    told.to_str().map(str::to_owned).ok_or_else(|| {
        Failed::Did(format!(
            "{} cannot be used as a name: it is not UTF-8.",
            file.display()
        ))
    })
}

/// Says which files were written.
pub fn wrote(paths: &[String]) -> Result<(), Failed> {
    paths
        .iter()
        .try_for_each(|path| line(&format!("Wrote {}", plain(path))))
}

/// Writes one line to stderr.
pub fn complain(message: &str) {
    // There is nobody left to tell when stderr is gone.
    let _ = writeln!(io::stderr().lock(), "debrief: {}", plain(message));
}

/// Text from others in one line of a terminal: control characters could move the cursor or rename the window, and
/// direction marks could turn the line around.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => ' ',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect()
}
