//! Where the secret of a session is kept on this computer: in the keyring of its person where there is one, with a file beside the
//! replica that says under which name. Where there is none, or it does not open, it is sealed in a file of its owner's, the key in
//! another file. That keeps it from other people of this computer, and from whoever gets a copy of one of the two, such as a
//! synchronised folder. It does not keep it from programs that its owner runs, nor from whoever has the whole disk.

mod keyring;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use keyring::{Keyring, System};

/// The key's file.
const KEY: &str = "session-key";
/// Bytes of the key.
const KEY_LEN: usize = 32;
/// Bytes of the hash that tells data folders of one person apart.
const FOLDER_LEN: usize = 8;
/// How long somebody who signs in or out waits for the keyring, which may be asking them for its password.
const PATIENCE: Duration = Duration::from_secs(30);

/// The secrets of sessions, by the id of the workspace that they open.
#[derive(Clone)]
pub struct Secrets {
    /// Where the key is.
    key: PathBuf,
    /// Where what is sealed is, and what names the keyring's entries.
    folder: PathBuf,
    keyring: Arc<dyn Keyring>,
}

/// What there is of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is here.
    Secret(String),
    /// There is none.
    Nothing,
    /// It is in the keyring, which did not open; why, as a sentence.
    Locked(String),
}

/// Where a secret is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// In the keyring of this computer.
    Keyring,
    /// In a sealed file.
    File,
}

impl Secrets {
    /// Secrets that are kept in a keyring, or in a folder with their key in another one. Both must be there.
    pub fn new(folder: &Path, key_folder: &Path, keyring: Arc<dyn Keyring>) -> Self {
        Self {
            key: key_folder.join(KEY),
            folder: folder.to_owned(),
            keyring,
        }
    }

    /// Keeps the secret of a session in the place of any before. Waits for the keyring for half a minute at most.
    pub fn keep(&self, workspace: &str, secret: &str) -> io::Result<Kept> {
        let (keyring, name) = (Arc::clone(&self.keyring), self.name(workspace));
        let kept = secret.to_owned();
        if let Some(Ok(())) = within(PATIENCE, move || keyring.keep(&name, &kept)) {
            write(&self.mark(workspace), self.name(workspace).as_bytes())?;
            // What was sealed before is of an older session.
            let _ = fs::remove_file(self.file(workspace));
            return Ok(Kept::Keyring);
        }
        self.seal(workspace, secret)?;
        Ok(Kept::File)
    }

    /// The secret of a session. One that is sealed in a file comes at once, and moves into the keyring meanwhile; else this waits for
    /// the keyring, however long it asks its person.
    pub fn load(&self, workspace: &str) -> Found {
        if let Some(secret) = self.unseal(workspace) {
            let (mover, workspace, moved) = (self.clone(), workspace.to_owned(), secret.clone());
            std::thread::spawn(move || mover.move_over(&workspace, &moved));
            return Found::Secret(secret);
        }
        if !self.mark(workspace).exists() {
            return Found::Nothing;
        }
        match self.keyring.find(&self.name(workspace)) {
            Ok(Some(secret)) => Found::Secret(secret),
            Ok(None) => Found::Nothing,
            Err(why) => Found::Locked(why),
        }
    }

    /// Forgets the secret of a session. Waits for the keyring for half a minute at most.
    pub fn forget(&self, workspace: &str) {
        // What is not there is forgotten.
        let _ = fs::remove_file(self.file(workspace));
        if self.mark(workspace).exists() {
            let (keyring, name) = (Arc::clone(&self.keyring), self.name(workspace));
            // The session has ended: what a keyring keeps that does not open is worth nothing.
            let _ = within(PATIENCE, move || keyring.forget(&name));
            let _ = fs::remove_file(self.mark(workspace));
        }
    }

    /// Where the secret of a session is kept, if there is one.
    pub fn kept(&self, workspace: &str) -> Option<Kept> {
        if self.file(workspace).exists() {
            Some(Kept::File)
        } else {
            self.mark(workspace).exists().then_some(Kept::Keyring)
        }
    }

    /// Moves what is sealed into the keyring, unless it has been forgotten or replaced meanwhile. That it cannot is tried again the
    /// next time.
    fn move_over(&self, workspace: &str, secret: &str) {
        let name = self.name(workspace);
        if self.keyring.keep(&name, secret).is_err() {
            return;
        }
        match self.unseal(workspace) {
            Some(sealed) if sealed == secret => {
                if write(&self.mark(workspace), name.as_bytes()).is_ok() {
                    let _ = fs::remove_file(self.file(workspace));
                }
            }
            Some(_) => {}
            None if self.mark(workspace).exists() => {}
            None => {
                let _ = self.keyring.forget(&name);
            }
        }
    }

