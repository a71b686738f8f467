//! An organization's config, and its revisions. The config is the revision in force. Revisions stay
//! when the config is deleted.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant, word};
use super::id::{AgentId, ConfigId, KeyId, OrganizationId, UserId};
use super::lists::{BoundedRows, ListPosition, Listed, Page};
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// The author of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A key of the organization.
    Key(KeyId),
    /// A user, through a key of theirs.
    User(UserId),
}

/// What a revision saves: the four fields, and the warnings of the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The call plan's text, byte for byte.
    pub workflow_definition: String,
    /// The agent that answers where the plan does not choose one.
    pub fallback_agent_id: Option<AgentId>,
    /// Its version; `None` for the newest published one. Needs an agent.
    pub fallback_agent_version: Option<u32>,
    /// Whether the plan is run.
    pub enabled: bool,
    /// The warnings of the check when it was saved: JSON.
    pub diagnostics: String,
}

/// An organization's current config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Its id. A config that is made after a DELETE has a new one.
    pub id: ConfigId,
    /// The organization that it belongs to.
    pub organization_id: OrganizationId,
    /// The number of the revision in force.
    pub revision: u64,
    /// The fields of the revision in force.
    pub fields: Fields,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the revision in force was made.
    pub updated_at: Timestamp,
}

/// A revision of an organization's config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its number: 1, 2, … within an organization. No number is used twice.
    pub revision: u64,
    /// Its fields; in a list, without the text.
    pub fields: Fields,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Actor,
    /// The revision whose fields it restored, if it restored one.
    pub restored_from: Option<u64>,
}

/// A revision to be made.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// Its fields.
    pub fields: Fields,
    /// The author.
    pub created_by: Actor,
    /// The revision whose fields it restores, if it restores one.
    pub restored_from: Option<u64>,
}

const REVISION: &str = "revision, '', fallback_agent, fallback_version, enabled, diagnostics, revisions.created_at,
                        created_by_kind, created_by, restored_from";

impl Snapshot<'_> {
    /// An organization's config; `None` if there is none.
    pub fn config(&self, organization: OrganizationId) -> Result<Option<Config>, StoreError> {
        self.one(
            "SELECT configs.revision, text, fallback_agent, fallback_version, enabled, diagnostics,
                    revisions.created_at, configs.id, configs.created_at
             FROM configs JOIN revisions USING (organization, revision)
                  JOIN definitions ON definitions.sequence = definition
             WHERE organization = ?1",
            [organization],
            |row| {
                Ok(Config {
                    id: row.get(7)?,
                    organization_id: organization,
                    revision: row.get(0)?,
                    fields: fields(row)?,
                    created_at: instant(row, 8)?,
                    updated_at: instant(row, 6)?,
                })
            },
        )
    }

    /// An organization's revisions, the newest first, without their texts. Those of deleted configs
    /// are among them.
    pub fn revisions(&self, organization: OrganizationId, page: &Page) -> Result<Listed<Revision>, StoreError> {
        let sql = format!(
            "SELECT {REVISION} FROM revisions WHERE organization = ?1 AND revision < ?2 ORDER BY revision DESC LIMIT ?3"
        );
        let read = |row: &Row<'_>| Ok((ListPosition::from(row.get::<_, i64>(0)?), revision(row)?));
        let mut rows = BoundedRows::new();
        self.each(&sql, params![organization, page.before_number(), page.asked()], read, |(place, revision)| {
            let bytes = revision.fields.diagnostics.len();
            rows.add((place, revision), bytes)
        })?;
        Ok(rows.page(page))
    }

    /// One of an organization's revisions, with its text.
    pub fn revision(&self, organization: OrganizationId, number: u64) -> Result<Option<Revision>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let sql = format!(
            "SELECT {} FROM revisions JOIN definitions ON definitions.sequence = definition
             WHERE organization = ?1 AND revision = ?2",
            REVISION.replacen("''", "text", 1)
        );
        self.one(&sql, params![organization, number], revision)
    }

    /// The size of a revision's text in bytes, without reading the text; `None` if there is no such
    /// revision.
    pub fn definition_size(&self, organization: OrganizationId, number: u64) -> Result<Option<usize>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let sql = "SELECT octet_length(text) FROM revisions JOIN definitions ON definitions.sequence = definition
                   WHERE organization = ?1 AND revision = ?2";
        self.one(sql, params![organization, number], |row| row.get(0))
    }

    pub(super) fn has_config(&self, organization: OrganizationId) -> Result<bool, StoreError> {
        Ok(self.one("SELECT 1 FROM configs WHERE organization = ?1", [organization], |_| Ok(()))?.is_some())
    }

    /// The definition of a revision, if its text equals `text`.
    fn definition(&self, organization: OrganizationId, number: i64, text: &str) -> Result<Option<i64>, StoreError> {
        self.one(
            "SELECT definition FROM revisions JOIN definitions ON definitions.sequence = definition
             WHERE organization = ?1 AND revision = ?2 AND text = ?3",
            params![organization, number, text],
            |row| row.get(0),
        )
    }
}

