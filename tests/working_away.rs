//! One workspace of a team in a browser and in a window, which goes on without the network.

use serde_json::{Value, json};

use crate::harness::{App, Shell, key};
use crate::programs::{Home, until};
use crate::team::Team;

const ACCESS: &str = "Give every responder the access that remediation needs";
const CACHING: &str = "Bring forward the planned replacement of the caching service";

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} must be text"))
        .to_owned()
}

/// An action item as the server has it.
fn item(team: &Team, words: &str) -> Value {
    team.ok(&team.admin, "action_list", &json!({}))["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|row| row["text"] == words)
        .cloned()
        .unwrap_or_else(|| panic!("“{words}” is in the list"))
}

/// Whether an item is ticked off on a page.
async fn sees_ticked(app: &App, words: &str) {
    let script = "return [...document.querySelectorAll('.task')].some((task) =>
        task.textContent.includes(arguments[0]) && task.querySelector('input[type=checkbox]').checked)";
    app.until_js("the item to be ticked off", script, vec![words.into()])
        .await;
}

#[tokio::test]
async fn an_owner_works_on_a_teams_items_in_a_window_with_and_without_the_network() {
    let mut team = Team::start();
    team.ok(&team.admin, "demo_new", &json!({}));
    let people = team.ok(&team.admin, "directory", &json!({}));
    let greg = people["directory"]["people"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|person| text(&person["name"]).starts_with("Greg"))
        .cloned()
        .expect("the example has a Greg");
    let invited = |request: Value| text(&team.ok(&team.admin, "account_invite", &request)["link"]);
    let for_greg = invited(json!({ "role": "member", "person": greg["id"] }));
    let for_fay = invited(json!({ "role": "facilitator" }));

    // Greg's window opens the team's workspace by his invitation.
    let window = App::open(Shell::Window, Home::with_review("In my own workspace")).await;
    window.press(&[key::CTRL, 'k']).await;
    window.type_text("Open a team").await;
    window.see_text("Open a team’s workspace").await;
    window.press(&[key::ENTER]).await;
    window.see_focus("textbox", "Invitation").await;
    window.type_text(&for_greg).await;
    window.press(&[key::ENTER]).await;
    window.see("button", "Connected to").await;
    window.see_text("Login page outage").await;
    assert!(
        !window.shows("link", "In my own workspace").await,
        "one workspace at a time"
    );
    window.go("#/actions").await;
    window.see("heading", "My action items").await;
    window.see("checkbox", &format!("Done: {ACCESS}")).await;

    // A facilitator has the list open in a browser.
    let browser = App::guest(&for_fay, false).await;
    browser.see_focus("textbox", "Your name").await;
    browser.type_text("Fay Facilitator").await;
    browser.press(&[key::ENTER]).await;
    browser.see_text("Login page outage").await;
    browser.go("#/actions").await;
    browser.focus("radio", "Everyone").await;
    browser.press(&[key::SPACE]).await;
    browser.see("checkbox", &format!("Done: {ACCESS}")).await;

    // What the owner ticks off is done for everybody, with what shows it.
    window.focus("checkbox", &format!("Done: {ACCESS}")).await;
    window.press(&[key::SPACE]).await;
    window
        .see_focus("textbox", "What shows that it is done")
        .await;
    window
        .type_text("All six have it, tried in the drill\n")
        .await;
    sees_ticked(&browser, ACCESS).await;
    until("the evidence to be on the server", || {
        let row = item(&team, ACCESS);
        (row["status"] == "done" && text(&row["evidence"]).contains("tried in the drill"))
            .then_some(())
    });

    // Without the network the owner goes on, and so do the others.
    team.down();
    window.focus("checkbox", &format!("Done: {CACHING}")).await;
    window.press(&[key::SPACE]).await;
    sees_ticked(&window, CACHING).await;
    window.see_text("Working away, 1 waiting").await;
    // The app is killed with that still waiting, and starts again where it was.
    let window = App::open(Shell::Window, window.kill().await).await;
    window.see_text("Working away, 1 waiting").await;
    window.go("#/actions").await;
    sees_ticked(&window, CACHING).await;
    team.up();
    let row = item(&team, CACHING);
    team.ok(
        &team.admin,
        "action_set",
        &json!({ "doc": row["doc"], "id": row["id"], "priority": "P0" }),
    );
    until("what was done away to be on the server", || {
        let row = item(&team, CACHING);
        (row["status"] == "done" && row["priority"] == "P0").then_some(())
    });
    window.see("button", "Connected to").await;
    let own = window
        .until_js(
            "the others' change to be in the window",
            "return [...document.querySelectorAll('.task')].some((task) =>
                task.textContent.includes(arguments[0]) && task.textContent.includes('P0'))",
            vec![CACHING.into()],
        )
        .await;
    assert_eq!(own, true, "both have both");
    sees_ticked(&browser, CACHING).await;

    // What a lesser role may not write is told apart from what waits, and stays until its owner lets it go.
    team.down();
    let of_row = |request: Value| {
        let mut request = request;
        request["doc"] = row["doc"].clone();
        request["id"] = row["id"].clone();
        request
    };
    window
        .rpc("action_set", of_row(json!({ "priority": "P2" })))
        .await;
    window.see_text("Working away, 1 waiting").await;
    team.home
        .debrief_ok(&["accounts", "role", &text(&greg["name"]), "viewer"]);
    team.up();
    window.click("button", "1 postmortem not taken").await;
    window.see_text("this needs the role member").await;
    window.click("button", "Let them go…").await;
    window.click("button", "Let them go for good").await;
    window.see_text("What was not taken is let go").await;
    assert_eq!(
        item(&team, CACHING)["priority"],
        "P0",
        "the server has what it had"
    );
    let listed = window.rpc("action_list", json!({})).await;
    let rows = listed["rows"].as_array().into_iter().flatten();
    let here = rows.clone().find(|one| one["id"] == row["id"]);
    assert_eq!(
        here.map(|one| &one["priority"]),
        Some(&json!("P0")),
        "and so has the window"
    );
    window.click("button", "Close").await;

    // An account that is ended is told so, and keeps what it has.
    team.home
        .debrief_ok(&["accounts", "end", &text(&greg["name"])]);
    window.see("button", "Access ended").await;
    window.go("#/postmortems").await;
    window.see_text("Login page outage").await;
    browser.close().await;
    window.close().await;
}
