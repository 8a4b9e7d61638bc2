//! Seals: with what a served workspace marks the entries of its log that it tells to replicas, so that it knows them again when a
//! replica gives them back, with their author and their time, whoever brings them.

use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::open::Store;

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// An entry of the log as it was told.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// Its document.
    pub doc: &'a str,
    /// When it was taken, in milliseconds UTC.
    pub at_ms: i64,
    /// Who wrote it; empty for nobody known.
    pub person: &'a str,
    /// The Yjs client that wrote it, when it is one alone.
    pub client: Option<u64>,
    /// The update, format v1.
    pub bytes: &'a [u8],
}

/// Seals entries of a workspace's log: HMAC-SHA-256 (RFC 2104) under a key that never leaves the file.
pub struct Sealer {
    key: Vec<u8>,
}

impl Store {
    /// What seals entries of this workspace's log.
    pub fn sealer(&self) -> Result<Sealer, StoreError> {
        let reader = self.reader()?;
        let key: Option<Vec<u8>> =
            reader.query_row("SELECT seal FROM workspace", [], |row| row.get(0))?;
        match key {
            Some(key) if !key.is_empty() => Ok(Sealer { key }),
            _ => Err(StoreError::Other(
                "the workspace has lost the key for its seals".into(),
            )),
        }
    }
}

impl Sealer {
    /// The seal of an entry, in hexadecimal digits.
    pub fn seal(&self, entry: &Sealed<'_>) -> String {
        // Each part after its length: no two entries make the same message.
        let mut message = Vec::with_capacity(entry.bytes.len() + 128);
        let mut part = |bytes: &[u8]| {
            message.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            message.extend_from_slice(bytes);
        };
        part(entry.doc.as_bytes());
        part(&entry.at_ms.to_be_bytes());
        part(entry.person.as_bytes());
        match entry.client {
            Some(client) => part(&client.to_be_bytes()),
            None => part(&[]),
        }
        part(entry.bytes);
        let digest = hmac(&self.key, &message);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether a seal is that of an entry. How long it takes says nothing of where they differ.
    pub fn is_whole(&self, entry: &Sealed<'_>, seal: &str) -> bool {
        let right = self.seal(entry);
        right.len() == seal.len()
            && right
                .bytes()
                .zip(seal.bytes())
                .fold(0, |found, (one, other)| found | (one ^ other))
                == 0
    }
}

/// HMAC-SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let short: &[u8] = if key.len() > BLOCK {
        &Sha256::digest(key)
    } else {
        key
    };
    for (place, byte) in block.iter_mut().zip(short) {
        *place = *byte;
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn it_is_the_hmac_of_the_standard() {
        assert_eq!(
            digits(&hmac(&[0x0b; 20], b"Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "test case 1 of RFC 4231"
        );
        assert_eq!(
            digits(&hmac(
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First"
            )),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            "test case 6 of RFC 4231: a long key"
        );
    }

    #[test]
    fn every_part_of_an_entry_is_under_the_seal() {
        let sealer = Sealer { key: vec![7; 32] };
        let entry = Sealed {
            doc: "a",
            at_ms: 1,
            person: "bc",
            client: Some(3),
            bytes: b"update",
        };
        let seal = sealer.seal(&entry);
        assert!(sealer.is_whole(&entry, &seal), "it knows its own");
        for other in [
            Sealed {
                doc: "ab",
                person: "c",
                ..entry
            },
            Sealed { at_ms: 2, ..entry },
            Sealed {
                person: "bd",
                ..entry
            },
            Sealed {
                client: None,
                ..entry
            },
            Sealed {
                bytes: b"updatf",
                ..entry
            },
        ] {
            assert!(!sealer.is_whole(&other, &seal), "{other:?} is another one");
        }
        assert!(!sealer.is_whole(&entry, ""), "none is no seal");
    }
}
