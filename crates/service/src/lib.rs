//! What a callplan service keeps and decides, without HTTP: [`store`] keeps it on disk, [`live`] keeps in memory what
//! calls read, [`credentials`] says who may do what, and [`routing`] chooses who answers.
#![deny(missing_docs)]

#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod credentials;
pub mod live;
pub mod priority;
#[deny(clippy::disallowed_methods, clippy::wildcard_enum_match_arm)]
pub mod routing;
pub mod store;
