//! The reference evaluator: what a plan means, statement by statement. It is the definition that
//! everything faster is held against, so it is written to be read; the trace is made along the way.

mod facts;
mod fill;
mod split;
mod test;
mod told;

pub(crate) use facts::{longest_shown, month_word};
pub use facts::{shown_time, weekday_word};
pub(crate) use split::bucket_of;
pub use split::{BUCKETS, bucket};
pub(crate) use test::{answer, is_so_at};
pub(crate) use told::{
    ALL_DAY, LONGEST_CHANGE, LONGEST_INSTANT, LONGEST_STRETCH, ToldAhead, add_change, add_hours, names_of_days,
};

use crate::call::{Call, Decision, Outcome, Output, Step, Trace};
use crate::plan::{
    Arm, CheckedPlan, Condition, Definitions, MetadataValue, Split, Statement, StatementKind, Target, Template, Test,
};
use crate::source::Span;
use crate::syntax::on_one_line;
pub(crate) use facts::Facts;
pub(crate) use fill::{metadata, text_into};
use serde_json::Map;
use std::cell::RefCell;
use std::sync::Arc;

/// Decides a call. Every plan decides every call, in as many steps as it has statements and tests.
pub fn decide(plan: &CheckedPlan, call: &Call) -> Decision {
    Evaluation::new(plan, call, None).decide()
}

/// Leaves statements of a block out that do nothing for a call.
pub(crate) trait Narrowing<'p> {
    /// The other statements, in the block's order.
    fn narrowed<'n>(&'n self, block: &'p [Statement], facts: &Facts) -> Box<dyn Iterator<Item = &'p Statement> + 'n>
    where
        'p: 'n;
}

/// Decides a call by some of the statements of each block.
pub(crate) fn decide_among<'p>(plan: &'p CheckedPlan, call: &'p Call, narrowing: &dyn Narrowing<'p>) -> Decision {
    Evaluation { narrowing: Some(narrowing), ..Evaluation::new(plan, call, None) }.decide()
}

/// Decides a call and tells how: every statement that was reached, and the test that settled each
/// condition.
pub fn explain(plan: &CheckedPlan, call: &Call) -> (Decision, Trace) {
    let mut trace = Trace { steps: Vec::new(), notes: facts::notes(call, &plan.definitions.reader) };
    let decision = Evaluation::new(plan, call, Some(&mut trace)).decide();
    (decision, trace)
}

/// Decides a call as if it lay elsewhere in the splits `by call`: `choose` says in which bucket of
/// each that is met. So one can go through every arm, where [`decide`] takes the one of the call's
/// instant.
pub(crate) fn decide_in<'p>(
    plan: &'p CheckedPlan,
    call: &'p Call,
    choose: &mut dyn FnMut(&'p Split) -> u32,
) -> Decision {
    Evaluation { choose: Some(choose), ..Evaluation::new(plan, call, None) }.decide()
}

/// Decides a call and gives the places of the statements that ran: those whose condition held, and
/// those without one. [`explain`] in short, for whoever asks about very many calls.
pub(crate) fn follow(plan: &CheckedPlan, call: &Call) -> (Decision, Vec<Span>) {
    let mut ran = Vec::new();
    let decision = Evaluation { ran: Some(&mut ran), ..Evaluation::new(plan, call, None) }.decide();
    (decision, ran)
}

/// Whether a condition holds for a call.
pub(crate) fn holds(definitions: &Definitions, condition: &Condition, call: &Call) -> bool {
    ConditionEvaluator::new(definitions, call).ask(condition).held
}

/// A run of a plan for one call.
struct Evaluation<'p, 't> {
    plan: &'p CheckedPlan,
    asker: ConditionEvaluator<'p>,
    output: Output,
    /// The named rules whose blocks we are in, outermost first.
    rules: Vec<&'p Arc<str>>,
    depth: usize,
    /// Leaves statements out, where very many calls are asked about.
    narrowing: Option<&'t dyn Narrowing<'p>>,
    /// The bucket of a split `by call`, where it is not the call's own.
    choose: Option<&'t mut dyn FnMut(&'p Split) -> u32>,
    trace: Option<&'t mut Trace>,
    /// The places of the statements that ran, where only these are wanted.
    ran: Option<&'t mut Vec<Span>>,
}

