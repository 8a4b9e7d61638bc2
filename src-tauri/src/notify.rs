//! Notifications of this computer's desktop.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(not(target_os = "linux"))]
mod native;

use std::path::PathBuf;

#[cfg(target_os = "linux")]
pub use bus::Notifier;
#[cfg(not(target_os = "linux"))]
pub use native::Notifier;

/// What a notification says, and where it leads to.
#[derive(Clone, Debug)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// A few lines of plain text.
    pub body: String,
    /// The workspace that it is about.
    pub workspace: PathBuf,
    /// The address within the page.
    pub place: String,
}

/// Why a notification was not shown.
#[derive(Debug)]
pub enum NotShown {
    /// It was surely not; why, as a sentence.
    Surely(String),
    /// Nobody knows; why, as a sentence.
    Perhaps(String),
}
