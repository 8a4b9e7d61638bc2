//! The screens by which people come into a review from another device, and the one for a guest whose host is out of reach:
//! light and dark, looked at as every other screen.

use serde_json::json;

use crate::example;
use crate::harness::{App, Shell, key};
use crate::meeting::{joined, shared};
use crate::programs::Home;
use crate::remote::{Host, command, own_window};
use crate::screens::{expect_nothing, look, settled};

/// The longest names that somebody may join with have 60 characters.
pub const LONG_NAMES: [&str; 3] = [
    "Maximiliane Freifrau von und zu Unterwasserhausen-Oberammerg",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis",
    "عبد الرحمن بن محمد بن عبد الله بن عبد العزيز آل الشيخ",
];

/// Shows the page in a theme until it is told otherwise: what people chose is left alone.
pub async fn dress(app: &App, theme: &str) {
    app.js(
        "document.documentElement.dataset.theme = arguments[0]",
        vec![json!(theme)],
    )
    .await;
    settled(app).await;
}

/// Looks at a page in both themes.
pub async fn look_in_both(app: &App, name: &str, wrong: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        dress(app, theme).await;
        wrong.extend(look(app, name, theme).await);
    }
    dress(app, "light").await;
}

#[tokio::test]
async fn screens_of_joining_by_link_in_a_window() {
    let host = Host::start("plain");
    let app = own_window().await;
    let mut wrong = Vec::new();
    for (width, height) in [(1440, 900), (1180, 700), (590, 400)] {
        app.resize(width, height).await;
        command(&app, "Join a review").await;
        app.see_focus("textbox", "Link").await;
        look_in_both(&app, &format!("join-link-{width}"), &mut wrong).await;
        app.press(&[key::ENTER]).await;
        app.see_text("Paste the link that the facilitator sent or shows.")
            .await;
        look_in_both(&app, &format!("join-link-wrong-{width}"), &mut wrong).await;
        app.focus("textbox", "Link").await;
        app.type_text(&host.link()).await;
        app.tab_to("textbox", "Your name").await;
        app.press(&[key::CTRL, 'a']).await;
        app.type_text(LONG_NAMES[0]).await;
        app.press(&[key::ENTER]).await;
        app.see_text("not encrypted").await;
        app.see_focus("checkbox", "Join without encryption").await;
        app.press(&[key::ENTER]).await;
        app.see_text("Agree to this first").await;
        look_in_both(&app, &format!("join-link-plain-{width}"), &mut wrong).await;
        app.press(&[key::ESCAPE]).await;
        app.see_no("dialog", "Join a review").await;
    }
    app.close().await;
    expect_nothing(&wrong, Shell::Window);
}

#[tokio::test]
async fn screens_of_joining_in_a_browser() {
    let home = Home::new();
    let doc = example::workspace(&home);
    let host = App::open(Shell::Browser, home).await;
    host.rpc("meeting_open", json!({ "doc": doc, "length": "usual" }))
        .await;
    let share = shared(&host, &doc).await;
    let text = |name: &str| share[name].as_str().expect("a text").to_owned();
    let mut wrong = Vec::new();
    for (device, phone) in [("phone", true), ("laptop", false)] {
        let page = App::guest(&text("typed"), phone).await;
        page.see_focus("textbox", "Code").await;
        look_in_both(&page, &format!("join-code-{device}"), &mut wrong).await;
        page.press(&[key::ENTER]).await;
        page.see_text("Type the code from the shared screen").await;
        look_in_both(&page, &format!("join-wrong-{device}"), &mut wrong).await;
        page.type_text("KFT 482").await;
        page.focus("textbox", "Your name").await;
        page.type_text(LONG_NAMES[1]).await;
        page.press(&[key::ENTER]).await;
        page.until_js(
            "a word about the code that is not this review's",
            "return document.querySelector('[aria-invalid=true], [role=alert]') !== null && !document.querySelector('.enter').disabled",
            vec![],
        )
        .await;
        look_in_both(&page, &format!("join-refused-{device}"), &mut wrong).await;
        page.close().await;

        let page = App::guest(&text("link"), phone).await;
        page.see_focus("textbox", "Your name").await;
        look_in_both(&page, &format!("join-name-{device}"), &mut wrong).await;
        page.close().await;
    }

    // Somebody is in when the host's computer dies.
    let phone = joined(&text("link"), LONG_NAMES[0], true).await;
    host.kill().await;
    phone.see_text("has been out of reach for a while").await;
    look_in_both(&phone, "out-of-reach-phone", &mut wrong).await;
    phone.close().await;
    expect_nothing(&wrong, Shell::Browser);
}
