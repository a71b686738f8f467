//! Decides whether a config may be stored: its fallback agent must exist, and its plan must have no
//! errors with the organization's agents. Fields that did not change are not checked again.

use std::sync::Arc;

use jiff::civil::Date;

use super::fields::{ConfigUpdate, NEEDS_AGENT, Sent};
use crate::api::app::App;
use crate::api::cores::Work;
use crate::api::problem::{FieldError, Problem};
use callplan::check::{Agents, FallbackState, MAX_OUTPUT_BYTES, Options};
use callplan::diagnostics::{Code, json};
use callplan::{CheckedPlan, Report, Source};
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;
use callplan_service::routing::Directory;
use callplan_service::store::{AgentId, Fields};

/// The name of the text in messages.
pub const NAME: &str = "workflow_definition";

/// A config that may be stored.
#[derive(Debug)]
pub struct Judged {
    /// Its four fields, and the warnings of its check.
    pub fields: Fields,
    /// Whether the warnings are those of a check now.
    pub is_checked: bool,
    /// The new plan, compiled; `None` if the text did not change.
    pub plan: Option<Arc<Plan>>,
    /// The switches that the plan declares.
    pub declared: Vec<String>,
}

impl Judged {
    /// Whether it has the same fields as the current config.
    pub fn changes_nothing(&self, was: &Fields) -> bool {
        let Fields { workflow_definition, fallback_agent_id, fallback_agent_version, enabled, diagnostics: _ } = was;
        let now = &self.fields;
        now.workflow_definition == *workflow_definition
            && now.fallback_agent_id == *fallback_agent_id
            && now.fallback_agent_version == *fallback_agent_version
            && now.enabled == *enabled
    }
}

/// Judges a change of the current config, `was`, or a new config. Who writes it, and how, chooses
/// the slot of its check.
pub async fn judge(
    app: &App,
    (who, work): (&Principal, Work),
    organization: &Arc<Organization>,
    was: Option<&Fields>,
    change: ConfigUpdate,
) -> Result<Judged, Problem> {
    let (fallback, errors) = fallback(organization, was, &change);
    let enabled = change.enabled.or(was.map(|was| was.enabled)).unwrap_or(true);
    let text = change.workflow_definition.filter(|text| was.is_none_or(|was| was.workflow_definition != *text));
    let Some(text) = text else {
        let state_was = was.map(|was| Fallback::of(was).state(organization));
        let state = fallback.state(organization);
        let judged = unchanged_plan(organization, was, fallback, errors, enabled)?;
        return Ok(if state_was == Some(state) {
            judged
        } else {
            warned_anew(app, who, organization, judged, state).await
        });
    };
    let (today, agents, state) = (app.today(), Arc::clone(organization), fallback.state(organization));
    // A stored text may be larger than one that is sent.
    let max_bytes = (work == Work::Save).then_some(app.settings.max_text_bytes);
    let checked = move |text| check(text, max_bytes, today, &agents, state);
    let (plan, document) = app.cores.run(work, text.len(), who, move || checked(text)).await?;
    let Some(plan) = plan else { return Err(Problem::plan(document, errors)) };
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    let declared = plan.switches().map(<[_]>::to_vec).unwrap_or_default();
    let diagnostics = with_fallback(document.diagnostics, organization, &fallback);
    let fields = Fields {
        workflow_definition: plan.text().to_owned(),
        fallback_agent_id: fallback.agent,
        fallback_agent_version: fallback.version,
        enabled,
        diagnostics,
    };
    Ok(Judged { fields, is_checked: true, plan: Some(plan), declared })
}

