//! A program that depends only on the library.

use std::path::PathBuf;
use std::process::Command;

#[test]
fn a_program_compiles_a_plan_and_decides_calls() {
    let run = Command::new(built_example("decide_a_call")).output().expect("the example runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let output = String::from_utf8_lossy(&run.stdout);
    assert_eq!(output, "route 0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11\nreject \n");
}

/// The program of an example, up to date. `cargo test` builds it with the tests, with the features
/// that the whole workspace asks for; asked for likewise, it is not built again.
fn built_example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let profile = test.ancestors().nth(2).expect("a test lies in the folder `deps` of its profile");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--offline", "--workspace", "--example", name]);
    build.arg("--target-dir").arg(profile.parent().expect("the target folder"));
    assert!(build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs").success());
    profile.join("examples").join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
