//! Engines that others have made, each used as its own best users would: its rules are read once, in its own language,
//! and a call brings what it costs the engine least to be given.
//!
//! None of them knows a schedule: those with functions are told what the local clock shows, and the rules reckon with
//! it; the others are told which schedules are open. What is told is worked out in the time that is measured. What an
//! engine answers stays in its own values: nobody is timed on reading them into Rust.

#[cfg(feature = "cedar-policy")]
mod cedar;
#[cfg(feature = "cel")]
mod cel;
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
mod told;
#[cfg(feature = "zen-engine")]
mod zen;

use crate::engine::Contender;
use crate::mistakes::Reader;

/// Those that are built in, in the order of the table.
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
