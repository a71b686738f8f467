//! The wording of every problem with the text itself: one function each, in files by what the
//! problem is about. CONTRIBUTING.md describes the style.

mod brackets;
mod characters;
mod conditions;
mod limits;
mod lists;
mod numbers;
mod pasted;
mod quotes;
mod statements;
mod texts;
mod times;
mod words;

use crate::diagnostics::{Diagnostic, Edit, Grade};

pub(super) use brackets::*;
pub(super) use characters::*;
pub(super) use conditions::*;
pub(super) use limits::*;
pub(super) use lists::*;
pub(super) use numbers::*;
pub(super) use pasted::*;
pub(super) use quotes::*;
pub(super) use statements::*;
pub(super) use texts::*;
pub(super) use times::*;
pub(super) use words::*;

/// The problem with a fix of this grade.
fn graded(problem: Diagnostic, grade: Grade, title: impl Into<String>, edits: Vec<Edit>) -> Diagnostic {
    match grade {
        Grade::Safe => problem.fix_all(title, edits),
        Grade::Suggestion => problem.suggest_all(title, edits),
    }
}

/// The end of a message that stands for several places: how many others there are.
fn more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", and {count} more like it") }
}

/// A character as a message can show it.
fn shown(character: char) -> impl Iterator<Item = char> {
    let text = match character {
        '\t' => "a tab".to_owned(),
        c if c.is_control() => format!("U+{:04X}", c as u32),
        c => c.to_string(),
    };
    text.chars().collect::<Vec<_>>().into_iter()
}
