//! The command list, its request and response types, and the handlers. Two thin shells serve it: the desktop window and
//! the HTTP server. No axum, no tauri.

pub mod account;
mod account_types;
pub mod bounds;
mod describe;
mod device;
mod difference;
mod dispatch;
pub mod error;
mod files;
pub mod guest;
pub mod handlers;
mod images;
mod lines;
pub mod names;
mod open;
mod pages;
pub mod places;
mod reminder_types;
pub mod reminders;
pub mod replica;
mod taken_back;
pub mod types;
#[macro_use]
pub mod commands;

pub use dispatch::COMMANDS;
pub use error::{ApiError, ErrorCode};
pub use files::{refuse_in_use, write_whole};
pub use open::{Api, Config, OpenAs, OpenFailed, Shell, Subscription};
pub use store::{READERS, same_file};
