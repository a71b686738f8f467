//! Keys: what a token is looked up by, and its permissions. The secret itself is not stored.

use ipnet::IpNet;
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant, optional_instant};
use super::configs::Actor;
use super::id::{KeyId, OrganizationId, UserId};
use super::last_use::LastUse;
use super::limits::OwnLimit;
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

/// Who made a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The command line, on the machine of the database.
    CommandLine,
    /// A request with the token of another key.
    Request {
        /// The organization's key, or the user.
        actor: Actor,
        /// The key of the token. The new key is its descendant.
        key: KeyId,
    },
}

impl Maker {
    /// The kind, the actor's id and the key, as columns have them.
    fn columns(self) -> (&'static str, Option<Actor>, Option<KeyId>) {
        match self {
            Self::CommandLine => ("command_line", None, None),
            Self::Request { actor, key } => (actor.kind(), Some(actor), Some(key)),
        }
    }
}

/// The descendants of a key that are in force: the keys made with it, and those made with these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// The nearest first; no more than were asked for.
    pub descendants: Vec<KeyId>,
    /// Whether there are more.
    pub has_more: bool,
}

/// A key that was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The key.
    pub key: Key,
    /// Whether it had not been revoked before.
    pub was_in_force: bool,
    /// The keys that were revoked along with it.
    pub descendants: Vec<Key>,
}

/// A new secret of a key.
#[derive(Clone, Copy, Debug)]
pub struct Rotation {
    /// The SHA-256 of the new token's secret.
    pub hash: [u8; 32],
    /// Until when the token before stays valid.
    pub previous_until: Timestamp,
    /// Who counts as the key's maker from now on, because they know its token; `None` if that stays
    /// as it is.
    pub rotated_by: Option<Maker>,
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
    /// Who made it; `None` if it was made before this was kept.
    pub created_by: Option<Maker>,
    /// From where it may be used; empty if from everywhere.
    pub address_ranges: Vec<IpNet>,
    /// The hash of the token before the last rotation, and until when that token is valid.
    pub previous: Option<([u8; 32], Timestamp)>,
    /// The last use that was written. A running server may know a later one.
    pub last_use: Option<LastUse>,
}

impl Key {
    /// Whether it is neither revoked nor expired.
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
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
    /// Who makes it.
    pub created_by: Maker,
    /// From where it may be used; empty if from everywhere.
    pub address_ranges: Vec<IpNet>,
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
    /// [`Snapshot::clock`].
    pub clock: Option<Timestamp>,
    /// The limits of organizations that have some of their own.
    pub limits: Vec<OwnLimit>,
}

const COLUMNS: &str = "sequence, id, organization, user, name, scopes, hash, created_at, expires_at, revoked_at,
    created_by_kind, created_by, made_with, address_ranges, previous_hash, previous_until, last_used_at, last_used_from";

