//! The callplan service over HTTP: [`api`] has the handlers, and [`server`] the sockets. The server
//! also keeps the memory that calls read up to date.
#![deny(missing_docs)]

pub mod api;
pub mod server;
