//! What a guest's browser may ask of this computer. Nothing else answers on the port.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::Api;
use api::bounds;
use api::error::{ApiError, ErrorCode};
use api::guest::DEAR;
use api::handlers;
use api::types::{Encryption, RoomRight, ShareState};
use axum::body::{Body, HttpBody};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::header::HeaderMap;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use chrono::{DateTime, Utc};
use collab::Who;
use model::account::AccountRole;
use model::list::Changed;
use serde_json::Value;
use tokio::sync::watch;

mod join;

use super::guests::{Entered, Guests, MOST};
use super::invitation::{self, Invitation};
use super::line::{self, Line};
use super::tries::Tries;
use crate::http::access::{cookies, stranger};
use crate::http::answer::{Failure, with_safe_headers};
use crate::http::pages::{self, For};
use crate::http::{Screens, api_routes, events, pipe, told_to_stop};

/// Bytes of a request that carries no image.
const SMALL: usize = 64 * 1024;
/// How long the body of a request may take that carries no image.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the body of one with an image may take.
const IMAGE: Duration = Duration::from_secs(60);
/// Those who come in at once; as many wait as can be in the room.
const JOINS_AT_ONCE: usize = 4;
/// Costly commands of all guests together that run at once: others have threads to run on meanwhile.
const DEAR_AT_ONCE: usize = 8;

/// Where a room is; it is encrypted when there is a fingerprint of a certificate.
pub struct Place {
    /// The address with the true port.
    pub address: SocketAddr,
    /// SHA-256 in hexadecimal digits.
    pub fingerprint: Option<String>,
}

impl Place {
    /// What a guest types: scheme, address and port. A cookie is good there and nowhere else.
    pub fn typed(&self) -> String {
        format!("{}{}", scheme(self.fingerprint.is_some()), self.address)
    }
}

/// The meeting that is shared.
pub struct Shared {
    /// The postmortem.
    pub doc: String,
    /// When the meeting was opened: another one about the same postmortem is another meeting.
    pub started_at: DateTime<Utc>,
}

/// The room that is shared.
pub struct Room {
    api: Api,
    doc: String,
    started_at: DateTime<Utc>,
    address: SocketAddr,
    fingerprint: Option<String>,
    invitation: Arc<Mutex<Invitation>>,
    cookie: String,
    sockets: String,
    guests: Guests,
    tries: Mutex<Tries>,
    /// Where those wait who come in.
    joins: Line,
    /// Where all guests' costly commands wait.
    dear: Line,
    screens: Option<Screens>,
    /// Turns true when the sharing ends.
    closing: watch::Receiver<bool>,
    /// Every connection holds this.
    connections: Arc<()>,
}

impl Room {
    /// A room of a postmortem's meeting.
    pub fn new(
        api: Api,
        Shared { doc, started_at }: Shared,
        Place {
            address,
            fingerprint,
        }: Place,
        invitation: Arc<Mutex<Invitation>>,
        guests: Guests,
        screens: Option<Screens>,
        closing: watch::Receiver<bool>,
    ) -> Self {
        let secure = fingerprint.is_some();
        Self {
            // Cookies do not know ports: a meeting and “debrief serve” on one computer must not share a name. What came encrypted
            // is not replaced by anything that did not.
            cookie: format!(
                "{}debrief_room_{}",
                if secure { "__Host-" } else { "" },
                address.port()
            ),
            // A policy cannot name an IPv6 address; 'self' stands for it where a browser counts sockets as its own origin.
            sockets: if address.is_ipv6() {
                String::new()
            } else {
                format!("{}{address}", if secure { "wss://" } else { "ws://" })
            },
            api,
            doc,
            started_at,
            address,
            fingerprint,
            invitation,
            guests,
            tries: Mutex::default(),
            joins: Line::new(JOINS_AT_ONCE, MOST),
            dear: Line::new(DEAR_AT_ONCE, usize::MAX),
            screens,
            closing,
            connections: Arc::default(),
        }
    }

    /// The ways in as they are now.
    fn invitation(&self) -> MutexGuard<'_, Invitation> {
        self.invitation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the ways in that were known so far; who is in stays in.
    pub fn renew_invitation(&self) {
        *self.invitation() = Invitation::new();
        self.guests.keep();
    }

    fn link(&self, secret: &str) -> String {
        let pinned = self
            .fingerprint
            .as_ref()
            .map(|fingerprint| format!("&fp={fingerprint}"))
            .unwrap_or_default();
        let scheme = scheme(self.fingerprint.is_some());
        format!("{scheme}{}/#join={secret}{pinned}", self.address)
    }

