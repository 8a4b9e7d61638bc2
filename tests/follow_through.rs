//! An owner sees action items through by keyboard alone: in a window and in a browser on a local file, and in a window on a team's
//! workspace. Another process reads each step, and a browser beside it shows each at once.

use serde_json::{Value, json};

use crate::flows::read;
use crate::harness::{App, Shell, key};
use crate::programs::{Home, until};
use crate::team::Team;

const FIRST: &str = "Alert on the age of the queue";
const SECOND: &str = "Move the queue to another region";

/// Brings in one postmortem in follow-up with two action items.
fn bring_in(home: &Home) {
    let file = home.path().join("queue.md");
    let text = format!(
        "---\nformat: debrief/1\nstatus: follow_up\n---\n# Queue stood still\n\n## Findings <!-- rows:findings -->\n\n\
         | # | Finding | Answered by |\n|---|---|---|\n| **F1** | Nobody saw that the queue stood still | A1 |\n\n\
         ## Action items <!-- rows:actions -->\n- [ ] **A1** {FIRST}\n  - Due: 2030-04-01\n- [ ] **A2** {SECOND}\n  - Due: 2030-04-02\n"
    );
    std::fs::write(&file, text).expect("a temporary folder takes files");
    home.debrief_ok(&["import", &file.to_string_lossy()]);
}

/// Waits until an item is so for another process, which reads the file that everybody shares.
fn until_item(home: &Home, text: &str, what: &str, so: impl Fn(&Value) -> bool) -> Value {
    until(what, || {
        read(home, &["actions", "--all"])["rows"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|row| row["text"] == text && so(row))
            .cloned()
    })
}

