//! The native menu. What concerns the page goes there as a `menu` event with the item's name; the rest is done here.

use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItem, SubmenuBuilder};
use tauri::{AppHandle, Emitter, Manager, Runtime, WebviewWindow};

use crate::window::{self, MAIN};

/// Builds the menu. A key that stands here is taken before the page sees it; undo, redo and the clipboard's keys are
/// left to the page, which knows what has the focus.
pub fn build<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Menu<R>> {
    let item =
        |id: &str, text: &str, key: Option<&str>| MenuItem::with_id(app, id, text, true, key);
    let file = SubmenuBuilder::new(app, "&File")
        .item(&item("new", "&New Postmortem", Some("CmdOrCtrl+N"))?)
        .separator()
        .item(&item(
            "open_workspace",
            "&Open Workspace…",
            Some("CmdOrCtrl+O"),
        )?)
        .item(&item("open_team", "Open a &Team’s Workspace…", None)?)
        .item(&item("join_review", "&Join a Review…", None)?)
        .separator()
        .item(&item("import", "&Import…", None)?)
        .item(&item("export", "&Export…", None)?)
        .separator()
        .item(&item("settings", "&Settings", Some("CmdOrCtrl+,"))?)
        .item(&item("quit", "&Quit", Some("CmdOrCtrl+Q"))?)
        .build()?;
    let edit = SubmenuBuilder::new(app, "&Edit")
        .item(&item("undo", "&Undo", None)?)
        .item(&item("redo", "&Redo", None)?)
        .separator()
        .item(&item("cut", "Cu&t", None)?)
        .item(&item("copy", "&Copy", None)?)
        .item(&item("paste", "&Paste", None)?)
        .separator()
        .item(&item("select_all", "Select &All", None)?)
        .build()?;
    let view = SubmenuBuilder::new(app, "&View")
        .item(&item("palette", "Command &Palette", Some("CmdOrCtrl+K"))?)
        .item(&item("theme", "Switch &Theme", None)?)
        .separator()
        .item(&item("zoom_in", "Zoom &In", Some("CmdOrCtrl+="))?)
        .item(&item("zoom_out", "Zoom &Out", Some("CmdOrCtrl+-"))?)
        .item(&item("zoom_reset", "&Actual Size", Some("CmdOrCtrl+0"))?)
        .separator()
        .item(&item("full_screen", "&Full Screen", Some("F11"))?)
        .build()?;
    let help = SubmenuBuilder::new(app, "&Help")
        .item(&item("keys", "&Keyboard Shortcuts", None)?)
        .build()?;
    MenuBuilder::new(app)
        .items(&[&file, &edit, &view, &help])
        .build()
}

/// Does what a menu item says.
pub fn chosen<R: Runtime>(app: &AppHandle<R>, event: MenuEvent) {
    if event.id().as_ref() == "quit" {
        window::quit(app);
        return;
    }
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    match event.id().as_ref() {
        "zoom_in" => window::zoom_by(&window, 1),
        "zoom_out" => window::zoom_by(&window, -1),
        "zoom_reset" => window::zoom_to(&window, 1.0),
        "full_screen" => {
            let full = window.is_fullscreen().unwrap_or(false);
            said(window.set_fullscreen(!full));
        }
        "cut" => edit(&window, "Cut"),
        "copy" => edit(&window, "Copy"),
        "paste" => edit(&window, "Paste"),
        "select_all" => edit(&window, "SelectAll"),
        for_the_page => said(window.emit("menu", for_the_page)),
    }
}

/// Tells a developer of a request that the window system refused; a person sees that nothing happened.
pub fn said<T>(result: tauri::Result<T>) {
    if let Err(problem) = result {
        eprintln!("debrief-app: {problem}");
    }
}

#[cfg(target_os = "linux")]
fn edit<R: Runtime>(window: &WebviewWindow<R>, command: &'static str) {
    said(window.with_webview(move |view| {
        use webkit2gtk::WebViewExt;
        view.inner().execute_editing_command(command);
    }));
}

#[cfg(not(target_os = "linux"))]
fn edit<R: Runtime>(window: &WebviewWindow<R>, command: &'static str) {
    said(window.eval(format!("document.execCommand('{command}')")));
}
