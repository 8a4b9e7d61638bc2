//! Connections to the computer that holds a shared review. Encrypted ones are taken from the one certificate that the link
//! names and from no other, whoever signed it.

use std::time::Duration;

use api::error::{ApiError, ErrorCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use replica::tls;
use tauri::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::link::{Link, not_in_room};

/// How long a computer in the same building may take to answer at all.
const REACHED: Duration = Duration::from_secs(8);
/// How long one request may take, with an image on a bad network.
const ANSWERED: Duration = Duration::from_secs(60);
/// Bytes of an answer's head.
const HEAD: usize = 64 * 1024;
/// Bytes of an answer that says why something failed.
const REASON: usize = 8 * 1024;

/// A connection, encrypted or not.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The computer that holds the review.
pub struct Host {
    /// Without a port, for sentences.
    name: String,
    place: String,
    address: (String, u16),
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// What it answered.
pub struct Answer {
    /// Everything before the body.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Host {
    /// Connects to nothing yet. Errors: `Invalid` when the link names no host that can be encrypted to.
    pub fn new(link: &Link) -> Result<Self, ApiError> {
        let bare = link
            .host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let tls = link
            .pin
            .map(|pin| tls::encryption(&bare, Some(pin)))
            .transpose()
            .map_err(|sentence| ApiError::invalid("link", sentence))?;
        Ok(Self {
            name: link.host.clone(),
            place: link.place(),
            address: (bare, link.port),
            tls,
        })
    }

    /// The host without its port, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Host and port.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Connects. Errors: `Unavailable` when nobody answers, `Refused` when it is not the computer of the link.
    pub async fn connect(&self) -> Result<Box<dyn Stream>, ApiError> {
        let (name, port) = &self.address;
        let stream = match timeout(REACHED, TcpStream::connect((name.as_str(), *port))).await {
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
            Ok(Err(error)) if tls::is_another(&error) => Err(ApiError::invalid(
                "link",
                format!(
                    "The computer at {} is not the one that made this link: its certificate is another. Do not join; ask \
                     the facilitator for a new link.",
                    self.name
                ),
            )),
            Ok(Err(_)) | Err(_) => Err(self.silent()),
        }
    }

    /// A request to this computer.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        cookie: Option<&HeaderValue>,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::default());
        *request.method_mut() = method;
        // Paths are made of what was checked; one that is none asks for nothing.
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        if let Ok(place) = HeaderValue::from_str(&self.place) {
            headers.insert(header::HOST, place);
        }
        if let Some(cookie) = cookie {
            headers.insert(header::COOKIE, cookie.clone());
        }
        request
    }

    /// Asks for something whose answer has at most so many bytes.
    ///
    /// Errors: what the host says; `Unavailable` when it does not answer; `Refused` in the field `room` when it does not
    /// know this guest.
    pub async fn ask(
        &self,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<Answer, ApiError> {
        let whole = async {
            let (head, body) = self.send(request).await?.into_parts();
            let failed = !head.status.is_success();
            let most = if failed { REASON } else { most };
            let body = Limited::new(body, most).collect().await;
            match body {
                Ok(body) if failed => Err(self.failure(head.status, &body.to_bytes())),
                Ok(body) => Ok(Answer {
                    headers: head.headers,
                    body: body.to_bytes(),
                }),
                Err(_) if failed => Err(self.failure(head.status, &[])),
                Err(_) => Err(ApiError::new(
                    ErrorCode::Unavailable,
                    format!(
                        "The answer of the computer at {} broke off, or was too large. Try again.",
                        self.name
                    ),
                )),
            }
        };
        timeout(ANSWERED, whole)
            .await
            .unwrap_or_else(|_| Err(self.silent()))
    }

    /// Asks for something that goes on for long. Errors: as [`Self::ask`].
    pub async fn follow(&self, request: Request<Full<Bytes>>) -> Result<Incoming, ApiError> {
        let answer = timeout(ANSWERED, self.send(request))
            .await
            .unwrap_or_else(|_| Err(self.silent()))?;
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            status => Err(self.failure(status, &[])),
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, ApiError> {
        let stream = self.connect().await?;
        let made = http1::Builder::new()
            .max_buf_size(HEAD)
            .handshake(TokioIo::new(stream))
            .await;
        let (mut sender, connection) = made.map_err(|_| self.silent())?;
        // It ends when the answer has been read or nobody wants it any more.
        tauri::async_runtime::spawn(connection);
        sender
            .send_request(request)
            .await
            .map_err(|_| self.silent())
    }

    /// Why the host did not do it. Addresses to go to instead are left alone: only this computer was agreed to.
    pub fn failure(&self, status: StatusCode, body: &[u8]) -> ApiError {
        if status == StatusCode::UNAUTHORIZED {
            return not_in_room();
        }
        serde_json::from_slice(body).unwrap_or_else(|_| {
            ApiError::new(
                ErrorCode::Unavailable,
                format!(
                    "What answers at {} is no shared review (status {}). Ask the facilitator for the present link.",
                    self.place,
                    status.as_u16()
                ),
            )
        })
    }

    /// Nobody answers.
    pub fn silent(&self) -> ApiError {
        ApiError::new(
            ErrorCode::Unavailable,
            format!(
                "The computer at {} does not answer. Is the review still shared, and are you on the same network?",
                self.name
            ),
        )
    }
}