fn unchanged_plan(
    organization: &Organization,
    was: Option<&Fields>,
    fallback: Fallback,
    errors: Vec<FieldError>,
    enabled: bool,
) -> Result<Judged, Problem> {
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    // Without a current plan, the change must bring one.
    let was = was.ok_or_else(|| Problem::fields(vec![FieldError::new(NAME, "is required")]))?;
    let warnings: Vec<serde_json::Value> = serde_json::from_str(&was.diagnostics).unwrap_or_default();
    let about_plan = warnings.into_iter().filter(|problem| problem["code"] != FALLBACK_CODE).collect();
    let fields = Fields {
        workflow_definition: was.workflow_definition.clone(),
        fallback_agent_id: fallback.agent,
        fallback_agent_version: fallback.version,
        enabled,
        diagnostics: with_warning(about_plan, organization, &fallback),
    };
    // The same text declares the same switches, so all that are set stay.
    let declared = organization.config().map(|config| config.switches_set()).unwrap_or_default();
    Ok(Judged { fields, is_checked: false, plan: None, declared })
}

/// The same, with the warnings of another state of the fallback agent. If no check can be had now, or
/// the text does not pass any more, the warnings stay as they were: a change of the fallback agent
/// must not wait for them.
async fn warned_anew(
    app: &App,
    who: &Principal,
    organization: &Arc<Organization>,
    judged: Judged,
    state: FallbackState,
) -> Judged {
    let text = judged.fields.workflow_definition.clone();
    let (today, agents) = (app.today(), Arc::clone(organization));
    let Ok((Some(_), document)) = app.check(who, text.len(), move || check(text, None, today, &agents, state)).await
    else {
        return judged;
    };
    let fallback = Fallback::of(&judged.fields);
    let diagnostics = with_fallback(document.diagnostics, organization, &fallback);
    Judged { fields: Fields { diagnostics, ..judged.fields }, is_checked: true, ..judged }
}

/// Checks a text with an organization's agents and its fallback agent. Gives the report, and the
/// plan if it has no errors. `max_bytes` is the maximum size of a text that was sent.
pub fn check(
    text: String,
    max_bytes: Option<usize>,
    today: Date,
    agents: &Organization,
    fallback: FallbackState,
) -> (Option<Arc<Plan>>, json::ReportDocument) {
    let source = Source::new(NAME, text);
    let report = report(&source, max_bytes, today, agents, fallback);
    let document = json::document(&source, &report.problems);
    let passes = |plan: CheckedPlan| {
        (!report.problems.has_errors()).then(|| Arc::new(Plan::checked(plan, &report.problems, today)))
    };
    (report.plan.and_then(passes), document)
}

fn report(
    source: &Source,
    max_bytes: Option<usize>,
    today: Date,
    agents: &Organization,
    fallback: FallbackState,
) -> Report {
    let (today, agents) = (Some(today), Some(agents as &dyn Agents));
    // The maximum is for a text that was sent: a stored one stays in force.
    let max_output_bytes = max_bytes.map(|_| MAX_OUTPUT_BYTES);
    let options =
        Options { today, agents, fallback: Some(fallback), max_bytes, max_output_bytes, ..Options::default() };
    callplan::check(source, &options)
}

/// The warnings of a config in force, by a check in this state, as JSON. `None` if the text does not
/// pass any more. It takes a core for a while.
pub fn warnings(fields: &Fields, organization: &Organization, today: Date) -> Option<String> {
    let (source, fallback) = (Source::new(NAME, fields.workflow_definition.as_str()), Fallback::of(fields));
    let report = report(&source, None, today, organization, fallback.state(organization));
    let document = json::document(&source, &report.problems);
    (!report.problems.has_errors()).then(|| with_fallback(document.diagnostics, organization, &fallback))
}

/// The fallback agent and its version.
#[derive(Debug)]
pub struct Fallback {
    pub agent: Option<AgentId>,
    pub version: Option<u32>,
}

impl Fallback {
    /// That of a config.
    pub fn of(fields: &Fields) -> Self {
        Self { agent: fields.fallback_agent_id, version: fields.fallback_agent_version }
    }

    /// Whether it can answer calls now.
    pub fn state(&self, organization: &Organization) -> FallbackState {
        let Some(agent) = self.agent else { return FallbackState::Missing };
        agent_state(organization, &agent.to_string(), self.version)
    }
}

