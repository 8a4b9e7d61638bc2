//! What a postmortem is: its types, the collaborative document behind it, the edits that people make, and what is
//! computed from it (durations, the phase bar, completeness checks). No IO, no async, no SQL: time and zone are passed in.

pub mod account;
pub mod anonymise;
pub mod bounds;
mod checks;
pub mod customer_post;
pub mod demo;
pub mod derived;
pub mod directory;
pub mod directory_document;
pub mod document;
pub mod duration_words;
pub mod edit;
pub mod exchange;
pub mod follow_through;
pub mod guard;
pub mod hints;
pub mod list;
pub mod meeting;
pub mod order_key;
mod phase_bar;
pub mod postmortem;
pub mod published;
pub mod reminders;
pub mod sample_year;
pub mod summary;
pub mod template;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text_diff;
pub mod tickets;
pub mod time_entry;
pub mod visibility;
pub mod watch;
