//! Every screen, light and dark: axe finds nothing wrong, nothing is blocked by the content security policy, and a
//! picture is kept when `DEBRIEF_SCREENSHOTS` names a folder (`make screenshots`).

use std::path::PathBuf;

use serde_json::json;

use crate::example;
use crate::harness::{App, Shell, key};
use crate::programs::Home;

/// How to get to a screen, and what shows that it is there.
struct Screen {
    name: &'static str,
    address: &'static str,
    /// Keys pressed once the address is there: opens a dialog.
    keys: &'static [char],
    /// A command typed into the palette.
    command: &'static str,
    role: &'static str,
    shows: &'static str,
}

const fn screen(
    name: &'static str,
    address: &'static str,
    role: &'static str,
    shows: &'static str,
) -> Screen {
    Screen {
        name,
        address,
        keys: &[],
        command: "",
        role,
        shows,
    }
}

const LIST: &str = "#/postmortems";

/// `{doc}` stands for the example's address.
fn screens() -> Vec<Screen> {
    vec![
        screen("postmortems", LIST, "heading", "Postmortems"),
        screen("postmortem", "#/p/{doc}", "heading", "Timeline"),
        screen("actions", "#/actions", "heading", "Action items"),
        screen("templates", "#/templates", "heading", "Templates"),
        screen(
            "template",
            "#/templates/post-incident-review",
            "textbox",
            "",
        ),
        screen("settings", "#/settings", "heading", "Settings"),
        screen("trash", "#/trash", "heading", "Trash"),
        Screen {
            keys: &[key::CTRL, 'k'],
            ..screen("palette", LIST, "combobox", "")
        },
        Screen {
            keys: &['?'],
            ..screen("keys", LIST, "dialog", "Keys")
        },
        Screen {
            keys: &['n'],
            ..screen("new", LIST, "dialog", "New postmortem")
        },
        Screen {
            command: "Import a postmortem",
            ..screen("import", LIST, "dialog", "Import")
        },
        Screen {
            command: "Export this postmortem",
            ..screen("export", "#/p/{doc}", "dialog", "Export")
        },
        Screen {
            command: "Versions of this postmortem",
            ..screen("versions", "#/p/{doc}", "dialog", "Versions")
        },
    ]
}

