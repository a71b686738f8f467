//! How a decision's time grows with the number of rules.

use crate::decide::{Row, instructions, row};
use crate::engines::{self, reference_decisions};
use crate::figures::{bytes, duration};
use crate::measure::{Runner, in_turns};
use crate::workloads::{self, Workload};

const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

/// callplan, and Rust by hand beside it: what a cache no longer holds costs both.
const ENGINES: [&str; 2] = ["callplan", "hand-written"];

/// Prints the table.
pub fn run() -> Result<(), String> {
    let workloads: Vec<Workload> =
        SIZES.iter().map(|rules| workloads::one(&format!("W2:{rules}"))).collect::<Result<_, _>>()?;
    let mut rows: Vec<(&Workload, Row)> = Vec::new();
    for workload in &workloads {
        let (expected, places) = reference_decisions(workload);
        println!("{}: {} calls end at {places} different places", workload.says, workload.calls.len());
        for contender in ENGINES.into_iter().filter_map(engines::named) {
            rows.push((workload, row(contender, workload, &expected)?));
        }
    }
    println!("same decisions as the reference on all calls");
    let mut runners: Vec<Runner> =
        rows.iter_mut().map(|(workload, row)| Runner { engine: &mut *row.engine, calls: &workload.calls }).collect();
    let nanos = in_turns(&mut runners);
    print_rows(&rows, &nanos);
    Ok(())
}

fn print_rows(rows: &[(&Workload, Row)], nanos: &[f64]) {
    for engine in ENGINES {
        println!("\n{engine:<16} {:>10} {:>13} {:>10} {:>10}", "ns", "instructions", "build", "memory");
        let mut ends: Vec<(f64, Option<f64>)> = Vec::new();
        let of_engine = rows.iter().zip(nanos).filter(|((_, row), _)| row.name == engine);
        for (rules, ((workload, row), nanos)) in SIZES.iter().zip(of_engine) {
            let count = instructions(&workload.name, row, *nanos);
            let shown = count.map_or("-".to_owned(), |count| format!("{count:.0}"));
            let note = row.engine.note().map_or(String::new(), |note| format!("  {note}"));
            let (build, memory) = (duration(row.build), bytes(row.memory));
            println!("{:<16} {nanos:>10.1} {shown:>13} {build:>10} {memory:>10}{note}", format!("{rules} rules"));
            ends.push((*nanos, count));
        }
        if let (Some((first, few)), Some((last, many))) = (ends.first(), ends.last()) {
            let instructions = few.zip(*many).map_or("-".to_owned(), |(few, many)| format!("{:.2} x", many / few));
            println!("{:<16} {:>10} {instructions:>13}", "100,000 to 10", format!("{:.2} x", last / first));
        }
    }
}
