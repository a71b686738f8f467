//! What calls read, in memory: each organization's compiled plan, agents, numbers and switches, and
//! the keys. A call loads pointers and waits for nobody. A write puts the new state in place before
//! it is answered.
//!
//! - [`organization`] is one organization's state, made anew by each write.
//! - [`changed`] is a state with a change that is only tried.
//! - [`plan`] is a definition that is compiled once.
//! - [`compiler`] compiles plans in the background, those that calls wait for first.
//! - [`plan_keeper`] keeps compiled plans for the next start.
//! - [`access`] authenticates tokens, and [`key_use`] notes when a key was last used.

pub mod access;
pub mod changed;
pub mod compiler;
pub mod key_use;
pub mod organization;
pub mod plan;
pub mod plan_keeper;
pub mod rate;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;

use crate::clock::SettledTime;
use crate::kept_plans::{KeptForms, TextHash};
use crate::store::{Access, ById, CallId, Key, LiveOrganization, OrganizationId};
use access::Keys;
use compiler::Compiler;
use organization::Organization;
use plan::Plan;
use rate::Rate;

/// How many configs there are, by the state of their plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanCounts {
    /// In force, and compiled.
    pub compiled: usize,
    /// In force, and still to be compiled.
    pub waiting: usize,
    /// Not accepted by this release, in force or not.
    pub broken: usize,
    /// Switched off.
    pub disabled: usize,
}

/// The state that calls read, of all organizations.
#[derive(Debug)]
pub struct Live {
    organizations: ArcSwap<HashMap<OrganizationId, Arc<Slot>, ById>>,
    keys: ArcSwap<Keys>,
    /// The time by which keys expire and switches go off, if the clock goes back.
    pub settled: Arc<SettledTime>,
    /// Held while the map of organizations is exchanged.
    growing: Mutex<()>,
}

/// One organization's place in the map. The place stays, its state is exchanged.
#[derive(Debug)]
pub struct Slot {
    state: ArcSwap<Organization>,
    /// Held while the state is exchanged, so that an older state never replaces a newer one.
    exchanging: Mutex<()>,
    /// Held by a writer from its first read until its answer.
    pub writing: tokio::sync::Mutex<()>,
    /// Held by a writer of the organization's keys. A check that takes long does not keep a key from
    /// being revoked.
    pub writing_keys: tokio::sync::Mutex<()>,
    /// A permit for the organization's only call that is being decided by the text of its plan.
    pub deciding: Arc<Semaphore>,
    /// The calls of late.
    pub calls: Rate,
    /// The writes of late that may wait.
    pub writes: Rate,
    /// The urgent writes of late.
    pub urgent_writes: Rate,
}

impl Slot {
    fn new(state: Organization) -> Self {
        Self {
            state: ArcSwap::from_pointee(state),
            exchanging: Mutex::new(()),
            writing: tokio::sync::Mutex::new(()),
            writing_keys: tokio::sync::Mutex::new(()),
            deciding: Arc::new(Semaphore::new(1)),
            calls: Rate::default(),
            writes: Rate::default(),
            urgent_writes: Rate::default(),
        }
    }

    /// The current state.
    pub fn load(&self) -> arc_swap::Guard<Arc<Organization>> {
        self.state.load()
    }

    /// Puts a newer state in place. `plan` is its definition, if it is compiled already.
    fn put(&self, new: LiveOrganization, plan: Option<Arc<Plan>>, today: Date) {
        let _exchanging = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.state.load();
        if new.stamp > now.stamp {
            let plans = [plan.as_ref(), now.plan()];
            let new = Organization::new(new, plans.into_iter().flatten(), today);
            new.keep_warnings_of(&now);
            self.state.store(Arc::new(new));
        }
    }

    /// Puts a state in place that was read in the order of the commits, whatever its stamp says.
    fn replace(&self, new: LiveOrganization, today: Date) {
        let _exchanging = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.state.load();
        let new = Organization::new(new, now.plan(), today);
        new.keep_warnings_of(&now);
        self.state.store(Arc::new(new));
    }

    /// Replaces the plan by the same plan, compiled for a later day.
    fn renew(&self, old: &Arc<Plan>, new: Arc<Plan>) {
        let _exchanging = self.exchanging.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.state.load();
        if now.plan().is_some_and(|plan| Arc::ptr_eq(plan, old)) {
            self.state.store(Arc::new(now.with_plan(new)));
        }
    }
}

