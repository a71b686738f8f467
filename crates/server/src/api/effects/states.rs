//! The states before and after the change: the live state, with what the request changes.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::query::{AgentChange, EffectsQuery, NumberChange, SwitchState};
use crate::api::app::App;
use crate::api::config::draft;
use crate::api::config::fields::ConfigUpdate;
use crate::api::config::judge::{Fallback, fallback_after};
use crate::api::config::no_config;
use crate::api::config::switches::IS_PAST;
use crate::api::problem::{FieldError, Problem};
use callplan::CheckedPlan;
use callplan::check::AgentState;
use callplan_service::live::access::Principal;
use callplan_service::live::changed::{ConfigToTry, StateChange};
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::store::{Actor, AgentId, Switch};

/// A state of the organization.
#[derive(Debug)]
pub struct State {
    pub organization: Organization,
    /// The revision that its decisions show; `None` for a config that is not saved.
    pub revision: Option<u64>,
}

impl State {
    /// The checked plan, whether or not it is in force; `None` without one.
    pub fn plan(&self) -> Option<Arc<CheckedPlan>> {
        self.organization.plan()?.checked_plan()
    }
}

/// The request, with the revisions and numbers of the database that it names.
#[derive(Debug)]
pub struct EffectsInput {
    query: EffectsQuery,
    /// The organization as calls see it now.
    now: Arc<Organization>,
    before: State,
    /// The config that the request changes.
    base: Option<ConfigToTry>,
    /// Whether the organization has each of the numbers of the request.
    registered: Vec<bool>,
    actor: Actor,
    pub at: Timestamp,
    today: Date,
    /// Maximum size of a text that was sent.
    max_bytes: usize,
}

impl EffectsInput {
    /// Finds the revisions and the numbers of the request.
    pub async fn find(app: &App, who: &Principal, query: EffectsQuery) -> Result<Self, Problem> {
        let now = app.slot(who)?.load().clone();
        let before = before(app, who, &now, query.from_revision).await?;
        let base = match query.revision {
            Some(number) => Some(earlier(app, who, &now, number).await?),
            None => in_force(&now),
        };
        if base.is_none() && query.config.as_ref().is_some_and(|config| config.workflow_definition.is_none()) {
            return Err(no_config());
        }
        let numbers: Vec<String> = query.numbers.iter().map(|(_, change)| change.normal_form.clone()).collect();
        let id = who.organization;
        let registered = app.read(who, move |store| {
            numbers.iter().map(|number| Ok(store.phone_number(id, number)?.is_some())).collect::<Result<Vec<_>, _>>()
        });
        let registered = registered.await?;
        let max_bytes = app.settings.max_text_bytes;
        let (at, today) = (app.latest(), app.today());
        Ok(Self { query, now, before, base, registered, actor: who.actor, at, today, max_bytes })
    }

    /// The size of its texts together, in bytes.
    pub fn size(&self) -> usize {
        let sent = self.query.config.as_ref().and_then(|update| update.workflow_definition.as_ref());
        let before = self.before.organization.plan().map(|plan| plan.text().len());
        sent.map_or(0, String::len) + before.unwrap_or_default()
    }

    /// The checked plan of the state before.
    pub fn plan_before(&self) -> Option<Arc<CheckedPlan>> {
        self.before.plan()
    }

    /// Reads the plans, which takes a core for a while, and gives the states before and after.
    pub fn states(self) -> Result<(State, State), Problem> {
        let Self { query, now, before, base, registered, actor, at, today, max_bytes } = self;
        let mut errors = Vec::new();
        let agents = agents(&now, query.agents, &mut errors);
        let with_agents = now.changed(StateChange { agents, ..StateChange::default() });
        let numbers = numbers(&with_agents, query.numbers, &registered, &mut errors);
        let config = match query.config {
            Some(update) => Some(updated(&with_agents, base, update, (today, max_bytes), &mut errors)?),
            None => base.filter(|_| query.revision.is_some()),
        };
        let revision = now.config().map(|config| config.revision).filter(|_| config.is_none());
        let after = with_agents.changed(StateChange { config, numbers, ..StateChange::default() });
        let switches = switches(&after, query.switches, (actor, at), &mut errors)?;
        if !errors.is_empty() {
            return Err(Problem::fields(errors));
        }
        let organization = after.changed(StateChange { switches, ..StateChange::default() });
        Ok((before, State { organization, revision }))
    }
}

