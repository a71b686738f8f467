//! Clients that are slow, malformed, or too many.

use std::net::TcpStream;

use callplan_server::api::Settings;
use callplan_server::server::{Shutdown, listen};
use callplan_service::telemetry::log::LostLines;

use super::server::{CALL, Client, PATIENCE, ServedDatabase, Server, callplan, head};

#[test]
fn a_head_that_takes_too_long_is_given_up() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let mut slow = server.connect();
    slow.send("GET /healthz HTTP/1.1\r\nhost: ");
    let mut silent = server.connect();
    slow.answer().is_problem(408);
    assert!(slow.is_closed() && silent.is_closed());
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn what_is_no_request_is_refused_as_everything_is() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let refused = |text: &str, status: u16| {
        let mut client = server.connect();
        client.send(text);
        client.answer().is_problem(status);
        assert!(client.is_closed());
    };
    refused("what?\r\n\r\n", 400);
    // Also after a valid request.
    let mut client = server.connect();
    client.send(&format!("{}what?\r\n\r\n", head("GET", "/healthz", &[], 0)));
    assert_eq!(client.answer().status, 200);
    client.answer().is_problem(400);
    refused("GET /healthz HTTP/1.1\r\nno colon\r\n\r\n", 400);
    for target in ["/healthz#top", "/healthz?#", "/#", "#"] {
        refused(&format!("GET {target} HTTP/1.1\r\nhost: test\r\n\r\n"), 400);
    }
    // Also in a second request of a connection. Elsewhere the character is allowed.
    let mut client = server.connect();
    client.send(&head("GET", "/healthz", &[("x", "#")], 0));
    assert_eq!(client.answer().status, 200);
    client.send(&head("GET", "/healthz#top", &[], 0));
    client.answer().is_problem(400);
    refused(&format!("GET /healthz HTTP/1.1\r\nx: {}", "y".repeat(200_000)), 431);
    refused(&format!("GET /{} HTTP/1.1\r\nhost: test\r\n\r\n", "y".repeat(66_000)), 431);
}

#[test]
fn a_fragment_is_refused_in_each_request_of_one_piece() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let call = r#"{"called_number": "+4930123456", "trunk_id":
"GET #"}"#;
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("content-type", "application/json")];
    let sized = head("POST", "/core/inbound-calls", &headers, call.len());
    let chunked = sized.replace(&format!("content-length: {}", call.len()), "transfer-encoding: chunked");
    let (begun, rest) = call.split_at(50);
    for first in [
        head("GET", "/healthz", &[("x", "#")], 0),
        format!("{sized}{call}"),
        format!("{chunked}{:x}\r\n{begun}\r\n{:X};x=#\r\n{rest}\r\n0\r\n\r\n", begun.len(), rest.len()),
    ] {
        let mut client = server.connect();
        client.send(&format!("{first}{first}{}", head("GET", "/healthz#top", &[], 0)));
        assert_eq!((client.answer().status, client.answer().status), (200, 200), "{first}");
        client.answer().is_problem(400);
        assert!(client.is_closed());
    }
}

#[test]
fn a_request_has_one_host() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    for (hosts, status) in [
        ("", 400),
        ("host: a\r\nhost: a\r\n", 400),
        ("host: a b\r\n", 400),
        ("host: me@a\r\n", 400),
        ("host:\r\n", 200),
        ("HOST: [::1]:80\r\n", 200),
    ] {
        for path in ["/healthz", "/openapi.json"] {
            let mut client = server.connect();
            client.send(&format!("GET {path} HTTP/1.1\r\n{hosts}\r\n"));
            assert_eq!(client.answer().status, status, "{hosts:?}");
        }
    }
    let mut client = server.connect();
    client.send("GET /healthz HTTP/1.0\r\n\r\n");
    assert_eq!(client.answer().status, 200);
}

#[test]
fn a_connection_is_used_again() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let mut client = server.connect();
    for _ in 0..3 {
        client.send(&head("GET", "/healthz", &[], 0));
        assert_eq!(client.answer().status, 200);
    }
    // Two heads in one packet.
    client.send(&head("GET", "/healthz", &[], 0).repeat(2));
    assert_eq!((client.answer().status, client.answer().status), (200, 200));
}

