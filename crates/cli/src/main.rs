//! The `callplan` program: [`callplan_cli`] does the work.

use std::process::ExitCode;

fn main() -> ExitCode {
    callplan_cli::run(std::env::args_os()).into()
}
