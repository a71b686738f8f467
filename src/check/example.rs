//! Examples and proofs: read, and the examples of a plan without errors run.

use super::figure::{read_date, read_time};
use super::problems::examples as wording;
use super::problems::tests::no_attestation;
use super::problems::{dates, statements as problems};
use super::{Checked, Checker};
use crate::call::{Call, Decision, Outcome};
use crate::diagnostics::{Diagnostic, Problems};
use crate::eval;
use crate::fields::Attestation;
use crate::phone::Pattern;
use crate::plan::{
    CheckedPlan, Condition, Example, Expectation, ExpectationKind, ExpectedDecision, Proof, Statement, StatementKind,
    Target,
};
use crate::schedule::Moment;
use crate::source::Span;
use crate::syntax::{DefinitionKind, ast};
use serde_json::Value;
use std::sync::Arc;

/// Each example runs the plan, so a check takes as long as the plan's length times their number.
const MAX_EXAMPLES: usize = 2_000;

impl<'a> Checker<'a, '_> {
    pub(super) fn examples(&mut self) -> Vec<Example> {
        let examples: Vec<&'a ast::Example> = super::definition::items!(self, Example).map(Box::as_ref).collect();
        if let Some(over) = examples.get(MAX_EXAMPLES) {
            self.problem(wording::too_many(over.keyword, MAX_EXAMPLES));
        }
        // What is left out has an error of its own.
        examples.into_iter().filter_map(|example| self.example(example).ok()).collect()
    }

    fn example(&mut self, example: &'a ast::Example) -> Checked<Example> {
        let call = self.example_call(&example.call);
        let expectations: Vec<Checked<Expectation>> =
            example.expectations.iter().map(|statement| self.expectation(statement)).collect();
        self.no_two_decisions(&example.expectations);
        Ok(Example {
            name: example.name.value.clone(),
            call: call?,
            expectations: expectations.into_iter().collect::<Checked<_>>()?,
            span: example.keyword,
        })
    }

    fn example_call(&mut self, call: &ast::ExampleCall) -> Checked<Call> {
        let (from, to) = (self.example_number(&call.from), self.example_number(&call.to));
        let zone = match &call.zone {
            Some(zone) => self.zone(zone),
            None => {
                if !self.definitions.schedules.is_empty() {
                    self.uses_zone(call.date.span, "the time of this call");
                }
                Ok(self.definitions.zone.clone())
            }
        };
        let diverted_from = call.diverted.as_ref().map(|number| self.example_number(number));
        let caller_asserted = call.asserted.as_ref().map(|number| self.example_number(number));
        let attestation = call.attested.as_ref().map(|word| self.example_attestation(word));
        let facts = self.call_facts(&call.facts);
        if read_time(&call.date.text).is_some() && read_date(&call.time.text).is_some() {
            return self.refuse(wording::time_before_date(&call.date, &call.time));
        }
        let (date, minute) = (self.date(&call.date), self.time_of_day(&call.time));
        let moment = Moment { date: date?, minute: minute? };
        let zone = zone?;
        let timestamp = match zone.instant(moment) {
            Ok(instant) => instant,
            Err(skipped) => {
                let after = skipped.first_after;
                let replacement = format!("{} {}", after.date, eval::shown_time(after.minute));
                return self.refuse(dates::skipped_time(call.date.span.to(call.time.span), zone.name(), &replacement));
            }
        };
        Ok(Call {
            diverted_from: diverted_from.transpose()?,
            caller_asserted: caller_asserted.transpose()?,
            attestation: attestation.transpose()?,
            caller_name: call.caller_name.as_ref().map(|name| name.value.clone()),
            trunk_id: call.trunk.as_ref().map(|trunk| trunk.value.clone()),
            ..facts?(Call::new(to?, timestamp).with_caller(from?))
        })
    }

    fn example_attestation(&mut self, word: &ast::Token) -> Checked<String> {
        match Attestation::of_word(&word.text) {
            Some(attestation) => Ok(attestation.word().to_owned()),
            None => self.refuse(no_attestation(word)),
        }
    }

    /// What stands after `with`, as what it makes of a call.
    fn call_facts(&mut self, facts: &[ast::CallFact]) -> Checked<impl FnOnce(Call) -> Call + use<>> {
        let (mut switches, mut attributes) = (Vec::new(), Vec::new());
        let mut wrong = None;
        for fact in facts {
            let kind = if fact.text.is_some() { DefinitionKind::Attribute } else { DefinitionKind::Switch };
            match (self.names.expect(&fact.name, kind, self.problems), &fact.text) {
                (Ok(_), None) => switches.push(fact.name.text.clone()),
                (Ok(number), Some(text)) => match self.definitions.attributes.get(number) {
                    Some(attribute) => attributes.push((attribute.header.clone(), text.value.clone())),
                    None => wrong = Some(self.told_before(fact.name.span)),
                },
                (Err(reported), _) => wrong = Some(reported),
            }
        }
        let with_facts = |call| Call { switches, attributes, ..call };
        wrong.map_or(Ok(with_facts), Err)
    }

    /// A number as a plan writes it, or a text as a call brings it.
    fn example_number(&mut self, value: &ast::Value) -> Checked<String> {
        match value {
            ast::Value::Text(text) => Ok(text.value.clone()),
            ast::Value::Number(token) if token.text.ends_with('*') => self.refuse(wording::prefix_in_call(token)),
            ast::Value::Number(token) => self.whole_number(token).map(|number| number.to_string()),
            ast::Value::Figure(_)
            | ast::Value::Path(_)
            | ast::Value::Range(_)
            | ast::Value::Moment { .. }
            | ast::Value::List(_)
            | ast::Value::Unreadable(..) => match self.pattern(value, None)? {
                Pattern::Anonymous => Ok("anonymous".to_owned()),
                Pattern::Number(_)
                | Pattern::Prefix(_)
                | Pattern::Range(_)
                | Pattern::Local(_)
                | Pattern::LocalPrefix(_)
                | Pattern::LocalRange(_) => self.refuse(wording::several_in_call(value.span())),
            },
        }
    }

    fn no_two_decisions(&mut self, expectations: &[ast::Statement]) {
        let mut first: Option<Span> = None;
        for statement in expectations {
            let is_decision = statement.kind.is_decision();
            match first.filter(|_| is_decision) {
                Some(first) => self.problem(problems::two_expectations(statement.span, first, "a decision")),
                None if is_decision => first = Some(statement.span),
                None => {}
            }
        }
    }

    fn expectation(&mut self, statement: &ast::Statement) -> Checked<Expectation> {
        let kind = match &statement.kind {
            ast::StatementKind::Context(text) if text.holes.is_empty() => ExpectationKind::Context(text.value.clone()),
            ast::StatementKind::Context(text) => {
                return self.refuse(problems::not_constant(text.span));
            }
            ast::StatementKind::Metadata(object) => ExpectationKind::Metadata(self.constant_metadata(object)?),
            ast::StatementKind::Skip => ExpectationKind::Skip,
            ast::StatementKind::Route(_)
            | ast::StatementKind::Reject(_)
            | ast::StatementKind::Fallback
            | ast::StatementKind::Rule { .. }
            | ast::StatementKind::When { .. }
            | ast::StatementKind::Split(_)
            | ast::StatementKind::Unreadable(_) => ExpectationKind::Decision(self.expected_decision(statement)?),
        };
        Ok(Expectation { kind, span: statement.span })
    }

    fn expected_decision(&mut self, statement: &ast::Statement) -> Checked<ExpectedDecision> {
        match &statement.kind {
            ast::StatementKind::Route(route) => {
                let version = route.version.as_ref().map(|version| self.version(version)).transpose()?;
                if let ast::Target::Path(path) = &route.target
                    && let Some(rotation) = self.rotation_named(path)
                {
                    self.agent_on_call(rotation, path.span)?;
                    return Ok(ExpectedDecision::OnCall { rotation, version });
                }
                let id = match &route.target {
                    ast::Target::Id(id) => {
                        let written: Arc<str> = Arc::from(id.value.as_str());
                        self.definitions.agent_ids.push((Arc::clone(&written), id.span));
                        written
                    }
                    ast::Target::Path(path) if path.field.is_some() => {
                        return self.refuse(problems::row_in_expectation(path.span));
                    }
                    ast::Target::Path(path) => {
                        let agent = self.names.expect(&path.name, DefinitionKind::Agent, self.problems)?;
                        match self.definitions.agents.get(agent) {
                            Some(agent) => Arc::clone(&agent.id),
                            None => return Err(self.told_before(path.span)),
                        }
                    }
                };
                Ok(ExpectedDecision::Route { id, version })
            }
            ast::StatementKind::Reject(_) => Ok(ExpectedDecision::Reject),
            ast::StatementKind::Fallback => Ok(ExpectedDecision::Fallback),
            ast::StatementKind::Unreadable(unreadable) => Err(unreadable.reported),
            ast::StatementKind::Rule { .. }
            | ast::StatementKind::When { .. }
            | ast::StatementKind::Split(_)
            | ast::StatementKind::Context(_)
            | ast::StatementKind::Metadata(_)
            | ast::StatementKind::Skip => self.refuse(wording::no_decision(statement.span)),
        }
    }

    pub(super) fn proofs(&mut self) -> Vec<Proof> {
        let proofs: Vec<&'a ast::Proof> = super::definition::items!(self, Proof).map(Box::as_ref).collect();
        // What is left out has an error of its own.
        proofs.into_iter().filter_map(|proof| self.proof(proof).ok()).collect()
    }

    fn proof(&mut self, proof: &'a ast::Proof) -> Checked<Proof> {
        let rows = self.rows.len();
        let condition: Checked<Condition> = self.condition_of_statement(&proof.condition);
        self.rows.truncate(rows);
        let decision = self.expected_decision(&proof.decision);
        let always = match proof.kind {
            ast::ProofKind::Always => true,
            ast::ProofKind::Never => false,
        };
        let span = proof.keyword;
        Ok(Proof { name: proof.name.value.clone(), always, condition: condition?, decision: decision?, span })
    }
}

