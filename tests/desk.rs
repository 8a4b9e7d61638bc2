//! A desktop for one test: a session bus of its own, on which nothing starts by itself, and who shows notifications and icons there.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedValue, Value};

use crate::programs::{Group, Home, until};

const NOTIFICATIONS: &str = "org.freedesktop.Notifications";
const NOTIFICATIONS_AT: &str = "/org/freedesktop/Notifications";
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_AT: &str = "/StatusNotifierWatcher";

/// A notification as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: u32,
    pub title: String,
    pub body: String,
}

type Came<T> = Arc<Mutex<Vec<T>>>;

struct Notifications(Came<Shown>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<&str> {
        vec!["actions", "body", "body-markup"]
    }

    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        _app_name: &str,
        replaces_id: u32,
        _app_icon: &str,
        summary: &str,
        body: &str,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        assert_eq!(
            actions.first().map(String::as_str),
            Some("default"),
            "a click on the notification itself does something"
        );
        let mut came = self.0.lock().expect("nobody panics with it");
        let next = u32::try_from(came.len()).expect("few") + 1;
        let id = if replaces_id == 0 { next } else { replaces_id };
        came.push(Shown {
            id,
            title: summary.into(),
            body: body.into(),
        });
        id
    }
}

struct Watcher {
    icons: Came<String>,
    /// Somebody shows them.
    host: bool,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        let mut icons = self.icons.lock().expect("nobody panics with it");
        icons.push(service);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.host
    }
}

/// A row of a menu: its id, its properties, and the rows below it.
pub type Row = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The desktop of one test.
pub struct Desk {
    _daemon: Group,
    address: String,
    came: Came<Shown>,
    icons: Came<String>,
}

impl Desk {
    /// A bus, and nobody on it.
    pub fn start(folder: &Path) -> Self {
        let address = format!("unix:path={}", folder.join("bus").display());
        let settings = folder.join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>{address}</listen>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>"
        );
        std::fs::write(&settings, text).expect("a temporary folder takes files");
        let mut command = Command::new("dbus-daemon");
        command
            .arg("--nofork")
            .arg(format!("--config-file={}", settings.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let daemon = Group::start(&mut command);
        until("the bus", || folder.join("bus").exists().then_some(()));
        Self {
            _daemon: daemon,
            address,
            came: Came::default(),
            icons: Came::default(),
        }
    }

    /// A home on this bus.
    pub fn home(&self, home: Home) -> Home {
        home.on_bus(&self.address)
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    fn join(&self) -> Builder<'static> {
        Builder::address(self.address.as_str()).expect("the bus's address")
    }

    /// From now on notifications are shown, until the answer is dropped.
    pub fn shows_notifications(&self) -> Connection {
        self.join()
            .serve_at(NOTIFICATIONS_AT, Notifications(Arc::clone(&self.came)))
            .and_then(|builder| builder.name(NOTIFICATIONS))
            .and_then(Builder::build)
            .expect("nobody else shows them")
    }

    /// From now on there is a tray, until the answer is dropped.
    pub fn shows_a_tray(&self) -> Connection {
        let icons = Arc::clone(&self.icons);
        self.join()
            .serve_at(WATCHER_AT, Watcher { icons, host: true })
            .and_then(|builder| builder.name(WATCHER))
            .and_then(Builder::build)
            .expect("nobody else has it")
    }

    /// What shows the icons of this tray goes, or comes back; the tray itself stays.
    pub fn shows_icons(&self, tray: &Connection, host: bool) {
        let signal = match host {
            true => "StatusNotifierHostRegistered",
            false => "StatusNotifierHostUnregistered",
        };
        tray.object_server()
            .interface::<_, Watcher>(WATCHER_AT)
            .expect("the tray is there")
            .get_mut()
            .host = host;
        tray.emit_signal(None::<&str>, WATCHER_AT, WATCHER, signal, &())
            .expect("the bus takes it");
    }

    /// The icons that came into a tray, in order.
    pub fn icons(&self) -> Vec<String> {
        self.icons.lock().expect("nobody panics with it").clone()
    }

    /// The notifications that came, in order.
    pub fn notifications(&self) -> Vec<Shown> {
        self.came.lock().expect("nobody panics with it").clone()
    }

    /// Clicks on a notification.
    pub fn click(&self, shower: &Connection, id: u32) {
        shower
            .emit_signal(
                None::<&str>,
                NOTIFICATIONS_AT,
                NOTIFICATIONS,
                "ActionInvoked",
                &(id, "default"),
            )
            .expect("the bus takes it");
    }

    /// The icon in the tray that came last, once it is there: the name of its program on the bus.
    pub fn icon(&self) -> String {
        until("an icon in the tray", || {
            self.icons
                .lock()
                .expect("nobody panics with it")
                .last()
                .filter(|name| self.has(name))
                .cloned()
        })
    }

    /// Whether somebody has this name on the bus.
    pub fn has(&self, name: &str) -> bool {
        let bus = self.join().build().expect("the bus");
        DBusProxy::new(&bus)
            .expect("the bus itself")
            .name_has_owner(name.try_into().expect("a name"))
            .expect("the bus answers")
    }

    /// What the icon that came last has on the bus: the icon itself.
    pub fn the_icon(&self) -> Proxy<'static> {
        self.of_the_icon("/StatusNotifierItem", "org.kde.StatusNotifierItem")
    }

    /// Its menu.
    pub fn the_menu(&self) -> Proxy<'static> {
        self.of_the_icon("/MenuBar", "com.canonical.dbusmenu")
    }

    fn of_the_icon(&self, at: &'static str, interface: &'static str) -> Proxy<'static> {
        let bus = self.join().build().expect("the bus");
        Proxy::new(&bus, self.icon(), at, interface).expect("the icon has it")
    }

    /// Chooses from the menu of the icon.
    pub fn choose(&self, label: &str) {
        let menu = self.the_menu();
        let (_, (_, _, children)): (u32, Row) = menu
            .call("GetLayout", &(0, -1, Vec::<&str>::new()))
            .expect("the menu tells what is in it");
        let items: Vec<(i32, String)> = children
            .into_iter()
            .map(|child| {
                let (id, properties, _): Row = child.try_into().expect("an item");
                let label = properties
                    .get("label")
                    .and_then(|label| <&str>::try_from(label).ok())
                    .unwrap_or_default();
                (id, label.to_owned())
            })
            .collect();
        let id = items
            .iter()
            .find_map(|(id, known)| (known == label).then_some(*id))
            .unwrap_or_else(|| panic!("“{label}” is one of {items:?}"));
        // As panels do, nobody waits for an answer: who quits may be gone before it gives one.
        menu.call_noreply("Event", &(id, "clicked", Value::from(0), 0_u32))
            .expect("the menu takes the click");
    }
}
