//! The desktop app while nobody looks: notifications, the tray, starting at login.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value as Variant};

use crate::desk::{Desk, Row};
use crate::flows::read;
use crate::harness::{App, Shell};
use crate::programs::{GLANCE, Group, Home, PATIENCE, program, until};

const LATE: &str = "Alert on the <b>age</b> of the queue";
const DONE: &str = "Move the queue to another region";

/// A home on this desk whose workspace has two action items; one of them is done.
fn home_of_an_owner(desk: &Desk) -> Home {
    let home = desk.home(Home::new());
    let file = home.path().join("queue.md");
    let text = format!(
        "---\nformat: debrief/1\nstatus: follow_up\n---\n# Queue stood still\n\n\
         ## Action items <!-- rows:actions -->\n- [ ] **A1** {LATE}\n- [x] **A2** {DONE}\n"
    );
    std::fs::write(&file, text).expect("a temporary folder takes files");
    home.debrief_ok(&["import", &file.to_string_lossy()]);
    home
}

/// Says who sits here, gives them both items, due yesterday, and has reminders come at midnight, every day.
async fn own_them(app: &App) -> Value {
    app.rpc("set_me", json!({ "name": "Cathy Arden" })).await;
    let directory = app.rpc("directory", json!({})).await;
    let me = directory["directory"]["people"][0]["id"].clone();
    let mut settings = directory["directory"]["settings"].clone();
    settings["timezone"] = "Europe/Berlin".into();
    settings["reminders"] = json!({
        "days_before": 0, "on_day": true, "every_days": 1, "weekends": "send", "hour": 0, "digest": "never",
    });
    app.rpc("settings_save", json!({ "settings": settings }))
        .await;
    let listed = app.rpc("action_list", json!({})).await;
    let yesterday = listed["today"]
        .as_str()
        .and_then(|day| {
            day.parse::<NaiveDate>()
                .ok()?
                .checked_sub_days(Days::new(1))
        })
        .expect("the list tells the day");
    for row in listed["rows"].as_array().into_iter().flatten() {
        let owned = json!({ "doc": row["doc"], "id": row["id"], "owner": me, "due": yesterday });
        app.rpc("action_set", owned).await;
    }
    until("both items to be hers", || {
        let rows = read(&app.home, &["actions", "--all"]);
        rows["rows"]
            .as_array()?
            .iter()
            .all(|row| row["owner"] == me && row["due"] == json!(yesterday))
            .then_some(())
    });
    // They were written down long ago, so that what has come due since is not past.
    sql(&app.home, "UPDATE action SET opened_at = 0");
    listed["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["text"] == LATE)
        .cloned()
        .expect("the item is listed")
}

fn sql(home: &Home, statement: &str) {
    let file = rusqlite::Connection::open(home.workspace()).expect("the workspace is there");
    file.busy_timeout(std::time::Duration::from_secs(10))
        .and_then(|()| file.execute_batch(statement))
        .expect("the workspace takes it");
}

fn number(home: &Home, query: &str) -> Option<i64> {
    rusqlite::Connection::open(home.workspace())
        .and_then(|file| file.query_row(query, [], |row| row.get(0)))
        .ok()
}

async fn switch(app: &App, label: &str, on: bool) {
    app.click("switch", label).await;
    app.until_js(
        &format!("“{label}” to be {on}"),
        "return [...document.querySelectorAll('[role=switch]')].some((it) => it.labels[0].innerText === arguments[0] && it.checked === arguments[1])",
        vec![json!(label), json!(on)],
    )
    .await;
}

const NOTIFY: &str = "Notify me on this computer";
const STAY: &str = "Keep Debrief running when its window is closed";
const LOGIN: &str = "Start Debrief when I log in";

#[tokio::test]
async fn a_reminder_comes_once_over_a_restart_and_leads_to_its_item() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let app = App::open(Shell::Window, home_of_an_owner(&desk)).await;
    let item = own_them(&app).await;
    app.go("#/settings").await;
    app.see_text("Nothing on this computer shows notifications")
        .await;

    // Nobody shows it yet: it waits.
    switch(&app, NOTIFY, true).await;
    until("the reminder to wait", || {
        number(
            &app.home,
            "SELECT count(*) FROM reminder_message WHERE channel = 'desktop' AND state = 'waiting' AND error <> ''",
        )
        .filter(|count| *count == 1)
    });
    let shower = desk.shows_notifications();
    switch(&app, NOTIFY, false).await;
    sql(&app.home, "UPDATE reminder_message SET next_ms = 0");
    switch(&app, NOTIFY, true).await;
    let shown = until("the notification", || desk.notifications().first().cloned());
    assert_eq!(
        shown.title, "1 action item overdue",
        "what is done is not counted"
    );
    assert_eq!(
        shown.body, "A1 Alert on the &lt;b&gt;age&lt;/b&gt; of the queue: 1 day overdue",
        "people's words stay words where marks are read"
    );

    // A click leads there.
    desk.click(&shower, shown.id);
    let place = format!(
        "#/p/{}/row/actions/{}",
        item["doc"].as_str().expect("an id"),
        item["id"].as_str().expect("an id")
    );
    app.until_js(
        "the item to be shown",
        "return location.hash === arguments[0]",
        vec![json!(place)],
    )
    .await;

    // After a restart somebody looks again, and finds that it was told.
    let home = app.close().await;
    sql(
        &home,
        "UPDATE reminder_look SET last_ms = last_ms - 3600000",
    );
    let before = millis();
    let app = App::open(Shell::Window, home).await;
    until("the look after the restart", || {
        number(
            &app.home,
            "SELECT last_ms FROM reminder_look WHERE channel = 'desktop'",
        )
        .filter(|last| *last >= before)
    });
    assert_eq!(
        desk.notifications(),
        [shown],
        "once, and nothing for what is done"
    );
    app.close().await;
}