impl Snapshot<'_> {
    /// The current organizations, users, memberships and keys.
    pub fn access(&self) -> Result<Access, StoreError> {
        let everything = Page::first(usize::MAX);
        let sql = format!("SELECT {COLUMNS} FROM keys WHERE revoked_at IS NULL ORDER BY sequence");
        Ok(Access {
            stamp: self.access_stamp()?,
            clock: self.clock()?,
            organizations: self.organizations(&everything)?.items,
            users: self.users(&everything)?.items,
            memberships: self.memberships()?,
            keys: self.all(&sql, [], |row| key(row).map(|(_, key)| key))?,
            limits: self.own_limits()?,
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

impl Snapshot<'_> {
    /// The descendants of a key that are in force, at most `limit`.
    pub fn family(&self, id: KeyId, limit: usize) -> Result<Family, StoreError> {
        let sql = "WITH RECURSIVE family (id) AS (
                     SELECT id FROM keys WHERE made_with = ?1 AND revoked_at IS NULL
                     UNION
                     SELECT keys.id FROM family JOIN keys ON made_with = family.id WHERE revoked_at IS NULL
                     LIMIT ?2)
                   SELECT id FROM family WHERE id <> ?1";
        // One more for the key itself: a key that rotates its maker becomes the maker's maker.
        let asked = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(2);
        let mut descendants: Vec<KeyId> = self.all(sql, params![id, asked], |row| row.get(0))?;
        let has_more = descendants.len() > limit;
        descendants.truncate(limit);
        Ok(Family { descendants, has_more })
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
        let (kind, maker, made_with) = new.created_by.columns();
        let ranges: Vec<String> = new.address_ranges.iter().map(ToString::to_string).collect();
        self.change(
            "INSERT INTO keys (id, organization, user, name, scopes, hash, created_at, expires_at, created_by_kind,
                               created_by, made_with, address_ranges)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                new.id,
                organization,
                user,
                new.name,
                new.scopes.join(" "),
                new.hash,
                now,
                expires_at,
                kind,
                maker,
                made_with,
                ranges.join(" ")
            ],
        )?;
        self.access_changes()?;
        let NewKey { id, owner, name, scopes, hash, created_by, address_ranges, expires_at: _ } = new;
        Ok(Key {
            id,
            owner,
            name,
            scopes,
            hash,
            created_at: now.timestamp(),
            expires_at: expires_at.map(Microsecond::timestamp),
            revoked_at: None,
            created_by: Some(created_by),
            address_ranges,
            previous: None,
            last_use: None,
        })
    }

    /// Revokes a key and its descendants, and gives them. Revoking it twice changes nothing. `None`
    /// if there is no such key.
    pub fn revoke_key(&self, id: KeyId, now: Timestamp) -> Result<Option<Revoked>, StoreError> {
        let mut descendants = self.revoke_family(&[id], now)?;
        let was_in_force = descendants.iter().any(|key| key.id == id);
        descendants.retain(|key| key.id != id);
        Ok(self.key(id)?.map(|key| Revoked { key, was_in_force, descendants }))
    }

    /// Revokes the keys that a user has made for an organization, and all their descendants.
    pub(super) fn revoke_keys_by(
        &self,
        user: UserId,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Key>, StoreError> {
        let sql = "SELECT id FROM keys WHERE created_by = ?1 AND organization = ?2 AND created_by_kind = 'user'";
        let made: Vec<KeyId> = self.all(sql, params![user, organization], |row| row.get(0))?;
        self.revoke_family(&made, now)
    }

    /// Revokes keys and all their descendants, and gives those that were in force, the oldest first.
    fn revoke_family(&self, ids: &[KeyId], now: Timestamp) -> Result<Vec<Key>, StoreError> {
        let sql = format!(
            "WITH RECURSIVE family (id) AS (
               SELECT ?1 UNION SELECT keys.id FROM family JOIN keys ON made_with = family.id)
             UPDATE keys SET revoked_at = ?2
             WHERE id IN (SELECT id FROM family) AND revoked_at IS NULL RETURNING {COLUMNS}"
        );
        let mut revoked = Vec::new();
        for id in ids {
            revoked.extend(self.all(&sql, params![id, Microsecond::from(now)], key)?);
        }
        self.access_changes()?;
        revoked.sort_by_key(|(position, _)| position.0);
        Ok(revoked.into_iter().map(|(_, key)| key).collect())
    }

    /// Gives a key a new secret. The one before stays valid for a while; one before that does not.
    /// `None` if there is no such key.
    pub fn rotate_key(&self, id: KeyId, rotation: Rotation) -> Result<Option<Key>, StoreError> {
        let Rotation { hash, previous_until, rotated_by } = rotation;
        let sql = "UPDATE keys SET previous_hash = hash, previous_until = ?3, hash = ?2 WHERE id = ?1";
        self.change(sql, params![id, hash, Microsecond::from(previous_until)])?;
        if let Some(maker) = rotated_by {
            let (kind, actor, key) = maker.columns();
            let sql = "UPDATE keys SET created_by_kind = ?2, created_by = ?3, made_with = ?4 WHERE id = ?1";
            self.change(sql, params![id, kind, actor, key])?;
        }
        self.access_changes()?;
        self.key(id)
    }

    /// Notes when keys were last used. It does not count as a change of access.
    pub fn note_uses(&self, uses: &[(KeyId, LastUse)]) -> Result<(), StoreError> {
        let sql = "UPDATE keys SET last_used_at = ?2, last_used_from = ?3 WHERE id = ?1";
        let row = |(id, last): &(KeyId, LastUse)| {
            (*id, Microsecond::from(last.at), last.from.map(|address| address.to_string()))
        };
        self.change_each(sql, uses.iter().map(row))
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
        created_by: maker(row)?,
        address_ranges: row.get_ref(13)?.as_str()?.split_whitespace().filter_map(|range| range.parse().ok()).collect(),
        previous: row.get::<_, Option<[u8; 32]>>(14)?.zip(optional_instant(row, 15)?),
        last_use: last_use(row)?,
    };
    Ok((row.get::<_, i64>(0)?.into(), key))
}

fn maker(row: &Row<'_>) -> rusqlite::Result<Option<Maker>> {
    Ok(match row.get_ref(10)?.as_str_or_null()? {
        None => None,
        Some("command_line") => Some(Maker::CommandLine),
        Some(_) => Some(Maker::Request { actor: Actor::read(row, 10)?, key: row.get(12)? }),
    })
}

fn last_use(row: &Row<'_>) -> rusqlite::Result<Option<LastUse>> {
    let from = row.get_ref(17)?.as_str_or_null()?.and_then(|address| address.parse().ok());
    Ok(optional_instant(row, 16)?.map(|at| LastUse { at, from }))
}
