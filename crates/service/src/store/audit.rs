//! The audit trail: who did what to which object, when and from where. It is append-only: triggers
//! refuse to change an event, and to delete one before its retention is over.
//!
//! A write gives its value as [`Audited`], with the [`Change`]s that it has made. They are recorded
//! in the same transaction, so that one is never there without the other.

use jiff::Timestamp;
use rusqlite::{Row, ToSql, params};
use serde_json::{Map, Value, json};

use super::columns::{Microsecond, instant, word};
use super::configs::Actor;
use super::id::{AuditEventId, KeyId, OrganizationId};
use super::last_use::ClientAddress;
use super::lists::{ListPosition, Listed, Page};
use super::problems::StoreError;
use super::transaction::{Snapshot, Transaction};

/// Maximum size of one value in `before` and `after`, in bytes. A larger one is replaced by its
/// size.
const MAXIMUM_VALUE: usize = 1024;

/// Declares the kinds of events: each with its name and the meaning for the reference.
macro_rules! audit_kinds {
    ($($kind:ident $name:literal $meaning:literal)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum AuditKind {
            $(#[doc = $meaning] $kind,)*
        }

        impl AuditKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name in the contract.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What it means, with what its subject is.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$kind => $meaning,)*
                }
            }
        }
    };
}

audit_kinds! {
    ConfigCreated "config.created" "The config was made. Subject: its id"
    ConfigUpdated "config.updated" "The config was changed. Subject: its id"
    ConfigRestored "config.restored" "A revision was restored. Subject: the config's id"
    ConfigDeleted "config.deleted" "The config was deleted. Subject: its id"
    SwitchSet "switch.set" "A switch was turned. Subject: its name"
    AgentCreated "agent.created" "An agent was made. Subject: its id"
    AgentUpdated "agent.updated" "An agent was changed. Subject: its id"
    AgentDeleted "agent.deleted" "An agent was deleted. Subject: its id"
    VersionCreated "agent_version.created" "A version was made. Subject: the agent's id"
    VersionPublished "agent_version.published" "A version was published. Subject: the agent's id"
    NumberRegistered "phone_number.registered" "A number was registered. Subject: the number"
    NumberAssigned "phone_number.assigned" "A number was assigned to a version. Subject: the number"
    NumberUnassigned "phone_number.unassigned" "A number was taken from its agent. Subject: the number"
    NumberMoved "phone_number.moved" "A number was moved from or to another organization. Subject: the number"
    NumberDeleted "phone_number.deleted" "A number was deleted. Subject: the number"
    KeyCreated "api_key.created" "A key was made. Subject: its id"
    KeyRotated "api_key.rotated" "A key got a new token. Subject: its id"
    KeyRevoked "api_key.revoked" "A key was revoked, by itself or along with its maker. Subject: its id"
    OrganizationCreated "organization.created" "An organization was made. Subject: its id"
    OrganizationDeleted "organization.deleted" "An organization was deleted with all that it had. Subject: its id"
    OrganizationLimited "organization.limited" "Limits of an organization were set. Subject: its id"
    OrganizationRetention "organization.retention" "How long an organization's calls and revisions are kept was set. Subject: its id"
    UserCreated "user.created" "A user was made. Subject: their id"
    UserDeleted "user.deleted" "A user was deleted. Subject: their id"
    MembershipBegun "membership.begun" "A user became a member. Subject: the user's id"
    MembershipEnded "membership.ended" "A membership ended. Subject: the user's id"
    CallsErased "calls.erased" "Calls of one caller were erased from the log. Subject: the organization's id"
    SignIn "sign_in" "A key, or a user, came from an address that is new for them. Subject: the key's or the user's id"
    SignInRefused "sign_in.refused" "Tokens from an address were refused within a minute. Subject: the address"
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditActor {
    /// A key of the organization, or a user.
    Principal(Actor),
    /// The command line, run by the system's user with this number.
    CommandLine(u32),
    /// A client whose token was refused.
    Unknown,
}

/// What all changes of one write have in common.
#[derive(Clone, Debug)]
pub struct AuditSource {
    /// Who wrote.
    pub actor: AuditActor,
    /// The key of the request.
    pub key: Option<KeyId>,
    /// The organization that the request acts for.
    pub organization: Option<OrganizationId>,
    /// The client's address.
    pub from: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl AuditSource {
    /// The command line, run by this process's user.
    pub fn command_line(at: Timestamp) -> Self {
        let actor = AuditActor::CommandLine(rustix::process::getuid().as_raw());
        Self { actor, key: None, organization: None, from: None, at }
    }

    /// A client whose tokens were refused.
    pub fn refused(from: Option<ClientAddress>, organization: Option<OrganizationId>, at: Timestamp) -> Self {
        let from = from.map(|from| from.to_string());
        Self { actor: AuditActor::Unknown, key: None, organization, from, at }
    }
}

/// One thing that a write has done to one object.
#[derive(Clone, Debug)]
pub struct Change {
    kind: AuditKind,
    subject: String,
    organization: Option<OrganizationId>,
    before: Option<Value>,
    after: Option<Value>,
    count: u32,
}

impl Change {
    /// A change of an object, which `subject` names.
    pub fn new(kind: AuditKind, subject: impl ToString) -> Self {
        Self { kind, subject: subject.to_string(), organization: None, before: None, after: None, count: 1 }
    }

    /// The same, for an object of this organization, where that is not the writer's own.
    pub fn of(self, organization: Option<OrganizationId>) -> Self {
        Self { organization, ..self }
    }

    /// The same, with what the object was before: a small object of JSON without secrets, and
    /// without telephone numbers other than the subject.
    pub fn before(self, before: Value) -> Self {
        Self { before: Some(bounded(before)), ..self }
    }

    /// The same, with what the object is now.
    pub fn after(self, after: Value) -> Self {
        Self { after: Some(bounded(after)), ..self }
    }

    /// The same, which has happened this many times.
    pub fn times(self, count: u32) -> Self {
        Self { count, ..self }
    }
}

/// The same object, with large values replaced by their size.
fn bounded(value: Value) -> Value {
    let small = |value: Value| match value.to_string().len() {
        0..=MAXIMUM_VALUE => value,
        bytes => json!({ "bytes": bytes }),
    };
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, small(value))).collect::<Map<_, _>>().into()
        }
        other => small(other),
    }
}

