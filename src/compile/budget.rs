//! The maximum number of edges, steps and bytes for an answer, and a stop signal, so that no plan
//! takes unbounded time or memory.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far the making of a diagram, or a question to it, goes.
#[derive(Clone, Copy, Debug)]
pub struct Budget<'a> {
    /// Edges of all nodes together.
    pub edges: usize,
    /// Steps of building: entries looked at, pieces cut.
    pub steps: usize,
    /// Bytes that are kept for the answer: of classes, nodes, leaves and tables of times.
    pub bytes: usize,
    /// Ends it once it is raised. There is no clock in here: who has one raises the flag when a
    /// deadline passes.
    pub stop: Option<&'a AtomicBool>,
}

impl Default for Budget<'_> {
    /// Enough for 100,000 rules like a telephone system's; a fraction of a second, and some tens of
    /// megabytes.
    fn default() -> Self {
        Self { edges: 4_000_000, steps: 60_000_000, bytes: MAX_BYTES, stop: None }
    }
}

/// Maximum number of bytes that are kept for the largest texts, and for small ones.
const MAX_BYTES: usize = 112 << 20;
const MAX_BYTES_OF_SMALL_TEXT: usize = 32 << 20;
/// Bytes that may be kept for each byte of text. Plans like a telephone system's need a quarter.
const BYTES_A_BYTE: usize = 16;

impl<'a> Budget<'a> {
    /// With no more memory than a text of this size may take.
    pub fn of_text(self, bytes: usize) -> Self {
        let bytes = (BYTES_A_BYTE * bytes).clamp(MAX_BYTES_OF_SMALL_TEXT, MAX_BYTES);
        Self { bytes: self.bytes.min(bytes), ..self }
    }

    /// Its steps, to be spent.
    pub(crate) fn effort(&self) -> RemainingSteps<'a> {
        self.effort_of(self.steps)
    }

    /// The remaining steps, starting with `steps` instead of the budget's own maximum.
    pub(crate) fn effort_of(&self, steps: usize) -> RemainingSteps<'a> {
        RemainingSteps { left: Cell::new(steps), bytes: Cell::new(self.bytes), stop: self.stop }
    }
}

/// What a list takes beside its items: its place in a map, and what the allocator adds.
const LIST_BYTES: usize = 48;

/// More was needed than may be spent, or it was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OverBudget;

/// The remaining steps of a budget, and the remaining bytes.
#[derive(Debug)]
pub(crate) struct RemainingSteps<'a> {
    left: Cell<usize>,
    bytes: Cell<usize>,
    stop: Option<&'a AtomicBool>,
}

impl RemainingSteps<'_> {
    /// Spends steps. An error if fewer are left.
    pub fn spend(&self, steps: usize) -> Result<(), OverBudget> {
        let is_stopped = self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        self.left.set(self.left.get().checked_sub(steps).filter(|_| !is_stopped).ok_or(OverBudget)?);
        Ok(())
    }

    /// The steps that are left.
    pub fn left(&self) -> usize {
        self.left.get()
    }

    /// Takes memory that is kept until the answer is there. An error if fewer bytes are left.
    pub fn keep(&self, bytes: usize) -> Result<(), OverBudget> {
        self.bytes.set(self.bytes.get().checked_sub(bytes).ok_or(OverBudget)?);
        Ok(())
    }

    /// The same for a list in a box, in a table or a map.
    pub fn keep_list<T>(&self, list: &[T]) -> Result<(), OverBudget> {
        self.keep(LIST_BYTES + size_of_val(list))
    }
}
