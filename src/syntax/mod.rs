//! From text to tree. A text is repaired layer by layer before it is read, and each repair has its
//! problem.
//!
//! pest and its rules never leave this module.

// 1. `pasted` takes out what mails, pages and chats put around a plan, `quotes` makes quotes
//    straight and closes texts, `notation` reads lists, hours and dates as others write them,
//    `scan` replaces look-alike characters and bounds nesting, `brackets` makes brackets
//    match.
// 2. The grammar (`grammar/callplan.pest`) reads the text; what it cannot read it takes as
//    *unreadable*. `build` makes the tree, and `unreadable` says of each unreadable piece what
//    was found and what could stand there.
// 3. `read` makes the fixes that leave nothing to choose, and reads again.

pub mod ast;
mod brackets;
#[expect(clippy::wildcard_enum_match_arm, reason = "the rules of the grammar, of which each place can meet a few")]
mod build;
mod contraction;
mod dashed;
mod definition_kind;
mod lookalike;
mod notation;
mod part_names;
mod pasted;
mod problems;
mod quotes;
mod read;
mod repair;
mod scan;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rules of the grammar, of which few begin with words of their own"
)]
mod slips;
#[expect(clippy::wildcard_enum_match_arm, reason = "the rules of the grammar, of which few have words of their own")]
mod unreadable;
mod words;
mod written;

pub(crate) use definition_kind::DefinitionKind;
pub use repair::Repair;
pub use scan::{MAX_BYTES, MAX_DEPTH};
pub(crate) use slips::{changed_hours, day_and_month, holiday_by_name, offset_in_words};
pub(crate) use words::{MONTH_NAMES, WEEKDAY_NAMES, begins_named_definition, contextual_meaning, meaning};
pub use words::{MONTHS, WEEKDAYS, WordKind, contextual_words, is_reserved, reserved_words};
pub(crate) use written::text_length;
pub use written::{on_one_line, quoted};

use crate::diagnostics::{Diagnostic, Edit, Problems};
use crate::source::{Source, Span};

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

/// Reads a text. Whatever it is, this ends in time proportional to its length; `None` only where it
/// is over [`MAX_BYTES`] or [`MAX_DEPTH`]. What could not be read is a problem each and is left out
/// of the tree.
pub fn parse(source: &Source, problems: &mut Problems) -> Option<Tree> {
    parse_within(source, MAX_BYTES, problems)
}

/// The same, for a text of at most `max_bytes`, and of at most [`MAX_BYTES`].
pub fn parse_within(source: &Source, max_bytes: usize, problems: &mut Problems) -> Option<Tree> {
    let max_bytes = max_bytes.min(MAX_BYTES);
    if source.text().len() > max_bytes {
        problems.push(problems::too_large(source.text(), max_bytes));
        return None;
    }
    let mut repairing = Repairing { text: source.text().to_owned(), repair: Repair::default(), problems };
    for layer in pasted::LAYERS {
        repairing.layer(layer);
    }
    repairing.layer(quotes::straighten);
    repairing.notation();
    let is_balanced = repairing.characters()?;
    if !is_balanced {
        repairing.brackets()?;
    }
    let Repairing { text, mut repair, problems } = repairing;
    let read = read::read(text, problems.reported(), &mut repair);
    problems.extend(read.problems.into_iter().filter(|problem| !repair.is_told(problem)));
    if repair.changes_text() && !problems.has_errors() {
        // Else a plan would be accepted that its text does not say.
        problems.push(Diagnostic::internal(Span::new(0, 0), "the text was repaired without an error"));
    }
    Some(Tree { plan: read.plan, source: Source::new(source.name(), read.text), repair })
}

/// A text on its way to the grammar.
struct Repairing<'p> {
    text: String,
    repair: Repair,
    problems: &'p mut Problems,
}

impl Repairing<'_> {
    fn layer(&mut self, edits: fn(&str, &mut Problems) -> Vec<Edit>) {
        let mut found = Problems::new();
        let edits = edits(&self.text, &mut found);
        self.tell(found);
        self.apply(edits);
    }

    /// Puts lists, hours and dates of other notations right.
    fn notation(&mut self) {
        let mut found = Problems::new();
        let notation = notation::find(&self.text, &mut found);
        self.tell(found);
        self.repair.tell(notation.told);
        self.apply(notation.edits);
    }

    /// Replaces characters; whether brackets match. `None` where they nest too deep, which is then
    /// the only problem.
    fn characters(&mut self) -> Option<bool> {
        let mut found = Problems::new();
        match scan::scan(&self.text, &mut found) {
            Ok(scanned) => {
                self.tell(found);
                self.apply(scanned.edits);
                Some(scanned.is_balanced)
            }
            Err(deep) => self.too_deep(deep),
        }
    }

    fn brackets(&mut self) -> Option<()> {
        let mut found = Problems::new();
        match brackets::balance(&self.text, MAX_DEPTH, &mut found) {
            Ok(balanced) => {
                if let Some(reported) = found.reported().filter(|_| balanced.is_guess) {
                    self.repair.move_brackets(reported);
                }
                self.tell(found);
                self.apply(balanced.edits);
                Some(())
            }
            Err(deep) => self.too_deep(deep),
        }
    }

    fn too_deep<T>(&mut self, deep: Span) -> Option<T> {
        *self.problems = Problems::new();
        self.problems.push(self.repair.restore(problems::too_deep(deep)));
        None
    }

    fn tell(&mut self, found: Problems) {
        found.into_iter().for_each(|problem| self.problems.push(self.repair.restore(problem)));
    }

    fn apply(&mut self, edits: Vec<Edit>) {
        let text = std::mem::take(&mut self.text);
        self.text = self.repair.apply(text, edits);
    }
}
