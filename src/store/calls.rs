//! The call log: what became of each call, written in batches and read in pages, newest first.

use jiff::Timestamp;
use rusqlite::types::ToSql;
use rusqlite::{Row, params};

use super::columns::Microsecond;
use super::id::{AgentId, CallId, OrganizationId};
use super::lists::{Listed, Page, Place};
use super::problems::StoreError;
use super::transaction::{Snapshot, Transaction};

/// A call that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Its id, which says when it was decided.
    pub id: CallId,
    /// Whose call it was.
    pub organization_id: OrganizationId,
    /// What was done: `answer`, `disconnect`.
    pub action: String,
    /// What decided: `workflow`, `fallback`, `number`, `none`.
    pub source: String,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The agent that answered.
    pub agent_id: Option<AgentId>,
    /// The call as it came, masked or not: JSON.
    pub call: String,
    /// The whole decision: JSON.
    pub decision: String,
    /// The switches that were on: JSON.
    pub switches: String,
    /// The release of callplan that decided.
    pub release: String,
    /// Whether the call's numbers are masked.
    pub masked: bool,
}

impl CallRecord {
    /// When it was decided, to the microsecond.
    pub fn created_at(&self) -> Timestamp {
        self.id.created_at()
    }
}

/// Which calls to list: those that meet all that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Those that this rule decided.
    pub rule: Option<String>,
    /// Those that this agent answered.
    pub agent_id: Option<AgentId>,
    /// Those with which this was done.
    pub action: Option<String>,
    /// Those that this decided.
    pub source: Option<String>,
    /// Those decided at this instant or after it.
    pub since: Option<Timestamp>,
    /// Those decided before this instant.
    pub until: Option<Timestamp>,
}

const COLUMNS: &str = "id, organization, action, source, rule, agent, call, decision, switches, release, masked";

impl Snapshot<'_> {
    /// A call of the organization.
    pub fn call(&self, organization: OrganizationId, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM calls WHERE organization = ?1 AND id = ?2");
        self.one(&sql, params![organization, id], call)
    }

    /// The organization's calls, the newest first. A page costs about as much as the rows it shows, however many there
    /// are, as long as no more than one thing is asked for beside the time; of several, the calls that meet the first of
    /// rule, agent, source and action are looked through.
    pub fn calls(
        &self,
        organization: OrganizationId,
        filter: &CallFilter,
        page: &Page,
    ) -> Result<Listed<CallRecord>, StoreError> {
        let since = CallId::first_at(filter.since.map_or(0, first_microsecond));
        let until = filter.until.map_or(CallId::LAST, |until| CallId::first_at(first_microsecond(until)));
        // Calls before a place are calls before an id.
        let before = page.after.map_or(until, |place| until.min(CallId(place.0.to_be_bytes())));
        let asked = page.asked();
        let mut sql = format!("SELECT {COLUMNS} FROM calls {} WHERE organization = ?1", filter.index());
        let mut parameters: Vec<&dyn ToSql> = vec![&organization, &since, &before, &asked];
        for (column, value) in filter.asked() {
            parameters.push(value);
            sql += &format!(" AND {column} = ?{}", parameters.len());
        }
        sql += " AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";
        let read = |row: &Row<'_>| call(row).map(|call| (Place(u128::from_be_bytes(call.id.0)), call));
        Ok(Listed::new(page, self.all(&sql, parameters.as_slice(), read)?))
    }
}

impl CallFilter {
    /// What is asked for, by column: first what most likely tells calls apart.
    fn asked(&self) -> impl Iterator<Item = (&'static str, &dyn ToSql)> {
        [
            ("rule", self.rule.as_ref().map(|it| it as &dyn ToSql)),
            ("agent", self.agent_id.as_ref().map(|it| it as &dyn ToSql)),
            ("source", self.source.as_ref().map(|it| it as &dyn ToSql)),
            ("action", self.action.as_ref().map(|it| it as &dyn ToSql)),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some((column, value?)))
    }

    /// The index in which its calls lie together, or none where that is the table. It is named to the database, which
    /// would else have to guess.
    fn index(&self) -> &'static str {
        match self.asked().next() {
            Some(("rule", _)) => "INDEXED BY calls_by_rule",
            Some(("agent", _)) => "INDEXED BY calls_by_agent",
            Some(("source", _)) => "INDEXED BY calls_by_source",
            Some(("action", _)) => "INDEXED BY calls_by_action",
            Some(_) | None => "NOT INDEXED",
        }
    }
}

impl Transaction<'_> {
    /// Adds calls to the log. One whose organization does not exist is an error.
    pub fn add_calls<'c>(&self, calls: &'c [CallRecord]) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO calls ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        let row = |it: &'c CallRecord| {
            let CallRecord { id, organization_id, action, source, rule, agent_id, call, decision, switches, .. } = it;
            let (release, masked) = (&it.release, it.masked);
            (id, organization_id, action, source, rule, agent_id, call, decision, switches, release, masked)
        };
        self.change_each(&sql, calls.iter().map(row))
    }

    /// Deletes calls that were decided before this instant, so many at most, and says how many. Ask again, in
    /// transactions of their own, while it deletes as many as that: other writers come in between.
    pub fn delete_calls_before(&self, instant: Timestamp, most: usize) -> Result<usize, StoreError> {
        let before = CallId::first_at(first_microsecond(instant));
        self.change(
            "DELETE FROM calls WHERE (organization, id) IN
               (SELECT calls.organization, calls.id
                FROM organizations CROSS JOIN calls ON calls.organization = organizations.id
                WHERE calls.id < ?1 LIMIT ?2)",
            params![before, i64::try_from(most).unwrap_or(i64::MAX)],
        )
    }
}

/// The first microsecond that is not before this instant: calls are kept to the microsecond.
fn first_microsecond(instant: Timestamp) -> i64 {
    let microsecond = instant.as_microsecond();
    microsecond + i64::from(Microsecond(microsecond).timestamp() < instant)
}

fn call(row: &Row<'_>) -> rusqlite::Result<CallRecord> {
    Ok(CallRecord {
        id: row.get(0)?,
        organization_id: row.get(1)?,
        action: row.get(2)?,
        source: row.get(3)?,
        rule: row.get(4)?,
        agent_id: row.get(5)?,
        call: row.get(6)?,
        decision: row.get(7)?,
        switches: row.get(8)?,
        release: row.get(9)?,
        masked: row.get(10)?,
    })
}
