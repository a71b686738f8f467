//! The last step of a check: every piece of the tree is in the checked plan.
//!
//! A piece that is wrong has an error, and a plan with an error never comes here. So a piece that is missing here was
//! lost by a mistake of callplan, and the plan is refused with its place.

use crate::plan::{
    CheckedPlan, ColumnTest, Condition, DateTest, Definitions, Example, ExpectationKind, ExpectedDecision,
    MetadataValue, Piece, Proof, Question, Statement, StatementKind, Table, Target, Template, Test,
};
use crate::schedule::{Hours, Schedule};
use crate::source::Span;
use crate::syntax::ast;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The place of the first piece that is missing is the error.
type Complete = Result<(), Span>;

/// What was counted while pieces were built, of which the checked plan keeps only what they make together.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// For each list of numbers, by its place, how many entries were read.
    pub number_lists: HashMap<Span, usize>,
    /// For each set of days, by the place of its name, how many entries were read.
    pub day_lists: HashMap<Span, usize>,
}

/// Looks for each piece of a tree in the plan that was made from it.
pub(super) fn complete(tree: &ast::Plan, plan: &CheckedPlan, built: &Built) -> Complete {
    Walk { definitions: &plan.definitions, built }.plan(tree, plan)
}

struct Walk<'p> {
    definitions: &'p Definitions,
    built: &'p Built,
}

/// That there is a piece at this place.
fn there(is_there: bool, span: Span) -> Complete {
    if is_there { Ok(()) } else { Err(span) }
}

