//! The store from outside, on real database files.

mod audit;
mod calls;
mod configs;
mod database;
mod erasing;
mod faults;
mod files;
mod keys;
mod killed;
mod limits;
mod live;
mod model;
mod numbers;
mod races;
mod work;
