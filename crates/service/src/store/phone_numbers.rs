//! Phone numbers: the organization that has them, and the version of an agent that is assigned to
//! them.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant};
use super::id::{AgentId, OrganizationId, VersionId};
use super::lists::{ListPosition, Listed, Page};
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// A registered number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The number in normal form, as the caller of this module gave it.
    pub phone_number: String,
    /// The trunk it comes in on.
    pub trunk_id: Option<String>,
    /// The version of an agent that answers it where no plan does.
    pub inbound_agent_version_id: Option<VersionId>,
    /// The agent of that version, and the version's number.
    pub inbound_agent: Option<(AgentId, u32)>,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// Which numbers to list: those that match every field with a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberFilter {
    /// Numbers that contain this text.
    pub phone_number: Option<String>,
    /// Numbers of this trunk.
    pub trunk_id: Option<String>,
}

const COLUMNS: &str = "sequence, phone_number, trunk_id, inbound_version, created_at, agent, version";
/// The numbers, each with its version.
const TABLES: &str = "phone_numbers LEFT JOIN (SELECT id, agent, version FROM agent_versions) ON id = inbound_version";

impl Snapshot<'_> {
    /// A number of the organization.
    pub fn phone_number(&self, organization: OrganizationId, number: &str) -> Result<Option<PhoneNumber>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE phone_number = ?2 AND organization = ?1");
        Ok(self.one(&sql, params![organization, number], phone_number)?.map(|(_, number)| number))
    }

    /// The organizations that have a number: at most one has an E.164 number.
    pub fn owners_of_number(&self, number: &str) -> Result<Vec<OrganizationId>, StoreError> {
        let sql = "SELECT organization FROM phone_numbers WHERE phone_number = ?1 ORDER BY sequence";
        self.all(sql, [number], |row| row.get(0))
    }

    /// The organization's numbers, in the order of registration.
    pub fn phone_numbers(
        &self,
        organization: OrganizationId,
        filter: &NumberFilter,
        page: &Page,
    ) -> Result<Listed<PhoneNumber>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES}
             WHERE organization = ?1 AND sequence > ?2
               AND (?4 IS NULL OR instr(phone_number, ?4) > 0) AND (?5 IS NULL OR trunk_id = ?5)
             ORDER BY sequence LIMIT ?3"
        );
        let parameters = params![organization, page.after_number(), page.asked(), filter.phone_number, filter.trunk_id];
        Ok(Listed::new(page, self.all(&sql, parameters, phone_number)?))
    }
}

impl Transaction<'_> {
    /// Registers a number. An E.164 number is taken if any organization has it, a local number if
    /// this organization has it.
    pub fn register_number(
        &self,
        organization: OrganizationId,
        number: &str,
        trunk_id: Option<&str>,
        now: Timestamp,
    ) -> Result<PhoneNumber, StoreError> {
        self.organization(organization)?.ok_or(Conflict::NoOrganization)?;
        let now = Microsecond::from(now);
        let sql = "INSERT INTO phone_numbers (phone_number, organization, trunk_id, created_at)
                   VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        if self.change(sql, params![number, organization, trunk_id, now])? == 0 {
            return Err(Conflict::NumberTaken.into());
        }
        self.routing_changes(organization)?;
        self.phone_number(organization, number)?.ok_or(StoreError::Corrupt)
    }

    /// Deletes a number. Any organization can register it then.
    pub fn delete_number(&self, organization: OrganizationId, number: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM phone_numbers WHERE phone_number = ?2 AND organization = ?1";
        match self.change(sql, params![organization, number])? {
            0 => Err(Conflict::NoNumber.into()),
            _ => self.routing_changes(organization),
        }
    }

    /// Moves a number to another organization. It keeps its trunk, and has no agent there.
    pub fn move_number(
        &self,
        number: &str,
        (from, to): (OrganizationId, OrganizationId),
    ) -> Result<PhoneNumber, StoreError> {
        self.organization(to)?.ok_or(Conflict::NoOrganization)?;
        if self.phone_number(to, number)?.is_some() {
            return Err(Conflict::NumberTaken.into());
        }
        let sql = "UPDATE phone_numbers SET organization = ?3, inbound_version = NULL
                   WHERE phone_number = ?2 AND organization = ?1";
        if self.change(sql, params![from, number, to])? == 0 {
            return Err(Conflict::NoNumber.into());
        }
        self.routing_changes(from)?;
        self.routing_changes(to)?;
        self.phone_number(to, number)?.ok_or(StoreError::Corrupt)
    }

    /// Assigns a version of an agent of the organization to a number of the organization.
    pub fn assign_number(
        &self,
        organization: OrganizationId,
        number: &str,
        agent: AgentId,
        version: u32,
    ) -> Result<PhoneNumber, StoreError> {
        let version = self.version(organization, agent, version)?.ok_or(Conflict::NoVersion)?;
        let sql = "UPDATE phone_numbers SET inbound_version = ?3 WHERE phone_number = ?2 AND organization = ?1";
        if self.change(sql, params![organization, number, version.id])? == 0 {
            return Err(Conflict::NoNumber.into());
        }
        self.routing_changes(organization)?;
        self.phone_number(organization, number)?.ok_or(StoreError::Corrupt)
    }

    /// Takes a number away from this agent. A number with another agent, or none, is not changed.
    pub fn unassign_number(
        &self,
        organization: OrganizationId,
        number: &str,
        agent: AgentId,
    ) -> Result<PhoneNumber, StoreError> {
        self.phone_number(organization, number)?.ok_or(Conflict::NoNumber)?;
        let sql = "UPDATE phone_numbers SET inbound_version = NULL WHERE phone_number = ?2 AND organization = ?1
                   AND inbound_version IN (SELECT id FROM agent_versions WHERE agent = ?3)";
        if self.change(sql, params![organization, number, agent])? > 0 {
            self.routing_changes(organization)?;
        }
        self.phone_number(organization, number)?.ok_or(StoreError::Corrupt)
    }
}

fn phone_number(row: &Row<'_>) -> rusqlite::Result<(ListPosition, PhoneNumber)> {
    let number = PhoneNumber {
        phone_number: row.get(1)?,
        trunk_id: row.get(2)?,
        inbound_agent_version_id: row.get(3)?,
        inbound_agent: row.get::<_, Option<AgentId>>(5)?.zip(row.get(6)?),
        created_at: instant(row, 4)?,
    };
    Ok((row.get::<_, i64>(0)?.into(), number))
}
