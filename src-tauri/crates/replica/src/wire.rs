//! The served workspace over the network: its commands, images and changes by HTTP, encrypted unless the person has agreed to go
//! without.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::bounds;
use api::error::ApiError;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use model::list::Changed;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::events::Lines;
use crate::host::{Host, HostError};
use crate::link::{Address, Link, Secret};
use crate::tls;

/// How long a computer may take to answer at all.
const REACHED: Duration = Duration::from_secs(8);
/// How long one request may take, with an image on a bad network.
const ANSWERED: Duration = Duration::from_secs(60);
/// Bytes of an answer: a list of a hundred thousand postmortems.
const ANSWER: usize = 32 * 1024 * 1024;
/// Bytes of an answer that says why something failed.
const REASON: usize = 8 * 1024;
/// The other side gives a sign of life every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// First and longest wait before changes that are told no more are asked for again.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// A connection, encrypted or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type Sender = SendRequest<Full<Bytes>>;

/// A served workspace that is reached by its address and the secret of a session.
pub struct Wire {
    line: Arc<Line>,
    /// Absent only while it is dropped.
    runtime: Option<Runtime>,
}

struct Line {
    address: Address,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    bearer: HeaderValue,
    /// The connection by which both are kept in step; a handshake for every keystroke would be slow.
    kept: Mutex<Option<Sender>>,
}

/// Tells of changes there until it is dropped.
pub struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Wire {
    /// Connects to nothing yet. `bearer` is the secret of a session.
    ///
    /// Errors: `Unavailable`, `Invalid`.
    pub fn new(address: Address, bearer: &str) -> Result<Self, ApiError> {
        let invalid = |sentence: String| ApiError::invalid("link", sentence);
        let tls = address
            .is_secure()
            .then(|| tls::encryption(&address.host(), address.pin))
            .transpose()
            .map_err(invalid)?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {bearer}"))
            .map_err(|_| invalid("This is no secret of a session.".into()))?;
        bearer.set_sensitive(true);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("debrief-wire")
            .enable_all()
            .build()
            .map_err(|error| {
                ApiError::new(
                    api::ErrorCode::Unavailable,
                    format!("The network cannot be used: {error}."),
                )
            })?;
        Ok(Self {
            line: Arc::new(Line {
                address,
                tls,
                bearer,
                kept: Mutex::default(),
            }),
            runtime: Some(runtime),
        })
    }

    /// Buys a session by what a link holds: an invitation is accepted under a name, as a device that is called so. The secret of
    /// the session.
    ///
    /// Errors: what is said there; `Unavailable`.
    pub fn sign_in(link: &Link, name: &str, device: &str) -> Result<String, ApiError> {
        let invitation = match &link.secret {
            Secret::Token(token) => return Ok(token.clone()),
            Secret::Invitation(secret) => secret,
        };
        #[derive(Deserialize)]
        struct Session {
            session: String,
        }
        let wire = Self::new(link.address.clone(), "none")?;
        let asked = json!({ "secret": invitation, "name": name, "device": device, "bearer": true });
        let answer = wire
            .block_on(wire.line.post("/invitation/accept", &asked))
            .map_err(HostError::into_sign_in)?;
        serde_json::from_value::<Session>(answer)
            .map(|answer| answer.session)
            .map_err(|_| wire.line.strange(StatusCode::OK).into_sign_in())
    }

    /// Ends the session there.
    pub fn sign_out(&self) -> Result<(), HostError> {
        self.block_on(async {
            let request = self.line.request(Method::POST, "/sign-out");
            self.line.ask(request, REASON).await.map(drop)
        })
    }

    /// Tells of every change there from now on; nothing in place of a change says that anything may have changed, or that changes
    /// are told no more.
    pub fn listen(
        &self,
        heard: impl Fn(Option<Changed>) + Send + Sync + 'static,
    ) -> Option<Listening> {
        let line = Arc::clone(&self.line);
        let runtime = self.runtime.as_ref()?;
        Some(Listening(runtime.spawn(async move {
            let mut wait = ASK_AGAIN.0;
            loop {
                match line.follow().await {
                    Ok(stream) => {
                        wait = ASK_AGAIN.0;
                        heard(None);
                        read(stream, &heard).await;
                        heard(None);
                    }
                    Err(_) => wait = (wait * 2).min(ASK_AGAIN.1),
                }
                tokio::time::sleep(wait).await;
            }
        })))
    }

    fn block_on<T>(
        &self,
        work: impl Future<Output = Result<T, HostError>>,
    ) -> Result<T, HostError> {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => Err(self.line.silent()),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Whoever drops it need not wait for the network.
            runtime.shutdown_background();
        }
    }
}

