//! What an organization may send and keep. The operator sets limits; without one of its own, an
//! organization has the server's default.

use std::fmt;
use std::str::FromStr;

use rusqlite::{Row, params};

use super::id::OrganizationId;
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// Something that is limited for each organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// Calls in a second.
    Calls,
    /// Writes in a minute.
    Writes,
    /// Bytes of the plans of all revisions, where the same text counts once, and of what agents and
    /// versions have as descriptions, metadata and configs.
    TextBytes,
    /// Keys that are not revoked.
    Keys,
    /// Agents.
    Agents,
    /// Phone numbers.
    Numbers,
}

impl Limited {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Calls, Self::Writes, Self::TextBytes, Self::Keys, Self::Agents, Self::Numbers];

    /// Its name, as the command line writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Writes => "writes",
            Self::TextBytes => "text-bytes",
            Self::Keys => "keys",
            Self::Agents => "agents",
            Self::Numbers => "numbers",
        }
    }
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no limit of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchLimit;

impl FromStr for Limited {
    type Err = NoSuchLimit;

    fn from_str(name: &str) -> Result<Self, NoSuchLimit> {
        Self::ALL.into_iter().find(|limited| limited.name() == name).ok_or(NoSuchLimit)
    }
}

/// A limit; `None` is no limit.
pub type Limit = Option<u64>;

/// The limits of organizations without limits of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultLimits {
    /// Calls in a second.
    pub calls: Limit,
    /// Writes in a minute.
    pub writes: Limit,
    /// Bytes of texts.
    pub text_bytes: Limit,
    /// Keys that are not revoked.
    pub keys: Limit,
    /// Agents.
    pub agents: Limit,
    /// Phone numbers.
    pub numbers: Limit,
}

impl Default for DefaultLimits {
    fn default() -> Self {
        Self {
            calls: None,
            writes: Some(60_000),
            text_bytes: Some(1 << 30),
            keys: Some(1_000),
            agents: Some(10_000),
            numbers: Some(100_000),
        }
    }
}

impl DefaultLimits {
    /// The limit of something.
    pub fn of(&self, limited: Limited) -> Limit {
        match limited {
            Limited::Calls => self.calls,
            Limited::Writes => self.writes,
            Limited::TextBytes => self.text_bytes,
            Limited::Keys => self.keys,
            Limited::Agents => self.agents,
            Limited::Numbers => self.numbers,
        }
    }
}

/// A limit that an organization has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnLimit {
    /// The organization.
    pub organization: OrganizationId,
    /// What is limited.
    pub limited: Limited,
    /// The limit.
    pub limit: Limit,
}

/// How much an organization keeps of what is limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Bytes of texts.
    pub text_bytes: u64,
    /// Keys that are not revoked.
    pub keys: u64,
    /// Agents.
    pub agents: u64,
    /// Phone numbers.
    pub numbers: u64,
}

impl Kept {
    /// How much of something; 0 of what is only sent.
    pub fn of(&self, limited: Limited) -> u64 {
        match limited {
            Limited::Calls | Limited::Writes => 0,
            Limited::TextBytes => self.text_bytes,
            Limited::Keys => self.keys,
            Limited::Agents => self.agents,
            Limited::Numbers => self.numbers,
        }
    }
}

impl Snapshot<'_> {
    /// The limits of organizations that have some of their own. Names that this release does not
    /// know are left out.
    pub fn own_limits(&self) -> Result<Vec<OwnLimit>, StoreError> {
        let rows = self.all("SELECT organization, name, value FROM limits", [], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
        })?;
        let known = |(organization, name, limit): (_, String, _)| {
            Some(OwnLimit { organization, limited: name.parse().ok()?, limit })
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// How much an organization keeps of what is limited.
    pub fn kept(&self, organization: OrganizationId) -> Result<Kept, StoreError> {
        let sql = "SELECT kept_text_bytes, kept_keys, kept_agents, kept_numbers FROM organizations WHERE id = ?1";
        let read = |row: &Row<'_>| {
            let count = |column| row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or_default());
            Ok(Kept { text_bytes: count(0)?, keys: count(1)?, agents: count(2)?, numbers: count(3)? })
        };
        Ok(self.one(sql, [organization], read)?.unwrap_or_default())
    }
}

impl Transaction<'_> {
    /// Gives an organization a limit of its own; without one, it has the server's default again.
    pub fn set_limit(
        &self,
        organization: OrganizationId,
        limited: Limited,
        own: Option<Limit>,
    ) -> Result<(), StoreError> {
        self.organization(organization)?.ok_or(Conflict::NoOrganization)?;
        match own {
            Some(limit) => self.change(
                "INSERT INTO limits (organization, name, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET value = excluded.value",
                params![organization, limited.name(), limit],
            )?,
            None => self.change(
                "DELETE FROM limits WHERE organization = ?1 AND name = ?2",
                params![organization, limited.name()],
            )?,
        };
        self.access_changes()
    }
}