/// What a write gives, and the changes that it has made. They are recorded in its transaction.
#[derive(Clone, Debug)]
#[must_use = "the changes are recorded by `Transaction::audited`"]
pub struct Audited<T> {
    value: T,
    changes: Vec<Change>,
}

impl<T> Audited<T> {
    /// A write that has made one change.
    pub fn new(value: T, change: Change) -> Self {
        Self { value, changes: vec![change] }
    }

    /// A write without changes, or without any yet: [`Audited::with`] adds them.
    pub fn unchanged(value: T) -> Self {
        Self { value, changes: Vec::new() }
    }

    /// The same, with further changes.
    pub fn with(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes);
        self
    }
}

/// An event of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its id.
    pub id: AuditEventId,
    /// The organization; `None` for an event of the whole service.
    pub organization: Option<OrganizationId>,
    /// When.
    pub at: Timestamp,
    /// The name of what was done; a newer release may have others.
    pub kind: String,
    /// `key`, `user`, `command_line` or `unknown`.
    pub actor_kind: &'static str,
    /// The id of the key or the user; the number of the system's user for the command line.
    pub actor: Option<String>,
    /// The key of the request.
    pub key: Option<KeyId>,
    /// The object.
    pub subject: String,
    /// The client's address.
    pub from: Option<String>,
    /// How often it happened.
    pub count: u32,
    /// What the object was before: JSON.
    pub before: Option<String>,
    /// What it was afterwards: JSON.
    pub after: Option<String>,
}

/// Which events to list. `None` means all.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Events of this actor, by id.
    pub actor: Option<String>,
    /// Events of this kind, by name.
    pub kind: Option<String>,
    /// Events of this object.
    pub subject: Option<String>,
    /// Events from this instant on.
    pub since: Option<Timestamp>,
    /// Events before this instant.
    pub until: Option<Timestamp>,
}

/// Bits of a position in the list for the sequence, behind those for the instant.
const SEQUENCE_BITS: u32 = 64;

/// Where an event stands: first by its instant, then by its sequence.
fn position(at: i64, sequence: i64) -> ListPosition {
    let word = |number: i64| u128::from(u64::try_from(number).unwrap_or(0));
    ListPosition(word(at) << SEQUENCE_BITS | word(sequence))
}

fn of_position(ListPosition(position): ListPosition) -> (i64, i64) {
    let number = |word: u128| i64::try_from(word & u128::from(u64::MAX)).unwrap_or(i64::MAX);
    (number(position >> SEQUENCE_BITS), number(position))
}

const COLUMNS: &str = "sequence, id, organization, at, kind, actor_kind, actor, key, subject, from_address, count,
    before, after";

