//! The language as its users meet it: cases with their snapshots, laws that random plans keep, plans
//! that are broken or hostile. All of it is one program, so that it is linked once and its tests run
//! side by side; `cargo test --test language cases` runs one file of it.

mod adversarial;
mod agreement;
mod assist;
mod breaks;
mod broken;
mod cases;
mod diff;
mod examples;
mod fixes;
mod format;
mod free_names;
mod fuzz_findings;
mod holidays;
mod hostile;
mod mistakes;
mod places;
mod plans;
mod reach_properties;
mod reachable_switches;
mod rotation_properties;
mod schedule_properties;
mod split_properties;
mod support;
mod time_properties;
mod timeline;
mod word_replacement;
