//! An owner sees action items through by keyboard alone, in a window and in a browser, and another process sees each step.

use serde_json::{Value, json};

use crate::flows::read;
use crate::harness::{App, Shell, key};
use crate::programs::Home;

const FIRST: &str = "Alert on the age of the queue";
const SECOND: &str = "Move the queue to another region";

/// A workspace with one postmortem in follow-up and two action items.
fn home() -> Home {
    let home = Home::new();
    let file = home.path().join("queue.md");
    let text = format!(
        "---\nformat: debrief/1\nstatus: follow_up\n---\n# Queue stood still\n\n## Findings <!-- rows:findings -->\n\n\
         | # | Finding | Answered by |\n|---|---|---|\n| **F1** | Nobody saw that the queue stood still | A1 |\n\n\
         ## Action items <!-- rows:actions -->\n- [ ] **A1** {FIRST}\n  - Due: 2030-04-01\n- [ ] **A2** {SECOND}\n  - Due: 2030-04-02\n"
    );
    std::fs::write(&file, text).expect("a temporary folder takes files");
    home.debrief_ok(&["import", &file.to_string_lossy()]);
    home
}

/// An item as another process reads it.
fn item(home: &Home, text: &str) -> Value {
    read(home, &["actions", "--all"])["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["text"] == text)
        .cloned()
        .unwrap_or_else(|| panic!("“{text}” is in the list"))
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

async fn an_owner_sees_items_through(shell: Shell) {
    let app = App::open(shell, home()).await;
    app.rpc("set_me", json!({ "name": "Cathy Arden" })).await;
    app.go("#/actions").await;
    app.js("location.reload()", vec![]).await;
    app.ready().await;
    app.focus("radio", "Everyone").await;
    app.press(&[key::SPACE]).await;
    app.see_text(FIRST).await;

    // The day moves, and the list asks why.
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
    app.type_text("d").await;
    app.see("combobox", "Due").await;
    app.type_text("2030-05-04\n").await;
    app.see_focus("textbox", "Why does it move to").await;
    app.type_text("The supplier is late\n").await;
    app.see("button", "moved once").await;
    let row = item(&app.home, FIRST);
    assert_eq!(
        (&row["due"], &row["moves"]),
        (&json!("2030-05-04"), &json!(1)),
        "another process reads the new day and that it moved"
    );

    // Why it exists stands beside the list, with what happened since.
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
    app.type_text("w").await;
    app.see("complementary", "Why it exists").await;
    app.see_text("Nobody saw that the queue stood still").await;
    app.see_text("The supplier is late").await;
    app.press(&[key::ESCAPE]).await;
    app.see_no("complementary", "Why it exists").await;

    // Done, with what shows it.
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
    app.press(&[key::SPACE]).await;
    app.see("textbox", "What shows that it is done").await;
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
    app.type_text("e").await;
    app.see_focus("textbox", "What shows that it is done").await;
    app.type_text("OPS-7 fired in the drill\n").await;
    app.until_js(
        "the evidence kept",
        "return document.querySelector('[data-evidence]') === null",
        vec![],
    )
    .await;
    app.see_text("Evidence kept").await;
    let row = item(&app.home, FIRST);
    assert_eq!(
        (&row["status"], &row["evidence"]),
        (&json!("done"), &json!("OPS-7 fired in the drill")),
        "another process reads what shows it"
    );
    assert!(
        row["check_on"].is_string(),
        "and that somebody will look whether it worked: {row}"
    );

    // It did not work: open again, with what was seen.
    the_day_comes(&app).await;
    app.type_text("n").await;
    app.see_focus("textbox", "It did not work").await;
    app.type_text("It stayed silent\n").await;
    app.see("button", "opened again").await;
    assert_eq!(
        item(&app.home, FIRST)["status"],
        "open",
        "it is to be done once more"
    );

    // Done again, and then it works.
    app.focus("checkbox", &format!("Done: {FIRST}")).await;
    app.press(&[key::SPACE]).await;
    the_day_comes(&app).await;
    app.type_text("y").await;
    app.see_focus("textbox", "It worked").await;
    app.type_text("It fired on the 12th\n").await;
    app.see("button", "Looked at").await;
    assert_eq!(item(&app.home, FIRST)["verified"], true, "somebody looked");

    // The other one is not done, for a reason.
    app.focus("checkbox", &format!("Done: {SECOND}")).await;
    app.type_text("x").await;
    app.see_focus("textbox", "Why is it declined?").await;
    app.type_text("The queue goes away in spring\n").await;
    app.see("heading", "Accepted risk").await;
    app.see_text("Accepted risk: The queue goes away in spring")
        .await;

    // What another process changes is here at once.
    let id = item(&app.home, SECOND)["id"].clone();
    app.home.debrief_ok(&[
        "action",
        "set",
        id.as_str().unwrap_or_default(),
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
    app.focus("checkbox", &format!("Done: {SECOND}")).await;
    app.press(&[key::SPACE]).await;
    app.see("textbox", "What shows that it is done").await;
    app.focus("checkbox", &format!("Done: {SECOND}")).await;
    app.type_text("e").await;
    app.see_focus("textbox", "What shows that it is done").await;
    app.press(&[key::ESCAPE]).await;
    app.see_text("Done without evidence").await;
    assert_eq!(
        item(&app.home, SECOND)["evidence_skipped"],
        true,
        "everybody sees that evidence was left out"
    );
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
