//! The call log: decided calls, written in batches and read in pages, newest first.
//!
//! A call belongs to a kind, which has all that lists filter by: the action, the source, the rule
//! and the agent. An organization has about as many kinds as its plan has outcomes. The table is
//! ordered by kind and id, so a call is written to one place, and a page is merged from the newest
//! calls of each kind.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;
use rusqlite::types::ToSql;

use super::columns::{Microsecond, instant};
use super::id::{AgentId, ById, CallId, OrganizationId};
use super::lists::{BoundedRows, ListPosition, Listed, Page};
use super::problems::StoreError;
use super::transaction::{Snapshot, Transaction};

/// What calls that were decided alike have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallKind {
    /// The organization that was called.
    pub organization_id: OrganizationId,
    /// What happened to them: `answer` or `disconnect`.
    pub action: Cow<'static, str>,
    /// What chose: `workflow`, `fallback`, `number` or `none`.
    pub source: Cow<'static, str>,
    /// The plan's rule that decided.
    pub rule: Option<String>,
    /// The agent that answered.
    pub agent_id: Option<AgentId>,
    /// The decision as JSON, without the revision and the version, if all calls of the kind got the
    /// same text. Else each call has its own.
    pub decision: Option<String>,
    /// The release of callplan that decided.
    pub release: Cow<'static, str>,
    /// Whether the calls' numbers are masked.
    pub masked: bool,
}

/// Maximum number of calls that are written without a pause; they take about 0.1 ms. The pause, the
/// shortest that the system has, gives new calls the processor.
const CHUNK: usize = 128;
const PAUSE: Duration = Duration::from_micros(1);

/// A decided call, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Its id, which holds the time of the decision.
    pub id: CallId,
    /// What it has in common with calls that were decided alike.
    pub kind: Arc<CallKind>,
    /// The revision of the config that was in force.
    pub revision: Option<u64>,
    /// The version of the agent that answered.
    pub version: Option<u32>,
    /// The caller's number, as it came or masked.
    pub caller_number: Option<String>,
    /// The dialed number, as it came or masked.
    pub called_number: String,
    /// The trunk that it came in on.
    pub trunk_id: Option<String>,
    /// What few calls bring beside these: JSON.
    pub further: Option<String>,
    /// When it came, to the microsecond.
    pub timestamp: Timestamp,
    /// The decision as JSON, where its kind has none.
    pub decision: Option<String>,
    /// The switches that were on: JSON.
    pub switches: Cow<'static, str>,
}

impl CallRecord {
    /// When it was decided, to the microsecond.
    pub fn created_at(&self) -> Timestamp {
        self.id.created_at()
    }

    /// The decision as JSON, without the revision and the version.
    pub fn decision(&self) -> &str {
        self.decision.as_deref().or(self.kind.decision.as_deref()).unwrap_or_default()
    }
}

/// Which calls to list: those that match every field with a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Calls that this rule decided.
    pub rule: Option<String>,
    /// Calls that this agent answered.
    pub agent_id: Option<AgentId>,
    /// Calls with this action.
    pub action: Option<String>,
    /// Calls that this source decided.
    pub source: Option<String>,
    /// Calls decided at this instant or later.
    pub since: Option<Timestamp>,
    /// Calls decided before this instant.
    pub until: Option<Timestamp>,
}

/// The number of a [`CallKind`] in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindNumber(pub(super) i64);

