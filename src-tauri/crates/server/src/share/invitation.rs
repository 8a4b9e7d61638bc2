//! What lets a guest in: the link, the code that can be read out, and the link as a picture.

use api::types::QrCode;
use qrcode::{Color, EcLevel};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Letters of a code: no vowels, so that no word appears, and none that looks like another or like a digit.
const LETTERS: &[u8; 16] = b"CDFGHJKMNPRTVWXY";
/// Digits of a code.
const DIGITS: &[u8; 8] = b"23456789";
/// Light modules around a QR code, as its standard demands.
const QUIET: usize = 4;

/// The two ways into a room.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// 128 random bits as hexadecimal digits; they stand in the link's fragment, which browsers do not send.
    pub secret: String,
    /// Three letters and three digits, as they are read out: `KFT 482`.
    pub code: String,
}

impl Invitation {
    /// A new one.
    pub fn new() -> Self {
        let random = random();
        Self {
            secret: hexadecimal(&random[..16]),
            code: code(&random[16..22]),
        }
    }

    /// Whether this is the secret.
    pub fn is_secret(&self, given: &str) -> bool {
        crate::http::access::same(given, &self.secret)
    }

    /// Whether this is the code, however it was typed.
    pub fn is_code(&self, given: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(|letter| letter.is_ascii_alphanumeric())
                .take(20)
                .map(|letter| letter.to_ascii_uppercase())
                .collect()
        };
        crate::http::access::same(&plain(given), &plain(&self.code))
    }
}

/// What a guest's cookie holds: 244 random bits.
pub fn session() -> String {
    api::account::secret()
}

/// What is kept of a cookie.
pub fn hash(session: &str) -> String {
    hexadecimal(&Sha256::digest(session))
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 244 random bits of the system, spread over 32 bytes.
fn random() -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(Uuid::new_v4().as_bytes());
    digest.update(Uuid::new_v4().as_bytes());
    digest.finalize().into()
}

fn code(random: &[u8]) -> String {
    // Both sets divide 256, so that every code is equally likely.
    let of = |set: &[u8], byte: &u8| char::from(set[usize::from(*byte) % set.len()]);
    let (letters, digits) = random.split_at(random.len() / 2);
    let letters: String = letters.iter().map(|byte| of(LETTERS, byte)).collect();
    let digits: String = digits.iter().map(|byte| of(DIGITS, byte)).collect();
    format!("{letters} {digits}")
}

/// A link as a QR code. One that does not fit gives an empty picture: the link itself is still there.
pub fn picture(link: &str) -> QrCode {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(link, EcLevel::M) else {
        return QrCode::default();
    };
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut at = 0;
        // Neighbours are drawn in one go, so that no hairline shows between them.
        for run in modules.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                path += &format!(
                    "M{} {}h{}v1h-{}z",
                    at + QUIET,
                    row + QUIET,
                    run.len(),
                    run.len()
                );
            }
            at += run.len();
        }
    }
    QrCode {
        size: u32::try_from(width + 2 * QUIET).unwrap_or_default(),
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_however_it_is_typed() {
        let invitation = Invitation {
            secret: "0".repeat(32),
            code: "KFT 482".into(),
        };
        for typed in ["KFT 482", "kft482", " Kft-4 82 "] {
            assert!(invitation.is_code(typed), "{typed:?} is the code");
        }
        for typed in ["", "KFT 483", "KFT 4822", "482 KFT", "К FT482"] {
            assert!(!invitation.is_code(typed), "{typed:?} is another code");
        }
    }

    #[test]
    fn invitations_are_new_and_readable() {
        let (one, other) = (Invitation::new(), Invitation::new());
        assert_ne!(one.secret, other.secret, "every secret is new");
        assert_eq!(one.secret.len(), 32, "a secret has 128 bits");
        assert!(
            one.code.chars().all(|letter| letter == ' '
                || LETTERS.contains(&(letter as u8))
                || DIGITS.contains(&(letter as u8))),
            "a code has nothing that could be misread: {}",
            one.code
        );
    }

    #[test]
    fn a_picture_draws_every_dark_module_once() {
        let link = "http://192.168.178.120:40123/#join=0123456789abcdef0123456789abcdef";
        let picture = picture(link);
        let code = qrcode::QrCode::with_error_correction_level(link, EcLevel::M).expect("it fits");
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        let drawn: usize = picture
            .path
            .split('h')
            .skip(1)
            .filter_map(|rest| rest.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark, "the picture is the code");
        assert_eq!(
            picture.size as usize,
            code.width() + 8,
            "with its quiet zone"
        );
    }
}
