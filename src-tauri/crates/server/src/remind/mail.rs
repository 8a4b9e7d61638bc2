//! Reminders by mail.

use std::net::IpAddr;
use std::time::Duration;

use api::Api;
use api::reminders::Outgoing;
use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters,
};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::{Address, Message};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::line::{End, Line};
use super::settings::{Encryption, MailSettings};
use super::{Addresses, Tried, begin, trust};

/// Bytes of a mail that leave at once: a server that goes in the middle is noticed at the next piece.
const PIECE: usize = 1024;

/// Sends mails over one connection, as long as that holds.
pub struct Sender<'a> {
    settings: &'a MailSettings,
    open: Option<(AsyncSmtpConnection, End)>,
}

impl<'a> Sender<'a> {
    /// Without a connection yet.
    pub fn new(settings: &'a MailSettings) -> Self {
        Self {
            settings,
            open: None,
        }
    }

    /// Says goodbye.
    pub async fn close(&mut self) {
        if let Some((mut connection, _)) = self.open.take() {
            // Whoever does not answer a goodbye has gone as well.
            let _ = timeout(Duration::from_secs(5), connection.quit()).await;
        }
    }

    /// Sends one message.
    pub async fn send(
        &mut self,
        api: &Api,
        message: &Outgoing,
        addresses: &Addresses,
        now: DateTime<Utc>,
    ) -> Tried {
        if message.reminder.is_none() {
            return Tried::Sent;
        }
        let (recipient, mail) = match self.write(message, addresses, now) {
            Ok(mail) => mail,
            Err(why) => return Tried::Refused(why),
        };
        let most = self.settings.timeout();
        let opened = match self.open.take() {
            Some(open) => Ok(open),
            None => timeout(most, self.connect())
                .await
                .unwrap_or_else(|_| Err(slow(most))),
        };
        let (mut connection, end) = match opened {
            Ok(open) => open,
            Err(why) => return Tried::Down(why),
        };
        let tried = match timeout(most, self.envelope(&mut connection, recipient)).await {
            Err(_) => Some(Tried::Down(slow(most))),
            Ok(tried) => tried,
        };
        if let Some(tried) = tried {
            // Of one who is refused the others know nothing.
            let again = matches!(tried, Tried::Refused(_) | Tried::Later(_));
            if again && matches!(timeout(most, connection.command(Rset)).await, Ok(Ok(_))) {
                self.open = Some((connection, end));
            }
            return tried;
        }
        match begin(api, message, now).await {
            Ok(true) => {}
            // The connection goes without an end of the mail, and the server throws it away.
            Ok(false) => return Tried::Taken,
            Err(error) => return Tried::Down(error.message),
        }
        end.forget();
        let mut pieces = mail.chunks(PIECE);
        let body = std::iter::from_fn(|| {
            let piece = pieces.next();
            if piece.is_none() {
                end.is_next();
            }
            piece
        });
        let sent = timeout(most, connection.message_iter(body)).await;
        let doubt = |why: String| match end.has_left() {
            true => Tried::Doubt(why),
            false => Tried::Down(why),
        };
        match sent {
            Ok(Ok(_)) => {
                end.forget();
                self.open = Some((connection, end));
                Tried::Sent
            }
            Ok(Err(error)) => match error.status() {
                Some(_) if error.is_permanent() => Tried::Refused(told(&error)),
                Some(_) => Tried::Later(told(&error)),
                None => doubt(told(&error)),
            },
            Err(_) => doubt(slow(most)),
        }
    }