impl Snapshot<'_> {
    /// A call of the organization; `None` if there is no such call.
    pub fn call(&self, organization: OrganizationId, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        for kind in self.kinds(organization, &CallFilter::default())? {
            if let Some(call) = self.call_of(organization, kind, id)? {
                return Ok(Some(call));
            }
        }
        Ok(None)
    }

    /// The organization's calls, the newest first. A page costs one index search for each matching
    /// kind and one for each row, however many calls there are.
    pub fn calls(
        &self,
        organization: OrganizationId,
        filter: &CallFilter,
        page: &Page,
    ) -> Result<Listed<CallRecord>, StoreError> {
        let since = CallId::first_at(filter.since.map_or(0, first_microsecond));
        let until = filter.until.map_or(CallId::LAST, |until| CallId::first_at(first_microsecond(until)));
        // A position in the list is the id of a call.
        let before = page.after.map_or(until, |position| until.min(CallId(position.0.to_be_bytes())));
        let newest = self.newest(self.kinds(organization, filter)?, since, before, page.asked())?;
        let mut rows = BoundedRows::new();
        for (id, kind) in newest.into_iter().rev() {
            let Some(call) = self.call_of(organization, kind, id)? else { continue };
            let further = call.further.as_ref().map_or(0, String::len);
            let bytes = call.decision().len() + call.switches.len() + further;
            if !rows.add((ListPosition(u128::from_be_bytes(id.0)), call), bytes) {
                break;
            }
        }
        Ok(rows.page(page))
    }

    /// The newest call of each organization that has any.
    pub fn last_calls(&self) -> Result<HashMap<OrganizationId, CallId, ById>, StoreError> {
        let sql = "SELECT organization, (SELECT max(id) FROM calls WHERE kind = sequence) FROM call_kinds";
        let newest: Vec<(OrganizationId, Option<CallId>)> = self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut last: HashMap<_, _, ById> = HashMap::default();
        for (organization, newest) in newest {
            let call = last.entry(organization).or_insert(newest);
            *call = newest.max(*call);
        }
        Ok(last.into_iter().filter_map(|(organization, call)| Some((organization, call?))).collect())
    }

    /// The organization's kinds that match the filter. The time is not looked at.
    fn kinds(&self, organization: OrganizationId, filter: &CallFilter) -> Result<Vec<KindNumber>, StoreError> {
        let mut parameters: Vec<&dyn ToSql> = vec![&organization];
        let mut sql = "SELECT sequence FROM call_kinds WHERE organization = ?1".to_owned();
        for (column, value) in filter.conditions() {
            parameters.push(value);
            sql += &format!(" AND {column} = ?{}", parameters.len());
        }
        self.all(&sql, parameters.as_slice(), |row| row.get(0).map(KindNumber))
    }

    /// The newest calls of some kinds, from `since` until before `before`, at most `limit`.
    fn newest(
        &self,
        kinds: Vec<KindNumber>,
        since: CallId,
        before: CallId,
        limit: i64,
    ) -> Result<BTreeMap<CallId, KindNumber>, StoreError> {
        let sql = "SELECT id FROM calls WHERE kind = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";
        let mut newest = BTreeMap::new();
        let mut since = since;
        for kind in kinds {
            let ids: Vec<CallId> = self.all(sql, params![kind.0, since, before, limit], |row| row.get(0))?;
            newest.extend(ids.into_iter().map(|id| (id, kind)));
            while i64::try_from(newest.len()).is_ok_and(|count| count > limit) {
                newest.pop_first();
            }
            // Once there are enough calls, a later kind matters only from the oldest of them on.
            if i64::try_from(newest.len()).is_ok_and(|count| count == limit) {
                since = newest.first_key_value().map_or(since, |(id, _)| *id);
            }
        }
        Ok(newest)
    }

    fn call_of(
        &self,
        organization_id: OrganizationId,
        kind: KindNumber,
        id: CallId,
    ) -> Result<Option<CallRecord>, StoreError> {
        let sql = "SELECT action, source, rule, agent, call_kinds.decision, release, masked, revision, version,
                     caller_number, called_number, trunk_id, timestamp, calls.decision, switches, further
                   FROM calls JOIN call_kinds ON sequence = kind WHERE kind = ?1 AND id = ?2";
        self.one(sql, params![kind.0, id], |row| {
            let kind = Arc::new(CallKind {
                organization_id,
                action: row.get::<_, String>(0)?.into(),
                source: row.get::<_, String>(1)?.into(),
                rule: row.get(2)?,
                agent_id: row.get(3)?,
                decision: row.get(4)?,
                release: row.get::<_, String>(5)?.into(),
                masked: row.get(6)?,
            });
            Ok(CallRecord {
                id,
                kind,
                revision: row.get(7)?,
                version: row.get(8)?,
                caller_number: row.get(9)?,
                called_number: row.get(10)?,
                trunk_id: row.get(11)?,
                timestamp: instant(row, 12)?,
                decision: row.get(13)?,
                switches: row.get::<_, String>(14)?.into(),
                further: row.get(15)?,
            })
        })
    }

    /// A call of a kind; `None` if there is no such call.
    pub fn call_of_kind(&self, kind: KindNumber, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let sql = "SELECT organization FROM call_kinds WHERE sequence = ?1";
        match self.one(sql, [kind.0], |row| row.get(0))? {
            Some(organization) => self.call_of(organization, kind, id),
            None => Ok(None),
        }
    }
}

