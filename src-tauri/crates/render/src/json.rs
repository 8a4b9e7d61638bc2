//! The complete, versioned JSON of a postmortem. docs/formats.md describes it; a change that older readers would get wrong
//! raises the number in [`FORMAT`].

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SubsecRound, Utc};
use model::directory::{Person, Service};
use model::postmortem::Postmortem;
use serde::Serialize;

use crate::{Export, Rendered, image_extension};

/// The first member of every export.
const FORMAT: &str = "debrief/1";

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    exported_at: DateTime<Utc>,
    postmortem: &'a Postmortem,
    people: Vec<&'a Person>,
    services: Vec<&'a Service>,
    images: BTreeMap<&'a str, Image>,
}

#[derive(Serialize)]
struct Image {
    mime: String,
    base64: String,
}

/// The whole postmortem, the people and services that it names, and its images inside.
pub(crate) fn render(export: &Export<'_>) -> Rendered {
    let images = export
        .postmortem
        .images()
        .filter_map(|image| {
            let picture =
                (export.images)(&image.hash).filter(|p| image_extension(&p.mime).is_some())?;
            Some((
                image.hash.as_str(),
                Image {
                    mime: picture.mime,
                    base64: STANDARD.encode(&picture.bytes),
                },
            ))
        })
        .collect();
    let file = File {
        format: FORMAT,
        exported_at: export.now.trunc_subsecs(0),
        postmortem: export.postmortem,
        people: export.named_people(),
        services: export.named_services(),
        images,
    };
    // Every value in it is text, a number or a list of those; none of them can fail to become JSON.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    Rendered {
        text,
        assets: Vec::new(),
    }
}
