//! Whether writes succeed: a line in the log when they begin to fail and when they succeed again,
//! and figures for the metrics.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::problems::StoreError;

/// Whether writes to a database succeed. Only the thread that writes changes it.
#[derive(Debug, Default)]
pub struct WriteHealth {
    failures: AtomicU64,
    is_failing: AtomicBool,
}

impl WriteHealth {
    /// Number of times that the database did not take writes.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Whether the last write failed.
    pub fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// Notes that writes have reached the database, or why they have not.
    pub(super) fn note(&self, outcome: Result<(), &StoreError>) {
        let was_failing = self.is_failing.swap(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(()) if was_failing => {
                tracing::info!(failures = self.failures(), "writes to the database succeed again");
            }
            Ok(()) => {}
            Err(error) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                if !was_failing {
                    tracing::error!(%error, "writes to the database fail; calls are decided as they were");
                }
            }
        }
    }
}