    /// The postmortem.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// When its meeting was opened.
    pub fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// Whether the meeting is over, or no longer to be shared: whoever shared it may not any more, it has ended, another one about the postmortem has been opened, or it lies in the trash.
    /// Where that cannot be known it goes on.
    pub fn is_over(&self) -> bool {
        let gone = handlers::open_meeting(&self.api, &self.doc)
            .is_ok_and(|open| open.is_none_or(|open| open.started_at != self.started_at));
        gone || self
            .api
            .is_still(AccountRole::Facilitator, &self.doc)
            .is_ok_and(|still| !still)
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How what guests send and get travels.
    pub fn encryption(&self) -> Encryption {
        match self.fingerprint {
            Some(_) => Encryption::Own,
            None => Encryption::Plain,
        }
    }

    /// Who has joined.
    pub fn guests(&self) -> &Guests {
        &self.guests
    }

    /// Is held by every connection.
    pub fn open_connections(&self) -> Arc<()> {
        Arc::clone(&self.connections)
    }

    /// As the facilitator sees it.
    pub fn state(&self) -> ShareState {
        let Invitation { secret, code } = self.invitation().clone();
        let link = self.link(&secret);
        ShareState {
            doc: self.doc.clone(),
            address: self.address.ip().to_string(),
            port: self.address.port(),
            encryption: self.encryption(),
            typed: format!("{}{}", scheme(self.fingerprint.is_some()), self.address),
            code,
            fingerprint: self.fingerprint.clone(),
            qr: invitation::picture(&link),
            link,
            guests: self.guests.shown(),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        let usual = if self.fingerprint.is_some() { 443 } else { 80 };
        host == self.address.to_string()
            || (self.address.port() == usual && host == self.address.ip().to_string())
    }

    fn entered(&self, headers: &HeaderMap) -> Option<Entered> {
        cookies(headers)
            .find(|(name, _)| *name == self.cookie)
            .and_then(|(_, session)| self.guests.entered(session, &self.doc))
    }

    /// The workspace as a guest may use it.
    fn api_of(&self, entered: &Entered) -> Api {
        self.api.for_guest(Arc::clone(&entered.guest))
    }
}

fn scheme(secure: bool) -> &'static str {
    if secure { "https://" } else { "http://" }
}

/// Counts what a guest has open, as long as it is.
struct OpenPage {
    room: Arc<Room>,
    guest: String,
    _connection: Arc<()>,
}

impl OpenPage {
    fn new(room: &Arc<Room>, guest: &str) -> Self {
        if room.guests.count(guest, true) {
            room.api.tell_of_meeting(&room.doc);
        }
        Self {
            room: Arc::clone(room),
            guest: guest.to_owned(),
            _connection: room.open_connections(),
        }
    }

    /// Waits until what the guest has open is to be closed, and says why.
    async fn over(self, mut ends: watch::Receiver<()>) -> (u16, &'static str) {
        let mut closing = self.room.closing.clone();
        tokio::select! {
            () = told_to_stop(&mut closing) => (pipe::GOING_AWAY, "The meeting is no longer shared."),
            // Gone is the same: whoever opens it again is told what they may do now.
            _ = ends.changed() => (pipe::TRY_AGAIN, "What you may do here has changed."),
        }
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        if self.room.guests.count(&self.guest, false) {
            self.room.api.tell_of_meeting(&self.room.doc);
        }
    }
}

/// The routes of a room.
pub fn router(room: Arc<Room>) -> Router {
    let guarded = Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(follow))
        .route("/d/{doc}/ws", get(document))
        .route("/blob", post(put_blob))
        .route("/blob/{hash}", get(blob))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&room),
            require_guest,
        ));
    Router::new()
        .route("/join", post(join::join))
        .merge(guarded)
        .fallback(page)
        .layer(DefaultBodyLimit::max(SMALL))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&room),
            same_origin,
        ))
        .layer(middleware::map_response(with_safe_headers))
        .with_state(room)
}

/// Refuses requests that came under another name (DNS rebinding) or from another site's page.
async fn same_origin(State(room): State<Arc<Room>>, request: Request, next: Next) -> Response {
    let scheme = scheme(room.fingerprint.is_some());
    match stranger(&request, scheme, |host| room.is_ours(host)) {
        Some(message) => {
            Failure::new(StatusCode::FORBIDDEN, ErrorCode::Refused, message).into_response()
        }
        None => next.run(request).await,
    }
}

/// Lets through only guests; what comes after knows which.
async fn require_guest(
    State(room): State<Arc<Room>>,
    mut request: Request,
    next: Next,
) -> Response {
    match room.entered(request.headers()) {
        Some(entered) => {
            request.extensions_mut().insert(Arc::new(entered));
            next.run(request).await
        }
        None => Failure::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Refused,
            "You are not in this room. Join it with the link or the code.",
        )
        .into_response(),
    }
}

