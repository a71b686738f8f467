//! Which switches can matter to calls to one number, whoever calls and whenever.

// Only the dialed number is known. A condition that it settles alone is settled for all those
// calls; what is behind one that never holds is not reached, and so is what stands after a
// statement that is sure to decide. All other tests may turn out either way, so a switch that is
// named may matter to no call after all, but none that matters is left out.

use crate::call::Call;
use crate::eval::{Facts, answer};
use crate::fields::Party;
use crate::plan::{Cell, CheckedPlan, ColumnTest, Condition, Definitions, Question, Statement, StatementKind};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The names of the switches that calls to this number can reach, in the plan's order.
pub fn reachable(plan: &CheckedPlan, called_number: &str) -> Vec<String> {
    let definitions = &plan.definitions;
    let call = Call::new(called_number, Timestamp::UNIX_EPOCH);
    let mut walk = SwitchWalk {
        definitions,
        facts: Facts::of(&call, definitions),
        settled: vec![None; definitions.conditions.len()],
        gathered: vec![false; definitions.conditions.len()],
        found: BTreeSet::new(),
    };
    walk.block(&plan.statements);
    walk.found.into_iter().map(|switch| definitions.switches[switch].to_string()).collect()
}

/// Goes through a plan as all calls to a number do.
struct SwitchWalk<'p> {
    definitions: &'p Definitions,
    facts: Facts<'p>,
    /// Of each named condition, once it has been asked: the answer, or `None` within where the
    /// number alone does not give it.
    settled: Vec<Option<Option<bool>>>,
    /// The named conditions whose switches have been gathered.
    gathered: Vec<bool>,
    found: BTreeSet<usize>,
}

