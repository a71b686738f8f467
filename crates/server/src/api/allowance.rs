//! What the operator allows an organization to send and to keep.

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, header};

use super::app::{App, Unwritten};
use super::error_code::ErrorCode;
use super::problem::Problem;
use callplan_service::live::access::Principal;
use callplan_service::store::{Kept, Limit, Limited, OrganizationId, Transaction};

/// The span of a limit of calls.
const OF_CALLS: Duration = Duration::from_secs(1);
/// The span of a limit of writes.
const OF_WRITES: Duration = Duration::from_secs(60);
/// Minimum of the limit of urgent writes.
const URGENT_WRITES: u64 = 600;
/// When to try again where something must be deleted first, or the operator be asked, in seconds.
const LATER: u64 = 3600;

/// Whether a write may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It may.
    Ordinary,
    /// It ends or prevents harm: a switch, a restore, a revoked key. Ordinary writes take nothing
    /// from its limit.
    Urgent,
}

impl App {
    /// The organization's limit of something.
    fn limit(&self, organization: OrganizationId, limited: Limited) -> Limit {
        self.live.keys().own_limit(organization, limited).unwrap_or_else(|| self.settings.limits.of(limited))
    }

    /// Counts a call, if calls are limited.
    pub fn admit_call(&self, who: &Principal) -> Result<(), Problem> {
        let Some(limit) = self.limit(who.organization, Limited::Calls) else { return Ok(()) };
        let admitted = self.slot(who)?.calls.admit(limit, OF_CALLS, Instant::now());
        admitted.map_err(|wait| too_many("calls in a second", limit, wait))
    }

    /// Counts a write, if writes are limited.
    pub fn admit_write(&self, who: &Principal, urgency: Urgency) -> Result<(), Problem> {
        let Some(limit) = self.limit(who.organization, Limited::Writes) else { return Ok(()) };
        let slot = self.slot(who)?;
        let (rate, limit, words) = match urgency {
            Urgency::Ordinary => (&slot.writes, limit, "writes in a minute"),
            Urgency::Urgent => (&slot.urgent_writes, limit.max(URGENT_WRITES), "urgent writes in a minute"),
        };
        rate.admit(limit, OF_WRITES, Instant::now()).map_err(|wait| too_many(words, limit, wait))
    }

    /// What the principal's organization may keep.
    pub fn quotas(&self, who: &Principal) -> Quotas {
        let kept = [Limited::TextBytes, Limited::Keys, Limited::Agents, Limited::Numbers];
        let limits = kept.map(|limited| (limited, self.limit(who.organization, limited)));
        Quotas { organization: who.organization, limits }
    }
}

fn too_many(of: &str, limit: u64, wait: Duration) -> Problem {
    let detail = format!("The organization may send {limit} {of}.");
    retry_after(Problem::new(ErrorCode::RateLimited, detail), wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

fn retry_after(problem: Problem, seconds: u64) -> Problem {
    problem.with(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
}

/// What an organization may keep. Every write is held to it in its own transaction, so that writes
/// at the same time exceed nothing.
#[derive(Clone, Copy, Debug)]
pub struct Quotas {
    organization: OrganizationId,
    limits: [(Limited, Limit); 4],
}

impl Quotas {
    /// Does the work of a write. It is refused if the organization then keeps more than before, and
    /// more than it may.
    pub fn hold<T>(
        self,
        transaction: &Transaction<'_>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Unwritten>,
    ) -> Result<T, Unwritten> {
        let before = transaction.kept(self.organization)?;
        let done = work(transaction)?;
        let after = transaction.kept(self.organization)?;
        match self.exceeded(before, after) {
            None => Ok(done),
            Some((limited, limit)) => Err(exceeds(limited, limit).into()),
        }
    }

    fn exceeded(self, before: Kept, after: Kept) -> Option<(Limited, u64)> {
        let limits = self.limits.into_iter().filter_map(|(limited, limit)| Some((limited, limit?)));
        let is_exceeded = |limited, limit| after.of(limited) > before.of(limited) && after.of(limited) > limit;
        limits.into_iter().find(|(limited, limit)| is_exceeded(*limited, *limit))
    }
}

fn exceeds(limited: Limited, limit: u64) -> Problem {
    let words = match limited {
        Limited::Calls => "calls in a second",
        Limited::Writes => "writes in a minute",
        Limited::TextBytes => "bytes of texts",
        Limited::Keys => "keys that are not revoked",
        Limited::Agents => "agents",
        Limited::Numbers => "phone numbers",
    };
    let detail = format!("The organization may have {limit} {words}. Ask the operator for more.");
    retry_after(Problem::new(ErrorCode::QuotaExceeded, detail), LATER)
}