impl Live {
    /// The state of these organizations. Plans are compiled for calls from `today` on.
    pub fn new(organizations: Vec<LiveOrganization>, access: &Access, today: Date) -> Self {
        Self::with_kept(organizations, access, None, today)
    }

    /// The same. Plans that an earlier run has kept need not be compiled.
    pub fn with_kept(
        organizations: Vec<LiveOrganization>,
        access: &Access,
        kept: Option<&Arc<KeptForms>>,
        today: Date,
    ) -> Self {
        let plan = |state: &LiveOrganization| {
            let text = state.config.as_ref()?.fields.workflow_definition.as_str();
            Some(Arc::new(Plan::kept(text, Arc::clone(kept?), today)))
        };
        let slot = |state: LiveOrganization| {
            let plan = plan(&state);
            (state.id, Arc::new(Slot::new(Organization::new(state, &plan, today))))
        };
        let organizations: HashMap<_, _, ById> = organizations.into_iter().map(slot).collect();
        Self {
            organizations: ArcSwap::from_pointee(organizations),
            keys: ArcSwap::from_pointee(Keys::new(access, None)),
            settled: Arc::new(SettledTime::new(access.clock)),
            growing: Mutex::new(()),
        }
    }

    /// The current keys.
    pub fn keys(&self) -> arc_swap::Guard<Arc<Keys>> {
        self.keys.load()
    }

    /// An organization's slot; `None` if there is no such organization. The slot stays the same,
    /// its content changes.
    pub fn organization(&self, id: OrganizationId) -> Option<Arc<Slot>> {
        self.organizations.load().get(&id).cloned()
    }

    /// An organization's current state; `None` if there is no such organization. No shared
    /// reference count is touched.
    pub fn state(&self, id: OrganizationId) -> Option<arc_swap::Guard<Arc<Organization>>> {
        self.organizations.load().get(&id).map(|slot| slot.load())
    }

    /// All slots, in no particular order.
    pub fn all(&self) -> Vec<Arc<Slot>> {
        self.organizations.load().values().cloned().collect()
    }

    /// Puts a newer state of an organization in place.
    pub fn put(&self, new: LiveOrganization, plan: Option<Arc<Plan>>, today: Date) {
        if let Some(slot) = self.organization(new.id) {
            slot.put(new, plan, today);
            return;
        }
        let _growing = self.growing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = self.organization(new.id) {
            slot.put(new, plan, today);
            return;
        }
        let mut organizations = HashMap::clone(&self.organizations.load());
        organizations.insert(new.id, Arc::new(Slot::new(Organization::new(new, &plan, today))));
        self.organizations.store(Arc::new(organizations));
    }

    /// Puts a state in place after another process has written. Unlike [`Live::put`], it does not
    /// trust the stamps, which that process may not have kept. To be called after a commit, in the
    /// order of the commits.
    pub fn replace(&self, new: LiveOrganization, today: Date) {
        match self.organization(new.id) {
            Some(slot) => slot.replace(new, today),
            None => self.put(new, None, today),
        }
    }

    /// Puts keys in place as [`Live::replace`] does, and removes the organizations that are no
    /// longer in the database.
    pub fn replace_access(&self, access: &Access) {
        self.keys.rcu(|now| Arc::new(Keys::new(access, Some(now))));
        let known: HashSet<OrganizationId> = access.organizations.iter().map(|organization| organization.id).collect();
        let _growing = self.growing.lock().unwrap_or_else(PoisonError::into_inner);
        let all = self.organizations.load();
        if all.keys().any(|id| !known.contains(id)) {
            let kept = all.iter().filter(|(id, _)| known.contains(id)).map(|(id, slot)| (*id, Arc::clone(slot)));
            self.organizations.store(Arc::new(kept.collect()));
        }
    }

    /// Puts the keys that a write has changed in place: others are not read again. An older state
    /// is ignored.
    pub fn put_keys(&self, stamp: i64, changed: &[Key]) {
        self.keys.rcu(|now| match stamp > now.stamp {
            true => Arc::new(now.with(stamp, changed)),
            false => Arc::clone(now),
        });
    }

    /// Puts newer keys in place. An older state is ignored.
    pub fn put_access(&self, access: &Access) {
        self.keys.rcu(|now| match access.stamp > now.stamp {
            true => Arc::new(Keys::new(access, Some(now))),
            false => Arc::clone(now),
        });
    }

