//! Authenticates tokens: the keys by their ids, and the members of each organization.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::credentials::{Scope, Scopes, SecretHash, Token, TokenKind};
use crate::store::{self, Access, Actor, ById, KeyId, OrganizationId, Owner, UserId};

/// The keys and memberships of all organizations, at one moment.
#[derive(Debug)]
pub struct Keys {
    /// Grows with each change, so the newer of two states has the higher stamp.
    pub stamp: i64,
    keys: HashMap<KeyId, LiveKey, ById>,
    organizations: HashSet<OrganizationId, ById>,
    members: HashSet<(UserId, OrganizationId), ById>,
}

#[derive(Debug)]
struct LiveKey {
    owner: Owner,
    hash: SecretHash,
    scopes: Scopes,
    expires_at: Option<Timestamp>,
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
}

impl Keys {
    /// The keys and memberships from the store. Revoked keys are left out.
    pub fn new(access: &Access) -> Self {
        let key = |key: &store::Key| {
            let scopes = Scopes::from_names(key.scopes.iter().map(String::as_str));
            let hash = SecretHash::from_bytes(key.hash);
            (key.id, LiveKey { owner: key.owner, hash, scopes, expires_at: key.expires_at })
        };
        Self {
            stamp: access.stamp,
            keys: access.keys.iter().filter(|key| key.revoked_at.is_none()).map(key).collect(),
            organizations: access.organizations.iter().map(|organization| organization.id).collect(),
            members: access.memberships.iter().copied().collect(),
        }
    }

    /// Authenticates a token. `named` is the organization that the request names, if it names one.
    pub fn principal(&self, token: &Token, named: Option<&str>, now: Timestamp) -> Result<Principal, Refusal> {
        let id: Option<KeyId> = token.id().parse().ok();
        let key = id.and_then(|id| self.keys.get(&id));
        // Without such a key, compare all the same: the answer must take as long.
        let is_right = token.hash() == key.map_or(SecretHash::OF_NOTHING, |key| key.hash);
        let (Some(id), Some(key)) = (id, key) else { return Err(Refusal::NotValid) };
        let is_of_its_kind = match key.owner {
            Owner::Organization(_) => token.kind() == TokenKind::Organization,
            Owner::User(_) => token.kind() == TokenKind::User,
        };
        if !is_right || !is_of_its_kind || key.expires_at.is_some_and(|end| end <= now) {
            return Err(Refusal::NotValid);
        }
        let named_id: Option<Option<OrganizationId>> = named.map(|named| named.parse().ok());
        let (actor, organization) = match (key.owner, named_id) {
            (Owner::Organization(own), None) => (Actor::Key(id), own),
            (Owner::Organization(own), Some(named)) if named == Some(own) => (Actor::Key(id), own),
            (Owner::Organization(_), Some(_)) => return Err(Refusal::NotAMember),
            (Owner::User(_), None) => return Err(Refusal::NoOrganization),
            (Owner::User(user), Some(named)) => {
                let member = named.filter(|named| self.members.contains(&(user, *named)));
                (Actor::User(user), member.ok_or(Refusal::NotAMember)?)
            }
        };
        if !self.organizations.contains(&organization) {
            return Err(Refusal::NotAMember);
        }
        Ok(Principal { key: id, actor, organization, scopes: key.scopes })
    }
}
