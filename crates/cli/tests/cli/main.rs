//! The program from outside: what it prints, on which stream, and how it exits.

mod audit;
mod call_log;
mod check;
mod command;
mod configuration;
mod copies;
mod database;
mod decide;
mod diff;
mod docs;
mod examples;
mod explain;
mod fmt;
mod folders;
mod help;
mod keys;
mod logs;
mod organizations;
mod test;
mod timeline;
mod users;
