//! TLS without a proxy.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::server::{ServedDatabase, Server, callplan, head};

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/certificate.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/key.pem");

#[test]
fn with_a_certificate_it_speaks_tls() {
    let server = Server::start(&ServedDatabase::new(), &["--tls-certificate", CERTIFICATE, "--tls-key", KEY]);
    assert!(server.line.starts_with("listening on https://127.0.0.1:"), "{}", server.line);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(CERTIFICATE).expect("a certificate")).expect("it is one");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(client, TcpStream::connect(server.address).expect("a connection"));
    stream.write_all(head("GET", "/healthz", &[("connection", "close")], 0).as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer, and a proper end");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[test]
fn without_one_it_warns_once_where_others_can_reach_it() {
    let warnings = |address: &str, options: &[&str]| {
        let database = ServedDatabase::new();
        let path = database.path();
        let path = path.to_str().expect("UTF-8");
        let server = Server::run(&[&["--database", path, "--listen", address], options].concat());
        let (ended, log) = server.end();
        assert!(ended.success());
        log.lines().filter(|line| line.contains("without TLS") && line.contains("\"warn\"")).count()
    };
    assert_eq!(warnings("0.0.0.0:0", &[]), 1);
    assert_eq!(warnings("127.0.0.1:0", &[]), 0);
    assert_eq!(warnings("0.0.0.0:0", &["--tls-certificate", CERTIFICATE, "--tls-key", KEY]), 0);
}

#[test]
fn what_is_no_certificate_or_key_is_told() {
    let database = ServedDatabase::new();
    for (certificate, key, said) in [
        (KEY, KEY, "there is no certificate in it"),
        (CERTIFICATE, CERTIFICATE, "there is no key in it"),
        ("nowhere.pem", KEY, "there is no such file"),
    ] {
        let mut command = callplan();
        command.args(["serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key]);
        let refused = command.arg("--database").arg(database.path()).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
    }
}