impl Snapshot<'_> {
    /// An organization's events, the newest first.
    pub fn audit_events(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<Listed<AuditEvent>, StoreError> {
        let since = filter.since.map_or(Microsecond(0), Microsecond::from);
        let until = filter.until.map_or(Microsecond(i64::MAX), Microsecond::from);
        let (at, sequence) = page.after.map_or((i64::MAX, i64::MAX), of_position);
        let asked = page.asked();
        let mut parameters: Vec<&dyn ToSql> = vec![&organization, &since, &until, &at, &sequence, &asked];
        let mut sql = format!(
            "SELECT {COLUMNS} FROM audit_events
             WHERE organization = ?1 AND at >= ?2 AND at < ?3 AND (at, sequence) < (?4, ?5)"
        );
        for (column, value) in [("subject", &filter.subject), ("actor", &filter.actor), ("kind", &filter.kind)] {
            if let Some(value) = value {
                parameters.push(value);
                sql += &format!(" AND {column} = ?{}", parameters.len());
            }
        }
        sql += " ORDER BY at DESC, sequence DESC LIMIT ?6";
        let rows = self.all(&sql, parameters.as_slice(), |row| {
            Ok((position(row.get::<_, Microsecond>(3)?.0, row.get(0)?), event(row)?))
        })?;
        Ok(Listed::new(page, rows))
    }

    /// All events in the order in which they were recorded: of one organization, or of all and of
    /// the whole service.
    pub fn audit_trail(
        &self,
        organization: Option<OrganizationId>,
        (since, until): (Option<Timestamp>, Option<Timestamp>),
        page: &Page,
    ) -> Result<Listed<AuditEvent>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM audit_events
             WHERE sequence > ?1 AND (?2 IS NULL OR organization = ?2) AND at >= ?3 AND at < ?4
             ORDER BY sequence LIMIT ?5"
        );
        let since = since.map_or(Microsecond(0), Microsecond::from);
        let until = until.map_or(Microsecond(i64::MAX), Microsecond::from);
        let parameters = params![page.after_number(), organization, since, until, page.asked()];
        Ok(Listed::new(page, self.all(&sql, parameters, |row| Ok((row.get::<_, i64>(0)?.into(), event(row)?)))?))
    }
}

impl Transaction<'_> {
    /// Records what a write has done, and gives its value.
    pub fn audited<T>(&self, source: &AuditSource, audited: Audited<T>) -> Result<T, StoreError> {
        let (actor_kind, actor) = match source.actor {
            AuditActor::Principal(Actor::Key(id)) => ("key", Some(id.to_string())),
            AuditActor::Principal(Actor::User(id)) => ("user", Some(id.to_string())),
            AuditActor::CommandLine(user) => ("command_line", Some(user.to_string())),
            AuditActor::Unknown => ("unknown", None),
        };
        let row = |change: Change| {
            (
                AuditEventId::random(),
                change.organization.or(source.organization),
                Microsecond::from(source.at),
                change.kind.name(),
                (actor_kind, &actor, source.key),
                change.subject,
                &source.from,
                change.count,
                (change.before.map(|value| value.to_string()), change.after.map(|value| value.to_string())),
            )
        };
        let sql = "INSERT INTO audit_events (id, organization, at, kind, actor_kind, actor, key, subject, from_address,
                     count, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        for change in audited.changes {
            let (id, organization, at, kind, (actor_kind, actor, key), subject, from, count, (before, after)) =
                row(change);
            self.change(
                sql,
                params![id, organization, at, kind, actor_kind, actor, key, subject, from, count, before, after],
            )?;
        }
        Ok(audited.value)
    }

    /// Deletes events from before an instant, at most `limit`, and says how many. Events from that
    /// instant on can then not be deleted by anybody.
    pub fn delete_audit_events_before(&self, instant: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let before = Microsecond::from(instant);
        self.change("UPDATE audit_retention SET kept_from = ?1 WHERE kept_from < ?1", [before])?;
        self.change(
            "DELETE FROM audit_events WHERE sequence IN
               (SELECT sequence FROM audit_events WHERE at < ?1 ORDER BY at LIMIT ?2)",
            params![before, i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<AuditEvent> {
    let actors = ["key", "user", "command_line", "unknown"].map(|word| (word, word));
    Ok(AuditEvent {
        id: row.get(1)?,
        organization: row.get(2)?,
        at: instant(row, 3)?,
        kind: row.get(4)?,
        actor_kind: word(row.get_ref(5)?, &actors)?,
        actor: row.get(6)?,
        key: row.get(7)?,
        subject: row.get(8)?,
        from: row.get(9)?,
        count: row.get(10)?,
        before: row.get(11)?,
        after: row.get(12)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_value_is_replaced_by_its_size() {
        let change = Change::new(AuditKind::AgentUpdated, "x").before(json!({"name": "a", "text": "b".repeat(2000)}));
        assert_eq!(change.before, Some(json!({"name": "a", "text": {"bytes": 2002}})));
    }

    #[test]
    fn a_position_is_read_as_it_was_made() {
        for (at, sequence) in [(0, 1), (1_772_323_200_000_000, 7), (i64::MAX, i64::MAX)] {
            assert_eq!(of_position(position(at, sequence)), (at, sequence));
        }
    }
}
