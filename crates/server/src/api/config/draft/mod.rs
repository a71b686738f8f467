//! Questions about a text that is not saved yet: its layout ([`format`]), its differences
//! ([`diff`]), the days to come ([`timeline`]), the calls of the log ([`replay`]), a call as an
//! example ([`example`]), and editor help ([`assist`]). Nothing is stored.
//!
//! [`Meant`] is the plan that a request means. It must be readable, with agents that exist. Its
//! examples and proofs may fail: people ask these questions while they repair a plan.

pub mod assist;
pub(in crate::api) mod described;
pub mod diff;
pub mod example;
pub mod format;
pub mod replay;
pub mod timeline;

use std::sync::Arc;

use jiff::civil::Date;

use super::judge;
use super::no_config;
use crate::api::error_code::ErrorCode;
use crate::api::problem::Problem;
use callplan::check::{Agents, Options};
use callplan::diagnostics::json;
use callplan::{CheckedPlan, Problems, Source, syntax};
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;

/// The plan that a request means.
pub enum Meant {
    /// A text in the request.
    Sent(String),
    /// The saved plan.
    Saved(Arc<Plan>),
    /// The text of a revision.
    Earlier(String),
}

impl Meant {
    /// The text in the request, or else the saved plan.
    pub fn sent_or_saved(sent: Option<String>, organization: &Organization) -> Result<Self, Problem> {
        match sent {
            Some(text) => Ok(Self::Sent(text)),
            None => Ok(Self::Saved(Arc::clone(organization.plan().ok_or_else(no_config)?))),
        }
    }

    /// Reads and checks the plan, which takes a core for a while. Only a text in the request must
    /// name agents that exist: saved texts have been accepted before.
    pub fn read(self, today: Date, agents: &Organization) -> Result<CheckedPlan, Problem> {
        match self {
            Self::Sent(text) => read(text, today, Some(agents)).map_err(|report| Problem::plan(report, Vec::new())),
            Self::Earlier(text) => read(text, today, None).map_err(|_| passes_no_more()),
            Self::Saved(plan) => plan.checked_plan().cloned().ok_or_else(passes_no_more),
        }
    }
}

/// The error for a plan that another release has accepted and this one does not.
pub fn passes_no_more() -> Problem {
    Problem::new(ErrorCode::StoredPlanInvalid, "The stored plan does not pass any more.")
}

/// Reads a text. The error is the full report of a check.
pub(in crate::api) fn read(
    text: String,
    today: Date,
    agents: Option<&Organization>,
) -> Result<CheckedPlan, json::ReportDocument> {
    let source = Source::new(judge::NAME, text);
    let agents = agents.map(|agents| agents as &dyn Agents);
    let options = Options { today: Some(today), agents, ..Options::default() };
    let mut problems = Problems::new();
    let plan =
        syntax::parse(&source, &mut problems).and_then(|tree| callplan::check::check(&tree, &options, &mut problems));
    plan.ok_or_else(|| json::document(&source, &callplan::check(&source, &options).problems))
}
