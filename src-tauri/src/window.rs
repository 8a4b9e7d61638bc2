//! The window: how it is built, where it stands, what it may load, and what happens when there is no workspace to show.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use api::error::ApiError;
use serde::{Deserialize, Serialize};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{
    AppHandle, Emitter, Manager, PhysicalPosition, Runtime, Url, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::desktop;
use crate::login::BACKGROUND;
use crate::menu::said;
use crate::pick::{Picked, What};
use crate::pipe::Pipes;
use crate::remote::{Remote, Room};
use crate::workspace::Workspace;

/// The label of the one window.
pub const MAIN: &str = "main";

/// Where the window stood when it was last closed. Sizes in logical pixels, the place in physical ones.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(default)]
struct Place {
    width: f64,
    height: f64,
    left: Option<i32>,
    top: Option<i32>,
    maximized: bool,
    zoom: f64,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            width: 1440.0,
            height: 900.0,
            left: None,
            top: None,
            maximized: false,
            zoom: 1.0,
        }
    }
}

impl Place {
    const FILE: &str = "window.json";

    /// What was kept; a file that is missing or makes no sense gives the usual place.
    fn load(data: &Path) -> Self {
        let kept = std::fs::read(data.join(Self::FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .unwrap_or_default();
        Self {
            width: kept.width.clamp(480.0, 16_384.0),
            height: kept.height.clamp(360.0, 16_384.0),
            zoom: kept.zoom.clamp(MIN_ZOOM, MAX_ZOOM),
            ..kept
        }
    }

    fn store(self, data: &Path) {
        // The next start falls back to the usual place; that is not worth a message while closing.
        if let Ok(bytes) = serde_json::to_vec(&self) {
            let _ = std::fs::write(data.join(Self::FILE), bytes);
        }
    }
}

const MIN_ZOOM: f64 = 0.5;
const MAX_ZOOM: f64 = 3.0;
/// One step of zooming multiplies or divides by this.
const ZOOM_STEP: f64 = 1.1;

/// How far the page is zoomed.
pub struct Zoom(Mutex<f64>);

impl Default for Zoom {
    fn default() -> Self {
        Self(Mutex::new(1.0))
    }
}

/// Says why no window can be opened here, when that can be told from the environment.
pub fn missing_display() -> Option<&'static str> {
    let missing = cfg!(target_os = "linux")
        && ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty()));
    missing.then_some(
        "Debrief found no display to open its window on (neither DISPLAY nor WAYLAND_DISPLAY is set). \
         Run `debrief serve` and open the address that it prints.",
    )
}

/// Opens the window, unless it is to stay `hidden`; when the workspace could not be opened, asks for another first.
pub fn open_when_there_is_a_workspace<R: Runtime>(app: &AppHandle<R>, hidden: bool) {
    let workspace = Arc::clone(&app.state::<Arc<Workspace>>());
    if !hidden
        && workspace.known_failure().is_none()
        && let Err(problem) = build(app, &workspace, None)
    {
        eprintln!("Debrief could not open its window: {problem}");
        app.exit(1);
        return;
    }
    let app = app.clone();
    std::thread::spawn(move || {
        if let Some(sentence) = workspace.first_attempt() {
            ask_for_another(&app, &workspace, sentence);
        }
    });
}

/// Shows why, and offers another file until one opens or the person quits.
fn ask_for_another<R: Runtime>(app: &AppHandle<R>, workspace: &Arc<Workspace>, mut why: String) {
    loop {
        eprintln!("{why}");
        let again = app
            .dialog()
            .message(&why)
            .title("Debrief could not open the workspace")
            .kind(MessageDialogKind::Error)
            .buttons(MessageDialogButtons::OkCancelCustom(
                "Open another file…".into(),
                "Quit".into(),
            ))
            .blocking_show();
        if !again {
            app.exit(1);
            return;
        }
        let Some(path) = app.state::<Picked>().open(app, What::Workspace) else {
            continue;
        };
        match workspace.switch(&path) {
            Ok(()) => break,
            Err(problem) => why = problem.message,
        }
    }
    let (handle, workspace) = (app.clone(), Arc::clone(workspace));
    said(app.run_on_main_thread(move || {
        if let Some(window) = handle.get_webview_window(MAIN) {
            said(window.set_title(&workspace.title()));
        } else if let Err(problem) = build(&handle, &workspace, None) {
            eprintln!("Debrief could not open its window: {problem}");
            handle.exit(1);
        }
    }));
}

