//! Commands, images, previews and downloads.

use std::time::Duration;

use api::Api;
use api::bounds;
use api::error::{ApiError, ErrorCode};
use api::types::{ExportRequest, Exported};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::Shared;
use super::access::Asking;
use super::answer::{CLOSED_POLICY, Failure};

/// A request that carries no file, in bytes.
const SMALL: usize = 4 * 1024 * 1024;
/// A request with a file to import, or with edits of a replica: JSON may write a character as six.
const LARGE: usize = bounds::IMPORT + bounds::IMPORT / 4;

/// How long a request without a file may take to arrive.
const SHORT: Duration = Duration::from_secs(30);
/// How long one with a file may.
const LONG: Duration = Duration::from_secs(300);

/// The page of a preview may show its own styles and pictures and nothing else, and run nothing.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
                              base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/// `GET /healthz`: 200 as long as the server runs.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: 200 when the workspace can be read, else 503.
pub async fn ready(State(shared): State<Shared>) -> Result<&'static str, Failure> {
    blocking(shared.api(), |api| Ok(api.store().data_version()?)).await?;
    Ok("ready\n")
}

/// `POST /rpc/{command}`.
pub async fn rpc(
    Extension(asking): Extension<Asking>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Failure> {
    // Before anything is read that they may not ask for.
    asking.api.may_run(&command)?;
    let most = match command.as_str() {
        // One edit may be a whole postmortem.
        "import" | "replica_hand_in" | "replica_give_back" => LARGE,
        _ => SMALL,
    };
    let request = asked(&headers, body, most).await?;
    Ok(Json(
        asking.work(move |api| api.call(&command, request)).await?,
    ))
}

/// What a command is asked with, from a body of at most so many bytes.
pub async fn asked(headers: &HeaderMap, body: Body, most: usize) -> Result<Value, Failure> {
    // A form on another page can send every type but this one without asking first.
    let json_body = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| {
            kind.split(';')
                .next()
                .is_some_and(|kind| kind.trim() == "application/json")
        });
    if !json_body {
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::Invalid,
            "Commands are asked with content-type application/json.",
        ));
    }
    let body = whole(body, most).await?;
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&body).map_err(|error| {
        Failure::from(ApiError::new(
            ErrorCode::Invalid,
            format!("The request is not JSON: {error}."),
        ))
    })
}

/// `POST /blob`: an image's bytes.
pub async fn put_blob(
    Extension(asking): Extension<Asking>,
    body: Body,
) -> Result<Json<Value>, Failure> {
    asking.api.may_keep_images()?;
    let body = whole(body, bounds::BLOB).await?;
    let hash = asking.work(move |api| api.put_blob(&body)).await?;
    Ok(Json(json!({ "hash": hash })))
}

/// Keeps an image and tells its hash.
pub async fn keep(api: &Api, body: Body) -> Result<Json<Value>, Failure> {
    let body = whole(body, bounds::BLOB).await?;
    let hash = blocking(api, move |api| api.put_blob(&body)).await?;
    Ok(Json(json!({ "hash": hash })))
}

/// `GET /blob/{hash}`.
pub async fn blob(
    Extension(asking): Extension<Asking>,
    Path(hash): Path<String>,
) -> Result<Response, Failure> {
    picture(asking.work(move |api| api.blob(&hash)).await?)
}

/// An image by its hash.
pub async fn image(api: &Api, hash: String) -> Result<Response, Failure> {
    picture(blocking(api, move |api| api.blob(&hash)).await?)
}

fn picture(found: Option<(String, Vec<u8>)>) -> Result<Response, Failure> {
    match found {
        None => Err(ApiError::not_found("There is no such image here.").into()),
        Some((mime, bytes)) => Ok((
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_str(&mime).unwrap_or(BINARY),
                ),
                // The name is the content's hash: it can never mean anything else.
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("private, max-age=31536000, immutable"),
                ),
                (
                    header::CONTENT_SECURITY_POLICY,
                    HeaderValue::from_static(CLOSED_POLICY),
                ),
            ],
            bytes,
        )
            .into_response()),
    }
}

/// `GET /preview/{doc}`: the HTML export for the sandboxed frame. `{doc}.roles` has roles instead of names, and
/// `{doc}.roles.owners` names owners alone.
pub async fn preview(
    Extension(asking): Extension<Asking>,
    Path(doc): Path<String>,
) -> Result<Response, Failure> {
    let page = asking.work(move |api| api.preview(&doc)).await?;
    Ok((
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(PREVIEW_POLICY),
            ),
            (
                header::X_FRAME_OPTIONS,
                HeaderValue::from_static("SAMEORIGIN"),
            ),
        ],
        page,
    )
        .into_response())
}

/// `GET /download/{doc}.{md|html|json}`, with `.roles` or `.roles.owners` before the format as in previews.
pub async fn download(
    Extension(asking): Extension<Asking>,
    Path(file): Path<String>,
) -> Result<Response, Failure> {
    let Some((doc, format)) = file
        .rsplit_once('.')
        .map(|(doc, format)| (doc.to_owned(), format.to_owned()))
    else {
        return Err(ApiError::not_found("Downloads are named ID.md, ID.html or ID.json.").into());
    };
    let exported: Exported = asking
        .work(move |api| {
            let (doc, anonymise, keep_owners) = api::handlers::asked(&doc);
            let asked = ExportRequest {
                doc: doc.to_owned(),
                format,
                preview: false,
                anonymise,
                keep_owners,
            };
            let kind = asked.format.clone();
            let exported = api::handlers::export(api, asked)?;
            api.note("exported a postmortem", Some(doc), &kind);
            Ok(exported)
        })
        .await?;
    let disposition = format!(
        "attachment; filename=\"{}\"",
        plain_file_name(&exported.file_name)
    );
    Ok((
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_str(&exported.mime).unwrap_or(BINARY),
            ),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_str(&disposition)
                    .unwrap_or(HeaderValue::from_static("attachment")),
            ),
        ],
        exported.text,
    )
        .into_response())
}

const BINARY: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Runs what may wait for the disk off the threads that serve connections.
pub async fn blocking<T: Send + 'static>(
    api: &Api,
    work: impl FnOnce(&Api) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, Failure> {
    let api = api.clone();
    match tokio::task::spawn_blocking(move || work(&api)).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(ApiError::new(
            ErrorCode::Internal,
            "Debrief failed at this. Please report it.",
        )
        .into()),
    }
}

async fn whole(body: Body, most: usize) -> Result<Bytes, Failure> {
    let patience = if most > SMALL { LONG } else { SHORT };
    let read = tokio::time::timeout(patience, to_bytes(body, most)).await;
    let read = read.map_err(|_| {
        Failure::new(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::Unavailable,
            "This took too long to arrive. Try again.",
        )
    })?;
    read.map_err(|_| {
        Failure::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::Invalid,
            &if most < 1024 * 1024 {
                format!(
                    "This is too large: at most {} kB are taken here.",
                    most / 1024
                )
            } else {
                format!(
                    "This is too large: at most {} MB are taken here.",
                    most / (1024 * 1024)
                )
            },
        )
    })
}

/// A file name that no header and no file system trips over.
fn plain_file_name(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.') {
                letter
            } else {
                '-'
            }
        })
        .collect()
}