impl Transaction<'_> {
    /// Makes the organization's config, with the next revision.
    pub fn create_config(
        &self,
        organization: OrganizationId,
        new: NewRevision,
        now: Timestamp,
    ) -> Result<Config, StoreError> {
        if self.has_config(organization)? {
            return Err(Conflict::ConfigExists.into());
        }
        let (id, now) = (ConfigId::random(), Microsecond::from(now));
        let revision = self.add_revision(organization, &new, now)?;
        let sql = "INSERT INTO configs (organization, id, revision, created_at) VALUES (?1, ?2, ?3, ?4)";
        self.change(sql, params![organization, id, revision, now])?;
        self.config(organization)?.ok_or(StoreError::Corrupt)
    }

    /// Saves the next revision of the organization's config and puts it in force. The states of
    /// switches that are not in `declared` are deleted.
    pub fn save_config(
        &self,
        organization: OrganizationId,
        new: NewRevision,
        declared: &[String],
        now: Timestamp,
    ) -> Result<Config, StoreError> {
        if !self.has_config(organization)? {
            return Err(Conflict::NoConfig.into());
        }
        let revision = self.add_revision(organization, &new, Microsecond::from(now))?;
        self.change("UPDATE configs SET revision = ?2 WHERE organization = ?1", params![organization, revision])?;
        self.forget_switches(organization, declared)?;
        self.config(organization)?.ok_or(StoreError::Corrupt)
    }

    /// Deletes the organization's config and the states of its switches. Its revisions stay.
    pub fn delete_config(&self, organization: OrganizationId) -> Result<(), StoreError> {
        match self.change("DELETE FROM configs WHERE organization = ?1", [organization])? {
            0 => Err(Conflict::NoConfig.into()),
            _ => self.routing_changes(organization),
        }
    }

    fn add_revision(
        &self,
        organization: OrganizationId,
        new: &NewRevision,
        now: Microsecond,
    ) -> Result<i64, StoreError> {
        self.routing_changes(organization)?;
        let sql = "UPDATE organizations SET last_revision = last_revision + 1 WHERE id = ?1 RETURNING last_revision";
        let number: i64 = self.one(sql, [organization], |row| row.get(0))?.ok_or(Conflict::NoOrganization)?;
        let fields = &new.fields;
        self.change(
            "INSERT INTO revisions (organization, revision, definition, fallback_agent, fallback_version, enabled,
                                    diagnostics, created_at, created_by_kind, created_by, restored_from)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                organization,
                number,
                self.definition_for(organization, number, new)?,
                fields.fallback_agent_id,
                fields.fallback_agent_version,
                fields.enabled,
                fields.diagnostics,
                now,
                new.created_by.kind(),
                new.created_by,
                new.restored_from,
            ],
        )?;
        Ok(number)
    }

    /// The definition for a new revision. A text that equals the one before, or the restored one,
    /// is shared with it. So switching a config of megabytes on and off writes no text.
    fn definition_for(&self, organization: OrganizationId, number: i64, new: &NewRevision) -> Result<i64, StoreError> {
        let text = &new.fields.workflow_definition;
        let restored = new.restored_from.and_then(|number| i64::try_from(number).ok());
        for candidate in [Some(number - 1), restored].into_iter().flatten() {
            if let Some(definition) = self.definition(organization, candidate, text)? {
                return Ok(definition);
            }
        }
        self.add("INSERT INTO definitions (text) VALUES (?1)", [text])
    }
}

impl Actor {
    /// `key` or `user`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::User(_) => "user",
        }
    }

    /// Reads the kind and the id from two adjacent columns.
    pub(super) fn read(row: &Row<'_>, kind: usize) -> rusqlite::Result<Self> {
        Ok(match row.get(kind)? {
            ActorKind::Key => Self::Key(row.get(kind + 1)?),
            ActorKind::User => Self::User(row.get(kind + 1)?),
        })
    }
}

impl ToSql for Actor {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Key(id) => id.to_sql(),
            Self::User(id) => id.to_sql(),
        }
    }
}

#[derive(Clone, Copy)]
enum ActorKind {
    Key,
    User,
}

impl FromSql for ActorKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        word(value, &[("key", Self::Key), ("user", Self::User)])
    }
}

/// From the columns after the revision's number.
fn fields(row: &Row<'_>) -> rusqlite::Result<Fields> {
    Ok(Fields {
        workflow_definition: row.get(1)?,
        fallback_agent_id: row.get(2)?,
        fallback_agent_version: row.get(3)?,
        enabled: row.get(4)?,
        diagnostics: row.get(5)?,
    })
}

fn revision(row: &Row<'_>) -> rusqlite::Result<Revision> {
    Ok(Revision {
        revision: row.get(0)?,
        fields: fields(row)?,
        created_at: instant(row, 6)?,
        created_by: Actor::read(row, 7)?,
        restored_from: row.get(9)?,
    })
}
