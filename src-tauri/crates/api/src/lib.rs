//! The command list, its request and response types, and the handlers. Two thin shells serve it: the desktop window and
//! the HTTP server. No axum, no tauri.

pub mod error;
pub mod types;
#[macro_use]
pub mod commands;
