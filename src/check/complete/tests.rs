use super::{BuiltCounts, complete};
use crate::Problems;
use crate::check::{Options, check_with_counts};
use crate::plan::{
    CheckedPlan, ColumnTest, Condition, DateTest, ExpectedDecision, MetadataValue, Operands, Question, Statement,
    StatementKind, TextTest,
};
use crate::schedule::{Hours, Schedule};
use crate::source::Source;
use crate::syntax::{self, ast};

const PLAN: &str = r#"timezone Europe/London
agent a = "a-id" version 2
agent b = "b-id"
switch storm
numbers vips = [+14155550100, +44*] except [+4420*]
days holidays = [every 12-25, 2027-02-10]
schedule office except holidays {
  mon-fri, sat 09:00-12:00, 13:00-17:00
  sun closed
}
table accounts (owner, rank) {
  +14155550101: a, 1
  +14155550102: b, 2
}
condition quiet = not (time in [22:00-24:00, 00:00-06:00]) and storm is off
rule "First" when caller in vips or dialed in [+1*, +33*] {
  context "from {caller}"
  metadata { key: { inner: [1, true], shown: caller }, fixed: "text" }
  skip pre_conversation_workflow
  route to a version 3
}
when caller in accounts as row and row.rank in [1, 3..4] { route to row.owner }
when quiet and office is open and caller.country in [US, CA] and trunk in ["x", "y"] and date in [2027-01-01, 2027-01-02] { reject "why" }
when now is 2027-03-03 10:00 { fallback }
split "halves" by caller { 50% { route to a } 50% { route to b } }
example "one" {
  call from +14155550100 to +14155550199 on trunk "x" at 2027-01-05 10:00 with storm on
  expect route to a version 3
  expect metadata { fixed: "text" }
}
always "never b" when storm is on and caller in vips { route to a }
"#;

fn built() -> (ast::Plan, CheckedPlan, BuiltCounts) {
    let mut problems = Problems::new();
    let tree = syntax::parse(&Source::new("plan", PLAN), &mut problems).unwrap();
    let (plan, built) = check_with_counts(&tree, &Options::default(), &mut problems).expect("a plan without errors");
    assert!(!problems.has_errors(), "{problems:?}");
    (tree.plan, plan, built)
}

/// What stands at the place that is said to be missing, once something has been taken out of the
/// checked plan.
fn missing(take_out: impl FnOnce(&mut CheckedPlan, &mut BuiltCounts)) -> String {
    let (tree, mut plan, mut counts) = built();
    take_out(&mut plan, &mut counts);
    let span = complete(&tree, &plan, &counts).expect_err("a piece is missing");
    PLAN[span.range()].lines().next().unwrap_or_default().to_owned()
}

/// The statements without one of them.
fn without(statements: &[Statement], at: usize) -> Box<[Statement]> {
    statements.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, kept)| kept.clone()).collect()
}

fn condition_of(plan: &mut CheckedPlan, at: usize) -> &mut Condition {
    let StatementKind::Guarded { condition: Some(condition), .. } = &mut plan.statements[at].kind else {
        panic!("a statement with a condition");
    };
    condition
}

fn block_of(plan: &mut CheckedPlan, at: usize) -> &mut Box<[Statement]> {
    let StatementKind::Guarded { block, .. } = &mut plan.statements[at].kind else { panic!("a block") };
    block
}

/// The operand of a chain.
fn operand(condition: &mut Condition, at: usize) -> &mut Condition {
    let (Condition::All(operands) | Condition::Any(operands)) = condition else { panic!("a chain") };
    &mut operands.conditions[at]
}

fn question(condition: &mut Condition) -> &mut Question {
    let Condition::Test(test) = condition else { panic!("a test") };
    &mut test.question
}

#[test]
fn a_plan_of_which_every_piece_was_built_is_complete() {
    let (tree, plan, counts) = built();
    assert_eq!(complete(&tree, &plan, &counts), Ok(()));
}

#[test]
fn a_definition_that_is_missing_is_found() {
    assert_eq!(missing(|plan, _| drop(plan.definitions.agents.pop())), "agent b = \"b-id\"");
    assert_eq!(missing(|plan, _| plan.definitions.agents[0].version = None), "agent a = \"a-id\" version 2");
    assert_eq!(missing(|plan, _| plan.definitions.switches.clear()), "switch storm");
    assert_eq!(
        missing(|plan, _| plan.definitions.numbers.clear()),
        "numbers vips = [+14155550100, +44*] except [+4420*]"
    );
    assert!(missing(|plan, _| plan.definitions.conditions.clear()).starts_with("condition quiet"));
    assert!(missing(|plan, _| plan.definitions.schedules.clear()).starts_with("schedule office"));
    assert!(missing(|plan, _| plan.definitions.tables.clear()).starts_with("table accounts"));
    assert!(missing(|_, counts| counts.day_lists.clear()).starts_with("days holidays"));
    assert_eq!(missing(|plan, _| plan.definitions.zone = crate::schedule::Zone::UTC), "timezone Europe/London");
}