impl Walk<'_> {
    fn plan(&self, tree: &ast::Plan, plan: &CheckedPlan) -> Complete {
        let mut statements = plan.statements.iter();
        let mut examples = plan.examples.iter();
        let mut proofs = plan.proofs.iter();
        let mut agents = self.definitions.agents.iter();
        let mut switches = self.definitions.switches.iter();
        let mut numbers = self.definitions.numbers.iter();
        let mut schedules = self.definitions.schedules.iter();
        let mut tables = self.definitions.tables.iter();
        // They stand in the order in which they name each other.
        let conditions: HashMap<&str, &Condition> =
            self.definitions.conditions.iter().map(|(name, condition)| (name.as_str(), condition)).collect();
        for item in &tree.items {
            match item {
                ast::Item::Timezone(zone) => {
                    there(self.definitions.zone.name().eq_ignore_ascii_case(&zone.token.text), zone.span)?;
                }
                ast::Item::Agent(agent) => {
                    let found = agents.next().filter(|found| found.name == agent.name.text);
                    let has_version = found.is_some_and(|found| found.version.is_some() == agent.version.is_some());
                    there(has_version, agent.span)?;
                }
                ast::Item::Switch(switch) => there(switches.next() == Some(&switch.name.text), switch.span)?,
                ast::Item::Numbers(definition) => {
                    there(numbers.next().is_some_and(|(name, _)| *name == definition.name.text), definition.span)?;
                    self.number_list(&definition.entries)?;
                    definition.except.iter().try_for_each(|list| self.number_list(list))?;
                }
                ast::Item::Condition(definition) => {
                    let found = conditions.get(definition.name.text.as_str()).ok_or(definition.span)?;
                    self.condition(&definition.condition, found)?;
                }
                ast::Item::Days(days) => {
                    there(self.built.day_lists.get(&days.name.span) == Some(&days.entries.len()), days.span)?;
                }
                ast::Item::Schedule(definition) => {
                    let found = schedules.next().filter(|(name, _)| *name == definition.name.text);
                    schedule(definition, &found.ok_or(definition.span)?.1)?;
                }
                ast::Item::Table(definition) => {
                    let found = tables.next().filter(|found| found.name == definition.name.text);
                    table(definition, found.ok_or(definition.span)?)?;
                }
                ast::Item::Example(written) => example(written, examples.next().ok_or(written.span)?)?,
                ast::Item::Proof(written) => self.proof(written, proofs.next().ok_or(written.span)?)?,
                ast::Item::Statement(written) => self.statement(written, statements.next())?,
            }
        }
        Ok(())
    }

    fn block(&self, written: &ast::Block, built: &[Statement]) -> Complete {
        let mut found = built.iter();
        written.statements.iter().try_for_each(|statement| self.statement(statement, found.next()))
    }

    fn statement(&self, written: &ast::Statement, built: Option<&Statement>) -> Complete {
        let span = written.span;
        let built = built.filter(|built| built.span == span).ok_or(span)?;
        match &written.kind {
            ast::StatementKind::Rule { condition, block, .. } => self.guarded(span, condition.as_ref(), block, built),
            ast::StatementKind::When { condition, block } => self.guarded(span, Some(condition), block, built),
            ast::StatementKind::Split(split) => {
                let StatementKind::Split(found) = &built.kind else { return Err(span) };
                let mut arms = found.arms.iter();
                split.arms.iter().try_for_each(|arm| {
                    let found = arms.next().filter(|found| found.span == arm.span);
                    self.block(&arm.block, &found.ok_or(arm.span)?.block)
                })
            }
            ast::StatementKind::Context(text) => {
                let StatementKind::Context(found) = &built.kind else { return Err(span) };
                template(text, found)
            }
            ast::StatementKind::Metadata(object) => {
                let StatementKind::Metadata(found) = &built.kind else { return Err(span) };
                members(object, found)
            }
            ast::StatementKind::Route(route) => {
                let StatementKind::Route { target, version } = &built.kind else { return Err(span) };
                let is_id = matches!(target, Target::Id(_)) == matches!(route.target, ast::Target::Id(_));
                there(is_id && version.is_some() == route.version.is_some(), span)
            }
            ast::StatementKind::Reject(reason) => {
                let StatementKind::Reject(found) = &built.kind else { return Err(span) };
                there(found.is_some() == reason.is_some(), span)
            }
            ast::StatementKind::Skip => there(matches!(built.kind, StatementKind::Skip), span),
            ast::StatementKind::Fallback => there(matches!(built.kind, StatementKind::Fallback), span),
            ast::StatementKind::Unreadable(_) => Err(span),
        }
    }

    fn guarded(
        &self,
        span: Span,
        condition: Option<&ast::Condition>,
        block: &ast::Block,
        built: &Statement,
    ) -> Complete {
        let StatementKind::Guarded { condition: found, block: inside, .. } = &built.kind else { return Err(span) };
        match (condition, found) {
            (Some(condition), Some(found)) => self.condition(condition, found)?,
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => return Err(span),
        }
        self.block(block, inside)
    }

    fn condition(&self, written: &ast::Condition, built: &Condition) -> Complete {
        match written {
            ast::Condition::Chain { operands, connectives, span } => {
                let any = connectives.iter().any(|connective| connective.kind == ast::ConnectiveKind::Or);
                let found = match built {
                    Condition::Any(found) if any => found,
                    Condition::All(found) if !any => found,
                    Condition::All(_)
                    | Condition::Any(_)
                    | Condition::Not(_)
                    | Condition::Named(..)
                    | Condition::Test(_) => return Err(*span),
                };
                let mut found = found.iter();
                operands.iter().try_for_each(|operand| self.condition(operand, found.next().ok_or(operand.span())?))
            }
            ast::Condition::Not(operand, span) => {
                let Condition::Not(found) = built else { return Err(*span) };
                self.condition(operand, &found.condition)
            }
            ast::Condition::Group(inner, _) => self.condition(inner, built),
            ast::Condition::Test(test) => self.test(test, built),
            ast::Condition::Unreadable(_, span) => Err(*span),
        }
    }

    fn test(&self, written: &ast::Test, built: &Condition) -> Complete {
        match built {
            Condition::Named(_, span) => there(written.predicate.is_none() && *span == written.span, written.span),
            Condition::Test(test) => {
                there(test.span == written.span, written.span)?;
                self.entries(written, test)
            }
            // `now is` a moment: from it on, and not from the next minute on.
            Condition::All(both) => {
                let both: Vec<&Condition> = both.iter().collect();
                there(both.len() == 2 && both.iter().all(|one| matches!(one, Condition::Test(_))), written.span)
            }
            Condition::Not(inner) => self.test(written, &inner.condition),
            Condition::Any(_) => Err(written.span),
        }
    }

    /// The entries of the list that a test is about.
    fn entries(&self, written: &ast::Test, built: &Test) -> Complete {
        let list = match &written.predicate {
            Some(ast::Predicate::Membership { value: ast::Value::List(list), .. }) => list,
            Some(ast::Predicate::Membership { .. } | ast::Predicate::Equality { .. })
            | Some(ast::Predicate::Comparison { .. })
            | None => return Ok(()),
        };
        let count = list.entries.len();
        let found = match &built.question {
            Question::Number(..) => return self.number_list(list),
            Question::Time(windows) => windows.len() == count,
            Question::Date(DateTest::Ranges(ranges)) => ranges.len() == count,
            Question::Column(_, _, ColumnTest::Figure(ranges)) => ranges.len() == count,
            // Two that are the same have a warning and count once.
            Question::Text(_, texts) | Question::Column(_, _, ColumnTest::Text(texts)) => {
                texts.len() == different_texts(list)
            }
            Question::Country(_, countries) => countries.len() == different_words(list),
            Question::Weekday(mask) => *mask != 0,
            Question::Day(mask) => *mask != 0,
            Question::Month(mask) => *mask != 0,
            // None of these is asked with a list.
            Question::Row(_)
            | Question::Date(DateTest::Set(_))
            | Question::From(_)
            | Question::Open(_)
            | Question::Switch(_)
            | Question::Column(_, _, ColumnTest::Beyond { .. } | ColumnTest::Boolean | ColumnTest::Open) => false,
        };
        there(found, list.span)
    }

    fn number_list(&self, list: &ast::List) -> Complete {
        there(self.built.number_lists.get(&list.span) == Some(&list.entries.len()), list.span)
    }

    fn proof(&self, written: &ast::Proof, built: &Proof) -> Complete {
        let is_always = match written.kind {
            ast::ProofKind::Always => true,
            ast::ProofKind::Never => false,
        };
        there(built.span == written.keyword && built.always == is_always, written.span)?;
        self.condition(&written.condition, &built.condition)?;
        decision(&written.decision, &built.decision)
    }
}

