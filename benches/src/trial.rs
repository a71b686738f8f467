//! Tries an engine on a workload in a child process, so that an engine that panics, hangs or takes
//! all memory does not end the table.

use crate::decide::compare;
use crate::engines::{self, reference_decisions};
use crate::workloads;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Timeout of reading the rules and deciding some calls.
const PATIENCE: Duration = Duration::from_secs(60);

/// Maximum memory, in bytes.
const MEMORY: u64 = 8 << 30;

/// The error, in one line.
pub fn of_child(workload: &str, contender: &str) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    // The shell's limit on memory needs no system calls of ours.
    let limited = format!("ulimit -v {}; exec \"$0\" \"$@\"", MEMORY >> 10);
    let mut child = Command::new("sh")
        .args(["-c", &limited])
        .arg(program)
        .args(["trial", workload, contender])
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let stderr = child.stderr.take().expect("it is piped");
    let output = std::thread::spawn(move || std::io::read_to_string(stderr).unwrap_or_default());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            // The child is ours, and has nothing to lose.
            let _ = child.kill().and_then(|()| child.wait().map(drop));
            return Err(format!("not ready within {} s", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let output = output.join().unwrap_or_default();
    let line = output.lines().find(|line| !line.trim().is_empty() && !line.starts_with("thread '"));
    match status.success() {
        true => Ok(()),
        false => Err(line.map_or_else(|| format!("ends with {status}"), |line| line.chars().take(160).collect())),
    }
}

/// The child's work.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let [workload, contender] = arguments else { return Err("trial WORKLOAD ENGINE".to_owned()) };
    let workload = workloads::one(workload)?;
    let contender = engines::named(contender).ok_or("no such engine")?;
    let mut engine = (contender.prepare)(&workload).ok_or("not meant for this workload")?()?;
    compare(contender.name, &mut *engine, &workload, &reference_decisions(&workload).0).map(drop)
}
