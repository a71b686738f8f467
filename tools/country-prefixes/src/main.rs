//! Generates three files of callplan: `src/phone/country_prefixes.rs`, the country of each prefix,
//! `src/phone/calling_code_table.rs`, the lengths of numbers, and `src/phone/home_table.rs`, how
//! numbers without `+` are read at home.
//!
//! Run it in this folder. Read the diff before committing it, because it changes how calls are
//! routed:
//!
//! ```text
//! cargo run --release --locked > ../../src/phone/country_prefixes.rs
//! cargo run --release --locked -- lengths > ../../src/phone/calling_code_table.rs
//! cargo run --release --locked -- home > ../../src/phone/home_table.rs
//! ```
//!
//! [`metadata`] reads the metadata of the crate `rlibphonenumber`, [`plan`] makes automata of each
//! calling code's regions, [`table`] walks digits through them and keeps the shortest prefixes that
//! decide, [`lengths`] collects lengths, and [`home`] makes one graph of the numbers in use, with the
//! prefixes that [`pieces`] reads.

mod home;
mod lengths;
mod metadata;
mod pieces;
mod plan;
mod table;

/// What the numbering plan settles and the metadata leaves open, which only knows numbers in use.
/// `+7 6` and `+7 7` belong to Kazakhstan (ITU-T E.164, list of assigned country codes); so far
/// only `+7 7` has numbers.
const SETTLED: &[(&str, &str)] = &[("76", "KZ")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (version, codes) = metadata::read()?;
    let file = match std::env::args().nth(1).as_deref() {
        Some("lengths") => lengths::as_rust(&version, &codes)?,
        Some("home") => home::as_rust(&version, &codes)?,
        _ => country_prefixes(&version, &codes)?,
    };
    print!("{file}");
    Ok(())
}

fn country_prefixes(version: &str, codes: &metadata::Codes) -> Result<String, Box<dyn std::error::Error>> {
    let codes = codes.iter().filter(|(_, regions)| regions.iter().any(|region| region.id != metadata::NO_COUNTRY));
    let mut entries = Vec::new();
    for (code, regions) in codes {
        entries.extend(table::of_code(*code, &plan::NumberPlan::new(*code, regions)?));
    }
    entries.extend(SETTLED.iter().map(|(prefix, country)| ((*prefix).to_owned(), Some((*country).to_owned()))));
    entries.sort();
    Ok(table::as_rust(version, &entries))
}
