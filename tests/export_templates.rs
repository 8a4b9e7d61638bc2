//! Changing the template of an exported page, in a window and in a browser.

use serde_json::{Value, json};

use crate::example;
use crate::harness::{App, Shell};
use crate::programs::Home;
use crate::screens::{expect_nothing, look, settled};

/// The summary of the example's half year, as the command line exports it.
fn exported(home: &Home) -> String {
    let file = home.picked().join("half.html");
    let period = ["--from", "2026-06-01", "--to", "2026-11-30"];
    let file_name = file.to_string_lossy().into_owned();
    let mut arguments = vec!["summary"];
    arguments.extend(period);
    arguments.extend(["--format", "html", "-o", &file_name]);
    home.debrief_ok(&arguments);
    std::fs::read_to_string(&file).expect("the summary is a file")
}

/// Puts the caret behind the tag that opens the page's heading.
async fn go_to_the_heading(app: &App) {
    app.until_js(
        "the heading in the template",
        "const lines = [...document.querySelectorAll('.holder .cm-line')];
         const line = lines.find((line) => line.textContent.startsWith('<h1>'));
         if (line === undefined) {
             const scroller = document.querySelector('.holder .cm-scroller');
             if (scroller !== null) scroller.scrollTop += scroller.clientHeight / 2;
             return false;
         }
         document.querySelector('.holder .cm-content').focus();
         getSelection().collapse(line.firstChild, 4);
         return true;",
        vec![],
    )
    .await;
}

/// The heading of the summary's page is changed, seen in the preview and in what is exported, and restored.
async fn a_page_is_changed_and_restored(shell: Shell) {
    let home = Home::new();
    example::somebody(&home);
    home.debrief_ok(&["demo", "--year"]);
    let before = exported(&home);
    let app = App::open(shell, home).await;
    app.go("#/templates").await;
    app.see("heading", "Export templates").await;
    app.see("heading", "Summary of a period Built in").await;
    app.go("#/templates/export/summary").await;
    app.see("heading", "Summary of a period").await;
    app.until_js(
        "the page of example data",
        "return document.querySelector('iframe[title=\"Page of example data\"]') !== null",
        vec![],
    )
    .await;
    let address = "return document.querySelector('iframe[title=\"Page of example data\"]').src";
    let first = app.js(address, vec![]).await;
    go_to_the_heading(&app).await;
    app.type_text("Ours: ").await;
    app.see_text("Not saved yet").await;
    app.until_js(
        "the next page",
        &format!("{address} !== arguments[0]"),
        vec![first],
    )
    .await;
    // A window lets no script read what the frame shows.
    if shell == Shell::Browser {
        let shown = app
            .js_async(
                "const done = arguments[arguments.length - 1];
                 fetch(document.querySelector('iframe[title=\"Page of example data\"]').src)
                     .then((page) => page.text()).then(done, (error) => done(String(error)))",
                vec![],
            )
            .await;
        assert!(
            shown.as_str().unwrap_or_default().contains("<h1>Ours: "),
            "the preview shows the new heading: {shown}"
        );
    }
    app.click("button", "Save").await;
    app.see_text("Changed here").await;
    assert!(
        exported(&app.home).contains("<h1>Ours: 15 incidents"),
        "the export has the new heading"
    );

    go_to_the_heading(&app).await;
    app.type_text("<script>").await;
    app.see_text("The element <script> is not allowed in an export template.")
        .await;
    app.go("#/templates").await;
    app.see("dialog", "Leave without saving?").await;
    app.click("button", "Leave without saving").await;
    app.see("heading", "Summary of a period Changed here").await;

    app.go("#/templates/export/summary").await;
    app.click("button", "Restore built-in").await;
    app.see("dialog", "Restore the built-in template?").await;
    app.click("button", "Restore").await;
    app.see_text("Summary of a period is as it came with Debrief")
        .await;
    let changed = app.rpc("export_templates", json!({})).await;
    let own: Vec<&Value> = changed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| &row["own"])
        .collect();
    assert_eq!(own, [&Value::Null; 4], "no template is changed any more");
    assert_eq!(
        exported(&app.home),
        before,
        "and the export is as it was at first"
    );
    let mut wrong = Vec::new();
    if shell == Shell::Browser {
        app.resize(390, 800).await;
        for side in ["File", "Preview"] {
            app.click("button", side).await;
            settled(&app).await;
            wrong.extend(look(&app, &format!("export-template-390-{side}"), "light").await);
        }
    }
    app.close().await;
    expect_nothing(&wrong, shell);
}

#[tokio::test]
async fn a_page_is_changed_and_restored_in_a_window() {
    a_page_is_changed_and_restored(Shell::Window).await;
}

#[tokio::test]
async fn a_page_is_changed_and_restored_in_a_browser() {
    a_page_is_changed_and_restored(Shell::Browser).await;
}
