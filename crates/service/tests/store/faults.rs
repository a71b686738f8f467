//! The n-th read, write, sync, truncation or opening of the database's files fails, for every n of a
//! script: nothing that was answered is lost, nothing is there twice or by half, the error is clear,
//! and the same process goes on when the fault is over.
//!
//! The faults come from outside of the process, by `strace`: without it nothing is tested.
//! `FAULTS=3 cargo test -p callplan-service --test store faults -- --nocapture` tries every third
//! only; the test prints how many it has tried.

use std::fs;
use std::path::Path;
use std::process::Command;

use callplan_service::store::{self, Page, Store, StoreOptions};
use tempfile::TempDir;

use super::database::{at, open, revision};

/// The system calls that fail, and how.
const FAULTS: [(&str, &str); 6] = [
    ("openat", "EMFILE"),
    ("pread64", "EIO"),
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("fdatasync,fsync", "EIO"),
    ("ftruncate", "EIO"),
];
/// Maximum number of times that the script tries a step: a fault is over after one of them.
const TRIES: usize = 4;
/// Number of organizations that the script makes.
const STEPS: usize = 3;
const FILE: &str = "CALLPLAN_FAULTS_FILE";

/// Tries a step until it succeeds, and prints each refusal.
fn tried<T>(name: &str, mut step: impl FnMut() -> Result<T, String>) -> T {
    for _ in 0..TRIES {
        match step() {
            Ok(value) => {
                println!("done {name}");
                return value;
            }
            Err(error) => println!("refused {name}: {error}"),
        }
    }
    panic!("it does not go on: {name}");
}

#[test]
#[ignore = "this is the process in which the test below makes faults"]
fn a_script_of_writes() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let options = StoreOptions { create: true, readers: 1, log_lifetime: std::time::Duration::ZERO };
    let store = tried("open", || Store::open(path.as_ref(), options).map_err(|error| error.to_string()));
    for step in 0..STEPS {
        let name = format!("organization {step}");
        tried(&name.clone(), || {
            let name = name.clone();
            let made = store.write(move |transaction| {
                let id = transaction.create_organization(&name, at(0))?.id;
                transaction.create_config(id, revision(&format!("reject // {}", "x".repeat(20_000))), at(0)).map(drop)
            });
            made.wait().map_err(|error| error.to_string())
        });
        let count = tried("read", || {
            let listed = store.read(|snapshot| snapshot.organizations(&Page::first(100))).wait();
            listed.map(|listed| listed.items.len()).map_err(|error| error.to_string())
        });
        assert_eq!(count, step + 1);
    }
}

/// What a run of the script came to.
struct Run {
    /// Whether a fault has come.
    is_faulty: bool,
    printed: String,
}

/// Runs the script while the n-th of these system calls fails; `None` if nothing can be traced.
fn run(folder: &Path, calls: &str, error: &str, n: usize) -> Option<Run> {
    let (database, trace) = (folder.join("callplan.db"), folder.join("trace"));
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&trace);
    for suffix in ["", "-wal", "-shm", "-journal"] {
        command.arg("-P").arg(format!("{}{suffix}", database.display()));
    }
    command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error={error}:when={n}")]);
    command.arg(std::env::current_exe().expect("this program"));
    command.args(["--exact", "faults::a_script_of_writes", "--ignored", "--nocapture"]).env(FILE, &database);
    let output = command.output().ok()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if printed.contains("ptrace") && !printed.contains("done") {
        return None;
    }
    let trace = fs::read_to_string(trace).ok()?;
    assert!(output.status.success(), "{calls} {error} {n}\n{printed}\n{trace}");
    Some(Run { is_faulty: trace.contains("(INJECTED)"), printed })
}

/// Asserts that the database has what was answered, once.
fn has_all(database: &Path, run: &Run) {
    let contents = store::verify(database).unwrap_or_else(|error| panic!("{error}\n{}", run.printed));
    assert_eq!(contents.organizations, STEPS as u64, "{}", run.printed);
    let listed = open(database.to_owned()).read(|snapshot| snapshot.organizations(&Page::first(100))).wait();
    for (step, organization) in listed.expect("a page").items.iter().enumerate() {
        assert_eq!(organization.name, format!("organization {step}"));
    }
    for refusal in run.printed.lines().filter(|line| line.starts_with("refused")) {
        // The words of `StoreError` and `OpenError`, and no panic.
        assert!(refusal.contains("database") || refusal.contains("disk") || refusal.contains("cannot be"), "{refusal}");
    }
}

/// Lets the n-th of these system calls fail, for each n, until none is left; `None` if nothing can be
/// traced. Gives the faults, and the refusals that came of them.
fn every_fault(calls: &str, error: &str, step: usize) -> Option<(usize, usize)> {
    let (mut faults, mut refusals, mut n) = (0, 0, 1);
    loop {
        let folder: TempDir = tempfile::tempdir().expect("a folder");
        let run = run(folder.path(), calls, error, n)?;
        has_all(&folder.path().join("callplan.db"), &run);
        if !run.is_faulty {
            println!("{calls} {error}: {faults}");
            return Some((faults, refusals));
        }
        faults += 1;
        refusals += run.printed.matches("refused").count();
        n += step;
    }
}

#[test]
fn whatever_fails_nothing_is_lost_and_it_goes_on() {
    let step: usize = std::env::var("FAULTS").ok().map_or(1, |text| text.parse().expect("a number"));
    // A process that is traced mostly waits: the kinds of faults are tried side by side.
    let counts: Option<Vec<(usize, usize)>> = std::thread::scope(|scope| {
        let kinds = FAULTS.map(|(calls, error)| scope.spawn(move || every_fault(calls, error, step)));
        kinds.into_iter().map(|kind| kind.join().expect("all is as it should be")).collect()
    });
    let Some(counts) = counts else {
        eprintln!("not tested: nothing can be traced here");
        return;
    };
    let faults: usize = counts.iter().map(|(faults, _)| faults).sum();
    let refusals: usize = counts.iter().map(|(_, refusals)| refusals).sum();
    println!("{faults} faults, of which {refusals} were told; nothing was lost");
    assert!(faults > 20, "{faults}");
}
