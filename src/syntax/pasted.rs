//! What mails, pages, chats and lists put around a plan or before each of its lines: one mistake,
//! however many lines it is on.

use super::problems;
use crate::diagnostics::{Edit, Problems};
use crate::source::{Span, start_of};

/// Minimum number of lines for a pattern.
const FEWEST_LINES: usize = 2;

/// Removes one thing after the other: a chat may quote a mail.
pub(super) const LAYERS: [fn(&str, &mut Problems) -> Vec<Edit>; 4] = [fences, marks, line_numbers, entities];

/// A line: where it begins, and what it says without its line break.
#[derive(Clone, Copy)]
struct PastedLine<'t> {
    start: usize,
    text: &'t str,
}

impl PastedLine<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Where what follows the line's first spaces begins.
    fn first(&self) -> usize {
        self.start + self.text.len() - self.text.trim_start().len()
    }
}

fn lines(text: &str) -> impl Iterator<Item = PastedLine<'_>> {
    let begin = start_of(text);
    text[begin..].split_inclusive('\n').scan(begin, |at, line| {
        let start = *at;
        *at += line.len();
        Some(PastedLine { start, text: line.trim_end_matches(['\n', '\r']) })
    })
}

/// Three backticks, or three tildes, on the first and last line that say something.
fn fences(text: &str, problems: &mut Problems) -> Vec<Edit> {
    if !text.contains("```") && !text.contains("~~~") {
        return Vec::new();
    }
    let fence = |line: &PastedLine| {
        let mark = line.text.trim();
        let name = mark.strip_prefix("```").or_else(|| mark.strip_prefix("~~~"))?.trim_start_matches(['`', '~']);
        let is_name = name.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-+.".contains(&byte));
        let end = line.start + line.text.len();
        let line_break = text[end..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).take(2);
        let line_break = if text[end..].starts_with("\r\n") { line_break.count() } else { line_break.count().min(1) };
        is_name.then(|| Span::new(line.start, end + line_break))
    };
    let fences: Vec<Span> = lines(text).filter_map(|line| fence(&line)).collect();
    let Some(first) = fences.first().copied() else { return Vec::new() };
    let edits: Vec<Edit> = fences.into_iter().map(|span| Edit { span, text: String::new() }).collect();
    let shown = first.start as usize + text[first.range()].len() - text[first.range()].trim_start().len();
    let shown = Span::new(shown, shown + text[shown..first.end as usize].trim_end().len());
    problems.push(problems::fence(shown, &edits));
    edits
}

/// The same mark before every line that says something.
fn marks(text: &str, problems: &mut Problems) -> Vec<Edit> {
    const MARKS: [&str; 9] = [">", "|", "•", "·", "*", "-", "–", "+", "//"];
    let said = || lines(text).filter(|line| !line.is_blank());
    let begins = |mark: &str| said().all(|line| after_mark(line.text.trim_start(), mark).is_some());
    let Some(mark) = MARKS.into_iter().find(|mark| begins(mark)).filter(|_| said().count() >= FEWEST_LINES) else {
        return Vec::new();
    };
    let mut edits = Vec::new();
    for line in said() {
        // An answer to an answer has several of them.
        let mut rest = line.text.trim_start();
        while let Some(after) = after_mark(rest, mark) {
            rest = after.strip_prefix(' ').unwrap_or(after);
        }
        let end = line.start + line.text.len() - rest.len();
        edits.push(Edit { span: Span::new(line.first(), end), text: String::new() });
    }
    let Some(first) = edits.first().map(|edit| edit.span.start as usize) else { return edits };
    problems.push(problems::marks_before_lines(Span::new(first, first + mark.len()), mark, &edits));
    edits
}

fn after_mark<'t>(line: &'t str, mark: &str) -> Option<&'t str> {
    let after = line.strip_prefix(mark)?;
    // `+1415*` and `-1` are values.
    (mark == ">" || after.is_empty() || after.starts_with([' ', '\t'])).then_some(after)
}