    /// The plans in force that no longer compile, as after an upgrade: organization and config
    /// revision.
    pub fn broken_plans(&self) -> Vec<(OrganizationId, u64)> {
        let all = self.organizations.load();
        let broken = all.values().filter_map(|slot| {
            let state = slot.load();
            let config = state.config().filter(|config| config.plan().is_broken())?;
            Some((state.id, config.revision))
        });
        broken.collect()
    }

    /// How many configs there are, by the state of their plans.
    pub fn plans(&self) -> PlanCounts {
        let mut counts = PlanCounts::default();
        for slot in self.organizations.load().values() {
            let state = slot.load();
            let Some(config) = state.config() else { continue };
            *match config.plan() {
                plan if plan.is_broken() => &mut counts.broken,
                _ if !config.enabled => &mut counts.disabled,
                plan if plan.is_compiled() => &mut counts.compiled,
                _ => &mut counts.waiting,
            } += 1;
        }
        counts
    }

    /// The earliest end of a list of dates, over all plans in force: see [`Plan::dates_end`].
    pub fn dates_end(&self) -> Option<Timestamp> {
        let all = self.organizations.load();
        let ends = all.values().filter_map(|slot| {
            let state = slot.load();
            state.config().filter(|config| config.enabled)?.plan().dates_end()
        });
        ends.min()
    }

    /// Whether a plan is not compiled yet, or is compiled for another day than `today`.
    pub fn has_uncompiled(&self, today: Date) -> bool {
        let is_uncompiled = |plan: &Arc<Plan>| !plan.is_settled() || plan.is_outdated(today);
        self.organizations.load().values().any(|slot| slot.load().plan().is_some_and(is_uncompiled))
    }

    /// The plans in force that are compiled and can be kept, by their texts, and whether every plan in
    /// force has been compiled.
    pub fn plans_to_keep(&self) -> (HashMap<TextHash, Arc<Plan>>, bool) {
        let (mut plans, mut is_all) = (HashMap::new(), true);
        for slot in self.organizations.load().values() {
            let Some(plan) = slot.load().plan().cloned() else { continue };
            is_all &= plan.is_settled();
            if plan.kept_as().is_some() {
                plans.insert(plan.text_hash(), plan);
            }
        }
        (plans, is_all)
    }

    /// Has every plan compiled that is not compiled yet, and waits for them. Organizations with
    /// recent calls come first: `last_calls` has the last call of each.
    pub async fn compile_all(&self, compiler: &Compiler, last_calls: &HashMap<OrganizationId, CallId, ById>) {
        let plans = self.to_compile(last_calls, |plan| !plan.is_settled());
        compiler.add(plans.iter().map(|(_, plan)| Arc::clone(plan)));
        for (_, plan) in plans {
            plan.settled().await;
        }
    }

    /// Has every plan compiled again that is compiled for another day than `today`, and puts it in
    /// place, in the same order.
    pub async fn renew_all(
        &self,
        compiler: &Compiler,
        last_calls: &HashMap<OrganizationId, CallId, ById>,
        today: Date,
    ) {
        let outdated = self.to_compile(last_calls, |plan| plan.is_outdated(today));
        let renewed = |(slot, old): (Arc<Slot>, Arc<Plan>)| (slot, Arc::new(old.for_day(today)), old);
        let plans: Vec<_> = outdated.into_iter().map(renewed).collect();
        compiler.add(plans.iter().map(|(_, new, _)| Arc::clone(new)));
        for (slot, new, old) in plans {
            new.settled().await;
            slot.renew(&old, new);
        }
    }

    /// The plans that are to be compiled, those of organizations with recent calls first.
    fn to_compile(
        &self,
        last_calls: &HashMap<OrganizationId, CallId, ById>,
        is_to_compile: impl Fn(&Plan) -> bool,
    ) -> Vec<(Arc<Slot>, Arc<Plan>)> {
        let mut slots: Vec<_> = self.organizations.load().iter().map(|(id, slot)| (*id, Arc::clone(slot))).collect();
        slots.sort_by_key(|(id, _)| Reverse(last_calls.get(id).copied()));
        let plan = |(_, slot): (OrganizationId, Arc<Slot>)| {
            let plan = slot.load().plan().filter(|plan| is_to_compile(plan)).cloned()?;
            Some((slot, plan))
        };
        slots.into_iter().filter_map(plan).collect()
    }
}
