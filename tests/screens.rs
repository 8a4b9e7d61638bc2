//! Every screen, light and dark, wide, narrow and enlarged, with a team's postmortems, with strange texts and with none:
//! axe finds nothing wrong, nothing is blocked by the content security policy, nothing lies on top of something else or
//! beyond the edge, and a picture is kept when `DEBRIEF_SCREENSHOTS` names a folder (`make screenshots`).

use std::path::PathBuf;

use api::{Api, Config};
use model::postmortem::{Actor, Postmortem};
use serde_json::{Value, json};

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
        screen(
            "export-template",
            "#/templates/export/summary",
            "heading",
            "Summary of a period",
        ),
        screen("summary", "#/summary", "heading", "Summary"),
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
            keys: &['t'],
            ..screen("event", "#/p/{doc}", "textbox", "Time of the new event")
        },
        Screen {
            keys: &['a'],
            ..screen("action", "#/p/{doc}", "textbox", "What will be done")
        },
        Screen {
            command: "Times that bound the phases",
            ..screen("times", "#/p/{doc}", "textbox", "Impact starts, time")
        },
        Screen {
            command: "People in this review",
            ..screen("people", "#/p/{doc}", "combobox", "Role of")
        },
        Screen {
            command: "Export this postmortem",
            ..screen("export", "#/p/{doc}", "dialog", "Export")
        },
        Screen {
            command: "Show published copies",
            ..screen("published", LIST, "group", "Copy to look at")
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
    // A size that is measured again in the next picture is told as an error, and is none.
    addEventListener('error', (event) => event.message.startsWith('ResizeObserver loop') || complaints.push(`error: ${event.message}`));
    addEventListener('unhandledrejection', (event) => complaints.push(`unhandled: ${event.reason?.message ?? event.reason}`));";

/// What lies on top of something else, or beyond the right edge; one line each. A line of text counts as its middle
/// half, because lines that stand close together touch. What floats is compared with what floats along.
const CROWDED: &str = r#"
    const root = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;
    const faults = [];
    const start = (text, most) => [...text.trim().replace(/\s+/g, ' ')].slice(0, most).join('').toWellFormed();
    const words = (text) => `“${start(text, 40)}”`;
    for (const wide of [document.documentElement, ...root.querySelectorAll('.dialog-body')]) {
        if (wide.scrollWidth <= wide.clientWidth) continue;
        const edge = wide.getBoundingClientRect().left + wide.clientWidth;
        const over = [...wide.querySelectorAll('*')].filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().right > edge).at(-1);
        faults.push(`it scrolls sideways, ${wide.scrollWidth} in ${wide.clientWidth}: ${start(over?.outerHTML ?? '', 160)}`);
    }
    const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const floats = (style) => style.position === 'fixed' || style.position === 'sticky';
    // The part of a box that its surroundings leave in view, and what it floats in.
    const around = new Map();
    const surroundings = (e) => {
        if (e === null || e === root.parentElement) return { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6, layer: null, hidden: false };
        if (around.has(e)) return around.get(e);
        const style = getComputedStyle(e);
        const outer = surroundings(e.parentElement);
        let own = style.position === 'fixed' ? { ...outer, left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 } : { ...outer };
        if (style.clipPath !== 'none') own.hidden = true;
        if (style.overflow !== 'visible' || style.contain.includes('paint') || style.contentVisibility === 'auto') {
            const box = e.getBoundingClientRect();
            own = { ...own, left: Math.max(own.left, box.left), top: Math.max(own.top, box.top), right: Math.min(own.right, box.right), bottom: Math.min(own.bottom, box.bottom) };
        }
        if (floats(style) || e.matches('[popover], dialog, [role=tooltip]')) own.layer = e;
        around.set(e, own);
        return own;
    };
    const boxes = [];
    const take = (element, holder, name, box, inset) => {
        const room = surroundings(holder);
        if (room.hidden) return;
        const top = box.top + box.height * inset;
        const bottom = box.bottom - box.height * inset;
        const shown = { left: Math.max(box.left, room.left), top: Math.max(top, room.top), right: Math.min(box.right, room.right), bottom: Math.min(bottom, room.bottom) };
        if (shown.right - shown.left < 2 || shown.bottom - shown.top < 2) return;
        boxes.push({ ...shown, element, name, layer: room.layer });
    };
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { currentNode: node } = texts;
        const element = node.parentElement;
        // The keycap of a search field stands within it.
        if (node.data.trim() === '' || element.closest('script, style, option, svg, .search kbd') || !seen(element)) continue;
        if (!node.data.isWellFormed()) faults.push(`half a character in ${words(node.data)}: ${start(element.outerHTML, 160)}`);
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) take(element, element, words(node.data), box, 0.25);
    }
    for (const control of root.querySelectorAll('.btn, input, select, textarea')) {
        if (seen(control)) take(control, control.parentElement, `<${control.tagName.toLowerCase()}> ${words(control.getAttribute('aria-label') ?? control.textContent ?? '')}`, control.getBoundingClientRect(), 0.1);
    }
    boxes.sort((a, b) => a.top - b.top);
    boxes.forEach((a, i) => {
        for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom; j++) {
            const b = boxes[j];
            if (a.layer !== b.layer || a.element.contains(b.element) || b.element.contains(a.element)) continue;
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - b.top;
            if (across > 2 && down > 2) faults.push(`${a.name} and ${b.name} lie on top of each other`);
        }
    });
    return faults.slice(0, 12);