/// Builds the window, at an address within the page such as `#/actions`.
fn build<R: Runtime>(
    app: &AppHandle<R>,
    workspace: &Arc<Workspace>,
    at: Option<&str>,
) -> tauri::Result<()> {
    let data = workspace.data_dir().to_path_buf();
    let place = Place::load(&data);
    let page_workspace = Arc::clone(workspace);
    let pipes = Arc::clone(&app.state::<Arc<Pipes>>());
    let remote = Arc::clone(&app.state::<Arc<Remote>>());
    let address = match at {
        Some(at) => WebviewUrl::App(format!("/{at}").into()),
        None => WebviewUrl::default(),
    };
    let window = WebviewWindowBuilder::new(app, MAIN, address)
        .title(workspace.title())
        .inner_size(place.width, place.height)
        .min_inner_size(480.0, 360.0)
        .maximized(place.maximized)
        .data_directory(data.join("webview"))
        // Files are dropped onto the page, which takes images.
        .disable_drag_drop_handler()
        .initialization_script(include_str!("../../ui/src/backend/ask-first.js"))
        .on_navigation(stays_inside)
        .on_new_window(|address, _| {
            open_outside(address.as_str());
            NewWindowResponse::Deny
        })
        .on_page_load(move |_, load| {
            if load.event() == PageLoadEvent::Started {
                pipes.close_all();
                page_workspace.forget_listeners();
                if let Some(room) = remote.room() {
                    room.forget_listener();
                }
            }
        })
        .build()?;
    if let (Some(left), Some(top)) = (place.left, place.top)
        && on_a_monitor(&window, left, top)
    {
        said(window.set_position(PhysicalPosition::new(left, top)));
    }
    if place.zoom != 1.0 {
        zoom_to(&window, place.zoom);
    }
    let keep = window.clone();
    let app = app.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { .. } => {
            remember(&keep, &data);
            desktop::of(&app).closing();
        }
        WindowEvent::Destroyed => let_go(&app),
        _ => {}
    });
    Ok(())
}

/// Whether the title bar of a window at this place could be reached.
fn on_a_monitor<R: Runtime>(window: &WebviewWindow<R>, left: i32, top: i32) -> bool {
    window
        .available_monitors()
        .unwrap_or_default()
        .iter()
        .any(|monitor| {
            let (at, size) = (monitor.position(), monitor.size());
            let right = at.x.saturating_add_unsigned(size.width).saturating_sub(80);
            let bottom = at.y.saturating_add_unsigned(size.height).saturating_sub(80);
            (at.x..right).contains(&left) && (at.y..bottom).contains(&top)
        })
}

fn remember<R: Runtime>(window: &WebviewWindow<R>, data: &Path) {
    let before = Place::load(data);
    let maximized = window.is_maximized().unwrap_or(false);
    let mut place = Place {
        maximized,
        zoom: zoom_of(window),
        ..before
    };
    // A maximized or full-screen window keeps the size that it would go back to.
    if !maximized && !window.is_fullscreen().unwrap_or(false) {
        if let (Ok(size), Ok(scale)) = (window.inner_size(), window.scale_factor()) {
            let size = size.to_logical::<f64>(scale);
            place.width = size.width;
            place.height = size.height;
        }
        if let Ok(at) = window.outer_position() {
            place.left = Some(at.x);
            place.top = Some(at.y);
        }
    }
    place.store(data);
}

/// The page stays where it is: its own addresses, and previews in a frame. Anything else opens in the browser.
fn stays_inside(address: &Url) -> bool {
    let own = match address.scheme() {
        "tauri" | "debrief-preview" | "about" => true,
        "http" | "https" => {
            matches!(
                address.host_str(),
                Some("tauri.localhost" | "debrief-preview.localhost")
            ) || cfg!(all(debug_assertions, not(feature = "custom-protocol")))
                && address.host_str() == Some("localhost")
        }
        _ => false,
    };
    if !own {
        open_outside(address.as_str());
    }
    own
}

