//! Authenticates tokens: the keys by their ids, and the members of each organization.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use jiff::Timestamp;

use super::key_use::{KeyUse, UnwrittenUse};
use crate::credentials::{Scope, Scopes, SecretHash, Token, TokenKind};
use crate::store::{self, Access, Actor, ById, KeyId, LastUse, Limit, Limited, OrganizationId, Owner, UserId};

/// The keys and memberships of all organizations, at one moment.
#[derive(Debug)]
pub struct Keys {
    /// Grows with each change, so the newer of two states has the higher stamp.
    pub stamp: i64,
    keys: HashMap<KeyId, LiveKey, ById>,
    organizations: HashSet<OrganizationId, ById>,
    /// The members, each with the last use of one of the user's keys in the organization.
    members: HashMap<(UserId, OrganizationId), Arc<KeyUse>, ById>,
    /// The limits of organizations that have some of their own.
    limits: HashMap<(OrganizationId, Limited), Limit>,
}

#[derive(Clone, Debug)]
struct LiveKey {
    owner: Owner,
    hash: SecretHash,
    /// The hash of the token before the last rotation, and until when that token is valid.
    previous: Option<(SecretHash, Timestamp)>,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
    /// From where the key may be used; empty if from everywhere.
    address_ranges: Box<[IpNet]>,
    last_use: Arc<KeyUse>,
}

impl LiveKey {
    fn new(key: &store::Key, last_use: Arc<KeyUse>) -> Self {
        let previous = key.previous.map(|(hash, until)| (SecretHash::from_bytes(hash), until));
        Self {
            owner: key.owner,
            hash: SecretHash::from_bytes(key.hash),
            previous,
            scopes: Scopes::from_names(key.scopes.iter().map(String::as_str)),
            expires_at: key.expires_at,
            address_ranges: key.address_ranges.clone().into_boxed_slice(),
            last_use,
        }
    }

    /// Whether the key may be used from an address. An address that is not known is in no range.
    fn may_come_from(&self, address: Option<IpAddr>) -> bool {
        let is_in = |address: IpAddr| self.address_ranges.iter().any(|range| range.contains(&address));
        self.address_ranges.is_empty() || address.is_some_and(|address| is_in(address.to_canonical()))
    }
}

/// An authenticated request: the key, the organization it acts for, and its scopes.
#[derive(Clone, Copy, Debug)]
pub struct Principal {
    /// The key of the token.
    pub key: KeyId,
    /// Who is recorded as the author of changes.
    pub actor: Actor,
    /// The organization that the request acts for.
    pub organization: OrganizationId,
    /// What the key may do.
    pub scopes: Scopes,
    /// The client's address, if it is known.
    pub from: Option<IpAddr>,
}

impl Principal {
    /// Refuses a principal without this scope.
    pub fn needs(&self, scope: Scope) -> Result<(), MissingScope> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(MissingScope(scope)) }
    }
}

/// The scope that the request needs and the key does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingScope(pub Scope);

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is malformed, unknown, expired or revoked. The client does not learn which of
    /// these.
    NotValid,
    /// A user's token needs the name of an organization, and there was none.
    NoOrganization,
    /// The user is not a member of that organization, or it does not exist; or an organization's
    /// key named another organization.
    NotAMember,
    /// The key is bound to address ranges, and the client's address is in none of them.
    Address,
}

/// The hash of a key's secret, and that of the one before with its end.
type Hashes = (SecretHash, Option<(SecretHash, Timestamp)>);

/// Whether a hash is one of a key's now. Both comparisons are always made.
fn is_one_of(hash: SecretHash, (current, previous): Hashes, now: Timestamp) -> bool {
    let (previous, until) = previous.unwrap_or((SecretHash::OF_NOTHING, Timestamp::MIN));
    let (is_current, is_previous) = (hash == current, hash == previous);
    is_current || is_previous && now < until
}

impl Keys {
    /// The keys and memberships from the store. Revoked keys are left out. What `before` knows of
    /// the use of its keys is kept.
    pub fn new(access: &Access, before: Option<&Self>) -> Self {
        let last_use = |key: &store::Key| {
            let known = before.and_then(|before| before.keys.get(&key.id)).map(|key| Arc::clone(&key.last_use));
            known.unwrap_or_else(|| Arc::new(KeyUse::new(key.last_use)))
        };
        let key = |key: &store::Key| (key.id, LiveKey::new(key, last_use(key)));
        let in_membership = |membership: &(UserId, OrganizationId)| {
            let known = before.and_then(|before| before.members.get(membership)).map(Arc::clone);
            known.unwrap_or_else(|| Arc::new(KeyUse::new(None)))
        };
        Self {
            stamp: access.stamp,
            keys: access.keys.iter().filter(|key| key.revoked_at.is_none()).map(key).collect(),
            organizations: access.organizations.iter().map(|organization| organization.id).collect(),
            members: access.memberships.iter().map(|membership| (*membership, in_membership(membership))).collect(),
            limits: access.limits.iter().map(|own| ((own.organization, own.limited), own.limit)).collect(),
        }
    }

