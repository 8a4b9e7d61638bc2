//! A StatusNotifierItem on the session bus. Its tray may come later than Debrief, or go: the icon then comes back by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::select;
use tauri::async_runtime::{JoinHandle, block_on, spawn};
use tauri::{AppHandle, Manager, Runtime};
use zbus::connection::Builder;
use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::proxy::CacheProperties;
use zbus::{Connection, MatchRule, MessageStream};

use super::objects::{Act, ICON_AT, Icon, MENU_AT, Menu};
use crate::desktop::{self, WayBack};
use crate::window::{self, MAIN};

/// Who keeps the icons of a tray.
pub const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// Where it does.
const WATCHER_AT: &str = "/StatusNotifierWatcher";
/// How long the tray may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

#[zbus::proxy(
    interface = "org.kde.StatusNotifierWatcher",
    default_service = "org.kde.StatusNotifierWatcher",
    default_path = "/StatusNotifierWatcher",
    gen_blocking = false
)]
trait Watcher {
    fn register_status_notifier_item(&self, service: &str) -> zbus::Result<()>;

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> zbus::Result<bool>;
}

/// The icon, when there is one.
#[derive(Default)]
pub struct Tray {
    item: Mutex<Option<Item>>,
    /// The desktop shows it.
    shown: Arc<AtomicBool>,
}

impl Tray {
    /// Whether the desktop shows the icon.
    pub fn is_shown(&self) -> bool {
        self.shown.load(Ordering::SeqCst)
    }

    /// Puts the icon there, or takes it away. Blocks.
    pub fn keep<R: Runtime>(&self, app: &AppHandle<R>, wanted: bool) {
        let mut item = self.item.lock().unwrap_or_else(PoisonError::into_inner);
        // A bus that has gone is looked for anew.
        if let Some(old) = item.take_if(|item| !wanted || item.bus.is_closed()) {
            block_on(old.leave());
            self.shown.store(false, Ordering::SeqCst);
        }
        if wanted && item.is_none() {
            let chosen = app.clone();
            let act: Act = Arc::new(move |choice| choice.act(&chosen));
            let icon = Icon::new(app.default_window_icon(), Arc::clone(&act));
            let placed = Item::place(icon, Menu::new(act), told(app, &self.shown));
            // Without a bus there is no icon. The settings say so.
            *item = block_on(placed).ok();
        }
    }
}

/// What hears whether the desktop shows the icon. When it no longer does, and a window could not come back, the window comes.
fn told<R: Runtime>(app: &AppHandle<R>, shown: &Arc<AtomicBool>) -> impl Fn(bool) + use<R> {
    let (app, shown) = (app.clone(), Arc::clone(shown));
    move |is_shown| {
        let was_shown = shown.swap(is_shown, Ordering::SeqCst);
        if is_shown || !was_shown {
            return;
        }
        let app = app.clone();
        // Asking the bus takes a while, and this is called on the way of its messages.
        std::thread::spawn(move || {
            if app.get_webview_window(MAIN).is_none()
                && desktop::of(&app).way_back() == WayBack::None
            {
                window::bring(&app, None);
            }
        });
    }
}

/// The icon's place on the bus.
struct Item {
    bus: Connection,
    /// Hands the icon to every tray that comes.
    watch: JoinHandle<()>,
}

impl Item {
    /// Takes a place on the bus, and hands the icon to the tray if there is one. `told` hears whether the tray shows it, the
    /// first time before this ends.
    async fn place(
        icon: Icon,
        menu: Menu,
        told: impl Fn(bool) + Send + Sync + 'static,
    ) -> zbus::Result<Self> {
        let bus = Builder::session()?
            .method_timeout(PATIENCE)
            .serve_at(ICON_AT, icon)?
            .serve_at(MENU_AT, menu)?
            .build()
            .await?;
        let name = name_on(&bus).await;
        let watcher = WatcherProxy::builder(&bus)
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        // Both are listened for before anything is asked, so that nothing is missed between.
        let owners = DBusProxy::new(&bus)
            .await?
            .receive_name_owner_changed_with_args(&[(0, WATCHER)])
            .await?
            .map(|change| Some(change.args().is_ok_and(|args| args.new_owner().is_some())));
        let signals = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(WATCHER)?
            .path(WATCHER_AT)?
            .build();
        let signals = MessageStream::for_match_rule(signals, &bus, None)
            .await?
            .map(|_| None);
        let mut news = select(owners, signals);
        let mut taken = watcher.takes(&name).await;
        told(taken && watcher.has_a_host().await);
        let watch = spawn(async move {
            while let Some(owner) = news.next().await {
                // The watcher itself came or went. Whatever else it says may be of its hosts.
                if let Some(came) = owner {
                    taken = came && watcher.takes(&name).await;
                }
                told(taken && watcher.has_a_host().await);
            }
            // The bus is gone.
            told(false);
        });
        Ok(Self { bus, watch })
    }

    /// Leaves the bus. Nothing is told from then on.
    async fn leave(self) {
        self.watch.abort();
        let _ = self.watch.await;
        let _ = self.bus.close().await;
    }
}

impl WatcherProxy<'_> {
    /// Hands the icon over. False when nobody takes it.
    async fn takes(&self, name: &str) -> bool {
        self.register_status_notifier_item(name).await.is_ok()
    }

    /// Whether somebody shows the icons that were handed over. A watcher that does not know has taken this one, and is believed.
    async fn has_a_host(&self) -> bool {
        self.is_status_notifier_host_registered()
            .await
            .unwrap_or(true)
    }
}

/// The name that the specification has for an item. In a sandbox, or while the bus still lets go of the icon before this one, the
/// connection's own name, by which trays find it as well.
async fn name_on(bus: &Connection) -> String {
    let name = format!("org.kde.StatusNotifierItem-{}-1", std::process::id());
    match bus.request_name(name.as_str()).await {
        Ok(()) => name,
        Err(_) => bus.unique_name().map(ToString::to_string).unwrap_or(name),
    }
}
