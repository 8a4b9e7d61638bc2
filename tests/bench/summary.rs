//! What a summary of everything costs beside the statements that read its rows.

use std::hint::black_box;
use std::time::Instant;

use render::{ExportTemplates, SummaryOptions};
use rusqlite::Connection;
use serde_json::json;

use crate::harness::{App, Shell};
use crate::programs::Home;
use crate::{Figure, data, engine, median};

const ROUNDS: usize = 15;

/// Figures alone, and the whole page.
pub fn summary(home: &Home) -> Vec<Figure> {
    let api = data::open(home);
    let bare =
        Connection::open_with_flags(home.workspace(), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the workspace is a database");
    let statements = [
        "SELECT doc_id, title, severity, status, services, starts, t0, t1, t2, t3, t4, t5, t6, t7, estimates, first_word,
             noticed_by, noticed_visibility FROM postmortem WHERE trashed = 0",
        "SELECT doc_id, number, kind, phase, theme, text, visibility, actions FROM finding",
        "SELECT doc_id, id, number, text, status, due, opened_at, settled_at, reason, verified, visibility FROM action",
    ];
    let request = json!({ "scope": { "from": "2020-01-01", "to": "2035-12-31" } });
    let (mut figures, mut page, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let made = api::handlers::summary(
            &api,
            serde_json::from_value(request.clone()).expect("a request is JSON"),
        )
        .expect("the workspace is summed up");
        figures.push(engine::milliseconds(started));
        let html = render::summary_format("html").expect("there is a page");
        let laid_out = (html.render)(
            &made,
            &SummaryOptions::default(),
            &ExportTemplates::default(),
        );
        black_box(laid_out.expect("the built-in template works"));
        page.push(engine::milliseconds(started));
        let started = Instant::now();
        for statement in statements {
            engine::run(&bare, statement);
        }
        theirs.push(engine::milliseconds(started));
    }
    api.close();
    let bare = median(theirs);
    let figure = |what: &str, ours: Vec<f64>| Figure {
        what: what.into(),
        ours: median(ours),
        bare,
        unit: "ms",
        bar: Some(3.0),
    };
    let second = Figure {
        what: "summary page of 10,000 postmortems / the second it may take".into(),
        ours: median(page.clone()),
        bare: 1000.0,
        unit: "ms",
        bar: Some(1.0),
    };
    vec![
        figure("figures of 10,000 postmortems / bare SQL", figures),
        figure("summary page of 10,000 postmortems / bare SQL", page),
        second,
    ]
}

/// The example year: its summary as a PDF, and from a choice to the new page in the window.
pub fn example_year() -> Vec<Figure> {
    let home = Home::new();
    home.debrief_ok(&["demo", "--year"]);
    let request = json!({
        "request": { "scope": { "from": "2026-06-01", "to": "2026-11-30" }, "anonymise": true },
        "format": "pdf"
    });
    let mut paper = Vec::new();
    let api = data::open(&home);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let made = api::handlers::summary_export(
            &api,
            serde_json::from_value(request.clone()).expect("a request is JSON"),
        );
        black_box(made.expect("the year is set on paper"));
        paper.push(engine::milliseconds(started));
    }
    api.close();
    let preview = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(preview(home));
    let figure = |what: &str, ours: f64, may: f64| Figure {
        what: what.into(),
        ours,
        bare: may,
        unit: "ms",
        bar: Some(1.0),
    };
    vec![
        figure(
            "example year as PDF / the second it may take",
            median(paper),
            1000.0,
        ),
        figure(
            "preview of the example year / the 100 ms it may take",
            median(preview),
            100.0,
        ),
    ]
}

/// Milliseconds from choosing another severity to the page that shows it, in the real window.
async fn preview(home: Home) -> Vec<f64> {
    let app = App::open(Shell::Window, home).await;
    app.go("#/summary").await;
    app.until_js(
        "the first page",
        "const page = document.querySelector('iframe.sheet');
         if (!page || document.querySelector('iframe.coming')) return false;
         window.chosen = [];
         window.choose = () => {
             const before = document.querySelector('iframe.sheet').src;
             const begun = performance.now();
             document.querySelector('.sevs input').click();
             const watch = new MutationObserver(() => {
                 const pages = document.querySelectorAll('iframe.sheet');
                 if (pages.length > 1 || pages[0].src === before) return;
                 watch.disconnect();
                 chosen.push(performance.now() - begun);
             });
             watch.observe(document.querySelector('.desk'), { childList: true, attributes: true, subtree: true });
         };
         return true",
        vec![],
    )
    .await;
    for round in 1..=ROUNDS {
        app.js("choose()", vec![]).await;
        app.until_js(
            "the page that was chosen",
            "return chosen.length >= arguments[0]",
            vec![json!(round)],
        )
        .await;
    }
    let chosen = app.js("return chosen", vec![]).await;
    app.close().await;
    let times = chosen.as_array().into_iter().flatten();
    times.filter_map(serde_json::Value::as_f64).collect()
}