/// The decision that ended the plan.
struct PlanEnd<'p> {
    outcome: Outcome,
    statement: &'p Statement,
    reason: Option<&'p str>,
}

impl<'p, 't> Evaluation<'p, 't> {
    fn new(plan: &'p CheckedPlan, call: &'p Call, trace: Option<&'t mut Trace>) -> Self {
        let asker = ConditionEvaluator::new(&plan.definitions, call);
        let output = Output::default();
        Self { plan, asker, output, rules: Vec::new(), depth: 0, narrowing: None, choose: None, trace, ran: None }
    }

    fn decide(mut self) -> Decision {
        let ended = self.block(&self.plan.statements);
        Decision {
            outcome: ended.as_ref().map_or(Outcome::Fallback, |ended| ended.outcome),
            rule: ended.as_ref().and(self.rules.last()).map(|rule| rule.to_string()),
            line: ended.as_ref().map(|ended| self.plan.source.line(ended.statement.span.start)),
            reason: ended.as_ref().and_then(|ended| ended.reason).map(str::to_owned),
            output: self.output,
        }
    }

    /// Runs statements in order, up to the first decision.
    fn block(&mut self, statements: &'p [Statement]) -> Option<PlanEnd<'p>> {
        match self.narrowing {
            None => statements.iter().find_map(|statement| self.statement(statement)),
            Some(narrowing) => {
                narrowing.narrowed(statements, &self.asker.facts).find_map(|statement| self.statement(statement))
            }
        }
    }

    fn statement(&mut self, statement: &'p Statement) -> Option<PlanEnd<'p>> {
        let ended = |outcome, reason| Some(PlanEnd { outcome, statement, reason });
        match &statement.kind {
            StatementKind::Guarded { name, condition, block } => {
                self.guarded(statement, name.as_ref(), condition.as_deref(), block)
            }
            StatementKind::Split(split) => self.split(statement, split),
            StatementKind::Context(template) => {
                self.record(statement, None, None);
                self.context(template);
                None
            }
            StatementKind::Metadata(members) => {
                self.record(statement, None, None);
                self.metadata(members);
                None
            }
            StatementKind::Skip => {
                self.record(statement, None, None);
                self.output.skip_pre_conversation_workflow = true;
                None
            }
            StatementKind::Route { target, version } => {
                self.record(statement, None, None);
                self.route(target, *version);
                ended(Outcome::Route, None)
            }
            StatementKind::Reject(reason) => {
                self.record(statement, None, None);
                self.output.reject = true;
                ended(Outcome::Reject, reason.as_deref())
            }
            StatementKind::Fallback => {
                self.record(statement, None, None);
                ended(Outcome::Fallback, None)
            }
        }
    }

    fn guarded(
        &mut self,
        statement: &'p Statement,
        name: Option<&'p Arc<str>>,
        condition: Option<&'p Condition>,
        block: &'p [Statement],
    ) -> Option<PlanEnd<'p>> {
        let answer = condition.map(|condition| self.asker.ask(condition));
        self.rules.extend(name);
        let because = answer.and_then(|answer| answer.settled_by);
        self.record(statement, answer.map(|answer| answer.held), because);
        let ended = match answer {
            Some(ConditionAnswer { held: false, .. }) => None,
            Some(ConditionAnswer { held: true, .. }) | None => self.inside(block),
        };
        if ended.is_none() {
            self.rules.truncate(self.rules.len() - usize::from(name.is_some()));
        }
        ended
    }

    fn split(&mut self, statement: &'p Statement, split: &'p Split) -> Option<PlanEnd<'p>> {
        let bucket = match &mut self.choose {
            Some(choose) if !split.by_caller => choose(split),
            Some(_) | None => bucket_of(&split.name, &self.asker.facts, split.by_caller),
        };
        self.record(statement, None, None);
        let arm: &Arm = split.arms.iter().find(|arm| arm.buckets.contains(&bucket))?;
        if let Some(trace) = &mut self.trace {
            let line = self.plan.source.line(arm.span.start);
            if let Some(step) = trace.steps.last_mut() {
                step.because = Some(format!("bucket {bucket} of {BUCKETS} is in the arm of line {line}"));
            }
        }
        self.inside(&arm.block)
    }

