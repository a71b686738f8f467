//! Slots for work that many ask for, on a core or on the database, shared fairly: an organization and a key have each a share of
//! them. A free slot goes to the organization that has the fewest, and of those to the one that has
//! waited longest since its last; within it to its keys in the same way.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use callplan_service::live::access::Principal;
use callplan_service::store::{KeyId, OrganizationId};
use callplan_service::telemetry::metrics::QueueDepth;

/// Maximum number of pieces of work of one key that wait, if nothing else is said.
const MAXIMUM_WAITING: usize = 32;

/// How many slots there are.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    /// For one key.
    pub key: usize,
    /// For all keys of one organization.
    pub organization: usize,
    /// For all organizations.
    pub all: usize,
}

/// The slots and who waits for them. Its clones share it.
#[derive(Clone, Debug)]
pub struct FairQueue {
    shares: Shares,
    /// Maximum number of pieces of work of one key that wait.
    maximum_waiting: usize,
    state: Arc<Mutex<QueueState>>,
}

/// A slot, until it is dropped.
#[derive(Debug)]
pub struct FairSlot {
    queue: FairQueue,
    organization: OrganizationId,
    key: KeyId,
}

/// There is no slot, and too much waits already.
#[derive(Clone, Copy, Debug)]
pub struct QueueFull;

#[derive(Debug, Default)]
struct QueueState {
    taken: usize,
    /// Grows with each slot that is taken.
    turns: u64,
    organizations: HashMap<OrganizationId, OrganizationUse>,
}

/// What an organization has of the slots. It is forgotten once it has none and waits for none.
#[derive(Debug, Default)]
struct OrganizationUse {
    taken: usize,
    last_turn: u64,
    keys: HashMap<KeyId, KeyUse>,
}

#[derive(Debug, Default)]
struct KeyUse {
    taken: usize,
    last_turn: u64,
    waiting: VecDeque<oneshot::Sender<FairSlot>>,
}

impl KeyUse {
    fn may_take(&self, shares: Shares) -> bool {
        self.taken < shares.key && !self.waiting.is_empty()
    }
}

impl FairQueue {
    /// A queue with these slots, all of them free.
    pub fn new(shares: Shares) -> Self {
        Self { shares, maximum_waiting: MAXIMUM_WAITING, state: Arc::default() }
    }

    /// The same queue, in which so many pieces of work of one key may wait.
    pub fn with_maximum_waiting(self, maximum_waiting: usize) -> Self {
        Self { maximum_waiting, ..self }
    }

    /// How much work has a slot, and how much waits for one.
    pub fn depth(&self) -> QueueDepth {
        let state = self.lock();
        let keys = state.organizations.values().flat_map(|of| of.keys.values());
        let waiting = keys.flat_map(|key| &key.waiting).filter(|waiting| !waiting.is_closed()).count();
        QueueDepth { running: state.taken, waiting }
    }

    /// Waits for a slot. Who gives up waiting drops the future.
    pub async fn slot(&self, who: &Principal) -> Result<FairSlot, QueueFull> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.lock();
            let key = state.organizations.entry(who.organization).or_default().keys.entry(who.key).or_default();
            key.waiting.retain(|waiting| !waiting.is_closed());
            if key.waiting.len() >= self.maximum_waiting {
                return Err(QueueFull);
            }
            key.waiting.push_back(sender);
        }
        self.hand_out();
        receiver.await.map_err(|_| QueueFull)
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives free slots to those who wait.
    fn hand_out(&self) {
        loop {
            let next = self.lock().next(self.shares);
            let Some((organization, key, waiting)) = next else { return };
            // One who has given up drops the slot, outside of the lock, and frees it again.
            let _ = waiting.send(FairSlot { queue: self.clone(), organization, key });
        }
    }
}

impl QueueState {
    /// Takes a slot for the next in turn.
    fn next(&mut self, shares: Shares) -> Option<(OrganizationId, KeyId, oneshot::Sender<FairSlot>)> {
        if self.taken >= shares.all {
            return None;
        }
        let may_take = |of: &&mut OrganizationUse| {
            of.taken < shares.organization && of.keys.values().any(|key| key.may_take(shares))
        };
        let with_id = self.organizations.iter_mut().map(|(id, of)| (*id, of));
        let (organization, of) =
            with_id.filter(|(_, of)| may_take(of)).min_by_key(|(_, of)| (of.taken, of.last_turn))?;
        let with_id = of.keys.iter_mut().map(|(id, key)| (*id, key));
        let (id, key) =
            with_id.filter(|(_, key)| key.may_take(shares)).min_by_key(|(_, key)| (key.taken, key.last_turn))?;
        let waiting = key.waiting.pop_front()?;
        self.turns += 1;
        (key.last_turn, of.last_turn) = (self.turns, self.turns);
        key.taken += 1;
        of.taken += 1;
        self.taken += 1;
        Some((organization, id, waiting))
    }

