//! Notifications over the session bus, by the Desktop Notifications Specification 1.2.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::zvariant::Value;

use super::{NotShown, Notice};
use crate::tray::WATCHER;

/// How long the desktop may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The name of the entry in the desktop's menu.
const ENTRY: &str = "Debrief";
/// The name of the icon that comes with it.
const ICON: &str = "debrief-app";

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_async = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;
}

/// What shows notifications, as long as it is there.
struct Desk {
    proxy: NotificationsProxy<'static>,
    /// It reads marks in the text.
    marks: bool,
}

#[derive(Default)]
struct Shown {
    /// Where each notification leads to.
    notices: HashMap<u32, Notice>,
    /// The last one, whose place the next one takes.
    last: u32,
}

/// Notifications of this computer.
#[derive(Default)]
pub struct Notifier {
    bus: Mutex<Option<Connection>>,
    desk: Mutex<Option<Desk>>,
    shown: Arc<Mutex<Shown>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under these locks can be left half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Notifier {
    /// Whether there is a session bus.
    pub fn has_bus(&self) -> bool {
        self.bus().is_ok()
    }

    /// Whether this desktop shows a tray. Asks the session bus; blocks.
    pub fn has_tray(&self) -> bool {
        let Ok(name) = BusName::try_from(WATCHER) else {
            return false;
        };
        self.bus()
            .and_then(|bus| DBusProxy::new(&bus))
            .is_ok_and(|proxy| proxy.name_has_owner(name).unwrap_or(false))
    }

    fn bus(&self) -> zbus::Result<Connection> {
        let mut bus = lock(&self.bus);
        if let Some(bus) = &*bus {
            return Ok(bus.clone());
        }
        let made = Builder::session()?.method_timeout(PATIENCE).build()?;
        *bus = Some(made.clone());
        Ok(made)
    }

    /// Whether something on this computer shows notifications. Asks it; blocks.
    pub fn is_there(&self) -> bool {
        self.bus()
            .and_then(|bus| NotificationsProxy::new(&bus))
            .and_then(|proxy| proxy.get_capabilities())
            .is_ok()
    }

    /// Shows a notification in the place of any before; `clicked` hears when somebody opens it, from another thread. Blocks.
    pub fn show(
        &self,
        notice: &Notice,
        clicked: impl Fn(Notice) + Send + 'static,
    ) -> Result<(), NotShown> {
        let mut desk = lock(&self.desk);
        if desk.is_none() {
            let found = self.desk(clicked).map_err(|error| {
                // A bus that has gone is looked for anew.
                lock(&self.bus).take();
                NotShown::Surely(format!("Nothing here shows notifications: {error}."))
            })?;
            *desk = Some(found);
        }
        let Some(Desk { proxy, marks }) = &*desk else {
            return Ok(());
        };
        let body = if *marks {
            escaped(&notice.body)
        } else {
            notice.body.clone()
        };
        let hints = HashMap::from([
            ("desktop-entry", Value::from(ENTRY)),
            ("urgency", Value::from(1_u8)),
        ]);
        // Whoever clicks at once is heard once it is known where it leads.
        let mut shown = lock(&self.shown);
        let answer = proxy.notify(
            ENTRY,
            shown.last,
            ICON,
            &notice.title,
            &body,
            &["default", "Open"],
            hints,
            -1,
        );
        match answer {
            Ok(id) => {
                shown.notices = HashMap::from([(id, notice.clone())]);
                shown.last = id;
                Ok(())
            }
            Err(error) => {
                // It may speak another language when it is back; whoever listens for clicks goes with the connection.
                *desk = None;
                if let Some(bus) = lock(&self.bus).take() {
                    let _ = bus.close();
                }
                let why = format!("The desktop did not take the notification: {error}.");
                Err(match error {
                    zbus::Error::MethodError(..) => NotShown::Surely(why),
                    _ => NotShown::Perhaps(why),
                })
            }
        }
    }

    fn desk(&self, clicked: impl Fn(Notice) + Send + 'static) -> zbus::Result<Desk> {
        let proxy = NotificationsProxy::new(&self.bus()?)?;
        let marks = proxy
            .get_capabilities()?
            .iter()
            .any(|capability| capability == "body-markup");
        let clicks = proxy.receive_action_invoked()?;
        let shown = Arc::clone(&self.shown);
        std::thread::spawn(move || {
            for click in clicks {
                let Ok(click) = click.args() else { continue };
                // Others' notifications are told of on the same bus.
                let notice = lock(&shown).notices.remove(&click.id);
                if let Some(notice) = notice {
                    clicked(notice);
                }
            }
        });
        Ok(Desk { proxy, marks })
    }
}

/// People's words, for a desktop that reads marks in them.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
