//! A fix, drawn as the lines before and after it.

use annotate_snippets::{Group, Level, Patch, Snippet};

use super::clean;
use super::excerpt::{Excerpt, TALL};
use crate::diagnostics::{Edit, Fix, Grade};
use crate::source::{Source, Span};

/// Maximum number of changed places of a fix that are drawn.
const MOST: usize = 6;
/// Maximum number of characters of a replacement that are drawn.
const LONGEST: usize = 200;

/// The lines, or runs of lines, that a fix changes.
pub struct Patches {
    title: String,
    grade: Grade,
    changes: Vec<LineChange>,
    rest: usize,
}

struct LineChange {
    excerpt: Excerpt,
    texts: Vec<String>,
}

impl Patches {
    /// Edits on one line are drawn together. An edit over several lines, or one that brings a
    /// newline, is drawn by itself, with its neighbours on those lines left to a change of their
    /// own.
    pub fn new(source: &Source, fix: &Fix) -> Self {
        let mut runs: Vec<(bool, usize, Vec<&Edit>)> = Vec::new();
        for edit in &fix.edits {
            let line = source.line(edit.span.start);
            let tall = edit.text.contains('\n') || source.slice(edit.span).contains('\n');
            match runs.last_mut() {
                Some((false, last, edits)) if !tall && *last == line && follows(edits, edit) => edits.push(edit),
                _ => runs.push((tall, line, vec![edit])),
            }
        }
        let rest = runs[MOST.min(runs.len())..].iter().map(|(_, _, edits)| edits.len()).sum();
        let changes = runs.iter().take(MOST).map(|(_, _, edits)| LineChange::new(source, edits)).collect();
        Self { title: clean::line(&fix.title).into_owned(), grade: fix.grade, changes, rest }
    }

    /// As a part of the drawing.
    pub fn group(&self) -> Group<'_> {
        let level = Level::HELP.with_name(heading(self.grade));
        let mut group = Group::with_title(level.secondary_title(self.title.as_str()));
        for change in &self.changes {
            let patches = change.excerpt.marks.iter().zip(&change.texts);
            let patches = patches.map(|(mark, text)| Patch::new(mark.clone(), text.as_str()));
            let snippet = Snippet::source(change.excerpt.text.trim_end_matches('\n'));
            group = group.element(snippet.path("").line_start(change.excerpt.first).patches(patches));
        }
        if self.rest > 0 {
            let places = if self.rest == 1 { "place" } else { "places" };
            group = group.element(Level::NOTE.message(format!("and in {} more {places}", self.rest)));
        }
        group
    }
}

/// What stands before a fix's title: `check --fix` makes the first sort.
pub(super) fn heading(grade: Grade) -> &'static str {
    match grade {
        Grade::Safe => "help",
        Grade::Suggestion => "suggestion",
    }
}

impl LineChange {
    fn new(source: &Source, edits: &[&Edit]) -> Self {
        let spans: Vec<Span> = edits.iter().map(|edit| shorten(source, edit.span)).collect();
        let texts = edits.iter().map(|edit| shown(&edit.text)).collect();
        Self { excerpt: Excerpt::new(source, &spans), texts }
    }
}

/// Edits that overlap are not a fix, but they must not stop the drawing.
fn follows(edits: &[&Edit], next: &Edit) -> bool {
    edits.last().is_none_or(|last| last.span.end <= next.span.start)
}

/// The start of a span, so far that no line is left out of its drawing: line numbers would be
/// wrong.
fn shorten(source: &Source, span: Span) -> Span {
    let last = source.line(span.start) + TALL - 1;
    if source.line(span.end) <= last { span } else { span.before().to(source.line_span(last).after()) }
}

fn shown(text: &str) -> String {
    let clean: String = text
        .chars()
        .take(LONGEST)
        .map(|character| if character == '\n' { character } else { clean::visible(character) })
        .collect();
    if text.chars().nth(LONGEST).is_some() { clean + "..." } else { clean }
}
