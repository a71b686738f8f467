//! `/core/effects`: what a change would do to calls, before it is made. It is judged by the whole
//! state: plan, fallback agent, agents, versions, numbers and switches. Nothing is stored.
//!
//! [`query`] reads the request, [`states`] makes the states before and after, [`compared`] finds the
//! calls that end differently, and [`sentences`] puts that into words.

mod compared;
mod query;
mod sentences;
mod states;

use axum::Json;
use axum::extract::Request;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::app::App;
use super::calls;
use super::config::draft::described::{CallSet, WitnessCall};
use super::config::draft::replay::{ChangedCall, MAXIMUM_CALLS, newest};
use super::problem::Problem;
use super::request::{self, PLAN_BODY, RequestContext};
use super::words::{ActionWord, ChangeWord, ReasonWord, SourceWord};
use callplan::analyze::diff::ended::{CallEnding, EndingChange, EndingDiff};
use callplan::analyze::diff::{DiffOverBudget, json};
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::routing::{Action, Decision};
use compared::{Compared, Replayed};
use query::{EffectsQuery, StateChangeToTry};
pub use sentences::WARNINGS;
use sentences::{Names, Warning};
use states::EffectsInput;

/// Maximum number of changes in an answer.
const MAXIMUM_CHANGES: usize = 50;
/// Maximum number of sets of calls of a change.
const MAXIMUM_SETS: usize = 20;
/// Maximum number of agents whose names are looked up for the sentence.
const MAXIMUM_NAMES: usize = 1_000;

/// What a change does to calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Effects {
    /// Whether every possible call ends as before: the same agent answers at the same version, with
    /// the same context, metadata and skip, or nobody does for the same reason. The calls are those
    /// of the years to come; timeouts are not looked at.
    same: bool,
    /// Whether it is not known which calls change, because comparing them takes too long. Then
    /// `same` is false, and `changes` is empty.
    undecided: bool,
    /// A sentence about the largest change.
    text: String,
    /// The changes: first of who answers, then of why nobody does, then of what the agent is given;
    /// of each, the largest first. At most 50.
    changes: Vec<Change>,
    /// The number of further changes.
    more: usize,
    /// What the newest 1,000 calls of the log would get; null without the scope
    /// `inbound_calls:read`.
    #[schema(required)]
    replay: Option<Replay>,
    /// What a person should know before they make the change.
    warnings: Vec<Warning>,
}

/// Calls that end differently, with the same old and the same new ending.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectsChange)]
struct Change {
    /// Whether who answers changes, or only what they get.
    #[schema(value_type = ChangeWord)]
    changes: &'static str,
    /// How the calls ended.
    was: CallEnd,
    /// How they end.
    now: CallEnd,
    /// The calls, as sets. At most 20.
    #[schema(value_type = Vec<CallSet>)]
    calls: Vec<Value>,
    /// Whether there are more sets than are listed.
    has_more_calls: bool,
    /// How much of a week an ordinary call would be one of these, as a share of the time; null if
    /// it cannot be computed.
    #[schema(required)]
    share: Option<f64>,
    /// One of the calls; null where none was found.
    #[schema(required)]
    witness: Option<EndingWitness>,
}

/// How calls end: as in a decision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectsEnding)]
struct CallEnd {
    /// Whether an agent answers.
    #[schema(value_type = ActionWord)]
    action: &'static str,
    /// The agent that answers.
    #[schema(required, format = "uuid")]
    agent_id: Option<String>,
    /// The version that answers.
    #[schema(required)]
    version: Option<u32>,
    /// What chose the agent.
    #[schema(value_type = SourceWord)]
    source: &'static str,
    /// Why the plan's choice did not answer.
    #[schema(required, value_type = Option<ReasonWord>)]
    reason: Option<&'static str>,
}

/// A call, and its decision before and after the change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectsWitness)]
struct EndingWitness {
    /// The call, with the switches that are on after the change. `simulate` accepts it.
    #[schema(value_type = WitnessCall)]
    call: Value,
    /// The decision before the change, with the switches that were on before it.
    #[schema(value_type = calls::Decision)]
    was: Decision,
    /// The decision after it.
    #[schema(value_type = calls::Decision)]
    now: Decision,
}

/// What the newest calls of the log would get now, before and after the change. Both sides use
/// today's agents and switches.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectsReplay)]
struct Replay {
    /// The number of calls that were looked at.
    calls: usize,
    /// The number of calls that end differently.
    changed: usize,
    /// The number of calls that cannot be decided again, because their numbers are masked in the
    /// log.
    not_comparable: usize,
    /// Calls that end differently, the newest first. At most 10.
    examples: Vec<ChangedCall>,
}

