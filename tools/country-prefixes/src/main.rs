//! Makes two files of callplan: `src/phone/country_prefixes.rs`, which country's number starts with which digits, and
//! `src/phone/calling_code_table.rs`, how many digits numbers have.
//!
//! Run in this folder, and read the difference before committing it, since it moves calls:
//!
//! ```text
//! cargo run --release --locked > ../../src/phone/country_prefixes.rs
//! cargo run --release --locked -- lengths > ../../src/phone/calling_code_table.rs
//! ```
//!
//! [`metadata`] reads what the crate `rlibphonenumber` carries, [`plan`] makes automata of each calling code's
//! regions, [`table`] walks digits through them and keeps the shortest prefixes that tell, [`lengths`] gathers lengths.

mod lengths;
mod metadata;
mod plan;
mod table;

/// Where the numbering plan has settled something that the metadata, which is about numbers in use, leaves open.
/// `+7 6` and `+7 7` are Kazakhstan's (ITU-T E.164, list of assigned country codes); only `+7 7` has numbers so far.
const SETTLED: &[(&str, &str)] = &[("76", "KZ")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (version, codes) = metadata::read()?;
    if std::env::args().nth(1).is_some_and(|wanted| wanted == "lengths") {
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
