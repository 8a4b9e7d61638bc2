//! Drives the built app in a real window (through WebKitWebDriver) and the same page in Chromium (through chromedriver,
//! served by `debrief serve`). One driver process holds one session; each has its own port, home and process group.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::{CmdError, NewSessionError};
use fantoccini::{Client, ClientBuilder};
use serde_json::{Map, Value, json};

use crate::programs::{GLANCE, Group, Home, PATIENCE, parent, program, root, signal, until};

/// Keys without a character, as WebDriver writes them.
pub mod key {
    #![allow(missing_docs)]
    pub const TAB: char = '\u{E004}';
    pub const ENTER: char = '\u{E007}';
    pub const SHIFT: char = '\u{E008}';
    pub const CTRL: char = '\u{E009}';
    pub const ALT: char = '\u{E00A}';
    pub const DOWN: char = '\u{E015}';
    pub const ESCAPE: char = '\u{E00C}';
    pub const SPACE: char = ' ';
    pub const END: char = '\u{E010}';
}

/// Where the page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// The desktop app.
    Window,
    /// Chromium, on `debrief serve`.
    Browser,
}

/// A page that somebody works with.
pub struct App {
    page: Client,
    /// Everything that this app keeps.
    pub home: Home,
    /// Where the page runs.
    pub shell: Shell,
    /// The driver and, in a window, the app that it started.
    pub driver: Group,
    server: Option<Group>,
}

/// Finds elements as a person with a screen reader would: by role and name. Answers an array of elements that are shown.
const FIND: &str = include_str!("find.js");

impl App {
    /// Opens the app on this home and waits until one can type.
    pub async fn open(shell: Shell, home: Home) -> Self {
        match shell {
            Shell::Window => Self::window(home).await,
            Shell::Browser => Self::browser(home).await,
        }
    }

    async fn window(home: Home) -> Self {
        Self::window_of(home, |_| program("debrief-app")).await
    }

    /// Opens a window of this program and waits until one can type.
    pub async fn window_of(home: Home, start: impl FnOnce(&Home) -> PathBuf) -> Self {
        let driver = || {
            let mut command = home.windowed("WebKitWebDriver");
            command
                .arg("--host=127.0.0.1")
                // The app inherits its environment from the driver that starts it.
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .stdout(log(&home, "app.log"))
                .stderr(log(&home, "app.log"));
            command
        };
        let options = json!({ "binary": start(&home), "args": [] });
        let (driver, page) = connect(driver, "webkitgtk:browserOptions", options, &home).await;
        let app = Self {
            page,
            home,
            shell: Shell::Window,
            driver,
            server: None,
        };
        app.ready().await;
        app
    }

    async fn browser(home: Home) -> Self {
        let (server, address) = serve(&home);
        let app = Self::chromium(home, &address, None, Some(server)).await;
        app.ready().await;
        app
    }

    /// A browser with a home of its own on the workspace of another app, which a server of its own serves.
    pub async fn beside(served: &Home) -> Self {
        let (server, address) = serve(served);
        let app = Self::chromium(Home::new(), &address, None, Some(server)).await;
        app.ready().await;
        app
    }

    /// A guest's browser on the link of a shared review; a phone is 390 points wide and 844 high.
    pub async fn guest(link: &str, phone: bool) -> Self {
        let size = phone.then_some((390, 844));
        Self::chromium(Home::new(), link, size, None).await
    }

    /// A browser on a page that is no part of the app, such as an exported file.
    pub async fn page(address: &str) -> Self {
        Self::chromium(Home::new(), address, None, None).await
    }

    /// Goes to another address.
    pub async fn goto(&self, address: &str) {
        self.answered(self.page.goto(address))
            .await
            .expect("the page is there");
    }

