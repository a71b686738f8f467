//! The callplan service without HTTP: [`store`] keeps its data on disk, [`live`] keeps in memory
//! what calls read, [`credentials`] says what a token allows, [`routing`] chooses who answers,
//! [`calls`] decides calls and logs them, and [`telemetry`] has the metrics and the log.
#![deny(missing_docs)]

pub mod address_range;
pub mod background;
pub mod calls;
pub mod clock;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod credentials;
pub mod kept_plans;
pub mod live;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod name;
mod own_thread;
pub mod priority;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod routing;
pub mod store;
pub mod telemetry;
