//! Problems as data, for programs: the same form from `callplan check --format json` and from the
//! service.
//!
//! The order of keys is the order of the fields here, and is part of the form.

use serde::Serialize;

use super::{Edit, Fix, Grade, Note, Problems, Severity, text};
use crate::source::{Source, Span};

/// The result of the check of one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportDocument {
    /// The plan's name, as messages call it.
    pub file: String,
    /// Whether the plan is accepted. Warnings and hints do not refuse it.
    pub ok: bool,
    /// The problems, in the order they are drawn.
    pub diagnostics: Vec<ProblemDocument>,
    /// How many more there are, beyond what an answer has room for.
    pub more: usize,
    /// The same, as the command line draws them, without colour.
    pub rendered: String,
    /// How many errors there are, those included that are not listed.
    #[serde(skip)]
    pub errors: usize,
}

/// Maximum size of the problems of a document as JSON, in bytes.
const MAX_BYTES: usize = 500_000;
/// A fix with more edits than this has those that are near each other joined.
const MAX_EDITS: usize = 64;
/// How near, in bytes.
const NEAR: u32 = 64;

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Diagnostic))]
pub struct ProblemDocument {
    /// Its stable name.
    pub code: &'static str,
    /// Whether it refuses the plan.
    #[cfg_attr(feature = "openapi", schema(value_type = Severity))]
    pub severity: &'static str,
    /// What is wrong. Untrusted text: it may quote the plan.
    pub message: String,
    /// The next step, or null.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub help: Option<String>,
    /// Where.
    #[serde(flatten)]
    pub place: PlaceDocument,
    /// Other places and facts that explain it.
    pub notes: Vec<PlacedNote>,
    /// Fixes, each by itself. With more than one, a person chooses.
    pub fixes: Vec<OfferedFix>,
}

/// Lines and columns, from 1; columns count Unicode scalar values, and the end is exclusive. Null
/// where a problem is not one of the plan's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Place))]
pub struct PlaceDocument {
    /// The line of the first character.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<usize>, required))]
    pub line: usize,
    /// The column of the first character.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<usize>, required))]
    pub column: usize,
    /// The line of the end.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<usize>, required))]
    pub end_line: usize,
    /// The column of the end.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<usize>, required))]
    pub end_column: usize,
}

/// A further fact. Without a place, all four are null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Note))]
pub struct PlacedNote {
    /// What it says.
    pub message: String,
    /// The line of the first character, or null.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub line: Option<usize>,
    /// The column of the first character, or null.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub column: Option<usize>,
    /// The line of the end, or null.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub end_line: Option<usize>,
    /// The column of the end, or null.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub end_column: Option<usize>,
}

/// A fix: edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Fix))]
pub struct OfferedFix {
    /// What it does, as an instruction.
    pub title: String,
    /// Whether it may be made without asking.
    pub grade: Grade,
    /// By place.
    pub edits: Vec<Replacement>,
}

/// Replaces the bytes `start..end` of the text, as it was sent, by `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Edit))]
pub struct Replacement {
    /// A byte offset.
    pub start: u32,
    /// A byte offset, exclusive.
    pub end: u32,
    /// What comes.
    pub text: String,
}

/// All of a check, in at most a megabyte.
pub fn document(source: &Source, problems: &Problems) -> ReportDocument {
    let mut room = MAX_BYTES;
    let all = problems.iter().map(|found| problem(source, found));
    let diagnostics: Vec<ProblemDocument> = all.map_while(|problem| fitted(problem, &mut room)).collect();
    let unlisted = problems.iter().skip(diagnostics.len()).map(|problem| 1 + problem.more);
    ReportDocument {
        file: source.name().to_owned(),
        ok: !problems.has_errors(),
        more: unlisted.sum::<usize>() + problems.left_out(),
        diagnostics,
        rendered: text::draw_all(source, problems, text::Style::Plain),
        errors: problems.count(Severity::Error),
    }
}

