//! Traces and metrics over OTLP, as a collector gets them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric, number_data_point};
use opentelemetry_proto::tonic::trace::v1::{Span, span};
use prost::Message;

use super::server::{CALL, PATIENCE, ServedDatabase, Server, callplan};

/// The path and the body of a request.
type Request = (String, Vec<u8>);

/// A collector: what it was sent, by path.
struct Collector {
    address: String,
    received: Arc<Mutex<Vec<Request>>>,
}

impl Collector {
    /// A collector that answers each request with this status.
    fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let received = Arc::<Mutex<Vec<_>>>::default();
        let shared = Arc::clone(&received);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    while let Some(request) = receive(&client, status) {
                        shared.lock().expect("nobody panicked").push(request);
                    }
                });
            }
        });
        Self { address, received }
    }

    fn bodies(&self, path: &str) -> Vec<Vec<u8>> {
        let received = self.received.lock().expect("nobody panicked");
        received.iter().filter(|(at, _)| at == path).map(|(_, body)| body.clone()).collect()
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.bodies("/v1/traces");
        let requests = requests.iter().map(|body| ExportTraceServiceRequest::decode(&**body).expect("spans"));
        let resources = requests.flat_map(|request| request.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// The metrics that it got last.
    fn metrics(&self) -> Vec<Metric> {
        let body = self.bodies("/v1/metrics").pop().expect("there are some");
        let request = ExportMetricsServiceRequest::decode(&*body).expect("metrics");
        request.resource_metrics.into_iter().flat_map(|of| of.scope_metrics).flat_map(|of| of.metrics).collect()
    }
}

/// Receives a request and answers it; `None` at the end of the connection.
fn receive(client: &TcpStream, status: u16) -> Option<Request> {
    let mut lines = BufReader::new(client);
    let (mut head, mut length, mut is_protobuf) = (String::new(), 0, false);
    lines.read_line(&mut head).ok().filter(|read| *read > 0)?;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match &*name.to_lowercase() {
            "content-length" => length = value.parse().ok()?,
            "content-type" => is_protobuf = value == "application/x-protobuf",
            _ => {}
        }
    }
    assert!(is_protobuf, "{head}");
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let path = head.strip_prefix("POST ")?.split(' ').next()?.to_owned();
    write!(&mut { client }, "HTTP/1.1 {status} Status\r\ncontent-length: 0\r\n\r\n").ok()?;
    Some((path, body))
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a any_value::Value> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    attribute.value.as_ref()?.value.as_ref()
}

fn is(attributes: &[KeyValue], key: &str, value: &str) -> bool {
    text(attributes, key) == Some(&any_value::Value::StringValue(value.to_owned()))
}

fn with_collector(database: &ServedDatabase, endpoint: &str, options: &[&str]) -> Server {
    Server::start(database, &[&["--otlp-endpoint", endpoint], options].concat())
}

/// A call that belongs to a trace of its client.
fn traced_call(server: &Server, token: &str, traceparent: &str) {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("authorization", &*authorization),
        ("content-type", "application/json"),
        ("traceparent", traceparent),
        ("tracestate", "vendor=+14155550142"),
    ];
    assert_eq!(server.ask("POST", "/core/inbound-calls", &headers, CALL).status, 200);
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_was_measured_arrives_before_the_server_has_ended() {
    let (database, collector) = (ServedDatabase::new(), Collector::start(200));
    let server = with_collector(&database, &collector.address, &[]);
    traced_call(&server, &database.token, &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    assert_eq!(server.get("/no/such/path").status, 404);
    let (status, log) = server.end();
    assert_eq!(status.code(), Some(0), "{log}");
    let spans = collector.spans();
    let request = spans.iter().find(|span| span.name == "POST /core/inbound-calls").expect("the request");
    assert_eq!(request.kind, i32::from(span::SpanKind::Server));
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), "00f067aa0ba902b7".into()));
    assert!(is(&request.attributes, "callplan.organization", &database.organization.to_string()));
    assert_eq!(text(&request.attributes, "http.response.status_code"), Some(&any_value::Value::IntValue(200)));
    let decision = spans.iter().find(|span| span.name == "decide").expect("the decision");
    assert_eq!((&decision.trace_id, &decision.parent_span_id), (&request.trace_id, &request.span_id));
    assert!(is(&decision.attributes, "callplan.action", "disconnect"));
    let other = spans.iter().find(|span| span.name == "GET none").expect("the other request");
    assert!(other.trace_id != request.trace_id && other.parent_span_id.is_empty());

    let metrics = collector.metrics();
    let decisions = metrics.iter().find(|metric| metric.name == "callplan_decisions_total").expect("they are there");
    let Some(metric::Data::Sum(decisions)) = &decisions.data else { panic!("{decisions:?}") };
    let decided = decisions.data_points.iter().filter(|point| is(&point.attributes, "action", "disconnect"));
    let decided: Vec<_> = decided.filter_map(|point| point.value).collect();
    assert!(decided.contains(&number_data_point::Value::AsDouble(1.0)), "{decisions:?}");
    assert!(metrics.iter().any(|metric| metric.name == "callplan_database_bytes"));
}

