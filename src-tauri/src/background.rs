//! What goes on while nobody looks: reminders, and the icon in the tray. One thread, which begins well after the first screen.

use std::time::Duration;

use tauri::{AppHandle, Runtime};

use crate::desktop::{self, WayBack};
use crate::{remind, window};

/// When it begins after the start. The first screen is there long before.
const AFTER_START: Duration = Duration::from_secs(6);
/// How often it looks at what is due.
const EVERY: Duration = Duration::from_secs(60);

/// Starts it. `hidden` says that no window was opened.
pub fn start<R: Runtime>(app: &AppHandle<R>, hidden: bool) {
    let app = app.clone();
    std::thread::spawn(move || {
        let desktop = desktop::of(&app);
        if !hidden {
            desktop.wait(AFTER_START);
        }
        desktop.tray.keep(&app, desktop.stays());
        // Whoever cannot be called back must not hide.
        if hidden && desktop.way_back() == WayBack::None {
            window::bring(&app, None);
        }
        loop {
            remind::look(&app);
            desktop.wait(EVERY);
        }
    });
}
