//! Fixes: which of those that a check has found are offered, with which grade, and what comes of
//! making them.

// - `trial` tries each fix and takes back those that do not do what they say.
// - `proof` lets the fix of a warning be safe only where no call is decided otherwise.
// - `make` makes fixes, pass by pass, until there is none left to make.

mod make;
mod proof;
mod trial;

pub use make::{FixedPlan, make};
pub(crate) use proof::prove;
pub(crate) use trial::keep_those_that_work;