/// The day to look again comes: today.
async fn the_day_comes(app: &App) {
    let listed = app.rpc("action_list", json!({})).await;
    let row = listed["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["text"] == FIRST)
        .cloned()
        .expect("the item is listed");
    let day = json!({ "doc": row["doc"], "id": row["id"], "check_on": listed["today"] });
    app.rpc("action_set", day).await;
    app.see("heading", "Did it work?").await;
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
}

/// Opens everybody's items on a page.
async fn everyones_items(app: &App) {
    app.go("#/actions").await;
    app.focus("radio", "Everyone").await;
    app.press(&[key::SPACE]).await;
    app.see_text(FIRST).await;
}

/// Goes to an item in the list.
async fn at(app: &App, text: &str) {
    app.focus("checkbox", &format!("Done: {text}")).await;
}

/// Sees both items through. `served` is the home of the file that everybody shares, and `beside` another page on it.
async fn sees_items_through(app: &App, beside: &App, served: &Home) {
    everyones_items(app).await;
    everyones_items(beside).await;

    // The day moves, and the list asks why.
    at(app, FIRST).await;
    app.type_text("d").await;
    app.see("combobox", "Due").await;
    app.type_text("2030-05-04\n").await;
    app.see_focus("textbox", "Why does it move to").await;
    app.type_text("The supplier is late\n").await;
    app.see("button", "moved once").await;
    beside.see("button", "moved once").await;
    until_item(served, FIRST, "the new day and that it moved", |row| {
        (&row["due"], &row["moves"]) == (&json!("2030-05-04"), &json!(1))
    });

    // Why it exists stands beside the list, with what happened since.
    at(app, FIRST).await;
    app.type_text("w").await;
    app.see("complementary", "Why it exists").await;
    app.see_text("Nobody saw that the queue stood still").await;
    app.see_text("The supplier is late").await;
    app.press(&[key::ESCAPE]).await;
    app.see_no("complementary", "Why it exists").await;

    // Done, and what is typed next shows it.
    at(app, FIRST).await;
    app.press(&[key::SPACE]).await;
    app.see_focus("textbox", "What shows that it is done").await;
    app.type_text("OPS-7 fired in the drill\n").await;
    app.until_js(
        "the evidence kept",
        "return document.querySelector('[data-evidence]') === null",
        vec![],
    )
    .await;
    app.see_text("Evidence kept").await;
    beside.see_text("OPS-7 fired in the drill").await;
    let row = until_item(served, FIRST, "what shows that it is done", |row| {
        (&row["status"], &row["evidence"]) == (&json!("done"), &json!("OPS-7 fired in the drill"))
    });
    assert!(
        row["check_on"].is_string(),
        "somebody will look whether it worked: {row}"
    );

    // It did not work: open again, with what was seen.
    the_day_comes(app).await;
    app.type_text("n").await;
    app.see_focus("textbox", "It did not work").await;
    app.type_text("It stayed silent\n").await;
    app.see("button", "opened again").await;
    beside.see("button", "opened again").await;
    until_item(served, FIRST, "it to be done once more", |row| {
        row["status"] == "open"
    });

    // Done again, and then it works.
    at(app, FIRST).await;
    app.press(&[key::SPACE]).await;
    the_day_comes(app).await;
    app.type_text("y").await;
    app.see_focus("textbox", "It worked").await;
    app.type_text("It fired on the 12th\n").await;
    app.see("button", "Looked at").await;
    until_item(served, FIRST, "that somebody looked", |row| {
        row["verified"] == true
    });

    // The other one is not done, for a reason.
    at(app, SECOND).await;
    app.type_text("x").await;
    app.see_focus("textbox", "Why is it declined?").await;
    app.type_text("The queue goes away in spring\n").await;
    app.see("heading", "Accepted risk").await;
    app.see_text("Accepted risk: The queue goes away in spring")
        .await;
    beside
        .see_text("Accepted risk: The queue goes away in spring")
        .await;

    // What another process changes is here at once.
    let row = until_item(served, SECOND, "that it was declined", |row| {
        row["status"] == "declined"
    });
    served.debrief_ok(&[
        "action",
        "set",
        row["id"].as_str().unwrap_or_default(),
        "--status",
        "open",
    ]);
    app.see_no("heading", "Accepted risk").await;
    // The list has been asked for anew by then, and the row stands where it stays.
    app.see("heading", "Later").await;
    app.rpc("action_list", json!({})).await;
    app.until_js(
        "the item to be one that can be ticked off",
        "return [...document.querySelectorAll('.task [data-tick]')].some((box) => !box.checked && !box.disabled)",
        vec![],
    )
    .await;
    at(app, SECOND).await;
    app.press(&[key::SPACE]).await;
    app.see("textbox", "What shows that it is done").await;
    at(app, SECOND).await;
    app.type_text("e").await;
    app.see_focus("textbox", "What shows that it is done").await;
    app.press(&[key::ESCAPE]).await;
    app.see_text("Done without evidence").await;
    beside.see_text("Done without evidence").await;
    until_item(
        served,
        SECOND,
        "everybody to see that evidence was left out",
        |row| row["evidence_skipped"] == true,
    );
}

async fn an_owner_sees_items_through(shell: Shell) {
    let home = Home::new();
    bring_in(&home);
    let app = App::open(shell, home).await;
    app.rpc("set_me", json!({ "name": "Cathy Arden" })).await;
    app.js("location.reload()", vec![]).await;
    app.ready().await;
    let beside = App::beside(&app.home).await;
    sees_items_through(&app, &beside, &app.home).await;
    beside.close().await;
    let home = app.close().await;
    home.debrief_ok(&["check"]);
}

#[tokio::test]
async fn an_owner_sees_items_through_in_a_window() {
    an_owner_sees_items_through(Shell::Window).await;
}

#[tokio::test]
async fn an_owner_sees_items_through_in_a_browser() {
    an_owner_sees_items_through(Shell::Browser).await;
}

#[tokio::test]
async fn an_owner_sees_items_through_in_a_window_on_a_teams_workspace() {
    let team = Team::start();
    bring_in(&team.home);
    let invited = |role: &str| {
        let answer = team.ok(&team.admin, "account_invite", &json!({ "role": role }));
        answer["link"].as_str().unwrap_or_default().to_owned()
    };
    let (owner, facilitator) = (invited("member"), invited("facilitator"));
    let window = App::open(Shell::Window, Home::new()).await;
    window.press(&[key::CTRL, 'k']).await;
    window.type_text("Open a team").await;
    window.see_text("Open a team’s workspace").await;
    window.press(&[key::ENTER]).await;
    window.see_focus("textbox", "Invitation").await;
    window.type_text(&owner).await;
    window.press(&[key::TAB]).await;
    window.see_focus("textbox", "Your name").await;
    window.type_text("Cathy Arden\n").await;
    window.see("button", "Connected to").await;
    let browser = App::guest(&facilitator, false).await;
    browser.see_focus("textbox", "Your name").await;
    browser.type_text("Fay Facilitator\n").await;
    browser.see("link", "Queue stood still").await;
    sees_items_through(&window, &browser, &team.home).await;
    browser.close().await;
    window.close().await;
    team.home.debrief_ok(&["check"]);
}
