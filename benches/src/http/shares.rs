//! Two organizations, one hostile: how long the calls of the other take, quiet and while the hostile
//! one takes as much as it can get of each thing that both share. The attack and the load come from
//! this machine, too, so that both take processor time from the server.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::BenchServer;
use super::load::{Load, request};
use super::world;

/// The connections of the calls.
const CONNECTIONS: usize = 8;
/// The rounds of each line, of which the median counts.
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(1);
/// For how long a connection is held that only takes something.
const HELD: Duration = Duration::from_secs(5);
/// A p99 under attack may be so many times the quiet one, or so long, if that is more.
const MAXIMUM_RATIO: f64 = 3.0;
const MAXIMUM_P99: Duration = Duration::from_millis(5);

const CONFIG: &str = "/core/inbound-routing-config";

/// What the hostile organization does on each of its connections, again and again.
struct Attack {
    name: &'static str,
    connections: usize,
    /// The bytes that it sends.
    sent: Vec<u8>,
    /// Whether it reads the answer; else it holds the connection.
    reads: bool,
}

/// Prints the table. It fails if calls of the other organization took too long.
pub fn run() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let database = folder.path().join("callplan.db");
    let (token, hostile) = world::two_organizations(&database)?;
    let server = BenchServer::start(&["serve", "callplan", &path(&database)])?;
    let body =
        r#"{"caller_number": "+14155550100", "called_number": "+18005550100", "timestamp": "2026-12-07T17:00:00Z"}"#;
    let calls = || {
        let loads: Result<Vec<Load>, String> =
            (0..ROUNDS).map(|_| Load::of(&server, &token, body, CONNECTIONS, ROUND)).collect();
        loads.map(|loads| Load::median(&loads))
    };
    println!(
        "{:<34} {:>11} {:>7} {:>10} {:>10} {:>7}",
        "what is attacked", "connections", "answer", "p50", "p99", "ratio"
    );
    let line = |name: &str, connections: usize, answer: &str, load: &Load, ratio: f64| {
        let (p50, p99) = (crate::figures::duration(load.p50), crate::figures::duration(load.p99));
        println!("{name:<34} {connections:>11} {answer:>7} {p50:>10} {p99:>10} {ratio:>7.2}");
    };
    let quiet = calls()?;
    line("nothing", 0, "-", &quiet, 1.0);
    let mut too_long = Vec::new();
    for attack in attacks(&server, &hostile) {
        let (name, connections) = (attack.name, attack.connections);
        let answer = first_answer(&attack, &server.address).map_err(|error| error.to_string())?;
        let running = Running::start(&server, attack)?;
        let load = calls()?;
        drop(running);
        let ratio = load.p99.as_secs_f64() / quiet.p99.as_secs_f64();
        line(name, connections, &answer, &load, ratio);
        if ratio > MAXIMUM_RATIO && load.p99 > MAXIMUM_P99 {
            too_long.push(name);
        }
    }
    match too_long.is_empty() {
        true => Ok(()),
        false => Err(format!("calls take too long while these are attacked: {}", too_long.join(", "))),
    }
}

fn path(database: &Path) -> String {
    database.to_string_lossy().into_owned()
}

/// An attack for each thing that both organizations share.
fn attacks(server: &BenchServer, token: &str) -> Vec<Attack> {
    let ask = |method: &str, path: &str, body: &str| request(server, token, method, path, body);
    let rules = |count: usize| -> String {
        (0..count).map(|at| format!("rule \"{at}\" when caller is +1415{at:07} {{ reject }}\n")).collect()
    };
    let plan = |count: usize| json!({ "workflow_definition": rules(count) + "fallback\n" }).to_string();
    let stalled = format!(
        "PUT {CONFIG} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: 16000000\r\n\r\n{{",
        server.address
    );
    let key = json!({"name": "More", "scopes": ["inbound_calls:read"]}).to_string();
    let attack = |name, connections, sent, reads| Attack { name, connections, sent, reads };
    vec![
        attack("drafts: check of 300 KB", 16, ask("POST", &format!("{CONFIG}/check"), &plan(6_000)), true),
        attack("saves: a plan of 50 KB", 8, ask("PUT", CONFIG, &plan(1_000)), true),
        attack("restores of 1 MB", 8, ask("POST", &format!("{CONFIG}/revisions/2/restore"), "{}"), true),
        attack("bodies that never arrive", 64, stalled.into_bytes(), false),
        attack("answers that nobody reads", 64, ask("GET", &format!("{CONFIG}/revisions/2"), ""), false),
        attack("connections", 500, Vec::new(), false),
        attack("reads of the database", 64, ask("GET", "/core/inbound-calls?limit=100", ""), true),
        attack("keys", 32, ask("POST", "/core/api-keys", &key), true),
        attack("tokens that are not valid", 32, request(server, "ak_x.y", "GET", CONFIG, ""), true),
    ]
}

/// An attack that goes on until it is dropped.
struct Running {
    runtime: Option<tokio::runtime::Runtime>,
    is_over: Arc<AtomicBool>,
}

impl Running {
    fn start(server: &BenchServer, attack: Attack) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let is_over = Arc::<AtomicBool>::default();
        let attack = Arc::new(attack);
        for _ in 0..attack.connections {
            let (attack, address, is_over) = (Arc::clone(&attack), server.address.clone(), Arc::clone(&is_over));
            runtime.spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    // The server may close the connection: that is its defence.
                    if take(&attack, &address).await.is_err() {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                }
            });
        }
        // It shall have begun.
        std::thread::sleep(Duration::from_millis(500));
        Ok(Self { runtime: Some(runtime), is_over })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        // What the server still does for the attack shall end.
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// The status of the first answer to an attack, before it begins; `-` where nothing is read.
fn first_answer(attack: &Attack, address: &str) -> std::io::Result<String> {
    if !attack.reads {
        return Ok("-".to_owned());
    }
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.write_all(&attack.sent)?;
    let mut buffer = [0; 12];
    stream.read_exact(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[9..]).into_owned())
}

/// Attacks over one connection, until the server closes it.
async fn take(attack: &Attack, address: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        stream.write_all(&attack.sent).await?;
        if !attack.reads {
            tokio::time::sleep(HELD).await;
            return Ok(());
        }
        // One read has the head of an answer; what follows it is read along with the next.
        if stream.read(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}
