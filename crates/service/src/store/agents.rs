//! Agents and their versions.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant, optional_instant};
use super::id::{AgentId, OrganizationId, VersionId};
use super::lists::{BoundedRows, ListPosition, Listed, Page};
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// What people can write of it.
    pub fields: AgentFields,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the agent was last written. Writing a version does not change it.
    pub updated_at: Timestamp,
}

/// The fields of an agent that people can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentFields {
    /// What people call it.
    pub name: String,
    /// What people say that it is for.
    pub description: Option<String>,
    /// Whether calls may go to it.
    pub active: bool,
    /// Data that clients keep with it: a JSON object.
    pub metadata: Option<String>,
}

/// What people call an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentName {
    /// Its id.
    pub id: AgentId,
    /// What people call it.
    pub name: String,
    /// Whether calls may go to it.
    pub active: bool,
}

/// A version of an agent. It changes only once: a draft is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// The agent's id.
    pub agent_id: AgentId,
    /// Its number; an agent's versions are 1, 2, ….
    pub version: u32,
    /// The configuration of the agent: JSON.
    pub config: Option<String>,
    /// When it was published; `None` for a draft.
    pub published_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where an agent is used, as far as the store knows. It does not know which agents a plan's text
/// names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Whether it is the fallback of the organization's config.
    pub is_fallback: bool,
    /// The numbers that a version of it answers, in their order; at most [`Uses::MOST_NUMBERS`].
    pub phone_numbers: Vec<String>,
    /// Whether it answers more numbers than those.
    pub has_more_numbers: bool,
}

impl Uses {
    /// Maximum number of phone numbers in the list.
    pub const MOST_NUMBERS: usize = 100;

    /// Whether it is used nowhere.
    pub fn is_empty(&self) -> bool {
        !self.is_fallback && self.phone_numbers.is_empty()
    }
}

const AGENT: &str = "sequence, id, name, description, active, metadata, created_at, updated_at";
const VERSION: &str = "id, agent, version, config, published_at, created_at";

impl Snapshot<'_> {
    /// An agent of the organization.
    pub fn agent(&self, organization: OrganizationId, id: AgentId) -> Result<Option<Agent>, StoreError> {
        let sql = format!("SELECT {AGENT} FROM agents WHERE id = ?2 AND organization = ?1");
        Ok(self.one(&sql, params![organization, id], agent)?.map(|(_, agent)| agent))
    }

    /// The organization's agents, the oldest first.
    pub fn agents(&self, organization: OrganizationId, page: &Page) -> Result<Listed<Agent>, StoreError> {
        let sql =
            format!("SELECT {AGENT} FROM agents WHERE organization = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3");
        let mut rows = BoundedRows::new();
        self.each(&sql, params![organization, page.after_number(), page.asked()], agent, |(place, agent)| {
            let AgentFields { name, description, active: _, metadata } = &agent.fields;
            let bytes = [description, metadata].into_iter().flatten().chain([name]).map(String::len).sum();
            rows.add((place, agent), bytes)
        })?;
        Ok(rows.page(page))
    }

    /// The names of the organization's agents, the oldest first, at most `limit`.
    pub fn agent_names(&self, organization: OrganizationId, limit: usize) -> Result<Vec<AgentName>, StoreError> {
        let sql = "SELECT id, name, active FROM agents WHERE organization = ?1 ORDER BY sequence LIMIT ?2";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(sql, params![organization, limit], |row| {
            Ok(AgentName { id: row.get(0)?, name: row.get(1)?, active: row.get(2)? })
        })
    }

    /// A version of an agent of the organization.
    pub fn version(
        &self,
        organization: OrganizationId,
        agent: AgentId,
        number: u32,
    ) -> Result<Option<Version>, StoreError> {
        let sql = format!(
            "SELECT {VERSION} FROM agent_versions WHERE agent = ?2 AND version = ?3
             AND EXISTS (SELECT 1 FROM agents WHERE id = ?2 AND organization = ?1)"
        );
        self.one(&sql, params![organization, agent, number], version)
    }

    /// The version of an agent of the organization with the highest number, draft or not.
    pub fn latest_version(&self, organization: OrganizationId, agent: AgentId) -> Result<Option<Version>, StoreError> {
        let sql = format!(
            "SELECT {VERSION} FROM agent_versions WHERE agent = ?2
             AND EXISTS (SELECT 1 FROM agents WHERE id = ?2 AND organization = ?1) ORDER BY version DESC LIMIT 1"
        );
        self.one(&sql, params![organization, agent], version)
    }

    /// The versions of an agent of the organization, from 1 on; `None` if there is no such agent.
    pub fn versions(
        &self,
        organization: OrganizationId,
        agent: AgentId,
        page: &Page,
    ) -> Result<Listed<Version>, StoreError> {
        let sql = format!(
            "SELECT {VERSION} FROM agent_versions WHERE agent = ?2 AND version > ?3
             AND EXISTS (SELECT 1 FROM agents WHERE id = ?2 AND organization = ?1) ORDER BY version LIMIT ?4"
        );
        let read = |row: &Row<'_>| Ok((ListPosition::from(row.get::<_, i64>(2)?), version(row)?));
        let parameters = params![organization, agent, page.after_number(), page.asked()];
        let mut rows = BoundedRows::new();
        self.each(&sql, parameters, read, |(place, version)| {
            let bytes = version.config.as_ref().map_or(0, String::len);
            rows.add((place, version), bytes)
        })?;
        Ok(rows.page(page))
    }

    /// Where an agent of the organization is used. The plan's text is not searched.
    pub fn agent_uses(&self, organization: OrganizationId, agent: AgentId) -> Result<Uses, StoreError> {
        let fallback = self.one(
            "SELECT 1 FROM configs JOIN revisions USING (organization, revision)
             WHERE organization = ?1 AND fallback_agent = ?2",
            params![organization, agent],
            |_| Ok(()),
        )?;
        let mut phone_numbers = self.all(
            "SELECT phone_number FROM agent_versions JOIN phone_numbers ON inbound_version = agent_versions.id
             WHERE organization = ?1 AND agent = ?2 ORDER BY phone_number LIMIT ?3",
            params![organization, agent, Uses::MOST_NUMBERS + 1],
            |row| row.get(0),
        )?;
        let has_more_numbers = phone_numbers.len() > Uses::MOST_NUMBERS;
        phone_numbers.truncate(Uses::MOST_NUMBERS);
        Ok(Uses { is_fallback: fallback.is_some(), phone_numbers, has_more_numbers })
    }
}

