//! What all engines have in common: they are built from a workload's rules, and decide calls.

use crate::workloads::Workload;
use callplan::{Call, Outcome};
use serde_json::{Map, Value};
use std::hint::black_box;

/// A decision in the same form for all engines, for comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub outcome: Outcome,
    pub agent_id: Option<String>,
    pub version: Option<u32>,
    pub context: String,
    pub metadata: Option<Map<String, Value>>,
}

/// An engine that has been built for a workload.
pub trait Decide {
    /// The decision as the engine gives it to its caller: borrowed if the engine lends it.
    type Answer<'a>
    where
        Self: 'a;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Self::Answer<'a>;

    fn given(answer: Self::Answer<'_>) -> Given;

    /// Bytes that the engine holds in its own allocators.
    fn memory_of_its_own(&self) -> usize {
        0
    }

    /// A note on how it answers, for the table.
    fn note(&self) -> Option<String> {
        None
    }
}

/// The same, without the type of the answers. A whole run is timed, so the call through a pointer
/// costs nothing.
pub trait Engine {
    /// Decides each of the calls, and drops each answer.
    fn run(&mut self, calls: &[Call]);

    fn given(&mut self, call: &Call) -> Given;

    fn memory_of_its_own(&self) -> usize;

    fn note(&self) -> Option<String>;
}

impl<D: Decide> Engine for D {
    fn run(&mut self, calls: &[Call]) {
        for call in calls {
            black_box(self.decide(black_box(call)));
        }
    }

    fn given(&mut self, call: &Call) -> Given {
        D::given(self.decide(call))
    }

    fn memory_of_its_own(&self) -> usize {
        Decide::memory_of_its_own(self)
    }

    fn note(&self) -> Option<String> {
        Decide::note(self)
    }
}

/// Builds an engine from the form in which its users have their rules: text, or data. It may be
/// called repeatedly.
pub type Build<'w> = Box<dyn Fn() -> Result<Box<dyn Engine>, String> + 'w>;

/// An engine by its name.
pub struct Contender {
    pub name: &'static str,
    /// Writes the engine's own program for a workload; `None` if the engine does not support it.
    pub prepare: for<'w> fn(&'w Workload) -> Option<Build<'w>>,
}

/// A build that cannot fail.
pub fn build<'w, D: Decide + 'static>(make: impl Fn() -> D + 'w) -> Build<'w> {
    Box::new(move || Ok(Box::new(make())))
}
