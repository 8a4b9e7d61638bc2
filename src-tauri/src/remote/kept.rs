//! This guest's place in the room that was joined last: a name belongs to whoever has its cookie, so it outlives the app.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tauri::http::HeaderValue;

use super::link::Link;

/// Its file, for its owner's eyes alone.
const FILE: &str = "guest.json";

/// Where somebody is known, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Host and port.
    place: String,
    /// SHA-256 of the certificate of the computer there.
    pin: Option<[u8; 32]>,
    cookie: String,
}

impl Known {
    /// What a cookie says at the computer of a link.
    pub fn new(link: &Link, cookie: &HeaderValue) -> Option<Self> {
        Some(Self {
            place: link.place(),
            pin: link.pin,
            cookie: cookie.to_str().ok()?.to_owned(),
        })
    }

    /// The cookie, for the computer that gave it and no other. One that is known by its certificate may have another address by
    /// now.
    pub fn cookie_for(&self, link: &Link) -> Option<HeaderValue> {
        let same = self.pin == link.pin && (link.pin.is_some() || self.place == link.place());
        let cookie = same.then_some(&self.cookie)?;
        HeaderValue::from_str(cookie).ok()
    }
}

/// What is remembered in the data folder; nothing when the file is missing or makes no sense.
pub fn load(data_dir: &Path) -> Option<Known> {
    let bytes = std::fs::read(data_dir.join(FILE)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Remembers, in place of any room before. Where the disk does not take it, the facilitator frees the name.
pub fn save(data_dir: &Path, known: &Known) {
    if let Ok(bytes) = serde_json::to_vec(known) {
        let _ = server::share::write_private(data_dir, FILE, &bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(text: &str) -> Link {
        Link::read(text, true).expect("a link")
    }

    #[test]
    fn a_cookie_goes_to_the_computer_that_gave_it() {
        let cookie = HeaderValue::from_static("room=1");
        let pinned = |host: &str, digit: &str| {
            link(&format!(
                "https://{host}/#join=0a1b&fp={}",
                digit.repeat(64)
            ))
        };
        let plain = |host: &str| link(&format!("http://{host}/#join=0a1b"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let known = Known::new(&pinned("192.0.2.1:4000", "a"), &cookie).expect("it is text");
        save(folder.path(), &known);
        let known = load(folder.path()).expect("it is remembered");
        assert_eq!(
            known.cookie_for(&pinned("192.0.2.2:5000", "a")),
            Some(cookie.clone()),
            "a certificate says who it is, wherever it is"
        );
        for other in [pinned("192.0.2.1:4000", "b"), plain("192.0.2.1:4000")] {
            assert_eq!(known.cookie_for(&other), None, "another one learns nothing");
        }
        let known = Known::new(&plain("192.0.2.1:4000"), &cookie).expect("it is text");
        assert_eq!(
            known.cookie_for(&plain("192.0.2.1:4000")),
            Some(cookie),
            "without a certificate the address says it"
        );
        assert_eq!(
            known.cookie_for(&plain("192.0.2.2:4000")),
            None,
            "and none but that"
        );
    }
}