/// `POST /rpc/{command}`.
async fn rpc(
    State(room): State<Arc<Room>>,
    Extension(entered): Extension<Arc<Entered>>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Failure> {
    let request = in_time(PATIENCE, api_routes::asked(&headers, body, SMALL)).await?;
    let turn = if DEAR.contains(&command.as_str()) {
        let own = entered.lines.dear.turn().await?;
        (own, Some(room.dear.turn().await?))
    } else {
        (entered.lines.usual.turn().await?, None)
    };
    let answer = api_routes::blocking(&room.api_of(&entered), move |api| {
        // The turn lasts as long as the work, also when nobody waits for the answer any more.
        let _turn = turn;
        api.call(&command, request)
    })
    .await?;
    Ok(Json(answer))
}

/// Waits for a body so long and no longer.
async fn in_time<T>(
    patience: Duration,
    body: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout(patience, body)
        .await
        .unwrap_or_else(|_| {
            Err(Failure::new(
                StatusCode::REQUEST_TIMEOUT,
                ErrorCode::Unavailable,
                "This took too long to arrive. Try again.",
            ))
        })
}

/// `GET /events`: what changed about this postmortem and its meeting.
async fn follow(
    State(room): State<Arc<Room>>,
    Extension(entered): Extension<Arc<Entered>>,
) -> Response {
    let doc = room.doc.clone();
    let page = OpenPage::new(&room, &entered.id);
    let ends = entered.ends.clone();
    let over = async move {
        page.over(ends).await;
    };
    let wanted = move |changed: &Changed| match changed {
        Changed::Postmortem { doc: of } | Changed::Meeting { doc: of } => *of == doc,
        Changed::Directory | Changed::Published | Changed::Accounts { .. } | Changed::Replica => {
            false
        }
    };
    events::stream(&room.api, Box::new(wanted), Box::pin(over)).into_response()
}

/// `GET /d/{doc}/ws`: the document pipe.
async fn document(
    State(room): State<Arc<Room>>,
    Extension(entered): Extension<Arc<Entered>>,
    Path(doc): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Failure> {
    let live = api_routes::blocking(&room.api_of(&entered), move |api| api.live(&doc)).await?;
    let who = Who {
        person: Some(entered.guest.person.clone()),
        writable: entered.guest.right >= RoomRight::Editor,
    };
    let page = OpenPage::new(&room, &entered.id);
    let ends = entered.ends.clone();
    Ok(pipe::join(upgrade, live, who, page.over(ends)))
}

/// `POST /blob`: an image's bytes, from those who write.
async fn put_blob(
    State(room): State<Arc<Room>>,
    Extension(entered): Extension<Arc<Entered>>,
    body: Body,
) -> Result<Json<Value>, Failure> {
    entered.guest.may_write()?;
    let _turn = entered.lines.images.turn().await?;
    let most = bounds::BLOB as u64;
    let bytes = body.size_hint().exact().unwrap_or(most).min(most);
    let mut charge = Charge::new(&room, &entered.id, bytes)?;
    let answer = in_time(IMAGE, api_routes::keep(&room.api_of(&entered), body)).await?;
    charge.due = true;
    room.guests.keep();
    Ok(answer)
}

/// An image on its way here, which is counted before its bytes are read.
struct Charge<'a> {
    room: &'a Room,
    guest: &'a str,
    bytes: u64,
    /// It has arrived.
    due: bool,
}

impl<'a> Charge<'a> {
    fn new(room: &'a Room, guest: &'a str, bytes: u64) -> Result<Self, ApiError> {
        room.guests.charge_image(guest, bytes)?;
        Ok(Self {
            room,
            guest,
            bytes,
            due: false,
        })
    }
}

impl Drop for Charge<'_> {
    fn drop(&mut self) {
        if !self.due {
            self.room.guests.refund_image(self.guest, self.bytes);
        }
    }
}

/// `GET /blob/{hash}`: an image that the postmortem shows.
async fn blob(
    State(room): State<Arc<Room>>,
    Extension(entered): Extension<Arc<Entered>>,
    Path(hash): Path<String>,
) -> Result<Response, Failure> {
    let turn = entered.lines.views.turn().await?;
    let answer = api_routes::image(&room.api_of(&entered), hash).await?;
    line::until_sent(answer, turn, bounds::BLOB).await
}

/// Every other path: a file of the screens, or index.html.
async fn page(State(room): State<Arc<Room>>, method: Method, uri: Uri) -> Response {
    pages::of(
        room.screens.clone(),
        &method,
        &uri,
        &room.sockets,
        For::Guest,
    )
    .await
}
