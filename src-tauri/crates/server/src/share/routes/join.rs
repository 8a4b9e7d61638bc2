//! `POST /join`.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use api::error::{ApiError, ErrorCode};
use api::handlers;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::json;

use super::{PATIENCE, Room, SMALL};
use crate::connections::Peer;
use crate::http::answer::Failure;
use crate::http::api_routes;

/// Seconds that a browser keeps the cookie, also when it is closed meanwhile: a meeting that nobody touches is over after a day.
const COOKIE: u32 = 24 * 3600;

/// The body of `POST /join`: the secret of the link or the code, and a name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Join {
    secret: String,
    code: String,
    name: String,
}

/// `POST /join`: a name and the link's secret, or the code, buy a cookie that scripts cannot read.
pub async fn join(
    State(room): State<Arc<Room>>,
    Extension(Peer(from)): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let asked = tokio::time::timeout(PATIENCE, to_bytes(body, SMALL))
        .await
        .ok()
        .and_then(Result::ok)
        .and_then(|body| serde_json::from_slice::<Join>(&body).ok())
        .ok_or_else(|| {
            Failure::from(ApiError::new(
                ErrorCode::Invalid,
                "Joining is asked for with {\"secret\": …, \"name\": …} as JSON.",
            ))
        })?;
    if let Some(answer) = refused_entry(&room, from, &asked) {
        return Ok(answer);
    }
    let again = room.entered(&headers).map(|entered| entered.id);
    let joined = Arc::clone(&room);
    let turn = room.joins.turn().await?;
    let session = api_routes::blocking(&room.api, move |api| {
        // The turn lasts as long as the work, also when nobody waits for the answer any more.
        let _turn = turn;
        let again = again.as_deref();
        let guests = &joined.guests;
        let name = handlers::guest_name(&asked.name)?;
        let _coming = guests.come_in(&name, again)?;
        let before = again.and_then(|id| guests.before(id));
        let taken = |person: &String| guests.is_taken(person, again);
        let may_add = || guests.add_person();
        let who = handlers::join_as(
            api,
            &joined.doc,
            joined.started_at(),
            &name,
            before.as_ref(),
            taken,
            may_add,
        )?;
        let admitted = guests.admit(&who, &name, again, api.now())?;
        let forgotten = handlers::forget_seats(api, &joined.doc, &admitted.left);
        api.tell_of_meeting(&joined.doc);
        forgotten.map(|()| admitted.session)
    })
    .await?;
    let secure = if room.fingerprint.is_some() {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{}={session}; Path=/; Max-Age={COOKIE}; HttpOnly; SameSite=Strict{secure}",
        room.cookie
    );
    Ok(match HeaderValue::from_str(&cookie) {
        Ok(cookie) => (
            [(header::SET_COOKIE, cookie)],
            Json(json!({ "doc": room.doc })),
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    })
}

/// Why somebody does not come in, when they have neither the secret nor the code.
fn refused_entry(room: &Room, from: IpAddr, asked: &Join) -> Option<Response> {
    if !asked.secret.is_empty() {
        let known = room.invitation().is_secret(&asked.secret);
        return (!known).then(|| {
            Failure::new(
                StatusCode::FORBIDDEN,
                ErrorCode::Refused,
                "This link is no longer good. Ask the facilitator for the new one.",
            )
            .into_response()
        });
    }
    let now = Instant::now();
    let mut tries = room.tries.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(wait) = tries.may(from, now) {
        let seconds = wait.as_secs() + 1;
        let failure = Failure::new(
            StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::Refused,
            &format!(
                "Too many wrong codes. Wait {seconds} seconds, or use the link or the picture instead."
            ),
        );
        return Some(([(header::RETRY_AFTER, seconds.to_string())], failure).into_response());
    }
    if room.invitation().is_code(&asked.code) {
        return None;
    }
    // An empty code is a page that asks whether it needs one.
    if !asked.code.trim().is_empty() {
        tries.wrong(from, now);
    }
    let error = ApiError::invalid(
        "code",
        "This is not the code of the room. It is on the shared screen: three letters and three digits.",
    );
    Some(Failure::from(error).into_response())
}
