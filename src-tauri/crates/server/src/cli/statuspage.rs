//! The post for customers from the command line.

use api::types::{Concern, DocRef};
use api::{Shell, handlers};

use super::args::{Export, Place, Statuspage};
use super::open::{self, For};
use super::output::{self, Failed};
use super::postmortems;

/// `debrief statuspage`. What must not stand in the post is told on stderr; the post is written all the same.
pub fn run(place: &Place, json: bool, asked: Statuspage) -> Result<(), Failed> {
    let Statuspage {
        id,
        format,
        publish,
        output,
    } = asked;
    let api = open::workspace(place, For::Reading, Shell::CommandLine)?;
    let doc = open::postmortem(&api, &id)?;
    let looked_at = handlers::customer_post(&api, DocRef { doc });
    api.close();
    let looked_at = looked_at?;
    let post = &looked_at.post;
    for (place, concerns) in [
        ("Title", &looked_at.title),
        (&post.summary.heading, &looked_at.summary),
        (&post.happened.heading, &looked_at.happened),
        (&post.doing.heading, &looked_at.doing),
    ] {
        complain(place, concerns);
    }
    for concerns in &looked_at.updates {
        complain("Updates", concerns);
    }
    match post.left_out {
        0 => {}
        1 => output::complain("1 row was left out: it names what must stay inside"),
        rows => output::complain(&format!(
            "{rows} rows were left out: they name what must stay inside"
        )),
    }
    let export = Export {
        id,
        format: format!("post-{format}"),
        // The post's own checks have pointed at names already; its words are the writer's.
        anonymise: false,
        keep_owners: false,
        report: None,
        publish,
        output,
    };
    postmortems::export(place, json, export)
}

fn complain(place: &str, concerns: &[Concern]) {
    for concern in concerns {
        output::complain(&format!(
            "{place}: “{}”: {} {}",
            concern.text, concern.why, concern.instead
        ));
    }
}
