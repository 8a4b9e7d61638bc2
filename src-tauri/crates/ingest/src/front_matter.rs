//! The few lines between dashes at the top of a Markdown file.

use serde_json::Value;

use crate::ImportError;

/// More than this is given to no YAML parser.
const MAX_YAML: usize = 64 * 1024;

/// Keys and values in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter {
    fields: Vec<(String, Value)>,
}

impl FrontMatter {
    /// A value, taken out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        let at = self.fields.iter().position(|(name, _)| name == key)?;
        Some(self.fields.remove(at).1)
    }

    /// A value as text, taken out: numbers and such as they read.
    pub(crate) fn take_text(&mut self, key: &str) -> Option<String> {
        self.take(key).map(|value| text(&value))
    }

    /// A list of texts, taken out; one text with commas is a list too.
    pub(crate) fn take_list(&mut self, key: &str) -> Vec<Value> {
        match self.take(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => values,
            Some(Value::String(line)) => line
                .split(',')
                .map(|s| Value::String(s.trim().to_owned()))
                .filter(|v| v != "")
                .collect(),
            Some(other) => vec![other],
        }
    }

    /// What nobody took.
    pub(crate) fn rest(self) -> Vec<(String, Value)> {
        self.fields
    }
}

/// A value as one line of text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Reads front matter: as Debrief writes it, line by line, in any size; as anything else in YAML up to 64 KB.
///
/// # Errors
/// When it is neither; the line is the one in the file.
pub(crate) fn read(source: &str) -> Result<FrontMatter, ImportError> {
    if let Some(fields) = source
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(own_line)
        .collect::<Option<Vec<_>>>()
    {
        return Ok(FrontMatter { fields });
    }
    if source.len() > MAX_YAML {
        return Err(ImportError::at(
            2,
            "The front matter of this file is larger than 64 KB; please shorten it.",
        ));
    }
    // Brackets within brackets cost a YAML parser the square of their number.
    if source.bytes().filter(|b| b"[{".contains(b)).count() > 2000 {
        return Err(ImportError::at(
            2,
            "The front matter of this file is nested too deep.",
        ));
    }
    let value: Value = serde_yaml_ng::from_str(source).map_err(|error| {
        let line = error.location().map_or(2, |at| at.line() + 1);
        ImportError::at(
            line,
            "The front matter is not valid YAML here. Each line should read “key: value”.",
        )
    })?;
    match value {
        Value::Object(map) => Ok(FrontMatter {
            fields: map.into_iter().collect(),
        }),
        Value::Null => Ok(FrontMatter::default()),
        other => Ok(FrontMatter {
            fields: vec![("front matter".into(), other)],
        }),
    }
}

fn own_line(line: &str) -> Option<(String, Value)> {
    let (key, value) = line.split_once(": ")?;
    let plain_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !plain_key {
        return None;
    }
    let value = value.trim();
    if value.starts_with(['"', '[', '{']) {
        return Some((key.to_owned(), serde_json::from_str(value).ok()?));
    }
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-/".contains(&b));
    plain.then(|| (key.to_owned(), Value::String(value.to_owned())))
}