/// Opens an address in the person's browser or mail program. False when it is of another kind or nothing took it.
pub fn open_outside(address: &str) -> bool {
    openable(address)
        .is_some_and(|parsed| tauri_plugin_opener::open_url(parsed.as_str(), None::<&str>).is_ok())
}

/// An address of the web or of mail. Any other kind could start a program.
fn openable(address: &str) -> Option<Url> {
    let parsed = Url::parse(address).ok()?;
    matches!(parsed.scheme(), "http" | "https" | "mailto").then_some(parsed)
}

/// Shows another workspace once this one is saved. With `lose`, the person has agreed to lose what cannot be. Blocks.
pub fn switch<R: Runtime>(app: &AppHandle<R>, path: &Path, lose: bool) -> Result<(), ApiError> {
    switch_by(app, lose, |workspace| workspace.switch(path))
}

/// As [`switch`], to the person's own workspace.
pub fn go_home<R: Runtime>(app: &AppHandle<R>, lose: bool) -> Result<(), ApiError> {
    switch_by(app, lose, Workspace::go_home)
}

fn switch_by<R: Runtime>(
    app: &AppHandle<R>,
    lose: bool,
    show: impl FnOnce(&Workspace) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let workspace = app.state::<Arc<Workspace>>();
    app.state::<Arc<Pipes>>().drain();
    if !lose {
        workspace.save()?;
    }
    show(&workspace)?;
    if let Some(window) = app.get_webview_window(MAIN) {
        said(window.set_title(&workspace.title()));
        // The page holds nothing of its own; from here on it shows the other workspace.
        said(window.eval("location.hash = ''; location.reload()"));
    }
    Ok(())
}

/// Shows a room of another computer once this workspace is saved; it stays open underneath. With `lose`, the person has
/// agreed to lose what cannot be. Blocks.
pub fn enter<R: Runtime>(app: &AppHandle<R>, room: Room, lose: bool) -> Result<(), ApiError> {
    let remote = app.state::<Arc<Remote>>();
    app.state::<Arc<Pipes>>().drain();
    if !lose && remote.room().is_none() {
        app.state::<Arc<Workspace>>().save()?;
    }
    let (title, doc) = (room.title(), room.doc().to_owned());
    remote.enter(room);
    // The page knows by its address whose it is. An id is letters, digits and hyphens.
    show(app, &title, &format!("/?room#/postmortem/{doc}/review"));
    Ok(())
}

/// Shows this computer's workspace again.
pub fn leave<R: Runtime>(app: &AppHandle<R>) {
    app.state::<Arc<Pipes>>().drain();
    app.state::<Arc<Remote>>().leave();
    let title = app.state::<Arc<Workspace>>().title();
    show(app, &title, "/");
}

/// Loads the page anew at this address: it holds nothing of its own.
fn show<R: Runtime>(app: &AppHandle<R>, title: &str, address: &str) {
    if let Some(window) = app.get_webview_window(MAIN) {
        said(window.set_title(title));
        said(window.eval(format!(
            "history.replaceState(null, '', '{address}'); location.reload()"
        )));
    }
}

/// Somebody started the app again: brings the window to the front. A workspace that was named is opened by the page,
/// which asks first when something is not saved.
pub fn started_again<R: Runtime>(app: &AppHandle<R>, arguments: &[String], folder: &Path) {
    let named = match arguments.get(1) {
        // It runs already, as was asked.
        Some(argument) if argument == BACKGROUND => return,
        named => named.map(|name| folder.join(name)),
    };
    bring(app, None);
    let Some(path) = named else {
        return;
    };
    if app.state::<Arc<Workspace>>().shows(&path) {
        return;
    }
    app.state::<Picked>().name(path);
    if let Some(window) = app.get_webview_window(MAIN) {
        said(window.emit("menu", "open_named"));
    }
}

