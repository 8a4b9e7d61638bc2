//! Who may ask. A workspace that is served to one person: pages that this server delivered, on this computer, opened with the
//! printed link. One that is served to a team: whoever has a session of an account.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use api::Api;
use api::account::secret;
use api::error::{ApiError, ErrorCode};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Shared;
use super::answer::Failure;
use super::api_routes::blocking;
use super::origin::Origin;
use super::turns::{Turn, Turns};
use crate::connections::Peer;

/// Seconds that a browser keeps the cookie of an account's session.
const COOKIE: u32 = 60 * 24 * 3600;

/// The secrets of a running server and the names it answers to.
pub struct Access {
    way: Way,
    /// Names the cookie of a session.
    cookie: String,
    /// How our pages begin: `http://` or `https://`.
    scheme: &'static str,
    hosts: Vec<String>,
    sockets: String,
    proxies: Arc<[IpAddr]>,
}

/// How one comes in.
enum Way {
    /// By the printed link.
    Link { token: String, session: String },
    /// By an account's session.
    Accounts,
}

/// Whoever asks.
#[derive(Clone)]
pub struct Asking {
    /// The workspace as they may use it.
    pub api: Api,
    /// The secret of their session, to ask again whether it is still good; absent when the printed link opened it.
    pub session: Option<Arc<str>>,
    /// From where they ask.
    pub address: Arc<str>,
    /// Where their requests wait.
    pub turns: Arc<Turns>,
    /// Their turn, once it has come.
    pub turn: Option<Turn>,
}

impl Asking {
    /// Does work for them off the threads that serve connections, as what they may do and see by then: a request may have taken
    /// long to arrive. Their turn lasts as long as the work, also when nobody waits for the answer any more.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Api) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, Failure> {
        let asking = self.clone();
        let done = blocking(&self.api, move |_| {
            let _turn = asking.turn;
            let api = match &asking.session {
                None => Some(asking.api),
                Some(session) => asking.api.signed_in(session, &asking.address)?,
            };
            Ok(api.map(|api| work(&api)))
        });
        match done.await? {
            Some(done) => Ok(done?),
            None => Err(signed_out()),
        }
    }
}

impl Access {
    /// Access by the printed link, to a server on an address of this computer alone.
    pub fn by_link(address: SocketAddr, token: String) -> Self {
        let hosts = own_hosts(address);
        Self {
            sockets: sockets("ws://", &hosts),
            way: Way::Link {
                session: session_of(&token),
                token,
            },
            // Cookies do not know ports: two servers on one computer must not share a name.
            cookie: format!("debrief_{}", address.port()),
            scheme: "http://",
            hosts,
            proxies: Arc::default(),
        }
    }

    /// Access by accounts, to a server that people find at `origin`. `proxies` are believed when they say from where somebody
    /// asks.
    pub fn by_accounts(origin: &Origin, proxies: Arc<[IpAddr]>) -> Self {
        let hosts = vec![origin.host().to_owned()];
        let secure = origin.is_secure();
        Self {
            way: Way::Accounts,
            sockets: sockets(if secure { "wss://" } else { "ws://" }, &hosts),
            // What came encrypted is not replaced by anything that did not.
            cookie: format!(
                "{}debrief_team_{}",
                if secure { "__Host-" } else { "" },
                origin.port()
            ),
            scheme: origin.scheme(),
            hosts,
            proxies,
        }
    }

    /// The addresses of the document pipe, for the policy of the page: not every browser counts them as its own origin.
    pub fn sockets(&self) -> &str {
        &self.sockets
    }

    /// Whether people come in by their accounts.
    pub fn is_for_a_team(&self) -> bool {
        matches!(self.way, Way::Accounts)
    }

    /// The secrets that a request holds.
    fn secrets<'r>(&self, headers: &'r HeaderMap) -> (Option<&'r str>, Vec<&'r str>) {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let kept = cookies(headers)
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
            .collect();
        (bearer, kept)
    }

    fn admits(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let Way::Link { token, session } = &self.way else {
            return false;
        };
        let (bearer, kept) = self.secrets(headers);
        let in_query = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .find_map(|pair| pair.strip_prefix("token="));
        bearer
            .into_iter()
            .chain(in_query)
            .any(|given| same(given, token))
            || kept.into_iter().any(|given| same(given, session))
    }

    fn is_ours(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(host))
    }

    /// The header that makes a browser keep a session, or forget it when there is none.
    pub fn keep_session(&self, session: Option<&str>) -> Option<HeaderValue> {
        let secure = if self.scheme == "https://" {
            "; Secure"
        } else {
            ""
        };
        let (value, age) = match session {
            Some(session) => (session, COOKIE),
            None => ("", 0),
        };
        HeaderValue::from_str(&format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}",
            self.cookie
        ))
        .ok()
    }

    /// From where a request comes: a proxy of ours says so in the last address that it added to `X-Forwarded-For`.
    pub fn asked_from(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.proxies.contains(&peer) {
            return peer;
        }
        let told: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        // What stands before was told by somebody who may not be believed.
        told.iter()
            .rev()
            .map_while(|address| address.trim().parse::<IpAddr>().ok())
            .map(|address| address.to_canonical())
            .find(|address| !self.proxies.contains(address))
            .unwrap_or(peer)
    }
}

