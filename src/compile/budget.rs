//! The maximum number of edges and steps for an answer, and a stop signal, so that no plan takes
//! unbounded time or memory.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far the making of a diagram, or a question to it, goes.
#[derive(Clone, Copy, Debug)]
pub struct Budget<'a> {
    /// Edges of all nodes together.
    pub edges: usize,
    /// Steps of building: entries looked at, pieces cut.
    pub steps: usize,
    /// Ends it once it is raised. There is no clock in here: who has one raises the flag when a
    /// deadline passes.
    pub stop: Option<&'a AtomicBool>,
}

impl Default for Budget<'_> {
    /// Enough for 100,000 rules like a telephone system's; a fraction of a second, and some tens of
    /// megabytes.
    fn default() -> Self {
        Self { edges: 4_000_000, steps: 60_000_000, stop: None }
    }
}

impl<'a> Budget<'a> {
    /// Its steps, to be spent.
    pub(crate) fn effort(&self) -> RemainingSteps<'a> {
        self.effort_of(self.steps)
    }

    /// The remaining steps, starting with `steps` instead of the budget's own maximum.
    pub(crate) fn effort_of(&self, steps: usize) -> RemainingSteps<'a> {
        RemainingSteps { left: Cell::new(steps), stop: self.stop }
    }
}

/// More was needed than may be spent, or it was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverBudget;

/// The remaining steps of a budget.
#[derive(Debug)]
pub(crate) struct RemainingSteps<'a> {
    left: Cell<usize>,
    stop: Option<&'a AtomicBool>,
}

impl RemainingSteps<'_> {
    /// Spends steps. An error if fewer are left.
    pub fn spend(&self, steps: usize) -> Result<(), OverBudget> {
        let is_stopped = self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        self.left.set(self.left.get().checked_sub(steps).filter(|_| !is_stopped).ok_or(OverBudget)?);
        Ok(())
    }
}
