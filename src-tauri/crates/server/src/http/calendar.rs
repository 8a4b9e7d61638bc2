//! Private calendar addresses: whoever knows the secret in the path reads the open action items of its person, and nothing else.

use api::handlers;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;
use super::answer::Failure;

/// `GET /calendar/{secret}.ics`. An address that opens nothing is not there, whatever the reason.
pub async fn calendar(State(shared): State<Shared>, Path(file): Path<String>) -> Response {
    let Some(secret) = file.strip_suffix(".ics").map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let api = shared.api().clone();
    let made = tokio::task::spawn_blocking(move || {
        let now = api.now();
        handlers::reminders::calendar(&api, &secret, now)
    });
    match made.await {
        Ok(Ok(Some(calendar))) => (
            [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (
                    header::CONTENT_DISPOSITION,
                    "inline; filename=\"action-items.ics\"",
                ),
            ],
            calendar,
        )
            .into_response(),
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(error)) => Failure::from(error).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
