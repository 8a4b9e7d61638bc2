//! What a summary of everything costs beside the statements that read its rows.

use std::hint::black_box;
use std::time::Instant;

use render::SummaryOptions;
use rusqlite::Connection;
use serde_json::json;

use crate::programs::Home;
use crate::{Figure, data, engine, median};

/// Figures alone, and the whole page.
pub fn summary(home: &Home) -> Vec<Figure> {
    const ROUNDS: usize = 15;
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
        black_box((html.render)(&made, &SummaryOptions::default()));
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
    vec![
        figure("figures of 10,000 postmortems / bare SQL", figures),
        figure("summary page of 10,000 postmortems / bare SQL", page),
    ]
}
