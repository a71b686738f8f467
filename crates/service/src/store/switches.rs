//! The states of switches, as they were set. The plan declares which switches there are.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::{Microsecond, instant, optional_instant};
use super::configs::Actor;
use super::id::OrganizationId;
use super::problems::{Conflict, StoreError};
use super::transaction::{Snapshot, Transaction};

/// The state of a switch that has been set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Its name in the plan.
    pub name: String,
    /// Whether it was set on. With an `until`, it is on only before that.
    pub on: bool,
    /// When it goes off by itself; `None` if it stays on.
    pub until: Option<Timestamp>,
    /// When it was set.
    pub set_at: Timestamp,
    /// Who set it.
    pub set_by: Actor,
}

impl Switch {
    /// Whether it is on at this instant.
    pub fn is_on(&self, now: Timestamp) -> bool {
        self.on && self.until.is_none_or(|until| now < until)
    }
}

impl Snapshot<'_> {
    /// The states of the organization's switches that have been set, by name.
    pub fn switches(&self, organization: OrganizationId) -> Result<Vec<Switch>, StoreError> {
        let sql = "SELECT name, is_on, until, set_at, set_by_kind, set_by FROM switches WHERE organization = ?1
                   ORDER BY name";
        self.all(sql, [organization], switch)
    }
}

impl Transaction<'_> {
    /// Sets a switch of the organization's config. Gives the state as it is stored, to the
    /// microsecond.
    pub fn set_switch(&self, organization: OrganizationId, switch: Switch) -> Result<Switch, StoreError> {
        if !self.has_config(organization)? {
            return Err(Conflict::NoConfig.into());
        }
        let (set_at, until) = (Microsecond::from(switch.set_at), switch.until.map(Microsecond::from));
        self.change(
            "INSERT OR REPLACE INTO switches (organization, name, is_on, until, set_at, set_by_kind, set_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![organization, switch.name, switch.on, until, set_at, switch.set_by.kind(), switch.set_by],
        )?;
        self.routing_changes(organization)?;
        Ok(Switch { until: until.map(Microsecond::timestamp), set_at: set_at.timestamp(), ..switch })
    }

    /// Deletes the states of switches that are not in `kept`.
    pub(super) fn forget_switches(&self, organization: OrganizationId, kept: &[String]) -> Result<(), StoreError> {
        for switch in self.switches(organization)?.iter().filter(|switch| !kept.contains(&switch.name)) {
            self.change(
                "DELETE FROM switches WHERE organization = ?1 AND name = ?2",
                params![organization, switch.name],
            )?;
        }
        Ok(())
    }
}

fn switch(row: &Row<'_>) -> rusqlite::Result<Switch> {
    Ok(Switch {
        name: row.get(0)?,
        on: row.get(1)?,
        until: optional_instant(row, 2)?,
        set_at: instant(row, 3)?,
        set_by: Actor::read(row, 4)?,
    })
}
