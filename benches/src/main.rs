//! How fast callplan is. Each command prints one table; `README.md` says how to read it.

mod hostile;
mod measure;
mod plans;
#[path = "../../tests/hostile/shapes.rs"]
mod shapes;
mod store;
mod syntax;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("store") => store::run(),
        Some("syntax") => syntax::run(),
        Some("hostile") => hostile::run(&arguments.next().unwrap_or_default()),
        _ => {
            eprintln!("name a table: syntax, store, hostile");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
