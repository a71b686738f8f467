//! Calls over HTTP on loopback: callplan's server, and a bare axum handler that parses the same
//! body and gives the same answer, in turns. Each server is its own process; the load comes from
//! this one.

mod bare;
mod load;
mod shares;
mod world;
mod worst;
mod writes;

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::time::Duration;

use load::Load;

pub use shares::run as shares;

const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_secs(1);
/// Default numbers of connections of the table `http`; each has a pair of lines.
const CONNECTIONS: [usize; 2] = [16, 64];
/// The connections of the table `organizations`.
const FEW: usize = 16;

/// The table `memory`.
pub fn memory() -> Result<(), String> {
    worst::run()
}

/// A server that runs as long as this value lives.
pub struct BenchServer {
    child: Child,
    pub address: String,
}

impl BenchServer {
    /// Starts this program with other arguments, and waits until it prints its address.
    pub fn start(arguments: &[&str]) -> Result<Self, String> {
        Self::start_with(arguments, Stdio::null())
    }

    /// The same, with its log going to `log`.
    pub fn start_with(arguments: &[&str], log: Stdio) -> Result<Self, String> {
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(this)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| error.to_string())?;
        let stdout = child.stdout.take().ok_or("no pipe")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        let address = line.trim().strip_prefix("listening on http://").ok_or("the server did not start")?;
        Ok(Self { address: address.to_owned(), child })
    }

    /// The server's log, if it was piped and nobody has taken it yet.
    pub fn take_log(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to end, and waits until it has.
    pub fn end(mut self) -> std::io::Result<ExitStatus> {
        Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status()?;
        self.child.wait()
    }

    /// The processor time of all its threads, from Linux, which counts hundredths of a second.
    pub fn processor_time(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name in parentheses may have spaces. The third field comes after it; these are the
        // fourteenth and the fifteenth.
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok());
        Some(Duration::from_millis(10 * ticks.sum::<Option<u64>>()?))
    }

    /// Its resident memory in bytes, from Linux.
    pub fn memory(&self) -> Option<usize> {
        self.status("VmRSS:")
    }

    /// The maximum of its resident memory.
    pub fn most_memory(&self) -> Option<usize> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Option<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim().strip_suffix(" kB")?.trim().parse::<usize>().ok()? * 1024)
    }
}

impl Drop for BenchServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves: what [`BenchServer::start`] runs.
pub fn serve(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [kind] if kind == "bare" => bare::serve(),
        [kind, database] if kind == "callplan" => {
            let line = ["callplan", "serve", "--database", database, "--listen", "127.0.0.1:0", "--drain", "0s"];
            callplan_cli::run(line.map(std::ffi::OsString::from));
            Ok(())
        }
        _ => Err("name a server".to_owned()),
    }
}

/// Prints the table, for these numbers of connections.
pub fn run(connections: &[String]) -> Result<(), String> {
    let connections: Result<Vec<usize>, _> = connections.iter().map(|number| number.parse()).collect();
    let connections = connections.map_err(|_| "http [numbers of connections, such as 16 64]")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let database = folder.path().join("callplan.db");
    let token = world::one_organization(&database)?;
    let body = r#"{"caller_number": "+14155550100", "called_number": "+18005550100", "trunk_id": "trunk-a", "timestamp": "2026-12-07T17:00:00Z"}"#;
    let bare = BenchServer::start(&["serve", "bare"])?;
    let callplan = BenchServer::start(&["serve", "callplan", &database.to_string_lossy()])?;
    let both = [("a bare handler", &bare), ("callplan", &callplan)];
    let answers = both.map(|(_, server)| load::answer(server, &token, "POST", load::CALLS, body));
    let [Ok(of_bare), Ok(of_callplan)] = answers else { return Err(format!("no answer: {answers:?}")) };
    if world::without_id(&of_bare) != world::without_id(&of_callplan) {
        return Err(format!("the answers differ:\n{of_bare}\n{of_callplan}"));
    }
    println!(
        "{:<16} {:>11} {:>12} {:>10} {:>10} {:>12} {:>10}",
        "server", "connections", "requests/s", "p50", "p99", "CPU/request", "memory"
    );
    for connections in if connections.is_empty() { CONNECTIONS.to_vec() } else { connections } {
        compare(&both, connections, &token, body)?;
    }
    let page = load::answer(&callplan, &token, "GET", "/metrics", "")?;
    let dropped = page.lines().find_map(|line| line.strip_prefix("callplan_call_log_dropped_total "));
    println!("calls that the log lacks: {}", dropped.ok_or("there is no such figure")?);
    writes::run(&callplan, &token, folder.path())
}

