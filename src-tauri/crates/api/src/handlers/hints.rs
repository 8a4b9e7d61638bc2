//! Wording hints for whoever writes.

use model::hints::{self, HintReport, People};

use crate::bounds;
use crate::error::ApiError;
use crate::open::Api;
use crate::types::HintsAsk;

/// Where a text of a postmortem judges people, and what to write or ask instead. Places are counted in UTF-16 units.
pub fn hints(api: &Api, request: HintsAsk) -> Result<HintReport, ApiError> {
    bounds::bytes("text", request.text.len(), model::bounds::TEXT)?;
    let snapshot = api.snapshot(&request.doc)?;
    let directory = api.directory();
    let mut names: Vec<&str> = Vec::new();
    for participant in &snapshot.participants {
        names.push(&participant.name);
        let known = directory
            .people
            .iter()
            .find(|person| Some(&person.id) == participant.person.as_ref());
        if let Some(person) = known {
            names.extend([person.name.as_str(), &person.short_name, &person.handle]);
        }
    }
    let people = People::new(names.into_iter().filter(|name| !name.trim().is_empty()));
    let mut report = hints::check(&request.text, request.kind, &people);
    report.hints = hints::utf16(&request.text, report.hints);
    Ok(report)
}