/// Brings the window to the front, and builds it anew where it was let go of. `place` is an address within the page; in a room of
/// another computer it leads nowhere and is left aside.
pub fn bring<R: Runtime>(app: &AppHandle<R>, place: Option<String>) {
    let handle = app.clone();
    said(app.run_on_main_thread(move || {
        let Some(window) = handle.get_webview_window(MAIN) else {
            let workspace = Arc::clone(&handle.state::<Arc<Workspace>>());
            // Somebody is being asked for another workspace.
            if workspace.known_failure().is_some() {
                return;
            }
            if let Err(problem) = build(&handle, &workspace, place.as_deref()) {
                eprintln!("Debrief could not open its window: {problem}");
            }
            return;
        };
        to_the_front(&handle);
        let place = place.filter(|_| handle.state::<Arc<Remote>>().room().is_none());
        if let Some(address) = place.and_then(|place| serde_json::to_string(&place).ok()) {
            said(window.eval(format!("location.hash = {address}")));
        }
    }));
}

/// Ends Debrief. As with the window's own button, the page may ask first when something is not saved.
pub fn quit<R: Runtime>(app: &AppHandle<R>) {
    match app.get_webview_window(MAIN) {
        Some(window) => {
            to_the_front(app);
            desktop::of(app).quit();
            said(window.close());
        }
        None => app.exit(0),
    }
}

/// The window is gone, and Debrief may stay: lets go of what its page had open, and of a room of another computer.
fn let_go<R: Runtime>(app: &AppHandle<R>) {
    app.state::<Arc<Pipes>>().close_all();
    app.state::<Arc<Workspace>>().forget_listeners();
    app.state::<Arc<Remote>>().leave();
}

fn to_the_front<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        said(window.unminimize());
        said(window.show());
        said(window.set_focus());
    }
}

/// Zooms the page in (1) or out (-1) by one step.
pub fn zoom_by<R: Runtime>(window: &WebviewWindow<R>, steps: i32) {
    let to = zoom_of(window) * ZOOM_STEP.powi(steps);
    zoom_to(window, to);
}

/// Zooms the page to a factor between a half and three.
pub fn zoom_to<R: Runtime>(window: &WebviewWindow<R>, factor: f64) {
    if !factor.is_finite() {
        return;
    }
    let factor = factor.clamp(MIN_ZOOM, MAX_ZOOM);
    *window
        .state::<Zoom>()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = factor;
    said(window.set_zoom(factor));
}

fn zoom_of<R: Runtime>(window: &WebviewWindow<R>) -> f64 {
    *window
        .state::<Zoom>()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Ends the app in good order when the system asks it to: at the end of a session, or with Ctrl+C in a terminal.
#[cfg(unix)]
pub fn close_when_told<R: Runtime>(app: &AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut end), Ok(mut interrupt), Ok(mut hangup)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
            signal(SignalKind::hangup()),
        ) else {
            // Then the system's own way of ending a program stays in place; what was saved is on disk.
            return;
        };
        tokio::select! {
            _ = end.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        app.exit(0);
    });
}

/// Ends the app in good order when the system asks it to. Elsewhere the window is closed, which does the same.
#[cfg(not(unix))]
pub fn close_when_told<R: Runtime>(_app: &AppHandle<R>) {}

/// Lets go of every document, so that the rooms write their snapshots before the program ends.
pub fn close_down<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        remember(&window, app.state::<Arc<Workspace>>().data_dir());
    }
    let pipes = app.state::<Arc<Pipes>>();
    pipes.close_all();
    pipes.drain();
    app.state::<Arc<Workspace>>().close();
}

#[cfg(test)]
mod tests {
    use super::openable;

    #[test]
    fn only_addresses_of_the_web_and_of_mail_are_opened() {
        for address in [
            "https://example.org/x?y#z",
            "http://10.0.0.7/",
            "mailto:ada@example.org",
        ] {
            assert!(openable(address).is_some(), "{address} is a link");
        }
        for address in [
            "javascript:alert(1)",
            " JAVASCRIPT:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "file://example.org/share/x.desktop",
            "ftp://example.org/",
            "smb://example.org/",
            "tel:112",
            "debrief://x",
            "/etc/passwd",
            "-x",
            "https://",
            "",
        ] {
            assert!(
                openable(address).is_none(),
                "{address:?} could start something else"
            );
        }
    }
}
