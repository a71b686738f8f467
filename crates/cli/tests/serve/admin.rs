//! The pages for the operator at an address of their own.

use std::io::BufRead;
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use super::server::{CALL, Client, HttpAnswer, PATIENCE, ServedDatabase, Server, callplan, head};

/// A server with such an address, and that address.
fn with_admin(database: &ServedDatabase) -> (Server, SocketAddr) {
    let mut server = Server::start(database, &["--admin-listen", "127.0.0.1:0"]);
    let mut line = String::new();
    server.stdout.read_line(&mut line).expect("a second line");
    let address = line.trim_end().strip_prefix("metrics and health on http://").expect("the address");
    (server, address.parse().expect("an address"))
}

fn get(address: SocketAddr, path: &str) -> HttpAnswer {
    let mut client = Client::new(TcpStream::connect(address).expect("a connection"));
    client.send(&head("GET", path, &[], 0));
    client.answer()
}

#[test]
fn metrics_and_health_move_and_nothing_else_is_there() {
    let database = ServedDatabase::new();
    let (server, admin) = with_admin(&database);
    let begun = Instant::now();
    while get(admin, "/readyz").status != 200 {
        assert!(begun.elapsed() < PATIENCE, "it is never ready");
    }
    assert!(get(admin, "/metrics").body.contains("callplan_build_info"));
    assert_eq!((get(admin, "/healthz").status, server.get("/healthz").status), (200, 200));
    for path in ["/metrics", "/readyz"] {
        assert_eq!(server.get(path).is_problem(404).json()["code"], "no_such_path", "{path}");
    }
    for path in ["/core/agents", "/console", "/openapi.json", "/"] {
        assert_eq!(get(admin, path).is_problem(404).json()["code"], "no_such_path", "{path}");
    }
    assert_eq!(server.call(&database.token).status, 200);
    let figures = get(admin, "/metrics").body;
    let counted = r#"callplan_requests_total{method="POST",route="/core/inbound-calls",status="200"} 1"#;
    assert!(figures.contains(counted), "{figures}");
}

#[test]
fn they_answer_until_the_last_request_of_a_client_has_ended() {
    let database = ServedDatabase::new();
    let (server, admin) = with_admin(&database);
    let mut client = server.connect();
    let authorization = format!("Bearer {}", database.token);
    let headers =
        [("authorization", &*authorization), ("content-type", "application/json"), ("expect", "100-continue")];
    client.send(&head("POST", "/core/inbound-calls", &headers, CALL.len()));
    client.go_on();
    server.signal("-INT");
    let begun = Instant::now();
    while TcpStream::connect(server.address).is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it goes on listening");
    }
    assert_eq!(get(admin, "/readyz").is_problem(503).json()["code"], "shutting_down");
    assert_eq!(get(admin, "/healthz").status, 200);
    client.send(CALL);
    assert_eq!(client.answer().status, 200);
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(log.matches("the server is shutting down").count(), 1, "{log}");
}

#[test]
fn an_address_that_is_taken_or_none_is_told_of() {
    let database = ServedDatabase::new();
    let (_server, admin) = with_admin(&database);
    let other = ServedDatabase::new();
    for (address, message) in
        [(admin.to_string(), "cannot listen on"), ("nowhere".to_owned(), "is not an address with a port")]
    {
        let path = other.path();
        let mut command = callplan();
        command.args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", &address, "--database"]).arg(&path);
        let output = command.output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(message), "{told}");
    }
}