fn millis() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970");
    now.as_millis().try_into().expect("a time of today")
}

/// The window of a home that is shown.
fn window(home: &Home) -> Option<u32> {
    home.display().window("Debrief")
}

/// Closes its window as the button in the title bar does.
fn close_window(home: &Home) {
    let window = until("the window", || window(home));
    let (x, _) = x11rb::connect(Some(home.display().name())).expect("the display");
    let atom = |name: &str| {
        x.intern_atom(false, name.as_bytes())
            .expect("the display takes requests")
            .reply()
            .expect("an atom")
            .atom
    };
    let asked = ClientMessageEvent::new(
        32,
        window,
        atom("WM_PROTOCOLS"),
        [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0],
    );
    x.send_event(false, window, EventMask::NO_EVENT, asked)
        .expect("the display takes it")
        .check()
        .expect("the window is there");
    x.flush().expect("the display takes it");
    until("the window to be gone", || {
        self::window(home).is_none().then_some(())
    });
}

fn is_alive(process: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat"))
        .is_ok_and(|stat| !stat.contains(") Z "))
}

/// A window of somebody known that shows the settings, and its process.
async fn settings_of(desk: &Desk) -> (App, u32) {
    let home = desk.home(Home::with_review("Kept at hand"));
    let app = App::open(Shell::Window, home).await;
    let process = app
        .driver
        .process(&program("debrief-app"))
        .expect("the app is running");
    app.rpc("set_me", json!({ "name": "Cathy Arden" })).await;
    app.go("#/settings").await;
    (app, process)
}