#[test]
fn neither_numbers_nor_secrets_nor_names_are_sent() {
    let (database, collector) = (ServedDatabase::new(), Collector::start(200));
    let server = with_collector(&database, &collector.address, &[]);
    traced_call(&server, &database.token, &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    let authorization = format!("Bearer {}", database.token);
    let headers = [("authorization", &*authorization), ("x-request-id", &*database.token)];
    let path = "/core/inbound-calls?caller_number=%2B14155550142";
    assert_eq!(server.ask("DELETE", path, &headers, "").status, 200);
    assert_eq!(server.get("/core/agents/14155550142").status, 401);
    drop(server.end());
    assert!(collector.spans().iter().any(|span| span.name == "DELETE /core/inbound-calls"));
    let sent = [collector.bodies("/v1/traces"), collector.bodies("/v1/metrics")].concat().concat();
    let sent = String::from_utf8_lossy(&sent);
    for secret in ["4155550142", "8005550100", &*database.token, "Riverside", "127.0.0.1"] {
        assert!(!sent.contains(secret), "{secret}");
    }
}

#[test]
fn a_share_of_nothing_leaves_the_traces_of_clients() {
    let (database, collector) = (ServedDatabase::new(), Collector::start(200));
    let server = with_collector(&database, &collector.address, &["--otlp-trace-share", "0"]);
    assert_eq!(server.call(&database.token).status, 200);
    traced_call(&server, &database.token, &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    traced_call(&server, &database.token, &format!("00-{TRACE}-00f067aa0ba902b8-00"));
    traced_call(&server, &database.token, "a trace");
    drop(server.end());
    let names: Vec<_> = collector.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_collector_that_refuses_or_hangs_holds_nobody_up() {
    // It takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = format!("http://{}", silent.local_addr().expect("an address"));
    for endpoint in [Collector::start(503).address, silent, "http://127.0.0.1:9".to_owned()] {
        let database = ServedDatabase::new();
        let server = with_collector(&database, &endpoint, &[]);
        assert_eq!(server.call(&database.token).status, 200);
        let begun = Instant::now();
        while server.get("/metrics").body.contains("callplan_spans_dropped_total 0\n") {
            assert!(begun.elapsed() < PATIENCE, "{endpoint}: no span is counted");
            thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(server.call(&database.token).status, 200);
        let (status, log) = server.end();
        assert_eq!(status.code(), Some(0), "{log}");
        assert_eq!(log.matches("the collector does not take spans and metrics").count(), 1, "{log}");
    }
}

#[test]
fn options_that_cannot_be_are_told_of() {
    let database = ServedDatabase::new();
    for (option, value, message) in [
        ("--otlp-endpoint", "https://collector.example:4318", "write a URL with http"),
        ("--otlp-endpoint", "collector:4317", "write the URL of a collector"),
        ("--otlp-trace-share", "1.5", "write a share from 0 to 1"),
        ("--otlp-trace-share", "NaN", "write a share from 0 to 1"),
        ("--otlp-interval", "10ms", "the minimum is a second"),
    ] {
        let mut command = callplan();
        command.args(["serve", "--listen", "127.0.0.1:0", option, value, "--database"]).arg(database.path());
        let output = command.output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(message), "{told}");
    }
}
