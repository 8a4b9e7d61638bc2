//! The icon in the tray, while Debrief stays without its window.

#[cfg(target_os = "linux")]
mod item;
#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod objects;

#[cfg(target_os = "linux")]
pub use item::{Tray, WATCHER};
#[cfg(not(target_os = "linux"))]
pub use native::Tray;

use tauri::{AppHandle, Runtime};

use crate::window;

/// What one can choose there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Open,
    Actions,
    Quit,
}

impl Choice {
    /// All of them, in order.
    const ALL: [Self; 3] = [Self::Open, Self::Actions, Self::Quit];

    fn label(self) -> &'static str {
        match self {
            Self::Open => "Open Debrief",
            Self::Actions => "My Action Items",
            Self::Quit => "Quit",
        }
    }

    fn act<R: Runtime>(self, app: &AppHandle<R>) {
        match self {
            Self::Open => window::bring(app, None),
            Self::Actions => window::bring(app, Some("#/actions".into())),
            Self::Quit => window::quit(app),
        }
    }
}
