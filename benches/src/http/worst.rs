//! The memory of the real server under the largest requests that it takes, all at the same time:
//! what an operator's limit of memory must have room for.

use std::path::Path;

use super::load::answer;
use super::{BenchServer, world};
use crate::figures::bytes;
use crate::plans;

/// `MemoryMax` of the sample unit, in bytes.
const SAMPLE_LIMIT: usize = 2 << 30;
/// Organizations that send the requests.
const ORGANIZATIONS: usize = 4;
/// Connections of each, for each kind of request.
const CONNECTIONS: usize = 4;
/// Rules of a plan of nearly 8 MiB.
const RULES: usize = 60_000;

const CONFIG: &str = "/core/inbound-routing-config";

/// Prints the most memory that the server has held after each kind of request, and fails if it is
/// more than the sample unit allows.
pub fn run() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let database = folder.path().join("callplan.db");
    let tokens = world::organizations_with_keys(&database, ORGANIZATIONS)?;
    let server = BenchServer::start(&["serve", "callplan", &database.to_string_lossy()])?;
    println!("{:<40} {:>9} {:>8} {:>11}", "requests at the same time", "answered", "refused", "at most");
    println!("{:<40} {:>9} {:>8} {:>11}", "none", "", "", bytes(most_held(server.process())));
    let plan = plan();
    for (name, method, path) in [
        ("check", "POST", "check"),
        ("simulate", "POST", "simulate"),
        ("diff", "POST", "diff"),
        ("save", "PUT", ""),
        ("diff with a large plan in force", "POST", "diff"),
        ("restore", "POST", "revisions/1/restore"),
        ("all of these", "", ""),
    ] {
        let asked: Vec<Asked> = match name {
            "all of these" => ["check", "simulate", "diff", "save"].map(|name| Asked::of(name, &plan)).into(),
            _ => vec![Asked { method, path, ..Asked::of(name, &plan) }],
        };
        let (answered, refused) = at_once(&server, &tokens, &asked);
        println!("{name:<40} {answered:>9} {refused:>8} {:>11}", bytes(most_held(server.process())));
    }
    let most = most_held(server.process());
    server.end().map_err(|error| error.to_string())?;
    if most > SAMPLE_LIMIT { Err(format!("{} are more than {}", bytes(most), bytes(SAMPLE_LIMIT))) } else { Ok(()) }
}

/// A plan of nearly 8 MiB, without agents: each organization has others.
fn plan() -> String {
    let plan = plans::rules(RULES).replace("route to reception", "reject").replace("route to urgent", "fallback");
    let plan = plan.replace("route to messages", "reject \"closed\"");
    plan.split_inclusive('\n').filter(|line| !line.starts_with("agent ")).collect()
}

/// A request.
struct Asked {
    method: &'static str,
    path: &'static str,
    body: String,
}

impl Asked {
    fn of(name: &str, plan: &str) -> Self {
        let text = serde_json::json!(plan);
        let (method, path, body) = match name {
            "check" => ("POST", "check", serde_json::json!({ "workflow_definition": text })),
            "simulate" => {
                let call = serde_json::json!({ "called_number": "+15035000000" });
                ("POST", "simulate", serde_json::json!({ "workflow_definition": text, "call": call }))
            }
            "save" => ("PUT", "", serde_json::json!({ "workflow_definition": text })),
            "restore" => ("POST", "revisions/1/restore", serde_json::json!({})),
            _ => ("POST", "diff", serde_json::json!({ "workflow_definition": text })),
        };
        Self { method, path, body: body.to_string() }
    }
}

/// Sends all requests of all organizations at the same time: how many were answered, and how many
/// were refused.
fn at_once(server: &BenchServer, tokens: &[String], asked: &[Asked]) -> (usize, usize) {
    let outcomes: Vec<bool> = std::thread::scope(|scope| {
        let send = |token: &String, asked: &Asked| {
            let path = format!("{CONFIG}/{}", asked.path);
            answer(server, token, asked.method, path.trim_end_matches('/'), &asked.body).is_ok()
        };
        let mut sending = Vec::new();
        for (token, asked) in tokens.iter().flat_map(|token| asked.iter().map(move |asked| (token, asked))) {
            sending.extend((0..CONNECTIONS).map(|_| scope.spawn(move || send(token, asked))));
        }
        sending.into_iter().map(|thread| thread.join().unwrap_or(false)).collect()
    });
    let answered = outcomes.iter().filter(|is_answered| **is_answered).count();
    (answered, outcomes.len() - answered)
}

/// The most resident memory that a process has held, in bytes, from Linux.
fn most_held(process: u32) -> usize {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"));
    let line = status.unwrap_or_default();
    let most = line.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    most.and_then(|number| number.trim().parse::<usize>().ok()).unwrap_or_default() * 1024
}
