//! The link that a facilitator hands out, as somebody pastes it.

use api::error::{ApiError, ErrorCode};
use replica::link::{pin_of, url_in};
use tauri::Url;

/// A text that is longer holds no link that is looked for, in bytes.
const LONGEST: usize = 16 * 1024;

/// Where a shared review is, and what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The host as addresses are written, an IPv6 address in brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What lets its bearer in.
    pub secret: String,
    /// SHA-256 of the certificate of the computer there; nothing when the meeting is not encrypted.
    pub pin: Option<[u8; 32]>,
}

impl Link {
    /// Finds the link in what was pasted, whatever words stand around it. `plain` says that the person has agreed to a
    /// meeting without encryption.
    ///
    /// Errors: `Invalid`, in the field `link` when there is none or it cannot be trusted; in the field `plain` when it is
    /// not encrypted and nobody has agreed to that.
    pub fn read(pasted: &str, plain: bool) -> Result<Self, ApiError> {
        let link = pasted
            .get(..LONGEST)
            .unwrap_or(pasted)
            .split_whitespace()
            .filter_map(url_in)
            .find_map(|address| parse(&address))
            .ok_or_else(|| {
                ApiError::invalid(
                    "link",
                    "There is no link to a review in this. It looks like https://192.168.1.20:40123/#join=… and the \
                     facilitator has it.",
                )
            })?;
        match (link.encrypted, link.found.pin) {
            (true, Some(_)) => Ok(link.found),
            (true, None) => Err(ApiError::invalid(
                "link",
                "This link does not say by which certificate the other computer is known, so somebody else could answer \
                 in its place. Ask the facilitator for the whole link, or open this one in a browser.",
            )),
            (false, Some(_)) => Err(ApiError::invalid(
                "link",
                "This link was changed on its way: it names a certificate and yet no encryption. Ask the facilitator for \
                 it again.",
            )),
            (false, None) if plain => Ok(link.found),
            (false, None) => Err(ApiError::invalid(
                "plain",
                "This meeting is not encrypted: whoever is on the same network can read along, and write as you.",
            )),
        }
    }

    /// Host and port, as a browser shows them.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

struct Found {
    encrypted: bool,
    found: Link,
}

fn parse(address: &Url) -> Option<Found> {
    let encrypted = match address.scheme() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    if !address.username().is_empty() || address.password().is_some() || address.query().is_some() {
        return None;
    }
    let mut secret = None;
    let mut pin = None;
    for pair in address.fragment()?.trim_start_matches('/').split('&') {
        match pair.split_once('=') {
            Some(("join", given)) => secret = Some(given),
            // One that cannot be read is none, and a link without one is not trusted.
            Some(("fp", digits)) => pin = pin_of(digits),
            _ => {}
        }
    }
    let secret = secret.filter(|secret| {
        (1..=128).contains(&secret.len())
            && secret
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_')
    })?;
    Some(Found {
        encrypted,
        found: Link {
            host: address.host_str()?.to_owned(),
            port: address.port_or_known_default()?,
            secret: secret.to_owned(),
            pin,
        },
    })
}

/// What is said when the host does not know a guest, or no longer.
pub fn not_in_room() -> ApiError {
    ApiError {
        code: ErrorCode::Refused,
        message: "You are no longer in this review. Join it again with the link.".into(),
        // By this the page tells it from all else that may be refused.
        field: Some("room".into()),
    }
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
    fn a_link_is_found_among_words() {
        let link = format!("https://192.168.1.20:40123/#join=0a1b&fp={PIN}");
        for pasted in [
            link.clone(),
            format!("  Join us here: {link}. See you!\n"),
            format!("<{link}>"),
            format!("“{link}”,"),
            format!("(see https://example.org/#agenda)\n{link}"),
            link.replace("/#join", "/#/join"),
        ] {
            let found = Link::read(&pasted, false).expect("the link is in it");
            assert_eq!(found.place(), "192.168.1.20:40123", "in {pasted:?}");
            assert_eq!(found.secret, "0a1b", "the secret ends where the pin begins");
            assert_eq!(
                found.pin.map(|pin| pin[15]),
                Some(0xff),
                "the pin is read as bytes"
            );
        }
    }

    #[test]
    fn addresses_of_both_families_are_taken() {
        let six = format!("https://[fe80::1]:40123/#join=0a1b&fp={PIN}");
        let found = Link::read(&six, false).expect("a link");
        assert_eq!(
            found.place(),
            "[fe80::1]:40123",
            "as its own page writes it"
        );
    }

    #[test]
    fn without_a_pin_there_is_no_encryption_to_trust() {
        let bare = "https://192.168.1.20:40123/#join=0a1b";
        for link in [
            bare.to_owned(),
            format!("{bare}&fp="),
            format!("{bare}&fp={}", &PIN[1..]),
            format!("{bare}&fp={PIN}00"),
        ] {
            assert_eq!(
                field(&link, true).as_deref(),
                Some("link"),
                "{link} is refused"
            );
        }
    }

    #[test]
    fn plain_is_only_for_those_who_agreed() {
        let plain = "http://192.168.1.20:40123/#join=0a1b";
        assert_eq!(
            field(plain, false).as_deref(),
            Some("plain"),
            "it is asked first"
        );
        assert!(Link::read(plain, true).is_ok(), "then it is taken");
        assert_eq!(
            field(&format!("{plain}&fp={PIN}"), true).as_deref(),
            Some("link"),
            "a link that lost its encryption on the way is refused whatever was agreed"
        );
    }

    #[test]
    fn what_is_no_link_is_told() {
        for pasted in [
            "",
            "KFT 482",
            "https://192.168.1.20:40123/",
            "https://192.168.1.20:40123/#join=",
            "https://me@192.168.1.20/#join=0a1b",
            "ftp://192.168.1.20/#join=0a1b",
            "https:///#join=0a1b",
            "http",
            "öhttp://",
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