    async fn chromium(
        home: Home,
        address: &str,
        phone: Option<(u32, u32)>,
        server: Option<Group>,
    ) -> Self {
        let driver = || {
            let mut command = home.command("chromedriver");
            command
                .stdout(log(&home, "chromedriver.log"))
                .stderr(log(&home, "chromedriver.log"));
            command
        };
        let mut options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--window-size=1440,900",
                format!("--user-data-dir={}", home.path().join("chromium").display()),
            ],
            "prefs": { "download.default_directory": home.picked(), "download.prompt_for_download": false },
        });
        if let Some((width, height)) = phone {
            let metrics = json!({ "width": width, "height": height, "pixelRatio": 2 });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        let (driver, page) = connect(driver, "goog:chromeOptions", options, &home).await;
        page.goto(address).await.expect("the server answers");
        Self {
            page,
            home,
            shell: Shell::Browser,
            driver,
            server,
        }
    }

    /// What the page asks of the backend, asked as the page does.
    pub async fn rpc(&self, name: &str, request: Value) -> Value {
        let script = "const [name, request, done] = arguments;
            const asked = window.__TAURI_INTERNALS__ === undefined
                ? fetch(`rpc/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) }).then((answer) => answer.json())
                : window.__TAURI_INTERNALS__.invoke('rpc', { name, request });
            asked.then((answer) => done({ answer }), (error) => done({ error: error.message ?? String(error) }))";
        let answer = self.js_async(script, vec![json!(name), request]).await;
        assert!(
            answer["error"].is_null(),
            "{name} failed: {}",
            answer["error"]
        );
        answer["answer"].clone()
    }

    /// Waits until one can type.
    pub async fn ready(&self) {
        self.until_js(
            "the page to be ready",
            "return document.documentElement.dataset.ready === '1'",
            vec![],
        )
        .await;
    }

    /// Runs a script's body in the page; `arguments` are its arguments.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self.answered(self.page.execute(script, arguments)).await {
            Ok(value) => value,
            Err(problem) => panic!("script failed: {problem}\n{script}\n{}", self.logs()),
        }
    }

    /// Waits for the driver's answer; a page that hangs must fail a test, not stop it.
    async fn answered<T>(
        &self,
        asked: impl Future<Output = Result<T, CmdError>>,
    ) -> Result<T, CmdError> {
        match tokio::time::timeout(PATIENCE * 2, asked).await {
            Ok(answer) => answer,
            Err(_) => panic!(
                "the page does not answer ({:?})\n{}",
                self.shell,
                self.logs()
            ),
        }
    }

    /// Runs a script that ends by calling its last argument.
    pub async fn js_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self
            .answered(self.page.execute_async(script, arguments))
            .await
        {
            Ok(value) => value,
            Err(problem) => panic!("script failed: {problem}\n{script}\n{}", self.logs()),
        }
    }

    /// Looks until a script answers something true; gives that.
    pub async fn until_js(&self, what: &str, script: &str, arguments: Vec<Value>) -> Value {
        let started = Instant::now();
        loop {
            // A page that is just being replaced cannot run scripts; it will be there in a moment.
            let value = self
                .answered(self.page.execute(script, arguments.clone()))
                .await;
            match value {
                Ok(value) if !matches!(value, Value::Null | Value::Bool(false)) => return value,
                other if started.elapsed() > PATIENCE => {
                    let shown = self
                        .answered(
                            self.page
                                .execute("return document.body?.innerText ?? ''", vec![]),
                        )
                        .await
                        .unwrap_or_default();
                    self.keep_picture(what).await;
                    panic!(
                        "waited in vain for {what} ({:?}); last answer {other:?}; the page shows:\n{}\n{}",
                        self.shell,
                        shown.as_str().unwrap_or_default(),
                        self.logs()
                    );
                }
                _ => tokio::time::sleep(GLANCE).await,
            }
        }
    }

    /// A picture of a failure, when somebody wants pictures.
    async fn keep_picture(&self, what: &str) {
        if let Some(folder) = std::env::var_os("DEBRIEF_FAILURES") {
            let png = self.picture().await;
            let name: String = what
                .chars()
                .map(|c| if c.is_alphanumeric() { c } else { '-' })
                .collect();
            // A picture is a courtesy; the failure itself is being reported.
            let _ = std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), png);
        }
    }

    fn logs(&self) -> String {
        ["app.log", "server.log"]
            .map(|name| read_log(&self.home, name))
            .concat()
    }

    /// Waits until something with this role and name is shown.
    pub async fn see(&self, role: &str, name: &str) {
        let script = format!("{FIND}; return find(arguments[0], arguments[1]).length > 0");
        self.until_js(
            &format!("{role} “{name}”"),
            &script,
            vec![json!(role), json!(name)],
        )
        .await;
    }

    /// Waits until nothing with this role and name is shown.
    pub async fn see_no(&self, role: &str, name: &str) {
        let script = format!("{FIND}; return find(arguments[0], arguments[1]).length === 0");
        self.until_js(
            &format!("no {role} “{name}”"),
            &script,
            vec![json!(role), json!(name)],
        )
        .await;
    }

    /// Whether something with this role and name is shown right now.
    pub async fn shows(&self, role: &str, name: &str) -> bool {
        let script = format!("{FIND}; return find(arguments[0], arguments[1]).length > 0");
        self.js(&script, vec![json!(role), json!(name)]).await == Value::Bool(true)
    }

    /// Waits until the page shows this text anywhere.
    pub async fn see_text(&self, text: &str) {
        self.until_js(
            &format!("the text “{text}”"),
            "return document.body.innerText.includes(arguments[0]) || [...document.querySelectorAll('input, textarea')].some((field) => field.value.includes(arguments[0]))",
            vec![json!(text)],
        )
        .await;
    }

    /// Waits until what has the focus has this role and name.
    pub async fn see_focus(&self, role: &str, name: &str) {
        let script = format!(
            "{FIND}; return find(arguments[0], arguments[1]).includes(document.activeElement)"
        );
        self.until_js(
            &format!("the focus on {role} “{name}”"),
            &script,
            vec![json!(role), json!(name)],
        )
        .await;
    }

    /// Clicks what has this role and name, as a mouse would.
    pub async fn click(&self, role: &str, name: &str) {
        self.see(role, name).await;
        let script = format!(
            "{FIND}; const [found] = find(arguments[0], arguments[1]); found.scrollIntoView({{ block: 'center' }}); return found"
        );
        let found = self.js(&script, vec![json!(role), json!(name)]).await;
        let id = found
            .as_object()
            .and_then(|element| element.values().next()?.as_str())
            .expect("the script gives an element")
            .to_owned();
        Element::from_element_id(self.page.clone(), ElementRef::from(id))
            .click()
            .await
            .unwrap_or_else(|problem| panic!("{role} “{name}” cannot be clicked: {problem}"));
    }

    /// Drags the row whose number is `from` onto the upper half of the row whose number is `to`.
    pub async fn drag(&self, from: &str, to: &str) {
        let places = self
            .js(
                "const box = (words) => [...document.querySelectorAll('button')].find((button) => button.classList.contains('find-number') && button.textContent.trim() === words).getBoundingClientRect();
                 document.querySelector('#place-findings').scrollIntoView();
                 const [from, to] = [box(arguments[0]), box(arguments[1])];
                 return [from.x + from.width / 2, from.y + from.height / 2, to.x + to.width / 2, to.y + 2].map(Math.round)",
                vec![json!(from), json!(to)],
            )
            .await;
        let [x, y, to_x, to_y] =
            [0, 1, 2, 3].map(|at| places[at].as_f64().expect("a place on the page"));
        let go = |x, y| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(100)),
            x,
            y,
        };
        let actions = MouseActions::new("mouse".into())
            .then(go(x, y))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(go(x, y - 8.0))
            .then(go(to_x, to_y + 8.0))
            .then(go(to_x, to_y))
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        self.answered(self.page.perform_actions(actions))
            .await
            .unwrap_or_else(|problem| panic!("dragging {from} onto {to}: {problem}"));
    }

    /// Puts the focus on what has this role and name without the mouse, for tests that are not about how one gets there.
    pub async fn focus(&self, role: &str, name: &str) {
        self.see(role, name).await;
        let script = format!("{FIND}; find(arguments[0], arguments[1])[0].focus()");
        self.js(&script, vec![json!(role), json!(name)]).await;
        self.see_focus(role, name).await;
    }

    /// Presses the Tab key until what has the focus has this role and name: it can be reached by keyboard.
    pub async fn tab_to(&self, role: &str, name: &str) {
        self.see(role, name).await;
        let script = format!(
            "{FIND}; return find(arguments[0], arguments[1]).includes(document.activeElement)"
        );
        for _ in 0..200 {
            if self.js(&script, vec![json!(role), json!(name)]).await == Value::Bool(true) {
                return;
            }
            self.press(&[key::TAB]).await;
        }
        panic!("{role} “{name}” is not reached with Tab");
    }

    /// Presses keys together: the last one while the others are held.
    pub async fn press(&self, keys: &[char]) {
        let mut actions = KeyActions::new("keyboard".into());
        for value in keys {
            actions = actions.then(KeyAction::Down { value: *value });
        }
        for value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *value });
        }
        self.answered(self.page.perform_actions(actions))
            .await
            .unwrap_or_else(|problem| panic!("keys {keys:?}: {problem}"));
    }

    /// Types a text, key by key, into whatever has the focus. A line break is the Enter key.
    pub async fn type_text(&self, text: &str) {
        let mut actions = KeyActions::new("keyboard".into());
        for character in text.chars() {
            let value = if character == '\n' {
                key::ENTER
            } else {
                character
            };
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.answered(self.page.perform_actions(actions))
            .await
            .unwrap_or_else(|problem| panic!("typing {text:?}: {problem}"));
    }

    /// Goes to a place of the app by its address.
    pub async fn go(&self, hash: &str) {
        self.js("location.hash = arguments[0]", vec![json!(hash)])
            .await;
    }

    /// Sets the size of the page.
    pub async fn resize(&self, width: u32, height: u32) {
        self.answered(self.page.set_window_size(width, height))
            .await
            .expect("the window takes a size");
    }

    /// A picture of the page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        // WebKit takes a picture when the page next paints, and a page at rest may not paint again by itself.
        self.js(
            "let times = 0;
             const paint = setInterval(() => {
                 document.documentElement.style.outline = times++ % 2 === 0 ? '1px solid rgb(0 0 0 / 0.01)' : '';
                 if (times === 100) clearInterval(paint);
             }, 50)",
            vec![],
        )
        .await;
        self.answered(self.page.screenshot())
            .await
            .expect("the page can be pictured")
    }

    /// What axe finds wrong on the page as it stands, one line per violation.
    pub async fn accessibility(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js"))
            .expect("npm ci installed axe-core");
        self.js(&format!("if (!window.axe) {{ {axe} }}"), vec![])
            .await;
        let answer = self
            .js_async(
                "const done = arguments[arguments.length - 1];
                 axe.run(document, { resultTypes: ['violations'], iframes: false }).then(
                   (result) => done(result.violations.map((found) =>
                     `${found.id} (${found.impact}): ${found.help}\\n` +
                     found.nodes.slice(0, 3).map((node) => `    ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\\n', ' ')}\\n      ${node.html.slice(0, 200)}`).join('\\n'))),
                   (problem) => done([String(problem)]))",
                vec![],
            )
            .await;
        answer
            .as_array()
            .expect("axe gives a list")
            .iter()
            .map(|line| line.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Ends the program in the middle of whatever it does, as a power cut would, and gives its home back.
    pub async fn kill(self) -> Home {
        let Self {
            page,
            home,
            driver,
            server,
            shell,
        } = self;
        match (shell, &server) {
            (Shell::Browser, Some(server)) => signal("KILL", &server.0.id().to_string()),
            _ => {
                let process = driver
                    .process(&program("debrief-app"))
                    .expect("the app is running");
                signal("KILL", &process.to_string());
            }
        }
        drop((driver, server, page));
        home
    }

    /// Lets go of a program that has ended by itself and gives its home back.
    pub fn ended(self) -> Home {
        self.home
    }

    /// Closes the app as a person would and gives its home back.
    pub async fn close(self) -> Home {
        let Self {
            page,
            home,
            driver,
            server,
            ..
        } = self;
        let head = driver.0.id();
        match &server {
            Some(server) => signal("TERM", &server.0.id().to_string()),
            None => {
                // The app is the driver's only child; its web processes end with it.
                let app = driver
                    .processes()
                    .into_iter()
                    .find(|process| parent(*process) == Some(head));
                signal("TERM", &app.expect("the app is running").to_string());
                until("the app to end", || {
                    driver
                        .processes()
                        .iter()
                        .all(|process| *process == head)
                        .then_some(())
                });
            }
        }
        let _ = tokio::time::timeout(PATIENCE, page.close()).await;
        drop((driver, server));
        home
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

fn log(home: &Home, name: &str) -> Stdio {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(home.path().join(name))
        .expect("a temporary folder takes files")
        .into()
}

fn read_log(home: &Home, name: &str) -> String {
    let text = std::fs::read_to_string(home.path().join(name)).unwrap_or_default();
    if text.is_empty() {
        text
    } else {
        format!("{name}:\n{text}")
    }
}

/// Starts a driver and opens its session, which starts the program.
///
/// A driver that breaks off in the middle of its answer says nothing about the program, whose failure to start it would tell: another
/// driver is asked, twice at most.
async fn connect(
    driver: impl Fn() -> Command,
    vendor: &str,
    options: Value,
    home: &Home,
) -> (Group, Client) {
    let mut capabilities = Map::new();
    capabilities.insert(vendor.into(), options);
    let mut problem = String::new();
    for _ in 0..3 {
        let port = free_port();
        let mut driver = Group::start(driver().arg(format!("--port={port}")));
        until("the driver to listen", || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(capabilities.clone());
        let address = format!("http://127.0.0.1:{port}");
        match tokio::time::timeout(PATIENCE * 2, builder.connect(&address)).await {
            Ok(Ok(page)) => return (driver, page),
            Ok(Err(broken @ (NewSessionError::FailedC(_) | NewSessionError::Lost(_)))) => {
                let ended = driver.0.try_wait().expect("our own child");
                problem = format!("{broken} (the driver's end: {ended:?})");
            }
            Ok(Err(other)) => {
                problem = other.to_string();
                break;
            }
            Err(_) => {
                problem = "the program does not answer its driver".into();
                break;
            }
        }
    }
    panic!(
        "no session: {problem}\n{}{}",
        read_log(home, "app.log"),
        read_log(home, "chromedriver.log")
    )
}

/// Serves the workspace of a home to browsers on this computer; gives the address with its secret.
fn serve(home: &Home) -> (Group, String) {
    let mut command = home.command(program("debrief"));
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--ui"])
        .arg(root().join("ui/dist"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log(home, "server.log"));
    let mut server = Group::start(&mut command);
    let output = server.0.stdout.take().expect("its output was piped");
    let line = BufReader::new(output)
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("http://"))
        .unwrap_or_else(|| {
            panic!(
                "debrief serve printed no address: {}",
                read_log(home, "server.log")
            )
        });
    let address = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .expect("the line holds an address");
    (server, address.to_owned())
}

/// The newest file of a folder with this ending, once it is there and has stopped growing.
pub fn newest_file(folder: &Path, ending: &str) -> PathBuf {
    let mut before = 0;
    until(&format!("a {ending} file in {}", folder.display()), || {
        let file = std::fs::read_dir(folder)
            .ok()?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().ends_with(ending))
            .max_by_key(|path| path.metadata().and_then(|data| data.modified()).ok())?;
        let length = file.metadata().ok()?.len();
        let settled = length > 0 && length == before;
        before = length;
        settled.then_some(file)
    })
}
