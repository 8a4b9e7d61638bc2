//! Published copies: what leaves stays as it was, says when something in it has changed, and is published anew.

use serde_json::Value;

use crate::flows::{read, saved, with_example};
use crate::harness::{App, Shell, key};
use crate::programs::Home;
use crate::screens::{expect_nothing, look, settled};

/// The summary of a postmortem is published, an event gets another time, and the copy is out of date in that line.
async fn a_copy_goes_out_of_date_and_is_published_anew(shell: Shell) {
    let (home, doc) = with_example();
    crate::example::somebody(&home);
    let app = App::open(shell, home).await;
    app.go(&format!("#/p/{doc}")).await;
    app.see("heading", "Timeline").await;
    palette(&app, "Export this postmortem").await;
    app.see("dialog", "Export").await;
    choose(&app, "Summary, web page").await;
    app.click("button", "Publish").await;
    app.see_text("Published, and kept as it is now.").await;
    app.see("button", "1 published copy").await;
    app.press(&[key::ESCAPE]).await;

    app.click("button", "Change the time: about 15:55").await;
    app.see_focus("textbox", "When").await;
    app.press(&[key::CTRL, 'a']).await;
    app.type_text("about 15:50").await;
    app.press(&[key::ENTER]).await;
    app.see("button", "Change the time: about 15:50").await;
    saved(&app).await;

    app.go("#/postmortems").await;
    app.see("heading", "Postmortems").await;
    palette(&app, "Show published copies").await;
    app.see("dialog", "Published copies").await;
    app.see_text("Out of date").await;
    app.see_text("This is the copy as it was published on")
        .await;
    choose(&app, "What has changed").await;
    app.see("region", "What has changed since").await;
    let shown = app
        .until_js(
            "the old and the new time of the line",
            "const region = document.querySelector('[aria-label=\"What has changed since\"]');
             const told = (mark) => [...region.querySelectorAll(mark)].map((e) => e.textContent).join(' ');
             return told('del').includes('15:55') && told('ins').includes('15:50') && region.innerText",
            vec![],
        )
        .await;
    assert!(
        shown
            .as_str()
            .is_some_and(|text| text.contains("What happened when")),
        "the heading that the line stands under is told: {shown}"
    );
    app.click("button", "Publish anew").await;
    app.see_text("Published anew. The copy of").await;
    app.until_js(
        "both copies in the list",
        "const rows = [...document.querySelectorAll('dialog .copies label')].map((row) => row.innerText);
         return rows.length === 2 && rows[0].includes('Replaces the copy of') && rows[0].includes('Up to date')
             && rows[1].includes('Replaced on') && rows[1].includes('Out of date')",
        vec![],
    )
    .await;
    let mut wrong = Vec::new();
    for (name, width) in [("published-two", 1440), ("published-phone", 390)] {
        app.resize(width, 844).await;
        settled(&app).await;
        wrong.extend(look(&app, name, "light").await);
    }
    let listed = read(&app.home, &["published", &doc]);
    let states: Vec<&Value> = listed
        .as_array()
        .into_iter()
        .flatten()
        .map(|copy| &copy["state"])
        .collect();
    assert_eq!(
        states,
        ["up_to_date", "out_of_date"],
        "the command line says what the page says"
    );
    app.close().await;
    expect_nothing(&wrong, shell);
}

/// Chooses one of several by keyboard.
pub async fn choose(app: &App, name: &str) {
    app.see("radio", name).await;
    app.focus("radio", name).await;
    app.press(&[key::SPACE]).await;
}

/// Runs a command of the palette.
pub async fn palette(app: &App, command: &str) {
    app.press(&[key::CTRL, 'k']).await;
    app.see("combobox", "").await;
    app.type_text(&format!(">{command}")).await;
    app.see("option", command).await;
    app.press(&[key::ENTER]).await;
}

#[tokio::test]
async fn in_a_window_a_copy_goes_out_of_date_and_is_published_anew() {
    a_copy_goes_out_of_date_and_is_published_anew(Shell::Window).await;
}

#[tokio::test]
async fn in_a_browser_a_copy_goes_out_of_date_and_is_published_anew() {
    a_copy_goes_out_of_date_and_is_published_anew(Shell::Browser).await;
}

#[test]
fn the_command_line_publishes_and_lists() {
    let (home, doc) = with_example();
    assert_eq!(
        home.debrief_ok(&["published"]).trim(),
        "Nothing is published.",
        "a new workspace has no copies"
    );
    publish(&home, &["export", &doc, "--format", "summary-md"]);
    publish(&home, &["statuspage", &doc]);
    let period = ["summary", "--from", "2026-11-01", "--to", "2026-11-30"];
    publish(&home, &period);
    publish(&home, &period);
    let told = home.debrief_ok(&["published"]);
    let lines: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(lines.len(), 4, "every copy has a line: {told}");
    for (line, says) in lines.iter().zip([
        "period   company    up to date            November 2026",
        "period   company    up to date, replaced  November 2026",
        "post     customers  up to date            Login page outage",
        "summary  company    up to date            Login page outage",
    ]) {
        assert!(
            line.contains(says),
            "the newest comes first, with its readers and state: {line}"
        );
    }
    assert_eq!(
        read(&home, &["published", &doc]).as_array().map(Vec::len),
        Some(2),
        "a postmortem's copies are those that were made from it"
    );
    let refused = home.debrief(&["export", &doc, "--publish"]);
    assert_eq!(
        refused.status.code(),
        Some(2),
        "a whole postmortem is exported and not published"
    );
}

/// Publishes what a command writes; it says so.
fn publish(home: &Home, arguments: &[&str]) {
    let output = home.debrief(&[arguments, &["--publish"]].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && told.contains("and kept as it is now"),
        "{arguments:?} publishes: {told}"
    );
    assert!(!output.stdout.is_empty(), "and writes it all the same");
}
