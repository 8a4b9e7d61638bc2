//! The tests of the model that look at it from outside.

// A test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod anonymise;
mod bounds;
mod convergence;
mod customer_post;
mod derived;
mod directory;
mod document;
mod example;
mod follow_through;
mod hints;
mod hostile;
mod meeting;
mod order_keys;
mod reminders;
mod sample_year;
mod summary;
mod template;
mod tickets;
mod time_entry;
mod visibility;
