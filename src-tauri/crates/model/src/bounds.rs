//! How much one postmortem may hold. Whatever comes in whole (an import) is refused beyond these; what people type is
//! kept and read whole, and only lists and search stop at [`TEXT`]. Nothing is ever cut off in a document.

use std::fmt;

use yrs::Any;

use crate::document::Row;
use crate::postmortem::{
    ActionItem, AnchorKey, Finding, ImpactFact, ParkingItem, Participant, Postmortem, TimelineEvent,
};

/// Bytes of a text: the title, a section, the words of a row.
pub const TEXT: usize = 1 << 20;
/// Bytes of a short value: a name, a heading, a source, a ticket.
pub const SHORT: usize = 4096;
/// Bytes of all texts and short values together. The connection to a page carries some more than this at once.
pub const DOCUMENT: usize = 12 << 20;
/// Rows of all kinds together, hidden ones included.
pub const ROWS: usize = 50_000;
/// Text sections, with those that are no longer shown.
pub const SECTIONS: usize = 1_000;

/// A place of a postmortem that holds too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooMuch {
    /// Where: "Section “Summary”", "Timeline event 3, source", "The postmortem".
    pub place: String,
    /// The rest of the sentence: "is 1.3 MB long; at most 1 MB fits".
    pub what: String,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.", self.place, self.what)
    }
}

/// The text up to `most` bytes, cut between characters.
pub fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// Every place of a postmortem that holds more than fits, in the document's order; empty when it all fits.
pub fn too_much(postmortem: &Postmortem) -> Vec<TooMuch> {
    let mut found = Found::default();
    found.text("The title", &postmortem.title);
    for (place, value) in [
        ("The time zone", &postmortem.timezone),
        ("The template's name", &postmortem.template),
    ] {
        found.short(place, value);
    }
    found.short(
        "The review owner",
        postmortem.review_owner.as_deref().unwrap_or_default(),
    );
    for service in &postmortem.services {
        found.short("A service", service);
    }
    for tag in &postmortem.tags {
        found.short("A tag", tag);
    }
    for key in AnchorKey::ALL {
        if let Some(anchor) = postmortem.anchors.get(&key) {
            found.short(&format!("The source of “{}”", key.title()), &anchor.source);
        }
    }
    for (at, section) in postmortem.sections.iter().enumerate() {
        found.short(
            &format!("The heading of section {}", at + 1),
            &section.title,
        );
        let named = format!("Section “{}”", cut(section.title.trim(), 100));
        found.text(&named, &section.text);
    }
    found.rows::<ImpactFact>(postmortem, "Impact fact");
    found.rows::<TimelineEvent>(postmortem, "Timeline event");
    found.rows::<Finding>(postmortem, "Finding");
    found.rows::<ActionItem>(postmortem, "Action item");
    found.rows::<ParkingItem>(postmortem, "Parking lot item");
    found.rows::<Participant>(postmortem, "Participant");
    found.whole(postmortem.sections.len());
    found.places
}

#[derive(Default)]
struct Found {
    places: Vec<TooMuch>,
    bytes: usize,
    rows: usize,
}

impl Found {
    fn text(&mut self, place: &str, value: &str) {
        self.value(place, value, TEXT);
    }

    fn short(&mut self, place: &str, value: &str) {
        self.value(place, value, SHORT);
    }

    fn value(&mut self, place: &str, value: &str, most: usize) {
        self.bytes += value.len();
        if value.len() > most {
            let what = format!("is {} long; at most {} fit", size(value.len()), size(most));
            self.add(place, what);
        }
    }

    fn rows<R: Row>(&mut self, postmortem: &Postmortem, named: &str) {
        for (at, row) in R::list(postmortem).iter().enumerate() {
            self.rows += 1;
            let place = |key: &str| match key {
                "text" => format!("{named} {}", at + 1),
                _ => format!("{named} {}, {}", at + 1, key.replace('_', " ")),
            };
            for (key, text) in row.texts() {
                self.text(&place(key), text);
            }
            let fields = row
                .fields()
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value));
            // An entry's key names what it is before its id.
            let entries = row.entries().into_iter().map(|(key, value)| {
                let what = key.split(':').next().unwrap_or_default().to_owned();
                (what, value)
            });
            for (key, value) in fields.chain(entries) {
                if let Any::String(value) = value {
                    self.short(&place(&key), &value);
                }
            }
        }
    }

    fn whole(&mut self, sections: usize) {
        if self.rows > ROWS {
            let what = format!("has {} rows; at most {ROWS} fit", self.rows);
            self.add("The postmortem", what);
        }
        if sections > SECTIONS {
            let what = format!("has {sections} sections; at most {SECTIONS} fit");
            self.add("The postmortem", what);
        }
        if self.bytes > DOCUMENT {
            let (bytes, most) = (size(self.bytes), size(DOCUMENT));
            let what = format!("holds {bytes} of text; at most {most} fit");
            self.add("The postmortem", what);
        }
    }

    fn add(&mut self, place: &str, what: String) {
        self.places.push(TooMuch {
            place: place.to_owned(),
            what,
        });
    }
}

/// "1 MB", "1.3 MB", "4.2 kB"; rounded up, so that what is too long never reads like what fits.
fn size(bytes: usize) -> String {
    let (unit, word) = if bytes >= 1 << 20 {
        (1 << 20, "MB")
    } else {
        (1 << 10, "kB")
    };
    let tenths = (bytes * 10).div_ceil(unit);
    match tenths % 10 {
        0 => format!("{} {word}", tenths / 10),
        tenth => format!("{}.{tenth} {word}", tenths / 10),
    }
}
