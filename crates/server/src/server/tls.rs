//! TLS, for a server with its own certificate, which is read again when its files change.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::der::Decode;

use crate::api::SharedEnd;

/// How often the files are looked at. What has changed is used once two looks have found the same:
/// the two files are written one after the other.
const LOOK: Duration = Duration::from_secs(2);

/// A certificate with its key, in two files. Clones share it.
#[derive(Clone)]
pub struct Certificate(Arc<Shared>);

struct Shared {
    files: Files,
    acceptor: ArcSwap<TlsAcceptor>,
    end: SharedEnd,
    /// What the files had when they were last read to be used.
    tried: Mutex<Contents>,
}

/// The paths of the certificate chain and of its key.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// The bytes of the two files.
#[derive(Clone, PartialEq, Eq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// Why a certificate cannot be used.
#[derive(Debug)]
pub struct CertificateError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl Certificate {
    /// Reads a certificate chain and its key from PEM files.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
        let contents = files.contents()?;
        let acceptor = ArcSwap::from_pointee(files.acceptor(&contents)?);
        let end = Arc::new(ArcSwap::from_pointee(contents.end()));
        Ok(Self(Arc::new(Shared { files, acceptor, end, tried: Mutex::new(contents) })))
    }

    /// Reads the files again, for the connections to come. If they cannot be used, the certificate
    /// stays as it is. Either is logged.
    pub fn renew(&self) {
        match self.try_again() {
            Ok(()) => tracing::info!("the certificate has been read again"),
            Err(error) => tracing::error!(%error, "the certificate stays as it was: the new one cannot be used"),
        }
    }

    fn try_again(&self) -> Result<(), CertificateError> {
        let contents = self.0.files.contents()?;
        *self.0.tried.lock().unwrap_or_else(PoisonError::into_inner) = contents.clone();
        self.0.acceptor.store(Arc::new(self.0.files.acceptor(&contents)?));
        self.0.end.store(Arc::new(contents.end()));
        Ok(())
    }

    /// Renews the certificate whenever its files have changed, until the task is aborted.
    pub(super) async fn watch(self) {
        let mut before = None;
        loop {
            tokio::time::sleep(LOOK).await;
            let this = self.clone();
            let look = tokio::task::spawn_blocking(move || this.look(before));
            // Only a panic is an error.
            before = look.await.ok().flatten();
        }
    }

    /// Renews the certificate if its files have changed and are as they were at the look before.
    /// Gives what they have, if that is not used yet. A file that is missing may be on its way.
    fn look(&self, before: Option<Contents>) -> Option<Contents> {
        let contents = self.0.files.contents().ok()?;
        if contents == *self.0.tried.lock().unwrap_or_else(PoisonError::into_inner) {
            return None;
        }
        if before.as_ref() != Some(&contents) {
            return Some(contents);
        }
        self.renew();
        None
    }

    /// When the certificate ends, also after it was renewed.
    pub(super) fn end(&self) -> SharedEnd {
        Arc::clone(&self.0.end)
    }

    /// The acceptor of TLS handshakes.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::clone(&self.0.acceptor.load())
    }
}

impl Contents {
    /// When the first certificate of the chain, that of the server, ends; `None` if it is too damaged
    /// to say so, which those who connect are told by TLS.
    fn end(&self) -> Option<Timestamp> {
        let first = CertificateDer::pem_slice_iter(&self.certificate).next()?.ok()?;
        let certificate = x509_cert::Certificate::from_der(&first).ok()?;
        let end = certificate.tbs_certificate().validity().not_after.to_unix_duration();
        Timestamp::from_second(i64::try_from(end.as_secs()).ok()?).ok()
    }
}

impl Files {
    fn contents(&self) -> Result<Contents, CertificateError> {
        let read = |path: &Path| std::fs::read(path).map_err(|error| unusable(path, words(&pem::Error::Io(error))));
        Ok(Contents { certificate: read(&self.certificate)?, key: read(&self.key)? })
    }

    fn acceptor(&self, contents: &Contents) -> Result<TlsAcceptor, CertificateError> {
        let Self { certificate, key } = self;
        let chain = CertificateDer::pem_slice_iter(&contents.certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| unusable(certificate, words(&error)))?;
        if chain.is_empty() {
            return Err(unusable(certificate, "there is no certificate in it".into()));
        }
        let secret = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|error| unusable(key, words(&error)))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret));
        let mut config =
            config.map_err(|error| unusable(key, format!("it is not the key of the certificate: {error}")))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn unusable(path: &Path, reason: String) -> CertificateError {
    CertificateError { path: path.to_owned(), reason }
}

fn words(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) if error.kind() == io::ErrorKind::NotFound => "there is no such file".into(),
        pem::Error::Io(error) => error.to_string(),
        pem::Error::NoItemsFound => "there is no key in it, in PEM form".into(),
        // The library may add variants.
        other => other.to_string(),
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate")
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be used for TLS: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for CertificateError {}