    /// The name of a session's entry in the keyring: as it was written down, or as it will be. Another folder has another session.
    fn name(&self, workspace: &str) -> String {
        let known = fs::read_to_string(self.mark(workspace)).ok();
        known.filter(|name| !name.is_empty()).unwrap_or_else(|| {
            let digest = Sha256::digest(self.folder.as_os_str().as_encoded_bytes());
            let folder: String = digest
                .iter()
                .take(FOLDER_LEN)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            format!("{workspace} {folder}")
        })
    }

    fn mark(&self, workspace: &str) -> PathBuf {
        self.folder.join(format!("{workspace}.keyring"))
    }

    fn seal(&self, workspace: &str, secret: &str) -> io::Result<()> {
        let key = match self.key() {
            Some(key) => key,
            None => self.new_key()?,
        };
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce)?;
        let mut sealed = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(workspace.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| io::Error::other("it could not be sealed"))?;
        write(&self.file(workspace), &[&nonce[..], &sealed].concat())
    }

    /// What is sealed in a file; nothing when there is none, or the key is another one.
    fn unseal(&self, workspace: &str) -> Option<String> {
        let kept = fs::read(self.file(workspace)).ok()?;
        let (nonce, sealed) = kept.split_first_chunk::<{ NONCE_LEN }>()?;
        let mut sealed = sealed.to_vec();
        let opened = self
            .key()?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(workspace.as_bytes()),
                &mut sealed,
            )
            .ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }

    fn file(&self, workspace: &str) -> PathBuf {
        self.folder.join(format!("{workspace}.session"))
    }

    fn key(&self) -> Option<LessSafeKey> {
        let bytes = fs::read(&self.key).ok()?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok()?;
        Some(LessSafeKey::new(key))
    }

    fn new_key(&self) -> io::Result<LessSafeKey> {
        let mut bytes = [0; KEY_LEN];
        random(&mut bytes)?;
        write(&self.key, &bytes)?;
        self.key()
            .ok_or_else(|| io::Error::other("the key cannot be read"))
    }
}

/// Does something on a thread of its own; nothing when it takes longer. It then goes on, and nobody hears of it.
fn within<T: Send + 'static>(
    most: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, waits) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody may be waiting any more.
        let _ = done.send(work());
    });
    waits.recv_timeout(most).ok()
}

fn random(bytes: &mut [u8]) -> io::Result<()> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| io::Error::other("the system gives no random numbers"))
}

