//! One function per command, in a file per topic. Both shells reach them by name; the command line calls them.

pub mod accounts;
pub mod actions;
pub mod customer_post;
pub mod directory;
pub mod export_templates;
pub mod exports;
pub mod give_back;
pub mod hints;
pub mod history;
pub mod imports;
pub mod lookup;
pub mod meetings;
pub mod postmortems;
pub mod published;
pub mod reminders;
pub mod replica;
pub mod sharing;
pub mod summaries;
pub mod summary;
pub mod templates;
pub mod tickets;
pub mod versions;
pub mod workspace;

pub use accounts::*;
pub use actions::*;
pub use customer_post::{customer_post, customer_post_begin};
pub use directory::*;
pub use export_templates::*;
pub use exports::{asked, export, export_save, known_format};
pub use give_back::replica_give_back;
pub use hints::hints;
pub use history::{row_authors, row_history};
pub use imports::{import, import_beside};
pub use lookup::*;
pub use meetings::*;
pub use postmortems::*;
pub use published::{
    publish, publish_anew, published, published_delete, published_difference, published_export,
    published_page, published_save,
};
pub use reminders::{
    calendar_feed, calendar_feed_make, calendar_feed_withdraw, reminders, reminders_clock_right,
};
pub use replica::*;
pub use sharing::*;
pub use summaries::{bytes_of, summary_export, summary_page, summary_save};
pub use summary::summary;
pub use templates::*;
pub use tickets::*;
pub use versions::*;
pub use workspace::*;