/// The switches as they are set by the change.
fn switches(
    after: &Organization,
    states: Vec<(String, SwitchState)>,
    (set_by, set_at): (Actor, Timestamp),
    errors: &mut Vec<FieldError>,
) -> Result<Vec<Switch>, Problem> {
    if states.is_empty() {
        return Ok(Vec::new());
    }
    let plan = after.plan().ok_or_else(no_config)?;
    // If the stored plan no longer compiles, nobody knows its switches.
    let declared = plan.checked_plan();
    let declared = declared.as_ref().map(|plan| plan.switches());
    let is_unknown = |name: &String| declared.is_some_and(|declared| !declared.contains(name));
    let unknown = states.iter().filter(|(name, _)| is_unknown(name));
    let error = |name: &String| FieldError::new(format!("switches.{name}"), "is not a switch of this plan");
    errors.extend(unknown.map(|(name, _)| error(name)));
    let is_past = |state: &SwitchState| state.until.is_some_and(|until| until <= set_at);
    let past = states.iter().filter(|(_, state)| is_past(state));
    errors.extend(past.map(|(name, _)| FieldError::new(format!("switches.{name}.until"), IS_PAST)));
    let set = |(name, SwitchState { on, until })| Switch { name, on, until, set_at, set_by };
    Ok(states.into_iter().map(set).collect())
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
    let size = app.read(who, move |store| store.definition_size(organization, number)).await?;
    size.ok_or_else(|| Problem::not_found("revision"))?;
    let revision = app.read(who, move |store| store.revision(organization, number)).await?;
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

/// The config with the fields that were sent.
fn updated(
    organization: &Organization,
    base: Option<ConfigToTry>,
    update: ConfigUpdate,
    (today, max_bytes): (Date, usize),
    errors: &mut Vec<FieldError>,
) -> Result<ConfigToTry, Problem> {
    let was = base.as_ref().and_then(|base| base.fallback);
    let was = was.map(|(agent, version)| Fallback { agent: Some(agent), version });
    let (fallback, wrong) = fallback_after(organization, was, &update);
    errors.extend(wrong.into_iter().map(|error| FieldError::new(format!("config.{}", error.field), error.message)));
    let text = update.workflow_definition;
    let text = text.filter(|text| base.as_ref().is_none_or(|base| base.plan.text() != text));
    let plan = match (&base, text) {
        (_, Some(text)) => match draft::read(text, Some(max_bytes), today, Some(organization)) {
            Ok(plan) => Arc::new(Plan::read(plan, today)),
            Err(report) => return Err(Problem::plan(report, std::mem::take(errors))),
        },
        (Some(base), None) => Arc::clone(&base.plan),
        (None, None) => return Err(no_config()),
    };
    Ok(ConfigToTry {
        revision: base.as_ref().map_or(0, |base| base.revision),
        enabled: update.enabled.or(base.map(|base| base.enabled)).unwrap_or(true),
        fallback: fallback.agent.map(|agent| (agent, fallback.version)),
        plan,
    })
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
fn numbers(
    organization: &Organization,
    changes: Vec<(String, NumberChange)>,
    registered: &[bool],
    errors: &mut Vec<FieldError>,
) -> Vec<Assigned> {
    let mut changed = Vec::new();
    for ((written, change), is_registered) in changes.into_iter().zip(registered) {
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
    changed
}
