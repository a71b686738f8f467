//! The end of a server: on request, cut short, and killed.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::server::{CALL, Client, PATIENCE, ServedDatabase, Server, head};

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
