//! The keyring of this computer: Secret Service, Keychain or Credential Manager.

use keyring::{Entry, Error};

/// What our entries are called in it.
const SERVICE: &str = "Debrief";

/// Where this computer keeps secrets of its person's. What it is asked may take as long as the person takes who is asked in turn.
pub trait Keyring: Send + Sync {
    /// Keeps a secret under a name, in the place of any before. Fails with a sentence.
    fn keep(&self, name: &str, secret: &str) -> Result<(), String>;
    /// The secret of a name; nothing when there is none. Fails with a sentence when that cannot be known.
    fn find(&self, name: &str) -> Result<Option<String>, String>;
    /// Forgets the secret of a name. Fails with a sentence.
    fn forget(&self, name: &str) -> Result<(), String>;
}

/// The one that the system has.
#[derive(Debug)]
pub struct System;

impl Keyring for System {
    fn keep(&self, name: &str, secret: &str) -> Result<(), String> {
        Entry::new(SERVICE, name)
            .and_then(|entry| entry.set_password(secret))
            .map_err(|error| error.to_string())
    }

    fn find(&self, name: &str) -> Result<Option<String>, String> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.get_password()) {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn forget(&self, name: &str) -> Result<(), String> {
        match Entry::new(SERVICE, name).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}
