//! The callplan service over HTTP: [`api`] answers requests, and [`server`] takes clients and keeps what calls read
//! up to date.
#![deny(missing_docs)]

pub mod api;
pub mod server;
