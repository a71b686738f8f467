//! Progress and results.

use std::io::{IsTerminal, Write};
use std::process::ExitStatus;
use std::time::Duration;

use super::RequestKind;
use super::memory::{Held, Samples};
use super::watch::{LatencyRow, Watch};
use crate::figures;

/// The server's own figures at the end.
pub struct SoakEnding {
    /// Its metrics, after the last answer.
    pub page: String,
    pub ended: ExitStatus,
    /// The lines of its log that are warnings or errors.
    pub lines: Vec<String>,
    /// The number of calls in its file.
    pub logged: usize,
}

pub fn heading() {
    let kinds: String = RequestKind::ALL.map(|kind| format!("{:>9}", kind.name())).concat();
    println!(
        "{:>6}{kinds}{:>9}{:>10}{:>7}{:>10}{:>10}{:>10}{:>10}",
        "minute", "unmeant", "memory", "files", "database", "log", "p50", "p99"
    );
}

/// One line: requests of each kind, what the server holds, and the times of calls.
pub fn minute(minute: u64, watch: &Watch, held: &Held) {
    let rows = watch.look();
    let counts: String = rows.iter().map(|row| format!("{:>9}", row.count)).collect();
    let LatencyRow { p50, p99, .. } = rows[RequestKind::Call as usize];
    println!(
        "{minute:>6}{counts}{:>9}{:>10}{:>7}{:>10}{:>10}{:>10}{:>10}",
        watch.all_unmeant(),
        figures::bytes(held.memory),
        held.files,
        figures::bytes(held.database),
        figures::bytes(held.log),
        figures::duration(p50),
        figures::duration(p99)
    );
}

/// A line of progress, for a terminal.
pub fn progress(at: Duration, of: Duration, watch: &Watch) {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        let calls = watch.count_of(RequestKind::Call);
        // A failure is harmless: nobody sees the line then.
        let _ = write!(terminal, "\r\x1b[K{} s of {} s, {calls} calls\r", at.as_secs(), of.as_secs());
    }
}

/// The table of all requests, by kind.
pub fn table(watch: &Watch) {
    println!("\n{:<10} {:>10} {:>9} {:>10} {:>10} {:>10}", "", "requests", "unmeant", "p50", "p99", "longest");
    let rows = watch.rows();
    for LatencyRow { kind, count, unmeant, p50, p99, longest } in &rows {
        let [p50, p99, longest] = [p50, p99, longest].map(|time| figures::duration(*time));
        println!("{:<10} {count:>10} {unmeant:>9} {p50:>10} {p99:>10} {longest:>10}", kind.name());
    }
    println!("{:<10} {:>10} {:>9}\n", "all", rows.iter().map(|row| row.count).sum::<usize>(), watch.all_unmeant());
}

/// The sum of a metric, over its labels.
fn sum(page: &str, metric: &str) -> u64 {
    let of_it = |line: &&str| line.strip_prefix(metric).is_some_and(|rest| rest.starts_with(['{', ' ']));
    let values = page.lines().filter(of_it).filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    values.sum()
}

/// Prints all that is wrong; it is an error if anything is.
pub fn verdict(watch: &Watch, ending: &SoakEnding, samples: &Samples) -> Result<(), String> {
    let calls = watch.count_of(RequestKind::Call) as u64;
    let of_server = |metric| (metric, sum(&ending.page, metric));
    let counted = [
        ("answers that were not meant", watch.all_unmeant(), 0),
        ("calls decided, by the server's count", of_server("callplan_decisions_total").1, calls),
        ("calls in the log of the file", ending.logged as u64, calls),
        ("calls that the log dropped", of_server("callplan_call_log_dropped_total").1, 0),
        ("handlers that panicked", of_server("callplan_panics_total").1, 0),
        ("connections refused", of_server("callplan_connections_refused_total").1, 0),
        ("plans that cannot be run", of_server("callplan_broken_plans").1, 0),
        // A refusal is an error there, too.
        ("warnings and errors in its log", ending.lines.len() as u64, watch.excused()),
        ("its exit code", ending.ended.code().map_or(u64::MAX, |code| code as u64), 0),
    ];
    let mut wrong = Vec::new();
    for (what, count, meant) in counted {
        println!("{what}: {count}{}", if count == meant { String::new() } else { format!(", NOT {meant}") });
        if count != meant {
            wrong.push(what.to_owned());
        }
    }
    let (longest, stood) = watch.disk().figures();
    println!(
        "the disk took {} for a page at most, and {stood} times longer than a second; {} writes were refused for that, and sent again",
        figures::duration(longest),
        watch.excused()
    );
    ending.lines.iter().take(10).for_each(|line| println!("  {line}"));
    match samples.trend() {
        Some(trend) => {
            println!("{}", trend.in_words());
            if !trend.is_flat() {
                wrong.push("memory".to_owned());
            }
        }
        None => println!("memory: it ran too short a time to tell"),
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("not as it is meant: {}", wrong.join("; "))) }
}
