//! Instructions, counted by callgrind on a run of this program. Unlike times, they are
//! the same in every run.

use crate::engine::Engine;
use crate::engines;
use crate::workloads::{self, Workload};
use callplan::Call;
use std::process::Command;

/// Whether callgrind is installed.
pub fn is_here() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The instructions of one decision, over the first `decisions` calls of a workload; `None` if
/// counting failed.
pub fn instructions(workload: &str, contender: &str, decisions: usize) -> Option<f64> {
    let count = collected(&["count", workload, contender, &decisions.to_string()])?;
    Some(count / decisions as f64)
}

/// The instructions that this program spends, with these arguments, in its functions of the name
/// `…_that_is_counted`.
pub fn collected(arguments: &[&str]) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*_that_is_counted*"])
        .arg(program)
        .args(arguments)
        .output()
        .ok()?;
    let message = String::from_utf8_lossy(&output.stderr);
    message.lines().find_map(|line| line.split_once("Collected :"))?.1.trim().parse().ok()
}

/// The child's work: a first run without counting, which makes what the first call makes, then a
/// run that callgrind counts.
pub fn count(arguments: &[String]) -> Result<(), String> {
    let [workload, contender, decisions] = arguments else {
        return Err("count WORKLOAD ENGINE DECISIONS".to_owned());
    };
    let workload: Workload = workloads::one(workload)?;
    let contender = engines::named(contender).ok_or("no such engine")?;
    let decisions: usize = decisions.parse().map_err(|error| format!("{error}"))?;
    let build = (contender.prepare)(&workload).ok_or("not meant for this workload")?;
    let mut engine = build()?;
    let calls = &workload.calls[..decisions];
    engine.run(calls);
    run_that_is_counted(&mut *engine, calls);
    Ok(())
}

#[inline(never)]
fn run_that_is_counted(engine: &mut dyn Engine, calls: &[Call]) {
    engine.run(calls);
    // Code after the call keeps it a frame of its own, without a tail call.
    std::hint::black_box(());
}
