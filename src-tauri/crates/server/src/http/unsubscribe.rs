//! Where a mail's link leads that changes its reader to the weekly digest, without an account. Looking changes nothing: programs
//! that look at links in mails must not unsubscribe people.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Shared;

/// Our own words, one button, and nothing else.
const POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ASK: &str = "<h1>Only one digest a week?</h1><p>Debrief then sends you one mail a week with your action items that are due or overdue, \
    and no reminders on other days.</p><form method=\"post\"><button>Only the weekly digest</button></form>";
const DONE: &str = "<h1>Only the weekly digest from now on</h1><p>Anybody in the workspace can change that again in its settings, at your \
    name.</p>";

/// `GET /unsubscribe/{person}/{proof}`: a page with a button.
pub async fn look(
    State(shared): State<Shared>,
    Path((person, proof)): Path<(String, String)>,
) -> Response {
    match known(&shared, &person, &proof) {
        Some(_) => page(ASK),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `POST /unsubscribe/{person}/{proof}`: does it, also for mail programs that ask without showing the page (RFC 8058).
pub async fn change(
    State(shared): State<Shared>,
    Path((person, proof)): Path<(String, String)>,
) -> Response {
    let Some(person) = known(&shared, &person, &proof) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let api = shared.api().clone();
    match tokio::task::spawn_blocking(move || api.digest_alone(&person)).await {
        Ok(Ok(())) => page(DONE),
        Ok(Err(error)) => super::answer::Failure::from(error).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn known(shared: &Shared, person: &str, proof: &str) -> Option<String> {
    shared.addresses()?.person(person, proof)
}

fn page(body: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Reminders from Debrief</title></head><body><main>{body}</main></body></html>"
    );
    (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
        ],
        page,
    )
        .into_response()
}