#[tokio::test]
async fn debrief_stays_in_the_tray_and_starts_there_at_login() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let (app, process) = settings_of(&desk).await;
    // Without a tray, and with no second start that speaks to this one, nothing could bring a window back.
    app.see_text("Debrief ends with its window").await;
    let tray = desk.shows_a_tray();
    switch(&app, STAY, true).await;
    app.see_text("An icon in the tray brings it back").await;
    let icon = desk.icon();

    // Starting at login is an entry of the person's own.
    let entry = app.home.path().join("autostart/debrief.desktop");
    switch(&app, LOGIN, true).await;
    let text = until("the entry", || {
        std::fs::read_to_string(&entry)
            .ok()
            .filter(|text| !text.is_empty())
    });
    let run = format!("Exec=\"{}\" --background", program("debrief-app").display());
    assert!(
        text.lines().any(|line| line == run),
        "it starts this program, without a window: {text}"
    );

    close_window(&app.home);
    assert!(is_alive(process), "it stays");
    assert!(desk.has(&icon), "and so does its icon");
    desk.choose("Open Debrief");
    until("the window to be back", || window(&app.home));
    close_window(&app.home);
    desk.choose("Quit");
    until("the app to end", || (!is_alive(process)).then_some(()));
    let home = app.ended();

    // At login: an icon and no window.
    let mut command = home.windowed(program("debrief-app"));
    command.arg("--background").stderr(Stdio::null());
    let started = Group::start(&mut command);
    let process = started.0.id();
    let again = until("its icon", || {
        Some(desk.icon()).filter(|name| *name != icon)
    });
    assert!(window(&home).is_none(), "nobody asked for a window");
    desk.choose("My Action Items");
    until("the window", || window(&home));
    // When the tray goes while no window is there, the window comes: there is no other way back.
    close_window(&home);
    drop(tray);
    until("the window to be back", || window(&home));
    assert!(desk.has(&again), "the icon waits for another tray");
    close_window_for_good(&home, process);
    drop(started);

    // Whoever does not want it to stay does not want it to start, either.
    let app = App::open(Shell::Window, home).await;
    app.go("#/settings").await;
    switch(&app, STAY, false).await;
    until("the entry to be gone", || (!entry.exists()).then_some(()));
    app.close().await;
}

/// Waits until the app knows how a window that was closed would come back.
async fn see_way_back(app: &App, way: &str) {
    let script = "const done = arguments[0];
        window.__TAURI_INTERNALS__.invoke('desktop_chosen').then((it) => done(it.back))";
    let started = std::time::Instant::now();
    loop {
        let found = app.js_async(script, vec![]).await;
        if found == way {
            return;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited in vain for the way back “{way}”: it is {found}"
        );
        tokio::time::sleep(GLANCE).await;
    }
}

#[tokio::test]
async fn the_icon_is_there_again_whenever_a_tray_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let (app, process) = settings_of(&desk).await;
    // The icon was wanted before there was a tray, as happens at login.
    switch(&app, STAY, true).await;
    see_way_back(&app, "none").await;
    let tray = desk.shows_a_tray();
    see_way_back(&app, "tray").await;
    let icon = desk.icon();
    drop(tray);
    see_way_back(&app, "none").await;
    // The first tray may have come while the icon was being made, and then it was handed over twice.
    let before = desk.icons().len();
    let tray = desk.shows_a_tray();
    see_way_back(&app, "tray").await;
    let handed_over = desk.icons();
    assert_eq!(
        handed_over[before..],
        [icon],
        "the new tray is handed the same icon, once"
    );

    // A tray whose panel is gone shows nothing, though it still has the icon.
    desk.shows_icons(&tray, false);
    see_way_back(&app, "none").await;
    desk.shows_icons(&tray, true);
    see_way_back(&app, "tray").await;
    assert_eq!(desk.icons(), handed_over, "nothing was handed over again");
    close_window(&app.home);
    assert!(is_alive(process), "the icon brings the window back");
    desk.shows_icons(&tray, false);
    until("the window to be back", || window(&app.home));
    close_window_for_good(&app.home, process);
    app.ended();
}

