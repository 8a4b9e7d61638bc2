//! A review that another computer shares, in this window: while somebody is a guest there, what the page asks for goes to
//! that computer and to no workspace of this one. Nothing of it is written to this computer’s disk but edits that could not be
//! sent yet, which the page keeps until they are, and the cookie by which this guest is known.

mod changes;
pub mod kept;
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
use kept::Known;
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
pub struct Remote(Mutex<Option<Arc<Room>>>);

impl Remote {
    fn lock(&self) -> MutexGuard<'_, Option<Arc<Room>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room.
    pub fn room(&self) -> Option<Arc<Room>> {
        self.lock().clone()
    }

    /// The window shows this room from now on.
    pub fn enter(&self, room: Room) {
        *self.lock() = Some(Arc::new(room));
    }

    /// The window shows its own workspace again.
    pub fn leave(&self) {
        if let Some(room) = self.lock().take() {
            room.forget_listener();
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
    /// Joins the review of a pasted link under a name. `plain` agrees to a meeting without encryption; `before` is who this
    /// window was in a room last.
    ///
    /// Errors: `Invalid` in the field `link`, `name` or `plain`; `Refused` when the room lets nobody in; `Unavailable` when
    /// the computer does not answer.
    pub async fn join(
        pasted: &str,
        name: &str,
        plain: bool,
        before: Option<Known>,
    ) -> Result<Self, ApiError> {
        let link = Link::read(pasted, plain)?;
        let host = Host::new(&link)?;
        let known = before.and_then(|before| before.cookie_for(&link));
        let mut request = host.request(Method::POST, "/join", known.as_ref());
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

    /// By what this guest is known there.
    pub fn known(&self) -> Option<Known> {
        Known::new(&self.link, &self.cookie)
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A computer that answers the first request with these bytes; gives its port, and what it was asked.
    fn answering(answer: Vec<u8>) -> (u16, std::thread::JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a guest");
            let mut asked = vec![0; 4096];
            let length = stream.read(&mut asked).unwrap_or_default();
            asked.truncate(length);
            // The guest may have heard enough before all is said.
            let _ = stream.write_all(&answer);
            asked
        });
        (port, asked)
    }

    fn join(link: &str) -> Result<Room, ApiError> {
        tauri::async_runtime::block_on(Room::join(link, "Debby", true, None))
    }

    fn refusal(link: &str) -> ApiError {
        join(link).err().expect("nobody joins this")
    }

    #[test]
    fn a_guest_goes_nowhere_else_than_to_the_computer_of_the_link() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
        elsewhere.set_nonblocking(true).expect("it can be asked");
        let there = elsewhere.local_addr().expect("its address");
        let answer = format!(
            "HTTP/1.1 307 Go\r\nlocation: http://{there}/join\r\ncontent-length: 0\r\n\r\n"
        );
        let (port, asked) = answering(answer.into_bytes());
        let error = refusal(&format!("http://127.0.0.1:{port}/#join=0a1b"));
        assert!(error.message.contains("status 307"), "it is told: {error}");
        assert!(elsewhere.accept().is_err(), "nobody was sent there");
        let asked = asked.join().expect("it was asked");
        let asked = String::from_utf8_lossy(&asked);
        assert!(
            asked.starts_with("POST /join HTTP/1.1\r\n")
                && asked.contains(&format!("host: 127.0.0.1:{port}\r\n")),
            "under the name that is in the link: {asked}"
        );
    }

    #[test]
    fn who_is_asked_for_encryption_and_has_none_learns_nothing() {
        let (port, asked) = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec());
        let pin = "0".repeat(64);
        let error = refusal(&format!("https://127.0.0.1:{port}/#join=5ecret&fp={pin}"));
        assert_eq!(
            error.code,
            ErrorCode::Unavailable,
            "it is no answer: {error}"
        );
        let asked = asked.join().expect("it was asked");
        assert!(
            !asked.windows(6).any(|part| part == b"5ecret"),
            "the secret did not travel"
        );
    }

    #[test]
    fn what_answers_and_is_no_review_is_told() {
        let long = "x".repeat(SHORT + 1);
        for (body, word) in [
            ("{}".to_owned(), "cannot be read"),
            (r#"{"doc":"../../etc"}"#.to_owned(), "cannot be read"),
            (r#"{"doc":"0a"}"#.to_owned(), "cannot be read"),
            (long, "too large"),
        ] {
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let (port, _) = answering(answer.into_bytes());
            let error = refusal(&format!("http://127.0.0.1:{port}/#join=0a1b"));
            assert!(error.message.contains(word), "{word}: {error}");
        }
        let refused = r#"{"code":"invalid","message":"That name is taken here.","field":"name"}"#;
        let answer = format!(
            "HTTP/1.1 422 No\r\ncontent-length: {}\r\n\r\n{refused}",
            refused.len()
        );
        let (port, _) = answering(answer.into_bytes());
        let error = refusal(&format!("http://127.0.0.1:{port}/#join=0a1b"));
        assert_eq!(
            error.field.as_deref(),
            Some("name"),
            "the host's own words come through"
        );
    }

    #[test]
    fn nobody_at_home_is_told_in_a_sentence() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        drop(listener);
        let error = refusal(&format!("http://127.0.0.1:{port}/#join=0a1b"));
        assert!(
            error.message.contains("127.0.0.1 does not answer"),
            "with the computer's name: {error}"
        );
    }

    #[test]
    fn a_room_gives_its_own_document_and_pictures_alone() {
        let body = r#"{"doc":"0a"}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\nset-cookie: room=1; Path=/\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (port, _) = answering(answer.into_bytes());
        let room = join(&format!("http://127.0.0.1:{port}/#join=0a1b")).expect("it lets guests in");
        let not_found =
            |error: Option<ApiError>| error.map(|error| error.code) == Some(ErrorCode::NotFound);
        let call = |name: &str| tauri::async_runtime::block_on(room.call(name, &Value::Null)).err();
        assert!(
            not_found(call("../join")),
            "a command is a word and no path"
        );
        let image = |hash: &str| tauri::async_runtime::block_on(room.image(hash)).err();
        assert!(
            not_found(image("../events")),
            "an image is a hash and no path"
        );
    }
}
