//! From text to tree.
//!
//! 1. [`scan`] bounds sizes and nesting, and mends what would keep the rest from being read: brackets, quotes,
//!    look-alike characters.
//! 2. The grammar (`grammar/callplan.pest`) reads the mended text; what it cannot read it takes as *unreadable*.
//! 3. [`build`] makes the tree from what it read.
//! 4. [`unreadable`] says of each unreadable piece what was found and what could stand there.
//!
//! pest and its rules never leave this module.

pub mod ast;
mod brackets;
mod build;
mod dashed;
mod lookalike;
mod problems;
mod repair;
mod scan;
mod slips;
mod strays;
mod unreadable;
mod words;
mod written;

pub use repair::Repair;
pub use scan::{MAX_BYTES, MAX_DEPTH};
pub use words::is_reserved;
#[cfg(test)]
pub(crate) use words::reserved;
pub use written::{on_one_line, quoted};

use crate::diagnostics::Problems;
use crate::source::Source;
use pest::Parser as _;

use grammar::{Grammar, Rule};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/callplan.pest"]
    pub(super) struct Grammar;
}

/// A text that has been read, as far as it could be.
#[derive(Debug)]
pub struct Tree {
    /// What it says.
    pub plan: ast::Plan,
    /// The text that the tree's places speak of: the original, or the original with its repairs.
    pub source: Source,
    /// The way back to the original's places.
    pub repair: Repair,
}

/// Reads a text. Whatever it is, this ends in time proportional to its length; `None` only where it is over
/// [`MAX_BYTES`] or [`MAX_DEPTH`]. What could not be read is a problem each and is left out of the tree.
pub fn parse(source: &Source, problems: &mut Problems) -> Option<Tree> {
    let repair = scan::scan(source.text(), problems)?;
    let text = repair.apply(source.text());
    let mut found = Problems::new();
    let read = Grammar::parse(Rule::plan, &text).map(|pairs| build::plan(pairs, &text, &mut found));
    let plan = match read {
        Ok(plan) => plan,
        Err(error) => {
            found.push(unreadable::whole(&text, &error));
            ast::Plan::default()
        }
    };
    let found = found.into_iter().map(|problem| repair.restore(problem)).collect();
    for problem in strays::matched(std::mem::take(problems), found) {
        problems.push(problem);
    }
    Some(Tree { plan, source: Source::new(source.name(), text), repair })
}
