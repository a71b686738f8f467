//! What every engine has in common: it is built from a workload's rules and decides calls.

use crate::workloads::Workload;
use callplan::{Call, Outcome};
use serde_json::{Map, Value};
use std::hint::black_box;

/// A decision in one form for all engines, to be compared.
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
    /// What a decision is for who asks this engine: borrowed where the engine lends it.
    type Answer<'a>
    where
        Self: 'a;

    fn decide<'a>(&'a mut self, call: &'a Call) -> Self::Answer<'a>;

    fn given(answer: Self::Answer<'_>) -> Given;

    /// Bytes that the engine holds beside those of the global allocator.
    fn memory_of_its_own(&self) -> usize {
        0
    }

    /// What should be known of how it answers.
    fn note(&self) -> Option<String> {
        None
    }
}

/// The same, whatever its answers are. What is timed is a whole run, so asking through a pointer costs nothing.
pub trait Engine {
    /// Decides each of the calls, and lets go of each answer.
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

/// Builds an engine from what is as ready as its users have it: a text, or data. It can be asked again and again.
pub type Build<'w> = Box<dyn Fn() -> Result<Box<dyn Engine>, String> + 'w>;

/// An engine that can be asked for.
pub struct Contender {
    pub name: &'static str,
    /// Writes the engine's own program for a workload; `None` where the engine is not meant for it.
    pub prepare: for<'w> fn(&'w Workload) -> Option<Build<'w>>,
}

/// A build that cannot fail.
pub fn build<'w, D: Decide + 'static>(make: impl Fn() -> D + 'w) -> Build<'w> {
    Box::new(move || Ok(Box::new(make())))
}
