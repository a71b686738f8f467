//! The time to save a plan over the API: with all its proofs and examples, compiled, on the disk,
//! and in force for calls.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::BenchServer;
use super::load::{self, median};

const WRITES: usize = 200;
const PATH: &str = "/core/inbound-routing-config";

/// Saves a plan repeatedly, each time with another text. Prints the medians of that, and of a bare
/// write to the same disk.
pub fn run(server: &BenchServer, token: &str, folder: &Path) -> Result<(), String> {
    let config = load::answer(server, token, "GET", PATH, "")?;
    let config: Value = serde_json::from_str(&config).map_err(|error| error.to_string())?;
    let plan = config["workflow_definition"].as_str().ok_or("there is no plan")?;
    let saved: Result<Vec<Duration>, String> = (0..WRITES)
        .map(|number| {
            let body = json!({ "workflow_definition": format!("# {number}\n{plan}") }).to_string();
            let begun = Instant::now();
            load::answer(server, token, "PUT", PATH, &body)?;
            Ok(begun.elapsed())
        })
        .collect();
    let (saved, bare) = (median(saved?), median(synced(folder).map_err(|error| error.to_string())?));
    println!(
        "a plan of 20 rules is saved in {}, p50; 4 KiB appended and fsynced take {}",
        crate::figures::duration(saved),
        crate::figures::duration(bare)
    );
    Ok(())
}

/// The time of the disk alone.
fn synced(folder: &Path) -> std::io::Result<Vec<Duration>> {
    let mut file = std::fs::File::create(folder.join("synced"))?;
    let one = |_| {
        let begun = Instant::now();
        file.write_all(&[1; 4096])?;
        file.sync_data()?;
        Ok(begun.elapsed())
    };
    (0..WRITES).map(one).collect()
}