/// The names of this computer itself.
fn own_hosts(address: SocketAddr) -> Vec<String> {
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
    hosts
}

/// A policy cannot name an IPv6 address; 'self' stands for it where a browser counts sockets as its own origin.
fn sockets(scheme: &str, hosts: &[String]) -> String {
    hosts
        .iter()
        .filter(|host| !host.starts_with('['))
        .map(|host| format!("{scheme}{host}"))
        .collect::<Vec<_>>()
        .join(" ")
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
    let Way::Link { token, session } = &access.way else {
        return unknown_visitor(access).into_response();
    };
    if !same(&body.token, token) {
        return unknown_visitor(access).into_response();
    }
    let cookie = format!(
        "{}={session}; Path=/; HttpOnly; SameSite=Strict",
        access.cookie
    );
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Lets through only those with a session or the token; what comes after knows who it is.
pub async fn require_session(
    State(shared): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    mut request: Request,
    next: Next,
) -> Response {
    let access = shared.access();
    let asking = match &access.way {
        Way::Link { .. } => access
            .admits(request.headers(), request.uri())
            .then(|| Asking {
                api: shared.api().clone(),
                session: None,
                address: "".into(),
                turns: shared.turns().of_the_host(),
                turn: None,
            }),
        Way::Accounts => match of_account(&shared, peer, request.headers()).await {
            Ok(asking) => asking,
            Err(failure) => return failure.into_response(),
        },
    };
    match asking {
        Some(asking) => {
            // A browser forgets a cookie when nobody says anew how long it is good.
            let renewed = asking
                .session
                .as_deref()
                .filter(|_| asking.api.account().is_some_and(|account| account.touched))
                .filter(|_| !request.headers().contains_key(header::AUTHORIZATION))
                .and_then(|session| access.keep_session(Some(session)));
            request.extensions_mut().insert(asking);
            let mut response = next.run(request).await;
            if let Some(cookie) = renewed {
                response
                    .headers_mut()
                    .entry(header::SET_COOKIE)
                    .or_insert(cookie);
            }
            response
        }
        None => unknown_visitor(access).into_response(),
    }
}

/// The account whose session a request holds.
async fn of_account(
    shared: &Shared,
    peer: IpAddr,
    headers: &HeaderMap,
) -> Result<Option<Asking>, Failure> {
    let access = shared.access();
    let (bearer, kept) = access.secrets(headers);
    let address: Arc<str> = access.asked_from(peer, headers).to_string().into();
    // A browser may send a cookie that was kept for another path as well.
    for secret in bearer.into_iter().chain(kept).take(4) {
        if !is_secret(secret) {
            continue;
        }
        let secret: Arc<str> = secret.into();
        let (asked, from) = (Arc::clone(&secret), Arc::clone(&address));
        let found = blocking(shared.api(), move |api| api.signed_in(&asked, &from)).await?;
        if let Some(api) = found {
            let turns = api
                .account()
                .map(|account| shared.turns().of(&account.account))
                .unwrap_or_default();
            return Ok(Some(Asking {
                api,
                session: Some(secret),
                address,
                turns,
                turn: None,
            }));
        }
    }
    Ok(None)
}

/// Refuses requests that came under another name (DNS rebinding) or from another site's page.
pub async fn same_origin(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let access = shared.access();
    match stranger(&request, access.scheme, |host| access.is_ours(host)) {
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

fn unknown_visitor(access: &Access) -> Failure {
    match access.way {
        Way::Link { .. } => Failure::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Refused,
            "This page has no session. Open the link that “debrief serve” printed.",
        ),
        Way::Accounts => signed_out(),
    }
}

fn signed_out() -> Failure {
    Failure::new(
        StatusCode::UNAUTHORIZED,
        ErrorCode::Refused,
        "You are not signed in here, or no longer. Open your invitation, or ask an admin of this workspace for a new one.",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_each_address_once() {
        let access = Access::by_link(([127, 0, 0, 1], 7447).into(), secret());
        assert_eq!(
            access.sockets(),
            "ws://localhost:7447 ws://127.0.0.1:7447",
            "no address stands there twice"
        );
    }

    #[test]
    fn a_proxy_is_believed_and_nobody_else() {
        let origin = Origin::read("https://debrief.example.org").expect("an address");
        let proxy: IpAddr = [127, 0, 0, 1].into();
        let access = Access::by_accounts(&origin, [proxy].into());
        let from = |peer: IpAddr, told: &[&str]| {
            let mut headers = HeaderMap::new();
            for told in told {
                headers.append("x-forwarded-for", told.parse().expect("a header"));
            }
            access.asked_from(peer, &headers).to_string()
        };
        assert_eq!(
            from([192, 0, 2, 7].into(), &["198.51.100.1"]),
            "192.0.2.7",
            "whoever is no proxy says nothing of others"
        );
        assert_eq!(
            from(proxy, &["203.0.113.9, 198.51.100.1"]),
            "198.51.100.1",
            "the proxy's own word is the last one"
        );
        assert_eq!(
            from(proxy, &["203.0.113.9", "198.51.100.2, 127.0.0.1"]),
            "198.51.100.2",
            "a second proxy of ours is passed over"
        );
        assert_eq!(
            from(proxy, &["nonsense"]),
            "127.0.0.1",
            "nonsense says nothing"
        );
        assert_eq!(from(proxy, &[]), "127.0.0.1", "nor does silence");
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