#[test]
fn who_guesses_tokens_has_to_wait_and_who_has_one_does_not() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let wrong = format!("{}x", &database.token[..database.token.len() - 1]);
    let mut client = server.connect();
    let authorization = format!("Bearer {wrong}");
    let mut guess = || {
        client.send(&head("GET", "/core/inbound-routing-config", &[("authorization", &authorization)], 0));
        client.answer().status
    };
    let statuses: Vec<u16> = (0..300).map(|_| guess()).collect();
    assert!(statuses.iter().all(|status| [401, 429].contains(status)));
    assert!(statuses[..100].iter().all(|status| *status == 401) && statuses.contains(&429));
    client.send(&head("GET", "/core/inbound-routing-config", &[("authorization", &authorization)], 0));
    assert_eq!(client.answer().is_problem(429).header("retry-after"), "1");
    assert_eq!(server.call(&database.token).status, 200);
    // A request without a token does not count as a guess.
    assert_eq!(server.get("/core/inbound-routing-config").status, 401);
}

#[test]
fn large_bodies_together_are_bounded_and_calls_go_on() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let authorization = format!("Bearer {}", database.token);
    let headers =
        [("authorization", &*authorization), ("content-type", "application/json"), ("expect", "100-continue")];
    // Bodies of the largest size, of which nothing has arrived yet: they take no room.
    let announce = || {
        let mut client = server.connect();
        client.send(&head("POST", "/core/inbound-routing-config", &headers, 16 << 20));
        client.go_on();
        client
    };
    let waiting: Vec<_> = (0..10).map(|_| announce()).collect();
    let large = " ".repeat(300 << 10);
    let ask = || server.ask("POST", "/core/inbound-routing-config", &headers[..2], &large);
    ask().is_problem(400);
    // As much as a key may send, but for the last bytes.
    let most = " ".repeat((16 << 20) - 1);
    let begun = std::time::Instant::now();
    let (refused, senders) = loop {
        assert!(begun.elapsed() < PATIENCE, "there is always room");
        let mut senders = [announce(), announce()];
        std::thread::scope(|scope| {
            for client in &mut senders {
                scope.spawn(|| client.send(&most));
            }
        });
        // Who sends nothing more is given up after a while, on a slow machine too early for us.
        if let Some(answer) = (0..50).map(|_| ask()).find(|answer| answer.status == 503) {
            break (answer, senders);
        }
    };
    assert_eq!(refused.is_problem(503).header("retry-after"), "1");
    assert_eq!(server.call(&database.token).status, 200);
    drop((waiting, senders));
    let begun = std::time::Instant::now();
    while ask().status == 503 {
        assert!(begun.elapsed() < PATIENCE, "there is never room again");
    }
}