/// Writes a file for its owner's eyes alone, whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    // What another process left that ended in between.
    let _ = fs::remove_file(&part);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;

    /// A keyring in memory. A locked one opens nothing.
    #[derive(Default)]
    struct Memory {
        kept: Mutex<BTreeMap<String, String>>,
        locked: Mutex<bool>,
    }

    impl Memory {
        fn locked() -> Arc<Self> {
            Arc::new(Self {
                locked: Mutex::new(true),
                ..Self::default()
            })
        }

        fn opens(&self) -> Result<(), String> {
            match *self.locked.lock().expect("a lock") {
                true => Err("It is locked.".into()),
                false => Ok(()),
            }
        }

        fn count(&self) -> usize {
            self.kept.lock().expect("a lock").len()
        }
    }

    impl Keyring for Memory {
        fn keep(&self, name: &str, secret: &str) -> Result<(), String> {
            self.opens()?;
            let mut kept = self.kept.lock().expect("a lock");
            kept.insert(name.into(), secret.into());
            Ok(())
        }

        fn find(&self, name: &str) -> Result<Option<String>, String> {
            self.opens()?;
            Ok(self.kept.lock().expect("a lock").get(name).cloned())
        }

        fn forget(&self, name: &str) -> Result<(), String> {
            self.opens()?;
            self.kept.lock().expect("a lock").remove(name);
            Ok(())
        }
    }

    fn found(secret: &str) -> Found {
        Found::Secret(secret.into())
    }

    struct Folders {
        files: tempfile::TempDir,
        keys: tempfile::TempDir,
    }

    impl Folders {
        fn new() -> Self {
            Self {
                files: tempfile::tempdir().expect("a folder"),
                keys: tempfile::tempdir().expect("a folder"),
            }
        }

        fn secrets(&self, keyring: &Arc<Memory>) -> Secrets {
            let keyring: Arc<dyn Keyring> = Arc::clone(keyring) as _;
            Secrets::new(self.files.path(), self.keys.path(), keyring)
        }

        fn file(&self, name: &str) -> PathBuf {
            self.files.path().join(name)
        }
    }

    fn until(what: &str, mut look: impl FnMut() -> bool) {
        let started = Instant::now();
        while !look() {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "waited in vain for {what}"
            );
            std::thread::yield_now();
        }
    }

    #[test]
    fn without_a_keyring_a_secret_is_sealed_until_it_is_forgotten() {
        let folders = Folders::new();
        let secrets = folders.secrets(&Memory::locked());
        assert_eq!(
            secrets.load("one"),
            Found::Nothing,
            "nothing is there at first"
        );
        for (workspace, secret) in [("one", "5ecret"), ("two", "0ther"), ("one", "newer")] {
            let kept = secrets.keep(workspace, secret).expect("it is kept");
            assert_eq!(kept, Kept::File, "the keyring does not open");
        }
        assert_eq!(secrets.load("one"), found("newer"), "the last one counts");
        assert_eq!(secrets.load("two"), found("0ther"), "each has its own");
        let file = folders.file("one.session");
        let bytes = fs::read(&file).expect("its file");
        assert!(
            !bytes.windows(5).any(|part| part == b"newer"),
            "it is not readable there"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&file).expect("its file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "nobody else may read it");
        }
        fs::copy(&file, folders.file("two.session")).expect("a copy");
        assert_eq!(
            secrets.load("two"),
            Found::Nothing,
            "what is kept of one workspace opens no other"
        );
        secrets.forget("one");
        assert_eq!(secrets.load("one"), Found::Nothing, "it is gone");
        assert_eq!(secrets.kept("one"), None, "with all its files");
        secrets.keep("two", "again").expect("it is kept");
        fs::remove_file(folders.keys.path().join(KEY)).expect("the key goes");
        assert_eq!(
            secrets.load("two"),
            Found::Nothing,
            "nothing opens without the key"
        );
    }

    #[test]
    fn a_keyring_keeps_it_and_no_file_does() {
        let folders = Folders::new();
        let keyring = Arc::new(Memory::default());
        let secrets = folders.secrets(&keyring);
        let kept = secrets.keep("one", "5ecret").expect("it is kept");
        assert_eq!(kept, Kept::Keyring, "it opens");
        assert!(
            !folders.file("one.session").exists() && !folders.keys.path().join(KEY).exists(),
            "nothing is sealed, and no key is made"
        );
        secrets.keep("one", "newer").expect("it is kept");
        assert_eq!(secrets.load("one"), found("newer"), "the last one counts");
        assert_eq!(keyring.count(), 1, "in the place of the one before");
        *keyring.locked.lock().expect("a lock") = true;
        assert_eq!(
            secrets.load("one"),
            Found::Locked("It is locked.".into()),
            "that it does not open is not that nothing is there"
        );
        *keyring.locked.lock().expect("a lock") = false;
        assert_eq!(
            secrets.kept("one"),
            Some(Kept::Keyring),
            "it is still there"
        );
        secrets.forget("one");
        assert_eq!(keyring.count(), 0, "it is gone from the keyring");
        assert_eq!(secrets.load("one"), Found::Nothing, "and from here");
    }

    #[test]
    fn what_was_sealed_moves_into_a_keyring_that_opens() {
        let folders = Folders::new();
        let keyring = Memory::locked();
        let secrets = folders.secrets(&keyring);
        secrets.keep("one", "5ecret").expect("it is kept");
        *keyring.locked.lock().expect("a lock") = false;
        assert_eq!(secrets.load("one"), found("5ecret"), "at once");
        until("it to move", || !folders.file("one.session").exists());
        assert_eq!(secrets.kept("one"), Some(Kept::Keyring), "it moved");
        assert_eq!(secrets.load("one"), found("5ecret"), "and is found there");

        // A session that was signed into while the keyring was locked counts, whatever the keyring has.
        *keyring.locked.lock().expect("a lock") = true;
        secrets.keep("one", "newer").expect("it is kept");
        *keyring.locked.lock().expect("a lock") = false;
        assert_eq!(secrets.load("one"), found("newer"), "the newer one");
        until("it to move", || !folders.file("one.session").exists());
        assert_eq!(keyring.count(), 1, "in the place of the older one");

        // Whoever signs out while it is on its way leaves nothing behind.
        secrets.forget("one");
        secrets.move_over("one", "newer");
        assert_eq!(keyring.count(), 0, "it is taken out again");
    }
}
