use super::command::callplan;
use insta::assert_snapshot;

#[test]
fn the_program() {
    assert_snapshot!(callplan("--help").run().fine());
}

#[test]
fn check() {
    assert_snapshot!(callplan("check --help").run().fine());
}

#[test]
fn explain() {
    assert_snapshot!(callplan("explain --help").run().fine());
}

#[test]
fn fmt() {
    assert_snapshot!(callplan("fmt --help").run().fine());
}

#[test]
fn decide() {
    assert_snapshot!(callplan("decide --help").run().fine());
}

#[test]
fn test() {
    assert_snapshot!(callplan("test --help").run().fine());
}

#[test]
fn examples() {
    assert_snapshot!(callplan("examples --help").run().fine());
}

#[test]
fn timeline() {
    assert_snapshot!(callplan("timeline --help").run().fine());
}

#[test]
fn organizations() {
    assert_snapshot!(callplan("organizations --help").run().fine());
}

#[test]
fn users() {
    assert_snapshot!(callplan("users --help").run().fine());
}

#[test]
fn keys() {
    assert_snapshot!(callplan("keys --help").run().fine());
    assert_snapshot!(callplan("keys create --help").run().fine());
}

#[test]
fn calls() {
    assert_snapshot!(callplan("calls --help").run().fine());
    assert_snapshot!(callplan("calls forget --help").run().fine());
}

#[test]
fn copies() {
    assert_snapshot!(callplan("backup --help").run().fine());
    assert_snapshot!(callplan("restore --help").run().fine());
    assert_snapshot!(callplan("verify --help").run().fine());
}

#[test]
fn audit() {
    assert_snapshot!(callplan("audit export --help").run().fine());
}

#[test]
fn serve() {
    assert_snapshot!(callplan("serve --help").run().fine());
}

#[test]
fn no_command_and_wrong_ones_are_wrong_use() {
    assert!(callplan("").run().message(2).contains("Usage: callplan"));
    assert!(callplan("chek").run().message(2).contains("a similar subcommand exists: 'check'"));
    assert!(callplan("check").run().message(2).contains("<PLAN>"));
    assert!(callplan("--version").run().fine().stdout.starts_with("callplan "));
}

#[test]
fn diff() {
    assert_snapshot!(callplan("diff --help").run().fine());
}
