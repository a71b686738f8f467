//! Keys: what a token is looked up by, and its permissions. The secret itself is not stored.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant, optional_instant};
use super::id::{KeyId, OrganizationId, UserId};
use super::lists::{ListPosition, Listed, Page};
use super::organizations::{Organization, User};
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// The owner of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// `ak_…`: an organization; the key is valid for it alone.
    Organization(OrganizationId),
    /// `pat_…`: a user; the key is valid for each organization the user is a member of.
    User(UserId),
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The part of the token that is not secret.
    pub id: KeyId,
    /// The owner.
    pub owner: Owner,
    /// What people call it.
    pub name: String,
    /// The names of its scopes, in the order in which they were given.
    pub scopes: Vec<String>,
    /// The SHA-256 of the token's secret.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires; `None` if it never does.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked; `None` if it is not.
    pub revoked_at: Option<Timestamp>,
}

/// The fields of a key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its id, which is part of the token.
    pub id: KeyId,
    /// The owner.
    pub owner: Owner,
    /// What people call it.
    pub name: String,
    /// The names of its scopes, without spaces in them.
    pub scopes: Vec<String>,
    /// The SHA-256 of the token's secret.
    pub hash: [u8; 32],
    /// When it expires; `None` if it never does.
    pub expires_at: Option<Timestamp>,
}

/// All organizations, users, memberships and valid keys. It is small, and read at once.
#[derive(Clone, Debug)]
pub struct Access {
    /// [`Snapshot::access_stamp`] of this state.
    pub stamp: i64,
    /// All organizations, the oldest first.
    pub organizations: Vec<Organization>,
    /// All users, the oldest first.
    pub users: Vec<User>,
    /// The members of the organizations.
    pub memberships: Vec<(UserId, OrganizationId)>,
    /// All keys that are not revoked, the oldest first.
    pub keys: Vec<Key>,
}

const COLUMNS: &str = "sequence, id, organization, user, name, scopes, hash, created_at, expires_at, revoked_at";

impl Snapshot<'_> {
    /// The current organizations, users, memberships and keys.
    pub fn access(&self) -> Result<Access, StoreError> {
        let everything = Page::first(usize::MAX);
        let sql = format!("SELECT {COLUMNS} FROM keys WHERE revoked_at IS NULL ORDER BY sequence");
        Ok(Access {
            stamp: self.access_stamp()?,
            organizations: self.organizations(&everything)?.items,
            users: self.users(&everything)?.items,
            memberships: self.memberships()?,
            keys: self.all(&sql, [], |row| key(row).map(|(_, key)| key))?,
        })
    }

    /// A key, revoked or not.
    pub fn key(&self, id: KeyId) -> Result<Option<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM keys WHERE id = ?1");
        Ok(self.one(&sql, [id], key)?.map(|(_, key)| key))
    }

    /// All keys, including revoked ones, the oldest first.
    pub fn keys(&self, page: &Page) -> Result<Listed<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM keys WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
        Ok(Listed::new(page, self.all(&sql, params![page.after_number(), page.asked()], key)?))
    }

    /// An organization's own keys, including revoked ones, the oldest first.
    pub fn keys_of(&self, organization: OrganizationId, page: &Page) -> Result<Listed<Key>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM keys WHERE organization = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3");
        Ok(Listed::new(page, self.all(&sql, params![organization, page.after_number(), page.asked()], key)?))
    }
}

impl Transaction<'_> {
    /// Makes a key.
    pub fn create_key(&self, new: NewKey, now: Timestamp) -> Result<Key, StoreError> {
        let (organization, user) = match new.owner {
            Owner::Organization(id) => (Some(self.organization(id)?.ok_or(Conflict::NoOrganization)?.id), None),
            Owner::User(id) => (None, Some(self.user(id)?.ok_or(Conflict::NoUser)?.id)),
        };
        let (now, expires_at) = (Microsecond::from(now), new.expires_at.map(Microsecond::from));
        self.change(
            "INSERT INTO keys (id, organization, user, name, scopes, hash, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![new.id, organization, user, new.name, new.scopes.join(" "), new.hash, now, expires_at],
        )?;
        self.access_changes()?;
        let NewKey { id, owner, name, scopes, hash, .. } = new;
        let expires_at = expires_at.map(Microsecond::timestamp);
        Ok(Key { id, owner, name, scopes, hash, created_at: now.timestamp(), expires_at, revoked_at: None })
    }

    /// Revokes a key, and gives it. Revoking it twice changes nothing. `None` if there is no such
    /// key.
    pub fn revoke_key(&self, id: KeyId, now: Timestamp) -> Result<Option<Key>, StoreError> {
        let sql = "UPDATE keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
        self.change(sql, params![id, Microsecond::from(now)])?;
        self.access_changes()?;
        self.key(id)
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<(ListPosition, Key)> {
    let owner = match row.get(2)? {
        Some(organization) => Owner::Organization(organization),
        None => Owner::User(row.get(3)?),
    };
    let key = Key {
        id: row.get(1)?,
        owner,
        name: row.get(4)?,
        scopes: row.get_ref(5)?.as_str()?.split_whitespace().map(str::to_owned).collect(),
        hash: row.get(6)?,
        created_at: instant(row, 7)?,
        expires_at: optional_instant(row, 8)?,
        revoked_at: optional_instant(row, 9)?,
    };
    Ok((row.get::<_, i64>(0)?.into(), key))
}
