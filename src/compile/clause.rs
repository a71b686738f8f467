//! A plan as a list of clauses: what each statement does, and for which calls, with nothing nested.
//!
//! A block's condition holds for all that stands in it, so a nested statement's guard is that of the blocks around it
//! and its own. Statements that stand next to each other under one guard are one clause.

use super::guard::{Guard, Guards, TooMany};
use crate::plan::{CheckedPlan, Split, Statement, StatementKind};

/// What some calls get: effects in order, and at most one decision.
#[derive(Debug)]
pub(crate) struct Clause<'p> {
    /// For which calls.
    pub guard: Guard,
    /// `context`, `metadata` and `skip` statements, in order.
    pub effects: Vec<&'p Statement>,
    /// What ends the plan, if it does.
    pub decision: Option<&'p Statement>,
    /// The innermost named rule.
    pub rule: Option<usize>,
}

/// A rule or another guarded statement: what reports speak of.
#[derive(Debug)]
pub(crate) struct Guarded<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The calls that satisfy its condition, and those of the blocks around it.
    pub guard: Guard,
    /// The clauses inside of it: from the first up to, not including, the second.
    pub clauses: (usize, usize),
}

/// The clauses of a plan, in the order in which they run.
#[derive(Debug, Default)]
pub(crate) struct Clauses<'p> {
    pub clauses: Vec<Clause<'p>>,
    pub guarded: Vec<Guarded<'p>>,
}

/// Lays a plan out as clauses; an error where its conditions multiply beyond what [`Guards`] allows.
pub(crate) fn clauses<'p>(plan: &'p CheckedPlan, guards: &mut Guards<'p>) -> Result<Clauses<'p>, TooMany> {
    let mut flat = Clauses::default();
    flat.block(&plan.statements, &Guard::always(), None, guards)?;
    Ok(flat)
}

impl<'p> Clauses<'p> {
    fn block(
        &mut self,
        block: &'p [Statement],
        guard: &Guard,
        rule: Option<usize>,
        guards: &mut Guards<'p>,
    ) -> Result<(), TooMany> {
        let mut open = false;
        for statement in block {
            match &statement.kind {
                StatementKind::Guarded { name, condition, block } => {
                    open = false;
                    let inner = match condition {
                        Some(condition) => {
                            let own = guards.of_condition(condition, true)?;
                            guards.both(guard, &own)?
                        }
                        None => guard.clone(),
                    };
                    let at = self.guarded.len();
                    let first = self.clauses.len();
                    self.guarded.push(Guarded { statement, guard: inner.clone(), clauses: (first, first) });
                    let rule = if name.is_some() { Some(at) } else { rule };
                    self.block(block, &inner, rule, guards)?;
                    self.guarded[at].clauses.1 = self.clauses.len();
                }
                StatementKind::Split(split) => {
                    open = false;
                    self.split(split, guard, rule, guards)?;
                }
                StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => {
                    self.clause(&mut open, guard, rule).effects.push(statement);
                }
                StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => {
                    self.clause(&mut open, guard, rule).decision = Some(statement);
                    // The check has seen to it that nothing follows.
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The clause that is open, or a new one.
    fn clause(&mut self, open: &mut bool, guard: &Guard, rule: Option<usize>) -> &mut Clause<'p> {
        if !std::mem::replace(open, true) {
            self.clauses.push(Clause { guard: guard.clone(), effects: Vec::new(), decision: None, rule });
        }
        let last = self.clauses.len() - 1;
        &mut self.clauses[last]
    }

    fn split(
        &mut self,
        split: &'p Split,
        guard: &Guard,
        rule: Option<usize>,
        guards: &mut Guards<'p>,
    ) -> Result<(), TooMany> {
        for arm in split.arms.iter().filter(|arm| !arm.buckets.is_empty()) {
            let own = guards.of_buckets(split, arm.buckets.clone());
            let inner = guards.both(guard, &own)?;
            self.block(&arm.block, &inner, rule, guards)?;
        }
        Ok(())
    }
}
