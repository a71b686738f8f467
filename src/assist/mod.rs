//! What helps whoever writes a plan: what could stand at a place ([`complete`]), and what stands
//! there means ([`hover`]).

// A text is full of half statements while it is written, and a half statement is no tree. So this
// reads words (`tokens`), finds what the text defines by the words that begin a definition
// (`names`), and follows the words before the place in the order in which the language has them,
// as far as they go (`place`). It judges nothing: what is offered is likely, and whether it is
// right is for a check. Each step takes time in proportion to the text.

mod complete;
mod describe;
mod hover;
mod items;
mod names;
mod place;
mod tokens;
mod words;

pub use complete::{Completions, complete};
pub use hover::{Hover, hover};
pub use items::{CompletionItem, CompletionKind};

use crate::source::Source;
use jiff::Timestamp;

/// What an organization has beside the text: its agents, its switches and the time.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The organization's agents, in the order of their ids.
    pub agents: &'a [KnownAgent],
    /// The switches that are on.
    pub switches_on: &'a [String],
    /// When it is.
    pub now: Timestamp,
}

impl<'a> Surroundings<'a> {
    fn agent(&self, id: &str) -> Option<&'a KnownAgent> {
        let found = self.agents.binary_search_by(|agent| agent.id.as_str().cmp(id));
        found.ok().map(|at| &self.agents[at])
    }
}

/// An agent of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAgent {
    /// Its id, by which a plan names it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it answers calls.
    pub active: bool,
    /// Its newest published version, if one is published.
    pub newest_published: Option<u32>,
}

/// The byte at a line and a column, both from 1, columns in Unicode scalar values: the nearest
/// there is.
fn offset(source: &Source, line: usize, column: usize) -> usize {
    let line = line.clamp(1, source.line_count());
    let span = source.line_span(line);
    let text = source.slice(span).trim_end_matches(['\r', '\n']);
    let within = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    span.start as usize + within
}
