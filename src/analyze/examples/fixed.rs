//! Conditions of which one test has a given answer, whatever the call: so one can ask for which
//! calls that test settles the whole.

use crate::compile::axes::TooManyBoxes;
use crate::compile::guard::{Guard, Guards};
use crate::plan::{Condition, Definitions, Test};
use std::collections::{HashMap, HashSet};

/// The tests of a condition and of the conditions that it names, each once, in order.
pub(super) fn tests_of<'p>(condition: &'p Condition, definitions: &'p Definitions) -> Vec<&'p Test> {
    let (mut tests, mut named) = (Vec::new(), HashSet::new());
    let mut waiting: Vec<&Condition> = vec![condition];
    while let Some(condition) = waiting.pop() {
        match condition {
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                waiting.extend(condition.operands().iter().rev());
            }
            Condition::Named(number, _) if named.insert(*number) => waiting.push(&definitions.conditions[*number].1),
            Condition::Named(..) => {}
            Condition::Test(test) => tests.push(test),
        }
    }
    tests
}

/// A test that holds, or does not, whatever the call.
pub(super) struct ConstantTest<'p> {
    test: &'p Test,
    holds: bool,
    /// Whether the test stands in a named condition.
    stands_in: HashMap<usize, bool>,
    named: HashMap<(usize, bool), Guard>,
}

impl<'p> ConstantTest<'p> {
    pub fn new(test: &'p Test, holds: bool) -> Self {
        Self { test, holds, stands_in: HashMap::new(), named: HashMap::new() }
    }

    /// The calls for which a condition then holds, or does not.
    pub fn guard(
        &mut self,
        condition: &'p Condition,
        holds: bool,
        definitions: &'p Definitions,
        guards: &mut Guards<'p>,
    ) -> Result<Guard, TooManyBoxes> {
        if !self.is_in(condition, definitions) {
            return guards.of_condition(condition, holds);
        }
        match condition {
            // It is this test: no other is looked at.
            Condition::Test(_) => Ok(if self.holds == holds { Guard::always() } else { Guard::never() }),
            Condition::Not(operand) => self.guard(operand, !holds, definitions, guards),
            Condition::All(operands) => self.chain(operands, holds, holds, definitions, guards),
            Condition::Any(operands) => self.chain(operands, holds, !holds, definitions, guards),
            Condition::Named(number, _) => {
                if let Some(known) = self.named.get(&(*number, holds)) {
                    return Ok(known.clone());
                }
                let guard = self.guard(&definitions.conditions[*number].1, holds, definitions, guards)?;
                self.named.insert((*number, holds), guard.clone());
                Ok(guard)
            }
        }
    }

    fn chain(
        &mut self,
        operands: &'p [Condition],
        holds: bool,
        all: bool,
        definitions: &'p Definitions,
        guards: &mut Guards<'p>,
    ) -> Result<Guard, TooManyBoxes> {
        let mut guard = if all { Guard::always() } else { Guard::never() };
        for operand in operands {
            let own = self.guard(operand, holds, definitions, guards)?;
            guard = if all { guards.both(&guard, &own)? } else { guards.either(guard, own)? };
        }
        Ok(guard)
    }

    fn is_in(&mut self, condition: &'p Condition, definitions: &'p Definitions) -> bool {
        match condition {
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                condition.operands().iter().any(|operand| self.is_in(operand, definitions))
            }
            Condition::Test(test) => std::ptr::eq(test, self.test),
            Condition::Named(number, _) => {
                if let Some(known) = self.stands_in.get(number) {
                    return *known;
                }
                let is_in = self.is_in(&definitions.conditions[*number].1, definitions);
                self.stands_in.insert(*number, is_in);
                is_in
            }
        }
    }
}