/// Runs every example; each that fails is a problem.
pub fn run(plan: &CheckedPlan, problems: &mut Problems) {
    for example in &plan.examples {
        if let Some(failure) = failure(plan, example) {
            problems.push(failure);
        }
    }
}

/// How an example fails, if it does: what was expected, what came out, which statement decided, and
/// the first test that kept the expected decision from being reached.
pub fn failure(plan: &CheckedPlan, example: &Example) -> Option<Diagnostic> {
    let decision = eval::decide(plan, &example.call);
    let failed =
        example.expectations.iter().find(|expectation| !is_met(plan, example, &expectation.kind, &decision))?;
    let expected = plan.source.slice(failed.span);
    let got = match &failed.kind {
        ExpectationKind::Decision(_) => wording::decision(plan, &decision),
        ExpectationKind::Context(_) => wording::context(&decision.output.initial_context),
        ExpectationKind::Metadata(_) => wording::metadata(decision.output.custom_metadata.as_ref()),
        ExpectationKind::Skip => "no `skip pre_conversation_workflow`".to_owned(),
    };
    let (_, trace) = eval::explain(plan, &example.call);
    let decided = trace.steps.last().filter(|_| decision.line.is_some()).map(|step| step.span);
    let mut diagnostic = wording::failed(example, failed.span, expected, &got);
    diagnostic = match decided {
        Some(span) => diagnostic.note_at(span, wording::decided_by(decision.rule.as_deref())),
        None => diagnostic.note("no statement decided: the call ran off the end of the plan"),
    };
    if let ExpectationKind::Decision(expected) = &failed.kind {
        let wanted = statements_around(plan, &expected.at(&plan.definitions, example.call.timestamp));
        let turned_away = trace.steps.iter().find(|step| step.held == Some(false) && wanted.contains(&step.span));
        if let Some((span, because)) = turned_away.and_then(|step| step.test_span.zip(step.because.as_ref())) {
            diagnostic = diagnostic.note_at(span, wording::turned_away(because));
        }
    }
    Some(diagnostic)
}

