//! Answers: errors as JSON with a fitting status, and the headers that every answer carries.

use api::error::{ApiError, ErrorCode};
use axum::Json;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// For everything that is no page: it can load nothing, run nothing and be framed by nobody.
pub const CLOSED_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// An error of a command or a route, as a status and a body that both the UI and a person can read.
pub struct Failure(pub StatusCode, pub ApiError);

impl Failure {
    /// A refusal that is not about the request's content.
    pub fn new(status: StatusCode, code: ErrorCode, message: &str) -> Self {
        Self(status, ApiError::new(code, message))
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let status = match error.code {
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::Conflict => StatusCode::CONFLICT,
            ErrorCode::Refused => StatusCode::FORBIDDEN,
            ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self(status, error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

/// Adds what every answer must say, unless the route said it more exactly.
pub async fn with_safe_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    set_missing(headers, header::CONTENT_SECURITY_POLICY, CLOSED_POLICY);
    set_missing(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set_missing(headers, header::REFERRER_POLICY, "no-referrer");
    set_missing(headers, header::X_FRAME_OPTIONS, "DENY");
    set_missing(headers, header::CACHE_CONTROL, "no-store");
    set_missing(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set_missing(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set_missing(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    );
    response
}

fn set_missing(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers
        .entry(name)
        .or_insert(HeaderValue::from_static(value));
}
