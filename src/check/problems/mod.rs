//! The wording of every problem with a plan's meaning, a function each, by what the problem is
//! about.

pub(super) mod dates;
pub(crate) mod examples;
pub(super) mod names;
pub(super) mod numbers;
pub(super) mod rotations;
pub(super) mod search;
pub(super) mod statements;
pub(super) mod tests;
pub(super) mod told;
