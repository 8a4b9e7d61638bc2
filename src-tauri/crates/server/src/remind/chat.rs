//! Reminders to a chat's webhook: one request for each, whose redirects nobody follows.

use std::time::Duration;

use api::Api;
use api::reminders::Outgoing;
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::uri::Scheme;
use axum::http::{Method, Request, StatusCode, Uri};
use chrono::{DateTime, Utc};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::settings::{ChatSettings, web};
use super::{Addresses, Tried, begin, trust};

/// Bytes of an answer that are read.
const ANSWER: usize = 8 * 1024;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Sends one message.
pub async fn send(
    api: &Api,
    settings: &ChatSettings,
    message: &Outgoing,
    addresses: &Addresses,
    now: DateTime<Utc>,
) -> Tried {
    let Some(reminder) = &message.reminder else {
        return Tried::Sent;
    };
    let mut reminder = reminder.clone();
    addresses.base().clone_into(&mut reminder.address);
    let body = api::reminders::chat(&reminder, &message.person.handle).to_string();
    let Some(uri) = web(&settings.webhook) else {
        return Tried::Down("The chat's address is none.".into());
    };
    let most = settings.timeout();
    let stream = match timeout(most, connect(&uri, settings)).await {
        Err(_) => return Tried::Down(slow(most)),
        Ok(Err(why)) => return Tried::Down(why),
        Ok(Ok(stream)) => stream,
    };
    match begin(api, message, now).await {
        Ok(true) => {}
        Ok(false) => return Tried::Taken,
        Err(error) => return Tried::Down(error.message),
    }
    match timeout(most, post(stream, &uri, body)).await {
        Err(_) => Tried::Doubt(slow(most)),
        Ok(Err(why)) => Tried::Doubt(format!("The chat has not answered: {why}.")),
        Ok(Ok((status, _))) if status.is_success() => Tried::Sent,
        Ok(Ok((status, _))) if status.is_redirection() => Tried::Down(format!(
            "The chat answered {}: its address leads elsewhere, where nothing is sent. Give the address itself.",
            status.as_u16()
        )),
        Ok(Ok((status, told))) => {
            Tried::Down(format!("The chat answered {}{told}.", status.as_u16()))
        }
    }
}

fn slow(most: Duration) -> String {
    format!(
        "The chat has not answered within {} seconds.",
        most.as_secs()
    )
}

async fn connect(uri: &Uri, settings: &ChatSettings) -> Result<Box<dyn Stream>, String> {
    let host = uri
        .host()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']');
    let secure = uri.scheme() == Some(&Scheme::HTTPS);
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = TcpStream::connect((host, port))
        .await
        .map_err(|error| format!("The chat cannot be reached: {error}."))?;
    if !secure {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| "The chat's address names no server.".to_owned())?;
    let connector = TlsConnector::from(trust::config(settings.authority.as_deref())?);
    let stream = connector
        .connect(name, stream)
        .await
        .map_err(|error| format!("The chat cannot be reached securely: {error}."))?;
    Ok(Box::new(stream))
}

/// The answer's status, and what it says in a few words.
async fn post(
    stream: Box<dyn Stream>,
    uri: &Uri,
    body: String,
) -> Result<(StatusCode, String), String> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Body>(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
    let driver = tokio::spawn(connection);
    let target = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri
        .authority()
        .map(|authority| authority.as_str())
        .unwrap_or_default();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target
        .parse()
        .map_err(|_| "the address is none".to_owned())?;
    let headers = request.headers_mut();
    headers.insert(
        header::HOST,
        HeaderValue::from_str(host).map_err(|error| error.to_string())?,
    );
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::USER_AGENT, HeaderValue::from_static("Debrief"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let answer = sender
        .send_request(request)
        .await
        .map_err(|error| error.to_string())?;
    let status = answer.status();
    // What it says helps whoever mends the settings; that it cannot be read changes nothing.
    let said = axum::body::to_bytes(Body::new(answer.into_body()), ANSWER)
        .await
        .unwrap_or_default();
    driver.abort();
    let said: String = String::from_utf8_lossy(&said)
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(100)
        .collect();
    let said = said.trim();
    Ok((
        status,
        if said.is_empty() {
            String::new()
        } else {
            format!(" ({said})")
        },
    ))
}
