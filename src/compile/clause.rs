//! A plan as a list of clauses: what each statement does, and for which calls, with nothing nested.
//!
//! A block's condition holds for all that stands in it, so a nested statement's guard is that of
//! the blocks around it and its own. Statements that stand next to each other under one guard are
//! one clause; `route to` an agent that a row names is one clause for each agent of the table, so
//! that each says who answers; so is `route to` a rotation, for each of its agents.

use super::axes::TooManyBoxes;
use super::guard::{Guard, Guards};
use crate::plan::{CheckedPlan, Condition, Split, Statement, StatementKind, Target};

/// Maximum number of agents of one column that get leaves of their own. With more agents, the row
/// is looked up after the decision.
const MAX_AGENTS: usize = 1_000;

/// What some calls get: effects in order, and at most one decision.
#[derive(Debug)]
pub(crate) struct Clause<'p> {
    /// For which calls.
    pub guard: Guard,
    /// `context`, `metadata` and `skip` statements, in order.
    pub effects: Vec<&'p Statement>,
    /// What ends the plan, if it does.
    pub decision: Option<ClauseDecision<'p>>,
    /// The innermost named rule.
    pub rule: Option<usize>,
}

/// The statement that decides the calls of a clause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClauseDecision<'p> {
    pub statement: &'p Statement,
    /// Who answers, where the statement names a column or a rotation and the clause has the calls of
    /// one agent in it.
    pub agent: Option<usize>,
}

/// A rule or another guarded statement: what reports speak of.
#[derive(Debug)]
pub(crate) struct GuardedStatement<'p> {
    /// The statement.
    pub statement: &'p Statement,
    /// The calls that satisfy its condition, and those of the blocks around it.
    pub guard: Guard,
    /// These conditions, without the splits that may stand around them.
    pub conditions: Vec<&'p Condition>,
    /// The clauses inside of it: from the first up to, not including, the second.
    pub clauses: (usize, usize),
}

/// The clauses of a plan, in the order in which they run.
#[derive(Debug, Default)]
pub(crate) struct Clauses<'p> {
    pub clauses: Vec<Clause<'p>>,
    pub guarded: Vec<GuardedStatement<'p>>,
}

/// Lays a plan out as clauses; an error where its conditions multiply beyond what [`Guards`]
/// allows.
pub(crate) fn clauses<'p>(plan: &'p CheckedPlan, guards: &mut Guards<'p>) -> Result<Clauses<'p>, TooManyBoxes> {
    let mut laid = ClauseBuilder { flat: Clauses::default(), guards, around: Vec::new() };
    laid.block(&plan.statements, &Guard::always(), None)?;
    Ok(laid.flat)
}

struct ClauseBuilder<'p, 'g> {
    flat: Clauses<'p>,
    guards: &'g mut Guards<'p>,
    /// The conditions of the blocks around, outermost first.
    around: Vec<&'p Condition>,
}

impl<'p> ClauseBuilder<'p, '_> {
    fn block(&mut self, block: &'p [Statement], guard: &Guard, rule: Option<usize>) -> Result<(), TooManyBoxes> {
        let mut open = false;
        for statement in block {
            match &statement.kind {
                StatementKind::Guarded { .. } | StatementKind::Split(_) => open = false,
                StatementKind::Context(_)
                | StatementKind::Metadata(_)
                | StatementKind::Skip
                | StatementKind::Route { .. }
                | StatementKind::Reject(_)
                | StatementKind::Fallback => {}
            }
            match &statement.kind {
                StatementKind::Guarded { name, condition, block } => {
                    let inner = match condition {
                        Some(condition) => {
                            let own = self.guards.of_condition(condition, true)?;
                            self.guards.both(guard, &own)?
                        }
                        None => guard.clone(),
                    };
                    let at = self.flat.guarded.len();
                    let first = self.flat.clauses.len();
                    self.around.extend(condition.as_deref());
                    let conditions = self.around.clone();
                    let clauses = (first, first);
                    self.flat.guarded.push(GuardedStatement { statement, guard: inner.clone(), conditions, clauses });
                    self.block(block, &inner, if name.is_some() { Some(at) } else { rule })?;
                    self.around.truncate(self.around.len() - usize::from(condition.is_some()));
                    self.flat.guarded[at].clauses.1 = self.flat.clauses.len();
                }
                StatementKind::Split(split) => self.split(split, guard, rule)?,
                StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => {
                    self.clause(&mut open, guard, rule).effects.push(statement);
                }
                StatementKind::Route { target: Target::Column(slot, column), .. } => {
                    let agents = self.guards.of_agents(*slot, *column)?;
                    return self.route_to_each(statement, agents, open, guard, rule);
                }
                StatementKind::Route { target: Target::Rotation(rotation), .. } => {
                    let agents = self.guards.of_rotation(*rotation)?;
                    return self.route_to_each(statement, agents, open, guard, rule);
                }
                StatementKind::Route { .. } | StatementKind::Reject(_) | StatementKind::Fallback => {
                    self.clause(&mut open, guard, rule).decision = Some(ClauseDecision { statement, agent: None });
                    // The check has seen to it that nothing follows.
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The clause that is open, or a new one.
    fn clause(&mut self, open: &mut bool, guard: &Guard, rule: Option<usize>) -> &mut Clause<'p> {
        let clauses = &mut self.flat.clauses;
        if !std::mem::replace(open, true) {
            clauses.push(Clause { guard: guard.clone(), effects: Vec::new(), decision: None, rule });
        }
        let last = clauses.len() - 1;
        &mut clauses[last]
    }

    /// A clause for each agent of a column or a rotation.
    fn route_to_each(
        &mut self,
        statement: &'p Statement,
        agents: Vec<(usize, Guard)>,
        mut open: bool,
        guard: &Guard,
        rule: Option<usize>,
    ) -> Result<(), TooManyBoxes> {
        if agents.len() > MAX_AGENTS {
            self.clause(&mut open, guard, rule).decision = Some(ClauseDecision { statement, agent: None });
            return Ok(());
        }
        for (agent, own) in agents {
            let guard = self.guards.both(guard, &own)?;
            let decision = Some(ClauseDecision { statement, agent: Some(agent) });
            self.flat.clauses.push(Clause { guard, effects: Vec::new(), decision, rule });
        }
        Ok(())
    }

    fn split(&mut self, split: &'p Split, guard: &Guard, rule: Option<usize>) -> Result<(), TooManyBoxes> {
        for arm in split.arms.iter().filter(|arm| !arm.buckets.is_empty()) {
            let own = self.guards.of_buckets(split, arm.buckets.clone());
            let inner = self.guards.both(guard, &own)?;
            self.block(&arm.block, &inner, rule)?;
        }
        Ok(())
    }
}
