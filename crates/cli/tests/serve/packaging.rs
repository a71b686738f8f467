//! The files of `packaging/`: the service starts with their command lines, and systemd accepts the
//! unit.

use std::path::Path;
use std::process::Command;

use super::server::Server;

/// The database and the address of the packaged service.
const HOME: &str = "/var/lib/callplan";
const PORT: &str = ":8080";

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The value of a line of the unit.
fn setting<'t>(unit: &'t str, name: &str) -> &'t str {
    let line = unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.unwrap_or_else(|| panic!("the unit has no {name}"))
}

/// Starts the service with such arguments, but in a folder of the test and on a free port.
fn starts(arguments: &[String]) {
    assert_eq!(arguments[0], "serve");
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().to_str().expect("UTF-8");
    let here = |argument: &String| argument.replace(HOME, home).replace(PORT, ":0");
    let arguments: Vec<String> = arguments[1..].iter().map(here).collect();
    let server = Server::run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let port = server.address.port();
    let health = std::net::TcpStream::connect(("127.0.0.1", port)).map(super::server::Client::new);
    let mut client = health.expect("a connection");
    client.send(&super::server::head("GET", "/healthz", &[], 0));
    assert_eq!(client.answer().status, 200);
    assert!(folder.path().join("callplan.db").exists(), "the database is not where the volume is");
    assert!(server.end().0.success());
}

#[test]
fn the_unit_starts_the_service() {
    let unit = read("callplan.service");
    let mut command = setting(&unit, "ExecStart").split(' ').map(str::to_owned);
    assert_eq!(command.next().as_deref(), Some("/usr/local/bin/callplan"));
    starts(&command.collect::<Vec<_>>());
    assert_eq!(format!("/var/lib/{}", setting(&unit, "StateDirectory")), HOME);
}

#[test]
fn the_container_starts_the_service() {
    let file = read("Containerfile");
    let entry = file.lines().find_map(|line| line.strip_prefix("ENTRYPOINT ")).expect("an entry point");
    let mut command: Vec<String> = serde_json::from_str(entry).expect("a list of words");
    assert_eq!(command.remove(0), "callplan");
    starts(&command);
    assert!(file.lines().any(|line| line == format!("VOLUME {HOME}")));
    assert!(file.lines().any(|line| line.ends_with(&format!(" --home-dir {HOME} callplan"))));
    // The file that it builds exists.
    let folder = file.split("--path /callplan/").nth(1).and_then(|rest| rest.split(' ').next()).expect("a crate");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root");
    assert_eq!(root.join(folder), Path::new(env!("CARGO_MANIFEST_DIR")));
}

#[test]
fn systemd_accepts_the_unit() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let unit = folder.path().join("callplan.service");
    // systemd checks that the program exists.
    let text = read("callplan.service").replace("/usr/local/bin/callplan", env!("CARGO_BIN_EXE_callplan"));
    std::fs::write(&unit, text).expect("a file");
    let output = Command::new("systemd-analyze").arg("verify").arg(&unit).output().expect("it runs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    // systemd reads the machine's own units, too, and may complain about them.
    let complaints: Vec<_> = complaints.lines().filter(|line| line.contains("callplan.service")).collect();
    assert!(complaints.is_empty(), "{complaints:?}");
}
