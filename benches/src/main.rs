//! How fast callplan is. Each command prints one table; `README.md` says how to read it.

mod analysis;
mod callgrind;
mod decide;
mod engine;
mod engines;
mod figures;
mod forms;
mod growth;
mod heap;
#[cfg(not(feature = "rhai"))]
mod hostile;
mod hours;
mod http;
mod measure;
mod mistakes;
mod plans;
mod random;
// Rhai implements `+` for texts with a type of its own, which makes some additions in that file
// ambiguous for the compiler.
#[cfg(not(feature = "rhai"))]
#[expect(dead_code, reason = "tests read what the table does not")]
#[path = "../../tests/language/hostile/shapes.rs"]
mod shapes;
mod soak;
mod store;
mod syntax;
mod trial;
mod workloads;
mod worst;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(command, rest)| (command, rest));
    let outcome = match command {
        "" => decide::run(rest).and_then(|()| growth::run()).and_then(|()| mistakes::run()),
        "decide" => decide::run(rest),
        "growth" => growth::run(),
        "forms" => forms::run(),
        "analysis" => analysis::run(),
        "mistakes" => match rest {
            [] => mistakes::run(),
            [engine, ..] => mistakes::say(engine),
        },
        "http" => http::run(rest),
        "memory" => http::memory(),
        "organizations" => http::organizations(),
        "shares" => http::shares(),
        "start" => http::start(),
        "soak" => soak::run(rest),
        // What these tables start as children.
        "serve" => http::serve(rest),
        "store" => {
            store::run();
            Ok(())
        }
        "syntax" => {
            syntax::run();
            Ok(())
        }
        #[cfg(not(feature = "rhai"))]
        "hostile" => {
            hostile::run(rest.first().map_or("", String::as_str));
            Ok(())
        }
        // What `callgrind`, `analysis` and `trial` start as children.
        "count" => callgrind::count(rest),
        "count-analysis" => analysis::count(rest),
        "trial" => trial::run(rest),
        "worst" => worst::run(rest),
        _ => Err("name a table, or none for the first three: decide, growth, mistakes, forms, analysis, store, http, organizations, shares, start, memory, soak, syntax, worst, hostile (without Rhai)"
            .to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
