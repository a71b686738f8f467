//! Makes `src/phone/country_prefixes.rs` of callplan: which country's number starts with which digits.
//!
//! Run in this folder, and read the difference before committing it, since it moves calls:
//!
//! ```text
//! cargo run --release --locked > ../../src/phone/country_prefixes.rs
//! ```
//!
//! [`metadata`] reads what the crate `rlibphonenumber` carries, [`plan`] makes automata of each calling code's
//! regions, [`table`] walks digits through them and keeps the shortest prefixes that tell.

mod metadata;
mod plan;
mod table;

/// Where the numbering plan has settled something that the metadata, which is about numbers in use, leaves open.
/// `+7 6` and `+7 7` are Kazakhstan's (ITU-T E.164, list of assigned country codes); only `+7 7` has numbers so far.
const SETTLED: &[(&str, &str)] = &[("76", "KZ")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (version, codes) = metadata::read()?;
    let mut entries = Vec::new();
    for (code, regions) in &codes {
        entries.extend(table::of_code(*code, &plan::Plan::new(*code, regions)?));
    }
    entries.extend(SETTLED.iter().map(|(prefix, country)| ((*prefix).to_owned(), Some((*country).to_owned()))));
    entries.sort();
    print!("{}", table::as_rust(&version, &entries));
    Ok(())
}
