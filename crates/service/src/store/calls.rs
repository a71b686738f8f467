//! The call log: what became of each call, written in batches and read in pages, newest first.
//!
//! A call is of a kind, which says all that can be asked for: how it was decided, by which rule, who answered. An
//! organization has as many kinds as its plan has ways, and the calls of one lie together in the order of their ids. So a
//! call is written in one place, and a page is what is newest of the kinds that are asked for.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;
use rusqlite::types::ToSql;

use super::columns::{Microsecond, instant};
use super::id::{AgentId, CallId, OrganizationId};
use super::lists::{ListPosition, Listed, Page};
use super::problems::StoreError;
use super::transaction::{Snapshot, Transaction};

/// What calls have in common that were decided alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallKind {
    /// Whose calls they were.
    pub organization_id: OrganizationId,
    /// What was done: `answer`, `disconnect`.
    pub action: Cow<'static, str>,
    /// What decided: `workflow`, `fallback`, `number`, `none`.
    pub source: Cow<'static, str>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The agent that answered.
    pub agent_id: Option<AgentId>,
    /// The decision, if all of them got it word for word, but for the revision and the version, which change while the rest
    /// stays: JSON.
    pub decision: Option<String>,
    /// The release of callplan that decided.
    pub release: Cow<'static, str>,
    /// Whether the calls' numbers are masked.
    pub masked: bool,
}

/// Maximum number of calls that are written without a pause, which takes about 0.1 ms. The pause, the shortest that the
/// system has, lets new calls have the processor.
const CHUNK: usize = 128;
const PAUSE: Duration = Duration::from_micros(1);

/// A call that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Its id, which says when it was decided.
    pub id: CallId,
    /// What it has in common with others.
    pub kind: Arc<CallKind>,
    /// The revision of the config that was in force.
    pub revision: Option<u64>,
    /// The version of the agent that answered.
    pub version: Option<u32>,
    /// Who called: as it came or masked, like the next.
    pub caller_number: Option<String>,
    /// Which number was dialed.
    pub called_number: String,
    /// On which trunk.
    pub trunk_id: Option<String>,
    /// When it came; to the microsecond.
    pub timestamp: Timestamp,
    /// The decision, where its kind has none: JSON.
    pub decision: Option<String>,
    /// The switches that were on: JSON.
    pub switches: Cow<'static, str>,
}

impl CallRecord {
    /// When it was decided, to the microsecond.
    pub fn created_at(&self) -> Timestamp {
        self.id.created_at()
    }

    /// The decision, but for the revision and the version: JSON.
    pub fn decision(&self) -> &str {
        self.decision.as_deref().or(self.kind.decision.as_deref()).unwrap_or_default()
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

/// The number of a kind: of what calls have in common that were decided alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindNumber(i64);

impl Snapshot<'_> {
    /// A call of the organization.
    pub fn call(&self, organization: OrganizationId, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        for kind in self.kinds(organization, &CallFilter::default())? {
            if let Some(call) = self.call_of(organization, kind, id)? {
                return Ok(Some(call));
            }
        }
        Ok(None)
    }

    /// The organization's calls, the newest first. A page costs about as much as the rows it shows and a look at each kind
    /// that is asked for, however many calls there are.
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
        let newest = self.newest(self.kinds(organization, filter)?, since, before, page.asked())?;
        let call = |(id, kind): (CallId, KindNumber)| {
            let call = self.call_of(organization, kind, id)?;
            Ok(call.map(|call| (ListPosition(u128::from_be_bytes(id.0)), call)))
        };
        let rows = newest.into_iter().rev().filter_map(|newest| call(newest).transpose());
        Ok(Listed::new(page, rows.collect::<Result<_, StoreError>>()?))
    }

    /// The kinds of an organization's calls that meet what is asked, apart from the time.
    fn kinds(&self, organization: OrganizationId, filter: &CallFilter) -> Result<Vec<KindNumber>, StoreError> {
        let mut parameters: Vec<&dyn ToSql> = vec![&organization];
        let mut sql = "SELECT sequence FROM call_kinds WHERE organization = ?1".to_owned();
        for (column, value) in filter.asked() {
            parameters.push(value);
            sql += &format!(" AND {column} = ?{}", parameters.len());
        }
        self.all(&sql, parameters.as_slice(), |row| row.get(0).map(KindNumber))
    }

