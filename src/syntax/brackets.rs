//! Brackets that do not match: which one is missing, too many or of the wrong kind.
//!
//! 1. [`layout`] finds the lines of the text, and cuts it where a line begins a statement or a
//!    definition on the outermost level. Most of these regions match by themselves, so the mistake
//!    is in one that does not.
//! 2. [`change`] tries there each change of one bracket after which brackets match. The right one
//!    is that after which the grammar reads the region, and which agrees best with the indentation.
//!    If there are several, each is a guess.
//! 3. Where no single change helps, [`stack`] closes what is open as indentation says, all of it
//!    guesses.

mod change;
mod layout;
mod stack;

use super::problems;
use crate::diagnostics::{Edit, Problems};
use crate::source::Span;
use layout::BracketLayout;

/// Edits after which the brackets of a text match.
pub(super) struct BalancedText {
    pub edits: Vec<Edit>,
    /// Whether one of the edits is a guess, so that a statement may stand in another block than was
    /// meant.
    pub is_guess: bool,
}

/// The edits that make the brackets of a text match, each with its problem. Where they cross, more
/// may be open than were counted: the error is the bracket that goes deeper than `most`.
pub(super) fn balance(text: &str, most: usize, problems: &mut Problems) -> Result<BalancedText, Span> {
    let layout = BracketLayout::of(text);
    let mut balanced = BalancedText { edits: Vec::new(), is_guess: false };
    let mut budget = change::ReadingBudget::for_text(text);
    for region in layout.unbalanced_regions() {
        let Some(change) = change::best(&layout, &region, &mut budget) else {
            stack::close(&layout, &region, most, &mut balanced.edits, problems)?;
            balanced.is_guess = true;
            continue;
        };
        problems.push(problems::bracket(&change));
        balanced.is_guess |= !change.is_certain;
        balanced.edits.push(change.edit);
    }
    Ok(balanced)
}

/// The bracket that opens what another closes.
pub(super) fn opening(bracket: u8) -> u8 {
    match bracket {
        b'}' => b'{',
        b']' => b'[',
        _ => b'(',
    }
}

/// The bracket that closes what another opens.
pub(super) fn closing(bracket: u8) -> u8 {
    match bracket {
        b'{' => b'}',
        b'[' => b']',
        _ => b')',
    }
}

/// Whether a word begins a statement (false) or a definition (true).
pub(super) fn starter(word: &str) -> Option<bool> {
    match word {
        "rule" | "when" | "split" | "context" | "metadata" | "skip" | "route" | "reject" | "fallback" => Some(false),
        "timezone" | "agent" | "switch" | "numbers" | "condition" | "days" | "schedule" | "table" | "example"
        | "always" | "never" => Some(true),
        _ => None,
    }
}

pub(super) use change::{BracketChange, BracketSlip};
