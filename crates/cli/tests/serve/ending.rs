//! The end of a server: on request, cut short, and killed.

use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::time::{Duration, Instant};

use super::server::{CALL, Client, PATIENCE, ServedDatabase, Server, callplan, head};

/// A call of which only half has been sent. The server has begun to work on it.
fn half_a_call(server: &Server, token: &str) -> Client {
    let mut client = server.connect();
    let authorization = format!("Bearer {token}");
    let headers =
        [("authorization", &*authorization), ("content-type", "application/json"), ("expect", "100-continue")];
    client.send(&head("POST", "/core/inbound-calls", &headers, CALL.len()));
    // The server asks for the body only when the handler reads it.
    client.go_on();
    client.send(&CALL[..20]);
    client
}

fn wait_until_nobody_listens(server: &Server) {
    let begun = Instant::now();
    while TcpStream::connect(server.address).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it goes on listening");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_request_that_has_come_is_finished_and_no_other_begins() {
    for signal in ["-TERM", "-INT"] {
        let database = ServedDatabase::new();
        let server = Server::start(&database, &[]);
        let mut client = half_a_call(&server, &database.token);
        let mut idle = server.connect();
        idle.send(&head("GET", "/healthz", &[], 0));
        assert_eq!(idle.answer().status, 200);
        server.signal(signal);
        wait_until_nobody_listens(&server);
        assert!(idle.is_closed());
        client.send(&CALL[20..]);
        let answer = client.answer();
        assert_eq!((answer.status, answer.json()["action"].as_str()), (200, Some("disconnect")));
        let (status, log) = server.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(log.contains("\"connections_cut\":0"), "{log}");
    }
}

#[test]
fn while_it_drains_calls_are_answered_and_each_client_is_sent_away() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &["--drain", "60m"]);
    server.wait_until_ready();
    let mut kept = server.connect();
    let answer = kept.ask(&database.token, "POST", "/core/inbound-calls", CALL).expect("an answer");
    assert_eq!((answer.status, answer.header("connection")), (200, ""));
    server.signal("-TERM");
    let begun = Instant::now();
    while server.get("/readyz").status == 200 {
        assert!(begun.elapsed() < PATIENCE, "it is ready for ever");
    }
    let unready = server.get("/readyz");
    assert_eq!(unready.is_problem(503).json()["code"], "shutting_down");
    assert_eq!(server.get("/healthz").status, 200);
    // A client that has a connection, and one that makes a new one.
    for mut client in [kept, server.connect()] {
        let answer = client.ask(&database.token, "POST", "/core/inbound-calls", CALL).expect("an answer");
        assert_eq!((answer.status, answer.header("connection")), (200, "close"));
        assert!(client.is_closed());
    }
    // A second signal ends the drain.
    server.signal("-TERM");
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"connections_cut\":0"), "{log}");
}

#[test]
fn a_drain_has_an_end_and_an_interrupt_does_not_wait_for_it() {
    for (drain, signal) in [("100ms", "-TERM"), ("60m", "-INT")] {
        let server = Server::start(&ServedDatabase::new(), &["--drain", drain]);
        server.signal(signal);
        assert_eq!(server.ended().0.code(), Some(0));
    }
}

/// The process that a process has started.
fn child(process: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).ok()?;
    children.split(' ').next()?.parse().ok()
}

fn runs(process: u32) -> bool {
    // A process that has ended, and that nobody has asked about yet, has no command line.
    std::fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// A server with a terminal of its own, which `script` provides; and the server's process.
fn in_a_terminal(database: &ServedDatabase, start: &str) -> Option<(Server, u32)> {
    let program = env!("CARGO_BIN_EXE_callplan");
    let (path, log) = (database.path(), database.folder.path().join("log"));
    let serve = format!(
        "{start} {program} serve --drain 60m --listen 127.0.0.1:0 --database {} 2>{}",
        path.display(),
        log.display()
    );
    if Command::new("script").arg("--version").output().is_err() {
        return None;
    }
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", &serve, "/dev/null"]).stdin(std::process::Stdio::null());
    let server = Server::spawn(script);
    let process = child(server.process()).expect("it has started the server");
    Some((server, process))
}

#[test]
fn when_its_terminal_closes_it_ends_in_order() {
    let database = ServedDatabase::new();
    // The tests may run under `nohup`, and what ignores a signal has its children ignore it.
    let start = "exec env --default-signal=HUP";
    let Some((mut server, process)) = in_a_terminal(&database, start) else { return };
    let ids = call(&server, &database.token, 20);
    // A signal that somebody sends is another thing: the terminal is there.
    assert!(Command::new("kill").args(["-HUP", &process.to_string()]).status().expect("kill runs").success());
    assert_eq!(server.call(&database.token).status, 200);
    // The terminal goes with the program that has it.
    server.kill();
    let begun = Instant::now();
    while runs(process) {
        assert!(begun.elapsed() < PATIENCE, "it runs without its terminal");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(missing(&database, &ids), [""; 0]);
    let log = std::fs::read_to_string(database.folder.path().join("log")).expect("its log");
    assert!(log.contains("\"connections_cut\":0"), "{log}");
}

#[test]
fn with_nohup_it_outlives_its_terminal() {
    let database = ServedDatabase::new();
    let Some((mut server, process)) = in_a_terminal(&database, "trap '' HUP; exec") else { return };
    server.kill();
    // As `nohup` does it, but for the output.
    let asked = Command::new("kill").args(["-HUP", &process.to_string()]).status().expect("kill runs");
    assert!(asked.success());
    assert_eq!(server.call(&database.token).status, 200);
    assert!(Command::new("kill").args(["-INT", &process.to_string()]).status().expect("kill runs").success());
}

#[test]
fn a_hangup_does_not_end_a_server_without_a_terminal() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    server.signal("-HUP");
    assert_eq!(server.call(&database.token).status, 200);
    assert_eq!(server.end().0.code(), Some(0));
}

#[test]
fn systemd_is_told_when_it_is_ready_and_when_it_ends() {
    let database = ServedDatabase::new();
    let path = database.folder.path().join("notify");
    let systemd = UnixDatagram::bind(&path).expect("a socket");
    systemd.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let told = || {
        let mut message = [0; 64];
        let length = systemd.recv(&mut message).expect("a message");
        String::from_utf8_lossy(&message[..length]).trim_end().to_owned()
    };
    let mut command = callplan();
    command.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(database.path());
    command.args(["--drain", "0s"]).env("NOTIFY_SOCKET", &path);
    let server = Server::spawn(command);
    assert_eq!(told(), "READY=1");
    assert_eq!(server.get("/readyz").status, 200);
    server.signal("-TERM");
    assert_eq!(told(), "STOPPING=1");
    assert_eq!(server.ended().0.code(), Some(0));
}

#[test]
fn what_takes_too_long_is_cut() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &["--shutdown-timeout", "200ms"]);
    let mut client = half_a_call(&server, &database.token);
    server.signal("-TERM");
    assert!(client.is_closed());
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"connections_cut\":1"), "{log}");
}

