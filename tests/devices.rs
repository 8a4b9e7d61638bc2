//! Four devices of one review: the desktop app of whoever facilitates, a laptop and a phone that join in their browsers, and
//! a second desktop app.

use serde_json::{Value, json};

use crate::harness::{App, Shell, key};
use crate::meeting::{joined, next, shared};
use crate::programs::Home;
use crate::remote::{ask_to_join, own_window};
use crate::screens::keep_picture;

/// The four devices of the meeting, each with somebody at it.
pub struct Devices {
    /// Facilitates, at the computer that holds the review.
    pub host: App,
    /// A guest's browser, which came in by the code.
    pub laptop: App,
    /// A guest's phone, which came in by the link.
    pub phone: App,
    /// A Debrief with a workspace of its own, which came in by the link.
    pub second: App,
}

impl Devices {
    /// All of them, with what each is called in a message and in the name of a picture.
    pub fn all(&self) -> [(&'static str, &App); 4] {
        [
            ("cockpit", &self.host),
            ("laptop", &self.laptop),
            ("phone", &self.phone),
            ("second", &self.second),
        ]
    }

    /// Takes the room to a stage and waits until everybody has come along.
    pub async fn go_on(&self, stage: &str) {
        next(&self.host, stage).await;
        for (_, screen) in self.all() {
            screen
                .until_js(
                    &format!("the stage {stage}"),
                    "return document.querySelector('[aria-current=\"step\"]')?.textContent.includes(arguments[0])",
                    vec![json!(stage)],
                )
                .await;
        }
    }

    /// Waits until a row stands on all four screens under one number, and on the view for the shared screen as well.
    pub async fn everywhere(&self, texts: &[&str]) {
        let on_shared = self.on_shared_screen(texts).await;
        for (name, screen) in self.all() {
            assert_eq!(
                standing(screen, texts).await,
                on_shared,
                "the {name} shows the same rows under the same numbers as the shared screen"
            );
        }
    }

    /// As [`standing`], on the view for the shared screen; goes back to the cockpit.
    async fn on_shared_screen(&self, texts: &[&str]) -> Vec<Value> {
        self.host.press(&['v']).await;
        self.host
            .until_js(
                "the view for the shared screen",
                "return document.querySelector('.room.is-room') !== null",
                vec![],
            )
            .await;
        let found = standing(&self.host, texts).await;
        assert!(
            !self.host.shows("complementary", "Cockpit").await,
            "the shared screen shows nothing private"
        );
        self.host.press(&['v']).await;
        self.host
            .until_js(
                "the cockpit",
                "return document.querySelector('.room.is-room') === null",
                vec![],
            )
            .await;
        found
    }

    /// Waits for a text that is no row of its own: an owner, a reason, a count.
    pub async fn see_text(&self, text: &str) {
        for (_, screen) in self.all() {
            screen.see_text(text).await;
        }
    }

    /// Waits until something with this role and name is shown on all of them.
    pub async fn see(&self, role: &str, name: &str) {
        for (_, screen) in self.all() {
            screen.see(role, name).await;
        }
    }

    /// Keeps pictures of a stage when somebody wants them: what each person sees, and the shared screen.
    pub async fn keep_pictures(&self, stage: &str) {
        if std::env::var_os("DEBRIEF_SCREENSHOTS").is_none() {
            return;
        }
        for (name, screen) in self.all() {
            keep_picture(screen, &format!("meeting-{stage}-{name}")).await;
        }
        self.host.resize(1920, 1080).await;
        self.host.press(&['v']).await;
        keep_picture(&self.host, &format!("meeting-{stage}-room")).await;
        self.host.press(&['v']).await;
        self.host.resize(1440, 900).await;
    }
}

/// Waits until rows with these texts are shown and have numbers; gives the id and number (or time) of each.
pub async fn standing(screen: &App, texts: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for text in texts {
        let row = screen
            .until_js(
                &format!("a row “{text}” with its number"),
                "const rows = [...document.querySelectorAll('li[id^=\"meet-\"]')].filter((row) => row.textContent.replace(/\\s+/g, '').includes(arguments[0].replace(/\\s+/g, '')));
                 const number = rows[0]?.querySelector(':scope > .n')?.textContent.trim() ?? '';
                 return rows.length === 1 && number !== '–' && `${rows[0].id} ${number}`",
                vec![json!(text)],
            )
            .await;
        found.push(row);
    }
    found
}

/// Chooses what is added on a phone, then writes it.
pub async fn capture_by_thumb(phone: &App, kind: &str, noun: &str, time: &str, text: &str) {
    phone.focus("radio", kind).await;
    phone.press(&[key::SPACE]).await;
    if !time.is_empty() {
        phone.focus("textbox", "Time of the event").await;
        phone.type_text(time).await;
        phone.press(&[key::ENTER]).await;
    }
    phone.focus("textbox", &format!("Your {noun}")).await;
    phone.type_text(text).await;
    phone.press(&[key::ENTER]).await;
}

/// Writes an event by keys alone: its time, then what happened.
pub async fn capture_event(app: &App, time: &str, text: &str) {
    app.press(&['t']).await;
    app.see_focus("textbox", "Time of the event").await;
    app.type_text(time).await;
    app.press(&[key::ENTER]).await;
    app.see_focus("textbox", "New event").await;
    app.type_text(text).await;
    app.press(&[key::ENTER]).await;
    app.press(&[key::ESCAPE]).await;
}

/// Presses what has this role and name by keyboard.
pub async fn act(app: &App, role: &str, name: &str) {
    app.focus(role, name).await;
    app.press(&[key::ENTER]).await;
}

/// Everybody is where they belong: Cathy opens the review and shares it, three others come in under these names, at the
/// laptop, at the phone and in the second app.
pub async fn come_together(home: Home, doc: &str, names: [&str; 3]) -> Devices {
    let host = App::open(Shell::Window, home).await;
    host.resize(1440, 900).await;
    host.go(&format!("#/p/{doc}")).await;
    host.focus("button", "Open review").await;
    host.press(&[key::ENTER]).await;
    host.see_focus("button", "Open the review").await;
    host.press(&[key::ENTER]).await;
    host.see("timer", "").await;

    let share = shared(&host, doc).await;
    let text = |name: &str| share[name].as_str().expect("a text").to_owned();
    // The laptop by what is typed from the shared screen, the phone by what its camera reads, the other app by the link.
    let laptop = App::guest(&text("typed"), false).await;
    laptop.resize(1280, 800).await;
    laptop.see_focus("textbox", "Code").await;
    laptop.type_text(&text("code")).await;
    laptop.tab_to("textbox", "Your name").await;
    laptop.type_text(names[0]).await;
    laptop.press(&[key::ENTER]).await;
    laptop.see("timer", "").await;
    let phone = joined(&text("link"), names[1], true).await;
    let second = own_window().await;
    ask_to_join(&second, &text("link"), names[2]).await;
    second
        .see_focus("checkbox", "Join without encryption")
        .await;
    second.press(&[key::SPACE]).await;
    second.press(&[key::ENTER]).await;
    second.see("timer", "").await;
    Devices {
        host,
        laptop,
        phone,
        second,
    }
}
