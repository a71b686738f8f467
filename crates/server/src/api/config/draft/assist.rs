//! `…/complete` and `…/hover`: what can be written at a place of a text, and what the text there
//! means.

use axum::Json;
use axum::extract::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::app::App;
use crate::api::config::judge;
use crate::api::object::text;
use crate::api::problem::Problem;
use crate::api::request::{self, PLAN_BODY, RequestContext};
use crate::api::words::CompletionWord;
use callplan::Source;
use callplan::assist::{self, Surroundings};
use callplan::source::Span;
use callplan_service::credentials::Scope;
use callplan_service::live::access::Principal;
use callplan_service::live::organization::Organization;
use callplan_service::store::AgentName;

/// A place in a text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlaceInPlan)]
#[expect(dead_code, reason = "it describes what `AssistQuery` reads")]
pub struct Place {
    /// A call plan, or what there is of it.
    workflow_definition: String,
    /// The line, from 1.
    #[schema(minimum = 1, maximum = 2147483647)]
    line: u32,
    /// The column, from 1, in Unicode scalar values. A column beyond the line counts as its end.
    #[schema(minimum = 1, maximum = 2147483647)]
    column: u32,
}

/// What can be written at a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Completions {
    /// The part of the text that an item replaces.
    #[serde(flatten)]
    range: Range,
    /// At most 200, the likeliest first.
    items: Vec<Item>,
}

/// Something that can be written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    /// Its name.
    label: String,
    /// What it is.
    #[schema(value_type = CompletionWord)]
    kind: &'static str,
    /// Its meaning, in one line.
    detail: String,
    /// The text to insert.
    insert: String,
}

/// What the text at a place means.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hover {
    /// The part of the text that it explains.
    #[serde(flatten)]
    range: Range,
    /// What it is.
    title: String,
    /// Its meaning: some lines of plain text, with names and examples in backquotes.
    text: String,
}

/// A part of a text. Lines and columns count from 1; the end is exclusive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RangeInPlan)]
pub struct Range {
    /// The line of the first character.
    line: usize,
    /// Its column.
    column: usize,
    /// The line of the character after the last.
    end_line: usize,
    /// Its column.
    end_column: usize,
}

impl Range {
    fn of(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}

/// A request, and what the answer needs to know of the organization.
struct AssistQuery {
    source: Source,
    line: usize,
    column: usize,
    agents: Vec<assist::KnownAgent>,
    switches_on: Vec<String>,
    now: jiff::Timestamp,
}

impl AssistQuery {
    async fn read(app: &App, who: &Principal, request: Request) -> Result<Self, Problem> {
        who.needs(Scope::ReadConfigs)?;
        let mut object = request::object(request, PLAN_BODY).await?;
        let text = object.required("workflow_definition", text).unwrap_or_default();
        let line = object.required("line", place).unwrap_or_default();
        let column = object.required("column", place).unwrap_or_default();
        object.finish()?;
        let (organization, now) = (app.slot(who)?.load().clone(), app.latest());
        let id = who.organization;
        let stored = app.read(who, move |store| store.agent_names(id, MAXIMUM_AGENTS)).await?;
        let mut agents: Vec<_> = stored.into_iter().map(|agent| known(&organization, agent)).collect();
        agents.sort_by(|one, other| one.id.cmp(&other.id));
        let switches_on = organization.config().map(|config| config.switches_on(now)).unwrap_or_default();
        Ok(Self { source: Source::new(judge::NAME, text), line, column, agents, switches_on, now })
    }

    fn around(&self) -> Surroundings<'_> {
        Surroundings { agents: &self.agents, switches_on: &self.switches_on, now: self.now }
    }
}

/// Maximum line and column.
const FURTHEST: u64 = i32::MAX as u64;
/// Maximum number of agents that are offered.
const MAXIMUM_AGENTS: usize = 1_000;

fn known(organization: &Organization, agent: AgentName) -> assist::KnownAgent {
    let newest_published = organization.agent(agent.id).and_then(|agent| agent.published.last().copied());
    assist::KnownAgent { id: agent.id.to_string(), name: agent.name, active: agent.active, newest_published }
}

fn place(value: Value) -> Result<usize, String> {
    let number = value.as_u64().filter(|number| (1..=FURTHEST).contains(number));
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| format!("must be a whole number from 1 to {FURTHEST}"))
}

/// Says what can be written at a place of a text, which may have half-written statements.
#[utoipa::path(post, path = "/core/inbound-routing-config/complete", tag = "Config", operation_id = "complete_plan",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = Place,
    responses((status = 200, description = "What could be written, the likeliest first.", body = Completions),
              (status = 422, description = "A field is wrong.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn complete(
    RequestContext { app, who }: RequestContext,
    request: Request,
) -> Result<Json<Completions>, Problem> {
    let query = AssistQuery::read(&app, &who, request).await?;
    let answer = app.light_work(&who, query.source.text().len(), move || {
        let completions = assist::complete(&query.source, query.line, query.column, &query.around());
        let items = completions.items.into_iter().map(|item| Item {
            label: item.label,
            kind: item.kind.name(),
            detail: item.detail,
            insert: item.insert,
        });
        Completions { range: Range::of(&query.source, completions.span), items: items.collect() }
    });
    Ok(Json(answer.await?))
}

/// Explains the text at a place: a name, a field, a word of the language or a number. Null if there
/// is nothing to explain.
#[utoipa::path(post, path = "/core/inbound-routing-config/hover", tag = "Config", operation_id = "hover_plan",
    security(("bearer" = ["inbound_routing_configs:read"])),
    request_body = Place,
    responses((status = 200, description = "What stands there, or null.", body = Option<Hover>),
              (status = 422, description = "A field is wrong.", body = Problem),
              (status = 429, description = "All processors are busy with checks.", body = Problem)))]
pub async fn hover(
    RequestContext { app, who }: RequestContext,
    request: Request,
) -> Result<Json<Option<Hover>>, Problem> {
    let query = AssistQuery::read(&app, &who, request).await?;
    let answer = app.light_work(&who, query.source.text().len(), move || {
        let hover = assist::hover(&query.source, query.line, query.column, &query.around())?;
        Some(Hover { range: Range::of(&query.source, hover.span), title: hover.title, text: hover.text })
    });
    Ok(Json(answer.await?))
}
