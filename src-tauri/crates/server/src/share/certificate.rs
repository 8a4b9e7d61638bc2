//! The certificate that a workspace's computer makes for itself. Debrief knows it by its fingerprint; a browser warns of it
//! once.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use api::error::{ApiError, ErrorCode};
use chrono::{DateTime, Datelike, Days, Utc};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use super::invitation::hexadecimal;
use super::kept;

/// Days that a certificate is good for: browsers take none of more than 825.
const GOOD_FOR: u64 = 800;
/// Days before its end from which on a new one is made.
const BEFORE_END: u64 = 30;

/// A certificate, ready for use.
pub struct Own {
    /// Agrees on the encryption of a connection.
    pub acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub fingerprint: String,
}

/// What is kept in the data folder, for its owner's eyes alone. Bytes in hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Stored {
    certificate: String,
    key: String,
    until: DateTime<Utc>,
}

/// The certificate of a workspace: the one that is kept, else a new one that names `address`.
pub fn of_workspace(
    data_dir: &Path,
    workspace: &Path,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<Own, ApiError> {
    let name = file_name(workspace);
    let stored = std::fs::read(data_dir.join(&name))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Stored>(&bytes).ok())
        .filter(|stored| stored.until > now + Days::new(BEFORE_END));
    if let Some(own) = stored.as_ref().and_then(|stored| ready(stored).ok()) {
        return Ok(own);
    }
    let new = make(address, now).map_err(cannot)?;
    // Where it cannot be kept it serves this time, under another fingerprint the next.
    if let Ok(bytes) = serde_json::to_vec_pretty(&new) {
        let _ = kept::write_private(data_dir, &name, &bytes);
    }
    ready(&new)
}

fn cannot(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        format!("Debrief cannot make a certificate for this computer: {error}."),
    )
}

fn file_name(workspace: &Path) -> String {
    let digest = Sha256::digest(workspace.to_string_lossy().as_bytes());
    format!("certificate-{}.json", hexadecimal(&digest[..8]))
}

fn make(address: IpAddr, now: DateTime<Utc>) -> Result<Stored, rcgen::Error> {
    let until = now + Days::new(GOOD_FOR);
    let day = |at: DateTime<Utc>| {
        // Days and months are small.
        let (month, day) = (at.month() as u8, at.day() as u8);
        rcgen::date_time_ymd(at.year(), month, day)
    };
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "Debrief");
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.subject_alt_names = vec![SanType::IpAddress(address)];
    // Clocks of guests may be behind.
    params.not_before = day(now - Days::new(2));
    params.not_after = day(until);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Stored {
        certificate: hexadecimal(certificate.der()),
        key: hexadecimal(&key.serialize_der()),
        until,
    })
}

fn ready(stored: &Stored) -> Result<Own, ApiError> {
    let (Some(certificate), Some(key)) = (bytes(&stored.certificate), bytes(&stored.key)) else {
        return Err(cannot("what is kept of it cannot be read"));
    };
    let fingerprint = hexadecimal(&Sha256::digest(&certificate));
    let key = PrivateKeyDer::try_from(key).map_err(cannot)?;
    let acceptor = acceptor(vec![CertificateDer::from(certificate)], key).map_err(cannot)?;
    Ok(Own {
        acceptor,
        fingerprint,
    })
}

fn acceptor(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<TlsAcceptor, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A certificate of one's own, with its chain, and its key, from PEM files. Errors: a sentence.
pub fn from_files(certificate: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("{} cannot be read: {error}.", certificate.display()))?;
    if chain.is_empty() {
        return Err(format!(
            "There is no certificate in {}.",
            certificate.display()
        ));
    }
    let key_of = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| format!("{} cannot be read: {error}.", key.display()))?;
    acceptor(chain, key_of).map_err(|error| {
        format!(
            "{} and {} do not go together: {error}.",
            certificate.display(),
            key.display()
        )
    })
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_keeps_its_certificate() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now = Utc::now();
        let of = |workspace: &str, now| {
            of_workspace(
                folder.path(),
                Path::new(workspace),
                [127, 0, 0, 1].into(),
                now,
            )
            .expect("a certificate")
            .fingerprint
        };
        let first = of("/one", now);
        assert_eq!(first.len(), 64, "a fingerprint is a SHA-256");
        assert_eq!(of("/one", now), first, "Debrief knows this computer again");
        assert_ne!(
            of("/two", now),
            first,
            "another workspace is another computer"
        );
        assert_ne!(
            of("/one", now + Days::new(GOOD_FOR - BEFORE_END + 1)),
            first,
            "before it runs out there is a new one"
        );
        let kept = std::fs::metadata(folder.path().join(file_name(Path::new("/one"))));
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&kept.expect("it is kept").permissions())
                & 0o777,
            0o600,
            "nobody else may read its key"
        );
    }
}