fn different_texts(list: &ast::List) -> usize {
    let texts = list.entries.iter().filter_map(ast::Value::as_text);
    texts.map(|text| &text.value).collect::<HashSet<_>>().len()
}

fn different_words(list: &ast::List) -> usize {
    let words = list.entries.iter().filter_map(ast::Value::as_word);
    words.map(|word| &word.text).collect::<HashSet<_>>().len()
}

fn schedule(written: &ast::Schedule, built: &Schedule) -> Complete {
    let excepted: HashSet<&str> = written.except.iter().map(|name| name.text.as_str()).collect();
    there(built.except().len() >= excepted.len(), written.span)?;
    let mut lines = built.lines().iter();
    written.lines.iter().try_for_each(|line| {
        let found = lines.next().filter(|found| found.days.len() == line.days.len()).ok_or(line.span)?;
        let has_hours = match (&line.hours, &found.hours) {
            (ast::Hours::Closed, Hours::Closed) | (ast::Hours::AllDay, Hours::AllDay) => true,
            (ast::Hours::Windows(windows), Hours::Windows(found)) => windows.len() == found.len(),
            (ast::Hours::Closed | ast::Hours::AllDay | ast::Hours::Windows(_), _) => false,
        };
        there(has_hours, line.span)
    })
}

fn table(written: &ast::Table, built: &Table) -> Complete {
    there(built.columns.len() == written.columns.len(), written.span)?;
    // Rows keep their order.
    if let Some(row) = written.rows.get(built.patterns.len()) {
        return Err(row.span);
    }
    there(built.cells.len() == written.rows.len() * written.columns.len(), written.span)
}

fn template(written: &ast::Text, built: &Template) -> Complete {
    let holes = built.pieces.iter().filter(|piece| matches!(piece, Piece::Hole(_))).count();
    there(holes == written.holes.len(), written.span)
}

fn members(written: &ast::Object, built: &[(String, MetadataValue)]) -> Complete {
    let mut found = built.iter();
    written.members.iter().try_for_each(|(key, value)| {
        let found = found.next().filter(|(name, _)| *name == key.text).ok_or(key.span)?;
        json(key.span, value, &found.1)
    })
}

