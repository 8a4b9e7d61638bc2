//! What people do with Debrief, the same in a window and in a browser. Each flow is run by `windows.rs` and `browser.rs`.

use serde_json::{Value, json};

use crate::example;
use crate::harness::{App, Shell, key, newest_file};
use crate::programs::Home;
use crate::published::{choose, palette};

/// Waits until the page says that everything is on disk.
pub async fn saved(app: &App) {
    app.until_js(
        "“Saved”",
        "return document.querySelector('[data-save]')?.innerText === 'Saved'",
        vec![],
    )
    .await;
}

/// The JSON that a reading command prints.
pub fn read(home: &Home, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    serde_json::from_str(&home.debrief_ok(&arguments)).expect("--json prints JSON")
}

/// A home with the example in it, and the example's id.
pub fn with_example() -> (Home, String) {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let doc = read(&home, &["list"])["rows"][0]["id"]
        .as_str()
        .expect("the example has an id")
        .to_owned();
    (home, doc)
}

/// From the first start to an exported file without touching the mouse.
pub async fn a_postmortem_is_written_by_keyboard_alone(shell: Shell) {
    let app = App::open(shell, Home::new()).await;

    app.see_focus("textbox", "Your name").await;
    app.type_text("Cathy Arden").await;
    app.tab_to("button", "New postmortem").await;
    app.press(&[key::ENTER]).await;

    app.see_focus("textbox", "What happened?").await;
    app.type_text("Login page down after the certificate ran out")
        .await;
    app.press(&[key::ENTER]).await;
    app.see("heading", "Timeline").await;

    app.type_text("t").await;
    app.see_focus("textbox", "Time of the new event").await;
    for (time, text) in [
        (
            "2026-11-10 16:05",
            "The first customer writes that the login page does not load",
        ),
        (
            "+5m",
            "Support asks in the channel whether somebody is deploying",
        ),
        ("about 16:25", "Greg renews the certificate"),
    ] {
        app.see_focus("textbox", "Time of the new event").await;
        app.type_text(time).await;
        app.press(&[key::ENTER]).await;
        app.see_focus("textbox", "What happened").await;
        app.type_text(text).await;
        app.press(&[key::ENTER]).await;
        app.see_text(text).await;
    }
    app.press(&[key::ESCAPE]).await;
    app.see_focus("button", "Add event").await;
    app.see("button", "Change the time: 16:10").await;
    app.see("button", "Change the time: about 16:25").await;

    app.type_text("f").await;
    for text in [
        "Nobody was told that the certificate would run out",
        "Support found the channel within a minute",
    ] {
        app.see_focus("textbox", "What we learned").await;
        app.type_text(text).await;
        app.press(&[key::ENTER]).await;
        app.see_text(text).await;
    }
    app.press(&[key::ESCAPE]).await;
    app.see_focus("button", "Add finding").await;

    app.type_text("a").await;
    for text in [
        "Warn two weeks before a certificate runs out",
        "Write down who renews certificates",
    ] {
        app.see_focus("textbox", "What will be done").await;
        app.type_text(text).await;
        app.press(&[key::ENTER]).await;
        app.see_text(text).await;
    }
    app.press(&[key::ESCAPE]).await;
    app.see_focus("button", "Add action").await;

    // An owner: O in the row, then the name.
    app.tab_to("checkbox", "Done: Warn two weeks").await;
    app.type_text("o").await;
    app.see("option", "Cathy").await;
    app.type_text("cath").await;
    app.press(&[key::ENTER]).await;
    app.see("button", "Owner of A1: Cathy").await;

    // Ticked off, taken back, ticked off again.
    app.tab_to("checkbox", "Done: Warn two weeks").await;
    let ticked = "return [...document.querySelectorAll('input[type=checkbox]')].filter((box) => box.checked).length";
    app.press(&[key::SPACE]).await;
    app.until_js("one item ticked off", &format!("{ticked} === 1"), vec![])
        .await;
    app.press(&[key::CTRL, 'z']).await;
    app.until_js("the tick taken back", &format!("{ticked} === 0"), vec![])
        .await;
    app.tab_to("checkbox", "Done: Warn two weeks").await;
    app.press(&[key::SPACE]).await;
    app.until_js(
        "the item ticked off again",
        &format!("{ticked} === 1"),
        vec![],
    )
    .await;
    saved(&app).await;

    let actions = read(&app.home, &["actions", "--all"]);
    let done: Vec<_> = actions["rows"]
        .as_array()
        .expect("a list of action items")
        .iter()
        .filter(|row| row["status"] == "done")
        .map(|row| (row["text"].clone(), row["owner_name"].clone()))
        .collect();
    assert_eq!(
        done,
        [(
            json!("Warn two weeks before a certificate runs out"),
            json!("Cathy Arden")
        )],
        "the command line sees what the page calls saved"
    );

    // Exported by the palette; the file holds what was written.
    app.press(&[key::CTRL, 'k']).await;
    app.see("combobox", "").await;
    app.type_text(">export").await;
    app.see("option", "Export this postmortem").await;
    app.press(&[key::ENTER]).await;
    app.see("dialog", "Export").await;
    let save = if shell == Shell::Window {
        "Save…"
    } else {
        "Download"
    };
    app.until_js(
        "a preview",
        "return document.querySelector('dialog pre')?.innerText.includes('certificate') === true",
        vec![],
    )
    .await;
    app.tab_to("button", save).await;
    app.press(&[key::ENTER]).await;
    let file = newest_file(&app.home.picked(), ".md");
    let text = std::fs::read_to_string(&file).expect("the export is a text file");
    for part in [
        "Login page down after the certificate ran out",
        "Support asks in the channel whether somebody is deploying",
        "Nobody was told that the certificate would run out",
        "Write down who renews certificates",
        "Cathy Arden",
    ] {
        assert!(
            text.contains(part),
            "{part:?} is missing from {}:\n{text}",
            file.display()
        );
    }

    let home = app.close().await;
    let imported = home.debrief_ok(&["import", &file.to_string_lossy()]);
    assert!(
        !imported.is_empty(),
        "what was exported imports back: {imported}"
    );
}

