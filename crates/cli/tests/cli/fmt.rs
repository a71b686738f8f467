use super::command::{OFFICE, callplan};
use insta::assert_snapshot;

const LOOSE: &str = "when   caller is anonymous{reject} # no number\r\n\r\n\r\nroute to nobody\n";
const LAID_OUT: &str = "when caller is anonymous {\n  reject\n}  # no number\n\nroute to nobody\n";

#[test]
fn a_file_is_put_into_the_layout() {
    let run = callplan("fmt loose.callplan").file("loose.callplan", LOOSE).run().fine();
    assert_eq!(run.stdout, "loose.callplan: laid out\n");
    assert_eq!(run.file("loose.callplan"), LAID_OUT);
    let again = callplan("fmt loose.callplan").file("loose.callplan", LAID_OUT).run().fine();
    assert_eq!(again.stdout, "", "what is in the layout needs no word");
}

#[test]
fn standard_input_goes_to_standard_output() {
    assert_eq!(callplan("fmt -").stdin(LOOSE).run().fine().stdout, LAID_OUT);
    let plan = "# \u{1b}[31mred\nreject\n";
    assert_eq!(callplan("fmt -").stdin(plan).run().fine().stdout, plan, "texts are as they were");
}

#[test]
fn check_writes_nothing() {
    let run = callplan("fmt --check loose.callplan -").file("loose.callplan", LOOSE).stdin(LAID_OUT).run();
    assert_eq!(run.file("loose.callplan"), LOOSE);
    assert_eq!(run.stdout, "loose.callplan: not in the layout\n");
    assert_eq!(run.exit, Some(1));
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let run = callplan("fmt broken.callplan gone.callplan office.callplan")
        .file("broken.callplan", "when caller == anonymous { reject }\n")
        .file("office.callplan", OFFICE)
        .run();
    assert_eq!(run.file("broken.callplan"), "when caller == anonymous { reject }\n");
    assert_snapshot!(run);
}
