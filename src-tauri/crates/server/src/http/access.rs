//! Who may ask: only pages that this server delivered, on this computer, opened with the printed link.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use api::error::ErrorCode;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Shared;
use super::answer::Failure;

/// The secrets of a running server and the names it answers to.
pub struct Access {
    token: String,
    cookie: String,
    session: String,
    hosts: Vec<String>,
    sockets: String,
}

impl Access {
    /// Access to a server on an address, by a secret.
    pub fn new(address: SocketAddr, token: String) -> Self {
        let port = address.port();
        let mut hosts: Vec<String> = [
            format!("localhost:{port}"),
            format!("127.0.0.1:{port}"),
            format!("[::1]:{port}"),
        ]
        .into();
        if !hosts.contains(&address.to_string()) {
            hosts.push(address.to_string());
        }
        if port == 80 {
            hosts.extend(["localhost".into(), "127.0.0.1".into(), "[::1]".into()]);
        }
        // A policy cannot name an IPv6 address; 'self' stands for it where a browser counts sockets as its own origin.
        let sockets = hosts
            .iter()
            .filter(|host| !host.starts_with('['))
            .map(|host| format!("ws://{host}"))
            .collect::<Vec<_>>()
            .join(" ");
        Self {
            sockets,
            session: session_of(&token),
            token,
            // Cookies do not know ports: two servers on one computer must not share a name.
            cookie: format!("debrief_{port}"),
            hosts,
        }
    }

    /// The addresses of the document pipe, for the policy of the page: not every browser counts them as its own origin.
    pub fn sockets(&self) -> &str {
        &self.sockets
    }

    fn admits(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let in_query = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .find_map(|pair| pair.strip_prefix("token="));
        if bearer
            .into_iter()
            .chain(in_query)
            .any(|given| same(given, &self.token))
        {
            return true;
        }
        cookies(headers).any(|(name, given)| name == self.cookie && same(given, &self.session))
    }

    fn is_ours(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(host))
    }
}

/// The body of `POST /session`.
#[derive(Deserialize)]
pub struct Token {
    token: String,
}

/// `POST /session`: the token of the link buys a cookie that scripts cannot read.
pub async fn open_session(
    State(shared): State<Shared>,
    body: Result<Json<Token>, JsonRejection>,
) -> Response {
    let access = shared.access();
    let Ok(Json(body)) = body else {
        return Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::Invalid,
            "A session is asked for with {\"token\": …} as application/json.",
        )
        .into_response();
    };
    if !same(&body.token, &access.token) {
        return unknown_visitor().into_response();
    }
    let cookie = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Strict",
        access.cookie, access.session
    );
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Lets through only those with a session or the token.
pub async fn require_session(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if shared.access().admits(request.headers(), request.uri()) {
        next.run(request).await
    } else {
        unknown_visitor().into_response()
    }
}

/// Refuses requests that came under another name (DNS rebinding) or from another site's page.
pub async fn same_origin(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let access = shared.access();
    match stranger(&request, "http://", |host| access.is_ours(host)) {
        Some(message) => {
            Failure::new(StatusCode::FORBIDDEN, ErrorCode::Refused, message).into_response()
        }
        None => next.run(request).await,
    }
}

/// Why a request does not come from a page of ours: `is_ours` knows our names, `scheme` is how our pages begin.
pub fn stranger(
    request: &Request,
    scheme: &str,
    is_ours: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let text = |name| {
        request
            .headers()
            .get(name)
            .map(|value: &HeaderValue| value.to_str().unwrap_or_default())
    };
    let host = text(header::HOST).or_else(|| {
        request
            .uri()
            .authority()
            .map(|authority| authority.as_str())
    });
    if !host.is_some_and(&is_ours) {
        return Some("This server answers only to the address it printed.");
    }
    let origin = text(header::ORIGIN);
    if origin.is_some_and(|origin| !origin.strip_prefix(scheme).is_some_and(&is_ours)) {
        return Some("This request comes from another site's page.");
    }
    None
}

fn unknown_visitor() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        ErrorCode::Refused,
        "This page has no session. Open the link that “debrief serve” printed.",
    )
}

/// The cookies of a request, by name and value.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// Whether two secrets are the same, taking equally long wherever they differ.
pub fn same(given: &str, secret: &str) -> bool {
    given.len() == secret.len()
        && given
            .bytes()
            .zip(secret.bytes())
            .fold(0, |differing, (given, secret)| differing | (given ^ secret))
            == 0
}

/// What the cookie of a session holds. Browsers hand cookies to every server on this computer, whatever its port, so it is
/// not the token of the link; it follows from the token, so that a page goes on when the server is back.
fn session_of(token: &str) -> String {
    let digest = Sha256::digest(format!("debrief session cookie\n{token}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The secret of this computer's links: made once and kept in the data folder for its owner's eyes alone, so that a page
/// that was open when the server ended goes on when it is back. Where it cannot be kept, a new one serves this time.
pub fn kept_secret(data_dir: &Path) -> String {
    let path = data_dir.join("serve-token");
    let kept = || {
        std::fs::read_to_string(&path)
            .ok()
            .filter(|kept| is_secret(kept))
    };
    if let Some(kept) = kept() {
        return kept;
    }
    let new = secret();
    match keep(&path, &new) {
        Ok(()) => new,
        // Another server that starts just now may have been first.
        Err(_) => kept().unwrap_or(new),
    }
}

fn keep(path: &Path, secret: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(secret.as_bytes())
}

fn is_secret(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// 244 random bits from the system, as hexadecimal digits.
pub fn secret() -> String {
    format!(
        "{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_each_address_once() {
        let access = Access::new(([127, 0, 0, 1], 7447).into(), secret());
        assert_eq!(
            access.sockets(),
            "ws://localhost:7447 ws://127.0.0.1:7447",
            "no address stands there twice"
        );
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same("abc", "abc"), "equal secrets open");
        for other in ["", "ab", "abcd", "abd", "Abc"] {
            assert!(!same(other, "abc"), "{other:?} is another secret");
        }
        assert_ne!(secret(), secret(), "every secret is new");
        assert_ne!(
            session_of("abc"),
            "abc",
            "a cookie does not hold the token of the link"
        );
        assert_eq!(
            session_of("abc"),
            session_of("abc"),
            "a page goes on with its cookie when the server is back"
        );
        assert!(is_secret(&secret()), "32 bytes in hexadecimal digits");
    }
}