#[test]
fn answers_that_nobody_reads_are_bounded_and_a_write_that_was_done_is_answered() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("content-type", "application/json")];
    let text = "# A line.\\n".repeat(700_000);
    let config = format!(r#"{{"workflow_definition": "{text}reject"}}"#);
    const CONFIG: &str = "/core/inbound-routing-config";
    assert_eq!(server.ask("POST", CONFIG, &headers, &config).status, 201);
    let memory = server.memory();
    // More than the memory budget, of which nothing is read.
    let waiting: Vec<_> = (0..40)
        .map(|_| {
            let mut client = server.connect();
            client.send(&head("GET", CONFIG, &headers, 0));
            client
        })
        .collect();
    let begun = std::time::Instant::now();
    while server.ask("GET", CONFIG, &headers, "").status != 503 {
        assert!(begun.elapsed() < PATIENCE, "there is always room");
    }
    assert_eq!(server.call(&database.token).status, 200);
    // A text is refused before anything is done, and the plan is switched off without an answer's text.
    assert_eq!(server.ask("PUT", CONFIG, &headers, &config).is_problem(503).header("retry-after"), "1");
    assert_eq!(server.ask("PUT", CONFIG, &headers, r#"{"enabled": false}"#).status, 204);
    let statuses: Vec<u16> = waiting.into_iter().map(|mut client| client.answer().status).collect();
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert!(server.memory() < memory + (128 << 20), "{} of {memory}", server.memory());
    let begun = std::time::Instant::now();
    while server.ask("GET", CONFIG, &headers, "").status == 503 {
        assert!(begun.elapsed() < PATIENCE, "there is never room again");
    }
    let config = server.ask("GET", CONFIG, &headers, "").json();
    assert_eq!((&config["revision"], &config["enabled"]), (&2.into(), &false.into()));
}

#[test]
fn there_are_no_more_connections_than_there_may_be() {
    let database = ServedDatabase::new();
    let server = callplan_server::server::Server::load(database.store(), Settings::default(), LostLines::default());
    let server = server.expect("it can be read").with_most_connections(2);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let ending = tokio::sync::watch::Sender::new(Shutdown::No);
    let listener = runtime.block_on(async { listen(([127, 0, 0, 1], 0).into()) }).expect("a port");
    let address = listener.local_addr().expect("its address");
    let running = runtime.spawn(server.run(listener, ending.clone()));
    let connect = || Client::new(TcpStream::connect(address).expect("a connection"));
    let healthy = |client: &mut Client| {
        client.send(&head("GET", "/healthz", &[], 0));
        client.answer().status
    };
    let (mut first, mut second) = (connect(), connect());
    assert_eq!((healthy(&mut first), healthy(&mut second)), (200, 200));
    // The oldest that is idle gives way.
    let mut third = connect();
    assert_eq!(healthy(&mut third), 200);
    assert!(first.is_closed());
    assert_eq!(healthy(&mut second), 200);
    // One with a key stays as long as there is another.
    let call = |client: &mut Client| client.ask(&database.token, "POST", "/core/inbound-calls", CALL);
    assert_eq!(call(&mut second).expect("an answer").status, 200);
    for _ in 0..3 {
        assert_eq!(healthy(&mut connect()), 200);
    }
    assert!(third.is_closed());
    assert_eq!(call(&mut second).expect("an answer").status, 200);
    // Who waits for an answer stays, and who comes is refused without having sent a request.
    let held = rusqlite::Connection::open(database.path()).expect("a database");
    held.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let agent = r#"{"name": "Front desk"}"#;
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("content-type", "application/json")];
    let mut writers = Vec::new();
    let begun = std::time::Instant::now();
    let mut refused = loop {
        assert!(begun.elapsed() < PATIENCE, "nobody is refused");
        // A writer may give way to the next client before its request is read: there are more.
        let mut writer = connect();
        writer.send(&format!("{}{agent}", head("POST", "/core/agents", &headers, agent.len())));
        writers.push(writer);
        if connect().is_refused() {
            break connect();
        }
    };
    assert_eq!(refused.answer().is_problem(503).header("retry-after"), "1");
    assert!(refused.is_closed());
    held.execute_batch("ROLLBACK").expect("it is held");
    let answers = writers.iter_mut().filter_map(|writer| writer.try_answer().ok());
    assert!(answers.filter(|answer| answer.status == 201).count() > 0);
    ending.send_replace(Shutdown::Closing);
    runtime.block_on(running).expect("no panic").expect("a good end");
}

#[test]
fn few_open_files_give_refusals_and_a_line_of_the_log_and_no_hang() {
    let database = ServedDatabase::new();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""]).arg(callplan().get_program());
    command.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(database.path());
    let server = Server::spawn(command);
    let mut known = server.connect();
    let mut call = || known.ask(&database.token, "POST", "/core/inbound-calls", CALL).expect("an answer").status;
    assert_eq!(call(), 200);
    // Connections without a key, of which nothing is sent: each newer one is answered.
    let idle: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for _ in 0..20 {
        assert_eq!((server.get("/healthz").status, call()), (200, 200));
    }
    drop(idle);
    assert!(server.log().contains("the limit of open files allows fewer connections"), "{}", server.log());
}