#[test]
fn after_a_kill_it_starts_again_with_all_that_was_answered() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("content-type", "application/json")];
    let config = r#"{"workflow_definition": "rule \"Nobody\" {\n  reject\n}\n"}"#;
    let made = server.ask("POST", "/core/inbound-routing-config", &headers, config);
    assert_eq!(made.status, 201, "{}", made.body);
    server.signal("-KILL");
    drop(server.ended());
    let server = Server::start(&database, &[]);
    let stored = server.ask("GET", "/core/inbound-routing-config", &headers, "");
    assert_eq!(stored.json(), made.json());
    let decision = server.call(&database.token).json();
    assert_eq!((&decision["reason"], &decision["rule"]), (&"rejected".into(), &"Nobody".into()));
}

#[test]
fn without_time_every_plan_is_too_late() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &["--decision-timeout", "0ms"]);
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("content-type", "application/json")];
    let config = r#"{"workflow_definition": "rule \"Nobody\" {\n  reject\n}\n"}"#;
    assert_eq!(server.ask("POST", "/core/inbound-routing-config", &headers, config).status, 201);
    assert_eq!(server.call(&database.token).json()["reason"], "workflow_timeout");
}

/// Makes calls, and gives their ids.
fn call(server: &Server, token: &str, count: usize) -> Vec<String> {
    (0..count).map(|_| server.call(token).json()["id"].as_str().expect("an id").to_owned()).collect()
}

/// Those of the ids that are not in the log of the calls.
fn missing(database: &ServedDatabase, ids: &[String]) -> Vec<String> {
    let (organization, store) = (database.organization, database.store());
    let is_missing = |id: &&String| {
        let id = id.parse().expect("an id");
        store.read(move |snapshot| snapshot.call(organization, id)).wait().expect("it is read").is_none()
    };
    ids.iter().filter(is_missing).cloned().collect()
}

#[test]
fn every_call_that_was_answered_is_in_the_log_after_the_end() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let ids = call(&server, &database.token, 300);
    // Immediately: the queued calls must be written before the program ends.
    let (status, log) = server.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(missing(&database, &ids), [""; 0]);
}

#[test]
fn an_end_waits_for_the_log_where_others_write_and_a_client_was_cut() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &["--shutdown-timeout", "200ms"]);
    let holder = rusqlite::Connection::open(database.path()).expect("it opens");
    holder.execute_batch("BEGIN IMMEDIATE").expect("it is free");
    let ids = call(&server, &database.token, 50);
    // A request that is cut, and keeps its state a little longer than others.
    let mut slow = half_a_call(&server, &database.token);
    server.signal("-TERM");
    assert!(slow.is_closed());
    // Longer than anything else at the end of a server.
    std::thread::sleep(Duration::from_millis(600));
    holder.execute_batch("ROLLBACK").expect("it was held");
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(missing(&database, &ids), [""; 0]);
}

#[test]
fn a_masked_log_has_no_number_in_full() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &["--call-log", "masked"]);
    let id = call(&server, &database.token, 1).remove(0);
    server.end();
    let (organization, id) = (database.organization, id.parse().expect("an id"));
    let record = database.store().read(move |snapshot| snapshot.call(organization, id)).wait().expect("it is read");
    let record = record.expect("the call is there");
    assert!(record.kind.masked);
    let called: serde_json::Value = serde_json::from_str(CALL).expect("JSON");
    let called = called["called_number"].as_str().expect("a number");
    assert!(!format!("{record:?}").contains(called), "{record:?}");
    assert!(record.called_number.starts_with(&called[..5]), "{record:?}");
}