impl<'p> SwitchWalk<'p> {
    /// Goes through a block up to where it is sure to have decided; whether it is.
    fn block(&mut self, block: &'p [Statement]) -> bool {
        block.iter().any(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &'p Statement) -> bool {
        match &statement.kind {
            StatementKind::Guarded { condition, block, .. } => self.guarded(condition.as_deref(), block),
            StatementKind::Split(split) => {
                let mut is_sure = true;
                for arm in split.arms.iter().filter(|arm| !arm.buckets.is_empty()) {
                    is_sure &= self.block(&arm.block);
                }
                is_sure
            }
            StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => false,
            StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => true,
        }
    }

    fn guarded(&mut self, condition: Option<&'p Condition>, block: &'p [Statement]) -> bool {
        match condition.map_or(Some(true), |condition| self.settle(condition)) {
            Some(false) => false,
            Some(true) => self.block(block),
            None => {
                condition.into_iter().for_each(|condition| self.gather(condition));
                self.block(block);
                false
            }
        }
    }

    /// The answer, if the number alone gives it.
    fn settle(&mut self, condition: &'p Condition) -> Option<bool> {
        match condition {
            Condition::All(operands) => self.first_that_is(false, operands),
            Condition::Any(operands) => self.first_that_is(true, operands),
            Condition::Not(operand) => self.settle(operand).map(|answer| !answer),
            Condition::Named(number, _) => match self.settled[*number] {
                Some(settled) => settled,
                None => {
                    let settled = self.settle(&self.definitions.conditions[*number].1);
                    self.settled[*number] = Some(settled);
                    settled
                }
            },
            Condition::Test(test) => {
                let is_known = self.is_about_the_number(&test.question);
                // No schedule is asked for: that is a question about the time.
                is_known.then(|| answer(&test.question, &self.facts, |_| false) == test.expected)
            }
        }
    }

    /// One operand that is `wanted` settles the whole, whatever the others are.
    fn first_that_is(&mut self, wanted: bool, operands: &'p [Condition]) -> Option<bool> {
        let mut whole = Some(!wanted);
        for operand in operands {
            match self.settle(operand) {
                Some(answer) if answer == wanted => return Some(wanted),
                Some(_) => {}
                None => whole = None,
            }
        }
        whole
    }

    /// Takes up the switches of a condition that is not settled.
    fn gather(&mut self, condition: &'p Condition) {
        match condition {
            Condition::All(operands) | Condition::Any(operands) => {
                for operand in operands.iter() {
                    if self.settle(operand).is_none() {
                        self.gather(operand);
                    }
                }
            }
            Condition::Not(operand) => self.gather(operand),
            Condition::Named(number, _) => {
                if !std::mem::replace(&mut self.gathered[*number], true) {
                    self.gather(&self.definitions.conditions[*number].1);
                }
            }
            Condition::Test(test) => {
                if let Question::Switch(switch) = test.question {
                    self.found.insert(switch);
                }
            }
        }
    }

    /// Whether the dialed number alone answers a question.
    fn is_about_the_number(&self, question: &Question) -> bool {
        let is_dialed = |slot: usize| self.definitions.row_tests[slot].party == Party::Dialed;
        match question {
            Question::Number(party, _) | Question::Country(party, _) => *party == Party::Dialed,
            Question::Row(slot) => is_dialed(*slot),
            Question::Column(slot, column, ColumnTest::Open) => {
                is_dialed(*slot) && !matches!(self.facts.cell(*slot, *column), Some(Cell::Schedule(_)))
            }
            Question::Column(
                slot,
                _,
                ColumnTest::Text(_) | ColumnTest::Figure(_) | ColumnTest::Beyond { .. } | ColumnTest::Boolean,
            ) => is_dialed(*slot),
            Question::Text(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_)
            | Question::Open(_)
            | Question::Switch(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, check};

    const FRAME: &str = "timezone America/New_York\nagent a = \"a\"\nswitch storm\nswitch flood\nswitch fire\n\
        schedule office { mon-fri 09:00-17:00 }\n\
        table sites (desk, hours, vip) {\n+15035550100: a, office, true\n+12085550100: a, office, false\n}\n\
        condition ours = dialed is +15035550100\ncondition wet = storm is on or flood is on\n";

    /// The switches that calls to +15035550100 can reach in a plan with these statements.
    fn found(statements: &str) -> String {
        let source = Source::new("plan", format!("{FRAME}{}", statements.replace(';', "\n")));
        let report = check(&source, &check::Options::default());
        let plan = report.plan.unwrap_or_else(|| panic!("{:#?}", report.problems));
        reachable(&plan, "+1 (503) 555-0100").join(" ")
    }

    #[test]
    fn what_another_number_alone_reaches_is_left_out() {
        for nothing in [
            "when dialed is +12085550100 { when storm is on { reject } }",
            "when dialed is +12085550100 and storm is on { reject }",
            "when storm is on and not ours { reject }",
            "when ours { reject }; when wet { reject }",
            "when ours or storm is on { reject }",
            "when dialed in sites as site and site.vip is false and storm is on { reject }",
            "split \"s\" by call { 40% { reject } 60% { route to a } }; when storm is on { reject }",
            "when dialed.country is GB { when storm is on { reject } }",
        ] {
            assert_eq!(found(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn what_may_be_reached_is_found_in_the_order_of_the_plan() {
        for (statements, expected) in [
            ("when fire is on { reject }; when storm is off { reject }", "storm fire"),
            ("when ours and wet { reject }", "storm flood"),
            ("when caller is +14155550100 { reject }; when fire is on { reject }", "fire"),
            ("when office is open { when fire is on { context \"\" } }", "fire"),
            ("when dialed in sites as site and site.hours is open { when storm is on { reject } }", "storm"),
            ("when dialed in sites as site and site.vip is true and storm is on { reject }", "storm"),
            ("when caller in sites as site and site.vip is false and storm is on { reject }", "storm"),
            (
                "split \"s\" by caller { 40% { when flood is on { reject } } 60% { when fire is on { reject } } }",
                "flood fire",
            ),
            ("split \"s\" by call { 40% { reject } 60% { context \"\" } }; when storm is on { reject }", "storm"),
            ("when not (ours and storm is on) { reject }", "storm"),
        ] {
            assert_eq!(found(statements), expected, "{statements}");
        }
    }
}
