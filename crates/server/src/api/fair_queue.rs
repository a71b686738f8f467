//! Slots for work that many ask for, on a core or on the database, shared fairly: an organization
//! and a key have each a share of them. A free slot goes to the organization that has the fewest,
//! and of those to the one that has waited longest since its last; within it to its keys in the same
//! way.
//!
//! A queue may also have room for so many bytes of memory, of which each piece of work says how many
//! it takes at most. Who is next in turn waits until there is room for it, and nobody overtakes it:
//! else small work could keep large work waiting for ever.

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

/// The room that there is for the memory of work, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct MemoryRoom {
    /// For one organization.
    pub organization: usize,
    /// For all organizations.
    pub all: usize,
}

impl MemoryRoom {
    const WITHOUT_END: Self = Self { organization: usize::MAX, all: usize::MAX };
}

/// The slots and who waits for them. Its clones share it.
#[derive(Clone, Debug)]
pub struct FairQueue {
    shares: Shares,
    /// Maximum number of pieces of work of one key that wait.
    maximum_waiting: usize,
    /// For the work that has slots.
    room: MemoryRoom,
    state: Arc<Mutex<QueueState>>,
}

/// A slot, until it is dropped.
#[derive(Debug)]
pub struct FairSlot {
    queue: FairQueue,
    organization: OrganizationId,
    key: KeyId,
    memory: usize,
}

/// There is no slot, and too much waits already.
#[derive(Clone, Copy, Debug)]
pub struct QueueFull;

#[derive(Debug, Default)]
struct QueueState {
    taken: usize,
    /// The memory of the work that has slots, in bytes.
    memory: usize,
    /// Grows with each slot that is taken.
    turns: u64,
    organizations: HashMap<OrganizationId, OrganizationUse>,
}

/// What an organization has of the slots. It is forgotten once it has none and waits for none.
#[derive(Debug, Default)]
struct OrganizationUse {
    taken: usize,
    memory: usize,
    last_turn: u64,
    keys: HashMap<KeyId, KeyUse>,
}

#[derive(Debug, Default)]
struct KeyUse {
    taken: usize,
    last_turn: u64,
    waiting: VecDeque<Waiting>,
}

/// A piece of work that waits.
#[derive(Debug)]
struct Waiting {
    slot: oneshot::Sender<FairSlot>,
    /// The most memory that it takes, in bytes.
    memory: usize,
}

impl Waiting {
    /// Who has given up needs no room.
    fn needs_no_more_than(&self, room: usize) -> bool {
        self.memory <= room || self.slot.is_closed()
    }
}

impl KeyUse {
    /// Whether it may take a slot, where its organization has so much room left.
    fn may_take(&self, shares: Shares, room: usize) -> bool {
        self.taken < shares.key && self.waiting.front().is_some_and(|next| next.needs_no_more_than(room))
    }

    fn forget_who_gave_up(&mut self) {
        self.waiting.retain(|waiting| !waiting.slot.is_closed());
    }
}

impl FairQueue {
    /// A queue with these slots, all of them free.
    pub fn new(shares: Shares) -> Self {
        Self { shares, maximum_waiting: MAXIMUM_WAITING, room: MemoryRoom::WITHOUT_END, state: Arc::default() }
    }

    /// The same queue, in which so many pieces of work of one key may wait.
    pub fn with_maximum_waiting(self, maximum_waiting: usize) -> Self {
        Self { maximum_waiting, ..self }
    }

    /// The same queue, with room for memory. Work that takes more than the room of an organization
    /// has all of that for itself.
    pub fn with_room(self, room: MemoryRoom) -> Self {
        Self { room, ..self }
    }

    /// How much work has a slot, and how much waits for one.
    pub fn depth(&self) -> QueueDepth {
        let state = self.lock();
        let keys = state.organizations.values().flat_map(|of| of.keys.values());
        let waiting = keys.flat_map(|key| &key.waiting).filter(|waiting| !waiting.slot.is_closed()).count();
        QueueDepth { running: state.taken, waiting }
    }

    /// Waits for a slot. Who gives up waiting drops the future.
    pub async fn slot(&self, who: &Principal) -> Result<FairSlot, QueueFull> {
        self.slot_with_memory(who, 0).await
    }

    /// Waits for a slot and for room for work that takes at most so many bytes of memory.
    pub async fn slot_with_memory(&self, who: &Principal, memory: usize) -> Result<FairSlot, QueueFull> {
        let (slot, receiver) = oneshot::channel();
        {
            let mut state = self.lock();
            let key = state.organizations.entry(who.organization).or_default().keys.entry(who.key).or_default();
            key.forget_who_gave_up();
            if key.waiting.len() >= self.maximum_waiting {
                return Err(QueueFull);
            }
            key.waiting.push_back(Waiting { slot, memory: memory.min(self.room.organization) });
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
            let next = self.lock().next(self.shares, self.room);
            let Some((organization, key, Waiting { slot, memory })) = next else { return };
            // One who has given up drops the slot, outside of the lock, and frees it again.
            let _ = slot.send(FairSlot { queue: self.clone(), organization, key, memory });
        }
    }
}

