//! Engines of others, each used as its experts would use it: its rules are read once, in its own
//! language, and a call is given in the form that costs the engine least.
//!
//! None of them knows schedules. Engines with functions get the local time, and the rules compare
//! it; the others get the list of open schedules. Computing these is part of the measured time. An
//! engine's answer stays in its own values: converting it to Rust is not timed.

#[cfg(feature = "cedar-policy")]
mod cedar;
#[cfg(feature = "cel")]
mod cel;
mod facts;
#[cfg(feature = "mlua")]
mod lua;
mod outputs;
#[cfg(feature = "regorus")]
mod rego;
#[cfg(feature = "rhai")]
mod rhai;
#[cfg(feature = "roto")]
mod roto;
#[cfg(feature = "starlark")]
mod starlark;
#[cfg(feature = "zen-engine")]
mod zen;

use crate::engine::Contender;
use crate::mistakes::Reader;

/// The peers that are compiled in, in the order of the table.
pub const ALL: &[Contender] = &[
    #[cfg(feature = "mlua")]
    lua::CONTENDER,
    #[cfg(feature = "starlark")]
    starlark::CONTENDER,
    #[cfg(feature = "rhai")]
    rhai::CONTENDER,
    #[cfg(feature = "cel")]
    cel::CONTENDER,
    #[cfg(feature = "zen-engine")]
    zen::CONTENDER,
    #[cfg(feature = "regorus")]
    rego::CONTENDER,
    #[cfg(feature = "cedar-policy")]
    cedar::CONTENDER,
    #[cfg(feature = "roto")]
    roto::CONTENDER,
];

/// The same, as readers of rules.
pub const READERS: &[Reader] = &[
    #[cfg(feature = "mlua")]
    lua::READER,
    #[cfg(feature = "starlark")]
    starlark::READER,
    #[cfg(feature = "rhai")]
    rhai::READER,
    #[cfg(feature = "cel")]
    cel::READER,
    #[cfg(feature = "zen-engine")]
    zen::READER,
    #[cfg(feature = "regorus")]
    rego::READER,
    #[cfg(feature = "cedar-policy")]
    cedar::READER,
    #[cfg(feature = "roto")]
    roto::READER,
];
