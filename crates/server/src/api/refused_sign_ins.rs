//! Counts refused tokens, for the audit trail: by address, and by the organization whose key a token
//! named. The counts are taken out and recorded once a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use callplan_service::store::{ClientAddress, OrganizationId};

/// Maximum number of counts between two records. All others share one, which names nobody.
const MAXIMUM_COUNTS: usize = 100;

/// Whose tokens were refused: the client's address, and the organization of the key that they named.
pub type Refused = (Option<ClientAddress>, Option<OrganizationId>);

/// The tokens that were refused since they were taken out last.
#[derive(Debug, Default)]
pub struct RefusedSignIns {
    counts: Mutex<HashMap<Refused, u32>>,
}

impl RefusedSignIns {
    /// Counts a token.
    pub fn count(&self, from: Option<IpAddr>, organization: Option<OrganizationId>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut refused = (from.map(ClientAddress::from), organization);
        if counts.len() >= MAXIMUM_COUNTS && !counts.contains_key(&refused) {
            refused = (None, None);
        }
        let count = counts.entry(refused).or_default();
        *count = count.saturating_add(1);
    }

    /// Takes the counts out.
    pub fn take(&self) -> Vec<(Refused, u32)> {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_tokens_are_counted_by_address_and_there_are_few_counts() {
        let (refused, organization) = (RefusedSignIns::default(), OrganizationId::random());
        let address = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        for _ in 0..3 {
            refused.count(address(1), Some(organization));
        }
        refused.count(address(1), None);
        let mut counts = refused.take();
        counts.sort_by_key(|(_, count)| *count);
        let from = address(1).map(ClientAddress::from);
        assert_eq!(counts, [((from, None), 1), ((from, Some(organization)), 3)]);
        assert_eq!(refused.take(), []);
        for last in 0..200 {
            refused.count(address(last), None);
        }
        let counts = refused.take();
        assert_eq!(counts.len(), MAXIMUM_COUNTS + 1);
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<u32>(), 200);
        assert!(counts.contains(&((None, None), 100)));
    }
}
