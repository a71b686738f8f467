//! How many digits numbers have, by calling code and by country, and where national numbers keep their 0: a file.

use std::collections::BTreeMap;

use crate::metadata::{Codes, NO_COUNTRY};
use crate::plan::may_begin_with_zero;
use crate::table::MAX_DIGITS;

/// Bit n for n digits, the calling code's included.
type Lengths = u16;

/// The file, as `rustfmt` leaves it.
pub fn as_rust(version: &str, codes: &Codes) -> Result<String, Box<dyn std::error::Error>> {
    let (mut of_codes, mut of_countries, mut keep_zero) = (String::new(), BTreeMap::new(), Vec::new());
    for (code, regions) in codes {
        let digits = code.to_string().len();
        let mut all: Lengths = 0;
        for region in regions {
            let whole = region.lengths.iter().map(|national| digits + *national as usize);
            let lengths: Lengths = whole.filter(|whole| *whole <= MAX_DIGITS).map(|whole| 1 << whole).sum();
            all |= lengths;
            if region.id != NO_COUNTRY {
                *of_countries.entry(region.id.clone()).or_default() |= lengths;
            }
            if may_begin_with_zero(&region.subscribers)? && keep_zero.last() != Some(code) {
                keep_zero.push(*code);
            }
        }
        of_codes += &format!("    ({code}, {all:#06x}),\n");
    }
    let of_countries: BTreeMap<String, Lengths> = of_countries;
    let of_countries: String =
        of_countries.iter().map(|(country, lengths)| format!("    (\"{country}\", {lengths:#06x}),\n")).collect();
    let keep_zero: Vec<String> = keep_zero.iter().map(i32::to_string).collect();
    Ok(format!(
        "//! How many digits numbers have. Made by `cargo run --release --locked -- lengths` in `tools/country-prefixes`, from\n\
         //! the numbering-plan metadata of {version}; do not edit.\n\n\
         /// Each calling code, and how long its numbers may be: bit n for n digits, the code's own included.\n\
         pub(super) const CALLING_CODES: &[(u16, u16)] = &[\n{of_codes}];\n\n\
         /// Each country, and how long its numbers may be, with its calling code.\n\
         pub(super) const COUNTRY_LENGTHS: &[(&str, u16)] = &[\n{of_countries}];\n\n\
         /// The calling codes after which a subscriber's number may begin with 0.\n\
         pub(super) const CODES_THAT_KEEP_ZERO: &[u16] = &[{}];\n",
        keep_zero.join(", ")
    ))
}
