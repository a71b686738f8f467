//! Telephone numbers: read, shown, compared, gathered in sets, and the country of each.
//!
//! Does not know the language: texts and numbers in, plain data out; errors say what is wrong and
//! leave the wording and the place to whoever asked.
//!
//! | to … | look in |
//! | --- | --- |
//! | keep, write, show one number | [`number`]: [`E164`], [`Number`], [`SafeText`] |
//! | read what a call brings | [`read`]: [`Number::read`] |
//! | write many in one: a prefix, a range | [`pattern`]: [`Pattern`], [`Prefix`], [`E164Range`] |
//! | ask about sets of numbers, exactly | [`set`]: [`NumberSet`]; its E.164 part is in [`spans`], its local part in `locals` |
//! | find a table's row | [`key_map`]: [`KeyMap`]; very many of anything: `lookup` |
//! | ask which numbers each key decides | [`winners`]: [`Winners`] |
//! | read what people write on paper | [`paper`]: [`plain_number`] |
//! | tell the country | [`country`]: [`Country`] |
//! | read digits without `+` at home | [`home`]: [`Home`] |
//! | tell how long a country's numbers are | `calling_codes`: [`DigitCounts`] |
//!
//! The tables `country_prefixes.rs`, `calling_code_table.rs` and `home_table.rs` are made by the
//! package in `tools/country-prefixes`.

mod address;
mod calling_code_table;
mod calling_codes;
pub mod country;
mod country_codes;
mod country_prefixes;
mod decompose;
#[cfg(test)]
mod generate;
pub mod home;
mod home_table;
pub mod key_map;
mod locals;
pub(crate) mod lookup;
pub mod number;
mod number_form;
pub mod paper;
pub mod pattern;
mod plain_digits;
pub mod read;
pub mod set;
pub mod spans;
pub mod winners;
mod withheld;

pub use address::{address_parameter, display_name, first_address};
pub use calling_codes::{DigitCounts, calling_code_length};
pub use country::Country;
pub use home::{Home, HomeRule, LocalReason};
pub use key_map::{KeyConflicts, KeyMap};
pub(crate) use locals::TextInterval;
pub use number::{Digits, E164, LocalDigits, Number, NumberError, OwnedNumber, SafeText};
pub(crate) use number::{SHOWN_CHARACTERS, SHOWN_LOCAL};
pub use paper::{is_rounded, plain_number, without_extension};
pub use pattern::{E164Range, LocalRange, NumberRange, Pattern, Prefix, PrefixError, RangeProblem};
pub(crate) use plain_digits::PlainDigits;
pub use set::NumberSet;
pub use winners::Winners;
pub(crate) use withheld::unreachable_digits;
pub use withheld::{is_unreachable, unreachable_numbers};
