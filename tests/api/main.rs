//! The API from outside: the real router, on a real database file.

mod agents;
mod service;
