//! Erasing: what is deleted is soon not in the file any more.
//!
//! The connections that write overwrite deleted rows with zeros (`PRAGMA secure_delete`). That is
//! not all: when SQLite moves rows from a full page to another, it leaves their bytes in the unused
//! part of the first, where nothing overwrites them later. So after a deletion the log of calls is
//! *rewritten*, in small steps: each kind of calls gets a new number, the highest of all, so that
//! its calls move to the end of the table, and the pages that they leave become free, which
//! overwrites them whole. What is in the write-ahead log goes when the log is emptied (`writer`).

use jiff::Timestamp;
use rusqlite::params;

use super::calls::KindNumber;
use super::columns::{Microsecond, optional_instant};
use super::id::{CallId, OrganizationId, UserId};
use super::keys::Key;
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// Free pages that a file may have for new rows: this number, or an eighth of all pages.
const MINIMUM_FREE_PAGES: i64 = 256;

/// What goes with an organization or a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belongings {
    /// Revisions of its config.
    pub revisions: u64,
    /// Agents.
    pub agents: u64,
    /// Phone numbers.
    pub phone_numbers: u64,
    /// Keys, revoked ones too.
    pub keys: u64,
    /// Memberships.
    pub memberships: u64,
    /// Calls in the log.
    pub calls: u64,
}

/// Whose call it is, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCaller {
    /// The call.
    pub id: CallId,
    /// The caller's number.
    pub number: Option<String>,
    /// What few calls bring: JSON.
    pub further: Option<String>,
}

impl Snapshot<'_> {
    /// The kinds of calls of an organization, or of all.
    pub fn log_kinds(&self, organization: Option<OrganizationId>) -> Result<Vec<KindNumber>, StoreError> {
        let sql = "SELECT sequence FROM call_kinds WHERE ?1 IS NULL OR organization = ?1 ORDER BY sequence";
        self.all(sql, [organization], |row| row.get(0).map(KindNumber))
    }

    /// Whose a kind's calls are, in the order of their ids; at most `limit`, behind `after`.
    pub fn callers(
        &self,
        kind: KindNumber,
        after: Option<CallId>,
        limit: usize,
    ) -> Result<Vec<StoredCaller>, StoreError> {
        let sql = "SELECT id, caller_number, further FROM calls WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
        let after = after.unwrap_or(CallId([0; 16]));
        self.all(sql, params![kind.0, after, limit_of(limit)], |row| {
            Ok(StoredCaller { id: row.get(0)?, number: row.get(1)?, further: row.get(2)? })
        })
    }

    /// Whether calls have been deleted since the log was last rewritten.
    pub fn must_rewrite(&self) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT erasures FROM maintenance WHERE erasures > rewritten";
        self.one(sql, [], |row| row.get(0))
    }

    /// The time by which calls are old and keys expire, as it was last kept. A database without one
    /// has the time of its newest call.
    pub fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let kept = self.one("SELECT clock FROM maintenance", [], |row| optional_instant(row, 0))?.flatten();
        if kept.is_some() {
            return Ok(kept);
        }
        let sql = "SELECT (SELECT max(id) FROM calls WHERE kind = sequence) FROM call_kinds";
        let newest: Vec<Option<CallId>> = self.all(sql, [], |row| row.get(0))?;
        Ok(newest.into_iter().flatten().max().map(|id| id.created_at()))
    }

    /// The organization whose calls these are; `None` if there is no such kind any more.
    pub fn organization_of_calls(&self, kind: KindNumber) -> Result<Option<OrganizationId>, StoreError> {
        self.one("SELECT organization FROM call_kinds WHERE sequence = ?1", [kind.0], |row| row.get(0))
    }

    /// What an organization has.
    pub fn belongings(&self, organization: OrganizationId) -> Result<Belongings, StoreError> {
        let count = |sql: &str| {
            let count: Option<u64> = self.one(sql, [organization], |row| row.get(0))?;
            Ok::<_, StoreError>(count.unwrap_or_default())
        };
        Ok(Belongings {
            revisions: count("SELECT count(*) FROM revisions WHERE organization = ?1")?,
            agents: count("SELECT count(*) FROM agents WHERE organization = ?1")?,
            phone_numbers: count("SELECT count(*) FROM phone_numbers WHERE organization = ?1")?,
            keys: count("SELECT count(*) FROM keys WHERE organization = ?1")?,
            memberships: count("SELECT count(*) FROM memberships WHERE organization = ?1")?,
            calls: count(
                "SELECT coalesce(sum((SELECT count(*) FROM calls WHERE kind = sequence)), 0)
                 FROM call_kinds WHERE organization = ?1",
            )?,
        })
    }
}

