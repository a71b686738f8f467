//! One organization's state, as a call reads it: all of it at one moment.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;

use super::plan::Plan;
use crate::routing::{Directory, WantedAgent};
use crate::store::{AgentId, LiveOrganization, OrganizationId, Switch};
use callplan::check::{AgentState, Agents};
use callplan::phone::Number;

/// An organization's config, agents, numbers and switches, at one moment.
#[derive(Clone, Debug)]
pub struct Organization {
    /// The organization's id.
    pub id: OrganizationId,
    /// The id as text, which calls carry.
    pub name: Arc<str>,
    /// Grows with each write, so the newer of two states has the higher stamp.
    pub stamp: i64,
    pub(super) config: Option<ConfigInForce>,
    pub(super) agents: Arc<HashMap<Box<str>, AgentState>>,
    /// The agents assigned to numbers, by the number's normal form.
    pub(super) numbers: Arc<HashMap<Box<str>, Assigned>>,
}

/// An agent's id, and the version.
pub(super) type Assigned = (Box<str>, u32);

/// The config in force.
#[derive(Clone, Debug)]
pub struct ConfigInForce {
    /// The number of the revision in force.
    pub revision: u64,
    /// Whether the plan is run.
    pub enabled: bool,
    /// The agent that answers where the plan does not choose one.
    pub(super) fallback: Option<(Box<str>, Option<u32>)>,
    pub(super) plan: Arc<Plan>,
    /// The switches that were set on.
    pub(super) switches: Arc<[Switch]>,
    /// The warnings of a check in this state, once there has been one.
    pub(super) warnings: OnceLock<Arc<str>>,
}

impl Organization {
    /// The state from the store. A plan of `plans` with the same text is reused; else the text is
    /// compiled when a call needs it.
    pub(super) fn new<'p>(
        stored: LiveOrganization,
        plans: impl IntoIterator<Item = &'p Arc<Plan>>,
        today: Date,
    ) -> Self {
        let agent = |agent: crate::store::LiveAgent| {
            let state = AgentState { active: agent.active, published: agent.published, drafts: agent.drafts };
            (agent.id.to_string().into(), state)
        };
        let number = |number: crate::store::LiveNumber| {
            let (agent, version) = number.assigned?;
            // This release may normalize a stored number differently than the release that stored
            // it.
            let read = Number::read(&number.phone_number).normal_form().into();
            Some((read, (agent.to_string().into(), version)))
        };
        let switches = stored.switches;
        let config = stored.config.map(|config| {
            let text = config.fields.workflow_definition;
            let known = plans.into_iter().find(|plan| plan.text() == text);
            ConfigInForce {
                revision: config.revision,
                enabled: config.fields.enabled,
                fallback: config
                    .fields
                    .fallback_agent_id
                    .map(|agent| (agent.to_string().into(), config.fields.fallback_agent_version)),
                plan: known.map_or_else(|| Arc::new(Plan::stored(text, today)), Arc::clone),
                switches: switches.into_iter().filter(|switch| switch.on).collect(),
                warnings: OnceLock::new(),
            }
        });
        Self {
            id: stored.id,
            name: stored.id.to_string().into(),
            stamp: stored.stamp,
            config,
            agents: Arc::new(stored.agents.into_iter().map(agent).collect()),
            numbers: Arc::new(stored.numbers.into_iter().filter_map(number).collect()),
        }
    }

    /// The same state with another plan.
    pub(super) fn with_plan(&self, plan: Arc<Plan>) -> Self {
        let config = self.config.clone().map(|config| ConfigInForce { plan, warnings: OnceLock::new(), ..config });
        Self { config, ..self.clone() }
    }

    /// Takes over the warnings of an earlier state in which the check was the same.
    pub(super) fn keep_warnings_of(&self, earlier: &Self) {
        let (Some(config), Some(was)) = (&self.config, &earlier.config) else { return };
        let is_same_plan = Arc::ptr_eq(&config.plan, &was.plan) && config.fallback == was.fallback;
        let is_same_check = is_same_plan && self.agents == earlier.agents;
        if let (true, Some(warnings)) = (is_same_check, was.warnings.get()) {
            config.keep_warnings(Arc::clone(warnings));
        }
    }

    /// The config in force; `None` if there is none.
    pub fn config(&self) -> Option<&ConfigInForce> {
        self.config.as_ref()
    }

    /// The plan in force; `None` without a config.
    pub fn plan(&self) -> Option<&Arc<Plan>> {
        self.config.as_ref().map(|config| &config.plan)
    }

    /// The agent that is assigned to a dialed number.
    pub fn assigned(&self, called_number: &str) -> Option<WantedAgent<'_>> {
        let (agent_id, version) = match self.numbers.get(called_number) {
            Some(assigned) => assigned,
            None => self.numbers.get(&*Number::read(called_number).normal_form())?,
        };
        Some(WantedAgent { agent_id, version: Some(*version) })
    }

    /// What calls know of an agent; `None` if there is no such agent.
    pub fn agent(&self, id: AgentId) -> Option<&AgentState> {
        self.agents.get(id.to_string().as_str())
    }
}

