//! The program from outside: what it prints, on which stream, and how it exits.

mod check;
mod command;
mod decide;
mod diff;
mod docs;
mod examples;
mod explain;
mod fmt;
mod help;
mod logs;
mod test;
mod timeline;
