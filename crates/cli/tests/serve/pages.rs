//! The pages beside the API, the log, and ids of requests.

use super::server::{CALL, ServedDatabase, Server};

/// The page that describes them.
const REFERENCE: &str = include_str!("../../../../docs/reference/server.md");

#[test]
fn every_page_of_the_reference_is_there_without_a_credential() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let (_, table) = REFERENCE.split_once("| path | answers |\n| --- | --- |\n").expect("the table");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let paths: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert_eq!(paths.len(), 8, "{paths:?}");
    server.wait_until_ready();
    for path in paths.iter().map(|path| path.replace("{code}", "bad-time")) {
        let path = path.as_str();
        // The console may not be built.
        let is_there = matches!((path, server.get(path).status), (_, 200) | ("/", 307) | ("/console", 404));
        assert!(is_there, "{path}");
    }
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        assert!(REFERENCE.contains(&format!("| `{path}` | 200 `{{\"status\": \"{status}\"}}`")), "{path}");
        assert_eq!(server.get(path).json()["status"], status);
    }
}

#[test]
fn it_says_in_one_line_where_it_listens() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    assert_eq!(server.line, format!("listening on http://{}\n", server.address));
    assert!(server.address.port() != 0 && server.address.ip().is_loopback());
    assert_eq!(server.get("/healthz").status, 200);
    server.wait_until_ready();
}

#[test]
fn paths_and_methods_that_are_not_there_are_told() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    server.get("/nothing").is_problem(404);
    server.get("/corex").is_problem(404);
    assert_eq!(server.ask("POST", "/healthz", &[], "").is_problem(405).header("allow"), "GET,HEAD");
    // Without a credential, a client learns nothing about paths.
    assert_eq!(server.get("/core/nothing").is_problem(401).header("www-authenticate"), "Bearer");
    assert_eq!(server.get("/core").is_problem(401).header("cache-control"), "no-store");
}

#[test]
fn metrics_count_decisions_and_requests_and_name_nobody() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    assert_eq!(server.call(&database.token).status, 200);
    let page = server.get("/metrics");
    assert!(page.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        "callplan_decisions_total{action=\"disconnect\",reason=\"number_unassigned\",source=\"none\"} 1",
        "callplan_decision_seconds_count 1",
        "callplan_requests_total{method=\"POST\",route=\"/core/inbound-calls\",status=\"200\"} 1",
        "callplan_call_log_dropped_total 0",
        "callplan_store_write_failures_total 0",
        "callplan_store_writes_failing 0",
        "callplan_request_log_dropped_total 0",
        "callplan_broken_plans 0",
        "callplan_connections_refused_total 0",
    ] {
        assert!(page.body.lines().any(|printed| printed == line), "{line}\n{}", page.body);
    }
    for name in [database.organization.to_string().as_str(), "8005550100", "4155550142"] {
        assert!(!page.body.contains(name), "{name}");
    }
}

#[test]
fn the_page_of_the_documents_needs_nothing_else() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let document = server.get("/openapi.json").json();
    let page = server.get("/docs");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    for foreign in ["<script", "http://", "https://", "src=", "@import", "url("] {
        assert!(!page.body.contains(foreign), "{foreign}");
    }
    for (path, methods) in document["paths"].as_object().expect("paths") {
        assert!(page.body.contains(path.as_str()), "{path}");
        for operation in methods.as_object().expect("methods").values() {
            let summary = operation["summary"].as_str().expect("a summary");
            assert!(page.body.contains(summary), "{summary}");
        }
    }
}

#[test]
fn the_console_is_there_without_a_credential_or_says_how_to_get_it() {
    let server = Server::start(&ServedDatabase::new(), &[]);
    let root = server.get("/");
    assert_eq!((root.status, root.header("location")), (307, "/console"));
    let page = server.get("/console");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    assert_eq!((page.header("referrer-policy"), page.header("x-content-type-options")), ("no-referrer", "nosniff"));
    server.get("/console/nothing").is_problem(404);
    server.get("/console/../Cargo.toml").is_problem(404);
    if page.status == 404 {
        assert!(page.body.contains("Node.js 18"), "{}", page.body);
        return;
    }
    let files: Vec<&str> = page.body.split('"').filter(|part| part.starts_with("/console/")).collect();
    // The icon, the two fonts of what is seen first, the style, the fonts' license, the program.
    assert_eq!(files.len(), 6, "{}", page.body);
    for file in files {
        let plain = server.get(file);
        assert_eq!((plain.status, plain.header("vary")), (200, "accept-encoding"), "{file}");
        assert!(plain.header("cache-control").ends_with("immutable"), "{file}");
    }
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_secret() {
    let database = ServedDatabase::new();
    let server = Server::start(&database, &[]);
    let token = &database.token;
    let answer = server.call(token);
    let own_id = answer.header("x-request-id").to_owned();
    assert!(!own_id.is_empty());
    let authorization = format!("Bearer {token}");
    let ask = |id: &str| {
        let headers = [("x-request-id", id), ("authorization", &*authorization), ("content-type", "application/json")];
        server.ask("POST", "/core/inbound-calls", &headers, CALL).header("x-request-id").to_owned()
    };
    assert_eq!(ask("trace-7.a_b"), "trace-7.a_b");
    // An id that is not a plain word, or that is a token, is replaced.
    for id in ["a b", "{\"x\":1}", &"x".repeat(129), token] {
        assert_ne!(ask(id), id);
    }
    server.get(&format!("/core/inbound-calls?token={token}&number=%2B14155550142"));
    server.get("/%2B14155550142");
    let key = token.strip_prefix("ak_").and_then(|token| token.split('.').next()).expect("an id").to_owned();
    let organization = database.organization.to_string();
    let (status, log) = server.end();
    assert!(status.success());
    let secret = token.split('.').next_back().expect("a secret");
    for hidden in [secret, "4155550142", "8005550100"] {
        assert!(!log.contains(hidden), "{hidden}\n{log}");
    }
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["message"] == "request").collect();
    assert_eq!(requests.len(), 8, "{log}");
    let first = requests.iter().find(|line| line["request_id"] == own_id).expect("the first");
    assert_eq!(first["route"], "/core/inbound-calls");
    assert_eq!((&first["method"], &first["status"]), (&"POST".into(), &200.into()));
    assert_eq!((&first["organization"], &first["key"]), (&organization.into(), &key.into()));
    assert!(first["duration_ms"].as_f64().is_some_and(|time| time > 0.0), "{first}");
    let shown = REFERENCE.lines().find(|line| line.starts_with("{\"time\"")).expect("a line of the log");
    let names = |line: &serde_json::Value| line.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(first), names(&serde_json::from_str(shown).expect("JSON")));
    assert!(first["time"].as_str().is_some_and(|time| time.ends_with('Z')) && first["level"] == "info", "{first}");
}
