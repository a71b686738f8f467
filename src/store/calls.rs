//! The call log: what became of each call, written in batches and read in pages, newest first.
//!
//! A call is of a kind, which says all that can be asked for: how it was decided, by which rule, who answered. An
//! organization has as many kinds as its plan has ways, and the calls of one lie together in the order of their ids. So a
//! call is written in one place, and a page is what is newest of the kinds that are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use rusqlite::types::ToSql;

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
    pub action: Cow<'static, str>,
    /// What decided: `workflow`, `fallback`, `number`, `none`.
    pub source: Cow<'static, str>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// The agent that answered.
    pub agent_id: Option<AgentId>,
    /// The call as it came, masked or not: JSON.
    pub call: String,
    /// The revision of the config that was in force.
    pub revision: Option<u64>,
    /// The version of the agent that answered.
    pub version: Option<u32>,
    /// The decision, but for the revision and the version, which change while the rest stays: JSON.
    pub decision: String,
    /// Whether all calls that were decided alike got that word for word: then it is kept once.
    pub is_shared: bool,
    /// The switches that were on: JSON.
    pub switches: Cow<'static, str>,
    /// The release of callplan that decided.
    pub release: Cow<'static, str>,
    /// Whether the call's numbers are masked.
    pub masked: bool,
}

impl CallRecord {
    /// When it was decided, to the microsecond.
    pub fn created_at(&self) -> Timestamp {
        self.id.created_at()
    }

    fn shared(&self) -> Option<&str> {
        self.is_shared.then_some(&*self.decision)
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
            Ok(call.map(|call| (Place(u128::from_be_bytes(id.0)), call)))
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
        let sql = "SELECT action, source, rule, agent, release, masked, revision, version, call,
                     ifnull(calls.decision, call_kinds.decision), switches, call_kinds.decision IS NOT NULL
                   FROM calls JOIN call_kinds ON sequence = kind WHERE kind = ?1 AND id = ?2";
        self.one(sql, params![kind.0, id], |row| {
            Ok(CallRecord {
                id,
                organization_id,
                action: row.get::<_, String>(0)?.into(),
                source: row.get::<_, String>(1)?.into(),
                rule: row.get(2)?,
                agent_id: row.get(3)?,
                release: row.get::<_, String>(4)?.into(),
                masked: row.get(5)?,
                revision: row.get(6)?,
                version: row.get(7)?,
                call: row.get(8)?,
                decision: row.get(9)?,
                switches: row.get::<_, String>(10)?.into(),
                is_shared: row.get(11)?,
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
            ("rule", self.rule.as_ref().map(|it| it as &dyn ToSql)),
            ("agent", self.agent_id.as_ref().map(|it| it as &dyn ToSql)),
            ("source", self.source.as_ref().map(|it| it as &dyn ToSql)),
            ("action", self.action.as_ref().map(|it| it as &dyn ToSql)),
        ]
        .into_iter()
        .filter_map(|(column, value)| Some((column, value?)))
    }
}

impl Transaction<'_> {
    /// Adds calls to the log. One whose organization does not exist is an error.
    pub fn add_calls(&self, calls: &[CallRecord]) -> Result<(), StoreError> {
        let mut kinds = BTreeMap::new();
        let mut rows = Vec::with_capacity(calls.len());
        for it in calls {
            let what = (it.organization_id, &it.action, &it.source, &it.rule, it.agent_id);
            let alike = (what, &it.release, it.masked, it.shared());
            let number = match kinds.get(&alike) {
                Some(number) => *number,
                None => *kinds.entry(alike).or_insert(self.kind(it)?),
            };
            let own = (!it.is_shared).then_some(&it.decision);
            rows.push((number, it.id, it.revision, it.version, &it.call, own, &it.switches));
        }
        // Where they lie beside each other, they are written to the same page one after the other.
        rows.sort_unstable_by_key(|(number, id, ..)| (*number, *id));
        let sql = "INSERT INTO calls (kind, id, revision, version, call, decision, switches)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.change_each(sql, rows)
    }

    /// The number of a call's kind, which is made if there is none.
    fn kind(&self, of: &CallRecord) -> Result<i64, StoreError> {
        let parameters =
            params![of.organization_id, of.rule, of.agent_id, of.action, of.source, of.release, of.masked, of.shared()];
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