/// Numbers that count the lines, all of them or those that say something.
fn line_numbers(text: &str, problems: &mut Problems) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut next: Option<usize> = None;
    for line in lines(text) {
        let rest = line.text.trim_start();
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        let number = digits.parse::<usize>().ok().filter(|number| next.is_none_or(|next| *number == next));
        let after = rest[digits.len()..].strip_prefix(['.', ':', ')', '|']).unwrap_or(&rest[digits.len()..]);
        match number {
            Some(number) if after.is_empty() || after.starts_with([' ', '\t']) => {
                let after = after.strip_prefix([' ', '\t']).unwrap_or(after);
                let end = line.start + line.text.len() - after.len();
                edits.push(Edit { span: Span::new(line.first(), end), text: String::new() });
                next = Some(number + 1);
            }
            _ if line.is_blank() => {}
            _ => return Vec::new(),
        }
    }
    if edits.len() <= FEWEST_LINES {
        return Vec::new();
    }
    let first = edits[0].span;
    let shown = text[first.range()].trim_end();
    let span = Span::new(first.start as usize, first.start as usize + shown.len());
    problems.push(problems::numbered_lines(span, shown, &edits));
    edits
}

/// `&quot;` and its like, if one of them stands outside of texts and comments.
fn entities(text: &str, problems: &mut Problems) -> Vec<Edit> {
    let found = || text.match_indices('&').filter_map(|(at, _)| Some((at, entity(&text[at..])?)));
    let Some((first, (length, _))) = found().find(|(at, _)| is_code(text, *at)) else { return Vec::new() };
    let edit = |(at, (length, plain)): (usize, (usize, &str))| {
        let in_text = is_escaped(text, at) && plain == "\"";
        let plain = if in_text { format!("\\{plain}") } else { plain.to_owned() };
        Edit { span: Span::new(at, at + length), text: plain }
    };
    let edits: Vec<Edit> = found().map(edit).collect();
    problems.push(problems::entities(Span::new(first, first + length), &text[first..first + length], &edits));
    edits
}

/// The length of an entity at the beginning of a text, and what it stands for.
fn entity(text: &str) -> Option<(usize, &'static str)> {
    const ENTITIES: [(&str, &str); 34] = [
        ("&amp;quot;", "\""),
        ("&amp;lt;", "<"),
        ("&amp;gt;", ">"),
        ("&amp;amp;", "&"),
        ("&amp;nbsp;", " "),
        ("&quot;", "\""),
        ("&QUOT;", "\""),
        ("&#34;", "\""),
        ("&#034;", "\""),
        ("&#x22;", "\""),
        ("&ldquo;", "\""),
        ("&rdquo;", "\""),
        ("&amp;", "&"),
        ("&AMP;", "&"),
        ("&#38;", "&"),
        ("&#x26;", "&"),
        ("&lt;", "<"),
        ("&LT;", "<"),
        ("&#60;", "<"),
        ("&#x3C;", "<"),
        ("&#x3c;", "<"),
        ("&gt;", ">"),
        ("&GT;", ">"),
        ("&#62;", ">"),
        ("&#x3E;", ">"),
        ("&#x3e;", ">"),
        ("&nbsp;", " "),
        ("&#160;", " "),
        ("&#xA0;", " "),
        ("&#xa0;", " "),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&ndash;", "-"),
        ("&mdash;", "-"),
    ];
    ENTITIES.iter().find(|(entity, _)| text.starts_with(entity)).map(|(entity, plain)| (entity.len(), *plain))
}

/// Maximum part of a line that is examined around a place, in bytes.
const LONGEST_LINE: usize = 500;

/// Whether a place is outside of texts and comments.
fn is_code(text: &str, at: usize) -> bool {
    let near = text.floor_char_boundary(at.saturating_sub(LONGEST_LINE));
    let line = text[near..at].rfind('\n').map_or(near, |end| near + end + 1);
    let before = &text[line..at];
    !before.contains('#') && before.matches('"').count().is_multiple_of(2)
}

/// Whether a place is between straight quotes.
fn is_escaped(text: &str, at: usize) -> bool {
    let near = text.floor_char_boundary(at.saturating_sub(LONGEST_LINE));
    let line = text[near..at].rfind('\n').map_or(near, |end| near + end + 1);
    !text[line..at].matches('"').count().is_multiple_of(2)
}
