//! How long calls are kept, and how many revisions. The operator sets it for the server, and for
//! organizations that differ.

use jiff::Timestamp;
use rusqlite::params;

use super::calls::{KindNumber, first_microsecond};
use super::columns::Microsecond;
use super::id::{CallId, OrganizationId};
use super::problems::StoreError;
use super::transaction::{Snapshot, Transaction};

/// What an organization has of its own; without it, the server's options hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnRetention {
    /// For how many days its calls are kept.
    pub call_log_days: Option<u32>,
    /// How many of its newest revisions are kept in any case.
    pub revisions: Option<u32>,
}

/// Which organizations have a setting of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetentionOf {
    /// One that has its own.
    Organization(OrganizationId),
    /// All that have none.
    Others,
}

impl Snapshot<'_> {
    /// The organizations that have something of their own, with it.
    pub fn own_retentions(&self) -> Result<Vec<(OrganizationId, OwnRetention)>, StoreError> {
        let sql = "SELECT id, call_log_days, kept_revisions FROM organizations
                   WHERE call_log_days IS NOT NULL OR kept_revisions IS NOT NULL";
        self.all(sql, [], |row| Ok((row.get(0)?, OwnRetention { call_log_days: row.get(1)?, revisions: row.get(2)? })))
    }

    /// The kinds that have calls decided before this instant.
    pub fn kinds_before(&self, of: RetentionOf, instant: Timestamp) -> Result<Vec<KindNumber>, StoreError> {
        let sql = "SELECT call_kinds.sequence FROM call_kinds JOIN organizations ON organizations.id = call_kinds.organization
                   WHERE CASE WHEN ?1 IS NULL THEN organizations.call_log_days IS NULL ELSE organizations.id = ?1 END
                     AND EXISTS (SELECT 1 FROM calls WHERE kind = call_kinds.sequence AND calls.id < ?2)";
        let before = CallId::first_at(first_microsecond(instant));
        self.all(sql, params![of.organization(), before], |row| row.get(0).map(KindNumber))
    }

    /// The organizations that have more revisions than this.
    pub fn with_more_revisions(&self, of: RetentionOf, kept: u32) -> Result<Vec<OrganizationId>, StoreError> {
        let sql = "SELECT id FROM organizations
                   WHERE CASE WHEN ?1 IS NULL THEN kept_revisions IS NULL ELSE id = ?1 END
                     AND EXISTS (SELECT 1 FROM revisions WHERE organization = id LIMIT 1 OFFSET ?2)";
        self.all(sql, params![of.organization(), kept], |row| row.get(0))
    }
}

impl RetentionOf {
    fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::Others => None,
        }
    }
}

impl Transaction<'_> {
    /// Gives an organization its own, or the server's again.
    pub fn set_retention(&self, organization: OrganizationId, own: OwnRetention) -> Result<(), StoreError> {
        let sql = "UPDATE organizations SET call_log_days = ?2, kept_revisions = ?3 WHERE id = ?1";
        self.change(sql, params![organization, own.call_log_days, own.revisions]).map(drop)
    }

    /// Deletes at most `limit` of an organization's oldest revisions, and says how many. The newest
    /// `kept` stay, and so does each that was in force at `since` or later, or when the oldest call
    /// that is kept was decided: no call loses the plan that decided it.
    pub fn prune_revisions(
        &self,
        organization: OrganizationId,
        kept: u32,
        since: Timestamp,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let sql = "SELECT min((SELECT min(id) FROM calls WHERE kind = call_kinds.sequence)) FROM call_kinds
                   WHERE organization = ?1";
        let oldest: Option<CallId> = self.one(sql, [organization], |row| row.get(0))?.flatten();
        let since = oldest.map_or(since, |oldest| since.min(oldest.created_at()));
        let sql = "DELETE FROM revisions WHERE organization = ?1 AND revision IN (
                     SELECT revision FROM revisions WHERE organization = ?1
                     AND revision < (SELECT max(revision) FROM revisions WHERE organization = ?1 AND created_at <= ?2)
                     AND revision <= (SELECT revision FROM revisions WHERE organization = ?1
                                      ORDER BY revision DESC LIMIT 1 OFFSET ?3)
                     ORDER BY revision LIMIT ?4)
                   RETURNING definition";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let parameters = params![organization, Microsecond::from(since), kept, limit];
        let definitions: Vec<i64> = self.all(sql, parameters, |row| row.get(0))?;
        let pruned = definitions.len();
        self.forget_definitions(definitions)?;
        Ok(pruned)
    }

    /// Deletes those of these texts that no revision has any more.
    pub(super) fn forget_definitions(&self, mut definitions: Vec<i64>) -> Result<(), StoreError> {
        definitions.sort_unstable();
        definitions.dedup();
        let sql = "DELETE FROM definitions WHERE sequence = ?1
                   AND NOT EXISTS (SELECT 1 FROM revisions WHERE definition = ?1)";
        self.change_each(sql, definitions.into_iter().map(|definition| [definition])).map(drop)
    }
}
