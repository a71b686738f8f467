//! Draws problems for people: the line, the place, what to do about it. In the look of rustc.
//!
//! [`annotate_snippets`] does the drawing. It is given only the lines it needs (`excerpt`), cleaned
//! of what a terminal would act on (`clean`); the place and the line numbers, which it cannot know
//! then, are put right after.

mod clean;
mod excerpt;
mod page;
mod patch;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::fold::thousands;
use super::{Diagnostic, Grade, Note, Problems, Severity};
use crate::source::{Source, Span};
pub use clean::{line as clean_line, lines as clean_lines};
use excerpt::Excerpt;
pub use page::explanation;
use patch::{Patches, heading};

/// With or without colours. Whoever prints decides: the core asks no terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences, no trailing spaces: for files, snapshots and the service.
    Plain,
    /// For a terminal.
    Color,
}

/// The most notes of each kind that are drawn of one problem, and the most fixes; the rest is
/// counted. The drawing takes quadratic time in the first, and nobody reads so many. The data
/// ([`super::json`]) has them all.
const MAX_NOTES: usize = 12;
const MAX_FIXES: usize = 4;

/// Maximum size of a drawing, in bytes.
const MAX_BYTES: usize = 400_000;

/// Draws all problems, separated by blank lines. Empty if there are none. Problems beyond the
/// maximum are counted.
pub fn draw_all(source: &Source, problems: &Problems, style: Style) -> String {
    let mut drawn = String::new();
    let mut more = problems.left_out();
    let mut is_full = false;
    for problem in problems.iter() {
        let next = if is_full { String::new() } else { draw(source, problem, style) };
        is_full |= drawn.len() + next.len() > MAX_BYTES;
        if is_full {
            more += 1 + problem.more;
            continue;
        }
        if !drawn.is_empty() {
            drawn.push('\n');
        }
        drawn.push_str(&next);
    }
    if more > 0 {
        let problems = if more == 1 { "problem" } else { "problems" };
        drawn.push_str(&format!("\n... and {} more {problems}\n", thousands(more)));
    }
    drawn
}

/// Draws one, with a newline at its end. Any span will do: one that is not in the text is drawn at
/// the nearest place. Takes time for what it shows, not for the length of the text.
pub fn draw(source: &Source, diagnostic: &Diagnostic, style: Style) -> String {
    let (placed, unplaced): (Vec<_>, Vec<_>) = diagnostic.notes.iter().partition(|note| note.span.is_some());
    let placed: Vec<(&Note, Span)> = placed.iter().filter_map(|note| Some((*note, note.span?))).collect();
    let marked = &placed[..placed.len().min(MAX_NOTES)];
    let spans: Vec<Span> = std::iter::once(diagnostic.span).chain(marked.iter().map(|(_, span)| *span)).collect();
    let excerpt = Excerpt::new(source, &spans);
    let snippet = Snippet::source(excerpt.text.as_str()).path("").line_start(excerpt.first);
    let snippet = snippet.annotations(annotations(&excerpt, diagnostic, marked));

    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let title = level.primary_title(clean::line(&diagnostic.message)).id(diagnostic.code.name());
    let mut group = title.element(snippet);
    for note in unplaced.iter().take(MAX_NOTES) {
        group = group.element(Level::NOTE.message(clean::lines(&note.message)));
    }
    let more = (placed.len() - marked.len()) + unplaced.len().saturating_sub(MAX_NOTES);
    if more > 0 {
        group = group.element(Level::NOTE.message(format!("and {more} more like these")));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(clean::lines(help)));
    }

    let fixes = diagnostic.fixes.iter().filter(|fix| !fix.edits.is_empty()).take(MAX_FIXES);
    let patches: Vec<Patches> = fixes.map(|fix| Patches::new(source, fix)).collect();
    let groups: Vec<Group<'_>> = std::iter::once(group).chain(patches.iter().map(Patches::group)).collect();
    put_right(&renderer(style).render(&groups), source, diagnostic, &excerpt, style)
}