/// Whether the fallback agent in force can answer calls now. Without a config there is none.
pub fn fallback_in_force(organization: &Organization) -> FallbackState {
    let fallback = organization.config().and_then(|config| config.fallback());
    fallback.map_or(FallbackState::Missing, |wanted| agent_state(organization, wanted.agent_id, wanted.version))
}

fn agent_state(organization: &Organization, id: &str, version: Option<u32>) -> FallbackState {
    match organization.find(id) {
        _ if organization.resolve(id, version).is_some() => FallbackState::Answers,
        Some(agent) if !agent.active => FallbackState::Inactive,
        Some(_) | None => FallbackState::Unpublished,
    }
}

/// The fallback after a change, and the errors of its fields.
fn fallback(organization: &Organization, was: Option<&Fields>, change: &ConfigUpdate) -> (Fallback, Vec<FieldError>) {
    let was = was.map(Fallback::of);
    fallback_after(organization, was, change)
}

/// The same, by the fallback before the change.
pub fn fallback_after(
    organization: &Organization,
    was: Option<Fallback>,
    change: &ConfigUpdate,
) -> (Fallback, Vec<FieldError>) {
    let mut errors = Vec::new();
    let agent_was = was.as_ref().and_then(|was| was.agent);
    let version_was = was.as_ref().and_then(|was| was.version);
    let agent = match &change.fallback_agent_id {
        Sent::Absent => agent_was,
        Sent::Null => return (Fallback { agent: None, version: None }, errors),
        Sent::Value(id) => {
            let id = id.parse::<AgentId>().ok();
            let is_there = id.filter(|id| Some(*id) == agent_was || organization.agent(*id).is_some());
            if is_there.is_none() {
                errors.push(FieldError::new("fallback_agent_id", "is not an agent of this organization"));
            }
            is_there
        }
    };
    let version = match change.fallback_agent_version {
        Sent::Absent => version_was,
        Sent::Null => None,
        Sent::Value(version) => Some(version),
    };
    let is_as_it_was = (agent, version) == (agent_was, version_was);
    match (agent, version) {
        (Some(agent), Some(version)) if !is_as_it_was => {
            let is_published = organization.agent(agent).is_some_and(|agent| agent.published.contains(&version));
            if !is_published {
                errors.push(FieldError::new(
                    "fallback_agent_version",
                    format!("the agent has no published version {version}"),
                ));
            }
        }
        (None, Some(_)) if errors.is_empty() => errors.push(FieldError::new("fallback_agent_version", NEEDS_AGENT)),
        (_, None) | (Some(_), Some(_)) | (None, Some(_)) => {}
    }
    (Fallback { agent, version }, errors)
}

/// The code of the warning about a fallback agent that cannot answer.
const FALLBACK_CODE: &str = "fallback-not-resolvable";

fn with_fallback(warnings: Vec<json::ProblemDocument>, organization: &Organization, fallback: &Fallback) -> String {
    let warnings = warnings.into_iter().filter_map(|problem| serde_json::to_value(problem).ok()).collect();
    with_warning(warnings, organization, fallback)
}

/// The diagnostics as JSON, with a warning if the fallback agent could not answer a call now, and
/// the plan leaves no calls to it, of which it would be told.
fn with_warning(mut warnings: Vec<serde_json::Value>, organization: &Organization, fallback: &Fallback) -> String {
    let is_told = warnings.iter().any(|problem| problem["code"] == Code::NobodyAnswers.name());
    if let Some(why) = fallback.state(organization).why_cut_off()
        && fallback.agent.is_some()
        && !is_told
    {
        let message = format!("{why}, so it cannot answer calls now");
        warnings.push(serde_json::json!({
            "code": FALLBACK_CODE, "severity": "warning", "message": message, "help": null,
            "line": null, "column": null, "end_line": null, "end_column": null, "notes": [], "fixes": [],
        }));
    }
    serde_json::Value::Array(warnings).to_string()
}
