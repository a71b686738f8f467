//! What deciding an organization's calls needs, read at once: for all organizations at the start,
//! and for one after each write.

use super::columns::Microsecond;
use super::configs::Config;
use super::id::{AgentId, OrganizationId};
use super::problems::StoreError;
use super::switches::Switch;
use super::transaction::Snapshot;

/// An organization, as calls need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveOrganization {
    /// The organization's id.
    pub id: OrganizationId,
    /// [`Snapshot::stamp`] of this state: the newer of two states has the higher stamp.
    pub stamp: i64,
    /// Its config, with the plan's text.
    pub config: Option<Config>,
    /// The states of the switches that have been set, by name.
    pub switches: Vec<Switch>,
    /// All its agents, by id.
    pub agents: Vec<LiveAgent>,
    /// All its numbers, in order of their text.
    pub numbers: Vec<LiveNumber>,
}

/// An agent, as calls need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveAgent {
    /// The agent's id.
    pub id: AgentId,
    /// Whether calls may go to it.
    pub active: bool,
    /// The numbers of its published versions, the newest last.
    pub published: Vec<u32>,
    /// The numbers of its drafts, in ascending order.
    pub drafts: Vec<u32>,
}

/// A number, as calls need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveNumber {
    /// The number, in normal form.
    pub phone_number: String,
    /// The agent that is assigned to it, and the version.
    pub assigned: Option<(AgentId, u32)>,
}

impl Snapshot<'_> {
    /// All that deciding an organization's calls needs; `None` if there is no such organization.
    pub fn live(&self, id: OrganizationId) -> Result<Option<LiveOrganization>, StoreError> {
        let stamp = self.one("SELECT stamp FROM organizations WHERE id = ?1", [id], |row| row.get(0))?;
        let Some(stamp) = stamp else { return Ok(None) };
        Ok(Some(LiveOrganization {
            id,
            stamp,
            config: self.config(id)?,
            switches: self.switches(id)?,
            agents: self.live_agents(id)?,
            numbers: self.live_numbers(id)?,
        }))
    }

    /// Visits all organizations, the oldest first, with one in memory at a time. All are from the
    /// same state of the database.
    pub fn each_live<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(LiveOrganization) -> Result<(), E>,
    ) -> Result<(), E> {
        for id in self.organization_ids()? {
            self.live(id)?.map_or(Ok(()), &mut visit)?;
        }
        Ok(())
    }

    fn live_agents(&self, organization: OrganizationId) -> Result<Vec<LiveAgent>, StoreError> {
        let mut agents: Vec<LiveAgent> = Vec::new();
        let rows = self.all(
            "SELECT agents.id, active, version, published_at
             FROM agents LEFT JOIN agent_versions ON agent = agents.id
             WHERE organization = ?1 ORDER BY agents.id, version",
            [organization],
            |row| {
                let published: Option<Microsecond> = row.get(3)?;
                Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<u32>>(2)?, published.is_some()))
            },
        )?;
        for (id, active, version, is_published) in rows {
            if agents.last().is_none_or(|last| last.id != id) {
                agents.push(LiveAgent { id, active, published: Vec::new(), drafts: Vec::new() });
            }
            if let (Some(agent), Some(version)) = (agents.last_mut(), version) {
                if is_published { &mut agent.published } else { &mut agent.drafts }.push(version);
            }
        }
        Ok(agents)
    }

    fn live_numbers(&self, organization: OrganizationId) -> Result<Vec<LiveNumber>, StoreError> {
        self.all(
            "SELECT phone_number, agent, version
             FROM phone_numbers LEFT JOIN agent_versions ON agent_versions.id = inbound_version
             WHERE organization = ?1 ORDER BY phone_number",
            [organization],
            |row| {
                let agent: Option<AgentId> = row.get(1)?;
                let version: Option<u32> = row.get(2)?;
                Ok(LiveNumber { phone_number: row.get(0)?, assigned: agent.zip(version) })
            },
        )
    }
}
