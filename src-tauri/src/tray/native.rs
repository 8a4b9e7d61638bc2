//! The icon in the system's own tray.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::menu::{MenuBuilder, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Runtime};

use super::Choice;
use crate::menu::said;

const ID: &str = "debrief";

/// The icon, when there is one.
#[derive(Default)]
pub struct Tray {
    shown: AtomicBool,
}

impl Tray {
    /// Whether the icon is there.
    pub fn is_shown(&self) -> bool {
        self.shown.load(Ordering::SeqCst)
    }

    /// Puts the icon there, or takes it away. Blocks.
    pub fn keep<R: Runtime>(&self, app: &AppHandle<R>, wanted: bool) {
        if wanted == self.is_shown() {
            return;
        }
        if !wanted {
            app.remove_tray_by_id(ID);
        } else if let Err(problem) = make(app) {
            said::<()>(Err(problem));
            return;
        }
        self.shown.store(wanted, Ordering::SeqCst);
    }
}

fn make<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    let mut menu = MenuBuilder::new(app);
    for (choice, id) in Choice::ALL
        .into_iter()
        .zip(["tray_open", "tray_actions", "tray_quit"])
    {
        if choice == Choice::Quit {
            menu = menu.separator();
        }
        menu = menu.item(&MenuItem::with_id(
            app,
            id,
            choice.label(),
            true,
            None::<&str>,
        )?);
    }
    let mut tray = TrayIconBuilder::with_id(ID)
        .tooltip("Debrief")
        .menu(&menu.build()?)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "tray_open" => Choice::Open.act(app),
            "tray_actions" => Choice::Actions.act(app),
            "tray_quit" => Choice::Quit.act(app),
            _ => {}
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}
