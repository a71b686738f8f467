//! Which switches can matter to calls to one number, whoever calls and whenever.

// Tests that the number does not settle may turn out either way, so a switch that is named may
// matter to no call after all, but none that matters is left out.

use super::open_tests::{self, KnownFacts};
use crate::call::Call;
use crate::eval::Facts;
use crate::fields::Party;
use crate::plan::{Arm, Cell, CheckedPlan, ColumnTest, Definitions, Question, Split, Statement, Test};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The names of the switches that calls to this number can reach, in the plan's order.
pub fn reachable(plan: &CheckedPlan, called_number: &str) -> Vec<String> {
    let definitions = &plan.definitions;
    let call = Call::new(called_number, Timestamp::UNIX_EPOCH);
    let on_trunks = definitions.reader.trunks().map(|trunk| call.clone().with_trunk(trunk));
    // What the dialed number is depends on the trunk, and that is not known.
    let calls: Vec<Call> = std::iter::once(call.clone()).chain(on_trunks).collect();
    let reached = calls.iter().flat_map(|call| {
        let found = DialedNumber { definitions, found: BTreeSet::new() };
        open_tests::walk(definitions, Facts::of(call, definitions), &plan.statements, found).found
    });
    let found: BTreeSet<usize> = reached.collect();
    found.into_iter().map(|switch| definitions.switches[switch].to_string()).collect()
}

/// All that is known of a call: which number was dialed.
struct DialedNumber<'p> {
    definitions: &'p Definitions,
    /// The switches that open tests ask for.
    found: BTreeSet<usize>,
}

impl<'p> KnownFacts<'p> for DialedNumber<'p> {
    fn are_enough(&self, facts: &Facts<'p>, question: &Question) -> bool {
        let is_dialed = |slot: usize| self.definitions.row_tests[slot].party == Party::Dialed;
        match question {
            Question::Number(party, _) | Question::Country(party, _) => *party == Party::Dialed,
            Question::Row(slot) => is_dialed(*slot),
            Question::Column(slot, column, ColumnTest::Open) => {
                is_dialed(*slot) && !matches!(facts.cell(*slot, *column), Some(Cell::Schedule(_)))
            }
            Question::Column(
                slot,
                _,
                ColumnTest::Text(_) | ColumnTest::Figure(_) | ColumnTest::Beyond { .. } | ColumnTest::Boolean,
            ) => is_dialed(*slot),
            // Only the caller and the dialed number are there in each call.
            Question::Absent(_)
            | Question::Attestation(_)
            | Question::Text(..)
            | Question::Time(_)
            | Question::Weekday(_)
            | Question::Day(_)
            | Question::Month(_)
            | Question::Date(_)
            | Question::From(_)
            | Question::Open(_)
            | Question::OnCall(..)
            | Question::Switch(_) => false,
        }
    }

    fn may_enter(&self, _: &Facts<'p>, _: &Split, arm: &Arm) -> bool {
        !arm.buckets.is_empty()
    }

    fn is_of_interest(&self, _: &[Statement]) -> bool {
        true
    }

    fn take(&mut self, _: &Facts<'p>, test: &'p Test) {
        if let Question::Switch(switch) = test.question {
            self.found.insert(switch);
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
