//! Examples and proofs, and the decisions that they expect.

use super::{CompletenessResult, CompletenessWalk, there};
use crate::plan::{Example, ExpectationKind, ExpectedDecision, Proof};
use crate::syntax::ast;

impl CompletenessWalk<'_> {
    pub(super) fn proof(&self, written: &ast::Proof, built: &Proof) -> CompletenessResult {
        let is_always = match written.kind {
            ast::ProofKind::Always => true,
            ast::ProofKind::Never => false,
        };
        there(built.span == written.keyword && built.always == is_always, written.span)?;
        self.condition(&written.condition, &built.condition)?;
        decision(&written.decision, &built.decision)
    }
}

pub(super) fn example(written: &ast::Example, built: &Example) -> CompletenessResult {
    there(built.span == written.keyword, written.span)?;
    let texts = written.call.facts.iter().filter(|fact| fact.text.is_some()).count();
    there(built.call.switches.len() + texts == written.call.facts.len(), written.call.span)?;
    there(built.call.attributes.len() == texts, written.call.span)?;
    there(built.call.diverted_from.is_some() == written.call.diverted.is_some(), written.call.span)?;
    there(built.call.caller_asserted.is_some() == written.call.asserted.is_some(), written.call.span)?;
    there(built.call.attestation.is_some() == written.call.attested.is_some(), written.call.span)?;
    there(built.call.caller_name.is_some() == written.call.caller_name.is_some(), written.call.span)?;
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

fn decision(written: &ast::Statement, built: &ExpectedDecision) -> CompletenessResult {
    let is_there = match (&written.kind, built) {
        (ast::StatementKind::Route(route), ExpectedDecision::Route { version, .. }) => {
            version.is_some() == route.version.is_some()
        }
        (ast::StatementKind::Route(route), ExpectedDecision::OnCall { version, .. }) => {
            version.is_some() == route.version.is_some()
        }
        (ast::StatementKind::Reject(_), ExpectedDecision::Reject)
        | (ast::StatementKind::Fallback, ExpectedDecision::Fallback) => true,
        (
            _,
            ExpectedDecision::Route { .. }
            | ExpectedDecision::OnCall { .. }
            | ExpectedDecision::Reject
            | ExpectedDecision::Fallback,
        ) => false,
    };
    there(is_there, written.span)
}
