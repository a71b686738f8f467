//! A state with a change that is only tried: nothing is stored, and no call sees it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::organization::{ConfigInForce, Organization};
use super::plan::Plan;
use crate::routing::WantedAgent;
use crate::store::{AgentId, Switch};
use callplan::check::AgentState;

/// A change of an organization's state. What it leaves out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct StateChange {
    /// The config.
    pub config: Option<ConfigToTry>,
    /// The states of agents; `None` for an agent that is deleted.
    pub agents: Vec<(AgentId, Option<AgentState>)>,
    /// The agents and versions of numbers in normal form; `None` for a number that has none.
    pub numbers: Vec<(String, Option<(AgentId, u32)>)>,
    /// The states of switches.
    pub switches: Vec<Switch>,
}

/// A config to be tried.
#[derive(Clone, Debug)]
pub struct ConfigToTry {
    /// The number that its decisions have.
    pub revision: u64,
    /// Whether the plan is run.
    pub enabled: bool,
    /// The agent that answers where the plan does not choose one.
    pub fallback: Option<(AgentId, Option<u32>)>,
    /// The plan.
    pub plan: Arc<Plan>,
}

impl Organization {
    /// The state with a change.
    pub fn changed(&self, change: StateChange) -> Self {
        let StateChange { config, agents, numbers, switches } = change;
        let mut changed = self.clone();
        if let Some(config) = &mut changed.config {
            config.warnings.take();
        }
        for (id, state) in agents {
            let (all, id) = (Arc::make_mut(&mut changed.agents), id.to_string().into_boxed_str());
            put(all, id, state);
        }
        for (number, assigned) in numbers {
            let assigned = assigned.map(|(agent, version)| (agent.to_string().into(), version));
            put(Arc::make_mut(&mut changed.numbers), number.into(), assigned);
        }
        if let Some(config) = config {
            let switches = changed.config.map(|config| config.switches).unwrap_or_default();
            changed.config = Some(ConfigInForce {
                revision: config.revision,
                enabled: config.enabled,
                fallback: config.fallback.map(|(agent, version)| (agent.to_string().into(), version)),
                plan: config.plan,
                switches,
                warnings: OnceLock::new(),
            });
        }
        if let (Some(config), false) = (&mut changed.config, switches.is_empty()) {
            let kept = config.switches.iter().filter(|old| switches.iter().all(|new| new.name != old.name)).cloned();
            let kept: Vec<Switch> = kept.collect();
            config.switches = kept.into_iter().chain(switches.into_iter().filter(|switch| switch.on)).collect();
        }
        changed
    }

    /// The config whose plan decides calls; `None` if the dialed number alone does.
    pub fn deciding(&self) -> Option<&ConfigInForce> {
        self.config().filter(|config| config.enabled)
    }

    /// The numbers that have an agent of their own, in normal form and in no order.
    pub fn assigned_numbers(&self) -> impl ExactSizeIterator<Item = (&str, WantedAgent<'_>)> {
        self.numbers
            .iter()
            .map(|(number, (agent_id, version))| (&**number, WantedAgent { agent_id, version: Some(*version) }))
    }

    /// Whether all that decides calls is the same in another state, so that no call has to be
    /// looked at. If it is not, calls may end alike all the same.
    pub fn decides_by_the_same(&self, other: &Self, now: Timestamp) -> bool {
        match (self.deciding(), other.deciding()) {
            (Some(one), Some(two)) => {
                let names_agent = |id: &str| {
                    one.fallback.as_ref().is_some_and(|(fallback, _)| **fallback == *id)
                        || !one.plan.lines_with_agent(id).is_empty()
                };
                one.plan.text() == two.plan.text()
                    && one.fallback == two.fallback
                    && one.declared_until(now) == two.declared_until(now)
                    && self.has_the_same_agents(other, names_agent)
            }
            (None, None) => {
                let has_number = |id: &str| self.numbers.values().any(|(agent, _)| **agent == *id);
                self.numbers == other.numbers && self.has_the_same_agents(other, has_number)
            }
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether those agents that matter can answer alike.
    fn has_the_same_agents(&self, other: &Self, matters: impl Fn(&str) -> bool) -> bool {
        if Arc::ptr_eq(&self.agents, &other.agents) {
            return true;
        }
        let answers = |state: &AgentState| (state.active, state.published.clone());
        let is_same = |id: &str| self.agents.get(id).map(answers) == other.agents.get(id).map(answers);
        self.agents.keys().chain(other.agents.keys()).all(|id| is_same(id) || !matters(id))
    }
}

impl ConfigInForce {
    /// The switches that are on, of those that the plan declares, with the instant at which each goes
    /// off by itself. All that are on, if this release does not accept the plan.
    pub fn declared_until(&self, now: Timestamp) -> BTreeMap<String, Option<Timestamp>> {
        let mut on: BTreeMap<_, _> =
            self.switches.iter().filter(|one| one.is_on(now)).map(|one| (one.name.clone(), one.until)).collect();
        if let Some(plan) = self.plan.checked_plan() {
            on.retain(|name, _| plan.switches().contains(name));
        }
        on
    }
}

fn put<T>(all: &mut HashMap<Box<str>, T>, key: Box<str>, value: Option<T>) {
    match value {
        Some(value) => all.insert(key, value),
        None => all.remove(&key),
    };
}
