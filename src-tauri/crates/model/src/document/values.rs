//! How single values are written in the document, and read back. Reading never fails: what is not understood is missing.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use yrs::any::Number;
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use crate::postmortem::{Actor, Anchor, Image, Moment, Precision, Verified};

/// A short string value.
pub(crate) fn string(text: &str) -> Any {
    Any::String(text.into())
}

/// The serde name of a value that is one word; empty for none.
pub(crate) fn word<T: Serialize>(value: &Option<T>) -> Any {
    let name = value
        .as_ref()
        .and_then(|value| serde_json::to_value(value).ok());
    string(
        name.as_ref()
            .and_then(|name| name.as_str())
            .unwrap_or_default(),
    )
}

/// The value of a serde name.
pub(crate) fn from_word<T: DeserializeOwned>(name: &str) -> Option<T> {
    let deserializer: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        name.into_deserializer();
    T::deserialize(deserializer).ok()
}

/// An instant in UTC; empty when its year does not have four digits.
pub(crate) fn instant_text(at: DateTime<Utc>) -> String {
    if (0..=9999).contains(&at.year()) {
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    } else {
        String::new()
    }
}

/// Reads an instant.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc))
}

/// `<instant>|<zone>|<exact or about>`.
pub(crate) fn moment_text(moment: &Option<Moment>) -> String {
    let Some(moment) = moment else {
        return String::new();
    };
    let at = instant_text(moment.at);
    if at.is_empty() {
        return at;
    }
    let precision = if moment.precision == Precision::Exact {
        "exact"
    } else {
        "about"
    };
    format!("{at}|{}|{precision}", moment.zone)
}

/// Reads what [`moment_text`] wrote.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let mut parts = text.splitn(3, '|');
    let at = instant(parts.next()?)?;
    let zone = parts.next().unwrap_or_default().to_owned();
    let precision = if parts.next() == Some("exact") {
        Precision::Exact
    } else {
        Precision::About
    };
    Some(Moment {
        at,
        zone,
        precision,
    })
}

/// `<instant or empty>|<precision>|<source>`.
pub(crate) fn anchor_text(anchor: &Anchor) -> String {
    let at = anchor.at.map(instant_text).unwrap_or_default();
    let precision = match anchor.precision {
        Precision::Exact => "exact",
        Precision::About => "about",
        Precision::Unknown => "unknown",
    };
    format!("{at}|{precision}|{}", anchor.source)
}

/// Reads what [`anchor_text`] wrote; the empty string is a missing anchor.
pub(crate) fn anchor(text: &str) -> Option<Anchor> {
    if text.is_empty() {
        return None;
    }
    let mut parts = text.splitn(3, '|');
    let at = instant(parts.next().unwrap_or_default());
    let precision = from_word(parts.next().unwrap_or_default()).unwrap_or_default();
    let source = parts.next().unwrap_or_default().to_owned();
    Some(Anchor {
        at,
        precision,
        source,
    })
}

/// `participant:<row>` or `role:<words>`.
pub(crate) fn actor_text(actor: &Option<Actor>) -> String {
    match actor {
        None => String::new(),
        Some(Actor::Participant(row)) => format!("participant:{row}"),
        Some(Actor::Role(role)) => format!("role:{role}"),
    }
}

/// Reads what [`actor_text`] wrote; words without a mark are a role.
pub(crate) fn actor(text: &str) -> Option<Actor> {
    if text.is_empty() {
        return None;
    }
    Some(match text.split_once(':') {
        Some(("participant", row)) => Actor::Participant(row.to_owned()),
        Some(("role", role)) => Actor::Role(role.to_owned()),
        _ => Actor::Role(text.to_owned()),
    })
}

/// `<hash>|<alternative text>`.
pub(crate) fn image_text(image: &Option<Image>) -> String {
    image
        .as_ref()
        .map_or_else(String::new, |image| format!("{}|{}", image.hash, image.alt))
}

