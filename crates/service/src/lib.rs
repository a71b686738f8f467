//! What a callplan service keeps and decides, without HTTP: [`store`] keeps it on disk, [`live`] keeps in memory what
//! calls read, [`credentials`] says who may do what, [`routing`] chooses who answers, [`calls`] decides a call and logs it,
//! and [`telemetry`] counts and writes what happens.
#![deny(missing_docs)]

pub mod calls;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod credentials;
pub mod live;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod name;
pub mod priority;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod routing;
pub mod store;
pub mod telemetry;
