//! Notifications by the system's own service.

use super::{NotShown, Notice};

/// Notifications of this computer.
#[derive(Default)]
pub struct Notifier;

impl Notifier {
    /// Whether a second start of Debrief is told to this one.
    pub fn has_bus(&self) -> bool {
        true
    }

    /// Whether this desktop shows a tray.
    pub fn has_tray(&self) -> bool {
        true
    }

    /// Whether something on this computer shows notifications.
    pub fn is_there(&self) -> bool {
        true
    }

    /// Shows a notification. The system brings the window to the front when somebody opens it. Blocks.
    pub fn show(
        &self,
        notice: &Notice,
        _clicked: impl Fn(Notice) + Send + 'static,
    ) -> Result<(), NotShown> {
        let shown = notify_rust::Notification::new()
            .summary(&notice.title)
            .body(&notice.body)
            .show();
        match shown {
            Ok(_) => Ok(()),
            Err(error) => Err(NotShown::Surely(format!(
                "The system did not take the notification: {error}."
            ))),
        }
    }
}