    /// The newest calls of some kinds that have these bounds, so many at most.
    fn newest(
        &self,
        kinds: Vec<KindNumber>,
        since: CallId,
        before: CallId,
        asked: i64,
    ) -> Result<BTreeMap<CallId, KindNumber>, StoreError> {
        let sql = "SELECT id FROM calls WHERE kind = ?1 AND id >= ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4";
        let mut newest = BTreeMap::new();
        let mut since = since;
        for kind in kinds {
            let ids: Vec<CallId> = self.all(sql, params![kind.0, since, before, asked], |row| row.get(0))?;
            newest.extend(ids.into_iter().map(|id| (id, kind)));
            while i64::try_from(newest.len()).is_ok_and(|count| count > asked) {
                newest.pop_first();
            }
            // Of the kinds to come, only what is newer than the oldest of enough is of use.
            if i64::try_from(newest.len()).is_ok_and(|count| count == asked) {
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
                     caller_number, called_number, trunk_id, timestamp, calls.decision, switches
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
            })
        })
    }

    /// The kinds of which there are calls that were decided before this instant.
    pub fn kinds_before(&self, instant: Timestamp) -> Result<Vec<KindNumber>, StoreError> {
        let sql = "SELECT sequence FROM call_kinds
                   WHERE EXISTS (SELECT 1 FROM calls WHERE kind = call_kinds.sequence AND id < ?1)";
        self.all(sql, [CallId::first_at(first_microsecond(instant))], |row| row.get(0).map(KindNumber))
    }
}

impl CallFilter {
    /// What is asked for, by column, the time aside.
    fn asked(&self) -> impl Iterator<Item = (&'static str, &dyn ToSql)> {
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
    /// Adds calls to the log, fastest where those of a kind share it. One whose organization does not exist is an error.
    pub fn add_calls(&self, calls: &[CallRecord]) -> Result<(), StoreError> {
        let mut numbers: HashMap<*const CallKind, i64> = HashMap::new();
        let mut rows = Vec::with_capacity(calls.len());
        for call in calls {
            let number = match numbers.entry(Arc::as_ptr(&call.kind)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(unknown) => *unknown.insert(self.kind(&call.kind)?),
            };
            rows.push((number, call));
        }
        // Where they lie beside each other, they are written to the same page one after the other.
        rows.sort_unstable_by_key(|(number, call)| (*number, call.id));
        let sql = "INSERT INTO calls (kind, id, revision, version, caller_number, called_number, trunk_id, timestamp,
                                      decision, switches)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        for (at, chunk) in rows.chunks(CHUNK).enumerate() {
            if at > 0 {
                std::thread::sleep(PAUSE);
            }
            let rows = chunk.iter().map(|(number, call)| {
                let (caller, called, trunk) = (&call.caller_number, &call.called_number, &call.trunk_id);
                let timestamp = Microsecond::from(call.timestamp);
                let (id, revision, version) = (call.id, call.revision, call.version);
                (number, id, revision, version, caller, called, trunk, timestamp, &call.decision, &call.switches)
            });
            self.change_each(sql, rows)?;
        }
        Ok(())
    }

    /// The number of a kind, which is made if there is none.
    fn kind(&self, of: &CallKind) -> Result<i64, StoreError> {
        let parameters =
            params![of.organization_id, of.rule, of.agent_id, of.action, of.source, of.release, of.masked, of.decision];
        let sql = "SELECT sequence FROM call_kinds
                   WHERE organization = ?1 AND rule IS ?2 AND agent IS ?3 AND action = ?4 AND source = ?5
                     AND release = ?6 AND masked = ?7 AND decision IS ?8";
        match self.one(sql, parameters, |row| row.get(0))? {
            Some(number) => Ok(number),
            None => self.add(
                "INSERT INTO call_kinds (organization, rule, agent, action, source, release, masked, decision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                parameters,
            ),
        }
    }

    /// Deletes calls of a kind that were decided before this instant, so many at most, and says how many. Ask again, in
    /// transactions of their own, while it deletes as many as that: other writers come in between. A kind of which there
    /// is no call any more goes, too.
    pub fn delete_calls_before(&self, kind: KindNumber, instant: Timestamp, most: usize) -> Result<usize, StoreError> {
        let before = CallId::first_at(first_microsecond(instant));
        let deleted = self.change(
            "DELETE FROM calls WHERE kind = ?1 AND id IN
               (SELECT id FROM calls WHERE kind = ?1 AND id < ?2 ORDER BY id LIMIT ?3)",
            params![kind.0, before, i64::try_from(most).unwrap_or(i64::MAX)],
        )?;
        self.change(
            "DELETE FROM call_kinds WHERE sequence = ?1 AND NOT EXISTS (SELECT 1 FROM calls WHERE kind = ?1)",
            [kind.0],
        )?;
        Ok(deleted)
    }
}

/// The first microsecond that is not before this instant: calls are kept to the microsecond.
fn first_microsecond(instant: Timestamp) -> i64 {
    let microsecond = instant.as_microsecond();
    microsecond + i64::from(Microsecond(microsecond).timestamp() < instant)
}
