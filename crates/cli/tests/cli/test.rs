use super::command::{OFFICE, callplan};
use insta::assert_snapshot;

const FAILING: &str = r#"route to "a"
example "it is a" {
  call from +14155550100 to +18005550100 at 2026-03-02 10:00
  expect route to "a"
}
example "it is b" {
  call from +14155550100 to +18005550100 at 2026-03-02 10:00
  expect route to "b"
}
never "nobody gets c" when caller is anonymous { route to "c" }
"#;

#[test]
fn each_example_has_a_line_and_failures_are_drawn() {
    assert_snapshot!(callplan("test failing.callplan").file("failing.callplan", FAILING).run());
}

#[test]
fn several_plans_are_summed_up() {
    assert_snapshot!(
        callplan("test office.callplan bare.callplan - broken.callplan gone.callplan")
            .file("office.callplan", OFFICE)
            .file("bare.callplan", "reject")
            .file("broken.callplan", "when caller is nobody { reject }\nreject")
            .stdin(OFFICE)
            .run()
    );
}

#[test]
fn a_name_does_not_move_the_cursor() {
    let plan = "reject\nexample \"x\u{202e}y\" {\n  call from anonymous to +18005550100 at 2026-03-02 10:00\n  expect reject\n}\n";
    let run = callplan("test -").stdin(plan).run().fine();
    assert!(run.stdout.contains("ok      x\u{fffd}y"), "{run}");
}