/// Prints the figures of both for a number of connections. They take turns, so that a disturbance
/// hits both; the comparison is the median of the turns' ratios.
fn compare(both: &[(&str, &BenchServer); 2], connections: usize, token: &str, body: &str) -> Result<(), String> {
    let mut loads: [Vec<Load>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for ((_, server), loads) in both.iter().zip(&mut loads) {
            loads.push(Load::of(server, token, body, connections, ROUND)?);
        }
    }
    for ((name, server), loads) in both.iter().zip(&loads) {
        let (load, memory) = (Load::median(loads), server.memory().map_or("-".to_owned(), crate::figures::bytes));
        println!(
            "{name:<16} {connections:>11} {:>12.0} {:>10} {:>10} {:>12} {memory:>10}",
            load.per_second,
            crate::figures::duration(load.p50),
            crate::figures::duration(load.p99),
            crate::figures::duration(load.processor)
        );
    }
    let [bare, callplan] = &loads;
    let turns = || bare.iter().zip(callplan);
    let rate = load::middle(turns().map(|(bare, callplan)| callplan.per_second / bare.per_second).collect());
    let p99 =
        load::middle(turns().map(|(bare, callplan)| callplan.p99.as_secs_f64() / bare.p99.as_secs_f64()).collect());
    println!(
        "callplan answers {:.1} % of the bare handler's requests; its p99 is {p99:.2} times as long",
        100.0 * rate
    );
    Ok(())
}

/// Rules of the one plan of the table `start`.
const RULES: usize = 100_000;
/// Maximum time from the start of a server until it is ready.
const READY: Duration = Duration::from_secs(2);

/// Prints how long a server takes until it is ready: with many organizations, and with one large
/// plan; when it compiles the plans, and when an earlier run has kept them.
pub fn start() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (many, large) = (folder.path().join("many.db"), folder.path().join("large.db"));
    world::one_organization(&many)?;
    world::more_organizations(&many, ORGANIZATIONS - 1)?;
    world::one_large_plan(&large, RULES)?;
    println!("{:<40} {:>10} {:>12} {:>12} {:>12}", "start", "ready", "at rest", "at most", "file");
    for (what, database) in [("10,000 organizations", &many), ("one plan of 100,000 rules", &large)] {
        for run in ["compiled", "kept", "kept"] {
            let begun = std::time::Instant::now();
            let server = BenchServer::start(&["serve", "callplan", &database.to_string_lossy()])?;
            while !load::answer(&server, "", "GET", "/readyz", "").is_ok_and(|answer| answer.contains("ready")) {
                std::thread::sleep(Duration::from_millis(2));
            }
            let ready = begun.elapsed();
            // The plans are kept now.
            std::thread::sleep(Duration::from_secs(3));
            let bytes = |bytes: Option<usize>| bytes.map_or("-".to_owned(), crate::figures::bytes);
            let (now, most) = (bytes(server.memory()), bytes(server.most_memory()));
            server.end().map_err(|error| error.to_string())?;
            let file = std::fs::metadata(format!("{}-plans", database.display())).ok().map(|file| file.len() as usize);
            let (what, ready_in, file) = (format!("{what}, {run}"), crate::figures::duration(ready), bytes(file));
            println!("{what:<40} {ready_in:>10} {now:>12} {most:>12} {file:>12}");
            if run == "kept" && ready > READY {
                println!("  more than {READY:?}");
            }
        }
    }
    Ok(())
}

/// Number of organizations of the table `organizations`.
const ORGANIZATIONS: usize = 10_000;

/// Prints what many organizations cost: memory for each, the time from the start to the first
/// decision, and decisions after that.
pub fn organizations() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (few, many) = (folder.path().join("one.db"), folder.path().join("many.db"));
    let (few_token, many_token) = (world::one_organization(&few)?, world::one_organization(&many)?);
    let texts = world::more_organizations(&many, ORGANIZATIONS - 1)?;
    let body =
        r#"{"caller_number": "+14155550100", "called_number": "+18005550100", "timestamp": "2026-12-07T17:00:00Z"}"#;
    let mut memory = Vec::new();
    println!(
        "{:>13} {:>20} {:>12} {:>10} {:>10} {:>10}",
        "organizations", "start to decision", "requests/s", "p50", "p99", "memory"
    );
    for (count, database, token) in [(1, &few, &few_token), (ORGANIZATIONS, &many, &many_token)] {
        let begun = std::time::Instant::now();
        let server = BenchServer::start(&["serve", "callplan", &database.to_string_lossy()])?;
        load::answer(&server, token, "POST", load::CALLS, body)?;
        let started = begun.elapsed();
        // Plans are compiled in the background; the memory must include all of them.
        std::thread::sleep(Duration::from_secs(20));
        let load = Load::of(&server, token, body, FEW, ROUND)?;
        let held = server.memory().unwrap_or_default();
        memory.push(held);
        println!(
            "{count:>13} {:>20} {:>12.0} {:>10} {:>10} {:>10}",
            crate::figures::duration(started),
            load.per_second,
            crate::figures::duration(load.p50),
            crate::figures::duration(load.p99),
            crate::figures::bytes(held)
        );
    }
    let [few, many] = memory[..] else { return Err("no memory was measured".to_owned()) };
    let each = (many.saturating_sub(few)) / (ORGANIZATIONS - 1);
    println!(
        "an organization takes {}, of which its text is {}",
        crate::figures::bytes(each),
        crate::figures::bytes(texts / (ORGANIZATIONS - 1))
    );
    Ok(())
}
