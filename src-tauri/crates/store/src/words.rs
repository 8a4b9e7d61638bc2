//! The stored words of the model's enums are their serde names; this reads and writes them without going through JSON text.

use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};

/// The word of a value; empty for none.
pub fn word<T: Serialize>(value: Option<T>) -> String {
    match value.map(serde_json::to_value) {
        Some(Ok(serde_json::Value::String(word))) => word,
        _ => String::new(),
    }
}

/// The value of a word; none for an empty or unknown one.
pub fn value<T: for<'de> Deserialize<'de>>(word: &str) -> Option<T> {
    let words: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        word.into_deserializer();
    T::deserialize(words).ok()
}