/// Says what a change would do to calls, by the whole state: the plan and whether it is run, the
/// fallback agent, agents and their versions, the agents of numbers, and switches. Nothing is
/// changed. An empty request compares the state in force with itself, or with that of
/// `from_revision`.
#[utoipa::path(post, path = "/core/effects", tag = "Config", operation_id = "effects",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = StateChangeToTry,
    responses((status = 200, description = "What would change.", body = Effects),
              (status = 404, description = "There is no such revision, or no config to change.", body = Problem),
              (status = 422, description = "A field is wrong, or the plan does not pass.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn effects(RequestContext { app, who }: RequestContext, request: Request) -> Result<Json<Effects>, Problem> {
    who.needs(Scope::ReadConfigs)?;
    let query = EffectsQuery::read(request::object(request, PLAN_BODY).await?)?;
    let input = EffectsInput::find(&app, &who, query).await?;
    let logged = match who.needs(Scope::ReadCalls) {
        Ok(()) => Some(newest(&app, &who, MAXIMUM_CALLS as usize).await?),
        Err(_) => None,
    };
    let names = names(&app, &who).await?;
    let size = input.size();
    let work = move || {
        let at = input.at;
        // The texts are read once for all that is asked of them.
        let _before = input.plan_before();
        let (before, after) = input.states()?;
        let _after = after.plan();
        let mut compared = Compared::new(before, after, at);
        let mut effects = Effects::of(&mut compared, &names);
        effects.replay = logged.map(|logged| compared.replay(logged).into());
        Ok::<_, Problem>(effects)
    };
    Ok(Json(app.check(&who, size, work).await??))
}

/// The names of the organization's agents.
async fn names(app: &App, who: &Principal) -> Result<Names, Problem> {
    let organization = who.organization;
    let agents = app.read(who, move |store| store.agent_names(organization, MAXIMUM_NAMES)).await?;
    Ok(agents.into_iter().map(|agent| (agent.id.to_string(), agent.name)).collect())
}

impl Effects {
    fn of(compared: &mut Compared, names: &Names) -> Self {
        let changes = if compared.is_plainly_same() { Ok(EndingDiff::default()) } else { compared.changes() };
        let is_undecided = changes.is_err();
        let EndingDiff { changes, more, reads_otherwise } =
            changes.unwrap_or_else(|DiffOverBudget| EndingDiff::default());
        Self {
            same: changes.is_empty() && !is_undecided && !reads_otherwise,
            undecided: is_undecided,
            text: if is_undecided {
                sentences::UNDECIDED.to_owned()
            } else if changes.is_empty() && reads_otherwise {
                sentences::READS_OTHERWISE.to_owned()
            } else {
                sentences::text(compared, &changes, names)
            },
            more: more + changes.len().saturating_sub(MAXIMUM_CHANGES),
            replay: None,
            warnings: sentences::warnings(compared, &changes, reads_otherwise),
            changes: changes.into_iter().take(MAXIMUM_CHANGES).map(|change| Change::of(change, compared)).collect(),
        }
    }
}

impl Change {
    fn of(change: EndingChange, compared: &mut Compared) -> Self {
        let witness = change.witness.and_then(|call| {
            let decisions = compared.decide(&call);
            let (was, now) = compared.fitting(decisions)?;
            Some(EndingWitness { call: json::call(&compared.call_after(&call)), was, now })
        });
        Self {
            changes: if change.way.is_decision { "decision" } else { "details" },
            was: change.way.was.into(),
            now: change.way.now.into(),
            has_more_calls: change.has_more || change.calls.len() > MAXIMUM_SETS,
            calls: change.calls.iter().take(MAXIMUM_SETS).map(json::calls).collect(),
            share: Some(change.share).filter(|share| share.is_finite()),
            witness,
        }
    }
}

impl From<CallEnding> for CallEnd {
    fn from(ending: CallEnding) -> Self {
        let action = if ending.agent.is_some() { Action::Answer } else { Action::Disconnect };
        let (agent_id, version) = ending.agent.unzip();
        Self { action: action.name(), agent_id, version, source: ending.source, reason: ending.reason }
    }
}

impl From<Replayed> for Replay {
    fn from(replayed: Replayed) -> Self {
        let Replayed { calls, changed, not_comparable, examples } = replayed;
        Self { calls, changed, not_comparable, examples }
    }
}