    fn give_back(&mut self, organization: OrganizationId, id: KeyId) {
        self.taken = self.taken.saturating_sub(1);
        let Some(of) = self.organizations.get_mut(&organization) else { return };
        of.taken = of.taken.saturating_sub(1);
        if let Some(key) = of.keys.get_mut(&id) {
            key.taken = key.taken.saturating_sub(1);
        }
        of.keys.retain(|_, key| {
            key.waiting.retain(|waiting| !waiting.is_closed());
            key.taken > 0 || !key.waiting.is_empty()
        });
        if of.keys.is_empty() {
            self.organizations.remove(&organization);
        }
    }
}

impl Drop for FairSlot {
    fn drop(&mut self) {
        self.queue.lock().give_back(self.organization, self.key);
        self.queue.hand_out();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callplan_service::credentials::Scopes;
    use callplan_service::store::Actor;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    type Waiting = Pin<Box<dyn Future<Output = Result<FairSlot, QueueFull>>>>;

    fn somebody() -> Principal {
        let key = KeyId::random();
        let organization = uuid_of(&key.to_string());
        Principal { key, actor: Actor::Key(key), organization, scopes: Scopes::from_names([]), from: None }
    }

    fn uuid_of(text: &str) -> OrganizationId {
        text.parse().expect("an id")
    }

    fn colleague(of: &Principal) -> Principal {
        Principal { key: KeyId::random(), ..*of }
    }

    fn ask(queue: &FairQueue, who: &Principal) -> Waiting {
        let (queue, who) = (queue.clone(), *who);
        let mut waiting: Waiting = Box::pin(async move { queue.slot(&who).await });
        // The first poll puts it into the queue.
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(slot) => Box::pin(std::future::ready(slot)),
            Poll::Pending => waiting,
        }
    }

    fn slot(waiting: &mut Waiting) -> Option<FairSlot> {
        match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(slot) => Some(slot.expect("there is room in the queue")),
            Poll::Pending => None,
        }
    }

    const SHARES: Shares = Shares { key: 1, organization: 2, all: 3 };

    #[test]
    fn an_organization_finds_a_slot_whatever_another_asks_for() {
        let (queue, hostile, other) = (FairQueue::new(SHARES), somebody(), somebody());
        let colleague = colleague(&hostile);
        let mut attack: Vec<_> = (0..10).flat_map(|_| [ask(&queue, &hostile), ask(&queue, &colleague)]).collect();
        let taken: Vec<_> = attack.iter_mut().filter_map(slot).collect();
        assert_eq!(taken.len(), SHARES.organization);
        assert_eq!(queue.depth(), QueueDepth { running: SHARES.organization, waiting: 20 - SHARES.organization });
        assert!(slot(&mut ask(&queue, &other)).is_some());
    }

    #[test]
    fn slots_go_in_turn_to_organizations_and_to_keys_not_to_who_asks_most() {
        let one = Shares { key: 1, organization: 1, all: 1 };
        let (queue, hostile, other) = (FairQueue::new(one), somebody(), somebody());
        let colleague = colleague(&hostile);
        let mut first = ask(&queue, &hostile);
        let running = slot(&mut first).expect("nobody else has one");
        let mut attack: Vec<_> = (0..10).map(|_| ask(&queue, &hostile)).collect();
        let mut beside = ask(&queue, &colleague);
        let mut fair = ask(&queue, &other);
        drop(running);
        drop(slot(&mut fair).expect("its organization has waited longer"));
        drop(slot(&mut beside).expect("its key has waited longer"));
        assert!(attack.iter_mut().filter_map(slot).next().is_some());
    }

    #[test]
    fn who_gives_up_leaves_nothing_and_the_queue_is_bounded() {
        let (queue, hostile) = (FairQueue::new(SHARES), somebody());
        let running = slot(&mut ask(&queue, &hostile)).expect("it is free");
        let waiting: Vec<_> = (0..MAXIMUM_WAITING).map(|_| ask(&queue, &hostile)).collect();
        let full = ask(&queue, &hostile).as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(full, Poll::Ready(Err(QueueFull))));
        drop(waiting);
        let mut patient = ask(&queue, &hostile);
        assert!(slot(&mut patient).is_none());
        drop(running);
        drop(slot(&mut patient).expect("those before it have given up"));
        let state = queue.lock();
        assert!(state.taken == 0 && state.organizations.is_empty());
    }
}
