//! The tests of the model that look at it from outside.

mod convergence;
mod derived;
mod directory;
mod document;
mod example;
mod hostile;
mod order_keys;
mod template;
mod time_entry;