#[test]
fn the_icon_and_its_menu_tell_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let _tray = desk.shows_a_tray();
    let home = desk.home(Home::new());
    std::fs::write(home.data().join("desktop.json"), r#"{"stay":true}"#)
        .expect("a temporary folder takes files");
    let mut command = home.windowed(program("debrief-app"));
    command.arg("--background").stderr(Stdio::null());
    let started = Group::start(&mut command);
    let process = started.0.id();

    let icon = desk.the_icon();
    for (name, value) in [
        ("Category", "ApplicationStatus"),
        ("Id", "debrief"),
        ("Title", "Debrief"),
        ("Status", "Active"),
        ("IconName", ""),
    ] {
        let told: String = icon.get_property(name).expect(name);
        assert_eq!(told, value, "{name} as the specification has it");
    }
    let place: OwnedObjectPath = icon.get_property("Menu").expect("it has a menu");
    assert_eq!(place.as_str(), "/MenuBar", "where the menu is");
    let is_menu: bool = icon.get_property("ItemIsMenu").expect("it is told");
    assert!(!is_menu, "a click opens the window and not the menu");
    let window_id: i32 = icon.get_property("WindowId").expect("it is told");
    assert_eq!(window_id, 0, "there may be no window");
    type Picture = (i32, i32, Vec<u8>);
    let pictures: Vec<Picture> = icon.get_property("IconPixmap").expect("a picture");
    let (width, height, pixels) = pictures.first().expect("one picture");
    assert_eq!(
        i32::try_from(pixels.len()),
        Ok(width * height * 4),
        "four bytes each"
    );
    let opaque = pixels.chunks(4).filter(|pixel| pixel[0] == 255).count();
    assert!(
        pixels[0] == 0 && opaque * 8 > pixels.len(),
        "alpha is first: the corner is clear, and more than half is not"
    );
    let tip: (String, Vec<Picture>, String, String) = icon.get_property("ToolTip").expect("a text");
    assert_eq!(tip.2, "Debrief", "what the pointer is told");

    let menu = desk.the_menu();
    let version: u32 = menu.get_property("Version").expect("it is told");
    assert_eq!(version, 3, "the version that panels know");
    for (name, value) in [("Status", "normal"), ("TextDirection", "ltr")] {
        let told: String = menu.get_property(name).expect(name);
        assert_eq!(told, value, "{name} as the specification has it");
    }
    let folders: Vec<String> = menu.get_property("IconThemePath").expect("it is told");
    assert!(folders.is_empty(), "the menu has no pictures");

    // The same rows, in each of the ways in which panels ask.
    type Properties = HashMap<String, OwnedValue>;
    let text = |properties: &Properties, name: &str| {
        let value = properties
            .get(name)
            .and_then(|value| <&str>::try_from(value).ok());
        value.unwrap_or_default().to_owned()
    };
    let rows: Vec<(i32, Properties)> = menu
        .call(
            "GetGroupProperties",
            &(Vec::<i32>::new(), Vec::<&str>::new()),
        )
        .expect("all of them");
    let told: Vec<(i32, String, String)> = rows
        .iter()
        .map(|(id, it)| (*id, text(it, "label"), text(it, "type")))
        .collect();
    let expected = [
        (0, "", ""),
        (1, "Open Debrief", ""),
        (2, "My Action Items", ""),
        (3, "", "separator"),
        (4, "Quit", ""),
    ]
    .map(|(id, label, kind)| (id, label.to_owned(), kind.to_owned()));
    assert_eq!(
        told, expected,
        "the rows in their order, what holds all first"
    );
    let rows: Vec<(i32, Properties)> = menu
        .call("GetGroupProperties", &(vec![2, 99, 2], vec!["type"]))
        .expect("what there is of them");
    assert_eq!(
        rows,
        [(2, Properties::new())],
        "one row, once, without the label that nobody asked for"
    );
    let label: OwnedValue = menu.call("GetProperty", &(4, "label")).expect("a label");
    assert_eq!(<&str>::try_from(&label), Ok("Quit"), "by one name");
    let layout = |parent: i32, depth: i32| -> (u32, Row) {
        menu.call("GetLayout", &(parent, depth, vec!["label"]))
            .expect("a layout")
    };
    assert_eq!(layout(0, 1).1.2.len(), 4, "all rows are one below");
    assert!(layout(0, 0).1.2.is_empty(), "none below were asked for");
    assert!(layout(1, -1).1.2.is_empty(), "a row has none below");
    let changes: bool = menu.call("AboutToShow", &(0,)).expect("an answer");
    assert!(!changes, "the menu is always as it was told");
    let group: (Vec<i32>, Vec<i32>) = menu
        .call("AboutToShowGroup", &(vec![0, 7],))
        .expect("an answer for the one that is there");
    assert_eq!(group, (vec![], vec![7]), "and the other is named");

    // What makes no sense is refused, and harms nothing.
    let nothing = Variant::from(0);
    let refused = [
        menu.call_method("GetLayout", &(-1, -1, Vec::<&str>::new())),
        menu.call_method("GetProperty", &(1, "icon-data")),
        menu.call_method("Event", &(i32::MAX, "clicked", &nothing, 0_u32)),
        menu.call_method("EventGroup", &(vec![(9, "clicked", &nothing, 0_u32)],)),
        menu.call_method("EventGroup", &("not a list",)),
        menu.call_method("AboutToShow", &(i32::MIN,)),
        icon.call_method("ContextMenu", &(0, 0)),
    ];
    for answer in refused {
        assert!(
            matches!(answer, Err(zbus::Error::MethodError(..))),
            "an error and no silence: {answer:?}"
        );
    }
    for (id, event) in [(0, "opened"), (3, "clicked"), (1, "hovered")] {
        menu.call_method("Event", &(id, event, &nothing, 0_u32))
            .expect("it is heard");
    }
    icon.call_method("Scroll", &(120, "vertical"))
        .expect("it is heard");
    icon.call_method("SecondaryActivate", &(0, 0))
        .expect("it is heard");
    assert!(window(&home).is_none(), "none of these opens anything");

    icon.call_method("Activate", &(0, 0)).expect("it is heard");
    until("the window", || window(&home));
    close_window(&home);
    let unknown: Vec<i32> = menu
        .call(
            "EventGroup",
            &(vec![
                (2, "clicked", &nothing, 0_u32),
                (9, "clicked", &nothing, 0_u32),
            ],),
        )
        .expect("the one that is there is heard");
    assert_eq!(unknown, [9], "and the other is named");
    until("the window", || window(&home));
    close_window(&home);
    desk.choose("Quit");
    until("the app to end", || (!is_alive(process)).then_some(()));
}

