//! What a postmortem is: its types, the collaborative document behind it, the edits that people make, and what is
//! computed from it (durations, the phase bar, completeness checks). No IO, no async, no SQL: time and zone are passed in.

pub mod derived;
pub mod directory;
pub mod exchange;
pub mod list;
pub mod postmortem;
pub mod template;
pub mod time_entry;
