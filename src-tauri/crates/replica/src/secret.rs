//! Where the secret of a session is kept on this computer: sealed in a file of its owner's, the key in another file. That keeps it
//! from other people of this computer, and from whoever gets a copy of one of the two, such as a synchronised folder. It does not keep
//! it from programs that its owner runs, nor from whoever has the whole disk.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// The key's file.
const KEY: &str = "session-key";
/// Bytes of the key.
const KEY_LEN: usize = 32;

/// The secrets of sessions, by the id of the workspace that they open.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Where the key is.
    key: PathBuf,
    /// Where what is sealed is.
    folder: PathBuf,
}

impl Secrets {
    /// Secrets that are kept in a folder, with their key in another one. Both must be there.
    pub fn new(folder: &Path, key_folder: &Path) -> Self {
        Self {
            key: key_folder.join(KEY),
            folder: folder.to_owned(),
        }
    }

    /// Keeps the secret of a session in the place of any before.
    pub fn keep(&self, workspace: &str, secret: &str) -> io::Result<()> {
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

    /// The secret of a session; nothing when there is none, or the key is another one.
    pub fn load(&self, workspace: &str) -> Option<String> {
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

    /// Forgets the secret of a session.
    pub fn forget(&self, workspace: &str) {
        // What is not there is forgotten.
        let _ = fs::remove_file(self.file(workspace));
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
    use super::*;

    #[test]
    fn a_secret_is_kept_until_it_is_forgotten() {
        let (folder, keys) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let secrets = Secrets::new(folder.path(), keys.path());
        assert_eq!(secrets.load("one"), None, "nothing is there at first");
        secrets.keep("one", "5ecret").expect("it is kept");
        secrets.keep("two", "0ther").expect("it is kept");
        secrets.keep("one", "newer").expect("it is kept");
        assert_eq!(
            secrets.load("one").as_deref(),
            Some("newer"),
            "the last one counts"
        );
        assert_eq!(
            secrets.load("two").as_deref(),
            Some("0ther"),
            "each has its own"
        );
        let file = folder.path().join("one.session");
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
        fs::copy(&file, folder.path().join("two.session")).expect("a copy");
        assert_eq!(
            secrets.load("two"),
            None,
            "what is kept of one workspace opens no other"
        );
        secrets.forget("one");
        assert_eq!(secrets.load("one"), None, "it is gone");
        fs::remove_file(keys.path().join(KEY)).expect("the key goes");
        assert_eq!(secrets.load("two"), None, "nothing opens without the key");
    }
}
