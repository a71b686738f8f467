//! The states before and after the change: the live state, with what the request changes.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::query::{AgentChange, EffectsQuery, NumberChange};
use crate::api::app::App;
use crate::api::config::draft;
use crate::api::config::fields::ConfigUpdate;
use crate::api::config::judge::{Fallback, fallback_after};
use crate::api::config::no_config;
use crate::api::problem::{FieldError, Problem};
use callplan::check::AgentState;
use callplan_service::live::access::Principal;
use callplan_service::live::changed::{ConfigToTry, StateChange};
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::store::{AgentId, Switch};

/// A state of the organization.
#[derive(Debug)]
pub struct State {
    pub organization: Organization,
    /// The revision that its decisions show; `None` for a config that is not saved.
    pub revision: Option<u64>,
}

/// What was asked about. The text of a new plan is still to be read.
#[derive(Debug)]
pub struct Asked {
    before: State,
    /// The organization as calls see it now.
    now: Arc<Organization>,
    change: StateChange,
    text: Option<String>,
    switches: Vec<Switch>,
    errors: Vec<FieldError>,
    pub at: Timestamp,
    pub today: Date,
}

impl Asked {
    /// Finds what the request speaks of: revisions, agents and numbers.
    pub async fn find(app: &App, who: &Principal, query: EffectsQuery) -> Result<Self, Problem> {
        let now = app.slot(who)?.load().clone();
        let (at, today) = (app.now(), app.today());
        let mut errors = Vec::new();
        let agents = agents(&now, query.agents, &mut errors);
        let with_agents = now.changed(StateChange { agents: agents.clone(), ..StateChange::default() });
        let numbers = numbers(app, who, &with_agents, query.numbers, &mut errors).await?;
        let before = before(app, who, &now, query.from_revision).await?;
        let base = match query.revision {
            Some(number) => Some(earlier(app, who, &now, number).await?),
            None => in_force(&now),
        };
        let is_changed = query.revision.is_some() || query.config.is_some();
        let (config, text) = match query.config {
            Some(update) => {
                let (config, text) = updated(&with_agents, base, update, today, &mut errors)?;
                (Some(config), text)
            }
            None => (base.filter(|_| is_changed), None),
        };
        let switch = |(name, on)| Switch { name, on, until: None, set_at: at, set_by: who.actor };
        let switches = query.switches.into_iter().map(switch).collect();
        let change = StateChange { config, agents, numbers, switches: Vec::new() };
        Ok(Self { before, now, change, text, switches, errors, at, today })
    }

    /// Reads the plans, which takes a core for a while, and gives both states.
    pub fn states(self) -> Result<(State, State), Problem> {
        let Self { before, now, mut change, text, switches, mut errors, today, .. } = self;
        let revision = now.config().map(|config| config.revision).filter(|_| change.config.is_none());
        if let (Some(text), Some(config)) = (text, &mut change.config) {
            let agents = now.changed(StateChange { agents: change.agents.clone(), ..StateChange::default() });
            match draft::read(text, today, Some(&agents)) {
                Ok(plan) => config.plan = Arc::new(Plan::read(plan, today)),
                Err(report) => return Err(Problem::plan(report, errors)),
            }
        }
        let after = now.changed(change);
        if !switches.is_empty() {
            let plan = after.plan().ok_or_else(no_config)?;
            let declared = plan.checked_plan().map(|plan| plan.switches()).unwrap_or_default();
            let unknown = switches.iter().filter(|switch| !declared.contains(&switch.name));
            errors
                .extend(unknown.map(|switch| {
                    FieldError::new(format!("switches.{}", switch.name), "is not a switch of this plan")
                }));
        }
        if !errors.is_empty() {
            return Err(Problem::fields(errors));
        }
        let after = after.changed(StateChange { switches, ..StateChange::default() });
        Ok((before, State { organization: after, revision }))
    }
}

/// The state before the change.
async fn before(app: &App, who: &Principal, now: &Organization, from: Option<u64>) -> Result<State, Problem> {
    let Some(number) = from else {
        return Ok(State { organization: now.clone(), revision: now.config().map(|config| config.revision) });
    };
    let config = Some(earlier(app, who, now, number).await?);
    let organization = now.changed(StateChange { config, ..StateChange::default() });
    Ok(State { organization, revision: Some(number) })
}

/// The config of a revision.
async fn earlier(app: &App, who: &Principal, now: &Organization, number: u64) -> Result<ConfigToTry, Problem> {
    let organization = who.organization;
    let size = app.read(move |store| store.definition_size(organization, number)).await?;
    size.ok_or_else(|| Problem::not_found("revision"))?;
    let revision = app.read(move |store| store.revision(organization, number)).await?;
    let fields = revision.ok_or_else(|| Problem::not_found("revision"))?.fields;
    let text = fields.workflow_definition;
    let known = now.plan().filter(|plan| plan.text() == text);
    Ok(ConfigToTry {
        revision: number,
        enabled: fields.enabled,
        fallback: fields.fallback_agent_id.map(|agent| (agent, fields.fallback_agent_version)),
        plan: known.map_or_else(|| Arc::new(Plan::stored(text, app.today())), Arc::clone),
    })
}