#[test]
fn an_entry_a_row_or_a_line_that_is_missing_is_found() {
    let one_fewer = |counts: &mut BuiltCounts, at: &str| {
        let start = PLAN.find(at).unwrap() as u32;
        let list = counts.number_lists.iter_mut().find(|(span, _)| span.start == start);
        *list.expect("a list at this place").1 -= 1;
    };
    assert_eq!(missing(|_, counts| one_fewer(counts, "[+14155550100")), "[+14155550100, +44*]");
    assert_eq!(missing(|_, counts| one_fewer(counts, "[+4420*]")), "[+4420*]");
    assert_eq!(missing(|_, counts| one_fewer(counts, "[+1*, +33*]")), "[+1*, +33*]");
    assert_eq!(missing(|plan, _| drop(plan.definitions.tables[0].patterns.pop())), "+14155550102: b, 2");
    assert!(missing(|plan, _| drop(plan.definitions.tables[0].cells.pop())).starts_with("table accounts"));
    let with_lines = |plan: &mut CheckedPlan, change: fn(&mut Vec<crate::schedule::Line>)| {
        let office = &plan.definitions.schedules[0].1;
        let mut lines = office.lines().to_vec();
        change(&mut lines);
        let changed = Schedule::new(office.zone().clone(), office.except().to_vec(), lines, None);
        plan.definitions.schedules[0].1 = changed.expect("lines that agree");
    };
    assert_eq!(missing(|plan, _| with_lines(plan, |lines| drop(lines.pop()))), "sun closed");
    assert!(missing(|plan, _| with_lines(plan, |lines| lines[0].days.truncate(1))).starts_with("mon-fri"));
    let no_hours = |lines: &mut Vec<crate::schedule::Line>| lines[0].hours = Hours::Windows(Vec::new());
    assert!(missing(|plan, _| with_lines(plan, no_hours)).starts_with("mon-fri"));
}

#[test]
fn a_statement_that_is_missing_is_found() {
    for (at, written) in [(0, "rule"), (1, "when caller in accounts"), (3, "when now"), (4, "split")] {
        assert!(missing(|plan, _| plan.statements = without(&plan.statements, at)).starts_with(written), "{written}");
    }
    for (at, written) in [(0, "context"), (1, "metadata"), (2, "skip"), (3, "route to a")] {
        let found = missing(|plan, _| *block_of(plan, 0) = without(block_of(plan, 0), at));
        assert!(found.starts_with(written), "{written}: {found}");
    }
    let arm = missing(|plan, _| {
        let StatementKind::Split(split) = &mut plan.statements[4].kind else { panic!("a split") };
        split.arms = split.arms[..1].into();
    });
    assert_eq!(arm, "50% { route to b }");
}

#[test]
fn a_hole_or_a_member_that_is_missing_is_found() {
    let hole = missing(|plan, _| {
        let StatementKind::Context(template) = &mut block_of(plan, 0)[0].kind else { panic!("a text") };
        template.pieces = Box::default();
    });
    assert_eq!(hole, "\"from {caller}\"");
    let member = missing(|plan, _| {
        let StatementKind::Metadata(members) = &mut block_of(plan, 0)[1].kind else { panic!("metadata") };
        let MetadataValue::Object(inner) = &mut members[0].1 else { panic!("an object") };
        inner.pop();
    });
    assert_eq!(member, "shown");
    let entry = missing(|plan, _| {
        let StatementKind::Metadata(members) = &mut block_of(plan, 0)[1].kind else { panic!("metadata") };
        let MetadataValue::Object(inner) = &mut members[0].1 else { panic!("an object") };
        inner[0].1 = MetadataValue::Constant(serde_json::json!([1]));
    });
    assert_eq!(entry, "[1, true]");
}

#[test]
fn a_test_that_is_missing_is_found() {
    let all = || Condition::All(Operands::default());
    assert_eq!(missing(|plan, _| *operand(condition_of(plan, 0), 1) = all()), "dialed in [+1*, +33*]");
    assert_eq!(missing(|plan, _| *condition_of(plan, 3) = all()), "now is 2027-03-03 10:00");
    assert_eq!(missing(|plan, _| plan.definitions.conditions[0].1 = all()), "not (time in [22:00-24:00, 00:00-06:00])");
    let no_condition = missing(|plan, _| {
        let StatementKind::Guarded { condition, .. } = &mut plan.statements[2].kind else { panic!("a when") };
        *condition = None;
    });
    assert!(no_condition.starts_with("when quiet"));
    type TakeOut = fn(&mut Question);
    let entries: [(usize, TakeOut, &str); 3] = [
        (
            2,
            |question| {
                if let Question::Country(_, set) = question {
                    set.clear()
                }
            },
            "[US, CA]",
        ),
        (
            3,
            |question| {
                if let Question::Text(_, TextTest::Listed(set)) = question {
                    set.clear()
                }
            },
            "[\"x\", \"y\"]",
        ),
        (
            4,
            |question| {
                if let Question::Date(DateTest::Ranges(ranges)) = question {
                    ranges.clear()
                }
            },
            "[2027-01-01, 2027-01-02]",
        ),
    ];
    for (at, take_out, written) in entries {
        assert_eq!(missing(|plan, _| take_out(question(operand(condition_of(plan, 2), at)))), written);
    }
    let figure = missing(|plan, _| {
        let Question::Column(_, _, ColumnTest::Figure(ranges)) = question(operand(condition_of(plan, 1), 1)) else {
            panic!("a column of numbers");
        };
        ranges.pop();
    });
    assert_eq!(figure, "[1, 3..4]");
}

#[test]
fn an_example_or_a_proof_that_is_missing_is_found() {
    assert!(missing(|plan, _| plan.examples.clear()).starts_with("example \"one\""));
    assert!(missing(|plan, _| plan.proofs.clear()).starts_with("always"));
    assert!(missing(|plan, _| drop(plan.examples[0].expectations.pop())).starts_with("metadata"));
    assert!(missing(|plan, _| plan.examples[0].call.switches.clear()).starts_with("call from"));
    assert_eq!(
        missing(|plan, _| *operand(&mut plan.proofs[0].condition, 1) = Condition::All(Operands::default())),
        "caller in vips"
    );
    assert_eq!(missing(|plan, _| plan.proofs[0].decision = ExpectedDecision::Fallback), "route to a");
}
