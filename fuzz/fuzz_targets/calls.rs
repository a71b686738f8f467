//! Any bytes as a call log: `callplan decide --calls` must read it to its end, whatever its rows
//! are. The command reads files, so the bytes go into a file. Redirect its output, which goes to
//! stdout.

#![no_main]

use callplan_cli as cli;
use libfuzzer_sys::fuzz_target;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A folder of this process, with the plan.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("callplan-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let plan = "switch storm\nwhen storm is on { reject }\nwhen caller in +1* { route to \"a\" }\n";
    std::fs::write(folder.join("plan.callplan"), plan).expect("a file can be written");
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let log = FOLDER.join("calls");
    std::fs::write(&log, bytes).expect("a file can be written");
    decide(&log, &[]);
    decide(&log, &["--column", "caller_number=From", "--column", "called_number=To"]);
    decide(&log, &["--no-header", "--column", "called_number=1", "--column", "timestamp=2", "--summary"]);
});

fn decide(log: &Path, more: &[&str]) {
    let plan = FOLDER.join("plan.callplan");
    let words = ["callplan".into(), "decide".into(), plan.into_os_string(), "--calls".into(), log.into()];
    cli::run(words.into_iter().chain(more.iter().map(OsString::from)));
}
