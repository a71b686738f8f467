//! Generates two files of callplan: `src/phone/country_prefixes.rs`, the country of each prefix,
//! and `src/phone/calling_code_table.rs`, the lengths of numbers.
//!
//! Run it in this folder. Read the diff before committing it, because it changes how calls are
//! routed:
//!
//! ```text
//! cargo run --release --locked > ../../src/phone/country_prefixes.rs
//! cargo run --release --locked -- lengths > ../../src/phone/calling_code_table.rs
//! ```
//!
//! [`metadata`] reads the metadata of the crate `rlibphonenumber`, [`plan`] makes automata of each
//! calling code's regions, [`table`] walks digits through them and keeps the shortest prefixes that
//! decide, and [`lengths`] collects lengths.

mod lengths;
mod metadata;
mod plan;
mod table;

/// What the numbering plan settles and the metadata leaves open, which only knows numbers in use.
/// `+7 6` and `+7 7` belong to Kazakhstan (ITU-T E.164, list of assigned country codes); so far
/// only `+7 7` has numbers.
const SETTLED: &[(&str, &str)] = &[("76", "KZ")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (version, codes) = metadata::read()?;
    if std::env::args().nth(1).is_some_and(|argument| argument == "lengths") {
        print!("{}", lengths::as_rust(&version, &codes)?);
        return Ok(());
    }
    let codes = codes.iter().filter(|(_, regions)| regions.iter().any(|region| region.id != metadata::NO_COUNTRY));
    let mut entries = Vec::new();
    for (code, regions) in codes {
        entries.extend(table::of_code(*code, &plan::NumberPlan::new(*code, regions)?));
    }
    entries.extend(SETTLED.iter().map(|(prefix, country)| ((*prefix).to_owned(), Some((*country).to_owned()))));
    entries.sort();
    print!("{}", table::as_rust(&version, &entries));
    Ok(())
}