fn is_met(plan: &CheckedPlan, example: &Example, expectation: &ExpectationKind, decision: &Decision) -> bool {
    let output = &decision.output;
    match expectation {
        ExpectationKind::Decision(expected) => {
            decides(&expected.at(&plan.definitions, example.call.timestamp), decision)
        }
        ExpectationKind::Context(context) => output.initial_context == *context,
        ExpectationKind::Metadata(expected) => {
            let held = output.custom_metadata.as_ref();
            expected
                .iter()
                .all(|(key, value)| held.and_then(|held| held.get(key)).is_some_and(|held| same(held, value)))
        }
        ExpectationKind::Skip => output.skip_pre_conversation_workflow,
    }
}

/// Whether a decision is the one that is spoken of.
pub(crate) fn decides(expected: &ExpectedDecision, decision: &Decision) -> bool {
    match expected {
        ExpectedDecision::Route { id, version } => {
            decision.outcome == Outcome::Route
                && decision.output.agent_id.as_deref() == Some(id)
                && (version.is_none() || decision.output.version == *version)
        }
        // Who that is was to be put in its place.
        ExpectedDecision::OnCall { .. } => false,
        ExpectedDecision::Reject => decision.outcome == Outcome::Reject,
        ExpectedDecision::Fallback => decision.outcome == Outcome::Fallback,
    }
}

