//! Who may ask: keys by their ids, and who is a member of what.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::credentials::{Kind, Scope, Scopes, SecretHash, Token};
use crate::store::{self, Access, Actor, ById, KeyId, OrganizationId, Owner, UserId};

/// See the module.
#[derive(Debug)]
pub struct Keys {
    /// Of two states, the newer has the higher.
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

/// Who asks, on behalf of which organization, and what they may do in it.
#[derive(Clone, Copy, Debug)]
pub struct Principal {
    /// The key that was shown.
    pub key: KeyId,
    /// Who is said to have done what is done.
    pub actor: Actor,
    /// For which organization.
    pub organization: OrganizationId,
    /// What they may do.
    pub scopes: Scopes,
}

impl Principal {
    /// Refuses who does not have this scope.
    pub fn needs(&self, scope: Scope) -> Result<(), MissingScope> {
        if self.scopes.allow(scope) { Ok(()) } else { Err(MissingScope(scope)) }
    }
}

/// The scope that a credential would need, and does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingScope(pub Scope);

/// Why somebody may not ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is none, unknown, expired or revoked: which of these is not for the asker to know.
    NotValid,
    /// A user's token does not say for which organization.
    NoOrganization,
    /// The user is no member of that organization, or there is none; or a key of another organization was shown.
    NotAMember,
}

impl Keys {
    /// Of what is stored. Keys that are revoked are left out.
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

    /// Who shows this token, for the organization that is named if one is.
    pub fn principal(&self, token: &Token, named: Option<&str>, now: Timestamp) -> Result<Principal, Refusal> {
        let id: Option<KeyId> = token.id().parse().ok();
        let key = id.and_then(|id| self.keys.get(&id));
        // Also where there is no such key, so that this takes as long.
        let is_right = token.hash() == key.map_or(SecretHash::OF_NOTHING, |key| key.hash);
        let (Some(id), Some(key)) = (id, key) else { return Err(Refusal::NotValid) };
        let is_of_its_kind = match key.owner {
            Owner::Organization(_) => token.kind() == Kind::Organization,
            Owner::User(_) => token.kind() == Kind::User,
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
