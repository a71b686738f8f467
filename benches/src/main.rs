//! How fast callplan is. Each command prints one table; `README.md` says how to read it.

mod measure;
mod plans;
mod syntax;

use std::process::ExitCode;

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    match command.as_deref() {
        Some("syntax") => syntax::run(),
        _ => {
            eprintln!("name a table: syntax");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