/// Equal JSON; numbers as numbers, so that 1 is 1.0.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

/// The statements with a condition in whose blocks the expected decision stands.
fn statements_around(plan: &CheckedPlan, expected: &ExpectedDecision) -> Vec<Span> {
    let mut found = Vec::new();
    for statement in &plan.statements {
        gather_around(plan, statement, expected, &mut found);
    }
    found
}

fn gather_around(
    plan: &CheckedPlan,
    statement: &Statement,
    expected: &ExpectedDecision,
    found: &mut Vec<Span>,
) -> bool {
    // Every statement is looked at: each that stands around one is wanted, not only the first.
    let inside = |block: &[Statement], found: &mut Vec<Span>| {
        block.iter().filter(|inner| gather_around(plan, inner, expected, found)).count() > 0
    };
    match &statement.kind {
        StatementKind::Guarded { block, .. } => {
            let holds_it = inside(block, found);
            if holds_it {
                found.push(statement.span);
            }
            holds_it
        }
        StatementKind::Split(split) => split.arms.iter().filter(|arm| inside(&arm.block, found)).count() > 0,
        StatementKind::Route { target, .. } => match (expected, target) {
            (ExpectedDecision::Route { id, .. }, Target::Id(target)) => id == target,
            (ExpectedDecision::Route { id, .. }, Target::Agent(agent)) => {
                plan.definitions.agents.get(*agent).is_some_and(|agent| agent.id == *id)
            }
            (ExpectedDecision::Route { .. } | ExpectedDecision::OnCall { .. }, _) => true,
            (ExpectedDecision::Reject | ExpectedDecision::Fallback, _) => false,
        },
        StatementKind::Reject(_) => *expected == ExpectedDecision::Reject,
        StatementKind::Fallback => *expected == ExpectedDecision::Fallback,
        StatementKind::Context(_) | StatementKind::Metadata(_) | StatementKind::Skip => false,
    }
}
