//! A review that another computer shares, in this window: while somebody is a guest there, what the page asks for goes to
//! that computer and to no workspace of this one. Nothing of it is written to this computer's disk.

mod changes;
mod link;
mod socket;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::error::{ApiError, ErrorCode};
use http_body_util::Full;
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tauri::async_runtime::JoinHandle;
use tauri::http::{HeaderValue, Method, header};
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::mpsc;

use crate::pipe::Page;
use link::Link;
use wire::Host;

/// Bytes of a command's answer.
const ANSWER: usize = 16 * 1024 * 1024;
/// Bytes of a short answer.
const SHORT: usize = 64 * 1024;
/// Images that a room may show; the window draws nothing else that comes from there.
const IMAGES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The room in which this window is a guest, if it is one.
#[derive(Default)]
pub struct Remote(Mutex<Rooms>);

#[derive(Default)]
struct Rooms {
    now: Option<Arc<Room>>,
    /// The one that was left last: whoever comes back at once is still the same guest.
    before: Option<Arc<Room>>,
}

impl Remote {
    fn lock(&self) -> MutexGuard<'_, Rooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room.
    pub fn room(&self) -> Option<Arc<Room>> {
        self.lock().now.clone()
    }

    /// The room, or the one that was left last.
    pub fn last_room(&self) -> Option<Arc<Room>> {
        let rooms = self.lock();
        rooms.now.as_ref().or(rooms.before.as_ref()).cloned()
    }

    /// The window shows this room from now on.
    pub fn enter(&self, room: Room) {
        self.lock().now = Some(Arc::new(room));
    }

    /// The window shows its own workspace again.
    pub fn leave(&self) {
        let mut rooms = self.lock();
        if let Some(room) = rooms.now.take() {
            room.forget_listener();
            rooms.before = Some(room);
        }
    }
}

/// A shared review and this guest's place in it.
pub struct Room {
    link: Link,
    host: Arc<Host>,
    cookie: HeaderValue,
    doc: String,
    /// Tells the page of changes; there is one page.
    telling: Mutex<Option<JoinHandle<()>>>,
}

/// The answer of `POST /join`.
#[derive(Deserialize)]
struct Joined {
    doc: String,
}

impl Room {
    /// Joins the review of a pasted link under a name. `plain` agrees to a meeting without encryption; `before` is the room
    /// that this window was in last.
    ///
    /// Errors: `Invalid` in the field `link`, `name` or `plain`; `Refused` when the room lets nobody in; `Unavailable` when
    /// the computer does not answer.
    pub async fn join(
        pasted: &str,
        name: &str,
        plain: bool,
        before: Option<Arc<Self>>,
    ) -> Result<Self, ApiError> {
        let link = Link::read(pasted, plain)?;
        let host = Host::new(&link)?;
        let known = before.filter(|room| room.link == link);
        let mut request = host.request(
            Method::POST,
            "/join",
            known.as_ref().map(|room| &room.cookie),
        );
        set_body(
            &mut request,
            "application/json",
            json!({ "secret": link.secret, "name": name })
                .to_string()
                .into(),
        );
        let answer = host.ask(request, SHORT).await?;
        let cookie = answer
            .headers
            .get(header::SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.split(';').next())
            .and_then(|pair| HeaderValue::from_str(pair).ok());
        let doc = serde_json::from_slice::<Joined>(&answer.body)
            .ok()
            .map(|joined| joined.doc)
            // It becomes part of addresses.
            .filter(|doc| {
                (1..=64).contains(&doc.len())
                    && doc
                        .bytes()
                        .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
            });
        let (Some(cookie), Some(doc)) = (cookie, doc) else {
            return Err(unreadable(&host));
        };
        Ok(Self {
            link,
            host: Arc::new(host),
            cookie,
            doc,
            telling: Mutex::default(),
        })
    }

    /// The postmortem that is reviewed.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// What the window is called meanwhile.
    pub fn title(&self) -> String {
        format!("Review at {} – Debrief", self.host.name())
    }

    /// Runs a command there.
    pub async fn call(&self, command: &str, request: &Value) -> Result<Value, ApiError> {
        if !command
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter == b'_')
        {
            return Err(ApiError::not_found("There is no such command."));
        }
        let body = request.to_string();
        let mut request =
            self.host
                .request(Method::POST, &format!("/rpc/{command}"), Some(&self.cookie));
        set_body(&mut request, "application/json", body.into());
        let answer = self.host.ask(request, ANSWER).await?;
        serde_json::from_slice(&answer.body).map_err(|_| unreadable(&self.host))
    }

    /// Tells the page of changes from now on, in place of any page before.
    pub fn listen(&self, page: Channel<InvokeResponseBody>) {
        let telling = tauri::async_runtime::spawn(changes::follow(
            Arc::clone(&self.host),
            self.cookie.clone(),
            page,
        ));
        self.tell(Some(telling));
    }

    /// Forgets who listens: their page is gone.
    pub fn forget_listener(&self) {
        self.tell(None);
    }

    fn tell(&self, next: Option<JoinHandle<()>>) {
        let mut telling = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *telling, next) {
            before.abort();
        }
    }

    /// Joins the document; the page's frames are put into the answer.
    pub async fn join_document(
        &self,
        doc: &str,
        page: Page,
    ) -> Result<mpsc::Sender<Vec<u8>>, ApiError> {
        if doc != self.doc {
            return Err(ApiError::not_found(
                "There is no such postmortem in this room.",
            ));
        }
        socket::join(&self.host, &self.cookie, doc, page).await
    }

    /// Keeps an image there; gives its hash.
    pub async fn put_image(&self, bytes: Vec<u8>) -> Result<String, ApiError> {
        #[derive(Deserialize)]
        struct Kept {
            hash: String,
        }
        api::bounds::bytes("body", bytes.len(), api::bounds::BLOB)?;
        let mut request = self.host.request(Method::POST, "/blob", Some(&self.cookie));
        set_body(&mut request, "application/octet-stream", bytes.into());
        let answer = self.host.ask(request, SHORT).await?;
        serde_json::from_slice::<Kept>(&answer.body)
            .map(|kept| kept.hash)
            .map_err(|_| unreadable(&self.host))
    }

    /// An image by its hash, with its type.
    pub async fn image(&self, hash: &str) -> Result<(String, Vec<u8>), ApiError> {
        let missing = || ApiError::not_found("This image is not here.");
        if hash.len() != 64 || !hash.bytes().all(|letter| letter.is_ascii_hexdigit()) {
            return Err(missing());
        }
        let request = self
            .host
            .request(Method::GET, &format!("/blob/{hash}"), Some(&self.cookie));
        let answer = self.host.ask(request, api::bounds::BLOB).await?;
        let digest: String = Sha256::digest(&answer.body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mime = answer
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|mime| {
                IMAGES
                    .iter()
                    .find(|known| known.as_bytes() == mime.as_bytes())
            })
            .filter(|_| digest.eq_ignore_ascii_case(hash))
            .ok_or_else(missing)?;
        Ok(((*mime).to_owned(), answer.body.to_vec()))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.forget_listener();
    }
}

fn set_body(request: &mut tauri::http::Request<Full<Bytes>>, kind: &'static str, body: Bytes) {
    *request.body_mut() = Full::new(body);
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
}

fn unreadable(host: &Host) -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        format!(
            "What the computer at {} answers cannot be read. Is it a newer Debrief? Ask the facilitator.",
            host.name()
        ),
    )
}
