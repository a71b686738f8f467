//! A program that depends only on the library.

use std::process::Command;

#[test]
fn a_program_compiles_a_plan_and_decides_calls() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = Command::new(cargo)
        .args(["run", "--quiet", "--offline", "--package", "callplan", "--example", "decide_a_call"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let output = String::from_utf8_lossy(&run.stdout);
    assert_eq!(output, "route 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11\nreject \n");
}