"#;

/// Keeps a picture of what is shown when somebody wants pictures.
pub async fn keep_picture(app: &App, name: &str) {
    if let Some(folder) = std::env::var_os("DEBRIEF_SCREENSHOTS") {
        let path = PathBuf::from(folder).join(format!("{name}.png"));
        std::fs::write(&path, app.picture().await).expect("the folder for pictures takes files");
    }
}

/// Sets the theme as a person's choice, and starts the page anew.
async fn set_theme(app: &App, theme: &str) {
    app.js(
        "localStorage.setItem('debrief.prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('debrief.prefs') ?? '{}'), theme: arguments[0] }));
         window.leaving = true;
         location.reload()",
        vec![json!(theme)],
    )
    .await;
    // The page that is leaving may still say that it is ready.
    app.until_js(
        "the page to start anew",
        "return window.leaving === undefined && document.documentElement.dataset.ready === '1'",
        vec![],
    )
    .await;
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
pub async fn settled(app: &App) {
    app.until_js(
        "the page to settle",
        "return document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=true], .skel')
             && document.getAnimations().every((animation) => animation.playState !== 'running')",
        vec![],
    )
    .await;
}

/// Keeps a picture of what is shown, and says what is wrong with it.
pub async fn look(app: &App, name: &str, theme: &str) -> Vec<String> {
    let prefix = match app.shell {
        Shell::Window => "",
        Shell::Browser => "browser-",
    };
    keep_picture(app, &format!("{prefix}{name}-{theme}")).await;
    let mut wrong = app.accessibility().await;
    let crowded = app.js(CROWDED, vec![]).await;
    let crowded = crowded.as_array().into_iter().flatten();
    wrong.extend(crowded.filter_map(Value::as_str).map(str::to_owned));
    wrong
        .into_iter()
        .map(|fault| format!("{name} in {theme}: {fault}"))
        .collect()
}

/// Fails with all that was found wrong.
pub fn expect_nothing(wrong: &[String], shell: Shell) {
    assert!(
        wrong.is_empty(),
        "people see every screen as it is meant; {} faults ({shell:?}):\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

async fn look_at_everything(shell: Shell) {
    let home = Home::new();
    let doc = example::workspace(&home);
    let app = App::open(shell, home).await;
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        app.resize(1440, 900).await;
        set_theme(&app, theme).await;
        for screen in screens() {
            visit(&app, &screen, &doc).await;
            wrong.extend(look(&app, screen.name, theme).await);
        }
        // The narrowest desktop window that must work.
        app.resize(1180, 800).await;
        for screen in screens() {
            visit(&app, &screen, &doc).await;
            wrong.extend(look(&app, &format!("{}-1180", screen.name), theme).await);
        }
        if shell == Shell::Browser {
            // One long picture of the whole document; a headless window may be taller than any screen.
            app.resize(1440, 4200).await;
            let screens = screens();
            visit(&app, &screens[1], &doc).await;
            wrong.extend(look(&app, "postmortem-full", theme).await);
        }
        let complaints = app.js("return window.complaints", vec![]).await;
        for complaint in complaints.as_array().into_iter().flatten() {
            wrong.push(format!("in {theme}: {complaint}"));
        }
    }
    app.close().await;
    expect_nothing(&wrong, shell);
}

/// A screen that stands alone: what it shows says that it is there.
async fn look_at_one(shell: Shell, home: Home, name: &str, role: &str, shows: &str) {
    let mut wrong = Vec::new();
    let app = App::open(shell, home).await;
    for theme in ["light", "dark"] {
        set_theme(&app, theme).await;
        app.see(role, shows).await;
        settled(&app).await;
        wrong.extend(look(&app, name, theme).await);
    }
    app.close().await;
    expect_nothing(&wrong, shell);
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

/// A word without a place to break it, of 200 letters.
pub fn word() -> String {
    "Unbrechbar".repeat(20)
}

/// A sentence of so many letters.
pub fn sentence(letters: usize) -> String {
    "Checkout answered slowly, then not at all, while the queue behind it kept growing "
        .chars()
        .cycle()
        .take(letters)
        .collect()
}

const RIGHT_TO_LEFT: &str =
    "خدمة الدفع توقفت عن العمل at 16:05 بعد نشر الإصدار 2.4.1، ثم عادت — הדף נטען שוב";
const PICTURES: &str = "🔥🔥 Pager 📟 went off twice 👩🏽‍🚒👨‍👩‍👧‍👦 and 🇩🇪🇫🇷 stayed up ✅ z̴̢͎a̷͚̍l̶̩̈g̵̰̃o̸̘͝";

/// A workspace in which everything is as long or as strange as people make it; gives the address of a postmortem.
fn strange(home: &Home) -> String {
    let api = Api::open(Config::new(
        home.workspace(),
        home.data(),
        api::Shell::CommandLine,
    ))
    .expect("a new workspace opens");
    let call = |name: &str, request| {
        api.call(name, request)
            .unwrap_or_else(|problem| panic!("{name}: {problem}"))
    };
    let demo = call("demo_new", json!({}))["doc"].clone();
    let directory = call("directory", json!({}))["directory"].clone();
    let names = [sentence(110), word(), RIGHT_TO_LEFT.into(), PICTURES.into()];
    let people = directory["people"].as_array().cloned().unwrap_or_default();
    for (mut person, name) in people.into_iter().zip(names.iter().cycle()) {
        person["name"] = json!(name);
        person["short_name"] = json!(name.chars().take(60).collect::<String>());
        person["role_title"] = json!(name);
        call("person_save", person);
    }
    let me = directory["people"][0]["id"].clone();
    call("set_me", json!({ "person": me, "name": "" }));
    let services: Vec<Value> = names
        .iter()
        .map(|name| call("service_save", json!({ "name": name }))["id"].clone())
        .collect();

    let get = json!({ "doc": demo });
    let mut postmortem: Postmortem =
        serde_json::from_value(call("postmortem_get", get)).expect("it is a postmortem");
    let texts = [sentence(300), word(), RIGHT_TO_LEFT.into(), PICTURES.into()];
    let text = |at: usize| texts[at % texts.len()].clone();
    postmortem.id.clear();
    postmortem.title = sentence(300);
    postmortem.services = services
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    postmortem.tags = vec![word(), RIGHT_TO_LEFT.into(), PICTURES.into()];
    for (at, row) in postmortem.timeline.iter_mut().enumerate().take(12) {
        row.text = text(at);
        row.source = text(at + 1);
        row.actor = Some(Actor::Role(text(at + 2).chars().take(80).collect()));
    }
    for (at, row) in postmortem.findings.iter_mut().enumerate() {
        row.text = text(at + 1);
        row.theme = text(at).chars().take(80).collect();
    }
    for (at, row) in postmortem.actions.iter_mut().enumerate() {
        row.text = text(at + 1);
        row.ticket = text(at + 2).chars().take(120).collect();
        row.done_when = text(at);
    }
    for (at, row) in postmortem.impact.iter_mut().enumerate() {
        row.text = text(at + 1);
        row.value = text(at + 1).chars().take(60).collect();
        row.unit = text(at + 2).chars().take(60).collect();
    }
    for (at, row) in postmortem.parking.iter_mut().enumerate() {
        row.text = text(at);
    }
    for (at, section) in postmortem.sections.iter_mut().enumerate() {
        section.title = format!(
            "{at} {}",
            text(at + 1).chars().take(100).collect::<String>()
        );
        section.text = format!("{}\n\n- {}\n\n```\n{}\n```", text(at), word(), word());
    }
    let me = me.as_str().unwrap_or_default();
    let made = |postmortem: &Postmortem| {
        api.rooms()
            .create(me, postmortem)
            .expect("the workspace takes a postmortem")
    };
    let doc = made(&postmortem);
    call("version_name", json!({ "doc": doc, "name": word() }));
    call("version_name", json!({ "doc": doc, "name": RIGHT_TO_LEFT }));
    // Titles of every kind in the list, and one in the trash.
    for title in texts.iter().chain([&String::new()]) {
        postmortem.title.clone_from(title);
        made(&postmortem);
    }
    let thrown = made(&postmortem);
    call("postmortem_trash", json!({ "doc": thrown }));
    api.close();
    doc
}

/// Sizes at which everything must be in its place: the narrowest window and a usual one, and both enlarged to 200 %, which
/// leaves a page half as wide.
const SIZES: [(u32, u32); 4] = [(1180, 800), (590, 400), (1440, 900), (720, 450)];

/// Looks at these screens at every size; in a window, which shows the same as a browser, at the narrow ones.
async fn look_at_sizes(app: &App, doc: &str, kind: &str, names: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    let sizes = match app.shell {
        Shell::Window => &SIZES[..2],
        Shell::Browser => &SIZES[..],
    };
    for &(width, height) in sizes {
        for theme in ["light", "dark"] {
            // What a theme changes does not depend on the width.
            if theme == "dark" && width != 1180 {
                continue;
            }
            app.resize(width, height).await;
            set_theme(app, theme).await;
            for screen in screens() {
                if names.contains(&screen.name) {
                    visit(app, &screen, doc).await;
                    let name = format!("{kind}-{}-{width}", screen.name);
                    wrong.extend(look(app, &name, theme).await);
                }
            }
        }
    }
    wrong
}

async fn look_at_strange_texts(shell: Shell) {
    let home = Home::new();
    let doc = strange(&home);
    let app = App::open(shell, home).await;
    let names = [
        "postmortems",
        "postmortem",
        "actions",
        "settings",
        "trash",
        "palette",
        "new",
        "times",
        "people",
        "export",
        "versions",
    ];
    let mut wrong = look_at_sizes(&app, &doc, "strange", &names).await;
    if shell == Shell::Browser {
        app.resize(1180, 9000).await;
        set_theme(&app, "light").await;
        visit(&app, &screens()[1], &doc).await;
        wrong.extend(look(&app, "strange-postmortem-full", "light").await);
    }
    app.close().await;
    expect_nothing(&wrong, shell);
}

async fn look_at_nothing(shell: Shell) {
    let home = Home::new();
    example::somebody(&home);
    home.debrief_ok(&["new"]);
    let list: Value =
        serde_json::from_str(&home.debrief_ok(&["list", "--json"])).expect("--json prints JSON");
    let doc = list["rows"][0]["id"].as_str().expect("it has an id");
    let app = App::open(shell, home).await;
    let names = [
        "postmortems",
        "postmortem",
        "actions",
        "templates",
        "export-template",
        "settings",
        "trash",
        "palette",
        "export",
        "versions",
    ];
    let wrong = look_at_sizes(&app, doc, "bare", &names).await;
    app.close().await;
    expect_nothing(&wrong, shell);
}

/// Opens the review of a postmortem before anybody looks at it.
fn open_review(home: &Home, doc: &str) {
    let api = Api::open(Config::new(
        home.workspace(),
        home.data(),
        api::Shell::CommandLine,
    ))
    .expect("the workspace opens");
    let request = json!({ "doc": doc, "length": "usual" });
    api.call("meeting_open", request)
        .unwrap_or_else(|problem| panic!("meeting_open: {problem}"));
    api.close();
}

/// Waits until a review is drawn in the stage of this number, from 1.
async fn in_stage(app: &App, number: usize) {
    app.until_js(
        &format!("stage {number} of the review"),
        "return [...document.querySelectorAll('.stage, .steps li')].findIndex((stage) => stage.ariaCurrent === 'step') === arguments[0]",
        vec![json!(number - 1)],
    )
    .await;
    settled(app).await;
}

/// As [`look`]; a review has the whole window, and only its lists scroll.
pub async fn look_at_the_stage(app: &App, name: &str, theme: &str) -> Vec<String> {
    let mut wrong = look(app, name, theme).await;
    let higher = "return document.documentElement.scrollHeight > innerHeight + 1";
    if app.js(higher, vec![]).await == json!(true) {
        wrong.push(format!(
            "{name} in {theme}: the page is higher than the window"
        ));
    }
    wrong
}

/// Goes through the stages of a review: as its facilitator has it in front of them, on the shared screen and on a phone.
async fn look_at_a_review(shell: Shell, home: Home, doc: &str, kind: &str) {
    const STAGES: usize = 8;
    open_review(&home, doc);
    let app = App::open(shell, home).await;
    let mut wrong = Vec::new();
    for theme in ["light", "dark"] {
        app.resize(1440, 900).await;
        set_theme(&app, theme).await;
        app.go(&format!("#/postmortem/{doc}/review")).await;
        for number in 1..=STAGES {
            in_stage(&app, number).await;
            wrong.extend(look_at_the_stage(&app, &format!("{kind}-{number}"), theme).await);
            // A narrow window has no room for the cockpit beside the stage, the shared screen shows nothing private, and
            // a phone is laid out in its own way.
            app.resize(1180, 800).await;
            settled(&app).await;
            wrong.extend(look_at_the_stage(&app, &format!("{kind}-{number}-1180"), theme).await);
            if shell == Shell::Browser {
                app.resize(390, 844).await;
                in_stage(&app, number).await;
                wrong.extend(
                    look_at_the_stage(&app, &format!("{kind}-{number}-phone"), theme).await,
                );
            }
            app.resize(1920, 1080).await;
            app.press(&['v']).await;
            in_stage(&app, number).await;
            wrong.extend(look_at_the_stage(&app, &format!("{kind}-{number}-room"), theme).await);
            app.press(&['v']).await;
            app.resize(1440, 900).await;
            if number < STAGES {
                app.press(&[']']).await;
            }
        }
        for number in (1..STAGES).rev() {
            app.press(&['[']).await;
            in_stage(&app, number).await;
        }
        let complaints = app.js("return window.complaints", vec![]).await;
        for complaint in complaints.as_array().into_iter().flatten() {
            wrong.push(format!("in {theme}: {complaint}"));
        }
    }
    app.close().await;
    expect_nothing(&wrong, shell);
}

async fn look_at_the_example_review(shell: Shell) {
    let home = Home::new();
    let doc = example::workspace(&home);
    look_at_a_review(shell, home, &doc, "review").await;
}

async fn look_at_a_strange_review(shell: Shell) {
    let home = Home::new();
    let doc = strange(&home);
    look_at_a_review(shell, home, &doc, "strange-review").await;
}

#[tokio::test]
async fn screens_of_a_review_in_a_window() {
    look_at_the_example_review(Shell::Window).await;
}

#[tokio::test]
async fn screens_of_a_review_in_a_browser() {
    look_at_the_example_review(Shell::Browser).await;
}

#[tokio::test]
async fn screens_of_a_review_with_strange_texts_in_a_browser() {
    look_at_a_strange_review(Shell::Browser).await;
}

#[tokio::test]
async fn screens_with_strange_texts_in_a_window() {
    look_at_strange_texts(Shell::Window).await;
}

#[tokio::test]
async fn screens_with_strange_texts_in_a_browser() {
    look_at_strange_texts(Shell::Browser).await;
}

#[tokio::test]
async fn screens_with_nothing_in_them_in_a_window() {
    look_at_nothing(Shell::Window).await;
}

#[tokio::test]
async fn screens_with_nothing_in_them_in_a_browser() {
    look_at_nothing(Shell::Browser).await;
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
