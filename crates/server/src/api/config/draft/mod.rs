//! What is asked about a text before it is saved: how it reads in the layout ([`format`]), what it changes ([`diff`]),
//! the days to come ([`timeline`]), the calls of the log ([`replay`]), a call as an example of it ([`example`]), and
//! what could stand at a place and what stands there ([`assist`]). Nothing is stored.
//!
//! Here is which plan is meant. It has to be readable, with agents that are there; examples and proofs of it may fail:
//! whoever mends a plan looks at it before that is done.

pub mod assist;
mod described;
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

/// A plan that is meant.
pub enum Meant {
    /// A text that was sent along.
    Sent(String),
    /// The one that is saved.
    Saved(Arc<Plan>),
    /// The text of a revision.
    Earlier(String),
}

impl Meant {
    /// The text that was sent, or else the plan that is saved.
    pub fn sent_or_saved(sent: Option<String>, organization: &Organization) -> Result<Self, Problem> {
        match sent {
            Some(text) => Ok(Self::Sent(text)),
            None => Ok(Self::Saved(Arc::clone(organization.plan().ok_or_else(no_config)?))),
        }
    }

    /// Reads it: takes a core for a while. Only a text that was sent has to name agents that are there: others have been
    /// accepted once.
    pub fn read(self, today: Date, agents: &Organization) -> Result<CheckedPlan, Problem> {
        match self {
            Self::Sent(text) => read(text, today, Some(agents)).map_err(|found| Problem::plan(found, Vec::new())),
            Self::Earlier(text) => read(text, today, None).map_err(|_| passes_no_more()),
            Self::Saved(plan) => plan.whole().cloned().ok_or_else(passes_no_more),
        }
    }
}

/// What is said of a plan that was accepted by another release.
pub fn passes_no_more() -> Problem {
    Problem::new(ErrorCode::StoredPlanInvalid, "The stored plan does not pass any more.")
}

/// Reads a text; where it has errors, all that a check says of it.
fn read(text: String, today: Date, agents: Option<&Organization>) -> Result<CheckedPlan, json::ReportDocument> {
    let source = Source::new(judge::NAME, text);
    let agents = agents.map(|agents| agents as &dyn Agents);
    let options = Options { today: Some(today), agents, ..Options::default() };
    let mut problems = Problems::new();
    let plan =
        syntax::parse(&source, &mut problems).and_then(|tree| callplan::check::check(&tree, &options, &mut problems));
    plan.ok_or_else(|| json::document(&source, &callplan::check(&source, &options).problems))
}