/// The problem, without its fixes if there is no room for these; `None` where there is none for the
/// rest either.
fn fitted(mut problem: ProblemDocument, room: &mut usize) -> Option<ProblemDocument> {
    if length(&problem) > *room && !problem.fixes.is_empty() {
        problem.fixes.clear();
        let message = "its fix is too long to be shown here; `callplan check --fix` makes it".to_owned();
        problem.notes.push(PlacedNote { message, line: None, column: None, end_line: None, end_column: None });
    }
    *room = room.checked_sub(length(&problem))?;
    Some(problem)
}

fn length(problem: &ProblemDocument) -> usize {
    serde_json::to_string_pretty(problem).map_or(usize::MAX, |text| text.len())
}

fn problem(source: &Source, found: &super::Diagnostic) -> ProblemDocument {
    ProblemDocument {
        code: found.code.name(),
        severity: found.severity().name(),
        message: found.message.clone(),
        help: found.help.clone(),
        place: place(source, found.span),
        notes: found.notes.iter().map(|note| placed_note(source, note)).collect(),
        fixes: found.fixes.iter().map(|fix| offered(source, fix)).collect(),
    }
}

fn place(source: &Source, span: Span) -> PlaceDocument {
    let (start, end) = (source.position(span.start), source.position(span.end.max(span.start)));
    PlaceDocument { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

fn placed_note(source: &Source, note: &Note) -> PlacedNote {
    let place = note.span.map(|span| place(source, span));
    PlacedNote {
        message: note.message.clone(),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        end_line: place.map(|place| place.end_line),
        end_column: place.map(|place| place.end_column),
    }
}

fn offered(source: &Source, fix: &Fix) -> OfferedFix {
    let replacement = |edit: &Edit| Replacement { start: edit.span.start, end: edit.span.end, text: edit.text.clone() };
    let edits = match fix.edits.len() > MAX_EDITS {
        true => joined(source, &fix.edits),
        false => fix.edits.iter().map(replacement).collect(),
    };
    OfferedFix { title: fix.title.clone(), grade: fix.grade, edits }
}

/// The same edits, those near each other as one that also has what stands between them. Twenty
/// thousand entries of a list would otherwise need an object each.
fn joined(source: &Source, edits: &[Edit]) -> Vec<Replacement> {
    let mut joined: Vec<Replacement> = Vec::new();
    for edit in edits {
        match joined.last_mut().filter(|last| (last.end..last.end.saturating_add(NEAR)).contains(&edit.span.start)) {
            Some(last) => {
                last.text.push_str(source.slice(Span { start: last.end, end: edit.span.start }));
                last.text.push_str(&edit.text);
                last.end = edit.span.end;
            }
            None => {
                joined.push(Replacement { start: edit.span.start, end: edit.span.end, text: edit.text.clone() });
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Code, Diagnostic};

    #[test]
    fn a_problem_has_exactly_these_keys_in_this_order() {
        let source = Source::new("office.callplan", "route to «é» frontdsk\n");
        let problem = Diagnostic::new(Code::UnknownName, Span::new(16, 24), "no agent is called `frontdsk`")
            .label("not defined")
            .note("agents are defined by `agent`")
            .note_at(Span::new(0, 5), "needed here")
            .fix("write `frontdesk`", Span::new(16, 24), "frontdesk");
        let problems = Problems::from_iter([problem]);
        let document = document(&source, &problems);
        assert!(!document.ok);
        insta::assert_snapshot!(serde_json::to_string_pretty(&document.diagnostics).unwrap());
        let whole = serde_json::to_value(&document).unwrap();
        let keys: Vec<_> = whole.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["file", "ok", "diagnostics", "more", "rendered"]);
    }

    #[test]
    fn a_plan_with_warnings_is_accepted() {
        let source = Source::new("x", "");
        let warning = Diagnostic::new(Code::UndecidedCalls, Span::default(), "m");
        assert!(document(&source, &Problems::from_iter([warning])).ok);
        assert_eq!(document(&source, &Problems::new()).rendered, "");
    }
}
