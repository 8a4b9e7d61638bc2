//! Debrief as a guest: a second desktop app joins a review that another computer shares, by its link.

use serde_json::{Value, json};

use crate::flows::{add_picture, read, saved};
use crate::harness::{App, Shell, key};
use crate::programs::{Home, signal, until};
use crate::server::Served;

/// What the guest has in a workspace of their own.
const OWN: &str = "My own review of something else";
/// What the guest writes while the host is there, and while it is not.
const FIRST: &str = "The runbook was in an inbox";
const SECOND: &str = "Nobody could reach the status page";

/// The computer that holds the review, and what it shares.
pub struct Host {
    served: Served,
    doc: String,
    share: Value,
}

impl Host {
    /// The example's review, facilitated by Greg, shared on this computer.
    pub fn start(encryption: &str) -> Self {
        let served = Served::start();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let doc = text(&served.ok("demo_new", &json!({}))["doc"]);
        let directory = served.ok("directory", &json!({}));
        let greg = directory["directory"]["people"]
            .as_array()
            .expect("people")
            .iter()
            .find(|person| text(&person["name"]).starts_with("Greg"))
            .expect("the example has a Greg")["id"]
            .clone();
        served.ok("set_me", &json!({ "person": greg, "name": "" }));
        served.ok("meeting_open", &json!({ "doc": doc }));
        let mut host = Self {
            served,
            doc,
            share: Value::Null,
        };
        host.share(encryption);
        host
    }

    /// Opens the port for guests.
    fn share(&mut self, encryption: &str) {
        let asked = json!({ "doc": self.doc, "address": "127.0.0.1", "encryption": encryption });
        self.share = self.served.ok("share_start", &asked)["share"].clone();
    }

    /// The link that whoever joins gets.
    pub fn link(&self) -> String {
        self.share["link"].as_str().expect("a link").to_owned()
    }

    /// Waits until a finding is on this computer's disk.
    fn has_finding(&self, text: &str) {
        until(
            &format!("the finding “{text}” on the host's disk"),
            || {
                let shown = read(&self.served.home, &["show", &self.doc]);
                let findings = shown["postmortem"]["findings"].as_array()?;
                findings
                    .iter()
                    .any(|finding| finding["text"] == text)
                    .then_some(())
            },
        );
    }
}

/// A window of somebody else's, with a workspace of its own.
pub async fn own_window() -> App {
    let app = App::open(Shell::Window, Home::with_review(OWN)).await;
    app.see_text(OWN).await;
    app
}

/// Runs a command of the palette by keyboard.
pub async fn command(app: &App, title: &str) {
    app.press(&[key::CTRL, 'k']).await;
    app.see_focus("combobox", "Search or run a command").await;
    app.type_text(title).await;
    app.see("option", title).await;
    app.press(&[key::ENTER]).await;
}

/// Pastes a link, with the words around it that a chat message has, and hands it in under a name.
pub async fn ask_to_join(app: &App, link: &str, name: &str) {
    command(app, "Join a review").await;
    app.see_focus("textbox", "Link").await;
    app.type_text(&format!("Join us: {link}.")).await;
    app.tab_to("textbox", "Your name").await;
    app.type_text(name).await;
    app.press(&[key::ENTER]).await;
}

/// Adds a finding by its key.
async fn add_finding(app: &App, text: &str) {
    app.press(&['f']).await;
    app.until_js(
        "the line at the bottom to take words",
        "return document.activeElement?.matches('input, textarea, [contenteditable]')",
        vec![],
    )
    .await;
    app.type_text(text).await;
    app.press(&[key::ENTER]).await;
    app.press(&[key::ESCAPE]).await;
}