/// Wide enough that it never cuts a line: `excerpt` has, and knows where the marks went.
fn renderer(style: Style) -> Renderer {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Color => Renderer::styled(),
    };
    renderer.term_width(10_000)
}

fn annotations<'a>(excerpt: &Excerpt, diagnostic: &'a Diagnostic, notes: &[(&'a Note, Span)]) -> Vec<Annotation<'a>> {
    let labels = std::iter::once(diagnostic.label.as_str()).chain(notes.iter().map(|(note, _)| note.message.as_str()));
    let kinds = std::iter::once(AnnotationKind::Primary).chain(std::iter::repeat(AnnotationKind::Context));
    let marks = excerpt.marks.iter().zip(kinds).zip(labels);
    let marks = marks.map(|((mark, kind), label)| {
        kind.span(mark.clone()).label(Some(label).filter(|label| !label.is_empty()).map(clean::line))
    });
    // The gutter is made as wide as the number of the line on which the last mark ends, but one at
    // the very start of a line counts as before it. This one, which is not drawn, is at the end of
    // the last line.
    let end = excerpt.text.len().saturating_sub(1);
    marks.chain([AnnotationKind::Visible.span(end.saturating_sub(1)..end)]).collect()
}

/// Puts in the place and the line numbers, which the drawing has of the excerpt and not of the
/// plan. Its rows are: the title, the place, the lines and notes, and then each fix under a title
/// of its own, already numbered right.
fn put_right(drawn: &str, source: &Source, diagnostic: &Diagnostic, excerpt: &Excerpt, style: Style) -> String {
    let mut text = String::with_capacity(drawn.len() + 100);
    let mut gutter = 0;
    let mut in_lines = true;
    for (index, row) in drawn.lines().enumerate() {
        in_lines &= !begins_fix(visible(row));
        if index == 1 {
            gutter = row.len() - row.trim_start_matches(' ').len();
            text.push_str(&place_row(row, source, diagnostic));
        } else if let Some(row) = numbered(row, gutter, excerpt).filter(|_| in_lines && index > 1) {
            text.push_str(&row);
        } else {
            text.push_str(row);
        }
        if style == Style::Plain {
            text.truncate(text.trim_end_matches(' ').len());
        }
        text.push('\n');
    }
    text
}

/// Whether a row is the title of a fix.
fn begins_fix(row: &str) -> bool {
    [Grade::Safe, Grade::Suggestion]
        .into_iter()
        .any(|grade| row.strip_prefix(heading(grade)).is_some_and(|rest| rest.starts_with(": ")))
}

/// `  --> office.callplan:3:15`
fn place_row(row: &str, source: &Source, diagnostic: &Diagnostic) -> String {
    const ARROW: &str = "--> ";
    let at = source.position(diagnostic.span.start);
    let after = row.find(ARROW).map_or(row.len(), |start| start + ARROW.len());
    let (arrow, rest) = row.split_at(after);
    let reset = &rest[..rest.len() - visible(rest).len()];
    format!("{arrow}{reset}{}:{}:{}", clean::line(source.name()), at.line, at.column)
}

/// The row with the number that its line has in the plan; `None` if it is no row of the plan, or is
/// right.
fn numbered(row: &str, gutter: usize, excerpt: &Excerpt) -> Option<String> {
    let shown = visible(row);
    let (escapes, number, rest) = (&row[..row.len() - shown.len()], shown.get(..gutter)?, shown.get(gutter..)?);
    let drawn: usize = number.trim_start().parse().ok()?;
    let number = excerpt.number(drawn).filter(|number| *number != drawn)?;
    Some(format!("{escapes}{number:>gutter$}{rest}"))
}

/// The row without the escape sequences that it starts with.
fn visible(mut row: &str) -> &str {
    while let Some((_, rest)) = row.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m')) {
        row = rest;
    }
    row
}

#[cfg(test)]
mod tests;