impl Transaction<'_> {
    /// Makes an agent without versions.
    pub fn create_agent(
        &self,
        organization: OrganizationId,
        fields: AgentFields,
        now: Timestamp,
    ) -> Result<Agent, StoreError> {
        self.routing_changes(organization)?;
        let (id, now) = (AgentId::random(), Microsecond::from(now));
        self.change(
            "INSERT INTO agents (id, organization, name, description, active, metadata, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            params![id, organization, fields.name, fields.description, fields.active, fields.metadata, now],
        )?;
        Ok(Agent { id, fields, created_at: now.timestamp(), updated_at: now.timestamp() })
    }

    /// Replaces an agent's fields.
    pub fn save_agent(
        &self,
        organization: OrganizationId,
        id: AgentId,
        fields: AgentFields,
        now: Timestamp,
    ) -> Result<Agent, StoreError> {
        let changed = self.change(
            "UPDATE agents SET name = ?3, description = ?4, active = ?5, metadata = ?6, updated_at = ?7
             WHERE id = ?2 AND organization = ?1",
            params![
                organization,
                id,
                fields.name,
                fields.description,
                fields.active,
                fields.metadata,
                Microsecond::from(now)
            ],
        )?;
        if changed > 0 {
            self.routing_changes(organization)?;
        }
        self.agent(organization, id)?.ok_or(Conflict::NoAgent.into())
    }

    /// Deletes an agent and its versions, unless the store knows of a use. The caller must search
    /// the plan's text, in the same transaction.
    pub fn delete_agent(&self, organization: OrganizationId, id: AgentId) -> Result<(), StoreError> {
        if !self.agent_uses(organization, id)?.is_empty() {
            return Err(Conflict::AgentInUse.into());
        }
        match self.change("DELETE FROM agents WHERE id = ?2 AND organization = ?1", params![organization, id])? {
            0 => Err(Conflict::NoAgent.into()),
            _ => self.routing_changes(organization),
        }
    }

    /// Makes the next version of an agent, as a draft.
    pub fn create_version(
        &self,
        organization: OrganizationId,
        agent: AgentId,
        config: Option<String>,
        now: Timestamp,
    ) -> Result<Version, StoreError> {
        self.agent(organization, agent)?.ok_or(Conflict::NoAgent)?;
        self.routing_changes(organization)?;
        let (id, now) = (VersionId::random(), Microsecond::from(now));
        let number = self.latest_version(organization, agent)?.map_or(1, |latest| latest.version + 1);
        self.change(
            "INSERT INTO agent_versions (id, agent, version, config, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, agent, number, config, now],
        )?;
        let created_at = now.timestamp();
        Ok(Version { id, agent_id: agent, version: number, config, published_at: None, created_at })
    }

    /// Publishes a version. Publishing it twice changes nothing.
    pub fn publish(
        &self,
        organization: OrganizationId,
        agent: AgentId,
        number: u32,
        now: Timestamp,
    ) -> Result<Version, StoreError> {
        let draft = self.version(organization, agent, number)?.ok_or(Conflict::NoVersion)?;
        if draft.published_at.is_some() {
            return Ok(draft);
        }
        let now = Microsecond::from(now);
        self.change("UPDATE agent_versions SET published_at = ?2 WHERE id = ?1", params![draft.id, now])?;
        self.routing_changes(organization)?;
        Ok(Version { published_at: Some(now.timestamp()), ..draft })
    }
}

fn agent(row: &Row<'_>) -> rusqlite::Result<(ListPosition, Agent)> {
    let fields =
        AgentFields { name: row.get(2)?, description: row.get(3)?, active: row.get(4)?, metadata: row.get(5)? };
    let agent = Agent { id: row.get(1)?, fields, created_at: instant(row, 6)?, updated_at: instant(row, 7)? };
    Ok((row.get::<_, i64>(0)?.into(), agent))
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        id: row.get(0)?,
        agent_id: row.get(1)?,
        version: row.get(2)?,
        config: row.get(3)?,
        published_at: optional_instant(row, 4)?,
        created_at: instant(row, 5)?,
    })
}