/// Files below a folder whose bytes hold a text.
fn files_with(folder: &std::path::Path, text: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).is_ok_and(|bytes| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        }) {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn a_second_app_joins_by_link_and_goes_on_after_the_host_has_died() {
    let mut host = Host::start("own");
    let guest = own_window().await;
    ask_to_join(&guest, &host.link(), "Debby").await;
    guest.see("timer", "").await;
    guest.see_text("Login").await;
    add_finding(&guest, FIRST).await;
    host.has_finding(FIRST);
    let act = json!({ "type": "go", "from": 0, "to": 1 });
    host.served
        .ok("meeting_do", &json!({ "doc": host.doc, "act": act }));
    guest
        .until_js(
            "the guest to follow the room",
            "return document.querySelector('[aria-current=\"step\"]')?.textContent.includes('Impact')",
            vec![],
        )
        .await;

    // The host dies; what is written meanwhile waits here.
    signal("KILL", &format!("-{}", host.served.process.0.id()));
    guest.see_text("Out of reach").await;
    add_finding(&guest, SECOND).await;
    guest.see_text("Not saved yet").await;
    // Even a page that is loaded anew hands it in.
    guest
        .js(
            "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true); location.reload()",
            vec![],
        )
        .await;
    guest.see_text("does not answer").await;
    host.served = host.served.restarted();
    host.share("own");
    guest.click("button", "Try again").await;
    host.has_finding(SECOND);
    guest.see_text("Connected to").await;
    let shown = read(&host.served.home, &["show", &host.doc]);
    for text in [FIRST, SECOND] {
        let times = shown["postmortem"]["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|finding| finding["text"] == text)
            .count();
        assert_eq!(times, 1, "“{text}” has arrived once: {shown}");
    }

    // Whoever leaves may come back at once, under the same name.
    command(&guest, "Leave the review").await;
    guest.see_text(OWN).await;
    ask_to_join(&guest, &host.link(), "Debby").await;
    guest.see("timer", "").await;
    command(&guest, "Leave the review").await;
    guest.see_text(OWN).await;
    guest.see_no("timer", "").await;
    let rows = guest.rpc("postmortem_list", json!({})).await;
    assert_eq!(
        rows["total"], 1,
        "the window shows its own workspace: {rows}"
    );
    let home = guest.close().await;
    for text in [FIRST, SECOND, "Login page outage"] {
        assert_eq!(
            files_with(home.path(), text),
            Vec::<std::path::PathBuf>::new(),
            "nothing of the review stays on the guest's disk"
        );
    }
}

#[tokio::test]
async fn another_computer_than_that_of_the_link_is_refused() {
    let host = Host::start("own");
    let (rest, last) = {
        let link = host.link();
        let (rest, last) = link.split_at(link.len() - 1);
        (rest.to_owned(), last.to_owned())
    };
    let forged = format!("{rest}{}", if last == "0" { "1" } else { "0" });
    let guest = own_window().await;
    ask_to_join(&guest, &forged, "Debby").await;
    guest.see_text("is not the one that made this link").await;
    guest.see_focus("textbox", "Link").await;
    let guests = host.served.ok("share_state", &json!({}))["share"]["guests"].clone();
    assert_eq!(guests, json!([]), "it was told neither secret nor name");
    guest.press(&[key::ESCAPE]).await;
    guest.see_text(OWN).await;
    guest.close().await;
}

#[tokio::test]
async fn a_review_without_encryption_is_asked_about_and_a_guest_who_is_let_go_can_leave() {
    let host = Host::start("plain");
    let guest = own_window().await;
    ask_to_join(&guest, &host.link(), "Debby").await;
    guest.see_text("not encrypted").await;
    let guests = host.served.ok("share_state", &json!({}))["share"]["guests"].clone();
    assert_eq!(guests, json!([]), "nothing was sent before somebody agreed");
    let agree = "Join without encryption; I trust this network";
    guest.see_focus("checkbox", agree).await;
    guest.press(&[key::SPACE]).await;
    guest.press(&[key::ENTER]).await;
    guest.see("timer", "").await;
    add_finding(&guest, FIRST).await;
    host.has_finding(FIRST);
    guest.click("link", "Postmortem").await;
    guest.see("heading", "Timeline").await;
    add_picture(&guest, 0, "paste").await;
    saved(&guest).await;
    let file = host.served.home.picked().join("outage.md");
    host.served
        .home
        .debrief_ok(&["export", &host.doc, "-o", &file.to_string_lossy()]);
    let beside = std::fs::read_dir(host.served.home.picked().join("outage-images"))
        .expect("the pictures lie beside the file")
        .count();
    assert_eq!(beside, 1, "the guest's picture is in the host's workspace");

    let guests = host.served.ok("share_state", &json!({}))["share"]["guests"].clone();
    host.served
        .ok("guest_remove", &json!({ "guest": guests[0]["id"] }));
    guest
        .see("heading", "You are no longer in this review")
        .await;
    guest.click("button", "Leave the review").await;
    guest.see_text(OWN).await;
    guest.close().await;
}

#[tokio::test]
async fn what_could_not_be_sent_outlives_the_app() {
    let mut host = Host::start("own");
    let guest = own_window().await;
    ask_to_join(&guest, &host.link(), "Debby").await;
    guest.see("timer", "").await;
    signal("KILL", &format!("-{}", host.served.process.0.id()));
    guest.see_text("Out of reach").await;
    add_finding(&guest, SECOND).await;
    guest
        .until_js(
            "the edit to be kept",
            "return Object.keys(localStorage).some((key) => key.startsWith('debrief-kept:'))",
            vec![],
        )
        .await;
    let home = guest.close().await;

    host.served = host.served.restarted();
    host.share("own");
    let guest = App::open(Shell::Window, home).await;
    guest.see_text(OWN).await;
    ask_to_join(&guest, &host.link(), "Debby").await;
    host.has_finding(SECOND);
    guest
        .until_js(
            "nothing to be kept any more",
            "return !Object.keys(localStorage).some((key) => key.startsWith('debrief-kept:'))",
            vec![],
        )
        .await;
    guest.close().await;
}