    /// Who it is from and to, up to the server's leave to send the mail itself. `None` when all of it went well.
    async fn envelope(
        &self,
        connection: &mut AsyncSmtpConnection,
        recipient: Address,
    ) -> Option<Tried> {
        let mut parameters = Vec::new();
        if !AsRef::<str>::as_ref(&recipient).is_ascii() {
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Some(Tried::Refused(
                    "The mail server takes no addresses with such letters.".into(),
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let from = self
            .settings
            .from
            .parse::<Mailbox>()
            .ok()
            .map(|from| from.email);
        if let Err(error) = connection.command(Mail::new(from, parameters)).await {
            return Some(Tried::Down(told(&error)));
        }
        let answers = connection.command(Rcpt::new(recipient, Vec::new())).await;
        let answers = match answers {
            Ok(_) => connection.command(Data).await,
            refused => refused,
        };
        match answers {
            Ok(_) => None,
            Err(error) if error.is_permanent() => Some(Tried::Refused(told(&error))),
            Err(error) if error.is_transient() => Some(Tried::Later(told(&error))),
            Err(error) => Some(Tried::Down(told(&error))),
        }
    }

    async fn connect(&self) -> Result<(AsyncSmtpConnection, End), String> {
        let settings = self.settings;
        let host = settings.server.as_str();
        let stream = TcpStream::connect((host, settings.port()))
            .await
            .map_err(|error| format!("The mail server cannot be reached: {error}."))?;
        let end = End::default();
        let hello = hello(&stream);
        let line = Line::new(stream, end.clone());
        let stream: Box<dyn AsyncTokioStream> = match settings.encryption {
            Encryption::Tls => Box::new(encrypted(line, host, settings).await?),
            Encryption::Starttls | Encryption::None => Box::new(line),
        };
        let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &hello)
            .await
            .map_err(|error| told(&error))?;
        if settings.encryption == Encryption::Starttls {
            let trusted = trusted(host, settings)?;
            connection
                .starttls(trusted, &hello)
                .await
                .map_err(|error| told(&error))?;
        }
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await
                .map_err(|error| {
                    format!("The mail server does not let Debrief in: {}", told(&error))
                })?;
        }
        Ok((connection, end))
    }

    /// The mail as it is sent, and to whom. The error is a sentence.
    fn write(
        &self,
        message: &Outgoing,
        addresses: &Addresses,
        now: DateTime<Utc>,
    ) -> Result<(Address, Vec<u8>), String> {
        let unwritable =
            |error: &dyn std::fmt::Display| format!("The mail cannot be written: {error}.");
        let person = &message.person;
        let recipient: Address = person
            .email
            .parse()
            .map_err(|_| format!("“{}” is no e-mail address.", person.email))?;
        let from: Mailbox = self
            .settings
            .from
            .parse()
            .map_err(|error| unwritable(&error))?;
        let mut reminder = message.reminder.clone().unwrap_or_default();
        addresses.base().clone_into(&mut reminder.address);
        reminder.unsubscribe = addresses.unsubscribe(&person.id);
        let mail = api::reminders::mail(&reminder);
        let id = format!("<reminder.{}@{}>", message.id, from.email.domain());
        let mut builder = Message::builder()
            .from(from)
            .to(Mailbox::new(Some(person.name.clone()), recipient.clone()))
            .subject(mail.subject)
            .date(now.into())
            .message_id(Some(id))
            .raw_header(header("Auto-Submitted", "auto-generated".into())?);
        if !reminder.unsubscribe.is_empty() {
            // RFC 2369, and RFC 8058 for programs that ask without showing the page.
            builder = builder
                .raw_header(header(
                    "List-Unsubscribe",
                    format!("<{}>", reminder.unsubscribe),
                )?)
                .raw_header(header(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click".into(),
                )?);
        }
        let built = builder
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))
            .map_err(|error| unwritable(&error))?;
        Ok((recipient, built.formatted()))
    }
}

fn header(name: &str, value: String) -> Result<HeaderValue, String> {
    let name = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| "The mail cannot be written.".to_owned())?;
    Ok(HeaderValue::new(name, value))
}

/// What a client without a name of its own says (RFC 5321, 4.1.3): its address.
fn hello(stream: &TcpStream) -> ClientId {
    match stream.local_addr().map(|address| address.ip()) {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain("localhost".into()),
    }
}

/// Encryption that begins after the greeting.
fn trusted(host: &str, settings: &MailSettings) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(host.to_owned());
    for certificate in settings
        .authority
        .as_deref()
        .map(trust::certificates)
        .transpose()?
        .into_iter()
        .flatten()
    {
        let certificate = Certificate::from_der(certificate.to_vec())
            .map_err(|error| format!("The authority's certificate cannot be used: {error}."))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build_rustls()
        .map_err(|error| format!("Encryption cannot be used: {error}."))
}

/// A line that is encrypted from its first byte.
#[derive(Debug)]
struct Encrypted(tokio_rustls::client::TlsStream<Line>);

async fn encrypted(line: Line, host: &str, settings: &MailSettings) -> Result<Encrypted, String> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| "The mail server has no name that a certificate could have.".to_owned())?;
    let connector = TlsConnector::from(trust::config(settings.authority.as_deref())?);
    let stream = connector
        .connect(name, line)
        .await
        .map_err(|error| format!("The mail server cannot be reached securely: {error}."))?;
    Ok(Encrypted(stream))
}

impl tokio::io::AsyncRead for Encrypted {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl tokio::io::AsyncWrite for Encrypted {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> std::io::Result<std::net::SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

fn slow(most: Duration) -> String {
    format!(
        "The mail server has not answered within {} seconds.",
        most.as_secs()
    )
}

/// What a server or the network said, in one line.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    let one: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(300)
        .collect();
    format!("{}.", one.trim().trim_end_matches('.'))
}