/// Collects what a person would not see: blocked styles and scripts, errors.
const LISTEN: &str = "window.complaints = [];
    addEventListener('securitypolicyviolation', (event) => complaints.push(`blocked by ${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
    addEventListener('error', (event) => complaints.push(`error: ${event.message}`));
    addEventListener('unhandledrejection', (event) => complaints.push(`unhandled: ${event.reason?.message ?? event.reason}`));";

async fn keep_picture(app: &App, name: &str) {
    if let Some(folder) = std::env::var_os("DEBRIEF_SCREENSHOTS") {
        let path = PathBuf::from(folder).join(format!("{name}.png"));
        std::fs::write(&path, app.picture().await).expect("the folder for pictures takes files");
    }
}

/// Sets the theme as a person's choice, and starts the page anew.
async fn set_theme(app: &App, theme: &str) {
    app.js(
        "localStorage.setItem('debrief.prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('debrief.prefs') ?? '{}'), theme: arguments[0] }));
         delete document.documentElement.dataset.ready;
         location.reload()",
        vec![json!(theme)],
    )
    .await;
    app.ready().await;
    app.js(LISTEN, vec![]).await;
}

/// Closes whatever is open, goes to a screen and waits for it.
async fn visit(app: &App, screen: &Screen, doc: &str) {
    for _ in 0..3 {
        app.press(&[key::ESCAPE]).await;
    }
    app.go("#/postmortems").await;
    app.see("heading", "Postmortems").await;
    app.go(&screen.address.replace("{doc}", doc)).await;
    if screen.address.contains("{doc}") {
        app.see("heading", "Timeline").await;
    }
    if !screen.command.is_empty() {
        app.press(&[key::CTRL, 'k']).await;
        app.see("combobox", "").await;
        app.type_text(&format!(">{}", screen.command)).await;
        app.see("option", screen.command).await;
        app.press(&[key::ENTER]).await;
    }
    if !screen.keys.is_empty() {
        app.press(screen.keys).await;
    }
    app.see(screen.role, screen.shows).await;
    settled(app).await;
}

/// Waits until fonts are there and nothing moves or loads.
async fn settled(app: &App) {
    app.until_js(
        "the page to settle",
        "return document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=true], .skel')
             && document.getAnimations().every((animation) => animation.playState !== 'running')",
        vec![],
    )
    .await;
}

async fn look_at_everything(shell: Shell) {
    let home = Home::new();
    let doc = example::workspace(&home);
    let app = App::open(shell, home).await;
    let prefix = if shell == Shell::Window {
        ""
    } else {
        "browser-"
    };
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        app.resize(1440, 900).await;
        set_theme(&app, theme).await;
        for screen in screens() {
            visit(&app, &screen, &doc).await;
            keep_picture(&app, &format!("{prefix}{}-{theme}", screen.name)).await;
            for violation in app.accessibility().await {
                wrong.push(format!("{} in {theme}: {violation}", screen.name));
            }
        }
        // The narrowest desktop window that must work.
        app.resize(1180, 800).await;
        for screen in screens().iter().take(3) {
            visit(&app, screen, &doc).await;
            keep_picture(&app, &format!("{prefix}{}-1180-{theme}", screen.name)).await;
            let too_wide = app
                .js(
                    "return document.documentElement.scrollWidth > innerWidth",
                    vec![],
                )
                .await;
            if too_wide == json!(true) {
                wrong.push(format!(
                    "{} in {theme} does not fit into 1180 pixels",
                    screen.name
                ));
            }
        }
        if shell == Shell::Browser {
            // One long picture of the whole document; a headless window may be taller than any screen.
            app.resize(1440, 4200).await;
            let screens = screens();
            visit(&app, &screens[1], &doc).await;
            keep_picture(&app, &format!("postmortem-full-{theme}")).await;
        }
        let complaints = app.js("return window.complaints", vec![]).await;
        for complaint in complaints.as_array().into_iter().flatten() {
            wrong.push(format!("in {theme}: {complaint}"));
        }
    }
    app.close().await;
    assert!(
        wrong.is_empty(),
        "{} faults ({shell:?}):\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A screen that stands alone: what it shows says that it is there.
async fn look_at_one(shell: Shell, home: Home, name: &str, role: &str, shows: &str) {
    let mut wrong = Vec::new();
    let app = App::open(shell, home).await;
    let prefix = if shell == Shell::Window {
        ""
    } else {
        "browser-"
    };
    for theme in ["light", "dark"] {
        set_theme(&app, theme).await;
        app.see(role, shows).await;
        settled(&app).await;
        keep_picture(&app, &format!("{prefix}{name}-{theme}")).await;
        wrong.extend(
            app.accessibility()
                .await
                .into_iter()
                .map(|violation| format!("{name} in {theme}: {violation}")),
        );
    }
    app.close().await;
    assert!(
        wrong.is_empty(),
        "{} faults ({shell:?}):\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

async fn look_at_the_first_start(shell: Shell) {
    look_at_one(shell, Home::new(), "welcome", "textbox", "Your name").await;
    // What the list says before there is anything in it.
    let home = Home::new();
    example::somebody(&home);
    look_at_one(
        shell,
        home,
        "empty",
        "heading",
        "Nothing to look back on yet",
    )
    .await;
}

#[tokio::test]
async fn screens_in_a_window() {
    look_at_everything(Shell::Window).await;
}

#[tokio::test]
async fn screens_in_a_browser() {
    look_at_everything(Shell::Browser).await;
}

#[tokio::test]
async fn screens_of_the_first_start_in_a_window() {
    look_at_the_first_start(Shell::Window).await;
}

#[tokio::test]
async fn screens_of_the_first_start_in_a_browser() {
    look_at_the_first_start(Shell::Browser).await;
}