impl ConfigInForce {
    /// The plan in force.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The agent that answers where the plan does not choose one.
    pub fn fallback(&self) -> Option<WantedAgent<'_>> {
        self.fallback.as_ref().map(|(agent_id, version)| WantedAgent { agent_id, version: *version })
    }

    /// The warnings of a check in this state, as JSON; `None` until [`Self::keep_warnings`].
    pub fn warnings(&self) -> Option<&Arc<str>> {
        self.warnings.get()
    }

    /// Keeps the warnings of a check in this state, with its agents and on the first day of its plan.
    pub fn keep_warnings(&self, warnings: Arc<str>) {
        // Of two checks in the same state, either will do.
        let _ = self.warnings.set(warnings);
    }

    /// The names of the switches that were set on.
    pub fn switches_set(&self) -> Vec<String> {
        self.switches.iter().map(|switch| switch.name.clone()).collect()
    }

    /// The names of the switches that are on at an instant, in order of name.
    pub fn switches_on(&self, now: Timestamp) -> Vec<String> {
        self.switches.iter().filter(|switch| switch.is_on(now)).map(|switch| switch.name.clone()).collect()
    }
}

impl Directory for Organization {
    fn resolve(&self, agent_id: &str, version: Option<u32>) -> Option<u32> {
        let agent = self.agents.get(agent_id).filter(|agent| agent.active)?;
        match version {
            Some(version) => agent.published.binary_search(&version).is_ok().then_some(version),
            None => agent.published.last().copied(),
        }
    }
}

impl Agents for Organization {
    fn find(&self, id: &str) -> Option<AgentState> {
        self.agents.get(id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{LiveAgent, LiveNumber};

    fn organization() -> Organization {
        let agent = |byte: u8, active, published: &[u32], drafts: &[u32]| LiveAgent {
            id: AgentId::from_bytes([byte; 16]),
            active,
            published: published.to_vec(),
            drafts: drafts.to_vec(),
        };
        let agents = vec![agent(1, true, &[1, 3], &[2, 4]), agent(2, false, &[1], &[]), agent(3, true, &[], &[1])];
        let assigned = |number: &str| LiveNumber {
            phone_number: number.to_owned(),
            assigned: Some((AgentId::from_bytes([1; 16]), 1)),
        };
        let stored = LiveOrganization {
            id: OrganizationId::from_bytes([9; 16]),
            stamp: 1,
            config: None,
            switches: Vec::new(),
            agents,
            numbers: vec![
                assigned("+15035550100"),
                assigned("201"),
                assigned("sip:desk@pbx.invalid"),
                LiveNumber { phone_number: "+15035550199".to_owned(), assigned: None },
            ],
        };
        Organization::new(stored, [], Date::MIN)
    }

    #[test]
    fn an_agent_answers_that_is_active_at_a_version_that_is_published() {
        let organization = organization();
        let resolve = |byte: u8, version| organization.resolve(&AgentId::from_bytes([byte; 16]).to_string(), version);
        // The highest published number, not the highest of all.
        assert_eq!(resolve(1, None), Some(3));
        assert_eq!([1, 2, 3, 4].map(|version| resolve(1, Some(version))), [Some(1), None, Some(3), None]);
        assert_eq!((resolve(2, None), resolve(2, Some(1))), (None, None), "it is not active");
        assert_eq!((resolve(3, None), resolve(3, Some(1))), (None, None), "it has a draft alone");
        assert_eq!(resolve(4, None), None, "there is no such agent");
    }

    #[test]
    fn a_dialed_number_is_found_in_whatever_form_it_comes() {
        let organization = organization();
        let version = |number: &str| organization.assigned(number).and_then(|agent| agent.version);
        for number in [
            "+15035550100",
            "+1 (503) 555-0100",
            "sip:+15035550100@carrier.invalid",
            "201",
            " 201 ",
            "desk",
            "sip:desk@other.invalid",
        ] {
            assert_eq!(version(number), Some(1), "{number}");
        }
        for number in ["+15035550199", "15035550100", "", "0201"] {
            assert_eq!(version(number), None, "{number}");
        }
    }
}
