//! Words that mean something only in some places stay free as names: a plan that uses one as a name
//! is accepted, and decides like the same plan with a name that is no word.

use callplan::call::Call;
use callplan::check::Options;
use callplan::diagnostics::{Severity, text};
use callplan::source::Source;
use callplan::{CheckedPlan, check};
use jiff::civil::Date;

/// Words of the language that are no reserved ones.
const FREE: &[&str] = &[
    "also",
    "any",
    "asserted",
    "attestation",
    "attested",
    "attribute",
    "before",
    "blocked",
    "boolean",
    "caller_name",
    "closes",
    "contains",
    "data",
    "diverted",
    "diverted_from",
    "easter",
    "failed",
    "fifth",
    "hours",
    "key",
    "keys",
    "name",
    "named",
    "none",
    "number",
    "opens",
    "orthodox",
    "rotation",
    "rows",
    "starts",
    "text",
    "today",
    "week",
    "weekdays",
    "weeks",
];

/// A plan for each kind of name, with `NAME` in its place.
const PLANS: &[(&str, &str)] = &[
    (
        "agent",
        "agent NAME = \"0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11\"\ntable NAME_rows (owner) { +14155550100: NAME }\nwhen caller in NAME_rows as row {\n  route to row.owner\n}\ncontext \"Agent.\"\nroute to NAME\nexample \"e\" { call from +14155550101 to +18005550100 at 2026-12-01 12:00 expect route to NAME }\nalways \"p\" when caller in +44* { route to NAME }",
    ),
    (
        "switch",
        "switch NAME\nwhen NAME is on { reject \"on\" }\nwhen NAME is off and caller in +44* { fallback }\nfallback\nexample \"e\" { call from +14155550101 to +18005550100 at 2026-12-01 12:00 with NAME on expect reject }",
    ),
    (
        "numbers",
        "numbers NAME = [+14155550100, +44*]\nnumbers more = [NAME, +49*] except [+4930*]\nwhen caller in NAME { reject \"a\" }\nwhen caller in [more, NAME] { reject \"b\" }\nfallback",
    ),
    (
        "condition",
        "condition NAME = caller in +44*\nwhen NAME { reject \"a\" }\nwhen not NAME and caller in +49* { reject \"b\" }\nfallback",
    ),
    (
        "days",
        "days NAME = [2026-12-01 \"One day\", every 12-25]\ndays more = [NAME, 2026-12-03]\nschedule office in Europe/London except NAME { mon-fri 09:00-17:00 }\nwhen date in NAME { context \"{NAME.name} {more.name}\" reject \"a\" }\nwhen office is open and date in more { reject \"b\" }\nfallback",
    ),
    (
        "days of a line",
        "days NAME = [2026-12-01, every 12-25]\nschedule office {\n  wed closed\n  NAME 09:00-17:00\n}\nwhen office is open { reject \"a\" }\nfallback",
    ),
    (
        "schedule",
        "schedule NAME in Europe/London { mon-fri 09:00-17:00 }\nwhen NAME is open { reject \"a\" }\nwhen NAME is closed and caller in +44* { context \"{NAME.opens} {NAME.closes} {NAME.hours}\" metadata { opens: NAME.opens } reject \"b\" }\nfallback",
    ),
    (
        "rotation",
        "agent bell = \"bell-id\"\nagent chen = \"chen-id\"\nrotation NAME { from 2026-11-30 08:00 every day bell, chen }\nwhen NAME is bell and caller in +44* { reject \"a\" }\nwhen NAME in [chen] and caller in +49* { context \"{NAME}\" metadata { who: NAME } reject }\nroute to NAME\nexample \"e\" { call from +14155550101 to +18005550100 at 2026-12-01 12:00 expect route to NAME }\nalways \"p\" when caller in +1* { route to NAME }",
    ),
    (
        "agent of a rotation",
        "agent NAME = \"a-id\"\nagent chen = \"chen-id\"\nrotation turns {\n  from 2026-11-30 08:00 every day NAME, chen\n  from 2026-12-02 00:00 to 2026-12-03 00:00 NAME\n}\nwhen turns is NAME and caller in +44* { reject \"a\" }\nroute to turns",
    ),
    (
        "table",
        "table NAME (tier) { +14155550100: \"gold\"\n +44*: \"blue\" }\nwhen caller in NAME as row { context \"{row.tier}\" reject }\nwhen dialed in NAME { reject \"b\" }\nfallback",
    ),
    (
        "column",
        "table rows_of (NAME) { +14155550100: \"gold\"\n +44*: \"blue\" }\nwhen caller in rows_of as row { context \"Tier: {row.NAME}.\" metadata { tier: row.NAME } }\nwhen caller in rows_of as other and other.NAME is \"gold\" { context \"{other.NAME}\" reject }\nfallback",
    ),
    (
        "binding",
        "table rows_of (tier) { +14155550100: \"gold\"\n +44*: \"blue\" }\nwhen caller in rows_of as NAME and NAME.tier is \"gold\" { context \"Tier: {NAME.tier}.\" reject }\nfallback",
    ),
    ("metadata key", "metadata { NAME: \"x\", inner: { NAME: 1 } }\nfallback"),
];

/// A name that is no word of the language.
const NO_WORD: &str = "zzyzx";

#[test]
fn a_word_that_is_not_reserved_is_a_name_like_any_other() {
    for (kind, plan) in PLANS {
        let plan = format!("timezone Europe/London\n{plan}\n");
        let expected = decisions(&plan.replace("NAME", NO_WORD), kind, NO_WORD);
        for word in FREE {
            let found = decisions(&plan.replace("NAME", word), kind, word);
            assert_eq!(found, expected, "{word} as the name of {kind}");
        }
    }
}

#[test]
fn every_word_with_a_meaning_in_one_place_is_tried() {
    for (word, _) in callplan::syntax::contextual_words() {
        assert!(FREE.contains(&word), "{word}");
    }
}

/// What some calls get, with the name put back.
fn decisions(plan: &str, kind: &str, name: &str) -> Vec<String> {
    let plan = accepted(plan, kind);
    let numbers = ["+14155550100", "+14155550101", "+442079460123", "+493012345678", "anonymous", "1001"];
    let moments = ["2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z", "2026-12-03T10:00:00Z", "2026-12-25T10:00:00Z"];
    let mut found = Vec::new();
    for (caller, at) in numbers.iter().flat_map(|caller| moments.map(|at| (caller, at))) {
        let call = Call::new("+18005550100", at.parse().expect("an instant")).with_caller(*caller);
        for call in [call.clone(), call.with_switch_on(name)] {
            let decision = callplan::eval::decide(&plan, &call);
            found.push(format!("{decision:?}").replace(&format!("\"{name}\""), &format!("\"{NO_WORD}\"")));
        }
    }
    found
}

fn accepted(plan: &str, kind: &str) -> CheckedPlan {
    let source = Source::new("free.callplan", plan);
    let options = Options { today: Some(Date::constant(2026, 11, 30)), ..Options::default() };
    let report = check(&source, &options);
    let drawn = text::draw_all(&source, &report.problems, text::Style::Plain);
    assert_eq!(report.problems.count(Severity::Error), 0, "{kind}:\n{plan}\n{drawn}");
    report.plan.expect("an accepted plan")
}
