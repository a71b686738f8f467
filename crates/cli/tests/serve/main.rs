//! The server as its users meet it: the program, a socket, and a database file.

mod admin;
mod audit;
mod copies;
mod demo;
mod ending;
mod file;
mod following;
mod killed;
mod limits;
mod otlp;
mod overload;
mod packaging;
mod pages;
mod server;
mod starting;
mod tls;
mod trouble;