impl CallFilter {
    /// The filter's columns and their values; the time is not among them.
    fn conditions(&self) -> impl Iterator<Item = (&'static str, &dyn ToSql)> {
        [
            ("rule", self.rule.as_ref().map(|value| value as &dyn ToSql)),
            ("agent", self.agent_id.as_ref().map(|value| value as &dyn ToSql)),
            ("source", self.source.as_ref().map(|value| value as &dyn ToSql)),
            ("action", self.action.as_ref().map(|value| value as &dyn ToSql)),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some((column, value?)))
    }
}

impl Transaction<'_> {
    /// Adds calls to the log. Calls that share their kind cost one look-up of it. Calls of an
    /// organization that does not exist are left out.
    pub fn add_calls(&self, calls: &[CallRecord]) -> Result<(), StoreError> {
        let mut numbers: HashMap<*const CallKind, Option<i64>> = HashMap::new();
        let mut rows = Vec::with_capacity(calls.len());
        for call in calls {
            let number = match numbers.entry(Arc::as_ptr(&call.kind)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(self.kind(&call.kind)?),
            };
            rows.extend(number.map(|number| (number, call)));
        }
        // In the table's order: calls that lie beside each other go to the same page, which is then
        // written once.
        rows.sort_unstable_by_key(|(number, call)| (*number, call.id));
        let sql = "INSERT INTO calls (kind, id, revision, version, caller_number, called_number, trunk_id, timestamp,
                                      decision, switches, further)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        for (at, chunk) in rows.chunks(CHUNK).enumerate() {
            if at > 0 {
                std::thread::sleep(PAUSE);
            }
            let rows = chunk.iter().map(|(number, call)| {
                let (caller, called, trunk) = (&call.caller_number, &call.called_number, &call.trunk_id);
                let timestamp = Microsecond::from(call.timestamp);
                let (id, revision, version) = (call.id, call.revision, call.version);
                let (decision, switches, further) = (&call.decision, &call.switches, &call.further);
                (number, id, revision, version, caller, called, trunk, timestamp, decision, switches, further)
            });
            self.change_each(sql, rows)?;
        }
        Ok(())
    }

    /// The number of a kind. A new kind is added. `None` if its organization does not exist.
    fn kind(&self, of: &CallKind) -> Result<Option<i64>, StoreError> {
        let parameters =
            params![of.organization_id, of.rule, of.agent_id, of.action, of.source, of.release, of.masked, of.decision];
        let sql = "SELECT sequence FROM call_kinds
                   WHERE organization = ?1 AND rule IS ?2 AND agent IS ?3 AND action = ?4 AND source = ?5
                     AND release = ?6 AND masked = ?7 AND decision IS ?8
                   ORDER BY sequence DESC LIMIT 1";
        match self.one(sql, parameters, |row| row.get(0))? {
            Some(number) => Ok(Some(number)),
            // Calls may still be in the queue when their organization is deleted.
            None if self.organization(of.organization_id)?.is_none() => Ok(None),
            None => self
                .add(
                    "INSERT INTO call_kinds (organization, rule, agent, action, source, release, masked, decision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    parameters,
                )
                .map(Some),
        }
    }

    /// Deletes at most `limit` of a kind's calls that were decided before this instant, and says
    /// how many. Repeat it in transactions of their own while it deletes that many: other writers
    /// come in between. A kind without calls is deleted, too.
    pub fn delete_calls_before(&self, kind: KindNumber, instant: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let before = CallId::first_at(first_microsecond(instant));
        let deleted = self.change(
            "DELETE FROM calls WHERE kind = ?1 AND id IN
               (SELECT id FROM calls WHERE kind = ?1 AND id < ?2 ORDER BY id LIMIT ?3)",
            params![kind.0, before, i64::try_from(limit).unwrap_or(i64::MAX)],
        )?;
        self.forget_empty_kind(kind)?;
        self.note_erasure(deleted)?;
        Ok(deleted)
    }
}

/// The first microsecond that is not before this instant: calls are kept to the microsecond.
pub(super) fn first_microsecond(instant: Timestamp) -> i64 {
    let microsecond = instant.as_microsecond();
    microsecond + i64::from(Microsecond(microsecond).timestamp() < instant)
}
