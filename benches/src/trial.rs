//! Whether an engine is up to a workload: a child of this program builds it and asks it, so that one that panics,
//! takes for ever or takes all memory ends no table.

use crate::decide::compare;
use crate::engines::{self, reference_decisions};
use crate::workloads;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than this is too long for rules to be read and some calls to be decided.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than this is more than a machine has to spare for it.
const MEMORY: u64 = 8 << 30;

/// What stands in the way, in a line.
pub fn of_child(workload: &str, contender: &str) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    // The shell's is the one limit on memory that needs no code of the system's.
    let limited = format!("ulimit -v {}; exec \"$0\" \"$@\"", MEMORY >> 10);
    let mut child = Command::new("sh")
        .args(["-c", &limited])
        .arg(program)
        .args(["trial", workload, contender])
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let told = child.stderr.take().expect("it is piped");
    let told = std::thread::spawn(move || std::io::read_to_string(told).unwrap_or_default());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            // It is ours, and has nothing to lose.
            let _ = child.kill().and_then(|()| child.wait().map(drop));
            return Err(format!("not ready within {} s", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let told = told.join().unwrap_or_default();
    let said = told.lines().find(|line| !line.trim().is_empty() && !line.starts_with("thread '"));
    match status.success() {
        true => Ok(()),
        false => Err(said.map_or_else(|| format!("ends with {status}"), |said| said.chars().take(160).collect())),
    }
}

/// What the child does.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let [workload, contender] = arguments else { return Err("trial WORKLOAD ENGINE".to_owned()) };
    let workload = workloads::one(workload)?;
    let contender = engines::named(contender).ok_or("no such engine")?;
    let mut engine = (contender.prepare)(&workload).ok_or("not meant for this workload")?()?;
    compare(contender.name, &mut *engine, &workload, &reference_decisions(&workload).0).map(drop)
}