/// Opens a review, goes through its stages and ends it without touching the mouse; every kind of row is captured on the way.
pub async fn a_review_is_held_by_keyboard_alone(shell: Shell) {
    let app = App::open(shell, Home::new()).await;
    app.see_focus("textbox", "Your name").await;
    app.type_text("Greg Farrow").await;
    app.tab_to("button", "New postmortem").await;
    app.press(&[key::ENTER]).await;
    app.see_focus("textbox", "What happened?").await;
    app.type_text("Login page down").await;
    app.press(&[key::ENTER]).await;
    app.see("heading", "Timeline").await;

    app.tab_to("button", "Open review").await;
    app.press(&[key::ENTER]).await;
    app.see("dialog", "Open the review").await;
    app.see_text("Together").await;
    app.see_focus("button", "Open the review").await;
    app.press(&[key::ENTER]).await;
    in_stage(&app, "Open").await;
    app.see_text("Nobody is reprimanded for what is said here.")
        .await;
    capture(
        &app,
        "p",
        "New parked item",
        &["What do our agreements promise?"],
    )
    .await;

    app.type_text("]").await;
    in_stage(&app, "Impact").await;
    app.type_text("]").await;
    in_stage(&app, "Timeline").await;
    app.type_text(".").await;
    app.see("heading", "What else wanted your attention just then?")
        .await;
    app.type_text("t").await;
    app.see_focus("textbox", "Time of the event").await;
    app.type_text("2026-11-10 16:05").await;
    app.press(&[key::ENTER]).await;
    app.see_focus("textbox", "New event").await;
    app.type_text("A customer cannot sign in").await;
    app.press(&[key::ENTER]).await;
    app.see_text("A customer cannot sign in").await;
    app.press(&[key::ESCAPE]).await;

    for stage in ["Is it complete?", "When this goes well", "Findings"] {
        app.type_text("]").await;
        in_stage(&app, stage).await;
    }
    let findings = [
        "Customers noticed before we did",
        "Few of us can reach the servers",
    ];
    capture(&app, "f", "New finding", &findings).await;

    app.type_text("]").await;
    in_stage(&app, "Action items").await;
    capture(&app, "a", "New action item", &["Watch the login page"]).await;
    app.see("button", "Who takes it?").await;
    app.type_text("1").await;
    app.see("button", "Owner of A1: Greg").await;
    app.see_text("It has an owner").await;
    app.type_text("k").await;
    app.type_text("r").await;
    app.see("group", "Priority of: Watch the login page").await;
    app.type_text("1").await;
    app.type_text("d").await;
    app.see("group", "Due date of: Watch the login page").await;
    app.type_text("1").await;
    app.see("group", "Owner of: Watch the login page").await;

    app.type_text("]").await;
    in_stage(&app, "Wrap-up").await;
    app.see("group", "Who writes the summary for the company?")
        .await;
    app.type_text("1").await;
    app.see("group", "Who writes the note for customers?").await;
    app.type_text("1").await;
    app.see_text("All 3 have an owner").await;
    app.tab_to("button", "End the review").await;
    app.press(&[key::ENTER]).await;
    app.see("dialog", "End the review?").await;
    app.see_text("2 findings without an action item or a decision")
        .await;
    app.see_focus("button", "End the review").await;
    app.press(&[key::ENTER]).await;
    app.see("heading", "The review has ended").await;
    app.see_text("Added: 1 event, 2 findings, 3 action items, 1 parked item.")
        .await;
    app.tab_to("link", "To the postmortem").await;
    app.press(&[key::ENTER]).await;
    app.see("heading", "Timeline").await;
    saved(&app).await;

    let home = app.close().await;
    let doc = read(&home, &["list"])["rows"][0]["id"].clone();
    let doc = doc.as_str().expect("a postmortem has an id");
    let shown = read(&home, &["show", doc])["postmortem"].clone();
    let texts = |kind: &str| -> Vec<String> {
        let rows = shown[kind].as_array().into_iter().flatten();
        rows.filter_map(|row| row["text"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(
        shown["status"], "follow_up",
        "ending a review goes on to follow-up"
    );
    assert_eq!(
        texts("parking"),
        ["What do our agreements promise?"],
        "P parks"
    );
    assert_eq!(
        texts("timeline"),
        ["A customer cannot sign in"],
        "T adds an event"
    );
    assert_eq!(
        texts("findings"),
        findings,
        "F adds findings in the order of typing"
    );
    assert_eq!(
        texts("actions"),
        [
            "Watch the login page",
            "Write the summary for the company",
            "Write the note for customers"
        ],
        "A adds an action item, and the wrap-up one for each text that tells others"
    );
    let me = &shown["participants"][0]["person"];
    for action in shown["actions"].as_array().into_iter().flatten() {
        assert_eq!(
            &action["owner"], me,
            "every item left the room with an owner: {action}"
        );
        assert!(action["due"].is_string(), "and with a date: {action}");
    }
    assert_eq!(
        shown["actions"][0]["priority"], "P1",
        "two keys give a priority"
    );
    let sections = shown["sections"].to_string();
    assert!(
        sections.contains("Facilitated by Greg Farrow"),
        "what the meeting was like is written down: {sections}"
    );
}

/// Writes lines of a kind in the line at the bottom of a review, and leaves it.
async fn capture(app: &App, key: &str, field: &str, lines: &[&str]) {
    app.type_text(key).await;
    for line in lines {
        app.see_focus("textbox", field).await;
        app.type_text(line).await;
        app.press(&[key::ENTER]).await;
        app.until_js(
            "the line to be free again",
            "return document.activeElement?.value === ''",
            vec![],
        )
        .await;
    }
    app.press(&[key::ESCAPE]).await;
}

/// Waits until the room is in a stage.
async fn in_stage(app: &App, name: &str) {
    app.until_js(
        &format!("the stage {name}"),
        "return document.querySelector('.stage[aria-current=step] .stage-name')?.innerText === arguments[0]",
        vec![json!(name)],
    )
    .await;
}

/// Killed in the middle of a word, the program has kept everything that it had called saved.
pub async fn what_was_called_saved_survives_a_kill(shell: Shell) {
    let home = Home::new();
    home.debrief_ok(&[
        "new",
        "--template",
        "post-incident-review",
        "--title",
        "Half a sentence",
    ]);
    let app = App::open(shell, home).await;
    app.click("link", "Half a sentence").await;
    app.see("heading", "Timeline").await;
    let address = app.js("return location.hash", vec![]).await;

    app.focus("textbox", "Title").await;
    app.press(&[key::END]).await;
    let look = "const editor = document.querySelector('h1 .cm-content');
        return { saved: document.querySelector('[data-save]')?.innerText === 'Saved',
                 text: editor ? [...editor.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n') : '' }";
    let mut kept = String::new();
    let mut times_saved = 0;
    for word in 0..60 {
        app.type_text(&format!(" word{word}")).await;
        let now = app.js(look, vec![]).await;
        if now["saved"] == Value::Bool(true) {
            kept = now["text"].as_str().unwrap_or_default().to_owned();
            times_saved += 1;
        }
        // The last words are typed whether or not they reach the disk, and nothing waits for them.
        if word > 20 && times_saved > 3 {
            break;
        }
    }
    assert!(
        times_saved > 0,
        "the page said “Saved” while somebody wrote"
    );
    app.type_text(" the last words").await;
    let home = app.kill().await;

    let app = App::open(shell, home).await;
    app.go(address.as_str().unwrap_or_default()).await;
    app.see("heading", "Timeline").await;
    let title = app
        .until_js(
            "the title",
            "return document.querySelector('h1')?.innerText || false",
            vec![],
        )
        .await;
    let title = title.as_str().unwrap_or_default();
    assert!(
        title.starts_with(kept.trim_end()),
        "the page had said “Saved” for {kept:?}, and after the kill there is {title:?}"
    );
    let home = app.close().await;
    home.debrief_ok(&["check"]);
}

/// The command line and the page write the same workspace; each sees the other's change within a second.
pub async fn the_command_line_and_the_page_see_each_other(shell: Shell) {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let actions = read(&home, &["actions", "--open"]);
    let rows = actions["rows"]
        .as_array()
        .expect("a list of action items")
        .clone();
    assert!(rows.len() > 3, "the example has open action items");
    let app = App::open(shell, home).await;
    app.go("#/actions").await;
    app.see("heading", "Action items").await;
    app.focus("radio", "Everyone").await;
    app.press(&[key::SPACE]).await;
    let text = |row: &Value| row["text"].as_str().unwrap_or_default().to_owned();
    app.see_text(&text(&rows[0])).await;

    for (at, row) in rows.iter().take(3).enumerate() {
        let id = row["id"].as_str().unwrap_or_default();
        app.home.debrief_ok(&[
            "action",
            "set",
            id,
            "--due",
            &format!("2027-03-0{}", at + 1),
            "--status",
            "in_progress",
        ]);
        app.until_js(
            "the command line's edit on the page",
            "return [...document.querySelectorAll('main *')].some((element) => element.textContent.includes(arguments[0]) && element.textContent.includes(arguments[1]))",
            vec![json!(text(row)), json!(format!("{} Mar", at + 1))],
        )
        .await;
    }

    let doc = rows[0]["doc"].as_str().unwrap_or_default();
    app.go(&format!("#/p/{doc}")).await;
    app.see("heading", "Findings").await;
    app.focus("textbox", "Title").await;
    app.press(&[key::END]).await;
    app.type_text(", seen from the page").await;
    saved(&app).await;
    let title = read(&app.home, &["list"])["rows"][0]["title"].clone();
    assert!(
        title
            .as_str()
            .unwrap_or_default()
            .ends_with(", seen from the page"),
        "the command line reads what the page calls saved, and has {title}"
    );
    app.close().await;
}

/// The palette finds postmortems and commands; the theme it sets is there after a restart.
pub async fn the_palette_finds_and_does(shell: Shell) {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    let app = App::open(shell, home).await;
    app.press(&[key::CTRL, 'k']).await;
    app.see("combobox", "").await;
    app.type_text("login").await;
    app.see("option", "Login").await;
    app.press(&[key::ENTER]).await;
    app.see("heading", "Timeline").await;
    app.see_text("Findings").await;

    // As the system is, then light, then dark.
    for _ in 0..2 {
        app.press(&[key::CTRL, 'k']).await;
        app.see("combobox", "").await;
        app.type_text(">theme").await;
        app.see("option", "Change the theme").await;
        app.press(&[key::ENTER]).await;
        app.see_no("combobox", "").await;
    }
    app.until_js(
        "the dark theme",
        "return document.documentElement.dataset.theme === 'dark'",
        vec![],
    )
    .await;
    app.press(&[key::ESCAPE]).await;
    app.type_text("?").await;
    app.see("dialog", "Keys").await;
    app.press(&[key::ESCAPE]).await;
    app.see_no("dialog", "Keys").await;

    if shell == Shell::Window {
        // Only the window keeps its place: a served page has a new address each time.
        let home = app.close().await;
        let app = App::open(shell, home).await;
        app.until_js(
            "the theme again",
            "return document.documentElement.dataset.theme === 'dark'",
            vec![],
        )
        .await;
        app.close().await;
    }
}

/// The app tells whoever looks: undo takes back one's own edits one by one, redo brings them again.
pub async fn undo_takes_back_ones_own_edits(shell: Shell) {
    let home = Home::with_review("To be changed");
    let app = App::open(shell, home).await;
    app.click("link", "To be changed").await;
    app.see("heading", "Findings").await;
    app.type_text("f").await;
    app.see_focus("textbox", "What we learned").await;
    app.type_text("The alert came late\n").await;
    app.see_text("The alert came late").await;
    app.press(&[key::ESCAPE]).await;
    let findings = "return document.querySelectorAll('#place-findings ol > li').length";
    app.press(&[key::CTRL, 'z']).await;
    app.until_js("no finding", &format!("{findings} === 0"), vec![])
        .await;
    app.press(&[key::CTRL, key::SHIFT, 'z']).await;
    app.until_js("the finding again", &format!("{findings} === 1"), vec![])
        .await;
    saved(&app).await;
    app.close().await;
}

/// Findings change places by keyboard and, in a browser, by dragging; the order is that of the file, and undo brings it back.
pub async fn findings_are_put_in_order(shell: Shell) {
    let (home, doc) = with_example();
    let app = App::open(shell, home).await;
    app.go(&format!("#/p/{doc}")).await;
    app.see("heading", "Findings").await;
    let order = "return [...document.querySelectorAll('#place-findings .find-number')].map((number) => number.textContent.trim()).join(' ').startsWith(arguments[0])";
    app.until_js("the findings in order", order, vec![json!("F1 F2 F3 F4")])
        .await;

    app.focus("button", "Details of F1").await;
    app.press(&[key::ALT, key::DOWN]).await;
    app.until_js("F1 below F2", order, vec![json!("F2 F1 F3 F4")])
        .await;
    app.see_focus("button", "Details of F1").await;
    if shell == Shell::Browser {
        // WebKit's driver has no drag and drop.
        app.drag("F3", "F2").await;
        app.until_js("F3 above F2", order, vec![json!("F3 F2 F1 F4")])
            .await;
        app.press(&[key::CTRL, 'z']).await;
        app.until_js("F3 at its place", order, vec![json!("F2 F1 F3 F4")])
            .await;
    }
    saved(&app).await;
    let kept = read(&app.home, &["show", &doc]);
    let numbers: Vec<_> = kept["postmortem"]["findings"]
        .as_array()
        .expect("a list of findings")
        .iter()
        .take(4)
        .map(|finding| finding["number"].clone())
        .collect();
    assert_eq!(
        numbers,
        [2, 1, 3, 4].map(|number| json!(number)),
        "the file has the order of the page"
    );
    app.press(&[key::CTRL, 'z']).await;
    app.until_js(
        "the findings as they were",
        order,
        vec![json!("F1 F2 F3 F4")],
    )
    .await;
    app.close().await;
}

/// Each row of the list opens its own postmortem, wherever it is pressed.
pub async fn a_row_opens_its_own_postmortem(shell: Shell) {
    let home = Home::new();
    home.debrief_ok(&["demo"]);
    for title in ["The second", "The third"] {
        home.debrief_ok(&["new", "--template", "short-review", "--title", title]);
    }
    let app = App::open(shell, home).await;
    for title in ["The third", "The second", "Login page outage"] {
        app.click("link", title).await;
        app.see("textbox", "Title").await;
        app.until_js(
            "the title of the row",
            "return document.querySelector('h1')?.textContent.includes(arguments[0])",
            vec![json!(title)],
        )
        .await;
        app.go("#/postmortems").await;
        app.see("heading", "Postmortems").await;
    }
    app.click("cell", "Draft").await;
    app.see("textbox", "Title").await;
    app.close().await;
}

/// Pastes or drops a picture onto a row of the timeline, and waits until it is drawn there.
pub async fn add_picture(app: &App, at: usize, event: &str) {
    let row = "const row = document.querySelectorAll('#place-timeline li[id^=row-timeline]')[arguments[0]];";
    // A picture of its own for each: two events with the same one would share it.
    app.js_async(
        &format!(
            "{row}
             const done = arguments[arguments.length - 1];
             const canvas = Object.assign(document.createElement('canvas'), {{ width: 40 + arguments[0], height: 30 }});
             canvas.getContext('2d').fillRect(2, 2, 20, 20);
             canvas.toBlob((picture) => {{
                 const data = new DataTransfer();
                 data.items.add(new File([picture], 'graph.png', {{ type: 'image/png' }}));
                 const how = {{ bubbles: true, cancelable: true }};
                 row.querySelector('.tl-text').dispatchEvent(arguments[1] === 'paste'
                     ? new ClipboardEvent('paste', {{ ...how, clipboardData: data }})
                     : new DragEvent('drop', {{ ...how, dataTransfer: data }}));
                 done(true);
             }}, 'image/png');"
        ),
        vec![json!(at), json!(event)],
    )
    .await;
    app.until_js(
        "the picture in its row",
        &format!("{row} return [...row.querySelectorAll('img')].some((picture) => picture.complete && picture.naturalWidth === 40 + arguments[0])"),
        vec![json!(at)],
    )
    .await;
}

/// A picture that is pasted or dropped onto an event is stored in the workspace and goes out with the export.
pub async fn a_picture_is_pasted_and_dropped(shell: Shell) {
    let (home, doc) = with_example();
    let app = App::open(shell, home).await;
    app.go(&format!("#/p/{doc}")).await;
    app.see("heading", "Timeline").await;
    for (at, event) in ["paste", "drop"].into_iter().enumerate() {
        add_picture(&app, at, event).await;
    }
    saved(&app).await;
    let file = app.home.picked().join("outage.md");
    app.home
        .debrief_ok(&["export", &doc, "-o", &file.to_string_lossy()]);
    let beside = std::fs::read_dir(app.home.picked().join("outage-images"))
        .expect("the pictures lie beside the file")
        .count();
    assert_eq!(beside, 2, "both pictures go out with the postmortem");
    app.close().await;
}

/// The example year is opened, and its summary made on its screen, with one postmortem in focus and roles in the place of
/// names, and saved as a PDF.
pub async fn the_summary_of_a_period_is_made(shell: Shell) {
    let home = Home::new();
    example::somebody(&home);
    let app = App::open(shell, home).await;
    app.see("heading", "Nothing to look back on yet").await;
    app.tab_to("button", "Open the example year").await;
    app.press(&[key::ENTER]).await;
    app.see_text("Password-reset e-mails delayed").await;
    app.type_text("gs").await;
    app.see("heading", "Summary").await;
    app.js(
        "const period = document.querySelector('form select');
         period.value = '';
         period.dispatchEvent(new Event('change', { bubbles: true }));",
        vec![],
    )
    .await;
    app.until_js(
        "fields for two days",
        "const days = document.querySelectorAll('form input[type=date]');
         if (days.length < 2) return false;
         for (const [at, day] of ['2026-06-01', '2026-11-30'].entries()) {
             days[at].value = day;
             days[at].dispatchEvent(new Event('input', { bubbles: true }));
         }
         return true;",
        vec![],
    )
    .await;
    app.see_text("15 postmortems").await;
    app.see_text("Replaced 1 name in 1 place").await;
    app.until_js(
        "the page of the summary",
        "return document.querySelector('iframe[title=\"Page of the summary\"]') !== null",
        vec![],
    )
    .await;
    app.tab_to("button", "Postmortem in focus: None in focus")
        .await;
    app.press(&[key::ENTER]).await;
    app.see("option", "Login page outage").await;
    app.type_text("login page").await;
    app.press(&[key::ENTER]).await;
    app.see("button", "Postmortem in focus: In focus: Login page outage")
        .await;
    app.tab_to("button", "Export PDF").await;
    app.press(&[key::ENTER]).await;
    let file = newest_file(&app.home.picked(), ".pdf");
    let bytes = std::fs::read(&file).expect("the summary is a file");
    assert!(
        bytes.starts_with(b"%PDF-"),
        "{} is what it is called",
        file.display()
    );
    choose(&app, "HTML").await;
    app.tab_to("button", "Export HTML").await;
    app.press(&[key::ENTER]).await;
    let page = newest_file(&app.home.picked(), ".html");
    let page = std::fs::read_to_string(&page).expect("the summary is a file");
    assert!(
        page.contains("15 incidents, 58 improvements made")
            && page.contains("In focus: Login page outage"),
        "the page that was looked at has left: {page}"
    );
    app.close().await;
}

/// The post for customers of the example is drafted, and what must not stay in it is underlined and explained.
pub async fn a_post_for_customers_is_drafted_and_checked(shell: Shell) {
    let home = Home::new();
    example::somebody(&home);
    let id = home.debrief_ok(&["demo"]).trim().to_owned();
    let app = App::open(shell, home).await;
    app.go(&format!("#/p/{id}")).await;
    app.see("heading", "Timeline").await;
    palette(&app, "Export this postmortem").await;
    app.see("dialog", "Export").await;
    choose(&app, "Summary, PDF").await;
    app.see("heading", "A file for reading and printing").await;
    let save = match shell {
        Shell::Window => "Save…",
        Shell::Browser => "Download",
    };
    app.click("button", save).await;
    let summary = newest_file(&app.home.picked(), "-summary.pdf");
    assert!(
        std::fs::read(&summary).is_ok_and(|bytes| bytes.starts_with(b"%PDF-")),
        "the summary for the company leaves as a PDF"
    );
    app.press(&[key::ESCAPE]).await;
    palette(&app, "Write the post for customers").await;
    app.see("heading", "Post for customers").await;
    app.see_text("We are sorry for the trouble that this caused.")
        .await;
    // The example's action items were due in November 2026 and nobody has done them.
    app.see_text("This day has passed, and what was promised for it is not done.")
        .await;
    app.until_js(
        "lines under the days that have passed",
        "return [...CSS.highlights.get('concern') ?? []].some((range) => range.toString() === '18 November 2026')",
        vec![],
    )
    .await;
    app.focus("group", "For customers: What happened").await;
    app.press(&[key::ENTER]).await;
    app.type_text(" Greg from db-prod-7 fixed it.").await;
    app.see_text("Names of machines, paths and commands say nothing to customers")
        .await;
    app.press(&[key::ESCAPE]).await;
    app.until_js(
        "lines under what was written just now",
        "return [...CSS.highlights.get('concern') ?? []].some((range) => range.toString() === 'Greg')",
        vec![],
    )
    .await;
    app.close().await;
}
