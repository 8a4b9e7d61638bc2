//! A StatusNotifierItem on the session bus. Its host may come later than Debrief, or go: the icon then comes back by itself.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::{MenuItem, StandardItem};
use ksni::{Category, Icon, OfflineReason, ToolTip};
use tauri::{AppHandle, Manager, Runtime};

use super::Choice;
use crate::desktop::{self, WayBack};
use crate::window::{self, MAIN};

/// The icon, when there is one.
#[derive(Default)]
pub struct Tray {
    /// The item's handle, of a type that depends on the window system.
    item: Mutex<Option<Box<dyn Any + Send>>>,
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
        match (wanted, item.is_some()) {
            (true, false) => {
                self.shown.store(true, Ordering::SeqCst);
                let made = Item {
                    app: app.clone(),
                    shown: Arc::clone(&self.shown),
                };
                match made.assume_sni_available(true).spawn() {
                    Ok(handle) => *item = Some(Box::new(handle)),
                    // There is no bus. The settings say so.
                    Err(_) => self.shown.store(false, Ordering::SeqCst),
                }
            }
            (false, true) => {
                if let Some(handle) = item
                    .take()
                    .and_then(|handle| handle.downcast::<Handle<Item<R>>>().ok())
                {
                    handle.shutdown().wait();
                }
                self.shown.store(false, Ordering::SeqCst);
            }
            _ => {}
        }
    }
}

struct Item<R: Runtime> {
    app: AppHandle<R>,
    shown: Arc<AtomicBool>,
}

impl<R: Runtime> ksni::Tray for Item<R> {
    fn id(&self) -> String {
        "debrief".into()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn title(&self) -> String {
        "Debrief".into()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: "Debrief".into(),
            ..ToolTip::default()
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let icon = self.app.default_window_icon().and_then(|image| {
            let mut data = image.rgba().to_vec();
            // From red, green, blue, alpha to alpha, red, green, blue.
            for pixel in data.chunks_exact_mut(4) {
                pixel.rotate_right(1);
            }
            Some(Icon {
                width: image.width().try_into().ok()?,
                height: image.height().try_into().ok()?,
                data,
            })
        });
        icon.into_iter().collect()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        window::bring(&self.app, None);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let mut menu = Vec::new();
        for choice in Choice::ALL {
            if choice == Choice::Quit {
                menu.push(MenuItem::Separator);
            }
            menu.push(MenuItem::Standard(StandardItem {
                label: choice.label().into(),
                activate: Box::new(move |item: &mut Self| choice.act(&item.app)),
                ..StandardItem::default()
            }));
        }
        menu
    }

    fn watcher_online(&self) {
        self.shown.store(true, Ordering::SeqCst);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.shown.store(false, Ordering::SeqCst);
        let app = self.app.clone();
        // Asking the bus takes a while, and this is called on the way of its messages.
        std::thread::spawn(move || {
            if app.get_webview_window(MAIN).is_none()
                && desktop::of(&app).way_back() == WayBack::None
            {
                window::bring(&app, None);
            }
        });
        true
    }
}
