//! The documents say what is so. `UPDATE_DOCS=1 cargo test --test docs` rewrites those that are made from the code.

use callplan::diagnostics::explain;

#[test]
fn the_catalogue_of_diagnostics_is_made_from_the_explanations() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics.md");
    let catalogue = explain::catalogue();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &catalogue).expect("docs/diagnostics.md can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == catalogue, "docs/diagnostics.md is out of date: run `UPDATE_DOCS=1 cargo test --test docs`");
}
