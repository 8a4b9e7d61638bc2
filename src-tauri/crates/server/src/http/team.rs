//! How one comes into a workspace that is served to a team: by an invitation, once.

use std::time::Duration;

use api::Api;
use api::error::{ApiError, ErrorCode};
use api::handlers;
use api::types::IdRef;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use model::list::Changed;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::access::Asking;
use super::answer::Failure;
use super::api_routes::blocking;
use super::{Shared, pipe};
use crate::connections::Peer;

/// Bytes of a request.
const SMALL: usize = 16 * 1024;
/// How long its body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body of the requests about an invitation.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    secret: String,
    name: String,
    device: String,
    /// The session is to be answered and not kept as a cookie: for programs.
    bearer: bool,
}

async fn asked(body: Body) -> Result<Asked, Failure> {
    tokio::time::timeout(PATIENCE, to_bytes(body, SMALL))
        .await
        .ok()
        .and_then(Result::ok)
        .and_then(|body| serde_json::from_slice(&body).ok())
        .ok_or_else(|| {
            Failure::from(ApiError::new(
                ErrorCode::Invalid,
                "An invitation is accepted with {\"secret\": …, \"name\": …, \"device\": …} as JSON.",
            ))
        })
}

/// `POST /invitation/look`: what an invitation is for, which it stays good for.
pub async fn look(State(shared): State<Shared>, body: Body) -> Result<Json<Value>, Failure> {
    let asked = asked(body).await?;
    let _turn = shared.comings().turn().await?;
    blocking(shared.api(), move |api| {
        let found = handlers::invitation(api, &asked.secret)?;
        let workspace = api
            .workspace()
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(Json(json!({
            "workspace": workspace.unwrap_or_default(),
            "name": found.name,
            "known": found.known,
            "role": found.role,
        })))
    })
    .await
}

/// `POST /invitation/accept`: an invitation buys a session, once: a cookie that scripts cannot read, or for programs the secret
/// itself.
pub async fn accept(
    State(shared): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let Asked {
        secret,
        name,
        device,
        bearer,
    } = asked(body).await?;
    let from = shared.access().asked_from(peer, &headers).to_string();
    let _turn = shared.comings().turn().await?;
    let session = blocking(shared.api(), move |api| {
        handlers::accept_invitation(api, &secret, &name, &device, &from)
    })
    .await?;
    tracing::info!(from = %shared.access().asked_from(peer, &headers), "signed in");
    if bearer {
        return Ok(Json(json!({ "session": session })).into_response());
    }
    Ok(match shared.access().keep_session(Some(&session)) {
        Some(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    })
}

/// `POST /sign-out`: ends the session that asks.
pub async fn sign_out(
    State(shared): State<Shared>,
    Extension(asking): Extension<Asking>,
) -> Result<Response, Failure> {
    let end = |api: &Api| {
        let session = api.account().map(|account| account.session.clone());
        match session {
            Some(id) => {
                handlers::session_end(api, IdRef { id })?;
                api.note("signed out", None, "");
                Ok(())
            }
            None => Ok(()),
        }
    };
    asking.work(end).await?;
    Ok(match shared.access().keep_session(None) {
        Some(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Waits until what somebody has open is to be closed, because their session has ended or they may do or see something else
/// than before. Nobody's rights change who opened the printed link.
pub async fn until_rights_change(asking: Asking) -> (u16, &'static str) {
    let Some(session) = asking.session.clone() else {
        return std::future::pending().await;
    };
    // One word is enough: whoever looks sees everything that happened until then.
    let (tell, mut told) = mpsc::channel(1);
    let mine = asking
        .api
        .account()
        .map(|account| account.account.clone())
        .unwrap_or_default();
    let subscription = asking.api.subscribe(move |changed| {
        if let Changed::Accounts { account } = changed
            && account.as_ref().is_none_or(|account| *account == mine)
        {
            let _ = tell.try_send(());
        }
    });
    loop {
        // What changed before somebody listened is seen by the first look.
        let (session, from) = (session.clone(), asking.address.clone());
        let now = blocking(&asking.api, move |api| api.signed_in(&session, &from)).await;
        match now {
            Ok(None) => return (pipe::TRY_AGAIN, "You are no longer signed in."),
            Ok(Some(now)) if !now.has_rights_of(&asking.api) => {
                return (pipe::TRY_AGAIN, "What you may do here has changed.");
            }
            // Where it cannot be known it goes on until it can.
            _ => {}
        }
        if told.recv().await.is_none() {
            drop(subscription);
            return std::future::pending().await;
        }
    }
}