/// The config in force.
fn in_force(now: &Organization) -> Option<ConfigToTry> {
    let config = now.config()?;
    let fallback = config.fallback().and_then(|agent| Some((agent.agent_id.parse().ok()?, agent.version)));
    let plan = Arc::clone(config.plan());
    Some(ConfigToTry { revision: config.revision, enabled: config.enabled, fallback, plan })
}

/// The config with the fields that were sent, and its text if that is another.
fn updated(
    organization: &Organization,
    base: Option<ConfigToTry>,
    update: ConfigUpdate,
    today: Date,
    errors: &mut Vec<FieldError>,
) -> Result<(ConfigToTry, Option<String>), Problem> {
    let was = base.as_ref().and_then(|base| base.fallback);
    let was = was.map(|(agent, version)| Fallback { agent: Some(agent), version });
    let (fallback, wrong) = fallback_after(organization, was, &update);
    errors.extend(wrong.into_iter().map(|error| FieldError::new(format!("config.{}", error.field), error.message)));
    let text = update.workflow_definition;
    let text = text.filter(|text| base.as_ref().is_none_or(|base| base.plan.text() != text));
    let base = match (base, &text) {
        (Some(base), _) => base,
        (None, Some(_)) => {
            let plan = Arc::new(Plan::stored("", today));
            ConfigToTry { revision: 0, enabled: true, fallback: None, plan }
        }
        (None, None) => return Err(no_config()),
    };
    let config = ConfigToTry {
        enabled: update.enabled.unwrap_or(base.enabled),
        fallback: fallback.agent.map(|agent| (agent, fallback.version)),
        ..base
    };
    Ok((config, text))
}

/// The agents as they are after the change.
fn agents(
    now: &Organization,
    changes: Vec<(String, AgentChange)>,
    errors: &mut Vec<FieldError>,
) -> Vec<(AgentId, Option<AgentState>)> {
    let mut changed = Vec::new();
    for (written, change) in changes {
        let known = written.parse::<AgentId>().ok().and_then(|id| Some((id, now.agent(id)?)));
        let Some((id, state)) = known else {
            errors.push(FieldError::new(format!("agents.{written}"), NO_AGENT));
            continue;
        };
        let mut state = state.clone();
        if let Some(version) = change.publish
            && let Err(message) = publish(&mut state, version)
        {
            errors.push(FieldError::new(format!("agents.{written}.publish"), message));
        }
        state.active = change.active.unwrap_or(state.active);
        changed.push((id, (!change.delete).then_some(state)));
    }
    changed
}

const NO_AGENT: &str = "is not an agent of this organization";

/// Publishes a version. Publishing it twice changes nothing.
fn publish(agent: &mut AgentState, version: u32) -> Result<(), String> {
    if let Some(draft) = agent.drafts.iter().position(|draft| *draft == version) {
        agent.drafts.remove(draft);
        agent.published.push(version);
        agent.published.sort_unstable();
    }
    match agent.published.contains(&version) {
        true => Ok(()),
        false => Err(format!("the agent has no version {version}")),
    }
}

/// A number, and its agent and version.
type Assigned = (String, Option<(AgentId, u32)>);

/// The agents of numbers after the change.
async fn numbers(
    app: &App,
    who: &Principal,
    organization: &Organization,
    changes: Vec<(String, NumberChange)>,
    errors: &mut Vec<FieldError>,
) -> Result<Vec<Assigned>, Problem> {
    let normal_forms: Vec<String> = changes.iter().map(|(_, change)| change.normal_form.clone()).collect();
    let id = who.organization;
    let registered = app.read(move |store| {
        normal_forms.iter().map(|number| Ok(store.phone_number(id, number)?.is_some())).collect::<Result<Vec<_>, _>>()
    });
    let mut changed = Vec::new();
    for ((written, change), is_registered) in changes.into_iter().zip(registered.await?) {
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError::new(format!("numbers.{written}{field}"), message));
        };
        if !is_registered {
            wrong("", "is not a number of this organization".into());
        }
        let Some((agent, version)) = change.assigned else {
            changed.push((change.normal_form, None));
            continue;
        };
        let known = agent.parse::<AgentId>().ok().and_then(|agent| Some((agent, organization.agent(agent)?)));
        match known {
            None => wrong(".agent_id", NO_AGENT.into()),
            Some((_, state)) if !state.published.contains(&version) => {
                wrong(".version", format!("the agent has no published version {version}"));
            }
            Some((agent, _)) => changed.push((change.normal_form, Some((agent, version)))),
        }
    }
    Ok(changed)
}
