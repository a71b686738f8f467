//! Telephone numbers: read, shown, compared, gathered in sets, and the country of each.

pub mod country;
mod country_codes;
mod country_prefixes;
mod decompose;
#[cfg(test)]
mod generate;
pub mod key_map;
mod locals;
pub mod number;
pub mod pattern;
pub mod read;
pub mod set;
pub mod spans;

pub use country::Country;
pub use key_map::{KeyConflicts, KeyMap};
pub use number::{E164, Number, NumberError, OwnedNumber, shown_text};
pub use pattern::{Pattern, Prefix, PrefixError, Range, RangeProblem};
pub use set::NumberSet;
