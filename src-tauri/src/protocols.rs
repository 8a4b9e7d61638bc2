//! What the page loads by address: images of the workspace or of the room, and previews of exports for a sandboxed frame.

use std::sync::Arc;

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::remote::{Remote, Room};
use crate::workspace::Workspace;

/// `debrief-blob://localhost/<hash>`
pub const BLOB: &str = "debrief-blob";
/// `debrief-preview://localhost/<postmortem>`
pub const PREVIEW: &str = "debrief-preview";

/// An export carries its own styles and images and needs nothing else.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; \
     base-uri 'none'; form-action 'none'";

/// Serves an image. Blobs never change: their address is their hash. Those of another computer's review are not kept.
pub fn blob<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    answer(
        &context,
        request,
        responder,
        |room, hash| match tauri::async_runtime::block_on(room.image(hash)) {
            Ok((mime, bytes)) => respond(
                StatusCode::OK,
                &mime,
                &[(header::CACHE_CONTROL, "no-store")],
                bytes,
            ),
            Err(problem) => plain(StatusCode::NOT_FOUND, problem.message),
        },
        |workspace, hash| match workspace.current().api.blob(hash) {
            Ok(Some((mime, bytes))) => respond(
                StatusCode::OK,
                &mime,
                &[(
                    header::CACHE_CONTROL,
                    "private, max-age=31536000, immutable",
                )],
                bytes,
            ),
            Ok(None) => plain(StatusCode::NOT_FOUND, "This image is not here.".into()),
            Err(problem) => plain(StatusCode::NOT_FOUND, problem.message),
        },
    );
}

/// Serves the HTML export of a postmortem, which may load nothing and run nothing.
pub fn preview<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    answer(
        &context,
        request,
        responder,
        |_, _| {
            plain(
                StatusCode::NOT_FOUND,
                "Guests of a review do not export it.".into(),
            )
        },
        |workspace, doc| match workspace.current().api.preview(doc) {
            Ok(html) => respond(
                StatusCode::OK,
                "text/html; charset=utf-8",
                &[
                    (header::CACHE_CONTROL, "no-store"),
                    (header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY),
                ],
                html.into_bytes(),
            ),
            Err(problem) => plain(StatusCode::NOT_FOUND, problem.message),
        },
    );
}

fn answer<R: Runtime>(
    context: &UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
    there: impl FnOnce(&Room, &str) -> Response<Vec<u8>> + Send + 'static,
    here: impl FnOnce(&Workspace, &str) -> Response<Vec<u8>> + Send + 'static,
) {
    let app = context.app_handle();
    let workspace = Arc::clone(&app.state::<Arc<Workspace>>());
    let room = app.state::<Arc<Remote>>().room();
    tauri::async_runtime::spawn_blocking(move || {
        let name = request.uri().path().trim_start_matches('/');
        responder.respond(match room {
            Some(room) => there(&room, name),
            None => here(&workspace, name),
        });
    });
}

fn plain(status: StatusCode, sentence: String) -> Response<Vec<u8>> {
    respond(
        status,
        "text/plain; charset=utf-8",
        &[],
        sentence.into_bytes(),
    )
}

fn respond(
    status: StatusCode,
    mime: &str,
    headers: &[(header::HeaderName, &str)],
    body: Vec<u8>,
) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let fixed = [
        (header::CONTENT_TYPE, mime),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed.iter().chain(headers) {
        if let Ok(value) = header::HeaderValue::from_str(value) {
            response.headers_mut().insert(name.clone(), value);
        }
    }
    response
}
