//! callplan itself: the compiled plan, and the evaluator that is its reference.

use crate::engine::{Build, Decide, Given, build};
use crate::hours::FIRST_DAY;
use crate::mistakes::Reader;
use crate::workloads::Workload;
use callplan::compile::{Answer, Budget, Metadata};
use callplan::diagnostics::{Diagnostic, Problems, Severity};
use callplan::{Call, CheckedPlan, CompiledPlan, Decision, Source, check, syntax};
use std::collections::HashSet;

/// The reader reports all problems of a check, with the warnings.
pub const READER: Reader = Reader { name: "callplan", extension: "callplan", read };

fn read(text: &str) -> Result<(), String> {
    let options = check::Options { today: Some(FIRST_DAY), ..Default::default() };
    let report = ::callplan::check(&Source::new("plan", text), &options);
    let said = |problem: &Diagnostic| format!("{}: {}", problem.code.name(), problem.message);
    let messages: Vec<String> = report.problems.iter().map(said).collect();
    if messages.is_empty() { Ok(()) } else { Err(messages.join("; ")) }
}

/// Reads and checks a text, without the questions about all calls.
pub fn checked(text: &str) -> CheckedPlan {
    let source = Source::new("plan", text);
    let mut problems = Problems::new();
    let options = check::Options { today: Some(FIRST_DAY), ..Default::default() };
    let plan = syntax::parse(&source, &mut problems).and_then(|tree| check::check(&tree, &options, &mut problems));
    if let Some(problem) = problems.iter().find(|problem| problem.severity() == Severity::Error) {
        panic!("line {}: {}", source.line(problem.span.start), problem.message);
    }
    plan.expect("a plan without problems")
}

/// Compiles a checked plan, as `callplan decide` does.
pub fn compile(plan: CheckedPlan) -> CompiledPlan {
    CompiledPlan::new(plan, Some(FIRST_DAY), Budget::default())
}

pub fn compiled(workload: &Workload) -> Option<Build<'_>> {
    Some(build(|| compile(checked(&workload.plan))))
}

pub fn reference(workload: &Workload) -> Option<Build<'_>> {
    Some(build(|| checked(&workload.plan)))
}

/// The decisions of the reference evaluator, which every engine must give, and the number of the
/// plan's decisions that a call reaches.
pub fn reference_decisions(workload: &Workload) -> (Vec<Given>, usize) {
    let plan = checked(&workload.plan);
    let decisions: Vec<Decision> = workload.calls.iter().map(|call| plan.decide(call)).collect();
    let taken: HashSet<_> = decisions.iter().map(|decision| decision.line).collect();
    (decisions.into_iter().map(given).collect(), taken.len())
}

impl Decide for CompiledPlan {
    type Answer<'a> = Answer<'a>;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Answer<'a> {
        self.answer(call)
    }

    fn given(answer: Answer<'_>) -> Given {
        Given {
            outcome: answer.outcome(),
            agent_id: answer.agent_id().map(str::to_owned),
            version: answer.version(),
            context: answer.initial_context().to_owned(),
            metadata: answer.custom_metadata().map(Metadata::to_map),
        }
    }

    fn note(&self) -> Option<String> {
        (!self.stats().is_diagram).then(|| "over its budget: candidates answer".to_owned())
    }
}

impl Decide for CheckedPlan {
    type Answer<'a> = Decision;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Decision {
        CheckedPlan::decide(self, call)
    }

    fn given(decision: Decision) -> Given {
        given(decision)
    }
}

fn given(decision: Decision) -> Given {
    Given {
        outcome: decision.outcome,
        agent_id: decision.output.agent_id,
        version: decision.output.version,
        context: decision.output.initial_context,
        metadata: decision.output.custom_metadata,
    }
}
