//! What a key may do to other keys: none that it makes, rotates or revokes may do more than it may
//! itself.

use ipnet::IpNet;
use jiff::Timestamp;
use serde_json::Value;

use crate::api::error_code::ErrorCode;
use crate::api::object::text;
use crate::api::problem::Problem;
use callplan_service::credentials::Scopes;
use callplan_service::live::access::{MissingScope, Principal, Refusal};
use callplan_service::store::{Key, Owner, Transaction};

/// How long a key holds, and from where.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// When it expires; `None` if it never does.
    pub expires_at: Option<Timestamp>,
    /// From where it may be used; empty if from everywhere.
    pub address_ranges: Vec<IpNet>,
}

impl Reach {
    fn of(key: Key) -> Self {
        Self { expires_at: key.expires_at, address_ranges: key.address_ranges }
    }

    /// The reach of a key that is made with a key of this reach. What was not asked for is taken
    /// from this.
    pub fn given(self, asked: Self) -> Result<Self, Problem> {
        let given = Self {
            expires_at: asked.expires_at.or(self.expires_at),
            address_ranges: match asked.address_ranges.is_empty() {
                true => self.address_ranges.clone(),
                false => asked.address_ranges,
            },
        };
        self.covers(&given)?;
        Ok(given)
    }

    /// Refuses a key that holds longer than this, or in more places.
    pub fn covers(&self, other: &Self) -> Result<(), Problem> {
        let exceeds = |detail: String| Err(Problem::new(ErrorCode::KeyExceedsMaker, detail));
        if let Some(end) = self.expires_at
            && other.expires_at.is_none_or(|other| other > end)
        {
            return exceeds(format!("The key would hold longer than your own, which expires at {end}."));
        }
        let is_covered = |range: &IpNet| self.address_ranges.iter().any(|own| own.contains(range));
        let is_everywhere = other.address_ranges.is_empty();
        if !self.address_ranges.is_empty() && (is_everywhere || !other.address_ranges.iter().all(is_covered)) {
            let own: Vec<String> = self.address_ranges.iter().map(IpNet::to_string).collect();
            return exceeds(format!("The key would hold in more places than your own: {}.", own.join(", ")));
        }
        Ok(())
    }
}

/// The reach of the principal's key. It is read again where it is used: a key that has been revoked
/// since the request began must not leave another behind.
pub fn own(transaction: &Transaction<'_>, who: &Principal, now: Timestamp) -> Result<Reach, Problem> {
    let key = transaction.key(who.key)?.filter(|key| key.is_in_force(now));
    Ok(Reach::of(key.ok_or(Refusal::NotValid)?))
}

/// Whether a key is one of the principal's organization.
pub fn is_of(who: &Principal, key: &Key) -> bool {
    key.owner == Owner::Organization(who.organization)
}

/// Refuses a key that has a scope that the principal does not have.
pub fn covers(who: &Principal, key: &Key) -> Result<(), Problem> {
    let scopes = Scopes::from_names(key.scopes.iter().map(String::as_str));
    match scopes.iter().find(|scope| !who.scopes.allow(*scope)) {
        Some(missing) => Err(MissingScope(missing).into()),
        None => Ok(()),
    }
}

/// The same, also for how long the key holds, and from where.
pub fn reaches(own: &Reach, who: &Principal, key: &Key) -> Result<(), Problem> {
    covers(who, key)?;
    own.covers(&Reach::of(key.clone()))
}

/// Reads an address, or a range of addresses in CIDR notation.
pub fn range(value: Value) -> Result<IpNet, String> {
    callplan_service::address_range::read(&text(value)?)
}