/// Reads what [`image_text`] wrote; anything but a hash is no image.
pub(crate) fn image(text: &str) -> Option<Image> {
    let (hash, alt) = text.split_once('|').unwrap_or((text, ""));
    let hexadecimal = hash.len() == 64
        && hash
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    hexadecimal.then(|| Image {
        hash: hash.to_owned(),
        alt: alt.to_owned(),
    })
}

/// `2026-11-18`; empty for none.
pub(crate) fn day_text(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// `<person>|<instant>`.
pub(crate) fn verified_text(verified: &Option<Verified>) -> String {
    verified.as_ref().map_or_else(String::new, |verified| {
        format!("{}|{}", verified.by, instant_text(verified.at))
    })
}

/// Reads what [`verified_text`] wrote.
pub(crate) fn verified(text: &str) -> Option<Verified> {
    let (by, at) = text.rsplit_once('|')?;
    Some(Verified {
        by: by.to_owned(),
        at: instant(at)?,
    })
}

/// The highest number that a finding or an action item can have: a single wrong one must not end the counting.
pub(crate) const HIGHEST: u32 = 1_000_000;

/// A whole number.
pub(crate) fn number(value: u32) -> Any {
    Any::Number(Number::Int(i64::from(value)))
}

/// One map of the document and the transaction it is read in.
pub(crate) struct Entries<'a, T> {
    /// The map.
    pub map: &'a MapRef,
    /// The transaction.
    pub txn: &'a T,
}

impl<T: ReadTxn> Entries<'_, T> {
    /// A short string; missing is empty.
    pub fn string(&self, key: &str) -> String {
        match self.map.get(self.txn, key) {
            Some(Out::Any(Any::String(text))) => text.to_string(),
            _ => String::new(),
        }
    }

    /// A short string that is absent when empty.
    pub fn some_string(&self, key: &str) -> Option<String> {
        Some(self.string(key)).filter(|text| !text.is_empty())
    }

    /// One word of an enumeration.
    pub fn word<W: DeserializeOwned>(&self, key: &str) -> Option<W> {
        match self.map.get(self.txn, key) {
            Some(Out::Any(Any::String(text))) => from_word(&text),
            _ => None,
        }
    }

    /// The entries whose keys begin with a prefix, in the order of what follows it; what cannot be read is none.
    pub fn collected<V>(&self, prefix: &str, read: impl Fn(&str, &str) -> Option<V>) -> Vec<V> {
        let mut found: BTreeMap<String, V> = BTreeMap::new();
        for (key, value) in self.map.iter(self.txn) {
            if let (Some(id), Out::Any(Any::String(text))) = (key.strip_prefix(prefix), value)
                && let Some(entry) = read(id, &text)
            {
                found.insert(id.to_owned(), entry);
            }
        }
        found.into_values().collect()
    }

    /// Yes or no; missing is no.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.map.get(self.txn, key), Some(Out::Any(Any::Bool(true))))
    }

    /// A whole number from 0.
    pub fn number(&self, key: &str) -> Option<u32> {
        match self.map.get(self.txn, key) {
            Some(Out::Any(Any::Number(number))) => u32::try_from(number.as_i64()?).ok(),
            _ => None,
        }
    }

    /// The number of a finding or an action item; one that nobody counts to is none.
    pub fn row_number(&self, key: &str) -> Option<u32> {
        self.number(key).filter(|number| *number <= HIGHEST)
    }

    /// A text that people write together. A plain string in its place is read too.
    pub fn text(&self, key: &str) -> String {
        match self.map.get(self.txn, key) {
            Some(Out::YText(text)) => text.get_string(self.txn),
            Some(Out::Any(Any::String(text))) => text.to_string(),
            _ => String::new(),
        }
    }
}

/// Deserializes a date or another value from its text.
pub(crate) fn parsed<V: for<'de> Deserialize<'de>>(text: &str) -> Option<V> {
    from_word(text)
}
