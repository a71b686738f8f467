# What CI runs.
ci:
    .ci/run

# The tests, as the README says.
test:
    cargo test

# How fast plans are read and checked.
bench:
    cargo run --release --manifest-path benches/Cargo.toml -- syntax