impl Host for Wire {
    fn call(&self, command: &str, request: Value) -> Result<Value, HostError> {
        let path = format!("/rpc/{command}");
        self.block_on(async {
            if !command.starts_with("replica_") {
                return self.line.post(&path, &request).await;
            }
            // These change nothing when they are asked twice.
            match self.line.post_by_kept(&path, &request).await {
                Some(Ok(answer)) => Ok(answer),
                Some(Err(error @ (HostError::Said(_) | HostError::Ended(_)))) => Err(error),
                Some(Err(HostError::Away(_))) | None => {
                    self.line.post_and_keep(&path, &request).await
                }
            }
        })
    }

    fn image(&self, hash: &str) -> Result<Option<Vec<u8>>, HostError> {
        if hash.len() != 64 || !hash.bytes().all(|letter| letter.is_ascii_hexdigit()) {
            return Ok(None);
        }
        self.block_on(async {
            let request = self.line.request(Method::GET, &format!("/blob/{hash}"));
            match self.line.ask(request, bounds::BLOB).await {
                Ok(image) => Ok(Some(image.to_vec())),
                Err(HostError::Said(error)) if error.code == api::ErrorCode::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn put_image(&self, image: Vec<u8>) -> Result<(), HostError> {
        self.block_on(async {
            let mut request = self.line.request(Method::POST, "/blob");
            set_body(&mut request, "application/octet-stream", image.into());
            self.line.ask(request, REASON).await.map(drop)
        })
    }
}

impl Line {
    fn request(&self, method: Method, path: &str) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::default());
        *request.method_mut() = method;
        // Paths are made of what was checked; one that is none asks for nothing.
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        if let Ok(place) = HeaderValue::from_str(&self.address.place()) {
            headers.insert(header::HOST, place);
        }
        headers.insert(header::AUTHORIZATION, self.bearer.clone());
        request
    }

    fn asking(&self, path: &str, body: &Value) -> Request<Full<Bytes>> {
        let mut request = self.request(Method::POST, path);
        set_body(&mut request, "application/json", body.to_string().into());
        request
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, HostError> {
        let answer = self.ask(self.asking(path, body), ANSWER).await?;
        self.json(&answer)
    }

    /// As [`Self::post`], and the connection stays open for the next time.
    async fn post_and_keep(&self, path: &str, body: &Value) -> Result<Value, HostError> {
        let whole = async {
            let mut sender = self.shake_hands().await?;
            let answer = self
                .ask_by(&mut sender, self.asking(path, body), ANSWER)
                .await;
            if answer.is_ok() && !sender.is_closed() {
                *self.lock() = Some(sender);
            }
            self.json(&answer?)
        };
        timeout(ANSWERED, whole)
            .await
            .unwrap_or_else(|_| Err(self.silent()))
    }

    /// Asks by the connection that was kept; nothing when there is none.
    async fn post_by_kept(&self, path: &str, body: &Value) -> Option<Result<Value, HostError>> {
        let mut sender = self.lock().take()?;
        let whole = async {
            if sender.ready().await.is_err() {
                return Err(self.silent());
            }
            let answer = self
                .ask_by(&mut sender, self.asking(path, body), ANSWER)
                .await;
            if !matches!(answer, Err(HostError::Away(_))) && !sender.is_closed() {
                *self.lock() = Some(sender);
            }
            self.json(&answer?)
        };
        Some(
            timeout(REACHED, whole)
                .await
                .unwrap_or_else(|_| Err(self.silent())),
        )
    }

    fn json(&self, answer: &Bytes) -> Result<Value, HostError> {
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(answer).map_err(|_| self.strange(StatusCode::OK))
    }

    /// Asks for something whose answer has at most so many bytes, over a connection of its own.
    async fn ask(&self, request: Request<Full<Bytes>>, most: usize) -> Result<Bytes, HostError> {
        let whole = async {
            let mut sender = self.shake_hands().await?;
            self.ask_by(&mut sender, request, most).await
        };
        timeout(ANSWERED, whole)
            .await
            .unwrap_or_else(|_| Err(self.silent()))
    }

    async fn ask_by(
        &self,
        sender: &mut Sender,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<Bytes, HostError> {
        let answer = sender.send_request(request).await;
        let (head, body) = answer.map_err(|_| self.silent())?.into_parts();
        let failed = !head.status.is_success();
        let most = if failed { REASON } else { most };
        match Limited::new(body, most).collect().await {
            Ok(body) if failed => Err(self.failure(head.status, &body.to_bytes())),
            Ok(body) => Ok(body.to_bytes()),
            Err(_) if failed => Err(self.failure(head.status, &[])),
            Err(_) => Err(HostError::Away(format!(
                "The answer of {} broke off, or was too large.",
                self.address.host()
            ))),
        }
    }

    /// Changes, for as long as they are told.
    async fn follow(&self) -> Result<Incoming, HostError> {
        let asked = async {
            let mut sender = self.shake_hands().await?;
            let answer: Response<Incoming> = sender
                .send_request(self.request(Method::GET, "/events"))
                .await
                .map_err(|_| self.silent())?;
            match answer.status() {
                StatusCode::OK => Ok(answer.into_body()),
                status => Err(self.failure(status, &[])),
            }
        };
        timeout(ANSWERED, asked)
            .await
            .unwrap_or_else(|_| Err(self.silent()))
    }

    async fn shake_hands(&self) -> Result<Sender, HostError> {
        let stream = self.connect().await?;
        let made = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = made.map_err(|_| self.silent())?;
        // It ends when the answer has been read or nobody wants it any more.
        tokio::spawn(connection);
        Ok(sender)
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, HostError> {
        let place = (self.address.host(), self.address.port());
        let stream = match timeout(REACHED, TcpStream::connect((place.0.as_str(), place.1))).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_)) | Err(_) => return Err(self.silent()),
        };
        // Every keystroke is a small packet that must not wait for the next one.
        let _ = stream.set_nodelay(true);
        let Some((connector, server)) = &self.tls else {
            return Ok(Box::new(stream));
        };
        match timeout(REACHED, connector.connect(server.clone(), stream)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) if tls::is_another(&error) => Err(HostError::Away(format!(
                "The certificate of {} is not one that can be trusted, so nothing was sent there. Ask an admin of this workspace.",
                self.address.host()
            ))),
            Ok(Err(_)) | Err(_) => Err(self.silent()),
        }
    }

    /// Why it was not done. Addresses to go to instead are left alone: only this one was agreed to.
    fn failure(&self, status: StatusCode, body: &[u8]) -> HostError {
        let said: Option<ApiError> = serde_json::from_slice(body).ok();
        match (status, said) {
            // A proxy that asks for something of its own says nothing of the account.
            (StatusCode::UNAUTHORIZED, Some(said)) => HostError::Ended(said.message),
            (_, Some(said))
                if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS =>
            {
                HostError::Said(said)
            }
            (_, Some(said)) => HostError::Away(said.message),
            (status, None) => self.strange(status),
        }
    }

    fn strange(&self, status: StatusCode) -> HostError {
        HostError::Away(format!(
            "What answers at {} is no Debrief that this one understands (status {}).",
            self.address.place(),
            status.as_u16()
        ))
    }

    fn silent(&self) -> HostError {
        HostError::Away(format!("{} does not answer.", self.address.host()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Sender>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set_body(request: &mut Request<Full<Bytes>>, kind: &'static str, body: Bytes) {
    *request.body_mut() = Full::new(body);
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
}

/// Reads changes until they end.
async fn read(mut stream: Incoming, heard: &(impl Fn(Option<Changed>) + Send + Sync)) {
    let mut lines = Lines::default();
    while let Ok(Some(Ok(frame))) = timeout(SILENCE, stream.frame()).await {
        let Some(bytes) = frame.data_ref() else {
            continue;
        };
        let Some(changes) = lines.take(bytes) else {
            return;
        };
        for change in changes {
            // One that is not known here may be anything.
            heard(serde_json::from_value(change).ok());
        }
    }
}
