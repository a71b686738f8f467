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
use crate::api::app::App;
use crate::api::error_code::ErrorCode;
use crate::api::problem::Problem;
use callplan::check::{Agents, Options};
use callplan::diagnostics::json;
use callplan::{CheckedPlan, Problems, Source, syntax};
use callplan_service::live::organization::Organization;
use callplan_service::live::plan::Plan;

/// The plan that a request means.
pub enum Meant {
    /// A text in the request, and its maximum size in bytes.
    Sent(String, usize),
    /// The saved plan.
    Saved(Arc<Plan>),
    /// The text of a revision.
    Earlier(String),
}

impl Meant {
    /// The text in the request, or else the saved plan.
    pub fn sent_or_saved(sent: Option<String>, app: &App, organization: &Organization) -> Result<Self, Problem> {
        match sent {
            Some(text) => Ok(Self::sent(text, app)),
            None => Ok(Self::Saved(Arc::clone(organization.plan().ok_or_else(no_config)?))),
        }
    }

    /// The text in a request.
    pub fn sent(text: String, app: &App) -> Self {
        Self::Sent(text, app.settings.max_text_bytes)
    }

    /// The size of its text, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Sent(text, _) | Self::Earlier(text) => text.len(),
            Self::Saved(plan) => plan.text().len(),
        }
    }

    /// Reads and checks the plan, which takes a core for a while. Only a text in the request must
    /// name agents that exist: saved texts have been accepted before.
    pub fn read(self, today: Date, agents: &Organization) -> Result<CheckedPlan, Problem> {
        match self {
            Self::Sent(text, most) => {
                read(text, Some(most), today, Some(agents)).map_err(|report| Problem::plan(report, Vec::new()))
            }
            Self::Earlier(text) => read(text, None, today, None).map_err(|_| passes_no_more()),
            Self::Saved(plan) => plan.checked_plan().map(Arc::unwrap_or_clone).ok_or_else(passes_no_more),
        }
    }
}

/// The error for a plan that another release has accepted and this one does not.
pub fn passes_no_more() -> Problem {
    Problem::new(ErrorCode::StoredPlanInvalid, "The stored plan does not pass any more.")
}

/// Reads a text. The error is the full report of a check. `max_bytes` is the maximum size of a text
/// that was sent.
pub(in crate::api) fn read(
    text: String,
    max_bytes: Option<usize>,
    today: Date,
    agents: Option<&Organization>,
) -> Result<CheckedPlan, json::ReportDocument> {
    let source = Source::new(judge::NAME, text);
    let agents = agents.map(|agents| agents as &dyn Agents);
    let options = Options { today: Some(today), agents, max_bytes, ..Options::default() };
    let mut problems = Problems::new();
    let tree = syntax::parse_within(&source, max_bytes.unwrap_or(syntax::MAX_BYTES), &mut problems);
    let plan = tree.and_then(|tree| callplan::check::check(&tree, &options, &mut problems));
    plan.ok_or_else(|| json::document(&source, &callplan::check(&source, &options).problems))
}