    fn inside(&mut self, block: &'p [Statement]) -> Option<PlanEnd<'p>> {
        self.depth += 1;
        let ended = self.block(block);
        self.depth -= 1;
        ended
    }

    fn route(&mut self, target: &Target, version: Option<u32>) {
        let agent = match target {
            Target::Id(id) => {
                self.output.agent_id = Some(id.to_string());
                self.output.version = version;
                return;
            }
            Target::Agent(agent) => Some(*agent),
            Target::Column(row, column) => self.asker.facts.agent(*row, *column),
            Target::Rotation(rotation) => Some(self.asker.facts.on_call(*rotation)),
        };
        let agent = agent.and_then(|agent| self.plan.definitions.agents.get(agent));
        self.output.agent_id = agent.map(|agent| agent.id.to_string());
        self.output.version = version.or(agent.and_then(|agent| agent.version));
    }

    /// A paragraph each; an empty one adds nothing.
    fn context(&mut self, template: &Template) {
        let paragraph = fill::text(template, &self.asker.facts);
        let context = &mut self.output.initial_context;
        if !paragraph.is_empty() && !context.is_empty() {
            context.push('\n');
        }
        context.push_str(&paragraph);
    }

    /// A later key replaces an earlier one whole, and keeps its place.
    fn metadata(&mut self, members: &[(String, MetadataValue)]) {
        let held = self.output.custom_metadata.get_or_insert_with(Map::new);
        for (key, value) in members {
            held.insert(key.clone(), metadata(value, &self.asker.facts));
        }
    }

    fn record(&mut self, statement: &'p Statement, held: Option<bool>, settled_by: Option<&'p Test>) {
        if let Some(ran) = self.ran.as_mut().filter(|_| held != Some(false)) {
            ran.push(statement.span);
        }
        let Some(trace) = &mut self.trace else { return };
        trace.steps.push(Step {
            line: self.plan.source.line(statement.span.start),
            depth: self.depth,
            statement: on_one_line(self.plan.source.slice(statement.head)),
            rule: self.rules.last().map(|rule| rule.to_string()),
            held,
            because: settled_by.map(|test| self.asker.because(self.plan.source.slice(test.span), test)),
            span: statement.span,
            test_span: settled_by.map(|test| test.span),
        });
    }
}

/// The answer to a condition, and the test that settled it if one test did.
#[derive(Clone, Copy)]
struct ConditionAnswer<'p> {
    held: bool,
    settled_by: Option<&'p Test>,
}

/// Evaluates conditions for one call.
struct ConditionEvaluator<'p> {
    definitions: &'p Definitions,
    facts: Facts<'p>,
    /// Each named condition is evaluated at most once for a call.
    named: Vec<Option<ConditionAnswer<'p>>>,
    /// So is each schedule.
    open: RefCell<Vec<Option<bool>>>,
}

impl<'p> ConditionEvaluator<'p> {
    fn new(definitions: &'p Definitions, call: &'p Call) -> Self {
        Self {
            definitions,
            facts: Facts::of(call, definitions),
            named: vec![None; definitions.conditions.len()],
            open: RefCell::new(vec![None; definitions.schedules.len()]),
        }
    }

    fn ask(&mut self, condition: &'p Condition) -> ConditionAnswer<'p> {
        match condition {
            Condition::All(operands) => self.first_that_is(false, operands),
            Condition::Any(operands) => self.first_that_is(true, operands),
            Condition::Not(operand) => {
                let answer = self.ask(operand);
                ConditionAnswer { held: !answer.held, ..answer }
            }
            Condition::Named(number, _) => self.named(*number),
            Condition::Test(test) => ConditionAnswer { held: self.test(test), settled_by: Some(test) },
        }
    }

    /// `and` ends at the first that does not hold, `or` at the first that does.
    fn first_that_is(&mut self, wanted: bool, operands: &'p [Condition]) -> ConditionAnswer<'p> {
        for operand in operands {
            let answer = self.ask(operand);
            if answer.held == wanted {
                return answer;
            }
        }
        ConditionAnswer { held: !wanted, settled_by: None }
    }

    fn named(&mut self, number: usize) -> ConditionAnswer<'p> {
        if let Some(answer) = self.named[number] {
            return answer;
        }
        let answer = self.ask(&self.definitions.conditions[number].1);
        self.named[number] = Some(answer);
        answer
    }
}
