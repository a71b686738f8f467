//! Telephone numbers: read, shown, compared, gathered in sets, and the country of each.

pub mod number;
pub mod read;

pub use number::{E164, Number, NumberError, OwnedNumber, shown_text};
