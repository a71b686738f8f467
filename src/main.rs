//! The `callplan` program: [`callplan::cli`] does the work.

use std::process::ExitCode;

fn main() -> ExitCode {
    callplan::cli::run(std::env::args_os()).into()
}
