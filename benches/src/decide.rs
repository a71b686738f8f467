//! How fast calls are decided: a table for each workload.

use crate::callgrind;
use crate::engine::{Contender, Engine, Given};
use crate::engines::{self, checked, compile, reference_decisions};
use crate::figures::{bytes, duration};
use crate::heap::held_by;
use crate::measure::{Runner, in_turns, least_of, once};
use crate::trial;
use crate::workloads::{self, Rules, Workload};
use callplan::diagnostics::Problems;
use callplan::{Source, syntax};
use std::time::Duration;

/// An engine whose first decisions take longer decides fewer calls.
const SLOW: Duration = Duration::from_secs(2);

/// Prints a table for each workload that is named, or for all of them. `--only NAME` keeps only the
/// peers whose names start so.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let at = arguments.iter().position(|argument| argument == "--only").unwrap_or(arguments.len());
    let (names, only) = arguments.split_at(at);
    let contenders = engines::only(only.get(1).map_or("", String::as_str));
    for workload in workloads::named(names)? {
        println!("\n{}  {}", workload.name, workload.says);
        table(&workload, &contenders);
        stages(&workload);
    }
    Ok(())
}

/// A faster build is repeated, and its shortest time counts.
const SHORT: Duration = Duration::from_millis(600);

/// An engine on a workload, built and checked for the right decisions.
pub struct Row {
    pub name: &'static str,
    pub engine: Box<dyn Engine>,
    pub build: Duration,
    pub memory: usize,
    /// The number of calls, from the first, that were compared and are timed.
    pub calls: usize,
}

fn table(workload: &Workload, contenders: &[&Contender]) {
    let (expected, places) = reference_decisions(workload);
    println!("    {} calls end at {places} different places of the plan", workload.calls.len());
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for contender in contenders {
        let Some(_) = (contender.prepare)(workload) else { continue };
        let tried = if engines::is_ours(contender) { Ok(()) } else { trial::of_child(&workload.name, contender.name) };
        match tried.and_then(|()| row_or_panic(contender, workload, &expected)) {
            Ok(row) => rows.push(row),
            Err(problem) => failed.push((contender.name, problem)),
        }
    }
    println!("    the reference evaluator's decisions from every engine, on all calls but where fewer are named");
    print_rows(workload, &mut rows);
    failed.iter().for_each(|(name, problem)| println!("{name:<26} {problem}"));
}

/// A successful trial is no guarantee: a just-in-time compiler may find no memory near its own code
/// the next time.
fn row_or_panic(contender: &Contender, workload: &Workload, expected: &[Given]) -> Result<Row, String> {
    let made = std::panic::catch_unwind(|| row(contender, workload, expected));
    made.unwrap_or_else(|_| Err("panics when it is built again".to_owned()))
}

/// Builds the engine and compares its decisions with the expected ones.
pub fn row(contender: &Contender, workload: &Workload, expected: &[Given]) -> Result<Row, String> {
    let build = (contender.prepare)(workload).ok_or("not meant for this workload")?;
    let ((first, memory), mut time) = once(|| held_by(&build));
    let mut engine = first?;
    let mut memory = memory + engine.memory_of_its_own();
    if time < SHORT {
        drop(engine);
        time = least_of(3, Duration::from_millis(300), || build().map(drop));
        // Memory that the first build keeps for the process, such as time zones, does not belong to
        // this engine.
        let (again, held) = held_by(&build);
        engine = again?;
        memory = held + engine.memory_of_its_own();
    }
    let calls = compare(contender.name, &mut *engine, workload, expected)?;
    Ok(Row { name: contender.name, engine, build: time, memory, calls })
}

/// The number of calls that were compared: all of them, unless time ran out.
pub fn compare(name: &str, engine: &mut dyn Engine, workload: &Workload, expected: &[Given]) -> Result<usize, String> {
    let start = std::time::Instant::now();
    for (at, (call, expected)) in workload.calls.iter().zip(expected).enumerate() {
        let given = engine.given(call);
        if given != *expected {
            return Err(format!("{name} decides otherwise: {call:?}\n  expected {expected:?}\n  gave     {given:?}"));
        }
        if start.elapsed() > SLOW {
            return Ok(at + 1);
        }
    }
    Ok(workload.calls.len())
}

fn print_rows(workload: &Workload, rows: &mut [Row]) {
    let mut runners: Vec<Runner> =
        rows.iter_mut().map(|row| Runner { engine: &mut *row.engine, calls: &workload.calls[..row.calls] }).collect();
    let nanos = in_turns(&mut runners);
    let base = if matches!(workload.rules, Rules::Overlaps) { "reference" } else { "hand-written" };
    let base_nanos = rows.iter().position(|row| row.name == base).map(|at| nanos[at]);
    println!("{:<26} {:>11} {:>9} {:>13} {:>10} {:>10}", "", "ns", "ratio", "instructions", "build", "memory");
    for (row, nanos) in rows.iter().zip(nanos) {
        let ratio = base_nanos.map_or("-".to_owned(), |base| ratio(nanos / base));
        let count = instructions(&workload.name, row, nanos).map_or("-".to_owned(), |count| format!("{count:.0}"));
        let few = (row.calls < workload.calls.len()).then(|| format!("on {} calls", row.calls));
        let notes: String = row.engine.note().into_iter().chain(few).map(|note| format!("  {note}")).collect();
        println!(
            "{:<26} {:>11.1} {ratio:>9} {count:>13} {:>10} {:>10}{notes}",
            row.name,
            nanos,
            duration(row.build),
            bytes(row.memory)
        );
    }
    println!("    ratio: to the time of {base}");
}

fn ratio(ratio: f64) -> String {
    if ratio < 0.1 { format!("1/{:.0}", 1.0 / ratio) } else { format!("{ratio:.2}") }
}

/// Callgrind is about fifty times slower, so a slow engine is counted on fewer calls.
pub fn instructions(workload: &str, row: &Row, nanos: f64) -> Option<f64> {
    let decisions = ((1e8 / nanos) as usize).clamp(4, row.calls);
    callgrind::is_here().then(|| callgrind::instructions(workload, row.name, decisions)).flatten()
}

/// The stages of callplan's build.
fn stages(workload: &Workload) {
    let enough = Duration::from_millis(300);
    let source = Source::new("plan", &*workload.plan);
    let parse = least_of(3, enough, || syntax::parse(&source, &mut Problems::new()));
    let check = least_of(3, enough, || checked(&workload.plan));
    let all = least_of(3, enough, || compile(checked(&workload.plan)));
    println!(
        "    callplan's build: {} of text: parse {}, check {}, compile {}",
        bytes(workload.plan.len()),
        duration(parse),
        duration(check.saturating_sub(parse)),
        duration(all.saturating_sub(check))
    );
}