impl QueueState {
    /// Takes a slot for the next in turn; `None` if there is no slot or no room for it.
    fn next(&mut self, shares: Shares, room: MemoryRoom) -> Option<(OrganizationId, KeyId, Waiting)> {
        if self.taken >= shares.all {
            return None;
        }
        let may_take = |of: &&mut OrganizationUse| {
            let left = room.organization - of.memory;
            of.taken < shares.organization && of.keys.values().any(|key| key.may_take(shares, left))
        };
        let with_id = self.organizations.iter_mut().map(|(id, of)| (*id, of));
        let (organization, of) =
            with_id.filter(|(_, of)| may_take(of)).min_by_key(|(_, of)| (of.taken, of.last_turn))?;
        let left = room.organization - of.memory;
        let with_id = of.keys.iter_mut().map(|(id, key)| (*id, key));
        let (id, key) =
            with_id.filter(|(_, key)| key.may_take(shares, left)).min_by_key(|(_, key)| (key.taken, key.last_turn))?;
        key.waiting.front().filter(|next| next.needs_no_more_than(room.all - self.memory))?;
        let waiting = key.waiting.pop_front()?;
        self.turns += 1;
        of.memory += waiting.memory;
        self.memory += waiting.memory;
        (key.last_turn, of.last_turn) = (self.turns, self.turns);
        key.taken += 1;
        of.taken += 1;
        self.taken += 1;
        Some((organization, id, waiting))
    }

    fn give_back(&mut self, organization: OrganizationId, id: KeyId, memory: usize) {
        self.taken = self.taken.saturating_sub(1);
        self.memory = self.memory.saturating_sub(memory);
        let Some(of) = self.organizations.get_mut(&organization) else { return };
        of.taken = of.taken.saturating_sub(1);
        of.memory = of.memory.saturating_sub(memory);
        if let Some(key) = of.keys.get_mut(&id) {
            key.taken = key.taken.saturating_sub(1);
        }
        of.keys.retain(|_, key| {
            key.forget_who_gave_up();
            key.taken > 0 || !key.waiting.is_empty()
        });
        if of.keys.is_empty() {
            self.organizations.remove(&organization);
        }
    }
}

impl Drop for FairSlot {
    fn drop(&mut self) {
        self.queue.lock().give_back(self.organization, self.key, self.memory);
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
    fn work_waits_for_room_in_its_turn_and_nobody_overtakes_it() {
        const ROOM: MemoryRoom = MemoryRoom { organization: 100, all: 100 };
        let all = Shares { key: 9, organization: 9, all: 9 };
        let (queue, one, other) = (FairQueue::new(all).with_room(ROOM), somebody(), somebody());
        let ask_for = |who: &Principal, memory: usize| {
            let (queue, who) = (queue.clone(), *who);
            let mut waiting: Waiting = Box::pin(async move { queue.slot_with_memory(&who, memory).await });
            match waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(slot) => Box::pin(std::future::ready(slot)) as Waiting,
                Poll::Pending => waiting,
            }
        };
        let first = slot(&mut ask_for(&one, 60)).expect("all room is free");
        let mut large = ask_for(&other, 50);
        assert!(slot(&mut large).is_none(), "there is no room");
        let mut small = ask_for(&one, 10);
        assert!(slot(&mut small).is_none(), "it is not its turn");
        drop(first);
        let large = slot(&mut large).expect("there is room");
        let small = slot(&mut small).expect("for both");
        // More than there is room for has all of it.
        let mut huge = ask_for(&other, 1_000);
        drop(large);
        assert!(slot(&mut huge).is_none());
        drop(small);
        drop(slot(&mut huge).expect("all room is free"));
        assert_eq!(queue.lock().memory, 0);
        // Who gives up holds up nobody.
        let first = slot(&mut ask_for(&one, 60)).expect("all room is free");
        drop(ask_for(&other, 90));
        assert!(slot(&mut ask_for(&other, 40)).is_some());
        drop(first);
    }

    #[test]
    fn an_organization_leaves_room_to_others() {
        let all = Shares { key: 9, organization: 9, all: 9 };
        let queue = FairQueue::new(all).with_room(MemoryRoom { organization: 70, all: 100 });
        let (hostile, other) = (somebody(), somebody());
        let ask_for_thirty = |who: &Principal| {
            let (queue, who) = (queue.clone(), *who);
            async move { queue.slot_with_memory(&who, 30).await }
        };
        let mut attack: Vec<Waiting> = (0..5).map(|_| -> Waiting { Box::pin(ask_for_thirty(&hostile)) }).collect();
        let taken: Vec<_> = attack.iter_mut().filter_map(slot).collect();
        assert_eq!(taken.len(), 2);
        let mut fair: Waiting = Box::pin(ask_for_thirty(&other));
        assert!(slot(&mut fair).is_some());
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
