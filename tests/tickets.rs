//! Tickets of action items, in a window and in a browser: a tracker is set up, an issue's page opened, keys pasted back.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::example;
use crate::flows::read;
use crate::harness::{App, Shell, key};
use crate::programs::{Home, program, until};
use crate::published::{choose, palette};

/// Starts the app where opening an address writes it down, as no test should open a browser.
fn written_down(home: &Home) -> PathBuf {
    let folder = home.path().join("bin");
    std::fs::create_dir_all(&folder).expect("a folder for programs");
    let write = |name: &str, text: String| {
        let file = folder.join(name);
        std::fs::write(&file, text).expect("a program is written");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&file, mode).expect("and can be run");
        file
    };
    let opened = home.path().join("opened");
    write(
        "xdg-open",
        format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n",
            opened.display()
        ),
    );
    write(
        "debrief-app",
        format!(
            "#!/bin/sh\nPATH='{}':\"$PATH\" exec '{}' \"$@\"\n",
            folder.display(),
            program("debrief-app").display()
        ),
    )
}

async fn start(shell: Shell, home: Home) -> App {
    match shell {
        Shell::Window => App::window_of(home, written_down).await,
        Shell::Browser => App::open(shell, home).await,
    }
}

/// The addresses that were opened so far.
async fn opened(app: &App) -> Vec<String> {
    if app.shell == Shell::Browser {
        let all = app.js("return window.openedHere ?? []", vec![]).await;
        return serde_json::from_value(all).expect("addresses");
    }
    let file = app.home.path().join("opened");
    let text = until("an address that was opened", || {
        let text = std::fs::read_to_string(&file).ok();
        text.filter(|text| text.ends_with('\n'))
    });
    text.lines().map(str::to_owned).collect()
}

fn tickets(home: &Home) -> Vec<String> {
    let rows = read(home, &["actions", "--all"]);
    let rows = rows["rows"].as_array().cloned().unwrap_or_default();
    let each = rows.iter().map(|row| &row["ticket"]);
    each.filter_map(|ticket| ticket.as_str().map(str::to_owned))
        .filter(|ticket| !ticket.is_empty())
        .collect()
}

