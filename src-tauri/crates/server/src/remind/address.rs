//! The addresses in a mail: where the workspace is, and where somebody changes to the weekly digest without signing in.

use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::http::access;

/// Makes the addresses and knows them again.
#[derive(Clone)]
pub struct Addresses {
    base: String,
    key: String,
}

impl Addresses {
    /// Of a workspace that is served at `base` (empty: nowhere), with the key of this machine, which is made once and kept in the
    /// data folder for its owner's eyes. The error is a sentence.
    pub fn new(base: &str, data_dir: &Path) -> Result<Self, String> {
        let path = data_dir.join("unsubscribe-key");
        let kept = || {
            std::fs::read_to_string(&path)
                .ok()
                .filter(|key| key.len() == 64)
        };
        let key = match kept() {
            Some(key) => key,
            None => {
                let key = api::account::secret();
                match keep(&path, &key) {
                    Ok(()) => key,
                    // Another process that starts just now may have been first.
                    Err(error) => kept().ok_or_else(|| {
                        format!(
                            "The key of unsubscribe links cannot be kept in {}: {error}.",
                            path.display()
                        )
                    })?,
                }
            }
        };
        Ok(Self {
            base: base.to_owned(),
            key,
        })
    }

    /// Where the workspace is, without a slash at the end; empty for nowhere.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where a person changes to the digest; empty when the workspace is served nowhere.
    pub fn unsubscribe(&self, person: &str) -> String {
        if self.base.is_empty() {
            return String::new();
        }
        let person: String = person.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{}/unsubscribe/{person}/{}", self.base, self.proof(&person))
    }

    /// The person of an unsubscribe address, by its two parts; `None` for what was not made here.
    pub fn person(&self, person: &str, proof: &str) -> Option<String> {
        if !access::same(proof, &self.proof(person)) {
            return None;
        }
        let digits: Vec<u8> = person.bytes().collect();
        let bytes: Option<Vec<u8>> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        String::from_utf8(bytes?).ok()
    }

    /// Proves that this machine made an address. Hashed twice with the key, so that nobody can lengthen one into another.
    fn proof(&self, person: &str) -> String {
        let inner = Sha256::digest(format!("debrief unsubscribe\n{}\n{person}", self.key));
        let outer = Sha256::new()
            .chain_update(&self.key)
            .chain_update(inner)
            .finalize();
        outer.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn keep(path: &Path, key: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_and_cannot_be_made_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let addresses =
            Addresses::new("https://debrief.example", folder.path()).expect("addresses");
        let address = addresses.unsubscribe("019a-mei");
        let (rest, proof) = address.rsplit_once('/').expect("a proof");
        let (_, person) = rest.rsplit_once('/').expect("a person");
        assert_eq!(
            addresses.person(person, proof).as_deref(),
            Some("019a-mei"),
            "it leads to her"
        );
        assert_eq!(addresses.person("30", proof), None, "and to nobody else");
        assert_eq!(
            addresses.person(person, &"0".repeat(64)),
            None,
            "a guess leads nowhere"
        );
        let again = Addresses::new("https://debrief.example", folder.path()).expect("addresses");
        assert_eq!(
            again.unsubscribe("019a-mei"),
            address,
            "the key outlives a restart"
        );
        let other = tempfile::tempdir().expect("a folder");
        let elsewhere = Addresses::new("https://debrief.example", other.path()).expect("addresses");
        assert_eq!(
            elsewhere.person(person, proof),
            None,
            "another machine has another key"
        );
        let nowhere = Addresses::new("", folder.path()).expect("addresses");
        assert_eq!(
            nowhere.unsubscribe("019a-mei"),
            "",
            "what is served nowhere has no address"
        );
    }
}
