//! Organizations, users, and which user is a member of which organization.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant};
use super::id::{OrganizationId, UserId};
use super::keys::Key;
use super::lists::{ListPosition, Listed, Page};
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// The name that people see; it need not be unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The name that people see; it need not be unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Snapshot<'_> {
    /// An organization.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        self.one("SELECT sequence, id, name, created_at FROM organizations WHERE id = ?1", [id], organization)
            .map(|row| row.map(|(_, organization)| organization))
    }

    /// All organizations, the oldest first.
    pub fn organizations(&self, page: &Page) -> Result<Listed<Organization>, StoreError> {
        let sql =
            "SELECT sequence, id, name, created_at FROM organizations WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        Ok(Listed::new(page, self.all(sql, params![page.after_number(), page.asked()], organization)?))
    }

    /// The ids of all organizations, the oldest first.
    pub fn organization_ids(&self) -> Result<Vec<OrganizationId>, StoreError> {
        self.all("SELECT id FROM organizations ORDER BY sequence", [], |row| row.get(0))
    }

    /// A user.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.one("SELECT sequence, id, name, created_at FROM users WHERE id = ?1", [id], user)
            .map(|row| row.map(|(_, user)| user))
    }

    /// All users, the oldest first.
    pub fn users(&self, page: &Page) -> Result<Listed<User>, StoreError> {
        let sql = "SELECT sequence, id, name, created_at FROM users WHERE sequence > ?1 ORDER BY sequence LIMIT ?2";
        Ok(Listed::new(page, self.all(sql, params![page.after_number(), page.asked()], user)?))
    }

    /// The organizations that a user is a member of, the oldest first.
    pub fn organizations_of(&self, user: UserId) -> Result<Vec<OrganizationId>, StoreError> {
        let sql = "SELECT organization FROM memberships JOIN organizations ON organizations.id = organization
                   WHERE user = ?1 ORDER BY sequence";
        self.all(sql, [user], |row| row.get(0))
    }

    /// The organizations that a user is a member of, by name; no more than `limit`.
    pub fn organizations_by_name(&self, user: UserId, limit: u32) -> Result<Vec<Organization>, StoreError> {
        let sql = "SELECT sequence, id, name, created_at FROM memberships
                   JOIN organizations ON organizations.id = organization
                   WHERE user = ?1 ORDER BY name COLLATE NOCASE, sequence LIMIT ?2";
        let rows = self.all(sql, params![user, limit], organization)?;
        Ok(rows.into_iter().map(|(_, organization)| organization).collect())
    }

    /// All memberships.
    pub fn memberships(&self) -> Result<Vec<(UserId, OrganizationId)>, StoreError> {
        self.all("SELECT user, organization FROM memberships", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// A number that grows with each write to organizations, users, memberships or keys, by any
    /// process. Reading it costs one row: read the rest again only when it has changed.
    pub fn access_stamp(&self) -> Result<i64, StoreError> {
        let stamp = self.one("SELECT stamp FROM access", [], |row| row.get(0))?;
        stamp.ok_or(StoreError::Corrupt)
    }

    /// A number that grows with each write to what an organization's routing reads: its config,
    /// switches, agents, versions and numbers. While it is the same, all of these are the same.
    pub fn stamp(&self, id: OrganizationId) -> Result<i64, StoreError> {
        let stamp = self.one("SELECT stamp FROM organizations WHERE id = ?1", [id], |row| row.get(0))?;
        stamp.ok_or(Conflict::NoOrganization.into())
    }
}

impl Transaction<'_> {
    /// Makes an organization.
    pub fn create_organization(&self, name: &str, now: Timestamp) -> Result<Organization, StoreError> {
        let (id, now) = (OrganizationId::random(), Microsecond::from(now));
        self.change("INSERT INTO organizations (id, name, created_at) VALUES (?1, ?2, ?3)", params![id, name, now])?;
        self.access_changes()?;
        Ok(Organization { id, name: name.to_owned(), created_at: now.timestamp() })
    }

    /// Makes a user, who is not a member of any organization yet.
    pub fn create_user(&self, name: &str, now: Timestamp) -> Result<User, StoreError> {
        let (id, now) = (UserId::random(), Microsecond::from(now));
        self.change("INSERT INTO users (id, name, created_at) VALUES (?1, ?2, ?3)", params![id, name, now])?;
        self.access_changes()?;
        Ok(User { id, name: name.to_owned(), created_at: now.timestamp() })
    }

    /// Makes a user a member, and says whether the membership is new.
    pub fn join(&self, user: UserId, organization: OrganizationId) -> Result<bool, StoreError> {
        self.user(user)?.ok_or(Conflict::NoUser)?;
        self.organization(organization)?.ok_or(Conflict::NoOrganization)?;
        let sql = "INSERT INTO memberships (user, organization) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        let added = self.change(sql, params![user, organization])?;
        self.access_changes()?;
        Ok(added > 0)
    }

    /// Ends a membership. The keys that the user has made for the organization end with it, and
    /// their descendants: it gives them. `None` if there was no membership.
    pub fn leave(
        &self,
        user: UserId,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Option<Vec<Key>>, StoreError> {
        let sql = "DELETE FROM memberships WHERE user = ?1 AND organization = ?2";
        let removed = self.change(sql, params![user, organization])?;
        self.access_changes()?;
        if removed == 0 {
            return Ok(None);
        }
        self.revoke_keys_by(user, organization, now).map(Some)
    }

    pub(super) fn access_changes(&self) -> Result<(), StoreError> {
        self.change("UPDATE access SET stamp = stamp + 1", []).map(drop)
    }

    /// Must be called by each write to what routing reads. The organization does not exist if no
    /// row changes.
    pub(super) fn routing_changes(&self, organization: OrganizationId) -> Result<(), StoreError> {
        match self.change("UPDATE organizations SET stamp = stamp + 1 WHERE id = ?1", [organization])? {
            0 => Err(Conflict::NoOrganization.into()),
            _ => Ok(()),
        }
    }
}

fn organization(row: &Row<'_>) -> rusqlite::Result<(ListPosition, Organization)> {
    let created_at = instant(row, 3)?;
    Ok((row.get::<_, i64>(0)?.into(), Organization { id: row.get(1)?, name: row.get(2)?, created_at }))
}

fn user(row: &Row<'_>) -> rusqlite::Result<(ListPosition, User)> {
    let created_at = instant(row, 3)?;
    Ok((row.get::<_, i64>(0)?.into(), User { id: row.get(1)?, name: row.get(2)?, created_at }))
}
