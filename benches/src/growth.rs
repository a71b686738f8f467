//! How a decision's time grows with the number of rules.

use crate::decide::{Row, instructions, row};
use crate::engines::{self, reference_decisions};
use crate::figures::{bytes, duration};
use crate::measure::{Runner, in_turns};
use crate::workloads::{self, Workload};

const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

/// callplan, with Rust written by hand beside it: both slow down when the data no longer fits into
/// a cache.
const ENGINES: [&str; 2] = ["callplan", "hand-written"];

/// Prints the table.
pub fn run() -> Result<(), String> {
    println!("\nGrowth: rules like those of W2 that say no more than who answers");
    let workloads: Vec<Workload> =
        SIZES.iter().map(|rules| workloads::one(&format!("W2:{rules}"))).collect::<Result<_, _>>()?;
    let mut rows: Vec<(&Workload, Row)> = Vec::new();
    for workload in &workloads {
        let (expected, places) = reference_decisions(workload);
        println!("{}, {} calls end at {places} different places", workload.says, workload.calls.len());
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
        let title = format!("{engine}, rules");
        println!("\n{title:<24} {:>9} {:>9} {:>13} {:>10} {:>10}", "ns", "growth", "instructions", "build", "memory");
        let mut of_engine = rows.iter().zip(nanos).filter(|((_, row), _)| row.name == engine).peekable();
        let fewest = *of_engine.peek().expect("every size has been measured").1;
        for (rules, ((workload, row), nanos)) in SIZES.iter().zip(of_engine) {
            let count = instructions(&workload.name, row, *nanos).map_or("-".to_owned(), |count| format!("{count:.0}"));
            let note = row.engine.note().map_or(String::new(), |note| format!("  {note}"));
            let (build, memory) = (duration(row.build), bytes(row.memory));
            let growth = format!("{:.2}", nanos / fewest);
            println!("{rules:<24} {nanos:>9.1} {growth:>9} {count:>13} {build:>10} {memory:>10}{note}");
        }
    }
}