async fn a_ticket_is_made_and_others_are_pasted_back(shell: Shell) {
    let home = Home::new();
    example::somebody(&home);
    home.debrief_ok(&["demo"]);
    let app = start(shell, home).await;

    // Without a tracker the way to one is shown.
    app.go("#/actions").await;
    app.see("heading", "Action items").await;
    choose(&app, "Everyone").await;
    app.until_js(
        "the list",
        "return document.querySelectorAll('.task').length > 3",
        vec![],
    )
    .await;
    app.type_text("jt").await;
    app.see_focus("textbox", "Ticket").await;
    app.click("button", "Set up a tracker").await;
    app.see("heading", "Trackers").await;
    app.click("button", "Add a tracker").await;
    app.see("dialog", "Add a tracker").await;
    app.focus("textbox", "Address of the repository").await;
    app.type_text("https://me:secret@github.com/acme/login")
        .await;
    app.press(&[key::ENTER]).await;
    app.see_text("Give the address as a browser shows it").await;
    app.press(&[key::CTRL, 'a']).await;
    app.type_text("https://github.com/acme/login/issues").await;
    app.press(&[key::ENTER]).await;
    app.see_text("GitHub, https://github.com/acme/login").await;
    let jira = json!({ "kind": "jira", "name": "Ops", "base": "https://acme.atlassian.net", "project": "10000",
                       "issue_type": "10001", "pattern": "OPS-#" });
    app.rpc("tracker_save", jira).await;

    // A filled-in issue is opened, and its key is kept as a link.
    app.go("#/actions").await;
    app.see("heading", "Action items").await;
    app.until_js(
        "the list",
        "return document.querySelectorAll('.task').length > 3",
        vec![],
    )
    .await;
    app.js(
        "window.openedHere = []; window.open = (url) => { window.openedHere.push(url); return null; }",
        vec![],
    )
    .await;
    app.type_text("j").await;
    let text = app
        .js(
            "return document.activeElement.closest('.task').querySelector('.text').innerText",
            vec![],
        )
        .await;
    app.type_text("t").await;
    app.see_focus("textbox", "Ticket").await;
    app.click("button", "New issue in GitHub").await;
    let addresses = opened(&app).await;
    let page = addresses.last().expect("one was opened");
    let title = text.as_str().expect("the item's words");
    let first: String = title.split(' ').take(1).collect();
    assert!(
        page.starts_with(&format!(
            "https://github.com/acme/login/issues/new?title={first}%20"
        )) && page.contains("&body=From%20action%20item%20A"),
        "the page has the item's words and where it comes from: {page}"
    );
    app.see_focus("textbox", "Ticket").await;
    app.press(&[key::CTRL, 'a']).await;
    app.type_text("OPS-900").await;
    app.press(&[key::ENTER]).await;
    app.see("link", "OPS-900").await;
    let href = app
        .js(
            "return [...document.querySelectorAll('a')].find((a) => a.innerText === 'OPS-900').href",
            vec![],
        )
        .await;
    assert_eq!(
        href, "https://acme.atlassian.net/browse/OPS-900",
        "a key of the tracker is a link"
    );

    // Several are pasted back, looked at, kept, and taken back in one step.
    let rows = read(&app.home, &["actions", "--all"]);
    let without: Vec<Value> = rows["rows"]
        .as_array()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .filter(|row| row["ticket"] == "")
        .collect();
    assert!(without.len() > 2, "the example has items without a ticket");
    let words = |at: usize| without[at]["text"].as_str().unwrap_or_default().to_owned();
    let made = tickets(&app.home);
    palette(&app, "Paste tickets back").await;
    app.see_focus("textbox", "Keys or links of tickets").await;
    app.type_text(&format!(
        "OPS-901 {} To Do\nhttps://github.com/acme/login/issues/77 A{}\nnothing here",
        words(0),
        without[1]["number"]
    ))
    .await;
    app.click("button", "Match").await;
    app.see_text("Found by its words").await;
    app.see_text("Found by its number").await;
    assert_eq!(
        tickets(&app.home),
        made,
        "nothing is written before one has looked"
    );
    app.click("button", "Set 2 tickets").await;
    app.see("link", "OPS-901").await;
    app.see("link", "77").await;
    let kept = tickets(&app.home);
    assert!(
        kept.contains(&"OPS-901".to_owned())
            && kept.contains(&"https://github.com/acme/login/issues/77".to_owned())
            && kept.len() == made.len() + 2,
        "both are in the file: {kept:?}"
    );
    app.press(&[key::CTRL, 'z']).await;
    app.see_no("link", "OPS-901").await;
    app.see_no("link", "77").await;
    assert_eq!(tickets(&app.home), made, "one undo takes back both");

    // The postmortem's own page has the same link, and the same ways.
    let doc = without[0]["doc"].as_str().unwrap_or_default();
    app.go(&format!("#/p/{doc}")).await;
    app.see("link", "OPS-900").await;
    app.click("button", "Tickets of all action items").await;
    app.see("menuitem", "Copy as Markdown").await;
    app.click("menuitem", "Paste tickets back").await;
    app.see_focus("textbox", "Keys or links of tickets").await;
    app.type_text(&format!("OPS-911 {}\nOPS-912 {}", words(0), words(1)))
        .await;
    app.click("button", "Match").await;
    app.click("button", "Set 2 tickets").await;
    app.see("link", "OPS-911").await;
    app.see("link", "OPS-912").await;
    app.click("button", "Undo").await;
    app.see_no("link", "OPS-911").await;
    app.see_no("link", "OPS-912").await;
    app.close().await;
}

#[tokio::test]
async fn in_a_window_a_ticket_is_made_and_others_are_pasted_back() {
    a_ticket_is_made_and_others_are_pasted_back(Shell::Window).await;
}

#[tokio::test]
async fn in_a_browser_a_ticket_is_made_and_others_are_pasted_back() {
    a_ticket_is_made_and_others_are_pasted_back(Shell::Browser).await;
}

#[test]
fn the_command_line_writes_tickets() {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let markdown = home.debrief_ok(&["actions", "--format", "md"]);
    assert!(
        markdown.starts_with("## ") && markdown.contains("\n**Why:**\n\n- F"),
        "each item is a ticket that says why: {markdown}"
    );
    let csv = home.debrief_ok(&["actions", "--all", "--format", "jira-csv"]);
    assert!(
        csv.starts_with(
            "Summary,Issue Type,Description,Due Date,Priority,Assignee,Labels,Labels,Labels\r\n"
        ),
        "the columns that Jira finds: {csv}"
    );
}