impl Transaction<'_> {
    /// Deletes these calls of a kind, and says how many there were.
    pub fn delete_calls(&self, kind: KindNumber, ids: &[CallId]) -> Result<usize, StoreError> {
        let mut deleted = 0;
        for id in ids {
            deleted += self.change("DELETE FROM calls WHERE kind = ?1 AND id = ?2", params![kind.0, id])?;
        }
        self.forget_empty_kind(kind)?;
        self.note_erasure(deleted)?;
        Ok(deleted)
    }

    pub(super) fn forget_empty_kind(&self, kind: KindNumber) -> Result<(), StoreError> {
        let sql = "DELETE FROM call_kinds WHERE sequence = ?1 AND NOT EXISTS (SELECT 1 FROM calls WHERE kind = ?1)";
        self.change(sql, [kind.0]).map(drop)
    }

    pub(super) fn note_erasure(&self, deleted: usize) -> Result<(), StoreError> {
        match deleted {
            0 => Ok(()),
            _ => self.change("UPDATE maintenance SET erasures = erasures + 1", []).map(drop),
        }
    }

    /// Rewrites at most `limit` calls of a kind. Gives the number that the kind gets, until all of
    /// its calls have moved there.
    pub fn rewrite_calls(
        &self,
        kind: KindNumber,
        to: Option<KindNumber>,
        limit: usize,
    ) -> Result<Option<KindNumber>, StoreError> {
        let Some(to) = to.map_or_else(|| self.kind_like(kind), |to| Ok(Some(to)))? else { return Ok(None) };
        let sql = "SELECT id FROM calls WHERE kind = ?1 ORDER BY id LIMIT ?2";
        let ids: Vec<CallId> = self.all(sql, params![kind.0, limit_of(limit)], |row| row.get(0))?;
        if let Some(last) = ids.last() {
            self.change(
                "INSERT INTO calls (kind, id, revision, version, caller_number, called_number, trunk_id, timestamp,
                                    decision, switches, further)
                 SELECT ?3, id, revision, version, caller_number, called_number, trunk_id, timestamp, decision, switches,
                   further
                 FROM calls WHERE kind = ?1 AND id <= ?2 ORDER BY id",
                params![kind.0, last, to.0],
            )?;
            self.change("DELETE FROM calls WHERE kind = ?1 AND id <= ?2", params![kind.0, last])?;
        }
        let is_over = ids.len() < limit;
        if is_over {
            self.forget_empty_kind(kind)?;
        }
        Ok((!is_over).then_some(to))
    }

    /// A new kind that is like another; `None` if there is no such kind.
    fn kind_like(&self, kind: KindNumber) -> Result<Option<KindNumber>, StoreError> {
        let sql = "INSERT INTO call_kinds (organization, action, source, rule, agent, release, masked, decision)
                   SELECT organization, action, source, rule, agent, release, masked, decision
                   FROM call_kinds WHERE sequence = ?1 RETURNING sequence";
        self.one(sql, [kind.0], |row| row.get(0).map(KindNumber))
    }

    /// Keeps that all that was deleted before `erasures` has been rewritten.
    pub fn has_rewritten(&self, erasures: i64) -> Result<(), StoreError> {
        self.change("UPDATE maintenance SET rewritten = ?1", [erasures]).map(drop)
    }

    /// Gives free pages back to the disk, at most `limit`, and says whether there are more to give
    /// back. A file that an earlier release made gives none back.
    pub fn shrink(&self, limit: u32) -> Result<bool, StoreError> {
        let sql = "SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count";
        let free = || self.one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let Some((before, pages)) = free()? else { return Ok(false) };
        if before <= MINIMUM_FREE_PAGES.max(pages / 8) {
            return Ok(false);
        }
        self.all(&format!("PRAGMA incremental_vacuum({limit})"), [], |_| Ok(()))?;
        Ok(free()?.is_some_and(|(after, _): (i64, i64)| after < before))
    }

    /// Keeps the time by which calls are old and keys expire.
    pub fn keep_clock(&self, clock: Timestamp) -> Result<(), StoreError> {
        self.change("UPDATE maintenance SET clock = ?1", [Microsecond::from(clock)]).map(drop)
    }

    /// Deletes an organization with all that belongs to it. Delete its calls before, in small
    /// steps: a call is all that may be left, of those that are logged meanwhile.
    pub fn delete_organization(&self, id: OrganizationId) -> Result<(), StoreError> {
        for kind in self.log_kinds(Some(id))? {
            let deleted = self.change("DELETE FROM calls WHERE kind = ?1", [kind.0])?;
            self.forget_empty_kind(kind)?;
            self.note_erasure(deleted)?;
        }
        for sql in [
            "DELETE FROM configs WHERE organization = ?1",
            "DELETE FROM phone_numbers WHERE organization = ?1",
            "DELETE FROM agents WHERE organization = ?1",
            "DELETE FROM keys WHERE organization = ?1",
            "DELETE FROM memberships WHERE organization = ?1",
        ] {
            self.change(sql, [id])?;
        }
        let sql = "DELETE FROM revisions WHERE organization = ?1 RETURNING definition";
        self.forget_definitions(self.all(sql, [id], |row| row.get(0))?)?;
        if self.change("DELETE FROM organizations WHERE id = ?1", [id])? == 0 {
            return Err(Conflict::NoOrganization.into());
        }
        self.access_changes()
    }

    /// Deletes a user with their keys and memberships, and revokes the keys that they made for
    /// organizations. What they wrote keeps their id. Gives the memberships, each with the keys that
    /// were revoked along.
    pub fn delete_user(&self, id: UserId, now: Timestamp) -> Result<Vec<(OrganizationId, Vec<Key>)>, StoreError> {
        let mut ended = Vec::new();
        for organization in self.organizations_of(id)? {
            ended.push((organization, self.leave(id, organization, now)?.unwrap_or_default()));
        }
        self.change("DELETE FROM keys WHERE user = ?1", [id])?;
        if self.change("DELETE FROM users WHERE id = ?1", [id])? == 0 {
            return Err(Conflict::NoUser.into());
        }
        self.access_changes()?;
        Ok(ended)
    }
}

fn limit_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