fn json(key: Span, written: &ast::Json, built: &MetadataValue) -> Complete {
    match (written, built) {
        (_, MetadataValue::Constant(found)) => constant(key, written, found),
        (ast::Json::Object(object), MetadataValue::Object(found)) => members(object, found),
        (ast::Json::Array(entries, span), MetadataValue::Array(found)) => {
            let mut found = found.iter();
            entries.iter().try_for_each(|entry| json(key, entry, found.next().ok_or(*span)?))
        }
        (ast::Json::Text(text), MetadataValue::Text(found)) => template(text, found),
        (ast::Json::Path(_), MetadataValue::Bare(_)) => Ok(()),
        (
            ast::Json::Object(_)
            | ast::Json::Array(..)
            | ast::Json::Text(_)
            | ast::Json::Figure(_)
            | ast::Json::Path(_),
            MetadataValue::Object(_) | MetadataValue::Array(_) | MetadataValue::Text(_) | MetadataValue::Bare(_),
        ) => Err(key),
    }
}

fn constant(key: Span, written: &ast::Json, built: &Value) -> Complete {
    match written {
        ast::Json::Object(object) => {
            let found = built.as_object().ok_or(key)?;
            let all = object
                .members
                .iter()
                .try_for_each(|(key, value)| constant(key.span, value, found.get(&key.text).ok_or(key.span)?));
            all.and(there(found.len() == object.members.len(), object.span))
        }
        ast::Json::Array(entries, span) => {
            let found = built.as_array().filter(|found| found.len() == entries.len()).ok_or(*span)?;
            entries.iter().zip(found).try_for_each(|(entry, found)| constant(key, entry, found))
        }
        ast::Json::Text(text) => there(built.as_str() == Some(text.value.as_str()), text.span),
        ast::Json::Figure(token) => there(built.is_number(), token.span),
        ast::Json::Path(path) => there(built.is_boolean() || built.is_null(), path.span),
    }
}

fn example(written: &ast::Example, built: &Example) -> Complete {
    there(built.span == written.keyword, written.span)?;
    there(built.call.switches.len() == written.call.switches.len(), written.call.span)?;
    there(built.call.trunk_id.is_some() == written.call.trunk.is_some(), written.call.span)?;
    let mut found = built.expectations.iter();
    written.expectations.iter().try_for_each(|statement| {
        let found = found.next().filter(|found| found.span == statement.span).ok_or(statement.span)?;
        match &found.kind {
            ExpectationKind::Decision(expected) => decision(statement, expected),
            ExpectationKind::Context(_) => {
                there(matches!(statement.kind, ast::StatementKind::Context(_)), statement.span)
            }
            ExpectationKind::Metadata(members) => {
                let ast::StatementKind::Metadata(object) = &statement.kind else { return Err(statement.span) };
                there(members.len() == object.members.len(), statement.span)
            }
            ExpectationKind::Skip => there(matches!(statement.kind, ast::StatementKind::Skip), statement.span),
        }
    })
}

fn decision(written: &ast::Statement, built: &ExpectedDecision) -> Complete {
    let is_there = match (&written.kind, built) {
        (ast::StatementKind::Route(route), ExpectedDecision::Route { version, .. }) => {
            version.is_some() == route.version.is_some()
        }
        (ast::StatementKind::Reject(_), ExpectedDecision::Reject)
        | (ast::StatementKind::Fallback, ExpectedDecision::Fallback) => true,
        (_, ExpectedDecision::Route { .. } | ExpectedDecision::Reject | ExpectedDecision::Fallback) => false,
    };
    there(is_there, written.span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problems;
    use crate::check::{Options, check_with_counts};
    use crate::plan::Operands;
    use crate::source::Source;
    use crate::syntax;

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

    fn built() -> (ast::Plan, CheckedPlan, Built) {
        let mut problems = Problems::new();
        let tree = syntax::parse(&Source::new("plan", PLAN), &mut problems).unwrap();
        let (plan, built) =
            check_with_counts(&tree, &Options::default(), &mut problems).expect("a plan without errors");
        assert!(!problems.has_errors(), "{problems:?}");
        (tree.plan, plan, built)
    }

    /// What stands at the place that is said to be missing, once something has been taken out of the checked plan.
    fn missing(take_out: impl FnOnce(&mut CheckedPlan, &mut Built)) -> String {
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
        let one_fewer = |counts: &mut Built, at: &str| {
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
            assert!(
                missing(|plan, _| plan.statements = without(&plan.statements, at)).starts_with(written),
                "{written}"
            );
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
        assert_eq!(
            missing(|plan, _| plan.definitions.conditions[0].1 = all()),
            "not (time in [22:00-24:00, 00:00-06:00])"
        );
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
                    if let Question::Text(_, set) = question {
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
}