/// Closes the window of a program that ends with it.
fn close_window_for_good(home: &Home, process: u32) {
    close_window(home);
    until("the app to end", || (!is_alive(process)).then_some(()));
}

#[test]
fn without_a_tray_a_second_start_brings_the_window_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::start(folder.path());
    let home = desk.home(Home::new());
    // The platform's data folder: only there is one app per person.
    let data = home.path().join("share/debrief");
    std::fs::create_dir_all(&data).expect("a temporary folder takes folders");
    std::fs::write(data.join("desktop.json"), r#"{"stay":true}"#).expect("and files");
    let start = || {
        let mut command = home.windowed(program("debrief-app"));
        command.env_remove("DEBRIEF_DATA_DIR").stderr(Stdio::null());
        command
    };
    let first = Group::start(&mut start());
    let process = first.0.id();
    close_window(&home);
    assert!(is_alive(process), "it stays");
    let second = start().status().expect("the app starts");
    assert!(
        second.success(),
        "the second start leaves the work to the first"
    );
    until("the window to be back", || window(&home));
    let login = start()
        .arg("--background")
        .status()
        .expect("the app starts");
    assert!(login.success(), "as does one at login");
    assert!(is_alive(process), "which runs on");
    until("the app to end", || {
        home.display().press("Debrief", "ctrl+q");
        (!is_alive(process)).then_some(())
    });
}
