//! What the audit trail says of keys. A user's key belongs to no organization, so its events are
//! those of the whole service.

use serde_json::{Value, json};

use super::audit::{AuditKind, Change};
use super::id::OrganizationId;
use super::keys::{Key, Owner, Revoked};

impl Key {
    fn organization(&self) -> Option<OrganizationId> {
        match self.owner {
            Owner::Organization(id) => Some(id),
            Owner::User(_) => None,
        }
    }

    fn change(&self, kind: AuditKind) -> Change {
        Change::new(kind, self.id).of(self.organization())
    }

    fn facts(&self) -> Value {
        let ranges: Vec<String> = self.address_ranges.iter().map(ToString::to_string).collect();
        let user = match self.owner {
            Owner::Organization(_) => None,
            Owner::User(id) => Some(id.to_string()),
        };
        let expires_at = self.expires_at.map(|end| end.to_string());
        json!({"name": self.name, "user_id": user, "scopes": self.scopes, "expires_at": expires_at, "address_ranges": ranges})
    }

    /// The key was made.
    pub fn was_created(&self) -> Change {
        self.change(AuditKind::KeyCreated).after(self.facts())
    }

    /// The key got a new token.
    pub fn was_rotated(&self) -> Change {
        let until = self.previous.map(|(_, until)| until.to_string());
        self.change(AuditKind::KeyRotated).after(json!({"name": self.name, "previous_token_until": until}))
    }

    /// The key was revoked, along with `cause` if it was not revoked by itself.
    pub fn was_revoked(&self, cause: Option<&str>) -> Change {
        self.change(AuditKind::KeyRevoked).before(self.facts()).after(json!({"revoked_with": cause}))
    }
}

impl Revoked {
    /// The key and its descendants were revoked, as far as they were in force.
    pub fn changes(&self) -> Vec<Change> {
        let cause = self.key.id.to_string();
        let descendants = self.descendants.iter().map(|key| key.was_revoked(Some(&cause)));
        let own = self.was_in_force.then(|| self.key.was_revoked(None));
        own.into_iter().chain(descendants).collect()
    }
}
