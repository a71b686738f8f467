//! The API from outside: the real router, on a real database file.

mod agents;
mod audit;
mod calls;
mod compression;
mod config;
mod contract;
mod dates_end;
mod document;
mod draft;
mod effects;
mod effects_property;
mod examples;
mod fields;
mod hostile;
mod isolation;
mod key_lives;
mod keys;
mod operations_page;
mod phone_numbers;
mod races;
mod reference;
mod requests;
mod service;
mod starting;
mod versions;
mod whoami;
