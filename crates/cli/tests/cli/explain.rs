use super::command::callplan;
use insta::assert_snapshot;

#[test]
fn a_code_has_its_page() {
    assert_snapshot!(callplan("explain bad-split").run());
}

#[test]
fn without_a_code_all_are_listed() {
    let run = callplan("explain").run().fine();
    assert!(run.stdout.starts_with("empty-plan                error    The plan decides nothing"), "{run}");
    assert_eq!(run.stdout.lines().count(), callplan::diagnostics::Code::ALL.len());
}

#[test]
fn a_code_may_be_pasted_from_a_message() {
    let page = callplan("explain bad-time").run().fine().stdout;
    for pasted in ["error[bad-time]:", "[bad-time]", "BAD_TIME"] {
        assert_eq!(callplan("explain").arg(pasted).run().fine().stdout, page, "{pasted}");
    }
}

#[test]
fn an_unknown_code_is_told_with_the_nearest() {
    assert_eq!(
        callplan("explain bad-tme").run().message(2),
        "error: no problem has the code `bad-tme`; did you mean `bad-time`?\n"
    );
    assert_eq!(
        callplan("explain weather").run().message(2),
        "error: no problem has the code `weather`; `callplan explain` lists all codes\n"
    );
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let forced = || callplan("explain bad-time").environment("CLICOLOR_FORCE", "1");
    assert!(forced().run().stdout.contains('\u{1b}'));
    assert!(!forced().environment("NO_COLOR", "1").run().stdout.contains('\u{1b}'));
    assert!(!callplan("explain bad-time").run().stdout.contains('\u{1b}'));
}