    /// The same with keys that a write has made or changed. Those that it has revoked are left out.
    pub fn with(&self, stamp: i64, changed: &[store::Key]) -> Self {
        let mut keys = self.keys.clone();
        for key in changed {
            let known = keys.remove(&key.id).map(|known| known.last_use);
            if key.revoked_at.is_none() {
                let last_use = known.unwrap_or_else(|| Arc::new(KeyUse::new(key.last_use)));
                keys.insert(key.id, LiveKey::new(key, last_use));
            }
        }
        let (organizations, members) = (self.organizations.clone(), self.members.clone());
        Self { stamp, keys, organizations, members, limits: self.limits.clone() }
    }

    /// An organization's own limit of something; `None` if it has the server's default.
    pub fn own_limit(&self, organization: OrganizationId, limited: Limited) -> Option<Limit> {
        self.limits.get(&(organization, limited)).copied()
    }

    /// Authenticates a token, and notes that its key is used. `named` is the organization that the
    /// request names, if it names one; `from` is the client's address, if it is known.
    pub fn principal(
        &self,
        token: &Token,
        named: Option<&str>,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Principal, Refusal> {
        let id: Option<KeyId> = token.id().parse().ok();
        let key = id.and_then(|id| self.keys.get(&id));
        // Without such a key, compare all the same: the answer must take as long.
        let hashes = key.map_or((SecretHash::OF_NOTHING, None), |key| (key.hash, key.previous));
        let is_right = is_one_of(token.hash(), hashes, now);
        let (Some(id), Some(key)) = (id, key) else { return Err(Refusal::NotValid) };
        let is_of_its_kind = match key.owner {
            Owner::Organization(_) => token.kind() == TokenKind::Organization,
            Owner::User(_) => token.kind() == TokenKind::User,
        };
        if !is_right || !is_of_its_kind || key.expires_at.is_some_and(|end| end <= now) {
            return Err(Refusal::NotValid);
        }
        if !key.may_come_from(from) {
            return Err(Refusal::Address);
        }
        key.last_use.note(now, from);
        let named_id: Option<Option<OrganizationId>> = named.map(|named| named.parse().ok());
        let (actor, organization) = match (key.owner, named_id) {
            (Owner::Organization(own), None) => (Actor::Key(id), own),
            (Owner::Organization(own), Some(named)) if named == Some(own) => (Actor::Key(id), own),
            (Owner::Organization(_), Some(_)) => return Err(Refusal::NotAMember),
            (Owner::User(_), None) => return Err(Refusal::NoOrganization),
            (Owner::User(user), Some(named)) => {
                let organization = named.ok_or(Refusal::NotAMember)?;
                self.members.get(&(user, organization)).ok_or(Refusal::NotAMember)?.note(now, from);
                (Actor::User(user), organization)
            }
        };
        if !self.organizations.contains(&organization) {
            return Err(Refusal::NotAMember);
        }
        Ok(Principal { key: id, actor, organization, scopes: key.scopes, from })
    }

    /// When and from where a key was last used; `None` if it never was, or if there is no such key
    /// that is in force.
    pub fn last_use(&self, id: KeyId) -> Option<LastUse> {
        self.keys.get(&id)?.last_use.last()
    }

    /// The organization that owns the key that a token names, whether or not the token is valid.
    pub fn owner_of(&self, token: &Token) -> Option<OrganizationId> {
        self.organization_of(token.id().parse().ok()?)
    }

    /// The last uses of memberships that are not written down yet.
    pub fn unwritten_memberships(&self) -> Vec<((UserId, OrganizationId), UnwrittenUse)> {
        self.members.iter().filter_map(|(membership, last)| Some((*membership, last.unwritten()?))).collect()
    }

    /// Says that these uses of memberships are written down.
    pub fn memberships_are_written(&self, uses: &[((UserId, OrganizationId), UnwrittenUse)]) {
        for (membership, unwritten) in uses {
            if let Some(last_use) = self.members.get(membership) {
                last_use.is_written(unwritten.last);
            }
        }
    }

    /// The organization that owns a key; `None` for a user's key.
    pub fn organization_of(&self, key: KeyId) -> Option<OrganizationId> {
        match self.keys.get(&key)?.owner {
            Owner::Organization(organization) => Some(organization),
            Owner::User(_) => None,
        }
    }

    /// The last uses that the store does not have yet.
    pub fn unwritten_uses(&self) -> Vec<(KeyId, UnwrittenUse)> {
        self.keys.iter().filter_map(|(id, key)| Some((*id, key.last_use.unwritten()?))).collect()
    }

    /// Says that the store has these uses.
    pub fn are_written(&self, uses: &[(KeyId, UnwrittenUse)]) {
        for (id, unwritten) in uses {
            if let Some(key) = self.keys.get(id) {
                key.last_use.is_written(unwritten.last);
            }
        }
    }
}
