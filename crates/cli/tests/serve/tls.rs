//! TLS without a proxy.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::server::{PATIENCE, ServedDatabase, Server, callplan, head};

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/certificate.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/key.pem");

/// Another pair.
const OTHER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/other-certificate.pem");
const OTHER_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/serve/tls/other-key.pem");

/// When they end.
const END: &str = "2126-11-02T03:09:24Z";
const OTHER_END: &str = "2126-11-06T15:04:59Z";

/// The answer to a request, by a client that trusts this certificate alone.
fn ask(server: &Server, trusted: &str) -> io::Result<String> {
    get(server, trusted, "/healthz")
}

/// When the certificate ends, as the metrics say.
fn told_end(server: &Server, trusted: &str) -> String {
    let page = get(server, trusted, "/metrics").expect("the metrics");
    let value = page.lines().find_map(|line| line.strip_prefix("callplan_tls_certificate_end_timestamp_seconds "));
    let second = value.expect("it is told").trim().parse().expect("a number");
    jiff::Timestamp::from_second(second).expect("an instant").to_string()
}

fn get(server: &Server, trusted: &str, path: &str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(trusted).expect("a certificate")).expect("it is one");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(client, TcpStream::connect(server.address).expect("a connection"));
    stream.write_all(head("GET", path, &[("connection", "close")], 0).as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn with_a_certificate_it_speaks_tls() {
    let server = Server::start(&ServedDatabase::new(), &["--tls-certificate", CERTIFICATE, "--tls-key", KEY]);
    assert!(server.line.starts_with("listening on https://127.0.0.1:"), "{}", server.line);
    let answer = ask(&server, CERTIFICATE).expect("an answer, and a proper end");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert_eq!(told_end(&server, CERTIFICATE), END);
    assert!(ask(&server, OTHER).is_err());
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

/// Waits until something holds.
fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_new_certificate_is_used_when_it_is_there_and_a_faulty_one_is_not() {
    let database = ServedDatabase::new();
    let file = |name: &str| database.folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    let put = |from: &str, from_key: &str| {
        fs::copy(from, &certificate).expect("it is copied");
        fs::copy(from_key, &key).expect("it is copied");
    };
    put(CERTIFICATE, KEY);
    let server = Server::start(&database, &["--tls-certificate", &certificate, "--tls-key", &key]);
    // Nobody says that it has changed.
    put(OTHER, OTHER_KEY);
    wait_until("the new certificate is never used", || ask(&server, OTHER).is_ok());
    assert!(ask(&server, CERTIFICATE).is_err());
    assert_eq!(told_end(&server, OTHER), OTHER_END);
    // The key of another certificate, no key, and no file.
    fs::copy(KEY, &key).expect("it is copied");
    let refusals = |count| move |log: String| log.matches("the certificate stays as it was").count() >= count;
    server.signal("-HUP");
    wait_until("it does not say that the key is wrong", || refusals(1)(server.log()));
    fs::write(&key, "no key").expect("it is written");
    server.signal("-HUP");
    wait_until("it does not say that there is no key", || refusals(2)(server.log()));
    fs::remove_file(&key).expect("it was there");
    server.signal("-HUP");
    wait_until("it does not say that there is no file", || server.log().contains("there is no such file"));
    assert!(ask(&server, OTHER).is_ok());
    // A signal has it read at once.
    put(CERTIFICATE, KEY);
    server.signal("-HUP");
    wait_until("the old certificate is not used again", || ask(&server, CERTIFICATE).is_ok());
    let log = server.log();
    assert!(!log.contains("BEGIN") && log.contains("the certificate has been read again"), "{log}");
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
