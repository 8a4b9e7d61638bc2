//! How long the parts of a request may be. What people write in a document has its own bounds in the model; these keep
//! a request from anywhere else small enough to be worked on.

use crate::error::ApiError;

/// A title or another text of one line, in characters.
pub const TITLE: usize = 100_000;
/// A text of several lines, such as the evidence of an action item, in characters.
pub const TEXT: usize = 100_000;
/// Why a day moved or an item was opened again, in characters.
pub const REASON: usize = 1_000;
/// A name, an address, a ticket, in characters.
pub const NAME: usize = 400;
/// An id or a word, in characters.
pub const WORD: usize = 200;
/// What somebody looks for, in characters.
pub const QUERY: usize = 1_000;
/// Things in a list of a request.
pub const LIST: usize = 1_000;
/// A template's file, in bytes.
pub const TEMPLATE: usize = model::template::MAX_TEMPLATE;
/// An export template, in bytes.
pub const EXPORT_TEMPLATE: usize = model::directory::MAX_EXPORT_TEMPLATE;
/// A file to import that travels in a request, in bytes.
pub const IMPORT: usize = 64 * 1024 * 1024;
/// A file to import that is read from the disk, in bytes.
pub const IMPORT_FILE: usize = ingest::MAX_BYTES;
/// An image, in bytes.
pub const BLOB: usize = 10 * 1024 * 1024;
/// A path on this computer, in bytes.
pub const PATH: usize = 4_096;

/// Refuses a text that is longer than `most` characters.
pub fn text(field: &str, value: &str, most: usize) -> Result<(), ApiError> {
    // Counting characters of a huge text is dear; its bytes tell first.
    if value.len() > most && value.chars().nth(most).is_some() {
        return Err(ApiError::invalid(
            field,
            format!(
                "This is too long: at most {} characters are taken here.",
                grouped(most)
            ),
        ));
    }
    Ok(())
}

/// Refuses a list of words that has too many or too long ones.
pub fn words(field: &str, values: &[String]) -> Result<(), ApiError> {
    list(field, values)?;
    values.iter().try_for_each(|value| text(field, value, WORD))
}

/// Refuses a list that is too long.
pub fn list<T>(field: &str, values: &[T]) -> Result<(), ApiError> {
    if values.len() > LIST {
        return Err(ApiError::invalid(
            field,
            format!("At most {} are taken here.", grouped(LIST)),
        ));
    }
    Ok(())
}

/// Refuses bytes that are more than `most`.
pub fn bytes(field: &str, len: usize, most: usize) -> Result<(), ApiError> {
    if len > most {
        let (most, unit) = if most >= 1024 * 1024 {
            (most / (1024 * 1024), "MB")
        } else {
            (most / 1024, "kB")
        };
        return Err(ApiError::invalid(
            field,
            format!("This is too large: at most {most} {unit} are taken here."),
        ));
    }
    Ok(())
}

/// 100000 as "100,000".
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
