//! Where a workspace is served and what opens it, as somebody pastes it.

use std::net::IpAddr;

use api::error::ApiError;
use url::{Host, Url};

/// A text that is longer holds no link that is looked for, in bytes.
const LONGEST: usize = 16 * 1024;

/// Where a workspace is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    url: Url,
    /// SHA-256 of the one certificate that is trusted there; without it, the system's authorities say whom to trust.
    pub pin: Option<[u8; 32]>,
}

/// What opens it, once.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// An invitation: it buys a session.
    Invitation(String),
    /// What `debrief serve` prints for the one person who started it: it opens by itself.
    Token(String),
}

/// An address with what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub address: Address,
    /// What opens it.
    pub secret: Secret,
}

impl Link {
    /// Finds the link in what was pasted, whatever words stand around it. `plain` says that the person has agreed to one
    /// without encryption; on this computer itself nobody has to.
    ///
    /// Errors: `Invalid`, in the field `link` when there is none or it cannot be trusted; in the field `plain` when it is not
    /// encrypted and nobody has agreed to that.
    pub fn read(pasted: &str, plain: bool) -> Result<Self, ApiError> {
        let words = pasted.get(..LONGEST).unwrap_or(pasted).split_whitespace();
        let found = words.filter_map(url_in).find_map(|url| parse(&url));
        let link = found.ok_or_else(|| {
            ApiError::invalid(
                "link",
                "There is no invitation to a team’s workspace in this. It looks like https://debrief.example.org/#invitation=… and \
                 whoever invited you has it.",
            )
        })?;
        match (link.address.is_secure(), link.address.pin) {
            (false, Some(_)) => Err(ApiError::invalid(
                "link",
                "This link was changed on its way: it names a certificate and yet no encryption. Ask for it again.",
            )),
            (false, None) if !plain && !link.address.is_this_computer() => Err(ApiError::invalid(
                "plain",
                "This workspace is served without encryption: whoever is on the way there can read along, and write as you.",
            )),
            _ => Ok(link),
        }
    }
}

impl Address {
    /// An address that was kept before: `https://host:port`, and the certificate in hexadecimal digits.
    pub fn kept(address: &str, fingerprint: Option<&str>) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let pin = match fingerprint {
            Some(digits) => Some(pin_of(digits)?),
            None => None,
        };
        is_plain(&url).then_some(Self { url, pin })
    }

    /// As it is kept.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The certificate as it is kept.
    pub fn fingerprint(&self) -> Option<String> {
        let pin = self.pin?;
        Some(pin.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether what travels is encrypted.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Host and port as a browser says them in a request.
    pub fn place(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The host alone, an IPv6 address without brackets.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    fn is_this_computer(&self) -> bool {
        match self.url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

/// The part of a word that may be an address: mails put links in angle brackets, sentences end in full stops.
pub fn url_in(word: &str) -> Option<Url> {
    let at = word.to_ascii_lowercase().find("http")?;
    let end = word.trim_end_matches(|letter: char| {
        !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_'
    });
    Url::parse(end.get(at..)?).ok()
}

/// An address of the web without a name, a password or a question in it.
fn is_plain(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
}

fn parse(url: &Url) -> Option<Link> {
    if !is_plain(url) {
        return None;
    }
    let (mut secret, mut pin) = (None, None);
    for pair in url.fragment()?.trim_start_matches('/').split('&') {
        match pair.split_once('=') {
            Some(("invitation", given)) if is_secret(given) => {
                secret = Some(Secret::Invitation(given.to_owned()));
            }
            Some(("token", given)) if is_secret(given) => {
                secret = Some(Secret::Token(given.to_owned()));
            }
            // One that cannot be read must not be taken for none.
            Some(("fp", digits)) => pin = Some(pin_of(digits)?),
            _ => {}
        }
    }
    let address = Address {
        url: Url::parse(&url.origin().ascii_serialization()).ok()?,
        pin,
    };
    Some(Link {
        address,
        secret: secret?,
    })
}

fn is_secret(given: &str) -> bool {
    (1..=256).contains(&given.len())
        && given
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_'))
}

/// The SHA-256 of a certificate, from its hexadecimal digits.
pub fn pin_of(digits: &str) -> Option<[u8; 32]> {
    let digit = |letter: &u8| char::from(*letter).to_digit(16);
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [one, other] => u8::try_from(digit(one)? * 16 + digit(other)?).ok(),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIN: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

    fn field(pasted: &str, plain: bool) -> Option<String> {
        Link::read(pasted, plain)
            .err()
            .and_then(|error| error.field)
    }

    #[test]
    fn an_invitation_is_found_among_words() {
        let link = format!("https://debrief.example.org/#invitation=0a1b&fp={PIN}");
        for pasted in [
            link.clone(),
            format!("Hello Ines,\nyour way in: <{link}>.\nGreg"),
            link.replace("/#", "/#/"),
        ] {
            let found = Link::read(&pasted, false).expect("the link is in it");
            assert_eq!(
                found.address.origin(),
                "https://debrief.example.org",
                "where, in {pasted:?}"
            );
            assert!(
                found.secret == Secret::Invitation("0a1b".into()),
                "the secret ends where the certificate begins"
            );
            assert_eq!(
                found.address.pin.map(|pin| pin[15]),
                Some(0xff),
                "and the certificate is read as bytes"
            );
            let kept = Address::kept(
                &found.address.origin(),
                found.address.fingerprint().as_deref(),
            );
            assert_eq!(kept, Some(found.address), "what is kept reads back");
        }
    }

    #[test]
    fn without_encryption_somebody_has_to_agree() {
        let plain = "http://192.0.2.7:7447/#invitation=0a1b";
        assert_eq!(
            field(plain, false).as_deref(),
            Some("plain"),
            "it is asked first"
        );
        assert_eq!(field(plain, true), None, "then it is taken");
        for near in ["127.0.0.1", "localhost", "[::1]"] {
            let near = format!("http://{near}:7447/#token=0a1b");
            assert_eq!(
                field(&near, false),
                None,
                "{near} does not leave this computer"
            );
        }
        assert_eq!(
            field("http://localhost.example.org/#token=0a1b", false).as_deref(),
            Some("plain"),
            "whose name only begins like this computer's is elsewhere"
        );
        assert_eq!(
            field(&format!("{plain}&fp={PIN}"), true).as_deref(),
            Some("link"),
            "a link that lost its encryption on the way is refused"
        );
    }

    #[test]
    fn what_is_no_invitation_is_told() {
        for pasted in [
            "",
            "https://debrief.example.org/",
            "https://debrief.example.org/#invitation=",
            "https://debrief.example.org/#invitation=0a1b&fp=12",
            "https://me@debrief.example.org/#invitation=0a1b",
            "https://debrief.example.org/?next=x#invitation=0a1b",
            "ftp://debrief.example.org/#invitation=0a1b",
            "https://debrief.example.org/#join=0a1b",
        ] {
            assert_eq!(
                field(pasted, true).as_deref(),
                Some("link"),
                "{pasted:?} holds none"
            );
        }
        assert_eq!(
            field(&"ä".repeat(LONGEST), true).as_deref(),
            Some("link"),
            "however long it is"
        );
    }
}
